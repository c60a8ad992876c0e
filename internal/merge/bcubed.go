package merge

// Agreement is how well a parting of things into groups agrees with gold.
type Agreement struct {
	Precision float64 `json:"precision"` // of a thing's group, the share that gold puts with it
	Recall    float64 `json:"recall"`    // of what gold puts with a thing, the share in its group
	F1        float64 `json:"f1"`
	Things    int     `json:"things"`
}

// BCubed scores a parting of claims against gold by B³ (Bagga and Baldwin
// 1998): precision and recall of each claim's group, averaged over the claims
// of gold. Both map a claim to the name of its group; a claim without a group
// is alone.
func BCubed(gold, got map[string]string) Agreement {
	type both struct{ gold, got string }
	sizeGold, sizeGot, sizeBoth := map[string]int{}, map[string]int{}, map[both]int{}
	group := func(m map[string]string, c string) string {
		if g, ok := m[c]; ok {
			return g
		}
		return "\x00" + c
	}
	for c := range gold {
		g, h := group(gold, c), group(got, c)
		sizeGold[g]++
		sizeGot[h]++
		sizeBoth[both{g, h}]++
	}
	var p, r float64
	for b, n := range sizeBoth {
		p += float64(n*n) / float64(sizeGot[b.got])
		r += float64(n*n) / float64(sizeGold[b.gold])
	}
	a := Agreement{Things: len(gold)}
	if len(gold) == 0 {
		return a
	}
	a.Precision, a.Recall = round6(p/float64(len(gold))), round6(r/float64(len(gold)))
	if a.Precision+a.Recall > 0 {
		a.F1 = round6(2 * a.Precision * a.Recall / (a.Precision + a.Recall))
	}
	return a
}

// BCubedStrict scores a parting of claims that are not those of gold but that
// counterpart maps to them, in part: precision is averaged over all claims
// merged and recall over all claims of gold, and one without its counterpart
// counts 0. It takes the coder's misses and inventions for the merger's.
func BCubedStrict(gold, got, counterpart map[string]string) Agreement {
	type both struct{ gold, got string }
	sizeGold, sizeGot, sizeBoth := map[string]int{}, map[string]int{}, map[both]int{}
	for _, e := range gold {
		sizeGold[e]++
	}
	for c, e := range got {
		sizeGot[e]++
		if g, ok := gold[counterpart[c]]; ok {
			sizeBoth[both{g, e}]++
		}
	}
	var p, r float64
	for b, n := range sizeBoth {
		p += float64(n*n) / float64(sizeGot[b.got])
		r += float64(n*n) / float64(sizeGold[b.gold])
	}
	a := Agreement{Things: len(gold), Precision: round6(p / float64(max(1, len(got)))), Recall: round6(r / float64(max(1, len(gold))))}
	if a.Precision+a.Recall > 0 {
		a.F1 = round6(2 * a.Precision * a.Recall / (a.Precision + a.Recall))
	}
	return a
}

// round6 rounds to six places: map order moves the last bits of a sum.
func round6(x float64) float64 { return float64(int64(x*1e6+0.5)) / 1e6 }
