package claims

import (
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/what"
)

// TestDiscourse holds how parties are found that a sentence only points to.
func TestDiscourse(t *testing.T) {
	const day = "2015-06-10" // a Wednesday
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"others do the same, in a sentence of their own",
			"Norway recognised Kosovo on Monday. Sweden and Iceland followed on Tuesday.",
			[]string{"SUPPORT NOR>XKX actual 2015-06-08", "SUPPORT ISL+SWE>XKX actual 2015-06-09"}},
		{"others do the same, in the same sentence",
			"Peru recalled its ambassador from Bolivia; Chile did the same.",
			[]string{"SANCTION:withdraw CHL+PER>BOL actual"}},
		{"as did",
			"Kenya condemned the Burundian government, as did Rwanda.",
			[]string{"ACCUSE:disapprove KEN+RWA>BDI actual"}},
		{"others take the same step",
			"Bolivia expelled the Danish ambassador on Monday. Peru and Chile took the same step on Tuesday.",
			[]string{"SANCTION:expel BOL>DNK actual 2015-06-08", "SANCTION:expel CHL+PER>DNK actual 2015-06-09"}},
		{"others took a similar decision",
			"Norway recognised Kosovo on Monday. Sweden made the same decision on Tuesday.",
			[]string{"SUPPORT NOR>XKX actual 2015-06-08", "SUPPORT SWE>XKX actual 2015-06-09"}},
		{"others had done so on another day",
			"Kenya cut its ties with Libya on Wednesday, as Ghana had done on Monday.",
			[]string{"SANCTION:discontinue KEN>LBY actual 2015-06-10", "SANCTION:discontinue GHA>LBY actual 2015-06-08"}},
		{"others will do the same",
			"Jordan halted oil exports to Chad, and Oman will do the same.",
			[]string{"SANCTION JOR>TCD actual", "SANCTION OMN>TCD future"}},
		{"a promise to do the same is no joint act",
			"Norway recognised Kosovo, and Sweden will do the same.",
			[]string{"SUPPORT NOR>XKX actual"}},
		{"the same train is no act",
			"Norway recognised Kosovo on Monday. Sweden took the same train on Tuesday.",
			[]string{"SUPPORT NOR>XKX actual 2015-06-08"}},
		{"the ships of both sides",
			"Greece and Turkey held talks in Athens. Warships of both sides exchanged fire off the island.",
			[]string{"CONSULT GRC+TUR> actual", "ASSAULT GRC+TUR> actual"}},
		{"craft listed with another's",
			"Sixty Chinese aircraft and 13 warships entered the waters of Japan.",
			[]string{"MOBILIZE:weapons CHN>JPN actual"}},
		{"the troops of the two countries",
			"Chad and Sudan are neighbours. Troops of the two countries clashed on Monday.",
			[]string{"ASSAULT SDN+TCD> actual 2015-06-08"}},
		{"craft of nobody listed",
			"Cars and 13 warships entered the harbour.",
			nil},
		{"one act on several dates",
			"The Finnish president visited Latvia in May 2009 and again in March 2012.",
			[]string{"CONSULT:visit FIN>LVA historical 2009-05", "CONSULT:visit FIN>LVA historical 2012-03"}},
		{"days in a row are one act",
			"Thai gunners shelled Laos on Monday and Tuesday.",
			[]string{"ASSAULT:heavy-weapons THA>LAO actual 2015-06-08/2015-06-09"}},
		{"who is thanked for doing it did it",
			"The Chadian president voiced gratitude to Gabon for sheltering the refugees of Chad.",
			[]string{"SUPPORT TCD>GAB actual", "AID GAB>TCD actual by TCD"}},
		{"the kingdom of the report",
			"RABAT (Moroccan agency) — Morocco has few doubts. The Kingdom supports the territorial integrity of Gabon.",
			[]string{"SUPPORT MAR>GAB actual"}},
		{"who speaks in a transcript",
			"CANBERRA (agency) — The minister took questions.\n\nForeign Minister Wong: We condemn Sudan.\n\nQuestion: What next?\n\nAnswer: We thank Chad.",
			[]string{"ACCUSE:disapprove AUS>SDN actual", "SUPPORT AUS>TCD actual"}},
		{"a currency is no party",
			"Japan gave 4 million US dollars to Kenya.",
			[]string{"AID JPN>KEN actual"}},
		{"a list read as appositions",
			"Denmark's prime minister met the presidents of Ghana, Togo and Benin on Monday.",
			[]string{"CONSULT BEN+DNK+GHA+TGO> actual 2015-06-08"}},
		{"regimes of several states",
			"The regimes in Gabon, Chad and Togo recalled their ambassadors from Brazil.",
			[]string{"SANCTION:withdraw GAB+TCD+TGO>BRA actual"}},
		{"an outlet is no speaker",
			"Serbia has expelled two Croatian diplomats, Reuters reported.",
			[]string{"SANCTION:expel SRB>HRV actual"}},
		{"what was the target of an act was not only aimed at", "A hospital in Sanaa was the target of an air strike by Saudi Arabia on Monday.", []string{"ASSAULT:aerial SAU>YEM actual 2015-06-08"}},
		{"what is aimed at is not there yet", "Trade between Greece and Turkey reached 5 billion dollars in 2023. One of the goals is a trade turnover of 10 billion dollars.", []string{"COOPERATE GRC+TUR> actual"}},
		{"hostages held tell who they are",
			"Norway thanked Qatar for its help to the hostages held by Hamas.",
			[]string{"SUPPORT NOR>QAT actual"}},
	} {
		var got []string
		for _, k := range code(t, c.text, day) {
			got = append(got, line(&k))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s\n got  %s\n want %s", c.name, c.text, strings.Join(got, " | "), strings.Join(c.want, " | "))
		}
	}
}

