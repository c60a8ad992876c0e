package dossier

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"rapport"
)

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "reports/a.json", `{"id":"a","published":"2020-01-02","text":"Él vino. They met.","claims":[
		{"event":"CONSULT","cameo":"040","actor":[{"country":"ESP"},{"country":"MAR"}],"recipient":[],"status":"actual","start":9,"end":18,"date":null,"place":null}]}`)
	write(t, dir, "events.json", `[{"id":"e1","claims":["a#0"]}]`)
	d, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := d.Claims[0]
	if c.ID != "a#0" || c.Report != "a" || c.Evidence.Text != "They met." || c.Evidence.Start != 10 || d.Gold["a#0"] != "e1" || d.Facts != nil {
		t.Errorf("read %+v, gold %v", c, d.Gold)
	}
	if err := c.Check(d.Reports["a"].Text); err != nil {
		t.Error(err)
	}
}

// TestAlign: one coded claim to one gold claim, the best first.
func TestAlign(t *testing.T) {
	claim := func(id, event, mode, date, actor, recipient string, start, end int) rapport.Claim {
		c := rapport.Claim{ID: id, Report: "a", Event: event, Mode: mode, Date: rapport.Date(date), Actor: []rapport.Party{{Country: actor}},
			Evidence: rapport.Evidence{Span: rapport.Span{Start: start, End: end}}}
		if recipient != "" {
			c.Recipient = []rapport.Party{{Country: recipient}}
		}
		return c
	}
	d := &Dossier{Claims: []rapport.Claim{
		claim("g0", "CONSULT", "visit", "2020-01-02", "ESP", "MAR", 0, 10),
		claim("g1", "CONSULT", "visit", "2020-03-02", "ESP", "MAR", 20, 30),
		claim("g2", "ACCUSE", "", "", "ESP", "MAR", 40, 50),
		claim("g3", "CONSULT", "", "", "ESP", "MAR", 60, 70),
	}}
	got := d.Align([]rapport.Claim{
		claim("c0", "CONSULT", "visit", "2020-03-02", "ESP", "MAR", 100, 110), // told elsewhere, by its date g1
		claim("c1", "CONSULT", "visit", "", "ESP", "MAR", 0, 10),
		claim("c2", "ACCUSE", "", "", "MAR", "ESP", 80, 90),  // other roles, another sentence: none
		claim("c3", "CONSULT", "", "", "MAR", "ESP", 80, 90), // talks have no direction
		claim("c4", "ACCUSE", "", "", "DZA", "MAR", 45, 48),  // the sentence will do
		claim("c5", "AID", "", "", "ESP", "MAR", 0, 10),      // another type
	})
	want := map[string]string{"c0": "g1", "c1": "g0", "c3": "g3", "c4": "g2"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReadErrors(t *testing.T) {
	if _, err := Read(t.TempDir()); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("an empty folder: %v", err)
	}
	for name, report := range map[string]string{
		"no JSON":      `{"id":`,
		"outside text": `{"id":"a","text":"short","claims":[{"event":"AID","start":3,"end":99}]}`,
		"backwards":    `{"id":"a","text":"short","claims":[{"event":"AID","start":3,"end":1}]}`,
	} {
		dir := t.TempDir()
		write(t, dir, "reports/a.json", report)
		write(t, dir, "events.json", `[]`)
		if _, err := Read(dir); rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
}
