package claims

import (
	_ "embed"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/who"
)

// discourse is who was spoken of up to here: what pronouns and epithets point
// back to.
type discourse struct {
	persons []told // single persons, latest last
	states  []told // countries and bodies standing for themselves, latest last
	groups  []group
	pair    []rapport.Party // the two sides last seen acting together
	paired  int             // in which sentence
}

// group is several parties told together.
type group struct {
	parties  []rapport.Party
	sentence int
	subject  bool
}

type told struct {
	party    rapport.Party
	sentence int
	subject  bool
	main     bool // subject of its sentence's main clause
	several  bool // told in the plural: "the soldiers"
}

// resolved is what an argument stands for.
type resolved struct {
	parties []rapport.Party
	sure    float64 // 0 … 1
	rule    string
	guessed bool // by the discourse, not by the act's own words
}

func (a *resolved) add(b resolved) {
	for _, p := range b.parties {
		a.parties = addParty(a.parties, p)
	}
	if len(b.parties) > 0 {
		if a.sure == 0 || b.sure < a.sure {
			a.sure = b.sure
		}
		if a.rule == "" {
			a.rule = b.rule
		}
	}
}

// addParty appends p unless the list holds it; a name joins a nameless entry
// of the same country and sector.
func addParty(ps []rapport.Party, p rapport.Party) []rapport.Party {
	if p.Country == "" {
		return ps
	}
	for i, q := range ps {
		if q.Country == p.Country && q.Sector == p.Sector && (q.Name == p.Name || p.Name == "") {
			return ps
		}
		if q.Country == p.Country && q.Sector == p.Sector && q.Name == "" {
			ps[i] = p
			return ps
		}
	}
	return append(ps, p)
}

// mention returns the mention that token i of sentence si heads or lies in.
func (r *reading) mention(si, i int) *who.Mention {
	ms := r.cast.Mentions[si]
	for k := range ms {
		if ms[k].First <= i && i < ms[k].Last {
			return &ms[k]
		}
	}
	return nil
}

// parties resolves the argument at token i of sentence si with what is
// coordinated with it.
func (r *reading) parties(si, i, depth int) resolved {
	var out resolved
	if depth > 6 || r.nested > 8 {
		return out
	}
	r.nested++ // references can run in circles: "his colleague" of "her counterpart"
	defer func() { r.nested-- }()
	t := r.trees[si]
	m := r.mention(si, i)
	if m != nil && m.First <= i && i < m.Last && t.Tokens[i].UPOS == "PRON" && i != m.Head {
		return r.pronoun(si, i) // "his" in "his Saudi colleague"
	}
	if m != nil && r.heads(si, m, i) {
		out.add(r.ofMention(si, m, depth))
		if len(out.parties) == 0 && m.Kind == who.Unknown {
			out.add(r.placed(si, i))
		}
		for k := m.First; k < m.Last; k++ {
			for _, c := range t.Kids(k) {
				if int(c) >= m.First && int(c) < m.Last || t.Verbal(int(c)) {
					continue
				}
				if t.Rel(int(c)) == "conj" || t.Rel(int(c)) == "appos" && r.listed(si, m, int(c)) {
					out.add(r.parties(si, int(c), depth+1))
				}
			}
		}
		return out
	}
	out.add(r.bare(si, i, depth))
	if len(out.parties) == 0 {
		out.add(r.placed(si, i))
	}
	if len(out.parties) == 0 {
		for _, c := range t.Kids(i) { // "HMNZS Aotearoa": the name's later part is known
			if m := r.mention(si, int(c)); m != nil && t.Rel(int(c)) == "flat" {
				out.add(r.ofMention(si, m, depth))
				break
			}
		}
	}
	for _, c := range t.Kids(i) {
		if t.Rel(int(c)) == "conj" && !t.Verbal(int(c)) {
			out.add(r.parties(si, int(c), depth+1))
		}
	}
	return out
}

// listed reports whether what is parsed as an apposition to mention m at token i
// is the next of a list: a different person, "President Tshisekedi of the Congo,
// President Ndayishimiye of Burundi and", or a different country.
func (r *reading) listed(si int, m *who.Mention, i int) bool {
	n := r.mention(si, i)
	if n == nil || n == m || n.Head != i || len(n.Parties) != 1 || len(m.Parties) != 1 {
		return false
	}
	p, q := n.Parties[0], m.Parties[0]
	switch n.Kind {
	case who.Person:
		return m.Kind == who.Person && p.Name != q.Name && p.Country != q.Country
	case who.Country, who.Capital:
		return (m.Kind == who.Country || m.Kind == who.Capital) && p.Country != q.Country
	}
	return false
}

// placed reads a place that is no party of its own, "visited Lumbini", as the
// state it lies in.
func (r *reading) placed(si, i int) resolved {
	if strings.HasPrefix(r.trees[si].Tokens[i].Rel, "nsubj") {
		return resolved{} // a place does nothing
	}
	for k := range r.places[si] {
		pl := &r.places[si][k]
		if pl.First <= i && i < pl.Last && isState(pl.Place.Country) && pl.Confidence >= 0.5 {
			return resolved{parties: []rapport.Party{{Country: pl.Place.Country, Sector: "GOV", Text: r.words(si, pl.First, pl.Last)}}, sure: 0.6, rule: pl.Rule}
		}
	}
	return resolved{}
}

// heads reports whether an argument at token i is the mention m itself and not
// a noun that m only modifies.
func (r *reading) heads(si int, m *who.Mention, i int) bool {
	if m.Head == i || m.Kind != who.Adjective {
		return true
	}
	return i == m.First && m.Last == m.First+1
}

