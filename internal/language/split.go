package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// Sentences. A paragraph is cut after . ! ? and … (with the closing quotation
// marks and brackets that follow) where the next word can open a sentence and
// the last one is not an abbreviation that wants more.

// splitter cuts one paragraph.
type splitter struct {
	text     string
	p        rapport.Span // the paragraph
	start    int          // of the sentence at hand
	dateline int          // no sentence ends before here
	open     bool         // whether a straight double quote is open
	bracket  int          // where an open bracket stands, -1 without
}

// appendSentences appends the spans of a paragraph's sentences to out.
func appendSentences(out []rapport.Span, text string, p rapport.Span) []rapport.Span {
	p = trim(text, cutItemMark(text, p))
	s := splitter{text: text, p: p, start: p.Start, dateline: datelineEnd(text, p), bracket: -1}
	add := func(start, end int) {
		if span := trim(text, rapport.Span{Start: start, End: end}); span.Len() > 0 {
			out = append(out, span)
		}
	}
	for i := p.Start; i < p.End; {
		switch c := text[i]; {
		case c == '"':
			s.open = !s.open
			i++
		case c == '(' || c == '[':
			s.bracket = i
			i++
		case (c == ')' || c == ',') && s.endsLetter(i):
			add(s.start, i+1)
			i++
			s.start, s.open, s.bracket = s.afterSpace(i), false, -1
		case c == ')' || c == ']':
			s.bracket = -1
			i++
		case s.ruled(i) > 0:
			add(s.start, i)
			end := i + s.ruled(i)
			add(i, end)
			i, s.start, s.open, s.bracket = end, end, false, -1
		case 'A' <= c && c <= 'Z' && s.lostLineEnd(i):
			add(s.start, i)
			s.start, s.open, s.bracket = i, false, -1
			i++
		case c < utf8.RuneSelf && c != '.' && c != '!' && c != '?':
			i++
		default:
			r, n := utf8.DecodeRuneInString(text[i:])
			if c >= utf8.RuneSelf && bullets[r] && r != '·' && s.standsAlone(i, n) {
				add(s.start, i)
				i += n
				s.start = i
				continue
			}
			if !isTerminator(r) {
				i += n
				continue
			}
			end, ends := s.endsAt(i)
			if ends {
				add(s.start, end)
				s.start, s.open, s.bracket = s.afterSpace(end), false, -1
			}
			i = end
		}
	}
	add(s.start, p.End)
	return out
}

// cutItemMark cuts the bullet or dash off a paragraph that opens with one and
// a space.
func cutItemMark(text string, p rapport.Span) rapport.Span {
	for p.Start < p.End {
		r, n := utf8.DecodeRuneInString(text[p.Start:p.End])
		if !bullets[r] && !isDash(r) {
			break
		}
		if next, _ := utf8.DecodeRuneInString(text[p.Start+n : p.End]); n < p.Len() && !isSpace(next) {
			break
		}
		p.Start += n
		p = trim(text, p)
	}
	return p
}

// lostLineEnd says whether a line ended before the capital at i, though the
// text has a space there: a caption or an opening word follows a word without
// any mark ("Iran, Iraq sign pact The two neighbours …").
func (s *splitter) lostLineEnd(i int) bool {
	if i < s.start+3 || i < s.dateline || s.text[i-1] != ' ' || !isASCIILetter(s.text[i-2]) && !isASCIIDigit(s.text[i-2]) || s.open || s.bracket > s.start {
		return false
	}
	w := wordAt(s.text[i:s.p.End])
	end := i + len(w)
	if end+1 >= s.p.End {
		return false
	}
	if s.text[end] == ':' {
		return captions[w] && s.text[end+1] == ' '
	}
	if !lineOpeners[w] || s.text[end] != ' ' {
		return false
	}
	next := wordAt(s.text[end+1 : s.p.End])
	if next == "" || next[0] < 'a' && !months[next] && !afterHour[next] || next[0] < 'A' {
		return false
	}
	before, at := s.wordBefore(i - 1)
	if at <= s.start || folded(wantsMore, before) {
		return false
	}
	// Headlines in capitals have neither "In the" nor words in lower case.
	return next == "the" || digits(before) && len(before) == 4 || s.holdsLowerCase(at)
}

