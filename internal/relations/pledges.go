package relations

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/ontology"
)

// patience is how long an undated plan or promise is taken to be open.
const (
	planPatience   = 120 * 24 * time.Hour
	pledgePatience = 365 * 24 * time.Hour
)

// plans gives announced visits and meetings their state: planned while their
// time has not passed, done when a later one fits, lapsed when called off.
func (b *builder) plans() {
	for _, ls := range [][]Line{b.r.Visits, b.r.Meetings} {
		for i := range ls {
			l := &ls[i]
			e := b.r.Events[l.Event]
			switch {
			case e.Event == "AGREE":
				l.Due = e.AboutDate
				b.settle(l, &e, b.heldAfter(&e), planPatience)
			case e.Status == rapport.Future:
				l.State = Planned
				if b.past(l.Due, b.made(&e), planPatience) {
					l.State, l.Why = Unknown, "no report tells that it took place"
				}
			case e.Event == "REJECT":
				l.State = Lapsed
			}
		}
	}
}

// pledges gives each promise its due date and state.
func (b *builder) pledges() {
	for i := range b.r.Pledges {
		l := &b.r.Pledges[i]
		e := b.r.Events[l.Event]
		l.Due = e.AboutDate
		b.settle(l, &e, b.fulfils(&e), pledgePatience)
	}
}

// settle sets a line's state from the event that fulfils it, if any, and from
// those that call it off.
func (b *builder) settle(l *Line, e *rapport.Event, by string, patience time.Duration) {
	if by != "" {
		f := b.r.Events[by]
		l.State, l.Why, l.See = Done, "a later act answers it", []string{by}
		if l.Due != "" && l.Due.Before(f.Date) {
			l.Why = "answered after it was due"
		}
		return
	}
	if off := b.calledOff(e); off != "" {
		l.State, l.Why, l.See = Lapsed, "called off", []string{off}
		return
	}
	l.State = Open
	if isMeeting(e.About) {
		l.State = Planned
	}
	if b.past(l.Due, b.made(e), patience) {
		l.State, l.Why = Unknown, "no report tells what came of it"
		if l.Due != "" {
			l.Why = fmt.Sprintf("due %s; no report tells what came of it", l.Due)
		}
	}
}

// past reports whether a due date, or patience after a promise, lies before
// the day of the register.
func (b *builder) past(due, made rapport.Date, patience time.Duration) bool {
	asOf, _, ok := b.r.AsOf.Bounds()
	if !ok {
		return false
	}
	if _, last, ok := due.Bounds(); ok {
		return !last.IsZero() && last.Before(asOf)
	}
	if _, last, ok := made.Bounds(); ok && !last.IsZero() {
		return last.Add(patience).Before(asOf)
	}
	return false
}

// made returns when a promise was made: its date, else that of the first
// report to tell it.
func (b *builder) made(e *rapport.Event) rapport.Date {
	if e.Date != "" {
		return e.Date
	}
	return b.reports[b.r.Claims[e.Claims[0]].Report].Published
}

// heldAfter returns the first meeting or visit that an announcement fits and
// that merging did not already join to it: the same traveller or two
// countries, after the announcement, in reach of its date.
func (b *builder) heldAfter(e *rapport.Event) string {
	for _, id := range b.later(b.byType["CONSULT"], e.ID) {
		if !b.dated(id) {
			continue
		}
		f := b.r.Events[id]
		if f.Mode == "phone" || !happened(&f) {
			continue
		}
		if e.About == "CONSULT:visit" && (f.Mode != "visit" || !sharesName(e, &f)) {
			continue
		}
		if e.About == "CONSULT" && (f.Mode == "visit" || !sharesTopic(b, e, &f)) {
			continue
		}
		if within(&f, e, planPatience) {
			return id
		}
	}
	return ""
}

// sharesTopic reports whether an announced meeting and one held are called by
// the same name: "high-level meeting", "working group", "joint commission".
func sharesTopic(b *builder, e, f *rapport.Event) bool {
	x, y := strings.ToLower(b.words(e.ID)), strings.ToLower(b.words(f.ID))
	for _, w := range []string{"high-level meeting", "summit", "joint commission", "intergovernmental commission", "working group", "political consultations", "round"} {
		if strings.Contains(x, w) && strings.Contains(y, w) {
			return true
		}
	}
	return e.AboutDate != "" && e.AboutDate.Overlaps(f.Date)
}

// fulfils returns the first act that carries out a promise: of the type
// promised, by a promiser, after the promise, in much the same words.
func (b *builder) fulfils(e *rapport.Event) string {
	about, _, _ := strings.Cut(e.About, ":")
	if about == "" {
		return ""
	}
	said := b.content(e.ID)
	for _, id := range b.later(b.byType[about], e.ID) {
		f := b.r.Events[id]
		if b.dated(id) && happened(&f) && sharesActor(e, &f) && said.Likeness(b.content(id)) >= 0.3 {
			return id
		}
	}
	return ""
}

