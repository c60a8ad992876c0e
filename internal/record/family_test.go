package record

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// wire is a story of n sentences.
func wire(seed uint64, n int) []string {
	g := newGenerator(seed)
	var out []string
	for range n {
		out = append(out, g.sentence(18))
	}
	return out
}

// TestFamilies: what papers make of one wire story is one family, and another
// story none of it.
func TestFamilies(t *testing.T) {
	story, other := wire(1, 12), wire(2, 12)
	text := func(s ...string) string { return strings.Join(s, " ") }
	reports := map[string]rapport.Report{
		"agency":    report("agency", text(story...)),
		"verbatim":  report("verbatim", text(story...)),
		"shortened": report("shortened", text(story[:9]...)),
		"new lead":  report("new lead", text(append([]string{other[0]}, story[1:]...)...)),
		"recast":    report("recast", strings.ToUpper(text(story[:10]...))+"\n\n(Agency, own staff)"),
		"quoting":   report("quoting", text(append(slices.Clone(other), story[:3]...)...)),
		"other":     report("other", text(other...)),
		"next year": report("next year", text(story[1:]...)),
		"short":     report("short", "They met in Baku on Saturday."),
	}
	next := reports["next year"]
	next.Published = "2025-06-08"
	reports["next year"] = next
	want := map[string][]string{
		"agency": {"agency", "new lead", "recast", "shortened", "verbatim"}, "quoting": {"other", "quoting"}, "next year": {"next year"}, "short": {"short"},
	}
	var names []string
	for n := range reports {
		names = append(names, n)
	}
	slices.Sort(names)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 4 { // in any order
		rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		r := openTemp(t)
		for _, n := range names {
			if _, err := r.Keep(t.Context(), reports[n], nil, "toy 1"); err != nil {
				t.Fatal(err)
			}
		}
		for one, all := range want {
			l, err := r.Family(t.Context(), one)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			sources := map[string]bool{}
			for _, rep := range l {
				got = append(got, rep.ID)
				sources[rep.Source()] = true
			}
			slices.Sort(got)
			if !reflect.DeepEqual(got, all) || len(sources) != 1 {
				t.Errorf("kept as %q: the family of %q is %q of %d sources, want %q", names, one, got, len(sources), all)
			}
		}
		sound(t, r)
	}
}

func TestSketch(t *testing.T) {
	a, b := wire(1, 40), wire(2, 40)
	for _, c := range []struct {
		x, y     []string
		from, to float64
	}{
		{a, a, 1, 1}, {a, b, 0, 0.05}, {a, a[:30], 0.55, 0.95}, {a[:20], append(slices.Clone(b[:20]), a[:20]...), 0.3, 0.7}, {a[:1], a[:1], 0, 0},
	} {
		got := alike(sketchOf(strings.Join(c.x, " ")), sketchOf(strings.Join(c.y, "\n")))
		if got < c.from || got > c.to {
			t.Errorf("%d and %d sentences are alike by %.2f, want %.2f to %.2f", len(c.x), len(c.y), got, c.from, c.to)
		}
	}
	if s := sketchOf(strings.Join(a, " ")); !slices.Equal(unpackSketch(packSketch(s)), s) || len(s) != sketchSize {
		t.Errorf("a sketch of %d hashes comes back otherwise", len(s))
	}
}

func FuzzSketch(f *testing.F) {
	f.Add("The quick brown fox", "\xff\xfe é É 日本")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := sketchOf(a), sketchOf(b)
		if l := alike(x, y); l < 0 || l > 1 || l != alike(y, x) || len(x) > 0 && alike(x, x) != 1 {
			t.Fatalf("%q and %q are alike by %v", a, b, l)
		}
	})
}

func BenchmarkSketch(b *testing.B) {
	text := strings.Join(wire(1, 14), " ")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		sketchOf(text)
	}
}
