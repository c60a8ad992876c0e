package api

import (
	"bytes"
	"container/list"
	"context"
	"strconv"
	"sync"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
)

// Pair is a pair of countries with how much the record holds on it.
type Pair struct {
	Pair   [2]string    `json:"pair"`
	Names  [2]string    `json:"names"`
	Events int          `json:"events"`
	Claims int          `json:"claims"`
	First  rapport.Date `json:"first,omitempty"`
	Last   rapport.Date `json:"last,omitempty"`
	Recent int          `json:"last_year" jsonschema:"events of the last year that the record's reports reach into"`
}

func pairOf(p *record.PairCount) Pair {
	return Pair{[2]string{p.A, p.B}, [2]string{ontology.CountryName(p.A), ontology.CountryName(p.B)}, p.Events, p.Claims, p.First, p.Last, p.Recent}
}

func listRelations(c *call) error {
	party := c.str("party")
	if party != "" {
		party = c.country("party", party)
	}
	if c.err != nil {
		return c.err
	}
	pairs, err := c.api.Record.Pairs(c, party)
	if err != nil {
		return err
	}
	l := lister[record.PairCount, int]{
		page: slice(pairs),
		json: func(p *record.PairCount) any { return pairOf(p) },
		csv: table([]string{"Country A", "Country B", "Name A", "Name B", "Events", "Claims", "First", "Last", "Last Year"}, func(v *record.PairCount) []string {
			p := pairOf(v)
			return []string{p.Pair[0], p.Pair[1], p.Names[0], p.Names[1], strconv.Itoa(p.Events), strconv.Itoa(p.Claims), string(p.First), string(p.Last), strconv.Itoa(p.Recent)}
		}),
		name: "relations",
	}
	return l.serve(c)
}

// relation returns the register of the pair that the path names.
func (c *call) relation(onePage bool) (*relations.Relation, error) {
	d := c.dyad("pair", c.r.PathValue("a"), c.r.PathValue("b"))
	asOf := c.date("as_of")
	if c.err != nil {
		return nil, c.err
	}
	r, err := c.api.relation(c, d, asOf, onePage)
	if err != nil {
		return nil, err
	}
	if r.Coverage.Claims == 0 {
		return nil, &rapport.Error{Kind: rapport.NotFound, Where: d.String(), What: "the record has nothing on these two" + upTo(asOf), Try: "GET " + Prefix + "/relations, which lists the pairs it has"}
	}
	return r, nil
}

func upTo(d rapport.Date) string {
	if d == "" {
		return ""
	}
	return " published up to " + string(d)
}

func getRelation(c *call) error {
	return c.heavily(func() error {
		r, err := c.relation(false)
		if err != nil {
			return err
		}
		return c.json(r)
	})
}

// briefTypes are the media types of a brief's formats.
var briefTypes = map[string]string{
	"md":   "text/markdown; charset=utf-8",
	"html": "text/html; charset=utf-8",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"pdf":  "application/pdf",
	"json": "application/json",
}

func getBrief(c *call) error {
	format := c.str("format")
	if format == "" {
		format = "md"
	}
	mediaType, ok := briefTypes[format]
	if !ok {
		c.fault("format", format, "md, html, docx, pdf or json")
	}
	how := briefs.Options{OnePage: c.bool("one_page"), Since: c.date("since")}
	var b bytes.Buffer
	err := c.heavily(func() error {
		r, err := c.relation(how.OnePage && format != "json")
		if err != nil {
			return err
		}
		return briefs.Write(&b, format, r, how)
	})
	if err != nil {
		return err
	}
	d := rapport.NewDyad(c.country("", c.r.PathValue("a")), c.country("", c.r.PathValue("b")))
	if format == "html" { // a page that brings its own style, and may run nothing
		c.w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	}
	if format == "docx" || format == "pdf" {
		c.attach(d.String() + "." + format)
	}
	return c.body(mediaType, b.Bytes())
}

// relationCache keeps the registers last asked for as long as the record does
// not change, and works out each only once however many ask.
type relationCache struct {
	mu      sync.Mutex
	at      int64 // generation of the record
	claims  int   // held
	entries map[relationKey]*relationEntry
	order   list.List // of keys, last asked for first
}

