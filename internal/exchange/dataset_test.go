package exchange

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/record"
)

var update = flag.Bool("update", false, "carry the columns into doc/dataset.md")

// rows are two events: a visit that two reports tell, one of them with a
// sentence that CSV has to quote, and a reciprocal one nobody dates.
func rows() iter.Seq2[record.EventRow, error] {
	lat, lon := 41.9, 12.5
	reports := map[string]rapport.Report{
		"a": {ID: "a", Outlet: "Il Foglio; Roma", Title: "Arrival", Published: "2024-06-08", URL: "https://example.org/a"},
		"b": {ID: "b", Outlet: "Xinhua News Agency", Published: "2024-06-09"},
	}
	c := []rapport.Claim{
		{ID: "c1", Report: "a", Event: "CONSULT", Mode: "visit", CAMEO: "042", Actor: []rapport.Party{{Country: "EGY", Sector: "GOV", Name: "A; B", Text: "he"}, {Country: "QAT", Sector: "MIL"}},
			Recipient: []rapport.Party{{Country: "ITA"}}, Status: rapport.Actual, Date: "2024-06", Confidence: 0.5,
			Evidence: rapport.Evidence{Sentence: 2, Span: rapport.Span{Start: 3, End: 30}, Text: "He \"came\",\nsaw, and left."}, Context: []string{"diplomatic"}, Score: 4, Quad: 1, Coder: "toy 1"},
		{ID: "c2", Report: "b", Event: "AGREE", CAMEO: "036", About: "CONSULT:visit", Actor: []rapport.Party{{Country: "EGY"}}, Status: rapport.Actual, Confidence: 0.9,
			Speaker: &rapport.Party{Country: "EGY", Name: "C"}, Evidence: rapport.Evidence{Text: "He will come."}},
	}
	visit := eventOf(&c[0], "ev-1")
	visit.Claims, visit.Reports, visit.Place = []string{"c1", "c2"}, 2, &rapport.Place{Name: "Rome", Country: "ITA", Lat: &lat, Lon: &lon, Resolution: 4}
	visit.Disputed = []rapport.Field{{Name: "date"}}
	talks := eventOf(&c[1], "ev-2")
	return func(yield func(record.EventRow, error) bool) {
		_ = yield(record.EventRow{Event: visit, Claims: c, Reports: reports}, nil) && yield(record.EventRow{Event: talks, Claims: c[1:], Reports: reports}, nil)
	}
}

