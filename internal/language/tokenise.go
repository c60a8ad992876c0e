package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// Tokens after the conventions of UD English EWT and GUM: punctuation stands
// alone, clitics are split off ("do" "n't", "Egypt" "'s"), hyphenated words
// are split but for those that open with an affix ("e-mail", "anti-war"),
// abbreviations keep their stop, addresses, dates and numbers stay whole.

// tokeniser cuts one sentence.
type tokeniser struct {
	text string // up to the sentence's end
	end  int
	emit func(start, end int)
}

// maxWord is how many bytes without white space are looked at as one: what is
// longer is no word, and cut there.
const maxWord = 2000

// tokens calls emit for each token of a sentence in order.
func tokens(text string, sentence rapport.Span, emit func(start, end int)) {
	t := tokeniser{text: text[:sentence.End], end: sentence.End, emit: emit}
	for i := sentence.Start; i < t.end; {
		r, n := t.rune(i)
		if isSpace(r) {
			i += n
			continue
		}
		j := i + n
		for j < t.end {
			r, n := t.rune(j)
			if isSpace(r) || j+n-i > maxWord {
				break
			}
			j += n
		}
		t.chunk(i, j)
		i = j
	}
}

func (t *tokeniser) rune(i int) (rune, int) {
	if i >= t.end {
		return 0, 0
	}
	if c := t.text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(t.text[i:])
}

// chunk cuts a piece of text without white space.
func (t *tokeniser) chunk(i, end int) {
	if whole[t.text[i:end]] {
		t.emit(i, end)
		return
	}
	holdsAddress := end-i >= 4 && mayHoldAddress(t.text[i:end])
	start := i
	for i < end {
		if holdsAddress && (i == start || !t.follows(i)) {
			if j := t.address(i, end); j > i {
				t.emit(i, j)
				i = j
				continue
			}
		}
		i = t.token(i, end)
	}
}

// whole holds chunks that are one token.
var whole = setOf(":) :( :D :P :p :O :| :-) :-( :-P :-D :') ;) ;-) ;P :/ =) =( =D (: ^_^ <3 :? [...] (...) w/ W/")

// token emits the token, or the tokens of the word, at i and returns where
// they end.
func (t *tokeniser) token(i, end int) int {
	r, n := t.rune(i)
	switch {
	case isWordRune(r):
		return t.word(i, end)
	case isApostrophe(r):
		if j := t.leadingApostrophe(i+n, end); j > 0 {
			t.emit(i, j)
			return j
		}
		if r2, n2 := t.rune(i + n); i+n < end && isApostrophe(r2) && t.leadingApostrophe(i+n+n2, end) == 0 { // ''quoted''
			t.emit(i, i+n+n2)
			return i + n + n2
		}
	case r == '.' && t.numberAt(i+1, end) && !t.follows(i): // .22
		return t.word(i, end)
	case r == '.' || r == '!' || r == '?':
		return t.run(i, end, func(r rune) bool { return r == '.' || r == '!' || r == '?' })
	case r == '-' || r == '—' || r == '–' || r == '*' || r == '=' || r == '_' || r == '~' || r == '<' || r == '>' || r == '$' && i+1 < end && t.text[i+1] == '$' || r == '+' && !t.numberAt(i+1, end):
		return t.run(i, end, func(x rune) bool { return x == r })
	case (r == '#' || r == '@') && i+1 < end && isASCIILetter(t.text[i+1]): // #hashtag, @name
		j := i + 1
		for r, n := t.rune(j); j < end && isWordRune(r); r, n = t.rune(j) {
			j += n
		}
		t.emit(i, j)
		return j
	case r == '+' && !t.follows(i): // +44
		return t.word(i, end)
	}
	t.emit(i, i+n)
	return i + n
}

// numberAt says whether a digit stands at i.
func (t *tokeniser) numberAt(i, end int) bool { return i < end && isASCIIDigit(t.text[i]) }

