package ontology

import (
	"regexp"
	"strings"
	"testing"
)

func TestCountryTable(t *testing.T) {
	code3, code2 := regexp.MustCompile(`^[A-Z]{3}$`), regexp.MustCompile(`^([A-Z]{2}|-)$`)
	seen := map[string]string{}
	n := 0
	for line := range strings.Lines(countriesTSV) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 6 {
			t.Fatalf("%q has %d columns, want 6", line, len(f))
		}
		for i, v := range f {
			if v == "" || v != strings.TrimSpace(v) {
				t.Errorf("%s: column %d is empty or padded: %q", f[0], i+1, v)
			}
		}
		if !code3.MatchString(f[0]) || !code2.MatchString(f[1]) {
			t.Errorf("bad codes %q %q", f[0], f[1])
		}
		keys := append([]string{f[0], f[2]}, strings.Split(f[5], ";")...)
		if f[1] != "-" {
			keys = append(keys, f[1])
		}
		for _, k := range keys {
			if k == "-" {
				continue
			}
			k = foldCountry(k)
			if o, ok := seen[k]; ok && o != f[0] {
				t.Errorf("%q names both %s and %s", k, o, f[0])
			}
			seen[k] = f[0]
		}
		n++
	}
	if n < 200 {
		t.Errorf("%d countries, want all", n)
	}
}

func TestParseCountry(t *testing.T) {
	for in, want := range map[string]string{
		"AZE": "AZE", "egy": "EGY", "Azerbaijan": "AZE", "es": "ESP", "the United States": "USA", "U.S.": "USA",
		"Turkey": "TUR", "türkiye": "TUR", "  ivory   coast ": "CIV", "Cote d’Ivoire": "CIV", "UK": "GBR", "Moroccan": "MAR",
		"Niger": "NER", "niger": "NER", "Holy See": "VAT", "EU": "EUR", "Tokelau": "TKL", "TCA": "TCA", "Turks and Caicos": "TCA", "the Turks and Caicos Islands": "TCA", "Åland": "ALA",
		"GDR": "DDR", "South Yemen": "YMD", "Congolese": "", "Dominican": "", "Atlantis": "", "": "",
	} {
		got, ok := ParseCountry(in)
		if got != want || ok != (want != "") {
			t.Errorf("ParseCountry(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestCountryWords(t *testing.T) {
	for _, c := range [][4]string{
		{"NLD", "Netherlands", "the Netherlands", "Dutch"},
		{"TCA", "Turks and Caicos Islands", "the Turks and Caicos Islands", "Turks and Caicos"},
		{"ESP", "Spain", "Spain", "Spanish"},
		{"QQQ", "QQQ", "QQQ", "QQQ"},
	} {
		if n, i, a := CountryName(c[0]), CountryInText(c[0]), CountryAdjective(c[0]); n != c[1] || i != c[2] || a != c[3] {
			t.Errorf("%s: %q %q %q, want %q", c[0], n, i, a, c[1:])
		}
	}
}
