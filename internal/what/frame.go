package what

import (
	"strings"

	"rapport/internal/language"
)

// A tree is a sentence's arcs and the frames found in it.
type tree struct {
	*language.Tree
	memo []*frame // by token, nil until asked for
}

func newTree(s *language.Sentence) *tree {
	return &tree{language.NewTree(s), make([]*frame, len(s.Tokens))}
}

// A frame is a predicate's arguments by role. Roles of verbs are subj, obj,
// iobj, comp (clausal complements), prt (particles), adv (adverbs and
// predicative adjectives) and one for each preposition; of nouns poss, mod
// (adjective or noun before it), adv and one for each preposition.
type frame struct {
	roles []role
}

type role struct {
	name string
	args []int
}

func (f *frame) get(name string) []int {
	for i := range f.roles {
		if f.roles[i].name == name {
			return f.roles[i].args
		}
	}
	return nil
}

func (f *frame) add(name string, arg int) {
	for i := range f.roles {
		if f.roles[i].name == name {
			for _, a := range f.roles[i].args {
				if a == arg {
					return
				}
			}
			f.roles[i].args = append(f.roles[i].args, arg)
			return
		}
	}
	f.roles = append(f.roles, role{name, []int{arg}})
}

// frame returns the roles of token i, found once.
func (t *tree) frame(i int) *frame {
	if t.memo[i] != nil {
		return t.memo[i]
	}
	f := &frame{}
	t.memo[i] = f // set first: control and coordination can run in circles in a wrong parse
	if t.Verbal(i) {
		t.verbFrame(i, f)
	} else {
		t.nounFrame(i, f)
	}
	return f
}

// passive reports whether verb i is a passive: an auxiliary or subject says
// so, or it is a bare past participle after a noun ("the treaty signed by").
func (t *tree) passive(i int) bool {
	if t.Tokens[i].XPOS != "VBN" && t.Tokens[i].XPOS != "VBD" {
		return false
	}
	subject, perfect := false, false
	for _, k := range t.Kids(i) {
		switch t.Tokens[k].Rel {
		case "aux:pass":
			return true
		case "nsubj:pass", "csubj:pass":
			subject = true
		case "aux": // "has built"
			perfect = perfect || t.Tokens[k].Lemma == "have"
		}
	}
	if perfect {
		return false
	}
	if subject {
		return true
	}
	if t.Tokens[i].XPOS != "VBN" {
		return false
	}
	switch t.Rel(i) {
	case "acl":
		if t.lostVerb(i) {
			return false
		}
		return t.Child(i, "obj") < 0 && t.Child(i, "nsubj") < 0
	case "amod", "advcl":
		return t.Child(i, "obj") < 0 && t.Child(i, "nsubj") < 0
	case "conj":
		h := t.Tokens[i].Head
		return t.Child(i, "nsubj") < 0 && t.Child(i, "obj") < 0 && t.Verbal(h) && t.passive(h)
	}
	return false
}

// lostVerb reports whether a past form hung on the root noun is really the verb
// of the sentence: "Algeria mediated between", read as a participle. A noun that
// heads a sentence with no verb above it has none else to be its subject.
func (t *tree) lostVerb(i int) bool {
	h := t.Tokens[i].Head
	if h < 0 || t.Tokens[h].Head >= 0 || h > i || t.Child(h, "cop") >= 0 || t.Tokens[i].Rel != "acl" || t.Marker(i) != "" {
		return false
	}
	if x := t.Tokens[i].XPOS; x != "VBN" && x != "VBD" {
		return false
	}
	for _, k := range t.Kids(i) {
		if t.Tokens[k].Rel == "aux:pass" || t.Case(int(k)) == "by" {
			return false
		}
	}
	return true
}

// isRelative reports whether an argument of a relative clause stands for the
// noun the clause hangs on; taggers take the "that" of "the visit that he paid"
// for a conjunction now and then.
func isRelative(tok *language.Token) bool {
	switch tok.XPOS {
	case "WDT", "WP", "WP$":
		return true
	}
	return strings.EqualFold(tok.Form, "that")
}

// relativeThat reports whether clause i opens with a "that" which is an argument of
// its verb, though the parser takes the clause for no relative.
func (t *tree) relativeThat(i int) bool {
	for _, k := range t.Kids(i) {
		if tok := &t.Tokens[k]; strings.EqualFold(tok.Form, "that") && (tok.Rel == "obj" || tok.Rel == "nsubj") && t.Child(int(k), "case") < 0 {
			return t.Tokens[i].Head == int(k)-1
		}
	}
	return false
}

