package what

import (
	"slices"
	"strings"

	"rapport/internal/language"
)

// acts finds the acts of one sentence: the best pattern for each trigger,
// what each act speaks of, and how it is presented.
func (b *book) acts(s *language.Sentence, who Namer) []Act {
	if len(s.Tokens) == 0 {
		return nil
	}
	var t *tree
	var out []Act
	for i := range s.Tokens {
		tok := &s.Tokens[i]
		switch tok.UPOS {
		case "VERB", "NOUN", "PROPN", "ADJ", "AUX":
		default:
			continue
		}
		if !b.candidate(tok) {
			continue
		}
		if t == nil {
			t = newTree(s)
		}
		if a, ok := b.match(t, i); ok {
			out = append(out, a)
		}
	}
	out = dropLightVerbs(out)
	if t == nil {
		t = newTree(s)
	}
	out = b.learn(t, out, who)
	b.link(t, out)
	spend(out)
	for i := range out {
		a := &out[i]
		a.Modality = b.modality(t, a)
		if a.Rule.Negative { // the denial is the act
			a.Modality.Negated = false
		}
	}
	return out
}

func (b *book) candidate(tok *language.Token) bool {
	l := key(tok)
	return len(b.verbs[l]) > 0 || len(b.nouns[l]) > 0 || len(b.adjs[l]) > 0 || len(b.light[l]) > 0
}

// key is the lemma by which a token is looked up.
func key(tok *language.Token) string {
	if tok.UPOS == "PROPN" {
		return strings.ToLower(tok.Lemma)
	}
	return tok.Lemma
}

func (b *book) match(t *tree, i int) (Act, bool) {
	tok := &t.Tokens[i]
	l := key(tok)
	switch {
	case tok.UPOS == "VERB" || tok.UPOS == "AUX":
		for _, p := range b.verbs[l] {
			if a, ok := b.try(t, p, i, i); ok {
				return a, true
			}
		}
		for _, p := range b.adjs[l] { // participles: "is prepared to"
			if a, ok := b.try(t, p, i, i); ok {
				return a, true
			}
		}
	case tok.UPOS == "ADJ":
		for _, p := range b.adjs[l] {
			if a, ok := b.try(t, p, i, i); ok {
				return a, true
			}
		}
		return Act{}, false
	}
	if tok.UPOS == "VERB" || tok.UPOS == "AUX" {
		return Act{}, false
	}
	var best Act
	found := false
	if v := t.lightVerb(i); v >= 0 {
		for _, p := range b.light[l] {
			if slices.Contains(p.words, t.Tokens[v].Lemma) && (!lightAside[t.Case(i)] || t.Rel(i) != "obl" || p.names(t.Case(i))) {
				if a, ok := b.try(t, p, i, v); ok {
					best, found = a, true
					break
				}
			}
		}
	}
	if !found {
		for _, p := range b.nouns[l] {
			if a, ok := b.try(t, p, i, -1); ok {
				best, found = a, true
				break
			}
		}
	}
	return best, found
}

// lightCase are the prepositions by which a verb takes what is done.
var lightCase = map[string]bool{"on": true, "in": true, "into": true, "to": true, "at": true, "for": true, "with": true, "under": true, "through": true, "as": true, "of": true}

// lightAside are those by which it takes the occasion or the means, which a pattern
// must name: "said during a call", "thanked by telephone".
var lightAside = map[string]bool{"during": true, "after": true, "following": true, "by": true, "over": true, "via": true}

// names reports whether a condition of the pattern is on a role.
func (p *pattern) names(role string) bool {
	return slices.ContainsFunc(p.conds, func(c cond) bool {
		return !c.not && slices.ContainsFunc(c.paths, func(s string) bool { return s == role })
	})
}

// quantity are nouns that only count what follows "of".
var quantity = lexicon.Words("quantity")

// lightVerb returns the verb that noun i is the object of (subject of its
// passive, antecedent of its relative clause), -1.
func (t *tree) lightVerb(i int) int {
	h := t.Tokens[i].Head
	r := t.Tokens[i].Rel
	top := i
	if t.Rel(i) == "conj" && h >= 0 && !t.Verbal(h) { // "held talks and meetings"
		top, r, h = h, t.Tokens[h].Rel, t.Tokens[h].Head
	}
	if t.Rel(top) == "nmod" && h >= 0 && quantity[t.Tokens[h].Lemma] && t.Case(top) == "of" { // "began four days of air strikes"
		r, h = t.Tokens[h].Rel, t.Tokens[h].Head
	}
	if h >= 0 && t.Verbal(h) {
		switch {
		case r == "obj", r == "nsubj:pass", r == "nsubj" && t.passive(h):
			return h
		case r == "obl" && (lightCase[t.Case(i)] || lightAside[t.Case(i)]): // "is on a visit to", "entered into talks", not "held since March"
			return h
		}
	}
	for _, k := range t.Kids(i) { // "the visit he paid", "talks held in"
		if t.Rel(int(k)) == "acl" && t.Verbal(int(k)) && slices.Contains(t.frame(int(k)).get("obj"), i) {
			return int(k)
		}
	}
	return -1
}