// endsLetter says whether the mark at i ends what is no sentence by its marks: the
// closing words of a letter ("Yours sincerely, |Ali Khan"), or a face. A capital
// follows.
func (s *splitter) endsLetter(i int) bool {
	if i+2 >= s.p.End || s.text[i+1] != ' ' {
		return false
	}
	if r, _ := s.rune(s.afterSpace(i + 1)); !unicode.IsUpper(r) {
		return false
	}
	if s.text[i] == ')' {
		j := i - 1
		if j > s.start && s.text[j] == '-' {
			j--
		}
		return j > s.start && (s.text[j] == ':' || s.text[j] == ';') && s.text[j-1] == ' '
	}
	return i-s.start < 30 && folded(closings, s.text[s.start:i])
}

// closings of letters.
var closings = func() map[string]bool {
	m := map[string]bool{}
	for _, words := range strings.Split("regards|best regards|kind regards|kindest regards|warm regards|with best regards|best wishes|best|thanks|sincerely|yours sincerely|sincerely yours|respectfully|cordially|yours truly|yours faithfully|cheers", "|") {
		m[words] = true
	}
	return m
}()

// ruled returns the length of a line drawn with one mark at i, 0 for none.
func (s *splitter) ruled(i int) int {
	c := s.text[i]
	if strings.IndexByte("-=*~#+", c) < 0 || i > s.p.Start && s.text[i-1] > ' ' {
		return 0
	}
	n := 1
	for i+n < s.p.End && s.text[i+n] == c {
		n++
	}
	if n < shortestRule || i+n < s.p.End && s.text[i+n] > ' ' {
		return 0
	}
	return n
}

// shortestRule is how many marks make a line that parts what stands around it.
const shortestRule = 10

// captions open the line under a picture.
var captions = setOf("Image Photo Photos Picture Video Credit")

// lineOpeners are words that open sentences and stand in lower case or before
// another capital inside them.
var lineOpeners = setOf("The In On At This It If These When While After For We They He She As Since There With But However According Although During From")

// wantsMore are words that a line does not end with.
var wantsMore = setOf("of in on at to for with by from a an the and or as that this is are was were be been said says say called named titled my your his her its our their about into than like but if we he she you they i not so per when where why how what until after before once under over against between through which whom whether because while also even de la al el van von")

// holdsLowerCase says whether a lower-case word of four letters or more stands
// between the sentence's start and i: not in a headline in capitals.
func (s *splitter) holdsLowerCase(i int) bool {
	n := 0
	for k := max(s.start, i-200); k < i; k++ {
		switch c := s.text[k]; {
		case 'a' <= c && c <= 'z' && (n > 0 || k == s.start || s.text[k-1] == ' '):
			if n++; n == 4 {
				return true
			}
		default:
			n = 0
		}
	}
	return false
}

// standsAlone says whether the n bytes at i have white space on both sides.
func (s *splitter) standsAlone(i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(s.text[s.p.Start:i])
	after, _ := utf8.DecodeRuneInString(s.text[i+n : s.p.End])
	return isSpace(before) && isSpace(after)
}

// rune returns the rune at i within the paragraph and its length, 0 and 0 at
// the end.
func (s *splitter) rune(i int) (rune, int) {
	if i >= s.p.End {
		return 0, 0
	}
	return utf8.DecodeRuneInString(s.text[i:s.p.End])
}

