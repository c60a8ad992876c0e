package merge

import (
	"strconv"
	"strings"
	"unicode"

	"rapport"
)

// Figure is an amount told in a sentence.
type Figure struct {
	rapport.Span         // where it stands in the text
	Words        string  // as told: "nearly 20 billion euros"
	Value        float64 // 2e10
	Unit         string  // what is counted, plural and lower case ("agreements"), a currency ("euros") or "%"
	Money        bool
	Hedge        string // "nearly", "about", "more than" … as told
}

// Figures returns the amounts of a sentence with what they count: numbers in
// digits or words followed by a plural noun, sums of money, shares. Years,
// days of the month, ordinals and numbers that count nothing are left out.
func Figures(text string) []Figure {
	ws := splitWords(text)
	var out []Figure
	for i := 0; i < len(ws); i++ {
		f, next, ok := figureAt(text, ws, i)
		if ok {
			out = append(out, f)
			i = next - 1
		}
	}
	return out
}

// wordAt is a word with its place; stop is true when a comma, full stop or
// bracket follows it.
type wordAt struct {
	rapport.Span
	low  string
	stop bool
}

func splitWords(text string) []wordAt {
	var out []wordAt
	for i := 0; i < len(text); {
		if text[i] == ' ' || text[i] == '\n' || text[i] == '\t' {
			i++
			continue
		}
		j := i
		for j < len(text) && text[j] != ' ' && text[j] != '\n' && text[j] != '\t' {
			j++
		}
		raw := text[i:j]
		word := strings.TrimLeft(raw, `"'(“‘[—–-`)
		start := j - len(word)
		trimmed := strings.TrimRight(word, `"').,;:!?”’]—–-`)
		w := wordAt{rapport.Span{Start: start, End: start + len(trimmed)}, strings.ToLower(trimmed), len(trimmed) < len(word)}
		if trimmed == "" { // punctuation standing alone, as in tokenised text
			if len(out) > 0 {
				out[len(out)-1].stop = true
			}
		} else {
			out = append(out, w)
		}
		i = j
	}
	return out
}

var units = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90,
}

var scales = map[string]float64{
	"hundred": 100, "dozen": 12, "thousand": 1e3, "million": 1e6, "mln": 1e6, "billion": 1e9, "bln": 1e9, "bn": 1e9, "trillion": 1e12,
}

var currencies = map[string]string{
	"$": "dollars", "us$": "dollars", "€": "euros", "£": "pounds", "¥": "yen", "nz$": "New Zealand dollars", "a$": "Australian dollars",
	"c$": "Canadian dollars", "hk$": "Hong Kong dollars", "rs": "rupees", "dollar": "dollars", "dollars": "dollars", "usd": "dollars", "euro": "euros",
	"euros": "euros", "eur": "euros", "pounds": "pounds", "yen": "yen", "yuan": "yuan", "rubles": "roubles", "roubles": "roubles",
	"rupees": "rupees", "lira": "lira", "liras": "lira", "dirhams": "dirhams", "riyals": "riyals", "francs": "francs", "pesos": "pesos",
	"marks": "marks", "manats": "manats", "won": "won",
}

var hedges = map[string]bool{
	"about": true, "some": true, "around": true, "nearly": true, "almost": true, "roughly": true, "approximately": true, "over": true,
	"more than": true, "less than": true, "fewer than": true, "at least": true, "up to": true, "under": true,
}

var plurals = map[string]bool{"people": true, "men": true, "women": true, "children": true, "personnel": true, "police": true, "staff": true}

// figureAt reads a figure that begins at word i, and returns the word after it.
func figureAt(text string, ws []wordAt, i int) (f Figure, next int, ok bool) {
	value, currency, next, digits := number(ws, i)
	if next == i {
		return f, i, false
	}
	end := ws[next-1]
	f = Figure{Value: value, Unit: currency, Money: currency != ""}
	if !f.Money && next < len(ws) && !end.stop {
		// "30 million euros", "500 million US dollars"
		for k := next; k < min(next+3, len(ws)); k++ {
			if u, isMoney := currencies[ws[k].low]; isMoney && (k == next || ws[k-1].low == "us" || ws[k-1].low == "u.s") {
				f.Unit, f.Money, end, next = u, true, ws[k], k+1
				break
			}
		}
	}
	if f.Unit == "" {
		unit, after := counted(ws, next, end.stop)
		if unit == "" || digits && looksLikeDate(ws, i) {
			return f, i, false
		}
		f.Unit, end, next = unit, ws[after-1], after
	}
	begin := ws[i].Start
	for n := 2; n >= 1 && f.Hedge == ""; n-- {
		if i-n < 0 || ws[i-1].stop {
			continue
		}
		h := ws[i-n].low
		if n == 2 {
			h += " " + ws[i-1].low
		}
		if hedges[h] {
			f.Hedge, begin = h, ws[i-n].Start
		}
	}
	f.Span = rapport.Span{Start: begin, End: end.End}
	f.Words = text[f.Start:f.End]
	return f, next, true
}

