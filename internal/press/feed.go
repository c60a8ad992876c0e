package press

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"net/url"
	"strings"
	"unicode"

	"github.com/mmcdole/gofeed"

	"rapport"
)

const maxNesting = 1000 // elements within elements of a feed: the library recurses

// readFeed yields the items of a feed that hold text: their content, or the
// summary of those that bring no more.
func (r *reader) readFeed(s source) bool {
	b, err := io.ReadAll(io.LimitReader(s.in, maxFeed+1))
	switch {
	case len(b) > maxFeed:
		return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is a feed longer than %d MiB", maxFeed>>20), "", nil))
	case err != nil:
		return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
	}
	doc := withoutDeclaration(decode(b, s.charset))
	if nesting(doc) > maxNesting {
		return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is a feed of more than %d elements within each other", maxNesting), "", nil))
	}
	feed, err := parseFeed(doc)
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("is no feed that can be read", "fetch it again: it may break off", errors.New(strings.ToLower(err.Error()))))
	}
	if len(feed.Items) == 0 {
		return r.yield(rapport.Report{}, s.bad("is a feed without an item", "", nil))
	}
	for i, it := range feed.Items {
		if r.entry != nil {
			e := Entry{URL: it.Link, Title: tidy(it.Title), Outlet: tidy(feed.Title), Language: feed.Language, Published: feedDay(it.Published), Modified: it.Updated}
			if e.URL != "" && !r.entry(e) {
				return false
			}
			continue
		}
		in := s
		in.name = fmt.Sprintf("%s: item %d", s.name, i+1)
		if !r.yield(r.item(feed, it, &in)) {
			return false
		}
	}
	return true
}

// parseFeed guards against what the library may not foresee.
func parseFeed(doc string) (f *gofeed.Feed, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("%v", p)
		}
	}()
	f, err = gofeed.NewParser().ParseString(doc)
	if err == nil && f == nil {
		err = errors.New("it is empty")
	}
	return f, err
}

func (r *reader) item(feed *gofeed.Feed, it *gofeed.Item, s *source) (rapport.Report, error) {
	content, summary := feedText(it.Content), feedText(it.Description)
	if len(summary) > len(content) {
		content = summary
	}
	link := it.Link
	if u, err := url.Parse(s.url); err == nil && s.url != "" {
		if abs, err := u.Parse(link); err == nil {
			link = abs.String()
		}
	}
	rep := rapport.Report{ID: pageID(firstOf(link, it.GUID)), Title: tidy(it.Title), Text: content, Outlet: tidy(feed.Title),
		URL: link, Retrieved: s.retrieved, Published: feedDay(it.Published)}
	if rep.ID == "" {
		rep.ID = s.id + "-" + shortHash(rep.Title+"\n"+content)
	}
	if rep.Published == "" && it.PublishedParsed != nil && it.PublishedParsed.Year() > 1940 && it.PublishedParsed.Year() < 2101 {
		rep.Published = rapport.Day(*it.PublishedParsed)
	}
	rep.Modified = feedDay(it.Updated)
	if len(it.Authors) > 0 && it.Authors[0] != nil {
		rep.Author = tidy(it.Authors[0].Name)
	}
	if rep.Text == "" {
		return rapport.Report{}, s.bad("has no text", "", nil)
	}
	if rep.Language = language(rep.Text); rep.Language == "" {
		rep.Language = feed.Language
	}
	return r.complete(rep, addressDay(link), BasisAddress, s)
}

// feedText returns the text of an item, which is HTML, often escaped, or plain.
func feedText(s string) string {
	s = unescape(s)
	if strings.Contains(s, "<") {
		return fragment(s)
	}
	return plain(s)
}

// feedDay returns the day as it is written, in its own zone.
func feedDay(s string) rapport.Date {
	if d, _ := readDay(s, ""); d != "" {
		return d
	}
	if t, err := mail.ParseDate(s); err == nil {
		return makeDay(t.Format("2006"), t.Format("01"), t.Format("02"))
	}
	return ""
}

func firstOf(ss ...string) string {
	for _, s := range ss {
		if s != "" {
			return s
		}
	}
	return ""
}

// withoutDeclaration takes off the XML declaration, whose encoding no longer
// holds.
func withoutDeclaration(s string) string {
	t := strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.Index(t, "?>"); strings.HasPrefix(t, "<?xml") && i > 0 {
		return t[i+2:]
	}
	return t
}

// nesting returns how deep elements stand within each other at the most.
func nesting(s string) int {
	depth, most := 0, 0
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			return most
		}
		s = s[i+1:]
		end := ">"
		switch {
		case strings.HasPrefix(s, "![CDATA["):
			end = "]]>"
		case strings.HasPrefix(s, "!--"):
			end = "-->"
		case s[0] == '/':
			depth--
		case s[0] != '!' && s[0] != '?':
			depth++
		}
		i = strings.Index(s, end)
		if i < 0 {
			return max(most, depth)
		}
		most = max(most, depth)
		if end == ">" && i > 0 && s[i-1] == '/' && s[0] != '/' {
			depth--
		}
		s = s[i+len(end):]
	}
}

const longestSlug = 60 // bytes of an id before its hash

// pageID makes an id of an address, the same whenever the page is met:
// "example-org-2024-06-08-talks-1a2b3c4d".
func pageID(address string) string {
	if address == "" {
		return ""
	}
	rest := address
	if i := strings.Index(rest, "://"); i >= 0 {
		rest = rest[i+3:]
	}
	rest = strings.TrimPrefix(rest, "www.")
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	var b bytes.Buffer
	for _, c := range strings.ToLower(rest) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && b.Bytes()[b.Len()-1] != '-':
			b.WriteByte('-')
		}
		if b.Len() >= longestSlug {
			break
		}
	}
	return strings.Trim(b.String(), "-") + "-" + shortHash(address)
}

func shortHash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:4])
}
