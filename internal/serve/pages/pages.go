// Package pages is the record for people: pages that a browser shows, written
// on the server from templates.
//
// Every page works without a script and asks for nothing but itself and what
// this binary serves under /assets/. What reports say only ever passes through
// html/template, which escapes it for where it stands; there is no
// template.HTML of stored words anywhere, and the pages' Content-Security-Policy
// would run no script of theirs.
//
// Pages only read the record, but for what a reviewer decides. They never code a
// text themselves: [Coder] is given, or there is nothing to try.
package pages

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
	"rapport/internal/serve/access"
)

// Coder codes a text that somebody pasted: it reads headline and dateline, then
// the claims. Notes say why there are fewer than one might expect. published may
// be empty.
type Coder interface {
	Try(ctx context.Context, text string, published rapport.Date) (rapport.Report, []rapport.Claim, []string, error)
}

// Config says what pages show and how. Record is needed.
type Config struct {
	Record  *record.Record
	Coder   Coder                           // nil: nothing can be tried
	Merge   func(context.Context) error     // derives the events that a decision changed; nil leaves that to others
	Rule    func(id string) (string, error) // what a rule of the coder says, by its id in a claim's reasons; nil knows none
	Now     func() time.Time                // nil is time.Now; stamps decisions
	Log     *slog.Logger                    // nil is the default; faults of our own
	Login   bool                            // there are accounts, so offer to log in and out
	Version string                          // of this program, for the foot of the page
}

// maxText is how many bytes of a pasted text are coded.
const maxText = 200_000

// New returns the pages. It expects who asks in the context (package access)
// and forms of other sites to have been refused before.
func New(c Config) http.Handler {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &site{Config: c, cache: newCache[kept](48 << 20), relations: newCache[*relations.Relation](30_000), pulses: newCache[[]record.Pulse](100_000), heavy: make(chan struct{}, 2), room: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	s.last = memo[rapport.Date]{site: s, load: c.Record.LastPublished}
	s.pairs = memo[[]record.PairCount]{site: s, load: func(ctx context.Context) ([]record.PairCount, error) { return c.Record.Pairs(ctx, "") }}
	s.people = memo[[]name]{site: s, load: func(ctx context.Context) ([]name, error) { return s.names(ctx, record.PartyName) }}
	s.places = memo[[]name]{site: s, load: func(ctx context.Context) ([]name, error) { return s.names(ctx, record.PlaceName) }}
	s.outlets = memo[[]record.OutletCount]{site: s, load: c.Record.Outlets}
	s.stats = memo[record.Stats]{site: s, load: c.Record.Stats}
	return s
}

// site answers requests.
type site struct {
	Config
	cache     *cache[kept]
	relations *cache[*relations.Relation] // weighed by claims
	pulses    *cache[[]record.Pulse]
	heavy     chan struct{} // room for those who have a brief written or a text coded
	making    singleflight.Group
	room      chan struct{} // for pages being made: more at a time would only slow each other down

	last    memo[rapport.Date]
	pairs   memo[[]record.PairCount]
	people  memo[[]name]
	places  memo[[]name]
	outlets memo[[]record.OutletCount]
	stats   memo[record.Stats]
}

// page is a way to answer: it returns what to show or an error.
type page func(r *http.Request, rest []string) (*view, error)

// ServeHTTP answers a request by the first part of its path.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	parts, err := split(r.URL)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		h.Set("Allow", "GET, HEAD, POST")
		s.fail(w, r, problem(http.StatusMethodNotAllowed, "This page cannot be asked for in that way.", ""))
		return
	}
	if r.Method == http.MethodPost {
		s.post(w, r, parts)
		return
	}
	if len(parts) > 0 && parts[0] == "assets" {
		s.asset(w, r, parts[1:])
		return
	}
	if len(parts) > 0 && s.download(w, r, parts) {
		return
	}
	s.show(w, r, s.page(parts), parts)
}

// page finds the page of a path, nil when there is none.
func (s *site) page(parts []string) page {
	if len(parts) == 0 {
		return s.start
	}
	switch parts[0] {
	case "search":
		return s.search
	case "event":
		return s.event
	case "report":
		return s.report
	case "party":
		return s.party
	case "place":
		return s.place
	case "outlet":
		return s.outlet
	case "try":
		return s.try
	case "review":
		return s.review
	case "rule":
		return s.rule
	case "code":
		return s.code
	case "login":
		return s.login
	case "favicon.ico", "robots.txt":
		return nil
	}
	switch len(parts) {
	case 1:
		return s.country
	case 2, 3:
		return s.relation
	}
	return nil
}

// split returns the parts of a path, each unescaped: an id may hold a slash.
func split(u *url.URL) ([]string, error) {
	var out []string
	for p := range strings.SplitSeq(strings.Trim(u.EscapedPath(), "/"), "/") {
		if p == "" {
			continue
		}
		v, err := url.PathUnescape(p)
		if err != nil {
			return nil, problem(http.StatusBadRequest, "This address is not well formed.", "")
		}
		out = append(out, v)
	}
	return out, nil
}

