package when

import (
	"strconv"

	"rapport"
)

// moment is a day, month, season, year, decade or century. Fields finer than
// its grain are 0; a season stands in m as EDTF's 21 to 24.
type moment struct {
	y, m, d int
	grain   rapport.Grain
	approx  byte // '~' or 0
}

func dayMoment(n int) moment {
	y, m, d := civil(n)
	return moment{y: y, m: m, d: d, grain: rapport.DayGrain}
}

func yearMoment(y int) moment     { return moment{y: y, grain: rapport.YearGrain} }
func monthMoment(y, m int) moment { return moment{y: y, m: m, grain: rapport.MonthGrain} }

// momentOf reads the first moment of an EDTF date.
func momentOf(d rapport.Date) (moment, bool) {
	f, _, ok := d.Bounds()
	if !ok || f.IsZero() {
		return moment{}, false
	}
	m := moment{y: f.Year(), m: int(f.Month()), d: f.Day(), grain: rapport.DayGrain}
	switch d.Grain() {
	case rapport.MonthGrain, rapport.SeasonGrain:
		m.d, m.grain = 0, rapport.MonthGrain
	case rapport.YearGrain, rapport.DecadeGrain, rapport.CenturyGrain:
		m.m, m.d, m.grain = 0, 0, rapport.YearGrain
	}
	return m, true
}

// append writes m in EDTF; nothing when its year has not four digits.
func (m moment) append(b []byte) []byte {
	if m.y < 1 || m.y > 9999 {
		return b
	}
	switch m.grain {
	case rapport.DecadeGrain:
		b = append(pad(b, m.y/10, 3), 'X')
	case rapport.CenturyGrain:
		b = append(pad(b, m.y/100, 2), 'X', 'X')
	default:
		b = pad(b, m.y, 4)
		if m.m > 0 {
			b = pad(append(b, '-'), m.m, 2)
			if m.d > 0 {
				b = pad(append(b, '-'), m.d, 2)
			}
		}
	}
	if m.approx != 0 {
		b = append(b, m.approx)
	}
	return b
}

func pad(b []byte, n, width int) []byte {
	for w, p := 1, 10; w < width; w, p = w+1, p*10 {
		if n < p {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// first and last are the day numbers m spans.
func (m moment) first() int {
	switch {
	case m.grain == rapport.DecadeGrain, m.grain == rapport.CenturyGrain, m.m == 0:
		return days(m.y, 1, 1)
	case m.m > 12:
		return days(m.y, (m.m-20)*3, 1)
	case m.d == 0:
		return days(m.y, m.m, 1)
	}
	return days(m.y, m.m, m.d)
}

func (m moment) last() int {
	switch {
	case m.grain == rapport.DecadeGrain:
		return days(m.y+9, 12, 31)
	case m.grain == rapport.CenturyGrain:
		return days(m.y+99, 12, 31)
	case m.m == 0:
		return days(m.y, 12, 31)
	case m.m > 12:
		y, mm := addMonths(m.y, (m.m-20)*3, 3)
		return days(y, mm, 1) - 1
	case m.d == 0:
		y, mm := addMonths(m.y, m.m, 1)
		return days(y, mm, 1) - 1
	}
	return m.first()
}

// days counts days from 1970-01-01 in the Gregorian calendar, extended
// backwards (H. Hinnant's days_from_civil).
func days(y, m, d int) int {
	if m <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	mp := (m + 9) % 12
	doe := yoe*365 + yoe/4 - yoe/100 + (153*mp+2)/5 + d - 1
	return era*146097 + doe - 719468
}

func civil(n int) (y, m, d int) {
	n += 719468
	era := floorDiv(n, 146097)
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	y = yoe + era*400
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	if m > 12 {
		m -= 12
	}
	if m <= 2 {
		y++
	}
	return y, m, d
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// weekday is 1 for Monday … 7 for Sunday.
func weekday(n int) int { return ((n+3)%7+7)%7 + 1 }

func monday(n int) int { return n - weekday(n) + 1 }

func addMonths(y, m, n int) (int, int) {
	k := y*12 + m - 1 + n
	y = floorDiv(k, 12)
	return y, k - y*12 + 1
}

func monthDays(y, m int) int {
	ny, nm := addMonths(y, m, 1)
	return days(ny, nm, 1) - days(y, m, 1)
}

// easter is Easter Sunday of the Gregorian year (anonymous computus).
func easter(y int) int {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	return days(y, (h+l-7*m+114)/31, (h+l-7*m+114)%31+1)
}

// islamic is the day number of a date of the tabular (civil) Islamic calendar.
// Sighted months begin up to two days off it.
func islamic(y, m, d int) int {
	return d + (59*(m-1)+1)/2 + (y-1)*354 + floorDiv(3+11*y, 30) + days(622, 7, 19) - 1
}

// islamicYear is the Islamic year in which day n falls.
func islamicYear(n int) int {
	y := (n-days(622, 7, 19))*30/10631 + 1
	for islamic(y+1, 1, 1) <= n {
		y++
	}
	for islamic(y, 1, 1) > n {
		y--
	}
	return y
}

// persian is the day number of a date of the Persian solar calendar by the
// 33-year rule, which agrees with the observed equinox for 1925 to 2088.
func persian(y, m, d int) int {
	n := days(1925, 3, 21) + (y-1304)*365 + leaps33(y) - leaps33(1304)
	if m <= 7 {
		return n + (m-1)*31 + d - 1
	}
	return n + 186 + (m-7)*30 + d - 1
}

// leaps33 counts the leap years before y: years 1, 5, 9, 13, 17, 22, 26 and 30
// of each 33.
func leaps33(y int) int {
	q := floorDiv(y, 33)
	n := y - 33*q
	if n >= 22 {
		n--
	}
	return q*8 + (n+2)/4
}

// hebrew is the day number of a date of the Hebrew calendar; months count
// from Nisan, years from Tishri, and Adar of a leap year is Adar II.
func hebrew(y, m, d int) int {
	n := hebrewNewYear(y)
	leap := (7*y+1)%19 < 7
	length := func(m int) int {
		year := hebrewNewYear(y+1) - hebrewNewYear(y)
		switch {
		case m == 8 && year%10 == 5: // a long Heshvan
			return 30
		case m == 9 && year%10 == 3: // a short Kislev
			return 29
		case m == 2 || m == 4 || m == 6 || m == 8 || m == 10 || m == 12:
			return 29
		}
		return 30
	}
	for _, k := range [...]int{7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6} {
		if k == 12 && leap {
			n += 30
		}
		if k == m {
			break
		}
		n += length(k)
	}
	return n + d - 1
}

func hebrewNewYear(y int) int {
	months := floorDiv(235*y-234, 19)
	parts := 12084 + 13753*months
	day := 29*months + parts/25920
	if (3*(day+1))%7 < 3 {
		day++
	}
	elapsed := func(y int) int {
		months := floorDiv(235*y-234, 19)
		parts := 12084 + 13753*months
		day := 29*months + parts/25920
		if (3*(day+1))%7 < 3 {
			day++
		}
		return day
	}
	prev, next := elapsed(y-1), elapsed(y+1)
	switch {
	case next-day == 356:
		day += 2
	case day-prev == 382:
		day++
	}
	return day + days(-3760, 9, 7)
}