// ofMention returns the parties of a mention, completed from the report where
// its words alone do not tell the country.
func (r *reading) ofMention(si int, m *who.Mention, depth int) resolved {
	out := resolved{sure: m.Confidence, rule: m.Rule}
	if allCountryless(m.Parties) {
		if e := r.epithet(si, m.Head); len(e.parties) > 0 {
			return e
		}
	}
	if m.Kind == who.Unknown && allCountryless(m.Parties) || m.Role == "party" && m.Plural && allCountryless(m.Parties) && m.Definite {
		return resolved{} // "the parties" to a conflict, if not the two sides told
	}
	for _, p := range m.Parties {
		if m.Kind == who.Place && p.Sector == "" {
			p.Sector = "GOV"
		}
		if p.Country == "" && m.Plural {
			if ps := r.each(si, m, p, depth); len(ps) > 1 {
				for _, q := range ps {
					out.parties = addParty(out.parties, q)
				}
				out.sure *= 0.9
				continue
			}
		}
		if p.Country == "" {
			p = r.complete(si, m, p, depth)
			out.sure *= 0.8
		}
		if p.Country != "" {
			out.parties = addParty(out.parties, p)
		}
	}
	return out
}

// each gives a plural role the countries it is told to be of: "the regimes in
// Burkina Faso, Mali and Niger", "the leaders of Chad and Sudan".
func (r *reading) each(si int, m *who.Mention, p rapport.Party, depth int) []rapport.Party {
	t := r.trees[si]
	var out []rapport.Party
	for _, k := range t.Kids(m.Head) {
		c := t.Case(int(k))
		if t.Rel(int(k)) != "nmod" || c != "of" && c != "in" && c != "from" {
			continue
		}
		var of resolved
		if int(k) >= m.First && int(k) < m.Last {
			if p.Sector == "MIL" { // "warships of both sides"
				of = r.epithet(si, int(k))
			}
		} else {
			of = r.parties(si, int(k), depth+1)
		}
		for _, q := range of.parties {
			if isState(q.Country) {
				out = addParty(out, rapport.Party{Country: q.Country, Sector: p.Sector, Office: p.Office, Text: p.Text})
			}
		}
	}
	return out
}

func allCountryless(ps []rapport.Party) bool {
	for _, p := range ps {
		if p.Country != "" {
			return false
		}
	}
	return true
}

// complete gives a role without a country ("the Foreign Ministry", "his army",
// "the president") the country, and where one person is meant the name, that
// the report tells.
func (r *reading) complete(si int, m *who.Mention, p rapport.Party, depth int) rapport.Party {
	t := r.trees[si]
	for k := m.First; k < m.Last; k++ { // "its army", "the army of the emirate"
		if t.Tokens[k].Rel == "nmod:poss" && t.Tokens[k].UPOS == "PRON" {
			if a := r.pronoun(si, k); len(a.parties) > 0 {
				p.Country = a.parties[0].Country
				return p
			}
		}
	}
	for _, k := range t.Kids(m.Head) { // "the Andean country's ambassador"
		if t.Tokens[k].Rel == "nmod:poss" {
			if a := r.described(si, int(k)); len(a.parties) == 1 {
				p.Country = a.parties[0].Country
				return p
			}
		}
	}
	for _, k := range t.Kids(m.Head) {
		if c := t.Case(int(k)); t.Rel(int(k)) == "nmod" && (c == "of" || c == "in" || c == "from") && (int(k) < m.First || int(k) >= m.Last) {
			if a := r.parties(si, int(k), depth+1); len(a.parties) > 0 && isState(a.parties[0].Country) {
				p.Country = a.parties[0].Country
				return p
			}
		}
	}
	if h := t.Tokens[m.Head].Head; h >= 0 && h < m.First && t.Rel(m.Head) == "conj" && (!m.Definite || p.Sector == "LEG" || p.Sector == "GOV") { // "Chinese aircraft and warships", "the president of Chile and the Speaker"
		if n := r.mention(si, h); n != nil && n != m && (n.Kind == who.Role && !m.Definite || n.Kind == who.Person && n.Parties[0].Office != "" || n.Kind == who.Role && m.Definite && n.Plural == m.Plural) && len(n.Parties) == 1 && isState(n.Parties[0].Country) {
			p.Country = n.Parties[0].Country
			return p
		}
	}
	if !m.Plural && m.Kind == who.Role {
		for k := len(r.talk.persons) - 1; k >= 0; k-- { // "the prime minister": whoever was called that
			q := r.talk.persons[k].party
			if q.Office != "" && sameOffice(q.Office, m.Role, p.Office, p.Text) || q.Office == "" && m.Definite && m.Role != "" && strings.Contains(strings.ToLower(q.Text), m.Role) {
				q.Text = p.Text
				return q
			}
		}
	}
	if q, ok := r.bodyTold(si, m.First, m.Role, m.Definite, m.Head); ok {
		q.Text = p.Text
		return q
	}
	if named[m.Role] && t.Tokens[m.Head].UPOS == "PROPN" && !m.Plural { // "the Economic Community of West Africa": a name of its own
		return rapport.Party{Country: "IGO", Name: strings.TrimPrefix(strings.TrimPrefix(r.words(si, m.First, m.Last), "the "), "The "), Text: p.Text}
	}
	if w := strings.ToLower(p.Text); !m.Plural && (strings.Contains(w, "secretary-general") || strings.Contains(w, "secretary general")) {
		for k := len(r.talk.states) - 1; k >= 0; k-- { // no state has one: the body spoken of, else the one that needs no name
			if q := r.talk.states[k].party; q.Country != "" && !isState(q.Country) && !outlets[q.Sector] && q.Sector != "MIL" {
				return rapport.Party{Country: q.Country, Name: q.Name, Text: p.Text}
			}
		}
		return rapport.Party{Country: "UNO", Text: p.Text}
	}
	if unions[m.Role] && !m.Plural { // "the bloc": the body last spoken of, no state
		for k := len(r.talk.states) - 1; k >= 0; k-- {
			if q := r.talk.states[k].party; !isState(q.Country) && !outlets[q.Sector] {
				return q
			}
		}
		for _, n := range r.cast.Mentions[si] {
			if n.Last <= m.First && len(n.Parties) == 1 && n.Parties[0].Country != "" && !isState(n.Parties[0].Country) && !outlets[n.Parties[0].Sector] {
				return n.Parties[0]
			}
		}
		return p
	}
	if p.Sector == "REB" || p.Sector == "OPP" || (p.Sector == "MIL" || p.Sector == "COP") && m.Definite {
		if q, ok := r.lastOf(si, m, p.Sector); ok { // "the rebels", "the troops": those told of last
			p.Country = q.Country
			return p
		}
	}
	if m.Kind == who.Body || (m.Kind == who.Person || m.Kind == who.Unknown) && p.Office == "" && !r.homeTold {
		return p // a name without a country belongs to nobody in particular
	}
	if hardware[m.Role] && !m.Definite {
		p.Country = r.listedWith(si, m) // else, "an artillery shell", whose is not told
		return p
	}
	if m.Plural && !m.Definite && many[m.Role] {
		return p // "a summit of leaders": of several countries
	}
	c := r.localCountry(si, m.Head)
	if m.Kind == who.Person || m.Kind == who.Unknown || !m.Plural && (officeWords[m.Role] || m.Definite && m.Kind == who.Role && isPersonal(m)) && r.quoteSpeaker(si) == nil {
		c = r.home // "a retired diplomat who served at the embassy in Madrid" is not of Spain
	}
	for _, pl := range r.places[si] { // "In Tokyo, Foreign Minister Gemba"
		if pl.First <= 1 && pl.Last <= m.First && pl.Prep == "in" && isState(pl.Place.Country) {
			p.Country = pl.Place.Country
			return p
		}
	}
	if m.Kind == who.Role && organs[m.Role] && !r.homeTold && r.quoteSpeaker(si) == nil {
		for k := len(r.talk.states) - 1; k >= 0 && si-r.talk.states[k].sentence <= 2; k-- {
			if q := r.talk.states[k]; q.subject && isState(q.party.Country) {
				c = q.party.Country // "Beijing called off the talks. The Foreign Ministry …"
				break
			}
		}
	}
	if c != "" {
		p.Country = c
	}
	return p
}

