package briefs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/relations"
)

// glance writes five to seven lines a reader takes away.
func (p *page) glance() {
	r := p.r
	p.add(heading, "At a glance")
	begun := len(p.blocks)
	p.item("Relations", r.Recognition, "no report tells of recognition or of establishing relations")
	p.item("Ambassadors", slices.Concat(r.Missions, p.recalls()), "")
	p.item("Last visit", p.made(r.Visits), "no visit found")
	p.item("Last meeting", p.made(r.Meetings), "")
	p.lastAgreement()
	p.latestFigure()
	p.openPledges()
	p.item("Last friction", p.conflicts(), "none found")
	if len(p.blocks) == begun {
		p.nothing()
	}
}

// item writes the latest of some lines, or what to say when there is none.
func (p *page) item(name string, ls []relations.Line, none string) {
	ls = p.past(p.sorted(ls))
	switch {
	case len(ls) > 0:
		e := p.r.Events[p.surest(ls).Event]
		s := fmt.Sprintf("%s: %s: %s%s", strong(name), p.when(&e), p.stop(p.brief(&e)), p.cite(e.Claims))
		if last := p.r.Events[ls[len(ls)-1].Event]; last.ID != e.ID {
			s += fmt.Sprintf(" Later, less certain: %s: %s.%s", p.when(&last), p.sentence(&last), p.cite(last.Claims))
		}
		p.add(item, "%s", s)
	case none != "" && p.o.Since == "":
		p.add(item, "%s: %s.", strong(name), none)
	}
}

// surest returns the last of some lines whose parties the reports name, or
// where there is none the last.
func (p *page) surest(ls []relations.Line) relations.Line {
	for i := len(ls) - 1; i >= 0; i-- {
		if e := p.r.Events[ls[i].Event]; !p.inferred(&e) {
			return ls[i]
		}
	}
	return ls[len(ls)-1]
}

// brief tells an event with its quotation and speaker.
func (p *page) brief(e *rapport.Event) string {
	s := p.sentence(e)
	if q := p.quote(e); q != "" && e.Event != "CONSULT" {
		s += ": “" + plain(q) + "”"
	}
	if by := p.according(e.Claims); by != "" {
		s += ", " + by
	}
	return s
}

// past returns the lines not dated after the day of the brief: those have not
// happened yet, or are misdated.
func (p *page) past(ls []relations.Line) []relations.Line {
	return slices.DeleteFunc(ls, func(l relations.Line) bool { return p.r.AsOf.Before(p.r.Events[l.Event].Date) })
}

// sorted returns lines that this brief wants in order of time, undated first.
func (p *page) sorted(ls []relations.Line) []relations.Line {
	at := p.times()
	out := p.news(ls)
	slices.SortStableFunc(out, func(x, y relations.Line) int { return at[x.Event] - at[y.Event] })
	return out
}

// made returns the visits or meetings that took place.
func (p *page) made(ls []relations.Line) (out []relations.Line) {
	for _, l := range ls {
		if e := p.r.Events[l.Event]; e.Event == "CONSULT" && (e.Status == rapport.Actual || e.Status == rapport.Historical) {
			out = append(out, l)
		}
	}
	return out
}

// recalls returns the frictions that are recalls or expulsions of envoys.
func (p *page) recalls() (out []relations.Line) {
	for _, l := range p.r.Frictions {
		if e := p.r.Events[l.Event]; relations.IsRecall(&e, p.words(&e)) {
			out = append(out, l)
		}
	}
	return out
}

// conflicts returns the frictions that are acts of conflict, not their easing
// and not mere demands and refusals.
func (p *page) conflicts() (out []relations.Line) {
	for _, l := range p.r.Frictions {
		switch e := p.r.Events[l.Event]; e.Event {
		case "ACCUSE", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT":
			out = append(out, l)
		}
	}
	return out
}

func (p *page) lastAgreement() {
	var steps []relations.Line
	for _, a := range p.r.Agreements {
		for _, s := range a.Steps {
			if s.State == relations.Signed || s.State == relations.Ratified || s.State == relations.InForce {
				steps = append(steps, s)
			}
		}
	}
	for _, l := range p.r.Pledges {
		if e := p.r.Events[l.Event]; p.reached(&e) {
			steps = append(steps, l)
		}
	}
	p.item("Last agreement", steps, "none found")
}

