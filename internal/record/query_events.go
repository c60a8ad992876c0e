package record

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"rapport"
)

// EventFilter narrows the events of a whole record. The zero EventFilter lets
// all through; within a field any of the values will do.
type EventFilter struct {
	Pair         rapport.Dyad     // on this pair; zero is any
	Party        []string         // countries or international codes, one of which acts or is acted on
	Events       []string         // types and types with a mode: "CONSULT", "CONSULT:visit"
	Status       []rapport.Status //
	Since, Until rapport.Date     // those that may have happened in this time, both ends included
	Place        string           // a country's code, or words in the name of the place
	Outlet       string           // words in the name of an outlet that tells it
	Text         string           // words, all of them in one sentence that tells it
	Confidence   float64          // of its surest claim, 0 … 1, at least
	Newest       bool             // newest first; else oldest first
	Limit        int              // 0 is no limit
}

// EventRow is an event with the claims that tell it and their reports.
type EventRow struct {
	Event   rapport.Event
	Claims  []rapport.Claim           // in the order of Event.Claims
	Reports map[string]rapport.Report // by id, without their texts
}

// chunk is how many events are read at a time with all that belongs to them.
const chunk = 500

// Events yields the events that f lets through by day, then as kept.
// Those nobody dates stand at the day of their report.
func (r *Record) Events(ctx context.Context, f EventFilter) iter.Seq2[EventRow, error] {
	return func(yield func(EventRow, error) bool) {
		ns, err := r.eventNumbers(ctx, f)
		if err != nil {
			yield(EventRow{}, err)
			return
		}
		left := f.Limit
		for part := range slices.Chunk(ns, chunk) {
			rows, err := r.eventRows(ctx, part)
			if err != nil {
				yield(EventRow{}, err)
				return
			}
			for i := range rows {
				if !f.passes(&rows[i]) {
					continue
				}
				if !yield(rows[i], nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
		}
	}
}

// eventNumbers returns the rows of the events that the columns of the register
// let through, in order.
func (r *Record) eventNumbers(ctx context.Context, f EventFilter) ([]int64, error) {
	for _, d := range []rapport.Date{f.Since, f.Until} {
		if err := d.Check(); err != nil {
			return nil, &rapport.Error{Kind: rapport.Usage, Where: string(d), What: "cannot bound a time", Err: err}
		}
	}
	since, _ := termOf(f.Since)
	until, _ := termOf(f.Until)
	q := `SELECT DISTINCT event, day FROM event_dyad WHERE day <= ? AND until >= ?`
	args := []any{until.until, since.day}
	in := func(column string, values []string) error {
		list, err := json.Marshal(values)
		q += ` AND ` + column + ` IN (SELECT value FROM json_each(?))`
		args = append(args, string(list))
		return err
	}
	if f.Pair != (rapport.Dyad{}) {
		q += ` AND dyad = (SELECT n FROM dyad WHERE a = ? AND b = ?)`
		args = append(args, f.Pair.A, f.Pair.B)
	}
	if len(f.Party) > 0 {
		list, err := json.Marshal(f.Party)
		if err != nil {
			return nil, err
		}
		q += ` AND dyad IN (SELECT n FROM dyad WHERE a IN (SELECT value FROM json_each(?)) OR b IN (SELECT value FROM json_each(?)))`
		args = append(args, string(list), string(list))
	}
	var types []string
	for _, t := range f.Events {
		t, _, _ = strings.Cut(t, ":")
		types = append(types, t)
	}
	if len(types) > 0 {
		if err := in("type", types); err != nil {
			return nil, err
		}
	}
	if len(f.Status) > 0 {
		var s []string
		for _, v := range f.Status {
			s = append(s, string(v))
		}
		if err := in("status", s); err != nil {
			return nil, err
		}
	}
	order := "ASC"
	if f.Newest {
		order = "DESC"
	}
	q += ` ORDER BY day ` + order + `, event ` + order
	return all(rowsOf(ctx, r, func(rows scanner) (n int64, err error) {
		var day int
		return n, rows.Scan(&n, &day)
	}, q, args...))
}

// eventRows reads events with their claims and reports, in the order asked.
func (r *Record) eventRows(ctx context.Context, ns []int64) ([]EventRow, error) {
	list, err := json.Marshal(ns)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{}
	for i, n := range ns {
		at[n] = i
	}
	out := make([]EventRow, len(ns))
	type body struct {
		n    int64
		text []byte
	}
	scan := func(rows scanner) (b body, err error) { return b, rows.Scan(&b.n, &b.text) }
	for b, err := range rowsOf(ctx, r, scan, `SELECT e.n, e.body FROM json_each(?) j CROSS JOIN event e ON e.n = j.value`, string(list)) {
		if err == nil {
			err = decode(b.text, &out[at[b.n]].Event)
		}
		if err != nil {
			return nil, r.fail("events cannot be read", err)
		}
	}
	type told struct {
		body
		report int64
	}
	heads := map[int64]rapport.Report{}
	of := make([][]int64, len(ns)) // the reports of each row's claims
	for b, err := range rowsOf(ctx, r, func(rows scanner) (t told, err error) { return t, rows.Scan(&t.n, &t.text, &t.report) }, `SELECT ec.event, coalesce(c.stands, c.body), c.report
		FROM json_each(?) j CROSS JOIN event_claim ec ON ec.event = j.value CROSS JOIN claim c ON c.n = ec.claim`, string(list)) {
		var c rapport.Claim
		if err == nil {
			err = decode(b.text, &c)
		}
		if err != nil {
			return nil, r.fail("claims cannot be read", err)
		}
		i := at[b.n]
		out[i].Claims = append(out[i].Claims, c)
		of[i] = append(of[i], b.report)
		heads[b.report] = rapport.Report{}
	}
	if err := r.readHeads(ctx, heads); err != nil {
		return nil, err
	}
	for i := range out {
		row := &out[i]
		place := map[string]int{}
		for k, id := range row.Event.Claims {
			place[id] = k
		}
		slices.SortFunc(row.Claims, func(a, b rapport.Claim) int { return cmp.Compare(place[a.ID], place[b.ID]) })
		row.Reports = map[string]rapport.Report{}
		for _, n := range of[i] {
			row.Reports[heads[n].ID] = heads[n]
		}
	}
	return out, nil
}

// readHeads reads the reports with these numbers, without their texts.
func (r *Record) readHeads(ctx context.Context, heads map[int64]rapport.Report) error {
	list, err := json.Marshal(slices.Sorted(maps.Keys(heads)))
	if err != nil {
		return err
	}
	type head struct {
		n   int64
		rep rapport.Report
	}
	for h, err := range rowsOf(ctx, r, func(rows scanner) (h head, err error) {
		h.rep, err = scanReport(scanFunc(func(to ...any) error { return rows.Scan(append(to, &h.n)...) }))
		return h, err
	}, headsQuery, string(list)) {
		if err != nil {
			return err
		}
		heads[h.n] = h.rep
	}
	return nil
}

var headsQuery = `SELECT ` + strings.Replace(headColumns, "id,", "report.id,", 1) + `, report.n FROM json_each(?) j CROSS JOIN report ON report.n = j.value`

// scanFunc is a scanner that is a function.
type scanFunc func(...any) error

// Scan calls it.
func (f scanFunc) Scan(to ...any) error { return f(to...) }

// passes tells what the columns of the register cannot.
func (f *EventFilter) passes(row *EventRow) bool {
	e := &row.Event
	if len(f.Events) > 0 && !slices.ContainsFunc(f.Events, func(t string) bool { return t == e.Event || t == e.Event+":"+e.Mode }) {
		return false
	}
	if f.Confidence > 0 && !slices.ContainsFunc(row.Claims, func(c rapport.Claim) bool { return c.Confidence >= f.Confidence }) {
		return false
	}
	if f.Place != "" && !at(e.Place, f.Place) && !slices.ContainsFunc(row.Claims, func(c rapport.Claim) bool { return at(c.Place, f.Place) }) {
		return false
	}
	if f.Outlet != "" && !slices.ContainsFunc(row.Claims, func(c rapport.Claim) bool { return holds(row.Reports[c.Report].Outlet, f.Outlet) }) {
		return false
	}
	return f.Text == "" || slices.ContainsFunc(row.Claims, func(c rapport.Claim) bool { return holds(c.Evidence.Text, f.Text) })
}

// at reports whether a place is in the country of that code, or has the words
// in its name.
func at(p *rapport.Place, want string) bool {
	return p != nil && (p.Country == strings.ToUpper(want) || holds(p.Name, want))
}

// holds reports whether all words stand in a text, each at the beginning of
// one of its words, without regard to case and to accents of Latin letters.
func holds(text, words string) bool {
	have := wordsOf(text)
	for _, w := range wordsOf(words) {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(plainLetters.Replace(strings.ToLower(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// plainLetters takes the accents from the letters of names in reports. The
// index of [Record.Search] does so too; it knows more letters, but reports only.
var plainLetters = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ā", "a", "ă", "a", "ą", "a", "ə", "a",
	"ç", "c", "ć", "c", "č", "c", "ď", "d", "đ", "d", "é", "e", "è", "e", "ê", "e", "ë", "e", "ē", "e", "ė", "e", "ę", "e", "ě", "e",
	"ğ", "g", "ģ", "g", "í", "i", "ì", "i", "î", "i", "ï", "i", "ī", "i", "ı", "i", "i̇", "i", "ķ", "k", "ł", "l", "ľ", "l", "ļ", "l", "ñ", "n", "ń", "n", "ň", "n",
	"ó", "o", "ò", "o", "ô", "o", "õ", "o", "ö", "o", "ø", "o", "ō", "o", "ő", "o", "ř", "r", "ś", "s", "š", "s", "ş", "s", "ș", "s",
	"ß", "ss", "ť", "t", "ţ", "t", "ț", "t", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ū", "u", "ů", "u", "ű", "u", "ý", "y", "ÿ", "y",
	"ź", "z", "ż", "z", "ž", "z", "æ", "ae", "œ", "oe",
)

// PairCount is a pair with how much the record holds on it, and when.
type PairCount struct {
	DyadCount
	First  rapport.Date // day of the earliest event filed under a day of its own or of its report
	Last   rapport.Date // and of the latest
	Recent int          // events of the last year that the record's reports reach into
}

// Pairs returns the pairs of different countries by how many events the record
// holds on them, most first. With a party, only its pairs.
func (r *Record) Pairs(ctx context.Context, party string) ([]PairCount, error) {
	var last string
	if err := r.read.QueryRowContext(ctx, `SELECT coalesce(max(published), '') FROM report WHERE current = 1 AND length(published) = 10`).Scan(&last); err != nil {
		return nil, r.fail("cannot be read", err)
	}
	now, _ := termOf(rapport.Date(last))
	return all(rowsOf(ctx, r, func(rows scanner) (p PairCount, err error) {
		var first, last int
		err = rows.Scan(&p.A, &p.B, &p.Claims, &p.Events, &first, &last, &p.Recent)
		p.First, p.Last = dayOf(first), dayOf(last)
		return p, err
	}, `SELECT a, b, claims, events,
			coalesce((SELECT min(day) FROM event_dyad WHERE dyad = d.n AND long = 0), 0),
			coalesce((SELECT max(day) FROM event_dyad WHERE dyad = d.n AND long = 0), 0),
			(SELECT count(*) FROM event_dyad WHERE dyad = d.n AND long = 0 AND day > ?2 AND day <= ?3)
		FROM dyad d WHERE a < b AND claims > 0 AND (?1 = '' OR a = ?1 OR b = ?1)
		ORDER BY events DESC, claims DESC, a, b`, party, before(now.until, longDays-1), now.until))
}

// dayOf turns yyyymmdd into a date, an open end into none.
func dayOf(n int) rapport.Date {
	if n == 0 || n == openEnd {
		return ""
	}
	return rapport.Day(time.Date(n/10000, time.Month(n/100%100), n%100, 0, 0, 0, 0, time.UTC))
}
