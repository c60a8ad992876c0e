package relations

import (
	"slices"
	"strings"

	"rapport/internal/merge"
	"rapport/internal/ontology"
)

// sums notes the amounts of money and shares that each claim of a line states.
func (b *builder) sums(l *Line) {
	for _, id := range l.Claims {
		words := b.own(id)
		for _, f := range merge.Figures(words) {
			if !f.Money && f.Unit != "%" {
				continue
			}
			s := Sum{Words: f.Words, Value: f.Value, Unit: f.Unit, Period: b.r.Claims[id].Date, Claim: id, Voice: b.voice(id)}
			s.Of, s.From, s.To = b.flow(l, words, f.Words)
			l.Sums = append(l.Sums, s)
		}
	}
}

// kinds of what is summed up, by the beginnings of words; the one nearest before
// the figure is taken, else the first after it.
var kinds = []struct {
	of    string
	words []string
}{
	{"exports", []string{"export", "supplies", "shipments"}},
	{"imports", []string{"import", "purchase", "bought"}},
	{"investment", []string{"invest"}},
	{"credit", []string{"credit", "loan", "deposit"}},
	{"trade", []string{"trade", "turnover", "commerce"}},
}

// flow tells what a figure sums up and which way it goes, as far as the words
// do.
func (b *builder) flow(l *Line, words, figure string) (of, from, to string) {
	low := strings.ToLower(words)
	at := max(strings.Index(low, strings.ToLower(figure)), 0)
	before, after := -1, len(low)
	later := ""
	for _, k := range kinds {
		for _, w := range k.words {
			if i := strings.LastIndex(low[:at], w); i > before {
				before, of = i, k.of
			}
			if i := strings.Index(low[at:], w); i >= 0 && at+i < after {
				after, later = at+i, k.of
			}
		}
	}
	if of == "" {
		of, before = later, after
	}
	switch of {
	case "", "trade":
		return of, "", ""
	}
	// "exports to Greece", "Turkish exports": the party named next to the word.
	near := low[max(0, before-40):min(len(low), before+60)]
	for _, s := range []Side{b.r.A, b.r.B} {
		other := b.d.A
		if s.Code == b.d.A {
			other = b.d.B
		}
		name, adjective := strings.ToLower(ontology.CountryName(s.Code)), strings.ToLower(s.Adjective)
		switch {
		case slices.ContainsFunc([]string{"s to ", "ed to ", "s in ", "ment in ", "ed in "}, func(p string) bool { return strings.Contains(near, p+name) }):
			return of, other, s.Code
		case strings.Contains(near, "s from "+name) || strings.Contains(near, "ed from "+name):
			return of, s.Code, other
		case of == "imports" && (strings.Contains(near, adjective+" import") || strings.Contains(near, name+"'s import") || strings.Contains(near, name+"’s import")):
			return of, other, s.Code
		case of != "imports" && (strings.Contains(near, adjective+" "+of[:5]) || strings.Contains(near, name+"'s "+of[:5]) || strings.Contains(near, name+"’s "+of[:5])):
			return of, s.Code, other
		}
	}
	if l.From != "" && l.From != l.To && of != "imports" {
		return of, l.From, l.To
	}
	return of, "", ""
}
