package briefs

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/merge/dossier"
	"rapport/internal/ontology"
	"rapport/internal/relations"
)

const dossierDir = "../../../shared/dev/dossier"

// dossierRelation is the register of Spain and Morocco from gold claims.
func dossierRelation(tb testing.TB) (*relations.Relation, *dossier.Dossier) {
	tb.Helper()
	if _, err := os.Stat(dossierDir); err != nil {
		tb.Skipf("no dossier at %s", dossierDir)
	}
	d, err := dossier.Read(dossierDir)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range d.Claims {
		c := &d.Claims[i]
		c.Quad, c.Score = ontology.Quad(c.Event), ontology.Score(c.Event, c.Mode)
	}
	events := merge.Events(d.Claims, d.Reports, merge.Judge(d.Claims, d.Reports))
	return relations.Of(rapport.NewDyad("ESP", "MAR"), d.Claims, events, d.Reports, ""), d
}

// TestDossierFacts measures how many of the facts a brief of the pair must
// hold are footnoted with every claim that tells them.
func TestDossierFacts(t *testing.T) {
	r, d := dossierRelation(t)
	var b strings.Builder
	if err := Markdown(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("BRIEF_OUT"); out != "" { // a file to read it in
		if err := os.WriteFile(out, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cited := map[string]bool{}
	for _, m := range regexp.MustCompile(`\(claims? ([^)]*)\)\n`).FindAllStringSubmatch(b.String(), -1) {
		for _, c := range strings.Split(m[1], ", ") {
			cited[c] = true
		}
	}
	whole := 0
	for _, f := range d.Facts {
		var missing []string
		for _, c := range f.Claims {
			if !cited[c] {
				missing = append(missing, c)
			}
		}
		if len(missing) == 0 {
			whole++
		} else {
			t.Logf("%s: not footnoted: %v", f.Fact, missing)
		}
	}
	t.Logf("%d of %d facts footnoted with all their claims", whole, len(d.Facts))
	told, conflicts := 0, 0
	for _, f := range d.Facts {
		if !f.Conflict {
			continue
		}
		conflicts++
		if differs(r, f) {
			told++
		} else {
			t.Logf("%s: the disagreement is not told in one line", f.Fact)
		}
	}
	t.Logf("%d of %d disagreements told in one line", told, conflicts)
	if told < 6 {
		t.Errorf("%d disagreements told, want 6", told)
	}
	if whole < len(d.Facts)*9/10 {
		t.Errorf("%d of %d facts footnoted, want nine in ten", whole, len(d.Facts))
	}
}

func BenchmarkOnePage(b *testing.B) {
	r, _ := dossierRelation(b)
	for b.Loop() {
		if err := Markdown(io.Discard, r, Options{OnePage: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// differs reports whether the register holds a difference between claims of a
// fact.
func differs(r *relations.Relation, f dossier.Fact) bool {
	return slices.ContainsFunc(r.Differences, func(d relations.Difference) bool {
		n := 0
		for _, v := range d.Value {
			if slices.ContainsFunc(v.Claims, func(c string) bool { return slices.Contains(f.Claims, c) }) {
				n++
			}
		}
		return n > 1
	})
}
