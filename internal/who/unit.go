package who

import (
	"slices"
	"strings"

	"rapport/internal/language"
)

// A unit is a token, or tokens that the tables know as one, with the part it
// plays in a noun phrase.
type unit struct {
	from, to int32 // tokens
	kind     unitKind
	sort     sort  // of the sense chosen, for geo, adjective, people, body, role
	ref      int32 // its row
	role     int32 // row of the role the words could be instead or as well, -1 for none
	persons  int32 // first sense of the person's name, 0 for none
	plural   bool
	people   bool // an adjective that may be a noun: "the French"
	noun     bool // a modifier that is a noun
	namesake bool // a place that may be a surname: Jordan, Washington
	weak     bool // an adjective that is a noun's part and tells no country: "Iran" in "Iran-backed"
	sure     float32
}

type unitKind uint8

const (
	stop      unitKind = iota
	det                // the, this, both, all
	possessor          // his, its, their
	number
	modifier
	former // former, ex-, ousted
	geo    // a country, capital, seat or place
	adjective
	people
	bodyUnit
	roleUnit
	personUnit
	nameUnit // capitalised words that the tables lack
	hyphen
	genitive // 's
	of
	to
	in
	forWord
	comma
	and
	openBracket
	closeBracket
	timeWord
	amount // hundreds, dozens: with "of" they head what they count
)

// reader reads one report.
type reader struct {
	t           *tables
	doc         *language.Doc
	first, last int32 // the report's day
	dated       bool
	f           folder
	words       []word
	wordEnds    []int32 // of each sentence
	units       []unit
	bounds      [][2]int32      // of each sentence's units
	cues        map[uint64]bool // cue words that stand in the report
	seen        map[string]int  // countries named in the report, by how often
	told        map[int32]bool  // persons named in full
	names       map[uint64]int32
	unknown     []stranger
	choices     map[uint64]choice // readings of ambiguous forms, decided once a report
	sent        *language.Sentence
	si          int
	us          []unit // of the sentence at work
	out         []Mention
	short       map[string]phrase // short forms the report itself introduces: "(ATUC)"
	heads       map[uint64]int32  // last words of bodies named in full: "the Union"

	asked  bool     // one phrase is read, not a report: see ask.go
	home   string   // the country asked about, "" for none
	rivals []int32  // persons the name may mean as well
	chosen []uint64 // ambiguous forms of the phrase
}

type choice struct {
	reading *reading
	sure    float32
}

// fold cuts the report into words and notes which cue words stand in it.
func (r *reader) fold() {
	n := 0
	for i := range r.doc.Sentences {
		n += len(r.doc.Sentences[i].Tokens)
	}
	r.f.words = make([]word, 0, n+n/8)
	r.units = make([]unit, 0, n)
	for si := range r.doc.Sentences {
		start := len(r.f.words)
		for i, t := range r.doc.Sentences[si].Tokens {
			if f := t.Form; !isPunct(f) && !strings.HasSuffix(f, "$") {
				r.f.add(f, i)
			} else if (f == "-" || f == "–") && len(r.f.words) > start {
				r.f.words[len(r.f.words)-1].hyphen = true
			}
		}
		r.wordEnds[si] = int32(len(r.f.words))
	}
	r.words = r.f.words
	r.f.words = nil
	for _, w := range r.words {
		if r.t.cues[w.light] {
			r.cues[w.light] = true
		}
	}
}

// match cuts sentence si into units.
func (r *reader) match(si int) {
	s := &r.doc.Sentences[si]
	r.si = si
	start := len(r.units)
	first := int32(0)
	if si > 0 {
		first = r.wordEnds[si-1]
	}
	ws := r.words[first:r.wordEnds[si]]
	w := 0
	for i := 0; i < len(s.Tokens); {
		for w < len(ws) && int(ws[w].tok) < i {
			w++
		}
		if w == len(ws) || int(ws[w].tok) != i {
			r.plain(s, i)
			i++
			continue
		}
		u, end, ok := r.known(s, ws, w, i, start)
		if !ok {
			r.plain(s, i)
			i++
			continue
		}
		r.units = append(r.units, u)
		i = int(ws[end-1].tok) + 1
	}
	r.join(s, start)
	r.weaken(s, start)
	r.bounds[si] = [2]int32{int32(start), int32(len(r.units))}
}

