package text

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport"
)

// read returns what Read yields, reports and errors in order, one a line.
func read(name, content string, o Options) ([]rapport.Report, []string) {
	var reports []rapport.Report
	var lines []string
	for r, err := range Read(strings.NewReader(content), name, o) {
		if err != nil {
			lines = append(lines, fmt.Sprintf("%d %v", rapport.KindOf(err), err))
			continue
		}
		reports = append(reports, r)
		lines = append(lines, fmt.Sprintf("%s %s %q", r.ID, r.Published, r.Text))
	}
	return reports, lines
}

func TestReadPlain(t *testing.T) {
	body := "Talks open\r\n\r\nCAIRO, June 8, 2024 (AP) — Egypt’s minister met his guest.\r\n"
	rs, _ := read("in/a.b.txt", "\ufeff"+body, Options{Outlet: "Agency"})
	if len(rs) != 1 {
		t.Fatalf("%d reports", len(rs))
	}
	r := rs[0]
	want := rapport.Report{ID: "a.b", Title: "Talks open", Text: body, Published: "2024-06-08", Basis: rapport.BasisDateline,
		Outlet: "Agency", Place: "CAIRO", Dateline: rapport.Span{Start: 14, End: 42}, Hash: rapport.HashText(body)}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	rs, _ = read("-", body, Options{Published: "2024-06-09"})
	if rs[0].ID != "stdin" || rs[0].Outlet != "AP" || rs[0].Published != "2024-06-09" || rs[0].Basis != rapport.BasisGiven {
		t.Errorf("from standard input: %+v", rs[0])
	}
}

