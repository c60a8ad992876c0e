package where

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/where/gazetteer"
)

// The development reports stand beside the repository, where they stand at all.
const shared = "../../../shared"

type goldReport struct {
	ID     string
	Text   string
	Claims []struct {
		Start, End int // code points
		Event      string
		Place      *struct{ Name, Country string }
	}
}

func goldReports(t testing.TB) []goldReport {
	var out []goldReport
	for _, dir := range []string{"dev/reports", "dev/dossier/reports"} {
		files, _ := filepath.Glob(filepath.Join(shared, dir, "*.json"))
		sort.Strings(files)
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var r goldReport
			if err := json.Unmarshal(b, &r); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		t.Skip("no development reports in " + shared)
	}
	return out
}

func fold(s string) string {
	return strings.TrimPrefix(string(gazetteer.Fold(nil, s)), "the ")
}

// TestGoldPlaces measures how many of the places of gold claims are mentioned,
// with the right country, in the evidence sentence or anywhere in the report.
func TestGoldPlaces(t *testing.T) {
	var missed strings.Builder
	var all, inSentence, inReport, country int
	for _, r := range goldReports(t) {
		doc := language.Parse(r.Text)
		mentions := Read(doc, "")
		runes := []rune(r.Text)
		for _, c := range r.Claims {
			if c.Place == nil {
				continue
			}
			all++
			sp := rapport.Span{Start: len(string(runes[:c.Start])), End: len(string(runes[:c.End]))}
			near, far, right := false, false, false
			seen := ""
			for i, ms := range mentions {
				for _, m := range ms {
					if m.Confidence < 0.3 {
						continue
					}
					seen += " " + m.Place.Name + "/" + m.Place.Country
					if fold(m.Place.Name) != fold(c.Place.Name) && fold(doc.Text[m.Span.Start:m.Span.End]) != fold(c.Place.Name) {
						continue
					}
					far = true
					right = right || m.Place.Country == c.Place.Country
					near = near || doc.Sentences[i].Span.Overlaps(sp)
				}
			}
			if near {
				inSentence++
			}
			if far {
				inReport++
			}
			if right {
				country++
			} else {
				fmt.Fprintf(&missed, "%s\t%s\t%s\n", r.ID, c.Place.Name, c.Place.Country)
			}
		}
	}
	got := fmt.Sprintf("named in the sentence\t%d of %d\nnamed in the report\t%d of %d\ncountry right\t%d of %d\n", inSentence, all, inReport, all, country, all)
	t.Logf("gold places:\n%s%s", got, missed.String())
	golden := filepath.Join("testdata", "gold-recall.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var a, b, n, m int
	if _, err := fmt.Sscanf(string(want), "named in the sentence\t%d of %d\nnamed in the report\t%d of %d\n", &a, &b, &n, &m); err != nil {
		t.Fatalf("%s: %v", golden, err)
	}
	if m == all && inReport < n {
		t.Errorf("%d of %d gold places found, %d before; if that is right, run with UPDATE=1", inReport, all, n)
	}
}

func BenchmarkRead(b *testing.B) {
	var docs []*language.Doc
	bytes := 0
	for _, r := range goldReports(b) {
		docs = append(docs, language.Parse(r.Text))
		bytes += len(r.Text)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for _, d := range docs {
			Read(d, "")
		}
	}
}

// BenchmarkFind measures the matching of names alone.
func BenchmarkFind(b *testing.B) {
	var docs []*language.Doc
	bytes := 0
	for _, r := range goldReports(b) {
		docs = append(docs, language.Parse(r.Text))
		bytes += len(r.Text)
	}
	b.SetBytes(int64(bytes))
	b.ResetTimer()
	for b.Loop() {
		for _, d := range docs {
			r := reader{doc: d, world: world()}
			for i := range d.Sentences {
				r.find(i)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(); err != nil {
			b.Fatal(err)
		}
	}
}
