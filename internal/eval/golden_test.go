package eval

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/claims"
)

var (
	update  = flag.Bool("update", false, "write the measured scores into testdata")
	details = flag.Bool("details", false, "print every disagreement")
	only    = flag.String("only", "", "score only reports whose id begins so")
	set     = flag.String("set", "", "score only this set")
)

// shared is where the development material lies beside a checkout; it is no
// part of the project.
const shared = "../../../shared"

// TestDevelopment codes the development reports, the dossier and the seed and
// holds the scores to the committed ones. The figures are for tuning: they are
// no statement of Rapport's quality, which only reports nobody tuned on give.
func TestDevelopment(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the development reports are not beside this checkout")
	}
	hold(t, "scores.txt", []goldSet{{"reports", filepath.Join(shared, "dev/reports")}, {"dossier", filepath.Join(shared, "dev/dossier/reports")}, {"seed", filepath.Join(shared, "seed")}})
}

// TestOwn codes the project's own gold reports, which were annotated without
// sight of the coder.
func TestOwn(t *testing.T) {
	hold(t, "own.txt", []goldSet{{"own", "testdata/gold"}})
}

type goldSet struct{ name, dir string }

// hold compares the scores on some sets with those of a golden file.
func hold(t *testing.T, golden string, sets []goldSet) {
	var out strings.Builder
	for _, s := range sets {
		if *set != "" && *set != s.name {
			continue
		}
		gold, err := ReadGold(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		coder := claims.New()
		coded := map[string][]rapport.Claim{}
		var kept []Gold
		for i := range gold {
			if !strings.HasPrefix(gold[i].ID, *only) {
				continue
			}
			kept = append(kept, gold[i])
			rep := gold[i].Report
			res, err := coder.Code(&rep)
			if err != nil {
				t.Fatalf("%s: %v", rep.ID, err)
			}
			for k := range res.Claims {
				if err := res.Claims[k].Check(rep.Text); err != nil {
					t.Errorf("%s: %v", rep.ID, err)
				}
			}
			coded[gold[i].ID] = res.Claims
		}
		score := Score(kept, coded)
		fmt.Fprintf(&out, "== %s\n", s.name)
		score.Write(&out)
		if *details {
			score.Details(os.Stdout)
			score.Calibration(os.Stdout)
		}
	}
	if *details || *only != "" || *set != "" {
		fmt.Print(out.String())
		return
	}
	golden = filepath.Join("testdata", golden)
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != out.String() {
		t.Errorf("the scores changed; if that is meant, run with -update and commit the difference\ngot:\n%swant:\n%s", out.String(), want)
	}
}
