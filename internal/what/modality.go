package what

import (
	"fmt"
	"strings"

	"rapport"
)

// governors holds what verbs, nouns and adjectives that govern an act do to
// it (rules/governors.tsv).
type governors struct{ by map[string]*governor }

type governor struct {
	transparent bool // begin, continue: the act is told all the same
	future      bool // plan, intend, be due
	wished      bool // hope, want
	possible    bool // consider, threaten to be able to
	negates     bool // fail, refuse, avoid
	conditional bool
	speech      bool // say, announce: ends the climb
}

func (g *governors) of(lemma string) *governor { return g.by[lemma] }

func readGovernors(name, data string) (*governors, error) {
	g := &governors{by: map[string]*governor{}}
	for n, line := range strings.Split(data, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		where := fmt.Sprintf("%s:%d", name, n+1)
		if len(f) != 2 {
			return nil, fault(where, "want two columns, effect and words, got %d", len(f))
		}
		for _, w := range strings.Fields(f[1]) {
			if g.by[w] == nil {
				g.by[w] = &governor{}
			}
			e := g.by[w]
			switch f[0] {
			case "transparent":
				e.transparent = true
			case "future":
				e.future = true
			case "wished":
				e.wished = true
			case "possible":
				e.possible = true
			case "negates":
				e.negates = true
			case "conditional":
				e.conditional = true
			case "speech":
				e.speech = true
			default:
				return nil, &rapport.Error{Kind: rapport.BadInput, Where: where, What: "unknown effect " + f[0]}
			}
		}
	}
	return g, nil
}

// negators are adverbs and determiners that deny.
var negators = map[string]bool{"not": true, "n't": true, "never": true, "no": true, "nor": true, "neither": true, "nobody": true, "nothing": true, "none": true, "hardly": true}

// happens are verbs that say of an act only that it takes place.
var happens = lexicon.Words("happens")

// modality reads how the act is presented, from its own auxiliaries upwards
// through its governors.
func (b *book) modality(t *tree, a *Act) Modality {
	m := Modality{By: -1}
	p := a.Verb
	if p < 0 {
		p = a.Trigger
	}
	t.own(p, &m)
	if a.Verb < 0 && t.aimedAt(p) {
		m.Intent = true
		m.by(p)
	}
	if a.Trigger != p { // "paid no visit", "held the planned talks"
		n := Modality{By: -1}
		t.nominal(a.Trigger, &n)
		if m.Past && !m.Future { // what was planned was held
			n.Future = false
		}
		m.Negated, m.Future, m.Possible = m.Negated || n.Negated, m.Future || n.Future, m.Possible || n.Possible
		if m.By < 0 && (n.Negated || n.Future || n.Possible) {
			m.By = n.By
		}
	}
	b.climb(t, p, &m, 0)
	return m
}

// aims are nouns for what is wanted and not there yet.
var aims = lexicon.Words("aims")

// aimedAt reports whether act noun i is what somebody aims at: "one of the goals is a
// turnover of 10 billion". What stands in "the target of an air strike" was done.
func (t *tree) aimedAt(i int) bool {
	k := t.Child(i, "nsubj")
	if k < 0 || t.Child(i, "cop") < 0 {
		return false
	}
	if n := t.Child(k, "nmod"); n >= 0 && t.Tokens[k].Lemma == "one" {
		k = n
	}
	return aims[t.Tokens[k].Lemma]
}

func (m *Modality) by(i int) {
	if m.By < 0 {
		m.By = i
	}
}

// dueTo reports whether be stands before the infinitive p with nothing but "to",
// "due to" or an adverb between, where the parser takes it for a copula.
func (t *tree) dueTo(p, be int) bool {
	if t.Tokens[p].XPOS != "VB" || be >= p {
		return false
	}
	to := false
	for k := be + 1; k < p; k++ {
		switch tok := &t.Tokens[k]; {
		case tok.Form == "to":
			to = true
		case tok.Lemma == "due", tok.UPOS == "ADV", tok.UPOS == "PART":
		default:
			return false
		}
	}
	return to
}

