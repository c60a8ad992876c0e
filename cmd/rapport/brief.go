package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	format := o.choice("format", briefs.Formats()...)
	file := o.String("output", "", "")
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
	if err := useOutlets(os.Getenv(actorsVariable)); err != nil { // they tell whose side an outlet is
		return err
	}
	rec, closed, err := openMerged(s, *path, pair)
	if err != nil {
		return err
	}
	defer closed()
	b, err := briefOf(s, rec, pair, asOf, *format, how)
	if err != nil {
		return err
	}
	if *file == "" && (*format == "docx" || *format == "pdf") && isTerminal(s.stdout) {
		return usage("brief", "%s is nothing to read on a terminal; name a file with --output", *format)
	}
	if *file != "" {
		if err := os.WriteFile(*file, b, 0o644); err != nil {
			return &rapport.Error{Kind: rapport.Storage, Where: *file, What: "cannot be written", Err: err}
		}
		return nil
	}
	return s.print(b)
}

// openMerged opens a record for reading. Where an add was stopped before the
// claims on the pairs (or, when none is given, on any) became events, or is
// still at work, they become so now: in the record, or in a copy of it when it
// cannot be written.
func openMerged(s *session, path string, pairs ...rapport.Dyad) (rec *record.Record, closed func(), err error) {
	rec, err = record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return nil, nil, err
	}
	stale, err := rec.Stale(s)
	if err != nil {
		rec.Close()
		return nil, nil, err
	}
	if !slices.ContainsFunc(stale, func(d rapport.Dyad) bool { return len(pairs) == 0 || slices.Contains(pairs, d) }) {
		return rec, func() { rec.Close() }, nil
	}
	merged, err := mergedAt(s, path, time.Second) // whoever writes now may do so for long
	if rapport.KindOf(err) == rapport.Storage {
		merged, closed, err = mergedCopy(s, rec)
	} else if err == nil {
		closed = func() { merged.Close() }
	}
	rec.Close()
	return merged, closed, err
}

// mergedAt opens a record for writing and merges what waits for it.
func mergedAt(s *session, path string, wait time.Duration) (*record.Record, error) {
	rec, err := record.Open(s, path, record.Options{Wait: wait})
	if err != nil {
		return nil, err
	}
	if _, err := pipeline.Merge(s, rec); err != nil {
		rec.Close()
		return nil, err
	}
	return rec, nil
}

// mergedCopy is mergedAt in a copy, which closing throws away.
func mergedCopy(s *session, rec *record.Record) (*record.Record, func(), error) {
	dir, err := os.MkdirTemp("", "rapport-brief-")
	if err != nil {
		return nil, nil, &rapport.Error{Kind: rapport.Storage, Where: rec.Path(), What: "cannot be written, and there is no place for a copy", Err: err}
	}
	path := filepath.Join(dir, "copy.db")
	if err := rec.Copy(s, path); err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	merged, err := mergedAt(s, path, 0)
	if err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	return merged, func() { merged.Close(); os.RemoveAll(dir) }, nil
}

// briefOf renders the brief of a pair that the record has something on.
func briefOf(s *session, rec *record.Record, pair rapport.Dyad, asOf rapport.Date, format string, how briefs.Options) ([]byte, error) {
	load := relations.Load
	if how.OnePage && format != "json" {
		load = relations.LoadPair
	}
	relation, err := load(s, rec, pair, asOf)
	if err != nil {
		return nil, err
	}
	if relation.Coverage.Claims == 0 {
		return nil, nothingBy(s, rec, pair, asOf)
	}
	return render(relation, format, how)
}

// defaultRecord is the record that commands work on unless told otherwise.
const defaultRecord = "rapport.db"

func (o options) recordFlag() *string { return o.String("record", defaultRecord, "") }

// render writes a brief, all of it or nothing.
func render(r *relations.Relation, format string, how briefs.Options) ([]byte, error) {
	var b bytes.Buffer
	err := briefs.Write(&b, format, r, how)
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

// nothingBy says that a record has nothing on a pair up to a day, and where it
// has something later, from when to when.
func nothingBy(s *session, rec *record.Record, pair rapport.Dyad, asOf rapport.Date) error {
	if asOf == "" {
		return nothingOn(s, rec, pair)
	}
	ever, err := relations.LoadPair(s, rec, pair, "")
	if err != nil {
		return err
	}
	c := ever.Coverage
	if c.Claims == 0 {
		return nothingOn(s, rec, pair)
	}
	return &rapport.Error{Kind: rapport.NotFound, Where: rec.Path(),
		What: fmt.Sprintf("has no report on %s and %s published up to %s, and %s from %s to %s", pair.A, pair.B, asOf, count(c.Reports, "report"), c.First, c.Last),
		Try:  "--as-of " + string(c.First) + " or later"}
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
