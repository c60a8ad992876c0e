package record

import (
	"context"
	"time"

	"rapport"
)

// term is the first and last day, yyyymmdd, that a claim or event may mean;
// an open end is 0 or 99991231.
type term struct{ day, until int }

const openEnd = 99991231

// longDays is above which number of days a term is filed as long.
const longDays = 366

func yyyymmdd(t time.Time) int { return t.Year()*10000 + int(t.Month())*100 + t.Day() }

// before returns the day n days before day, which may be open.
func before(day, n int) int {
	if day == 0 || day == openEnd {
		return day
	}
	return yyyymmdd(time.Date(day/10000, time.Month(day/100%100), day%100-n, 0, 0, 0, 0, time.UTC))
}

func termOf(d rapport.Date) (term, bool) {
	first, last, ok := d.Bounds()
	if !ok {
		return term{0, openEnd}, false
	}
	t := term{0, openEnd}
	if !first.IsZero() {
		t.day = yyyymmdd(first)
	}
	if !last.IsZero() {
		t.until = yyyymmdd(last)
	}
	return t, true
}

// long is 1 for terms of more than longDays days, 0 for others.
func (t term) long() int {
	if t.day == 0 || t.until == openEnd || t.day < before(t.until, longDays) {
		return 1
	}
	return 0
}

// claimTerm places a claim in time. One without a date happened on the day of
// its report as far as anybody knows; if it is told as history, at an unknown
// time before; if it is to come, after.
func claimTerm(c *rapport.Claim, published rapport.Date) term {
	t, ok := termOf(c.Date)
	if ok {
		return t
	}
	t, _ = termOf(published)
	switch c.Status {
	case rapport.Historical:
		t.day = 0
	case rapport.Future:
		t.until = openEnd
	}
	return t
}

// filing returns the pairs a claim or event is filed under: its dyads or, when
// there is none, each of its countries with itself.
func filing(actor, recipient []rapport.Party) []rapport.Dyad {
	out := rapport.Dyads(actor, recipient)
	if len(out) > 0 {
		return out
	}
	seen := map[string]bool{}
	for _, l := range [][]rapport.Party{actor, recipient} {
		for _, p := range l {
			if !seen[p.Country] {
				seen[p.Country] = true
				out = append(out, rapport.Dyad{A: p.Country, B: p.Country})
			}
		}
	}
	return out
}

// dyadN returns the row of a dyad, made when missing.
func (w *writer) dyadN(d rapport.Dyad) (int64, error) {
	if n, ok := w.dyads[d]; ok {
		return n, nil
	}
	var n int64
	ok, err := w.one(`SELECT n FROM dyad WHERE a = ? AND b = ?`, []any{d.A, d.B}, &n)
	if err == nil && !ok {
		n, err = w.insert(`INSERT INTO dyad (a, b) VALUES (?, ?)`, d.A, d.B)
	}
	if err == nil {
		w.dyads[d] = n
	}
	return n, err
}

// touch counts claims in or out of a dyad and marks it stale; settle writes
// that down once a transaction.
func (w *writer) touch(dyad int64, claims int) { w.touched[dyad] += claims }

func (w *writer) settle() error {
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.indexWords(); err != nil {
		return err
	}
	for n := range w.orphans { // claims whose event went and that have no new one
		var body []byte
		ok, err := w.one(`SELECT coalesce(stands, body) FROM claim WHERE n = ? AND live = 1 AND NOT EXISTS (SELECT 1 FROM event_claim WHERE claim = n)`, []any{n}, &body)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		var c rapport.Claim
		if err := decode(body, &c); err != nil {
			return err
		}
		if err := w.markStale(n, &c); err != nil {
			return err
		}
	}
	clear(w.orphans)
	for n, k := range w.touched {
		if _, err := w.exec(`UPDATE dyad SET claims = claims + ?, stale = 1 WHERE n = ?`, k, n); err != nil {
			return err
		}
	}
	clear(w.touched)
	if w.mergedNow {
		return w.settleMerged()
	}
	return nil
}

// DyadCount is a dyad with what the record holds about it.
type DyadCount struct {
	rapport.Dyad
	Claims int `json:"claims"`
	Events int `json:"events"`
}

// Dyads returns the pairs of different countries that the record holds claims
// about, most claims first.
func (r *Record) Dyads(ctx context.Context) ([]DyadCount, error) {
	return r.dyads(ctx, `SELECT a, b, claims, events FROM dyad WHERE a < b AND claims > 0 ORDER BY claims DESC, a, b`)
}

// Stale returns the dyads whose claims or judgements changed since
// [Record.SetEvents] last covered them. A dyad of a country with itself holds
// the acts that have no pair.
func (r *Record) Stale(ctx context.Context) ([]rapport.Dyad, error) {
	l, err := r.dyads(ctx, `SELECT a, b, claims, events FROM dyad WHERE stale = 1 ORDER BY a, b`)
	out := make([]rapport.Dyad, len(l))
	for i := range l {
		out[i] = l[i].Dyad
	}
	return out, err
}

func (r *Record) dyads(ctx context.Context, query string, args ...any) ([]DyadCount, error) {
	rows, err := r.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, r.fail("cannot be read", err)
	}
	defer rows.Close()
	var out []DyadCount
	for rows.Next() {
		var d DyadCount
		if err := rows.Scan(&d.A, &d.B, &d.Claims, &d.Events); err != nil {
			return nil, r.fail("cannot be read", err)
		}
		out = append(out, d)
	}
	return out, r.fail("cannot be read", rows.Err())
}
