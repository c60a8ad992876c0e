package pages

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
)

// line is an event as lists show it.
type line struct {
	ID       string
	When     string
	Day      rapport.Date // for sorting and <time>; may be empty
	Sentence string
	Inferred bool
	Quote    string
	By       string // "according to …"
	Tag      string // "planned; due 2028"
	Type     string // "CONSULT"
	Mode     string
	Quad     int
	Score    float64
	Status   rapport.Status
	Disputed []string // the fields on which reports differ
	Reports  int
	Sources  []source
	Pairs    []rapport.Dyad
}

// source is a report that tells an event.
type source struct {
	Report string
	Claim  string
	Outlet string
	Title  string
	Day    rapport.Date
	Copy   bool
}

// teller tells events of a relation as lines.
type teller struct {
	briefs.Teller
	r *relations.Relation
}

func newTeller(r *relations.Relation) teller { return teller{briefs.NewTeller(r), r} }

// tellRows is a teller of events that are no relation, and the events.
func tellRows(rows []record.EventRow) teller {
	r := &relations.Relation{Events: map[string]rapport.Event{}, Claims: map[string]rapport.Claim{}, Reports: map[string]rapport.Report{}}
	for i := range rows {
		r.Events[rows[i].Event.ID] = rows[i].Event
		for _, c := range rows[i].Claims {
			r.Claims[c.ID] = c
		}
		for id, rep := range rows[i].Reports {
			r.Reports[id] = rep
		}
	}
	return newTeller(r)
}

// lines tells rows in their order.
func lines(rows []record.EventRow) []line {
	t := tellRows(rows)
	out := make([]line, 0, len(rows))
	for i := range rows {
		if len(rows[i].Claims) == len(rows[i].Event.Claims) { // not between two writings
			out = append(out, t.line(relations.Line{Event: rows[i].Event.ID}))
		}
	}
	return out
}

// line tells a line of a relation.
func (t teller) line(l relations.Line) line {
	e := t.r.Events[l.Event]
	out := line{ID: e.ID, Day: e.Date, Type: e.Event, Mode: e.Mode, Quad: e.Quad, Score: e.Score, Status: e.Status, Reports: e.Reports, Pairs: rapport.Dyads(e.Actor, e.Recipient)}
	out.When = t.When(&e)
	out.Sentence, out.Inferred = t.Sentence(&e)
	out.Quote, out.By, out.Tag = t.Quote(&e), t.According(&e), t.Tag(&e, &l)
	for _, f := range e.Disputed {
		if f.Name != "cameo" {
			out.Disputed = append(out.Disputed, t.Field(f.Name))
		}
	}
	out.Sources = t.sources(e.Claims)
	return out
}

// sources lists the reports of claims, each once.
func (t teller) sources(claims []string) (out []source) {
	seen := map[string]bool{}
	for _, id := range claims {
		c, ok := t.r.Claims[id]
		if !ok || seen[c.Report] {
			continue
		}
		seen[c.Report] = true
		out = append(out, sourceOf(t.r.Reports[c.Report], c))
	}
	return out
}

func sourceOf(rep rapport.Report, c rapport.Claim) source {
	s := source{Report: c.Report, Claim: c.ID, Outlet: clean(rep.Outlet), Title: clean(rep.Title), Day: rep.Published, Copy: rep.Family != ""}
	if s.Outlet == "" {
		s.Outlet = clean(c.Report)
	}
	return s
}

// lines tells lines of a relation in their order.
func (t teller) lines(ls []relations.Line) []line {
	out := make([]line, 0, len(ls))
	for _, l := range ls {
		out = append(out, t.line(l))
	}
	return out
}

// newest sorts lines the latest first, the undated last.
func newest(ls []line) []line {
	slices.SortStableFunc(ls, func(a, b line) int { return cmp.Compare(sortDay(b.Day), sortDay(a.Day)) })
	return ls
}

func sortDay(d rapport.Date) int64 {
	first, last, ok := d.Bounds()
	switch {
	case !ok:
		return -1 << 62
	case last.IsZero():
		return first.Unix()
	}
	return last.Unix()
}

// clean makes a stored word fit for a line: no control and no mark that turns
// the direction of writing, which would let it rearrange the page around it.
func clean(s string) string {
	if !strings.ContainsFunc(s, hidden) && utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, s), "\ufffd")
}

func hidden(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}

// typeFacet is a type of event to choose by.
type typeFacet struct {
	Code, Name string
	N          int
}

// facets counts the types of lines, in the order of the code book.
func facets(ls []line) (out []typeFacet) {
	n := map[string]int{}
	for _, l := range ls {
		n[l.Type]++
	}
	for _, t := range ontology.Types() {
		if n[t.Code] > 0 {
			out = append(out, typeFacet{t.Code, t.Name, n[t.Code]})
		}
	}
	return out
}

// capital returns s with its first letter in upper case.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
