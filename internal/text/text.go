// Package text turns stored bytes into reports: [Open] a file, [Read] anything
// else. What the bytes hold is told by the bytes, never by the file's name:
//
//   - plain text: one report, its text the exact bytes of the file but for a
//     leading byte order mark, so that every offset points into the file;
//   - JSON Lines: one report a line;
//   - JSON: one object, several after each other, or an array of them.
//
// Each report gets its title, its dateline and, where nobody gave one, the day
// of publication that the dateline tells and the agency that signs it as its
// outlet. The text itself is never altered:
// bytes in another encoding are refused with the command that converts them,
// because offsets into a text that nobody else holds are worth nothing.
package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"rapport"
)

// MaxBytes is how long one report may be unless [Options] say otherwise. News
// is shorter by far: coding a text of 3 MB took 30 s of one core and 506 MB of
// memory.
const MaxBytes = 4 << 20

// documentReports is how many times [Options.MaxBytes] a JSON document of
// several reports may be: it is held whole, which JSON Lines are not.
const documentReports = 16

// Options say what the caller knows about reports whose own record says nothing.
type Options struct {
	Published rapport.Date // day of publication
	Outlet    string       // who published them
	// Foreign, if given, turns an object that is no report of ours into such
	// objects: none for one that holds no text, with an error saying so. ok is
	// false for what it does not know, which is read as it stands.
	Foreign func(object []byte) (reports [][]byte, ok bool, err error)
	// Taken, if given, is how many bytes of files have been read so far.
	Taken    *atomic.Int64
	MaxBytes int // how long one report may be, default [MaxBytes]; a JSON document may be 16 times that, a file of JSON Lines of any length
}

// Open reads the reports of a file. See [Read].
func Open(path string, o Options) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(rapport.Report{}, cannotOpen(path, err))
			return
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "is a directory",
				Try: "name its files: " + filepath.Join(path, "*.txt")})
			return
		}
		for r, err := range Read(f, path, o) {
			if !yield(r, err) {
				return
			}
		}
	}
}

func cannotOpen(path string, err error) error {
	e := &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be opened", Err: err}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		e.Err = pe.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		e.What, e.Err = "no such file", nil
	}
	return e
}

// Read yields the reports that r holds, in order, with an error in the place
// of each that cannot be read; those after it follow wherever its end can be
// told. name stands in errors, and its base without extension is the id of a
// report that brings none; "" and "-" mean standard input. Errors are
// [rapport.Error] of kind BadInput.
func Read(r io.Reader, name string, o Options) iter.Seq2[rapport.Report, error] {
	if o.MaxBytes <= 0 {
		o.MaxBytes = MaxBytes
	}
	if name == "" || name == "-" {
		name = "stdin"
	}
	s := &source{in: bufio.NewReaderSize(r, 64<<10), name: name, Options: o}
	return func(yield func(rapport.Report, error) bool) {
		if err := o.Published.Check(); err != nil {
			yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, What: "date of publication", Err: err, Try: "write it as 2024-06-08"})
			return
		}
		if bom, _ := s.in.Peek(3); string(bom) == "\ufeff" {
			s.in.Discard(3)
			s.at = 3
		}
		switch s.format() {
		case jsonFormat:
			s.readJSON(yield)
		default:
			yield(s.readPlain())
		}
	}
}

// source is a file that is being read.
type source struct {
	Options
	in   *bufio.Reader
	name string
	at   int64 // bytes of the file read so far
	line int   // lines of the file read so far
}

type format int

const (
	plainFormat format = iota
	jsonFormat
)

// format tells JSON by its first two marks, so that a text that opens with a
// bracket ("[Updated] CAIRO …", "{sic}") stays a text. It waits for no byte
// more than these: a pipe may have none for a while.
func (s *source) format() format {
	var head, next []byte
	for n := 1; len(next) == 0; n++ {
		peeked, err := s.in.Peek(max(n, min(s.in.Buffered(), 512)))
		if head = bytes.TrimLeft(peeked, " \t\r\n"); len(head) > 0 {
			next = bytes.TrimLeft(head[1:], " \t\r\n")
		}
		if err != nil || len(head) > 0 && head[0] != '{' && head[0] != '[' {
			break
		}
	}
	if len(head) == 0 {
		return plainFormat
	}
	switch {
	case head[0] == '{' && len(next) > 0 && (next[0] == '"' || next[0] == '}'):
		return jsonFormat
	case head[0] == '[' && len(next) > 0 && (next[0] == '{' || next[0] == ']'):
		return jsonFormat
	}
	return plainFormat
}

func (s *source) readPlain() (rapport.Report, error) {
	b, err := s.rest(nil, s.MaxBytes)
	if err != nil {
		return rapport.Report{}, err
	}
	if err := s.checkBytes(b, s.at); err != nil {
		return rapport.Report{}, err
	}
	r := rapport.Report{ID: s.baseID(), Text: string(b)}
	return s.finish(r, s.name)
}

// rest returns head and all that follows it, most bytes at the most.
func (s *source) rest(head []byte, most int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(s.in, int64(most-len(head))+1))
	b = append(head, b...)
	switch {
	case err != nil:
		return nil, s.failed(s.name, err)
	case len(b) > most && most > s.MaxBytes:
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: s.name,
			What: fmt.Sprintf("is longer than %s, the most one JSON document may be", size(most)), Try: "JSON Lines with one report a line"}
	case len(b) > most:
		return nil, s.tooLong(s.name)
	}
	return b, nil
}

func (s *source) failed(where string, err error) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: where, What: "cannot be read", Err: err}
}

