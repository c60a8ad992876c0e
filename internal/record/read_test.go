package record

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// filled is a record of generated reports with their claims.
func filled(tb testing.TB, n int) (*Record, []Coded) {
	tb.Helper()
	r := openTemp(tb)
	in := slices.Collect(newGenerator(9).reports(n, 6, 8))
	if err := r.KeepMany(tb.Context(), slices.Values(in), "toy 1", nil); err != nil {
		tb.Fatal(err)
	}
	return r, in
}

// TestClaimsBetween holds the indexed queries against the plain definition:
// all claims filed under the dyad whose term touches the window, by day.
func TestClaimsBetween(t *testing.T) {
	r, in := filled(t, 150)
	type filed struct {
		claim rapport.Claim
		term  term
		n     int
	}
	var claims []filed
	for _, c := range in {
		for _, cl := range c.Claims {
			claims = append(claims, filed{cl, claimTerm(&cl, c.Report.Published), len(claims)})
		}
	}
	rng := rand.New(rand.NewPCG(2, 3))
	pick := func(l ...string) string { return l[rng.IntN(len(l))] }
	dyads, err := r.Dyads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	some := 0
	for range 400 {
		d := dyads[rng.IntN(12)].Dyad
		f := Filter{
			Since:  rapport.Date(pick("", "2004", "2011-05", "2011-05-09", "1991/..", "../1999")),
			Until:  rapport.Date(pick("", "2012", "2019-02", "2025-12-31")),
			Newest: rng.IntN(2) == 0, Limit: rng.IntN(3) * 5,
		}
		if rng.IntN(2) == 0 {
			f.Events = []string{"CONSULT", pick("AGREE", "SUPPORT")}
		}
		if rng.IntN(3) == 0 {
			f.Status = []rapport.Status{rapport.Actual, rapport.Future}
		}
		var want []filed
		for _, c := range claims {
			since, _ := termOf(f.Since)
			until, _ := termOf(f.Until)
			if slices.Contains(filing(c.claim.Actor, c.claim.Recipient), d) && c.term.until >= since.day && c.term.day <= until.until &&
				(len(f.Events) == 0 || slices.Contains(f.Events, c.claim.Event)) &&
				(len(f.Status) == 0 || slices.Contains(f.Status, c.claim.Status)) {
				want = append(want, c)
			}
		}
		slices.SortFunc(want, func(a, b filed) int {
			o := a.term.day - b.term.day
			if o == 0 {
				o = a.n - b.n
			}
			if f.Newest {
				o = -o
			}
			return o
		})
		var wantIDs, got []string
		for _, c := range want {
			wantIDs = append(wantIDs, c.claim.ID)
		}
		some += len(want)
		for { // page by page
			l, err := r.ClaimsBetween(t.Context(), d, f)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, ids(l)...)
			if f.Limit == 0 || len(l) < f.Limit {
				break
			}
			f.Cursor = l[len(l)-1].ID
		}
		if !slices.Equal(got, wantIDs) {
			t.Fatalf("%v %+v:\n got %v\nwant %v", d, f, got, wantIDs)
		}
	}
	if some < 1000 {
		t.Errorf("the filters let only %d claims through in all: too few to mean anything", some)
	}
}