func TestReadJSON(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		want    []string
	}{
		"lines": {`{"id":"a","text":"One.","published":"2024-06-08","extra":[1]}` + "\n\n" + `{"id":7,"text":"Two.","published":"2024-06-09T10:00:00Z"}` + "\n" + `{"text":"Three.","title":null}`,
			[]string{`a 2024-06-08 "One."`, `7 2024-06-09 "Two."`, `f-4 2020 "Three."`}},
		"a bad line in the middle": {`{"id":"a","text":"One."}` + "\n{\"id\":\n" + `{"id":"c","text":"Three."}` + "\n",
			[]string{`a 2020 "One."`, `2 in/f.jsonl:2: is not the JSON of a report: it breaks off`, `c 2020 "Three."`}},
		"a bad first line": {`{"id":"a","te` + "\n" + `{"id":"b","text":"Two."}`,
			[]string{`2 in/f.jsonl:1: is not the JSON of a report: it breaks off`, `b 2020 "Two."`}},
		"wrong types and values": {`{"id":"a","text":5}` + "\n" + `{"id":"b"}` + "\n" + `{"id":"c","text":"x","published":"2024-02-30"}` + "\n" + `{"id":"d","text":"x\u0000"}` + "\n[1]\n" + `{"id":"e","text":"Five."} trailing`,
			[]string{`2 in/f.jsonl:1: "text" is a JSON number, not a string`, `2 in/f.jsonl:2: holds no text`,
				`2 in/f.jsonl:3: date of publication: "2024-02-30" is not an EDTF date (level 0 or 1) (try: write it as 2024-06-08)`,
				`2 in/f.jsonl:4: has a NUL character at byte 1 of its text`,
				`2 in/f.jsonl:5: is a JSON array, not a report (try: one object with "id", "title", "published", "outlet" and "text")`,
				`2 in/f.jsonl:6: is not the JSON of a report: invalid character 't' after top-level value (try: one object with "id", "title", "published", "outlet" and "text")`}},
		"not UTF-8": {`{"id":"a","text":"One."}` + "\n" + `{"id":"b","text":"caf` + "\xe9" + `"}` + "\n" + `{"id":"c","text":"Three."}`,
			[]string{`a 2020 "One."`, `2 in/f.jsonl:2: is not UTF-8: byte 46 of the file is 0xe9 (try: iconv -f WINDOWS-1252 -t UTF-8 in/f.jsonl)`, `c 2020 "Three."`}},
		"one object over lines": {"\n{\n \"id\": \"a\",\n \"text\": \"One.\"\n}\n", []string{`a 2020 "One."`}},
		"objects over lines":    {"{\n\"text\": \"One.\"\n}\n{\n\"text\": \"Two.\"\n}\n{\n\"text\": 3\n}\n", []string{`f 2020 "One."`, `f-2 2020 "Two."`, `2 in/f.jsonl:7: "text" is a JSON number, not a string`}},
		"array":                 {`[{"text":"One."},` + "\n" + `{"text":"Two."}]`, []string{`f-1 2020 "One."`, `f-2 2020 "Two."`}},
		"array that breaks off": {"[\n{\"text\":\"One.\"},\n{\"text\":", []string{`f-1 2020 "One."`, `2 in/f.jsonl:3: is not the JSON of a report: it breaks off`}},
		"empty array":           {"[]", []string{`2 in/f.jsonl: holds no report`}},
		"object that breaks":    {"{\n\"id\": \"a\",\n\"text\": \"One.\n}\n", []string{`2 in/f.jsonl:3: is not the JSON of a report: invalid character '\n' in string literal (try: one object with "id", "title", "published", "outlet" and "text")`}},
		"a text with brackets":  {"[Updated] CAIRO: talks.", []string{`f 2020 "[Updated] CAIRO: talks."`}},
		"empty object":          {"{}", []string{`2 in/f.jsonl:1: holds no text`}},
	} {
		_, got := read("in/f.jsonl", c.content, Options{Published: "2020"})
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"empty":            {"", "f.txt: holds no text"},
		"blank":            {" \n\t\r\n", "f.txt: holds no text"},
		"only a mark":      {"\ufeff", "f.txt: holds no text"},
		"latin 1":          {"Le pr\xe9sident", "f.txt: is not UTF-8: byte 5 is 0xe9 (try: iconv -f WINDOWS-1252 -t UTF-8 f.txt)"},
		"cut in a letter":  {"Le pr\xc3", "f.txt: is not UTF-8: byte 5 is 0xc3 (try: iconv -f WINDOWS-1252 -t UTF-8 f.txt)"},
		"after a mark":     {"\ufeffa\xff", "f.txt: is not UTF-8: byte 4 is 0xff (try: iconv -f WINDOWS-1252 -t UTF-8 f.txt)"},
		"UTF-16":           {"\xff\xfeC\x00a\x00", "f.txt: is UTF-16 text (try: iconv -f UTF-16 -t UTF-8 f.txt)"},
		"UTF-16 unmarked":  {"C\x00a\x00i\x00r\x00o\x00", "f.txt: is UTF-16 text without a byte order mark (try: iconv -f UTF-16LE -t UTF-8 f.txt)"},
		"UTF-16 unmarked2": {"\x00C\x00a\x00i\x00r\x00o", "f.txt: is UTF-16 text without a byte order mark (try: iconv -f UTF-16BE -t UTF-8 f.txt)"},
		"NUL":              {"Cairo\x00 said that it would", "f.txt: is binary: NUL at byte 5 (try: give plain text or JSON Lines)"},
		"controls":         {"\x01\x02\x03abc\x04", "f.txt: is binary: more than a tenth of it is control characters (try: give plain text or JSON Lines)"},
		"PDF":              {"%PDF-1.7\n", "f.txt: is a PDF document (try: pdftotext -layout f.txt)"},
		"gzip":             {"\x1f\x8b\x08", "f.txt: is compressed with gzip (try: gunzip f.txt)"},
		"HTML":             {"\n <!DOCTYPE HTML><p>", "f.txt: is an HTML page, not plain text (try: save its text as plain text)"},
		"too long":         {strings.Repeat("a", 101), "f.txt: is longer than 100 bytes, the most one report may be (try: split it into one file a report, or JSON Lines with one report a line)"},
	} {
		rs, got := read("f.txt", c.content, Options{MaxBytes: 100})
		if len(rs) > 0 || len(got) != 1 || got[0] != "2 "+c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestReadLongLines(t *testing.T) {
	long := `{"id":"b","text":"` + strings.Repeat("x", 200_000) + `"}`
	_, got := read("f.jsonl", `{"id":"a","text":"One."}`+"\n"+long+"\n"+`{"id":"c","text":"Three."}`, Options{MaxBytes: 1000})
	if len(got) != 3 || got[0] != `a  "One."` || !strings.HasPrefix(got[1], "2 f.jsonl:2: is longer than 1000 bytes") || got[2] != `c  "Three."` {
		t.Errorf("got %q", got)
	}
	_, got = read("f.jsonl", long+"\n"+`{"id":"c","text":"Three."}`, Options{MaxBytes: 1000})
	if len(got) != 2 || !strings.HasPrefix(got[0], "2 f.jsonl:1: is longer than") || got[1] != `c  "Three."` {
		t.Errorf("got %q", got)
	}
}

// TestReadLongDocument: the limit of a report is not that of the document it stands in.
func TestReadLongDocument(t *testing.T) {
	one := "{\"id\":\"a\",\n\"text\":\"" + strings.Repeat("x", 60) + "\"}"
	doc := func(n int) string { return "[" + strings.Repeat(one+",\n", n-1) + one + "]" }
	rs, got := read("f.json", doc(10), Options{MaxBytes: 100})
	if len(rs) != 10 {
		t.Errorf("%d reports: %q", len(rs), got)
	}
	_, got = read("f.json", doc(30), Options{MaxBytes: 100})
	if want := "2 f.json: is longer than 1600 bytes, the most one JSON document may be (try: JSON Lines with one report a line)"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, got = read("f.json", strings.Replace(doc(2), "xxx", strings.Repeat("x", 100), 1), Options{MaxBytes: 100})
	if len(got) != 2 || !strings.HasPrefix(got[0], "2 f.json:1: is longer than 100 bytes, the most one report may be") {
		t.Errorf("got %q", got)
	}
	_, got = read("f.txt", strings.Repeat("x", MaxBytes+1), Options{})
	if want := "2 f.txt: is longer than 4 MiB, the most one report may be (try: split it"; len(got) != 1 || !strings.HasPrefix(got[0], want) {
		t.Errorf("got %.200q, want %q", got, want)
	}
}

func TestReadStopsWhenToldTo(t *testing.T) {
	n := 0
	for range Read(strings.NewReader(strings.Repeat(`{"text":"One."}`+"\n", 5)), "f", Options{}) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d reports", n)
	}
}

