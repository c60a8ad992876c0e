package merge

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"rapport"
)

// Author is the author of this package's judgements.
const Author = "rule:merge/1"

const (
	// margin is by how many points a claim with a wide date must fit one
	// happening better than the next to join it.
	margin = 0.8
	// sample bounds how many claims of each of two clusters are compared
	// before they become one.
	sample = 8
	// nearMiss is the sum of points from which a pair judged not the same is
	// worth saying.
	nearMiss = -1.0
	// crowd bounds how many claims near in date are compared with one claim
	// of a block.
	crowd = 200
	// throng bounds among how many happenings a claim with a wide date is
	// looked for: what may be any of a thousand is none of them for sure.
	throng = 1000
)

// Judge compares claims and returns what it finds, sorted by A, then B: for
// each claim that tells the same event as another, the pair that joins it,
// and for close calls the pair with Same false and what spoke against it.
// reports gives, by report id, when a report was published; a report that is
// missing leaves undated claims undated. Judge is a function of the set of
// claims: their order changes nothing.
func Judge(claims []rapport.Claim, reports map[string]rapport.Report) []rapport.Judgement {
	j := newJudge(claims, reports)
	j.block()
	j.joinDated()
	for tier := 1; tier <= 3; tier++ {
		j.fit(tier)
		j.joinLeft(tier)
	}
	return j.out()
}

// judge holds one run. Claims are numbered in order of their ids.
type judge struct {
	claims  []told
	cluster []int32             // claim → its cluster's first claim
	members map[int32][]int32   // clusters of two and more claims, sorted
	blocks  [][]row             // claims that may be compared, sorted by first day
	links   map[[2]int32]bool   // pairs that joined clusters
	misses  map[[2]int32]string // close calls → what spoke against
}

func newJudge(claims []rapport.Claim, reports map[string]rapport.Report) *judge {
	order := make([]int, 0, len(claims))
	for i := range claims {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(claims[a].ID, claims[b].ID) })
	order = slices.CompactFunc(order, func(a, b int) bool { return claims[a].ID == claims[b].ID })

	var names []string
	for _, i := range order {
		names = append(names, claims[i].Report)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	number, pub := map[string]int32{}, make([]int32, len(names))
	for i, n := range names {
		number[n], pub[i] = int32(i), minDay
		if f, _, ok := reports[n].Published.Bounds(); ok {
			pub[i] = dayOf(f)
		}
	}
	j := &judge{
		claims: make([]told, len(order)), cluster: make([]int32, len(order)),
		members: map[int32][]int32{}, links: map[[2]int32]bool{}, misses: map[[2]int32]string{},
	}
	inParallel(len(order), func(k int) {
		c := &claims[order[k]]
		r := number[c.Report]
		j.claims[k] = prepare(c, r, pub[r])
		j.cluster[k] = int32(k)
	})
	return j
}

