package record

import (
	"fmt"
	"reflect"
	"testing"

	"rapport"
)

// TestDecisions: what a person decides on merging is kept, taken back as one,
// and neither is ever lost.
func TestDecisions(t *testing.T) {
	r := openTemp(t)
	rep := report("a", "They met.")
	var c []rapport.Claim
	for i := range 3 {
		c = append(c, claim(rep, "CONSULT", fmt.Sprintf("2024-01-0%d", i+1), "AZE", "EGY"))
	}
	kept(t, r, Coded{rep, c}, "toy 1", New)
	decide := func(d Decision) Decision {
		t.Helper()
		if err := r.SetEvents(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		d.Author, d.Time = "ann", "2024-07-01T00:00:00Z"
		d, err := r.Decide(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := r.Stale(t.Context()); err != nil || len(l) != 1 {
			t.Errorf("stale after a decision: %v %v", l, err)
		}
		sound(t, r)
		return d
	}
	counting := func(want int) {
		t.Helper()
		if js, err := r.PersonJudgements(t.Context()); err != nil || len(js) != want {
			t.Errorf("%d judgements count, want %d: %v", len(js), want, err)
		}
	}
	apart := decide(Decision{Pairs: [][2]string{{c[0].ID, c[1].ID}, {c[2].ID, c[0].ID}}, Note: "two days"})
	counting(2)
	undo := decide(Decision{Undoes: apart.N})
	counting(0)
	again := decide(Decision{Same: true, Pairs: [][2]string{{c[1].ID, c[2].ID}}})
	counting(1)
	if js, err := r.Judgements(t.Context(), c[0].ID); err != nil || len(js) != 2 {
		t.Errorf("the trace: %v %v", js, err)
	}

	// A newer coder that no longer makes the claims takes no decision away.
	kept(t, r, Coded{rep, nil}, "toy 2", Recoded)
	apart.Undone = true
	undo.Pairs, again.Note = [][2]string{}, ""
	for name, want := range map[string][]Decision{"": {apart, undo, again}, c[0].ID: {apart, undo}, c[1].ID: {apart, undo, again}, "other": {}} {
		var ids []string
		if name != "" {
			ids = []string{name}
		}
		got, err := r.Decisions(t.Context(), ids...)
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(sortedPairs(got), sortedPairs(want)) {
			t.Errorf("decisions on %q: %+v %v, want %+v", name, got, err, want)
		}
	}

	for name, d := range map[string]Decision{
		"of a rule":           {Author: "rule:x", Time: "x", Pairs: [][2]string{{"a", "b"}}},
		"of nobody":           {Time: "x", Pairs: [][2]string{{"a", "b"}}},
		"on nothing":          {Author: "ann", Time: "x"},
		"undone already":      {Author: "ann", Time: "x", Undoes: apart.N},
		"undoing an undoing":  {Author: "ann", Time: "x", Undoes: undo.N},
		"undoing what is not": {Author: "ann", Time: "x", Undoes: 99},
		"on unknown claims":   {Author: "ann", Time: "x", Pairs: [][2]string{{"a", "b"}}},
		"on one claim":        {Author: "ann", Time: "x", Pairs: [][2]string{{"a", "a"}}},
	} {
		before, _ := r.Decisions(t.Context())
		if _, err := r.Decide(t.Context(), d); err == nil {
			t.Errorf("a decision %s is kept", name)
		}
		if after, err := r.Decisions(t.Context()); err != nil || len(after) != len(before) {
			t.Errorf("a decision %s leaves a trace", name)
		}
	}
	sound(t, r)
}

func sortedPairs(ds []Decision) []string {
	var out []string
	for _, d := range ds {
		seen := map[[2]string]bool{}
		for _, p := range d.Pairs {
			seen[p] = true
		}
		out = append(out, fmt.Sprint(d.N, d.Same, seen, d.Note, d.Undoes, d.Undone))
	}
	return out
}
