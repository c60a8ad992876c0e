// Package relations keeps the register of a relationship: everything that
// reports tell of two countries, put in order. A [Relation] is a pure function
// of claims, the events they were merged into and the reports that tell them
// ([Of]); [Load] fetches these from a record.
//
// The register says nothing of its own. Each [Line] is one event with the
// claims that tell it; what is derived (the state of a pledge, whether support
// was returned, what only one side says) names the events it rests on.
package relations

import (
	"cmp"
	"slices"
	"time"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/ontology"
	"rapport/internal/record"
)

// Relation is the register of one pair of countries as of a day.
type Relation struct {
	Pair     rapport.Dyad `json:"pair"`
	A        Side         `json:"a"`
	B        Side         `json:"b"`
	AsOf     rapport.Date `json:"as_of,omitempty"`
	Coverage Coverage     `json:"coverage"`

	Recognition  []Line        `json:"recognition"`  // recognition, relations established or severed
	Missions     []Line        `json:"missions"`     // embassies, ambassadors coming, recalled, returning
	Visits       []Line        `json:"visits"`       // both ways, made and planned
	Meetings     []Line        `json:"meetings"`     // talks, calls, negotiations, put off ones too
	Mediation    []Line        `json:"mediation"`    // others between the two
	Agreements   []Agreement   `json:"agreements"`   // by instrument, latest last
	Institutions []Institution `json:"institutions"` // joint commissions by session
	Positions    []Line        `json:"positions"`    // backing, thanks, requests, with their topics
	Pledges      []Line        `json:"pledges"`      // what was promised and what came of it
	Economy      []Line        `json:"economy"`      // trade, investment, energy, with figures
	Aid          []Line        `json:"aid"`          //
	Security     []Line        `json:"security"`     // military and police cooperation, intelligence
	Cooperation  []Line        `json:"cooperation"`  // other joint work
	Frictions    []Line        `json:"frictions"`    // conflict, and how it was eased
	Hopes        []Line        `json:"hopes"`        // possible or wished, nobody says it happened
	Denied       []Line        `json:"denied"`       // told as not having happened
	Related      []Line        `json:"related"`      // what either did to others, told beside it
	Timeline     []string      `json:"timeline"`     // ids of all events above, oldest first
	Differences  []Difference  `json:"differences"`  // what the sides tell differently, or one alone
	Tempo        []Period      `json:"tempo"`        // by year, oldest first
	Months       []Period      `json:"months"`       // in which anything happened or was published
	Weeks        []Period      `json:"weeks"`        // likewise, ISO 8601 weeks
	Turns        []Turn        `json:"turns"`        // turning points, oldest first

	Events  map[string]rapport.Event  `json:"events"`  // by id
	Claims  map[string]rapport.Claim  `json:"claims"`  // by id
	Reports map[string]rapport.Report `json:"reports"` // by id, without their texts
}

// Side is one of the two countries.
type Side struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	InText    string `json:"in_text"`
	Adjective string `json:"adjective"`
}

// Coverage is what the register rests on.
type Coverage struct {
	Reports int            `json:"reports"` // that tell of the pair, copies of one text counted once
	Copies  int            `json:"copies"`  // further copies of these
	Outlets int            `json:"outlets"` //
	First   rapport.Date   `json:"first,omitempty"`
	Last    rapport.Date   `json:"last,omitempty"`
	Voices  map[string]int `json:"voices"` // reports by whose outlet: a side's code, "" for neither
	Gaps    []string       `json:"gaps"`   // what a reader should know is missing
	Claims  int            `json:"claims"` // between the two
	Events  int            `json:"events"` // likewise
}

