package language

import (
	"strings"

	"rapport/internal/language/lemma"
)

// mend sets right arcs that English grammar forbids and the model draws all
// the same, where what was meant is plain. What reads claims lives by subjects,
// so each case is one that loses a finite verb its subject. Shares of LAS on the
// development treebanks are in the noise (below 0.05 each way); claims gain.
func mend(s []Token) {
	stop := len(s) > 0 && (s[len(s)-1].Form == "." || len(s) > 1 && s[len(s)-2].Form == ".")
	for i := range s {
		fromAuxiliary(s, i)
		nounAfterTo(s, i)
		dueTo(s, i)
		dueIn(s, i)
		infinitiveOf(s, i)
		pluralWithObject(s, i)
		thanks(s, i)
		handOver(s, i)
		twoObjects(s, i)
		atLeast(s, i)
		progressive(s, i)
	}
	if stop {
		verbless(s)
	}
	for i := range s {
		if stop {
			activeSubject(s, i)
		}
		finiteParticiple(s, i)
		clauseAfter(s, i)
		openingGerund(s, i)
		lostSubject(s, i)
		looseSubject(s, i)
		clauseSubject(s, i)
		tenseOfConjunct(s, i)
		bareConjunct(s, i)
		visiting(s, i)
	}
}

// fromAuxiliary hands what hangs on an auxiliary to its verb: "New Delhi has,
// however, turned down".
func fromAuxiliary(s []Token, i int) {
	h := s[i].Head
	if h < 0 || s[h].Head < 0 || !strings.HasPrefix(s[h].Rel, "aux") && s[h].Rel != "cop" {
		return
	}
	switch rel, _, _ := strings.Cut(s[i].Rel, ":"); rel {
	case "nsubj", "obl", "obj", "advmod", "mark", "advcl", "punct":
		if s[h].Head != i {
			s[i].Head = s[h].Head
		}
	}
}

// activeSubject makes the subject of a finite verb without auxiliary an active
// one: "The minister called on Latvia". Headlines, which say "Minister
// arrested", have no full stop.
func activeSubject(s []Token, i int) {
	if s[i].Rel != "nsubj:pass" || s[i].Head < i {
		return
	}
	h := s[i].Head
	for k := range s {
		if s[k].Head == h && strings.HasPrefix(s[k].Rel, "aux") {
			return
		}
		if s[k].Head == h && s[k].Rel == "obl:agent" {
			return
		}
	}
	if r := s[h].Rel; r == "conj" || strings.HasPrefix(r, "acl") || strings.HasPrefix(r, "advcl") && s[h].XPOS == "VBN" {
		return
	}
	s[i].Rel = "nsubj"
}

// lostSubject gives a past form that hangs on a bare clause head, as if it were
// a participle, that noun as subject: "and the chairperson of the Union called
// on both".
func lostSubject(s []Token, i int) {
	if s[i].UPOS != "VERB" || s[i].XPOS != "VBD" && s[i].XPOS != "VBN" || s[i].Rel != "acl" && s[i].Rel != "acl:relcl" {
		return
	}
	n := s[i].Head
	if n < 0 || n > i || s[n].UPOS != "NOUN" && s[n].UPOS != "PROPN" {
		return
	}
	head, rel := s[n].Head, s[n].Rel
	switch rel {
	case "root", "parataxis", "ccomp":
		if s[i].XPOS == "VBN" { // "Talks held in Cairo"
			return
		}
	case "nsubj": // of a clause with a subject of its own: "Fourteen states expelled diplomats, an official said"
		own := false
		for k := i + 1; k < len(s); k++ {
			own = own || s[k].Head == head && strings.HasPrefix(s[k].Rel, "nsubj")
		}
		if !own || s[i].XPOS == "VBN" || head < i {
			return
		}
		rel = "ccomp"
	case "conj": // nouns are not coordinated with verbs
		if h := s[n].Head; h < 0 || s[h].UPOS != "VERB" {
			return
		}
	default:
		return
	}
	for k := range s {
		if s[k].Head == n && (s[k].Rel == "cop" || strings.HasPrefix(s[k].Rel, "nsubj")) {
			return
		}
		if s[k].Head == i && (strings.HasPrefix(s[k].Rel, "nsubj") || s[k].Rel == "aux:pass" || s[k].Rel == "obl:agent" || s[k].Rel == "mark") {
			return
		}
	}
	s[i].Head, s[i].Rel = head, rel
	s[n].Head, s[n].Rel = i, "nsubj"
	for k := range s {
		if s[k].Head == n && s[k].Rel == "cc" {
			s[k].Head = i
		}
	}
}

