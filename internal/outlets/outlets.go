// Package outlets knows who publishes: agencies, ministries, broadcasters,
// newspapers and the press services of bodies, each with its country and its
// kind. It finds an outlet by the host of an address, by its name as it is
// printed and by the signature of a dateline.
//
// The tables are the TSV files under data; data/README.md has their columns.
// They are read on first use. A user's own table is laid over them by Extend.
package outlets

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"rapport"
	"rapport/internal/ontology"
)

//go:embed data/*.tsv
var data embed.FS

// Outlet is somebody who publishes.
type Outlet struct {
	Name      string   `json:"name"`
	Also      []string `json:"also,omitempty"`  // other names and signatures, as printed
	Hosts     []string `json:"hosts,omitempty"` // of its addresses, without "www."; each with all below it
	Country   string   `json:"country"`         // ISO alpha-3 or a code in place of a country; of an exile outlet the country it is about
	Kind      string   `json:"kind"`            // of Kinds
	Languages []string `json:"languages,omitempty"`
	Basis     string   `json:"basis"` // known, checked or user; see data/README.md
}

// Kind is a kind of outlet.
type Kind struct{ Name, Voice, Means string }

// Voices of kinds.
const (
	State   = "state"   // says what its state says
	Country = "country" // is of its country's press
	None    = "none"    // speaks for no country
)

// Bases of rows.
const (
	known   = "known"
	checked = "checked"
	user    = "user"
)

// kinds is data/kinds.tsv.
var kinds = sync.OnceValue(func() (out []Kind) {
	b, err := data.ReadFile("data/kinds.tsv")
	if err != nil {
		panic(err) // it is embedded
	}
	for l := range strings.Lines(string(b)) {
		if c := strings.Split(strings.TrimRight(l, "\r\n"), "\t"); len(c) == 3 && !strings.HasPrefix(l, "#") {
			out = append(out, Kind{c[0], c[1], c[2]})
		}
	}
	return out
})

// Kinds returns the closed list of kinds.
func Kinds() []Kind { return slices.Clone(kinds()) }

