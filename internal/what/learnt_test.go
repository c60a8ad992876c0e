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
	if len(l.events) != 17 || len(l.labels) < 40 || len(l.words) < 1000 || len(l.modes) < 1000 {
		t.Errorf("margin %d, %d events, %d labels, %d features, %d of modes", l.margin, len(l.events), len(l.labels), len(l.words), len(l.modes))
	}
	if len(learntPacked) > 3<<19 {
		t.Errorf("learnt.tsv.gz has %d bytes", len(learntPacked))
	}
	for name, table := range map[string]string{
		"no tab":     "bias",
		"too few":    "events\tnone AID\nbias\t1",
		"no events":  "bias\t1 2",
		"no number":  "events\tnone AID\nbias\t1 x",
		"too great":  "events\tnone AID\nbias\t1 200",
		"no type":    "events\tnone MEETING",
		"no none":    "events\tAID SUPPORT",
		"no mode":    "events\tnone AID\nbias\t1 2\tAID:5",
		"mode of no": "events\tnone AID\nbias\t1 2\tCONSULT:visit:5",
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
	l, err := parseLearnt("x", "margin\t100\nevents\tnone AID AGREE CONSULT\na\t0 5 7 0\nb\t3 11 0 0\nv\t0 0 0 9\tCONSULT:visit:80 CONSULT::10\n")
	if err != nil {
		t.Fatal(err)
	}
	for clues, want := range map[string]string{"": "none", "a": "AGREE", "a b": "AID", "b": "AID", "c": "none", "v": "CONSULT"} {
		if got := l.events[l.take(strings.Fields(clues))]; got != want {
			t.Errorf("%q: %s, want %s", clues, got, want)
		}
	}
	for clues, want := range map[string]string{"": "CONSULT:", "v": "CONSULT:visit"} {
		if got := l.labels[l.mode(3, strings.Fields(clues))]; got != want {
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
