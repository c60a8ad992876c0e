// Package api is Rapport for programs: REST under /api/v1.
//
// Everything about a route stands in one place, the table of [API.routes]: its
// path, the role it asks for, its parameters, what it takes and gives, and its
// handler. The OpenAPI document is made from that table and from the Go types
// (openapi.go), so it cannot say anything else than the code does; a test holds
// every answer to the schema that the document promises for it.
//
// Every claim and event in an answer carries the sentences that tell it and who
// published them.
package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/serve/access"
	"rapport/internal/serve/problem"
)

// Prefix is where the routes are.
const Prefix = "/api/v1"

// Pipeline is the writing side: what needs the language model.
type Pipeline interface {
	// Code codes a report. notes are what a user should know about it.
	Code(ctx context.Context, rep *rapport.Report) (claims []rapport.Claim, notes []string, err error)
	// Add codes reports, keeps each with its claims in the record and derives
	// the events that this changes. told learns what became of each, in order,
	// once that is on the disk.
	Add(ctx context.Context, reports []rapport.Report, told func(Added)) error
	// Merge derives the events that decisions changed.
	Merge(ctx context.Context) error
}

// Added is what became of a report.
type Added struct {
	Report rapport.Report
	Kept   record.Kept
	Claims int // kept with it now
	Notes  []string
	Err    error
}

// Config is what the API works with.
type Config struct {
	Record   *record.Record
	Pipeline Pipeline      // nil: the record is only read, and nothing is coded
	Store    *access.Store // keeps answers to repeated posts; has the trail
	Now      func() time.Time
	Version  string // of the program
	Log      *slog.Logger
	Workers  int   // texts coded and relations worked out at a time; 0 is one a processor
	MaxBody  int64 // of a request, unpacked; 0 is 32 MiB
	MaxText  int   // bytes of a report; 0 is 256 KiB
}

// API answers under /api/v1.
type API struct {
	Config
	mux   *http.ServeMux
	boot  string // tells the ETags of this process from those of others
	heavy chan struct{}
	posts inFlight

	document func() []byte // the OpenAPI document
	register relationCache
	pages    pageCache
}

// New returns the API. It looks at the role of the [access.User] in a request's
// context, but expects an [access.Guard] before it.
func New(c Config) *API {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.MaxBody <= 0 {
		c.MaxBody = 32 << 20
	}
	if c.MaxText <= 0 {
		c.MaxText = 256 << 10
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	id := make([]byte, 6)
	rand.Read(id)
	a := &API{Config: c, mux: http.NewServeMux(), boot: hex.EncodeToString(id), heavy: make(chan struct{}, c.Workers)}
	a.document = sync.OnceValue(a.openAPI)
	routes := a.routes()
	methods := map[string][]string{}
	for i := range routes {
		rt := &routes[i]
		a.mux.Handle(rt.method+" "+Prefix+rt.path, a.serve(rt))
		methods[rt.path] = append(methods[rt.path], rt.method)
	}
	for path, allowed := range methods {
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead)
		}
		slices.Sort(allowed)
		allow := strings.Join(allowed, ", ")
		a.mux.HandleFunc(Prefix+path, func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, problem.New(http.StatusMethodNotAllowed, r.URL.Path, "does not take "+r.Method, allow).With("Allow", allow))
		})
	}
	a.docs()
	a.mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, problem.New(http.StatusNotFound, r.URL.Path, "is no address of the API", Prefix+"/openapi.json, which lists them"))
	})
	return a
}

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// route is one method of one address.
type route struct {
	method, path string
	name         string // operationId
	tag          string
	short        string      // one line
	about        string      // more, if need be
	role         access.Role // "" asks for none
	params       []param
	in           *input   // the body of a post
	out          any      // a value of the type of the answer
	list         bool     // pages of out, NDJSON and CSV
	status       int      // of success; 0 is 200
	types        []string // media types of the answer when it is not JSON
	fixed        bool     // the answer depends on nothing but address and record: it gets an ETag
	handle       func(*call) error
}

// call is one request on its way through a handler.
type call struct {
	context.Context
	api  *API
	w    http.ResponseWriter
	r    *http.Request
	rt   *route
	user access.User
	err  error // the first fault of a parameter
	at   int64 // generation of the record, where the answer depends on that alone
}

func (a *API) serve(rt *route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := access.From(r.Context())
		c := &call{Context: r.Context(), api: a, w: w, r: r, rt: rt, user: user}
		if err := c.run(); err != nil {
			c.fail(err)
		}
	})
}

