package claims

import (
	"strings"
	"testing"

	"rapport"
)

// TestIssuer holds whose text a report is by its head, and that a headline, a
// place or a text of several tells nobody's.
func TestIssuer(t *testing.T) {
	const body = "\n\nThe Minister thanked the Ambassador of Norway for the help that his country gave after the floods."
	for _, x := range []struct{ text, want string }{
		{"Ministry of Foreign Affairs of the Republic of Latvia — Press release, 3 May 2019" + body, "LVA"},
		{"MINISTRY OF FOREIGN AFFAIRS, LUSAKA, 3 May 2019" + body, "ZMB"},
		{"Statement by the Spokesperson of the Ministry of Foreign Affairs of Kazakhstan" + body, "KAZ"},
		{"Embassy of Ghana in Oslo\nNotice to the press" + body, "GHA"},
		{"U.S. EMBASSY LIMA — Note to the press" + body, "USA"},
		{"Press Service of the President of the Republic of Moldova" + body, "MDA"},
		{"Federal Department of Foreign Affairs, Bern, 12.03.2012" + body, "CHE"},
		{"The Minister thanked the Ambassador of Norway for the help that his country gave after the floods.\n\nMinistry of Foreign Affairs of Nepal\nKathmandu", "NPL"},
		{"Ministry of Foreign Affairs, Singapore" + body, "SGP"},
		{"AFRICAN UNION — Communiqué, Addis Ababa, 3 May 2019" + body, "IGO"},
		{"Norwegian Ambassador in Lusaka for talks" + body, ""},
		{"Foreign Ministry of Peru summons Norwegian envoy" + body, ""},
		{"Statement on the visit to the Ministry of Foreign Affairs of Norway" + body, ""},
		{"Joint statement of the Governments of Peru and Norway" + body, ""},
		{"Statement by the President of Peru, the Prime Minister of Norway and the King of Spain" + body, ""},
		{"LUSAKA, 3 May 2019" + body, ""},
		{"Ministry of Health\n\nSOUTH SUDAN" + body, ""},
		{strings.TrimSpace(body), ""},
	} {
		r := read(&rapport.Report{ID: "x", Text: x.text, Published: "2019-05-03"})
		if got := r.issuer.party.Country; got != x.want {
			t.Errorf("%q is by %q, want %q", x.text[:40], got, x.want)
		}
	}
}

// TestOwnSide codes what official texts say of their own side without naming it.
func TestOwnSide(t *testing.T) {
	for _, x := range []struct{ text, want, not string }{
		{"Ministry of Foreign Affairs, Lusaka, 3 May 2019\n\nThe Minister today summoned the Ambassador of Malawi over the arrest of two fishermen.", "ACCUSE:disapprove ZMB>MWI", ""},
		{"Embassy of Ghana in Oslo\n\nWe thank Norway for the help that it gave after the floods.", "SUPPORT GHA>NOR", ""},
		{"AFRICAN UNION — Communiqué\n\nWe condemn the coup which the army of Mali carried out on Tuesday.", "ACCUSE:disapprove IGO>", ""},
		{"AFRICAN UNION — Communiqué\n\nThe bloc condemned the arrest of the President of Mali.", "ACCUSE:disapprove IGO>", ""},
		{"AFRICAN UNION — Communiqué\n\nThe Council condemned Mali for the arrests.", "ACCUSE:disapprove IGO>MLI", ""},
		{"AFRICAN UNION — Communiqué\n\nThe Commission condemned Mali for the arrests.", "ACCUSE:disapprove IGO>MLI", ""},
		{"AFRICAN UNION — Communiqué\n\nThe President of Ghana condemned Mali for the arrests.", "ACCUSE:disapprove GHA>MLI", "IGO>MLI"},
		{"Ministry of Foreign Affairs of Ghana\n\nThe bloc condemned Mali for the arrests.", "", "GHA>MLI"},
		{"Our talks were useful. We thank Norway for the help that it gave after the floods.", "", "SUPPORT"},
		{"Joint statement of the Governments of Peru and Norway\n\nWe thank Spain for the help that it gave after the floods.", "", "SUPPORT PER>ESP"},
	} {
		var got []string
		for _, c := range code(t, x.text, "2019-05-03") {
			got = append(got, line(&c))
		}
		all := strings.Join(got, "; ")
		if !strings.Contains(all, x.want) || x.not != "" && strings.Contains(all, x.not) {
			t.Errorf("%q: %s", x.text, all)
		}
	}
}

// TestIssuerTable lints data/issuers.tsv: known kinds, words in small letters, and
// every mission an organ.
func TestIssuerTable(t *testing.T) {
	words := issuerWords()
	for _, kind := range []string{"organ", "mission", "genre", "topic", "joint"} {
		if len(words[kind]) < 4 {
			t.Errorf("only %d words of kind %s", len(words[kind]), kind)
		}
		for w := range words[kind] {
			if w != strings.ToLower(w) {
				t.Errorf("%q is not in small letters", w)
			}
		}
	}
	if len(words) != 5 {
		t.Errorf("%d kinds", len(words))
	}
}
