package eval

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// Figures are a score for programs.
type Figures struct {
	Reports   int           `json:"reports"`
	Gold      int           `json:"gold"`
	Coded     int           `json:"coded"`
	Type      PRF           `json:"type"`
	Triple    PRF           `json:"triple"`
	Full      PRF           `json:"full"`
	Fields    []FieldFigure `json:"fields"`
	Types     []TypeFigure  `json:"types"`
	Confusion []Confused    `json:"confusion"`
	Misses    []Missing     `json:"misses"`
}

// FieldFigure is how many of the matched claims whose gold has a field have
// it right.
type FieldFigure struct {
	Field string `json:"field"`
	Right int    `json:"right"`
	Of    int    `json:"of"`
}

// TypeFigure is the score of one event type. Its recall counts optional
// claims, which the score of all leaves out where they were missed.
type TypeFigure struct {
	Event  string `json:"event"`
	Gold   int    `json:"gold"`
	Coded  int    `json:"coded"`
	Type   PRF    `json:"type"`
	Triple PRF    `json:"triple"`
}

// Confused is how often a sentence's gold type was coded as another: both
// claims overlap and neither has a match.
type Confused struct {
	Gold  string `json:"gold"`
	Coded string `json:"coded"`
	N     int    `json:"n"`
}

// Missing is one disagreement, with its sentence.
type Missing struct {
	Kind       string  `json:"kind"` // missed, extra, parties, status, date, speaker, mode or about
	Report     string  `json:"report"`
	What       string  `json:"what"`
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence,omitempty"`
}

// Figures returns the score with its n worst misses.
func (c *Counts) Figures(n int) Figures {
	f := Figures{Reports: c.Reports, Gold: c.Gold, Coded: c.Coded, Type: c.TypeF1(), Triple: c.TripleF1(), Full: c.FullF1(),
		Fields: c.fields(), Types: []TypeFigure{}, Confusion: c.confusion(), Misses: c.Worst(n)}
	for _, e := range c.types() {
		x := c.ByType[e]
		f.Types = append(f.Types, TypeFigure{e, x.Gold, x.Coded, prf(x.Type, x.Coded, x.Gold), prf(x.Triple, x.Coded, x.Gold)})
	}
	return f
}

func (c *Counts) fields() []FieldFigure {
	return []FieldFigure{{"parties", c.Triple, c.Type}, {"mode", c.Mode, c.Type}, {"status", c.Status, c.Type}, {"speaker", c.Speaker, c.Type},
		{"date", c.Date, c.Dated}, {"about", c.About, c.Abouts}, {"evidence", c.Evidence, c.Type}}
}

func (c *Counts) types() []string {
	var types []string
	for e := range c.ByType {
		types = append(types, e)
	}
	sort.Strings(types)
	return types
}

func (c *Counts) confusion() []Confused {
	out := []Confused{}
	for k, n := range c.Confusion {
		out = append(out, Confused{k[0], k[1], n})
	}
	slices.SortFunc(out, func(a, b Confused) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Gold+" "+a.Coded, b.Gold+" "+b.Coded)
	})
	return out
}

// Worst returns the n misses that weigh most: what was coded wrongly with most
// confidence (no such claim, other parties), then what was not coded, types of
// the lowest recall first. n may be more than there are.
func (c *Counts) Worst(n int) []Missing {
	n = max(0, n)
	out := []Missing{}
	add := func(kind string, misses []Miss, keep func(Miss) bool) {
		for _, m := range misses {
			if keep(m) {
				out = append(out, Missing{kind, m.Report, m.What, m.Text, m.Confidence})
			}
		}
	}
	all := func(Miss) bool { return true }
	add("extra", c.Extra, all)
	add("parties", c.TripleWrong, all)
	slices.SortStableFunc(out, func(a, b Missing) int {
		switch {
		case a.Confidence > b.Confidence:
			return -1
		case a.Confidence < b.Confidence:
			return 1
		}
		return 0
	})
	wrong := len(out)
	add("missed", c.Missed, func(m Miss) bool { return !strings.HasPrefix(m.What, "(optional) ") })
	missed := out[wrong:]
	recall := func(m Missing) float64 {
		event, _, _ := strings.Cut(m.What, " ")
		x := c.ByType[event]
		return float64(x.Type) / float64(max(1, x.Gold))
	}
	slices.SortStableFunc(missed, func(a, b Missing) int {
		switch x, y := recall(a), recall(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	// Both kinds take turns while both last.
	mixed := make([]Missing, 0, min(n, len(out)))
	for i := 0; len(mixed) < min(n, len(out)); i++ {
		if i < wrong {
			mixed = append(mixed, out[i])
		}
		if i < len(missed) && len(mixed) < n {
			mixed = append(mixed, missed[i])
		}
	}
	return mixed
}

// WriteTypes prints the scores of the types and of the fields of matched
// claims, in per cent.
func (c *Counts) WriteTypes(w io.Writer) {
	fmt.Fprintf(w, "%-10s %5s %6s   %-20s   %s\n", "", "gold", "coded", "type P/R/F1", "triple P/R/F1")
	of := func(s PRF) string { return fmt.Sprintf("%5.1f  %5.1f  %5.1f", 100*s.P, 100*s.R, 100*s.F1) }
	for _, t := range c.Figures(0).Types {
		fmt.Fprintf(w, "%-10s %5d %6d   %-20s   %s\n", t.Event, t.Gold, t.Coded, of(t.Type), of(t.Triple))
	}
	fmt.Fprintln(w)
	for _, f := range c.fields() {
		fmt.Fprintf(w, "%-10s %5.1f   %d of %d\n", f.Field, 100*float64(f.Right)/float64(max(1, f.Of)), f.Right, f.Of)
	}
}

// WriteConfusion prints a table of gold type by coded type. On the diagonal
// stand the matched claims, beside it sentences whose type was coded as
// another; what is in neither was missed, or coded where gold has nothing.
func (c *Counts) WriteConfusion(w io.Writer) {
	types := c.types()
	fmt.Fprintf(w, "%-10s", "gold\\coded")
	for _, e := range types {
		fmt.Fprintf(w, " %4.4s", e)
	}
	fmt.Fprintln(w, " missed")
	extra := map[string]int{}
	for _, e := range types {
		extra[e] = c.ByType[e].Coded - c.ByType[e].Type
	}
	for _, g := range types {
		fmt.Fprintf(w, "%-10s", g)
		for _, e := range types {
			n := c.Confusion[[2]string{g, e}]
			if g == e {
				n = c.ByType[g].Type
			}
			fmt.Fprintf(w, " %4s", dot(n))
		}
		fmt.Fprintf(w, " %6d\n", c.ByType[g].Gold-c.ByType[g].Type)
	}
	fmt.Fprintf(w, "%-10s", "extra")
	for _, e := range types {
		fmt.Fprintf(w, " %4s", dot(extra[e]))
	}
	fmt.Fprintln(w)
}

func dot(n int) string {
	if n == 0 {
		return "·"
	}
	return fmt.Sprint(n)
}
