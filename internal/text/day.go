package text

import (
	"strconv"
	"strings"
	"unicode"
)

var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6,
	"july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}

func monthOf(low string) int { return months[strings.TrimSuffix(low, ".")] }

func isWeekday(low string) bool {
	switch strings.TrimSuffix(low, ".") {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun":
		return true
	}
	return false
}

func (s *scanner) letters() string {
	rest := s.rest()
	n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if n < 0 {
		n = len(rest)
	}
	return rest[:n]
}

// number passes up to max digits and returns them.
func (s *scanner) number(max int) (n, digits int) {
	rest := s.rest()
	for digits < len(rest) && digits <= max && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits > max {
		return 0, 0
	}
	n, _ = strconv.Atoi(rest[:digits])
	s.i += digits
	return n, digits
}

func (s *scanner) weekday() bool {
	w := s.letters()
	if !isWeekday(strings.ToLower(w)) || !startsUpper(w) {
		return false
	}
	s.i += len(w)
	if peek(s.rest()) == '.' {
		s.i++
	}
	return true
}

// clock passes a time of day: "15:30", "10:30 GMT", "at 9.15 p.m. (local time)".
func (s *scanner) clock() bool {
	t := *s
	if strings.HasPrefix(t.rest(), "at ") {
		t.i += 3
	}
	if _, n := t.number(2); n == 0 {
		return false
	}
	if r := t.rest(); len(r) < 3 || r[0] != ':' && r[0] != '.' {
		return false
	}
	t.i++
	if _, n := t.number(2); n != 2 {
		return false
	}
	u := t
	u.spaces()
	switch strings.ToLower(u.letters()) {
	case "gmt", "utc", "am", "pm", "ist", "est", "edt", "cet", "cest", "bst", "msk":
		u.i += len(u.letters())
		t = u
	}
	s.i = t.i
	return true
}

// date passes a date in one of the ways that datelines write it, once.
func (s *scanner) date(d *day) bool {
	if d.month != 0 {
		return false
	}
	t := *s
	var got day
	ok := t.monthFirst(&got)
	if !ok {
		t = *s
		if ok = t.dayFirst(&got); !ok {
			t = *s
			ok = t.numeric(&got)
		}
	}
	if !ok || got.day > 31 || got.year != 0 && got.day != 0 && got.date() == "" {
		return false
	}
	*d, s.i = got, t.i
	return true
}

func (s *scanner) month() int {
	w := s.letters()
	m := monthOf(strings.ToLower(w))
	if m == 0 || !startsUpper(w) {
		return 0
	}
	s.i += len(w)
	if peek(s.rest()) == '.' {
		s.i++
	}
	return m
}

// monthFirst passes "June 8", "Dec. 12, 2000", "JUN 08 2024", "June 8-9", "June 2024".
func (s *scanner) monthFirst(d *day) bool {
	if d.month = s.month(); d.month == 0 {
		return false
	}
	s.spaces()
	if d.year = s.year(); d.year != 0 {
		return true
	}
	if d.day = s.dayNumber(); d.day == 0 {
		return false
	}
	d.year = s.yearAfter()
	return true
}

// dayFirst passes "8 June", "8th June, 2024", "08 Jun 2024", "8th of June".
func (s *scanner) dayFirst(d *day) bool {
	if d.day = s.dayNumber(); d.day == 0 {
		return false
	}
	s.spaces()
	if strings.HasPrefix(s.rest(), "of ") {
		s.i += 3
	}
	if d.month = s.month(); d.month == 0 {
		return false
	}
	d.year = s.yearAfter()
	return true
}

// numeric passes 2024-06-08, 2024/06/08, 08.06.2024 (day first, as dots are
// read everywhere), and 25/12/2024 where only one order is possible.
func (s *scanner) numeric(d *day) bool {
	a, n := s.number(4)
	sep := s.rest()
	if n == 0 || n == 3 || sep == "" || !strings.ContainsRune("-/.", rune(sep[0])) {
		return false
	}
	s.i++
	b, nb := s.number(2)
	if nb == 0 || !strings.HasPrefix(s.rest(), sep[:1]) {
		return false
	}
	s.i++
	if n == 4 {
		c, nc := s.number(2)
		*d = day{a, b, c}
		return nc > 0 && plausible(a) && c > 0
	}
	c, nc := s.number(4)
	if nc != 4 || !plausible(c) || a == 0 || b == 0 {
		return false
	}
	switch {
	case sep[0] == '.' || a > 12:
		*d = day{c, b, a}
	case b > 12:
		*d = day{c, a, b}
	case a == b:
		*d = day{c, a, a}
	default: // 08/06/2024: which of the two is the month depends on the writer's country
		return false
	}
	return true
}

// dayNumber passes "8", "08", "8th", and of "8-9" the last.
func (s *scanner) dayNumber() int {
	t := *s
	n, k := t.number(2)
	if k == 0 || n == 0 || n > 31 {
		return 0
	}
	switch strings.ToLower(t.letters()) {
	case "st", "nd", "rd", "th":
		t.i += 2
	}
	u := t
	if r := peek(u.rest()); r == '-' || r == '–' {
		u.i += len(string(r))
		if m, k := u.number(2); k > 0 && m > n && m <= 31 && !unicode.IsLetter(peek(u.rest())) {
			n, t = m, u
		}
	}
	s.i = t.i
	return n
}

func plausible(year int) bool { return year >= 1800 && year <= 2199 }

// year passes four digits that may be a year.
func (s *scanner) year() int {
	t := *s
	if n, k := t.number(4); k == 4 && plausible(n) {
		s.i = t.i
		return n
	}
	return 0
}

// yearAfter passes ", 2024" or " 2024".
func (s *scanner) yearAfter() int {
	t := *s
	t.spaces()
	if strings.HasPrefix(t.rest(), ",") {
		t.i++
		t.spaces()
	}
	if y := t.year(); y != 0 {
		s.i = t.i
		return y
	}
	return 0
}

// hijri passes a date of the Islamic or Iranian calendar, which agencies of the
// Gulf and Iran set before the other: "Dhu al-Hijjah 02, 1445".
func (s *scanner) hijri() bool {
	t := *s
	words := 0
	for words < 3 && startsLetter(t.rest()) {
		n := strings.IndexFunc(t.rest(), func(r rune) bool {
			return !unicode.IsLetter(r) && !strings.ContainsRune("-'’`", r)
		})
		if n < 0 {
			return false
		}
		t.i += n
		t.spaces()
		words++
	}
	if _, k := t.number(2); words == 0 || k == 0 {
		return false
	}
	t.spaces()
	if strings.HasPrefix(t.rest(), ",") {
		t.i++
	}
	t.spaces()
	if y, k := t.number(4); k != 4 || y < 1300 || y > 1550 {
		return false
	}
	s.i = t.i
	return true
}
