package record

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"

	"rapport"
)

// Decision is what a person decides on merging: that claims tell of one event,
// or that they do not. It is kept as judgements, one a pair, which stand and
// fall together. Decisions are never changed or deleted.
type Decision struct {
	N      int64       `json:"n"` // given by the record, in order
	Same   bool        `json:"same"`
	Pairs  [][2]string `json:"pairs"` // claim ids
	Note   string      `json:"note,omitempty"`
	Author string      `json:"author"`
	Time   string      `json:"time"`             // RFC 3339
	Undoes int64       `json:"undoes,omitempty"` // N of the decision taken back; then there are no pairs
	Undone bool        `json:"undone,omitempty"`
}

// Decide keeps a decision: Pairs, Author and Time are needed, and claims that
// are in the record. It returns the decision as kept. Events follow when they
// are next derived.
func (r *Record) Decide(ctx context.Context, d Decision) (Decision, error) {
	if err := d.check(); err != nil {
		return d, err
	}
	if d.Undoes == 0 && len(d.Pairs) == 0 {
		return d, &rapport.Error{Kind: rapport.Usage, What: "a decision on merging is about two claims or more"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.write(ctx, "the decision cannot be kept", func(w *writer) error {
		if d.Undoes != 0 {
			return w.undecide(&d)
		}
		return w.decide(&d)
	})
	return d, err
}

func (d *Decision) check() error {
	if d.Author == "" || d.Time == "" || byRule(d.Author) {
		return &rapport.Error{Kind: rapport.Usage, What: "a decision needs an author, who is a person, and a time"}
	}
	return nil
}

func (w *writer) decide(d *Decision) (err error) {
	d.N, err = w.insert(`INSERT INTO decision (same, note, author, time) VALUES (?,?,?,?)`, d.Same, d.Note, d.Author, d.Time)
	if err != nil {
		return err
	}
	for i, p := range d.Pairs {
		if p[1] < p[0] {
			p[0], p[1] = p[1], p[0]
			d.Pairs[i] = p
		}
		for _, id := range p {
			if _, ok, err := w.held(id); err != nil {
				return err
			} else if !ok {
				return &rapport.Error{Kind: rapport.NotFound, Where: "claim " + id, What: "is not in the record"}
			}
		}
		j := rapport.Judgement{A: p[0], B: p[1], Same: d.Same, Score: 0, Author: d.Author, Time: d.Time}
		if d.Same {
			j.Score = 1
		}
		if d.Note != "" {
			j.Reasons = []string{d.Note}
		}
		if err := w.addJudgement(&j); err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE judgement SET decision = ? WHERE a = ? AND b = ? AND author = ? AND time = ?`, d.N, j.A, j.B, j.Author, j.Time); err != nil {
			return err
		}
	}
	return nil
}

// undecide takes a decision back: its judgements stay and count no more.
func (w *writer) undecide(d *Decision) error {
	bad := func(kind rapport.Kind, what string) error {
		return &rapport.Error{Kind: kind, Where: "decision " + strconv.FormatInt(d.Undoes, 10), What: what}
	}
	var of, by sql.NullInt64
	ok, err := w.one(`SELECT undoes, (SELECT n FROM decision u WHERE u.undoes = d.n) FROM decision d WHERE n = ?`, []any{d.Undoes}, &of, &by)
	switch {
	case err != nil:
		return err
	case !ok:
		return bad(rapport.NotFound, "is not in the record")
	case of.Valid:
		return bad(rapport.Usage, "is itself an undoing; decide anew")
	case by.Valid:
		return bad(rapport.Usage, "is undone already")
	}
	if d.N, err = w.insert(`INSERT INTO decision (note, author, time, undoes) VALUES (?,?,?,?)`, d.Note, d.Author, d.Time, d.Undoes); err != nil {
		return err
	}
	s, err := w.stmt(heldQuery + `c.id IN (SELECT a FROM judgement WHERE decision = ?1 UNION SELECT b FROM judgement WHERE decision = ?1)`)
	if err != nil {
		return err
	}
	held, err := scanAll(s, scanHeld, d.Undoes)
	for i := range held {
		if err == nil {
			err = w.markStale(held[i].n, &held[i].claim)
		}
	}
	return err
}

// scanAll runs a prepared query and scans all its rows.
func scanAll[T any](s *sql.Stmt, scan func(scanner) (T, error), args ...any) (out []T, err error) {
	rows, err := s.Query(args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Decisions returns the decisions that name one of the claims, all when no
// claim is given, in the order kept, with those that undo them.
func (r *Record) Decisions(ctx context.Context, claims ...string) ([]Decision, error) {
	ds, err := all(rowsOf(ctx, r, scanDecision, `SELECT n, coalesce(same, 0), note, author, time, coalesce(undoes, 0),
		EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.n),
		(SELECT json_group_array(json_array(a, b)) FROM (SELECT a, b FROM judgement WHERE decision = d.n ORDER BY a, b)) FROM decision d ORDER BY n`))
	if err != nil || len(claims) == 0 {
		return ds, err
	}
	named := map[int64]bool{}
	return slices.DeleteFunc(ds, func(d Decision) bool {
		named[d.N] = named[d.Undoes] || slices.ContainsFunc(d.Pairs, func(p [2]string) bool {
			return slices.Contains(claims, p[0]) || slices.Contains(claims, p[1])
		})
		return !named[d.N]
	}), nil
}

func scanDecision(rows scanner) (d Decision, err error) {
	var pairs []byte
	if err = rows.Scan(&d.N, &d.Same, &d.Note, &d.Author, &d.Time, &d.Undoes, &d.Undone, &pairs); err == nil {
		err = json.Unmarshal(pairs, &d.Pairs)
	}
	return d, err
}
