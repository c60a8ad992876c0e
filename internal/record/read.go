package record

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"iter"
	"strings"

	"rapport"
)

// Filter narrows claims or events of a dyad. The zero Filter lets all through.
type Filter struct {
	Since, Until rapport.Date     // those that may have happened in this time, both ends included
	Events       []string         // types: "CONSULT"
	Status       []rapport.Status //
	Newest       bool             // newest first; else oldest first
	Limit        int              // 0 is no limit
	Cursor       string           // the id of the last of the page before
}

// ReportFilter narrows reports.
type ReportFilter struct {
	IDs          []string     // these; nil is all
	Outlet       string       // exactly
	Since, Until rapport.Date // published in this time; reports without a date only when both are empty
	NoText       bool         // leave Text empty, and Captions and Origin, which point into it
}

// scanner is a row to scan.
type scanner interface{ Scan(...any) error }

const reportColumns = `id, title, text, published, basis, outlet, url, author, language, retrieved, dateline_start, dateline_end, place, hash,
	CASE family WHEN n THEN '' ELSE (SELECT f.id FROM report f WHERE f.n = report.family) END,
	(SELECT m.modified FROM report_more m WHERE m.report = report.n), (SELECT m.captions FROM report_more m WHERE m.report = report.n),
	(SELECT m.origin FROM report_more m WHERE m.report = report.n)`

// headColumns are reportColumns without the text and what points into it.
var headColumns = strings.Replace(reportColumns[:strings.Index(reportColumns, ", (SELECT m.captions")], "text,", "'',", 1) + `, NULL, NULL`

func scanReport(rows scanner) (rep rapport.Report, err error) {
	var hash, captions, origin []byte
	var published string
	var modified sql.NullString
	err = rows.Scan(&rep.ID, &rep.Title, &rep.Text, &published, &rep.Basis, &rep.Outlet, &rep.URL, &rep.Author, &rep.Language,
		&rep.Retrieved, &rep.Dateline.Start, &rep.Dateline.End, &rep.Place, &hash, &rep.Family, &modified, &captions, &origin)
	rep.Published, rep.Hash, rep.Modified = rapport.Date(published), hex.EncodeToString(hash), rapport.Date(modified.String)
	if err == nil && captions != nil {
		rep.Captions, rep.Origin, err = decodeMore(captions, origin)
	}
	return rep, err
}

// Report returns the newest version of a report, byte for byte as it was kept.
func (r *Record) Report(ctx context.Context, id string) (rapport.Report, error) {
	rep, err := scanReport(r.read.QueryRowContext(ctx, `SELECT `+reportColumns+` FROM report WHERE id = ? AND current = 1`, id))
	return rep, r.found("report", id, err)
}

// Reports yields the newest version of each report in the order in which they
// were kept.
func (r *Record) Reports(ctx context.Context, f ReportFilter) iter.Seq2[rapport.Report, error] {
	columns := reportColumns
	if f.NoText {
		columns = headColumns
	}
	q := `SELECT ` + columns + ` FROM report WHERE current = 1`
	var args []any
	if f.IDs != nil {
		list, _ := json.Marshal(f.IDs) // strings always marshal
		q += ` AND n IN (SELECT r.n FROM json_each(?) j CROSS JOIN report r ON r.id = j.value)`
		args = append(args, string(list))
	}
	if f.Outlet != "" {
		q += ` AND outlet = ?`
		args = append(args, f.Outlet)
	}
	return func(yield func(rapport.Report, error) bool) {
		for rep, err := range rowsOf(ctx, r, scanReport, q+` ORDER BY n`, args...) {
			if err == nil && (f.Since != "" || f.Until != "") && !within(rep.Published, f.Since, f.Until) {
				continue
			}
			if !yield(rep, err) {
				return
			}
		}
	}
}

