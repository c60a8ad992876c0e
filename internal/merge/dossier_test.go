package merge

import (
	"os"
	"testing"

	"rapport"
	"rapport/internal/merge/dossier"
)

// dossierDir is the development dossier beside the project; tests that use it
// skip where it is absent.
const dossierDir = "../../../shared/dev/dossier"

// gold reads the dossier or skips.
func gold(tb testing.TB) *dossier.Dossier {
	tb.Helper()
	if _, err := os.Stat(dossierDir); err != nil {
		tb.Skipf("no dossier at %s", dossierDir)
	}
	d, err := dossier.Read(dossierDir)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func partition(events []rapport.Event) map[string]string {
	of := map[string]string{}
	for _, e := range events {
		for _, c := range e.Claims {
			of[c] = e.ID
		}
	}
	return of
}

// TestDossier keeps the agreement of merged gold claims with the gold events.
// Claims each alone score F1 0.890 already: what counts is how far above.
func TestDossier(t *testing.T) {
	d := gold(t)
	js := Judge(d.Claims, d.Reports)
	events := Events(d.Claims, d.Reports, js)
	got := partition(events)
	a := BCubed(d.Gold, got)
	alone := BCubed(d.Gold, nil)
	t.Logf("%d claims, %d events; alone F1 %.3f; merged P %.3f R %.3f F1 %.3f", len(d.Claims), len(events), alone.F1, a.Precision, a.Recall, a.F1)
	if a.F1 < 0.97 || a.Precision < 0.98 {
		t.Errorf("B³ P %.3f R %.3f F1 %.3f, want P ≥ 0.98 and F1 ≥ 0.97", a.Precision, a.Recall, a.F1)
	}
	for _, j := range js {
		if same := d.Gold[j.A] == d.Gold[j.B]; same != j.Same {
			t.Logf("gold %v, got %v %.2f: %s | %s %v", same, j.Same, j.Score, j.A, j.B, j.Reasons)
		}
	}
	for x, e := range d.Gold {
		for y, f := range d.Gold {
			if x < y && (e == f) != (got[x] == got[y]) {
				t.Logf("%s and %s: gold together %v", x, y, e == f)
			}
		}
	}
}
