package treebank

import (
	"strings"
	"unicode"

	"rapport"
)

// F1 is how well two partings of a text, or two annotations of its words,
// agree.
type F1 struct{ Correct, Gold, System int }

// Percent is the harmonic mean of precision and recall, 100 for all.
func (f F1) Percent() float64 {
	if f.Gold+f.System == 0 {
		return 0
	}
	return 200 * float64(f.Correct) / float64(f.Gold+f.System)
}

// Evaluation holds the measures of CoNLL 2018's shared task, as its
// conll18_ud_eval.py defines them: annotations are compared on words that could
// be aligned, relations without their subtypes, punctuation like all else.
type Evaluation struct {
	Tokens, Sentences, Words           F1
	UPOS, XPOS, Lemmas, UAS, LAS, CLAS F1
}

// Evaluate compares system with gold, two annotations of one text. They may
// part it differently, but the text without its white space has to be the
// same; it is an error of kind BadInput if it is not.
func Evaluate(gold, system []Sentence) (Evaluation, error) {
	g, s := flatten(gold), flatten(system)
	if at := differ(g.text, s.text); at >= 0 {
		tail := func(r []rune) string { return string(r[min(at, len(r)):min(at+20, len(r))]) }
		return Evaluation{}, &rapport.Error{Kind: rapport.BadInput, What: "the texts of treebank and annotation differ: " +
			"\"" + tail(g.text) + "\" there, \"" + tail(s.text) + "\" here"}
	}
	pairs := align(g.words, s.words)
	e := Evaluation{Tokens: spans(g.tokens, s.tokens), Sentences: spans(g.sentences, s.sentences)}
	e.compare(g, s, pairs)
	return e, nil
}

// span is a range of a text's characters, white space left out.
type span struct{ start, end int }

// aligned is a word on its way through the alignment.
type aligned struct {
	*Word
	span      span // of its token
	multiword bool // it shares the token with others
	parent    int  // index of its head among the words of the text, -1 for a root, Unattached for none
	content   bool // CLAS counts it
}

type flat struct {
	text              []rune
	tokens, sentences []span
	words             []aligned
}

func flatten(sentences []Sentence) *flat {
	f := &flat{}
	for i := range sentences {
		s := &sentences[i]
		start, first := len(f.text), len(f.words)
		mw := s.Multiwords
		for k := 0; k < len(s.Words); {
			to, form := k+1, s.Words[k].Form
			multi := len(mw) > 0 && mw[0].From == k
			if multi {
				to, form, mw = mw[0].To, mw[0].Form, mw[1:]
			}
			t := span{start: len(f.text)}
			for _, r := range form {
				if !blank(r) {
					f.text = append(f.text, r)
				}
			}
			t.end = len(f.text)
			f.tokens = append(f.tokens, t)
			for ; k < to; k++ {
				w := aligned{Word: &s.Words[k], span: t, multiword: multi, parent: s.Words[k].Head, content: contentRel[universal(s.Words[k].Rel)]}
				if w.parent >= 0 {
					w.parent += first
				}
				f.words = append(f.words, w)
			}
		}
		f.sentences = append(f.sentences, span{start, len(f.text)})
	}
	return f
}

// blank says whether r is no part of the text that is compared: white space,
// and what parts words and shows nothing.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zs, unicode.Cf)
}

// contentRel are the relations that CLAS counts.
var contentRel = func() map[string]bool {
	m := map[string]bool{}
	for _, r := range strings.Fields("nsubj obj iobj csubj ccomp xcomp obl vocative expl dislocated advcl advmod discourse nmod appos nummod acl amod conj fixed flat compound list parataxis orphan goeswith reparandum root dep") {
		m[r] = true
	}
	return m
}()

// differ returns where a and b part, -1 where they are the same.
func differ(a, b []rune) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

func spans(gold, system []span) F1 {
	f := F1{Gold: len(gold), System: len(system)}
	for g, s := 0, 0; g < len(gold) && s < len(system); {
		switch {
		case system[s].start < gold[g].start:
			s++
		case gold[g].start < system[s].start:
			g++
		default:
			f.Correct += one(gold[g].end == system[s].end)
			g++
			s++
		}
	}
	return f
}

