package claims

import (
	"strings"
	"testing"

	"rapport/internal/language"
	"rapport/internal/ontology"
)

// TestDeeds holds data/deeds.tsv: known event types, no word told twice, each one that
// points back to a deed.
func TestDeeds(t *testing.T) {
	rows := language.MustLexicon("data/deeds.tsv", deedTable)
	if len(rows) == 0 {
		t.Error("the table is empty")
	}
	seen := map[string]bool{}
	for types, words := range rows {
		for _, e := range strings.Fields(types) {
			if ontology.Quad(e) == 0 {
				t.Errorf("%q is no event type", e)
			}
		}
		for w := range words {
			if seen[w] {
				t.Errorf("%s stands twice", w)
			}
			seen[w] = true
			if actNouns[w] != "deed" {
				t.Errorf("%s does not point back to a deed", w)
			}
		}
	}
}