// reached reports whether a promise is an agreement that several reached
// though no report tells of a signing.
func (p *page) reached(e *rapport.Event) bool {
	if only(e.Actor) != "" || len(e.Recipient) > 0 && !sameCountries(e.Actor, e.Recipient) || e.Status != rapport.Actual && e.Status != rapport.Historical {
		return false
	}
	c := p.r.Claims[p.teller(e)]
	words := told(&c)
	return relations.Instrument(words, "reach", "conclud", "struck", "clinch") != "" || hasCue(words, "reached+deal;struck+deal;clinch+deal")
}

func (p *page) latestFigure() {
	var ls []relations.Line
	for _, l := range p.r.Economy {
		if len(l.Sums) > 0 {
			ls = append(ls, l)
		}
	}
	ls = p.past(p.sorted(ls))
	if len(ls) == 0 {
		return
	}
	l := ls[len(ls)-1]
	e := p.r.Events[l.Event]
	var sums []string
	for _, s := range l.Sums {
		sums = append(sums, fmt.Sprintf("%s (%s)%s", plain(s.Words), p.voice(s.Claim), p.cite([]string{s.Claim})))
	}
	p.add(item, "%s: %s: %s: %s.", strong("Latest figure"), p.when(&e), p.sentence(&e), strings.Join(sums, ", "))
}

func (p *page) openPledges() {
	var open []relations.Line
	for _, l := range p.r.Pledges {
		if l.State == relations.Open {
			open = append(open, l)
		}
	}
	if open = p.sorted(open); len(open) > 0 {
		p.item(fmt.Sprintf("Open pledges (%d), the latest", len(open)), open, "")
	}
}

func (p *page) foundations() {
	rec := p.shown(p.r.Recognition, 2)
	if p.o.OnePage && len(rec) == 0 {
		return // the glance has said so, and has the ambassadors
	}
	p.add(heading, "Foundations")
	if len(rec) == 0 && p.o.Since != "" {
		p.nothing()
	} else if len(rec) == 0 {
		p.add(para, "Recognition and establishment of relations: nothing found in the reports.")
	}
	p.lines(rec)
	missions := p.sorted(slices.Concat(p.r.Missions, p.recalls()))
	if len(missions) > 0 {
		p.add(label, "Missions and ambassadors")
	}
	for _, l := range missions[len(missions)-p.most(len(missions), 2):] {
		e := p.r.Events[l.Event]
		p.add(item, "%s: %s.%s%s", strong(capital(p.when(&e))), p.sentence(&e), p.cite(e.Claims), p.disputes(&e))
	}
}

// visits writes the tables of visits and of meetings.
func (p *page) visits() {
	p.add(heading, "Visits and meetings")
	if p.o.OnePage {
		p.encounters()
		return
	}
	vs, ms := p.shown(p.r.Visits, 4), p.shown(p.r.Meetings, 2)
	if len(vs)+len(ms) == 0 {
		p.nothing()
	}
	if len(vs) > 0 {
		var rows [][]string
		for _, l := range vs {
			rows = append(rows, p.visit(l))
		}
		p.table([]string{"Date", "Visitor", "To", "Place", "Notes", "Sources"}, []int{13, 18, 12, 11, 36, 10}, rows)
	}
	if len(ms) > 0 {
		var rows [][]string
		for _, l := range ms {
			rows = append(rows, p.meeting(l))
		}
		p.table([]string{"Date", "Meeting", "Place", "What is told", "Sources"}, []int{13, 27, 10, 40, 10}, rows)
	}
	p.subsection("Through others", p.r.Mediation, 1)
}

// encounters lists visits and meetings together, for one page.
func (p *page) encounters() {
	all := slices.DeleteFunc(p.sorted(slices.Concat(p.r.Visits, p.r.Meetings)), func(l relations.Line) bool { return p.weight(l) == 0 })
	if len(all) == 0 {
		p.nothing()
	}
	for _, l := range all[len(all)-p.most(len(all), 6):] {
		e := p.r.Events[l.Event]
		notes := p.outcome(&e)
		if t := p.tag(&e, &l); t != "" {
			notes = append(notes, t)
		}
		s := p.sentence(&e)
		if len(notes) > 0 {
			s += " (" + strings.Join(notes, "; ") + ")"
		}
		p.add(item, "%s: %s.%s", strong(capital(p.visitWhen(&e, &l))), s, p.cite(e.Claims))
	}
}

// visitWhen is when something takes place or, when it is announced, was.
func (p *page) visitWhen(e *rapport.Event, l *relations.Line) string {
	if e.Event == "AGREE" && l.Due != "" {
		return "for " + inWords(l.Due)
	}
	return p.when(e)
}

