package record

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
		if len(dyads) == 0 {
			return w.addAllEvents(ctx, events)
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
		for _, q := range []string{`DELETE FROM event_name`, `DELETE FROM event_dyad`, `DELETE FROM event_claim`, `DELETE FROM event`, `UPDATE dyad SET events = 0`} {
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

func badEvent(e *rapport.Event, what string) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: "event " + e.ID, What: what}
}

// checkEvent reports what makes e no event.
func checkEvent(e *rapport.Event) error {
	switch {
	case e.ID == "":
		return badEvent(e, "an event without an id cannot be kept")
	case len(e.Claims) == 0:
		return badEvent(e, "an event without claims cannot be kept")
	}
	return nil
}

// allEvents is a derivation of every event, on the way to empty tables: many
// rows to a statement, the register in the order of its key, a third of the
// time that one event after the other takes.
type allEvents struct {
	w     *writer
	n     int64           // of the last event
	of    map[int64]bool  // claims that are part of an event
	ids   map[string]bool // of events
	count map[int64]int   // events by dyad
	filed []filedEvent
	words map[string]string // types and statuses: those of an event may be part of a claim's whole text
}

func (a *allEvents) word(s string) string {
	w, ok := a.words[s]
	if !ok {
		w = strings.Clone(s)
		a.words[w] = w
	}
	return w
}

type filedEvent struct {
	dyad        int64
	t           term
	event       int64
	typ, status string
}

// Derivation takes the judgements and events of a whole record, part by part:
// see [Record.Derive].
type Derivation struct {
	w      *writer
	events *allEvents
}

// Derive puts what f gives it in the place of all that rules judged and of all
// events, at once or not at all. No other writer comes in between, so f sees
// one state of the record, the one before. Judgements of persons stay.
func (r *Record) Derive(ctx context.Context, f func(*Derivation) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(ctx, "events cannot be kept", func(w *writer) error {
		if _, err := w.exec(`DELETE FROM judgement WHERE person = 0`); err != nil {
			return err
		}
		if err := w.clearEvents(nil); err != nil {
			return err
		}
		d := &Derivation{w, newAllEvents(w)}
		if err := f(d); err != nil {
			return err
		}
		return d.events.done()
	})
}

// Judgements keeps judgements.
func (d *Derivation) Judgements(ctx context.Context, js []rapport.Judgement) error {
	for i := range js {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.w.addJudgement(&js[i]); err != nil {
			return err
		}
	}
	return nil
}

// Events keeps events, behind those given before. A claim is part of one event;
// every claim named must be on the register.
func (d *Derivation) Events(ctx context.Context, events []rapport.Event) error {
	return d.events.addAll(ctx, events)
}

func newAllEvents(w *writer) *allEvents {
	return &allEvents{w: w, of: map[int64]bool{}, ids: map[string]bool{}, count: map[int64]int{}, words: map[string]string{}}
}

func (w *writer) addAllEvents(ctx context.Context, events []rapport.Event) error {
	a := newAllEvents(w)
	if err := a.addAll(ctx, events); err != nil {
		return err
	}
	return a.done()
}

func (a *allEvents) addAll(ctx context.Context, events []rapport.Event) error {
	for part := range slices.Chunk(events, 500) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.add(part); err != nil {
			return err
		}
	}
	return nil
}

// done files what is left. What waited for merging and has its event now waits
// no more.
func (a *allEvents) done() error {
	if err := a.file(); err != nil {
		return err
	}
	w := a.w
	for n, k := range a.count {
		if _, err := w.exec(`UPDATE dyad SET events = ? WHERE n = ?`, k, n); err != nil {
			return err
		}
	}
	_, err := w.exec(`DELETE FROM unmerged WHERE claim IN (SELECT claim FROM event_claim)`)
	if err == nil {
		_, err = w.exec(`UPDATE dyad SET stale = 0 WHERE stale = 1`)
	}
	return err
}

func (a *allEvents) add(events []rapport.Event) error {
	var ids []string
	for i := range events {
		if err := checkEvent(&events[i]); err != nil {
			return err
		}
		ids = append(ids, events[i].Claims...)
	}
	live, err := a.w.liveClaims(ids)
	if err != nil {
		return err
	}
	var rows, members []any
	for i := range events {
		e := &events[i]
		if a.ids[e.ID] {
			return badEvent(e, "is there already with other claims")
		}
		a.ids[e.ID] = true
		a.n++
		var undated term
		for k, id := range e.Claims {
			c, ok := live[id]
			switch {
			case !ok:
				return badEvent(e, "names claim "+id+", which is not on the register")
			case a.of[c.n]:
				return badEvent(e, "names claim "+id+", which another event names too")
			case k == 0 || c.term.day > undated.day: // the claim that pins it down most
				undated = c.term
			}
			a.of[c.n] = true
			members = append(members, c.n, a.n)
		}
		t, dated := termOf(e.Date)
		if !dated {
			t = undated
		}
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		rows = append(rows, a.n, e.ID, t.day, t.until, string(body))
		for _, d := range filing(e.Actor, e.Recipient) {
			dn, err := a.w.dyadN(d)
			if err != nil {
				return err
			}
			a.count[dn]++
			a.filed = append(a.filed, filedEvent{dn, t, a.n, a.word(e.Event), a.word(string(e.Status))})
		}
	}
	if err := a.w.insertMany(`INSERT INTO event (n, id, day, until, body) VALUES `, `(?,?,?,?,?)`, 5, rows); err != nil {
		return err
	}
	if err := a.w.insertMany(`INSERT INTO event_claim (claim, event) VALUES `, `(?,?)`, 2, members); err != nil {
		return err
	}
	if len(a.filed) >= most {
		return a.file()
	}
	return nil
}

// file puts events on the register.
func (a *allEvents) file() error {
	slices.SortFunc(a.filed, func(x, y filedEvent) int {
		return cmp.Or(cmp.Compare(x.dyad, y.dyad), cmp.Compare(x.t.long(), y.t.long()), cmp.Compare(x.t.day, y.t.day), cmp.Compare(x.event, y.event))
	})
	args := make([]any, 0, filedArgs*len(a.filed))
	for _, f := range a.filed {
		args = append(args, f.dyad, f.t.long(), f.t.day, f.event, f.t.until, f.typ, f.status)
	}
	a.filed = a.filed[:0]
	return a.w.insertMany(`INSERT INTO event_dyad (dyad, long, day, event, until, type, status) VALUES `, filedRow, filedArgs, args)
}

// liveClaims returns those of the claims that are on the register, by id.
func (w *writer) liveClaims(ids []string) (map[string]near, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	s, err := w.stmt(`SELECT c.id, c.n, c.day, c.until FROM json_each(?) j CROSS JOIN claim c ON c.id = j.value WHERE c.live = 1`)
	if err != nil {
		return nil, err
	}
	out := make(map[string]near, len(ids))
	_, err = scanAll(s, func(rows scanner) (struct{}, error) {
		var id string
		var c near
		err := rows.Scan(&id, &c.n, &c.term.day, &c.term.until)
		out[id] = c
		return struct{}{}, err
	}, string(list))
	return out, err
}

// addEvent keeps an event in place of those that share a claim with it; added
// are the events of this call, which may not.
func (w *writer) addEvent(e *rapport.Event, added map[int64]bool) error {
	bad := func(what string) error { return badEvent(e, what) }
	if err := checkEvent(e); err != nil {
		return err
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
		if _, err := w.exec(`DELETE FROM unmerged WHERE claim = ?`, c); err != nil {
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
