package claims

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/what"
	"rapport/internal/who"
)

// A draft is a claim before the tellings of one act are joined.
type draft struct {
	claim    rapport.Claim
	sentence int
	trigger  int
	weight   float64  // how much the sentence tells: decides the evidence
	grounds  []string // what its confidence is told by
	doubts   []string // what speaks against its being an act of its own
	unsaid   bool     // its words name no actor
	chance   float64  // that the recipient is right, 0 where it was not chosen
	lead     int32    // of what speaks for its being told over what speaks against, in 1/unit of a logit
}

// codeSentence drafts the claims of one sentence and takes it into the
// discourse.
func (r *reading) codeSentence(si int) {
	acts := r.acts[si]
	if r.question(si) {
		acts = nil // what is asked is not told
	}
	made := make([]int, len(acts)) // draft of each act, -1
	for k := range acts {
		made[k] = -1
	}
	for k := range acts {
		if acts[k].Spent || consumed(acts, k) || r.describes(si, k) || r.content(si, k) {
			continue
		}
		d, ok := r.draft(si, k, made)
		if ok && !r.toldOf(si, k, &d) {
			r.left = append(r.left, d)
			ok = false
		}
		if ok {
			r.spokenOn(si, &acts[k], &d.claim)
			made[k] = len(r.drafts)
			r.bySent[si] = append(r.bySent[si], len(r.drafts))
			r.drafts = append(r.drafts, d)
			for _, day := range r.recurrences(si, &d) {
				c := d
				c.claim.Date, c.claim.Actor, c.claim.Recipient = day, slices.Clone(d.claim.Actor), slices.Clone(d.claim.Recipient)
				r.bySent[si] = append(r.bySent[si], len(r.drafts))
				r.drafts = append(r.drafts, c)
			}
		}
	}
	r.elided(si)
	r.remember(si)
}

// question reports whether a sentence asks: it ends in a question mark and no
// quotation's own.
func (r *reading) question(si int) bool {
	ts := r.doc.Sentences[si].Tokens
	for i := len(ts) - 1; i >= 0 && ts[i].UPOS == "PUNCT"; i-- {
		if ts[i].Form == "?" {
			return true
		}
	}
	return false
}

// consumed reports whether act k is only the content of an act that speaks of
// it: "agreed to hold talks", "denied bombing".
func consumed(acts []what.Act, k int) bool {
	o := acts[k].Outer
	return o >= 0 && acts[o].Rule.Inner == what.Consume
}

// swallowed reports whether a nominal act is only the thing that another act
// of the sentence does something to: the sanctions that are lifted, the talks
// that are called off. What is praised or condemned stands for itself.
func (r *reading) swallowed(si, k int) bool {
	acts := r.acts[si]
	if acts[k].Verb >= 0 {
		return false
	}
	t := r.trees[si]
	i := acts[k].Trigger
	for steps := 0; steps < 3; steps++ {
		h := t.Tokens[i].Head
		if h < 0 {
			return false
		}
		rel := t.Rel(i)
		for j := range acts {
			if j == k || acts[j].Verb != h && acts[j].Trigger != h {
				continue
			}
			if rel == "nsubj" && acts[j].Event == acts[k].Event && acts[j].Verb >= 0 {
				return true // "Israeli air strikes killed twenty"
			}
			if acts[k].Event == "REQUEST" && acts[j].Event == "REJECT" && len(r.fill(si, acts[k].Actor, 1).parties) > 0 {
				return false // "rejected the Spanish request": both are told
			}
			switch acts[j].Event {
			case "CONCEDE", "SANCTION", "REJECT", "REQUEST", "AGREE", "RETREAT", "COERCE", "MOBILIZE":
				return rel == "obj" || rel == "nmod" || t.Tokens[i].Rel == "nsubj:pass"
			}
			return false
		}
		if rel != "nmod" && rel != "conj" && rel != "compound" {
			return false
		}
		i = h
	}
	return false
}

// content reports whether a nominal act stands in the object of an act that is about
// it: "one of the goals is to increase the volume of trade".
func (r *reading) content(si, k int) bool {
	acts := r.acts[si]
	if acts[k].Verb >= 0 {
		return false
	}
	t := r.trees[si]
	i := acts[k].Trigger
	for steps := 0; steps < 4 && t.Tokens[i].Head >= 0; steps++ {
		rel := t.Rel(i)
		h := t.Tokens[i].Head
		for j := range acts {
			if about, _, _ := strings.Cut(acts[j].About, ":"); j != k && acts[j].Verb == h && rel == "obj" && about == acts[k].Event {
				return true
			}
		}
		if rel != "nmod" && rel != "conj" && rel != "compound" {
			return false
		}
		i = h
	}
	return false
}

// describes reports whether an act only tells more of an act noun: "the strike
// that wrecked a factory".
func (r *reading) describes(si, k int) bool {
	a := &r.acts[si][k]
	t := r.trees[si]
	if a.Verb >= 0 && t.Tokens[a.Verb].Rel == "acl" && t.Tokens[a.Verb].Lemma == "hold" && a.Event == "ASSAULT" {
		return true // "hostages held by Hamas" tells who they are
	}
	if a.Verb < 0 || t.Tokens[a.Verb].Rel != "acl:relcl" {
		return false
	}
	h := t.Tokens[a.Verb].Head
	for j := range r.acts[si] {
		if j != k && r.acts[si][j].Trigger == h && r.acts[si][j].Event == a.Event {
			return true // "the visit that he paid" is the act itself
		}
	}
	return false
}

