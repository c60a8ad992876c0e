package main

import (
	"bufio"
	"runtime"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/language/treebank"
)

func parse(s *session, args []string) error {
	o := newOptions("parse")
	in := &inputs{actors: new(string)} // parsing knows none
	o.IntVar(&in.workers, "workers", runtime.GOMAXPROCS(0), "")
	conllu := o.Bool("conllu", false, "")
	files, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if *conllu {
		return parseTreebanks(s, files)
	}
	reports, err := in.open(s, "parse", files)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(s.stdout, 64<<10)
	var n incomplete
	parsed := func(some []rapport.Report) error {
		for _, d := range parseAll(some) {
			if err := treebank.Write(out, d); err != nil {
				return cannotWrite(err)
			}
		}
		if err := out.Flush(); err != nil {
			return cannotWrite(err)
		}
		return nil
	}
	var waiting []rapport.Report
	for r, err := range reports {
		if s.Err() != nil {
			return &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: s.Err()}
		}
		if err != nil {
			n.failed(s, err)
			continue
		}
		n.done++
		if waiting = append(waiting, r); len(waiting) == in.workers {
			if err := parsed(waiting); err != nil {
				return err
			}
			waiting = waiting[:0]
		}
	}
	if err := parsed(waiting); err != nil {
		return err
	}
	return n.orNil()
}

// parseAll parses reports, each on a processor of its own.
func parseAll(reports []rapport.Report) [][]treebank.Sentence {
	out := make([]chan []treebank.Sentence, len(reports))
	for i := range reports {
		out[i] = make(chan []treebank.Sentence, 1)
		go func() { out[i] <- language.Parse(reports[i].Text).Treebank(reports[i].ID) }()
	}
	all := make([][]treebank.Sentence, len(reports))
	for i := range out {
		all[i] = <-out[i]
	}
	return all
}

// parseTreebanks annotates the sentences of CoNLL-U files, whose words and
// comments stay.
func parseTreebanks(s *session, files []string) error {
	if len(files) == 0 {
		if isTerminal(s.stdin) {
			return usage("parse", "no file is named")
		}
		files = []string{"-"}
	}
	var n incomplete
	for _, f := range files {
		sentences, err := readTreebank(s, f)
		if err != nil {
			n.failed(s, err)
			continue
		}
		n.done++
		language.AnnotateTreebank(sentences)
		if err := treebank.Write(s.stdout, sentences); err != nil {
			return cannotWrite(err)
		}
	}
	return n.orNil()
}
