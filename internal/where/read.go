package where

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/where/gazetteer"
)

// reader carries what a report's places are decided by.
type reader struct {
	doc   *language.Doc
	world *tables
	home  string

	found   []found
	cands   []candidate
	key     []byte
	report  []country // the countries the report speaks of
	persons map[string]bool
}

type country struct {
	code string
	n    int
}

// found is a name that some place bears.
type found struct {
	sentence    int
	first, last int // tokens
	from, to    int // candidates
	adjective   string
	byHand      bool // the hand-written tables know it
	word        wordClass
	key         string // of one word only
	chosen      int    // candidate, -1 until resolved
	part        nameContext
}

// nameContext is what stands beside a name.
type nameContext struct {
	before, after bool // a capitalised word that belongs to the same name
	ending        bool // which makes it another's: "the Paris Club"
	title         bool // a title or given name: a person
}

const maxWords = 8

// find gathers the names of sentence s.
func (r *reader) find(s int) {
	toks := r.doc.Sentences[s].Tokens
	for i := 0; i < len(toks); i++ {
		if !r.begins(toks, i) {
			continue
		}
		if n := r.match(s, toks, i); n > i {
			i = n - 1
		}
	}
}

// begins reports whether a name can begin at token i.
func (r *reader) begins(toks []language.Token, i int) bool {
	f := toks[i].Form
	if f == "" {
		return false
	}
	c := f[0]
	if c < utf8.RuneSelf {
		return c >= 'A' && c <= 'Z'
	}
	u, _ := utf8.DecodeRuneInString(f)
	return unicode.IsUpper(u)
}

// match finds the longest name that begins at token i and returns the token
// after it, i where there is none.
func (r *reader) match(s int, toks []language.Token, i int) int {
	var best [2]gazetteer.Name
	var hit [2]bool
	last, words, bestLen := i, 0, 0
	r.key = r.key[:0]
	tables := r.world.tables()
	for j := i; j < len(toks) && words < maxWords; j++ {
		f := toks[j].Form
		glued := j > i && toks[j].Start == toks[j-1].End
		n := len(r.key)
		mark := f[0] == '\'' || strings.HasPrefix(f, "’") || strings.HasPrefix(f, "‘")
		if n > 0 && !(glued && (mark || toks[j-1].Form == "'" || toks[j-1].Form == "’" || toks[j-1].Form == "‘")) {
			r.key = append(r.key, ' ')
		}
		m := len(r.key)
		r.key = gazetteer.Fold(r.key, f)
		if len(r.key) == m { // a hyphen, comma or stop within a name
			r.key = r.key[:n]
			if j == i || f != "-" && f != "," && f != "." && f != "–" && f != "/" && f != "'" && f != "’" && f != "‘" {
				break
			}
			continue
		}
		words++
		if len(r.key) > 60 {
			break
		}
		h := gazetteer.Hash(gazetteer.HashSeed, r.key)
		more := false
		var now [2]gazetteer.Name
		var is [2]bool
		for t := range tables {
			name, ok := tables[t].Find(r.key, h)
			if !ok {
				continue
			}
			more = more || name.Flags&gazetteer.IsPrefix != 0
			if name.Flags&gazetteer.IsName != 0 && r.written(toks, i, j) {
				now[t], is[t] = name, true
			}
		}
		if is[0] || is[1] {
			best, hit, last, bestLen = now, is, j+1, len(r.key)
		}
		if !more {
			break
		}
	}
	if last == i {
		return i
	}
	r.add(s, toks, i, last, best, hit, bestLen, tables)
	return last
}

// written reports whether tokens i to j are written as a name of their length
// is: short ones in capitals where the table has them so, the last word of any
// capitalised.
func (r *reader) written(toks []language.Token, i, j int) bool {
	if i != j {
		if j == i+1 && mostlyLower(toks[j].Form) && len(r.key) < 9 {
			return false
		}
		return true
	}
	if len(r.key) > 6 {
		return true
	}
	if r.world.dotted[string(r.key)] && strings.IndexByte(toks[i].Form, '.') < 0 {
		return i+1 < len(toks) && toks[i+1].Form == "." && i+2 < len(toks)
	}
	return !r.world.capped[string(r.key)] || upperOnly(toks[i].Form)
}

func mostlyLower(s string) bool { return s != "" && s[0] >= 'a' && s[0] <= 'z' }

