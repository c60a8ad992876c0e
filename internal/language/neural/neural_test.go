package neural

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// testModel reads the embedded model, or the one RAPPORT_NEURAL_MODEL names.
func testModel(t testing.TB, vector bool) *Model {
	t.Helper()
	data := trained
	if path := os.Getenv("RAPPORT_NEURAL_MODEL"); path != "" {
		var err error
		if data, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	m, err := load(data, vector)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func vectors(t testing.TB) {
	t.Helper()
	if !hasVector {
		t.Skip("this machine has no vector kernel to compare")
	}
}

func randomMatrix(r *rand.Rand, in, out int) (w []int8, bias, shift []int32) {
	w = make([]int8, in*out)
	for i := range w {
		w[i] = int8(r.IntN(255) - 127)
	}
	bias, shift = make([]int32, out), make([]int32, out)
	for i := range bias {
		bias[i], shift[i] = int32(r.IntN(1<<20)-1<<19), int32(r.IntN(22))
	}
	return w, bias, shift
}

func randomValues(r *rand.Rand, n, most int) []int16 {
	v := make([]int16, n)
	for i := range v {
		v[i] = int16(r.IntN(2*most+1) - most)
	}
	return v
}

// reference is the definition in matrix's comment, a product at a time.
func reference(w []int8, bias, shift []int32, in int, a []int16) []int16 {
	out := make([]int16, len(bias))
	for r := range out {
		s := bias[r]
		for k := range in {
			s += int32(a[k]) * int32(w[r*in+k])
		}
		out[r] = int16(max(-32768, min(32767, s>>shift[r])))
	}
	return out
}

func TestMatrix(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ in, out, rows, stride int }{
		{2, 1, 1, 2}, {6, 16, 3, 6}, {128, 50, 9, 160}, {160, 640, 13, 160}, {288, 80, 21, 288}, {320, 595, 8, 320},
	} {
		w, bias, shift := randomMatrix(r, c.in, c.out)
		a := randomValues(r, (c.rows-1)*c.stride+c.in, 32767)
		kernels := map[string]bool{"portable": false}
		if hasVector {
			kernels["vector"] = true
		}
		for name, vector := range kernels {
			for _, wide := range wideKernels(vector) {
				m := newMatrix(c.in, c.out, w, bias, shift, vector)
				got := make([]int16, c.rows*m.out)
				restore := setWide(wide)
				m.mul(a, c.stride, c.rows, got)
				restore()
				for i := range c.rows {
					want := reference(w, bias, shift, c.in, a[i*c.stride:])
					if !slices.Equal(got[i*m.out:][:c.out], want) {
						t.Fatalf("%v %s wide=%v row %d: got %v, want %v", c, name, wide, i, got[i*m.out:][:c.out], want)
					}
				}
			}
		}
	}
}

func TestCell(t *testing.T) {
	vectors(t)
	r := rand.New(rand.NewPCG(3, 4))
	act := activations{randomValues(r, tableLen, 32767), randomValues(r, tableLen, 32767)}
	for range 50 {
		for _, n := range []int{16, 48, 160} {
			pre, rec := randomValues(r, 4*n, 32767), randomValues(r, 4*n, 9000)
			c := randomValues(r, n, 32767)
			d := slices.Clone(c)
			h, g, x, y := make([]int16, n), make([]int16, n), make([]int16, n), make([]int16, n)
			cellPortable(&act, pre, rec, c, h, x)
			cellVector(&act, pre, rec, d, g, y)
			if !slices.Equal(c, d) || !slices.Equal(h, g) || !slices.Equal(x, y) || !slices.Equal(h, x) {
				t.Fatalf("n %d: state %v and %v, output %v and %v", n, c, d, h, g)
			}
		}
	}
}

func TestDot(t *testing.T) {
	vectors(t)
	r := rand.New(rand.NewPCG(5, 6))
	for _, k := range []int{16, 128} {
		a, b := randomValues(r, k, narrow), randomValues(r, 7*k, narrow)
		for i := range a {
			a[i], b[i] = narrow, -narrow // the greatest sum there can be
		}
		got, want := make([]int32, 7), make([]int32, 7)
		dotVector(a, b, got)
		dotPortable(a, b, want)
		if !slices.Equal(got, want) || want[0] != -narrow*narrow*int32(k) {
			t.Errorf("k %d: %v and %v", k, got, want)
		}
	}
}

func TestActivate(t *testing.T) {
	vectors(t)
	r := rand.New(rand.NewPCG(10, 11))
	for _, n := range []int{16, 128} {
		for _, slope := range []int{0, leaky} {
			for _, most := range []int16{narrow, math.MaxInt16} {
				a := append(randomValues(r, n-2, math.MaxInt16), math.MinInt16, math.MaxInt16)
				b := slices.Clone(a)
				activateVector(a, slope, most)
				activatePortable(b, slope, most)
				if !slices.Equal(a, b) || slices.Max(a) > most || slices.Min(a) < -most {
					t.Errorf("n %d, slope %d, most %d: %v and %v", n, slope, most, a, b)
				}
			}
		}
		a, b := randomValues(r, n, math.MaxInt16), randomValues(r, n, math.MaxInt16)
		got, want := make([]int16, n), make([]int16, n)
		joinVector(a, b, got)
		joinPortable(a, b, want)
		if !slices.Equal(got, want) {
			t.Errorf("n %d: joined to %v and %v", n, got, want)
		}
	}
}

// TestTree compares with every tree of small sentences.
func TestTree(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var tree arborescence
	for range 3000 {
		n := 2 + r.IntN(5)
		s := make([]int32, n*n)
		for i := range s {
			s[i] = int32(r.IntN(200) - 100)
			if i%(n+1) == 0 {
				s[i] = noArc
			}
		}
		head := make([]int32, n)
		tree.heads(s, n, head)
		total := func(h []int32) (sum int) {
			for i := 1; i < n; i++ {
				sum += int(s[i*n+int(h[i])])
			}
			return sum
		}
		if !oneRoot(head) {
			t.Fatalf("heads %v of %v are no tree with one root", head, s)
		}
		most := math.MinInt
		h := make([]int32, n)
		var try func(i int)
		try = func(i int) {
			if i == n {
				if oneRoot(h) {
					most = max(most, total(h))
				}
				return
			}
			for j := range n {
				if j != i {
					h[i] = int32(j)
					try(i + 1)
				}
			}
		}
		try(1)
		if total(head) != most {
			t.Fatalf("heads %v of %v: %d, best %d", head, s, total(head), most)
		}
	}
}

func oneRoot(h []int32) bool {
	roots := 0
	for i := 1; i < len(h); i++ {
		if h[i] == 0 {
			roots++
		}
		j, k := int32(i), 0
		for j != 0 {
			if j = h[j]; k > len(h) {
				return false
			}
			k++
		}
	}
	return roots == 1
}

// TestFeatures compares with the trainer's own: testdata/features.jsonl comes from export.py.
func TestFeatures(t *testing.T) {
	m := testModel(t, false)
	f, err := os.Open("testdata/features.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		var want struct {
			Form  string
			Rows  []int32
			Grams []int32
		}
		if err := json.Unmarshal(s.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		var got features
		got.of(m, want.Form)
		if !slices.Equal(got.rows[:], want.Rows) || !slices.Equal(got.grams[:got.n], want.Grams) {
			t.Errorf("%q: %v %v, want %v %v", want.Form, got.rows, got.grams[:got.n], want.Rows, want.Grams)
		}
	}
}

func annotate(a *Annotator, s [][]string) [][]Token {
	out := make([][]Token, len(s))
	for i := range s {
		out[i] = make([]Token, len(s[i]))
	}
	a.Annotate(s, out)
	return out
}

func words(texts ...string) (out [][]string) {
	for _, s := range texts {
		out = append(out, strings.Fields(s))
	}
	return out
}

func TestAnnotate(t *testing.T) {
	m := testModel(t, hasVector)
	got := annotate(m.Annotator(), words("Egypt 's president visited Baku on Wednesday .", "", "Hello"))
	var b strings.Builder
	for _, x := range got[0] {
		b.WriteString(x.UPOS + " " + x.XPOS + " " + strconv.Itoa(x.Head) + " " + x.Rel + "\n")
	}
	want := "PROPN NNP 2 nmod:poss\nPART POS 0 case\nNOUN NN 3 nsubj\nVERB VBD -1 root\nPROPN NNP 3 obj\nADP IN 6 case\nPROPN NNP 3 obl\nPUNCT . 3 punct\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if len(got[1]) != 0 || got[2][0].Head != -1 || got[2][0].Rel != "root" {
		t.Errorf("short sentences: %v", got[1:])
	}
}

