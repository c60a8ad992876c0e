package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rapport"
	"rapport/internal/eval"
	"rapport/internal/record"
)

// TestGold: what reviewers decided is what rapport eval reads.
func TestGold(t *testing.T) {
	rec, err := record.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"), record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Close()
	rep := rapport.Report{ID: "../a b", Title: "T", Published: "2024-02-01", Outlet: "Wire", URL: "https://example.org/a", Text: "Çankırı: they met. They quarrelled. They signed. They called."}
	rep.Hash = rapport.HashText(rep.Text)
	var claims []rapport.Claim
	for _, c := range []struct {
		event, cameo string
		from, to     int
	}{{"CONSULT", "040", 0, 22}, {"ACCUSE", "110", 23, 39}, {"AGREE", "030", 40, 52}, {"CONSULT", "041", 53, len(rep.Text)}} {
		x := rapport.Claim{Report: rep.ID, Event: c.event, CAMEO: c.cameo, Status: rapport.Actual, Date: "2024-02-01", Actor: []rapport.Party{{Country: "FRA"}}, Recipient: []rapport.Party{{Country: "TUR"}},
			Context: []string{}, Reasons: []rapport.Reason{}, Coder: "toy 1", Evidence: rapport.Evidence{Span: rapport.Span{Start: c.from, End: c.to}, Text: rep.Text[c.from:c.to]}}
		x.SetID(rep.Hash)
		claims = append(claims, x)
	}
	if _, err := rec.Keep(t.Context(), rep, claims, "toy 1"); err != nil {
		t.Fatal(err)
	}
	other := rapport.Report{ID: "untouched", Text: "Nothing."}
	other.Hash = rapport.HashText(other.Text)
	if _, err := rec.Keep(t.Context(), other, nil, "toy 1"); err != nil {
		t.Fatal(err)
	}
	mended := claims[1]
	mended.Date = "2024-01-31"
	for _, v := range []record.Review{{Claim: claims[0].ID, Verdict: record.Accept}, {Claim: claims[1].ID, Verdict: record.Correct, New: &mended}, {Claim: claims[2].ID, Verdict: record.Reject}} {
		v.Author, v.Time = "ann", "2024-07-01T00:00:00Z"
		if _, err := rec.AddReview(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	var b, again bytes.Buffer
	if err := Gold(t.Context(), &b, rec); err != nil {
		t.Fatal(err)
	}
	if err := Gold(t.Context(), &again, rec); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("not the same bytes twice: %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(z.File) != 1 {
		t.Fatalf("%v, files %d", err, len(z.File))
	}
	dir := t.TempDir()
	f, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if z.File[0].Name != "gold/_a_b.json" {
		t.Errorf("the file is called %q", z.File[0].Name)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.json"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	gold, err := eval.ReadGold(dir)
	if err != nil || len(gold) != 1 {
		t.Fatalf("%d gold reports: %v", len(gold), err)
	}
	g := gold[0]
	if g.ID != rep.ID || g.Text != rep.Text || g.Published != rep.Published || g.URL != rep.URL || len(g.Claims) != 3 {
		t.Fatalf("%+v", g)
	}
	var events []string
	runes := []rune(rep.Text)
	for _, c := range g.Claims {
		events = append(events, c.Event)
		if got := string(runes[c.Start:c.End]); got != c.Evidence.Text {
			t.Errorf("evidence %q, want %q", got, c.Evidence.Text)
		}
	}
	if !slices.Equal(events, []string{"CONSULT", "ACCUSE", "CONSULT"}) || g.Claims[1].Date != "2024-01-31" || g.Claims[0].Optional || g.Claims[1].Optional || !g.Claims[2].Optional {
		t.Errorf("%s, %+v", text, g.Claims)
	}
}