// foreign are the participles before which a country word tells no belonging:
// "Iran-backed militia", "Portuguese-speaking nations", "Saudi-born".
var foreign = wordSet("speaking language backed born trained style made friendly funded supported armed inspired supplied sponsored financed aligned leaning occupied")

// weaken marks the country words of such compounds.
func (r *reader) weaken(s *language.Sentence, start int) {
	for i := start; i < len(r.units); i++ {
		u := &r.units[i]
		if u.kind != adjective && u.kind != geo {
			continue
		}
		tail := ""
		if f := s.Tokens[u.to-1].Form; strings.Contains(f, "-") {
			tail = f[strings.LastIndexByte(f, '-')+1:]
		} else if i+1 < len(r.units) && r.units[i+1].kind == hyphen && int(u.to)+1 < len(s.Tokens) {
			tail = s.Tokens[u.to+1].Form
		}
		if foreign[strings.ToLower(tail)] {
			u.kind, u.weak = modifier, true
		}
	}
}

// known returns the longest thing of the tables that begins at word w.
func (r *reader) known(s *language.Sentence, ws []word, w, i, start int) (unit, int, bool) {
	x := r.t.index
	lightEnd, lightAt, lightKey := r.lightAt(s, ws, w, len(ws))
	if lightEnd > w+1 && r.t.senses[x.first[lightAt]-1].sort == roleWord {
		for k := w + 1; k < lightEnd; k++ { // "opposition | Movement for Democratic Change"
			if end, at, _ := r.lightAt(s, ws, k, len(ws)); end > lightEnd && r.t.senses[x.first[at]-1].sort == bodyName {
				lightEnd, lightAt, lightKey = r.lightAt(s, ws, w, k)
				break
			}
		}
	}
	personEnd, personAt := r.personAt(ws, w)
	if personEnd > 0 && personEnd == w+1 && !r.mayBeName(s, i, start) {
		personEnd = 0
	}
	for lightAt >= 0 && personEnd <= lightEnd {
		if u, ok := r.lightUnit(s, ws[w:lightEnd], lightAt, lightKey, i); ok {
			if personEnd == lightEnd {
				u.persons = x.first[personAt]
				if r.nameWins(&u, start) {
					u = unit{kind: personUnit, persons: x.first[personAt], sure: 1}
				}
			}
			u.from, u.to = int32(i), ws[lightEnd-1].tok+1
			return u, lightEnd, true
		}
		lightEnd, lightAt, lightKey = r.lightAt(s, ws, w, lightEnd-1) // what is shorter may be meant
	}
	if personEnd > 0 {
		u := unit{from: int32(i), to: ws[personEnd-1].tok + 1, kind: personUnit, role: -1, persons: x.first[personAt], sure: 1}
		return u, personEnd, true
	}
	return unit{}, 0, false
}

// lightAt returns the end of the longest thing that is no person at word w,
// which ends before word limit, its slot and its key.
func (r *reader) lightAt(s *language.Sentence, ws []word, w, limit int) (end, slot int, key uint64) {
	x := r.t.index
	h := lightSeed
	slot = -1
	for k := w; k < limit; k++ {
		h = chain(h, ws[k].light)
		at := x.slot(h)
		if x.keys[at] == 0 {
			break
		}
		if x.first[at] != 0 && (k+1 == len(ws) || ws[k+1].tok != ws[k].tok || ws[k].hyphen) && !r.numbered(s, ws, k) && r.anyFits(ws[w:k+1], x.first[at]) {
			end, slot, key = k+1, at, h
		}
		if !x.more[at] {
			break
		}
	}
	return end, slot, key
}

