package claims

import (
	"slices"
	"strings"
	"time"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/what"
	"rapport/internal/when"
)

// timing is when an act happened and how it stands to the report's news.
type timing struct {
	date       rapport.Date
	about      rapport.Date // when what is promised or asked is due
	background bool         // told as an earlier phase
	inferred   bool         // from the report's own day, which no words tie to it
	rule       string
	span       [2]int
}

// timeOf finds the date of act k of sentence si: an expression attached to the
// act, else to the act it is coordinated with or depends on, else the only one
// of its sentence.
func (r *reading) timeOf(si, k int, actors []rapport.Party) timing {
	a := &r.acts[si][k]
	var tm timing
	ahead := a.Event == "AGREE" || a.Event == "REQUEST" || a.Event == "THREATEN" || a.Event == "REJECT"
	e := r.attached(si, k)
	if e != nil {
		tm.rule, tm.span = e.Rule, [2]int{e.Span.Start, e.Span.End}
		if ahead && r.inContent(si, a, e.Head) && !r.past(e.Date) {
			tm.about = e.Date
		} else {
			tm.date = e.Date
		}
	}
	if r.notYet(a, tm.date) {
		tm.date, tm.rule = "", ""
	}
	if e != nil && tm.date != "" && e.Kind != when.Since && e.Kind != when.Until && r.presentPerfect(si, a) && r.sinceThen(si, a, e) {
		first, _, _ := strings.Cut(string(tm.date), "/")
		tm.date = rapport.Date(first + "/..")
	}
	if a.Event == "CONSULT" && tm.date.Grain() == rapport.DayGrain {
		tm.date = r.span(si, a, tm.date)
	}
	if ahead && tm.about == "" {
		for i := range r.dates[si] {
			if x := &r.dates[si][i]; x.Date != "" && x != e && !r.past(x.Date) && r.inContent(si, a, x.Head) {
				tm.about = x.Date
				break
			}
		}
	}
	tm.background = r.background(si, a, actors, tm.date)
	return tm
}

// sinceClause reports whether act a is told to have gone on since what a clause tells
// happened at e, whatever act that clause tells: "have jailed hundreds since the army
// ousted the president in July".
func (r *reading) sinceClause(si int, a *what.Act, e *when.Expr) bool {
	t := r.trees[si]
	v := t.Tokens[e.Head].Head
	return v >= 0 && a.Verb >= 0 && e.Kind == when.Point && r.presentPerfect(si, a) && t.Marker(v) == "since" && t.Tokens[v].Head == a.Verb
}

// sinceThen reports whether date e dates what act a has gone on since: "have jailed
// hundreds since the unrest began in November".
func (r *reading) sinceThen(si int, a *what.Act, e *when.Expr) bool {
	t := r.trees[si]
	for i, steps := e.Head, 0; i >= 0 && steps < 6 && !slices.Contains(a.Words, i); steps++ {
		if i != e.Head && (t.Marker(i) == "since" || t.Case(i) == "since") {
			return !t.Under(a.Trigger, i)
		}
		i = t.Tokens[i].Head
	}
	return false
}

// ending are verbs of which what is told to last so long is over: "ended a visit of
// three days on Friday", "left on Friday after a visit of three days".
var ending = lexicon.Words("ending")

// span gives a visit, or talks that are over, the whole time they are told to last:
// "came on Wednesday for a visit of three days", "ended two days of talks on Friday".
func (r *reading) span(si int, a *what.Act, day rapport.Date) rapport.Date {
	for i := range r.dates[si] {
		e := &r.dates[si][i]
		if e.Kind != when.Duration || e.Days < 2 || e.Days > 30 {
			continue
		}
		t := r.trees[si]
		for k, steps := e.Head, 0; k >= 0 && steps < 4; steps++ {
			visits := false
			switch t.Tokens[k].Lemma {
			case "visit", "trip", "tour", "stay":
				visits = true
			}
			first, _, _ := day.Bounds()
			switch {
			case !visits && !slices.Contains(a.Words, k):
			case r.over(si, k):
				return rapport.Day(first.AddDate(0, 0, 1-e.Days)) + "/" + day
			case visits && a.Mode == "visit":
				return day + "/" + rapport.Day(first.AddDate(0, 0, e.Days-1))
			}
			k = t.Tokens[k].Head
		}
	}
	return day
}

// over reports whether what noun k names, a visit or talks, is told to have ended.
func (r *reading) over(si, k int) bool {
	t := r.trees[si]
	h := t.Tokens[k].Head
	if h < 0 {
		return false
	}
	after := t.Case(k) == "after"
	if !ending[t.Tokens[h].Lemma] {
		return after
	}
	return after || t.Rel(k) == "obj" || t.Rel(k) == "obl" && t.Case(k) == "" || t.Rel(k) == "nsubj" || t.Tokens[k].Rel == "nsubj:pass"
}

