package main

import (
	"rapport"
	"rapport/internal/record"
)

func timeline(s *session, args []string) error {
	o := newOptions("timeline")
	path := o.recordFlag()
	q := o.eventFlags()
	countries, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if q.filter.Pair, err = parsePair("timeline", countries); err != nil {
		return err
	}
	if err := q.check("timeline"); err != nil {
		return err
	}
	rec, closed, err := openMerged(s, *path, q.filter.Pair)
	if err != nil {
		return err
	}
	defer closed()
	n, err := q.print(s, rec)
	if n > 0 || err != nil {
		return err
	}
	return noEvent(s, rec, q.filter.Pair)
}

// noEvent says why there is nothing to print on a pair: the record has nothing
// on it at all, or nothing that the filter lets through.
func noEvent(s *session, rec *record.Record, pair rapport.Dyad) error {
	all, err := rec.EventsBetween(s, pair, record.Filter{Limit: 1})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return nothingOn(s, rec, pair)
	}
	s.note(rec.Path(), "no event on the pair fits the filter")
	return nil
}
