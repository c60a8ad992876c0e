package claims

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/who"
)

//go:embed actors.tsv.gz
var actorTable []byte

// actorWeights is the chooser of unsaid actors, learnt by TestTrainActors.
var actorWeights = sync.OnceValue(func() *network { return mustUnpack("actors.tsv.gz", actorTable) })

// guessActor finds who does an act whose own words name nobody ("a curfew was
// imposed", "We reject it", "2. Demands that …"), or tells that it is to be
// left out: the likeliest of the candidates.
func (r *reading) guessActor(si, k int, made []int, recipient resolved) resolved {
	cs := r.actorCandidates(si, k, made, nil, recipient)
	if r.onActor != nil {
		r.onActor(si, k, cs)
	}
	out, best := choose(r.actorWeights, cs)
	margin := int32(actorMargin)
	if r.acts[si][k].Verb < 0 {
		margin = nounMargin
	}
	if best != 0 && r.actorWeights.score(&cs[best]) < r.actorWeights.score(&cs[0])+margin {
		return resolved{}
	}
	return out
}

// actorMargin and nounMargin are by how much an actor must lead nobody, in
// 1/unit of a nat. Less than nothing: the weights of told.tsv judge the act with its
// actor; of acts told by a noun alone more are no news of their own.
const (
	actorMargin = -128
	nounMargin  = 0
)

// actorCandidates returns who may do act k of sentence si: whom its own words name
// (said), or nobody that matters where they name nobody (said is nil), whoever does
// another act of the sentence, the subjects of the clauses above, those told of
// before, the recipient's own state, the report's home, and all whom the sentence
// names.
func (r *reading) actorCandidates(si, k int, made []int, said *slots, recipient resolved) []candidate {
	a := &r.acts[si][k]
	g := gathering{r: r, si: si, a: a}
	if said != nil {
		g.said(said)
	} else {
		g.add("none", nil, "")
	}
	t := r.trees[si]
	add := func(way string, ps []rapport.Party) {
		if ontology.Quad(a.Event) == 1 && slices.Equal(countriesOf(ps), countriesOf(recipient.parties)) {
			return // nobody thanks or meets itself
		}
		if len(ps) > 0 {
			g.add(way, ps, "claims/actor."+strings.Fields(way)[0])
		}
	}
	for j := k - 1; j >= 0; j-- {
		if made[j] >= 0 {
			add("coordinated", r.drafts[made[j]].claim.Actor)
			break
		}
	}
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	// the subjects of the clauses that the act stands in
	level := 0
	for i, steps := top, 0; i >= 0 && steps < 12; steps++ {
		for _, c := range t.Kids(i) {
			if strings.HasPrefix(t.Tokens[c].Rel, "nsubj") && !(i == top && t.Tokens[c].Rel == "nsubj:pass") {
				ps := r.parties(si, int(c), 2).parties
				add("above"+strconv.Itoa(level), ps)
				add("above "+t.Rel(top), ps)
				if len(ps) > 0 {
					level++
				}
			}
		}
		i = t.Tokens[i].Head
		if level > 2 {
			break
		}
	}
	if p := r.speakerAt(si, a.Trigger); p != nil {
		add("speaker", []rapport.Party{*p})
	}
	if p, ok := r.lastPerson(si, top); ok {
		add("person", []rapport.Party{p})
	}
	if p, ok := r.lastState(si, top); ok {
		add("state", []rapport.Party{p})
	}
	for n := len(r.drafts) - 1; n >= 0; n-- {
		if d := &r.drafts[n]; d.sentence < si {
			add("before", d.claim.Actor)
			add("before "+strconv.Itoa(min(3, si-d.sentence)), d.claim.Actor)
			if d.claim.Event == a.Event {
				add("before same", d.claim.Actor)
			}
			break
		}
	}
	organ := organOf(a.Event, a.Mode)
	for _, c := range countriesOf(recipient.parties) {
		if isState(c) {
			add("own", []rapport.Party{{Country: c, Sector: organ}})
		}
	}
	for i := range r.places[si] {
		if pl := &r.places[si][i]; isState(pl.Place.Country) && pl.Prep != "" {
			add("place", []rapport.Party{{Country: pl.Place.Country, Sector: organ}})
			add("place "+pl.Prep, []rapport.Party{{Country: pl.Place.Country, Sector: organ}})
		}
	}
	if isState(r.home) {
		way := "home"
		if !r.homeTold {
			way = "home guessed"
		}
		add(way, []rapport.Party{{Country: r.home, Sector: organ}})
	}
	if c := r.topic(); c != "" {
		add("topic", []rapport.Party{{Country: c, Sector: organ}})
	}
	for i := range r.cast.Mentions[si] {
		m := &r.cast.Mentions[si][i]
		if m.Kind == who.Unknown {
			continue
		}
		ps := governments(m.Kind, r.ofMention(si, m, 2).parties)
		if len(ps) == 0 {
			continue
		}
		where := "inbefore"
		if m.Head > a.Trigger {
			where = "inafter"
		}
		add(where, ps)
		rel := t.Rel(m.Head)
		if c := t.Case(m.Head); c != "" {
			rel += ":" + c
		}
		add("as "+rel, ps)
		if t.Under(m.Head, top) {
			add("under "+t.Case(m.Head), ps)
		}
		if m.Kind == who.Adjective {
			add("adjective", ps)
		}
	}
	g.describeActors(recipient)
	return g.out
}

