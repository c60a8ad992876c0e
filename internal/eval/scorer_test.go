package eval

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/claims"
)

// TestEqualsScorer holds the figures to those of the development set's own
// scorer, line by line.
func TestEqualsScorer(t *testing.T) {
	script := filepath.Join(shared, "dev/score.py")
	if _, err := os.Stat(script); err != nil {
		t.Skip("the development set's scorer is not beside this checkout")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the development set's scorer with")
	}
	dir := filepath.Join(shared, "dev/dossier/reports")
	gold, err := ReadGold(dir)
	if err != nil {
		t.Fatal(err)
	}
	coded := map[string][]rapport.Claim{}
	var lines strings.Builder
	enc := json.NewEncoder(&lines)
	for i := range gold {
		res, err := claims.New().Code(&gold[i].Report)
		if err != nil {
			t.Fatal(err)
		}
		coded[gold[i].ID] = res.Claims
		for k := range res.Claims {
			if err := enc.Encode(res.Claims[k]); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "coded.jsonl")
	if err := os.WriteFile(file, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	want, err := exec.Command(python, script, dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, want)
	}
	var got strings.Builder
	Score(gold, coded).Write(&got)
	if got.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}