// Line is one event in a section of the register.
type Line struct {
	Event  string       `json:"event"` // its id
	From   string       `json:"from,omitempty"`
	To     string       `json:"to,omitempty"`     // countries; both empty where several act together
	Topic  string       `json:"topic,omitempty"`  // of a position: "territorial integrity"
	State  string       `json:"state,omitempty"`  // of a plan, pledge or agreement: see the State constants
	Why    string       `json:"why,omitempty"`    // what the state rests on
	Due    rapport.Date `json:"due,omitempty"`    // of a plan or pledge
	See    []string     `json:"see,omitempty"`    // events that fulfil, return or answer it
	Sums   []Sum        `json:"sums,omitempty"`   // of trade, aid, credit: who states what
	Checks []Check      `json:"checks,omitempty"` // "his third visit": counts held against the register
	Voices []string     `json:"voices,omitempty"` // on whose word: side codes, "" for neither
	Claims []string     `json:"claims"`           // by publication
}

// Sum is an amount that a claim states.
type Sum struct {
	Words  string       `json:"words"` // as told
	Value  float64      `json:"value"`
	Unit   string       `json:"unit"`
	Of     string       `json:"of,omitempty"`   // exports, imports, trade, investment, credit; "" when not told
	From   string       `json:"from,omitempty"` // of exports and imports, investment, aid: whose goods or money
	To     string       `json:"to,omitempty"`   // and where they went
	Period rapport.Date `json:"period,omitempty"`
	Claim  string       `json:"claim"`
	Voice  string       `json:"voice"` // on whose word: see [Line.Voices]
}

// States of plans, pledges and agreements.
const (
	Planned    = "planned"    // announced, its time not yet past
	Open       = "open"       // promised, its time not yet past
	Done       = "done"       // a report tells what fulfils it
	Lapsed     = "lapsed"     // called off or refused
	Unknown    = "unknown"    // its time is past and nothing is told
	Proposed   = "proposed"   //
	Negotiated = "negotiated" //
	Initialled = "initialled" //
	Signed     = "signed"     //
	Ratified   = "ratified"   //
	InForce    = "in force"   //
	Suspended  = "suspended"  //
	Ended      = "ended"      //
)

// Of returns the register of a pair from the claims about it and whatever else
// their reports tell, the events these were merged into, and the reports by
// id. Claims of reports published after asOf are left out; an empty asOf is
// the day of the last report that tells of the pair. The result does not depend on the order of
// claims or events.
func Of(d rapport.Dyad, claims []rapport.Claim, events []rapport.Event, reports map[string]rapport.Report, asOf rapport.Date) *Relation {
	b := newBuilder(d, claims, events, reports, nil, asOf)
	return b.fill()
}

// of is Of with what a record knows better: the families of reports, where Of
// takes those of the same text for copies, and which claims are close to the
// pair, which the claims of a whole report have to be known for.
func of(d rapport.Dyad, claims []rapport.Claim, events []rapport.Event, reports map[string]rapport.Report, close map[string]bool, asOf rapport.Date) *Relation {
	b := newBuilder(d, claims, events, reports, close, asOf)
	b.families = true
	return b.fill()
}

func (b *builder) fill() *Relation {
	b.place()
	b.agreements()
	b.positions()
	b.plans()
	b.pledges()
	b.denials()
	b.checks()
	b.institutions()
	b.differences()
	b.tempo()
	b.turns()
	b.coverage()
	return b.r
}

// builder makes one Relation.
type builder struct {
	r       *Relation
	d       rapport.Dyad
	reports map[string]rapport.Report
	dyad    []string        // ids of events on the pair, oldest first
	near    map[string]bool // ids of events told beside them
	shared  map[place]bool  // sentences that tell several claims
	names   []string        // of the two countries

	// Found once, asked for often.
	outlets  map[string]string        // report → side of its outlet
	told     map[string]string        // event → its sentences
	terms    map[string]term          // event → its first and last day
	byType   map[string][]string      // ids of events on the pair, oldest first
	copies   [][]string               // see originals
	contents map[string]merge.Content // event → what its sentences are about
	refused  []refusal                // see refusals
	families bool                     // whether reports name theirs
}

func side(code string) Side {
	return Side{code, ontology.CountryName(code), ontology.CountryInText(code), ontology.CountryAdjective(code)}
}

