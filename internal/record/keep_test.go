package record

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
)

// claim makes a claim of a report whose evidence is the whole text.
func claim(rep rapport.Report, event, date string, a, b string) rapport.Claim {
	c := rapport.Claim{Report: rep.ID, Event: event, CAMEO: "040", Actor: []rapport.Party{{Country: a, Sector: "GOV"}},
		Recipient: []rapport.Party{{Country: b}}, Status: rapport.Actual, Date: rapport.Date(date), Context: []string{}, Reasons: []rapport.Reason{},
		Evidence: rapport.Evidence{Span: rapport.Span{End: len(rep.Text)}, Text: rep.Text}}
	c.SetID(rapport.HashText(rep.Text))
	return c
}

func report(id, text string) rapport.Report {
	return rapport.Report{ID: id, Text: text, Published: "2024-06-08", Basis: rapport.BasisGiven, Retrieved: "2024-06-09T10:00:00Z"}
}

func ids(claims []rapport.Claim) (out []string) {
	for _, c := range claims {
		out = append(out, c.ID)
	}
	return out
}

func claimsOf(tb testing.TB, r *Record, id string) []rapport.Claim {
	tb.Helper()
	l, err := r.ClaimsOf(context.Background(), id)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// TestRoundTrip: what is kept comes back as it was, to the byte.
func TestRoundTrip(t *testing.T) {
	r := openTemp(t)
	for i, text := range []string{
		"Plain.", "", " leading and trailing \n\n", "\ufeffBOM", "CR\r\nLF\rCR", "NUL \x00 and \x01\x02\x03 controls", "ends in NUL\x00",
		"Ünïcödé e\u0301 é 日本語 العربية 🇪🇬 \u202e", "'quotes\" -- ; DROP TABLE report; %s ?1", strings.Repeat("long é\x00 ", 40_000),
	} {
		rep := rapport.Report{
			ID: fmt.Sprintf("id %d '\"é", i), Title: text[:min(len(text), 6)], Text: text, Published: "2024-06", Basis: rapport.BasisDateline,
			Outlet: "É", URL: "https://example.org/?a=1&b=%20", Author: "A. Author", Language: "pt-BR", Retrieved: "2024-06-09T10:00:00Z",
			Dateline: rapport.Span{Start: 3, End: 9}, Place: "Cairo", Hash: rapport.HashText(text),
		}
		kept(t, r, Coded{Report: rep}, "toy 1", New)
		got, err := r.Report(t.Context(), rep.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, rep) {
			t.Errorf("%+q came back as %+q", rep.Text, got.Text)
		}
	}
	for c := range newGenerator(3).reports(20, 5, 5) {
		kept(t, r, c, "toy 1", New)
		if got := claimsOf(t, r, c.Report.ID); !reflect.DeepEqual(got, c.Claims) {
			t.Errorf("claims of %s came back different:\n%v\n%v", c.Report.ID, got, c.Claims)
		}
	}
	sound(t, r)
}

func TestKeepTwiceIsOnce(t *testing.T) {
	r := openTemp(t)
	c := newGenerator(1).coded(0, 14, 10)
	kept(t, r, c, "toy 1", New)
	before, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept(t, r, c, "toy 1", Same)
	kept(t, r, c, "toy 0.9", Same)
	after, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before.Bytes, after.Bytes = 0, 0
	if !reflect.DeepEqual(before, after) || after.Reports != 1 {
		t.Errorf("keeping twice changed %+v to %+v", before, after)
	}
	coder, ok, err := r.Has(t.Context(), c.Report.ID, c.Report.Hash)
	if coder != "toy 1" || !ok || err != nil {
		t.Errorf("has %q %v %v", coder, ok, err)
	}
	if _, ok, err := r.Has(t.Context(), "other", c.Report.Hash); ok || err != nil {
		t.Errorf("has a report that was never kept: %v %v", ok, err)
	}
	sound(t, r)
}

func TestCopiesAreOneFamily(t *testing.T) {
	r := openTemp(t)
	first, second := report("a", "Egypt and Azerbaijan signed."), report("b", "Egypt and Azerbaijan signed.")
	kept(t, r, Coded{first, []rapport.Claim{claim(first, "SUPPORT", "2024-06-08", "EGY", "AZE")}}, "toy 1", New)
	kept(t, r, Coded{second, []rapport.Claim{claim(second, "SUPPORT", "2024-06-08", "EGY", "AZE")}}, "toy 1", Copied)
	s, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Reports != 2 || s.Families != 1 || s.Claims != 2 {
		t.Errorf("%d reports, %d families, %d claims", s.Reports, s.Families, s.Claims)
	}
	sound(t, r)
}

// TestIDTaken: a text that nothing ties to the one under its id does not take
// its place, one by one or in a batch, and those after it are kept.
func TestIDTaken(t *testing.T) {
	for name, c := range map[string]struct {
		was, is rapport.Report
		want    Kept
	}{
		"nothing known": {want: None},
		"all differ":    {was: rapport.Report{URL: "u", Outlet: "o", Title: "t"}, is: rapport.Report{URL: "v", Outlet: "p", Title: "s"}, want: None},
		"address":       {was: rapport.Report{URL: "u"}, is: rapport.Report{URL: "u", Title: "s"}, want: Revised},
		"outlet":        {was: rapport.Report{Outlet: "o"}, is: rapport.Report{Outlet: "o", Title: "s"}, want: Revised},
		"title":         {was: rapport.Report{Title: "t"}, is: rapport.Report{Outlet: "o", Title: "t"}, want: Revised},
	} {
		c.was.ID, c.was.Text, c.is.ID, c.is.Text = "a", "Egypt will sign.", "a", "France has signed."
		r := openTemp(t)
		kept(t, r, Coded{Report: c.was}, "toy 1", New)
		var told []string
		err := r.KeepMany(t.Context(), slices.Values([]Coded{{Report: c.is}, {Report: report("b", "It rained.")}}), "toy 1",
			func(id string, k Kept, err error) {
				told = append(told, id+" "+k.String())
				if taken := errors.As(err, new(*TakenError)); taken != (k == None) || taken && rapport.KindOf(err) != rapport.BadInput {
					t.Errorf("%s: %s: %v", name, id, err)
				}
			})
		if want := []string{"a " + c.want.String(), "b new"}; err != nil || !slices.Equal(told, want) {
			t.Errorf("%s: told %q, want %q: %v", name, told, want, err)
		}
		text := map[Kept]string{None: c.was.Text, Revised: c.is.Text}[c.want]
		if got, err := r.Report(t.Context(), "a"); err != nil || got.Text != text {
			t.Errorf("%s: holds %q: %v", name, got.Text, err)
		}
		sound(t, r)
	}
}

func TestRevisedReport(t *testing.T) {
	r := openTemp(t)
	was, is := report("a", "Egypt will sign."), report("a", "Egypt has signed.")
	was.URL, is.URL = "https://agency.example/1", "https://agency.example/1"
	old, now := claim(was, "AGREE", "2024-06-08", "EGY", "AZE"), claim(is, "SUPPORT", "2024-06-08", "EGY", "TUR")
	kept(t, r, Coded{was, []rapport.Claim{old}}, "toy 1", New)
	kept(t, r, Coded{is, []rapport.Claim{now}}, "toy 1", Revised)
	kept(t, r, Coded{was, []rapport.Claim{old}}, "toy 1", Same) // an old file added again takes nothing back
	got, err := r.Report(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != is.Text {
		t.Errorf("the newest version reads %q", got.Text)
	}
	if l := ids(claimsOf(t, r, "a")); !slices.Equal(l, []string{now.ID}) {
		t.Errorf("claims on the register: %v", l)
	}
	if l, err := r.ClaimsBetween(t.Context(), rapport.NewDyad("EGY", "AZE"), Filter{}); len(l) != 0 || err != nil {
		t.Errorf("the old version is still on the register of its dyad: %v %v", l, err)
	}
	if c, err := r.Claim(t.Context(), old.ID); err != nil || c.Event != "AGREE" {
		t.Errorf("the old version's claim is lost: %v", err)
	}
	if hits, err := r.Search(t.Context(), "will sign", 0); err != nil || len(hits) != 0 {
		t.Errorf("the old version is still found: %v %v", hits, err)
	}
	if hits, err := r.Search(t.Context(), "has signed", 0); err != nil || len(hits) != 1 {
		t.Errorf("the new version is not found: %v %v", hits, err)
	}
	sound(t, r)
}

// TestRecode: a newer coder's claims take the place of the older one's, except
// where a person has decided.
func TestRecode(t *testing.T) {
	r := openTemp(t)
	rep := report("a", "Egypt and Azerbaijan met.")
	var old []rapport.Claim
	for i, date := range []string{"2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"} {
		old = append(old, claim(rep, "CONSULT", date, "EGY", []string{"AZE", "ARM", "GEO", "TUR", "TUR"}[i]))
	}
	kept(t, r, Coded{rep, old}, "toy 0.9 model 1", New)
	review := func(v Review) {
		t.Helper()
		v.Author, v.Time = "ann", "2024-07-01T00:00:00Z"
		if _, err := r.AddReview(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	corrected := old[1]
	corrected.Mode, corrected.Date = "visit", "2023-12-31"
	review(Review{Claim: old[0].ID, Verdict: Accept})
	review(Review{Claim: old[1].ID, Verdict: Correct, New: &corrected})
	review(Review{Claim: old[2].ID, Verdict: Reject})
	if err := r.AddJudgements(t.Context(), []rapport.Judgement{
		{A: min(old[3].ID, old[4].ID), B: max(old[3].ID, old[4].ID), Same: true, Author: "rule:day"},
		{A: min(old[0].ID, old[3].ID), B: max(old[0].ID, old[3].ID), Same: true, Author: "ann", Time: "2024-07-01T00:00:00Z"},
	}); err != nil {
		t.Fatal(err)
	}
	// The newer coder makes 2 and 3 and 5 again, and a new one, but not 1 and 4.
	fresh := claim(rep, "SUPPORT", "2024-01-06", "EGY", "TUR")
	// It dates otherwise what was accepted and what was rejected: neither comes beside it.
	redated := []rapport.Claim{claim(rep, "CONSULT", "2024-02-01", "EGY", "AZE"), claim(rep, "CONSULT", "2024-02-03", "EGY", "GEO")}
	kept(t, r, Coded{rep, append([]rapport.Claim{old[1], old[4], fresh}, redated...)}, "toy 0.10 model 1", Recoded)
	var got []string
	for _, c := range claimsOf(t, r, "a") {
		got = append(got, c.Event+" "+c.Mode+" "+string(c.Date))
	}
	slices.Sort(got)
	want := []string{"CONSULT  2024-01-01", "CONSULT  2024-01-05", "CONSULT visit 2023-12-31", "SUPPORT  2024-01-06"}
	if !slices.Equal(got, want) {
		t.Errorf("after re-coding: %q, want %q", got, want)
	}
	if vs, err := r.Reviews(t.Context(), ""); err != nil || len(vs) != 3 {
		t.Errorf("%d reviews left: %v", len(vs), err)
	}
	if js, err := r.Judgements(t.Context()); err != nil || len(js) != 1 || js[0].Author != "ann" {
		t.Errorf("judgements left: %v %v", js, err)
	}
	sound(t, r)
}

func TestNewer(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"rapport 0.1 model 3", "rapport 0.1 model 3", false},
		{"rapport 0.1 model 4", "rapport 0.1 model 3", true},
		{"rapport 0.10 model 1", "rapport 0.9 model 7", true},
		{"rapport 0.9 model 7", "rapport 0.10 model 1", false},
		{"rapport 0.1.2", "rapport 0.1", true},
		{"rapport 0.1", "rapport 0.1.2", false},
		{"rapport 99999999999999999999999999 x", "rapport 1 x", true},
		{"other", "rapport 9", true},
		{"", "x", true},
		{"", "", false},
	} {
		if got := Newer(test.a, test.b); got != test.want {
			t.Errorf("Newer(%q, %q) = %v", test.a, test.b, got)
		}
	}
}

// TestAllOrNothing: a report that cannot be kept leaves no trace.
func TestAllOrNothing(t *testing.T) {
	r := openTemp(t)
	g := newGenerator(1)
	first := g.coded(0, 14, 10)
	kept(t, r, first, "toy 1", New)
	bad := func(change func(*Coded)) Coded {
		c := g.coded(1, 14, 10)
		c.Claims = slices.Clone(c.Claims)
		change(&c)
		return c
	}
	last := len(first.Claims) - 1
	tests := map[string]Coded{
		"a claim of another report's id":  bad(func(c *Coded) { c.Claims[last].ID = first.Claims[0].ID }),
		"the same claim twice":            bad(func(c *Coded) { c.Claims[last].ID = c.Claims[0].ID }),
		"a claim without id":              bad(func(c *Coded) { c.Claims[last].ID = "" }),
		"a claim of another report":       bad(func(c *Coded) { c.Claims[last].Report = "x" }),
		"evidence that is not there":      bad(func(c *Coded) { c.Claims[last].Evidence.Text += "!" }),
		"evidence beyond the text":        bad(func(c *Coded) { c.Claims[last].Evidence.End = 1 << 30 }),
		"a bad date":                      bad(func(c *Coded) { c.Claims[last].Date = "June" }),
		"a bad date of publication":       bad(func(c *Coded) { c.Report.Published = "8 June" }),
		"a text that is not UTF-8":        bad(func(c *Coded) { c.Report.Text, c.Report.Hash = "\xff", "" }),
		"a hash that is not of this text": bad(func(c *Coded) { c.Report.Hash = strings.Repeat("0", 64) }),
		"no id":                           bad(func(c *Coded) { c.Report.ID = "" }),
	}
	before, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range tests {
		k, err := r.Keep(t.Context(), c.Report, c.Claims, "toy 1")
		if k != None || rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
	after, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before.Bytes, after.Bytes = 0, 0
	if !reflect.DeepEqual(before, after) {
		t.Errorf("failures changed %+v to %+v", before, after)
	}
	sound(t, r)
	// In bulk the bad ones are told and the others kept.
	good := g.coded(2, 14, 10)
	got := map[string]Kept{}
	err = r.KeepMany(t.Context(), slices.Values([]Coded{tests["a bad date"], good, first}), "toy 1", func(id string, k Kept, err error) {
		got[id] = k
		if (err != nil) != (k == None) {
			t.Errorf("%s: %v %v", id, k, err)
		}
	})
	if want := map[string]Kept{"r-0000001": None, "r-0000002": New, "r-0000000": Same}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("in bulk: %v %v", got, err)
	}
	sound(t, r)
}

// TestBulkIsTheSame: one by one or in bulk, the record holds the same.
func TestBulkIsTheSame(t *testing.T) {
	in := slices.Collect(newGenerator(5).reports(40, 6, 5))
	one, bulk := openTemp(t), openTemp(t)
	for _, c := range in {
		kept(t, one, c, "toy 1", New)
	}
	if err := bulk.KeepMany(t.Context(), slices.Values(in), "toy 1", nil); err != nil {
		t.Fatal(err)
	}
	a, err := all(one.AllClaims(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	b, err := all(bulk.AllClaims(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if len(a) < 150 || !reflect.DeepEqual(a, b) {
		t.Errorf("%d claims one by one, %d in bulk, or not the same", len(a), len(b))
	}
	sound(t, bulk)
}

var killsFlag = flag.Int("kills", 20, "how often TestKilled kills")

const killEnv = "RAPPORT_TEST_KILLED_ADD"

// TestMain is also the child that TestKilled kills: it keeps reports one by
// one (odd rounds: in bulk) and prints the id of each that is said to be kept.
func TestMain(m *testing.M) {
	path := os.Getenv(killEnv)
	if path == "" {
		os.Exit(m.Run())
	}
	var round, from int
	fmt.Sscan(os.Getenv(killEnv+"_ROUND"), &round, &from)
	r, err := Open(context.Background(), path, Options{Create: true})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	r.batch = 10
	g := newGenerator(uint64(round))
	coded := func(yield func(Coded) bool) {
		for i := from; ; i++ {
			if !yield(g.coded(i, 5, 4)) {
				return
			}
		}
	}
	if round%2 == 1 {
		err = r.KeepMany(context.Background(), coded, "toy 1", func(id string, _ Kept, _ error) { fmt.Println(id) })
	} else {
		for c := range coded {
			if _, err = r.Keep(context.Background(), c.Report, c.Claims, "toy 1"); err != nil {
				break
			}
			fmt.Println(c.Report.ID)
		}
	}
	fmt.Println("error", err)
	os.Exit(1)
}

// TestKilled kills a process that keeps reports, at random moments from before
// the file exists on. Whatever was said to be kept is there, whole, and at most
// the report (in bulk: the batch) in hand is missing.
func TestKilled(t *testing.T) {
	kills := *killsFlag
	path := filepath.Join(t.TempDir(), "a.db")
	rng := rand.New(rand.NewPCG(11, 13))
	said := map[string]bool{}
	next := 0
	for round := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killEnv+"="+path, fmt.Sprintf("%s_ROUND=%d %d", killEnv, round, next))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		// The first rounds die while the file is made, later ones after some
		// reports, each at a random instant of the next one.
		reports := rng.IntN(30)
		wait := time.Duration(rng.IntN(4000)) * time.Microsecond
		if round < 6 {
			reports, wait = 0, time.Duration(rng.IntN(60_000))*time.Microsecond
		}
		for n := 0; n < reports && lines.Scan(); n++ {
			said[lines.Text()] = true
		}
		time.Sleep(wait)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it said before it died
			said[lines.Text()] = true
		}
		cmd.Wait()

		r, err := Open(t.Context(), path, Options{Create: true})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		sound(t, r)
		there := 0
		for rep, err := range r.Reports(t.Context(), ReportFilter{}) {
			if err != nil {
				t.Fatal(err)
			}
			there++
			var i int
			fmt.Sscanf(rep.ID, "r-%d", &i)
			next = max(next, i+1)
			delete(said, rep.ID)
			if n := len(claimsOf(t, r, rep.ID)); n != 4 {
				t.Errorf("round %d: %s has %d of its 4 claims", round, rep.ID, n)
			}
		}
		for id := range said {
			t.Errorf("round %d: %s was said to be kept and is not there", round, id)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		said = map[string]bool{}
		if testing.Verbose() {
			t.Logf("round %d: %d reports", round, there)
		}
	}
	if next < 2*kills {
		t.Errorf("only %d reports were kept in %d rounds", next, kills)
	}
}
