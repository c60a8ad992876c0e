package language

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/language/treebank"
)

var (
	update    = flag.Bool("update", false, "write testdata/scores.txt anew")
	treebanks = flag.String("treebanks", "../../../shared/treebanks", "folder of the treebanks that scores are measured on")
)

// TestScores holds the model's scores on the treebanks to testdata/scores.txt.
func TestScores(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: annotates four treebanks")
	}
	var b strings.Builder
	for _, name := range []string{"en_ewt-dev", "en_ewt-test", "en_gum-test", "en_pud-test"} {
		sentences, err := treebank.ReadFile(filepath.Join(*treebanks, name+".conllu"))
		if err != nil {
			t.Skipf("no treebank to score on (say -treebanks DIR): %v", err)
		}
		fmt.Fprintf(&b, "%s\n", name)
		fmt.Fprintf(&b, "  gold tokens  %v\n", scoreGoldTokens(sentences))
		words, ends := scoreRaw(sentences)
		fmt.Fprintf(&b, "  raw text     tokens %v  sentences %v\n", words, ends)
	}
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

func scoreGoldTokens(sentences []treebank.Sentence) (score treebank.Score) {
	for i := range sentences {
		s := &sentences[i]
		var got []treebank.Word
		for _, t := range Annotate(s.Forms()) {
			got = append(got, treebank.Word{Lemma: t.Lemma, UPOS: t.UPOS, XPOS: t.XPOS, Rel: t.Rel, Head: t.Head})
		}
		score.Add(s.Words, got)
	}
	return score
}

// f1 counts spans that two segmentations share.
type f1 struct{ same, gold, got int }

func (f f1) String() string {
	p, r := float64(f.same)/float64(f.got), float64(f.same)/float64(f.gold)
	return fmt.Sprintf("P %.2f R %.2f F1 %.2f", 100*p, 100*r, 200*p*r/(p+r))
}

func (f *f1) add(gold, got map[int]bool) {
	f.gold += len(gold)
	f.got += len(got)
	for k := range got {
		if gold[k] {
			f.same++
		}
	}
}

// scoreRaw compares the tokens and sentence ends found in the raw text of
// paragraphs with the treebank's. Sentence ends that a paragraph's end gives
// away are not counted.
func scoreRaw(sentences []treebank.Sentence) (words, ends f1) {
	for len(sentences) > 0 {
		n := 1
		for n < len(sentences) && !sentences[n].NewParagraph {
			n++
		}
		scoreParagraph(sentences[:n], &words, &ends)
		sentences = sentences[n:]
	}
	return words, ends
}

func scoreParagraph(sentences []treebank.Sentence, words, ends *f1) {
	var text strings.Builder
	goldWords, goldEnds := map[int]bool{}, map[int]bool{}
	for i := range sentences {
		s := &sentences[i]
		at, rest := text.Len(), s.Text
		for _, w := range s.Words {
			if j := strings.Index(rest, w.Form); j >= 0 {
				at += j
				rest = rest[j+len(w.Form):]
				goldWords[key(at, at+len(w.Form))] = true
				at += len(w.Form)
			} else {
				goldWords[-len(goldWords)-1] = true // not written so: cannot be found
			}
		}
		text.WriteString(s.Text)
		if i+1 < len(sentences) {
			goldEnds[text.Len()] = true
			if !s.Glued {
				text.WriteByte(' ')
			}
		}
	}
	d := &Doc{Text: text.String()}
	new(parser).sentences(d)
	gotWords, gotEnds := map[int]bool{}, map[int]bool{}
	for i, s := range d.Sentences {
		for _, w := range s.Tokens {
			gotWords[key(w.Start, w.End)] = true
		}
		if i+1 < len(d.Sentences) {
			gotEnds[s.End] = true
		}
	}
	words.add(goldWords, gotWords)
	ends.add(goldEnds, gotEnds)
}

func key(start, end int) int { return start<<16 | end }
