// Package press turns what publishers publish into reports: [Open] a file,
// [Read] anything else. What the bytes hold is told by the bytes, never by a
// name or by what a server says of them:
//
//   - HTML pages: one report, the article without what stands around it;
//   - RSS, Atom and JSON Feed, NewsML and NITF: one report an item;
//   - PDF and DOCX documents: one report;
//   - mail: one report a message, and one a document attached;
//   - WARC and WET archives, WACZ: one report a page, read as a stream;
//   - sitemaps, GDELT's rows, Media Cloud's stories: addresses, see [Entries];
//   - JSON of crawlers and agencies: one report an object;
//   - gzip, zstandard, ZIP and TAR around any of them, four deep;
//   - all else is plain text or JSON, and read as package text reads it.
//
// A report's text is made of the page's words, blocks parted by a blank line;
// offsets point into that text; Origin leads from its blocks to the bytes of
// the page, and captions stand at its end, marked. Its day of publication
// comes, in this order, from JSON-LD, from meta elements, from microdata and
// time elements, from the dateline, from the address, from the words on the
// page; [rapport.Report] says which in Basis. The day is the one written, in
// the publisher's own time zone; the day of a later change is never taken for
// it, and 03/04/2021 is left unread unless the page's language says en-US or
// another English. Where metadata and address are one day apart the address is
// right: metadata is often in UTC. The language is told by its words ([language]).
//
// # Choice of libraries
//
// Articles are found by codeberg.org/readeck/go-readability, the kept fork of
// the Go port of Mozilla's Readability. testdata/compare measured it against
// the others on the 65 pages of testdata/pages: F1 over runs of four words,
// days of publication right, pages parsed alike, nothing cleaned before or after.
//
//	                                   F1     day    pages/s  binary
//	readeck/go-readability v2.1.3     0.962  0.492   1772     +4.2 MB with parser and encodings
//	go-shiori/go-readability (2024)   0.958  0.492   1804     its successor is the above
//	markusmobius/go-trafilatura 1.12  0.912  0.846    684     +11.6 MB
//	the same with its fallbacks       0.935  0.969    486
//
// What it leaves in (captions, "read also", sharing, consent) is taken out by
// [furniture] before and [writer] after it, and metadata is read here: F1
// 0.991, day 147, title 150, outlet 147 of 151 pages. Pages written after the
// rules and met for the first time: testdata/README.md.
//
// Own pages flatter. On go-trafilatura's comparison set, 983 real pages in
// many languages, most German, of which pieces of text are known that belong
// to the article or do not, this package reaches precision 0.903, recall 0.889,
// F1 0.896 (its authors give go-trafilatura 0.901, with fallbacks 0.910,
// go-readability 0.875) and the title as annotated on 671 of 862. On
// go-htmldate's set it finds the day on 228 of the 260 pages told to be
// English, go-htmldate on 231; on 785 of 974 in all languages, go-htmldate on
// 862, which was before it read the names of months in other languages than
// English (data/months.txt).
//
// PDF objects are read by github.com/ledongthuc/pdf; pdf.go and layout.go read
// text, fonts, columns and paragraphs, for its own text functions reach F1 0.974
// on testdata/documents, dslipak/pdf's 0.648, and these 0.999. pdfcpu decodes no
// text, seehuhn.de/go/pdf is under the GPL. It adds 0.7 MB with all other
// formats. It believes what files say of themselves, so they are checked first.
//
// Encodings nobody tells are guessed by github.com/gogs/chardet, which
// go-readability brings. Feeds are read by github.com/mmcdole/gofeed, languages told by
// github.com/abadojack/whatlanggo (0.3 MB; pemistahl/lingua-go is 131 MB).
// WARC has a reader of its own: none of the Go libraries for it could be had
// from the module proxy; reading on after a damaged record is what it is for.
// All of it together adds 2.7 MB to the program.
package press

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"rapport"
	"rapport/internal/outlets"
	"rapport/internal/text"
)

// Values of [rapport.Report.Basis] besides those of package rapport.
const (
	BasisAddress = "address" // read from the page's address: /2024/06/08/
	BasisPage    = "page"    // read from the words around the article
)