// draft fills the slots of act k of sentence si and judges how it is told.
func (r *reading) draft(si, k int, made []int) (draft, bool) {
	a := &r.acts[si][k]
	d := draft{sentence: si, trigger: a.Trigger}
	c := &d.claim
	c.Report = r.rep.ID
	c.Event, c.Mode, c.CAMEO, c.About = a.Event, a.Mode, a.CAMEO, a.About
	c.Evidence = rapport.Evidence{Sentence: si, Span: r.doc.Sentences[si].Span, Text: r.rep.Text[r.doc.Sentences[si].Start:r.doc.Sentences[si].End]}

	if a.Mode == "" && a.Verb >= 0 {
		r.meansOf(si, k, c)
	}
	slots := r.slots(si, k, made)
	if len(slots.actor.parties) == 0 {
		return d, false
	}
	c.Actor, c.Recipient = slots.actor.parties, slots.recipient.parties

	speaker, quoted := r.attribution(si, a.Trigger)
	if sp, ok := r.onWordOf(si, k, made); ok {
		speaker = sp
	}
	tm := r.timeOf(si, k, slots.actor.parties)
	if tm.date == "" && len(r.dates[si]) == 0 {
		r.sameOccasion(si, a, slots, &tm)
	}
	r.weighDate(si, k, &slots, &tm)
	c.Date, c.AboutDate = tm.date, tm.about
	if !r.present(si, c, a, tm) {
		return d, false
	}
	if about, mode, ok := what.Content(&r.doc.Sentences[si], a); ok && c.Event == a.Event {
		c.About, c.Mode = about, mode
	}
	if c.Event == "AGREE" && a.Event == "AGREE" && a.Inner >= 0 && yields(a, &r.acts[si][a.Inner]) {
		c.Event, c.Mode, c.CAMEO, c.About, c.AboutDate = "CONCEDE", "", "035", "", ""
	}
	if a.Rule.ID == "mobilize.exercise" && c.Event == "MOBILIZE" && len(countriesOf(c.Actor)) > 1 {
		c.Event, c.Mode, c.CAMEO, c.Recipient = "COOPERATE", "", "062", nil // nobody said "joint"; coding manual, section 3, rule 7
	}
	if c.Event == "AGREE" && a.Event != "AGREE" && len(c.Recipient) == 0 && len(countriesOf(slots.alone)) == 1 {
		if with := without(c.Actor, slots.alone); len(with) > 0 { // "will meet his Omani colleague": one side's word
			c.Actor, c.Recipient = slots.alone, with
		}
	}
	if a.Event == "CONSULT" && a.Mode == "visit" && len(c.Recipient) == 0 {
		return d, false // "came to 20 billion": one visits somebody
	}
	if c.Event == "CONSULT" && c.Mode == "" && len(c.Recipient) == 0 && len(c.Actor) == 1 && r.sits(si, a, c.Actor[0]) {
		c.Mode = "multilateral"
	}
	if c.Event == "CONSULT" && c.Mode != "visit" && c.Mode != "multilateral" && len(c.Recipient) == 0 && len(c.Actor) < 2 && (a.Verb < 0 || slots.unsaid || !r.somebody(si, a)) {
		return d, false // a meeting needs two
	}
	doubt := func(why string, is bool) {
		if is {
			d.doubts = append(d.doubts, why)
		}
	}
	if a.Event == "CONSULT" && a.Mode == "visit" {
		doubt("troops arrive", c.Actor[0].Sector == "MIL" && c.Actor[0].Name == "" && !r.envoys(si, a)) // no visit
		doubt("private travel", civilian[c.Actor[0].Sector])                                            // a scholar's
		doubt("thing arrives", a.Verb >= 0 && len(a.Actor) > 0 && !r.person(si, a.Actor[0]))            // "tonnes of aid were received by the president"
	}
	doubt("flimsy", flimsy(c, slots))
	doubt("fights nobody", c.Event == "ASSAULT" && len(a.Both) > 0 && len(c.Actor) < 2 && len(c.Recipient) == 0) // "is fighting against poverty"
	doubt("warns of others", a.Event == "THREATEN" && r.warnsOfOthers(si, a, c))
	doubt("swallowed", r.swallowed(si, k))
	d.unsaid = slots.unsaid
	c.Quoted = quoted && speaker != nil
	c.Speaker = r.creditable(speaker, c, a)
	if c.Speaker == nil {
		c.Quoted = false
	}
	if c.Date != "" {
		c.DateBasis = rapport.DateFromText
		if tm.inferred {
			c.DateBasis = rapport.DateFromReport
		}
	}
	r.roles(c)
	c.Place = r.placeOf(si, k, c)
	c.Context = r.contexts(si, c)
	if c.About != "" && (c.Event == "REQUEST" || c.Event == "REJECT") && c.Mode == "" {
		c.Mode = modeOfAbout(c.About)
	}
	if len(c.CAMEO) <= 3 && strings.HasSuffix(c.CAMEO, "0") && c.About != "" {
		if code := ontology.DefaultCAMEO(c.Event, c.Mode, c.About); strings.HasPrefix(code, c.CAMEO[:2]) {
			c.CAMEO = code
		}
	}
	c.Quad, c.Score = ontology.Quad(c.Event), ontology.Score(c.Event, c.Mode)
	d.grounds, d.chance = r.grounds(a, slots, c), slots.sure()
	c.Reasons = r.reasons(si, a, slots, tm, c)
	d.weight = float64(len(countriesOf(c.Actor))+len(countriesOf(c.Recipient))) + names(c) + boolTo(c.Date != "")*2 + boolTo(c.Place != nil)
	return d, true
}

// sits reports whether a meeting is that of a body of several states, which needs
// nobody else: "the Security Council met on Friday", "EU ministers, meeting in Riga".
func (r *reading) sits(si int, a *what.Act, p rapport.Party) bool {
	switch p.Country {
	case "UNO", "EUR", "IGO":
	default:
		return false
	}
	if a.Verb < 0 || len(a.Both) > 0 || len(a.Actor) == 0 || len(a.Actor[0]) == 0 || a.Modality.Future {
		return false
	}
	m := r.mention(si, a.Actor[0][0])
	return m == nil || m.Kind == who.Body || m.Plural || !isPersonal(m)
}

