package when

import (
	"rapport"
)

// value is a resolved term: two equal moments, or the ends of an interval.
type value struct {
	a, b  moment
	basis Basis
	ok    bool
	// ofEvent says that the value dates the event told after the term.
	ofEvent bool
}

func at(m moment, b Basis) value { return value{a: m, b: m, basis: b, ok: true} }

func between(a, b moment, basis Basis) value {
	if a == b {
		return at(a, basis)
	}
	return value{a: a, b: b, basis: basis, ok: true}
}

func spanning(a, b int, basis Basis) value { return between(dayMoment(a), dayMoment(b), basis) }

// resolvePhrase appends the expressions of phrase k.
func (r *reader) resolvePhrase(k int) {
	p := &r.phrases[k]
	switch {
	case p.interval:
		r.resolveInterval(p)
	case len(p.terms) > 1:
		r.resolveList(p, k)
	default:
		r.resolveSingle(p, k)
	}
}

// look returns the direction of a phrase.
func (r *reader) look(p *phrase) direction {
	e := expr{first: p.first, last: p.last}
	r.tokens(&e)
	d := r.direction(e.Head, p.first)
	if d == noVerb && (p.link == lUntil || p.link == lBy) {
		return forward
	}
	return d
}

func (r *reader) resolveInterval(p *phrase) {
	a, b := p.terms[0], p.terms[1]
	dir := r.look(p)
	var va, vb value
	if dir == arranged {
		dir = backward
		if a.op == opWeekday {
			dir = forward
		}
	}
	if dir == forward && b.op != opToday {
		va = r.resolve(a, dir, -1)
		vb = r.resolve(b, dir, -1)
		if va.ok && vb.ok && vb.b.last() < va.a.first() {
			vb = shiftPast(vb, b, va.a.first(), 1)
		}
	} else {
		vb = r.resolve(b, dir, -1)
		va = r.resolve(a, backward, -1)
		if va.ok && vb.ok {
			if vb.basis != Absolute && va.basis != Absolute && a.op == opDate && a.m > 0 && a.mod == mNone && a.yearMod == mNone && va.a.y != vb.b.y {
				va.a.y = vb.b.y
			}
			if va.a.first() > vb.b.first() || a.op == opWeekday && va.a == vb.b {
				va = shiftPast(va, a, vb.b.first(), -1)
			}
		}
	}
	e := expr{first: p.first, last: p.last}
	e.Rule, e.Kind = a.rule, Range
	if b.op == opToday && va.ok {
		e.Kind, e.Basis = Since, va.basis
		r.emit(p, e, va)
		return
	}
	v := value{a: va.a, b: vb.b, basis: max(va.basis, vb.basis)}
	if va.basis == Absolute || vb.basis == Absolute {
		v.basis = Absolute
	}
	v.ok = va.ok && vb.ok && v.a.first() <= v.b.last()
	r.emit(p, e, v)
}

// shiftPast moves a value by its natural period to the other side of day
// limit: weekdays by weeks, dates without a year by years.
func shiftPast(v value, t term, limit, sign int) value {
	switch {
	case t.op == opWeekday:
		n := v.a.first()
		for sign < 0 && n >= limit {
			n -= 7
		}
		for sign > 0 && n <= limit {
			n += 7
		}
		return at(dayMoment(n), v.basis)
	case t.op == opDate && t.y == 0:
		v.a.y += sign
		v.b.y += sign
	}
	return v
}

// resolveList emits one range for neighbouring members, else each alone.
func (r *reader) resolveList(p *phrase, k int) {
	dir := r.look(p)
	values := make([]value, len(p.terms))
	joined := !r.is(p.last, "respectively") && !r.is(p.last+1, "respectively")
	if dir == forward || dir == arranged {
		for n := range p.terms {
			values[n] = r.resolve(p.terms[n], dir, k)
			if n > 0 && values[n].ok && values[n-1].ok && values[n].a.first() < values[n-1].a.first() {
				values[n] = shiftPast(values[n], p.terms[n], values[n-1].a.first(), 1)
			}
		}
	} else {
		for n := len(p.terms) - 1; n >= 0; n-- {
			values[n] = r.resolve(p.terms[n], dir, k)
			if n+1 < len(values) && values[n].ok && values[n+1].ok && values[n].a.first() > values[n+1].a.first() {
				values[n] = shiftPast(values[n], p.terms[n], values[n+1].a.first(), -1)
			}
		}
	}
	for n := 1; n < len(values) && joined; n++ {
		joined = values[n].ok && values[n-1].ok && values[n-1].b.grain == values[n].a.grain &&
			values[n-1].b.last()+1 == values[n].a.first()
	}
	if joined {
		e := expr{first: p.first, last: p.last}
		e.Rule, e.Kind = p.terms[0].rule, Range
		last := values[len(values)-1]
		r.emit(p, e, value{a: values[0].a, b: last.b, basis: max(values[0].basis, last.basis), ok: true})
		return
	}
	for n, t := range p.terms {
		e := expr{first: t.first, last: t.last}
		if n == 0 {
			e.first = p.first
		}
		e.Rule = t.rule
		r.emitLinked(p, e, t, values[n], dir)
	}
}

