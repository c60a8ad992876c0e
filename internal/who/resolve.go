package who

import (
	"slices"
	"strings"

	"rapport"
	"rapport/internal/language"
)

// stranger is a person the tables lack, as the report introduced them.
type stranger struct {
	name    string
	country string
	sector  string
	office  string
}

// complete settles the country and sector of a phrase from its name.
func (p *phrase) complete(r *reader) {
	switch {
	case p.persons != 0:
		r.completePerson(p)
	case p.named:
		r.completeStranger(p)
	}
}

// person chooses among the bearers of a name: the report's day, its countries,
// and the words of the phrase decide. name is as written, roleWords the office
// the phrase tells.
func (r *reader) person(senses int32, name string, countries []string, roleWords string, titled bool) (id int32, sure float64, ok bool) {
	t := r.t
	best, second := -1e9, -1e9
	long := false
	if r.asked && r.home != "" && len(countries) == 0 {
		countries = []string{r.home}
	}
	var rivals []int32
	nearest, next, closest := -1e9, -1e9, int32(-1) // by what near says
	for s := senses; s != 0; s = t.senses[s-1].next {
		x := &t.senses[s-1]
		if x.sort < longPerson {
			continue
		}
		p := &t.persons[x.ref]
		if r.dated && !r.told[x.ref] && p.unheard(r.last, x.sort == longPerson) {
			continue
		}
		v := 0.0
		if r.told[x.ref] {
			v += 10
		}
		if x.sort == longPerson {
			v += 2
			long = true
		}
		if len(countries) > 0 {
			if countries[0] == p.country {
				v += 5
			} else {
				v -= 5
			}
		}
		if n := r.seen[p.country]; n > 0 {
			v += 2
		}
		if strings.ContainsRune(name, ' ') && slices.ContainsFunc(p.names, func(n string) bool { return strings.EqualFold(n, name) }) {
			v += 4 // "V. P. Singh", whose initials drop out
		}
		if r.dated {
			near := t.near(p, r.first, r.last)
			v += near
			if near > nearest {
				nearest, next, closest = near, nearest, x.ref
			} else {
				next = max(next, near)
			}
			m := t.termOn(p, r.first, r.last)
			if m != nil && roleWords != "" && m.bears(roleWords) {
				v += 3
			}
			if m == nil && international(p.country) {
				v -= 2 // who has left a body is the country's they came from
			}
		}
		if roleWords != "" && p.heldOffice(roleWords) {
			v += 2
		}
		if r.asked {
			rivals = append(rivals, x.ref)
		}
		if v > best {
			best, second, id = v, best, x.ref
		} else if v > second {
			second = v
		}
	}
	if r.asked && best > -1e9 {
		return id, r.certainty(id, rivals, best-second, long), true
	}
	need := 3.0
	if titled {
		need = 1.5
		if (second == -1e9 || id == closest && nearest-next >= 1) && len(countries) == 0 {
			need = -1 // "Mr. Powell": the only one of that name, or fifteen years nearer the day than the others
		}
	}
	if long {
		need = -4
	}
	if best < need {
		return 0, 0, false
	}
	sure = 0.95
	if best-second < 1 {
		sure = 0.5
	}
	return id, sure, true
}

// certainty is how sure an answer about a name alone is: how far the choice lies
// before the next, and whether it is of the country asked about. The others are
// noted.
func (r *reader) certainty(id int32, rivals []int32, lead float64, long bool) float64 {
	sure := 0.95
	switch {
	case lead < 1:
		sure = 0.5
	case lead < 4:
		sure = 0.75
	case !long && r.home == "":
		sure = 0.85
	}
	if r.home != "" && r.t.persons[id].country != r.home {
		sure *= 0.5
	}
	for _, o := range rivals {
		if o != id && !slices.Contains(r.rivals, o) {
			r.rivals = append(r.rivals, o)
		}
	}
	return sure
}

// heldOffice reports whether any of the person's offices bears the role word.
func (p *person) heldOffice(word string) bool {
	for i := range p.terms {
		if p.terms[i].bears(word) {
			return true
		}
	}
	return false
}