func TestPairs(t *testing.T) {
	for _, c := range []struct {
		forms       string
		heads, want []int
	}{
		// "not", a word of the quotation, is its head; both marks go there.
		{`He said " not now " today`, []int{1, -1, 1, 1, 3, 1, 1}, []int{1, -1, 3, 1, 3, 3, 1}},
		{"Aid ( food ( rice ) ) came", []int{7, 0, 0, 0, 2, 2, 0, -1}, []int{7, 2, 0, 4, 2, 4, 2, -1}},
		// Two heads: left alone. So is a mark without its other half.
		{`a " b c " d`, []int{5, 0, 5, 5, 0, -1}, []int{5, 0, 5, 5, 0, -1}},
		// A mark that something hangs from stays: moving it could close a circle.
		{`x " b " y`, []int{1, 4, 0, 4, -1}, []int{1, 4, 0, 4, -1}},
		{`a " b )`, []int{-1, 0, 0, 0}, []int{-1, 0, 0, 0}},
	} {
		forms := strings.Fields(c.forms)
		const from = 3 // the piece's place in its sentence
		tokens := make([]Token, len(forms))
		for i, h := range c.heads {
			tokens[i] = Token{Head: h + from, Rel: "dep"}
			if h < 0 {
				tokens[i] = Token{Head: -1, Rel: "root"}
			}
			if closing(forms[i]) != "" || forms[i] == ")" {
				tokens[i].Rel = "punct"
			}
		}
		new(Annotator).pairs(forms, tokens, from)
		for i, h := range c.want {
			if got := tokens[i].Head - from; got != h && tokens[i].Head >= 0 {
				t.Errorf("%s: head of %d is %d, want %d", c.forms, i, got, h)
			}
		}
	}
}

