package relations

import (
	"context"

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

func load(ctx context.Context, rec *record.Record, d rapport.Dyad, asOf rapport.Date, beside bool) (*Relation, error) {
	on, err := rec.ClaimsBetween(ctx, d, record.Filter{})
	if err != nil {
		return nil, err
	}
	events, err := rec.EventsBetween(ctx, d, record.Filter{})
	if err != nil {
		return nil, err
	}
	claims := map[string]rapport.Claim{}
	keep := func(cs []rapport.Claim) {
		for _, c := range cs {
			claims[c.ID] = c
		}
	}
	keep(on)
	if beside {
		more, err := rec.ClaimsOfReports(ctx, reportsOf(claims))
		if err != nil {
			return nil, err
		}
		keep(more)
	}
	merged := map[string]bool{} // claims whose event is known
	for _, e := range events {
		for _, c := range e.Claims {
			merged[c] = true
		}
	}
	var rest []string
	for _, id := range sortedKeys(claims) {
		if !merged[id] {
			rest = append(rest, id)
		}
	}
	others, err := rec.EventsOfClaims(ctx, rest)
	if err != nil {
		return nil, err
	}
	events = append(events, others...)
	// An event may be told by reports that tell nothing else of the pair.
	var missing []string
	for _, e := range events {
		for _, c := range e.Claims {
			if _, ok := claims[c]; !ok {
				missing = append(missing, c)
			}
		}
	}
	more, err := rec.ClaimsByID(ctx, missing)
	if err != nil {
		return nil, err
	}
	keep(more)
	reports := map[string]rapport.Report{}
	ids := reportsOf(claims)
	for rep, err := range rec.Reports(ctx, record.ReportFilter{IDs: ids, NoText: true}) {
		if err != nil {
			return nil, err
		}
		reports[rep.ID] = rep
	}
	families, err := rec.Families(ctx, ids)
	if err != nil {
		return nil, err
	}
	var cs []rapport.Claim
	for _, id := range sortedKeys(claims) {
		cs = append(cs, claims[id])
	}
	return of(d, cs, events, reports, families, asOf), nil
}

// reportsOf returns the ids of the reports of claims, each once.
func reportsOf(claims map[string]rapport.Claim) []string {
	seen := map[string]bool{}
	for _, c := range claims {
		seen[c.Report] = true
	}
	return sortedKeys(seen)
}