// bears reports whether the office bears the role word; a prime minister is
// called premier too.
func (m *term) bears(word string) bool {
	office := strings.ToLower(m.office)
	return strings.Contains(office, word) || word == "premier" && strings.Contains(office, "prime minister")
}

// near scores how close a person's terms are to the report's day: 2 within
// one, falling to −3 for a gap of sixty years.
func (t *tables) near(p *person, first, last int32) float64 {
	gap := int64(1) << 40
	for i := range p.terms {
		s := p.terms[i].span
		switch {
		case first <= s.to && s.from <= last:
			return 2
		case s.from > last:
			gap = min(gap, int64(s.from)-int64(last))
		default:
			gap = min(gap, int64(first)-int64(s.to))
		}
	}
	years := float64(gap) / 365
	return max(1-years/15, -3)
}

// unheard reports whether a person's first term lies so long after the day that
// a report of the day hardly means them: twenty-five years for a family name
// alone, fifty for the whole name, after which they were children at best.
func (p *person) unheard(last int32, whole bool) bool {
	years := int64(25)
	if whole {
		years = 50
	}
	for i := range p.terms {
		if int64(p.terms[i].span.from)-int64(last) <= years*366 {
			return false
		}
	}
	return true
}

// termOn returns the term that holds on the day, the latest begun of several.
func (t *tables) termOn(p *person, first, last int32) *term {
	var best *term
	for i := range p.terms {
		m := &p.terms[i]
		if first <= m.span.to && m.span.from <= last {
			if best == nil || weight(m) <= weight(best) {
				best = m
			}
		}
	}
	return best
}

// weight orders terms held at once: an office of government outweighs a
// party's, and the head's of state or government the others.
func weight(m *term) int {
	switch m.sector {
	case "GOV":
		switch m.office {
		case "President", "Prime Minister", "King", "Queen", "Emir", "Sultan", "Emperor", "Chancellor", "Supreme Leader", "Premier", "Taoiseach":
			return 0
		}
		if strings.Contains(m.office, "Party") || strings.HasPrefix(m.office, "General Secretary") {
			return 2
		}
		return 1
	case "MIL":
		return 3
	case "LEG", "":
		return 4
	}
	return 5
}

// roleOf returns sector and office of a known person on a day.
func (t *tables) roleOf(p *person, first, last int32) (sector, office string) {
	if m := t.termOn(p, first, last); m != nil {
		return m.sector, m.office
	}
	if international(p.country) {
		return "", ""
	}
	ended, served := false, false
	for i := range p.terms {
		if m := &p.terms[i]; m.span.to < first {
			ended = true
			served = served || m.sector == "GOV"
		}
	}
	m := &p.terms[0]
	if ended {
		m = &p.terms[len(p.terms)-1]
	}
	switch m.sector {
	case "REB", "UAF", "CRM", "REL", "PRE":
		return m.sector, ""
	case "OPP":
		if !served {
			return m.sector, ""
		}
	}
	return "ELI", ""
}

func international(code string) bool {
	switch code {
	case "IGO", "UNO", "EUR", "NGO", "MNC", "ISM", "IMG":
		return true
	}
	return false
}

func (r *reader) completePerson(p *phrase) {
	roleWords := ""
	if p.role != nil {
		roleWords = p.role.lemma
	}
	cs := p.countries
	id, sure, ok := r.person(p.persons, r.text(p.nameFrom, p.nameTo), cs, roleWords, p.titled)
	if ok && !r.told[id] && !x2(r.t, p.persons) && r.introduced(p) {
		ok = false
	}
	if !ok {
		// a short name nobody of the tables bears here: somebody the report knows
		p.persons, p.named, p.kind = 0, true, Unknown
		r.completeStranger(p)
		return
	}
	x := &r.t.persons[id]
	p.sure = min(p.sure, sure)
	p.kind = Person
	if len(cs) == 0 || international(x.country) {
		p.countries = []string{x.country}
	}
	r.told[id] = true
}