// KindOf returns the kind of a name.
func KindOf(name string) (Kind, bool) {
	i := slices.IndexFunc(kinds(), func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds()[i], true
}

// table is all outlets with what finds them.
type table struct {
	rows   []Outlet
	byHost map[string]int32
	byName map[string][]int32 // folded names, the outlet's own before its others
	byBag  map[string][]int32 // offices and states in any order of words
}

var builtIn = sync.OnceValue(func() *table {
	files, err := data.ReadDir("data")
	if err != nil {
		panic(err)
	}
	var rows []Outlet
	for _, f := range files { // ReadDir sorts
		if f.Name() == "kinds.tsv" {
			continue
		}
		b, err := data.ReadFile("data/" + f.Name())
		if err != nil {
			panic(err)
		}
		more, err := parse(string(b), f.Name(), "")
		if err != nil {
			panic(err) // TestData holds them
		}
		rows = append(rows, more...)
	}
	return index(rows)
})

// extended is the table with a user's rows, nil without them.
var extended atomic.Pointer[table]

func current() *table {
	if t := extended.Load(); t != nil {
		return t
	}
	return builtIn()
}

// maxTable is the largest table of a user's that is read, in bytes.
const maxTable = 16 << 20

// Extend lays a user's table over the built-in ones; where names it in errors.
// A row takes the place of the outlet of the same name, and its hosts and names
// are found before those of others. Earlier tables of the user's are forgotten.
// It fails with rapport.BadInput, changing nothing, where a row is wrong.
func Extend(r io.Reader, where string) error {
	b, err := io.ReadAll(io.LimitReader(r, maxTable+1))
	if err != nil {
		return &rapport.Error{Kind: rapport.BadInput, Where: where, What: "cannot be read", Err: err}
	}
	if len(b) > maxTable {
		return &rapport.Error{Kind: rapport.BadInput, Where: where, What: fmt.Sprintf("is larger than %d bytes", maxTable), Try: "a table of the outlets you read"}
	}
	own, err := parse(string(b), where, user)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, o := range own {
		named[fold(o.Name)] = true
	}
	rows := slices.Clone(own)
	for _, o := range builtIn().rows {
		if !named[fold(o.Name)] {
			rows = append(rows, o)
		}
	}
	extended.Store(index(rows))
	return nil
}

// parse reads the rows of a table. basis stands where a row has none; a row
// without one is refused where basis is "".
func parse(s, where, basis string) (out []Outlet, err error) {
	bad := func(line int, format string, args ...any) error {
		return &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("%s: line %d", where, line), What: fmt.Sprintf(format, args...),
			Try: "name, other names, hosts, country, kind, languages, with tabs between and \";\" within"}
	}
	hosts := map[string]int{}
	countries := ontology.Countries() // sorted
	line := 0
	for l := range strings.Lines(strings.TrimPrefix(s, "\ufeff")) {
		line++
		if l = strings.TrimRight(l, "\r\n"); strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#") {
			continue
		}
		c := strings.Split(l, "\t")
		if len(c) == 6 && basis != "" {
			c = append(c, basis)
		}
		if len(c) != 7 {
			return nil, bad(line, "has %d columns", len(c))
		}
		o := Outlet{Name: strings.TrimSpace(c[0]), Also: list(c[1]), Country: c[3], Kind: c[4], Languages: list(c[5]), Basis: c[6]}
		for _, h := range list(c[2]) {
			h = Host(h)
			if h == "" || !strings.Contains(h, ".") {
				return nil, bad(line, "%q is no host", c[2])
			}
			if at := hosts[h]; at > 0 {
				return nil, bad(line, "the host %s stands in line %d too", h, at)
			}
			hosts[h] = line
			o.Hosts = append(o.Hosts, h)
		}
		if fold(o.Name) == "" {
			return nil, bad(line, "has no name")
		}
		if _, ok := slices.BinarySearch(countries, o.Country); !ok {
			return nil, bad(line, "%q is no country's code", o.Country)
		}
		if _, ok := KindOf(o.Kind); !ok {
			return nil, bad(line, "%q is no kind of outlet", o.Kind)
		}
		if o.Basis != known && o.Basis != checked && o.Basis != user {
			return nil, bad(line, "%q is no basis", o.Basis)
		}
		out = append(out, o)
	}
	return out, nil
}