// weighActor looks again at who an act's own words name as its actor: they may
// name whom it is done to, one of two who act together, or one whose country was
// taken from the wrong sentence.
func (r *reading) weighActor(si, k int, made []int, s *slots) {
	cs := r.actorCandidates(si, k, made, s, s.recipient)
	if r.onActor != nil {
		r.onActor(si, k, cs)
	}
	if a := &r.acts[si][k]; a.Event == "CONSULT" && a.Mode != "visit" && len(s.recipient.parties) == 0 && len(countriesOf(s.actor.parties)) > 1 {
		cs = slices.DeleteFunc(cs, func(c candidate) bool { return len(countriesOf(c.parties)) < 2 }) // a meeting needs two
	}
	out, best := choose(r.actorWeights, cs)
	s.actorChance = out.sure
	if best != 0 {
		s.actor, s.alone = out, slices.Clone(out.parties)
	}
}

// said adds the parties that an act's own words name: those in the actor's role,
// each of several, and those with whom they act.
func (g *gathering) said(s *slots) {
	r, a := g.r, g.a
	ps := s.actor.parties
	g.add("slot", ps, s.actor.rule)
	g.add("slot "+s.actor.rule, ps, "")
	g.add("slot sure "+tenth(s.actor.sure), ps, "")
	if i := slotHead(a.Actor); i >= 0 {
		t := r.trees[g.si]
		g.add("slot word "+t.Tokens[i].Lemma, ps, "")
		g.add("slot tag "+t.Tokens[i].UPOS, ps, "")
		g.add("slot rel "+t.Rel(i)+" "+t.Case(i), ps, "")
		if m := r.mention(g.si, i); m != nil {
			g.add("slot "+fmt.Sprint(m.Kind), ps, "")
		} else {
			g.add("slot unnamed", ps, "")
		}
	} else {
		g.add("slot empty", ps, "")
	}
	if len(a.Both) > 0 {
		g.add("slot both", ps, "")
	}
	if len(s.alone) > 0 {
		g.add("alone", s.alone, s.actor.rule)
	}
	if len(s.recipient.parties) > 0 {
		g.add("to", s.recipient.parties, s.recipient.rule)
		g.add("with", append(slices.Clone(ps), without(s.recipient.parties, ps)...), s.actor.rule)
	}
	for i, c := range countriesOf(ps) {
		for _, p := range ps {
			if p.Country == c && len(countriesOf(ps)) > 1 {
				g.add("part "+strconv.Itoa(min(i, 2)), []rapport.Party{p}, s.actor.rule)
			}
		}
	}
}

// organOf is the organ of a state that does such acts when only the state is told.
func organOf(event, mode string) string {
	switch event {
	case "ASSAULT":
		return "MIL"
	case "MOBILIZE":
		if mode == "police" {
			return "COP"
		}
		return "MIL"
	case "COERCE":
		if mode == "arrest" {
			return "COP"
		}
	case "SANCTION":
		if mode == "convict" {
			return "JUD"
		}
	case "PROTEST":
		return "CVL"
	}
	return "GOV"
}

