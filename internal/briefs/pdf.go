package briefs

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"rapport/internal/relations"
)

//go:embed fonts/NotoSans-Regular.ttf
var regularTTF []byte

//go:embed fonts/NotoSans-Bold.ttf
var boldTTF []byte

//go:embed fonts/NotoSans-Italic.ttf
var italicTTF []byte

// Measures of the A4 page, in points.
const (
	pdfWidth, pdfHeight = 595.28, 841.89
	pdfLeft, pdfRight   = 57.0, 57.0
	pdfTop, pdfBottom   = 52.0, 60.0
	pdfText             = pdfWidth - pdfLeft - pdfRight
)

// type sizes, and the lines they stand in, of one kind of text.
type face struct {
	size, leading float64
	color         color
}

// setting is the type of a brief.
type setting struct {
	body, lead, cell, head face
	heading                float64 // size of the headings
	above                  float64 // room above them
}

var (
	spacious = setting{face{9.2, 12.6, ink}, face{9.2, 12.8, faint}, face{8, 10.6, ink}, face{8, 10.6, faint}, 12, 13}
	compact  = setting{face{8.6, 11.2, ink}, face{8.4, 11, faint}, face{7.6, 9.6, ink}, face{7.6, 9.6, faint}, 10.5, 6} // of one page

	sourceFace = face{7.4, 9.8, ink}
	smallFace  = face{7.4, 9.8, faint}
)

// PDF writes the brief of a relation as PDF 1.4 on A4 with its fonts embedded,
// bookmarks, and links from each mark to its source. The same relation and
// options give the same bytes.
func PDF(w io.Writer, r *relations.Relation, o Options) error {
	return layOut(r, o).f.Output(w)
}

func layOut(r *relations.Relation, o Options) *pdfPage {
	p := compose(r, o)
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: pdfWidth, Ht: pdfHeight}})
	f.SetCatalogSort(true)
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // no clock: the day of the brief
	if _, last, ok := r.AsOf.Bounds(); ok && !last.IsZero() {
		day = last
	}
	f.SetCreationDate(day)
	f.SetModificationDate(day)
	f.SetProducer("Rapport", true)
	f.SetTitle(bare(p.blocks[0].text)+" – relations brief", true)
	f.SetLang("en")
	f.SetMargins(pdfLeft, pdfTop, pdfRight)
	f.SetAutoPageBreak(false, pdfBottom)
	f.SetCellMargin(0)
	f.AddUTF8FontFromBytes("noto", "", regularTTF)
	f.AddUTF8FontFromBytes("noto", "B", boldTTF)
	f.AddUTF8FontFromBytes("noto", "I", italicTTF)
	d := &pdfPage{f: f, p: p, set: spacious, links: make([]int, len(p.notes)), lost: map[rune]bool{}}
	if o.OnePage {
		d.set = compact
	}
	for i := range d.links {
		d.links[i] = f.AddLink()
	}
	f.SetFooterFunc(d.footer)
	d.newPage()
	for i, b := range p.blocks {
		d.block(b, p.blocks[min(i+1, len(p.blocks)-1)])
	}
	if len(d.lost) > 0 {
		d.y += 6
		d.paragraph(fmt.Sprintf("%s of scripts other than Latin, Greek and Cyrillic could not be shown here and stand as \ufffd; the other formats of this brief have them.", count(len(d.lost), "letter")), smallFace, pdfLeft, pdfText)
	}
	return d
}

type pdfPage struct {
	f     *fpdf.Fpdf
	p     *page
	set   setting
	y     float64       // top of the next line
	links []int         // of the footnotes
	lost  map[rune]bool // letters without a glyph
	body  int           // pages before the sources
}

func (d *pdfPage) newPage() {
	d.f.AddPage()
	d.y = pdfTop
}

func (d *pdfPage) room(h float64) {
	if d.y+h > pdfHeight-pdfBottom {
		d.newPage()
	}
}

