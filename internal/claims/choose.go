package claims

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/ontology"
	"rapport/internal/what"
	"rapport/internal/who"
)

// A candidate is a reading of the recipient that a sentence leaves unsaid: some
// parties, or nobody.
type candidate struct {
	resolved
	features []string
}

// chooser weighs candidates by the sum of their features' weights.
type chooser map[string]int32

//go:embed confidence.tsv
var confidenceTable string

// confidences weighs what a claim rests on. Learnt by TestTrainConfidence.
var confidences = sync.OnceValue(func() chooser { return mustParse("confidence.tsv", confidenceTable) })

func mustParse(name, table string) chooser {
	c, err := parseChooser(name, table)
	if err != nil {
		panic("claims: " + err.Error())
	}
	return c
}

// parseChooser reads lines of a feature and its weight, a tab between; lines
// that open with # are comments.
func parseChooser(name, table string) (chooser, error) {
	c := chooser{}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f, w, ok := strings.Cut(line, "\t")
		v, err := strconv.ParseInt(w, 10, 32)
		if !ok || err != nil {
			return nil, fmt.Errorf("%s:%d: %q is no feature with a weight", name, n+1, line)
		}
		if _, twice := c[f]; twice {
			return nil, fmt.Errorf("%s:%d: %s stands twice", name, n+1, f)
		}
		c[f] = int32(v)
	}
	return c, nil
}

// unit is the weight that makes a candidate e times as likely.
const unit = 256

func (c chooser) score(k *candidate) int32 {
	var s int32
	for _, f := range k.features {
		s += c[f]
	}
	return s
}

// choose returns the best candidate, of equals the first, with its
// probability among all as how sure it is.
func choose(c scorer, cs []candidate) (resolved, int) {
	best, top := 0, int32(math.MinInt32)
	scores := make([]int32, len(cs))
	for i := range cs {
		if scores[i] = c.score(&cs[i]); scores[i] > top {
			best, top = i, scores[i]
		}
	}
	sum := 0.0
	for _, s := range scores {
		sum += math.Exp(float64(s-top) / unit)
	}
	out := cs[best].resolved
	out.guessed = true
	out.sure = math.Round(100/sum) / 100
	return out, best
}

// candidates returns the recipients that act k of sentence si may have: whom its
// slot names, nobody, the actor's own country, parties of the
// sentence, of acts told before, the other side of the relation spoken of, and
// any country of the report. Each carries the ways that lead to it and what
// speaks for it as features.
func (r *reading) candidates(si, k int, made []int, actors []rapport.Party, slot resolved) []candidate {
	a := &r.acts[si][k]
	g := gathering{r: r, si: si, a: a, actors: actors, home: countriesOf(actors), slot: slot}
	if len(slot.parties) > 0 {
		g.add("slot", slot.parties, slot.rule)
		g.add("slot "+slot.rule, slot.parties, "")
		g.add("slot sure "+tenth(slot.sure), slot.parties, "")
		if i := slotHead(a.Recipient); i >= 0 {
			g.add("slot word "+r.trees[si].Tokens[i].Lemma, slot.parties, "")
			g.add("slot tag "+r.trees[si].Tokens[i].UPOS, slot.parties, "")
			if m := r.mention(si, i); m != nil {
				g.add("slot "+fmt.Sprint(m.Kind), slot.parties, "")
			} else {
				g.add("slot unnamed", slot.parties, "")
			}
		}
	}
	g.add("none", nil, "")
	g.self()
	if c := r.byRule(si, k, made, actors); len(c.parties) > 0 {
		g.add("rule", c.parties, c.rule)
		g.add("rule "+strings.TrimPrefix(strings.TrimPrefix(c.rule, "claims/"), "recipient."), c.parties, "")
	}
	if c := r.inClause(si, k, actors); len(c.parties) > 0 {
		g.add("clause", c.parties, c.rule)
	}
	if c := r.coordinated(si, k, made, actors); len(c.parties) > 0 {
		g.add("coordinated", c.parties, c.rule)
	}
	g.relation()
	g.told()
	g.sentence()
	for _, c := range r.leading(6) {
		g.add("report", []rapport.Party{{Country: c, Sector: "GOV"}}, "claims/recipient.report")
	}
	g.describe()
	return g.out
}

