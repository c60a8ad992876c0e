package press

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textLine is a piece of a line of a sheet, not broken by a gap as wide as
// those between columns.
type textLine struct {
	x0, x1, y, size float64
	text            string
}

// layOut puts glyphs into lines and these into reading order.
func layOut(gs []glyph) []textLine {
	if len(gs) == 0 {
		return nil
	}
	slices.SortStableFunc(gs, func(a, b glyph) int { return cmp.Compare(b.y, a.y) })
	var segs []textLine
	for i := 0; i < len(gs); {
		j := i + 1
		for j < len(gs) && gs[i].y-gs[j].y < 0.35*max(gs[i].size, gs[j].size) {
			j++
		}
		segs = append(segs, segments(gs[i:j])...)
		i = j
	}
	return readingOrder(segs, 0)
}

// segments makes the pieces of one line.
func segments(gs []glyph) []textLine {
	slices.SortStableFunc(gs, func(a, b glyph) int { return cmp.Compare(a.x, b.x) })
	var out []textLine
	var l textLine
	var b strings.Builder
	end := math.Inf(-1)
	flush := func() {
		if l.text = strings.Join(strings.Fields(b.String()), " "); l.text != "" {
			out = append(out, l)
		}
		b.Reset()
	}
	last := glyph{x: math.Inf(-1)}
	for i, g := range gs {
		if g.text == last.text && math.Abs(g.x-last.x) < 0.1*g.size { // drawn twice, for weight
			continue
		}
		if i == 0 || g.x-end > 1.6*g.size {
			flush()
			l = textLine{x0: g.x, y: g.y, size: g.size}
		} else if g.x-end > 0.18*g.size {
			b.WriteByte(' ')
		}
		b.WriteString(g.text)
		if strings.TrimSpace(g.text) != "" || g.x+g.w-end < 1.6*g.size {
			end = max(end, g.x+g.w)
		}
		l.x1, l.size = end, max(l.size, g.size)
		last = g
	}
	flush()
	return out
}

// readingOrder reads columns one after the other: between lines that run over
// the gutter first what is left of it, then what is right.
func readingOrder(segs []textLine, depth int) []textLine {
	byPlace := func(a, b textLine) int {
		if math.Abs(a.y-b.y) > 0.35*max(a.size, b.size) {
			return cmp.Compare(b.y, a.y)
		}
		return cmp.Compare(a.x0, b.x0)
	}
	slices.SortStableFunc(segs, func(a, b textLine) int { return cmp.Or(cmp.Compare(b.y, a.y), cmp.Compare(a.x0, b.x0)) })
	gutter, ok := gutterOf(segs)
	if !ok || depth > 4 {
		return joinRows(segs, byPlace)
	}
	var out, left, right []textLine
	flush := func() {
		out = append(append(out, readingOrder(left, depth+1)...), readingOrder(right, depth+1)...)
		left, right = nil, nil
	}
	for _, s := range segs {
		switch {
		case s.x1 <= gutter+1:
			left = append(left, s)
		case s.x0 >= gutter-1:
			right = append(right, s)
		default:
			flush()
			out = append(out, s)
		}
	}
	flush()
	return out
}

// joinRows makes one line of what stands beside each other in a column, as
// the cells of a table do.
func joinRows(segs []textLine, byPlace func(a, b textLine) int) []textLine {
	var out []textLine
	for i := 0; i < len(segs); {
		j := i + 1
		for j < len(segs) && segs[i].y-segs[j].y < 0.35*max(segs[i].size, segs[j].size) {
			j++
		}
		row := slices.Clone(segs[i:j])
		slices.SortStableFunc(row, func(a, b textLine) int { return cmp.Compare(a.x0, b.x0) })
		l := row[0]
		for _, s := range row[1:] {
			l.text += " " + s.text
			l.x1, l.size = max(l.x1, s.x1), max(l.size, s.size)
		}
		out = append(out, l)
		i = j
	}
	return out
}

const (
	columnLines = 5      // lines that make a column
	mostPieces  = 20_000 // of lines of a sheet that may have columns
)