// listedWith returns the country whose arms or craft stand just before those of
// mention m in a list, "68 Chinese aircraft and 13 warships", however it is parsed.
func (r *reading) listedWith(si int, m *who.Mention) string {
	t := r.trees[si]
	i := m.First - 1
	if i < 2 || t.Tokens[i].UPOS != "CCONJ" || t.Tokens[i-1].UPOS != "NOUN" || !hardware[t.Tokens[i-1].Lemma] {
		return ""
	}
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if n := r.mention(si, k); n != nil && len(n.Parties) == 1 && isState(n.Parties[0].Country) {
			return n.Parties[0].Country
		}
	}
	return ""
}

// many are offices that are held by several only in several countries.
var many = lexicon.Words("many")

// hardware are words for arms and craft, which belong to nobody in particular.
var hardware = lexicon.Words("hardware")

// named are words that head the names of bodies of states.
var named = lexicon.Words("named")

// unions are words for a body of several states.
var unions = lexicon.Words("unions")

// lastOf returns the party of a sector last told of before mention m, in its
// sentence or up to three before; rebels and opponents anywhere before.
func (r *reading) lastOf(si int, m *who.Mention, sector string) (rapport.Party, bool) {
	far := 3
	if sector == "REB" || sector == "OPP" {
		far = si
	}
	for k := si; k >= 0 && k >= si-far; k-- {
		ms := r.cast.Mentions[k]
		for i := len(ms) - 1; i >= 0; i-- {
			if k == si && ms[i].First >= m.First {
				continue
			}
			for _, q := range ms[i].Parties {
				if q.Sector == sector && isState(q.Country) {
					return q, true
				}
			}
		}
	}
	return rapport.Party{}, false
}

// organs are bodies of a state that a report names without it when the state
// was the subject just before.
var organs = lexicon.Words("organs")

// officeWords are roles held by one person of the country a report is about:
// a place in the sentence does not make "the prime minister, who is in China"
// Chinese.
var officeWords = lexicon.Words("officeWords")

// sameOffice reports whether an office told before is the one that a role word
// points back to: "prime minister" for Prime Minister, not for Foreign Minister.
func sameOffice(office, role, words, text string) bool {
	o := strings.ToLower(office)
	l := strings.ToLower(text)
	for _, w := range []string{"prime minister", "foreign minister", "defence minister", "defense minister", "vice president", "trade minister", "interior minister"} {
		if strings.Contains(l, w) || strings.Contains(strings.ToLower(words), w) {
			return strings.Contains(o, w)
		}
	}
	switch strings.ToLower(role) {
	case "premier":
		return strings.Contains(o, "prime minister") || strings.Contains(o, "premier")
	case "president", "king", "queen", "emir", "sultan", "chancellor", "pope", "ambassador", "secretary", "minister":
		return strings.Contains(o, strings.ToLower(role)) && !(role == "president" && strings.Contains(o, "vice"))
	}
	return false
}

// localCountry returns the country that a countryless role at token i of sentence
// si belongs to: the speaker's in a quotation, else the one whose place or people
// the sentence names, else the report's home.
func (r *reading) localCountry(si, i int) string {
	for _, pl := range r.places[si] {
		if (pl.Prep == "in" || pl.Prep == "at" || pl.Prep == "near" || pl.Prep == "across") && isState(pl.Place.Country) {
			return pl.Place.Country
		}
	}
	if s := r.quoteSpeaker(si); s != nil && isState(s.Country) && r.quoteAt(si, i) >= 0 {
		return s.Country
	}
	if r.homeTold && !r.about(r.home) {
		return r.topic() // told from a third country: its own troops are not meant
	}
	return r.home
}

// about reports whether a country is one of those the report is about, and not
// only where it is told from.
func (r *reading) about(country string) bool {
	n, all := r.focus[country], 0
	for _, k := range r.focus {
		all += k
	}
	return n > 1 && 12*n >= all
}

