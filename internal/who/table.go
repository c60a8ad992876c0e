package who

import (
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"rapport"
)

//go:generate go run ./cmd/tables

// compiled is data/ as [Compile] makes a block of it.
//
//go:embed tables.bin
var compiled string

// The rows of the tables; see data/README.md for the files.
type (
	country struct {
		code, iso2, name string
		sector           string
		span             days
		past             bool
	}
	term struct {
		office, sector string
		span           days
	}
	person struct {
		country, name, wikidata string
		names                   []string // the canonical one, then its variants
		short                   []string // what the press calls the person by
		terms                   []term   // by first day, as the tables have them
	}
	body struct {
		name, wikidata string
		terms          []bodyTerm
	}
	bodyTerm struct {
		code, sector string
		span         days
	}
	role struct {
		words  string
		lemma  string // the noun that heads words, singular
		class  roleClass
		plural bool // names several always: troops, police
		from   bool // takes the sector of what it belongs to
		sector string
		office string
	}
	place struct {
		name  string
		codes []string
		sort  string
	}
	reading struct {
		code, sector string // country or body that the form stands for
		other        string // or what it is instead: person, place, word
		prior        float64
		cues         []uint64
		span         days
	}
)

type roleClass uint8

const (
	officeRole roleClass = iota + 1
	personRole
	rankRole
	organRole
	thingRole
	stateRole
)

// days is a closed range of days counted from 1 January 1970; an open end is
// the extreme value.
type days struct{ from, to int32 }

const (
	always  = -1 << 31
	forever = 1<<31 - 1
)

// dayOf returns the first and last day a date may mean.
func dayOf(d rapport.Date) (first, last int32, ok bool) {
	f, l, ok := d.Bounds()
	if !ok {
		return 0, 0, false
	}
	first, last = always, forever
	if !f.IsZero() {
		first = int32(f.Unix() / 86400)
	}
	if !l.IsZero() {
		last = int32(l.Unix() / 86400)
	}
	return first, last, true
}

// tables holds every table, parsed and indexed.
type tables struct {
	countries []country
	persons   []person
	bodies    []body
	roles     []role
	places    []place
	byCode    map[string]int32 // country code → row of the state that is
	ambiguous map[uint64][]reading
	cues      map[uint64]bool
	*index

	rosterOnce sync.Once
	entries    []entry // see roster
}

var (
	current  atomic.Pointer[tables] // the tables in use
	loadOnce sync.Once
)

// load returns the tables in use, the built-in ones unless [Extend] was called.
func load() *tables {
	if t := current.Load(); t != nil {
		return t
	}
	loadOnce.Do(func() {
		t, err := builtIn()
		if err != nil {
			panic(err) // the tables are part of the program, and a test loads them
		}
		current.CompareAndSwap(nil, t)
	})
	return current.Load()
}

func builtIn() (*tables, error) {
	block, err := unpack(compiled)
	if err != nil {
		return nil, err
	}
	return decode(block)
}

func parse(files fs.FS) (*tables, error) {
	t := &tables{byCode: map[string]int32{}, ambiguous: map[uint64][]reading{}, cues: map[uint64]bool{}, index: newIndex(40000)}
	b := builder{tables: t}
	for _, step := range []struct {
		file    string
		columns int
		row     func(r []string) error
	}{
		{"countries.tsv", 11, b.country},
		{"places.tsv", 5, b.place},
		{"bodies.tsv", 8, b.body},
		{"roles.tsv", 6, b.role},
		{"ambiguous.tsv", 6, b.reading},
	} {
		if err := eachRow(files, "data/"+step.file, step.columns, step.row); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(files, "data/leaders/*.tsv")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	b.personRow = map[string]int32{}
	for _, n := range names {
		if err := eachRow(files, n, 10, b.person); err != nil {
			return nil, err
		}
	}
	for i := range t.persons {
		b.indexPerson(int32(i))
	}
	return t, nil
}

// eachRow calls row for every row of a table; the first line that is no
// comment is the header.
func eachRow(files fs.FS, name string, columns int, row func([]string) error) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	text, line, header := string(raw), 0, true
	cells := make([]string, 0, columns)
	for len(text) > 0 {
		l, rest, _ := strings.Cut(text, "\n")
		text = rest
		line++
		if l == "" || l[0] == '#' {
			continue
		}
		if header {
			header = false
			continue
		}
		cells = cells[:0]
		for l != "" || len(cells) < columns {
			c, more, found := strings.Cut(l, "\t")
			cells = append(cells, c)
			l = more
			if !found {
				break
			}
		}
		if len(cells) > columns {
			return &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("%s:%d", name, line), What: fmt.Sprintf("has %d columns, not %d", len(cells), columns), Try: "part the columns with single tabs"}
		}
		for len(cells) < columns {
			cells = append(cells, "")
		}
		if err := row(cells); err != nil {
			return &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("%s:%d", name, line), What: "is no valid row", Err: err}
		}
	}
	return nil
}

