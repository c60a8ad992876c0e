package who

import (
	"bytes"
	"os"
	"testing"
)

// TestMain lets the tests read the text tables as they stand, so that a row
// just written is tested before it is compiled; TestCompiled holds the block to
// them.
func TestMain(m *testing.M) {
	if t, err := parse(os.DirFS(".")); err == nil {
		current.Store(t)
	}
	os.Exit(m.Run())
}

// TestCompiled holds tables.bin to data/.
func TestCompiled(t *testing.T) {
	want := must(parse(os.DirFS("."))).block()
	got := embedded(t)
	if !bytes.Equal(got, want) {
		t.Fatal("tables.bin is not what data/ compiles to; run go generate ./internal/who")
	}
	if again := must(decode(string(got))).block(); !bytes.Equal(again, got) {
		t.Error("what is decoded compiles to another block")
	}
	if len(got) > 12<<20 {
		t.Errorf("tables.bin has %d bytes, 12 MB are the most", len(got))
	}
}

// embedded is the block of tables.bin, unpacked.
func embedded(t testing.TB) []byte {
	t.Helper()
	packed, err := os.ReadFile("tables.bin")
	if err != nil {
		t.Fatal(err)
	}
	block, err := unpack(string(packed))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(block)
}

// FuzzBlock: a block that is spoilt is refused and takes nothing down.
func FuzzBlock(f *testing.F) {
	whole := embedded(f)
	f.Add(100, byte(0))
	f.Add(len(whole)/2, byte(7))
	f.Add(-1, byte(255))
	f.Fuzz(func(t *testing.T, at int, c byte) {
		if at >= 0 && at < len(whole) {
			if x, err := decode(string(whole[:at])); err == nil || x != nil {
				t.Errorf("a block cut off at %d is taken", at)
			}
		}
		decode(magic + string([]byte{c, byte(at), c, c, 0, byte(at >> 8)}))
	})
}