// recordSpan reports whether the words before token i make "in six years" a
// length looked back on: "for the first time in six years", "the worst fire in
// ten years".
func (r *reader) recordSpan(i int) bool {
	for k := i - 1; k >= 0 && k >= i-6; k-- {
		if r.is(k, "first", "second", "third", "only", "worst", "biggest", "largest", "highest", "lowest", "most", "deadliest") {
			return true
		}
	}
	return false
}

func (r *reader) resolveSingle(p *phrase, k int) {
	t := p.terms[0]
	e := expr{first: p.first, last: p.last}
	e.Rule = t.rule
	switch t.op {
	case opDuration:
		e.Kind, e.Days = Duration, t.n*unitDays(t.unit)
		if d := r.look(p); p.link == lIn && t.n > 0 && r.at(p.last) != cOf && (d == forward || d == arranged) && !r.recordSpan(p.first) {
			t.op, t.n = opAgo, -t.n
			e.Kind, e.Days, e.Rule = Point, 0, "when/from-now"
			r.emit(p, e, r.resolve(t, forward, k))
			return
		}
		r.emit(p, e, value{})
		return
	case opFrequency:
		e.Kind = Frequency
		r.emit(p, e, value{})
		return
	case opAnniversary:
		e.Kind = Anniversary
		r.emit(p, e, r.resolve(t, backward, k))
		return
	case opWithin:
		r.emitWithin(p, e, t)
		return
	}
	dir := r.look(p)
	r.emitLinked(p, e, t, r.resolve(t, dir, k), dir)
}

// emitLinked emits v as its preposition has it.
func (r *reader) emitLinked(p *phrase, e expr, t term, v value, dir direction) {
	link := p.link
	if v.ofEvent {
		e.Rule = RuleOfEvent
	}
	switch link {
	case lFrom:
		if !p.open && (r.headIsNoun(&e) || r.is(p.first-1, "date", "dates", "dating", "dated")) {
			break
		}
		e.Kind = Since
	case lSince, lAfter:
		e.Kind = Since
	case lUntil:
		e.Kind = Until
	case lBy:
		if dir == backward {
			break
		}
		e.Kind = Until
		if t.part == pEnd && v.ok && v.a.grain == rapport.DayGrain {
			v.a = v.b
		}
	case lBefore:
		if t.part == pEnd && t.op == opUnit {
			if t.unit >= uYear {
				v = spanning(v.b.last(), v.b.last(), v.basis)
				e.Kind = Until
			}
			break
		}
		e.Kind = Until
		if v.ok && !v.ofEvent {
			v = at(previous(v.a), v.basis)
		}
	}
	if v.ok && e.Kind == Point && v.a != v.b {
		e.Kind = Range
	}
	r.emit(p, e, v)
}

// previous is the unit before m: the day before, the month before …
func previous(m moment) moment {
	switch m.grain {
	case rapport.DayGrain:
		return dayMoment(m.first() - 1)
	case rapport.MonthGrain:
		m.y, m.m = addMonths(m.y, m.m, -1)
	case rapport.SeasonGrain:
		if m.m--; m.m < 21 {
			m.y, m.m = m.y-1, 24
		}
	case rapport.YearGrain:
		m.y--
	case rapport.DecadeGrain:
		m.y -= 10
	case rapport.CenturyGrain:
		m.y -= 100
	}
	return m
}

// headIsNoun reports whether the expression hangs on a noun.
func (r *reader) headIsNoun(e *expr) bool {
	x := *e
	r.tokens(&x)
	h := r.sent.Tokens[x.Head].Head
	if h < 0 || h >= len(r.sent.Tokens) || r.sent.Tokens[x.Head].Rel == "" {
		return false
	}
	return r.sent.Tokens[h].UPOS == "NOUN" || r.sent.Tokens[h].UPOS == "PROPN"
}

func (r *reader) emitWithin(p *phrase, e expr, t term) {
	base, basis, ok := r.anchorBefore(p.first, rapport.DayGrain)
	if !ok && r.pub.grain == rapport.DayGrain {
		base, basis, ok = r.pub, Deictic, true
	}
	if !ok {
		e.Kind = Duration
		e.Days = t.n * unitDays(t.unit)
		r.emit(p, e, value{})
		return
	}
	if t.n == 0 || t.unit == uHour {
		v := at(base, basis)
		if n := t.n / 24; t.unit == uHour && n > 0 {
			v = between(base, dayMoment(base.first()+n), basis)
			e.Kind = Range
		}
		r.emit(p, e, v)
		return
	}
	v := r.shift(base, t.n, t.unit, true)
	if d := r.look(p); d == forward || d == arranged {
		e.Kind = Until
		r.emit(p, e, at(v.b, basis))
		return
	}
	e.Kind = Range
	r.emit(p, e, between(base, v.b, basis))
}

