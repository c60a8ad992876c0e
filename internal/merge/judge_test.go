package merge

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
)

// mergeCase is one case of testdata/cases.txt.
type mergeCase struct {
	name    string
	claims  []rapport.Claim
	reports map[string]rapport.Report
	want    map[string]string // claim → its group
}

func readCases(tb testing.TB) []mergeCase {
	tb.Helper()
	data, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var out []mergeCase
	for n, line := range strings.Split(string(data), "\n") {
		where := fmt.Sprintf("cases.txt:%d", n+1)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "case "); ok {
			out = append(out, mergeCase{name: name, reports: map[string]rapport.Report{}, want: map[string]string{}})
			continue
		}
		c := &out[len(out)-1]
		if ids, ok := strings.CutPrefix(line, "together "); ok {
			for _, id := range strings.Fields(ids) {
				if c.want[id] != id {
					tb.Fatalf("%s: no claim %q standing alone", where, id)
				}
				c.want[id] = strings.Fields(ids)[0]
			}
			continue
		}
		claim, r := readClaim(tb, where, line)
		c.claims = append(c.claims, claim)
		c.reports[r.ID] = r
		c.want[claim.ID] = claim.ID
	}
	return out
}

func readClaim(tb testing.TB, where, line string) (rapport.Claim, rapport.Report) {
	tb.Helper()
	f := strings.Split(line, " | ")
	if len(f) != 8 {
		tb.Fatalf("%s: %d columns, want 8", where, len(f))
	}
	for i := range f {
		if f[i] = strings.TrimSpace(f[i]); f[i] == "-" {
			f[i] = ""
		}
	}
	c := rapport.Claim{ID: f[0], Report: f[0][:1], Status: rapport.Status(f[4]), Date: rapport.Date(f[5])}
	act := strings.Fields(f[2])
	c.Event, c.Mode, _ = strings.Cut(act[0], ":")
	c.CAMEO = act[1]
	for i := 2; i+1 < len(act); i += 2 {
		switch act[i] {
		case "about":
			c.About = act[i+1]
		case "due":
			c.AboutDate = rapport.Date(act[i+1])
		}
	}
	actors, recips, _ := strings.Cut(f[3], ">")
	c.Actor, c.Recipient = readParties(actors), readParties(recips)
	if f[6] != "" {
		c.Place = &rapport.Place{Name: f[6]}
	}
	c.Evidence = rapport.Evidence{Span: rapport.Span{End: len(f[7])}, Text: f[7]}
	if err := c.Check(""); err != nil {
		tb.Fatalf("%s: %v", where, err)
	}
	return c, rapport.Report{ID: c.Report, Published: rapport.Date(f[1])}
}

func readParties(s string) (out []rapport.Party) {
	for _, p := range strings.Split(s, "+") {
		if p = strings.TrimSpace(p); p == "" || p == "-" {
			continue
		}
		code, name, _ := strings.Cut(p, "=")
		country, sector, ok := strings.Cut(code, "/")
		if !ok {
			sector = "GOV"
		}
		out = append(out, rapport.Party{Country: country, Sector: sector, Name: name})
	}
	return out
}

func TestCases(t *testing.T) {
	for _, c := range readCases(t) {
		t.Run(c.name, func(t *testing.T) {
			js := Judge(c.claims, c.reports)
			got := partition(Events(c.claims, c.reports, js))
			for _, a := range c.claims {
				for _, b := range c.claims {
					if a.ID >= b.ID {
						continue
					}
					if want, have := c.want[a.ID] == c.want[b.ID], got[a.ID] == got[b.ID]; want != have {
						all := append(slices.Clone(c.claims[:0]), a, b)
						_, why := explain(prepared(all, c.reports))
						t.Errorf("%s and %s: one event %v, want %v\n  %s", a.ID, b.ID, have, want, strings.Join(why, "\n  "))
					}
				}
			}
		})
	}
}

// prepared returns the two claims ready for comparison.
func prepared(cs []rapport.Claim, reports map[string]rapport.Report) (a, b *told) {
	j := newJudge(cs, reports)
	return &j.claims[0], &j.claims[1]
}

// TestOrder merges each case and the whole dossier in many orders.
func TestOrder(t *testing.T) {
	var sets []mergeCase
	sets = append(sets, readCases(t)...)
	if _, err := os.Stat(dossierDir); err == nil {
		d := gold(t, dossierDir)
		sets = append(sets, mergeCase{name: "dossier", claims: d.Claims, reports: d.Reports})
	}
	rng := rand.New(rand.NewSource(1))
	for _, c := range sets {
		want := asJSON(t, Events(c.claims, c.reports, Judge(c.claims, c.reports)))
		for range 5 {
			shuffled := slices.Clone(c.claims)
			rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			js := Judge(shuffled, c.reports)
			rng.Shuffle(len(js), func(i, j int) { js[i], js[j] = js[j], js[i] })
			if got := asJSON(t, Events(shuffled, c.reports, js)); got != want {
				t.Fatalf("%s: another order gave\n%s\nwant\n%s", c.name, got, want)
			}
		}
	}
}