// follows says whether a word stands right before i.
func (t *tokeniser) follows(i int) bool {
	r, n := utf8.DecodeLastRuneInString(t.text[:i])
	return n > 0 && isWordRune(r)
}

// run emits the run of marks that in holds, from i on, as one token.
func (t *tokeniser) run(i, end int, in func(rune) bool) int {
	j := i
	for j < end {
		r, n := t.rune(j)
		if !in(r) {
			break
		}
		j += n
	}
	t.emit(i, j)
	return j
}

// leadingApostrophe returns the end of a word that opens with an apostrophe,
// whose letters start at i: a clitic that stands alone ("Yemen 's"), a
// shortened year or word ("'90s", "'em"). 0 where the apostrophe is a
// quotation mark.
func (t *tokeniser) leadingApostrophe(i, end int) int {
	j := i
	for r, n := t.rune(j); j < end && isWordRune(r); r, n = t.rune(j) {
		j += n
	}
	w := t.text[i:j]
	if folded(clitics, w) || folded(shortened, w) {
		return j
	}
	if len(w) >= 2 && isASCIIDigit(w[0]) && isASCIIDigit(w[1]) && (len(w) == 2 || w[2:] == "s") {
		return j
	}
	return 0
}

// clitics after their apostrophe. "t" is cut with its n.
var clitics = setOf("s m re ve ll d")

var shortened = setOf("em til tis twas cause bout")

// word cuts the word at i: its letters and digits with the marks inside that
// belong to it.
func (t *tokeniser) word(i, end int) int {
	j := i
	for j < end {
		r, n := t.rune(j)
		if isWordRune(r) || j == i {
			j += n
			continue
		}
		if m := t.joins(i, j, end, r, n); m > j {
			j = m
			continue
		}
		break
	}
	if stop := t.keepsStop(i, j, end); stop > j {
		t.emit(i, stop)
		return stop
	}
	if j+1 == end && t.text[j] == '-' && j-i <= 3 && !t.follows(i) && cutOff(t.text[i:j]) { // I w- I want
		t.emit(i, end)
		return end
	}
	if j < end && t.text[j] == '$' && j-i <= 3 && capitals(t.text[i:j]) { // US$, NZ$
		t.emit(i, j+1)
		return j + 1
	}
	t.split(i, j)
	return j
}

// joins returns where the word that started at i goes on after the mark r at
// j, or 0.
func (t *tokeniser) joins(i, j, end int, r rune, n int) int {
	k := j + n
	after, _ := t.rune(k)
	if k >= end || !isWordRune(after) {
		return 0
	}
	before, next := t.text[j-1], t.text[k]
	numeric := isASCIIDigit(before) && isASCIIDigit(next)
	word := t.text[i:j]
	switch {
	case r == ',' || r == ':':
		if numeric && (r == ':' || digitsAhead(t.text[k:end]) == 3 || !strings.Contains(word, ",")) {
			return k // 1,500; 7,5 as a decimal comma
		}
	case r == '.':
		switch {
		case numeric:
			return k
		case isASCIILetter(before) && isASCIILetter(next) && (len(word) == 1 || dotted(word)): // U.S, a.m
			return k
		case len(word) > 1 && !dotted(word) && folded(domains, wordAt(t.text[k:end])) && abbreviated(word) == notAbbreviated: // Trend.Az
			return k
		case folded(extensions, wordAt(t.text[k:end])), t.dottedName(i, end):
			return k
		case abbreviated(word+"."+wordAt(t.text[k:min(end, k+longestAbbreviation)])) != notAbbreviated: // Ph.D, Lt.Gen
			return k
		}
	case r == '/':
		if numeric && len(word) <= 20 && digitsAndSlashes(word) || folded(slashed, word+"/"+wordAt(t.text[k:end])) {
			return k
		}
	case r == '&':
		if j-i <= 3 && capitals(word) && 'A' <= next && next <= 'Z' {
			return k
		}
	case isApostrophe(r) && (r != '‘' || isASCIILetter(before)):
		return k // the clitics are cut off afterwards
	case r == '-' || r == '‐' || r == '‑':
		if numeric && t.telephone(i, end) || affixed(word, after) {
			return k
		}
	}
	return 0
}

