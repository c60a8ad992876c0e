package relations

import (
	"strings"

	"rapport"
)

// Told returns the part of a claim's sentence that tells its act, as a span of
// the report: the clause that holds the words the claim's type rests on, or
// the whole sentence less its dateline where the claim does not say.
func Told(c *rapport.Claim) rapport.Span {
	from := dateline(c.Evidence.Text)
	whole := rapport.Span{Start: c.Evidence.Start + from, End: c.Evidence.End}
	for _, r := range c.Reasons {
		if r.Field != "event" || r.Span[1] <= r.Span[0] {
			continue
		}
		for _, q := range clauses(c.Evidence.Text[from:]) {
			q = rapport.Span{Start: q.Start + whole.Start, End: q.End + whole.Start}
			if r.Span[0] >= q.Start && r.Span[0] < q.End {
				return q
			}
		}
	}
	return whole
}

// dateline returns where a sentence begins after "RABAT, July 5 (Agency) — ".
func dateline(s string) int {
	for _, dash := range []string{" — ", " – ", " - "} {
		head, rest, ok := strings.Cut(s, dash)
		if !ok || len(head) > 80 || rest == "" {
			continue
		}
		word, _, _ := strings.Cut(head, " ")
		word = strings.Trim(word, ",")
		if len(word) > 2 && word == strings.ToUpper(word) && word != strings.ToLower(word) {
			return len(head) + len(dash)
		}
	}
	return 0
}

// clauses parts a sentence at semicolons and at commas before a joining word.
// What is too short to stand alone stays with the clause beside it.
func clauses(s string) []rapport.Span {
	const short = 30 // bytes
	var out []rapport.Span
	from := 0
	cut := func(at int) {
		if at-from >= short {
			out = append(out, rapport.Span{Start: from, End: at})
			from = at + 1
		}
	}
	for i := range len(s) {
		switch {
		case s[i] == ';':
			cut(i)
		case s[i] == ',' && joins(strings.TrimLeft(s[i+1:], " ")):
			cut(i)
		}
	}
	if len(s)-from < short && len(out) > 0 {
		out[len(out)-1].End = len(s)
		return out
	}
	return append(out, rapport.Span{Start: from, End: len(s)})
}

func joins(rest string) bool {
	for _, w := range []string{"and ", "but ", "while ", "which ", "who ", "after ", "although ", "whereas ", "where "} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// own returns the part of a claim's sentence whose figures are its own. Where
// claims of one report share the sentence, that is the clause that names the
// year of the claim, if one does and it is no year of the others.
func (b *builder) own(id string) string {
	c := b.r.Claims[id]
	s := c.Evidence.Text
	if t := Told(&c); t.Len() < len(s)-dateline(s) {
		return s[t.Start-c.Evidence.Start : t.End-c.Evidence.Start]
	}
	if !b.shared[place{c.Report, c.Evidence.Span}] || len(c.Date) < 4 {
		return s
	}
	for _, q := range clauses(s) {
		if part := s[q.Start:q.End]; strings.Contains(part, string(c.Date[:4])) {
			return part
		}
	}
	return s
}

// place is a sentence of a report.
type place struct {
	report string
	span   rapport.Span
}
