package pages

import (
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"rapport/internal/record"
)

// drawing is a picture: the page's templates write it with classes, that its
// style sheet colours, and writeSVG as a file of its own.
type drawing struct {
	ID     string
	W, H   int
	Title  string
	Desc   string
	Shapes []shape
}

type shape struct {
	Kind       string // rect, line, text
	Class      string
	X, Y, W, H string
	Anchor     string
	Text       string // of a text, or the title of a rect
}

func num(x float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(x, 'f', 1, 64), "0"), ".")
}

func (d *drawing) rect(class string, x, y, w, h float64, title string) {
	d.Shapes = append(d.Shapes, shape{Kind: "rect", Class: class, X: num(x), Y: num(y), W: num(w), H: num(h), Text: title})
}

func (d *drawing) line(class string, x, y, x2, y2 float64) {
	d.Shapes = append(d.Shapes, shape{Kind: "line", Class: class, X: num(x), Y: num(y), W: num(x2), H: num(y2)})
}

func (d *drawing) text(class, anchor string, x, y float64, s string) {
	d.Shapes = append(d.Shapes, shape{Kind: "text", Class: class, Anchor: anchor, X: num(x), Y: num(y), Text: s})
}

// colours of the classes in a file, which has no style sheet.
var colours = map[string]string{"coop": "#2f6690", "conf": "#b5472b", "told": "#8a8578", "axis": "#3b3933", "grid": "#dcd8cf", "label": "#5b574e", "back": "#f3f1eb"}

func (d *drawing) writeSVG(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="Source Sans 3, system-ui, sans-serif" font-size="11.5">`, d.W, d.H, 2*d.W, 2*d.H)
	fmt.Fprintf(&b, "\n<title>%s</title><desc>%s</desc>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", html.EscapeString(d.Title), html.EscapeString(d.Desc), d.W, d.H)
	for _, s := range d.Shapes {
		c := colours[s.Class]
		switch s.Kind {
		case "rect":
			fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"><title>%s</title></rect>`+"\n", s.X, s.Y, s.W, s.H, c, html.EscapeString(s.Text))
		case "line":
			fmt.Fprintf(&b, `<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="%s"/>`+"\n", s.X, s.Y, s.W, s.H, c)
		case "text":
			fmt.Fprintf(&b, `<text x="%s" y="%s" text-anchor="%s" fill="%s">%s</text>`+"\n", s.X, s.Y, s.Anchor, c, html.EscapeString(s.Text))
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// period is a bar of the tempo chart.
type period struct {
	Name                  string
	Events, Reports       int
	Cooperation, Conflict float64
}

// tempo is the tempo chart in two widths, with its figures.
type tempo struct {
	Unit        string
	Periods     []period
	Wide, Small *drawing // nil where there is too little to draw
}

// periods makes the bars of a chart, without a gap: years, or quarters where
// there are few years.
func periods(pulses []record.Pulse) (out []period, unit string) {
	if len(pulses) == 0 {
		return nil, "year"
	}
	first, last := pulses[0].Year, pulses[len(pulses)-1].Year
	unit = "year"
	if last-first < 5 {
		unit = "quarter"
	}
	at := map[string]int{}
	name := func(year, quarter int) string {
		if unit == "year" {
			return strconv.Itoa(year)
		}
		return fmt.Sprintf("%d-Q%d", year, quarter)
	}
	for y := first; y <= last && len(out) < 400; y++ {
		for q := 1; q <= 4; q++ {
			if n := name(y, q); len(out) == 0 || out[len(out)-1].Name != n {
				at[n] = len(out)
				out = append(out, period{Name: n})
			}
		}
	}
	for _, p := range pulses {
		i, ok := at[name(p.Year, p.Quarter)]
		if !ok {
			continue // dated to the year, in a chart of quarters
		}
		o := &out[i]
		o.Events += p.Events
		o.Reports += p.Reports
		o.Cooperation += p.Cooperation
		o.Conflict += p.Conflict
	}
	return out, unit
}

func tempoOf(a, b string, pulses []record.Pulse) tempo {
	t := tempo{}
	t.Periods, t.Unit = periods(pulses)
	if len(t.Periods) > 1 {
		t.Wide, t.Small = t.draw("tempo-wide", a, b, 720, 230), t.draw("tempo-small", a, b, 350, 210)
	}
	return t
}