// numbered reports whether word k goes on with a hyphen and a figure: "AP-3C"
// is no news agency.
func (r *reader) numbered(s *language.Sentence, ws []word, k int) bool {
	if !ws[k].hyphen || k+1 == len(ws) {
		return false
	}
	f := s.Tokens[ws[k+1].tok].Form
	if ws[k+1].tok == ws[k].tok {
		f = f[strings.LastIndexByte(f, '-')+1:]
	}
	return f != "" && f[0] >= '0' && f[0] <= '9'
}

// nameWins reports whether a word that is both a person's name and another
// thing is the name, by what stands before it: "Mr. Major".
func (r *reader) nameWins(u *unit, start int) bool {
	if r.home != "" && !(u.kind == geo && slices.Contains(r.codes(u), r.home)) {
		for k := u.persons; k != 0; k = r.t.senses[k-1].next { // "Lagos", asked about with Chile
			if x := &r.t.senses[k-1]; x.sort >= longPerson && r.t.persons[x.ref].country == r.home {
				return true
			}
		}
	}
	if len(r.units) == start {
		return false
	}
	p := &r.units[len(r.units)-1]
	if u.kind != roleUnit && u.kind != geo {
		return x2(r.t, u.persons)
	}
	return p.kind == roleUnit && (r.t.roles[p.ref].class == rankRole || r.t.roles[p.ref].class == officeRole)
}

// x2 reports whether a person's name has two words or more.
func x2(t *tables, id int32) bool { return t.senses[id-1].sort == longPerson }

// personAt returns the end of the longest person's name at word w and its slot.
func (r *reader) personAt(ws []word, w int) (end, at int) {
	x := r.t.index
	if ws[w].letter == lower && !(ws[w].strong == 0 && w+1 < len(ws) && ws[w+1].letter != lower) { // "al-Bashir"
		return 0, 0
	}
	h := personSeed
	used := 0
	for k := w; k < len(ws) && k < w+9; k++ {
		if ws[k].strong == 0 {
			if k == w && (k+1 == len(ws) || ws[k+1].letter == lower) {
				return 0, 0
			}
			continue
		}
		next := chain(h, ws[k].strong)
		a := x.slot(next)
		if x.keys[a] == 0 {
			// a second name or patronymic that the tables lack
			if used == 1 && !r.isTitle(ws[w]) && ws[k].letter == title && k+1 < len(ws) && ws[k+1].letter == title && ws[k+1].strong != 0 {
				next = chain(h, ws[k+1].strong)
				if a = x.slot(next); x.keys[a] != 0 && x.first[a] != 0 && r.hasPerson(x.first[a]) {
					return k + 2, a
				}
			}
			break
		}
		h = next
		used++
		if x.first[a] != 0 && (ws[k].letter != lower || ws[k-1].hyphen) && (k+1 == len(ws) || ws[k+1].tok != ws[k].tok) {
			end, at = k+1, a
		}
		if !x.more[a] && used > 1 {
			break
		}
	}
	return end, at
}

// isTitle reports whether a word is an office: "President Teburoro Tito" is
// not the "President Tito" of the tables.
func (r *reader) isTitle(w word) bool {
	x := r.t.index
	for id := x.first[x.slot(chain(lightSeed, w.light))]; id != 0; id = x.senses[id-1].next {
		if s := &x.senses[id-1]; s.sort == roleWord && r.t.roles[s.ref].class == officeRole {
			return true
		}
	}
	return false
}

func (r *reader) hasPerson(id int32) bool { return r.t.senses[id-1].sort >= longPerson }

func (r *reader) anyFits(ws []word, id int32) bool {
	for ; id != 0; id = r.t.senses[id-1].next {
		if fitsCase(ws, r.t.senses[id-1].caps) {
			return true
		}
	}
	return false
}

