package ontology

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport"
)

//go:embed data/codes.tsv
var codesTSV string

// CodeRow is what the lists of country codes call one state or territory. A
// zero field: the list has no code for it.
type CodeRow struct {
	ISO3     string       // ISO 3166-1 alpha-3, of ISO 3166-3 for what is gone; XKX for Kosovo
	ISO2     string       // ISO 3166-1 alpha-2
	Code     string       // what a claim carries: ISO3, or the state that went on with its relations
	Name     string       // short English name
	COW      int          // Correlates of War
	GW       int          // Gleditsch and Ward
	CAMEO    string       //
	FIPS     string       // FIPS 10-4
	Wikidata string       // Q…
	GeoNames int          //
	From     rapport.Date // first and last day; empty: open
	Until    rapport.Date
	Note     string
}

// Columns are the names of the columns of the crosswalk, in the order of
// [CodeRow.Cells].
var Columns = []string{"iso3", "iso2", "code", "name", "cow", "gw", "cameo", "fips", "wikidata", "geonames", "from", "until", "note"}

// Cells returns the row as it stands in data/codes.tsv.
func (c *CodeRow) Cells() []string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return []string{c.ISO3, c.ISO2, c.Code, c.Name, number(c.COW), number(c.GW), c.CAMEO, c.FIPS, c.Wikidata, number(c.GeoNames), string(c.From), string(c.Until), c.Note}
}

// On reports whether the row holds on day; with an empty day, whether it still
// holds.
func (c *CodeRow) On(day rapport.Date) bool {
	first, last, ok := day.Bounds()
	if !ok {
		return c.Until == ""
	}
	if _, end, ok := c.Until.Bounds(); ok && !end.IsZero() && end.Before(first) {
		return false
	}
	begin, _, ok := c.From.Bounds()
	return !ok || last.IsZero() || !last.Before(begin)
}

// crosswalk is parsed once, on first use.
var crosswalk = sync.OnceValue(func() []CodeRow {
	var out []CodeRow
	for line := range strings.Lines(codesTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		number := func(s string) int {
			n, _ := strconv.Atoi(s) // empty is 0; a test refuses what is no number
			return n
		}
		out = append(out, CodeRow{f[0], f[1], f[2], f[3], number(f[4]), number(f[5]), f[6], f[7], f[8], number(f[9]), rapport.Date(f[10]), rapport.Date(f[11]), f[12]})
	}
	return out
})

// CodeRows returns the whole crosswalk: what is, by ISO3, then what is gone.
func CodeRows() []CodeRow { return slices.Clone(crosswalk()) }

// FindCodes returns the rows that s names on day, those that still hold when
// day is empty, all that ever held when none does: by ISO code, Wikidata item
// or name, or by another list's code behind its name: "cow:255", "gw:260",
// "cameo:ROM", "fips:GM", "geonames:2921044".
func FindCodes(s string, day rapport.Date) []CodeRow {
	s = strings.TrimSpace(s)
	is := func(c *CodeRow) bool {
		return strings.EqualFold(c.ISO3, s) || strings.EqualFold(c.ISO2, s) || strings.EqualFold(c.Name, s) || s != "" && strings.EqualFold(c.Wikidata, s)
	}
	if list, code, ok := strings.Cut(s, ":"); ok {
		at := slices.Index(Columns, strings.ToLower(list))
		is = func(c *CodeRow) bool { return at >= 0 && code != "" && strings.EqualFold(c.Cells()[at], code) }
	} else if iso3, ok := ParseCountry(s); ok {
		is = func(c *CodeRow) bool { return c.ISO3 == iso3 || c.Code == iso3 && len(s) != 3 }
	}
	var all, now []CodeRow
	for _, c := range crosswalk() {
		if !is(&c) {
			continue
		}
		all = append(all, c)
		if c.On(day) {
			now = append(now, c)
		}
	}
	if len(now) > 0 {
		return now
	}
	return all
}

// CodesOn returns the row of the country code of a claim on day: for RUS in
// 1990 that of the Soviet Union. ok is false for what is no country.
func CodesOn(code string, day rapport.Date) (row CodeRow, ok bool) {
	for _, c := range crosswalk() {
		if c.Code != code || !c.On(day) {
			continue
		}
		// the state that still is wins for a period such as a whole year of change
		if !ok || row.Until != "" && c.Until == "" {
			row, ok = c, true
		}
	}
	if !ok && day != "" {
		return CodesOn(code, "")
	}
	return row, ok
}