func (d *pdfPage) footer() {
	d.font(smallFace, "")
	left := bare(d.p.blocks[0].text)
	if d.p.r.AsOf != "" {
		left += " · as of " + inWords(d.p.r.AsOf)
	}
	d.f.Text(pdfLeft, pdfHeight-34, d.glyphs(left))
	n := strconv.Itoa(d.f.PageNo())
	d.f.Text(pdfWidth-pdfRight-d.f.GetStringWidth(n), pdfHeight-34, n)
}

func (d *pdfPage) font(f face, style string) {
	d.f.SetFont("noto", style, f.size)
	r, g, b := rgb(f.color)
	d.f.SetTextColor(r, g, b)
}

func rgb(c color) (r, g, b int) {
	n, _ := strconv.ParseInt(tints[c], 16, 32) // the table is ours
	return int(n >> 16), int(n >> 8 & 255), int(n & 255)
}

func (d *pdfPage) block(b, next block) {
	switch b.kind {
	case title:
		d.say(b.text, pdfLeft, face{20, 25, ink}, "B")
		d.y += 4
	case lead:
		d.paragraph(b.text, d.set.lead, pdfLeft, pdfText)
	case heading:
		if b.text == sourcesTitle {
			d.body = d.f.PageNo()
			if d.p.o.OnePage {
				d.newPage() // the back of the sheet
			}
		}
		d.room(52 + d.set.above)
		d.y += d.set.above
		r, g, bl := rgb(ink)
		d.f.SetDrawColor(r, g, bl)
		d.f.SetLineWidth(0.8)
		d.f.Line(pdfLeft, d.y, pdfWidth-pdfRight, d.y)
		d.y += d.set.above * 0.45
		d.f.Bookmark(d.glyphs(bare(b.text)), 0, d.y)
		d.say(b.text, pdfLeft, face{d.set.heading, d.set.heading * 1.33, ink}, "B")
		d.y += 1.5
	case label:
		d.room(40)
		d.y += 5
		d.say(b.text, pdfLeft, face{9.2, 13, ink}, "B")
		d.y += 1
	case topic:
		d.room(36)
		d.y += 4
		d.say(b.text, pdfLeft, face{8.8, 12.4, faint}, "B")
	case item:
		d.item(b)
		if next.kind != item {
			d.y += 2
		}
	case table:
		d.table(b)
	case chart:
		d.picture(b.chart)
	case sources:
		d.sources()
	default:
		d.paragraph(b.text, d.set.body, pdfLeft, pdfText)
	}
}

// say writes one line that is short enough.
func (d *pdfPage) say(text string, x float64, f face, style string) {
	d.font(f, style)
	d.f.Text(x, d.y+f.leading*0.76, d.glyphs(bare(text)))
	d.y += f.leading
}

func (d *pdfPage) paragraph(text string, f face, x, width float64) {
	d.lines(d.wrap(text, f, width), f, x, true)
	d.y += 2.5
}

func (d *pdfPage) item(b block) {
	indent := 11 + 12*float64(b.indent)
	lines := d.wrap(b.text, d.set.body, pdfText-indent)
	d.room(d.set.body.leading * float64(min(len(lines), 2)))
	d.font(d.set.body, "")
	d.f.Text(pdfLeft+indent-9, d.y+d.set.body.leading*0.76, "•")
	d.lines(lines, d.set.body, pdfLeft+indent, true)
	d.y += 2.2
}

// atom is what a line never breaks: a word or a mark.
type atom struct {
	text, style string
	width       float64
	space       bool // before it, unless it begins a line
	note        int  // of a mark
	level       bool // the mark stands in a line of its own, not above one
	url         string
}

// size of an atom's letters.
func (a atom) size(f face) float64 {
	if a.note > 0 && !a.level {
		return f.size * 0.68
	}
	return f.size
}

