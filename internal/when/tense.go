package when

import "strings"

// direction is where an expression without a year or week points.
type direction uint8

const (
	backward direction = iota // the past, and whatever can't be told
	forward                   // the future
	arranged                  // the future as a rule: "meets on Monday", "is visiting from May 12"
	nearest                   // either: "was due on Monday"
	noVerb                    // no verb tells: "the Feb. 3 summit"
)

// planned holds participles and adjectives by which something is to come.
var planned = map[string]bool{
	"expect": true, "schedule": true, "due": true, "set": true, "plan": true, "slate": true, "bind": true,
	"upcoming": true, "forthcoming": true, "planned": true, "scheduled": true, "expected": true, "coming": true, "future": true,
	"poise": true, "intend": true,
}

// towards holds verbs and nouns whose infinitive is still to come.
var towards = map[string]bool{
	"plan": true, "expect": true, "schedule": true, "set": true, "due": true, "intend": true, "hope": true, "want": true,
	"vow": true, "promise": true, "agree": true, "prepare": true, "decide": true, "order": true, "ask": true, "urge": true,
	"call": true, "invite": true, "pledge": true, "offer": true, "threaten": true, "propose": true, "undertake": true,
	"demand": true, "request": true, "aim": true, "wish": true, "commit": true, "slate": true, "bind": true, "poise": true,
	"tell": true, "require": true, "oblige": true, "consider": true, "need": true, "ready": true, "likely": true, "go": true,
	"decision": true, "deal": true, "agreement": true, "intention": true, "invitation": true, "deadline": true,
	"proposal": true, "readiness": true, "pressure": true, "appeal": true, "scheduled": true, "expected": true, "planned": true,
}

// presentFuture holds verbs whose plain or progressive present news uses of
// what is arranged: "Parliament votes on Thursday".
var presentFuture = map[string]bool{
	"meet": true, "vote": true, "travel": true, "begin": true, "start": true, "open": true, "visit": true, "arrive": true,
	"leave": true, "fly": true, "host": true, "take": true, "end": true, "expire": true, "convene": true, "hold": true,
	"resume": true, "return": true, "go": true, "face": true, "sign": true, "address": true, "receive": true, "come": true,
	"head": true, "depart": true, "gather": true, "run": true, "join": true, "attend": true, "send": true,
}

// direction tells where the words from atom first on point, by the verb that
// governs the expression at token head.
func (r *reader) direction(head, first int) direction {
	toks := r.sent.Tokens
	if head < 0 || head >= len(toks) || toks[head].Rel == "" {
		return r.directionByWords(first)
	}
	if r.is(first-1, "due", "scheduled", "planned", "expected", "slated") {
		if r.is(first-2, "was", "were") {
			return nearest
		}
		return forward
	}
	if r.is(first-1, "ahead") || r.is(first-2, "ahead") || r.is(first, "next", "coming") {
		return forward
	}
	if r.is(first, "since") {
		return backward // whatever the verb: "asks the rivals to meet since June"
	}
	v := head
	if c := r.nextClause(first); c >= 0 {
		v = c
	}
	for range 8 {
		if r.isCause(v) {
			return backward
		}
		d, next, done := r.verbDirection(v)
		if done {
			return d
		}
		if next < 0 || next == v || next >= len(toks) {
			break
		}
		v = next
	}
	return noVerb
}

// isCause reports whether token v is a noun given as the cause, which came before:
// "threatened to stay away because of the invasion in December".
func (r *reader) isCause(v int) bool {
	toks := r.sent.Tokens
	for c := range toks {
		if toks[c].Head == v && toks[c].Rel == "case" && toks[c].Lemma == "because" {
			return true
		}
	}
	return false
}

// nextClause returns the verb after an expression that opens a clause of its
// own ("…, and on Tuesday it recalled"), which parsers often hang on the verb
// before; -1 where it opens none.
func (r *reader) nextClause(first int) int {
	if r.at(first-1) != cAnd && !r.is(first-1, "but", "while", "whereas") || first < 2 {
		return -1
	}
	toks := r.sent.Tokens
	subject := false
	for t := int(r.atoms[first].token) + 1; t < len(toks); t++ {
		switch toks[t].XPOS {
		case "PRP", "NNP", "NN", "NNS", "NNPS", "DT", "EX":
			if strings.HasPrefix(toks[t].Rel, "nsubj") || toks[t].XPOS == "PRP" {
				subject = true
			}
		case "VBD", "VBZ", "VBP", "MD":
			if !subject {
				return -1
			}
			if strings.HasPrefix(toks[t].Rel, "aux") || toks[t].Rel == "cop" {
				return toks[t].Head
			}
			return t
		case ",", ".", ":":
			if !subject && toks[t].Form != "," {
				return -1
			}
		}
	}
	return -1
}

