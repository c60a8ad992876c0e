package claims

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/text"
)

// dated is a claim of a sentence and the date it should have.
type dated struct {
	text  string
	event string // of the claim looked at, the first of its type
	want  rapport.Date
}

// byRules codes a text with dates as grammar alone gives them, and all acts told:
// what was learnt weighs the same evidence, and others'.
func byRules(text string, day rapport.Date) []rapport.Claim {
	rep := rapport.Report{ID: "t", Text: text, Published: day, Basis: rapport.BasisGiven}
	r := read(&rep)
	r.dateWeights, r.toldWeights = untaught(), chooser{}
	return r.finish()
}

// holdDates codes each text as of a Friday, 14 June 2013, and compares.
func holdDates(t *testing.T, cases []dated) {
	t.Helper()
	for _, c := range cases {
		found := false
		for _, got := range byRules(c.text, "2013-06-14") {
			if got.Event != c.event || found {
				continue
			}
			found = true
			if got.Date != c.want {
				t.Errorf("%q: %s is dated %q, want %q", c.text, c.event, got.Date, c.want)
			}
		}
		if !found {
			t.Errorf("%q: no %s", c.text, c.event)
		}
	}
}

// TestDateCountedFrom holds that "a day after" dates what it counts from, and
// nothing else.
func TestDateCountedFrom(t *testing.T) {
	holdDates(t, []dated{
		{"Hungary recalled its ambassador from Slovakia on Wednesday, a day after Slovakia recognised Kosovo.", "SUPPORT", "2013-06-11"},
		{"Peru closed its embassy in Bolivia on Thursday, two days after Bolivian soldiers shelled a Peruvian village.", "ASSAULT", "2013-06-11"},
		{"Chad expelled the Sudanese ambassador on Thursday, a day after Sudan condemned Chad.", "ACCUSE", "2013-06-12"},
		{"Hungary recalled its ambassador from Slovakia on Wednesday, a day after Slovakia recognised Kosovo.", "SANCTION", "2013-06-12"},
		{"Chad expelled the Sudanese ambassador on Thursday, a day after Sudan condemned Chad.", "SANCTION", "2013-06-13"},
		{"The army admitted on Wednesday that Sudanese planes had bombed Chad the day before by mistake.", "ASSAULT", "2013-06-11"},
		{"Turkey bombed a Syrian village on Thursday and Syria condemned Turkey a day later.", "ACCUSE", "2013-06-14"},
	})
}

// TestDateOfSpeaking holds that what is promised or refused is dated by the day
// it was said, and that what was done is not.
func TestDateOfSpeaking(t *testing.T) {
	holdDates(t, []dated{
		{"Kenya will send aid to Somalia, the foreign ministry in Nairobi said on Wednesday.", "AGREE", "2013-06-12"},
		{"Norway will open an embassy in Georgia next year, its foreign minister said on Thursday.", "AGREE", "2013-06-13"},
		{"Iran would not negotiate with Israel, President Ahmadinejad said on Tuesday.", "REJECT", "2013-06-11"},
		{"Kenya sent aid to Somalia in May, the foreign ministry in Nairobi said on Wednesday.", "AID", "2013-05"},
		{"Norway opened an embassy in Georgia in 2009, its foreign minister said on Thursday.", "SUPPORT", "2009"},
	})
}

// TestDateNotTerm holds that the time given for what is ordered is not the day of
// the order.
func TestDateNotTerm(t *testing.T) {
	holdDates(t, []dated{
		{"Ecuador on Monday ordered the Peruvian ambassador to leave the country within three days.", "SANCTION", "2013-06-10"},
		{"Poland ordered two Belarusian diplomats to leave within 48 hours.", "SANCTION", ""},
		{"Malawi asked Zambia on Tuesday to send maize within two months.", "REQUEST", "2013-06-11"},
		{"Egypt bombed Libya on Tuesday.", "ASSAULT", "2013-06-11"},
		{"Greece has recalled its ambassador from Turkey since Monday.", "SANCTION", "2013-06-10/.."},
	})
}

