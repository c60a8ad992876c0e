package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network without sockets, on which a bubble's clock can run.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// inBubble runs do in a bubble with a client whose every host is h.
func inBubble(t *testing.T, o Options, h http.HandlerFunc, do func(t *testing.T, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{make(chan net.Conn), make(chan struct{})}
		srv := &http.Server{Handler: h}
		go srv.Serve(p)
		tr := o.Guard.Transport()
		tr.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			near, far := net.Pipe()
			select {
			case p.conns <- far:
				return near, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		o.Transport = tr
		do(t, New(o))
		tr.CloseIdleConnections()
		srv.Close()
		time.Sleep(time.Minute) // until handlers have met that nobody listens
		synctest.Wait()
	})
}

func noJitter() Options { return Options{Jitter: func() float64 { return 0 }} }

func TestOneAtATime(t *testing.T) {
	var mu sync.Mutex
	at := map[string][]time.Time{}
	busy, most := 0, 0
	inBubble(t, noJitter(), func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		at[r.Host+r.URL.Path] = append(at[r.Host+r.URL.Path], time.Now())
		if r.Host == "a.example" {
			busy++
			most = max(most, busy)
		}
		mu.Unlock()
		time.Sleep(200 * time.Millisecond)
		if r.Host == "a.example" {
			mu.Lock()
			busy--
			mu.Unlock()
		}
		if r.URL.Path == "/robots.txt" && r.Host == "slow.example" {
			io.WriteString(w, "User-agent: *\nCrawl-delay: 5")
		}
	}, func(t *testing.T, c *Client) {
		began := time.Now()
		var wg sync.WaitGroup
		for _, h := range []string{"a.example", "A.EXAMPLE.", "a.example", "b.example", "slow.example", "slow.example"} {
			wg.Go(func() {
				if _, err := c.Get(t.Context(), Request{URL: "http://" + h + "/page"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most != 1 {
			t.Errorf("%d requests at a time to one host", most)
		}
		if n := len(at["a.example/robots.txt"]) + len(at["A.EXAMPLE./robots.txt"]) + len(at["a.example./robots.txt"]); n > 2 {
			t.Errorf("robots.txt was asked for %d times", n)
		}
		if b := at["b.example/page"]; len(b) != 1 || b[0].Sub(began) != 200*time.Millisecond {
			t.Errorf("another host waited: %v", b)
		}
		if s := at["slow.example/page"]; len(s) != 2 || s[1].Sub(s[0]) != 5200*time.Millisecond {
			t.Errorf("the crawl delay is not kept: %v", s)
		}
		if len(c.hosts) != 3 {
			t.Errorf("%d hosts", len(c.hosts))
		}
	})
}

func TestRetryAfter(t *testing.T) {
	answers := []func(w http.ResponseWriter){
		func(w http.ResponseWriter) { w.Header().Set("Retry-After", "600"); w.WriteHeader(429) },
		func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", time.Now().Add(20*time.Second).UTC().Format(http.TimeFormat))
			w.WriteHeader(503)
		},
		func(w http.ResponseWriter) { w.WriteHeader(503) },
		func(w http.ResponseWriter) { w.WriteHeader(503) },
		func(w http.ResponseWriter) { w.Header().Set("Retry-After", "99999999999999999999"); w.WriteHeader(502) },
		func(w http.ResponseWriter) { w.WriteHeader(500) },
		func(w http.ResponseWriter) { io.WriteString(w, article) },
	}
	asked := 0
	inBubble(t, noJitter(), func(w http.ResponseWriter, r *http.Request) {
		answers[asked](w)
		asked++
	}, func(t *testing.T, c *Client) {
		get := func() *Fault {
			_, err := c.Get(t.Context(), Request{URL: "http://a.example/", Named: true})
			if err == nil {
				return nil
			}
			var f *Fault
			if !errors.As(err, &f) {
				t.Fatal(err)
			}
			return f
		}
		began := time.Now()
		for i, want := range []struct {
			reason Reason
			code   int
			until  time.Duration // since the start
		}{
			{Status, 429, 600 * time.Second},
			{Busy, 0, 600 * time.Second},
			{Status, 503, 620 * time.Second}, // after sleeping until 600
			{Status, 503, 620*time.Second + 30*time.Second},
			{Status, 503, 650*time.Second + 60*time.Second},
			{Busy, 0, 710 * time.Second},
			{Status, 502, 710*time.Second + 120*time.Second},
			{Status, 500, 0},
		} {
			if i == 2 {
				time.Sleep(600 * time.Second)
			}
			if i == 6 || i == 7 {
				time.Sleep(time.Until(began.Add([]time.Duration{710, 830}[i-6] * time.Second)))
			}
			f := get()
			if f == nil || f.Reason != want.reason || f.Code != want.code || want.until > 0 && f.Until.Sub(began) != want.until {
				t.Errorf("%d: %+v, until %v, want %+v", i, f, f.Until.Sub(began), want)
			}
		}
		if f := get(); f != nil {
			t.Error(f)
		}
		if f := (&Fault{Reason: Status, Code: 500}); !f.Passing() || (&Fault{Reason: Status, Code: 404}).Passing() {
			t.Error("what passes")
		}
	})
}

// TestAgain: what may pass is asked for again, as often as said.
func TestAgain(t *testing.T) {
	o := noJitter()
	o.Retries = 2
	asked, down := 0, false
	inBubble(t, o, func(w http.ResponseWriter, r *http.Request) {
		if asked++; down || asked%3 != 0 {
			w.WriteHeader(503)
		}
	}, func(t *testing.T, c *Client) {
		began := time.Now()
		if _, err := c.Get(t.Context(), Request{URL: "http://a.example/", Named: true}); err != nil || asked != 3 {
			t.Errorf("asked %d times: %v", asked, err)
		}
		if d := time.Since(began); d != (7500+15000)*time.Millisecond {
			t.Errorf("after %v", d)
		}
		asked, down = 0, true
		if _, err := c.Get(t.Context(), Request{URL: "http://a.example/", Named: true}); reasonOf(err) != Status || asked != 3 {
			t.Errorf("asked %d times: %v", asked, err)
		}
	})
}

func TestSlowServers(t *testing.T) {
	drip := func(every time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, "x"); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-time.After(every):
				case <-r.Context().Done():
				}
			}
		}
	}
	for name, x := range map[string]struct {
		h     http.HandlerFunc
		after time.Duration
		what  string
	}{
		"no answer": {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 30 * time.Second, "does not answer in time"},
		"slow header": {func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			for s := "HTTP/1.1 200 OK\r\nX-Slow: "; err == nil; s = "a" {
				_, err = io.WriteString(conn, s)
				time.Sleep(5 * time.Second)
			}
		}, 30 * time.Second, "does not answer in time"},
		"silence":    {drip(time.Hour), 30 * time.Second, "sends nothing for 30s"},
		"slow drips": {drip(20 * time.Second), 2 * time.Minute, "takes longer than 2m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, noJitter(), x.h, func(t *testing.T, c *Client) {
				began := time.Now()
				_, err := c.Get(t.Context(), Request{URL: "http://a.example/", Named: true})
				if want := "http://a.example/: cannot be fetched: " + x.what; err == nil || err.Error() != want || reasonOf(err) != TooSlow {
					t.Errorf("%v, want %s", err, want)
				}
				if d := time.Since(began); d != x.after {
					t.Errorf("given up after %v", d)
				}
			})
		})
	}
}