// verbDirection judges token v; when it can't, it returns the token to ask
// next.
func (r *reader) verbDirection(v int) (direction, int, bool) {
	toks := r.sent.Tokens
	t := &toks[v]
	lemma := t.Lemma
	if t.UPOS != "VERB" && t.UPOS != "AUX" && !strings.HasPrefix(t.XPOS, "VB") {
		cop := false
		var aux auxiliaries
		for c := range toks {
			if toks[c].Head != v {
				continue
			}
			if toks[c].Rel == "amod" || toks[c].Rel == "acl" {
				if planned[toks[c].Lemma] && (toks[c].XPOS == "VBN" || toks[c].UPOS == "ADJ") {
					return forward, 0, true
				}
			}
			if toks[c].Rel == "cop" || strings.HasPrefix(toks[c].Rel, "aux") {
				cop = cop || toks[c].Rel == "cop"
				aux.add(toks[c].Form, toks[c].XPOS)
			}
		}
		if t.UPOS == "ADJ" && planned[lemma] {
			if aux.past {
				return nearest, 0, true
			}
			return forward, 0, true
		}
		if cop {
			switch {
			case aux.will:
				return forward, 0, true
			case aux.past:
				return backward, 0, true
			case aux.modal:
				return forward, 0, true
			}
			return noVerb, 0, true
		}
		return 0, t.Head, false
	}
	var aux auxiliaries
	infinitive := false
	for c := range toks {
		if toks[c].Head != v {
			continue
		}
		switch rel := toks[c].Rel; {
		case strings.HasPrefix(rel, "aux"), rel == "cop":
			aux.add(toks[c].Form, toks[c].XPOS)
		case rel == "mark" && toks[c].XPOS == "TO":
			infinitive = true
		}
	}
	switch {
	case aux.will, aux.would:
		return forward, 0, true
	case aux.perfect && !aux.modal:
		return backward, 0, true
	case infinitive:
		h := t.Head
		if h < 0 {
			return forward, 0, true
		}
		hl := toks[h].Lemma
		if hl == "be" {
			if toks[h].XPOS == "VBD" {
				return nearest, 0, true
			}
			return forward, 0, true
		}
		if towards[hl] || planned[hl] {
			if r.pastAux(h) && planned[hl] {
				return nearest, 0, true
			}
			return forward, 0, true
		}
		if strings.HasPrefix(t.Rel, "acl") || t.Rel == "root" {
			// "a meeting to be held on Monday", unless "that was to be held"
			if aux.past {
				return nearest, 0, true
			}
			if strings.HasPrefix(t.Rel, "acl") && toks[h].UPOS != "VERB" {
				return forward, 0, true
			}
		}
		return 0, h, false
	case aux.modal:
		return forward, 0, true
	case lemma == "bind" && v+1 < len(toks) && toks[v+1].Lemma == "for":
		return 0, t.Head, false // "parts bound for Iran" tells where to, not when
	case planned[lemma] && t.XPOS == "VBN" && (!aux.none() || strings.HasPrefix(t.Rel, "acl") && lemma != "set"):
		if aux.past {
			return nearest, 0, true
		}
		return forward, 0, true
	case t.XPOS == "VBD", t.XPOS == "VBN" && (aux.past || aux.none()):
		return backward, 0, true
	case t.XPOS == "VBG":
		if aux.present && presentFuture[lemma] {
			return arranged, 0, true
		}
		if aux.past || aux.present {
			return backward, 0, true
		}
		if t.Head >= 0 {
			return 0, t.Head, false
		}
	case t.XPOS == "VBZ", t.XPOS == "VBP":
		if presentFuture[lemma] {
			return arranged, 0, true
		}
		return noVerb, 0, true
	case t.XPOS == "VB":
		if t.Head >= 0 && (t.Rel == "conj" || t.Rel == "xcomp" || t.Rel == "ccomp") {
			return 0, t.Head, false
		}
	}
	return backward, 0, t.XPOS != "VB" && t.XPOS != "VBG" || t.Head < 0
}

func (r *reader) pastAux(v int) bool {
	for c := range r.sent.Tokens {
		if t := &r.sent.Tokens[c]; t.Head == v && (strings.HasPrefix(t.Rel, "aux") || t.Rel == "cop") && t.XPOS == "VBD" {
			return true
		}
	}
	return false
}

type auxiliaries struct{ will, would, modal, perfect, past, present bool }

func (a auxiliaries) none() bool { return a == auxiliaries{} }

func (a *auxiliaries) add(form, xpos string) {
	switch strings.ToLower(form) {
	case "will", "shall", "'ll", "’ll", "wo":
		a.will = true
	case "would", "'d", "’d":
		a.would = true
	case "can", "could", "may", "might", "should", "must", "ca":
		a.modal = true
	case "have", "has", "had", "having", "'ve", "’ve":
		a.perfect = true
	case "was", "were", "did":
		a.past = true
	case "is", "are", "am", "'s", "’s", "'re", "’re":
		a.present = true
	}
}

// directionByWords judges by the words near atom i, for a text without arcs:
// the nearest sign of time before it in its clause, else after it.
func (r *reader) directionByWords(i int) direction {
	for j := i - 1; j >= 0 && j > i-16; j-- {
		switch w := r.word(j); {
		case w == ";" || w == ":" || w == "\"" || w == "”":
			j = -1
		case r.is(j, "will", "shall", "'ll", "would", "could", "may", "might", "should", "must"):
			if r.is(j, "may") && r.upper(j) {
				continue
			}
			return forward
		case r.is(j, "expected", "scheduled", "planned", "due", "slated"):
			if r.is(j-1, "was", "were") {
				return nearest
			}
			return forward
		case r.at(j) == cTo && r.is(j, "to") && r.is(j-1, "is", "are", "plans", "plan", "set", "agreed", "vowed", "pledged", "promised"):
			return forward
		case r.at(j) == cTo && r.is(j, "to") && r.is(j-1, "was", "were"):
			return nearest
		case r.is(j, "said", "was", "were", "had", "has", "have", "did", "told") || strings.HasSuffix(w, "ed") && len(w) > 4:
			return backward
		}
	}
	for j := i + 1; j < len(r.atoms) && j < i+14; j++ {
		switch w := r.word(j); {
		case r.is(j, "will", "shall", "'ll"):
			return forward
		case r.is(j, "was", "were", "had", "has", "have", "did", "said") || strings.HasSuffix(w, "ed") && len(w) > 4 || w == ";":
			return backward
		}
	}
	return noVerb
}
