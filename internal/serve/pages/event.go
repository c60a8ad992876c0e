package pages

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
	"rapport/internal/serve/access"
)

type eventBody struct {
	Event      rapport.Event
	Line       line
	Type       ontology.Type
	Fields     []field
	Claims     []claimRow
	Copies     [][]source // reports of nearly the same text
	Joined     []judged
	Apart      []judged
	Decided    []decided
	Pairs      []rapport.Dyad
	MayPart    bool
	Undated    bool
	Confidence float64
}

// field is what the reports say of one thing, value by value.
type field struct {
	Name   string
	Values []fieldValue
	Differ bool
	Why    string
}

type fieldValue struct {
	Value  string
	Claims []int // numbers of the claims that say so
}

// claimRow is one telling of an event.
type claimRow struct {
	N      int
	Claim  rapport.Claim
	Report rapport.Report
	By     string
}

type judged struct {
	A, B    int // numbers of claims; 0 where it is none of the event's
	Other   string
	Score   float64
	Reasons []string
	Author  string
}

type decided struct {
	ID, Author, Time, What, Note string
	Undo                         bool
}

func (s *site) event(r *http.Request, parts []string) (*view, error) {
	ctx := r.Context()
	id := idOf(r, parts)
	rows, err := s.Record.EventRows(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		if e, err := s.Record.EventOf(ctx, strings.TrimPrefix(id, "ev-")); err == nil { // merged into another since
			return &view{Path: pathTo("event", e.ID)}, nil
		}
		return nil, problem(http.StatusNotFound, "The record has no event "+clean(id)+".", "Events are named anew when claims are merged otherwise: search for the words of a report.")
	}
	row := rows[0]
	e := row.Event
	t := tellRows(rows)
	b := eventBody{Event: e, Line: t.line(relations.Line{Event: e.ID}), Pairs: rapport.Dyads(e.Actor, e.Recipient)}
	b.Type, _ = ontology.TypeOf(e.Event)
	number := map[string]int{}
	for i, c := range row.Claims {
		number[c.ID] = i + 1
		w := claimRow{N: i + 1, Claim: c, Report: row.Reports[c.Report]}
		if c.Speaker != nil {
			w.By = briefs.Party(*c.Speaker)
		}
		b.Claims = append(b.Claims, w)
		b.Confidence = max(b.Confidence, c.Confidence)
	}
	b.Fields = fieldsOf(row)
	seen := map[string]bool{}
	for _, c := range row.Claims {
		family, err := s.Record.Family(ctx, c.Report)
		if err != nil {
			return nil, err
		}
		if len(family) < 2 || seen[family[0].ID] {
			continue
		}
		seen[family[0].ID] = true
		var copies []source
		for _, rep := range family[:min(len(family), 20)] {
			copies = append(copies, sourceOf(rep, rapport.Claim{Report: rep.ID}))
		}
		b.Copies = append(b.Copies, copies)
	}
	js, err := s.Record.Judgements(ctx, e.Claims...)
	if err != nil {
		return nil, err
	}
	for _, j := range js {
		g := judged{A: number[j.A], B: number[j.B], Score: j.Score, Reasons: j.Reasons, Author: j.Author}
		rule := strings.HasPrefix(j.Author, "rule:")
		switch inside := g.A > 0 && g.B > 0; {
		case rule && inside && j.Same:
			b.Joined = append(b.Joined, g)
		case rule && !j.Same && len(b.Apart) < 20:
			if g.Other = j.B; g.A == 0 {
				g.A, g.Other = g.B, j.A
			}
			if inside {
				g.Other = ""
			}
			b.Apart = append(b.Apart, g)
		}
	}
	if b.Decided, err = s.decisionsOn(r, e.Claims, number); err != nil {
		return nil, err
	}
	u, _ := access.From(ctx)
	b.MayPart = u.May(access.Review) && len(e.Claims) > 1
	return &view{Template: "event", Title: b.Line.Sentence + ", " + b.Line.When, Section: "relations", Keep: true, Body: b}, nil
}

