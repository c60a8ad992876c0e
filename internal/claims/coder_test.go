package claims

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/what"
)

// line renders what a test compares: event, parties, status, date, speaker.
func line(c *rapport.Claim) string {
	s := c.Event
	if c.Mode != "" {
		s += ":" + c.Mode
	}
	if c.About != "" {
		s += " about " + c.About
	}
	s += " " + strings.Join(countriesOf(c.Actor), "+") + ">" + strings.Join(countriesOf(c.Recipient), "+") + " " + string(c.Status)
	if c.Date != "" {
		s += " " + string(c.Date)
	}
	if c.AboutDate != "" {
		s += " due " + string(c.AboutDate)
	}
	if c.Speaker != nil {
		s += " by " + c.Speaker.Country
		if c.Quoted {
			s += " quoted"
		}
	}
	return s
}

func code(t *testing.T, text string, day rapport.Date) []rapport.Claim {
	t.Helper()
	rep := rapport.Report{ID: "t", Text: text, Published: day, Basis: rapport.BasisGiven}
	res, err := New().Code(&rep)
	if err != nil {
		t.Fatal(err)
	}
	for i := range res.Claims {
		if err := res.Claims[i].Check(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if err := ontology.Check(&res.Claims[i]); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	return res.Claims
}

func TestCode(t *testing.T) {
	const day = "2015-06-10" // a Wednesday
	for _, c := range []struct {
		text string
		want []string
	}{
		// visits, who visits whom, when
		{"Norwegian Prime Minister Erna Solberg visited Poland on Tuesday.", []string{"CONSULT:visit NOR>POL actual 2015-06-09"}},
		{"The king of Jordan paid a visit to Japan in 1999.", []string{"CONSULT:visit JOR>JPN historical 1999"}},
		{"The foreign ministers of Chile and Peru held talks in Lima on Monday.", []string{"CONSULT CHL+PER> actual 2015-06-08"}},
		// the future is a promise
		{"Canada's defence minister will visit Latvia on Friday.", []string{"AGREE about CONSULT:visit CAN>LVA actual due 2015-06-12"}},
		{"Hungary will not receive the president of Mali.", []string{"REJECT:meet about CONSULT:visit HUN>MLI actual"}},
		// passive, relative clause, coordination
		{"The accord, which was signed by Serbia and Croatia in 1996, is still in force.", []string{"SUPPORT HRV+SRB> historical 1996"}},
		{"Sweden expelled two Russian diplomats in May 2010 and recalled its ambassador from Moscow.", []string{"SANCTION:expel SWE>RUS historical 2010-05", "SANCTION:withdraw SWE>RUS historical 2010-05"}},
		// what was not done, what might be
		{"Kenya did not recall its ambassador from Tanzania.", []string{"SANCTION:withdraw KEN>TZA negated"}},
		{"India could impose sanctions on Nepal.", []string{"SANCTION IND>NPL hypothetical"}},
		{"India must lift its sanctions on Nepal.", []string{"CONCEDE IND>NPL hypothetical"}},
		{"The Norwegian foreign minister is to visit Kenya next week.", []string{"AGREE about CONSULT:visit NOR>KEN actual due 2015-06-15/2015-06-21"}},
		// on whose word
		{"Lithuania's foreign minister said Belarus had shelled Poland.", []string{"ASSAULT:heavy-weapons BLR>POL actual by LTU"}},
		{"Turkey accused Syria of shelling a border village.", []string{"ACCUSE:allege TUR>SYR actual", "ASSAULT:heavy-weapons SYR>TUR actual by TUR"}},
		{"Brazil said it would sever its relations with Honduras.", []string{"SANCTION:discontinue BRA>HND future"}},
		// requests
		{"Ghana urged Togo to release the fishermen.", []string{"REQUEST:yield about RETREAT:release GHA>TGO actual"}},
		{"Denmark thanked Finland for its help.", []string{"SUPPORT DNK>FIN actual"}},
	} {
		var got []string
		for _, k := range code(t, c.text, day) {
			got = append(got, line(&k))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got  %s\n want %s", c.text, strings.Join(got, " | "), strings.Join(c.want, " | "))
		}
	}
}

// TestDenied holds that what is denied, doubted away or prevented is not coded
// as done.
func TestDenied(t *testing.T) {
	for _, text := range []string{
		"Nobody believes that Iran attacked Iraq.",
		"There is no evidence that Iran attacked Iraq.",
		"It is false that Iran attacked Iraq.",
		"Neither Iran nor Iraq signed the treaty.",
		"Iran did not attack Iraq.",
		"Iran refrained from attacking Iraq.",
		"The envoy kept Iran from attacking Iraq.",
	} {
		for _, c := range code(t, text, "2015-06-10") {
			if c.Status == rapport.Actual || c.Status == rapport.Historical {
				t.Errorf("%s\n got %s", text, line(&c))
			}
		}
	}
}

func TestNoClaims(t *testing.T) {
	for _, text := range []string{
		"",
		"   \n\n \t ",
		"The cat sat on the mat and looked at the rain.",
		"package main\n\nfunc main() { println(\"visit\") }\n",
		"Tensions rose along the border, and dialogue is important for peace.",
		"Brazil beat Germany 2-1 in the final on Sunday.",
		"Did Iran attack Iraq?",
		"Will the president of Honduras come to China?",
	} {
		if got := code(t, text, "2015-06-10"); len(got) > 0 {
			t.Errorf("%q: %s", text, line(&got[0]))
		}
	}
	rep := rapport.Report{ID: "az", Text: "Prezident İlham Əliyev Misirə səfər etdi.", Language: "az"}
	res, err := New().Code(&rep)
	if err != nil || len(res.Claims) != 0 || !slices.Contains(res.Notes, "language: az, not coded") {
		t.Errorf("another language: %v, %v", res, err)
	}
}

// TestDateOfAnother holds that the year in a treaty's name, or of an event that
// is only mentioned, does not date the act.
func TestDateOfAnother(t *testing.T) {
	for _, text := range []string{
		"Chile criticised Peru for breaking the 1929 Treaty of Lima.",
		"Turkey accused Germany of sheltering the men of the coup of July 2010.",
	} {
		got := byRules(text, "2015-06-10")
		if len(got) == 0 {
			t.Errorf("%s: nothing coded", text)
		}
		for _, c := range got {
			if c.Date != "" {
				t.Errorf("%s: %s", text, line(&c))
			}
		}
	}
}

// TestQuotation holds that a quotation runs over paragraphs to the speaker
// named after it, and that "our country" is his.
func TestQuotation(t *testing.T) {
	text := "“Our country has never forgotten its friends. In June 1994 President Chiluba of Zambia visited Windhoek.\n\n“The treaty with Angola was signed in March 1996,” Namibian lawmaker Tom Alweendo said.\n"
	var got []string
	for _, c := range code(t, text, "2010-02-01") {
		got = append(got, line(&c))
	}
	want := []string{"CONSULT:visit ZMB>NAM historical 1994-06 by NAM quoted", "SUPPORT AGO+NAM> historical 1996-03 by NAM quoted"}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("got %s, want %s among them", strings.Join(got, " | "), w)
		}
	}
	for _, g := range got {
		if !strings.HasSuffix(g, "by NAM quoted") {
			t.Errorf("%s is not on the lawmaker's word", g)
		}
	}
}

