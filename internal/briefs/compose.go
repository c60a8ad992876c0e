package briefs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/relations"
)

const (
	pageLines    = 68 // lines, see page.length; the PDF of such a page has one
	onePageLines = 5  // of a part of a section at most; fewer, and shorter quotations, when that is too much
)

const sourcesTitle = "Sources"

// compose returns the page of a brief.
func compose(r *relations.Relation, o Options) *page {
	p := newPage(r, o)
	p.header()
	p.level = 3 // quotations in the glance
	p.glance()
	if o.OnePage {
		p.fill()
	} else {
		for _, part := range parts {
			part.write(p)
		}
		p.rest()
		p.differences()
		p.timeline()
		p.tempo()
	}
	if len(p.notes) > 0 {
		p.add(heading, sourcesTitle)
		p.blocks = append(p.blocks, block{kind: sources})
	}
	return p
}

// parts are the sections that every brief has, in their order.
var parts = []struct {
	write func(*page)
	first int // which to give room to first, on one page
}{
	{(*page).foundations, 6},
	{(*page).visits, 1},
	{(*page).agreements, 2},
	{(*page).positions, 7},
	{(*page).economy, 5},
	{func(p *page) { p.section("Pledges and follow-up", p.r.Pledges, 4, true) }, 4},
	{func(p *page) { p.section("Frictions", p.r.Frictions, 4, true) }, 3},
}

// fill writes the parts so that they fill one page: each with its latest line,
// then line by line more, the weightier parts first, while there is room.
func (p *page) fill() {
	length := func(part, level int) float64 {
		q := p.scratch(level)
		parts[part].write(q)
		return q.length()
	}
	used := p.length() + 3 // and what is empty and left out
	levels, now := make([]int, len(parts)), make([]float64, len(parts))
	order := make([]int, len(parts))
	for i := range parts {
		levels[i], now[i], order[i] = 1, length(i, 1), i
		used += now[i]
	}
	slices.SortFunc(order, func(i, j int) int { return parts[i].first - parts[j].first })
	for level := 2; level <= onePageLines; level++ {
		for _, i := range order {
			if levels[i] < level-1 {
				continue // had no room before
			}
			if n := length(i, level); used+n-now[i] <= pageLines {
				used += n - now[i]
				levels[i], now[i] = level, n
			}
		}
	}
	for i := range parts {
		p.level = levels[i]
		if used > pageLines {
			p.level = 0
		}
		parts[i].write(p)
	}
	if len(p.empty) > 0 {
		p.add(para, "Nothing %s in the reports under: %s.", map[bool]string{false: "found", true: "new"}[p.o.Since != ""], strings.ToLower(strings.Join(p.empty, "; ")))
	}
	if p.left > 0 {
		p.add(para, "Left out to keep to a page: %s of these sections, the sections after them and the timeline. The full brief has them.", count(p.left, "earlier line"))
	}
}

