package access

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"rapport"
	"rapport/internal/serve/problem"
)

// localName is the user of a server without a login.
const localName = "local"

// Config says how a [Guard] guards.
type Config struct {
	Store *Store
	// Open asks nobody for a login: whoever reaches the server may do
	// everything. It is for loopback alone, and for hosts of that name alone.
	Open bool
	User string // the name under which decisions are kept without a login; "" is "local"
	// Hosts are the names under which the server may be asked, without ports.
	// With none, any will do, unless Open.
	Hosts  []string
	Secure bool    // browsers reach us by TLS: cookies and HSTS say so
	Proxy  bool    // a proxy stands before us and tells the client's address
	Rate   float64 // requests a second and user, bursts of four seconds' worth; 0 is no limit
	Now    func() time.Time
	Log    *slog.Logger
}

// Guard stands before every handler.
type Guard struct {
	Config
	cross  *http.CrossOriginProtection
	asks   limiter
	logins limiter
}

// New returns a guard.
func New(c Config) *Guard {
	if c.User == "" {
		c.User = localName
	}
	if c.Open {
		c.Hosts = append([]string{"localhost", "127.0.0.1", "::1"}, c.Hosts...)
	}
	g := &Guard{Config: c, cross: http.NewCrossOriginProtection()}
	g.asks = limiter{each: rate.Limit(c.Rate), burst: int(4 * c.Rate), now: c.Now}
	g.logins = limiter{each: rate.Every(6 * time.Second), burst: 5, now: c.Now}
	return g
}

