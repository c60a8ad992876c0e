package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

const (
	devDossier = "../../../shared/dev/dossier"
	ownDossier = "../../internal/merge/testdata/jpn-kor"
)

// TestEvalDossier holds the agreement of merging on the development dossier and
// the project's own, over gold claims and over Rapport's.
func TestEvalDossier(t *testing.T) {
	for _, c := range []struct {
		dir, over string
		least     float64
	}{{devDossier, "gold", 0.97}, {devDossier, "coded", 0.9}, {ownDossier, "gold", 0.95}, {ownDossier, "coded", 0.9}} {
		t.Run(c.over+" "+c.dir, func(t *testing.T) {
			if _, err := os.Stat(c.dir); err != nil {
				t.Skipf("no dossier at %s", c.dir)
			}
			args := []string{"--format", "json", c.dir}
			if c.over == "coded" {
				args = append(args, "--coded")
			}
			var out, errs bytes.Buffer
			if err := evalDossier(&session{context.Background(), strings.NewReader(""), &out, &errs}, args); err != nil {
				t.Fatal(err)
			}
			var got dossierScore
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d of %d claims aligned, B³ %+v, alone %.3f, strict %+v", got.Aligned, got.Claims, got.BCubed, got.Alone.F1, got.Strict)
			t.Logf("apart %v\njoined %v", got.Apart, got.Joined)
			if got.BCubed.F1 < c.least || got.Over != c.over || got.Reports < 12 || got.Aligned == 0 || got.BCubed.Things != got.Aligned {
				t.Errorf("%+v, want F1 of %.2f and more", got, c.least)
			}
		})
	}
}