// emit finishes an expression and remembers it for later ones to lean on.
func (r *reader) emit(p *phrase, e expr, v value) {
	r.tokens(&e)
	if v.ok {
		e.Basis = v.basis
		var buf [32]byte
		b := buf[:0]
		switch e.Kind {
		case Since:
			b = append(v.a.append(b), "/.."...)
		case Until:
			b = v.b.append(append(b, "../"...))
		default:
			b = v.a.append(b)
			if v.a != v.b {
				b = v.b.append(append(b, '/'))
			}
		}
		e.Date = rapport.Date(b)
		if e.Date.Grain() == rapport.NoGrain {
			e.Date = ""
			v.ok = false
		}
	}
	r.all = append(r.all, e)
	if !v.ok {
		return
	}
	t := p.terms[0]
	m := v.b
	if e.Kind == Since {
		m = v.a
	}
	if e.Kind != Anniversary {
		r.anchors = append(r.anchors, anchor{
			m: m, from: v.a, sentence: r.index, paragraph: r.sent.Paragraph, atom: e.first,
			weak:     e.Kind == Since && m.grain != rapport.DayGrain || e.Kind == Until || v.ofEvent || e.Rule == "when/year-modifier" || t.op == opWithin,
			part:     r.dayPart(e.last - 1),
			absolute: e.Basis == Absolute,
		})
	}
	r.noteEvent(p, e, v)
	switch {
	case t.op == opDate && t.y > 0 && t.m > 0 && p.first <= 2 && e.Kind != Since && e.Kind != Until:
		r.frame, r.frameAt, r.framed = v.a, r.sent.Paragraph, true
	case e.Basis == Deictic && t.op != opDate:
		r.framed = false
	}
}

// dayPart is the part of a day that atom i names, "".
func (r *reader) dayPart(i int) string {
	if r.at(i) == cDayPart {
		return r.word(i)
	}
	return ""
}

// noteEvent remembers the noun that a day dates: "the earthquake of Aug. 17",
// "the Aug. 7 bombing", "twelve days after the wave".
func (r *reader) noteEvent(p *phrase, e expr, v value) {
	if v.a != v.b || v.a.grain != rapport.DayGrain || e.Kind != Point {
		return
	}
	noun := ""
	switch {
	case v.ofEvent:
		noun = r.nounAfter(e.last)
	case r.at(p.first) == cOf && r.at(p.first-1) == cOther:
		noun = r.word(p.first - 1)
	case r.at(p.first) == cThe || r.at(p.first-1) == cThe:
		if r.at(e.last) == cOther && (r.tag(e.last) == "" || r.tag(e.last) == "NOUN") {
			noun = r.word(e.last)
		}
	}
	if noun != "" {
		r.eventNouns = append(r.eventNouns, eventDate{noun, v.a})
	}
}

// nounAfter is the noun of a short definite phrase that begins at atom i:
// "wave" in "the wave"; "" for a clause.
func (r *reader) nounAfter(i int) string {
	if r.at(i) != cThe {
		return ""
	}
	for j := i + 1; j < i+5 && j < len(r.atoms); j++ {
		switch r.tag(j) {
		case "NOUN":
			if r.tag(j+1) != "NOUN" {
				return r.word(j)
			}
		case "":
			return r.word(j)
		case "ADJ", "PROPN", "NUM":
		default:
			return ""
		}
	}
	return ""
}

func unitDays(unit int) int {
	switch unit {
	case uDay:
		return 1
	case uWeek:
		return 7
	case uFortnight:
		return 14
	case uWeekend:
		return 2
	case uMonth:
		return 30
	case uQuarter:
		return 91
	case uYear:
		return 365
	case uDecade:
		return 3652
	case uCentury:
		return 36524
	}
	return 0
}

// anchorBefore returns the nearest expression told before atom first whose
// grain is at least as fine as grain.
func (r *reader) anchorBefore(first int, grain rapport.Grain) (moment, Basis, bool) {
	if a := r.lastAnchor(first, grain); a != nil {
		return a.m, Anaphoric, true
	}
	return moment{}, Anaphoric, false
}

func (r *reader) lastAnchor(first int, grain rapport.Grain) *anchor {
	for i := len(r.anchors) - 1; i >= 0; i-- {
		a := &r.anchors[i]
		if n := r.index - a.sentence; n > 8 && a.paragraph != r.sent.Paragraph || n > 40 {
			break
		}
		if a.weak || a.m.grain > grain || a.sentence == r.index && a.atom >= first {
			continue
		}
		return a
	}
	return nil
}

