package record

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"os"
	"slices"
	"strings"
	"time"

	"rapport"
	"rapport/internal/record/fulltext"
)

// Problem is one thing that [Record.Check] found wrong.
type Problem struct {
	Where string `json:"where"` // "report x", "claim y", "file"
	What  string `json:"what"`
}

// Check looks through the whole record: the file's own structure, that reports
// hash to what was kept, that evidence stands where claims say, that every
// reference has its end, that the registers of dyads hold what claims and
// events say, and that the full text covers the reports. It reads everything
// and changes nothing. An error means that it could not look, not that it
// found something.
func (r *Record) Check(ctx context.Context) ([]Problem, error) {
	tx, err := r.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state of the record, whatever is written meanwhile
	if err != nil {
		return nil, r.fail("cannot be checked", err)
	}
	defer tx.Rollback()
	c := checker{ctx: ctx, tx: tx, seed: maphash.MakeSeed()}
	for _, step := range []func() error{c.file, c.reports, c.claims, c.events, c.references, c.words} {
		if err := step(); err != nil {
			return c.problems, r.fail("cannot be checked", err)
		}
	}
	return c.problems, nil
}

type checker struct {
	ctx      context.Context
	tx       *sql.Tx
	seed     maphash.Seed
	problems []Problem
}

func (c *checker) found(where, what string, args ...any) {
	c.problems = append(c.problems, Problem{where, fmt.Sprintf(what, args...)})
}

