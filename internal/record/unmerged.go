package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"rapport"
)

// Waiting returns how many claims wait to be merged, and about how many there
// are in all.
func (r *Record) Waiting(ctx context.Context) (waiting, all int, err error) {
	err = r.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM unmerged), coalesce((SELECT max(n) FROM claim), 0)`).Scan(&waiting, &all)
	return waiting, all, r.fail("cannot be counted", err)
}

// How far around a claim others may tell of the same event, in days. Visits
// and signings are announced months before.
const (
	aroundOccasion = 130
	around         = 20
	// monthDays is from how many days on a claim counts as wide: what it may be
	// cannot be told from those nearby.
	monthDays = 45
	// throng bounds among how many claims one with a wide date is looked for.
	// Merging looks for none among so many.
	throng = 1000
)

// ClaimsAround returns the claims that wait for merging and those that may be
// one event with them, each with all of its event, in the order kept. Events
// derived from these are what they would be were all claims merged, but for
// claims that are already there and give a year or less: they are left where
// they are, and only a merging of the whole record looks whether one of them
// has found its event now.
func (r *Record) ClaimsAround(ctx context.Context) ([]rapport.Claim, error) {
	tx, err := r.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state of the record, whatever is written meanwhile
	if err != nil {
		return nil, r.fail("cannot be read", err)
	}
	defer tx.Rollback()
	a := arounder{ctx: ctx, tx: tx, found: map[int64]bool{}, dyads: map[rapport.Dyad]int64{}}
	claims, err := a.claims()
	return claims, r.fail("cannot be read", err)
}

type arounder struct {
	ctx   context.Context
	tx    *sql.Tx
	found map[int64]bool // claims, true when they wait
	dyads map[rapport.Dyad]int64
	rows  *sql.Stmt
}

// near is a claim on the register.
type near struct {
	n    int64
	term term
}

const aroundQuery = `SELECT claim, day, until FROM claim_dyad WHERE dyad = ? AND long = ? AND day >= ? AND day <= ? AND until >= ?
	AND event IN (?, ?) ORDER BY day LIMIT ?`

func (a *arounder) claims() ([]rapport.Claim, error) {
	var err error
	if a.rows, err = a.tx.PrepareContext(a.ctx, aroundQuery); err != nil {
		return nil, err
	}
	waiting, err := a.waiting()
	if err != nil {
		return nil, err
	}
	for i := range waiting {
		if err := a.around(&waiting[i]); err != nil {
			return nil, err
		}
	}
	if err := a.leaveWide(); err != nil {
		return nil, err
	}
	ns := make([]int64, 0, len(a.found))
	for n := range a.found {
		ns = append(ns, n)
	}
	list, err := json.Marshal(ns)
	if err != nil {
		return nil, err
	}
	rows, err := a.tx.QueryContext(a.ctx, `WITH f (n) AS (SELECT value FROM json_each(?)) SELECT coalesce(stands, body) FROM claim WHERE live = 1 AND n IN (
		SELECT n FROM f UNION SELECT o.claim FROM f CROSS JOIN event_claim e ON e.claim = f.n CROSS JOIN event_claim o ON o.event = e.event) ORDER BY n`, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []rapport.Claim
	for rows.Next() {
		c, err := scanJSON[rapport.Claim](rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// waits is a claim that waits for merging.
type waits struct {
	near
	claim rapport.Claim
}

func (a *arounder) waiting() (out []waits, err error) {
	rows, err := a.tx.QueryContext(a.ctx, `SELECT c.n, c.day, c.until, coalesce(c.stands, c.body) FROM unmerged u CROSS JOIN claim c ON c.n = u.claim WHERE c.live = 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w waits
		var body sql.RawBytes
		err := rows.Scan(&w.n, &w.term.day, &w.term.until, &body)
		if err == nil {
			err = decode(body, &w.claim)
		}
		if err != nil {
			return nil, err
		}
		a.found[w.n] = true
		out = append(out, w)
	}
	return out, rows.Err()
}

// around finds the claims that may tell of one event with w.
func (a *arounder) around(w *waits) error {
	dyads, err := a.registers(&w.claim)
	if err != nil {
		return err
	}
	kinds, days := kindsLike(&w.claim)
	span := w.term
	if t, ok := termOf(w.claim.AboutDate); ok {
		span.day, span.until = min(span.day, t.day), max(span.until, t.until)
	}
	wide := w.term.wide()
	for _, d := range dyads {
		all, err := a.between(d, span, days, kinds)
		if err != nil {
			return err
		}
		if wide && len(all) >= throng {
			continue
		}
		for _, o := range all {
			if _, ok := a.found[o.n]; ok {
				continue
			}
			a.found[o.n] = false
			if o.term.wide() || wide {
				continue
			}
			if o.term.day == o.term.until { // a day: all it is compared with is near w too
				continue
			}
			more, err := a.between(d, o.term, around, kinds)
			if err != nil {
				return err
			}
			for _, m := range more {
				if !a.found[m.n] {
					a.found[m.n] = false
				}
			}
		}
	}
	return nil
}