// looseSubject gives a past form without subject the noun phrase that dangles
// before it: "Rights groups were angry: Amnesty, based in London, criticised …".
func looseSubject(s []Token, i int) {
	if s[i].UPOS != "VERB" || s[i].XPOS != "VBD" || s[i].Rel != "parataxis" && s[i].Rel != "conj" && s[i].Rel != "root" {
		return
	}
	loose := -1
	for k := range s {
		switch {
		case s[k].Head == i && (strings.HasPrefix(s[k].Rel, "nsubj") || strings.HasPrefix(s[k].Rel, "aux") || s[k].Rel == "expl" || s[k].Rel == "csubj"):
			return
		case k < i && (s[k].UPOS == "NOUN" || s[k].UPOS == "PROPN") && k > s[i].Head && s[k].Head >= 0 && (s[k].Head == s[i].Head || s[k].Head == i) && (s[k].Rel == "parataxis" || s[k].Rel == "conj" && s[s[k].Head].UPOS == "VERB" || s[k].Rel == "dep"):
			loose = k
		}
	}
	if loose < 0 {
		return
	}
	for k := range s {
		if s[k].Head == loose && (s[k].Rel == "cop" || s[k].Rel == "case" || strings.HasPrefix(s[k].Rel, "nsubj")) {
			return
		}
	}
	s[loose].Head, s[loose].Rel = i, "nsubj"
}

// clauseSubject gives a finite verb without subject the noun phrase that its clause
// opens with, after a semicolon, colon or dash, though the model hangs that on what
// stands before: "cancelled, by law; President Morales, who spoke, has agreed".
func clauseSubject(s []Token, i int) {
	if s[i].UPOS != "VERB" || s[i].Rel != "parataxis" && s[i].Rel != "root" && s[i].Rel != "ccomp" && s[i].Rel != "conj" {
		return
	}
	finite := s[i].XPOS == "VBD" || s[i].XPOS == "VBZ" || s[i].XPOS == "VBP"
	left, passive := i, false
	for k := range s {
		if s[k].Head != i {
			continue
		}
		rel, _, _ := strings.Cut(s[k].Rel, ":")
		switch rel {
		case "nsubj", "csubj", "expl", "mark":
			return
		case "aux":
			finite = finite || s[k].XPOS == "VBD" || s[k].XPOS == "VBZ" || s[k].XPOS == "VBP" || s[k].XPOS == "MD"
			passive = passive || s[k].Rel == "aux:pass"
		}
		if (rel == "aux" || rel == "advmod") && k < left {
			left = k
		}
	}
	j := left - 1
	if j > 0 && s[j].Form == "," {
		j--
	}
	if !finite || j < 0 {
		return
	}
	// the highest noun whose phrase ends at j
	top := -1
	for k, steps := j, 0; k >= 0 && k <= j && steps < 12; steps++ {
		if (s[k].UPOS == "NOUN" || s[k].UPOS == "PROPN") && s[k].Rel != "compound" && s[k].Rel != "flat" {
			top = k
		}
		h := s[k].Head
		if h < 0 || h > j {
			break
		}
		if f := first(s, k); f > 0 && opensClause(s[f-1].Form, f) {
			break
		}
		k = h
	}
	if top < 0 || s[top].Head == i || s[top].Head > i {
		return
	}
	f := first(s, top)
	if f == 0 || !opensClause(s[f-1].Form, f) {
		return
	}
	for k := range s {
		if s[k].Head == top && (s[k].Rel == "case" || s[k].Rel == "cop" || strings.HasPrefix(s[k].Rel, "nsubj")) {
			return
		}
	}
	s[top].Head, s[top].Rel = i, "nsubj"
	if passive {
		s[top].Rel = "nsubj:pass"
	}
}

