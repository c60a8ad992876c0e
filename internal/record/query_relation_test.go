package record

import (
	"slices"
	"testing"

	"rapport"
)

func TestQueriesByList(t *testing.T) {
	r := openTemp(t)
	a, b := report("a", "They met."), report("b", "They met.")
	ca := []rapport.Claim{claim(a, "CONSULT", "2024-01-05", "FRA", "TUR"), claim(a, "ACCUSE", "2024-01-09", "TUR", "FRA")}
	cb := []rapport.Claim{claim(b, "CONSULT", "2024-01-05", "FRA", "DEU")}
	for i := range ca {
		ca[i].SetID("a")
	}
	cb[0].SetID("b")
	kept(t, r, Coded{a, ca}, "toy 1", New)
	if _, err := r.Keep(t.Context(), b, cb, "toy 1"); err != nil {
		t.Fatal(err)
	}
	if err := r.SetEvents(t.Context(), []rapport.Event{event("one", "CONSULT", "2024-01-05", "FRA TUR", ca[0], cb[0])}); err != nil {
		t.Fatal(err)
	}
	check := func(name string, err error, got, want []string) {
		t.Helper()
		slices.Sort(want)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v: %v", name, got, want, err)
		}
	}
	cs, err := r.ClaimsByID(t.Context(), []string{ca[1].ID, "nothing", cb[0].ID})
	check("by id", err, ids(cs), []string{ca[1].ID, cb[0].ID})
	cs, err = r.ClaimsOfReports(t.Context(), []string{"a", "nothing"})
	check("of reports", err, ids(cs), ids(ca))
	es, err := r.EventsOfClaims(t.Context(), []string{cb[0].ID, ca[0].ID, ca[1].ID})
	check("events", err, eventIDs(es), []string{"one"})
	es, err = r.EventsOfClaims(t.Context(), nil)
	check("events of none", err, eventIDs(es), nil)
	f, err := r.Families(t.Context(), []string{"b", "a", "nothing"})
	if err != nil || len(f) != 2 || f["a"] != "a" || f["b"] != "a" {
		t.Errorf("families of two copies: %v, %v", f, err)
	}
}
