package dossier

import (
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
