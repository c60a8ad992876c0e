package fulltext

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Query is what is looked for: of each group one term at least, and none of
// Not.
type Query struct {
	Groups [][]Term
	Not    []Term
}

// Term is a word, or words that stand together.
type Term struct {
	Stems  []string
	Prefix bool // the last is the beginning of a word
}

// Parse reads a user's query. Words match in any inflection and without regard
// to case and accents. "two words" in quotation marks stand together, a final
// * matches the beginning of a word, a leading - shuts out, OR between two
// terms lets either do. Every text is a query; one without a word to look for
// has no groups.
func Parse(s string) Query {
	var q Query
	or := false
	for _, w := range split(s) {
		if w.text == "OR" && !w.quoted && len(q.Groups) > 0 {
			or = true
			continue
		}
		t, exact := w.term()
		switch {
		case len(t.Stems) == 0:
			continue
		case w.not:
			q.Not = append(q.Not, t)
		case or:
			last := len(q.Groups) - 1
			q.Groups[last] = append(q.Groups[last], t)
		default:
			q.Groups = append(q.Groups, []Term{t})
		}
		if last := len(q.Groups) - 1; !w.not && len(exact.Stems) > 0 {
			q.Groups[last] = append(q.Groups[last], exact)
		}
		or = false
	}
	return q
}

// term returns what a word of the query looks for. The beginning of a word is
// not stemmed, so "visite*" would not find "visited", which the index has as
// "visit": exact is the term for that.
func (w *queryWord) term() (t, exact Term) {
	t.Prefix = w.prefix
	plainWords(w.text, func(word []byte, _, end int) bool {
		if w.prefix && end == len(w.text) {
			t.Stems = append(t.Stems, string(word))
			if s := string(stem(word)); s != t.Stems[0] && len(t.Stems) == 1 {
				exact.Stems = []string{s}
			}
			return true
		}
		t.Stems = append(t.Stems, string(stem(word)))
		return true
	})
	return t, exact
}

type queryWord struct {
	text                string
	quoted, prefix, not bool
}

func split(query string) (out []queryWord) {
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
		var w queryWord
		if len(query) > 1 && query[0] == '-' {
			w.not, query = true, query[1:]
		}
		if query[0] == '"' {
			w.quoted = true
			w.text, query, _ = strings.Cut(query[1:], `"`)
		} else {
			end := strings.IndexFunc(query, func(c rune) bool { return unicode.IsSpace(c) || c == '"' })
			if end < 0 {
				end = len(query)
			}
			w.text, query = query[:end], query[end:]
		}
		if strings.HasPrefix(query, "*") {
			w.prefix, query = true, query[1:]
		} else if !w.quoted && strings.HasSuffix(w.text, "*") {
			w.prefix, w.text = true, strings.TrimRight(w.text, "*")
		}
		out = append(out, w)
	}
}

// Stem is a word of a query as the index is asked for it.
type Stem struct {
	Text   string
	Prefix bool
}

