package record

import (
	"context"
	"database/sql"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/record/fulltext"
)

// Hit is a report that a search found.
type Hit struct {
	Report   rapport.Report `json:"report"` // without its Text
	Score    float64        `json:"score"`  // BM25, the title's words counting four times; higher is better
	Sentence string         `json:"sentence,omitempty"`
	Span     rapport.Span   `json:"span,omitzero"`     // of Sentence in the report's text
	Matches  []rapport.Span `json:"matches,omitempty"` // the words found, within Span
	Claims   []string       `json:"claims,omitempty"`  // ids of the claims that rest on Sentence
}

// Search returns the reports that hold all words of query, best first, each
// with the sentence that holds most of them. [fulltext.Parse] says what a query
// may hold. limit 0 is 20.
func (r *Record) Search(ctx context.Context, query string, limit int) ([]Hit, error) {
	q := fulltext.Parse(query)
	if len(q.Groups) == 0 {
		return nil, &rapport.Error{Kind: rapport.Usage, Where: query, What: "is no search: it has no word to look for"}
	}
	if limit <= 0 {
		limit = 20
	}
	tx, err := r.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one state of the record, whatever is written meanwhile
	if err != nil {
		return nil, r.fail("cannot be searched", err)
	}
	defer tx.Rollback()
	hits, err := r.search(ctx, tx, &q, limit)
	return hits, r.fail("cannot be searched", err)
}

func (r *Record) search(ctx context.Context, tx *sql.Tx, q *fulltext.Query, limit int) ([]Hit, error) {
	best, err := r.ranked(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	reports, err := tx.PrepareContext(ctx, `SELECT `+reportColumns+` FROM report WHERE n = ? AND current = 1`)
	if err != nil {
		return nil, err
	}
	claims, err := tx.PrepareContext(ctx, `SELECT id, start, "end" FROM claim WHERE report = ? AND live = 1 ORDER BY id`)
	if err != nil {
		return nil, err
	}
	out := []Hit{}
	for len(out) < limit {
		m, ok := best.Next()
		if !ok {
			break
		}
		h := found{n: m.N}
		h.Report, err = scanReport(reports.QueryRowContext(ctx, m.N))
		if err == sql.ErrNoRows { // superseded, and not yet merged away
			continue
		}
		if err != nil {
			return nil, err
		}
		at, ok := q.Holds(h.Report.Title, h.Report.Text)
		if !ok {
			continue
		}
		for _, f := range at {
			h.spans = append(h.spans, rapport.Span(f))
		}
		h.text, h.Report.Text, h.Score = h.Report.Text, "", m.Score
		evidence, err := scanAll(claims, scanEvidence, m.N)
		if err != nil {
			return nil, err
		}
		h.choose(evidence)
		out = append(out, h.Hit)
	}
	return out, nil
}

func scanEvidence(rows scanner) (e evidence, err error) {
	return e, rows.Scan(&e.claim, &e.Start, &e.End)
}

// found is a hit with the text and all its matches, before a sentence is chosen.
type found struct {
	Hit
	n     int64
	text  string
	spans []rapport.Span
}

// evidence is where a claim's sentence stands.
type evidence struct {
	claim string
	rapport.Span
}

// choose takes the sentence with most different words found; of equals one
// that claims rest on, then the first.
func (h *found) choose(claims []evidence) {
	best, bestCoded := 0, false
	for i := 0; i < len(h.spans); {
		s, coded := sentenceAt(h.text, h.spans[i], claims)
		words := map[string]bool{}
		j := i
		for ; j < len(h.spans) && (j == i || h.spans[j].Start < s.End); j++ {
			words[strings.ToLower(h.text[h.spans[j].Start:h.spans[j].End])] = true
		}
		if len(words) > best || len(words) == best && coded && !bestCoded {
			best, bestCoded = len(words), coded
			h.Span, h.Matches = s, h.spans[i:j]
		}
		i = j
	}
	h.Sentence = h.text[h.Span.Start:h.Span.End]
	for _, c := range claims {
		if best > 0 && c.Overlaps(h.Span) {
			h.Claims = append(h.Claims, c.claim)
		}
	}
}

// sentenceAt returns the sentence around m: the evidence of a claim where one
// covers it, else up to the line's or the sentence's ends as punctuation tells
// them. The language model's own sentences are not kept.
func sentenceAt(text string, m rapport.Span, claims []evidence) (s rapport.Span, coded bool) {
	for _, e := range claims {
		if e.Contains(m) {
			return e.Span, true
		}
	}
	s.Start, s.End = m.Start, m.End
	for s.Start > 0 && !sentenceEnds(text, s.Start) {
		s.Start--
	}
	for s.End < len(text) && !sentenceEnds(text, s.End) {
		s.End++
	}
	trimmed := strings.TrimLeftFunc(text[s.Start:s.End], unicode.IsSpace)
	s.Start = s.End - len(trimmed)
	s.End = s.Start + len(strings.TrimRightFunc(trimmed, unicode.IsSpace))
	return s, false
}

// sentenceEnds reports whether text may be cut before byte i: after a line's
// end, or after ". " where a capital or a quotation follows.
func sentenceEnds(text string, i int) bool {
	if text[i-1] == '\n' || text[i] == '\n' {
		return true
	}
	if text[i-1] != ' ' || i < 3 || !strings.ContainsRune(".!?", rune(text[i-2])) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsUpper(next) || unicode.In(next, unicode.Pi, unicode.Lo) || next == '"'
}