func opensClause(form string, at int) bool {
	return at > 0 && (form == ";" || form == ":" || form == "—" || form == "–" || form == "--")
}

// first returns the first token of the phrase that token i heads, marks apart.
func first(s []Token, i int) int {
	for k := range i {
		if s[k].UPOS == "PUNCT" {
			continue
		}
		for h, steps := k, 0; h >= 0 && steps <= len(s); steps++ {
			if h == i {
				return k
			}
			h = s[h].Head
		}
	}
	return i
}

// tenseOfConjunct hangs a past form coordinated with a present one inside a
// that-clause on the past verb of saying: "denied that it supports them and
// called the charge absurd".
func tenseOfConjunct(s []Token, i int) {
	if s[i].Rel != "conj" || s[i].XPOS != "VBD" {
		return
	}
	h := s[i].Head
	if h < 0 || h > i || s[h].Rel != "ccomp" || s[h].XPOS != "VBZ" && s[h].XPOS != "VBP" && s[h].XPOS != "VB" {
		return
	}
	g := s[h].Head
	if g < 0 || g > h || s[g].XPOS != "VBD" {
		return
	}
	for k := range s {
		if s[k].Head == i && strings.HasPrefix(s[k].Rel, "nsubj") {
			return
		}
	}
	s[i].Head = g
}

// verbless makes the first participle on a nominal root the verb of a sentence
// that has a full stop and no finite verb at all: "Trade between the two amounted
// to 8 billion euros."
func verbless(s []Token) {
	root, verb := -1, -1
	for i := range s {
		switch s[i].XPOS {
		case "VBD", "VBZ", "VBP", "MD":
			return
		}
		if s[i].Head < 0 {
			root = i
		}
	}
	if root < 0 || s[root].UPOS != "NOUN" && s[root].UPOS != "PROPN" {
		return
	}
	for i := root + 1; i < len(s); i++ {
		if s[i].XPOS == "VBN" && s[i].Head == root && s[i-1].UPOS != "PUNCT" {
			verb = i
			break
		}
	}
	if verb < 0 {
		return
	}
	for k := range s {
		if s[k].Head == verb && (strings.HasPrefix(s[k].Rel, "aux") || s[k].Rel == "obl:agent" || s[k].Rel == "case") {
			return
		}
	}
	s[verb].Head, s[verb].Rel, s[verb].UPOS, s[verb].XPOS = -1, "root", "VERB", "VBD"
	s[root].Head, s[root].Rel = verb, "nsubj"
	for k := verb + 1; k < len(s); k++ {
		if s[k].Head == root {
			s[k].Head = verb
			if s[k].Rel == "nmod" {
				s[k].Rel = "obl"
			}
		}
	}
}

