package text

import (
	_ "embed"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// A dateline is made of parts in nearly any order: a label ("MEDIA RELEASE"),
// places, a day, the agency, and marks between them. [scanner.dateline] takes
// the parts off the front of a line one after the other; which ones it met
// decides how sure it is. Agencies differ in the order and the marks only, so
// a grammar for each of them (the rejected way) would say the same thing
// thirty times and miss the next one.

// dateline is where and when a report says it was filed.
type dateline struct {
	span   rapport.Span
	place  string
	day    day
	signed string // the agency, as it signs
}

// day is a day as a dateline tells it; 0 is untold.
type day struct{ year, month, day int }

func (d day) date() rapport.Date {
	t := time.Date(d.year, time.Month(max(d.month, 1)), max(d.day, 1), 0, 0, 0, 0, time.UTC)
	switch {
	case d.year == 0 || d.month == 0:
		return ""
	case d.day == 0:
		return rapport.Date(t.Format("2006-01"))
	case t.Day() != d.day || int(t.Month()) != d.month:
		return ""
	}
	return rapport.Day(t)
}

// published returns the day of publication, given what the caller knows: a
// given day stands; a given month, year or interval is narrowed by a dateline
// that falls in it; when nothing is given the dateline must tell its year.
func (l dateline) published(given rapport.Date) rapport.Date {
	if given == "" {
		return l.day.date()
	}
	if given.Grain() == rapport.DayGrain || l.day.day == 0 {
		return given
	}
	first, last, _ := given.Bounds()
	if first.IsZero() || last.IsZero() || last.Sub(first) > 366*24*time.Hour {
		return given
	}
	for y := first.Year(); y <= last.Year(); y++ {
		d := l.day
		if d.year == 0 {
			d.year = y
		}
		if t, _, ok := d.date().Bounds(); ok && d.year == y && !t.Before(first) && !t.After(last) {
			return d.date()
		}
	}
	return given
}

// Where datelines stand: among the first lines, before the body gets going.
const (
	headLines = 14
	headBytes = 3000
)

// findDateline returns the report's dateline, the zero value when it has none.
func findDateline(text string) dateline {
	var dated dateline // a day on a line of its own, above a place
	at, body := 0, false
	for n := 0; n < headLines && at < len(text) && at < headBytes; {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := strings.TrimRightFunc(text[at:end], unicode.IsSpace)
		if strings.TrimSpace(line) != "" {
			n++
			s := scanner{s: line}
			if l, sure := s.dateline(); sure || l.span.Len() > 0 && !body {
				l.span.Start, l.span.End = l.span.Start+at, l.span.End+at
				switch {
				case dated.span.Len() == 0 && l.place == "":
					dated = l
				case l.place != "":
					if l.day.year == 0 && dated.day.year != 0 {
						l.day = dated.day
					}
					return l
				}
			}
			body = body || isProse(line)
		}
		at = end + 1
	}
	return dated
}

// isProse tells a paragraph of running text from headlines, bylines and bullets.
func isProse(line string) bool {
	words := strings.Fields(line)
	if len(words) < 8 {
		return false
	}
	last := strings.TrimRight(line, `"'”’»)] `)
	return len(words) > 40 || strings.HasSuffix(last, ".") || strings.HasSuffix(last, "!") || strings.HasSuffix(last, "?") ||
		strings.HasSuffix(line, ":")
}

// scanner takes parts off the front of one line.
type scanner struct {
	s string
	i int
}

func (s *scanner) rest() string { return s.s[s.i:] }

func (s *scanner) spaces() {
	s.i = len(s.s) - len(strings.TrimLeftFunc(s.rest(), unicode.IsSpace))
}

// parts is what a dateline was found to hold.
type parts struct {
	label, place bool
	agency       agencyKind
	signed       string // the agency's words
	day          day
	mark         string // the mark after the last part: "—" for any dash, "." ":" "," ""
}

// dateline reads the dateline that opens the line. sure tells those that no
// headline or sentence looks like; one that is not sure has a span all the same.
func (s *scanner) dateline() (l dateline, sure bool) {
	s.spaces()
	start := s.i
	var p parts
	if s.signed(&p, false) {
		p.mark = s.mark()
		start = s.i
	}
	if s.label() {
		p.label = true
		p.mark = s.mark()
	}
	var place string
	for s.i < len(s.s) {
		at := s.i
		switch {
		case s.date(&p.day), s.weekday(), s.clock():
		case s.signed(&p, place != "" || p.day.day != 0), s.hijri(), p.day.day != 0 && s.label():
		case place == "" || p.mark == "," && p.agency == noAgency && p.day.month == 0 && strings.Count(place, ", ") < 2:
			words := s.place()
			if p.day.day != 0 && p.mark == "—" && s.i < len(s.s) { // "8 June 2024 – The Secretary-General …"
				words, s.i = "", at
			}
			if words == "" {
				return s.accept(p, start, at, place)
			}
			if place != "" {
				words = place + ", " + words
			}
			place = words
		default:
			return s.accept(p, start, at, place)
		}
		end := s.i
		p.place = place != ""
		p.mark = s.mark()
		if s.i == end && s.i < len(s.s) && !s.gap() {
			return s.accept(p, start, s.i, place)
		}
	}
	return s.accept(p, start, s.i, place)
}

// gap passes what may stand between parts that no mark parts: a blank, or
// nothing before a bracket ("June 8 (AP)", "Jan. 1(Xinhua)").
func (s *scanner) gap() bool {
	at := s.i
	s.spaces()
	return s.i > at || peek(s.rest()) == '('
}

// accept weighs the parts that were read up to the byte end.
func (s *scanner) accept(p parts, start, end int, place string) (dateline, bool) {
	after := strings.TrimLeftFunc(s.s[end:], unicode.IsSpace)
	whole := after == ""
	ended := p.mark == "—" || p.mark == "." || p.mark == ":" || whole
	l := dateline{place: place, day: p.day, signed: p.signed,
		span: rapport.Span{Start: start, End: start + len(strings.TrimRightFunc(s.s[start:end], unicode.IsSpace))}}
	hasDay := p.day.day != 0
	switch {
	case p.place && hasDay && (ended || p.agency != noAgency):
		return l, true
	case p.place && p.agency != noAgency && p.mark == "—":
		return l, true
	case p.place && p.agency == listedAgency && startsUpper(after):
		return l, true
	case whole && p.day.month != 0 && (hasDay || p.label):
		return l, true
	case hasDay && p.day.year != 0 && p.mark == "—" && startsUpper(after):
		return l, true
	case hasDay && p.agency != noAgency && ended:
		return l, true
	case p.place && p.mark == "—" && !p.label && p.agency == noAgency && !hasDay && bareDash(s.s[start:end], place, after):
		return l, false
	}
	return s.heading()
}

// bareDash decides on a place and a dash alone ("ATHENS — At Helsinki on …").
// A place in capitals will do; another could be any noun before a dash, so no
// second dash may close a parenthesis that the first opens.
func bareDash(head, place, after string) bool {
	if !startsUpper(after) || len(after) < 40 || !isProse(after) || len(strings.Fields(place)) > 5 {
		return false
	}
	dash := strings.TrimRight(head, " ")
	spaced := strings.HasSuffix(strings.TrimRight(dash, "-—–‒―_"), " ")
	if stopped(place) || strings.HasSuffix(dash, "-") && !spaced {
		return false
	}
	if place == strings.ToUpper(place) && utf8.RuneCountInString(place) > 3 {
		return true
	}
	sentence, _, _ := strings.Cut(after, ". ")
	return !strings.ContainsAny(sentence, "—–") && !strings.Contains(sentence, " - ") && !strings.Contains(sentence, "--")
}

func startsUpper(s string) bool {
	s = strings.TrimLeft(s, `"'“‘«„(`)
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
}

// genres are the words of a heading that may end in its place and day:
// "Foreign Ministry Spokesperson's regular press conference, Beijing, March 27, 2023".
var genres = []string{"conference", "briefing", "statement", "remarks", "speech", "address", "press", "release", "readout",
	"communique", "communiqué", "declaration", "transcript", "interview", "meeting", "minutes", "comment", "message"}

// heading reads the place and day, with its year, at the end of a heading.
func (s *scanner) heading() (dateline, bool) {
	line := s.s
	if isProse(line) || len(line) > 300 {
		return dateline{}, false
	}
	end := len(line)
	if i := strings.LastIndexByte(line, '('); i > 0 && strings.HasSuffix(line, ")") {
		end = len(strings.TrimRight(line[:i], " "))
	}
	low := strings.ToLower(line)
	if !slices.ContainsFunc(genres, func(g string) bool { return strings.Contains(low, g) }) {
		return dateline{}, false
	}
	// The day is the last one that runs to the end of the heading.
	for i := 1; i < end; i++ {
		if line[i-1] != ' ' {
			continue
		}
		t := scanner{s: line[:end], i: i}
		var d day
		if !t.date(&d) || t.i != end || d.year == 0 || d.day == 0 {
			continue
		}
		l := dateline{day: d, span: rapport.Span{Start: i, End: end}}
		before := strings.TrimRight(line[:i], " ,")
		if j := strings.LastIndexAny(before, ",–—"); j >= 0 && len(before) < i-1 {
			_, n := utf8.DecodeRuneInString(before[j:])
			from := j + n + len(before[j+n:]) - len(strings.TrimLeft(before[j+n:], " "))
			p := scanner{s: before, i: from}
			if w := p.place(); w != "" && p.i == len(before) && !stopped(w) {
				l.place, l.span.Start = w, from
			}
		}
		return l, true
	}
	return dateline{}, false
}

// mark passes the mark between two parts with the blanks around it and names
// it: "—" for any dash, else itself.
func (s *scanner) mark() string {
	at := s.i
	s.spaces()
	found := ""
	for s.i < len(s.s) {
		r, n := utf8.DecodeRuneInString(s.rest())
		switch r {
		case '—', '–', '‒', '―', '‑', '-', '−', '_':
			found = "—"
		case ',', ';', '|':
			if found != "—" {
				found = ","
			}
		case '.', '/':
			if found == "" || found == "," {
				found = "."
			}
		case ':':
			if found == "" {
				found = ":"
			}
		default:
			n = 0
		}
		if n == 0 || r == '/' && s.slashes() {
			break
		}
		s.i += n
		s.spaces()
		if found == "—" && !strings.ContainsRune("-—–,", peek(s.rest())) {
			break
		}
	}
	if found == "" {
		s.i = at
	}
	return found
}

func peek(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// slashes reports whether an agency between slashes stands next: "/TASS/".
func (s *scanner) slashes() bool {
	t := *s
	return t.agency(true) != noAgency
}

// agencyKind is how sure it is that an agency signs.
type agencyKind int

const (
	noAgency     agencyKind = iota
	someName                // any short name in brackets
	listedAgency            // one of agencies.txt, or a web domain in capitals
)

// signed passes an agency and notes its words, a listed one's before another's.
func (s *scanner) signed(p *parts, bare bool) bool {
	at := s.i
	k := s.agency(bare)
	words := s.s[at:s.i]
	if name := strings.Trim(words, "()/ "); k > p.agency && startsUpper(name) && words[0] != '[' {
		p.signed = name
	}
	p.agency = max(p.agency, k)
	return k != noAgency
}

// agency passes an agency: anything short between brackets or slashes, or a
// name of agencies.txt. bare allows the latter.
func (s *scanner) agency(bare bool) agencyKind {
	rest := s.rest()
	closer := map[rune]string{'(': ")", '[': "]", '/': "/"}[peek(rest)]
	if closer != "" {
		end := strings.Index(rest[1:], closer)
		if end < 1 || end > 60 {
			return noAgency
		}
		inner := strings.TrimSpace(rest[1 : 1+end])
		if !startsLetter(inner) || len(strings.Fields(inner)) > 6 {
			return noAgency
		}
		s.i += end + 2
		if agencyAt(inner) > 0 {
			return listedAgency
		}
		return someName
	}
	if n := agencyAt(rest); bare && n > 0 {
		s.i += n
		return listedAgency
	}
	return noAgency
}

func startsLetter(s string) bool { return unicode.IsLetter(peek(s)) }

//go:embed agencies.txt
var agencyList string

// agencies holds the signatures in lower case, the longest first.
var agencies = readAgencies()

func readAgencies() []string {
	var out []string
	for line := range strings.Lines(agencyList) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, strings.ToLower(line))
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return out
}

// agencyAt returns the length of the agency's signature at the front of s: a
// listed one, or a name in capitals with a web domain ("REPORT.AZ").
func agencyAt(s string) int {
	word := s
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",/():–—", r) }); i >= 0 {
		word = s[:i]
	}
	if host, domain, ok := strings.Cut(word, "."); ok && len(host) > 1 && len(domain) >= 2 && len(domain) <= 3 && word == strings.ToUpper(word) && startsLetter(host) {
		return len(word)
	}
	for _, a := range agencies {
		if len(s) >= len(a) && strings.EqualFold(s[:len(a)], a) {
			if r := peek(s[len(a):]); !unicode.IsLetter(r) && !unicode.IsDigit(r) && s[0] == strings.ToUpper(s[:1])[0] {
				return len(a)
			}
		}
	}
	return 0
}