func newBuilder(d rapport.Dyad, claims []rapport.Claim, events []rapport.Event, reports map[string]rapport.Report, close map[string]bool, asOf rapport.Date) *builder {
	r := &Relation{
		Pair: d, A: side(d.A), B: side(d.B), AsOf: asOf,
		Events: make(map[string]rapport.Event, len(events)), Claims: make(map[string]rapport.Claim, len(claims)), Reports: make(map[string]rapport.Report, len(reports)),
	}
	b := &builder{r: r, d: d, reports: reports, near: map[string]bool{}, shared: make(map[place]bool, len(claims)),
		outlets: make(map[string]string, len(reports)), told: make(map[string]string, len(events)), terms: make(map[string]term, len(events)), byType: map[string][]string{}, contents: map[string]merge.Content{}}
	all := make(map[string]*rapport.Claim, len(claims))
	for i := range claims {
		c := &claims[i]
		if p := reports[c.Report].Published; p == "" || asOf == "" || p <= asOf {
			all[c.ID] = c
		}
	}
	if close == nil {
		close = neighbours(d, all)
	}
	for _, e := range events {
		e.Claims = slices.DeleteFunc(slices.Clone(e.Claims), func(id string) bool { _, ok := all[id]; return !ok })
		if len(e.Claims) == 0 {
			continue
		}
		switch {
		case onPair(d, &e):
			b.dyad = append(b.dyad, e.ID)
		case slices.ContainsFunc(e.Claims, func(id string) bool { return close[id] }):
			b.near[e.ID] = true
		default:
			continue
		}
		r.Events[e.ID] = e
		for _, id := range e.Claims {
			c := all[id]
			r.Claims[id] = *c
			if _, ok := r.Reports[c.Report]; !ok {
				rep := reports[c.Report]
				rep.Text = ""
				r.Reports[c.Report] = rep
			}
		}
	}
	if r.AsOf == "" {
		for _, rep := range r.Reports {
			r.AsOf = max(r.AsOf, rep.Published)
		}
	}
	for id := range r.Claims {
		c := all[id]
		at := place{c.Report, c.Evidence.Span}
		_, b.shared[at] = b.shared[at] // true from the second on
	}
	for id, e := range r.Events {
		b.terms[id] = termOf(e.Date)
	}
	slices.SortFunc(b.dyad, b.byDate)
	for _, id := range b.dyad {
		typ := r.Events[id].Event
		b.byType[typ] = append(b.byType[typ], id)
	}
	b.names = b.pairNames()
	return b
}

// onPair reports whether an event lies between the two countries, or touches
// both from outside (mediation, an appeal to both).
func onPair(d rapport.Dyad, e *rapport.Event) bool {
	if slices.Contains(rapport.Dyads(e.Actor, e.Recipient), d) {
		return true
	}
	return has(e.Recipient, d.A) && has(e.Recipient, d.B)
}

func has(ps []rapport.Party, country string) bool {
	return slices.ContainsFunc(ps, func(p rapport.Party) bool { return p.Country == country })
}

// beside is how many bytes may lie between two sentences told in one breath.
const beside = 4

// neighbours returns the claims of one of the two countries with or on others
// that stand beside a claim on the pair: in the same or the next sentence, or
// in a report most of whose claims are on the pair.
func neighbours(d rapport.Dyad, claims map[string]*rapport.Claim) map[string]bool {
	by := map[string][]*rapport.Claim{}
	for _, c := range claims {
		by[c.Report] = append(by[c.Report], c)
	}
	out := map[string]bool{}
	for _, cs := range by {
		at := make([]record.Place, len(cs))
		for i, c := range cs {
			at[i] = record.Place{Span: c.Evidence.Span, On: slices.Contains(rapport.Dyads(c.Actor, c.Recipient), d)}
		}
		for i, close := range besideOn(at) {
			c := cs[i]
			out[c.ID] = close && (has(c.Actor, d.A) || has(c.Actor, d.B) || has(c.Recipient, d.A) || has(c.Recipient, d.B))
		}
	}
	return out
}

