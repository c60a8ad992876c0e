// Package feeds gives what a record holds to programs that ask again and
// again: Atom (RFC 4287) and JSON Feed 1.1 of the events that reports told
// last, and iCalendar (RFC 5545) of visits and meetings, past and to come, each
// narrowed by a filter ([ParseFilter]). Each entry has its sentences with outlet
// and day. doc/feeds.md is for users.
//
// An entry's id rests on the claim that was kept first, so that it stays when
// further reports tell the same event.
package feeds

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"rapport"
	"rapport/internal/exchange"
	"rapport/internal/record"
	"rapport/internal/serve/plain"
)

// Config says what feeds are made of.
type Config struct {
	Record *record.Record
	Base   string // "https://rapport.example.org", before links; "" is the address asked
	Event  string // path of the page of an event, to which its id is added: "/event/"; "" when there is none
	Logger *slog.Logger
}

// The bounds of feeds.
const (
	standard    = 50   // entries
	most        = 200  // entries
	mostDates   = 2000 // of a calendar
	lookedAt    = 20_000
	toldInEntry = 5
	maxSentence = 1000 // characters
	maxName     = 200
)

// format is one form of feed.
type format struct {
	media string
	write func(*feed) ([]byte, error)
	load  func(*handler, context.Context, record.EventFilter) ([]record.News, error)
}

var formats = map[string]format{
	"events.atom": {"application/atom+xml; charset=utf-8", atom, (*handler).latest},
	"events.json": {"application/feed+json; charset=utf-8", jsonFeed, (*handler).latest},
	"events.ics":  {"text/calendar; charset=utf-8", calendar, (*handler).meetings},
}

type handler struct{ Config }

// New serves events.atom, events.json and events.ics beneath whatever path it
// is mounted at. It answers GET and HEAD, with ETag and Last-Modified; a filter
// that cannot be read gives 400, with what to try.
func New(c Config) http.Handler {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &handler{c}
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := formats[path.Base(r.URL.Path)]
	switch {
	case !ok:
		http.Error(w, "there is no such feed (try: events.atom, events.json, events.ics)", http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "feeds are read only", http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	query.Del("token") // the access layer's, where programs cannot send headers
	filter, err := ParseFilter(query)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	news, err := f.load(h, r.Context(), filter)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	base := strings.TrimRight(h.Base, "/")
	if base == "" {
		base = "http://" + r.Host
		if r.TLS != nil {
			base = "https://" + r.Host
		}
	}
	self := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	body, err := f.write(h.feed(base, base+"/", base+self.String(), titled(query), news))
	if err != nil {
		h.fail(w, r, err)
		return
	}
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", f.media)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", h.modified(), bytes.NewReader(body))
}

func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody listens
	}
	if k := rapport.KindOf(err); k == rapport.Usage || k == rapport.BadInput {
		http.Error(w, plain.Line(err.Error(), 1000), http.StatusBadRequest)
		return
	}
	h.Logger.Error("a feed cannot be made", "path", r.URL.Path, "error", err)
	http.Error(w, "the record cannot be read now", http.StatusInternalServerError)
}

// modified returns when the record was last written to, zero when its file
// does not tell.
func (h *handler) modified() (t time.Time) {
	for _, name := range []string{h.Record.Path(), h.Record.Path() + "-wal"} {
		if fi, err := os.Stat(name); err == nil && fi.ModTime().After(t) {
			t = fi.ModTime()
		}
	}
	return t
}

func (h *handler) latest(ctx context.Context, f record.EventFilter) ([]record.News, error) {
	if f.Limit == 0 {
		f.Limit = standard
	}
	return h.Record.LatestEvents(ctx, f)
}

// Write writes a feed, "atom", "json" or "ics", of the events that f lets
// through and returns how many: what the handler answers, for files. c.Base is
// where the feed's file will be.
func Write(ctx context.Context, w io.Writer, form string, c Config, f record.EventFilter) (n int, err error) {
	h := &handler{c}
	to, ok := formats["events."+form]
	if !ok {
		return 0, &rapport.Error{Kind: rapport.Usage, Where: form, What: "is no form of feed", Try: "atom, json or ics"}
	}
	news, err := to.load(h, ctx, f)
	if err != nil {
		return 0, err
	}
	base := c.Base
	if base == "" {
		base = "urn:uuid:" + uuid("base")
	}
	body, err := to.write(h.feed(base, base, base, "Rapport", news))
	if err == nil {
		_, err = w.Write(body)
	}
	return len(news), err
}

// feed is what is written in one form or another.
type feed struct {
	self, home string
	title      string
	updated    time.Time
	entries    []entry
}