func TestBadFilters(t *testing.T) {
	r, _ := filled(t, 1)
	if _, err := r.ClaimsBetween(t.Context(), rapport.NewDyad("USA", "CHN"), Filter{Since: "June"}); rapport.KindOf(err) != rapport.Usage {
		t.Errorf("a bad date: %v", err)
	}
	if _, err := r.ClaimsBetween(t.Context(), rapport.NewDyad("USA", "CHN"), Filter{Cursor: "x"}); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("a cursor that is no claim: %v", err)
	}
	if l, err := r.ClaimsBetween(t.Context(), rapport.NewDyad("XXX", "YYY"), Filter{}); len(l) != 0 || err != nil {
		t.Errorf("a dyad that nobody told of: %v %v", l, err)
	}
	for what, err := range map[string]error{
		"report": second(r.Report(t.Context(), "x")), "claim": second(r.Claim(t.Context(), "x")),
		"event": second(r.Event(t.Context(), "x")), "event of claim": second(r.EventOf(t.Context(), "x")),
	} {
		if rapport.KindOf(err) != rapport.NotFound || !strings.Contains(err.Error(), "holds no "+what+" x") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestPlans pins the plans of the pair queries: both arms along the primary
// key, merged without sorting, with or without ANALYZE, which made SQLite
// choose worse ones.
func TestPlans(t *testing.T) {
	r, _ := filled(t, 150)
	plan := func(g register, f Filter) string {
		q, args, err := r.pairQuery(t.Context(), g, rapport.NewDyad("USA", "CHN"), f)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := r.w.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q, args...)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var b strings.Builder
		for rows.Next() {
			var id, parent, x int
			var line string
			if err := rows.Scan(&id, &parent, &x, &line); err != nil {
				t.Fatal(err)
			}
			b.WriteString(line + "\n")
		}
		return b.String()
	}
	l, err := r.ClaimsBetween(t.Context(), rapport.NewDyad("USA", "CHN"), Filter{Limit: 1})
	if err != nil || len(l) == 0 {
		t.Fatal("no claims to page through: ", err)
	}
	const want = `MERGE (UNION ALL)
LEFT
SEARCH claim_dyad USING PRIMARY KEY (dyad=? AND long=? AND day>? AND day<?)
SCALAR SUBQUERY
SEARCH dyad USING COVERING INDEX sqlite_autoindex_dyad_1 (a=? AND b=?)
CORRELATED SCALAR SUBQUERY
SEARCH claim USING INTEGER PRIMARY KEY (rowid=?)
RIGHT
SEARCH claim_dyad USING PRIMARY KEY (dyad=? AND long=? AND day>? AND day<?)
SCALAR SUBQUERY
SEARCH dyad USING COVERING INDEX sqlite_autoindex_dyad_1 (a=? AND b=?)
CORRELATED SCALAR SUBQUERY
SEARCH claim USING INTEGER PRIMARY KEY (rowid=?)
`
	check := func(when string) {
		t.Helper()
		for _, f := range []Filter{
			{}, {Limit: 50}, {Limit: 50, Newest: true}, {Since: "2024", Until: "2025"}, {Since: "2024", Limit: 9, Cursor: l[0].ID},
			{Until: "2024", Limit: 9, Cursor: l[0].ID, Newest: true}, {Events: []string{"CONSULT"}, Status: []rapport.Status{rapport.Actual}},
		} {
			got := normal(plan(claimRegister, f))
			if got != want {
				t.Errorf("%s, %+v:\n%s\nwant\n%s", when, f, got, want)
			}
			if f.Cursor == "" {
				got := strings.NewReplacer("event_dyad", "claim_dyad", "SEARCH event ", "SEARCH claim ").Replace(normal(plan(eventRegister, f)))
				if got != want {
					t.Errorf("%s, events %+v:\n%s", when, f, got)
				}
			}
		}
	}
	check("fresh")
	if _, err := r.w.conn.ExecContext(t.Context(), "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	check("analyzed")
}

var subquery = regexp.MustCompile(`SUBQUERY \d+`)

// normal drops the numbers of subqueries.
func normal(plan string) string { return subquery.ReplaceAllString(plan, "SUBQUERY") }

func TestDyadsAndStale(t *testing.T) {
	r, in := filled(t, 40)
	count := map[rapport.Dyad]int{}
	all := map[rapport.Dyad]bool{}
	for _, c := range in {
		for _, cl := range c.Claims {
			for _, d := range filing(cl.Actor, cl.Recipient) {
				if all[d] = true; d.A != d.B {
					count[d]++
				}
			}
		}
	}
	got, err := r.Dyads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range got {
		if count[d.Dyad] != d.Claims {
			t.Errorf("%v counts %d claims, has %d", d.Dyad, d.Claims, count[d.Dyad])
		}
		if i > 0 && got[i-1].Claims < d.Claims {
			t.Errorf("%v stands after one with fewer claims", d.Dyad)
		}
	}
	if len(got) != len(count) {
		t.Errorf("%d dyads, want %d", len(got), len(count))
	}
	stale, err := r.Stale(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) != len(all) {
		t.Errorf("%d dyads are stale after keeping, want all %d", len(stale), len(all))
	}
	if err := r.SetEvents(t.Context(), nil, stale[1:]...); err != nil {
		t.Fatal(err)
	}
	if left, err := r.Stale(t.Context()); err != nil || !reflect.DeepEqual(left, stale[:1]) {
		t.Errorf("stale after all but %v were covered: %v %v", stale[0], left, err)
	}
}

func TestReports(t *testing.T) {
	r, in := filled(t, 30)
	outlet := in[3].Report.Outlet
	var want []string
	for _, c := range in {
		if c.Report.Outlet == outlet && c.Report.Published >= "2000" {
			want = append(want, c.Report.ID)
		}
	}
	var got []string
	for rep, err := range r.Reports(t.Context(), ReportFilter{Outlet: outlet, Since: "2000"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rep.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("reports %v, want %v", got, want)
	}
	heads, err := all(r.Reports(t.Context(), ReportFilter{IDs: []string{in[4].Report.ID, "x", in[2].Report.ID}, NoText: true}))
	if err != nil {
		t.Fatal(err)
	}
	wantHeads := []rapport.Report{in[2].Report, in[4].Report}
	wantHeads[0].Text, wantHeads[1].Text = "", ""
	if !reflect.DeepEqual(heads, wantHeads) {
		t.Errorf("heads %+v, want %+v", heads, wantHeads)
	}
}

func TestTerms(t *testing.T) {
	for _, test := range []struct {
		date, published string
		status          rapport.Status
		want            term
		long            int
	}{
		{"2024-06-08", "2024-06-09", rapport.Actual, term{20240608, 20240608}, 0},
		{"2023", "", rapport.Actual, term{20230101, 20231231}, 0},
		{"2024", "", rapport.Actual, term{20240101, 20241231}, 0}, // 366 days
		{"2024-01-01/2025-01-01", "", rapport.Actual, term{20240101, 20250101}, 0},
		{"2024-01-01/2025-01-02", "", rapport.Actual, term{20240101, 20250102}, 1},
		{"199X", "", rapport.Historical, term{19900101, 19991231}, 1},
		{"2008/..", "2024-06-09", rapport.Actual, term{20080101, openEnd}, 1},
		{"../2008", "2024-06-09", rapport.Actual, term{0, 20081231}, 1},
		{"", "2024-06-09", rapport.Actual, term{20240609, 20240609}, 0},
		{"", "2024-06-09", rapport.Historical, term{0, 20240609}, 1},
		{"", "2024-06-09", rapport.Future, term{20240609, openEnd}, 1},
		{"", "", rapport.Actual, term{0, openEnd}, 1},
	} {
		c := rapport.Claim{Date: rapport.Date(test.date), Status: test.status}
		got := claimTerm(&c, rapport.Date(test.published))
		if got != test.want || got.long() != test.long {
			t.Errorf("%q %q %s: %v long %d, want %v long %d", test.date, test.published, test.status, got, got.long(), test.want, test.long)
		}
	}
}

// TestMorePlans holds what keeping, searching and merging ask for each report
// to the ways that do not grow with the record.
func TestMorePlans(t *testing.T) {
	r, _ := filled(t, 150)
	for _, q := range []struct {
		query string
		args  int
		want  []string
	}{
		{chunkQuery, 1, []string{"SCAN s USING COVERING INDEX word_segment_level", "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)", "CORRELATED SCALAR SUBQUERY",
			"SEARCH word_chunk USING COVERING INDEX word_chunk_first (segment=? AND first<?)"}},
		{nearQuery, 2, []string{"SEARCH s USING PRIMARY KEY (hash=?)", "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"}},
		{aroundQuery, 8, []string{"SEARCH claim_dyad USING PRIMARY KEY (dyad=? AND long=? AND day>? AND day<?)"}},
		{heldQuery + `c.id = ?`, 1, []string{"SEARCH c USING INDEX sqlite_autoindex_claim_1 (id=?)", "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"}},
		{`SELECT DISTINCT r.id FROM json_each(?) j CROSS JOIN report r ON r.id = j.value`, 1, []string{"SCAN j VIRTUAL TABLE INDEX 1:", "SEARCH r USING COVERING INDEX sqlite_autoindex_report_1 (id=?)",
			"USE TEMP B-TREE FOR DISTINCT"}},
	} {
		for _, when := range []string{"fresh", "analyzed"} {
			if when == "analyzed" {
				if _, err := r.w.conn.ExecContext(t.Context(), "ANALYZE"); err != nil {
					t.Fatal(err)
				}
			}
			type step struct{ id, parent, x int }
			got, err := all(rowsOf(t.Context(), r, func(rows scanner) (line string, err error) {
				var s step
				return line, rows.Scan(&s.id, &s.parent, &s.x, &line)
			}, "EXPLAIN QUERY PLAN "+q.query, make([]any, q.args)...))
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i] = strings.TrimSpace(normal(got[i]))
			}
			if !slices.Equal(got, q.want) {
				t.Errorf("%s, %s\n%q\nwant\n%q", when, q.query, got, q.want)
			}
		}
	}
}