// slotHead returns the first token of a slot, -1 of an empty one.
func slotHead(alts [][]int) int {
	for _, alt := range alts {
		if len(alt) > 0 {
			return alt[0]
		}
	}
	return -1
}

// gathering is the candidates of one act in the making.
type gathering struct {
	r      *reading
	si     int
	a      *what.Act
	actors []rapport.Party
	home   []string
	slot   resolved // what the act's own slot names
	out    []candidate
	ways   [][]string
}

// add takes parties that a way leads to; ways that lead to the same countries
// speak for one candidate, whose parties are the first way's.
func (g *gathering) add(way string, ps []rapport.Party, rule string) {
	key := countriesOf(ps)
	for i := range g.out {
		if slices.Equal(countriesOf(g.out[i].parties), key) {
			if !slices.Contains(g.ways[i], way) {
				g.ways[i] = append(g.ways[i], way)
			}
			return
		}
	}
	g.out = append(g.out, candidate{resolved: resolved{parties: slices.Clone(ps), rule: rule}})
	g.ways = append(g.ways, []string{way})
}

// foreign is add for parties other than the actors' countries.
func (g *gathering) foreign(way string, ps []rapport.Party, rule string) {
	if ps = elsewhere(ps, g.actors); len(ps) > 0 {
		g.add(way, ps, rule)
	}
}

// self is the actor's own country: its people for what a government does to
// them, its government for what others say or do.
func (g *gathering) self() {
	if len(g.home) != 1 || !isState(g.home[0]) {
		return
	}
	sector := "GOV"
	if ontology.Quad(g.a.Event) == 4 && g.a.Event != "PROTEST" {
		sector = "CVL"
	} else if g.actors[0].Sector == "GOV" {
		sector = "OPP"
	}
	g.add("self", []rapport.Party{{Country: g.home[0], Sector: sector}}, "claims/recipient.home")
}

// relation adds the other side, or both sides, of the pair spoken of and of the
// two countries named most.
func (g *gathering) relation() {
	for _, w := range []struct {
		name string
		pair []rapport.Party
	}{{"pair", g.r.pairNow(g.si)}, {"top", g.r.topTwo()}} {
		if len(w.pair) != 2 || w.pair[0].Country == w.pair[1].Country {
			continue
		}
		rest := elsewhere(w.pair, g.actors)
		switch len(rest) {
		case 1:
			g.add(w.name, nameless(rest), "claims/recipient.pair")
		case 2:
			g.add(w.name+"both", nameless(rest), "claims/recipient.pair")
		}
	}
	if c := g.r.topic(); c != "" {
		g.foreign("topic", []rapport.Party{{Country: c, Sector: "GOV"}}, "claims/recipient.topic")
	}
}

// told adds the parties of acts told before: whom the actor dealt with last,
// who dealt with it, who did what is now spoken of.
func (g *gathering) told() {
	r := g.r
	g.foreign("deed", r.mainDeed(), "claims/recipient.deed")
	g.foreign("deal", r.anaphor("agreement").parties, "claims/recipient.deal")
	var dealt, reply, last, lastTo bool
	for k := len(r.drafts) - 1; k >= 0; k-- {
		c := &r.drafts[k].claim
		if !last && len(c.Actor) > 0 && !sameCountries(c.Actor, g.actors) {
			last = true
			g.foreign("lastactor", c.Actor, "claims/recipient.last")
		}
		if !lastTo && len(c.Recipient) > 0 {
			lastTo = true
			g.foreign("lastto", c.Recipient, "claims/recipient.last")
		}
		if !dealt && len(c.Recipient) > 0 && sameCountries(c.Actor, g.actors) {
			dealt = true
			g.foreign("dealt", c.Recipient, "claims/recipient.dealt")
		}
		if !reply && len(elsewhere(c.Actor, g.actors)) > 0 && slices.ContainsFunc(c.Recipient, func(p rapport.Party) bool { return slices.Contains(g.home, p.Country) }) {
			reply = true
			g.foreign("reply", c.Actor, "claims/recipient.reply")
			if c.Event == g.a.Event {
				g.foreign("samereply", c.Actor, "claims/recipient.reply")
			}
		}
	}
	if n := len(r.talk.groups); n > 0 {
		g.foreign("group", r.talk.groups[n-1].parties, "claims/recipient.group")
	}
	for k := len(r.talk.states) - 1; k >= 0 && g.si-r.talk.states[k].sentence <= 1; k-- {
		if s := r.talk.states[k]; s.subject {
			g.foreign("subject", []rapport.Party{s.party}, "claims/recipient.subject")
			break
		}
	}
}

