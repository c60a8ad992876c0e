package record

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"rapport"
)

// ClaimFilter narrows the claims on the register. The zero ClaimFilter lets all
// through; within a field any of the values will do.
type ClaimFilter struct {
	Report       string           // id of the report that tells them
	Pair         rapport.Dyad     // on this pair; zero is any
	Events       []string         // types and types with a mode: "CONSULT", "CONSULT:visit"
	Status       []rapport.Status //
	Since, Until rapport.Date     // those that may have happened in this time; undated ones by their report's day where Pair is given, else left out
	Confidence   float64          // 0 … 1, at least
	Newest       bool             // of a pair: newest first, else oldest first; without a pair: last kept first, else first
	Limit        int              // of a page; 0 is a hundred
}

// ClaimRow is a claim with its event and its report.
type ClaimRow struct {
	Claim  rapport.Claim
	Event  string         // id; empty while the claim waits to be merged
	Report rapport.Report // without its text
}

// ClaimPage is a part of a list of claims.
type ClaimPage struct {
	Rows []ClaimRow
	Next string // id of the claim after which the next page begins
	More bool   // whether there may be a next page
}

// ClaimPage returns the page of claims that f lets through after the claim with
// that id, "" at the beginning: those of a pair by day, others as kept. Like
// [Record.EventPage] it may end early.
func (r *Record) ClaimPage(ctx context.Context, f ClaimFilter, after string) (ClaimPage, error) {
	p := ClaimPage{Next: after}
	limit := f.Limit
	if limit <= 0 {
		limit = pageLimit
	}
	var claims []rapport.Claim
	for looked := 0; len(claims) < limit && looked < pageLook; {
		part, more, err := r.claimsAfter(ctx, f, p.Next, min(4*(limit-len(claims)), chunk))
		if err != nil {
			return p, err
		}
		p.More = more
		for i := range part {
			if len(claims) == limit {
				p.More = true
				break
			}
			p.Next = part[i].ID
			if f.passes(&part[i]) {
				claims = append(claims, part[i])
			}
		}
		if looked += len(part); !more {
			break
		}
	}
	var err error
	p.Rows, err = r.claimRows(ctx, claims)
	return p, err
}

// claimsAfter returns the next n claims that the register lets through.
func (r *Record) claimsAfter(ctx context.Context, f ClaimFilter, after string, n int) (claims []rapport.Claim, more bool, err error) {
	if f.Pair != (rapport.Dyad{}) {
		var types []string
		for _, t := range f.Events {
			t, _, _ = strings.Cut(t, ":")
			types = append(types, t)
		}
		claims, err = r.ClaimsBetween(ctx, f.Pair, Filter{Since: f.Since, Until: f.Until, Events: types, Status: f.Status, Newest: f.Newest, Cursor: after, Limit: n + 1})
	} else {
		var number int64
		if after != "" {
			err := r.read.QueryRowContext(ctx, `SELECT n FROM claim WHERE id = ?`, after).Scan(&number)
			if err != nil {
				return nil, false, r.found("claim", after, err)
			}
		}
		beyond, order := ">", "ASC"
		if f.Newest {
			beyond, order = "<", "DESC"
			if after == "" {
				number = 1<<63 - 1
			}
		}
		q, args := `SELECT coalesce(stands, body) FROM claim WHERE live = 1 AND n `+beyond+` ?`, []any{number}
		if f.Report != "" {
			q += ` AND report = (SELECT n FROM report WHERE id = ? AND current = 1)`
			args = append(args, f.Report)
		}
		claims, err = all(rowsOf(ctx, r, scanJSON[rapport.Claim], q+` ORDER BY n `+order+` LIMIT ?`, append(args, n+1)...))
	}
	if len(claims) > n {
		claims, more = claims[:n], true
	}
	return claims, more, err
}

func (f *ClaimFilter) passes(c *rapport.Claim) bool {
	onPair := f.Pair != (rapport.Dyad{})
	return c.Confidence >= f.Confidence &&
		(!onPair || f.Report == "" || c.Report == f.Report) &&
		(len(f.Events) == 0 || slices.ContainsFunc(f.Events, func(t string) bool { return t == c.Event || t == c.Event+":"+c.Mode })) &&
		(len(f.Status) == 0 || slices.Contains(f.Status, c.Status)) &&
		(onPair || f.Since == "" && f.Until == "" || within(c.Date, f.Since, f.Until))
}

