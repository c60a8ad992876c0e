package briefs

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/ontology"
	"rapport/internal/relations"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fixture reads testdata/aze-egy.json: reports and claims, each claim with its
// sentence; a report's text is its claims' sentences in order.
func fixture(tb testing.TB) ([]rapport.Claim, map[string]rapport.Report) {
	tb.Helper()
	data, err := os.ReadFile("testdata/aze-egy.json")
	if err != nil {
		tb.Fatal(err)
	}
	var f struct {
		Reports []rapport.Report
		Claims  []struct {
			rapport.Claim
			Sentence string
		}
	}
	if err := json.Unmarshal(data, &f); err != nil {
		tb.Fatal(err)
	}
	reports := map[string]rapport.Report{}
	for _, r := range f.Reports {
		for _, c := range f.Claims {
			if c.Report == r.ID {
				r.Text += c.Sentence + " "
			}
		}
		r.Hash = rapport.HashText(r.Text)
		reports[r.ID] = r
	}
	var claims []rapport.Claim
	for _, g := range f.Claims {
		c, r := g.Claim, reports[g.Report]
		at := strings.Index(r.Text, g.Sentence)
		c.Evidence = rapport.Evidence{Span: rapport.Span{Start: at, End: at + len(g.Sentence)}, Text: g.Sentence}
		c.Quad, c.Score = ontology.Quad(c.Event), ontology.Score(c.Event, c.Mode)
		if err := c.Check(r.Text); err != nil {
			tb.Fatalf("%q: %v", g.Sentence, err)
		}
		c.SetID(r.Hash)
		claims = append(claims, c)
	}
	return claims, reports
}

func fixtureRelation(tb testing.TB) *relations.Relation {
	claims, reports := fixture(tb)
	events := merge.Events(claims, reports, merge.Judge(claims, reports))
	return relations.Of(rapport.NewDyad("AZE", "EGY"), claims, events, reports, "2024-06-10")
}

func TestGolden(t *testing.T) {
	r := fixtureRelation(t)
	for _, c := range []struct {
		file string
		o    Options
	}{
		{"full.md", Options{}},
		{"one-page.md", Options{OnePage: true}},
		{"since-2024.md", Options{Since: "2024-01-01"}},
	} {
		var b bytes.Buffer
		if err := Markdown(&b, r, c.o); err != nil {
			t.Fatal(err)
		}
		golden(t, c.file, b.Bytes())
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; go test -update writes it anew. First difference:\n%s", file, firstDifference(string(got), string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + strings.Join(w[min(i, len(w)):min(i+1, len(w))], "")
		}
	}
	return "the golden file has more lines"
}

// TestEveryLineCited holds the promise: no line about the world without its
// footnote, no footnote without its sentence.
func TestEveryLineCited(t *testing.T) {
	r := fixtureRelation(t)
	for _, o := range []Options{{}, {OnePage: true}, {Since: "2024-01-01"}} {
		var b strings.Builder
		if err := Markdown(&b, r, o); err != nil {
			t.Fatal(err)
		}
		body, sources, _ := strings.Cut(b.String(), "\n## Sources\n")
		_, body, _ = strings.Cut(body, "\n## ")
		body, _, _ = strings.Cut(body, "\n## Tempo")
		for _, line := range strings.Split(body, "\n") {
			tells := strings.HasPrefix(strings.TrimSpace(line), "- ") || strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| Date") && !strings.HasPrefix(line, "| Period")
			if tells && !strings.Contains(line, "[^") && !strings.Contains(line, "none found") && !strings.Contains(line, "no ") {
				t.Errorf("%+v: without a footnote: %s", o, line)
			}
		}
		for _, line := range strings.Split(strings.TrimSpace(sources), "\n") {
			if !strings.HasPrefix(line, "[^") || !strings.Contains(line, "“") || !strings.Contains(line, "(claim") {
				t.Errorf("%+v: bad source: %s", o, line)
			}
		}
	}
}

func TestSameBytes(t *testing.T) {
	claims, reports := fixture(t)
	var first string
	for range 5 {
		slices.Reverse(claims)
		claims = append(claims[3:], claims[:3]...)
		events := merge.Events(claims, reports, merge.Judge(claims, reports))
		slices.Reverse(events)
		r := relations.Of(rapport.NewDyad("EGY", "AZE"), claims, events, reports, "2024-06-10")
		var b strings.Builder
		if err := Markdown(&b, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&b, r); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = b.String()
		}
		if b.String() != first {
			t.Fatal("another order gives other bytes: " + firstDifference(b.String(), first))
		}
	}
}

