package claims

import (
	_ "embed"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport/internal/what"
)

//go:embed told.tsv
var toldTable string

// tellings weighs whether an act found is told as one. Learnt by TestTrainTold. A
// network (network.go) weighed no better.
var tellings = sync.OnceValue(func() chooser { return mustParse("told.tsv", toldTable) })

// toldLead is what the weights must come to for an act to be told of, in 1/unit
// of a logit: a chance of .3. F1 on gold held back and on the development reports is
// highest between -128 and -300; whole reports are less dense than the passages that
// the weights are learnt on.
const toldLead = -190

// toldOf reports whether an act found, with its parties, is told as an act of
// theirs, by all that speaks for and against it: rules find "the attack on the
// problem" too.
func (r *reading) toldOf(si, k int, d *draft) bool {
	signs := r.signs(si, k, d)
	if r.onDraft != nil {
		r.onDraft(si, k, d, signs)
	}
	lead := r.toldWeights.score(&candidate{features: signs})
	d.grounds = append(d.grounds, "told "+strconv.Itoa(int(max(-2, min(14, lead/(unit/2))))), "rule "+r.acts[si][k].Rule.ID)
	for _, w := range d.doubts {
		d.grounds = append(d.grounds, "doubt "+w)
	}
	if d.chance > 0 { // the act is told, and its recipient right
		both := d.chance / (1 + math.Exp(-float64(lead)/unit))
		d.grounds = append(d.grounds, "both "+odds(both))
	}
	d.claim.Confidence = confidence(d.grounds)
	d.lead = lead
	return lead >= toldLead
}

// against are the n signs that speak most against an act being told, strongest first.
func (r *reading) against(si, k int, d *draft, n int) []string {
	signs := r.signs(si, k, d)
	weigh := func(sign string) int32 { return r.toldWeights.score(&candidate{features: []string{sign}}) }
	slices.SortStableFunc(signs, func(x, y string) int { return int(weigh(x) - weigh(y)) })
	signs = slices.DeleteFunc(slices.Compact(signs), func(s string) bool { return weigh(s) >= 0 })
	return signs[:min(n, len(signs))]
}

// signs are what speaks for an act being told: its rule, how it is told, how its
// parties were found, what makes it doubtful, and what the weights of single words
// (what.Lead) say of it.
func (r *reading) signs(si, k int, d *draft) []string {
	a, c, t := &r.acts[si][k], &d.claim, r.trees[si]
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	out := append([]string(nil), d.grounds...)
	f := func(parts ...string) { out = append(out, strings.Join(parts, " ")) }
	for _, w := range d.doubts {
		f("doubt", w)
		f("doubt", w, a.Event)
	}
	if d.unsaid {
		f("unsaid")
		f("unsaid", a.Event)
	}
	form := "verb"
	if a.Verb < 0 {
		form = "noun"
	} else if a.Verb != a.Trigger {
		form = "light"
	}
	f("rule", a.Rule.ID)
	f("rule", a.Rule.ID, form)
	f("kind", a.Event, a.Mode)
	f(form, a.Event)
	f(form, "as", t.Rel(top))
	f(form, "as", t.Rel(top), a.Event)
	f("tag", t.Tokens[top].XPOS)
	m := &a.Modality
	for _, way := range []struct {
		is   bool
		name string
	}{{m.Future, "future"}, {m.Conditional, "conditional"}, {m.Possible, "possible"}, {m.Wished, "wished"}, {m.Intent, "intent"}, {m.Negated, "negated"}, {m.Perfect, "perfect"}, {m.Past, "past"}} {
		if way.is {
			f("told", way.name)
			f("told", way.name, a.Event)
		}
	}
	if a.Outer >= 0 {
		f("inner of", r.acts[si][a.Outer].Event)
	}
	lead, best := what.Lead(&r.doc.Sentences[si], a.Trigger, a.Event, r.namer(si))
	f("words lead", strconv.Itoa(int(max(-8, min(8, lead/what.Unit)))))
	f("words lead", form, strconv.Itoa(int(max(-4, min(4, lead/(2*what.Unit))))))
	if best != a.Event {
		f("words say", best, "not", a.Event)
	}
	if c.Date != "" {
		f("dated")
		f("dated", form)
	}
	if c.Speaker != nil {
		f("on a word")
	}
	if c.Quoted {
		f("quoted")
		f("quoted", a.Event)
	}
	s := c.Actor[0].Sector
	if !isState(c.Actor[0].Country) {
		s = c.Actor[0].Country
	}
	f("actor is", s)
	f("actor is", s, a.Event)
	if len(c.Recipient) > 0 {
		q := c.Recipient[0].Sector
		if !isState(c.Recipient[0].Country) {
			q = c.Recipient[0].Country
		}
		same := "abroad"
		if c.Recipient[0].Country == c.Actor[0].Country {
			same = "home"
		}
		f(same, a.Event)
		f(same, s, q)
	} else {
		f("done to nobody", a.Event)
	}
	for _, n := range r.bySent[si] {
		e := &r.drafts[n].claim
		if e.Event == c.Event {
			f("again")
			f("again", form)
			if sameCountries(e.Actor, c.Actor) {
				f("again the same")
			}
		}
	}
	if len(r.bySent[si]) > 0 {
		f("not the first")
	}
	if si == 0 {
		f("opens")
	}
	return out
}
