package pipeline

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/merge/dossier"
	"rapport/internal/record"
)

// TestRebuildInPortions: whatever a rebuild holds at a time, judgements and
// events are those of merging all claims at once: of the gold dossier, of made-up
// claims of which many have wide dates, and where persons joined and parted
// claims that no rule compares.
func TestRebuildInPortions(t *testing.T) {
	var coded []record.Coded
	d, err := dossier.Read("../merge/testdata/jpn-kor")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(d.Reports)) {
		c := record.Coded{Report: d.Reports[id]}
		for _, cl := range d.Claims {
			if cl.Report == id {
				c.Claims = append(c.Claims, cl)
			}
		}
		coded = append(coded, c)
	}
	coded = append(coded, slices.Collect(crowded(500))...)
	rec := newRecord(t)
	if err := rec.KeepMany(t.Context(), slices.Values(coded), "toy 1", nil); err != nil {
		t.Fatal(err)
	}
	claims, reports := everything(t, rec)
	some := func(k int) string { return claims[k*len(claims)/7].ID }
	for i, p := range [][2]string{{some(1), some(2)}, {some(2), some(4)}, {some(5), some(6)}} {
		a, b := min(p[0], p[1]), max(p[0], p[1])
		if err := rec.AddJudgements(t.Context(), []rapport.Judgement{{A: a, B: b, Same: i < 2, Score: 1, Author: "ann", Time: "2024-07-01T00:00:00Z"}}); err != nil {
			t.Fatal(err)
		}
	}
	persons, err := rec.PersonJudgements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantJudged := merge.Judge(claims, reports)
	want := merge.Events(claims, reports, append(slices.Clone(wantJudged), persons...))
	joined := 0
	for _, e := range want {
		joined += min(len(e.Claims)-1, 1)
	}
	if joined < 100 {
		t.Fatalf("only %d events of several claims to compare", joined)
	}
	var parts merge.Parts
	for i := range claims {
		parts.Add(&claims[i])
	}
	var first string
	for _, most := range []int{40, 700, len(claims) - 1, len(claims)} {
		n := len(parts.Split(most))
		if most < len(claims)/2 && n < 3 {
			t.Errorf("portions of %d: only %d parts", most, n)
		}
		m, err := rebuild(t.Context(), rec, most)
		if err != nil {
			t.Fatal(err)
		}
		if m.Compared != len(claims) || m.Events != len(want) {
			t.Errorf("portions of %d: %+v of %d claims, want %d events", most, m, len(claims), len(want))
		}
		got := eventsOf(t, rec, claims)
		for i := range want {
			if !reflect.DeepEqual(got[want[i].ID], want[i]) {
				t.Fatalf("portions of %d: event %s is\n%+v, merged as a whole\n%+v", most, want[i].ID, got[want[i].ID], want[i])
			}
		}
		if len(got) != len(want) {
			t.Errorf("portions of %d: %d events, want %d", most, len(got), len(want))
		}
		judged := map[[2]string]rapport.Judgement{}
		all, err := rec.Judgements(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range all {
			if j.Author == merge.Author {
				judged[[2]string{j.A, j.B}] = j
			}
		}
		for _, j := range wantJudged {
			if !reflect.DeepEqual(judged[[2]string{j.A, j.B}], j) {
				t.Fatalf("portions of %d: judged %+v, as a whole %+v", most, judged[[2]string{j.A, j.B}], j)
			}
		}
		if len(judged) != len(wantJudged) {
			t.Errorf("portions of %d: %d judgements, want %d", most, len(judged), len(wantJudged))
		}
		// And the pages: events in the same order.
		var order string
		for _, d := range []rapport.Dyad{rapport.NewDyad("JPN", "KOR"), rapport.NewDyad("AAX", "ABX")} {
			es, err := rec.EventsBetween(t.Context(), d, record.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range es {
				order += e.ID + " "
			}
		}
		if first == "" {
			first = order
		}
		if order != first || len(order) < 100 {
			t.Errorf("portions of %d: events of pairs come in another order", most)
		}
		if ps, err := rec.Check(t.Context()); err != nil || len(ps) > 0 {
			t.Errorf("portions of %d: %v %v", most, ps, err)
		}
	}
}

// TestRebuildStopped: a rebuild that ends early leaves everything as it was.
func TestRebuildStopped(t *testing.T) {
	rec := newRecord(t)
	if err := rec.KeepMany(t.Context(), crowded(60), "toy 1", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Rebuild(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	before := dump(t, rec)
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	err := rec.Derive(ctx, func(d *record.Derivation) error {
		r := rebuilder{ctx: ctx, rec: rec, to: d, most: 50, words: map[string]string{}}
		if err := r.read(); err != nil {
			return err
		}
		ids := r.parts.IDs()
		if _, err := r.judge(ids); err != nil {
			return err
		}
		if n = len(ids); n > 0 {
			stop()
		}
		return r.events(ids, merge.Groups(ids, nil))
	})
	if rapport.KindOf(err) != rapport.Stopped || n == 0 {
		t.Errorf("stopped with %v after %d claims", err, n)
	}
	if dump(t, rec) != before {
		t.Error("a rebuild that was stopped changed the record")
	}
}

// crowded makes reports of ten claims between six countries within three years,
// so that claims of wide dates find several happenings to be of.
func crowded(n int) func(yield func(record.Coded) bool) {
	return func(yield func(record.Coded) bool) {
		for c := range told(11, n) {
			for k := range c.Claims {
				cl := &c.Claims[k]
				for _, p := range []*rapport.Party{&cl.Actor[0], &cl.Recipient[0]} {
					p.Country = fmt.Sprintf("A%cX", 'A'+(p.Country[1]+p.Country[0])%6)
				}
				if k == 3 { // three countries hang pairs together
					cl.Actor = append(cl.Actor, rapport.Party{Country: "AGX", Sector: "GOV"})
				}
				if len(cl.Date) >= 4 {
					cl.Date = rapport.Date(fmt.Sprintf("200%d", cl.Date[3]%3)) + cl.Date[4:]
				}
			}
			if len(c.Report.Published) == 10 {
				c.Report.Published = rapport.Date(fmt.Sprintf("200%d", c.Report.Published[3]%3)) + c.Report.Published[4:]
			}
			if !yield(c) {
				return
			}
		}
	}
}

// everything is all claims of a record and the heads of their reports.
func everything(t *testing.T, rec *record.Record) (claims []rapport.Claim, reports map[string]rapport.Report) {
	t.Helper()
	for c, err := range rec.AllClaims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		claims = append(claims, c)
	}
	reports, err := heads(t.Context(), rec, claims)
	if err != nil {
		t.Fatal(err)
	}
	return claims, reports
}

// eventsOf is the events of these claims by id.
func eventsOf(t *testing.T, rec *record.Record, claims []rapport.Claim) map[string]rapport.Event {
	t.Helper()
	out := map[string]rapport.Event{}
	for _, c := range claims {
		e, err := rec.EventOf(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		out[e.ID] = e
	}
	return out
}