// partAnchor returns the nearest day told with the same part of the day:
// "Tuesday night" for "that same night".
func (r *reader) partAnchor(first int, part string) (moment, bool) {
	for i := len(r.anchors) - 1; i >= 0 && part != ""; i-- {
		a := &r.anchors[i]
		if r.index-a.sentence > 2 {
			break
		}
		if a.part == part && !a.weak && a.m.grain == rapport.DayGrain {
			return a.m, true
		}
	}
	return moment{}, false
}

// resolve gives term t its value. k is its phrase, -1 within a range.
func (r *reader) resolve(t term, dir direction, k int) value {
	v := r.resolveOp(t, dir, k)
	if v.ok && t.approx != 0 && v.a == v.b {
		v.a.approx, v.b.approx = t.approx, t.approx
	}
	return v
}

func (r *reader) resolveOp(t term, dir direction, k int) value {
	switch t.op {
	case opDate:
		return r.resolvePart(t, r.resolveDate(t, dir))
	case opWeekday:
		v := r.resolveWeekday(t, dir)
		if v.ok && t.part == -1 {
			v = at(dayMoment(v.a.first()-1), v.basis)
		}
		return v
	case opToday:
		if r.pub.grain == rapport.DayGrain {
			return at(dayMoment(r.pub.first()+t.n), Deictic)
		}
	case opUnit:
		return r.resolvePart(t, r.resolveUnit(t, dir))
	case opAgo:
		return r.resolveAgo(t)
	case opShift:
		return r.resolveShift(t)
	case opEvent:
		return r.resolveEvent(t, k)
	case opDecade:
		return at(moment{y: t.y, grain: rapport.DecadeGrain}, Absolute)
	case opCentury:
		return at(moment{y: t.y, grain: rapport.CenturyGrain}, Absolute)
	case opYears:
		return between(yearMoment(t.y), yearMoment(t.n), Absolute)
	case opLastN:
		return r.resolveLastN(t)
	case opSlice:
		return r.resolveSlice(t)
	case opHoliday:
		return r.resolveHoliday(t, dir)
	case opDayNumber:
		return spanning(t.y, t.n, Absolute)
	case opAnniversary:
		y := r.pub.y
		for i := len(r.anchors) - 1; i >= 0 && r.anchors[i].sentence == r.index; i-- {
			if r.anchors[i].m.grain >= rapport.YearGrain || !r.anchors[i].weak {
				y = r.anchors[i].m.y
			}
		}
		if y > t.n {
			return at(yearMoment(y-t.n), Deictic)
		}
	case opThen:
		if m, b, ok := r.anchorBefore(t.first, rapport.YearGrain); ok {
			return at(m, b)
		}
	case opEve:
		if m, ok := r.event(r.nounAfter(t.last)); ok {
			return at(dayMoment(m.first()-1), Anaphoric)
		}
	}
	return value{}
}

func (r *reader) event(noun string) (moment, bool) {
	for i := len(r.eventNouns) - 1; i >= 0 && i >= len(r.eventNouns)-64 && noun != ""; i-- {
		if r.eventNouns[i].noun == noun {
			return r.eventNouns[i].m, true
		}
	}
	return moment{}, false
}

// resolvePart narrows a value by "the start of" and "the end of" a year, and
// by "the eve of" a day; "early", "mid" and "late" keep the grain told.
func (r *reader) resolvePart(t term, v value) value {
	if t.op == opDate && t.n != 0 && v.ok {
		return piece(v, t.n, t.unit)
	}
	switch {
	case !v.ok || v.a != v.b:
		return v
	case t.part == pStart && v.a.grain == rapport.YearGrain:
		m := monthMoment(v.a.y, 1)
		m.approx = '~'
		return at(m, v.basis)
	case t.part == pEnd && v.a.grain == rapport.YearGrain:
		m := monthMoment(v.a.y, 12)
		m.approx = '~'
		return at(m, v.basis)
	case t.part == -1 && v.a.grain == rapport.DayGrain:
		return at(dayMoment(v.a.first()-1), v.basis)
	}
	return v
}

// piece cuts the nth day, week or half out of a month or year.
func piece(v value, n, unit int) value {
	first, last := v.a.first(), v.a.last()
	switch {
	case unit == uDay && n < 0:
		first = last
	case unit == uDay:
		first += n - 1
		last = min(first, last)
	case unit == uWeek && n < 0:
		first = last - 6
	case unit == uWeek:
		first += 7 * (n - 1)
		last = min(first+6, last)
	case n == 1:
		last = first + 14
	default:
		first += 15
	}
	if first > last {
		return value{}
	}
	return spanning(first, last, v.basis)
}

// yearOf resolves "last year" and the like to a year.
func (r *reader) yearOf(mod, first int) (int, Basis, bool) {
	switch mod {
	case mLast, mPast:
		return r.pub.y - 1, Deictic, r.pub.y > 1
	case mThis, mCurrent:
		return r.pub.y, Deictic, r.pub.y > 0
	case mNext, mComing:
		return r.pub.y + 1, Deictic, r.pub.y > 0
	}
	m, b, ok := r.anchorBefore(first, rapport.YearGrain)
	switch mod {
	case mFollowing:
		m.y++
	case mPrevious:
		m.y--
	}
	return m.y, b, ok
}

