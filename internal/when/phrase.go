package when

import (
	"rapport"
	"rapport/internal/language"
)

// link is the preposition before a phrase, as far as it bears on the date.
type link uint8

const (
	lNone link = iota
	lSince
	lFrom
	lUntil
	lBy
	lBefore
	lAfter
	lWithin
	lFor
	lDuring
	lIn
	lOn
)

// phrase is one or more terms under one preposition.
type phrase struct {
	link        link
	terms       []term
	interval    bool // two terms are the ends of one: "from … to", "between … and"
	open        bool // "since", "from 2008 onwards"
	first, last int  // atoms
}

// sentence reads one sentence.
func (r *reader) sentence(i int) []Expr {
	r.index, r.sent = i, &r.doc.Sentences[i]
	r.atoms = appendAtoms(r.atoms[:0], r.text, r.sent)
	r.all = r.all[:0]
	if r.noteNames(); !r.anyTrigger() {
		return nil
	}
	r.phrases = r.phrases[:0]
	for k := 0; k < len(r.atoms); {
		if int(r.atoms[k].start) < r.dateline.End && int(r.atoms[k].start) >= r.dateline.Start && r.dateline.Len() > 0 {
			k++
			continue
		}
		p, ok := r.phrase(k)
		if !ok {
			k++
			continue
		}
		r.phrases = append(r.phrases, p)
		k = max(p.last, k+1)
	}
	for k := range r.phrases {
		r.resolvePhrase(k)
	}
	if len(r.all) == 0 {
		return nil
	}
	out := make([]Expr, len(r.all))
	for k := range r.all {
		out[k] = r.all[k].Expr
	}
	return out
}

// noteNames remembers whether the report speaks of a person named May.
func (r *reader) noteNames() {
	if r.mayIsPerson {
		return
	}
	for i := 1; i < len(r.atoms); i++ {
		a := &r.atoms[i]
		if a.class == cMonth && a.value == 5 && r.is(i-1, "mrs.", "mrs", "ms.", "ms", "mr.", "theresa", "minister", "premier", "lady") {
			r.mayIsPerson = true
		}
	}
}

// anyTrigger reports whether a sentence has any word an expression needs.
func (r *reader) anyTrigger() bool {
	for i := range r.atoms {
		switch r.atoms[i].class {
		case cMonth, cMonthShort, cWeekday, cWeekdays, cWeekdayShort, cUnit, cUnits, cDayPart, cDecadeNum, cDecadeWord,
			cSeason, cToday, cDotted, cAnniversary, cQuarterName, cHalfName, cFiscalShort, cFrequency,
			cIslamicMonth, cPersianMonth, cHebrewMonth, cEve, cThen, cQuarter, cHalf, cAge:
			return true
		case cOrdinal:
			if r.atoms[i].digits > 0 {
				return true
			}
		case cNum:
			if r.atoms[i].digits == 4 || r.at(i+1) == cSlash {
				return true
			}
		case cOther:
			if r.atoms[i].upper || r.upperOther(i) {
				switch r.word(i) {
				case "Christmas", "Easter", "Nowruz", "Novruz", "Norouz", "Nauroz", "Navruz", "Nawroz", "Eid":
					return true
				}
			}
		}
	}
	return false
}

func (r *reader) upperOther(i int) bool {
	c := r.text[r.atoms[i].start]
	return c == 'C' || c == 'E' || c == 'N'
}