// TestDateOfEnded holds that a visit or talks told to have ended lasted up to the
// day told, others from it on.
func TestDateOfEnded(t *testing.T) {
	holdDates(t, []dated{
		{"The Greek president ended a three-day visit to Serbia on Thursday.", "CONSULT", "2013-06-11/2013-06-13"},
		{"The Czech prime minister returned on Wednesday after a two-day visit to Vietnam.", "CONSULT", "2013-06-11/2013-06-12"},
		{"Prime Minister Erdogan concluded on Tuesday a four-day visit to Tunisia.", "CONSULT", "2013-06-08/2013-06-11"},
		{"The Greek president concluded on Thursday a three-day working visit to Serbia.", "CONSULT", "2013-06-11/2013-06-13"},
		{"The Greek president began a three-day visit to Serbia on Tuesday.", "CONSULT", "2013-06-11/2013-06-13"},
		{"The Czech prime minister arrived in Vietnam on Wednesday for a two-day visit.", "CONSULT", "2013-06-12/2013-06-13"},
	})
}

// TestDateSince holds that what has gone on since an event is open to the right,
// and what was done once is not.
func TestDateSince(t *testing.T) {
	holdDates(t, []dated{
		{"Syrian police have arrested hundreds of protesters since the unrest began in March.", "COERCE", "2013-03/.."},
		{"Egypt has detained dozens of Sudanese since the riots in May.", "COERCE", "2013-05/.."},
		{"Israel has shelled Lebanese villages since the talks collapsed on June 3.", "ASSAULT", "2013-06-03/.."},
		{"Egypt has jailed hundreds of protesters since the army seized power in March.", "COERCE", "2013-03/.."},
		{"Iran has been under American sanctions since November.", "SANCTION", "2012-11/.."},
		{"Syrian police arrested hundreds of protesters in March.", "COERCE", "2013-03"},
		{"Egypt detained dozens of Sudanese in May.", "COERCE", "2013-05"},
	})
}

// TestBackground holds what is an earlier phase and what is not: dated over a month
// before or told in the wake of that it is; the past perfect or "since" alone do not
// make it one.
func TestBackground(t *testing.T) {
	for _, c := range []struct {
		text, event string
		want        rapport.Status
	}{
		{"Ottawa had condemned Syria before the session.", "ACCUSE", rapport.Actual},
		{"Kenyan police had arrested three Ugandan reporters.", "COERCE", rapport.Actual},
		{"Gatherings have been banned by Egypt since January.", "COERCE", rapport.Actual},
		{"Chad has accused Sudan of arming rebels since 2011.", "ACCUSE", rapport.Actual},
		{"Kenyan police had arrested three Ugandan reporters in March.", "COERCE", rapport.Historical},
		{"Canada condemned Syria in 2011.", "ACCUSE", rapport.Historical},
	} {
		got := code(t, c.text, "2013-06-14")
		if len(got) != 1 || got[0].Event != c.event || got[0].Status != c.want {
			t.Errorf("%q: %v, want one %s, %s", c.text, got, c.event, c.want)
		}
	}
}

// TestDateline holds that "today" is the day of the dateline where the report was
// published after it.
func TestDateline(t *testing.T) {
	for _, c := range []struct {
		text string
		want rapport.Date
	}{
		{"LISBON, June 13 (Agency) — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-13"},
		{"LISBON, June 14 (Agency) — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-14"},
		{"LISBON, June 13 (Agency) — Portugal yesterday condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-12"},
		{"LISBON, Thursday — Portugal tonight condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-13"},
		{"LISBON, May 1 (Agency) — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-14"}, // too far off to be its day
		{"LISBON — Portugal today condemned Spain over the seizure of two fishing boats off the Algarve.", "2013-06-14"},
	} {
		rep := readOne(t, c.text)
		res, err := New().Code(&rep)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Claims) == 0 || res.Claims[0].Date != c.want {
			t.Errorf("%q: %v, want the first of %s", c.text, res.Claims, c.want)
		}
	}
}

