// Package fetch is the one way in which Rapport reads from a network: a guarded
// HTTP client that asks politely and trusts nothing that comes back.
//
// [Client.Get] fetches an address whole, [Client.Open] as a stream. Both hold
// every request, redirects included, to
//
//   - the [Guard]: only http and https, only public addresses and usual ports,
//     judged by the address that is dialled, so that neither a name that
//     resolves inwards nor a redirect leads into a private network;
//   - limits: bytes as sent, bytes unpacked, time in all, time without a byte,
//     redirects; gzip, deflate and zstandard are unpacked here, within these;
//   - robots.txt as RFC 9309 has it, but for what a person names;
//   - manners: one request at a time to a host, a pause between two, the crawl
//     delay that robots.txt asks for, Retry-After, and a back-off that doubles;
//   - a user agent that says what asks, and whom to write to.
//
// Errors are [rapport.Error] of kind BadInput, or Stopped when the context
// ended; a [Fault] in their chain says what went wrong and until when to wait.
// Proxies of the environment are not used: the guard could not see past them.
//
// Robots.txt is read by a parser of our own. The one Go library for it that the
// module proxy has, github.com/temoto/robotstxt v1.1.2 of 2021, gives another
// answer than RFC 9309 in 13 of the 36 cases of TestRobotsRules: it drops the
// whole file for a rule before the first group, matches wildcards anywhere in
// a path, takes "rap" for "rapport", and lets the order of rules decide a tie.
package fetch

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say how a [Client] asks. The zero Options will do.
type Options struct {
	Guard   Guard
	Contact string // whom to write to, an address of mail or web: it stands in the user agent

	MaxBytes  int64         // of an answer, as sent and unpacked; 0 is 32 MiB
	Timeout   time.Duration // of one exchange; 0 is two minutes
	Stall     time.Duration // without a byte; 0 is thirty seconds
	Redirects int           // 0 is six
	Retries   int           // of what may pass: no connection, 429, 502, 503, 504

	Pause   time.Duration // between two requests to a host; 0 is one second
	MaxWait time.Duration // longest wait for a host's turn, else it is [Busy]; 0 is thirty seconds

	// Transport, if given, is used instead of the guard's: addresses written
	// as numbers are still judged, names are not. It is for tests.
	Transport http.RoundTripper

	Now    func() time.Time                           // nil is time.Now
	Sleep  func(context.Context, time.Duration) error // nil sleeps
	Jitter func() float64                             // in [0,1); nil is chance
}

func (o Options) withDefaults() Options {
	set(&o.MaxBytes, 32<<20)
	set(&o.Timeout, 2*time.Minute)
	set(&o.Stall, 30*time.Second)
	set(&o.Redirects, 6)
	set(&o.Pause, time.Second)
	set(&o.MaxWait, 30*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

func set[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Client fetches. It may be used by many goroutines.
type Client struct {
	o     Options
	agent string
	http  http.RoundTripper

	mu     sync.Mutex
	hosts  map[string]*host
	robots map[string]*robotsEntry
}

// New returns a client. It holds connections; [Client.Close] lets them go.
func New(o Options) *Client {
	o = o.withDefaults()
	c := &Client{o: o, agent: UserAgent(o.Contact), http: o.Transport, hosts: map[string]*host{}, robots: map[string]*robotsEntry{}}
	if c.http == nil {
		c.http = o.Guard.Transport()
	}
	return c
}

// Close lets go of connections that wait to be used again.
func (c *Client) Close() {
	if t, ok := c.http.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// product is what robots.txt calls this program.
const product = "rapport"

// UserAgent is how Rapport names itself to servers:
// "Rapport/0.1 (+https://example.org/press; reads news feeds)".
func UserAgent(contact string) string {
	contact = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || r == '(' || r == ')' || r == ';' {
			return -1
		}
		return r
	}, contact)
	if contact == "" {
		return "Rapport/0.1 (reads news feeds)"
	}
	if strings.Contains(contact, "@") && !strings.Contains(contact, ":") {
		contact = "mailto:" + contact
	}
	return "Rapport/0.1 (+" + contact + "; reads news feeds)"
}

// Request is what to ask for.
type Request struct {
	URL      string
	ETag     string // validators of an earlier answer: with either, "not modified" is an answer
	Modified string
	Accept   string // media types; "" is pages, feeds, anything
	Named    bool   // a person named the address: robots.txt is not asked
	MaxBytes int64  // instead of the client's, if not 0
}

// Answer is what a server sent.
type Answer struct {
	Asked       string    // the address asked for
	URL         string    // the address that answered, after redirects
	Moved       string    // where the address has moved for good, "" if nowhere
	NotModified bool      // no body: it is as the validators say
	Type        string    // media type as the server says, which may be wrong: "text/html"
	Charset     string    // likewise
	ETag        string    // validators for the next request
	Modified    string    //
	Retrieved   time.Time // UTC
	MaxAge      time.Duration
	Body        []byte        // of [Client.Get]
	Stream      io.ReadCloser // of [Client.Open]; the host's turn ends when it is closed
}

// Reason sorts faults.
type Reason string

// The reasons of a [Fault].
const (
	Refused   Reason = "refused"   // the guard does not let this through
	Forbidden Reason = "robots"    // robots.txt forbids it
	Busy      Reason = "busy"      // the host is to be left alone until Until
	Status    Reason = "status"    // it answered with an error
	TooLong   Reason = "too long"  // more bytes than allowed
	TooSlow   Reason = "too slow"  // more time than allowed
	Redirect  Reason = "redirect"  // too many redirects, in a circle, or to nowhere
	Encoding  Reason = "encoding"  // the body cannot be unpacked
	Network   Reason = "network"   // no connection, or one that broke
	Malformed Reason = "malformed" // the address is none
)

// Fault says why there is no answer.
type Fault struct {
	Reason Reason
	Code   int       // HTTP status, for Status
	Until  time.Time // when to ask again at the earliest, if the host said it or has failed before
	What   string
	Err    error
}

// Error words the fault.
func (f *Fault) Error() string {
	s := f.What
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Passing reports whether the fault may be gone later.
func (f *Fault) Passing() bool {
	switch f.Reason {
	case Busy, Network, TooSlow:
		return true
	case Status:
		return f.Code == http.StatusTooManyRequests || f.Code == http.StatusRequestTimeout || f.Code >= 500
	}
	return false
}

func fault(r Reason, err error, format string, args ...any) *Fault {
	return &Fault{Reason: r, What: fmt.Sprintf(format, args...), Err: err}
}
