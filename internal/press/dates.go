package press

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"rapport"
)

const monthName = `(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?`

var (
	isoDay     = regexp.MustCompile(`\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\b|T)`)
	compactDay = regexp.MustCompile(`^\s*(\d{4})(\d{2})(\d{2})(?:\b|T|\d{4,6}\b)`)
	dayMonth   = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?[ .\-]{1,2}` + monthName + `[ ,\-]{1,2}(\d{4})\b`)
	monthDay   = regexp.MustCompile(`(?i)\b` + monthName + ` (\d{1,2})(?:st|nd|rd|th)?,? {1,2}(\d{4})\b`)
	numbers    = regexp.MustCompile(`\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4})\b`)
	inAddress  = regexp.MustCompile(`/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)
)

// readDay returns the first day that s names, in the zone it is written in.
// lang is the page's language tag, which decides what 03/04/2021 means.
func readDay(s, lang string) (day rapport.Date, rest string) {
	s = latinDigits(s)
	best := len(s) + 1
	try := func(re *regexp.Regexp, year, month, date int) {
		m := re.FindStringSubmatchIndex(s)
		if m == nil || m[0] >= best {
			return
		}
		g := func(i int) string { return s[m[2*i]:m[2*i+1]] }
		if d := makeDay(g(year), g(month), g(date)); d != "" {
			best, day, rest = m[0], d, s[m[1]:]
		}
	}
	try(compactDay, 1, 2, 3)
	try(isoDay, 1, 2, 3)
	try(dayMonth, 3, 2, 1)
	try(monthDay, 3, 1, 2)
	switch m := numbers.FindStringSubmatch(s); {
	case m == nil:
	case m[2] != "/", atoi(m[1]) > 12, m[1] == m[3], strings.HasPrefix(strings.ToLower(lang), "en-") && !isUS(lang):
		try(numbers, 4, 3, 1)
	case atoi(m[3]) > 12, isUS(lang):
		try(numbers, 4, 1, 3)
	}
	if day == "" && strings.ContainsAny(s, "0123456789") {
		day, rest = foreignDay(s, lang)
	}
	return day, rest
}

func isUS(lang string) bool { return strings.EqualFold(lang, "en-US") }

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// makeDay returns the day, "" for one that is none or lies outside the time
// of news pages and what they reproduce.
func makeDay(year, month, day string) rapport.Date {
	m := atoi(month)
	if m == 0 && len(month) >= 3 {
		m = 1 + strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(month[:3]))/3
	}
	return dayOf(atoi(year), m, atoi(day))
}

// dayOf is makeDay of numbers.
func dayOf(y, m, d int) rapport.Date {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1940 || y > 2100 || t.Day() != d || int(t.Month()) != m {
		return ""
	}
	return rapport.Day(t)
}

// addressDay returns the day in an address: /2024/06/08/, /20240608/.
func addressDay(url string) rapport.Date {
	m := inAddress.FindStringSubmatch(url)
	if m == nil {
		return ""
	}
	return makeDay(m[1], m[2], m[3])
}

// nextTo tells days that follow each other.
func nextTo(a, b rapport.Date) bool {
	s, _, _ := a.Bounds()
	t, _, _ := b.Bounds()
	return s.AddDate(0, 0, 1).Equal(t) || t.AddDate(0, 0, 1).Equal(s)
}
