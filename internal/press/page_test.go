package press

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"rapport/internal/text"
)

// wanted is what testdata/pages/NAME.want says of NAME.html.
type wanted struct {
	name string
	page []byte
	head map[string]string // title, outlet, published, modified, language, url
	text string
}

func pages(t testing.TB) []wanted {
	t.Helper()
	files, err := filepath.Glob("testdata/pages/*.want")
	if err != nil || len(files) < 150 {
		t.Fatalf("%d pages: %v", len(files), err)
	}
	var ws []wanted
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		h, err := os.ReadFile(strings.TrimSuffix(f, ".want") + ".html")
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(string(b), "\n\n")
		w := wanted{strings.TrimSuffix(filepath.Base(f), ".want"), h, map[string]string{}, body}
		for l := range strings.Lines(head) {
			k, v, _ := strings.Cut(strings.TrimSpace(l), ": ")
			w.head[k] = v
		}
		ws = append(ws, w)
	}
	return ws
}

// runs counts the runs of four words of a text, as Zyte's benchmark of article
// extraction does.
func runs(s string) map[string]int {
	f := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	m := map[string]int{}
	for i := 0; i+4 <= len(f); i++ {
		m[strings.Join(f[i:i+4], " ")]++
	}
	return m
}

func f1(got, want string) float64 {
	g, w := runs(got), runs(want)
	both, ng, nw := 0, 0, 0
	for k, c := range g {
		both += min(c, w[k])
		ng += c
	}
	for _, c := range w {
		nw += c
	}
	if both == 0 {
		return 0
	}
	return 2 * float64(both) / float64(ng+nw)
}

// TestPages measures extraction on pages in the markup manners of outlets and
// holds what was reached.
func TestPages(t *testing.T) {
	floor := map[string]float64{"text": 0.95, "title": 0.97, "published": 0.95, "outlet": 0.95, "language": 0.97, "url": 0.97}
	sum := map[string]float64{}
	ws := pages(t)
	for _, w := range ws {
		for rep, err := range Read(strings.NewReader(string(w.page)), w.name+".html", text.Options{}) {
			if err != nil {
				t.Errorf("%s: %v", w.name, err)
				continue
			}
			if len(rep.Captions) > 0 {
				rep.Text = strings.TrimSpace(rep.Text[:rep.Captions[0].Start])
			}
			score := f1(rep.Text, w.text)
			sum["text"] += score
			if score < 0.9 {
				t.Logf("%s: text F1 %.3f", w.name, score)
				if os.Getenv("SHOW") != "" {
					t.Logf("got:\n%s", rep.Text)
				}
			}
			got := map[string]string{"title": rep.Title, "published": string(rep.Published), "outlet": rep.Outlet, "language": rep.Language, "url": rep.URL}
			for k, g := range got {
				if g == w.head[k] {
					sum[k]++
				} else {
					t.Logf("%s: %s %q, want %q (%s)", w.name, k, g, w.head[k], rep.Basis)
				}
			}
		}
	}
	for k, f := range floor {
		got := sum[k] / float64(len(ws))
		t.Logf("%-9s %.4f", k, got)
		if got < f {
			t.Errorf("%s: %.4f, want %.2f at least", k, got, f)
		}
	}
}

var tags = regexp.MustCompile(`(?s)<!--.*?-->|<[^>]*>`)

// TestOrigin asks that blocks lead back to the bytes of the page: what stands
// there, without markup, entities and blanks, is the block. It holds how many
// are found.
func TestOrigin(t *testing.T) {
	blocks, found, captions := 0, 0, 0
	for _, w := range pages(t) {
		for rep, err := range Read(strings.NewReader(string(w.page)), w.name, text.Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			blocks += strings.Count(rep.Text, "\n\n") + 1
			captions += len(rep.Captions)
			found += len(rep.Origin)
			for _, o := range rep.Origin {
				source := string(w.page[o.Source.Start:o.Source.End])
				if _, coding := decodeBy(w.page, ""); coding != nil {
					source, _ = coding.NewDecoder().String(source)
				}
				if got, want := solid(unescape(tags.ReplaceAllString(source, ""))), solid(rep.Text[o.Text.Start:o.Text.End]); got != want {
					t.Errorf("%s: %q leads to %q", w.name, want, source)
				}
			}
		}
	}
	t.Logf("%d of %d blocks, %d captions", found, blocks, captions)
	if found*100 < blocks*95 || captions < 10 {
		t.Errorf("%d of %d blocks lead back, %d captions", found, blocks, captions)
	}
}
