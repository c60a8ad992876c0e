package record

import (
	"context"
	"encoding/json"

	"rapport"
)

// ClaimsByID returns the claims with these ids that are on the register, in the
// order kept.
func (r *Record) ClaimsByID(ctx context.Context, ids []string) ([]rapport.Claim, error) {
	return listed[rapport.Claim](ctx, r, ids, `SELECT coalesce(stands, body) FROM claim WHERE live = 1 AND n IN (
		SELECT c.n FROM json_each(?) j CROSS JOIN claim c ON c.id = j.value) ORDER BY n`)
}

// ClaimsOfReports returns the claims of the newest versions of these reports, in
// the order kept.
func (r *Record) ClaimsOfReports(ctx context.Context, reports []string) ([]rapport.Claim, error) {
	return listed[rapport.Claim](ctx, r, reports, `SELECT coalesce(c.stands, c.body) FROM claim c WHERE c.live = 1 AND c.n IN (
		SELECT d.n FROM json_each(?) j CROSS JOIN report r ON r.id = j.value AND r.current = 1 CROSS JOIN claim d ON d.report = r.n) ORDER BY c.n`)
}

// EventsOfClaims returns the events that these claims are part of, each once.
// Claims not yet merged have none.
func (r *Record) EventsOfClaims(ctx context.Context, claims []string) ([]rapport.Event, error) {
	return listed[rapport.Event](ctx, r, claims, `SELECT body FROM event WHERE n IN (
		SELECT ec.event FROM json_each(?) j CROSS JOIN claim c ON c.id = j.value CROSS JOIN event_claim ec ON ec.claim = c.n) ORDER BY n`)
}

// listed runs a query over a list of ids.
func listed[T any](ctx context.Context, r *Record, ids []string, query string) ([]T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return all(rowsOf(ctx, r, scanJSON[T], query, string(list)))
}

// Families returns, for each of these reports, the id of the first report of its
// family: those of the same or nearly the same text, which count as one source.
func (r *Record) Families(ctx context.Context, reports []string) (map[string]string, error) {
	list, err := json.Marshal(reports)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for pair, err := range rowsOf(ctx, r, func(rows scanner) (p [2]string, err error) { return p, rows.Scan(&p[0], &p[1]) },
		`SELECT r.id, coalesce(f.id, r.id) FROM json_each(?) j CROSS JOIN report r ON r.id = j.value AND r.current = 1 LEFT JOIN report f ON f.n = r.family`, string(list)) {
		if err != nil {
			return nil, err
		}
		out[pair[0]] = pair[1]
	}
	return out, nil
}
