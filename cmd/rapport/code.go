package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/pipeline"
)

func code(s *session, args []string) (err error) {
	o := newOptions("code")
	in := o.inputs()
	format := o.choice("format", "table", "jsonl", "json")
	files, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	reports, err := in.open(s, "code", files)
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
	out := bufio.NewWriterSize(s.stdout, 64<<10)
	print := printers[*format](out)
	var n incomplete
	for c, err := range pipeline.Code(s, reports, claims.New(), in.workers) {
		switch {
		case rapport.KindOf(err) == rapport.Stopped:
			return err
		case err != nil:
			t.clear()
			t.fail(err)
			n.failed(s, err)
			continue
		}
		n.done++
		t.read(&c.Report, len(c.Claims))
		for _, note := range c.Notes {
			t.clear()
			s.note(c.Report.ID, note)
		}
		t.show()
		if err := print(&c.Report, c.Claims); err != nil {
			return cannotWrite(err)
		}
		if err := out.Flush(); err != nil { // a report at a time, for whoever reads on
			return cannotWrite(err)
		}
	}
	t.clear()
	if t.reports+t.failed > 1 && !t.quiet {
		defer fmt.Fprintf(s.stderr, "rapport: %s\n", t.totals())
	}
	if n.done == 0 && n.orNil() != nil { // not even an empty array: nothing was done
		return n.orNil()
	}
	if err := print(nil, nil); err != nil {
		return cannotWrite(err)
	}
	if err := out.Flush(); err != nil {
		return cannotWrite(err)
	}
	return n.orNil()
}

// totals is the line that ends a coding of several reports.
func (t *tally) totals() string {
	parts := []string{count(t.reports, "report") + " read", count(t.claims, "claim")}
	if t.copies > 0 {
		parts = append(parts, fmt.Sprintf("%d copies", t.copies))
	}
	if t.foreign > 0 {
		parts = append(parts, fmt.Sprintf("%d in other languages", t.foreign))
	}
	return strings.Join(append(parts, t.reasons()...), ", ")
}

// printer writes the claims of one report after the other; called without a
// report it writes what ends the output.
type printer func(*rapport.Report, []rapport.Claim) error

var printers = map[string]func(w *bufio.Writer) printer{
	"table": tablePrinter,
	"jsonl": linePrinter,
	"json":  arrayPrinter,
}

func tablePrinter(w *bufio.Writer) printer {
	first := true
	return func(r *rapport.Report, cs []rapport.Claim) error {
		if r == nil {
			return nil
		}
		if !first {
			w.WriteByte('\n')
		}
		first = false
		return writeTable(w, r, cs)
	}
}

func linePrinter(w *bufio.Writer) printer {
	return func(_ *rapport.Report, cs []rapport.Claim) error {
		for i := range cs {
			b, err := json.Marshal(&cs[i])
			if err != nil {
				return err
			}
			w.Write(append(b, '\n'))
		}
		return nil // a fault of w shows when it is flushed
	}
}

// arrayPrinter writes one array with a claim a line.
func arrayPrinter(w *bufio.Writer) printer {
	open, end := "[\n", "[]\n"
	return func(r *rapport.Report, cs []rapport.Claim) error {
		for i := range cs {
			b, err := json.Marshal(&cs[i])
			if err != nil {
				return err
			}
			w.WriteString(open)
			w.Write(b)
			open, end = ",\n", "\n]\n"
		}
		if r == nil {
			io.WriteString(w, end)
		}
		return nil
	}
}
