package press

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/internal/text"
)

var listedOn = time.Date(2024, 6, 8, 12, 0, 0, 0, time.UTC)

func list(t *testing.T, doc string, links bool) Listing {
	t.Helper()
	l, err := List([]byte(doc), Origin{Address: "https://news.example/en/feed.xml"}, links, listedOn, text.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const long = "The minister of foreign affairs received his counterpart on Saturday, and the two signed an agreement on visas. "

func TestListFeed(t *testing.T) {
	l := list(t, `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><title>News &amp; views</title><language>en</language>
<item><title>One</title><link>/2024/06/08/one?utm_source=rss#top</link><guid isPermaLink="false">77</guid><pubDate>Sat, 08 Jun 2024 10:00:00 +0300</pubDate><description>Short.</description></item>
<item><title>Two</title><link>https://carrier.example/x</link><feedburner:origLink>https://news.example/two</feedburner:origLink><pubDate>Sun, 08 Jun 2098 10:00:00 GMT</pubDate><content:encoded>&lt;p&gt;`+strings.Repeat(long, 8)+`&lt;/p&gt;</content:encoded></item>
<item><title>Three</title><guid>https://news.example/three</guid><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><content:encoded>`+strings.Repeat(long, 8)+`[…]</content:encoded></item>
<item><title>Four</title><guid>four</guid><link>javascript:alert(1)</link></item>
</channel></rss>`, false)
	if l.Kind != ListsFeed || l.Title != "News & views" || l.Language != "en" || len(l.Items) != 4 {
		t.Fatalf("%+v", l)
	}
	for i, want := range []struct {
		url, published string
		text, whole    bool
	}{
		{"https://news.example/2024/06/08/one?utm_source=rss", "2024-06-08T07:00:00Z", true, false},
		{"https://news.example/two", "", true, true},
		{"https://news.example/three", "", true, false},
		{"", "", false, false},
	} {
		it := l.Items[i]
		published := ""
		if !it.Published.IsZero() {
			published = it.Published.Format(time.RFC3339)
		}
		if it.URL != want.url || published != want.published || (it.Report.Text != "") != want.text || it.Whole != want.whole {
			t.Errorf("%d: %+v, want %+v", i, it, want)
		}
	}
	if id, want := l.Items[0].Report.ID, PageID("https://news.example/2024/06/08/one"); id != want {
		t.Errorf("id %s, want %s", id, want)
	}
}

func TestListSitemaps(t *testing.T) {
	l := list(t, `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://news.example/one?a=1&amp;b=2 </loc><lastmod>2024-06-07</lastmod></url>
<url><loc>/two</loc><news:news><news:publication><news:name>N</news:name></news:publication><news:publication_date>2024-06-08T09:00+02:00</news:publication_date><news:title>Two &amp; more</news:title></news:news></url>
<url><loc>ftp://news.example/three</loc></url><url><lastmod>2024</lastmod></url>
<url><loc>https://news.example/four</loc><lastmod>2624-06-07</lastmod></url>
</urlset>`, false)
	var got strings.Builder
	for _, it := range l.Items {
		fmt.Fprintln(&got, it.URL, it.Title, it.Published.Year(), it.Updated.Year())
	}
	want := "https://news.example/one?a=1&b=2  1 2024\nhttps://news.example/two Two & more 2024 1\nhttps://news.example/four  1 1\n"
	if l.Kind != ListsSitemap || got.String() != want {
		t.Errorf("%s:\n%s", l.Kind, got.String())
	}
	index := `<sitemapindex><sitemap><loc>https://news.example/1.xml.gz</loc><lastmod>2024-06-08T00:00:00Z</lastmod></sitemap></sitemapindex>`
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, index)
	w.Close()
	for _, doc := range []string{index, b.String(), index[:len(index)-10]} {
		if l := list(t, doc, false); l.Kind != ListsIndex || len(l.Items) != 1 || l.Items[0].Updated.IsZero() {
			t.Errorf("%.20q: %+v", doc, l)
		}
	}
	for _, doc := range []string{"<?xml version='1.0'?><other/>", "plain words", "", "<html><body><a href='/x'>x</a>"} {
		if l := list(t, doc, false); l.Kind != ListsNothing || l.Items != nil {
			t.Errorf("%q: %+v", doc, l)
		}
	}
	bomb := `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>https://news.example/&b;</loc></url></urlset>`
	if l := list(t, bomb, false); len(l.Items) > 1 || len(l.Items) == 1 && len(l.Items[0].URL) > 60 {
		t.Errorf("%+v", l)
	}
	for _, doc := range []string{"<?xml version='1.0'?><urlset><url><loc>x", "\x1f\x8b\x08\x00"} {
		if l, err := List([]byte(doc), Origin{Address: "https://news.example/"}, false, listedOn, text.Options{}); rapport.KindOf(err) != rapport.BadInput || err == nil {
			t.Errorf("%q: %+v, %v", doc, l, err)
		}
	}
}

func TestListLinks(t *testing.T) {
	l := list(t, `<!doctype html><base href="https://news.example/press/"><a href="one.html"><b>First</b> statement</a>
<a href='two'>Second</a><a href="one.html#x">again</a><a href="#top">top</a><a href="mailto:a@b.example">mail</a><a href="javascript:x()">x</a><a>none</a>
<a href="//other.example/three">Third</a>`, true)
	var got strings.Builder
	for _, it := range l.Items {
		fmt.Fprintln(&got, it.URL, it.Title)
	}
	want := "https://news.example/press/one.html First statement\nhttps://news.example/press/two Second\nhttps://other.example/three Third\n"
	if l.Kind != ListsPage || got.String() != want {
		t.Errorf("%s:\n%s", l.Kind, got.String())
	}
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"https://News.Example:443/a?utm_source=x&id=3&UTM_medium=y#top": "https://news.example/a?id=3",
		"http://news.example:80/a?fbclid=1":                             "http://news.example/a",
		"https://news.example/A%2Fb/?b=2&a=1":                           "https://news.example/A%2Fb/?b=2&a=1",
		"https://news.example:8443/?":                                   "https://news.example:8443/",
		"no address":                                                    "no address",
		"":                                                              "",
	} {
		if got := Canonical(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestReadFrom: a page is known by the address it calls its own, if it may.
func TestReadFrom(t *testing.T) {
	const from = "https://m.news.example/1?utm_source=x"
	for canonical, want := range map[string]string{
		"https://www.news.example/2024/talks": "https://www.news.example/2024/talks",
		"https://other.example/stolen":        from,
		"https://news.example/":               from,
		"":                                    from,
	} {
		page := `<!doctype html><html><head><title>Talks in Cairo</title><link rel="canonical" href="` + canonical + `"></head><body><article><h1>Talks in Cairo</h1><p>` +
			strings.Repeat(long, 3) + `</p></article></body></html>`
		n := 0
		for rep, err := range ReadFrom(strings.NewReader(page), Origin{Address: from, Retrieved: "2024-06-08T12:00:00Z"}, text.Options{}) {
			n++
			if err != nil || rep.URL != want || rep.ID != PageID(want) || rep.Retrieved != "2024-06-08T12:00:00Z" {
				t.Errorf("%q: %v %+v", canonical, err, rep)
			}
		}
		if n != 1 {
			t.Errorf("%q: %d reports", canonical, n)
		}
	}
	for _, err := range ReadFrom(strings.NewReader(""), Origin{Address: from}, text.Options{}) {
		if err == nil || !strings.HasPrefix(err.Error(), from+": ") {
			t.Errorf("%v", err)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add([]byte("<rss><channel><item><link>/a</link></item></channel></rss>"), false)
	f.Add([]byte("<urlset><url><loc>/a</loc><lastmod>2024-06-08</lastmod></url></urlset>"), false)
	f.Add([]byte("<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>"), false)
	f.Add([]byte("<!doctype html><a href=/a>x</a>"), true)
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a","content_text":"x"}]}`), false)
	f.Fuzz(func(t *testing.T, b []byte, links bool) {
		l, err := List(b, Origin{Address: "https://news.example/en/"}, links, listedOn, text.Options{})
		if err != nil && rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%v", err)
		}
		for _, it := range l.Items {
			if it.URL != "" && !strings.HasPrefix(it.URL, "http://") && !strings.HasPrefix(it.URL, "https://") {
				t.Errorf("leads to %q", it.URL)
			}
			if it.Published.After(listedOn.Add(maxTimeAhead)) {
				t.Errorf("published %v", it.Published)
			}
			if u := Canonical(it.URL); Canonical(u) != u {
				t.Errorf("%q is canonically %q and then %q", it.URL, u, Canonical(u))
			}
		}
	})
}
