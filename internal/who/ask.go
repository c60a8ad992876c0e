package who

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/language"
)

// Resolve reads one phrase outside a report, in the role of the day, the
// latest when day is empty. context is a country's code or name, or any text;
// it tells namesakes apart, and whose a phrase without a country is. ok is
// false where nothing is known of the phrase; reasons then say what was tried.
func Resolve(phrase string, day rapport.Date, context string) (p rapport.Party, confidence float64, reasons []rapport.Reason, ok bool) {
	a := ask(phrase, day, context)
	if !a.ok || a.unsure() {
		a.searchRoster()
	}
	if !a.ok {
		return rapport.Party{}, 0, a.reasons, false
	}
	return a.party, min(a.sure, 1), a.reasons, true
}

// Named is Resolve for text in which names are written as they are known: it does not
// look for persons named alike, which takes most of a millisecond for each phrase
// that is no name.
func Named(phrase string, day rapport.Date) (p rapport.Party, confidence float64, ok bool) {
	a := ask(phrase, day, "")
	if !a.ok {
		return rapport.Party{}, 0, false
	}
	return a.party, min(a.sure, 1), true
}

// ask reads a phrase as the name of a party.
func ask(phrase string, day rapport.Date, context string) asking {
	a := asking{t: load(), phrase: phrase, day: day, context: strings.TrimSpace(context)}
	a.home = a.t.homeOf(a.context)
	if a.read(phrase); !a.ok && strings.IndexFunc(phrase, unicode.IsUpper) < 0 {
		if s := capitals(phrase); s != phrase && !strings.HasPrefix(s, "A ") && !strings.HasPrefix(s, "An ") {
			a.read(s) // "mubarak", "downing street"
		}
	}
	if s := turned(phrase); s != "" {
		first := a
		if a.read(s); !a.ok || a.best == nil || a.best.Kind != Person || a.best.Last-a.best.First < 2 {
			a = first
		}
	}
	return a
}

// asking is the work on one phrase.
type asking struct {
	t               *tables
	phrase, context string
	day             rapport.Date
	home            string // the country that the context names and nothing else
	r               *reader
	best            *Mention
	party           rapport.Party
	sure            float64
	reasons         []rapport.Reason
	ok              bool
}

// homeOf returns the country that text is the code or name of, as lists of
// states have it too: "Congo, Democratic Republic of (Zaire)"; "" for any other
// text.
func (t *tables) homeOf(text string) string {
	if len(text) == 0 || len(text) > 60 {
		return ""
	}
	head, tail, _ := strings.Cut(text, "(")
	forms := []string{text, strings.TrimSpace(head)}
	if a, b, ok := strings.Cut(forms[1], ","); ok {
		forms = append(forms, strings.TrimSpace(b)+" "+strings.TrimSpace(a), strings.TrimSpace(b)+" of "+strings.TrimSpace(a))
	}
	if a, _, ok := strings.Cut(forms[1], "/"); ok {
		forms = append(forms, strings.TrimSpace(a))
	}
	for _, f := range append(forms, strings.Trim(tail, " )")) {
		if c := t.nameOrCode(f); c != "" {
			return c
		}
	}
	if a, _, ok := strings.Cut(forms[1], ","); ok && a != "Korea" && a != "Congo" { // "Egypt, Arab Rep."
		return t.nameOrCode(strings.TrimSpace(a))
	}
	return ""
}

func (t *tables) nameOrCode(text string) string {
	if text == "" {
		return ""
	}
	code := strings.ToUpper(text)
	if _, ok := t.byCode[code]; ok || len(code) == 3 && international(code) {
		return code
	}
	if len(code) == 2 {
		for i := range t.countries {
			if c := &t.countries[i]; c.iso2 == code && !c.past {
				return c.code
			}
		}
	}
	var f folder
	h := lightSeed
	for i, w := range f.split(text) {
		if i == 0 && w.light == theHash {
			continue
		}
		h = chain(h, w.light)
	}
	for id := t.firstOf(h); id != 0; id = t.senses[id-1].next {
		switch x := &t.senses[id-1]; x.sort {
		case countryName, countryAdjective, countryPeople:
			if x.ref >= 0 {
				return t.countries[x.ref].code
			}
		}
	}
	return ""
}

// firstOf returns the first sense of a key, 0 for none.
func (x *index) firstOf(key uint64) int32 {
	at := x.slot(key)
	if x.keys[at] == 0 {
		return 0
	}
	return x.first[at]
}

