package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/fetch"
	"rapport/internal/pipeline"
	"rapport/internal/record"
	"rapport/internal/watch"
)

func keepWatch(s *session, args []string) error {
	o := newOptions("watch")
	net := o.web()
	workers := o.Int("workers", runtime.GOMAXPROCS(0), "")
	actors := o.actorsFlag()
	path := o.recordFlag()
	dir := o.String("state", "", "")
	once := o.Bool("once", false, "")
	status := o.Bool("status", false, "")
	list := o.Bool("list", false, "")
	starter := o.String("starter", "", "")
	format := o.choice("format", "text", "json")
	files, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	switch {
	case *list:
		return listStarters(s)
	case *starter != "":
		st, err := watch.FindStarter(*starter)
		if err != nil {
			return err
		}
		return s.print([]byte(st.Text))
	case len(files) != 1:
		return usage("watch", "one list of feeds is to be named, not %d", len(files))
	case *workers < 1:
		return usage("watch", "--workers is %d, and one is the least", *workers)
	}
	c, err := watch.Load(files[0])
	if err != nil {
		return err
	}
	if *dir == "" {
		*dir = *path + ".watch"
	}
	if *status {
		return printStatus(s, c, *dir, *format)
	}
	if err := useActors(*actors); err != nil {
		return err
	}
	allow, err := c.Networks()
	if err != nil {
		return err
	}
	contact := net.contact
	if contact == "" {
		contact = c.Contact
	}
	client := fetch.New(fetch.Options{Guard: fetch.Guard{Allow: append(allow, net.allow...)}, Contact: contact, MaxWait: 2 * time.Minute})
	defer client.Close()
	rec, err := record.Open(s, *path, record.Options{Create: true})
	if err != nil {
		return err
	}
	defer rec.Close()
	t := &teller{s: s, json: *format == "json"}
	w, err := watch.Open(c, watch.Options{Dir: *dir, Client: client, Once: *once, Told: t.told, Sink: sink(rec, *workers, t)})
	if err != nil {
		return err
	}
	defer w.Close()
	for _, err := range w.Faults() {
		s.complain(err)
	}
	if contact == "" && !t.json {
		s.note(files[0], "names no contact, by which publishers could reach you (try: contact = \"you@example.org\")")
	}
	err = w.Run(s)
	fmt.Fprintf(s.stderr, "rapport: %s: %s\n", tameLine(rec.Path()), t.totals())
	if err != nil {
		return err
	}
	if err := rec.Close(); err != nil {
		return err
	}
	return t.n.orNil()
}

// sink codes and keeps what a watch reads.
func sink(rec *record.Record, workers int, t *teller) watch.Sink {
	return func(ctx context.Context, reports iter.Seq2[rapport.Report, error], told func(rapport.Report, record.Kept, error)) error {
		n, err := pipeline.Add(ctx, rec, reports, claims.New(), pipeline.Options{
			Workers: workers,
			Told:    func(c pipeline.Coded, k record.Kept, err error, _ pipeline.Counts) { told(c.Report, k, err) },
		})
		t.claims(n.Claims)
		return err
	}
}

// teller tells of a watch on standard error.
type teller struct {
	s     *session
	json  bool
	n     incomplete
	all   watch.Counts
	reads int
	sum   int
}

// claims counts claims; the sink runs beside the feeds, but one batch at a time.
func (t *teller) claims(n int) { t.sum += n }

// told tells of a reading: as one line, or as the feed's status in JSON.
func (t *teller) told(e watch.Event) {
	t.reads++
	addCounts(&t.all, e.Counts)
	if e.Err != nil {
		t.n.bad++
		t.n.fault = t.n.fault || rapport.KindOf(e.Err) == rapport.Internal
	} else {
		t.n.done++
	}
	if t.json {
		if b, err := json.Marshal(e.Status); err == nil {
			fmt.Fprintf(t.s.stderr, "%s\n", b)
		}
		return
	}
	for _, err := range e.Faults {
		t.s.complain(err)
	}
	what := said(e.Counts)
	if e.Err != nil {
		t.s.complain(e.Err)
		what = "could not be read"
	}
	if what == "" && e.Due == 0 {
		return // nothing new, and the watch goes on
	}
	if what == "" {
		what = "nothing new"
	}
	if e.Status.Waiting > 0 {
		what += fmt.Sprintf(", %d waiting", e.Status.Waiting)
	}
	if e.Due > 0 {
		what += fmt.Sprintf(" (%d of %d)", e.Done, e.Due)
	} else {
		what += "; next at " + e.Status.Next.Local().Format("15:04")
	}
	t.s.note(e.Status.Feed, what)
}

func addCounts(sum *watch.Counts, c watch.Counts) {
	sum.Listed += c.Listed
	sum.New += c.New
	sum.Copied += c.Copied
	sum.Revised += c.Revised
	sum.Same += c.Same
	sum.Failed += c.Failed
	sum.Skipped += c.Skipped
}

func said(c watch.Counts) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.New + c.Copied, "new"}, {c.Copied, "of them copies"}, {c.Revised, "new versions"}, {c.Same, "already there"}, {c.Failed, "failed"}, {c.Skipped, "left out"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

func (t *teller) totals() string {
	what := said(t.all)
	if what == "" {
		what = "nothing new"
	}
	line := fmt.Sprintf("%s of feeds, %s; %s", count(t.reads, "reading"), what, count(t.sum, "claim"))
	if t.n.bad > 0 {
		line += fmt.Sprintf("; %d could not be read", t.n.bad)
	}
	return line
}

// printStatus prints how the feeds stand, without asking any.
func printStatus(s *session, c *watch.Config, dir, format string) error {
	all, faults := watch.Statuses(dir, c)
	for _, err := range faults {
		s.complain(err)
	}
	var b bytes.Buffer
	if format == "json" {
		b.WriteString("[\n")
		for i := range all {
			line, err := json.Marshal(&all[i])
			if err != nil {
				return err
			}
			b.Write(line)
			if i < len(all)-1 {
				b.WriteByte(',')
			}
			b.WriteByte('\n')
		}
		b.WriteString("]\n")
		return s.print(b.Bytes())
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FEED\tSTATE\tANSWERED\tNEXT\tKEPT\tWAITING\tFAILED\tERROR")
	at := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.UTC().Format("2006-01-02 15:04")
	}
	for _, st := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", st.Feed, st.State, at(st.Answered), at(st.Next), st.New+st.Copied+st.Revised, st.Waiting, st.Failed, tameLine(st.Error))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return s.print(b.Bytes())
}

// listStarters prints the lists that come with the program.
func listStarters(s *session) error {
	all, err := watch.Starters()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, st := range all {
		for _, f := range st.Feeds {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", st.Region, f.Country, f.Kind, f.Outlet, f.URL)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return s.print(b.Bytes())
}
