package merge

import (
	"cmp"
	"slices"
	"strings"

	"rapport"
)

// Parts parts claims into sets that can be judged one after the other: no two
// claims of different parts are ever compared, so what [Judge] says of each is
// together, but for its order, what it says of all. It holds some 100 bytes a
// claim and not the claims. The zero Parts is empty.
type Parts struct {
	ids   []string
	up    forest
	first map[uint64]int32 // block → a claim in it
}

// Add adds a claim. Each is added once.
func (p *Parts) Add(c *rapport.Claim) {
	if p.first == nil {
		p.first = map[uint64]int32{}
	}
	k := int32(len(p.ids))
	p.ids = append(p.ids, strings.Clone(c.ID)) // which may be part of a larger string
	p.up.up = append(p.up.up, k)
	t := actOf(c)
	t.actor.countries = countriesOf(c.Actor)
	names, _ := keys(&t)
	for _, name := range names {
		h := keyHash(name)
		if o, ok := p.first[h]; ok {
			p.up.join(k, o)
		} else {
			p.first[h] = k
		}
	}
}

// IDs returns the ids of the claims in their order.
func (p *Parts) IDs() []string { return slices.Sorted(slices.Values(p.ids)) }

// Split returns the ids of each part, in the order in which their first claims
// were added. What hangs together is one part, however large; small ones are put
// together up to most claims.
func (p *Parts) Split(most int) [][]string {
	size := make([]int32, len(p.ids))
	for k := range p.ids {
		size[p.up.root(int32(k))]++
	}
	part := make([]int32, len(p.ids)) // of a root, from 1
	var out [][]string
	open, room := int32(0), 0
	for k, id := range p.ids {
		r := p.up.root(int32(k))
		if part[r] == 0 {
			n := int(size[r])
			switch {
			case n <= room:
				room -= n
			case n >= most: // a part of its own; the one that has room stays open
				out = append(out, nil)
				part[r] = int32(len(out))
			default:
				out = append(out, nil)
				open, room = int32(len(out)), most-n
			}
			if part[r] == 0 {
				part[r] = open
			}
		}
		out[part[r]-1] = append(out[part[r]-1], id)
	}
	return out
}

// Groups parts the claims with these ids, sorted, into those of one event each,
// as [Events] does: lists of places in ids, in the order of their first.
func Groups(ids []string, judgements []rapport.Judgement) [][]int32 {
	js := slices.Clone(judgements)
	slices.SortFunc(js, func(a, b rapport.Judgement) int {
		ra, rb := byRule(a), byRule(b)
		switch {
		case ra != rb && rb:
			return -1
		case ra != rb:
			return 1
		case ra:
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
		}
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), cmp.Compare(a.Author, b.Author))
	})
	f := newForest(len(ids))
	for _, jd := range js {
		a, ok1 := slices.BinarySearch(ids, jd.A)
		b, ok2 := slices.BinarySearch(ids, jd.B)
		if !ok1 || !ok2 || a == b {
			continue
		}
		switch {
		case jd.Same:
			f.join(int32(a), int32(b))
		case !byRule(jd): // what a rule keeps apart it only does not join
			f.part(int32(a), int32(b))
		}
	}
	by := make([]int32, len(ids)) // a root's group, from 1
	var out [][]int32
	for i := range ids {
		r := f.root(int32(i))
		if by[r] == 0 {
			out = append(out, nil)
			by[r] = int32(len(out))
		}
		out[by[r]-1] = append(out[by[r]-1], int32(i))
	}
	return out
}

// Assemble derives an event from each group of claims, sorted by id, as
// [Events] does.
func Assemble(groups [][]*rapport.Claim, reports map[string]rapport.Report) []rapport.Event {
	out := make([]rapport.Event, len(groups))
	inParallel(len(groups), func(k int) {
		out[k] = assemble(groups[k], reports)
	})
	return out
}
