package neural

// The LSTM cell in integers. Gates come as 16-bit values of 11 fraction bits in
// the order i f g o; sigmoid, tanh and the output h have 15 fraction bits, the
// cell state 11.

const (
	entries  = 4096 // of an activation table, centred
	tableLen = entries + 1
)

// activations are the sigmoid over [-8,8) and the tanh over [-4,4), both read
// from the model so that no machine computes them. One entry more than needed
// stands at the end: a vector load takes two at a time.
type activations struct {
	sigmoid, tanh []int16
}

func (t *activations) sig(g int16) int32 {
	i := (int32(saturate(int32(g)+4)) >> 3) + entries/2
	return int32(t.sigmoid[max(0, min(entries-1, i))])
}

func (t *activations) tan(g int16) int32 {
	i := (int32(saturate(int32(g)+2)) >> 2) + entries/2
	return int32(t.tanh[max(0, min(entries-1, i))])
}

// cellPortable makes one step of one row: pre and rec are the two parts of the
// gates, c the state, and h goes to two places.
func cellPortable(t *activations, pre, rec, c, h, dst []int16) {
	n := len(c)
	pre, rec = pre[:4*n], rec[:4*n]
	gate := func(k int) int16 { return saturate(int32(pre[k]) + int32(rec[k])) }
	for k := range n {
		i, f := t.sig(gate(k)), t.sig(gate(n+k))
		g, o := t.tan(gate(2*n+k)), t.sig(gate(3*n+k))
		s := saturate((f*int32(c[k]) + i*(g>>4) + 1<<14) >> 15)
		c[k] = s
		v := int16((o*t.tan(s) + 1<<14) >> 15)
		h[k], dst[k] = v, v
	}
}
