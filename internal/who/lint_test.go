package who

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rapport/internal/ontology"
)

type row struct {
	where string
	cell  map[string]string
}

func readRows(t *testing.T, name string) []row {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var head []string
	var out []row
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		l := sc.Text()
		if l == "" || l[0] == '#' {
			continue
		}
		cs := strings.Split(l, "\t")
		if head == nil {
			head = cs
			continue
		}
		r := row{fmt.Sprintf("%s:%d", path.Base(name), n), map[string]string{}}
		for i, h := range head {
			if i < len(cs) {
				r.cell[h] = cs[i]
				if strings.TrimSpace(cs[i]) != cs[i] || strings.Contains(cs[i], "||") {
					t.Errorf("%s: stray blanks or bars in %s: %q", r.where, h, cs[i])
				}
			}
		}
		if len(cs) != len(head) {
			t.Errorf("%s: %d cells, the header has %d", r.where, len(cs), len(head))
		}
		out = append(out, r)
	}
	return out
}

var sectors = wordSet("GOV LEG MIL JUD COP SPY PTY OPP REB PRM UAF BUS LAB EDU JRN MED REL CVL REF CRM ELI SOC AGR PRE UNK NGO")

// singular offices have one holder at a time.
var soleOffices = wordSet("President Prime_Minister King Queen Emperor Emir Sultan Chancellor Foreign_Minister Foreign_Secretary Secretary_of_State Defence_Minister Secretary_of_Defense Supreme_Leader Pope UN_Secretary-General")

func TestTables(t *testing.T) {
	tb, err := parse(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	known := func(code string) bool { _, ok := tb.byCode[code]; return ok || international(code) }
	iso := regexp.MustCompile(`^[A-Z]{2,3}$`)
	seen := map[string]string{}
	for _, r := range readRows(t, "data/countries.tsv") {
		if !iso.MatchString(r.cell["iso2"]) {
			t.Errorf("%s: iso2 %q", r.where, r.cell["iso2"])
		}
		if !slices.Contains(ontology.Countries(), r.cell["code"]) {
			t.Errorf("%s: %s is not in internal/ontology/data/countries.tsv: no claim may carry it", r.where, r.cell["code"])
		}
		k := r.cell["name"]
		if seen[k] != "" {
			t.Errorf("%s: %s stands at %s too", r.where, k, seen[k])
		}
		seen[k] = r.where
	}
	lintBodies(t, known)
	for _, r := range readRows(t, "data/places.tsv") {
		for _, c := range list(r.cell["code"]) {
			if !known(c) {
				t.Errorf("%s: %q is no code", r.where, c)
			}
		}
	}
	seen = map[string]string{}
	for _, r := range readRows(t, "data/roles.tsv") {
		if s := r.cell["sector"]; s != "" && !sectors[s] && s != "IGO" {
			t.Errorf("%s: %q is no sector", r.where, s)
		}
		k := r.cell["words"]
		if seen[k] != "" {
			t.Errorf("%s: %q stands at %s too", r.where, k, seen[k])
		}
		seen[k] = r.where
	}
	for _, r := range readRows(t, "data/ambiguous.tsv") {
		code, _, _ := strings.Cut(r.cell["reading"], ":")
		if code != "person" && code != "place" && code != "word" && !known(code) {
			t.Errorf("%s: reading %q", r.where, code)
		}
	}
	files, _ := fs.Glob(os.DirFS("data"), "leaders/*.tsv")
	var leaders []row
	for _, f := range files {
		leaders = append(leaders, readRows(t, "data/"+f)...)
	}
	lintLeaders(t, leaders, known)
}

func checkRow(t *testing.T, r row, known func(string) bool, code string) {
	t.Helper()
	if !known(code) {
		t.Errorf("%s: %q is no code", r.where, code)
	}
	if s := r.cell["sector"]; s != "" && !sectors[s] {
		t.Errorf("%s: %q is no sector", r.where, s)
	}
	if w := r.cell["wikidata"]; w != "" && !regexp.MustCompile(`^Q[1-9][0-9]*$`).MatchString(w) {
		t.Errorf("%s: wikidata %q", r.where, w)
	}
	if _, err := span(r.cell["from"], r.cell["to"]); err != nil {
		t.Errorf("%s: %v", r.where, err)
	}
}

var double = regexp.MustCompile(`^(disputed|shared)`)

func lintLeaders(t *testing.T, leaders []row, known func(string) bool) {
	type held struct {
		row
		days
	}
	offices, own := map[string][]held{}, map[string][]held{}
	names := map[string]string{}
	lastOf := map[string]string{}
	prev := ""
	for _, r := range leaders {
		checkRow(t, r, known, r.cell["country"])
		who := r.cell["country"] + " " + r.cell["name"]
		if names[who] != "" && prev != who {
			t.Errorf("%s: rows of %s stand apart", r.where, who)
		}
		if names[who] != "" && (r.cell["variants"] != "" || r.cell["short"] != "") {
			t.Errorf("%s: variants and short belong on the first row of %s", r.where, who)
		}
		if lastOf[who] > r.cell["from"] && r.cell["from"] != "" {
			t.Errorf("%s: rows of %s are not sorted by from", r.where, who)
		}
		names[who], lastOf[who], prev = r.where, r.cell["from"], who
		d, err := span(r.cell["from"], r.cell["to"])
		if err != nil {
			continue
		}
		h := held{r, d}
		own[who+" "+r.cell["office"]] = append(own[who+" "+r.cell["office"]], h)
		if soleOffices[strings.ReplaceAll(r.cell["office"], " ", "_")] {
			k := r.cell["country"] + " " + r.cell["office"]
			offices[k] = append(offices[k], h)
		}
	}
	for _, r := range leaders {
		for _, v := range list(r.cell["variants"]) {
			if names[r.cell["country"]+" "+v] != "" {
				t.Errorf("%s: variant %q is another row's name", r.where, v)
			}
		}
	}
	overlap := func(m map[string][]held, most int32) {
		var keys []string
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			hs := m[k]
			for i, a := range hs {
				for _, b := range hs[i+1:] {
					if both := int64(min(a.to, b.to)) - int64(max(a.from, b.from)); both > int64(most) && !(double.MatchString(a.cell["note"]) && double.MatchString(b.cell["note"])) {
						t.Errorf("%s and %s: %s overlaps by %d days (%s, %s)", a.where, b.where, k, both, a.cell["name"], b.cell["name"])
					}
				}
			}
		}
	}
	overlap(own, 1)
	overlap(offices, 31)
	lintPersons(t, leaders)
}

