package briefs

import (
	"slices"
	"strings"

	"rapport"
	"rapport/internal/ontology"
)

// according tells on whose word an event rests, when no report asserts it
// itself: "according to Sattar Mohbaliyev (Azerbaijan)".
func (p *page) according(claims []string) string {
	var who []string
	for _, id := range claims {
		c := p.r.Claims[id]
		if c.Speaker == nil {
			return ""
		}
		w, _ := partyWords(*c.Speaker, false)
		if c.Speaker.Name == "" && c.Speaker.Office != "" {
			w = "the " + plain(c.Speaker.Office) + " of " + ontology.CountryInText(c.Speaker.Country)
		}
		if !slices.Contains(who, w) {
			who = append(who, w)
		}
	}
	if len(who) == 0 {
		return ""
	}
	return "according to " + list(who)
}

// sources names on whose word claims rest, for a disagreement: their speakers,
// else their outlets.
func (p *page) sources(ids []string) string {
	var out []string
	for _, id := range ids {
		if s := p.voice(id); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "; ")
}

func (p *page) voice(id string) string {
	c := p.r.Claims[id]
	if s := c.Speaker; s != nil && s.Name != "" && !ontology.IsInternational(s.Country) {
		return plain(s.Name) + ", " + ontology.CountryName(s.Country)
	} else if s != nil {
		w, _ := partyWords(*s, false)
		return w
	}
	if o := p.r.Reports[c.Report].Outlet; o != "" {
		return plain(o)
	}
	return "report " + plain(c.Report)
}

func (p *page) words(e *rapport.Event) string {
	var s []string
	for _, id := range e.Claims {
		s = append(s, p.r.Claims[id].Evidence.Text)
	}
	return strings.Join(s, "\n")
}