// decisionsOn lists what persons decided on claims, latest first.
func (s *site) decisionsOn(r *http.Request, claims []string, number map[string]int) (out []decided, err error) {
	ctx := r.Context()
	u, _ := access.From(ctx)
	ds, err := s.Record.Decisions(ctx, claims...)
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		x := decided{ID: "d" + strconv.FormatInt(d.N, 10), Author: clean(d.Author), Time: clock(d.Time), Note: clean(d.Note), Undo: u.May(access.Review) && !d.Undone && d.Undoes == 0}
		switch {
		case d.Undoes != 0:
			x.What = "took back d" + strconv.FormatInt(d.Undoes, 10)
		case d.Same:
			x.What = "judged to be one event: " + pairsOf(d.Pairs, number)
		default:
			x.What = "judged not to be one event: " + pairsOf(d.Pairs, number)
		}
		if d.Undone {
			x.What += " (taken back)"
		}
		out = append(out, x)
	}
	for _, id := range claims {
		vs, err := s.Record.Reviews(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, reviewLines(vs, u, number[id])...)
	}
	slices.SortStableFunc(out, func(a, b decided) int { return strings.Compare(b.Time, a.Time) })
	return out, nil
}

// reviewLines tells reviews of one claim; the last that stands can be undone.
func reviewLines(vs []record.Review, u access.User, number int) (out []decided) {
	undone := map[int64]bool{}
	for _, v := range vs {
		undone[v.Undoes] = true
	}
	last := int64(0)
	for _, v := range vs {
		if v.Verdict != record.Undo && !undone[v.N] {
			last = v.N
		}
	}
	for _, v := range vs {
		x := decided{ID: "r" + strconv.FormatInt(v.N, 10), Author: clean(v.Author), Time: clock(v.Time), Note: clean(v.Note), Undo: u.May(access.Review) && v.N == last}
		x.What = map[record.Verdict]string{record.Accept: "accepted", record.Correct: "corrected", record.Reject: "rejected", record.Undo: "took back r" + strconv.FormatInt(v.Undoes, 10) + " on"}[v.Verdict]
		if number > 0 {
			x.What += " claim [" + strconv.Itoa(number) + "]"
		}
		if v.Verdict == record.Correct {
			x.What += ": " + strings.Join(changes(v.Old, v.New), "; ")
		}
		out = append(out, x)
	}
	return out
}

func pairsOf(pairs [][2]string, number map[string]int) string {
	name := func(id string) string {
		if n := number[id]; n > 0 {
			return "[" + strconv.Itoa(n) + "]"
		}
		return id
	}
	var out []string
	for _, p := range pairs {
		if len(out) == 6 {
			out = append(out, "…")
			break
		}
		out = append(out, name(p[0])+" and "+name(p[1]))
	}
	return strings.Join(out, ", ")
}

