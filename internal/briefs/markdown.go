package briefs

import (
	"fmt"
	"io"
	neturl "net/url"
	"strings"
	"unicode"

	"rapport/internal/relations"
)

// Markdown writes the brief of a relation. The same relation and options give
// the same bytes.
func Markdown(w io.Writer, r *relations.Relation, o Options) error {
	m := markdown{p: compose(r, o)}
	for i, b := range m.p.blocks {
		m.block(b, i > 0 && m.p.blocks[i-1].kind == item)
	}
	_, err := io.WriteString(w, m.b.String())
	return err
}

type markdown struct {
	p *page
	b strings.Builder
}

func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(&m.b, format, args...) }

func (m *markdown) block(b block, afterItem bool) {
	if b.kind == chart {
		return // a table with its figures stands beside it
	}
	if m.b.Len() > 0 && !(b.kind == item && afterItem) {
		m.b.WriteByte('\n')
	}
	text := m.inline(b.text)
	switch b.kind {
	case title:
		m.printf("# %s\n", text)
	case heading:
		m.printf("## %s\n", text)
	case label:
		m.printf("**%s**\n", text)
	case topic:
		m.printf("*%s*\n", text)
	case item:
		m.printf("%s- %s\n", strings.Repeat("  ", b.indent), text)
	case table:
		m.row(b.head)
		m.printf("%s|\n", strings.Repeat("|---", len(b.head)))
		for _, cells := range b.rows {
			m.row(cells)
		}
	case sources:
		m.sources()
	default:
		m.printf("%s\n", text)
	}
}

func (m *markdown) row(cells []string) {
	for _, c := range cells {
		m.printf("| %s ", m.inline(c))
	}
	m.b.WriteString("|\n")
}

// inline turns line markup into Markdown's.
func (m *markdown) inline(s string) string {
	var b strings.Builder
	for _, r := range runs(s) {
		switch {
		case r.note > 0:
			fmt.Fprintf(&b, "[^%d]", r.note)
		case r.inferred:
			b.WriteString("†")
		case r.strong:
			b.WriteString("**" + escapes.Replace(r.text) + "**")
		case r.em:
			b.WriteString("*" + escapes.Replace(r.text) + "*")
		default:
			b.WriteString(escapes.Replace(r.text))
		}
	}
	return b.String()
}

// sources writes the footnotes: outlet, title, date, address, the sentence,
// the claims.
func (m *markdown) sources() {
	for i := range m.p.notes {
		s := m.p.sourceOf(i)
		m.printf("[^%d]: %s", i+1, m.inline(s.head))
		switch {
		case s.url != "":
			m.printf(", <%s>", s.url)
		case s.elsewise != "":
			m.printf(", %s", escapes.Replace(s.elsewise))
		}
		m.printf(": “%s” (%s)\n", escapes.Replace(s.sentence), s.marks())
	}
}

// marks names the claims of a footnote.
func (s *source) marks() string {
	if len(s.claims) == 1 {
		return "claim " + s.claims[0]
	}
	return "claims " + strings.Join(s.claims, ", ")
}

// escapeURL escapes what would end or break a link.
func escapeURL(url string) string {
	var b strings.Builder
	for _, r := range url {
		if unseen(r) || unicode.IsSpace(r) || strings.ContainsRune("<>\"`\\", r) {
			b.WriteString(neturl.PathEscape(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escapes keeps a report's words from being read as markup.
var escapes = strings.NewReplacer("|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", "#", "\\#")
