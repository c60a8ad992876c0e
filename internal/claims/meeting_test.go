package claims

import (
	"slices"
	"strings"
	"testing"
)

// TestMeetings holds who meets and visits where the act's own words do not say it.
func TestMeetings(t *testing.T) {
	const day = "2015-06-10" // a Wednesday
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"an act told by what was done of it", "The visit that the Danish premier paid to Ghana in May 2015 was short.", []string{"CONSULT:visit DNK>GHA actual 2015-05"}},
		{"talks that somebody held", "The talks which Chile and Peru held in Lima on Monday ended well.", []string{"CONSULT CHL+PER> actual 2015-06-08"}},
		{"a body of states meets", "The Security Council met in New York on Monday.", []string{"CONSULT:multilateral UNO> actual 2015-06-08"}},
		{"ministers of a body, meeting", "European Union foreign ministers, meeting in Riga on Monday, condemned Belarus.", []string{"CONSULT:multilateral EUR> actual 2015-06-08", "ACCUSE:disapprove EUR>BLR actual"}},
		{"one of a body meets whom nobody names", "Ban Ki-moon met in Geneva on Monday.", nil},
		{"one meets somebody of no country told", "The Danish premier met the union leader on Monday.", []string{"CONSULT DNK> actual 2015-06-08"}},
		{"one telephones a man nobody knows", "The Chilean minister telephoned Mr Kordahi on Monday.", []string{"CONSULT:phone CHL> actual 2015-06-08"}},
		{"one meets nobody", "The Danish premier met in Aarhus on Monday.", nil},
		{"one meets a thing", "The Danish premier met the deadline on Monday.", nil},
		{"those who agreed at talks held them", "Peru and Chile agreed on Monday during talks in Quito to cooperate in building a satellite.", []string{"AGREE about COOPERATE CHL+PER> actual 2015-06-08", "CONSULT CHL+PER> actual 2015-06-08"}},
		{"who thanks and is thanked after a meeting", "The Kenyan president thanked the king of Lesotho after a meeting in Maseru.", []string{"SUPPORT KEN>LSO actual", "CONSULT KEN+LSO> actual"}},
		{"a summit has more sides than two", "Norway thanked Gabon at a summit in Geneva.", []string{"SUPPORT NOR>GAB actual"}},
		{"a meeting to come", "Norway will thank Gabon at talks in Geneva.", []string{"AGREE about SUPPORT NOR>GAB actual"}},
		{"a clause of what is to be", "The Norwegian premier, who is to visit Ghana next week, thanked Togo.", []string{"AGREE about CONSULT:visit NOR>GHA actual due 2015-06-15/2015-06-21", "SUPPORT NOR>TGO actual"}},
		{"why one went is what was said there", "The Danish minister flew to Accra on Monday to urge Ghana to release two fishermen.", []string{"CONSULT:visit DNK>GHA actual 2015-06-08", "REQUEST:yield about RETREAT:release DNK>GHA actual 2015-06-08"}},
		{"a wish to do so", "The Danish minister will fly to Accra to thank Ghana.", []string{"AGREE about CONSULT:visit DNK>GHA actual"}},
		{"by telephone", "The Chilean president informed the king of Spain by telephone on Monday.", []string{"CONSULT:phone CHL>ESP actual 2015-06-08"}},
	} {
		var got []string
		for _, k := range byRules(c.text, day) {
			got = append(got, line(&k))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s\n got  %s\n want %s", c.name, c.text, strings.Join(got, " | "), strings.Join(c.want, " | "))
		}
	}
}

// TestYielding holds that a promise to give way in deed is giving way in words.
func TestYielding(t *testing.T) {
	for text, want := range map[string]string{
		"Brazil promised to release the Bolivian pilot.":       "CONCEDE BRA>BOL actual",
		"Angola agreed to withdraw its troops from Zambia.":    "CONCEDE AGO>ZMB actual",
		"Peru and Ecuador agreed to pull back their soldiers.": "CONCEDE ECU+PER> actual",
		"Chad and Sudan agreed on Monday to hold talks.":       "AGREE about CONSULT SDN+TCD> actual 2015-06-08",
		"Chad and Sudan agreed on Monday to trade in cattle.":  "AGREE about COOPERATE SDN+TCD> actual 2015-06-08",
	} {
		var got []string
		for _, k := range code(t, text, "2015-06-10") {
			got = append(got, line(&k))
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%s\n got  %s\n want %s", text, strings.Join(got, " | "), want)
		}
	}
}

// TestOneOfThose holds whose part it is when a party is one of many that did
// something reciprocal.
func TestOneOfThose(t *testing.T) {
	for text, want := range map[string]string{
		"Croatia and Ghana are friends. Ghana is one of the countries that quickly established relations.": "SUPPORT GHA>HRV historical",
		"Croatia and Ghana are friends. Ghana is among the states that swiftly restored diplomatic ties.":  "SUPPORT GHA>HRV historical",
		"Croatia and Ghana are friends. Ghana restored diplomatic ties.":                                   "SUPPORT GHA+HRV> actual",
		"Ghana and Kosovo established diplomatic relations on Monday.":                                     "SUPPORT GHA+XKX> actual 2015-06-08",
		"Ghana established diplomatic relations with Serbia on Monday.":                                    "SUPPORT GHA+SRB> actual 2015-06-08",
	} {
		var got []string
		for _, k := range code(t, text, "2015-06-10") {
			got = append(got, line(&k))
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%s\n got  %s\n want %s", text, strings.Join(got, " | "), want)
		}
	}
}

// TestExercises holds that what several states exercise together is cooperation.
func TestExercises(t *testing.T) {
	for text, want := range map[string]string{
		"Turkey and Azerbaijan began military exercises near Baku on Monday.": "COOPERATE AZE+TUR> actual 2015-06-08",
		"Ghana and Togo held a naval drill off Accra on Monday.":              "COOPERATE GHA+TGO> actual 2015-06-08",
		"Peru and Chile are conducting exercises in the Andes.":               "COOPERATE CHL+PER> actual",
		"Turkish jets began exercises near Izmir on Monday.":                  "MOBILIZE:troops TUR> actual 2015-06-08",
		"Danish pupils held a fire drill on Monday.":                          "",
	} {
		var got []string
		for _, k := range code(t, text, "2015-06-10") {
			got = append(got, line(&k))
		}
		if strings.Join(got, " | ") != want {
			t.Errorf("%s\n got  %s\n want %s", text, strings.Join(got, " | "), want)
		}
	}
}

// TestContentOfAct holds that what an act is about, named by a noun in its object, is no
// act beside it, and that what stands outside its object is.
func TestContentOfAct(t *testing.T) {
	for text, want := range map[string][]string{
		"One of the goals of Chile and Peru is to increase the volume of trade.":                   {"AGREE"},
		"One of the aims of Kenya and Uganda is to expand the volume of trade turnover.":           {"AGREE"},
		"An objective of Norway and Ghana is to increase the value and the volume of their trade.": {"AGREE"},
		"Trade between Chile and Peru grew in 2011.":                                               {"COOPERATE"},
		"Trade between Chile and Peru grew in 2011, and one of the goals of both is to raise it.":  {"COOPERATE", "AGREE"},
	} {
		var got []string
		for _, c := range byRules(text, "2015-06-08") {
			got = append(got, c.Event)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %s, want %s", text, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
}
