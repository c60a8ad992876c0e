package what

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport/internal/language"
	"rapport/internal/ontology"
)

// The classifier beside the rules: it reads verbs and nouns that no rule takes,
// by the words around them, and gives those that may tell an act a code; whether they
// do is weighed once their parties are known.
// Linear, in whole numbers, so that it says the same on every machine. Its
// weights are learnt from labelled passages by TestTrainLearnt and stand in
// learnt.tsv.gz.

//go:embed learnt.tsv.gz
var learntPacked []byte

// learntTable unpacks the table: gzip -dc learnt.tsv.gz shows it.
func learntTable() (string, error) { return unpack(learntPacked) }

func unpack(packed []byte) (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(z)
	return string(b), err
}

// learntTaker is what is learnt: for each feature the weights of "none" and of the
// events, in steps of [Step], and those of the modes of each event, in 1/Unit of a
// nat. Small weights matter: where those under a fifth of a nat were left out, and
// labels were events with their modes, F1 of the words that no rule takes was .335
// on passages held back, as it is .386, from a smaller table.
type learntTaker struct {
	events []string // "none" first
	rules  []*Rule  // one a label
	labels []string // of the rules: "EVENT:mode", "EVENT:" without one
	words  map[string][]int8
	modes  map[string][]labelWeight
	margin int32 // by how much an event must lead "none", in 1/Unit of a nat
}

type labelWeight struct {
	label  int16
	weight int32
}

// Step is what the weights of events are told in, in 1/[Unit] of a nat.
const Step = 18

// Unit is the weight that makes a label e times as likely.
const Unit = 256

var learntActs = sync.OnceValue(func() *learntTaker {
	table, err := learntTable()
	var l *learntTaker
	if err == nil {
		l, err = parseLearnt("learnt.tsv", table)
	}
	if err != nil {
		panic("embedded weights: " + err.Error()) // held by TestLearntTable
	}
	return l
})

// parseLearnt reads the table: comment lines, a line "margin N", a line "events",
// then lines of a feature, its weights for none and the events by spaces, and
// "EVENT:mode:weight" by spaces, a tab between.
func parseLearnt(name, table string) (*learntTaker, error) {
	l := &learntTaker{words: map[string][]int8{}, modes: map[string][]labelWeight{}}
	for n, line := range strings.Split(table, "\n") {
		where := fmt.Sprintf("%s:%d", name, n+1)
		if line == "" || line[0] == '#' {
			continue
		}
		fs := strings.Split(line, "\t")
		if len(fs) < 2 {
			return nil, fault(where, "want a feature, a tab and weights")
		}
		switch fs[0] {
		case "margin":
			v, err := strconv.ParseInt(fs[1], 10, 32)
			if err != nil {
				return nil, fault(where, "margin wants a number, got %q", fs[1])
			}
			l.margin = int32(v)
			continue
		case "events":
			l.events = strings.Fields(fs[1])
			for k, e := range l.events {
				if _, ok := ontology.TypeOf(e); ok == (k == 0) {
					return nil, fault(where, "%q is no event type", e)
				}
				if k > 0 {
					l.labelOf(e+":", where)
				}
			}
			continue
		}
		var ws []int8
		for _, w := range strings.Fields(fs[1]) {
			v, err := strconv.ParseInt(w, 10, 8)
			if err != nil {
				return nil, fault(where, "%q is no weight", w)
			}
			ws = append(ws, int8(v))
		}
		if len(ws) != len(l.events) || len(ws) == 0 {
			return nil, fault(where, "%d weights of %d events", len(ws), len(l.events))
		}
		l.words[fs[0]] = ws
		if len(fs) < 3 {
			continue
		}
		for _, lw := range strings.Fields(fs[2]) {
			k := strings.LastIndexByte(lw, ':')
			if k < 0 || !slices.Contains(l.events[1:], lw[:max(0, strings.IndexByte(lw, ':'))]) || strings.Count(lw, ":") != 2 {
				return nil, fault(where, "%q is no event:mode:weight", lw)
			}
			v, err := strconv.ParseInt(lw[k+1:], 10, 32)
			if err != nil {
				return nil, fault(where, "%q is no event:mode:weight", lw)
			}
			l.modes[fs[0]] = append(l.modes[fs[0]], labelWeight{l.labelOf(lw[:k], where), int32(v)})
		}
	}
	return l, nil
}