// finiteParticiple reads a past form between a bare noun and the noun it is
// hung on as a verb with subject and object, where the latter is left without
// a place in its clause: "Algeria severed diplomatic relations with Morocco".
func finiteParticiple(s []Token, i int) {
	h := s[i].Head
	if s[i].Rel != "amod" || s[i].XPOS != "VBN" && s[i].XPOS != "VBD" || h < i || i == 0 {
		return
	}
	p := i - 1
	for p > 0 && s[p].UPOS == "ADV" {
		p--
	}
	if s[p].UPOS != "PROPN" && s[p].UPOS != "NOUN" || s[p].Head >= 0 && s[p].Head < p {
		return
	}
	for k := i + 1; k < h; k++ {
		if s[k].UPOS != "ADJ" && s[k].UPOS != "NOUN" && s[k].UPOS != "PROPN" && s[k].UPOS != "NUM" && s[k].UPOS != "CCONJ" {
			return
		}
	}
	rel := s[h].Rel
	switch rel {
	case "root", "parataxis", "ccomp":
	case "nsubj", "obj", "obl", "nsubj:pass":
		// a second subject: the clause has one of its own
		g, own := s[h].Head, false
		for k := range s {
			own = own || k != h && k != p && k > h && s[k].Head == g && strings.HasPrefix(s[k].Rel, "nsubj")
		}
		if !own {
			return
		}
		rel = "ccomp"
	default:
		return
	}
	for k := range s {
		if s[k].Head == h && (s[k].Rel == "case" || s[k].Rel == "cop" || s[k].Rel == "det") {
			return
		}
	}
	s[i].Head, s[i].Rel, s[i].XPOS = s[h].Head, rel, "VBD"
	s[h].Head, s[h].Rel = i, "obj"
	s[p].Head, s[p].Rel = i, "nsubj"
	for k := range s {
		if s[k].Head == h && (s[k].Rel == "cc" || s[k].Rel == "mark" || strings.HasPrefix(s[k].Rel, "nsubj") || strings.HasPrefix(s[k].Rel, "obl") || s[k].Rel == "ccomp" || s[k].Rel == "parataxis") {
			s[k].Head = i
		}
	}
}

// atLeast hangs "at least", "up to" and the like on their number, so that what
// is counted is the object of its verb: "rebels killed at least 10 soldiers".
func atLeast(s []Token, i int) {
	if i+2 >= len(s) || s[i].UPOS != "ADP" && s[i].UPOS != "ADV" && s[i].UPOS != "ADJ" {
		return
	}
	switch a, b := strings.ToLower(s[i].Form), strings.ToLower(s[i+1].Form); {
	case a == "at" && (b == "least" || b == "most"), a == "up" && b == "to", a == "close" && b == "to":
	default:
		return
	}
	n := i + 2
	if s[n].UPOS != "NUM" && s[n].UPOS != "SYM" {
		return
	}
	noun := n
	for steps := 0; steps < 3 && s[noun].Head > noun && (s[noun].Rel == "nummod" || s[noun].Rel == "compound" || s[noun].Rel == "advmod"); steps++ {
		noun = s[noun].Head
	}
	for _, k := range []int{i, i + 1} {
		if s[k].Head == noun || s[k].Rel == "case" || s[k].Rel == "compound:prt" {
			s[k].Head, s[k].Rel = n, "advmod"
		}
	}
	v := s[noun].Head
	if v < 0 || v > noun || s[v].UPOS != "VERB" || s[noun].Rel != "obl" {
		return
	}
	for k := range s {
		if s[k].Head == v && s[k].Rel == "obj" || s[k].Head == noun && s[k].Rel == "case" {
			return
		}
	}
	s[noun].Rel = "obj"
}

// progressive reads "be" and a form in -ing with an object as a verb: "will be
// imposing sanctions".
func progressive(s []Token, i int) {
	if s[i].UPOS != "ADJ" || !strings.HasSuffix(s[i].Form, "ing") {
		return
	}
	be, object := -1, false
	for k := range s {
		if s[k].Head == i {
			object = object || s[k].Rel == "obj"
			if s[k].Rel == "cop" && s[k].Lemma == "be" {
				be = k
			}
		}
	}
	if be < 0 || !object {
		return
	}
	s[i].UPOS, s[i].XPOS, s[be].Rel = "VERB", "VBG", "aux"
	s[i].Lemma = lemma.Default().Lemma(s[i].Form, "VBG")
}

// bareConjunct hangs a bare infinitive that is coordinated with a finite verb on
// the infinitive before it: "called on both sides to deepen trust and support
// each other".
func bareConjunct(s []Token, i int) {
	h := s[i].Head
	if s[i].Rel != "conj" || s[i].XPOS != "VB" || h < 0 || h > i || s[h].XPOS != "VBD" && s[h].XPOS != "VBZ" {
		return
	}
	for k := range s {
		if s[k].Head == i && (strings.HasPrefix(s[k].Rel, "aux") || s[k].Rel == "mark" || strings.HasPrefix(s[k].Rel, "nsubj")) {
			return
		}
	}
	for k := i - 1; k > h+1; k-- {
		if s[k].XPOS == "VB" && strings.EqualFold(s[k-1].Form, "to") {
			s[i].Head = k
			return
		}
	}
}

