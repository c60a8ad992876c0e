package fetch

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rapport"
)

// Get fetches an address whole.
func (c *Client) Get(ctx context.Context, req Request) (*Answer, error) {
	for try := 0; ; try++ {
		a, err := c.get(ctx, req)
		if !c.again(ctx, err, try) {
			return a, c.worded(ctx, req.URL, err)
		}
	}
}

func (c *Client) get(ctx context.Context, req Request) (*Answer, error) {
	a, err := c.open(ctx, req, nil)
	if err != nil || a.Stream == nil {
		return a, err
	}
	defer a.Stream.Close()
	a.Body, err = io.ReadAll(a.Stream)
	a.Stream = nil
	if err != nil {
		return nil, err
	}
	return a, nil
}

// Open fetches an address as a stream. While that is open the host gets no
// other request. Its errors while reading are worded like those of Open.
func (c *Client) Open(ctx context.Context, req Request) (*Answer, error) {
	for try := 0; ; try++ {
		a, err := c.open(ctx, req, func(err error) error { return c.worded(ctx, req.URL, err) })
		if !c.again(ctx, err, try) {
			return a, c.worded(ctx, req.URL, err)
		}
	}
}

// again reports whether to ask again. The host's turn makes the wait.
func (c *Client) again(ctx context.Context, err error, try int) bool {
	var f *Fault
	return try < c.o.Retries && ctx.Err() == nil && errors.As(err, &f) && troubled(f) && f.Until.Sub(c.o.Now()) <= c.o.MaxWait
}

// worded makes the error that callers see.
func (c *Client) worded(ctx context.Context, address string, err error) error {
	if err == nil {
		return nil
	}
	if e := new(rapport.Error); errors.As(err, &e) {
		return err
	}
	if u, perr := url.Parse(address); perr == nil {
		address = u.Redacted()
	}
	if ctx.Err() != nil {
		return &rapport.Error{Kind: rapport.Stopped, Where: address, What: "stopped", Err: context.Cause(ctx)}
	}
	e := &rapport.Error{Kind: rapport.BadInput, Where: address, What: "cannot be fetched", Err: err}
	var f *Fault
	if errors.As(err, &f) {
		switch {
		case f.Reason == Refused && strings.Contains(f.What, "no public address"):
			e.Try = "--allow NETWORK, if you mean it"
		case f.Code == http.StatusUnauthorized || f.Code == http.StatusForbidden:
			e.Try = "save it with a browser and name the file"
		}
	}
	return e
}

const longestAddress = 8 << 10