// read reads the phrase as a report of one sentence, its context as another.
func (a *asking) read(phrase string) {
	text := phrase + "\n" + a.context
	doc := &language.Doc{Text: text, Sentences: []language.Sentence{roughly(text, 0, len(phrase))}}
	if len(a.context) > 3 { // a code is no text
		doc.Sentences = append(doc.Sentences, roughly(text, len(phrase)+1, len(text)))
	}
	r := newReader(doc, a.day)
	r.asked, r.home = true, a.home
	c := r.read()
	a.r = r
	a.best = mainMention(c.Mentions[0])
	if a.best == nil {
		return
	}
	m := a.best
	a.party, a.sure = m.Parties[0], m.Confidence
	a.ok = a.party.Country != "" || a.party.Sector != "" || a.party.Name != ""
	a.party.Text = phrase
	a.reasons = []rapport.Reason{a.reason(m.Rule, a.told(m))}
	for _, q := range m.Parties[1:] {
		a.reasons = append(a.reasons, a.reason("who/also", "names "+nameOf(&q)+" too"))
	}
	for _, id := range r.rivals {
		if p := &a.t.persons[id]; p.name != a.party.Name || p.country != a.party.Country {
			a.reasons = append(a.reasons, a.reason("who/namesake", fmt.Sprintf("could be %s (%s)", p.name, p.country)))
		}
	}
	for _, k := range r.chosen {
		a.reasons = append(a.reasons, a.reason("who/ambiguous", readings(a.t.ambiguous[k], r.choices[k])))
	}
	if a.party.Country == "" && !(m.Kind == Role && m.Plural && len(m.Parties) == 0) {
		a.fromContext(c)
	}
}

// mainMention returns the mention that the phrase is about: its first party,
// a country only where nothing else stands.
func mainMention(ms []Mention) *Mention {
	var best *Mention
	rank := func(m *Mention) int {
		switch {
		case len(m.Parties) == 0:
			return 0
		case m.Kind == Unknown && m.Parties[0].Country == "" && m.Parties[0].Sector == "":
			return 0
		case m.Kind == Adjective:
			return 1
		case m.Kind == Place, m.Kind == Unknown:
			return 2
		}
		return 3
	}
	for i := range ms {
		if k := rank(&ms[i]); k > 0 && (best == nil || k > rank(best)) {
			best = &ms[i]
		}
	}
	return best
}

// fromContext gives a party without a country that of the context.
func (a *asking) fromContext(c *Cast) {
	code, sure := a.home, 0.8
	if code == "" && len(c.Mentions) > 1 {
		sure = 0.6
		for _, m := range c.Mentions[1] {
			for _, p := range m.Parties {
				switch {
				case p.Country == "" || international(p.Country) || p.Country == code:
				case code != "":
					return // two countries: it may be either's
				default:
					code = p.Country
				}
			}
		}
	}
	if code == "" {
		return
	}
	a.party.Country = code
	a.sure = min(a.sure/nobodys, 1) * sure
	a.reasons = append(a.reasons, a.reason("who/context", "the context names "+a.t.nameOfCode(code)+" only"))
}

func (t *tables) nameOfCode(code string) string {
	if id, ok := t.byCode[code]; ok {
		return t.countries[id].name
	}
	return code
}

// unsure reports whether the reading misses what the context asks for: a name
// nobody of the context's country bears, or somebody the tables lack.
func (a *asking) unsure() bool {
	if a.best == nil {
		return true
	}
	switch a.best.Kind {
	case Unknown:
		return true
	case Person:
		id, known := a.t.byName(a.party.Name, a.party.Country)
		if a.partly() {
			return true
		}
		if first, last, ok := dayOf(a.day); known && ok && a.home == a.party.Country {
			return !a.t.governs(id, first, last) // another of the name may be in office
		}
		return !known || a.home != "" && a.party.Country != a.home && !international(a.party.Country)
	case Body:
		return a.home != "" && a.party.Country != a.home && !international(a.party.Country)
	case Place, Adjective, Capital:
		return a.home != "" && a.party.Country != a.home
	}
	return a.best.Last < len(a.r.doc.Sentences[0].Tokens) && a.home != "" && a.party.Country == "" && a.best.Role == ""
}

// partly reports whether words of the phrase stand outside the name found.
func (a *asking) partly() bool {
	return a.best.Kind == Person && a.best.Last-a.best.First < len(a.r.doc.Sentences[0].Tokens)
}

// governs reports whether the person is of the government on a day.
func (t *tables) governs(id int32, first, last int32) bool {
	m := t.termOn(&t.persons[id], first, last)
	return m != nil && m.sector == "GOV"
}

