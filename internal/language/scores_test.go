package language

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport/internal/language/treebank"
)

var (
	update    = flag.Bool("update", false, "write testdata/scores.txt anew")
	treebanks = flag.String("treebanks", "../../../shared/treebanks", "folder of the treebanks that scores are measured on")
)

// TestScores holds the layer's scores on the treebanks to testdata/scores.txt.
func TestScores(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: annotates four treebanks")
	}
	var b strings.Builder
	for _, name := range []string{"en_ewt-dev", "en_ewt-test", "en_gum-test", "en_pud-test"} {
		gold := readTreebank(t, name)
		given := slices.Clone(gold)
		for i := range given {
			given[i].Words = slices.Clone(given[i].Words)
		}
		AnnotateTreebank(given)
		fmt.Fprintf(&b, "%s\n", name)
		score(t, &b, "  given words  ", gold, given)
		found := fromText(gold)
		score(t, &b, "  raw text     ", gold, found)
		fmt.Fprintf(&b, "  sentence ends inside paragraphs  %v\n", endsInside(gold, found))
	}
	var news []treebank.Sentence
	for _, name := range []string{"en_gum-train", "en_gum-dev", "en_gum-test"} {
		news = append(news, documents(readTreebank(t, name), "news")...)
	}
	fmt.Fprintf(&b, "en_gum news, all parts\n  sentence ends inside paragraphs  %v\n", endsInside(news, fromText(news)))
	const golden = "testdata/scores.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("scores changed (go test -run Scores -update writes them anew)\ngot\n%s\nwant\n%s", got, want)
	}
}

func readTreebank(t *testing.T, name string) []treebank.Sentence {
	t.Helper()
	sentences, err := treebank.ReadFile(filepath.Join(*treebanks, name+".conllu"))
	if err != nil {
		t.Skipf("no treebank to score on (say -treebanks DIR): %v", err)
	}
	return sentences
}

func fromText(gold []treebank.Sentence) (system []treebank.Sentence) {
	for _, text := range treebank.Texts(gold) {
		system = append(system, Parse(text).Treebank("")...)
	}
	return system
}

// documents returns the documents whose name holds a word.
func documents(sentences []treebank.Sentence, word string) (out []treebank.Sentence) {
	in := false
	for _, s := range sentences {
		if s.NewDocument {
			in = strings.Contains(s.Document, word)
		}
		if in {
			out = append(out, s)
		}
	}
	return out
}

func score(t *testing.T, b *strings.Builder, what string, gold, system []treebank.Sentence) {
	t.Helper()
	e, err := treebank.Evaluate(gold, system)
	if err != nil {
		t.Fatal(err)
	}
	b.WriteString(what)
	for _, m := range []struct {
		name string
		f1   treebank.F1
	}{{"tokens", e.Tokens}, {"sentences", e.Sentences}, {"words", e.Words}, {"UPOS", e.UPOS}, {"XPOS", e.XPOS}, {"lemmas", e.Lemmas}, {"UAS", e.UAS}, {"LAS", e.LAS}, {"CLAS", e.CLAS}} {
		if m.f1.Correct < m.f1.Gold {
			fmt.Fprintf(b, "%s %.2f  ", m.name, m.f1.Percent())
		}
	}
	fmt.Fprintf(b, "(%d words)\n", e.Words.Gold)
}

// endsInside compares the sentence ends that no paragraph's end gives away.
func endsInside(gold, system []treebank.Sentence) string {
	want, paragraphs := ends(gold)
	got, _ := ends(system)
	same, all, found := 0, 0, 0
	for at := range want {
		if !paragraphs[at] {
			all++
			if got[at] {
				same++
			}
		}
	}
	for at := range got {
		if !paragraphs[at] {
			found++
		}
	}
	p, r := float64(same)/float64(found), float64(same)/float64(all)
	return fmt.Sprintf("P %.2f R %.2f F1 %.2f (%d)", 100*p, 100*r, 200*p*r/(p+r), all)
}

// ends returns where sentences end, in bytes without white space, and at which
// of the ends a paragraph does.
func ends(sentences []treebank.Sentence) (all, paragraphs map[int]bool) {
	all, paragraphs = map[int]bool{}, map[int]bool{}
	at := 0
	for i := range sentences {
		if sentences[i].NewParagraph {
			paragraphs[at] = true
		}
		for _, r := range sentences[i].Written() {
			if !isSpace(r) {
				at += utf8.RuneLen(r)
			}
		}
		all[at] = true
	}
	paragraphs[at] = true
	return all, paragraphs
}
