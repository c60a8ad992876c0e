package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rapport"
)

func TestCorrected(t *testing.T) {
	rep := report("a", "They met.")
	c := claim(rep, "CONSULT", "2024-06-08", "AZE", "EGY")
	c.Status, c.CAMEO, c.Quad = rapport.Actual, "042", 1
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	out, err := Corrected(c, map[string]json.RawMessage{"event": raw(`"ACCUSE"`), "mode": raw(`null`), "cameo": raw(`"112"`), "date": raw(`"2024-06"`)})
	if err != nil || out.Event != "ACCUSE" || out.Date != "2024-06" || out.Quad != 3 || out.Score >= 0 || out.ID != c.ID {
		t.Errorf("%+v %v", out, err)
	}
	for name, want := range map[string]rapport.Kind{`id`: rapport.Usage, `score`: rapport.Usage, `evidence`: rapport.Usage, `colour`: rapport.Usage, `date`: rapport.BadInput, `actor`: rapport.BadInput} {
		if _, err := Corrected(c, map[string]json.RawMessage{name: raw(`"nonsense"`)}); rapport.KindOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Corrected(c, map[string]json.RawMessage{"actor": raw(`[{"country":"EGY","wealth":1}]`)}); rapport.KindOf(err) != rapport.BadInput {
		t.Errorf("an unknown field within: %v", err)
	}
}

func TestJoinedAndParted(t *testing.T) {
	r := openTemp(t)
	var cs []rapport.Claim
	for i := range 4 {
		rep := report(fmt.Sprint("r", i), fmt.Sprintf("They met %d times.", i))
		cs = append(cs, claim(rep, "CONSULT", "2024-06-08", "AZE", "EGY"))
		kept(t, r, Coded{rep, cs[i:]}, "toy 1", New)
	}
	if err := r.SetEvents(t.Context(), []rapport.Event{event("ev-a", "CONSULT", "2024-06-08", "AZE EGY", cs[:3]...), event("ev-b", "CONSULT", "2024-06-08", "AZE EGY", cs[3])}); err != nil {
		t.Fatal(err)
	}
	name := map[string]string{}
	for i, c := range cs {
		name[c.ID] = fmt.Sprint(i)
	}
	say := func(pairs [][2]string) string {
		var out []string
		for _, p := range pairs {
			out = append(out, name[p[0]]+name[p[1]])
		}
		return strings.Join(out, " ")
	}
	e, err := r.Event(t.Context(), "ev-a")
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range e.Claims {
		name[id] = fmt.Sprint(i)
	}
	if p, err := r.Joined(t.Context(), true, "ev-a", cs[3].ID); err != nil || say(p) != "03" {
		t.Errorf("joined: %s %v", say(p), err)
	}
	if p, err := r.Joined(t.Context(), false, "ev-a", "ev-b"); err != nil || say(p) != "03 13 23" {
		t.Errorf("apart: %s %v", say(p), err)
	}
	if p, err := r.Parted(t.Context(), "ev-a", e.Claims[1]); err != nil || say(p) != "01 12" {
		t.Errorf("parted: %s %v", say(p), err)
	}
	if p, err := r.Parted(t.Context(), "ev-a"); err != nil || say(p) != "01 02 12" {
		t.Errorf("all parted: %s %v", say(p), err)
	}
	faults := map[string]func() ([][2]string, error){
		"one":         func() ([][2]string, error) { return r.Joined(t.Context(), true, "ev-a") },
		"itself":      func() ([][2]string, error) { return r.Joined(t.Context(), true, cs[0].ID, cs[0].ID) },
		"no event":    func() ([][2]string, error) { return r.Joined(t.Context(), true, "ev-x", cs[0].ID) },
		"one claim":   func() ([][2]string, error) { return r.Parted(t.Context(), "ev-b") },
		"not its own": func() ([][2]string, error) { return r.Parted(t.Context(), "ev-a", cs[3].ID) },
		"all of it":   func() ([][2]string, error) { return r.Parted(t.Context(), "ev-a", e.Claims...) },
	}
	for _, what := range slices.Sorted(maps.Keys(faults)) {
		if p, err := faults[what](); err == nil || rapport.KindOf(err) == rapport.Internal {
			t.Errorf("%s: %v %v", what, p, err)
		}
	}
}
