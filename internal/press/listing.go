package press

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rapport"
	"rapport/internal/text"
)

// Kinds of a [Listing].
const (
	ListsFeed    = "feed"    // RSS, Atom, JSON Feed
	ListsSitemap = "sitemap" // of pages
	ListsIndex   = "index"   // a sitemap of sitemaps
	ListsPage    = "page"    // an HTML page, by its links
	ListsNothing = ""
)

// Listing is what a feed, a sitemap or a page leads to.
type Listing struct {
	Kind     string
	Title    string
	Language string
	Items    []Item
}

// Item is one address that a [Listing] names.
type Item struct {
	URL       string // http or https, resolved; "" when a feed's item has none
	Title     string
	GUID      string    // as a feed calls it
	Published time.Time // zero when there is none, or none that can be
	Updated   time.Time // likewise; a sitemap's lastmod
	// Report is what the feed itself holds of the item, its id made from the
	// address; without Text when it holds nothing. Whole tells that this looks
	// like all of it, not like a summary.
	Report rapport.Report
	Whole  bool
}

const (
	maxItems     = 50_000 // of a sitemap, as its standard says
	maxLinks     = 5_000  // of a page
	wholeBytes   = 700    // a feed's text shorter than this is a summary
	maxTimeAhead = 48 * time.Hour
)

// List reads what b, had from an address, leads to. A page's links are listed
// when links is set; else a page, like anything that is no feed or sitemap, is
// a Listing of no kind. Sitemaps may be packed with gzip. now tells which
// times cannot be. Errors are [rapport.Error] of kind BadInput.
func List(b []byte, from Origin, links bool, now time.Time, o text.Options) (Listing, error) {
	s := source{name: from.Address, id: PageID(from.Address), url: from.Address, charset: from.Charset, retrieved: from.Retrieved}
	if bytes.HasPrefix(b, []byte("\x1f\x8b")) {
		var err error
		if b, err = gunzip(b); err != nil {
			return Listing{}, s.bad("cannot be unpacked", "", err)
		}
	}
	if len(b) > maxFeed {
		return Listing{}, s.bad(fmt.Sprintf("is longer than %d MiB", maxFeed>>20), "", nil)
	}
	var l Listing
	var err error
	switch f := tell(bufio.NewReaderSize(bytes.NewReader(b), headBytes)); {
	case f == feedFormat:
		l, err = listFeed(b, &s, o)
	case f == sitemapFormat:
		l, err = listSitemap(b, &s)
	case f == pageFormat && links:
		l, err = listLinks(b, &s)
	}
	if err != nil {
		return Listing{}, err
	}
	for i := range l.Items {
		it := &l.Items[i]
		it.Published, it.Updated = possible(it.Published, now), possible(it.Updated, now)
	}
	return l, nil
}

func gunzip(b []byte) ([]byte, error) {
	n := int64(len(b))
	in, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(&unpacked{in, &n, new(int64)}, maxFeed+1))
}

// possible returns a time, none where it lies ahead or before the web.
func possible(t, now time.Time) time.Time {
	if t.Year() < 1991 || t.After(now.Add(maxTimeAhead)) {
		return time.Time{}
	}
	return t.UTC()
}

func listFeed(b []byte, s *source, o text.Options) (Listing, error) {
	doc := withoutDeclaration(decode(b, s.charset))
	if nesting(doc) > maxNesting {
		return Listing{}, s.bad(fmt.Sprintf("is a feed of more than %d elements within each other", maxNesting), "", nil)
	}
	feed, err := parseFeed(doc)
	if err != nil {
		return Listing{}, s.bad("is no feed that can be read", "fetch it again: it may break off", errors.New(strings.ToLower(err.Error())))
	}
	l := Listing{Kind: ListsFeed, Title: tidy(feed.Title), Language: feed.Language}
	r := newReader(o, func(rapport.Report, error) bool { return true })
	for _, it := range feed.Items[:min(len(feed.Items), maxItems)] {
		item := Item{Title: tidy(it.Title), GUID: it.GUID}
		for _, link := range append([]string{original(it), it.Link}, it.GUID) {
			if item.URL = webAddress(s.url, link); item.URL != "" {
				break
			}
		}
		if it.PublishedParsed != nil {
			item.Published = *it.PublishedParsed
		}
		if it.UpdatedParsed != nil {
			item.Updated = *it.UpdatedParsed
		}
		in := *s
		if rep, err := r.item(feed, it, &in); err == nil { // the only error is that it has no text
			if item.URL != "" {
				rep.ID, rep.URL = PageID(item.URL), item.URL
			}
			if rep.Language == "" {
				rep.Language = language(rep.Text)
			}
			item.Report, item.Whole = rep, whole(it, rep.Text)
		}
		l.Items = append(l.Items, item)
	}
	return l, nil
}

