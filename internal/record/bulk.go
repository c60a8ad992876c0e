package record

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"rapport"
)

// Rows that a transaction keeps wait here until something reads their table or
// the transaction ends. Written many at a time and the register's in order of
// its key, they cost half of what they do one by one.
type waiting struct {
	nextReport, nextClaim int64 // 0 until asked for in this transaction

	claims  []any // arguments of INSERT INTO claim, claimColumns a row
	told    []claimRef
	filed   []filedClaim
	new     []any // n of INSERT INTO unmerged
	strands []any // hash and report of INSERT INTO strand
	added   map[uint32]bool

	seen  *seen
	built *builtWords // of this batch

	mergedNow bool // events were set: look whether any claim still waits
}

type claimRef struct{ id, report string }

type filedClaim struct {
	dyad          int64
	t             term
	claim         int64
	event, status string
}

// seen is what a batch of reports could meet in the record: what is not in it
// need not be looked for one by one. nil means that nobody looked.
type seen struct {
	ids     map[string]bool
	hashes  map[string]bool // raw
	strands map[uint32]bool
}

const (
	claimInsert = `INSERT INTO claim (n, id, report, coder, live, day, until, start, "end", body) VALUES `
	claimRow    = `(?,?,?,?,1,?,?,?,?,?)`
	claimArgs   = 9
	filedInsert = `INSERT INTO claim_dyad (dyad, long, day, claim, until, event, status) VALUES `
	filedRow    = `(?,?,?,?,?,?,?)`
	filedArgs   = 7
	// most bounds the rows that wait, and with them the memory.
	most = 50_000
)

func (w *writer) reset() {
	w.waiting = waiting{claims: w.claims[:0], told: w.told[:0], filed: w.filed[:0], strands: w.strands[:0], new: w.new[:0]}
}

// look finds out what of a batch is in the record already.
func (w *writer) look(in []input) error {
	var ids, hashes []string
	var strand []int64
	for i := range in {
		ids = append(ids, in[i].rep.ID)
		hashes = append(hashes, hex.EncodeToString(in[i].hash))
		for _, h := range in[i].sketch[:min(len(in[i].sketch), strands)] {
			strand = append(strand, int64(h))
		}
	}
	s := &seen{map[string]bool{}, map[string]bool{}, map[uint32]bool{}}
	for _, q := range []struct {
		list  any
		query string
		met   func(scanner) error
	}{
		{ids, `SELECT DISTINCT r.id FROM json_each(?) j CROSS JOIN report r ON r.id = j.value`, func(rows scanner) error {
			var id string
			err := rows.Scan(&id)
			s.ids[id] = true
			return err
		}},
		{hashes, `SELECT DISTINCT r.hash FROM json_each(?) j CROSS JOIN report r ON r.hash = unhex(j.value)`, func(rows scanner) error {
			var hash []byte
			err := rows.Scan(&hash)
			s.hashes[string(hash)] = true
			return err
		}},
		{strand, `SELECT DISTINCT s.hash FROM json_each(?) j CROSS JOIN strand s ON s.hash = j.value`, func(rows scanner) error {
			var h int64
			err := rows.Scan(&h)
			s.strands[uint32(h)] = true
			return err
		}},
	} {
		list, err := json.Marshal(q.list)
		if err != nil {
			return err
		}
		stmt, err := w.stmt(q.query)
		if err != nil {
			return err
		}
		if _, err := scanAll(stmt, func(rows scanner) (struct{}, error) { return struct{}{}, q.met(rows) }, string(list)); err != nil {
			return err
		}
	}
	w.seen = s
	return nil
}

// reportN and claimN give out the numbers of new rows, as SQLite would.
func (w *writer) reportN() (int64, error) {
	return w.number(&w.nextReport, `SELECT max(n) FROM report`)
}
func (w *writer) claimN() (int64, error) { return w.number(&w.nextClaim, `SELECT max(n) FROM claim`) }

func (w *writer) number(next *int64, query string) (int64, error) {
	if *next == 0 {
		var last *int64
		if _, err := w.one(query, nil, &last); err != nil {
			return 0, err
		}
		*next = 1
		if last != nil {
			*next = *last + 1
		}
	}
	*next++
	return *next - 1, nil
}

// flush writes the rows that wait.
func (w *writer) flush() error {
	if err := w.flushClaims(); err != nil {
		return err
	}
	if len(w.filed) > 0 {
		slices.SortFunc(w.filed, func(a, b filedClaim) int {
			return cmp.Or(cmp.Compare(a.dyad, b.dyad), cmp.Compare(a.t.long(), b.t.long()), cmp.Compare(a.t.day, b.t.day), cmp.Compare(a.claim, b.claim))
		})
		args := make([]any, 0, filedArgs*len(w.filed))
		for _, f := range w.filed {
			args = append(args, f.dyad, f.t.long(), f.t.day, f.claim, f.t.until, f.event, f.status)
		}
		w.filed = w.filed[:0]
		if err := w.insertMany(filedInsert, filedRow, filedArgs, args); err != nil {
			return err
		}
	}
	return w.flushStrands()
}

func (w *writer) flushClaims() error {
	if len(w.claims) == 0 {
		return nil
	}
	args, told := w.claims, w.told
	w.claims, w.told = w.claims[:0], w.told[:0]
	err := w.insertMany(claimInsert, claimRow, claimArgs, args)
	if err == nil {
		err = w.insertMany(`INSERT OR IGNORE INTO unmerged (claim) VALUES `, `(?)`, 1, w.new)
		w.new = w.new[:0]
	}
	if !isConstraint(err) {
		return err
	}
	for _, c := range told { // which of them is it?
		var there, report string
		ok, oneErr := w.one(`SELECT c.id, r.id FROM claim c CROSS JOIN report r ON r.n = c.report WHERE c.id = ?`, []any{c.id}, &there, &report)
		if oneErr != nil {
			return oneErr
		}
		if ok && report != c.report {
			return &rapport.Error{Kind: rapport.BadInput, Where: c.report, What: "has the claim " + c.id + ", which another report has too"}
		}
	}
	return &rapport.Error{Kind: rapport.BadInput, Where: told[0].report, What: "has a claim that another report has too", Err: err}
}

func (w *writer) flushStrands() error {
	args := w.strands
	w.strands = w.strands[:0]
	clear(w.added)
	return w.insertMany(`INSERT INTO strand (hash, report) VALUES `, `(?,?)`, 2, args)
}

// insertMany inserts rows, some at a time with one statement.
func (w *writer) insertMany(insert, row string, columns int, args []any) error {
	for _, n := range []int{32, 8, 1} {
		query := insert + strings.Repeat(row+",", n-1) + row
		for ; len(args) >= n*columns; args = args[n*columns:] {
			if _, err := w.exec(query, args[:n*columns]...); err != nil {
				return err
			}
		}
	}
	return nil
}
