package ontology

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

var (
	//go:embed data/types.tsv
	typesTSV string
	//go:embed data/modes.tsv
	modesTSV string
	//go:embed data/contexts.tsv
	contextsTSV string
	//go:embed data/sectors.tsv
	sectorsTSV string
	//go:embed data/cameo.tsv
	cameoTSV string
	//go:embed data/defaults.tsv
	defaultsTSV string
)

// Type is one of PLOVER's 16 event types.
type Type struct {
	Code, Name, Gloss string
	Quad              int     // 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
	Score             float64 // PLOVER conflict–cooperation score of the bare type, −10 … +10
	Modes             []Mode  // in the manual's order; nil where the type has none
}

// Mode is how an act of a type is done, or what a REQUEST, REJECT or THREATEN
// is about.
type Mode struct {
	Code, Gloss string
	Score       float64 // PLOVER's score of the mode, the type's where PLOVER gives none
}

// Context is what an act is about beside its type.
type Context struct{ Code, Gloss string }

// Sector is the part of a society a party belongs to, or a code that stands in
// place of a country ([International]).
type Sector struct{ Code, Gloss string }

// CAMEO is one code of CAMEO 1.1b3. Its parent is the code less its last digit.
type CAMEO struct {
	Code, Name, Gloss string
	Goldstein         float64 // −10 … +10
	Quad              int     // CAMEO's own: 09 is 2 and 14 is 3, unlike PLOVER
	Event             string  // PLOVER type; empty where PLOVER dropped the code
	Mode              string  // PLOVER mode; empty where the code leaves it open
}

// plover is PLOVER's part of the tables.
type plover struct {
	types                     []Type
	byType                    map[string]int // index into types
	contexts                  []Context      // the manual's 37
	byContext                 map[string]Context
	sectors, international    []Sector
	sectorOf, internationalOf map[string]Sector
	defaults                  map[[3]string]string // event, mode, about → CAMEO
}

var ploverTable = sync.OnceValue(parsePlover)

func parsePlover() *plover {
	p := &plover{
		byType:          map[string]int{},
		byContext:       map[string]Context{},
		sectorOf:        map[string]Sector{},
		internationalOf: map[string]Sector{},
		defaults:        map[[3]string]string{},
	}
	eachRow(typesTSV, func(f []string) {
		p.byType[f[0]] = len(p.types)
		p.types = append(p.types, Type{Code: f[0], Name: f[1], Quad: int(number(f[2])), Score: number(f[3]), Gloss: f[4]})
	})
	eachRow(modesTSV, func(f []string) {
		t := &p.types[p.byType[f[0]]]
		t.Modes = append(t.Modes, Mode{Code: f[1], Score: number(f[2]), Gloss: f[3]})
	})
	eachRow(contextsTSV, func(f []string) {
		c := Context{f[0], f[3]}
		if f[1] == "plover" {
			p.contexts = append(p.contexts, c)
		}
		p.byContext[c.Code] = c
		if f[2] != "-" {
			for a := range strings.SplitSeq(f[2], ";") {
				p.byContext[a] = c
			}
		}
	})
	eachRow(sectorsTSV, func(f []string) {
		s := Sector{f[0], f[2]}
		if f[1] == "sector" {
			p.sectors = append(p.sectors, s)
			p.sectorOf[s.Code] = s
		} else {
			p.international = append(p.international, s)
			p.internationalOf[s.Code] = s
		}
	})
	eachRow(defaultsTSV, func(f []string) {
		p.defaults[[3]string{f[0], undash(f[1]), undash(f[2])}] = f[3]
	})
	return p
}

type cameo struct {
	codes  []CAMEO
	byCode map[string]int // index into codes
}

var cameoTable = sync.OnceValue(parseCAMEO)

func parseCAMEO() *cameo {
	c := &cameo{codes: make([]CAMEO, 0, 320), byCode: make(map[string]int, 320)}
	eachRow(cameoTSV, func(f []string) {
		c.byCode[f[0]] = len(c.codes)
		c.codes = append(c.codes, CAMEO{
			Code: f[0], Goldstein: number(f[1]), Quad: int(number(f[2])),
			Event: undash(f[3]), Mode: undash(f[4]), Name: f[5], Gloss: f[6],
		})
	})
	return c
}

