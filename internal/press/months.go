package press

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
)

//go:embed data/months.txt
var monthsTable string

// month is what a month's name means in one language.
type month struct {
	number  int
	lang    string
	persian bool
}

// months holds what each name means, by its lower-case words.
var months = readMonths(monthsTable)

func readMonths(table string) map[string][]month {
	out := map[string][]month{}
	for l := range strings.Lines(table) {
		code, names, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if !ok || strings.HasPrefix(l, "#") {
			continue
		}
		lang, calendar, _ := strings.Cut(code, "@")
		for i, ns := range strings.Fields(names) {
			for n := range strings.SplitSeq(ns, "|") {
				n = strings.ToLower(strings.ReplaceAll(n, "_", " "))
				out[n] = append(out[n], month{i + 1, lang, calendar == "persian"})
			}
		}
	}
	return out
}

// monthNamed returns the month that a name means on a page in lang, by its
// language's own use, else by that of all others if they agree.
func monthNamed(name, lang string) (month, bool) {
	ms := months[name]
	if len(ms) == 0 {
		return month{}, false
	}
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	for _, m := range ms {
		if m.lang == base {
			return m, true
		}
	}
	for _, m := range ms[1:] {
		if m.number != ms[0].number || m.persian != ms[0].persian {
			return month{}, false
		}
	}
	return ms[0], true
}

// word is a run of letters or of digits.
type word struct {
	text   string
	number int // -1 for letters
	end    int
}

const longestDate = 400 // bytes in which the name of a month is looked for

// wordsOf parts a line that may hold a date.
func wordsOf(s string) []word {
	s = s[:cut(s, longestDate)]
	var ws []word
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		j := i + n
		switch {
		case r >= '0' && r <= '9':
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			if j-i <= 4 {
				ws = append(ws, word{s[i:j], atoi(s[i:j]), j})
			} else {
				ws = append(ws, word{s[i:j], 0, j})
			}
		case unicode.IsLetter(r):
			for j < len(s) {
				r, n := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r) {
					break
				}
				j += n
			}
			ws = append(ws, word{strings.ToLower(s[i:j]), -1, j})
		}
		i = j
	}
	return ws
}

// particles stand between the parts of a date: "8 de junio de 2024".
var particles = map[string]bool{"de": true, "del": true, "di": true, "d": true, "da": true, "do": true, "den": true, "the": true, "ng": true,
	"năm": true, "ngày": true, "г": true, "р": true, "року": true, "года": true, "жылы": true, "жылдын": true, "e": true, "er": true, "an": true,
	"st": true, "nd": true, "rd": true, "th": true, "ta": true, "ko": true, "a": true, "m": true, "ماه": true, "سنة": true, "עד": true}

// foreignDay returns the first day in s whose month is named in a language
// other than English, or that is written as in Chinese, Japanese or Korean,
// and what stands after it.
func foreignDay(s, lang string) (rapport.Date, string) {
	if isASCII(s) && len(s) < 6 {
		return "", ""
	}
	ws := wordsOf(s)
	// number returns the number nearest to i in a direction, past particles.
	number := func(i, step int) (int, int) {
		for k := 0; k < 3 && i >= 0 && i < len(ws); k++ {
			if ws[i].number >= 0 {
				return ws[i].number, i
			}
			if !particles[ws[i].text] {
				break
			}
			i += step
		}
		return -1, i
	}
	for i := range ws {
		if d, end := eastAsian(ws, i); d != "" {
			return d, s[min(end, len(s)):]
		}
		if ws[i].number >= 0 {
			continue
		}
		m, next, ok := month{}, 0, false
		for k := min(len(ws), i+3); k > i && !ok; k-- { // the longest name that begins here
			var name []string
			for _, w := range ws[i:k] {
				name = append(name, w.text)
			}
			m, ok = monthNamed(strings.Join(name, " "), lang)
			next = k
		}
		if !ok {
			continue
		}
		before, at := number(i-1, -1)
		after, to := number(next, 1)
		year, day, end := -1, -1, next
		switch {
		case before > 0 && before <= 31 && after > 1000: // 8 juin 2024
			day, year, end = before, after, to
		case before > 1000 && after > 0 && after <= 31: // 2024. június 8.
			day, year, end = after, before, to
		case after > 0 && after <= 31: // junio 8, 2024
			if y, k := number(to+1, 1); y > 1000 {
				day, year, end = after, y, k
			}
		case before > 0 && before <= 31: // 2024, 8 қазан
			if y, _ := number(at-1, -1); y > 1000 {
				day, year, end = before, y, i
			}
		}
		if day < 0 {
			continue
		}
		if d := dayIn(m, year, day); d != "" {
			return d, s[ws[min(end, len(ws)-1)].end:]
		}
	}
	return "", ""
}