// TestReadPipe reads the first report of a pipe that stays open.
func TestReadPipe(t *testing.T) {
	r, w := io.Pipe()
	go w.Write([]byte("{\"id\":\"a\",\"text\":\"One.\"}\n"))
	for rep, err := range Read(r, "f", Options{}) {
		if err != nil || rep.ID != "a" {
			t.Errorf("%+v, %v", rep, err)
		}
		break
	}
}

type broken struct{ n int }

func (b *broken) Read(p []byte) (int, error) {
	if b.n == 0 {
		return 0, errors.New("the disk is gone")
	}
	n := copy(p, strings.Repeat("a", b.n))
	b.n -= n
	return n, nil
}

func TestReadBrokenSource(t *testing.T) {
	for _, r := range failures(&broken{1000}) {
		if r != "f: cannot be read: the disk is gone" {
			t.Errorf("got %q", r)
		}
	}
}

// failures returns the errors of reading r.
func failures(r *broken) (errs []string) {
	for _, err := range Read(r, "f", Options{}) {
		errs = append(errs, fmt.Sprint(err))
	}
	return errs
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "visit.txt")
	if err := os.WriteFile(path, []byte("It rained in Cairo."), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{path, "<nil>"},
		{dir, dir + ": is a directory (try: name its files: " + filepath.Join(dir, "*.txt") + ")"},
		{filepath.Join(dir, "none"), filepath.Join(dir, "none") + ": no such file"},
	} {
		for r, err := range Open(c.path, Options{}) {
			if fmt.Sprint(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if err == nil && r.ID != "visit" {
				t.Errorf("id %q", r.ID)
			}
		}
	}
}

// TestOpenDevelopmentReports compares the dates and headlines that are read
// off the texts with those that the development reports record.
func TestOpenDevelopmentReports(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/dev/reports/*.json")
	more, _ := filepath.Glob("../../../shared/dev/*/reports/*.json")
	if files = append(files, more...); len(files) == 0 {
		t.Skip("the development reports are not here")
	}
	datelines := 0
	for _, f := range files {
		for r, err := range Open(f, Options{}) {
			if err != nil {
				t.Error(err)
				continue
			}
			l := findDateline(r.Text)
			if l.span.Len() > 0 {
				datelines++
			}
			d := l.day
			if d.day == 0 {
				continue
			}
			if d.year == 0 {
				first, _, _ := r.Published.Bounds()
				d.year = first.Year()
			}
			if d.date() != r.Published {
				t.Errorf("%s: dateline %q says %s, the record %s", r.ID, r.Text[l.span.Start:l.span.End], d.date(), r.Published)
			}
		}
	}
	if datelines < 28 {
		t.Errorf("%d datelines found in %d files, want 28", datelines, len(files))
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"Talks open\n\nCAIRO, June 8, 2024 (AP) — Egypt’s minister met his guest.",
		`{"id":"a","text":"One.","published":"2024-06-08"}` + "\n" + `{"id":`,
		"{\n\"text\": \"DUSHANBE , 10 March . /State Agency/ . At\"\n}", `[{"text":"x"},{"text":5}]`,
		"\ufeff\xff\xfeC\x00", "Press release No. 236/24, Ankara, 8 June 2024", "(ANSA) - ROME, JUN 8 -", "Jeddah, Dhu al-Hijjah 02, 1445, June 08, 2024, SPA -- The",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for r, err := range Read(strings.NewReader(string(b)), "f.txt", Options{Published: "2024", MaxBytes: 4096}) {
			if err != nil {
				if rapport.KindOf(err) != rapport.BadInput {
					t.Fatalf("kind %d: %v", rapport.KindOf(err), err)
				}
				continue
			}
			d := r.Dateline
			if d.Start < 0 || d.End < d.Start || d.End > len(r.Text) {
				t.Fatalf("dateline %v of a text of %d bytes", d, len(r.Text))
			}
			if !utf8.ValidString(r.Text) || !utf8.ValidString(r.Title) || !utf8.ValidString(r.Place) || !utf8.ValidString(r.Text[:d.Start]) || !utf8.ValidString(r.Text[d.Start:d.End]) {
				t.Fatalf("cut within a letter: %+v", r)
			}
			if !strings.Contains(r.Text, r.Title) && b[0] != '{' && b[0] != '[' {
				t.Fatalf("title %q does not stand in the text", r.Title)
			}
			if err := r.Published.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	line := `{"id":"a","text":"Talks open\n\nCAIRO, June 8, 2024 (AP) — ` + strings.Repeat("Egypt’s minister met his guest. ", 60) + `"}` + "\n"
	content := strings.Repeat(line, 200)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		for _, err := range Read(strings.NewReader(content), "f", Options{}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
