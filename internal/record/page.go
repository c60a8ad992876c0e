package record

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"rapport"
)

// Mark is a place in a list of events, after the event ID: its day and number
// tell the place should there be no such event any more. The zero Mark is the
// beginning.
type Mark struct {
	Day int    `json:"d"`
	N   int64  `json:"n"`
	ID  string `json:"i"`
}

// EventPage is a part of a list of events.
type EventPage struct {
	Rows []EventRow
	Next Mark // where the next page begins
	More bool // whether there may be a next page
}

const (
	// pageLimit is the length of a page when f.Limit is 0.
	pageLimit = 100
	// pageLook is how many events a page looks at that the register lets through
	// and the rest of the filter does not; then it ends, however few it has.
	pageLook = 4000
)

// EventPage returns the page of f.Limit events (0: a hundred) after a mark of
// those that [Record.Events] yields. It reads little more than it returns, but
// where a filter by place, outlet, words or confidence lets next to nothing
// through: then the page ends early, and may be empty with More set.
func (r *Record) EventPage(ctx context.Context, f EventFilter, after Mark) (EventPage, error) {
	var p EventPage
	limit := f.Limit
	if limit <= 0 {
		limit = pageLimit
	}
	scan, err := r.eventScan(ctx, f)
	if err != nil {
		return p, err
	}
	if after.ID != "" {
		err := r.read.QueryRowContext(ctx, `SELECT day, n FROM event WHERE id = ?`, after.ID).Scan(&after.Day, &after.N)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return p, r.fail("cannot be read", err)
		}
	}
	p.Next = after
	for looked := 0; ; {
		want := limit - len(p.Rows)
		if scan.more {
			want = min(4*want, chunk)
		}
		marks, err := scan.after(ctx, p.Next, want+1)
		if err != nil {
			return p, err
		}
		p.More = len(marks) > want
		marks = marks[:min(len(marks), want)]
		ns := make([]int64, len(marks))
		for i := range marks {
			ns[i] = marks[i].N
		}
		rows, err := r.eventRows(ctx, ns)
		if err != nil {
			return p, err
		}
		for i := range rows {
			p.Next = Mark{marks[i].Day, marks[i].N, rows[i].Event.ID}
			if !f.passes(&rows[i]) {
				continue
			}
			if p.Rows = append(p.Rows, rows[i]); len(p.Rows) == limit {
				p.More = p.More || i < len(rows)-1
				return p, nil
			}
		}
		if looked += len(rows); !p.More || looked >= pageLook {
			return p, nil
		}
	}
}

// eventScan walks the register of events in order.
type eventScan struct {
	r      *Record
	newest bool
	query  string // an arm for each class of events, put together in order
	args   func(after Mark, n int) []any
	more   bool // whether the filter asks what the register does not hold
}