// between returns what a register holds of these kinds and days.
func (a *arounder) between(dyad int64, t term, days int, kinds [2]string) ([]near, error) {
	from, to := before(t.day, days), before(t.until, -days)
	out, err := scanAll(a.rows, scanNear, dyad, 0, before(from, longDays), to, from, kinds[0], kinds[1], throng)
	if err != nil || t.long() == 0 {
		return out, err
	}
	long, err := scanAll(a.rows, scanNear, dyad, 1, 0, to, from, kinds[0], kinds[1], throng)
	return append(out, long...), err
}

func scanNear(rows scanner) (o near, err error) {
	return o, rows.Scan(&o.n, &o.term.day, &o.term.until)
}

// wide reports whether t spans more than a month or so.
func (t term) wide() bool {
	return t.day == 0 || t.until == openEnd || t.day < before(t.until, monthDays)
}

// kindsLike returns the types of the claims that c may be one event with, and
// how many days around it they may be.
func kindsLike(c *rapport.Claim) (kinds [2]string, days int) {
	switch c.Event {
	case "CONSULT", "SUPPORT":
		return [2]string{c.Event, "AGREE"}, aroundOccasion
	case "AGREE":
		for _, about := range []string{"CONSULT", "SUPPORT"} {
			if len(c.About) >= len(about) && c.About[:len(about)] == about {
				return [2]string{"AGREE", about}, aroundOccasion
			}
		}
	}
	return [2]string{c.Event, c.Event}, around
}

// registers returns the rows of the dyads under which a claim that may be one
// event with c is filed: c's own and, of one party's act, those of its country
// with itself and with any other, for reports leave out whom it touched.
func (a *arounder) registers(c *rapport.Claim) (out []int64, err error) {
	own := filing(c.Actor, c.Recipient)
	alone := true
	for _, d := range own {
		alone = alone && d.A == d.B
		if d.A != d.B {
			for _, p := range c.Actor {
				own = append(own, rapport.Dyad{A: p.Country, B: p.Country})
			}
			break
		}
	}
	for _, d := range own {
		n, ok := a.dyads[d]
		if !ok {
			err := a.tx.QueryRowContext(a.ctx, `SELECT n FROM dyad WHERE a = ? AND b = ?`, d.A, d.B).Scan(&n)
			if err != nil && err != sql.ErrNoRows {
				return nil, err
			}
			a.dyads[d] = n
		}
		if n != 0 {
			out = append(out, n)
		}
	}
	if alone && len(c.Recipient) == 0 {
		for _, p := range c.Actor {
			ns, err := column[int64](a.ctx, a.tx, `SELECT n FROM dyad WHERE a = ?1 OR b = ?1`, p.Country)
			if err != nil {
				return nil, err
			}
			out = append(out, ns...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// leaveWide drops the claims found that are wide, do not wait and stand alone:
// what else they may be is not all there.
func (a *arounder) leaveWide() error {
	var ns []int64
	for n, waits := range a.found {
		if !waits {
			ns = append(ns, n)
		}
	}
	list, err := json.Marshal(ns)
	if err != nil {
		return err
	}
	rows, err := a.tx.QueryContext(a.ctx, `SELECT c.n, c.day, c.until FROM json_each(?) j CROSS JOIN claim c ON c.n = j.value CROSS JOIN event_claim e ON e.claim = c.n
		WHERE NOT EXISTS (SELECT 1 FROM event_claim o WHERE o.event = e.event AND o.claim <> e.claim)`, string(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scanNear(rows)
		if err != nil {
			return err
		}
		if o.term.wide() {
			delete(a.found, o.n)
		}
	}
	return rows.Err()
}

// SetEventsOf puts events derived from claims in the place of those that these
// claims had: as [Record.ClaimsAround] gave them, so that no event loses only
// some of its claims.
func (r *Record) SetEventsOf(ctx context.Context, events []rapport.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(ctx, "events cannot be kept", func(w *writer) error {
		added := map[int64]bool{}
		for i := range events {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.addEvent(&events[i], added); err != nil {
				return err
			}
		}
		w.mergedNow = true
		return nil
	})
}

// settleMerged takes the dyads' mark off when nothing waits any more.
func (w *writer) settleMerged() error {
	// What a person rejected meanwhile waits for nothing.
	_, err := w.exec(`DELETE FROM unmerged WHERE claim NOT IN (SELECT n FROM claim WHERE live = 1)`)
	if err == nil {
		_, err = w.exec(`UPDATE dyad SET stale = 0 WHERE stale = 1 AND NOT EXISTS (SELECT 1 FROM unmerged)`)
	}
	return err
}