// phrase reads the preposition and terms that begin at atom i.
func (r *reader) phrase(i int) (phrase, bool) {
	p := phrase{first: i}
	j := i
	switch r.at(i) {
	case cSince:
		p.link, j = lSince, i+1
		if r.is(i-1, "ever") {
			p.first--
		}
		if r.at(j) == cThen {
			return r.then(p, j)
		}
	case cUntil:
		p.link, j = lUntil, i+1
		if r.at(j) == cThen {
			return r.then(p, j)
		}
		if r.at(j) == cAfter || r.at(j) == cTo {
			j++
		}
	case cBy:
		p.link, j = lBy, i+1
		if r.at(j) == cThen {
			return r.then(p, j)
		}
	case cBefore:
		p.link, j = lBefore, i+1
	case cAfter:
		p.link, j = lAfter, i+1
	case cFrom:
		p.link, j = lFrom, i+1
		if r.is(i, "starting") && r.is(j, "from", "on", "in") {
			j++
		}
		if r.at(j) == cPart && r.at(j+1) == cOf { // "from the start of" has its article
			j = i + 1
		}
	case cBetween:
		return r.between(p, i+1)
	case cWithin:
		p.link, j = lWithin, i+1
		if n, k, ok := r.count(j); ok && (r.at(k) == cUnit || r.at(k) == cUnits) {
			return r.within(p, n, k)
		}
		if r.at(j) == cUnits && r.val(j) == uHour { // "within hours"
			return r.within(p, amount{}, j)
		}
		if r.at(j) == cThe && r.at(j+1) == cModifier || r.at(j) == cModifier {
			break
		}
		return p, false
	case cPreposition:
		switch {
		case r.is(i, "for"):
			p.link = lFor
		case r.is(i, "during", "throughout"):
			p.link = lDuring
		case r.is(i, "in", "into"):
			p.link = lIn
			if r.is(i-1, "early", "late") && r.is(i, "in") {
				break
			}
		case r.is(i, "at"):
			if u, ok := r.atTheTime(i); ok {
				p.terms, p.last = []term{u}, u.last
				return p, true
			}
			p.link = lOn
		case r.is(i, "as"):
			if r.at(i+1) == cOf || r.is(i+1, "from") {
				p.link, p.open = lSince, true
				j = i + 1
			} else if r.is(i+1, "early", "recently", "late", "far") && r.is(i+2, "as") {
				j = i + 2
				if r.is(j+1, "in") {
					j++
				}
			} else {
				return p, false
			}
		default:
			p.link = lOn
		}
		j++
	case cOf, cTo:
		j = i + 1
		if r.is(i, "through", "thru") {
			p.link = lUntil
		}
		if r.at(i) == cTo && !r.isYearAfterUp(i) {
			if u, ok := r.term(j); !ok || u.op == opDuration || r.at(i-1) == cOther && u.op == opDate && u.d == 0 && u.m > 0 && u.y == 0 {
				return p, false
			}
		}
	case cThen:
		return r.bareThen(p, i)
	case cApprox:
		if r.is(i, "over") {
			p.link, j = lDuring, i+1
		}
	}
	if p.link != lNone && r.is(j, "about", "around", "circa", "approximately", "roughly") && r.at(j) == cApprox {
		if _, ok := r.term(j + 1); !ok {
			return p, false
		}
	}
	t, ok := r.term(j)
	if a, e, found := r.daysOfMonth(j); found { // "3-5 May"
		p.interval = true
		return r.finish(p, a, e)
	}
	if !ok {
		if k := r.bareDay(j, p.link); k > 0 {
			return r.finish(p, term{op: opDate, d: r.day(k), first: j, last: k + 1, rule: "when/day"})
		}
		if p.link == lFrom && r.isDay(j) { // the first end of "from 3 to 5 May"
			t, ok = term{op: opDate, d: r.day(j), first: j, last: j + 1, rule: "when/day"}, true
		}
		if r.isDay(j) {
			if u, ok2 := r.dayList(j); ok2 {
				return r.finish(p, u...)
			}
		}
		if !ok {
			return p, false
		}
		if p.link == lFrom || p.link == lSince {
			if e, k, ok := r.rangeEnd(t, t.last); ok {
				p.interval = true
				q, ok := r.finish(p, t, e)
				q.last = k
				return q, ok
			}
		}
		return p, false
	}
	if u, ok2 := r.dayList(j); ok2 && u[len(u)-1].last > t.last {
		return r.finish(p, u...)
	}
	// "from 3 May to 5 May", "9-10 March", "July 29-Aug. 2", "1990 to 1994".
	if e, k, ok := r.rangeEnd(t, t.last); ok && (p.link == lFrom || p.link == lSince && r.at(t.last) != cTo || r.at(t.last) == cDash || rangeLike(t, e)) {
		p.interval = true
		t, e = inherit(t, e)
		q, ok := r.finish(p, t, e)
		q.last = k
		return q, ok
	}
	terms := []term{t}
	// "on Wednesday and Thursday", "in 2017, 2018 and 2021".
	for {
		u, ok := r.listed(terms[len(terms)-1])
		if !ok {
			break
		}
		terms = append(terms, u)
	}
	for k := len(terms) - 2; k >= 0; k-- {
		terms[k], _ = inherit(terms[k], terms[k+1])
	}
	if p.link == lFrom && r.at(terms[len(terms)-1].last) == cOnwards || r.is(terms[len(terms)-1].last, "on") && p.link == lFrom {
		p.open = true
		terms[len(terms)-1].last++
	}
	return r.finish(p, terms...)
}

