package briefs

import (
	"slices"
	"strings"
	"testing"

	"rapport"
)

// TestTeller holds single lines to what the brief of the same relation says.
func TestTeller(t *testing.T) {
	r := fixtureRelation(t)
	var b strings.Builder
	if err := Markdown(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	brief := b.String()
	teller := NewTeller(r)
	glance := teller.Glance()
	if len(glance) < 4 {
		t.Fatalf("at a glance: %v", glance)
	}
	for _, l := range glance {
		if !strings.Contains(brief, "- **"+l.Name+"**") || strings.ContainsAny(l.Text, "\x01\x02\x05\x06\x07") || l.Text == "" {
			t.Errorf("glance %q: %q", l.Name, l.Text)
		}
		for _, id := range l.Claims {
			if _, ok := r.Claims[id]; !ok {
				t.Errorf("glance %q rests on claim %s, which is not there", l.Name, id)
			}
		}
	}
	for _, l := range r.Visits {
		e := r.Events[l.Event]
		who, to, _, notes := teller.Visit(l)
		if !strings.Contains(brief, "| "+who) || !strings.Contains(brief, "| "+to+" |") || strings.ContainsAny(notes, "\x05\x06\x07") {
			t.Errorf("visit %s: %q to %q, %q", l.Event, who, to, notes)
		}
		words, _ := teller.Sentence(&e)
		if words == "" || !strings.Contains(brief, strings.TrimSuffix(words[1:], ".")) {
			t.Errorf("event %s: %q is not in the brief", e.ID, words)
		}
		if !slices.Contains(e.Claims, teller.Surest(&e)) || teller.When(&e) == "" {
			t.Errorf("event %s: claim %s, when %q", e.ID, teller.Surest(&e), teller.When(&e))
		}
	}
}

func TestPartyWords(t *testing.T) {
	for _, c := range []struct {
		p    rapport.Party
		want string
	}{
		{rapport.Party{Country: "EGY", Name: "Sameh Shoukry"}, "Sameh Shoukry (Egypt)"},
		{rapport.Party{Country: "EGY", Sector: "GOV", Office: "President"}, "the President of Egypt"},
		{rapport.Party{Country: "USA", Sector: "GOV"}, "the United States"},
		{rapport.Party{Country: "USA", Name: "a\x05b"}, "ab (United States)"},
	} {
		if got := Party(c.p); got != c.want {
			t.Errorf("%+v: %q, want %q", c.p, got, c.want)
		}
	}
	if got := Date("2024-06"); got != "June 2024" {
		t.Errorf("2024-06: %q", got)
	}
}
