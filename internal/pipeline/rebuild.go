package pipeline

import (
	"context"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/record"
)

// portion is how many claims a rebuild holds at a time, where no more of them
// hang together: twice as many, since it reads some while it writes others. A
// record of up to so many is held as a whole.
const portion = 10_000

// Rebuild derives all judgements by rule and all events of a record anew, part
// by part: the result is what merging all claims at once comes to.
func Rebuild(ctx context.Context, rec *record.Record) (Merged, error) {
	return rebuild(ctx, rec, portion)
}

func rebuild(ctx context.Context, rec *record.Record, most int) (m Merged, err error) {
	err = rec.Derive(ctx, func(d *record.Derivation) error {
		r := rebuilder{ctx: ctx, rec: rec, to: d, most: most, words: map[string]string{}}
		m, err = r.run()
		return err
	})
	if err != nil {
		return Merged{}, err
	}
	return m, nil
}

// rebuilder is one rebuild. Of all claims it holds the ids and what joins them,
// of all reports what events ask of them; the claims themselves it reads once
// to part them, once to judge them and once to make their events.
type rebuilder struct {
	ctx  context.Context
	rec  *record.Record
	to   *record.Derivation
	most int

	parts   merge.Parts
	few     map[string]*rapport.Claim // all of them, where they are no more than most
	reports map[string]rapport.Report
	words   map[string]string // what claims say over and over
}

// mostWords bounds what a rebuilder remembers to say the same with the same string.
const mostWords = 50_000

func (r *rebuilder) run() (Merged, error) {
	dyads, err := r.rec.Dyads(r.ctx)
	if err != nil {
		return Merged{}, err
	}
	persons, err := r.rec.PersonJudgements(r.ctx)
	if err != nil {
		return Merged{}, err
	}
	if err := r.read(); err != nil {
		return Merged{}, err
	}
	ids := r.parts.IDs()
	links, err := r.judge(ids)
	if err != nil {
		return Merged{}, err
	}
	groups := merge.Groups(ids, append(links, persons...))
	if err := r.events(ids, groups); err != nil {
		return Merged{}, err
	}
	return Merged{Dyads: len(dyads), Compared: len(ids), Events: len(groups)}, nil
}

// read parts the claims and looks up their reports.
func (r *rebuilder) read() error {
	r.few = map[string]*rapport.Claim{}
	for c, err := range r.rec.AllClaims(r.ctx) {
		if err != nil {
			return err
		}
		r.parts.Add(&c)
		if r.few == nil {
			continue
		}
		if r.few[c.ID] = &c; len(r.few) > r.most {
			r.few = nil
		}
	}
	r.reports = map[string]rapport.Report{}
	for rep, err := range r.rec.Reports(r.ctx, record.ReportFilter{NoText: true}) {
		if err != nil {
			return err
		}
		r.reports[rep.ID] = rapport.Report{ID: rep.ID, Published: rep.Published, Hash: rep.Hash, Family: rep.Family}
	}
	return nil
}

// judge judges part after part and returns what joins claims.
func (r *rebuilder) judge(ids []string) (links []rapport.Judgement, err error) {
	one := func(id string) string { // the same string for all, for ids of claims read are parts of larger ones
		if k, ok := slices.BinarySearch(ids, id); ok {
			return ids[k]
		}
		return id
	}
	for _, part := range r.parts.Split(r.most) {
		cs := make([]rapport.Claim, 0, len(part))
		for some := range slices.Chunk(part, max(r.most, 1)) {
			read, err := r.claims(some)
			if err != nil {
				return nil, err
			}
			for i := range read {
				if r.few == nil {
					read[i] = r.lean(&read[i])
				}
			}
			cs = append(cs, read...)
		}
		js := merge.Judge(cs, r.reports)
		if err := r.to.Judgements(r.ctx, js); err != nil {
			return nil, err
		}
		for i := range js {
			if j := &js[i]; j.Same {
				links = append(links, rapport.Judgement{A: one(j.A), B: one(j.B), Same: true, Score: j.Score, Author: merge.Author})
			}
		}
	}
	return links, nil
}