func (s *source) tooLong(where string) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: where,
		What: fmt.Sprintf("is longer than %s, the most one report may be", size(s.MaxBytes)),
		Try:  "split it into one file a report, or JSON Lines with one report a line"}
}

func size(n int) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// baseID returns the file's base name without its extension.
func (s *source) baseID() string {
	base := filepath.Base(s.name)
	if id := strings.TrimSuffix(base, filepath.Ext(base)); id != "" {
		return id
	}
	return base // ".txt"
}

// finish gives a report what its text tells and checks what a report must have.
func (s *source) finish(r rapport.Report, where string) (rapport.Report, error) {
	bad := func(what, try string) (rapport.Report, error) {
		return rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: where, What: what, Try: try}
	}
	if len(r.Text) > s.MaxBytes {
		return rapport.Report{}, s.tooLong(where)
	}
	if strings.TrimSpace(r.Text) == "" {
		return bad("holds no text", "")
	}
	if i := strings.IndexByte(r.Text, 0); i >= 0 {
		return bad(fmt.Sprintf("has a NUL character at byte %d of its text", i), "")
	}
	if r.Published == "" {
		r.Published = s.Published
	}
	if r.Outlet == "" {
		r.Outlet = s.Outlet
	}
	if r.Published != "" {
		r.Basis = rapport.BasisGiven
	}
	h := findDateline(r.Text)
	if r.Outlet == "" {
		r.Outlet = h.signed
	}
	r.Dateline, r.Place = h.span, h.place
	if d := h.published(r.Published); d != r.Published {
		r.Published, r.Basis = d, rapport.BasisDateline
	}
	if r.Title == "" {
		r.Title = headline(r.Text, r.Dateline)
	}
	r.Hash = rapport.HashText(r.Text)
	return r, nil
}

// foreign are the first bytes of what is often taken for a text.
var foreign = []struct{ magic, what, try string }{
	{"%PDF-", "is a PDF document", "pdftotext -layout FILE"},
	{"PK\x03\x04", "is a ZIP archive or an office document", "save it as plain text"},
	{"\xd0\xcf\x11\xe0", "is an office document", "save it as plain text"},
	{"\x1f\x8b", "is compressed with gzip", "gunzip FILE"},
	{"BZh", "is compressed with bzip2", "bunzip2 FILE"},
	{"\xfd7zXZ\x00", "is compressed with xz", "unxz FILE"},
	{"\x28\xb5\x2f\xfd", "is compressed with zstandard", "unzstd FILE"},
	{"SQLite format 3\x00", "is a SQLite file, not a report", "give it with --record"},
	{"{\\rtf", "is a rich text document", "save it as plain text"},
	{"\xff\xfe\x00\x00", "is UTF-32 text", "iconv -f UTF-32 -t UTF-8 FILE"},
	{"\xff\xfe", "is UTF-16 text", "iconv -f UTF-16 -t UTF-8 FILE"},
	{"\xfe\xff", "is UTF-16 text", "iconv -f UTF-16 -t UTF-8 FILE"},
}

// markup are the first words, lower case, of what is text but no report's.
var markup = []struct{ start, what string }{
	{"<!doctype html", "is an HTML page"},
	{"<html", "is an HTML page"},
	{"<?xml", "is an XML document"},
	{"<rss", "is a news feed"},
	{"<feed", "is a news feed"},
}

// checkBytes says why b, which stands at byte at of the file, is no text.
func (s *source) checkBytes(b []byte, at int64) error {
	bad := func(what, try string) error {
		return &rapport.Error{Kind: rapport.BadInput, Where: s.name, What: what, Try: strings.ReplaceAll(try, "FILE", s.name)}
	}
	for _, f := range foreign {
		if bytes.HasPrefix(b, []byte(f.magic)) && at <= 3 {
			return bad(f.what, f.try)
		}
	}
	head := strings.ToLower(string(bytes.TrimLeft(b[:min(len(b), 256)], " \t\r\n")))
	for _, m := range markup {
		if strings.HasPrefix(head, m.start) {
			return bad(m.what+", not plain text", "save its text as plain text")
		}
	}
	if code := bareUTF16(b); code != "" {
		return bad("is UTF-16 text without a byte order mark", "iconv -f "+code+" -t UTF-8 FILE")
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return bad(fmt.Sprintf("is binary: NUL at byte %d", at+int64(i)), "give plain text or JSON Lines")
	}
	if i := firstInvalid(b); i >= 0 {
		return bad(fmt.Sprintf("is not UTF-8: byte %d is 0x%02x", at+int64(i), b[i]), "iconv -f WINDOWS-1252 -t UTF-8 FILE")
	}
	if controls(b) > len(b)/10 {
		return bad("is binary: more than a tenth of it is control characters", "give plain text or JSON Lines")
	}
	return nil
}

// firstInvalid returns the offset of the first byte that is not UTF-8, or -1.
func firstInvalid(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// bareUTF16 tells UTF-16 without a byte order mark, English being mostly ASCII:
// every second byte of the head is NUL.
func bareUTF16(b []byte) string {
	n := min(len(b), 512) &^ 1
	if n < 8 {
		return ""
	}
	var zero [2]int
	for i, c := range b[:n] {
		if c == 0 {
			zero[i&1]++
		}
	}
	switch half := n / 2; {
	case zero[1] > half*3/4 && zero[0] <= half/8:
		return "UTF-16LE"
	case zero[0] > half*3/4 && zero[1] <= half/8:
		return "UTF-16BE"
	}
	return ""
}

func controls(b []byte) int {
	n := 0
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' || c == 0x7f {
			n++
		}
	}
	return n
}
