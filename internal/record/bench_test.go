package record

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
)

// go test -bench . -reports 200000 -db /tmp/big.db makes the big record once
// and measures on it again and again.
var (
	benchReports = flag.Int("reports", 2000, "reports in the generated record of the benchmarks, ten claims each")
	benchDB      = flag.String("db", "", "where to keep the generated record; empty makes a new one each time")
)

// BenchmarkKeep keeps reports one by one, each on the disk before the next.
func BenchmarkKeep(b *testing.B) {
	r := openTemp(b)
	in := slices.Collect(newGenerator(1).reports(b.N, 14, 10))
	b.ResetTimer()
	for _, c := range in {
		if _, err := r.Keep(b.Context(), c.Report, c.Claims, "toy 1"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

// BenchmarkKeepMany keeps in bulk. rows/s counts rows of report, claim and
// claim_dyad; all-rows/s those of every table, the full text's chunks and the
// strands among them.
func BenchmarkKeepMany(b *testing.B) {
	in := slices.Collect(newGenerator(1).reports(2000, 14, 10))
	var rows, all int
	for b.Loop() {
		b.StopTimer()
		r := openTemp(b)
		b.StartTimer()
		if err := r.KeepMany(b.Context(), slices.Values(in), "toy 1", nil); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		rows, all = countRows(b, r, "report", "claim", "claim_dyad"), countRows(b, r, "report", "claim", "claim_dyad", "unmerged", "strand", "dyad", "coder", "word_segment", "word_chunk")
		b.StartTimer()
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(all)*float64(b.N)/b.Elapsed().Seconds(), "all-rows/s")
	b.ReportMetric(float64(len(in))*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

func countRows(b *testing.B, r *Record, tables ...string) (sum int) {
	b.Helper()
	for _, t := range tables {
		var n int
		if err := r.read.QueryRowContext(b.Context(), "SELECT count(*) FROM "+t).Scan(&n); err != nil {
			b.Fatal(err)
		}
		sum += n
	}
	return sum
}

func bigRecord(b *testing.B) *Record {
	b.Helper()
	path := *benchDB
	if path == "" {
		path = filepath.Join(b.TempDir(), "a.db")
	}
	if _, err := os.Stat(path); err == nil {
		r := openAt(b, path, Options{})
		deriveEvents(b, r)
		return r
	}
	r := openAt(b, path, Options{Create: true})
	start := time.Now()
	if err := r.KeepMany(b.Context(), newGenerator(1).reports(*benchReports, 14, 10), "toy 1", nil); err != nil {
		b.Fatal(err)
	}
	if *benchDB != "" {
		fmt.Printf("made %s in %v\n", path, time.Since(start).Round(time.Second))
	}
	deriveEvents(b, r)
	return r
}

// deriveEvents makes events of the claims of a generated record that has none:
// one of those of one type and status between the same on one day.
func deriveEvents(b *testing.B, r *Record) {
	b.Helper()
	if countRows(b, r, "event") > 0 {
		return
	}
	at := map[string]int{}
	var events []rapport.Event
	for c, err := range r.AllClaims(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		key := fmt.Sprint(c.Event, c.Status, c.Date, c.Actor[0].Country, c.Recipient[0].Country)
		if i, ok := at[key]; ok && len(c.Date) == len("2006-01-02") {
			events[i].Claims = append(events[i].Claims, c.ID)
			events[i].Reports++
			continue
		}
		at[key] = len(events)
		events = append(events, rapport.Event{ID: "ev-" + c.ID, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, Actor: c.Actor, Recipient: c.Recipient, Status: c.Status,
			Date: c.Date, DateBasis: c.DateBasis, Place: c.Place, Quad: c.Quad, Score: c.Score, Claims: []string{c.ID}, Reports: 1})
	}
	if err := r.SetEvents(b.Context(), events); err != nil {
		b.Fatal(err)
	}
}

// percentiles runs f b.N times and reports its median and 99th percentile.
func percentiles(b *testing.B, f func(i int)) {
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	for i := range took {
		start := time.Now()
		f(i)
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkPair reads a page of a hundred claims of a dyad's timeline, from
// its beginning or from some day on, over the 500 dyads most told about.
func BenchmarkPair(b *testing.B) {
	r := bigRecord(b)
	dyads, err := r.Dyads(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	n := min(500, len(dyads))
	claims := 0
	percentiles(b, func(i int) {
		f := Filter{Limit: 100}
		if i%2 == 1 {
			f.Since = rapport.Date(fmt.Sprint(1990 + i*7%36))
		}
		l, err := r.ClaimsBetween(b.Context(), dyads[i*31%n].Dyad, f)
		if err != nil {
			b.Fatal(err)
		}
		claims += len(l)
	})
	b.ReportMetric(float64(claims)/float64(b.N), "claims/op")
}

// BenchmarkEventPage reads a page of fifty events of a list, by no filter and by
// each kind of filter, the first page or a later one.
func BenchmarkEventPage(b *testing.B) {
	r := bigRecord(b)
	for _, c := range []struct {
		name string
		f    func(i int) EventFilter
	}{
		{"all", func(i int) EventFilter { return EventFilter{Newest: i%2 == 0} }},
		{"since", func(i int) EventFilter { return EventFilter{Since: rapport.Date(fmt.Sprint(1990 + i*7%36))} }},
		{"window", func(i int) EventFilter {
			y := rapport.Date(fmt.Sprint(1990 + i*7%36))
			return EventFilter{Since: y, Until: y}
		}},
		{"pair", func(i int) EventFilter {
			return EventFilter{Pair: rapport.NewDyad(countries[i%20], countries[(i/20+i+1)%40]), Newest: i%2 == 0}
		}},
		{"pair and year", func(i int) EventFilter {
			y := rapport.Date(fmt.Sprint(1990 + i*7%36))
			return EventFilter{Pair: rapport.NewDyad(countries[i%20], countries[(i/20+i+1)%40]), Since: y, Until: y}
		}},
		{"party", func(i int) EventFilter {
			return EventFilter{Party: countries[i%len(countries) : i%len(countries)+1]}
		}},
		{"type", func(i int) EventFilter {
			return EventFilter{Events: eventTypes[i%len(eventTypes) : i%len(eventTypes)+1]}
		}},
		{"type and status", func(i int) EventFilter {
			return EventFilter{Events: []string{"COERCE"}, Status: []rapport.Status{"negated"}, Newest: i%2 == 0}
		}},
		{"words", func(i int) EventFilter { return EventFilter{Text: "b"} }},
		{"no such words", func(i int) EventFilter { return EventFilter{Text: "qqq"} }},
	} {
		b.Run(c.name, func(b *testing.B) {
			events := 0
			percentiles(b, func(i int) {
				f := c.f(i)
				f.Limit = 20
				p, err := r.EventPage(b.Context(), f, Mark{})
				if err == nil && i%3 == 0 && p.More {
					p, err = r.EventPage(b.Context(), f, p.Next)
				}
				if err != nil {
					b.Fatal(err)
				}
				events += len(p.Rows)
			})
			b.ReportMetric(float64(events)/float64(b.N), "events/op")
		})
	}
}

// BenchmarkSearch looks for two words, common ones and rare ones.
func BenchmarkSearch(b *testing.B) {
	r := bigRecord(b)
	g := newGenerator(77)
	hits := 0
	percentiles(b, func(i int) {
		l, err := r.Search(b.Context(), strings.ToLower(g.vocab[g.words.Uint64()])+" "+g.vocab[20+g.rng.IntN(5000)], 20)
		if err != nil {
			b.Fatal(err)
		}
		hits += len(l)
	})
	b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
}

// BenchmarkAllClaims reads every claim of the record.
func BenchmarkAllClaims(b *testing.B) {
	r := bigRecord(b)
	n := 0
	for b.Loop() {
		for _, err := range r.AllClaims(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "claims/s")
}