// try matches pattern p at trigger i; verb is the light verb, -1 for nominals,
// i itself for verbs.
func (b *book) try(t *tree, p *pattern, i, verb int) (Act, bool) {
	var used []int
	for _, c := range p.conds {
		at, ok := t.holds(c, i, verb)
		if ok == c.not {
			return Act{}, false
		}
		if ok && !c.any && at != i {
			used = append(used, at)
		}
	}
	r := p.rule
	if r.Negative && !t.denied(i, verb) {
		return Act{}, false
	}
	if r.Ahead && !t.ahead(max(i, verb)) {
		return Act{}, false
	}
	a := Act{used: used, Rule: r, Pattern: p, Trigger: i, Verb: verb, Event: r.Event, Mode: r.Mode, CAMEO: r.CAMEO, About: r.About, Inner: -1, Outer: -1, Comp: -1}
	if p.mode != "" {
		a.Mode = strings.TrimPrefix(p.mode, "-")
	}
	if p.cameo != "" {
		a.CAMEO = p.cameo
	}
	if p.about != "" {
		a.About = p.about
	}
	a.Actor = t.slot(p.actor, i, verb)
	a.Recipient = t.slot(p.recipient, i, verb)
	a.Both = t.slot(p.both, i, verb)
	a.Words = []int{i}
	if verb >= 0 && verb != i {
		a.Words = append(a.Words, verb)
	}
	slices.Sort(a.Words)
	return a, true
}

// ahead reports whether verb i is told as to come: "will answer", "would answer".
func (t *tree) ahead(i int) bool {
	m := Modality{By: -1}
	t.own(i, &m)
	return m.Future && !m.Negated
}

// args returns the arguments at a role path, seen from the verb and, for a
// light verb, from its noun too.
func (t *tree) args(path string, i, verb int) []int {
	if verb < 0 {
		return t.lookup(i, path)
	}
	if verb == i {
		out := t.lookup(i, path)
		if len(out) == 0 && (attachable[path] || strings.HasPrefix(path, "comp")) { // "returned the island [to China]", hung on the object by the parser
			out = t.lookup(i, "obj."+path)
		}
		return out
	}
	if rest, ok := strings.CutPrefix(path, "obj."); ok {
		return t.lookup(i, rest)
	}
	out := t.lookup(verb, path)
	if path == "subj" || path == "comp" && len(out) > 0 {
		return out
	}
	if n := t.lookup(i, path); len(out) == 0 {
		return n
	}
	return out
}

// denied reports whether the act at trigger i is told as not done.
func (t *tree) denied(i, verb int) bool {
	m := Modality{By: -1}
	t.own(i, &m)
	if verb >= 0 && verb != i {
		t.own(verb, &m)
	}
	return m.Negated
}

// attachable are prepositions whose phrase a parser hangs now on the verb, now
// on its object. "of", "by" and "between" belong to the noun.
var attachable = map[string]bool{"to": true, "from": true, "with": true, "against": true, "on": true, "in": true, "into": true, "for": true, "at": true, "over": true, "as": true}

// holds reports whether a condition is met, and by which token.
func (t *tree) holds(c cond, i, verb int) (int, bool) {
	for _, path := range c.paths {
		if path == "word" { // the trigger's own form
			if c.words[strings.ToLower(t.Tokens[i].Form)] {
				return i, true
			}
			continue
		}
		for _, a := range t.args(path, i, verb) {
			if c.any || c.words[key(&t.Tokens[a])] || c.words[strings.ToLower(t.Tokens[a].Form)] {
				return a, true
			}
			for _, k := range t.Kids(a) { // coordinated heads: "an oil and arms embargo"; compound heads
				r := t.Rel(int(k))
				hyphened := r == "compound" && int(k)+2 == a && t.Tokens[k+1].Form == "-" // "consulate-general"
				title := t.Tokens[k].Rel == "nmod:desc"                                   // "recalled Ambassador Benyaich"
				if (r == "conj" || r == "flat" || title || hyphened) && c.words[key(&t.Tokens[k])] {
					return int(k), true
				}
			}
			for _, k := range t.counted(a) {
				if c.words[key(&t.Tokens[k])] || c.words[strings.ToLower(t.Tokens[k].Form)] {
					return k, true
				}
			}
		}
	}
	return -1, false
}

