// Package serve puts a record on the network: the API, and beside it whatever
// pages, feeds and assistants' tools are mounted, behind one guard.
//
// Who may ask is package access's to say, what is answered that of the packages
// mounted. This one holds what is common to all: which addresses may be listened
// on, the headers that browsers obey, how long and how much anybody may send,
// packing, and stopping without losing anything.
package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/net/netutil"

	"rapport"
	"rapport/internal/serve/access"
	"rapport/internal/serve/problem"
)

// Config says what to serve and to whom.
type Config struct {
	Addr     string // host:port
	CertFile string // TLS: certificate chain and key as PEM; read again when they change
	KeyFile  string
	Proxy    bool // a proxy before us speaks TLS with browsers
	Login    bool // ask for a login on loopback too
	Guard    access.Config
	// Mounts are the handlers by pattern of http.ServeMux, each with the role
	// that it asks for; "" asks for none.
	Mounts []Mount
	Log    *slog.Logger
	// Grace is how long requests may take to end when the server stops; 0 is half
	// a minute.
	Grace time.Duration
}

// Mount is a handler at a pattern.
type Mount struct {
	Pattern string
	Role    access.Role
	Handler http.Handler
}

// Limits on what anybody may hold of us.
const (
	maxHeader   = 32 << 10
	maxConns    = 1024
	headerTime  = 10 * time.Second // to send a request's header
	requestTime = 60 * time.Second // and all of it
	idleTime    = 2 * time.Minute
	writeTime   = 30 * time.Second // to take the next part of an answer
)

// Open reports whether the server asks nobody for a login: it is for loopback
// alone.
func (c *Config) Open() bool { return !c.Login && !c.Proxy && loopback(c.Addr) }

// Check refuses what would open a record to strangers.
func (c *Config) Check(ctx context.Context, record string) error {
	host, _, err := net.SplitHostPort(c.Addr)
	switch {
	case err != nil:
		return &rapport.Error{Kind: rapport.Usage, Where: c.Addr, What: "is no address to listen on", Try: "localhost:8080"}
	case (c.CertFile == "") != (c.KeyFile == ""):
		return &rapport.Error{Kind: rapport.Usage, What: "TLS takes a certificate and its key", Try: "--tls-cert FILE --tls-key FILE"}
	case !loopback(c.Addr) && c.CertFile == "" && !c.Proxy:
		if host == "" {
			host = "every address"
		}
		return &rapport.Error{Kind: rapport.Usage, Where: c.Addr, What: "would send passwords and reports in the clear over " + host,
			Try: "--tls-cert FILE --tls-key FILE, or --insecure-behind-proxy where a proxy speaks TLS"}
	case c.Open():
		return nil
	}
	accounts, err := c.Guard.Store.Accounts(ctx)
	if err == nil && len(accounts) == 0 {
		err = access.ErrNoAccount(record)
	}
	return err
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Handler returns all that is served.
func (c *Config) Handler() http.Handler {
	g := c.Guard
	g.Open, g.Secure, g.Proxy = c.Open(), c.CertFile != "" || c.Proxy, c.Proxy
	g.Log = c.Log
	guard := access.New(g)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", guard.Login)
	mux.HandleFunc("POST /logout", guard.Logout)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "up")
	})
	for _, m := range c.Mounts {
		h := m.Handler
		if m.Role != "" {
			h = guard.Require(m.Role, h)
		}
		mux.Handle(m.Pattern, h)
	}
	if !c.mounts("/") {
		mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, problem.New(http.StatusNotFound, r.URL.Path, "is no address of this server", "/api/v1/"))
		})
	}
	pack, err := gzhttp.NewWrapper(gzhttp.MinSize(1400), gzhttp.CompressionLevel(3), gzhttp.ContentTypeFilter(packs))
	if err != nil {
		panic(err) // options that do not go together: the first test finds it
	}
	h := pack(guard.Wrap(guard.Trail(mux)))
	return c.recovered(headers(g.Secure, paced(h)))
}

func (c *Config) mounts(pattern string) bool {
	for _, m := range c.Mounts {
		if m.Pattern == pattern {
			return true
		}
	}
	return false
}