func rangeLike(a, b term) bool {
	switch a.op {
	case opDate:
		return a.d > 0 && b.op == opDate && (b.d > 0 || b.m == 0) || a.m > 0 && b.m > 0 || a.y > 0 && b.y > 0
	case opWeekday:
		return b.op == opWeekday
	}
	return false
}

func (r *reader) finish(p phrase, terms ...term) (phrase, bool) {
	p.terms = terms
	p.last = terms[len(terms)-1].last
	return p, r.at(p.last) != cBeforeChrist
}

// daysOfMonth reads "3-5 May", "3 to 5 May 2026".
func (r *reader) daysOfMonth(j int) (term, term, bool) {
	if !r.isDay(j) || !r.isDay(j+2) || r.at(j+1) != cDash && !r.is(j+1, "to") || r.at(j+3) != cOf && !r.isMonth(j+3) {
		return term{}, term{}, false
	}
	e, ok := r.dayMonth(term{first: j + 2}, j+2)
	a := term{op: opDate, d: r.day(j), m: e.m, y: e.y, yearMod: e.yearMod, first: j, last: j + 1, rule: e.rule}
	return a, e, ok && a.d < e.d
}

// isYearAfterUp allows "to" before a year in "up to 1994" and "back to 1994".
func (r *reader) isYearAfterUp(i int) bool { return r.is(i-1, "up", "back", "prior", "due", "down") }

// bareDay returns the atom of a day of the month that stands alone, "on the
// 12th", 0 where there is none at j.
func (r *reader) bareDay(j int, l link) int {
	if r.at(j) == cThe {
		j++
	}
	if l != lOn && l != lBy && l != lSince && l != lUntil || r.at(j) != cOrdinal || r.atoms[j].digits == 0 || !r.isDay(j) {
		return 0
	}
	if c := r.at(j + 1); c == cOf || c == cUnit || c == cAnniversary || c == cDash || r.isMonth(j+1) {
		return 0
	}
	switch r.tag(j + 1) {
	case "NOUN", "PROPN", "ADJ", "NUM":
		return 0
	}
	return j
}

