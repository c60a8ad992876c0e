package record

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
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
// with the sentence that holds most of them. Words match in any inflection and
// without regard to case and accents. "two words" in quotation marks stand
// together, a final * matches the beginning of a word, a leading - shuts out,
// OR between two terms lets either do. limit 0 is 20.
func (r *Record) Search(ctx context.Context, query string, limit int) ([]Hit, error) {
	match := matchExpression(query)
	if match == "" {
		return nil, &rapport.Error{Kind: rapport.Usage, Where: query, What: "is no search: it has no word to look for"}
	}
	if limit <= 0 {
		limit = 20
	}
	hits, err := all(rowsOf(ctx, r, scanHit, searchQuery, match, limit))
	if err != nil {
		return nil, err
	}
	out := make([]Hit, len(hits))
	for i := range hits {
		claims, err := all(rowsOf(ctx, r, scanEvidence, `SELECT id, start, "end" FROM claim WHERE report = ? AND live = 1 ORDER BY id`, hits[i].n))
		if err != nil {
			return nil, err
		}
		hits[i].choose(claims)
		out[i] = hits[i].Hit
	}
	return out, nil
}

// FTS5 sorts by rank itself and computes highlight only for the rows returned.
const searchQuery = `SELECT r.id, r.title, r.text, r.published, r.basis, r.outlet, r.url, r.author, r.language, r.retrieved,
	r.dateline_start, r.dateline_end, r.place, r.hash, r.n, -rank, highlight(search, 1, char(2), char(3))
	FROM search CROSS JOIN report r ON r.n = search.rowid
	WHERE search MATCH ? AND rank MATCH 'bm25(4.0, 1.0)' ORDER BY rank LIMIT ?`

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

func scanEvidence(rows scanner) (e evidence, err error) {
	return e, rows.Scan(&e.claim, &e.Start, &e.End)
}

func scanHit(rows scanner) (h found, err error) {
	var marked string
	h.Report, err = scanReport(extra{rows, []any{&h.n, &h.Score, &marked}})
	h.text, h.Report.Text = h.Report.Text, ""
	h.spans = marks(h.text, marked)
	return h, err
}

// extra scans further columns after those that are asked for.
type extra struct {
	scanner
	dest []any
}

func (e extra) Scan(dest ...any) error { return e.scanner.Scan(append(dest, e.dest...)...) }

// marks returns where text differs from marked, which has 0x02 and 0x03 put
// around the words found.
func marks(text, marked string) (out []rapport.Span) {
	start, t := -1, 0
	for i := 0; i < len(marked); i++ {
		switch {
		case t < len(text) && marked[i] == text[t]:
			t++
		case marked[i] == 2:
			start = t
		case marked[i] == 3 && start >= 0:
			out = append(out, rapport.Span{Start: start, End: t})
			start = -1
		}
	}
	return out
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

// matchExpression words a user's query in FTS5's language, "" when there is
// nothing to look for. Every term is quoted, so no input is a syntax error.
func matchExpression(query string) string {
	var all, not []string
	or := false
	for _, t := range terms(query) {
		switch {
		case t.text == "OR" && !t.quoted && len(all) > 0:
			or = true
			continue
		case !strings.ContainsFunc(t.text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }):
			continue
		}
		word := `"` + strings.ReplaceAll(t.text, `"`, `""`) + `"`
		if t.prefix {
			word += "*"
		}
		switch {
		case t.not:
			not = append(not, word)
		case or:
			all[len(all)-1] += " OR " + word
		default:
			all = append(all, word)
		}
		or = false
	}
	if len(all) == 0 {
		return ""
	}
	q := "(" + strings.Join(all, ") AND (") + ")"
	if len(not) > 0 {
		q = "(" + q + ") NOT (" + strings.Join(not, " OR ") + ")"
	}
	return q
}

type queryTerm struct {
	text                string
	quoted, prefix, not bool
}

func terms(query string) (out []queryTerm) {
	query = strings.Map(func(c rune) rune {
		switch {
		case c == 0:
			return -1
		case strings.ContainsRune("“”„«»", c):
			return '"'
		}
		return c
	}, strings.ToValidUTF8(query, " "))
	for {
		query = strings.TrimLeftFunc(query, unicode.IsSpace)
		if query == "" {
			return out
		}
		var t queryTerm
		if len(query) > 1 && query[0] == '-' {
			t.not, query = true, query[1:]
		}
		if query[0] == '"' {
			t.quoted = true
			t.text, query, _ = strings.Cut(query[1:], `"`)
		} else {
			end := strings.IndexFunc(query, func(c rune) bool { return unicode.IsSpace(c) || c == '"' })
			if end < 0 {
				end = len(query)
			}
			t.text, query = query[:end], query[end:]
		}
		if strings.HasPrefix(query, "*") {
			t.prefix, query = true, query[1:]
		} else if !t.quoted && strings.HasSuffix(t.text, "*") {
			t.prefix, t.text = true, strings.TrimRight(t.text, "*")
		}
		out = append(out, t)
	}
}
