package record

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"rapport"
)

// State returns a number that is another one whenever the record has been
// written since, by this process or another. It costs some microseconds: pages
// are kept by it. It tells nothing across two openings of a record.
func (r *Record) State(ctx context.Context) (int64, error) {
	r.stateMu.Lock() // data_version is of a connection: always ask the same
	defer r.stateMu.Unlock()
	if r.state == nil {
		c, err := r.read.Conn(context.WithoutCancel(ctx))
		if err != nil {
			return 0, r.fail("cannot be read", err)
		}
		r.state = c
	}
	var n int64
	err := r.state.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&n)
	return n, r.fail("cannot be read", err)
}

// latestQuery and the others below are pinned by TestPlansOfPages.
const (
	latestQuery = `SELECT n FROM event WHERE day <= ? ORDER BY day DESC, n DESC LIMIT ?`
	aboutQuery  = `SELECT event FROM event_name WHERE kind = ? AND name = ? ORDER BY day DESC, event DESC LIMIT ? OFFSET ?`
	doubtQuery  = `SELECT coalesce(stands, body) FROM claim c WHERE live = 1 AND stands IS NULL
		AND NOT EXISTS (SELECT 1 FROM review v WHERE v.claim = c.id AND v.verdict <> 'undo'
			AND NOT EXISTS (SELECT 1 FROM review u WHERE u.claim = v.claim AND u.undoes = v.n))
		ORDER BY iif(json_valid(body), body ->> '$.confidence', 0) LIMIT ?`
	pairDaysQuery = `SELECT event, day FROM event_dyad WHERE dyad = ? AND long = 0 AND day <= ? ORDER BY day DESC, event DESC LIMIT ?`
	windowQuery   = `SELECT day FROM claim_dyad WHERE dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?) AND long = 0 ORDER BY day DESC LIMIT 1 OFFSET ?`
	outletQuery   = `SELECT id FROM report WHERE outlet = ? AND current = 1 ORDER BY published DESC LIMIT ?`
)

func scanNumber(rows scanner) (n int64, err error) { return n, rows.Scan(&n) }

// Latest returns the last events that may have begun by a day, newest first,
// with their claims and reports.
func (r *Record) Latest(ctx context.Context, by rapport.Date, limit int) ([]EventRow, error) {
	t, _ := termOf(by)
	ns, err := all(rowsOf(ctx, r, scanNumber, latestQuery, min(t.until, openEnd-1), limit))
	if err != nil {
		return nil, err
	}
	return r.eventRows(ctx, ns)
}

// NameKind says of what kind a name of an event is.
type NameKind string

// What events name.
const (
	PartyName NameKind = "p" // a person or body that acts or is acted on
	PlaceName NameKind = "l"
)

// About returns the events that name exactly this person, body or place, newest
// first, after leaving out so many of them, and how many there are.
func (r *Record) About(ctx context.Context, kind NameKind, name string, limit, skip int) ([]EventRow, int, error) {
	var n int
	err := r.read.QueryRowContext(ctx, `SELECT count(*) FROM event_name WHERE kind = ? AND name = ?`, string(kind), name).Scan(&n)
	if err != nil {
		return nil, 0, r.fail("cannot be read", err)
	}
	ns, err := all(rowsOf(ctx, r, scanNumber, aboutQuery, string(kind), name, limit, skip))
	if err != nil {
		return nil, 0, err
	}
	rows, err := r.eventRows(ctx, ns)
	return rows, n, err
}

// Names returns the names of a kind that events bear, sorted, each once.
func (r *Record) Names(ctx context.Context, kind NameKind) ([]string, error) {
	// From one name to the next along the key, not through all events.
	return all(rowsOf(ctx, r, func(rows scanner) (s string, err error) { return s, rows.Scan(&s) }, `
		WITH RECURSIVE each(name) AS (
			SELECT min(name) FROM event_name WHERE kind = ?1
			UNION ALL
			SELECT (SELECT min(n.name) FROM event_name n WHERE n.kind = ?1 AND n.name > each.name) FROM each WHERE name IS NOT NULL
		) SELECT name FROM each WHERE name IS NOT NULL`, string(kind)))
}