// past reports whether a date ends at or before the report's day: what is
// promised or asked is not due then ("agreed on Thursday to keep the peace").
func (r *reading) past(d rapport.Date) bool {
	_, last, ok := d.Bounds()
	day, _, known := r.rep.Published.Bounds()
	return ok && known && !last.IsZero() && !last.After(day)
}

// inContent reports whether token i stands in what the act speaks of.
func (r *reading) inContent(si int, a *what.Act, i int) bool {
	return a.Comp >= 0 && r.trees[si].Under(i, a.Comp) && !slices.Contains(a.Words, a.Comp)
}

// attached returns the date expression of an act, nil when it has none.
func (r *reading) attached(si, k int) *when.Expr {
	t := r.trees[si]
	acts := r.acts[si]
	a := &acts[k]
	var named, usable []*when.Expr // usable are those that date no other thing
	for i := range r.dates[si] {
		e := &r.dates[si][i]
		if e.Date == "" || e.Kind == when.Duration || e.Kind == when.Frequency || e.Rule == "when/within" && !r.past(e.Date) {
			continue // "ordered them out within a week": the order came at once
		}
		if e.Rule == when.RuleOfEvent {
			if r.countedFrom(si, a, e) {
				return e
			}
			if a.Trigger < e.First {
				continue
			}
		}
		if e.Kind == when.Since && r.record(si, e.First) {
			continue
		}
		named = append(named, e)
		if !r.datesAnother(si, a, e) {
			usable = append(usable, e)
		}
	}
	if len(usable) == 0 {
		return r.shared(si, a, named)
	}
	carries := func(i int) int { // the act that token i carries
		for j := range acts {
			if slices.Contains(acts[j].Words, i) {
				return j
			}
		}
		return -1
	}
	var best *when.Expr
	bestCost := 1 << 30
	for _, e := range usable {
		if r.sinceClause(si, a, e) {
			return e
		}
		cost := 0
		i := e.Head
		for steps := 0; i >= 0 && steps < len(t.Tokens); steps++ {
			if j := carries(i); j >= 0 {
				if j == k || acts[j].Outer == k && acts[j].Modality.Future {
					break
				}
				i = -1 // it dates another act first
				break
			}
			if t.Tokens[i].Rel == "acl:relcl" && !t.Under(a.Trigger, i) { // "Deby, who came to power in 2021, met"
				i = -1
				break
			}
			if rel := t.Rel(i); rel == "acl" || rel == "advcl" || rel == "ccomp" || rel == "parataxis" {
				cost += 10
			}
			cost++
			i = t.Tokens[i].Head
		}
		if i >= 0 && cost < bestCost {
			best, bestCost = e, cost
		}
	}
	if best != nil && bestCost < 20 {
		return best
	}
	// shared by coordination or by the clause above: "came in May and signed"
	top := a.Verb
	if top < 0 {
		top = a.Trigger
	}
	for i, steps := top, 0; i >= 0 && steps < 6; steps++ {
		rel := t.Rel(i)
		h := t.Tokens[i].Head
		if h < 0 || t.Tokens[i].Rel == "acl:relcl" || rel == "parataxis" {
			break
		}
		for _, e := range usable {
			if g := t.Tokens[e.Head].Head; t.Verbal(h) && (g == h || rel == "conj" && t.Under(e.Head, h) && !t.Under(e.Head, i)) {
				return e
			}
		}
		i = h
	}
	if e := r.unclaimed(si, k, usable, carries); e != nil {
		return e
	}
	if e := usable[0]; len(usable) == 1 && e.Kind == when.Point && r.sameTime(si, top, r.clauseOf(si, e.Head)) {
		return e
	}
	if e := usable[0]; a.Modality.Past && r.fronted(si, e) && !r.inRelative(si, top) {
		return e // "On that day Barrow took the oath, the Council backed him …"
	}
	for _, c := range t.Kids(top) { // and of what is coordinated with it: "called and demanded on Monday"
		if t.Rel(int(c)) == "conj" {
			for _, e := range usable {
				if t.Tokens[e.Head].Head == int(c) && t.Child(int(c), "nsubj") < 0 {
					return e
				}
			}
		}
	}
	return r.shared(si, a, named)
}