// inParallel calls f(0) … f(n-1), each once, on all processors. f must touch
// only what is its own.
func inParallel(n int, f func(int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	const chunk = 64
	var wg sync.WaitGroup
	var mu sync.Mutex
	next := 0
	for range workers {
		wg.Go(func() {
			for {
				mu.Lock()
				from := next
				next += chunk
				mu.Unlock()
				if from >= n {
					return
				}
				for k := from; k < min(from+chunk, n); k++ {
					f(k)
				}
			}
		})
	}
	wg.Wait()
}

// keys returns the blocks a claim belongs to: kind of act and dyad. An act
// whose recipient may be left untold ("troops landed") is also kept under its
// actor alone; half is true where such a claim tells the recipient, since two
// that do meet under their dyad.
func keys(t *told) (out []string, half []bool) {
	put := func(act, who string, h bool) {
		out, half = append(out, act+"|"+who), append(half, h)
	}
	acts := []string{t.act}
	if t.act == "CONSULT" {
		switch {
		case t.mode == "visit":
			acts = []string{"CONSULT:visit"}
		case t.occasion && t.mode == "":
			acts = []string{"CONSULT", "CONSULT:visit"}
		}
	}
	for _, act := range acts {
		dyads := rapport.Dyads(t.Actor, t.Recipient)
		if len(dyads) > 12 { // a summit of twenty has 190: meet under each actor instead
			for _, c := range t.actor.countries {
				put(act, c, false)
			}
			continue
		}
		for _, d := range dyads {
			put(act, d.String(), false)
		}
		if len(dyads) == 0 || oneSided(t.act) {
			for _, c := range t.actor.countries {
				put(act, c, len(dyads) > 0)
			}
		}
	}
	return out, half
}

// oneSided reports whether acts of this type are often told without whom they
// touch.
func oneSided(act string) bool {
	switch act {
	case "MOBILIZE", "COERCE", "ASSAULT", "PROTEST", "RETREAT", "CONCEDE":
		return true
	}
	return false
}

// row is a claim in a block; half as in keys: two such rows are not compared.
type row struct {
	claim int32
	half  bool
}

// block sorts the claims into blocks and drops blocks of one.
func (j *judge) block() {
	type keyed struct {
		key uint64
		row
	}
	var rows []keyed
	for k := range j.claims {
		ks, half := keys(&j.claims[k])
		for i, key := range ks {
			rows = append(rows, keyed{keyHash(key), row{int32(k), half[i]}})
		}
	}
	slices.SortFunc(rows, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(j.claims[a.claim].when.first, j.claims[b.claim].when.first),
			cmp.Compare(j.claims[a.claim].sign, j.claims[b.claim].sign), cmp.Compare(a.claim, b.claim))
	})
	for from := 0; from < len(rows); {
		to, whole := from, 0
		for to < len(rows) && rows[to].key == rows[from].key {
			if !rows[to].half {
				whole++
			}
			to++
		}
		if to-from > 1 && whole > 0 {
			b := make([]row, 0, to-from)
			for _, r := range rows[from:to] {
				b = append(b, r.row)
			}
			j.blocks = append(j.blocks, b)
		}
		from = to
	}
}

// keyHash is what a block is known by.
func keyHash(key string) uint64 {
	h := fnv{14695981039346656037}
	h.add(key)
	return h.sum
}

// scored is a pair of claims, a < b, with its points.
type scored struct {
	a, b   int32
	points float64
}

func pairOf(a, b int32) [2]int32 {
	if b < a {
		a, b = b, a
	}
	return [2]int32{a, b}
}