// titled reports whether the role is an office: a daughter's is none.
func titled(p *phrase) bool {
	if p.role != nil {
		switch p.role.lemma {
		case "counterpart", "host", "guest", "colleague", "interlocutor":
			return false
		}
	}
	return p.role != nil && p.roleTo > p.roleFrom && (p.role.class == officeRole || p.role.class == personRole && p.sector != "CVL")
}

// introduced reports whether the report has introduced somebody of this name
// whom the tables lack.
func (r *reader) introduced(p *phrase) bool {
	keys := r.nameKeys(p.nameFrom, p.nameTo)
	if len(keys) == 0 {
		return false
	}
	_, ok := r.names[keys[0]]
	return ok
}

// completeStranger looks up or introduces a person the tables lack.
func (r *reader) completeStranger(p *phrase) {
	keys := r.nameKeys(p.nameFrom, p.nameTo)
	if len(keys) == 0 {
		return
	}
	full := keys[0]
	if id, ok := r.names[full]; ok {
		s := &r.unknown[id]
		if len(p.countries) == 0 && s.country != "" {
			p.countries = []string{s.country}
		}
		if p.sector == "" || p.role == nil {
			p.sector = s.sector
		}
		if s.country == "" && len(p.countries) == 1 {
			s.country = p.countries[0]
		}
		if s.sector == "" {
			s.sector = p.sector
		}
		p.kind = Person
		return
	}
	if len(keys) == 1 && !p.titled {
		return
	}
	if p.role == nil && len(p.countries) == 0 && len(keys) == 1 {
		return
	}
	s := stranger{name: r.text(p.nameFrom, p.nameTo), sector: p.sector}
	if len(p.countries) == 1 {
		s.country = p.countries[0]
	}
	if titled(p) {
		s.office = r.office(p)
	}
	id := int32(len(r.unknown))
	r.unknown = append(r.unknown, s)
	for _, k := range keys {
		if _, ok := r.names[k]; !ok {
			r.names[k] = id
		}
	}
	if p.titled {
		p.kind = Person
	}
}

// nameKeys returns the hashes by which a report may call the bearer of the
// name at tokens [a,b): the whole name, the last word, of three words or more
// the last but one.
func (r *reader) nameKeys(a, b int) []uint64 {
	r.f.words = r.f.words[:0]
	for i := a; i < b; i++ {
		r.f.add(r.sent.Tokens[i].Form, i)
	}
	var hs []uint64
	for _, w := range r.f.words {
		if w.strong != 0 {
			hs = append(hs, w.strong)
		}
	}
	if len(hs) == 0 {
		return nil
	}
	h := personSeed
	for _, w := range hs {
		h = chain(h, w)
	}
	keys := []uint64{h}
	if len(hs) > 1 {
		keys = append(keys, chain(personSeed, hs[len(hs)-1]))
	}
	if len(hs) > 2 {
		keys = append(keys, chain(personSeed, hs[len(hs)-2]), chain(chain(personSeed, hs[len(hs)-2]), hs[len(hs)-1]))
	}
	return keys
}

