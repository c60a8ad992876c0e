package treebank

import (
	"fmt"
	"strings"
)

// Score counts how many words' annotation equals the treebank's, words of
// punctuation included.
type Score struct {
	Words, UPOS, XPOS, Lemma, Head int
	Labelled                       int // head and universal relation, subtypes cut
	Subtyped                       int // head and relation with its subtype
}

// Add counts the words of one sentence: gold as the treebank has them, got as
// they were annotated. Both hold the same forms.
func (s *Score) Add(gold, got []Word) {
	for i := range gold {
		g, w := &gold[i], &got[i]
		s.Words++
		s.UPOS += one(g.UPOS == w.UPOS)
		s.XPOS += one(g.XPOS == w.XPOS)
		s.Lemma += one(g.Lemma == w.Lemma)
		if g.Head == w.Head {
			s.Head++
			s.Labelled += one(universal(g.Rel) == universal(w.Rel))
			s.Subtyped += one(g.Rel == w.Rel)
		}
	}
}

// String returns the score in per cent: "UPOS 94.90 XPOS 94.20 …".
func (s Score) String() string {
	p := func(n int) float64 { return 100 * float64(n) / float64(max(s.Words, 1)) }
	return fmt.Sprintf("UPOS %.2f  XPOS %.2f  lemma %.2f  UAS %.2f  LAS %.2f  LAS with subtypes %.2f  (%d words)",
		p(s.UPOS), p(s.XPOS), p(s.Lemma), p(s.Head), p(s.Labelled), p(s.Subtyped), s.Words)
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
