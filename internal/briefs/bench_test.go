package briefs

import (
	"context"
	"flag"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
)

var (
	benchEvents = flag.Int("events", 2000, "events of the pair that the benchmarks write briefs on")
	benchMost   = flag.Int("claims", 0, "with -db, claims of the pair at most; 0 is any number")
	benchDB     = flag.String("db", "", "a record to write the brief of its busiest pair from, such as the benchmarks of package record make; empty makes one of a single pair")
)

// busiest returns the record that benchmarks read, and the pair of which it
// tells most.
func busiest(b *testing.B) (*record.Record, rapport.Dyad) {
	b.Helper()
	if *benchDB == "" {
		return largePair(b), rapport.NewDyad("ESP", "MAR")
	}
	rec, err := record.Open(b.Context(), *benchDB, record.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rec.Close() })
	dyads, err := rec.Dyads(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range dyads { // most claims first
		if *benchMost == 0 || d.Claims <= *benchMost {
			return rec, d.Dyad
		}
	}
	b.Fatal("the record has no such pair")
	return nil, rapport.Dyad{}
}

// largePair is a record of one pair with so many events, each told by one or two
// of half as many reports over thirty years.
func largePair(b *testing.B) *record.Record {
	b.Helper()
	rec, err := record.Open(b.Context(), filepath.Join(b.TempDir(), "r.db"), record.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rec.Close() })
	rng := rand.New(rand.NewPCG(3, 5))
	var coded []record.Coded
	var events []rapport.Event
	types := ontology.Types()
	day := time.Date(1994, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := 0; len(events) < *benchEvents; i++ {
		day = day.AddDate(0, 0, 5)
		r := rapport.Report{ID: fmt.Sprintf("r%05d", i), Title: "A title of some seven or eight words", Published: rapport.Day(day), Outlet: fmt.Sprintf("Outlet %d", i%40), URL: fmt.Sprint("https://example.org/", i)}
		var cs []rapport.Claim
		var text strings.Builder
		for k := range 3 {
			typ := types[rng.IntN(len(types))]
			s := fmt.Sprintf("On that day number %d the government of Spain told the government of Morocco, as sentence %d of this report has it, what it thought of fishing and of trade worth %d million euros.", i, k, rng.IntN(900))
			from := text.Len()
			text.WriteString(s + " ")
			c := rapport.Claim{Report: r.ID, Event: typ.Code, CAMEO: ontology.DefaultCAMEO(typ.Code, "", ""), Status: rapport.Actual, Date: rapport.Day(day.AddDate(0, 0, -k)), DateBasis: rapport.DateFromText,
				Actor: []rapport.Party{spain}, Recipient: []rapport.Party{maroc}, Quad: typ.Quad, Score: typ.Score, Confidence: 0.8, Context: []string{"economic"}, Coder: "toy 1",
				Evidence: rapport.Evidence{Sentence: k, Span: rapport.Span{Start: from, End: from + len(s)}, Text: s},
				Reasons:  []rapport.Reason{{Field: "event", Rule: "what/toy", Span: [2]int{from + 40, from + 44}}, {Field: "actor", Rule: "who/country", Span: [2]int{from, from + 4}}}}
			if typ.Code == "CONSULT" && k%2 == 0 {
				c.Mode, c.CAMEO = "visit", "042"
			}
			cs = append(cs, c)
		}
		r.Text = text.String()
		r.Hash = rapport.HashText(r.Text)
		for k := range cs {
			cs[k].SetID(r.Hash)
			c := cs[k]
			events = append(events, rapport.Event{ID: "ev-" + c.ID, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, Actor: c.Actor, Recipient: c.Recipient, Status: c.Status,
				Date: c.Date, DateBasis: c.DateBasis, Quad: c.Quad, Score: c.Score, Claims: []string{c.ID}, Reports: 1})
		}
		coded = append(coded, record.Coded{Report: r, Claims: cs})
	}
	if err := rec.KeepMany(b.Context(), values(coded), "toy 1", nil); err != nil {
		b.Fatal(err)
	}
	if err := rec.SetEvents(b.Context(), events); err != nil {
		b.Fatal(err)
	}
	return rec
}

func values(cs []record.Coded) iter.Seq[record.Coded] {
	return func(yield func(record.Coded) bool) {
		for _, c := range cs {
			if !yield(c) {
				return
			}
		}
	}
}

// BenchmarkOnePageOfRecord reads a large pair from a record and writes its brief
// on one page; -events sets how large, -db takes another record.
func BenchmarkOnePageOfRecord(b *testing.B) {
	rec, pair := busiest(b)
	for _, f := range Formats()[:4] {
		b.Run(f, func(b *testing.B) {
			for b.Loop() {
				r, err := relations.LoadPair(context.Background(), rec, pair, "")
				if err != nil {
					b.Fatal(err)
				}
				if err := Write(io.Discard, f, r, Options{OnePage: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad is the reading of it alone, with and without what the reports
// tell beside the pair.
func BenchmarkLoad(b *testing.B) {
	rec, pair := busiest(b)
	for _, l := range []struct {
		name string
		load func(context.Context, *record.Record, rapport.Dyad, rapport.Date) (*relations.Relation, error)
	}{{"pair", relations.LoadPair}, {"beside", relations.Load}} {
		b.Run(l.name, func(b *testing.B) {
			var r *relations.Relation
			var err error
			for b.Loop() {
				if r, err = l.load(context.Background(), rec, pair, ""); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.Coverage.Claims), "claims")
			b.ReportMetric(float64(len(r.Related)), "related")
		})
	}
}
