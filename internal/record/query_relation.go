package record

import (
	"context"
	"encoding/json"
	"slices"

	"rapport"
)

// ClaimsByID returns the claims with these ids that are on the register, in the
// order kept.
func (r *Record) ClaimsByID(ctx context.Context, ids []string) ([]rapport.Claim, error) {
	return listed(ctx, r, scanJSON[rapport.Claim], ids, `SELECT coalesce(stands, body) FROM claim WHERE live = 1 AND n IN (
		SELECT c.n FROM json_each(?) j CROSS JOIN claim c ON c.id = j.value) ORDER BY n`)
}

// ReportsOn returns the reports that tell of a pair, without their texts, in the
// order kept.
func (r *Record) ReportsOn(ctx context.Context, d rapport.Dyad) ([]rapport.Report, error) {
	return all(rowsOf(ctx, r, scanReport, reportsOnQuery, d.A, d.B))
}

var reportsOnQuery = `SELECT ` + headColumns + ` FROM report WHERE current = 1 AND n IN (
	SELECT c.report FROM claim_dyad f CROSS JOIN claim c ON c.n = f.claim WHERE f.dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?)) ORDER BY n`

// Place is where a claim stands.
type Place struct {
	Claim, Report int64 // as the record counts them
	rapport.Span        // of its evidence
	On            bool  // whether the claim is on the pair asked for
}

// Places returns where the claims of the reports that tell of a pair stand, each
// report's together. It reads none of them: a tenth of what that takes.
func (r *Record) Places(ctx context.Context, d rapport.Dyad) ([]Place, error) {
	on := map[int64]bool{}
	told := map[int64]bool{}
	var reports []int64
	for p, err := range rowsOf(ctx, r, func(rows scanner) (p Place, err error) { return p, rows.Scan(&p.Claim, &p.Report) }, placesOnQuery, d.A, d.B) {
		if err != nil {
			return nil, err
		}
		on[p.Claim] = true
		if !told[p.Report] {
			told[p.Report] = true
			reports = append(reports, p.Report)
		}
	}
	return listed(ctx, r, func(rows scanner) (p Place, err error) {
		err = rows.Scan(&p.Claim, &p.Report, &p.Start, &p.End)
		p.On = on[p.Claim]
		return p, err
	}, reports, placesQuery)
}

const (
	placesOnQuery = `SELECT f.claim, c.report FROM claim_dyad f CROSS JOIN claim c ON c.n = f.claim WHERE f.dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?)`
	placesQuery   = `SELECT c.n, c.report, c.start, c."end" FROM json_each(?) j CROSS JOIN claim c ON c.report = j.value WHERE c.live = 1`
)

// ClaimsAt returns those of the claims at these places that one of the pair's
// countries acts in or is acted on, in the order of the places.
func (r *Record) ClaimsAt(ctx context.Context, d rapport.Dyad, places []Place) ([]rapport.Claim, error) {
	ns := make([]int64, len(places))
	for i := range places {
		ns[i] = places[i].Claim
	}
	claims, err := listed(ctx, r, scanJSON[rapport.Claim], ns, claimsAtQuery, quoted(d.A), quoted(d.B))
	return slices.DeleteFunc(claims, func(c rapport.Claim) bool {
		return !named(d.A, c.Actor, c.Recipient) && !named(d.B, c.Actor, c.Recipient)
	}), err
}

// EventsOnBoth returns the events that act on both countries of a pair and that
// a report with a claim on the pair tells, by itself or with others.
func (r *Record) EventsOnBoth(ctx context.Context, d rapport.Dyad) ([]rapport.Event, error) {
	events, err := all(rowsOf(ctx, r, scanJSON[rapport.Event], eventsOnBothQuery, d.A, d.B, quoted(d.A), quoted(d.B)))
	return slices.DeleteFunc(events, func(e rapport.Event) bool { return !named(d.A, e.Recipient) || !named(d.B, e.Recipient) }), err
}

// The country's code in a body is looked for before the body is decoded.
const (
	claimsAtQuery = `SELECT coalesce(c.stands, c.body) FROM json_each(?) j CROSS JOIN claim c ON c.n = j.value
	WHERE instr(coalesce(c.stands, c.body), ?) OR instr(coalesce(c.stands, c.body), ?)`
	eventsOnBothQuery = `SELECT body FROM event WHERE n IN (
	SELECT ec.event FROM claim_dyad f CROSS JOIN claim c ON c.n = f.claim CROSS JOIN claim o ON o.report = c.report CROSS JOIN event_claim ec ON ec.claim = o.n
	WHERE f.dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?)) AND instr(body, ?) AND instr(body, ?) ORDER BY n`
)

func quoted(country string) string { return `"` + country + `"` }

func named(country string, lists ...[]rapport.Party) bool {
	return slices.ContainsFunc(slices.Concat(lists...), func(p rapport.Party) bool { return p.Country == country })
}

// EventsOfClaims returns the events that these claims are part of, each once.
// Claims not yet merged have none.
func (r *Record) EventsOfClaims(ctx context.Context, claims []string) ([]rapport.Event, error) {
	return listed(ctx, r, scanJSON[rapport.Event], claims, `SELECT body FROM event WHERE n IN (
		SELECT ec.event FROM json_each(?) j CROSS JOIN claim c ON c.id = j.value CROSS JOIN event_claim ec ON ec.claim = c.n) ORDER BY n`)
}

// listed runs a query over a list, which is its first argument.
func listed[K, T any](ctx context.Context, r *Record, scan func(scanner) (T, error), list []K, query string, more ...any) ([]T, error) {
	if len(list) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return all(rowsOf(ctx, r, scan, query, append([]any{string(text)}, more...)...))
}
