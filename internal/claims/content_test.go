package claims

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/eval"
	"rapport/internal/what"
)

// A content is an act that speaks of another, what tells of it, and what the gold
// says it is about.
type content struct {
	clues              []string
	event, about, mode string
	ruleAbout          string
	ruleMode           string
}

func contentsOf(g *eval.Gold) (out []content) {
	rep := g.Report
	r := read(&rep)
	runes := []rune(g.Text)
	for si := range r.acts {
		for k := range r.acts[si] {
			a := &r.acts[si][k]
			switch a.Event {
			case "AGREE", "REQUEST", "REJECT", "THREATEN":
			default:
				continue
			}
			span := r.doc.Sentences[si].Span
			if g.Topic != "" { // a passage's gold tells the very words
				ts := r.doc.Sentences[si].Tokens
				span = rapport.Span{Start: ts[a.Words[0]].Start, End: ts[a.Words[len(a.Words)-1]].End}
			}
			var told []*eval.GoldClaim
			for i := range g.Claims {
				c := &g.Claims[i]
				start, end := len(string(runes[:c.Start])), len(string(runes[:c.End]))
				if c.Event == a.Event && end > span.Start && start < span.End {
					told = append(told, c)
				}
			}
			if len(told) == 1 {
				out = append(out, content{what.ContentClues(&r.doc.Sentences[si], a), a.Event, told[0].About, told[0].Mode, a.About, a.Mode})
			}
		}
	}
	return out
}

// TestTrainContents learns contents.tsv.gz: go test ./internal/claims -run
// TrainContents -train. It reports on the gold held back.
func TestTrainContents(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	var in, out []content
	for _, g := range goldReports(t) {
		in = append(in, contentsOf(&g)...)
	}
	for _, g := range heldBack(t) {
		out = append(out, contentsOf(&g)...)
	}
	dash := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	name := func(c *content) string { return c.event + " " + dash(c.about) + " " + dash(c.mode) }
	count := map[string]int{}
	for i := range in {
		count[name(&in[i])]++
	}
	const few = 4
	label := func(c *content) string { // what is rare is told by its event, or not at all
		if count[name(c)] >= few {
			return name(c)
		}
		e, _, _ := strings.Cut(c.about, ":")
		for _, l := range []string{c.event + " " + dash(e) + " " + dash(c.mode), c.event + " - " + dash(c.mode)} {
			if count[l] >= few {
				return l
			}
		}
		return c.event + " - -"
	}
	var labels []string
	var all []example
	for i := range in {
		l, event := label(&in[i]), in[i].event+" "
		if !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
		all = append(all, example{in[i].clues, l, func(l string) bool { return strings.HasPrefix(l, event) }})
	}
	slices.Sort(labels)
	of := map[string][]int{} // labels of an event
	for k, l := range labels {
		e, _, _ := strings.Cut(l, " ")
		of[e] = append(of[e], k)
	}
	w := fitSoftmax(all, labels, 0.03, 3, 3)
	const least = 0.08
	abouts, modes, ruleAbouts, ruleModes := 0, 0, 0, 0
	for i := range out {
		c := &out[i]
		best, top := "", math.Inf(-1)
		for _, k := range of[c.event] {
			v := 0.0
			for _, f := range c.clues {
				if ws := w[f]; ws != nil && math.Abs(ws[k]) >= least {
					v += ws[k]
				}
			}
			if v > top {
				best, top = labels[k], v
			}
		}
		fs := strings.Fields(best + " - - -")
		abouts += int(boolTo(fs[1] == dash(c.about)))
		modes += int(boolTo(fs[2] == dash(c.mode)))
		ruleAbouts += int(boolTo(c.ruleAbout == c.about))
		ruleModes += int(boolTo(c.ruleMode == c.mode))
	}
	fmt.Printf("of %d acts held back that speak of others about right %d (by rules %d), mode right %d (by rules %d); learnt from %d\n", len(out), abouts, ruleAbouts, modes, ruleModes, len(in))
	var b strings.Builder
	fmt.Fprintf(&b, "# feature\tlabel:weight …: what speaks for what an act is about (content.go tells the\n# features), in 1/256 of a nat, by the number of the label: event, about, mode. Learnt,\n# not written: go test ./internal/claims -run TrainContents -train\nlabels\t%s\n", strings.Join(labels, "\t"))
	for _, f := range slices.Sorted(maps.Keys(w)) {
		var ws []string
		for k, v := range w[f] {
			if math.Abs(v) >= least {
				ws = append(ws, fmt.Sprintf("%d:%d", k, int(math.Round(v*what.Unit))))
			}
		}
		if len(ws) > 0 {
			fmt.Fprintf(&b, "%s\t%s\n", f, strings.Join(ws, " "))
		}
	}
	packed, err := pack(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("../what/contents.tsv.gz", packed, 0o644); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%d labels, %d bytes\n", len(labels), len(packed))
}
