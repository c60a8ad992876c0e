package language

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"rapport/internal/language/treebank"
)

// TestTreebank holds a document to its form as CoNLL-U but for the annotation.
func TestTreebank(t *testing.T) {
	d := Parse("Iran’s talks\n\nThey don't end:\n• in Kyïv. He left.”")
	want := `# newdoc id = a
# newpar
# sent_id = a-1
# text = Iran’s talks
1-2 Iran’s _
1 Iran TokenRange=0:4|ByteRange=0:4
2 ’s TokenRange=4:6|ByteRange=4:8
3 talks TokenRange=7:12|ByteRange=9:14

# newpar
# sent_id = a-2
# text = They don't end:
1 They TokenRange=14:18|ByteRange=16:20
2-3 don't _
2 do TokenRange=19:21|ByteRange=21:23
3 n't TokenRange=21:24|ByteRange=23:26
4 end SpaceAfter=No|TokenRange=25:28|ByteRange=27:30
5 : TokenRange=28:29|ByteRange=30:31

# newpar
# sent_id = a-3
# text = • in Kyïv.
1 • TokenRange=30:31|ByteRange=32:35
2 in TokenRange=32:34|ByteRange=36:38
3 Kyïv SpaceAfter=No|TokenRange=35:39|ByteRange=39:44
4 . TokenRange=39:40|ByteRange=44:45

# sent_id = a-4
# text = He left.”
1 He TokenRange=41:43|ByteRange=46:48
2 left SpaceAfter=No|TokenRange=44:48|ByteRange=49:53
3 . SpaceAfter=No|TokenRange=48:49|ByteRange=53:54
4 ” TokenRange=49:50|ByteRange=54:57

`
	var b strings.Builder
	if err := treebank.Write(&b, d.Treebank("a")); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.Lines(b.String()) {
		if col := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(col) == 10 {
			line = fmt.Sprintf("%s %s %s\n", col[0], col[1], col[9])
		}
		got.WriteString(line)
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// TestTreebankOfMarks has texts of which no sentence is made.
func TestTreebankOfMarks(t *testing.T) {
	for _, text := range []string{"•", "* -", "He left.\n•\n", "", " \n"} {
		checkTreebank(t, text)
	}
}

// checkTreebank checks that the treebank of a text holds every character that
// is no white space, has a tree a sentence, and reads back as it was written.
func checkTreebank(t *testing.T, text string) {
	t.Helper()
	want := Parse(text).Treebank("x")
	var b, seen strings.Builder
	for i := range want {
		s := &want[i]
		tokens := make([]Token, len(s.Words))
		for k, w := range s.Words {
			tokens[k] = Token{Head: w.Head, Rel: w.Rel, Lemma: w.Lemma, UPOS: w.UPOS, XPOS: w.XPOS}
			seen.WriteString(w.Form)
			if w.Form == "" {
				t.Fatalf("a word without a form in %q", s.Text)
			}
		}
		checkTree(t, tokens)
	}
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if isSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	if a, b := bare(text), bare(seen.String()); a != b {
		t.Fatalf("%q became %q", a, b)
	}
	if err := treebank.Write(&b, want); err != nil {
		t.Fatal(err)
	}
	got, err := treebank.Read(strings.NewReader(b.String()), "x")
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	if len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("reads back as %+v\nwas %+v", got, want)
	}
}

func FuzzTreebank(f *testing.F) {
	for _, text := range awkward {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTreebank(t, text) })
}
