// Command compare measures Go libraries for article extraction against each
// other on the pages of ../pages, raw: nothing is cleaned before or after. It is
// a module of its own, so that what was not chosen is no dependency:
//
//	go mod tidy && go run . ../pages
package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	r2 "codeberg.org/readeck/go-readability/v2"
	shiori "github.com/go-shiori/go-readability"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

func shingles(s string) map[string]int {
	f := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	m := map[string]int{}
	for i := 0; i+4 <= len(f); i++ {
		m[strings.Join(f[i:i+4], " ")]++
	}
	return m
}
func score(got, want string) (p, r, f float64) {
	g, w := shingles(got), shingles(want)
	n, ng, nw := 0, 0, 0
	for k, c := range g {
		n += min(c, w[k])
		ng += c
	}
	for _, c := range w {
		nw += c
	}
	if n == 0 {
		return 0, 0, 0
	}
	p, r = float64(n)/float64(ng), float64(n)/float64(nw)
	return p, r, 2 * p * r / (p + r)
}

type ext struct {
	name string
	do   func(b []byte) (text, title, date string)
}

func parse(b []byte) *html.Node {
	rd, _ := charset.NewReader(bytes.NewReader(b), "")
	d, _ := html.Parse(rd)
	return d
}
func main() {
	u, _ := url.Parse("https://x.example/a")
	tr := func(o trafilatura.Options) func(b []byte) (string, string, string) {
		return func(b []byte) (string, string, string) {
			r, err := trafilatura.ExtractDocument(parse(b), o)
			if err != nil {
				return "", "", ""
			}
			return r.ContentText, r.Metadata.Title, r.Metadata.Date.Format("2006-01-02")
		}
	}
	es := []ext{
		{"traf", tr(trafilatura.Options{ExcludeComments: true})},
		{"traf+fb", tr(trafilatura.Options{ExcludeComments: true, EnableFallback: true})},
		{"traf-prec", tr(trafilatura.Options{ExcludeComments: true, Focus: trafilatura.FavorPrecision})},
		{"readeck2", func(b []byte) (string, string, string) {
			a, err := r2.FromDocument(parse(b), u)
			if err != nil || a.Node == nil {
				return "", "", ""
			}
			var w bytes.Buffer
			a.RenderText(&w)
			t, _ := a.PublishedTime()
			return w.String(), a.Title(), t.Format("2006-01-02")
		}},
		{"shiori", func(b []byte) (string, string, string) {
			a, err := shiori.FromDocument(parse(b), u)
			if err != nil {
				return "", "", ""
			}
			d := ""
			if a.PublishedTime != nil {
				d = a.PublishedTime.Format("2006-01-02")
			}
			return a.TextContent, a.Title, d
		}},
	}
	ws, _ := filepath.Glob(os.Args[1] + "/*.want")
	tot := make([]float64, len(es))
	tit := make([]int, len(es))
	dat := make([]int, len(es))
	dur := make([]time.Duration, len(es))
	fmt.Printf("%-24s", "")
	for _, e := range es {
		fmt.Printf(" %10s", e.name)
	}
	fmt.Println()
	for _, w := range ws {
		wb, _ := os.ReadFile(w)
		h, _ := os.ReadFile(strings.TrimSuffix(w, "want") + "html")
		head, text, _ := strings.Cut(string(wb), "\n\n")
		m := map[string]string{}
		for _, l := range strings.Split(head, "\n") {
			k, v, _ := strings.Cut(l, ": ")
			m[k] = v
		}
		fmt.Printf("%-24s", strings.TrimSuffix(filepath.Base(w), ".want"))
		for i, e := range es {
			t0 := time.Now()
			text2, title, date := e.do(h)
			dur[i] += time.Since(t0)
			_, _, f := score(text2, text)
			tot[i] += f
			mark := ""
			if title == m["title"] {
				tit[i]++
			} else {
				mark += "t"
			}
			if date == m["published"] {
				dat[i]++
			} else {
				mark += "d"
			}
			fmt.Printf("   %.3f %-2s", f, mark)
		}
		fmt.Println()
	}
	n := float64(len(ws))
	for i, e := range es {
		fmt.Printf("%s F1 %.4f title %.3f date %.3f  %.0f pages/s\n", e.name, tot[i]/n, float64(tit[i])/n, float64(dat[i])/n, n/dur[i].Seconds())
	}
}
