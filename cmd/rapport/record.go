package main

import (
	"fmt"

	"rapport"
	"rapport/internal/pipeline"
	"rapport/internal/record"
)

// tend runs "rapport record": what keeps a record in order.
func tend(s *session, args []string) error {
	o := newOptions("record")
	path := o.recordFlag()
	format := o.choice("format", "text", "json")
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) == 0 {
		return usage("record", "say what to do: check, rebuild, backup or stats")
	}
	verb, rest := rest[0], rest[1:]
	if want := map[string]int{"backup": 1}[verb]; len(rest) != want {
		return usage("record", "record %s takes %s, %d are given", verb, count(want, "name"), len(rest))
	}
	switch verb {
	case "check":
		return checkRecord(s, *path, *format)
	case "rebuild":
		return rebuildRecord(s, *path, *format)
	case "backup":
		return backupRecord(s, *path, rest[0])
	case "stats":
		return countRecord(s, *path, *format)
	}
	return usage("record", "record cannot %q: it is check, rebuild, backup or stats", verb)
}

func checkRecord(s *session, path, format string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	problems, err := rec.Check(s)
	if err != nil {
		return err
	}
	stats, err := rec.Stats(s)
	if err != nil {
		return err
	}
	if format == "json" {
		if problems == nil {
			problems = []record.Problem{}
		}
		err = s.printJSON(struct {
			Sound    bool             `json:"sound"`
			Problems []record.Problem `json:"problems"`
			Stats    record.Stats     `json:"stats"`
		}{len(problems) == 0, problems, stats})
	} else {
		for _, p := range problems {
			if err == nil {
				err = s.print([]byte(tameLine(p.Where+": "+p.What) + "\n"))
			}
		}
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return &rapport.Error{Kind: rapport.Storage, Where: path, What: "is not sound: " + count(len(problems), "problem"),
			Try: "rapport record rebuild where only events, pairs or judgements are named; else a backup"}
	}
	if format == "text" {
		return s.print([]byte(fmt.Sprintf("%s is sound: %s, %s, %s, %s of persons on claims\n", tameLine(path),
			count(stats.Reports, "report"), count(stats.Claims, "claim"), count(stats.Events, "event"), count(stats.Reviews, "review"))))
	}
	return nil
}

func rebuildRecord(s *session, path, format string) error {
	rec, err := record.Open(s, path, record.Options{Map: mapped})
	if err != nil {
		return err
	}
	defer rec.Close()
	m, err := pipeline.Rebuild(s, rec)
	if err != nil {
		return err
	}
	if format == "json" {
		err = s.printJSON(m)
	} else {
		err = s.print([]byte(fmt.Sprintf("%s: %s made of %s on %s\n", tameLine(path), count(m.Events, "event"), count(m.Compared, "claim"), count(m.Dyads, "pair"))))
	}
	if err != nil {
		return err
	}
	return rec.Close()
}

func backupRecord(s *session, path, to string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	if err := rec.Backup(s, to); err != nil {
		return err
	}
	return s.print([]byte(fmt.Sprintf("%s is copied to %s\n", tameLine(path), tameLine(to))))
}

func countRecord(s *session, path, format string) error {
	rec, err := record.Open(s, path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	st, err := rec.Stats(s)
	if err != nil {
		return err
	}
	if format == "json" {
		return s.printJSON(st)
	}
	lines := [][2]string{
		{"reports", fmt.Sprintf("%d, of %s, %s to %s", st.Reports, count(st.Outlets, "outlet"), orNone(st.First), orNone(st.Last))},
		{"texts", fmt.Sprintf("%d that differ, %s older", st.Families, count(st.Versions, "version"))},
		{"claims", fmt.Sprintf("%d, %d off the register", st.Claims, st.Withdrawn)},
		{"events", fmt.Sprintf("%d, on %s of countries; %d wait for merging", st.Events, count(st.Dyads, "pair"), st.Stale)},
		{"judgements", fmt.Sprint(st.Judgements)},
		{"reviews", fmt.Sprint(st.Reviews)},
		{"format", fmt.Sprintf("%d, %d bytes", st.Format, st.Bytes)},
	}
	for _, c := range st.Coders {
		lines = append(lines, [2]string{"coder", c})
	}
	for _, l := range lines {
		if err := s.print([]byte(fmt.Sprintf("%-11s%s\n", l[0], tameLine(l[1])))); err != nil {
			return err
		}
	}
	return nil
}

func orNone(date string) string {
	if date == "" {
		return "no date"
	}
	return date
}