// visiting reads the word before a title as its adjective: "Xi and visiting
// U.S. President Trump agreed".
func visiting(s []Token, i int) {
	if s[i].Form != "visiting" || s[i].UPOS != "VERB" || i+1 >= len(s) {
		return
	}
	if u := s[i+1].UPOS; u != "PROPN" && u != "ADJ" && u != "NOUN" {
		return
	}
	guest := -1
	for k := range s {
		switch {
		case s[k].Head == i && strings.HasPrefix(s[k].Rel, "aux"), s[k].Head == i && s[k].Rel == "mark":
			return
		case k > i && s[k].Head == i && s[k].Rel == "obj":
			guest = k
		}
	}
	if guest < 0 || s[i].Rel != "conj" && !strings.HasPrefix(s[i].Rel, "nsubj") && s[i].Rel != "obl" && s[i].Rel != "obj" {
		return
	}
	s[guest].Head, s[guest].Rel = s[i].Head, s[i].Rel
	for k := range s {
		if s[k].Head == i && k != guest {
			s[k].Head = guest
		}
	}
	s[i].Head, s[i].Rel = guest, "amod"
}

// subordinators are prepositions that a clause can follow as well as a noun.
var subordinators = map[string]bool{"after": true, "before": true, "since": true, "until": true, "as": true}

// clauseAfter reads a preposition, a noun, a past form and a bare noun as a
// clause: "after the US imposed tariffs", "after strikes on Kyiv injured 15
// people", where the model sees one long noun phrase.
func clauseAfter(s []Token, i int) {
	obj := s[i].Head
	if s[i].Rel != "amod" || s[i].XPOS != "VBN" && s[i].XPOS != "VBD" || obj < i {
		return
	}
	subj, mark, above := -1, -1, -1
	for k := 0; k < i; k++ {
		if s[k].Head == i && strings.HasPrefix(s[k].Rel, "nsubj") {
			subj = k
		}
	}
	word := func(k int) bool { return s[k].Rel == "case" && subordinators[strings.ToLower(s[k].Form)] }
	switch n := s[obj].Head; {
	case subj >= 0: // the subject is seen, the verb not
		for k := range subj {
			if s[k].Head == obj && word(k) {
				mark, above = k, s[obj].Head
			}
		}
	case n >= 0 && n < i && (s[n].UPOS == "NOUN" || s[n].UPOS == "PROPN") && s[obj].Rel == "nmod":
		for k := range n {
			if s[k].Head == n && word(k) {
				subj, mark, above = n, k, s[n].Head
			}
		}
		for k := range s {
			if s[k].Head == obj && s[k].Rel == "case" {
				return
			}
		}
	}
	if mark < 0 || above < 0 {
		return
	}
	for steps := 0; s[above].UPOS != "VERB" && s[above].Head >= 0 && steps < 8; steps++ {
		above = s[above].Head
	}
	if above == i || above == subj {
		return
	}
	s[mark].Head, s[mark].Rel = i, "mark"
	s[subj].Head, s[subj].Rel = i, "nsubj"
	s[obj].Head, s[obj].Rel = i, "obj"
	s[i].Head, s[i].Rel, s[i].UPOS, s[i].XPOS = above, "advcl", "VERB", "VBD"
}

// openingGerund reads the -ing form that opens a sentence before its subject as
// a clause: "Expressing solidarity with Cyprus, the negotiator said".
func openingGerund(s []Token, i int) {
	if s[i].XPOS != "VBG" || s[i].Rel != "amod" || i > 1 || i == 1 && s[0].UPOS != "PUNCT" {
		return
	}
	n := s[i].Head
	if n < i || !strings.HasPrefix(s[n].Rel, "nsubj") {
		return
	}
	v, own := s[n].Head, false
	for k := n + 1; k < len(s); k++ {
		own = own || s[k].Head == v && strings.HasPrefix(s[k].Rel, "nsubj")
	}
	if !own || v < n {
		return
	}
	s[i].Head, s[i].Rel = v, "advcl"
	s[n].Head, s[n].Rel = i, "obj"
	for k := range n {
		if s[k].Head == n && s[k].Rel == "punct" {
			s[k].Head = i
		}
	}
}

