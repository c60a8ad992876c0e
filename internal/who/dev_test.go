package who

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/language"
)

var (
	update = flag.Bool("update", false, "write the goldens anew")
	misses = flag.String("misses", "", "file to list the gold parties that were not found in")
)

type goldReport struct {
	ID, Text  string
	Published rapport.Date
	Claims    []struct {
		Actor, Recipient []rapport.Party
		Speaker          *rapport.Party
		Start, End       int // code points
	}
}

func goldReports(t testing.TB) []goldReport {
	var out []goldReport
	for _, dir := range []string{"../../../shared/dev/reports", "../../../shared/dev/dossier/reports"} {
		files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
		slices.Sort(files)
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var g goldReport
			if err := json.Unmarshal(raw, &g); err != nil {
				t.Fatal(f, err)
			}
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		t.Skip("../shared/dev is absent: no gold parties to score on")
	}
	return out
}

// TestDevelopmentParties scores the reading of parties on the gold claims of
// the development reports: for each party of a claim, whether some mention of
// its evidence sentence resolves to that country, country and sector, name.
// What a gold party is called by pronoun or in another sentence cannot be
// found here, so the ceiling is well below one. The scores are a golden;
// -update rewrites it.
func TestDevelopmentParties(t *testing.T) {
	var n, country, sector, named, name, reportCountry, report, reportName int
	var missed, never []string
	for _, g := range goldReports(t) {
		doc := language.Parse(g.Text)
		cast := Read(doc, g.Published)
		runes := []rune(g.Text)
		var all []rapport.Party
		for _, ms := range cast.Mentions {
			for _, m := range ms {
				all = append(all, m.Parties...)
			}
		}
		hadNot := map[string]bool{}
		for _, c := range g.Claims {
			a, b := len(string(runes[:c.Start])), len(string(runes[:c.End]))
			var found []rapport.Party
			for si, ms := range cast.Mentions {
				if s := doc.Sentences[si]; s.End <= a || s.Start >= b {
					continue
				}
				for _, m := range ms {
					found = append(found, m.Parties...)
				}
			}
			parties := slices.Concat(c.Actor, c.Recipient)
			if c.Speaker != nil {
				parties = append(parties, *c.Speaker)
			}
			for _, p := range parties {
				n++
				has := func(f func(q rapport.Party) bool) bool { return slices.ContainsFunc(found, f) }
				okCountry := has(func(q rapport.Party) bool { return q.Country == p.Country })
				okSector := has(func(q rapport.Party) bool { return q.Country == p.Country && (q.Sector == p.Sector || p.Sector == "") })
				if slices.ContainsFunc(all, func(q rapport.Party) bool { return q.Country == p.Country }) {
					reportCountry++
				}
				if slices.ContainsFunc(all, func(q rapport.Party) bool { return q.Country == p.Country && (q.Sector == p.Sector || p.Sector == "") }) {
					report++
				} else if k := p.Country + "/" + p.Sector; !hadNot[k] {
					hadNot[k] = true
					never = append(never, g.ID+"\t"+k+"\t"+p.Name+"\t"+strings.ReplaceAll(g.Text[a:b], "\n", " "))
				}
				if p.Name != "" && slices.ContainsFunc(all, func(q rapport.Party) bool { return q.Country == p.Country && q.Name == p.Name }) {
					reportName++
				} else if k := p.Country + "/" + p.Name; p.Name != "" && !hadNot[k] {
					hadNot[k] = true
					never = append(never, g.ID+"\tNAME\t"+p.Country+"/"+p.Name+"\t"+strings.ReplaceAll(g.Text[a:b], "\n", " "))
				}
				okName := true
				if p.Name != "" {
					named++
					okName = has(func(q rapport.Party) bool { return q.Country == p.Country && q.Name == p.Name })
					if okName {
						name++
					}
				}
				if okCountry {
					country++
				}
				if okSector {
					sector++
				}
				if !okSector || !okName {
					missed = append(missed, fmt.Sprintf("%s\t%s/%s/%s\t%s\t%v", g.ID, p.Country, p.Sector, p.Name, strings.ReplaceAll(g.Text[a:b], "\n", " "), brief(found)))
				}
			}
		}
	}
	part := func(a, b int) float64 { return float64(a) / float64(b) }
	got := fmt.Sprintf("gold parties %d, %d with a name\nin the evidence sentence: country %.3f, country and sector %.3f, name %.3f\nin the report: country %.3f, country and sector %.3f, name %.3f\n",
		n, named, part(country, n), part(sector, n), part(name, named), part(reportCountry, n), part(report, n), part(reportName, named))
	t.Log("\n" + got)
	if *misses != "" {
		if err := os.WriteFile(*misses, []byte(strings.Join(append(missed, never...), "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "testdata/development.txt", got)
}

func brief(ps []rapport.Party) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Country+"/"+p.Sector+"/"+p.Name)
	}
	return out
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; run go test ./internal/who -update and read the diff\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}
