package neural

// arborescence finds the best tree with one root. Scores are [dependent][head]
// of n nodes, node 0 the root's place; a score of noArc is no arc.
//
// The best heads are kept when they make such a tree; else Chu-Liu and Edmonds'
// algorithm runs, with a fine on every arc from the root that is dearer than
// all the rest, so that one such arc is taken.
type arborescence struct {
	w      []int64
	active []bool
	mark   []int32
	levels []contraction
	cycles []arc
	via    []int32
	list   []int32
}

type arc struct{ dep, head int32 }

// contraction is one cycle become its first node: the cycle's own arcs, and for
// every other node the member through which it is entered (in) and left (out).
type contraction struct {
	cycle   [2]int // range of arborescence.cycles
	in, out int    // where n entries each begin in arborescence.via
}

const (
	noArc    = int32(-1 << 30)
	rootFine = int64(1) << 44
)

// heads fills head[1:n] from scores.
func (t *arborescence) heads(scores []int32, n int, head []int32) {
	roots := 0
	for i := 1; i < n; i++ {
		row := scores[i*n : i*n+n]
		best := 0
		for j, v := range row {
			if v > row[best] {
				best = j
			}
		}
		head[i] = int32(best)
		if best == 0 {
			roots++
		}
	}
	if roots == 1 && t.reachesRoot(head[:n]) {
		return
	}
	t.edmonds(scores, n, head)
}

func grow[T any](p *[]T, n int) []T {
	if cap(*p) < n {
		*p = make([]T, n+n/2)
	}
	*p = (*p)[:n]
	return *p
}

func (t *arborescence) reachesRoot(head []int32) bool {
	mark := grow(&t.mark, len(head))
	clear(mark)
	for i := 1; i < len(head); i++ {
		j := int32(i)
		for j != 0 && mark[j] == 0 {
			mark[j] = int32(i)
			j = head[j]
		}
		if j != 0 && mark[j] == int32(i) {
			return false
		}
	}
	return true
}

func (t *arborescence) edmonds(scores []int32, n int, head []int32) {
	w := grow(&t.w, n*n)
	for i := range w {
		w[i] = int64(scores[i])
	}
	active := grow(&t.active, n)
	for i := range active {
		active[i] = true
		w[i*n] -= rootFine
	}
	t.levels, t.cycles, t.via = t.levels[:0], t.cycles[:0], t.via[:0]
	for i := 1; i < n; i++ {
		t.choose(i, n, head)
	}
	for {
		start := t.cycle(head[:n])
		if start == 0 {
			break
		}
		t.contract(start, n, head)
	}
	for k := len(t.levels) - 1; k >= 0; k-- {
		t.expand(t.levels[k], n, head)
	}
}

// choose takes node i's best head among the nodes still there.
func (t *arborescence) choose(i, n int, head []int32) {
	best := int32(-1)
	row := t.w[i*n : i*n+n]
	for j, v := range row {
		if j != i && t.active[j] && (best < 0 || v > row[best]) {
			best = int32(j)
		}
	}
	head[i] = best
}

// cycle returns a node on a cycle, 0 when there is none.
func (t *arborescence) cycle(head []int32) int32 {
	mark := grow(&t.mark, len(head))
	clear(mark)
	for i := 1; i < len(head); i++ {
		j := int32(i)
		if !t.active[i] {
			continue
		}
		for j != 0 && mark[j] == 0 {
			mark[j] = int32(i)
			j = head[j]
		}
		if j != 0 && mark[j] == int32(i) {
			return j
		}
	}
	return 0
}

func (t *arborescence) contract(r int32, n int, head []int32) {
	from := len(t.cycles)
	for j := r; ; {
		t.cycles = append(t.cycles, arc{j, head[j]})
		if j = head[j]; j == r {
			break
		}
	}
	cycle := t.cycles[from:]
	in, out := len(t.via), len(t.via)+n
	for range 2 * n {
		t.via = append(t.via, 0)
	}
	w := t.w
	for _, c := range cycle {
		t.active[c.dep] = false
	}
	rest := t.list[:0]
	for u := range n {
		if t.active[u] {
			rest = append(rest, int32(u))
		}
	}
	t.list = rest
	// Members' scores are read before the representative's are overwritten: for
	// each u apart, in column and row u alone.
	for _, u := range rest {
		bi, bo := cycle[0], cycle[0]
		gain := func(c arc) int64 { return w[int(c.dep)*n+int(u)] - w[int(c.dep)*n+int(c.head)] }
		for _, c := range cycle[1:] {
			if gain(c) > gain(bi) {
				bi = c
			}
			if w[int(u)*n+int(c.dep)] > w[int(u)*n+int(bo.dep)] {
				bo = c
			}
		}
		g := gain(bi)
		t.via[in+int(u)], t.via[out+int(u)] = bi.dep, bo.dep
		w[int(u)*n+int(r)] = w[int(u)*n+int(bo.dep)]
		w[int(r)*n+int(u)] = g
	}
	t.active[r] = true
	t.levels = append(t.levels, contraction{[2]int{from, len(t.cycles)}, in, out})
	t.choose(int(r), n, head)
	for _, u := range rest {
		if u != 0 {
			for _, c := range cycle {
				if head[u] == c.dep {
					head[u] = r // its score is the cycle's best: still u's best head
					break
				}
			}
		}
	}
}

func (t *arborescence) expand(c contraction, n int, head []int32) {
	cycle := t.cycles[c.cycle[0]:c.cycle[1]]
	r := cycle[0].dep
	for _, a := range cycle[1:] {
		t.active[a.dep] = false // becomes true again below
	}
	for u := 1; u < n; u++ {
		if t.active[u] && int32(u) != r && head[u] == r {
			head[u] = t.via[c.out+u]
		}
	}
	u := head[r]
	enter := t.via[c.in+int(u)]
	for _, a := range cycle {
		head[a.dep] = a.head
		t.active[a.dep] = true
	}
	head[enter] = u
}
