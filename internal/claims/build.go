package claims

import (
	"math"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/what"
)

// A draft is a claim before the tellings of one act are joined.
type draft struct {
	claim    rapport.Claim
	sentence int
	trigger  int
	weight   float64 // how much the sentence tells: decides the evidence
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
		if acts[k].Spent || consumed(acts, k) || r.swallowed(si, k) || r.describes(si, k) {
			continue
		}
		if d, ok := r.draft(si, k, made); ok {
			made[k] = len(r.drafts)
			r.bySent[si] = append(r.bySent[si], len(r.drafts))
			r.drafts = append(r.drafts, d)
		}
	}
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

// describes reports whether an act only tells more of an act noun: "the strike
// that wrecked a factory".
func (r *reading) describes(si, k int) bool {
	a := &r.acts[si][k]
	t := r.trees[si]
	if a.Verb < 0 || t.Tokens[a.Verb].Rel != "acl:relcl" {
		return false
	}
	h := t.Tokens[a.Verb].Head
	for j := range r.acts[si] {
		if r.acts[si][j].Trigger == h && r.acts[si][j].Event == a.Event {
			return true
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

	slots := r.slots(si, k, made)
	if len(slots.actor.parties) == 0 {
		return d, false
	}
	c.Actor, c.Recipient = slots.actor.parties, slots.recipient.parties

	speaker, quoted := r.attribution(si, a.Trigger)
	if sp, ok := r.onWordOf(si, k, made); ok {
		speaker = sp
	}
	tm := r.timeOf(si, k)
	if tm.date == "" && len(r.dates[si]) == 0 {
		r.sameOccasion(si, a, slots, &tm)
	}
	c.Date, c.AboutDate = tm.date, tm.about
	if !r.present(c, a, tm) {
		return d, false
	}
	if a.Event == "CONSULT" && a.Mode == "visit" && len(c.Recipient) == 0 {
		return d, false // "came to 20 billion": one visits somebody
	}
	if a.Event == "CONSULT" && a.Mode == "visit" && c.Actor[0].Sector == "MIL" && c.Actor[0].Name == "" {
		return d, false // troops that arrive pay no visit
	}
	if flimsy(c, slots) {
		return d, false
	}
	if c.Event == "ASSAULT" && len(a.Both) > 0 && len(c.Actor) < 2 && len(c.Recipient) == 0 {
		return d, false // "is fighting against poverty"
	}
	if c.Event == "CONSULT" && c.Mode != "visit" && c.Mode != "multilateral" && len(c.Recipient) == 0 && len(c.Actor) < 2 {
		return d, false // a meeting needs two
	}
	c.Quoted = quoted && speaker != nil
	c.Speaker = r.creditable(speaker, c, a)
	if c.Speaker == nil {
		c.Quoted = false
	}
	if c.Date != "" {
		c.DateBasis = rapport.DateFromText
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
	c.Confidence = r.confidence(a, slots)
	c.Reasons = r.reasons(si, a, slots, tm, c)
	d.weight = float64(len(c.Actor)+len(c.Recipient)) + names(c) + boolTo(c.Date != "")*2 + boolTo(c.Place != nil)
	return d, true
}

// private are the sectors whose members act for themselves: what they say and
// whom they meet is news of states only when another party is named.
var private = map[string]bool{"CVL": true, "EDU": true, "BUS": true, "SOC": true, "MED": true, "JRN": true, "AGR": true, "LAB": true, "REL": true, "CRM": true, "UNK": true, "": true}

// flimsy reports whether too little of a claim stands in its words: nobody
// named on either side, or a private person's words to nobody named.
func flimsy(c *rapport.Claim, s slots) bool {
	guessed := len(s.recipient.parties) == 0 || s.recipient.sure <= 0.5
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
	return n
}

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

type slots struct{ actor, recipient resolved }

// slots resolves who acts and who is acted on.
func (r *reading) slots(si, k int, made []int) slots {
	a := &r.acts[si][k]
	s := slots{actor: r.fill(si, a.Actor, 0), recipient: r.fill(si, a.Recipient, 0)}
	both := r.fill(si, a.Both, 0)
	s.actor.add(both)
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
				s.actor.add(r.fill(si, in.Both, 1))
			}
		}
	}
	if len(s.recipient.parties) == 0 && a.Event == "REJECT" && a.CAMEO == "016" {
		s.recipient = r.accuser(s.actor.parties)
	}
	if r.eachOther(si, a) && len(s.actor.parties) > 1 {
		s.recipient = s.actor
		s.recipient.parties = slices.Clone(s.actor.parties)
		return s
	}
	s.recipient.parties = without(s.recipient.parties, s.actor.parties)
	if len(s.recipient.parties) == 0 && len(s.actor.parties) > 0 && directed(a, s.actor.parties) {
		s.recipient = r.guessRecipient(si, k, made, s.actor.parties)
	}
	return s
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
				s.actor.add(resolved{pair[1-i : 2-i], 0.45, rule})
				return
			}
		}
		if a.Event == "SUPPORT" { // "the treaty with Angola was signed": by us
			us := r.home
			if sp := r.speakerAt(si, a.Trigger); sp != nil {
				us = sp.Country
			}
			if isState(us) && us != p.Country {
				s.actor.add(resolved{[]rapport.Party{{Country: us, Sector: "GOV"}}, 0.4, "claims/pair.ours"})
			}
		}
	case len(s.actor.parties) == 0:
		if a.Verb < 0 && !r.definiteSubject(si, a.Trigger) {
			return
		}
		if a.Verb >= 0 && a.Trigger == a.Verb && t.Child(a.Verb, "nsubj") >= 0 && len(a.Actor) > 0 && slices.Contains(a.Actor[0], t.Child(a.Verb, "nsubj")) {
			return // it has a subject, which is no party
		}
		s.actor.add(resolved{nameless(pair), 0.5, rule})
	}
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
					return resolved{c.Actor, 0.6, "claims/denial.accuser"}
				}
			}
		}
	}
	return resolved{}
}