// Stems returns the words of the query, each once.
func (q *Query) Stems() (out []Stem) {
	for _, g := range append(slices.Clone(q.Groups), q.Not) {
		for _, t := range g {
			for i, s := range t.Stems {
				w := Stem{s, t.Prefix && i == len(t.Stems)-1}
				if !slices.Contains(out, w) {
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// List is what a segment holds of a stem.
type List struct {
	DF   int
	list []byte
}

// Find looks for a stem in a chunk that may hold it, and returns its list, or
// for a prefix all lists of the chunk that it begins. The lists alias chunk.
func Find(chunk []byte, s Stem) (out []List, err error) {
	c := cursor{b: chunk}
	want := []byte(s.Text)
	for {
		ok, err := c.next()
		if err != nil || !ok {
			return out, err
		}
		switch order := bytes.Compare(c.term, want); {
		case order < 0:
		case s.Prefix && bytes.HasPrefix(c.term, want):
			out = append(out, List{c.df, c.list})
		case order > 0:
			return out, nil
		default:
			return []List{{c.df, c.list}}, nil
		}
	}
}

// Segment is one segment with what it holds of the stems of a query.
type Segment struct {
	Docs  []DocLen
	Words int // of all documents
	Lists map[Stem][]List
}

// Match is a document found.
type Match struct {
	N     int64
	Score float64
}

// k1 and b are the parameters of BM25 (Robertson and Zaragoza 2009), at their
// customary values.
const (
	k1 = 1.2
	b  = 0.75
)

// ranking holds what one search needs of the whole index.
type ranking struct {
	q    *Query
	idf  map[Stem]float64
	mean float64 // words of a document
}

// Rank returns the documents that hold of each group one term's words, and
// none of those that must not be there and are single words, in no order. What
// must stand together may stand anywhere yet: [Query.Holds] tells. Scores are
// BM25, summed over words.
func Rank(q *Query, segments []Segment) ([]Match, error) {
	r := ranking{q: q, idf: map[Stem]float64{}}
	docs, words := 0, 0
	df := map[Stem]int{}
	for i := range segments {
		docs += len(segments[i].Docs)
		words += segments[i].Words
		for s, lists := range segments[i].Lists {
			for _, l := range lists {
				df[s] += l.DF
			}
		}
	}
	r.mean = max(1, float64(words)/float64(max(1, docs)))
	for s, n := range df {
		n = min(n, docs) // a prefix may count a document twice
		r.idf[s] = max(1e-6, math.Log((float64(docs-n)+0.5)/(float64(n)+0.5)))
	}
	var out []Match
	for i := range segments {
		found, err := r.segment(&segments[i])
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// scored is a document of a segment by its place.
type scored struct {
	doc   uint32
	score float64
}

func (r *ranking) segment(s *Segment) ([]Match, error) {
	groups := slices.Clone(r.q.Groups)
	slices.SortStableFunc(groups, func(a, b []Term) int { return cmp.Compare(s.count(a), s.count(b)) })
	var found []scored
	for i, g := range groups {
		var err error
		if found, err = r.group(s, g, found, i == 0); err != nil || len(found) == 0 {
			return nil, err
		}
	}
	for _, t := range r.q.Not {
		if len(t.Stems) > 1 {
			continue
		}
		not, err := r.group(s, []Term{t}, slices.Clone(found), false)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(f scored) bool {
			_, ok := slices.BinarySearchFunc(not, f.doc, func(n scored, doc uint32) int { return cmp.Compare(n.doc, doc) })
			return ok
		})
	}
	out := make([]Match, len(found))
	for i, f := range found {
		if int(f.doc) >= len(s.Docs) {
			return nil, ErrDamaged
		}
		out[i] = Match{s.Docs[f.doc].N, f.score}
	}
	return out, nil
}

// count bounds how many documents hold a term of the group.
func (s *Segment) count(g []Term) int {
	n := 0
	for _, t := range g {
		least := math.MaxInt
		for i, w := range t.Stems {
			k := 0
			for _, l := range s.Lists[Stem{w, t.Prefix && i == len(t.Stems)-1}] {
				k += l.DF
			}
			least = min(least, k)
		}
		n += least
	}
	return n
}

// group returns those of the documents found so far that hold a term of the
// group, with the term's score added; all that do when it is the first.
func (r *ranking) group(s *Segment, g []Term, found []scored, first bool) ([]scored, error) {
	var sum []scored
	for i, t := range g {
		with, isFirst := found, first
		if i < len(g)-1 {
			with = slices.Clone(found)
		}
		for k, text := range t.Stems {
			var err error
			if with, err = r.stem(s, Stem{text, t.Prefix && k == len(t.Stems)-1}, with, isFirst); err != nil {
				return nil, err
			}
			isFirst = false
		}
		sum = either(sum, with)
	}
	return sum, nil
}

// stem narrows found to the documents that hold a stem.
func (r *ranking) stem(s *Segment, w Stem, found []scored, first bool) ([]scored, error) {
	idf, lists := r.idf[w], s.Lists[w]
	if len(lists) == 1 && !first {
		return r.narrow(s, lists[0], idf, found)
	}
	var all []scored
	for _, l := range lists {
		err := each(l.list, func(doc, weight uint32) bool {
			all = append(all, scored{doc, r.points(s, idf, doc, weight)})
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	if len(lists) > 1 {
		all = gather(all)
	}
	if first {
		return all, nil
	}
	k, out := 0, found[:0]
	for _, f := range found {
		for k < len(all) && all[k].doc < f.doc {
			k++
		}
		if k < len(all) && all[k].doc == f.doc {
			out = append(out, scored{f.doc, f.score + all[k].score})
		}
	}
	return out, nil
}

// gather sorts by document and adds up the scores of each.
func gather(all []scored) []scored {
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(a.doc, b.doc) })
	out := all[:0]
	for _, a := range all {
		if n := len(out); n > 0 && out[n-1].doc == a.doc {
			out[n-1].score += a.score
		} else {
			out = append(out, a)
		}
	}
	return out
}

// narrow is stem for one list: the way of nearly all searches. It walks a list
// that may hold every document for the few that are found already, so the usual
// two bytes of a document are read here and not through each.
func (r *ranking) narrow(s *Segment, l List, idf float64, found []scored) ([]scored, error) {
	list, out := l.list, found[:0]
	doc, weight, read := uint32(0), uint32(0), false
	for k := 0; k < len(found); {
		want := found[k].doc
		for !read || doc < want {
			switch {
			case len(list) == 0:
				return out, nil
			case len(list) > 1 && list[0] < 0x80 && list[1] < 0x80:
				doc, weight, list = doc+uint32(list[0]), uint32(list[1]), list[2:]
			default:
				delta, size := binary.Uvarint(list)
				if size <= 0 {
					return nil, ErrDamaged
				}
				w, more := binary.Uvarint(list[size:])
				if more <= 0 {
					return nil, ErrDamaged
				}
				doc, weight, list = doc+uint32(delta), uint32(w), list[size+more:]
			}
			read = true
		}
		if doc == want {
			out = append(out, scored{doc, found[k].score + r.points(s, idf, doc, weight)})
		}
		for k < len(found) && found[k].doc <= min(doc, want) {
			k++
		}
	}
	return out, nil
}

func (r *ranking) points(s *Segment, idf float64, doc, weight uint32) float64 {
	if int(doc) >= len(s.Docs) {
		return 0 // told by segment
	}
	f := float64(weight)
	return idf * f * (k1 + 1) / (f + k1*(1-b+b*float64(s.Docs[doc].Words)/r.mean))
}

// either merges two lists by document; a document of both has both scores.
func either(x, y []scored) []scored {
	if len(x) == 0 {
		return y
	}
	out := make([]scored, 0, len(x)+len(y))
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0].doc < y[0].doc:
			out, x = append(out, x[0]), x[1:]
		case y[0].doc < x[0].doc:
			out, y = append(out, y[0]), y[1:]
		default:
			out = append(out, scored{x[0].doc, x[0].score + y[0].score})
			x, y = x[1:], y[1:]
		}
	}
	return append(append(out, x...), y...)
}

// Best takes matches out of a list best first, of equals the lower number.
type Best struct{ heap []Match }

// NewBest orders matches, which it takes over.
func NewBest(ms []Match) *Best {
	h := &Best{ms}
	for i := len(ms)/2 - 1; i >= 0; i-- {
		h.sift(i)
	}
	return h
}

func (h *Best) before(i, j int) bool {
	a, b := h.heap[i], h.heap[j]
	return a.Score > b.Score || a.Score == b.Score && a.N < b.N
}

func (h *Best) sift(i int) {
	for {
		top := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h.heap); c++ {
			if h.before(c, top) {
				top = c
			}
		}
		if top == i {
			return
		}
		h.heap[i], h.heap[top] = h.heap[top], h.heap[i]
		i = top
	}
}

// Next returns the best match left; false when there is none.
func (h *Best) Next() (Match, bool) {
	if len(h.heap) == 0 {
		return Match{}, false
	}
	m := h.heap[0]
	last := len(h.heap) - 1
	h.heap[0] = h.heap[last]
	h.heap = h.heap[:last]
	h.sift(0)
	return m, true
}

// word is a word of a text that a query has.
type word struct {
	stem       string
	at         int // counted in words
	start, end int
}

// Found is a stretch of text that a term of the query matches.
type Found struct{ Start, End int }

// Holds reports whether a document's title and text hold what must stand
// together, and nothing that must not; at says where terms match in the text.
func (q *Query) Holds(title, text string) (at []Found, ok bool) {
	inTitle, inText := q.words(title), q.words(text)
	for _, t := range q.Not {
		if len(t.find(inTitle)) > 0 || len(t.find(inText)) > 0 {
			return nil, false
		}
	}
	for _, g := range q.Groups {
		held := false
		for _, t := range g {
			here := t.find(inText)
			held = held || len(here) > 0 || len(t.find(inTitle)) > 0
			at = append(at, here...)
		}
		if !held {
			return nil, false
		}
	}
	slices.SortFunc(at, func(a, b Found) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	end := -1
	at = slices.DeleteFunc(at, func(f Found) bool { // of those that overlap the first and longest
		if f.Start < end {
			return true
		}
		end = f.End
		return false
	})
	return at, true
}

// words returns the words of text that are the query's. Only a word that
// begins as a stem does is stemmed: stemming leaves the first two letters.
func (q *Query) words(text string) (out []word) {
	stems := q.Stems()
	n := 0
	plainWords(text, func(w []byte, start, end int) bool {
		for _, s := range stems {
			if head := min(2, len(s.Text)); len(w) < head || string(w[:head]) != s.Text[:head] {
				continue
			}
			w = stem(w)
			if slices.ContainsFunc(stems, func(s Stem) bool {
				return string(w) == s.Text || s.Prefix && len(w) > len(s.Text) && string(w[:len(s.Text)]) == s.Text
			}) {
				out = append(out, word{string(w), n, start, end})
			}
			break
		}
		n++
		return true
	})
	return out
}

// find returns where a term's words stand, one after the other.
func (t *Term) find(ws []word) (out []Found) {
	for i := range ws {
		k := 0
		for ; k < len(t.Stems) && i+k < len(ws) && ws[i+k].at == ws[i].at+k; k++ {
			if w := ws[i+k].stem; w != t.Stems[k] && !(t.Prefix && k == len(t.Stems)-1 && strings.HasPrefix(w, t.Stems[k])) {
				break
			}
		}
		if k == len(t.Stems) {
			out = append(out, Found{ws[i].start, ws[i+k-1].end})
		}
	}
	return out
}