// labelOf returns the number of an event with its mode, which it adds.
func (l *learntTaker) labelOf(name, where string) int16 {
	if k := slices.Index(l.labels, name); k >= 0 {
		return int16(k)
	}
	event, mode, _ := strings.Cut(name, ":")
	l.labels = append(l.labels, name)
	l.rules = append(l.rules, &Rule{ID: "learnt." + strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(name, ":", "-")), "-"), Event: event, Mode: mode, CAMEO: ontology.DefaultCAMEO(event, mode, ""), AboutInner: wantsAbout(event), Source: "learnt from labelled passages", where: where})
	return int16(len(l.labels) - 1)
}

func wantsAbout(event string) bool {
	return event == "AGREE" || event == "REQUEST" || event == "REJECT" || event == "THREATEN"
}

// weigh returns what the clues come to for none and each event, in 1/Unit of a nat.
func (l *learntTaker) weigh(clues []string) []int32 {
	scores := make([]int32, len(l.events))
	for _, c := range clues {
		for k, w := range l.words[c] {
			scores[k] += int32(w) * Step
		}
	}
	return scores
}

// take returns the event that the clues speak for, 0 for none.
func (l *learntTaker) take(clues []string) int {
	scores := l.weigh(clues)
	best := 0
	for k := 1; k < len(scores); k++ {
		if scores[k] >= scores[0]+l.margin && (best == 0 || scores[k] > scores[best]) {
			best = k
		}
	}
	return best
}

// mode returns the label of an event with the mode that the clues speak for most.
func (l *learntTaker) mode(event int, clues []string) int {
	scores := make([]int32, len(l.labels))
	for _, c := range clues {
		for _, lw := range l.modes[c] {
			scores[lw.label] += lw.weight
		}
	}
	best := -1
	for k, name := range l.labels {
		if strings.HasPrefix(name, l.events[event]+":") && (best < 0 || scores[k] > scores[best]) {
			best = k
		}
	}
	return best
}

// verbSlots and nounSlots are where the parties of an act that no rule reads
// stand, by event type; "" for all others.
var verbSlots = map[string]*pattern{
	"":        {actor: paths("subj"), recipient: paths("obj,iobj,to,on,with,against,at,from,for,into,obj.of,obj.to,obj.on,obj.with,obj.against,obj.for,obj.in,in"), content: paths("comp,obj")},
	"CONSULT": {actor: paths("subj"), both: paths("with,obj,obj.with,obj.between,between,to"), content: paths("comp")},
	"AID":     {actor: paths("subj"), recipient: paths("to,iobj,for,obj.to,obj.for,obj.of,obj,in,obj.in"), content: paths("comp")},
	"visit":   {actor: paths("subj"), recipient: paths("to,obj,in,at,obj.of,obj.in,with"), content: paths("comp")},
}

var nounSlots = map[string]*pattern{
	"":        {actor: paths("poss,by,of,mod"), recipient: paths("against,on,to,with,of,for,from,in,over"), content: paths("comp,of,for")},
	"CONSULT": {actor: paths("poss,by,of,mod,between"), both: paths("with,between,to"), content: paths("comp")},
}

func init() {
	for _, m := range []map[string]*pattern{verbSlots, nounSlots} {
		for _, p := range m {
			p.rank = -40
		}
	}
}

// tradeWords tell of economic cooperation (CAMEO 061).
var tradeWords = lexicon.Words("tradeWords")

func slotsOf(m map[string]*pattern, r *Rule) *pattern {
	if r.Mode == "visit" && m["visit"] != nil {
		return m["visit"]
	}
	if p := m[r.Event]; p != nil {
		return p
	}
	return m[""]
}