// onWordOf returns the accuser as speaker of what it alleges: "London accuses
// Russia of poisoning a man".
func (r *reading) onWordOf(si, k int, made []int) (*rapport.Party, bool) {
	o := r.acts[si][k].Outer
	if o < 0 || r.acts[si][o].Rule.Inner != what.Spoken {
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

// future cooperation is AGREE, future yielding is CONCEDE (coding manual,
// section 3, rule 1).
var futureOf = map[string]string{"CONSULT": "AGREE", "SUPPORT": "AGREE", "COOPERATE": "AGREE", "AID": "AGREE", "RETREAT": "CONCEDE", "CONCEDE": "CONCEDE"}

// present gives the claim its status, and turns acts told as future into the
// type they are coded as. It reports false when the act is no claim.
func (r *reading) present(c *rapport.Claim, a *what.Act, tm timing) bool {
	m := a.Modality
	c.Status = rapport.Actual
	speechAct := c.Event == "AGREE" || c.Event == "REQUEST" || c.Event == "THREATEN"
	switch {
	case m.Intent:
		return false
	case m.Negated && m.Future && futureOf[c.Event] == "AGREE":
		c.About = aboutOf(c)
		c.Event, c.Mode = "REJECT", modeOfAbout(c.About)
		c.CAMEO = "120"
		if c.Mode == "meet" {
			c.CAMEO = "125"
		}
		c.AboutDate, c.Date = due(c.Date, r), ""
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
	case (m.Conditional || m.Possible || m.Wished) && !speechAct:
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
	case (m.Conditional || m.Possible) && speechAct && c.Event != "AGREE":
		c.Status = rapport.Hypothetical
	}
	if c.Status == rapport.Actual && tm.background {
		c.Status = rapport.Historical
	}
	return true
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

// creditable returns the speaker the claim is credited to, nil where the
// coding manual has none (section 6): what a party does by speaking is its own
// act, and a state organ telling of its own state's present or coming act
// announces it.
func (r *reading) creditable(s *rapport.Party, c *rapport.Claim, a *what.Act) *rapport.Party {
	if s == nil || s.Country == "" {
		return nil
	}
	own := true
	for _, p := range c.Actor {
		if p.Country != s.Country {
			own = false
		}
	}
	if !own {
		return s
	}
	spoken := ontology.Quad(c.Event) == 1 && c.Event != "CONSULT" || ontology.Quad(c.Event) == 3
	if (s.Sector == "GOV" || s.Sector == "MIL" || s.Name != "" && hasName(c.Actor, s.Name)) && c.Status != rapport.Historical && c.Status != rapport.Negated {
		if spoken || !a.Modality.Past {
			return nil
		}
	}
	if hasName(c.Actor, s.Name) && spoken && c.Status == rapport.Actual {
		return nil
	}
	return s
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

// confidence is how sure the coder is that type and parties are right. The
// last line squeezes the scale to what was measured on the development reports
// (of 465 claims: 58 % right where the first lines give 0.6 to 0.7, 67 % at 0.7,
// 78 % at 0.8, 73 % above), so nothing claims more than 0.8 yet.
func (r *reading) confidence(a *what.Act, s slots) float64 {
	v := 0.55
	v += 0.02 * math.Min(10, float64(a.Pattern.Rank())/3)
	if a.Verb >= 0 {
		v += 0.1
	}
	if s.actor.sure > 0 {
		v *= 0.5 + 0.5*s.actor.sure
	}
	if len(s.recipient.parties) > 0 {
		v = v*0.9 + 0.1*s.recipient.sure
	}
	v = 0.5 + 0.9*(math.Min(v+0.15, 1)-0.6)
	return math.Round(math.Max(0.2, math.Min(v, 0.8))*100) / 100
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
