package rapport

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a date in the Extended Date/Time Format (ISO 8601-2:2019, levels 0
// and 1; https://www.loc.gov/standards/datetime/), as far as reports need it:
//
//	1994  2023-01  2024-06-08        year, month, day
//	2001-21 … 2001-24                spring, summer, autumn, winter
//	199X  19XX                       decade, century
//	1994~  2023-01?  2024-06-08%     about, uncertain, both
//	2024-06-08/2024-06-10            interval
//	2008/..  ../2008                 open interval
//
// The empty Date is unknown and valid.
type Date string

// Grain is how precise a date is.
type Grain int

// Grains, finest first.
const (
	NoGrain Grain = iota // empty or invalid
	DayGrain
	MonthGrain
	SeasonGrain
	YearGrain
	DecadeGrain
	CenturyGrain
	IntervalGrain
)

var grainNames = [...]string{"", "day", "month", "season", "year", "decade", "century", "interval"}

// String returns the English word for g.
func (g Grain) String() string { return grainNames[g] }

// Day returns the EDTF day of t.
func Day(t time.Time) Date { return Date(t.Format("2006-01-02")) }

// Check reports why d is no valid date, nil for the empty Date.
func (d Date) Check() error {
	if d == "" {
		return nil
	}
	if _, _, g := d.bounds(); g == NoGrain {
		return fmt.Errorf("%q is not an EDTF date (level 0 or 1)", string(d))
	}
	return nil
}

// Grain returns how precise d is, NoGrain when empty or invalid.
func (d Date) Grain() Grain {
	_, _, g := d.bounds()
	return g
}

// Bounds returns the first and the last day d may mean, both at midnight UTC.
// An open end is the zero time. ok is false when d is empty or invalid.
func (d Date) Bounds() (first, last time.Time, ok bool) {
	first, last, g := d.bounds()
	return first, last, g != NoGrain
}

// Approximate reports whether d is marked about or uncertain.
func (d Date) Approximate() bool { return strings.ContainsAny(string(d), "~?%") }

// Before reports whether d lies wholly before e; false when either is unknown.
func (d Date) Before(e Date) bool {
	_, dl, ok1 := d.Bounds()
	ef, _, ok2 := e.Bounds()
	return ok1 && ok2 && !dl.IsZero() && !ef.IsZero() && dl.Before(ef)
}

// Overlaps reports whether d and e may mean a common day; false when either
// is unknown.
func (d Date) Overlaps(e Date) bool {
	df, dl, ok1 := d.Bounds()
	ef, el, ok2 := e.Bounds()
	if !ok1 || !ok2 {
		return false
	}
	return (dl.IsZero() || ef.IsZero() || !dl.Before(ef)) && (el.IsZero() || df.IsZero() || !el.Before(df))
}

func (d Date) bounds() (first, last time.Time, g Grain) {
	s := string(d)
	a, b, interval := strings.Cut(s, "/")
	if !interval {
		return simpleBounds(s)
	}
	if strings.Contains(b, "/") || (a == ".." && b == "..") || a == "" || b == "" {
		return first, last, NoGrain
	}
	if a != ".." {
		f, _, g := simpleBounds(a)
		if g == NoGrain {
			return first, last, NoGrain
		}
		first = f
	}
	if b != ".." {
		_, l, g := simpleBounds(b)
		if g == NoGrain {
			return time.Time{}, last, NoGrain
		}
		last = l
	}
	if !first.IsZero() && !last.IsZero() && last.Before(first) {
		return time.Time{}, time.Time{}, NoGrain
	}
	return first, last, IntervalGrain
}

func simpleBounds(s string) (first, last time.Time, g Grain) {
	if n := len(s); n > 0 && strings.ContainsRune("~?%", rune(s[n-1])) {
		s = s[:n-1]
	}
	none := time.Time{}
	if len(s) < 4 {
		return none, none, NoGrain
	}
	ys := s[:4]
	switch {
	case strings.HasSuffix(ys, "XX") && len(s) == 4:
		c, ok := digits(ys[:2])
		if !ok || c == 0 {
			return none, none, NoGrain
		}
		return ymd(c*100, 1, 1), ymd(c*100+99, 12, 31), CenturyGrain
	case strings.HasSuffix(ys, "X") && len(s) == 4:
		c, ok := digits(ys[:3])
		if !ok || c == 0 {
			return none, none, NoGrain
		}
		return ymd(c*10, 1, 1), ymd(c*10+9, 12, 31), DecadeGrain
	}
	y, ok := digits(ys)
	if !ok || y == 0 {
		return none, none, NoGrain
	}
	switch len(s) {
	case 4:
		return ymd(y, 1, 1), ymd(y, 12, 31), YearGrain
	case 7:
		m, ok := digits(s[5:7])
		switch {
		case !ok || s[4] != '-':
		case m >= 1 && m <= 12:
			f := ymd(y, m, 1)
			return f, f.AddDate(0, 1, -1), MonthGrain
		case m >= 21 && m <= 24: // spring begins in March, winter in December of the year named
			f := ymd(y, (m-20)*3, 1)
			return f, f.AddDate(0, 3, -1), SeasonGrain
		}
	case 10:
		m, ok1 := digits(s[5:7])
		dd, ok2 := digits(s[8:10])
		if ok1 && ok2 && s[4] == '-' && s[7] == '-' && m >= 1 && m <= 12 && dd >= 1 {
			if t := ymd(y, m, dd); int(t.Month()) == m {
				return t, t, DayGrain
			}
		}
	}
	return none, none, NoGrain
}

func ymd(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func digits(s string) (int, bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
