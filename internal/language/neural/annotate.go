package neural

import (
	"slices"
)

// Token is what the model says of one token.
type Token struct {
	UPOS, XPOS string
	Rel        string // relation to Head with its subtype; "root" has no head
	Head       int    // index into the sentence, -1 for the root
}

const (
	// Longest is the most tokens parsed as one sentence; of a longer one each
	// further piece hangs from the first piece's root as its parataxis.
	Longest = 400

	batchRows = 1024 // positions run together at most
	forms     = 4096 // forms whose first projection is kept
)

// Annotator is a worker's scratch memory for a [Model]. It must not be shared
// between goroutines.
type Annotator struct {
	m     *Model
	limit int // sentences in a batch

	pieces []piece
	open   []int32 // marks that wait for their other half
	feat   features
	seen   cache
	tree   arborescence

	x, slab, pre, rec        []int16
	cell, state              []int16
	h                        [layers][]int16
	out, aw, side, lab, rels []int16
	row                      []int32 // of each position in slab
	off                      []int32 // where each time step begins
	scores, head             []int32
}

// piece is a sentence, or a part of at most Longest tokens of one.
type piece struct {
	sentence, from, n int32
}

// Annotator returns scratch memory; it grows with use to some 20 MB.
func (m *Model) Annotator() *Annotator {
	a := &Annotator{m: m, limit: 32}
	a.forget()
	return a
}

// Annotate fills out[i][j] for the form sentences[i][j]; the two have the same
// shape. Forms may be any strings. Results do not depend on how sentences are
// divided between calls.
func (a *Annotator) Annotate(sentences [][]string, out [][]Token) {
	a.pieces = a.pieces[:0]
	for i, s := range sentences {
		for from := 0; from < len(s); from += Longest {
			a.pieces = append(a.pieces, piece{int32(i), int32(from), int32(min(Longest, len(s)-from))})
		}
	}
	slices.SortFunc(a.pieces, func(p, q piece) int {
		switch {
		case p.n != q.n:
			return int(q.n - p.n)
		case p.sentence != q.sentence:
			return int(p.sentence - q.sentence)
		}
		return int(p.from - q.from)
	})
	for p := a.pieces; len(p) > 0; {
		n, rows := 0, 0
		for n < len(p) && n < a.limit && (n == 0 || rows+int(p[n].n)+1 <= batchRows) {
			rows += int(p[n].n) + 1
			n++
		}
		a.run(p[:n], rows, sentences, out)
		p = p[n:]
	}
	for _, t := range out {
		if len(t) > Longest {
			join(t)
		}
	}
}

// join hangs the later pieces of a long sentence from its first root.
func join(t []Token) {
	first := -1
	for i := range t {
		if t[i].Head >= 0 {
			continue
		}
		if first < 0 {
			first = i
			continue
		}
		t[i].Head, t[i].Rel = first, "parataxis"
	}
}

// run annotates pieces of falling length. Positions are kept by time step: at
// step t the first pieces, those longer than t, stand side by side. Step 0 is
// the root's place.
func (a *Annotator) run(pieces []piece, rows int, sentences [][]string, out [][]Token) {
	m := a.m
	steps := int(pieces[0].n) + 1
	off := grow(&a.off, steps+1)
	off[0] = 0
	for t, live := 0, len(pieces); t < steps; t++ {
		for int(pieces[live-1].n) < t {
			live--
		}
		off[t+1] = off[t] + int32(live)
	}
	a.project(pieces, rows, sentences)
	for l := range layers {
		h := grow(&a.h[l], rows*2*m.hid)
		if l > 0 {
			m.input[l].mul(a.h[l-1], 2*m.hid, rows, grow(&a.pre, rows*8*m.hid))
		}
		a.recur(l, 0, steps, h)
		a.recur(l, 1, steps, h)
	}
	a.decode(pieces, rows, out)
	for _, p := range pieces {
		from := int(p.from)
		a.pairs(sentences[p.sentence][from:][:p.n], out[p.sentence][from:][:p.n], from)
	}
}