// dayList reads days that share a month: "3, 4 and 5 May", "May 3 and 4".
func (r *reader) dayList(i int) ([]term, bool) {
	j := i
	if r.at(j) == cThe {
		j++
	}
	var list []term
	if r.isMonth(j) && r.isDay(j+1) {
		m := r.val(j)
		k := j + 1
		list = append(list, term{op: opDate, m: m, d: r.day(k), first: i, last: k + 1, rule: "when/month-day"})
		for {
			l := k + 1
			if r.at(l) != cComma && r.at(l) != cAnd {
				break
			}
			if r.at(l) == cComma && r.at(l+1) == cAnd {
				l++
			}
			if !r.isDay(l+1) || r.isMonth(l+2) || r.unitFollows(l+1) || r.at(l) == cComma && r.at(l+2) != cAnd && r.at(l+2) != cComma || r.tag(l+2) == "NOUN" && r.at(l+2) != cOther {
				break
			}
			if r.tag(l+2) == "NOUN" || r.at(l+2) == cUnit || r.at(l+2) == cUnits {
				break
			}
			k = l + 1
			list = append(list, term{op: opDate, m: m, d: r.day(k), first: k, last: k + 1, rule: "when/month-day"})
		}
		if len(list) < 2 {
			return nil, false
		}
		t, l := r.year(list[len(list)-1], k+1)
		t.last = l
		list[len(list)-1] = t
		for n := range list {
			list[n].y, list[n].yearMod = t.y, t.yearMod
		}
		return list, true
	}
	if !r.isDay(j) {
		return nil, false
	}
	start := j
	for {
		list = append(list, term{op: opDate, d: r.day(j), first: j, last: j + 1, rule: "when/day-month"})
		k := j + 1
		if r.at(k) != cComma && r.at(k) != cAnd {
			break
		}
		if r.at(k) == cComma && r.at(k+1) == cAnd {
			k++
		}
		if r.at(k+1) == cThe {
			k++
		}
		if !r.isDay(k + 1) {
			return nil, false
		}
		j = k + 1
	}
	if j == start {
		return nil, false
	}
	t, ok := r.dayMonth(term{first: j}, j)
	if !ok {
		return nil, false
	}
	list[len(list)-1] = t
	list[0].first = i
	for n := range list {
		list[n].m, list[n].y, list[n].yearMod = t.m, t.y, t.yearMod
	}
	return list, true
}

// rangeEnd reads the second end of a range whose first ends at atom j.
func (r *reader) rangeEnd(a term, j int) (term, int, bool) {
	k := j
	if r.at(k) == cPossessive {
		return term{}, 0, false
	}
	switch {
	case r.at(k) == cTo, r.at(k) == cUntil, r.at(k) == cDash:
		k++
	case r.is(k, "up") && r.at(k+1) == cTo:
		k += 2
	case r.is(k, "into"):
		k++
	default:
		return term{}, 0, false
	}
	dash := r.at(k-1) == cDash
	if dash && (a.op == opDuration || r.is(k, "old")) {
		return term{}, 0, false
	}
	if r.at(k) == cNow || r.is(k, "present", "date", "today") && !dash || r.is(k, "present") {
		return term{op: opToday, first: k, last: k + 1, rule: "when/today"}, k + 1, true
	}
	if r.at(k) == cThe && (r.is(k+1, "present")) {
		return term{op: opToday, first: k, last: k + 2, rule: "when/today"}, k + 2, true
	}
	e, ok := r.term(k)
	if !ok && r.at(k) == cNum && r.isYear(k) && a.op == opDate && a.y > 0 && a.m == 0 {
		e, ok = term{op: opDate, y: r.num(k), first: k, last: k + 1, rule: "when/year"}, true
	}
	if !ok && r.isDay(k) && a.op == opDate && a.d > 0 && a.y == 0 && !r.unitFollows(k) { // "March 6 to 10"
		e = term{op: opDate, m: a.m, d: r.day(k), first: k, rule: "when/month-day"}
		e, l := r.year(e, k+1)
		e.last = l
		return e, l, true
	}
	if !ok {
		return term{}, 0, false
	}
	switch e.op {
	case opDate, opWeekday, opToday, opUnit, opDecade, opCentury, opHoliday, opAgo:
	default:
		return term{}, 0, false
	}
	if a.op == opDate && a.m == 0 && a.d == 0 && (e.op != opDate || e.y == 0) && e.op != opToday && e.op != opUnit && e.op != opDecade {
		return term{}, 0, false
	}
	if dash && a.op != e.op {
		return term{}, 0, false
	}
	// "from Monday to March 4" is no range of news; "invited on Monday to May talks" neither.
	if a.op == opWeekday && e.op == opDate && e.d == 0 {
		return term{}, 0, false
	}
	return e, e.last, true
}