// TestSlowReader: who reads a stream slowly here is not the server's fault.
func TestSlowReader(t *testing.T) {
	inBubble(t, noJitter(), func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, article) }, func(t *testing.T, c *Client) {
		a, err := c.Open(t.Context(), Request{URL: "http://a.example/", Named: true})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		if b, err := io.ReadAll(a.Stream); err != nil || string(b) != article {
			t.Errorf("%q, %v", b, err)
		}
		if err := a.Stream.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestStopping: whoever waits for a turn can be stopped.
func TestStopping(t *testing.T) {
	inBubble(t, noJitter(), func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(t *testing.T, c *Client) {
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				began := time.Now()
				_, err := c.Get(ctx, Request{URL: "http://a.example/", Named: true})
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 5*time.Second {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
			})
		}
		wg.Wait()
		if h := c.host("a.example"); h.fails != 0 || !h.after.IsZero() {
			t.Errorf("the host is blamed: %+v", h)
		}
	})
}

// TestUnreachableRobots: nothing is asked for while robots.txt cannot be
// reached, and what it said before holds when it was there once.
func TestUnreachableRobots(t *testing.T) {
	up, forbids := false, "/private"
	pages := 0
	inBubble(t, noJitter(), func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/robots.txt":
			pages++
		case !up:
			w.WriteHeader(500)
		default:
			w.Header().Set("Cache-Control", "max-age=3600")
			io.WriteString(w, "User-agent: *\nDisallow: "+forbids)
		}
	}, func(t *testing.T, c *Client) {
		get := func(path string) Reason {
			_, err := c.Get(t.Context(), Request{URL: "http://a.example" + path})
			return reasonOf(err)
		}
		if r := get("/page"); r != Forbidden || pages != 0 {
			t.Errorf("%q, %d pages", r, pages)
		}
		up = true
		if r := get("/page"); r != Forbidden {
			t.Errorf("asked again at once: %q", r)
		}
		time.Sleep(31 * time.Minute)
		if r := get("/page"); r != "" || pages != 1 {
			t.Errorf("half an hour later: %q", r)
		}
		up = false
		time.Sleep(2 * time.Hour)
		if r, s := get("/page"), get("/private"); r != "" || s != Forbidden {
			t.Errorf("by what was said before: %q, %q", r, s)
		}
		up, forbids = true, "/page"
		time.Sleep(time.Hour)
		if r := get("/page"); r != Forbidden {
			t.Errorf("what is said now does not hold: %q", r)
		}
	})
}

func TestForgetting(t *testing.T) {
	now := time.Date(2024, 6, 8, 0, 0, 0, 0, time.UTC)
	o := noJitter()
	o.Now = func() time.Time { return now }
	c := client(t, o)
	held := c.host("held.example")
	<-held.turn
	for i := range 3 * maxHosts {
		now = now.Add(time.Second)
		c.host(string(rune('a'+i%26)) + time.Duration(i).String())
		c.entry(time.Duration(i).String())
	}
	if len(c.hosts) > maxHosts || len(c.robots) > maxHosts || c.host("held.example") != held {
		t.Errorf("%d hosts, %d robots", len(c.hosts), len(c.robots))
	}
}
