// Package pipeline drives reports from text to record: it codes them on all
// processors, keeps each with its claims, and derives the events that these
// change.
//
// [Code] codes; [Add] codes, keeps and merges; [Merge] only merges. Each step
// can be stopped and run again: what is kept already is not coded again, and
// the record knows which pairs of countries have claims that wait for merging.
//
// Output comes in the order of the input and is the same at any number of
// workers.
package pipeline

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"runtime"
	"runtime/debug"

	"rapport"
	"rapport/internal/claims"
)

// Coder codes a report; *claims.Coder is one. It is called from several
// goroutines at once.
type Coder interface {
	Code(*rapport.Report) (claims.Result, error)
	Version() string // as [record.Record.Keep] takes it
}

// Coded is a report with what was coded from it.
type Coded struct {
	Report rapport.Report
	claims.Result
}

// Panic is a panic of the coder, caught. It stands in the chain of the error
// that [Code] yields for the report.
type Panic struct {
	Value any
	Stack []byte
}

// Error words the value panicked with.
func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// Code codes reports, workers of them at a time (0: one a processor), and
// yields each in its order. An error stands in the place of the report that it
// concerns, be it that it could not be read, that coding failed or that the
// coder panicked; those after it follow. Only a few reports more than workers
// are held at a time, so a slow consumer slows the reading down.
//
// When ctx ends, the sequence does, with an error of kind Stopped. Reports that
// are still being read or coded then are dropped.
func Code(ctx context.Context, reports iter.Seq2[rapport.Report, error], coder Coder, workers int) iter.Seq2[Coded, error] {
	return codeSome(ctx, reports, coder, workers, nil)
}

// job is one report on its way.
type job struct {
	coded Coded
	err   error
	done  chan struct{}
}

// codeSome is Code, but a report to which first, if given, has an error is not
// coded and yielded with that.
func codeSome(ctx context.Context, reports iter.Seq2[rapport.Report, error], coder Coder, workers int, first func(context.Context, *rapport.Report) error) iter.Seq2[Coded, error] {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return func(yield func(Coded, error) bool) {
		within, stop := context.WithCancel(ctx)
		defer stop()
		// order holds the jobs in the order of the reports, todo hands them to
		// whoever is free. order is the longer, so that one long report does
		// not leave the other workers without work.
		order, todo := make(chan *job, 4*workers), make(chan *job)
		go read(within, reports, order, todo)
		for range workers {
			go func() {
				for j := range todo {
					j.run(within, coder, first)
				}
			}()
		}
		for {
			var j *job
			select {
			case <-ctx.Done():
			case j = <-order:
				if j == nil {
					return
				}
				select {
				case <-ctx.Done():
				case <-j.done:
				}
			}
			if ctx.Err() != nil {
				yield(Coded{}, &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: context.Cause(ctx)})
				return
			}
			if !yield(j.coded, j.err) {
				return
			}
		}
	}
}

// read hands out the reports until there are no more or ctx ends. It may be
// left behind, waiting for its source.
func read(ctx context.Context, reports iter.Seq2[rapport.Report, error], order, todo chan<- *job) {
	defer close(order)
	defer close(todo)
	put := func(c chan<- *job, j *job) bool {
		select {
		case c <- j:
			return true
		case <-ctx.Done():
			return false
		}
	}
	defer func() {
		if v := recover(); v != nil { // a reader's fault must not pass for the end of the reports
			j := &job{err: caught(v, ""), done: make(chan struct{})}
			close(j.done)
			put(order, j)
		}
	}()
	for rep, err := range reports {
		j := &job{coded: Coded{Report: rep}, err: err, done: make(chan struct{})}
		if err != nil {
			close(j.done)
		}
		if !put(order, j) || err == nil && !put(todo, j) {
			return
		}
	}
}

func (j *job) run(ctx context.Context, coder Coder, first func(context.Context, *rapport.Report) error) {
	defer close(j.done)
	defer func() {
		if v := recover(); v != nil {
			j.coded.Result, j.err = claims.Result{}, caught(v, j.coded.Report.ID)
		}
	}()
	if ctx.Err() != nil {
		return // nobody waits
	}
	rep := &j.coded.Report
	if rep.Hash == "" {
		rep.Hash = rapport.HashText(rep.Text)
	}
	if first != nil {
		if j.err = first(ctx, rep); j.err != nil {
			return
		}
	}
	var err error
	if j.coded.Result, err = coder.Code(rep); err != nil {
		j.err = &rapport.Error{Kind: rapport.KindOf(err), Where: rep.ID, What: "cannot be coded", Err: err}
	}
}

// caught makes an error of a panic and puts its stack in the debug log.
func caught(v any, report string) error {
	p := &Panic{Value: v, Stack: debug.Stack()}
	slog.Debug("panic", "report", report, "value", fmt.Sprint(v), "stack", string(p.Stack))
	return &rapport.Error{Kind: rapport.Internal, Where: report, What: "a fault of Rapport's own", Err: p,
		Try: "the other reports; please tell us of it with this one"}
}
