package claims

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport"
)

//go:embed speakers.tsv.gz
var speakerTable []byte

// speakerWeights is the chooser of speakers, learnt by TestTrainSpeakers.
var speakerWeights = sync.OnceValue(func() *network { return mustUnpack("speakers.tsv.gz", speakerTable) })

// weighSpeaker looks again at on whose word a claim is made, which creditable took
// from who is told to say it: the likeliest of those who may be.
func (r *reading) weighSpeaker(si, k int, c *rapport.Claim, credited, said *rapport.Party, quoted bool) *rapport.Party {
	g := &crediting{gathering: gathering{r: r, si: si, a: &r.acts[si][k]}, c: c}
	g.gather(credited, said)
	g.describe(said, quoted)
	if r.onSpeaker != nil {
		r.onSpeaker(si, k, c, g.out)
	}
	out, best := choose(r.speakerWeights, g.out)
	switch {
	case best == 0:
		return credited
	case len(out.parties) == 0:
		return nil
	}
	p := out.parties[0]
	return &p
}

// crediting is the speakers that one claim may have, in the making: the one that
// the rules lead to stands first, be it none.
type crediting struct {
	gathering
	c *rapport.Claim
}

// credit takes a speaker that a way leads to, nil for nobody.
func (g *crediting) credit(way string, p *rapport.Party) {
	switch {
	case p == nil:
		g.add(way, nil, "")
	case p.Country != "" && !outlets[p.Sector]:
		g.add(way, []rapport.Party{*p}, "")
	}
}

// gather adds whom the rules credit, nobody, who says what the act stands in, whoever
// else the sentence has say something, who does the act that speaks of this one, the
// subjects of the clauses above, who spoke last, and whose text it is.
func (g *crediting) gather(credited, said *rapport.Party) {
	r, si, a := g.r, g.si, g.a
	g.credit("rule", credited)
	g.credit("none", nil)
	if said != nil {
		g.credit("said", said)
		g.credit("said "+said.Sector, said)
	}
	if q := r.quoteAt(si, a.Trigger); q >= 0 {
		if p := r.quotedBy(q); p != nil {
			g.credit("quoted", p)
		}
	}
	for n := range r.speech[si] {
		p := r.speaker(si, n)
		if p == nil {
			continue
		}
		side := "after"
		if r.speech[si][n].verb < a.Trigger {
			side = "before"
		}
		word := r.trees[si].Tokens[r.speech[si][n].verb].Lemma
		g.credit("speech "+side, p)
		g.credit("speech word "+word, p)
		if r.said[si][a.Trigger] == n {
			g.credit("content of "+word, p)
		}
	}
	if a.Outer >= 0 {
		o := &r.acts[si][a.Outer]
		if ps := r.fill(si, o.Actor, 1).parties; len(ps) > 0 {
			g.credit("outer", &ps[0])
			g.credit("outer "+o.Event, &ps[0])
		}
	}
	t := r.trees[si]
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	for i, steps, level := top, 0, 0; i >= 0 && steps < 12 && level < 3; steps++ {
		for _, c := range t.Kids(i) {
			if i != top && strings.HasPrefix(t.Tokens[c].Rel, "nsubj") {
				if ps := r.parties(si, int(c), 2).parties; len(ps) > 0 {
					g.credit("above "+strconv.Itoa(level), &ps[0])
					g.credit("above by "+t.Tokens[i].Lemma, &ps[0])
					level++
				}
			}
		}
		i = t.Tokens[i].Head
	}
	if n := len(r.drafts); n > 0 {
		d := &r.drafts[n-1]
		back := strconv.Itoa(min(3, si-d.sentence))
		g.credit("before "+back, d.claim.Speaker)
	}
	if p := r.lastSpeaker; p != nil {
		g.credit("last", p)
	}
	if p := r.ours(); p != nil {
		g.credit("ours", p)
	}
}

// describe gives every candidate its features.
func (g *crediting) describe(said *rapport.Party, quoted bool) {
	r, a, c := g.r, g.a, g.c
	t := r.trees[g.si]
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	m := a.Modality
	tense := t.Tokens[top].XPOS
	switch {
	case m.Future:
		tense += " future"
	case m.Perfect:
		tense += " perfect"
	}
	how := "told"
	switch {
	case quoted && said == nil:
		how = "quoted by nobody"
	case quoted:
		how = "quoted"
	case said != nil:
		how = "said"
	}
	voice := r.voice()
	actors, recipients := countriesOf(c.Actor), countriesOf(c.Recipient)
	for i := range g.out {
		x := &g.out[i]
		f := func(parts ...string) { x.features = append(x.features, strings.Join(parts, " ")) }
		kind := "third"
		switch {
		case len(x.parties) == 0:
			kind = "none"
		case slices.Equal(actors, countriesOf(x.parties)):
			kind = "actor"
		case slices.Contains(actors, x.parties[0].Country):
			kind = "of actors"
		case slices.Contains(recipients, x.parties[0].Country):
			kind = "recipient"
		}
		f(kind)
		f(kind, c.Event)
		f(kind, how)
		f(kind, how, c.Event)
		f(kind, how, string(c.Status))
		f(kind, how, c.Event, string(c.Status))
		f(kind, how, tense)
		f(kind, how, voice)
		f(kind, "rule", a.Rule.ID)
		f(kind, "by", t.Tokens[a.Trigger].Lemma)
		f(kind, "rel", t.Rel(top))
		if a.Verb < 0 {
			f(kind, how, "noun")
		}
		if g.si == 0 {
			f(kind, "first")
		}
		if r.headline(g.si) {
			f(kind, "headline")
		}
		if a.Outer >= 0 {
			f(kind, "inner", r.acts[g.si][a.Outer].Event)
		}
		for _, w := range g.ways[i] {
			f("way", w)
			f("way", w, kind)
			f("way", w, c.Event)
			f("way", w, how)
			if w == "ours" {
				f("ours", kind, how, voice)
			}
			if kind == "actor" {
				f("way", w, "actor", c.Event, string(c.Status))
			}
		}
		if len(x.parties) > 0 {
			f("sector", x.parties[0].Sector, kind)
			if x.parties[0].Name != "" && hasName(c.Actor, x.parties[0].Name) {
				f("himself")
				f("himself", c.Event, how)
			}
			if len(c.Actor) > 0 && c.Actor[0].Sector == x.parties[0].Sector {
				f("same sector", kind)
			}
		}
	}
}

// voice tells how much of a report outside its quotations is in the first person, as
// speeches, statements and letters are.
func (r *reading) voice() string {
	if r.manner != "" {
		return r.manner
	}
	n := 0
	for si := range r.doc.Sentences {
		for i := range r.doc.Sentences[si].Tokens {
			switch strings.ToLower(r.doc.Sentences[si].Tokens[i].Form) {
			case "we", "our", "us", "ours", "i", "my":
				if r.quoteAt(si, i) < 0 {
					n++
				}
			}
		}
	}
	switch {
	case n == 0:
		r.manner = "third person"
	case n < 3 && n < len(r.doc.Sentences)/2:
		r.manner = "some first person"
	default:
		r.manner = "first person"
	}
	return r.manner
}