// LatestOf returns the last events of a country by a day, with others and by
// itself, newest first, with their claims and reports.
func (r *Record) LatestOf(ctx context.Context, country string, by rapport.Date, limit int) ([]EventRow, error) {
	t, _ := termOf(by)
	pairs, err := all(rowsOf(ctx, r, scanNumber, `SELECT n FROM dyad WHERE (a = ?1 OR b = ?1) AND events > 0`, country))
	if err != nil {
		return nil, err
	}
	type dated struct {
		n   int64
		day int
	}
	var found []dated
	seen := map[int64]bool{}
	for _, p := range pairs {
		some, err := all(rowsOf(ctx, r, func(rows scanner) (d dated, err error) { return d, rows.Scan(&d.n, &d.day) }, pairDaysQuery, p, min(t.until, openEnd-1), limit))
		if err != nil {
			return nil, err
		}
		for _, d := range some {
			if !seen[d.n] {
				seen[d.n] = true
				found = append(found, d)
			}
		}
	}
	slices.SortFunc(found, func(a, b dated) int { return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(b.n, a.n)) })
	ns := []int64{}
	for _, d := range found[:min(len(found), limit)] {
		ns = append(ns, d.n)
	}
	return r.eventRows(ctx, ns)
}

// EventRows returns these events in their order with their claims and reports;
// those that are not there are left out.
func (r *Record) EventRows(ctx context.Context, ids ...string) ([]EventRow, error) {
	ns, err := listed(ctx, r, scanNumber, ids, `SELECT e.n FROM json_each(?) j CROSS JOIN event e ON e.id = j.value ORDER BY j.key`)
	if err != nil {
		return nil, err
	}
	return r.eventRows(ctx, ns)
}

// Doubtful returns claims on the register that no person has reviewed, the least
// certain first.
func (r *Record) Doubtful(ctx context.Context, limit int) ([]rapport.Claim, error) {
	return all(rowsOf(ctx, r, scanJSON[rapport.Claim], doubtQuery, limit))
}

// OutletCount is an outlet and how many reports of it are current.
type OutletCount struct {
	Outlet  string
	Reports int
}

// Outlets returns the outlets of the current reports, most reports first.
func (r *Record) Outlets(ctx context.Context) ([]OutletCount, error) {
	return all(rowsOf(ctx, r, func(rows scanner) (o OutletCount, err error) { return o, rows.Scan(&o.Outlet, &o.Reports) },
		`SELECT outlet, count(*) FROM report WHERE current = 1 AND outlet <> '' GROUP BY outlet ORDER BY 2 DESC, 1`))
}

// ReportsOf returns the last reports of an outlet, newest first and without their
// texts, and how many there are.
func (r *Record) ReportsOf(ctx context.Context, outlet string, limit int) ([]rapport.Report, int, error) {
	var n int
	if err := r.read.QueryRowContext(ctx, `SELECT count(*) FROM report WHERE outlet = ? AND current = 1`, outlet).Scan(&n); err != nil {
		return nil, 0, r.fail("cannot be read", err)
	}
	q := strings.Replace(outletQuery, "SELECT id", "SELECT "+headColumns, 1)
	reports, err := all(rowsOf(ctx, r, scanReport, q, outlet, limit))
	return reports, n, err
}

// Window returns the day from which on a pair has about so many dated claims,
// and "" when it has no more than these in all.
func (r *Record) Window(ctx context.Context, d rapport.Dyad, claims int) (rapport.Date, error) {
	days, err := all(rowsOf(ctx, r, scanNumber, windowQuery, d.A, d.B, claims))
	if err != nil || len(days) == 0 {
		return "", err
	}
	return dayOf(int(days[0])), nil
}

// Pulse is a quarter of a pair in numbers.
type Pulse struct {
	Year, Quarter         int // 0 for what is dated to the year only
	Events                int
	Cooperation, Conflict float64 // sums of positive and of negative PLOVER scores
	Reports               int     // published in the quarter
}

