package record

import (
	"context"
	"encoding/json"
	"fmt"

	"rapport"
)

// Event returns an event.
func (r *Record) Event(ctx context.Context, id string) (rapport.Event, error) {
	e, err := scanJSON[rapport.Event](r.read.QueryRowContext(ctx, `SELECT body FROM event WHERE id = ?`, id))
	return e, r.found("event", id, err)
}

// EventOf returns the event that a claim is part of.
func (r *Record) EventOf(ctx context.Context, claim string) (rapport.Event, error) {
	e, err := scanJSON[rapport.Event](r.read.QueryRowContext(ctx, `SELECT e.body FROM claim c CROSS JOIN event_claim ec ON ec.claim = c.n
		CROSS JOIN event e ON e.n = ec.event WHERE c.id = ?`, claim))
	return e, r.found("event of claim", claim, err)
}

// ClaimsToMerge returns the claims that bear on one of the dyads and those
// that are part of one event with them, in the order kept: what events of
// these dyads are to be derived from.
func (r *Record) ClaimsToMerge(ctx context.Context, dyads []rapport.Dyad) ([]rapport.Claim, error) {
	list, err := json.Marshal(dyads)
	if err != nil {
		return nil, err
	}
	return all(rowsOf(ctx, r, scanJSON[rapport.Claim], `WITH
		d (n) AS (SELECT dyad.n FROM json_each(?) j CROSS JOIN dyad ON a = j.value ->> 'A' AND b = j.value ->> 'B'),
		c (n) AS (SELECT DISTINCT claim FROM d CROSS JOIN claim_dyad ON dyad = d.n),
		e (n) AS (SELECT DISTINCT event FROM c CROSS JOIN event_claim ON claim = c.n)
		SELECT coalesce(stands, body) FROM claim WHERE n IN (
			SELECT n FROM c UNION SELECT claim FROM e CROSS JOIN event_claim ON event = e.n) ORDER BY n`, string(list)))
}

// SetEvents replaces derived events, all at once or not at all. Without dyads
// it replaces every event of the record; with dyads those filed under one of
// them, and any other that shares a claim with the new ones. The dyads given
// are stale no more; others become so when a claim of theirs has lost its
// event. A claim is part of one event; every claim named must be on the
// register.
func (r *Record) SetEvents(ctx context.Context, events []rapport.Event, dyads ...rapport.Dyad) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(ctx, "events cannot be kept", func(w *writer) error {
		if err := w.clearEvents(dyads); err != nil {
			return err
		}
		added := map[int64]bool{}
		for i := range events {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.addEvent(&events[i], added); err != nil {
				return err
			}
		}
		if len(dyads) == 0 {
			_, err := w.exec(`UPDATE dyad SET stale = 0 WHERE stale = 1`)
			return err
		}
		for _, d := range dyads {
			if _, err := w.exec(`UPDATE dyad SET stale = 0 WHERE a = ? AND b = ?`, d.A, d.B); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) clearEvents(dyads []rapport.Dyad) error {
	if len(dyads) == 0 {
		for _, q := range []string{`DELETE FROM event_dyad`, `DELETE FROM event_claim`, `DELETE FROM event`, `UPDATE dyad SET events = 0`} {
			if _, err := w.exec(q); err != nil {
				return err
			}
		}
		return nil
	}
	for _, d := range dyads {
		ns, err := w.numbers(`SELECT event FROM event_dyad WHERE dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?)`, d.A, d.B)
		if err != nil {
			return err
		}
		for _, n := range ns {
			if err := w.dropEvent(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropEvent takes an event out; the claims it had are part of none now.
func (w *writer) dropEvent(n int64) error {
	var body string
	var t term
	ok, err := w.one(`SELECT day, until, body FROM event WHERE n = ?`, []any{n}, &t.day, &t.until, &body)
	if err != nil || !ok {
		return err
	}
	var e rapport.Event
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return fmt.Errorf("event %d: %w", n, err)
	}
	for _, d := range filing(e.Actor, e.Recipient) {
		dn, err := w.dyadN(d)
		if err != nil {
			return err
		}
		if _, err := w.exec(`DELETE FROM event_dyad WHERE dyad = ? AND long = ? AND day = ? AND event = ?`, dn, t.long(), t.day, n); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE dyad SET events = events - 1 WHERE n = ?`, dn); err != nil {
			return err
		}
	}
	claims, err := w.numbers(`SELECT claim FROM event_claim WHERE event = ?`, n)
	if err != nil {
		return err
	}
	for _, c := range claims {
		w.orphans[c] = true
	}
	if _, err := w.exec(`DELETE FROM event_claim WHERE event = ?`, n); err != nil {
		return err
	}
	_, err = w.exec(`DELETE FROM event WHERE n = ?`, n)
	return err
}

// addEvent keeps an event in place of those that share a claim with it; added
// are the events of this call, which may not.
func (w *writer) addEvent(e *rapport.Event, added map[int64]bool) error {
	bad := func(what string) error {
		return &rapport.Error{Kind: rapport.BadInput, Where: "event " + e.ID, What: what}
	}
	switch {
	case e.ID == "":
		return bad("an event without an id cannot be kept")
	case len(e.Claims) == 0:
		return bad("an event without claims cannot be kept")
	}
	claims := make([]int64, len(e.Claims))
	var undated term
	for i, id := range e.Claims {
		var live bool
		var t term
		ok, err := w.one(`SELECT n, live, day, until FROM claim WHERE id = ?`, []any{id}, &claims[i], &live, &t.day, &t.until)
		switch {
		case err != nil:
			return err
		case !ok || !live:
			return bad("names claim " + id + ", which is not on the register")
		case i == 0 || t.day > undated.day: // the claim that pins it down most
			undated = t
		}
		var old int64
		if ok, err = w.one(`SELECT event FROM event_claim WHERE claim = ?`, []any{claims[i]}, &old); err != nil {
			return err
		}
		if ok && added[old] {
			return bad("names claim " + id + ", which another event names too")
		}
		if ok {
			if err := w.dropEvent(old); err != nil {
				return err
			}
		}
	}
	t, dated := termOf(e.Date)
	if !dated {
		t = undated
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	n, err := w.insert(`INSERT INTO event (id, day, until, body) VALUES (?,?,?,?)`, e.ID, t.day, t.until, string(body))
	if isConstraint(err) {
		return bad("is there already with other claims")
	}
	if err != nil {
		return err
	}
	added[n] = true
	for _, c := range claims {
		if _, err := w.exec(`INSERT INTO event_claim (claim, event) VALUES (?,?)`, c, n); err != nil {
			return err
		}
	}
	for _, d := range filing(e.Actor, e.Recipient) {
		dn, err := w.dyadN(d)
		if err != nil {
			return err
		}
		if _, err := w.exec(`INSERT INTO event_dyad (dyad, long, day, event, until, type, status) VALUES (?,?,?,?,?,?,?)`,
			dn, t.long(), t.day, n, t.until, e.Event, string(e.Status)); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE dyad SET events = events + 1 WHERE n = ?`, dn); err != nil {
			return err
		}
	}
	return nil
}
