package serve_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/internal/serve"
	"rapport/internal/serve/access"
	"rapport/internal/serve/api"
)

// TestWhoMayDoWhat: every route asks for its role, of a session and of a token.
func TestWhoMayDoWhat(t *testing.T) {
	s := open(t, locked)
	s.accounts()
	read, review, ingest, admin := s.token("bob", access.Read), s.token("bob", access.Review), s.token("bob", access.Ingest), s.token("bob", access.Admin)
	who := map[string]string{"nobody": "X: y", "read": read, "review": review, "ingest": ingest, "admin": admin}
	for _, c := range []struct{ method, path, role string }{
		{"GET", "/events", "read"}, {"GET", "/events/ev-x", "read"}, {"GET", "/claims", "read"}, {"GET", "/reports", "read"}, {"GET", "/reports/a/text", "read"}, {"GET", "/relations", "read"},
		{"GET", "/relations/AZE/EGY", "read"}, {"GET", "/briefs/AZE/EGY", "read"}, {"GET", "/search?q=met", "read"}, {"GET", "/reviews", "read"}, {"GET", "/merges", "read"}, {"GET", "/stats", "read"},
		{"POST", "/code", "read"}, {"POST", "/reports", "ingest"}, {"POST", "/reviews", "review"}, {"POST", "/reviews/1/undo", "review"}, {"POST", "/merges", "review"}, {"POST", "/merges/1/undo", "review"},
		{"GET", "/trail", "admin"},
	} {
		for name, header := range who {
			got := s.ask(c.method, api.Prefix+c.path, "", header).StatusCode
			switch may := name == c.role || name == "admin"; {
			case name == "nobody" && got != 401, name != "nobody" && !may && got != 403, may && (got == 401 || got == 403):
				t.Errorf("%s %s as %s: %d", c.method, c.path, name, got)
			}
		}
	}
	for _, path := range []string{"/openapi.json", "/"} { // what tells nothing of the record is for everybody
		s.get(path).is(t, 200)
	}
}

// TestTokens: a token may no more than its account, ends when it says, and when
// it or its account is taken away; of a scheme for readers of feeds too.
func TestTokens(t *testing.T) {
	s := open(t, locked)
	s.accounts()
	wide := s.token("anna", access.Read, access.Ingest)
	s.get("/events", wide).is(t, 200)
	s.post("/reports", "x", wide).is(t, 403)
	req, _ := http.NewRequest("GET", "/", nil)
	req.SetBasicAuth("anna", strings.TrimPrefix(wide, "Authorization: Bearer "))
	s.get("/events", "Authorization: "+req.Header.Get("Authorization")).is(t, 200)
	for _, bad := range []string{"Bearer ", "Bearer rapport_", "Bearer " + wide, "Basic zzz", wide[len("Authorization: "):] + "x", "Bearer rapport_x_y' OR '1'='1"} {
		s.get("/events", "Authorization: "+bad).is(t, 401)
	}
	s.clock.pass(25 * time.Hour)
	s.get("/events", wide).is(t, 401)
	other := s.token("anna", access.Read)
	ts, err := s.store.Tokens(t.Context(), "anna")
	if err != nil || len(ts) != 2 {
		t.Fatalf("%v %v", ts, err)
	}
	for _, tk := range ts {
		if err := s.store.RevokeToken(t.Context(), tk.ID); err != nil {
			t.Fatal(err)
		}
	}
	s.get("/events", other).is(t, 401)
	third := s.token("anna", access.Read)
	if err := s.store.RemoveAccount(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	s.get("/events", third).is(t, 401)
	for _, end := range []time.Duration{-time.Hour, 400 * 24 * time.Hour} {
		if _, _, err := s.store.NewToken(t.Context(), "bob", "", []access.Role{access.Read}, s.clock.now().Add(end)); rapport.KindOf(err) != rapport.Usage {
			t.Errorf("a token that ends in %v: %v", end, err)
		}
	}
}

func (s *site) login(name, password, next string, header ...string) answer {
	s.Helper()
	form := url.Values{"name": {name}, "password": {password}, "next": {next}}
	return s.ask("POST", "/login", form.Encode(), append(header, "Content-Type: application/x-www-form-urlencoded")...)
}

func cookieOf(a answer) string {
	for _, c := range a.Cookies() {
		return "Cookie: " + c.Name + "=" + c.Value
	}
	return ""
}

// TestSessions: in, out, too late; and a new password ends them.
func TestSessions(t *testing.T) {
	s := open(t, locked)
	s.accounts()
	a := s.login("anna", annaSays, "/AZE/EGY?x=1")
	if a.is(t, 303).Header.Get("Location") != "/AZE/EGY?x=1" {
		t.Errorf("goes on at %s", a.Header.Get("Location"))
	}
	set := a.Header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(set, want) {
			t.Errorf("Set-Cookie has no %s: %s", want, set)
		}
	}
	c := cookieOf(a)
	s.get("/events", c).is(t, 200)
	s.post("/reports", "x", c).is(t, 403)
	s.ask("POST", "/logout", "", c).is(t, 303)
	s.get("/events", c).is(t, 401)
	c = cookieOf(s.login("anna", annaSays, "/"))
	s.clock.pass(11 * time.Hour)
	s.get("/events", c).is(t, 200)
	s.clock.pass(13 * time.Hour)
	s.get("/events", c).is(t, 401)
	c = cookieOf(s.login("anna", annaSays, "/"))
	for range 7 * 24 {
		s.clock.pass(time.Hour)
		s.get("/events", c)
	}
	s.clock.pass(time.Hour)
	s.get("/events", c).is(t, 401) // used all the time, but a week old
	c = cookieOf(s.login("anna", annaSays, "/"))
	if err := s.store.SetAccount(t.Context(), "anna", "yet another password here", nil); err != nil {
		t.Fatal(err)
	}
	s.get("/events", c).is(t, 401)
	for _, bad := range [][2]string{{"anna", annaSays}, {"nobody", annaSays}, {"", ""}, {"anna", strings.Repeat("x", 5000)}} {
		if a := s.login(bad[0], bad[1], "/"); a.StatusCode != 401 || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%q: %d", bad[0], a.StatusCode)
		}
		s.clock.pass(time.Minute)
	}
	if a := s.login("anna", "no", "/x", "Accept: text/html"); a.StatusCode != 303 || a.Header.Get("Location") != "/login?failed=1&next=%2Fx" {
		t.Errorf("a browser is sent to %s", a.Header.Get("Location"))
	}
	b, err := os.ReadFile(access.Beside(s.rec.Path()))
	if err != nil {
		t.Fatal(err)
	}
	wal, _ := os.ReadFile(access.Beside(s.rec.Path()) + "-wal")
	for _, secret := range []string{annaSays, bobSays, strings.TrimPrefix(c, "Cookie: rapport=")} {
		if strings.Contains(string(b)+string(wal), secret) {
			t.Error("a secret stands in the store")
		}
	}
}

