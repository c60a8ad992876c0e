package relations

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"rapport"
	"rapport/internal/record"
)

// TestLoadBetween: what a part of the time gives is what the whole gives of it.
func TestLoadBetween(t *testing.T) {
	rec, pair := twelveYears(t)
	whole, err := LoadPair(t.Context(), rec, pair, "")
	if err != nil {
		t.Fatal(err)
	}
	all, err := LoadBetween(t.Context(), rec, pair, "", "")
	if err != nil || !slices.Equal(all.Timeline, whole.Timeline) || len(all.Reports) != len(whole.Reports) {
		t.Fatalf("without bounds: %d events and %d reports, want %d and %d: %v", len(all.Timeline), len(all.Reports), len(whole.Timeline), len(whole.Reports), err)
	}
	for _, c := range []struct{ since, until rapport.Date }{{"2010", ""}, {"", "2008-06"}, {"2012", "2012"}} {
		part, err := LoadBetween(t.Context(), rec, pair, c.since, c.until)
		if err != nil {
			t.Fatal(err)
		}
		events, err := rec.EventsBetween(t.Context(), pair, record.Filter{Since: c.since, Until: c.until})
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 || len(events) == len(whole.Timeline) {
			t.Fatalf("%v: %d events are no part", c, len(events))
		}
		for _, e := range events {
			if !slices.Contains(part.Timeline, e.ID) {
				t.Errorf("%v: event %s (%s) is missing", c, e.ID, e.Date)
			}
			for _, id := range e.Claims {
				if cl, ok := part.Claims[id]; !ok || part.Reports[cl.Report].ID == "" {
					t.Errorf("%v: claim %s of event %s comes without itself or its report", c, id, e.ID)
				}
			}
		}
	}
}

// twelveYears is a record of two countries with a report a year from 2005 on, each
// of which tells of its own day and of the year before.
func twelveYears(t *testing.T) (*record.Record, rapport.Dyad) {
	t.Helper()
	rec, err := record.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"), record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rec.Close() })
	var events []rapport.Event
	for y := 2005; y < 2017; y++ {
		rep := rapport.Report{ID: fmt.Sprintf("r%d", y), Text: fmt.Sprintf("They met in %d. They had met before.", y), Published: rapport.Date(fmt.Sprintf("%d-05-01", y)), Outlet: "Wire"}
		rep.Hash = rapport.HashText(rep.Text)
		var told []rapport.Claim
		for k, span := range []rapport.Span{{Start: 0, End: 17}, {Start: 18, End: len(rep.Text)}} {
			c := rapport.Claim{Report: rep.ID, Event: "CONSULT", CAMEO: "040", Status: rapport.Actual, Date: rep.Published, Actor: []rapport.Party{{Country: "ESP"}}, Recipient: []rapport.Party{{Country: "MAR"}},
				Context: []string{}, Reasons: []rapport.Reason{}, Coder: "toy 1", Evidence: rapport.Evidence{Sentence: k, Span: span, Text: rep.Text[span.Start:span.End]}}
			if k == 1 {
				c.Date, c.Status = rapport.Date(fmt.Sprint(y-1)), rapport.Historical
			}
			c.SetID(rep.Hash)
			told = append(told, c)
		}
		if _, err := rec.Keep(t.Context(), rep, told, "toy 1"); err != nil {
			t.Fatal(err)
		}
		events = append(events, rapport.Event{ID: "ev-" + told[0].ID, Event: "CONSULT", CAMEO: "040", Actor: told[0].Actor, Recipient: told[0].Recipient, Status: rapport.Actual, Date: rep.Published, Claims: []string{told[0].ID}, Reports: 1})
		if n := len(events); n > 1 { // what it recalls is the event of the year before
			events[n-2].Claims = append(events[n-2].Claims, told[1].ID)
			events[n-2].Reports = 2
		} else {
			events[0].Claims = append(events[0].Claims, told[1].ID)
		}
	}
	if err := rec.SetEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	return rec, rapport.NewDyad("ESP", "MAR")
}
