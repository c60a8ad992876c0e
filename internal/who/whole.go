package who

import (
	"strings"

	"rapport"
	"rapport/internal/language"
)

// wholeNames joins persons that stand side by side without a word or a mark
// between them: they are pieces of one name, of which the tables know no more
// than a part. "Sheikh Khalid bin Ahmed Al Khalifa" is neither Asadullah Khalid
// nor a Khalifa; who he is, only his title and the report can tell.
func wholeNames(s *language.Sentence, text string, ms []Mention) []Mention {
	var out []Mention
	for _, m := range ms {
		if n := len(out); n > 0 && pieces(s, &out[n-1], &m) {
			out[n-1] = oneName(text, &out[n-1], &m)
			continue
		}
		out = append(out, m)
	}
	return out
}

// pieces reports whether mention b goes on with the name that a begins.
func pieces(s *language.Sentence, a, b *Mention) bool {
	if a.Last != b.First || a.Kind != Person && a.Kind != Unknown || b.Kind != Person && b.Kind != Unknown {
		return false
	}
	return b.Role == "" && s.Tokens[a.Last-1].UPOS == "PROPN" && !a.Plural && !b.Plural
}

// oneName is the person whose name two mentions share: nobody of the tables.
// The office and the country that words of the phrase told stay.
func oneName(text string, a, b *Mention) Mention {
	m := *a
	m.Last, m.Span.End = b.Last, b.Span.End
	m.Kind, m.Rule, m.Confidence = Unknown, "who/unknown", 0.6
	words := text[m.Span.Start:m.Span.End]
	name := words
	if i := strings.LastIndex(name, ", "); i >= 0 {
		name = name[i+2:]
	}
	p := rapport.Party{Name: name, Text: words}
	if a.Role != "" && len(a.Parties) == 1 {
		m.Kind = Person
		p.Sector, p.Office = a.Parties[0].Sector, a.Parties[0].Office
		if strings.HasPrefix(a.Rule, "who/possessor") || strings.HasPrefix(a.Rule, "who/role") {
			p.Country = a.Parties[0].Country
		}
	}
	m.Parties = []rapport.Party{p}
	return m
}