// wrap breaks text into lines of at most width.
func (d *pdfPage) wrap(text string, f face, width float64) [][]atom {
	var lines [][]atom
	var line []atom
	used := 0.0
	d.f.SetFont("noto", "", f.size)
	blank := d.f.GetStringWidth(" ")
	put := func(a atom) {
		w := a.width
		if a.space && len(line) > 0 {
			w += blank
		}
		if used+w > width && len(line) > 0 && (a.space || a.width > width/2 || a.note > 0 && used+w > width+5) {
			lines, line, used = append(lines, line), nil, 0
			w = a.width
		}
		line, used = append(line, a), used+w
	}
	for _, a := range d.atoms(text, f) {
		for a.width > width { // an address longer than the line
			n := max(1, int(float64(len([]rune(a.text)))*width/a.width)-1)
			r := []rune(a.text)
			part := a
			part.text = string(r[:n])
			part.width = d.f.GetStringWidth(part.text)
			put(part)
			a.text, a.space = string(r[n:]), false
			a.width = d.f.GetStringWidth(a.text)
			lines, line, used = append(lines, line), nil, 0
		}
		put(a)
	}
	return append(lines, line)
}

// atoms cuts line markup into words and marks with their widths.
func (d *pdfPage) atoms(text string, f face) (out []atom) {
	space := false
	notes := false // a mark stands before
	alone := onlyMarks(text)
	for _, r := range runs(text) {
		if r.note > 0 {
			a := atom{text: strconv.Itoa(r.note), note: r.note, level: alone, space: alone && notes}
			if notes && !alone {
				a.text = " " + a.text
			}
			notes = true
			d.f.SetFont("noto", "", a.size(f))
			a.width = d.f.GetStringWidth(a.text)
			out = append(out, a)
			continue
		}
		notes = false
		style := ""
		switch {
		case r.strong:
			style = "B"
		case r.em:
			style = "I"
		}
		d.f.SetFont("noto", style, f.size)
		if r.inferred {
			out = append(out, atom{text: "†", width: d.f.GetStringWidth("†"), space: space})
			space = false
			continue
		}
		s := d.glyphs(r.text)
		for len(s) > 0 {
			if s[0] == ' ' {
				space, s = true, s[1:]
				continue
			}
			w, rest, more := strings.Cut(s, " ")
			out = append(out, atom{text: w, style: style, width: d.f.GetStringWidth(w), space: space})
			space = false
			if more {
				s = " " + rest
			} else {
				s = ""
			}
		}
	}
	return out
}

// lines draws wrapped lines from the top of the next line on; where they may
// break to a new page they do.
func (d *pdfPage) lines(lines [][]atom, f face, x float64, breaks bool) {
	for _, l := range lines {
		if breaks {
			d.room(f.leading)
		}
		at := x
		for i, a := range l {
			up := 0.0
			c := f.color
			if a.note > 0 {
				c = cooperative
			}
			if a.note > 0 && !a.level {
				up = f.size * 0.33
			}
			d.f.SetFont("noto", "", f.size)
			if a.space && i > 0 {
				at += d.f.GetStringWidth(" ")
			}
			d.font(face{a.size(f), 0, c}, a.style)
			base := d.y + f.leading*0.76
			d.f.Text(at, base-up, a.text)
			switch {
			case a.note > 0:
				d.f.Link(at, d.y, a.width, f.leading, d.links[a.note-1])
			case a.url != "":
				d.f.LinkString(at, d.y, a.width, f.leading, a.url)
			}
			at += a.width
		}
		d.y += f.leading
	}
}

func (d *pdfPage) table(b block) {
	total := 0
	for _, w := range b.wide {
		total += w
	}
	widths := make([]float64, len(b.wide))
	for i, w := range b.wide {
		widths[i] = pdfText * float64(w) / float64(total)
	}
	const gap = 7
	row := func(cells []string, f face, draw bool) float64 {
		most := 1
		x, top := pdfLeft, d.y
		for i, c := range cells {
			if i == 0 && f == d.set.cell {
				c = strong(c)
			}
			ls := d.wrap(c, f, widths[i]-gap)
			most = max(most, len(ls))
			if draw {
				d.y = top + 2.5
				d.lines(ls, f, x, false)
			}
			x += widths[i]
		}
		d.y = top
		return float64(most)*f.leading + 5
	}
	rule := func(c color, w float64) {
		r, g, bl := rgb(c)
		d.f.SetDrawColor(r, g, bl)
		d.f.SetLineWidth(w)
		d.f.Line(pdfLeft, d.y, pdfWidth-pdfRight, d.y)
	}
	head := func() {
		for i := range b.head {
			b.head[i] = strong(bare(b.head[i]))
		}
		h := row(b.head, d.set.head, true)
		d.y += h
		rule(faint, 0.7)
	}
	d.y += 2
	need := 2*d.set.head.leading + 10 // the head never stands alone
	if len(b.rows) > 0 {
		need += row(b.rows[0], d.set.cell, false)
	}
	d.room(need)
	head()
	for _, cells := range b.rows {
		h := row(cells, d.set.cell, false)
		if d.y+h > pdfHeight-pdfBottom && h < pdfHeight-pdfTop-pdfBottom-30 {
			d.newPage()
			head()
		}
		row(cells, d.set.cell, true)
		d.y += h
		rule(grid, 0.5)
	}
	d.y += 6
}

