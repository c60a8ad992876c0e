package actors

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/who"
)

func read(t *testing.T, path ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// rows returns the rows of a table, without comment and header.
func rows(table string) string {
	ls := strings.SplitAfterN(table, "\n", 3)
	if len(ls) < 3 {
		return ""
	}
	return ls[2]
}

func TestDictionary(t *testing.T) {
	const dictionary = `# actors of the test
<!-- not mine -->
ZAKI_QANDIL_ [EGYGOV 300630-20350101] [EGYELI >350101] ; a person
+PRESIDENT_QANDIL_
BLUE_SKIES_FRONT_
+BSF_ ; short
	[FRAOPP <20250101]
	[FRAREB >20250101]
ROMANIA_ [ROM]
ROMANIAN_SENATE [ROMLEG]
KRAKEN_PRESS [EGYMED]
WORLD_BODY [IGO]
UN_THING [IGOUNO]
JUDGES [~JUD]
BROKEN [XQZGOV]
BROKEN_TOO [EGYGOV 2001]
BROKEN_BRACKET [EGYGOV
NOTHING
`
	var got []string
	bad := map[int]string{}
	n, err := ReadDictionary(strings.NewReader(dictionary),
		func(p Term) { got = append(got, "person "+p.row()) }, func(b Body) { got = append(got, "body "+b.row()) }, func(l int, what string) { bad[l] = what })
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"person EGY\tZaki Qandil\tPresident Qandil\t\t\tGOV\t1930-06-30\t2035-01-01\t\t\n",
		"body Blue Skies Front\tBSF\tFRA\tOPP\t\t2025-01-01\t\t\n",
		"body Blue Skies Front\tBSF\tFRA\tREB\t2025-01-01\t..\t\t\n",
		"body Romanian Senate\t\tROU\tLEG\t\t..\t\t\n",
		"body Kraken Press\t\tEGY\tJRN\t\t..\t\t\n",
		"body World Body\t\tIGO\t\t\t..\t\t\n",
		"body Un Thing\t\tUNO\t\t\t..\t\t\n",
	}
	if a, b := strings.Join(got, ""), strings.Join(want, ""); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	for _, l := range []int{15, 16, 17, 18} {
		if bad[l] == "" && bad[l+1] == "" {
			t.Errorf("line %d is not complained of: %v", l, bad)
		}
	}
	if n.Terms != 1 || n.Bodies != 6 || n.Read != 12 {
		t.Errorf("%+v", n)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "my.actors.txt")
	os.WriteFile(path, []byte(dictionary), 0o666)
	if ok, err := IsDump(path); ok || err != nil {
		t.Errorf("taken for a dump: %v", err)
	}
	if _, err := ImportDictionary(path, dir, func(int, string) {}); err != nil {
		t.Fatal(err)
	}
	if err := who.Extend(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	p, _, _, _ := who.Resolve("the Blue Skies Front", "2026", "")
	if p.Country != "FRA" || p.Sector != "REB" {
		t.Errorf("what was imported reads as %+v", p)
	}
}

// dump is a dump of a few entities, positions behind and before persons.
const dump = `[
{"type":"item","id":"Q1","labels":{"en":{"language":"en","value":"Zaki Qandil"}},"aliases":{"en":[{"value":"Z. Qandil"}]},"claims":{"P31":[{"mainsnak":{"datavalue":{"value":{"id":"Q5"}}},"rank":"normal"}],"P39":[{"mainsnak":{"datavalue":{"value":{"id":"Q2"}}},"rank":"normal","qualifiers":{"P580":[{"datavalue":{"value":{"time":"+2031-06-30T00:00:00Z","precision":11}}}]}},{"mainsnak":{"datavalue":{"value":{"id":"Q3"}}},"rank":"normal","qualifiers":{"P580":[{"datavalue":{"value":{"time":"+2030-00-00T00:00:00Z","precision":9}}}],"P582":[{"datavalue":{"value":{"time":"+2031-05-00T00:00:00Z","precision":10}}}]}},{"mainsnak":{"datavalue":{"value":{"id":"Q4"}}},"rank":"normal","qualifiers":{"P580":[{"datavalue":{"value":{"time":"+2029-01-01T00:00:00Z","precision":11}}}]}},{"mainsnak":{"datavalue":{"value":{"id":"Q2"}}},"rank":"deprecated","qualifiers":{"P580":[{"datavalue":{"value":{"time":"+1901-01-01T00:00:00Z","precision":11}}}]}}]}},
{"type":"item","id":"Q2","labels":{"en":{"language":"en","value":"President of Egypt"}},"claims":{"P1001":[{"mainsnak":{"datavalue":{"value":{"id":"Q79"}}},"rank":"normal"}]}},
{"type":"item","id":"Q3","labels":{"en":{"language":"en","value":"Minister of Foreign Affairs"}},"claims":{"P1001":[{"mainsnak":{"datavalue":{"value":{"id":"Q79"}}},"rank":"normal"}]}},
{"type":"item","id":"Q4","labels":{"en":{"language":"en","value":"mayor of Nowhere"}},"claims":{"P1001":[{"mainsnak":{"datavalue":{"value":{"id":"Q98765"}}},"rank":"normal"}]}},
{"type":"item","id":"Q6","labels":{"en":{"language":"en","value":"Blue Skies Party"}},"aliases":{"en":[{"value":"BSP"}]},"claims":{"P31":[{"mainsnak":{"datavalue":{"value":{"id":"Q7278"}}},"rank":"normal"}],"P17":[{"mainsnak":{"datavalue":{"value":{"id":"Q142"}}},"rank":"normal"}],"P571":[{"mainsnak":{"datavalue":{"value":{"time":"+2020-01-01T00:00:00Z","precision":9}}},"rank":"normal"}]}},
{"type":"item","id":"Q7","labels":{},"claims":{"P39":"nonsense"}},
{"type":"item","id":"Q8"},
not an entity
]
`

const (
	wantPersons = "EGY\tZaki Qandil\tZ. Qandil\t\tPresident\tGOV\t2031-06-30\t..\tQ1\t\nEGY\tZaki Qandil\t\t\tMinister of Foreign Affairs\tGOV\t2030\t2031-05\tQ1\t\n"
	wantBodies  = "Blue Skies Party\tBSP\tFRA\tPTY\t2020\t..\tQ6\t\n"
)

func TestDump(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(dump[:700]))
	z.Close()
	z = gzip.NewWriter(&zipped) // dumps may be several streams
	z.Write([]byte(dump[700:]))
	z.Close()
	bz, err := os.ReadFile("testdata/dump.json.bz2")
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"plain.json": []byte(dump), "zipped.json.gz": zipped.Bytes(), "dump.json.bz2": bz} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		os.WriteFile(path, raw, 0o666)
		if ok, err := IsDump(path); !ok || err != nil {
			t.Errorf("%s is not seen to be a dump: %v", name, err)
		}
		d := Dump{Path: path, Dir: filepath.Join(dir, "actors")}
		n, err := d.Run(context.Background())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n != (Count{Read: 10, Terms: 2, Bodies: 1, Skipped: 2}) {
			t.Errorf("%s: %+v", name, n)
		}
		b := base(name)
		if got := rows(read(t, d.Dir, "persons", b+".tsv")); got != wantPersons {
			t.Errorf("%s: persons\n%s\nwant\n%s", name, got, wantPersons)
		}
		if got := rows(read(t, d.Dir, "bodies", b+".tsv")); got != wantBodies {
			t.Errorf("%s: bodies\n%s\nwant\n%s", name, got, wantBodies)
		}
		left, _ := os.ReadDir(d.Dir)
		if len(left) != 2 {
			t.Errorf("%s: left behind: %v", name, left)
		}
		if err := who.Extend(os.DirFS(d.Dir)); err != nil {
			t.Error(err)
		}
	}
}

