package record

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rapport"
)

var update = flag.Bool("update", false, "write testdata/format<N>.db.gz of the newest format")

// fillSample keeps one of each thing that a record holds.
func fillSample(t *testing.T, r *Record) {
	t.Helper()
	rep, copied, revised := report("a", "Azerbaijan and Egypt met."), report("b", "Azerbaijan and Egypt met."), report("a", "Azerbaijan and Egypt met twice.")
	rep.Outlet, revised.Outlet = "X", "X"
	revised.Modified, revised.Captions = "2024-06-09", []rapport.Span{{Start: 20, End: 31}}
	revised.Origin = []rapport.Origin{{Text: rapport.Span{Start: 0, End: 31}, Source: rapport.Span{Start: 9, End: 44}}}
	first := claim(rep, "CONSULT", "2024-06-08", "AZE", "EGY")
	kept(t, r, Coded{rep, []rapport.Claim{first}}, "toy 1", New)
	kept(t, r, Coded{copied, []rapport.Claim{claim(copied, "CONSULT", "2024-06-08", "AZE", "EGY")}}, "toy 1", Copied)
	cs := []rapport.Claim{claim(revised, "CONSULT", "2024-06-08", "AZE", "EGY"), claim(revised, "CONSULT", "2024-06", "AZE", "EGY"), claim(revised, "AID", "", "AZE", "EGY")}
	kept(t, r, Coded{revised, cs}, "toy 2", Revised)
	a, b := min(cs[0].ID, cs[1].ID), max(cs[0].ID, cs[1].ID)
	if err := r.AddJudgements(t.Context(), []rapport.Judgement{{A: a, B: b, Same: true, Score: 0.8, Reasons: []string{"same month"}, Author: "rule:toy"},
		{A: a, B: b, Same: true, Score: 1, Author: "ann", Time: "2024-07-01T00:00:00Z"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.AddReview(t.Context(), Review{Claim: cs[2].ID, Verdict: Reject, Author: "ann", Time: "2024-07-01T00:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	d, err := r.Decide(t.Context(), Decision{Pairs: [][2]string{{a, b}}, Author: "bob", Time: "2024-07-02T00:00:00Z"})
	if err == nil {
		_, err = r.Decide(t.Context(), Decision{Undoes: d.N, Author: "bob", Time: "2024-07-03T00:00:00Z"})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := r.SetEvents(t.Context(), []rapport.Event{event("e", "CONSULT", "2024-06-08", "AZE EGY", cs[:2]...)}); err != nil {
		t.Fatal(err)
	}
}

// schema is what a record's tables, indexes and views are made by.
func schema(t *testing.T, r *Record) []string {
	t.Helper()
	l, err := all(rowsOf(t.Context(), r, func(s scanner) (sql string, err error) { return sql, s.Scan(&sql) },
		`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name`))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestOldFormats: a record of every earlier format opens, is brought up to
// date, and holds what it held, in the tables that a fresh one has. When a migration is added, the file of the
// format before it is already here; run with -update once for the new one.
func TestOldFormats(t *testing.T) {
	if *update {
		path := filepath.Join(t.TempDir(), "a.db")
		r := openAt(t, path, Options{Create: true})
		fillSample(t, r)
		small := filepath.Join(t.TempDir(), "b.db")
		if err := r.Backup(t.Context(), small); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(small)
		if err != nil {
			t.Fatal(err)
		}
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
		w.Write(b)
		w.Close()
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(fmt.Sprintf("testdata/format%d.db.gz", version()), z.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	fresh := schema(t, openTemp(t))
	for v := 1; v <= version(); v++ {
		path := filepath.Join(t.TempDir(), "a.db")
		f, err := os.Open(fmt.Sprintf("testdata/format%d.db.gz", v))
		if err != nil {
			t.Fatalf("%v (make it with -update)", err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		r := openAt(t, path, Options{})
		sound(t, r)
		if got := schema(t, r); !slices.Equal(got, fresh) {
			t.Errorf("format %d comes to other tables than a fresh record's:\n%q\n%q", v, got, fresh)
		}
		s, err := r.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		judgements, decisions := 2, 0
		if v >= 2 { // from then on the sample has a decision and its undoing
			judgements, decisions = 3, 2
		}
		if ds, err := r.Decisions(t.Context()); err != nil || len(ds) != decisions {
			t.Errorf("format %d: decisions %v %v", v, ds, err)
		}
		if js, err := r.PersonJudgements(t.Context()); err != nil || len(js) != 1 {
			t.Errorf("format %d: judgements of persons that count: %v %v", v, js, err)
		}
		if l, err := r.Family(t.Context(), "b"); err != nil || len(l) != 1 { // the other has a new text now
			t.Errorf("format %d: family %v %v", v, l, err)
		}
		if s.Format != version() || s.Reports != 2 || s.Versions != 1 || s.Families != 2 || s.Claims != 3 || s.Withdrawn != 2 || s.Judgements != judgements || s.Reviews != 1 || s.Events != 1 {
			t.Errorf("format %d holds %+v", v, s)
		}
		if es, err := r.EventsBetween(t.Context(), rapport.NewDyad("AZE", "EGY"), Filter{}); err != nil || len(es) != 1 || es[0].ID != "e" {
			t.Errorf("format %d: events %v %v", v, es, err)
		}
		if hits, err := r.Search(t.Context(), "meets OR twice egypt", 0); err != nil || len(hits) != 1 || len(hits[0].Claims) != 2 {
			t.Errorf("format %d: search %+v %v", v, hits, err)
		}
		if rep, err := r.Report(t.Context(), "a"); err != nil || (rep.Modified != "") != (v >= 5) || (len(rep.Captions) == 1) != (v >= 5) || (len(rep.Origin) == 1) != (v >= 5) {
			t.Errorf("format %d: what a page told of a report: %+v %v", v, rep, err)
		}
		rep := report("c", "Later.")
		kept(t, r, Coded{Report: rep}, "toy 2", New)
	}
}
