package record

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"rapport"
)

func event(id, typ, date string, parties string, claims ...rapport.Claim) rapport.Event {
	e := rapport.Event{ID: id, Event: typ, CAMEO: "040", Status: rapport.Actual, Date: rapport.Date(date), Reports: 1, Claims: ids(claims), Recipient: []rapport.Party{}}
	for _, c := range strings.Fields(parties) {
		e.Actor = append(e.Actor, rapport.Party{Country: c})
	}
	return e
}

func eventIDs(es []rapport.Event) (out []string) {
	for _, e := range es {
		out = append(out, e.ID)
	}
	return out
}

// TestSetEvents replaces all events, those of one dyad, and three-sided ones
// that reach into other dyads.
func TestSetEvents(t *testing.T) {
	r := openTemp(t)
	rep := report("a", "They met.")
	c := []rapport.Claim{
		claim(rep, "CONSULT", "2024-01-01", "AZE", "EGY"), claim(rep, "CONSULT", "2024-01-02", "AZE", "EGY"),
		claim(rep, "CONSULT", "2024-01-03", "AZE", "TUR"), claim(rep, "CONSULT", "2024-01-04", "EGY", "TUR"),
		claim(rep, "PROTEST", "2024-01-05", "EGY", "EGY"), claim(rep, "CONSULT", "", "AZE", "EGY"),
	}
	kept(t, r, Coded{rep, c}, "toy 1", New)
	between := func(a, b string, f Filter) []string {
		t.Helper()
		l, err := r.EventsBetween(t.Context(), rapport.Dyad{A: a, B: b}, f)
		if err != nil {
			t.Fatal(err)
		}
		return eventIDs(l)
	}
	set := func(es []rapport.Event, dyads ...rapport.Dyad) {
		t.Helper()
		if err := r.SetEvents(t.Context(), es, dyads...); err != nil {
			t.Fatal(err)
		}
		sound(t, r)
	}
	want := func(got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	three := event("three", "CONSULT", "2024-01-02", "AZE EGY TUR", c[1], c[2], c[3])
	set([]rapport.Event{event("one", "CONSULT", "2024-01-01", "AZE EGY", c[0]), three,
		event("home", "PROTEST", "2024-01-05", "EGY", c[4]), event("undated", "CONSULT", "", "AZE EGY", c[5])})
	want(between("AZE", "EGY", Filter{}), "one", "three", "undated")
	want(between("AZE", "EGY", Filter{Newest: true, Limit: 2}), "undated", "three") // undated stands at its report's day
	want(between("AZE", "EGY", Filter{Cursor: "one", Limit: 1}), "three")
	want(between("AZE", "EGY", Filter{Since: "2024-01-02", Until: "2024-02"}), "three")
	want(between("EGY", "TUR", Filter{}), "three")
	want(between("EGY", "EGY", Filter{}), "home")
	got, err := r.Event(t.Context(), "three")
	if err != nil || !reflect.DeepEqual(got, three) {
		t.Errorf("came back as %+v: %v", got, err)
	}
	if of, err := r.EventOf(t.Context(), c[3].ID); err != nil || of.ID != "three" {
		t.Errorf("event of a claim: %s %v", of.ID, err)
	}
	if l, err := r.Stale(t.Context()); len(l) != 0 || err != nil {
		t.Errorf("stale after all were set: %v %v", l, err)
	}

	// One dyad anew: the three-sided event goes from the other dyads too, and
	// these become stale, for their claims are part of no event now. So does
	// this one for c[5], which was left out.
	set([]rapport.Event{event("first", "CONSULT", "2024-01-01", "AZE EGY", c[0], c[1])}, rapport.NewDyad("AZE", "EGY"))
	want(between("AZE", "EGY", Filter{}), "first")
	want(between("AZE", "TUR", Filter{}))
	want(between("EGY", "EGY", Filter{}), "home")
	if l, err := r.Stale(t.Context()); err != nil || !reflect.DeepEqual(l, []rapport.Dyad{{A: "AZE", B: "EGY"}, {A: "AZE", B: "TUR"}, {A: "EGY", B: "TUR"}}) {
		t.Errorf("stale after one was set: %v %v", l, err)
	}

	set([]rapport.Event{event("three", "CONSULT", "2024-01-02", "AZE EGY TUR", c[1], c[2], c[3])}, rapport.NewDyad("AZE", "TUR"))
	if l, err := r.Stale(t.Context()); err != nil || !reflect.DeepEqual(l, []rapport.Dyad{{A: "AZE", B: "EGY"}, {A: "EGY", B: "TUR"}}) {
		t.Errorf("stale: %v %v", l, err) // EGY-TUR was not covered, and AZE-EGY lost the event of c[0]
	}
	set([]rapport.Event{event("first", "CONSULT", "2024-01-01", "AZE EGY", c[0], c[1])}, rapport.NewDyad("AZE", "EGY"), rapport.NewDyad("EGY", "TUR"))

	// Failures leave all as it was.
	for name, es := range map[string][]rapport.Event{
		"a claim that is not there": {event("x", "CONSULT", "", "AZE EGY", c[0], rapport.Claim{ID: "nowhere"})},
		"no claims":                 {event("x", "CONSULT", "", "AZE EGY")},
		"no id":                     {event("", "CONSULT", "", "AZE EGY", c[0])},
		"an id twice":               {event("x", "CONSULT", "", "AZE EGY", c[0]), event("x", "CONSULT", "", "AZE EGY", c[1])},
		"a claim in two events":     {event("x", "CONSULT", "", "AZE EGY", c[0]), event("y", "CONSULT", "", "AZE EGY", c[0])},
	} {
		if err := r.SetEvents(t.Context(), es); rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%s: %v", name, err)
		}
		want(between("AZE", "EGY", Filter{}), "first")
	}
	sound(t, r)
}