func TestEmpty(t *testing.T) {
	r := relations.Of(rapport.NewDyad("ISL", "TON"), nil, nil, nil, "")
	var b strings.Builder
	if err := Markdown(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Iceland and Tonga", "No report tells of the two", "nothing found in the reports", "Nothing found in the reports."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the brief of two that no report tells of lacks %q:\n%s", want, b.String())
		}
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, fixtureRelation(t)); err != nil {
		t.Fatal(err)
	}
	var back relations.Relation
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Pair.String() != "AZE-EGY" || len(back.Visits) != 3 || len(back.Claims) == 0 || back.Events[back.Visits[0].Event].Event != "CONSULT" {
		t.Errorf("read back %s with %d visits and %d claims", back.Pair, len(back.Visits), len(back.Claims))
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[rapport.Date]string{
		"2024-06-08": "8 June 2024", "2023-01": "January 2023", "1994": "1994", "199X": "the 1990s", "19XX": "the 1900s",
		"2008/..": "since 2008", "../2022-12-31": "by 31 December 2022", "1991-07-03/1991-07-05": "3–5 July 1991",
		"2021-05-30/2021-06-02": "30 May – 2 June 2021", "1995-01/1995-02": "January 1995 to February 1995", "2021/2022": "2021–2022",
		"1994~": "about 1994", "2023-01?": "January 2023 (uncertain)", "2001-21": "spring 2001", "": "undated", "nonsense": "undated",
		"2016-12-30/2017-01-02": "30 December 2016 to 2 January 2017", "1984%": "about 1984 (uncertain)",
	} {
		if got := inWords(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestActs lints data/acts.tsv and holds that every type and mode of the
// ontology is told by a row of its own type.
func TestActs(t *testing.T) {
	for line := range strings.Lines(actsTSV) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 9 {
			t.Fatalf("%q has %d columns, want 9", line, len(f))
		}
		event, mode, _ := strings.Cut(f[0], ":")
		typ, ok := ontology.TypeOf(event)
		if !ok || mode != "" && !slices.ContainsFunc(typ.Modes, func(m ontology.Mode) bool { return m.Code == mode }) {
			t.Errorf("unknown act %q", f[0])
		}
		if _, ok := ontology.CAMEOOf(f[1]); f[1] != "-" && !ok {
			if _, ok := ontology.CAMEOOf(f[1] + "0"); !ok {
				t.Errorf("%s: unknown code %q", f[0], f[1])
			}
		}
		for _, i := range []int{6, 7} {
			if strings.Contains(f[i], "each other") != strings.Contains(f[i], "|") || strings.HasSuffix(f[i], "|") {
				t.Errorf("%s: %q needs a wording for those who act on nobody told, and only it", f[0], f[i])
			}
		}
		for _, s := range f[4:8] {
			if strings.Count(s, "{R}") > 1 || s == "" || s != strings.TrimSpace(s) {
				t.Errorf("%s: bad template %q", f[0], s)
			}
		}
		if strings.Contains(f[6], "{R}") || strings.Contains(without(f[4]), "{R}") {
			t.Errorf("%s: a mutual act has no recipient", f[0])
		}
		if strings.Trim(f[8], "qs-") != "" {
			t.Errorf("%s: unknown flag in %q", f[0], f[8])
		}
	}
	for _, typ := range ontology.Types() {
		for _, m := range append([]ontology.Mode{{}}, typ.Modes...) {
			if a := actOf(&rapport.Event{Event: typ.Code, Mode: m.Code}, ""); a.event != typ.Code {
				t.Errorf("%s:%s has no row", typ.Code, m.Code)
			}
		}
	}
}

func TestCues(t *testing.T) {
	for _, c := range []struct {
		event rapport.Event
		words string
		want  string
	}{
		{rapport.Event{Event: "SUPPORT", CAMEO: "051"}, "He thanked Cairo.", "thanked {R}"},
		{rapport.Event{Event: "SUPPORT", CAMEO: "051"}, "He thanked Cairo and congratulated Baku.", "spoke in favour of {R}"},
		{rapport.Event{Event: "SUPPORT", CAMEO: "051"}, "He spoke of the plan.", "spoke in favour of {R}"},
		{rapport.Event{Event: "SUPPORT", CAMEO: "057"}, "They signed it.", "signed {T} with {R}"},
		{rapport.Event{Event: "SUPPORT", CAMEO: "057"}, "Parliament ratified it.", "ratified {T} with {R}"},
		{rapport.Event{Event: "AGREE", CAMEO: "036", About: "CONSULT:visit"}, "He invited her.", "invited {R} for a visit"},
		{rapport.Event{Event: "AGREE", CAMEO: "036", About: "CONSULT:visit"}, "She accepted the invitation.", "accepted an invitation from {R}"},
		{rapport.Event{Event: "SANCTION", Mode: "withdraw", CAMEO: "161"}, "It recalled its ambassador.", "recalled its ambassador from {R}"},
		{rapport.Event{Event: "SANCTION", Mode: "expel", CAMEO: "161"}, "It gave the ambassador 48 hours to leave the country.", "expelled the ambassador of {R}"},
		{rapport.Event{Event: "SANCTION", Mode: "expel", CAMEO: "161"}, "It expelled three diplomats.", "expelled diplomats of {R}"},
		{rapport.Event{Event: "AGREE", CAMEO: "035", About: "RETREAT:release"}, "He offered to swap them.", "undertook to release prisoners to {R}"},
		{rapport.Event{Event: "AGREE", CAMEO: "035", About: "RETREAT"}, "He would yield.", "undertook to give way to {R}"},
		{rapport.Event{Event: "NEWTYPE"}, "", "acted towards {R}"},
	} {
		if got := actOf(&c.event, c.words).past; got != c.want {
			t.Errorf("%s %s %q: %q, want %q", c.event.Event, c.event.CAMEO, c.words, got, c.want)
		}
	}
}

func TestSectorWords(t *testing.T) {
	for _, s := range ontology.Sectors() {
		if _, ok := sectors()[s.Code]; !ok && s.Code != "UNK" {
			t.Errorf("sector %s has no words", s.Code)
		}
	}
	for _, c := range []struct {
		p    rapport.Party
		want string
	}{
		{rapport.Party{Country: "ESP", Sector: "MIL"}, "Spanish forces"},
		{rapport.Party{Country: "USA", Sector: "GOV"}, "the United States"},
		{rapport.Party{Country: "IGO", Name: "League of Arab States"}, "the League of Arab States"},
		{rapport.Party{Country: "EUR"}, "the European Union"},
		{rapport.Party{Country: "EGY", Name: "Abdel Fattah el-Sisi"}, "Abdel Fattah el-Sisi (Egypt)"},
		{rapport.Party{Country: "QQQ"}, "QQQ"},
	} {
		if got, _ := partyWords(c.p, false); got != c.want {
			t.Errorf("%+v: %q, want %q", c.p, got, c.want)
		}
	}
}

// oneClaim returns the page of a relation that rests on this claim alone, and
// its event.
func oneClaim(t *testing.T, c rapport.Claim, sentence string) (*page, rapport.Event) {
	t.Helper()
	c.ID, c.Report, c.Status = "c", "r", rapport.Actual
	c.Evidence = rapport.Evidence{Span: rapport.Span{Start: 0, End: len(sentence)}, Text: sentence}
	if err := c.Check(sentence); err != nil {
		t.Fatal(err)
	}
	reports := map[string]rapport.Report{"r": {ID: "r", Published: "2020-01-01"}}
	events := merge.Events([]rapport.Claim{c}, reports, nil)
	r := relations.Of(rapport.NewDyad("ESP", "MAR"), []rapport.Claim{c}, events, reports, "")
	return newPage(r, Options{}), events[0]
}

var (
	spain = rapport.Party{Country: "ESP", Sector: "GOV"}
	maroc = rapport.Party{Country: "MAR", Sector: "GOV"}
)

func TestEachOther(t *testing.T) {
	both := []rapport.Party{spain, maroc}
	for _, c := range []struct {
		actor, recipient []rapport.Party
		sentence, want   string
	}{
		{both, nil, "The two leaders condemned the launch by Algeria.", "Spain and Morocco voiced condemnation"},
		{both, nil, "The two condemned each other.", "Spain and Morocco condemned each other"},
		{both, both, "They condemned what the neighbour did.", "Spain and Morocco condemned each other"},
		{both[:1], both[1:], "Spain condemned the step.", "Spain condemned what Morocco did"},
	} {
		p, e := oneClaim(t, rapport.Claim{Event: "ACCUSE", Mode: "disapprove", CAMEO: "111", Actor: c.actor, Recipient: c.recipient}, c.sentence)
		if got := p.sentence(&e); got != c.want {
			t.Errorf("%q is told as %q, want %q", c.sentence, got, c.want)
		}
	}
}

func TestInferred(t *testing.T) {
	for _, c := range []struct {
		rules []string
		want  bool
	}{
		{nil, false},
		{[]string{"who/country"}, false},
		{[]string{"claims/recipient.pair"}, true},
		{[]string{"claims/recipient.pair", "who/country"}, false},
		{[]string{"claims/anaphor.deed"}, true},
		{[]string{"claims/pair"}, true},
	} {
		claim := rapport.Claim{Event: "ACCUSE", CAMEO: "110", Actor: []rapport.Party{spain}, Recipient: []rapport.Party{maroc}}
		claim.Reasons = []rapport.Reason{{Field: "actor", Rule: "who/person"}}
		for _, r := range c.rules {
			claim.Reasons = append(claim.Reasons, rapport.Reason{Field: "recipient", Rule: r})
		}
		p, e := oneClaim(t, claim, "Madrid accused it of bad faith.")
		if got := strings.HasSuffix(p.sentence(&e), inferredMark); got != c.want {
			t.Errorf("with the recipient by %v: %q", c.rules, p.sentence(&e))
		}
	}
}

func TestReached(t *testing.T) {
	for sentence, want := range map[string]string{
		"Spain and Morocco reached an agreement on fishing.": "Last agreement: ",
		"The two agreed that relations matter.":              "Last agreement: none found",
	} {
		p, _ := oneClaim(t, rapport.Claim{Event: "AGREE", CAMEO: "030", Date: "2015-12-28", Actor: []rapport.Party{spain, maroc}}, sentence)
		p.lastAgreement()
		got := bare(p.blocks[0].text)
		if !strings.HasPrefix(got, want) || strings.Contains(want, "none") != strings.Contains(got, "none") {
			t.Errorf("%q: %q, want %q", sentence, got, want)
		}
	}
}

func TestStrangersWords(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/b":            "<https://a.example/b>",
		"HTTP://a.example/<b>\x1b[31m x": "<HTTP://a.example/%3Cb%3E%1B[31m%20x>",
		"javascript:alert(1)>":           "javascript:alert(1)>",
		"data:text/html,<b>\x1b]8;;\x07": "data:text/html,\\<b>\\]8;;",
	} {
		p, _ := oneClaim(t, rapport.Claim{Event: "AGREE", CAMEO: "030", Actor: []rapport.Party{spain, maroc}}, "They agreed.")
		r := p.r.Reports["r"]
		r.URL = in
		p.r.Reports["r"] = r
		var b strings.Builder
		if err := Markdown(&b, p.r, Options{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), ", "+want+": “") {
			t.Errorf("address %q, want %q:\n%s", in, want, b.String())
		}
	}
	if got, want := plain("a\x1b[31m\u202e \n b\u009b\x01\x0599\x06"), "a[31m b99"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"5. On North Korea, they condemned the launch.":  "On North Korea, they condemned the launch.",
		"Türkiye became a candidate of the Union.”":      "Türkiye became a candidate of the Union.",
		"He called it “a step.”":                         "He called it ‘a step.’",
		"2021 was a good year. 5.5 billion were traded.": "2021 was a good year. 5.5 billion were traded.",
	} {
		c := rapport.Claim{Evidence: rapport.Evidence{Span: rapport.Span{End: len(in)}, Text: in}}
		if got := quoted(&c, 260); got != want {
			t.Errorf("%q is quoted as %q, want %q", in, got, want)
		}
	}
}