// How much is held or opened at the most. Streams of any length are read.
const (
	maxPage   = 16 << 20  // bytes of a page or an archive's member
	maxFeed   = 64 << 20  // bytes of a feed
	maxTags   = 300_000   // tags of a page
	maxWeight = 4_000_000 // depths of a page's nodes, added up
	maxSpool  = 256 << 20 // bytes of a ZIP archive that is no file
	maxDepth  = 4         // archives within archives
)

// Open reads the reports of a file, or of all files in a folder and those
// below it, by name; hidden ones and links are passed over. See [Read].
func Open(path string, o text.Options) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			newReader(o, yield).openFile(path)
			return
		}
		r := newReader(o, yield)
		files := 0
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			hidden := p != path && strings.HasPrefix(d.Name(), ".")
			switch {
			case err != nil:
				if !r.yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: p, What: "cannot be opened", Err: errors.Unwrap(err)}) {
					return filepath.SkipAll
				}
				if d.IsDir() {
					return filepath.SkipDir
				}
			case hidden && d.IsDir():
				return filepath.SkipDir
			case hidden || !d.Type().IsRegular():
			default:
				files++
				if !r.openFile(p) {
					return filepath.SkipAll
				}
			}
			return nil
		})
		if err == nil && files == 0 && !r.failed {
			r.yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "is a folder without a file"})
		}
	}
}

func (r *reader) openFile(path string) bool {
	f, err := os.Open(path)
	if err != nil { // package text says so
		for rep, err := range text.Open(path, r.o) {
			if !r.yield(rep, err) {
				return false
			}
		}
		return true
	}
	defer f.Close()
	in := source{name: path, id: baseID(path), in: bufio.NewReaderSize(&taken{f, r.o.Taken}, 64<<10)}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		in.file, in.size = f, info.Size()
	}
	return r.read(in)
}

// taken counts what is read of a file.
type taken struct {
	in io.Reader
	n  *atomic.Int64
}

func (t *taken) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	if t.n != nil {
		t.n.Add(int64(n))
	}
	return n, err
}

// Read yields the reports that r holds, in order, with an error in the place
// of each that cannot be read; those after it follow wherever its end can be
// told. name stands in errors, and its base without extension is the id of a
// report that brings none, but for the pages of feeds and web archives, whose
// id is made from their address; "" and "-" mean standard input. Errors are
// [rapport.Error] of kind BadInput.
func Read(r io.Reader, name string, o text.Options) iter.Seq2[rapport.Report, error] {
	if name == "" || name == "-" {
		name = "stdin"
	}
	return func(yield func(rapport.Report, error) bool) {
		newReader(o, yield).read(source{name: name, id: baseID(name), in: bufio.NewReaderSize(r, 64<<10)})
	}
}

// reader carries what holds for a whole file and all within it.
type reader struct {
	o      text.Options
	yield  func(rapport.Report, error) bool
	entry  func(Entry) bool // takes the addresses of lists, where these are asked for
	done   bool
	failed bool
}

func newReader(o text.Options, yield func(rapport.Report, error) bool) *reader {
	r := &reader{o: o}
	r.o.Foreign = r.foreign
	r.yield = func(rep rapport.Report, err error) bool {
		if err == nil && rep.Language == "" {
			rep.Language = language(rep.Text)
		}
		r.failed = r.failed || err != nil
		if !r.done && !yield(rep, err) {
			r.done = true
		}
		return !r.done
	}
	return r
}

// source is a file, a member of an archive or a page in one.
type source struct {
	name      string // as errors name it
	id        string
	url       string // where it was published, if an archive says so
	retrieved string
	charset   string // as a server said
	in        *bufio.Reader
	file      io.ReaderAt // the file itself, where there is one
	size      int64
	depth     int
	mailed    *page // the message it was attached to
}

func (s *source) bad(what, try string, err error) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: s.name, What: what, Try: try, Err: err}
}

// read yields what s holds and reports whether to go on.
func (r *reader) read(s source) bool {
	if s.depth > maxDepth {
		return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is an archive within more than %d others", maxDepth), "unpack it", nil))
	}
	switch tell(s.in) {
	case gzipFormat, zstdFormat:
		return r.readPacked(s)
	case zipFormat:
		return r.readZip(s)
	case tarFormat:
		return r.readTar(s)
	case warcFormat:
		return r.readWARC(s)
	case feedFormat:
		return r.readFeed(s)
	case pageFormat:
		return r.readPage(s)
	case sitemapFormat:
		return r.readSitemap(s)
	case newsFormat:
		return r.readNews(s)
	case mailFormat:
		return r.readMail(s)
	case pdfFormat:
		return r.readPDF(s)
	case gkgFormat:
		return r.readGKG(s)
	case xmlFormat:
		return r.yield(rapport.Report{}, s.bad("is an XML document, neither a page, a feed, a sitemap, NewsML nor NITF", "save its text as plain text", nil))
	}
	return r.readText(s)
}

