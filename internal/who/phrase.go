package who

import (
	"slices"
	"strings"

	"rapport"
)

// phrase gathers what the words of a noun phrase tell of its party, from left
// to right.
type phrase struct {
	first, last int // tokens
	core        int // token that heads the phrase when the parse does not tell
	countries   []string
	weak        string // a country that only the place tells: "analysts in Singapore"
	vague       bool   // "Arab leaders", "Western diplomats": nobody's in particular
	sector      string
	role        *role
	roleFrom    int // tokens of the office's words
	roleTo      int
	body        *body
	bodyCode    string
	persons     int32 // senses of a known name, 0 for none
	nameFrom    int   // tokens of the name
	nameTo      int
	kind        Kind
	former      bool
	definite    bool
	plural      bool
	named       bool // the name is one the tables lack
	ethnic      bool // "ethnic Albanians": of the country where they are
	titled      bool // Mr., President, Gen. before the name
	sure        float64
	rule        string
}

// reading of a sentence: walk the units, begin a phrase wherever one can.
func (r *reader) sentence(si int) []Mention {
	r.si = si
	r.sent = &r.doc.Sentences[si]
	b := r.bounds[si]
	r.us = r.units[b[0]:b[1]]
	begin := len(r.out)
	for i := 0; i < len(r.us); {
		if !opens(r.us[i].kind) {
			i++
			continue
		}
		i = max(r.phrase(i), i+1)
	}
	return r.out[begin:len(r.out):len(r.out)]
}

func opens(k unitKind) bool {
	switch k {
	case det, possessor, number, modifier, former, geo, adjective, people, bodyUnit, roleUnit, personUnit, nameUnit, amount:
		return true
	}
	return false
}

// phrase reads the noun phrase that begins at unit i with what belongs to it
// (possessor, "of", apposition), appends its mentions and returns the unit
// after it.
func (r *reader) phrase(i int) int {
	var p phrase
	owner := false
	for {
		j, head := r.run(i)
		if j == i {
			return i + 1
		}
		q := r.base(i, j, head, &p, owner)
		if j < len(r.us) && r.us[j].kind == genitive && j+1 < len(r.us) {
			if q.kind == Unknown && !q.named && len(q.countries) == 0 && !q.vague && q.role == nil {
				// "last year's", "the day's": no party owns what follows
				i, p, owner = j+1, phrase{}, false
				if !r.bearing(i) {
					return i
				}
				continue
			}
			q.complete(r)
			if k := j + 1; r.takesOwner(k) {
				p, owner = q, true
				i = k
				continue
			}
			r.emit(&q)
			return j + 1
		}
		if q.nothing() {
			return j
		}
		end := r.after(&q, j)
		if q.ethnic && !owner && q.persons == 0 && !q.named && !r.asked {
			r.leaveDescent(&q, i, j)
		}
		q.complete(r)
		r.emit(&q)
		return end
	}
}

// leaveDescent takes from phrase p, units [i,j), the country that "ethnic" says it
// descends from: "ethnic Albanian guerrillas" are of the country where they are,
// which the report tells.
func (r *reader) leaveDescent(p *phrase, i, j int) {
	for k := i; k+1 < j; k++ {
		if r.us[k].kind != modifier || !strings.EqualFold(r.sent.Tokens[r.us[k].from].Form, "ethnic") {
			continue
		}
		descent := r.codes(&r.us[k+1])
		p.countries = slices.DeleteFunc(slices.Clone(p.countries), func(c string) bool { return slices.Contains(descent, c) })
	}
}

func (r *reader) bearing(i int) bool { return i < len(r.us) && opens(r.us[i].kind) }

func (p *phrase) nothing() bool {
	return p.kind == Unknown && !p.named && p.role == nil && p.persons == 0 && p.body == nil && len(p.countries) == 0
}

// takesOwner reports whether the noun phrase at unit k, which a genitive
// precedes, is a party of the owner: "Qatar's | foreign minister", not
// "Qatar's | decision".
func (r *reader) takesOwner(k int) bool {
	if k >= len(r.us) || !opens(r.us[k].kind) || r.us[k].kind == det {
		return false
	}
	j, head := r.run(k)
	if head < 0 || j == k {
		return false
	}
	switch u := &r.us[head]; u.kind {
	case roleUnit, people, personUnit, bodyUnit:
		return head == j-1 || !r.nounAfter(head, j)
	case nameUnit:
		return u.to-u.from > 1 && head == j-1
	case geo:
		return r.cityOfMission(k, head)
	}
	return false
}

