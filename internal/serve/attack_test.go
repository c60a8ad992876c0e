package serve_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"

	"rapport"
	"rapport/internal/serve"
	"rapport/internal/serve/access"
	"rapport/internal/serve/api"
)

// The common attacks, each kept as a test. What is not here: SSRF (nothing that
// is served fetches an address).

const script = `<script>alert(1)</script><img src=x onerror=alert(2)>"'><svg onload=alert(3)>`

// TestStoredXSS: whatever a report holds comes back as data, under a policy that
// runs nothing, of a type that is no markup, not to be guessed at.
func TestStoredXSS(t *testing.T) {
	s := open(t)
	rep := rapport.Report{ID: "x", Title: script, Outlet: script, URL: "javascript:alert(1)", Published: "2026-01-01", Text: "AZE met EGY " + script + " on 2026-01-01."}
	b := fmt.Sprintf(`{"id": %q, "title": %q, "outlet": %q, "url": %q, "published": "2026-01-01", "text": %q}`, rep.ID, rep.Title, rep.Outlet, rep.URL, rep.Text)
	s.post("/reports", b).is(t, 201)
	n := 0
	for _, path := range []string{"/events?newest=true", "/events?format=csv", "/events?format=ndjson", "/claims?newest=true", "/claims?format=csv", "/reports/x", "/reports/x/text", "/reports?format=csv", "/search?q=alert",
		"/relations/AZE/EGY", "/briefs/AZE/EGY", "/briefs/AZE/EGY?format=html"} {
		a := s.get(path).is(t, 200)
		h := a.Header
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
			strings.Contains(h.Get("Content-Security-Policy"), "'unsafe-inline'; script") || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, h)
		}
		switch kind := h.Get("Content-Type"); {
		case strings.HasPrefix(kind, "text/html"):
			if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script-src") {
				t.Errorf("%s: %s", path, csp)
			}
			if strings.Contains(a.body, "<script>") || strings.Contains(a.body, "<img src=x") || strings.Contains(a.body, "<svg onload") || strings.Contains(a.body, `href="javascript:`) {
				t.Errorf("%s holds the script", path)
			}
		case strings.Contains(kind, "json"):
			if strings.Contains(a.body, "<script") {
				t.Errorf("%s holds markup as it stands", path)
			}
		}
		if strings.Contains(a.body, "alert") {
			n++
		}
	}
	if n < 10 {
		t.Errorf("only %d answers hold the text at all", n)
	}
}

// TestReflectedXSS: what a request says comes back as data only.
func TestReflectedXSS(t *testing.T) {
	s := open(t)
	q := url.QueryEscape(script)
	for _, path := range []string{"/events?" + q + "=1", "/events?pair=" + q, "/events?type=" + q, "/events?cursor=" + q, "/events/" + url.PathEscape(script), "/reports/" + url.PathEscape(script),
		"/" + url.PathEscape(script), "/relations/" + url.PathEscape(script) + "/EGY", "/briefs/AZE/EGY?format=" + q, "/search?q=" + q} {
		a := s.get(path)
		if kind := a.Header.Get("Content-Type"); strings.Contains(a.body, "<script") || strings.Contains(a.body, "<svg") || strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s: %s %s", path, kind, a.body)
		}
	}
	a := s.ask("GET", "/login?next="+q, "")
	if strings.Contains(a.body, "<script") {
		t.Error("/login gives the script back")
	}
}

// TestCrossSite: a page of another site can neither post with a user's cookie
// nor where no login is asked for.
func TestCrossSite(t *testing.T) {
	guarded, free := open(t, locked), open(t)
	guarded.accounts()
	c := cookieOf(guarded.login("anna", annaSays, "/"))
	for _, site := range []*site{guarded, free} {
		claim := `{"claim": "` + decode[page](t, site.get("/claims", c)).Items[0]["id"].(string) + `", "verdict": "reject"}`
		for _, evil := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.example", "Origin: null"} {
			site.post("/reviews", claim, c, evil).is(t, 403)
			site.ask("POST", "/logout", "", c, evil).is(t, 403)
			site.login("anna", annaSays, "/", evil).is(t, 403) // nor log somebody in as somebody else
		}
		if n := len(decode[page](t, site.get("/reviews", c)).Items); n != 0 {
			t.Errorf("%d reviews by other sites", n)
		}
		site.post("/reviews", claim, c, "Sec-Fetch-Site: same-origin").is(t, 201)
	}
	if a := guarded.get("/events", c, "Origin: https://evil.example").is(t, 200); a.Header.Get("Access-Control-Allow-Origin") != "" || a.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("another site may read: %v", a.Header)
	}
}

