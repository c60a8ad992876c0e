package where

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport"
	"rapport/internal/where/gazetteer"
)

// geonames is the block of cities and divisions that cmd/gazetteer compiles,
// written what cmd/tables compiles from data/. Both are used as they lie, so
// that a start costs no building: 0.2 ms instead of 8.
var (
	//go:embed gazetteer.bin
	geonames []byte
	//go:embed tables.bin
	written []byte
)

// tables are the two gazetteers and the words that tell places from others.
type tables struct {
	cities *gazetteer.Table // GeoNames
	hand   *gazetteer.Table // data/
	words  map[string]wordClass
	capped map[string]bool // keys that only stand in capitals: "us", "car"
	dotted map[string]bool // keys that only stand with their full stop: "miss", "ill"
}

func (t *tables) tables() [2]*gazetteer.Table { return [2]*gazetteer.Table{t.hand, t.cities} }

type wordClass uint8

const (
	never wordClass = iota + 1
	doubtful
	ending
)

// world loads the tables at their first use.
var world = sync.OnceValue(func() *tables {
	t, err := load()
	if err != nil {
		panic(err) // the tables are part of the program; a test loads them
	}
	return t
})

func load() (*tables, error) { return open(geonames, written) }

// magic begins the block of the tables written by hand: its version, the length
// of the gazetteer block, that block, then the words, a line each: class, key.
const magic = "rapport where 1\n"

func open(geonames, written []byte) (*tables, error) {
	t := newTables()
	var err error
	if t.cities, err = gazetteer.Open(geonames); err != nil {
		return nil, fmt.Errorf("gazetteer.bin: %w", err)
	}
	rest, ok := bytes.CutPrefix(written, []byte(magic))
	if !ok || len(rest) < 4 || uint64(binary.LittleEndian.Uint32(rest)) > uint64(len(rest)-4) {
		return nil, errors.New("tables.bin is no block of this version")
	}
	n := binary.LittleEndian.Uint32(rest)
	if t.hand, err = gazetteer.Open(rest[4 : 4+n]); err != nil {
		return nil, fmt.Errorf("tables.bin: %w", err)
	}
	for line := range strings.Lines(string(rest[4+n:])) {
		kind, key, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch kind {
		case "capped":
			t.capped[key] = true
		case "dotted":
			t.dotted[key] = true
		default:
			t.words[key] = classes[kind]
		}
	}
	return t, nil
}

var classes = map[string]wordClass{"never": never, "doubtful": doubtful, "ending": ending}

func newTables() *tables {
	return &tables{words: make(map[string]wordClass, 1200), capped: map[string]bool{}, dotted: map[string]bool{}}
}

// Compile reads the tables under data/ of files, beside the block of GeoNames,
// and returns the block of them that the package embeds.
func Compile(files fs.FS) ([]byte, error) {
	geonames, err := fs.ReadFile(files, "gazetteer.bin")
	if err != nil {
		return nil, err
	}
	t := newTables()
	if t.cities, err = gazetteer.Open(geonames); err != nil {
		return nil, err
	}
	block, err := t.compile(files)
	if err != nil {
		return nil, err
	}
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(block)))
	out = append(out, block...)
	var lines []string
	for k := range t.capped {
		lines = append(lines, "capped "+k+"\n")
	}
	for k := range t.dotted {
		lines = append(lines, "dotted "+k+"\n")
	}
	for name, c := range classes {
		for k, is := range t.words {
			if is == c {
				lines = append(lines, name+" "+k+"\n")
			}
		}
	}
	slices.Sort(lines)
	return append(out, strings.Join(lines, "")...), nil
}

