package who

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// heads are the offices of heads of state and of government.
var heads = []string{"President", "Prime Minister", "King", "Queen", "Emir", "Sultan", "Chancellor", "Emperor", "Premier", "Supreme Leader", "Chairman of"}

// TestLeadersByName asks for every head of state and of government of the
// tables since 1990 as lists of leaders have them: the whole name alone, and the
// last word of the name (the first in Chinese and Korean names) with the country
// as context, on a day amid the term and ten years after the last.
func TestLeadersByName(t *testing.T) {
	tb := load()
	type asked struct{ right, n int }
	var full, short, after asked
	var missed []string
	for i := range tb.persons {
		p := &tb.persons[i]
		m := headTerm(p)
		if m == nil || international(p.country) {
			continue
		}
		mid := days{max(m.from, 7305), 0} // since 1990; of who is in office the next days
		mid.to = min(m.to, max(20500, mid.from+60))
		day := rapport.Date(strings.Fields(days{mid.from + (mid.to-mid.from)/2, forever}.String())[1])
		ws := strings.Fields(p.name)
		surname := ws[len(ws)-1]
		if familyFirst[p.country] {
			surname = ws[0]
		}
		ask := func(c *asked, name, context string, day rapport.Date, sector string) {
			c.n++
			q, _, _, ok := Resolve(name, day, context)
			if ok && q.Country == p.country && (sector == "" || q.Sector == sector) {
				c.right++
				return
			}
			missed = append(missed, fmt.Sprintf("%s %s on %s (%s): %s, want %s/%s/%s", p.country, name, day, context, show(q), p.country, sector, p.name))
		}
		ask(&full, p.name, "", day, "GOV")
		if len(surname) > 3 || familyFirst[p.country] { // "Jr.", "II" name nobody
			ask(&short, surname, CountryName(p.country), day, "GOV")
		}
		if last := lastDay(p); last < 20500-10*365 {
			ask(&after, p.name, "", rapport.Date(strings.Fields(days{last + 10*365, forever}.String())[1]), "ELI")
		}
	}
	slices.Sort(missed)
	t.Logf("%d of %d whole names, %d of %d short ones, %d of %d ten years after\n%s", full.right, full.n, short.right, short.n, after.right, after.n, strings.Join(missed, "\n"))
	for _, c := range []struct {
		asked
		least float64
	}{{full, 0.99}, {short, 0.98}, {after, 0.95}} {
		if c.n < 100 || float64(c.right) < c.least*float64(c.n) {
			t.Errorf("%d of %d right, want %.0f %%", c.right, c.n, c.least*100)
		}
	}
}

// headTerm returns the longest term of a head of state or of government that
// goes on after 1990.
func headTerm(p *person) *days {
	var best *days
	for i := range p.terms {
		m := &p.terms[i]
		if m.sector != "GOV" || m.span.to < 7305 || m.span.from == always {
			continue
		}
		if slices.ContainsFunc(heads, func(h string) bool {
			return m.office == h || strings.HasSuffix(h, "of") && strings.HasPrefix(m.office, h)
		}) {
			if best == nil || m.span.to-m.span.from > best.to-best.from {
				best = &m.span
			}
		}
	}
	return best
}

func lastDay(p *person) int32 {
	last := int32(always)
	for i := range p.terms {
		last = max(last, p.terms[i].span.to)
	}
	return last
}