// project finds the first layer's input part for every position, from the
// forms seen before where it can.
func (a *Annotator) project(pieces []piece, rows int, sentences [][]string) {
	m := a.m
	if a.seen.n+rows > forms {
		a.forget()
	}
	if need := (a.seen.n + rows) * 8 * m.hid; len(a.slab) < need {
		slab := make([]int16, min(2*need, forms*8*m.hid))
		copy(slab, a.slab[:a.seen.n*8*m.hid])
		a.slab = slab
	}
	row := grow(&a.row, rows)
	first := a.seen.n
	a.x = a.x[:0]
	for b, p := range pieces {
		row[a.off[0]+int32(b)] = 0
		s := sentences[p.sentence][p.from : p.from+p.n]
		for t, form := range s {
			k, known := a.seen.find(form)
			if !known {
				a.x = a.embed(a.x, form)
			}
			row[a.off[t+1]+int32(b)] = k
		}
	}
	if n := a.seen.n - first; n > 0 {
		m.input[0].mul(a.x, m.width, n, a.slab[first*8*m.hid:])
	}
}

// forget empties the memory of forms; place 0 is the root's.
func (a *Annotator) forget() {
	a.seen.reset()
	if len(a.slab) == 0 {
		a.slab = make([]int16, 8*a.m.hid)
	}
	a.m.input[0].mul(a.m.root, a.m.width, 1, a.slab)
}

// embed appends the input vector of a form.
func (a *Annotator) embed(x []int16, form string) []int16 {
	m, f := a.m, &a.feat
	f.of(m, form)
	for i := range m.tables {
		t := &m.tables[i]
		v := t.values[int(f.rows[i])*t.dim:][:t.dim]
		for k, s := range t.scale {
			x = append(x, int16(v[k])*int16(s))
		}
	}
	// The mean of the trigrams' rows: times 2^16/n, rounded.
	g := &m.grams
	from := len(x)
	for range g.dim {
		x = append(x, 0)
	}
	bag := x[from:]
	for _, k := range f.grams[:f.n] {
		for i, v := range g.values[int(k)*g.dim:][:g.dim] {
			bag[i] += int16(v)
		}
	}
	if n := int64(f.n); n > 0 {
		part := (1<<16 + n/2) / n
		for i, s := range g.scale {
			bag[i] = saturate(int32((int64(bag[i])*int64(s)*part + 1<<15) >> 16))
		}
	}
	return x
}

// recur runs one direction of one layer over all steps into h.
func (a *Annotator) recur(l, d, steps int, h []int16) {
	m := a.m
	n := m.hid
	pre, all := a.pre, 8*n
	if l == 0 {
		pre = a.slab
	}
	live := int(a.off[1])
	rec, cell, state := grow(&a.rec, live*4*n), grow(&a.cell, live*n), grow(&a.state, live*n)
	clear(cell)
	clear(state)
	for s := range steps {
		t := s
		if d == 1 {
			t = steps - 1 - s
		}
		from, to := int(a.off[t]), int(a.off[t+1])
		m.recur[l][d].mul(state, n, to-from, rec)
		for r := from; r < to; r++ {
			b, q := r-from, r
			if l == 0 {
				q = int(a.row[r])
			}
			p, c, v := pre[q*all+d*4*n:][:4*n], cell[b*n:][:n], state[b*n:][:n]
			o := h[r*2*n+d*n:][:n]
			if m.vector {
				cellVector(&m.act, p, rec[b*4*n:][:4*n], c, v, o)
			} else {
				cellPortable(&m.act, p, rec[b*4*n:][:4*n], c, v, o)
			}
		}
	}
}

// leaky is the slope of the scorers' activation: an eighth of what is below zero.
const leaky = 3

func (m *Model) activate(v []int16, slope int, most int16) {
	if m.vector {
		activateVector(v, slope, most)
	} else {
		activatePortable(v, slope, most)
	}
}