// entry is an event as feeds tell it.
type entry struct {
	uuid      string
	event     *rapport.Event
	title     string
	link      string // its page, or the report that tells it; may be empty
	told      []told
	left      int // claims not told
	disputes  []string
	published time.Time // of its first report
	updated   time.Time // when its last report came
}

type told struct {
	sentence, outlet, published, url, speaker string
}

func (t *told) from() string {
	out := t.outlet
	if t.published != "" {
		out += ", " + t.published
	}
	if t.speaker != "" {
		out += ", on the word of " + t.speaker
	}
	return out
}

func (h *handler) feed(base, home, self, title string, news []record.News) *feed {
	f := &feed{self: self, home: home, title: title}
	for i := range news {
		e := entryOf(&news[i])
		if h.Event != "" {
			e.link = base + h.Event + url.PathEscape(e.event.ID)
		}
		if e.updated.After(f.updated) {
			f.updated = e.updated
		}
		f.entries = append(f.entries, e)
	}
	return f
}

// titled names a feed after its filter.
func titled(query url.Values) string {
	out := "Rapport"
	for _, name := range filterNames {
		if name != "limit" && query.Has(name) {
			out += " · " + name + " " + plain.Line(strings.Join(query[name], ", "), maxName)
		}
	}
	return out
}

func entryOf(n *record.News) entry {
	e := entry{uuid: uuid("event " + n.First), event: &n.Event, title: plain.Title(&n.Event)}
	surest := exchange.Surest(&n.EventRow)
	add := func(c *rapport.Claim) {
		r := n.Reports[c.Report]
		t := told{plain.Line(c.Evidence.Text, maxSentence), plain.Line(r.Outlet, maxName), string(r.Published), plain.Web(r.URL), ""}
		if t.outlet == "" {
			t.outlet = "report " + plain.Line(r.ID, maxName)
		}
		if c.Speaker != nil {
			t.speaker = plain.Party(*c.Speaker)
		}
		e.told = append(e.told, t)
	}
	add(surest)
	for i := range n.Claims {
		c := &n.Claims[i]
		if c.ID != surest.ID && len(e.told) < toldInEntry {
			add(c)
		}
		r := n.Reports[c.Report]
		at, day := came(&r)
		if at.After(e.updated) {
			e.updated = at
		}
		if !day.IsZero() && (e.published.IsZero() || day.Before(e.published)) {
			e.published = day
		}
	}
	e.left = len(n.Claims) - len(e.told)
	e.link = e.told[0].url
	for _, d := range n.Event.Disputed {
		var vs []string
		for _, v := range d.Values[:min(len(d.Values), 5)] {
			vs = append(vs, plain.Line(v.Value, maxName))
		}
		e.disputes = append(e.disputes, d.Name+": "+strings.Join(vs, "; "))
	}
	return e
}

// came returns when a report was fetched, or else published, and the day it was
// published.
func came(r *rapport.Report) (at, day time.Time) {
	day, _, _ = r.Published.Bounds()
	if t, err := time.Parse(time.RFC3339, r.Retrieved); err == nil {
		return t.UTC(), day
	}
	return day, day
}

// text is an entry in words.
func (e *entry) text() string {
	var b strings.Builder
	for i, t := range e.told {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("“" + t.sentence + "” — " + t.from())
		if t.url != "" {
			b.WriteString(", " + t.url)
		}
	}
	if e.left > 0 {
		fmt.Fprintf(&b, "\n%d more claims", e.left)
	}
	for _, d := range e.disputes {
		b.WriteString("\nReports disagree on " + d)
	}
	return b.String()
}

// html is an entry as HTML in which nothing of a report is markup.
func (e *entry) html() string {
	var b strings.Builder
	for _, t := range e.told {
		from := html.EscapeString(t.from())
		if t.url != "" {
			from = `<a href="` + html.EscapeString(t.url) + `">` + from + "</a>"
		}
		b.WriteString("<blockquote><p>“" + html.EscapeString(t.sentence) + "”</p><p>— " + from + "</p></blockquote>")
	}
	if e.left > 0 {
		fmt.Fprintf(&b, "<p>%d more claims.</p>", e.left)
	}
	for _, d := range e.disputes {
		b.WriteString("<p>Reports disagree on " + html.EscapeString(d) + ".</p>")
	}
	return b.String()
}

// uuid derives a UUID from a name: version 8 of RFC 9562, out of SHA-256.
func uuid(name string) string {
	h := sha256.Sum256([]byte("rapport " + name))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80
	x := hex.EncodeToString(h[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