// nounAfterTo reads "to" before what is tagged a noun as a preposition, and what
// is tagged a plural as a noun, for no infinitive ends in -s: "open to talks".
func nounAfterTo(s []Token, i int) {
	if s[i].UPOS == "VERB" && s[i].XPOS == "NNS" {
		s[i].UPOS = "NOUN"
	}
	if s[i].UPOS != "NOUN" || i == 0 || s[i-1].Form != "to" || s[i-1].Rel != "mark" || s[i-1].Head != i || s[i].Head < 0 {
		return
	}
	s[i-1].UPOS, s[i-1].XPOS, s[i-1].Rel = "ADP", "IN", "case"
	switch h := s[s[i].Head]; {
	case h.UPOS == "NOUN" || h.UPOS == "PROPN":
		s[i].Rel = "nmod"
	default:
		s[i].Rel = "obl"
	}
	for k := i + 1; k < len(s); k++ {
		if s[k].Head == i && s[k].Rel == "obl" {
			s[k].Rel = "nmod"
		}
	}
}

// handOver reads "over" after the verbs it makes another verb with as their
// particle: "handed over the keys".
func handOver(s []Token, i int) {
	if i == 0 || s[i].Form != "over" || s[i].Rel != "case" {
		return
	}
	n, v := s[i].Head, i-1
	if s[n].Head != v || s[n].Rel != "obl" {
		return
	}
	switch s[v].Lemma {
	case "hand", "take", "turn":
	default:
		return
	}
	for k := range s {
		if s[k].Head == v && (s[k].Rel == "obj" || strings.HasPrefix(s[k].Rel, "nsubj:pass")) {
			return
		}
	}
	s[i].Head, s[i].Rel = v, "compound:prt"
	s[n].Rel = "obj"
}

// twoObjects makes the first of two objects after one verb its indirect one:
// "gave the generals two weeks".
func twoObjects(s []Token, i int) {
	if s[i].Rel != "obj" || s[i].Head < 0 || s[i].Head > i {
		return
	}
	for k := s[i].Head + 1; k < i; k++ {
		if s[k].Head == s[i].Head && s[k].Rel == "obj" {
			s[k].Rel = "iobj"
		}
	}
}

// infinitiveOf takes an infinitive behind a verb that wants one for its
// complement, though an adverbial stands between: "decided on Monday to close
// the border".
func infinitiveOf(s []Token, i int) {
	if s[i].Rel != "advcl" || s[i].XPOS != "VB" || i == 0 || s[i].Head < 0 || s[i].Head > i {
		return
	}
	if s[i-1].Form != "to" && (i < 2 || s[i-2].Form != "to") {
		return
	}
	v := s[i].Head
	switch s[v].Lemma {
	case "agree", "aim", "attempt", "choose", "continue", "decide", "decline", "fail", "hope", "intend",
		"offer", "plan", "pledge", "prepare", "promise", "propose", "refuse", "resolve", "seek", "threaten",
		"try", "undertake", "vote", "vow", "want", "wish":
	default:
		return
	}
	for k := range s {
		if s[k].Head != v || k == i {
			continue
		}
		switch s[k].Rel {
		case "obj", "iobj", "ccomp", "xcomp":
			return
		}
	}
	s[i].Rel = "xcomp"
}

