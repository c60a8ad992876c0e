package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/ontology"
	"rapport/internal/pipeline"
	"rapport/internal/record"
	"rapport/internal/relations"
)

func brief(s *session, args []string) error {
	o := newOptions("brief")
	path := o.recordFlag()
	format := o.choice("format", "md", "json")
	var asOf rapport.Date
	var how briefs.Options
	o.Var(dateFlag{&asOf}, "as-of", "")
	o.Var(dateFlag{&how.Since}, "since", "")
	o.BoolVar(&how.OnePage, "one-page", false, "")
	countries, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	pair, err := parsePair("brief", countries)
	if err != nil {
		return err
	}
	rec, err := openMerged(s, *path, pair)
	if err != nil {
		return err
	}
	defer rec.Close()
	b, err := briefOf(s, rec, pair, asOf, *format, how)
	if err != nil {
		return err
	}
	return s.print(b)
}

// openMerged opens a record for reading. Where an add was stopped before the
// claims on the pair became events, they become so now.
func openMerged(s *session, path string, pair rapport.Dyad) (*record.Record, error) {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	stale, err := rec.Stale(s)
	if err == nil && slices.Contains(stale, pair) {
		rec.Close()
		if rec, err = record.Open(s, path, record.Options{}); err != nil {
			return nil, err
		}
		_, err = pipeline.Merge(s, rec)
	}
	if err != nil {
		rec.Close()
		return nil, err
	}
	return rec, nil
}

// briefOf renders the brief of a pair that the record has something on.
func briefOf(s *session, rec *record.Record, pair rapport.Dyad, asOf rapport.Date, format string, how briefs.Options) ([]byte, error) {
	relation, err := relations.Load(s, rec, pair, asOf)
	if err != nil {
		return nil, err
	}
	if relation.Coverage.Claims == 0 {
		return nil, nothingOn(s, rec, pair)
	}
	return render(relation, format, how)
}

// defaultRecord is the record that commands work on unless told otherwise.
const defaultRecord = "rapport.db"

func (o options) recordFlag() *string { return o.String("record", defaultRecord, "") }

// render writes a brief, all of it or nothing.
func render(r *relations.Relation, format string, how briefs.Options) ([]byte, error) {
	var b bytes.Buffer
	var err error
	if format == "json" {
		err = briefs.JSON(&b, r)
	} else {
		err = briefs.Markdown(&b, r, how)
	}
	return b.Bytes(), err
}

// parsePair reads two countries as people type them.
func parsePair(command string, args []string) (rapport.Dyad, error) {
	if len(args) != 2 {
		return rapport.Dyad{}, usage(command, "a pair is two countries, %d are named", len(args))
	}
	var codes [2]string
	for i, a := range args {
		code, ok := ontology.ParseCountry(a)
		if !ok {
			return rapport.Dyad{}, &rapport.Error{Kind: rapport.NotFound, What: fmt.Sprintf("%q is no country that I know", a),
				Try: "its ISO 3166 code, as in EGY"}
		}
		codes[i] = code
	}
	if codes[0] == codes[1] {
		return rapport.Dyad{}, usage(command, "a pair is two countries, and both are %s", codes[0])
	}
	return rapport.NewDyad(codes[0], codes[1]), nil
}

// nothingOn says that a record has nothing on a pair, and what it has.
func nothingOn(s *session, rec *record.Record, pair rapport.Dyad) error {
	e := &rapport.Error{Kind: rapport.NotFound, Where: rec.Path(), What: fmt.Sprintf("has nothing on %s and %s", pair.A, pair.B)}
	dyads, err := rec.Dyads(s)
	if err != nil {
		return err
	}
	var most []string
	for _, d := range dyads[:min(len(dyads), 5)] {
		most = append(most, d.A+" "+d.B)
	}
	if len(most) > 0 {
		e.Try = "one of the pairs it has most on: " + strings.Join(most, ", ")
	}
	return e
}
