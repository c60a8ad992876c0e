package neural

// matrix is one linear map in integers: row r of the output is
//
//	saturate16((Σ in[k]·w[r][k] + bias[r]) >> shift[r])
//
// with 8-bit weights, a power of two as each row's scale and a 32-bit sum. The
// bias holds the half that makes the shift round. [Load] refuses a row whose
// sum could overflow for any 16-bit input, so the order of summing is free and
// every kernel gives the same bits.
type matrix struct {
	in, out     int // in is even; out is padded to a multiple of panel
	bias, shift []int32
	panels      []int16 // for vector kernels: [out/panel][in/2][panel][2]
	lanes       []int64 // for the portable one: [out/panel][in][8], two weights a word
}

const panel = 16 // outputs a vector kernel makes at once

// newMatrix packs weights (row-major, out×in) for the kernel in use.
func newMatrix(in, out int, weights []int8, bias, shift []int32, vector bool) matrix {
	n := (out + panel - 1) / panel * panel
	m := matrix{in: in, out: n, bias: make([]int32, n), shift: make([]int32, n)}
	copy(m.bias, bias)
	copy(m.shift, shift)
	if vector {
		m.panels = make([]int16, n*in)
		for r := range out {
			p := m.panels[r/panel*panel*in+r%panel*2:]
			for k, w := range weights[r*in : r*in+in] {
				p[k/2*2*panel+k%2] = int16(w)
			}
		}
		return m
	}
	m.lanes = make([]int64, n/2*in)
	for r := range out {
		p := m.lanes[r/panel*8*in+r%panel/2:]
		for k, w := range weights[r*in : r*in+in] {
			p[k*8] += int64(w) << (r % 2 * 32)
		}
	}
	return m
}

// mul maps rows inputs, stride values apart, to rows outputs of m.out values.
func (m *matrix) mul(a []int16, stride, rows int, out []int16) {
	if rows == 0 {
		return
	}
	_ = a[(rows-1)*stride+m.in-1]
	_ = out[rows*m.out-1]
	if m.panels != nil {
		mulVector(m, a, stride, rows, out)
		return
	}
	mulPortable(m, a, stride, rows, out)
}

// mulPortable makes two products with one 64-bit multiplication: a word holds
// two weights 32 bits apart, and the low sum's borrow is undone at the end.
func mulPortable(m *matrix, a []int16, stride, rows int, out []int16) {
	k := m.in
	for p := 0; p < m.out; p += panel {
		w := m.lanes[p/2*k : (p/2+8)*k]
		bias, shift := m.bias[p:p+panel], m.shift[p:p+panel]
		for i := range rows {
			var s [8]int64
			sums(&s, a[i*stride:i*stride+k], w)
			o := out[i*m.out+p:][:panel]
			for j, s := range s {
				low := int32(s)
				high := int32((s - int64(low)) >> 32)
				o[2*j] = saturate((low + bias[2*j]) >> (shift[2*j] & 31))
				o[2*j+1] = saturate((high + bias[2*j+1]) >> (shift[2*j+1] & 31))
			}
		}
	}
}

func sums(s *[8]int64, a []int16, w []int64) {
	var s0, s1, s2, s3, s4, s5, s6, s7 int64
	for _, c := range a {
		v := (*[8]int64)(w)
		c := int64(c)
		s0 += c * v[0]
		s1 += c * v[1]
		s2 += c * v[2]
		s3 += c * v[3]
		s4 += c * v[4]
		s5 += c * v[5]
		s6 += c * v[6]
		s7 += c * v[7]
		w = w[8:]
	}
	*s = [8]int64{s0, s1, s2, s3, s4, s5, s6, s7}
}

func saturate(v int32) int16 { return int16(max(-1<<15, min(1<<15-1, v))) }

// dotPortable fills out[j] with the product of a and row j of b, in values each.
func dotPortable(a, b []int16, out []int32) {
	k := len(a)
	for j := range out {
		r := b[j*k : j*k+k]
		var s, t int32
		for i := 0; i+1 < len(r) && i+1 < len(a); i += 2 {
			s += int32(a[i]) * int32(r[i])
			t += int32(a[i+1]) * int32(r[i+1])
		}
		out[j] = s + t
	}
}

// activatePortable takes what is below zero 2^-slope times and bounds the
// values by most on either side.
func activatePortable(v []int16, slope int, most int16) {
	for i, x := range v {
		v[i] = max(-most, min(most, max(x, x>>(slope&15))))
	}
}

// joinPortable adds the two sides of a label's scorer and activates the sum.
func joinPortable(a, b, out []int16) {
	a, b = a[:len(out)], b[:len(out)]
	for i := range out {
		x := saturate(int32(a[i]) + int32(b[i]))
		out[i] = max(x, x>>leaky)
	}
}
