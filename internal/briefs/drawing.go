package briefs

import (
	"fmt"
	"strings"
)

// drawing is a picture in a few shapes, which SVG, DOCX and PDF all know.
// Lengths are points, y grows downwards.
type drawing struct {
	width, height float64
	title, desc   string // for those who do not see it
	shapes        []shape
}

type shape struct {
	kind       shapeKind
	x, y, w, h float64 // of a line from (x, y) to (x+w, y+h); of a dot its centre and w its radius
	color      color
	text       string
	size       float64
	anchor     anchor
}

type shapeKind int

const (
	rect shapeKind = iota
	line
	dot
	words
)

type anchor int

const (
	startAnchor anchor = iota
	middleAnchor
	endAnchor
)

// color is what a shape means; each writer knows its tint.
type color int

const (
	ink         color = iota // words
	faint                    // axes, lesser words
	grid                     // lines behind
	band                     // stripes behind
	cooperative              // acts of cooperation
	conflictual              // acts of conflict
	reported                 // coverage
)

// tints are the colors on white paper, as RRGGBB. Cooperation and conflict
// differ in hue and in lightness, for readers who see no red or green; each has
// a contrast to white of 3:1 and more (WCAG 2.2, 1.4.11).
var tints = [...]string{ink: "1a1a1a", faint: "5c6370", grid: "d8dce2", band: "f4f5f7", cooperative: "1f5fa8", conflictual: "c8501e", reported: "8a93a1"}

var colorNames = [...]string{ink: "ink", faint: "faint", grid: "grid", band: "band", cooperative: "coop", conflictual: "conf", reported: "rep"}

func (d *drawing) add(s shape) { d.shapes = append(d.shapes, s) }

func (d *drawing) say(x, y float64, text string, size float64, a anchor, c color) {
	d.add(shape{kind: words, x: x, y: y, text: text, size: size, anchor: a, color: c})
}

// svg writes the drawing as an SVG element. Its colors are classes that the
// page's style sheet tints for light and dark.
func (d *drawing) svg(id string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d" xmlns="http://www.w3.org/2000/svg">`, num(d.width), num(d.height), id, id)
	fmt.Fprintf(&b, "<title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>\n", id, escapeHTML(d.title), id, escapeHTML(d.desc))
	for _, s := range d.shapes {
		c := colorNames[s.color]
		switch s.kind {
		case rect:
			fmt.Fprintf(&b, `<rect class="f-%s" x="%s" y="%s" width="%s" height="%s"/>`, c, num(s.x), num(s.y), num(s.w), num(s.h))
		case line:
			fmt.Fprintf(&b, `<line class="s-%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, c, num(s.x), num(s.y), num(s.x+s.w), num(s.y+s.h))
		case dot:
			fmt.Fprintf(&b, `<circle class="f-%s" cx="%s" cy="%s" r="%s"/>`, c, num(s.x), num(s.y), num(s.w))
		case words:
			fmt.Fprintf(&b, `<text class="f-%s" x="%s" y="%s" font-size="%s" text-anchor="%s">%s</text>`, c, num(s.x), num(s.y), num(s.size),
				[...]string{"start", "middle", "end"}[s.anchor], escapeHTML(s.text))
		}
		b.WriteByte('\n')
	}
	b.WriteString("</svg>")
	return b.String()
}

// num writes a length with at most two decimals.
func num(x float64) string {
	s := fmt.Sprintf("%.2f", x)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