// within reports whether d may lie between since and until.
func within(d, since, until rapport.Date) bool {
	t, ok := termOf(d)
	s, _ := termOf(since)
	u, _ := termOf(until)
	return ok && t.until >= s.day && t.day <= u.until
}

// rowsOf yields what scan makes of each row; the last pair may hold an error.
func rowsOf[T any](ctx context.Context, r *Record, scan func(scanner) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := r.query(ctx, query, args)
		if err != nil {
			yield(none, r.fail("cannot be read", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			v, err := scan(rows)
			if err != nil {
				yield(none, r.fail("cannot be read", err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, r.fail("cannot be read", err))
		}
	}
}

// mostPrepared bounds the queries that are kept prepared: to prepare one again
// costs as much as to read a page of ten events.
const mostPrepared = 200

func (r *Record) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	r.preparedMu.Lock()
	s, full := r.prepared[query], len(r.prepared) >= mostPrepared
	r.preparedMu.Unlock()
	if s == nil {
		if full {
			return r.read.QueryContext(ctx, query, args...)
		}
		var err error
		if s, err = r.read.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
		r.preparedMu.Lock()
		if was := r.prepared[query]; was != nil { // somebody was faster
			r.preparedMu.Unlock()
			s.Close()
			s = was
		} else {
			if r.prepared == nil {
				r.prepared = map[string]*sql.Stmt{}
			}
			r.prepared[query] = s
			r.preparedMu.Unlock()
		}
	}
	return s.QueryContext(ctx, args...)
}

// all collects a sequence up to its first error.
func all[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (r *Record) found(what, id string, err error) error {
	if err == sql.ErrNoRows {
		return &rapport.Error{Kind: rapport.NotFound, Where: r.path, What: "holds no " + what + " " + id}
	}
	return r.fail(what+" "+id+" cannot be read", err)
}

func scanJSON[T any](rows scanner) (v T, err error) {
	var body sql.RawBytes
	if s, ok := rows.(*sql.Row); ok { // RawBytes live only as long as rows do
		var b []byte
		err, body = s.Scan(&b), b
	} else {
		err = rows.Scan(&body)
	}
	if err == nil {
		err = decode(body, &v)
	}
	return v, err
}

// decode reads a claim or an event.
func decode[T any](body []byte, v *T) (err error) {
	switch v := any(v).(type) {
	case *rapport.Claim:
		*v, err = decodeClaim(body)
	case *rapport.Event:
		*v, err = decodeEvent(body)
	default:
		err = json.Unmarshal(body, v)
	}
	return err
}

// Claim returns a claim as it stands after reviews, also one that is no longer
// on the register.
func (r *Record) Claim(ctx context.Context, id string) (rapport.Claim, error) {
	c, err := scanJSON[rapport.Claim](r.read.QueryRowContext(ctx, `SELECT coalesce(stands, body) FROM claim WHERE id = ?`, id))
	return c, r.found("claim", id, err)
}

// ClaimsOf returns the claims of the newest version of a report.
func (r *Record) ClaimsOf(ctx context.Context, report string) ([]rapport.Claim, error) {
	return all(rowsOf(ctx, r, scanJSON[rapport.Claim], `SELECT coalesce(c.stands, c.body) FROM report r CROSS JOIN claim c ON c.report = r.n
		WHERE r.id = ? AND r.current = 1 AND c.live = 1 ORDER BY c.n`, report))
}

// AllClaims yields every claim on the register, in the order kept.
func (r *Record) AllClaims(ctx context.Context) iter.Seq2[rapport.Claim, error] {
	return rowsOf(ctx, r, scanJSON[rapport.Claim], `SELECT coalesce(stands, body) FROM claim WHERE live = 1 ORDER BY n`)
}

// ClaimsBetween returns the claims on a dyad by day. Claims without a date
// stand at their report's day, undated history before all.
func (r *Record) ClaimsBetween(ctx context.Context, d rapport.Dyad, f Filter) ([]rapport.Claim, error) {
	q, args, err := r.pairQuery(ctx, claimRegister, d, f)
	if err != nil {
		return nil, err
	}
	return all(rowsOf(ctx, r, scanRegister[rapport.Claim], q, args...))
}

// EventsBetween returns the events on a dyad by day.
func (r *Record) EventsBetween(ctx context.Context, d rapport.Dyad, f Filter) ([]rapport.Event, error) {
	q, args, err := r.pairQuery(ctx, eventRegister, d, f)
	if err != nil {
		return nil, err
	}
	return all(rowsOf(ctx, r, scanRegister[rapport.Event], q, args...))
}

func scanRegister[T any](rows scanner) (v T, err error) {
	var body sql.RawBytes
	var day, n int64
	if err = rows.Scan(&day, &n, &body); err == nil {
		err = decode(body, &v)
	}
	return v, err
}

// register names the columns of one of the two registers of dyads.
type register struct{ table, ref, typ, body, home string }

var (
	claimRegister = register{"claim_dyad", "claim", "event", "coalesce(stands, body)", "claim"}
	eventRegister = register{"event_dyad", "event", "type", "body", "event"}
)

// pairQuery builds the query of a dyad's register. Both arms run along the
// primary key and are merged without sorting; TestPlans holds them to that.
// The short arm's range begins a year early because a short term that touches
// the window can have begun that long before.
func (r *Record) pairQuery(ctx context.Context, g register, d rapport.Dyad, f Filter) (string, []any, error) {
	for _, e := range []rapport.Date{f.Since, f.Until} {
		if err := e.Check(); err != nil {
			return "", nil, &rapport.Error{Kind: rapport.Usage, Where: string(e), What: "cannot bound a time", Err: err}
		}
	}
	since, _ := termOf(f.Since)
	until, _ := termOf(f.Until)
	var narrow strings.Builder
	var nargs []any
	in := func(column string, values []string) {
		narrow.WriteString(" AND " + column + " IN (?" + strings.Repeat(",?", len(values)-1) + ")")
		for _, v := range values {
			nargs = append(nargs, v)
		}
	}
	if len(f.Events) > 0 {
		in(g.typ, f.Events)
	}
	if len(f.Status) > 0 {
		var s []string
		for _, v := range f.Status {
			s = append(s, string(v))
		}
		in("status", s)
	}
	to, pageFrom := until.until, 0
	order, beyond := "ASC", ">"
	if f.Newest {
		order, beyond = "DESC", "<"
	}
	if f.Cursor != "" {
		var day, n int
		err := r.read.QueryRowContext(ctx, `SELECT day, n FROM `+g.home+` WHERE id = ?`, f.Cursor).Scan(&day, &n)
		if err != nil {
			return "", nil, r.found(g.home, f.Cursor, err)
		}
		narrow.WriteString(" AND (day, " + g.ref + ") " + beyond + " (?, ?)")
		nargs = append(nargs, day, n)
		if f.Newest { // SQLite takes one bound a side for the key range: give it the tighter
			to = min(to, day)
		} else {
			pageFrom = day
		}
	}
	arm := func(long, from int) (string, []any) {
		return `SELECT day, ` + g.ref + ` AS ref, (SELECT ` + g.body + ` FROM ` + g.home + ` WHERE n = ` + g.ref + `) FROM ` + g.table + `
 WHERE dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?) AND long = ? AND day >= ? AND day <= ? AND ` + g.table + `.until >= ?` + narrow.String(),
			append([]any{d.A, d.B, long, max(from, pageFrom), to, since.day}, nargs...)
	}
	short, args := arm(0, before(since.day, longDays))
	long, largs := arm(1, 0)
	q := short + "\nUNION ALL\n" + long + "\nORDER BY day " + order + ", ref " + order
	args = append(args, largs...)
	if f.Limit > 0 {
		q += " LIMIT ?"
		args = append(args, f.Limit)
	}
	return q, args, nil
}
