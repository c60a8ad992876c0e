// Package eval scores coded claims against gold reports, and keeps the scores
// as golden files so that a change of accuracy shows in review. The measures
// are those of the development set's scorer, which the tests hold it equal to.
package eval

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"rapport"
)

// Counts are the sums behind a score.
type Counts struct {
	Reports, Gold, Coded                 int
	Type, Triple, Full                   int
	Mode, Status, Speaker, Evidence      int
	Date, Dated, About, Abouts           int
	ByType                               map[string]*TypeCounts
	Missed, Extra                        []Miss
	Confusion                            map[[2]string]int // gold type, coded type where evidence overlaps and neither matched
	CalibrationRight, CalibrationAll     [10]int           // triple-right and all coded, by tenth of confidence
	ModeWrong, StatusWrong, SpeakerWrong []Miss
	AboutWrong, DateWrong, TripleWrong   []Miss
	SureRight, Sure                      int // of confidence ≥ 0.9
}

// TypeCounts are the sums of one event type.
type TypeCounts struct{ Gold, Coded, Type, Triple int }

// Miss is one disagreement, with its sentence.
type Miss struct {
	Report, What, Text string
	Confidence         float64 // of the coded claim, 0 where there is none
}

// PRF is precision, recall and their harmonic mean.
type PRF struct {
	P  float64 `json:"p"`
	R  float64 `json:"r"`
	F1 float64 `json:"f1"`
}

func prf(tp, coded, gold int) PRF {
	var s PRF
	if coded > 0 {
		s.P = float64(tp) / float64(coded)
	}
	if gold > 0 {
		s.R = float64(tp) / float64(gold)
	}
	if s.P+s.R > 0 {
		s.F1 = 2 * s.P * s.R / (s.P + s.R)
	}
	return s
}

// TypeF1, TripleF1 and FullF1 are the three depths: the event type; with the
// countries in their roles; with status, date and speaker too.
func (c *Counts) TypeF1() PRF   { return prf(c.Type, c.Coded, c.Gold) }
func (c *Counts) TripleF1() PRF { return prf(c.Triple, c.Coded, c.Gold) }
func (c *Counts) FullF1() PRF   { return prf(c.Full, c.Coded, c.Gold) }

// Score matches the coded claims of each report to its gold claims one to one,
// best first.
func Score(gold []Gold, coded map[string][]rapport.Claim) *Counts {
	t := &Counts{ByType: map[string]*TypeCounts{}, Confusion: map[[2]string]int{}}
	for i := range gold {
		t.report(&gold[i], coded[gold[i].ID])
	}
	return t
}

func (t *Counts) of(event string) *TypeCounts {
	if t.ByType[event] == nil {
		t.ByType[event] = &TypeCounts{}
	}
	return t.ByType[event]
}

func (t *Counts) report(g *Gold, coded []rapport.Claim) {
	t.Reports++
	cs := make([]item, len(coded))
	for i := range coded {
		cs[i] = codedItem(&coded[i], g.Text)
	}
	gs := make([]item, len(g.Claims))
	for i := range g.Claims {
		gs[i] = goldItem(&g.Claims[i])
	}
	pairs := match(gs, cs)
	hitG, hitC := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		hitG[p[0]], hitC[p[1]] = true, true
	}
	runes := []rune(g.Text)
	for i := range gs {
		t.of(gs[i].c.Event).Gold++
		if !g.Claims[i].Optional || hitG[i] {
			t.Gold++
		}
		if !hitG[i] {
			what := gs[i].c.Event + " " + sides(gs[i].c)
			if g.Claims[i].Optional {
				what = "(optional) " + what
			}
			t.Missed = append(t.Missed, Miss{Report: g.ID, What: what, Text: string(runes[gs[i].start:gs[i].end])})
		}
	}
	right := map[int]bool{}
	for _, p := range pairs {
		t.pair(g, gs[p[0]], cs[p[1]])
		right[p[1]] = same(gs[p[0]].c, cs[p[1]].c)
	}
	for j := range cs {
		t.Coded++
		t.of(cs[j].c.Event).Coded++
		bin := min(9, int(cs[j].c.Confidence*10))
		t.CalibrationAll[bin]++
		if cs[j].c.Confidence >= 0.9 {
			t.Sure++
		}
		if right[j] {
			t.CalibrationRight[bin]++
			if cs[j].c.Confidence >= 0.9 {
				t.SureRight++
			}
		}
		if hitC[j] {
			continue
		}
		t.Extra = append(t.Extra, Miss{g.ID, cs[j].c.Event + " " + sides(cs[j].c) + " " + ruleOf(cs[j].c), cs[j].c.Evidence.Text, cs[j].c.Confidence})
		for i := range gs {
			if !hitG[i] && overlap(gs[i], cs[j]) && gs[i].c.Event != cs[j].c.Event {
				t.Confusion[[2]string{gs[i].c.Event, cs[j].c.Event}]++
			}
		}
	}
}

