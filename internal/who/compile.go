package who

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// The tables are compiled into one block, so that a start costs a copy of its
// arrays and no parsing: 2 ms instead of 60 of a processor for 10 000 rows, unpacked. The
// block is magic, the rows with their strings, then the index as it lies in
// memory; numbers are varints but for the index's, which are little-endian.

const magic = "rapport who 2\n"

// Compile parses the tables under data/ of files and returns the block that
// the package embeds, packed: 1.0 MB instead of 3.1, for 8 ms more of a start (14 against 6).
func Compile(files fs.FS) ([]byte, error) {
	t, err := parse(files)
	if err != nil {
		return nil, err
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return z.EncodeAll(t.block(), nil), nil
}

func unpack(packed string) (string, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return "", err
	}
	defer z.Close()
	b, err := z.DecodeAll([]byte(packed), nil)
	return string(b), err
}

// writer appends the parts of a block.
type writer struct {
	b       []byte
	strings int // written as parts of lists
}

func (w *writer) int(n int)    { w.b = binary.AppendVarint(w.b, int64(n)) }
func (w *writer) str(s string) { w.int(len(s)); w.b = append(w.b, s...) }
func (w *writer) bool(v bool) {
	n := 0
	if v {
		n = 1
	}
	w.int(n)
}
func (w *writer) days(d days) { w.int(int(d.from)); w.int(int(d.to)) }
func (w *writer) strs(ss []string) {
	w.int(len(ss))
	w.strings += len(ss)
	for _, s := range ss {
		w.str(s)
	}
}

func (t *tables) block() []byte {
	var w writer
	w.int(len(t.countries))
	for i := range t.countries {
		c := &t.countries[i]
		w.str(c.code)
		w.str(c.iso2)
		w.str(c.name)
		w.days(c.span)
		w.bool(c.past)
	}
	w.int(len(t.persons))
	terms := 0
	for i := range t.persons {
		terms += len(t.persons[i].terms)
	}
	w.int(terms)
	for i := range t.persons {
		p := &t.persons[i]
		w.str(p.country)
		w.str(p.wikidata)
		w.strs(p.names)
		w.strs(p.short)
		w.int(len(p.terms))
		for _, m := range p.terms {
			w.str(m.office)
			w.str(m.sector)
			w.days(m.span)
		}
	}
	w.int(len(t.bodies))
	terms = 0
	for i := range t.bodies {
		terms += len(t.bodies[i].terms)
	}
	w.int(terms)
	for i := range t.bodies {
		x := &t.bodies[i]
		w.str(x.name)
		w.str(x.wikidata)
		w.int(len(x.terms))
		for _, m := range x.terms {
			w.str(m.code)
			w.str(m.sector)
			w.days(m.span)
		}
	}
	w.int(len(t.roles))
	for i := range t.roles {
		x := &t.roles[i]
		w.str(x.words)
		w.str(x.lemma)
		w.int(int(x.class))
		w.bool(x.plural)
		w.bool(x.from)
		w.str(x.sector)
		w.str(x.office)
	}
	w.int(len(t.places))
	for i := range t.places {
		x := &t.places[i]
		w.str(x.name)
		w.strs(x.codes)
		w.str(x.sort)
	}
	w.ambiguous(t)
	w.index(t.index)
	head := writer{b: []byte(magic)}
	head.int(w.strings)
	return append(head.b, w.b...)
}

func (w *writer) ambiguous(t *tables) {
	keys := make([]uint64, 0, len(t.ambiguous))
	for k := range t.ambiguous {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	w.int(len(keys))
	for _, k := range keys {
		w.b = binary.LittleEndian.AppendUint64(w.b, k)
		w.int(len(t.ambiguous[k]))
		for _, x := range t.ambiguous[k] {
			w.str(x.code)
			w.str(x.sector)
			w.str(x.other)
			w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(x.prior))
			w.days(x.span)
			w.int(len(x.cues))
			for _, c := range x.cues {
				w.b = binary.LittleEndian.AppendUint64(w.b, c)
			}
		}
	}
}

func (w *writer) index(x *index) {
	w.int(len(x.keys))
	w.int(x.used)
	w.int(len(x.senses))
	for _, k := range x.keys {
		w.b = binary.LittleEndian.AppendUint64(w.b, k)
	}
	for i, f := range x.first {
		n := uint32(f) << 1
		if x.more[i] {
			n |= 1
		}
		w.b = binary.LittleEndian.AppendUint32(w.b, n)
	}
	for _, s := range x.senses {
		w.b = append(w.b, byte(s.sort))
		plain := uint32(0)
		if s.plain {
			plain = 1
		}
		w.b = binary.LittleEndian.AppendUint32(w.b, s.caps<<1|plain)
		w.b = binary.LittleEndian.AppendUint32(w.b, uint32(s.ref))
		w.b = binary.LittleEndian.AppendUint32(w.b, uint32(s.next))
	}
}

// block reads the parts of a block; its strings are parts of it.
type block struct {
	s    string
	bad  bool
	slab []string // the lists of strings lie in
}