// own reads the auxiliaries, negation and conditional clauses of p itself.
func (t *tree) own(p int, m *Modality) {
	if !t.Verbal(p) {
		t.nominal(p, m)
	}
	had := false
	for _, k32 := range t.Kids(p) {
		k := int(k32)
		tok := &t.Tokens[k]
		switch {
		case tok.Rel == "aux" || tok.Rel == "aux:pass" || tok.Rel == "cop":
			if tok.Lemma == "be" && t.dueTo(p, k) { // "is to visit", "is due to travel"
				m.Future = true
				m.by(k)
			}
			switch strings.ToLower(tok.Form) {
			case "will", "shall", "'ll", "wo", "’ll":
				m.Future = true
				m.by(k)
			case "would", "'d":
				m.Future = true // reported future; conditional when an if-clause says so
				m.by(k)
			case "must", "should", "ought": // what must be is not yet, but for "we must thank"
				if !t.firstPerson(p) {
					m.Possible = true
					m.by(k)
				}
			case "could", "may", "might", "can":
				m.Possible = true
				m.by(k)
			case "had":
				had = true
				m.Past = true
			case "did", "was", "were", "has", "have":
				m.Past = true
			}
		case tok.Rel == "advmod" && negators[strings.ToLower(tok.Form)]:
			m.Negated = true
			m.by(k)
		case tok.Rel == "nsubj" || tok.Rel == "nsubj:pass" || tok.Rel == "obj":
			if l := strings.ToLower(tok.Form); l == "nobody" || l == "none" || l == "neither" || l == "nothing" && tok.Rel == "obj" {
				m.Negated = true
				m.by(k)
			}
			for _, d := range t.Kids(k) {
				if r := t.Tokens[d].Rel; r == "det" || r == "advmod" || r == "cc:preconj" { // "no minister", "neither Iran nor Iraq"
					if l := strings.ToLower(t.Tokens[d].Form); l == "no" || l == "neither" {
						m.Negated = true
						m.by(int(d))
					}
				}
			}
		case strings.HasPrefix(tok.Rel, "advcl"):
			if w := t.Marker(k); w == "if" || w == "unless" || w == "provided" || w == "in case" || (w == "" && t.inverted(k)) {
				m.Conditional, m.Proviso = true, true
				m.by(k)
			}
		}
	}
	if had {
		m.Perfect = true
	}
	switch t.Tokens[p].XPOS {
	case "VBD":
		m.Past = true
	case "VBN":
		if t.Rel(p) == "acl" || t.passive(p) {
			m.Past = !m.Future
		}
	}
	// the clause p heads may itself be the condition
	if strings.HasPrefix(t.Tokens[p].Rel, "advcl") {
		switch w := t.Marker(p); {
		case w == "if" || w == "unless" || w == "whether" || w == "in case" || w == "lest" || (w == "" && t.inverted(p)):
			m.Conditional = true
			m.by(p)
		case w == "without" || t.Case(p) == "without" || t.Case(p) == "instead of":
			m.Negated = true
			m.by(p)
		case w == "to" && t.performs(p):
		case w == "to" || w == "in order" || w == "in order to" || w == "so that":
			m.Intent = true
			m.by(p)
		}
	}
	if h := t.Tokens[p].Head; t.Rel(p) == "acl" && t.Tokens[p].Rel != "acl:relcl" && t.Marker(p) == "to" && t.Child(h, "cop") < 0 && !t.ordinal(h) && !(t.Rel(h) == "obj" && t.performs(p)) {
		m.Intent = true
	}
}

// performing are verbs by which one gets to say something: what one does it for
// is then said. "Summoned the envoy to protest", "issued a statement to condemn".
var performing = lexicon.Words("performing")

