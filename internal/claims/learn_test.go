package claims

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"math"
	"math/rand"
	"os"
	"slices"
	"strconv"
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

// TestTrainLearnt learns learnt.tsv.gz: go test ./internal/claims -run TrainLearnt
// -train. Multinomial logistic regressions with a quadratic penalty (Berger et al.
// 1996) by AdaGrad, in a fixed order: of the events, and of the modes of what tells an
// event. It reports on the passages held back.
//
// Of the events three rounds, all weights kept but rounded: more rounds fit what is
// seen once, and leaving small weights out loses what many say together. A layer of
// hidden units was no better.
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
	events := []string{"none"}
	var first, second []example
	count := map[string]int{}
	for _, l := range in {
		count[l.label]++
	}
	for _, l := range in {
		event, mode, _ := strings.Cut(l.label, ":")
		if !slices.Contains(events, event) {
			events = append(events, event)
		}
		first = append(first, example{l.clues, event, nil})
		if event != "none" {
			if count[l.label] < 6 { // rare labels lose their mode
				mode = ""
			}
			second = append(second, example{l.clues, event + ":" + mode, func(label string) bool { return strings.HasPrefix(label, event+":") }})
		}
	}
	slices.Sort(events[1:])
	words := fitSoftmax(first, events, 0.03, 3, 3)
	var labels []string
	for _, e := range second {
		if !slices.Contains(labels, e.label) {
			labels = append(labels, e.label)
		}
	}
	slices.Sort(labels)
	modes := fitSoftmax(second, labels, 0.03, 12, 3)

	rounded := func(v float64) int { return int(max(-127, min(127, math.Round(v*what.Unit/what.Step)))) }
	positives := 0
	for i := range out {
		if out[i].free && out[i].label != "none" {
			positives++
		}
	}
	p := make([]float64, len(events))
	for _, m := range []float64{-1.2, 0, 1, 2, 3} {
		found, right := 0, 0
		for i := range out {
			if !out[i].free {
				continue
			}
			clear(p)
			for _, c := range out[i].clues {
				for k, v := range words[c] {
					p[k] += float64(rounded(v)) * what.Step / what.Unit
				}
			}
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
			if g, _, _ := strings.Cut(out[i].label, ":"); events[at] == g {
				right++
			}
		}
		pr, re := float64(right)/float64(max(found, 1)), float64(right)/float64(positives)
		fmt.Printf("margin %.1f: of %d words held back that tell an act no rule found %d right, %d wrong (precision %.2f, recall %.2f)\n", m, positives, right, found-right, pr, re)
	}
	const least = 0.2 // of the weights of modes
	var b strings.Builder
	fmt.Fprintf(&b, "# feature\tweights of none and the events\tevent:mode:weight …: what speaks for a word\n# telling an act (learnt.go, clues, tells the features), in 18/256 and 1/256 of a nat.\n# Learnt, not written: go test ./internal/claims -run TrainLearnt -train\nmargin\t%d\nevents\t%s\n", leads, strings.Join(events, " "))
	kept := 0
	for _, f := range slices.Sorted(maps.Keys(words)) {
		var ws, ms []string
		any := false
		for _, v := range words[f] {
			w := rounded(v)
			any = any || w != 0
			ws = append(ws, strconv.Itoa(w))
		}
		for k, v := range modes[f] {
			if math.Abs(v) >= least {
				ms = append(ms, fmt.Sprintf("%s:%d", labels[k], int(math.Round(v*what.Unit))))
			}
		}
		if !any && len(ms) == 0 {
			continue
		}
		kept++
		b.WriteString(f + "\t" + strings.Join(ws, " "))
		if len(ms) > 0 {
			b.WriteString("\t" + strings.Join(ms, " "))
		}
		b.WriteByte('\n')
	}
	packed, err := pack(b.String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%d words, %d events, %d labels, %d features, %d bytes\n", len(in), len(events), len(labels), kept, len(packed))
	if err := os.WriteFile("../what/learnt.tsv.gz", packed, 0o644); err != nil {
		t.Fatal(err)
	}
}

// An example has features and the label that is right among those that may be, nil
// for all.
type example struct {
	clues []string
	label string
	may   func(label string) bool
}

// fitSoftmax fits a multinomial logistic regression with a quadratic penalty by
// AdaGrad, in a fixed order, to features seen rare times and more.
func fitSoftmax(all []example, labels []string, penalty float64, rounds, rare int) map[string][]float64 {
	const rate = 0.15
	seen := map[string]int{}
	for _, x := range all {
		for _, c := range x.clues {
			seen[c]++
		}
	}
	w, sum := map[string][]float64{}, map[string][]float64{}
	for f, n := range seen {
		if n >= rare {
			w[f], sum[f] = make([]float64, len(labels)), make([]float64, len(labels))
		}
	}
	index := map[string]int{}
	for k, l := range labels {
		index[l] = k
	}
	may := map[string][]int{} // the labels that may be where one is right
	for k := range labels {
		may[""] = append(may[""], k)
	}
	rng := rand.New(rand.NewSource(1))
	p := make([]float64, len(labels))
	for range rounds {
		for _, n := range rng.Perm(len(all)) {
			x := &all[n]
			ks := may[""]
			if x.may != nil {
				if may[x.label] == nil {
					for k, l := range labels {
						if x.may(l) {
							may[x.label] = append(may[x.label], k)
						}
					}
				}
				ks = may[x.label]
			}
			for _, k := range ks {
				p[k] = 0
			}
			for _, c := range x.clues {
				if ws := w[c]; ws != nil {
					for _, k := range ks {
						p[k] += ws[k]
					}
				}
			}
			top, z := math.Inf(-1), 0.0
			for _, k := range ks {
				top = max(top, p[k])
			}
			for _, k := range ks {
				p[k] = math.Exp(p[k] - top)
				z += p[k]
			}
			y := index[x.label]
			for _, k := range ks {
				p[k] = -p[k] / z
				if k == y {
					p[k]++
				}
			}
			for _, c := range x.clues {
				ws, ss := w[c], sum[c]
				if ws == nil {
					continue
				}
				for _, k := range ks {
					d := p[k] - penalty*ws[k]
					if d > -0.003 && d < 0.003 {
						continue
					}
					ss[k] += d * d
					ws[k] += rate * d / math.Sqrt(1e-6+ss[k])
				}
			}
		}
	}
	return w
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