// inherit gives each end of a range or list what the other tells for both.
func inherit(a, b term) (term, term) {
	if a.op != opDate || b.op != opDate {
		return a, b
	}
	if a.d > 0 && a.m == 0 {
		a.m = b.m
	}
	if b.d > 0 && b.m == 0 {
		b.m = a.m
	}
	if a.m > 0 && a.y == 0 && a.yearMod == 0 && (b.y > 0 || b.yearMod > 0) && a.mod == mNone {
		a.y, a.yearMod = b.y, b.yearMod
		if b.y > 0 && (a.m > b.m || a.m == b.m && a.d > b.d) && a.m <= 12 && b.m <= 12 && b.m > 0 {
			a.y--
		}
	}
	if b.m > 0 && b.y == 0 && b.yearMod == 0 && a.y > 0 && b.mod == mNone {
		b.y = a.y
		if a.m > b.m && a.m <= 12 {
			b.y++
		}
	}
	return a, b
}

// listed reads the next member of a list after t: "Wednesday and Thursday",
// "2017, 2018 and 2021", "November 2003 and October 2007".
func (r *reader) listed(t term) (term, bool) {
	j := t.last
	comma := r.at(j) == cComma
	if !comma && r.at(j) != cAnd {
		return term{}, false
	}
	j++
	if comma && r.at(j) == cAnd {
		j, comma = j+1, false
	}
	if r.at(j) == cPreposition && r.is(j, "on", "in") {
		return term{}, false // a phrase of its own
	}
	switch t.op {
	case opWeekday:
		if r.at(j) != cWeekday || comma && r.at(j+1) != cAnd && r.at(j+1) != cComma {
			return term{}, false
		}
	case opDate:
		switch {
		case t.d > 0:
			return term{}, false
		case t.m > 0:
			if !r.isMonth(j) || r.isDay(j+1) || comma && t.y == 0 && r.at(j+1) != cAnd && r.at(j+1) != cComma {
				return term{}, false
			}
			u := term{op: opDate, m: r.val(j), first: j, rule: "when/month"}
			u, l := r.year(u, j+1)
			return u.end(l, "when/month-year")
		case t.y > 0:
			if r.at(j) != cNum || !r.isYear(j) || r.countsNoun(j) {
				return term{}, false
			}
			if e, k, ok := r.rangeEnd(term{op: opDate, y: r.num(j)}, j+1); ok && e.op == opDate && k > 0 {
				return term{}, false
			}
			return term{op: opDate, y: r.num(j), first: j, last: j + 1, rule: "when/year"}, true
		}
	default:
		return term{}, false
	}
	return r.term(j)
}

// between reads "between 1990 and 1994", "between July and October", "between
// March 4 and 7".
func (r *reader) between(p phrase, j int) (phrase, bool) {
	var a term
	ok := false
	switch {
	case r.at(j) == cNum && r.isYear(j) && !r.countsNoun(j):
		a, ok = term{op: opDate, y: r.num(j), first: j, last: j + 1, rule: "when/year"}, true
	case r.isDay(j) && r.at(j+1) == cAnd:
		a, ok = term{op: opDate, d: r.day(j), first: j, last: j + 1, rule: "when/day-month"}, true
	default:
		a, ok = r.term(j)
	}
	if !ok || r.at(a.last) != cAnd && r.at(a.last) != cComma {
		return p, false
	}
	k := a.last
	for r.at(k) == cAnd || r.at(k) == cComma {
		k++
	}
	var b term
	switch {
	case r.at(k) == cNum && r.isYear(k) && a.m == 0 && a.y > 0:
		b, ok = term{op: opDate, y: r.num(k), first: k, last: k + 1, rule: "when/year"}, true
	case r.at(k) == cNow:
		b, ok = term{op: opToday, first: k, last: k + 1, rule: "when/today"}, true
	case r.isDay(k) && a.op == opDate && a.d > 0 && a.m > 0 && !r.isMonth(k+1):
		b = term{op: opDate, m: a.m, d: r.day(k), first: k}
		var l int
		b, l = r.year(b, k+1)
		b, ok = b.end(l, "when/month-day")
	default:
		b, ok = r.term(k)
	}
	if !ok || b.op == opDuration || a.op == opDuration || a.op == opDate && a.d > 0 && a.m == 0 && b.m == 0 {
		return p, false
	}
	p.interval = true
	a, b = inherit(a, b)
	return r.finish(p, a, b)
}

