package what

import (
	"strings"
	"testing"

	"rapport/internal/language"
)

// TestLearntTable holds the embedded weights to their schema.
func TestLearntTable(t *testing.T) {
	table, err := learntTable()
	if err != nil {
		t.Fatal(err)
	}
	l, err := parseLearnt("learnt.tsv", table)
	if err != nil {
		t.Fatal(err)
	}
	if l.margin <= 0 || len(l.labels) < 17 || len(l.weights) < 1000 {
		t.Errorf("margin %d, %d labels, %d features", l.margin, len(l.labels), len(l.weights))
	}
	if len(learntPacked) > 1<<20 {
		t.Errorf("learnt.tsv.gz has %d bytes", len(learntPacked))
	}
	for name, table := range map[string]string{
		"no tab":     "bias",
		"no weight":  "bias\tAID",
		"no number":  "bias\tAID:x",
		"no type":    "bias\tMEETING:5",
		"bad margin": "margin\tmuch",
	} {
		if _, err := parseLearnt("x", table); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestTake holds how labels are weighed: the best that leads none by the margin.
func TestTake(t *testing.T) {
	l, err := parseLearnt("x", "margin\t100\na\tAID:90 AGREE:120\nb\tnone:50 AID:200\n")
	if err != nil {
		t.Fatal(err)
	}
	scores := make([]int32, len(l.labels))
	for clues, want := range map[string]string{"": "none", "a": "AGREE", "a b": "AID", "b": "AID", "c": "none"} {
		if got := l.labels[l.take(strings.Fields(clues), scores)]; got != want {
			t.Errorf("%q: %s, want %s", clues, got, want)
		}
	}
}

// TestGrounds holds that an act of a rule has none and that a learnt one says
// what spoke for it.
func TestGrounds(t *testing.T) {
	doc := language.Parse("President Aliyev visited Egypt in 2007.")
	for _, a := range Acts(&doc.Sentences[0], nil) {
		if g := Grounds(&doc.Sentences[0], &a, nil, 3); g != nil {
			t.Errorf("%s: %q", a.Rule.ID, g)
		}
	}
	l := learntActs()
	a := Act{Rule: l.rules[1], Trigger: 2, Verb: 2}
	if g := Grounds(&doc.Sentences[0], &a, nil, 3); len(g) != 3 {
		t.Errorf("%q", g)
	}
}