func (a *asking) reason(rule, note string) rapport.Reason {
	end := len(a.phrase)
	span := [2]int{0, end}
	if a.best != nil {
		span = [2]int{min(a.best.Span.Start, end), min(a.best.Span.End, end)}
	}
	return rapport.Reason{Field: "party", Rule: rule, Span: span, Note: note}
}

// told words what the tables say of the party that a mention names.
func (a *asking) told(m *Mention) string {
	p := &m.Parties[0]
	if id, ok := a.t.byName(p.Name, p.Country); ok && m.Kind == Person {
		return a.t.career(id)
	}
	if b := a.t.bodyByName(p.Name, p.Country); b != nil {
		return "body " + b.name
	}
	s := m.Kind.String()
	if m.Role != "" {
		s += " " + m.Role
	}
	if m.Former {
		s += ", former"
	}
	return s
}

// career words a person's terms: "President 1981-10-14 to 2011-02-11".
func (t *tables) career(id int32) string {
	var b strings.Builder
	for i := range t.persons[id].terms {
		m := &t.persons[id].terms[i]
		if i > 0 {
			b.WriteString("; ")
		}
		if i == 4 {
			b.WriteString("…")
			break
		}
		fmt.Fprintf(&b, "%s %s", m.office, m.span)
	}
	return b.String()
}

// String words the range: "1981-10-14 to 2011-02-11".
func (d days) String() string {
	word := func(n int32) string { return string(rapport.Day(time.Unix(int64(n)*86400, 0).UTC())) }
	switch {
	case d.from == always && d.to == forever:
		return "always"
	case d.from == always:
		return "to " + word(d.to)
	case d.to == forever:
		return "since " + word(d.from)
	}
	return word(d.from) + " to " + word(d.to)
}

func nameOf(p *rapport.Party) string {
	s := strings.TrimSpace(p.Country + " " + p.Sector)
	if p.Name != "" {
		s += " " + p.Name
	}
	return s
}

// readings words how an ambiguous form was decided.
func readings(rs []reading, c choice) string {
	var out []string
	for i := range rs {
		s := rs[i].other
		if s == "" {
			s = strings.TrimSuffix(rs[i].code+" "+rs[i].sector, " ")
		}
		out = append(out, s)
	}
	picked := "nothing"
	if c.reading != nil {
		picked = c.reading.other
		if picked == "" {
			picked = c.reading.code
		}
	}
	return fmt.Sprintf("may be %s; taken as %s with %.2f", strings.Join(out, ", "), picked, c.sure)
}

// turned writes "Mubarak, Hosni" as "Hosni Mubarak", "" for what is no such name.
func turned(phrase string) string {
	family, given, ok := strings.Cut(phrase, ",")
	family, given = strings.TrimSpace(family), strings.TrimSpace(given)
	if !ok || strings.Contains(given, ",") {
		return ""
	}
	for _, part := range []string{family, given} {
		ws := strings.Fields(part)
		if len(ws) == 0 || len(ws) > 3 {
			return ""
		}
		for _, w := range ws {
			if !startsUpper(w) && !nameParts[strings.ToLower(w)] {
				return ""
			}
		}
	}
	return given + " " + family
}

