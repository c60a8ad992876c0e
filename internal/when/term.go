package when

import (
	"strings"

	"rapport"
)

// op says how a term is to be resolved.
type op uint8

const (
	opNone        op = iota
	opDate           // y, m, d, each perhaps missing; mod relates the year ("March of last year") or, with year 0 and no yearMod, the month ("last March")
	opWeekday        // n is the weekday
	opToday          // n days from the report's day
	opUnit           // a unit told by mod: "last week", "the same day"
	opAgo            // n units before the report's day
	opShift          // n units (signed) from another expression
	opEvent          // n units (signed) from an event told after it: "three days after the coup"
	opDecade         // y
	opCentury        // y
	opYears          // y to n: "1998-99"
	opLastN          // the last n units (next, when n < 0)
	opSlice          // months m to n of a year: quarters, halves, "the first seven months"
	opHoliday        // n
	opDayNumber      // day y, resolved already: other calendars
	opWithin         // within n units
	opDuration       // n units
	opFrequency      //
	opAnniversary    // n years
	opThen           // "at the time", "then"
	opEve            // the eve of an event
)

// term is a date expression without its preposition, read but not resolved.
type term struct {
	op          op
	y, m, d     int
	n           int
	unit        int
	mod         int // of the unit, month, season or weekday: "last March"
	yearMod     int // of the year: "March last year"
	part        int
	approx      byte
	definite    bool // "the next day", not "next day"
	first, last int  // atoms [first,last)
	rule        string
}

func (t term) end(last int, rule string) (term, bool) {
	t.last, t.rule = last, rule
	return t, true
}

func (r *reader) at(i int) class {
	if i < 0 || i >= len(r.atoms) {
		return cOther
	}
	return r.atoms[i].class
}

func (r *reader) val(i int) int { return int(r.atoms[i].value) }
func (r *reader) num(i int) int { return int(r.atoms[i].num) }

func (r *reader) word(i int) string {
	if i < 0 || i >= len(r.atoms) {
		return ""
	}
	return r.text[r.atoms[i].start:r.atoms[i].end]
}

// is reports whether atom i is one of the lower-case words, in any case.
func (r *reader) is(i int, words ...string) bool {
	w := r.word(i)
	for _, x := range words {
		if len(w) == len(x) && equalFold(w, x) {
			return true
		}
	}
	return false
}

