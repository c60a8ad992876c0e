// Package gazetteer holds places by name in one flat block of bytes: nothing
// is built when it is opened but the slice headers.
//
// The block is little-endian: a header of nine uint32 (magic, counts of
// countries, divisions, places, names, references, hash slots, name bytes, key
// bytes) and then, each as long as its count says,
//
//	countries  3 bytes each, ISO 3166-1 alpha-3
//	divisions  uint32 offset into the name bytes, of the first-level division
//	places     columns: name offset u32, country u16, division u16, kind u8,
//	           rank u8, latitude i32, longitude i32 (1e-5 degrees),
//	           population u32, GeoNames id u32
//	names      columns: key offset u32, first reference u32, flags u8
//	references uint32, place number × 2, + 1 for another name than its own
//	slots      uint32, name number + 1, 0 when free; open addressing by Hash
//	bytes      names, then keys, each NUL-terminated
//
// A key is a name folded by [Fold]. Every beginning of a key of several words
// is a key too, so that a reader of text can stop as soon as no longer name can
// follow.
package gazetteer

import (
	"encoding/binary"
	"fmt"
	"math"
	"sort"
)

const magic = 0x315a4752 // "RGZ1"

const headerSize = 9 * 4

// Kinds of place.
const (
	Country = iota
	Region
	City
	Water
	Site
	Adjective // no place: "Egyptian" tells that a report is about Egypt
)

// Ranks of a city.
const (
	NoRank     = iota
	SeatOfArea // of a first-level division
	Capital
)

// Place is one place.
type Place struct {
	Name       string
	Country    string // ISO 3166-1 alpha-3, "" where none or several
	Division   string // first-level division
	Kind       int    // Country …
	Rank       int
	Lat, Lon   float64
	Population int
	ID         int // GeoNames id, 0 when none
}

// Table looks places up by name.
type Table struct {
	countries string
	divisions []byte
	nPlaces   int
	placeName []byte
	placeCtry []byte
	placeDiv  []byte
	placeKind []byte
	placeRank []byte
	placeLat  []byte
	placeLon  []byte
	placePop  []byte
	placeID   []byte
	nNames    int
	nRefs     int
	nameKey   []byte
	nameRef   []byte
	nameFlags []byte
	refs      []byte
	slots     []byte
	mask      uint32
	names     string
	key       []byte
}

// Open reads a block that [Builder.Bytes] wrote. The block must not change
// while the table is in use.
func Open(b []byte) (*Table, error) {
	if len(b) < headerSize || binary.LittleEndian.Uint32(b) != magic {
		return nil, fmt.Errorf("no gazetteer block of this version")
	}
	var n [9]int
	for i := range n {
		n[i] = int(binary.LittleEndian.Uint32(b[4*i:]))
	}
	b = b[headerSize:]
	short := false
	take := func(size int) []byte {
		if size < 0 || size > len(b) {
			short = true
			return nil
		}
		p := b[:size:size]
		b = b[size:]
		return p
	}
	t := &Table{nPlaces: n[3], nNames: n[4], nRefs: n[5]}
	t.countries = string(take(3 * n[1]))
	t.divisions = take(4 * n[2])
	t.placeName = take(4 * n[3])
	t.placeCtry = take(2 * n[3])
	t.placeDiv = take(2 * n[3])
	t.placeKind = take(n[3])
	t.placeRank = take(n[3])
	t.placeLat = take(4 * n[3])
	t.placeLon = take(4 * n[3])
	t.placePop = take(4 * n[3])
	t.placeID = take(4 * n[3])
	t.nameKey = take(4 * n[4])
	t.nameRef = take(4 * n[4])
	t.nameFlags = take(n[4])
	t.refs = take(4 * n[5])
	t.slots = take(4 * n[6])
	t.names = string(take(n[7]))
	t.key = take(n[8])
	if short || len(b) != 0 || n[6] == 0 || n[6]&(n[6]-1) != 0 {
		return nil, fmt.Errorf("the gazetteer block is cut short")
	}
	t.mask = uint32(n[6] - 1)
	return t, nil
}

// Len is the number of places.
func (t *Table) Len() int { return t.nPlaces }