// lintPersons looks for one person under two names of a country, or with one
// Wikidata item, and for terms longer than anyone lives. A row whose note
// begins "lint:" is excepted, with the reason behind it.
func lintPersons(t *testing.T, leaders []row) {
	spelled, items := map[string]row{}, map[string]row{}
	f := folder{keep: true}
	for _, r := range leaders {
		if strings.HasPrefix(r.cell["note"], "lint:") {
			continue
		}
		if d, err := span(r.cell["from"], r.cell["to"]); err == nil && d.from != always && d.to != forever && d.to-d.from > 71*366 {
			t.Errorf("%s: a term of %d years", r.where, (d.to-d.from)/365)
		}
		if from := r.cell["from"]; from != "" && (from < "1900" || from > "2030") {
			t.Errorf("%s: begins %s", r.where, from)
		}
		if q := r.cell["wikidata"]; q != "" {
			if o, ok := items[q]; ok && o.cell["name"] != r.cell["name"] {
				t.Errorf("%s: %s is %s of %s too", r.where, q, o.cell["name"], o.where)
			}
			items[q] = r
		}
		f.kept = nil
		f.split(r.cell["name"])
		k := r.cell["country"] + " " + strings.Join(f.kept, " ")
		if o, ok := spelled[k]; ok && o.cell["name"] != r.cell["name"] && len(f.kept) > 1 && light(o.cell["name"]) == light(r.cell["name"]) {
			t.Errorf("%s: %s is a spelling of %s of %s", r.where, r.cell["name"], o.cell["name"], o.where)
		}
		spelled[k] = r
	}
}

// light folds a name to plain lower-case letters.
func light(name string) string {
	return strings.Map(func(r rune) rune {
		if s := foldRune(r); len(s) > 0 && r > 0x7f {
			return rune(s[0])
		}
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, name)
}

// lintBodies looks for bodies with two sectors on one day, rows that stand
// twice, and forms that are a country's own name.
func lintBodies(t *testing.T, known func(string) bool) {
	type held struct {
		row
		days
	}
	states := map[string]string{}
	for _, r := range readRows(t, "data/countries.tsv") {
		for _, n := range append([]string{r.cell["name"]}, list(r.cell["official"])...) {
			states[n] = r.cell["code"]
		}
	}
	terms := map[string][]held{}
	var order []string
	for _, r := range readRows(t, "data/bodies.tsv") {
		checkRow(t, r, known, r.cell["code"])
		if strings.HasPrefix(r.cell["note"], "lint:") {
			continue
		}
		for _, v := range append([]string{r.cell["name"]}, list(r.cell["variants"])...) {
			if c := states[v]; c != "" && c != r.cell["code"] {
				t.Errorf("%s: %q is the name of %s", r.where, v, c)
			}
		}
		d, err := span(r.cell["from"], r.cell["to"])
		if err != nil {
			continue
		}
		k := r.cell["name"] + " of " + r.cell["code"]
		if terms[k] == nil {
			order = append(order, k)
		}
		terms[k] = append(terms[k], held{r, d})
	}
	for _, k := range order {
		hs := terms[k]
		for i, a := range hs {
			for _, b := range hs[i+1:] {
				if both := int64(min(a.to, b.to)) - int64(max(a.from, b.from)); both > 366 { // terms told by the year share it
					t.Errorf("%s and %s: %s overlaps by %d days", a.where, b.where, k, both)
				}
			}
		}
	}
}

// TestBadTables checks that a spoilt table is refused with file and line.
func TestBadTables(t *testing.T) {
	for _, c := range []struct{ file, row, want string }{
		{"countries.tsv", "EG\tEG\tEgypt\t\t\t\t\t\t\t\t", "countries.tsv:2"},
		{"bodies.tsv", "X\t\tEGY\tGOV\t1999-13\t\t\t", "is no date"},
		{"bodies.tsv", "X\t\tEGY\tGOV\t1999\t1998\t\t", "before it begins"},
		{"roles.tsv", "x\tking\ts\town\tGOV\t", "class of role"},
		{"places.tsv", "x\tEGY\ttown\t\t", "sort of place"},
		{"ambiguous.tsv", "x\tEGY\t2\t\t\t", "prior"},
		{"places.tsv", "x\tEGY\tcity\t\t\t\t\t", "columns"},
	} {
		files := fstest.MapFS{}
		for _, f := range []string{"countries.tsv", "places.tsv", "bodies.tsv", "roles.tsv", "ambiguous.tsv"} {
			files["data/"+f] = &fstest.MapFile{Data: []byte("header\n")}
		}
		files["data/"+c.file] = &fstest.MapFile{Data: []byte("header\n" + c.row + "\n")}
		_, err := parse(files)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %q: error %v, want one with %q", c.file, c.row, err, c.want)
		}
	}
}