// TestSinceOngoing holds that what began before a day is not new since then,
// though it may go on.
func TestSinceOngoing(t *testing.T) {
	p, e := oneClaim(t, rapport.Claim{Event: "ACCUSE", CAMEO: "110", Date: "2018-05/..", Actor: []rapport.Party{spain}, Recipient: []rapport.Party{maroc}}, "Since May 2018 Spain has accused Morocco.")
	for since, want := range map[rapport.Date]bool{"2030": false, "2018-05-01": true, "2017": true} {
		p.o.Since = since
		if p.wanted(relations.Line{Event: e.ID}) != want {
			t.Errorf("since %s: wanted is %v", since, !want)
		}
	}
}

// TestOnePageLength holds that a brief on one page keeps to it however much
// there is to tell, and says that it left something out.
func TestOnePageLength(t *testing.T) {
	r := manyRelation(t)
	var b strings.Builder
	if err := Markdown(&b, r, Options{OnePage: true}); err != nil {
		t.Fatal(err)
	}
	body, _, _ := strings.Cut(b.String(), "\n## Sources")
	if n := len(strings.Fields(body)); n > 700 || n < 200 {
		t.Errorf("%d words on one page:\n%s", n, body)
	}
	if !strings.Contains(body, "Left out to keep to a page: ") || strings.Contains(body, " of 0 outlets") {
		t.Errorf("no word on what was left out, or a count of no outlets:\n%s", body)
	}
}

