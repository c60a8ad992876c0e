package briefs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/relations"
)

// page is a brief being written: blocks, which the writers of Markdown, HTML,
// DOCX and PDF turn into their forms.
type page struct {
	r      *relations.Relation
	o      Options
	blocks []block
	notes  []note
	of     map[string]int // claim → its footnote, from 1
	at     map[place]int  // sentence → its footnote
	level  int            // on one page, how full it is: lines of a part of a section, from onePageLines down to 0
	left   int            // lines left out to keep to a page
	empty  []string       // sections of one page with nothing to tell

	differ map[string][]relations.Difference // event → the fields on which its reports differ
	order  map[string]int                    // event → its place in time, 0 for those nobody dates
	inf    map[string]bool                   // event → whether a party is inferred
}

// note is one footnote: a sentence of a report and the claims it tells.
type note struct {
	report string
	span   rapport.Span
	claims []string
}

// place is a sentence of a report.
type place struct {
	report string
	span   rapport.Span
}

// block is a paragraph, a line of a list, a table, a picture.
type block struct {
	kind   blockKind
	text   string // in line markup: see run
	indent int    // of an item
	head   []string
	rows   [][]string
	wide   []int // of a table: how the columns share its width
	chart  *drawing
}

type blockKind int

const (
	title blockKind = iota
	lead            // what the brief is and rests on
	heading
	label // of a part of a section
	topic // of lines about one thing
	para
	item
	table
	chart
	sources // the footnotes; Markdown and HTML write them here, DOCX and PDF where they see fit
)

// Line markup: control characters, which plain takes out of whatever reports
// bring, so that no report can forge it.
const (
	strongOn, strongOff = "\x01", "\x02"
	emOn, emOff         = "\x03", "\x04"
	noteOn, noteOff     = "\x05", "\x06" // around a footnote's number
	inferredMark        = "\x07"         // a party is inferred
)

func strong(s string) string { return strongOn + s + strongOff }

// run is a stretch of text of one kind; with note > 0 or inferred it is a mark
// and has no text.
type run struct {
	text       string
	strong, em bool
	note       int
	inferred   bool
}

// runs takes line markup apart.
func runs(s string) (out []run) {
	var now run
	flush := func(text string) {
		if text != "" {
			r := now
			r.text = text
			out = append(out, r)
		}
	}
	for {
		i := strings.IndexAny(s, strongOn+strongOff+emOn+emOff+noteOn+inferredMark)
		if i < 0 {
			flush(s)
			return out
		}
		flush(s[:i])
		mark := s[i : i+1]
		s = s[i+1:]
		switch mark {
		case strongOn, strongOff:
			now.strong = mark == strongOn
		case emOn, emOff:
			now.em = mark == emOn
		case inferredMark:
			out = append(out, run{inferred: true})
		case noteOn:
			number, rest, _ := strings.Cut(s, noteOff)
			n, _ := strconv.Atoi(number) // written by cite
			out, s = append(out, run{note: n}), rest
		}
	}
}

// onlyMarks reports whether line markup is nothing but marks: a cell of sources.
func onlyMarks(s string) bool {
	for _, r := range runs(s) {
		if r.note == 0 {
			return false
		}
	}
	return s != ""
}

// bare is line markup without its marks.
func bare(s string) string {
	var b strings.Builder
	for _, r := range runs(s) {
		b.WriteString(r.text)
	}
	return b.String()
}

func newPage(r *relations.Relation, o Options) *page {
	p := &page{r: r, o: o, level: onePageLines, of: map[string]int{}, at: map[place]int{}, differ: map[string][]relations.Difference{}, inf: map[string]bool{}}
	for _, d := range r.Differences {
		if d.Field != "" && d.Field != "cameo" {
			p.differ[d.Event] = append(p.differ[d.Event], d)
		}
	}
	return p
}

// place in time of each event, found once.
func (p *page) times() map[string]int {
	if p.order == nil {
		p.order = make(map[string]int, len(p.r.Timeline))
		for i, id := range p.r.Timeline {
			p.order[id] = i + 1
			if p.r.Events[id].Date == "" {
				p.order[id] = 0
			}
		}
	}
	return p.order
}