// sentence adds the parties that the act's sentence names.
func (g *gathering) sentence() {
	t := g.r.trees[g.si]
	for i := range g.r.cast.Mentions[g.si] {
		m := &g.r.cast.Mentions[g.si][i]
		if m.Kind == who.Unknown {
			continue
		}
		ps := governments(m.Kind, elsewhere(g.r.ofMention(g.si, m, 2).parties, g.actors))
		if len(ps) == 0 {
			continue
		}
		where := "before"
		if m.Head > g.a.Trigger {
			where = "after"
		}
		g.add("in"+where, ps, "claims/recipient.sentence")
		rel := t.Rel(m.Head)
		if c := t.Case(m.Head); c != "" {
			rel += ":" + c
		}
		g.add("as "+rel, ps, "")
		if m.Kind == who.Adjective {
			g.add("adjective", ps, "")
		}
		top := g.a.Trigger
		if g.a.Verb >= 0 {
			top = g.a.Verb
		}
		g.add("path "+pathBetween(t, m.Head, top), ps, "")
		if t.Under(m.Head, top) {
			g.add("under "+t.Case(m.Head), ps, "")
		}
	}
}

// pathBetween tells how token i stands to token top: the arcs up from i to what
// the two have in common, and down from there to top.
func pathBetween(t *language.Tree, i, top int) string {
	name := func(k int) string {
		rel := t.Rel(k)
		if c := t.Case(k); c != "" {
			rel += ":" + c
		}
		return rel
	}
	for up, x := []string(nil), i; x >= 0; x = t.Tokens[x].Head {
		if x == top {
			return strings.Join(up, "<")
		}
		down := []string(nil)
		for y := top; y >= 0; y = t.Tokens[y].Head {
			if y == x {
				return strings.Join(up, "<") + "^" + strings.Join(down, ">")
			}
			if len(down) == 2 {
				break
			}
			down = append(down, t.Rel(y))
		}
		if len(up) == 3 {
			break
		}
		up = append(up, name(x))
	}
	return "far"
}

// leading returns the n countries named most, most named first.
func (r *reading) leading(n int) []string {
	var cs []string
	for c := range r.focus {
		cs = append(cs, c)
	}
	sort.Slice(cs, func(i, j int) bool {
		if r.focus[cs[i]] != r.focus[cs[j]] {
			return r.focus[cs[i]] > r.focus[cs[j]]
		}
		return cs[i] < cs[j]
	})
	return cs[:min(n, len(cs))]
}

// shapeOf tells whom a claim's act was done to: "home", "abroad", "many", "none".
func shapeOf(c *rapport.Claim) string {
	switch cs := countriesOf(c.Recipient); {
	case len(cs) == 0:
		return "none"
	case len(cs) > 1:
		return "many"
	case slices.Equal(cs, countriesOf(c.Actor)):
		return "home"
	}
	return "abroad"
}

// about is what an act's words tell besides its parties: its objects and what
// they are of, by role.
func (g *gathering) about() (out []string) {
	t := g.r.trees[g.si]
	var add func(i int, role string, deep bool)
	add = func(i int, role string, deep bool) {
		for _, k := range t.Kids(i) {
			tok := &t.Tokens[k]
			rel := t.Rel(int(k))
			switch rel {
			case "obj", "iobj", "xcomp", "ccomp", "obl", "nmod", "compound", "amod", "acl":
			default:
				continue
			}
			if rel == "obl" || rel == "nmod" {
				if rel = t.Case(int(k)); rel == "" {
					continue
				}
			}
			if tok.UPOS == "NOUN" || tok.UPOS == "VERB" || tok.UPOS == "ADJ" {
				out = append(out, role+rel+" "+tok.Lemma)
				if deep {
					add(int(k), role+rel+">", false)
				}
			} else {
				out = append(out, role+rel+" "+tok.UPOS)
			}
		}
	}
	if g.a.Verb >= 0 {
		add(g.a.Verb, "", true)
	}
	if g.a.Trigger != g.a.Verb {
		add(g.a.Trigger, "", true)
	}
	return out
}