// mayBeName reports whether the single token i can be a person's name: a
// proper noun that is no month in a date.
func (r *reader) mayBeName(s *language.Sentence, i, start int) bool {
	t := &s.Tokens[i]
	if t.UPOS != "PROPN" && (i == 0 || t.UPOS != "NOUN" && t.UPOS != "X" && t.UPOS != "ADJ") {
		return false
	}
	switch strings.ToLower(t.Form) {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"january", "february", "july", "september", "october", "november", "december":
		return false
	case "may", "april", "march", "june", "august":
		if i+1 < len(s.Tokens) && s.Tokens[i+1].UPOS == "NUM" {
			return false
		}
		if i > 0 {
			switch strings.ToLower(s.Tokens[i-1].Form) {
			case "mr.", "mrs.", "ms.", "mr", "mrs", "ms", "minister", "president", "theresa", ",", ".", "and", "that", "“", "\"":
			default:
				return s.Tokens[i].Rel == "nsubj" || s.Tokens[i].Rel == "nmod:poss"
			}
		}
	}
	return true
}

var pluralTag = map[string]bool{"NNS": true, "NNPS": true}

// lightUnit chooses among the senses of a match.
func (r *reader) lightUnit(s *language.Sentence, ws []word, at int, key uint64, i int) (unit, bool) {
	t := r.t
	u := unit{role: -1, sure: 1}
	var pick *reading
	if rs := t.ambiguous[key]; len(rs) > 0 {
		c := r.choose(key, rs)
		pick, u.sure = c.reading, c.sure
		for i := range rs {
			u.namesake = u.namesake || rs[i].other == "person"
		}
	}
	lastTok := int(ws[len(ws)-1].tok)
	tok := &s.Tokens[lastTok]
	rank := 0
	for id := t.first[at]; id != 0; id = t.senses[id-1].next {
		x := &t.senses[id-1]
		if !fitsCase(ws, x.caps) {
			continue
		}
		if x.sort == roleWord {
			if lastTok+1 < len(s.Tokens) && s.Tokens[lastTok+1].Form == "-" && len(ws) == 1 && x.caps == 0 && ws[0].letter == lower {
				continue // "state-run", "government-backed"
			}
			if !r.isNoun(s, int(ws[0].tok), lastTok, &t.roles[x.ref]) {
				continue
			}
			if u.role < 0 {
				u.role = x.ref
				u.plural = u.plural || !x.plain
			}
		} else if pick != nil && !r.agrees(pick, x) {
			continue
		} else if r.gone(x) || r.toCome(x) || r.loosePrefix(s, x, lastTok) {
			continue
		}
		k, kind := rankOf(x.sort)
		if x.sort == countryPeople || x.sort == placePeople {
			u.people = true
			if kind == people && !x.plain {
				u.plural = true
			}
		}
		if rank == 0 || k < rank || k == rank && x.sort == bodyName && u.sort == bodyName && r.active(x.ref) && !r.active(u.ref) {
			rank = k
			u.kind, u.sort, u.ref = kind, x.sort, x.ref
		}
	}
	if rank == 0 {
		return u, false
	}
	if pick != nil && pick.other == "place" && u.kind == roleUnit {
		return u, false
	}
	if u.kind == adjective && pluralTag[tok.XPOS] && u.people {
		u.kind, u.plural = people, true
	}
	if u.kind == roleUnit && t.roles[u.ref].plural {
		u.plural = true
	}
	return u, true
}

func rankOf(s sort) (int, unitKind) {
	switch s {
	case countryName:
		return 1, geo
	case capitalName:
		return 2, geo
	case seatName:
		return 3, geo
	case bodyName:
		return 4, bodyUnit
	case countryAdjective:
		return 5, adjective
	case countryPeople:
		return 6, people
	case placeName:
		return 7, geo
	case placeAdjective:
		return 8, adjective
	case placePeople:
		return 9, people
	}
	return 10, roleUnit
}

// isNoun reports whether the tagger lets the words be a noun phrase; role
// words such as "major" and "private" are adjectives at least as often.
func (r *reader) isNoun(s *language.Sentence, first, last int, x *role) bool {
	t := &s.Tokens[last]
	switch t.UPOS {
	case "NOUN", "PROPN":
		return true
	case "VERB":
		return first != last || pluralTag[t.XPOS]
	case "ADJ", "X", "INTJ":
		if first != last {
			return true
		}
		return t.UPOS != "ADJ" || x.class == rankRole && strings.HasSuffix(t.Form, ".") || !strings.HasPrefix(t.Rel, "amod") && x.class == personRole && t.XPOS != "JJ"
	}
	return false
}

