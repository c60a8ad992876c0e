package claims

import (
	"rapport"
	"rapport/internal/where"
)

// placeOf returns where an act happens: a place told at the act itself, for a
// visit the place visited; a statement has none unless told.
func (r *reading) placeOf(si, k int, c *rapport.Claim) *rapport.Place {
	a := &r.acts[si][k]
	t := r.trees[si]
	var best *where.Mention
	bestCost := 1 << 30
	for i := range r.places[si] {
		pl := &r.places[si][i]
		if pl.Confidence < 0.3 { // a name within a name: "Treaty of Rome"
			continue
		}
		switch pl.Prep {
		case "in", "at", "near", "off", "outside", "around", "along", "across", "over", "inside", "aboard", "on", "beneath", "under":
		case "to", "into":
			if c.Mode != "visit" && c.Event != "MOBILIZE" {
				continue
			}
		case "":
			if c.Mode != "visit" || t.Tokens[pl.Head].Rel != "obj" {
				continue
			}
		default:
			continue
		}
		cost := 0
		i := pl.Head
		hit := false
		for steps := 0; i >= 0 && steps < len(t.Tokens); steps++ {
			if i == a.Trigger || i == a.Verb {
				hit = true
				break
			}
			if rel := t.Rel(i); rel == "acl" || rel == "advcl" || rel == "ccomp" || rel == "parataxis" {
				cost += 10
			}
			cost++
			i = t.Tokens[i].Head
		}
		if hit && cost < bestCost {
			best, bestCost = pl, cost
		}
	}
	if best == nil || bestCost > 8 {
		return nil
	}
	p := best.Place
	return &p
}
