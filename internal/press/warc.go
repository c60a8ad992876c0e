package press

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"rapport"
)

// WARC 1.0 and 1.1: https://iipc.github.io/warc-specifications/. Of a record
// only what is a page is ever held, and one at a time.
const (
	maxHeader = 64 << 10 // bytes of a record's or a response's header
	maxBlock  = maxPage + maxHeader
)

// record is the header of one WARC record and its block.
type record struct {
	kind, url, date, mediaType string
	length                     int64
}

type warcReader struct {
	in   *bufio.Reader
	left int64 // bytes of the record's block not yet read
}

var errBadRecord = errors.New("bad record")

// next passes what is left of a record and reads the header of the one after
// it: io.EOF at the end, errBadRecord when the bytes there are no header; the
// next call goes on at the next that is one.
func (w *warcReader) next() (rec record, err error) {
	if err := w.skip(); err != nil {
		return rec, err
	}
	line, err := w.line()
	for err == nil && line == "" {
		line, err = w.line()
	}
	if err != nil {
		return rec, err
	}
	if !strings.HasPrefix(line, "WARC/") {
		return rec, w.resync()
	}
	rec.length = -1
	for n := 0; ; {
		line, err := w.line()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return rec, err
		}
		if line == "" {
			break
		}
		if n += len(line); n > maxHeader {
			return rec, w.resync()
		}
		k, v, _ := strings.Cut(line, ":")
		v = strings.TrimSpace(v)
		switch strings.ToLower(strings.TrimSpace(k)) {
		case "warc-type":
			rec.kind = strings.ToLower(v)
		case "warc-target-uri":
			rec.url = strings.Trim(v, "<>")
		case "warc-date":
			rec.date = v
		case "content-type":
			rec.mediaType = strings.ToLower(v)
		case "content-length":
			if rec.length, err = strconv.ParseInt(v, 10, 64); err != nil {
				rec.length = -1
			}
		}
	}
	if rec.length < 0 {
		return rec, w.resync()
	}
	w.left = rec.length
	return rec, nil
}

// skip passes the rest of the block.
func (w *warcReader) skip() error {
	for w.left > 0 {
		n, err := w.in.Discard(int(min(w.left, 1<<20)))
		w.left -= int64(n)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// line returns a line without its end, cut to maxHeader.
func (w *warcReader) line() (string, error) {
	var b []byte
	for {
		part, err := w.in.ReadSlice('\n')
		if len(b) < maxHeader {
			b = append(b, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF && len(b) > 0 {
			err = nil
		}
		return strings.TrimRight(string(b), "\r\n"), err
	}
}

// resync passes everything up to the next line that opens a record.
func (w *warcReader) resync() error {
	for {
		b, err := w.in.Peek(7)
		if err != nil && len(b) == 0 || bytes.HasPrefix(b, []byte("WARC/1.")) || bytes.HasPrefix(b, []byte("WARC/0.")) {
			return errBadRecord
		}
		if _, err := w.line(); err != nil {
			return errBadRecord
		}
	}
}

// block returns the rest of the block, io.ErrUnexpectedEOF when it breaks off.
func (w *warcReader) block() ([]byte, error) {
	b := make([]byte, w.left)
	n, err := io.ReadFull(w.in, b)
	w.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b[:n], err
}

// readWARC yields the pages of a web archive: what servers answered with
// status 200 as HTML or a feed, what was stored as such, and the text of
// conversions (WET). Other records are passed over.
func (r *reader) readWARC(s source) bool {
	w := &warcReader{in: bufio.NewReaderSize(s.in, 256<<10)}
	for {
		rec, err := w.next()
		switch {
		case err == io.EOF:
			return true
		case err == errBadRecord:
			if !r.yield(rapport.Report{}, s.bad("has a record that is damaged or whose length is wrong; read on at the next", "", nil)) {
				return false
			}
			continue
		case err == io.ErrUnexpectedEOF:
			return r.yield(rapport.Report{}, s.bad("breaks off within a record", "fetch it again", nil))
		case err != nil:
			return r.yield(rapport.Report{}, s.bad("cannot be read any further", "fetch it again", err))
		}
		if !r.readRecord(&s, w, &rec) {
			return false
		}
	}
}

func (r *reader) readRecord(s *source, w *warcReader, rec *record) bool {
	in := source{name: s.name + ": " + rec.url, id: pageID(rec.url), url: rec.url, retrieved: rec.date, depth: s.depth + 1}
	if in.id == "" {
		return true
	}
	var head textproto.MIMEHeader
	switch rec.kind {
	case "response":
		var start int
		var ok bool
		if head, start, ok = w.response(rec); !ok {
			return true
		}
		w.in.Discard(start) // seen above
		w.left -= int64(start)
	case "resource", "conversion":
		if !isPageType(rec.mediaType) && !strings.HasPrefix(rec.mediaType, "text/plain") {
			return true
		}
		head = textproto.MIMEHeader{"Content-Type": {rec.mediaType}}
	default:
		return true
	}
	if w.left > maxBlock {
		return r.yield(rapport.Report{}, in.bad(fmt.Sprintf("is a page longer than %d MiB", maxPage>>20), "", nil))
	}
	b, err := w.block()
	if i := overrun(b); i >= 0 { // its length is wrong, or it was cut when it was written
		w.in = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(b[i:]), w.in), 256<<10)
		w.left = 0
		return r.yield(rapport.Report{}, in.bad("is damaged: the next record begins within it; read on there", "fetch the archive again", nil))
	}
	if err != nil {
		if err == io.ErrUnexpectedEOF {
			err = errors.New("the archive breaks off")
		}
		return r.yield(rapport.Report{}, in.bad("cannot be read", "fetch the archive again", err))
	}
	if b, err = contentOf(b, head); err != nil {
		return r.yield(rapport.Report{}, in.bad("cannot be unpacked", "", err))
	}
	if _, params, err := mime.ParseMediaType(head.Get("Content-Type")); err == nil {
		in.charset = params["charset"]
	}
	in.in = bufio.NewReaderSize(bytes.NewReader(b), headBytes)
	if rec.kind != "response" {
		return r.read(in)
	}
	switch tell(in.in) { // a page that says it is one may still be anything
	case feedFormat:
		return r.readFeed(in)
	case pdfFormat:
		return r.readPDF(in)
	case pageFormat, textFormat:
		return r.readPage(in)
	}
	return r.yield(rapport.Report{}, in.bad("says it is a page and is none", "", nil))
}

// overrun returns where the next record begins within a block, -1 when none
// does.
func overrun(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("WARC/1."))
		if i < 0 {
			return -1
		}
		at += i
		head := b[at:min(at+2048, len(b))]
		if len(head) > 10 && bytes.HasPrefix(head[8:], []byte("\r\nWARC-")) && bytes.Contains(head, []byte("\nWARC-Type:")) {
			return at
		}
		at++
	}
}

