package relations

import (
	"testing"
	"time"
)

func TestCountIn(t *testing.T) {
	for sentence, want := range map[string]counted{
		"It was his third visit to Rabat.":                                                       {words: "his third visit", n: 3, to: "Rabat"},
		"Mr. Example is visiting Greece for the first time in six years.":                        {words: "the first time in six years", n: 1, within: 6 * 365 * day},
		"He came to Madrid for the first time since 2019.":                                       {words: "the first time since 2019", n: 1, since: "2019"},
		"The minister was here for the first time.":                                              {},
		"The two met on Monday, their fourth meeting in ten months.":                             {words: "their fourth meeting in ten months", n: 4, within: 300 * day},
		"It was the first visit by a Moroccan foreign minister since March 1999.":                {words: "the first visit by a Moroccan foreign minister since March 1999", n: 1, since: "1999-03", office: "foreign minister"},
		"He became the first Spanish head of state to do so in 65 years.":                        {words: "the first Spanish head of state to do so in 65 years", n: 1, within: 65 * 365 * day, office: "head of state"},
		"It is his first to Qatar since he took office.":                                         {words: "his first to Qatar since", n: 1, vague: true, to: "Qatar"},
		"The fifth meeting of the Joint Commission ended.":                                       {},
		"This was the 2nd summit between the two.":                                               {words: "the 2nd summit", n: 2},
		"In the first half of the year the minister visited the port.":                           {},
		"The second day of the talks brought nothing.":                                           {},
		"They signed the third protocol since 2001 and the visit ended.":                         {},
		"The first article of the treaty of 1991 speaks of the visit that each may make in turn": {},
	} {
		got, ok := countIn(sentence)
		if ok != (want.n > 0) || ok && got != want {
			t.Errorf("%s\n got %+v %v\nwant %+v", sentence, got, ok, want)
		}
	}
}

func TestChecks(t *testing.T) {
	const before = `
a | CONSULT:visit 042 | ESP/GOV=Ana Example > MAR | actual | 2011-03-02 | Ana Example came to Rabat.
a | CONSULT:visit 042 | ESP/GOV=Ana Example > MAR | actual | 2015-06-08 | Ana Example came to Rabat again.
a | CONSULT:visit 042 | ESP/GOV=Juan Other > MAR | actual | 2018-06-08 | Juan Other came to Rabat.
a | CONSULT:visit 042 | MAR/GOV=Omar Host > ESP | actual | 2018-07-08 | Omar Host came to Madrid.
`
	for _, c := range []struct{ claim, verdict, why string }{
		{"the first visit by a Spanish prime minister since 2011", Uncheckable, "the record has no other in that time, and its reports on the two begin in 2020"},
		{"her first visit in five years", Confirmed, "the record has the one before, and none between"},
		{"her third visit to Morocco", Confirmed, "the record has 2 others before"},
		{"her second visit to Morocco", Contradicted, "the record has 2 others before"},
		{"her fifth visit to Morocco", Uncheckable, "the record has 2 others before, and its reports on the two begin in 2020"},
		{"her first visit since 2015", Confirmed, "the record has the one before, and none between"},
		{"her first visit since 2011", Contradicted, "the record has one other in that time"},
		{"her first visit since 2009", Contradicted, "the record has 2 others in that time"},
		{"her first visit since 2017", Uncheckable, "the record has no other in that time, and its reports on the two begin in 2020"},
		{"her second visit in six years", Confirmed, "the record has one other in that time"},
		{"her third visit to the islets", "", ""},
		{"her third visit there", "", ""},
		{"her first visit since she took office", Uncheckable, "the words give no date to count from"},
	} {
		w := tell(t, before+"a | CONSULT:visit 042 | ESP/GOV=Ana Example > MAR | actual | 2020-01-09 | Ana Example arrived in Rabat on Thursday, "+c.claim+".")
		r := w.relation("")
		var got []Check
		for _, l := range r.Visits {
			got = append(got, l.Checks...)
		}
		if c.verdict == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || got[0].Verdict != c.verdict || got[0].Why != c.why {
			t.Errorf("%q: %+v, want %s: %s", c.claim, got, c.verdict, c.why)
		}
	}
}