// endsAt says whether a sentence ends with the terminators at i, and where
// they end: with the closers when the sentence ends, without them else.
func (s *splitter) endsAt(i int) (end int, ends bool) {
	j := i // after the terminators
	for {
		r, n := s.rune(j)
		if !isTerminator(r) || n == 0 {
			break
		}
		j += n
	}
	if i < s.dateline {
		return j, false
	}
	k := s.afterClosers(j)
	r, _ := s.rune(k)
	if k >= s.p.End {
		return k, true
	}
	run := s.text[i:j]
	if !isSpace(r) {
		if s.glued(i, j, k) {
			return k, true
		}
		return j, false
	}
	n := s.afterSpace(k)
	first, next, opened := s.opening(n)
	if unicode.IsLower(first) && k == j && (!opened || s.text[n] == '(') {
		return k, !s.inBrackets(k) && s.lowerOpens(i, n, run, next)
	}
	if !canOpen(first) || !opened && !unicode.IsLetter(first) && !unicode.IsNumber(first) && !unicode.In(first, unicode.Sc) {
		return j, false
	}
	if k == j && s.inBrackets(k) || k > j && s.signed(n) {
		return j, false
	}
	switch {
	case run == ".":
		if !s.stopEnds(i, j, k, first, next, opened && !s.bracketAt(n)) {
			return j, false
		}
	case run[0] == '!' || run[0] == '?':
		if k > j && !openers[next] && s.spoken(n) {
			return j, false
		}
	default: // an ellipsis
		if before, _ := utf8.DecodeLastRuneInString(s.text[s.start:i]); (before == '[' || before == '(') && !openers[next] {
			return j, false
		}
	}
	return k, true
}

// afterSpace returns where the white space at i ends.
func (s *splitter) afterSpace(i int) int {
	for r, w := s.rune(i); w > 0 && isSpace(r); r, w = s.rune(i) {
		i += w
	}
	return i
}

// bracketAt says whether an opening bracket stands at i.
func (s *splitter) bracketAt(i int) bool {
	return i < s.p.End && (s.text[i] == '(' || s.text[i] == '[')
}

// canOpen says whether a sentence can open with r.
func canOpen(r rune) bool { return !unicode.IsLower(r) && r != utf8.RuneError }

// afterClosers returns where the closing quotation marks and brackets from j
// on end. A mark after a space counts where it can only close.
func (s *splitter) afterClosers(j int) int {
	k := j
	for {
		r, n := s.rune(k)
		switch {
		case r == '[' && s.reference(k) > 0:
			k = s.reference(k)
			continue
		case n > 0 && isCloser(r):
			if r == '"' && k > j && !s.open {
				return k
			}
			k += n
			continue
		case k == j && (r == '“' || r == '‘' || r == '„' || r == '«') && s.standsBeforeSpace(k+n): // turned the wrong way
			k += n
			continue
		case r == ' ' || r == 0xA0:
			if m := max(s.spacedCloser(k+n), s.reference(k+n)); m > 0 {
				k = m
				continue
			}
		}
		return k
	}
}

// spacedCloser returns the end of a closing mark at i that has white space or
// the paragraph's end behind it too, 0 where there is none.
func (s *splitter) spacedCloser(i int) int {
	r, n := s.rune(i)
	switch {
	case r == '"' && s.open:
	case r == '”' || r == '»' || r == ')' && s.bracket >= 0:
	default:
		return 0
	}
	if !s.standsBeforeSpace(i + n) {
		return 0
	}
	return i + n
}

// standsBeforeSpace says whether white space or the paragraph's end is at i.
func (s *splitter) standsBeforeSpace(i int) bool {
	r, n := s.rune(i)
	return n == 0 || isSpace(r)
}

// reference returns the end of a reference mark like [12] at i, else 0.
func (s *splitter) reference(i int) int {
	if i >= s.p.End || s.text[i] != '[' {
		return 0
	}
	for j := i + 1; j < s.p.End && j < i+5; j++ {
		if s.text[j] == ']' && j > i+1 {
			return j + 1
		}
		if !isASCIIDigit(s.text[j]) {
			break
		}
	}
	return 0
}