func (t *tree) verbFrame(i int, f *frame) {
	pass := t.passive(i)
	hasObj := t.Child(i, "obj") >= 0
	antecedent := -1
	if t.Tokens[i].Rel == "acl:relcl" || t.Tokens[i].Rel == "acl" && t.relativeThat(i) {
		antecedent = t.Tokens[i].Head
	}
	if t.Rel(i) == "conj" && t.Child(i, "nsubj") < 0 && t.Verbal(t.Tokens[i].Head) && t.Tokens[t.Tokens[i].Head].Rel == "acl:relcl" {
		antecedent = -1 // shared through the first conjunct below
	}
	gapFilled := false
	fill := func(name string, k int) {
		if antecedent >= 0 && isRelative(&t.Tokens[k]) {
			gapFilled = true
			f.add(name, antecedent)
			return
		}
		f.add(name, k)
	}
	for _, k32 := range t.Kids(i) {
		k := int(k32)
		switch rel := t.Tokens[k].Rel; {
		case rel == "nsubj:pass" || rel == "csubj:pass":
			if !pass {
				fill("subj", k)
			} else if hasObj {
				fill("iobj", k)
			} else {
				fill("obj", k)
			}
		case rel == "nsubj" || rel == "nsubj:outer":
			if pass && !hasObj && t.Tokens[i].XPOS == "VBN" && t.Child(i, "aux:pass") >= 0 {
				fill("obj", k)
			} else {
				fill("subj", k)
			}
		case rel == "obj":
			fill("obj", k)
		case rel == "iobj":
			fill("iobj", k)
		case rel == "xcomp" || rel == "ccomp":
			if t.Verbal(k) || t.Child(k, "cop") >= 0 || t.Child(k, "nsubj") >= 0 {
				f.add("comp", k)
				if t.Marker(k) == "to" {
					f.add("inf", k)
				}
			} else {
				f.add("adv", k)
			}
		case rel == "advcl" && t.Marker(k) == "to":
			f.add("purpose", k)
			f.add("inf", k)
		case strings.HasPrefix(rel, "advcl"):
			f.add("advcl", k)
			if m := t.Case(k); m == "by" || m == "for" || m == "in" || m == "from" || m == "of" || m == "against" || m == "with" {
				f.add("comp-"+m, k)
			} else if m := t.Marker(k); m == "by" || m == "for" || m == "in" || m == "from" || m == "of" || m == "against" || m == "with" {
				f.add("comp-"+m, k)
			}
		case rel == "compound:prt":
			f.add("prt", k)
		case rel == "advmod" || rel == "acomp":
			f.add("adv", k)
			if t.Tokens[k].UPOS == "ADP" || t.Tokens[k].XPOS == "RP" {
				f.add("prt", k)
			}
		case t.Rel(k) == "obl":
			c := t.Case(k)
			switch {
			case (c == "on" || c == "in") && calendar[t.Tokens[k].Form]: // "agreed on Saturday to": no topic
				f.add("tmod", k)
			case particles[c] && t.caseToken(k) == i+1:
				f.add("prt", t.caseToken(k)) // "called off the talks", read as "off the talks"
				fill("obj", k)
			case c == "" && (rel == "obl:tmod" || rel == "obl:unmarked" || rel == "obl:npmod"):
				f.add("tmod", k)
			case (c == "by" || rel == "obl:agent") && pass:
				fill("subj", k)
			case c == "":
				f.add("tmod", k)
			default:
				fill(c, k)
			}
		case rel == "obl:agent":
			fill("subj", k)
		}
	}
	if antecedent >= 0 && !gapFilled {
		switch {
		case len(f.get("subj")) == 0 && !pass:
			f.add("subj", antecedent)
		case pass && len(f.get("obj")) == 0:
			f.add("obj", antecedent)
		case len(f.get("obj")) == 0 && t.relAdverb(i) == "":
			f.add("obj", antecedent)
		case t.relAdverb(i) != "":
			f.add("where", antecedent)
		}
	}
	if len(f.get("subj")) == 0 || (pass && len(f.get("obj")) == 0) {
		t.inherit(i, f, pass)
	}
}

// particles are words that close after a verb belong to it.
var particles = map[string]bool{"off": true, "up": true, "out": true, "down": true, "away": true, "back": true}

// caseToken returns the token of nominal k's preposition, -1.
func (t *tree) caseToken(k int) int {
	for _, c := range t.Kids(k) {
		if t.Tokens[c].Rel == "case" {
			return int(c)
		}
	}
	return -1
}

// relAdverb returns "where", "when" … when clause i begins with it.
func (t *tree) relAdverb(i int) string {
	for _, k := range t.Kids(i) {
		if t.Tokens[k].XPOS == "WRB" {
			return t.Tokens[k].Lemma
		}
	}
	return ""
}

// opener returns the word that opens clause i, whether parsed as mark or case.
func (t *tree) opener(i int) string {
	if m := t.Marker(i); m != "" {
		return m
	}
	return t.Case(i)
}

