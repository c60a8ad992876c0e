package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/record"
	"rapport/internal/serve/servetest"
)

// TestSign holds the signature to the example of the Standard Webhooks.
func TestSign(t *testing.T) {
	got, err := Sign([]string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got, err)
	}
	if _, err := Sign([]string{"short"}, "x", time.Time{}, nil); err == nil {
		t.Error("a secret that is none signs")
	}
}

// got is a request that an address got.
type got struct {
	path, id, signature string
	at                  time.Time
	body                []byte
}

// ear is an address that answers what it is told to and keeps what it gets.
type ear struct {
	*httptest.Server
	mu      sync.Mutex
	got     []got
	answers []int // the next ones; then 204
	header  http.Header
}

func listen(t *testing.T) *ear {
	e := &ear{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		at, _ := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
		e.mu.Lock()
		defer e.mu.Unlock()
		e.got = append(e.got, got{r.URL.Path, r.Header.Get("webhook-id"), r.Header.Get("webhook-signature"), time.Unix(at, 0).UTC(), b})
		code := 204
		if len(e.answers) > 0 {
			code, e.answers = e.answers[0], e.answers[1:]
		}
		for k, v := range e.header {
			w.Header()[k] = v
		}
		w.WriteHeader(code)
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *ear) heard() []got {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]got(nil), e.got...)
}

var loopback = fetch.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

// bench is a sender over a record with a clock that stands.
type bench struct {
	*Sender
	rec   *record.Record
	store *Store
	now   time.Time
	mu    sync.Mutex
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{rec: servetest.Record(t), now: time.Date(2024, 6, 10, 12, 0, 0, 0, time.UTC)}
	var err error
	if b.store, err = OpenStore(filepath.Join(t.TempDir(), "hooks")); err != nil {
		t.Fatal(err)
	}
	b.open(t)
	return b
}

// open makes the sender anew, as a process does that starts.
func (b *bench) open(t *testing.T) {
	t.Helper()
	if b.Sender != nil {
		b.Sender.Close()
	}
	var err error
	b.Sender, err = New(Config{Record: b.rec, Store: b.store, Guard: loopback, PlainHTTP: true, Now: func() time.Time { b.mu.Lock(); defer b.mu.Unlock(); return b.now }})
	if err != nil {
		t.Fatal(err)
	}
	s := b.Sender
	t.Cleanup(func() { s.Close() })
}

