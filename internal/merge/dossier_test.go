package merge

import (
	"os"
	"testing"

	"rapport"
	"rapport/internal/merge/dossier"
)

// dossierDir is the development dossier beside the project; tests that use it
// skip where it is absent. ownDossier is the project's own, of another pair and
// other decades: testdata/README.md.
const (
	dossierDir = "../../../shared/dev/dossier"
	ownDossier = "testdata/jpn-kor"
)

// gold reads a dossier or skips.
func gold(tb testing.TB, dir string) *dossier.Dossier {
	tb.Helper()
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("no dossier at %s", dir)
	}
	d, err := dossier.Read(dir)
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
// Claims each alone score F1 0.890 on the first, 0.797 on the second: what
// counts is how far above.
func TestDossier(t *testing.T) {
	for _, c := range []struct {
		dir           string
		precision, f1 float64
	}{{dossierDir, 0.98, 0.97}, {ownDossier, 0.9, 0.9}} {
		t.Run(c.dir, func(t *testing.T) {
			d := gold(t, c.dir)
			js := Judge(d.Claims, d.Reports)
			events := Events(d.Claims, d.Reports, js)
			got := partition(events)
			a := BCubed(d.Gold, got)
			alone := BCubed(d.Gold, nil)
			t.Logf("%d claims, %d events; alone F1 %.3f; merged P %.3f R %.3f F1 %.3f", len(d.Claims), len(events), alone.F1, a.Precision, a.Recall, a.F1)
			if a.F1 < c.f1 || a.Precision < c.precision {
				t.Errorf("B³ P %.3f R %.3f F1 %.3f, want P ≥ %.2f and F1 ≥ %.2f", a.Precision, a.Recall, a.F1, c.precision, c.f1)
			}
			for _, j := range js {
				if same := d.Gold[j.A] == d.Gold[j.B]; same != j.Same {
					t.Logf("gold %v, got %v %.2f: %s | %s %v", same, j.Same, j.Score, j.A, j.B, j.Reasons)
				}
			}
			for x, e := range d.Gold {
				for y, f := range d.Gold {
					if x < y && (e == f) != (got[x] == got[y]) {
						t.Logf("%s and %s (%s): gold together %v", x, y, e, e == f)
					}
				}
			}
		})
	}
}
