package claims

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
)

// A problem is some candidates of which those that are right are to come to the
// highest weight. A single candidate is weighed against nothing: it is to come
// to more than nothing where it is right, to less where it is wrong.
type problem struct {
	cs    [][]int32
	right []bool
}

// learnNetworks fits some networks and joins them into one that weighs a candidate by
// their mean: on what is held back a recipient more in 250 right than by one alone.
func learnNetworks(all []choice, units, rounds, rare int) *network {
	const nets = 3
	joined := &network{units: nets * units, features: map[string][]int16{}}
	own := map[string]int{}
	for k := range nets {
		n := learnNetwork(all, units, rounds, rare, int64(k+1))
		for _, w := range n.out {
			joined.out = append(joined.out, int32(math.Round(float64(w)/nets)))
		}
		for f, ws := range n.features {
			if joined.features[f] == nil {
				joined.features[f] = make([]int16, 1+joined.units)
			}
			own[f] += int(ws[0])
			copy(joined.features[f][1+k*units:], ws[1:])
		}
	}
	for f, sum := range own {
		joined.features[f][0] = int16(math.Round(float64(sum) / nets))
	}
	return joined
}

// learnNetwork fits a network to choices by maximum likelihood, AdaGrad (Duchi et
// al. 2011) with quadratic penalties and dropout (Srivastava et al. 2014), in a
// fixed order. What is seen fewer than rare times is left out.
func learnNetwork(all []choice, units, rounds, rare int, seed int64) *network {
	seen := map[string]int{}
	for _, ch := range all {
		for i := range ch.cs {
			for _, f := range ch.cs[i].features {
				seen[f]++
			}
		}
	}
	index := map[string]int32{}
	var names []string
	problems := make([]problem, len(all))
	for n, ch := range all {
		p := problem{right: ch.right}
		for i := range ch.cs {
			var ids []int32
			for _, f := range ch.cs[i].features {
				if seen[f] < rare {
					continue
				}
				id, ok := index[f]
				if !ok {
					id = int32(len(names))
					index[f] = id
					names = append(names, f)
				}
				ids = append(ids, id)
			}
			p.cs = append(p.cs, ids)
		}
		problems[n] = p
	}

	const rate, rateHidden, penalty, penaltyHidden, drop = 0.3, 0.01, 0.5, 0.001, 0.5
	rng := rand.New(rand.NewSource(seed))
	own, ownSum := make([]float64, len(names)), make([]float64, len(names))
	in, inSum := make([]float64, len(names)*units), make([]float64, len(names)*units)
	out, outSum := make([]float64, units), make([]float64, units)
	for i := range in {
		in[i] = rng.NormFloat64() * 0.05
	}
	for j := range out {
		out[j] = rng.NormFloat64() * 0.3
	}
	before := make([]float64, len(names))
	for k, f := range names {
		before[k] = prior(f)
	}
	mask := make([]float64, units)
	step := func(w, sum *float64, d, rate float64) {
		*sum += d * d
		*w += rate * d / math.Sqrt(1e-8+*sum)
	}
	for range rounds {
		for _, n := range rng.Perm(len(problems)) {
			q := &problems[n]
			for j := range mask {
				mask[j] = 1 / (1 - drop)
				if rng.Float64() < drop {
					mask[j] = 0
				}
			}
			p := make([]float64, len(q.cs))
			hidden := make([][]float64, len(q.cs))
			top := 0.0
			if len(q.cs) > 1 {
				top = math.Inf(-1)
			}
			for i, ids := range q.cs {
				h := make([]float64, units)
				for _, id := range ids {
					p[i] += own[id]
					for j, w := range in[int(id)*units : int(id+1)*units] {
						h[j] += w
					}
				}
				for j := range h {
					h[j] = max(0, h[j]) * mask[j]
					p[i] += h[j] * out[j]
				}
				hidden[i] = h
				top = max(top, p[i])
			}
			z, zr := 0.0, 0.0
			for i := range p {
				p[i] = math.Exp(p[i] - top)
				z += p[i]
				if q.right[i] {
					zr += p[i]
				}
			}
			if len(q.cs) == 1 {
				z += math.Exp(-top)
			}
			for i, ids := range q.cs {
				g := -p[i] / z
				if q.right[i] {
					g += p[i] / zr
				}
				if math.Abs(g) < 1e-4 {
					continue
				}
				for _, id := range ids {
					step(&own[id], &ownSum[id], g-penalty*(own[id]-before[id]), rate)
				}
				for j, h := range hidden[i] {
					if h <= 0 {
						continue
					}
					back := g * out[j] * mask[j]
					step(&out[j], &outSum[j], g*h-penaltyHidden*out[j], rateHidden)
					for _, id := range ids {
						k := int(id)*units + j
						step(&in[k], &inSum[k], back-penaltyHidden*in[k], rateHidden)
					}
				}
			}
		}
	}
	whole := func(v float64, one int) int16 {
		return int16(max(-32000, min(32000, math.Round(v*float64(one)))))
	}
	n := &network{units: units, features: map[string][]int16{}}
	for _, v := range out {
		n.out = append(n.out, int32(whole(v, outUnit)))
	}
	for id, f := range names {
		ws := []int16{whole(own[id], unit)}
		for _, v := range in[id*units : (id+1)*units] {
			ws = append(ws, whole(v, netUnit))
		}
		if slices.ContainsFunc(ws, func(w int16) bool { return w != 0 }) {
			n.features[f] = ws
		}
	}
	return n
}

// writeNetwork writes a network's table in the order of the features' names.
func writeNetwork(t *testing.T, name, about string, n *network) {
	t.Helper()
	var names []string
	for f := range n.features {
		names = append(names, f)
	}
	sort.Strings(names)
	var b strings.Builder
	b.WriteString("# feature\tits own weight in 1/256 of a nat and those to the hidden units in 1/16, after those from them in 1/1024: " + about + "\n")
	fmt.Fprintf(&b, "out\t%s\n", strings.Trim(fmt.Sprint(n.out), "[]"))
	for _, f := range names {
		fmt.Fprintf(&b, "%s\t%s\n", f, strings.Trim(fmt.Sprint(n.features[f]), "[]"))
	}
	packed, err := pack(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, packed, 0o644); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s: %d features, %d bytes\n", name, len(names), len(packed))
}
