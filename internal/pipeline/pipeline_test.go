package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/record"
)

// toy is a coder that finds "AZE met EGY." and nothing else. A report that says
// "panic" or "fail" makes it do so.
type toy struct {
	version string
	slow    time.Duration
	coded   atomic.Int64
	within  atomic.Int64
	most    atomic.Int64
}

func (c *toy) Version() string { return c.version }

func (c *toy) Code(rep *rapport.Report) (claims.Result, error) {
	c.coded.Add(1)
	n := c.within.Add(1)
	defer c.within.Add(-1)
	for m := c.most.Load(); n > m && !c.most.CompareAndSwap(m, n); m = c.most.Load() {
	}
	if len(rep.Text)%3 == 0 { // uneven, so that workers overtake each other
		time.Sleep(c.slow)
	}
	switch {
	case strings.Contains(rep.Text, "panic"):
		panic("the toy breaks")
	case strings.Contains(rep.Text, "fail"):
		return claims.Result{}, errors.New("the toy does not know")
	}
	var res claims.Result
	at := 0
	for i, s := range strings.SplitAfter(rep.Text, ". ") {
		span := rapport.Span{Start: at, End: at + len(strings.TrimSpace(s))}
		at += len(s)
		var a, b string
		if n, _ := fmt.Sscanf(s, "%3s met %3s", &a, &b); n != 2 {
			continue
		}
		cl := rapport.Claim{Report: rep.ID, Event: "CONSULT", CAMEO: "040", Actor: []rapport.Party{{Country: a, Sector: "GOV"}, {Country: b, Sector: "GOV"}},
			Status: rapport.Actual, Date: rep.Published, Quad: 1, Score: 2.5, Confidence: 1, Coder: c.version,
			Evidence: rapport.Evidence{Sentence: i, Span: span, Text: rep.Text[span.Start:span.End]}}
		cl.SetID(rep.Hash)
		res.Claims = append(res.Claims, cl)
	}
	if len(res.Claims) == 0 {
		res.Notes = []string{"nothing found"}
	}
	return res, nil
}

func report(i int, text string) rapport.Report {
	return rapport.Report{ID: fmt.Sprintf("r%03d", i), Text: text, Published: rapport.Date(fmt.Sprintf("2024-06-%02d", 1+i%28)), Basis: rapport.BasisGiven}
}

// meetings are n reports of which every third tells of the same meetings.
func meetings(n int) []rapport.Report {
	var out []rapport.Report
	for i := range n {
		r := report(i, fmt.Sprintf("AZE met EGY. TUR met %s. %s", []string{"EGY", "AZE", "GEO"}[i%3], strings.Repeat("x", i)))
		out = append(out, r)
	}
	return out
}