func ruleOf(c *rapport.Claim) string {
	if len(c.Reasons) > 0 {
		return "(" + c.Reasons[0].Rule + ")"
	}
	return ""
}

func (t *Counts) pair(g *Gold, x, c item) {
	t.Type++
	t.of(x.c.Event).Type++
	wrong := func(list *[]Miss, gold, got string) {
		*list = append(*list, Miss{g.ID, fmt.Sprintf("%s %s: gold %s, got %s", x.c.Event, sides(x.c), gold, got), c.c.Evidence.Text, c.c.Confidence})
	}
	if x.c.Mode == c.c.Mode {
		t.Mode++
	} else {
		wrong(&t.ModeWrong, x.c.Mode, c.c.Mode)
	}
	statusOK := status(x.c) == status(c.c)
	if statusOK {
		t.Status++
	} else {
		wrong(&t.StatusWrong, string(status(x.c)), string(status(c.c)))
	}
	dateOK := day(x.c) == "" || day(x.c) == day(c.c)
	if day(x.c) != "" {
		t.Dated++
		if dateOK {
			t.Date++
		} else {
			wrong(&t.DateWrong, day(x.c), day(c.c))
		}
	}
	speakerOK := speaker(x.c) == speaker(c.c)
	if speakerOK {
		t.Speaker++
	} else {
		wrong(&t.SpeakerWrong, speaker(x.c), speaker(c.c))
	}
	if x.c.About != "" {
		t.Abouts++
		if about(x.c) == about(c.c) {
			t.About++
		} else {
			wrong(&t.AboutWrong, x.c.About, c.c.About+" "+ruleOf(c.c))
		}
	}
	if overlap(x, c) {
		t.Evidence++
	}
	if same(x.c, c.c) {
		t.Triple++
		t.of(x.c.Event).Triple++
		if statusOK && dateOK && speakerOK {
			t.Full++
		}
	} else {
		wrong(&t.TripleWrong, sides(x.c), sides(c.c)+" "+ruleOf(c.c))
	}
}

// item is a claim with its evidence in code points.
type item struct {
	c          *rapport.Claim
	start, end int
}

func codedItem(c *rapport.Claim, text string) item {
	s, e := c.Evidence.Start, c.Evidence.End
	if s < 0 || e > len(text) || s > e {
		return item{c, 0, 0}
	}
	n := utf8.RuneCountInString(text[:s])
	return item{c, n, n + utf8.RuneCountInString(text[s:e])}
}

func goldItem(g *GoldClaim) item { return item{&g.Claim, g.Start, g.End} }

func overlap(a, b item) bool { return b.start < a.end && a.start < b.end }