// original returns the address that a feed's carrier replaced by its own.
func original(it *gofeed.Item) string {
	for _, e := range it.Extensions["feedburner"]["origLink"] {
		return e.Value
	}
	return ""
}

// whole tells an item that brings its article from one that summarises it.
func whole(it *gofeed.Item, text string) bool {
	if len(text) < wholeBytes {
		return false
	}
	end := strings.ToLower(strings.TrimRight(text[max(0, len(text)-80):], " \n\t)]»\"”"))
	for _, cut := range []string{"…", "...", "[…", "read more", "continue reading", "read full story", "full text", "the post appeared first on"} {
		if strings.HasSuffix(end, cut) {
			return false
		}
	}
	return it.Content != "" || strings.Count(text, "\n\n") >= 2
}

// webAddress resolves a link, "" if it does not lead to the web.
func webAddress(base, link string) string {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > 4096 {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if !u.IsAbs() {
		if !strings.ContainsAny(link, "/?.") { // a guid, not a path
			return ""
		}
		b, err := url.Parse(base)
		if err != nil || base == "" {
			return ""
		}
		u = b.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// listSitemap reads a sitemap or an index of sitemaps. What comes before a
// fault in it is kept, unless that is nothing.
func listSitemap(b []byte, s *source) (Listing, error) {
	l := Listing{Kind: ListsSitemap}
	var fault error
	r := newReader(text.Options{}, func(_ rapport.Report, err error) bool {
		fault = err
		return false
	})
	r.entry = func(e Entry) bool {
		if e.Sitemap {
			l.Kind = ListsIndex
		}
		if u := webAddress(s.url, e.URL); u != "" {
			l.Items = append(l.Items, Item{URL: u, Title: e.Title, Published: isoTime(e.published), Updated: isoTime(e.Modified)})
		}
		return len(l.Items) < maxItems
	}
	in := *s
	in.in = bufio.NewReader(strings.NewReader(withoutDeclaration(decode(b, s.charset))))
	r.readSitemap(in)
	if len(l.Items) == 0 && fault != nil {
		return Listing{}, fault
	}
	return l, nil
}

// isoTime reads the times of sitemaps, zero where there is none.
func isoTime(v string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05", "2006-01-02", "2006-01"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t
		}
	}
	return time.Time{}
}

// listLinks lists the links of a page, each once, in their order.
func listLinks(b []byte, s *source) (Listing, error) {
	doc := decode(b[:min(len(b), maxPage)], s.charset)
	if n := strings.Count(doc, "<"); n > maxTags {
		return Listing{}, s.bad(fmt.Sprintf("is a page of %d tags, more than %d", n, maxTags), "", nil)
	}
	l := Listing{Kind: ListsPage}
	base := s.url
	seen := map[string]bool{}
	z := html.NewTokenizer(strings.NewReader(doc))
	for at := -1; ; { // at: the link whose words are being read
		switch z.Next() {
		case html.ErrorToken:
			for i := range l.Items {
				l.Items[i].Title = tidy(l.Items[i].Title)
			}
			return l, nil
		case html.StartTagToken:
			t := z.Token()
			href := ""
			for _, a := range t.Attr {
				if a.Key == "href" {
					href = a.Val
				}
			}
			switch t.DataAtom {
			case atom.Base:
				if abs := webAddress(base, href); abs != "" {
					base = abs
				}
			case atom.A:
				at = -1
				u := linkOf(base, href)
				if u == "" || strings.TrimSpace(href) == "" || strings.HasPrefix(strings.TrimSpace(href), "#") || seen[u] || len(l.Items) >= maxLinks {
					continue
				}
				seen[u] = true
				at = len(l.Items)
				l.Items = append(l.Items, Item{URL: u})
			}
		case html.EndTagToken:
			if t := z.Token(); t.DataAtom == atom.A {
				at = -1
			}
		case html.TextToken:
			if at >= 0 && len(l.Items[at].Title) < 500 {
				l.Items[at].Title += string(z.Text()) + " "
			}
		}
	}
}

// linkOf resolves the link of a page.
func linkOf(base, href string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(strings.TrimSpace(href))
	if err != nil || len(href) > 4096 {
		return ""
	}
	return webAddress("", u.String())
}