// gutterOf finds the white strip between two columns: hardly a line crosses
// it, and on both sides stand lines that fill their column, as cells of
// tables do not.
func gutterOf(segs []textLine) (float64, bool) {
	if len(segs) < 2*columnLines || len(segs) > mostPieces {
		return 0, false
	}
	x0, x1 := math.Inf(1), math.Inf(-1)
	for _, s := range segs {
		x0, x1 = min(x0, s.x0), max(x1, s.x1)
	}
	width := x1 - x0
	if width < 100 || width > 20_000 {
		return 0, false
	}
	const step = 2.0
	crossed := make([]int, int(width/step)+2)
	for _, s := range segs {
		for i := int((s.x0 - x0) / step); i <= int((s.x1-x0)/step) && i < len(crossed); i++ {
			crossed[max(i, 0)]++
		}
	}
	best, at := 0, 0.0
	for i := len(crossed) / 6; i < len(crossed)*5/6; {
		j := i
		for j < len(crossed)*5/6 && crossed[j]*8 <= len(segs) {
			j++
		}
		if j-i > best && float64(j-i)*step >= 6 {
			g := x0 + float64(i+j)/2*step
			if filled(segs, g) {
				best, at = j-i, g
			}
		}
		i = max(j, i+1)
	}
	return at, best > 0
}

// filled tells columns of prose on both sides of a gutter.
func filled(segs []textLine, g float64) bool {
	var n, long [2]int
	var most [2]float64
	sideOf := func(s textLine) int {
		switch {
		case s.x1 <= g+1:
			return 0
		case s.x0 >= g-1:
			return 1
		}
		return -1
	}
	for _, s := range segs {
		if k := sideOf(s); k >= 0 {
			most[k] = max(most[k], s.x1-s.x0)
		}
	}
	for _, s := range segs {
		if k := sideOf(s); k >= 0 {
			n[k]++
			if s.x1-s.x0 > 0.55*most[k] && len(s.text) > 24 {
				long[k]++
			}
		}
	}
	return n[0] >= columnLines && n[1] >= columnLines-2 && long[0]*2 > n[0] && long[1]*2 > n[1]
}

var (
	pageNumber = regexp.MustCompile(`(?i)^[-–—\[( ]*(page |p\. ?)?(\d{1,4}|[ivxl]{1,6})( ?(of|/|de|von|sur) ?\d{1,4})?[-–—\]) ]*$`)
	digits     = regexp.MustCompile(`\d+`)
)

// paragraphsOf joins the lines of sheets into paragraphs, without what stands
// at the edge of most sheets and without page numbers, and finds the title:
// the first words on the first sheet that are set larger than the text.
func paragraphsOf(sheets [][]textLine) (blocks []string, title string) {
	seen := map[string]int{}
	edge := func(s []textLine, do func(i int)) {
		if len(s) == 0 {
			return
		}
		top, bottom := edges(s)
		for i := range s {
			if s[i].y >= top || s[i].y <= bottom {
				do(i)
			}
		}
	}
	key := func(l textLine) string { return digits.ReplaceAllString(strings.ToLower(l.text), "#") }
	for _, s := range sheets {
		met := map[string]bool{}
		edge(s, func(i int) {
			if k := key(s[i]); !met[k] {
				met[k] = true
				seen[k]++
			}
		})
	}
	sizes := map[int]int{} // letters by size
	words := map[string]bool{}
	for n, s := range sheets {
		var drop []int
		edge(s, func(i int) {
			if c := seen[key(s[i])]; c >= 3 || c == 2 && len(sheets) <= 3 || pageNumber.MatchString(s[i].text) && (len(sheets) > 1 || strings.ContainsAny(s[i].text, "Pp/")) {
				drop = append(drop, i)
			}
		})
		for k, i := range drop {
			s = slices.Delete(s, i-k, i-k+1)
		}
		sheets[n] = s
		for _, l := range s {
			sizes[int(l.size*2+0.5)] += len(l.text)
			for w := range strings.FieldsFuncSeq(l.text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
				words[strings.ToLower(w)] = true
			}
		}
	}
	usual := 0
	for k, n := range sizes {
		if n > sizes[usual] || n == sizes[usual] && k < usual {
			usual = k
		}
	}
	body := float64(usual) / 2
	var para []textLine
	var texts []string
	large, before := 0.0, 0.0
	flush := func() {
		if len(para) == 0 {
			return
		}
		t := joinLines(para, words)
		if title == "" && len(texts) < 6 && para[0].size > 1.15*body && len(strings.Fields(t)) >= 3 && len(t) < 300 && para[0].size > large {
			title, large = t, para[0].size
		}
		texts = append(texts, t)
		para = nil
	}
	for _, s := range sheets {
		leading := leadingOf(s)
		for i, l := range s {
			rightOf := func(l textLine) float64 { return rightEdge(s[max(0, i-80):min(len(s), i+80)], l) }
			if len(para) > 0 {
				p := para[len(para)-1]
				switch gap := p.y - l.y; {
				case i == 0: // the next sheet: a sentence goes on
					if ends(p.text) || !startsLower(l.text) && p.x1 < p.x0+0.8*(before-p.x0) {
						flush()
					}
				case math.Abs(p.size-l.size) > 0.12*max(p.size, l.size):
					flush()
				case gap < -1: // the next column
					if ends(p.text) && !startsLower(l.text) {
						flush()
					}
				case gap > 1.45*leading*max(1, l.size/body), gap > 2.2*l.size:
					flush()
				case l.x0 > p.x0+0.8*l.size && l.x0 < p.x0+6*l.size && (len(para) > 1 && math.Abs(para[len(para)-2].x0-p.x0) < 1 || ends(p.text)): // a first line set in
					flush()
				case ends(p.text) && p.x1 < rightOf(p)-0.12*(rightOf(p)-p.x0):
					flush()
				case !startsLower(l.text) && p.x1 < p.x0+0.65*(rightOf(p)-p.x0) && l.size < 1.1*body: // nothing but its end makes a line short
					flush()
				case i+1 < len(s) && s[i+1].y < l.y && l.x0 > s[i+1].x0+0.8*l.size && l.x0 < s[i+1].x0+6*l.size && ends(p.text):
					flush()
				case listItem.MatchString(l.text):
					flush()
				}
			}
			para = append(para, l)
		}
		if len(s) > 0 {
			before = rightEdge(s[max(0, len(s)-160):], s[len(s)-1])
		}
	}
	flush()
	return texts, title
}

