// Package dossier reads a folder of gold claims on one pair of countries:
// reports with their claims, the events these belong to, and the facts a brief
// must hold. Merging and briefs are measured on it.
//
//	DIR/reports/*.json     one report a file: id, title, published, outlet, text, sha256, claims;
//	                       a claim has the fields of the coding manual, with start and end of its
//	                       evidence sentence in code points of text
//	DIR/events.json        [{"id", "claims": ["REPORT#INDEX", …]}]; each claim in exactly one
//	DIR/brief-facts.json   [{"fact", "kind", "claims", "conflict"}]
package dossier

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"rapport"
)

// Dossier is what a folder holds. Claims are named "REPORT#INDEX".
type Dossier struct {
	Claims  []rapport.Claim
	Reports map[string]rapport.Report // by id
	Gold    map[string]string         // claim → event
	Facts   []Fact
}

// Events returns how many gold events there are.
func (d *Dossier) Events() int {
	seen := map[string]bool{}
	for _, e := range d.Gold {
		seen[e] = true
	}
	return len(seen)
}

// Fact is something a brief of the pair must tell.
type Fact struct {
	Fact     string   `json:"fact"`
	Kind     string   `json:"kind"`
	Claims   []string `json:"claims"`
	Conflict bool     `json:"conflict"` // its claims disagree and the brief must say so
}

// Read reads the dossier in dir. brief-facts.json may be missing.
func Read(dir string) (*Dossier, error) {
	d := &Dossier{Reports: map[string]rapport.Report{}, Gold: map[string]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "reports", "*.json"))
	if err == nil && len(files) == 0 {
		err = os.ErrNotExist
	}
	if err != nil {
		return nil, &rapport.Error{Kind: rapport.NotFound, Where: filepath.Join(dir, "reports"), What: "holds no report of a dossier", Err: err}
	}
	for _, f := range files {
		if err := d.report(f); err != nil {
			return nil, err
		}
	}
	var events []struct {
		ID     string   `json:"id"`
		Claims []string `json:"claims"`
	}
	if err := read(filepath.Join(dir, "events.json"), &events); err != nil {
		return nil, err
	}
	for _, e := range events {
		for _, c := range e.Claims {
			d.Gold[c] = e.ID
		}
	}
	facts := filepath.Join(dir, "brief-facts.json")
	if _, err := os.Stat(facts); err == nil {
		if err := read(facts, &d.Facts); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func read(file string, into any) error {
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		return &rapport.Error{Kind: rapport.BadInput, Where: file, What: "is no part of a dossier", Err: err}
	}
	return nil
}

func (d *Dossier) report(file string) error {
	var r struct {
		rapport.Report
		Claims []struct {
			rapport.Claim
			Start int `json:"start"`
			End   int `json:"end"`
		} `json:"claims"`
	}
	if err := read(file, &r); err != nil {
		return err
	}
	text := []rune(r.Text)
	for i, g := range r.Claims {
		c := g.Claim
		c.ID, c.Report = fmt.Sprintf("%s#%d", r.ID, i), r.ID
		if g.Start < 0 || g.End > len(text) || g.Start >= g.End {
			return &rapport.Error{Kind: rapport.BadInput, Where: file, What: fmt.Sprintf("claim %d has its sentence outside the text", i)}
		}
		c.Evidence.Text = string(text[g.Start:g.End])
		c.Evidence.Start = len(string(text[:g.Start]))
		c.Evidence.End = c.Evidence.Start + len(c.Evidence.Text)
		d.Claims = append(d.Claims, c)
	}
	d.Reports[r.ID] = r.Report
	return nil
}
