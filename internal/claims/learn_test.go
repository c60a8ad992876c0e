package claims

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"rapport/internal/eval"
	"rapport/internal/ontology"
	"rapport/internal/what"
)

// A lesson is a word of a labelled passage, what speaks for it, and the label it has.
type lesson struct {
	clues []string
	label string
	event string // of the gold claim it tells, "" for none
	free  bool   // no rule takes it
}

// lessons reads the words of a passage that can tell an act.
func lessons(g *eval.Gold) (out []lesson) {
	rep := g.Report
	r := read(&rep)
	doc := r.doc
	runes := []rune(g.Text)
	type told struct {
		start, end int
		c          *eval.GoldClaim
		used       bool
	}
	var gold []told
	for i := range g.Claims {
		c := &g.Claims[i]
		gold = append(gold, told{len(string(runes[:c.Start])), len(string(runes[:c.End])), c, false})
	}
	for si := range doc.Sentences {
		s := &doc.Sentences[si]
		taken := map[int]bool{}
		for _, a := range r.acts[si] {
			if strings.HasPrefix(a.Rule.ID, "learnt.") {
				continue
			}
			for _, w := range a.Words {
				taken[w] = true
			}
		}
		label := make([]string, len(s.Tokens))
		event := make([]string, len(s.Tokens))
		skip := make([]bool, len(s.Tokens))
		for k := range gold {
			// the head of the words that tell the claim
			head := -1
			for i := range s.Tokens {
				tok := &s.Tokens[i]
				if tok.Start >= gold[k].end || tok.End <= gold[k].start {
					continue
				}
				skip[i] = true
				if h := tok.Head; h >= 0 && s.Tokens[h].Start < gold[k].end && s.Tokens[h].End > gold[k].start {
					continue
				}
				if head < 0 || !what.Candidate(&s.Tokens[head]) {
					head = i
				}
			}
			if head < 0 {
				continue
			}
			for steps := 0; steps < 3 && !what.Candidate(&s.Tokens[head]) && s.Tokens[head].Head >= 0; steps++ {
				head = s.Tokens[head].Head
			}
			if !what.Candidate(&s.Tokens[head]) || label[head] != "" {
				continue
			}
			c := gold[k].c
			l, e := c.Event, c.Event
			if c.Mode != "" {
				l += ":" + c.Mode
			}
			m := what.ModalityOf(s, head)
			about, _, _ := strings.Cut(c.About, ":")
			coop := ontology.Quad(about) == 1 || ontology.Quad(about) == 2
			if about != "" && (m.Future && (c.Event == "AGREE" || c.Event == "REJECT" && m.Negated) && coop || c.Event == "THREATEN" && (m.Future || m.Conditional || m.Possible) && ontology.Quad(about) == 4) {
				l = c.About // "would lend" tells of aid: that it is to come makes it a promise
			}
			label[head], event[head] = l, e
		}
		for i := range s.Tokens {
			if !what.Candidate(&s.Tokens[i]) || skip[i] && label[i] == "" {
				continue
			}
			l := label[i]
			if l == "" {
				l = "none"
			}
			out = append(out, lesson{what.Clues(s, i, r.namer(si)), l, event[i], !taken[i]})
		}
	}
	return out
}

// leads is by how much a label must lead "none", in 1/what.Unit of a nat. Less finds
// acts in prose that tells none (-300 two in the seed statement), and told.tsv, learnt
// from passages dense with acts, lets them stand; more loses more of what is held back
// than it spares (of -300, 0, 128, 256, 400).
const leads = 256

// least is the least weight that is kept: with half of it the table is ten times
// as long and no better on what is held back.
const least = 0.2

