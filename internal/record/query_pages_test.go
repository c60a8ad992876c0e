package record

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport"
)

func rowIDs(rows []EventRow) (out []string) {
	for _, r := range rows {
		out = append(out, r.Event.ID)
	}
	return out
}

// pagesRecord holds three events with names and places.
func pagesRecord(t *testing.T) (r *Record, cs []rapport.Claim) {
	t.Helper()
	r = openTemp(t)
	a, b := report("a", "They met. They met again. They quarrelled."), report("b", "He called.")
	a.Outlet, b.Outlet, a.Published, b.Published = "Le Journal", "World Wire", "2024-02-01", "2024-03-01"
	cs = []rapport.Claim{claim(a, "CONSULT", "2024-01-05", "FRA", "TUR"), claim(a, "ACCUSE", "2024", "TUR", "FRA"), claim(b, "CONSULT", "2023-12-30", "FRA", "DEU")}
	cs[0].Actor[0].Name, cs[0].Recipient[0].Name = "Ann Ärger", "Bo Ünlü"
	cs[0].Place, cs[2].Place = &rapport.Place{Name: "Çankırı", Country: "TUR"}, &rapport.Place{Name: "Çankırı", Country: "TUR"}
	cs[1].Actor[0].Name = "Bo Ünlü"
	cs[0].Score, cs[1].Score, cs[2].Score = 4, -2, 1
	cs[0].Confidence, cs[1].Confidence, cs[2].Confidence = 0.9, 0.3, 0.6
	for i := range cs {
		cs[i].SetID(map[bool]string{true: a.Hash, false: b.Hash}[i < 2])
	}
	kept(t, r, Coded{a, cs[:2]}, "toy 1", New)
	kept(t, r, Coded{b, cs[2:]}, "toy 1", New)
	if err := r.SetEvents(t.Context(), pagesEvents(cs)); err != nil {
		t.Fatal(err)
	}
	return r, cs
}

func pagesEvents(cs []rapport.Claim) []rapport.Event {
	es := []rapport.Event{event("met", "CONSULT", "2024-01-05", "FRA TUR", cs[0]), event("quarrel", "ACCUSE", "2024", "TUR FRA", cs[1]), event("call", "CONSULT", "2023-12-30", "FRA DEU", cs[2])}
	for i := range es {
		es[i].Actor, es[i].Recipient, es[i].Place, es[i].Score = cs[i].Actor, cs[i].Recipient, cs[i].Place, cs[i].Score
		es[i].Status = rapport.Actual
	}
	return es
}

func TestPages(t *testing.T) {
	r, cs := pagesRecord(t)
	ctx := t.Context()
	check := func(name string, err error, got, want []string) {
		t.Helper()
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v: %v", name, got, want, err)
		}
	}
	rows, err := r.Latest(ctx, "2024-12-31", 2)
	check("latest", err, rowIDs(rows), []string{"met", "quarrel"}) // a year stands at its beginning
	rows, err = r.Latest(ctx, "2023-12-31", 5)
	check("latest by a day", err, rowIDs(rows), []string{"call"})
	rows, n, err := r.About(ctx, PartyName, "Bo Ünlü", 10, 0)
	check("about a person", err, rowIDs(rows), []string{"met", "quarrel"})
	if n != 2 || len(rows[0].Claims) != 1 || rows[0].Reports["a"].Outlet != "Le Journal" {
		t.Errorf("about a person: %d, %+v", n, rows)
	}
	rows, _, err = r.About(ctx, PlaceName, "Çankırı", 1, 1)
	check("about a place, the second", err, rowIDs(rows), []string{"call"})
	names, err := r.Names(ctx, PartyName)
	check("names", err, names, []string{"Ann Ärger", "Bo Ünlü"})
	rows, err = r.LatestOf(ctx, "FRA", "2025", 2)
	check("latest of a country", err, rowIDs(rows), []string{"met", "quarrel"})
	rows, err = r.LatestOf(ctx, "DEU", "2025", 2)
	check("latest of another", err, rowIDs(rows), []string{"call"})
	rows, err = r.EventRows(ctx, "call", "nothing", "met")
	check("rows in the order asked", err, rowIDs(rows), []string{"call", "met"})
	reports, n, err := r.ReportsOf(ctx, "World Wire", 3)
	if err != nil || n != 1 || len(reports) != 1 || reports[0].ID != "b" || reports[0].Text != "" {
		t.Errorf("reports of an outlet: %d %+v %v", n, reports, err)
	}
	outlets, err := r.Outlets(ctx)
	if want := []OutletCount{{"Le Journal", 1}, {"World Wire", 1}}; err != nil || !slices.Equal(outlets, want) {
		t.Errorf("outlets %v %v", outlets, err)
	}
	pair, err := r.Pair(ctx, rapport.NewDyad("TUR", "FRA"))
	if err != nil || pair.Claims != 2 || pair.Events != 2 {
		t.Errorf("pair %+v %v", pair, err)
	}
	from, err := r.Window(ctx, rapport.NewDyad("TUR", "FRA"), 1)
	if err != nil || from != "2024-01-01" {
		t.Errorf("window of one claim from %q %v", from, err)
	}
	if from, err = r.Window(ctx, rapport.NewDyad("TUR", "FRA"), 2); err != nil || from != "" {
		t.Errorf("window of all from %q %v", from, err)
	}
	pulses, err := r.Pulses(ctx, rapport.NewDyad("TUR", "FRA"))
	want := []Pulse{{Year: 2024, Events: 1, Conflict: -2}, {Year: 2024, Quarter: 1, Events: 1, Cooperation: 4, Reports: 1}}
	if err != nil || !slices.Equal(pulses, want) {
		t.Errorf("pulses %+v, want %+v: %v", pulses, want, err)
	}
	if last, err := r.LastPublished(ctx); err != nil || last != "2024-03-01" {
		t.Errorf("last published %q %v", last, err)
	}

	doubt := func() []string {
		t.Helper()
		l, err := r.Doubtful(ctx, 10)
		if err != nil {
			t.Fatal(err)
		}
		return ids(l)
	}
	check("doubtful", nil, doubt(), []string{cs[1].ID, cs[2].ID, cs[0].ID})
	v, err := r.AddReview(ctx, Review{Claim: cs[1].ID, Verdict: Accept, Author: "ann", Time: "2024-07-01T00:00:00Z"})
	check("doubtful but what was accepted", err, doubt(), []string{cs[2].ID, cs[0].ID})
	reviewed, err := r.Reviewed(ctx)
	check("reviewed", err, reviewed, []string{"a"})
	if got, err := r.ReviewN(ctx, v.N); err != nil || got.Claim != cs[1].ID {
		t.Errorf("review %d: %+v %v", v.N, got, err)
	}
	_, err = r.AddReview(ctx, Review{Claim: cs[1].ID, Verdict: Undo, Undoes: v.N, Author: "ann", Time: "2024-07-01T00:00:01Z"})
	check("doubtful again", err, doubt(), []string{cs[1].ID, cs[2].ID, cs[0].ID})
	reviewed, err = r.Reviewed(ctx)
	check("reviewed, undone", err, reviewed, nil)

	// What names say follows the events.
	es := pagesEvents(cs)
	es[0].Actor[0].Name, es[0].Place = "Cy", nil
	if err := r.SetEvents(ctx, es[:1], rapport.NewDyad("FRA", "TUR")); err != nil {
		t.Fatal(err)
	}
	names, err = r.Names(ctx, PartyName)
	check("names after", err, names, []string{"Bo Ünlü", "Cy"})
	rows, n, err = r.About(ctx, PlaceName, "Çankırı", 9, 0)
	check("place after", err, rowIDs(rows), []string{"call"})
	if err := r.SetEvents(ctx, nil); err != nil || n != 1 {
		t.Fatal(err, n)
	}
	names, err = r.Names(ctx, PartyName)
	check("no event, no name", err, names, nil)
}