// labels open a line that says what kind of paper this is.
var labels = []string{"for immediate release", "media release", "press release", "news release", "press statement", "media statement",
	"press communique", "press communiqué", "joint statement", "joint communique", "joint communiqué", "joint press release",
	"statement", "communique", "communiqué", "press briefing", "readout", "published on", "published", "posted on", "posted", "updated on",
	"updated", "last updated", "date", "issued on", "issued", "released on", "released", "dated", "news", "transcript"}

// label passes a label and its number ("Press release No. 236/24").
func (s *scanner) label() bool {
	low := strings.ToLower(s.rest())
	for _, l := range labels {
		if !strings.HasPrefix(low, l) || len(s.rest()) < len(l) {
			continue
		}
		if r := peek(low[len(l):]); unicode.IsLetter(r) || unicode.IsDigit(r) {
			continue
		}
		t := scanner{s: s.s, i: s.i + len(l)}
		t.spaces()
		if n := numberLabel(t.rest()); n > 0 {
			t.i += n
		}
		s.i = t.i
		return true
	}
	return false
}

// numberLabel returns the length of "No. 236/24", "no 12", "№ 3-01" at the front of s.
func numberLabel(s string) int {
	low := strings.ToLower(s)
	for _, p := range []string{"no.", "no", "nr.", "№", "#"} {
		if strings.HasPrefix(low, p) {
			i := len(p)
			i += len(s[i:]) - len(strings.TrimLeft(s[i:], " "))
			n := len(s[i:]) - len(strings.TrimLeft(s[i:], "0123456789/-"))
			if n > 0 {
				return i + n
			}
		}
	}
	return 0
}

