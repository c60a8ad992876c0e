package neural

import "golang.org/x/sys/cpu"

var (
	hasAVX2 = cpu.X86.HasAVX2
	hasVNNI = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VNNI
)

// hasVector says whether this machine has a vector kernel.
var hasVector = hasAVX2

func mulVector(m *matrix, a []int16, stride, rows int, out []int16) {
	for p := 0; p < m.out; p += panel {
		f := panelAVX2
		if hasVNNI {
			f = panelVNNI
		}
		f(&a[0], stride, &m.panels[p*m.in], m.in/2, rows, &m.bias[p], &m.shift[p], &out[p], m.out)
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

// panelAVX2 makes one panel of outputs: rows of k2 pairs, stride values apart.
//
//go:noescape
func panelAVX2(a *int16, stride int, w *int16, k2, rows int, bias, shift *int32, out *int16, outStride int)

// panelVNNI is the same for processors with AVX-512 VNNI.
//
//go:noescape
func panelVNNI(a *int16, stride int, w *int16, k2, rows int, bias, shift *int32, out *int16, outStride int)

// cellAVX2 is [cellPortable] for n a multiple of 16; the tables are given by
// their middle.
//
//go:noescape
func cellAVX2(pre, rec, c, h, dst *int16, n int, sigmoid, tanh *int16)

// dotAVX2 is [dotPortable] for k a multiple of 16.
//
//go:noescape
func dotAVX2(a, b *int16, k int, out *int32, n int)
