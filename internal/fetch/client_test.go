package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"rapport"
)

const article = "Egypt and Azerbaijan signed an agreement in Cairo."

func pack(t testing.TB, coding, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "deflate":
		w, err = flate.NewWriter(&b, 9)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	}
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// server answers by path; its URL is a loopback address.
func server(t testing.TB, pages map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := pages[r.URL.Path]; p != nil {
			p(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv
}

func says(coding string, b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		w.Header().Set("Content-Type", `text/html; charset="windows-1251"`)
		w.Write(b)
	}
}

func TestUnpacking(t *testing.T) {
	twice := string(pack(t, "gzip", article))
	srv := server(t, map[string]http.HandlerFunc{
		"/plain":    says("", []byte(article)),
		"/identity": says("identity", []byte(article)),
		"/gzip":     says("gzip", pack(t, "gzip", article)),
		"/x-gzip":   says("X-GZIP", pack(t, "gzip", article)),
		"/zlib":     says("deflate", pack(t, "zlib", article)),
		"/deflate":  says("deflate", pack(t, "deflate", article)),
		"/zstd":     says("zstd", pack(t, "zstd", article)),
		"/twice":    says("gzip, gzip", pack(t, "gzip", twice)),
		"/lie":      says("gzip", []byte(article)),
		"/none":     says("gzip", nil),

		"/thrice":  says("gzip, gzip, gzip", pack(t, "gzip", twice)),
		"/brotli":  says("br", []byte(article)),
		"/cut":     says("gzip", pack(t, "gzip", article)[:30]),
		"/damaged": says("gzip", bytes.Replace(pack(t, "gzip", article), []byte{0}, []byte{7}, -1)),
		"/zcut":    says("zstd", pack(t, "zstd", article)[:20]),
	})
	c := client(t, allowed(t))
	for path, want := range map[string]string{"/plain": article, "/identity": article, "/gzip": article, "/x-gzip": article, "/zlib": article,
		"/deflate": article, "/zstd": article, "/twice": article, "/lie": article, "/none": "",
		"/thrice": "is packed 3 times over", "/brotli": `is packed in a way not known here: "br"`,
		"/cut": "is packed, and breaks off after 30 bytes", "/damaged": "cannot be unpacked", "/zcut": "is packed, and breaks off after 20 bytes"} {
		a, err := c.Get(context.Background(), Request{URL: srv.URL + path, Named: true})
		if err != nil {
			if reasonOf(err) != Encoding || !strings.Contains(err.Error(), want) || rapport.KindOf(err) != rapport.BadInput {
				t.Errorf("%s: %v, want %q", path, err, want)
			}
			continue
		}
		if string(a.Body) != want || a.Type != "text/html" || a.Charset != "windows-1251" || a.URL != srv.URL+path {
			t.Errorf("%s: %q, %+v", path, a.Body, a)
		}
	}
}

func TestHostileBodies(t *testing.T) {
	endless := func(w http.ResponseWriter, r *http.Request) {
		b := bytes.Repeat([]byte("news "), 10_000)
		for r.Context().Err() == nil {
			if _, err := w.Write(b); err != nil {
				return
			}
		}
	}
	srv := server(t, map[string]http.HandlerFunc{
		"/endless": endless,
		"/says": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "99999999999")
		},
		"/bomb":  says("gzip", pack(t, "gzip", strings.Repeat("a", 40<<20))),
		"/zbomb": says("zstd", pack(t, "zstd", strings.Repeat("a", 40<<20))),
		"/big":   says("gzip", pack(t, "gzip", strings.Repeat("a", 3<<20))),
		"/short": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, article)
		},
		"/header": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
		},
		"/endless-name": func(w http.ResponseWriter, r *http.Request) { // a gzip header that never ends
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte("\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"))
			endless(w, r)
		},
		"/empty-blocks": func(w http.ResponseWriter, r *http.Request) { // stored blocks of no length
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"))
			for {
				if _, err := w.Write(bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 10_000)); err != nil {
					return
				}
			}
		},
	})
	o := allowed(t)
	o.MaxBytes = 64 << 20
	wide := client(t, o)
	o.MaxBytes = 1 << 20
	c := client(t, o)
	for _, x := range []struct {
		path   string
		c      *Client
		reason Reason
		what   string
	}{
		{"/endless", c, TooLong, "is longer than 1 MiB"}, {"/says", c, TooLong, "is longer than 1 MiB"}, {"/big", c, TooLong, "is longer than 1 MiB"},
		{"/bomb", wide, Encoding, "unpacks to more than 200 times its size"}, {"/zbomb", wide, Encoding, "unpacks to more than 200 times its size"},
		{"/short", c, Network, "breaks off after 50 bytes"}, {"/header", c, Network, "exceeded"}, {"/endless-name", c, Encoding, "cannot be unpacked"},
		{"/empty-blocks", c, TooLong, "is longer than 1 MiB"},
	} {
		x.c.forgive()
		_, err := x.c.Get(context.Background(), Request{URL: srv.URL + x.path, Named: true})
		if reasonOf(err) != x.reason || !strings.Contains(err.Error(), x.what) {
			t.Errorf("%s: %v", x.path, err)
		}
	}
	c.forgive()
	if a, err := c.Get(context.Background(), Request{URL: srv.URL + "/big", Named: true, MaxBytes: 4 << 20}); err != nil || len(a.Body) != 3<<20 {
		t.Errorf("with a limit of its own: %v", err)
	}
}