func dateMoment(y, m, d int) moment {
	switch {
	case d > 0:
		return moment{y: y, m: m, d: d, grain: rapport.DayGrain}
	case m > 12:
		return moment{y: y, m: m, grain: rapport.SeasonGrain}
	case m > 0:
		return monthMoment(y, m)
	}
	return yearMoment(y)
}

func (r *reader) resolveDate(t term, dir direction) value {
	if t.d > 0 && t.m == 0 {
		return r.dayOfMonth(t, dir)
	}
	if t.d > 0 && t.m <= 12 && t.d > monthDays(max(t.y, 2000), t.m) {
		return value{}
	}
	switch {
	case t.y > 0:
		return at(dateMoment(t.y, t.m, t.d), Absolute)
	case t.yearMod != mNone:
		y, b, ok := r.yearOf(t.yearMod, t.first)
		if !ok {
			return value{}
		}
		return at(dateMoment(y, t.m, t.d), b)
	case t.mod != mNone:
		return r.moddedDate(t, dir)
	}
	if dir == backward || dir == noVerb {
		if f, ok := r.told(t); ok {
			if m := dateMoment(f.y, t.m, t.d); m.first() >= f.first() {
				return at(m, Anaphoric)
			}
		}
	}
	if r.pub.y == 0 {
		return value{}
	}
	y := r.pub.y
	before, after := dateMoment(y, t.m, t.d), dateMoment(y, t.m, t.d)
	if before.first() > r.pub.last() {
		before.y--
	}
	if after.last() < r.pub.first() {
		after.y++
	}
	if before == after {
		return at(before, Deictic)
	}
	back, ahead := r.pub.first()-before.last(), after.first()-r.pub.last()
	switch dir {
	case forward:
		if ahead > 300 && t.d > 0 {
			return at(before, Deictic)
		}
		return at(after, Deictic)
	case arranged, nearest, noVerb:
		if ahead < back {
			return at(after, Deictic)
		}
	case backward:
		if back > 340 && ahead < 20 {
			return at(after, Deictic)
		}
	}
	return at(before, Deictic)
}

// told returns the past year that the sentence or its paragraph tells of: "In
// January 1996 … In May …", "on April 15, 2023, and by June".
func (r *reader) told(t term) (moment, bool) {
	if r.framed && r.frameAt == r.sent.Paragraph && r.frame.y != r.pub.y {
		return r.frame, true
	}
	if p := t.first - 1; r.at(p-1) == cAnd && len(r.anchors) > 0 {
		a := &r.anchors[len(r.anchors)-1]
		if a.sentence == r.index && !a.weak && a.absolute && a.m.y < r.pub.y && a.m.grain <= rapport.MonthGrain && a.m.grain != rapport.NoGrain {
			return a.m, true
		}
	}
	return moment{}, false
}

// dayOfMonth resolves "the 12th" within the month last told.
func (r *reader) dayOfMonth(t term, dir direction) value {
	m, b, ok := r.anchorBefore(t.first, rapport.MonthGrain)
	if !ok {
		if r.pub.m == 0 {
			return value{}
		}
		m, b = r.pub, Deictic
	}
	if m.m > 12 {
		return value{}
	}
	if dir != forward && m.y == r.pub.y && m.m == r.pub.m && r.pub.d > 0 && t.d > r.pub.d {
		m.y, m.m = addMonths(m.y, m.m, -1)
	}
	if t.d > monthDays(m.y, m.m) {
		return value{}
	}
	return at(dateMoment(m.y, m.m, t.d), b)
}

// moddedDate resolves "last March", "this autumn", "that November".
func (r *reader) moddedDate(t term, dir direction) value {
	base, basis := r.pub, Deictic
	if t.mod >= mThat {
		var ok bool
		if base, basis, ok = r.anchorBefore(t.first, rapport.YearGrain); !ok {
			return value{}
		}
	}
	if base.y == 0 {
		return value{}
	}
	m := dateMoment(base.y, t.m, t.d)
	switch t.mod {
	case mLast, mPast, mPrevious:
		for m.last() >= monthMomentOf(base).first() {
			m.y--
		}
	case mNext, mFollowing:
		for m.first() <= monthMomentOf(base).last() {
			m.y++
		}
	case mComing:
		for m.last() < base.first() {
			m.y++
		}
	default: // "this winter" in January began last year
		if t.m == 24 && base.m > 0 && base.m <= 3 && t.mod == mThis {
			m.y--
		}
	}
	return at(m, basis)
}

func monthMomentOf(m moment) moment {
	if m.d > 0 {
		return monthMoment(m.y, m.m)
	}
	return m
}