// learn adds the acts that no rule found to those that rules found.
func (b *book) learn(t *tree, acts []Act, who Namer) []Act {
	l := learntActs()
	taken := make([]bool, len(t.Tokens))
	for i := range acts {
		for _, w := range acts[i].Words {
			taken[w] = true
		}
		for _, w := range acts[i].used {
			taken[w] = true
		}
	}
	found := false
	for i := range t.Tokens {
		if taken[i] || !Candidate(&t.Tokens[i]) || b.tells(key(&t.Tokens[i])) {
			continue
		}
		if t.Tokens[i].UPOS != "VERB" && l.words["w "+key(&t.Tokens[i])] == nil {
			continue // a noun that told no act in any passage
		}
		clues := b.clues(t, i, who)
		k := l.take(clues)
		if k == 0 {
			continue
		}
		r := l.rules[l.mode(k, clues)]
		a := Act{Rule: r, Trigger: i, Verb: -1, Event: r.Event, Mode: r.Mode, CAMEO: r.CAMEO, Inner: -1, Outer: -1, Comp: -1, Words: []int{i}}
		if r.Event == "COOPERATE" && tradeWords[key(&t.Tokens[i])] {
			a.CAMEO = "061"
		}
		if t.Tokens[i].UPOS == "VERB" {
			a.Verb = i
			a.Pattern = slotsOf(verbSlots, r)
		} else {
			a.Pattern = slotsOf(nounSlots, r)
			if v := t.lightVerb(i); v >= 0 && !taken[v] {
				a.Verb = v
				a.Pattern = slotsOf(verbSlots, r)
				a.Words = append(a.Words, v)
				slices.Sort(a.Words)
			}
		}
		a.Actor = t.slot(a.Pattern.actor, i, a.Verb)
		a.Recipient = t.slot(a.Pattern.recipient, i, a.Verb)
		a.Both = t.slot(a.Pattern.both, i, a.Verb)
		acts = append(acts, a)
		for _, w := range a.Words {
			taken[w] = true
		}
		found = true
	}
	if found {
		slices.SortStableFunc(acts, func(x, y Act) int { return x.Trigger - y.Trigger })
	}
	return acts
}

// tells reports whether a word only says how another act is told: "no evidence
// that Iran attacked", "refrained from attacking".
func (b *book) tells(word string) bool {
	return b.gov.of(word) != nil || keptFrom[word] || thinkable[word] || intended[word] || word == "evidence" || word == "proof" || word == "sign" || word == "indication" || word == "fact"
}

// Candidate reports whether a word can tell an act: verbs and common nouns, but
// those that serve other words.
func Candidate(tok *language.Token) bool {
	switch tok.UPOS {
	case "VERB":
		switch tok.Lemma {
		case "say", "be", "have", "do":
			return false
		}
		return true
	case "NOUN":
		return true
	}
	return false
}

// A Namer tells whom token i of a sentence names: a country's or international
// code and a sector, "" for nobody. What finds acts does not know who is who.
type Namer func(i int) (country, sector string)

// Clues returns the features of token i of a sentence, for training.
func Clues(s *language.Sentence, i int, who Namer) []string {
	return rules().clues(newTree(s), i, who)
}

// Lead returns by how much the words around token i speak for its telling an event
// rather than nothing, in 1/[Unit] of a nat, and the event they speak for most,
// "none" for nothing.
func Lead(s *language.Sentence, i int, event string, who Namer) (lead int32, best string) {
	l := learntActs()
	scores := l.weigh(Clues(s, i, who))
	of := slices.Index(l.events, event)
	return scores[of] - scores[0], l.events[slices.Index(scores, slices.Max(scores))]
}

// Grounds returns what spoke most for an act that no rule found, strongest first:
// features of [Clues], at most n; nil for an act of a rule.
func Grounds(s *language.Sentence, a *Act, who Namer, n int) []string {
	l := learntActs()
	if !slices.Contains(l.rules, a.Rule) {
		return nil
	}
	event := slices.Index(l.events, a.Rule.Event)
	weigh := func(clue string) int {
		ws := l.words[clue]
		if ws == nil {
			return 0
		}
		return int(ws[event]) - int(ws[0])
	}
	clues := Clues(s, a.Trigger, who)
	slices.SortStableFunc(clues, func(x, y string) int { return weigh(y) - weigh(x) })
	clues = slices.Compact(clues)
	return clues[:min(n, len(clues))]
}

// ModalityOf returns how the sentence presents token i, for training.
func ModalityOf(s *language.Sentence, i int) Modality {
	b, t := rules(), newTree(s)
	a := Act{Rule: &Rule{}, Trigger: i, Verb: -1, Inner: -1, Outer: -1, Comp: -1}
	if t.Tokens[i].UPOS == "VERB" {
		a.Verb = i
	}
	return b.modality(t, &a)
}

// content are the parts of speech that a bag of words takes.
func contentWord(tok *language.Token) bool {
	return tok.UPOS == "NOUN" || tok.UPOS == "VERB" || tok.UPOS == "ADJ"
}

