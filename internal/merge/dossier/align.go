package dossier

import (
	"cmp"
	"slices"
	"strings"

	"rapport"
)

// Align pairs coded claims with the gold claims that tell the same act of the
// same report, one to one, best first, and returns gold id by coded id. It is
// the way in which coding is scored: the event type must be the same, and the
// sentences overlap or the countries be the same in the same roles; of several,
// parties weigh most, then the sentence, the date, the mode.
func (d *Dossier) Align(coded []rapport.Claim) map[string]string {
	gold := map[string][]*rapport.Claim{}
	for i := range d.Claims {
		c := &d.Claims[i]
		gold[c.Report] = append(gold[c.Report], c)
	}
	type pair struct {
		points     float64
		gold, code int // positions in the report's gold claims and in coded
		report     string
	}
	var pairs []pair
	for j := range coded {
		for i, g := range gold[coded[j].Report] {
			if p := alike(g, &coded[j]); p > 0 {
				pairs = append(pairs, pair{p, i, j, coded[j].Report})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.report, b.report), cmp.Compare(a.gold, b.gold), cmp.Compare(a.code, b.code))
	})
	taken, out := map[string]bool{}, map[string]string{}
	for _, p := range pairs {
		g, c := gold[p.report][p.gold].ID, coded[p.code].ID
		if _, ok := out[c]; ok || taken[g] {
			continue
		}
		taken[g], out[c] = true, g
	}
	return out
}

// alike returns how well a coded claim fits a gold claim, 0 when it does not.
func alike(g, c *rapport.Claim) float64 {
	overlap, parties := g.Evidence.Overlaps(c.Evidence.Span), sameParties(g, c)
	if g.Event != c.Event || !overlap && !parties {
		return 0
	}
	points := 4.0
	if parties {
		points += 3
	} else if all, common := union(both(g), both(c)); common > 0 {
		points += 1.5 * float64(common) / float64(all)
	}
	if overlap {
		points += 2
	}
	if a, b := strings.TrimRight(string(g.Date), "~?%"), strings.TrimRight(string(c.Date), "~?%"); a != "" && a == b {
		points++
	}
	if g.Mode == c.Mode {
		points += 0.3
	}
	return points
}

// sameParties reports whether the countries are the same in the same roles.
// Direction is not asked of acts that have none.
func sameParties(g, c *rapport.Claim) bool {
	mutual := len(g.Recipient) == 0 && len(countries(g.Actor)) > 1
	if mutual || g.Event == "COOPERATE" || g.Event == "CONSULT" && g.Mode != "visit" {
		return slices.Equal(both(g), both(c))
	}
	return slices.Equal(countries(g.Actor), countries(c.Actor)) && slices.Equal(countries(g.Recipient), countries(c.Recipient))
}

func both(c *rapport.Claim) []string { return countries(slices.Concat(c.Actor, c.Recipient)) }

func countries(ps []rapport.Party) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Country)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func union(a, b []string) (all, common int) {
	all = len(b)
	for _, x := range a {
		if slices.Contains(b, x) {
			common++
		} else {
			all++
		}
	}
	return all, common
}