// bare resolves an argument whose words are no mention: pronouns, epithets,
// and nouns that stand for the party that owns or did them.
func (r *reading) bare(si, i, depth int) resolved {
	t := r.trees[si]
	tok := &t.Tokens[i]
	if tok.UPOS == "PRON" || tok.XPOS == "PRP$" {
		return r.pronoun(si, i)
	}
	if tok.UPOS != "NOUN" && tok.UPOS != "PROPN" && tok.UPOS != "ADJ" && tok.UPOS != "NUM" && tok.UPOS != "DET" {
		return resolved{}
	}
	if a := r.predicated(si, i, depth); len(a.parties) > 0 {
		return a
	}
	if a := r.epithet(si, i); len(a.parties) > 0 {
		return a
	}
	if d := t.Child(i, "det"); d >= 0 && strings.EqualFold(t.Tokens[d].Form, "the") || t.Tokens[i].UPOS == "PROPN" {
		if q, ok := r.bodyTold(si, i, strings.ToLower(tok.Lemma), d >= 0, i); ok {
			return resolved{parties: []rapport.Party{q}, sure: 0.65, rule: "claims/body"}
		}
	}
	return r.owner(si, i, depth)
}

// anyBody are nouns for bodies of several states that may stand for any told just
// before, bodyParts those for their organs and who acts for them.
var (
	anyBody   = lexicon.Words("anyBody")
	bodyParts = lexicon.Words("bodyParts")
)

// bodyTold finds the international body or its organ that a definite noun points
// back to: one whose name or title holds the noun ("the Council" after the
// Security Council), for the most general nouns any told in the two sentences
// before. Where the last so called is a state's own, none.
func (r *reading) bodyTold(si, first int, lemma string, definite bool, head int) (rapport.Party, bool) {
	any := anyBody[lemma]
	known := any || bodyParts[lemma]
	tok := &r.trees[si].Tokens[head]
	capital := head > 0 && tok.Form[0] >= 'A' && tok.Form[0] <= 'Z'
	if !known || !definite && !capital {
		return rapport.Party{}, false
	}
	var last *rapport.Party
	union := false
	for k := si; k >= 0; k-- {
		ms := r.cast.Mentions[k]
		for n := len(ms) - 1; n >= 0; n-- {
			m := &ms[n]
			if k == si && m.Last > first || len(m.Parties) != 1 || m.Parties[0].Country == "" {
				continue
			}
			p := m.Parties[0]
			intl := !isState(p.Country) && !outlets[p.Sector] && p.Country != "MNC" && p.Country != "IMG"
			union = union || p.Country == "EUR"
			if strings.Contains(strings.ToLower(r.words(k, m.First, m.Last)), lemma) {
				if intl {
					return p, true
				}
				return rapport.Party{}, false
			}
			if any && intl && last == nil && m.Kind == who.Body && si-k <= 2 {
				last = &m.Parties[0]
			}
		}
	}
	if last != nil {
		return *last, true
	}
	if p := r.issuer.party; p.Country != "" && !isState(p.Country) && (any || capital && !officeWords[lemma]) {
		return p, true // "the Council", in a text of the body's own
	}
	if union && capital && (lemma == "council" || lemma == "commission" || lemma == "parliament" || lemma == "presidency" || lemma == "representative") {
		return rapport.Party{Country: "EUR", Text: tok.Form}, true
	}
	return rapport.Party{}, false
}

// predicated resolves a noun that says what a party is: "Egypt is one of the
// countries that recognised", "Brazil was the first state to".
func (r *reading) predicated(si, i, depth int) resolved {
	t := r.trees[si]
	if !pairWords[t.Tokens[i].Lemma] && t.Tokens[i].Lemma != "one" && t.Tokens[i].Lemma != "member" && t.Tokens[i].Lemma != "first" {
		return resolved{}
	}
	for steps := 0; i >= 0 && steps < 4; steps++ {
		if t.Child(i, "cop") >= 0 {
			if k := t.Child(i, "nsubj"); k >= 0 {
				return r.parties(si, k, depth+1)
			}
			return resolved{}
		}
		if c := t.Case(i); t.Rel(i) != "conj" && (t.Rel(i) != "nmod" || c != "of" && c != "among") {
			return resolved{}
		}
		i = t.Tokens[i].Head
	}
	return resolved{}
}

// owner resolves "the territorial integrity of Azerbaijan", "Beijing's right",
// "Egyptian policy", "the attack" to the party the thing belongs to.
func (r *reading) owner(si, i, depth int) resolved {
	t := r.trees[si]
	for _, a := range r.acts[si] { // an act told by this very noun: who did it
		if a.Trigger == i && a.Verb < 0 {
			var who resolved
			for _, slot := range [][][]int{a.Actor, a.Both} {
				who.add(r.fill(si, slot, depth+1))
			}
			if len(who.parties) > 0 {
				who.sure *= 0.9
				return who
			}
		}
	}
	try := func(rel, prep string) resolved {
		for _, k := range t.Kids(i) {
			if rel == "nmod:poss" && t.Tokens[k].Rel != rel || rel != "nmod:poss" && t.Rel(int(k)) != rel {
				continue
			}
			if prep != "" && t.Case(int(k)) != prep {
				continue
			}
			var a resolved
			if rel == "amod" || rel == "compound" {
				if m := r.mention(si, int(k)); m != nil {
					a = r.ofMention(si, m, depth+1)
				}
			} else {
				a = r.parties(si, int(k), depth+1)
			}
			if len(a.parties) > 0 {
				a.sure *= 0.9
				return a
			}
		}
		return resolved{}
	}
	for _, w := range [][2]string{{"nmod:poss", ""}, {"amod", ""}, {"compound", ""}, {"nmod", "of"}, {"nmod", "by"}, {"nmod", "between"}, {"nmod", "with"}, {"nmod", "against"}, {"nmod", "in"}, {"nmod", "from"}, {"nmod", "on"}, {"nmod", "to"}} {
		if a := try(w[0], w[1]); len(a.parties) > 0 {
			return a
		}
	}
	return r.anaphor(t.Tokens[i].Lemma)
}