// gone reports whether the sense is the capital of a state that was no more on
// the report's day: Salisbury is England's since 1980.
func (r *reader) gone(x *sense) bool {
	if !r.dated || x.ref < 0 || x.sort != capitalName && x.sort != seatName {
		return false
	}
	c := &r.t.countries[x.ref]
	return c.past && r.first > c.span.to
}

// active reports whether the body has a term on the report's day.
func (r *reader) active(id int32) bool {
	for _, m := range r.t.bodies[id].terms {
		if r.dated && r.first <= m.span.to && m.span.from <= r.last || !r.dated && m.span.to == forever {
			return true
		}
	}
	return false
}

// toCome reports whether the sense is a body that was founded over a year after
// the report's day: no "US-led coalition" of 1991 is that of 2014.
func (r *reader) toCome(x *sense) bool {
	if !r.dated || x.sort != bodyName {
		return false
	}
	for _, m := range r.t.bodies[x.ref].terms {
		if m.span.from == always || m.span.from-366 <= r.last {
			return false
		}
	}
	return true
}

// loosePrefix reports whether a prefix, "Franco", has no hyphen after it at token
// i, "Franco-German", and so is none.
func (r *reader) loosePrefix(s *language.Sentence, x *sense, i int) bool {
	if x.sort != placeAdjective || r.t.places[x.ref].sort != "prefix" || strings.ContainsAny(s.Tokens[i].Form, "-–") {
		return false
	}
	return i+1 == len(s.Tokens) || s.Tokens[i+1].Form != "-" && s.Tokens[i+1].Form != "–"
}

func (r *reader) agrees(p *reading, x *sense) bool {
	if p.other == "word" || p.other == "person" {
		return false
	}
	if p.other == "place" {
		return x.sort == placeName
	}
	switch x.sort {
	case countryName, countryAdjective, countryPeople, capitalName, seatName:
		if x.ref < 0 {
			return true
		}
		return p.sector == "" && r.t.countries[x.ref].code == p.code
	case bodyName:
		for _, m := range r.t.bodies[x.ref].terms {
			if m.code == p.code && (p.sector == "" || p.sector == m.sector) {
				return true
			}
		}
		return false
	case placeName, placeAdjective, placePeople:
		pl := &r.t.places[x.ref]
		return len(pl.codes) > 0 && pl.codes[0] == p.code
	}
	return false
}

// choose decides an ambiguous form for the whole report: each reading's prior,
// times four for every cue word that stands in the report.
func (r *reader) choose(key uint64, rs []reading) choice {
	if c, ok := r.choices[key]; ok {
		return c
	}
	best, sum := -1.0, 0.0
	var c choice
	for i := range rs {
		x := &rs[i]
		if r.dated && (r.last < x.span.from || r.first > x.span.to) {
			continue
		}
		v := x.prior
		for _, w := range x.cues {
			if r.cues[w] {
				v *= 4
			}
		}
		if r.home != "" && x.code == r.home {
			v *= 16
		}
		sum += v
		if v > best {
			best, c.reading = v, x
		}
	}
	if sum > 0 {
		c.sure = float32(best / sum)
	}
	r.choices[key] = c
	if r.asked && r.si == 0 {
		r.chosen = append(r.chosen, key)
	}
	return c
}

func isPunct(s string) bool {
	if len(s) == 0 {
		return true
	}
	c := s[0]
	return c < 0x80 && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') && s != "'s"
}