func upperOnly(s string) bool {
	for _, c := range s {
		if unicode.IsLower(c) {
			return false
		}
	}
	return true
}

func (r *reader) add(s int, toks []language.Token, i, last int, names [2]gazetteer.Name, hit [2]bool, keyLen int, tables [2]*gazetteer.Table) {
	f := found{sentence: s, first: i, last: last, from: len(r.cands), chosen: -1}
	key := r.key[:min(keyLen, len(r.key))]
	if last == i+1 {
		f.word = r.world.words[string(key)]
		if f.word == never {
			return
		}
		if r.cityOnly(names, hit, tables) {
			switch toks[i].UPOS {
			case "VERB", "AUX", "ADV", "ADP", "DET", "PRON", "CCONJ", "SCONJ", "INTJ", "NUM":
				return
			}
		}
		f.key = string(key)
	}
	for t := range tables {
		if !hit[t] {
			continue
		}
		names[t].Refs(func(place int, own bool) {
			c := candidate{table: tables[t], place: place, own: own, hand: t == 0}
			if c.kind() == gazetteer.Adjective {
				f.adjective = c.country()
				return
			}
			f.byHand = f.byHand || t == 0
			r.cands = append(r.cands, c)
		})
	}
	f.to = len(r.cands)
	if f.from == f.to && f.adjective == "" {
		return
	}
	f.part = r.beside(toks, i, last)
	r.found = append(r.found, f)
}

func (r *reader) cityOnly(names [2]gazetteer.Name, hit [2]bool, tables [2]*gazetteer.Table) bool {
	only := true
	for t := range tables {
		if hit[t] {
			names[t].Refs(func(place int, own bool) {
				k := tables[t].Kind(place)
				only = only && (k == gazetteer.City || k == gazetteer.Site)
			})
		}
	}
	return only
}

// beside looks at the words on both sides of tokens [first,last).
func (r *reader) beside(toks []language.Token, first, last int) nameContext {
	var n nameContext
	if first > 0 {
		p := &toks[first-1]
		w := p.Form
		switch {
		case isTitle(w):
			n.title = true
		case w == "-" || w == "–":
		case first >= 2 && w == "." && toks[first-2].End == p.Start && len(toks[first-2].Form) <= 4 && isTitle(toks[first-2].Form+"."):
			n.title = true
		case capital(w) && (p.UPOS == "PROPN" || p.UPOS == "") && first-1 > 0 || capital(w) && p.UPOS == "PROPN" && p.Head >= first && p.Head < last:
			n.before = !r.neutral(w)
		case capital(w) && p.UPOS == "PROPN":
			n.before = !r.neutral(w) && (toks[first].Rel == "flat" || p.Rel == "compound" || p.Rel == "flat")
		}
	}
	if first >= 2 && toks[first-1].Form == "of" && capital(toks[first-2].Form) && r.isEnding(toks[first-2].Form) {
		n.ending = true // "the Treaty of Rome"
	}
	if last < len(toks) {
		q := &toks[last]
		w := q.Form
		switch w {
		case "agreement", "agreements", "accord", "accords", "treaty", "pact", "protocol", "protocols", "process", "convention", "conventions", "declaration", "charter":
			n.ending = true // "the Minsk agreements"
		}
		if capital(w) && (q.UPOS == "PROPN" || q.UPOS == "" || q.UPOS == "NOUN") && !isTitle(w) {
			n.after = true
			n.ending = n.ending || r.isEnding(w)
		}
	}
	return n
}

func (r *reader) isEnding(w string) bool {
	var buf [32]byte
	return len(w) < 24 && r.world.words[string(gazetteer.Fold(buf[:0], w))] == ending
}

// neutral reports whether a capitalised word may stand before a place's name
// and be no part of it: a direction, a people, "Greater", or a place.
func (r *reader) neutral(w string) bool {
	switch w {
	case "North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central", "Greater", "Upper", "Lower",
		"Northeast", "Northwest", "Southeast", "Southwest", "Downtown", "Old", "In", "At", "From", "To", "Near", "The", "And", "On", "For",
		"Around", "Outside", "Inside", "Over", "After", "Before", "Both", "While", "When", "As", "If", "But", "Occupied", "Capital", "City",
		"State", "Province", "Nearby", "Across", "Through", "Like", "With", "Of", "Under", "Against", "Between", "Since", "That":
		return true
	}
	var buf [40]byte
	if len(w) > 36 {
		return false
	}
	key := gazetteer.Fold(buf[:0], w)
	n, ok := r.world.hand.Find(key, gazetteer.Hash(gazetteer.HashSeed, key))
	if !ok || n.Flags&gazetteer.IsName == 0 {
		return false
	}
	is := false
	n.Refs(func(place int, own bool) {
		k := r.world.hand.Kind(place)
		is = is || k == gazetteer.Adjective || k == gazetteer.Country
	})
	return is
}