// within reads "within two months", "within hours", "within the past week".
func (r *reader) within(p phrase, n amount, k int) (phrase, bool) {
	t := term{op: opWithin, first: p.first, rule: "when/within"}
	t.n, t.unit = n.in(r.val(k))
	t.last = k + 1
	if r.at(k+1) == cOf && r.is(k+2, "each", "one", "taking", "the", "its", "their", "his", "a") {
		t.n = 0
	}
	return r.finish(p, t)
}

// atTheTime reads "at the time", "at that time", "at the same time" being no
// date.
func (r *reader) atTheTime(i int) (term, bool) {
	if !r.is(i+2, "time") || !(r.at(i+1) == cThe || r.is(i+1, "that")) {
		return term{}, false
	}
	if r.at(i+3) == cOf || r.is(i+3, "when", "that", "they", "he", "it", "she") {
		return term{}, false
	}
	return term{op: opThen, first: i, last: i + 3, rule: "when/at-the-time"}, true
}

func (r *reader) then(p phrase, j int) (phrase, bool) {
	return r.finish(p, term{op: opThen, first: j, last: j + 1, rule: "when/then"})
}

// bareThen reads "then" where it means that time, after its verb phrase and
// before a conjunction or the end; elsewhere it only means next, or "former".
func (r *reader) bareThen(p phrase, i int) (phrase, bool) {
	if i < 2 || r.is(i-1, "but", "well", "if", "even", "so", "now") || r.at(i-1) == cComma || r.at(i-1) == cAnd || r.at(i+1) == cDash || r.at(i-1) == cThe || r.at(i-1) == cDash {
		return p, false
	}
	if r.at(i+1) != cDot && !r.is(i+1, "and") && r.at(i+1) != cComma {
		return p, false
	}
	return r.finish(p, term{op: opThen, first: i, last: i + 1, rule: "when/then"})
}

// tokens sets First, Last, Span and Head of an expression by its atoms.
func (r *reader) tokens(e *expr) {
	a, b := r.atoms[e.first], r.atoms[e.last-1]
	e.Sentence = r.index
	e.First, e.Last = int(a.token), int(b.token)+1
	toks := r.sent.Tokens
	e.Span = rapport.Span{Start: toks[e.First].Start, End: toks[e.Last-1].End}
	e.Head = headOf(toks, e.First, e.Last)
}

// headOf returns the token of [first,last) whose head stands outside, the
// first such that is no preposition; last-1 in an unparsed text.
func headOf(toks []language.Token, first, last int) int {
	best := -1
	for t := first; t < last; t++ {
		if h := toks[t].Head; h >= first && h < last && toks[t].Rel != "" {
			continue
		}
		switch toks[t].Rel {
		case "", "case", "punct", "det", "cc", "mark":
			continue
		}
		if toks[t].UPOS == "ADP" || toks[t].UPOS == "PUNCT" {
			continue
		}
		best = t
		break
	}
	if best < 0 {
		return last - 1
	}
	return best
}
