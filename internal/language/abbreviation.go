package language

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed abbreviations.tsv
var abbreviationsTSV string

type abbreviationKind uint8

const (
	notAbbreviated abbreviationKind = iota
	titleBefore
	numberBefore
	insideOnly
	eitherWay
	closing
)

var abbreviationKinds = map[string]abbreviationKind{
	"title": titleBefore, "number": numberBefore, "inside": insideOnly, "either": eitherWay, "closing": closing,
}

var abbreviations = mustAbbreviations(abbreviationsTSV)

func mustAbbreviations(tsv string) map[string]abbreviationKind {
	m, err := readAbbreviations(tsv)
	if err != nil {
		panic(err) // a test reads the file
	}
	return m
}

func readAbbreviations(tsv string) (map[string]abbreviationKind, error) {
	m := map[string]abbreviationKind{}
	n := 0
	for line := range strings.Lines(tsv) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		form, kind, _ := strings.Cut(line, "\t")
		k := abbreviationKinds[kind]
		if k == notAbbreviated || form == "" || strings.HasSuffix(form, ".") {
			return nil, fmt.Errorf("abbreviations.tsv:%d: want a form without its last stop, a tab and a kind", n)
		}
		if _, twice := m[form]; twice {
			return nil, fmt.Errorf("abbreviations.tsv:%d: %q stands twice", n, form)
		}
		m[form] = k
	}
	return m, nil
}

const longestAbbreviation = 10

// abbreviated returns the kind of the abbreviation that word is, written here
// without its last stop.
func abbreviated(word string) abbreviationKind {
	if len(word) == 0 || len(word) > longestAbbreviation {
		return notAbbreviated
	}
	if k := abbreviations[word]; k != notAbbreviated {
		return k
	}
	var lower [longestAbbreviation]byte
	capitals := 0
	for i := 0; i < len(word); i++ {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
			capitals++
		}
		lower[i] = c
	}
	if capitals == 0 {
		return notAbbreviated
	}
	if k := abbreviations[string(lower[:len(word)])]; k != notAbbreviated || capitals < len(word) {
		return k
	}
	// In capitals throughout, as in headlines: GEN. SISI, ACME LTD.
	lower[0] = word[0]
	switch k := abbreviations[string(lower[:len(word)])]; {
	case k == titleBefore && !alsoWords[string(lower[:len(word)])], word == "LTD", word == "INC", word == "CORP":
		return k
	}
	return notAbbreviated
}

// dotted says whether word is single letters parted by stops, its last stop
// cut: "U.N", "a.k.a", "J.R.R".
func dotted(word string) bool {
	if len(word) < 3 || len(word)%2 == 0 || len(word) > 15 {
		return false
	}
	for i := 0; i < len(word); i++ {
		if i%2 == 1 && word[i] != '.' || i%2 == 0 && !isASCIILetter(word[i]) {
			return false
		}
	}
	return true
}

// initial says whether word is one capital letter: "J" of "J. Smith".
func initial(word string) bool {
	return len(word) == 1 && 'A' <= word[0] && word[0] <= 'Z'
}

// openers are words that open sentences much oftener than they follow an
// abbreviation inside one. Capitalised as they stand in text.
var openers = setOf("The An In On At He She It They We You But And However This That These Those His Her Its Their Our My Your If When While After Before As For From By With To There Here Meanwhile Also According So Then Now What Who Why Where How Not Some Many Most All Both Each Since During Under Although Despite Last Earlier Later Yet Still No One Two Such Another Other Once Until Because Moreover Nevertheless Nonetheless Instead Thus Therefore Hence Asked Even Only Just")

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