// somebody reports whether the words of a meeting name whom one met, though not of
// which country: "met the students' leaders".
func (r *reading) somebody(si int, a *what.Act) bool {
	t := r.trees[si]
	for _, alts := range [][][]int{a.Both, a.Recipient} {
		for _, alt := range alts {
			for _, i := range alt {
				if m := r.mention(si, i); m != nil && m.Head == i && isPersonal(m) {
					return true
				}
				if pairWords[t.Tokens[i].Lemma] {
					return true
				}
			}
		}
	}
	return false
}

// person reports whether one of some arguments may be somebody: a mention, a
// name, a pronoun or a word for a person of the report.
func (r *reading) person(si int, args []int) bool {
	t := r.trees[si]
	for _, i := range args {
		switch t.Tokens[i].UPOS {
		case "PRON", "PROPN", "DET":
			return true
		}
		if m := r.mention(si, i); m != nil && m.Head == i || pairWords[t.Tokens[i].Lemma] {
			return true
		}
		switch t.Tokens[i].Lemma {
		case "guest", "host", "colleague", "team", "group", "mission", "flight", "plane", "aircraft":
			return true
		}
	}
	return false
}

// meansOf takes the mode of the act that is the subject of another of its type:
// "air strikes killed twenty" is a killing from the air.
func (r *reading) meansOf(si, k int, c *rapport.Claim) {
	a := &r.acts[si][k]
	t := r.trees[si]
	for j := range r.acts[si] {
		b := &r.acts[si][j]
		if b.Verb < 0 && b.Event == a.Event && b.Mode != "" && t.Tokens[b.Trigger].Head == a.Verb && t.Rel(b.Trigger) == "nsubj" {
			c.Mode, c.CAMEO = b.Mode, b.CAMEO
			return
		}
	}
}

// envoys reports whether soldiers come to talk: "a delegation of officers".
func (r *reading) envoys(si int, a *what.Act) bool {
	for _, alt := range a.Actor {
		for _, i := range alt {
			switch r.trees[si].Tokens[i].Lemma {
			case "delegation", "official", "chief", "commander", "mission", "general", "attache", "attaché":
				return true
			}
		}
	}
	return false
}

// warnsOfOthers reports whether a warning tells what some third party does:
// "warned Trump that Putin was mocking him" threatens nobody.
func (r *reading) warnsOfOthers(si int, a *what.Act, c *rapport.Claim) bool {
	t := r.trees[si]
	if a.Verb < 0 || t.Tokens[a.Verb].Lemma != "warn" {
		return false
	}
	v := t.Child(a.Verb, "ccomp")
	if v < 0 {
		return false
	}
	k := t.Child(v, "nsubj")
	if k < 0 {
		return false
	}
	who := r.parties(si, k, 2).parties
	return len(who) > 0 && len(elsewhere(elsewhere(who, c.Actor), c.Recipient)) == len(who)
}

// private are the sectors whose members act for themselves: what they say and
// whom they meet is news of states only when another party is named.
var private = map[string]bool{"CVL": true, "EDU": true, "BUS": true, "SOC": true, "MED": true, "JRN": true, "AGR": true, "LAB": true, "REL": true, "CRM": true, "UNK": true, "": true}

// civilian are the sectors whose travels are no news of states.
var civilian = map[string]bool{"CVL": true, "EDU": true, "JRN": true, "MED": true, "AGR": true, "CRM": true, "UNK": true, "SOC": true}

// flimsy reports whether too little of a claim stands in its words: nobody
// named on either side, or a private person's words to nobody named.
func flimsy(c *rapport.Claim, s slots) bool {
	guessed := len(s.recipient.parties) == 0 || s.recipient.guessed
	if s.actor.sure < 0.45 && guessed && len(c.Actor) < 2 {
		return true
	}
	talk := ontology.Quad(c.Event) == 1 || ontology.Quad(c.Event) == 3
	for _, p := range c.Actor {
		if !private[p.Sector] || !isState(p.Country) {
			return false
		}
	}
	return talk && (guessed || len(c.Actor) < 2 && len(c.Recipient) == 0)
}

func names(c *rapport.Claim) float64 {
	n := 0.0
	for _, p := range slices.Concat(c.Actor, c.Recipient) {
		n += boolTo(p.Name != "")
	}
	return min(n, 2)
}

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

type slots struct {
	actor, recipient resolved
	alone            []rapport.Party // the actors without those they act with
	unsaid           bool            // the act's words name no actor
	chance           float64         // of the recipient among all that it could be
	actorChance      float64         // likewise of the actor that the act's words name
}

// sure is the chance that both parties are right where they were chosen, 0 where
// neither was.
func (s *slots) sure() float64 {
	if s.actorChance > 0 && s.chance > 0 {
		return s.actorChance * s.chance
	}
	return max(s.actorChance, s.chance)
}

