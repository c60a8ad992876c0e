package neural

// hasVector: every arm64 processor has NEON.
const hasVector = true

func mulVector(m *matrix, a []int16, stride, rows int, out []int16) {
	for p := 0; p < m.out; p += panel {
		panelNEON(&a[0], stride, &m.panels[p*m.in], m.in/2, rows, &m.bias[p], &m.shift[p], &out[p], m.out)
	}
}

// NEON has no table lookup of this size, and the rest is little work beside the
// products: portable code serves for it.

func cellVector(t *activations, pre, rec, c, h, dst []int16) { cellPortable(t, pre, rec, c, h, dst) }

func dotVector(a, b []int16, out []int32) { dotPortable(a, b, out) }

func activateVector(v []int16, slope int, most int16) { activatePortable(v, slope, most) }

func joinVector(a, b, out []int16) { joinPortable(a, b, out) }

// panelNEON makes one panel of outputs: rows of k2 pairs, stride values apart.
//
//go:noescape
func panelNEON(a *int16, stride int, w *int16, k2, rows int, bias, shift *int32, out *int16, outStride int)
