package briefs

import (
	"fmt"
	neturl "net/url"
	"slices"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/relations"
)

// note is one footnote: a sentence of a report and the claims it tells.
type note struct {
	report string
	span   rapport.Span
	claims []string
}

// page is a brief being written.
type page struct {
	r     *relations.Relation
	o     Options
	b     strings.Builder
	notes []note
	of    map[string]int // claim → its footnote, from 1
	level int            // on one page, how full it is: lines of a part of a section, from onePageLines down to 0
	left  int            // lines left out to keep to a page

	differ map[string][]relations.Difference // event → the fields on which its reports differ
}

func newPage(r *relations.Relation, o Options) *page {
	p := &page{r: r, o: o, level: onePageLines, of: map[string]int{}, differ: map[string][]relations.Difference{}}
	for _, d := range r.Differences {
		if d.Field != "" && d.Field != "cameo" {
			p.differ[d.Event] = append(p.differ[d.Event], d)
		}
	}
	return p
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

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
		fmt.Fprintf(&b, "[^%d]", n)
	}
	return b.String()
}

// footnote gives a claim its footnote: that of its sentence, which other
// claims may share.
func (p *page) footnote(id string) int {
	c := p.r.Claims[id]
	for i := range p.notes {
		n := &p.notes[i]
		if n.report == c.Report && n.span == c.Evidence.Span {
			n.claims = append(n.claims, id)
			p.of[id] = i + 1
			return i + 1
		}
	}
	p.notes = append(p.notes, note{c.Report, c.Evidence.Span, []string{id}})
	p.of[id] = len(p.notes)
	return len(p.notes)
}

// footnotes writes the footnotes: outlet, title, date, address, the sentence,
// the claims.
func (p *page) footnotes() {
	if len(p.notes) == 0 {
		return
	}
	p.printf("\n## Sources\n\n")
	for i, n := range p.notes {
		r, c := p.r.Reports[n.report], p.r.Claims[n.claims[0]]
		var parts []string
		if r.Outlet != "" {
			parts = append(parts, "*"+plain(r.Outlet)+"*")
		}
		if r.Title != "" {
			parts = append(parts, "“"+plain(strings.Trim(r.Title, "“”\""))+"”")
		}
		if len(parts) == 0 {
			parts = append(parts, "report "+plain(n.report))
		}
		parts = append(parts, inWords(r.Published))
		if r.URL != "" {
			parts = append(parts, address(r.URL))
		}
		slices.Sort(n.claims)
		claim := "claim"
		if len(n.claims) > 1 {
			claim = "claims"
		}
		p.printf("[^%d]: %s: “%s” (%s %s)\n", i+1, strings.Join(parts, ", "), inner.Replace(plain(c.Evidence.Text)), claim, strings.Join(n.claims, ", "))
	}
}

// inner turns quotation marks to those of a quotation within one.
var inner = strings.NewReplacer("“", "‘", "”", "’", `"`, "'")

// address links a report's address when it is one of the web; any other is
// told as mere words.
func address(url string) string {
	low := strings.ToLower(url)
	if !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") {
		return plain(url)
	}
	var b strings.Builder
	for _, r := range url {
		if unseen(r) || unicode.IsSpace(r) || strings.ContainsRune("<>\"`\\", r) {
			b.WriteString(neturl.PathEscape(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return "<" + b.String() + ">"
}

// unseen reports whether a terminal or a page acts on a character instead of
// showing it: controls, and marks that turn the direction of writing.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// plain makes a report's words safe in a line of Markdown: one line, no
// character that begins markup, none that is not shown.
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
	return escapes.Replace(s)
}

var escapes = strings.NewReplacer("|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", "#", "\\#")

// according tells on whose word an event rests, when no report asserts it
// itself: "according to Sattar Mohbaliyev (Azerbaijan)".
func (p *page) according(claims []string) string {
	var who []string
	for _, id := range claims {
		c := p.r.Claims[id]
		if c.Speaker == nil {
			return ""
		}
		w, _ := partyWords(*c.Speaker, false)
		if c.Speaker.Name == "" && c.Speaker.Office != "" {
			w = "the " + plain(c.Speaker.Office) + " of " + ontology.CountryInText(c.Speaker.Country)
		}
		if !slices.Contains(who, w) {
			who = append(who, w)
		}
	}
	if len(who) == 0 {
		return ""
	}
	return "according to " + list(who)
}

// sources names on whose word claims rest, for a disagreement: their speakers,
// else their outlets.
func (p *page) sources(ids []string) string {
	var out []string
	for _, id := range ids {
		if s := p.source(id); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "; ")
}

func (p *page) source(id string) string {
	c := p.r.Claims[id]
	if s := c.Speaker; s != nil && s.Name != "" && !bodyCode(s.Country) {
		return plain(s.Name) + ", " + ontology.CountryName(s.Country)
	} else if s != nil {
		w, _ := partyWords(*s, false)
		return w
	}
	if o := p.r.Reports[c.Report].Outlet; o != "" {
		return plain(o)
	}
	return "report " + plain(c.Report)
}

func (p *page) words(e *rapport.Event) string {
	var s []string
	for _, id := range e.Claims {
		s = append(s, p.r.Claims[id].Evidence.Text)
	}
	return strings.Join(s, "\n")
}