func TestInstitutions(t *testing.T) {
	w := tell(t, `
a | CONSULT 040 | ESP + MAR > - | actual | 2018-03-01 | The fourth session of the Joint Commission on Fisheries met in Rabat, officials said; it took note of the Joint Commission's work.
a | CONSULT 040 | ESP + MAR > - | actual | 2019-11-20 | The 5th meeting of the Joint Economic Commission was held in Madrid.
b | CONSULT 040 | ESP + MAR > - | actual | 2021-01-09 | The two held the sixth session of the joint economic commission.
b | CONSULT 040 | ESP + MAR > - | actual | 2021-01-04 | Officials spoke on the margins of the third meeting of the Council of Europe.
b | SUPPORT 051 | ESP > MAR | actual | 2021-01-05 | Madrid praised the seventh session of the Joint Economic Commission.`)
	r := w.relation("")
	got := map[string][]int{}
	for _, in := range r.Institutions {
		for _, s := range in.Sessions {
			got[in.Name] = append(got[in.Name], s.Number)
		}
	}
	if n := got["Joint Economic Commission"]; len(n) != 2 || n[0] != 5 || n[1] != 6 || len(got) != 2 || len(got["Joint Commission"]) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestFlow(t *testing.T) {
	for _, c := range []struct{ act, sentence, of, from, to string }{
		{"COOPERATE 061 | ESP + MAR > -", "Spanish exports to Morocco came to 9 billion euros.", "exports", "ESP", "MAR"},
		{"COOPERATE 061 | ESP + MAR > -", "Spain's imports from Morocco reached 7 billion euros.", "imports", "MAR", "ESP"},
		{"COOPERATE 061 | ESP + MAR > -", "Trade between the two stood at 16 billion euros.", "trade", "", ""},
		{"COOPERATE 061 | ESP > MAR", "Spanish firms invested 300 million euros in Morocco.", "investment", "ESP", "MAR"},
		{"COOPERATE 061 | ESP + MAR > -", "The sum was 3 million euros.", "", "", ""},
	} {
		w := tell(t, "a | "+c.act+" | actual | 2019 | "+c.sentence)
		r := w.relation("")
		if len(r.Economy) != 1 || len(r.Economy[0].Sums) != 1 {
			t.Errorf("%s: %+v", c.sentence, r.Economy)
			continue
		}
		if s := r.Economy[0].Sums[0]; s.Of != c.of || s.From != c.from || s.To != c.to || s.Period != "2019" {
			t.Errorf("%s: %+v", c.sentence, s)
		}
	}
}

func TestPettitt(t *testing.T) {
	always := func(int) bool { return true }
	step := make([]float64, 20)
	for i := range step {
		step[i] = float64(i % 3)
		if i >= 11 {
			step[i] -= 10
		}
	}
	if at, p := pettitt(step, always); at != 11 || p > 0.01 {
		t.Errorf("a step before value 11 is found at %d, p %v", at, p)
	}
	if at, p := pettitt(step[:11], always); at != 0 || p != 1 {
		t.Errorf("eleven values are too few: %d, %v", at, p)
	}
	if at, p := pettitt(make([]float64, 30), always); at != 0 || p != 1 {
		t.Errorf("a level series: %d, %v", at, p)
	}
	if at, _ := pettitt(step, func(i int) bool { return i != 11 }); at == 11 {
		t.Error("cut where it may not be")
	}
}

// TestTurns: two years of friendly acts, then a year of hostile ones.
func TestTurns(t *testing.T) {
	lines := ""
	d := time.Date(2015, 1, 5, 0, 0, 0, 0, time.UTC)
	for i := range 24 {
		act := "SUPPORT 051"
		if i >= 14 {
			act = "ACCUSE 110"
		}
		lines += "a | " + act + " | ESP > MAR | actual | " + d.Format("2006-01-02") + " | Act number " + d.Format("January 2006") + " of Madrid towards Rabat.\n"
		d = d.AddDate(0, 2, 3)
	}
	r := tell(t, lines).relation("")
	if len(r.Turns) != 1 {
		t.Fatalf("turns: %+v", r.Turns)
	}
	turn := r.Turns[0]
	if e := r.Events[turn.Event]; e.Event != "ACCUSE" || turn.NB != 14 || turn.NA != 10 || turn.Before != 5 || turn.After != -3 || turn.P > 0.01 {
		t.Errorf("%+v at %s", turn, e.Date)
	}
	if len(r.Months) < 24 || len(r.Weeks) < 24 || r.Months[0].Name != "2015-01" || r.Weeks[0].Name != "2015-W02" || r.Weeks[0].Goldstein == 0 {
		t.Errorf("%d months from %+v, %d weeks from %+v", len(r.Months), r.Months[0], len(r.Weeks), r.Weeks[0])
	}
}

// FuzzCounts holds that no sentence breaks the reading of counts, bodies and
// sums.
func FuzzCounts(f *testing.F) {
	for _, s := range []string{"his third visit to Rabat in ten years", "the 999th trip since March 1999", "for the first time since", "The 5th session of the Joint Commission",
		"exports to Morocco of 3 million euros", "the first visit in 0 years", "İ first visit ſince 2001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := countIn(s); ok && (c.n < 1 || c.words == "") {
			t.Errorf("%q is counted as %+v", s, c)
		}
		if name, n := institutionIn(s); n < 0 || name == "" && n != 0 {
			t.Errorf("%q: session %d of %q", s, n, name)
		}
		b := builder{r: &Relation{A: side("ESP"), B: side("MAR")}}
		b.d.A, b.d.B = "ESP", "MAR"
		b.flow(&Line{}, s, s)
		b.flow(&Line{}, s, "3 million euros")
	})
}