func list(s string) (out []string) {
	for v := range strings.SplitSeq(s, ";") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

func index(rows []Outlet) *table {
	t := &table{rows: rows, byHost: make(map[string]int32, 2*len(rows)), byName: make(map[string][]int32, 3*len(rows)), byBag: map[string][]int32{}}
	put := func(m map[string][]int32, key string, i int32) {
		if key != "" && !slices.Contains(m[key], i) {
			m[key] = append(m[key], i)
		}
	}
	for i := range rows {
		put(t.byName, fold(rows[i].Name), int32(i))
		for _, h := range rows[i].Hosts {
			if _, taken := t.byHost[h]; !taken {
				t.byHost[h] = int32(i)
			}
		}
	}
	for i := range rows {
		o := &rows[i]
		for _, n := range o.Also {
			put(t.byName, fold(n), int32(i))
		}
		if offices[o.Kind] {
			put(t.byBag, bag(o.Name), int32(i))
			for _, n := range o.Also {
				put(t.byBag, bag(n), int32(i))
			}
		}
	}
	return t
}

// offices are the kinds whose names are an office and a state.
var offices = map[string]bool{"ministry": true, "presidency": true, "government": true, "parliament": true}

// All returns all outlets: a user's first, then the built-in ones by region
// and country. The caller must not change what they point at.
func All() []Outlet { return slices.Clone(current().rows) }

// ByHost returns the outlet of a host or an address, told by the longest host
// of the tables that it is or lies below.
func ByHost(address string) (Outlet, bool) {
	t := current()
	for h := Host(address); h != ""; {
		if i, ok := t.byHost[h]; ok {
			return t.rows[i], true
		}
		_, rest, ok := strings.Cut(h, ".")
		if !ok {
			break
		}
		h = rest
	}
	return Outlet{}, false
}

// maxName is the longest name that is looked up, in bytes.
const maxName = 200

// ByName returns the outlets that bear a name or sign with it, those whose own
// name it is first. Case, accents, points and "the" do not count. A country
// behind the name, in brackets or after a comma, chooses among namesakes.
func ByName(name string) []Outlet {
	t := current()
	var out []Outlet
	for _, i := range t.named(name) {
		out = append(out, t.rows[i])
	}
	return out
}

func (t *table) named(name string) []int32 {
	if len(name) > maxName {
		return nil
	}
	if found := t.byName[fold(name)]; len(found) > 0 {
		return found
	}
	if b := bag(name); b != "" && len(t.byBag[b]) > 0 {
		return t.byBag[b]
	}
	if before, in, ok := bracketed(name); ok { // "Agence France-Presse (AFP)", "INA (Iraq)"
		found := t.plain(before)
		if iso3, ok := ontology.ParseCountry(in); ok {
			var of []int32
			for _, i := range found {
				if t.rows[i].Country == iso3 {
					of = append(of, i)
				}
			}
			return of
		}
		if len(found) > 0 {
			return found
		}
		return t.plain(in)
	}
	return t.plain(name)
}

// plain looks a name up as it is, then without what is often added to it.
func (t *table) plain(name string) []int32 {
	f := fold(name)
	if found := t.byName[f]; len(found) > 0 {
		return found
	}
	for _, added := range []string{" official website", " news agency", " press agency", " newspaper", " website", " online", " english", " news", " com"} {
		if rest, ok := strings.CutSuffix(f, added); ok && len(t.byName[rest]) > 0 {
			return t.byName[rest]
		}
	}
	return nil
}

// bracketed takes apart "name (words)" and "name, words".
func bracketed(name string) (before, in string, ok bool) {
	name = strings.TrimSpace(name)
	if rest, ok := strings.CutSuffix(name, ")"); ok {
		if i := strings.LastIndexByte(rest, '('); i > 0 {
			return rest[:i], rest[i+1:], true
		}
	}
	if i := strings.LastIndexByte(name, ','); i > 0 {
		return name[:i], name[i+1:], true
	}
	return "", "", false
}

// Of returns the outlet of a report, told by its address and the name that is
// given; either may be empty. The address speaks first, for names have
// namesakes, unless it belongs to one who passes on what others publish. A name
// without a known address tells an outlet only when all who bear it are of one
// country.
func Of(name, address string) (Outlet, bool) {
	t := current()
	o, ok := ByHost(address)
	if ok && o.Kind != "aggregator" {
		return o, true
	}
	if found := t.named(name); len(found) > 0 {
		first := t.rows[found[0]]
		if !slices.ContainsFunc(found, func(i int32) bool { return t.rows[i].Country != first.Country }) {
			return first, true
		}
		return o, ok
	}
	return o, ok
}

// Side returns the country that an outlet's word stands for, "" where it
// stands for none: an exile outlet, a movement's organ, an organisation.
func (o Outlet) Side() string {
	if k, ok := KindOf(o.Kind); !ok || k.Voice == None || ontology.IsInternational(o.Country) {
		return ""
	}
	return o.Country
}

// Find returns the outlets that all words fit: a country's name or code, a
// kind, or a part of a name or a host. They come by country and name.
func Find(words string) []Outlet {
	whole := fold(words)
	var out []Outlet
	iso3, isCountry := ontology.ParseCountry(strings.TrimSpace(words))
	_, isKind := KindOf(strings.ToLower(strings.TrimSpace(words)))
	for _, o := range current().rows {
		switch {
		case isCountry && o.Country == iso3, isKind && o.Kind == strings.ToLower(strings.TrimSpace(words)):
			out = append(out, o)
		case !isCountry && !isKind && whole != "" && o.holds(whole):
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b Outlet) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (o *Outlet) holds(words string) bool {
	text := " " + fold(o.Name+" "+strings.Join(o.Also, " ")+" "+ontology.CountryName(o.Country)+" "+ontology.CountryAdjective(o.Country)+" "+o.Kind) + " "
	for w := range strings.FieldsSeq(words) {
		if !strings.Contains(text, " "+w) && !slices.ContainsFunc(o.Hosts, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return true
}