// builder fills tables.
type builder struct {
	*tables
	f         folder
	personRow map[string]int32
	hashes    []uint64
	bodyRow   map[string]int32
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

func span(from, to string) (days, error) {
	d := days{always, forever}
	if from != "" {
		f, _, ok := dayOf(rapport.Date(from))
		if !ok {
			return d, fmt.Errorf("%q is no date", from)
		}
		d.from = f
	}
	if to != "" && to != ".." {
		_, l, ok := dayOf(rapport.Date(to))
		if !ok {
			return d, fmt.Errorf("%q is no date", to)
		}
		d.to = l
	}
	if d.to < d.from {
		return d, fmt.Errorf("ends (%s) before it begins (%s)", to, from)
	}
	return d, nil
}

// light indexes a form by its folded words.
func (b *builder) light(form string, s sense) {
	b.f.plain = true
	ws := b.f.split(form)
	b.f.plain = false
	b.hashes = b.hashes[:0]
	for i, w := range ws {
		if i == 0 && len(ws) > 1 && w.light == theHash {
			continue
		}
		b.hashes = append(b.hashes, w.light)
	}
	if len(ws) > len(b.hashes) {
		ws = ws[1:]
	}
	s.caps = caseOfForm(ws, longWord(form))
	b.insert(lightSeed, b.hashes, s)
}

var theHash = hashOf([]byte("the"))

// longWord tells whether a word of an all-capital form has four letters or
// more, so that it may be written Nato.
func longWord(form string) func(int) bool {
	return func(int) bool {
		return utf8.RuneCountInString(form) >= 4 && !strings.Contains(form, ".") && !strings.Contains(form, " ")
	}
}

func (b *builder) country(r []string) error {
	s, err := span(r[9], r[10])
	if err != nil {
		return err
	}
	if len(r[0]) != 3 {
		return fmt.Errorf("%q is no country code", r[0])
	}
	id := int32(len(b.countries))
	c := country{code: r[0], iso2: r[1], name: r[2], sector: "GOV", span: s, past: r[10] != ""}
	b.countries = append(b.countries, c)
	b.noteCode(id)
	for _, l := range []struct {
		forms string
		sort  sort
	}{{r[2], countryName}, {r[3], countryName}, {r[8], countryName}, {r[4], countryAdjective}, {r[5], countryPeople}, {r[6], capitalName}, {r[7], seatName}} {
		for _, f := range list(l.forms) {
			b.light(f, sense{sort: l.sort, ref: id})
			if l.sort == countryPeople && strings.HasSuffix(f, "s") && !strings.HasSuffix(f, "ss") {
				b.light(f[:len(f)-1], sense{sort: l.sort, ref: id, plain: true})
			}
		}
	}
	return nil
}

// noteCode makes country id the one of its code, unless it is gone and another is.
func (t *tables) noteCode(id int32) {
	c := &t.countries[id]
	if _, ok := t.byCode[c.code]; !ok || !c.past {
		t.byCode[c.code] = id
	}
}

func (b *builder) place(r []string) error {
	id := int32(len(b.places))
	b.places = append(b.places, place{name: r[0], codes: list(r[1]), sort: r[2]})
	switch r[2] {
	case "city", "region", "site":
		b.light(r[0], sense{sort: placeName, ref: id})
	case "group":
		b.light(r[0], sense{sort: countryName, ref: -1 - id})
	case "prefix":
		b.light(r[0], sense{sort: placeAdjective, ref: id})
	case "people":
	default:
		return fmt.Errorf("%q is no sort of place", r[2])
	}
	for _, f := range list(r[3]) {
		b.light(f, sense{sort: placeAdjective, ref: id})
	}
	for _, f := range list(r[4]) {
		b.light(f, sense{sort: placePeople, ref: id})
	}
	return nil
}

func (b *builder) body(r []string) error {
	s, err := span(r[4], r[5])
	if err != nil {
		return err
	}
	if b.bodyRow == nil {
		b.bodyRow = map[string]int32{}
	}
	key := r[0] + "|" + r[2]
	id, ok := b.bodyRow[key]
	if !ok {
		id = int32(len(b.bodies))
		b.bodyRow[key] = id
		b.bodies = append(b.bodies, body{name: r[0], wikidata: r[6]})
	}
	x := &b.bodies[id]
	x.terms = append(x.terms, bodyTerm{code: r[2], sector: r[3], span: s})
	for _, f := range append([]string{r[0]}, list(r[1])...) {
		b.light(f, sense{sort: bodyName, ref: id})
	}
	return nil
}

var roleClasses = map[string]roleClass{"office": officeRole, "person": personRole, "rank": rankRole, "organ": organRole, "thing": thingRole, "state": stateRole}

func (b *builder) role(r []string) error {
	class, ok := roleClasses[r[1]]
	if !ok {
		return fmt.Errorf("%q is no class of role", r[1])
	}
	x := role{words: r[0], class: class, plural: r[2] == "p", from: r[3] == "from", sector: r[4], office: r[5], lemma: headNoun(r[0])}
	if x.plural {
		x.lemma = singular(x.lemma)
	}
	id := int32(len(b.roles))
	b.roles = append(b.roles, x)
	b.light(r[0], sense{sort: roleWord, ref: id, plain: r[2] != "p"})
	if r[2] != "p" {
		b.light(pluralOf(r[0]), sense{sort: roleWord, ref: id})
	}
	return nil
}

func (b *builder) reading(r []string) error {
	var prior float64
	if _, err := fmt.Sscanf(r[2], "%g", &prior); err != nil || prior <= 0 || prior > 1 {
		return fmt.Errorf("%q is no prior between 0 and 1", r[2])
	}
	s, err := span(r[4], r[5])
	if err != nil {
		return err
	}
	x := reading{prior: prior, span: s}
	switch r[1] {
	case "person", "place", "word":
		x.other = r[1]
	default:
		x.code, x.sector, _ = strings.Cut(r[1], ":")
	}
	for _, c := range list(r[3]) {
		for _, w := range b.f.split(c) {
			x.cues = append(x.cues, w.light)
			b.cues[w.light] = true
		}
	}
	key := lightSeed
	for _, w := range b.f.split(r[0]) {
		key = chain(key, w.light)
	}
	b.ambiguous[key] = append(b.ambiguous[key], x)
	return nil
}

func (b *builder) person(r []string) error {
	s, err := span(r[6], r[7])
	if err != nil {
		return err
	}
	key := r[0] + "|" + r[1]
	id, ok := b.personRow[key]
	if !ok {
		id = int32(len(b.persons))
		b.personRow[key] = id
		b.persons = append(b.persons, person{country: r[0], name: r[1], names: []string{r[1]}})
	}
	p := &b.persons[id]
	if p.wikidata == "" {
		p.wikidata = r[8]
	}
	p.terms = append(p.terms, term{office: r[4], sector: r[5], span: s})
	p.names = append(p.names, list(r[2])...)
	p.short = append(p.short, list(r[3])...)
	return nil
}

// familyFirst are the countries whose names begin with the family name.
var familyFirst = map[string]bool{"CHN": true, "KOR": true, "PRK": true, "TWN": true, "HKG": true, "MAC": true}

// expanded writes the letters that Latin-1 countries spell out: Schröder,
// Schroeder; Đinđić, Djindjic. It returns name itself where there are none.
func expanded(name string) string {
	if isASCII(name) {
		return name
	}
	return spelledOut.Replace(name)
}

var spelledOut = strings.NewReplacer("ö", "oe", "Ö", "Oe", "ü", "ue", "Ü", "Ue", "ä", "ae", "Ä", "Ae", "ø", "oe", "Ø", "Oe", "å", "aa", "Å", "Aa", "đ", "dj", "Đ", "Dj", "ə", "a", "Ə", "A")

func (b *builder) indexPerson(id int32) {
	p := &b.persons[id]
	words := 0
	for i, v := range p.names {
		hs := b.strong(v)
		if i == 0 {
			words = len(hs)
		}
		b.spelling(id, hs, i == 0, words)
		if e := expanded(v); e != v {
			b.spelling(id, b.strong(e), i == 0, words)
		}
	}
	for _, v := range p.short {
		b.name(b.strong(v), id)
		if e := expanded(v); e != v {
			b.name(b.strong(e), id)
		}
	}
}

// strong returns the skeletons of a name's words; they hold until the next call.
func (b *builder) strong(name string) []uint64 {
	b.hashes = b.hashes[:0]
	for _, w := range b.f.split(name) {
		if w.strong != 0 {
			b.hashes = append(b.hashes, w.strong)
		}
	}
	return b.hashes
}

// spelling indexes one spelling of a person's name. words is the number of
// words of the canonical name.
func (b *builder) spelling(id int32, hs []uint64, canonical bool, words int) {
	p := &b.persons[id]
	b.name(hs, id)
	if canonical && len(hs) > 2 { // of variants too it made one Sheikh … Al Thani of all
		b.name([]uint64{hs[0], hs[len(hs)-1]}, id)
	}
	if len(p.short) == 0 && len(hs) > 1 && len(hs) == words {
		w := hs[len(hs)-1]
		if familyFirst[p.country] {
			w = hs[0]
		}
		b.name([]uint64{w}, id)
	}
}

func (b *builder) name(hs []uint64, id int32) {
	s := sense{sort: longPerson, ref: id}
	if len(hs) == 1 {
		s.sort = shortPerson
	}
	b.insert(personSeed, hs, s)
}
