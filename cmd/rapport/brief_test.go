package main

import (
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/claims"
	"rapport/internal/record"
)

// TestBriefWithoutWriting: where an add was stopped before it merged and the
// record cannot be written, the brief is the one that it would be otherwise,
// and the record stays as it was.
func TestBriefWithoutWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	rec, err := record.Open(t.Context(), path, record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	rep := rapport.Report{ID: "first", Text: "Egypt thanked Azerbaijan.", Published: "2024-06-08", Basis: rapport.BasisGiven}
	rep.Hash = rapport.HashText(rep.Text)
	coder := claims.New()
	res, err := coder.Code(&rep)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rec.Keep(t.Context(), rep, res.Claims, coder.Version()); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	s := &session{t.Context(), strings.NewReader(""), io.Discard, io.Discard}
	pair := rapport.NewDyad("AZE", "EGY")
	brief := func() string {
		t.Helper()
		rec, closed, err := openMerged(s, path, pair)
		if err != nil {
			t.Fatal(err)
		}
		defer closed()
		b, err := briefOf(s, rec, pair, "", "md", briefs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	// Another process writes and does not finish.
	db, err := sql.Open("sqlite", "file://"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	copied := brief()
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(was) {
		t.Errorf("the record is another than before: %v", err)
	}
	if written := brief(); copied != written || !strings.Contains(copied, "thanked") {
		t.Errorf("from a copy:\n%s\nfrom the record:\n%s", copied, written)
	}
}