// clock tells a time of a decision to the minute.
func clock(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return clean(s)
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// fieldsOf sets what the claims of an event say side by side.
func fieldsOf(row record.EventRow) (out []field) {
	why := map[string]string{}
	for _, d := range row.Event.Disputed {
		why[d.Name] = d.Why
	}
	for _, f := range []struct {
		name, dispute string
		of            func(*rapport.Claim) string
	}{
		{"Act", "", func(c *rapport.Claim) string { return actOf(c.Event, c.Mode) }},
		{"About", "about", func(c *rapport.Claim) string { return c.About }},
		{"Actor", "", func(c *rapport.Claim) string { return partiesOf(c.Actor) }},
		{"Recipient", "", func(c *rapport.Claim) string { return partiesOf(c.Recipient) }},
		{"Date", "date", func(c *rapport.Claim) string {
			switch {
			case c.Date == "":
				return "none told"
			case c.DateBasis == rapport.DateFromReport:
				return briefs.Date(c.Date) + ", the day of the report"
			}
			return briefs.Date(c.Date)
		}},
		{"Due", "about_date", func(c *rapport.Claim) string {
			if c.AboutDate == "" {
				return ""
			}
			return briefs.Date(c.AboutDate)
		}},
		{"Place", "place", func(c *rapport.Claim) string {
			if c.Place == nil {
				return ""
			}
			return placeOf(c.Place)
		}},
		{"Status", "status", func(c *rapport.Claim) string { return string(c.Status) }},
		{"On whose word", "", func(c *rapport.Claim) string {
			if c.Speaker == nil {
				return "the report’s own"
			}
			return briefs.Party(*c.Speaker)
		}},
	} {
		x := field{Name: f.name, Why: why[f.dispute]}
		for i := range row.Claims {
			v := clean(f.of(&row.Claims[i]))
			if v == "" {
				continue
			}
			k := slices.IndexFunc(x.Values, func(o fieldValue) bool { return o.Value == v })
			if k < 0 {
				k = len(x.Values)
				x.Values = append(x.Values, fieldValue{Value: v})
			}
			x.Values[k].Claims = append(x.Values[k].Claims, i+1)
		}
		if len(x.Values) == 0 {
			continue
		}
		x.Differ = len(x.Values) > 1 && f.name != "On whose word"
		out = append(out, x)
	}
	for _, d := range row.Event.Disputed { // numbers: "number of agreements"
		if !strings.HasPrefix(d.Name, "number of ") {
			continue
		}
		x := field{Name: capital(d.Name), Differ: true, Why: d.Why}
		for _, v := range d.Values {
			o := fieldValue{Value: clean(v.Value)}
			for _, id := range v.Claims {
				if i := slices.IndexFunc(row.Claims, func(c rapport.Claim) bool { return c.ID == id }); i >= 0 {
					o.Claims = append(o.Claims, i+1)
				}
			}
			x.Values = append(x.Values, o)
		}
		out = append(out, x)
	}
	return out
}

func placeOf(p *rapport.Place) string {
	if p.Country != "" && ontology.CountryName(p.Country) != p.Name {
		return p.Name + ", " + ontology.CountryName(p.Country)
	}
	return p.Name
}

// actOf names a type with its mode: "CONSULT · visit".
func actOf(event, mode string) string {
	if mode == "" {
		return event
	}
	return event + ":" + mode
}

func partiesOf(ps []rapport.Party) string {
	var out []string
	for _, p := range ps {
		w := briefs.Party(p)
		if p.Office != "" && p.Name != "" {
			w += ", " + p.Office
		}
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// partEvent takes a merge back: a claim out of an event, or all apart.
func (s *site) partEvent(r *http.Request, id string) (string, error) {
	ctx := r.Context()
	e, err := s.Record.Event(ctx, id)
	if err != nil {
		return "", err
	}
	out := r.PostForm["claim"]
	d := record.Decision{Note: clip(r.PostForm.Get("note")), Author: author(r), Time: s.stamp()}
	for i, a := range e.Claims {
		for _, b := range e.Claims[i+1:] {
			if len(out) == 0 || slices.Contains(out, a) != slices.Contains(out, b) {
				d.Pairs = append(d.Pairs, [2]string{a, b})
			}
		}
	}
	if len(d.Pairs) == 0 {
		return "", problem(http.StatusBadRequest, "There is nothing to part.", "Name the claims that tell of something else, but not all of them.")
	}
	if _, err := s.Record.Decide(ctx, d); err != nil {
		return "", err
	}
	if err := s.settle(ctx); err != nil {
		return "", err
	}
	next, err := s.Record.EventOf(ctx, e.Claims[0])
	if err != nil {
		return pathTo("event", id), nil
	}
	return pathTo("event", next.ID) + "#decided", nil
}