// inherit fills the subject (the object of a passive) that clause i shares
// with another clause.
func (t *tree) inherit(i int, f *frame, pass bool) {
	h := t.Tokens[i].Head
	if h < 0 {
		return
	}
	want := "subj"
	if pass {
		want = "obj"
	}
	give := func(args []int) {
		for _, a := range args {
			if a != i {
				f.add(want, a)
			}
		}
	}
	if pass && len(f.get("obj")) > 0 {
		return
	}
	switch t.Rel(i) {
	case "conj":
		if !t.Verbal(h) {
			if t.Child(h, "cop") >= 0 {
				give(intsOf(t.Kids(h), func(k int) bool { return t.Rel(k) == "nsubj" }))
				return
			}
			// a verb hung on a noun belongs to the verb above: "violated the
			// airspace of Latvia and shelled Poland"
			for steps := 0; h >= 0 && !t.Verbal(h) && steps < 6; steps++ {
				h = t.Tokens[h].Head
			}
			if h < 0 {
				return
			}
		}
		hf := t.frame(h)
		if t.passive(h) {
			give(hf.get("obj")) // "was arrested and fled"
			return
		}
		give(hf.get("subj"))
	case "csubj": // "Sudan was the first to recognise"
		give(intsOf(t.Kids(h), func(k int) bool { return t.Rel(k) == "nsubj" }))
	case "xcomp":
		if !t.Verbal(h) {
			give(intsOf(t.Kids(h), func(k int) bool { return t.Rel(k) == "nsubj" }))
			return
		}
		hf := t.frame(h)
		switch {
		case subjectControl[t.Tokens[h].Lemma]:
			give(hf.get("subj"))
		case len(hf.get("obj")) > 0:
			give(hf.get("obj"))
		case len(hf.get("iobj")) > 0:
			give(hf.get("iobj"))
		case t.passive(h):
			give(hf.get("obj"))
		default:
			for _, p := range []string{"on", "upon", "to"} { // call on X to, appeal to X to
				if a := hf.get(p); len(a) > 0 && onControl[t.Tokens[h].Lemma] && (p != "to" || t.Tokens[h].Lemma == "appeal") {
					give(a)
					return
				}
			}
			give(hf.get("subj"))
		}
	case "advcl":
		if !t.Verbal(h) {
			give(intsOf(t.Kids(h), func(k int) bool { return t.Rel(k) == "nsubj" }))
			return
		}
		hf := t.frame(h)
		if t.passive(h) {
			give(hf.get("obj"))
			return
		}
		switch m := t.opener(i); m {
		case "in": // "thanked Biden for his efforts in brokering it", "joined France in condemning"
			if o := t.caseOrMark(i); o > 0 {
				if poss := t.lookup(o-1, "poss"); t.Tokens[o-1].UPOS == "NOUN" && len(poss) > 0 {
					give(poss)
					return
				}
			}
			if t.Tokens[h].Lemma == "join" {
				give(hf.get("obj"))
			}
		case "of", "for", "from", "with": // "accused Iran of arming", "thanked Chad for sheltering"
			for _, r := range []string{"obj", "to", "with"} {
				if a := hf.get(r); len(a) > 0 {
					if r == "obj" && thanks[t.Tokens[a[0]].Lemma] && len(hf.get("to")) > 0 {
						continue // "voiced gratitude to Chad for sheltering"
					}
					if len(t.lookup(h, "obj.to")) > 0 && r == "obj" { // "expressed gratitude to Chad for"
						a = t.lookup(h, "obj.to")
					}
					give(a)
					return
				}
			}
		}
		give(hf.get("subj"))
	case "acl":
		switch {
		case t.Tokens[i].Rel == "acl:relcl":
		case pass:
			give([]int{h})
		case t.Tokens[i].XPOS == "VBG" && t.opener(i) == "", t.lostVerb(i):
			give([]int{h})
		case (t.Tokens[i].XPOS == "VBN" || t.Tokens[i].XPOS == "VBD") && t.Marker(i) == "": // with an object: no passive
			give([]int{h})
		case t.Rel(h) == "obj" && ofDoing[t.Tokens[max(t.Tokens[h].Head, 0)].Lemma]: // "accused Syria [of shelling]"
			give([]int{h})
		case t.Child(h, "cop") >= 0 || t.ordinal(h): // "was the first country to recognise"
			give([]int{h})
		default: // "decision to withdraw", "way of doing", "efforts in brokering": who decides, does
			hf := t.frame(h)
			for _, r := range []string{"poss", "of", "by", "from"} {
				if a := hf.get(r); len(a) > 0 {
					give(a)
					return
				}
			}
			// "made a promise to send": the verb's subject
			if g := t.Tokens[h].Head; g >= 0 && t.Verbal(g) && (t.Rel(h) == "obj" || t.Rel(h) == "obl") {
				if t.passive(g) {
					give(t.frame(g).get("obj"))
				} else {
					give(t.frame(g).get("subj"))
				}
			}
			if len(f.get(want)) == 0 {
				give(hf.get("mod"))
			}
		}
	}
}

