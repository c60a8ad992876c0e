package relations

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/ontology"
	"rapport/internal/record"
)

// tale is what a test tells: claims in short, one a line,
//
//	report | act | actors > recipients | status | date | sentence
//
// with act as EVENT[:mode] CAMEO [about EVENT[:mode] [due DATE]], parties as
// COUNTRY[/SECTOR][=Name] parted by "+", "-" for what is not told, "@COUNTRY"
// after the sentence for the speaker's country.
type tale struct {
	claims  []rapport.Claim
	reports map[string]rapport.Report
}

// published maps the first letter of a report's id to its day and outlet.
var published = map[byte]rapport.Report{
	'a': {Published: "2020-01-10", Outlet: "Spanish news agency"},
	'b': {Published: "2021-01-10", Outlet: "Moroccan state agency"},
	'c': {Published: "2022-01-10", Outlet: "World Wire"},
}

func tell(t *testing.T, lines string) tale {
	t.Helper()
	w := tale{reports: map[string]rapport.Report{}}
	at := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		f := strings.Split(line, " | ")
		if len(f) != 6 {
			t.Fatalf("%q has %d columns, want 6", line, len(f))
		}
		for i := range f {
			if f[i] = strings.TrimSpace(f[i]); f[i] == "-" {
				f[i] = ""
			}
		}
		c := rapport.Claim{Report: f[0], Status: rapport.Status(f[3]), Date: rapport.Date(f[4])}
		act := strings.Fields(f[1])
		c.Event, c.Mode, _ = strings.Cut(act[0], ":")
		c.CAMEO = act[1]
		for i := 2; i+1 < len(act); i += 2 {
			if act[i] == "about" {
				c.About = act[i+1]
			} else {
				c.AboutDate = rapport.Date(act[i+1])
			}
		}
		actors, recips, _ := strings.Cut(f[2], ">")
		c.Actor, c.Recipient = parties(actors), parties(recips)
		sentence, speaker, ok := strings.Cut(f[5], " @")
		if ok {
			c.Speaker = &rapport.Party{Country: speaker, Sector: "GOV"}
		}
		start := at[f[0]]
		at[f[0]] += len(sentence) + 1
		c.Evidence = rapport.Evidence{Span: rapport.Span{Start: start, End: start + len(sentence)}, Text: sentence}
		c.Quad, c.Score = ontology.Quad(c.Event), ontology.Score(c.Event, c.Mode)
		r := w.reports[f[0]]
		if r.ID == "" {
			r = published[f[0][0]]
			r.ID = f[0]
		}
		r.Text += sentence + " "
		w.reports[f[0]] = r
		w.claims = append(w.claims, c)
	}
	for i := range w.claims {
		c := &w.claims[i]
		r := w.reports[c.Report]
		r.Hash = rapport.HashText(r.Text)
		w.reports[c.Report] = r
		if err := c.Check(r.Text); err != nil {
			t.Fatalf("%q: %v", c.Evidence.Text, err)
		}
		c.SetID(r.Hash)
	}
	return w
}

func parties(s string) (out []rapport.Party) {
	for _, p := range strings.Split(s, "+") {
		if p = strings.TrimSpace(p); p == "" || p == "-" {
			continue
		}
		code, name, _ := strings.Cut(p, "=")
		country, sector, ok := strings.Cut(code, "/")
		if !ok {
			sector = "GOV"
		}
		out = append(out, rapport.Party{Country: country, Sector: sector, Name: name})
	}
	return out
}

func (w tale) events() []rapport.Event {
	return merge.Events(w.claims, w.reports, merge.Judge(w.claims, w.reports))
}

func (w tale) relation(asOf rapport.Date) *Relation {
	return Of(rapport.NewDyad("MAR", "ESP"), w.claims, w.events(), w.reports, asOf)
}