func table(t *testing.T, text string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, v := range r {
			m[all[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

func TestEventsCSV(t *testing.T) {
	var b strings.Builder
	n, err := EventsCSV(&b, rows())
	if err != nil || n != 2 {
		t.Fatalf("%d rows: %v", n, err)
	}
	got := table(t, b.String())
	for name, want := range map[string]string{
		"Event ID": "ev-1", "Event Date": "2024-06-01", "Event End Date": "2024-06-30", "Date EDTF": "2024-06", "Date Precision": "month", "Event Type": "CONSULT",
		"Event Mode": "visit", "CAMEO Code": "042", "Intensity": "4", "Goldstein": "1.9", "Actor Name": "A, B;", "Actor Country": "EGY;QAT", "Actor COW": "651;694", "Actor GW": "651;694", "Recipient COW": "325", "Actor Sectors": "GOV;MIL",
		"Primary Actor Sector": "GOV", "Recipient Name": "", "Recipient Country": "ITA", "Placename": "Rome", "Latitude": "41.9", "Reports": "2", "Claims": "2",
		"Claim IDs": "c1;c2", "Disputed": "date", "Sentence": `He "came", saw, and left.`, "Story ID": "a", "Publisher": "Il Foglio; Roma", "Confidence": "0.5",
		"Sentence Number": "2", "Quoted": "0", "Contexts": "diplomatic",
	} {
		v, ok := got[0][name]
		if !ok || v != want {
			t.Errorf("%s is %q, want %q", name, v, want)
		}
	}
	if got[0]["Publisher Country"] != "" || got[1]["Publisher Country"] != "CHN" || got[1]["Publisher Kind"] != "state agency" {
		t.Errorf("publishers: %v, %v", got[0], got[1])
	}
	if got[1]["Event Date"] != "" || got[1]["Speaker Name"] != "C" || got[1]["About"] != "CONSULT:visit" {
		t.Errorf("second event: %v", got[1])
	}
}

func TestClaimsCSV(t *testing.T) {
	var b strings.Builder
	n, err := ClaimsCSV(&b, rows())
	got := table(t, b.String())
	if err != nil || n != 3 || len(got) != 3 {
		t.Fatalf("%d of %d rows: %v", n, len(got), err)
	}
	if r := got[1]; r["Claim ID"] != "c2" || r["Event ID"] != "ev-1" || r["Event Type"] != "AGREE" || r["Placename"] != "" {
		t.Errorf("a claim has its event's values: %v", r)
	}
	if r := got[0]; r["Sentence Start"] != "3" || r["Sentence End"] != "30" {
		t.Errorf("offsets: %v", r)
	}
}

func TestJSONL(t *testing.T) {
	var b strings.Builder
	if n, err := EventsJSONL(&b, rows()); err != nil || n != 2 {
		t.Fatalf("%d: %v", n, err)
	}
	var e struct {
		ID   string
		Told []Told
	}
	line, _, _ := strings.Cut(b.String(), "\n")
	if err := json.Unmarshal([]byte(line), &e); err != nil || e.ID != "ev-1" || len(e.Told) != 2 || e.Told[0].Sentence != "He \"came\",\nsaw, and left." || e.Told[0].OutletOf != "" || e.Told[1].OutletOf != "CHN" || e.Told[1].OutletKind != "state agency" {
		t.Errorf("%+v: %v", e, err)
	}
	b.Reset()
	if n, err := ClaimsJSONL(&b, rows()); err != nil || n != 3 || strings.Count(b.String(), "\n") != 3 {
		t.Errorf("%d claims: %v", n, err)
	}
}

func TestFailingRecord(t *testing.T) {
	gone := &rapport.Error{Kind: rapport.Storage, What: "gone"}
	for _, write := range []func() (int, error){
		func() (int, error) { return EventsCSV(&strings.Builder{}, broken(gone)) },
		func() (int, error) { return ClaimsJSONL(&strings.Builder{}, broken(gone)) },
	} {
		if _, err := write(); rapport.KindOf(err) != rapport.Storage {
			t.Errorf("got %v", err)
		}
	}
}

func broken(err error) iter.Seq2[record.EventRow, error] {
	return func(yield func(record.EventRow, error) bool) { yield(record.EventRow{}, err) }
}

// TestCodeBook holds doc/dataset.md to the columns as they are.
func TestCodeBook(t *testing.T) {
	const file = "../../doc/dataset.md"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	now := string(b)
	for name, cs := range map[string][]Column{"events": EventColumns(), "claims": ClaimColumns()} {
		begin, end := fmt.Sprintf("<!-- columns of %s: go test ./internal/exchange -update -->\n", name), fmt.Sprintf("<!-- end of the columns of %s -->", name)
		head, rest, ok1 := strings.Cut(now, begin)
		_, tail, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Fatalf("%s has no place for the columns of %s", file, name)
		}
		var list strings.Builder
		list.WriteString("| # | column | named so by | content |\n| --- | --- | --- | --- |\n")
		for i, c := range cs {
			fmt.Fprintf(&list, "| %d | %s | %s | %s |\n", i+1, c.Name, c.From, c.What)
		}
		now = head + begin + list.String() + end + tail
	}
	if now == string(b) {
		return
	}
	if !*update {
		t.Fatalf("%s has other columns: go test ./internal/exchange -update", file)
	}
	if err := os.WriteFile(file, []byte(now), 0o644); err != nil {
		t.Fatal(err)
	}
}
