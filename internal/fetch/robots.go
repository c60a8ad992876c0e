package fetch

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxRobots    = 512 << 10 // bytes read of a robots.txt: RFC 9309 asks for 500 KiB
	maxRules     = 20_000
	robotsAge    = 24 * time.Hour // longest that one is believed, RFC 9309
	minRobotsAge = 10 * time.Minute
	robotsAgain  = 30 * time.Minute // until an unreachable one is asked for again
	maxDelay     = 24 * time.Hour
)

// Robots is what a robots.txt says to one program. The zero Robots allows all.
type Robots struct {
	rules    []rule
	Delay    time.Duration // Crawl-delay, no rule of RFC 9309 but often written, so that it ends no group
	Sitemaps []string      // as written
}

type rule struct {
	path  string // percent escapes made alike
	allow bool
}

// ParseRobots reads a robots.txt after RFC 9309, for the program that names
// itself agent, in lower case. Nothing that stands in it is an error: what
// cannot be read is passed over.
func ParseRobots(b []byte, agent string) *Robots {
	if len(b) > maxRobots {
		b = b[:maxRobots]
		if i := strings.LastIndexByte(string(b), '\n'); i >= 0 { // not half a rule
			b = b[:i]
		}
	}
	named, all, out := &Robots{}, &Robots{}, &Robots{}
	found := false
	var to []*Robots   // whom the group is for
	open := false      // agents are still being named
	var just []*Robots // of them, those since the last line of any other kind
	after := true
	text := strings.TrimPrefix(strings.ToValidUTF8(string(b), "\ufffd"), "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if !open {
				to, open = nil, true
			}
			if after {
				just, after = nil, false
			}
			switch token := productToken(value); {
			case value == "*" || strings.HasPrefix(value, "* "):
				to, just = append(to, all), append(just, all)
			case strings.EqualFold(token, agent):
				to, just, found = append(to, named), append(just, named), true
			}
			continue
		case "allow", "disallow":
			open = false
			if value == "" {
				continue
			}
			for _, g := range to {
				if len(g.rules) < maxRules {
					g.rules = append(g.rules, rule{escaped(value), key == "allow"})
				}
			}
		case "crawl-delay":
			if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
				for _, g := range just {
					g.Delay = time.Duration(min(s, maxDelay.Seconds()) * float64(time.Second))
				}
			}
		case "sitemap":
			if len(out.Sitemaps) < 1000 {
				out.Sitemaps = append(out.Sitemaps, value)
			}
		}
		after = true
	}
	if !found {
		named = all
	}
	named.Sitemaps = out.Sitemaps
	return named
}

// productToken is the part of a user-agent line that RFC 9309 compares.
func productToken(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !(r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
	if end >= 0 {
		s = s[:end]
	}
	return s
}

// Allows reports whether the path and query of an address may be asked for:
// the longest rule that matches decides, allow before disallow.
func (r *Robots) Allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	path = escaped(path)
	if path == "/robots.txt" {
		return true
	}
	longest, allow := -1, true
	for _, rule := range r.rules {
		if n := len(rule.path); (n > longest || n == longest && rule.allow) && matches(rule.path, path) {
			longest, allow = n, rule.allow
		}
	}
	return allow
}