// countedFrom reports whether act a is what a date of an event counts from: the
// clause or the noun right after it, "a day after troops landed and shot a guard".
func (r *reading) countedFrom(si int, a *what.Act, e *when.Expr) bool {
	t := r.trees[si]
	top := a.Verb
	if top < 0 {
		top = a.Trigger
	}
	if top < e.Last {
		return false
	}
	for i := e.Last; i < len(t.Tokens); i++ {
		if t.Verbal(i) && !strings.HasPrefix(t.Tokens[i].Rel, "aux") && t.Tokens[i].Rel != "cop" && t.Tokens[i].Rel != "amod" {
			if t.Under(e.Head, i) && t.Tokens[i].Rel == "root" {
				return false // "A week after the coup the army freed him"
			}
			for j, steps := top, 0; j > i && steps < 4 && t.Rel(j) == "conj"; steps++ {
				j = t.Tokens[j].Head
				if j == i {
					return t.Child(top, "nsubj") < 0
				}
			}
			return i == top
		}
		if i == a.Trigger && a.Verb < 0 {
			return true
		}
		if f := t.Tokens[i].Form; f == ";" || f == ":" {
			return false
		}
	}
	return false
}

// sameTime reports whether token i is told as of the time of the clause that
// verb v heads: "signed on Thursday, as the king visited Rome", "during his
// first trip", but not "after", "before", nor what a relative clause tells.
func (r *reading) sameTime(si, i, v int) bool {
	t := r.trees[si]
	for steps := 0; i >= 0 && i != v && steps < 12; steps++ {
		word := t.Marker(i)
		if word == "" {
			word = t.Case(i)
		}
		switch word {
		case "after", "before", "since", "until", "till", "following", "if", "because", "unless", "although", "though", "whether", "that", "to":
			return false
		}
		if t.Tokens[i].Rel == "acl:relcl" || t.Rel(i) == "ccomp" || t.Rel(i) == "parataxis" || t.Rel(i) == "acl" {
			return false
		}
		i = t.Tokens[i].Head
	}
	return i == v
}

// datesAnother reports whether a date belongs to a noun that is no word of the
// act: "the 1923 Treaty of Lausanne", "the coup of July 2016".
func (r *reading) datesAnother(si int, a *what.Act, e *when.Expr) bool {
	t := r.trees[si]
	g := t.Tokens[e.Head].Head
	if d := string(e.Date); len(d) == 7 && d[5] == '2' && g >= 0 && t.Rel(e.Head) == "compound" && t.Tokens[g].UPOS == "PROPN" {
		return true // "the Summer Davos Forum"
	}
	if r.datesReason(si, a, e) {
		return true
	}
	if e.Rule != "when/year-modifier" && t.Case(e.Head) != "of" {
		return false
	}
	return g < 0 || !t.Verbal(g) && !slices.Contains(a.Words, g)
}

// datesReason reports whether a date of over a month ago is that of what one thanks,
// praises or accuses for: "thanked him for his visit in July", "accused it over the
// arrests in March".
func (r *reading) datesReason(si int, a *what.Act, e *when.Expr) bool {
	if a.CAMEO != "051" && a.CAMEO != "111" || r.recent(e.Date) || !r.past(e.Date) {
		return false
	}
	t := r.trees[si]
	for i := range e.First { // between the act and the date, whichever the parser hangs it on
		word := t.Case(i)
		if word == "" {
			word = t.Marker(i)
		}
		if i > a.Trigger && slices.Contains([]string{"for", "over", "on"}, word) && t.Under(i, max(a.Verb, a.Trigger)) {
			return true
		}
	}
	return false
}

// record reports "the first visit since 2015", "the worst fire since May": the
// date is not the act's.
func (r *reading) record(si, i int) bool {
	ts := r.doc.Sentences[si].Tokens
	for k := i - 1; k >= 0 && k >= i-6; k-- {
		switch strings.ToLower(ts[k].Form) {
		case "first", "only", "second", "third", "worst", "biggest", "largest", "highest", "lowest", "deadliest", "most", "strongest":
			return true
		}
	}
	return false
}

// fronted reports whether a date opens its sentence: it then holds for all
// that the sentence tells.
func (r *reading) fronted(si int, e *when.Expr) bool {
	ts := r.doc.Sentences[si].Tokens
	for k := e.First - 1; k >= 0; k-- {
		switch f := ts[k].Form; {
		case f == "—" || f == "–" || f == "--" || f == "-" || f == "•" || f == ":":
			return true // what stands before is a dateline or an item's mark
		case ts[k].UPOS == "PUNCT" || ts[k].UPOS == "CCONJ":
		default:
			return false
		}
	}
	return true
}

