// Package watch keeps reading: the feeds, sitemaps and pages of a list, each
// on its schedule, with what is new kept in a record.
//
// [Load] reads the list, a [Watcher] does the work: every feed is asked for
// conditionally, what it lists is compared with what is remembered of it, and
// new or changed articles go to a [Sink], as the feed has them or fetched from
// their pages. [Follow] does the same once for one address and remembers
// nothing. [Starters] are lists to begin with.
//
// What is remembered lies in a directory beside the record, a JSON file a feed,
// replaced whole after each reading. An article counts as read only when the
// sink said that it is kept, so that a kill at any moment costs requests and no
// reports; and the record tells by id and hash what it has, so that forgetting
// costs no doubles. Files were chosen over the record's database because they
// are of no use to readers of the record, change with every reading, and can be
// thrown away.
//
// The list is TOML, read by github.com/BurntSushi/toml: kept since 2013, MIT,
// without dependencies, in the module graph already, and it tells lines of
// faults and settings that it does not know.
package watch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/press"
	"rapport/internal/record"
	"rapport/internal/text"
)

// Sink takes reports until there are no more for now, keeps them and tells
// what became of each, in any order; [pipeline.Add] is one in a few lines. Its
// error ends the watch.
type Sink func(ctx context.Context, reports iter.Seq2[rapport.Report, error], told func(rapport.Report, record.Kept, error)) error

// Event tells of one reading of a feed.
type Event struct {
	Status Status // after it
	Counts Counts // of this reading
	Err    error  // why the feed could not be read
	// Faults are what kept single items from being kept, or what else a user
	// should know.
	Faults []error
	Done   int // readings so far
	Due    int // and in all, with Once
}

// Options say how to watch.
type Options struct {
	Dir     string // where to remember; made if missing
	Client  *fetch.Client
	Sink    Sink
	Once    bool // read what is due, then end
	Workers int  // feeds read at a time; 0 is eight
	Told    func(Event)

	Now    func() time.Time                           // nil is time.Now
	Sleep  func(context.Context, time.Duration) error // nil sleeps
	Jitter func() float64                             // in [0,1); nil is chance
}

const (
	retryItem    = 15 * time.Minute // after an item's first failure, then doubled
	maxTries     = 6
	maxFeedWait  = 24 * time.Hour
	goneWait     = 7 * 24 * time.Hour
	freshSitemap = 7 * 24 * time.Hour // how old an entry may be when a sitemap is read first
	maxChildren  = 20                 // sitemaps read of an index at one reading

	batchIdle  = 2 * time.Second // without a report ends a batch
	batchTime  = time.Minute
	batchCount = 500
	stopTime   = 30 * time.Second // for keeping what is in hand when stopped
)

var errLocked = errors.New("another rapport watches with this record")

// Watcher reads feeds. Run it once.
type Watcher struct {
	o      Options
	feeds  []*watched
	lock   *os.File
	slots  chan struct{}
	sends  chan send
	faults []error // from opening

	mu    sync.Mutex
	owner map[string]string // feed by item key: an article is read for one feed
	done  int
	due   int
}

type watched struct {
	feed *Feed
	st   *state
}

// send is a report on its way to the sink.
type send struct {
	rep rapport.Report
	ack chan ack
}

type ack struct {
	kept record.Kept
	err  error
}

// Open readies a watch of the feeds of a list that are not off. Errors are of
// kind Storage. Close it.
func Open(c *Config, o Options) (*Watcher, error) {
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Told == nil {
		o.Told = func(Event) {}
	}
	fail := func(err error) (*Watcher, error) {
		return nil, &rapport.Error{Kind: rapport.Storage, Where: o.Dir, What: "cannot be used to remember what was read", Err: err}
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return fail(err)
	}
	l, err := lock(filepath.Join(o.Dir, "lock"))
	if err != nil {
		return fail(err)
	}
	w := &Watcher{o: o, lock: l, slots: make(chan struct{}, o.Workers), sends: make(chan send), owner: map[string]string{}}
	for i := range c.Feeds {
		f := &c.Feeds[i]
		if f.Off {
			continue
		}
		st, err := loadState(o.Dir, f)
		if err != nil {
			w.faults = append(w.faults, err)
		}
		for k, it := range st.Items {
			if it.State != skipped && it.State != elsewhere && w.owner[k] == "" {
				w.owner[k] = f.Name
			}
		}
		w.feeds = append(w.feeds, &watched{f, st})
	}
	return w, nil
}

