package main

import (
	"bufio"
	"encoding/json"
	"io"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/pipeline"
)

func code(s *session, args []string) error {
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
	out := bufio.NewWriterSize(s.stdout, 64<<10)
	print := printers[*format](out)
	var n incomplete
	for c, err := range pipeline.Code(s, reports, claims.New(), in.workers) {
		switch {
		case rapport.KindOf(err) == rapport.Stopped:
			return err
		case err != nil:
			n.failed(s, err)
			continue
		}
		n.done++
		for _, note := range c.Notes {
			s.note(c.Report.ID, note)
		}
		if err := print(&c.Report, c.Claims); err != nil {
			return cannotWrite(err)
		}
		if err := out.Flush(); err != nil { // a report at a time, for whoever reads on
			return cannotWrite(err)
		}
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