func capital(w string) bool {
	if w == "" {
		return false
	}
	u, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(u)
}

// titles stand before a person's name.
var titles = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`Mr Mrs Ms Miss Dr Prof Sir Lord Lady Dame Mr. Mrs. Ms. Dr. Prof. Gen. Lt. Col. Maj. Capt. Sgt. Adm.
		Sen. Rep. Gov. Pres. Rev. Hon. President Minister Premier Chancellor Senator Congressman Congresswoman Governor Mayor
		General Colonel Major Captain Admiral Lieutenant Sergeant Marshal Ambassador Secretary Speaker Judge Justice Bishop Archbishop
		Cardinal Pope Imam Sheikh Ayatollah Emir Prince Princess King Queen Sultan Commissioner Chairman Chairwoman Director Deputy
		Representative Envoy Professor Doctor Father Saint Comrade Spokesman Spokeswoman HE H.E.`) {
		titles[w] = true
	}
}

func isTitle(w string) bool { return titles[w] }

// noteReport counts the countries the report speaks of and the names that it
// gives to persons.
func (r *reader) noteReport() {
	if r.home != "" {
		r.count(r.home, 2)
	}
	for i := range r.found {
		f := &r.found[i]
		switch {
		case f.adjective != "":
			r.count(f.adjective, 1)
		case f.to-f.from == 1:
			if c := &r.cands[f.from]; c.kind() == gazetteer.Country || !f.part.before && !f.part.title && f.word != doubtful && c.prior() > 5.4 {
				r.count(c.country(), 1)
			}
		default:
			if c := r.plain(f); c != nil {
				r.count(c.country(), 1)
			}
		}
		if f.key != "" && (f.part.title || f.part.before) && !r.beforeIsPlace(i) {
			if r.persons == nil {
				r.persons = map[string]bool{}
			}
			r.persons[f.key] = true
		}
	}
}

// plain returns the candidate that a name with namesakes means whatever the
// report, nil where there is none.
func (r *reader) plain(f *found) *candidate {
	var best *candidate
	first, second := 0.0, 0.0
	for k := f.from; k < f.to; k++ {
		c := &r.cands[k]
		switch p := c.prior(); {
		case best == nil || p > first:
			if best != nil && best.country() != c.country() {
				second = first
			}
			best, first = c, p
		case c.country() != best.country() && p > second:
			second = p
		}
	}
	if best == nil || first < 5.4 || first-second < 2.5 || f.part.before || f.part.title {
		return nil
	}
	return best
}

// beforeIsPlace reports whether the name before f ends where f begins.
func (r *reader) beforeIsPlace(i int) bool {
	return i > 0 && r.found[i-1].sentence == r.found[i].sentence && r.found[i-1].last == r.found[i].first
}

func (r *reader) count(code string, n int) {
	if code == "" {
		return
	}
	for i := range r.report {
		if r.report[i].code == code {
			r.report[i].n += n
			return
		}
	}
	r.report = append(r.report, country{code, n})
}

func (r *reader) mentions(code string) int {
	for i := range r.report {
		if r.report[i].code == code {
			return r.report[i].n
		}
	}
	return 0
}