// sections returns the section that each sentence stands in.
func sections(r *Relation) map[string]string {
	out := map[string]string{}
	for name, ls := range map[string][]Line{
		"recognition": r.Recognition, "missions": r.Missions, "visits": r.Visits, "meetings": r.Meetings, "mediation": r.Mediation,
		"positions": r.Positions, "pledges": r.Pledges, "economy": r.Economy, "aid": r.Aid, "security": r.Security,
		"cooperation": r.Cooperation, "frictions": r.Frictions, "hopes": r.Hopes, "denied": r.Denied, "related": r.Related,
	} {
		for _, l := range ls {
			for _, c := range l.Claims {
				out[r.Claims[c].Evidence.Text] += name
			}
		}
	}
	for _, a := range r.Agreements {
		for _, s := range a.Steps {
			for _, c := range s.Claims {
				out[r.Claims[c].Evidence.Text] += "agreements"
			}
		}
	}
	return out
}

func TestSections(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"SUPPORT 054 | ESP > MAR | historical | 1956 | Spain recognised the independence of Morocco in 1956.", "recognition"},
		{"SUPPORT 050 | MAR > ESP | actual | 2019-12-01 | Morocco's ambassador returned to Madrid.", "missions"},
		{"SUPPORT 050 | ESP + MAR > - | actual | 2019-12-01 | The two restored diplomatic relations.", "recognition"},
		{"SANCTION:discontinue 161 | MAR > ESP | actual | 2019-12-01 | Morocco severed diplomatic relations with Spain.", "recognition"},
		{"SANCTION:withdraw 161 | MAR > ESP | actual | 2019-12-01 | Morocco recalled its ambassador from Madrid.", "frictions"},
		{"CONSULT:visit 042 | ESP=Felipe VI > MAR | actual | 2019-02-13 | The king came to Rabat.", "visits"},
		{"AGREE 036 about CONSULT:visit due 2020-02 | ESP > MAR | actual | - | The minister will visit Rabat next month.", "visits"},
		{"CONSULT 040 | ESP + MAR > - | actual | 2019-12-01 | The two ministers met.", "meetings"},
		{"REJECT:meet 125 | MAR > ESP | actual | 2019-12-01 | Rabat put off the meeting.", "meetings"},
		{"CONSULT:third-party 045 | USA > ESP + MAR | actual | 2019-12-01 | Washington mediated between the two.", "mediation"},
		{"SUPPORT 057 | ESP + MAR > - | actual | 2019-12-01 | They signed an agreement on fishing.", "agreements"},
		{"SUPPORT 051 | ESP > MAR | actual | 2019-12-01 | Madrid thanked Rabat.", "positions"},
		{"REQUEST:assist 023 | ESP > MAR | actual | 2019-12-01 | Madrid asked Rabat for help.", "positions"},
		{"REQUEST:yield 025 | ESP > MAR | actual | 2019-12-01 | Madrid demanded that Rabat give way.", "frictions"},
		{"AGREE 0331 about AID | ESP > MAR | actual | 2019-12-01 | Spain promised 30 million euros.", "pledges"},
		{"COOPERATE 061 | ESP + MAR > - | actual | 2019 | Trade came to 15 billion euros.", "economy"},
		{"COOPERATE 064 | MAR > ESP | actual | 2019-12-01 | Morocco shared information.", "security"},
		{"AID 073 | ESP > MAR | actual | 2019-12-01 | Spain sent tents.", "aid"},
		{"AID 072 | ESP > MAR | actual | 2019-12-01 | Spain gave two patrol boats.", "security"},
		{"AID 072 | ESP > MAR/REB | actual | 2019-12-01 | Spain armed rebels in the south.", "frictions"},
		{"SUPPORT 050 | ESP > MAR | actual | 2019-12-01 | Spain recognised Morocco as a market economy.", "positions"},
		{"COERCE:arrest 173 | MAR/COP > ESP/CVL | actual | 2019-12-01 | Police arrested two Spaniards.", "frictions"},
		{"COOPERATE 060 | ESP + MAR > - | hypothetical | - | A tunnel could link the two.", "hopes"},
		{"ACCUSE:disapprove 111 | MAR > ESP | negated | - | Rabat did not criticise Madrid.", "denied"},
	} {
		w := tell(t, "a | "+c.line)
		got := sections(w.relation(""))
		sentence := w.claims[0].Evidence.Text
		if got[sentence] != c.want {
			t.Errorf("%s: in %q, want %q", sentence, got[sentence], c.want)
		}
	}
}