// manyRelation has ninety events, one a year, each with a long sentence.
func manyRelation(t *testing.T) *relations.Relation {
	t.Helper()
	var claims []rapport.Claim
	reports := map[string]rapport.Report{}
	acts := []rapport.Claim{{Event: "ACCUSE", CAMEO: "110"}, {Event: "CONSULT", Mode: "visit", CAMEO: "042"}, {Event: "CONSULT", CAMEO: "040"}, {Event: "SUPPORT", CAMEO: "051"},
		{Event: "SUPPORT", CAMEO: "057"}, {Event: "AGREE", CAMEO: "030"}, {Event: "AID", CAMEO: "071"}, {Event: "COOPERATE", CAMEO: "061"}, {Event: "REQUEST", CAMEO: "020"}}
	for i := range 90 {
		c := acts[i%len(acts)]
		s := "On that day of the long year " + strings.Repeat("the one government told the other what it thought, ", 4) + "and so on."
		c.ID, c.Report, c.Status, c.Date = fmt.Sprint("c", i), fmt.Sprint("r", i), rapport.Actual, rapport.Date(fmt.Sprint(1930+i))
		c.Actor, c.Recipient = []rapport.Party{spain}, []rapport.Party{maroc}
		c.Evidence = rapport.Evidence{Span: rapport.Span{End: len(s)}, Text: s}
		claims = append(claims, c)
		reports[c.Report] = rapport.Report{ID: c.Report, Published: rapport.Date(fmt.Sprint(1930+i, "-12-31"))}
	}
	return relations.Of(rapport.NewDyad("ESP", "MAR"), claims, merge.Events(claims, reports, nil), reports, "")
}