func (r *reader) resolveWeekday(t term, dir direction) value {
	if r.pub.grain != rapport.DayGrain {
		return value{}
	}
	pub := r.pub.first()
	w := t.n
	before := pub - (weekday(pub)-w+7)%7 // at or before
	after := pub + (w-weekday(pub)+7)%7  // at or after
	if t.yearMod != mNone {              // of last, this or next week
		n := monday(pub) + w - 1
		switch t.yearMod {
		case mLast, mPast, mPrevious:
			n -= 7
		case mNext, mComing, mFollowing:
			n += 7
		}
		return at(dayMoment(n), Deictic)
	}
	switch t.mod {
	case mLast, mPast:
		if before == pub || weekday(pub) != 7 && monday(before) == monday(pub) {
			before -= 7 // of this week one would say "on Wednesday"
		}
		return at(dayMoment(before), Deictic)
	case mNext, mComing:
		if after == pub {
			after += 7
		}
		return at(dayMoment(after), Deictic)
	case mThis, mCurrent:
		if dir == backward {
			return at(dayMoment(before), Deictic)
		}
		return at(dayMoment(after), Deictic)
	case mThat, mSame, mFollowing, mPrevious:
		m, b, ok := r.anchorBefore(t.first, rapport.DayGrain)
		if !ok {
			break
		}
		n := m.first()
		switch t.mod {
		case mFollowing:
			n += (w-weekday(n)+6)%7 + 1
		case mPrevious:
			n -= (weekday(n)-w+6)%7 + 1
		default:
			n += (w-weekday(n)+10)%7 - 3
		}
		return at(dayMoment(n), b)
	}
	switch {
	case dir == forward, dir == arranged, dir == nearest && after-pub < pub-before:
		return at(dayMoment(after), Deictic)
	}
	return at(dayMoment(before), Deictic)
}

func (r *reader) resolveUnit(t term, dir direction) value {
	step := 0
	anaphoric := false
	switch t.mod {
	case mLast, mPast:
		step = -1
	case mNext, mComing:
		step = 1
		anaphoric = t.mod == mNext && (t.definite || t.unit == uDay)
	case mThat, mSame:
		anaphoric = true
	case mFollowing:
		step, anaphoric = 1, true
	case mPrevious:
		step, anaphoric = -1, true
	}
	base, basis := r.pub, Deictic
	if anaphoric {
		grain := grainOf(t.unit)
		if t.unit == uQuarter || t.unit == uMonth {
			grain = rapport.MonthGrain
		}
		m, b, ok := r.anchorBefore(t.first, grain)
		if p, found := r.partAnchor(t.first, r.dayPart(t.last-1)); found && step == 0 {
			m, ok = p, true
		}
		switch {
		case ok:
			base, basis = m, b
		case step == 0 && t.unit == uDay || t.mod == mPrevious || t.mod == mNext && t.unit != uDay:
			// nothing to lean on: the report's day
		default:
			return value{}
		}
	}
	if base.y == 0 {
		return value{}
	}
	if t.unit <= uWeekend && base.grain != rapport.DayGrain {
		return value{}
	}
	if (t.unit == uMonth || t.unit == uQuarter) && (base.m == 0 || base.m > 12) {
		return value{}
	}
	switch t.unit {
	case uDay:
		return at(dayMoment(base.first()+step), basis)
	case uWeek:
		n := monday(base.first()) + 7*step
		a, b := n, n+6
		if step == 0 && !anaphoric && (t.rule == "when/earlier-this" || t.rule == "when/earlier-in") {
			if t.part == pEarly {
				b = max(n, r.pub.first()-1)
			} else {
				a = r.pub.first()
			}
		}
		return spanning(a, b, basis)
	case uFortnight:
		n := monday(base.first()) + 14*step
		return spanning(n, n+13, basis)
	case uWeekend:
		n := base.first()
		sat := n - (weekday(n)+1)%7 // at or before
		switch {
		case step < 0 && weekday(n) >= 6:
			sat -= 7
		case step > 0, step == 0 && (dir == forward || dir == arranged) && weekday(n) < 6:
			sat += 7
		}
		return spanning(sat, sat+1, basis)
	case uMonth:
		y, m := addMonths(base.y, base.m, step)
		return at(monthMoment(y, m), basis)
	case uQuarter:
		y, m := addMonths(base.y, (base.m-1)/3*3+1, 3*step)
		return between(monthMoment(y, m), monthMoment(y, m+2), basis)
	case uYear:
		return at(yearMoment(base.y+step), basis)
	case uDecade:
		return at(moment{y: (base.y/10 + step) * 10, grain: rapport.DecadeGrain}, basis)
	case uCentury:
		return at(moment{y: (base.y/100 + step) * 100, grain: rapport.CenturyGrain}, basis)
	}
	return value{}
}

