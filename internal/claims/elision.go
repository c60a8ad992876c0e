package claims

import (
	"slices"
	"strings"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/ontology"
	"rapport/internal/what"
	"rapport/internal/when"
)

// elided codes acts told without their verb: "the Emirates did the same",
// "Egypt and China followed on Saturday", "as did the Forum". In the sentence
// that tells the act the parties join its actors; in a later one they act on
// their own, on their own date.
func (r *reading) elided(si int) {
	t := r.trees[si]
	for v := range t.Tokens {
		if !t.Verbal(v) || !r.repeats(si, v) {
			continue
		}
		subj := t.Child(v, "nsubj")
		if subj < 0 && t.Tokens[v].Lemma == "do" { // "as did the Forum", parsed as an object
			subj = t.Child(v, "obj")
		}
		if subj < 0 {
			continue
		}
		who := r.parties(si, subj, 1)
		if len(who.parties) == 0 {
			continue
		}
		if ds := r.actsBefore(si, v); len(ds) > 0 {
			if m := what.ModalityOf(&r.doc.Sentences[si], v); m.Future || m.Possible || m.Negated || r.ownDate(si, v) != nil {
				r.alone(si, v, who, ds, m)
				continue
			}
			for _, d := range ds {
				c := &r.drafts[d].claim
				for _, p := range elsewhere(who.parties, c.Recipient) {
					c.Actor = addParty(slices.Clone(c.Actor), p)
				}
			}
			continue
		}
		r.again(si, v, who)
	}
}

// alone drafts the acts ds of a sentence as those of others too where these act on
// another day, or are still to: "four days after the Solomon Islands had done so",
// "and Algeria would do the same".
func (r *reading) alone(si, v int, who resolved, ds []int, m what.Modality) {
	for n := len(ds) - 1; n >= 0; n-- {
		d := r.drafts[ds[n]]
		c := &d.claim
		if m.Possible || m.Negated || m.Future && ontology.Quad(c.Event) != 4 {
			continue // a promise, a doubt or a refusal of one's own
		}
		actors := elsewhere(who.parties, slices.Concat(c.Actor, c.Recipient))
		if len(actors) == 0 {
			continue
		}
		d.trigger = v
		c.Actor, c.Recipient, c.Also, c.Place = actors, slices.Clone(c.Recipient), nil, nil
		c.Date, c.DateBasis = "", ""
		if e := r.ownDate(si, v); e != nil {
			c.Date, c.DateBasis = e.Date, rapport.DateFromText
		}
		if m.Future {
			c.Status = rapport.Future
		}
		r.repeat(si, v, who, d, "the act is told of others in the same sentence")
	}
}

// ownDate returns the date told of verb v itself, nil when there is none.
func (r *reading) ownDate(si, v int) *when.Expr {
	t := r.trees[si]
	for k := range r.dates[si] {
		if e := &r.dates[si][k]; e.Date != "" && e.Kind == when.Point && t.Tokens[e.Head].Head == v {
			return e
		}
	}
	return nil
}

// repeat keeps draft d as one whose act is told of others.
func (r *reading) repeat(si, v int, who resolved, d draft, note string) {
	c := &d.claim
	at := r.at(si, v)
	c.Reasons = append([]rapport.Reason{{Field: "event", Rule: "claims/elided", Span: at, Note: note}, {Field: "actor", Rule: who.rule, Span: at}}, c.Reasons...)
	c.Confidence = max(0.2, c.Confidence-0.1)
	r.bySent[si] = append(r.bySent[si], len(r.drafts))
	r.drafts = append(r.drafts, d)
}

// sameness are the nouns by which an act is told again: "took the same step".
var sameness = lexicon.Words("sameness")