// inRelative reports whether token i stands in a relative or adverbial clause.
func (r *reading) inRelative(si, i int) bool {
	t := r.trees[si]
	for steps := 0; i >= 0 && steps < len(t.Tokens); steps++ {
		if t.Tokens[i].Rel == "acl:relcl" || t.Rel(i) == "advcl" || t.Rel(i) == "ccomp" {
			return true
		}
		i = t.Tokens[i].Head
	}
	return false
}

// unclaimed returns the only date of a sentence where no act carries it and
// act k is the last one before it: parsers hang a final date too high or too
// low.
func (r *reading) unclaimed(si, k int, usable []*when.Expr, carries func(int) int) *when.Expr {
	if len(usable) != 1 {
		return nil
	}
	t := r.trees[si]
	e := usable[0]
	for i, steps := e.Head, 0; i >= 0 && steps < len(t.Tokens); steps++ {
		if carries(i) >= 0 {
			return nil
		}
		i = t.Tokens[i].Head
	}
	last := -1
	for j := range r.acts[si] {
		if r.acts[si][j].Trigger < e.First && !consumed(r.acts[si], j) {
			last = j
		}
	}
	if last == k || last < 0 && k == 0 {
		return e
	}
	return nil
}

// sameOccasion dates an act told in the wake of a dated one between the same
// countries, in the same paragraph: "On Monday they met … They signed …".
func (r *reading) sameOccasion(si int, a *what.Act, s slots, tm *timing) {
	if !a.Modality.Past || a.Modality.Future || a.Modality.Perfect || si == 0 {
		return
	}
	mine := countriesOf(slices.Concat(s.actor.parties, s.recipient.parties))
	for k := si - 1; k >= 0 && k >= si-2; k-- {
		if r.doc.Sentences[k].Paragraph < r.doc.Sentences[si].Paragraph-1 {
			return
		}
		for _, d := range r.bySent[k] {
			c := &r.drafts[d].claim
			day := r.occasion(c)
			if day == "" || c.Status == rapport.Historical || !slices.Equal(mine, countriesOf(slices.Concat(c.Actor, c.Recipient))) {
				continue
			}
			tm.date, tm.rule = day, "claims/date.occasion"
			tm.span = [2]int{r.doc.Sentences[k].Start, r.doc.Sentences[k].End}
			tm.background = false
			return
		}
	}
}

// occasion returns the time that claim c gives to what is told in its wake: its day,
// of a visit its days, of one that still goes on the day it began, else "".
func (r *reading) occasion(c *rapport.Claim) rapport.Date {
	if c.Date.Grain() == rapport.DayGrain {
		return c.Date
	}
	from, to, span := strings.Cut(string(c.Date), "/")
	first, last, ok := c.Date.Bounds()
	switch {
	case !span || !ok || c.Event != "CONSULT" || c.Mode != "visit" || rapport.Date(from).Grain() != rapport.DayGrain || rapport.Date(to).Grain() != rapport.DayGrain || last.Sub(first) > 14*24*time.Hour:
		return ""
	case !r.past(c.Date):
		return rapport.Date(from)
	}
	return c.Date
}

// spokenOn dates an act that is done by saying so with the day of the words that
// tell it: "will exchange ambassadors in May, the ministry said on Friday".
func (r *reading) spokenOn(si int, a *what.Act, c *rapport.Claim) {
	idx := r.said[si][a.Trigger]
	if idx < 0 || c.Date != "" || c.Status != rapport.Actual || a.Modality.Perfect {
		return
	}
	switch c.Event {
	case "AGREE", "REQUEST", "THREATEN", "REJECT", "CONCEDE", "ACCUSE", "SUPPORT":
	default:
		return
	}
	t := r.trees[si]
	verb := r.speech[si][idx].verb
	for i := range r.dates[si] {
		e := &r.dates[si][i]
		if e.Kind != when.Point || e.Date.Grain() != rapport.DayGrain || e.Rule == when.RuleOfEvent || !r.past(e.Date) || r.said[si][e.Head] == idx || !t.Under(e.Head, verb) {
			continue
		}
		c.Date, c.DateBasis = e.Date, rapport.DateFromText
		c.Reasons = append(c.Reasons, rapport.Reason{Field: "date", Rule: e.Rule, Span: [2]int{e.Span.Start, e.Span.End}, Note: "the day it was said"})
		r.roles(c)
		return
	}
}