// TestSQLInjection: what is asked for is never part of a statement.
func TestSQLInjection(t *testing.T) {
	s := open(t)
	all := len(decode[page](t, s.get("/events")).Items)
	for _, evil := range []string{`' OR '1'='1`, `"; DROP TABLE event; --`, `1) OR 1=1 --`, `%' OR name LIKE '%`, "x' UNION SELECT hash FROM account --", `\x00`} {
		q := url.QueryEscape(evil)
		for _, path := range []string{"/events?place=" + q, "/events?outlet=" + q, "/events?text=" + q + "zzz", "/reports?outlet=" + q, "/claims?report=" + q, "/reviews?claim=" + q, "/merges?claim=" + q} {
			if a := s.get(path).is(t, 200); len(decode[page](t, a).Items) != 0 {
				t.Errorf("%s: %.200s", path, a.body)
			}
		}
		for _, path := range []string{"/events/" + url.PathEscape(evil), "/claims/" + url.PathEscape(evil), "/reports/" + url.PathEscape(evil)} {
			s.get(path).is(t, 404)
		}
		for _, path := range []string{"/events?pair=" + q, "/events?type=" + q, "/events?status=" + q, "/events?since=" + q, "/events?cursor=" + q, "/events?limit=" + q, "/relations?party=" + q} {
			s.get(path).is(t, 400)
		}
		if a := s.get("/search?q=" + q); a.StatusCode != 200 && a.StatusCode != 400 {
			t.Errorf("search for %s: %d", evil, a.StatusCode)
		}
		if a := s.login(evil, evil, "/"); a.StatusCode != 401 && a.StatusCode != 429 {
			t.Errorf("login as %s: %d", evil, a.StatusCode)
		}
	}
	if n := len(decode[page](t, s.get("/events")).Items); n != all {
		t.Errorf("%d events are left of %d", n, all)
	}
}

// TestPathTraversal: no address leads to a file.
func TestPathTraversal(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/api/v1/reports/..%2f..%2fetc%2fpasswd", "/api/v1/reports/%2e%2e/%2e%2e/etc/passwd", "/api/v1/..%2f..%2fr.db", "/api/v1/try.js/../../../go.mod", "/..%2f..%2fr.db.serve", "/api/v1/%5c..%5cr.db", "/api/v1/reports/%00"} {
		a := s.ask("GET", path, "")
		if a.StatusCode != 404 && a.StatusCode != 301 && a.StatusCode != 307 && a.StatusCode != 400 || strings.Contains(a.body, "root:") || strings.Contains(a.body, "SQLite") {
			t.Errorf("%s: %d %.100s", path, a.StatusCode, a.body)
		}
	}
	for _, id := range []string{"../up", `..\up`, strings.Repeat("x", 300)} {
		s.post("/reports?id="+url.QueryEscape(id), "AZE met EGY.").is(t, 400)
	}
	if a := s.login("x", "y", "//evil.example/"); strings.Contains(a.Header.Get("Location"), "evil") {
		t.Errorf("Location: %s", a.Header.Get("Location"))
	}
}

// TestOpenRedirect: a login goes on within this server.
func TestOpenRedirect(t *testing.T) {
	s := open(t, locked)
	s.accounts()
	for next, want := range map[string]string{"/AZE/EGY": "/AZE/EGY", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/", "javascript:alert(1)": "/", "": "/", "x": "/", "/a\r\nSet-Cookie: a=b": "/"} {
		a := s.login("anna", annaSays, next).is(t, 303)
		if got := a.Header.Get("Location"); got != want {
			t.Errorf("next=%q goes on at %q, want %q", next, got, want)
		}
		s.clock.pass(time.Minute)
	}
}