// resolve decides which place the name number i means.
func (r *reader) resolve(i int) (Mention, bool) {
	f := &r.found[i]
	if f.from == f.to {
		return Mention{}, false
	}
	toks := r.doc.Sentences[f.sentence].Tokens
	prep := preposition(toks, f.first, f.last)
	descriptor := descriptorOf(toks, f.first, f.last)
	rule := "where/prior"
	best, second := -1, -1
	for k := f.from; k < f.to; k++ {
		c := &r.cands[k]
		c.score = c.prior()
		code := c.country()
		if c.kind() != gazetteer.Country {
			if n := r.mentions(code); n > 0 {
				c.score += math.Min(1.6, 0.8+0.2*float64(n))
			}
			if r.inSentence(i, code) {
				c.score += 0.8
			}
		} else if r.mentions(code) > 0 && !c.own {
			c.score += 0.4 // Brazzaville tells which Congo
		}
		held := r.beside2(i, c)
		if held {
			c.score += 5
		}
		switch {
		case descriptor == gazetteer.Region && c.kind() == gazetteer.Region:
			c.score += 2.5
		case descriptor == gazetteer.City && c.kind() == gazetteer.City:
			c.score += 1.5
		case c.kind() == gazetteer.Region && c.table == r.world.cities && f.byHand && !held:
			c.score -= 2.5 // what is written by hand is the better known
		}
		switch {
		case best < 0 || c.score > r.cands[best].score:
			if best >= 0 && r.cands[best].country() != code {
				second = best
			}
			best = k
		case code != r.cands[best].country() && (second < 0 || c.score > r.cands[second].score):
			second = k
		}
	}
	c := &r.cands[best]
	f.chosen = best
	sure := 1.0
	if second >= 0 {
		sure = 1 / (1 + math.Pow(10, r.cands[second].score-c.score))
		rule = "where/context"
	}
	held := r.beside2(i, c)
	if held {
		rule = "where/container"
	}
	conf := sure * r.placeness(i, c, prep, descriptor, held)
	if conf < 0.12 {
		return Mention{}, false
	}
	m := Mention{Sentence: f.sentence, First: f.first, Last: f.last, Head: head(toks, f.first, f.last), Kind: Kind(c.kind()),
		Span: rapport.Span{Start: toks[f.first].Start, End: toks[f.last-1].End}, Confidence: math.Round(conf*100) / 100, Rule: rule, Prep: prep}
	m.Place = c.rapport()
	if c.kind() == gazetteer.City {
		m.Place.Name = r.asWritten(m.Span, m.Place.Name)
	}
	return m, true
}

// asWritten returns the words of the text, "Kiev" for Kyiv and "Khost" for
// Khōst; the place's own name where the text has capitals only.
func (r *reader) asWritten(s rapport.Span, own string) string {
	w := r.doc.Text[s.Start:s.End]
	if len(w) > 4 && upperOnly(w) {
		return own
	}
	return strings.Join(strings.Fields(w), " ")
}

// inSentence reports whether another name of the sentence speaks of a country.
func (r *reader) inSentence(i int, code string) bool {
	if code == "" {
		return false
	}
	s := r.found[i].sentence
	check := func(k int) bool {
		f := &r.found[k]
		if f.adjective != "" {
			return f.adjective == code
		}
		for c := f.from; c < f.to; c++ {
			if r.cands[c].kind() == gazetteer.Country && r.cands[c].own || r.cands[c].kind() == gazetteer.Country && f.to-f.from == 1 {
				return r.cands[c].country() == code
			}
		}
		return false
	}
	for k := i - 1; k >= 0 && r.found[k].sentence == s; k-- {
		if check(k) {
			return true
		}
	}
	for k := i + 1; k < len(r.found) && r.found[k].sentence == s; k++ {
		if check(k) {
			return true
		}
	}
	return false
}

// beside2 reports whether the name next to i tells where candidate c lies
// ("Tripoli, Lebanon", "Khost in Afghanistan"), lies in c ("Atlanta, Georgia"),
// or is named with it as one of its kind ("Georgia and Florida").
func (r *reader) beside2(i int, c *candidate) bool {
	f := &r.found[i]
	toks := r.doc.Sentences[f.sentence].Tokens
	if i+1 < len(r.found) {
		g := &r.found[i+1]
		if g.sentence == f.sentence && g.from < g.to && g.first-f.last <= 3 && joins(toks, f.last, g.first) {
			for k := g.from; k < g.to && contains(toks, f.last, g.first); k++ {
				if r.holds(&r.cands[k], c) {
					return true
				}
			}
			if r.together(toks, f.last, g.first) && c.kind() == gazetteer.Region && r.regionOnly(g, c.country()) {
				return true
			}
		}
	}
	if i > 0 {
		g := &r.found[i-1]
		if g.sentence == f.sentence && g.from < g.to && f.first-g.last <= 3 && joins(toks, g.last, f.first) {
			if c.kind() == gazetteer.Country {
				// The country holds the city before it unless a division does better.
				return false
			}
			for k := g.from; k < g.to; k++ {
				d := &r.cands[k]
				if c.kind() == gazetteer.Region && f.first-g.last == 1 && d.kind() == gazetteer.City && r.divisionOf(d) == c.table.Name(c.place) && d.country() == c.country() && !r.isCountryCity(g, f) {
					return true
				}
			}
			if r.together(toks, g.last, f.first) && c.kind() == gazetteer.Region && r.regionOnly(g, c.country()) {
				return true
			}
		}
	}
	return false
}

