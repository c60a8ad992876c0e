package who

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"rapport"
)

// TestPhrases asks for every phrase of testdata/phrases.tsv alone. What is
// still read wrong is a golden, so that a miss mended or made shows in review;
// -update rewrites it.
func TestPhrases(t *testing.T) {
	var missed strings.Builder
	n, country, right := 0, 0, 0
	for _, r := range phraseRows(t) {
		n++
		p, _, _, ok := Resolve(r[0], rapport.Date(r[1]), r[2])
		if r[3] == "-" {
			if !ok || p.Country == "" {
				country, right = country+1, right+1
				continue
			}
		}
		if p.Country == r[3] {
			country++
		}
		if ok && p.Country == r[3] && (r[4] == "" || p.Sector == r[4]) && (r[5] == "" || p.Name == r[5]) {
			right++
			continue
		}
		fmt.Fprintf(&missed, "%s\t%s\t%s\twant %s %s %s\tgot %s\n", r[0], r[1], r[2], r[3], r[4], r[5], show(p))
	}
	got := fmt.Sprintf("%d phrases: country %.3f, country, sector and name %.3f\n%s", n, float64(country)/float64(n), float64(right)/float64(n), missed.String())
	golden(t, "testdata/phrases-missed.txt", got)
}

func phraseRows(t testing.TB) [][]string {
	raw, err := os.ReadFile("testdata/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for l := range strings.Lines(string(raw)) {
		if l = strings.TrimRight(l, "\n"); l == "" || l[0] == '#' {
			continue
		}
		r := strings.Split(l, "\t")
		if len(r) != 6 {
			t.Fatalf("phrases.tsv: %q has %d columns, not 6", l, len(r))
		}
		out = append(out, r)
	}
	return out
}
