package treebank

import (
	"reflect"
	"strings"
	"testing"

	"rapport"
)

const sample = `# newdoc id = a
# sent_id = a-1
# newpar id = a-p1
# text = He can't go.
1	He	he	PRON	PRP	_	4	nsubj	_	_
2-3	can't	_	_	_	_	_	_	_	_
2	ca	can	AUX	MD	_	4	aux	_	_
3	n't	not	PART	RB	_	4	advmod	_	_
3.1	will	will	AUX	MD	_	_	_	4:aux	_
4	go	go	VERB	VB	_	0	root	_	SpaceAfter=No|Gloss=aller
5	.	.	PUNCT	.	_	4	punct	_	SpaceAfter=No

# sent_id = a-2
# text = No
1	No	_	_	_	_	_	_	_	_

`

func TestRead(t *testing.T) {
	got, err := Read(strings.NewReader(sample), "sample")
	if err != nil {
		t.Fatal(err)
	}
	want := []Sentence{
		{ID: "a-1", Text: "He can't go.", NewDocument: true, Document: "a", NewParagraph: true, Glued: true, Words: []Word{
			{Form: "He", Lemma: "he", UPOS: "PRON", XPOS: "PRP", Rel: "nsubj", Head: 3},
			{Form: "ca", Lemma: "can", UPOS: "AUX", XPOS: "MD", Rel: "aux", Head: 3, Glued: true},
			{Form: "n't", Lemma: "not", UPOS: "PART", XPOS: "RB", Rel: "advmod", Head: 3},
			{Form: "go", Lemma: "go", UPOS: "VERB", XPOS: "VB", Rel: "root", Head: -1, Glued: true, Misc: "Gloss=aller"},
			{Form: ".", Lemma: ".", UPOS: "PUNCT", XPOS: ".", Rel: "punct", Head: 3},
		}, Multiwords: []Multiword{{From: 1, To: 3, Form: "can't"}}, Comments: []string{"# newdoc id = a", "# sent_id = a-1", "# newpar id = a-p1", "# text = He can't go."}},
		{ID: "a-2", Text: "No", Words: []Word{{Form: "No", Lemma: "_", UPOS: "_", XPOS: "_", Rel: "_", Head: Unattached}}, Comments: []string{"# sent_id = a-2", "# text = No"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if forms := got[0].Forms(); strings.Join(forms, " ") != "He ca n't go ." {
		t.Errorf("forms %q", forms)
	}
	if w := got[0].Written(); w != "He can't go." {
		t.Errorf("written %q", w)
	}
	if texts := Texts(append(got, Sentence{NewParagraph: true, Words: []Word{{Form: "Oh"}}}, Sentence{NewDocument: true, Words: []Word{{Form: "So"}}})); !reflect.DeepEqual(texts, []string{"He can't go.No\n\nOh", "So"}) {
		t.Errorf("texts %q", texts)
	}
}

// TestWrite holds what is written to what was read, but for empty nodes and the
// columns that are not kept.
func TestWrite(t *testing.T) {
	sentences, err := Read(strings.NewReader(sample), "sample")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Write(&b, sentences); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(sample, "3.1\twill\twill\tAUX\tMD\t_\t_\t_\t4:aux\t_\n", "", 1)
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ text, where string }{
		{"1\tHe\the\n", "x:1"},
		{"# ok\n1\tHe\the\tPRON\tPRP\t_\t-2\tnsubj\t_\t_\n", "x:2"},
		{"1\tHe\the\tPRON\tPRP\t_\tten\tnsubj\t_\t_\n", "x:1"},
		{"2\tHe\the\tPRON\tPRP\t_\t0\troot\t_\t_\n", "x:1"},
		{"1\tHe\the\tPRON\tPRP\t_\t2\tnsubj\t_\t_\n\n", "x:2"},
		{"1\t\the\tPRON\tPRP\t_\t0\troot\t_\t_\n", "x:1"},
		{"1-2\tdont\t_\t_\t_\t_\t_\t_\t_\t_\n1\tdo\tdo\tVERB\tVB\t_\t0\troot\t_\t_\n\n", "x:3"},
		{"2-3\tdont\t_\t_\t_\t_\t_\t_\t_\t_\n", "x:1"},
		{"1-b\tHe\t_\t_\t_\t_\t_\t_\t_\t_\n", "x:1"},
	} {
		_, err := Read(strings.NewReader(c.text), "x")
		if rapport.KindOf(err) != rapport.BadInput || !strings.HasPrefix(err.Error(), c.where+": ") {
			t.Errorf("%q: error %v, want one at %s", c.text, err, c.where)
		}
	}
	if _, err := ReadFile("testdata/absent.conllu"); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("absent file: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("1\t\t\t\t\t\t0\t\t\t\n\n1-9\t\t\t\t\t\t\t\t\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		sentences, err := Read(strings.NewReader(text), "fuzz")
		if err != nil && rapport.KindOf(err) != rapport.BadInput {
			t.Fatalf("error of another kind: %v", err)
		}
		for _, s := range sentences {
			if len(s.Words) == 0 {
				t.Fatal("sentence without words")
			}
		}
		if err == nil {
			var b strings.Builder
			if err := Write(&b, sentences); err != nil {
				t.Fatal(err)
			}
			again, err := Read(strings.NewReader(b.String()), "again")
			if err != nil || len(again) != len(sentences) {
				t.Fatalf("%d sentences read back as %d: %v", len(sentences), len(again), err)
			}
			if _, err := Evaluate(sentences, again); err != nil {
				t.Fatal(err)
			}
		}
	})
}