// isCountryCity reports whether the city g also lies in a country that f may
// mean, as Tbilisi does in Georgia.
func (r *reader) isCountryCity(g, f *found) bool {
	for k := f.from; k < f.to; k++ {
		if r.cands[k].kind() != gazetteer.Country {
			continue
		}
		for d := g.from; d < g.to; d++ {
			if r.cands[d].country() == r.cands[k].country() && r.cands[d].prior() > 4.5 {
				return true
			}
		}
	}
	return false
}

func (r *reader) divisionOf(c *candidate) string { return c.table.Division(c.place) }

// holds reports whether outer is the country or division in which inner lies.
func (r *reader) holds(outer, inner *candidate) bool {
	if outer.country() != inner.country() || outer.country() == "" || inner.kind() == gazetteer.Country {
		return false
	}
	switch outer.kind() {
	case gazetteer.Country:
		return true
	case gazetteer.Region:
		if inner.kind() != gazetteer.City {
			return false
		}
		d := r.divisionOf(inner)
		return d != "" && d == outer.table.Name(outer.place)
	}
	return false
}

// regionOnly reports whether all that g may mean are regions of a country.
func (r *reader) regionOnly(g *found, code string) bool {
	any := false
	for k := g.from; k < g.to; k++ {
		c := &r.cands[k]
		if c.kind() == gazetteer.Country {
			return false
		}
		any = any || c.kind() == gazetteer.Region && c.country() == code && c.score >= 0
	}
	return any
}

// joins reports whether the tokens from a to b join a place to what holds it:
// a comma, "in", "of", or "and".
func joins(toks []language.Token, a, b int) bool {
	for k := a; k < b; k++ {
		switch toks[k].Form {
		case ",", "in", "of", "and", "(", "the", "or", "/":
		default:
			return false
		}
	}
	return b > a
}

// contains reports whether the tokens from a to b put the place before them
// into the one after.
func contains(toks []language.Token, a, b int) bool {
	in := false
	for k := a; k < b; k++ {
		switch toks[k].Form {
		case "and", "or", "/":
			return false
		case ",", "in", "(":
			in = true
		}
	}
	return in
}

func (r *reader) together(toks []language.Token, a, b int) bool {
	return b == a+1 && (toks[a].Form == "and" || toks[a].Form == "or" || toks[a].Form == ",")
}