// post changes something, or codes what was pasted.
func (s *site) post(w http.ResponseWriter, r *http.Request, parts []string) {
	r.Body = http.MaxBytesReader(w, r.Body, 4*maxText)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, problem(http.StatusRequestEntityTooLarge, "What was sent is too long or not a form.", "A text may have up to 200,000 bytes."))
		return
	}
	if len(parts) == 1 && parts[0] == "try" {
		s.show(w, r, s.tried, parts)
		return
	}
	if u, _ := access.From(r.Context()); !u.May(access.Review) {
		s.fail(w, r, problem(http.StatusForbidden, "Only reviewers decide.", "Log in with an account that has the role review."))
		return
	}
	var back string
	var err error
	switch {
	case len(parts) == 3 && parts[0] == "review" && parts[1] == "claim":
		back, err = s.decideClaim(r, parts[2])
	case len(parts) == 2 && parts[0] == "review" && parts[1] == "undo":
		back, err = s.undo(r)
	case len(parts) == 2 && parts[0] == "event":
		back, err = s.partEvent(r, parts[1])
	default:
		err = problem(http.StatusNotFound, "There is no such page.", "")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// download answers what is no page, and reports whether it was that.
func (s *site) download(w http.ResponseWriter, r *http.Request, parts []string) bool {
	lastPart := parts[len(parts)-1]
	var write func(context.Context, io.Writer) error
	kind, file := "", lastPart
	switch {
	case len(parts) == 1 && (lastPart == "map.svg" || lastPart == "map.csv"):
		kind, write = s.mapFile(lastPart)
	case len(parts) == 2 && parts[0] == "review" && lastPart == "gold.zip":
		if u, _ := access.From(r.Context()); !u.May(access.Review) {
			s.fail(w, r, problem(http.StatusForbidden, "Only reviewers export corrections.", ""))
			return true
		}
		kind, write = "application/zip", s.goldFile
	case len(parts) == 3 && strings.Contains(lastPart, "."):
		d, ok := pairOf(parts[0], parts[1])
		if !ok {
			return false
		}
		file = strings.ToLower(d.String()) + "-" + lastPart
		kind, write = s.relationFile(r, d, lastPart)
	}
	if write == nil {
		return false
	}
	s.file(w, r, kind, file, write)
	return true
}

// pairOf reads two countries of an address.
func pairOf(a, b string) (rapport.Dyad, bool) {
	ca, ok1 := ontology.ParseCountry(a)
	cb, ok2 := ontology.ParseCountry(b)
	return rapport.NewDyad(ca, cb), ok1 && ok2 && ca != cb
}

// trouble is an error for a page: what went wrong and what to try, in sentences.
type trouble struct {
	status    int
	what, try string
}

func (t *trouble) Error() string { return t.what }

func problem(status int, what, try string) error { return &trouble{status, what, try} }

// statusOf turns an error into what a page says of it.
func (s *site) statusOf(r *http.Request, err error) *trouble {
	if t, ok := errors.AsType[*trouble](err); ok {
		return t
	}
	t := &trouble{status: http.StatusInternalServerError, what: "Something went wrong here.", try: "Try again; if it stays so, tell whoever runs this server."}
	var e *rapport.Error
	errors.As(err, &e)
	switch rapport.KindOf(err) {
	case rapport.NotFound:
		t.status, t.what, t.try = http.StatusNotFound, "The record holds no such thing.", "It may have been merged or coded anew under another id: search for its words."
	case rapport.Usage, rapport.BadInput:
		t.status, t.what, t.try = http.StatusBadRequest, sentence(e.What+cause(e)), sentence(e.Try)
	case rapport.Stopped:
		t.status, t.what, t.try = http.StatusServiceUnavailable, "The server is stopping.", ""
	default:
		if r.Context().Err() == nil {
			s.Log.Error("page failed", "path", r.URL.Path, "err", err)
		}
	}
	return t
}

func cause(e *rapport.Error) string {
	if e.Err == nil {
		return ""
	}
	return ": " + e.Err.Error()
}

// sentence makes an error's words a sentence.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(s) + "."
}

// memo is something found in the record that many pages show. Where finding it
// takes long, pages show it up to a minute old while it is found anew.
type memo[T any] struct {
	site *site
	load func(context.Context) (T, error)

	mu    sync.Mutex
	have  bool
	busy  bool
	value T
	state int64
	took  time.Duration
	at    time.Time
}

const (
	quick = 25 * time.Millisecond // what may be found anew while somebody waits
	stale = time.Minute           // how old what takes longer may be
)

func (m *memo[T]) get(ctx context.Context) (T, error) {
	state, err := m.site.Record.State(ctx)
	if err != nil {
		return m.value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.have && (m.state == state || m.took > quick && time.Since(m.at) < stale) {
		if m.state != state && !m.busy {
			m.busy = true
			go func() {
				v, took, err := m.find(context.WithoutCancel(ctx))
				m.mu.Lock()
				defer m.mu.Unlock()
				if m.busy = false; err == nil {
					m.keep(v, state, took)
				}
			}()
		}
		return m.value, nil
	}
	v, took, err := m.find(ctx)
	if err == nil {
		m.keep(v, state, took)
	}
	return v, err
}

func (m *memo[T]) find(ctx context.Context) (T, time.Duration, error) {
	begun := time.Now()
	v, err := m.load(ctx)
	return v, time.Since(begun), err
}

func (m *memo[T]) keep(v T, state int64, took time.Duration) {
	m.value, m.state, m.took, m.at, m.have = v, state, took, time.Now(), true
}