func (p *page) header() {
	r := p.r
	p.add(title, "%s and %s", r.A.Name, r.B.Name)
	kind := "Relations brief"
	if p.o.OnePage {
		kind = "Relations brief on one page"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s–%s", kind, r.A.Code, r.B.Code)
	if r.AsOf != "" {
		fmt.Fprintf(&b, ", as of %s", inWords(r.AsOf))
	}
	if p.o.Since != "" {
		fmt.Fprintf(&b, ", what is new since %s", inWords(p.o.Since))
	}
	b.WriteString(". ")
	c := r.Coverage
	if c.Reports == 0 {
		p.add(lead, "%sNo report tells of the two.", b.String())
		return
	}
	fmt.Fprintf(&b, "It rests on %s", count(c.Reports, "report"))
	if c.Outlets > 0 {
		fmt.Fprintf(&b, " of %s", count(c.Outlets, "outlet"))
	}
	if c.Copies > 0 {
		fmt.Fprintf(&b, " (and %s of the same texts)", count(c.Copies, "further copy"))
	}
	if c.First != "" {
		fmt.Fprintf(&b, ", published %s", between(c.First, c.Last))
	}
	fmt.Fprintf(&b, ", with %s on %s.", count(c.Claims, "claim"), count(c.Events, "event"))
	var voices []string
	for _, s := range []relations.Side{r.A, r.B} {
		if n := c.Voices[s.Code]; n > 0 {
			voices = append(voices, fmt.Sprintf("%d by %s outlets", n, s.Adjective))
		}
	}
	if len(voices) > 0 {
		fmt.Fprintf(&b, " Of the reports, %s.", strings.Join(voices, " and "))
	}
	if len(c.Gaps) > 0 {
		fmt.Fprintf(&b, " Gaps: %s.", strings.Join(c.Gaps, "; "))
	}
	if n := p.inferredEvents(); n > 0 {
		fmt.Fprintf(&b, " In %s, marked %s, a party is inferred: no word of the clause names it.", count(n, "event"), inferredMark)
	}
	p.add(lead, "%s", b.String())
}

// inferredEvents counts the events between the two that bear the mark.
func (p *page) inferredEvents() (n int) {
	for _, id := range p.r.Timeline {
		if e := p.r.Events[id]; p.onPair(&e) && p.inferred(&e) {
			n++
		}
	}
	return n
}

func between(a, b rapport.Date) string {
	if a == b {
		return inWords(a)
	}
	return "from " + inWords(a) + " to " + inWords(b)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		return strconv.Itoa(n) + " " + strings.TrimSuffix(noun, "y") + "ies"
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// wanted reports whether an event is told in this brief.
func (p *page) wanted(l relations.Line) bool {
	since, _, ok := p.o.Since.Bounds()
	if !ok {
		return true
	}
	e := p.r.Events[l.Event]
	d := relations.When(&e)
	if d == "" {
		for _, id := range e.Claims {
			d = max(d, p.r.Reports[p.r.Claims[id].Report].Published)
		}
	}
	first, last, ok := d.Bounds()
	if last.IsZero() {
		last = first // what goes on since then is new then
	}
	return ok && !last.Before(since)
}

// most is how many of n lines a brief tells: on one page at most so many. It
// counts those it leaves out.
func (p *page) most(n, atMost int) int {
	if !p.o.OnePage {
		return n
	}
	told := min(n, atMost, max(p.level, 1))
	p.left += n - told
	return told
}

// shown returns the lines of a section that this brief tells: on one page the
// last few.
func (p *page) shown(ls []relations.Line, atMost int) []relations.Line {
	out := p.news(ls)
	n := p.most(len(out), atMost)
	if n < len(out) { // the latest stay, not those nobody dates, nor those of a party inferred
		var by [3][]relations.Line
		for _, l := range out {
			by[p.weight(l)] = append(by[p.weight(l)], l)
		}
		out = slices.Concat(by[:]...)
	}
	return out[len(out)-n:]
}

// weight ranks lines for a page with too little room: 0 for those to leave out
// first.
func (p *page) weight(l relations.Line) int {
	e := p.r.Events[l.Event]
	switch {
	case relations.When(&e) == "" || l.State == relations.Unknown:
		return 0
	case p.inferred(&e):
		return 1
	}
	return 2
}

// news returns the lines of a section that this brief wants.
func (p *page) news(ls []relations.Line) (out []relations.Line) {
	for _, l := range ls {
		if p.wanted(l) {
			out = append(out, l)
		}
	}
	return out
}

// nothing says that the section just begun is empty; on one page all those that
// are share a line.
func (p *page) nothing() {
	switch last := len(p.blocks) - 1; {
	case p.o.OnePage && last >= 0 && p.blocks[last].kind == heading:
		p.empty = append(p.empty, p.blocks[last].text)
		p.blocks = p.blocks[:last]
	case p.o.Since != "":
		p.add(para, "Nothing new in the reports.")
	default:
		p.add(para, "Nothing found in the reports.")
	}
}

// section writes a heading and its lines, or that nothing was found; always
// says whether users expect the section even when it is empty.
func (p *page) section(name string, ls []relations.Line, atMost int, always bool) {
	ls = p.shown(ls, atMost)
	if len(ls) == 0 && !always {
		return
	}
	p.add(heading, "%s", name)
	if len(ls) == 0 {
		p.nothing()
	}
	p.lines(ls)
}

func (p *page) subsection(name string, ls []relations.Line, atMost int) {
	if ls = p.shown(ls, atMost); len(ls) > 0 {
		p.add(label, "%s", name)
		p.lines(ls)
	}
}

func (p *page) lines(ls []relations.Line) {
	for _, l := range ls {
		p.add(item, "%s", p.told(l))
	}
}

// told writes a line in full: date, sentence, what the report says, speaker,
// status, state, disagreement, footnotes.
func (p *page) told(l relations.Line) string {
	e := p.r.Events[l.Event]
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", strong(capital(p.when(&e))), p.sentence(&e))
	if q := p.quote(&e); q != "" {
		fmt.Fprintf(&b, ": “%s”", plain(q))
	}
	if by := p.according(e.Claims); by != "" {
		b.WriteString(", " + by)
	}
	if tag := p.tag(&e, &l); tag != "" {
		fmt.Fprintf(&b, " (%s)", tag)
	}
	s := p.stop(b.String()) + p.cite(e.Claims) + p.disputes(&e)
	if e.Event == "REJECT" && len(l.See) > 0 {
		f := p.r.Events[l.See[0]]
		s += " Compare the accusation, " + p.when(&f) + "." + p.cite(f.Claims)
	}
	return s
}

// stop ends a line, unless it ends in a quotation with its own full stop.
func (p *page) stop(s string) string {
	for _, end := range []string{".”", "?”", "!”", "…”"} {
		if strings.HasSuffix(s, end) {
			return s
		}
	}
	return s + "."
}

// lower returns s with a lower-case first letter: a figure that began its
// sentence stands inside ours.
func lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// when tells an event's date; a date that is the report's is said to be, and
// of an undated event when it was told.
func (p *page) when(e *rapport.Event) string {
	switch {
	case e.DateBasis == rapport.DateFromReport:
		return "reported " + inWords(e.Date)
	case e.Date != "":
		return inWords(e.Date)
	}
	for _, id := range e.Claims { // by publication
		if d := p.r.Reports[p.r.Claims[id].Report].Published; d != "" {
			return "undated, told " + inWords(d)
		}
	}
	return "undated"
}

// quote returns the words of the report that say most where the template
// alone says too little: those of the first report to tell the act itself.
func (p *page) quote(e *rapport.Event) string {
	if !p.act(e).quote && e.Status != rapport.Negated {
		return ""
	}
	c := p.r.Claims[p.teller(e)]
	return quoted(&c, p.quoteMost())
}

// quoteMost is how many bytes of a report are quoted in a line at most; the
// footnote has the whole sentence.
func (p *page) quoteMost() int {
	if p.o.OnePage {
		return 60 + 25*p.level
	}
	return 260
}

// teller returns the claim to quote: one that tells the act and not only its
// announcement, on a report's own word if possible, the earliest.
func (p *page) teller(e *rapport.Event) string {
	best, points := e.Claims[0], -1
	for _, id := range e.Claims {
		c := p.r.Claims[id]
		n := 0
		if c.Event == e.Event {
			n += 2
		}
		if c.Speaker == nil {
			n++
		}
		if n > points {
			best, points = id, n
		}
	}
	return best
}

// tag tells how an event stands to the world, and what became of a promise.
func (p *page) tag(e *rapport.Event, l *relations.Line) string {
	var tags []string
	switch e.Status {
	case rapport.Historical:
		tags = append(tags, "recalled")
	case rapport.Future:
		tags = append(tags, "planned")
	case rapport.Hypothetical:
		tags = append(tags, "hoped for, feared or supposed")
	case rapport.Negated:
		tags = append(tags, "told as not done")
	}
	if l.Due != "" {
		tags = append(tags, "due "+inWords(l.Due))
	}
	switch {
	case l.State == "" || l.State == relations.Planned && e.Status == rapport.Future:
	case l.State == relations.Unknown:
		tags = append(tags, "no report tells what came of it")
	case l.State == relations.Done && len(l.See) > 0:
		f := p.r.Events[l.See[0]]
		tags = append(tags, "done: "+p.when(&f)+p.cite(f.Claims))
	case l.State == relations.Lapsed && len(l.See) > 0:
		f := p.r.Events[l.See[0]]
		tags = append(tags, "called off: "+p.when(&f)+p.cite(f.Claims))
	case e.Event == "AGREE" || e.Event == "SUPPORT" && l.State != relations.Signed:
		tags = append(tags, l.State)
	}
	return strings.Join(tags, "; ")
}

// disputes tells, after a line, on what its reports disagree and who says
// which.
func (p *page) disputes(e *rapport.Event) string {
	var b strings.Builder
	for _, d := range p.differ[e.ID] {
		fmt.Fprintf(&b, " Accounts differ on the %s: %s.", fieldWords(d.Field), p.accounts(d))
	}
	return b.String()
}

// accounts tells the values of a difference, each with who says it.
func (p *page) accounts(d relations.Difference) string {
	var vs []string
	for _, v := range d.Value {
		if d.Field == "date" && slices.ContainsFunc(d.Value, func(o relations.SidedValues) bool { return coarser(v.Value, o.Value) }) {
			continue // "April" does not differ from "18 April"
		}
		vs = append(vs, fmt.Sprintf("%s (%s)%s", p.value(d.Field, v.Value, v.Claims[0]), p.sources(v.Claims), p.cite(v.Claims)))
	}
	return strings.Join(vs, ", ")
}

// coarser reports whether date a holds date b and more days.
func coarser(a, b string) bool {
	af, al, ok1 := rapport.Date(a).Bounds()
	bf, bl, ok2 := rapport.Date(b).Bounds()
	return ok1 && ok2 && a != b && !af.IsZero() && !al.IsZero() && !bf.Before(af) && !bl.IsZero() && !bl.After(al)
}

// value tells one disputed value in words.
func (p *page) value(field, value, claim string) string {
	unit, ok := strings.CutPrefix(field, "number of ")
	switch {
	case field == "date":
		return inWords(rapport.Date(value))
	case ok:
		for _, f := range merge.Figures(p.r.Claims[claim].Evidence.Text) {
			if f.Unit == unit {
				return lower(plain(f.Words))
			}
		}
	}
	return plain(value)
}

func fieldWords(name string) string {
	if rest, ok := strings.CutPrefix(name, "number of "); ok && (strings.HasSuffix(rest, "euros") || strings.HasSuffix(rest, "dollars")) {
		return "amount"
	}
	role, _, ok := strings.Cut(name, " ")
	if ok && (role == "actor" || role == "recipient") {
		return "persons"
	}
	return name
}
