package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/eval"
	"rapport/internal/pipeline"
)

// evaluate runs "rapport eval": against gold claims, or by its first word
// against a gold dossier or a treebank.
func evaluate(s *session, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "treebank":
			return evalTreebank(s, args[1:])
		case "dossier":
			return evalDossier(s, args[1:])
		}
	}
	return evalClaims(s, args)
}

// evalClaims scores the coder on a folder of gold reports.
func evalClaims(s *session, args []string) error {
	o := newOptions("eval")
	format := o.choice("format", "text", "json")
	golden := o.String("golden", "", "")
	worst := o.Int("misses", 10, "")
	workers := o.Int("workers", runtime.GOMAXPROCS(0), "")
	dirs, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(dirs) != 1 {
		return usage("eval", "one folder of gold reports is scored at a time, %d are named", len(dirs))
	}
	gold, err := eval.ReadGold(dirs[0])
	if err != nil {
		return err
	}
	coded := map[string][]rapport.Claim{}
	for c, err := range pipeline.Code(s, goldReports(gold), claims.New(), *workers) {
		if err != nil {
			return err
		}
		coded[c.Report.ID] = c.Claims
	}
	score := eval.Score(gold, coded)
	if *golden != "" {
		var b bytes.Buffer
		score.Write(&b)
		if err := s.renew(*golden, b.Bytes()); err != nil {
			return err
		}
	}
	if *format == "json" {
		return s.printJSON(score.Figures(*worst))
	}
	var b bytes.Buffer
	score.Write(&b)
	b.WriteByte('\n')
	score.WriteTypes(&b)
	b.WriteByte('\n')
	score.WriteConfusion(&b)
	for i, m := range score.Worst(*worst) {
		if i == 0 {
			b.WriteByte('\n')
		}
		writeMiss(&b, m)
	}
	return s.print(b.Bytes())
}

func goldReports(gold []eval.Gold) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		for i := range gold {
			if !yield(gold[i].Report, nil) {
				return
			}
		}
	}
}

func writeMiss(w io.Writer, m eval.Missing) {
	sure := ""
	if m.Confidence > 0 {
		sure = fmt.Sprintf(" at confidence %.2f", m.Confidence)
	}
	fmt.Fprintf(w, "%s  %s  %s%s\n", m.Kind, tameLine(m.Report), tameLine(m.What), sure)
	for _, l := range wrap(oneLine(m.Text), tableWidth-4) {
		fmt.Fprintf(w, "    %s\n", l)
	}
}

// renew writes a file of scores and tells which lines of it are new.
func (s *session) renew(file string, scores []byte) error {
	old, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return &rapport.Error{Kind: rapport.Storage, Where: file, What: "cannot be read", Err: err}
	}
	if bytes.Equal(old, scores) {
		return nil
	}
	if err := os.WriteFile(file, scores, 0o644); err != nil {
		return &rapport.Error{Kind: rapport.Storage, Where: file, What: "cannot be written", Err: err}
	}
	was := strings.Split(strings.TrimRight(string(old), "\n"), "\n")
	for i, line := range strings.Split(strings.TrimRight(string(scores), "\n"), "\n") {
		switch {
		case i >= len(was) || len(old) == 0:
			s.note(file, "new: "+line)
		case was[i] != line:
			s.note(file, "was: "+was[i])
			s.note(file, "is:  "+line)
		}
	}
	return nil
}

func (s *session) printJSON(v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.print(append(b, '\n'))
}