// cityOfMission reports whether unit head of a phrase begun at unit k is the city
// that an embassy before it is called by: "U.S. Embassy Tripoli".
func (r *reader) cityOfMission(k, head int) bool {
	return head > k && r.us[head].sort != countryName && r.us[head-1].kind == roleUnit && missions[r.t.roles[r.us[head-1].ref].words]
}

func (r *reader) nounAfter(h, j int) bool {
	for k := h + 1; k < j; k++ {
		if r.us[k].noun || r.us[k].kind == nameUnit {
			if r.us[h].kind == geo || r.us[h].kind == bodyUnit { // "in Riyadh last month" is no compound
				t := &r.sent.Tokens[r.us[h].to-1]
				return t.Head >= int(r.us[h].to) && t.Head < int(r.us[j-1].to)
			}
			return true
		}
	}
	return false
}

// run returns the end of the base noun phrase that begins at unit i and the
// last unit in it that can be a party, -1 for none.
func (r *reader) run(i int) (end, head int) {
	head = -1
	seenName := false
	j := i
	for ; j < len(r.us); j++ {
		u := &r.us[j]
		if j > i && u.from != r.us[j-1].to { // a token between that is no unit cannot be
			break
		}
		if j > i && r.us[j-1].kind == timeWord && u.tells() && u.kind != former {
			return j, head // "last year | protesters", "on Monday | Egypt"
		}
		switch u.kind {
		case det, possessor, amount:
			if j > i && !(r.us[j-1].kind == det || r.us[j-1].kind == amount) {
				return j, head
			}
		case number, modifier, former, hyphen, timeWord:
			if seenName && u.kind != hyphen || u.kind == number && head >= 0 && head == j-1 {
				return j, head
			}
		case adjective, geo, people, bodyUnit, roleUnit:
			if seenName {
				// "Putin adviser", "Clinton administration": a name may modify a role
				if u.kind != roleUnit || !r.inside(j, i) {
					return j, head
				}
				seenName = false
			}
			if u.kind != adjective && j > i && r.parts(i, j) {
				return j, head
			}
			if u.kind != adjective || r.nationals(i, j) {
				head = j
			}
		case personUnit, nameUnit:
			if seenName || j > i && r.parts(i, j) {
				return j, head
			}
			if u.kind == nameUnit && j > i && r.us[j-1].kind == modifier && r.us[j-1].noun && !r.us[j-1].plural && head != j-1 {
				continue // "the ship Rainbow Warrior": a thing's name
			}
			if u.kind == personUnit && j > i && r.us[j-1].kind == modifier && r.us[j-1].noun && r.silent(i, j) {
				return j, head // "before the disasters | George Papandreou"
			}
			seenName = true
			head = j
		case and, comma:
			if k := r.list(i, j); k > j {
				j = k - 1
				continue
			}
			return j, head
		default:
			return j, head
		}
	}
	return j, head
}

// silent reports whether the units [i,j) tell nothing of a party.
func (r *reader) silent(i, j int) bool {
	for k := i; k < j; k++ {
		if r.us[k].tells() {
			return false
		}
	}
	return true
}

// nationals reports whether the adjective at unit j stands for people: "the
// French", "two Chinese", with no noun behind it.
func (r *reader) nationals(i, j int) bool {
	u := &r.us[j]
	if !u.people || j == i {
		return false
	}
	if j+1 < len(r.us) && r.us[j+1].from == u.to {
		switch n := &r.us[j+1]; n.kind {
		case modifier, number, hyphen, geo, adjective, people, bodyUnit, roleUnit, personUnit, nameUnit, former, timeWord:
			return false
		case and, comma:
			if j+2 < len(r.us) && r.us[j+2].kind == adjective { // "the French and German positions"
				return false
			}
		}
	}
	switch r.us[i].kind {
	case det, number, amount, possessor:
		return true
	}
	return false
}

// inside reports whether the head of unit j's last token lies at or after the
// run's start, that is whether j goes on with the noun phrase.
func (r *reader) inside(j, i int) bool {
	t := &r.sent.Tokens[r.us[j-1].to-1]
	return t.Head >= int(r.us[j].from) && t.Head < int(r.us[j].to)
}

// parts reports whether a new noun phrase begins at unit j although no word
// stands between: "In Egypt | protesters said". Only the parse can tell, and
// only a place after a preposition needs it.
func (r *reader) parts(i, j int) bool {
	p := &r.us[j-1]
	if p.kind != geo || j-1 != i || i == 0 || p.from == 0 || r.sent.Tokens[p.from-1].UPOS != "ADP" {
		return false
	}
	if rel := r.sent.Tokens[p.to-1].Rel; !strings.HasPrefix(rel, "obl") && !strings.HasPrefix(rel, "nmod") {
		return false
	}
	return strings.HasPrefix(r.sent.Tokens[r.us[j].to-1].Rel, "nsubj")
}