func seq(reports []rapport.Report) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		for _, r := range reports {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func newRecord(t *testing.T) *record.Record {
	t.Helper()
	r, err := record.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// dump is all that a record tells, as JSON.
func dump(t *testing.T, r *record.Record) string {
	t.Helper()
	var b bytes.Buffer
	put := func(v any) {
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	for rep, err := range r.Reports(t.Context(), record.ReportFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		put(rep)
	}
	for c, err := range r.AllClaims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		put(c)
	}
	dyads, err := r.Dyads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dyads {
		put(d)
		es, err := r.EventsBetween(t.Context(), d.Dyad, record.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		put(es)
	}
	js, err := r.Judgements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	put(js)
	ps, err := r.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ps {
		t.Errorf("check: %s: %s", p.Where, p.What)
	}
	return b.String()
}

// TestSameAtAnyWorkers: the order, the claims and the record are the same at
// any number of workers and on a second run.
func TestSameAtAnyWorkers(t *testing.T) {
	in := meetings(60)
	var want string
	for _, workers := range []int{1, 1, 2, 3, 8, 0} {
		r := newRecord(t)
		var order []string
		_, err := Add(t.Context(), r, seq(in), &toy{version: "toy 1", slow: time.Millisecond}, Options{Workers: workers,
			Told: func(c Coded, _ record.Kept, _ error, _ Counts) { order = append(order, c.Report.ID) }})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(order) || len(order) != len(in) {
			t.Errorf("%d workers: told in order %v", workers, order)
		}
		got := dump(t, r)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%d workers: another record than with one", workers)
		}
	}
	if n := strings.Count(want, "\n"); n < 180 {
		t.Errorf("only %d lines compared", n)
	}
}

// TestFailuresStayAlone: reports that cannot be read, coded or kept are told
// in their places, and the others are kept.
func TestFailuresStayAlone(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(was)

	in := meetings(8)
	in[1].Text = "panic"
	in[3].Text = "fail"
	in[5].Published = "June" // coded, but no record takes it
	unread := &rapport.Error{Kind: rapport.BadInput, Where: "x.txt", What: "is not UTF-8 text"}
	reports := func(yield func(rapport.Report, error) bool) {
		for i, r := range in {
			if i == 6 && !yield(rapport.Report{}, unread) || !yield(r, nil) {
				return
			}
		}
	}
	r := newRecord(t)
	var got []string
	errs := map[string]error{}
	n, err := Add(t.Context(), r, reports, &toy{version: "toy 1"}, Options{Workers: 3, Told: func(c Coded, k record.Kept, err error, _ Counts) {
		got = append(got, c.Report.ID+" "+k.String())
		errs[c.Report.ID] = err
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"r000 new", "r001 none", "r002 new", "r003 none", "r004 new", "r005 none", " none", "r006 new", "r007 new"}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	if n.Reports != 9 || n.New != 5 || n.Failed != 3 || n.Unread != 1 || n.Claims != 10 {
		t.Errorf("counts %+v", n)
	}
	var p *Panic
	if !errors.As(errs["r001"], &p) || p.Value != "the toy breaks" || !strings.Contains(string(p.Stack), "Code") || !strings.HasPrefix(errs["r001"].Error(), "r001: ") {
		t.Errorf("the panic is told as %v", errs["r001"])
	}
	if !strings.Contains(log.String(), "the toy breaks") || !strings.Contains(log.String(), "goroutine") {
		t.Errorf("the panic's stack is not in the log: %s", log.String())
	}
	if e := errs["r003"]; e == nil || e.Error() != "r003: cannot be coded: the toy does not know" {
		t.Errorf("the failure is told as %v", e)
	}
	if errs[""] != error(unread) {
		t.Errorf("the reader's error is told as %v", errs[""])
	}
	if rapport.KindOf(errs["r005"]) != rapport.BadInput {
		t.Errorf("the report that cannot be kept is told as %v", errs["r005"])
	}
	dump(t, r) // checks
}

// TestAddAgain: what is there is not coded again, but by a newer coder.
func TestAddAgain(t *testing.T) {
	in := meetings(12)
	r := newRecord(t)
	add := func(version string, reports []rapport.Report, coded int64, want Counts) {
		t.Helper()
		c := &toy{version: version}
		n, err := Add(t.Context(), r, seq(reports), c, Options{})
		if err != nil {
			t.Fatal(err)
		}
		// One that comes twice is coded twice where the second is met before the first is kept.
		twice := int64(len(reports) - len(slices.CompactFunc(slices.Clone(reports), func(a, b rapport.Report) bool { return a.ID == b.ID && a.Text == b.Text })))
		if got := c.coded.Load(); got > coded || got < coded-twice {
			t.Errorf("%d reports coded, want %d", got, coded)
		}
		n.Merged = Merged{}
		if n != want {
			t.Errorf("counts %+v, want %+v", n, want)
		}
		stale, err := r.Stale(t.Context())
		if err != nil || len(stale) != 0 {
			t.Errorf("left to merge: %v %v", stale, err)
		}
	}
	add("toy 1", in[:8], 8, Counts{Reports: 8, New: 8, Claims: 16})
	before := dump(t, r)
	add("toy 1", in[:8], 0, Counts{Reports: 8, Same: 8})
	add("toy 0.9", in[:8], 0, Counts{Reports: 8, Same: 8})
	if dump(t, r) != before {
		t.Error("adding again changed the record")
	}
	twice := append(slices.Clone(in), in[11])
	add("toy 1", twice, 5, Counts{Reports: 13, New: 4, Same: 9, Claims: 8})
	add("toy 2", in[:3], 3, Counts{Reports: 3, Recoded: 3, Claims: 6})
	revised, copied := in[0], in[1]
	revised.Title = "A meeting"
	revised.Text, copied.ID = "AZE met GEO. ", "copy"
	other := revised
	other.Text, other.Title = "TUR met GEO. ", "Another"
	first := revised
	first.ID = "titled"
	add("toy 2", []rapport.Report{revised}, 1, Counts{Reports: 1, Failed: 1}) // nothing says that it is the same report's
	add("toy 2", []rapport.Report{first, copied}, 2, Counts{Reports: 2, New: 1, Copied: 1, Claims: 3})
	other.ID, other.Title = "titled", "A meeting"
	third := other
	third.Text += "AZE met EGY. "
	add("toy 2", []rapport.Report{other, third}, 2, Counts{Reports: 2, Revised: 1, Failed: 1, Claims: 1}) // one id, one text a run
	if rep, err := r.Report(t.Context(), "titled"); err != nil || rep.Text != other.Text {
		t.Errorf("kept under the id met twice: %q %v", rep.Text, err)
	}
	dump(t, r)
}

// TestStop: a run stopped before it merged is made up for by
// the next one, though that adds nothing.
func TestStop(t *testing.T) {
	in := meetings(40)
	whole := newRecord(t)
	if _, err := Add(t.Context(), whole, seq(in), &toy{version: "toy 1"}, Options{}); err != nil {
		t.Fatal(err)
	}
	want := dump(t, whole)

	r := newRecord(t)
	ctx, stop := context.WithCancel(t.Context())
	n, err := Add(ctx, r, seq(in), &toy{version: "toy 1"}, Options{Workers: 4, Told: func(_ Coded, _ record.Kept, _ error, n Counts) {
		if n.Reports == 25 {
			stop()
		}
	}})
	if rapport.KindOf(err) != rapport.Stopped || n.New != 25 {
		t.Errorf("stopped after %+v: %v", n, err)
	}
	if s, err := r.Stats(t.Context()); err != nil || s.Reports != 25 || s.Events != 0 || s.Stale == 0 {
		t.Errorf("the record stopped at: %+v %v", s, err)
	}
	if n, err := Add(t.Context(), r, seq(in[:25]), &toy{version: "toy 1"}, Options{}); err != nil || n.Same != 25 || n.Events == 0 {
		t.Errorf("the next run: %+v %v", n, err)
	}
	if _, err := Add(t.Context(), r, seq(in), &toy{version: "toy 1"}, Options{}); err != nil {
		t.Fatal(err)
	}
	if dump(t, r) != want {
		t.Error("stopped and gone on with, the record is another than made in one run")
	}
}

// TestStopWhileReading: a source that gives nothing more does not hold up the end.
func TestStopWhileReading(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	hang := make(chan struct{})
	defer close(hang)
	reports := func(yield func(rapport.Report, error) bool) {
		if yield(meetings(1)[0], nil) {
			stop()
			<-hang
		}
	}
	var errs []error
	for _, err := range Code(ctx, reports, &toy{version: "toy 1"}, 2) {
		errs = append(errs, err)
	}
	if len(errs) == 0 || rapport.KindOf(errs[len(errs)-1]) != rapport.Stopped {
		t.Errorf("ended with %v", errs)
	}
}

// TestBounded: however slow the consumer, few reports are held, and no more
// are coded at a time than there are workers.
func TestBounded(t *testing.T) {
	var read atomic.Int64
	reports := func(yield func(rapport.Report, error) bool) {
		for _, r := range meetings(200) {
			read.Add(1)
			if !yield(r, nil) {
				return
			}
		}
	}
	const workers = 3
	c := &toy{version: "toy 1", slow: 100 * time.Microsecond}
	n, ahead := int64(0), int64(0)
	for range Code(t.Context(), reports, c, workers) {
		n++
		ahead = max(ahead, read.Load()-n)
		time.Sleep(200 * time.Microsecond)
	}
	if n != 200 || ahead > 4*workers+2 || c.most.Load() > workers {
		t.Errorf("%d reports, %d held, %d coded at a time", n, ahead, c.most.Load())
	}
	for range Code(t.Context(), reports, c, workers) {
		break // leaves nothing running that would write on
	}
}

func TestReaderPanics(t *testing.T) {
	reports := func(yield func(rapport.Report, error) bool) {
		yield(meetings(1)[0], nil)
		panic("the reader breaks")
	}
	var errs []error
	for _, err := range Code(t.Context(), reports, &toy{version: "toy 1"}, 2) {
		errs = append(errs, err)
	}
	var p *Panic
	if len(errs) != 2 || errs[0] != nil || !errors.As(errs[1], &p) {
		t.Errorf("ended with %v", errs)
	}
}

// TestMergeSome: derived as reports come, events come out as those derived all
// at once, here where no claim has a wide date.
func TestMergeSome(t *testing.T) {
	in := meetings(30)
	whole, parts := newRecord(t), newRecord(t)
	if _, err := Add(t.Context(), whole, seq(in), &toy{version: "toy 1"}, Options{}); err != nil {
		t.Fatal(err)
	}
	coder := &toy{version: "toy 1"}
	for i := range in {
		for c, err := range Code(t.Context(), seq(in[i:i+1]), coder, 1) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parts.Keep(t.Context(), c.Report, c.Claims, coder.Version()); err != nil {
				t.Fatal(err)
			}
		}
		stale, err := parts.Stale(t.Context())
		if err != nil || len(stale) == 0 {
			t.Fatal(stale, err)
		}
		if _, err := mergeSome(t.Context(), parts, len(stale)); err != nil {
			t.Fatal(err)
		}
	}
	strip := func(s string) string { // judgements come in the order kept, which differs
		return s[:strings.LastIndex(strings.TrimSpace(s), "\n")]
	}
	if a, b := strip(dump(t, whole)), strip(dump(t, parts)); a != b {
		t.Errorf("whole:\n%s\nin parts:\n%s", a, b)
	}
	a, err := whole.Judgements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b, err := parts.Judgements(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byPair := func(a, b rapport.Judgement) int { return strings.Compare(a.A+a.B, b.A+b.B) }
	slices.SortFunc(a, byPair)
	slices.SortFunc(b, byPair)
	if len(a) == 0 || !reflect.DeepEqual(a, b) {
		t.Errorf("judgements: %d whole, %d in parts, or not the same", len(a), len(b))
	}
}
