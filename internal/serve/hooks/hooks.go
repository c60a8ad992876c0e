// Package hooks tells others of what is new: watchlists are filters of events
// with an address, to which a signed message goes by POST whenever a report
// tells an event that the filter lets through (Standard Webhooks 1.0.0).
// doc/feeds.md is for users.
//
// Nothing is lost: news are taken from the record in the order in which claims
// were kept, and written to an outbox on the disk before any is sent; how far a
// watchlist is, is written after that. A message leaves the outbox when its
// address has answered 2xx, and is tried again until then. A process killed
// between may send a message again, with the same id.
package hooks

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/internal/exchange"
	"rapport/internal/fetch"
	"rapport/internal/record"
	"rapport/internal/serve/plain"
)

// Config says what a sender sends.
type Config struct {
	Record    *record.Record
	Store     *Store
	Guard     fetch.Guard      // where messages may be sent, by the address that is dialled
	PlainHTTP bool             // addresses may be http, not only https
	Now       func() time.Time // nil: time.Now
	Poll      time.Duration    // how often the record is looked at; 0 is 5 s
	Logger    *slog.Logger
}

const (
	batch       = 500  // claims looked at in one go
	mostWaiting = 1000 // messages of a list; further news wait in the record
	mostTold    = 50   // claims of an event in one message
	timeout     = 15 * time.Second
	turn        = 15 * time.Second // how long one list is sent to in one round
	atOnce      = 8                // lists
	firstWait   = 5 * time.Second
	longestWait = 6 * time.Hour
)

// Sender sends what is new to watchlists. Make one a store with New.
type Sender struct {
	Config
	client *http.Client
	lock   *os.File
	wake   chan struct{}
	most   int // mostWaiting
	mu     sync.Mutex
	pause  map[string]pause // by list, after failures
}

// pause is how long a list is left alone.
type pause struct {
	failures int
	until    time.Time
}

