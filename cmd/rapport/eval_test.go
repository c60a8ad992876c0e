package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEvalEqualsScorer holds the figures of rapport eval to those of the
// development set's own scorer over what rapport code prints.
func TestEvalEqualsScorer(t *testing.T) {
	const shared = "../../../shared"
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the development set's scorer with")
	}
	for _, dir := range []string{"dev/dossier", "seed"} {
		dir := filepath.Join(shared, dir)
		if _, err := os.Stat(dir); err != nil {
			t.Skip("the development reports are not beside this checkout")
		}
		reports := dir
		if strings.HasSuffix(dir, "dossier") {
			reports = filepath.Join(dir, "reports")
		}
		files, err := filepath.Glob(filepath.Join(reports, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		coded := filepath.Join(t.TempDir(), "coded.jsonl")
		if err := os.WriteFile(coded, []byte(ran(t, append([]string{"code", "--format", "jsonl"}, files...)...)), 0o644); err != nil {
			t.Fatal(err)
		}
		want, err := exec.Command(python, filepath.Join(shared, "dev/score.py"), reports, coded).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, want)
		}
		if got := ran(t, "eval", dir); !strings.HasPrefix(got, string(want)+"\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", dir, got, want)
		}
	}
}

// ran runs rapport and returns its output.
func ran(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if exit := run(args, strings.NewReader(""), &out, &errs); exit != exitOK {
		t.Fatalf("rapport %s: exit %d\n%s", strings.Join(args, " "), exit, errs.String())
	}
	return out.String()
}