type relationKey struct {
	pair    rapport.Dyad
	asOf    rapport.Date
	onePage bool
}

type relationEntry struct {
	ready chan struct{}
	r     *relations.Relation
	err   error
	place *list.Element
}

// heldClaims bounds the memory of the cache: some 5 kB a claim.
const heldClaims = 12_000

func (a *API) relation(ctx context.Context, d rapport.Dyad, asOf rapport.Date, onePage bool) (*relations.Relation, error) {
	at, err := a.Record.Generation(ctx)
	if err != nil {
		return nil, err
	}
	c := &a.register
	key := relationKey{d, asOf, onePage}
	c.mu.Lock()
	if c.entries == nil || c.at != at {
		c.entries, c.at, c.claims = map[relationKey]*relationEntry{}, at, 0
		c.order.Init()
	}
	if e := c.entries[key]; e != nil {
		c.order.MoveToFront(e.place)
		c.mu.Unlock()
		select {
		case <-e.ready:
			if e.err == nil {
				return e.r, nil
			}
		case <-ctx.Done():
			return nil, &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: ctx.Err()}
		}
		return load(ctx, a.Record, key) // whoever asked first may only have gone away
	}
	e := &relationEntry{ready: make(chan struct{}), place: c.order.PushFront(key)}
	c.entries[key] = e
	c.mu.Unlock()
	e.err = &rapport.Error{Kind: rapport.Internal, What: "the relation cannot be worked out"} // should load panic
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		close(e.ready)
		if c.entries[key] == e {
			c.settle(key, e)
		}
	}()
	r, err := load(ctx, a.Record, key)
	c.mu.Lock()
	defer c.mu.Unlock()
	e.r, e.err = r, err
	return r, err
}

// settle keeps what was worked out, and drops what was asked for longest ago to
// make room for it.
func (c *relationCache) settle(key relationKey, e *relationEntry) {
	if e.err != nil || len(e.r.Claims) > heldClaims/2 {
		c.drop(key)
		return
	}
	c.claims += len(e.r.Claims)
	for p := c.order.Back(); c.claims > heldClaims && p != nil; {
		last := p.Value.(relationKey)
		p = p.Prev()
		if o := c.entries[last]; o.r != nil && o != e {
			c.claims -= len(o.r.Claims)
			c.drop(last)
		}
	}
}

func (c *relationCache) drop(key relationKey) {
	c.order.Remove(c.entries[key].place)
	delete(c.entries, key)
}

func load(ctx context.Context, rec *record.Record, key relationKey) (*relations.Relation, error) {
	if key.onePage {
		return relations.LoadPair(ctx, rec, key.pair, key.asOf)
	}
	return relations.Load(ctx, rec, key.pair, key.asOf)
}

func listSearch(c *call) error {
	q := c.str("q")
	limit := c.int("limit", 20, 1, 200)
	format := c.format()
	if q == "" || len(q) > 1000 {
		c.fault("q", q, "a few words")
	}
	if c.err != nil {
		return c.err
	}
	hits, err := c.api.Record.Search(c, q, limit)
	if err != nil {
		return err
	}
	if format == "json" {
		return c.json(Page{Items: orEmpty(hits)})
	}
	l := lister[record.Hit, int]{
		page: slice(hits),
		json: func(h *record.Hit) any { return h },
		csv: table([]string{"Score", "Story ID", "Publication Date", "Publisher", "Headline", "URL", "Sentence", "Sentence Start", "Sentence End"}, func(h *record.Hit) []string {
			return []string{strconv.FormatFloat(h.Score, 'g', 6, 64), h.Report.ID, string(h.Report.Published), oneLine(h.Report.Outlet), oneLine(h.Report.Title), h.Report.URL,
				oneLine(h.Sentence), strconv.Itoa(h.Span.Start), strconv.Itoa(h.Span.End)}
		}),
		name: "search",
	}
	return l.stream(c, format, 0, 0)
}

func getStats(c *call) error {
	s, err := c.api.Record.Stats(c)
	if err != nil {
		return err
	}
	return c.json(s)
}