// scratch is a page of the same brief to see how much room something takes.
func (p *page) scratch(level int) *page {
	q := newPage(p.r, p.o)
	q.level, q.differ, q.order, q.inf = level, p.differ, p.times(), p.inf
	return q
}

func (p *page) add(kind blockKind, format string, args ...any) {
	p.blocks = append(p.blocks, block{kind: kind, text: fmt.Sprintf(format, args...)})
}

func (p *page) table(head []string, wide []int, rows [][]string) {
	p.blocks = append(p.blocks, block{kind: table, head: head, wide: wide, rows: rows})
}

// chart adds a picture, none for nil.
func (p *page) chart(d *drawing) {
	if d != nil {
		p.blocks = append(p.blocks, block{kind: chart, chart: d})
	}
}

// length is about how many lines of an A4 page the body takes.
func (p *page) length() (n float64) {
	const letters = 106 // a line
	lines := func(s string, width float64) float64 { return math.Ceil((float64(len([]rune(bare(s)))) + 2) / width) }
	for _, b := range p.blocks {
		switch b.kind {
		case title, heading:
			n += 2.5
		case table:
			for _, row := range append(b.rows, b.head) {
				most := 1.0
				for i, cell := range row {
					most = max(most, lines(cell, letters*1.08*float64(b.wide[i])/100))
				}
				n += 0.86*most + 0.45
			}
		default:
			n += lines(b.text, letters) + 0.2
		}
	}
	return n
}

// cite returns the footnote marks of claims, in order of number.
func (p *page) cite(claims []string) string {
	var ns []int
	for _, id := range claims {
		n, ok := p.of[id]
		if !ok {
			n = p.footnote(id)
		}
		if !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	var b strings.Builder
	for _, n := range ns {
		b.WriteString(noteOn + strconv.Itoa(n) + noteOff)
	}
	return b.String()
}

// footnote gives a claim its footnote: that of its sentence, which other
// claims may share.
func (p *page) footnote(id string) int {
	c := p.r.Claims[id]
	at := place{c.Report, c.Evidence.Span}
	n, ok := p.at[at]
	if !ok {
		p.notes = append(p.notes, note{c.Report, c.Evidence.Span, nil})
		n = len(p.notes)
		p.at[at] = n
	}
	p.notes[n-1].claims = append(p.notes[n-1].claims, id)
	p.of[id] = n
	return n
}

// source is a footnote in words.
type source struct {
	head     string // outlet, title, date; outlet in emphasis
	url      string // of the web, or ""
	elsewise string // any other address
	sentence string
	claims   []string
}

// sourceOf words footnote i, counted from 0.
func (p *page) sourceOf(i int) source {
	n := p.notes[i]
	r, c := p.r.Reports[n.report], p.r.Claims[n.claims[0]]
	var parts []string
	if r.Outlet != "" {
		parts = append(parts, emOn+plain(r.Outlet)+emOff)
	}
	if r.Title != "" {
		parts = append(parts, "“"+inner.Replace(plain(strings.Trim(r.Title, "“”\"")))+"”")
	}
	if len(parts) == 0 {
		parts = append(parts, "report "+plain(n.report))
	}
	parts = append(parts, inWords(r.Published))
	s := source{head: strings.Join(parts, ", "), sentence: inner.Replace(plain(c.Evidence.Text)), claims: slices.Sorted(slices.Values(n.claims))}
	switch {
	case r.URL == "":
	case web(r.URL):
		s.url = escapeURL(r.URL)
	default:
		s.elsewise = plain(r.URL)
	}
	return s
}

// web reports whether an address is one that a reader may safely follow.
func web(url string) bool {
	low := strings.ToLower(url)
	return strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://")
}

// inner turns quotation marks to those of a quotation within one.
var inner = strings.NewReplacer("“", "‘", "”", "’", `"`, "'")

// unseen reports whether a terminal or a page acts on a character instead of
// showing it: controls, and marks that turn the direction of writing.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// plain makes a report's words fit for a line: one line, no character that is
// not shown, and so no line markup.
func plain(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.ContainsFunc(s, unseen) {
		s = strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return r
		}, s)
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