func asJSON(tb testing.TB, v any) string {
	tb.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func TestJudgementsExplain(t *testing.T) {
	c := readCases(t)[0]
	js := Judge(c.claims, c.reports)
	if len(js) == 0 {
		t.Fatal("no judgement")
	}
	for _, j := range js {
		if j.A >= j.B || j.Author != Author || len(j.Reasons) == 0 || j.Score < 0 || j.Score > 1 || j.Same != (j.Score >= 0.5) {
			t.Errorf("bad judgement %+v", j)
		}
	}
	found := false
	for _, j := range js {
		found = found || slices.ContainsFunc(j.Reasons, func(s string) bool {
			return strings.Contains(s, "days after the announcement") || strings.Contains(s, "same day")
		})
	}
	if !found {
		t.Errorf("no judgement speaks of the date: %v", js)
	}
}

// TestPersons holds that a person outweighs rules and a later word an earlier.
func TestPersons(t *testing.T) {
	claim := func(id string) rapport.Claim {
		c, _ := readClaim(t, "here", id+" | 2020-01-01 | ACCUSE 111 | ESP > MAR | actual | 2020-01-01 | - | Spain criticised Morocco on Wednesday.")
		return c
	}
	claims := []rapport.Claim{claim("a"), claim("b"), claim("c")}
	rule := func(a, b string, same bool, score float64) rapport.Judgement {
		return rapport.Judgement{A: a, B: b, Same: same, Score: score, Author: Author}
	}
	person := func(a, b string, same bool, at string) rapport.Judgement {
		return rapport.Judgement{A: a, B: b, Same: same, Author: "ines", Time: at}
	}
	for _, c := range []struct {
		name string
		js   []rapport.Judgement
		want string
	}{
		{"rules chain", []rapport.Judgement{rule("a", "b", true, .9), rule("b", "c", true, .6)}, "abc"},
		{"a person parts the ends", []rapport.Judgement{rule("a", "b", true, .9), rule("b", "c", true, .6), person("a", "c", false, "2026-01-01T00:00:00Z")}, "ab c"},
		{"a person joins what rules keep apart", []rapport.Judgement{rule("a", "b", false, .1), person("a", "b", true, "2026-01-01T00:00:00Z")}, "ab c"},
		{"the later word holds", []rapport.Judgement{person("a", "b", true, "2026-01-01T00:00:00Z"), person("a", "b", false, "2026-02-01T00:00:00Z")}, "a b c"},
		{"and the other way", []rapport.Judgement{person("a", "b", false, "2026-01-01T00:00:00Z"), person("a", "b", true, "2026-02-01T00:00:00Z")}, "ab c"},
		{"parted from a whole", []rapport.Judgement{person("a", "b", true, "2026-01-01T00:00:00Z"), person("b", "c", false, "2026-01-02T00:00:00Z"), rule("a", "c", true, .99)}, "ab c"},
		{"unknown claims", []rapport.Judgement{rule("a", "zz", true, .9)}, "a b c"},
	} {
		var got []string
		for _, e := range Events(claims, nil, c.js) {
			got = append(got, strings.Join(e.Claims, ""))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

// TestEventFields looks at an event that its reports tell differently.
func TestEventFields(t *testing.T) {
	var claims []rapport.Claim
	reports := map[string]rapport.Report{}
	for _, line := range []string{
		"a | 2023-02-02 | SUPPORT 057 | ESP=Pedro Sánchez + MAR > - | actual | 2023-02-02 | Rabat | Spain and Morocco signed 19 agreements on Thursday.",
		"b | 2023-02-04 | SUPPORT 057 | MAR + ESP > - | actual | - | - | Twenty-four agreements were signed.",
		"c | 2033-02-04 | SUPPORT 057 | MAR + ESP > - | historical | 2023-02-03 | Casablanca | The nineteen agreements signed on 3 February 2023 in Casablanca changed much.",
		"d | 2033-02-05 | SUPPORT 057 | MAR + ESP > - | historical | 2023-02-03 | Casablanca | The nineteen agreements signed on 3 February 2023 in Casablanca changed much.",
	} {
		c, r := readClaim(t, "here", line)
		claims, reports[r.ID] = append(claims, c), r
	}
	var js []rapport.Judgement
	for _, id := range []string{"b", "c", "d"} {
		js = append(js, rapport.Judgement{A: "a", B: id, Same: true, Author: "ines"})
	}
	es := Events(claims, reports, js)
	if len(es) != 1 {
		t.Fatalf("%d events, want 1", len(es))
	}
	e := es[0]
	if e.ID != "ev-a" || e.Status != rapport.Actual || e.Date != "2023-02-02" || e.Place.Name != "Rabat" || e.Reports != 3 {
		t.Errorf("got %s %s %s %s in %d reports, want ev-a actual 2023-02-02 Rabat in 3 (two are copies)", e.ID, e.Status, e.Date, e.Place.Name, e.Reports)
	}
	if want := []string{"a", "b", "c", "d"}; !reflect.DeepEqual(e.Claims, want) {
		t.Errorf("claims %v, want %v", e.Claims, want)
	}
	if want := (rapport.Party{Country: "ESP", Sector: "GOV", Name: "Pedro Sánchez"}); e.Actor[0] != want || len(e.Actor) != 2 {
		t.Errorf("actors %v, want the named first", e.Actor)
	}
	got := map[string]string{}
	for _, f := range e.Disputed {
		var vs []string
		for _, v := range f.Values {
			vs = append(vs, v.Value+" ("+strings.Join(v.Claims, ",")+")")
		}
		got[f.Name] = strings.Join(vs, "; ")
	}
	want := map[string]string{
		"date":                 "2023-02-02 (a); 2023-02-03 (c,d)",
		"place":                "Rabat (a); Casablanca (c,d)",
		"number of agreements": "19 (a,c,d); 24 (b)",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("disputed %v, want %v", got, want)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Pedro Sánchez", "pedro sanchez", true},
		{"Pedro Sánchez", "Sánchez", true},
		{"P. Sánchez", "Pedro Sánchez", true},
		{"Abdel Fattah el-Sisi", "Abdulfattah al-Sisi", true},
		{"Mohammed VI", "Mohamed VI", true},
		{"Heydar Aliyev", "Ilham Aliyev", false},
		{"Juan Carlos I", "Felipe VI", false},
		{"", "", false},
	} {
		if got := nameOf(c.a).same(nameOf(c.b)); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestFigures(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Trade came to nearly 20 billion euros in 2022, the ministry said.", "nearly 20 billion euros=2e+10 euros"},
		{"Two-way trade was worth about NZ$7.5 billion last year.", "about NZ$7.5 billion=7.5e+09 New Zealand dollars"},
		{"Twenty-four agreements were signed.", "Twenty-four agreements=24 agreements"},
		{"Spain has sent back 4,800 of the 8,000 people who swam", "8,000 people=8000 persons"},
		{"In May 2021, on May 18 and on 20 March they met.", ""},
		{"captured the six marines who were holding it", "six marines=6 marines"},
		{"tariffs on 96 per cent of exports", "96 per cent=96 %"},
		{"a credit line of more than a billion dollars", "more than a billion dollars=1e+09 dollars"},
		{"the commodity turnover made about 240 million US dollars , and", "about 240 million US dollars=2.4e+08 dollars"},
		{"They met for the first time in 2016.", ""},
		{"", ""},
	} {
		var got []string
		for _, f := range Figures(c.text) {
			got = append(got, fmt.Sprintf("%s=%g %s", f.Words, f.Value, f.Unit))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%q: %q, want %q", c.text, s, c.want)
		}
	}
}

func FuzzFigures(f *testing.F) {
	f.Add("nearly 20 billion euros, 4,800 of the 8,000 people")
	f.Add("$ 1bn — “ 3 ” %")
	f.Fuzz(func(t *testing.T, s string) {
		for _, g := range Figures(s) {
			if g.Start < 0 || g.End > len(s) || g.Start >= g.End || s[g.Start:g.End] != g.Words {
				t.Fatalf("figure %+v does not stand in %q", g, s)
			}
		}
	})
}

func TestBCubed(t *testing.T) {
	gold := map[string]string{"a": "1", "b": "1", "c": "2", "d": "2"}
	for _, c := range []struct {
		got  map[string]string
		p, r float64
	}{
		{gold, 1, 1},
		{nil, 1, 0.5},
		{map[string]string{"a": "x", "b": "x", "c": "x", "d": "x"}, 0.5, 1},
	} {
		a := BCubed(gold, c.got)
		if a.Precision != c.p || a.Recall != c.r {
			t.Errorf("%v: P %v R %v, want %v %v", c.got, a.Precision, a.Recall, c.p, c.r)
		}
	}
}

// TestBCubedStrict: what the coder missed or made up counts against the score.
func TestBCubedStrict(t *testing.T) {
	gold := map[string]string{"a": "1", "b": "1", "c": "2"}
	same := map[string]string{"a": "a", "b": "b", "c": "c"}
	for _, c := range []struct {
		name             string
		got, counterpart map[string]string
		p, r             float64
	}{
		{"all there", gold, same, 1, 1},
		{"one missed", map[string]string{"a": "1", "c": "2"}, same, 1, 0.5}, // a has half of its event, b nothing
		{"one made up", map[string]string{"a": "1", "b": "1", "c": "2", "d": "3"}, same, 0.75, 1},
		{"made up within an event", map[string]string{"a": "1", "b": "1", "c": "2", "d": "1"}, same, 0.583333, 1},
		{"nothing", nil, same, 0, 0},
	} {
		a := BCubedStrict(gold, c.got, c.counterpart)
		if a.Precision != c.p || a.Recall != c.r || a.Things != 3 {
			t.Errorf("%s: %+v, want P %v R %v", c.name, a, c.p, c.r)
		}
	}
}

// generated returns n claims of the shape that a record has: pairs of
// countries by a long-tailed law, events told by one to many reports, a fifth
// of the claims recalling older ones by month, year or nothing.
func generated(n int) ([]rapport.Claim, map[string]rapport.Report) {
	rng := rand.New(rand.NewSource(7))
	var countries []string
	for i := range 200 {
		countries = append(countries, string([]byte{'A' + byte(i/26%26), 'A' + byte(i%26), 'X'}))
	}
	zipf := rand.NewZipf(rng, 1.3, 4, uint64(len(countries)-1))
	acts := []struct{ event, mode, cameo string }{
		{"CONSULT", "visit", "042"}, {"CONSULT", "", "040"}, {"SUPPORT", "", "051"}, {"SUPPORT", "", "057"}, {"AGREE", "", "030"},
		{"ACCUSE", "disapprove", "111"}, {"REQUEST", "change", "020"}, {"ASSAULT", "heavy-weapons", "194"}, {"COOPERATE", "", "061"}, {"AID", "", "073"},
	}
	words := strings.Fields("trade border treaty river summit energy gas pipeline defence prisoner election sanction fishing visa tariff ceasefire dam loan school port")
	claims := make([]rapport.Claim, 0, n)
	reports := map[string]rapport.Report{}
	report := 0
	for len(claims) < n {
		a, b := countries[zipf.Uint64()], countries[zipf.Uint64()]
		if a == b {
			continue
		}
		act := acts[rng.Intn(len(acts))]
		day := 7000 + rng.Intn(13000)
		name := fmt.Sprintf("Person %s%d", a, rng.Intn(3))
		topic := words[rng.Intn(len(words))]
		for k := rng.Intn(4) * rng.Intn(4); k >= 0 && len(claims) < n; k-- {
			if rng.Intn(5) > 0 || report == 0 {
				report++
			}
			id := fmt.Sprintf("r%07d", report)
			late := 0
			date := dayDate(day)
			status := rapport.Actual
			if rng.Intn(5) == 0 {
				late, status = 300+rng.Intn(5000), rapport.Historical
				date = [...]rapport.Date{date[:7], date[:4], ""}[rng.Intn(3)]
			} else if rng.Intn(3) == 0 {
				date = ""
			}
			if _, ok := reports[id]; !ok {
				reports[id] = rapport.Report{ID: id, Published: dayDate(day + 1 + late)}
			}
			text := fmt.Sprintf("%s of %s spoke of the %s with %s and of %s.", name, a, topic, b, words[rng.Intn(len(words))])
			claims = append(claims, rapport.Claim{
				ID: fmt.Sprintf("%016x", rng.Uint64()), Report: id, Event: act.event, Mode: act.mode, CAMEO: act.cameo,
				Actor: []rapport.Party{{Country: a, Sector: "GOV", Name: name}}, Recipient: []rapport.Party{{Country: b, Sector: "GOV"}},
				Status: status, Date: date, Evidence: rapport.Evidence{Span: rapport.Span{End: len(text)}, Text: text},
			})
		}
	}
	return claims, reports
}

func dayDate(day int) rapport.Date {
	return rapport.Day(epoch.AddDate(0, 0, day))
}

func BenchmarkMerge(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 400_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			claims, reports := generated(n)
			for b.Loop() {
				js := Judge(claims, reports)
				es := Events(claims, reports, js)
				b.ReportMetric(float64(len(es)), "events")
				b.ReportMetric(float64(len(js)), "judgements")
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}

var epoch = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

// BenchmarkWar merges the claims of one pair at war: all of one kind, a
// hundred a day, a third of them recalled without a day.
func BenchmarkWar(b *testing.B) {
	claims, reports := generated(100_000)
	for i := range claims {
		c := &claims[i]
		c.Event, c.Mode, c.CAMEO = "ASSAULT", "heavy-weapons", "194"
		c.Actor[0].Country, c.Recipient[0].Country = "RUS", "UKR"
	}
	for b.Loop() {
		Events(claims, reports, Judge(claims, reports))
	}
}
