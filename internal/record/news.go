package record

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"rapport"
)

// News is an event with when the record came to know it.
type News struct {
	EventRow
	First string   // id of its claim that was kept first: unlike the event's id it stays when further claims join
	Last  int64    // number of its claim that was kept last; numbers rise with every claim kept
	New   []string // of NewsAfter: ids of the claims kept since, in the order kept
}

// newsLook is how many events [Record.LatestEvents] looks at before it gives
// up looking for more.
const newsLook = 10_000

// LatestEvents returns up to f.Limit (0: 50) of the events that f lets through,
// those first that a report told last. It looks at the latest 10,000 events of
// the pair or parties asked for, or of all.
func (r *Record) LatestEvents(ctx context.Context, f EventFilter) ([]News, error) {
	for _, d := range []rapport.Date{f.Since, f.Until} {
		if err := d.Check(); err != nil {
			return nil, &rapport.Error{Kind: rapport.Usage, Where: string(d), What: "cannot bound a time", Err: err}
		}
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	next, err := r.latest(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []News
	for looked := 0; looked < newsLook; {
		ns, err := next(min(chunk, 4*limit))
		if err != nil || len(ns) == 0 {
			return out, err
		}
		looked += len(ns)
		news, err := r.news(ctx, ns)
		if err != nil {
			return nil, err
		}
		for _, n := range news {
			if !f.lets(&n.Event) || !f.passes(&n.EventRow) {
				continue
			}
			if out = append(out, n); len(out) == limit {
				return out, nil
			}
		}
	}
	return out, nil
}

// latest returns what yields the numbers of events by their last claim, newest
// first, some at a time. Of a pair or parties all are sorted at once; else the
// claims are walked backwards.
func (r *Record) latest(ctx context.Context, f EventFilter) (func(n int) ([]int64, error), error) {
	since, _ := termOf(f.Since)
	until, _ := termOf(f.Until)
	number := func(rows scanner) (n int64, err error) { return n, rows.Scan(&n) }
	if f.Pair != (rapport.Dyad{}) || len(f.Party) > 0 {
		list, err := json.Marshal(f.Party)
		if err != nil {
			return nil, err
		}
		ns, err := all(rowsOf(ctx, r, number, `SELECT ec.event FROM dyad p CROSS JOIN event_dyad d ON d.dyad = p.n CROSS JOIN event_claim ec ON ec.event = d.event
			WHERE (?1 = '' OR p.a = ?1 AND p.b = ?2) AND (?3 = 'null' OR p.a IN (SELECT value FROM json_each(?3)) OR p.b IN (SELECT value FROM json_each(?3)))
			AND d.day <= ?4 AND d.until >= ?5 GROUP BY ec.event ORDER BY max(ec.claim) DESC LIMIT ?6`,
			f.Pair.A, f.Pair.B, string(list), until.until, since.day, newsLook))
		return func(n int) ([]int64, error) {
			part := ns[:min(n, len(ns))]
			ns = ns[len(part):]
			return part, nil
		}, err
	}
	seen := map[int64]bool{}
	before := int64(1) << 62
	return func(n int) ([]int64, error) {
		for {
			type told struct{ claim, event int64 }
			rows, err := all(rowsOf(ctx, r, func(rows scanner) (t told, err error) { return t, rows.Scan(&t.claim, &t.event) },
				`SELECT ec.claim, ec.event FROM event_claim ec CROSS JOIN event e ON e.n = ec.event
				WHERE ec.claim < ? AND e.day <= ? AND e.until >= ? ORDER BY ec.claim DESC LIMIT ?`, before, until.until, since.day, n))
			if err != nil || len(rows) == 0 {
				return nil, err
			}
			var out []int64
			for _, t := range rows {
				before = t.claim
				if !seen[t.event] {
					seen[t.event] = true
					out = append(out, t.event)
				}
			}
			if len(out) > 0 {
				return out, nil
			}
		}
	}, nil
}

// news reads events by their numbers, in the order asked, but for those that
// were merged anew meanwhile.
func (r *Record) news(ctx context.Context, ns []int64) ([]News, error) {
	rows, err := r.eventRows(ctx, ns)
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(ns)
	if err != nil {
		return nil, err
	}
	type bounds struct {
		event, last int64
		first       string
	}
	bs, err := all(rowsOf(ctx, r, func(rows scanner) (b bounds, err error) { return b, rows.Scan(&b.event, &b.last, &b.first) },
		`SELECT j.value, coalesce((SELECT max(claim) FROM event_claim WHERE event = j.value), 0),
			coalesce((SELECT id FROM claim WHERE n = (SELECT min(claim) FROM event_claim WHERE event = j.value)), '') FROM json_each(?) j`, string(list)))
	if err != nil {
		return nil, err
	}
	var out []News
	for i := range rows {
		if rows[i].Event.ID != "" && bs[i].first != "" {
			out = append(out, News{EventRow: rows[i], First: bs[i].first, Last: bs[i].last})
		}
	}
	return out, nil
}

// Matches reports whether f lets an event through, its number and order apart.
// What nobody dates is let through at any time.
func (f *EventFilter) Matches(row *EventRow) bool {
	since, _ := termOf(f.Since)
	until, _ := termOf(f.Until)
	t, _ := termOf(row.Event.Date)
	return t.day <= until.until && t.until >= since.day && f.lets(&row.Event) && f.passes(row)
}

// lets tells of an event what the columns of the register do, but for time.
func (f *EventFilter) lets(e *rapport.Event) bool {
	pairs := filing(e.Actor, e.Recipient)
	if f.Pair != (rapport.Dyad{}) && !slices.Contains(pairs, f.Pair) {
		return false
	}
	if len(f.Party) > 0 && !slices.ContainsFunc(pairs, func(d rapport.Dyad) bool { return slices.Contains(f.Party, d.A) || slices.Contains(f.Party, d.B) }) {
		return false
	}
	return len(f.Status) == 0 || slices.Contains(f.Status, e.Status)
}

// FirstClaims returns, by event id, the id of the claim of each event that was
// kept first. Events that are not there are left out.
func (r *Record) FirstClaims(ctx context.Context, events []string) (map[string]string, error) {
	list, err := json.Marshal(events)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for p, err := range rowsOf(ctx, r, func(rows scanner) (p [2]string, err error) { return p, rows.Scan(&p[0], &p[1]) },
		`SELECT e.id, c.id FROM json_each(?) j CROSS JOIN event e ON e.id = j.value CROSS JOIN claim c ON c.n = (SELECT min(claim) FROM event_claim WHERE event = e.n)`, string(list)) {
		if err != nil {
			return nil, err
		}
		out[p[0]] = p[1]
	}
	return out, nil
}

// LastClaim returns the number of the claim kept last, 0 when there is none.
func (r *Record) LastClaim(ctx context.Context) (n int64, err error) {
	err = r.read.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM claim`).Scan(&n)
	return n, r.fail("cannot be read", err)
}

// NewsAfter returns the events that claims tell which were kept after claim
// number after, each once, in the order of their last new claim; and the number
// to go on from. It looks at up to limit claims and stops before the first that
// waits to be merged: next is after when there is nothing new yet.
func (r *Record) NewsAfter(ctx context.Context, after int64, limit int) (out []News, next int64, err error) {
	type told struct {
		n, event int64
		id       string
	}
	rows, err := all(rowsOf(ctx, r, func(rows scanner) (t told, err error) { return t, rows.Scan(&t.n, &t.event, &t.id) },
		`SELECT c.n, coalesce((SELECT event FROM event_claim WHERE claim = c.n), 0), c.id FROM claim c WHERE c.n > ?1 AND c.live = 1
		AND c.n < coalesce((SELECT min(u.claim) FROM unmerged u CROSS JOIN claim w ON w.n = u.claim WHERE u.claim > ?1 AND w.live = 1), ?3)
		ORDER BY c.n LIMIT ?2`, after, limit, int64(1)<<62))
	if err != nil {
		return nil, after, err
	}
	next = after
	added := map[int64][]string{}
	last := map[int64]int64{}
	for _, t := range rows {
		if t.event == 0 { // has no event, though nobody says that it waits for one
			break
		}
		next = t.n
		added[t.event] = append(added[t.event], t.id)
		last[t.event] = t.n
	}
	ns := make([]int64, 0, len(added))
	for n := range added {
		ns = append(ns, n)
	}
	slices.SortFunc(ns, func(a, b int64) int { return cmp.Compare(last[a], last[b]) })
	if out, err = r.news(ctx, ns); err != nil {
		return nil, after, err
	}
	if len(out) < len(ns) { // merged anew just now: the next call sees how
		return nil, after, nil
	}
	for i := range out {
		out[i].New = added[ns[i]]
	}
	return out, next, nil
}
