package language

import (
	"unicode"
	"unicode/utf8"

	"rapport"
)

// Paragraphs. A blank line always parts two. A single line end does so unless
// the line was wrapped at a fixed width or its sentence plainly goes on.

// line is one line of a text without its end and outer white space.
type line struct {
	rapport.Span
	width uint8 // in characters, at most unmeasured+1
	first uint8 // width of the first word
	item  bool  // opens with a bullet
}

// Lines longer than this are paragraphs of unwrapped text.
const unmeasured = 132

// paragraphs returns the spans of text's paragraphs, outer white space cut.
func paragraphs(text string) []rapport.Span {
	lines := lines(text)
	width := wrapWidth(lines)
	var out []rapport.Span
	for i := 0; i < len(lines); {
		if lines[i].Len() == 0 {
			i++
			continue
		}
		p := lines[i].Span
		for i++; i < len(lines) && lines[i].Len() > 0 && runsOn(text, lines[i-1], lines[i], width); i++ {
			p.End = lines[i].End
		}
		out = append(out, p)
	}
	return out
}

func lines(text string) []line {
	var out []line
	start := 0
	for i := 0; i < len(text); {
		size := lineEnd(text, i)
		if size == 0 {
			i++
			continue
		}
		out = append(out, measure(text, start, i))
		i += size
		start = i
	}
	return append(out, measure(text, start, len(text)))
}

// lineEnd returns the length of the line end at i, 0 where there is none.
func lineEnd(text string, i int) int {
	switch text[i] {
	case '\n', '\v', '\f':
		return 1
	case '\r':
		if i+1 < len(text) && text[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2: // U+0085
		if i+1 < len(text) && text[i+1] == 0x85 {
			return 2
		}
	case 0xE2: // U+2028, U+2029
		if i+2 < len(text) && text[i+1] == 0x80 && text[i+2]&0xFE == 0xA8 {
			return 3
		}
	}
	return 0
}

func measure(text string, start, end int) line {
	l := line{Span: trim(text, rapport.Span{Start: start, End: end})}
	for i, r := range text[l.Start:l.End] {
		if l.first == 0 && isSpace(r) {
			l.first = l.width
		}
		if l.width++; l.width > unmeasured {
			break
		}
		if i == 0 && bullets[r] {
			l.item = true
		}
	}
	if l.first == 0 {
		l.first = l.width
	}
	return l
}

// wrapWidth returns the width at which a text's lines were wrapped, 0 when
// they were not: at least three lines run on to another, three quarters of
// them within a quarter of the longest.
func wrapWidth(lines []line) uint8 {
	inner := func(f func(width uint8)) {
		for i := 0; i+1 < len(lines); i++ {
			if lines[i].Len() > 0 && lines[i+1].Len() > 0 && !lines[i+1].item {
				f(lines[i].width)
			}
		}
	}
	all, longest := 0, uint8(0)
	inner(func(w uint8) {
		all++
		if w <= unmeasured {
			longest = max(longest, w)
		}
	})
	near := 0
	inner(func(w uint8) {
		if w <= longest && 4*int(w) >= 3*int(longest) {
			near++
		}
	})
	if all < 3 || longest < 30 || 4*near < 3*all {
		return 0
	}
	return longest
}

// runsOn says whether b goes on with a's paragraph.
func runsOn(text string, a, b line, width uint8) bool {
	if b.item || isListMark(text[b.Start:b.End]) && (width == 0 || endsClause(text, a.Span)) {
		return false
	}
	if width > 0 && int(a.width)+1+int(b.first) > int(width) {
		return true
	}
	if endsClause(text, a.Span) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[b.Start:])
	if unicode.IsLower(r) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(text[a.Start:a.End])
	return last == ',' || goesOn[lastWord(text[a.Start:a.End])]
}

// goesOn holds words that no headline or paragraph ends with.
var goesOn = setOf("a an the of and or to in on at for with by from as that which who whose his her its their our will would has have had is are was were be been not said")

// endsClause says whether a span ends with a mark that ends a sentence, a
// quotation or an introduction.
func endsClause(text string, s rapport.Span) bool {
	r, _ := utf8.DecodeLastRuneInString(text[s.Start:s.End])
	return isTerminator(r) || isCloser(r) || r == ':' || r == ';'
}

func lastWord(s string) string {
	i := len(s)
	for i > 0 && isASCIILetter(s[i-1]) {
		i--
	}
	return s[i:]
}

// isListMark says whether a line opens as an item of a list: "1.", "(a)",
// "b)", "- ", "– ".
func isListMark(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	if isDash(r) {
		next, _ := utf8.DecodeRuneInString(s[n:])
		return isSpace(next)
	}
	i := 0
	if s[0] == '(' {
		i = 1
	}
	from := i
	for i < len(s) && i-from < 3 && (isASCIIDigit(s[i]) || isASCIILetter(s[i]) && i == from) {
		i++
	}
	if i == from || i+1 >= len(s) {
		return false
	}
	return (s[i] == ')' || s[i] == '.' && isASCIIDigit(s[i-1])) && s[i+1] == ' '
}

// bullets open an item of a list. They belong to no sentence.
var bullets = map[rune]bool{'•': true, '●': true, '▪': true, '■': true, '□': true, '◦': true, '‣': true, '⁃': true, '►': true, '▶': true, '➢': true, '➤': true, '✓': true, '✔': true, '◆': true, '◇': true, '○': true, '★': true, '*': true, '·': true, '\uf0b7': true}

// trim cuts white space off both ends of s.
func trim(text string, s rapport.Span) rapport.Span {
	for s.Start < s.End {
		r, n := utf8.DecodeRuneInString(text[s.Start:s.End])
		if !isSpace(r) {
			break
		}
		s.Start += n
	}
	for s.Start < s.End {
		r, n := utf8.DecodeLastRuneInString(text[s.Start:s.End])
		if !isSpace(r) {
			break
		}
		s.End -= n
	}
	return s
}