func (p *page) visit(l relations.Line) []string {
	e := p.r.Events[l.Event]
	visitor, host := e.Actor, e.Recipient
	var notes []string
	low := strings.ToLower(p.words(&e))
	switch {
	case e.Event == "AGREE" && relations.Says(low, "invit") && !relations.Says(low, "accept"):
		visitor, host = host, visitor
		who, _ := parties(host, false)
		notes = append(notes, "invited by "+who)
	case e.Event == "AGREE":
		notes = append(notes, "announcement "+p.when(&e))
	}
	for _, kind := range []string{"state visit", "official visit", "working visit", "private visit"} {
		if strings.Contains(low, kind) {
			notes = append([]string{kind}, notes...)
			break
		}
	}
	if len(host) > 0 && host[0].Name != "" && e.Event == "CONSULT" {
		notes = append(notes, "received by "+plain(host[0].Name))
	}
	host = countriesOnly(host)
	notes = append(notes, p.outcome(&e)...)
	notes = p.common(notes, &e, &l)
	who, _ := parties(visitor, false)
	to, _ := parties(host, true)
	if p.inferred(&e) {
		who += inferredMark
	}
	return []string{capital(p.visitDate(&e, &l)), who, to, placeOf(&e), strings.Join(notes, "; "), p.cite(e.Claims)}
}

// visitDate is when a visit takes place; of an announced one when it is due.
func (p *page) visitDate(e *rapport.Event, l *relations.Line) string {
	if e.Event == "AGREE" {
		if l.Due != "" {
			return inWords(l.Due)
		}
		return "no date told"
	}
	return p.when(e)
}

// outcome names the texts signed on the days of a visit.
func (p *page) outcome(e *rapport.Event) (out []string) {
	if e.Event != "CONSULT" || e.Date.Grain() != rapport.DayGrain && e.Date.Grain() != rapport.IntervalGrain {
		return nil
	}
	for _, a := range p.r.Agreements {
		for _, s := range a.Steps {
			f := p.r.Events[s.Event]
			if s.State == relations.Signed && f.Date.Grain() == rapport.DayGrain && f.DateBasis == rapport.DateFromText && near(e.Date, f.Date) {
				out = append(out, "signed: "+p.instrument(&f)+p.cite(f.Claims))
			}
		}
	}
	return out
}

// near reports whether day f lies within e or on the day after its beginning
// or end.
func near(e, f rapport.Date) bool {
	first, last, ok1 := e.Bounds()
	day, _, ok2 := f.Bounds()
	return ok1 && ok2 && !first.IsZero() && !last.IsZero() && !day.Before(first) && !day.After(last.AddDate(0, 0, 1))
}

// common adds what every row tells: speaker, status, state, disagreement.
func (p *page) common(notes []string, e *rapport.Event, l *relations.Line) []string {
	if by := p.according(e.Claims); by != "" {
		notes = append(notes, by)
	}
	m := *l
	if e.Event == "AGREE" {
		m.Due = ""
	}
	if t := p.tag(e, &m); t != "" {
		notes = append(notes, t)
	}
	for _, k := range l.Checks {
		notes = append(notes, p.checked(k))
	}
	if d := strings.TrimSpace(p.disputes(e)); d != "" {
		notes = append(notes, d)
	}
	return notes
}

// checked tells a count that a report gives and how the record bears it out.
func (p *page) checked(k relations.Check) string {
	s := fmt.Sprintf("told as “%s”%s: %s, %s", inner.Replace(plain(k.Words)), p.cite([]string{k.Claim}), k.Verdict, k.Why)
	for _, id := range k.See {
		e := p.r.Events[id]
		s += fmt.Sprintf(" (%s)%s", p.when(&e), p.cite(e.Claims))
	}
	return s
}

func (p *page) meeting(l relations.Line) []string {
	e := p.r.Events[l.Event]
	notes := []string{}
	if q := p.quote(&e); q != "" {
		notes = append(notes, "“"+plain(q)+"”")
	}
	if e.Event == "AGREE" && l.Due != "" {
		notes = append(notes, "due "+inWords(l.Due))
	}
	notes = p.common(notes, &e, &l)
	place := placeOf(&e)
	e.Place = nil // it has its own column
	return []string{capital(p.when(&e)), p.sentence(&e), place, strings.Join(notes, "; "), p.cite(e.Claims)}
}

