package record

import (
	"slices"
	"testing"

	"rapport"
)

// TestEvents holds each filter of Events by itself.
func TestEvents(t *testing.T) {
	r := openTemp(t)
	a, b := report("a", "Emmanuel Macron met them in Çankırı. They quarrelled."), report("b", "They met again.")
	a.Outlet, b.Outlet, a.Published, b.Published = "Le Journal", "World Wire", "2024-02-01", "2024-03-01"
	ca := []rapport.Claim{claim(a, "CONSULT", "2024-01-05", "FRA", "TUR"), claim(a, "ACCUSE", "2024-01-09", "TUR", "FRA")}
	cb := []rapport.Claim{claim(b, "CONSULT", "", "FRA", "DEU")}
	ca[0].Mode, ca[0].Confidence = "visit", 0.9
	ca[0].Place = &rapport.Place{Name: "Çankırı", Country: "TUR"}
	ca[1].Confidence, cb[0].Confidence = 0.4, 0.6
	ca[1].Status = rapport.Historical
	for _, c := range []*rapport.Claim{&ca[0], &ca[1]} {
		c.SetID(a.Hash)
	}
	kept(t, r, Coded{a, ca}, "toy 1", New)
	kept(t, r, Coded{b, cb}, "toy 1", New)
	es := []rapport.Event{event("visit", "CONSULT", "2024-01-05", "FRA TUR", ca[0]), event("quarrel", "ACCUSE", "2024-01-09", "TUR FRA", ca[1]), event("again", "CONSULT", "", "FRA DEU", cb[0])}
	es[0].Mode, es[0].Place, es[1].Status = "visit", ca[0].Place, rapport.Historical
	if err := r.SetEvents(t.Context(), es); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    EventFilter
		want []string
	}{
		{"all", EventFilter{}, []string{"visit", "quarrel", "again"}},
		{"newest, two", EventFilter{Newest: true, Limit: 2}, []string{"again", "quarrel"}},
		{"pair", EventFilter{Pair: rapport.NewDyad("TUR", "FRA")}, []string{"visit", "quarrel"}},
		{"party", EventFilter{Party: []string{"DEU", "ITA"}}, []string{"again"}},
		{"type", EventFilter{Events: []string{"CONSULT"}}, []string{"visit", "again"}},
		{"type and mode", EventFilter{Events: []string{"CONSULT:visit", "ASSAULT"}}, []string{"visit"}},
		{"status", EventFilter{Status: []rapport.Status{rapport.Historical}}, []string{"quarrel"}},
		{"since, the undated at its report's day", EventFilter{Since: "2024-02"}, []string{"again"}},
		{"until", EventFilter{Until: "2024-01-05"}, []string{"visit"}},
		{"place by country", EventFilter{Place: "tur"}, []string{"visit"}},
		{"place by name", EventFilter{Place: "cankiri"}, []string{"visit"}},
		{"outlet", EventFilter{Outlet: "world"}, []string{"again"}},
		{"words of the sentence", EventFilter{Text: "MACRON met"}, []string{"visit", "quarrel"}},
		{"half a word within", EventFilter{Text: "acron"}, nil},
		{"confidence", EventFilter{Confidence: 0.5}, []string{"visit", "again"}},
		{"unknown pair", EventFilter{Pair: rapport.NewDyad("PER", "FRA")}, nil},
	} {
		var got []string
		for row, err := range r.Events(t.Context(), c.f) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, row.Event.ID)
			if len(row.Claims) != 1 || row.Reports[row.Claims[0].Report].Outlet == "" || row.Reports[row.Claims[0].Report].Text != "" {
				t.Errorf("%s: %s comes with %d claims and reports %v", c.name, row.Event.ID, len(row.Claims), row.Reports)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	for _, err := range r.Events(t.Context(), EventFilter{Since: "yesterday"}) {
		if rapport.KindOf(err) != rapport.Usage {
			t.Errorf("a date that is none: %v", err)
		}
	}
	pairs, err := r.Pairs(t.Context(), "FRA")
	if err != nil {
		t.Fatal(err)
	}
	want := []PairCount{
		{DyadCount{rapport.NewDyad("FRA", "TUR"), 2, 2}, "2024-01-05", "2024-01-09", 2},
		{DyadCount{rapport.NewDyad("DEU", "FRA"), 1, 1}, "2024-03-01", "2024-03-01", 1},
	}
	if !slices.Equal(pairs, want) {
		t.Errorf("pairs %v, want %v", pairs, want)
	}
}
