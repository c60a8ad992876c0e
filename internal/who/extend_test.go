package who

import (
	"strings"
	"testing"
	"testing/fstest"

	"rapport"
)

const personHeader = "country\tname\tvariants\tshort\toffice\tsector\tfrom\tto\twikidata\tnote\n"
const bodyHeader = "name\tvariants\tcode\tsector\tfrom\tto\twikidata\tnote\n"

// TestExtend lays a user's tables over the built-in ones.
func TestExtend(t *testing.T) {
	t.Cleanup(func() { current.Store(nil); current.Store(must(builtIn())) })
	files := fstest.MapFS{
		"persons/mine.tsv": {Data: []byte("# mine\n" + personHeader +
			"EGY\tAbdulfattah al-Sisi\t\t\tPresident\tGOV\t2014-06-08\t2030-06-30\t\tends\n" +
			"EGY\tZaki Qandil\tZ. Qandil\t\tPresident\tGOV\t2030-06-30\t..\tQ999999999\t\n")},
		"bodies/mine.tsv": {Data: []byte(bodyHeader +
			"Front for Blue Skies\tFBS\tFRA\tOPP\t2020\t..\t\t\n" +
			"Front for Blue Skies\t\tFRA\tREB\t2025\t2026\t\t\n")},
	}
	files["bodies/mine.tsv"].Data = []byte(strings.Replace(string(files["bodies/mine.tsv"].Data), "2020\t..", "2020\t2024", 1))
	if err := Extend(files); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ phrase, day, want string }{
		{"President al-Sisi", "2029", "EGY/GOV/Abdel Fattah el-Sisi/President"},
		{"Abdel Fattah el-Sisi", "2031", "EGY/ELI/Abdel Fattah el-Sisi/"},
		{"President Qandil", "2031", "EGY/GOV/Zaki Qandil/President"},
		{"Front for Blue Skies", "2022", "FRA/OPP/Front for Blue Skies/"},
		{"the FBS", "2025-06", "FRA/REB/Front for Blue Skies/"},
		{"Hosni Mubarak", "2005", "EGY/GOV/Hosni Mubarak/President"},
	} {
		p, _, _, _ := Resolve(c.phrase, rapport.Date(c.day), "")
		if got := show(p); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.phrase, c.day, got, c.want)
		}
	}
	for _, c := range []struct{ file, row, want string }{
		{"persons/a.tsv", "XXX\tA B\t\t\tPresident\tGOV\t\t\t\t", "a.tsv:2"},
		{"persons/a.tsv", "EGY\tA B\t\t\tPresident\tKING\t\t\t\t", "no sector"},
		{"persons/a.tsv", "EGY\tA B\t\t\tPresident\tGOV\t2000\t1999\t\t", "before it begins"},
		{"persons/a.tsv", "EGY\t \t\t\tPresident\tGOV\t\t\t\t", "no name"},
		{"bodies/a.tsv", "\t\tEGY\tGOV\t\t\t\t", "no name"},
		{"bodies/a.tsv", "X\t\tQQ\tGOV\t\t\t\t", "no code"},
	} {
		err := Extend(fstest.MapFS{c.file: {Data: []byte("header\n" + c.row + "\n")}})
		if err == nil || rapport.KindOf(err) != rapport.BadInput || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want one with %q", c.row, err, c.want)
		}
	}
	if p, _, _, _ := Resolve("President Qandil", "2031", ""); p.Name != "Zaki Qandil" {
		t.Error("a bad table took the good one away")
	}
}

func must(t *tables, err error) *tables {
	if err != nil {
		panic(err)
	}
	return t
}

func FuzzExtend(f *testing.F) {
	f.Add(personHeader+"EGY\tA B|C\tD|\t|\tKing\tGOV\t1999\t..\tQ1\t\n", bodyHeader+"A\tB|\tEGY\tGOV\t\t\t\t\n")
	f.Add("\n\n#\n\t\t\t", "x\ty")
	f.Fuzz(func(t *testing.T, persons, bodies string) {
		before := load()
		err := Extend(fstest.MapFS{"persons/a.tsv": {Data: []byte(persons)}, "bodies/a.tsv": {Data: []byte(bodies)}})
		if err == nil {
			Resolve("President A B", "2000", "Egypt")
		} else if current.Load() != before {
			t.Error("an error changed the tables")
		}
		current.Store(before)
	})
}