func TestRelated(t *testing.T) {
	w := tell(t, `
a | ACCUSE:disapprove 111 | MAR > ESP | actual | 2019-12-01 | Rabat criticised Madrid.
a | AID 073 | ESP > ESH/REB=Brahim Ghali | actual | 2019-11-01 | It had taken in Brahim Ghali.
a | CONSULT 040 | FRA + DEU > - | actual | 2019-12-01 | France and Germany met.
a | ACCUSE:disapprove 111 | DZA > FRA | actual | 2019-12-01 | Algiers criticised Paris.
a | CONSULT 040 | ESP + PRT > - | actual | 2019-12-01 | Spain and Portugal met far down the page.
c | CONSULT 040 | ESP + FRA > - | actual | 2021-12-01 | Spain and France met.`)
	got := sections(w.relation(""))
	want := map[string]string{"Rabat criticised Madrid.": "frictions", "It had taken in Brahim Ghali.": "related"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPledges(t *testing.T) {
	for _, c := range []struct {
		name, lines, asOf, state string
	}{
		{"not yet due", "a | AGREE 0331 about AID due 2020-12 | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police by December.", "2020-06-01", Open},
		{"due and nothing told", "a | AGREE 0331 about AID due 2020-12 | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police by December.", "2022-06-01", Unknown},
		{"undated and fresh", "a | AGREE 0331 about AID | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police.", "2020-06-01", Open},
		{"undated and old", "a | AGREE 0331 about AID | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police.", "2022-06-01", Unknown},
		{"undated and told as history", "a | AGREE 0331 about AID | ESP > MAR | historical | - | Spain had promised 30 million euros.", "2022-06-01", Unknown},
		{"done", "a | AGREE 0331 about AID due 2020-12 | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police by December.\n" +
			"b | AID 071 | ESP > MAR | actual | 2021-01-09 | Spain has paid 30 million euros for the border police.", "", Done},
		{"another help is no fulfilment", "a | AGREE 0331 about AID due 2020-12 | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police by December.\n" +
			"b | AID 073 | ESP > MAR | actual | 2021-01-09 | After the earthquake Spanish rescue teams with dogs flew to Marrakesh.", "", Unknown},
		{"called off", "a | AGREE 0331 about AID due 2020-12 | ESP > MAR | actual | 2020-01-09 | Spain will give 30 million euros for the border police by December.\n" +
			"b | SANCTION:discontinue 162 | ESP > MAR | actual | 2021-01-09 | Spain will not give the 30 million euros for the border police.", "", Lapsed},
	} {
		r := tell(t, c.lines).relation(rapport.Date(c.asOf))
		if len(r.Pledges) != 1 || r.Pledges[0].State != c.state {
			t.Errorf("%s: %+v, want state %q", c.name, r.Pledges, c.state)
		}
		if c.state == Done && len(r.Pledges) == 1 && len(r.Pledges[0].See) != 1 {
			t.Errorf("%s: does not say what fulfils it", c.name)
		}
	}
}

func TestPlans(t *testing.T) {
	w := tell(t, `
a | AGREE 036 about CONSULT due 2020-12 | MAR + ESP > - | actual | 2020-01-09 | The high-level meeting will be convened before the end of the year.
b | REJECT:meet 125 about CONSULT due 2020-12 | MAR > ESP | actual | 2020-12-10 | Rabat put off the high-level meeting.`)
	r := w.relation("")
	if len(r.Meetings) != 2 || r.Meetings[0].State != Lapsed && r.Meetings[1].State != Lapsed {
		t.Errorf("a meeting called off: %+v", r.Meetings)
	}
	w = tell(t, `
a | AGREE 036 about CONSULT due 2020-12 | MAR + ESP > - | actual | 2020-01-09 | The high-level meeting will be convened before the end of the year.
b | CONSULT 040 | ESP + MAR > - | actual | 2021-01-09 | The high-level meeting took place in Rabat on Saturday.`)
	r = w.relation("")
	if l := r.Meetings[0]; l.State != Done || l.Why != "answered after it was due" {
		t.Errorf("a meeting held late: %+v", l)
	}
}

func TestPositionsReturned(t *testing.T) {
	r := tell(t, `
a | SUPPORT 051 | MAR > ESP | actual | 2017 | Morocco backed the territorial integrity of Spain.
b | SUPPORT 051 | ESP > MAR | actual | 2020-12-01 | Spain backed the territorial integrity of Morocco.
c | SUPPORT 051 | ESP > MAR | actual | 2021-12-01 | Spain thanked Morocco.`).relation("")
	got := map[string]int{}
	for _, p := range r.Positions {
		got[p.Topic] += len(p.See)
	}
	if want := map[string]int{"territorial integrity": 2, "gratitude": 0}; !reflect.DeepEqual(got, want) {
		t.Errorf("returned %v, want %v", got, want)
	}
}

func TestAgreements(t *testing.T) {
	r := tell(t, `
a | SUPPORT 057 | ESP + MAR > - | historical | 1991-07-04 | They signed a treaty of friendship and cooperation in 1991.
b | SUPPORT 057 | MAR/LEG > ESP | historical | 1993 | Rabat ratified the treaty of friendship and cooperation in 1993.
c | SANCTION:discontinue 161 | MAR > ESP | actual | 2022-01-09 | Morocco suspended the treaty of friendship and cooperation with Spain.
c | SUPPORT 057 | ESP + MAR > - | actual | 2022-01-08 | They signed nineteen agreements on Saturday.`).relation("")
	var got []string
	for _, a := range r.Agreements {
		var steps []string
		for _, s := range a.Steps {
			steps = append(steps, s.State)
		}
		got = append(got, a.Title+": "+strings.Join(steps, ", "))
	}
	want := []string{"a treaty of friendship and cooperation: signed, ratified, suspended", "nineteen agreements: signed"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.Agreements[0].State != Suspended || r.Agreements[1].Count != 19 {
		t.Errorf("state %q, count %d", r.Agreements[0].State, r.Agreements[1].Count)
	}
}

func TestInstrument(t *testing.T) {
	for in, want := range map[string]string{
		"Spain and Morocco signed a treaty of friendship, good-neighbourliness and cooperation here on Thursday, the first.":          "a treaty of friendship, good-neighbourliness and cooperation",
		"27 documents were signed , including the agreement on mutual trips of citizens without visas for the period up to 30 days .": "27 documents",
		"They signed the joint communiqué on the establishment of diplomatic relations, with immediate effect.":                       "the joint communiqué on the establishment of diplomatic relations",
		"Twenty-four agreements were signed.":                         "Twenty-four agreements",
		"The agreement on Thursday pleased all.":                      "The agreement",
		"The treaty on the transfer was signed by the two on Monday.": "The treaty on the transfer",
		"They met and talked.":                                        "",
		"They signed memorandums on health and on the handling of disasters, and set up a joint council.": "memorandums on health and on the handling of disasters",
		"a fishing agreement with the European Union":                                                     "a fishing agreement",
		"": "",
	} {
		if got := Instrument(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTitle(t *testing.T) {
	for in, want := range map[string]string{
		"The presidents put their names under it, for theirs are the countries that guarantee the Rio Protocol of 1942.": "",
		"The treaty of 1990 lay before them when they signed an accord on water.":                                        "an accord on water",
		"27 documents were signed, including the agreement on mutual trips.":                                             "27 documents",
	} {
		c := rapport.Claim{Event: "SUPPORT", CAMEO: "057", Evidence: rapport.Evidence{Text: in}}
		if got := Title([]rapport.Claim{c}); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSays(t *testing.T) {
	for _, c := range []struct {
		text, word string
		want       bool
	}{
		{"The parties met.", "ties", false}, {"It cut ties.", "ties", true}, {"TIES", "ties", true}, {"étie ties", "ties", true}, {"", "ties", false},
	} {
		if got := Says(c.text, c.word); got != c.want {
			t.Errorf("%q says %q: %v", c.text, c.word, got)
		}
	}
}

func FuzzInstrument(f *testing.F) {
	f.Add("They signed a treaty of , and . the")
	f.Add("agreement of on for")
	f.Fuzz(func(t *testing.T, s string) {
		if got := Instrument(s); !strings.Contains(s, got) {
			t.Fatalf("%q does not stand in %q", got, s)
		}
		c := rapport.Claim{Evidence: rapport.Evidence{Span: rapport.Span{Start: 7, End: 7 + len(s)}, Text: s},
			Reasons: []rapport.Reason{{Field: "event", Span: [2]int{9, 10}}}}
		if at := Told(&c); at.Start < 7 || at.End > 7+len(s) || at.Start > at.End {
			t.Fatalf("told at %v of %q", at, s)
		}
	})
}

func TestTold(t *testing.T) {
	s := "MADRID, July 17 (Agency) — Madrid demanded several times that they leave, and on Tuesday it recalled its ambassador."
	at := strings.Index(s, "recalled")
	for _, c := range []struct {
		reasons []rapport.Reason
		want    string
	}{
		{nil, "Madrid demanded several times that they leave, and on Tuesday it recalled its ambassador."},
		{[]rapport.Reason{{Field: "event", Span: [2]int{100 + at, 108 + at}}}, " and on Tuesday it recalled its ambassador."},
		{[]rapport.Reason{{Field: "event", Span: [2]int{127 + 2, 140}}}, "Madrid demanded several times that they leave"},
	} {
		claim := rapport.Claim{Evidence: rapport.Evidence{Span: rapport.Span{Start: 100, End: 100 + len(s)}, Text: s}, Reasons: c.reasons}
		got := Told(&claim)
		if text := s[got.Start-100 : got.End-100]; text != c.want {
			t.Errorf("%q, want %q", text, c.want)
		}
	}
}

func TestVoicesAndDifferences(t *testing.T) {
	r := tell(t, `
a | SUPPORT 057 | ESP + MAR > - | actual | 2020-01-09 | Spain and Morocco signed 19 agreements on Thursday.
a | ACCUSE:disapprove 111 | MAR > ESP | actual | 2020-01-08 | Rabat criticised Madrid.
b | SUPPORT 057 | ESP + MAR > - | historical | 2020-01-09 | A year ago the two signed 24 agreements.
c | ACCUSE:allege 112 | ESP > MAR | actual | 2022-01-09 | Madrid accused Rabat of spying. @MAR
c | ASSAULT 190 | MAR/MIL > ESP | actual | 2022-01-09 | Shots were fired.`).relation("")
	var got []string
	for _, d := range r.Differences {
		s := r.Claims[r.Events[d.Event].Claims[0]].Evidence.Text + " " + d.Field + d.Side
		for _, v := range d.Value {
			s += " " + v.Value + "=" + strings.Join(v.Voices, ",")
		}
		got = append(got, s)
	}
	want := []string{
		"Spain and Morocco signed 19 agreements on Thursday. number of agreements 19=ESP 24=MAR",
		"Rabat criticised Madrid. ESP",
		"Madrid accused Rabat of spying. MAR",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if v := r.Coverage.Voices; v["ESP"] != 1 || v["MAR"] != 1 || v[""] != 1 {
		t.Errorf("outlets by side: %v", v)
	}
}

// TestOutletSide tells outlets of the table from those whose name or address
// must tell.
func TestOutletSide(t *testing.T) {
	b := &builder{d: rapport.NewDyad("IRN", "TUR")}
	for _, c := range []struct{ outlet, url, want string }{
		{"Tasnim News Agency", "", "IRN"},
		{"", "https://www.trtworld.com/x", "TUR"},
		{"", "https://www.iranintl.com/en/1", ""}, // in exile: nobody's side
		{"Iran International", "", ""},
		{"Reuters", "https://www.reuters.com/world/iran", ""},
		{"IRNA", "https://allafrica.com/stories/1", "IRN"},
		{"Iranian portal", "", "IRN"},                      // not of the table
		{"Some paper", "https://paper.example.tr/", "TUR"}, // nor this
		{"Turkish-Iranian chamber", "", ""},
		{"", "", ""},
	} {
		if got := b.sideOf(rapport.Report{Outlet: c.outlet, URL: c.url}); got != c.want {
			t.Errorf("%q at %q is of side %q, want %q", c.outlet, c.url, got, c.want)
		}
	}
}

func TestDenials(t *testing.T) {
	r := tell(t, `
a | ACCUSE:allege 112 | ESP > MAR | actual | 2019-05-19 | Madrid accused Rabat of leaving the frontier unguarded.
a | ACCUSE:disapprove 111 | MAR > ESP | actual | 2019-05-20 | Rabat criticised Madrid.
a | REJECT 016 | MAR > ESP | actual | 2019-05-31 | Rabat rejected the accusation.
a | REJECT 016 | MAR > ESP | actual | 2019-12-31 | Rabat rejected another accusation.`).relation("")
	got := map[string]string{}
	for _, l := range r.Frictions {
		for _, id := range l.See {
			got[string(r.Events[l.Event].Date)] += string(r.Events[id].Date)
		}
	}
	if want := map[string]string{"2019-05-31": "2019-05-19"}; !reflect.DeepEqual(got, want) {
		t.Errorf("denials answer %v, want %v", got, want)
	}
}

func TestTempo(t *testing.T) {
	r := tell(t, `
a | CONSULT:visit 042 | ESP > MAR | actual | 2019-12-01 | The minister came.
a | ACCUSE:disapprove 111 | MAR > ESP | actual | 2019-11 | Rabat criticised Madrid.
a | SUPPORT 051 | MAR > ESP | historical | 199X | Morocco backed Spain in the 1990s.
a | ACCUSE:disapprove 111 | MAR > ESP | negated | 2019-11-02 | Rabat did not criticise Madrid again.`).relation("")
	want := []Period{
		{Name: "2019", Events: 2, Cooperation: 4, Conflict: -2, Goldstein: -0.1, Quarters: []Period{{Name: "2019-Q4", Events: 2, Cooperation: 4, Conflict: -2, Goldstein: -0.1}}},
		{Name: "2020", Reports: 1, Quarters: []Period{{Name: "2020-Q1", Reports: 1}}},
	}
	if !reflect.DeepEqual(r.Tempo, want) {
		t.Errorf("got %+v, want %+v", r.Tempo, want)
	}
}

func TestSums(t *testing.T) {
	r := tell(t, "a | COOPERATE 061 | ESP + MAR > - | historical | 2019 | Trade came to nearly 15 billion euros in 2019.").relation("")
	if len(r.Economy) != 1 || len(r.Economy[0].Sums) != 1 {
		t.Fatalf("economy %+v", r.Economy)
	}
	if s := r.Economy[0].Sums[0]; s.Words != "nearly 15 billion euros" || s.Value != 15e9 || s.Unit != "euros" || s.Voice != "ESP" {
		t.Errorf("sum %+v", s)
	}
}

func TestAsOf(t *testing.T) {
	w := tell(t, `
a | CONSULT 040 | ESP + MAR > - | actual | 2020-01-09 | They met.
c | CONSULT 040 | ESP + MAR > - | actual | 2022-01-09 | They met again.`)
	if r := w.relation("2021-01-01"); len(r.Meetings) != 1 || r.Coverage.Reports != 1 || r.AsOf != "2021-01-01" {
		t.Errorf("as of 2021: %d meetings in %d reports", len(r.Meetings), r.Coverage.Reports)
	}
	if r := w.relation(""); len(r.Meetings) != 2 || r.AsOf != "2022-01-10" {
		t.Errorf("as of the last report: %d meetings, %s", len(r.Meetings), r.AsOf)
	}
}

func TestTopics(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(topicsTSV) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 2 || f[0] == "" || seen[f[0]] || f[1] != strings.ToLower(f[1]) {
			t.Errorf("bad row %q", line)
		}
		seen[f[0]] = true
		if slices.Contains(strings.Split(f[1], ";"), "") {
			t.Errorf("%s has an empty word, which every sentence holds", f[0])
		}
	}
	for in, want := range map[string]string{
		"It backed the autonomy plan for the territory.": "autonomy plan",
		"Cairo supports Baku's bid for a seat.":          "candidacy",
		"He said nothing of note.":                       "",
	} {
		if got := topicOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestLoad holds that a register read from a record is that of the claims put
// into it.
func TestLoad(t *testing.T) {
	w := tell(t, `
a | ACCUSE:disapprove 111 | MAR > ESP | actual | 2019-12-01 | Rabat criticised Madrid.
a | AID 073 | ESP > ESH/REB=Brahim Ghali | actual | 2019-11-01 | It had taken in Brahim Ghali.
b | CONSULT:visit 042 | ESP=Felipe VI > MAR | historical | 2019-02 | King Felipe came in February 2019.
c | CONSULT:visit 042 | ESP=Felipe VI > MAR | historical | 2019-02-13 | King Felipe came on 13 February 2019.`)
	ctx := context.Background()
	rec, err := record.Open(ctx, filepath.Join(t.TempDir(), "r.db"), record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Close()
	for _, id := range sortedKeys(w.reports) {
		var cs []rapport.Claim
		for _, c := range w.claims {
			if c.Report == id {
				cs = append(cs, c)
			}
		}
		if _, err := rec.Keep(ctx, w.reports[id], cs, "test 1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.SetEvents(ctx, w.events()); err != nil {
		t.Fatal(err)
	}
	d := rapport.NewDyad("ESP", "MAR")
	got, err := Load(ctx, rec, d, "")
	if err != nil {
		t.Fatal(err)
	}
	want := Of(d, w.claims, w.events(), w.reports, "")
	if !reflect.DeepEqual(got.Timeline, want.Timeline) || !reflect.DeepEqual(got.Visits, want.Visits) || len(got.Related) != 1 || len(got.Visits) != 1 {
		t.Errorf("loaded %v %+v, want %v %+v", got.Timeline, got.Visits, want.Timeline, want.Visits)
	}
}

// TestRestored holds that relations restored are told as relations even where
// a joined claim speaks of ambassadors.
func TestRestored(t *testing.T) {
	w := tell(t, `
a | SANCTION:discontinue 161 | ESP > MAR | actual | 2017-06-05 | Spain cut its diplomatic relations with Morocco.
c | SUPPORT 050 | ESP + MAR > - | actual | 2021-01-20 | Spain and Morocco agreed to restore diplomatic relations and send back their ambassadors.
c | SUPPORT 050 | ESP > MAR | actual | 2021-06-20 | Spain sent its ambassador back to Morocco.`)
	got := sections(w.relation(""))
	for i, want := range []string{"recognition", "recognition", "missions"} {
		if s := w.claims[i].Evidence.Text; got[s] != want {
			t.Errorf("%q stands in %q, want %q", s, got[s], want)
		}
	}
}

// TestAgainstThird holds that what the two say together against a third is no
// friction between them.
func TestAgainstThird(t *testing.T) {
	w := tell(t, `
a | ACCUSE:disapprove 111 | ESP + MAR > - | actual | 2020-01-09 | The two leaders condemned the launch.
b | ACCUSE:disapprove 111 | ESP + MAR > - | actual | 2021-01-09 | Spain and Morocco accused each other of bad faith.`)
	got := sections(w.relation(""))
	for i, want := range []string{"positions", "frictions"} {
		if s := w.claims[i].Evidence.Text; got[s] != want {
			t.Errorf("%q stands in %q, want %q", s, got[s], want)
		}
	}
}

// TestNotCalledOff holds that the names of the two alone tie no refusal to a
// promise, nor do like words about another thing.
func TestNotCalledOff(t *testing.T) {
	w := tell(t, `
a | AGREE 033 about AID | ESP > MAR | actual | 2020-01-09 | Spain will lend Morocco money.
b | REJECT 120 | MAR > ESP | actual | 2021-01-09 | Morocco rejected the protest of Spain.
b | REJECT 120 about CONSULT | MAR > ESP | actual | 2021-01-08 | Morocco will not take the money that Spain will lend.`)
	r := w.relation("")
	if len(r.Pledges) != 1 || r.Pledges[0].State == Lapsed {
		t.Errorf("the loan is %+v, want one that nothing calls off", r.Pledges)
	}
	w = tell(t, `
a | AGREE 033 about AID | ESP > MAR | actual | 2020-01-09 | Spain will lend Morocco money for the harbour in Tangier.
b | REJECT:assist 122 about AID | ESP > MAR | actual | 2021-01-09 | Spain will not lend money for the harbour in Tangier.`)
	if r := w.relation(""); len(r.Pledges) != 1 || r.Pledges[0].State != Lapsed {
		t.Errorf("the loan is %+v, want it called off", r.Pledges)
	}
}