func (r *reader) resolveAgo(t term) value {
	if r.pub.y == 0 {
		return value{}
	}
	if t.part < 0 { // "a year ago today", "two years ago this month"
		if r.pub.grain != rapport.DayGrain {
			return value{}
		}
		m := r.pub
		switch t.unit {
		case uWeek:
			n := m.first() - 7*t.n
			if t.m > 0 {
				n += (t.m-weekday(n)+10)%7 - 3
			}
			return at(dayMoment(n), Deictic)
		case uMonth:
			m.y, m.m = addMonths(m.y, m.m, -t.n)
		case uYear:
			m.y -= t.n
		case uDecade:
			m.y -= 10 * t.n
		default:
			return value{}
		}
		m.d = min(m.d, monthDays(m.y, m.m))
		switch -t.part {
		case uWeek:
			n := monday(m.first())
			return spanning(n, n+6, Deictic)
		case uMonth:
			return at(monthMoment(m.y, m.m), Deictic)
		}
		return at(m, Deictic)
	}
	v := r.shift(r.pub, -t.n, t.unit, false)
	v.basis = Deictic
	if t.unit == uWeek && v.ok {
		v.a.approx, v.b.approx = '~', '~'
	}
	return v
}

// shift moves a moment by n units and rounds it to the unit's grain; exact
// keeps the day.
func (r *reader) shift(m moment, n, unit int, exact bool) value {
	approx := byte(0)
	switch unit {
	case uDecade:
		n, unit, approx = n*10, uYear, '~'
	case uCentury:
		n, unit, approx = n*100, uYear, '~'
	case uHour:
		n, unit = n/24, uDay
	case uFortnight:
		n, unit = n*14, uDay
	case uWeekend:
		n, unit = n*7, uDay
	case uQuarter:
		n, unit = n*3, uMonth
	}
	switch unit {
	case uDay, uWeek:
		step := n
		if unit == uWeek {
			step *= 7
		}
		switch m.grain {
		case rapport.DayGrain:
			return at(dayMoment(m.first()+step), Anaphoric)
		case rapport.MonthGrain: // from the middle of the month
			y, mm, _ := civil(m.first() + 14 + step)
			return at(monthMoment(y, mm), Anaphoric)
		case rapport.YearGrain:
			return at(yearMoment(m.y), Anaphoric)
		}
	case uMonth:
		switch m.grain {
		case rapport.DayGrain, rapport.MonthGrain:
			y, mm := addMonths(m.y, m.m, n)
			if exact && m.d > 0 {
				return at(dateMoment(y, mm, min(m.d, monthDays(y, mm))), Anaphoric)
			}
			return at(monthMoment(y, mm), Anaphoric)
		case rapport.YearGrain:
			y, _ := addMonths(m.y, 7, n)
			u := yearMoment(y)
			u.approx = '~'
			return at(u, Anaphoric)
		}
	case uYear:
		if exact && m.d > 0 {
			return at(dateMoment(m.y+n, m.m, min(m.d, monthDays(m.y+n, m.m))), Anaphoric)
		}
		u := yearMoment(m.y + n)
		u.approx = approx
		return at(u, Anaphoric)
	}
	return value{}
}

// resolveShift resolves "three days earlier", "a month later".
func (r *reader) resolveShift(t term) value {
	grain := rapport.YearGrain
	if t.unit < uMonth {
		grain = rapport.MonthGrain
	}
	m, _, ok := r.anchorBefore(t.first, grain)
	if !ok {
		if t.n > 0 || r.pub.y == 0 {
			return value{}
		}
		v := r.shift(r.pub, t.n, t.unit, false)
		v.basis = Deictic
		return v
	}
	return r.shift(m, t.n, t.unit, false)
}

// resolveEvent resolves "three days after" before the event it counts from:
// from that event where its date is told, else the event from its sentence.
func (r *reader) resolveEvent(t term, k int) value {
	// The event's own date stands in its clause: "two days after Iraq invaded on Aug. 2, …".
	clause := t.last
	for clause < len(r.atoms) && r.at(clause) != cComma && r.at(clause) != cDot && r.word(clause) != ";" {
		clause++
	}
	for n := k + 1; n < len(r.phrases) && k >= 0; n++ {
		q := &r.phrases[n]
		if q.first >= clause {
			break
		}
		if len(q.terms) == 1 && datable(q.terms[0].op) && q.link != lSince {
			if v := r.resolve(q.terms[0], r.look(q), n); v.ok {
				w := r.shift(v.a, t.n, t.unit, false)
				w.basis = v.basis
				return w
			}
		}
	}
	noun := r.nounAfter(t.last)
	if m, ok := r.event(noun); ok {
		return r.shift(m, t.n, t.unit, false)
	}
	back := func(m moment, basis Basis) value {
		v := r.shift(m, -t.n, t.unit, false)
		v.basis, v.ofEvent = basis, true
		return v
	}
	// The sentence's own date, before it or after it.
	for i := len(r.anchors) - 1; i >= 0 && r.anchors[i].sentence == r.index; i-- {
		if a := &r.anchors[i]; !a.weak && a.m.grain <= rapport.YearGrain {
			return back(a.from, Anaphoric)
		}
	}
	for n := k + 1; n < len(r.phrases) && k >= 0; n++ {
		q := &r.phrases[n]
		if len(q.terms) == 1 && datable(q.terms[0].op) && (q.link == lNone || q.link == lOn || q.link == lIn) {
			if v := r.resolve(q.terms[0], r.look(q), n); v.ok && v.a == v.b {
				return back(v.a, v.basis)
			}
		}
	}
	if noun != "" && r.sent.Paragraph > 0 {
		if a := r.lastAnchor(t.first, rapport.DayGrain); a != nil && a.paragraph == r.sent.Paragraph {
			return r.shift(a.m, t.n, t.unit, false)
		}
		if len(r.eventNouns) > 0 && (t.unit == uDay || t.unit == uWeek) {
			return r.shift(r.eventNouns[len(r.eventNouns)-1].m, t.n, t.unit, false)
		}
	}
	if r.pub.y == 0 || r.pub.grain != rapport.DayGrain && t.unit < uMonth {
		return value{}
	}
	return back(r.pub, Deictic)
}

