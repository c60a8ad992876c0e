// Package when reads the date expressions of English news: "Wednesday", "in
// July 2007", "three days earlier", "from 3 to 5 May". [Read] is its one door;
// it resolves each expression to an EDTF date against the day the report was
// published, as section 5 of the coding manual lays down.
//
// A sentence is read in three steps. Its tokens become atoms of known classes
// (words.tsv), the grammar of term.go and phrase.go finds the expressions among
// them, and resolve.go gives each its date, by the report's day, by the tense
// of the verb it hangs on, or by the expressions read before it.
package when

import (
	"strconv"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/language"
)

// Kind is what an expression tells about time.
type Kind int

// Kinds of [Expr].
const (
	Point       Kind = iota // a day, month, year …: "on March 4", "in the 1990s"
	Since                   // open to the right: "since 2008" is 2008/..
	Until                   // open to the left: "until 2008" is ../2008
	Range                   // both ends told: "from 3 to 5 May"
	Duration                // a length, no date: "for three days"
	Frequency               // a rhythm, no date: "every year", "weekly"
	Anniversary             // dates what is remembered: "the 30th anniversary of relations"
)

// Basis is what an expression was resolved against.
type Basis int

// Bases of [Expr].
const (
	Absolute  Basis = iota // it names its year: "in July 2007"
	Deictic                // the report's day: "Wednesday", "last year", "on March 4"
	Anaphoric              // another expression of the report: "the following day"
)

// Expr is one date expression.
type Expr struct {
	Sentence    int // index into Doc.Sentences
	First, Last int // tokens [First,Last), the preposition included
	Head        int // the token of these whose head stands outside them
	Span        rapport.Span
	Date        rapport.Date // "" when it can't be resolved
	Kind        Kind
	Basis       Basis
	Days        int    // length in days of a Duration, 0 when vague
	Rule        string // "when/…": which rule read it
}

// RuleOfEvent is the rule of an expression such as "a day after" in "on
// Tuesday, a day after troops landed": its date is the landing's, told after
// it, and not that of the verb before it.
const RuleOfEvent = "when/of-event"

// Read returns the date expressions of each sentence of doc, in order.
// published is the report's day, "" when unknown; dateline is the report's
// dateline, whose own date is no expression.
//
// Tags and arcs tell tense and counts from years; a doc that lacks them is
// read by its words alone.
func Read(doc *language.Doc, published rapport.Date, dateline rapport.Span) [][]Expr {
	out := make([][]Expr, len(doc.Sentences))
	r := reader{text: doc.Text, doc: doc, dateline: dateline}
	r.pub, _ = momentOf(published)
	r.writtenOn(dateline)
	for i := range doc.Sentences {
		out[i] = r.sentence(i)
	}
	return out
}

// writtenOn takes the day that the dateline names as the report's, where it lies up to
// three days before publication: "today" in a paper of the 20th is that of its dateline,
// "Feb. 19" or "Thursday".
func (r *reader) writtenOn(dateline rapport.Span) {
	if r.pub.grain != rapport.DayGrain || dateline.Start < 0 || dateline.End > len(r.text) || dateline.Len() <= 0 {
		return
	}
	day, month, on := 0, 0, 0
	for _, w := range strings.FieldsFunc(r.text[dateline.Start:dateline.End], func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		x := lexicon()[strings.ToLower(w)]
		switch n, err := strconv.Atoi(w); {
		case err == nil && n >= 1 && n <= 31 && day == 0:
			day = n
		case x.class == cMonth || x.class == cMonthShort:
			month = int(x.value)
		case x.class == cWeekday:
			on = int(x.value)
		}
	}
	for n := r.pub.first() - 1; n >= r.pub.first()-3; n-- {
		if m := dayMoment(n); day > 0 && m.m == month && m.d == day || day == 0 && month == 0 && on > 0 && weekday(n) == on {
			r.pub = m
			return
		}
	}
}

// reader carries what later expressions lean on through a report.
type reader struct {
	doc      *language.Doc
	text     string
	dateline rapport.Span
	pub      moment // zero when unknown

	sent    *language.Sentence
	index   int
	atoms   []atom
	phrases []phrase
	all     []expr // of this sentence

	anchors     []anchor
	frame       moment // the year a paragraph narrates: "In January 1996 … In May …"
	frameAt     int    // its paragraph
	framed      bool
	eventNouns  []eventDate
	mayIsPerson bool
}

// anchor is a resolved expression that a later one may lean on.
type anchor struct {
	m         moment // its last moment
	from      moment // its first
	sentence  int
	paragraph int
	atom      int
	part      string // "night" of "Tuesday night"
	absolute  bool
	weak      bool // told of another time than the sentence's own: "since 1962"
}

// eventDate is the date of an event known by its noun: "the earthquake of
// Aug. 17".
type eventDate struct {
	noun string
	m    moment
}

// expr is an expression being built, in atoms.
type expr struct {
	Expr
	first, last int
}
