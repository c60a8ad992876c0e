package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"rapport/internal/serve/problem"
)

// Page is a part of a list.
type Page struct {
	Items any    `json:"items"`
	Next  string `json:"next,omitempty" jsonschema:"cursor of the next page; missing at the end"`
	Note  string `json:"note,omitempty" jsonschema:"what a reader should know about this page"`
}

const (
	defaultPage = 50
	maxPage     = 500
	streamPage  = 500 // how many are read at a time for a stream
)

// lister is a list of things T that stand at places M.
type lister[T, M any] struct {
	// page returns up to limit things after a place, the place to go on from,
	// and whether there may be more.
	page func(ctx context.Context, limit int, after M) (items []T, next M, more bool, err error)
	// json is what a thing is in JSON.
	json func(*T) any
	csv  func(w io.Writer, items iter.Seq2[T, error]) error
	name string // of the file
	note string // on a page with fewer than it may have, though there are more
}

// serve answers with a page, or with all of the list as a stream.
func (l *lister[T, M]) serve(c *call) error {
	limit := c.int("limit", 0, 1, 1<<31-1)
	format := c.format()
	var after M
	if cursor := c.str("cursor"); cursor != "" && !decodeCursor(cursor, &after) {
		c.fault("cursor", cursor, "`next` of the page before, as it was")
	}
	if format == "json" && limit > maxPage {
		c.fault("limit", strconv.Itoa(limit), "500 at most a page; format=ndjson streams all")
	}
	if c.err != nil {
		return c.err
	}
	if format != "json" {
		return l.stream(c, format, limit, after)
	}
	if limit == 0 {
		limit = defaultPage
	}
	items, next, more, err := l.page(c, limit, after)
	if err != nil {
		return err
	}
	out := make([]any, len(items))
	for i := range items {
		out[i] = l.json(&items[i])
	}
	p, kept := Page{Items: out}, &keptPage{key: c.pageKey()}
	if more {
		p.Next = encodeCursor(next)
		q := c.r.URL.Query()
		q.Set("cursor", p.Next)
		kept.link = "<" + c.r.URL.EscapedPath() + "?" + q.Encode() + `>; rel="next"`
		if len(items) < limit {
			p.Note = l.note
		}
	}
	if kept.body, err = json.Marshal(p); err != nil {
		return err
	}
	kept.body = append(kept.body, '\n')
	if c.rt.fixed {
		c.api.pages.put(c.at, kept)
	}
	return c.page(kept)
}

func (c *call) pageKey() string { return c.r.URL.Path + "?" + c.r.URL.RawQuery }

// page answers with a page as it is kept.
func (c *call) page(p *keptPage) error {
	if p.link != "" {
		c.w.Header().Set("Link", p.link)
	}
	return c.body("application/json", p.body)
}

// stream writes all things from a place on. It reads a part at a time and holds
// nothing open between, so a slow reader keeps nobody from writing the record.
func (l *lister[T, M]) stream(c *call, format string, limit int, after M) error {
	left := limit
	read := func() ([]T, bool, error) {
		n := streamPage
		if limit > 0 {
			n = min(n, left)
		}
		items, next, more, err := l.page(c, n, after)
		after = next
		left -= len(items)
		return items, more && (limit == 0 || left > 0), err
	}
	first, more, err := read() // a fault that shows at once is told as one
	if err != nil {
		return err
	}
	items := func(yield func(T, error) bool) {
		part := first
		for {
			for i := range part {
				if !yield(part[i], nil) {
					return
				}
			}
			if !more {
				return
			}
			var err error
			if part, more, err = read(); err != nil {
				var none T
				yield(none, err)
				return
			}
		}
	}
	c.w.Header().Set("Content-Type", map[string]string{"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8; header=present"}[format])
	c.attach(l.name + "." + format)
	if format == "csv" {
		err = l.csv(c.w, items)
	} else {
		err = l.lines(c.w, items)
	}
	if err != nil { // the answer has begun: break it off, that nobody takes it for whole
		if !problem.Gone(c.r.Context(), err) {
			c.api.Log.Error("a stream broke off", "path", c.r.URL.Path, "error", err)
		}
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (l *lister[T, M]) lines(w io.Writer, items iter.Seq2[T, error]) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for v, err := range items {
		if err != nil {
			return err
		}
		if err := enc.Encode(l.json(&v)); err != nil {
			return err
		}
		if b.Len() > 32<<10 {
			if _, err := w.Write(b.Bytes()); err != nil {
				return err
			}
			b.Reset()
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// table returns what writes a list as CSV, a column a name.
func table[T any](columns []string, row func(*T) []string) func(io.Writer, iter.Seq2[T, error]) error {
	return func(w io.Writer, items iter.Seq2[T, error]) error {
		out := csv.NewWriter(w)
		out.Write(columns)
		for v, err := range items {
			if err != nil {
				return err
			}
			if err := out.Write(row(&v)); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
}

// format returns what the list is asked for in: the parameter says, else the
// first of Accept that is one.
func (c *call) format() string {
	switch f := c.str("format"); f {
	case "json", "ndjson", "csv":
		return f
	case "":
	default:
		c.fault("format", f, "json, ndjson or csv")
	}
	for t := range strings.SplitSeq(c.r.Header.Get("Accept"), ",") {
		t, _, _ = strings.Cut(t, ";")
		switch strings.TrimSpace(t) {
		case "application/json", "*/*", "application/*":
			return "json"
		case "application/x-ndjson", "application/jsonl", "application/ndjson":
			return "ndjson"
		case "text/csv":
			return "csv"
		}
	}
	return "json"
}

func encodeCursor(m any) string {
	b, _ := json.Marshal(m) // numbers and strings always marshal
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeCursor(s string, m any) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 1000 {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(m) == nil && !d.More()
}

// slice serves a list that is small enough to be held whole; places are counts.
func slice[T any](items []T) func(context.Context, int, int) ([]T, int, bool, error) {
	return func(_ context.Context, limit, after int) ([]T, int, bool, error) {
		after = min(max(after, 0), len(items))
		end := min(after+limit, len(items))
		return items[after:end], end, end < len(items), nil
	}
}

// stamp writes a time as reviews keep it: to the millisecond, always as long, so
// that times sort as text.
func (c *call) stamp() string {
	return c.api.Now().UTC().Format("2006-01-02T15:04:05.000Z")
}
