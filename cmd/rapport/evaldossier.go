package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/merge"
	"rapport/internal/merge/dossier"
	"rapport/internal/pipeline"
)

// dossierScore is what `rapport eval dossier --format json` prints.
type dossierScore struct {
	Dossier    string          `json:"dossier"`
	Over       string          `json:"over"` // "gold" or "coded"
	Reports    int             `json:"reports"`
	GoldClaims int             `json:"gold_claims"`
	GoldEvents int             `json:"gold_events"`
	Claims     int             `json:"claims"`  // merged
	Events     int             `json:"events"`  // they came to
	Aligned    int             `json:"aligned"` // merged claims that a gold claim stands for: what B³ is taken over
	BCubed     merge.Agreement `json:"b3"`
	Alone      merge.Agreement `json:"alone"`            // of the same claims, each an event of its own
	Strict     merge.Agreement `json:"strict"`           // a claim without its counterpart counts 0
	Apart      [][]string      `json:"apart,omitempty"`  // pairs of gold claims of one event that were not joined
	Joined     [][]string      `json:"joined,omitempty"` // and of two events that were
}

func evalDossier(s *session, args []string) error {
	o := newOptions("eval")
	coded := o.Bool("coded", false, "")
	details := o.Bool("details", false, "")
	format := o.choice("format", "text", "json")
	dirs, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(dirs) != 1 {
		return usage("eval", "a dossier is one folder, %d are named", len(dirs))
	}
	d, err := dossier.Read(dirs[0])
	if err != nil {
		return err
	}
	score, err := scoreDossier(s, d, *coded)
	if err != nil {
		return err
	}
	score.Dossier = dirs[0]
	if *format == "json" {
		return s.printJSON(score)
	}
	return s.print([]byte(score.text(*details)))
}

// scoreDossier merges the gold claims of a dossier, or Rapport's own over its
// reports, and holds the events against the gold ones.
func scoreDossier(s *session, d *dossier.Dossier, coded bool) (*dossierScore, error) {
	cs, over := d.Claims, "gold"
	gold := map[string]string{} // gold claim by claim merged
	if coded {
		over = "coded"
		var err error
		if cs, err = codeDossier(s, d); err != nil {
			return nil, err
		}
		gold = d.Align(cs)
	} else {
		for i := range cs {
			gold[cs[i].ID] = cs[i].ID
		}
	}
	events := merge.Events(cs, d.Reports, merge.Judge(cs, d.Reports))
	got, whole := map[string]string{}, map[string]string{} // event by gold claim, by claim merged
	for _, e := range events {
		for _, c := range e.Claims {
			whole[c] = e.ID
			if g, ok := gold[c]; ok {
				got[g] = e.ID
			}
		}
	}
	want := map[string]string{} // gold event of the gold claims that got a counterpart
	for g := range got {
		want[g] = d.Gold[g]
		if want[g] == "" {
			want[g] = "alone " + g
		}
	}
	score := &dossierScore{
		Over: over, Reports: len(d.Reports), GoldClaims: len(d.Claims), GoldEvents: d.Events(), Claims: len(cs), Events: len(events),
		Aligned: len(got), BCubed: merge.BCubed(want, got), Alone: merge.BCubed(want, nil), Strict: merge.BCubedStrict(d.Gold, whole, gold),
	}
	score.differences(want, got)
	return score, nil
}

func codeDossier(s *session, d *dossier.Dossier) ([]rapport.Claim, error) {
	reports := func(yield func(rapport.Report, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(d.Reports)) {
			if !yield(d.Reports[id], nil) {
				return
			}
		}
	}
	var cs []rapport.Claim
	for c, err := range pipeline.Code(s, reports, claims.New(), 0) {
		if err != nil {
			return nil, err
		}
		cs = append(cs, c.Claims...)
	}
	return cs, nil
}

// differences lists the pairs of gold claims on which the two partings differ.
func (d *dossierScore) differences(want, got map[string]string) {
	ids := slices.Sorted(maps.Keys(want))
	for i, a := range ids {
		for _, b := range ids[i+1:] {
			switch one, is := want[a] == want[b], got[a] == got[b]; {
			case one && !is:
				d.Apart = append(d.Apart, []string{a, b})
			case !one && is:
				d.Joined = append(d.Joined, []string{a, b})
			}
		}
	}
}

func (d *dossierScore) text(details bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s of %s\n", tameLine(d.Dossier), count(d.Reports, "report"), count(d.GoldClaims, "gold claim"), count(d.GoldEvents, "event"))
	fmt.Fprintf(&b, "%d %s claims merged into %s; scored over %d\n\n", d.Claims, d.Over, count(d.Events, "event"), d.Aligned)
	fmt.Fprintf(&b, "            P      R      F1\n")
	for _, l := range []struct {
		name string
		a    merge.Agreement
	}{{"B³", d.BCubed}, {"alone", d.Alone}, {"strict", d.Strict}} {
		if l.name == "strict" && d.Over == "gold" {
			continue // the same
		}
		fmt.Fprintf(&b, "%-8s %.3f  %.3f  %.3f\n", l.name, l.a.Precision, l.a.Recall, l.a.F1)
	}
	if details {
		for _, l := range []struct {
			what  string
			pairs [][]string
		}{{"apart, gold joins them", d.Apart}, {"joined, gold parts them", d.Joined}} {
			for _, p := range l.pairs {
				fmt.Fprintf(&b, "%s: %s\n", l.what, tameLine(strings.Join(p, " ")))
			}
		}
	}
	return b.String()
}
