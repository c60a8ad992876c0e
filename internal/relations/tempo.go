package relations

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
)

// Period is a year, quarter, month or week of a relationship in numbers. Events
// count where their date is precise enough to fall into the period whole.
type Period struct {
	Name        string   `json:"name"` // "2022", "2022-Q1", "2022-03", "2022-W11"
	Events      int      `json:"events"`
	Cooperation float64  `json:"cooperation"` // sum of positive PLOVER scores
	Conflict    float64  `json:"conflict"`    // sum of negative PLOVER scores
	Goldstein   float64  `json:"goldstein"`   // sum of the Goldstein scores of their CAMEO codes
	Reports     int      `json:"reports"`     // published in the period, copies once: little is told where little is read
	Quarters    []Period `json:"quarters,omitempty"`
}

// tempo counts what happened on the pair by year, quarter, month and week.
func (b *builder) tempo() {
	var by [4]map[string]*Period
	for i := range by {
		by[i] = map[string]*Period{}
	}
	at := func(i int, name string) *Period {
		if by[i][name] == nil {
			by[i][name] = &Period{Name: name}
		}
		return by[i][name]
	}
	for _, id := range b.dyad {
		e := b.r.Events[id]
		if !happened(&e) {
			continue
		}
		for i, name := range periods(e.Date) {
			if name != "" {
				at(i, name).count(&e)
			}
		}
	}
	for _, reps := range b.originals() {
		for i, name := range periods(b.reports[reps[0]].Published) {
			if name != "" {
				at(i, name).Reports++
			}
		}
	}
	for _, q := range sortedKeys(by[quarters]) {
		y, _, _ := strings.Cut(q, "-")
		at(years, y).Quarters = append(at(years, y).Quarters, *by[quarters][q])
	}
	for i, to := range map[int]*[]Period{years: &b.r.Tempo, months: &b.r.Months, weeks: &b.r.Weeks} {
		for _, name := range sortedKeys(by[i]) {
			*to = append(*to, *by[i][name])
		}
	}
}

func (p *Period) count(e *rapport.Event) {
	p.Events++
	if e.Score > 0 {
		p.Cooperation = tenth(p.Cooperation + e.Score)
	} else {
		p.Conflict = tenth(p.Conflict + e.Score)
	}
	if c, ok := ontology.CAMEOOf(e.CAMEO); ok {
		p.Goldstein = tenth(p.Goldstein + c.Goldstein)
	}
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// places in what periods returns.
const (
	years = iota
	quarters
	months
	weeks
)

// periods returns the names of the year, quarter, month and ISO week that a date
// falls into whole, "" where it does not; an open interval counts where it
// begins.
func periods(d rapport.Date) (names [4]string) {
	if from, to, ok := strings.Cut(string(d), "/"); ok && to == ".." {
		d = rapport.Date(from)
	}
	first, last, ok := d.Bounds()
	if !ok || first.IsZero() || last.IsZero() {
		return names
	}
	if y, w := first.ISOWeek(); last.Sub(first) < 7*day {
		if yl, wl := last.ISOWeek(); y == yl && w == wl {
			names[weeks] = fmt.Sprintf("%d-W%02d", y, w)
		}
	}
	if first.Year() != last.Year() {
		return names
	}
	names[years] = strconv.Itoa(first.Year())
	if q := (int(first.Month()) + 2) / 3; q == (int(last.Month())+2)/3 {
		names[quarters] = fmt.Sprintf("%d-Q%d", first.Year(), q)
	}
	if first.Month() == last.Month() {
		names[months] = first.Format("2006-01")
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// originals groups the reports of claims on the pair by family: copies together,
// the first by date and id in front.
func (b *builder) originals() [][]string {
	if b.copies != nil {
		return b.copies
	}
	by := map[string][]string{}
	seen := map[string]bool{}
	for _, id := range b.dyad {
		for _, c := range b.r.Events[id].Claims {
			rep := b.r.Claims[c].Report
			if seen[rep] {
				continue
			}
			seen[rep] = true
			r := b.reports[rep]
			key := r.Hash
			if b.families {
				key = r.Source()
			}
			if key == "" {
				key = "id " + rep
			}
			by[key] = append(by[key], rep)
		}
	}
	var out [][]string
	for _, k := range sortedKeys(by) {
		reps := by[k]
		slices.SortFunc(reps, b.byPublished)
		out = append(out, reps)
	}
	slices.SortFunc(out, func(x, y []string) int { return b.byPublished(x[0], y[0]) })
	b.copies = out
	return out
}

func (b *builder) byPublished(x, y string) int {
	return strings.Compare(string(b.reports[x].Published)+" "+x, string(b.reports[y].Published)+" "+y)
}

// coverage says what the register rests on and what it lacks.
func (b *builder) coverage() {
	c := &b.r.Coverage
	c.Voices = map[string]int{}
	outlets := map[string]bool{}
	for _, reps := range b.originals() {
		c.Reports++
		c.Copies += len(reps) - 1
		r := b.reports[reps[0]]
		c.Voices[b.outletSide(reps[0])]++
		if r.Outlet != "" {
			outlets[r.Outlet] = true
		}
		if p := r.Published; p != "" {
			if c.First == "" || p < c.First {
				c.First = p
			}
			c.Last = max(c.Last, p)
		}
	}
	c.Outlets = len(outlets)
	undated := 0
	for _, id := range b.dyad {
		e := b.r.Events[id]
		if !slices.Contains(rapport.Dyads(e.Actor, e.Recipient), b.d) {
			continue // others towards both
		}
		c.Events++
		c.Claims += len(e.Claims)
		if e.Date == "" {
			undated++
		}
	}
	for _, s := range []Side{b.r.A, b.r.B} {
		if c.Reports > 0 && c.Voices[s.Code] == 0 {
			c.Gaps = append(c.Gaps, "no report of an outlet known to be "+s.Adjective)
		}
	}
	if undated > 0 {
		c.Gaps = append(c.Gaps, fmt.Sprintf("%d of %d events undated", undated, c.Events))
	}
	if y := b.longestSilence(); y != "" {
		c.Gaps = append(c.Gaps, y)
	}
}

// longestSilence names the longest run of five and more years without a
// report, if any.
func (b *builder) longestSilence() string {
	var ys []int
	for _, reps := range b.originals() {
		if f, _, ok := b.reports[reps[0]].Published.Bounds(); ok {
			ys = append(ys, f.Year())
		}
	}
	best := [2]int{}
	for i := 1; i < len(ys); i++ {
		if ys[i]-ys[i-1] > max(5, best[1]-best[0]) {
			best = [2]int{ys[i-1], ys[i]}
		}
	}
	if best[0] == 0 {
		return ""
	}
	return fmt.Sprintf("no report published between %d and %d", best[0], best[1])
}
