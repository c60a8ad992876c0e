package neural

import (
	"encoding/binary"
	"hash/crc32"
	"slices"

	"rapport"
)

// Model is a trained network. It is never written to after [Load] and may be
// shared.
type Model struct {
	hid, arc, lab    int
	tables           [tables]table
	grams            embedding
	width            int // of the input: all embeddings side by side
	root             []int16
	act              activations
	input            [layers]matrix // both directions' gates side by side
	recur            [layers][2]matrix
	heads            matrix // arc dependent, arc head, label dependent, label head, distance, UPOS, XPOS
	bilinear, label  matrix
	near             int // shift that gives distance scores the scale of arc scores
	upos, xpos, rels []string
	rootRel          int // number of "root" in rels, -1
	vector           bool
}

const (
	layers    = 2
	distances = 16
	magic     = "rapport neural 1"
	narrow    = 4095 // bound of the two sides of an arc's product, so that 128 products fit 32 bits
)

// embedding is a table of 8-bit rows; column k's values count scale[k] each.
type embedding struct {
	rows, dim int
	scale     []uint8
	values    []int8
}

// table is an embedding of strings; its row 0 is for those it does not hold.
type table struct {
	embedding
	ids map[string]int32
}

// Load reads a model as tools/train/export.py writes it. It keeps no reference
// to data. The error is a [rapport.Error] of kind BadInput.
func Load(data []byte) (*Model, error) {
	return load(data, hasVector)
}

func load(data []byte, vector bool) (*Model, error) {
	if len(data) < len(magic)+4 || string(data[:len(magic)]) != magic {
		return nil, bad("is no language model of this version")
	}
	body := data[len(magic) : len(data)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(data[len(data)-4:]) {
		return nil, bad("is damaged: its checksum is wrong")
	}
	return decode(body, vector)
}

func bad(what string) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: "language model", What: what}
}

// decode reads a model's body; it never allocates more than a small multiple
// of its length.
func decode(body []byte, vector bool) (*Model, error) {
	r := &reader{b: body}
	m := &Model{vector: vector}
	m.hid, m.arc, m.lab, m.near = r.size(256), r.size(128), r.size(256), r.size(31)
	if m.hid%16 != 0 || m.arc%16 != 0 || m.lab%16 != 0 || m.hid*m.arc*m.lab == 0 {
		return nil, bad("has layers of a width this version cannot run")
	}
	for i := range m.tables {
		t := &m.tables[i]
		names := r.strings()
		t.ids = make(map[string]int32, len(names))
		for k, s := range names {
			t.ids[s] = int32(k + 1)
		}
		t.embedding = r.embedding(len(names) + 1)
		m.width += t.dim
	}
	m.grams = r.embedding(r.size(1 << 20))
	m.width += m.grams.dim
	if m.width%2 != 0 || m.width > 1024 || m.grams.rows == 0 && r.err == nil {
		return nil, bad("has embeddings this version cannot run")
	}
	m.root = r.int16s(m.width)
	m.act = activations{r.int16s(tableLen), r.int16s(tableLen)}
	in := m.width
	for l := range layers {
		m.input[l] = r.matrix(in, 8*m.hid, vector)
		m.recur[l][0] = r.matrix(m.hid, 4*m.hid, vector)
		m.recur[l][1] = r.matrix(m.hid, 4*m.hid, vector)
		in = 2 * m.hid
	}
	m.upos, m.xpos, m.rels = r.strings(), r.strings(), r.strings()
	m.heads = r.matrix(in, 2*m.arc+2*m.lab+distances+len(m.upos)+len(m.xpos), vector)
	m.bilinear = r.matrix(m.arc, m.arc, vector)
	m.label = r.matrix(m.lab, len(m.rels), vector)
	if r.err == nil && (len(r.b) > 0 || len(m.upos) == 0 || len(m.xpos) == 0 || len(m.rels) == 0) {
		r.fail()
	}
	if r.err != nil {
		return nil, r.err
	}
	m.rootRel = slices.Index(m.rels, "root")
	return m, nil
}

// reader takes a model apart; after an error it gives zeros.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail() {
	if r.err == nil {
		r.err = bad("is damaged: its parts do not fit together")
	}
	r.b = nil
}

func (r *reader) size(most int) int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(most) {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail()
		return nil
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) strings() []string {
	n := r.size(len(r.b))
	var out []string
	for range n {
		out = append(out, string(r.bytes(r.size(1<<10))))
		if r.err != nil {
			return nil
		}
	}
	return out
}

func (r *reader) int8s(n int) []int8 {
	p := r.bytes(n)
	out := make([]int8, len(p))
	for i, v := range p {
		out[i] = int8(v)
	}
	return out
}

func (r *reader) int16s(n int) []int16 {
	p := r.bytes(2 * n)
	out := make([]int16, len(p)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(p[2*i:]))
	}
	return out
}

func (r *reader) embedding(rows int) embedding {
	e := embedding{rows: rows, dim: r.size(256)}
	e.scale = append(e.scale, r.bytes(e.dim)...)
	e.values = r.int8s(rows * e.dim)
	return e
}

// matrix reads out rows of in weights: shifts, biases, weights.
func (r *reader) matrix(in, out int, vector bool) matrix {
	if r.err != nil || in*out == 0 || len(r.b) < out*(5+in) {
		r.fail()
		return matrix{}
	}
	shift, bias := make([]int32, out), make([]int32, out)
	for i, v := range r.bytes(out) {
		shift[i] = int32(v)
		if v > 31 {
			r.fail()
			return matrix{}
		}
	}
	for i := range bias {
		bias[i] = int32(binary.LittleEndian.Uint32(r.bytes(4)))
	}
	w := r.int8s(in * out)
	for i := range out {
		sum := int64(bias[i])
		if sum < 0 {
			sum = -sum
		}
		for _, v := range w[i*in : i*in+in] {
			sum += max(int64(v), -int64(v)) << 15
		}
		if sum >= 1<<31 {
			r.fail()
			return matrix{}
		}
	}
	return newMatrix(in, out, w, bias, shift, vector)
}