// TestDumpGoesOn stops an import and runs it again: what was read is not read
// anew, and the tables are the same as of one run.
func TestDumpGoesOn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "plain.json")
	os.WriteFile(path, []byte(dump), 0o666)
	stop, cancel := context.WithCancel(context.Background())
	cancel()
	d := Dump{Path: path, Dir: filepath.Join(dir, "actors"), Every: 2}
	n, err := d.Run(stop)
	if rapport.KindOf(err) != rapport.Stopped {
		t.Fatalf("stopped: %v", err)
	}
	state := read(t, d.Dir, ".import-plain", "state.json")
	if !strings.Contains(state, `"lines":1,`) || n.Read != 1 {
		t.Errorf("state %s, read %d", state, n.Read)
	}
	// a spool that grew past its state is cut back to it
	f, _ := os.OpenFile(filepath.Join(d.Dir, ".import-plain", "people.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	f.WriteString("{\"half")
	f.Close()
	if n, err = d.Run(context.Background()); err != nil || n.Terms != 2 {
		t.Fatalf("%+v %v", n, err)
	}
	if got := rows(read(t, d.Dir, "persons", "plain.tsv")); got != wantPersons {
		t.Errorf("persons\n%s\nwant\n%s", got, wantPersons)
	}
}

func TestDumpCutOff(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(strings.Repeat(dump[2:], 50)))
	z.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, "cut.json.gz")
	os.WriteFile(path, zipped.Bytes()[:zipped.Len()-20], 0o666)
	_, err := (&Dump{Path: path, Dir: dir}).Run(context.Background())
	if rapport.KindOf(err) != rapport.BadInput || !strings.Contains(err.Error(), "fetch the dump again") {
		t.Errorf("a dump that is cut off: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "persons")); err == nil {
		t.Error("tables were written of a dump that is cut off")
	}
}