// readOne reads a report published on 14 June 2013 as it comes from a file.
func readOne(t *testing.T, words string) rapport.Report {
	t.Helper()
	data, err := json.Marshal(map[string]string{"id": "t", "text": words, "published": "2013-06-14"})
	if err != nil {
		t.Fatal(err)
	}
	for rep, err := range text.Read(bytes.NewReader(data), "t", text.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	t.Fatal("no report")
	return rapport.Report{}
}

// TestOwnDay holds when a report's own day is taken for what it tells of: from the
// sentence of its lead that names that day, until another of late is named.
func TestOwnDay(t *testing.T) {
	const day = "2013-06-14"
	met := "The Estonian and Latvian foreign ministers met in Riga on Friday. "
	for _, x := range []struct {
		text string
		want []int
	}{
		{met + "Estonia thanked Latvia for its help.", []int{0, 0}},
		{"Chile and Peru quarrelled for years. Chile today recalled its ambassador from Peru. Bolivia condemned Peru.", []int{-1, 1, 1}},
		{met + "Latvia recalled its ambassador from Russia on Wednesday. Estonia condemned Russia.", []int{0, -1, -1}},
		{"The Estonian and Latvian foreign ministers met in Riga. Estonia thanked Latvia.", []int{-1, -1}},
		{"Estonia thanked Latvia. Lithuania thanked Poland. Norway thanked Spain. Chile thanked Peru on Friday.", []int{-1, -1, -1, -1}},
	} {
		rep := rapport.Report{ID: "t", Text: x.text, Published: day, Basis: rapport.BasisGiven}
		if got := read(&rep).namesOwnDay(); !slices.Equal(got, x.want) {
			t.Errorf("%q: %v, want %v", x.text, got, x.want)
		}
	}
}

// TestWeighDate holds what the weights of dates are asked for: a date told beside is
// taken, none where none is likely, none after the report for what is told as done,
// and the day of what is promised is when it is due.
func TestWeighDate(t *testing.T) {
	for _, x := range []struct {
		text, event string
		date, basis string
	}{
		{"The Estonian and Latvian foreign ministers met in Riga on Wednesday. They signed an accord on fisheries.", "SUPPORT", "2013-06-12", rapport.DateFromText},
		{"The Kenyan president arrived in Uganda on Thursday. Uganda praised Kenya.", "CONSULT", "2013-06-13", rapport.DateFromText},
		{"Norway has never recognised Kosovo. Peru condemned Chile in 2011.", "ACCUSE", "2011", rapport.DateFromText},
		{"Peru expelled the ambassador of Chile.", "SANCTION", "", ""},
		{"Kenya will visit Uganda on Sunday.", "AGREE", "", ""},
	} {
		found := false
		for _, c := range code(t, x.text, "2013-06-14") {
			if c.Event == x.event {
				found = true
				if string(c.Date) != x.date || string(c.DateBasis) != x.basis {
					t.Errorf("%q: %s is dated %q by %q, want %q by %q", x.text, c.Event, c.Date, c.DateBasis, x.date, x.basis)
				}
			}
		}
		if !found {
			t.Errorf("%q: no %s", x.text, x.event)
		}
	}
}

// TestDateShared holds that an act without a date of its own has that of what its
// sentence tells it beside, where both are of one occasion, and only there.
func TestDateShared(t *testing.T) {
	holdDates(t, []dated{
		{"The Croatian president received on Tuesday the ambassador of Peru, who thanked Croatia for its help.", "SUPPORT", "2013-06-11"},
		{"The premier of Chad opened a meeting in Ndjamena on Tuesday, at which Niger condemned Libya.", "ACCUSE", "2013-06-11"},
		{"Kenya sent rice to Somalia during the floods of 2011.", "AID", "2011"},
		{"The Danish king visited Norway in the last days of May.", "CONSULT", "2013-05"},
		{"Russia has withheld the loans from Belarus since the vote of December 2010.", "SANCTION", "2010-12/.."},
		{"The Greek minister, who was in Sofia on Tuesday, thanked Bulgaria.", "SUPPORT", "2013-06-11"},
		{"Sudan shelled a village in Chad, killing two children on Tuesday.", "ASSAULT", "2013-06-11"},
		{"Russia stopped buying Georgian wine in April.", "SANCTION", "2013-04"},

		{"The Croatian president received on Tuesday the ambassador of Peru, who had thanked Croatia for its help.", "SUPPORT", ""},
		{"Chile, which closed the border on Tuesday, accused Peru of spying.", "ACCUSE", ""},
		{"The Czech president thanked Kenya for the treaty of 2011.", "SUPPORT", ""},
		{"Iran condemned the attack that killed two Turkish soldiers on Tuesday.", "ACCUSE", ""},
	})
}

// TestDateInVisit holds that what is told in the wake of a visit by the same countries
// has the visit's days, the first of them while it goes on, and what others do has not.
func TestDateInVisit(t *testing.T) {
	over := "The Greek president visited Serbia on 4 and 5 June. "
	holdDates(t, []dated{
		{over + "Serbia thanked Greece for its support.", "SUPPORT", "2013-06-04/2013-06-05"},
		{over + "The two sides agreed to build a railway.", "AGREE", "2013-06-04/2013-06-05"},
		{"The Greek president began a three-day visit to Serbia on Thursday. Serbia thanked Greece for its support.", "SUPPORT", "2013-06-13"},
		{over + "Hungary thanked Greece for its support.", "SUPPORT", ""},
		{over + "Serbia has thanked Greece for its support since 2011.", "SUPPORT", "2011/.."},
	})
}

// TestRecalledOn holds that what follows an act recalled as long-standing is recalled
// with it while the same parties act, and not what others do or a dated act tells.
func TestRecalledOn(t *testing.T) {
	const before = "Portugal has always supported Cape Verde. "
	for text, want := range map[string]rapport.Status{
		before + "Portugal also defended Cape Verde at the United Nations.":      rapport.Historical,
		before + "Portugal backed the candidates of Cape Verde in many bodies.":  rapport.Historical,
		before + "Lisbon and Praia defended each other's positions.":             rapport.Historical,
		before + "Brazil condemned Cape Verde.":                                  rapport.Actual,
		before + "Portugal praised Cape Verde on Friday.":                        rapport.Actual,
		"Portugal supported Cape Verde. Portugal also defended it at the talks.": rapport.Actual,
	} {
		cs := code(t, text, "2015-06-08")
		if len(cs) == 0 || cs[len(cs)-1].Status != want {
			var got []string
			for i := range cs {
				got = append(got, line(&cs[i]))
			}
			t.Errorf("%s: got %s, want the last %s", text, strings.Join(got, " | "), want)
		}
	}
}

// TestBackgroundRunsOn holds that what is thanked for, agreed or asked in the wake of
// background is news, that its occasion is not that of an earlier phase, that what
// was done there stays background, and that a part of this year is no earlier phase.
func TestBackgroundRunsOn(t *testing.T) {
	before := "Turkey shelled Syrian villages in March. "
	for _, c := range []struct {
		text, event string
		want        rapport.Status
	}{
		{before + "Turkey thanked Azerbaijan for its support.", "SUPPORT", rapport.Actual},
		{before + "Turkey urged Syria to open the border.", "REQUEST", rapport.Actual},
		{"Chile and Peru signed a treaty in Lima on 4 March 2011. The two countries agreed to hold talks.", "AGREE", rapport.Actual},
		{"Trade between Chile and Peru grew in the first four months of this year.", "COOPERATE", rapport.Actual},

		{before + "Turkey arrested dozens of Syrian refugees.", "COERCE", rapport.Historical},
		{before + "Turkey thanked Azerbaijan in April.", "SUPPORT", rapport.Historical},
		{"Turkey shelled Syrian villages in January.", "ASSAULT", rapport.Historical},
	} {
		found := false
		for _, got := range byRules(c.text, "2013-06-14") {
			if got.Event != c.event || found {
				continue
			}
			found = true
			if got.Status != c.want {
				t.Errorf("%q: %s is %s, want %s", c.text, c.event, got.Status, c.want)
			}
		}
		if !found {
			t.Errorf("%q: no %s", c.text, c.event)
		}
	}
}

// TestDateOfReason holds that thanks, praise and blame have not the date of what they
// are for, where that lies back, and have their own.
func TestDateOfReason(t *testing.T) {
	holdDates(t, []dated{
		{"The Czech president thanked Kenya for its vote in March.", "SUPPORT", ""},
		{"The Czech president congratulated Kenya on the election of a new president in March.", "SUPPORT", ""},
		{"Peru condemned Chile over the arrest of two fishermen in March.", "ACCUSE", ""},
		{"The Czech president thanked Kenya for its vote on Tuesday.", "SUPPORT", "2013-06-11"},
		{"In March the Czech president thanked Kenya for its vote.", "SUPPORT", "2013-03"},
		{"Kenya sent rice for the refugees in March.", "AID", "2013-03"},
	})
}
