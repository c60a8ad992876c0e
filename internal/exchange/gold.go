package exchange

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/internal/record"
)

// GoldReport is a report with the claims that persons found in it, as rapport
// eval reads it: internal/eval/testdata/gold/README.md has the format.
type GoldReport struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	Published rapport.Date `json:"published"`
	Outlet    string       `json:"outlet"`
	URL       *string      `json:"url"`
	Language  string       `json:"language"`
	Kind      string       `json:"kind"` // "reviewed"
	SHA256    string       `json:"sha256"`
	Text      string       `json:"text"`
	Claims    []GoldClaim  `json:"claims"`
}

// GoldClaim is a claim as it stands, with its evidence in code points of the
// text. Optional are those that no person has reviewed: they cost nothing when
// they are missed.
type GoldClaim struct {
	rapport.Claim
	Start    int
	End      int
	Optional bool
}

// MarshalJSON writes the claim's fields without what only its coder knows.
func (g GoldClaim) MarshalJSON() ([]byte, error) {
	b, err := g.Claim.MarshalJSON()
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, err
	}
	for _, f := range []string{"id", "report", "reasons", "coder", "confidence", "also"} {
		delete(fields, f)
	}
	for name, v := range map[string]any{"start": g.Start, "end": g.End, "optional": g.Optional} {
		if fields[name], err = json.Marshal(v); err != nil {
			return nil, err
		}
	}
	return json.Marshal(fields)
}

// Gold writes every report of which a person reviewed a claim as a gold report,
// one JSON file each in a ZIP archive. Claims that were rejected are left out, so
// that coding them counts as wrong; accepted ones stand as coded and corrected
// ones as corrected; those nobody reviewed are optional. The same record gives
// the same bytes.
func Gold(ctx context.Context, w io.Writer, rec *record.Record) error {
	ids, err := rec.Reviewed(ctx)
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	names := map[string]bool{}
	for _, id := range ids {
		g, err := goldOf(ctx, rec, id)
		if err != nil {
			return err
		}
		name := fileName(id)
		for n := 2; names[name]; n++ {
			name = fmt.Sprintf("%s-%d", fileName(id), n)
		}
		names[name] = true
		f, err := z.Create("gold/" + name + ".json")
		if err != nil {
			return err
		}
		enc := json.NewEncoder(f)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(g); err != nil {
			return err
		}
	}
	return z.Close()
}

func goldOf(ctx context.Context, rec *record.Record, id string) (g GoldReport, err error) {
	rep, err := rec.Report(ctx, id)
	if err != nil {
		return g, err
	}
	claims, err := rec.ClaimsOf(ctx, id)
	if err != nil {
		return g, err
	}
	g = GoldReport{ID: rep.ID, Title: rep.Title, Published: rep.Published, Outlet: rep.Outlet, Language: rep.Language, Kind: "reviewed", SHA256: rep.Hash, Text: rep.Text, Claims: []GoldClaim{}}
	if rep.URL != "" {
		g.URL = &rep.URL
	}
	for _, c := range claims {
		vs, err := rec.Reviews(ctx, c.ID)
		if err != nil {
			return g, err
		}
		o := GoldClaim{Claim: c, Optional: !stands(vs)}
		o.Start = utf8.RuneCountInString(rep.Text[:c.Evidence.Start])
		o.End = o.Start + utf8.RuneCountInString(c.Evidence.Text)
		g.Claims = append(g.Claims, o)
	}
	return g, nil
}

// stands reports whether a review was not undone.
func stands(vs []record.Review) bool {
	undone := map[int64]bool{}
	for _, v := range vs {
		undone[v.Undoes] = true
	}
	for _, v := range vs {
		if v.Verdict != record.Undo && !undone[v.N] {
			return true
		}
	}
	return false
}

// fileName makes a report's id fit for the name of a file.
func fileName(id string) string {
	s := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, id)
	if s = strings.TrimLeft(s[:min(len(s), 120)], "."); s == "" {
		return "report"
	}
	return s
}
