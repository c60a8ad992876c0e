package main

import (
	"fmt"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/record"
)

// undo takes back a review (r3), a decision on merging (d2), or what merging
// did: an event's claims are parted, or the named ones taken out of it.
func undo(s *session, args []string) error {
	o := newOptions("undo")
	path := o.recordFlag()
	by := o.signature()
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) == 0 {
		return usage("undo", "say what to undo: a review, a decision or an event")
	}
	if err := by.sign("undo"); err != nil {
		return err
	}
	rec, err := record.Open(s, *path, record.Options{})
	if err != nil {
		return err
	}
	defer rec.Close()
	var told string
	what := rest[0]
	n, numeric := strconv.ParseInt(strings.TrimLeft(what, "rd"), 10, 64)
	switch {
	case strings.HasPrefix(what, "ev-"):
		told, err = partEvent(s, rec, what, rest[1:], by)
	case len(rest) > 1:
		return usage("undo", "one thing is undone at a time, %d are named", len(rest))
	case numeric == nil && what[0] == 'r':
		told, err = undoReview(s, rec, n, by)
	case numeric == nil && what[0] == 'd':
		var d record.Decision
		d, err = rec.Decide(s, record.Decision{Undoes: n, Note: *by.note, Author: *by.author, Time: *by.time})
		told = fmt.Sprintf("d%d: decision d%d is taken back, by %s", d.N, n, d.Author)
	default:
		return usage("undo", "%q is no review (r3), decision (d2) or event (ev-…)", what)
	}
	if err != nil {
		return err
	}
	return settled(s, rec, told)
}

func undoReview(s *session, rec *record.Record, n int64, by signature) (string, error) {
	of, err := rec.ReviewN(s, n)
	if rapport.KindOf(err) == rapport.NotFound {
		return "", &rapport.Error{Kind: rapport.NotFound, Where: rec.Path(), What: fmt.Sprintf("holds no review r%d", n), Try: "rapport review, which lists them"}
	}
	if err != nil {
		return "", err
	}
	v, err := rec.AddReview(s, record.Review{Claim: of.Claim, Verdict: record.Undo, Undoes: n, Note: *by.note, Author: *by.author, Time: *by.time})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("r%d: review r%d of claim %s is taken back, by %s", v.N, n, v.Claim, v.Author), nil
}

// partEvent judges that an event's claims are not one event: the named ones
// not with the others, or none with any other.
func partEvent(s *session, rec *record.Record, id string, claims []string, by signature) (string, error) {
	pairs, err := rec.Parted(s, id, claims...)
	if err != nil {
		return "", err
	}
	return decide(s, rec, record.Decision{Pairs: pairs, Note: *by.note, Author: *by.author, Time: *by.time})
}
