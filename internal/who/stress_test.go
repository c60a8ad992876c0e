package who

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// TestLeadersBySpelling asks for heads of state and of government in the forms
// that lists and headlines make of a name, mechanically: each form must reach
// 97 %.
func TestLeadersBySpelling(t *testing.T) {
	tb := load()
	forms := []struct {
		name    string
		context bool
		of      func(ws []string, first bool) string
	}{
		{"plain letters", true, func(ws []string, first bool) string { return ascii(family(ws, first)) }},
		{"capitals", true, func(ws []string, first bool) string { return strings.ToUpper(family(ws, first)) }},
		{"small letters", true, func(ws []string, first bool) string { return strings.ToLower(ascii(family(ws, first))) }},
		{"family, given", false, func(ws []string, first bool) string {
			if first || len(ws) > 3 {
				return ""
			}
			return ws[len(ws)-1] + ", " + strings.Join(ws[:len(ws)-1], " ")
		}},
		{"initial", true, func(ws []string, first bool) string {
			if first || len(ws) != 2 {
				return ""
			}
			return string([]rune(ws[0])[:1]) + ". " + ws[1]
		}},
		{"no hyphens", false, func(ws []string, _ bool) string { return ascii(strings.ReplaceAll(strings.Join(ws, " "), "-", " ")) }},
		{"last two words", true, func(ws []string, first bool) string {
			if first || len(ws) < 3 {
				return ""
			}
			return ascii(strings.Join(ws[len(ws)-2:], " "))
		}},
		{"first and last", true, func(ws []string, first bool) string {
			if first || len(ws) < 3 {
				return ""
			}
			return ascii(ws[0] + " " + ws[len(ws)-1])
		}},
		{"given before family", true, func(ws []string, first bool) string {
			if !first || len(ws) < 2 {
				return ""
			}
			return strings.Join(ws[1:], " ") + " " + ws[0]
		}},
		{"President", true, func(ws []string, first bool) string { return "President " + family(ws, first) }},
		{"president's", true, func(ws []string, first bool) string { return "former president " + ascii(family(ws, first)) }},
	}
	for _, f := range forms {
		n, right := 0, 0
		var missed []string
		for i := range tb.persons {
			p := &tb.persons[i]
			m := headTerm(p)
			if m == nil || international(p.country) || strings.Contains(p.name, " of ") || i%3 != 0 {
				continue
			}
			ws := strings.Fields(p.name)
			if len([]rune(ws[len(ws)-1])) <= 3 && !familyFirst[p.country] {
				continue // "Jr.", "II"
			}
			form := f.of(ws, familyFirst[p.country])
			if form == "" {
				continue
			}
			from := max(m.from, 7305)
			to := min(m.to, max(20500, from+60))
			day := rapport.Date(strings.Fields(days{from + (to-from)/2, forever}.String())[1])
			context := ""
			if f.context {
				context = p.country
			}
			n++
			q, _, _, ok := Resolve(form, day, context)
			if ok && q.Country == p.country && q.Sector == "GOV" {
				right++
				continue
			}
			missed = append(missed, fmt.Sprintf("%s on %s (%s): %s, want %s %s", form, day, context, show(q), p.country, p.name))
		}
		slices.Sort(missed)
		t.Logf("%s: %d of %d\n%s", f.name, right, n, strings.Join(missed[:min(len(missed), 12)], "\n"))
		if n > 0 && float64(right) < 0.97*float64(n) {
			t.Errorf("%s: %d of %d right, want 97 %%", f.name, right, n)
		}
	}
}

func family(ws []string, first bool) string {
	if first {
		return ws[0]
	}
	return ws[len(ws)-1]
}

// ascii writes a name in the letters of a typewriter.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		plain := foldRune(r)
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case strings.ToUpper(string(r)) == string(r) && plain != "":
			b.WriteString(strings.ToUpper(plain[:1]) + plain[1:])
		default:
			b.WriteString(plain)
		}
	}
	return b.String()
}
