package main

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/pipeline"
	"rapport/internal/record"
)

// mapped is how much of a record each connection maps into memory where all of it
// is gone through once: what is mapped counts as the process's memory.
const mapped = 64 << 20

func add(s *session, args []string) (err error) {
	o := newOptions("add")
	in := o.inputs()
	path := o.recordFlag()
	files, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	reports, err := in.open(s, "add", files)
	if err != nil {
		return err
	}
	t, err := in.begin(s, files)
	if err != nil {
		return err
	}
	defer func() {
		if e := t.end(); err == nil {
			err = e
		}
	}()
	var n incomplete
	var failed []error
	if !exists(*path) && exists(filepath.Dir(*path)) { // a record is made for a report, not for a name mistyped
		if failed, reports, err = firstGood(s, reports); err != nil {
			return err
		}
		if reports == nil {
			for _, err := range failed {
				t.fail(err)
				n.failed(s, err)
			}
			if !t.quiet {
				fmt.Fprintf(s.stderr, "rapport: %s: not made: %s\n", tameLine(*path), t.kept(pipeline.Counts{Reports: len(failed), Unread: len(failed)}))
			}
			return n.orNil()
		}
	}
	rec, err := record.Open(s, *path, record.Options{Create: true, Map: mapped})
	if err != nil {
		return err
	}
	defer rec.Close()
	counts, err := pipeline.Add(s, rec, reports, claims.New(), pipeline.Options{
		Workers: in.workers,
		Told: func(c pipeline.Coded, _ record.Kept, err error, _ pipeline.Counts) {
			if err != nil {
				t.clear()
				t.fail(err)
				n.failed(s, err)
			} else {
				n.done++
				t.read(&c.Report, len(c.Claims))
			}
			for _, note := range c.Notes {
				t.clear()
				s.note(c.Report.ID, note)
			}
			t.show()
		},
	})
	t.clear()
	line := t.kept(counts)
	if err == nil {
		var now record.Stats
		if now, err = rec.Stats(s); err == nil {
			line += "; the record now has " + count(now.Events, "event")
		}
	}
	if (counts.Reports > 0 || err == nil) && !t.quiet {
		fmt.Fprintf(s.stderr, "rapport: %s: %s\n", tameLine(rec.Path()), line)
	}
	if err != nil {
		return err
	}
	if err := rec.Close(); err != nil {
		return err
	}
	return n.orNil()
}

// firstGood reads up to the first report that can be read. It returns why
// those before it cannot, and all of them, errors in their places; nil when
// there is none. It ends with ctx, and then its source may be left waiting.
func firstGood(ctx context.Context, reports iter.Seq2[rapport.Report, error]) ([]error, iter.Seq2[rapport.Report, error], error) {
	next, stop := iter.Pull2(reports)
	var failed []error
	var good rapport.Report
	var found bool
	done := make(chan struct{})
	go func() { // the reader may wait on a pipe for ever
		defer close(done)
		for {
			r, err, ok := next()
			if ok && err != nil {
				failed = append(failed, err)
				continue
			}
			good, found = r, ok
			return
		}
	}()
	select {
	case <-ctx.Done():
		return nil, nil, &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: context.Cause(ctx)}
	case <-done:
	}
	if !found {
		return failed, nil, nil
	}
	return failed, func(yield func(rapport.Report, error) bool) {
		defer stop()
		for _, err := range failed {
			if !yield(rapport.Report{}, err) {
				return
			}
		}
		for r, err, ok := good, error(nil), true; ok; r, err, ok = next() {
			if !yield(r, err) {
				return
			}
		}
	}, nil
}

// kept is the line that ends an add: what became of the reports.
func (t *tally) kept(n pipeline.Counts) string {
	parts := []string{count(n.Reports-n.Unread, "report") + " read", fmt.Sprintf("%d kept with %s", n.New+n.Copied+n.Revised+n.Recoded, count(n.Claims, "claim"))}
	for _, p := range []struct {
		n    int
		what string
	}{{n.Copied, "of them copies"}, {n.Revised, "of them new versions"}, {n.Recoded, "of them coded anew"}, {n.Same, "already there"}, {t.foreign, "in other languages"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(append(parts, t.reasons()...), ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
