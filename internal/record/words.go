package record

import (
	"context"
	"database/sql"
	"slices"

	"rapport/internal/record/fulltext"
)

// indexWords puts the documents of this transaction into the index of words,
// and merges its segments where there are enough of a level.
func (w *writer) indexWords() error {
	if len(w.docs) == 0 {
		return nil
	}
	docs := w.docs
	build := func(emit emitter) ([]fulltext.DocLen, error) { return fulltext.Build(docs, emit) }
	if w.built != nil && len(w.built.docs) == len(docs) { // else some of the batch were there already
		build = w.built.emit
		for i := range docs {
			w.built.docs[i].N = docs[i].N
		}
	}
	err := w.addSegment(fulltext.Level(len(docs)), build)
	w.docs = w.docs[:0]
	for err == nil {
		var level int
		var ok bool
		if ok, err = w.one(`SELECT level FROM word_segment GROUP BY level HAVING count(*) >= ? LIMIT 1`, []any{fulltext.Fanout}, &level); err != nil || !ok {
			break
		}
		err = w.mergeSegments(level)
	}
	return err
}

// builtWords is the segment of a whole batch, built while the batch before was
// being kept. The numbers of its documents are not known yet.
type builtWords struct {
	docs   []fulltext.DocLen
	firsts [][]byte
	chunks [][]byte
}

func buildWords(in []input) *builtWords {
	docs := make([]fulltext.Doc, len(in))
	for i := range in {
		docs[i] = in[i].doc
	}
	var b builtWords
	b.docs, _ = fulltext.Build(docs, func(first, chunk []byte) error { // fails only where emitting does
		b.firsts, b.chunks = append(b.firsts, slices.Clone(first)), append(b.chunks, slices.Clone(chunk))
		return nil
	})
	return &b
}

func (b *builtWords) emit(emit emitter) ([]fulltext.DocLen, error) {
	for i := range b.chunks {
		if err := emit(b.firsts[i], b.chunks[i]); err != nil {
			return nil, err
		}
	}
	return b.docs, nil
}

type emitter = func(first, chunk []byte) error

func (w *writer) addSegment(level int, write func(emitter) ([]fulltext.DocLen, error)) error {
	n, err := w.insert(`INSERT INTO word_segment (level, docs) VALUES (?, x'')`, level)
	if err != nil {
		return err
	}
	docs, err := write(func(first, chunk []byte) error {
		_, err := w.exec(`INSERT INTO word_chunk (segment, first, data) VALUES (?, ?, ?)`, n, first, chunk)
		return err
	})
	if err == nil {
		_, err = w.exec(`UPDATE word_segment SET docs = ? WHERE n = ?`, fulltext.AppendDocs(nil, docs), n)
	}
	return err
}

// mergeSegments makes one segment of all of a level, without the reports that
// are current no more.
func (w *writer) mergeSegments(level int) error {
	ns, err := w.numbers(`SELECT n FROM word_segment WHERE level = ? ORDER BY n`, level)
	if err != nil {
		return err
	}
	old, err := w.numbers(`SELECT n FROM report WHERE current = 0 ORDER BY n`)
	if err != nil {
		return err
	}
	gone := func(n int64) bool {
		_, found := slices.BinarySearch(old, n)
		return found
	}
	sources := make([]fulltext.Source, len(ns))
	for i, n := range ns {
		var docs []byte
		if _, err := w.one(`SELECT docs FROM word_segment WHERE n = ?`, []any{n}, &docs); err != nil {
			return err
		}
		if sources[i].Docs, err = fulltext.Docs(docs); err != nil {
			return err
		}
		last := []byte{}
		sources[i].Next = func() ([]byte, error) {
			var chunk []byte
			ok, err := w.one(`SELECT first, data FROM word_chunk WHERE segment = ? AND first > ? ORDER BY first LIMIT 1`, []any{n, last}, &last, &chunk)
			if !ok {
				chunk = nil
			}
			return chunk, err
		}
	}
	err = w.addSegment(level+1, func(emit emitter) ([]fulltext.DocLen, error) { return fulltext.Merge(sources, gone, emit) })
	for _, n := range ns {
		for _, q := range []string{`DELETE FROM word_chunk WHERE segment = ?`, `DELETE FROM word_segment WHERE n = ?`} {
			if err == nil {
				_, err = w.exec(q, n)
			}
		}
	}
	return err
}