// opening looks at what follows from n on: the first rune that is no opening
// mark or dash, the word it starts, and whether an opening mark stood before.
func (s *splitter) opening(n int) (first rune, word string, opened bool) {
	for steps := 0; steps < 8; steps++ {
		r, w := s.rune(n)
		if !isOpener(r) && !isDash(r) && !isSpace(r) || w == 0 {
			break
		}
		opened = opened || isOpener(r)
		n += w
	}
	first, _ = s.rune(n)
	end := n
	for end < s.p.End && end-n < 40 {
		r, w := s.rune(end)
		if !isWordRune(r) {
			break
		}
		end += w
	}
	return first, s.text[n:end], opened
}

// inBrackets says whether k stands in a short bracket that is yet to close.
func (s *splitter) inBrackets(k int) bool {
	if s.bracket <= s.start {
		return false
	}
	for i := k; i < s.p.End && i < k+60; i++ {
		if c := s.text[i]; c == ')' || c == ']' {
			return true
		}
	}
	return false
}

// wordBefore returns the word that ends at i and where it starts.
func (s *splitter) wordBefore(i int) (string, int) {
	start := i
	for start > s.start && i-start < 40 {
		r, n := utf8.DecodeLastRuneInString(s.text[s.start:start])
		if isSpace(r) || isOpener(r) || isDash(r) || r == '/' || r == ',' {
			break
		}
		start -= n
	}
	return s.text[start:i], start
}

// stopEnds says whether a sentence ends with the single full stop at i.
func (s *splitter) stopEnds(i, j, k int, first rune, next string, quoted bool) bool {
	word, at := s.wordBefore(i)
	if word == "" {
		return true
	}
	opens := openers[next] || captions[next]
	switch {
	case initial(word) && k == j:
		return word == "I" || opens && next != "A" && next != "I"
	case at == s.start && k == j && (digits(word) && len(word) <= 3 || roman(word)): // the number of a list's item
		return false
	}
	kind := abbreviated(word)
	if k > j && kind != eitherWay && kind != closing {
		kind = notAbbreviated // a closing mark parts title and name
	}
	switch kind {
	case titleBefore, insideOnly:
		return false
	case numberBefore:
		return !unicode.IsNumber(first) && !roman(next)
	case closing:
		return unicode.IsLetter(first) && !afterHour[next] || quoted
	case eitherWay:
		return opens || quoted
	}
	return !dotted(word) || opens || quoted
}

// signed says whether a dash at n, behind a quotation, leads to the name of who
// said it, which ends the paragraph: “It is over.” — Ban Ki-moon
func (s *splitter) signed(n int) bool {
	r, w := s.rune(n)
	if !isDash(r) || s.p.End-n > 60 {
		return false
	}
	for i := n + w; i < s.p.End; {
		r, w := s.rune(i)
		if isTerminator(r) {
			return false
		}
		i += w
	}
	return true
}

// lowerOpens says whether a sentence ends with the terminators at i though the
// word at n that follows is in lower case, as people write to each other: not
// after what may be an abbreviation or a name (Yahoo!), nor before who said it.
func (s *splitter) lowerOpens(i, n int, run, next string) bool {
	word, at := s.wordBefore(i)
	if at == i && i > s.start && s.text[i-1] == ' ' { // he left .
		word, at = s.wordBefore(i - 1)
	}
	r, _ := utf8.DecodeRuneInString(word)
	switch {
	case at == s.start || next == "", len(next) == 1 && n+1 < s.p.End && s.text[n+1] == ')': // b) the border
		return false
	case run == ".":
		return abbreviated(word) == notAbbreviated && !addressLike(word) && wordly(word)
	case strings.Contains(run, "..") || strings.Contains(run, "…"):
		return false
	}
	open, _ := s.rune(s.start)
	return !(unicode.IsUpper(r) && run[0] == '!') && !s.spoken(n) && (unicode.IsLower(open) || !finite[next])
}