// TestOneActToldTwice holds that headline and lead tell one act.
func TestOneActToldTwice(t *testing.T) {
	text := "Ecuador expels Belgian envoy\n\nQUITO, May 3 (Agency) — Ecuador on Tuesday expelled the Belgian ambassador, officials said. It expelled the ambassador after a dispute over oil.\n"
	got := code(t, text, "2005-05-03")
	if len(got) != 1 || got[0].Event != "SANCTION" || got[0].Date != "2005-05-03" {
		t.Fatalf("want one expulsion, got %v", got)
	}
	if !strings.HasPrefix(got[0].Evidence.Text, "QUITO") {
		t.Errorf("the evidence is %q, not the lead", got[0].Evidence.Text)
	}
	if len(got[0].Also) == 0 {
		t.Error("the other telling is lost")
	}
}

// TestRuleNegatives runs the sentences that stand beside the rules as what
// must not be coded.
func TestRuleNegatives(t *testing.T) {
	n, bad := 0, []string{}
	for _, r := range what.Rules() {
		for _, text := range r.Misses {
			n++
			for _, c := range code(t, text, "2015-06-10") {
				if c.Reasons[0].Rule == "what/"+r.ID {
					bad = append(bad, fmt.Sprintf("%s: %s: %s", r.ID, text, line(&c)))
				}
			}
		}
	}
	if n == 0 {
		t.Fatal("no rule has a near miss")
	}
	slices.Sort(bad)
	const golden = "testdata/near-misses.txt"
	got := "# Near misses of the rules that are coded all the same. go test -run RuleNegatives -update writes them.\n" + strings.Join(bad, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("other near misses are coded than those of %s:\n%s", golden, got)
	}
}