// Flags of a name.
const (
	IsName   = 1 // places bear it
	IsPrefix = 2 // a longer name begins so
)

// Name is a name found in a table.
type Name struct {
	Flags  int
	places []byte // references
}

// Find looks a folded name up, hash being its [Hash].
func (t *Table) Find(key []byte, hash uint32) (Name, bool) {
	for s := hash & t.mask; ; s = (s + 1) & t.mask {
		e := binary.LittleEndian.Uint32(t.slots[4*s:])
		if e == 0 {
			return Name{}, false
		}
		i := int(e - 1)
		off := int(u32(t.nameKey, i))
		if off+len(key) < len(t.key) && string(t.key[off:off+len(key)]) == string(key) && t.key[off+len(key)] == 0 {
			from := int(u32(t.nameRef, i))
			to := t.nRefs
			if i+1 < t.nNames {
				to = int(u32(t.nameRef, i+1))
			}
			return Name{int(t.nameFlags[i]), t.refs[4*from : 4*to]}, true
		}
	}
}

// Refs calls f for each place that bears the name, own telling whether the
// name is the place's own or another.
func (n Name) Refs(f func(place int, own bool)) {
	for i := 0; i+4 <= len(n.places); i += 4 {
		r := binary.LittleEndian.Uint32(n.places[i:])
		f(int(r>>1), r&1 == 0)
	}
}

// Place returns place number i.
func (t *Table) Place(i int) Place {
	p := Place{
		Name:       t.Name(i),
		Country:    t.Country(i),
		Kind:       int(t.placeKind[i]),
		Rank:       int(t.placeRank[i]),
		Lat:        float64(int32(u32(t.placeLat, i))) / 1e5,
		Lon:        float64(int32(u32(t.placeLon, i))) / 1e5,
		Population: int(u32(t.placePop, i)),
		ID:         int(u32(t.placeID, i)),
	}
	p.Division = t.Division(i)
	return p
}

// Name returns the own name of place number i.
func (t *Table) Name(i int) string { return t.text(int(u32(t.placeName, i))) }

// Division returns the first-level division of place number i, "" for none.
func (t *Table) Division(i int) string {
	d := int(binary.LittleEndian.Uint16(t.placeDiv[2*i:]))
	if d == 0 {
		return ""
	}
	return t.text(int(u32(t.divisions, d-1)))
}

// Country returns the country of place number i.
func (t *Table) Country(i int) string {
	c := int(binary.LittleEndian.Uint16(t.placeCtry[2*i:]))
	if c == 0 {
		return ""
	}
	return t.countries[3*(c-1) : 3*c]
}

// Kind, Rank and Population return one column of place number i.
func (t *Table) Kind(i int) int       { return int(t.placeKind[i]) }
func (t *Table) Rank(i int) int       { return int(t.placeRank[i]) }
func (t *Table) Population(i int) int { return int(u32(t.placePop, i)) }

func (t *Table) text(off int) string {
	end := off
	for end < len(t.names) && t.names[end] != 0 {
		end++
	}
	return t.names[off:end]
}

func u32(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }

// HashSeed begins a hash.
const HashSeed uint32 = 2166136261