func (r *block) int() int {
	var v uint64
	for i, shift := 0, 0; i < len(r.s) && shift < 64; i, shift = i+1, shift+7 {
		c := r.s[i]
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			r.s = r.s[i+1:]
			return int(int64(v>>1) ^ -int64(v&1))
		}
	}
	r.bad = true
	return 0
}

// count reads how many there are of what takes at least one byte each.
func (r *block) count() int {
	n := r.int()
	if n < 0 || n > len(r.s) {
		r.bad, n = true, 0
	}
	return n
}

func (r *block) str() string {
	n := r.count()
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}

func (r *block) bool() bool { return r.int() != 0 }
func (r *block) days() days { a := r.int(); return days{int32(a), int32(r.int())} }

func (r *block) strs() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	if n > len(r.slab) {
		r.bad = true
		return nil
	}
	out := r.slab[:n:n]
	r.slab = r.slab[n:]
	for i := range out {
		out[i] = r.str()
	}
	return out
}

// fixed takes n bytes.
func (r *block) fixed(n int) string {
	if n < 0 || n > len(r.s) {
		r.bad, n = true, 0
	}
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}

func (r *block) uint64() uint64 {
	s := r.fixed(8)
	if r.bad {
		return 0
	}
	return le64(s)
}

func le64(s string) uint64 {
	return uint64(le32(s)) | uint64(le32(s[4:]))<<32
}

func le32(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

var errBlock = errors.New("the compiled tables are no such block")

// decode reads a block that [Compile] made.
func decode(s string) (*tables, error) {
	if len(s) < len(magic) || s[:len(magic)] != magic {
		return nil, fmt.Errorf("%w: %q", errBlock, s[:min(len(s), len(magic))])
	}
	r := &block{s: s[len(magic):]}
	r.slab = make([]string, r.count())
	t := &tables{byCode: map[string]int32{}}
	t.countries = make([]country, r.count())
	for i := range t.countries {
		t.countries[i] = country{code: r.str(), iso2: r.str(), name: r.str(), sector: "GOV", span: r.days(), past: r.bool()}
		t.noteCode(int32(i))
	}
	t.persons = make([]person, r.count())
	terms := make([]term, r.count())
	for i := range t.persons {
		p := person{country: r.str(), wikidata: r.str(), names: r.strs(), short: r.strs()}
		n := r.count()
		if n > len(terms) || len(p.names) == 0 {
			return nil, errBlock
		}
		p.name = p.names[0]
		p.terms, terms = terms[:n:n], terms[n:]
		for k := range p.terms {
			p.terms[k] = term{office: r.str(), sector: r.str(), span: r.days()}
		}
		t.persons[i] = p
	}
	t.bodies = make([]body, r.count())
	bodyTerms := make([]bodyTerm, r.count())
	for i := range t.bodies {
		x := body{name: r.str(), wikidata: r.str()}
		n := r.count()
		if n > len(bodyTerms) {
			return nil, errBlock
		}
		x.terms, bodyTerms = bodyTerms[:n:n], bodyTerms[n:]
		for k := range x.terms {
			x.terms[k] = bodyTerm{code: r.str(), sector: r.str(), span: r.days()}
		}
		t.bodies[i] = x
	}
	t.roles = make([]role, r.count())
	for i := range t.roles {
		t.roles[i] = role{words: r.str(), lemma: r.str(), class: roleClass(r.int()), plural: r.bool(), from: r.bool(), sector: r.str(), office: r.str()}
	}
	t.places = make([]place, r.count())
	for i := range t.places {
		t.places[i] = place{name: r.str(), codes: r.strs(), sort: r.str()}
	}
	r.ambiguous(t)
	r.index(t)
	if r.bad || len(r.s) != 0 {
		return nil, errBlock
	}
	return t, nil
}

func (r *block) ambiguous(t *tables) {
	n := r.count()
	t.ambiguous, t.cues = make(map[uint64][]reading, n), make(map[uint64]bool, 8*n)
	for range n {
		k := r.uint64()
		rs := make([]reading, r.count())
		for i := range rs {
			x := reading{code: r.str(), sector: r.str(), other: r.str(), prior: math.Float64frombits(r.uint64()), span: r.days()}
			x.cues = make([]uint64, r.count())
			for c := range x.cues {
				x.cues[c] = r.uint64()
				t.cues[x.cues[c]] = true
			}
			rs[i] = x
		}
		t.ambiguous[k] = rs
	}
}

func (r *block) index(t *tables) {
	n, used, senses := r.count(), r.int(), r.count()
	keys, first := r.fixed(8*n), r.fixed(4*n)
	rows := r.fixed(13 * senses)
	if r.bad || n&(n-1) != 0 || used >= n {
		r.bad = true
		return
	}
	x := &index{keys: make([]uint64, n), first: make([]int32, n), more: make([]bool, n), used: used, senses: make([]sense, senses)}
	for i := range n {
		x.keys[i] = le64(keys[8*i:])
		f := le32(first[4*i:])
		x.first[i], x.more[i] = int32(f>>1), f&1 != 0
	}
	for i := range senses {
		s := rows[13*i:]
		c := le32(s[1:])
		x.senses[i] = sense{sort: sort(s[0]), plain: c&1 != 0, caps: c >> 1, ref: int32(le32(s[5:])), next: int32(le32(s[9:]))}
	}
	t.index = x
}
