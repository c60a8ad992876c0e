package press

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"rapport"
)

// A stream that unpacks to more than bombBytes and more than bombRatio times
// what it was is no text: news compresses five times, and deflate at its best
// a thousand times.
const (
	bombBytes = 64 << 20
	bombRatio = 200
)

var errBomb = fmt.Errorf("unpacks to more than %d times its size", bombRatio)

// unpacked guards what comes out of a compressed stream.
type unpacked struct {
	in     io.Reader
	packed *int64 // bytes that went in, or the archive's size
	out    *int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	if *u.out += int64(n); *u.out > bombBytes && *u.out > bombRatio*max(*u.packed, 1) {
		return 0, errBomb
	}
	if err == io.ErrUnexpectedEOF {
		err = errors.New("the compressed data breaks off")
	}
	return n, err
}

type counter struct {
	in io.Reader
	n  int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

// readPacked reads what is compressed with gzip or zstandard.
func (r *reader) readPacked(s source) bool {
	c := &counter{in: s.in}
	var in io.Reader
	var err error
	if magic, _ := s.in.Peek(1); magic[0] == 0x1f {
		in, err = gzip.NewReader(c)
	} else {
		var d *zstd.Decoder
		if d, err = zstd.NewReader(c, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20)); err == nil {
			defer d.Close()
			in = d
		}
	}
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("cannot be unpacked", "fetch it again: it may break off", err))
	}
	for _, ext := range []string{".gz", ".zst", ".zstd"} {
		if strings.HasSuffix(strings.ToLower(s.name), ext) {
			s.id = baseID(s.id)
		}
	}
	s.in = bufio.NewReaderSize(&unpacked{in, &c.n, new(int64)}, 64<<10)
	s.file = nil
	s.depth++
	if _, err := s.in.Peek(1); err != nil && err != io.EOF {
		return r.yield(rapport.Report{}, s.bad("cannot be unpacked", "fetch it again: it may break off", err))
	}
	return r.read(s)
}

// member returns the source of an archive's member, or why it is not read.
func (s *source) member(name string, in io.Reader) (source, error) {
	name = strings.ReplaceAll(name, `\`, "/")
	m := source{name: s.name + "/" + name, depth: s.depth + 1}
	if !filepath.IsLocal(name) {
		return m, m.bad("has a path that leads out of the archive", "", nil)
	}
	m.id = strings.ReplaceAll(strings.TrimSuffix(path.Clean(name), path.Ext(name)), "/", "-")
	if m.id == "" {
		m.id = name
	}
	m.in = bufio.NewReaderSize(in, 64<<10)
	return m, nil
}

// skipped tells what packers add of their own.
func skipped(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.HasPrefix(base, "._")
}

func (r *reader) readZip(s source) bool {
	at, size := s.file, s.size
	if at == nil {
		b, err := io.ReadAll(io.LimitReader(s.in, maxSpool+1))
		switch {
		case len(b) > maxSpool:
			return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is a ZIP archive longer than %d MiB that is no file of its own", maxSpool>>20), "unpack it", nil))
		case err != nil:
			return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
		}
		at, size = bytes.NewReader(b), int64(len(b))
	}
	z, err := zip.NewReader(at, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return r.yield(rapport.Report{}, s.bad("is no ZIP archive that can be read", "fetch it again: it may break off", err))
	}
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor())
	switch office, words := isDocument(z); {
	case words:
		return r.readDocument(s, z, size)
	case office:
		return r.yield(rapport.Report{}, s.bad("is an office document, but no DOCX", "save it as DOCX or plain text", nil))
	}
	wacz := isWACZ(z)
	seen := 0
	var out int64
	for _, f := range z.File {
		if skipped(f.Name) || wacz && !strings.HasPrefix(f.Name, "archive/") { // indexes, lists of pages
			continue
		}
		seen++
		if !r.readZipped(&s, f, &size, &out) {
			return false
		}
		if out > bombBytes && out > bombRatio*size {
			return r.yield(rapport.Report{}, s.bad(errBomb.Error()+"; the rest is not read", "", nil))
		}
	}
	if seen == 0 {
		return r.yield(rapport.Report{}, s.bad("is an archive without a file", "", nil))
	}
	return true
}

// isWACZ tells a web archive collection (WACZ 1.1): WARCs under archive/, a
// datapackage.json, indexes.
func isWACZ(z *zip.Reader) bool {
	described, archived := false, false
	for _, f := range z.File {
		described = described || f.Name == "datapackage.json"
		archived = archived || strings.HasPrefix(f.Name, "archive/") && (strings.HasSuffix(f.Name, ".warc.gz") || strings.HasSuffix(f.Name, ".warc"))
	}
	return described && archived
}

func (r *reader) readZipped(s *source, f *zip.File, size, out *int64) bool {
	m, err := s.member(f.Name, nil)
	if err == nil && f.Flags&1 != 0 {
		err = m.bad("is encrypted", "unpack it with its password", nil)
	}
	if err != nil {
		return r.yield(rapport.Report{}, err)
	}
	in, err := f.Open()
	if err != nil {
		return r.yield(rapport.Report{}, m.bad("cannot be unpacked", "", err))
	}
	defer in.Close()
	if s.file != nil && s.depth == 0 && r.o.Taken != nil {
		defer r.o.Taken.Add(int64(f.CompressedSize64))
	}
	m.in = bufio.NewReaderSize(&unpacked{in, size, out}, 64<<10)
	return r.read(m)
}

func (r *reader) readTar(s source) bool {
	t := tar.NewReader(s.in)
	for seen := 0; ; {
		h, err := t.Next()
		switch {
		case err == io.EOF && seen == 0:
			return r.yield(rapport.Report{}, s.bad("is an archive without a file", "", nil))
		case err == io.EOF:
			return true
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return r.yield(rapport.Report{}, s.bad("breaks off or is damaged after "+count(seen, "file"), "fetch it again", err))
		case h.Typeflag != tar.TypeReg || skipped(h.Name):
			continue
		}
		seen++
		m, err := s.member(h.Name, t)
		if err != nil {
			if !r.yield(rapport.Report{}, err) {
				return false
			}
			continue
		}
		if !r.read(m) {
			return false
		}
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
