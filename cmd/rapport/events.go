package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/exchange"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/serve/feeds"
)

func events(s *session, args []string) error {
	o := newOptions("events")
	path := o.recordFlag()
	q := o.eventFlags()
	q.ids = true
	q.feed = o.String("base", "", "")
	pair := o.String("pair", "", "")
	o.Func("party", "", func(v string) error {
		code, ok := ontology.ParseCountry(v)
		if !ok {
			return errors.New("it is an ISO 3166 code, as in EGY, a country's name, or one of IGO UNO EUR NGO MNC ISM IMG")
		}
		q.filter.Party = append(q.filter.Party, code)
		return nil
	})
	rest, done, err := o.parse(s, args)
	switch {
	case done || err != nil:
		return err
	case len(rest) > 0:
		return usage("events", "events are chosen with flags, and %q is none", rest[0])
	}
	var only []rapport.Dyad
	if *pair != "" {
		if q.filter.Pair, err = parsePair("events", strings.Split(*pair, "-")); err != nil {
			return err
		}
		only = append(only, q.filter.Pair)
	}
	if err := q.check("events"); err != nil {
		return err
	}
	rec, closed, err := openMerged(s, *path, only...)
	if err != nil {
		return err
	}
	defer closed()
	n, err := q.print(s, rec)
	switch {
	case n > 0 || err != nil:
		return err
	case *pair != "":
		return noEvent(s, rec, q.filter.Pair)
	}
	s.note(rec.Path(), "no event fits the filter")
	return nil
}

// eventQuery is what the flags of timeline and events ask for.
type eventQuery struct {
	filter record.EventFilter
	format *string
	claims bool    // a row a claim
	ids    bool    // with the events' ids in the table
	feed   *string // address of the feed; nil where there are no feeds
}

func (o options) eventFlags() *eventQuery {
	q := &eventQuery{format: o.choice("format", "table", "csv", "jsonl", "atom", "ics")}
	o.Func("type", "", func(v string) error {
		for t := range strings.SplitSeq(strings.ToUpper(v), ",") {
			name, mode, _ := strings.Cut(t, ":")
			typ, ok := ontology.TypeOf(name)
			mode = strings.ToLower(mode)
			if !ok || mode != "" && !slices.ContainsFunc(typ.Modes, func(m ontology.Mode) bool { return m.Code == mode }) {
				return errors.New("it is a type of PLOVER, as in CONSULT or CONSULT:visit")
			}
			if mode != "" {
				name += ":" + mode
			}
			q.filter.Events = append(q.filter.Events, name)
		}
		return nil
	})
	o.Func("status", "", func(v string) error {
		known := []rapport.Status{rapport.Actual, rapport.Historical, rapport.Future, rapport.Hypothetical, rapport.Negated}
		for t := range strings.SplitSeq(v, ",") {
			if !slices.Contains(known, rapport.Status(t)) {
				return errors.New("it is one of actual, historical, future, hypothetical, negated")
			}
			q.filter.Status = append(q.filter.Status, rapport.Status(t))
		}
		return nil
	})
	o.Var(dateFlag{&q.filter.Since}, "since", "")
	o.Var(dateFlag{&q.filter.Until}, "until", "")
	o.StringVar(&q.filter.Place, "place", "", "")
	o.StringVar(&q.filter.Outlet, "outlet", "", "")
	o.StringVar(&q.filter.Text, "text", "", "")
	o.Float64Var(&q.filter.Confidence, "confidence", 0, "")
	o.BoolVar(&q.filter.Newest, "newest", false, "")
	o.IntVar(&q.filter.Limit, "limit", 0, "")
	o.BoolVar(&q.claims, "claims", false, "")
	return q
}