// slots resolves who acts and who is acted on.
func (r *reading) slots(si, k int, made []int) slots {
	a := &r.acts[si][k]
	s := slots{actor: r.fill(si, a.Actor, 0), recipient: r.fill(si, a.Recipient, 0)}
	both := r.fill(si, a.Both, 0)
	s.alone = slices.Clone(s.actor.parties)
	s.actor.add(both)
	if len(s.actor.parties) == 0 && a.Verb < 0 {
		s.actor = r.blamed(si, k)
	}
	if len(s.actor.parties) == 0 && a.Verb >= 0 && len(a.Actor) == 0 {
		s.actor = r.resolving(si, a.Verb)
	}
	if a.Verb < 0 && a.Rule.Pair && len(s.actor.parties) > 0 && len(a.Both) > 0 {
		s.actor.add(r.participant(si, a, s.actor.parties))
	}
	if len(s.actor.parties) == 0 && a.Event == "CONSULT" && a.Verb < 0 {
		s.actor = r.occasionOf(si, a, made)
	}
	if len(s.actor.parties) < 2 && a.Rule.Pair && len(s.recipient.parties) == 0 {
		r.borrowPair(si, a, &s)
	}
	if a.Inner >= 0 && len(s.recipient.parties) == 0 {
		in := &r.acts[si][a.Inner]
		switch a.Event {
		case "REQUEST": // "demanded that Russia release": who is to act
			s.recipient = r.fill(si, in.Actor, 1)
		case "AGREE", "THREATEN", "REJECT": // "promised to visit Chile": who it is for
			s.recipient = r.fill(si, in.Recipient, 1)
			if a.Event == "AGREE" && len(in.Both) > 0 {
				with := r.fill(si, in.Both, 1)
				if other := without(with.parties, s.actor.parties); len(countriesOf(s.actor.parties)) == 1 && len(s.recipient.parties) == 0 && len(other) > 0 {
					with.parties = other
					s.recipient = with // "is ready to work with Kenya": one side's word
				} else {
					s.actor.add(with)
				}
			}
		}
	}
	if len(s.recipient.parties) == 0 && a.Event == "REJECT" && a.CAMEO == "016" {
		s.recipient = r.accuser(s.actor.parties)
	}
	if len(s.actor.parties) == 0 {
		s.actor, s.unsaid = r.guessActor(si, k, made, s.recipient), true
	} else {
		r.weighActor(si, k, made, &s)
	}
	if r.eachOther(si, a) && len(s.actor.parties) > 1 {
		s.recipient = s.actor
		s.recipient.parties = slices.Clone(s.actor.parties)
		return s
	}
	r.victims(si, a, &s)
	r.together(si, a, &s)
	r.notOneself(si, a, &s)
	s.recipient.parties = without(s.recipient.parties, s.actor.parties)
	if a.Reciprocal() && ontology.Quad(a.Event) == 4 && len(countriesOf(s.actor.parties)) > 1 && len(s.recipient.parties) == 0 {
		return s // "the two armies clashed": with each other
	}
	if len(s.actor.parties) > 0 && (len(s.recipient.parties) > 0 || directed(a, s.actor.parties)) {
		s.recipient, s.chance = r.guessRecipient(si, k, made, s.actor.parties, s.recipient)
	}
	return s
}

// resolving returns who adopted the text that verb v stands in, where it heads an
// item of a resolution or declaration and has no subject of its own: "The
// Council, at its meeting, adopted the following decision: 1. Condemns …;
// 2. Decides to suspend …".
func (r *reading) resolving(si, v int) resolved {
	t := r.trees[si]
	for t.Tokens[v].Head >= 0 && (t.Rel(v) == "xcomp" || t.Rel(v) == "conj") && t.Tokens[v].Head < v {
		v = t.Tokens[v].Head
	}
	if t.Tokens[v].Head >= 0 || t.Tokens[v].XPOS != "VBZ" {
		return resolved{}
	}
	for _, k := range t.Kids(v) {
		if rel := t.Rel(int(k)); rel == "nsubj" || rel == "csubj" || rel == "expl" {
			return resolved{}
		}
	}
	for k := range v {
		switch t.Tokens[k].UPOS {
		case "NUM", "PUNCT", "ADV", "X", "SYM":
		default:
			return resolved{}
		}
	}
	for sj := si - 1; sj >= 0; sj-- {
		lead := r.trees[sj]
		n := len(lead.Tokens)
		if n == 0 {
			continue
		}
		if last := lead.Tokens[n-1].Form; last != ":" && last != "," {
			continue
		}
		for i := range lead.Tokens {
			if h := lead.Tokens[i].Head; h >= 0 && lead.Tokens[h].Head < 0 && lead.Rel(i) == "nsubj" {
				if who := r.parties(sj, i, 1); len(who.parties) > 0 {
					who.rule = "claims/resolution"
					return who
				}
			}
		}
	}
	return resolved{}
}

// victims turns from those a state's organs did something to, to the state:
// "condemned the jailing of two journalists in Mali" blames Mali. Foreigners
// are not told from citizens: their state is then blamed for its own loss, which
// a stated doer ("by …") prevents.
func (r *reading) victims(si int, a *what.Act, s *slots) {
	if a.Event != "ACCUSE" && a.Event != "REQUEST" || len(s.recipient.parties) == 0 {
		return
	}
	t := r.trees[si]
	for _, alt := range a.Recipient {
		for _, i := range alt {
			of := i
			if n := t.Tokens[i].Head; t.Case(i) == "of" && n >= 0 {
				of = n
			}
			if !stateDeeds[t.Tokens[of].Lemma] || t.Tokens[of].UPOS != "NOUN" {
				continue
			}
			for _, k := range t.Kids(of) {
				if t.Case(int(k)) == "by" {
					return
				}
			}
			for j := range s.recipient.parties {
				p := &s.recipient.parties[j]
				switch p.Sector {
				case "OPP", "JRN", "CVL", "SOC", "EDU", "REL", "LEG", "LAB", "BUS", "PTY", "ELI":
					if isState(p.Country) {
						*p = rapport.Party{Country: p.Country, Sector: "GOV"}
					}
				}
			}
			return
		}
	}
}

// stateDeeds are what only those do who hold power.
var stateDeeds = lexicon.Words("stateDeeds")