// response reads the header of a server's answer without passing it. ok is
// false for what is no page.
func (w *warcReader) response(rec *record) (head textproto.MIMEHeader, start int, ok bool) {
	b, _ := w.in.Peek(int(min(w.left, maxHeader)))
	if !bytes.HasPrefix(b, []byte("HTTP/")) {
		return nil, 0, false
	}
	end, n := bytes.Index(b, []byte("\r\n\r\n")), 4
	if i := bytes.Index(b, []byte("\n\n")); end < 0 || i >= 0 && i < end {
		end, n = i, 2
	}
	if end < 0 {
		return nil, 0, false
	}
	status, fields, _ := strings.Cut(string(b[:end]), "\n")
	if f := strings.Fields(status); len(f) < 2 || f[1] != "200" {
		return nil, 0, false
	}
	head = textproto.MIMEHeader{}
	for l := range strings.Lines(fields) {
		if k, v, ok := strings.Cut(l, ":"); ok {
			head.Add(strings.TrimSpace(k), strings.TrimSpace(v))
		}
	}
	return head, end + n, isPageType(strings.ToLower(head.Get("Content-Type")))
}

func isPageType(t string) bool {
	return strings.HasPrefix(t, "text/html") || strings.HasPrefix(t, "application/pdf") || strings.HasPrefix(t, "application/xhtml") || strings.Contains(t, "rss") || strings.Contains(t, "atom+xml") || strings.Contains(t, "feed+json")
}

// contentOf undoes transfer and content encoding. Archives often store the
// content decoded and the header as it was, so the bytes decide.
func contentOf(b []byte, head textproto.MIMEHeader) ([]byte, error) {
	if strings.Contains(strings.ToLower(head.Get("Transfer-Encoding")), "chunked") {
		b = unchunk(b)
	}
	var in io.Reader
	var err error
	n := int64(len(b))
	coding := strings.ToLower(head.Get("Content-Encoding"))
	switch {
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		in, err = gzip.NewReader(bytes.NewReader(b))
	case bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd")):
		var d *zstd.Decoder
		if d, err = zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(16<<20)); err == nil {
			defer d.Close()
			in = d
		}
	case strings.Contains(coding, "deflate") && len(b) > 2 && b[0] == 0x78:
		in, err = zlib.NewReader(bytes.NewReader(b))
	case strings.Contains(coding, "deflate") && !bytes.HasPrefix(trimStart(b), []byte("<")):
		in = flate.NewReader(bytes.NewReader(b))
	case strings.Contains(coding, "br") && !bytes.HasPrefix(trimStart(b), []byte("<")):
		return nil, errors.New("it is compressed with brotli")
	default:
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(&unpacked{in, &n, new(int64)}, maxPage+1))
	if err == nil && len(out) > maxPage {
		err = fmt.Errorf("it is longer than %d MiB", maxPage>>20)
	}
	return out, err
}

// unchunk joins the chunks of a body, or returns it where it has none.
func unchunk(b []byte) []byte {
	var out []byte
	for rest := b; ; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 || i > 32 {
			return chunksOr(b, out)
		}
		size, _, _ := strings.Cut(strings.TrimSpace(string(rest[:i])), ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 31)
		if err != nil {
			return chunksOr(b, out)
		}
		if rest = rest[i+1:]; n == 0 {
			return out
		}
		k := min(int(n), len(rest))
		out = append(out, rest[:k]...)
		rest = bytes.TrimPrefix(bytes.TrimPrefix(rest[k:], []byte("\r")), []byte("\n"))
		if len(rest) == 0 {
			return out
		}
	}
}

func chunksOr(whole, joined []byte) []byte {
	if len(joined) > 0 {
		return joined
	}
	return whole
}