func TestJudgements(t *testing.T) {
	r := openTemp(t)
	rep := report("a", "They met.")
	c := []rapport.Claim{claim(rep, "CONSULT", "2024-01-01", "AZE", "EGY"), claim(rep, "CONSULT", "2024-01-02", "AZE", "EGY")}
	slices.SortFunc(c, func(a, b rapport.Claim) int { return strings.Compare(a.ID, b.ID) })
	kept(t, r, Coded{rep, c}, "toy 1", New)
	if err := r.SetEvents(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	rule := rapport.Judgement{A: c[0].ID, B: c[1].ID, Same: true, Score: 0.75, Reasons: []string{"same day"}, Author: "rule:day"}
	add := func(js ...rapport.Judgement) {
		t.Helper()
		if err := r.AddJudgements(t.Context(), js); err != nil {
			t.Fatal(err)
		}
	}
	add(rule)
	if l, err := r.Stale(t.Context()); len(l) != 0 || err != nil {
		t.Errorf("a rule's judgement makes %v stale: %v", l, err)
	}
	rule.Score = 0.5
	person := rapport.Judgement{A: c[0].ID, B: c[1].ID, Reasons: []string{}, Author: "ann", Time: "2024-07-01T00:00:00Z"}
	later := person
	later.Same, later.Time = true, "2024-07-02T00:00:00Z"
	add(rule, person, later)
	if got, err := r.PersonJudgements(t.Context()); err != nil || !reflect.DeepEqual(got, []rapport.Judgement{person, later}) {
		t.Errorf("persons' judgements: %+v %v", got, err)
	}
	want := []rapport.Judgement{rule, person, later}
	for _, claims := range [][]string{nil, {c[0].ID}, {c[1].ID}, {c[0].ID, c[1].ID}} {
		if got, err := r.Judgements(t.Context(), claims...); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("judgements on %v: %+v %v", claims, got, err)
		}
	}
	if got, err := r.Judgements(t.Context(), "other"); err != nil || len(got) != 0 {
		t.Errorf("judgements on another claim: %v %v", got, err)
	}
	if l, err := r.Stale(t.Context()); len(l) != 1 || err != nil {
		t.Errorf("a person's judgement leaves stale %v: %v", l, err)
	}
	for _, scope := range [][]string{{c[0].ID}, {c[0].ID, c[1].ID}, nil} { // the first does not hold both of the pair
		if err := r.SetJudgements(t.Context(), nil, scope...); err != nil {
			t.Fatal(err)
		}
		left := 2
		if len(scope) == 1 {
			left = 3
		}
		if got, err := r.Judgements(t.Context()); err != nil || len(got) != left {
			t.Errorf("rules judged anew on %v leave %v: %v", scope, got, err)
		}
		add(rule)
	}
	for _, bad := range []rapport.Judgement{{A: "b", B: "a", Author: "x"}, {A: "a", B: "a", Author: "x"}, {A: "a", B: "b"}} {
		if err := r.AddJudgements(t.Context(), []rapport.Judgement{bad}); rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	sound(t, r)
}

// TestReviews: reviews change how claims stand, and can be taken back one by one.
func TestReviews(t *testing.T) {
	r := openTemp(t)
	rep := report("a", "They met.")
	c := claim(rep, "CONSULT", "2024-01-01", "AZE", "EGY")
	kept(t, r, Coded{rep, []rapport.Claim{c}}, "toy 1", New)
	if err := r.SetEvents(t.Context(), []rapport.Event{event("e", "CONSULT", "2024-01-01", "AZE EGY", c)}); err != nil {
		t.Fatal(err)
	}
	review := func(v Review) Review {
		t.Helper()
		v.Claim, v.Author, v.Time = c.ID, "ann", "2024-07-01T00:00:00Z"
		v, err := r.AddReview(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, r)
		return v
	}
	register := func(a, b string, want ...string) {
		t.Helper()
		l, err := r.ClaimsBetween(t.Context(), rapport.NewDyad(a, b), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range l {
			got = append(got, c.Event+" "+string(c.Date))
		}
		if !slices.Equal(got, want) {
			t.Errorf("register of %s and %s: %q, want %q", a, b, got, want)
		}
	}
	better := c
	better.Event, better.Date, better.Recipient = "SUPPORT", "2024-01-02", []rapport.Party{{Country: "TUR"}}
	correct := review(Review{Verdict: Correct, New: &better})
	register("AZE", "EGY")
	register("AZE", "TUR", "SUPPORT 2024-01-02")
	if _, err := r.Event(t.Context(), "e"); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("the event of a corrected claim is still there: %v", err)
	}
	reject := review(Review{Verdict: Reject, Note: "no such act"})
	register("AZE", "TUR")
	if _, err := r.AddReview(t.Context(), Review{Claim: c.ID, Verdict: Undo, Undoes: correct.N, Author: "bob", Time: "x"}); rapport.KindOf(err) != rapport.Usage {
		t.Errorf("undoing an earlier review first: %v", err)
	}
	review(Review{Verdict: Undo, Undoes: reject.N})
	register("AZE", "TUR", "SUPPORT 2024-01-02")
	review(Review{Verdict: Undo, Undoes: correct.N})
	register("AZE", "EGY", "CONSULT 2024-01-01")
	register("AZE", "TUR")
	vs, err := r.Reviews(t.Context(), c.ID)
	if err != nil || len(vs) != 4 || vs[0].Old.Event != "CONSULT" || vs[0].New.Event != "SUPPORT" || vs[1].New != nil ||
		vs[1].Note != "no such act" || vs[2].Undoes != reject.N || vs[3].New.Event != "CONSULT" {
		t.Errorf("the trace reads %+v: %v", vs, err)
	}
	moved, unevidenced := c, c
	moved.ID = "other"
	unevidenced.Evidence.Text = "They did."
	for name, test := range map[string]struct {
		v    Review
		kind rapport.Kind
	}{
		"another claim's id":         {Review{Claim: c.ID, Verdict: Correct, New: &moved, Author: "ann", Time: "x"}, rapport.Usage},
		"evidence that is not there": {Review{Claim: c.ID, Verdict: Correct, New: &unevidenced, Author: "ann", Time: "x"}, rapport.BadInput},
		"no correction":              {Review{Claim: c.ID, Verdict: Correct, Author: "ann", Time: "x"}, rapport.Usage},
		"no author":                  {Review{Claim: c.ID, Verdict: Accept, Time: "x"}, rapport.Usage},
		"no such claim":              {Review{Claim: "x", Verdict: Accept, Author: "ann", Time: "x"}, rapport.NotFound},
		"no such verdict":            {Review{Claim: c.ID, Verdict: "maybe", Author: "ann", Time: "x"}, rapport.Usage},
		"nothing to undo":            {Review{Claim: c.ID, Verdict: Undo, Undoes: 1, Author: "ann", Time: "x"}, rapport.Usage},
	} {
		if _, err := r.AddReview(t.Context(), test.v); rapport.KindOf(err) != test.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	sound(t, r)
}

// TestClaimsAround: what waits for merging comes with what it may be one event
// with, and what is far from it stays where it is.
func TestClaimsAround(t *testing.T) {
	r := openTemp(t)
	n := 0
	keep := func(event, date string, a, b string, change ...func(*rapport.Claim)) rapport.Claim {
		t.Helper()
		n++
		rep := report(fmt.Sprintf("r%02d", n), fmt.Sprintf("Report %d.", n))
		c := claim(rep, event, date, a, b)
		for _, f := range change {
			f(&c)
		}
		kept(t, r, Coded{rep, []rapport.Claim{c}}, "toy 1", New)
		return c
	}
	alone := func(c *rapport.Claim) { c.Recipient = nil }
	about := func(c *rapport.Claim) { c.About, c.AboutDate = "CONSULT:visit", "2024-03-01" }
	old := []rapport.Claim{
		0: keep("ACCUSE", "2024-03-02", "EGY", "AZE"),
		1: keep("ACCUSE", "2020-03-02", "EGY", "AZE"), // of one event with 0, however far
		2: keep("ACCUSE", "2023-03-02", "EGY", "AZE"), // far
		3: keep("AID", "2024-03-02", "EGY", "AZE"),    // another kind
		4: keep("ACCUSE", "2024-03-02", "EGY", "TUR"), // another pair
		5: keep("ACCUSE", "2024", "EGY", "AZE"),       // wide, and stands alone
		6: keep("ACCUSE", "2024-03", "EGY", "AZE"),
		7: keep("AGREE", "2023-12-01", "EGY", "AZE", about),
		8: keep("ASSAULT", "2024-03-01", "ARM", "", alone),
		9: keep("CONSULT", "2024-02-28", "AZE", "EGY"),
	}
	es := []rapport.Event{event("both", "ACCUSE", "2024-03-02", "EGY AZE", old[0], old[1])}
	for i, c := range old[2:] {
		es = append(es, event(fmt.Sprintf("e%d", i+2), c.Event, string(c.Date), "EGY AZE", c))
	}
	if err := r.SetEvents(t.Context(), es); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		event, date, a, b string
		change            []func(*rapport.Claim)
		want              []int
	}{
		{"ACCUSE", "2024-03-03", "EGY", "AZE", nil, []int{0, 1, 6}},
		{"ACCUSE", "2024", "EGY", "AZE", nil, []int{0, 1, 6}},
		{"ACCUSE", "2022-03-03", "EGY", "AZE", nil, nil},
		{"CONSULT", "2024-03-01", "EGY", "AZE", nil, []int{7, 9}},
		{"AGREE", "2024-01-10", "EGY", "AZE", []func(*rapport.Claim){about}, []int{7, 9}},
		{"ASSAULT", "2024-03-02", "ARM", "AZE", nil, []int{8}},
		{"AID", "2024-03-02", "EGY", "", []func(*rapport.Claim){alone}, []int{3}},
	} {
		c := keep(test.event, test.date, test.a, test.b, test.change...)
		waiting, _, err := r.Waiting(t.Context())
		if err != nil || waiting != 1 {
			t.Errorf("%d claims wait: %v", waiting, err)
		}
		got, err := r.ClaimsAround(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, i := range test.want {
			want = append(want, old[i].ID)
		}
		want = append(want, c.ID)
		if !slices.Equal(ids(got), want) {
			t.Errorf("around %s %s: %v, want those of %v", test.event, test.date, got, test.want)
		}
		// Rejected, it waits no more, and the next finds the record as it was.
		v := Review{Claim: c.ID, Verdict: Reject, Author: "ann", Time: "2024-07-01T00:00:00Z"}
		if _, err := r.AddReview(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		if err := r.SetEventsOf(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if l, err := r.Stale(t.Context()); err != nil || len(l) > 0 {
			t.Errorf("stale: %v %v", l, err)
		}
	}
	sound(t, r)
}