// dayIn returns the day of a month in the calendar its name and its year are of.
func dayIn(m month, year, day int) rapport.Date {
	switch {
	case m.persian && year > 1300 && year < 1500:
		y, mo, d := fromPersian(year, m.number, day)
		return dayOf(y, mo, d)
	case m.persian:
		return ""
	case m.lang == "th" && year > 2400 && year < 2700: // the Buddhist era
		year -= 543
	}
	return dayOf(year, m.number, day)
}

// eastAsian reads 2024年6月8日 and 2024년 6월 8일.
func eastAsian(ws []word, i int) (rapport.Date, int) {
	if i+5 >= len(ws) || ws[i].number < 1900 || ws[i+2].number < 1 || ws[i+4].number < 1 {
		return "", 0
	}
	y, m, d := ws[i+1].text, ws[i+3].text, ws[i+5].text
	if y == "年" && m == "月" && (strings.HasPrefix(d, "日") || strings.HasPrefix(d, "号")) ||
		y == "년" && m == "월" && strings.HasPrefix(d, "일") {
		return dayOf(ws[i].number, ws[i+2].number, ws[i+4].number), ws[i+5].end
	}
	return "", 0
}

// fromPersian turns a day of the Iranian solar calendar into one of the
// Gregorian, by counting days with a leap year in eight of 33 years, which
// holds for 1178 to 1633.
func fromPersian(y, m, d int) (int, int, int) {
	if m < 1 || m > 12 || d < 1 || d > 31 || m > 6 && d > 30 {
		return 0, 0, 0
	}
	y -= 979
	days := 365*y + y/33*8 + (y%33+3)/4 + d - 1
	for i := range m - 1 {
		if i < 6 {
			days += 31
		} else {
			days += 30
		}
	}
	days += 79 // from 1 January 1600
	g := 1600 + 400*(days/146097)
	days %= 146097
	leap := true
	if days >= 36525 {
		days--
		g += 100 * (days / 36524)
		if days %= 36524; days >= 365 {
			days++
		} else {
			leap = false
		}
	}
	g += 4 * (days / 1461)
	if days %= 1461; days >= 366 {
		leap = false
		days--
		g += days / 365
		days %= 365
	}
	feb := 28
	if leap {
		feb = 29
	}
	lengths := []int{31, feb, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	i := 0
	for i < 12 && days >= lengths[i] {
		days -= lengths[i]
		i++
	}
	return g, i + 1, days + 1
}

// latinDigits writes the digits of any script as 0 to 9.
func latinDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.Is(unicode.Nd, r) {
			return r
		}
		z := r // digits stand in tens, zero first
		for n := 0; n < 9 && unicode.Is(unicode.Nd, z-1); n++ {
			z--
		}
		switch { // the mathematical digits are five tens without a gap; no page dates by them
		case r >= 0xff10 && r <= 0xff19:
			return '0' + r - 0xff10
		case r >= 0x06f0 && r <= 0x06f9:
			return '0' + r - 0x06f0
		case r >= 0x0660 && r <= 0x0669:
			return '0' + r - 0x0660
		}
		return '0' + (r - z)
	}, s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
