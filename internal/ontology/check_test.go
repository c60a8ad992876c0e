package ontology

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport"
)

func soundClaim() rapport.Claim {
	return rapport.Claim{
		ID: "1", Event: "CONSULT", Mode: "visit", CAMEO: "042", Quad: 1, Score: 4, Status: rapport.Actual,
		Actor:     []rapport.Party{{Country: "AZE", Sector: "GOV"}},
		Recipient: []rapport.Party{{Country: "IGO"}},
		Speaker:   &rapport.Party{Country: "EGY", Sector: "LEG"},
		Context:   []string{"diplomatic"},
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		want string // part of the complaint, empty for none
		edit func(*rapport.Claim)
	}{
		{"", func(*rapport.Claim) {}},
		{"", func(c *rapport.Claim) { c.CAMEO = "012" }}, // dropped by PLOVER, fits any
		{"", func(c *rapport.Claim) { c.Event, c.Mode, c.CAMEO, c.Quad, c.Score = "RETREAT", "resign", "080", 2, 4.5 }},
		{"", func(c *rapport.Claim) {
			c.Event, c.Mode, c.CAMEO, c.About, c.Score = "AGREE", "", "0353", "RETREAT:release", 2.5
		}},
		{"no PLOVER event type", func(c *rapport.Claim) { c.Event = "MEET" }},
		{"no mode of CONSULT", func(c *rapport.Claim) { c.Mode = "troops" }},
		{"takes no about", func(c *rapport.Claim) { c.About = "AID" }},
		{"no PLOVER event", func(c *rapport.Claim) { c.Event, c.Mode, c.About = "AGREE", "", "CONSULT:troops" }},
		{"quad is 4", func(c *rapport.Claim) { c.Quad = 4 }},
		{"score is 2.5, CONSULT:visit is 4", func(c *rapport.Claim) { c.Score = 2.5 }},
		{"no CAMEO code", func(c *rapport.Claim) { c.CAMEO = "999" }},
		{"CAMEO 190 is ASSAULT", func(c *rapport.Claim) { c.CAMEO = "190" }},
		{"no status", func(c *rapport.Claim) { c.Status = "past" }},
		{"no context", func(c *rapport.Claim) { c.Context = []string{"diplomatic", "sundry"} }},
		{"no country code", func(c *rapport.Claim) { c.Actor[0].Country = "XYZ" }},
		{"no sector", func(c *rapport.Claim) { c.Recipient[0].Sector = "XYZ" }},
		{"no country code", func(c *rapport.Claim) { c.Speaker.Country = "" }},
	} {
		claim := soundClaim()
		c.edit(&claim)
		err := Check(&claim)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("unexpected: %v", err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("got %v, want %q", err, c.want)
		case err != nil && rapport.KindOf(err) != rapport.BadInput:
			t.Errorf("%v is of kind %v", err, rapport.KindOf(err))
		}
	}
}

// reference holds the codes of a report of the development set, which is not
// part of this repository.
type reference struct {
	ID     string          `json:"id"`
	Claims []rapport.Claim `json:"claims"`
}

func references(t *testing.T) []reference {
	t.Helper()
	shared := filepath.Join("..", "..", "..", "shared")
	var files []string
	for _, dir := range []string{"dev/reports", "dev/dossier/reports", "seed"} {
		f, err := filepath.Glob(filepath.Join(shared, filepath.FromSlash(dir), "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f...)
	}
	if len(files) == 0 {
		t.Skip("no annotated reports: ../shared does not lie beside the repository")
	}
	var out []reference
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var r reference
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if r.ID == "" {
			r.ID = strings.TrimSuffix(filepath.Base(f), ".json")
		}
		out = append(out, r)
	}
	return out
}

func TestReferenceCodesAreKnown(t *testing.T) {
	n := 0
	for _, r := range references(t) {
		for i, c := range r.Claims {
			n++
			c.ID = fmt.Sprintf("%s/%d", r.ID, i)
			c.Quad, c.Score = Quad(c.Event), Score(c.Event, c.Mode) // not annotated
			if err := Check(&c); err != nil {
				t.Error(err)
			}
		}
	}
	t.Logf("%d claims", n)
}

// A code's mode is the one it has unless the report tells another: these are
// the modes that reports do tell beside codes with a mode of their own.
var otherModes = map[string]string{
	"154 weapons":        "CAMEO does not tell ships and aircraft from troops",
	"145 vandalize":      "CAMEO does not tell vandalism from riot",
	"185 unconventional": "an assassination by nerve agent: the weapon is told",
}

func TestCrosswalkAgreesWithReferences(t *testing.T) {
	same, all := 0, 0
	for _, r := range references(t) {
		for i, c := range r.Claims {
			k, ok := CAMEOOf(c.CAMEO)
			if !ok {
				continue // TestReferenceCodesAreKnown says so
			}
			switch {
			case k.Event != c.Event && c.Mode != "resign": // 080: see defaults.tsv
				t.Errorf("%s/%d: %s is %s, annotated %s", r.ID, i, k.Code, k.Event, c.Event)
			case c.Mode != "" && k.Mode != "" && c.Mode != k.Mode && otherModes[k.Code+" "+c.Mode] == "":
				t.Errorf("%s/%d: %s is %s, annotated %s", r.ID, i, k.Code, join(k.Event, k.Mode), join(c.Event, c.Mode))
			}
			all++
			if d := DefaultCAMEO(c.Event, c.Mode, c.About); strings.HasPrefix(c.CAMEO, d) {
				same++
			}
		}
	}
	t.Logf("DefaultCAMEO gives the annotated code or its parent for %d of %d claims", same, all)
}
