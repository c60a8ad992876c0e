package where

import (
	"bytes"
	"os"
	"testing"
)

// TestCompiled holds tables.bin to data/.
func TestCompiled(t *testing.T) {
	want, err := Compile(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, written) {
		t.Fatal("tables.bin is not what data/ compiles to; run go generate ./internal/where")
	}
	if n := len(geonames) + len(written); n > 4<<20 {
		t.Errorf("the blocks have %d bytes", n)
	}
	for _, n := range []int{0, 5, len(magic), len(magic) + 4, len(written) / 2} {
		if _, err := open(geonames, written[:n]); err == nil {
			t.Errorf("a block cut off at %d is taken", n)
		}
	}
	if _, err := open(geonames[:len(geonames)/2], written); err == nil {
		t.Error("a gazetteer cut off is taken")
	}
}