// Wrap lets requests through to next that come to a name of ours, from no other
// site, and not too often, with the [User] in their context where one is known.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := g.admit(r)
		if err != nil {
			problem.Write(w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (g *Guard) admit(r *http.Request) (*http.Request, error) {
	if len(g.Hosts) > 0 && !slices.Contains(g.Hosts, hostOf(r.Host)) {
		// A page of another site can have its name point at 127.0.0.1 (DNS
		// rebinding); its requests still carry that name.
		return nil, problem.New(http.StatusMisdirectedRequest, "Host", "is not a name of this server", "rapport serve --host "+hostOf(r.Host)+", if it should be")
	}
	if g.Open && slices.ContainsFunc([]string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"}, func(h string) bool { return r.Header.Get(h) != "" }) {
		return nil, problem.New(http.StatusForbidden, "X-Forwarded-For", "a proxy sends this, and here nobody need log in", "rapport serve --behind-proxy, with accounts")
	}
	if err := g.cross.Check(r); err != nil {
		return nil, problem.New(http.StatusForbidden, "Origin", "another site's page sent this", "it from a page of this server, or from a program without Origin")
	}
	u, known, err := g.who(r)
	if err != nil {
		return nil, err
	}
	if g.Rate > 0 {
		key := g.Remote(r)
		if known {
			key = "user " + u.Name
		}
		if wait, ok := g.asks.allow(key); !ok {
			return nil, tooMany(wait)
		}
	}
	if known {
		r = r.WithContext(With(r.Context(), u))
	}
	return r, nil
}

func tooMany(wait time.Duration) error {
	return problem.New(http.StatusTooManyRequests, "", "too many requests", "again later").With("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
}

// hostOf drops the port of a host.
func hostOf(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// who finds out who asks: by token, by session, or without a login.
func (g *Guard) who(r *http.Request) (u User, known bool, err error) {
	if auth := r.Header.Get("Authorization"); auth != "" {
		token, ok := strings.CutPrefix(auth, "Bearer ")
		if !ok {
			_, token, ok = r.BasicAuth() // for readers of feeds, which know nothing else: any name, the token as password
		}
		if ok {
			u, known, err = g.Store.ByToken(r.Context(), strings.TrimSpace(token))
		}
		if err == nil && !known {
			err = problem.New(http.StatusUnauthorized, "Authorization", "no such token, or it has ended", "rapport tokens, on the server").With("WWW-Authenticate", "Bearer")
		}
		return u, known, err
	}
	if c, err := r.Cookie(g.cookie()); err == nil && !g.Open {
		return g.Store.Session(r.Context(), c.Value)
	}
	if g.Open {
		u := local(g.User)
		return u, true, nil
	}
	return User{}, false, nil
}

// Remote returns the client's address, as the proxy tells it where there is one.
func (g *Guard) Remote(r *http.Request) string {
	if g.Proxy {
		if all := r.Header.Values("X-Forwarded-For"); len(all) > 0 { // the last is our proxy's word, the others anybody's
			hops := strings.Split(all[len(all)-1], ",")
			if ip := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); ip != nil {
				return ip.String()
			}
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Require lets users with a role through. A browser that asks for a page is
// sent to /login.
func (g *Guard) Require(role Role, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := Check(r.Context(), role); err != nil {
			if problem.StatusOf(err) == http.StatusUnauthorized && r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
				http.Redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
				return
			}
			problem.Write(w, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Check is nil if the user of a context has a role.
func Check(ctx context.Context, role Role) error {
	u, known := From(ctx)
	switch {
	case !known:
		return problem.New(http.StatusUnauthorized, "", "this asks for a login", "/login, or Authorization: Bearer TOKEN").With("WWW-Authenticate", "Bearer")
	case !u.May(role):
		return problem.New(http.StatusForbidden, "", "this asks for the role "+string(role)+", which "+u.Name+" has not", "an admin of this server, who can give it")
	}
	return nil
}

// cookie names the session's cookie. With the prefix __Host- browsers take it
// by TLS only, from this host only and for all of it.
func (g *Guard) cookie() string {
	if g.Secure {
		return "__Host-rapport"
	}
	return "rapport"
}

func (g *Guard) setCookie(w http.ResponseWriter, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: g.cookie(), Value: value, Path: "/", MaxAge: int(age.Seconds()), HttpOnly: true, Secure: g.Secure, SameSite: http.SameSiteLaxMode})
}

// Login takes the form of /login: name, password, and next, a path of this
// server to go on at. Programs get problem details, browsers go back to the
// form with ?failed=1.
func (g *Guard) Login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		problem.Write(w, problem.Bad("", "is no form", "name, password and next as application/x-www-form-urlencoded"))
		return
	}
	name, next := r.PostForm.Get("name"), here(r.PostForm.Get("next"))
	remote := g.Remote(r)
	for _, key := range []string{"from " + remote, "as " + name} {
		if wait, ok := g.logins.allow(key); !ok {
			g.note(r, Entry{Account: clip(name), Action: "login", What: "too often", Status: http.StatusTooManyRequests})
			problem.Write(w, tooMany(wait))
			return
		}
	}
	old := ""
	if c, err := r.Cookie(g.cookie()); err == nil {
		old = c.Value
	}
	session, u, err := g.Store.Login(r.Context(), name, r.PostForm.Get("password"), old)
	status := http.StatusSeeOther
	if err != nil {
		status = problem.StatusOf(err)
		if errors.Is(err, error(errLogin)) {
			status = http.StatusUnauthorized
		}
	}
	g.note(r, Entry{Account: clip(name), Action: "login", Status: status})
	switch {
	case status == http.StatusUnauthorized && strings.Contains(r.Header.Get("Accept"), "text/html"):
		http.Redirect(w, r, "/login?failed=1&next="+url.QueryEscape(next), http.StatusSeeOther)
	case status == http.StatusUnauthorized:
		problem.Write(w, problem.New(status, "", errLogin.What, errLogin.Try).With("WWW-Authenticate", "Bearer"))
	case err != nil:
		problem.Write(w, err)
	default:
		g.logins.forget("as " + u.Name)
		g.setCookie(w, session, sessionAge)
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

// here returns a path of this server: whoever sends a link to /login does not
// choose where it ends.
func here(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

// Logout ends the session and goes to /.
func (g *Guard) Logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(g.cookie()); err == nil {
		if err := g.Store.Logout(r.Context(), c.Value); err != nil {
			problem.Write(w, err)
			return
		}
	}
	g.note(r, Entry{Action: "logout", Status: http.StatusSeeOther})
	g.setCookie(w, "", -time.Second)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// note puts what happens on the trail; when that cannot be written, on the log.
func (g *Guard) note(r *http.Request, e Entry) {
	if u, ok := From(r.Context()); ok && e.Account == "" {
		e.Account, e.Token = u.Name, u.Token
	}
	e.Remote = g.Remote(r)
	if err := g.Store.Note(context.WithoutCancel(r.Context()), e); err != nil {
		g.Log.Error("the trail cannot be written", "action", e.Action, "account", e.Account, "error", err)
	}
}

// Trail puts every request that changes something on the trail, and every one
// that was refused because of who asks.
func (g *Guard) Trail(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &statusWriter{ResponseWriter: w}
		defer func() { // also of what was broken off
			safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
			if refused := rec.status == http.StatusForbidden; (!safe || refused) && r.URL.Path != "/login" && r.URL.Path != "/logout" {
				g.note(r, Entry{Action: clip(r.Method + " " + r.URL.Path), What: w.Header().Get("Location"), Status: rec.status})
			}
		}()
		next.ServeHTTP(rec, r)
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// limiter limits by key. It forgets keys when there are too many, those unused
// for long first.
type limiter struct {
	each  rate.Limit
	burst int
	now   func() time.Time

	mu   sync.Mutex
	keys map[string]*limited
}

type limited struct {
	*rate.Limiter
	seen time.Time
}

const mostKeys = 10_000

// allow counts a request; where there are too many it says how long to wait.
func (l *limiter) allow(key string) (wait time.Duration, ok bool) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys == nil {
		l.keys = map[string]*limited{}
	}
	k := l.keys[key]
	if k == nil {
		if len(l.keys) >= mostKeys {
			l.drop(now)
		}
		k = &limited{Limiter: rate.NewLimiter(l.each, max(l.burst, 1))}
		l.keys[key] = k
	}
	k.seen = now
	res := k.ReserveN(now, 1)
	if wait = res.DelayFrom(now); wait > 0 {
		res.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// drop forgets the keys whose burst is full again, and if those are few, all.
func (l *limiter) drop(now time.Time) {
	for key, k := range l.keys {
		if k.TokensAt(now) >= float64(k.Burst()) {
			delete(l.keys, key)
		}
	}
	if len(l.keys) > mostKeys*9/10 {
		clear(l.keys)
	}
}

func (l *limiter) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, key)
}

// ErrNoAccount says that a server needs an account.
func ErrNoAccount(record string) error {
	return &rapport.Error{Kind: rapport.Usage, Where: Beside(record), What: "holds no account, and whoever reaches the server could do everything",
		Try: "rapport accounts add NAME --roles admin --record " + record}
}