// check refuses what the flags cannot mean together.
func (q *eventQuery) check(command string) error {
	f := q.filter
	switch {
	case f.Limit < 0:
		return usage(command, "--limit is %d, and 0, for all, is the least", f.Limit)
	case f.Confidence < 0 || f.Confidence > 1:
		return usage(command, "--confidence is %v, and it lies between 0 and 1", f.Confidence)
	case f.Until.Before(f.Since):
		return usage(command, "--until %s lies before --since %s", f.Until, f.Since)
	case q.isFeed() && q.feed == nil:
		return usage(command, "--format %s is for rapport events, as in rapport events --pair AZE-EGY --format %[1]s", *q.format)
	case q.claims && (*q.format == "table" || q.isFeed()):
		return usage(command, "--claims goes with --format csv or jsonl")
	}
	return nil
}

func (q *eventQuery) isFeed() bool { return *q.format == "atom" || *q.format == "ics" }

// print writes the events asked for and returns how many rows.
func (q *eventQuery) print(s *session, rec *record.Record) (n int, err error) {
	if err := useOutlets(os.Getenv(actorsVariable)); err != nil { // datasets tell the country and kind of outlets
		return 0, err
	}
	writers := map[string]func(io.Writer, iter.Seq2[record.EventRow, error]) (int, error){
		"table": q.table, "csv": exchange.EventsCSV, "jsonl": exchange.EventsJSONL,
	}
	if q.claims {
		writers["csv"], writers["jsonl"] = exchange.ClaimsCSV, exchange.ClaimsJSONL
	}
	out := bufio.NewWriterSize(s.stdout, 64<<10)
	if q.isFeed() {
		n, err = feeds.Write(s, out, *q.format, feeds.Config{Record: rec, Base: *q.feed}, q.filter)
	} else {
		n, err = writers[*q.format](out, rec.Events(s, q.filter))
	}
	if rapport.KindOf(err) != rapport.Internal { // of the record, not of the output
		return n, err
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return n, cannotWrite(err)
	}
	return n, nil
}

// eventColumns is the table of events; the evidence stands below each row.
var eventColumns = []column{
	{"ID", 19},
	{"DATE", 11},
	{"STATUS", 12},
	{"EVENT", 24},
	{"ACTOR → RECIPIENT", 44},
	{"TOLD BY", 0},
}

// tableEvents is how many events are laid out together: the widths of columns
// want rows, and rows want memory.
const tableEvents = 1000

func (q *eventQuery) table(w io.Writer, events iter.Seq2[record.EventRow, error]) (int, error) {
	n := 0
	var part []record.EventRow
	flush := func() error {
		if len(part) == 0 {
			return nil
		}
		var b strings.Builder
		rows := make([][]string, len(part))
		for i := range part {
			rows[i] = q.row(&part[i])
		}
		widths := fit(eventColumns, rows)
		if n == 0 {
			writeRow(&b, widths, heads(eventColumns))
		}
		for i := range part {
			writeRow(&b, widths, rows[i])
			for _, line := range wrap(excerpt(exchange.Surest(&part[i]), cellLines*(tableWidth-12)), tableWidth-4) {
				b.WriteString("    " + line + "\n")
			}
		}
		n += len(part)
		part = part[:0]
		_, err := io.WriteString(w, b.String())
		return err
	}
	for e, err := range events {
		if err != nil {
			return n, err
		}
		if part = append(part, e); len(part) == tableEvents {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

// row gives an event's cells.
func (q *eventQuery) row(r *record.EventRow) []string {
	e := &r.Event
	as := row(&rapport.Claim{Event: e.Event, Mode: e.Mode, About: e.About, Actor: e.Actor, Recipient: e.Recipient, Status: e.Status, Date: e.Date})
	id := ""
	if q.ids {
		id = e.ID
	}
	if as[0] == "" {
		as[0] = "undated"
	}
	return []string{id, as[0], as[1], as[2], as[3], toldBy(r)}
}

// toldBy names the outlet of the claim that is shown and counts the other
// reports.
func toldBy(r *record.EventRow) string {
	rep := r.Reports[exchange.Surest(r).Report]
	name := rep.Outlet
	if name == "" {
		name = rep.ID
	}
	if r.Event.Reports > 1 {
		name = fmt.Sprintf("%s +%d", name, r.Event.Reports-1)
	}
	return name
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }
