package fulltext

import (
	"bytes"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

func stems(text string) (out []string) {
	Words(text, func(s []byte, start, end int) bool {
		out = append(out, string(s))
		return true
	})
	return out
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"The President visited; they are visiting.": "the presid visit thei ar visit",
		"São Tomé, Türkiye & ÉTATS":                 "sao tome turkiy etat",
		"e\u0301tat 日本 \u0301x":                     "etat 日本 x",
		"AT&T 5.5% el-Sisi's":                       "at t 5 5 el sisi s",
		"\xff\xfe bad \xc3":                         "bad",
		"":                                          "",
	} {
		if got := strings.Join(stems(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	Words("one, two", func(s []byte, start, end int) bool {
		if got := "one, two"[start:end]; got != "one" {
			t.Errorf("the first word stands at %q", got)
		}
		return false
	})
}

// TestStems holds the stemmer to SQLite's, which is Porter's too, over words
// made of beginnings and all the suffixes that it knows.
func TestStems(t *testing.T) {
	var words []string
	for _, head := range strings.Fields("a an be by sk tr oct hop hopp fall hiss fizz fil conflat troubl siz happ sk rel cond val dig differ conform radic vietnam predic hes gener vers oper feud decis hope call formal sens elect triplic electr adjust allow infer airl gyr def irrit repl comm adopt effect bow prob rat cea contro rol matt agr pla mob") {
		for _, tail := range strings.Fields("- s es ies sses ss ed eed ing y e l ll al ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti iviti biliti logi icate ative alize iciti ical ful ness ance ence er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize ying ated ates bled izing iveness-") {
			words = append(words, head+strings.Trim(tail, "-"))
		}
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE VIRTUAL TABLE f USING fts5 (t, tokenize = "porter unicode61"); CREATE VIRTUAL TABLE v USING fts5vocab (f, instance)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO f (t) VALUES (?)`, strings.Join(words, " ")); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT "offset", term FROM v`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var at int
		var want string
		if err := rows.Scan(&at, &want); err != nil {
			t.Fatal(err)
		}
		if got := string(stem([]byte(words[at]))); got != want {
			t.Errorf("%s: %s, SQLite has %s", words[at], got, want)
		}
		n++
	}
	if n != len(words) {
		t.Errorf("%d words compared of %d", n, len(words))
	}
}

// store is an index in memory.
type store struct {
	docs   [][]DocLen
	firsts [][][]byte
	chunks [][][]byte
}

func (s *store) add(t testing.TB, write func(emit func(first, chunk []byte) error) ([]DocLen, error)) {
	t.Helper()
	var firsts, chunks [][]byte
	docs, err := write(func(first, chunk []byte) error {
		if err := CheckChunk(chunk); err != nil {
			t.Fatal(err)
		}
		firsts, chunks = append(firsts, bytes.Clone(first)), append(chunks, bytes.Clone(chunk))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if docs, err = Docs(AppendDocs(nil, docs)); err != nil {
		t.Fatal(err)
	}
	s.docs, s.firsts, s.chunks = append(s.docs, docs), append(s.firsts, firsts), append(s.chunks, chunks)
}

func (s *store) sources() (out []Source) {
	for i := range s.docs {
		k := 0
		out = append(out, Source{s.docs[i], func() ([]byte, error) {
			if k == len(s.chunks[i]) {
				return nil, nil
			}
			k++
			return s.chunks[i][k-1], nil
		}})
	}
	return out
}

func (s *store) search(t testing.TB, query string) map[int64]float64 {
	t.Helper()
	q := Parse(query)
	var segments []Segment
	for i, docs := range s.docs {
		seg := Segment{Docs: docs, Lists: map[Stem][]List{}}
		for _, d := range docs {
			seg.Words += int(d.Words)
		}
		for _, w := range q.Stems() {
			for k := range s.chunks[i] {
				if !w.Prefix && k+1 < len(s.firsts[i]) && string(s.firsts[i][k+1]) <= w.Text {
					continue
				}
				l, err := Find(s.chunks[i][k], w)
				if err != nil {
					t.Fatal(err)
				}
				seg.Lists[w] = append(seg.Lists[w], l...)
				if !w.Prefix {
					break
				}
			}
		}
		segments = append(segments, seg)
	}
	ms, err := Rank(&q, segments)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int64]float64{}
	for _, m := range ms {
		out[m.N] = math.Round(m.Score*1e9) / 1e9
	}
	if len(out) != len(ms) {
		t.Fatalf("%q: a document is found twice", query)
	}
	return out
}

// texts makes documents of words that come as often as in a natural text.
func texts(n int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rng, 1.2, 3, 3000)
	var out []string
	for range n {
		var b strings.Builder
		for range 20 + rng.IntN(60) {
			fmt.Fprintf(&b, "w%dx ", zipf.Uint64())
		}
		out = append(out, b.String())
	}
	return out
}

// TestMerge: however the documents are cut into segments and these merged, the
// same are found with the same scores, and those that are gone are not.
func TestMerge(t *testing.T) {
	all := texts(400)
	var docs []Doc
	for i, text := range all {
		d := Analyse("", text)
		d.N = int64(i + 1)
		docs = append(docs, d)
	}
	gone := func(n int64) bool { return n%7 == 0 }
	var left []Doc
	for _, d := range docs {
		if !gone(d.N) {
			left = append(left, d)
		}
	}
	var whole, parts, merged store
	whole.add(t, func(emit func(first, chunk []byte) error) ([]DocLen, error) { return Build(left, emit) })
	for part := range slices.Chunk(docs, 33) {
		parts.add(t, func(emit func(first, chunk []byte) error) ([]DocLen, error) { return Build(part, emit) })
	}
	merged.add(t, func(emit func(first, chunk []byte) error) ([]DocLen, error) {
		return Merge(parts.sources(), gone, emit)
	})
	if !reflect.DeepEqual(whole.chunks, merged.chunks) || !reflect.DeepEqual(whole.docs, merged.docs) {
		t.Error("merged segments are not what one over the same documents is")
	}
	parts = store{}
	for part := range slices.Chunk(left, 33) {
		parts.add(t, func(emit func(first, chunk []byte) error) ([]DocLen, error) { return Build(part, emit) })
	}
	for _, query := range []string{"w0x", "w0x w1x", "w3x w100x", "w2x OR w7x", "w5x -w1x", "w12* w0x", "w99999x", "w1x w2x w3x w4x -w5x"} {
		want := whole.search(t, query)
		if got := parts.search(t, query); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: in parts %d are found, whole %d", query, len(got), len(want))
		}
		plain := 0
		for _, d := range left {
			q := Parse(query)
			if _, ok := q.Holds("", all[d.N-1]); ok {
				plain++
			}
		}
		if plain != len(want) {
			t.Errorf("%q: %d are found, and %d texts hold it", query, len(want), plain)
		}
	}
}

// TestHeavy: a term that stands very often in a document, the first among them.
func TestHeavy(t *testing.T) {
	often := strings.Repeat("gas ", 200)
	var s store
	s.add(t, func(emit func(first, chunk []byte) error) ([]DocLen, error) {
		var docs []Doc
		for i, text := range []string{often + "oil", "oil", "oil gas", often + "oil", often} {
			d := Analyse("", text)
			d.N = int64(i + 1)
			docs = append(docs, d)
		}
		return Build(docs, emit)
	})
	got := s.search(t, "oil gas")
	if len(got) != 3 || got[1] == 0 || got[3] == 0 || got[1] != got[4] {
		t.Errorf("found %v, want 1, 3 and 4", got)
	}
}

func TestParse(t *testing.T) {
	for query, want := range map[string]string{
		`gas pipeline`:            `[ga] [pipelin]`,
		`"gas pipeline" talks`:    `[ga+pipelin] [talk]`,
		`“gas pipeline”`:          `[ga+pipelin]`,
		`gas OR oil price`:        `[ga|oil] [price]`,
		`gas -oil -"coal price"`:  `[ga] -oil -coal+price`,
		`pipe* "gas pi"*`:         `[pipe*] [ga+pi*]`,
		`visite*`:                 `[visite*|visit]`,
		`NEAR(gas oil) title:gas`: `[near+ga] [oil] [titl+ga]`,
		`"unclosed gas`:           `[unclos+ga]`,
		`gas "" - & OR`:           `[ga]`,
		`-gas`:                    `-ga`,
		`AT&T el-Sisi`:            `[at+t] [el+sisi]`,
	} {
		q := Parse(query)
		var got []string
		word := func(t Term) string {
			s := strings.Join(t.Stems, "+")
			if t.Prefix {
				s += "*"
			}
			return s
		}
		for _, g := range q.Groups {
			var terms []string
			for _, t := range g {
				terms = append(terms, word(t))
			}
			got = append(got, "["+strings.Join(terms, "|")+"]")
		}
		for _, t := range q.Not {
			got = append(got, "-"+word(t))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %s, want %s", query, s, want)
		}
	}
}

func TestHolds(t *testing.T) {
	const title, text = "Gas talks", "The gas price rose. Prices of gas fell in el-Alamein."
	for query, want := range map[string]string{
		"gas": "gas, gas", `"gas price"`: "gas price", `"prices of gas"`: "Prices of gas", "talks": "", "talks gas": "gas, gas",
		"pri*": "price, Prices", "el-alamein": "el-Alamein", `"price gas"`: "no", "gas -alamein": "no", `gas -"gas fell"`: "no", `gas -"price of"`: "no",
		"gas OR oil": "gas, gas", "oil": "no", `fel* "in el"`: "fell, in el",
	} {
		q := Parse(query)
		at, ok := q.Holds(title, text)
		var got []string
		for _, f := range at {
			got = append(got, text[f.Start:f.End])
		}
		s := strings.Join(got, ", ")
		if !ok {
			s = "no"
		}
		if s != want {
			t.Errorf("%q: %q, want %q", query, s, want)
		}
	}
}

func TestBest(t *testing.T) {
	h := NewBest([]Match{{5, 1}, {3, 2}, {4, 2}, {1, 0.5}, {2, 3}})
	var got []int64
	for m, ok := h.Next(); ok; m, ok = h.Next() {
		got = append(got, m.N)
	}
	if want := []int64{2, 3, 4, 5, 1}; !slices.Equal(got, want) {
		t.Errorf("best first: %v, want %v", got, want)
	}
}

func TestLevel(t *testing.T) {
	for docs, want := range map[int]int{0: 0, 1: 0, 15: 0, 16: 1, 255: 1, 256: 2, 500: 2, 4096: 3} {
		if got := Level(docs); got != want {
			t.Errorf("%d documents: level %d, want %d", docs, got, want)
		}
	}
}

// FuzzChunk: bytes that are no chunk are told, and never a panic.
func FuzzChunk(f *testing.F) {
	var s store
	s.add(f, func(emit func(first, chunk []byte) error) ([]DocLen, error) {
		return Build([]Doc{Analyse("Gas talks", "The gas price rose."), Analyse("", "Oil fell.")}, emit)
	})
	f.Add(s.chunks[0][0], AppendDocs(nil, s.docs[0]), "gas")
	f.Add([]byte{0, 1, 'a', 255, 255}, []byte{9, 9}, "a*")
	f.Fuzz(func(t *testing.T, chunk, docs []byte, query string) {
		heads, err := Docs(docs)
		if err != nil {
			heads = nil
		}
		whole := CheckChunk(chunk) == nil
		q := Parse(query)
		seg := Segment{Docs: heads, Lists: map[Stem][]List{}}
		for _, w := range q.Stems() {
			l, err := Find(chunk, w)
			if err != nil && whole {
				t.Fatalf("a whole chunk: %v", err)
			}
			seg.Lists[w] = l
		}
		if len(q.Groups) > 0 {
			Rank(&q, []Segment{seg})
		}
		sources := []Source{{heads, func() ([]byte, error) { c := chunk; chunk = nil; return c, nil }}}
		Merge(sources, func(int64) bool { return false }, func(_, c []byte) error {
			if err := CheckChunk(c); err != nil && whole {
				t.Fatalf("merging writes what is no chunk: %v", err)
			}
			return nil
		})
	})
}

func FuzzWords(f *testing.F) {
	f.Add("São Tomé's visits, e\u0301tat \xff 日本")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		Words(text, func(s []byte, start, end int) bool {
			if start < last || end <= start || end > len(text) || len(s) == 0 {
				t.Fatalf("%q at %d to %d", s, start, end)
			}
			last = end
			return true
		})
	})
}

func BenchmarkAnalyse(b *testing.B) {
	text := strings.Join(texts(8), " ")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Analyse("", text)
	}
}
