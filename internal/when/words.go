package when

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"rapport/internal/language"
)

//go:embed words.tsv
var wordsTSV string

// class is what part a word can play in a date expression.
type class uint8

const (
	cOther  class = iota
	cNum          // digits; atom.num holds them
	cBig          // digits with a thousands comma, a decimal, money: never a date
	cDotted       // 10.03.2018
	cMonth
	cMonthShort
	cWeekday
	cWeekdays
	cWeekdayShort
	cUnit
	cUnits
	cDayPart
	cNumber
	cOrdinal
	cDecadeNum // "1990s", "90s"
	cDecadeWord
	cSeason
	cModifier
	cToday
	cNow
	cPreposition
	cOf
	cThe
	cA
	cAnd
	cTo
	cFrom
	cBetween
	cSince
	cUntil
	cBy
	cBefore
	cAfter
	cWithin
	cApprox
	cEvery
	cAgo
	cEarlier
	cPart
	cEve
	cAnniversary
	cHalf
	cQuarter
	cCouple
	cFew
	cMore
	cThan
	cFiscal
	cFiscalShort
	cOld
	cClock
	cAge
	cOnwards
	cThen
	cFrequency
	cIslamicMonth
	cPersianMonth
	cHebrewMonth
	cBeforeChrist
	cQuarterName
	cHalfName
	cComma
	cDash
	cSlash
	cDot
	cOpen
	cClose
	cPossessive
)

var classNames = map[string]class{
	"month": cMonth, "month-short": cMonthShort, "weekday": cWeekday, "weekdays": cWeekdays,
	"weekday-short": cWeekdayShort, "unit": cUnit, "units": cUnits, "day-part": cDayPart,
	"number": cNumber, "ordinal": cOrdinal, "decade-word": cDecadeWord, "season": cSeason,
	"modifier": cModifier, "today": cToday, "now": cNow, "preposition": cPreposition, "of": cOf,
	"the": cThe, "a": cA, "and": cAnd, "to": cTo, "from": cFrom, "between": cBetween,
	"since": cSince, "until": cUntil, "by": cBy, "before": cBefore, "after": cAfter,
	"within": cWithin, "approximately": cApprox, "every": cEvery, "ago": cAgo, "earlier": cEarlier,
	"part": cPart, "eve": cEve, "anniversary": cAnniversary, "half": cHalf, "quarter": cQuarter,
	"couple": cCouple, "few": cFew, "more": cMore, "than": cThan, "fiscal": cFiscal,
	"fiscal-short": cFiscalShort, "old": cOld, "clock": cClock, "age": cAge, "onwards": cOnwards,
	"then": cThen, "frequency": cFrequency, "islamic-month": cIslamicMonth,
	"persian-month": cPersianMonth, "hebrew-month": cHebrewMonth, "before-christ": cBeforeChrist,
	"quarter-name": cQuarterName, "half-name": cHalfName, "comma": cComma, "dash": cDash,
	"slash": cSlash, "dot": cDot, "open": cOpen, "close": cClose, "possessive": cPossessive,
}

// Units of time, the values of cUnit and cUnits.
const (
	uHour      = iota // hours, minutes, seconds
	uDay              // also parts of a day
	uWeek             // Monday to Sunday
	uFortnight        //
	uWeekend          // Saturday and Sunday
	uMonth
	uQuarter
	uYear
	uDecade
	uCentury
)

// Values of cModifier.
const (
	mNone = iota
	mLast
	mPast
	mThis
	mNext
	mComing
	mCurrent
	mThat
	mSame
	mFollowing
	mPrevious
)

// Values of cPart.
const (
	pNone = iota
	pEarly
	pMid
	pLate
	pStart
	pEnd
)

type word struct {
	class class
	value int16
}

var lexicon = sync.OnceValue(func() map[string]word {
	words := make(map[string]word, 512)
	for n, line := range strings.Split(wordsTSV, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		c, ok := classNames[f[min(1, len(f)-1)]]
		if len(f) != 3 || !ok {
			panic(fmt.Sprintf("words.tsv:%d: want word, class, value", n+1))
		}
		v, err := strconv.Atoi(f[2])
		if err != nil {
			panic(fmt.Sprintf("words.tsv:%d: %v", n+1, err))
		}
		words[f[0]] = word{c, int16(v)}
	}
	return words
})

