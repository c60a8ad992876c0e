package claims

import (
	"strings"
	"testing"

	"rapport"
	"rapport/examples"
	"rapport/internal/language"
	"rapport/internal/text"
)

// exampleReports reads the reports that come with the project.
func exampleReports(tb testing.TB) []rapport.Report {
	tb.Helper()
	var out []rapport.Report
	for _, name := range examples.Files() {
		data, err := examples.Read(name)
		if err != nil {
			tb.Fatal(err)
		}
		for rep, err := range text.Read(strings.NewReader(string(data)), name, text.Options{}) {
			if err != nil {
				tb.Fatal(err)
			}
			out = append(out, rep)
		}
	}
	if len(out) < 12 {
		tb.Fatalf("only %d example reports", len(out))
	}
	return out
}

// BenchmarkCode measures raw text to claims on one core; one operation is all
// example reports.
func BenchmarkCode(b *testing.B) {
	reps := exampleReports(b)
	sentences, bytes := 0, 0
	for i := range reps {
		sentences += len(language.Parse(reps[i].Text).Sentences)
		bytes += len(reps[i].Text)
	}
	c := New()
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		for i := range reps {
			if _, err := c.Code(&reps[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*sentences)/b.Elapsed().Seconds(), "sents/s")
}