// datable reports whether a term of this kind dates the clause it stands in.
func datable(o op) bool {
	switch o {
	case opDate, opWeekday, opToday, opUnit, opAgo, opHoliday, opDayNumber:
		return true
	}
	return false
}

func (r *reader) resolveLastN(t term) value {
	if r.pub.y == 0 || t.unit < uMonth && r.pub.grain != rapport.DayGrain {
		return value{}
	}
	v := r.shift(r.pub, -t.n, t.unit, false)
	if !v.ok {
		return v
	}
	end := r.pub
	switch v.a.grain {
	case rapport.MonthGrain:
		end = monthMomentOf(r.pub)
	case rapport.YearGrain:
		end = yearMoment(r.pub.y)
	}
	v.a.approx = 0
	if t.n < 0 {
		return between(end, v.a, Deictic)
	}
	return between(v.a, end, Deictic)
}

func (r *reader) resolveSlice(t term) value {
	y, basis := t.y, Absolute
	switch {
	case y > 0:
	case t.yearMod != mNone:
		var ok bool
		if y, basis, ok = r.yearOf(t.yearMod, t.first); !ok {
			return value{}
		}
	case r.pub.y > 0:
		y, basis = r.pub.y, Deictic
		if monthMoment(y, t.m).first() > r.pub.last() {
			y--
		}
	default:
		return value{}
	}
	return between(monthMoment(y, t.m), monthMoment(y, t.n), basis)
}

func (r *reader) resolveHoliday(t term, dir direction) value {
	y, basis := t.y, Absolute
	if t.yearMod != mNone {
		var ok bool
		if y, basis, ok = r.yearOf(t.yearMod, t.first); !ok {
			return value{}
		}
	}
	if y == 0 {
		basis = Deictic
		if y = r.pub.y; y == 0 {
			return value{}
		}
		v := holidayIn(y, t.n, basis)
		switch {
		case dir == forward && v.b.last() < r.pub.first():
			y++
		case dir != forward && v.a.first() > r.pub.last():
			y--
		}
	}
	v := holidayIn(y, t.n, basis)
	switch {
	case !v.ok:
	case t.part == -1:
		v = at(dayMoment(v.a.first()-1), basis)
	case t.part == pStart:
		v.b = v.a
	case t.part == pEnd:
		v.a = v.b
	}
	return v
}

// holidayIn returns when a holiday falls in a year. Islamic feasts follow the
// tabular calendar and are marked about.
func holidayIn(y, holiday int, basis Basis) value {
	fixed := func(m, d int) value { return at(dateMoment(y, m, d), basis) }
	lunar := func(m, d, length int) value {
		h := islamicYear(days(y, 1, 1))
		n := islamic(h, m, d)
		if n < days(y, 1, 1) {
			n = islamic(h+1, m, d)
		}
		if length > 1 {
			return spanning(n, n+length-1, basis)
		}
		v := dayMoment(n)
		v.approx = '~'
		return at(v, basis)
	}
	switch holiday {
	case newYear:
		return fixed(1, 1)
	case newYearsEve:
		return fixed(12, 31)
	case christmas:
		return fixed(12, 25)
	case christmasEve:
		return fixed(12, 24)
	case boxingDay:
		return fixed(12, 26)
	case epiphanyEve:
		return fixed(1, 7)
	case easterDay:
		return spanning(easter(y), easter(y), basis)
	case goodFriday:
		return spanning(easter(y)-2, easter(y)-2, basis)
	case easterMonday:
		return spanning(easter(y)+1, easter(y)+1, basis)
	case mayDay:
		return fixed(5, 1)
	case nowruz:
		n := persian(y-621, 1, 1)
		return spanning(n, n, basis)
	case ramadan:
		return lunar(9, 1, 30)
	case eidFitr:
		return lunar(10, 1, 1)
	case eidAdha:
		return lunar(12, 10, 1)
	}
	return value{}
}