// best sorts pairs: most points first, then by claims.
func best(p, q scored) int {
	return cmp.Or(cmp.Compare(q.points, p.points), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
}

// joinDated joins the claims dated to days.
func (j *judge) joinDated() {
	found := make([][]scored, len(j.blocks))
	inParallel(len(j.blocks), func(k int) {
		found[k] = j.near(j.blocks[k], 0)
	})
	j.joinPairs(slices.Concat(found...))
}

// near returns the pairs of a block's claims of one tier that are near in
// date and have points enough to be worth a word. Twins, alike in all but
// words and report, are compared with a few of their kind only, else a day
// with a thousand reports would cost a million comparisons.
func (j *judge) near(block []row, tier int) []scored {
	var out []scored
	keep := func(a, b row) float64 {
		if a.half && b.half {
			return veto
		}
		p := pairOf(a.claim, b.claim)
		points := weigh(&j.claims[p[0]], &j.claims[p[1]])
		if points >= nearMiss {
			out = append(out, scored{p[0], p[1], points})
		}
		return points
	}
	var heads []row
	for _, r := range block {
		t := &j.claims[r.claim]
		if t.when.tier() != tier || tier > 0 && j.members[j.cluster[r.claim]] != nil {
			continue
		}
		twin := false // block sorts by first day and signature: twins lie together
		for n := len(heads) - 1; n >= max(0, len(heads)-4) && !twin && j.claims[heads[n].claim].sign == t.sign; n-- {
			twin = keep(heads[n], r) > 0
		}
		if !twin {
			heads = append(heads, r)
		}
	}
	for i, r := range heads {
		last := j.claims[r.claim].when.last + 2*newsDays + 2
		for _, o := range heads[i+1 : min(i+1+crowd, len(heads))] {
			if j.claims[o.claim].when.first > last {
				break
			}
			keep(r, o)
		}
	}
	return out
}

// joinPairs joins clusters along pairs, best first.
func (j *judge) joinPairs(pairs []scored) {
	slices.SortFunc(pairs, best)
	pairs = slices.CompactFunc(pairs, func(p, q scored) bool { return p.a == q.a && p.b == q.b })
	for _, p := range pairs {
		if p.points <= 0 {
			j.misses[[2]int32{p.a, p.b}] = "too little speaks for it"
			continue
		}
		j.join(p.a, p.b)
	}
}

// join makes one cluster of those of claims a and b when the claims of both
// agree on the whole, and reports whether they are one now.
func (j *judge) join(a, b int32) bool {
	x, y := j.cluster[a], j.cluster[b]
	if x == y {
		return true
	}
	if why := j.against(x, y); why != "" {
		j.misses[pairOf(a, b)] = why
		return false
	}
	if y < x {
		x, y = y, x
	}
	all := slices.Concat(j.claimsOf(x), j.claimsOf(y))
	slices.Sort(all)
	for _, c := range j.claimsOf(y) {
		j.cluster[c] = x
	}
	delete(j.members, y)
	j.members[x] = all
	j.links[pairOf(a, b)] = true
	return true
}

func (j *judge) claimsOf(cluster int32) []int32 {
	if m := j.members[cluster]; m != nil {
		return m
	}
	return []int32{cluster}
}

// against returns why two clusters are not one: a report that tells claims of
// both as two acts, or the claims of one speaking against those of the other
// on average. "" when nothing does.
func (j *judge) against(x, y int32) string {
	xs, ys := j.claimsOf(x), j.claimsOf(y)
	if len(xs) == 1 && len(ys) == 1 {
		return ""
	}
	if len(xs) > sample || len(ys) > sample {
		if j.shareReport(xs, ys) {
			return "a report tells claims of both as two acts"
		}
		xs, ys = xs[:min(len(xs), sample)], ys[:min(len(ys), sample)]
	}
	sum := 0.0
	for _, a := range xs {
		for _, b := range ys {
			p := weigh(&j.claims[a], &j.claims[b])
			if p < veto/2 {
				return "a claim joined to one is never the other"
			}
			sum += p
		}
	}
	if sum < 0 {
		return "the claims joined to each speak against it"
	}
	return ""
}

// shareReport reports whether one report tells claims of both lists as acts
// of their own.
func (j *judge) shareReport(xs, ys []int32) bool {
	by := map[int32]int32{}
	for _, a := range xs {
		by[j.claims[a].report] = a
	}
	for _, b := range ys {
		a, ok := by[j.claims[b].report]
		if ok && weigh(&j.claims[a], &j.claims[b]) < veto/2 {
			return true
		}
	}
	return false
}

// fit lets each claim of a tier look for the one cluster of finer date that
// it fits.
func (j *judge) fit(tier int) {
	found := make([][]scored, len(j.blocks))
	inParallel(len(j.blocks), func(k int) {
		found[k] = j.fits(j.blocks[k], tier)
	})
	all := slices.Concat(found...)
	slices.SortFunc(all, func(p, q scored) int { return cmp.Or(cmp.Compare(p.a, q.a), best(p, q)) })
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].a == all[from].a {
			to++
		}
		j.settle(all[from].a, all[from:to])
		from = to
	}
}

// head is a cluster in a block: one of its claims and the days it spans.
type head struct {
	row
	first, last int32
}