var update = flag.Bool("update", false, "write the near misses that are coded into testdata")

// TestSameBytes holds that claims do not depend on who codes them, when, or
// how many at once.
func TestSameBytes(t *testing.T) {
	reps := exampleReports(t)
	one := make([]string, len(reps))
	for i := range reps {
		one[i] = bytesOf(t, &reps[i])
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < len(reps); i += 2 { // each report by two workers
				if got := bytesOf(t, &reps[i]); got != one[i] {
					t.Errorf("%s: other bytes on another goroutine", reps[i].ID)
				}
			}
		}()
	}
	wg.Wait()
	if strings.Join(one, "") == "" {
		t.Error("the examples give no claims")
	}
}

func bytesOf(t *testing.T, rep *rapport.Report) string {
	res, err := New().Code(rep)
	if err != nil {
		t.Error(err)
		return ""
	}
	var b strings.Builder
	for i := range res.Claims {
		data, err := json.Marshal(res.Claims[i])
		if err != nil {
			t.Error(err)
		}
		b.Write(data)
		b.WriteByte('\n')
	}
	return b.String()
}

func FuzzCode(f *testing.F) {
	for _, s := range []string{"Egypt thanked Azerbaijan.", "“He said he would", "A: We reject it.\nQ: Why?", "\xff\xfe visit", strings.Repeat("and ", 3000), "Iran\u00a0, Iraq … « sign » a\x00treaty"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rep := rapport.Report{ID: "f", Text: text, Published: "2015-06-10"}
		res, err := New().Code(&rep)
		if err != nil {
			t.Fatal(err)
		}
		for i := range res.Claims {
			c := &res.Claims[i]
			if c.Evidence.End > len(text) || text[c.Evidence.Start:c.Evidence.End] != c.Evidence.Text {
				t.Fatalf("evidence is not in the text: %+v", c.Evidence)
			}
		}
	})
}

// TestContextWords holds that every context of the table is one of the code
// book's and has words.
func TestContextWords(t *testing.T) {
	words := contextWords()
	if len(words) < 100 {
		t.Errorf("only %d words", len(words))
	}
	for w, c := range words {
		if _, ok := ontology.ContextOf(c); !ok {
			t.Errorf("%q bears %q, which is no context", w, c)
		}
		if w != strings.ToLower(w) {
			t.Errorf("%q is not in lower case", w)
		}
	}
}

// TestHomeOfPlaceLine holds that a dateline that names its country is believed
// before a person called like the town.
func TestHomeOfPlaceLine(t *testing.T) {
	rep := rapport.Report{ID: "x", Text: "Officials could not confirm his death.", Place: "DERA ISMAIL KHAN, Pakistan", Published: "2011-06-04"}
	if r := read(&rep); r.home != "PAK" {
		t.Errorf("home %q", r.home)
	}
}

// TestHomeOfNamesake holds that a town of the dateline is a town, whoever is
// called like it.
func TestHomeOfNamesake(t *testing.T) {
	for place, want := range map[string]string{"MENDOZA": "ARG", "LIMA": "PER", "KHARTOUM": "SDN"} {
		rep := rapport.Report{ID: "x", Text: "Officials could not confirm his death.", Place: place, Published: "2012-06-29"}
		if r := read(&rep); r.home != want {
			t.Errorf("%s: home %q, want %q", place, r.home, want)
		}
	}
}

// TestCaptions: what stands with a picture is kept and not coded.
func TestCaptions(t *testing.T) {
	const body, caption = "Egypt thanked Azerbaijan on Saturday.", "Greece condemned Turkey at a rally in May."
	rep := rapport.Report{ID: "a", Text: body + "\n\n" + caption, Published: "2024-06-08"}
	rep.Captions = []rapport.Span{{Start: len(body) + 2, End: len(rep.Text)}}
	res, err := New().Code(&rep)
	if err != nil || len(res.Claims) != 1 || res.Claims[0].Actor[0].Country != "EGY" || res.Claims[0].Check(rep.Text) != nil {
		t.Errorf("%+v %v", res.Claims, err)
	}
	rep.Captions = nil
	if res, err = New().Code(&rep); err != nil || len(res.Claims) < 2 {
		t.Errorf("told as text: %+v %v", res.Claims, err)
	}
}
