package ontology

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rapport"
)

// TestCodes lints data/codes.tsv: formats, dates that run forward, and no code
// of a list that two rows bear on one day.
func TestCodes(t *testing.T) {
	formats := map[string]*regexp.Regexp{}
	for name, p := range map[string]string{"iso3": `[A-Z]{3}`, "iso2": `[A-Z]{2}`, "code": `[A-Z]{3}`, "name": `\S.*\S`, "cow": `([1-9]\d{0,2})?`, "gw": `([1-9]\d{0,2})?`,
		"cameo": `([A-Z]{3})?`, "fips": `([A-Z]{2})?`, "wikidata": `(Q[1-9]\d*)?`, "geonames": `([1-9]\d*)?`, "from": `(\d{4}-\d\d-\d\d)?`, "until": `(\d{4}-\d\d-\d\d)?`, "note": `(\S.*\S)?`} {
		formats[name] = regexp.MustCompile(`^` + p + `$`)
	}
	n := 0
	for line := range strings.Lines(codesTSV) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) != len(Columns) {
			t.Fatalf("%q has %d columns, want %d", line, len(cells), len(Columns))
		}
		for i, c := range cells {
			if !formats[Columns[i]].MatchString(c) {
				t.Errorf("%s: %s is %q", cells[0], Columns[i], c)
			}
		}
		n++
	}
	rows := CodeRows()
	if len(rows) != n || n < 260 {
		t.Fatalf("%d rows of %d", len(rows), n)
	}
	last := rapport.Date("9999-12-31")
	for i := range rows {
		a := &rows[i]
		if a.From != "" && a.Until != "" && a.Until < a.From {
			t.Errorf("%s: ends before it begins", a.ISO3)
		}
		if a.COW != 0 && a.GW == 0 {
			t.Errorf("%s: of COW and not of Gleditsch and Ward", a.ISO3)
		}
		for j := i + 1; j < len(rows); j++ {
			b := &rows[j]
			enda, endb := a.Until, b.Until
			if enda == "" {
				enda = last
			}
			if endb == "" {
				endb = last
			}
			if a.Code != b.Code && (enda < b.From || endb < a.From) {
				continue
			}
			for _, k := range []int{0, 1, 4, 5, 6, 7, 8, 9} {
				x, y := a.Cells()[k], b.Cells()[k]
				if x != "" && x == y && !(a.Code == b.Code && (a.Until != "" || b.Until != "")) && !(a.Until != "" && a.Until < "1991" || b.Until != "" && b.Until < "1991") {
					t.Errorf("%s and %s share %s %s", a.Name, b.Name, Columns[k], x)
				}
			}
		}
	}
	for _, code := range Countries() {
		if !IsInternational(code) && !slices.ContainsFunc(rows, func(r CodeRow) bool { return r.Code == code }) {
			t.Errorf("%s of countries.tsv is not in codes.tsv", code)
		}
	}
}

func TestFindCodes(t *testing.T) {
	for _, c := range []struct {
		query string
		day   rapport.Date
		want  string // ISO3 name cow/gw
	}{
		{"FRA", "", "FRA France 220/220"},
		{"fr", "", "FRA France 220/220"},
		{"France", "1950", "FRA France 220/220"},
		{"DEU", "", "DEU Germany 255/260"},
		{"DEU", "1985", "DEU West Germany 260/260"},
		{"gw:260", "2000", "DEU Germany 255/260"},
		{"cow:345", "1995", "YUG Yugoslavia 345/345"},
		{"cow:345", "2010", "SRB Serbia 345/340"},
		{"SUN", "", "SUN Soviet Union 365/365"},
		{"ZAR", "", "ZAR Zaire 490/490"},
		{"cameo:ROM", "", "ROU Romania 360/360"},
		{"fips:UK", "", "GBR United Kingdom 200/200"},
		{"Q142", "", "FRA France 220/220"},
		{"geonames:3017382", "", "FRA France 220/220"},
		{"YEM", "1985", "YEM North Yemen 678/678"},
		{"YEM", "2000", "YEM Yemen 679/678"},
		{"Atlantis", "", ""},
		{"", "", ""},
		{"cow:", "", ""},
	} {
		got := ""
		if rows := FindCodes(c.query, c.day); len(rows) == 1 {
			got = rows[0].ISO3 + " " + rows[0].Name + " " + strconv.Itoa(rows[0].COW) + "/" + strconv.Itoa(rows[0].GW)
		} else if len(rows) > 1 {
			got = fmt.Sprint(rows)
		}
		if got != c.want {
			t.Errorf("%q on %s: %q, want %q", c.query, c.day, got, c.want)
		}
	}
}

func TestCodesOn(t *testing.T) {
	for _, c := range []struct {
		code string
		day  rapport.Date
		want string
	}{{"RUS", "1990", "SUN"}, {"RUS", "1991", "RUS"}, {"RUS", "2000", "RUS"}, {"SRB", "1999", "YUG"}, {"SRB", "2005", "SCG"}, {"SRB", "", "SRB"}, {"COD", "1990", "ZAR"}, {"XXX", "", ""}, {"IGO", "2000", ""}} {
		if row, _ := CodesOn(c.code, c.day); row.ISO3 != c.want {
			t.Errorf("%s on %s: %s, want %s", c.code, c.day, row.ISO3, c.want)
		}
	}
}
