package who

import (
	"strings"
	"testing"

	"rapport/internal/language"
)

// TestWholeNames holds that no part of a longer name is taken for somebody of
// the tables, and that a name beside a title or a comma is left alone.
func TestWholeNames(t *testing.T) {
	for _, c := range []struct{ text, phrase, name, country string }{
		{"The Minister of Foreign Affairs, Shaikh Khalid bin Ahmed bin Mohammed Al Khalifa, met a guest.", "Khalifa", "Shaikh Khalid bin Ahmed bin Mohammed Al Khalifa", ""},
		{"Mrs. Maria Santos Silva thanked Kenya.", "Maria", "Mrs. Maria Santos Silva", ""},
		{"U.S. President Barack Obama met Russian President Dmitry Medvedev.", "Obama", "Barack Obama", "USA"},
		{"Prime Minister David Cameron, President Nicolas Sarkozy and others met.", "Cameron", "David Cameron", "GBR"},
	} {
		doc := language.Parse(c.text)
		found := false
		for _, ms := range Read(doc, "2011-05-01").Mentions {
			for _, m := range ms {
				if !strings.Contains(c.text[m.Span.Start:m.Span.End], c.phrase) {
					continue
				}
				found = true
				if len(m.Parties) != 1 || m.Parties[0].Name != c.name || m.Parties[0].Country != c.country {
					t.Errorf("%s: got %+v, want %s of %q", c.text, m.Parties, c.name, c.country)
				}
			}
		}
		if !found {
			t.Errorf("%s: no mention holds %q", c.text, c.phrase)
		}
	}
}