// number reads digits or number words with their scale from word i on.
func number(ws []wordAt, i int) (value float64, currency string, next int, digits bool) {
	w := ws[i].low
	for n := min(len(w), 4); n > 0; n-- {
		if c, ok := currencies[w[:n]]; ok && len(w) > n && w[n] >= '0' && w[n] <= '9' {
			currency, w = c, w[n:]
			break
		}
	}
	next = i
	if v, scale, ok := plainNumber(w); ok {
		value, next, digits = v*scale, i+1, true
	} else if v, ok := numberWord(w); ok {
		value, next = v, i+1
	} else if w == "a" && i+1 < len(ws) && (scales[ws[i+1].low] > 0) {
		value, next = 1, i+1
	}
	for next > i && next < len(ws) && !ws[next-1].stop && scales[ws[next].low] > 0 {
		value *= scales[ws[next].low]
		next++
	}
	return value, currency, next, digits
}

// plainNumber reads "4,800", "18.6", "30bn", "12%".
func plainNumber(w string) (v, scale float64, ok bool) {
	scale = 1
	for _, s := range []string{"bn", "m", "k"} {
		if t := strings.TrimSuffix(w, s); t != w && t != "" && t[len(t)-1] >= '0' && t[len(t)-1] <= '9' {
			w, scale = t, map[string]float64{"bn": 1e9, "m": 1e6, "k": 1e3}[s]
			break
		}
	}
	if w == "" || w[0] < '0' || w[0] > '9' {
		return 0, 1, false
	}
	for g, part := range strings.Split(strings.SplitN(w, ".", 2)[0], ",") {
		if g > 0 && len(part) != 3 {
			return 0, 1, false
		}
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(w, ",", ""), 64)
	return v, scale, err == nil
}

func numberWord(w string) (float64, bool) {
	if v, ok := units[w]; ok {
		return v, true
	}
	tens, one, ok := strings.Cut(w, "-")
	if a, b := units[tens], units[one]; ok && a >= 20 && b > 0 && b < 10 {
		return a + b, true
	}
	return 0, false
}

// counted returns the plural noun that a number at word i-1 counts, and the
// word after it: "fifty [people]", "19 [agreements]", "1,200 Moroccan [workers]".
func counted(ws []wordAt, i int, stopped bool) (unit string, next int) {
	if stopped {
		return "", i
	}
	for k := i; k < min(i+3, len(ws)); k++ {
		w := ws[k].low
		switch {
		case w == "%" || w == "percent":
			return "%", k + 1
		case w == "per" && k+1 < len(ws) && ws[k+1].low == "cent":
			return "%", k + 2
		case k == i && (w == "of" || w == "in" || w == "to" || w == "and" || w == "or"):
			return "", i
		case plurals[w]:
			if w == "people" {
				w = "persons"
			}
			return w, k + 1
		case plural(w):
			return w, k + 1
		}
		if ws[k].stop || !unicode.IsLetter(rune(w[0])) {
			break
		}
		switch w {
		case "was", "is", "has", "this", "of", "in", "on", "at", "to", "for", "from", "by", "and":
			return "", i
		}
	}
	return "", i
}

func plural(w string) bool {
	return len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "'s") && !strings.HasSuffix(w, "’s")
}

var months = map[string]bool{
	"january": true, "february": true, "march": true, "april": true, "may": true, "june": true, "july": true, "august": true,
	"september": true, "october": true, "november": true, "december": true, "jan": true, "feb": true, "aug": true, "sept": true,
	"sep": true, "oct": true, "nov": true, "dec": true,
}

// looksLikeDate reports whether the digits at word i are a year or a day of
// a month.
func looksLikeDate(ws []wordAt, i int) bool {
	w := ws[i].low
	if len(w) == 4 && (w[:2] == "19" || w[:2] == "20") {
		return true
	}
	return i > 0 && months[ws[i-1].low] || i+1 < len(ws) && months[ws[i+1].low]
}