func (r *Record) eventScan(ctx context.Context, f EventFilter) (*eventScan, error) {
	for _, d := range []rapport.Date{f.Since, f.Until} {
		if err := d.Check(); err != nil {
			return nil, &rapport.Error{Kind: rapport.Usage, Where: string(d), What: "cannot bound a time", Err: err}
		}
	}
	since, _ := termOf(f.Since)
	until, _ := termOf(f.Until)
	s := &eventScan{r: r, newest: f.Newest, more: f.Place != "" || f.Outlet != "" || f.Text != "" || f.Confidence > 0}
	var narrow strings.Builder
	var nargs []any
	in := func(column string, values []string) {
		narrow.WriteString(" AND " + column + " IN (?" + strings.Repeat(",?", len(values)-1) + ")")
		for _, v := range values {
			nargs = append(nargs, v)
		}
	}
	// By class, the first day that an event may have which reaches into the time.
	from, class, froms := "event_dyad INDEXED BY event_dyad_day", "long + (until > day)", []int{since.day, before(since.day, longDays), 0}
	switch {
	case f.Pair != (rapport.Dyad{}):
		from, class, froms = "event_dyad", "long", froms[1:]
		narrow.WriteString(" AND dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?)")
		nargs = append(nargs, f.Pair.A, f.Pair.B)
		if len(f.Party) > 0 && !slices.Contains(f.Party, f.Pair.A) && !slices.Contains(f.Party, f.Pair.B) {
			narrow.WriteString(" AND 0")
		}
	case len(f.Party) > 0:
		few, dyads, err := r.dyadsOf(ctx, f.Party, max(f.Limit, pageLimit))
		if err != nil {
			return nil, err
		}
		list, _ := json.Marshal(dyads)
		if few {
			from = "event_dyad NOT INDEXED"
		}
		narrow.WriteString(" AND dyad IN (SELECT value FROM json_each(?))")
		nargs = append(nargs, string(list))
	}
	var types []string
	for _, t := range f.Events {
		t, mode, _ := strings.Cut(t, ":")
		types = append(types, t)
		s.more = s.more || mode != ""
	}
	if len(types) > 0 {
		in("type", types)
	}
	if len(f.Status) > 0 {
		var l []string
		for _, v := range f.Status {
			l = append(l, string(v))
		}
		in("status", l)
	}
	order, beyond := "ASC", ">"
	if f.Newest {
		order, beyond = "DESC", "<"
	}
	arm := "SELECT * FROM (SELECT DISTINCT day, event FROM " + from + " WHERE " + class + " = ? AND day >= ? AND day <= ? AND until >= ? AND (day, event) " + beyond + " (?, ?)" +
		narrow.String() + " ORDER BY day " + order + ", event " + order + " LIMIT ?)"
	s.query = strings.Repeat(arm+" UNION ALL ", len(froms)-1) + arm + " ORDER BY 1 " + order + ", 2 " + order + " LIMIT ?"
	s.args = func(after Mark, n int) (args []any) {
		day, number, to, least := after.Day, after.N, until.until, 0
		switch {
		case f.Newest && after == Mark{}:
			day, number = openEnd+1, 0
		case f.Newest:
			to = min(to, day) // SQLite takes one bound a side for the key range: give it the tighter
		case after == Mark{}:
			day, number = -1, 0
		default:
			least = day
		}
		for class, from := range froms {
			args = append(args, class, max(from, least), to, since.day, day, number)
			args = append(args, nargs...)
			args = append(args, n)
		}
		return append(args, n)
	}
	return s, nil
}

// dyadsOf returns the pairs that one of the parties is in. few says that
// sorting all of their events is less than to walk the events of all pairs
// until a page of n is full.
func (r *Record) dyadsOf(ctx context.Context, party []string, n int) (few bool, dyads []int64, err error) {
	list, _ := json.Marshal(party)
	type count struct{ n, events int64 }
	var of, all int64
	for d, err := range rowsOf(ctx, r, func(rows scanner) (c count, err error) { return c, rows.Scan(&c.n, &c.events) },
		`SELECT n, events FROM dyad WHERE a IN (SELECT value FROM json_each(?1)) OR b IN (SELECT value FROM json_each(?1))`, string(list)) {
		if err != nil {
			return false, nil, err
		}
		dyads = append(dyads, d.n)
		of += d.events
	}
	if err := r.read.QueryRowContext(ctx, `SELECT coalesce(sum(events), 0) FROM dyad`).Scan(&all); err != nil {
		return false, nil, r.fail("cannot be read", err)
	}
	return of == 0 || of < int64(n)*(all/of), dyads, nil
}

// after returns the places of the next n events after a mark.
func (s *eventScan) after(ctx context.Context, m Mark, n int) ([]Mark, error) {
	return all(rowsOf(ctx, s.r, func(rows scanner) (m Mark, err error) { return m, rows.Scan(&m.Day, &m.N) }, s.query, s.args(m, n)...))
}

// Generation returns a number that is another after every change of the record,
// by this process or another. It means nothing once the record is closed.
func (r *Record) Generation(ctx context.Context) (int64, error) {
	r.watchOnce.Do(func() {
		// A connection of its own: SQLite counts what others change.
		if r.watch, r.watchErr = sql.Open("sqlite", dsn(r.path, r.mode, 0, "query_only(1)", "cache_size(-64)")); r.watchErr == nil {
			r.watch.SetMaxOpenConns(1)
			r.watch.SetMaxIdleConns(1)
		}
	})
	if r.watchErr != nil || r.watch == nil {
		return 0, r.fail("cannot be opened", cmp.Or(r.watchErr, sql.ErrConnDone))
	}
	var n int64
	// A query that is stopped may cost the connection, and with it the count.
	err := r.watch.QueryRowContext(context.WithoutCancel(ctx), `PRAGMA data_version`).Scan(&n)
	return n, r.fail("cannot be read", err)
}
