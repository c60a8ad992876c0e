package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/fetch"
	"rapport/internal/pipeline"
	"rapport/internal/record"
	"rapport/internal/serve"
	"rapport/internal/serve/access"
	"rapport/internal/serve/api"
	"rapport/internal/serve/feeds"
	"rapport/internal/serve/hooks"
	"rapport/internal/serve/mcp"
	"rapport/internal/serve/pages"
	"rapport/internal/text"
	"rapport/internal/what"
)

// What a server takes of memory stays below half a gigabyte, however large the
// record: a part of the file mapped by each of four connections, and the rest
// as the collector is told, unless GOMEMLIMIT says otherwise.
const (
	servedMap    = 32 << 20
	servedMemory = 240 << 20
)

// served puts a record on the network until it is stopped.
func served(s *session, args []string) error {
	o := newOptions("serve")
	path := o.recordFlag()
	var c serve.Config
	o.StringVar(&c.Addr, "addr", "localhost:8080", "")
	o.StringVar(&c.CertFile, "tls-cert", "", "")
	o.StringVar(&c.KeyFile, "tls-key", "", "")
	o.BoolVar(&c.Proxy, "insecure-behind-proxy", false, "")
	o.BoolVar(&c.Login, "login", false, "")
	o.Func("host", "", func(v string) error { c.Guard.Hosts = append(c.Guard.Hosts, strings.ToLower(v)); return nil })
	o.Float64Var(&c.Guard.Rate, "rate", 0, "")
	readOnly := o.Bool("read-only", false, "")
	create := o.Bool("create", false, "")
	workers := o.Int("workers", runtime.GOMAXPROCS(0), "")
	actors := o.actorsFlag()
	rest, done, err := o.parse(s, args)
	switch {
	case done || err != nil:
		return err
	case len(rest) > 0:
		return usage("serve", "a record is named with --record, and %q is no flag", rest[0])
	case *workers < 1:
		return usage("serve", "--workers is %d, and one is the least", *workers)
	case c.Guard.Rate < 0:
		return usage("serve", "--rate is %v, and 0, for no limit, is the least", c.Guard.Rate)
	}
	if err := useActors(*actors); err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(servedMemory)
	}
	rec, err := record.Open(s, *path, record.Options{ReadOnly: *readOnly, Create: *create, Map: servedMap})
	if err != nil {
		return err
	}
	defer rec.Close()
	beside := access.Beside(*path)
	if *readOnly && c.Open() {
		beside = "" // nothing need be kept, and the place may not be written
	}
	store, err := access.Open(s, beside, time.Now)
	if err != nil {
		return err
	}
	defer store.Close()
	c.Log = slog.New(slog.NewTextHandler(s.stderr, nil))
	c.Guard.Store, c.Guard.Now = store, time.Now
	if c.Open() {
		c.Guard.User = os.Getenv("USER") // decisions are by whoever sits here
	} else if c.Guard.Rate == 0 {
		c.Guard.Rate = 50
	}
	if err := c.Check(s, *path); err != nil {
		return err
	}
	conf := api.Config{Record: rec, Store: store, Now: time.Now, Version: claims.New().Version(), Log: c.Log, Workers: *workers}
	if !*readOnly {
		e := &engine{rec: rec, workers: *workers, running: s, log: c.Log}
		conf.Pipeline = e
		go e.settle()
	}
	// Here stands all that is mounted: pages at "/", feeds at "/feeds/", the
	// tools for assistants at "/mcp". What asks for no role is public.
	shown := pages.Config{Record: rec, Coder: &trial{}, Rule: ruleText, Now: time.Now, Log: c.Log, Login: !c.Open(), Version: claims.New().Version()}
	if !*readOnly {
		shown.Merge = conf.Pipeline.Merge
	}
	site := pages.New(shown)
	c.Mounts = []serve.Mount{
		{Pattern: api.Prefix + "/", Handler: api.New(conf)}, // looks at the role of each route itself
		{Pattern: "/mcp", Role: access.Read, Handler: mcp.Handler(mcp.Config{Record: rec, Coder: textCoder{claims.New()}, Version: conf.Version, Logger: c.Log})},
		{Pattern: "/feeds/", Role: access.Read, Handler: feeds.New(feeds.Config{Record: rec, Event: "/event/", Logger: c.Log})},
		{Pattern: "/", Role: access.Read, Handler: site}, // looks at the role of what changes the record itself
		{Pattern: "GET /login", Handler: site},
		{Pattern: "GET /assets/", Handler: site},
	}
	if !*readOnly {
		stop, err := sendNews(s, rec, *path, c.Log)
		if err != nil {
			return err
		}
		defer func() {
			if err := stop(); err != nil {
				c.Log.Error("what is new could not be told to the end", "error", err)
			}
		}()
	}
	err = c.Run(s, func(addr string) {
		fmt.Fprintf(s.stderr, "rapport: %s: served at %s/\n", tameLine(*path), addr)
	})
	if err != nil {
		return err
	}
	if err := store.Close(); err != nil {
		return err
	}
	return rec.Close()
}