// FuzzForms holds that no report's words break a brief: in Markdown its lines
// stay lines, HTML holds no element of theirs, DOCX stays well-formed, and its
// footnotes are all there.
func FuzzForms(f *testing.F) {
	f.Add("BAKU, May 1 (Agency) — They signed | a [treaty] of *friendship*.", "An outlet", "A title", "https://a.example/?a=1&b=2")
	f.Add("“", "", "“”", "")
	f.Add("<script>alert(1)</script> & \x05999\x06 \x01 \ufffe \u202e", "</q><img src=x>", "]]>", "javascript:alert(1)")
	f.Add("Илья Эренбург, 東京, ə Ğ ị العربية", "\"quoted\"", "'", "http://x\"onclick=y")
	f.Fuzz(func(t *testing.T, sentence, outlet, title, url string) {
		c := rapport.Claim{ID: "c", Report: "r", Event: "SUPPORT", CAMEO: "051", Status: rapport.Actual,
			Actor: []rapport.Party{{Country: "ESP", Name: outlet}}, Recipient: []rapport.Party{{Country: "MAR"}},
			Evidence: rapport.Evidence{Span: rapport.Span{Start: 0, End: len(sentence)}, Text: sentence}}
		if c.Check(sentence) != nil {
			return
		}
		reports := map[string]rapport.Report{"r": {ID: "r", Published: "2020-01-01", Outlet: outlet, Title: title, URL: url}}
		events := merge.Events([]rapport.Claim{c}, reports, nil)
		r := relations.Of(rapport.NewDyad("ESP", "MAR"), []rapport.Claim{c}, events, reports, "")
		var b strings.Builder
		if err := Markdown(&b, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "\n[^1]: "); n != 1 {
			t.Fatalf("%d footnotes, want 1:\n%s", n, b.String())
		}
		b.Reset()
		if err := HTML(&b, r, Options{}); err != nil {
			t.Fatal(err)
		}
		soundHTML(t, b.String())
		soundDOCX(t, docxOf(t, r, Options{}), 1)
	})
}

// TestNumbersAlike holds that numbers in dispute are told in one manner.
func TestNumbersAlike(t *testing.T) {
	p, e := oneClaim(t, rapport.Claim{Event: "SUPPORT", CAMEO: "057", Actor: []rapport.Party{spain, maroc}}, "They signed 19 agreements, or twenty-four agreements.")
	c := p.r.Claims["c"]
	for id, s := range map[string]string{"x": "They signed 19 agreements.", "y": "They signed twenty-four agreements."} {
		c.Evidence.Text = s
		p.r.Claims[id] = c
	}
	p.differ[e.ID] = []relations.Difference{{Event: e.ID, Field: "number of agreements", Value: []relations.SidedValues{{Value: "19", Claims: []string{"x"}}, {Value: "24", Claims: []string{"y"}}}}}
	if got, want := p.instrument(&e), "19 or 24 agreements"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