// finite are verbs that a question is the subject of: Who won? is the question.
var finite = setOf("is was are were remains has had")

// wordly says whether word is no abbreviation by its letters: one of two letters
// that is a word, or longer with a vowel, or a year.
func wordly(word string) bool {
	if len(word) < 3 {
		return folded(twoLetters, word)
	}
	if digits(word) {
		return len(word) == 4
	}
	for i := 0; i < len(word); i++ {
		if strings.IndexByte("aeiouy", word[i]|0x20) >= 0 || word[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

var twoLetters = setOf("me it up us so do go in on to is am be by of or at as he we my no if an hi ok")

// afterHour holds what follows "a.m." inside a sentence.
var afterHour = setOf("Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Eastern Pacific Central Mountain Greenwich Moscow EST EDT ET PST PDT PT CST CDT GMT BST CET CEST UTC MSK IST JST Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isASCIIDigit(s[i]) {
			return false
		}
	}
	return len(s) > 0
}

func roman(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case 'I', 'V', 'X', 'L', 'C':
		default:
			return false
		}
	}
	return len(s) > 1 && len(s) < 8
}

// spoken says whether what follows a quoted question or call is who spoke it:
// “Stop!” President Biden said.
func (s *splitter) spoken(n int) bool {
	words := 0
	for i := n; i < s.p.End && i < n+80 && words < 6; {
		r, w := s.rune(i)
		if isTerminator(r) {
			word, _ := s.wordBefore(i)
			if abbreviated(word) != titleBefore && !initial(word) {
				return false
			}
		}
		if !isWordRune(r) {
			i += w
			continue
		}
		from := i
		for i < s.p.End && isWordRune(r) && w > 0 {
			i += w
			r, w = s.rune(i)
		}
		if speaking[s.text[from:i]] {
			return true
		}
		words++
	}
	return false
}

var speaking = setOf("said says asked asks told added wrote replied declared announced exclaimed shouted stressed noted tweeted concluded insisted warned wondered")

// glued says whether a sentence ends at k though no space follows: "talks.The
// minister", "war?”In Rome". i and j are the ends of the terminators.
func (s *splitter) glued(i, j, k int) bool {
	before, _ := utf8.DecodeLastRuneInString(s.text[s.start:i])
	r, n := s.rune(k)
	if isOpener(r) && k == j {
		r, _ = s.rune(k + n)
		return unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsDigit(before))
	}
	if run := s.text[i:j]; unicode.IsLower(r) && k == j && (run[0] == '?' || run[0] == '!') && unicode.IsLower(before) {
		chunk := s.text[max(s.start, i-longestHost):i]
		chunk = chunk[strings.LastIndexAny(chunk, " \n\t")+1:]
		return !strings.ContainsAny(chunk, "/.@=&")
	}
	if !unicode.IsUpper(r) || k == j && !unicode.IsLower(before) && !unicode.IsDigit(before) && !isCloser(before) {
		return false
	}
	after, _ := s.rune(k + n)
	if !unicode.IsLower(after) && !((r == 'A' || r == 'I') && isSpace(after)) {
		return false
	}
	word, _ := s.wordBefore(i)
	_, next, _ := s.opening(k)
	if c := k + len(next); c < s.p.End && (s.text[c] == '@' || s.text[c] == '/') {
		return false
	}
	switch kind := abbreviated(word); {
	case (kind == eitherWay || kind == closing) && !openers[next], kind == titleBefore, kind == insideOnly:
		return false
	}
	return len(word) > 1 && word != "www" && !addressLike(word) && !(j == i+1 && folded(domains, next))
}

// addressLike says whether the beginning of a chunk belongs to a web or mail
// address or has stops inside, as names of files and sites do.
func addressLike(word string) bool {
	for i := 0; i < len(word); i++ {
		switch word[i] {
		case '@', '.', '_', '=', '&', '\\':
			return true
		}
	}
	return false
}
