package pipeline

import (
	"context"
	"errors"
	"iter"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/record"
)

// Counts says how far an [Add] is.
type Counts struct {
	Reports int `json:"reports"` // met so far, the sum of those below up to Unread
	New     int `json:"new"`
	Copied  int `json:"copied"`
	Revised int `json:"revised"`
	Recoded int `json:"recoded"`
	Same    int `json:"same"`
	Failed  int `json:"failed"` // read, but not coded or not kept
	Unread  int `json:"unread"` // could not be read
	Claims  int `json:"claims"` // kept with the reports that were not there as they are
	Merged
}

// Options say how to add. The zero Options will do.
type Options struct {
	Workers int // how many reports are coded at a time; 0 is one a processor
	// Told, if given, learns what became of each report, in their order, once
	// that is on the disk: err is nil, or why it is not kept. c has no claims
	// when the report was there already or is not kept.
	Told func(c Coded, k record.Kept, err error, n Counts)
}

var errKept = errors.New("kept already")

// Add codes reports and keeps each with its claims as soon as those before it
// are kept, then derives the events that this changes. What the record holds
// already, coded by this coder or a newer one, is not coded again. A report
// that cannot be read, coded or kept is told and counted, and the others go
// on.
//
// Add ends early when ctx does, with an error of kind Stopped, or when the
// record cannot be written. What was told as kept is kept; adding the same
// reports again goes on from there.
//
// Of two reports with one id and different texts the first is kept and the
// other told as an error; only in a later run can it be a new version, as
// [record.Record.Keep] says.
func Add(ctx context.Context, rec *record.Record, reports iter.Seq2[rapport.Report, error], coder Coder, o Options) (Counts, error) {
	var n Counts
	told := func(c Coded, k record.Kept, err error) {
		n.count(k, &c)
		if o.Told != nil {
			o.Told(c, k, err, n)
		}
	}
	met := map[string]string{} // hash by id, of what this run kept or found there
	unlessKept := func(ctx context.Context, rep *rapport.Report) error {
		was, ok, err := rec.Has(ctx, rep.ID, rep.Hash)
		if err == nil && ok && !record.Newer(coder.Version(), was) {
			return errKept
		}
		return err
	}
	for c, err := range codeSome(ctx, reports, coder, o.Workers, unlessKept) {
		k := record.Same
		if was, ok := met[c.Report.ID]; err == nil && ok && was != c.Report.Hash {
			err = record.Taken(c.Report.ID)
		}
		if err == nil {
			k, err = rec.Keep(ctx, c.Report, c.Claims, coder.Version())
		}
		if err == nil || errors.Is(err, errKept) {
			met[c.Report.ID] = c.Report.Hash
		}
		switch kind := rapport.KindOf(err); {
		case err == nil && k != record.Same:
			told(c, k, nil)
		case err == nil || errors.Is(err, errKept): // twice among these reports, or there before
			c.Claims = nil
			told(c, record.Same, nil)
		case kind == rapport.Storage || kind == rapport.Stopped:
			return n, err
		default:
			c.Claims = nil
			told(c, record.None, err)
		}
	}
	m, err := Merge(ctx, rec)
	n.Merged = m
	return n, err
}

func (n *Counts) count(k record.Kept, c *Coded) {
	n.Reports++
	n.Claims += len(c.Claims)
	if k == record.None && c.Report.ID == "" {
		n.Unread++
		return
	}
	*map[record.Kept]*int{record.None: &n.Failed, record.New: &n.New, record.Same: &n.Same, record.Recoded: &n.Recoded,
		record.Copied: &n.Copied, record.Revised: &n.Revised}[k]++
}

// Merged counts what a merge went over and came to.
type Merged struct {
	Dyads    int `json:"dyads"`    // pairs whose events were derived anew
	Compared int `json:"compared"` // claims compared for that
	Events   int `json:"events"`   // that they came to
}

// wholeBelow is up to how many claims a record is merged as a whole, in a
// second or so. That is the exact answer; merging new claims with those around
// them leaves older claims of a year or less where they are (see
// [record.Record.ClaimsAround]).
const wholeBelow = 20_000

// someBelow is up to how many waiting claims are merged with those around them,
// which holds all of these at once; the whole is derived part by part.
const someBelow = 50_000

// Merge derives the events that changed: of the claims kept, reviewed or
// decided on since events were last derived, and of those that may be one with
// them. In a record of up to 20,000 claims, or where a quarter of all claims or
// more than 50,000 wait, it derives all.
func Merge(ctx context.Context, rec *record.Record) (Merged, error) {
	stale, err := rec.Stale(ctx)
	if err != nil || len(stale) == 0 {
		return Merged{}, err
	}
	waiting, all, err := rec.Waiting(ctx)
	if err != nil {
		return Merged{}, err
	}
	if all <= wholeBelow || waiting*4 > all || waiting > someBelow {
		return Rebuild(ctx, rec)
	}
	return mergeSome(ctx, rec, len(stale))
}

// mergeSome merges the claims that wait with those around them.
func mergeSome(ctx context.Context, rec *record.Record, dyads int) (Merged, error) {
	some, err := rec.ClaimsAround(ctx)
	if err != nil {
		return Merged{}, err
	}
	judgements, events, err := derive(ctx, rec, some)
	if err != nil {
		return Merged{}, err
	}
	if len(some) > 0 {
		scope := make([]string, len(some))
		for i := range some {
			scope[i] = some[i].ID
		}
		if err := rec.SetJudgements(ctx, judgements, scope...); err != nil {
			return Merged{}, err
		}
	}
	return Merged{Dyads: dyads, Compared: len(some), Events: len(events)}, rec.SetEventsOf(ctx, events)
}

// derive returns what merging makes of claims.
func derive(ctx context.Context, rec *record.Record, cs []rapport.Claim) ([]rapport.Judgement, []rapport.Event, error) {
	reports, err := heads(ctx, rec, cs)
	if err != nil {
		return nil, nil, err
	}
	persons, err := rec.PersonJudgements(ctx)
	if err != nil {
		return nil, nil, err
	}
	judgements := merge.Judge(cs, reports)
	events := merge.Events(cs, reports, append(judgements, persons...))
	if err := ctx.Err(); err != nil {
		return nil, nil, &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: err}
	}
	return judgements, events, nil
}

// heads returns the reports of claims without their texts.
func heads(ctx context.Context, rec *record.Record, cs []rapport.Claim) (map[string]rapport.Report, error) {
	out := map[string]rapport.Report{}
	ids := []string{}
	for i := range cs {
		id := cs[i].Report
		if _, ok := out[id]; !ok {
			out[id] = rapport.Report{}
			ids = append(ids, id)
		}
	}
	for rep, err := range rec.Reports(ctx, record.ReportFilter{IDs: ids, NoText: true}) {
		if err != nil {
			return nil, err
		}
		out[rep.ID] = rep
	}
	return out, nil
}