// describe gives every candidate its features.
func (g *gathering) describe() {
	r := g.r
	lead := r.leading(len(r.focus))
	all := 0
	for _, n := range r.focus {
		all += n
	}
	two := len(lead) >= 2 && 10*(r.focus[lead[0]]+r.focus[lead[1]]) >= 7*all
	actorTop := len(g.home) == 1 && slices.Contains(lead[:min(2, len(lead))], g.home[0])
	named := false
	for _, ws := range g.ways {
		named = named || slices.Contains(ws, "inafter") || slices.Contains(ws, "inbefore")
	}
	sector := "state"
	switch s := g.actors[0].Sector; {
	case !isState(g.home[0]):
		sector = "body"
	case s == "OPP" || s == "REB":
		sector = s
	case private[s]:
		sector = "private"
	case s == "MIL" || s == "COP":
		sector = "force"
	}
	about := g.about()
	lastWas := "first"
	if n := len(r.drafts); n > 0 {
		lastWas = shapeOf(&r.drafts[n-1].claim)
		if sameCountries(r.drafts[n-1].claim.Actor, g.actors) {
			lastWas += " same"
		}
	}
	quoted := r.quoteAt(g.si, g.a.Trigger) >= 0
	for i := range g.out {
		c := &g.out[i]
		cs := countriesOf(c.parties)
		kind := "one"
		switch {
		case len(cs) == 0:
			kind = "none"
		case slices.Equal(cs, g.home):
			kind = "self"
		case len(cs) > 1:
			kind = "many"
		case !isState(cs[0]):
			kind = "body"
		}
		f := func(parts ...string) { c.features = append(c.features, strings.Join(parts, " ")) }
		f(kind)
		f(kind, g.a.Event)
		f(kind, sector)
		f(kind, g.a.Rule.ID)
		f(kind, "by", r.trees[g.si].Tokens[g.a.Trigger].Lemma)
		for _, w := range about {
			f(kind, w)
		}
		f(kind, "last", lastWas)
		f(kind, sector, g.a.Event)
		if g.a.Mode != "" {
			f(kind, g.a.Event, g.a.Mode, sector)
		}
		if quoted {
			f(kind, "quoted")
		}
		if len(g.home) == 1 {
			f(kind, "actor rank", strconv.Itoa(min(3, slices.Index(lead, g.home[0]))))
			if g.home[0] == r.home {
				f(kind, "actor home")
			}
		}
		if g.a.Verb < 0 {
			f(kind, "noun")
		}
		if named {
			f(kind, "named")
		}
		if len(g.slot.parties) > 0 {
			f(kind, "slot")
		}
		if two && actorTop {
			f(kind, "two")
		} else if two {
			f(kind, "third")
		}
		if g.a.Comp >= 0 || g.a.Inner >= 0 {
			f(kind, "content")
		}
		switch n := len(r.focus); {
		case n <= 2:
			f(kind, "few")
		case n >= 6:
			f(kind, "many")
		}
		for _, w := range g.ways[i] {
			f("way", w)
			f("way", w, g.a.Event)
			if two && actorTop {
				f("way", w, "two")
			}
		}
		if kind == "one" {
			rank := slices.Index(lead, cs[0])
			switch {
			case rank < 0:
				f("rank", "unnamed")
			case rank < 3:
				f("rank", strconv.Itoa(rank+1))
			default:
				f("rank", "low")
			}
			if rank >= 0 && 2*r.focus[cs[0]] >= all {
				f("half")
			}
			if cs[0] == r.home {
				f("home", sector)
			}
			last, role := r.lastNamed(g.si, cs[0])
			d := "never"
			if last >= 0 {
				d = strconv.Itoa(min(4, g.si-last))
			}
			f("ago", d)
			f("ago", d, role)
			f("ago", g.a.Event, d)
			f("told as", r.toldAs(cs[0]))
			f("first", strconv.FormatBool(r.namedIn(0, cs[0])))
			g.nearest(c, cs[0])
		}
		if kind != "none" {
			g.dealings(c, about)
		}
	}
}

