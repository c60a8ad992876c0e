package main

import (
	"iter"
	"os"
	"runtime"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/press"
	"rapport/internal/text"
	"rapport/internal/watch"
)

// inputs are the flags of the commands that read reports.
type inputs struct {
	text    text.Options
	workers int
	actors  *string
	web     *web   // nil: addresses are no inputs
	report  string // where failures are listed
	quiet   bool
}

func (o options) inputs() *inputs {
	in := &inputs{}
	o.Var(dateFlag{&in.text.Published}, "published", "")
	o.StringVar(&in.text.Outlet, "outlet", "", "")
	o.IntVar(&in.workers, "workers", runtime.GOMAXPROCS(0), "")
	in.actors = o.actorsFlag()
	in.web = o.web()
	o.BoolVar(&in.web.follow, "follow", false, "")
	if o.Name() != "parse" {
		o.StringVar(&in.report, "report", "", "")
		o.BoolVar(&in.quiet, "quiet", false, "")
	}
	return in
}

// open yields the reports of the named files and addresses in order, an error
// in the place of each that cannot be read. No name, or "-", is standard input.
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
		var client *fetch.Client
		if in.web != nil {
			client = in.web.client()
			defer client.Close()
		}
		for _, f := range files {
			reports := press.Open(f, in.text)
			switch {
			case f == "-":
				reports = press.Read(s.stdin, f, in.text)
			case client != nil && watch.Address(f):
				reports = in.web.read(s, client, f, in)
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
