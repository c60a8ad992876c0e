package record

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// paged is a generated record of some three hundred claims with events.
func paged(t testing.TB) *Record {
	t.Helper()
	r := openTemp(t)
	if err := r.KeepMany(t.Context(), newGenerator(3).reports(60, 6, 5), "toy 1", nil); err != nil {
		t.Fatal(err)
	}
	var events []rapport.Event
	for c, err := range r.AllClaims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n := len(events); n%7 == 3 && events[n-1].Claims[0] != c.ID && len(events[n-1].Claims) == 1 {
			events[n-1].Claims = append(events[n-1].Claims, c.ID)
			continue
		}
		events = append(events, rapport.Event{ID: "ev-" + c.ID, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, Actor: append(c.Actor, rapport.Party{Country: "GEO"}),
			Recipient: c.Recipient, Status: c.Status, Date: c.Date, Place: c.Place, Claims: []string{c.ID}})
	}
	if err := r.SetEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEventPage: pages of any length put together are the list as Events yields it.
func TestEventPage(t *testing.T) {
	r := paged(t)
	for _, f := range []EventFilter{
		{}, {Newest: true}, {Pair: rapport.NewDyad("CHN", "GEO")}, {Pair: rapport.NewDyad("CHN", "GEO"), Newest: true},
		{Party: []string{"CHN"}}, {Party: []string{"BLR", "MDA", "LVA"}, Newest: true}, {Pair: rapport.NewDyad("CHN", "GEO"), Party: []string{"FRA"}},
		{Events: []string{"CONSULT", "AID"}}, {Events: []string{"CONSULT:visit"}}, {Events: []string{"CONSULT:demo"}}, {Status: []rapport.Status{"negated", "future"}},
		{Since: "2001"}, {Until: "2001"}, {Since: "2001", Until: "2009-06-08", Newest: true}, {Since: "2001", Until: "2009-06-08"},
		{Place: "egy"}, {Outlet: "outlet b"}, {Confidence: 0.99}, {Text: "b", Newest: true}, {Party: []string{"GEO"}, Since: "1999", Status: []rapport.Status{"actual"}},
	} {
		var want []string
		for row, err := range r.Events(t.Context(), f) {
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, row.Event.ID)
		}
		for _, limit := range []int{1, 7, 1000} {
			if limit == 1 && len(want) > 40 {
				continue
			}
			var got []string
			var at Mark
			f.Limit = limit
			for {
				p, err := r.EventPage(t.Context(), f, at)
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range p.Rows {
					got = append(got, row.Event.ID)
					if len(row.Claims) == 0 || row.Claims[0].Evidence.Text == "" || row.Reports[row.Claims[0].Report].Outlet == "" {
						t.Fatalf("%+v: %s comes without its sentence or outlet", f, row.Event.ID)
					}
				}
				if at = p.Next; !p.More {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v by %d: %d events, want %d\n%v\n%v", f, limit, len(got), len(want), got, want)
			}
		}
	}
	if _, err := r.EventPage(t.Context(), EventFilter{Since: "soon"}, Mark{}); rapport.KindOf(err) != rapport.Usage {
		t.Errorf("since soon: %v", err)
	}
}

