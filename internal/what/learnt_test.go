package what

import (
	"slices"
	"strings"
	"testing"

	"rapport/internal/language"
	"rapport/internal/ontology"
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
	if len(l.labels) < 17 || len(l.weights) < 1000 {
		t.Errorf("margin %d, %d labels, %d features", l.margin, len(l.labels), len(l.weights))
	}
	if len(learntPacked) > 3<<19 {
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

// TestContentsTable holds the weights of what acts are about to their schema.
func TestContentsTable(t *testing.T) {
	table, err := unpack(contentsPacked)
	if err != nil {
		t.Fatal(err)
	}
	c, err := parseContents("contents.tsv", table)
	if err != nil {
		t.Fatal(err)
	}
	known := func(event, mode string) bool {
		e, ok := ontology.TypeOf(event)
		return ok && (mode == "" || slices.ContainsFunc(e.Modes, func(m ontology.Mode) bool { return m.Code == mode }))
	}
	if len(c.labels) < 40 || len(c.weights) < 1000 {
		t.Errorf("%d labels, %d features", len(c.labels), len(c.weights))
	}
	for _, l := range c.labels {
		fs := strings.Fields(l)
		if len(fs) != 3 || !wantsAbout(fs[0]) {
			t.Fatalf("label %q is no event, about and mode", l)
		}
		event, mode, _ := strings.Cut(fs[1], ":")
		if fs[1] != "-" && !known(event, mode) {
			t.Errorf("%q is about no event", l)
		}
		if fs[2] != "-" && !known(fs[0], fs[2]) {
			t.Errorf("%q has no mode of its event", l)
		}
	}
	for name, table := range map[string]string{
		"no tab":    "says",
		"no weight": "labels\tAGREE AID -\nsays\t0",
		"no label":  "labels\tAGREE AID -\nsays\t1:5",
		"no number": "labels\tAGREE AID -\nsays\t0:x",
	} {
		if _, err := parseContents("x", table); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestContent holds that an act is told to be about what it asks for or promises.
func TestContent(t *testing.T) {
	for text, want := range map[string]string{
		"Kenya asked Japan for food aid.":                              "REQUEST AID",
		"Chile demanded that Peru release the sailors.":                "REQUEST RETREAT:release",
		"France promised to send humanitarian aid to Lebanon.":         "AGREE AID",
		"The president of Ghana accepted an invitation to visit Cuba.": "AGREE CONSULT:visit",
	} {
		doc := language.Parse(text)
		var got string
		for _, a := range Acts(&doc.Sentences[0], nil) {
			if about, _, ok := Content(&doc.Sentences[0], &a); ok {
				got = a.Event + " " + about
				break
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
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
