package relations

import (
	"context"
	"slices"

	"rapport"
	"rapport/internal/record"
)

// LoadBetween is LoadPair of what happened, or may have, from one day to another,
// both included; an empty one is open. It reads in proportion to that and not to
// all the record holds on the pair. What the register derives (what came of a
// pledge, whether a count is right) rests on these days alone.
func LoadBetween(ctx context.Context, rec *record.Record, d rapport.Dyad, since, until rapport.Date) (*Relation, error) {
	f := record.Filter{Since: since, Until: until}
	var claims []rapport.Claim
	var events []rapport.Event
	err := atOnce([]func() error{
		func() (err error) { claims, err = rec.ClaimsBetween(ctx, d, f); return err },
		func() (err error) { events, err = rec.EventsBetween(ctx, d, f); return err },
	})
	if err != nil {
		return nil, err
	}
	close, have := make(map[string]bool, len(claims)), make(map[string]bool, len(claims))
	for i := range claims {
		close[claims[i].ID], have[claims[i].ID] = true, true
	}
	known, merged := make(map[string]bool, len(events)), make(map[string]bool, len(claims))
	for i := range events {
		known[events[i].ID] = true
		for _, c := range events[i].Claims {
			merged[c] = true
		}
	}
	var alone, missing []string
	for i := range claims {
		if !merged[claims[i].ID] {
			alone = append(alone, claims[i].ID)
		}
	}
	others, err := rec.EventsOfClaims(ctx, alone)
	if err != nil {
		return nil, err
	}
	for _, e := range others {
		if !known[e.ID] {
			known[e.ID] = true
			events = append(events, e)
		}
	}
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
	claims = append(claims, more...)
	reports, err := withReportsOf(ctx, rec, nil, claims)
	if err != nil {
		return nil, err
	}
	return of(d, slices.Clip(claims), events, reports, close, ""), nil
}
