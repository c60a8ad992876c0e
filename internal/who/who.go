// Package who reads the parties a report names: any words for a country, a
// government, an office-holder, a body or a kind of people, resolved to the
// country, sector, name and office that held on a given day. It owns the
// tables of countries, leaders, bodies and role words (data/README.md).
package who

import (
	"rapport"
	"rapport/internal/language"
)

// Kind is what sort of words tell the party.
type Kind int

// The kinds of [Mention].
const (
	Unknown   Kind = iota // a name the tables lack and the report does not explain
	Country               // a country by name: "Egypt", "the United States"
	Capital               // a capital or seat of government: "Cairo", "the Kremlin"
	Adjective             // a country word that modifies what is no party: "Egyptian" in "Egyptian exports"
	Person                // a named person, with title and apposition
	Body                  // a named body: "the United Nations", "Hamas", "Boeing"
	Role                  // a role or organ without a name: "the foreign minister", "French troops"
	People                // nationals and groups: "Russians", "23 British diplomats"
	Place                 // a place name that is no seat of government
)

var kindNames = [...]string{"unknown", "country", "capital", "adjective", "person", "body", "role", "people", "place"}

// String returns the lower-case word for k.
func (k Kind) String() string { return kindNames[k] }

// Mention is a run of words that names or describes a party.
type Mention struct {
	Sentence, First, Last int             // tokens [First,Last) of that sentence: the whole phrase, apposition included
	Head                  int             // the token that ties the phrase to the rest of the sentence
	Span                  rapport.Span    // bytes of the whole phrase
	Parties               []rapport.Party // mostly one; Country is empty where the words alone do not tell; none where they mean nobody in particular ("Western diplomats")
	Kind                  Kind
	Role                  string  // lemma of the role noun: "minister", "troops"; empty where there is none
	Definite              bool    // "the president", "both sides": points back at somebody told before
	Plural                bool    // "the two ministers", "troops"
	Former                bool    // "former", "ousted", "late": the role is past on the report's day
	Confidence            float64 // 0 … 1
	Rule                  string  // "who/…": why
}

// Cast is every mention of a report.
type Cast struct {
	Mentions [][]Mention // per sentence, in order, not overlapping
}

// Read finds the mentions of doc, with roles as of day, the report's own day
// (empty when unknown: then the tables' latest roles stand).
func Read(doc *language.Doc, day rapport.Date) *Cast {
	return newReader(doc, day).read()
}

func (r *reader) read() *Cast {
	r.fold()
	for i := range r.doc.Sentences {
		r.match(i)
	}
	r.see()
	c := &Cast{Mentions: make([][]Mention, len(r.doc.Sentences))}
	for i := range r.doc.Sentences {
		c.Mentions[i] = wholeNames(&r.doc.Sentences[i], r.doc.Text, r.sentence(i))
	}
	return c
}

// RoleOn returns p with sector and office as of day, the act's own day: a
// president of the tables is GOV within the term and ELI after it. A party
// that the tables lack, or a day unknown, leaves p as it is.
func (c *Cast) RoleOn(p rapport.Party, day rapport.Date) rapport.Party {
	if p.Name == "" {
		return p
	}
	first, last, ok := dayOf(day)
	if !ok {
		return p
	}
	t := load()
	if id, ok := t.byName(p.Name, p.Country); ok {
		p.Sector, p.Office = t.roleOf(&t.persons[id], first, last)
		return p
	}
	if b := t.bodyByName(p.Name, p.Country); b != nil {
		for _, m := range b.terms {
			if first <= m.span.to && m.span.from <= last {
				p.Sector = m.sector
			}
		}
	}
	return p
}

// CountryName returns the English short name of a country code, "" when the
// code is none of the table's.
func CountryName(code string) string {
	t := load()
	if id, ok := t.byCode[code]; ok {
		return t.countries[id].name
	}
	return ""
}
