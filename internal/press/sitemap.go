package press

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"rapport"
	"rapport/internal/text"
)

// Entry is an address at which a report stands, with what the list that holds
// it tells of that. Nothing but URL is always there.
type Entry struct {
	URL       string
	Title     string
	Outlet    string
	Language  string
	Published rapport.Date
	Modified  string // when the page or list last changed, as written: RFC 3339 or a day
	Sitemap   bool   // URL is another list of addresses, not a page

	published string // as written, which may tell the hour
}

// Entries yields the addresses that r lists: a sitemap (sitemaps.org 0.9 with
// or without Google's news names) or an index of such, a feed, Media Cloud's
// stories in JSON or JSON Lines, rows of GDELT's Global Knowledge Graph (2.1),
// also within gzip, zstandard, ZIP or TAR. What holds no address yields an
// error, as in [Read]. Relative addresses are resolved against base, the
// list's own, if given; only http and https are yielded.
func Entries(r io.Reader, name, base string) iter.Seq2[Entry, error] {
	if name == "" || name == "-" {
		name = "stdin"
	}
	return func(yield func(Entry, error) bool) {
		done := false
		seen := 0
		x := newReader(text.Options{}, func(_ rapport.Report, err error) bool {
			if err != nil && !done {
				done = !yield(Entry{}, err)
			}
			return !done
		})
		x.entry = func(e Entry) bool {
			if e.URL = webAddress(base, e.URL); e.URL == "" {
				return true
			}
			seen++
			done = done || !yield(e, nil)
			return !done
		}
		s := source{name: name, id: baseID(name), url: base, in: bufio.NewReaderSize(r, 64<<10)}
		x.read(s)
		if seen == 0 && !done && !x.failed {
			yield(Entry{}, s.bad("lists no address of a page", "", nil))
		}
	}
}

// addresses says in a reader of reports what a list of addresses is for.
func (r *reader) addresses(s *source, what string, n int) bool {
	noun := "es"
	if n == 1 {
		noun = ""
	}
	return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is %s of %d address%s and holds no text", what, n, noun), "fetch the pages it lists: name it in a file for rapport watch", nil))
}

// readSitemap reads a sitemap as a stream: a list of any length is never held.
func (r *reader) readSitemap(s source) bool {
	d := newDecoder(s.in)
	var e Entry
	var path []string
	var value strings.Builder
	n, index := 0, false
	var last error
	for {
		t, err := d.Token()
		if err != nil {
			if err != io.EOF {
				last = xmlError(err)
			} else if len(path) > 0 {
				last = errors.New("it breaks off")
			}
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			if path = append(path, t.Name.Local); len(path) > 50 {
				return r.yield(rapport.Report{}, s.bad("is a sitemap of more than 50 elements within each other", "", nil))
			}
			value.Reset()
			switch t.Name.Local {
			case "sitemapindex":
				index = true
			case "url", "sitemap":
				e = Entry{Sitemap: t.Name.Local == "sitemap"}
			}
		case xml.CharData:
			if value.Len()+len(t) < 8<<10 {
				value.Write(t)
			}
		case xml.EndElement:
			v := tidy(value.String())
			value.Reset()
			in := ""
			if len(path) > 1 {
				in = path[len(path)-2]
			}
			switch t.Name.Local {
			case "loc":
				if in == "url" || in == "sitemap" {
					e.URL = v
				}
			case "lastmod":
				if d, _ := readDay(v, ""); d != "" {
					e.Modified = v
				}
			case "title":
				if in == "news" {
					e.Title = v
				}
			case "name":
				e.Outlet = firstOf(e.Outlet, v)
			case "language":
				e.Language = firstOf(e.Language, v)
			case "publication_date":
				e.Published, _ = readDay(v, "")
				e.published = v
			case "url", "sitemap":
				if e.URL != "" {
					n++
					if r.entry != nil && !r.entry(e) {
						return false
					}
				}
			}
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		}
	}
	if last != nil {
		return r.yield(rapport.Report{}, s.bad("breaks off or is damaged after "+plural(n, "address", "addresses"), "fetch it again", last))
	}
	what := "a sitemap"
	if index {
		what = "an index of sitemaps"
	}
	if r.entry != nil {
		return true
	}
	return r.addresses(&s, what, n)
}

var (
	gkgRow   = regexp.MustCompile(`^\d{14}-T?\d+\t\d{14}\t\d\t[^\t]*\t`)
	gkgTitle = regexp.MustCompile(`<PAGE_TITLE>(.*?)</PAGE_TITLE>`)
)

const maxRow = 4 << 20 // bytes of a row of GDELT's

// readGKG reads rows of GDELT's Global Knowledge Graph 2.1: of their 27
// columns the day seen, the source, the address and the title of the page.
func (r *reader) readGKG(s source) bool {
	n := 0
	for {
		line, err := lineOf(s.in, maxRow)
		if c := strings.Split(line, "\t"); len(c) > 4 && strings.HasPrefix(c[4], "http") {
			n++
			e := Entry{URL: c[4], Outlet: c[3]}
			e.Published, _ = readDay(c[1], "")
			if m := gkgTitle.FindStringSubmatch(c[len(c)-1]); m != nil {
				e.Title = tidy(m[1])
			}
			if r.entry != nil && !r.entry(e) {
				return false
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
		}
	}
	if r.entry != nil {
		return true
	}
	return r.addresses(&s, "a table (GDELT GKG)", n)
}

// lineOf returns the next line without its end, cut to most bytes.
func lineOf(in *bufio.Reader, most int) (string, error) {
	var b []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(b) < most {
			b = append(b, part[:min(len(part), most-len(b))]...)
		}
		if err != bufio.ErrBufferFull {
			return strings.TrimRight(string(b), "\r\n"), err
		}
	}
}