// place passes the words of one place: capitalised words, with the small
// words that stand within names of places.
func (s *scanner) place() string {
	start, end, words := s.i, s.i, 0
	for words < 6 {
		w := s.placeWord()
		if w == "" {
			break
		}
		small := peek(w) == '-' || unicode.IsLower(peek(w))
		if words == 0 && (small || functionWord(w)) {
			s.i = start
			return ""
		}
		words++
		if !small {
			end = s.i
		}
		// CAIRO/BAKU and NEW DELHI [India] go on without a blank or comma.
		if peek(s.rest()) == '/' && s.i+1 < len(s.s) && unicode.IsUpper(peek(s.s[s.i+1:])) && !s.slashes() {
			s.i++
			continue
		}
		if peek(s.rest()) != ' ' {
			break
		}
		s.spaces()
	}
	s.i = end
	name := strings.Join(strings.Fields(s.s[start:end]), " ")
	if slices.Contains(labels, strings.ToLower(name)) {
		s.i = start
		return ""
	}
	return name
}

// inPlaces are small words within names of places.
var inPlaces = map[string]bool{"of": true, "de": true, "del": true, "la": true, "el": true, "al": true, "da": true, "do": true, "dos": true,
	"the": true, "am": true, "an": true, "der": true, "sur": true, "upon": true, "on": true, "and": true, "les": true, "le": true, "near": true, "in": true}