// packs says which answers are worth packing.
func packs(mediaType string) bool {
	t, _, _ := strings.Cut(mediaType, ";")
	t = strings.TrimSpace(t)
	return strings.HasPrefix(t, "text/") && t != "text/event-stream" || strings.HasSuffix(t, "json") || strings.HasSuffix(t, "+xml") || t == "application/x-ndjson" || t == "application/xml"
}

// Policy is the Content-Security-Policy of every answer that has none of its
// own: nothing from elsewhere, and nothing that stands in a page runs.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers sets what browsers should hold to.
func headers(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// paced gives a client some time for each part of an answer, however long the
// whole is: who reads slowly gets all of it, who reads nothing is hung up on.
func paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &pacedWriter{ResponseWriter: w, to: http.NewResponseController(w)}
		next.ServeHTTP(p, r)
	})
}

type pacedWriter struct {
	http.ResponseWriter
	to  *http.ResponseController
	set time.Time
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	if now := time.Now(); now.Sub(w.set) > time.Second {
		w.set = now
		if err := w.to.SetWriteDeadline(now.Add(writeTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return 0, err
		}
	}
	return w.ResponseWriter.Write(b)
}

func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what was written, for handlers that look for an http.Flusher.
func (w *pacedWriter) Flush() { w.to.Flush() }

// recovered answers 500 where a handler panics, and logs why.
func (c *Config) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p != http.ErrAbortHandler {
				c.Log.Error("fault in rapport", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				if w.Header().Get("Content-Type") == "" { // nothing sent yet
					problem.Write(w, fmt.Errorf("panic: %v", p))
					return
				}
			}
			panic(http.ErrAbortHandler)
		}()
		next.ServeHTTP(w, r)
	})
}

// Run serves until ctx ends, then lets the requests at work end. ready learns
// the address once there is one to ask.
func (c *Config) Run(ctx context.Context, ready func(addr string)) error {
	network := "tcp"
	addr := c.Addr
	if strings.HasPrefix(strings.ToLower(addr), "localhost:") { // whatever a hosts file makes of it
		addr = "127.0.0.1" + addr[len("localhost"):]
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		return &rapport.Error{Kind: rapport.Usage, Where: c.Addr, What: "cannot be listened on", Try: "another --addr", Err: err}
	}
	defer l.Close()
	scheme := "http"
	limited := netutil.LimitListener(l, maxConns)
	work, stop := context.WithCancel(context.WithoutCancel(ctx)) // requests end later than ctx
	defer stop()
	s := &http.Server{
		Handler:           c.Handler(),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return work },
		ErrorLog:          slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug),
	}
	if c.CertFile != "" {
		certs := &certificates{cert: c.CertFile, key: c.KeyFile}
		if _, err := certs.get(nil); err != nil {
			return &rapport.Error{Kind: rapport.Usage, Where: c.CertFile, What: "is no certificate with its key", Err: err}
		}
		s.TLSConfig = &tls.Config{GetCertificate: certs.get, MinVersion: tls.VersionTLS12}
		scheme = "https"
	}
	done := make(chan error, 1)
	go func() {
		if s.TLSConfig != nil {
			done <- s.ServeTLS(limited, "", "")
		} else {
			done <- s.Serve(limited)
		}
	}()
	host, _, _ := net.SplitHostPort(c.Addr)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	ready(scheme + "://" + net.JoinHostPort(host, port))
	select {
	case err := <-done:
		return &rapport.Error{Kind: rapport.Internal, Where: c.Addr, What: "cannot be served any more", Err: err}
	case <-ctx.Done():
	}
	grace := c.Grace
	if grace == 0 {
		grace = 30 * time.Second
	}
	// First what is at work may end; what has not by then is told to, and what
	// it kept so far is kept.
	time.AfterFunc(grace, stop)
	end, cancel := context.WithTimeout(context.Background(), grace+5*time.Second)
	defer cancel()
	if err := s.Shutdown(end); err != nil {
		s.Close()
	}
	return nil
}

// certificates reads the certificate anew when its file has changed.
type certificates struct {
	cert, key string
	mu        sync.Mutex
	at        time.Time
	have      *tls.Certificate
}

func (c *certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fi, err := os.Stat(c.cert)
	if err == nil && (c.have == nil || !fi.ModTime().Equal(c.at)) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.have, c.at = &pair, fi.ModTime()
		}
	}
	if c.have != nil { // half written: the one before will do until it is whole
		return c.have, nil
	}
	return nil, err
}
