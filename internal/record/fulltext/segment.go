// Package fulltext is the index of a record's reports by words: how words are
// told apart and stemmed, how the index is laid out in bytes, and how documents
// are found in it and ranked. It knows no database; package record keeps its
// blobs.
//
// The index is a set of segments, each over some documents and never changed.
// Every transaction that keeps reports adds one; [Fanout] segments of a level
// are merged into one of the next, so that there are few (a log-structured
// merge tree). A segment is a list of documents and a row of chunks.
//
//	documents  uvarint number of documents, then for each: varint of its number
//	           less that of the one before, uvarint of its words
//	chunk      one term after the other, ascending:
//	             uvarint bytes shared with the term before in the chunk,
//	             uvarint bytes that follow, these bytes,
//	             uvarint number of documents that hold it, uvarint length of the list,
//	             the list: for each document uvarint of its place in the segment
//	             less that of the one before, uvarint weight
//
// A weight is how often the term stands in the text, plus [TitleWeight] times
// how often in the title. Positions are not kept: words that must stand
// together are looked for in the texts found. That is what makes the index a
// fifth of the texts in size and two words found among 200,000 reports in some
// milliseconds; SQLite's FTS5 took 25.
//
// Rejected: FTS5. Its ranking goes through both words' whole lists twice with
// all positions, and indexing cost half the time of keeping in bulk.
package fulltext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

const (
	// TitleWeight is what a word of the title counts.
	TitleWeight = 4
	// Fanout is how many segments of one level become one of the next.
	Fanout = 16
	// chunkSize is from how many bytes on a chunk is full.
	chunkSize = 8 << 10
)

// Doc is a document made ready for the index.
type Doc struct {
	N     int64 // its number
	Words int   // in title and text
	terms []weighted
}

// weighted is a term of a document, each once, as first met.
type weighted struct {
	term   string
	weight uint32
}

// Analyse makes a document ready.
func Analyse(title, text string) Doc {
	a := analysers.Get().(*analyser)
	defer analysers.Put(a)
	return a.analyse(title, text)
}

// analyser remembers the stems of words it has met: most of a text's words
// were in the text before, and stemming is half of the work.
type analyser struct {
	stems map[string]int // word → its term
	terms map[string]int
	names []string
	at    []int // term → its place in the document in hand, plus one
}

// remembered is after how many words an analyser forgets.
const remembered = 1 << 18

var analysers = sync.Pool{New: func() any { return &analyser{stems: map[string]int{}, terms: map[string]int{}} }}

func (a *analyser) analyse(title, text string) Doc {
	if len(a.stems) > remembered {
		*a = analyser{stems: map[string]int{}, terms: map[string]int{}}
	}
	d := Doc{terms: make([]weighted, 0, len(text)/12+8)}
	for _, part := range [...]struct {
		text   string
		weight uint32
	}{{title, TitleWeight}, {text, 1}} {
		plainWords(part.text, func(word []byte, _, _ int) bool {
			d.Words++
			t := a.term(word)
			if a.at[t] == 0 {
				d.terms = append(d.terms, weighted{a.names[t], 0})
				a.at[t] = len(d.terms)
			}
			d.terms[a.at[t]-1].weight += part.weight
			return true
		})
	}
	for _, w := range d.terms {
		a.at[a.terms[w.term]] = 0
	}
	return d
}

func (a *analyser) term(word []byte) int {
	if t, ok := a.stems[string(word)]; ok {
		return t
	}
	w := string(word)
	s := stem(word)
	t, ok := a.terms[string(s)]
	if !ok {
		t = len(a.names)
		a.names = append(a.names, string(s))
		a.terms[a.names[t]] = t
		a.at = append(a.at, 0)
	}
	a.stems[w] = t
	return t
}

// Level returns the level of a segment of so many documents.
func Level(docs int) int {
	l := 0
	for docs >= Fanout {
		docs /= Fanout
		l++
	}
	return l
}

// DocLen is a document of a segment and how many words it has.
type DocLen struct {
	N     int64
	Words uint32
}

// ErrDamaged says that bytes are no part of an index.
var ErrDamaged = errors.New("the index of words is damaged")