// align pairs gold with system words, as indices: those of one token each by
// their spans, those around multiword tokens by the longest common
// subsequence of their forms.
func align(gold, system []aligned) (pairs [][2]int) {
	for g, s := 0, 0; g < len(gold) && s < len(system); {
		x, y := &gold[g], &system[s]
		switch {
		case x.multiword || y.multiword:
			g0, s0, g1, s1 := multiwordSpan(gold, system, g, s)
			for _, p := range commonForms(gold[g0:g1], system[s0:s1]) {
				pairs = append(pairs, [2]int{g0 + p[0], s0 + p[1]})
			}
			g, s = g1, s1
		case x.span == y.span:
			pairs = append(pairs, [2]int{g, s})
			g++
			s++
		case x.span.start <= y.span.start:
			g++
		default:
			s++
		}
	}
	return pairs
}

// multiwordSpan returns the smallest ranges of words from g and s on that hold
// the multiword token there and every other that reaches into them.
func multiwordSpan(gold, system []aligned, g, s int) (g0, s0, g1, s1 int) {
	var end int
	if gold[g].multiword {
		end = gold[g].span.end
		if !system[s].multiword && system[s].span.start < gold[g].span.start {
			s++
		}
	} else {
		end = system[s].span.end
		if !gold[g].multiword && gold[g].span.start < system[s].span.start {
			g++
		}
	}
	g0, s0 = g, s
	beyond := func(words []aligned, i int) bool {
		switch {
		case i >= len(words):
			return true
		case words[i].multiword:
			return words[i].span.start >= end
		}
		return words[i].span.end > end
	}
	for !beyond(gold, g) || !beyond(system, s) {
		var w *aligned
		if g < len(gold) && (s >= len(system) || gold[g].span.start <= system[s].span.start) {
			w = &gold[g]
			g++
		} else {
			w = &system[s]
			s++
		}
		if w.multiword {
			end = max(end, w.span.end)
		}
	}
	return g0, s0, g, s
}

// commonForms pairs the words of a longest common subsequence of forms, case
// folded.
func commonForms(gold, system []aligned) (pairs [][2]int) {
	n, m := len(gold), len(system)
	same := func(g, s int) bool { return strings.EqualFold(gold[g].Form, system[s].Form) }
	length := make([][]int, n+1)
	for g := range length {
		length[g] = make([]int, m+1)
	}
	for g := n - 1; g >= 0; g-- {
		for s := m - 1; s >= 0; s-- {
			length[g][s] = max(length[g+1][s], length[g][s+1])
			if same(g, s) {
				length[g][s] = max(length[g][s], 1+length[g+1][s+1])
			}
		}
	}
	for g, s := 0, 0; g < n && s < m; {
		switch {
		case same(g, s):
			pairs = append(pairs, [2]int{g, s})
			g++
			s++
		case length[g][s] == length[g+1][s]:
			g++
		default:
			s++
		}
	}
	return pairs
}

// compare sets the measures of words.
func (e *Evaluation) compare(g, s *flat, pairs [][2]int) {
	all := F1{Gold: len(g.words), System: len(s.words)}
	e.Words, e.UPOS, e.XPOS, e.Lemmas, e.UAS, e.LAS = all, all, all, all, all, all
	for _, w := range g.words {
		e.CLAS.Gold += one(w.content)
	}
	for _, w := range s.words {
		e.CLAS.System += one(w.content)
	}
	const notAligned = -3
	goldOf := make([]int, len(s.words)) // the gold word of each
	for i := range goldOf {
		goldOf[i] = notAligned
	}
	for _, p := range pairs {
		goldOf[p[1]] = p[0]
	}
	for _, p := range pairs {
		x, y := &g.words[p[0]], &s.words[p[1]]
		head := y.parent
		if head >= 0 {
			head = goldOf[head]
		}
		attached := x.parent == head && head != Unattached
		labelled := attached && universal(x.Rel) == universal(y.Rel)
		e.Words.Correct++
		e.UPOS.Correct += one(x.UPOS == y.UPOS)
		e.XPOS.Correct += one(x.XPOS == y.XPOS)
		e.Lemmas.Correct += one(x.Lemma == y.Lemma || x.Lemma == "_")
		e.UAS.Correct += one(attached)
		e.LAS.Correct += one(labelled)
		e.CLAS.Correct += one(labelled && x.content)
	}
}

func universal(rel string) string {
	u, _, _ := strings.Cut(rel, ":")
	return u
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