// TestSessionFixation: an id that a browser brings is never made a session, and
// the one it had ends at login.
func TestSessionFixation(t *testing.T) {
	s := open(t, locked)
	s.accounts()
	chosen := "Cookie: rapport=chosen-by-somebody-else"
	a := s.login("anna", annaSays, "/", chosen).is(t, 303)
	s.get("/events", chosen).is(t, 401)
	first := cookieOf(a)
	second := cookieOf(s.login("anna", annaSays, "/", first))
	if first == second {
		t.Fatal("the id stays")
	}
	s.get("/events", first).is(t, 401)
	s.get("/events", second).is(t, 200)
}

// TestRebinding: a name that is not ours is refused though it leads here, and so
// is what a proxy passes on where nobody need log in.
func TestRebinding(t *testing.T) {
	s := open(t)
	for _, host := range []string{"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "[::2]", "0.0.0.0"} {
		s.get("/events", "Host: "+host).is(t, 421)
		s.post("/reviews", "{}", "Host: "+host).is(t, 421)
		s.ask("GET", "/healthz", "", "Host: "+host).is(t, 421)
	}
	for _, host := range []string{"localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:1", "[::1]:8080", "localhost."} {
		s.get("/events", "Host: "+host).is(t, 200)
	}
	for _, h := range []string{"X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1", "Via: 1.1 proxy"} {
		s.get("/events", h).is(t, 403)
	}
	named := open(t, locked, func(c *serve.Config, _ *api.Config) { c.Guard.Hosts = []string{"rapport.example"} })
	named.accounts()
	tk := named.token("bob", access.Read)
	named.get("/events", tk, "Host: rapport.example").is(t, 200)
	named.get("/events", tk, "Host: other.example").is(t, 421)
}

// TestForwarded: only with a proxy is its word on the client's address taken,
// and of several only the last, which is its own.
func TestForwarded(t *testing.T) {
	for proxy, want := range map[bool]string{true: "192.0.2.7", false: "127.0.0.1"} {
		s := open(t, func(c *serve.Config, _ *api.Config) { c.Proxy, c.Login = proxy, true })
		s.accounts()
		s.login("anna", "wrong", "/", "X-Forwarded-For: 203.0.113.1, 192.0.2.7")
		es, err := s.store.Trail(t.Context(), 0, 1)
		if err != nil || len(es) != 1 || es[0].Remote != want {
			t.Errorf("proxy %v: %+v %v", proxy, es, err)
		}
	}
}