// sameThing reports whether noun i only points back to an act: "similar steps",
// "the same decision".
func (r *reading) sameThing(si, i int) bool {
	t := r.trees[si]
	if !sameness[t.Tokens[i].Lemma] {
		return false
	}
	for _, k := range t.Kids(i) {
		switch t.Tokens[k].Lemma {
		case "same", "similar", "identical", "like":
			return true
		}
	}
	return false
}

// repeats reports whether verb v only says that somebody else did what was told.
func (r *reading) repeats(si, v int) bool {
	t := r.trees[si]
	object := t.Child(v, "obj")
	switch t.Tokens[v].Lemma {
	case "do":
		if l := ""; object >= 0 && t.Child(v, "nsubj") >= 0 {
			l = t.Tokens[object].Lemma
			return (l == "same" || l == "so" || l == "likewise") && t.Child(object, "acl") < 0 && t.Child(v, "obl") < 0
		}
		for _, k := range t.Kids(v) {
			if f := strings.ToLower(t.Tokens[k].Form); (f == "as" || f == "so" || f == "likewise" || f == "too") && t.Tokens[v].XPOS != "VB" {
				return true
			}
		}
		return v > 0 && (strings.EqualFold(t.Tokens[v-1].Form, "as") || strings.EqualFold(t.Tokens[v-1].Form, "so"))
	case "take", "make", "announce", "adopt":
		return object >= 0 && r.sameThing(si, object)
	case "follow":
		if object >= 0 {
			return t.Tokens[object].Lemma == "suit"
		}
		for _, k := range t.Kids(v) {
			switch rel := t.Rel(int(k)); {
			case rel == "obl" && r.dateAt(si, int(k)) == nil, rel == "xcomp", rel == "ccomp", t.Tokens[k].Rel == "aux:pass", rel == "expl":
				return false
			}
		}
		return t.Rel(v) == "root" || t.Rel(v) == "conj" || t.Rel(v) == "parataxis"
	}
	return false
}

// dateAt returns the date expression headed by token i, nil when it is none.
func (r *reading) dateAt(si, i int) *when.Expr {
	for k := range r.dates[si] {
		if e := &r.dates[si][k]; e.First <= i && i < e.Last {
			return e
		}
	}
	return nil
}

// actsBefore returns the drafts of sentence si that the clause just before verb v
// tells: those of one actor, up to another's.
func (r *reading) actsBefore(si, v int) []int {
	var out []int
	for n := len(r.bySent[si]) - 1; n >= 0; n-- {
		d := r.bySent[si][n]
		if r.drafts[d].trigger > v {
			continue
		}
		if len(out) > 0 && !sameCountries(r.drafts[d].claim.Actor, r.drafts[out[0]].claim.Actor) {
			break
		}
		out = append(out, d)
	}
	return out
}

// again drafts the last act told in the sentences before as done by others.
func (r *reading) again(si, v int, who resolved) {
	for k := si - 1; k >= 0 && k >= si-2; k-- {
		ds := r.bySent[k]
		if len(ds) == 0 {
			continue
		}
		from := &r.drafts[ds[0]] // what the sentence before is about
		if countriesOverlap(who.parties, from.claim.Actor) || len(from.claim.Recipient) == 0 {
			return
		}
		d := draft{claim: from.claim, sentence: si, trigger: v, weight: from.weight}
		c := &d.claim
		c.Actor = elsewhere(who.parties, c.Recipient)
		if len(c.Actor) == 0 {
			return
		}
		c.Recipient = slices.Clone(c.Recipient)
		c.Evidence = rapport.Evidence{Sentence: si, Span: r.doc.Sentences[si].Span, Text: r.rep.Text[r.doc.Sentences[si].Start:r.doc.Sentences[si].End]}
		c.Also, c.Place, c.Date, c.DateBasis = nil, nil, "", ""
		for i := range r.dates[si] {
			if e := &r.dates[si][i]; e.Date != "" && e.Kind == when.Point {
				c.Date, c.DateBasis = e.Date, rapport.DateFromText
				break
			}
		}
		r.repeat(si, v, who, d, "the act is told in the sentence before")
		return
	}
}

