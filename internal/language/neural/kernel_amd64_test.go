package neural

// wideKernels lists the settings of the widest kernel worth a test here.
func wideKernels(vector bool) []bool {
	if vector && hasVNNI {
		return []bool{false, true}
	}
	return []bool{false}
}

func setWide(on bool) func() {
	old := hasVNNI
	hasVNNI = on
	return func() { hasVNNI = old }
}
