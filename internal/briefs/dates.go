package briefs

import (
	"fmt"
	"strings"
	"time"

	"rapport"
)

// inWords tells a date in English: "8 June 2024", "January 2023", "the 1990s",
// "since 2008", "3–5 July 1991"; "undated" when there is none.
func inWords(d rapport.Date) string {
	s := string(d)
	from, to, interval := strings.Cut(s, "/")
	switch {
	case s == "" || d.Check() != nil:
		return "undated"
	case !interval:
		return simple(from)
	case to == "..":
		return "since " + simple(from)
	case from == "..":
		return "by " + simple(to)
	}
	return span(from, to)
}

// span tells an interval, leaving out of its beginning what its end repeats.
func span(from, to string) string {
	a, b := rapport.Date(from), rapport.Date(to)
	af, _, _ := a.Bounds()
	bf, _, _ := b.Bounds()
	if a.Grain() == rapport.DayGrain && b.Grain() == rapport.DayGrain && !a.Approximate() && !b.Approximate() && af.Year() == bf.Year() {
		if af.Month() == bf.Month() {
			return fmt.Sprintf("%d–%s", af.Day(), day(bf))
		}
		return fmt.Sprintf("%d %s – %s", af.Day(), af.Month(), day(bf))
	}
	if a.Grain() == rapport.YearGrain && b.Grain() == rapport.YearGrain {
		return simple(from) + "–" + simple(to)
	}
	return simple(from) + " to " + simple(to)
}

var seasons = map[string]string{"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}

func simple(s string) string {
	d := rapport.Date(s)
	first, _, _ := d.Bounds()
	bare := strings.TrimRight(s, "~?%")
	var out string
	switch d.Grain() {
	case rapport.DayGrain:
		out = day(first)
	case rapport.MonthGrain:
		out = first.Format("January 2006")
	case rapport.SeasonGrain:
		out = seasons[bare[5:7]] + " " + bare[:4]
	case rapport.DecadeGrain:
		out = "the " + bare[:3] + "0s"
	case rapport.CenturyGrain:
		out = "the " + bare[:2] + "00s"
	default:
		out = bare
	}
	switch s[len(s)-1] {
	case '~':
		return "about " + out
	case '?':
		return out + " (uncertain)"
	case '%':
		return "about " + out + " (uncertain)"
	}
	return out
}

func day(t time.Time) string { return t.Format("2 January 2006") }
