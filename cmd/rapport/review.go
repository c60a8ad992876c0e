package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/internal/pipeline"
	"rapport/internal/record"
)

// signature is who decides, when and why.
type signature struct{ author, time, note *string }

func (o options) signature() signature {
	return signature{o.String("author", "", ""), o.String("time", "", ""), o.String("note", "", "")}
}

// sign completes a signature from the surroundings.
func (g signature) sign(command string) error {
	if *g.author == "" {
		for _, name := range []string{"USER", "USERNAME", "LOGNAME"} {
			if *g.author == "" {
				*g.author = os.Getenv(name)
			}
		}
	}
	if *g.author == "" {
		return usage(command, "who decides? Say --author NAME")
	}
	if *g.time == "" { // to the millisecond, always as long, so that times sort as text
		*g.time = time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if _, err := time.Parse(time.RFC3339, *g.time); err != nil {
		return usage(command, "--time is written as 2024-06-08T09:00:00Z")
	}
	return nil
}

func review(s *session, args []string) error {
	o := newOptions("review")
	path := o.recordFlag()
	format := o.choice("format", "text", "json")
	by := o.signature()
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) == 0 {
		return listDecisions(s, *path, *format)
	}
	if err := by.sign("review"); err != nil {
		return err
	}
	rec, err := record.Open(s, *path, record.Options{})
	if err != nil {
		return err
	}
	defer rec.Close()
	var told string
	switch verb := rest[0]; verb {
	case "same", "apart":
		told, err = judge(s, rec, verb == "same", rest[1:], by)
	case "accept", "reject", "correct":
		told, err = reviewClaim(s, rec, record.Verdict(verb), rest[1:], by)
	default:
		return usage("review", "a review is accept, reject, correct, same or apart, not %q", verb)
	}
	if err != nil {
		return err
	}
	return settled(s, rec, told)
}

// settled merges what a decision changed and tells what was decided.
func settled(s *session, rec *record.Record, told string) error {
	if _, err := pipeline.Merge(s, rec); err != nil {
		return err
	}
	if err := rec.Close(); err != nil {
		return err
	}
	return s.print([]byte(tameLine(told) + "\n"))
}

func reviewClaim(s *session, rec *record.Record, verdict record.Verdict, args []string, by signature) (string, error) {
	switch {
	case len(args) == 0:
		return "", usage("review", "no claim is named")
	case verdict != record.Correct && len(args) > 1:
		return "", usage("review", "%s takes one claim, %d are named", verdict, len(args))
	case verdict == record.Correct && len(args) == 1:
		return "", usage("review", "a correction says what is right: FIELD=VALUE")
	}
	v := record.Review{Claim: args[0], Verdict: verdict, Note: *by.note, Author: *by.author, Time: *by.time}
	if verdict == record.Correct {
		c, err := rec.Claim(s, v.Claim)
		if err != nil {
			return "", err
		}
		if v.New, err = corrected(c, args[1:]); err != nil {
			return "", err
		}
	}
	v, err := rec.AddReview(s, v)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("r%d: claim %s: %s, by %s; rapport undo r%d takes it back", v.N, v.Claim, verdict, v.Author, v.N), nil
}

// corrected sets fields of a claim, FIELD=VALUE: words as they are, or JSON
// where a field holds more than words.
func corrected(c rapport.Claim, sets []string) (*rapport.Claim, error) {
	fields := map[string]json.RawMessage{}
	for _, set := range sets {
		name, value, ok := strings.Cut(set, "=")
		if !ok {
			return nil, usage("review", "%q sets no field of a claim that can be corrected", set)
		}
		raw := json.RawMessage(value)
		if value == "" {
			raw = json.RawMessage("null")
		} else if !strings.ContainsAny(value[:1], "[{") && value != "null" && value != "true" && value != "false" {
			raw, _ = json.Marshal(value) // a string always marshals
		}
		fields[name] = raw
	}
	return record.Corrected(c, fields)
}

// judge keeps that claims are one event, or that the first is none of the
// others' event. An event's id stands for its claims.
func judge(s *session, rec *record.Record, same bool, args []string, by signature) (string, error) {
	pairs, err := rec.Joined(s, same, args...)
	if err != nil {
		return "", err
	}
	return decide(s, rec, record.Decision{Same: same, Pairs: pairs, Note: *by.note, Author: *by.author, Time: *by.time})
}

func decide(s *session, rec *record.Record, d record.Decision) (string, error) {
	d, err := rec.Decide(s, d)
	if err != nil {
		return "", err
	}
	what := "not one event"
	if d.Same {
		what = "one event"
	}
	return fmt.Sprintf("d%d: %s, by %s: %s; rapport undo d%d takes it back", d.N, what, d.Author, count(len(d.Pairs), "pair"), d.N), nil
}

// listDecisions prints all reviews and decisions with their numbers.
func listDecisions(s *session, path, format string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	reviews, err := rec.Reviews(s, "")
	if err != nil {
		return err
	}
	decisions, err := rec.Decisions(s)
	if err != nil {
		return err
	}
	if format == "json" {
		return s.printJSON(struct {
			Reviews   []record.Review   `json:"reviews"`
			Decisions []record.Decision `json:"decisions"`
		}{append([]record.Review{}, reviews...), append([]record.Decision{}, decisions...)})
	}
	type line struct{ time, text string }
	var lines []line
	for _, v := range reviews {
		lines = append(lines, line{v.Time, reviewLine(&v)})
	}
	for _, d := range decisions {
		lines = append(lines, line{d.Time, decisionLine(&d)})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return strings.Compare(a.time, b.time) })
	for _, l := range lines {
		if err := s.print([]byte(tameLine(l.text) + "\n")); err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		s.note(path, "nobody has reviewed anything")
	}
	return nil
}

func reviewLine(v *record.Review) string {
	what := string(v.Verdict)
	if v.Undoes != 0 {
		what += " r" + strconv.FormatInt(v.Undoes, 10)
	}
	if v.Verdict == record.Correct {
		what += " " + strings.Join(changes(v.Old, v.New), ", ")
	}
	return fmt.Sprintf("r%d  %s  %s  claim %s  %s%s", v.N, v.Time, v.Author, v.Claim, what, noted(v.Note))
}

func decisionLine(d *record.Decision) string {
	what := "apart"
	switch {
	case d.Undoes != 0:
		what = "undo d" + strconv.FormatInt(d.Undoes, 10)
	case d.Same:
		what = "same"
	}
	for _, p := range d.Pairs {
		what += " " + p[0] + "+" + p[1]
	}
	if d.Undone {
		what += " (undone)"
	}
	return fmt.Sprintf("d%d  %s  %s  %s%s", d.N, d.Time, d.Author, what, noted(d.Note))
}

func noted(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}

// changes names the fields in which two states of a claim differ.
func changes(old, to *rapport.Claim) (out []string) {
	if old == nil || to == nil {
		return nil
	}
	fields := func(c *rapport.Claim) map[string]json.RawMessage {
		m := map[string]json.RawMessage{}
		if b, err := c.MarshalJSON(); err == nil {
			json.Unmarshal(b, &m) // what MarshalJSON wrote is an object
		}
		return m
	}
	a, b := fields(old), fields(to)
	for name := range b {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, fmt.Sprintf("%s %s → %s", name, a[name], b[name]))
		}
	}
	slices.Sort(out)
	return out
}
