package fetch

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxHosts   = 5000
	backoff    = 10 * time.Second // after a host's first failure
	maxBackoff = 6 * time.Hour
	maxPatient = 24 * time.Hour // longest that Retry-After is believed
)

// host is what is known of a host: whose turn it is, and when it may be asked.
type host struct {
	turn  chan struct{} // holds a token while nobody asks
	used  time.Time     // guarded by Client.mu
	last  time.Time     // end of the last request; this and below are the turn's
	after time.Time     // not before, for it failed or said so
	fails int
	delay time.Duration // as robots.txt asks
	said  string        // why it is to be left alone
}

// host returns what is known of a host, of which one at least is forgotten
// when there are too many.
func (c *Client) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		if len(c.hosts) >= maxHosts {
			c.forget()
		}
		h = &host{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		c.hosts[name] = h
	}
	h.used = c.o.Now()
	return h
}

// forget drops the hosts not asked for an hour, or else the oldest half.
func (c *Client) forget() {
	for _, age := range []time.Duration{time.Hour, time.Minute, 0} {
		for name, h := range c.hosts {
			if len(h.turn) == 1 && c.o.Now().Sub(h.used) >= age {
				delete(c.hosts, name)
			}
		}
		if len(c.hosts) < maxHosts {
			return
		}
	}
}

// begin waits for a host's turn. The caller ends it with end.
func (c *Client) begin(ctx context.Context, h *host) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-h.turn:
	}
	due := h.after
	if pause := max(c.o.Pause, h.delay); !h.last.IsZero() && h.last.Add(pause).After(due) {
		due = h.last.Add(pause)
	}
	wait := due.Sub(c.o.Now())
	var err error
	if wait > c.o.MaxWait {
		what := h.said
		if what == "" {
			what = "the host asks for a pause between requests"
		}
		err = &Fault{Reason: Busy, Until: due, What: what + ": to be asked again after " + due.UTC().Format(time.RFC3339)}
	} else if wait > 0 {
		err = c.o.Sleep(ctx, wait)
	}
	if err != nil {
		h.turn <- struct{}{}
	}
	return err
}

// end ends a host's turn. fault is what came of it, nil when it answered.
func (c *Client) end(h *host, f *Fault, retryAfter time.Duration) {
	now := c.o.Now()
	h.last = now
	switch {
	case f == nil || !troubled(f):
		h.fails, h.said = 0, ""
	case retryAfter > 0:
		h.fails++
		h.said = f.What
		h.after = now.Add(retryAfter + c.jitter(retryAfter/10))
		f.Until = h.after
	default:
		h.fails++
		h.said = f.What
		d := time.Duration(math.Min(float64(backoff)*math.Pow(2, float64(h.fails-1)), float64(maxBackoff)))
		h.after = now.Add(d*3/4 + c.jitter(d/2))
		f.Until = h.after
	}
	h.turn <- struct{}{}
}

// troubled tells the faults that speak of the host, not of one address.
func troubled(f *Fault) bool {
	switch f.Reason {
	case Network, TooSlow:
		return true
	case Status:
		return f.Code == http.StatusTooManyRequests || f.Code == http.StatusBadGateway || f.Code == http.StatusServiceUnavailable || f.Code == http.StatusGatewayTimeout
	}
	return false
}

// jitter returns up to d, so that many clients do not come back at once.
func (c *Client) jitter(d time.Duration) time.Duration {
	return time.Duration(c.o.Jitter() * float64(d))
}

// retryAfter reads the header: seconds or a date. 0 is none or none that can
// be read.
func (c *Client) retryAfter(h http.Header) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	var d time.Duration
	if n, err := strconv.ParseUint(v, 10, 32); err == nil {
		d = time.Duration(n) * time.Second
	} else if t, err := http.ParseTime(v); err == nil {
		d = t.Sub(c.o.Now())
	}
	return min(max(d, 0), maxPatient)
}