func (b *bench) watch(t *testing.T, filter, address string) List {
	t.Helper()
	last, err := b.rec.LastClaim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.store.Add(List{Name: "test", Filter: filter, URL: address}, last)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (b *bench) round(t *testing.T) {
	t.Helper()
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// news keeps a report with one act.
func (b *bench) news(t *testing.T, id, parties string) {
	t.Helper()
	servetest.Keep(t, b.rec, servetest.Report{Report: rapport.Report{ID: id, Outlet: "Wire", Published: "2024-06-10"},
		Told: []servetest.Act{{Sentence: "News " + id + ".", Type: "SUPPORT", Parties: parties, Date: "2024-06-10"}}})
}

func TestTold(t *testing.T) {
	b, e := newBench(t), listen(t)
	l := b.watch(t, "pair=AZE-EGY", e.URL+"/a")
	b.watch(t, "party=FRA", e.URL+"/b")
	b.round(t)
	if n := e.heard(); len(n) != 0 {
		t.Fatalf("what was there before is told: %v", n)
	}
	b.news(t, "thanks", "EGY > AZE")
	b.news(t, "else", "PER > CHL")
	b.round(t)
	b.round(t)
	n := e.heard()
	if len(n) != 1 || n[0].path != "/a" || !n[0].at.Equal(b.now) || !strings.HasPrefix(n[0].id, "msg_") {
		t.Fatalf("%+v", n)
	}
	if want, err := Sign(l.Secrets, n[0].id, n[0].at, n[0].body); err != nil || n[0].signature != want {
		t.Errorf("signed %s, want %s, %v", n[0].signature, want, err)
	}
	var m struct {
		Type      string
		Timestamp time.Time
		Data      struct {
			Watchlist struct{ ID, Name string }
			Title     string
			New       []string
			Event     struct {
				rapport.Event
				Told []struct{ Claim, Sentence, Outlet, Published string }
			}
		}
	}
	if err := json.Unmarshal(n[0].body, &m); err != nil {
		t.Fatal(err)
	}
	d := m.Data
	if m.Type != "event.told" || !m.Timestamp.Equal(b.now) || d.Watchlist.ID != l.ID || d.Watchlist.Name != "test" || len(d.New) != 1 || d.Event.Event.Event != "SUPPORT" ||
		len(d.Event.Told) != 1 || d.Event.Told[0].Claim != d.New[0] || d.Event.Told[0].Sentence != "News thanks." || d.Event.Told[0].Outlet != "Wire" || !strings.HasPrefix(d.Title, "Egypt → Azerbaijan") {
		t.Errorf("%s", n[0].body)
	}
	if waiting, err := b.store.Waiting(l.ID); err != nil || waiting != 0 {
		t.Errorf("%d wait, %v", waiting, err)
	}
}

// TestTriedAgain: after a failure a list is left alone for longer and longer,
// a message keeps its id, and all are told in the end, in order.
func TestTriedAgain(t *testing.T) {
	b, e := newBench(t), listen(t)
	l := b.watch(t, "party=PER", e.URL)
	e.answers = []int{500, 302, 404}
	b.news(t, "one", "PER > CHL")
	b.news(t, "two", "PER > BOL")
	b.round(t)
	b.round(t) // not due
	if n := len(e.heard()); n != 1 {
		t.Fatalf("%d tries", n)
	}
	b.later(6 * time.Second)
	b.round(t)
	b.later(6 * time.Second) // ten are asked for now
	b.round(t)
	if n := len(e.heard()); n != 2 {
		t.Fatalf("%d tries", n)
	}
	b.open(t) // what was tried how often is on the disk
	b.later(24 * time.Hour)
	b.round(t)
	b.later(24 * time.Hour)
	b.round(t)
	n := e.heard()
	if len(n) != 5 || n[0].id != n[1].id || n[2].id != n[1].id || n[3].id != n[1].id || n[4].id == n[0].id || string(n[0].body) != string(n[3].body) || n[3].at.Equal(n[0].at) || n[3].signature == n[0].signature {
		for _, g := range n {
			t.Logf("%s at %s: %.60s", g.id, g.at, g.body)
		}
		t.Errorf("%d tries", len(n))
	}
	if waiting, err := b.store.Waiting(l.ID); err != nil || waiting != 0 {
		t.Errorf("%d wait, %v", waiting, err)
	}
}

func TestRetryAfter(t *testing.T) {
	b, e := newBench(t), listen(t)
	b.watch(t, "", e.URL)
	e.answers, e.header = []int{429}, http.Header{"Retry-After": {"3600"}}
	b.news(t, "one", "PER > CHL")
	b.round(t)
	b.later(59 * time.Minute)
	b.round(t)
	if n := len(e.heard()); n != 1 {
		t.Errorf("%d tries before its time", n)
	}
	b.later(2 * time.Minute)
	b.round(t)
	if n := len(e.heard()); n != 2 {
		t.Errorf("%d tries after its time", n)
	}
}

func TestGone(t *testing.T) {
	b, e := newBench(t), listen(t)
	l := b.watch(t, "", e.URL)
	e.answers = []int{410}
	b.news(t, "one", "PER > CHL")
	b.round(t)
	b.later(24 * time.Hour)
	b.round(t)
	l, err := b.store.Get(l.ID)
	if n := len(e.heard()); err != nil || n != 1 || !strings.Contains(l.Paused, "410") {
		t.Fatalf("%d tries, %+v, %v", n, l, err)
	}
	l.Paused = "" // someone has mended it
	if err := b.store.Put(l); err != nil {
		t.Fatal(err)
	}
	b.round(t)
	if n := len(e.heard()); n != 2 {
		t.Errorf("%d tries: what was to be sent is lost", n)
	}
}

// TestStopped: a stop while a message is on its way counts as no failure.
func TestStopped(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopping := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	t.Cleanup(stopping.Close)
	l := b.watch(t, "", stopping.URL)
	b.news(t, "one", "PER > CHL")
	if err := b.Round(ctx); err != nil {
		t.Fatal(err)
	}
	names, err := b.store.messages(l.ID)
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	if m, err := b.store.message(l.ID, names[0]); err != nil || m.Attempts != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestBetween stops at each place where a process may be killed and goes on
// anew: nothing is lost, and what is sent twice has the same id.
func TestBetween(t *testing.T) {
	b, e := newBench(t), listen(t)
	l := b.watch(t, "party=PER", e.URL)
	start, err := b.store.after(l.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.news(t, "one", "PER > CHL")
	if err := b.collect(t.Context(), &l); err != nil {
		t.Fatal(err)
	}
	// Killed after the outbox was written, before how far it is; then more came.
	if err := b.store.setAfter(l.ID, start); err != nil {
		t.Fatal(err)
	}
	b.news(t, "two", "PER > CHL")
	b.open(t)
	names, err := b.store.messages(l.ID)
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	kept, err := os.ReadFile(b.store.path("outbox", l.ID, names[0]))
	if err != nil {
		t.Fatal(err)
	}
	b.round(t)
	n := e.heard()
	claims := 0
	for _, g := range n {
		claims += strings.Count(string(g.body), `"sentence":"News `)
	}
	if claims != 2 {
		t.Fatalf("%d sentences are told in %d messages", claims, len(n))
	}
	// Killed after it was sent, before it left the outbox.
	if err := os.WriteFile(b.store.path("outbox", l.ID, names[0]), kept, 0o600); err != nil {
		t.Fatal(err)
	}
	b.open(t)
	b.round(t)
	again := e.heard()
	if len(again) != len(n)+1 || !strings.Contains(names[0], again[len(n)].id) {
		t.Errorf("%d messages, then %d", len(n), len(again))
	}
	// A file half written is no message.
	if err := os.WriteFile(b.store.path("outbox", l.ID, ".new-1"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.round(t)
	if len(e.heard()) != len(again) {
		t.Error("something is sent again")
	}
}

const childVariable = "RAPPORT_TEST_HOOKS"

// TestKilled kills a sender's process while its message is on its way, and
// wants the next to send it with the same id.
func TestKilled(t *testing.T) {
	if at := os.Getenv(childVariable); at != "" {
		sendUntilKilled(t, at)
		return
	}
	b := newBench(t)
	b.Sender.Close() // the child sends
	var child *exec.Cmd
	var ids []string
	var mu sync.Mutex
	killed := make(chan struct{}, 1)
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, r.Header.Get("webhook-id"))
		if len(ids) == 1 {
			child.Process.Kill()
			killed <- struct{}{}
		}
	}))
	t.Cleanup(e.Close)
	l := b.watch(t, "", e.URL)
	b.news(t, "one", "PER > CHL")
	b.news(t, "two", "BOL > CHL")
	mu.Lock()
	child = exec.Command(os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), childVariable+"="+b.rec.Path()+"|"+b.store.dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	mu.Unlock()
	<-killed
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
	b.Sender = nil
	b.open(t)
	b.round(t)
	if len(ids) != 3 || ids[0] != ids[1] || ids[2] == ids[0] {
		t.Errorf("%v", ids)
	}
	if waiting, err := b.store.Waiting(l.ID); err != nil || waiting != 0 {
		t.Errorf("%d wait, %v", waiting, err)
	}
}

func sendUntilKilled(t *testing.T, at string) {
	path, dir, _ := strings.Cut(at, "|")
	rec, err := record.Open(t.Context(), path, record.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	store, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Record: rec, Store: store, Guard: loopback, PlainHTTP: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Run(t.Context())
}

// TestRun is woken, sends, and ends with its context.
func TestRun(t *testing.T) {
	b := newBench(t)
	heard := make(chan string, 9)
	e := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { heard <- r.Header.Get("webhook-id") }))
	t.Cleanup(e.Close)
	b.watch(t, "", e.URL)
	b.Poll = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	b.news(t, "one", "PER > CHL")
	b.Wake()
	if id := <-heard; id == "" {
		t.Error("no id")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestInward: nothing inside is reached, by number, by name or by redirect.
func TestInward(t *testing.T) {
	e := listen(t)
	port := e.URL[strings.LastIndex(e.URL, ":"):]
	outward := newBench(t)
	outward.Sender.Close()
	s, err := New(Config{Record: outward.rec, Store: outward.store, PlainHTTP: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]",
		"224.0.0.1", "[ff02::1]", "100.64.0.1", "192.0.2.1", "[2001:db8::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "240.0.0.1", "255.255.255.255", "127.1", "2130706433", "0x7f000001"} {
		l := outward.watch(t, "", "http://"+host+port+"/x")
		if f := s.post(t.Context(), &l, &message{ID: "msg_1", Body: []byte("{}")}); f == nil || strings.Contains(f.why, "answered") {
			t.Errorf("%s: %+v", host, f)
		}
	}
	if n := e.heard(); len(n) != 0 {
		t.Errorf("%d requests came through: %+v", len(n), n)
	}

	b, inner := newBench(t), listen(t)
	moved := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusTemporaryRedirect))
	t.Cleanup(moved.Close)
	l := b.watch(t, "", moved.URL)
	if f := b.post(t.Context(), &l, &message{ID: "msg_1", Body: []byte("{}")}); f == nil || f.why != "answered 307" || len(inner.heard()) != 0 {
		t.Errorf("a redirect: %+v", f)
	}
	b.PlainHTTP = false
	if f := b.post(t.Context(), &l, &message{ID: "msg_1", Body: []byte("{}")}); f == nil || !strings.Contains(f.why, "not https") {
		t.Errorf("http: %+v", f)
	}
}

// TestFull: when an outbox is full, news wait in the record.
func TestFull(t *testing.T) {
	b, e := newBench(t), listen(t)
	l := b.watch(t, "party=PER", e.URL)
	b.most = 1
	e.answers = []int{500}
	for i := range 3 {
		b.news(t, fmt.Sprint("n", i), "PER > "+[]string{"CHL", "BOL", "ECU"}[i])
		b.round(t)
		if n, err := b.store.Waiting(l.ID); err != nil || n != 1 {
			t.Fatalf("%d wait, %v", n, err)
		}
	}
	for range 3 {
		b.later(time.Hour)
		b.round(t)
	}
	sentences := map[string]bool{}
	for _, g := range e.heard() {
		for i := range 3 {
			if strings.Contains(string(g.body), fmt.Sprintf("News n%d.", i)) {
				sentences[fmt.Sprint(i)] = true
			}
		}
	}
	if len(sentences) != 3 {
		t.Errorf("told: %v", sentences)
	}
}

func TestStore(t *testing.T) {
	b := newBench(t)
	good := List{URL: "https://example.org/hook"}
	for what, change := range map[string]func(*List){
		"no filter":    func(l *List) { l.Filter = "wish=1" },
		"limit":        func(l *List) { l.Filter = "limit=5" },
		"no query":     func(l *List) { l.Filter = "%zz" },
		"no address":   func(l *List) { l.URL = "" },
		"a file":       func(l *List) { l.URL = "file:///etc/passwd" },
		"a name in it": func(l *List) { l.URL = "https://me:secret@example.org/" },
		"short secret": func(l *List) { l.Secrets = []string{"whsec_AAAA"} },
		"many secrets": func(l *List) { l.Secrets = strings.Split(strings.Repeat(NewSecret()+" ", 5)+NewSecret(), " ") },
		"long name":    func(l *List) { l.Name = strings.Repeat("x", 300) },
	} {
		l := good
		change(&l)
		if _, err := b.store.Add(l, 0); rapport.KindOf(err) != rapport.Usage {
			t.Errorf("%s: %v", what, err)
		}
	}
	l, err := b.store.Add(good, 7)
	if err != nil || len(l.Secrets) != 1 {
		t.Fatal(l, err)
	}
	err = filepath.WalkDir(b.store.dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		fi, err := d.Info()
		if err == nil && runtime.GOOS != "windows" && fi.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", name, fi.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for _, id := range []string{"", "wl-", "wl-00", "../lists/" + l.ID, "wl-../../x"} {
		if _, err := b.store.Get(id); rapport.KindOf(err) != rapport.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	// One list that cannot be read leaves the others.
	if err := os.WriteFile(b.store.path("lists", "wl-0badbad0.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if all, err := b.store.Lists(); len(all) != 1 || rapport.KindOf(err) != rapport.Storage {
		t.Errorf("%v, %v", all, err)
	}
	if err := b.store.Remove(l.ID); err != nil {
		t.Error(err)
	}
	if _, err := b.store.Get(l.ID); rapport.KindOf(err) != rapport.NotFound {
		t.Error(err)
	}
}

func TestOneSender(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there files are not locked, and doc/feeds.md says so")
	}
	b := newBench(t)
	if s, err := New(Config{Record: b.rec, Store: b.store}); rapport.KindOf(err) != rapport.Storage {
		t.Errorf("%v, %v", s, err)
	}
}

// TestReplaced: a record that was replaced by one that holds less counts anew.
func TestReplaced(t *testing.T) {
	b, e := newBench(t), listen(t)
	l := b.watch(t, "", e.URL)
	if err := b.store.setAfter(l.ID, 1_000_000); err != nil {
		t.Fatal(err)
	}
	b.round(t)
	b.news(t, "one", "PER > CHL")
	b.round(t)
	if n := e.heard(); len(n) != 1 {
		t.Errorf("%d messages", len(n))
	}
}

func TestWait(t *testing.T) {
	for n, want := range map[int]time.Duration{1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 13: 20480 * time.Second, 14: 6 * time.Hour, 100: 6 * time.Hour} {
		if got := wait(n, "x"); got < want || got > want+want/10 {
			t.Errorf("%d: %s, want %s and a tenth at most", n, got, want)
		}
	}
}
