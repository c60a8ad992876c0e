package main

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"rapport"
	"rapport/examples"
	"rapport/internal/briefs"
	"rapport/internal/claims"
	"rapport/internal/pipeline"
	"rapport/internal/record"
	"rapport/internal/text"
)

func demo(s *session, args []string) error {
	o := newOptions("demo")
	pair := o.String("pair", "GRC-TUR", "")
	path := o.String("record", "", "")
	rest, done, err := o.parse(s, args)
	switch {
	case done || err != nil:
		return err
	case len(rest) > 0:
		return usage("demo", "nothing is named, and %q is", rest[0])
	}
	d, err := parsePair("demo", strings.Split(*pair, "-"))
	if err != nil {
		return err
	}
	b, err := demoBrief(s, *path, d)
	if err != nil {
		return err
	}
	return s.print(b) // last: a reader that goes away must not leave a record behind
}

// demoBrief keeps the examples in a record at path, in one that is thrown away
// when path is empty, and returns the brief of a pair from it.
func demoBrief(s *session, path string, d rapport.Dyad) ([]byte, error) {
	if path == "" {
		dir, err := os.MkdirTemp("", "rapport-demo-")
		if err != nil {
			return nil, &rapport.Error{Kind: rapport.Storage, What: "no place for a record", Err: err, Try: "--record FILE"}
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "demo.db")
	}
	rec, err := record.Open(s, path, record.Options{Create: true})
	if err != nil {
		return nil, err
	}
	defer rec.Close()
	if err := keep(s, rec, exampleReports); err != nil {
		return nil, err
	}
	return briefOf(s, rec, d, "", "md", briefs.Options{})
}

// keep codes and keeps reports without a word on those that are fine.
func keep(s *session, rec *record.Record, reports iter.Seq2[rapport.Report, error]) error {
	var failed error
	_, err := pipeline.Add(s, rec, reports, claims.New(), pipeline.Options{
		Told: func(_ pipeline.Coded, _ record.Kept, err error, _ pipeline.Counts) {
			if failed == nil {
				failed = err
			}
		},
	})
	if err != nil {
		return err
	}
	return failed
}

// exampleReports yields the reports that come with the program.
func exampleReports(yield func(rapport.Report, error) bool) {
	for _, name := range examples.Files() {
		b, err := examples.Read(name)
		if err != nil {
			yield(rapport.Report{}, fmt.Errorf("example %s: %w", name, err))
			return
		}
		for r, err := range text.Read(bytes.NewReader(b), name, text.Options{}) {
			if !yield(r, err) {
				return
			}
		}
	}
}