// New returns a sender. The store is its own until Close: a second sender gets
// an error of kind Storage.
func New(c Config) (*Sender, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Poll == 0 {
		c.Poll = 5 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	held, err := lock(c.Store.path("lock"))
	if err != nil {
		return nil, &rapport.Error{Kind: rapport.Storage, Where: c.Store.dir, What: "another process sends from it", Try: "stopping that", Err: err}
	}
	return &Sender{Config: c, lock: held, wake: make(chan struct{}, 1), most: mostWaiting, pause: map[string]pause{}, client: &http.Client{
		Transport: c.Guard.Transport(), Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a redirect is no answer
	}}, nil
}

// Close lets go of the store and of connections.
func (s *Sender) Close() error {
	s.client.CloseIdleConnections()
	return s.lock.Close()
}

// Wake has Run look at the record now, as after reports were added.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, which is no error. What goes wrong is in the log
// and tried again.
func (s *Sender) Run(ctx context.Context) error {
	tick := time.NewTicker(s.Poll)
	defer tick.Stop()
	for {
		if err := s.Round(ctx); err != nil && ctx.Err() == nil {
			s.Logger.Error("webhooks", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-s.wake:
		}
	}
}

// Round takes what is new to the outbox and sends what is due. The error names
// what kept messages from being written or counted, not that an address did
// not answer: that is in the log.
func (s *Sender) Round(ctx context.Context) error {
	lists, err := s.Store.Lists()
	errs := []error{err}
	for i := range lists { // all of it before anything is sent: see collect
		if err := s.collect(ctx, &lists[i]); err != nil {
			errs = append(errs, fmt.Errorf("watchlist %s: %w", lists[i].ID, err))
			lists[i].Paused = "not collected" // and so not sent to
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	slots := make(chan struct{}, atOnce)
	for i := range lists {
		if lists[i].Paused != "" {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := s.send(ctx, &lists[i]); err != nil {
				mu.Lock()
				errs = append(errs, fmt.Errorf("watchlist %s: %w", lists[i].ID, err))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// collect writes the news of a list to its outbox, then how far it is. Messages
// of a batch whose end was never written down were not sent either, for sending
// waits for that: they are dropped and written anew.
func (s *Sender) collect(ctx context.Context, l *List) error {
	filter, err := l.check()
	if err != nil {
		return err
	}
	after, err := s.Store.after(l.ID)
	if err != nil {
		return err
	}
	last, err := s.Record.LastClaim(ctx)
	if err != nil {
		return err
	}
	if last < after { // the record was replaced by one that holds less
		s.Logger.Warn("the record holds less than a watchlist was told of; its news count from here", "watchlist", l.ID)
		return s.Store.setAfter(l.ID, last)
	}
	names, err := s.Store.messages(l.ID)
	if err != nil {
		return err
	}
	waiting := 0
	for _, n := range names {
		from, err := batchOf(n)
		if err == nil && from < after {
			waiting++
			continue
		}
		if err := s.Store.dropMessage(l.ID, n); err != nil {
			return err
		}
	}
	for waiting < s.most {
		news, next, err := s.Record.NewsAfter(ctx, after, batch)
		if err != nil || next == after {
			return err
		}
		i := 0
		for k := range news {
			if !filter.Matches(&news[k].EventRow) {
				continue
			}
			m, err := s.message(l, &news[k])
			if err != nil {
				return err
			}
			m.name = fileName(after, i, m.ID)
			if err := s.Store.putMessage(l.ID, m); err != nil {
				return err
			}
			i++
		}
		if err := s.Store.setAfter(l.ID, next); err != nil {
			return err
		}
		after, waiting = next, waiting+i
	}
	return nil
}

// message words the news of one event for a list. Its id is that of the list
// and the claims that are new.
func (s *Sender) message(l *List, n *record.News) (*message, error) {
	row := n.EventRow
	if len(row.Claims) > mostTold { // the new ones, then as many others as there is room for
		isNew := func(c rapport.Claim) bool { return slices.Contains(n.New, c.ID) }
		row.Claims = slices.Clone(row.Claims)
		slices.SortStableFunc(row.Claims, func(a, b rapport.Claim) int {
			switch {
			case isNew(a) && !isNew(b):
				return -1
			case isNew(b) && !isNew(a):
				return 1
			}
			return 0
		})
		row.Claims = row.Claims[:mostTold]
	}
	var event bytes.Buffer
	one := iter.Seq2[record.EventRow, error](func(yield func(record.EventRow, error) bool) { yield(row, nil) })
	if _, err := exchange.EventsJSONL(&event, one); err != nil {
		return nil, err
	}
	now := s.Now().UTC()
	type watchlist struct {
		ID   string `json:"id"`
		Name string `json:"name,omitempty"`
	}
	type data struct {
		Watchlist watchlist       `json:"watchlist"`
		Title     string          `json:"title"`
		New       []string        `json:"new"`
		Event     json.RawMessage `json:"event"`
	}
	body, err := json.Marshal(struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      data      `json:"data"`
	}{"event.told", now, data{watchlist{l.ID, l.Name}, plain.Title(&n.Event), n.New, event.Bytes()}})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(l.ID + " " + strings.Join(n.New, " ")))
	return &message{ID: "msg_" + hex.EncodeToString(sum[:16]), Created: now, Body: body}, nil
}

// send sends a list what is due, in order, until its address fails or its turn
// is over.
func (s *Sender) send(ctx context.Context, l *List) error {
	began := s.Now()
	s.mu.Lock()
	held := s.pause[l.ID]
	s.mu.Unlock()
	if began.Before(held.until) {
		return nil
	}
	names, err := s.Store.messages(l.ID)
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		now := s.Now()
		if ctx.Err() != nil || now.Sub(began) > turn {
			break
		}
		m, err := s.Store.message(l.ID, name)
		if err != nil { // told, and left for whoever mends it
			errs = append(errs, err)
			continue
		}
		if now.Before(m.Next) {
			continue
		}
		f := s.post(ctx, l, m)
		if ctx.Err() != nil { // stopped by us: as if never tried
			break
		}
		if f == nil {
			held = pause{}
			s.hold(l.ID, held)
			if err := s.Store.dropMessage(l.ID, name); err != nil {
				return errors.Join(append(errs, err)...)
			}
			continue
		}
		s.Logger.Warn("a webhook was not taken", "watchlist", l.ID, "message", m.ID, "attempt", m.Attempts+1, "why", f.why)
		m.Attempts++
		m.Why = f.why
		m.Next = now.Add(wait(m.Attempts, m.ID))
		held = pause{held.failures + 1, now.Add(max(wait(held.failures+1, m.ID), f.after))}
		s.hold(l.ID, held)
		if err := s.Store.putMessage(l.ID, m); err != nil {
			return errors.Join(append(errs, err)...)
		}
		if f.gone {
			fresh, err := s.Store.Get(l.ID)
			if err == nil {
				fresh.Paused = "its address answered 410 Gone"
				err = s.Store.Put(fresh)
			}
			errs = append(errs, err)
		}
		break
	}
	return errors.Join(errs...)
}

func (s *Sender) hold(list string, p pause) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pause[list] = p
}

// wait returns how long to wait after the n-th failure: 5 s, doubled each time
// up to 6 h, and up to a tenth more by the message's id, so that not all come
// back at once.
func wait(n int, id string) time.Duration {
	d := longestWait
	if n < 14 {
		d = min(d, firstWait<<(n-1))
	}
	sum := sha256.Sum256([]byte(id))
	return d + d*time.Duration(sum[0])/2560
}

// failure is why a message was not taken.
type failure struct {
	why   string
	after time.Duration // as the address asked
	gone  bool
}

// post sends a message once and returns nil when its address took it.
func (s *Sender) post(ctx context.Context, l *List, m *message) *failure {
	u, err := url.Parse(l.URL)
	if err == nil {
		err = s.Guard.CheckURL(u)
	}
	if err == nil && u.Scheme != "https" && !s.PlainHTTP {
		err = errors.New("is not https")
	}
	if err != nil {
		return &failure{why: "the address may not be asked: " + err.Error()}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.URL, bytes.NewReader(m.Body))
	if err != nil {
		return &failure{why: err.Error()}
	}
	at := s.Now()
	signature, err := Sign(l.Secrets, m.ID, at, m.Body)
	if err != nil {
		return &failure{why: err.Error()}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Rapport webhooks")
	req.Header.Set("webhook-id", m.ID)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	res, err := s.client.Do(req)
	if err != nil {
		return &failure{why: plain.Line(err.Error(), 300)}
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again; the status is the answer
	if res.StatusCode/100 == 2 {
		return nil
	}
	f := &failure{why: "answered " + strconv.Itoa(res.StatusCode), gone: res.StatusCode == http.StatusGone}
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		f.after = min(time.Duration(min(n, 1<<20))*time.Second, longestWait)
	}
	return f
}

// Sign returns the header webhook-signature of a message: "v1," and the base64
// of its HMAC-SHA256 for each secret, parted by blanks.
func Sign(secrets []string, id string, at time.Time, body []byte) (string, error) {
	var out []string
	for _, secret := range secrets {
		k, err := key(secret)
		if err != nil {
			return "", err
		}
		mac := hmac.New(sha256.New, k)
		fmt.Fprintf(mac, "%s.%d.%s", id, at.Unix(), body)
		out = append(out, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(out, " "), nil
}