// calledOff returns the event that refuses or ends what was promised: a
// rejection about the same, or an end of relations in the same words.
func (b *builder) calledOff(e *rapport.Event) string {
	said := b.content(e.ID)
	all := b.refusals()
	for _, f := range all[len(all)-len(b.later(b.byType[refusing], e.ID)):] {
		if f.reject && isMeeting(e.About) && isMeeting(f.about) && e.AboutDate != "" && e.AboutDate.Overlaps(f.aboutDate) {
			return f.id
		}
		if f.reject && !sameAbout(e.About, f.about) {
			continue
		}
		if said.Likeness(f.said) >= 0.5 {
			return f.id
		}
	}
	return ""
}

// sameAbout reports whether a promise and its refusal are about acts of one
// type.
func sameAbout(x, y string) bool {
	x, _, _ = strings.Cut(x, ":")
	y, _, _ = strings.Cut(y, ":")
	return x != "" && x == y
}

// pairNames returns the names of the pair's countries, which say nothing about
// what a sentence about the two is about, with those its claims use.
func (b *builder) pairNames() []string {
	out := []string{b.r.A.Name, b.r.A.Adjective, b.r.B.Name, b.r.B.Adjective}
	used := map[string]bool{}
	for _, c := range b.r.Claims {
		for _, ps := range [][]rapport.Party{c.Actor, c.Recipient} {
			for _, p := range ps {
				if (p.Country == b.d.A || p.Country == b.d.B) && p.Name == "" && p.Sector == "GOV" {
					used[p.Text] = true
				}
			}
		}
	}
	for _, text := range sortedKeys(used) {
		if iso, ok := ontology.ParseCountry(text); ok && (iso == b.d.A || iso == b.d.B) && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

func happened(e *rapport.Event) bool {
	return e.Status == rapport.Actual || e.Status == rapport.Historical
}

// later returns those of the events, sorted by date, that stand behind the last
// day on which the promise e was made. Those not [builder.dated] may be older.
func (b *builder) later(events []string, e string) []string {
	made := b.terms[e]
	if !made.ok || made.last.IsZero() {
		return nil
	}
	from := sort.Search(len(events), func(i int) bool { return b.terms[events[i]].start.After(made.last) })
	return events[from:]
}

// refusing is the key in byType of both types of refusals.
const refusing = "REJECT SANCTION"

// refusal is what may call off a promise, with what is asked of it for each.
type refusal struct {
	id        string
	reject    bool
	about     string
	aboutDate rapport.Date
	said      merge.Content
}

// refusals are the events on the pair that may call off what was promised,
// oldest first, as byType has them.
func (b *builder) refusals() []refusal {
	if _, ok := b.byType[refusing]; ok {
		return b.refused
	}
	ids := []string{}
	for _, id := range slices.Concat(b.byType["REJECT"], b.byType["SANCTION"]) {
		if e := b.r.Events[id]; e.Status != rapport.Negated && e.Status != rapport.Hypothetical && b.dated(id) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, b.byDate)
	for _, id := range ids {
		e := b.r.Events[id]
		b.refused = append(b.refused, refusal{id, e.Event == "REJECT", e.About, e.AboutDate, b.content(id)})
	}
	b.byType[refusing] = ids
	return b.refused
}

// dated reports whether it is known when an event began.
func (b *builder) dated(id string) bool { t := b.terms[id]; return t.ok && !t.first.IsZero() }

// content returns what the sentences of an event are about.
func (b *builder) content(id string) merge.Content {
	c, ok := b.contents[id]
	if !ok {
		c = merge.ContentOf(b.words(id), b.names...)
		b.contents[id] = c
	}
	return c
}

// within reports whether f happened by a year after e was due, or within
// patience of an undated e.
func within(f, e *rapport.Event, patience time.Duration) bool {
	from := e.AboutDate
	if from == "" {
		from = e.Date
	} else {
		patience = pledgePatience
	}
	_, last, ok1 := from.Bounds()
	first, _, ok2 := f.Date.Bounds()
	return ok1 && ok2 && !last.IsZero() && !first.After(last.Add(patience))
}

func sharesActor(e, f *rapport.Event) bool {
	return slices.ContainsFunc(e.Actor, func(p rapport.Party) bool { return has(f.Actor, p.Country) })
}

// sharesName reports whether a named party of e, or where none is named any
// actor's country, acts in f.
func sharesName(e, f *rapport.Event) bool {
	named := false
	for _, p := range slices.Concat(e.Actor, e.Recipient) {
		if p.Name == "" {
			continue
		}
		named = true
		if slices.ContainsFunc(f.Actor, func(q rapport.Party) bool { return q.Name == p.Name }) {
			return true
		}
	}
	return !named && sharesActor(e, f)
}
