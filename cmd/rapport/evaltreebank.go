package main

import (
	"bytes"
	"fmt"
	"math"
	"os"

	"rapport"
	"rapport/internal/eval"
	"rapport/internal/language/treebank"
)

// evalTreebank scores the language layer on a treebank.
func evalTreebank(s *session, args []string) error {
	o := newOptions("eval")
	raw := o.Bool("raw", false, "")
	format := o.choice("format", "text", "json")
	files, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(files) != 1 {
		return usage("eval", "one treebank is scored at a time, %d are named", len(files))
	}
	gold, err := readTreebank(s, files[0])
	if err != nil {
		return err
	}
	if len(gold) == 0 {
		return &rapport.Error{Kind: rapport.BadInput, Where: files[0], What: "holds no sentence"}
	}
	e, err := eval.Treebank(gold, *raw)
	if err != nil {
		return err
	}
	if *format == "json" {
		return s.printJSON(treebankFigures(e))
	}
	var b bytes.Buffer
	given := "words and sentences given"
	if *raw {
		given = "from raw text"
	}
	fmt.Fprintf(&b, "%d sentences, %d words, %s; F1 in per cent\n", len(gold), e.Words.Gold, given)
	for _, m := range treebankMeasures(e) {
		if *raw || !m.parting {
			fmt.Fprintf(&b, "%-10s %6.2f\n", m.name, m.f1.Percent())
		}
	}
	return s.print(b.Bytes())
}

type treebankMeasure struct {
	name    string
	f1      treebank.F1
	parting bool // 100 where words and sentences are given
}

func treebankMeasures(e treebank.Evaluation) []treebankMeasure {
	return []treebankMeasure{{"tokens", e.Tokens, true}, {"sentences", e.Sentences, true}, {"words", e.Words, true},
		{"upos", e.UPOS, false}, {"xpos", e.XPOS, false}, {"lemmas", e.Lemmas, false}, {"uas", e.UAS, false}, {"las", e.LAS, false}, {"clas", e.CLAS, false}}
}

func treebankFigures(e treebank.Evaluation) map[string]float64 {
	out := map[string]float64{}
	for _, m := range treebankMeasures(e) {
		out[m.name] = math.Round(100*m.f1.Percent()) / 100
	}
	return out
}

// readTreebank reads CoNLL-U from a file, "-" being standard input.
func readTreebank(s *session, file string) ([]treebank.Sentence, error) {
	if file == "-" {
		return treebank.Read(s.stdin, "stdin")
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: file, What: "is a directory", Try: "name a file of it"}
	}
	return treebank.ReadFile(file)
}