// performs reports whether the purpose clause p is an utterance that its verb
// makes.
func (t *tree) performs(p int) bool {
	h := t.Tokens[p].Head
	if h >= 0 && t.Rel(p) == "acl" {
		h = t.Tokens[h].Head // "issued a statement to condemn"
	}
	if h < 0 || !performing[t.Tokens[h].Lemma] || t.Tokens[h].XPOS == "VB" {
		return false
	}
	switch t.Tokens[p].Lemma {
	case "condemn", "protest", "congratulate", "express", "convey", "thank", "demand", "urge", "denounce", "criticize", "criticise", "complain", "discuss", "lodge", "deplore", "reject", "welcome", "ask", "appeal", "call", "warn", "offer", "reaffirm", "deliver", "hand":
		return true
	}
	return false
}

// inverted reports a conditional told by order: "Should further steps follow".
func (t *tree) inverted(p int) bool {
	for _, k := range t.Kids(p) {
		tok := &t.Tokens[k]
		if strings.HasPrefix(tok.Rel, "nsubj") {
			return false
		}
		if tok.Rel == "aux" || tok.Rel == "cop" {
			switch tok.Form {
			case "Should", "Were", "Had", "should", "were", "had":
				return true
			}
		}
	}
	return false
}

// nominal reads what goes with a noun: "no visit", "an upcoming visit".
func (t *tree) nominal(n int, m *Modality) {
	for _, k32 := range t.Kids(n) {
		k := int(k32)
		l := strings.ToLower(t.Tokens[k].Form)
		switch t.Tokens[k].Rel {
		case "det":
			if l == "no" || l == "neither" {
				m.Negated = true
				m.by(k)
			}
		case "amod", "compound", "advmod":
			switch l {
			case "upcoming", "forthcoming", "planned", "scheduled", "future", "proposed", "expected", "coming", "prospective", "impending":
				m.Future = true
				m.by(k)
			case "possible", "potential", "hypothetical":
				m.Possible = true
				m.by(k)
			case "cancelled", "canceled", "postponed":
				m.Negated = true
				m.by(k)
			}
		}
	}
}

// climb follows the governors of p as far as they bear on its modality.
func (b *book) climb(t *tree, p int, m *Modality, depth int) {
	h := t.Tokens[p].Head
	if h < 0 || depth > 6 {
		return
	}
	rel := t.Rel(p)
	g := b.gov.of(t.Tokens[h].Lemma)
	switch rel {
	case "conj":
		if !t.Verbal(h) || !t.Verbal(p) {
			if !t.Verbal(h) {
				b.climb(t, h, m, depth+1) // coordinated nouns share their governor
			}
			return
		}
		if t.Child(p, "nsubj") >= 0 {
			return
		}
		hm := Modality{By: -1}
		t.own(h, &hm)
		shared := t.Tokens[p].XPOS == "VB" || (t.Child(p, "aux") < 0 && t.Tokens[p].XPOS == t.Tokens[h].XPOS)
		if shared {
			m.Future = m.Future || hm.Future
			m.Possible = m.Possible || hm.Possible
			m.Conditional = m.Conditional || hm.Conditional
			m.Intent = m.Intent || hm.Intent
			m.Perfect = m.Perfect || hm.Perfect
			if t.Tokens[p].XPOS == "VB" && t.Child(p, "cc") >= 0 && strings.ToLower(t.Tokens[t.Child(p, "cc")].Form) != "but" {
				m.Negated = m.Negated || hm.Negated
			}
			m.by(hm.By)
			b.climb(t, h, m, depth+1)
		}
	case "xcomp", "acl", "csubj":
		if t.Tokens[p].Rel == "acl:relcl" {
			return
		}
		if l := t.Tokens[h].Lemma; rel == "xcomp" && t.Tokens[h].XPOS == "VBG" && (l == "seek" || l == "try" || l == "hope" || l == "aim") {
			m.Intent = true // "a delegation seeking to negotiate"
			m.by(h)
			return
		}
		if t.Tokens[h].Lemma == "be" && t.Marker(p) == "to" { // "are to sign"
			m.Future = true
			m.by(h)
			b.climbOn(t, h, m, depth)
			return
		}
		if t.Tokens[h].Lemma == "go" && t.Tokens[h].XPOS == "VBG" {
			m.Future = true
			m.by(h)
			b.climbOn(t, h, m, depth)
			return
		}
		if g == nil {
			b.denied(t, h, m)
			return
		}
		if g.wished && t.firstPerson(h) {
			return // "I would like to thank": it is done by saying so
		}
		b.apply(g, h, m)
		if g.speech {
			return
		}
		b.climbOn(t, h, m, depth)
	case "ccomp":
		if t.Marker(p) == "whether" { // what is asked is not told
			m.Intent = true
			m.by(h)
			return
		}
		if g != nil && !g.speech {
			b.apply(g, h, m)
			b.climbOn(t, h, m, depth)
			return
		}
		b.denied(t, h, m)
	case "obj", "nsubj":
		if g == nil || !t.Verbal(h) || g.speech {
			return
		}
		if rel == "nsubj" && !t.passive(h) && !happens[t.Tokens[h].Lemma] {
			return // "the visit will give impetus": the visit itself is not ahead
		}
		b.apply(g, h, m)
		b.climbOn(t, h, m, depth)
	case "nmod":
		if t.Verbal(p) {
			return
		}
		switch l := t.Tokens[h].Lemma; {
		case thinkable[l]:
			m.Possible = true
			m.by(h)
		case intended[l]:
			m.Intent = true
			m.by(h)
		}
	case "advcl":
		if t.opener(p) == "from" && keptFrom[t.Tokens[h].Lemma] {
			m.Negated = true
			m.by(h)
		}
	}
}