// TestTrainLearnt learns learnt.tsv.gz: go test ./internal/claims -run TrainLearnt
// -train. Multinomial logistic regression with a quadratic penalty (Berger et al.
// 1996) by AdaGrad, in a fixed order; it reports on the passages held back.
func TestTrainLearnt(t *testing.T) {
	if !*train {
		t.Skip("weights are learnt only with -train")
	}
	gold, err := eval.ReadGold("../eval/testdata/passages")
	if err != nil {
		t.Fatal(err)
	}
	var in, out []lesson
	for i := range gold {
		if gold[i].HeldBack() {
			out = append(out, lessons(&gold[i])...)
		} else if foldOf(&gold[i]) != *fold {
			in = append(in, lessons(&gold[i])...)
		}
	}
	// rare labels lose their mode
	count := map[string]int{}
	for _, l := range in {
		count[l.label]++
	}
	for i := range in {
		if e, _, ok := strings.Cut(in[i].label, ":"); ok && count[in[i].label] < 6 {
			in[i].label = e
		}
	}
	index := map[string]int{"none": 0}
	labels := []string{"none"}
	features := map[string]int{}
	for _, l := range in {
		if _, ok := index[l.label]; !ok {
			index[l.label] = len(labels)
			labels = append(labels, l.label)
		}
		for _, c := range l.clues {
			features[c]++
		}
	}
	const rate, penalty, rounds, rare = 0.15, 0.03, 12, 2
	w, sum := map[string][]float64{}, map[string][]float64{}
	for f, n := range features {
		if n >= rare {
			w[f], sum[f] = make([]float64, len(labels)), make([]float64, len(labels))
		}
	}
	p := make([]float64, len(labels))
	for range rounds {
		for n := range in {
			l := &in[n]
			clear(p)
			for _, c := range l.clues {
				for k, v := range w[c] {
					p[k] += v
				}
			}
			top, z := slices.Max(p), 0.0
			for k := range p {
				p[k] = math.Exp(p[k] - top)
				z += p[k]
			}
			y := index[l.label]
			for k := range p {
				p[k] /= z
			}
			for _, c := range l.clues {
				ws, ss := w[c], sum[c]
				for k := range ws {
					d := -p[k]
					if k == y {
						d++
					}
					d -= penalty * ws[k]
					if d > -0.003 && d < 0.003 {
						continue
					}
					ss[k] += d * d
					ws[k] += rate * d / math.Sqrt(1e-6+ss[k])
				}
			}
		}
	}
	var names []string
	for f := range w {
		names = append(names, f)
	}
	sort.Strings(names)
	var b strings.Builder
	score := func(l *lesson) []float64 {
		clear(p)
		for _, c := range l.clues {
			for k, v := range w[c] {
				if math.Abs(v) >= least {
					p[k] += math.Round(v*what.Unit) / what.Unit
				}
			}
		}
		return p
	}
	positives := 0
	for i := range out {
		if out[i].free && out[i].label != "none" {
			positives++
		}
	}
	for _, m := range []float64{-1.2, 0, 1, 2, 3} {
		found, right := 0, 0
		for i := range out {
			if !out[i].free {
				continue
			}
			p := score(&out[i])
			at := 0
			for k := 1; k < len(p); k++ {
				if p[k] >= p[0]+m && (at == 0 || p[k] > p[at]) {
					at = k
				}
			}
			if at == 0 {
				continue
			}
			found++
			e, _, _ := strings.Cut(labels[at], ":")
			g, _, _ := strings.Cut(out[i].label, ":")
			if e == g {
				right++
			}
		}
		pr, re := float64(right)/float64(max(found, 1)), float64(right)/float64(positives)
		fmt.Printf("margin %.1f: of %d words held back that tell an act no rule found %d right, %d wrong (precision %.2f, recall %.2f)\n", m, positives, right, found-right, pr, re)
	}
	fmt.Fprintf(&b, "# feature\tlabel:weight …: what speaks for a word telling an act (learnt.go, clues,\n# tells the features), in 1/256 of a nat. Learnt, not written: go test\n# ./internal/claims -run TrainLearnt -train\nmargin\t%d\n", leads)
	kept := 0
	for _, f := range names {
		var ws []string
		for k, v := range w[f] {
			if math.Abs(v) >= least {
				ws = append(ws, fmt.Sprintf("%s:%d", labels[k], int(math.Round(v*what.Unit))))
			}
		}
		if len(ws) > 0 {
			fmt.Fprintf(&b, "%s\t%s\n", f, strings.Join(ws, " "))
			kept++
		}
	}
	fmt.Printf("%d words, %d labels, %d features\n", len(in), len(labels), kept)
	packed, err := pack(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("../what/learnt.tsv.gz", packed, 0o644); err != nil {
		t.Fatal(err)
	}
}

func pack(table string) ([]byte, error) {
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write([]byte(table)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
