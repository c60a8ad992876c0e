package relations

import (
	"slices"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/outlets"
)

// Difference is something the two sides tell differently, or one of them
// alone.
type Difference struct {
	Event string        `json:"event"`
	Field string        `json:"field,omitempty"` // what differs: "date", "number of agreements"; empty when only one side tells it
	Side  string        `json:"side,omitempty"`  // who alone tells it
	Value []SidedValues `json:"values,omitempty"`
}

// SidedValues is one value of a field with those who tell it.
type SidedValues struct {
	Value  string   `json:"value"`
	Voices []string `json:"voices"` // side codes, "" for neither
	Claims []string `json:"claims"`
}

// voice returns on whose word a claim rests: the side of its speaker, else of
// its outlet when that is known to be one side's, else "".
func (b *builder) voice(claim string) string {
	c := b.r.Claims[claim]
	if c.Speaker != nil && c.Speaker.Country != "" {
		return b.oneOf(c.Speaker.Country)
	}
	return b.outletSide(c.Report)
}

func (b *builder) oneOf(country string) string {
	if country == b.d.A || country == b.d.B {
		return country
	}
	return ""
}

// outletSide returns the side whose outlet published a report. What the table
// of outlets knows, it tells; of others the country in the name tells ("Moroccan
// state agency") or the address's last label (".ma"). It is "" when neither or
// both are named.
func (b *builder) outletSide(report string) string {
	side, ok := b.outlets[report]
	if !ok {
		side = b.sideOf(b.reports[report])
		b.outlets[report] = side
	}
	return side
}

func (b *builder) sideOf(r rapport.Report) string {
	if o, ok := outlets.Of(r.Outlet, r.URL); ok && o.Kind != "aggregator" {
		return b.oneOf(o.Side())
	}
	words := strings.FieldsFunc(strings.ToLower(r.Outlet), func(r rune) bool { return r == ' ' || r == ',' || r == '-' || r == '(' || r == ')' })
	var found []string
	for _, s := range []string{b.d.A, b.d.B} {
		for _, n := range []string{ontology.CountryName(s), ontology.CountryAdjective(s)} {
			if containsRun(words, strings.Fields(strings.ToLower(n))) {
				found = append(found, s)
				break
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	host := r.URL
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host, _, _ = strings.Cut(rest, "/")
		if iso3, ok := ontology.ParseCountry(host[strings.LastIndexByte(host, '.')+1:]); ok && len(found) == 0 {
			return b.oneOf(iso3)
		}
	}
	return ""
}

func containsRun(words, run []string) bool {
	for i := range words {
		if i+len(run) <= len(words) && slices.Equal(words[i:i+len(run)], run) {
			return true
		}
	}
	return false
}

// differences lists the fields on which claims of one event disagree, then
// the weighty events that one side alone tells.
func (b *builder) differences() {
	for _, id := range b.r.Timeline {
		e := b.r.Events[id]
		for _, f := range e.Disputed {
			d := Difference{Event: id, Field: f.Name}
			for _, v := range f.Values {
				if f.Name == "place" && e.Place != nil && v.Value == ontology.CountryName(e.Place.Country) {
					continue // a country holds the town the others name
				}
				s := SidedValues{Value: v.Value}
				for _, c := range v.Claims {
					if _, ok := b.r.Claims[c]; !ok {
						continue
					}
					s.Claims = append(s.Claims, c)
					if w := b.voice(c); !slices.Contains(s.Voices, w) {
						s.Voices = append(s.Voices, w)
					}
				}
				if len(s.Claims) > 0 {
					slices.Sort(s.Voices)
					d.Value = append(d.Value, s)
				}
			}
			if len(d.Value) > 1 {
				b.r.Differences = append(b.r.Differences, d)
			}
		}
	}
	if !b.bothSpeak() {
		return
	}
	for _, id := range b.dyad {
		e := b.r.Events[id]
		if s := b.alone(&e); s != "" && happened(&e) {
			b.r.Differences = append(b.r.Differences, Difference{Event: id, Side: s})
		}
	}
}

// denials joins a denial to the accusation it answers: the last by the other
// side in the two months before.
func (b *builder) denials() {
	for i := range b.r.Frictions {
		l := &b.r.Frictions[i]
		e := b.r.Events[l.Event]
		if e.Event != "REJECT" || !strings.HasPrefix(e.CAMEO, "016") {
			continue
		}
		made := b.terms[l.Event]
		for _, id := range b.byType["ACCUSE"] { // oldest first: the last that fits stays
			said := b.terms[id]
			if !made.ok || !said.ok || said.first.After(made.first) || made.first.Sub(said.first) > planPatience/2 {
				continue
			}
			if f := b.r.Events[id]; happened(&f) && only(f.Actor) == l.To && only(f.Recipient) == l.From {
				l.See = []string{id}
			}
		}
	}
}

// bothSpeak reports whether both sides have a voice in the register at all:
// else everything is told by one alone and saying so says nothing.
func (b *builder) bothSpeak() bool {
	var a, c bool
	for id := range b.r.Claims {
		v := b.voice(id)
		a, c = a || v == b.d.A, c || v == b.d.B
	}
	return a && c
}

// alone returns the side that alone tells what the other did to it: every
// claim is on its word, and the other is the actor.
func (b *builder) alone(e *rapport.Event) string {
	side := ""
	for _, c := range e.Claims {
		v := b.voice(c)
		if v == "" || side != "" && v != side {
			return ""
		}
		side = v
	}
	if by := only(e.Actor); by == "" || by == side || b.oneOf(by) == "" {
		return ""
	}
	return side
}
