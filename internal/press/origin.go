package press

import (
	"bytes"
	"regexp"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding"

	"rapport"
)

// piece is a text token of a page: where its letters begin among all letters
// of the page, and where its bytes stand.
type piece struct{ at, start, end int }

// tracer finds blocks of an article in the page that they were taken from.
// The parser tells no offsets, so the page is scanned once more, and blocks
// are looked for by their letters without blanks. It holds the letters of the
// page once and three numbers a text token.
type tracer struct {
	page    string
	letters string
	pieces  []piece
	cursor  int // letters up to the end of the block found last
	missed  int
}

const mostMissed = 40 // blocks looked for in vain, a page

func newTracer(page string) *tracer {
	t := &tracer{page: page}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	at, hidden := 0, atom.Atom(0)
	for {
		kind := z.Next()
		n := len(z.Raw())
		switch kind {
		case html.ErrorToken:
			t.letters = b.String()
			return t
		case html.StartTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); hidden == 0 && (a == atom.Script || a == atom.Style || a == atom.Title) {
				hidden = a
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if atom.Lookup(name) == hidden {
				hidden = 0
			}
		case html.TextToken:
			if hidden == 0 {
				t.pieces = append(t.pieces, piece{b.Len(), at, at + n})
				b.WriteString(solid(unescape(page[at : at+n])))
			}
		}
		at += n
	}
}

// solid returns s without blanks.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// find returns where a block stands in the page, from its first letter to its
// last: what comes after the block found before, else the first of its kind.
func (t *tracer) find(block string) (rapport.Span, bool) {
	want := solid(block)
	if want == "" || t.missed > mostMissed {
		return rapport.Span{}, false
	}
	at := strings.Index(t.letters[t.cursor:], want)
	if at >= 0 {
		at += t.cursor
		t.cursor = at + len(want)
	} else if at = strings.Index(t.letters, want); at < 0 {
		t.missed++
		return rapport.Span{}, false
	}
	s := rapport.Span{Start: t.offset(at, false), End: t.offset(at+len(want), true)}
	return s, s.Start < s.End
}

var chained = regexp.MustCompile(`^&(?:amp;)*(?:[a-zA-Z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});`)

// offset returns the byte of the page where the letter at stands, or after
// end the one before it ends.
func (t *tracer) offset(at int, end bool) int {
	i := sort.Search(len(t.pieces), func(i int) bool {
		if end {
			return t.pieces[i].at >= at
		}
		return t.pieces[i].at > at
	}) - 1
	p := t.pieces[max(i, 0)]
	raw := t.page[p.start:p.end]
	for n, i := p.at, 0; i < len(raw); {
		unit := chained.FindString(raw[i:])
		letters := unescape(unit)
		if unit == "" {
			k := 1
			for i+k < len(raw) && raw[i+k]&0xc0 == 0x80 {
				k++
			}
			unit = raw[i : i+k]
			letters = unit
		}
		step := len(solid(letters))
		if !end && n >= at && step > 0 {
			return p.start + i
		}
		n += step
		i += len(unit)
		if end && n >= at {
			return p.start + i
		}
	}
	if end {
		return p.end
	}
	return p.start
}

// inBytes turns spans in the decoded page, in order of their starts, into
// spans of the bytes it was decoded from: by encoding it again, which must
// give the same bytes. nil where it does not, as where bytes were broken.
func inBytes(raw []byte, page string, e encoding.Encoding, spans []rapport.Span) []rapport.Span {
	rest := raw
	if bytes.HasPrefix(rest, []byte("\xef\xbb\xbf")) {
		rest = rest[3:]
	}
	if string(rest) == page {
		skip := len(raw) - len(rest)
		for i := range spans {
			spans[i].Start += skip
			spans[i].End += skip
		}
		return spans
	}
	if e == nil {
		return nil
	}
	at := make([]int, 0, 2*len(spans)+1)
	for _, s := range spans {
		at = append(at, s.Start, s.End)
	}
	sort.Ints(at)
	to := map[int]int{}
	in, out := 0, 0
	if len(raw) > 2 && (raw[0] == 0xff && raw[1] == 0xfe || raw[0] == 0xfe && raw[1] == 0xff) {
		out = 2
	}
	enc := e.NewEncoder()
	for _, a := range at {
		enc.Reset()
		b, err := enc.Bytes([]byte(page[in:a]))
		b = bytes.TrimPrefix(bytes.TrimPrefix(b, []byte("\xfe\xff")), []byte("\xff\xfe"))
		if err != nil || !bytes.HasPrefix(raw[out:], b) {
			return nil
		}
		out += len(b)
		in = a
		to[a] = out
	}
	for i := range spans {
		spans[i] = rapport.Span{Start: to[spans[i].Start], End: to[spans[i].End]}
	}
	return spans
}