// Close frees what the watch holds.
func (w *Watcher) Close() error { return w.lock.Close() }

// Faults are what went wrong in opening and does not keep the watch from
// working.
func (w *Watcher) Faults() []error { return w.faults }

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(max(d, 0))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Run watches until ctx ends, with an error of kind Stopped once what was in
// hand is kept; with Once until all feeds that are due have been read. It ends
// with an error of kind Storage when the sink or the memory fails.
func (w *Watcher) Run(ctx context.Context) error {
	within, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	sink := make(chan error, 1)
	go func() {
		err := w.drain(ctx)
		if err != nil {
			stop(err)
		}
		sink <- err
	}()
	var feeds sync.WaitGroup
	now := w.o.Now()
	for _, f := range w.feeds {
		if w.o.Once && !f.dueBy(now) {
			continue
		}
		w.due++
		feeds.Go(func() {
			if err := w.keep(within, f); err != nil && within.Err() == nil {
				stop(err)
			}
		})
	}
	feeds.Wait()
	close(w.sends)
	err := <-sink
	switch cause := context.Cause(within); {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: context.Cause(ctx)}
	case cause != nil:
		return cause
	}
	return nil
}

// dueBy allows a tenth of the interval for the clock of who calls with Once.
func (f *watched) dueBy(now time.Time) bool {
	return !f.st.Next.After(now.Add(time.Duration(f.feed.Every) / 10))
}

