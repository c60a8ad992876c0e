package main

import (
	"fmt"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/record"
)

// explainEvent tells why claims are one event: who tells it, what was judged
// of each pair and with what points, what persons decided, where they differ.
func explainEvent(s *session, path, id string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	e, err := rec.Event(s, id)
	if err != nil {
		return err
	}
	x := eventExplainer{s: s, rec: rec, e: &e, number: map[string]string{}}
	for _, part := range []func() error{x.claims, x.sources, x.judgements, x.decisions, x.disputes} {
		if err := part(); err != nil {
			return err
		}
	}
	return s.print([]byte(tame(x.b.String())))
}

type eventExplainer struct {
	s      *session
	rec    *record.Record
	e      *rapport.Event
	b      strings.Builder
	number map[string]string // claim id → "[1]"
}

func (x *eventExplainer) line(format string, args ...any) {
	fmt.Fprintf(&x.b, format+"\n", args...)
}

// claims heads the explanation and lists what tells the event.
func (x *eventExplainer) claims() error {
	act := x.e.Event
	if x.e.Mode != "" {
		act += ":" + x.e.Mode
	}
	parts := []string{x.e.ID, string(x.e.Date), string(x.e.Status), act, names(x.e.Actor)}
	if len(x.e.Recipient) > 0 {
		parts[4] += " → " + names(x.e.Recipient)
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	x.line("%s", oneLine(strings.Join(parts, " · ")))
	x.line("%s, copies counted once: %s", count(len(x.e.Claims), "claim"), count(x.e.Reports, "source"))
	for i, id := range x.e.Claims {
		c, err := x.rec.Claim(x.s, id)
		if err != nil {
			return err
		}
		r, err := x.rec.Report(x.s, c.Report)
		if err != nil {
			return err
		}
		x.number[id] = fmt.Sprintf("[%d]", i+1)
		x.line("")
		x.line("%s claim %s, %s", x.number[id], id, oneLine(reportLine(&r)))
		cells := row(&c)
		cells = slices.DeleteFunc(cells, func(v string) bool { return v == "" })
		x.line("    %s", oneLine(strings.Join(cells, " · ")))
		x.line("    “%s”", oneLine(c.Evidence.Text))
	}
	return nil
}

// sources lists the families of nearly the same text among its reports.
func (x *eventExplainer) sources() error {
	seen := map[string]bool{}
	for _, id := range x.e.Claims {
		c, err := x.rec.Claim(x.s, id)
		if err != nil {
			return err
		}
		family, err := x.rec.Family(x.s, c.Report)
		if err != nil {
			return err
		}
		if len(family) < 2 || seen[family[0].ID] {
			continue
		}
		seen[family[0].ID] = true
		var told []string
		for _, r := range family {
			name := r.ID
			if r.Outlet != "" {
				name += " (" + r.Outlet + ")"
			}
			told = append(told, name)
		}
		x.line("\nnearly the same text, one source: %s", oneLine(strings.Join(told, ", ")))
	}
	return nil
}

// judgements lists the pairs judged among its claims, then what nearly joined.
func (x *eventExplainer) judgements() error {
	js, err := x.rec.Judgements(x.s, x.e.Claims...)
	if err != nil {
		return err
	}
	var joined, apart []rapport.Judgement
	for _, j := range js {
		switch inside := x.number[j.A] != "" && x.number[j.B] != ""; {
		case strings.HasPrefix(j.Author, "rule:") && inside && j.Same:
			joined = append(joined, j)
		case strings.HasPrefix(j.Author, "rule:") && !j.Same:
			apart = append(apart, j)
		}
	}
	x.judged("why they are one event", joined)
	x.judged("what was nearly joined, and is not", apart)
	return nil
}

func (x *eventExplainer) judged(head string, js []rapport.Judgement) {
	for i, j := range js {
		if i == 0 {
			x.line("\n%s", head)
		}
		x.line("  %s and %s: score %.3f, %s", x.name(j.A), x.name(j.B), j.Score, j.Author)
		for _, why := range j.Reasons {
			x.line("    %s", oneLine(why))
		}
	}
}

func (x *eventExplainer) name(claim string) string {
	if n := x.number[claim]; n != "" {
		return n
	}
	return "claim " + claim
}

// decisions lists what persons said of its claims.
func (x *eventExplainer) decisions() error {
	var lines []string
	ds, err := x.rec.Decisions(x.s, x.e.Claims...)
	if err != nil {
		return err
	}
	for _, d := range ds {
		lines = append(lines, decisionLine(&d))
	}
	for _, id := range x.e.Claims {
		vs, err := x.rec.Reviews(x.s, id)
		if err != nil {
			return err
		}
		for _, v := range vs {
			lines = append(lines, reviewLine(&v))
		}
	}
	for i, l := range lines {
		if i == 0 {
			x.line("\nwhat persons decided")
		}
		x.line("  %s", oneLine(l))
	}
	return nil
}

// disputes lists the values on which the claims differ.
func (x *eventExplainer) disputes() error {
	for i, f := range x.e.Disputed {
		if i == 0 {
			x.line("\nwhere they differ")
		}
		var values []string
		for _, v := range f.Values {
			var who []string
			for _, c := range v.Claims {
				who = append(who, x.name(c))
			}
			values = append(values, v.Value+" "+strings.Join(who, ""))
		}
		x.line("  %s: %s (%s)", f.Name, oneLine(strings.Join(values, "; ")), f.Why)
	}
	return nil
}

// explainEventJSON is explainEvent for programs.
func explainEventJSON(s *session, path, id string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	var out struct {
		Event      rapport.Event       `json:"event"`
		Claims     []rapport.Claim     `json:"claims"`
		Families   [][]string          `json:"families"` // report ids; those of one list count once
		Judgements []rapport.Judgement `json:"judgements"`
		Decisions  []record.Decision   `json:"decisions"`
	}
	out.Families = [][]string{}
	if out.Event, err = rec.Event(s, id); err != nil {
		return err
	}
	for _, cid := range out.Event.Claims {
		c, err := rec.Claim(s, cid)
		if err != nil {
			return err
		}
		out.Claims = append(out.Claims, c)
		family, err := rec.Family(s, c.Report)
		if err != nil {
			return err
		}
		var ids []string
		for _, r := range family {
			ids = append(ids, r.ID)
		}
		if !slices.ContainsFunc(out.Families, func(f []string) bool { return slices.Equal(f, ids) }) {
			out.Families = append(out.Families, ids)
		}
	}
	if out.Judgements, err = rec.Judgements(s, out.Event.Claims...); err != nil {
		return err
	}
	if out.Decisions, err = rec.Decisions(s, out.Event.Claims...); err != nil {
		return err
	}
	return s.printJSON(out)
}
