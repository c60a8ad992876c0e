package claims

import (
	"slices"
	"strings"
	"testing"

	"rapport/internal/ontology"
)

// TestDescribed holds which states are meant by what tells where or what they are.
func TestDescribed(t *testing.T) {
	const day = "2015-06-10"
	const told = "Peru and Nepal, Norway and Sweden held talks with Vietnam in Geneva on Monday. "
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"by the mountains", told + "Chile thanked the Himalayan nation.", "SUPPORT CHL>NPL actual"},
		{"by two words", told + "Laos was absent. Chile thanked the landlocked Himalayan nation.", "SUPPORT CHL>NPL actual"},
		{"as the owner of an envoy", told + "The Andean country's ambassador thanked Ghana.", "SUPPORT PER>GHA actual"},
		{"two of them", told + "Chile thanked the two Nordic states.", "SUPPORT CHL>NOR+SWE actual"},
		{"as who acts", told + "The South American nation expelled a Danish diplomat.", "SANCTION:expel PER>DNK actual"},
		{"the first is whoever did it", told + "Bhutan thanked the first Himalayan country to help.", ""},
		{"all of a region are nobody", told + "Chile thanked the Nordic states.", ""},
		{"not named in the report", told + "Chile thanked the Caribbean nation.", ""},
	} {
		var got []string
		for _, k := range code(t, c.text, day) {
			got = append(got, line(&k))
		}
		if c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s: %q has %q, want %q", c.name, c.text, got, c.want)
		}
		if c.want == "" {
			for _, g := range got {
				if strings.HasSuffix(g, ">NPL actual") || strings.Contains(g, ">NOR+SWE") || strings.Contains(g, ">CUB") {
					t.Errorf("%s: %q has %q", c.name, c.text, g)
				}
			}
		}
	}
}

// TestDescribedTable lints data/described.tsv: words in small letters told once, of
// states that exist, each once.
func TestDescribedTable(t *testing.T) {
	seen := map[string]bool{}
	for n, line := range strings.Split(strings.TrimSpace(describedTable), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		words, codes, ok := strings.Cut(line, "\t")
		if !ok || words != strings.ToLower(words) || strings.Contains(words, "-") {
			t.Errorf("line %d: %q is not words in small letters, without hyphens, and codes", n+1, line)
		}
		for _, w := range strings.Split(words, "|") {
			if w == "" || seen[w] {
				t.Errorf("line %d: %q is empty or told twice", n+1, w)
			}
			seen[w] = true
		}
		states := strings.Fields(codes)
		for i, c := range states {
			if !slices.Contains(ontology.Countries(), c) || slices.Contains(states[:i], c) {
				t.Errorf("line %d: %q is no state, or told twice", n+1, c)
			}
		}
		if len(states) == 0 {
			t.Errorf("line %d: no states", n+1)
		}
	}
}