func parseAddress(s string) (*url.URL, error) {
	if len(s) > longestAddress {
		return nil, fault(Malformed, nil, "is longer than %d bytes", longestAddress)
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, fault(Malformed, err, "is no address")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// open goes along the redirects to an answer.
func (c *Client) open(ctx context.Context, req Request, word func(error) error) (*Answer, error) {
	u, err := parseAddress(req.URL)
	if err != nil {
		return nil, err
	}
	a := &Answer{Asked: req.URL}
	forGood := true
	seen := map[string]bool{}
	for hop := 0; ; hop++ {
		if err := c.o.Guard.CheckURL(u); err != nil {
			return nil, hopped(hop, u, err)
		}
		if seen[u.String()] {
			return nil, fault(Redirect, nil, "redirects in a circle, by %s", u.Redacted())
		}
		seen[u.String()] = true
		if !req.Named {
			if err := c.mayAsk(ctx, u); err != nil {
				return nil, hopped(hop, u, err)
			}
		}
		next, permanent, err := c.once(ctx, req, u, a, word)
		if err != nil {
			return nil, hopped(hop, u, err)
		}
		if next == nil {
			a.URL = u.String()
			return a, nil
		}
		if hop == c.o.Redirects {
			return nil, fault(Redirect, nil, "redirects more than %d times", c.o.Redirects)
		}
		u = next
		if forGood = forGood && permanent; forGood {
			a.Moved = u.String()
		}
	}
}

// hopped says of a fault behind a redirect where that led.
func hopped(hop int, u *url.URL, err error) error {
	var f *Fault
	if hop == 0 || !errors.As(err, &f) {
		return err
	}
	g := *f
	g.What = "redirects to " + u.Redacted() + ": " + f.What
	return &g
}

// once asks one host one time. It returns where that redirects to, or fills a.
func (c *Client) once(ctx context.Context, req Request, u *url.URL, a *Answer, word func(error) error) (next *url.URL, permanent bool, err error) {
	h := c.host(hostName(u))
	if err := c.begin(ctx, h); err != nil {
		return nil, false, err
	}
	within, cancel := context.WithCancelCause(ctx)
	began := time.Now()
	limit := time.AfterFunc(c.o.Timeout, func() { cancel(fault(TooSlow, nil, "takes longer than %v", c.o.Timeout)) })
	var retry time.Duration
	var open bool
	defer func() {
		if open {
			return
		}
		limit.Stop()
		cancel(nil)
		f := asFault(err)
		if ctx.Err() != nil { // stopped from here: the host is not to blame
			f = nil
		}
		c.end(h, f, retry)
	}()
	r, err := http.NewRequestWithContext(within, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, false, fault(Malformed, err, "is no address")
	}
	c.dress(r, req)
	res, err := c.http.RoundTrip(r)
	if err != nil {
		return nil, false, networkFault(within, err)
	}
	defer func() {
		if !open {
			io.CopyN(io.Discard, res.Body, 4<<10) // a short one is read, that the connection may be used again
			res.Body.Close()
		}
	}()
	retry = c.retryAfter(res.Header)
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		to := res.Header.Get("Location")
		if to == "" {
			return nil, false, fault(Redirect, nil, "redirects to nowhere")
		}
		l, err := parseAddress(to)
		if err != nil {
			return nil, false, fault(Redirect, err, "redirects to what is no address")
		}
		permanent := res.StatusCode == http.StatusMovedPermanently || res.StatusCode == http.StatusPermanentRedirect
		return u.ResolveReference(l), permanent, nil
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
	case http.StatusNotModified:
		if req.ETag == "" && req.Modified == "" {
			return nil, false, &Fault{Reason: Status, Code: res.StatusCode, What: "answers \"not modified\" though nothing is known of it"}
		}
		c.note(a, res)
		a.NotModified = true
		set(&a.ETag, req.ETag)
		set(&a.Modified, req.Modified)
		return nil, false, nil
	default:
		return nil, false, &Fault{Reason: Status, Code: res.StatusCode, What: "answers " + statusLine(res.StatusCode)}
	}
	most := c.o.MaxBytes
	if req.MaxBytes > 0 {
		most = req.MaxBytes
	}
	if res.ContentLength > most {
		return nil, false, tooLong(most)
	}
	c.note(a, res)
	limit.Stop() // the body's readings count on
	b, err := newBody(res, limits{most, c.o.Stall, c.o.Timeout, c.o.Timeout - time.Since(began)}, cancel)
	if err != nil {
		return nil, false, err
	}
	open = true
	a.Stream = &stream{body: b, word: word, within: within, done: func(err error) {
		cancel(nil)
		f := asFault(err)
		if ctx.Err() != nil {
			f = nil
		}
		c.end(h, f, 0)
	}}
	return nil, false, nil
}

// dress gives a request its headers.
func (c *Client) dress(r *http.Request, req Request) {
	accept := req.Accept
	if accept == "" {
		accept = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"
	}
	r.Header.Set("User-Agent", c.agent)
	r.Header.Set("Accept", accept)
	r.Header.Set("Accept-Encoding", "gzip, zstd, deflate")
	if req.ETag != "" {
		r.Header.Set("If-None-Match", headerSafe(req.ETag))
	}
	if req.Modified != "" {
		r.Header.Set("If-Modified-Since", headerSafe(req.Modified))
	}
}

// headerSafe: what a server said once must not forge a header now.
func headerSafe(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
}

// note reads what the headers say.
func (c *Client) note(a *Answer, res *http.Response) {
	a.Retrieved = c.o.Now().UTC().Truncate(time.Second)
	a.ETag, a.Modified = res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	if media, params, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err == nil {
		a.Type, a.Charset = media, params["charset"]
	}
	a.MaxAge = maxAge(res.Header)
}

// maxAge reads Cache-Control.
func maxAge(h http.Header) time.Duration {
	for part := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		if n, err := strconv.ParseUint(strings.Trim(v, `"`), 10, 31); err == nil && strings.EqualFold(k, "max-age") {
			return time.Duration(n) * time.Second
		}
	}
	return 0
}

func hostName(u *url.URL) string { return strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")) }

func statusLine(code int) string {
	if t := http.StatusText(code); t != "" {
		return strconv.Itoa(code) + " " + t
	}
	return strconv.Itoa(code)
}

func asFault(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	if err != nil {
		return fault(Network, err, "the connection broke")
	}
	return nil
}

// networkFault tells the guard's refusals and time limits from what the
// network did.
func networkFault(ctx context.Context, err error) *Fault {
	var f *Fault
	if errors.As(err, &f) || errors.As(context.Cause(ctx), &f) {
		return f
	}
	var n net.Error
	if errors.As(err, &n) && n.Timeout() {
		return fault(TooSlow, nil, "does not answer in time")
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		what := "its host's name cannot be resolved"
		if dns.IsNotFound {
			what = "its host has no address"
		}
		return fault(Network, nil, "%s", what)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return fault(Network, err, "there is no connection")
}