// eachRow calls f with the fields of each line of a table that is no comment.
// The fields are valid until f returns.
func eachRow(tsv string, f func([]string)) {
	var fields []string
	for line := range strings.Lines(tsv) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		fields = fields[:0]
		for v := range strings.SplitSeq(line, "\t") {
			fields = append(fields, v)
		}
		f(fields)
	}
}

// number reads a number of the embedded tables; the lint test holds that every
// one is well formed.
func number(s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic("ontology: bad number in an embedded table: " + s)
	}
	return x
}

func undash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// Types returns PLOVER's 16 event types in the order of the coding manual.
// The caller must not change them.
func Types() []Type { return slices.Clip(ploverTable().types) }

// TypeOf returns the event type with this code ("CONSULT").
func TypeOf(code string) (Type, bool) {
	p := ploverTable()
	i, ok := p.byType[code]
	if !ok {
		return Type{}, false
	}
	return p.types[i], true
}

// Contexts returns the 37 contexts of the PLOVER manual in its order. The
// caller must not change them.
func Contexts() []Context { return slices.Clip(ploverTable().contexts) }

// ContextOf returns the context with this code. It knows the manual's 37, the
// two that reference annotations use beside them (coups, culture) and other
// spellings of them ("disaster", "resource", "pro-democracy"), which it returns
// under the manual's code.
func ContextOf(code string) (Context, bool) {
	c, ok := ploverTable().byContext[code]
	return c, ok
}

// Sectors returns the sector codes of the coding manual. The caller must not
// change them.
func Sectors() []Sector { return slices.Clip(ploverTable().sectors) }

// International returns the codes that stand in place of a country: IGO, UNO,
// EUR, NGO, MNC, ISM, IMG. The caller must not change them.
func International() []Sector { return slices.Clip(ploverTable().international) }

// IsInternational reports whether a code stands in place of a country.
func IsInternational(code string) bool {
	_, ok := ploverTable().internationalOf[code]
	return ok
}

// CAMEOCodes returns all CAMEO codes, sorted. The caller must not change them.
func CAMEOCodes() []CAMEO { return slices.Clip(cameoTable().codes) }

// CAMEOOf returns the CAMEO code with these digits ("042").
func CAMEOOf(code string) (CAMEO, bool) {
	t := cameoTable()
	i, ok := t.byCode[code]
	if !ok {
		return CAMEO{}, false
	}
	return t.codes[i], true
}

// Quad returns the quad class of a PLOVER event type, 0 when it is unknown.
func Quad(event string) int {
	t, _ := TypeOf(event)
	return t.Quad
}

// Score returns the PLOVER conflict–cooperation score, −10 … +10, of a mode of
// an event type, of the bare type where mode is empty or unknown, 0 where the
// type is unknown.
func Score(event, mode string) float64 {
	t, _ := TypeOf(event)
	if m, ok := t.mode(mode); ok {
		return m.Score
	}
	return t.Score
}

func (t Type) mode(code string) (Mode, bool) {
	for _, m := range t.Modes {
		if m.Code == code {
			return m, true
		}
	}
	return Mode{}, false
}

// knownAct reports whether s is "EVENT" or "EVENT:mode" of PLOVER.
func knownAct(s string) bool {
	e, m, has := strings.Cut(s, ":")
	t, ok := TypeOf(e)
	if !ok || !has {
		return ok
	}
	_, ok = t.mode(m)
	return ok
}

// DefaultCAMEO returns the CAMEO code that says no more than event, mode and
// about do: CONSULT visit is 042, AGREE about CONSULT is 036, REQUEST about
// RETREAT:release is 0253. mode and about ("EVENT" or "EVENT:mode") may be
// empty. It is empty only for an unknown event.
func DefaultCAMEO(event, mode, about string) string {
	p := ploverTable()
	whole, _, has := strings.Cut(about, ":")
	for _, m := range [2]string{mode, ""} {
		if about != "" {
			if c, ok := p.defaults[[3]string{event, m, about}]; ok {
				return c
			}
		}
		if has {
			if c, ok := p.defaults[[3]string{event, m, whole}]; ok {
				return c
			}
		}
	}
	if c, ok := p.defaults[[3]string{event, mode, ""}]; ok {
		return c
	}
	return p.defaults[[3]string{event, "", ""}]
}
