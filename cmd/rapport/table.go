package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport"
)

// tableWidth is how many characters wide a table of claims may be, cellLines
// how many lines a row.
const (
	tableWidth = 118
	cellLines  = 2
)

// column of a table: its head and the widest that it may grow. The last column
// of a table takes what is left.
type column struct {
	head string
	most int
}

// claimColumns is the table of claims.
var claimColumns = []column{
	{"DATE", 11},
	{"STATUS", 12},
	{"EVENT", 22},
	{"ACTOR → RECIPIENT", 34},
	{"SPEAKER", 18},
	{"EVIDENCE", 0},
}

// writeTable prints the claims of one report in aligned columns.
func writeTable(w io.Writer, r *rapport.Report, claims []rapport.Claim) error {
	var b strings.Builder
	b.WriteString(reportLine(r) + "\n")
	if len(claims) == 0 {
		b.WriteString("  no claims\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	rows := make([][]string, len(claims))
	for i := range claims {
		rows[i] = row(&claims[i])
	}
	layOut(&b, claimColumns, rows, func(i, width int) string {
		return excerpt(&claims[i], cellLines*(width-4)) // lines are seldom filled to the end
	})
	_, err := io.WriteString(w, b.String())
	return err
}

// layOut prints rows under the heads of their columns. What stands in the last
// column is asked for when its width is known.
func layOut(b *strings.Builder, columns []column, rows [][]string, last func(i, width int) string) {
	widths := fit(columns, rows)
	writeRow(b, widths, heads(columns))
	for i, cells := range rows {
		cells[len(columns)-1] = last(i, widths[len(columns)-1])
		writeRow(b, widths, cells)
	}
}

func heads(columns []column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.head
	}
	return out
}

// reportLine names a report: id, day and what it rests on, outlet, title.
func reportLine(r *rapport.Report) string {
	parts := []string{oneLine(r.ID)}
	switch {
	case r.Published != "":
		parts = append(parts, fmt.Sprintf("%s (%s)", r.Published, r.Basis))
	default:
		parts = append(parts, "no date")
	}
	for _, p := range []string{r.Outlet, r.Title} {
		if p != "" {
			parts = append(parts, oneLine(p))
		}
	}
	return clip(strings.Join(parts, " · "), tableWidth)
}

// row gives a claim's cells but for the evidence, which needs its width first.
func row(c *rapport.Claim) []string {
	event := c.Event
	if c.Mode != "" {
		event += ":" + c.Mode
	}
	if c.About != "" {
		event += " (" + c.About + ")"
	}
	date := string(c.Date)
	if len(date) > claimColumns[0].most { // an interval goes on below
		date = strings.Replace(date, "/", "/ ", 1)
	}
	if c.DateBasis == rapport.DateFromReport {
		date = ""
	}
	parties := names(c.Actor)
	if len(c.Recipient) > 0 {
		parties += " → " + names(c.Recipient)
	}
	speaker := ""
	if c.Speaker != nil {
		speaker = party(*c.Speaker)
		if c.Quoted {
			speaker = "“" + speaker
		}
	}
	return []string{date, string(c.Status), event, parties, speaker, ""}
}

// names joins parties; those that look the same are told once.
func names(ps []rapport.Party) string {
	var out []string
	for _, p := range ps {
		if n := party(p); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return strings.Join(out, " + ")
}

// party is a party in a few letters: "AZE Ilham Aliyev", "EGY MIL". Where
// neither name nor another sector is told, the government is meant.
func party(p rapport.Party) string {
	switch {
	case p.Name != "":
		return p.Country + " " + p.Name
	case p.Sector != "" && p.Sector != "GOV":
		return p.Country + " " + p.Sector
	}
	return p.Country
}

// fit gives each column the width of its widest cell up to its most, and none
// to a column that is empty but for its head.
func fit(columns []column, rows [][]string) []int {
	widths := make([]int, len(columns))
	left := tableWidth
	for i, c := range columns[:len(columns)-1] {
		for _, cells := range rows {
			widths[i] = max(widths[i], min(utf8.RuneCountInString(cells[i]), c.most))
		}
		if widths[i] > 0 {
			widths[i] = max(widths[i], utf8.RuneCountInString(c.head))
			left -= widths[i] + 2
		}
	}
	widths[len(columns)-1] = left
	return widths
}

// writeRow writes cells side by side, each wrapped within its width.
func writeRow(b *strings.Builder, widths []int, cells []string) {
	wrapped := make([][]string, len(cells))
	for i, cell := range cells {
		wrapped[i] = wrap(oneLine(cell), widths[i])
	}
	for n := range cellLines {
		var line strings.Builder
		for i, lines := range wrapped {
			if widths[i] == 0 {
				continue
			}
			cell := ""
			if n < len(lines) {
				cell = lines[n]
			}
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		if text := strings.TrimRight(line.String(), " "); text != "" {
			b.WriteString(text + "\n")
		}
	}
}

// wrap breaks s at its blanks into cellLines lines of n characters at most and
// drops the words that do not fit.
func wrap(s string, n int) []string {
	var lines []string
	for utf8.RuneCountInString(s) > n && len(lines) < cellLines-1 {
		head := string([]rune(s)[:n+1])
		at := strings.LastIndexByte(head, ' ')
		if at <= 0 {
			break
		}
		lines, s = append(lines, s[:at]), s[at+1:]
	}
	if utf8.RuneCountInString(s) > n {
		head := string([]rune(s)[:max(n, 1)])
		if at := strings.LastIndexByte(head, ' '); at > 0 {
			s = s[:at] + "…"
		}
	}
	return append(lines, clip(s, n))
}

// excerpt gives the words of the evidence from shortly before the act on, n
// characters of them or more.
func excerpt(c *rapport.Claim, n int) string {
	text := c.Evidence.Text
	from := 0
	for _, r := range c.Reasons {
		if at := r.Span[0] - c.Evidence.Start; r.Field == "event" && at > 0 && at < len(text) {
			from = at
			break
		}
	}
	// Some words before the act belong in the picture, and all of them when there is room.
	all := []rune(oneLine(text))
	start := utf8.RuneCountInString(oneLine(text[:from])) - n/3
	if start <= 0 || len(all) <= n {
		return string(all)
	}
	start = min(start, len(all)-n+1)
	for start < len(all) && all[start-1] != ' ' {
		start++
	}
	return "…" + string(all[start:])
}

// clip shortens s to n characters, the last of them a mark that it was.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)[:max(n-1, 0)]
	return strings.TrimRight(string(r), " ") + "…"
}

// oneLine replaces runs of blanks and line ends by one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(tame(s)), " ") }

// tameLine is tame, and line ends are blanks: a message is one line.
func tameLine(s string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(tame(s))
}

// tame replaces what a terminal would obey, turning letters round included
// (U+202A to U+202E, U+2066 to U+2069): reports are strangers' bytes.
func tame(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return utf8.RuneError
		}
		return r
	}, s)
}