// readText hands s to package text. A name made of the id tells that package
// the id; errors get the true name back.
func (r *reader) readText(s source) bool {
	alias := s.id + ".txt"
	for rep, err := range text.Read(s.in, alias, r.o) {
		var e *rapport.Error
		if errors.As(err, &e) {
			e.Where = s.name + strings.TrimPrefix(e.Where, alias)
			e.Try = strings.ReplaceAll(e.Try, alias, s.name)
		}
		if err == nil {
			if rep.URL == "" {
				rep.URL = s.url
			}
			if rep.Retrieved == "" {
				rep.Retrieved = s.retrieved
			}
		}
		if !r.yield(rep, err) {
			return false
		}
	}
	return true
}

// readPage yields the article of an HTML page.
func (r *reader) readPage(s source) bool {
	b, err := io.ReadAll(io.LimitReader(s.in, maxPage+1))
	switch {
	case len(b) > maxPage:
		return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is a page longer than %d MiB", maxPage>>20), "", nil))
	case err != nil:
		return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
	}
	p, err := extract(b, s.charset, s.url)
	if err != nil {
		return r.yield(rapport.Report{}, s.bad(err.Error(), "save its text as plain text", nil))
	}
	return r.yield(r.report(p, &s))
}

// report makes a report of a page. Package text adds what the text tells.
func (r *reader) report(p *page, s *source) (rapport.Report, error) {
	if m := s.mailed; m != nil {
		p.outlet, p.published = firstOf(m.outlet, p.outlet), rapport.Date(firstOf(string(p.published), string(m.published)))
	}
	rep := rapport.Report{ID: s.id, Title: p.title, Text: p.text, Published: p.published, Outlet: p.outlet, Modified: p.modified,
		URL: p.url, Author: p.author, Language: languageOf(p.text, p.language), Retrieved: s.retrieved, Origin: p.origin, Captions: p.captionSpans()}
	if rep.URL == "" {
		rep.URL = s.url
	}
	return r.complete(rep, p.fallback, p.fallbackBasis, s)
}

// complete lets package text give a report its dateline, hash and the rest.
// fallback is a day that gives way to a dateline's.
func (r *reader) complete(rep rapport.Report, fallback rapport.Date, basis string, s *source) (rapport.Report, error) {
	if rep.Outlet == "" && r.o.Outlet == "" { // neither the page names it nor the caller
		known, _ := outlets.ByHost(rep.URL)
		rep.Outlet = known.Name
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(map[string]string{"id": rep.ID, "title": rep.Title, "text": rep.Text, "published": string(rep.Published),
		"outlet": rep.Outlet, "url": rep.URL, "author": rep.Author, "language": rep.Language, "retrieved": rep.Retrieved}); err != nil {
		return rapport.Report{}, s.bad("cannot be read", "", err)
	}
	o := r.o
	o.Foreign = nil
	if rep.Published == "" && fallback != "" { // the caller's day waits behind the page's
		o.Published = ""
	}
	for got, err := range text.Read(&b, s.name, o) {
		if err != nil {
			var e *rapport.Error
			if errors.As(err, &e) {
				e.Where = s.name
			}
			return rapport.Report{}, err
		}
		switch {
		case rep.Published != "" && got.Basis == rapport.BasisGiven:
			got.Basis = rapport.BasisMetadata
		case got.Published == "" && fallback != "":
			got.Published, got.Basis = fallback, basis
		}
		got.Modified, got.Captions, got.Origin = rep.Modified, rep.Captions, rep.Origin
		return got, nil
	}
	return rapport.Report{}, s.bad("holds no text", "", nil)
}

func baseID(name string) string {
	base := filepath.Base(name)
	if id := strings.TrimSuffix(base, filepath.Ext(base)); id != "" {
		return id
	}
	return base
}