// lean is c with what merging compares and no more, its strings no longer parts
// of the claim's whole text: many claims may hang together.
func (r *rebuilder) lean(c *rapport.Claim) rapport.Claim {
	word := func(s string) string {
		w, ok := r.words[s]
		if !ok {
			if w = strings.Clone(s); len(r.words) >= mostWords {
				clear(r.words)
			}
			r.words[w] = w
		}
		return w
	}
	out := rapport.Claim{
		ID: strings.Clone(c.ID), Report: word(c.Report), Event: word(c.Event), Mode: word(c.Mode), CAMEO: word(c.CAMEO), About: word(c.About),
		AboutDate: rapport.Date(word(string(c.AboutDate))), Status: rapport.Status(word(string(c.Status))), Date: rapport.Date(word(string(c.Date))), DateBasis: word(c.DateBasis),
		Quoted: c.Quoted, Quad: c.Quad, Score: c.Score, Confidence: c.Confidence,
		Evidence: rapport.Evidence{Sentence: c.Evidence.Sentence, Span: c.Evidence.Span, Text: strings.Clone(c.Evidence.Text)},
	}
	parties := func(ps []rapport.Party) (out []rapport.Party) {
		for _, p := range ps {
			out = append(out, rapport.Party{Country: word(p.Country), Sector: word(p.Sector), Name: word(p.Name), Office: word(p.Office), Wikidata: word(p.Wikidata), Text: word(p.Text)})
		}
		return out
	}
	out.Actor, out.Recipient = parties(c.Actor), parties(c.Recipient)
	if c.Place != nil {
		p := *c.Place
		p.Name, p.Country = word(p.Name), word(p.Country)
		out.Place = &p
	}
	for _, s := range c.Context {
		out.Context = append(out.Context, word(s))
	}
	return out
}

// events makes the events of the groups, some while those before are written.
func (r *rebuilder) events(ids []string, groups [][]int32) error {
	type made struct {
		events []rapport.Event
		err    error
	}
	next, over := make(chan made), make(chan struct{})
	go func() {
		defer close(next)
		for len(groups) > 0 {
			n, size := 1, len(groups[0])
			for n < len(groups) && size+len(groups[n]) <= r.most/2 {
				size += len(groups[n])
				n++
			}
			var m made
			m.events, m.err = r.assemble(ids, groups[:n])
			select {
			case next <- m:
			case <-over:
				return
			}
			groups = groups[n:]
		}
	}()
	defer func() { // it reads nothing more when this returns
		close(over)
		for range next {
		}
	}()
	for m := range next {
		if m.err != nil {
			return m.err
		}
		if err := r.to.Events(r.ctx, m.events); err != nil {
			return err
		}
	}
	return nil
}

// assemble makes the events of some groups.
func (r *rebuilder) assemble(ids []string, groups [][]int32) ([]rapport.Event, error) {
	var names []string
	for _, g := range groups {
		for _, k := range g {
			names = append(names, ids[k])
		}
	}
	cs, err := r.claims(names)
	if err != nil {
		return nil, err
	}
	by := make(map[string]*rapport.Claim, len(cs))
	for i := range cs {
		by[cs[i].ID] = &cs[i]
	}
	told := make([][]*rapport.Claim, len(groups))
	for i, g := range groups {
		for _, k := range g {
			told[i] = append(told[i], by[ids[k]])
		}
	}
	return merge.Assemble(told, r.reports), nil
}

// claims returns the claims with these ids.
func (r *rebuilder) claims(ids []string) ([]rapport.Claim, error) {
	if r.few == nil {
		return r.rec.ClaimsByID(r.ctx, ids)
	}
	out := make([]rapport.Claim, len(ids))
	for i, id := range ids {
		out[i] = *r.few[id]
	}
	return out, nil
}