// AppendDocs appends the list of a segment's documents.
func AppendDocs(b []byte, docs []DocLen) []byte {
	b = binary.AppendUvarint(b, uint64(len(docs)))
	var was int64
	for _, d := range docs {
		b = binary.AppendVarint(b, d.N-was)
		b = binary.AppendUvarint(b, uint64(d.Words))
		was = d.N
	}
	return b
}

// Docs reads the list of a segment's documents.
func Docs(b []byte) ([]DocLen, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)) {
		return nil, ErrDamaged
	}
	b = b[size:]
	out := make([]DocLen, n)
	var was int64
	for i := range out {
		delta, size := binary.Varint(b)
		if size <= 0 {
			return nil, ErrDamaged
		}
		words, more := binary.Uvarint(b[size:])
		if more <= 0 {
			return nil, ErrDamaged
		}
		b = b[size+more:]
		was += delta
		out[i] = DocLen{was, uint32(words)}
	}
	return out, nil
}

// chunker writes terms into chunks.
type chunker struct {
	emit  func(first, chunk []byte) error
	first []byte // of the chunk in hand
	last  []byte // term written
	buf   []byte
}

// add writes a term with its list of df documents.
func (c *chunker) add(term []byte, df int, list []byte) error {
	shared := 0
	if len(c.buf) == 0 {
		c.first = append(c.first[:0], term...)
	} else {
		for shared < len(c.last) && shared < len(term) && c.last[shared] == term[shared] {
			shared++
		}
	}
	c.buf = binary.AppendUvarint(c.buf, uint64(shared))
	c.buf = binary.AppendUvarint(c.buf, uint64(len(term)-shared))
	c.buf = append(c.buf, term[shared:]...)
	c.buf = binary.AppendUvarint(c.buf, uint64(df))
	c.buf = binary.AppendUvarint(c.buf, uint64(len(list)))
	c.buf = append(c.buf, list...)
	c.last = append(c.last[:0], term...)
	if len(c.buf) >= chunkSize {
		return c.flush()
	}
	return nil
}

func (c *chunker) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	err := c.emit(c.first, c.buf)
	c.buf = c.buf[:0]
	return err
}

// Build writes a segment over documents: its list of documents is returned,
// its chunks are emitted in order with the first term of each. What is emitted
// is overwritten afterwards.
func Build(docs []Doc, emit func(first, chunk []byte) error) ([]DocLen, error) {
	type posting struct{ doc, weight uint32 }
	number := map[string]int{}
	var names []string
	var lists [][]posting
	heads := make([]DocLen, len(docs))
	for i, d := range docs {
		heads[i] = DocLen{d.N, uint32(d.Words)}
		for _, w := range d.terms {
			k, ok := number[w.term]
			if !ok {
				k = len(lists)
				number[w.term] = k
				lists, names = append(lists, nil), append(names, w.term)
			}
			lists[k] = append(lists[k], posting{uint32(i), w.weight})
		}
	}
	slices.Sort(names)
	c := chunker{emit: emit}
	var list, term []byte
	for _, t := range names {
		list = list[:0]
		was := uint32(0)
		of := lists[number[t]]
		for _, p := range of {
			list = binary.AppendUvarint(list, uint64(p.doc-was))
			list = binary.AppendUvarint(list, uint64(p.weight))
			was = p.doc
		}
		term = append(term[:0], t...)
		if err := c.add(term, len(of), list); err != nil {
			return nil, err
		}
	}
	return heads, c.flush()
}

// cursor walks over the terms of a chunk.
type cursor struct {
	b    []byte
	term []byte
	df   int
	list []byte
}