// placeness is how sure it is that the name is used as a place's.
func (r *reader) placeness(i int, c *candidate, prep string, descriptor int, held bool) float64 {
	f := &r.found[i]
	p := 0.7
	switch prep {
	case "in", "at", "near", "around", "outside", "inside", "across", "throughout", "off", "within":
		p = 0.95
	case "to", "from", "into", "toward", "towards", "through", "via", "over", "above", "along", "beneath", "on", "around ":
		p = 0.9
	case "of", "between":
		p = 0.8
	case "":
		if c.kind() == gazetteer.Country {
			p = 0.75
		}
	}
	if held {
		p = math.Max(p, 0.9)
	}
	local := descriptor == gazetteer.City || descriptor == gazetteer.Site || prep != "" && prep != "of" && prep != "with" && prep != "by" && prep != "for"
	switch c.kind() {
	case gazetteer.Country:
		switch {
		case f.part.title, f.part.before && !r.beforeIsPlace(i):
			return p * 0.25
		case f.part.ending:
			return p * 0.3
		case f.part.after:
			return p * 0.8
		}
		return p
	case gazetteer.Water:
		if f.part.before && !r.beforeIsPlace(i) {
			return p * 0.4
		}
		return math.Max(p, 0.85)
	}
	if f.key != "" && r.persons[f.key] && !held && (c.prior() < 7.5 || f.part.title || f.part.before) {
		return 0.1
	}
	if (f.part.title || f.part.before && !r.beforeIsPlace(i)) && !held {
		return 0.1
	}
	known := r.mentions(c.country()) > 0 || held || c.country() == ""
	if f.word == doubtful && !held && !(local && known) && r.mentions(c.country()) < 2 {
		return 0.1
	}
	if f.part.ending {
		return p * 0.25
	}
	if f.part.after && !held {
		p *= 0.6
	}
	if c.kind() != gazetteer.City {
		if c.table == r.world.cities && !known && !local {
			p *= 0.4
		}
		return p
	}
	switch people := c.table.Population(c.place); {
	case c.table.Rank(c.place) == gazetteer.Capital, c.table == r.world.hand, people >= 1_000_000:
	case known && local:
	case known && (people >= 300_000 || c.table.Rank(c.place) != gazetteer.NoRank || c.country() != "USA" && c.country() != "GBR"):
		p *= 0.9
	case known && people >= 100_000:
		p *= 0.6
	case known:
		p *= 0.35
	case people >= 300_000 && local:
		p *= 0.85
	case people >= 300_000:
		p *= 0.65
	case people >= 100_000 && local, c.table.Rank(c.place) == gazetteer.SeatOfArea && local:
		p *= 0.65
	case people >= 100_000:
		p *= 0.4
	case local:
		p *= 0.4
	default:
		p *= 0.15
	}
	return p
}

// descriptorOf tells the kind that a word beside a name claims: "Kharkiv
// region", "the city of Kano"; -1 for none.
func descriptorOf(toks []language.Token, first, last int) int {
	if last < len(toks) {
		switch strings.ToLower(toks[last].Form) {
		case "province", "region", "oblast", "state", "governorate", "district", "department", "county", "prefecture", "republic", "krai", "canton", "peninsula", "voivodeship", "territory":
			return gazetteer.Region
		case "city", "town", "airport", "harbour", "harbor":
			return gazetteer.City
		}
	}
	if first >= 2 && toks[first-1].Form == "of" {
		switch strings.ToLower(toks[first-2].Form) {
		case "province", "provinces", "region", "state", "states", "governorate", "district", "department", "county", "republic", "territory":
			return gazetteer.Region
		case "city", "cities", "town", "towns", "village", "villages", "port", "suburb", "capital", "outskirts", "streets", "airport", "harbour":
			return gazetteer.City
		case "island", "islands", "islet", "islets", "rock", "rocks", "crossing", "beach", "base", "camp", "valley", "reef", "shoal", "atoll", "enclave", "peninsula":
			return gazetteer.Site
		}
	}
	return -1
}

// preposition returns the case word of the name [first,last).
func preposition(toks []language.Token, first, last int) string {
	h := head(toks, first, last)
	if c := toks[h].Head; toks[h].Rel == "conj" && c >= 0 && c < first && toks[c].UPOS == "PROPN" { // "in Lyon and Nice"
		for t := c - 1; t >= 0 && t >= c-6; t-- {
			if toks[t].Rel == "case" && toks[t].Head == c {
				return strings.ToLower(toks[t].Form)
			}
		}
	}
	for t := first - 1; t >= 0 && t >= first-6; t-- {
		if toks[t].Rel == "case" && toks[t].Head == h {
			return strings.ToLower(toks[t].Form)
		}
	}
	t := first - 1
	for t >= 0 && t >= first-2 && (toks[t].UPOS == "DET" || toks[t].Form == "the" || toks[t].Form == "northern" || toks[t].Form == "southern" || toks[t].Form == "eastern" || toks[t].Form == "western") {
		t--
	}
	if t < 0 {
		return ""
	}
	switch w := strings.ToLower(toks[t].Form); w {
	case "in", "at", "to", "from", "of", "near", "into", "around", "outside", "inside", "through", "across", "toward", "towards",
		"with", "by", "for", "between", "off", "over", "on", "against", "throughout", "within", "via", "about", "along":
		return w
	}
	return ""
}

func head(toks []language.Token, first, last int) int {
	for t := first; t < last; t++ {
		if h := toks[t].Head; toks[t].Rel != "" && toks[t].Rel != "punct" && toks[t].Rel != "case" && (h < first || h >= last) {
			return t
		}
	}
	return last - 1
}