// pluralWithObject reads a root tagged as a plural noun as a verb where it has an
// object or a that-clause, which no noun has: "The Secretary-General condemns in
// the strongest terms the attack", "Minsk denies that it has".
func pluralWithObject(s []Token, i int) {
	if s[i].XPOS != "NNS" || s[i].UPOS != "NOUN" || s[i].Head >= 0 || i == 0 || s[i-1].Head != i {
		return
	}
	switch s[i-1].UPOS {
	case "NOUN", "PROPN", "ADJ":
	default:
		return
	}
	governs := false
	for k := i + 1; k < len(s); k++ {
		if s[k].Head == i && (s[k].Rel == "obj" || s[k].Rel == "ccomp" && s[i+1].Form == "that") {
			governs = true
		}
	}
	if !governs {
		return
	}
	s[i].UPOS, s[i].XPOS = "VERB", "VBZ"
	s[i].Lemma = lemma.Default().Lemma(s[i].Form, "VBZ")
	s[i-1].Rel = "nsubj"
	for k := range s {
		switch {
		case k == i-1 || s[k].Head != i:
		case k < i && s[k].Rel != "punct" && s[k].Rel != "cc" && s[k].Rel != "advmod" && s[k].Rel != "obl":
			s[k].Head = i - 1
		case k > i && s[k].Rel == "nmod":
			s[k].Rel = "obl"
		}
	}
}

// dueTo reads "due to" before an infinitive as no preposition: "is due to travel
// to Chile".
func dueTo(s []Token, i int) {
	if s[i].Form != "due" || s[i].Rel != "case" && s[i].Rel != "mark" || i+1 >= len(s) || s[i+1].Form != "to" || s[i].Head < i || s[s[i].Head].XPOS != "VB" {
		return
	}
	s[i].Rel = "advmod"
	s[i+1].Head, s[i+1].Rel, s[i+1].UPOS, s[i+1].XPOS = s[i].Head, "mark", "PART", "TO"
}

// dueIn makes "due" the predicate of who is due somewhere, which the model takes for
// a part of the preposition: "is due in Lima on Friday".
func dueIn(s []Token, i int) {
	if s[i].Form != "due" || s[i].Rel != "case" || i+1 >= len(s) || s[i+1].Form != "in" && s[i+1].Form != "at" {
		return
	}
	h := s[i].Head
	if h <= i || s[i+1].Head != h {
		return
	}
	s[i].Head, s[i].Rel, s[i].UPOS = s[h].Head, s[h].Rel, "ADJ"
	s[h].Head, s[h].Rel = i, "obl"
	for k := range s {
		if s[k].Head == h && (k < i || s[k].Rel == "obl" || s[k].Rel == "punct" || s[k].Rel == "advcl" || s[k].Rel == "conj") {
			s[k].Head = i
		}
	}
}

// thanks reads the word between who thanks and a name or article as the verb that it
// is: "The Ministry thanks the African Union", "Costa Rica thanks Peru". The noun is
// followed by "to" or "for".
func thanks(s []Token, i int) {
	if s[i].Form != "thanks" || s[i].UPOS != "NOUN" && s[i].XPOS != "VBP" || i == 0 || i+1 >= len(s) {
		return
	}
	switch s[i-1].UPOS {
	case "NOUN", "PROPN", "PRON":
	default:
		return
	}
	if s[i-1].XPOS == "PRP$" || s[i+1].UPOS != "DET" && s[i+1].UPOS != "PROPN" {
		return
	}
	who := i - 1
	for s[who].Head >= 0 && s[who].Head != i && s[who].Head < i && s[s[who].Head].UPOS != "VERB" {
		who = s[who].Head
	}
	switch {
	case s[who].Head == i:
	case s[i].Head == who: // "thanks" hung on the name before it
		s[i].Head, s[i].Rel = s[who].Head, s[who].Rel
		s[who].Head = i
	default:
		return
	}
	s[who].Rel = "nsubj"
	s[i].UPOS, s[i].XPOS, s[i].Lemma = "VERB", "VBZ", "thank"
	for k := i + 1; k < len(s); k++ {
		if s[k].Head != i || s[k].UPOS != "NOUN" && s[k].UPOS != "PROPN" {
			continue
		}
		switch s[k].Rel {
		case "obj", "vocative", "flat", "nsubj", "appos", "dep", "list":
			s[k].Rel = "obj"
		case "nmod":
			s[k].Rel = "obl"
			continue
		}
		break
	}
}