// keep reads one feed whenever it is due. Its error is one of memory.
func (w *Watcher) keep(ctx context.Context, f *watched) error {
	for {
		if !w.o.Once {
			if err := w.o.Sleep(ctx, f.st.Next.Sub(w.o.Now())); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case w.slots <- struct{}{}:
		}
		r := &reading{w: w, f: f.feed, st: f.st}
		r.read(ctx)
		<-w.slots
		if err := f.st.save(w.o.Dir, w.o.Now()); err != nil {
			return err
		}
		w.mu.Lock()
		w.done++
		e := Event{Status: f.st.status(f.feed), Counts: r.counts, Err: r.err, Faults: r.faults, Done: w.done}
		if w.o.Once {
			e.Due = w.due
		}
		if ctx.Err() == nil || r.counts != (Counts{}) {
			w.o.Told(e)
		}
		w.mu.Unlock()
		if w.o.Once || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// drain hands reports to the sink, batch by batch, until there are no more.
// What was handed over when ctx ends is still kept.
func (w *Watcher) drain(ctx context.Context) (err error) {
	within, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stopped := context.AfterFunc(ctx, func() { time.AfterFunc(stopTime, cancel) })
	defer stopped()
	for s := range w.sends {
		if err == nil {
			err = w.batch(within, s)
		} else {
			s.ack <- ack{err: err}
		}
		if err != nil && ctx.Err() == nil {
			return w.refuse(err)
		}
	}
	return err
}

// refuse answers what still comes while the feeds end.
func (w *Watcher) refuse(err error) error {
	go func() {
		for s := range w.sends {
			s.ack <- ack{err: err}
		}
	}()
	return err
}

func (w *Watcher) batch(ctx context.Context, first send) error {
	var mu sync.Mutex
	open := map[string][]chan ack{} // by id and hash
	over := make(chan struct{})     // the sink has returned; it may leave its source behind, waiting
	key := func(rep *rapport.Report) string {
		return rep.ID + "\n" + rapport.HashText(rep.Text)
	}
	settle := func(k string, a ack) {
		mu.Lock()
		defer mu.Unlock()
		if c := open[k]; len(c) > 0 {
			c[0] <- a
			open[k] = c[1:]
		}
	}
	err := w.o.Sink(ctx, func(yield func(rapport.Report, error) bool) {
		end := time.NewTimer(batchTime)
		defer end.Stop()
		idle := time.NewTimer(batchIdle)
		defer idle.Stop()
		s := first
		for range batchCount {
			k := key(&s.rep)
			mu.Lock()
			select {
			case <-over:
				s.ack <- ack{err: errNotHanded}
				mu.Unlock()
				return
			default:
			}
			open[k] = append(open[k], s.ack)
			mu.Unlock()
			if !yield(s.rep, nil) {
				return
			}
			idle.Reset(batchIdle)
			var more bool
			select {
			case s, more = <-w.sends:
				if !more {
					return
				}
			case <-idle.C:
				return
			case <-end.C:
				return
			case <-ctx.Done():
				return
			case <-over:
				return
			}
		}
		s.ack <- ack{err: errNotHanded}
	}, func(rep rapport.Report, k record.Kept, err error) { settle(key(&rep), ack{k, err}) })
	mu.Lock()
	defer mu.Unlock()
	close(over)
	for _, cs := range open { // the sink ended early
		for _, c := range cs {
			if err != nil {
				c <- ack{err: err}
			} else {
				c <- ack{err: errNotHanded}
			}
		}
	}
	return err
}

// errNotHanded: the item waits for the next reading.
var errNotHanded = errors.New("was not taken")

// reading is one reading of a feed.
type reading struct {
	w      *Watcher
	f      *Feed
	st     *state
	counts Counts
	err    error
	faults []error

	listed  map[string]*press.Item // what this answer holds, by key
	order   []string
	unasked bool // some item that waits may need the feed's own text, which only a whole answer has
}

// read asks for the feed, takes in what is new, and reads what waits.
func (r *reading) read(ctx context.Context) {
	now := r.w.o.Now().UTC().Truncate(time.Second)
	st := r.st
	st.Asked = now
	every := time.Duration(r.f.Every)
	maxAge, err := r.ask(ctx, now)
	if ctx.Err() != nil && err != nil { // stopped: nothing is known
		return
	}
	r.err = err
	var f *fetch.Fault
	switch errors.As(err, &f); {
	case err == nil:
		st.Fails, st.Error, st.Answered = 0, "", now
		st.Next = now.Add(max(every, min(maxAge, 4*every)))
	case f != nil && f.Code == 410:
		st.Fails++
		st.State, st.Error, st.Next = StateGone, err.Error(), now.Add(goneWait)
	default:
		st.Fails++
		st.State, st.Error = StateFailing, err.Error()
		if f != nil && (f.Reason == fetch.Forbidden || f.Reason == fetch.Refused) {
			st.State = StateForbidden
		}
		wait := maxFeedWait
		if n := st.Fails - 1; n < 16 {
			wait = min(every<<n, maxFeedWait)
		}
		st.Next = now.Add(max(wait, every))
		if f != nil && f.Until.After(st.Next) {
			st.Next = f.Until
		}
	}
	st.Next = st.Next.Add(time.Duration(r.w.o.Jitter() * float64(every) / 10)).Truncate(time.Second)
	r.work(ctx, now)
	if r.unasked {
		st.ETag, st.Modified = "", ""
	}
	for _, it := range st.Items { // sooner, for what waits
		if it.State == waiting && it.Next.Before(st.Next) && err == nil {
			st.Next = later(it.Next, now.Add(leastEvery))
		}
	}
	if ctx.Err() != nil { // stopped half-way: the next watch goes on at once
		st.Next = now
	}
	st.Counts.add(r.counts)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ask asks for the feed and takes in what it lists.
func (r *reading) ask(ctx context.Context, now time.Time) (time.Duration, error) {
	st := r.st
	address := r.f.URL
	if st.Moved != "" {
		address = st.Moved
	}
	a, err := r.w.o.Client.Get(ctx, fetch.Request{URL: address, ETag: st.ETag, Modified: st.Modified})
	var f *fetch.Fault
	if st.Moved != "" && errors.As(err, &f) && !f.Passing() { // moved to where it is not: as configured, then
		st.Moved, st.ETag, st.Modified = "", "", ""
		return 0, err
	}
	if err != nil {
		return 0, err
	}
	if a.NotModified {
		st.State = StateUnchanged
		return a.MaxAge, nil
	}
	from := press.Origin{Address: a.URL, Charset: a.Charset, Retrieved: a.Retrieved.Format(time.RFC3339)}
	l, err := press.List(a.Body, from, r.f.Read == "links", now, text.Options{Outlet: r.f.Outlet})
	if err != nil {
		return 0, err
	}
	if a.Moved != "" && a.Moved != address {
		st.Moved = a.Moved
		r.faults = append(r.faults, &rapport.Error{Kind: rapport.BadInput, Where: r.f.Name, What: "has moved to " + a.Moved, Try: "write that in the list of feeds"})
	}
	st.State = StateOK
	switch {
	case l.Kind == press.ListsIndex:
		if err := r.index(ctx, now, l); err != nil {
			return 0, err
		}
	case r.f.Read == "page":
		if err := r.single(a, from, now); err != nil {
			return 0, err
		}
	case l.Kind == press.ListsNothing: // a wall or a notice in the place of a feed must not pass for an article
		return 0, &rapport.Error{Kind: rapport.BadInput, Where: a.URL, What: "is no feed or sitemap", Try: "read = \"links\" for the links of a page, read = \"page\" for the page itself"}
	default:
		r.take(l, now)
	}
	st.ETag, st.Modified, st.Changed, st.Begun = a.ETag, a.Modified, now, true
	return a.MaxAge, nil
}

// index reads the sitemaps that an index names and that are new or changed,
// the latest first.
func (r *reading) index(ctx context.Context, now time.Time, l press.Listing) error {
	maps := slices.Clone(l.Items)
	slices.SortStableFunc(maps, func(a, b press.Item) int { return b.Updated.Compare(a.Updated) })
	if r.st.Maps == nil {
		r.st.Maps = map[string]page{}
	}
	read := 0
	var first error
	for _, m := range maps {
		was, known := r.st.Maps[m.URL]
		if known && !m.Updated.IsZero() && m.Updated.Equal(was.Updated) || read == maxChildren {
			continue
		}
		read++
		a, err := r.w.o.Client.Get(ctx, fetch.Request{URL: m.URL, ETag: was.ETag, Modified: was.Modified})
		if err == nil && !a.NotModified {
			var child press.Listing
			child, err = press.List(a.Body, press.Origin{Address: a.URL, Charset: a.Charset}, false, now, text.Options{})
			switch {
			case err != nil:
			case child.Kind == press.ListsSitemap:
				r.take(child, now)
			default:
				err = &rapport.Error{Kind: rapport.BadInput, Where: m.URL, What: "is named as a sitemap and is none"}
			}
		}
		if ctx.Err() != nil {
			return err
		}
		if err != nil {
			r.faults = append(r.faults, err)
			first = cmpErr(first, err)
			continue
		}
		r.st.Maps[m.URL] = page{a.ETag, a.Modified, m.Updated}
	}
	named := map[string]bool{}
	for _, m := range maps {
		named[m.URL] = true
	}
	for u := range r.st.Maps {
		if !named[u] {
			delete(r.st.Maps, u)
		}
	}
	if first != nil && len(r.order) == 0 && read == 1 {
		return first
	}
	return nil
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// single takes the page itself for the article.
func (r *reading) single(a *fetch.Answer, from press.Origin, now time.Time) error {
	for rep, err := range press.ReadFrom(bytes.NewReader(a.Body), from, text.Options{Outlet: r.f.Outlet}) {
		if err != nil {
			return err
		}
		it := press.Item{URL: r.f.URL, Title: rep.Title, Report: rep, Whole: true}
		l := press.Listing{Kind: press.ListsPage, Items: []press.Item{it}}
		r.take(l, now)
		return nil
	}
	return &rapport.Error{Kind: rapport.BadInput, Where: r.f.URL, What: "holds no report"}
}

// take compares what is listed with what is remembered.
func (r *reading) take(l press.Listing, now time.Time) {
	if r.listed == nil {
		r.listed = map[string]*press.Item{}
	}
	for i := range l.Items {
		li := &l.Items[i]
		k := press.Canonical(li.URL)
		switch {
		case k == "" && li.GUID != "":
			k = "guid:" + li.GUID
		case k == "" && li.Report.Text != "":
			k = "text:" + rapport.HashText(li.Report.Text)
		case k == "":
			continue
		}
		if len(k) > 4200 {
			k = k[:4200]
		}
		if _, twice := r.listed[k]; twice {
			continue
		}
		r.listed[k] = li
		r.order = append(r.order, k)
		print := printOf(li)
		it := r.st.Items[k]
		switch {
		case it == nil:
			it = &item{URL: li.URL, First: now, Print: print, State: waiting}
			r.st.Items[k] = it
			r.counts.Listed++
			r.admit(k, it, li, l.Kind, now)
		case it.Print != print && (it.State == kept || it.State == failed):
			it.State, it.Tries, it.Next = waiting, 0, time.Time{}
		}
		it.Print, it.Last, it.Own = print, now, li.Report.Text != ""
	}
}

// admit decides whether an item met for the first time is to be read.
func (r *reading) admit(k string, it *item, li *press.Item, kind string, now time.Time) {
	at := dated(li)
	old := false
	if kind == press.ListsSitemap && !r.st.Begun && r.f.since.IsZero() { // not years of archive
		old = at.IsZero() || now.Sub(at) > freshSitemap
	}
	if !r.f.wants(li) || old {
		it.State = skipped
		r.counts.Skipped++
		return
	}
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	if o := r.w.owner[k]; o != "" && o != r.f.Name {
		it.State = elsewhere
		r.counts.Skipped++
		return
	}
	r.w.owner[k] = r.f.Name
}

// printOf is what a feed says of an item, as a hash.
func printOf(it *press.Item) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%d\n%s", it.Title, it.Published.Unix(), it.Updated.Unix(), it.Report.Text)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// job is an item in hand.
type job struct {
	key string
	it  *item
	ack chan ack
}

// work reads what waits and what is to be looked at again, the oldest first,
// and waits until it is kept.
func (r *reading) work(ctx context.Context, now time.Time) {
	keys := make([]string, 0, 16)
	for k, it := range r.st.Items {
		if it.State == kept && it.Page && it.Visits < len(r.f.Revisit) && !now.Before(it.First.Add(time.Duration(r.f.Revisit[it.Visits]))) {
			it.State, it.Tries, it.Next = waiting, 0, time.Time{}
			for it.Visits < len(r.f.Revisit) && !now.Before(it.First.Add(time.Duration(r.f.Revisit[it.Visits]))) {
				it.Visits++
			}
		}
		if it.State == waiting && !it.Next.After(now) {
			keys = append(keys, k)
		}
	}
	at := map[string]int{}
	for i, k := range r.order {
		at[k] = i + 1
	}
	slices.SortFunc(keys, func(a, b string) int { // feeds have the newest first
		if c := r.st.Items[a].First.Compare(r.st.Items[b].First); c != 0 {
			return c
		}
		if at[a] != at[b] {
			return at[b] - at[a]
		}
		return strings.Compare(a, b)
	})
	var jobs []job
	for _, k := range keys[:min(len(keys), r.f.Most)] {
		if ctx.Err() != nil {
			break
		}
		it := r.st.Items[k]
		rep, err := r.fetch(ctx, k, it)
		if ctx.Err() != nil {
			break
		}
		var f *fetch.Fault
		if errors.As(err, &f) && f.Reason == fetch.Busy { // all of this host's items wait; its turn comes
			it.Next = f.Until
			continue
		}
		switch {
		case err != nil:
			r.miss(it, err, now)
		case rep == nil: // as before
			it.State = kept
		default:
			j := job{k, it, make(chan ack, 1)}
			select {
			case r.w.sends <- send{*rep, j.ack}:
				it.Report, it.Hash = rep.ID, rapport.HashText(rep.Text)[:16]
				jobs = append(jobs, j)
			case <-ctx.Done():
			}
		}
	}
	for _, j := range jobs {
		a := <-j.ack
		switch {
		case errors.Is(a.err, errNotHanded), rapport.KindOf(a.err) == rapport.Storage, rapport.KindOf(a.err) == rapport.Stopped:
		case a.err != nil:
			r.miss(j.it, a.err, now)
		default:
			j.it.State, j.it.Tries, j.it.Error, j.it.Next = kept, 0, "", time.Time{}
			switch a.kept {
			case record.New:
				r.counts.New++
			case record.Copied:
				r.counts.Copied++
			case record.Revised:
				r.counts.Revised++
			default:
				r.counts.Same++
			}
		}
	}
	for _, it := range r.st.Items {
		r.unasked = r.unasked || it.State == waiting && it.Own && r.f.Text != "page"
	}
}

// miss notes that an item was not kept, and when to try again.
func (r *reading) miss(it *item, err error, now time.Time) {
	it.Tries++
	it.Error = err.Error()
	var f *fetch.Fault
	passing := !errors.As(err, &f) || f.Passing() || f.Code == 404 // announced before it is there
	if rapport.KindOf(err) == rapport.BadInput && f == nil {
		passing = it.Tries < 2 // a page that holds no article may be half made
	}
	if passing && it.Tries < maxTries {
		it.Next = now.Add(retryItem << (it.Tries - 1))
		if f != nil && f.Until.After(it.Next) {
			it.Next = f.Until
		}
		return
	}
	it.State = failed
	r.counts.Failed++
	r.faults = append(r.faults, err)
}

// fetch returns the report of an item: what the feed holds where that is the
// whole or all that may be had, else its page. nil without an error is that
// the page is as it was.
func (r *reading) fetch(ctx context.Context, k string, it *item) (*rapport.Report, error) {
	li := r.listed[k]
	own := li != nil && li.Report.Text != ""
	switch {
	case it.URL == "" || r.f.Text == "feed" || own && li.Whole && (r.f.Text == "auto" || r.f.Read == "page"):
		if !own {
			if li != nil {
				return nil, &rapport.Error{Kind: rapport.BadInput, Where: r.f.Name + ": " + k, What: "has no text"}
			}
			return nil, errNoText
		}
		rep := li.Report
		r.dress(&rep, li)
		return &rep, nil
	}
	a, err := r.w.o.Client.Get(ctx, fetch.Request{URL: it.URL, ETag: it.ETag, Modified: it.Modified})
	if err == nil && a.NotModified {
		return nil, nil
	}
	var rep *rapport.Report
	if err == nil {
		rep, err = firstOfPage(a, r.f.Outlet)
	}
	if err == nil {
		it.ETag, it.Modified, it.Page = a.ETag, a.Modified, true
		r.dress(rep, li)
		r.part(rep, it)
		return rep, nil
	}
	var f *fetch.Fault
	lasting := !errors.As(err, &f) || !f.Passing()
	if r.f.Text == "auto" && own && lasting && ctx.Err() == nil { // closed to us: what the feed says is better than nothing
		rep := li.Report
		r.dress(&rep, li)
		return &rep, nil
	}
	return nil, err
}

// part gives a report an id of its own where its page calls an address its own
// that another article of the feed has: some templates name one for all, and
// articles must not pass for versions of each other.
func (r *reading) part(rep *rapport.Report, it *item) {
	hash := rapport.HashText(rep.Text)[:16]
	for _, other := range r.st.Items {
		if other != it && other.Report == rep.ID && other.Hash != hash {
			rep.ID, rep.URL = press.PageID(it.URL), press.Canonical(it.URL)
			return
		}
	}
}

// errNoText: an item's text stands in the feed, which was not asked for whole.
var errNoText = &rapport.Error{Kind: rapport.BadInput, What: "its text was in the feed and is no longer"}

// firstOfPage reads the report of a page.
func firstOfPage(a *fetch.Answer, outlet string) (*rapport.Report, error) {
	from := press.Origin{Address: a.URL, Charset: a.Charset, Retrieved: a.Retrieved.Format(time.RFC3339)}
	for rep, err := range press.ReadFrom(bytes.NewReader(a.Body), from, text.Options{Outlet: outlet}) {
		if err != nil {
			return nil, err
		}
		return &rep, nil
	}
	return nil, &rapport.Error{Kind: rapport.BadInput, Where: a.Asked, What: "holds no report"}
}

// dress adds what the list and the feed know of a report.
func (r *reading) dress(rep *rapport.Report, li *press.Item) {
	if r.f.Outlet != "" {
		rep.Outlet = r.f.Outlet
	}
	if rep.Language == "" {
		rep.Language = r.f.Language
	}
	now := r.w.o.Now()
	if rep.Retrieved == "" {
		rep.Retrieved = now.UTC().Format(time.RFC3339)
	}
	if start, _, ok := rep.Published.Bounds(); ok && start.After(now.Add(48*time.Hour)) { // a day that cannot be
		rep.Published, rep.Basis = "", ""
	}
	if li == nil {
		return
	}
	if rep.Title == "" {
		rep.Title = li.Title
	}
	if rep.Published == "" && !li.Published.IsZero() {
		rep.Published, rep.Basis = rapport.Day(li.Published), rapport.BasisMetadata
		if d := li.Report.Published; d != "" && li.Report.Basis == rapport.BasisMetadata { // the day as written, in its own zone
			rep.Published = d
		}
	}
}
