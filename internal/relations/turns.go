package relations

import (
	"math"
	"slices"
	"time"
)

// Turn is a day from which on the events between the two are of another kind
// than before, found by Pettitt's test: A. N. Pettitt, "A non-parametric approach to
// the change-point problem", Applied Statistics 28 (1979), 126–135. It asks for
// no distribution, which PLOVER's scores do not follow, and of several turns
// each is looked for between the others (binary segmentation).
type Turn struct {
	Event  string  `json:"event"`  // the first of the new kind
	Before float64 `json:"before"` // mean PLOVER score of the events since the turn before
	After  float64 `json:"after"`  // and up to the turn after
	NB     int     `json:"events_before"`
	NA     int     `json:"events_after"`
	P      float64 `json:"p"` // Pettitt's approximation
}

const (
	leastTurn = 6    // events on either side of a turn
	turnP     = 0.05 // the chance of a change as large where there is none
)

// turns finds the turning points among the events that happened and that are
// dated to a month or better.
func (b *builder) turns() {
	type scored struct {
		id    string
		at    time.Time
		score float64
	}
	var es []scored
	for _, id := range b.dyad {
		e := b.r.Events[id]
		first, last, ok := e.Date.Bounds()
		if ok && happened(&e) && !first.IsZero() && !last.IsZero() && last.Sub(first) <= 31*day {
			es = append(es, scored{id, first, e.Score})
		}
	}
	var cuts []int
	var find func(from, to int)
	ps := map[int]float64{}
	find = func(from, to int) {
		scores := make([]float64, to-from)
		for i := range scores {
			scores[i] = es[from+i].score
		}
		at, p := pettitt(scores, func(i int) bool { return es[from+i-1].at.Before(es[from+i].at) })
		if at == 0 || p > turnP {
			return
		}
		cuts = append(cuts, from+at)
		ps[from+at] = p
		find(from, from+at)
		find(from+at, to)
	}
	find(0, len(es))
	slices.Sort(cuts)
	for i, c := range cuts {
		from, to := 0, len(es)
		if i > 0 {
			from = cuts[i-1]
		}
		if i+1 < len(cuts) {
			to = cuts[i+1]
		}
		mean := func(part []scored) float64 {
			sum := 0.0
			for _, e := range part {
				sum += e.score
			}
			return math.Round(sum/float64(len(part))*10) / 10
		}
		b.r.Turns = append(b.r.Turns, Turn{es[c].id, mean(es[from:c]), mean(es[c:to]), c - from, to - c, math.Round(ps[c]*10000) / 10000})
	}
}

// pettitt returns where a series changes most, as the index of the first value
// after, and how likely so great a change is by chance; 0 when there are too few
// values. may says whether the series may be cut before value i.
func pettitt(x []float64, may func(i int) bool) (at int, p float64) {
	n := len(x)
	if n < 2*leastTurn {
		return 0, 1
	}
	rank := ranks(x)
	most, u := 0.0, 0.0
	for t := 1; t < n; t++ {
		u += 2*rank[t-1] - float64(n+1)
		if k := math.Abs(u); k > most && t >= leastTurn && n-t >= leastTurn && may(t) {
			most, at = k, t
		}
	}
	c := float64(n)
	return at, min(1, 2*math.Exp(-6*most*most/(c*c*c+c*c)))
}

// ranks returns the ranks of values from 1 on, equal values sharing theirs.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case x[i] < x[j]:
			return -1
		case x[i] > x[j]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}