// TestEventPageGoesOn: a list goes on where it was when events are derived anew
// with other numbers, and when the event it stood at is no more.
func TestEventPageGoesOn(t *testing.T) {
	r := paged(t)
	all, err := r.EventPage(t.Context(), EventFilter{Limit: 1000}, Mark{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.EventPage(t.Context(), EventFilter{Limit: 100}, Mark{})
	if err != nil {
		t.Fatal(err)
	}
	var events []rapport.Event
	for _, row := range all.Rows {
		if row.Event.Date != "" { // by their own days the same order as before
			events = append(events, row.Event)
		}
	}
	if err := r.SetEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	rest, err := r.EventPage(t.Context(), EventFilter{Limit: 1000}, first.Next)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range append(first.Rows, rest.Rows...) {
		seen[row.Event.ID] = true
	}
	for _, e := range events {
		if !seen[e.ID] {
			t.Errorf("%s of %s is passed over", e.ID, e.Date)
		}
	}
	if p, err := r.EventPage(t.Context(), EventFilter{}, Mark{Day: 20010101, N: 5, ID: "ev-gone"}); err != nil || len(p.Rows) == 0 {
		t.Errorf("after an event that is no more: %d rows, %v", len(p.Rows), err)
	}
}

// TestEventPagePlans: no page sorts the register of all events.
func TestEventPagePlans(t *testing.T) {
	r := paged(t)
	for name, f := range map[string]EventFilter{
		"all": {}, "newest": {Newest: true}, "since": {Since: "2001"}, "type": {Events: []string{"AID"}, Status: []rapport.Status{"actual"}}, "party": {Party: []string{"GEO"}},
		"pair": {Pair: rapport.NewDyad("CHN", "GEO")},
	} {
		s, err := r.eventScan(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := all(rowsOf(t.Context(), r, func(rows scanner) (detail string, err error) {
			var a, b, c int
			return detail, rows.Scan(&a, &b, &c, &detail)
		}, "EXPLAIN QUERY PLAN "+s.query, s.args(Mark{}, 10)...))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
		want := "USING COVERING INDEX event_dyad_day"
		if name == "pair" {
			want = "USING PRIMARY KEY (dyad=? AND long=?"
		}
		if !strings.Contains(text, want) || strings.Contains(text, "SCAN event_dyad") || strings.Contains(text, "TEMP B-TREE FOR DISTINCT") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

func TestClaimPage(t *testing.T) {
	r := paged(t)
	all, err := all(r.AllClaims(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	pair := rapport.NewDyad("CHN", "USA")
	onPair, err := r.ClaimsBetween(t.Context(), pair, Filter{Newest: true})
	if err != nil || len(onPair) < 3 {
		t.Fatalf("%d %v", len(onPair), err)
	}
	ids := func(cs []rapport.Claim, keep func(*rapport.Claim) bool) (out []string) {
		for i := range cs {
			if keep(&cs[i]) {
				out = append(out, cs[i].ID)
			}
		}
		return out
	}
	every := func(*rapport.Claim) bool { return true }
	backwards := ids(all, every)
	slices.Reverse(backwards)
	for _, c := range []struct {
		name string
		f    ClaimFilter
		want []string
	}{
		{"all", ClaimFilter{}, ids(all, every)},
		{"newest", ClaimFilter{Newest: true}, backwards},
		{"report", ClaimFilter{Report: "r-0000007"}, ids(all, func(c *rapport.Claim) bool { return c.Report == "r-0000007" })},
		{"pair", ClaimFilter{Pair: pair, Newest: true}, ids(onPair, every)},
		{"pair and type", ClaimFilter{Pair: pair, Newest: true, Events: []string{"CONSULT:visit"}}, ids(onPair, func(c *rapport.Claim) bool { return c.Event == "CONSULT" })},
		{"type", ClaimFilter{Events: []string{"AID"}}, ids(all, func(c *rapport.Claim) bool { return c.Event == "AID" })},
		{"status", ClaimFilter{Status: []rapport.Status{"negated"}}, ids(all, func(c *rapport.Claim) bool { return c.Status == "negated" })},
		{"since", ClaimFilter{Since: "2020"}, ids(all, func(c *rapport.Claim) bool { return within(c.Date, "2020", "") })},
		{"confidence", ClaimFilter{Confidence: 0.99}, nil},
	} {
		var got []string
		at := ""
		c.f.Limit = 9
		for {
			p, err := r.ClaimPage(t.Context(), c.f, at)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range p.Rows {
				got = append(got, row.Claim.ID)
				if row.Event == "" || row.Report.Outlet == "" || row.Report.ID != row.Claim.Report {
					t.Fatalf("%s: %s comes without event or report", c.name, row.Claim.ID)
				}
			}
			if at = p.Next; !p.More {
				break
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %d claims, want %d", c.name, len(got), len(c.want))
		}
	}
	if _, err := r.ClaimPage(t.Context(), ClaimFilter{}, "gone"); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("after no claim: %v", err)
	}
}

func TestReportPage(t *testing.T) {
	r := paged(t)
	for _, newest := range []bool{false, true} {
		var got []string
		var at int64
		for more := true; more; {
			var reports []rapport.Report
			var err error
			if reports, at, more, err = r.ReportPage(t.Context(), ReportFilter{Since: "2000"}, newest, at, 7); err != nil {
				t.Fatal(err)
			}
			for _, rep := range reports {
				got = append(got, rep.ID)
				if rep.Text != "" {
					t.Fatal("a report comes with its text")
				}
			}
		}
		var want []string
		for rep, err := range r.Reports(t.Context(), ReportFilter{Since: "2000"}) {
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, rep.ID)
		}
		if newest {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("newest %v: %v, want %v", newest, got, want)
		}
	}
}

// TestGeneration: the number changes with every change, by this process's
// connection or another's, and not without one.
func TestGeneration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	r := openAt(t, path, Options{Create: true})
	seen := map[int64]bool{}
	now := func(changed bool, what string) {
		t.Helper()
		n, err := r.Generation(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if seen[n] == changed {
			t.Errorf("after %s the number is %d, seen before: %v", what, n, seen[n])
		}
		seen[n] = true
	}
	now(true, "nothing")
	now(false, "nothing again")
	kept(t, r, Coded{Report: report("a", "One.")}, "toy 1", New)
	now(true, "keeping")
	other := openAt(t, path, Options{})
	now(false, "opening")
	kept(t, other, Coded{Report: report("b", "Two.")}, "toy 1", New)
	now(true, "keeping by another")
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Generation(t.Context()); err == nil {
		t.Error("a closed record tells a number")
	}
}