// occasions are the prepositions that make a meeting the occasion of what is told.
var occasions = map[string]bool{"during": true, "after": true, "in": true, "at": true, "following": true, "through": true, "over": true}

// gatherings are meetings of many.
var gatherings = lexicon.Words("gatherings")

// occasionOf returns who met, where a meeting told without its parties is the
// occasion of what they did: "Peru and Chile agreed during talks in Quito to", "the
// premier thanked the king after a meeting in Oslo".
func (r *reading) occasionOf(si int, a *what.Act, made []int) resolved {
	t := r.trees[si]
	v := t.Tokens[a.Trigger].Head
	if v < 0 || t.Rel(a.Trigger) != "obl" || !t.Verbal(v) || !occasions[t.Case(a.Trigger)] {
		return resolved{}
	}
	out := resolved{sure: 0.6, rule: "claims/occasion"}
	for k := range made {
		if made[k] < 0 || r.acts[si][k].Verb != v && r.acts[si][k].Trigger != v {
			continue
		}
		c := &r.drafts[made[k]].claim
		if r.acts[si][k].Modality.Future {
			return resolved{}
		}
		out.add(resolved{parties: c.Actor})
		if len(countriesOf(c.Actor)) == 1 && ontology.Quad(c.Event) != 4 {
			out.add(resolved{parties: c.Recipient})
		}
		break
	}
	if k := t.Child(v, "nsubj"); len(out.parties) == 0 && k >= 0 {
		out.add(r.parties(si, k, 1))
	}
	if n := len(countriesOf(out.parties)); n < 2 || n == 2 && gatherings[t.Tokens[a.Trigger].Lemma] {
		return resolved{} // a conference has more sides than the two that are told
	}
	return out
}

func countriesOverlap(a, b []rapport.Party) bool {
	return slices.ContainsFunc(countriesOf(a), func(c string) bool { return slices.Contains(countriesOf(b), c) })
}

// recurrences returns the other dates of an act told once with several: "went
// there in 2017 and again in 2022", "the visits of 1994 and 2007".
func (r *reading) recurrences(si int, d *draft) []rapport.Date {
	t := r.trees[si]
	var first *when.Expr
	for k := range r.dates[si] {
		if e := &r.dates[si][k]; e.Date == d.claim.Date && e.Date != "" && e.Kind == when.Point {
			first = e
			break
		}
	}
	if first == nil || d.claim.Status == rapport.Future {
		return nil
	}
	var out []rapport.Date
	last := first
	for k := range r.dates[si] {
		e := &r.dates[si][k]
		if e.First < last.Last || e.Date == "" || e.Kind != when.Point || e.Date.Overlaps(first.Date) {
			continue
		}
		if !(t.Rel(e.Head) == "conj" && t.Under(e.Head, first.Head)) && t.Tokens[e.Head].Head != t.Tokens[first.Head].Head {
			continue
		}
		if !onlyJoins(t.Tokens[last.Last:e.First]) {
			break
		}
		if near(last.Date, e.Date) {
			break // "on Saturday and Sunday": one act that lasted
		}
		out = append(out, e.Date)
		last = e
	}
	return out
}

// onlyJoins reports whether words do no more than coordinate: ", and again".
func onlyJoins(ts []language.Token) bool {
	for i := range ts {
		switch l := ts[i].Lemma; {
		case ts[i].UPOS == "PUNCT" && l != ";", ts[i].UPOS == "CCONJ", l == "again", l == "then", l == "once", l == "more", l == "also":
		default:
			return false
		}
	}
	return true
}

// near reports whether two dates lie within a fortnight of each other.
func near(a, b rapport.Date) bool {
	x, _, ok1 := a.Bounds()
	y, _, ok2 := b.Bounds()
	d := y.Sub(x).Hours() / 24
	return !ok1 || !ok2 || d < 15 && d > -15
}