// capitals writes every word with a capital.
func capitals(s string) string {
	b := []byte(s)
	for i := range b {
		if (i == 0 || b[i-1] == ' ' || b[i-1] == '-') && b[i] >= 'a' && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	for _, w := range []string{" Of ", " The ", " In ", " And ", " To ", " For "} {
		b = []byte(strings.ReplaceAll(string(b), w, strings.ToLower(w)))
	}
	return string(b)
}

// searchRoster looks for the name among all persons by what two spellings of
// one name share: order, middle names and particles aside, then letters.
func (a *asking) searchRoster() {
	name := a.nameWords(nil)
	if len(name) == 0 || len(name) > 8 {
		if !a.ok {
			a.reasons = append(a.reasons, a.reason("who/unknown", "no word of the phrase is in the tables"))
		}
		return
	}
	first, last, dated := dayOf(a.day)
	found := a.t.search(name, a.home, first, last, dated)
	if len(found) == 0 && strings.ContainsAny(a.phrase, "'’") {
		found = a.t.search(a.nameWords(withoutApostrophes), a.home, first, last, dated)
	}
	if len(found) == 0 && a.home != "" && !a.ok {
		if found = a.t.search(name, "", first, last, dated); len(found) > 0 {
			for i := range found {
				found[i].sure *= 0.5
			}
		}
	}
	if a.ok && a.best.Kind == Person && (a.home == "" || a.party.Country == a.home) {
		found = slices.DeleteFunc(found, func(c candidate) bool {
			whole := a.partly() && c.sure >= 0.85
			return !whole && (a.home == "" || c.sure < 0.8 || !a.t.governs(c.person, first, last))
		})
	} else if a.ok && a.best.Kind != Unknown && a.party.Country == a.home {
		return
	}
	if a.ok && a.best.Kind != Person && (a.best.Kind != Unknown || a.best.Role != "") {
		// another country's body or city, or a stranger with an office, unless a person of this one bears the very name
		least := 0.8
		if a.best.Kind == Body {
			least = 0.6
		}
		found = slices.DeleteFunc(found, func(c candidate) bool { return c.sure < least })
	}
	if len(found) == 0 {
		if !a.ok {
			a.reasons = append(a.reasons, a.reason("who/unknown", "nobody in the tables bears this name"))
		}
		return
	}
	hit := found[0]
	x := &a.t.persons[hit.person]
	if !dated {
		first, last = forever-1, forever-1
	}
	former := a.best != nil && a.best.Former
	a.party = rapport.Party{Country: x.country, Name: x.name, Wikidata: x.wikidata, Text: a.phrase}
	a.party.Sector, a.party.Office = a.t.roleOf(x, first, last)
	if former && a.t.termOn(x, first, last) == nil {
		a.party.Sector, a.party.Office = "ELI", ""
	}
	a.ok, a.sure = true, hit.sure
	a.reasons = []rapport.Reason{a.reason("who/"+hit.rule, a.t.career(hit.person))}
	for _, f := range found[1:min(len(found), 4)] {
		if f.score > hit.score-1.5 {
			p := &a.t.persons[f.person]
			a.reasons = append(a.reasons, a.reason("who/namesake", fmt.Sprintf("could be %s (%s)", p.name, p.country)))
			a.sure = min(a.sure, 0.5)
		}
	}
}

// nameWords returns the skeletons of the words of the phrase that can be a
// name's: what is left of titles, countries and role words.
func (a *asking) nameWords(change func(string) string) []string {
	var f folder
	f.keep = true
	if a.r == nil {
		return nil
	}
	toks := a.r.doc.Sentences[0].Tokens
	from, to := 0, len(toks)
	for i := range a.r.units {
		u := &a.r.units[i]
		if int(u.from) >= len(toks) || i >= int(a.r.bounds[0][1]) {
			break
		}
		switch u.kind {
		case roleUnit, adjective, people, det, former, modifier, genitive, bodyUnit:
			form := toks[u.from].Form
			if u.kind == roleUnit && u.persons != 0 || u.kind == modifier && (startsUpper(form) || nameParts[form]) || int(u.to) == len(toks) {
				continue
			}
			if int(u.from) == from {
				from = int(u.to)
			}
		}
	}
	for i := from; i < to; i++ {
		if w := toks[i].Form; startsUpper(w) || nameParts[strings.ToLower(w)] || strings.ContainsAny(w, "-'’") || !isASCII(w) {
			if change != nil {
				w = change(w)
			}
			f.add(w, i)
		} else if toks[i].UPOS == "NOUN" && i > from && to-from <= 4 && startsUpper(toks[from].Form) {
			f.add(w, i) // "Kim Dae jung"
		} else if toks[i].UPOS != "PUNCT" {
			return nil // a lower-case word is no name's
		}
	}
	return f.kept
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// candidate is a person of the roster that a name may mean.
type candidate struct {
	person int32
	score  float64
	sure   float64
	rule   string
}

// search returns the persons, of country unless that is "", whose names are
// like the given words, the likeliest first.
func (t *tables) search(name []string, country string, first, last int32, dated bool) []candidate {
	var out []candidate
	if len(name) == 0 {
		return nil
	}
	for _, e := range t.roster() {
		x := &t.persons[e.person]
		if country != "" && x.country != country {
			continue
		}
		like, rule := e.likeness(name, country != "")
		if like == 0 || dated && x.unheard(last, len(name) > 1 && like >= 0.85) {
			continue
		}
		c := candidate{person: e.person, score: like * 10, sure: like, rule: rule}
		if dated {
			c.score += t.near(x, first, last)
		}
		if i := slices.IndexFunc(out, func(o candidate) bool { return o.person == c.person }); i >= 0 {
			if out[i].score < c.score {
				out[i] = c
			}
			continue
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return int(a.person - b.person)
	})
	return out
}

// entry is one spelling of a person's name in the roster.
type entry struct {
	person int32
	words  []string // skeletons
	family int      // index of the family name
	first  bool     // whose country puts the family name first
}

// roster returns every spelling of every person's name.
func (t *tables) roster() []entry {
	t.rosterOnce.Do(func() {
		f := folder{keep: true}
		add := func(id int32, name string, first bool) {
			f.kept = nil
			name, _, _ = strings.Cut(name, " of ") // Abdullah II of Jordan
			f.split(name)
			if len(f.kept) > 0 {
				e := entry{person: id, words: f.kept, family: len(f.kept) - 1, first: first}
				if first {
					e.family = 0
				}
				t.entries = append(t.entries, e)
			}
		}
		for i := range t.persons {
			p := &t.persons[i]
			for _, n := range p.names {
				add(int32(i), n, familyFirst[p.country])
				if m := expanded(n); m != n {
					add(int32(i), m, familyFirst[p.country])
				}
				if strings.ContainsAny(n, "'’") {
					add(int32(i), withoutApostrophes(n), familyFirst[p.country])
				}
			}
			for _, n := range p.short {
				add(int32(i), n, familyFirst[p.country])
			}
		}
	})
	return t.entries
}

func withoutApostrophes(name string) string {
	return strings.NewReplacer("'", "", "’", "").Replace(name)
}

// likeness tells how like two names are, 0 for not at all, and by which rule.
// narrow is whether the country is known, which lets more pass.
func (e *entry) likeness(q []string, narrow bool) (float64, string) {
	w := e.words
	family := w[e.family]
	if len(q) > 1 && len(w) > 1 {
		switch {
		case strings.Join(q, "") == strings.Join(w, ""):
			return 0.95, "name"
		case sameWords(q, w):
			return 0.93, "name-order"
		case contains(w, q):
			return 0.88, "name-short"
		case contains(q, w):
			return 0.85, "name-long"
		case len(family) >= 8 && strings.Join(q, "") == family: // Ahmadi-Nejad
			return 0.8, "name-family"
		}
		if narrow || len(family) >= 6 {
			n := 0
			for _, x := range q {
				if slices.ContainsFunc(w, func(y string) bool { return near(x, y) }) {
					n++
				}
			}
			if n >= min(len(q), len(w)) {
				return 0.7, "name-spelling"
			}
		}
		if narrow { // initials and given names of another language
			i := slices.Index(q, family)
			for k, x := range q {
				if i >= 0 && k != i && slices.ContainsFunc(w, func(y string) bool { return y != family && y[0] == x[0] }) {
					return 0.55, "name-initial"
				}
			}
			if i >= 0 && i == len(q)-1 && e.family == len(w)-1 {
				return 0.4, "name-family"
			}
		}
		return 0, ""
	}
	if len(q) > 1 { // another given name before what the press calls somebody
		if narrow && !e.first && q[len(q)-1] == w[0] {
			return 0.4, "name-family"
		}
		return 0, ""
	}
	x, many := q[0], w
	switch {
	case x == family:
		return 0.8, "name-family"
	case narrow && slices.Contains(many, x):
		return 0.6, "name-given"
	case narrow && near(x, family):
		return 0.55, "name-spelling"
	case narrow && strings.Join(many, "") == x:
		return 0.7, "name"
	}
	return 0, ""
}

func sameWords(a, b []string) bool { return len(a) == len(b) && contains(a, b) }

// contains reports whether all words of b stand in a, as often at least.
func contains(a, b []string) bool {
	if len(b) > len(a) {
		return false
	}
	count := func(ws []string, x string) (n int) {
		for _, w := range ws {
			if w == x {
				n++
			}
		}
		return n
	}
	for _, x := range b {
		if count(a, x) < count(b, x) {
			return false
		}
	}
	return true
}

// near reports whether two skeletons are spellings of one name: one letter
// changed, left out or put in, in names of four letters or more, two in names
// of eight; or the same consonants in names of four consonants.
func near(a, b string) bool {
	if a == b {
		return true
	}
	n := min(len(a), len(b))
	switch {
	case n < 4 || max(len(a), len(b))-n > 2:
		return false
	case n >= 8:
		return distance(a, b) <= 2
	}
	return distance(a, b) <= 1 && a[0] == b[0] || consonants(a) == consonants(b) && len(consonants(a)) >= 4
}

func consonants(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'a', 'e', 'i', 'o', 'u':
			return -1
		}
		return r
	}, s)
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			up := row[j]
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			row[j] = min(cost, up+1, row[j-1]+1)
			diagonal = up
		}
	}
	return row[len(b)]
}