// slashed are words of letters and a slash.
var slashed = setOf("b/c w/o c/o n/a")

// extensions of files that are named in text.
var extensions = setOf("doc docx xls xlsx pdf htm html jpg jpeg png gif txt zip ppt pptx csv exe")

// dottedName says whether a name of three parts or more in lower case stands
// at i, as networks and programs have them: alt.peace.talks.
func (t *tokeniser) dottedName(i, end int) bool {
	parts, length := 1, 0
	for end = min(end, i+longestHost); i < end; i++ {
		switch c := t.text[i]; {
		case 'a' <= c && c <= 'z':
			length++
			continue
		case c == '.' && length > 1:
			length = 0
			parts++
			continue
		}
		break
	}
	if length == 0 {
		parts-- // the sentence's stop
	}
	return parts >= 3
}

func digitsAhead(s string) int {
	n := 0
	for n < len(s) && isASCIIDigit(s[n]) {
		n++
	}
	return n
}

func wordAt(s string) string {
	n := 0
	for n < len(s) && (isASCIILetter(s[n]) || isASCIIDigit(s[n])) {
		n++
	}
	return s[:n]
}

func digitsAndSlashes(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isASCIIDigit(s[i]) && s[i] != '/' {
			return false
		}
	}
	return true
}

// cutOff says whether a word of a few letters is the beginning of one only: no
// vowel is among them.
func cutOff(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isASCIILetter(s[i]) || strings.IndexByte("aeiouy", s[i]|0x20) >= 0 {
			return false
		}
	}
	return true
}

func capitals(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return len(s) > 0
}

// telephone says whether the digits from i on are parted by hyphens as in
// telephone numbers, codes and dates, not as in ranges: 555-1234, 3-5213,
// 20500-0003, 2024-05-01.
func (t *tokeniser) telephone(i, end int) bool {
	group, first := 0, -1
	for ; i < end && (isASCIIDigit(t.text[i]) || t.text[i] == '-' || t.text[i] == '/' && first < 0 && group == 3); i++ {
		if isASCIIDigit(t.text[i]) {
			group++
			continue
		}
		if first >= 0 {
			return true
		}
		first, group = group, 0
	}
	return group == 4 && (first == 3 || first == 1 || first == 5)
}

// affixed says whether a hyphen after word joins it to what follows: affixes
// do, by what the treebanks show.
func affixed(word string, after rune) bool {
	return (unicode.IsLetter(after) || unicode.IsNumber(after) && len(word) > 1) && len(word) <= 7 && folded(affixes, word)
}

var affixes = setOf("e non re anti co pro pre mid post cross over counter multi ex semi sub mini neo socio psycho un inter intra micro mis macro ultra extra infra quasi pseudo trans bi tri meta hyper")

// keepsStop returns the end of the stop at j where it belongs to the word
// from i, else 0. At the sentence's end a letter or a number's stop is the
// sentence's.
func (t *tokeniser) keepsStop(i, j, end int) int {
	if j >= end || t.text[j] != '.' || strings.HasPrefix(t.text[j:end], "...") {
		return 0
	}
	word := t.text[i:j]
	last := t.endsSentence(j + 1)
	switch abbreviated(word) {
	case titleBefore, insideOnly, eitherWay, closing:
		if last && !dotted(word) && !t.shortForm(word) {
			return 0
		}
		return j + 1
	case numberBefore:
		if !last && t.numberFollows(j+1) {
			return j + 1
		}
		return 0
	}
	if dotted(word) || initial(word) && !last {
		return j + 1
	}
	return 0
}