// plain appends the unit of a token that the tables lack.
func (r *reader) plain(s *language.Sentence, i int) {
	t := &s.Tokens[i]
	u := unit{from: int32(i), to: int32(i + 1), role: -1, sure: 1}
	switch t.Form {
	case ",":
		u.kind = comma
	case "(", "[":
		u.kind = openBracket
	case ")", "]":
		u.kind = closeBracket
	case "-", "–", "/":
		u.kind = hyphen
	case "'s", "’s", "'", "’":
		if t.XPOS == "POS" || t.UPOS == "PART" {
			u.kind = genitive
		}
	}
	if u.kind != stop {
		r.units = append(r.units, u)
		return
	}
	switch t.UPOS {
	case "DET":
		u.kind = det
	case "PRON":
		if t.XPOS == "PRP$" {
			u.kind = possessor
		} else {
			switch strings.ToLower(t.Form) { // what treebanks tag PRON before nouns
			case "both", "all", "some":
				u.kind = det
			}
		}
	case "NUM":
		u.kind = number
	case "CCONJ":
		if l := strings.ToLower(t.Form); l == "and" || l == "or" || l == "&" {
			u.kind = and
		}
	case "ADP":
		switch strings.ToLower(t.Form) {
		case "of":
			u.kind = of
		case "to":
			u.kind = to
		case "in", "at", "inside", "across":
			u.kind = in
		case "for":
			u.kind = forWord
		}
	case "PART":
		if t.XPOS == "POS" {
			u.kind = genitive
		}
	case "ADJ":
		u.kind = modifier
	case "NOUN":
		u.kind, u.noun = modifier, true
		u.plural = pluralTag[t.XPOS]
	case "PROPN":
		u.kind = nameUnit
	case "VERB":
		if t.XPOS == "VBN" || t.XPOS == "VBG" {
			if strings.HasPrefix(t.Rel, "amod") || strings.HasPrefix(t.Rel, "compound") || r.participle(s, i) {
				u.kind = modifier
			}
		}
	case "ADV":
		if i+1 < len(s.Tokens) && t.Rel == "advmod" && s.Tokens[i+1].UPOS == "ADJ" {
			u.kind = modifier
		}
	}
	switch u.kind {
	case modifier, nameUnit, stop:
		l := strings.ToLower(t.Form)
		switch {
		case formerWords[l], l == "late" && i+1 < len(s.Tokens) && !timeWords[strings.ToLower(s.Tokens[i+1].Form)] && s.Tokens[i+1].UPOS != "NUM":
			u.kind = former
		case timeWords[l] && (u.kind == nameUnit || u.noun):
			u.kind = timeWord
		case amounts[l]:
			u.kind = amount
		}
	case number, det:
		if amounts[strings.ToLower(t.Form)] && i+1 < len(s.Tokens) && s.Tokens[i+1].Form == "of" {
			u.kind = amount
		}
	}
	r.units = append(r.units, u)
}

// participle reports whether the participle at token i stands before a noun in
// a noun phrase, whatever the parser made of it: "the army's installed
// president".
func (r *reader) participle(s *language.Sentence, i int) bool {
	if i == 0 || i+1 == len(s.Tokens) {
		return false
	}
	switch s.Tokens[i+1].UPOS {
	case "NOUN", "PROPN":
	default:
		return false
	}
	p := &s.Tokens[i-1]
	return p.Form == "-" || p.UPOS == "DET" || p.UPOS == "ADJ" && p.XPOS == "JJ" || p.XPOS == "POS" || p.XPOS == "PRP$"
}

// compass reads "the North" and "the South" as the Koreas or the Sudans in a
// report that is about them.
func (r *reader) compass(s *language.Sentence, u *unit) {
	i := int(u.from)
	form := s.Tokens[i].Form
	if form != "North" && form != "South" || i == 0 || !strings.EqualFold(s.Tokens[i-1].Form, "the") {
		return
	}
	for _, p := range [][2]string{{"PRK", "KOR"}, {"SDN", "SSD"}} {
		if r.seen[p[0]] > 0 && r.seen[p[1]] > 0 {
			code := p[0]
			if form == "South" {
				code = p[1]
			}
			u.kind, u.sort, u.ref, u.sure = geo, countryName, r.t.byCode[code], 0.9
			return
		}
	}
}

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