// draw shows the sums of PLOVER's scores a period, cooperation upwards and
// conflict downwards, and below how many reports were published: little is told
// where little is read.
func (t *tempo) draw(id, a, b string, w, h int) *drawing {
	const top, strip, axis = 18.0, 30.0, 20.0
	left, right := 44.0, 4.0
	up, down, most, events, all := 1.0, 1.0, 1, 0, 0
	for _, p := range t.Periods {
		up, down, most = math.Max(up, p.Cooperation), math.Max(down, -p.Conflict), max(most, p.Reports)
		events += p.Events
		all += p.Reports
	}
	d := &drawing{ID: id, W: w, H: h, Title: fmt.Sprintf("Tempo of %s and %s by %s", a, b, t.Unit)}
	height := float64(h) - top - strip - axis - 22
	scale := height / (up + down)
	zero := top + up*scale
	width := float64(w) - left - right
	each := width / float64(len(t.Periods))
	bar := math.Max(each*0.74, 0.8)
	base := top + height + 16 + strip
	scale1 := "Cooperation above, conflict below"
	if w > 500 {
		scale1 += " the line (sums of PLOVER scores)"
	}
	d.line("grid", left, top, left+width, top)
	d.line("grid", left, top+height, left+width, top+height)
	d.text("label", "end", left-6, top+4, "+"+num(math.Round(up)))
	d.text("label", "end", left-6, zero+4, "0")
	if down*scale > 10 {
		d.text("label", "end", left-6, top+height+4, "−"+num(math.Round(down)))
	}
	d.rect("back", left, base-strip, width, strip, "")
	d.text("label", "end", left-6, base-strip+10, strconv.Itoa(most))
	d.text("label", "start", left, top-7, scale1)
	d.text("label", "start", left, base-strip-4, "Reports published")
	room := int(width / 46)
	step := 1
	for _, step = range []int{1, 2, 4, 5, 8, 10, 20, 40, 50, 100} {
		if (len(t.Periods)-1)/step < room {
			break
		}
	}
	for i, p := range t.Periods {
		x := left + float64(i)*each + (each-bar)/2
		say := fmt.Sprintf("%s: %s, cooperation %s, conflict %s; %s published", p.Name, count(p.Events, "event"), signed(p.Cooperation), signed(p.Conflict), count(p.Reports, "report"))
		if p.Cooperation > 0 {
			d.rect("coop", x, zero-p.Cooperation*scale, bar, p.Cooperation*scale, say)
		}
		if p.Conflict < 0 {
			d.rect("conf", x, zero, bar, -p.Conflict*scale, say)
		}
		if p.Reports > 0 {
			high := math.Max(1, (strip-2)*float64(p.Reports)/float64(most))
			d.rect("told", x, base-high, bar, high, say)
		}
		if i%step == 0 {
			label, anchor, at := p.Name, "middle", left+(float64(i)+0.5)*each
			if t.Unit == "quarter" && strings.HasSuffix(label, "-Q1") {
				label = strings.TrimSuffix(label, "-Q1")
			} else if t.Unit == "quarter" {
				label = label[5:]
			}
			if at+14 > float64(w) {
				anchor, at = "end", float64(w)
			}
			d.text("label", anchor, at, base+14, label)
		}
	}
	d.line("axis", left, zero, left+width, zero)
	d.Desc = fmt.Sprintf("Bars by %s from %s to %s: %s and %s. The table below has the figures.", t.Unit, t.Periods[0].Name, t.Periods[len(t.Periods)-1].Name, count(events, "dated event"), count(all, "report"))
	return d
}

func (t *tempo) writeCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{t.Unit, "events", "cooperation", "conflict", "reports"})
	for _, p := range t.Periods {
		c.Write([]string{p.Name, strconv.Itoa(p.Events), strconv.FormatFloat(p.Cooperation, 'f', -1, 64), strconv.FormatFloat(p.Conflict, 'f', -1, 64), strconv.Itoa(p.Reports)})
	}
	c.Flush()
	return c.Error()
}
