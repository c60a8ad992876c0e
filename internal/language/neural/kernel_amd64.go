package neural

import "golang.org/x/sys/cpu"

var (
	hasAVX2 = cpu.X86.HasAVX2
	hasVNNI = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VNNI
)

// hasVector says whether this machine has a vector kernel.
var hasVector = hasAVX2

func mulVector(m *matrix, a []int16, stride, rows int, out []int16) {
	p := 0
	for ; hasVNNI && p+panel < m.out; p += 2 * panel {
		panelsVNNI(&a[0], stride, &m.panels[p*m.in], m.in/2, rows, &m.bias[p], &m.shift[p], &out[p], m.out)
	}
	for ; p < m.out; p += panel {
		panelAVX2(&a[0], stride, &m.panels[p*m.in], m.in/2, rows, &m.bias[p], &m.shift[p], &out[p], m.out)
	}
}

func cellVector(t *activations, pre, rec, c, h, dst []int16) {
	n := len(c)
	_, _, _, _ = pre[4*n-1], rec[4*n-1], h[n-1], dst[n-1]
	cellAVX2(&pre[0], &rec[0], &c[0], &h[0], &dst[0], n, &t.sigmoid[entries/2], &t.tanh[entries/2])
}

func dotVector(a, b []int16, out []int32) {
	_ = b[len(a)*len(out)-1]
	dotAVX2(&a[0], &b[0], len(a), &out[0], len(out))
}

func activateVector(v []int16, slope int, most int16) { activateAVX2(&v[0], len(v), slope, most) }

func joinVector(a, b, out []int16) {
	n := len(out)
	_, _ = a[n-1], b[n-1]
	joinAVX2(&a[0], &b[0], &out[0], n)
}

// panelAVX2 makes one panel of outputs: rows of k2 pairs, stride values apart.
//
//go:noescape
func panelAVX2(a *int16, stride int, w *int16, k2, rows int, bias, shift *int32, out *int16, outStride int)

// panelsVNNI makes two panels at once, for processors with AVX-512 VNNI.
//
//go:noescape
func panelsVNNI(a *int16, stride int, w *int16, k2, rows int, bias, shift *int32, out *int16, outStride int)

// cellAVX2 is [cellPortable] for n a multiple of 16; the tables are given by
// their middle.
//
//go:noescape
func cellAVX2(pre, rec, c, h, dst *int16, n int, sigmoid, tanh *int16)

// dotAVX2 is [dotPortable] for k a multiple of 16.
//
//go:noescape
func dotAVX2(a, b *int16, k int, out *int32, n int)

// activateAVX2 is [activatePortable] for n a multiple of 16.
//
//go:noescape
func activateAVX2(v *int16, n, slope int, most int16)

// joinAVX2 is [joinPortable] for n a multiple of 16.
//
//go:noescape
func joinAVX2(a, b, out *int16, n int)