// TestTLSCookie: by TLS the cookie is for this host and for TLS alone.
func TestTLSCookie(t *testing.T) {
	s := open(t, func(c *serve.Config, _ *api.Config) { c.Proxy = true })
	s.accounts()
	a := s.login("anna", annaSays, "/").is(t, 303)
	if set := a.Header.Get("Set-Cookie"); !strings.HasPrefix(set, "__Host-rapport=") || !strings.Contains(set, "Secure") || strings.Contains(set, "Domain") {
		t.Errorf("Set-Cookie: %s", set)
	}
	if a.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

// TestTrail: what changed something, and who was refused, is on the trail.
func TestTrail(t *testing.T) {
	s := open(t, locked)
	s.accounts()
	s.login("anna", "wrong", "/")
	c := cookieOf(s.login("anna", annaSays, "/"))
	s.get("/events", c).is(t, 200)
	s.get("/trail", c).is(t, 403)
	s.post("/reviews", `{"claim": "`+decode[page](t, s.get("/claims", c)).Items[0]["id"].(string)+`", "verdict": "accept"}`, c).is(t, 201)
	s.post("/reports?id=new", "AZE met GEO.", s.token("bob", access.Ingest)).is(t, 201)
	es, err := s.store.Trail(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range es {
		if e.Time == "" || e.Remote != "127.0.0.1" || (e.Token != "") != (e.Account == "bob") {
			t.Errorf("%+v", e)
		}
		got = append([]string{e.Account + " " + e.Action + " " + http.StatusText(e.Status) + " " + e.What}, got...)
	}
	want := []string{"anna login Unauthorized ", "anna login See Other ", "anna GET /api/v1/trail Forbidden ", "anna POST /api/v1/reviews Created ", "bob POST /api/v1/reports Created /api/v1/reports/new"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the trail:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestRefusesToStart: no server without TLS, or without an account, where
// strangers could reach it.
func TestRefusesToStart(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		conf serve.Config
		want string // in the error; "" is none
	}{
		{serve.Config{Addr: "localhost:0"}, ""},
		{serve.Config{Addr: "127.0.0.1:0"}, ""},
		{serve.Config{Addr: "[::1]:0"}, ""},
		{serve.Config{Addr: ":0"}, "in the clear over every address"},
		{serve.Config{Addr: "0.0.0.0:0"}, "in the clear"},
		{serve.Config{Addr: "192.0.2.1:0"}, "in the clear"},
		{serve.Config{Addr: "localhost.example.org:0"}, "in the clear"},
		{serve.Config{Addr: ":0", CertFile: "c"}, "a certificate and its key"},
		{serve.Config{Addr: ":0", CertFile: "c", KeyFile: "k"}, "holds no account"},
		{serve.Config{Addr: ":0", Proxy: true}, "holds no account"},
		{serve.Config{Addr: "localhost:0", Proxy: true}, "holds no account"},
		{serve.Config{Addr: "localhost:0", Login: true}, "holds no account"},
		{serve.Config{Addr: "nowhere"}, "no address"},
	} {
		c.conf.Guard.Store = s.store
		err := c.conf.Check(t.Context(), "r.db")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || rapport.KindOf(err) != rapport.Usage) {
			t.Errorf("%+v: %v, want %q", c.conf.Addr, err, c.want)
		}
	}
	s.accounts()
	c := serve.Config{Addr: ":0", Proxy: true}
	c.Guard.Store = s.store
	if err := c.Check(t.Context(), "r.db"); err != nil {
		t.Errorf("with an account: %v", err)
	}
}

// TestPrivateStore: others on the machine may not read hashes, and a record is
// not taken for a store.
func TestPrivateStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	st, err := access.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SetAccount(t.Context(), "anna", annaSays, []access.Role{access.Read}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if fi, err := os.Stat(name); err != nil || fi.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, fi.Mode(), err)
		}
	}
	for _, c := range []struct {
		name, password string
		roles          []access.Role
	}{{"anna", "short", nil}, {"anna", "my name is anna, you know", nil}, {"an na", annaSays, nil}, {"", annaSays, nil}, {"rule:x", annaSays, nil}, {"eve", annaSays, nil},
		{"eve", annaSays, []access.Role{"root"}}, {"local", annaSays, []access.Role{access.Read}}, {"anna", strings.Repeat("x", 2000), nil}} {
		if err := st.SetAccount(t.Context(), c.name, c.password, c.roles); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := access.Open(t.Context(), path, time.Now); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("readable by others: %v", err)
	}
	s := open(t)
	if err := os.Chmod(s.rec.Path(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := access.Open(t.Context(), s.rec.Path(), time.Now); err == nil || !strings.Contains(err.Error(), "is a record") {
		t.Errorf("a record as a store: %v", err)
	}
}

// TestRates: who asks too often waits, by account and by address; logins are
// counted by themselves.
func TestRates(t *testing.T) {
	s := open(t, locked, func(c *serve.Config, _ *api.Config) { c.Guard.Rate = 2 })
	s.accounts()
	tk := s.token("bob", access.Read)
	for range 8 {
		s.get("/stats", tk).is(t, 200)
	}
	a := s.get("/stats", tk).is(t, 429)
	if a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	s.get("/stats").is(t, 401) // somebody else at the same address
	s.clock.pass(time.Second)
	s.get("/stats", tk).is(t, 200)
	s.clock.pass(time.Hour)
	for range 5 {
		s.login("anna", "guess", "/").is(t, 401)
	}
	s.login("anna", annaSays, "/").is(t, 429)
	s.clock.pass(10 * time.Second)
	s.login("anna", annaSays, "/").is(t, 303)
}

// TestStopLosesNothing: a post that is being worked on when the server is told
// to stop is answered, and what it says is kept is there.
func TestStopLosesNothing(t *testing.T) {
	s := open(t)
	s.toy.hold, s.toy.held = make(chan struct{}), make(chan struct{})
	hold := s.toy.hold
	ctx, stop := context.WithCancel(t.Context())
	addr := make(chan string, 1)
	done := make(chan error, 1)
	go func() { done <- s.conf.Run(ctx, func(a string) { addr <- a }) }()
	base := <-addr
	posted := make(chan *http.Response, 1)
	go func() {
		res, err := http.Post(base+api.Prefix+"/reports?id=late", "text/plain", strings.NewReader("AZE met GEO on 2026-01-01."))
		if err != nil {
			t.Error(err)
		}
		posted <- res
	}()
	<-s.toy.held
	stop()
	for { // no new ones from now on
		res, err := http.Get(base + "/healthz")
		if err != nil {
			break
		}
		res.Body.Close()
	}
	close(hold)
	if res := <-posted; res != nil {
		res.Body.Close()
		if res.StatusCode != 201 {
			t.Errorf("the post at work got %d", res.StatusCode)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if rep, err := s.rec.Report(t.Context(), "late"); err != nil || rep.Text == "" {
		t.Errorf("%v %v", rep, err)
	}
}