func equalFold(w, lower string) bool {
	for i := range len(w) {
		b := w[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != lower[i] {
			return false
		}
	}
	return true
}

// tag is the universal tag of the token of atom i, "" when the text was not
// parsed.
func (r *reader) tag(i int) string {
	if i < 0 || i >= len(r.atoms) {
		return ""
	}
	return r.sent.Tokens[r.atoms[i].token].UPOS
}

func (r *reader) penn(i int) string {
	if i < 0 || i >= len(r.atoms) {
		return ""
	}
	return r.sent.Tokens[r.atoms[i].token].XPOS
}

// term reads the term that begins at atom i.
func (r *reader) term(i int) (term, bool) {
	if i >= len(r.atoms) {
		return term{}, false
	}
	t := term{first: i}
	switch r.at(i) {
	case cNum, cNumber, cOrdinal, cA, cHalf, cCouple, cFew, cQuarter, cMore:
		if t, ok := r.numeric(t, i); ok {
			return t, true
		}
	case cDotted:
		return r.dotted(t, i)
	case cMonth, cMonthShort:
		return r.month(t, i)
	case cWeekday, cWeekdayShort:
		return r.weekday(t, i)
	case cWeekdays:
		t.op = opFrequency
		return t.end(i+1, "when/weekdays")
	case cDecadeNum:
		return r.decade(t, i)
	case cToday:
		return r.today(t, i)
	case cModifier:
		return r.modified(t, i)
	case cThe:
		return r.definite(t, i)
	case cPart:
		return r.part(t, i)
	case cSeason:
		return r.season(t, i)
	case cEarlier:
		return r.earlierIn(t, i)
	case cApprox:
		if u, ok := r.term(i + 1); ok && (u.op == opAgo || u.op == opDate || u.op == opDecade || u.op == opEvent || u.op == opShift || u.op == opDuration) && !r.is(i, "over") {
			u.first = i
			if u.op != opDuration {
				u.approx = '~'
			}
			return u, true
		}
	case cEvery:
		if c := r.at(i + 1); c == cUnit || c == cWeekday || c == cSeason || c == cDayPart || c == cMonth {
			t.op = opFrequency
			return t.end(i+2, "when/every")
		}
		if n, j, ok := r.count(i + 1); ok && r.at(j) == cUnits && n.n > 0 {
			t.op = opFrequency
			return t.end(j+1, "when/every")
		}
	case cFrequency:
		t.op = opFrequency
		return t.end(i+1, "when/frequency")
	case cQuarterName, cHalfName, cFiscalShort, cFiscal:
		return r.fiscal(t, i)
	case cIslamicMonth, cPersianMonth, cHebrewMonth:
		return r.otherMonth(t, i, 0, i)
	case cUnits:
		return r.bareUnits(t, i)
	case cUnit:
		if r.at(i+1) == cDash && r.at(i+2) == cPart && r.val(i+2) == pEnd && (r.val(i) == uYear || r.val(i) == uMonth) { // "year-end"
			t.op, t.unit, t.mod, t.part = opUnit, r.val(i), mThis, pEnd
			return t.end(i+3, "when/part-of-unit")
		}
		if r.val(i) == uYear && r.at(i+1) == cNum && r.isYear(i+1) { // "the year 1994"
			t.op, t.y = opDate, r.num(i+1)
			return t.end(i+2, "when/year")
		}
	case cOther:
		return r.holiday(t, i)
	}
	return term{}, false
}

// isYear reports whether atom i has the form of a year near the report's.
func (r *reader) isYear(i int) bool {
	a := &r.atoms[i]
	if a.class != cNum || a.digits != 4 || a.num < 1000 || a.num > 2199 {
		return false
	}
	if r.at(i+1) == cClock || r.is(i+1, "hours") {
		return false
	}
	// A tokeniser may part "$ 1994", "1994 %" and "1994 . 5".
	if i > 0 && r.atoms[i-1].class == cOther && r.word(i-1) != "" {
		switch r.word(i - 1) {
		case "$", "€", "£", "#", "No.", "no.", "Resolution", "resolution":
			return false
		}
	}
	return !r.is(i+1, "%", "percent", "km", "kilometers", "kilometres", "miles", "tons", "tonnes", "dollars", "euros", "people", "troops", "soldiers", "men", "women", "meters", "metres", "mw") && r.at(i+1) != cBeforeChrist
}

// isDay reports whether atom i can be the day of a month.
func (r *reader) isDay(i int) bool {
	if i >= len(r.atoms) {
		return false
	}
	a := &r.atoms[i]
	return a.class == cNum && a.digits <= 2 && a.num >= 1 && a.num <= 31 || a.class == cOrdinal && a.value >= 1 && a.value <= 31
}

func (r *reader) day(i int) int {
	if r.atoms[i].class == cOrdinal {
		return r.val(i)
	}
	return r.num(i)
}

// isMonth reports whether atom i names a month; bare says that nothing beside
// it must show that "May", "March" or "August" is no person, verb or short form.
func (r *reader) isMonth(i int) bool { c := r.at(i); return c == cMonth || c == cMonthShort }

// year reads what tells the year after a month, season or day: "1994",
// ", 1994", "of 1994", "last year", "of the same year", "that year".
func (r *reader) year(t term, j int) (term, int) {
	k := j
	if r.at(k) == cDot {
		k++
	}
	if r.at(k) == cComma || r.at(k) == cOf || r.is(k, "in") {
		k++
	}
	if t.d > 0 && r.at(k-1) == cComma && r.at(k) == cNum && r.atoms[k].digits == 4 && r.num(k) >= 1500 && r.num(k) < 2150 && r.at(j) == cComma {
		t.y = r.num(k) // whatever it might count: "since Feb. 22, 2019 people have marched"
		return t, k + 1
	}
	if r.at(k) == cNum && r.isYear(k) && r.num(k) >= 1000 {
		if r.at(k-1) != cComma || t.d > 0 || t.m == 0 || !r.countsNoun(k) {
			t.y = r.num(k)
			return t, k + 1
		}
	}
	if r.at(k) == cThe {
		k++
	}
	if r.at(k) == cModifier {
		m := r.val(k)
		if m == mThat && r.at(k+1) == cModifier && r.val(k+1) == mSame {
			k++
		}
		if r.at(k+1) == cUnit && r.val(k+1) == uYear && (r.at(j) != cComma || r.at(j+1) != cThe) {
			t.yearMod = m
			return t, k + 2
		}
	}
	return t, j
}

// countsNoun reports whether the number at i stands before a plural noun that
// it counts.
func (r *reader) countsNoun(i int) bool {
	if r.penn(i+1) != "NNS" && r.penn(i+1) != "JJ" {
		return false
	}
	return r.penn(i+1) == "NNS" && !dated[r.lower(i+1)]
}

func (r *reader) lower(i int) string {
	if i < 0 || i >= len(r.atoms) {
		return ""
	}
	return r.sent.Tokens[r.atoms[i].token].Lemma
}

// dated holds plural nouns that a year more likely dates than counts.
var dated = map[string]bool{
	"election": true, "talk": true, "attack": true, "protest": true, "accord": true, "agreement": true,
	"sanction": true, "negotiation": true, "poll": true, "riot": true, "hostility": true, "bombing": true,
	"killing": true, "flood": true, "border": true, "line": true, "game": true, "Olympics": true, "olympics": true,
	"massacre": true, "war": true, "level": true, "price": true, "figure": true, "demonstration": true, "amendment": true,
}

// month reads "March 4", "March 4, 2018", "March 2018", "March of that year"
// and the bare month.
func (r *reader) month(t term, i int) (term, bool) {
	t.op, t.m = opDate, r.val(i)
	j := i + 1
	if r.at(j) == cDot && r.at(i) == cMonthShort {
		j++
	}
	if r.at(j) == cThe && r.at(j+1) == cOrdinal && r.isDay(j+1) {
		j++
	}
	if r.isDay(j) && !(r.at(j) == cNum && r.unitFollows(j)) {
		t.d = r.day(j)
		if t.d > 31 {
			return term{}, false
		}
		t, j = r.year(t, j+1)
		return t.end(j, "when/month-day")
	}
	if t2, k := r.year(t, j); k > j {
		return t2.end(k, "when/month-year")
	}
	if !r.bareMonth(i) {
		return term{}, false
	}
	return t.end(j, "when/month")
}

// unitFollows tells "March 3 percent" and "May 20 people" from dates.
func (r *reader) unitFollows(i int) bool {
	return r.is(i+1, "%", "percent", "people", "per") || r.penn(i+1) == "NNS" && r.tag(i) == "NUM" && r.sent.Tokens[r.atoms[i].token].Head == int(r.atoms[i+1].token) && !dated[r.lower(i+1)]
}

// bareMonth reports whether the month at i, with no day or year beside it, is
// a month: not a person ("Mrs. May", "June Smith"), a verb ("March on") or a
// short form without a number.
func (r *reader) bareMonth(i int) bool {
	if r.at(i) == cMonthShort {
		// Only the dotted forms stand alone: "in Sept."
		return r.word(i)[len(r.word(i))-1] == '.' && (r.at(i-1) != cOther || r.is(i-1, "meeting"))
	}
	prev := r.at(i - 1)
	licensed := false
	switch prev {
	case cPreposition, cSince, cUntil, cFrom, cModifier, cPart, cBetween, cBefore, cAfter, cEvery, cBy, cDash:
		licensed = true
	case cTo, cAnd:
		licensed = i >= 2 && (r.isMonth(i-2) || r.at(i-2) == cNum)
	case cOf:
		licensed = !r.is(i-2, "government", "leadership", "supporters", "resignation", "premiership", "office")
	case cThe:
		licensed = r.penn(i+1) != "IN" && !r.is(i+1, "on", "to", "of", "by", "for")
	case cOther:
		if r.is(i-1, "black", "long", "theresa", "mrs", "mrs.", "mr", "mr.", "ms.", "ms", "minister", "lady", "bloody") {
			return false
		}
		if i >= 1 && (r.word(i-1) == "(" || r.is(i-1, "around", "dated", "next", "following", "his", "her", "its", "their")) {
			licensed = true
		}
	}
	switch r.val(i) {
	case 3, 5: // "March", "May"
		if !licensed {
			return false
		}
		if r.val(i) == 5 && r.mayIsPerson && !(r.is(i-1, "in", "since", "last", "this", "next", "early", "late", "mid", "until")) {
			return false
		}
		if r.val(i) == 5 && r.at(i+1) == cPossessive && prev != cModifier {
			return false
		}
		return !r.is(i+1, "on", "to", "against", "be", "have", "not", "through")
	case 4, 6, 8: // "April", "June", "August" name people too
		return licensed || !(i+1 < len(r.atoms) && r.atoms[i+1].upper && r.at(i+1) == cOther) && (prev != cOther || !r.upper(i-1))
	}
	return licensed || prev != cOther || !r.upper(i-1) || i == 0
}

func (r *reader) upper(i int) bool { return i >= 0 && i < len(r.atoms) && r.atoms[i].upper }

// weekday reads "Tuesday", "Tuesday night", "Tuesday, March 4", "Tuesday last",
// "Tuesday of last week".
func (r *reader) weekday(t term, i int) (term, bool) {
	if r.at(i) == cWeekdayShort {
		j := i + 1
		if r.at(j) == cComma || r.at(j) == cDot {
			j++
		}
		if !r.isMonth(j) && !r.isDay(j) {
			return term{}, false
		}
	}
	if r.is(i-1, "black", "bloody", "super", "palm", "good", "ash", "easter", "holy") && r.upper(i-1) {
		return term{}, false
	}
	if r.is(i+1, "times", "telegraph", "mirror", "express", "observer", "post", "magazine") && r.upper(i+1) || r.is(i+1, "agreement", "accord", "accords") {
		return term{}, false
	}
	t.op, t.n = opWeekday, r.val(i)
	j := i + 1
	j = r.skipDayPart(j)
	k := j
	if r.at(k) == cComma {
		k++
	}
	if r.at(k) == cThe {
		k++
	}
	// A date beside it says more.
	if r.isMonth(k) && r.isDay(k+1) || r.isDay(k) && (r.isMonth(k+1) || r.at(k+1) == cOf && r.isMonth(k+2)) {
		if u, ok := r.term(k); ok && u.op == opDate && u.d > 0 {
			u.first = t.first
			return u.end(u.last, "when/weekday-date")
		}
	}
	switch {
	case r.at(j) == cModifier && r.val(j) == mLast && r.at(j+1) != cUnit:
		t.mod = mLast
		j++
	case r.at(j) == cModifier && (r.val(j) == mLast || r.val(j) == mNext) && r.at(j+1) == cUnit && r.val(j+1) == uWeek:
		t.yearMod = r.val(j)
		j += 2
	case r.at(j) == cOf && r.at(j+1) == cModifier && r.at(j+2) == cUnit && r.val(j+2) == uWeek:
		t.yearMod = r.val(j + 1)
		j += 3
	}
	return t.end(j, "when/weekday")
}

// skipDayPart drops a part of the day or a clock time after a day.
func (r *reader) skipDayPart(j int) int {
	if r.at(j) == cPart && r.at(j+1) == cDayPart {
		j++
	}
	if r.at(j) == cDayPart || r.is(j, "mid") && r.at(j+1) == cDayPart {
		j++
	}
	return j
}

func (r *reader) decade(t term, i int) (term, bool) {
	a := r.atoms[i]
	y := int(a.num)
	if a.digits == 2 {
		// "the 90s": only after "the", "early", "mid", "late"; ages ("in his 90s") are not dates.
		if c := r.at(i - 1); c != cThe && c != cPart && c != cDash {
			return term{}, false
		}
		y += 1900
		if y-1900 <= 20 && r.pub.y >= 2000 {
			y += 100
		}
	}
	if y < 1000 || y > 2190 {
		return term{}, false
	}
	t.op, t.y = opDecade, y
	if y%100 == 0 && a.digits == 4 && y < 1900 && r.at(i-1) == cThe { // "the 1800s": the century
		t.op = opCentury
	}
	return t.end(i+1, "when/decade")
}

func (r *reader) today(t term, i int) (term, bool) {
	t.op, t.n = opToday, r.val(i)
	if r.at(i+1) == cPossessive && r.is(i, "today") && !r.is(i+2, "meeting", "session", "vote", "talks", "attack", "visit", "ceremony", "summit") {
		return term{}, false // "today's Russia", "today's world"
	}
	return t.end(r.skipDayPart(i+1), "when/today")
}

// modified reads "last week", "this March", "that same day", "next Tuesday",
// "last three years".
func (r *reader) modified(t term, i int) (term, bool) {
	mod, j := r.val(i), i+1
	if mod == mLast && (r.at(i-1) == cTo || strings.HasPrefix(r.penn(i), "VB") || r.is(i-1, "will", "would", "could", "may", "might", "should", "can", "not")) {
		return term{}, false // the verb
	}
	for r.at(j) == cModifier {
		next := r.val(j)
		switch {
		case mod == mThat && next == mSame, mod == mSame:
			mod = mSame
		case mod == mThis && (next == mPast || next == mLast), next == mComing, next == mCurrent:
			mod = next
		default:
			return term{}, false
		}
		j++
	}
	if r.is(j, "very") || r.is(j, "whole") {
		j++
	}
	if mod == mThis && r.is(j, "day") && !r.definiteBefore(i) && r.at(i-1) == cTo {
		return term{}, false // "to this day"
	}
	return r.afterModifier(t, mod, j)
}

func (r *reader) definiteBefore(i int) bool { return r.at(i-1) == cThe }

func (r *reader) afterModifier(t term, mod, j int) (term, bool) {
	t.mod = mod
	switch c := r.at(j); c {
	case cUnit:
		t.op, t.unit = opUnit, r.val(j)
		if t.unit == uHour || mod == mThat && r.that(j) {
			return term{}, false
		}
		j++
		if r.at(j) == cOf && mod == mLast && (t.unit == uDay || t.unit == uWeek) {
			if u, ok := r.pieceOf(t, -1, t.unit, j); ok {
				return u, true
			}
		}
		if t.unit == uDay {
			j = r.skipDayPart(j)
		}
		if (mod == mPast || mod == mLast && t.definite && t.unit <= uYear && t.unit >= uWeek) && t.unit != uWeekend { // "the last week" ends now
			t.op, t.n = opLastN, 1
			return t.end(j, "when/past-unit")
		}
		if mod == mComing && t.unit != uWeekend && t.definite {
			t.op, t.n = opLastN, -1
			return t.end(j, "when/coming-unit")
		}
		return t.end(j, "when/unit")
	case cDayPart:
		if mod == mComing || mod == mPast || mod == mCurrent {
			return term{}, false
		}
		t.op, t.unit = opUnit, uDay
		if mod == mLast { // "last night" is of yesterday
			t.op, t.n = opToday, -1
			return t.end(j+1, "when/last-night")
		}
		return t.end(j+1, "when/day-part")
	case cQuarter:
		if mod == mLast && r.at(j+1) == cOf {
			t.op, t.mod, t.m, t.n = opSlice, mNone, 10, 12
			return r.sliceYear(t, j+1, true)
		}
		if mod == mThat || r.at(j+1) == cOf {
			return term{}, false
		}
		t.op, t.unit = opUnit, uQuarter
		return t.end(j+1, "when/unit")
	case cMonth, cMonthShort:
		if c == cMonthShort && r.word(j)[len(r.word(j))-1] != '.' {
			return term{}, false
		}
		if mod == mThat && r.is(j, "may") && (r.tag(j) == "AUX" || !r.upper(j)) {
			return term{}, false
		}
		u, ok := r.month(t, j)
		if !ok {
			return term{}, false
		}
		if u.d > 0 || u.y > 0 || u.yearMod > 0 {
			u.mod = mNone
		}
		u.first = t.first
		return u.end(u.last, "when/modified-month")
	case cWeekday:
		u, ok := r.weekday(t, j)
		if !ok || u.op != opWeekday {
			return u, ok
		}
		u.mod = mod
		return u.end(u.last, "when/modified-weekday")
	case cSeason:
		t.op, t.m = opDate, r.val(j)
		return t.end(j+1, "when/season")
	case cNum, cNumber, cCouple, cFew, cHalf, cA:
		if mod != mLast && mod != mPast && mod != mNext && mod != mComing && mod != mPrevious && mod != mFollowing {
			return term{}, false
		}
		n, k, ok := r.count(j)
		if !ok {
			return term{}, false
		}
		if r.at(k) == cDash {
			k++
		}
		if r.at(k) != cUnits && r.at(k) != cUnit {
			return term{}, false
		}
		t.unit, t.n = r.val(k), n.n
		t.op = opLastN
		if n.n <= 0 || t.unit == uHour || mod == mPrevious || mod == mFollowing {
			t.op = opDuration
		}
		if mod == mNext || mod == mComing {
			t.n = -n.n
		}
		return t.end(k+1, "when/last-n")
	case cUnits: // "the past weeks", "the coming days"
		t.op, t.unit = opDuration, r.val(j)
		return t.end(j+1, "when/vague")
	case cFiscal:
		if r.at(j+1) == cUnit && r.val(j+1) == uYear {
			t.op, t.unit = opUnit, uYear
			return t.end(j+2, "when/fiscal")
		}
	}
	return term{}, false
}

// that reports whether "that" before the unit at j is no determiner: "said
// that year-end" or "that day after day".
func (r *reader) that(j int) bool {
	return r.at(j+1) == cDash || r.tag(j-1) == "SCONJ"
}

// definite reads what begins with "the": "the 1990s", "the following day",
// "the 4th of March", "the day before", "the end of last month", "the spring
// of 2001", "the third quarter", "the 19th century".
func (r *reader) definite(t term, i int) (term, bool) {
	t.definite = true
	j := i + 1
	if r.is(j, "very") {
		j++
	}
	switch r.at(j) {
	case cModifier:
		t2, ok := r.modified(t, j)
		return t2, ok
	case cDecadeNum:
		return r.decade(t, j)
	case cDecadeWord:
		if r.at(i-1) == cPreposition && r.is(i-1, "into") {
			break
		}
		t.op, t.y = opDecade, 1900+r.val(j)
		return t.end(j+1, "when/decade")
	case cPart:
		return r.part(t, j)
	case cSeason:
		return r.season(t, j)
	case cEve:
		return r.eve(t, j)
	case cUnit:
		return r.definiteUnit(t, j)
	case cDayPart:
		if r.at(j+1) == cEarlier || r.at(j+1) == cBefore {
			return r.shifted(t, 1, uDay, j+1)
		}
		if r.at(j+1) == cOf && !r.is(j, "dawn") { // "the night of March 3", "the evening of the same day"
			if u, ok := r.term(j + 2); ok && (u.op == opDate && u.d > 0 || u.op == opWeekday || u.op == opUnit && u.unit == uDay) {
				u.first = t.first
				return u, true
			}
		}
	case cOrdinal:
		return r.ordinal(t, j)
	case cNum:
		if r.at(j+1) == cDash || r.at(j+1) == cSlash {
			if u, ok := r.yearRange(t, j); ok {
				return u, true
			}
		}
		if r.isYear(j) && r.num(j) >= 1400 {
			t.op, t.y = opDate, r.num(j)
			if r.at(j+1) == cFiscal && r.at(j+2) == cUnit {
				return t.end(j+3, "when/fiscal")
			}
			if r.countsNoun(j) {
				return term{}, false
			}
			return t.end(j+1, "when/year-modifier")
		}
		if r.isDay(j) && r.isMonth(j+1) {
			return r.dayMonth(t, j)
		}
		if r.at(j+1) == cDash {
			return r.numeric(t, j)
		}
	case cMonth, cMonthShort:
		u, ok := r.month(t, j)
		return u, ok
	case cWeekday:
		if r.at(j+1) == cBefore || r.at(j+1) == cAfter {
			return term{}, false
		}
		return r.weekday(t, j)
	case cHalf, cQuarter, cNumber, cFew, cCouple:
		if r.at(j) == cNumber || r.at(j) == cFew || r.at(j) == cCouple {
			if n, k, ok := r.count(j); ok && r.at(k) == cUnits && (r.at(k+1) == cBefore || r.at(k+1) == cAfter) {
				return r.shifted(t, n.n, r.val(k), k+1)
			}
		}
	case cAnniversary:
		return r.anniversary(t, 0, j)
	case cFiscal:
		return r.fiscal(t, j)
	case cOther:
		if r.is(j, "day") {
			break
		}
		return r.holiday(t, j)
	}
	return term{}, false
}

// definiteUnit reads "the day before yesterday", "the day after the coup",
// "the week before", "the month", "the year 1994".
func (r *reader) definiteUnit(t term, j int) (term, bool) {
	unit := r.val(j)
	k := j + 1
	switch r.at(k) {
	case cBefore:
		if unit == uDay && r.is(k+1, "yesterday") {
			t.op, t.n = opToday, -2
			return t.end(k+2, "when/today")
		}
		if r.at(k+1) == cModifier && r.val(k+1) == mLast { // "the year before last"
			t.op, t.n, t.unit = opAgo, 2, unit
			return t.end(k+2, "when/before-last")
		}
		return r.shifted(t, 1, unit, k)
	case cAfter:
		if unit == uDay && r.is(k+1, "tomorrow") {
			t.op, t.n = opToday, 2
			return t.end(k+2, "when/today")
		}
		return r.shifted(t, 1, unit, k)
	case cNum:
		if unit == uYear && r.isYear(k) {
			t.op, t.y = opDate, r.num(k)
			return t.end(k+1, "when/year")
		}
	case cEarlier:
		return r.shifted(t, 1, unit, k)
	}
	if unit == uWeekend {
		t.op, t.unit, t.mod = opUnit, unit, mThis
		return t.end(k, "when/unit")
	}
	return term{}, false
}

// ordinal reads "the 4th of March", "the first quarter of 2020", "the first
// half of the year", "the 19th century", "the first seven months of this
// year", "the 30th anniversary", "the first day of …" (not a date).
func (r *reader) ordinal(t term, j int) (term, bool) {
	n, k := r.val(j), j+1
	if r.at(k) == cDash {
		k++
	}
	if n >= 20 && n <= 90 && n%10 == 0 && r.at(k) == cOrdinal && r.val(k) < 10 { // "twenty" is a number: kept for "20-first"
		n += r.val(k)
		k++
	}
	switch r.at(k) {
	case cOf:
		if r.isMonth(k+1) && r.isDay(j) {
			return r.dayMonth(t, j)
		}
		if r.at(k+1) == cIslamicMonth || r.at(k+1) == cPersianMonth || r.at(k+1) == cHebrewMonth {
			return r.otherMonth(t, k+1, n, t.first)
		}
		if (r.at(k+1) == cModifier || r.at(k+1) == cThe) && r.isDay(j) {
			if u, ok := r.term(k + 1); ok && u.op == opUnit && u.unit == uMonth {
				u.d, u.first = n, t.first
				return u.end(u.last, "when/day-of-month")
			}
		}
	case cMonth, cMonthShort:
		if r.isDay(j) {
			return r.dayMonth(t, j)
		}
	case cUnit:
		switch r.val(k) {
		case uCentury:
			if n >= 2 && n <= 22 {
				t.op, t.y = opCentury, (n-1)*100
				return t.end(k+1, "when/century")
			}
		case uWeek, uDay:
			return r.pieceOf(t, n, r.val(k), k+1)
		}
	case cQuarter, cHalf:
		if r.at(k) == cHalf && r.at(k+1) == cOf {
			if u, ok := r.pieceOf(t, n, uHalfMonth, k+1); ok {
				return u, true
			}
		}
		size := 3
		if r.at(k) == cHalf {
			size = 6
		}
		if n < 1 || n*size > 12 {
			return term{}, false
		}
		t.op, t.m, t.n = opSlice, (n-1)*size+1, n*size
		return r.sliceYear(t, k+1, size == 6)
	case cNum, cNumber:
		if n != 1 && !r.is(j, "last") {
			break
		}
		c, l, ok := r.count(k)
		if ok && r.at(l) == cUnits && r.val(l) == uMonth && c.n >= 1 && c.n <= 12 {
			t.op, t.m, t.n = opSlice, 1, c.n
			return r.sliceYear(t, l+1, true)
		}
	case cAnniversary:
		return r.anniversary(t, n, k)
	}
	return term{}, false
}

// uHalfMonth is a piece of a month beside days and weeks.
const uHalfMonth = -1

// pieceOf reads "of April", "of 1999" after "the first week", "the last day",
// "the second half"; n counts from 1, -1 is the last.
func (r *reader) pieceOf(t term, n, unit, j int) (term, bool) {
	if r.at(j) != cOf {
		return term{}, false
	}
	j++
	if r.at(j) == cNum && r.isYear(j) && unit == uDay {
		return term{op: opDate, y: r.num(j), n: n, unit: unit, first: t.first, last: j + 1, rule: "when/piece-of"}, true
	}
	u, ok := r.term(j)
	if !ok || u.op != opDate || u.m == 0 || u.m > 12 || u.d > 0 {
		return term{}, false
	}
	u.n, u.unit, u.first = n, unit, t.first
	return u.end(u.last, "when/piece-of")
}

// sliceYear reads the year of a part of a year; required says that without it
// the words are too vague ("the first half").
func (r *reader) sliceYear(t term, j int, required bool) (term, bool) {
	if t2, k := r.year(t, j); k > j {
		return t2.end(k, "when/part-of-year")
	}
	if r.at(j) == cOf {
		k := j + 1
		if r.at(k) == cThe {
			k++
		}
		if r.at(k) == cUnit && r.val(k) == uYear {
			t.yearMod = mThis
			return t.end(k+1, "when/part-of-year")
		}
		if r.at(k) == cFiscal {
			if u, ok := r.fiscal(term{first: k}, k); ok && u.y > 0 {
				t.y = u.y
				return t.end(u.last, "when/part-of-year")
			}
		}
		if required || r.at(j+1) == cA || r.at(j+1) == cThe {
			return term{}, false
		}
	}
	if required {
		return term{}, false
	}
	return t.end(j, "when/part-of-year")
}

// dayMonth reads "4 March", "4th of March 2018", "4 March last year".
func (r *reader) dayMonth(t term, i int) (term, bool) {
	if !r.isDay(i) {
		return term{}, false
	}
	j := i + 1
	if r.at(j) == cOf {
		j++
	}
	if !r.isMonth(j) {
		return term{}, false
	}
	t.op, t.d, t.m = opDate, r.day(i), r.val(j)
	j++
	if r.at(j) == cDot && r.at(j-1) == cMonthShort && r.at(j+1) == cNum {
		j++
	}
	t, j = r.year(t, j)
	return t.end(j, "when/day-month")
}

// part reads "early 2005", "late last month", "the end of the week", "mid-May",
// "late on Sunday", "the early 1990s".
func (r *reader) part(t term, i int) (term, bool) {
	part, j := r.val(i), i+1
	if (part == pStart || part == pEnd) && r.at(j) != cOf {
		if part == pStart && r.is(i, "beginning") {
			if u, ok := r.term(j); ok && (u.op == opDate || u.op == opWeekday || u.op == opToday) {
				u.first = i
				u.rule = "when/beginning"
				return u, true
			}
		}
		return term{}, false
	}
	if r.at(j) == cDash || r.at(j) == cOf {
		j++
	}
	if r.at(j) == cPreposition && r.is(j, "in", "on", "at") {
		j++
	}
	if r.at(j) == cDayPart {
		k := j + 1
		if r.at(k) == cOf || r.at(k) == cPreposition {
			k++
		}
		j = k
	}
	if r.at(j) == cUnits && r.val(j) == uHour && r.at(j+1) == cOf { // "the early hours of Tuesday"
		j += 2
	}
	if r.at(j) == cThe && (r.at(j+1) == cUnit || r.at(j+1) == cFiscal) { // "the end of the week"
		k := j + 1
		if r.at(k) == cFiscal {
			k++
		}
		if r.at(k) == cUnit && r.val(k) >= uDay && (r.at(k+1) != cNum) {
			t.op, t.unit, t.mod, t.part = opUnit, r.val(k), mThis, part
			return t.end(k+1, "when/part-of-unit")
		}
	}
	u, ok := r.term(j)
	if !ok && r.at(j) == cNum && r.isYear(j) {
		u, ok = term{op: opDate, y: r.num(j), first: j, last: j + 1, rule: "when/year"}, true
	}
	if !ok || u.op == opDuration || u.op == opFrequency || u.op == opAgo || u.op == opEvent {
		return term{}, false
	}
	if (part == pEarly || part == pLate) && u.op == opHoliday {
		return term{}, false
	}
	u.first, u.part = t.first, part
	return u, true
}

// season reads "spring 2001", "the spring of 2001", "the winter of 1995-96".
func (r *reader) season(t term, i int) (term, bool) {
	if r.upper(i-1) && r.at(i-1) == cOther || r.is(i+1, "olympics", "games", "palace", "olympic", "months", "time", "solstice", "season") {
		return term{}, false // "Arab Spring", "Winter Olympics", "the summer months"
	}
	t.op, t.m = opDate, r.val(i)
	j := i + 1
	if t2, k := r.year(t, j); k > j {
		if r.is(i, "fall") && t2.y == 0 {
			return term{}, false
		}
		if t2.y > 0 && r.at(k) == cDash && r.at(k+1) == cNum {
			k += 2
		}
		return t2.end(k, "when/season")
	}
	if r.is(i, "fall") || r.is(i, "spring") && r.at(i-1) != cThe && r.at(i-1) != cPreposition {
		return term{}, false
	}
	if c := r.at(t.first - 1); c == cPreposition || c == cSince || c == cBy || c == cUntil || r.at(t.first) == cThe && c != cOther || r.at(t.first) == cPart {
		return t.end(j, "when/season")
	}
	return term{}, false
}

// earlierIn reads "earlier this month", "later in the week", "earlier on
// Friday", "later that day".
func (r *reader) earlierIn(t term, i int) (term, bool) {
	if r.is(i, "previously", "beforehand", "afterwards", "afterward", "thereafter", "hence") {
		return term{}, false
	}
	part := pEarly
	if r.val(i) > 0 {
		part = pLate
	}
	j := i + 1
	if r.at(j) == cPreposition && r.is(j, "in", "on") || r.is(j, "on") {
		j++
		if r.is(j-1, "on") && r.is(j, "in") {
			j++
		}
	}
	if r.at(j) == cThe && r.at(j+1) == cUnit && r.val(j+1) >= uDay {
		t.op, t.unit, t.mod, t.part = opUnit, r.val(j+1), mThis, part
		if t.unit == uDay {
			t.mod = mSame
		}
		return t.end(j+2, "when/earlier-in")
	}
	u, ok := r.term(j)
	if !ok {
		if r.at(j) == cNum && r.isYear(j) && r.at(j-1) == cPreposition {
			return term{op: opDate, y: r.num(j), first: i, last: j + 1, rule: "when/year"}, true
		}
		return term{}, false
	}
	switch u.op {
	case opUnit, opToday, opDate, opWeekday, opSlice:
	default:
		return term{}, false
	}
	u.first, u.part = i, part
	if u.op == opUnit && u.mod == mThis {
		u.rule = "when/earlier-this"
	}
	return u, true
}

type amount struct {
	n      int  // 0 when vague ("several")
	approx byte // '~' for "a couple of", "more than ten"
	half   bool // "half a century": n counts halves
	fourth bool // "a quarter of a century"
}

// count reads a number of units: "three", "a", "25", "twenty-five", "a couple
// of", "several", "more than two", "half a", "a quarter of a", "two and a half".
func (r *reader) count(i int) (amount, int, bool) {
	var n amount
	for {
		switch {
		case r.at(i) == cMore && r.at(i+1) == cThan:
			i += 2
		case r.at(i) == cApprox:
			i++
		case r.is(i, "just") || r.is(i, "only") || r.is(i, "exactly"):
			i++
			continue
		case r.is(i, "at") && r.is(i+1, "least"):
			i += 2
		default:
			goto number
		}
		n.approx = '~'
	}
number:
	switch r.at(i) {
	case cA:
		switch {
		case r.at(i+1) == cCouple:
			n.n, n.approx = 2, '~'
			i += 2
			if r.at(i) == cOf {
				i++
			}
			return n, i, true
		case r.at(i+1) == cFew:
			return n, i + 2, true
		case r.at(i+1) == cQuarter && r.at(i+2) == cOf && r.at(i+3) == cA, r.at(i+1) == cQuarter && r.is(i+2, "century"):
			n.n, n.fourth = 1, true
			i += 2
			if r.at(i) == cOf {
				i += 2
			}
			return n, i, true
		case r.at(i+1) == cQuarter && r.at(i+2) == cDash && r.is(i+3, "century"):
			n.n, n.fourth = 1, true
			return n, i + 3, true
		case r.at(i+1) == cHalf && r.at(i+2) == cDash:
			n.n, n.half = 1, true
			return n, i + 3, true
		case r.is(i+1, "dozen"):
			n.n, n.approx = 12, '~'
			return n, i + 2, true
		}
		n.n = 1
		return n, i + 1, true
	case cHalf:
		if r.at(i+1) == cA {
			n.n, n.half = 1, true
			return n, i + 2, true
		}
	case cFew:
		return n, i + 1, true
	case cNum:
		if r.atoms[i].num > 0 && r.atoms[i].num < 1000 {
			n.n = r.num(i)
			i++
			return n, r.andHalf(&n, i), true
		}
	case cNumber:
		n.n = r.val(i)
		i++
		if r.at(i) == cDash && r.at(i+1) == cNumber && n.n >= 20 && r.val(i+1) < 10 {
			n.n += r.val(i + 1)
			i += 2
		} else if n.n >= 20 && n.n < 100 && r.at(i) == cNumber && r.val(i) < 10 {
			n.n += r.val(i)
			i++
		}
		return n, r.andHalf(&n, i), true
	}
	return n, i, false
}

// andHalf reads "and a half" after a number.
func (r *reader) andHalf(n *amount, i int) int {
	if r.at(i) == cAnd && r.at(i+1) == cA && r.at(i+2) == cHalf {
		n.n, n.half = n.n*2+1, true
		return i + 3
	}
	return i
}

// in scales an amount to whole units: "half a century" is 50 years.
func (n amount) in(unit int) (int, int) {
	if !n.half && !n.fourth {
		return n.n, unit
	}
	div := 2
	if n.fourth {
		div = 4
	}
	switch unit {
	case uCentury:
		return n.n * 100 / div, uYear
	case uDecade:
		return n.n * 10 / div, uYear
	case uYear:
		return n.n * 12 / div, uMonth
	case uMonth:
		return n.n * 30 / div, uDay
	case uDay:
		return max(1, n.n/div), uDay
	case uWeek:
		return n.n * 7 / div, uDay
	}
	return n.n, unit
}

// numeric reads what begins with a number: dates, "three days ago", "1994",
// "1998-99", "30-year", "2018-03-04".
func (r *reader) numeric(t term, i int) (term, bool) {
	if r.at(i) == cNum {
		if u, ok := r.digits(t, i); ok {
			return u, true
		}
	}
	if r.at(i) == cOrdinal {
		if r.at(i+1) == cMonth || r.at(i+1) == cMonthShort || r.at(i+1) == cOf {
			if u, ok := r.dayMonth(t, i); ok {
				return u, true
			}
		}
		return r.ordinal(t, i)
	}
	n, j, ok := r.count(i)
	if !ok {
		return term{}, false
	}
	adjective := false
	if r.at(j) == cDash {
		adjective = true
		j++
	}
	c := r.at(j)
	if c == cAnniversary && adjective {
		return r.anniversary(t, n.n, j)
	}
	if c == cQuarter || c == cDayPart && r.at(i) == cA && (r.at(j+1) == cEarlier || r.at(j+1) == cBefore || r.at(j+1) == cAgo) {
		if c == cDayPart {
			return r.shifted(t, 1, uDay, j+1)
		}
		return term{}, false
	}
	if c != cUnit && c != cUnits {
		return term{}, false
	}
	count, unit := n.in(r.val(j))
	j++
	if unit == uFortnight {
		count, unit = count*14, uDay
	}
	if !adjective && r.at(j) == cAnd && r.at(j+1) == cA && r.at(j+2) == cHalf { // "a year and a half"
		n.n, n.half = n.n*2+1, true
		count, unit = n.in(unit)
		j += 3
	}
	t.n, t.unit, t.approx = count, unit, n.approx
	if adjective {
		if r.at(j) == cDash && r.at(j+1) == cOld || r.at(j) == cOld {
			return term{}, false
		}
		if r.at(j) == cAnniversary {
			return r.anniversary(t, n.n, j)
		}
		t.op = opDuration
		return t.end(j, "when/n-unit")
	}
	if r.at(j) == cDash && r.at(j+1) == cOld || r.at(j) == cOld || r.at(j) == cPossessive && r.at(j+1) == cOld {
		return term{}, false
	}
	if r.at(j) == cPossessive && r.at(j+1) == cAge && !r.is(j+1, "age") { // "in two weeks' time"
		t.op, t.n = opAgo, -count
		return t.end(j+2, "when/from-now")
	}
	switch r.at(j) {
	case cAgo:
		if r.is(j, "back") && r.at(j+1) == cPreposition {
			break
		}
		t.op = opAgo
		j++
		return r.agoDay(t, j)
	case cEarlier, cBefore, cAfter:
		return r.shifted(t, count, unit, j)
	case cFrom:
		if r.at(j+1) == cNow {
			t.op, t.n = opAgo, -count
			return t.end(j+2, "when/from-now")
		}
	case cSince:
		return r.shifted(t, count, unit, j)
	}
	if r.at(j) == cAnniversary {
		return r.anniversary(t, n.n, j)
	}
	if r.is(j, "into") || r.at(i) == cA && !n.half && !n.fourth && !r.durationBefore(i) {
		return term{}, false
	}
	t.op = opDuration
	return t.end(j, "when/duration")
}

// durationBefore reports whether the word before atom i makes "a week" a
// length and not a rate ("$5 a week") or a noun ("a day of mourning").
func (r *reader) durationBefore(i int) bool {
	return r.is(i-1, "for", "within", "in", "over", "of", "lasted", "after", "than", "least", "about", "nearly", "almost", "during") && !r.is(i+2, "of") || r.at(i-1) == cWithin
}

// agoDay sharpens "a year ago" by "today", "this week", "Friday" after it.
func (r *reader) agoDay(t term, j int) (term, bool) {
	if t.n == 0 {
		t.op = opDuration
		return t.end(j, "when/vague")
	}
	switch {
	case r.at(j) == cToday && r.val(j) == 0 && t.unit >= uWeek:
		t.part = -uDay
		return t.end(j+1, "when/ago-today")
	case r.at(j) == cModifier && r.val(j) == mThis && r.at(j+1) == cUnit && t.unit > r.val(j+1):
		t.part = -r.val(j + 1)
		return t.end(j+2, "when/ago-today")
	case (r.at(j) == cWeekday || r.is(j, "on") && r.at(j+1) == cWeekday) && t.unit == uWeek:
		if r.is(j, "on") {
			j++
		}
		t.op, t.m = opAgo, r.val(j)
		t.part = -uDay
		return t.end(j+1, "when/ago-weekday")
	}
	return t.end(j, "when/ago")
}

// shifted reads what follows a number of units: "later", "before", "after the
// coup"; j is at "earlier", "before", "after" or "since".
func (r *reader) shifted(t term, n, unit, j int) (term, bool) {
	if unit == uFortnight {
		n, unit = n*14, uDay
	}
	t.n, t.unit = n, unit
	sign := 1
	switch r.at(j) {
	case cEarlier:
		sign = r.val(j)
	case cBefore:
		sign = -1
	}
	if n == 0 && unit != uHour {
		t.op = opDuration
		return t.end(j+1, "when/vague")
	}
	t.op, t.n = opShift, sign*n
	if r.at(j) == cEarlier {
		if r.is(j, "previously", "beforehand", "afterwards", "afterward", "thereafter", "hence") && r.at(j-1) == cOther {
			return term{}, false
		}
		if r.at(j+1) == cThan {
			return term{}, false
		}
		return t.end(j+1, "when/later")
	}
	if k := j + 1; k >= len(r.atoms) || r.at(k) == cComma || r.at(k) == cDot || r.at(k) == cClose || r.at(k) == cAnd || r.word(k) == ";" || r.word(k) == ")" {
		return t.end(j+1, "when/later")
	}
	if r.is(j+1, "that") && (j+2 >= len(r.atoms) || r.at(j+2) == cComma || r.at(j+2) == cDot || r.at(j+2) == cAnd) { // "four years before that"
		return t.end(j+2, "when/later")
	}
	if r.tag(j+1) == "ADP" { // "bombed the convoy the day before by mistake"
		return t.end(j+1, "when/later")
	}
	t.op = opEvent
	return t.end(j+1, "when/after-event")
}

// digits reads what begins with digits.
func (r *reader) digits(t term, i int) (term, bool) {
	a := r.atoms[i]
	sep := r.at(i + 1)
	if sep == cDash || sep == cSlash {
		if r.at(i+2) == cNum && r.at(i+3) == sep && r.at(i+4) == cNum {
			if u, ok := r.numericDate(t, i); ok {
				return u, true
			}
		}
		if u, ok := r.yearRange(t, i); ok {
			return u, true
		}
		if sep == cSlash && a.num == 9 && r.at(i+2) == cNum && r.num(i+2) == 11 && r.at(i+3) != cSlash {
			t.op, t.y, t.m, t.d = opDate, 2001, 9, 11
			return t.end(i+3, "when/9-11")
		}
	}
	if r.isDay(i) {
		if u, ok := r.dayMonth(t, i); ok {
			return u, true
		}
		j := i + 1
		if r.at(j) == cOf {
			j++
		}
		if c := r.at(j); c == cIslamicMonth || c == cPersianMonth || c == cHebrewMonth {
			return r.otherMonth(t, j, r.num(i), i)
		}
	}
	if r.isYear(i) && r.bareYear(i) {
		t.op, t.y = opDate, r.num(i)
		return t.end(i+1, "when/year")
	}
	return term{}, false
}

// bareYear reports whether the words beside the four digits at i make them a
// year and no count.
func (r *reader) bareYear(i int) bool {
	y := r.num(i)
	if y < 1400 || r.pub.y > 0 && y > r.pub.y+80 {
		return false
	}
	if r.at(i+1) == cUnit || r.at(i+1) == cUnits && r.val(i+1) != uHour || r.at(i+1) == cDash && r.at(i+2) == cUnit {
		return false
	}
	prev := r.at(i - 1)
	if prev == cApprox || prev == cThan {
		switch r.at(i - 2) {
		case cPreposition, cSince, cUntil, cBy, cBefore, cAfter, cFrom, cMore:
			prev = cPreposition
		}
		if r.is(i-1, "around", "circa", "c.", "ca.") {
			prev = cPreposition
		}
	}
	switch prev {
	case cPreposition:
		if r.is(i-1, "at", "for", "on", "into", "over", "as") && r.countsAny(i) {
			return false
		}
	case cSince, cUntil, cBy, cBefore, cAfter, cOf, cPart, cModifier, cBetween:
		if prev == cModifier || r.countsNoun(i) && (prev == cOf || prev == cBy || prev == cBetween) {
			return false
		}
	case cFrom, cTo:
		if r.at(i-2) == cOther && prev == cTo && !r.is(i-2, "up") {
			return false
		}
		if prev == cTo && !(r.at(i-2) == cNum || r.up(i-2)) {
			return false
		}
	case cComma, cAnd:
		// A list of years: "in 2017, 2018 and 2021".
		if r.at(i-2) != cNum || !r.isYear(i-2) {
			return false
		}
	case cDash:
		return i >= 2 && (r.at(i-2) == cPart || r.is(i-2, "mid", "pre", "post"))
	case cOpen:
		return true
	case cUnit:
		return r.val(i-1) == uYear
	case cThe, cA:
		return !r.countsNoun(i)
	case cPossessive:
		return r.tag(i+1) == "NOUN" && r.penn(i+1) != "NNS"
	case cThen:
		return true
	case cWithin:
		return true
	default:
		return r.is(i-1, "its", "their", "his", "our", "year", "failed", "disputed", "landmark", "historic", "bloody") && r.penn(i+1) != "NNS"
	}
	return !r.countsNoun(i) || prev == cSince || prev == cUntil
}

func (r *reader) up(i int) bool { return r.isMonth(i) || r.at(i) == cDecadeNum }

// countsAny reports whether a noun of any kind stands after the number.
func (r *reader) countsAny(i int) bool { return r.penn(i+1) == "NNS" }

// yearRange reads "1998-99", "1914–1918", "2021/22".
func (r *reader) yearRange(t term, i int) (term, bool) {
	a, b := r.atoms[i], atom{}
	if i+2 < len(r.atoms) {
		b = r.atoms[i+2]
	}
	if a.digits != 4 || b.class != cNum || a.num < 1000 || a.num > 2199 || a.class != cNum {
		return term{}, false
	}
	y, z := int(a.num), int(b.num)
	if b.digits == 2 {
		z += y / 100 * 100
		if z < y && b.num == 0 {
			z += 100
		}
	} else if b.digits != 4 {
		return term{}, false
	}
	if z <= y || z > 2199 || z-y > 200 {
		return term{}, false
	}
	t.op, t.y, t.n = opYears, y, z
	j := i + 3
	if r.at(j) == cFiscal && r.at(j+1) == cUnit {
		j += 2
	}
	return t.end(j, "when/years")
}

// numericDate reads 2018-03-04, 2018/3/4, and 10/03/2018 or 10-03-2018 where
// only one reading is a date.
func (r *reader) numericDate(t term, i int) (term, bool) {
	a, b, c := r.atoms[i], r.atoms[i+2], r.atoms[i+4]
	switch {
	case a.digits == 4 && b.digits <= 2 && c.digits <= 2:
		t.y, t.m, t.d = int(a.num), int(b.num), int(c.num)
	case c.digits == 4 && a.digits <= 2 && b.digits <= 2:
		t.y, t.m, t.d = int(c.num), int(b.num), int(a.num)
		switch {
		case a.num == b.num, a.num > 12:
		case b.num > 12:
			t.m, t.d = t.d, t.m
		default:
			return term{}, false
		}
	default:
		return term{}, false
	}
	if t.y < 1000 || t.m < 1 || t.m > 12 || t.d < 1 || t.d > monthDays(t.y, t.m) {
		return term{}, false
	}
	t.op = opDate
	return t.end(i+5, "when/numeric")
}

// dotted reads 10.03.2018, whose day stands first wherever dots are used.
func (r *reader) dotted(t term, i int) (term, bool) {
	var f [3]int
	k := 0
	for _, c := range []byte(r.word(i)) {
		switch {
		case c == '.':
			k++
		case c >= '0' && c <= '9' && k < 3 && f[k] < 10000:
			f[k] = f[k]*10 + int(c-'0')
		default:
			return term{}, false
		}
		if k > 2 {
			return term{}, false
		}
	}
	if f[2] < 1000 || f[2] > 2199 || f[1] < 1 || f[1] > 12 || f[0] < 1 || f[0] > monthDays(f[2], f[1]) {
		return term{}, false
	}
	t.op, t.d, t.m, t.y = opDate, f[0], f[1], f[2]
	return t.end(i+1, "when/numeric")
}

// fiscal reads "Q3 2020", "fiscal year 2024", "fiscal 2024", "FY2024".
func (r *reader) fiscal(t term, i int) (term, bool) {
	j := i + 1
	switch r.at(i) {
	case cQuarterName, cHalfName:
		size := 3
		if r.at(i) == cHalfName {
			size = 6
		}
		t.op, t.m, t.n = opSlice, (r.val(i)-1)*size+1, r.val(i)*size
		if t2, k := r.year(t, j); k > j {
			return t2.end(k, "when/part-of-year")
		}
		return term{}, false
	case cFiscal:
		if r.at(j) == cUnit && r.val(j) == uYear {
			j++
		}
	}
	if r.at(j) == cNum {
		if u, ok := r.yearRange(t, j); ok {
			return u, true
		}
		if r.isYear(j) {
			t.op, t.y = opDate, r.num(j)
			return t.end(j+1, "when/fiscal")
		}
	}
	return term{}, false
}

// bareUnits reads "hours later", "days after the vote", "weeks earlier".
func (r *reader) bareUnits(t term, i int) (term, bool) {
	j := i + 1
	switch r.at(j) {
	case cEarlier, cBefore, cAfter:
		if r.at(j) != cEarlier && r.val(i) != uHour {
			return term{}, false
		}
		return r.shifted(t, 0, r.val(i), j)
	}
	return term{}, false
}

// anniversary reads "the 30th anniversary of relations"; j is at the word.
func (r *reader) anniversary(t term, n, j int) (term, bool) {
	if n <= 0 {
		return term{}, false
	}
	t.op, t.n = opAnniversary, n
	return t.end(j+1, "when/anniversary")
}

// eve reads "the eve of March 4", "the eve of the summit", "on New Year's Eve"
// being a holiday.
func (r *reader) eve(t term, i int) (term, bool) {
	if r.at(i+1) != cOf {
		return term{}, false
	}
	if u, ok := r.term(i + 2); ok && (u.op == opDate && u.d > 0 || u.op == opWeekday || u.op == opHoliday) {
		u.first, u.part = t.first, -1
		return u.end(u.last, "when/eve")
	}
	t.op = opEve
	return t.end(i+2, "when/eve")
}

// Holidays.
const (
	newYear = iota
	newYearsEve
	christmas
	christmasEve
	boxingDay
	epiphanyEve // Christmas of the Orthodox calendar
	easterDay
	goodFriday
	easterMonday
	mayDay
	nowruz
	ramadan
	eidFitr
	eidAdha
)

// holiday reads the feasts that news dates by.
func (r *reader) holiday(t term, i int) (term, bool) {
	w := r.word(i)
	if w == "" || w[0] < 'A' || w[0] > 'Z' {
		return term{}, false
	}
	t.op = opHoliday
	j := i + 1
	switch w {
	case "New":
		if !(r.is(j, "year") && r.at(j+1) == cPossessive) && !r.is(j, "year's") {
			return term{}, false
		}
		for !r.is(j, "day", "eve") {
			if j++; j > i+3 {
				return term{}, false
			}
		}
		if r.is(j, "eve") {
			t.n = newYearsEve
		}
		j++
	case "Christmas":
		t.n = christmas
		switch {
		case r.is(j, "eve"):
			t.n = christmasEve
			j++
		case r.is(j, "day"):
			j++
		case r.upper(j):
			return term{}, false
		}
		if r.is(i-1, "orthodox", "coptic") {
			t.n = epiphanyEve
		}
	case "Boxing":
		if !r.is(j, "day") {
			return term{}, false
		}
		t.n = boxingDay
		j++
	case "Easter":
		t.n = easterDay
		switch {
		case r.is(j, "monday"):
			t.n = easterMonday
			j++
		case r.is(j, "sunday"):
			j++
		case r.upper(j), r.is(i-1, "orthodox"), r.is(j, "rising"):
			return term{}, false
		}
	case "Good":
		if !r.is(j, "friday") || r.upper(j+1) || r.is(j+1, "agreement", "accord", "accords", "deal", "peace") {
			return term{}, false
		}
		t.n = goodFriday
		j++
	case "Nowruz", "Novruz", "Norouz", "Nauroz", "Navruz", "Nawroz":
		t.n = nowruz
		if r.is(j, "day") {
			j++
		}
	case "Eid":
		switch {
		case r.is(j, "al") && r.at(j+1) == cDash && r.is(j+2, "fitr"):
			t.n, j = eidFitr, j+3
		case r.is(j, "al") && r.at(j+1) == cDash && r.is(j+2, "adha"):
			t.n, j = eidAdha, j+3
		case r.is(j, "ul") && r.at(j+1) == cDash && r.is(j+2, "fitr", "fitar"):
			t.n, j = eidFitr, j+3
		default:
			return term{}, false
		}
	default:
		return term{}, false
	}
	t, j = r.year(t, j)
	return t.end(j, "when/holiday")
}

// otherMonth reads a month of the Islamic, Persian or Hebrew calendar, with
// its year unless it is Ramadan; the month stands at j, the day before it.
func (r *reader) otherMonth(t term, j, day, first int) (term, bool) {
	c, m := r.at(j), r.val(j)
	k := j + 1
	if r.at(k) == cComma || r.at(k) == cOf {
		k++
	}
	if day == 0 && r.isDay(k) && r.at(k) == cNum {
		day = r.num(k)
		if k++; r.at(k) == cComma {
			k++
		}
	}
	t.first = first
	if r.at(k) != cNum || r.atoms[k].digits != 4 {
		if c == cIslamicMonth && m == 9 && day == 0 {
			t.op, t.n = opHoliday, ramadan
			u, l := r.year(t, j+1)
			return u.end(l, "when/ramadan")
		}
		return term{}, false
	}
	y := r.num(k)
	t.op = opDayNumber
	var n, end int
	switch {
	case c == cIslamicMonth && y > 1200 && y < 1600:
		n, end = islamic(y, m, max(day, 1)), islamic(y, m, 29)
	case c == cPersianMonth && y > 1200 && y < 1500:
		n, end = persian(y, m, max(day, 1)), persian(y, m, 29)
	case c == cHebrewMonth && y > 5400 && y < 6000:
		n, end = hebrew(y, m, max(day, 1)), hebrew(y, m, 29)
	case c == cIslamicMonth && m == 9 && r.isYear(k): // "Ramadan 2003"
		t.op, t.n, t.y = opHoliday, ramadan, y
		return t.end(k+1, "when/ramadan")
	default:
		return term{}, false
	}
	t.y, t.n = n, n
	if day == 0 {
		t.n = end
	}
	t.approx = 0
	if c == cIslamicMonth {
		t.approx = '~'
	}
	return t.end(k+1, "when/calendar")
}

// grainOf is the grain of a unit.
func grainOf(unit int) rapport.Grain {
	switch unit {
	case uMonth, uQuarter:
		return rapport.MonthGrain
	case uYear:
		return rapport.YearGrain
	case uDecade:
		return rapport.DecadeGrain
	case uCentury:
		return rapport.CenturyGrain
	}
	return rapport.DayGrain
}