// next goes to the next term; false at the chunk's end.
func (c *cursor) next() (bool, error) {
	if len(c.b) == 0 {
		return false, nil
	}
	var v [2]uint64
	for i := range v {
		n, size := binary.Uvarint(c.b)
		if size <= 0 {
			return false, ErrDamaged
		}
		v[i], c.b = n, c.b[size:]
	}
	if v[0] > uint64(len(c.term)) || v[1] > uint64(len(c.b)) {
		return false, ErrDamaged
	}
	c.term = append(c.term[:v[0]], c.b[:v[1]]...)
	c.b = c.b[v[1]:]
	for i := range v {
		n, size := binary.Uvarint(c.b)
		if size <= 0 {
			return false, ErrDamaged
		}
		v[i], c.b = n, c.b[size:]
	}
	if v[1] > uint64(len(c.b)) || v[0] > v[1] {
		return false, ErrDamaged
	}
	c.df, c.list, c.b = int(v[0]), c.b[:v[1]], c.b[v[1]:]
	return true, nil
}

// Source is a segment to be merged.
type Source struct {
	Docs []DocLen
	Next func() ([]byte, error) // its chunks in order, nil after the last
}

// Merge writes one segment of several, leaving out the documents that gone
// names. It emits as [Build] does.
func Merge(sources []Source, gone func(n int64) bool, emit func(first, chunk []byte) error) ([]DocLen, error) {
	var heads []DocLen
	type reader struct {
		cursor
		next  func() ([]byte, error)
		place []uint32 // of a document in the new segment, plus one; 0 when it is gone
		done  bool
	}
	readers := make([]reader, len(sources))
	advance := func(r *reader) error {
		for {
			ok, err := r.cursor.next()
			if ok || err != nil {
				return err
			}
			chunk, err := r.next()
			if err != nil {
				return err
			}
			if chunk == nil {
				r.done = true
				return nil
			}
			r.cursor = cursor{b: chunk, term: r.term[:0]}
		}
	}
	for i, s := range sources {
		r := &readers[i]
		r.next, r.place = s.Next, make([]uint32, len(s.Docs))
		for k, d := range s.Docs {
			if !gone(d.N) {
				heads = append(heads, d)
				r.place[k] = uint32(len(heads))
			}
		}
		if err := advance(r); err != nil {
			return nil, err
		}
	}
	c := chunker{emit: emit}
	var term, list []byte
	for {
		least := -1
		for i := range readers {
			if !readers[i].done && (least < 0 || bytes.Compare(readers[i].term, readers[least].term) < 0) {
				least = i
			}
		}
		if least < 0 {
			return heads, c.flush()
		}
		term, list = append(term[:0], readers[least].term...), list[:0]
		df, was := 0, uint32(0)
		for i := least; i < len(readers); i++ { // in order of sources, so that places ascend
			r := &readers[i]
			if r.done || !bytes.Equal(r.term, term) {
				continue
			}
			err := each(r.list, func(doc, weight uint32) bool {
				if int(doc) < len(r.place) && r.place[doc] > 0 {
					at := r.place[doc] - 1
					list = binary.AppendUvarint(list, uint64(at-was))
					list = binary.AppendUvarint(list, uint64(weight))
					was = at
					df++
				}
				return true
			})
			if err == nil {
				err = advance(r)
			}
			if err != nil {
				return nil, err
			}
		}
		if df > 0 {
			if err := c.add(term, df, list); err != nil {
				return nil, err
			}
		}
	}
}

// each reads a list.
func each(list []byte, yield func(doc, weight uint32) bool) error {
	doc := uint32(0)
	for len(list) > 0 {
		if len(list) > 1 && list[0] < 0x80 && list[1] < 0x80 { // nearly all
			doc += uint32(list[0])
			if !yield(doc, uint32(list[1])) {
				return nil
			}
			list = list[2:]
			continue
		}
		delta, size := binary.Uvarint(list)
		if size <= 0 {
			return ErrDamaged
		}
		weight, more := binary.Uvarint(list[size:])
		if more <= 0 {
			return ErrDamaged
		}
		list = list[size+more:]
		doc += uint32(delta)
		if !yield(doc, uint32(weight)) {
			return nil
		}
	}
	return nil
}

// CheckChunk reads all of a chunk.
func CheckChunk(chunk []byte) error {
	c := cursor{b: chunk}
	for {
		ok, err := c.next()
		if err != nil || !ok {
			return err
		}
		n := 0
		if err := each(c.list, func(_, _ uint32) bool { n++; return true }); err != nil {
			return err
		}
		if n != c.df {
			return ErrDamaged
		}
	}
}
