package relations

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rapport"
)

// Period is a year or quarter of a relationship in numbers. Events count where
// their date is precise enough to fall into the period whole.
type Period struct {
	Name        string   `json:"name"` // "2022", "2022-Q1"
	Events      int      `json:"events"`
	Cooperation float64  `json:"cooperation"` // sum of positive PLOVER scores
	Conflict    float64  `json:"conflict"`    // sum of negative PLOVER scores
	Reports     int      `json:"reports"`     // published in the period, copies once: little is told where little is read
	Quarters    []Period `json:"quarters,omitempty"`
}

// tempo counts what happened on the pair by year and quarter.
func (b *builder) tempo() {
	years := map[string]*Period{}
	quarters := map[string]*Period{}
	at := func(m map[string]*Period, name string) *Period {
		if m[name] == nil {
			m[name] = &Period{Name: name}
		}
		return m[name]
	}
	for _, id := range b.dyad {
		e := b.r.Events[id]
		if !happened(&e) {
			continue
		}
		year, quarter := periods(e.Date)
		if year != "" {
			at(years, year).count(&e)
		}
		if quarter != "" {
			at(quarters, quarter).count(&e)
		}
	}
	for _, reps := range b.originals() {
		year, quarter := periods(b.reports[reps[0]].Published)
		if year != "" {
			at(years, year).Reports++
		}
		if quarter != "" {
			at(quarters, quarter).Reports++
		}
	}
	for _, q := range sortedKeys(quarters) {
		y, _, _ := strings.Cut(q, "-")
		at(years, y).Quarters = append(at(years, y).Quarters, *quarters[q])
	}
	for _, y := range sortedKeys(years) {
		b.r.Tempo = append(b.r.Tempo, *years[y])
	}
}

func (p *Period) count(e *rapport.Event) {
	p.Events++
	if e.Score > 0 {
		p.Cooperation = math.Round((p.Cooperation+e.Score)*10) / 10
	} else {
		p.Conflict = math.Round((p.Conflict+e.Score)*10) / 10
	}
}

// periods returns the year and the quarter that a date falls into whole; an
// open interval counts where it begins.
func periods(d rapport.Date) (year, quarter string) {
	if from, to, ok := strings.Cut(string(d), "/"); ok && to == ".." {
		d = rapport.Date(from)
	}
	first, last, ok := d.Bounds()
	if !ok || first.IsZero() || last.IsZero() || first.Year() != last.Year() {
		return "", ""
	}
	year = strconv.Itoa(first.Year())
	if q := (int(first.Month()) + 2) / 3; q == (int(last.Month())+2)/3 {
		quarter = fmt.Sprintf("%s-Q%d", year, q)
	}
	return year, quarter
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// originals groups the reports of claims on the pair by text: copies together,
// the first by date and id in front.
func (b *builder) originals() [][]string {
	by := map[string][]string{}
	seen := map[string]bool{}
	for _, id := range b.dyad {
		for _, c := range b.r.Events[id].Claims {
			rep := b.r.Claims[c].Report
			if seen[rep] {
				continue
			}
			seen[rep] = true
			key := b.reports[rep].Hash
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
	c.Claims, c.Events = len(b.r.Claims), len(b.r.Events)
	for _, s := range []Side{b.r.A, b.r.B} {
		if c.Reports > 0 && c.Voices[s.Code] == 0 {
			c.Gaps = append(c.Gaps, "no report of an outlet known to be "+s.Adjective)
		}
	}
	undated := 0
	for _, e := range b.r.Events {
		if e.Date == "" {
			undated++
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