// actNouns sorts nouns that point back to an act told before by what parties
// of it they stand for.
var actNouns = classOf(map[string]map[string]bool{
	"deal": lexicon.Words("deals"), "deed": lexicon.Words("deeds"), "charge": lexicon.Words("charges"), "demand": lexicon.Words("demands"),
})

// classOf maps each word to its class.
func classOf(classes map[string]map[string]bool) map[string]string {
	m := map[string]string{}
	for class, set := range classes {
		for w := range set {
			m[w] = class
		}
	}
	return m
}

// anaphor resolves an act noun without parties of its own by the last act of
// its kind.
func (r *reading) anaphor(lemma string) resolved {
	kind := actNouns[lemma]
	if kind == "" {
		return resolved{}
	}
	for k := len(r.drafts) - 1; k >= 0 && k >= len(r.drafts)-12; k-- {
		c := &r.drafts[k].claim
		switch kind {
		case "deal":
			switch c.Event {
			case "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "RETREAT", "COOPERATE":
				all := slices.Concat(c.Actor, c.Recipient)
				if len(countriesOf(all)) >= 2 && (len(c.Recipient) == 0 || c.Event == "CONSULT") {
					return resolved{parties: all, sure: 0.6, rule: "claims/anaphor.deal"}
				}
			}
		case "deed":
			if deedFits(lemma, c) {
				return resolved{parties: c.Actor, sure: 0.55, rule: "claims/anaphor.deed"}
			}
		case "charge":
			if c.Event == "ACCUSE" {
				return resolved{parties: c.Actor, sure: 0.6, rule: "claims/anaphor.charge"}
			}
		case "demand":
			if c.Event == "REQUEST" || c.Event == "AGREE" {
				return resolved{parties: c.Actor, sure: 0.55, rule: "claims/anaphor.demand"}
			}
		}
	}
	return resolved{}
}

// deedTypes narrows what an act noun can point back to.
var deedTypes = classOf(language.MustLexicon("claims: data/deeds.tsv", deedTable))

//go:embed data/deeds.tsv
var deedTable string

func deedFits(lemma string, c *rapport.Claim) bool {
	if types := deedTypes[lemma]; types != "" {
		return strings.Contains(types, c.Event)
	}
	switch c.Event {
	case "ASSAULT", "MOBILIZE", "COERCE", "SANCTION", "RETREAT", "PROTEST":
		return true
	case "SUPPORT", "AGREE", "REJECT": // "the decision", "the announcement"
		return lemma == "decision" || lemma == "announcement" || lemma == "move" || lemma == "step" || lemma == "policy" || lemma == "position" || lemma == "stance"
	}
	return false
}

// mainDeed returns who did the first material conflict act of the report: what
// third parties condemn or demand an end to.
func (r *reading) mainDeed() []rapport.Party {
	for k := range r.drafts {
		switch c := &r.drafts[k].claim; c.Event {
		case "ASSAULT", "MOBILIZE", "COERCE", "SANCTION":
			if c.Status == rapport.Actual {
				return c.Actor
			}
		}
	}
	return nil
}

func countriesOf(ps []rapport.Party) []string {
	var out []string
	for _, p := range ps {
		if !slices.Contains(out, p.Country) {
			out = append(out, p.Country)
		}
	}
	slices.Sort(out)
	return out
}

// pronoun resolves a personal or possessive pronoun.
func (r *reading) pronoun(si, i int) resolved {
	t := r.trees[si]
	l := strings.ToLower(t.Tokens[i].Form)
	if f := t.Tokens[i].Form; len(f) > 1 && f == strings.ToUpper(f) {
		return resolved{} // "HE the President": His Excellency; "US"
	}
	switch l {
	case "i", "me", "my":
		if s := r.speakerAt(si, i); s != nil {
			return resolved{parties: []rapport.Party{*s}, sure: 0.9, rule: "claims/pronoun.speaker"}
		}
	case "we", "us", "our", "ours":
		s := r.speakerAt(si, i)
		if s == nil { // a state agency: "which our country denied"
			s = r.ours()
		}
		if s != nil {
			p := rapport.Party{Country: s.Country, Sector: s.Sector, Text: t.Tokens[i].Form}
			if isState(p.Country) && p.Sector != "REB" && p.Sector != "OPP" {
				p.Sector = "GOV"
			} else {
				p.Name = s.Name
			}
			return resolved{parties: []rapport.Party{p}, sure: 0.8, rule: "claims/pronoun.speaker"}
		}
	case "he", "she", "him", "her", "his":
		if p, ok := r.lastPerson(si, i); ok {
			return resolved{parties: []rapport.Party{p}, sure: 0.75, rule: "claims/pronoun.person"}
		}
	case "it", "its":
		if p, ok := r.lastState(si, i); ok {
			return resolved{parties: []rapport.Party{p}, sure: 0.65, rule: "claims/pronoun.state"}
		}
	case "they", "them", "their", "both":
		if g := r.lastGroup(si, i); len(g) > 0 {
			return resolved{parties: g, sure: 0.6, rule: "claims/pronoun.group"}
		}
	}
	return resolved{}
}

// lastPerson returns the person a singular pronoun points to: one named
// earlier in the sentence as subject, else the last subject told, else the
// last told.
func (r *reading) lastPerson(si, i int) (rapport.Party, bool) {
	var best *rapport.Party
	ms := r.cast.Mentions[si]
	for k := range ms {
		m := &ms[k]
		if m.Last > i || len(m.Parties) != 1 || !isPersonal(m) || r.disjoint(si, i, m.Head) {
			continue
		}
		a := r.ofMention(si, m, 3)
		if len(a.parties) == 1 {
			if best == nil || r.object(si, i) || r.deserved(si, i) || strings.HasPrefix(r.trees[si].Tokens[m.Head].Rel, "nsubj") {
				best = &a.parties[0]
			}
		}
	}
	if best != nil {
		return *best, true
	}
	for pass := range 3 {
		for k := len(r.talk.persons) - 1; k >= 0; k-- {
			p := r.talk.persons[k]
			if si-p.sentence > 4 {
				break
			}
			if pass == 2 || (p.main || pass == 1 && p.subject) && p.sentence >= si-2 {
				return p.party, true
			}
		}
	}
	return rapport.Party{}, false
}

