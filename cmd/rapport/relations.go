package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
)

// pairs is the command relations: a package has that name.
func pairs(s *session, args []string) error {
	o := newOptions("relations")
	path := o.recordFlag()
	format := o.choice("format", "table", "csv", "jsonl")
	limit := o.Int("limit", 0, "")
	party, done, err := o.parse(s, args)
	switch {
	case done || err != nil:
		return err
	case len(party) > 1:
		return usage("relations", "one country is named at most, and %d are", len(party))
	case *limit < 0:
		return usage("relations", "--limit is %d, and 0, for all, is the least", *limit)
	}
	code := ""
	if len(party) == 1 {
		var ok bool
		if code, ok = ontology.ParseCountry(party[0]); !ok {
			return &rapport.Error{Kind: rapport.NotFound, What: fmt.Sprintf("%q is no country that I know", party[0]), Try: "its ISO 3166 code, as in EGY"}
		}
	}
	rec, closed, err := openMerged(s, *path)
	if err != nil {
		return err
	}
	defer closed()
	found, err := rec.Pairs(s, code)
	if err != nil {
		return err
	}
	if len(found) == 0 && code != "" {
		return &rapport.Error{Kind: rapport.NotFound, Where: rec.Path(), What: "has nothing on " + code + " and another country"}
	}
	if *limit > 0 {
		found = found[:min(*limit, len(found))]
	}
	b, err := pairPrinters[*format](found)
	if err != nil {
		return err
	}
	return s.print(b)
}

var pairPrinters = map[string]func([]record.PairCount) ([]byte, error){"table": pairTable, "csv": pairCSV, "jsonl": pairLines}

func pairTable(found []record.PairCount) ([]byte, error) {
	var b strings.Builder
	rows := make([][]string, len(found))
	for i, p := range found {
		rows[i] = []string{p.A + " " + p.B, strconv.Itoa(p.Events), strconv.Itoa(p.Claims), string(p.First), string(p.Last), strconv.Itoa(p.Recent), ""}
	}
	columns := []column{{"PAIR", 7}, {"EVENTS", 8}, {"CLAIMS", 8}, {"FIRST", 10}, {"LAST", 10}, {"LAST YEAR", 9}, {"COUNTRIES", 0}}
	layOut(&b, columns, rows, func(i, _ int) string {
		return ontology.CountryName(found[i].A) + " and " + ontology.CountryName(found[i].B)
	})
	return []byte(b.String()), nil
}

func pairCSV(found []record.PairCount) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"Country A", "Country B", "Name A", "Name B", "Events", "Claims", "First", "Last", "Last Year"})
	for _, p := range found {
		w.Write([]string{p.A, p.B, ontology.CountryName(p.A), ontology.CountryName(p.B), strconv.Itoa(p.Events), strconv.Itoa(p.Claims), string(p.First), string(p.Last), strconv.Itoa(p.Recent)})
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func pairLines(found []record.PairCount) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, p := range found {
		out := struct {
			Pair   [2]string    `json:"pair"`
			Names  [2]string    `json:"names"`
			Events int          `json:"events"`
			Claims int          `json:"claims"`
			First  rapport.Date `json:"first,omitempty"`
			Last   rapport.Date `json:"last,omitempty"`
			Recent int          `json:"last_year"`
		}{[2]string{p.A, p.B}, [2]string{ontology.CountryName(p.A), ontology.CountryName(p.B)}, p.Events, p.Claims, p.First, p.Last, p.Recent}
		if err := enc.Encode(out); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}