// counted returns what a word of number counts: "five of those missiles",
// "dozens of gunmen", "a group of students".
func (t *tree) counted(i int) []int {
	switch tok := &t.Tokens[i]; {
	case tok.Lemma == "none", tok.Lemma == "neither":
	case tok.UPOS == "NUM", tok.UPOS == "PRON", tok.UPOS == "DET", counts[tok.Lemma]:
		return t.lookup(i, "of")
	}
	return nil
}

// counts are nouns and adjectives that only tell how many of what follows "of".
var counts = map[string]bool{"ten": true, "dozen": true, "score": true, "hundred": true, "thousand": true, "dozens": true, "hundreds": true, "thousands": true, "number": true, "group": true, "band": true, "column": true, "handful": true, "couple": true, "pair": true, "majority": true, "several": true, "many": true, "most": true, "few": true, "half": true, "third": true, "rest": true, "wave": true, "member": true, "batch": true, "convoy": true, "contingent": true}

func (t *tree) slot(alts [][]string, i, verb int) [][]int {
	var out [][]int
	for _, union := range alts {
		var got []int
		for _, path := range union {
			for _, a := range t.args(path, i, verb) {
				if !slices.Contains(got, a) {
					got = append(got, a)
				}
			}
		}
		if len(got) > 0 {
			out = append(out, got)
		}
	}
	return out
}

// dropLightVerbs drops the act of a verb that serves as light verb to a
// nominal act with a more specific pattern.
func dropLightVerbs(acts []Act) []Act {
	out := acts[:0]
	for i, a := range acts {
		drop := false
		for j, o := range acts {
			if i != j && a.Verb == a.Trigger && o.Verb == a.Trigger && o.Trigger != a.Trigger && o.Pattern.rank >= a.Pattern.rank {
				drop = true
			}
		}
		if !drop {
			out = append(out, a)
		}
	}
	return out
}

// spend marks bare nominal acts whose noun is only a word of another act's
// pattern: "hit with sanctions", "traded fire", "put on trial". What an act
// speaks of stays: "accused of an attack".
func spend(acts []Act) {
	for i := range acts {
		if acts[i].Verb >= 0 {
			continue
		}
		for j := range acts {
			if i != j && acts[j].Inner != i && slices.Contains(acts[j].used, acts[i].Trigger) {
				acts[i].Spent = true
			}
		}
	}
}

// link finds for each act the act it speaks of: "agreed to hold talks".
func (b *book) link(t *tree, acts []Act) {
	at := func(tok int) int {
		for j := range acts {
			if acts[j].Trigger == tok || acts[j].Verb == tok {
				return j
			}
		}
		return -1
	}
	for i := range acts {
		a := &acts[i]
		for _, alt := range t.slot(a.Pattern.content, a.Trigger, a.Verb) {
			for _, c := range alt {
				if a.Comp < 0 {
					a.Comp = c
				}
				if j := b.contentAct(t, c, at, 0); j >= 0 && j != i && acts[j].Outer < 0 && !slices.Contains(a.Words, acts[j].Trigger) {
					a.Inner, a.Comp = j, c
					acts[j].Outer = i
					break
				}
			}
			if a.Inner >= 0 {
				break
			}
		}
		if a.Inner >= 0 && a.Rule.AboutInner && a.About == "" {
			in := &acts[a.Inner]
			a.About = in.Event
			if in.Mode != "" {
				a.About += ":" + in.Mode
			}
		}
		if a.Rule.AboutInner && a.About == "" && a.Comp >= 0 {
			a.About = b.aboutContent(t, a.Comp)
		}
	}
}

// aboutContent tells what a content without an act of its own is about, by its
// head, else by the head's object or what it is coordinated with.
func (b *book) aboutContent(t *tree, c int) string {
	if s := b.about[key(&t.Tokens[c])]; s != "" {
		return s
	}
	for _, k := range t.Kids(c) {
		switch t.Rel(int(k)) {
		case "obj", "nsubj", "obl", "nmod", "compound", "xcomp":
			if s := b.about[key(&t.Tokens[k])]; s != "" {
				return s
			}
		}
	}
	return ""
}

// contentAct returns the act told at token c, looking through verbs that only
// begin, continue or arrange it.
func (b *book) contentAct(t *tree, c int, at func(int) int, depth int) int {
	if j := at(c); j >= 0 {
		return j
	}
	if depth > 3 {
		return -1
	}
	if e := b.gov.of(t.Tokens[c].Lemma); t.Verbal(c) && e != nil && e.transparent {
		for _, r := range []string{"comp", "obj"} {
			for _, x := range t.frame(c).get(r) {
				if j := b.contentAct(t, x, at, depth+1); j >= 0 {
					return j
				}
			}
		}
	}
	for _, k := range t.Kids(c) { // "to lift sanctions and resume talks": the first conjunct that is an act
		if t.Rel(int(k)) == "conj" && depth == 0 {
			if j := at(int(k)); j >= 0 {
				return j
			}
		}
	}
	return -1
}