// thanks are what is expressed to somebody who did something.
var thanks = lexicon.Words("thanks")

// caseOrMark returns the token that opens clause i, -1.
func (t *tree) caseOrMark(i int) int {
	for _, k := range t.Kids(i) {
		if t.Tokens[k].Rel == "mark" || t.Tokens[k].Rel == "case" {
			return int(k)
		}
	}
	return -1
}

// ordinal reports "the first country", "the only state", "one of those".
func (t *tree) ordinal(h int) bool {
	switch t.Tokens[h].Lemma {
	case "first", "one", "last", "second":
		return true
	}
	for _, k := range t.Kids(h) {
		switch t.Tokens[k].Lemma {
		case "first", "last", "only", "second", "third", "next", "latest":
			return true
		}
	}
	return false
}

func intsOf(kids []int32, keep func(int) bool) []int {
	var out []int
	for _, k := range kids {
		if keep(int(k)) {
			out = append(out, int(k))
		}
	}
	return out
}

// ofDoing holds verbs that say of their object what it does: "accuse of",
// "thank for", "prevent from".
var ofDoing = lexicon.Words("ofDoing")

// subjectControl holds verbs whose infinitive shares their subject though
// they have an object: "promised Egypt to send".
var subjectControl = lexicon.Words("subjectControl")

// calendar holds the days and months that "on" and "in" date an act by.
var calendar = map[string]bool{
	"Monday": true, "Tuesday": true, "Wednesday": true, "Thursday": true, "Friday": true, "Saturday": true, "Sunday": true,
	"January": true, "February": true, "March": true, "April": true, "May": true, "June": true, "July": true,
	"August": true, "September": true, "October": true, "November": true, "December": true,
}

// onControl names the verbs whose "on X" or "to X" is who shall act: "appealed to
// Chad to withdraw". After another verb it is a day or a topic: "decided on
// Monday to".
var onControl = lexicon.Words("onControl")

func (t *tree) nounFrame(i int, f *frame) {
	for _, k32 := range t.Kids(i) {
		k := int(k32)
		switch rel := t.Tokens[k].Rel; {
		case rel == "nmod:poss":
			f.add("poss", k)
		case t.Rel(k) == "nmod" || t.Rel(k) == "obl":
			if c := t.Case(k); c != "" {
				f.add(c, k)
			} else if rel == "nmod:tmod" || rel == "nmod:unmarked" {
				f.add("tmod", k)
			}
		case rel == "amod" || rel == "compound" || rel == "nummod":
			f.add("mod", k)
		case rel == "advmod":
			f.add("adv", k)
		case rel == "det":
			f.add("det", k)
		case t.Rel(k) == "acl" || rel == "xcomp" || rel == "ccomp":
			f.add("comp", k)
			if m := t.Case(k); m != "" {
				f.add("comp-"+m, k)
			} else if m := t.Marker(k); m != "" {
				f.add("comp-"+m, k)
			}
		case rel == "nsubj" || rel == "nsubj:outer": // copular: "was a guest of"
			f.add("subj", k)
		}
	}
	if h := t.Tokens[i].Head; h >= 0 && t.Case(i) == "on" && t.Case(h) == "in" && t.Child(h, "cop") >= 0 { // "is in Latvia on a visit"
		for _, k := range t.Kids(h) {
			if strings.HasPrefix(t.Tokens[k].Rel, "nsubj") {
				f.add("subj", int(k))
			}
		}
		f.add("in", h)
	}
	if t.Rel(i) == "conj" { // "the visit and talks of X": share what follows or precedes
		h := t.Tokens[i].Head
		if h >= 0 && !t.Verbal(h) && t.Tokens[h].UPOS == "NOUN" && len(f.roles) == 0 {
			for _, r := range t.frame(h).roles {
				if r.name == "poss" || r.name == "mod" {
					f.roles = append(f.roles, role{r.name, append([]int(nil), r.args...)})
				}
			}
		}
	}
}

// lookup returns the arguments at a role path: "obj", "obj.with", "of.between".
func (t *tree) lookup(i int, path string) []int {
	name, rest, deeper := strings.Cut(path, ".")
	args := t.frame(i).get(name)
	if !deeper {
		return args
	}
	var out []int
	for _, a := range args {
		out = append(out, t.lookup(a, rest)...)
	}
	return out
}