// blamed returns whom a verb above a bare act noun blames or thanks for it:
// "blamed Iran for the attack on oil plants".
func (r *reading) blamed(si, k int) resolved {
	t := r.trees[si]
	i := r.acts[si][k].Trigger
	switch t.Case(i) {
	case "for", "of", "over":
	default:
		return resolved{}
	}
	for j := range r.acts[si] {
		b := &r.acts[si][j]
		if j != k && b.Verb >= 0 && b.Verb == t.Tokens[i].Head && (b.Event == "ACCUSE" || b.Event == "SUPPORT" || b.Event == "SANCTION") {
			return r.fill(si, b.Recipient, 1)
		}
	}
	return resolved{}
}

// participant returns the subject of the clause that bare talks with one party
// stand in: "after negotiations with the minister of Mongolia, the head of
// diplomacy wrote".
func (r *reading) participant(si int, a *what.Act, with []rapport.Party) resolved {
	t := r.trees[si]
	switch t.Case(a.Trigger) {
	case "after", "during", "following", "before", "in", "at", "on", "ahead of", "for":
	default:
		return resolved{}
	}
	v := t.Tokens[a.Trigger].Head
	if v < 0 || !t.Verbal(v) {
		return resolved{}
	}
	k := t.Child(v, "nsubj")
	if k < 0 || k == a.Trigger {
		return resolved{}
	}
	out := r.parties(si, k, 1)
	if len(elsewhere(out.parties, with)) == 0 || len(countriesOf(out.parties)) > 1 {
		return resolved{}
	}
	return out
}

// together adds to the actors whom they act with: "attended it together with
// Sudan's president".
func (r *reading) together(si int, a *what.Act, s *slots) {
	if a.Verb < 0 || len(s.actor.parties) == 0 || len(a.Both) > 0 {
		return
	}
	t := r.trees[si]
	for _, k := range t.Kids(a.Verb) {
		switch t.Case(int(k)) {
		case "together with", "along with", "alongside", "jointly with", "as well as":
			s.actor.add(r.parties(si, int(k), 1))
		}
	}
}

// notOneself takes another reading of a role that the sentence gives no country
// where it makes a state act on itself: "The prime minister conveyed condolences
// to the people of Fiji", told in Australia, is not Fiji's.
func (r *reading) notOneself(si int, a *what.Act, s *slots) {
	switch a.Event {
	case "SUPPORT", "AID", "AGREE", "CONSULT", "COOPERATE":
	default:
		return
	}
	if a.Event == "CONSULT" && len(s.recipient.parties) == 0 && len(s.actor.parties) == 2 && len(a.Both) > 0 && len(countriesOf(s.actor.parties)) == 1 {
		r.twoSides(si, a, s)
		return
	}
	if len(s.actor.parties) != 1 || len(s.recipient.parties) == 0 || len(a.Actor) == 0 || len(a.Actor[0]) == 0 {
		return
	}
	p := s.actor.parties[0]
	if len(elsewhere(s.recipient.parties, s.actor.parties)) > 0 || !isState(p.Country) {
		return
	}
	m := r.mention(si, a.Actor[0][0])
	if m == nil || m.Kind != who.Role && m.Kind != who.Person && m.Kind != who.Unknown || !allCountryless(m.Parties) {
		return
	}
	c := r.home
	if c == p.Country || !r.homeTold || !isState(c) {
		q, ok := r.otherSide(p.Country)
		if !ok {
			return
		}
		c = q.Country
	}
	p.Country = c
	if m.Kind == who.Role {
		p.Name, p.Office, p.Wikidata = "", "", ""
	}
	s.actor.parties = []rapport.Party{p}
	s.actor.rule, s.actor.sure = "claims/other-side", 0.55
}

// twoSides gives one of two persons of one country who meet the other side's,
// where only the other's country is told: "Defence Minister Panagiotopoulos met
// his Turkish counterpart".
func (r *reading) twoSides(si int, a *what.Act, s *slots) {
	if len(a.Actor) == 0 || len(a.Actor[0]) == 0 {
		return
	}
	m := r.mention(si, a.Actor[0][0])
	if m == nil || !allCountryless(m.Parties) {
		return
	}
	if q, ok := r.otherSide(s.actor.parties[0].Country); ok {
		ps := slices.Clone(s.actor.parties)
		ps[0].Country = q.Country
		s.actor.parties = ps
	}
}

// eachOther reports whether the recipients are the actors themselves:
// "defended each other's positions".
func (r *reading) eachOther(si int, a *what.Act) bool {
	t := r.trees[si]
	for _, alt := range a.Recipient {
		for _, i := range alt {
			for k := range t.Tokens {
				f := strings.ToLower(t.Tokens[k].Form)
				if (f == "each" || f == "one") && k+1 < len(t.Tokens) && (strings.EqualFold(t.Tokens[k+1].Form, "other") || strings.EqualFold(t.Tokens[k+1].Form, "another")) && (t.Under(k, i) || t.Under(k+1, i)) {
					return true
				}
			}
		}
	}
	return false
}

// without drops from ps what qs holds too: nobody acts on himself.
func without(ps, qs []rapport.Party) []rapport.Party {
	var out []rapport.Party
	for _, p := range ps {
		same := false
		for _, q := range qs {
			if p.Country == q.Country && p.Name == q.Name && p.Sector == q.Sector {
				same = true
			}
			if p.Country == q.Country && isState(p.Country) && p.Sector == "GOV" && q.Sector == "GOV" {
				same = true
			}
		}
		if !same {
			out = append(out, p)
		}
	}
	return out
}