// abbreviated words of places keep their full stop.
var abbreviated = map[string]bool{"st": true, "ste": true, "mt": true, "ft": true, "pt": true, "d.c": true, "u.s": true, "u.n": true, "u.k": true, "n.y": true, "u.a.e": true}

// placeWord passes one word of a place, "" when the next word is none.
func (s *scanner) placeWord() string {
	rest := s.rest()
	n := 0
	for n < len(rest) {
		r, k := utf8.DecodeRuneInString(rest[n:])
		inner := n > 0 && n+k < len(rest) && (r == '\'' || r == '’' || r == '‘' || r == '`' || r == '-' || r == '.') && unicode.IsLetter(peek(rest[n+k:]))
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !inner {
			break
		}
		n += k
	}
	w := rest[:n]
	low := strings.ToLower(w)
	if w == "" || monthOf(low) > 0 || isWeekday(low) {
		return ""
	}
	if strings.HasPrefix(rest[n:], ".") && abbreviated[low] {
		n++
	}
	if unicode.IsLower(peek(w)) && !inPlaces[low] && !strings.HasPrefix(low, "al-") && !strings.HasPrefix(low, "el-") && !strings.HasPrefix(low, "d'") {
		return ""
	}
	s.i += n
	return rest[:n]
}

// functionWord reports words that open sentences, never places.
func functionWord(w string) bool {
	switch strings.ToLower(w) {
	case "on", "in", "at", "by", "since", "from", "until", "after", "before", "last", "as", "it", "a", "an", "this", "that", "these", "those",
		"he", "she", "we", "they", "i", "you", "but", "and", "or", "if", "when", "while", "for", "to", "with", "during", "between", "his", "her", "their", "our",
		"is", "was", "what", "who", "how", "why", "where", "not", "no", "there", "here", "today", "yesterday", "tomorrow", "early", "late", "q", "all", "photo", "born", "died":
		return true
	}
	return false
}

// stopped reports words before a dash that head sections, not datelines.
func stopped(place string) bool {
	first, _, _ := strings.Cut(strings.ToLower(place), " ")
	switch first {
	case "analysis", "opinion", "editorial", "exclusive", "breaking", "update", "comment", "interview", "watch", "live", "correction", "corrected",
		"background", "note", "summary", "question", "answer", "factbox", "timeline", "explainer", "explained", "urgent", "flash", "refile", "wrapup",
		"insight", "feature", "special", "column", "commentary", "podcast", "video", "photos", "review", "profile", "advisory", "editor", "editors", "source",
		"sources", "caption", "letter", "report", "reports", "news", "world", "politics", "nato", "opec", "asean", "ecowas", "brics", "unesco", "unicef",
		"president", "minister", "ambassador", "prime", "foreign":
		return true
	}
	return false
}