// nearest tells of a candidate how far from the act the sentence names it, and how
// many other parties stand between.
func (g *gathering) nearest(c *candidate, country string) {
	f := func(parts ...string) { c.features = append(c.features, strings.Join(parts, " ")) }
	ms := g.r.cast.Mentions[g.si]
	at := -1
	away := func(i int) int { return max(ms[i].Head-g.a.Trigger, g.a.Trigger-ms[i].Head) }
	for i := range ms {
		if namesCountry(&ms[i], country) {
			f("named as", fmt.Sprint(ms[i].Kind), g.a.Event)
			if at < 0 || away(i) < away(at) {
				at = i
			}
		}
	}
	if at < 0 {
		return
	}
	side, d := "after", away(at)
	if ms[at].Head < g.a.Trigger {
		side = "before"
	}
	if d > 3 {
		d = min(12, d/3*3)
	}
	f("near", side, strconv.Itoa(d))
	between := 0
	for i := range ms {
		if len(ms[i].Parties) > 0 && (ms[i].Head-g.a.Trigger)*(ms[at].Head-g.a.Trigger) > 0 && away(i) < away(at) {
			between++
		}
	}
	f("between", side, strconv.Itoa(min(3, between)))
}

// dealings tells what a candidate and the actor did to each other before, and
// whether it did, or suffered, what the act's words point back to: "condemned the
// strikes".
func (g *gathering) dealings(c *candidate, about []string) {
	r, cs := g.r, countriesOf(c.parties)
	f := func(parts ...string) { c.features = append(c.features, strings.Join(parts, " ")) }
	inner := ""
	if g.a.Inner >= 0 {
		inner = r.acts[g.si][g.a.Inner].Event
	}
	to, from, innerTold := 0, 0, false
	for k := len(r.drafts) - 1; k >= 0; k-- {
		d := &r.drafts[k]
		by, on := slices.Equal(countriesOf(d.claim.Actor), cs), slices.Equal(countriesOf(d.claim.Recipient), cs)
		if by && slices.Equal(countriesOf(d.claim.Recipient), g.home) {
			from++
		}
		if on && slices.Equal(countriesOf(d.claim.Actor), g.home) {
			to++
		}
		role := ""
		switch {
		case by:
			role = "by"
		case on:
			role = "on"
		}
		if d.claim.Event == inner && !innerTold {
			innerTold = true
			if role != "" {
				f("inner", role)
				f("inner", role, inner)
			}
		}
		word := r.trees[d.sentence].Tokens[d.trigger].Lemma
		if role != "" && slices.ContainsFunc(about, func(w string) bool { return strings.HasSuffix(w, " "+word) }) {
			f("word", role)
		}
	}
	did, got := strconv.Itoa(min(3, from)), strconv.Itoa(min(3, to))
	f("did to it", did)
	f("got from it", got)
	f("dealings", did, got, g.a.Event)
}

// lastNamed returns the last sentence before si that names a country, -1 for none,
// and as what.
func (r *reading) lastNamed(si int, country string) (sentence int, role string) {
	for k := si - 1; k >= 0; k-- {
		for i := range r.cast.Mentions[k] {
			m := &r.cast.Mentions[k][i]
			if namesCountry(m, country) {
				return k, r.trees[k].Rel(m.Head)
			}
		}
	}
	return -1, "never"
}

func (r *reading) namedIn(si int, country string) bool {
	for i := range r.cast.Mentions[si] {
		if namesCountry(&r.cast.Mentions[si][i], country) {
			return true
		}
	}
	return false
}

func namesCountry(m *who.Mention, country string) bool {
	return slices.ContainsFunc(m.Parties, func(p rapport.Party) bool { return p.Country == country })
}

// toldAs returns as what the report names a country at most: a place is where
// things happen, not who has a part in them.
func (r *reading) toldAs(country string) string {
	most := "never"
	for k := range r.cast.Mentions {
		for i := range r.cast.Mentions[k] {
			m := &r.cast.Mentions[k][i]
			if !namesCountry(m, country) {
				continue
			}
			switch m.Kind {
			case who.Place, who.Capital:
				if most == "never" {
					most = "place"
				}
			case who.Adjective:
				if most == "never" || most == "place" {
					most = "adjective"
				}
			default:
				return "party"
			}
		}
	}
	return most
}