// list returns the end of a coordination of adjectives before a plural role:
// "Egyptian, Sudanese and British | officials"; j is its first comma or "and".
func (r *reader) list(i, j int) int {
	a := &r.us[j-1]
	if a.kind != adjective && !(a.kind == geo && r.adjectival(a)) {
		return 0
	}
	k := j
	for k+1 < len(r.us) && k < j+24 && (r.us[k].kind == and || r.us[k].kind == comma) {
		n := k + 1
		if r.us[k].kind == comma && r.us[n].kind == and {
			n++
		}
		for n < len(r.us) && r.us[n].kind == modifier && !r.us[n].noun {
			n++
		}
		if n >= len(r.us) || r.us[n].kind != adjective && !(r.us[n].kind == geo && r.adjectival(&r.us[n])) {
			return 0
		}
		k = n + 1
	}
	for n := k; n < len(r.us) && n < k+4; n++ {
		switch r.us[n].kind {
		case modifier, number, former:
			continue
		case roleUnit, people:
			return k
		}
		break
	}
	return 0
}

// adjectival reports whether a country's name is its adjective too: "U.S.".
func (r *reader) adjectival(u *unit) bool {
	if u.sort != countryName || u.ref < 0 {
		return false
	}
	switch r.t.countries[u.ref].code {
	case "USA", "GBR", "ARE", "NZL", "HKG", "SGP":
		return true
	}
	return false
}

// codes returns the countries that a geo, adjective or people unit tells.
func (r *reader) codes(u *unit) []string {
	switch u.sort {
	case countryName, countryAdjective, countryPeople, capitalName, seatName:
		if u.ref < 0 {
			return r.t.places[-1-u.ref].codes
		}
		return []string{r.t.countries[u.ref].code}
	case placeName, placeAdjective, placePeople:
		return r.t.places[u.ref].codes
	}
	return nil
}

// base reads the units [i,j) of a base noun phrase. With owner, prev is the
// possessor.
func (r *reader) base(i, j, head int, prev *phrase, owner bool) phrase {
	us := r.us
	p := phrase{first: int(us[i].from), sure: 1, core: -1}
	if owner {
		p.first = prev.first
		p.countries = prev.countries
		p.sure = prev.sure
		p.weak = prev.weak
		if prev.body != nil {
			p.bodyCode, p.body = prev.bodyCode, prev.body
			p.sector = prev.sector
		}
		if prev.role != nil && prev.persons == 0 {
			p.sector = prev.sector
		}
		if prev.persons != 0 || prev.named {
			prev.complete(r)
			p.countries = prev.countries
			p.sector = ""
		}
		p.rule = "who/possessor"
	}
	if head < 0 && j == i+1 && us[i].kind == amount && crowds[strings.ToLower(r.sent.Tokens[us[i].from].Form)] && (j == len(us) || us[j].kind != of) {
		return phrase{first: int(us[i].from), last: int(us[i].to), core: int(us[i].from), kind: Role, role: &crowd, sector: "CVL", plural: true, sure: 0.6, rule: "who/crowd"}
	}
	if head < 0 {
		// no party heads it: its adjectives are mentions of their own
		for k := i; k < j; k++ {
			if u := &us[k]; u.kind == adjective {
				r.single(u, Adjective)
			}
		}
		return phrase{}
	}
	trailing := r.nounAfter(head, j)
	hyphenated := -1
	for k := i; k <= head; k++ {
		u := &us[k]
		p.sure = min(p.sure, float64(u.sure))
		switch u.kind {
		case det:
			switch strings.ToLower(r.sent.Tokens[u.from].Form) {
			case "the", "this", "that", "these", "those", "both":
				p.definite = true
			}
		case possessor:
			p.definite = true
		case former:
			p.former = true
		case hyphen:
			hyphenated = k
		case modifier:
			p.ethnic = p.ethnic || strings.EqualFold(r.sent.Tokens[u.from].Form, "ethnic")
		case number:
			p.plural = p.plural || k < head && us[head].plural
		case geo, adjective, people:
			r.place(&p, k, head, hyphenated)
		case bodyUnit:
			if k < head && len(p.countries) > 0 && !international(p.countries[0]) && us[head].kind == roleUnit && delegated(&r.t.roles[us[head].ref]) {
				break // "France's U.N. ambassador"
			}
			r.addBody(&p, u, k < head)
		case roleUnit:
			r.addRole(&p, u)
		case personUnit:
			if k < head { // "Putin adviser": the name only tells the country
				if id, _, ok := r.person(u.persons, "", nil, "", false); ok {
					p.countries = []string{r.t.persons[id].country}
				}
				break
			}
			p.persons, p.nameFrom, p.nameTo, p.kind = u.persons, int(u.from), int(u.to), Person
			p.titled = p.titled || p.role != nil
		case nameUnit:
			r.addName(&p, k, head)
		}
	}
	p.last = int(us[head].to)
	p.core = p.last - 1
	if !owner && !p.plural && us[head].kind != roleUnit && us[head].kind != people && us[head].kind != adjective && r.silent(i, head) {
		if p.first = int(us[head].from); head > i && us[head-1].kind == det {
			p.first = int(us[head-1].from)
		}
	}
	if trailing && p.persons == 0 && !p.named {
		if !owner {
			for k := i; k <= head && !us[k].tells(); k++ { // "a | G7 statement"
				p.first = int(us[k+1].from)
			}
			p.definite = false
		}
		if p.kind == Country || p.kind == Capital || p.kind == Place {
			p.kind = Adjective
		}
	}
	return p
}