// borrowPair gives a reciprocal act told without its parties ("the treaty was
// signed in 1994", "negotiations opened") the two sides that the report is on.
func (r *reading) borrowPair(si int, a *what.Act, s *slots) {
	pair, rule := r.pairNow(si), "claims/pair"
	if len(pair) != 2 && len(s.actor.parties) == 0 {
		return
	}
	t := r.trees[si]
	switch {
	case len(s.actor.parties) == 1:
		// "met in Geneva", "signed the accord": the other side must be in the pair
		p := s.actor.parties[0]
		for i, q := range pair {
			if q.Country == p.Country && a.Verb >= 0 && a.Event != "COOPERATE" && a.Mode != "multilateral" {
				if a.Event == "SUPPORT" && r.oneOfThose(si, a) {
					s.recipient = resolved{parties: pair[1-i : 2-i], sure: 0.45, rule: rule}
					return
				}
				s.actor.add(resolved{parties: pair[1-i : 2-i], sure: 0.45, rule: rule})
				return
			}
		}
		if a.Event == "SUPPORT" || a.Event == "COOPERATE" { // "the treaty with Angola was signed", "trade with Angola": ours
			us := r.home
			if sp := r.speakerAt(si, a.Trigger); sp != nil {
				us = sp.Country
			}
			if isState(us) && us != p.Country {
				s.actor.add(resolved{parties: []rapport.Party{{Country: us, Sector: "GOV"}}, sure: 0.4, rule: "claims/pair.ours"})
			}
		}
	case len(s.actor.parties) == 0:
		if a.Event == "CONSULT" && a.Verb < 0 && r.definite(si, a.Trigger) { // "the call took place after": the one told of
			if told := r.anaphor(t.Tokens[a.Trigger].Lemma); len(told.parties) > 0 {
				s.actor.add(told)
				return
			}
		}
		if a.Verb < 0 && !r.definiteSubject(si, a.Trigger) {
			return
		}
		if a.Verb >= 0 && a.Trigger == a.Verb && t.Child(a.Verb, "nsubj") >= 0 && len(a.Actor) > 0 && slices.Contains(a.Actor[0], t.Child(a.Verb, "nsubj")) {
			return // it has a subject, which is no party
		}
		s.actor.add(resolved{parties: nameless(pair), sure: 0.5, rule: rule})
	}
}

// oneOfThose reports whether an act tells what a party is one of many to have done:
// "was among the first states that established relations" is that party's part.
func (r *reading) oneOfThose(si int, a *what.Act) bool {
	if len(a.Actor) == 0 || len(a.Actor[0]) != 1 {
		return false
	}
	i := a.Actor[0][0]
	return r.mention(si, i) == nil && len(r.predicated(si, i, 1).parties) == 1
}

// definite reports whether noun i has "the" or "this" and nothing more that
// would tell it apart.
func (r *reading) definite(si, i int) bool {
	t := r.trees[si]
	the := false
	for _, k := range t.Kids(i) {
		switch rel := t.Rel(int(k)); rel {
		case "det":
			f := strings.ToLower(t.Tokens[k].Form)
			the = f == "the" || f == "this" || f == "that" || f == "these" || f == "those"
		case "amod", "nmod", "acl", "nummod":
			return false
		case "compound":
			if l := t.Tokens[k].Lemma; l != "phone" && l != "telephone" {
				return false
			}
		}
	}
	return the
}

// definiteSubject reports whether a bare noun is what its clause is about:
// "Negotiations opened in December", "the agreement, signed in 2007".
func (r *reading) definiteSubject(si, i int) bool {
	t := r.trees[si]
	return strings.HasPrefix(t.Tokens[i].Rel, "nsubj") || t.Tokens[i].Rel == "root"
}

// accuser returns who last accused one of the parties: the recipient of a
// denial.
func (r *reading) accuser(deniers []rapport.Party) resolved {
	for k := len(r.drafts) - 1; k >= 0; k-- {
		c := &r.drafts[k].claim
		if c.Event != "ACCUSE" {
			continue
		}
		for _, p := range c.Recipient {
			for _, q := range deniers {
				if p.Country == q.Country {
					return resolved{parties: c.Actor, sure: 0.6, rule: "claims/denial.accuser"}
				}
			}
		}
	}
	return resolved{}
}

// onWordOf returns the accuser as speaker of what it alleges: "London accuses
// Russia of poisoning a man", and who thanks or complains as speaker of its ground.
func (r *reading) onWordOf(si, k int, made []int) (*rapport.Party, bool) {
	o := r.acts[si][k].Outer
	if o < 0 || r.acts[si][o].Rule.Inner != what.Spoken {
		o = r.judged(si, k)
	}
	if o < 0 {
		return nil, false
	}
	if made[o] >= 0 {
		p := r.drafts[made[o]].claim.Actor[0]
		return &p, true
	}
	if a := r.fill(si, r.acts[si][o].Actor, 1); len(a.parties) > 0 {
		return &a.parties[0], true
	}
	return nil, false
}

// judged returns the act of praise or blame whose ground act k is, -1: "thanked
// Rome for sending doctors", "complained that Chad had closed the border".
func (r *reading) judged(si, k int) int {
	t := r.trees[si]
	for i := r.acts[si][k].Trigger; t.Tokens[i].Head >= 0; i = t.Tokens[i].Head {
		h, rel := t.Tokens[i].Head, t.Tokens[i].Rel
		switch rel {
		case "conj", "parataxis", "acl:relcl", "appos", "nsubj", "nsubj:pass":
			return -1 // told besides
		}
		if t.Marker(i) == "while" || t.Marker(i) == "when" {
			return -1
		}
		for j := range r.acts[si] {
			o := &r.acts[si][j]
			if j == k || o.Verb != h && o.Trigger != h {
				continue
			}
			praised := o.CAMEO == "051" && (t.Case(i) == "for" || t.Marker(i) == "for")
			if praised || o.Event == "ACCUSE" && strings.HasPrefix(rel, "ccomp") {
				return j
			}
		}
	}
	return -1
}

// future cooperation is AGREE, future yielding is CONCEDE (coding manual,
// section 3, rule 1).
var futureOf = map[string]string{"CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE", "RETREAT": "CONCEDE", "CONCEDE": "CONCEDE"}

