package ontology

import (
	_ "embed"
	"sort"
	"strings"
	"sync"
)

//go:embed data/countries.tsv
var countriesTSV string

// country is one row of data/countries.tsv.
type country struct {
	iso3, iso2, name, inText, adjective string
	aliases                             []string
}

// countryTable is parsed once, on first use.
var countryTable = sync.OnceValue(func() (t struct {
	byCode map[string]*country // iso3
	byName map[string]string   // folded name, alias, adjective or code → iso3
}) {
	t.byCode = map[string]*country{}
	t.byName = map[string]string{}
	rows := countryRows()
	for i := range rows {
		t.byCode[rows[i].iso3] = &rows[i]
	}
	// Names before codes before adjectives: "Niger" is a country first, and
	// an adjective that two countries share ("Dominican") names neither.
	shared := map[string]bool{}
	put := func(key, iso3 string, weak bool) {
		key = foldCountry(key)
		if old, ok := t.byName[key]; ok && old != iso3 {
			if weak {
				shared[key] = true
			}
			return
		}
		t.byName[key] = iso3
	}
	for _, c := range rows {
		put(c.name, c.iso3, false)
		put(c.iso3, c.iso3, false)
		for _, a := range c.aliases {
			put(a, c.iso3, false)
		}
	}
	for _, c := range rows {
		if c.iso2 != "-" {
			put(c.iso2, c.iso3, false)
		}
	}
	named := map[string]bool{}
	for k := range t.byName {
		named[k] = true
	}
	for _, c := range rows {
		put(c.adjective, c.iso3, true)
	}
	for k := range shared {
		if !named[k] {
			delete(t.byName, k)
		}
	}
	return t
})

func countryRows() []country {
	var out []country
	for line := range strings.Lines(countriesTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		c := country{iso3: f[0], iso2: f[1], name: f[2], inText: f[3], adjective: f[4]}
		if c.inText == "=" {
			c.inText = c.name
		}
		if f[5] != "-" {
			c.aliases = strings.Split(f[5], ";")
		}
		out = append(out, c)
	}
	return out
}

// foldCountry maps a name as typed to the key it is looked up by: lower case,
// no dots, accents, leading article or doubled spaces.
func foldCountry(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	return strings.TrimPrefix(countryLetters.Replace(s), "the ")
}

var countryLetters = strings.NewReplacer(".", "", "’", "'", "ô", "o", "é", "e", "ã", "a", "í", "i", "ü", "u", "ç", "c")

// CountryName returns the short English name of a country or international
// code ("Spain"), the code itself when it is unknown.
func CountryName(iso3 string) string {
	if c := countryTable().byCode[iso3]; c != nil {
		return c.name
	}
	return iso3
}

// CountryInText returns the name as it stands inside a sentence ("the United
// States"), the code itself when it is unknown.
func CountryInText(iso3 string) string {
	if c := countryTable().byCode[iso3]; c != nil {
		return c.inText
	}
	return iso3
}

// CountryAdjective returns the English adjective of a country ("Spanish"),
// the code itself when it is unknown.
func CountryAdjective(iso3 string) string {
	if c := countryTable().byCode[iso3]; c != nil {
		return c.adjective
	}
	return iso3
}

// ParseCountry reads a country as a person types it: an alpha-3 or alpha-2
// code in either case, a short name, a common variant ("Turkey", "Ivory
// Coast", "UK") or an adjective that only one country has. ok is false when
// nothing, or more than one country, fits.
func ParseCountry(s string) (iso3 string, ok bool) {
	iso3, ok = countryTable().byName[foldCountry(s)]
	return iso3, ok
}

// Countries returns every code of the table, sorted.
func Countries() []string {
	t := countryTable()
	out := make([]string, 0, len(t.byCode))
	for k := range t.byCode {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