// object reports whether a pronoun is acted on: "accused it", "met with him".
func (r *reading) object(si, i int) bool {
	rel := r.trees[si].Rel(i)
	return rel == "obj" || rel == "iobj" || rel == "obl"
}

// deserved reports whether a possessive stands in what somebody is thanked or
// blamed for: "thanked Biden for his efforts" means Biden's.
func (r *reading) deserved(si, i int) bool {
	t := r.trees[si]
	n := t.Tokens[i].Head
	if n < 0 || t.Tokens[i].Rel != "nmod:poss" || t.Case(n) != "for" {
		return false
	}
	for _, a := range r.acts[si] {
		if a.Verb >= 0 && t.Under(n, a.Verb) && (a.Event == "SUPPORT" || a.Event == "ACCUSE") && a.Verb == t.Tokens[n].Head {
			return true
		}
	}
	return false
}

// disjoint reports whether a pronoun cannot mean the word at head: the subject
// of the verb it is an object of, shared subjects of coordinated verbs
// included ("Egypt and Jordan broke with Qatar and accused it").
func (r *reading) disjoint(si, i, head int) bool {
	t := r.trees[si]
	if !r.object(si, i) || !strings.HasPrefix(t.Tokens[head].Rel, "nsubj") {
		return false
	}
	v, g := t.Tokens[i].Head, t.Tokens[head].Head
	for steps := 0; v >= 0 && steps < 8; steps++ {
		if v == g {
			return true
		}
		if rel := t.Rel(v); rel != "conj" && rel != "xcomp" {
			return false
		}
		v = t.Tokens[v].Head
	}
	return false
}

// collective are roles that are no single person's.
var collective = lexicon.Words("collective")

func isPersonal(m *who.Mention) bool {
	if m.Kind == who.Person || m.Kind == who.Unknown {
		return true
	}
	if m.Kind != who.Role || m.Plural {
		return false
	}
	return !collective[m.Role]
}

func (r *reading) lastState(si, i int) (rapport.Party, bool) {
	ms := r.cast.Mentions[si]
	t := r.trees[si]
	if p, ok := r.whoAnnounced(si, i); ok {
		return p, true
	}
	var best *rapport.Party
	for k := range ms {
		m := &ms[k]
		if m.Last > i || len(m.Parties) != 1 || m.Kind == who.Person || m.Kind == who.Adjective || m.Plural && m.Kind != who.Country || r.disjoint(si, i, m.Head) {
			continue
		}
		if a := r.ofMention(si, m, 3); len(a.parties) == 1 {
			if best == nil || r.object(si, i) || strings.HasPrefix(t.Tokens[m.Head].Rel, "nsubj") {
				best = &a.parties[0]
			}
		}
	}
	if best != nil {
		return *best, true
	}
	for pass := range 3 { // what its sentence is about goes on being spoken of
		for k := len(r.talk.states) - 1; k >= 0; k-- {
			p := r.talk.states[k]
			if si-p.sentence > 3 {
				break
			}
			if pass == 2 || p.main && !p.several || pass == 1 && p.subject {
				return p.party, true
			}
		}
	}
	return rapport.Party{}, false
}

// whoAnnounced returns the party whose announcement, promise or plan the clause
// of pronoun i tells: "the Georgian government's announcement that it would".
func (r *reading) whoAnnounced(si, i int) (rapport.Party, bool) {
	t := r.trees[si]
	v := t.Tokens[i].Head
	if v < 0 || !strings.HasPrefix(t.Tokens[i].Rel, "nsubj") {
		return rapport.Party{}, false
	}
	n := t.Tokens[v].Head
	if n < 0 || t.Tokens[n].UPOS != "NOUN" || t.Rel(v) != "acl" && t.Rel(v) != "ccomp" || t.Tokens[v].Rel == "acl:relcl" {
		return rapport.Party{}, false
	}
	for _, k := range t.Kids(n) {
		if rel := t.Tokens[k].Rel; rel == "nmod:poss" || rel == "amod" || rel == "compound" || rel == "nmod" && (t.Case(int(k)) == "by" || t.Case(int(k)) == "of" || t.Case(int(k)) == "from") {
			if a := r.parties(si, int(k), 2); len(a.parties) == 1 {
				return a.parties[0], true
			}
		}
	}
	return rapport.Party{}, false
}

func (r *reading) lastGroup(si, i int) []rapport.Party {
	// a plural or coordinated subject earlier in the sentence
	ms := r.cast.Mentions[si]
	for k := len(ms) - 1; k >= 0; k-- {
		m := &ms[k]
		if m.Last > i || r.disjoint(si, i, m.Head) {
			continue
		}
		if len(m.Parties) > 1 || m.Plural {
			if a := r.ofMention(si, m, 3); len(a.parties) > 0 {
				return a.parties
			}
		}
		if a := r.parties(si, m.Head, 2); len(a.parties) > 1 && strings.HasPrefix(r.trees[si].Tokens[m.Head].Rel, "nsubj") {
			return a.parties
		}
	}
	for n := len(r.talk.groups) - 1; n >= 0; n-- { // who acted together goes on acting
		if g := &r.talk.groups[n]; si-g.sentence > 3 {
			break
		} else if g.subject {
			return g.parties
		}
	}
	if n := len(r.talk.groups); n > 0 {
		return r.talk.groups[n-1].parties
	}
	return r.talk.pair
}

// pairWords are plural nouns that stand for the two parties a report is about.
var pairWords = lexicon.Words("pairWords")