// TestChooserTable holds that a damaged table of weights is told by its line.
func TestChooserTable(t *testing.T) {
	for table, want := range map[string]string{
		"none\t5\nnone\t6\n": "told.tsv:2: none stands twice",
		"# ok\nway\tmany\n":  "told.tsv:2:",
		"way pair\n":         "told.tsv:1:",
	} {
		if _, err := parseChooser("told.tsv", table); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", table, err, want)
		}
	}
	c, err := parseChooser("told.tsv", "none\t-3\nway pair\t12\n")
	if err != nil {
		t.Fatal(err)
	}
	one := candidate{features: []string{"way pair", "none", "unheard of"}}
	if got := c.score(&one); got != 9 {
		t.Errorf("score %d, want 9", got)
	}
}

// TestNetwork holds how a network weighs, and that a damaged table is told by its
// line.
func TestNetwork(t *testing.T) {
	n, err := parseNetwork("x", "# ok\nout\t1024 -2048\na\t100 16 16\nb\t-20 16 -32\n")
	if err != nil {
		t.Fatal(err)
	}
	for features, want := range map[string]int32{
		"":      0,
		"a":     100 + 256 - 512, // both units add up to one
		"b":     -20 + 256,       // the second to less than nothing
		"a b":   80 + 512,        // the second to less than nothing
		"a b c": 80 + 512,        // unheard of
	} {
		if got := n.score(&candidate{features: strings.Fields(features)}); got != want {
			t.Errorf("%q: %d, want %d", features, got, want)
		}
	}
	for table, want := range map[string]string{
		"out\t1 2\na\t1 2\n":         "x:2:",
		"out\tmany\n":                "x:1:",
		"out\t1\na\t1 x\n":           "x:2:",
		"out\t1\na\t1 2\na\t1 2\n":   "x:3: a stands twice",
		"out\t1\na\t1 99999999999\n": "x:2:",
	} {
		if _, err := parseNetwork("x", table); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", table, err, want)
		}
	}
	for name, n := range map[string]*network{"recipients": recipients(), "actors": actorWeights(), "dates": dateWeights()} {
		if n.units != 48 || len(n.features) < 1000 {
			t.Errorf("%s: %d units, %d features", name, n.units, len(n.features))
		}
	}
	if _, err := unpackNetwork("x", []byte("no gzip")); err == nil {
		t.Error("no error for what is no gzip")
	}
}

// TestMainSubject holds that "it" and "she" go on with what the sentence before is
// about, not with the subject of a clause inside it nor with what is told in the
// plural, and with that subject where the sentence is about no party.
func TestMainSubject(t *testing.T) {
	for _, x := range []struct{ text, want, not string }{
		{"The Government of Chile has learned that Peru moved soldiers. It condemned Bolivia for the arrests.", "ACCUSE:disapprove CHL>BOL", "PER>BOL"},
		{"Kenya noted that Uganda closed its border. It thanked Rwanda for the maize.", "SUPPORT KEN>RWA", "UGA>RWA"},
		{"Chancellor Merkel said that President Macron was tired. She thanked Poland for the maize.", "SUPPORT DEU>POL", "FRA>POL"},
		{"Soldiers of Mali shot at the camp in Niger. The Government of Ghana was shocked. It condemned Togo for the arrests.", "ACCUSE:disapprove GHA>TGO", "MLI>TGO"},
		{"It was known that Uganda closed the border. It thanked Rwanda for the maize.", "SUPPORT UGA>RWA", ""},
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

// TestDealings holds what speaks for a recipient from what was told before and from
// where the sentence names it.
func TestDealings(t *testing.T) {
	rep := rapport.Report{Text: "Sudan attacked the Chadian town of Adre with aircraft on Monday. Chad condemned the attack.\n\nFrance urged Sudan to release the Chadian soldiers. Villages near Adre were bombed.", Published: "2008-02-05"}
	r := read(&rep)
	got := map[string][]string{}
	r.onChoice = func(_ int, a *what.Act, actors []rapport.Party, cs []candidate) {
		for i := range cs {
			got[strings.Join(countriesOf(actors), ",")+" "+a.Event+" "+strings.Join(countriesOf(cs[i].parties), ",")] = cs[i].features
		}
	}
	r.onActor = func(_, k int, cs []candidate) {
		for i := range cs {
			got["unsaid "+strings.Join(countriesOf(cs[i].parties), ",")] = cs[i].features
		}
	}
	r.finish()
	for who, want := range map[string][]string{
		"TCD ACCUSE SDN":  {"word by", "did to it 1", "got from it 0"},
		"FRA REQUEST SDN": {"near after 1", "between after 0", "did to it 0"},
		"unsaid FRA":      {"did 1", "last did REQUEST ASSAULT"},
		"unsaid TCD":      {"did 1", "got 1"},
		"FRA REQUEST TCD": {"near after 6", "between after 1", "got from it 0"},
	} {
		for _, f := range want {
			if !slices.Contains(got[who], f) {
				t.Errorf("%s lacks %q: %q", who, f, got[who])
			}
		}
	}
}
