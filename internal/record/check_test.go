package record

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"rapport"
)

// TestCheckFinds spoils one thing at a time and wants it told.
func TestCheckFinds(t *testing.T) {
	for _, test := range []struct{ spoil, want string }{
		{`UPDATE report SET text = replace(text, 'They', 'Thay') WHERE id = 'a'`, "report a: its text is not the one that was kept"},
		{`UPDATE report SET family = 99 WHERE id = 'a'`, "report a: names a family that is not there"},
		{`UPDATE report SET current = 0 WHERE id = 'a'`, "report a: has 0 versions that count as the newest"},
		{`UPDATE claim SET body = json_replace(body, '$.evidence.start', 3) WHERE n = 1`, "claim %s: evidence does not stand at bytes"},
		{`UPDATE claim SET body = json_replace(body, '$.report', 'b') WHERE n = 1`, "claim %s: calls itself"},
		{`UPDATE claim SET body = '{' WHERE n = 1`, "claim %s: cannot be read"},
		{`UPDATE claim SET day = 20230101 WHERE n = 1`, "claim %s: is filed from 20230101"},
		{`UPDATE claim SET start = 1 WHERE n = 1`, "claim %s: is filed with evidence at"},
		{`DELETE FROM claim_dyad WHERE claim = 1`, "dyad AZE-EGY: its register of claims has 1 rows that differ from the 2"},
		{`UPDATE claim_dyad SET event = 'AID' WHERE claim = 1`, "dyad AZE-EGY: its register of claims has 2 rows that differ from the 2"},
		{`UPDATE dyad SET claims = 7 WHERE a = 'AZE'`, "dyad AZE-EGY: counts 7 claims where there are 2"},
		{`UPDATE dyad SET events = 7 WHERE a = 'AZE'`, "dyad AZE-EGY: counts 7 events where there are 1"},
		{`DELETE FROM event_dyad`, "dyad AZE-EGY: its register of events has 0 rows"},
		{`DELETE FROM event_claim WHERE claim = 1`, "event e: names the claims"},
		{`UPDATE event_claim SET event = 99 WHERE claim = 1`, "claim row 1: is part of event 99, which is not there"},
		{`UPDATE event SET body = '' WHERE id = 'e'`, "event e: cannot be read"},
		{`DELETE FROM event`, "claim row 1: is part of event 1, which is not there"},
		{`DELETE FROM event_name`, "event e: names Ann and is not filed as naming it"},
		{`UPDATE event_name SET event = 99`, "event row 99: is filed as naming Ann and is not there"},
		{`UPDATE judgement SET a = 'x'`, "names claim x, which is not there"},
		{`UPDATE review SET claim = 'x'`, "review 1: names claim x, which is not there"},
		{`DELETE FROM word_chunk; DELETE FROM word_segment`, "full text: has report row 1 0 times, not once"},
		{`UPDATE word_segment SET docs = x'ff'`, "full text: segment 1: the index of words is damaged"},
		{`UPDATE word_chunk SET data = substr(data, 2)`, "full text: chunk 1 of segment 1: the index of words is damaged"},
		{`INSERT INTO strand VALUES (7, 99)`, "strand 7: has the strand of report 99, which is not there"},
		{`PRAGMA foreign_keys = OFF; DELETE FROM coder`, "names a row that coder lacks"},
	} {
		path := filepath.Join(t.TempDir(), "a.db")
		r := openAt(t, path, Options{Create: true})
		rep := report("a", "They met.")
		c := []rapport.Claim{claim(rep, "CONSULT", "2024-01-01", "AZE", "EGY"), claim(rep, "CONSULT", "2024-01-02", "AZE", "EGY")}
		kept(t, r, Coded{rep, c}, "toy 1", New)
		e := event("e", "CONSULT", "2024-01-01", "AZE EGY", c...)
		e.Actor[0].Name = "Ann"
		if err := r.SetEvents(t.Context(), []rapport.Event{e}); err != nil {
			t.Fatal(err)
		}
		if err := r.AddJudgements(t.Context(), []rapport.Judgement{{A: min(c[0].ID, c[1].ID), B: max(c[0].ID, c[1].ID), Author: "rule:x"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.AddReview(t.Context(), Review{Claim: c[0].ID, Verdict: Accept, Author: "ann", Time: "x"}); err != nil {
			t.Fatal(err)
		}
		sound(t, r)
		r.Close()
		execRaw(t, path, test.spoil)
		r = openAt(t, path, Options{ReadOnly: true})
		ps, err := r.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, p := range ps {
			told = append(told, p.Where+": "+p.What)
		}
		want := test.want
		if strings.Contains(want, "%s") {
			want = fmt.Sprintf(want, c[0].ID)
		}
		if !strings.Contains(strings.Join(told, "\n"), want) {
			t.Errorf("after %s\ntold %q\nwant %q", test.spoil, told, want)
		}
		r.Close()
	}
}

func TestStats(t *testing.T) {
	r := openTemp(t)
	empty, err := r.Stats(t.Context())
	if err != nil || empty.Reports != 0 || empty.Coders == nil || empty.Bytes == 0 {
		t.Errorf("of an empty record: %+v %v", empty, err)
	}
	rep, rev := report("a", "They met."), report("a", "They met again.")
	rep.Outlet, rev.Outlet, rep.Published = "X", "Y", "2023"
	rep.URL, rev.URL = "https://x.example/1", "https://x.example/1"
	kept(t, r, Coded{rep, []rapport.Claim{claim(rep, "CONSULT", "", "AZE", "EGY")}}, "toy 1", New)
	kept(t, r, Coded{rev, []rapport.Claim{claim(rev, "CONSULT", "", "AZE", "EGY"), claim(rev, "PROTEST", "", "EGY", "EGY")}}, "toy 2", Revised)
	got, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got.Bytes = 0
	want := Stats{Format: version(), Reports: 1, Versions: 1, Families: 2, Outlets: 2, First: "2023", Last: "2024-06-08", Claims: 2, Withdrawn: 1,
		Dyads: 1, Stale: 2, Coders: []string{"toy 2"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