func countries(ps []rapport.Party) []string {
	var out []string
	for _, p := range ps {
		c := p.Country
		if c == "" {
			c = "?"
		}
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	sort.Strings(out)
	return out
}

func sides(c *rapport.Claim) string {
	return strings.Join(countries(c.Actor), ",") + ">" + strings.Join(countries(c.Recipient), ",")
}

func both(c *rapport.Claim) []string {
	return countries(append(slices.Clone(c.Actor), c.Recipient...))
}

// same asks for the same countries in the same roles; direction is left open
// in reciprocal acts.
func same(g, c *rapport.Claim) bool {
	if len(g.Recipient) == 0 && len(countries(g.Actor)) > 1 || g.Event == "COOPERATE" || g.Event == "CONSULT" && g.Mode != "visit" {
		return slices.Equal(both(g), both(c))
	}
	return slices.Equal(countries(g.Actor), countries(c.Actor)) && slices.Equal(countries(g.Recipient), countries(c.Recipient))
}

// Same reports whether two claims of one type have the same countries in the
// same roles, as the triple score asks.
func Same(gold, coded *rapport.Claim) bool { return same(gold, coded) }

// Right tells for each coded claim of a report whether it matches a gold claim
// in type and countries.
func Right(g *Gold, coded []rapport.Claim) []bool {
	gs, cs := make([]item, len(g.Claims)), make([]item, len(coded))
	for i := range g.Claims {
		gs[i] = goldItem(&g.Claims[i])
	}
	for i := range coded {
		cs[i] = codedItem(&coded[i], g.Text)
	}
	out := make([]bool, len(coded))
	for _, p := range match(gs, cs) {
		out[p[1]] = same(gs[p[0]].c, cs[p[1]].c)
	}
	return out
}

func day(c *rapport.Claim) string { return strings.TrimRight(string(c.Date), "~?%") }

func status(c *rapport.Claim) rapport.Status {
	if c.Status == "" {
		return rapport.Actual
	}
	return c.Status
}

func about(c *rapport.Claim) string { e, _, _ := strings.Cut(c.About, ":"); return e }

func speaker(c *rapport.Claim) string {
	switch {
	case c.Speaker == nil:
		return ""
	case c.Speaker.Country == "":
		return "?"
	}
	return c.Speaker.Country
}

func sim(g, c item) float64 {
	if g.c.Event != c.c.Event {
		return 0
	}
	s := 4.0
	if same(g.c, c.c) {
		s += 3
	} else if a, b := both(g.c), both(c.c); true {
		common, union := 0, len(b)
		for _, x := range a {
			if slices.Contains(b, x) {
				common++
			} else {
				union++
			}
		}
		if common > 0 {
			s += 1.5 * float64(common) / float64(union)
		}
	}
	if overlap(g, c) {
		s += 2
	}
	if day(g.c) != "" && day(g.c) == day(c.c) {
		s++
	}
	if g.c.Mode == c.c.Mode {
		s += .3
	}
	return s
}

func match(gs, cs []item) [][2]int {
	type pair struct {
		s    float64
		i, j int
	}
	var pairs []pair
	for i := range gs {
		for j := range cs {
			if s := sim(gs[i], cs[j]); s >= 4 {
				pairs = append(pairs, pair{s, i, j})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		switch {
		case a.s > b.s:
			return -1
		case a.s < b.s:
			return 1
		case a.i != b.i:
			return a.i - b.i
		}
		return a.j - b.j
	})
	gi, cj := map[int]bool{}, map[int]bool{}
	var out [][2]int
	for _, p := range pairs {
		if gi[p.i] || cj[p.j] {
			continue
		}
		// the same type elsewhere in the report is no match unless its parties
		// are the same: an act may be told in several sentences
		if !overlap(gs[p.i], cs[p.j]) && !same(gs[p.i].c, cs[p.j].c) {
			continue
		}
		gi[p.i], cj[p.j] = true, true
		out = append(out, [2]int{p.i, p.j})
	}
	return out
}

// Write prints the score line by line as the development set's scorer does.
func (c *Counts) Write(w io.Writer) {
	fmt.Fprintf(w, "reports %d  gold %d  coded %d\n", c.Reports, c.Gold, c.Coded)
	for _, d := range []struct {
		name string
		s    PRF
	}{{"type", c.TypeF1()}, {"triple", c.TripleF1()}, {"full", c.FullF1()}} {
		fmt.Fprintf(w, "%-7s P %.3f R %.3f F1 %.3f\n", d.name, d.s.P, d.s.R, d.s.F1)
	}
	n := float64(max(1, c.Type))
	fmt.Fprintf(w, "on %d matched: mode %.3f status %.3f speaker %.3f evidence %.3f date %d/%d about %d/%d\n", c.Type,
		float64(c.Mode)/n, float64(c.Status)/n, float64(c.Speaker)/n, float64(c.Evidence)/n, c.Date, c.Dated, c.About, c.Abouts)
	var types []string
	for e := range c.ByType {
		types = append(types, e)
	}
	sort.Strings(types)
	for _, e := range types {
		x := c.ByType[e]
		fmt.Fprintf(w, "  %-10s gold %4d coded %4d type %4d triple %4d\n", e, x.Gold, x.Coded, x.Type, x.Triple)
	}
}

// Calibration prints how often claims of each tenth of confidence are right at
// triple level.
func (c *Counts) Calibration(w io.Writer) {
	for b, n := range c.CalibrationAll {
		if n > 0 {
			fmt.Fprintf(w, "confidence %.1f to %.1f: %d of %d right\n", float64(b)/10, float64(b+1)/10, c.CalibrationRight[b], n)
		}
	}
}

// Details prints every disagreement with its sentence.
func (c *Counts) Details(w io.Writer) {
	for _, l := range []struct {
		name string
		m    []Miss
	}{{"MISSED", c.Missed}, {"EXTRA", c.Extra}, {"PARTIES", c.TripleWrong}, {"STATUS", c.StatusWrong}, {"DATE", c.DateWrong}, {"SPEAKER", c.SpeakerWrong}, {"MODE", c.ModeWrong}, {"ABOUT", c.AboutWrong}} {
		for _, m := range l.m {
			fmt.Fprintf(w, "%s\t%s\t%s\t%q\n", m.Report, l.name, m.What, clip(m.Text, 200))
		}
	}
}

func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
