package record

import (
	"slices"
	"strings"
	"testing"

	"rapport"
)

func TestSearch(t *testing.T) {
	r := openTemp(t)
	add := func(id, title, text string, evidence ...string) {
		t.Helper()
		rep := report(id, text)
		rep.Title = title
		var cs []rapport.Claim
		for i, e := range evidence {
			c := claim(rep, "CONSULT", "", "AZE", "EGY")
			at := strings.Index(text, e)
			c.Evidence = rapport.Evidence{Sentence: i, Span: rapport.Span{Start: at, End: at + len(e)}, Text: e}
			c.ID = id + string(rune('0'+i))
			cs = append(cs, c)
		}
		kept(t, r, Coded{rep, cs}, "toy 1", New)
	}
	add("visit", "President arrives in Cairo",
		"CAIRO. President Aliyev arrived in Cairo on Saturday. He visited the museum. The two presidents discussed gas exports, at length.\n\nThe visit of the President to Cairo ends on Monday.",
		"President Aliyev arrived in Cairo on Saturday.")
	add("gas", "Gas talks", "Ministers met in Baku. Gas was discussed; the pipeline was not. São Tomé sent an observer.")
	add("name", "Prices", "It cost AT&T 5.5% more. The U.S. Government said \"no comment\".")
	for _, test := range []struct {
		query, hits, sentence, claims string
	}{
		{"cairo president", "visit", "President Aliyev arrived in Cairo on Saturday.", "visit0"},
		{"visiting museums", "visit", "He visited the museum.", ""},
		{`"gas exports"`, "visit", "The two presidents discussed gas exports, at length.", ""},
		{"discuss gas", "gas visit", "Gas was discussed; the pipeline was not.", ""},
		{"sao tome", "gas", "São Tomé sent an observer.", ""},
		{"ministers -pipeline", "", "", ""},
		{"president -pipeline", "visit", "President Aliyev arrived in Cairo on Saturday.", "visit0"},
		{"museum OR pipeline", "gas visit", "Gas was discussed; the pipeline was not.", ""},
		{"pipe*", "gas", "Gas was discussed; the pipeline was not.", ""},
		{"AT&T", "name", "It cost AT&T 5.5% more.", ""},
		{"arrives", "visit", "President Aliyev arrived in Cairo on Saturday.", "visit0"},
		{"prices", "name", "", ""},
		{"absent", "", "", ""},
	} {
		hits, err := r.Search(t.Context(), test.query, 0)
		if err != nil {
			t.Errorf("%q: %v", test.query, err)
			continue
		}
		var got []string
		for i, h := range hits {
			got = append(got, h.Report.ID)
			if i > 0 && h.Score > hits[i-1].Score {
				t.Errorf("%q: %s scores %f after %f", test.query, h.Report.ID, h.Score, hits[i-1].Score)
			}
		}
		if strings.Join(got, " ") != test.hits {
			t.Errorf("%q finds %v, want %s", test.query, got, test.hits)
			continue
		}
		if len(hits) == 0 {
			continue
		}
		h := hits[0]
		if h.Sentence != test.sentence || strings.Join(h.Claims, " ") != test.claims {
			t.Errorf("%q shows %q of claims %v, want %q of %s", test.query, h.Sentence, h.Claims, test.sentence, test.claims)
		}
		rep, err := r.Report(t.Context(), h.Report.ID)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Text[h.Span.Start:h.Span.End] != h.Sentence {
			t.Errorf("%q: the span does not hold the sentence", test.query)
		}
		for _, m := range h.Matches {
			if !h.Span.Contains(m) {
				t.Errorf("%q: match %v outside %v", test.query, m, h.Span)
			}
		}
	}
	for _, query := range []string{"", "  ", `""`, "&%$", "-gas", "*", "OR"} {
		if _, err := r.Search(t.Context(), query, 0); query != "OR" && rapport.KindOf(err) != rapport.Usage {
			t.Errorf("%q: %v", query, err)
		}
	}
}

// FuzzSearch: no query is a syntax error, and what is shown stands in the text.
func FuzzSearch(f *testing.F) {
	r, in := filled(f, 5)
	texts := map[string]string{}
	for _, c := range in {
		texts[c.Report.ID] = c.Report.Text
	}
	words := strings.Fields(in[0].Report.Text)
	for _, s := range []string{words[0] + " " + words[9], `"` + words[1], "-a b*", `a"b"c*`, "OR OR x", "^x {title}: y + z", "\x00\xff", "NOT AND NEAR(a b, 3)", "*", `"*"*`, "é\u0301 日本 🇪🇬"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		hits, err := r.Search(t.Context(), query, 3)
		if err != nil && rapport.KindOf(err) != rapport.Usage {
			t.Fatalf("%q: %v", query, err)
		}
		for _, h := range hits {
			text := texts[h.Report.ID]
			if h.Span.End > len(text) || text[h.Span.Start:h.Span.End] != h.Sentence {
				t.Errorf("%q: sentence %q is not at %v", query, h.Sentence, h.Span)
			}
			if !slices.IsSortedFunc(h.Matches, func(a, b rapport.Span) int { return a.Start - b.Start }) {
				t.Errorf("%q: matches %v", query, h.Matches)
			}
		}
	})
}