func (c *call) run() error {
	if c.rt.role != "" {
		if err := access.Check(c, c.rt.role); err != nil {
			return err
		}
	}
	if err := c.known(); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Accept")
	if c.rt.fixed {
		fresh, err := c.fresh()
		if err != nil {
			return err
		}
		if fresh {
			c.w.WriteHeader(http.StatusNotModified)
			return nil
		}
		if c.rt.list && c.format() == "json" {
			if p := c.api.pages.get(c.at, c.pageKey()); p != nil {
				return c.page(p)
			}
		}
	}
	if c.rt.method == http.MethodPost {
		return c.once(c.rt.handle)
	}
	return c.rt.handle(c)
}

// fail answers with an error. What is our own fault goes to the log.
func (c *call) fail(err error) {
	if problem.Gone(c.r.Context(), err) {
		panic(http.ErrAbortHandler) // nobody is left to read an answer, and none must look like one
	}
	if problem.StatusOf(err) >= 500 && rapport.KindOf(err) != rapport.Stopped {
		c.api.Log.Error("request failed", "method", c.r.Method, "path", c.r.URL.Path, "error", err)
	}
	problem.Write(c.w, err)
}

// fresh sets the ETag and reports whether the client has the answer already.
// The tag is that of the record's state: what has not changed need not even be
// looked up.
func (c *call) fresh() (bool, error) {
	n, err := c.api.Record.Generation(c)
	if err != nil {
		return false, err
	}
	c.at = n
	tag := fmt.Sprintf(`"%s-%d"`, c.api.boot, n)
	c.w.Header().Set("ETag", "W/"+tag) // weak: packed or not it is the same answer
	for _, given := range strings.Split(c.r.Header.Get("If-None-Match"), ",") {
		if given = strings.TrimSpace(given); strings.TrimPrefix(given, "W/") == tag || given == "*" {
			return true, nil
		}
	}
	return false, nil
}

// heavily runs what takes a processor for long, as many at a time as there are
// workers. Whoever would wait for more than a few before him is asked to come
// again.
func (c *call) heavily(do func() error) error {
	select {
	case c.api.heavy <- struct{}{}:
	default:
		wait := time.NewTimer(20 * time.Second)
		defer wait.Stop()
		select {
		case c.api.heavy <- struct{}{}:
		case <-wait.C:
			return problem.New(http.StatusServiceUnavailable, "", "there is too much to do just now", "again later").With("Retry-After", "10")
		case <-c.Done():
			return &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: c.Err()}
		}
	}
	defer func() { <-c.api.heavy }()
	return do()
}

// pipeline returns the writing side.
func (c *call) pipeline() (Pipeline, error) {
	if c.api.Pipeline == nil {
		return nil, problem.New(http.StatusNotImplemented, "", "this server only reads its record", "rapport serve without --read-only")
	}
	return c.api.Pipeline, nil
}

// json answers with a value. It is written as it is encoded, not copied: a
// register may be tens of megabytes.
func (c *call) json(v any) error {
	c.w.Header().Set("Content-Type", "application/json")
	w := written{Writer: c.w}
	if err := json.NewEncoder(&w).Encode(v); err != nil && !w.begun {
		return err
	}
	return nil // whoever went away while it was written needs no more of it
}

// written notes whether anything was written.
type written struct {
	io.Writer
	begun bool
}

func (w *written) Write(b []byte) (int, error) {
	w.begun = true
	return w.Writer.Write(b)
}

// body answers with bytes of a media type.
func (c *call) body(mediaType string, b []byte) error {
	c.w.Header().Set("Content-Type", mediaType)
	if c.rt.status != 0 {
		c.w.WriteHeader(c.rt.status)
	}
	_, err := c.w.Write(b)
	return ignoreGone(err)
}

// ignoreGone drops the errors of writing to a client: nobody is left to tell.
func ignoreGone(error) error { return nil }

// attach has browsers keep an answer as a file of a name.
func (c *call) attach(name string) {
	c.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// decode reads a body of JSON, all of it and nothing else.
func (c *call) decode(v any) error {
	body, err := c.whole()
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return problem.Bad("", "the body is not what this takes: "+strings.TrimPrefix(err.Error(), "json: "), "an object as in "+Prefix+"/openapi.json")
	}
	if d.More() {
		return problem.Bad("", "something stands after the body's object", "one object")
	}
	return nil
}

// notFound rewords that something is not in the record.
func notFound(what, id string, err error, try string) error {
	if err != nil && rapport.KindOf(err) == rapport.NotFound {
		return &rapport.Error{Kind: rapport.NotFound, Where: what + " " + id, What: "is not in the record", Try: try}
	}
	return err
}