// crowds are amounts that stand for people: "thousands marched".
var (
	crowds = wordSet("hundreds thousands dozens scores tens millions")
	crowd  = role{words: "crowd", lemma: "crowd", class: organRole, plural: true, sector: "CVL"}
)

// tells reports whether the unit says something of the party.
func (u *unit) tells() bool {
	switch u.kind {
	case geo, adjective, people, bodyUnit, roleUnit, personUnit, nameUnit, former:
		return true
	}
	return false
}

// place takes in a country word: as the party itself when it heads the phrase,
// else as what it belongs to.
func (r *reader) place(p *phrase, k, head, hyphenated int) {
	u := &r.us[k]
	if k == head && p.role != nil && r.cityOfMission(0, head) {
		return // it tells where the embassy is
	}
	cs := r.codes(u)
	if len(cs) == 0 && u.sort >= placeName && r.t.places[u.ref].sort == "region" {
		p.vague = true
	}
	if k == head {
		p.plural = p.plural || u.plural
		switch {
		case u.kind == people || u.kind == adjective:
			p.kind, p.sector = People, "CVL"
			p.plural = p.plural || u.kind == adjective
			if p.definite && r.us[k-1].kind == det {
				p.sector = "GOV" // "the Saudis recalled their ambassador"
				p.sure = min(p.sure, 0.7)
			}
		case u.sort == placeName:
			p.kind = Place
		case u.sort == countryName:
			p.kind = Country
		default:
			p.kind = Capital
		}
		if p.kind != People {
			p.sector = ""
			p.countries = nil
		}
		if len(cs) > 1 {
			p.plural = true
		}
	}
	switch {
	case len(cs) == 0:
	case len(p.countries) == 0 || k == head && p.kind != People:
		p.countries = append([]string(nil), cs...)
	case p.rule == "who/possessor" && len(p.countries) > 0 && k != head:
	case hyphenated == k-1 || r.us[k-1].kind == and || r.us[k-1].kind == comma || k > 1 && r.us[k-2].kind == and || k > 1 && r.us[k-2].kind == comma:
		p.countries = append(append([]string(nil), p.countries...), cs...)
	case u.kind == people && k == head: // "Kosovo Serbs", "Bosnian Croats": people of the first
	default:
		p.countries = append([]string(nil), cs...)
	}
}

func (r *reader) addBody(p *phrase, u *unit, modifies bool) {
	b := &r.t.bodies[u.ref]
	if u.role >= 0 && len(p.countries) > 0 && !r.bodyOf(b, p.countries[0]) {
		// "the Pakistani Foreign Office": no body of that name there, so the role
		r.addRole(p, &unit{from: u.from, to: u.to, ref: u.role, plural: u.plural})
		return
	}
	m := r.bodyTermOn(b)
	p.body, p.bodyCode = b, m.code
	p.countries = []string{m.code}
	p.sector = m.sector
	if !modifies {
		p.kind = Body
	}
	p.rule = "who/body"
}

func (r *reader) bodyOf(b *body, code string) bool {
	for _, m := range b.terms {
		if m.code == code {
			return true
		}
	}
	return false
}

func (r *reader) bodyTermOn(b *body) bodyTerm {
	best := len(b.terms) - 1
	if r.dated {
		for i, m := range b.terms {
			if r.first <= m.span.to && m.span.from <= r.last {
				return m
			}
			if m.span.from > r.last {
				best = min(best, i)
			}
		}
	}
	return b.terms[best]
}

