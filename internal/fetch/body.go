package fetch

import (
	"bufio"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// What unpacks to more than bombBytes and more than bombRatio times what was
// sent is no text: pages compress ten times, deflate at its best a thousand.
const (
	bombBytes = 8 << 20
	bombRatio = 200
	maxWindow = 8 << 20 // of zstandard in HTTP, RFC 9659
)

func tooLong(most int64) *Fault {
	if most >= 1<<20 {
		return fault(TooLong, nil, "is longer than %d MiB", most>>20)
	}
	return fault(TooLong, nil, "is longer than %d bytes", most)
}

// limits of a body. Only the time that is spent waiting for the server counts,
// not that of a slow reader here.
type limits struct {
	most    int64
	stall   time.Duration
	timeout time.Duration // as asked for
	left    time.Duration // of it
}

// body unpacks what a server sends, within its limits.
type body struct {
	limits
	res    *http.Response
	in     io.Reader
	close  func()
	cancel context.CancelCauseFunc
	packed int64
	out    int64
	isPack bool
}

func newBody(res *http.Response, l limits, cancel context.CancelCauseFunc) (*body, error) {
	b := &body{limits: l, res: res, cancel: cancel, close: func() {}}
	var in io.Reader = (*sent)(b)
	codings := strings.FieldsFunc(strings.ToLower(strings.Join(res.Header.Values("Content-Encoding"), ",")), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if len(codings) > 2 {
		return nil, fault(Encoding, nil, "is packed %d times over", len(codings))
	}
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		if in, err = b.unpack(in, codings[i]); err != nil {
			b.close()
			return nil, err
		}
	}
	b.in = in
	return b, nil
}

func (b *body) unpack(in io.Reader, coding string) (io.Reader, error) {
	buf := bufio.NewReader(in)
	var out io.Reader
	var err error
	switch coding {
	case "identity", "utf-8": // some say the latter and mean the charset
		return buf, nil
	case "gzip", "x-gzip":
		if head, perr := buf.Peek(2); perr == nil && string(head) != "\x1f\x8b" { // said, not done
			return buf, nil
		} else if errors.Is(perr, io.EOF) && len(head) == 0 {
			return buf, nil
		}
		out, err = gzip.NewReader(buf)
	case "deflate":
		if head, perr := buf.Peek(2); perr == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			out, err = zlib.NewReader(buf)
		} else {
			out = flate.NewReader(buf)
		}
	case "zstd":
		var d *zstd.Decoder
		if d, err = zstd.NewReader(buf, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow)); err == nil {
			before := b.close
			b.close = func() { d.Close(); before() }
			out = d
		}
	default:
		return nil, fault(Encoding, nil, "is packed in a way not known here: %.40q", coding)
	}
	if err != nil {
		if f := asFault(err); f.Reason != Network {
			return nil, f
		}
		return nil, fault(Encoding, err, "cannot be unpacked")
	}
	b.isPack = true
	return out, nil
}

// sent is a body as sent.
type sent body

func (s *sent) Read(p []byte) (int, error) {
	f := fault(TooSlow, nil, "sends nothing for %v", s.stall)
	if s.left < s.stall {
		f = fault(TooSlow, nil, "takes longer than %v", s.timeout)
	}
	began := time.Now()
	limit := time.AfterFunc(min(s.stall, s.left), func() { s.cancel(f) })
	n, err := s.res.Body.Read(p)
	limit.Stop()
	s.left -= time.Since(began)
	s.packed += int64(n)
	if s.packed > s.most {
		return 0, tooLong(s.most)
	}
	if err != nil && err != io.EOF {
		err = &broken{err}
	}
	return n, err
}

// broken marks errors of the connection, to tell them from those of unpacking.
type broken struct{ error }

func (b *broken) Unwrap() error { return b.error }

func (b *body) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.out += int64(n)
	switch {
	case b.out > b.most:
		return 0, tooLong(b.most)
	case b.isPack && b.out > bombBytes && b.out > bombRatio*max(b.packed, 1):
		return 0, fault(Encoding, nil, "unpacks to more than %d times its size", bombRatio)
	}
	return n, err
}

// stream is a body that words its errors and ends its host's turn.
type stream struct {
	*body
	word   func(error) error
	within context.Context
	done   func(error)
	err    error
	closed bool
}

func (s *stream) Read(p []byte) (int, error) {
	if s.closed {
		return 0, errors.New("read after the end")
	}
	n, err := s.body.Read(p)
	if err != nil && err != io.EOF {
		var f *Fault
		var cut *broken
		switch {
		case errors.As(err, &f) || errors.As(context.Cause(s.within), &f):
			err = f
		case errors.As(err, &cut):
			err = fault(Network, nil, "breaks off after %s", bytesOf(s.packed))
		case errors.Is(err, io.ErrUnexpectedEOF):
			err = fault(Encoding, nil, "is packed, and breaks off after %s", bytesOf(s.packed))
		default:
			err = fault(Encoding, err, "cannot be unpacked")
		}
		s.err = err
		if s.word != nil {
			err = s.word(err)
		}
	}
	return n, err
}

func (s *stream) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.res.Body.Close()
	s.body.close()
	s.done(s.err)
	return nil
}

func bytesOf(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}