// forgive forgets that a host failed.
func (c *Client) forgive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.hosts)
}

func TestRedirects(t *testing.T) {
	to := func(where string, code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", where); w.WriteHeader(code) }
	}
	pages := map[string]http.HandlerFunc{
		"/page":     says("", []byte(article)),
		"/found":    to("page#top", 302),
		"/moved":    to("/page", 301),
		"/moved2":   to("/moved", 308),
		"/half":     to("/found", 301),
		"/circle":   to("/circle2", 302),
		"/circle2":  to("/circle", 302),
		"/nowhere":  to("", 302),
		"/mad":      to("http://[::bad/", 302),
		"/mail":     to("mailto:a@example.org", 302),
		"/metadata": to("http://169.254.169.254/latest/meta-data/", 302),
		"/ten":      to("http://10.0.0.1/", 307),
		"/six":      to("http://[fd00::1]/", 302),
		"/mapped":   to("http://[::ffff:169.254.169.254]/", 302),
		"/decimal":  to("http://2130706433/", 302),
		"/octal":    to("http://0177.0.0.1/", 302),
		"/hex":      to("http://0x7f000001/", 302),
		"/zero":     to("http://0/", 302),
		"/file":     to("file:///etc/passwd", 302),
		"/user":     to("http://a:b@example.org/", 302),
		"/port":     to("http://1.1.1.1:25/", 302),
	}
	for i := range 9 {
		pages[fmt.Sprintf("/hop%d", i)] = to(fmt.Sprintf("/hop%d", i+1), 302)
	}
	srv := server(t, pages)
	c := client(t, allowed(t))
	for path, moved := range map[string]string{"/page": "", "/found": "", "/moved": "/page", "/moved2": "/page", "/half": "/found"} {
		a, err := c.Get(context.Background(), Request{URL: srv.URL + path, Named: true})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if moved != "" {
			moved = srv.URL + moved
		}
		if a.URL != srv.URL+"/page" || a.Moved != moved || string(a.Body) != article || a.Asked != srv.URL+path {
			t.Errorf("%s: %+v", path, a)
		}
	}
	for path, want := range map[string]Reason{"/circle": Redirect, "/nowhere": Redirect, "/mad": Redirect, "/mail": Refused, "/metadata": Refused, "/ten": Refused,
		"/six": Refused, "/mapped": Refused, "/decimal": Refused, "/octal": Refused, "/hex": Refused, "/zero": Refused, "/file": Refused, "/user": Refused,
		"/port": Refused, "/hop0": Redirect} {
		_, err := c.Get(context.Background(), Request{URL: srv.URL + path, Named: true})
		if reasonOf(err) != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "a:b@") {
			t.Errorf("the error tells a password: %v", err)
		}
	}
	o := allowed(t)
	o.Guard = Guard{} // loopback by redirect, without leave
	if _, err := client(t, o).Get(context.Background(), Request{URL: srv.URL + "/page", Named: true}); reasonOf(err) != Refused {
		t.Errorf("loopback without leave: %v", err)
	}
}