// TestSameBits annotates the same sentences with every kernel, one at a time
// and in batches, first and again.
func TestSameBits(t *testing.T) {
	s := words("The two presidents signed a joint declaration in Ankara , the state news agency said .",
		"No .", "Ruritania will not send its ambassador back to Zembla unless \u201c all charges \u201d are dropped by Nov. 3",
		strings.Repeat("a very long sentence , ", 130), "Talks failed", "x")
	want := annotate(testModel(t, false).Annotator(), s)
	check := func(name string, got [][]Token) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: other annotation", name)
		}
	}
	for _, vector := range []bool{false, true} {
		if vector && !hasVector {
			continue
		}
		m := testModel(t, vector)
		for _, wide := range wideKernels(vector) {
			restore := setWide(wide)
			a := m.Annotator()
			check("batch", annotate(a, s))
			check("again", annotate(a, s))
			a.limit = 2
			check("pairs", annotate(a, s))
			var one [][]Token
			for i := range s {
				one = append(one, annotate(a, s[i:i+1])...)
			}
			check("singly", one)
			restore()
		}
	}
}

var update = flag.Bool("update", false, "write testdata/golden.txt for the model that is there")

// TestGolden compares the raw scores of one text with those the model gave on
// another machine: every number before the tree is in the sum.
func TestGolden(t *testing.T) {
	m := testModel(t, hasVector)
	if os.Getenv("RAPPORT_NEURAL_MODEL") != "" {
		t.Skip("another model than the one the sum is of")
	}
	a := m.Annotator()
	s := words("The two presidents signed a joint declaration in Ankara , the state news agency said .",
		"Ruritania will not send its ambassador back to Zembla unless \u201c all charges \u201d are dropped by Nov. 3",
		"Talks failed", "Sr. Pe\u00f1a , 63 , \u2014 a long-time ally of the prime minister \u2014 declined to comment\u2026")
	got := annotate(a, s)
	sum := crc32.NewIEEE()
	for _, v := range [][]int16{a.out, a.aw, a.rels} {
		if err := binary.Write(sum, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%08x\n", sum.Sum32())
	for i := range got {
		for j, x := range got[i] {
			fmt.Fprintf(&b, "%s\t%s\t%s\t%d\t%s\n", s[i][j], x.UPOS, x.XPOS, x.Head, x.Rel)
		}
	}
	const path = "testdata/golden.txt"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestLongSentence(t *testing.T) {
	m := testModel(t, hasVector)
	s := slices.Repeat([]string{"one", "two", "\x00", "\xff\xfe", strings.Repeat("x", 5000)}, 400)
	got := annotate(m.Annotator(), [][]string{s})[0]
	roots := 0
	for i, x := range got {
		if x.Head < -1 || x.Head >= len(s) || x.Head == i || x.UPOS == "" || x.XPOS == "" || x.Rel == "" {
			t.Fatalf("token %d: %+v", i, x)
		}
		if x.Head == -1 {
			roots++
		}
	}
	if roots != 1 {
		t.Errorf("%d roots", roots)
	}
}

func TestAnnotateAllocates(t *testing.T) {
	m := testModel(t, hasVector)
	a := m.Annotator()
	s := words("Egypt 's president visited Baku on Wednesday .", "The two sides agreed to meet again .")
	out := [][]Token{make([]Token, len(s[0])), make([]Token, len(s[1]))}
	a.Annotate(s, out)
	if n := testing.AllocsPerRun(20, func() { a.Annotate(s, out) }); n > 0 {
		t.Errorf("%v allocations a call", n)
	}
}

// tiny is a model of random numbers in the file format.
func tiny(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 9))
	var b []byte
	num := func(v int) { b = binary.AppendUvarint(b, uint64(v)) }
	names := func(v ...string) {
		num(len(v))
		for _, s := range v {
			num(len(s))
			b = append(b, s...)
		}
	}
	noise := func(n int) {
		for range n {
			b = append(b, byte(r.Uint32()))
		}
	}
	matrix := func(in, out int) {
		for range out {
			b = append(b, byte(8+r.IntN(4)))
		}
		for range out {
			b = binary.LittleEndian.AppendUint32(b, uint32(r.IntN(1<<16)))
		}
		noise(in * out)
	}
	num(16)
	num(16)
	num(16)
	num(2)
	for range tables {
		names("the", "a")
		num(2)
		noise(2 + 3*2)
	}
	num(8)
	num(4)
	noise(4 + 8*4)
	noise(2 * 16)
	noise(4 * tableLen)
	for _, in := range []int{16, 32} {
		matrix(in, 128)
		matrix(16, 64)
		matrix(16, 64)
	}
	names("NOUN", "VERB")
	names("NN", "VB", "VBD")
	names("dep", "root", "obj")
	matrix(32, 4*16+distances+2+3)
	matrix(16, 16)
	matrix(16, 3)
	return b
}

func file(body []byte) []byte {
	out := append([]byte(magic), body...)
	return binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
}

func TestLoadRefuses(t *testing.T) {
	good := file(tiny(1))
	if _, err := Load(good); err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(good)
	damaged[len(damaged)/2] ^= 1
	for name, data := range map[string][]byte{
		"empty": nil, "other": bytes.Repeat([]byte("x"), 100), "cut": good[:len(good)-9], "damaged": damaged, "longer": file(append(tiny(1), 0)),
	} {
		if m, err := Load(data); err == nil || m != nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(tiny(1))
	f.Add(tiny(2)[:4000])
	f.Add([]byte{16, 16, 16, 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := decode(body, false)
		if err != nil {
			return
		}
		annotate(m.Annotator(), words("the word", "x"))
	})
}

func FuzzAnnotate(f *testing.F) {
	f.Add("The president \u201csaid\u201d so\u2026", 3)
	f.Add("\xff \x00 \u0130\u0307 \U0001F600", 1)
	f.Add(strings.Repeat("\u2026", 40), 300)
	var models []*Model
	for _, vector := range []bool{false, hasVector} {
		m, err := load(file(tiny(1)), vector)
		if err != nil {
			f.Fatal(err)
		}
		models = append(models, m)
	}
	f.Fuzz(func(t *testing.T, text string, times int) {
		s := slices.Repeat(strings.Split(text, " "), max(1, min(times, 300)))
		if len(s) > 600 {
			s = s[:600]
		}
		want := annotate(models[0].Annotator(), [][]string{s, s[:len(s)/2]})
		if got := annotate(models[1].Annotator(), [][]string{s, s[:len(s)/2]}); !reflect.DeepEqual(got, want) {
			t.Error("kernels differ")
		}
		roots := 0
		for i, x := range want[0] {
			if x.Head < -1 || x.Head >= len(s) || x.Head == i {
				t.Fatalf("token %d: %+v", i, x)
			}
			if x.Head < 0 {
				roots++
			}
		}
		if roots != 1 {
			t.Fatalf("%d roots", roots)
		}
	})
}

// A gold token of a treebank.
type gold struct {
	form, upos, xpos, rel string
	head                  int
}

// treebank reads a CoNLL-U file of the folder beside the checkout that holds them, or skips.
func treebank(t testing.TB, name string) [][]gold {
	t.Helper()
	dir := os.Getenv("RAPPORT_TREEBANKS")
	if dir == "" {
		dir = "../../../../shared/treebanks"
	}
	data, err := os.ReadFile(filepath.Join(dir, name+".conllu"))
	if err != nil {
		t.Skipf("no treebank (%v); RAPPORT_TREEBANKS names their folder", err)
	}
	var out [][]gold
	var cur []gold
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		if line == "" && len(cur) > 0 {
			out, cur = append(out, cur), nil
		}
		c := strings.Split(line, "\t")
		if _, err := strconv.Atoi(c[0]); err != nil || len(c) < 8 {
			continue
		}
		h, err := strconv.Atoi(c[6])
		if err != nil {
			t.Fatalf("%s: %q", name, line)
		}
		cur = append(cur, gold{c[1], c[3], c[4], c[7], h - 1})
	}
	return out
}

func formsOf(bank [][]gold) [][]string {
	out := make([][]string, len(bank))
	for i, s := range bank {
		for _, g := range s {
			out[i] = append(out[i], g.form)
		}
	}
	return out
}

// scores are per cent of tokens: UPOS, XPOS, UAS, LAS on universal relations.
func score(bank [][]gold, got [][]Token) [4]float64 {
	var n, u, x, a, l float64
	base := func(r string) string { r, _, _ = strings.Cut(r, ":"); return r }
	for i, s := range bank {
		for j, g := range s {
			p := got[i][j]
			n++
			if p.UPOS == g.upos {
				u++
			}
			if p.XPOS == g.xpos {
				x++
			}
			if p.Head == g.head {
				a++
				if base(p.Rel) == base(g.rel) {
					l++
				}
			}
		}
	}
	return [4]float64{100 * u / n, 100 * x / n, 100 * a / n, 100 * l / n}
}

// TestScores holds the shipped model to its measured scores on gold tokens.
func TestScores(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	m := testModel(t, hasVector)
	for _, c := range []struct {
		name string
		want [4]float64
	}{
		{"en_ewt-dev", [4]float64{96.06, 95.37, 89.44, 86.80}},
		{"en_gum-dev", [4]float64{97.38, 97.05, 90.69, 88.21}},
		{"en_ewt-test", [4]float64{96.21, 95.44, 89.73, 87.15}},
		{"en_gum-test", [4]float64{97.13, 96.75, 89.62, 87.05}},
		{"en_pud-test", [4]float64{96.44, 96.00, 87.89, 85.42}},
	} {
		bank := treebank(t, c.name)
		got := score(bank, annotate(m.Annotator(), formsOf(bank)))
		t.Logf("%s: UPOS %.2f XPOS %.2f UAS %.2f LAS %.2f", c.name, got[0], got[1], got[2], got[3])
		for i := range got {
			if got[i] < c.want[i]-0.005 {
				t.Errorf("%s: %.2f, want at least %.2f", c.name, got, c.want)
				break
			}
		}
	}
}

// BenchmarkAnnotate runs PUD in calls of 40 sentences; sentences24 is tokens over 24.
func BenchmarkAnnotate(b *testing.B) {
	bank := treebank(b, "en_pud-test")
	s := formsOf(bank)
	tokens := 0
	for _, x := range s {
		tokens += len(x)
	}
	for _, k := range []struct {
		name         string
		vector, wide bool
	}{{"portable", false, false}, {"avx2", true, false}, {"wide", true, true}} {
		if k.vector && !hasVector || k.wide && !slices.Contains(wideKernels(true), true) {
			continue
		}
		b.Run(k.name, func(b *testing.B) {
			m := testModel(b, k.vector)
			defer setWide(k.wide)()
			out := annotate(m.Annotator(), s)
			b.ReportAllocs()
			start := cpuTime()
			a := m.Annotator()
			for b.Loop() {
				a.forget() // no form is known from the run before
				for i := 0; i < len(s); i += 40 {
					a.Annotate(s[i:min(i+40, len(s))], out[i:min(i+40, len(s))])
				}
			}
			perSecond := float64(tokens) * float64(b.N) / (cpuTime() - start).Seconds()
			b.ReportMetric(perSecond, "tokens/cpu-s")
			b.ReportMetric(perSecond/24, "sentences24/cpu-s")
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(trained); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMatrix is the second layer's input, 320 to 1280, for 64 positions.
func BenchmarkMatrix(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const in, out, rows = 320, 1280, 64
	w, bias, shift := randomMatrix(r, in, out)
	a, y := randomValues(r, rows*in, 32767), make([]int16, rows*out)
	for _, vector := range []bool{false, hasVector} {
		for _, wide := range wideKernels(vector) {
			b.Run(strconv.FormatBool(vector)+strconv.FormatBool(wide), func(b *testing.B) {
				m := newMatrix(in, out, w, bias, shift, vector)
				defer setWide(wide)()
				start := cpuTime()
				for b.Loop() {
					m.mul(a, in, rows, y)
				}
				b.ReportMetric(float64(in*out*rows)*float64(b.N)/(cpuTime()-start).Seconds()/1e9, "GMAC/cpu-s")
			})
		}
	}
}
