//go:build !amd64

package neural

func wideKernels(bool) []bool { return []bool{false} }

func setWide(bool) func() { return func() {} }
