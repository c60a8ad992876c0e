package claims

import (
	"slices"
	"sort"
	"strings"

	"rapport"
)

// join makes one claim of the tellings of one act: the sentence that tells
// most is its evidence, the others are kept beside it.
func (r *reading) join() []rapport.Claim {
	order := make([]int, len(r.drafts))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(x, y int) bool { return r.drafts[order[x]].weight > r.drafts[order[y]].weight })
	var kept []*rapport.Claim
	for _, i := range order {
		c := &r.drafts[i].claim
		if r.headline(r.drafts[i].sentence) && r.toldBelow(i) {
			continue // the body tells it better
		}
		joined := false
		for _, k := range kept {
			if sameAct(k, c) {
				absorb(k, c)
				joined = true
				break
			}
		}
		if !joined {
			kept = append(kept, c)
		}
	}
	sort.SliceStable(kept, func(x, y int) bool {
		a, b := kept[x], kept[y]
		if a.Evidence.Start != b.Evidence.Start {
			return a.Evidence.Start < b.Evidence.Start
		}
		return a.Reasons[0].Span[0] < b.Reasons[0].Span[0]
	})
	out := make([]rapport.Claim, len(kept))
	for i, k := range kept {
		out[i] = *k
	}
	return out
}

// headline reports whether a sentence is the report's headline: it opens the
// text and has no full stop.
func (r *reading) headline(si int) bool {
	if si != 0 || len(r.doc.Sentences) < 2 {
		return false
	}
	s := &r.doc.Sentences[0]
	last := s.Tokens[len(s.Tokens)-1].Form
	return r.doc.Sentences[1].Paragraph != s.Paragraph && last != "." && last != "?" && last != "!" && last != ".”"
}

// toldBelow reports whether the body tells draft i of the headline: an act of
// its type, or the act it is about, between some of its countries.
func (r *reading) toldBelow(i int) bool {
	c := &r.drafts[i].claim
	about, _, _ := strings.Cut(c.About, ":")
	for j := range r.drafts {
		d := &r.drafts[j].claim
		if r.drafts[j].sentence == 0 || d.Event != c.Event && d.Event != about && futureOf[c.Event] != d.Event {
			continue
		}
		for _, x := range countriesOf(slices.Concat(c.Actor, c.Recipient)) {
			if slices.Contains(countriesOf(slices.Concat(d.Actor, d.Recipient)), x) {
				return true
			}
		}
	}
	return false
}

// sameAct reports whether two drafts of a report tell the same act: same type
// and parties, and nothing that tells them apart.
func sameAct(a, b *rapport.Claim) bool {
	if a.Event != b.Event || (a.Mode != "" && b.Mode != "" && a.Mode != b.Mode) || (a.Status != b.Status && !(a.Event == "CONSULT" || a.Status == rapport.Actual || b.Status == rapport.Actual)) {
		return false
	}
	if (a.Status == rapport.Negated) != (b.Status == rapport.Negated) || (a.Status == rapport.Hypothetical) != (b.Status == rapport.Hypothetical) {
		return false
	}
	if a.Event == "CONSULT" && (a.Mode == "phone") != (b.Mode == "phone") && otherPeople(a, b) {
		return false // the ministers' meeting is not the presidents' call
	}
	if a.About != "" && b.About != "" && a.About != b.About {
		return false
	}
	if a.CAMEO != b.CAMEO && (a.Evidence.Start == b.Evidence.Start || a.Event == "SUPPORT" || a.Event == "AID" || a.Event == "SANCTION") {
		return false // recognising, signing and praising are different acts of one type
	}
	if a.CAMEO == "054" && a.Evidence.Start == b.Evidence.Start && a.Reasons[0].Rule != b.Reasons[0].Rule {
		return false // to recognise a state is one act, to establish relations another
	}
	at, bt := toldDate(a), toldDate(b)
	if at != "" && bt != "" && !at.Overlaps(bt) {
		return false
	}
	if (at == "") != (bt == "") && a.Status != b.Status {
		return false
	}
	if len(a.Recipient) == 0 && len(b.Recipient) == 0 {
		return sameCountries(a.Actor, b.Actor)
	}
	return sameCountries(a.Actor, b.Actor) && (sameCountries(a.Recipient, b.Recipient) || len(b.Recipient) == 0)
}

// toldDate returns a claim's date where its text gives it: one that is only inferred
// keeps no two tellings apart.
func toldDate(c *rapport.Claim) rapport.Date {
	if c.DateBasis == rapport.DateFromReport {
		return ""
	}
	return c.Date
}

// otherPeople reports whether two claims name different persons of some country.
func otherPeople(a, b *rapport.Claim) bool {
	for _, p := range slices.Concat(a.Actor, a.Recipient) {
		for _, q := range slices.Concat(b.Actor, b.Recipient) {
			if p.Country == q.Country && p.Name != "" && q.Name != "" && p.Name != q.Name {
				return true
			}
		}
	}
	return false
}

func sameCountries(a, b []rapport.Party) bool {
	return slices.Equal(countriesOf(a), countriesOf(b))
}

// absorb takes a second telling into the first: names and values that the
// first lacks, and its sentence.
func absorb(k, c *rapport.Claim) {
	for _, p := range c.Actor {
		k.Actor = nameFrom(k.Actor, p)
	}
	for _, p := range c.Recipient {
		k.Recipient = nameFrom(k.Recipient, p)
	}
	if c.Date != "" && (k.Date == "" || k.DateBasis == rapport.DateFromReport && c.DateBasis != k.DateBasis || c.DateBasis == k.DateBasis && c.Date.Grain() < k.Date.Grain()) {
		k.Date, k.DateBasis = c.Date, c.DateBasis // the finer of two that agree
	}
	if k.Mode == "" {
		k.Mode = c.Mode
	}
	if k.Place == nil {
		k.Place = c.Place
	}
	if k.AboutDate == "" {
		k.AboutDate = c.AboutDate
	}
	k.Confidence = max(k.Confidence, c.Confidence)
	if c.Evidence.Span != k.Evidence.Span && !slices.Contains(k.Also, c.Evidence.Span) {
		k.Also = append(k.Also, c.Evidence.Span)
	}
	k.Also = slices.DeleteFunc(k.Also, func(s rapport.Span) bool { return s == k.Evidence.Span })
	slices.SortFunc(k.Also, func(a, b rapport.Span) int { return a.Start - b.Start })
}

// nameFrom fills the name of a nameless party from another telling.
func nameFrom(ps []rapport.Party, p rapport.Party) []rapport.Party {
	for i := range ps {
		if ps[i].Country == p.Country && ps[i].Name == "" && p.Name != "" && ps[i].Sector == p.Sector {
			ps[i].Name, ps[i].Office, ps[i].Wikidata = p.Name, p.Office, p.Wikidata
		}
	}
	return ps
}