// fits returns, for each claim of a tier in a block, the clusters of finer
// date whose days it touches and with which it has points enough; a is the
// claim, b one of the cluster.
func (j *judge) fits(block []row, tier int) []scored {
	var wide []row
	var heads []head
	seen := map[int32]int{}
	for _, r := range block {
		w := j.claims[r.claim].when
		if w.tier() == tier && j.members[j.cluster[r.claim]] == nil {
			wide = append(wide, r)
		}
		if w.tier() >= tier && j.members[j.cluster[r.claim]] == nil {
			continue
		}
		if i, ok := seen[j.cluster[r.claim]]; ok {
			heads[i].first, heads[i].last = min(heads[i].first, w.first), max(heads[i].last, w.last)
			continue
		}
		seen[j.cluster[r.claim]] = len(heads)
		heads = append(heads, head{r, w.first, w.last})
	}
	if len(wide) == 0 || len(heads) == 0 {
		return nil
	}
	slices.SortFunc(heads, func(a, b head) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.claim, b.claim))
	})
	var out []scored
	for _, r := range wide {
		t := &j.claims[r.claim]
		byFirst := func(h head, day int32) int { return cmp.Compare(h.first, day) }
		from, _ := slices.BinarySearchFunc(heads, t.when.first-400, byFirst)
		to, _ := slices.BinarySearchFunc(heads, t.when.last+newsDays+1, byFirst)
		if to-from > throng {
			continue
		}
		for _, h := range heads[from:to] {
			if h.last < t.when.first-newsDays || h.half && r.half {
				continue
			}
			if p, b := j.closest(t, h.claim); p > nearMiss {
				out = append(out, scored{r.claim, b, p})
			}
		}
	}
	return out
}

// closest returns the claim of a cluster, of the first few, that t is most
// like, and its points.
func (j *judge) closest(t *told, claim int32) (points float64, of int32) {
	points = veto
	cluster := j.claimsOf(j.cluster[claim])
	for _, c := range cluster[:min(len(cluster), sample/2)] {
		if p := weigh(t, &j.claims[c]); p > points {
			points, of = p, c
		}
	}
	return points, of
}

// settle joins c to the cluster it fits best, unless another one fits nearly
// as well and is not the same.
func (j *judge) settle(c int32, fits []scored) {
	slices.SortFunc(fits, best)
	fits = slices.CompactFunc(fits, func(p, q scored) bool { return p.b == q.b })
	if len(fits) == 0 {
		return
	}
	top := fits[0]
	if top.points <= 0 {
		j.misses[pairOf(c, top.b)] = "too little speaks for it"
		return
	}
	for _, f := range fits[1:] {
		if f.points < max(0, top.points-margin) {
			break
		}
		if j.cluster[f.b] != j.cluster[top.b] {
			j.misses[pairOf(c, top.b)] = "it fits two happenings equally well"
			j.misses[pairOf(c, f.b)] = "it fits two happenings equally well"
			return
		}
	}
	for _, f := range fits {
		if f.points <= 0 || j.join(c, f.b) {
			return
		}
	}
}

// joinLeft joins the claims of a tier that fitted nothing of a finer date
// among themselves.
func (j *judge) joinLeft(tier int) {
	found := make([][]scored, len(j.blocks))
	inParallel(len(j.blocks), func(k int) {
		found[k] = j.near(j.blocks[k], tier)
	})
	j.joinPairs(slices.Concat(found...))
}

// out writes the links and the close calls as judgements.
func (j *judge) out() []rapport.Judgement {
	pairs := make([][2]int32, 0, len(j.links)+len(j.misses))
	for p := range j.links {
		pairs = append(pairs, p)
	}
	perClaim := map[int32]int{}
	var misses [][2]int32
	for p := range j.misses {
		if !j.links[p] && j.cluster[p[0]] != j.cluster[p[1]] {
			misses = append(misses, p)
		}
	}
	byPair := func(p, q [2]int32) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) }
	slices.SortFunc(misses, byPair)
	for _, p := range misses { // a claim that resembles fifty others says so of three
		if perClaim[p[0]] < 3 && perClaim[p[1]] < 3 {
			perClaim[p[0]]++
			perClaim[p[1]]++
			pairs = append(pairs, p)
		}
	}
	slices.SortFunc(pairs, byPair)
	js := make([]rapport.Judgement, len(pairs))
	inParallel(len(pairs), func(k int) {
		p := pairs[k]
		points, why := explain(&j.claims[p[0]], &j.claims[p[1]])
		same := j.links[p]
		score := odds(points)
		if !same {
			why = append(why, "not joined: "+j.misses[p])
			score = min(score, 0.49)
		}
		js[k] = rapport.Judgement{
			A: j.claims[p[0]].ID, B: j.claims[p[1]].ID, Same: same, Score: float64(int(score*1000+0.5)) / 1000, Reasons: why, Author: Author,
		}
	})
	return js
}
