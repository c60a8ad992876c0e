package who

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/language"
)

// mentionsOf reads a text and lists its mentions, "words = parties".
func mentionsOf(text string, day rapport.Date) (out []string) {
	for _, ms := range Read(language.Parse(text), day).Mentions {
		for _, m := range ms {
			var ps []string
			for _, p := range m.Parties {
				ps = append(ps, show(p))
			}
			out = append(out, fmt.Sprintf("%s = %s", text[m.Span.Start:m.Span.End], strings.Join(ps, " ")))
		}
	}
	return out
}

// TestNamesakes holds which of two that share a word a report means: the person
// told in full or the country, the state of that day, the place or who was born
// to its people.
func TestNamesakes(t *testing.T) {
	for _, c := range []struct{ name, day, text, want string }{
		{"a person told in full, not a prefix", "2012-08-01", "President Federico Franco spoke in Luque. Panama recognised Franco.", "Franco = PRY/GOV/Federico Franco/President"},
		{"a person told in full, not a state's initials", "2004-08-27", "The cleric Moqtada al-Sadr left. Rome met Sadr on Friday.", "Sadr = IRQ/REL/Moqtada al-Sadr/cleric"},
		{"a prefix before its hyphen", "2012-08-01", "The Franco-Spanish summit ended in Toledo.", "Franco = FRA/GOV//"},
		{"the country, of which other words tell", "2004-08-27", "The Sahrawi delegation met the cleric Moqtada al-Sadr. Algeria backs the SADR.", "the SADR = ESH/GOV//"},
		{"a president of the same last name", "2002-05-17", "Tonga received President Teburoro Tito. Fiji thanked Mr. Tito.", "Mr. Tito = KIR/GOV/Teburoro Tito/President"},
		{"the president of the tables", "1965-05-17", "Norway received President Tito.", "President Tito = SRB/GOV/Josip Broz Tito/President of Yugoslavia"},
		{"the other Congo was called Zaire", "1985-03-04", "Congo condemned the murder.", "Congo = COG/GOV//"},
		{"neither is called Zaire", "2009-03-04", "Congo condemned the murder.", "Congo = COD/GOV//"},
		{"an embassy by its city", "2011-03-04", "U.S. Embassy Tripoli thanked Chad.", "U.S. Embassy Tripoli = USA/GOV//"},
		{"an embassy by its city, owned", "2011-03-04", "Norway's Embassy Tripoli thanked Chad.", "Norway's Embassy Tripoli = NOR/GOV//"},
		{"the city itself", "2011-03-04", "Tripoli thanked Chad.", "Tripoli = LBY/GOV//"},
		{"descent is no country", "2001-03-04", "Skopje freed ethnic Albanian guerrillas.", "ethnic Albanian guerrillas = /REB//"},
		{"descent of some", "2001-03-04", "Macedonian and ethnic Albanian politicians signed it.", "Macedonian and ethnic Albanian politicians = MKD/GOV//"},
		{"no descent is told", "2001-03-04", "Skopje freed Albanian guerrillas.", "Albanian guerrillas = ALB/REB//"},
		{"a ministry of that name", "2019-03-04", "The Federal Foreign Office condemned Chad.", "The Federal Foreign Office = DEU/GOV/Federal Foreign Office/"},
		{"the ministry of a shorter name", "2019-03-04", "Britain's Foreign Office condemned Chad.", "Britain's Foreign Office = GBR/GOV/Foreign Office/"},
	} {
		if got := mentionsOf(c.text, rapport.Date(c.day)); !slices.Contains(got, c.want) {
			t.Errorf("%s: %s\n got  %s\n want %s", c.name, c.text, strings.Join(got, "\n      "), c.want)
		}
	}
}
