// Package plain words what a record holds for those who read it elsewhere: on
// one line, bounded, and without the characters that hide words from a reader.
package plain

import (
	"net/url"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/ontology"
)

// Line returns words of a report as one line without what a reader would not
// see: control characters, invisible ones that could hide words or turn their
// order, which become U+FFFD, and what lies behind max characters.
func Line(s string, max int) string {
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(s) {
		if n > 0 {
			b.WriteByte(' ')
		}
		for _, r := range w {
			if n++; n > max {
				return strings.TrimRight(b.String(), " ") + "…"
			}
			if Hidden(r) {
				r = unicode.ReplacementChar
			}
			b.WriteRune(r)
		}
		n++
	}
	return b.String()
}

// Hidden reports whether a character shows nothing: controls, format
// characters (bidirectional overrides, tags; joiners that scripts need apart)
// and the variation selectors that no font has.
func Hidden(r rune) bool {
	switch {
	case r == '\u200c' || r == '\u200d':
		return false
	case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), r >= 0xE0100 && r <= 0xE01EF, r == '\u2028', r == '\u2029', r == '\u3164', r == '\uffa0':
		return true
	}
	return false
}

// Web returns an address that may be shown as a link, "" for others.
func Web(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(address) > 2000 {
		return ""
	}
	return u.String()
}

// maxName bounds names, in characters.
const maxName = 200

// Party names a party: "Ilham Aliyev (Azerbaijan)".
func Party(p rapport.Party) string {
	country := ontology.CountryName(p.Country)
	switch {
	case p.Name != "":
		return Line(p.Name, maxName) + " (" + country + ")"
	case p.Sector != "" && p.Sector != "GOV":
		return country + " " + p.Sector
	}
	return country
}

// Parties names parties, up to 40 of them.
func Parties(ps []rapport.Party) string {
	var out []string
	for _, p := range ps[:min(len(ps), 40)] {
		out = append(out, Party(p))
	}
	return strings.Join(out, ", ")
}

// Place names a place with its country, "" where none is told.
func Place(p *rapport.Place) string {
	if p == nil {
		return ""
	}
	if p.Country != "" && p.Name != ontology.CountryName(p.Country) {
		return Line(p.Name, maxName) + ", " + ontology.CountryName(p.Country)
	}
	return Line(p.Name, maxName)
}

// Title tells an event in a line by its codes: "Ilham Aliyev (Azerbaijan) →
// Egypt: make a visit (planned)".
func Title(e *rapport.Event) string {
	out := Parties(e.Actor)
	if len(e.Recipient) > 0 {
		out += " → " + Parties(e.Recipient)
	}
	act := strings.ToLower(e.Event)
	if c, ok := ontology.CAMEOOf(e.CAMEO); ok {
		act = strings.ToLower(c.Name[:1]) + c.Name[1:]
	}
	out += ": " + act
	switch e.Status {
	case rapport.Future:
		out += " (planned)"
	case rapport.Historical:
		out += " (recalled)"
	case rapport.Hypothetical:
		out += " (possible)"
	case rapport.Negated:
		out += " (told as not done)"
	}
	return out
}
