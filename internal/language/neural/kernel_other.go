//go:build !amd64 && !arm64

package neural

const hasVector = false

func mulVector(m *matrix, a []int16, stride, rows int, out []int16) { panic("no vector kernel") }
func cellVector(t *activations, pre, rec, c, h, dst []int16)        { panic("no vector kernel") }
func dotVector(a, b []int16, out []int32)                           { panic("no vector kernel") }
func activateVector(v []int16, slope int, most int16)               { panic("no vector kernel") }
func joinVector(a, b, out []int16)                                  { panic("no vector kernel") }