func TestConditional(t *testing.T) {
	const tag, day = `W/"one"`, "Sat, 08 Jun 2024 10:00:00 GMT"
	var agent string
	srv := server(t, map[string]http.HandlerFunc{
		"/page": func(w http.ResponseWriter, r *http.Request) {
			agent = r.UserAgent()
			w.Header().Set("ETag", tag)
			w.Header().Set("Last-Modified", day)
			w.Header().Set("Cache-Control", "public, max-age=600")
			if r.Header.Get("If-None-Match") == tag || r.Header.Get("If-Modified-Since") == day {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			io.WriteString(w, article)
		},
		"/unasked": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"/forged": func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("If-None-Match"); got != `"a"X-Evil: 1` {
				t.Errorf("%q", got)
			}
		},
	})
	o := allowed(t)
	o.Contact = "press@example.org (x;\ny)"
	c := client(t, o)
	a, err := c.Get(context.Background(), Request{URL: srv.URL + "/page"})
	if err != nil || a.NotModified || a.ETag != tag || a.Modified != day || a.MaxAge.Minutes() != 10 || string(a.Body) != article || a.Retrieved.IsZero() {
		t.Fatalf("%+v, %v", a, err)
	}
	if want := "Rapport/0.1 (+mailto:press@example.orgxy; reads news feeds)"; agent != want {
		t.Errorf("asked as %q, want %q", agent, want)
	}
	for _, r := range []Request{{ETag: tag}, {Modified: day}} {
		r.URL = srv.URL + "/page"
		if a, err := c.Get(context.Background(), r); err != nil || !a.NotModified || a.Body != nil || a.ETag != tag || a.Modified != day {
			t.Errorf("%+v: %+v, %v", r, a, err)
		}
	}
	if _, err := c.Get(context.Background(), Request{URL: srv.URL + "/unasked"}); reasonOf(err) != Status {
		t.Errorf("not modified, unasked: %v", err)
	}
	if _, err := c.Get(context.Background(), Request{URL: srv.URL + "/forged", ETag: "\"a\"\r\nX-Evil: 1"}); err != nil {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	srv := server(t, map[string]http.HandlerFunc{
		"/forbidden": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) },
		"/odd":       func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(299) },
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	c := client(t, allowed(t))
	for address, want := range map[string]string{
		srv.URL + "/gone":      "answers 404 Not Found",
		srv.URL + "/forbidden": "answers 403 Forbidden (try: save it with a browser and name the file)",
		srv.URL + "/odd":       "answers 299",
		closed:                 "there is no connection: connect: connection refused",
		"http://a b/":          "is no address: invalid character \" \" in host name",
		"ftp://example.org/":   `"ftp" is not http or https`,
	} {
		_, err := c.Get(context.Background(), Request{URL: address, Named: true})
		if err == nil || err.Error() != address+": cannot be fetched: "+want || rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	ctx, stop := context.WithCancelCause(context.Background())
	stop(errors.New("enough"))
	if _, err := c.Get(ctx, Request{URL: srv.URL + "/page"}); rapport.KindOf(err) != rapport.Stopped {
		t.Errorf("stopped: %v", err)
	}
}

func TestOpen(t *testing.T) {
	srv := server(t, map[string]http.HandlerFunc{
		"/page": says("gzip", pack(t, "gzip", article)),
		"/cut":  says("gzip", pack(t, "gzip", article)[:30]),
	})
	c := client(t, allowed(t))
	for range 2 { // the turn is given back
		a, err := c.Open(context.Background(), Request{URL: srv.URL + "/page", Named: true})
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(a.Stream)
		if err != nil || string(b) != article || a.Body != nil {
			t.Errorf("%q, %v", b, err)
		}
		if err := a.Stream.Close(); err != nil {
			t.Error(err)
		}
		a.Stream.Close()
		if _, err := a.Stream.Read(make([]byte, 1)); err == nil {
			t.Error("read after the end")
		}
	}
	a, err := c.Open(context.Background(), Request{URL: srv.URL + "/cut", Named: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Stream.Close()
	if _, err := io.ReadAll(a.Stream); err == nil || err.Error() != srv.URL+"/cut: cannot be fetched: is packed, and breaks off after 30 bytes" {
		t.Error(err)
	}
}