var listItem = regexp.MustCompile(`^([•▪■●–*◦]|\(?[0-9]{1,2}[.)]|\(?[a-z]\)) `)

// rightEdge returns where the lines of l's column end: four of five of those
// that begin near it end before, so that lines across columns do not count.
func rightEdge(s []textLine, l textLine) float64 {
	var ends []float64
	for _, o := range s {
		if math.Abs(o.x0-l.x0) < 40 {
			ends = append(ends, o.x1)
		}
	}
	if len(ends) == 0 {
		return l.x1
	}
	slices.Sort(ends)
	return ends[(len(ends)-1)*4/5]
}

// edges returns above and below what a sheet's first and last lines stand.
func edges(s []textLine) (top, bottom float64) {
	ys := make([]float64, len(s))
	for i, l := range s {
		ys[i] = l.y
	}
	slices.Sort(ys)
	ys = slices.CompactFunc(ys, func(a, b float64) bool { return b-a < 2 })
	n := len(ys)
	return ys[max(n-2, 0)], ys[min(1, n-1)]
}

// leadingOf returns the usual way from a line to the next.
func leadingOf(s []textLine) float64 {
	var gaps []float64
	for i := 1; i < len(s); i++ {
		if g := s[i-1].y - s[i].y; g > 1 && g < 60 {
			gaps = append(gaps, g)
		}
	}
	if len(gaps) == 0 {
		return 14
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/3]
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

// joinLines joins lines, and words broken between them: without the hyphen,
// unless the document writes the word with one elsewhere, and only so.
func joinLines(ls []textLine, words map[string]bool) string {
	var b strings.Builder
	for i, l := range ls {
		t := strings.ReplaceAll(l.text, "\u00ad", "")
		if strings.HasSuffix(l.text, "\u00ad") {
			t += "-"
		}
		if i+1 < len(ls) && strings.HasSuffix(t, "-") && startsLower(ls[i+1].text) && len(t) > 2 {
			head := t[strings.LastIndexAny(t, " (“\"")+1 : len(t)-1]
			tail := ls[i+1].text
			if k := strings.IndexFunc(tail, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }); k > 0 {
				tail = tail[:k]
			}
			low := strings.ToLower(head + "-" + tail)
			if r, _ := utf8.DecodeLastRuneInString(head); unicode.IsLetter(r) && (words[strings.ToLower(head+tail)] || !words[low]) {
				t = t[:len(t)-1]
			}
			b.WriteString(t)
			continue
		}
		b.WriteString(t)
		if i+1 < len(ls) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