// addRole combines a role word with what stands before it: "military court" is
// JUD, "opposition lawmakers" OPP, "army spokesman" MIL, "police chief" COP.
func (r *reader) addRole(p *phrase, u *unit) {
	x := &r.t.roles[u.ref]
	old := p.sector
	if p.body != nil && p.role == nil {
		old = ""
	}
	switch {
	case x.class == rankRole && x.sector == "":
		p.titled = true
		return
	case p.role == nil && p.body != nil && (x.from && x.class == organRole || x.class == thingRole && p.sector == "BUS"):
		p.kind = Body // "the BRICS group", "Boeing jets": the body itself
		p.plural = u.plural
		return
	case p.role == nil && p.body != nil && x.class == stateRole:
		p.vague, p.countries, p.body, p.sector = true, nil, nil, "" // "NATO allies", "EU member states"
	case p.role == nil && p.body != nil && !p.former && (lasting(p.sector) || p.bodyCode == "IMG") && (lasting(x.sector) || x.sector == "MIL"):
		p.kind = Body // "FARC rebels", "Hezbollah fighters" act as the body
		p.plural = u.plural
		return
	case p.role == nil && p.body != nil && (x.from || p.sector == "PRE" && x.sector != "" && strings.Contains("GOV MIL COP LEG JUD", x.sector)): // "the Somaliland president"
	case p.role == nil:
		if old == "" || !x.from {
			p.sector = x.sector
		}
	case x.from && p.role.class != stateRole:
	case lasting(old) && x.class != officeRole || old == "MIL" && x.class == officeRole && !strings.Contains(x.words, "minister"):
	default:
		p.sector = x.sector
	}
	if p.role == nil || x.class != rankRole {
		if p.role == nil || p.role.class == rankRole {
			p.roleFrom = int(u.from)
		}
		p.roleTo = int(u.to)
		p.role = x
	}
	p.plural = u.plural
	p.kind = Role
}

// lasting reports whether a sector outlives a role word after it: opposition
// lawmakers stay opposition.
func lasting(sector string) bool {
	switch sector {
	case "OPP", "REB", "UAF", "CRM":
		return true
	}
	return false
}

// addName takes in capitalised words that the tables lack: a person's name, or
// with a role word after them a body's.
func (r *reader) addName(p *phrase, k, head int) {
	u := &r.us[k]
	if k < head {
		return
	}
	if q, ok := r.short[r.sent.Tokens[u.from].Form]; ok && u.to == u.from+1 && p.role == nil {
		first, sure := p.first, p.sure
		*p = q
		p.first, p.sure = first, min(sure, 0.9)
		return
	}
	p.named, p.nameFrom, p.nameTo = true, int(u.from), int(u.to)
	p.titled = p.titled || p.role != nil
	p.kind = Unknown
}

// single emits a one-unit mention.
func (r *reader) single(u *unit, k Kind) {
	cs := r.codes(u)
	if len(cs) == 0 || int(u.to) < len(r.sent.Tokens) && currencies[strings.ToLower(r.sent.Tokens[u.to].Form)] {
		return
	}
	p := phrase{first: int(u.from), last: int(u.to), core: int(u.to) - 1, countries: cs, kind: k, sure: float64(u.sure), rule: "who/adjective"}
	r.emit(&p)
}

var currencies = wordSet("dollar dollars peso pesos franc francs pound pounds euro euros rupee rupees yuan yen ruble rubles rouble roubles dinar dinars dirham dirhams lira won rial rials riyal riyals mark marks krone kroner crown crowns $")