// compile builds the gazetteer of data/ and notes its words.
func (t *tables) compile(files fs.FS) ([]byte, error) {
	var b gazetteer.Builder
	if err := eachRow(files, "countries.tsv", 7, func(f []string) error {
		lat, lon, err := degrees(f[5], f[6])
		n := b.Add(gazetteer.Place{Name: f[2], Country: f[0], Kind: gazetteer.Country, Lat: lat, Lon: lon})
		for _, a := range t.names(f[3]) {
			b.AddName(n, a)
		}
		for _, a := range t.names(f[4]) {
			b.Add(gazetteer.Place{Name: a, Country: f[0], Kind: gazetteer.Adjective})
		}
		return err
	}); err != nil {
		return nil, err
	}
	for _, file := range []struct {
		name string
		kind int
	}{
		{"regions.tsv", gazetteer.Region},
		{"waters.tsv", gazetteer.Water},
		{"sites.tsv", gazetteer.Site},
	} {
		if err := eachRow(files, file.name, 5, func(f []string) error {
			lat, lon, err := degrees(f[3], f[4])
			n := b.Add(gazetteer.Place{Name: f[0], Country: f[2], Kind: file.kind, Lat: lat, Lon: lon})
			for _, a := range t.names(f[1]) {
				b.AddName(n, a)
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	if err := eachRow(files, "cities.tsv", 3, func(f []string) error {
		p, ok := t.city(f[1], f[2])
		if !ok {
			return fmt.Errorf("no city %s of %s in the gazetteer", f[1], f[2])
		}
		p.Name = f[0]
		b.Add(p)
		return nil
	}); err != nil {
		return nil, err
	}
	return b.Bytes(), eachRow(files, "not-places.tsv", 2, func(f []string) error {
		c, ok := classes[f[1]]
		if !ok {
			return fmt.Errorf("unknown class %q", f[1])
		}
		if t.words[f[0]] != 0 {
			return fmt.Errorf("%s stands twice", f[0])
		}
		t.words[f[0]] = c
		return nil
	})
}

// names splits a list of names and notes those in capitals or with a stop.
func (t *tables) names(list string) []string {
	if list == "" {
		return nil
	}
	out := strings.Split(list, "|")
	for _, n := range out {
		if strings.HasSuffix(n, ".") && n != strings.ToUpper(n) {
			t.dotted[string(gazetteer.Fold(nil, n))] = true
		}
		if n == strings.ToUpper(n) {
			t.capped[string(gazetteer.Fold(nil, n))] = true
		}
	}
	return out
}

// city returns the largest city of a country by its name in the GeoNames table.
func (t *tables) city(name, country string) (gazetteer.Place, bool) {
	key := gazetteer.Fold(nil, name)
	n, _ := t.cities.Find(key, gazetteer.Hash(gazetteer.HashSeed, key))
	best, ok := gazetteer.Place{}, false
	n.Refs(func(place int, own bool) {
		if t.cities.Kind(place) != gazetteer.City || t.cities.Country(place) != country {
			return
		}
		if p := t.cities.Place(place); !ok || p.Population > best.Population {
			best, ok = p, true
		}
	})
	return best, ok
}

func eachRow(files fs.FS, file string, columns int, f func([]string) error) error {
	text, err := fs.ReadFile(files, "data/"+file)
	if err != nil {
		return err
	}
	for n, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			return fmt.Errorf("%s:%d: %d columns, want %d", file, n+1, len(row), columns)
		}
		if err := f(row); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n+1, err)
		}
	}
	return nil
}

func degrees(a, b string) (lat, lon float64, err error) {
	if lat, err = strconv.ParseFloat(a, 64); err != nil {
		return
	}
	if lon, err = strconv.ParseFloat(b, 64); err != nil {
		return
	}
	if lat < -90 || lat > 90 || lon < -180 || lon > 180 {
		err = fmt.Errorf("no coordinates: %s, %s", a, b)
	}
	return
}

// candidate is one place that a name may mean.
type candidate struct {
	table *gazetteer.Table
	place int
	own   bool // the name is the place's own
	hand  bool // of data/
	score float64
}

func (c *candidate) kind() int       { return c.table.Kind(c.place) }
func (c *candidate) country() string { return c.table.Country(c.place) }

// prior is how likely the place is meant when nothing else is known, in powers
// of ten.
func (c *candidate) prior() float64 {
	s := 0.0
	switch c.kind() {
	case gazetteer.Country:
		s = 9
	case gazetteer.Region:
		s = 6.5
		if p := c.table.Population(c.place); p > 0 {
			s = math.Log10(float64(p)) - 1.2
		}
	case gazetteer.City:
		s = math.Log10(float64(c.table.Population(c.place) + 1))
		switch c.table.Rank(c.place) {
		case gazetteer.Capital:
			s += 1.5
		case gazetteer.SeatOfArea:
			s += 0.4
		}
		if c.hand {
			s += 0.7
		}
	default:
		s = 6
	}
	if !c.own {
		s -= 0.5
	}
	return s
}

// rapport returns the place in the root's terms.
func (c *candidate) rapport() rapport.Place {
	p := c.table.Place(c.place)
	at := &[2]float64{p.Lat, p.Lon}
	if i := strings.Index(p.Name, " ("); i > 0 {
		p.Name = p.Name[:i]
	}
	out := rapport.Place{Name: p.Name, Country: p.Country, Lat: &at[0], Lon: &at[1], GeoNames: p.ID}
	switch p.Kind {
	case gazetteer.Country:
		out.Resolution = 1
	case gazetteer.Region, gazetteer.Water:
		out.Resolution = 2
	case gazetteer.City:
		out.Resolution = 4
	default:
		out.Resolution = 5
	}
	return out
}