// shortForm says whether an abbreviation keeps its stop at a sentence's end:
// those that are words of their own without it (Sat, Sun, Miss, Mass) do not.
func (t *tokeniser) shortForm(word string) bool { return !alsoWords[word] }

var alsoWords = setOf("Sat Mar Miss Mass Wash Ill Ind Mo La Pa Del Ore v al et no est Co Sec Det Pt Const Eng Hon Rep etc")

// endsSentence says whether only closing marks stand from i to the end.
func (t *tokeniser) endsSentence(i int) bool {
	for i < t.end {
		r, n := t.rune(i)
		if !isCloser(r) && !isSpace(r) {
			return false
		}
		i += n
	}
	return true
}

func (t *tokeniser) numberFollows(i int) bool {
	for i < t.end {
		r, n := t.rune(i)
		if !isSpace(r) {
			return unicode.IsNumber(r)
		}
		i += n
	}
	return false
}

// split emits a word's tokens: the word and its clitics, a number and its
// unit.
func (t *tokeniser) split(i, j int) {
	if k := unitAt(t.text[i:j]); k > 0 {
		t.emit(i, i+k)
		t.emit(i+k, j)
		return
	}
	if k := contraction(t.text[i:j]); k > 0 && (lowerASCII(t.text[i:j]) != its || t.verbless(j)) {
		t.emit(i, i+k)
		t.emit(i+k, j)
		return
	}
	if k := clitic(t.text[i:j]); k > 0 {
		if m := clitic(t.text[i : i+k]); m > 0 { // "n't've", "I'd've"
			t.emit(i, i+m)
			t.emit(i+m, i+k)
		} else {
			t.emit(i, i+k)
		}
		t.emit(i+k, j)
		return
	}
	t.emit(i, j)
}

// unitAt returns where the unit starts in a number written together with one
// ("5pm", "10km"), else 0.
func unitAt(w string) int {
	n := 0
	for n < len(w) && (isASCIIDigit(w[n]) || w[n] == '.' || w[n] == ',' || w[n] == ':') {
		n++
	}
	if n == 0 || n == len(w) || !folded(units, w[n:]) {
		return 0
	}
	return n
}

var units = setOf("m k b am pm mm ft bn kg cm km hz mn tn mln bln lb lbs oz mph kph kmh mw gw kw kwh gb mb tb hrs hr min mins sec")

// contraction returns where a word splits that holds two without an
// apostrophe, else 0. "its" holds two only at times: see verbless.
func contraction(w string) int {
	if len(w) < 2 || len(w) > 8 {
		return 0
	}
	if w == "Im" || w == "Ive" { // names too
		return 0
	}
	return folded(contractions, w)
}

var contractions = func() map[string]int {
	m := map[string]int{"cannot": 3, its: len(its) - 1}
	for _, w := range strings.Fields("gon-na wan-na got-ta gim-me lem-me " +
		"do-nt wo-nt ca-nt did-nt does-nt have-nt has-nt had-nt is-nt are-nt ar-nt was-nt were-nt could-nt would-nt should-nt ai-nt " +
		"i-m i-ve you-re you-ll you-ve they-re they-ll they-ve we-ve that-s what-s there-s he-s she-s") {
		first, second, _ := strings.Cut(w, "-")
		m[first+second] = len(first)
	}
	return m
}()

const its = "its"

// verbless says whether what follows an "its" at j leaves it without the noun
// that the possessive has: "its the same", "its not so".
func (t *tokeniser) verbless(j int) bool {
	for i := j; i < t.end; {
		r, n := t.rune(i)
		if isSpace(r) {
			i += n
			continue
		}
		w := wordAt(t.text[i:t.end])
		if k := i + len(w); k < t.end && t.text[k] == '-' { // its not-for-profit arm
			return false
		}
		return folded(nounless, w)
	}
	return false
}