// each runs f on each row.
func (c *checker) each(query string, f func(rows *sql.Rows) error) error {
	rows, err := c.tx.QueryContext(c.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *checker) file() error {
	err := c.each(`PRAGMA integrity_check(20)`, func(rows *sql.Rows) error {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if s != "ok" {
			c.found("file", "%s", s)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.each(`PRAGMA foreign_key_check`, func(rows *sql.Rows) error {
		var table, parent string
		var row, key any
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		c.found("file", "row %v of %s names a row that %s lacks", row, table, parent)
		return nil
	})
}

func (c *checker) reports() error {
	err := c.each(`SELECT r.id, r.hash, r.text, f.hash FROM report r LEFT JOIN report f ON f.n = r.family ORDER BY r.n`, func(rows *sql.Rows) error {
		var id string
		var hash, family []byte
		var text string
		if err := rows.Scan(&id, &hash, &text, &family); err != nil {
			return err
		}
		if h := hex.EncodeToString(hash); h != rapport.HashText(text) {
			c.found("report "+id, "its text is not the one that was kept: the hash differs")
		}
		if family == nil {
			c.found("report "+id, "names a family that is not there")
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = c.each(`SELECT r.id, length(CAST(r.text AS BLOB)), m.modified, m.captions, m.origin FROM report_more m CROSS JOIN report r ON r.n = m.report ORDER BY r.n`, func(rows *sql.Rows) error {
		var rep rapport.Report
		var size int
		var modified string
		var captions, origin []byte
		err := rows.Scan(&rep.ID, &size, &modified, &captions, &origin)
		if err != nil {
			return err
		}
		rep.Modified = rapport.Date(modified)
		if rep.Captions, rep.Origin, err = decodeMore(captions, origin); err == nil {
			err = checkMore(&rep, size)
		}
		if err != nil {
			c.found("report "+rep.ID, "%v", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.each(`SELECT id, sum(current) FROM report GROUP BY id HAVING sum(current) <> 1`, func(rows *sql.Rows) error {
		var id string
		var n int
		err := rows.Scan(&id, &n)
		c.found("report "+id, "has %d versions that count as the newest", n)
		return err
	})
}

// tally sums up the rows of a register without regard to their order, for
// what is there and what should be.
type tally struct {
	rows int
	sum  uint64
}

func (c *checker) add(m map[rapport.Dyad]tally, d rapport.Dyad, n int64, t term, typ, status string) {
	v := m[d]
	v.rows++
	v.sum += maphash.String(c.seed, fmt.Sprintf("%d|%d|%d|%d|%s|%s", n, t.long(), t.day, t.until, typ, status))
	m[d] = v
}

func (c *checker) claims() error {
	want := map[rapport.Dyad]tally{}
	var text string
	report := int64(-1)
	err := c.each(`SELECT c.n, c.id, c.live, c.day, c.until, c.start, c."end", c.body, c.stands, r.n, r.id, r.current, r.published,
		CASE WHEN r.n = lag(r.n) OVER (ORDER BY c.report, c.n) THEN NULL ELSE r.text END
		FROM claim c CROSS JOIN report r ON r.n = c.report ORDER BY c.report, c.n`, func(rows *sql.Rows) error {
		var n, rn int64
		var id, rid, published string
		var live, current bool
		var t term
		var span rapport.Span
		var body, stands []byte
		var rtext sql.NullString
		if err := rows.Scan(&n, &id, &live, &t.day, &t.until, &span.Start, &span.End, &body, &stands, &rn, &rid, &current, &published, &rtext); err != nil {
			return err
		}
		if rn != report {
			report, text = rn, rtext.String
		}
		var as rapport.Claim
		for _, b := range [][]byte{body, stands} {
			if b == nil {
				continue
			}
			as = rapport.Claim{}
			if err := decode(b, &as); err != nil {
				c.found("claim "+id, "cannot be read: %v", err)
				return nil
			}
			if as.ID != id || as.Report != rid {
				c.found("claim "+id, "calls itself %s of report %s, and stands under report %s", as.ID, as.Report, rid)
			}
			if err := as.Check(text); err != nil {
				c.found("claim "+id, "%v", err)
			}
		}
		if as.Evidence.Span != span {
			c.found("claim "+id, "is filed with evidence at %v, it says %v", span, as.Evidence.Span)
		}
		if live && !current {
			c.found("claim "+id, "is on the register though its report has a newer version")
		}
		if live {
			if w := claimTerm(&as, rapport.Date(published)); w != t {
				c.found("claim "+id, "is filed from %d to %d, its date says %d to %d", t.day, t.until, w.day, w.until)
			}
			for _, d := range filing(as.Actor, as.Recipient) {
				c.add(want, d, n, t, as.Event, string(as.Status))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.compare("claims", want, `SELECT d.a, d.b, f.claim, f.day, f.until, f.event, f.status FROM claim_dyad f CROSS JOIN dyad d ON d.n = f.dyad`)
}

func (c *checker) events() error {
	want := map[rapport.Dyad]tally{}
	err := c.each(`SELECT e.n, e.id, e.day, e.until, e.body, (SELECT json_group_array(c.id) FROM (
			SELECT c.id FROM event_claim ec CROSS JOIN claim c ON c.n = ec.claim WHERE ec.event = e.n AND c.live = 1) c)
		FROM event e ORDER BY e.n`, func(rows *sql.Rows) error {
		var n int64
		var id string
		var t term
		var body, ids []byte
		if err := rows.Scan(&n, &id, &t.day, &t.until, &body, &ids); err != nil {
			return err
		}
		var e rapport.Event
		if err := json.Unmarshal(body, &e); err != nil {
			c.found("event "+id, "cannot be read: %v", err)
			return nil
		}
		var have []string
		if err := json.Unmarshal(ids, &have); err != nil {
			return err
		}
		told := slices.Sorted(slices.Values(e.Claims))
		slices.Sort(have)
		if !slices.Equal(told, have) {
			c.found("event "+id, "names the claims %v, and those on the register that name it are %v", told, have)
		}
		for _, d := range filing(e.Actor, e.Recipient) {
			c.add(want, d, n, t, e.Event, string(e.Status))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.compare("events", want, `SELECT d.a, d.b, f.event, f.day, f.until, f.type, f.status FROM event_dyad f CROSS JOIN dyad d ON d.n = f.dyad`)
}

// compare holds a register against what it should hold, and the dyads' counts.
func (c *checker) compare(what string, want map[rapport.Dyad]tally, register string) error {
	have := map[rapport.Dyad]tally{}
	err := c.each(register, func(rows *sql.Rows) error {
		var d rapport.Dyad
		var n int64
		var t term
		var typ, status string
		err := rows.Scan(&d.A, &d.B, &n, &t.day, &t.until, &typ, &status)
		c.add(have, d, n, t, typ, status)
		return err
	})
	if err != nil {
		return err
	}
	return c.each(`SELECT a, b, `+what+` FROM dyad ORDER BY a, b`, func(rows *sql.Rows) error {
		var d rapport.Dyad
		var n int
		err := rows.Scan(&d.A, &d.B, &n)
		w, h := want[d], have[d]
		switch {
		case w != h:
			c.found("dyad "+d.String(), "its register of %s has %d rows that differ from the %d there should be", what, h.rows, w.rows)
		case n != w.rows:
			c.found("dyad "+d.String(), "counts %d %s where there are %d", n, what, w.rows)
		}
		return err
	})
}

// references looks for ends that SQLite's own foreign keys do not guard. A
// person's judgement or review may outlive a claim that a newer coder no
// longer makes; a rule's may not.
func (c *checker) references() error {
	for _, q := range []struct{ what, query string }{
		{"names claim REF, which is not there", `SELECT 'judgement ' || a || ' ' || b, a FROM judgement WHERE person = 0 AND a NOT IN (SELECT id FROM claim)`},
		{"names claim REF, which is not there", `SELECT 'judgement ' || a || ' ' || b, b FROM judgement WHERE person = 0 AND b NOT IN (SELECT id FROM claim)`},
		{"names claim REF, which is not there", `SELECT 'review ' || n, claim FROM review WHERE claim NOT IN (SELECT id FROM claim)`},
		{"is part of no event and does not wait for merging", `SELECT 'claim row ' || n, '' FROM claim WHERE live = 1 AND n NOT IN (SELECT claim FROM event_claim) AND n NOT IN (SELECT claim FROM unmerged)`},
		{"has the strand of report REF, which is not there", `SELECT 'strand ' || hash, report FROM strand WHERE report NOT IN (SELECT n FROM report)`},
		{"is part of event REF, which is not there", `SELECT 'claim row ' || claim, event FROM event_claim WHERE event NOT IN (SELECT n FROM event)`},
		{"is filed as naming REF and is not there", `SELECT 'event row ' || event, name FROM event_name WHERE event NOT IN (SELECT n FROM event)`},
		{"names REF and is not filed as naming it", `SELECT 'event ' || e.id, p.value ->> 'name' FROM event e, json_each(iif(json_valid(e.body), e.body, '{}'), '$.actor') p
			WHERE p.value ->> 'name' <> '' AND NOT EXISTS (SELECT 1 FROM event_name WHERE kind = 'p' AND name = p.value ->> 'name' AND day = e.day AND event = e.n)`},
		{"is part of an event and is not there itself", `SELECT 'claim row ' || claim, event FROM event_claim WHERE claim NOT IN (SELECT n FROM claim)`},
	} {
		err := c.each(q.query+` ORDER BY 1`, func(rows *sql.Rows) error {
			var where, ref string
			err := rows.Scan(&where, &ref)
			c.found(where, "%s", strings.Replace(q.what, "REF", ref, 1))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// words reads the whole index of words and holds its documents against the
// current reports.
func (c *checker) words() error {
	current, err := column[int64](c.ctx, c.tx, `SELECT n FROM report WHERE current = 1 ORDER BY n`)
	if err != nil {
		return err
	}
	indexed := map[int64]int{}
	err = c.each(`SELECT n, docs FROM word_segment ORDER BY n`, func(rows *sql.Rows) error {
		var n int64
		var b []byte
		if err := rows.Scan(&n, &b); err != nil {
			return err
		}
		docs, err := fulltext.Docs(b)
		if err != nil {
			c.found("full text", "segment %d: %v", n, err)
		}
		for _, d := range docs {
			indexed[d.N]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range current {
		if indexed[n] != 1 {
			c.found("full text", "has report row %d %d times, not once", n, indexed[n])
		}
	}
	return c.each(`SELECT n, segment, data FROM word_chunk ORDER BY n`, func(rows *sql.Rows) error {
		var n, segment int64
		var b []byte
		if err := rows.Scan(&n, &segment, &b); err != nil {
			return err
		}
		if err := fulltext.CheckChunk(b); err != nil {
			c.found("full text", "chunk %d of segment %d: %v", n, segment, err)
		}
		return nil
	})
}

// Stats counts what a record holds.
type Stats struct {
	Format     int      `json:"format"`
	Bytes      int64    `json:"bytes"`    // of the file and its write-ahead log
	Reports    int      `json:"reports"`  // newest versions
	Versions   int      `json:"versions"` // older versions
	Families   int      `json:"families"` // different texts among all versions
	Outlets    int      `json:"outlets"`
	First      string   `json:"first,omitempty"` // earliest and latest date of publication
	Last       string   `json:"last,omitempty"`
	Claims     int      `json:"claims"`    // on the register
	Withdrawn  int      `json:"withdrawn"` // off it: of older versions, or rejected
	Dyads      int      `json:"dyads"`     // pairs of different countries with claims
	Stale      int      `json:"stale"`     // dyads whose events are to be derived anew
	Events     int      `json:"events"`
	Judgements int      `json:"judgements"`
	Reviews    int      `json:"reviews"`
	Coders     []string `json:"coders"` // that made the claims of a current report
}

// Stats counts what the record holds.
func (r *Record) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	var coders []byte
	err := r.read.QueryRowContext(ctx, `SELECT
		(SELECT user_version FROM pragma_user_version), v.now, v.old, v.families, v.outlets, v.first, v.last,
		(SELECT count(*) FROM claim) - (SELECT count(*) FROM claim WHERE live = 0), (SELECT count(*) FROM claim WHERE live = 0),
		(SELECT count(*) FROM dyad WHERE a < b AND claims > 0), (SELECT count(*) FROM dyad WHERE stale = 1),
		(SELECT count(*) FROM event), (SELECT count(*) FROM judgement), (SELECT count(*) FROM review),
		(SELECT json_group_array(name) FROM (SELECT name FROM coder WHERE n IN (SELECT coder FROM report WHERE current = 1) ORDER BY n))
		FROM (SELECT coalesce(sum(current = 1), 0) now, coalesce(sum(current = 0), 0) old, count(DISTINCT family) families,
			count(DISTINCT nullif(outlet, '')) outlets,
			coalesce(min(nullif(published, '')), '') first, coalesce(max(published), '') last FROM report) v`).
		Scan(&s.Format, &s.Reports, &s.Versions, &s.Families, &s.Outlets, &s.First, &s.Last, &s.Claims, &s.Withdrawn, &s.Dyads, &s.Stale,
			&s.Events, &s.Judgements, &s.Reviews, &coders)
	if err == nil {
		err = json.Unmarshal(coders, &s.Coders)
	}
	if err != nil {
		return s, r.fail("cannot be counted", err)
	}
	for _, name := range []string{r.path, r.path + "-wal"} {
		if fi, err := os.Stat(name); err == nil {
			s.Bytes += fi.Size()
		}
	}
	return s, nil
}

// Backup writes a consistent copy of the record to a new file while others go
// on reading and writing.
func (r *Record) Backup(ctx context.Context, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return &rapport.Error{Kind: rapport.Storage, Where: to, What: "is there already", Try: "name a new file for the copy"}
	}
	db, err := sql.Open("sqlite", dsn(r.path, r.mode, time.Minute)) // VACUUM INTO is no query to query_only
	if err != nil {
		return r.fail("cannot be copied to "+to, err)
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, to)
	return r.fail("cannot be copied to "+to, err)
}