// TestBombs: a small body that unpacks to a large one is refused without being
// unpacked whole.
func TestBombs(t *testing.T) {
	s := open(t, func(_ *serve.Config, a *api.Config) { a.MaxBody = 1 << 20 })
	var gz, zs, twice bytes.Buffer
	z := gzip.NewWriter(&gz)
	io.CopyN(z, zeros{}, 64<<20)
	z.Close()
	e, err := zstd.NewWriter(&zs)
	if err != nil {
		t.Fatal(err)
	}
	io.CopyN(e, zeros{}, 64<<20)
	e.Close()
	z = gzip.NewWriter(&twice)
	z.Write(gz.Bytes())
	z.Close()
	for _, path := range []string{"/reports", "/code", "/reviews", "/merges"} {
		s.post(path, gz.String(), "Content-Encoding: gzip").is(t, 413)
		s.post(path, zs.String(), "Content-Encoding: zstd").is(t, 413)
		s.post(path, strings.Repeat("x", 1<<20+1)).is(t, 413)
	}
	s.post("/reports", twice.String(), "Content-Encoding: gzip").is(t, 415)              // an archive within
	s.post("/reports", twice.String(), "Content-Encoding: gzip, gzip").is(t, 415)        // no such coding
	s.post("/reports", `{"text": "`+strings.Repeat("x", 300<<10)+`"}`).is(t, 422)        // one text too long
	s.post("/reports", strings.Repeat(`{"text": "AZE met EGY."}`+"\n", 1001)).is(t, 413) // too many
	s.post("/reviews", strings.Repeat("[", 1<<19)).is(t, 400)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// raw sends bytes as they are and returns the answers' status lines.
func raw(t *testing.T, s *site, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	go io.Copy(conn, strings.NewReader(text)) // the server may hang up in between
	var out []string
	r := bufio.NewReader(conn)
	for {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return strings.Join(out, " ")
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		out = append(out, res.Status[:3])
		if res.Close {
			return strings.Join(out, " ")
		}
	}
}

// TestSmuggling: requests on whose length two readers could differ are refused,
// or their connection ends with them.
func TestSmuggling(t *testing.T) {
	s := open(t)
	s.server.Config.MaxHeaderBytes = 32 << 10
	inner := "GET /api/v1/trail HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	for name, c := range map[string]struct{ text, want string }{
		"two lengths":            {"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 60\r\n\r\nhello" + inner, "400"},
		"no length":              {"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n" + inner, "400"},
		"negative length":        {"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n" + inner, "400"},
		"unknown coding":         {"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner, "501"},
		"two codings":            {"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner, "400 501"},
		"length and coding":      {"POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n" + inner, "400"},
		"blank before the colon": {"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length : 4\r\n\r\n" + inner, "400"},
		"two hosts":              {"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n" + inner, "400"},
		"no host":                {"GET /api/v1/events HTTP/1.1\r\n\r\n" + inner, "400"},
		"a host in the line":     {"GET http://evil.example/api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "421"},
		"a long header":          {"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", "431"},
		"a long line":            {"GET /api/v1/events?text=" + strings.Repeat("x", 64<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "431"},
	} {
		got := raw(t, s, c.text)
		if !strings.Contains(c.want, got) || got == "" {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestSlowClients: who does not send a request in time is hung up on, and others
// are answered meanwhile.
func TestSlowClients(t *testing.T) {
	s := open(t)
	s.server.Close()
	// The limits are the server's own; here they are shortened.
	srv := &http.Server{Handler: s.conf.Handler(), ReadHeaderTimeout: 50 * time.Millisecond, ReadTimeout: 100 * time.Millisecond}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go srv.Serve(l)
	defer srv.Close()
	for name, begin := range map[string]string{
		"header": "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nX: ",
		"body":   "POST /api/v1/code HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nAZE",
	} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, begin)
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		b, err := io.ReadAll(conn) // ends when the server hangs up
		if err != nil && !strings.Contains(err.Error(), "reset") || strings.Contains(string(b), "200 OK") {
			t.Errorf("%s: %v %s", name, err, b)
		}
		conn.Close()
	}
	res, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil || res.StatusCode != 200 {
		t.Errorf("afterwards: %v %v", res, err)
	}
	res.Body.Close()
}

// TestBrokenBody: a body that breaks off is no report.
func TestBrokenBody(t *testing.T) {
	s := open(t)
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.server.URL+api.Prefix+"/reports?id=half", io.MultiReader(strings.NewReader("AZE met EGY "), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := s.client.Do(req); err == nil {
		res.Body.Close()
		t.Errorf("%d", res.StatusCode)
	}
	s.get("/reports/half").is(t, 404)
}

// TestNothingLeaks: errors tell neither paths nor words of the database.
func TestNothingLeaks(t *testing.T) {
	s := open(t)
	path := s.rec.Path()
	if err := s.rec.Close(); err != nil {
		t.Fatal(err)
	}
	for _, ask := range []string{"/events", "/reports/a", "/relations", "/search?q=met", "/stats"} {
		a := s.get(ask)
		if a.StatusCode < 500 || strings.Contains(a.body, path) || strings.Contains(strings.ToLower(a.body), "sql") {
			t.Errorf("%s: %d %s", ask, a.StatusCode, a.body)
		}
	}
}
