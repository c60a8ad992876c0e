package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/who"
)

// askedParty is a party as `rapport who` prints it: every key always there.
type askedParty struct {
	Country    string  `json:"country"`
	Sector     string  `json:"sector"`
	Name       string  `json:"name"`
	Office     string  `json:"office"`
	Wikidata   string  `json:"wikidata"`
	Confidence float64 `json:"confidence"`
}

func asked(s *session, args []string) error {
	o := newOptions("who")
	var day rapport.Date
	o.Var(dateFlag{&day}, "date", "")
	context := o.String("context", "", "")
	codes := o.Bool("codes", false, "")
	actors := o.actorsFlag()
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if *codes {
		return printCodes(s, rest, day)
	}
	if err := useActors(*actors); err != nil {
		return err
	}
	switch {
	case len(rest) > 1:
		return usage("who", "one phrase is asked about at a time, %d are given; put quotes around it", len(rest))
	case len(rest) == 1 && rest[0] != "-":
		return askOne(s, rest[0], day, *context)
	case len(rest) == 0 && isTerminal(s.stdin):
		return usage("who", "no phrase is given")
	}
	return askLines(s, day, *context)
}

// printCodes prints the rows of the crosswalk that the arguments name, all of
// them when there are none, as tab-separated values under a header.
func printCodes(s *session, countries []string, day rapport.Date) error {
	var rows []ontology.CodeRow
	for _, c := range countries {
		found := ontology.FindCodes(c, day)
		if len(found) == 0 {
			return &rapport.Error{Kind: rapport.NotFound, Where: c, What: "is no code or name of a country", Try: "FRA, France, cow:220, gw:220, cameo:FRA, fips:FR or Q142"}
		}
		rows = append(rows, found...)
	}
	if len(countries) == 0 {
		rows = ontology.CodeRows()
	}
	out := []byte(strings.Join(ontology.Columns, "\t") + "\n")
	for i := range rows {
		if len(countries) == 0 && day != "" && !rows[i].On(day) {
			continue
		}
		out = append(out, strings.Join(rows[i].Cells(), "\t")+"\n"...)
	}
	return s.print(out)
}

// askOne answers for one phrase, for people to read.
func askOne(s *session, phrase string, day rapport.Date, context string) error {
	p, sure, reasons, ok := who.Resolve(phrase, day, context)
	if !ok {
		try := "--context with the country or a sentence about it"
		if context != "" {
			try = "the name as the press spells it, or rapport actors import to teach it"
		}
		return &rapport.Error{Kind: rapport.NotFound, Where: phrase, What: "is no party that the tables know", Try: try}
	}
	var b strings.Builder
	head := []string{p.Country, p.Sector}
	if p.Country == "" {
		head[0] = "country unknown"
	}
	fmt.Fprintf(&b, "%s", strings.TrimSpace(strings.Join(head, " ")))
	for _, w := range []string{p.Name, p.Office, p.Wikidata} {
		if w != "" {
			fmt.Fprintf(&b, " · %s", w)
		}
	}
	fmt.Fprintf(&b, " · confidence %.2f\n", sure)
	for _, r := range reasons {
		fmt.Fprintf(&b, "  %-20s %s\n", r.Rule, r.Note)
	}
	return s.print([]byte(tame(b.String())))
}

// maxQuestion is the longest line that is read.
const maxQuestion = 4 << 20

// askLines answers for JSONL: each line comes back with party and reasons.
func askLines(s *session, day rapport.Date, context string) error {
	in := bufio.NewReaderSize(s.stdin, 64<<10)
	out := bufio.NewWriterSize(s.stdout, 64<<10)
	var n incomplete
	for line := 1; ; line++ {
		if s.Err() != nil {
			out.Flush()
			return &rapport.Error{Kind: rapport.Stopped, What: "stopped"}
		}
		raw, err := readLine(in)
		if errors.Is(err, io.EOF) {
			break
		}
		raw = bytes.TrimSpace(raw)
		if err == nil && len(raw) == 0 {
			continue
		}
		var answer []byte
		if err == nil {
			answer, err = askLine(raw, day, context)
		}
		if err != nil {
			n.failed(s, &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("line %d", line), What: "is no question", Err: err, Try: `{"id": "1", "text": "President Mubarak", "date": "2005-05-01", "context": "Egypt"}`})
			continue
		}
		n.done++
		out.Write(append(answer, '\n'))
		if in.Buffered() == 0 { // whoever asks line by line has the answer at once
			if err := out.Flush(); err != nil {
				return cannotWrite(err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return cannotWrite(err)
	}
	return n.orNil()
}

// readLine returns the next line of at most maxQuestion bytes; the rest of a
// longer one is skipped.
func readLine(in *bufio.Reader) (line []byte, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(line) <= maxQuestion {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
			if len(line) > maxQuestion {
				return nil, fmt.Errorf("longer than %d bytes", maxQuestion)
			}
			return line, nil
		}
		return nil, err
	}
}

// askLine answers one JSON object with the same object, its keys in their
// order, and party and reasons behind them.
func askLine(raw []byte, day rapport.Date, context string) ([]byte, error) {
	var q struct {
		Text    *string       `json:"text"`
		Date    *rapport.Date `json:"date"`
		Context *string       `json:"context"`
	}
	if err := json.Unmarshal(raw, &q); err != nil {
		return nil, err
	}
	if q.Text == nil {
		return nil, errors.New(`has no "text"`)
	}
	if q.Date != nil && *q.Date != "" {
		day = *q.Date
		if d, _, ok := strings.Cut(string(day), "T"); ok {
			day = rapport.Date(d) // a time: its day counts
		}
		if day.Check() != nil {
			return nil, fmt.Errorf("%q is no EDTF date", day)
		}
	}
	if q.Context != nil {
		context = *q.Context
	}
	var party *askedParty
	p, sure, reasons, ok := who.Resolve(*q.Text, day, context)
	if ok {
		party = &askedParty{p.Country, p.Sector, p.Name, p.Office, p.Wikidata, float64(int(sure*1000+0.5)) / 1000}
	}
	if reasons == nil {
		reasons = []rapport.Reason{}
	}
	told, err := objectWithout(raw, "party", "reasons")
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(struct {
		Party   *askedParty      `json:"party"`
		Reasons []rapport.Reason `json:"reasons"`
	}{party, reasons})
	if err != nil {
		return nil, err
	}
	return append(append(told, ", "...), answer[1:]...), nil
}

// objectWithout writes a JSON object anew without the given keys and without
// its closing brace.
func objectWithout(raw []byte, keys ...string) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	out := []byte{'{'}
next:
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, err
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return nil, err
		}
		for _, drop := range keys {
			if k == drop {
				continue next
			}
		}
		name, err := json.Marshal(k)
		if err != nil {
			return nil, err
		}
		if len(out) > 1 {
			out = append(out, ", "...)
		}
		out = append(append(append(out, name...), ": "...), v...)
	}
	return out, nil
}