var (
	formerWords = wordSet("former ex ousted deposed retired onetime one-time erstwhile ex-")
	timeWords   = wordSet("monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. today yesterday tomorrow year month week ramadan")
	amounts     = wordSet("hundreds thousands dozens scores tens millions some many most several majority number handful couple crowd crowds rest none all both one two three four five each any part half")
	nameParts   = wordSet("de del la van von der den bin ibn al el da dos di ben abu ould y wa du le st")
)

// join merges the tokens of unknown names, and settles what neighbours tell:
// a short name beside an unknown one is somebody else's.
func (r *reader) join(s *language.Sentence, start int) {
	us := r.units[start:]
	n := 0
	for i := 0; i < len(us); i++ {
		u := us[i]
		if u.kind == personUnit && n > 0 && us[n-1].kind == nameUnit && us[n-1].to == u.from && us[n-1].to == us[n-1].from+1 && nameParts[strings.ToLower(s.Tokens[us[n-1].from].Form)] {
			u.from = us[n-1].from // "bin | Laden"
			n--
		}
		if u.kind == personUnit && !x2(r.t, u.persons) {
			if n > 0 && us[n-1].kind == personUnit && us[n-1].to == u.from && !x2(r.t, us[n-1].persons) {
				us[n-1].kind, u.kind = nameUnit, nameUnit // two short names make a longer one
			} else if i+1 < len(us) && us[i+1].kind == nameUnit || n > 0 && us[n-1].kind == nameUnit && us[n-1].to == u.from {
				u.kind = nameUnit
			}
		}
		if n > 0 && u.kind == geo && u.namesake && us[n-1].to == u.from && us[n-1].to == us[n-1].from+1 && (us[n-1].kind == nameUnit || us[n-1].kind == personUnit && !x2(r.t, us[n-1].persons)) {
			us[n-1].kind, u.kind = nameUnit, nameUnit // "Michael Jordan"
		}
		if n > 0 && u.kind == geo && u.sort != countryName && us[n-1].kind == nameUnit && us[n-1].to == u.from && r.flat(s, int(u.from), us[n-1]) {
			u.kind = nameUnit
		}
		if u.kind == nameUnit && n > 0 {
			p := &us[n-1]
			switch {
			case p.kind == nameUnit:
				p.to = u.to
				continue
			case p.kind == personUnit && x2(r.t, p.persons) && p.to == u.from:
				if !r.suffix(s, u) {
					p.kind = nameUnit // "Mohammed Ali al-Mardi" is no Mohammed Ali
				}
				p.to = u.to
				continue
			case n > 1 && us[n-2].kind == nameUnit && (p.kind == hyphen || nameParts[strings.ToLower(s.Tokens[p.from].Form)] && p.to == p.from+1):
				us[n-2].to = u.to
				n--
				continue
			}
		}
		us[n] = u
		n++
	}
	r.units = r.units[:start+n]
}

func (r *reader) suffix(s *language.Sentence, u unit) bool {
	switch s.Tokens[u.from].Form {
	case "Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV", "V", "VI":
		return u.to == u.from+1
	}
	switch s.Tokens[u.to-1].Form { // the Gulf's houses
	case "Saud", "Thani", "Nahyan", "Sabah", "Khalifa", "Maktoum", "Said", "al-Saud", "al-Thani", "al-Nahyan", "al-Sabah", "al-Khalifa", "al-Maktoum":
		return true
	}
	return false
}

// flat reports whether token i belongs to the name that ends before it.
func (r *reader) flat(s *language.Sentence, i int, n unit) bool {
	rel := s.Tokens[i].Rel
	h := s.Tokens[i].Head
	if strings.HasPrefix(rel, "flat") && h >= int(n.from) && h < int(n.to) {
		return true
	}
	for k := int(n.from); k < int(n.to); k++ {
		if s.Tokens[k].Head == i && strings.HasPrefix(s.Tokens[k].Rel, "compound") && n.to-n.from == 1 && strings.HasPrefix(s.Tokens[i].Rel, "nsubj") {
			return true
		}
	}
	return false
}
