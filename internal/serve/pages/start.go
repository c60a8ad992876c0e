package pages

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
)

// pairRow is a pair in a list.
type pairRow struct {
	record.PairCount
	Share float64 // of the busiest pair's events, 0 … 1
	Width int     // the same for a bar, of 100
}

func pairRows(pairs []record.PairCount, most int) (out []pairRow) {
	top := 1
	for _, p := range pairs {
		top = max(top, p.Events)
	}
	for _, p := range pairs[:min(most, len(pairs))] {
		out = append(out, pairRow{p, float64(p.Events) / float64(top), max(1, 100*p.Events/top)})
	}
	return out
}

type startBody struct {
	Stats  record.Stats
	Pairs  []pairRow
	More   int
	Latest []line
	Map    worldMap
	Empty  bool
}

func (s *site) start(r *http.Request, _ []string) (*view, error) {
	ctx := r.Context()
	pairs, err := s.pairs.get(ctx)
	if err != nil {
		return nil, err
	}
	stats, err := s.stats.get(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.last.get(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.Record.Latest(ctx, last, 60)
	if err != nil {
		return nil, err
	}
	rows = spread(rows, 2, 9)
	b := startBody{Stats: stats, Pairs: pairRows(pairs, 18), More: max(0, len(pairs)-18), Latest: lines(rows), Map: drawMap(pairs, mapPairs), Empty: stats.Reports == 0}
	return &view{Template: "start", Title: "Relations between states, with their sources", Section: "start", Keep: true, Body: b}, nil
}

// spread takes the first events of a list, of those that one report tells no more
// than so many.
func spread(rows []record.EventRow, each, most int) (out []record.EventRow) {
	n := map[string]int{}
	for _, row := range rows {
		first := ""
		if len(row.Claims) > 0 {
			first = row.Claims[0].Report
		}
		if n[first]++; n[first] <= each && len(out) < most {
			out = append(out, row)
		}
	}
	return out
}

type searchBody struct {
	Query   string
	Go      []direct // pairs and countries that the words name
	People  []name
	Places  []name
	Outlets []record.OutletCount
	Hits    []hit
	All     bool
	Pairs   []pairRow // with no words, all pairs
}

// direct is a page that words name outright.
type direct struct{ Path, Name, What string }

// hit is a report found, its sentence cut at the words found.
type hit struct {
	Report rapport.Report
	Claim  string
	Parts  []part
}

// part is a stretch of text, marked or not.
type part struct {
	Text string
	Mark bool
}

const hitsMost = 30

func (s *site) search(r *http.Request, _ []string) (*view, error) {
	ctx := r.Context()
	q := strings.TrimSpace(clean(r.URL.Query().Get("q")))
	if len(q) > 400 {
		return nil, problem(http.StatusBadRequest, "These are too many words to look for.", "Look for a pair, a country, a person or a few words.")
	}
	b := searchBody{Query: q}
	if q == "" {
		pairs, err := s.pairs.get(ctx)
		if err != nil {
			return nil, err
		}
		b.Pairs = pairRows(pairs, 500)
		return &view{Template: "search", Title: "All relations", Section: "relations", Keep: true, Body: b}, nil
	}
	var err error
	b.Go = s.named(ctx, q)
	if r.URL.Query().Has("go") && len(b.Go) > 0 {
		return &view{Path: b.Go[0].Path}, nil
	}
	people, err := s.people.get(ctx)
	if err != nil {
		return nil, err
	}
	places, err := s.places.get(ctx)
	if err != nil {
		return nil, err
	}
	outlets, err := s.outlets.get(ctx)
	if err != nil {
		return nil, err
	}
	words := wordsOf(q)
	b.People, b.Places = matching(people, words, 8), matching(places, words, 6)
	for _, w := range words { // no name has them all: whose has one
		if len(b.People) == 0 && len(w) > 3 {
			b.People = matching(people, []string{w}, 4)
		}
	}
	for _, o := range outlets {
		if len(b.Outlets) < 6 && holds(wordsOf(o.Outlet), words) {
			b.Outlets = append(b.Outlets, o)
		}
	}
	found, err := s.Record.Search(ctx, q, hitsMost)
	if err != nil && rapport.KindOf(err) != rapport.Usage {
		return nil, err
	}
	for _, h := range found {
		b.Hits = append(b.Hits, hitOf(h))
	}
	return &view{Template: "search", Title: "Search: " + q, Section: "search", Query: q, Keep: true, Body: b}, nil
}

func hitOf(h record.Hit) hit {
	out := hit{Report: h.Report}
	if len(h.Claims) > 0 {
		out.Claim = h.Claims[0]
	}
	at := h.Span.Start
	for _, m := range h.Matches {
		if m.Start < at || m.End > h.Span.End {
			continue
		}
		out.Parts = append(out.Parts, part{clean(h.Sentence[at-h.Span.Start : m.Start-h.Span.Start]), false}, part{clean(h.Sentence[m.Start-h.Span.Start : m.End-h.Span.Start]), true})
		at = m.End
	}
	if at < h.Span.End {
		out.Parts = append(out.Parts, part{clean(h.Sentence[at-h.Span.Start:]), false})
	}
	return out
}

// named returns the pairs and countries that words name: "Egypt Azerbaijan",
// "EGY-AZE", "Turkey and Greece".
func (s *site) named(ctx context.Context, q string) (out []direct) {
	fields := strings.FieldsFunc(strings.NewReplacer("–", " ", "—", " ", "-", " - ", "/", " / ").Replace(q), unicode.IsSpace)
	var codes []string
	for i := 0; i < len(fields); {
		n := 0
		for j := min(len(fields), i+6); j > i; j-- {
			word := strings.NewReplacer(" - ", "-").Replace(strings.Join(fields[i:j], " "))
			if len(word) == 2 && word != strings.ToUpper(word) {
				continue // "is" and "in" are words before they are codes
			}
			if c, ok := ontology.ParseCountry(word); ok {
				codes = append(codes, c)
				n = j - i
				break
			}
		}
		i += max(n, 1)
	}
	if len(codes) > 4 {
		codes = codes[:4]
	}
	for i, a := range codes {
		for _, b := range codes[i+1:] {
			if a != b {
				d := rapport.NewDyad(a, b)
				out = append(out, direct{"/" + d.A + "/" + d.B, ontology.CountryName(d.A) + " and " + ontology.CountryName(d.B), "relation"})
			}
		}
	}
	for _, a := range codes {
		out = append(out, direct{"/" + a, ontology.CountryName(a), "country"})
	}
	return out
}

// name is the name of a person, body or place with its words to find it by.
type name struct {
	Name  string
	words []string
}

func (s *site) names(ctx context.Context, kind record.NameKind) ([]name, error) {
	list, err := s.Record.Names(ctx, kind)
	out := make([]name, len(list))
	for i, n := range list {
		out[i] = name{n, wordsOf(n)}
	}
	return out, err
}

func matching(all []name, words []string, most int) (out []name) {
	for _, n := range all {
		if len(out) == most {
			break
		}
		if holds(n.words, words) {
			out = append(out, n)
		}
	}
	return out
}

// holds reports whether each word begins one of the others.
func holds(have, words []string) bool {
	for _, w := range words {
		found := false
		for _, h := range have {
			found = found || strings.HasPrefix(h, w)
		}
		if !found {
			return false
		}
	}
	return len(words) > 0
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(record.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
