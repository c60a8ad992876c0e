package main

import (
	"os"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/ontology"
	"rapport/internal/press"
	"rapport/internal/record"
	"rapport/internal/text"
)

func explain(s *session, args []string) error {
	o := newOptions("explain")
	var in text.Options
	o.Var(dateFlag{&in.Published}, "published", "")
	sentence := o.Int("sentence", -1, "")
	id := o.String("claim", "", "")
	from := o.String("record", "", "")
	format := o.choice("format", "text", "json")
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) == 1 && strings.HasPrefix(rest[0], "ev-") && *id == "" && !exists(rest[0]) {
		if *from == "" {
			*from = defaultRecord
		}
		if *format == "json" {
			return explainEventJSON(s, *from, rest[0])
		}
		return explainEvent(s, *from, rest[0])
	}
	switch {
	case *format == "json":
		return usage("explain", "--format json is for events, %s", "ev-…")
	case *from != "" && *id != "" && len(rest) == 0:
		return explainKept(s, *from, *id)
	case *from != "":
		return usage("explain", "--record goes with --claim or an event, and no file")
	case len(rest) != 1:
		return usage("explain", "one file or one code is explained at a time, %d are named", len(rest))
	}
	if err := useActors(os.Getenv(actorsVariable)); err != nil {
		return err
	}
	if meaning, err := ontology.Explain(rest[0]); err == nil {
		return s.print([]byte(meaning + "\n"))
	} else if !strings.ContainsAny(rest[0], "./\\") && rest[0] != "-" && !exists(rest[0]) {
		return err
	}
	reports := press.Open(rest[0], in)
	if rest[0] == "-" {
		reports = press.Read(s.stdin, "-", in)
	}
	found := false
	for r, err := range reports {
		if err != nil {
			return err
		}
		told, err := explainReport(s, &r, *sentence, *id)
		if err != nil {
			return err
		}
		found = found || told
	}
	if !found && *id != "" {
		return &rapport.Error{Kind: rapport.NotFound, Where: rest[0], What: "has no claim " + *id, Try: "rapport code " + rest[0] + " --format jsonl"}
	}
	return nil
}

// explainReport explains the sentence asked for, that of the claim asked for,
// or all that tell a claim. It reports whether the claim was the report's.
func explainReport(s *session, r *rapport.Report, sentence int, id string) (found bool, err error) {
	coder := claims.New()
	wanted := []int{sentence}
	if sentence < 0 {
		res, err := coder.Code(r)
		if err != nil {
			return false, err
		}
		wanted = sentences(res.Claims, id)
		switch {
		case len(wanted) == 0 && id != "":
			return false, nil
		case len(wanted) == 0:
			s.note(r.ID, "no claims, so every sentence is explained")
		}
	}
	told := coder.Explain(r, wanted...)
	if !strings.HasPrefix(told, "sentence ") {
		return false, &rapport.Error{Kind: rapport.NotFound, Where: r.ID, What: strings.TrimSpace(told)}
	}
	return true, s.print([]byte(tame(told)))
}

// sentences returns those that tell the claim with the id, any claim when it is "".
func sentences(cs []rapport.Claim, id string) []int {
	var out []int
	for i := range cs {
		if id == "" || cs[i].ID == id {
			out = append(out, cs[i].Evidence.Sentence)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// explainKept explains a claim of a record.
func explainKept(s *session, path, id string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	c, err := rec.Claim(s, id)
	if err != nil {
		return err
	}
	r, err := rec.Report(s, c.Report)
	if err != nil {
		return err
	}
	return s.print([]byte(reportLine(&r) + "\n\n" + tame(claims.New().Explain(&r, c.Evidence.Sentence))))
}
