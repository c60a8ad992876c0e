package language

import (
	"unicode"
	"unicode/utf8"

	"rapport"
)

// datelineEnd returns where the dateline that a paragraph opens with ends, or
// 0: "KYIV . September 7 . /State Agency/ – ", "BAKU, Azerbaijan, May 5. ",
// "LONDON (Reuters) - ". It takes places, dates and agencies in any order
// after the place, parted by commas, stops and brackets. A place that is not
// in capitals needs a month, so that "Joe Biden (Democrat). He" is none.
func datelineEnd(text string, p rapport.Span) int {
	d := dateline{text: text[:p.End], at: p.Start}
	if !d.place() {
		return 0
	}
	for steps := 0; steps < 16; steps++ {
		d.space()
		r, n := utf8.DecodeRuneInString(d.text[d.at:])
		switch {
		case n == 0:
			return 0
		case isDash(r):
			return d.at + n
		case r == '(' || r == '/' || r == '[':
			if !d.agency(r) {
				return 0
			}
		case r == ',' || r == ';':
			d.at += n
		case r == '.' || r == ':':
			d.at += n
			if d.abbreviated {
				continue
			}
			if !d.goesOn() {
				if d.enough() {
					return d.at
				}
				return 0
			}
		default:
			if !d.word() {
				return 0
			}
		}
	}
	return 0
}

type dateline struct {
	text        string
	at          int
	capitals    bool // the place is in capitals
	month       bool // a month was seen
	bracketed   bool // an agency in brackets or slashes was seen
	abbreviated bool // the last word wants its stop
}

func (d *dateline) enough() bool { return d.month || d.capitals && d.bracketed }

func (d *dateline) space() {
	for d.at < len(d.text) {
		r, n := utf8.DecodeRuneInString(d.text[d.at:])
		if !isSpace(r) {
			return
		}
		d.at += n
	}
}

// next reads the word at d.at: letters, digits and inner hyphens and
// apostrophes.
func (d *dateline) next() string {
	i := d.at
	for i < len(d.text) {
		r, n := utf8.DecodeRuneInString(d.text[i:])
		if !isWordRune(r) && (i == d.at || r != '-' && !isApostrophe(r)) {
			break
		}
		i += n
		if i-d.at > 40 {
			break
		}
	}
	return d.text[d.at:i]
}

// place reads the first word.
func (d *dateline) place() bool {
	w := d.next()
	r, _ := utf8.DecodeRuneInString(w)
	if !unicode.IsUpper(r) || openers[w] || months[w] {
		return false
	}
	d.capitals = len(w) > 2
	for _, r := range w {
		d.capitals = d.capitals && !unicode.IsLower(r)
	}
	d.abbreviated = abbreviated(w) == titleBefore || w == "ST"
	d.at += len(w)
	return true
}

// word reads a word that may stand in a dateline.
func (d *dateline) word() bool {
	w := d.next()
	r, _ := utf8.DecodeRuneInString(w)
	switch {
	case months[w]:
		d.month = true
	case r < utf8.RuneSelf && isASCIIDigit(byte(r)):
		if len(w) > 4 {
			return false
		}
	case unicode.IsUpper(r):
	case w == "de" || w == "of" || w == "al" || w == "el" || w == "and":
	default:
		return false
	}
	d.abbreviated = abbreviated(w) == titleBefore || abbreviated(w) == eitherWay
	d.at += len(w)
	return true
}

// agency reads a bracketed piece of at most 60 bytes.
func (d *dateline) agency(opening rune) bool {
	closing := map[rune]byte{'(': ')', '[': ']', '/': '/'}[opening]
	for i := d.at + 1; i < len(d.text) && i < d.at+60; i++ {
		if d.text[i] == closing {
			d.at, d.bracketed, d.abbreviated = i+1, true, false
			return true
		}
	}
	return false
}

// goesOn says whether what follows a stop still belongs to the dateline: a
// date, an agency, a dash.
func (d *dateline) goesOn() bool {
	here := *d
	here.space()
	r, n := utf8.DecodeRuneInString(here.text[here.at:])
	if n == 0 {
		return false
	}
	if r == '(' || r == '/' || isDash(r) {
		return true
	}
	w := here.next()
	if months[w] {
		return true
	}
	here.at += len(w)
	here.space()
	r, n = utf8.DecodeRuneInString(here.text[here.at:])
	if n > 0 && (r == '.' || r == ':' || isDash(r)) && len(w) > 0 {
		return d.enough() || digits(w)
	}
	return digits(w) && len(w) <= 2 && months[here.next()]
}

var months = setOf("January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER JAN FEB MAR APR JUN JUL AUG SEP SEPT OCT NOV DEC")
