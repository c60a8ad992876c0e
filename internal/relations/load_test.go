package relations

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/record"
)

// TestLoadIsOfTheWhole holds what Load reads against the register of every claim of the
// reports that tell of the pair, in a record of reports on several pairs.
func TestLoadIsOfTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 3))
	rec, err := record.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"), record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Close()
	names := strings.Fields("ESP MAR FRA DZA")
	party := func() []rapport.Party { return []rapport.Party{{Country: names[rng.IntN(4)], Sector: "GOV"}} }
	types := strings.Fields("CONSULT SUPPORT ACCUSE AGREE REJECT SANCTION AID")
	reports := map[string]rapport.Report{}
	var claims []rapport.Claim
	var events []rapport.Event
	for i := range 60 {
		rep := rapport.Report{ID: fmt.Sprintf("r%02d", i), Title: "A title", Published: rapport.Date(fmt.Sprintf("20%02d-05-01", 10+i%12)), Outlet: "Spanish agency"}
		var told []rapport.Claim
		var text strings.Builder
		for k := range 1 + rng.IntN(7) {
			s := fmt.Sprintf("They spoke of fishing %d and of trade %d.", i%9, k)
			from := text.Len()
			text.WriteString(s + strings.Repeat(" ", 1+4*rng.IntN(2)*rng.IntN(3)))
			told = append(told, rapport.Claim{Report: rep.ID, Event: types[rng.IntN(len(types))], CAMEO: "040", Status: rapport.Actual, Date: rep.Published,
				Actor: party(), Recipient: party(), Confidence: 0.5, Context: []string{}, Reasons: []rapport.Reason{}, Coder: "toy 1",
				Evidence: rapport.Evidence{Sentence: k, Span: rapport.Span{Start: from, End: from + len(s)}, Text: s}})
		}
		rep.Text = text.String()
		rep.Hash = rapport.HashText(rep.Text)
		for k := range told {
			told[k].SetID(rep.Hash)
		}
		if _, err := rec.Keep(t.Context(), rep, told, "toy 1"); err != nil {
			t.Fatal(err)
		}
		if told, err = rec.ClaimsOf(t.Context(), rep.ID); err != nil {
			t.Fatal(err)
		}
		for _, c := range told {
			claims = append(claims, c)
			if n := len(events); n > 3 && rng.IntN(3) == 0 { // told before, maybe of others too
				e := &events[n-1-rng.IntN(3)]
				e.Claims = append(e.Claims, c.ID)
				e.Recipient = slices.Concat(e.Recipient, c.Recipient)
				continue
			}
			if rng.IntN(9) > 0 {
				events = append(events, rapport.Event{ID: "ev-" + c.ID, Event: c.Event, CAMEO: c.CAMEO, Actor: c.Actor, Recipient: c.Recipient, Status: c.Status, Date: c.Date, Claims: []string{c.ID}, Reports: 1})
			}
		}
	}
	if err := rec.SetEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	for rep, err := range rec.Reports(t.Context(), record.ReportFilter{NoText: true}) { // with the families they ended in
		if err != nil {
			t.Fatal(err)
		}
		reports[rep.ID] = rep
	}
	d := rapport.NewDyad("ESP", "MAR")
	on := map[string]bool{} // reports that tell of the pair
	for _, c := range claims {
		on[c.Report] = on[c.Report] || slices.Contains(rapport.Dyads(c.Actor, c.Recipient), d)
	}
	near := map[string]bool{}
	for _, c := range claims {
		near[c.ID] = on[c.Report]
	}
	known := slices.DeleteFunc(slices.Clone(events), func(e rapport.Event) bool {
		return !slices.Contains(rapport.Dyads(e.Actor, e.Recipient), d) && !slices.ContainsFunc(e.Claims, func(c string) bool { return near[c] })
	})
	for _, asOf := range []rapport.Date{"", "2015-06-01"} {
		got, err := Load(t.Context(), rec, d, asOf)
		if err != nil {
			t.Fatal(err)
		}
		want := of(d, claims, known, reports, nil, asOf)
		if len(want.Related) == 0 || len(want.Mediation) == 0 || len(want.Timeline) < 20 {
			t.Fatalf("the record tells too little: %d beside, %d mediated, %d in all", len(want.Related), len(want.Mediation), len(want.Timeline))
		}
		if x, y := asJSON(t, got), asJSON(t, want); x != y {
			t.Errorf("as of %q: %d events, %d beside, %d claims, want %d, %d, %d", asOf, len(got.Timeline), len(got.Related), len(got.Claims), len(want.Timeline), len(want.Related), len(want.Claims))
		}
	}
}

func asJSON(t *testing.T, r *Relation) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