// TestSecondOpinion: a second reviewer may agree with a rejection, or not.
func TestSecondOpinion(t *testing.T) {
	r, cs := pagesRecord(t)
	say := func(v Verdict, by string, undoes int64) (Review, error) {
		t.Helper()
		return r.AddReview(t.Context(), Review{Claim: cs[0].ID, Verdict: v, Author: by, Time: "2024-07-01T00:00:00Z", Undoes: undoes})
	}
	live := func() bool {
		l, err := r.ClaimsOf(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(ids(l), cs[0].ID)
	}
	must := func(v Review, err error) Review {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	must(say(Reject, "ann", 0))
	if _, err := say(Reject, "ann", 0); rapport.KindOf(err) != rapport.Usage {
		t.Errorf("the same person rejects twice: %v", err)
	}
	second := must(say(Reject, "bob", 0))
	if live() {
		t.Error("rejected twice, and on the register")
	}
	must(say(Undo, "bob", second.N))
	if live() {
		t.Error("one rejection stands, and it is on the register")
	}
	v := must(say(Accept, "bob", 0))
	if !live() || v.New == nil {
		t.Error("accepted by a second person, and off the register")
	}
	must(say(Undo, "bob", v.N))
	if live() {
		t.Error("the acceptance is undone, and it is on the register")
	}
	if p, err := r.Check(t.Context()); err != nil || len(p) > 0 {
		t.Errorf("check: %v %v", p, err)
	}
}

// TestState: the number changes with every writing, of this process or another.
func TestState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	r := openAt(t, path, Options{Create: true})
	kept(t, r, Coded{Report: report("a", "One.")}, "toy 1", New)
	other, err := Open(t.Context(), path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	states := func() (s [2]int64) {
		for i, x := range []*Record{r, other} {
			if s[i], err = x.State(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	before := states()
	if states() != before {
		t.Error("another number, and nothing was written")
	}
	kept(t, r, Coded{Report: report("b", "Two.")}, "toy 1", New)
	if after := states(); after[0] == before[0] || after[1] == before[1] {
		t.Errorf("%v, then written, then %v", before, after)
	}
}

// TestPlansOfPages pins how pages are read: along keys, never through a table.
func TestPlansOfPages(t *testing.T) {
	r, _ := filled(t, 150)
	check := func(when string) {
		t.Helper()
		for _, c := range []struct {
			query string
			args  []any
			want  string
		}{
			{latestQuery, []any{20240101, 5}, `SEARCH event USING COVERING INDEX event_day (day<?)`},
			{aboutQuery, []any{"p", "x", 5, 0}, `SEARCH event_name USING PRIMARY KEY (kind=? AND name=?)`},
			{pairDaysQuery, []any{1, 20240101, 5}, `SEARCH event_dyad USING PRIMARY KEY (dyad=? AND long=? AND day<?)`},
			{outletQuery, []any{"x", 5}, `SEARCH report USING INDEX report_outlet (outlet=?)`},
			{doubtQuery, []any{5}, `SCAN c USING INDEX claim_doubt
CORRELATED SCALAR SUBQUERY
SEARCH v USING INDEX review_claim (claim=?)
CORRELATED SCALAR SUBQUERY
SEARCH u USING INDEX review_claim (claim=?)`},
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
