package when

import (
	"testing"

	"rapport"
	"rapport/internal/language"
)

// TestDirection holds which way a date without a year or week looks, by the arcs of
// its sentence: "since" and a cause look back, and "bound for" tells no time.
func TestDirection(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Sudan has been under American sanctions since November.", "2012-11/.."},
		{"The president, who asks both sides to talk to him since November, left.", "2012-11/.."},
		{"The president had threatened to stay away because of the American invasion of Panama in December.", "2012-12"},
		{"Dutch officers seized machine parts bound for Iran on Wednesday.", "2013-06-12"},

		{"Peru threatened to stay away in December.", "2013-12"},
		{"Peru is scheduled to leave the council in December.", "2013-12"},
	} {
		got := ""
		for _, s := range Read(language.Parse(c.text), "2013-06-14", rapport.Span{}) {
			for _, e := range s {
				got += string(e.Date)
			}
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}