// besideOn tells for each of the claims of a report whether it is told beside
// those on the pair.
func besideOn(report []record.Place) []bool {
	var pair []rapport.Span
	for _, c := range report {
		if c.On {
			pair = append(pair, c.Span)
		}
	}
	out := make([]bool, len(report))
	for i, c := range report {
		out[i] = 2*len(pair) >= len(report) || slices.ContainsFunc(pair, func(p rapport.Span) bool {
			return c.Start <= p.End+beside && p.Start <= c.End+beside
		})
	}
	return out
}

// byDate sorts event ids by when the event began, undated ones last, then by
// its end and id.
func (b *builder) byDate(x, y string) int {
	if c := b.terms[x].start.Compare(b.terms[y].start); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(b.r.Events[x].Date, b.r.Events[y].Date), cmp.Compare(x, y))
}

// term is the first and last day that an event may have happened, where a date
// begins for sorting, and whether it has one.
type term struct {
	first, last, start time.Time
	ok                 bool
}

func termOf(d rapport.Date) term {
	first, last, ok := d.Bounds()
	return term{first, last, startOf(d), ok}
}

// byWhen sorts lines like byDate, announced visits and meetings by when they
// are due.
func (b *builder) byWhen(x, y Line) int {
	ex, ey := b.r.Events[x.Event], b.r.Events[y.Event]
	return cmp.Or(startOf(When(&ex)).Compare(startOf(When(&ey))), b.byDate(x.Event, y.Event))
}

// never is later than any date told.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// startOf returns the first day of a date; "by 2020" begins at its end.
func startOf(d rapport.Date) time.Time {
	first, last, ok := d.Bounds()
	switch {
	case !ok:
		return never
	case first.IsZero():
		return last
	}
	return first
}

// When returns when an event happens: its date, and for an announced visit or
// meeting the day it is announced for.
func When(e *rapport.Event) rapport.Date {
	if e.Event == "AGREE" && e.AboutDate != "" && isMeeting(e.About) {
		return e.AboutDate
	}
	return e.Date
}

// line makes the line of an event.
func (b *builder) line(id string) Line {
	e := b.r.Events[id]
	l := Line{Event: id, Claims: e.Claims}
	if from, to := only(e.Actor), only(e.Recipient); to != "" {
		l.From, l.To = from, to
	}
	for _, c := range e.Claims {
		if v := b.voice(c); !slices.Contains(l.Voices, v) {
			l.Voices = append(l.Voices, v)
		}
	}
	slices.Sort(l.Voices)
	return l
}

// only returns the country of a list of parties that are all of one country.
func only(ps []rapport.Party) string {
	if len(ps) == 0 {
		return ""
	}
	for _, p := range ps[1:] {
		if p.Country != ps[0].Country {
			return ""
		}
	}
	return ps[0].Country
}

// place puts every event into its section.
func (b *builder) place() {
	r := b.r
	for _, id := range b.dyad {
		e := r.Events[id]
		to := b.section(&e, b.words(id))
		*to = append(*to, b.line(id))
	}
	for id := range b.near {
		r.Related = append(r.Related, b.line(id))
	}
	slices.SortFunc(r.Related, func(x, y Line) int { return b.byDate(x.Event, y.Event) })
	slices.SortFunc(r.Visits, b.byWhen)
	slices.SortFunc(r.Meetings, b.byWhen)
	r.Timeline = append(r.Timeline, b.dyad...)
	for _, l := range r.Related {
		r.Timeline = append(r.Timeline, l.Event)
	}
	slices.SortFunc(r.Timeline, b.byDate)
	for _, ls := range [][]Line{r.Economy, r.Aid, r.Pledges, r.Positions, r.Security, r.Cooperation} {
		for i := range ls {
			b.sums(&ls[i])
		}
	}
}

// words returns the evidence sentences of an event.
func (b *builder) words(id string) string {
	if s, ok := b.told[id]; ok {
		return s
	}
	var s []byte
	for _, c := range b.r.Events[id].Claims {
		s = append(s, b.r.Claims[c].Evidence.Text...)
		s = append(s, '\n')
	}
	b.told[id] = string(s)
	return string(s)
}