// numbered are words that stand for the two sides only with "two" or "both":
// "the men" and "the officials" are anybody.
var numbered = lexicon.Words("numbered")

// epithet resolves "the two countries", "both leaders", "the sides", "the
// friendly country", "our country", "his counterpart".
func (r *reading) epithet(si, i int) resolved {
	t := r.trees[si]
	tok := &t.Tokens[i]
	l := tok.Lemma
	if a := r.described(si, i); len(a.parties) > 0 {
		return a
	}
	if forms := statesOfForm[strings.ToLower(l)]; forms != "" && tok.XPOS != "NNS" && tok.XPOS != "NNPS" {
		return r.ofForm(si, i, forms)
	}
	if !pairWords[l] && l != "guest" && l != "host" && l != "colleague" {
		return resolved{}
	}
	two, both, definite, other, narrowed := false, false, false, false, false
	var poss = -1
	for _, k := range t.Kids(i) {
		switch f := strings.ToLower(t.Tokens[k].Form); f {
		case "two", "warring", "rival", "opposing", "conflicting", "belligerent":
			two = true
		case "both", "all":
			both = true
		case "the", "these", "this", "that":
			definite = true
		case "other", "friendly", "neighbouring", "neighboring", "brotherly", "fraternal", "sister":
			other = true
		default:
			if r := t.Rel(int(k)); r == "amod" || r == "compound" || r == "nmod" || r == "acl" {
				narrowed = true // "the coup leaders", "the countries of the region" are not the two sides
			}
		}
		if t.Tokens[k].Rel == "nmod:poss" {
			poss = int(k)
		}
	}
	plural := tok.XPOS == "NNS" || l == "two" || l == "both" || l == "pair" || l == "duo"
	if poss >= 0 {
		lp := strings.ToLower(t.Tokens[poss].Form)
		if lp == "our" || lp == "my" {
			s := r.speakerAt(si, i)
			if s == nil && lp == "our" {
				s = r.ours()
			}
			if s != nil && (l == "country" || l == "state" || l == "nation" || l == "people" || l == "side" || l == "government") {
				return resolved{parties: []rapport.Party{{Country: s.Country, Sector: "GOV", Text: lp + " " + tok.Form}}, sure: 0.85, rule: "claims/epithet.our"}
			}
		}
		if l == "counterpart" || l == "colleague" || l == "guest" || l == "host" || l == "ally" || l == "neighbour" || l == "neighbor" || l == "rival" {
			if a := r.parties(si, poss, 3); len(a.parties) > 0 {
				if q, ok := r.otherSide(a.parties[0].Country); ok {
					return resolved{parties: []rapport.Party{q}, sure: 0.6, rule: "claims/epithet.counterpart"}
				}
			}
		}
		return resolved{}
	}
	switch {
	case plural && (two || both || !narrowed && !numbered[l] && (definite || l == "two" || l == "both" || l == "side" || l == "pair")):
		if ps := r.pairNow(si); len(ps) == 2 {
			if l != "leader" && l != "president" && l != "minister" && l != "premier" && l != "head" && l != "man" && l != "statesman" && l != "official" && l != "two" && l != "both" {
				ps = nameless(ps)
			}
			return resolved{parties: ps, sure: 0.7, rule: "claims/epithet.pair"}
		}
	case !plural && other:
		us := r.home
		if s := r.speakerAt(si, i); s != nil {
			us = s.Country
		}
		if q, ok := r.lastOther(us); ok {
			return resolved{parties: []rapport.Party{q}, sure: 0.65, rule: "claims/epithet.other"}
		}
	case !plural && definite && (l == "country" || l == "state" || l == "nation" || l == "government"):
		if len(r.talk.states) > 0 {
			p := r.talk.states[len(r.talk.states)-1].party
			return resolved{parties: []rapport.Party{{Country: p.Country, Sector: "GOV", Text: "the " + tok.Form}}, sure: 0.6, rule: "claims/epithet.country"}
		}
	case !plural && definite && (l == "guest" || l == "host"):
		for k := len(r.drafts) - 1; k >= 0; k-- {
			if c := &r.drafts[k].claim; c.Event == "CONSULT" && c.Mode == "visit" && c.Status == rapport.Actual && len(c.Recipient) == 1 {
				ps := c.Actor
				if l == "host" {
					ps = c.Recipient
				}
				return resolved{parties: ps, sure: 0.6, rule: "claims/epithet.guest"}
			}
		}
		if l == "host" && r.homeTold && isState(r.home) {
			return resolved{parties: []rapport.Party{{Country: r.home, Sector: "GOV"}}, sure: 0.5, rule: "claims/epithet.guest"}
		}
		if len(r.talk.pair) == 2 {
			k := 0
			if l == "host" {
				k = 1
			}
			return resolved{parties: r.talk.pair[k : k+1], sure: 0.55, rule: "claims/epithet.guest"}
		}
	}
	return resolved{}
}

// statesOfForm are the states that "the kingdom", "the emirate" or "the island"
// can mean, by their form of government or of land.
var statesOfForm = map[string]string{
	"kingdom":     "BEL BHR BTN DNK ESP GBR JOR KHM LSO MAR NLD NOR NPL SAU SWE SWZ THA TON",
	"emirate":     "KWT QAT",
	"sultanate":   "BRN OMN",
	"archipelago": "BHS CPV COM FJI IDN MDV PHL STP SYC VUT",
	"republic":    "ARM AZE BLR CAF COD COG CZE DOM EGY GEO HRV IRL IRN KAZ KGZ KOR LVA MDA MKD TUR SRB SVN TJK UZB YEM ZAF",
	"federation":  "RUS MYS NGA BIH",
}

