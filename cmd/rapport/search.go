package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"rapport/internal/record"
)

func search(s *session, args []string) error {
	o := newOptions("search")
	path := o.recordFlag()
	format := o.choice("format", "table", "csv", "jsonl")
	limit := o.Int("limit", 20, "")
	words, done, err := o.parse(s, args)
	switch {
	case done || err != nil:
		return err
	case len(words) == 0:
		return usage("search", "no word is given to look for")
	case *limit < 1:
		return usage("search", "--limit is %d, and one is the least", *limit)
	}
	rec, err := record.Open(s, *path, record.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	hits, err := rec.Search(s, strings.Join(words, " "), *limit)
	if err != nil {
		return err
	}
	if len(hits) == 0 {
		s.note(rec.Path(), "no report has all these words")
	}
	b, err := hitPrinters[*format](hits)
	if err != nil {
		return err
	}
	return s.print(b)
}

var hitPrinters = map[string]func([]record.Hit) ([]byte, error){"table": hitTable, "csv": hitCSV, "jsonl": hitLines}

// hitTable tells each report found in two or three lines: what it is, then its
// best sentence.
func hitTable(hits []record.Hit) ([]byte, error) {
	var b strings.Builder
	for i, h := range hits {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s\n", reportLine(&h.Report))
		for _, line := range wrap(shortened(&h), tableWidth-2) {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	return []byte(b.String()), nil
}

// shortened is the sentence of a hit from shortly before the first word found.
func shortened(h *record.Hit) string {
	all := []rune(oneLine(h.Sentence))
	if len(h.Matches) == 0 {
		return string(all)
	}
	before := len([]rune(oneLine(h.Sentence[:h.Matches[0].Start-h.Span.Start])))
	start := before - tableWidth/2
	if start <= 0 || len(all) <= cellLines*(tableWidth-6) {
		return string(all)
	}
	for start < len(all) && all[start-1] != ' ' {
		start++
	}
	return "…" + string(all[start:])
}

func hitCSV(hits []record.Hit) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"Rank", "Score", "Story ID", "Publication Date", "Publisher", "Headline", "URL", "Sentence", "Sentence Start", "Sentence End", "Claim IDs"})
	for i, h := range hits {
		w.Write([]string{strconv.Itoa(i + 1), decimal(h.Score), h.Report.ID, string(h.Report.Published), h.Report.Outlet, h.Report.Title, h.Report.URL,
			strings.Join(strings.Fields(h.Sentence), " "), strconv.Itoa(h.Span.Start), strconv.Itoa(h.Span.End), strings.Join(h.Claims, ";")})
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func hitLines(hits []record.Hit) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, h := range hits {
		if err := enc.Encode(h); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}