// after reads what follows the base phrase that ends before unit j: "of",
// "to", "in", a bracket, an apposition; it returns the unit after all.
func (r *reader) after(p *phrase, j int) int {
	us := r.us
	if p.trailing(r, j) {
		return j
	}
	for j < len(us) {
		switch {
		case us[j].kind == of && (p.kind == Role || p.kind == Person || p.kind == Body || p.named):
			k := r.ofPhrase(p, j)
			if k == j {
				return j
			}
			j = k
			if p.kind == Role && p.persons == 0 && !p.named && !p.plural {
				j = r.nameAfter(p, j)
			}
		case (us[j].kind == to || us[j].kind == forWord) && p.role != nil && p.persons == 0 && delegated(p.role):
			k, cs := r.bareCountries(j + 1)
			if len(cs) == 0 {
				return j
			}
			p.last = int(us[k-1].to)
			j = k
			if !p.plural {
				j = r.nameAfter(p, j)
			}
		case (us[j].kind == forWord && p.kind == Role && p.role.from || us[j].kind == to && p.kind == Role && attached[p.role.lemma]) && p.persons == 0 && len(p.countries) == 0 && p.body == nil:
			k := r.ofPhrase(p, j) // "a spokesman for the Israeli army"
			if k == j {
				return j
			}
			j = k
			if !p.plural {
				j = r.nameAfter(p, j)
			}
		case us[j].kind == in && (len(p.countries) == 0 || p.ethnic) && p.persons == 0 && !p.named && (p.kind == People || p.role != nil && (settled(p) || r.asked && p.sector != "MIL")):
			_, cs := r.bareCountries(j + 1)
			if len(cs) == 1 {
				p.weak = cs[0]
				if p.ethnic {
					p.countries = nil
				}
			}
			return j
		case us[j].kind == openBracket && j+2 < len(us) && us[j+2].kind == closeBracket && (p.kind == Body || p.kind == Role || p.named):
			r.abbreviate(p, &us[j+1])
			p.last = int(us[j+2].to)
			j += 3
		case us[j].kind == comma:
			return r.apposition(p, j)
		default:
			return j
		}
	}
	return j
}

// missions are organs of a state abroad, called by the city where they are.
var missions = map[string]bool{"embassy": true, "consulate": true, "consulate general": true, "consulate-general": true, "high commission": true}

// attached are roles whose "to" names whose they are: "an aide to President Yeltsin".
var attached = wordSet("aide adviser advisor assistant secretary deputy ally confidant")

// trailing reports whether the phrase only modifies a noun after it, so that
// nothing behind belongs to it.
func (p *phrase) trailing(r *reader, j int) bool { return p.last < int(r.us[j-1].to) }

// delegated are roles whose "to" and "for" name whom they are sent to.
func delegated(x *role) bool {
	switch x.lemma {
	case "ambassador", "envoy", "representative", "commissioner", "visitor", "adviser", "advisor", "consul", "nuncio", "mediator", "rapporteur", "emissary", "coordinator", "negotiator", "minister":
		return true
	}
	return false
}

// settled are roles that where they are tells whose they are: analysts in
// Singapore, not troops in Iraq or the ambassador in Cairo.
func settled(p *phrase) bool {
	switch p.sector {
	case "CVL", "EDU", "COP", "LAB", "REB", "UAF", "JUD", "OPP", "BUS", "AGR", "REL", "CRM", "LEG":
		return true
	}
	return p.role.lemma == "official" || p.role.lemma == "source" || p.role.lemma == "authority"
}

// bareCountries reads "Egypt", "the United States", "France and Germany" at
// unit k.
func (r *reader) bareCountries(k int) (end int, cs []string) {
	us := r.us
	for k < len(us) {
		n := k
		if us[n].kind == det {
			n++
		}
		if n >= len(us) || us[n].kind != geo && us[n].kind != bodyUnit || n+1 < len(us) && (us[n+1].kind == genitive || us[n+1].kind == hyphen || us[n].kind == geo && us[n].sort <= countryPeople && us[n+1].from == us[n].to && us[n+1].tells() && us[n+1].kind != personUnit && !r.parts(n, n+1) || us[n].kind == bodyUnit && us[n+1].from == us[n].to && us[n+1].kind == roleUnit) {
			break
		}
		if us[n].kind == geo {
			cs = append(cs, r.codes(&us[n])...)
		} else {
			cs = append(cs, r.bodyTermOn(&r.t.bodies[us[n].ref]).code)
		}
		end = n + 1
		k = end
		if k < len(us) && us[k].kind == comma {
			k++
		}
		if k < len(us) && us[k].kind == and {
			k++
		}
		if k == end {
			break
		}
	}
	return end, cs
}