// decode reads tags, trees and relations off the last layer.
func (a *Annotator) decode(pieces []piece, rows int, out [][]Token) {
	m := a.m
	wide := m.heads.out
	y := grow(&a.out, rows*wide)
	m.heads.mul(a.h[layers-1], 2*m.hid, rows, y)
	for r := range rows {
		v := y[r*wide:][:2*m.arc]
		m.activate(v[:m.arc], leaky, 1<<15-1)
		m.activate(v[m.arc:], leaky, narrow)
	}
	aw := grow(&a.aw, rows*m.bilinear.out)
	m.bilinear.mul(y, wide, rows, aw)
	m.activate(aw, 0, narrow)
	lab := grow(&a.lab, (rows-len(pieces))*m.lab)
	done := 0
	head := grow(&a.head, rows) // of the token at each position but the root's, pieces one after another
	for b, p := range pieces {
		n := int(p.n) + 1
		h := head[done : done+n]
		a.arcs(b, n, h)
		for i := 1; i < n; i++ {
			dep := y[(int(a.off[i])+b)*wide+2*m.arc:][:m.lab]
			gov := y[(int(a.off[h[i]])+b)*wide+2*m.arc+m.lab:][:m.lab]
			z := lab[(done-b+i-1)*m.lab:][:m.lab]
			if m.vector {
				joinVector(dep, gov, z)
			} else {
				joinPortable(dep, gov, z)
			}
		}
		done += n
	}
	rel := grow(&a.rels, (rows-len(pieces))*m.label.out)
	m.label.mul(lab, m.lab, rows-len(pieces), rel)
	at := 2*m.arc + 2*m.lab + distances
	done = 0
	for b, p := range pieces {
		n := int(p.n) + 1
		o := out[p.sentence][p.from:]
		for i := 1; i < n; i++ {
			v := y[(int(a.off[i])+b)*wide:][:wide]
			h := int(head[done+i])
			t := Token{
				UPOS: m.upos[best(v[at:][:len(m.upos)], -1)],
				XPOS: m.xpos[best(v[at+len(m.upos):][:len(m.xpos)], -1)],
				Head: h - 1 + int(p.from),
			}
			w := rel[(done-b+i-1)*m.label.out:][:len(m.rels)]
			if h == 0 {
				t.Head, t.Rel = -1, "root"
			} else {
				t.Rel = m.rels[best(w, m.rootRel)]
			}
			o[i-1] = t
		}
		done += n
	}
}

// best returns the index of the greatest value, the first of equals, but not.
func best(v []int16, not int) int {
	b := -1
	for i, x := range v {
		if i != not && (b < 0 || x > v[b]) {
			b = i
		}
	}
	return max(b, 0)
}

// arcs scores every arc of the b-th piece and finds its tree.
func (a *Annotator) arcs(b, n int, head []int32) {
	m := a.m
	wide := m.heads.out
	side := grow(&a.side, n*m.arc)
	for j := range n {
		copy(side[j*m.arc:], a.out[(int(a.off[j])+b)*wide+m.arc:][:m.arc])
	}
	scores := grow(&a.scores, n*n)
	for i := 1; i < n; i++ {
		r := int(a.off[i]) + b
		row := scores[i*n:][:n]
		if m.vector {
			dotVector(a.aw[r*m.arc:][:m.arc], side, row)
		} else {
			dotPortable(a.aw[r*m.arc:][:m.arc], side, row)
		}
		near := a.out[r*wide+2*m.arc+2*m.lab:][:distances]
		row[0] = add(row[0], 0)
		for j := 1; j < n; j++ {
			row[j] = add(row[j], int64(near[distance(j-i)])<<m.near)
		}
		row[i] = noArc
	}
	a.tree.heads(scores, n, head)
}

// add keeps a score above noArc.
func add(s int32, v int64) int32 {
	return int32(max(int64(noArc)+1, min(1<<30, int64(s)+v)))
}

// distance is the class of a head so many places to the right.
func distance(d int) int {
	side := 0
	if d > 0 {
		side = 8
	} else {
		d = -d
	}
	for k, most := range [...]int{1, 2, 3, 4, 6, 9, 14} {
		if d <= most {
			return side + k
		}
	}
	return side + 7
}

// cache numbers the forms seen since the last reset from 1; it holds their
// bytes, not the caller's strings.
type cache struct {
	n     int
	slots [4 * forms]int32 // form number, 0 free
	ends  [forms + 1]int32 // where each form ends in bytes
	bytes []byte
}

func (c *cache) reset() {
	c.n = 1
	clear(c.slots[:])
	c.ends[0] = 0
	c.bytes = c.bytes[:0]
}

// longForm is the longest form, in bytes, that is looked for again.
const longForm = 128

// find returns a form's number and whether it had one before.
func (c *cache) find(form string) (int32, bool) {
	if len(form) > longForm {
		c.ends[c.n] = int32(len(c.bytes))
		c.n++
		return int32(c.n - 1), false
	}
	h := uint32(2166136261)
	for i := range len(form) {
		h = (h ^ uint32(form[i])) * 16777619
	}
	for i := h % uint32(len(c.slots)); ; i = (i + 1) % uint32(len(c.slots)) {
		k := c.slots[i]
		if k == 0 {
			k = int32(c.n)
			c.slots[i] = k
			c.bytes = append(c.bytes, form...)
			c.ends[k] = int32(len(c.bytes))
			c.n++
			return k, false
		}
		if c.ends[k]-c.ends[k-1] == int32(len(form)) && string(c.bytes[c.ends[k-1]:c.ends[k]]) == form {
			return k, true
		}
	}
}