// office returns the words of the phrase's role with capitals: "Foreign
// Minister".
func (r *reader) office(p *phrase) string {
	if p.role.office != "" {
		return p.role.office
	}
	ws := strings.Fields(r.text(p.roleFrom, p.roleTo))
	for i, w := range ws {
		switch w {
		case "of", "for", "the", "and", "to", "in":
			continue
		}
		ws[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(ws, " ")
}

// emit appends the mention that p tells.
func (r *reader) emit(p *phrase) {
	r.shortBody(p)
	if p.last <= p.first || p.nothing() {
		return
	}
	if p.kind == Unknown && (p.nameTo-p.nameFrom < 2 && !p.titled) && len(p.countries) == 0 {
		return
	}
	if p.kind == Role && p.role.lemma == "force" && !p.plural && !p.definite && len(p.countries) == 0 {
		return // "by force"
	}
	if p.kind == Role && p.role.class == stateRole && len(p.countries) == 0 {
		return // "the country", "both sides": claims reads these epithets
	}
	m := Mention{
		Sentence: r.si, First: p.first, Last: p.last, Span: r.span(p.first, p.last),
		Kind: p.kind, Definite: p.definite, Plural: p.plural, Former: p.former,
		Confidence: p.sure, Rule: p.rule,
	}
	m.Head = r.head(p)
	if p.role != nil {
		m.Role = p.role.lemma
	}
	if m.Rule == "" {
		m.Rule = "who/" + p.kind.String()
	}
	m.Parties = r.parties(p)
	for i := range m.Parties {
		m.Parties[i].Text = r.text(p.first, p.last)
	}
	if len(p.countries) == 0 && p.kind != Adjective {
		m.Confidence *= nobodys
	}
	r.out = append(r.out, m)
}

// nobodys is how much surer of a party one is that has a country.
const nobodys = 0.6

// head returns the token of the phrase whose own head lies outside it. A
// wrong parse may leave several; one that is an argument is preferred to one
// that modifies.
func (r *reader) head(p *phrase) int {
	ts := r.sent.Tokens
	best, rank := p.core, 0
	for i := p.first; i < p.last; i++ {
		if h := ts[i].Head; h >= p.first && h < p.last || ts[i].UPOS == "PUNCT" {
			continue
		}
		k := 3
		switch rel, _, _ := strings.Cut(ts[i].Rel, ":"); {
		case rel == "det" || rel == "case" || rel == "cc" || rel == "punct" || rel == "mark" || rel == "nummod":
			k = 1
		case rel == "compound" || rel == "amod" || rel == "flat" || rel == "nmod" || rel == "dep" || rel == "advmod":
			k = 2
		}
		if k > rank {
			best, rank = i, k
		}
	}
	return best
}

func (r *reader) parties(p *phrase) []rapport.Party {
	if p.kind == Adjective || p.kind == Country || p.kind == Capital || p.kind == Place {
		return r.states(p)
	}
	if p.vague && len(p.countries) == 0 && p.persons == 0 && !p.named {
		return nil
	}
	q := rapport.Party{Sector: p.sector}
	switch {
	case p.persons != 0:
		r.personParty(p, &q)
	case p.named:
		r.strangerParty(p, &q)
	case p.kind == Body:
		q.Name, q.Wikidata = p.body.name, p.body.wikidata
	default:
		if p.former && p.role != nil && p.role.class != organRole && p.role.class != stateRole {
			q.Sector = "ELI"
		}
		if p.role != nil && p.role.class == officeRole && !p.role.from && !p.plural {
			q.Office = r.office(p)
		}
		if p.body != nil && p.role != nil && p.role.from && p.body.name != "United Nations" && p.body.name != "European Union" {
			q.Name = p.body.name // who speaks in its name
		}
	}
	cs := p.countries
	if len(cs) == 0 && p.weak != "" {
		cs = []string{p.weak}
	}
	if len(cs) == 0 {
		return []rapport.Party{q}
	}
	if !p.plural && len(cs) > 1 && p.kind != Body {
		cs = cs[:1]
	}
	out := make([]rapport.Party, 0, len(cs))
	for _, c := range cs {
		q := q
		q.Country = c
		if international(c) && q.Sector == "GOV" {
			q.Sector = ""
		}
		out = append(out, q)
	}
	return out
}

// states are the parties of a country standing for its government.
func (r *reader) states(p *phrase) []rapport.Party {
	out := make([]rapport.Party, 0, len(p.countries))
	for _, c := range p.countries {
		q := rapport.Party{Country: c, Sector: "GOV"}
		if p.kind == Place {
			q.Sector = ""
		}
		if international(c) {
			q.Sector = ""
		}
		out = append(out, q)
	}
	return out
}

func (r *reader) personParty(p *phrase, q *rapport.Party) {
	role := ""
	if p.role != nil {
		role = p.role.lemma
	}
	id, _, ok := r.person(p.persons, r.text(p.nameFrom, p.nameTo), p.countries, role, p.titled)
	if !ok {
		r.strangerParty(p, q)
		return
	}
	x := &r.t.persons[id]
	q.Name, q.Wikidata = x.name, x.wikidata
	first, last := r.first, r.last
	if !r.dated {
		first, last = forever-1, forever-1
	}
	sector, office := r.t.roleOf(x, first, last)
	told := p.role != nil && p.roleTo > p.roleFrom && !(p.role.class == rankRole && p.role.sector == "")
	if len(p.countries) > 0 && p.countries[0] != x.country {
		// the report has them in another country's service
		q.Sector, q.Office = p.sector, ""
		if q.Sector == "" {
			q.Sector = sector
		}
		if titled(p) && !p.former {
			q.Office = r.office(p)
		}
		return
	}
	q.Sector, q.Office = sector, office
	if told && p.role.class != rankRole && p.sector != sector {
		for i := range x.terms { // "the army's commander", who is chairman of the junta too
			if m := &x.terms[i]; m.sector == p.sector && m.sector != "" && first <= m.span.to && m.span.from <= last {
				q.Sector, q.Office = m.sector, m.office
				return
			}
		}
	}
	switch {
	case p.former && r.t.termOn(x, first, last) == nil:
		q.Sector, q.Office = "ELI", ""
	case p.former:
	case told && sector == "ELI" && p.sector != "" && p.role.class != rankRole && (p.sector != "GOV" || !r.held(x, p)):
		q.Sector, q.Office = p.sector, r.office(p)
	case told && r.held(x, p):
	case told && !p.role.from && p.role.class != rankRole && p.sector != "" && p.sector != sector && r.t.termOn(x, first, last) == nil:
		q.Sector, q.Office = p.sector, r.office(p)
	}
	if international(x.country) && q.Sector == "GOV" {
		q.Sector = ""
	}
}

// held reports whether the office that the phrase tells is one the person had
// laid down by the report's day: "President Mubarak" in 2015 is none.
func (r *reader) held(x *person, p *phrase) bool {
	office := strings.ToLower(r.office(p))
	for i := range x.terms {
		if m := &x.terms[i]; r.dated && m.span.to < r.first && strings.EqualFold(m.office, office) {
			return true
		}
	}
	return false
}

func (r *reader) strangerParty(p *phrase, q *rapport.Party) {
	q.Name = r.text(p.nameFrom, p.nameTo)
	if keys := r.nameKeys(p.nameFrom, p.nameTo); len(keys) > 0 {
		if id, ok := r.names[keys[0]]; ok {
			s := &r.unknown[id]
			q.Name, q.Office = s.name, s.office
			if q.Sector == "" {
				q.Sector = s.sector
			}
		}
	}
	if titled(p) {
		q.Office = r.office(p)
	}
	if p.former {
		q.Sector, q.Office = "ELI", ""
	}
}

// newReader prepares to read doc on a day.
func newReader(doc *language.Doc, day rapport.Date) *reader {
	r := &reader{
		t: load(), doc: doc,
		cues: map[uint64]bool{}, seen: map[string]int{}, told: map[int32]bool{}, names: map[uint64]int32{}, choices: map[uint64]choice{},
		short: map[string]phrase{}, heads: map[uint64]int32{},
		bounds: make([][2]int32, len(doc.Sentences)), wordEnds: make([]int32, len(doc.Sentences)),
	}
	if f, l, ok := dayOf(day); ok {
		r.first, r.last, r.dated = f, l, true
	}
	return r
}

func lastWord(name string) string { return name[strings.LastIndexByte(name, ' ')+1:] }

// told in full before, a body may go by its last word: "the Union".
func (r *reader) shortBody(p *phrase) {
	if p.kind != Role || !p.definite || len(p.countries) > 0 || p.roleTo != p.roleFrom+1 || p.last-p.first != 2 {
		return
	}
	form := r.sent.Tokens[p.roleFrom].Form
	if !startsUpper(form) {
		return
	}
	r.f.words = r.f.words[:0]
	r.f.add(form, 0)
	if id, ok := r.heads[r.f.words[0].light]; ok && len(r.f.words) == 1 {
		u := unit{ref: id, role: -1}
		p.role = nil
		r.addBody(p, &u, false)
		p.sure = min(p.sure, 0.8)
		p.rule = "who/short-body"
	}
}

// see counts the countries that the report names and the persons it names in
// full.
func (r *reader) see() {
	for i := range r.units {
		u := &r.units[i]
		switch u.kind {
		case geo, adjective, people:
			if u.sort < placeName || r.t.places[max(u.ref, 0)].sort == "city" {
				for _, c := range r.codes(u) {
					r.seen[c]++
				}
			}
		case bodyUnit:
			r.seen[r.bodyTermOn(&r.t.bodies[u.ref]).code]++
			r.f.words = r.f.words[:0]
			r.f.add(lastWord(r.t.bodies[u.ref].name), 0)
			for _, w := range r.f.words {
				if _, ok := r.heads[w.light]; !ok {
					r.heads[w.light] = u.ref
				}
			}
		}
	}
	for si, b := range r.bounds {
		for i := b[0]; i < b[1]; i++ {
			if k := r.units[i].kind; k == modifier || k == nameUnit && r.units[i].to == r.units[i].from+1 {
				r.compass(&r.doc.Sentences[si], &r.units[i])
			}
		}
	}
	for si, b := range r.bounds {
		r.sent = &r.doc.Sentences[si]
		for i := b[0]; i < b[1]; i++ {
			u := &r.units[i]
			if u.kind != personUnit || !x2(r.t, u.persons) {
				continue
			}
			if id, _, ok := r.person(u.persons, r.text(int(u.from), int(u.to)), nil, "", false); ok {
				for k := u.persons; k != 0; k = r.t.senses[k-1].next { // one person may have served state and body
					if x := &r.t.senses[k-1]; x.sort >= longPerson && r.t.persons[x.ref].name == r.t.persons[id].name {
						r.told[x.ref] = true
					}
				}
				r.seen[r.t.persons[id].country]++
			}
		}
	}
	r.familyNames()
}

// familyNames takes a word for a country that is also the name of a person told
// in full for that person, unless the country is told by other words too:
// "Franco" after Federico Franco, "Sadr" after Moqtada al-Sadr.
func (r *reader) familyNames() {
	type word struct {
		kind unitKind
		sort sort
		ref  int32
	}
	often := map[word]int{}
	for i := range r.units {
		if u := &r.units[i]; u.kind == geo || u.kind == adjective {
			often[word{u.kind, u.sort, u.ref}]++
		}
	}
	for i := range r.units {
		u := &r.units[i]
		if u.kind != geo && u.kind != adjective || u.persons == 0 || u.to != u.from+1 || !r.anyTold(u.persons) {
			continue
		}
		if cs := r.codes(u); len(cs) == 1 && r.seen[cs[0]] <= often[word{u.kind, u.sort, u.ref}] {
			*u = unit{from: u.from, to: u.to, kind: personUnit, role: -1, persons: u.persons, sure: 1}
		}
	}
}

// anyTold reports whether any of the bearers of a name is told in full.
func (r *reader) anyTold(id int32) bool {
	for ; id != 0; id = r.t.senses[id-1].next {
		if x := &r.t.senses[id-1]; x.sort >= longPerson && r.told[x.ref] {
			return true
		}
	}
	return false
}

// byName finds a person by canonical name and country.
func (t *tables) byName(name, country string) (int32, bool) {
	var f folder
	h := personSeed
	for _, w := range f.split(name) {
		if w.strong != 0 {
			h = chain(h, w.strong)
		}
	}
	at := t.slot(h)
	if t.keys[at] == 0 {
		return 0, false
	}
	for k := t.first[at]; k != 0; k = t.senses[k-1].next {
		if x := &t.senses[k-1]; x.sort >= longPerson && t.persons[x.ref].name == name && t.persons[x.ref].country == country {
			return x.ref, true
		}
	}
	return 0, false
}

func (t *tables) bodyByName(name, country string) *body {
	var f folder
	h := lightSeed
	for _, w := range f.split(name) {
		h = chain(h, w.light)
	}
	at := t.slot(h)
	if t.keys[at] == 0 {
		return nil
	}
	for k := t.first[at]; k != 0; k = t.senses[k-1].next {
		x := &t.senses[k-1]
		if x.sort != bodyName || t.bodies[x.ref].name != name {
			continue
		}
		for _, m := range t.bodies[x.ref].terms {
			if m.code == country {
				return &t.bodies[x.ref]
			}
		}
	}
	return nil
}
