package eval

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/ontology"
)

var sentenceEnd = regexp.MustCompile(`[.!?]["”’)]*(\s|$)`)

// TestPassages holds the labelled passages to their schema and their counts:
// what is there shows in review.
func TestPassages(t *testing.T) {
	gold, err := ReadGold("testdata/passages")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, g := range gold {
		counts["passages"]++
		if g.HeldBack() {
			counts["passages held back"]++
		}
		counts["sentences, about"] += len(sentenceEnd.FindAllString(g.Text, -1))
		if len(g.Claims) == 0 {
			counts["passages without a claim"]++
		}
		if g.Topic == "" || g.Voice == "" {
			t.Errorf("%s has no topic or no voice", g.ID)
		}
		for i := range g.Claims {
			c := g.Claims[i].Claim
			counts["claims"]++
			counts["event "+c.Event]++
			if c.Mode != "" {
				counts["mode "+c.Event+":"+c.Mode]++
			}
			counts["status "+string(c.Status)]++
			counts["cameo "+c.CAMEO]++
			if c.Speaker != nil {
				counts["claims with a speaker"]++
			}
			if c.Date != "" {
				counts["claims with a date"]++
			}
			c.ID, c.Quad, c.Score = g.ID, ontology.Quad(c.Event), ontology.Score(c.Event, c.Mode)
			if err := ontology.Check(&c); err != nil {
				t.Error(err)
			}
			for _, d := range []rapport.Date{c.Date, c.AboutDate} {
				if err := d.Check(); d != "" && err != nil {
					t.Errorf("%s: %v", g.ID, err)
				}
			}
		}
	}
	for _, e := range ontology.Types() {
		if counts["event "+e.Code] < 50 {
			t.Errorf("%d claims of %s", counts["event "+e.Code], e.Code)
		}
	}
	var names []string
	for n := range counts {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("# what\tnumber: of the labelled passages. Written by go test ./internal/eval -run Passages -update\n")
	for _, n := range names {
		fmt.Fprintf(&b, "%s\t%d\n", n, counts[n])
	}
	file := filepath.Join("testdata", "passages", "counts.tsv")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != b.String() {
		t.Errorf("%s says otherwise (write it with -update); here is what is there:\n%s", file, b.String())
	}
}

// TestBadPassages holds what is said of passages that cannot be read.
func TestBadPassages(t *testing.T) {
	const head = "@ id=x-1 topic=t voice=v day=2020-01-01\n"
	for text, want := range map[string]string{
		"= CONSULT 040 FRA:GOV > - | met\n":                                            "stands outside",
		head + "They met.\n":                                                           "needs a text and either claims",
		head + "They met.\n- view\n= CONSULT 040 FRA:GOV > - | met\n":                  "needs a text and either claims",
		head + "They met.\n= CONSULT 040 FRA:GOV > - | wept\n":                         "does not hold",
		head + "They met.\n= MEETING 040 FRA:GOV > - | met\n":                          "is no event type",
		head + "They met.\n= CONSULT 040 - > - | met\n":                                "needs an actor",
		head + "They met.\n= CONSULT 040 FRA:GOV > - | met | when=now\n":               "is no field",
		head + "They met.\nAnd wept.\n":                                                "second text",
		"@ id=x-1 day=2020-01-01\nA.\n- none\n\n@ id=x-1 day=2020-01-01\nA.\n- none\n": "an id of its own",
	} {
		file := filepath.Join(t.TempDir(), "x.passages")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readPassages(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