func (p *page) agreements() {
	p.add(heading, "Agreements")
	var told [][]relations.Line
	for _, a := range p.r.Agreements {
		if steps := p.news(a.Steps); len(steps) > 0 {
			told = append(told, steps)
		}
	}
	if len(told) == 0 {
		p.nothing()
	}
	n := p.most(len(told), 4)
	if n < len(told) {
		slices.SortStableFunc(told, func(x, y []relations.Line) int { return cmp.Compare(p.weight(x[0]), p.weight(y[0])) })
	}
	for _, steps := range told[len(told)-n:] {
		for i, s := range steps {
			line := p.told(s)
			if e := p.r.Events[s.Event]; e.Event != "SUPPORT" {
				line += " State: " + s.State + "."
			}
			p.blocks = append(p.blocks, block{kind: item, text: line, indent: min(i, 1)})
		}
	}
}

// positions writes backing and requests by topic, both ways together.
func (p *page) positions() {
	p.add(heading, "Positions and support")
	ls := p.shown(p.r.Positions, 4)
	if len(ls) == 0 {
		p.nothing()
	}
	var topics []string // in order of their first position
	for _, l := range ls {
		if !slices.Contains(topics, l.Topic) {
			topics = append(topics, l.Topic)
		}
	}
	slices.SortStableFunc(topics, func(a, b string) int { // what has no topic last
		switch {
		case a == "" && b != "":
			return 1
		case b == "" && a != "":
			return -1
		}
		return 0
	})
	for _, t := range topics {
		name := t
		if name == "" {
			name = "other"
		}
		if !p.o.OnePage {
			p.add(topic, "%s", capital(name))
		}
		for _, l := range ls {
			if l.Topic != t {
				continue
			}
			s := p.told(l)
			if len(l.See) > 0 {
				e := p.r.Events[l.See[0]]
				s += " Returned: " + p.when(&e) + "." + p.cite(e.Claims)
			}
			p.add(item, "%s", s)
		}
	}
}

// economy writes the table of figures and the lines without one.
func (p *page) economy() {
	p.add(heading, "Economy and aid")
	var figures, others []relations.Line
	for _, l := range p.sorted(slices.Concat(p.r.Economy, p.r.Aid)) {
		if len(l.Sums) > 0 {
			figures = append(figures, l)
		} else {
			others = append(others, l)
		}
	}
	if len(figures)+len(others) == 0 {
		p.nothing()
	}
	figures, others = figures[len(figures)-p.most(len(figures), 3):], others[len(others)-p.most(len(others), 2):]
	if len(figures) > 0 {
		var rows [][]string
		for _, l := range figures {
			e := p.r.Events[l.Event]
			for _, s := range l.Sums {
				rows = append(rows, []string{capital(p.when(&e)), p.sentence(&e), plain(s.Words), p.flow(s), p.voice(s.Claim), p.cite([]string{s.Claim})})
			}
		}
		p.table([]string{"Period", "What", "Amount", "Of", "Stated by", "Sources"}, []int{13, 29, 16, 16, 16, 10}, rows)
	}
	p.lines(others)
}

// flow tells what a figure sums up and which way it went.
func (p *page) flow(s relations.Sum) string {
	if s.From == "" || s.To == "" {
		return s.Of
	}
	return fmt.Sprintf("%s, %s to %s", s.Of, s.From, s.To)
}

// institutions lists the bodies that the two meet in, by session.
func (p *page) institutions() {
	begun := false
	for _, in := range p.r.Institutions {
		var told []string
		for _, s := range in.Sessions {
			e := p.r.Events[s.Event]
			if !p.wanted(relations.Line{Event: s.Event}) {
				continue
			}
			w := p.when(&e)
			if s.Number > 0 {
				w = numbered(s.Number) + " session " + w
			}
			switch {
			case e.Event == "AGREE" && e.AboutDate != "":
				w += ", announced for " + inWords(e.AboutDate)
			case e.Event == "AGREE":
				w += ", announced"
			case e.Event == "REJECT":
				w += ", refused or put off"
			case e.Status == rapport.Negated:
				w += ", told as not held"
			}
			if town := placeOf(&e); town != "" {
				w += ", " + town
			}
			told = append(told, w+p.cite([]string{s.Claim}))
		}
		if len(told) == 0 {
			continue
		}
		if !begun {
			p.add(heading, "Institutions")
			begun = true
		}
		p.add(item, "%s: %s.", strong(capital(plain(in.Name))), strings.Join(told, "; "))
	}
}

// numbered writes an ordinal: 5th.
func numbered(n int) string {
	end := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}