// hosts reports whether an act's recipient is its subject, as of "receive".
func (r *reading) hosts(si int, a *what.Act) bool {
	if a.Verb < 0 || len(a.Recipient) == 0 || len(a.Recipient[0]) == 0 {
		return false
	}
	tok := &r.trees[si].Tokens[a.Recipient[0][0]]
	return tok.Rel == "nsubj" && tok.Head == a.Verb
}

// present gives the claim its status, and turns acts told as future into the
// type they are coded as. It reports false when the act is no claim.
func (r *reading) present(si int, c *rapport.Claim, a *what.Act, tm timing) bool {
	m := a.Modality
	c.Status = rapport.Actual
	speechAct := c.Event == "AGREE" || c.Event == "REQUEST" || c.Event == "THREATEN"
	switch {
	case m.Intent, m.Negated && m.Conditional && !m.Future:
		return false // purposes, and "if it did not"
	case m.Negated && a.Rule.Asserted:
		return false // "does not rule out"
	case m.Negated && m.Future && (c.Event == "RETREAT" || c.Event == "CONCEDE"): // "will not withdraw"
		c.About = aboutOf(c)
		c.Event, c.Mode, c.CAMEO = "REJECT", "yield", "124"
		if c.About == "RETREAT:resign" {
			c.Mode, c.CAMEO = "change", "1231"
		}
		c.AboutDate, c.Date = due(c.Date, r), ""
		return true
	case m.Negated && m.Future && futureOf[c.Event] == "AGREE":
		c.About = aboutOf(c)
		c.Event, c.Mode = "REJECT", modeOfAbout(c.About)
		c.CAMEO = "120"
		if c.Mode == "meet" {
			c.CAMEO = "125"
		}
		c.AboutDate, c.Date = due(c.Date, r), ""
		if len(c.Recipient) > 0 && r.hosts(si, a) { // "will not receive the president": the host refuses
			c.Actor, c.Recipient = c.Recipient, c.Actor
		}
		return true
	case m.Negated && c.Event == "SUPPORT" && c.CAMEO == "054" && a.Verb >= 0 && !m.Perfect:
		c.Event, c.CAMEO, c.About = "REJECT", "120", "" // "does not recognise": it refuses to
		return true
	case m.Negated:
		c.Status = rapport.Negated
	case m.Conditional && m.Future && !speechAct && ontology.Quad(c.Event) == 4:
		// "if it strikes again, there will be raids": by whoever would do it
		c.About = aboutOf(c)
		mode, code := "", "130"
		if c.Event == "ASSAULT" {
			mode, code = "violence", "138"
		}
		c.Event, c.Mode, c.CAMEO = "THREATEN", mode, code
		return true
	case (m.Conditional && !(m.Proviso && ontology.Quad(c.Event) == 3) || m.Possible || m.Wished) && !speechAct:
		c.Status = rapport.Hypothetical
	case m.Future && !speechAct:
		if to := futureOf[c.Event]; to != "" {
			if to == "AGREE" {
				c.About = aboutOf(c)
				c.Mode = ""
				c.CAMEO = ontology.DefaultCAMEO("AGREE", "", c.About)
				if c.CAMEO == "" {
					c.CAMEO = "030"
				}
			} else {
				c.Mode, c.CAMEO = "", "035"
			}
			c.Event = to
			if c.AboutDate = due(c.Date, r); c.AboutDate != "" {
				c.Date = ""
			}
			return true
		}
		c.Status = rapport.Future
	case (m.Conditional && !m.Proviso || m.Possible) && speechAct && c.Event != "AGREE":
		c.Status = rapport.Hypothetical
	}
	if c.Status == rapport.Actual && tm.background {
		c.Status = rapport.Historical
	}
	return true
}

// yields reports whether a promise is to give way in deed, which is giving way in
// words (coding manual, section 3, rule 1): "agreed to free the prisoners". What
// one is only ready to do, or offers, is still a promise.
func yields(promise, deed *what.Act) bool {
	return deed.Event == "RETREAT" && deed.Mode != "access" && deed.Mode != "resign" && promise.Rule.ID != "agree.ready" && promise.Rule.ID != "agree.offer"
}

// due returns a date as the one by which something promised is due, "" when it
// is over: then it is the day of the promise.
func due(d rapport.Date, r *reading) rapport.Date {
	if r.past(d) {
		return ""
	}
	return d
}

func aboutOf(c *rapport.Claim) string {
	if c.Mode != "" {
		return c.Event + ":" + c.Mode
	}
	return c.Event
}

// modeOfAbout returns the mode of a request or refusal by what it is about.
func modeOfAbout(about string) string {
	event, _, _ := strings.Cut(about, ":")
	switch event {
	case "CONSULT":
		return "meet"
	case "AID", "COOPERATE":
		return "assist"
	case "RETREAT", "CONCEDE":
		return "yield"
	}
	return ""
}

// outlets are the sectors of the press, whose word is the report's own.
var outlets = map[string]bool{"MED": true, "JRN": true}

// creditable returns the speaker the claim is credited to, nil where the
// coding manual has none (section 6): what a party does by speaking is its own
// act, and a state organ telling of its own state's present or coming act
// announces it.
func (r *reading) creditable(s *rapport.Party, c *rapport.Claim, a *what.Act) *rapport.Party {
	if s == nil || s.Country == "" || outlets[s.Sector] {
		return nil // an outlet is never a speaker
	}
	word := ontology.Quad(c.Event) == 1 && c.Event != "CONSULT" || ontology.Quad(c.Event) == 3
	actual := c.Status == rapport.Actual
	own, joint := true, false
	for _, p := range c.Actor {
		if p.Country == s.Country {
			joint = true
		} else {
			own = false
		}
	}
	if joint && word && actual && c.CAMEO != "057" && c.CAMEO != "054" {
		own = true // "the premiers of three states said they supported", "the two will hold talks, Lisbon said"
	}
	if !own {
		return s
	}
	// "Ankara said it had recalled its envoy": told by who decides it
	decided := word || c.Event == "REJECT" || c.Event == "SANCTION" && actual
	officially := s.Sector == "GOV" || s.Sector == "MIL" || hasName(c.Actor, s.Name)
	announced := c.Status != rapport.Historical && (c.Status != rapport.Negated || c.Event == "REJECT")
	switch {
	case officially && announced && (decided || !a.Modality.Past):
		return nil
	case decided && actual && (hasName(c.Actor, s.Name) || hasSector(c.Actor, s.Sector)):
		return nil // "the rebels said they welcomed the offer"
	}
	return s
}

