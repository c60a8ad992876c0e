package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rapport"
	"rapport/internal/record/fulltext"
)

// writer is the one connection that writes, with its prepared statements.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	coder map[string]int64       // n of the coders seen
	dyads map[rapport.Dyad]int64 // n of the dyads seen

	// Of this transaction:
	touched map[int64]int  // dyads whose claims changed, by how many
	orphans map[int64]bool // claims whose event was dropped
	docs    []fulltext.Doc // reports kept, to be put into the index of words
	waiting                // rows not written yet
}

func (r *Record) openWriter(ctx context.Context, o Options, fresh bool) (err error) {
	mode := "rw"
	if fresh {
		mode = "rwc"
	}
	// A kept report changes some thirty pages, many of them the same ones again:
	// folding the log in at 4000 pages and not SQLite's 1000 keeps one by one a
	// fifth faster.
	db, err := sql.Open("sqlite", dsn(r.path, mode, o.Wait, "foreign_keys(1)", "synchronous(FULL)", "cache_size(-65536)", "wal_autocheckpoint(4000)"))
	if err != nil {
		return r.fail("cannot be opened", err)
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return r.fail("cannot be opened", err)
	}
	w := &writer{db: db, conn: conn, stmts: map[string]*sql.Stmt{}, coder: map[string]int64{}, dyads: map[rapport.Dyad]int64{}, touched: map[int64]int{}, orphans: map[int64]bool{}}
	r.w = w
	if err := r.migrate(ctx, fresh, o.Create); err != nil {
		r.w = nil
		w.close()
		return err
	}
	return nil
}

func (w *writer) close() error {
	for _, s := range w.stmts {
		s.Close()
	}
	w.conn.Close()
	return w.db.Close()
}

// migrate makes a fresh record or brings an older one up to date, each step
// with its user_version in one transaction. The journal mode is set last: in
// rollback mode the first commit makes the header whole before there is a WAL.
//
// A process killed at the first commit leaves a file that has pages and, once
// SQLite has rolled the journal back, nothing: that is fresh too.
func (r *Record) migrate(ctx context.Context, fresh, create bool) error {
	conn := r.w.conn
	if !fresh && create {
		var objects, app int
		if err := conn.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM sqlite_schema), application_id FROM pragma_application_id").Scan(&objects, &app); err != nil {
			return r.fail("cannot be opened", err)
		}
		fresh = objects == 0 && app == 0
	}
	if !fresh {
		v, err := r.format(ctx, conn)
		if err != nil {
			return err
		}
		if v == version() {
			return r.setWAL(ctx)
		}
	}
	err := r.write(ctx, "cannot be brought up to date", func(w *writer) error {
		v := 0
		if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v); err != nil {
			return err // another process may have been first
		}
		for v++; v <= version(); v++ {
			text, err := migrations.ReadFile(fmt.Sprintf("migrations/%04d.sql", v))
			if err != nil {
				return err
			}
			if _, err := conn.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("migration %d: %w", v, err)
			}
			if fill := fills[v]; fill != nil {
				if err := fill(w); err != nil {
					return fmt.Errorf("migration %d: %w", v, err)
				}
			}
			if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", v, applicationID)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.setWAL(ctx)
}

// fills do what of a migration SQL cannot.
var fills = map[int]func(*writer) error{2: func(w *writer) error { return errors.Join(w.findFamilies(), w.indexAll()) }}

func (r *Record) setWAL(ctx context.Context) error {
	var mode string
	err := r.w.conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
	if err == nil && mode != "wal" {
		err = fmt.Errorf("journal mode stays %s", mode)
	}
	if err == nil {
		err = r.probe(ctx)
	}
	if err != nil {
		return r.fail("cannot be opened for writing", err)
	}
	return nil
}

// probe begins to write, for SQLite opens a file that it may only read without
// a word. That somebody else is just writing is no fault.
func (r *Record) probe(ctx context.Context) error {
	var wait int
	if err := r.w.conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&wait); err != nil {
		return err
	}
	if _, err := r.w.conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return err
	}
	_, err := r.w.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	switch {
	case err == nil: // which it also is on a read-only file
		if _, err = r.w.conn.ExecContext(ctx, "UPDATE coder SET n = n WHERE 0"); err == nil {
			_, err = r.w.conn.ExecContext(ctx, "ROLLBACK")
		}
	case isBusy(err):
		err = nil
	}
	if err != nil {
		return err
	}
	_, err = r.w.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", wait))
	return err
}

// write runs f in one transaction: all of it or nothing. what words the error.
func (r *Record) write(ctx context.Context, what string, f func(*writer) error) (err error) {
	if r.w == nil {
		return r.fail(what, errReadOnly)
	}
	w := r.w
	w.reset()
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return r.fail(what, err)
	}
	done := false
	defer func() { // also when f panics
		if !done {
			w.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			clear(w.dyads) // may name rows that are gone
			clear(w.coder)
			clear(w.touched)
			clear(w.orphans)
			w.docs = w.docs[:0]
		}
	}()
	if err := f(w); err != nil {
		return r.fail(what, err)
	}
	if err := w.settle(); err != nil {
		return r.fail(what, err)
	}
	// From here a cancelled context must not leave us in doubt.
	if _, err := w.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return r.fail(what, err)
	}
	done = true
	return nil
}

// stmt returns query prepared once. Statements run without the context's
// cancellation, which costs the driver a goroutine a call; callers look at the
// context between reports.
func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.stmts[query] = s
	}
	return s, err
}

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

// insert runs an INSERT and returns the new row's n.
func (w *writer) insert(query string, args ...any) (int64, error) {
	res, err := w.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// one scans one row, leaving dest alone and returning false when there is none.
func (w *writer) one(query string, args []any, dest ...any) (bool, error) {
	s, err := w.stmt(query)
	if err != nil {
		return false, err
	}
	switch err := s.QueryRow(args...).Scan(dest...); err {
	case nil:
		return true, nil
	case sql.ErrNoRows:
		return false, nil
	default:
		return false, err
	}
}

// numbers returns the first column of all rows.
func (w *writer) numbers(query string, args ...any) ([]int64, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	rows, err := s.Query(args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}