// indexAll puts every current report into the index of words, for format 2.
func (w *writer) indexAll() error {
	ns, err := w.numbers(`SELECT n FROM report WHERE current = 1 ORDER BY n`)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ns, Batch) {
		for _, n := range part {
			var title, text string
			if _, err := w.one(`SELECT title, text FROM report WHERE n = ?`, []any{n}, &title, &text); err != nil {
				return err
			}
			doc := fulltext.Analyse(title, text)
			doc.N = n
			w.docs = append(w.docs, doc)
		}
		if err := w.indexWords(); err != nil {
			return err
		}
	}
	return nil
}

// heads returns a segment's documents, from memory when they were read before.
func (r *Record) heads(ctx context.Context, tx *sql.Tx, n int64) (wordSegment, error) {
	if s, ok := r.segments.Load(n); ok {
		return s.(wordSegment), nil
	}
	var docs []byte
	err := tx.QueryRowContext(ctx, `SELECT docs FROM word_segment WHERE n = ?`, n).Scan(&docs)
	if err != nil {
		return wordSegment{}, err
	}
	var s wordSegment
	if s.docs, err = fulltext.Docs(docs); err != nil {
		return s, err
	}
	for _, d := range s.docs {
		s.words += int(d.Words)
	}
	r.segments.Store(n, s)
	return s, nil
}

// wordSegment is what is held in memory of a segment.
type wordSegment struct {
	docs  []fulltext.DocLen
	words int
}

// ranked returns the reports that may answer a query, best first.
func (r *Record) ranked(ctx context.Context, tx *sql.Tx, q *fulltext.Query) (*fulltext.Best, error) {
	ns, err := column[int64](ctx, tx, `SELECT n FROM word_segment ORDER BY n`)
	if err != nil {
		return nil, err
	}
	segments, at := make([]fulltext.Segment, len(ns)), map[int64]int{}
	for i, n := range ns {
		h, err := r.heads(ctx, tx, n)
		if err != nil {
			return nil, err
		}
		segments[i] = fulltext.Segment{Docs: h.docs, Words: h.words, Lists: map[fulltext.Stem][]fulltext.List{}}
		at[n] = i
	}
	r.segments.Range(func(n, _ any) bool { // merged away since
		if _, ok := at[n.(int64)]; !ok {
			r.segments.Delete(n)
		}
		return true
	})
	for _, s := range q.Stems() {
		if err := lists(ctx, tx, s, segments, at); err != nil {
			return nil, err
		}
	}
	matches, err := fulltext.Rank(q, segments)
	return fulltext.NewBest(matches), err
}

// lists reads what the segments hold of a stem.
func lists(ctx context.Context, tx *sql.Tx, s fulltext.Stem, segments []fulltext.Segment, at map[int64]int) error {
	query, args := chunkQuery, []any{[]byte(s.Text)}
	if s.Prefix {
		query += ` UNION ALL SELECT c.segment, c.data FROM word_segment s CROSS JOIN word_chunk c ON c.segment = s.n AND c.first > ?1 AND c.first < ?2`
		args = append(args, append([]byte(s.Text), 0xff))
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var chunk []byte
		if err := rows.Scan(&n, &chunk); err != nil {
			return err
		}
		found, err := fulltext.Find(chunk, s)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			m := segments[at[n]].Lists
			m[s] = append(m[s], found...)
		}
	}
	return rows.Err()
}

// chunkQuery finds the chunk of each segment that may hold a stem: the last
// that begins with it or before it.
const chunkQuery = `SELECT s.n, c.data FROM word_segment s CROSS JOIN word_chunk c
	ON c.n = (SELECT n FROM word_chunk WHERE segment = s.n AND first <= ?1 ORDER BY first DESC LIMIT 1)`

// column returns the first column of all rows.
func column[T any](ctx context.Context, tx *sql.Tx, query string, args ...any) (out []T, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