func hasSector(ps []rapport.Party, sector string) bool {
	return slices.ContainsFunc(ps, func(p rapport.Party) bool { return p.Sector == sector })
}

func hasName(ps []rapport.Party, name string) bool {
	if name == "" {
		return false
	}
	for _, p := range ps {
		if p.Name == name {
			return true
		}
	}
	return false
}

// roles gives every named party the role it held on the day of the act.
func (r *reading) roles(c *rapport.Claim) {
	day := c.Date
	if day == "" {
		return
	}
	for _, ps := range [][]rapport.Party{c.Actor, c.Recipient} {
		for i := range ps {
			if ps[i].Name != "" {
				ps[i] = r.cast.RoleOn(ps[i], day)
			}
		}
	}
}

// confidence is the chance that type and countries are right, as learnt from
// gold reports (confidence.tsv): the logistic function of the weights of what
// the claim rests on.
func confidence(grounds []string) float64 {
	v := 1 / (1 + math.Exp(-float64(confidences().score(&candidate{features: grounds}))/unit))
	return math.Round(math.Max(0.05, math.Min(v, 0.98))*100) / 100
}

// grounds are what a claim's confidence is told by: how the act is told, by which
// rules its parties were found and how surely, and how crowded the report is.
func (r *reading) grounds(a *what.Act, s slots, c *rapport.Claim) []string {
	out := []string{"claim", "event " + c.Event, "status " + string(c.Status)}
	switch {
	case a.Verb < 0:
		out = append(out, "noun")
	case a.Verb != a.Trigger:
		out = append(out, "light")
	default:
		out = append(out, "verb")
	}
	out = append(out, "rank "+tenth(float64(a.Pattern.Rank())/60), "actor "+s.actor.rule, "actor sure "+tenth(s.actor.sure))
	switch {
	case len(c.Recipient) == 0 && len(c.Actor) > 1:
		out = append(out, "reciprocal")
	case len(c.Recipient) == 0:
		out = append(out, "no recipient")
	case s.recipient.guessed:
		out = append(out, "guessed", "guessed "+tenth(s.recipient.sure), "guess "+s.recipient.rule)
	default:
		out = append(out, "recipient "+s.recipient.rule, "recipient sure "+tenth(s.recipient.sure))
	}
	if s.chance > 0 {
		out = append(out, "chosen "+odds(s.chance), "chosen "+tenth(s.chance), "chosen "+tenth(s.chance)+" "+c.Event, "actor "+s.actor.rule+" "+tenth(s.chance))
	}
	if s.actorChance > 0 {
		out = append(out, "actor chosen "+odds(s.actorChance))
	}
	if len(c.Actor) > 1 {
		out = append(out, "actors")
	}
	if len(c.Recipient) > 1 {
		out = append(out, "recipients")
	}
	if private[c.Actor[0].Sector] {
		out = append(out, "private")
	}
	switch n := len(r.focus); {
	case n <= 2:
		out = append(out, "few")
	case n >= 6:
		out = append(out, "many")
	}
	if a.Outer >= 0 {
		out = append(out, "inner")
	}
	return out
}

// odds names a chance by what it comes to in half logits.
func odds(p float64) string {
	p = math.Max(0.005, math.Min(p, 0.995))
	return "odds " + strconv.Itoa(int(math.Round(2*math.Log(p/(1-p)))))
}

// tenth names a share by its tenth.
func tenth(v float64) string {
	return string(rune('0' + max(0, min(9, int(v*10)))))
}

func (r *reading) reasons(si int, a *what.Act, s slots, tm timing, c *rapport.Claim) []rapport.Reason {
	first, last := a.Words[0], a.Words[len(a.Words)-1]
	sp := r.at(si, first)
	sp[1] = r.at(si, last)[1]
	out := []rapport.Reason{{Field: "event", Rule: "what/" + a.Rule.ID, Span: sp}}
	if s.actor.rule != "" {
		out = append(out, rapport.Reason{Field: "actor", Rule: s.actor.rule, Span: r.slotSpan(si, a.Actor, a.Both)})
	}
	if s.recipient.rule != "" {
		out = append(out, rapport.Reason{Field: "recipient", Rule: s.recipient.rule, Span: r.slotSpan(si, a.Recipient)})
	}
	if tm.rule != "" {
		out = append(out, rapport.Reason{Field: "date", Rule: tm.rule, Span: tm.span})
	}
	if a.Modality.By >= 0 && c.Status != rapport.Actual {
		out = append(out, rapport.Reason{Field: "status", Rule: "what/modality", Span: r.at(si, a.Modality.By)})
	} else if c.Status == rapport.Historical {
		if tm.span == [2]int{} {
			tm.span = sp
		}
		out = append(out, rapport.Reason{Field: "status", Rule: "claims/background", Span: tm.span})
	}
	return out
}

func (r *reading) slotSpan(si int, alts ...[][]int) [2]int {
	for _, alt := range alts {
		for _, a := range alt {
			if len(a) > 0 {
				return r.at(si, a[0])
			}
		}
	}
	return [2]int{r.doc.Sentences[si].Start, r.doc.Sentences[si].Start}
}