// nounless are words that no noun phrase goes on with.
var nounless = setOf("a an the not been really too gonna ok okay what how where why because about to in on at for with from if when that this my your his her their our")

// clitic returns where the clitic that w ends with starts, 0 without one.
func clitic(w string) int {
	i := strings.LastIndexAny(w, "'’‘`´ʼ′")
	if i <= 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(w[i:])
	tail := w[i+n:]
	if len(tail) > 2 {
		return 0
	}
	before := w[i-1]
	switch low := lowerASCII(tail); {
	case low == "t" && before|0x20 == 'n' && i > 1:
		return i - 1
	case low == "s" && isASCIIDigit(before):
		if before == '0' && digits(w[:i]) { // the 1990's
			return 0
		}
		return i
	case clitics[low]:
		return i
	}
	return 0
}

// mayHoldAddress says whether a chunk has a mark of web and mail addresses.
func mayHoldAddress(c string) bool {
	for i := 1; i+1 < len(c); i++ {
		switch c[i] {
		case '@':
			return true
		case '.':
			if isASCIILetter(c[i+1]) && c[i-1] != '.' {
				return true
			}
		case ':':
			if c[i+1] == '/' {
				return true
			}
		}
	}
	return false
}

// address returns the end of a web or mail address that starts at i, 0
// without one. Closing punctuation and a possessive are left off.
func (t *tokeniser) address(i, end int) int {
	end = min(end, i+longestAddress)
	c := t.text[i:end]
	if !isASCIILetter(c[0]) && !isASCIIDigit(c[0]) {
		return 0
	}
	if !strings.HasPrefix(c, "www.") && !strings.Contains(c[:min(len(c), 12)], "://") && !mail(c) && !site(c) {
		return 0
	}
	if j := strings.IndexAny(c, ">\"”"); j > 0 {
		end = i + j
	}
	for end > i {
		r, n := utf8.DecodeLastRuneInString(t.text[i:end])
		if !isCloser(r) && !isOpener(r) && !isTerminator(r) && r != ',' && r != ';' && r != ':' {
			break
		}
		end -= n
	}
	if k := clitic(t.text[i:end]); k > 0 {
		end = i + k
	}
	return end
}

const longestAddress = 2000

// mail says whether c opens with name@host, or name@NETWORK.
func mail(c string) bool {
	at := strings.IndexByte(c[:min(len(c), longestHost)], '@')
	return at > 0 && at+1 < len(c) && isASCIILetter(c[at+1])
}

// site says whether c opens with a bare host name: "report.az/en".
func site(c string) bool {
	n := 0
	for n < len(c) && n < longestHost && (isASCIILetter(c[n]) || isASCIIDigit(c[n]) || c[n] == '.' || c[n] == '-') {
		n++
	}
	host := strings.TrimRight(c[:n], ".-")
	i := strings.LastIndexByte(host, '.')
	return i > 1 && domains[host[i+1:]] && !dotted(host)
}

const longestHost = 100

// domains that sites named in news have. Country codes that are English words
// (in, is, it, me, us, at, be, no, so, to) are left out: a lost space before
// them is commoner.
var domains = setOf("com org net gov edu mil int info biz eu az am ge ru ua by kz uz tj kg tm tr ir cn jp kr uk de fr es pt pl cz sk hu ro bg gr rs hr si ch nl dk se fi lt lv ee il eg sa ae qa kw om jo lb sy iq pk bd lk np mm th vn id my ph sg hk tw nz za ng ke gh et sd ly tn dz ma br ar cl mx pe ve cu ca tv news media online")

// folded looks a word up in lower case.
func folded[V any](m map[string]V, w string) (v V) {
	var room [40]byte
	if len(w) > len(room) {
		return v
	}
	for i := range len(w) {
		c := w[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		room[i] = c
	}
	return m[string(room[:len(w)])]
}

// lowerASCII lowers short words without allocating when they are lower
// already.
func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}
