package pages

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/exchange"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
)

// busy is how many claims of a pair a page goes through: of a pair with more,
// pages show the latest years with about so many, and the others on demand.
const busy = 400

// span is the time that pages of a relation show.
type span struct{ From, To rapport.Date }

func (w span) query() string {
	q := url.Values{}
	if w.From != "" {
		q.Set("from", string(w.From))
	}
	if w.To != "" {
		q.Set("to", string(w.To))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// tab is a part of a relation's page.
type tab struct {
	Key, Name, Path string
	N               int
	Current         bool
}

type relationBody struct {
	Pair   rapport.Dyad
	A, B   relations.Side
	Tab    string
	Tabs   []tab
	Base   string // "/EGY/QAT"
	Query  string // of the span, "?from=2019" or ""
	Cover  relations.Coverage
	Count  record.DyadCount // of the whole record
	Span   span
	Narrow bool // what is shown is not all there is
	Years  []string
	Year   string // that is shown alone

	Glance []glanceLine
	Tempo  tempo
	Turns  []turn
	Latest []line

	Visits     []visit
	Meetings   []line
	Mediation  []line
	Agreements []agreement
	Meets      []institution
	Topics     []topic
	Pledges    []line
	Economy    []line
	Sums       []sum
	Aid        []line
	Joint      []line
	Frictions  []line
	Hopes      []line
	Denied     []line
	Differ     []difference
	Alone      []alone
	Foundation []line

	Timeline []line
	Total    int
	Filter   filter
	Types    []typeFacet
	Outlets  []string
}

type glanceLine struct {
	Name, Text string
	Event      string
	Sources    []source
}

type turn struct {
	relations.Turn
	Line line
}

type visit struct {
	Line                  line
	Who, To, Place, Notes string
}

type agreement struct {
	Title, State string
	Steps        []line
}

type institution struct {
	Name     string
	Sessions []line
}

type topic struct {
	Name  string
	Lines []line
}

type sum struct {
	Line          line
	Words, Of, By string
	Claim, Report string
}

type difference struct {
	Line   line
	Field  string
	Values []told
}

type told struct {
	Value   string
	By      []string
	Sources []source
	Best    bool
}

type alone struct {
	Side  relations.Side
	Lines []line
}

type filter struct{ Type, Status, From, To, Outlet string }

func (f filter) any() bool { return f != filter{} }

func (s *site) relation(r *http.Request, parts []string) (*view, error) {
	ctx := r.Context()
	d, ok := pairOf(parts[0], parts[1])
	if !ok {
		return nil, problem(http.StatusNotFound, "These are no two countries of the record.", "A pair's address is its two ISO 3166 codes, as in /EGY/QAT.")
	}
	base := "/" + d.A + "/" + d.B
	which := ""
	if len(parts) == 3 {
		which = parts[2]
	}
	if parts[0] != d.A || parts[1] != d.B {
		to := base
		if which != "" {
			to += "/" + url.PathEscape(which)
		}
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		return &view{Path: to}, nil
	}
	w, err := spanOf(r)
	if err != nil {
		return nil, err
	}
	b, rel, err := s.relationBody(ctx, d, w)
	if err != nil {
		return nil, err
	}
	if b.Count.Claims == 0 {
		return nil, problem(http.StatusNotFound, "The record has nothing on "+ontology.CountryInText(d.A)+" and "+ontology.CountryInText(d.B)+".", "Look at /"+d.A+" or /"+d.B+" for the relations that it has, or search.")
	}
	t := newTeller(rel)
	if !b.fill(which, t, rel, r) {
		return nil, problem(http.StatusNotFound, "A relation has no such page.", "Begin at "+base+".")
	}
	name := b.A.Name + " and " + b.B.Name
	title := name
	for i := range b.Tabs {
		if b.Tabs[i].Current && b.Tabs[i].Key != "" {
			title = b.Tabs[i].Name + ": " + name
		}
	}
	return &view{Template: "relation", Title: title, Section: "relations", Keep: true, Body: b}, nil
}

// spanOf reads the time that an address asks for.
func spanOf(r *http.Request) (w span, err error) {
	q := r.URL.Query()
	w = span{rapport.Date(strings.TrimSpace(q.Get("from"))), rapport.Date(strings.TrimSpace(q.Get("to")))}
	for _, d := range []rapport.Date{w.From, w.To} {
		if err := d.Check(); err != nil {
			return w, problem(http.StatusBadRequest, "A time is bounded by dates such as 2019, 2019-06 or 2019-06-08.", "")
		}
	}
	return w, nil
}

// load reads a relation as far as pages show it.
func (s *site) load(ctx context.Context, d rapport.Dyad, w span) (*relations.Relation, span, bool, error) {
	narrow := w != span{}
	if !narrow {
		from, err := s.Record.Window(ctx, d, busy)
		if err != nil {
			return nil, w, false, err
		}
		if from != "" {
			w.From, narrow = from[:7], true // whole months
		}
	}
	state, err := s.Record.State(ctx)
	if err != nil {
		return nil, w, false, err
	}
	key := d.String() + " " + string(w.From) + " " + string(w.To)
	rel, ok := s.relations.get(key, state)
	if !ok {
		if narrow {
			rel, err = relations.LoadBetween(ctx, s.Record, d, w.From, w.To)
		} else {
			rel, err = relations.LoadPair(ctx, s.Record, d, "")
		}
		if err != nil {
			return nil, w, false, err
		}
		s.relations.put(key, state, rel, len(rel.Claims)+20)
	}
	return rel, w, narrow, nil
}

func (s *site) pulse(ctx context.Context, d rapport.Dyad) ([]record.Pulse, error) {
	state, err := s.Record.State(ctx)
	if err != nil {
		return nil, err
	}
	p, ok := s.pulses.get(d.String(), state)
	if !ok {
		if p, err = s.Record.Pulses(ctx, d); err != nil {
			return nil, err
		}
		s.pulses.put(d.String(), state, p, len(p)+1)
	}
	return p, nil
}

// relationBody is what all parts of a relation's page share.
func (s *site) relationBody(ctx context.Context, d rapport.Dyad, w span) (*relationBody, *relations.Relation, error) {
	n, err := s.Record.Pair(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	rel, shown, narrow, err := s.load(ctx, d, w)
	if err != nil {
		return nil, nil, err
	}
	pulses, err := s.pulse(ctx, d)
	if err != nil {
		return nil, nil, err
	}
	b := &relationBody{Pair: d, A: rel.A, B: rel.B, Base: "/" + d.A + "/" + d.B, Query: w.query(), Cover: rel.Coverage, Count: n, Span: shown, Narrow: narrow}
	b.Tempo = tempoOf(b.A.Name, b.B.Name, pulses)
	if n.Claims > busy {
		for _, p := range pulses {
			if y := strconv.Itoa(p.Year); p.Events > 0 && !slices.Contains(b.Years, y) {
				b.Years = append(b.Years, y)
			}
		}
		slices.Reverse(b.Years)
		if w.From != "" && w.From == w.To && w.From.Grain() == rapport.YearGrain {
			b.Year = string(w.From)
		}
	}
	return b, rel, nil
}

// fill fills in a part; false when there is no such.
func (b *relationBody) fill(which string, t teller, rel *relations.Relation, r *http.Request) bool {
	b.Tab = which
	differ := 0
	for _, d := range rel.Differences {
		if d.Field != "cameo" {
			differ++
		}
	}
	b.Tabs = []tab{
		{Key: "", Name: "Overview"},
		{Key: "visits", Name: "Visits", N: len(rel.Visits) + len(rel.Meetings) + len(rel.Mediation)},
		{Key: "agreements", Name: "Agreements", N: len(rel.Agreements)},
		{Key: "support", Name: "Support", N: len(rel.Positions)},
		{Key: "pledges", Name: "Pledges", N: len(rel.Pledges)},
		{Key: "trade", Name: "Trade and aid", N: len(rel.Economy) + len(rel.Aid) + len(rel.Security) + len(rel.Cooperation)},
		{Key: "frictions", Name: "Frictions", N: len(rel.Frictions) + len(rel.Hopes) + len(rel.Denied)},
		{Key: "sides", Name: "Both sides", N: differ},
		{Key: "timeline", Name: "Timeline", N: len(rel.Timeline)},
	}
	known := false
	for i := range b.Tabs {
		g := &b.Tabs[i]
		g.Path = b.Base
		if g.Key != "" {
			g.Path += "/" + g.Key
		}
		g.Path += b.Query
		g.Current = g.Key == which
		known = known || g.Current
	}
	switch which {
	case "":
		b.overview(t, rel)
	case "visits":
		for _, l := range slices.Backward(rel.Visits) {
			v := visit{Line: t.line(l)}
			v.Who, v.To, v.Place, v.Notes = t.Visit(l)
			b.Visits = append(b.Visits, v)
		}
		b.Meetings, b.Mediation = newest(t.lines(rel.Meetings)), newest(t.lines(rel.Mediation))
	case "agreements":
		for _, a := range slices.Backward(rel.Agreements) {
			b.Agreements = append(b.Agreements, agreement{a.Title, a.State, t.lines(a.Steps)})
		}
		for _, in := range rel.Institutions {
			i := institution{Name: in.Name}
			for _, x := range in.Sessions {
				i.Sessions = append(i.Sessions, t.line(relations.Line{Event: x.Event}))
			}
			b.Meets = append(b.Meets, i)
		}
	case "support":
		b.topics(t, rel)
		b.Foundation = newest(t.lines(slices.Concat(rel.Recognition, rel.Missions)))
	case "pledges":
		b.Pledges = newest(t.lines(rel.Pledges))
	case "trade":
		for _, l := range slices.Backward(slices.Concat(rel.Economy, rel.Aid)) {
			for _, x := range l.Sums {
				b.Sums = append(b.Sums, sum{t.line(l), clean(x.Words), flow(x), t.Voice(x.Claim), x.Claim, rel.Claims[x.Claim].Report})
			}
		}
		b.Economy, b.Aid, b.Joint = newest(t.lines(rel.Economy)), newest(t.lines(rel.Aid)), newest(t.lines(slices.Concat(rel.Security, rel.Cooperation)))
	case "frictions":
		b.Frictions, b.Hopes, b.Denied = newest(t.lines(rel.Frictions)), newest(t.lines(rel.Hopes)), newest(t.lines(rel.Denied))
	case "sides":
		b.sides(t, rel)
	case "timeline":
		b.timeline(t, rel, r)
	}
	return known
}

func backward[T any](s []T) []T {
	slices.Reverse(s)
	return s
}

func flow(x relations.Sum) string {
	if x.From == "" || x.To == "" {
		return x.Of
	}
	return x.Of + ", " + x.From + " to " + x.To
}

func (b *relationBody) overview(t teller, rel *relations.Relation) {
	of := map[string]string{}
	for id, e := range rel.Events {
		for _, c := range e.Claims {
			of[c] = id
		}
	}
	for _, g := range t.Glance() {
		l := glanceLine{Name: g.Name, Text: g.Text, Sources: t.sources(g.Claims)}
		if len(g.Claims) > 0 {
			l.Event = of[g.Claims[0]]
		}
		b.Glance = append(b.Glance, l)
	}
	for _, x := range rel.Turns {
		b.Turns = append(b.Turns, turn{x, t.line(relations.Line{Event: x.Event})})
	}
	for _, id := range slices.Backward(rel.Timeline) {
		if e := rel.Events[id]; len(b.Latest) < 8 && e.Date != "" && !rel.AsOf.Before(e.Date) {
			b.Latest = append(b.Latest, t.line(relations.Line{Event: id}))
		}
	}
}

func (b *relationBody) topics(t teller, rel *relations.Relation) {
	at := map[string]int{}
	var rest []line
	for _, l := range slices.Backward(rel.Positions) {
		told := t.line(l)
		if l.Topic == "" {
			rest = append(rest, told)
			continue
		}
		i, ok := at[l.Topic]
		if !ok {
			i = len(b.Topics)
			at[l.Topic] = i
			b.Topics = append(b.Topics, topic{Name: capital(l.Topic)})
		}
		b.Topics[i].Lines = append(b.Topics[i].Lines, told)
	}
	if len(rest) > 0 {
		b.Topics = append(b.Topics, topic{"Other positions, thanks and requests", rest})
	}
}

func (b *relationBody) sides(t teller, rel *relations.Relation) {
	b.Alone = []alone{{Side: rel.A}, {Side: rel.B}}
	for _, d := range rel.Differences {
		switch {
		case d.Field == "cameo":
		case d.Field != "":
			x := difference{Line: t.line(relations.Line{Event: d.Event}), Field: t.Field(d.Field)}
			for i, v := range d.Value {
				o := told{Value: t.Value(d.Field, v.Value, v.Claims[0]), Sources: t.sources(v.Claims), Best: i == 0}
				for _, c := range v.Claims {
					if w := t.Voice(c); !slices.Contains(o.By, w) {
						o.By = append(o.By, w)
					}
				}
				x.Values = append(x.Values, o)
			}
			b.Differ = append(b.Differ, x)
		default:
			for i := range b.Alone {
				if b.Alone[i].Side.Code == d.Side {
					b.Alone[i].Lines = append(b.Alone[i].Lines, t.line(relations.Line{Event: d.Event}))
				}
			}
		}
	}
	b.Differ = backward(b.Differ)
	for i := range b.Alone {
		newest(b.Alone[i].Lines)
	}
}

// timelineMost is how many lines a page of the timeline has.
const timelineMost = 300

func (b *relationBody) timeline(t teller, rel *relations.Relation, r *http.Request) {
	q := r.URL.Query()
	b.Filter = filter{Type: q.Get("type"), Status: q.Get("status"), From: q.Get("from"), To: q.Get("to"), Outlet: q.Get("outlet")}
	var all []line
	outlets := map[string]bool{}
	for _, id := range slices.Backward(rel.Timeline) {
		all = append(all, t.line(relations.Line{Event: id}))
	}
	b.Types, b.Total = facets(all), len(all)
	for _, l := range newest(all) {
		told := b.Filter.Outlet == ""
		for _, s := range l.Sources {
			outlets[s.Outlet] = true
			told = told || s.Outlet == b.Filter.Outlet
		}
		if told && (b.Filter.Type == "" || b.Filter.Type == l.Type) && (b.Filter.Status == "" || b.Filter.Status == string(l.Status)) && len(b.Timeline) < timelineMost {
			b.Timeline = append(b.Timeline, l)
		}
	}
	for o := range outlets {
		b.Outlets = append(b.Outlets, o)
	}
	slices.Sort(b.Outlets)
}

// ByYear parts the timeline by year.
func (b *relationBody) ByYear() (out []topic) {
	for _, l := range b.Timeline {
		year := "Undated"
		if first, last, ok := l.Day.Bounds(); ok && !last.IsZero() {
			year = strconv.Itoa(last.Year())
		} else if ok {
			year = strconv.Itoa(first.Year())
		}
		if n := len(out); n == 0 || out[n-1].Name != year {
			out = append(out, topic{Name: year})
		}
		out[len(out)-1].Lines = append(out[len(out)-1].Lines, l)
	}
	return out
}

// Statuses lists the statuses to choose from.
func (b *relationBody) Statuses() []rapport.Status {
	return []rapport.Status{rapport.Actual, rapport.Historical, rapport.Future, rapport.Hypothetical, rapport.Negated}
}

// Filtered reports whether a filter narrows the timeline.
func (b *relationBody) Filtered() bool { return b.Filter.any() }

// Formats are the forms of a brief.
func (b *relationBody) Formats() [][2]string {
	return [][2]string{{"pdf", "PDF"}, {"docx", "Word"}, {"html", "HTML"}, {"md", "Markdown"}}
}

var briefKinds = map[string][2]string{ // ending: format, media type
	"md":   {"md", "text/markdown; charset=utf-8"},
	"html": {"html", "text/html; charset=utf-8"},
	"docx": {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	"pdf":  {"pdf", "application/pdf"},
	"json": {"json", "application/json"},
}

// relationFile is what a relation's page offers to save; write is nil for what
// is none of that.
func (s *site) relationFile(r *http.Request, d rapport.Dyad, name string) (kind string, write func(context.Context, io.Writer) error) {
	w, err := spanOf(r)
	bad := func(context.Context, io.Writer) error { return err }
	switch base, ending, _ := strings.Cut(name, "."); {
	case err != nil:
		return "", bad
	case base == "brief" && briefKinds[ending][0] != "":
		k := briefKinds[ending]
		return k[1], func(ctx context.Context, out io.Writer) error {
			rel, _, _, err := s.load(ctx, d, w)
			if err == nil && rel.Coverage.Claims == 0 {
				err = problem(http.StatusNotFound, "The record has nothing on these two in that time.", "")
			}
			if err != nil {
				return err
			}
			return briefs.Write(out, k[0], rel, briefs.Options{OnePage: r.URL.Query().Has("one-page")})
		}
	case name == "tempo.svg" || name == "tempo.csv":
		kind := map[string]string{"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}[ending]
		return kind, func(ctx context.Context, out io.Writer) error {
			pulses, err := s.pulse(ctx, d)
			if err != nil {
				return err
			}
			t := tempoOf(ontology.CountryName(d.A), ontology.CountryName(d.B), pulses)
			if ending == "csv" {
				return t.writeCSV(out)
			}
			if t.Wide == nil {
				return problem(http.StatusNotFound, "There is too little to draw.", "")
			}
			return t.Wide.writeSVG(out)
		}
	case name == "timeline.csv":
		return "text/csv; charset=utf-8", func(ctx context.Context, out io.Writer) error {
			_, err := exchange.EventsCSV(out, s.Record.Events(ctx, record.EventFilter{Pair: d, Since: w.From, Until: w.To}))
			return err
		}
	}
	return "", nil
}