// thinkable and intended are nouns whose complement is not told to happen: only
// thought possible, or only meant, asked about or valued.
var (
	thinkable = lexicon.Words("thinkable")
	intended  = lexicon.Words("intended")
)

// keptFrom are verbs after which what is done "from" did not happen: "refrained
// from attacking", "kept its allies from going to war".
var keptFrom = lexicon.Words("keptFrom")

// denied reads a governor of no effect of its own for what denies its content:
// "nobody believes that", "there is no evidence that", "it is false that".
func (b *book) denied(t *tree, h int, m *Modality) {
	switch t.Tokens[h].Lemma {
	case "false", "untrue", "wrong", "myth", "lie":
		m.Negated = true
		m.by(h)
		return
	}
	hm := Modality{By: -1}
	t.own(h, &hm)
	if hm.Negated {
		m.Negated = true
		m.by(hm.By)
	}
}

// firstPerson reports whether the speaker is the subject of verb v.
func (t *tree) firstPerson(v int) bool {
	for _, k := range t.Kids(v) {
		if strings.HasPrefix(t.Tokens[k].Rel, "nsubj") {
			f := strings.ToLower(t.Tokens[k].Form)
			return f == "i" || f == "we"
		}
	}
	return false
}

// climbOn adds the governor's own auxiliaries and goes up from it.
func (b *book) climbOn(t *tree, h int, m *Modality, depth int) {
	hm := Modality{By: -1}
	t.own(h, &hm)
	m.Negated = m.Negated != hm.Negated
	m.Future = m.Future || hm.Future
	m.Possible = m.Possible || hm.Possible
	m.Conditional = m.Conditional || hm.Conditional
	m.Perfect = m.Perfect || hm.Perfect
	m.Past = m.Past || hm.Past
	if m.By < 0 {
		m.By = hm.By
	}
	b.climb(t, h, m, depth+1)
}

func (b *book) apply(g *governor, h int, m *Modality) {
	m.Future = m.Future || g.future
	m.Wished = m.Wished || g.wished
	m.Possible = m.Possible || g.possible
	m.Conditional = m.Conditional || g.conditional
	if g.negates {
		m.Negated = !m.Negated
	}
	if g.future || g.wished || g.possible || g.negates {
		m.by(h)
	}
}