// claimRows adds to claims what they are told by and part of.
func (r *Record) claimRows(ctx context.Context, claims []rapport.Claim) ([]ClaimRow, error) {
	ids, of := make([]string, len(claims)), map[string]rapport.Report{}
	reports := []string{}
	for i := range claims {
		ids[i] = claims[i].ID
		if _, ok := of[claims[i].Report]; !ok {
			of[claims[i].Report] = rapport.Report{}
			reports = append(reports, claims[i].Report)
		}
	}
	for rep, err := range r.Reports(ctx, ReportFilter{IDs: reports, NoText: true}) {
		if err != nil {
			return nil, err
		}
		of[rep.ID] = rep
	}
	events := map[string]string{}
	pairs, err := listed(ctx, r, func(rows scanner) (p [2]string, err error) { return p, rows.Scan(&p[0], &p[1]) }, ids,
		`SELECT c.id, e.id FROM json_each(?) j CROSS JOIN claim c ON c.id = j.value CROSS JOIN event_claim ec ON ec.claim = c.n CROSS JOIN event e ON e.n = ec.event`)
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		events[p[0]] = p[1]
	}
	out := make([]ClaimRow, len(claims))
	for i := range claims {
		out[i] = ClaimRow{claims[i], events[claims[i].ID], of[claims[i].Report]}
	}
	return out, nil
}

// ClaimRow returns a claim as it stands, with its event and its report, also
// one that is no longer on the register.
func (r *Record) ClaimRow(ctx context.Context, id string) (ClaimRow, error) {
	c, err := r.Claim(ctx, id)
	if err != nil {
		return ClaimRow{}, err
	}
	rows, err := r.claimRows(ctx, []rapport.Claim{c})
	if err != nil {
		return ClaimRow{}, err
	}
	return rows[0], nil
}

// EventRow returns an event with the claims that tell it and their reports.
func (r *Record) EventRow(ctx context.Context, id string) (EventRow, error) {
	var n int64
	err := r.read.QueryRowContext(ctx, `SELECT n FROM event WHERE id = ?`, id).Scan(&n)
	if err != nil {
		return EventRow{}, r.found("event", id, err)
	}
	rows, err := r.eventRows(ctx, []int64{n})
	if err == nil && rows[0].Event.ID != id { // derived anew in between
		err = sql.ErrNoRows
	}
	if errors.Is(err, sql.ErrNoRows) {
		return EventRow{}, r.found("event", id, err)
	}
	if err != nil {
		return EventRow{}, err
	}
	return rows[0], nil
}

// ReportPage returns up to limit reports without their texts after the one with
// number after (0: the beginning), in the order kept, or from the last kept
// back; next is the number of the last.
func (r *Record) ReportPage(ctx context.Context, f ReportFilter, newest bool, after int64, limit int) (reports []rapport.Report, next int64, more bool, err error) {
	beyond, order := ">", "ASC"
	if newest {
		beyond, order = "<", "DESC"
		if after == 0 {
			after = 1<<63 - 1
		}
	}
	q, args := `SELECT n, `+headColumns+` FROM report WHERE current = 1 AND n `+beyond+` ?`, []any{after}
	if f.Outlet != "" {
		q += ` AND outlet = ?`
		args = append(args, f.Outlet)
	}
	type row struct {
		n   int64
		rep rapport.Report
	}
	next = after
	looked := 0
	for v, err := range rowsOf(ctx, r, func(rows scanner) (v row, err error) {
		v.rep, err = scanReport(scanFunc(func(to ...any) error { return rows.Scan(append([]any{&v.n}, to...)...) }))
		return v, err
	}, q+` ORDER BY n `+order, args...) {
		if err != nil {
			return nil, 0, false, err
		}
		if len(reports) == limit || looked == 10*pageLook {
			return reports, next, true, nil
		}
		looked++
		next = v.n
		if f.Since == "" && f.Until == "" || within(v.rep.Published, f.Since, f.Until) {
			reports = append(reports, v.rep)
		}
	}
	return reports, next, false, nil
}
