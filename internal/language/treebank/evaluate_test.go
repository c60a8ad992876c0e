package treebank

import (
	"fmt"
	"strings"
	"testing"

	"rapport"
)

// parsed builds sentences of words like "form/UPOS/head/rel", parted by " || ";
// "don't=do/…+n't/…" is a word of two.
func parsed(t *testing.T, text string) []Sentence {
	t.Helper()
	var out []Sentence
	for _, sentence := range strings.Split(text, " || ") {
		var s Sentence
		for _, token := range strings.Fields(sentence) {
			form, words, multi := strings.Cut(token, "=")
			if !multi {
				words = token
			}
			from := len(s.Words)
			for _, word := range strings.Split(words, "+") {
				col := append(strings.Split(word, "/"), "", "1", "")
				w := Word{Form: col[0], UPOS: col[1], Lemma: strings.ToLower(col[0]), Rel: col[3], Head: len(col[2])}
				if _, err := fmt.Sscan(col[2], &w.Head); err != nil {
					t.Fatal(err)
				}
				w.Head--
				s.Words = append(s.Words, w)
			}
			if multi {
				s.Multiwords = append(s.Multiwords, Multiword{From: from, To: len(s.Words), Form: form})
			}
		}
		out = append(out, s)
	}
	return out
}

// TestEvaluateWords counts the words that are aligned.
func TestEvaluateWords(t *testing.T) {
	for _, c := range []struct {
		gold, system string
		words        F1
		tokens       int
	}{
		{"Iran left", "Iran left", F1{2, 2, 2}, 2},
		{"well-known", "well - known", F1{0, 1, 3}, 0},
		{"well-known man", "well - known man", F1{1, 2, 4}, 1},
		{"dont=do+nt go", "do nt go", F1{3, 3, 3}, 1},
		{"dont=do+nt go", "dont go", F1{1, 3, 2}, 2},
		{"dont=Do+NT go", "dont=do+nt go", F1{3, 3, 3}, 2},
		{"abcd=a+b+cd e", "ab cd=c+d e", F1{1, 4, 4}, 1},
		{"ab=a+b cd=c+d", "a bcd=b+c+d", F1{4, 4, 4}, 0},
		{"a b c", "abc", F1{0, 3, 1}, 0},
		{"he || went", "he went", F1{2, 2, 2}, 2},
	} {
		e, err := Evaluate(parsed(t, c.gold), parsed(t, c.system))
		if err != nil {
			t.Errorf("%s: %v", c.gold, err)
		}
		if e.Words != c.words || e.Tokens.Correct != c.tokens {
			t.Errorf("%s against %s: words %v tokens %v, want %v and %d", c.system, c.gold, e.Words, e.Tokens, c.words, c.tokens)
		}
	}
}

// TestEvaluate counts annotation.
func TestEvaluate(t *testing.T) {
	gold := parsed(t, "He/PRON/2/nsubj:pass went/VERB/0/root home/NOUN/2/obl || Yes/INTJ/0/root")
	system := parsed(t, "He/PRON/2/nsubj went/NOUN/0/root home/NOUN/1/obl Yes/INTJ/2/discourse")
	e, err := Evaluate(gold, system)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want F1
	}{
		{"sentences", e.Sentences, F1{0, 2, 1}}, {"words", e.Words, F1{4, 4, 4}}, {"upos", e.UPOS, F1{3, 4, 4}}, {"lemmas", e.Lemmas, F1{4, 4, 4}},
		{"uas", e.UAS, F1{2, 4, 4}}, {"las", e.LAS, F1{2, 4, 4}}, {"clas", e.CLAS, F1{2, 4, 4}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if p := e.UPOS.Percent(); p != 75 {
		t.Errorf("%g per cent, want 75", p)
	}
	gold[0].Words[0].Lemma, gold[0].Words[1].Head = "_", Unattached // nobody told
	if e, err = Evaluate(gold, gold); err != nil || e.Lemmas.Correct != 4 || e.UAS.Correct != 3 {
		t.Errorf("lemmas %v uas %v, %v", e.Lemmas, e.UAS, err)
	}
	if _, err := Evaluate(gold, gold[:1]); rapport.KindOf(err) != rapport.BadInput {
		t.Errorf("another text: %v", err)
	}
}