// sendNews sends what is new to the addresses of the record's watchlists until the
// server stops.
func sendNews(s *session, rec *record.Record, path string, log *slog.Logger) (stop func() error, err error) {
	store, err := hooks.OpenStore(path + ".hooks")
	if err != nil {
		return nil, err
	}
	sender, err := hooks.New(hooks.Config{Record: rec, Store: store, Guard: fetch.Guard{}, Logger: log})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(s)
	done := make(chan error, 1)
	go func() { done <- sender.Run(ctx) }()
	return func() error {
		cancel()
		err := <-done
		if rapport.KindOf(err) == rapport.Stopped || errors.Is(err, context.Canceled) {
			err = nil
		}
		return errors.Join(err, sender.Close())
	}, nil
}

// trial codes what somebody pastes into a page.
type trial struct{ coder claims.Coder }

// Try codes a pasted text.
func (t *trial) Try(ctx context.Context, pasted string, published rapport.Date) (rapport.Report, []rapport.Claim, []string, error) {
	for c, err := range pipeline.Code(ctx, text.Read(strings.NewReader(pasted), "pasted.txt", text.Options{Published: published}), &t.coder, 1) {
		return c.Report, c.Claims, c.Notes, err
	}
	return rapport.Report{}, nil, nil, &rapport.Error{Kind: rapport.BadInput, What: "there is no report in this text", Try: "paste at least a sentence"}
}

// ruleText tells what a rule of the coder says, by its id in a claim's reasons.
func ruleText(id string) (string, error) {
	name, ok := strings.CutPrefix(id, "what/")
	if strings.HasPrefix(name, "learnt.") {
		return "No rule is written for this: the words around spoke for it, as learnt from labelled passages.\nrapport explain FILE names those that weighed most.\n", nil
	}
	rules := what.Rules()
	i := slices.IndexFunc(rules, func(r *what.Rule) bool { return r.ID == name })
	if !ok || i < 0 {
		return "", &rapport.Error{Kind: rapport.NotFound, Where: id, What: "is no rule that is written down"}
	}
	r := rules[i]
	var b strings.Builder
	fmt.Fprintf(&b, "code    %s %s\nsource  %s\n", r.Event, r.CAMEO, r.Source)
	for _, e := range r.Positive {
		fmt.Fprintf(&b, "\nmatches      %s", e.Text)
	}
	for _, e := range r.Misses {
		fmt.Fprintf(&b, "\ndoes not     %s", e)
	}
	return b.String() + "\n", nil
}

// engine is the writing side of a served record. The language model is loaded
// when the first text is coded, not before.
type engine struct {
	rec     *record.Record
	workers int
	running context.Context // ends when the server is to stop
	log     *slog.Logger
	coder   claims.Coder // of no state: the model is the language package's
	keeping sync.Mutex   // one batch of reports, or one decision, is merged at a time
}

// Code codes one report.
func (e *engine) Code(ctx context.Context, rep *rapport.Report) ([]rapport.Claim, []string, error) {
	for c, err := range pipeline.Code(ctx, each([]rapport.Report{*rep}), &e.coder, 1) {
		return c.Claims, c.Notes, err
	}
	return nil, nil, &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: ctx.Err()}
}

func each(reports []rapport.Report) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		for _, r := range reports {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// has reports whether a report is kept as this coder would code it. What goes
// wrong here does so again where it is told.
func (e *engine) has(ctx context.Context, rep *rapport.Report) bool {
	was, ok, err := e.rec.Has(ctx, rep.ID, rep.Hash)
	return err == nil && ok && !record.Newer(e.coder.Version(), was)
}

// coded is a coder that has coded already.
type coded struct {
	*claims.Coder
	results map[string]claims.Result
}

// Code returns what was coded.
func (c coded) Code(rep *rapport.Report) (claims.Result, error) {
	if r, ok := c.results[rep.ID+" "+rep.Hash]; ok {
		return r, nil
	}
	return c.Coder.Code(rep)
}

// Add codes reports and keeps them. Only the keeping waits for others who add.
func (e *engine) Add(ctx context.Context, reports []rapport.Report, told func(api.Added)) error {
	coder := coded{&e.coder, map[string]claims.Result{}}
	for c, err := range pipeline.Code(ctx, each(slices.DeleteFunc(slices.Clone(reports), func(r rapport.Report) bool { return e.has(ctx, &r) })), &e.coder, e.workers) {
		if err == nil { // else it is coded below once more, and told
			coder.results[c.Report.ID+" "+c.Report.Hash] = c.Result
		}
	}
	e.keeping.Lock()
	defer e.keeping.Unlock()
	_, err := pipeline.Add(ctx, e.rec, each(reports), coder, pipeline.Options{Workers: e.workers, Told: func(c pipeline.Coded, k record.Kept, err error, _ pipeline.Counts) {
		told(api.Added{Report: c.Report, Kept: k, Claims: len(c.Claims), Notes: c.Notes, Err: err})
	}})
	if rapport.KindOf(err) == rapport.Stopped { // whoever posted went away, and some may be kept
		go e.settle()
	}
	return err
}

// Merge derives the events that decisions changed.
func (e *engine) Merge(ctx context.Context) error {
	e.keeping.Lock()
	defer e.keeping.Unlock()
	_, err := pipeline.Merge(ctx, e.rec)
	return err
}

// settle merges what an add that was stopped left waiting, while the server
// answers others.
func (e *engine) settle() {
	stale, err := e.rec.Stale(e.running)
	if err == nil && len(stale) > 0 {
		err = e.Merge(e.running)
	}
	if err != nil && rapport.KindOf(err) != rapport.Stopped {
		e.log.Error("what waits to be merged cannot be", "error", err)
	}
}