// ofPhrase reads the complement of "of" at unit j into p.
func (r *reader) ofPhrase(p *phrase, j int) int {
	us := r.us
	k := j + 1
	if k >= len(us) {
		return j
	}
	end, cs := r.bareCountries(k)
	if len(cs) > 0 {
		joined := p.kind == Role && p.plural && p.persons == 0
		if !joined && len(cs) > 1 { // "the president of Egypt and the …": the first alone
			n := k
			if us[n].kind == det {
				n++
			}
			end, cs = n+1, cs[:1]
			if us[n].kind == geo && us[n].ref < 0 {
				cs = r.codes(&us[n])
			}
		}
		if us[end-1].kind == bodyUnit && len(cs) == 1 {
			r.ofBody(p, &us[end-1])
		} else if p.kind == Body && p.body != nil {
			if p.bodyCode != cs[0] {
				return j
			}
		} else {
			p.countries = cs
			p.vague = false
		}
		p.last = int(us[end-1].to)
		return end
	}
	if p.kind == Person || p.named {
		return j
	}
	// "head of the Egyptian parliament", "a group of French lawmakers"
	n, head := r.run(k)
	if head > k && (us[head].kind == personUnit || us[head].kind == nameUnit) && r.collective(&us[head-1]) {
		n, head = head, head-1 // "the Speaker of Parliament | Nabih Berri"
	}
	if head < 0 || n == k || n < len(us) && us[n].kind == genitive && !r.takesOwner(n+1) {
		return j
	}
	q := r.base(k, n, head, &phrase{}, false)
	if n < len(us) && us[n].kind == genitive {
		q.complete(r)
		k2 := n + 1
		n2, head2 := r.run(k2)
		if head2 < 0 {
			return j
		}
		q = r.base(k2, n2, head2, &q, true)
		n = n2
	}
	if q.last < int(us[n-1].to) || q.persons != 0 || q.named && q.role == nil {
		if q.persons != 0 && p.kind == Role && len(p.countries) == 0 {
			q.complete(r) // "supporters of Hosni Mubarak": his country's, and he is a party of his own
			p.countries = q.countries
		}
		return j
	}
	if p.role == nil {
		return j // a body's own name is whole: "the Society of Jesus of French priests"
	}
	switch q.kind {
	case Role, People:
		if q.kind == Role && n < len(us) && us[n].kind == of {
			n = r.ofPhrase(&q, n)
		}
		if n < len(us) && us[n].kind == openBracket {
			if n+2 < len(us) && us[n+2].kind == closeBracket {
				r.abbreviate(&q, &us[n+1])
				q.last = int(us[n+2].to)
				n += 3
			}
		}
		q.complete(r)
		if len(q.countries) > 0 {
			p.countries = q.countries
			p.body, p.bodyCode = q.body, q.bodyCode
		}
		if p.role.from || p.role.class == organRole && p.role.sector == "GOV" && q.plural || p.role.lemma == "crowd" || p.role.lemma == "family" {
			if q.sector != "" && (q.role == nil || q.role.class != stateRole) {
				p.sector = q.sector
			}
		}
		p.vague = p.vague || q.vague
	case Body:
		p.body, p.bodyCode, p.countries = q.body, q.bodyCode, q.countries
		if p.role.from && (q.sector != "" || p.sector != "MIL") {
			p.sector = q.sector
		}
	case Country, Capital, Place:
		p.countries = q.countries
	default:
		return j
	}
	p.last = q.last
	return n
}

// collective reports whether the unit names an organ or state, which bears no
// name behind it.
func (r *reader) collective(u *unit) bool {
	if u.kind == roleUnit {
		c := r.t.roles[u.ref].class
		return c == organRole || c == stateRole
	}
	return u.kind == bodyUnit || u.kind == geo
}

func (r *reader) ofBody(p *phrase, u *unit) {
	m := r.bodyTermOn(&r.t.bodies[u.ref])
	p.countries = []string{m.code}
	if p.role != nil && lasting(p.role.sector) && lasting(m.sector) {
		p.kind, p.sector = Body, m.sector // "guerrillas of the FARC"
		p.body, p.bodyCode = &r.t.bodies[u.ref], m.code
		return
	}
	if p.role != nil && (p.role.from || p.role.sector == "GOV") {
		p.sector = m.sector
		p.body, p.bodyCode = &r.t.bodies[u.ref], m.code
	}
}

// nameAfter takes in a name that follows a role's complement without a comma:
// "Secretary-General of the Arab League | Ahmed Aboul Gheit".
func (r *reader) nameAfter(p *phrase, j int) int {
	if j >= len(r.us) {
		return j
	}
	switch u := &r.us[j]; u.kind {
	case personUnit:
		p.persons, p.nameFrom, p.nameTo, p.kind, p.titled = u.persons, int(u.from), int(u.to), Person, true
		p.last = int(u.to)
		return j + 1
	case nameUnit:
		if u.to-u.from > 1 {
			p.named, p.nameFrom, p.nameTo, p.kind, p.titled = true, int(u.from), int(u.to), Unknown, true
			p.last = int(u.to)
			return j + 1
		}
	}
	return j
}

