package pipeline

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/merge/dossier"
	"rapport/internal/record"
)

// TestMergeAsTheyCome: a dossier kept and merged report by report comes to
// nearly the events that merging all of it comes to, and rebuilding makes it
// the same.
func TestMergeAsTheyCome(t *testing.T) {
	d, err := dossier.Read("../merge/testdata/jpn-kor")
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecord(t)
	ids := slices.SortedFunc(maps.Keys(d.Reports), func(a, b string) int {
		return cmp.Or(cmp.Compare(d.Reports[a].Published, d.Reports[b].Published), cmp.Compare(a, b))
	})
	for _, id := range ids {
		var cs []rapport.Claim
		for _, c := range d.Claims {
			if c.Report == id {
				cs = append(cs, c)
			}
		}
		if _, err := rec.Keep(t.Context(), d.Reports[id], cs, "gold"); err != nil {
			t.Fatal(err)
		}
		if _, err := mergeSome(t.Context(), rec, 1); err != nil {
			t.Fatal(err)
		}
		if stale, err := rec.Stale(t.Context()); err != nil || len(stale) > 0 {
			t.Fatalf("%v still wait: %v", stale, err)
		}
	}
	events := func() map[string]string {
		of := map[string]string{}
		for _, c := range d.Claims {
			e, err := rec.EventOf(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			of[c.ID] = e.ID
		}
		return of
	}
	whole := map[string]string{}
	for _, e := range merge.Events(d.Claims, d.Reports, merge.Judge(d.Claims, d.Reports)) {
		for _, c := range e.Claims {
			whole[c] = e.ID
		}
	}
	if a := merge.BCubed(whole, events()); a.F1 < 0.98 {
		t.Errorf("as they come B³ against the whole is %+v", a)
	} else {
		t.Logf("against merging the whole: %+v; against gold: %+v", a, merge.BCubed(d.Gold, events()))
	}
	if _, err := Rebuild(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
	if a := merge.BCubed(whole, events()); a.F1 != 1 {
		t.Errorf("after rebuilding B³ against the whole is %+v", a)
	}
	if ps, err := rec.Check(t.Context()); err != nil || len(ps) > 0 {
		t.Errorf("%v %v", ps, err)
	}
}

// go test -bench MergeNew -claims 1000000 -db /tmp/m.db makes the record once.
var (
	benchClaims = flag.Int("claims", 30_000, "claims in the record of the benchmarks")
	benchDB     = flag.String("db", "", "where to keep the record of the benchmarks; empty makes a new one each time")
)

// told makes reports of ten claims each: events of pairs of countries, some
// told about much more than others, an eighth of the claims with a wide date.
func told(seed uint64, n int) func(yield func(record.Coded) bool) {
	rng := rand.New(rand.NewPCG(seed, 1))
	zipf := rand.NewZipf(rng, 1.2, 6, 199)
	country := func() string {
		i := zipf.Uint64()
		return string([]byte{'A' + byte(i/26), 'A' + byte(i%26), 'X'})
	}
	types := []string{"CONSULT", "CONSULT", "SUPPORT", "AGREE", "ACCUSE", "REQUEST", "AID", "COOPERATE", "SANCTION", "ASSAULT"}
	return func(yield func(record.Coded) bool) {
		for i := range n {
			day := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rng.IntN(36*365))
			rep := rapport.Report{ID: fmt.Sprintf("r%d-%d", seed, i), Published: rapport.Day(day)}
			c := record.Coded{Report: rep}
			for k := range 10 {
				a, b := country(), country()
				text := fmt.Sprintf("%s and %s, %d, spoke of %d and %d.", a, b, k, rng.IntN(500), rng.IntN(500))
				date := rapport.Day(day.AddDate(0, 0, -rng.IntN(3)))
				switch rng.IntN(24) {
				case 0:
					date = date[:7]
				case 1:
					date = date[:4]
				case 2:
					date = ""
				}
				cl := rapport.Claim{Report: rep.ID, Event: types[rng.IntN(len(types))], CAMEO: "040", Status: rapport.Actual, Date: date,
					Actor: []rapport.Party{{Country: a, Sector: "GOV"}}, Recipient: []rapport.Party{{Country: b, Sector: "GOV"}},
					Evidence: rapport.Evidence{Span: rapport.Span{Start: len(c.Report.Text), End: len(c.Report.Text) + len(text)}, Text: text}}
				c.Report.Text += text + " "
				cl.ID = fmt.Sprintf("%s-%d", rep.ID, k)
				c.Claims = append(c.Claims, cl)
			}
			if !yield(c) {
				return
			}
		}
	}
}

// BenchmarkMergeNew keeps reports of ten claims one by one in a large record
// and merges after each.
func BenchmarkMergeNew(b *testing.B) {
	path := *benchDB
	if path == "" {
		path = filepath.Join(b.TempDir(), "a.db")
	}
	fresh := path == "" || *benchDB == ""
	rec, err := record.Open(b.Context(), path, record.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	defer rec.Close()
	if _, all, err := rec.Waiting(b.Context()); err != nil || all == 0 {
		start := time.Now()
		if err := rec.KeepMany(b.Context(), told(1, *benchClaims/10), "toy 1", nil); err != nil {
			b.Fatal(err)
		}
		kept := time.Since(start)
		if _, err := Rebuild(b.Context(), rec); err != nil {
			b.Fatal(err)
		}
		if !fresh {
			b.Logf("%d claims kept in %v, merged with reading and keeping in %v", *benchClaims, kept, time.Since(start)-kept)
		}
	}
	seed := uint64(time.Now().UnixNano()) // other reports each time the record is used
	in := slices.Collect(told(seed, b.N))
	compared := 0
	b.ResetTimer()
	for _, c := range in {
		b.StopTimer()
		if _, err := rec.Keep(b.Context(), c.Report, c.Claims, "toy 1"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		m, err := mergeSome(b.Context(), rec, 1)
		if err != nil {
			b.Fatal(err)
		}
		compared += m.Compared
	}
	b.ReportMetric(10*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
	b.ReportMetric(float64(compared)/float64(b.N), "compared/op")
}
