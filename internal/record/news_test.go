package record

import (
	"slices"
	"testing"

	"rapport"
)

// TestNews holds what is told last and what is new since.
func TestNews(t *testing.T) {
	r, ctx := openTemp(t), t.Context()
	a, b, c := report("a", "They met. They quarrelled."), report("b", "They met again, others say."), report("c", "They signed.")
	ca := []rapport.Claim{claim(a, "CONSULT", "2024-05-05", "FRA", "TUR"), claim(a, "ACCUSE", "2024-01-09", "TUR", "FRA")}
	cb := []rapport.Claim{claim(b, "CONSULT", "2024-05-05", "FRA", "TUR")}
	cc := []rapport.Claim{claim(c, "AGREE", "1999-01-01", "FRA", "DEU")}
	kept(t, r, Coded{a, ca}, "toy 1", New)
	met, quarrel := event("met", "CONSULT", "2024-05-05", "FRA TUR", ca[0]), event("quarrel", "ACCUSE", "2024-01-09", "TUR FRA", ca[1])
	set := func(es ...rapport.Event) {
		t.Helper()
		if err := r.SetEvents(ctx, es); err != nil {
			t.Fatal(err)
		}
	}
	if news, next, err := r.NewsAfter(ctx, 0, 100); err != nil || len(news) != 0 || next != 0 {
		t.Fatalf("before merging: %v up to %d, %v", news, next, err)
	}
	set(met, quarrel)
	news, next, err := r.NewsAfter(ctx, 0, 100)
	last, lastErr := r.LastClaim(ctx)
	if err != nil || lastErr != nil || len(news) != 2 || next != last || news[0].Event.ID != "met" || !slices.Equal(news[0].New, []string{ca[0].ID}) {
		t.Fatalf("%+v up to %d of %d, %v, %v", news, next, last, err, lastErr)
	}
	if one, to, err := r.NewsAfter(ctx, 0, 1); err != nil || len(one) != 1 || to >= next {
		t.Errorf("one at a time: %v up to %d, %v", one, to, err)
	}
	kept(t, r, Coded{b, cb}, "toy 1", New)
	kept(t, r, Coded{c, cc}, "toy 1", New)
	if news, to, err := r.NewsAfter(ctx, next, 100); err != nil || len(news) != 0 || to != next {
		t.Errorf("waiting to be merged: %v up to %d, %v", news, to, err)
	}
	met = event("another id", "CONSULT", "2024-05-05", "FRA TUR", ca[0], cb[0])
	set(met, quarrel, event("signed", "AGREE", "1999-01-01", "FRA DEU", cc[0]))
	news, to, err := r.NewsAfter(ctx, next, 100)
	if err != nil || to <= next || len(news) != 2 || news[0].Event.ID != "another id" || news[0].First != ca[0].ID || !slices.Equal(news[0].New, []string{cb[0].ID}) {
		t.Errorf("%+v up to %d, %v", news, to, err)
	}
	if again, end, err := r.NewsAfter(ctx, to, 100); err != nil || len(again) != 0 || end != to {
		t.Errorf("%+v up to %d, %v", again, end, err)
	}

	for _, c := range []struct {
		name string
		f    EventFilter
		want []string
	}{
		{"all", EventFilter{}, []string{"signed", "another id", "quarrel"}},
		{"two", EventFilter{Limit: 2}, []string{"signed", "another id"}},
		{"pair", EventFilter{Pair: rapport.NewDyad("TUR", "FRA")}, []string{"another id", "quarrel"}},
		{"parties", EventFilter{Party: []string{"DEU", "ITA"}}, []string{"signed"}},
		{"pair and party", EventFilter{Pair: rapport.NewDyad("TUR", "FRA"), Party: []string{"DEU"}}, nil},
		{"type", EventFilter{Events: []string{"ACCUSE"}}, []string{"quarrel"}},
		{"time", EventFilter{Since: "2024-02"}, []string{"another id"}},
		{"time of a pair", EventFilter{Pair: rapport.NewDyad("TUR", "FRA"), Until: "2024-02"}, []string{"quarrel"}},
		{"status", EventFilter{Status: []rapport.Status{rapport.Future}}, nil},
	} {
		var got []string
		news, err := r.LatestEvents(ctx, c.f)
		for i, n := range news {
			got = append(got, n.Event.ID)
			if f := c.f; !f.Matches(&news[i].EventRow) || len(n.Claims) == 0 || n.First == "" || n.Last == 0 {
				t.Errorf("%s: %+v", c.name, n)
			}
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	if first, err := r.FirstClaims(ctx, []string{"another id", "signed", "gone"}); err != nil || len(first) != 2 || first["another id"] != ca[0].ID || first["signed"] != cc[0].ID {
		t.Errorf("%v, %v", first, err)
	}
	f := EventFilter{Party: []string{"DEU"}}
	if f.Matches(&news[0].EventRow) || !f.Matches(&news[1].EventRow) {
		t.Error("Matches takes the wrong one")
	}
	if _, err := r.LatestEvents(ctx, EventFilter{Since: "soon"}); rapport.KindOf(err) != rapport.Usage {
		t.Error(err)
	}
}