// matches tells whether a rule matches from the start of a path. "*" is any
// run of characters, "$" at the end is the path's end.
func matches(rule, path string) bool {
	rule, whole := strings.CutSuffix(rule, "$")
	parts := strings.Split(rule, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !whole || path == ""
	}
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(path, p)
		if i < 0 {
			return false
		}
		path = path[i+len(p):]
	}
	last := parts[len(parts)-1]
	if whole {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// escaped writes percent escapes in one way: unreserved characters plain, what
// is not ASCII escaped, hexadecimal digits in upper case.
func escaped(s string) string {
	const hex = "0123456789ABCDEF"
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && s[i] != '%' && s[i] < utf8.RuneSelf && s[i] > ' '
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		code := c == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0
		if code {
			c = byte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		}
		switch {
		case code && !unreserved(c), c >= utf8.RuneSelf, c <= ' ':
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unhex(c byte) int {
	if c >= 'A' && c <= 'F' {
		c += 'a' - 'A'
	}
	return strings.IndexByte("0123456789abcdef", c)
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// robotsEntry is a robots.txt as it was last read.
type robotsEntry struct {
	turn   chan struct{}
	rules  *Robots // nil while none could be had
	until  time.Time
	closed *Fault // why nothing may be asked for, while until lies ahead
	used   time.Time
}

// mayAsk asks a host's robots.txt for leave.
func (c *Client) mayAsk(ctx context.Context, u *url.URL) error {
	r, err := c.Robots(ctx, u)
	if err != nil {
		return err
	}
	if !r.Allows(u) {
		return fault(Forbidden, nil, "robots.txt of %s forbids it", u.Host)
	}
	return nil
}

// Robots returns what the robots.txt of an address's host says to Rapport. It
// is kept for as long as its server says, a day at the most. One that is not
// there allows all; while one cannot be reached (429, 5xx, no connection) what
// it said before holds, and without that nothing may be asked for.
func (c *Client) Robots(ctx context.Context, u *url.URL) (*Robots, error) {
	root := &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: "/robots.txt"}
	e := c.entry(root.String())
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-e.turn:
	}
	defer func() { e.turn <- struct{}{} }()
	now := c.o.Now()
	if now.Before(e.until) {
		if e.closed != nil {
			f := *e.closed
			return nil, &f
		}
		return e.rules, nil
	}
	rules, age, err := c.readRobots(ctx, root)
	switch f := asFault(err); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		e.rules, e.closed, e.until = rules, nil, now.Add(age)
	case e.rules != nil: // what it said before
		e.until, e.closed = now.Add(robotsAgain), nil
	default:
		e.until = now.Add(robotsAgain + c.jitter(robotsAgain/4))
		if f.Until.After(e.until) {
			e.until = f.Until
		}
		e.closed = &Fault{Reason: f.Reason, Code: f.Code, Until: e.until, What: "its robots.txt cannot be read: " + f.What, Err: f.Err}
		if f.Reason == Status || f.Reason == TooLong || f.Reason == Redirect {
			e.closed.Reason = Forbidden
		}
		g := *e.closed
		return nil, &g
	}
	h := c.host(hostName(u))
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.turn:
		h.delay = e.rules.Delay
		h.last = time.Time{} // robots.txt and what it was asked for are one visit
		h.turn <- struct{}{}
	}
	return e.rules, nil
}

func (c *Client) entry(key string) *robotsEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.robots[key]
	if e == nil {
		if len(c.robots) >= maxHosts {
			for k, old := range c.robots {
				if len(old.turn) == 1 && (c.o.Now().Sub(old.used) > time.Hour || len(c.robots) >= maxHosts) {
					delete(c.robots, k)
				}
			}
		}
		e = &robotsEntry{turn: make(chan struct{}, 1)}
		e.turn <- struct{}{}
		c.robots[key] = e
	}
	e.used = c.o.Now()
	return e
}

// readRobots fetches a robots.txt. An error is that it cannot be reached.
func (c *Client) readRobots(ctx context.Context, root *url.URL) (*Robots, time.Duration, error) {
	a, err := c.open(ctx, Request{URL: root.String(), Named: true, Accept: "text/plain,*/*;q=0.5", MaxBytes: 64 << 20}, nil)
	var f *Fault
	switch {
	case errors.As(err, &f) && f.Reason == Status && f.Code >= 400 && f.Code < 500 && f.Code != 429:
		return &Robots{}, robotsAge, nil
	case errors.As(err, &f) && f.Reason == Redirect:
		return &Robots{}, robotsAge, nil
	case err != nil:
		return nil, 0, err
	}
	defer a.Stream.Close()
	b, err := io.ReadAll(io.LimitReader(a.Stream, maxRobots+1))
	if err != nil {
		return nil, 0, err
	}
	age := robotsAge
	if a.MaxAge > 0 {
		age = min(max(a.MaxAge, minRobotsAge), robotsAge)
	}
	return ParseRobots(b, product), age, nil
}
