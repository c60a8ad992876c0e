package language

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"rapport"
)

// leastEvidence is how many of the 624 evidence spans must be sentences. The
// ten others are clauses, or leave out a quotation mark.
const leastEvidence = 614

// TestEvidence compares sentences with the evidence sentences that people
// marked in the development reports.
func TestEvidence(t *testing.T) {
	var files []string
	for _, pattern := range []string{"dev/reports/*.json", "dev/dossier/reports/*.json", "seed/*.json"} {
		found, err := filepath.Glob(filepath.Join("../../../shared", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("no development reports beside the project")
	}
	found, all := 0, 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var report struct {
			Text   string
			Claims []struct{ Start, End int } // in code points
		}
		if err := json.Unmarshal(b, &report); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var offsets []int
		for i := range report.Text {
			offsets = append(offsets, i)
		}
		offsets = append(offsets, len(report.Text))
		sentences := map[rapport.Span]bool{}
		for _, s := range Parse(report.Text).Sentences {
			sentences[s.Span] = true
		}
		for _, c := range report.Claims {
			all++
			if span := (rapport.Span{Start: offsets[c.Start], End: offsets[c.End]}); sentences[span] {
				found++
			} else {
				t.Logf("%s: no sentence: %q", filepath.Base(file), report.Text[span.Start:span.End])
			}
		}
	}
	t.Logf("%d of %d evidence sentences found", found, all)
	if found < leastEvidence {
		t.Errorf("%d of %d evidence sentences found, want %d", found, all, leastEvidence)
	}
}
