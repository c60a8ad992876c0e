package main

import (
	"errors"
	"iter"
	"net/netip"
	"os"
	"strings"
	"time"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/press"
	"rapport/internal/watch"
)

// web are the flags of the commands that reach for the network.
type web struct {
	contact string
	allow   []netip.Prefix
	follow  bool
}

// contactVariable may hold what --contact says.
const contactVariable = "RAPPORT_CONTACT"

func (o options) web() *web {
	w := &web{}
	o.StringVar(&w.contact, "contact", os.Getenv(contactVariable), "")
	o.Func("allow", "", func(v string) error {
		p, err := fetch.ParseAllow(v)
		w.allow = append(w.allow, p...)
		return err
	})
	return w
}

// A named archive may be long; a page or feed is held to less by its reader.
const (
	maxNamed     = 4 << 30
	namedTimeout = 2 * time.Hour
)

// client fetches what a user names.
func (w *web) client() *fetch.Client {
	return fetch.New(fetch.Options{Guard: fetch.Guard{Allow: w.allow}, Contact: w.contact, Retries: 2, Timeout: namedTimeout})
}

// read yields the reports at an address.
func (w *web) read(s *session, c *fetch.Client, address string, in *inputs) iter.Seq2[rapport.Report, error] {
	if w.follow {
		return watch.Follow(s, c, address, in.text)
	}
	return func(yield func(rapport.Report, error) bool) {
		a, err := c.Open(s, fetch.Request{URL: address, Named: true, MaxBytes: maxNamed})
		if err != nil {
			yield(rapport.Report{}, err)
			return
		}
		defer a.Stream.Close()
		from := press.Origin{Address: a.URL, Charset: a.Charset, Retrieved: a.Retrieved.Format(time.RFC3339)}
		for rep, err := range press.ReadFrom(a.Stream, from, in.text) {
			var e *rapport.Error
			if errors.As(err, &e) && strings.Contains(e.What, "sitemap") {
				e.Try = "--follow, if it is a sitemap"
			}
			if !yield(rep, err) {
				return
			}
		}
	}
}
