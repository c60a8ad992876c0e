package briefs

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"

	"rapport/internal/relations"
)

//go:embed data/brief.css
var styleSheet string

// HTML writes the brief of a relation as one page that asks for nothing from
// elsewhere, for screens light and dark and for paper. The same relation and
// options give the same bytes.
func HTML(w io.Writer, r *relations.Relation, o Options) error {
	h := htmlPage{p: compose(r, o), referred: map[int]bool{}}
	h.page()
	_, err := io.WriteString(w, h.b.String())
	return err
}

// htmlPage writes HTML 5.
type htmlPage struct {
	p        *page
	b        strings.Builder
	open     string // the list or section that is open: "", "ul"
	section  bool
	sections int
	charts   int
	referred map[int]bool // footnotes that a mark has led to
}

func (h *htmlPage) printf(format string, args ...any) { fmt.Fprintf(&h.b, format, args...) }

func escapeHTML(s string) string { return html.EscapeString(s) }

func (h *htmlPage) page() {
	name := bare(h.p.blocks[0].text)
	h.printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	h.printf("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
	h.printf("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
	h.printf("<meta name=\"generator\" content=\"Rapport\">\n<title>%s – relations brief</title>\n<style>\n%s</style>\n</head>\n<body>\n", escapeHTML(name), styleSheet)
	h.printf("<a class=\"skip\" href=\"#s1\">To the text</a>\n<main>\n")
	for i, b := range h.p.blocks {
		h.block(b)
		if b.kind == lead && !h.p.o.OnePage {
			h.contents(h.p.blocks[i+1:])
		}
	}
	h.close()
	if h.section {
		h.printf("</section>\n")
	}
	h.printf("</main>\n</body>\n</html>\n")
}

// contents lists the sections, for those who look for one.
func (h *htmlPage) contents(rest []block) {
	h.printf("<nav aria-label=\"Contents\">\n<ul>\n")
	n := 0
	for _, b := range rest {
		if b.kind == heading {
			n++
			h.printf("<li><a href=\"#s%d\">%s</a></li>\n", n, escapeHTML(bare(b.text)))
		}
	}
	h.printf("</ul>\n</nav>\n")
}

// close ends an open list.
func (h *htmlPage) close() {
	switch h.open {
	case "sub":
		h.printf("</li>\n</ul></li>\n</ul>\n")
	case "ul":
		h.printf("</li>\n</ul>\n")
	}
	h.open = ""
}

func (h *htmlPage) block(b block) {
	if b.kind == item {
		h.item(b)
		return
	}
	h.close()
	text := h.inline(b.text)
	switch b.kind {
	case title:
		h.printf("<h1>%s</h1>\n", text)
	case lead:
		h.printf("<p class=\"lead\">%s</p>\n", text)
	case heading:
		if h.section {
			h.printf("</section>\n")
		}
		h.section = true
		h.sections++
		h.printf("<section aria-labelledby=\"s%d\">\n<h2 id=\"s%d\">%s</h2>\n", h.sections, h.sections, text)
	case label:
		h.printf("<h3>%s</h3>\n", text)
	case topic:
		h.printf("<h3 class=\"topic\">%s</h3>\n", text)
	case table:
		h.table(b)
	case chart:
		h.charts++
		h.printf("<figure>\n%s\n<figcaption>%s</figcaption>\n</figure>\n", b.chart.svg(fmt.Sprintf("c%d", h.charts)), escapeHTML(b.chart.title+". "+b.chart.desc))
	case sources:
		h.sources()
	default:
		h.printf("<p>%s</p>\n", text)
	}
}

// item writes a line of a list, opening it or one within it.
func (h *htmlPage) item(b block) {
	text := h.inline(b.text)
	switch {
	case h.open == "":
		h.printf("<ul>\n<li>%s", text)
		h.open = "ul"
	case b.indent > 0 && h.open == "ul":
		h.printf("\n<ul>\n<li>%s", text)
		h.open = "sub"
	case b.indent == 0 && h.open == "sub":
		h.printf("</li>\n</ul></li>\n<li>%s", text)
		h.open = "ul"
	default:
		h.printf("</li>\n<li>%s", text)
	}
}

func (h *htmlPage) table(b block) {
	h.printf("<div class=\"table\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">\n<table>\n<colgroup>%s</colgroup>\n<thead><tr>", escapeHTML(b.head[0]+" to "+b.head[len(b.head)-1]), cols(b.wide))
	for _, c := range b.head {
		h.printf("<th scope=\"col\">%s</th>", h.inline(c))
	}
	h.printf("</tr></thead>\n<tbody>\n")
	for _, cells := range b.rows {
		h.printf("<tr>")
		for i, c := range cells {
			switch {
			case i == 0:
				h.printf("<th scope=\"row\">%s</th>", h.inline(c))
			case onlyMarks(c):
				h.printf("<td class=\"src\">%s</td>", h.inline(c))
			case numeric(c):
				h.printf("<td class=\"n\">%s</td>", h.inline(c))
			default:
				h.printf("<td>%s</td>", h.inline(c))
			}
		}
		h.printf("</tr>\n")
	}
	h.printf("</tbody>\n</table>\n</div>\n")
}

// cols gives the columns of a table their shares of its width.
func cols(wide []int) string {
	var b strings.Builder
	for _, w := range wide {
		fmt.Fprintf(&b, "<col style=\"width:%d%%\">", w)
	}
	return b.String()
}

// numeric reports whether a cell holds a bare number.
func numeric(c string) bool {
	return c != "" && strings.Trim(c, "0123456789.+−") == ""
}

// inline turns line markup into HTML. Marks side by side share a superscript.
func (h *htmlPage) inline(s string) string {
	var b strings.Builder
	marks := false
	for _, r := range runs(s) {
		if marks && r.note == 0 {
			b.WriteString("</sup>")
			marks = false
		}
		text := escapeHTML(r.text)
		switch {
		case r.note > 0:
			if !marks {
				b.WriteString("<sup>")
			} else {
				b.WriteString(" ")
			}
			marks = true
			id := ""
			if !h.referred[r.note] {
				h.referred[r.note] = true
				id = fmt.Sprintf(" id=\"r%d\"", r.note)
			}
			fmt.Fprintf(&b, "<a%s href=\"#n%d\" aria-label=\"Source %d\">%d</a>", id, r.note, r.note, r.note)
		case r.inferred:
			b.WriteString("<abbr title=\"a party is inferred\">†</abbr>")
		case r.strong:
			b.WriteString("<strong>" + text + "</strong>")
		case r.em:
			b.WriteString("<em>" + text + "</em>")
		default:
			b.WriteString(text)
		}
	}
	if marks {
		b.WriteString("</sup>")
	}
	return b.String()
}

func (h *htmlPage) sources() {
	h.printf("<ol class=\"sources\">\n")
	for i := range h.p.notes {
		s := h.p.sourceOf(i)
		h.printf("<li id=\"n%d\">%s", i+1, h.inline(s.head))
		switch {
		case s.url != "":
			h.printf(", <a rel=\"noreferrer\" href=\"%s\">%s</a>", escapeHTML(s.url), escapeHTML(s.url))
		case s.elsewise != "":
			h.printf(", %s", escapeHTML(s.elsewise))
		}
		h.printf(": <q>%s</q> <span class=\"id\">(%s)</span>", escapeHTML(s.sentence), escapeHTML(s.marks()))
		if h.referred[i+1] {
			h.printf(" <a class=\"back\" href=\"#r%d\" aria-label=\"Back to the text\">↑</a>", i+1)
		}
		h.printf("</li>\n")
	}
	h.printf("</ol>\n")
}