// Pulses returns the quarters of a pair in which anything happened that is dated
// to a year or better, or in which a report on it was published, in order.
func (r *Record) Pulses(ctx context.Context, d rapport.Dyad) ([]Pulse, error) {
	by := map[[2]int]*Pulse{}
	at := func(year, quarter int) *Pulse {
		k := [2]int{year, quarter}
		if by[k] == nil {
			by[k] = &Pulse{Year: k[0], Quarter: k[1]}
		}
		return by[k]
	}
	type row struct {
		day, until int
		score      float64
	}
	// The score is found in the bytes of the body: no string of JSON holds this
	// key, for its quotation marks would be escaped. SQLite's own reading took
	// four times as long.
	key := []byte(`"score":`)
	for e, err := range rowsOf(ctx, r, func(rows scanner) (e row, err error) {
		var body sql.RawBytes
		if err := rows.Scan(&e.day, &e.until, &body); err != nil {
			return e, err
		}
		if _, rest, ok := bytes.Cut(body, key); ok {
			if n := bytes.IndexAny(rest, ",}"); n >= 0 {
				e.score, err = strconv.ParseFloat(string(rest[:n]), 64)
			}
		}
		return e, err
	},
		`SELECT f.day, f.until, e.body FROM event_dyad f CROSS JOIN event e ON e.n = f.event
			WHERE f.dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?) AND f.long = 0 AND f.status IN ('actual', 'historical')`, d.A, d.B) {
		if err != nil {
			return nil, err
		}
		quarter := (e.day/100%100 + 2) / 3
		if e.day/10000 != e.until/10000 {
			continue
		}
		if quarter != (e.until/100%100+2)/3 {
			quarter = 0
		}
		p := at(e.day/10000, quarter)
		p.Events++
		p.Cooperation += max(e.score, 0)
		p.Conflict += min(e.score, 0)
	}
	for s, err := range rowsOf(ctx, r, func(rows scanner) (s string, err error) { return s, rows.Scan(&s) },
		`SELECT published FROM report WHERE current = 1 AND family = n AND n IN (
			SELECT c.report FROM claim_dyad f CROSS JOIN claim c ON c.n = f.claim WHERE f.dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?))`, d.A, d.B) {
		if err != nil {
			return nil, err
		}
		if t, ok := termOf(rapport.Date(s)); ok && t.day/100 == t.until/100 {
			at(t.day/10000, (t.day/100%100+2)/3).Reports++
		}
	}
	var out []Pulse
	for _, p := range by {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Pulse) int { return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Quarter, b.Quarter)) })
	return out, nil
}

// Reviewed returns the reports with a claim that a person accepted, corrected or
// rejected and did not undo, in the order kept.
func (r *Record) Reviewed(ctx context.Context) ([]string, error) {
	return all(rowsOf(ctx, r, func(rows scanner) (s string, err error) { return s, rows.Scan(&s) },
		`SELECT id FROM report WHERE current = 1 AND n IN (SELECT c.report FROM review v CROSS JOIN claim c ON c.id = v.claim WHERE v.verdict <> 'undo'
			AND NOT EXISTS (SELECT 1 FROM review u WHERE u.claim = v.claim AND u.undoes = v.n)) ORDER BY n`))
}

// LastPublished returns the day of the latest report that has one.
func (r *Record) LastPublished(ctx context.Context) (rapport.Date, error) {
	var last string
	err := r.read.QueryRowContext(ctx, `SELECT coalesce(max(published), '') FROM report WHERE current = 1 AND length(published) = 10`).Scan(&last)
	return rapport.Date(last), r.fail("cannot be read", err)
}

// Fold returns a text in lower case without the accents of Latin letters, as
// filters compare names.
func Fold(s string) string { return plainLetters.Replace(strings.ToLower(s)) }

// Pair returns how much the record holds on a pair.
func (r *Record) Pair(ctx context.Context, d rapport.Dyad) (DyadCount, error) {
	l, err := r.dyads(ctx, `SELECT a, b, claims, events FROM dyad WHERE a = ? AND b = ?`, d.A, d.B)
	if err != nil || len(l) == 0 {
		return DyadCount{Dyad: d}, err
	}
	return l[0], nil
}
