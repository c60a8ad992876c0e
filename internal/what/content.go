package what

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport/internal/language"
)

//go:embed contents.tsv.gz
var contentsPacked []byte

// contents tells what requests, promises, refusals and threats are about, and the
// mode that follows from it. Learnt by TestTrainContents.
var contents = sync.OnceValue(func() *contentReader {
	table, err := unpack(contentsPacked)
	var c *contentReader
	if err == nil {
		c, err = parseContents("contents.tsv", table)
	}
	if err != nil {
		panic("embedded weights: " + err.Error()) // held by TestLearntTable
	}
	return c
})

// contentReader has for each feature the weights of labels: "EVENT about mode", "-"
// for what there is none of.
type contentReader struct {
	labels  []string
	weights map[string][]labelWeight
}

func parseContents(name, table string) (*contentReader, error) {
	c := &contentReader{weights: map[string][]labelWeight{}}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f, rest, ok := strings.Cut(line, "\t")
		if !ok {
			return nil, fault(name+":"+strconv.Itoa(n+1), "want a feature, a tab and weights")
		}
		if f == "labels" {
			c.labels = strings.Split(rest, "\t")
			continue
		}
		for _, lw := range strings.Fields(rest) {
			l, w, _ := strings.Cut(lw, ":")
			at, err := strconv.Atoi(l)
			v, err2 := strconv.ParseInt(w, 10, 32)
			if err != nil || err2 != nil || at < 0 || at >= len(c.labels) {
				return nil, fault(name+":"+strconv.Itoa(n+1), "%q is no label:weight", lw)
			}
			c.weights[f] = append(c.weights[f], labelWeight{int16(at), int32(v)})
		}
	}
	return c, nil
}

// Content returns what an AGREE, REQUEST, REJECT or THREATEN act is about, as
// EVENT or EVENT:mode, and its own mode, either empty where there is none, as
// learnt from labelled passages; ok is false for other acts.
func Content(s *language.Sentence, a *Act) (about, mode string, ok bool) {
	if !wantsAbout(a.Event) {
		return "", "", false
	}
	c := contents()
	scores := make([]int32, len(c.labels))
	for _, f := range ContentClues(s, a) {
		for _, lw := range c.weights[f] {
			scores[lw.label] += lw.weight
		}
	}
	best := -1
	for k, l := range c.labels {
		if strings.HasPrefix(l, a.Event+" ") && (best < 0 || scores[k] > scores[best]) {
			best = k
		}
	}
	if best < 0 {
		return "", "", false
	}
	fs := strings.Fields(c.labels[best])
	none := func(s string) string {
		if s == "-" {
			return ""
		}
		return s
	}
	return none(fs[1]), none(fs[2]), true
}

// ContentClues returns what tells what an act is about: what its rule makes of
// it, and the words that it takes, by role, with the kinds of acts that rules
// know them for.
func ContentClues(s *language.Sentence, a *Act) []string {
	b, t := rules(), newTree(s)
	e := a.Event + " "
	out := []string{e, e + "rule " + a.Rule.ID, e + "says " + a.About, e + "says " + a.About + " " + a.Mode, e + "mode " + a.Mode, e + "code " + a.CAMEO, e + "w " + key(&t.Tokens[a.Trigger])}
	if a.Modality.Negated {
		out = append(out, e+"negated")
	}
	used := map[int]bool{}
	for _, w := range a.Words {
		used[w] = true
	}
	word := func(role string, i int) {
		l := key(&t.Tokens[i])
		if t.Tokens[i].UPOS == "PROPN" {
			l = "PROPN"
		}
		out = append(out, e+role+" "+l, role+" "+l)
		for _, k := range b.kinds[l] {
			out = append(out, e+role+" kind "+k)
		}
		if x := b.about[l]; x != "" {
			out = append(out, e+role+" about "+x)
		}
	}
	seen := map[string]bool{}
	var below func(i int, role string, depth int)
	below = func(i int, role string, depth int) {
		for _, c := range t.Kids(i) {
			k, rel := int(c), t.Rel(int(c))
			if rel == "punct" || rel == "det" || rel == "case" || rel == "mark" || rel == "cc" || rel == "aux" {
				if rel == "aux" || t.Tokens[k].Lemma == "not" || t.Tokens[k].Lemma == "no" {
					out = append(out, e+role+rel+" "+t.Tokens[k].Lemma)
				}
				continue
			}
			if t.Tokens[k].Lemma == "not" || t.Tokens[k].Lemma == "never" {
				out = append(out, e+role+"negated")
				continue
			}
			if p := t.Case(k); p != "" && (rel == "obl" || rel == "nmod") {
				rel = p
			}
			switch rel {
			case "nsubj", "nsubj:pass", "advcl", "parataxis", "acl:relcl":
				if depth == 0 {
					continue
				}
			}
			if !used[k] && (contentWord(&t.Tokens[k]) || t.Tokens[k].UPOS == "PROPN") {
				word(role+rel, k)
				l := key(&t.Tokens[k])
				if !seen[l] && contentWord(&t.Tokens[k]) {
					seen[l] = true
					out = append(out, e+"in "+l, "in "+l)
					for _, x := range b.kinds[l] {
						out = append(out, e+"in kind "+x)
					}
				}
			}
			if depth < 3 {
				r := role
				if !used[k] {
					r = role + rel + ">"
				}
				if depth >= 2 {
					r = "deep>"
				}
				below(k, r, depth+1)
			}
		}
	}
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	below(top, "", 0)
	if a.Trigger != top {
		below(a.Trigger, "", 0)
	}
	return slices.Compact(out)
}