// apposition reads ", NAME" after a role and ", ROLE" after a name.
func (r *reader) apposition(p *phrase, j int) int {
	us := r.us
	k := j + 1
	if k >= len(us) || p.plural {
		return j
	}
	isName := p.persons != 0 || p.named
	if !isName && p.kind != Role {
		return j
	}
	n, head := r.run(k)
	if head < 0 || n == k {
		return j
	}
	if !isName {
		// the role is told; a bare name follows
		for m := k; m < n; m++ {
			if us[m].kind == roleUnit && !us[m].plural && m < head {
				if x := &r.t.roles[us[m].ref]; x.class == rankRole {
					continue
				} else if x.class == personRole && !x.from { // ", MP NAME"
					p.sector = x.sector
					continue
				}
			}
			if m != head || us[m].kind != personUnit && (us[m].kind != nameUnit || us[m].to-us[m].from < 2 && m == k) {
				return j
			}
		}
		if n < len(us) && (us[n].kind == and || us[n].kind == genitive) {
			return j
		}
		u := &us[head]
		p.nameFrom, p.nameTo, p.titled = int(u.from), int(u.to), true
		if u.kind == personUnit {
			p.persons, p.kind = u.persons, Person
		} else {
			p.named, p.kind = true, Unknown
		}
		p.last = int(u.to)
		if n < len(us) && us[n].kind == comma && n+1 < len(us) && us[n+1].kind == roleUnit {
			return n
		}
		return n
	}
	if p.role != nil && p.role.class != rankRole && p.titled && len(p.countries) > 0 {
		return j
	}
	// a name is told; a singular role follows
	start := k
	if n < len(us) && us[n].kind == genitive || us[head].kind != roleUnit || us[head].plural || us[k].kind == personUnit {
		if n < len(us) && us[n].kind == genitive && r.takesOwner(n+1) {
			n2, head2 := r.run(n + 1)
			if head2 < 0 || us[head2].kind != roleUnit || us[head2].plural {
				return j
			}
			q := r.base(k, n, head, &phrase{}, false)
			q.complete(r)
			q = r.base(n+1, n2, head2, &q, true)
			return r.takeRole(p, &q, n2, j)
		}
		return j
	}
	q := r.base(start, n, head, &phrase{}, false)
	if q.role == nil || q.persons != 0 || q.named || q.last < int(us[n-1].to) {
		return j
	}
	return r.takeRole(p, &q, n, j)
}

// takeRole merges the appositive role q, which ends before unit n, into the
// name p; j is the comma before it, returned when it is no apposition after all.
func (r *reader) takeRole(p, q *phrase, n, j int) int {
	us := r.us
	if n < len(us) && us[n].kind == of {
		n = r.ofPhrase(q, n)
	}
	if n < len(us) && (us[n].kind == to || us[n].kind == forWord) && delegated(q.role) {
		if k, cs := r.bareCountries(n + 1); len(cs) > 0 {
			n = k
			q.last = int(us[k-1].to)
		}
	}
	bare := us[j+1].kind == roleUnit // "X, member of parliament and …": no member of a list
	if n < len(us) && (us[n].kind == and && !bare || us[n].kind == genitive || us[n].kind == personUnit || us[n].kind == nameUnit && q.last == int(us[n].from)) {
		return j
	}
	q.complete(r)
	p.role, p.roleFrom, p.roleTo = q.role, q.roleFrom, q.roleTo
	if q.sector != "" {
		p.sector = q.sector
	}
	if len(q.countries) > 0 {
		p.countries = q.countries
	}
	if p.weak == "" {
		p.weak = q.weak
	}
	p.body, p.bodyCode = q.body, q.bodyCode
	p.former = p.former || q.former
	p.titled = true
	p.last = q.last
	if n+1 < len(us) && us[n].kind == comma {
		// ", chairman of …, MP": a second office
		if m, head := r.run(n + 1); head >= 0 && m == head+1 && us[head].kind == roleUnit && !us[head].plural && m-n <= 3 && (m == len(us) || us[m].kind != and) {
			x := r.base(n+1, m, head, &phrase{}, false)
			p.sector = x.sector
			p.last = x.last
			return m
		}
	}
	return n
}

// abbreviate remembers a short form that the report gives in brackets: "the
// Trade Unions Confederation (ATUC)".
func (r *reader) abbreviate(p *phrase, u *unit) {
	if u.to != u.from+1 || u.kind != nameUnit || p.kind != Role && p.kind != Body {
		return
	}
	p.complete(r)
	q := *p
	q.titled, q.definite = false, false
	r.short[r.sent.Tokens[u.from].Form] = q
}

// text returns the report's words of tokens [a,b).
func (r *reader) text(a, b int) string {
	ts := r.sent.Tokens
	return r.doc.Text[ts[a].Start:ts[b-1].End]
}

func (r *reader) span(a, b int) rapport.Span {
	ts := r.sent.Tokens
	return rapport.Span{Start: ts[a].Start, End: ts[b-1].End}
}
