package main

import (
	"iter"
	"os"
	"runtime"

	"rapport"
	"rapport/internal/press"
	"rapport/internal/text"
)

// inputs are the flags of the commands that read reports.
type inputs struct {
	text    text.Options
	workers int
	actors  *string
}

func (o options) inputs() *inputs {
	in := &inputs{}
	o.Var(dateFlag{&in.text.Published}, "published", "")
	o.StringVar(&in.text.Outlet, "outlet", "", "")
	o.IntVar(&in.workers, "workers", runtime.GOMAXPROCS(0), "")
	in.actors = o.actorsFlag()
	return in
}

// open yields the reports of the named files in order, an error in the place
// of each that cannot be read. No name, or "-", is standard input.
func (in *inputs) open(s *session, command string, files []string) (iter.Seq2[rapport.Report, error], error) {
	if in.workers < 1 {
		return nil, usage(command, "--workers is %d, and one is the least", in.workers)
	}
	if len(files) == 0 {
		if isTerminal(s.stdin) {
			return nil, usage(command, "no report is named")
		}
		files = []string{"-"}
	}
	if err := useActors(*in.actors); err != nil {
		return nil, err
	}
	return func(yield func(rapport.Report, error) bool) {
		for _, f := range files {
			reports := press.Open(f, in.text)
			if f == "-" {
				reports = press.Read(s.stdin, f, in.text)
			}
			for r, err := range reports {
				if !yield(r, err) {
					return
				}
			}
		}
	}, nil
}

// isTerminal reports whether v is a character device, which is near enough:
// it only spares a user the silence of a program that waits for typed input.
func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