// turns tells from when on the events between the two were of another kind.
func (p *page) turns() {
	begun := false
	for _, t := range p.r.Turns {
		e := p.r.Events[t.Event]
		if !p.wanted(relations.Line{Event: t.Event}) {
			continue
		}
		if !begun {
			p.add(label, "Turning points")
			p.add(para, "Where the scores of the events change their level, by Pettitt's test (Applied Statistics 28, 1979) at p ≤ 0.05. The test sees what is reported, not what happened.")
			begun = true
		}
		way := "more cooperative"
		if t.After < t.Before {
			way = "less cooperative"
		}
		p.add(item, "%s: %s from here on: the mean score of the next %d events is %s, of the %d before %s (p = %s). The first: %s.%s", strong(capital(p.when(&e))), way,
			t.NA, signed(t.After), t.NB, signed(t.Before), strconv.FormatFloat(t.P, 'f', -1, 64), p.sentence(&e), p.cite(e.Claims))
	}
}

// rest writes the sections that are left out when empty.
func (p *page) rest() {
	p.institutions()
	p.section("Security and defence", p.r.Security, 0, false)
	p.section("Other cooperation", p.r.Cooperation, 0, false)
	p.section("Hoped for, feared or possible", p.r.Hopes, 0, false)
	p.section("Told as not having happened", p.r.Denied, 0, false)
	p.section("Told beside it: what either did with others", p.r.Related, 0, false)
}

// differences tells what the sides tell differently, and what one side alone
// says the other did.
func (p *page) differences() {
	var differ, alone []relations.Difference
	for _, d := range p.r.Differences {
		if !p.wanted(relations.Line{Event: d.Event}) || d.Field == "cameo" {
			continue
		}
		if d.Field != "" {
			differ = append(differ, d)
		} else {
			alone = append(alone, d)
		}
	}
	p.add(heading, "Where the accounts differ")
	if len(differ)+len(alone) == 0 {
		p.nothing()
		return
	}
	for _, d := range differ {
		e := p.r.Events[d.Event]
		p.add(item, "%s, %s. The %s: %s.", capital(p.sentence(&e)), p.when(&e), fieldWords(d.Field), p.accounts(d))
	}
	for _, s := range []relations.Side{p.r.A, p.r.B} {
		n := 0
		for _, d := range alone {
			if d.Side != s.Code {
				continue
			}
			if n++; n == 1 {
				p.add(topic, "Told on the %s side only", s.Adjective)
			}
			e := p.r.Events[d.Event]
			p.add(item, "%s: %s%s", capital(p.when(&e)), p.stop(p.brief(&e)), p.cite(e.Claims))
		}
	}
}

// timeline writes all dated events, one short line each.
func (p *page) timeline() {
	p.add(heading, "Timeline")
	p.chart(p.timelineChart())
	n, undated := 0, 0
	for _, id := range p.r.Timeline {
		l := relations.Line{Event: id}
		e := p.r.Events[id]
		switch {
		case !p.wanted(l):
			continue
		case e.Date == "":
			undated++
			continue
		}
		n++
		s := fmt.Sprintf("%s: %s", capital(p.when(&e)), p.sentence(&e))
		if t := p.tag(&e, &l); t != "" {
			s += " (" + t + ")"
		}
		p.add(item, "%s.%s", s, p.cite(e.Claims))
	}
	switch {
	case n == 0:
		p.nothing()
	case undated > 0:
		p.add(para, "Without a date, and in their sections only: %s.", count(undated, "event"))
	}
}

// tempo writes the relationship in numbers by year.
func (p *page) tempo() {
	if len(p.r.Tempo) == 0 {
		return
	}
	p.add(heading, "Tempo")
	p.add(para, "Events between the two by year of happening, with the sums of PLOVER's cooperation and conflict scores and of CAMEO's Goldstein scores, and the reports on the two published in that year.")
	p.chart(p.tempoChart())
	var rows [][]string
	for _, y := range p.r.Tempo {
		rows = append(rows, []string{y.Name, strconv.Itoa(y.Events), signed(y.Cooperation), signed(y.Conflict), signed(y.Goldstein), strconv.Itoa(y.Reports)})
	}
	p.table([]string{"Year", "Events", "Cooperation", "Conflict", "Goldstein", "Reports published"}, []int{16, 16, 17, 17, 17, 17}, rows)
	p.turns()
}

func signed(x float64) string {
	if x == 0 {
		return "0"
	}
	return strings.Replace(fmt.Sprintf("%+.1f", x), "-", "−", 1)
}
