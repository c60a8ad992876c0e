package relations

import (
	"context"
	"slices"
	"sync"

	"rapport"
	"rapport/internal/record"
)

// Load returns the register of a pair as of a day from a record: its events
// and claims, and what else the reports that tell of the pair say.
func Load(ctx context.Context, rec *record.Record, d rapport.Dyad, asOf rapport.Date) (*Relation, error) {
	return load(ctx, rec, d, asOf, true)
}

// LoadPair is Load without what else the reports say: Related stays empty. It
// spares half the reading, and a brief on one page tells nothing of that.
func LoadPair(ctx context.Context, rec *record.Record, d rapport.Dyad, asOf rapport.Date) (*Relation, error) {
	return load(ctx, rec, d, asOf, false)
}

// load reads what is wanted at once: the queries wait for none of each other.
func load(ctx context.Context, rec *record.Record, d rapport.Dyad, asOf rapport.Date, beside bool) (*Relation, error) {
	var on, aside []rapport.Claim
	var events, both []rapport.Event
	var told []rapport.Report
	tasks := []func() error{
		func() (err error) { on, err = rec.ClaimsBetween(ctx, d, record.Filter{}); return err },
		func() (err error) { events, err = rec.EventsBetween(ctx, d, record.Filter{}); return err },
		func() (err error) { told, err = rec.ReportsOn(ctx, d); return err },
	}
	if beside {
		tasks = append(tasks,
			func() (err error) { aside, err = claimsBeside(ctx, rec, d); return err },
			func() (err error) { both, err = rec.EventsOnBoth(ctx, d); return err })
	}
	if err := atOnce(tasks); err != nil {
		return nil, err
	}
	claims := slices.Concat(on, aside)
	close, have := make(map[string]bool, len(claims)), make(map[string]bool, len(claims))
	for i := range claims {
		close[claims[i].ID], have[claims[i].ID] = true, true
	}
	known, merged := make(map[string]bool, len(events)), make(map[string]bool, len(claims)) // events, and claims that are part of them
	for i := range events {
		known[events[i].ID] = true
		for _, c := range events[i].Claims {
			merged[c] = true
		}
	}
	var rest []string
	for i := range claims {
		if id := claims[i].ID; !merged[id] {
			rest = append(rest, id)
		}
	}
	others, err := rec.EventsOfClaims(ctx, rest)
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Concat(others, both) {
		if !known[e.ID] {
			known[e.ID] = true
			events = append(events, e)
		}
	}
	// An event may be told by reports that tell nothing else of the pair.
	var missing []string
	for i := range events {
		for _, c := range events[i].Claims {
			if !have[c] {
				have[c] = true
				missing = append(missing, c)
			}
		}
	}
	more, err := rec.ClaimsByID(ctx, missing)
	if err != nil {
		return nil, err
	}
	reports, err := withReportsOf(ctx, rec, told, more)
	if err != nil {
		return nil, err
	}
	return of(d, append(claims, more...), events, reports, close, asOf), nil
}

// claimsBeside returns the claims of either country with or on others that are
// told beside claims on the pair.
func claimsBeside(ctx context.Context, rec *record.Record, d rapport.Dyad) ([]rapport.Claim, error) {
	places, err := rec.Places(ctx, d)
	if err != nil {
		return nil, err
	}
	var aside []record.Place
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].Report == places[0].Report {
			n++
		}
		for i, close := range besideOn(places[:n]) {
			if close && !places[i].On {
				aside = append(aside, places[i])
			}
		}
		places = places[n:]
	}
	return rec.ClaimsAt(ctx, d, aside)
}

// withReportsOf returns the reports by id, and those of more claims with them.
func withReportsOf(ctx context.Context, rec *record.Record, told []rapport.Report, more []rapport.Claim) (map[string]rapport.Report, error) {
	reports := make(map[string]rapport.Report, len(told))
	for i := range told {
		reports[told[i].ID] = told[i]
	}
	lack := map[string]bool{}
	for i := range more {
		if _, ok := reports[more[i].Report]; !ok {
			lack[more[i].Report] = true
		}
	}
	if len(lack) == 0 {
		return reports, nil
	}
	for rep, err := range rec.Reports(ctx, record.ReportFilter{IDs: sortedKeys(lack), NoText: true}) {
		if err != nil {
			return nil, err
		}
		reports[rep.ID] = rep
	}
	return reports, nil
}

// atOnce runs tasks side by side and returns the error of the first that has one.
func atOnce(tasks []func() error) error {
	errs := make([]error, len(tasks))
	var wg sync.WaitGroup
	for i, task := range tasks {
		wg.Go(func() { errs[i] = task() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