// Hash goes on with a hash (FNV-1a) over more bytes.
func Hash(h uint32, b []byte) uint32 {
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// Builder gathers places and writes them as a block.
type Builder struct {
	places []Place
	keys   map[string]*builtKey
}

type builtKey struct {
	flags int
	refs  []uint32
}

// Add adds a place under its own name and others. It returns its number.
func (b *Builder) Add(p Place, others ...string) int {
	n := len(b.places)
	b.places = append(b.places, p)
	b.name(p.Name, n, 0)
	for _, o := range others {
		b.name(o, n, 1)
	}
	return n
}

// AddName adds another name for a place.
func (b *Builder) AddName(n int, name string) { b.name(name, n, 1) }

func (b *Builder) name(name string, place int, other uint32) {
	if b.keys == nil {
		b.keys = map[string]*builtKey{}
	}
	key := string(Fold(nil, name))
	if key == "" {
		return
	}
	k := b.at(key)
	k.flags |= IsName
	for _, r := range k.refs {
		if int(r>>1) == place {
			return
		}
	}
	k.refs = append(k.refs, uint32(place)<<1|other)
	// A text may be parted where the name has a space, a hyphen or an apostrophe.
	start := 0
	for i, c := range name {
		if i > start && (c == ' ' || c == '-' || isMark(c) || c == '.' || c == ',' || c == '/' || c == '–') {
			if part := string(Fold(nil, name[:i])); part != key && part != "" {
				b.at(part).flags |= IsPrefix
			}
		}
	}
}

func (b *Builder) at(key string) *builtKey {
	k := b.keys[key]
	if k == nil {
		k = &builtKey{}
		b.keys[key] = k
	}
	return k
}

// Bytes writes the block. The references of a name stand by falling
// population, own names first.
func (b *Builder) Bytes() []byte {
	le := binary.LittleEndian
	countries, countryNo := []byte{}, map[string]int{"": 0}
	divisions, divisionNo := []byte{}, map[string]int{"": 0}
	names := []byte{}
	nameAt := map[string]uint32{}
	text := func(s string) uint32 {
		if at, ok := nameAt[s]; ok {
			return at
		}
		at := uint32(len(names))
		nameAt[s] = at
		names = append(append(names, s...), 0)
		return at
	}
	var pName, pDiv, pLat, pLon, pPop, pID, pCtry, pKind, pRank []byte
	for _, p := range b.places {
		if _, ok := countryNo[p.Country]; !ok {
			countries = append(countries, (p.Country + "   ")[:3]...)
			countryNo[p.Country] = len(countries) / 3
		}
		if _, ok := divisionNo[p.Division]; !ok {
			divisions = le.AppendUint32(divisions, text(p.Division))
			divisionNo[p.Division] = len(divisions) / 4
		}
		pName = le.AppendUint32(pName, text(p.Name))
		pCtry = le.AppendUint16(pCtry, uint16(countryNo[p.Country]))
		pDiv = le.AppendUint16(pDiv, uint16(divisionNo[p.Division]))
		pKind = append(pKind, byte(p.Kind))
		pRank = append(pRank, byte(p.Rank))
		pLat = le.AppendUint32(pLat, uint32(int32(math.Round(p.Lat*1e5))))
		pLon = le.AppendUint32(pLon, uint32(int32(math.Round(p.Lon*1e5))))
		pPop = le.AppendUint32(pPop, uint32(p.Population))
		pID = le.AppendUint32(pID, uint32(p.ID))
	}
	sorted := make([]string, 0, len(b.keys))
	for k := range b.keys {
		sorted = append(sorted, k)
	}
	sort.Strings(sorted)
	slots := 16
	for slots < 2*len(sorted) {
		slots *= 2
	}
	table := make([]uint32, slots)
	var nKey, nRef, nFlags, refs, keys []byte
	for i, k := range sorted {
		e := b.keys[k]
		nKey = le.AppendUint32(nKey, uint32(len(keys)))
		nRef = le.AppendUint32(nRef, uint32(len(refs)/4))
		nFlags = append(nFlags, byte(e.flags))
		keys = append(append(keys, k...), 0)
		sort.SliceStable(e.refs, func(i, j int) bool {
			x, y := e.refs[i], e.refs[j]
			if x&1 != y&1 {
				return x&1 < y&1
			}
			return b.places[x>>1].Population > b.places[y>>1].Population
		})
		for _, r := range e.refs {
			refs = le.AppendUint32(refs, r)
		}
		s := Hash(HashSeed, []byte(k)) & uint32(slots-1)
		for table[s] != 0 {
			s = (s + 1) & uint32(slots-1)
		}
		table[s] = uint32(i + 1)
	}
	out := []byte{}
	for _, n := range []int{magic, len(countries) / 3, len(divisions) / 4, len(b.places), len(sorted), len(refs) / 4, slots, len(names), len(keys)} {
		out = le.AppendUint32(out, uint32(n))
	}
	for _, col := range [][]byte{countries, divisions, pName, pCtry, pDiv, pKind, pRank, pLat, pLon, pPop, pID, nKey, nRef, nFlags, refs} {
		out = append(out, col...)
	}
	for _, s := range table {
		out = le.AppendUint32(out, s)
	}
	return append(append(out, names...), keys...)
}