// background reports whether an act is told as an earlier phase than the news:
// dated more than a month before the report, or undated in the wake of a dated
// background act of the same actor. The past perfect alone does not tell: news
// has it of last night too. What is told as going on since some day is none.
func (r *reading) background(si int, a *what.Act, actors []rapport.Party, date rapport.Date) bool {
	day, _, ok := r.rep.Published.Bounds()
	m := a.Modality
	if date != "" {
		first, last, ok2 := date.Bounds()
		if !ok || !ok2 {
			return false
		}
		if last.IsZero() { // since …
			return false
		}
		if first.YearDay() == 1 && last.Year() == day.Year() && (date.Grain() == rapport.YearGrain || strings.Contains(string(date), "/")) {
			return false // "this year", "in the first six months of the year"
		}
		return last.Before(day.AddDate(0, -1, 0)) && !last.Equal(time.Time{})
	}
	if !ok {
		return false
	}
	if r.longStanding(si, a) || r.remembered(si, a) {
		return true
	}
	if r.presentPerfect(si, a) {
		return false
	}
	for i := range r.dates[si] { // undated beside a dated background: "after Moscow refused"
		x := &r.dates[si][i]
		if _, last, ok := x.Date.Bounds(); ok && x.Kind != when.Frequency && x.Kind != when.Duration && (m.Past || a.Verb < 0) {
			v := r.clauseOf(si, x.Head)
			if !last.IsZero() && last.Before(day.AddDate(0, -1, 0)) && v != a.Verb && r.trees[si].Tokens[x.Head].Head == v && r.trees[si].Under(a.Trigger, v) {
				return true
			}
		}
	}
	if !m.Past || len(r.dates[si]) > 0 {
		return false
	}
	ofNow := a.Event == "REQUEST" || ontology.Quad(a.Event) == 1 // what is said in thanks or request is said of now
	for k := si - 1; k >= 0 && k >= si-2 && r.doc.Sentences[k].Paragraph == r.doc.Sentences[si].Paragraph; k-- {
		if ds := r.bySent[k]; len(ds) > 0 { // a paragraph of background runs on while the same parties act
			c := &r.drafts[ds[len(ds)-1]].claim
			standing := c.Date == "" && a.Event == "SUPPORT" && a.CAMEO != "051" // "has always backed it. It also defended"
			return c.Status == rapport.Historical && countriesOverlap(actors, c.Actor) && (!ofNow || standing)
		}
	}
	return false
}

// longStanding reports an undated act told as a matter of record: "has always
// supported", "was one of the first to recognise", "at the time".
func (r *reading) longStanding(si int, a *what.Act) bool {
	t := r.trees[si]
	v := a.Verb
	if v < 0 {
		return false
	}
	for _, k := range t.Kids(v) {
		switch t.Tokens[k].Lemma {
		case "always", "traditionally", "historically", "once", "formerly", "originally":
			if t.Tokens[k].Rel == "advmod" {
				return true
			}
		case "time":
			if t.Case(int(k)) == "at" && t.Child(int(k), "nmod") < 0 {
				return true
			}
		}
	}
	if a.CAMEO == "054" && (t.Rel(v) == "acl" || t.Rel(v) == "conj") { // recognition in an order of states is history
		for i, steps := v, 0; i >= 0 && steps < 5; steps++ {
			switch t.Tokens[i].Lemma {
			case "one", "first", "country", "state":
				for k := range t.Tokens {
					if l := t.Tokens[k].Lemma; l == "one" || l == "first" || l == "among" {
						return true
					}
				}
			}
			i = t.Tokens[i].Head
		}
	}
	return false
}

// remembered reports an act noun that something is counted from: "45 years of
// the establishment of relations", "the anniversary of recognition".
func (r *reading) remembered(si int, a *what.Act) bool {
	t := r.trees[si]
	if a.Verb >= 0 {
		return false
	}
	h := t.Tokens[a.Trigger].Head
	if h < 0 {
		return false
	}
	switch t.Tokens[h].Lemma {
	case "anniversary", "year", "decade", "jubilee":
		return t.Rel(a.Trigger) == "nmod"
	}
	return false
}

// clauseOf returns the verb that heads the clause of token i.
func (r *reading) clauseOf(si, i int) int {
	t := r.trees[si]
	for steps := 0; steps < len(t.Tokens) && t.Tokens[i].Head >= 0; steps++ {
		i = t.Tokens[i].Head
		if t.Verbal(i) || t.Child(i, "cop") >= 0 {
			return i
		}
	}
	return i
}

// presentPerfect reports "has done": it holds to this day.
func (r *reading) presentPerfect(si int, a *what.Act) bool {
	t := r.trees[si]
	v := a.Verb
	if v < 0 {
		return false
	}
	for _, k := range t.Kids(v) {
		if t.Tokens[k].Rel == "aux" {
			switch strings.ToLower(t.Tokens[k].Form) {
			case "has", "have", "'ve", "’ve":
				return true
			}
		}
	}
	return false
}