// picture draws a chart at its own size.
func (d *pdfPage) picture(c *drawing) {
	d.room(c.height + 24)
	top := d.y + 4
	for _, s := range c.shapes {
		r, g, b := rgb(s.color)
		x, y := pdfLeft+s.x, top+s.y
		switch s.kind {
		case rect:
			d.f.SetFillColor(r, g, b)
			d.f.Rect(x, y, s.w, s.h, "F")
		case dot:
			d.f.SetFillColor(r, g, b)
			d.f.Circle(x, y, s.w, "F")
		case line:
			d.f.SetDrawColor(r, g, b)
			d.f.SetLineWidth(0.6)
			d.f.Line(x, y, x+s.w, y+s.h)
		case words:
			d.font(face{s.size, 0, s.color}, "")
			text := d.glyphs(s.text)
			d.f.Text(x-d.f.GetStringWidth(text)*[...]float64{0, 0.5, 1}[s.anchor], y, text)
		}
	}
	d.y = top + c.height + 4
	d.paragraph(c.title+". "+c.desc, smallFace, pdfLeft, pdfText)
	d.y += 3
}

func (d *pdfPage) sources() {
	const indent = 20
	for i := range d.p.notes {
		s := d.p.sourceOf(i)
		text := s.head
		if s.elsewise != "" {
			text += ", " + s.elsewise
		}
		if s.url != "" {
			text += ", " + s.url
		}
		lines := d.wrap(text+": “"+s.sentence+"” ("+s.marks()+")", sourceFace, pdfText-indent)
		if s.url != "" {
			for _, l := range lines {
				for k := range l {
					if strings.Contains(s.url, strings.TrimRight(l[k].text, ":")) && len(l[k].text) > 6 {
						l[k].url = s.url
					}
				}
			}
		}
		d.room(sourceFace.leading * float64(min(len(lines), 3)))
		d.f.SetLink(d.links[i], d.y, -1)
		d.font(face{sourceFace.size, 0, faint}, "")
		n := strconv.Itoa(i + 1)
		d.f.Text(pdfLeft+indent-6-d.f.GetStringWidth(n), d.y+sourceFace.leading*0.76, n)
		d.lines(lines, sourceFace, pdfLeft+indent, true)
		d.y += 1.6
	}
}

// glyphs replaces the letters that the fonts lack.
func (d *pdfPage) glyphs(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case hasGlyph()[r]:
			return r
		case r == '−': // as broad, and in the fonts
			return '–'
		case r == '\u200d' || r == '\ufe0f':
			return -1
		}
		d.lost[r] = true
		return '\ufffd'
	}, s)
}

// hasGlyph reads the character map of the regular font, which the others share
// (OpenType 1.9, cmap format 4).
var hasGlyph = sync.OnceValue(func() map[rune]bool {
	out := map[rune]bool{}
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(regularTTF[at:])) }
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(regularTTF[at:])) }
	for i := range u16(4) {
		if rec := 12 + 16*i; string(regularTTF[rec:rec+4]) == "cmap" {
			cmap := u32(rec + 8)
			sub := cmap + u32(cmap+4+4) // the first table, a Unicode one
			segments := u16(sub+6) / 2
			for k := range segments {
				end, start := u16(sub+14+2*k), u16(sub+16+2*segments+2*k)
				for r := start; r <= end && r != 0xffff; r++ {
					out[rune(r)] = true
				}
			}
		}
	}
	return out
})