// describeActors gives every candidate its features.
func (g *gathering) describeActors(recipient resolved) {
	r, a := g.r, g.a
	t := r.trees[g.si]
	lead := r.leading(len(r.focus))
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	form := "noun"
	if a.Verb >= 0 {
		form = "active"
		switch k := t.Child(a.Verb, "nsubj"); {
		case k >= 0 && t.Tokens[k].Rel == "nsubj:pass" || t.Child(a.Verb, "aux:pass") >= 0:
			form = "passive"
		case k >= 0 && t.Tokens[k].UPOS == "PRON":
			form = "pronoun " + strings.ToLower(t.Tokens[k].Form)
		case k >= 0:
			form = "subject"
		case t.Tokens[a.Verb].XPOS == "VBN":
			form = "participle"
		case t.Tokens[a.Verb].Head < 0 && a.Verb <= 2:
			form = "item"
		case t.Rel(a.Verb) == "conj":
			form = "conj"
		case t.Tokens[a.Verb].XPOS == "VBG":
			form = "gerund"
		}
	}
	quoted := r.quoteAt(g.si, a.Trigger) >= 0
	acted := "unacted"
	if len(recipient.parties) > 0 {
		acted = "acted"
	}
	rc := countriesOf(recipient.parties)
	for i := range g.out {
		c := &g.out[i]
		cs := countriesOf(c.parties)
		kind := "one"
		switch {
		case len(cs) == 0:
			kind = "none"
		case len(rc) > 0 && slices.Equal(cs, rc):
			kind = "self"
		case len(cs) > 1:
			kind = "many"
		case !isState(cs[0]):
			kind = "body"
		}
		f := func(parts ...string) { c.features = append(c.features, strings.Join(parts, " ")) }
		f(kind)
		f(kind, a.Event)
		f(kind, form)
		f(kind, acted)
		f(kind, a.Event, form)
		f(kind, "rule", a.Rule.ID)
		f(kind, "rel", t.Rel(top))
		f(kind, "by", t.Tokens[a.Trigger].Lemma)
		for _, o := range r.acts[g.si] {
			if o.Trigger != a.Trigger {
				f(kind, "beside", o.Event, a.Event)
			}
		}
		if quoted {
			f(kind, "quoted")
		}
		if a.Outer >= 0 {
			f(kind, "inner")
		}
		if a.Modality.Conditional || a.Modality.Possible || a.Modality.Wished || a.Modality.Intent {
			f(kind, "unreal")
		}
		if a.Modality.Negated {
			f(kind, "negated")
		}
		for _, w := range g.ways[i] {
			f("way", w)
			f("way", w, a.Event)
			f("way", w, form)
		}
		if len(c.parties) > 0 {
			s := c.parties[0].Sector
			switch {
			case private[s]:
				s = "private"
			case s == "MIL" || s == "COP" || s == "SPY":
				s = "force"
			}
			f("sector", s, a.Event)
		}
		if len(cs) > 0 {
			g.deeds(c, rc)
		}
		if kind == "one" {
			last, role := r.lastNamed(g.si, cs[0])
			d := "never"
			if last >= 0 {
				d = strconv.Itoa(min(4, g.si-last))
			}
			f("ago", d)
			f("ago", d, role)
			as := r.toldAs(cs[0])
			f("told as", as)
			f("told as", as, a.Event)
			g.nearest(c, cs[0])
			switch rank := slices.Index(lead, cs[0]); {
			case rank < 0:
				f("rank", "unnamed")
			case rank < 3:
				f("rank", strconv.Itoa(rank+1))
			default:
				f("rank", "low")
			}
		}
	}
}

// deeds tells what a candidate was told to have done and suffered before, and what it
// did to those that the act is done to.
func (g *gathering) deeds(c *candidate, recipient []string) {
	cs := countriesOf(c.parties)
	f := func(parts ...string) { c.features = append(c.features, strings.Join(parts, " ")) }
	did, got := 0, 0
	for k := len(g.r.drafts) - 1; k >= 0; k-- {
		d := &g.r.drafts[k].claim
		if slices.Equal(countriesOf(d.Recipient), cs) {
			got++
		}
		if !slices.Equal(countriesOf(d.Actor), cs) {
			continue
		}
		if did++; did == 1 {
			f("last did", d.Event, g.a.Event)
		}
		if d.Event == g.a.Event {
			f("did same", d.Event)
		}
		if len(recipient) > 0 && slices.Equal(countriesOf(d.Recipient), recipient) {
			f("did to them")
			f("did to them", d.Event, g.a.Event)
		}
	}
	n, m := strconv.Itoa(min(3, did)), strconv.Itoa(min(3, got))
	f("did", n)
	f("got", m)
	f("did and got", n, m, g.a.Event)
}
