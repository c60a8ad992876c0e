// Package where reads the places of a report: countries, regions, cities,
// waters and sites, with their coordinates. It owns the gazetteer. [Read] and
// [Lookup] are its doors.
//
// Names are found by their longest match in two tables: cities and first-level
// divisions, compiled from GeoNames by cmd/gazetteer, and what is written by
// hand under data/. Among namesakes the report decides: a container beside the
// name ("Tripoli, Lebanon"), the countries the sentence and the report speak
// of, then capital and population.
package where

import (
	"rapport"
	"rapport/internal/language"
	"rapport/internal/where/gazetteer"
)

//go:generate go run ./cmd/tables

// The other block is made anew where GeoNames' files are at hand:
//
//	go run ./cmd/gazetteer -cities cities500.txt -admin1 admin1.json

// Kind is the sort of a place.
type Kind int

// Kinds of [Mention].
const (
	Country Kind = gazetteer.Country
	Region  Kind = gazetteer.Region // first-level division, historic or disputed land
	City    Kind = gazetteer.City
	Water   Kind = gazetteer.Water // sea, strait, gulf, river, lake, canal
	Site    Kind = gazetteer.Site  // palace, base, island, crossing, camp
)

// Mention is one place named in a sentence.
type Mention struct {
	Sentence    int // index into Doc.Sentences
	First, Last int // tokens [First,Last) of the name, without its preposition
	Head        int // the token of these whose head stands outside them
	Span        rapport.Span
	Place       rapport.Place
	Kind        Kind
	Confidence  float64 // 0 … 1, that it is this place and named as a place
	Rule        string  // "where/…": what decided
	Prep        string  // the case word before it, lower case: "in", "at", "to", "from", "of", ""
}

// Read returns the places named in each sentence of doc, in order. home is the
// country (ISO 3166-1 alpha-3) that the report is about or published from, ""
// when unknown.
//
// A country or capital that stands for its government is a mention too: only
// the sentence's verb can tell. So is a place within another name ("the Paris
// Club"), at a confidence under 0.3.
func Read(doc *language.Doc, home string) [][]Mention {
	out := make([][]Mention, len(doc.Sentences))
	r := reader{doc: doc, world: world(), home: home}
	for i := range doc.Sentences {
		r.find(i)
	}
	if len(r.found) == 0 {
		return out
	}
	r.noteReport()
	all := make([]Mention, 0, len(r.found))
	from := 0
	for i := range r.found {
		s := r.found[i].sentence
		if i > 0 && s != r.found[i-1].sentence {
			from = len(all)
		}
		if m, ok := r.resolve(i); ok {
			all = append(all, m)
			out[s] = all[from:len(all):len(all)]
		}
	}
	return out
}

// Lookup returns the place that name most likely means, within country (ISO
// 3166-1 alpha-3) unless that is "".
func Lookup(name, country string) (rapport.Place, bool) {
	w := world()
	var buf [64]byte
	key := gazetteer.Fold(buf[:0], name)
	var best candidate
	ok := false
	for _, t := range w.tables() {
		n, found := t.Find(key, gazetteer.Hash(gazetteer.HashSeed, key))
		if !found {
			continue
		}
		n.Refs(func(place int, own bool) {
			c := candidate{table: t, place: place, own: own, hand: t == w.hand}
			if t.Kind(place) == gazetteer.Adjective || country != "" && t.Country(place) != country {
				return
			}
			c.score = c.prior()
			if !ok || c.score > best.score {
				best, ok = c, true
			}
		})
	}
	if !ok {
		return rapport.Place{}, false
	}
	return best.rapport(), true
}
