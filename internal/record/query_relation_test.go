package record

import (
	"slices"
	"strings"
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
	es, err := r.EventsOfClaims(t.Context(), []string{cb[0].ID, ca[0].ID, ca[1].ID})
	check("events", err, eventIDs(es), []string{"one"})
	es, err = r.EventsOfClaims(t.Context(), nil)
	check("events of none", err, eventIDs(es), nil)
}

func TestBesideAPair(t *testing.T) {
	r := openTemp(t)
	a, b := report("a", "They met. Others too."), report("b", "They met again.")
	ca := []rapport.Claim{
		claim(a, "CONSULT", "2024-01-05", "FRA", "TUR"), claim(a, "ACCUSE", "2024-01-09", "TUR", "GRC"), claim(a, "ACCUSE", "2024-01-10", "GRC", "CYP"),
		claim(a, "REQUEST", "2024-01-11", "DEU", "TUR"),
	}
	ca[2].Place = &rapport.Place{Name: "Paris", Country: "FRA"} // not where it acts
	cb := []rapport.Claim{claim(b, "REQUEST", "2024-01-11", "DEU", "FRA")}
	for i := range ca {
		ca[i].SetID("a")
	}
	cb[0].SetID("b")
	kept(t, r, Coded{a, ca}, "toy 1", New)
	kept(t, r, Coded{b, cb}, "toy 1", New)
	both := event("both", "REQUEST", "2024-01-11", "DEU", ca[3], cb[0])
	both.Actor, both.Recipient = ca[3].Actor, slices.Concat(ca[3].Recipient, cb[0].Recipient)
	if err := r.SetEvents(t.Context(), []rapport.Event{both, event("pair", "CONSULT", "2024-01-05", "FRA TUR", ca[0])}); err != nil {
		t.Fatal(err)
	}
	pair := rapport.NewDyad("TUR", "FRA")
	reports, err := r.ReportsOn(t.Context(), pair)
	if err != nil || len(reports) != 1 || reports[0].ID != "a" || reports[0].Text != "" || reports[0].Title != a.Title {
		t.Errorf("reports on the pair: %+v, %v", reports, err)
	}
	places, err := r.Places(t.Context(), pair)
	if err != nil || len(places) != len(ca) {
		t.Fatalf("places %+v, %v", places, err)
	}
	for i, p := range places {
		if p.Span != ca[i].Evidence.Span || p.On != (i == 0) || p.Report != places[0].Report {
			t.Errorf("place %d: %+v, evidence at %v", i, p, ca[i].Evidence.Span)
		}
	}
	cs, err := r.ClaimsAt(t.Context(), pair, places)
	if want := []string{ca[0].ID, ca[1].ID, ca[3].ID}; err != nil || !slices.Equal(ids(cs), want) {
		t.Errorf("claims of either: %v, want %v: %v", ids(cs), want, err)
	}
	es, err := r.EventsOnBoth(t.Context(), pair)
	if err != nil || !slices.Equal(eventIDs(es), []string{"both"}) {
		t.Errorf("events on both: %v, %v", eventIDs(es), err)
	}
	if l, err := r.Places(t.Context(), rapport.NewDyad("USA", "CHN")); err != nil || len(l) > 0 {
		t.Errorf("places of a pair that is not there: %v, %v", l, err)
	}
}

// TestPlansOfRelations pins how a relation is read: from the register of its
// pair along keys, with or without ANALYZE; no table is gone through whole.
func TestPlansOfRelations(t *testing.T) {
	r, _ := filled(t, 150)
	const register = `SEARCH f USING PRIMARY KEY (dyad=?)
SCALAR SUBQUERY
SEARCH dyad USING COVERING INDEX sqlite_autoindex_dyad_1 (a=? AND b=?)
SEARCH c USING INTEGER PRIMARY KEY (rowid=?)`
	check := func(when string) {
		t.Helper()
		for _, c := range []struct {
			query string
			args  []any
			want  string
		}{
			{reportsOnQuery, []any{"CHN", "USA"}, `SEARCH report USING INTEGER PRIMARY KEY (rowid=?)
LIST SUBQUERY
` + register + `
CORRELATED SCALAR SUBQUERY
SEARCH f USING INTEGER PRIMARY KEY (rowid=?)
CORRELATED SCALAR SUBQUERY
SEARCH m USING INTEGER PRIMARY KEY (rowid=?)`},
			{placesOnQuery, []any{"CHN", "USA"}, register},
			{placesQuery, []any{"[1,2]"}, `SCAN j VIRTUAL TABLE INDEX 1:
SEARCH c USING INDEX claim_report (report=?)`},
			{claimsAtQuery, []any{"[1,2]", `"CHN"`, `"USA"`}, `SCAN j VIRTUAL TABLE INDEX 1:
SEARCH c USING INTEGER PRIMARY KEY (rowid=?)`},
			{eventsOnBothQuery, []any{"CHN", "USA", `"CHN"`, `"USA"`}, `SEARCH event USING INTEGER PRIMARY KEY (rowid=?)
LIST SUBQUERY
` + register + `
SEARCH o USING COVERING INDEX claim_report (report=?)
SEARCH ec USING INTEGER PRIMARY KEY (rowid=?)`},
		} {
			got, err := all(rowsOf(t.Context(), r, func(rows scanner) (line string, err error) {
				var id, parent, x int
				return line, rows.Scan(&id, &parent, &x, &line)
			}, "EXPLAIN QUERY PLAN "+c.query, c.args...))
			if plan := normal(strings.Join(got, "\n")); err != nil || plan != c.want {
				t.Errorf("%s: %s\n%s\n%v", when, c.query, plan, err)
			}
		}
	}
	check("fresh")
	if _, err := r.w.conn.ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	check("analyzed")
}