// atom is the smallest piece the grammar reads: a token, or a part of one
// where it is joined by dashes or slashes ("mid-1990s", "two-day", "9–10").
type atom struct {
	token      int32
	start, end int32 // bytes of the text
	num        int32
	value      int16
	class      class
	upper      bool // begins with a capital letter
	digits     uint8
}

func appendAtoms(atoms []atom, text string, s *language.Sentence) []atom {
	words := lexicon()
	for t := range s.Tokens {
		sp := s.Tokens[t].Span
		if sp.Start < 0 || sp.End > len(text) || sp.Start >= sp.End {
			continue
		}
		for start := sp.Start; start < sp.End; {
			end, join := cut(text, start, sp.End)
			if end > start {
				atoms = append(atoms, classify(text, words, int32(t), start, end))
			}
			if join > 0 && (end > start || end+join < sp.End || sp.Len() == join) {
				atoms = append(atoms, classify(text, words, int32(t), end, end+join))
			}
			start = end + join
		}
	}
	return atoms
}

// cut returns where the piece that begins at start ends and how many bytes
// the dash or slash after it has.
func cut(text string, start, end int) (int, int) {
	for i := start; i < end; i++ {
		switch text[i] {
		case '-', '/':
			return i, 1
		case 0xE2:
			if i+2 < end && (text[i+1] == 0x80 && text[i+2] >= 0x90 && text[i+2] <= 0x95 || text[i+1] == 0x88 && text[i+2] == 0x92) {
				return i, 3
			}
		}
	}
	return end, 0
}

func classify(text string, words map[string]word, token int32, start, end int) atom {
	a := atom{token: token, start: int32(start), end: int32(end)}
	c := text[start]
	if c >= '0' && c <= '9' || c == '\'' && end-start > 2 && text[start+1] >= '0' && text[start+1] <= '9' {
		number(&a, text[start:end])
		return a
	}
	if end-start == 3 && c == 0xE2 && (text[start+1] == 0x80 && text[start+2] >= 0x90 && text[start+2] <= 0x95 || text[start+1] == 0x88) {
		a.class = cDash
		return a
	}
	if end-start > 16 {
		return a
	}
	var low [16]byte
	for i := start; i < end; i++ {
		b := text[i]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
			if i == start {
				a.upper = true
			}
		}
		low[i-start] = b
	}
	w, ok := words[string(low[:end-start])]
	if !ok {
		return a
	}
	a.class, a.value = w.class, w.value
	switch w.class {
	case cMonth, cMonthShort, cWeekday, cWeekdays, cWeekdayShort, cIslamicMonth, cPersianMonth, cHebrewMonth, cQuarterName, cHalfName, cFiscalShort:
		if !a.upper {
			a.class = cOther
		}
	}
	return a
}

// number reads digits and what hangs on them: "4th", "1990s", "2,000".
func number(a *atom, s string) {
	short := s[0] == '\''
	s = strings.TrimPrefix(s, "'")
	n, i := 0, 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' && i < 6 {
		n = n*10 + int(s[i]-'0')
		i++
	}
	a.num, a.digits, a.class = int32(n), uint8(i), cBig
	switch rest := s[i:]; {
	case rest == "" && short && i == 2: // "of '72"
		a.class, a.digits = cNum, 4
		if a.num += 1900; n < 30 {
			a.num += 100
		}
	case rest == "":
		a.class = cNum
	case i == 6:
	case rest == "st" || rest == "nd" || rest == "rd" || rest == "th":
		a.class, a.value = cOrdinal, int16(min(n, 1000))
	case rest == "s" || rest == "'s" || rest == "’s":
		if n%10 == 0 && (i == 4 || i == 2) {
			a.class = cDecadeNum
		}
	case rest == "." && i <= 2: // "on the 4." or a list number
		a.class = cNum
	case strings.Count(s, ".") == 2:
		a.class = cDotted
	}
}