// ofForm resolves "the Kingdom" of a report to the state of that form that it is
// told from, else names most. "Emirate" of the Gulf federation is not meant.
func (r *reading) ofForm(si, i int, states string) resolved {
	t := r.trees[si]
	definite := false
	for _, k := range t.Kids(i) {
		switch rel := t.Rel(int(k)); {
		case strings.EqualFold(t.Tokens[k].Form, "the"):
			definite = true
		case rel == "nmod" || rel == "amod" || rel == "compound" || rel == "flat":
			return resolved{}
		}
	}
	if !definite {
		return resolved{}
	}
	best := ""
	for _, c := range strings.Fields(states) {
		if n := r.focus[c]; n > 0 && (best == "" || n > r.focus[best] || c == r.home) {
			best = c
		}
		if c == best && c == r.home {
			break
		}
	}
	if best == "" {
		return resolved{}
	}
	return resolved{parties: []rapport.Party{{Country: best, Sector: "GOV", Text: r.words(si, i-1, i+1)}}, sure: 0.7, rule: "claims/epithet.form"}
}

func nameless(ps []rapport.Party) []rapport.Party {
	var out []rapport.Party
	for _, p := range ps {
		if isState(p.Country) {
			p = rapport.Party{Country: p.Country, Sector: "GOV", Text: p.Text}
		}
		out = addParty(out, p)
	}
	return out
}

// topTwo returns the two countries the report names most.
func (r *reading) topTwo() []rapport.Party {
	a := r.mostNamed("")
	b := r.mostNamed(a)
	if a == "" || b == "" {
		return nil
	}
	if b < a {
		a, b = b, a
	}
	return []rapport.Party{{Country: a, Sector: "GOV"}, {Country: b, Sector: "GOV"}}
}

// pairNow returns the two sides that "the two countries" or "both leaders" of
// sentence si mean: those who acted together just before, else the two that
// the report is about when it is plainly about two, else the last two states
// told.
func (r *reading) pairNow(si int) []rapport.Party {
	if len(r.talk.pair) == 2 && si-r.talk.paired <= 2 {
		return r.talk.pair
	}
	top := r.topTwo()
	if len(top) == 2 {
		all := 0
		for _, n := range r.focus {
			all += n
		}
		if 10*(r.focus[top[0].Country]+r.focus[top[1].Country]) >= 7*all {
			if len(r.talk.pair) == 2 && sameCountries(r.talk.pair, top) {
				return r.talk.pair
			}
			return top
		}
	}
	var last []rapport.Party
	for k := len(r.talk.states) - 1; k >= 0 && len(last) < 2; k-- {
		p := r.talk.states[k]
		if si-p.sentence > 3 {
			break
		}
		if isState(p.party.Country) && len(elsewhere([]rapport.Party{p.party}, last)) > 0 {
			last = append(last, rapport.Party{Country: p.party.Country, Sector: "GOV", Text: p.party.Text})
		}
	}
	switch {
	case len(r.talk.pair) == 2:
		return r.talk.pair
	case len(last) == 2:
		return []rapport.Party{last[1], last[0]}
	}
	return top
}

// otherSide returns the party opposite to a country in the pair last told.
func (r *reading) otherSide(country string) (rapport.Party, bool) {
	for _, p := range r.talk.pair {
		if p.Country != country {
			return p, true
		}
	}
	return r.lastOther(country)
}

func (r *reading) lastOther(country string) (rapport.Party, bool) {
	for k := len(r.talk.states) - 1; k >= 0; k-- {
		if p := r.talk.states[k].party; p.Country != country && isState(p.Country) {
			return rapport.Party{Country: p.Country, Sector: "GOV", Text: p.Text}, true
		}
	}
	if c := r.mostNamed(country); c != "" {
		return rapport.Party{Country: c, Sector: "GOV"}, true
	}
	return rapport.Party{}, false
}

// fill resolves a slot: the first alternative that names a party.
func (r *reading) fill(si int, alts [][]int, depth int) resolved {
	for _, alt := range alts {
		var out resolved
		for _, i := range alt {
			out.add(r.parties(si, i, depth))
		}
		if len(out.parties) > 0 {
			return out
		}
	}
	return resolved{}
}

// remember takes the mentions of sentence si and the parties of its claims
// into the discourse.
func (r *reading) remember(si int) {
	t := r.trees[si]
	for k := range r.cast.Mentions[si] {
		m := &r.cast.Mentions[si][k]
		if m.Kind == who.Adjective {
			continue
		}
		a := r.ofMention(si, m, 3)
		subj := strings.HasPrefix(t.Tokens[m.Head].Rel, "nsubj")
		h := t.Tokens[m.Head].Head
		main := subj && h >= 0 && t.Tokens[h].Head < 0
		if len(a.parties) == 1 && isPersonal(m) {
			r.talk.persons = append(r.talk.persons, told{a.parties[0], si, subj, main, m.Plural})
		}
		for _, p := range a.parties {
			if len(a.parties) == 1 && m.Kind != who.Person && m.Kind != who.Unknown && !outlets[p.Sector] {
				r.talk.states = append(r.talk.states, told{p, si, subj, main, m.Plural})
			}
		}
		if len(a.parties) > 1 || m.Plural && len(a.parties) > 0 {
			r.talk.groups = append(r.talk.groups, group{a.parties, si, subj})
		}
	}
	for _, d := range r.bySent[si] {
		c := &r.drafts[d].claim
		all := slices.Concat(c.Actor, c.Recipient)
		if cs := countriesOf(all); len(cs) == 2 && isState(cs[0]) && isState(cs[1]) {
			r.talk.pair, r.talk.paired = onePerCountry(all), si
		}
		if len(c.Actor) > 1 {
			r.talk.groups = append(r.talk.groups, group{c.Actor, si, true})
		}
	}
}

func onePerCountry(ps []rapport.Party) []rapport.Party {
	var out []rapport.Party
	for _, p := range ps {
		dup := false
		for i := range out {
			if out[i].Country == p.Country {
				dup = true
				if out[i].Name == "" && p.Name != "" {
					out[i] = p
				}
			}
		}
		if !dup {
			out = append(out, p)
		}
	}
	return out
}
