package ontology

import "testing"

// BenchmarkLoad measures what the first look-up of a run pays: both tables
// parsed anew.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if len(parsePlover().types) != 16 || len(parseCAMEO().codes) == 0 {
			b.Fatal("tables not read")
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	c := soundClaim()
	for b.Loop() {
		if err := Check(&c); err != nil {
			b.Fatal(err)
		}
	}
}
