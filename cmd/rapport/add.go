package main

import (
	"fmt"
	"strings"

	"rapport/internal/claims"
	"rapport/internal/pipeline"
	"rapport/internal/record"
)

func add(s *session, args []string) error {
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
	rec, err := record.Open(s, *path, record.Options{Create: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	var n incomplete
	p := progress{s: s, terminal: isTerminal(s.stderr)}
	counts, err := pipeline.Add(s, rec, reports, claims.New(), pipeline.Options{
		Workers: in.workers,
		Told: func(c pipeline.Coded, _ record.Kept, err error, now pipeline.Counts) {
			if err != nil {
				p.clear()
				n.failed(s, err)
			} else {
				n.done++
			}
			for _, note := range c.Notes {
				p.clear()
				s.note(c.Report.ID, note)
			}
			p.show(now)
		},
	})
	p.clear()
	if counts.Reports > 0 || err == nil {
		fmt.Fprintf(s.stderr, "rapport: %s: %s\n", rec.Path(), totals(counts))
	}
	if err != nil {
		return err
	}
	if err := rec.Close(); err != nil {
		return err
	}
	return n.orNil()
}

// totals is the line that ends an add: what became of the reports.
func totals(n pipeline.Counts) string {
	parts := []string{count(n.Reports, "report") + " read", fmt.Sprintf("%d kept with %s", n.New+n.Copied+n.Revised+n.Recoded, count(n.Claims, "claim"))}
	for _, p := range []struct {
		n    int
		what string
	}{{n.Copied, "of them copies"}, {n.Revised, "of them new versions"}, {n.Recoded, "of them coded anew"}, {n.Same, "already there"}, {n.Failed, "failed"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	if n.Events > 0 {
		parts = append(parts, count(n.Events, "event")+" told")
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// progress is a line on a terminal that is written over as work goes on. To
// anything but a terminal it writes nothing.
type progress struct {
	s        *session
	terminal bool
	shown    bool
}

func (p *progress) show(n pipeline.Counts) {
	if p.terminal {
		fmt.Fprintf(p.s.stderr, "\r%s, %s\x1b[K", count(n.Reports, "report"), count(n.Claims, "claim"))
		p.shown = true
	}
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.s.stderr, "\r\x1b[K")
		p.shown = false
	}
}
