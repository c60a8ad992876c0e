// Package ontology holds the code books of the field as data: PLOVER (16 event
// types, their modes, contexts, sectors), CAMEO 1.1b3 (318 codes with their
// Goldstein scores) and the crosswalk between them, and the names of countries.
// It looks codes up, explains them and checks the codes of a claim; it never
// reads text.
//
// The tables are the TSV files under data, each with its schema, its sources
// and its departures from them in the header. They are parsed on first use.
// Events, modes and scores are PLOVER's; a CAMEO code's Goldstein score and
// quad are CAMEO's own and differ from those of the claim that bears it.
package ontology
