package relations

import (
	"context"

	"rapport"
	"rapport/internal/record"
)

// Load returns the register of a pair as of a day from a record: its events
// and claims, and what else the reports that tell of the pair say.
func Load(ctx context.Context, rec *record.Record, d rapport.Dyad, asOf rapport.Date) (*Relation, error) {
	on, err := rec.ClaimsBetween(ctx, d, record.Filter{})
	if err != nil {
		return nil, err
	}
	reports := map[string]rapport.Report{}
	claims := map[string]rapport.Claim{}
	for _, c := range on {
		claims[c.ID] = c
		if _, ok := reports[c.Report]; ok {
			continue
		}
		if reports[c.Report], err = rec.Report(ctx, c.Report); err != nil {
			return nil, err
		}
		more, err := rec.ClaimsOf(ctx, c.Report)
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			claims[m.ID] = m
		}
	}
	events := map[string]rapport.Event{}
	between, err := rec.EventsBetween(ctx, d, record.Filter{})
	if err != nil {
		return nil, err
	}
	of := map[string]bool{} // claims whose event is known
	add := func(e rapport.Event) {
		events[e.ID] = e
		for _, c := range e.Claims {
			of[c] = true
		}
	}
	for _, e := range between {
		add(e)
	}
	for _, id := range sortedKeys(claims) {
		if of[id] {
			continue
		}
		e, err := rec.EventOf(ctx, id)
		if rapport.KindOf(err) == rapport.NotFound {
			continue // not yet merged
		}
		if err != nil {
			return nil, err
		}
		add(e)
	}
	// An event may be told by reports that tell nothing else of the pair.
	for _, id := range sortedKeys(of) {
		if _, ok := claims[id]; ok {
			continue
		}
		c, err := rec.Claim(ctx, id)
		if err != nil {
			return nil, err
		}
		claims[id] = c
		if _, ok := reports[c.Report]; !ok {
			if reports[c.Report], err = rec.Report(ctx, c.Report); err != nil {
				return nil, err
			}
		}
	}
	var cs []rapport.Claim
	for _, id := range sortedKeys(claims) {
		cs = append(cs, claims[id])
	}
	var es []rapport.Event
	for _, id := range sortedKeys(events) {
		es = append(es, events[id])
	}
	return Of(d, cs, es, reports, asOf), nil
}