func TestUpdate(t *testing.T) {
	cell := func(k, v string) string { return fmt.Sprintf("%q:{\"type\":\"literal\",\"value\":%q}", k, v) }
	row := func(kv ...string) string {
		var cs []string
		for i := 0; i < len(kv); i += 2 {
			cs = append(cs, cell(kv[i], kv[i+1]))
		}
		return "{" + strings.Join(cs, ",") + "}"
	}
	const item = "http://www.wikidata.org/entity/"
	body := `{"results":{"bindings":[` + strings.Join([]string{
		row("person", item+"Q1", "personLabel", "Zaki Qandil", "positionLabel", "President of Egypt", "state", item+"Q79", "start", "2031-06-30T00:00:00Z", "startPrecision", "11"),
		row("person", item+"Q9", "personLabel", "Anna Sample", "positionLabel", "Prime Minister of France", "state", item+"Q142", "start", "2030-01-01T00:00:00Z", "startPrecision", "9", "end", "2031-02-01T00:00:00Z", "endPrecision", "10"),
		row("person", item+"Q10", "personLabel", "Q10", "positionLabel", "President of Egypt", "state", item+"Q79", "start", "2031-06-30T00:00:00Z"),
		row("person", item+"Q11", "personLabel", "No Start", "positionLabel", "President of Egypt", "state", item+"Q79"),
	}, ",") + `]}}`
	var asked, agent string
	status := http.StatusOK
	stub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		asked, agent = r.PostForm.Get("query"), r.UserAgent()
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	defer stub.Close()
	dir := t.TempDir()
	q := Query{URL: stub.URL, Since: "2020-05", Agent: "rapport test"}
	n, err := q.Update(context.Background(), dir)
	if err != nil || n.Terms != 2 || n.Skipped != 2 {
		t.Fatalf("%+v %v", n, err)
	}
	if !strings.Contains(asked, `"2020-05-01T00:00:00Z"^^xsd:dateTime`) || agent != "rapport test" {
		t.Errorf("asked %s by %s", asked, agent)
	}
	want := "EGY\tZaki Qandil\t\t\tPresident\tGOV\t2031-06-30\t..\tQ1\t\nFRA\tAnna Sample\t\t\tPrime Minister\tGOV\t2030\t2031-02\tQ9\t\n"
	if got := rows(read(t, dir, "persons", "wikidata-update.tsv")); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	status = http.StatusTooManyRequests
	if _, err := q.Update(context.Background(), dir); rapport.KindOf(err) != rapport.BadInput || !strings.Contains(err.Error(), "429") {
		t.Errorf("a refusal: %v", err)
	}
	status, body = http.StatusOK, "<html>"
	if _, err := q.Update(context.Background(), dir); rapport.KindOf(err) != rapport.BadInput {
		t.Errorf("no JSON: %v", err)
	}
	if got := rows(read(t, dir, "persons", "wikidata-update.tsv")); got != want {
		t.Error("a failed update took the table away")
	}
	if _, err := (&Query{URL: stub.URL, Since: "soon"}).Update(context.Background(), dir); rapport.KindOf(err) != rapport.Usage {
		t.Errorf("no day: %v", err)
	}
}

func FuzzDictionary(f *testing.F) {
	f.Add("A_B_ [EGYGOV <900101] [EGYELI >19900101]\n+C\n\t[IGO]\n; x\n[X")
	f.Add("_ []\n+ [~]\n[EGY 1-2] [[]]")
	f.Fuzz(func(t *testing.T, s string) {
		check := func(row string, columns int) {
			if strings.Count(row, "\t") != columns-1 || strings.Count(row, "\n") != 1 {
				t.Errorf("%q has not %d columns", row, columns)
			}
		}
		ReadDictionary(strings.NewReader(s), func(p Term) { check(p.row(), 10) }, func(b Body) { check(b.row(), 8) }, func(int, string) {})
	})
}

func FuzzEntity(f *testing.F) {
	for l := range strings.Lines(dump) {
		f.Add([]byte(l))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		dir := t.TempDir()
		d := Dump{Path: filepath.Join(dir, "x.json"), Dir: dir}
		os.WriteFile(d.Path, line, 0o666)
		if _, err := d.Run(context.Background()); err != nil {
			t.Error(err)
			return
		}
		if err := who.Extend(os.DirFS(dir)); err != nil {
			t.Errorf("what was imported cannot be read: %v", err)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"results":{"bindings":[{"person":{"value":"x/Q1"},"personLabel":{"value":"A"},"start":{"value":"2000-01-01"}}]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if ts, _, err := parseAnswer(raw, "x"); err == nil {
			for i := range ts {
				if strings.Count(ts[i].row(), "\t") != 9 {
					t.Errorf("%q", ts[i].row())
				}
			}
		}
	})
}

// BenchmarkGather reads a dump most of whose entities hold nothing that is kept.
func BenchmarkGather(b *testing.B) {
	other := `{"type":"item","id":"Q77","labels":{"en":{"language":"en","value":"a street"}},"claims":{"P31":[` + strings.Repeat(`{"mainsnak":{"datavalue":{"value":{"id":"Q79007"}}},"rank":"normal"},`, 60) + "{}]}},\n"
	text := strings.Repeat(strings.Repeat(other, 9)+strings.Split(dump, "\n")[1]+"\n", 200)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		d := Dump{Path: "x", Dir: b.TempDir()}
		s, err := d.open(state{})
		if err != nil {
			b.Fatal(err)
		}
		if err := d.gather(context.Background(), strings.NewReader(text), s); err != nil {
			b.Fatal(err)
		}
		s.close()
	}
}
