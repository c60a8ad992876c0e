package when

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
)

// The development reports stand beside the repository, where they stand at all.
const shared = "../../../shared"

type goldReport struct {
	ID        string
	Text      string
	Published string
	Claims    []struct {
		Start, End int // code points
		Event      string
		Status     string
		Date       string
		AboutDate  string `json:"about_date"`
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

// TestGoldDates measures how many of the dates of gold claims are told by an
// expression of the evidence sentence, or by the nearest one before it in its
// paragraph. Some can't be: a visit's span is put together from several.
func TestGoldDates(t *testing.T) {
	var missed strings.Builder
	var dates, found, abouts, aboutFound int
	for _, r := range goldReports(t) {
		doc := language.Parse(r.Text)
		exprs := Read(doc, rapport.Date(r.Published), rapport.Span{})
		runes := []rune(r.Text)
		for _, c := range r.Claims {
			sp := rapport.Span{Start: len(string(runes[:c.Start])), End: len(string(runes[:c.End]))}
			if c.Date != "" {
				dates++
				if got, ok := told(doc, exprs, sp, c.Date); ok {
					found++
				} else {
					fmt.Fprintf(&missed, "%s\t%s\t%s\t%s\n\t%s\n", r.ID, c.Event, c.Date, got, r.Text[sp.Start:sp.End])
				}
			}
			if c.AboutDate != "" {
				abouts++
				if got, ok := told(doc, exprs, sp, c.AboutDate); ok {
					aboutFound++
				} else {
					fmt.Fprintf(&missed, "%s\tabout %s\t%s\t%s\n\t%s\n", r.ID, c.Event, c.AboutDate, got, r.Text[sp.Start:sp.End])
				}
			}
		}
	}
	got := fmt.Sprintf("date\t%d of %d\nabout_date\t%d of %d\n", found, dates, aboutFound, abouts)
	t.Logf("gold dates told by an expression:\n%s%s", got, missed.String())
	golden := filepath.Join("testdata", "gold-recall.txt")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var n, m int
	if _, err := fmt.Sscanf(string(want), "date\t%d of %d", &n, &m); err != nil {
		t.Fatalf("%s: %v", golden, err)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if m == dates && found < n {
		t.Errorf("%d of %d gold dates found, %d before; if that is right, run with UPDATE=1", found, dates, n)
	}
}

func told(doc *language.Doc, exprs [][]Expr, sp rapport.Span, date string) (string, bool) {
	want := strings.TrimRight(date, "~?%")
	seen := ""
	nearest := ""
	first := -1
	for i := range doc.Sentences {
		if !doc.Sentences[i].Span.Overlaps(sp) {
			continue
		}
		if first < 0 {
			first = i
		}
		for _, e := range exprs[i] {
			if strings.TrimRight(string(e.Date), "~?%") == want {
				return "", true
			}
			seen += " " + doc.Text[e.Span.Start:e.Span.End] + "=" + string(e.Date)
		}
	}
	for i := first - 1; i >= 0 && doc.Sentences[i].Paragraph == doc.Sentences[first].Paragraph && nearest == ""; i-- {
		for _, e := range exprs[i] {
			if strings.TrimRight(string(e.Date), "~?%") == want {
				return "", true
			}
			nearest += " " + string(e.Date)
		}
	}
	return seen + " <" + nearest, false
}

func BenchmarkRead(b *testing.B) {
	var docs []*language.Doc
	var days []rapport.Date
	sentences := 0
	for _, r := range goldReports(b) {
		d := language.Parse(r.Text)
		docs, days, sentences = append(docs, d), append(days, rapport.Date(r.Published)), sentences+len(d.Sentences)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		for i, d := range docs {
			Read(d, days[i], rapport.Span{})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*sentences), "ns/sentence")
}

func FuzzRead(f *testing.F) {
	f.Add("On Tuesday, March 5, 2024, three days after the coup of 9-10 May, 1998-99, Q3 2020 – mid-1990s.", "2024-06-08")
	f.Add("Between 30 Feb. and 31/12/0000 half a century ago, in the first seven months of this year", "0001-01")
	f.Add("22 Bahman 1357, 5 Iyar 5708, 1 Muharram 1446 – the 99999999th anniversary", "9999-12-31")
	f.Add("999 centuries ago, 999 years later, in 999 decades, the last 999 months, winter 1995-", "")
	f.Fuzz(func(t *testing.T, text, published string) {
		if len(text) > 2000 {
			return
		}
		doc := plain(text)
		for _, s := range Read(doc, rapport.Date(published), rapport.Span{Start: 3, End: 9}) {
			for _, e := range s {
				if err := e.Date.Check(); err != nil {
					t.Fatalf("%q: %v", text[e.Span.Start:e.Span.End], err)
				}
				if e.First >= e.Last || e.Head < e.First || e.Head >= e.Last || e.Span.Len() <= 0 {
					t.Fatalf("%q: %+v", text, e)
				}
			}
		}
	})
}