// clues are the features of token i: itself, its arguments by role with the kinds of
// words that the rules know, the words it stands under and those in its clause.
func (b *book) clues(t *tree, i int, who Namer) []string {
	tok := &t.Tokens[i]
	l := key(tok)
	part := "n"
	if tok.UPOS == "VERB" {
		part = "v"
	}
	out := []string{"bias", "bias " + part, "w " + l, "w " + part + " " + l, "tag " + tok.XPOS, "rel " + t.Rel(i)}
	for _, k := range b.kinds[l] {
		out = append(out, "kind "+part+" "+k)
	}
	f := t.frame(i)
	named := map[string]string{} // by role, the country of whom it names
	arg := func(role string, a int, deep bool) {
		at := &t.Tokens[a]
		al := key(at)
		if who != nil {
			if c, sector := who(a); c != "" {
				if !ontology.IsInternational(c) {
					c = "state"
				}
				out = append(out, "names "+role+" "+c, "names "+role+" "+sector, "w+names "+l+" "+role+" "+sector)
				if _, seen := named[role]; !seen {
					named[role], _ = who(a)
				}
			} else {
				out = append(out, "nobody "+role, "w+nobody "+l+" "+role)
			}
		}
		shape := at.UPOS
		out = append(out, "role "+part+" "+role, "role "+part+" "+role+" "+shape, "w+role "+l+" "+role)
		if shape == "PROPN" || shape == "PRON" || shape == "NUM" {
			out = append(out, "w+shape "+l+" "+role+" "+shape)
		} else {
			out = append(out, "arg "+role+" "+al, "w+arg "+l+" "+role+" "+al)
			for _, k := range b.kinds[al] {
				out = append(out, "kind "+part+" "+role+" "+k, "w+kind "+l+" "+role+" "+k)
			}
		}
		if deep {
			for _, k := range t.Kids(a) {
				switch t.Rel(int(k)) {
				case "amod", "compound", "nmod":
					kl := key(&t.Tokens[k])
					if t.Tokens[k].UPOS == "PROPN" {
						kl = "PROPN"
					}
					out = append(out, "mod "+role+" "+kl)
					for _, kk := range b.kinds[kl] {
						out = append(out, "kindmod "+role+" "+kk)
					}
				}
			}
		}
	}
	for _, r := range f.roles {
		for n, a := range r.args {
			if n < 2 {
				arg(r.name, a, r.name == "obj" || r.name == "subj" || r.name == "comp")
			}
		}
	}
	if subj := named["subj"]; subj != "" {
		for _, r := range [...]string{"obj", "iobj", "to", "with", "on", "from", "against", "in", "for"} {
			if c := named[r]; c != "" {
				same := "abroad"
				if c == subj {
					same = "home"
				}
				out = append(out, same, same+" "+r, "w+"+same+" "+l)
			}
		}
	}
	if part == "n" {
		if v := t.lightVerb(i); v >= 0 {
			out = append(out, "light "+t.Tokens[v].Lemma, "w+light "+l+" "+t.Tokens[v].Lemma)
		}
	} else if t.passive(i) {
		out = append(out, "passive", "w+passive "+l)
	}
	if h := tok.Head; h >= 0 {
		hl := key(&t.Tokens[h])
		out = append(out, "head "+hl+" "+t.Rel(i))
		for _, k := range b.kinds[hl] {
			out = append(out, "headkind "+t.Rel(i)+" "+k)
		}
	} else {
		out = append(out, "root")
	}
	seen := map[string]bool{}
	for k := range t.Tokens { // the words near
		if k == i || !contentWord(&t.Tokens[k]) {
			continue
		}
		kl := key(&t.Tokens[k])
		if seen[kl] {
			continue
		}
		seen[kl] = true
		if t.Under(k, i) {
			out = append(out, "under "+kl)
		} else if k > i-6 && k < i+6 {
			out = append(out, "near "+kl)
		}
	}
	return out
}

// indexKinds notes of every word which rules and classes it belongs to.
func (b *book) indexKinds(classes map[string][]string) {
	b.kinds = map[string][]string{}
	add := func(w, kind string) {
		if !slices.Contains(b.kinds[w], kind) {
			b.kinds[w] = append(b.kinds[w], kind)
		}
	}
	names := make([]string, 0, len(classes))
	for c := range classes {
		names = append(names, c)
	}
	slices.Sort(names)
	for _, c := range names {
		for _, w := range classes[c] {
			add(w, "$"+c)
		}
	}
	for _, r := range b.rules {
		for _, p := range r.patterns {
			switch p.kind {
			case lightPattern:
				for _, w := range sorted(p.nouns) {
					add(w, r.Event)
				}
			default:
				for _, w := range p.words {
					add(w, r.Event)
				}
			}
		}
	}
}

func sorted(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for w := range m {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}
