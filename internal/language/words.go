package language

import (
	"fmt"
	"slices"
	"strings"
)

// Lexicon is words by class.
type Lexicon map[string]map[string]bool

// MustLexicon reads a table of words by class: lines of a class, its words with bars
// between and what they are, tabs between; lines that open with # are comments. It
// panics where a line is no such line, classes stand twice, or a class has a word
// twice. name is the table's, for the message.
func MustLexicon(name, table string) Lexicon {
	l, err := readLexicon(table)
	if err != nil {
		panic(name + err.Error())
	}
	return l
}

func readLexicon(table string) (Lexicon, error) {
	l := Lexicon{}
	n := 0
	for line := range strings.Lines(table) {
		n++
		if line[0] == '#' {
			continue
		}
		cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cols) != 3 || slices.Contains(cols, "") {
			return nil, fmt.Errorf(":%d: %q is not a class, words and what they are", n, line)
		}
		if l[cols[0]] != nil {
			return nil, fmt.Errorf(":%d: %s stands twice", n, cols[0])
		}
		set := map[string]bool{}
		for _, w := range strings.Split(cols[1], "|") {
			if w == "" || w != strings.TrimSpace(w) || set[w] {
				return nil, fmt.Errorf(":%d: %q is empty, has blanks around it or stands twice", n, w)
			}
			set[w] = true
		}
		l[cols[0]] = set
	}
	return l, nil
}

// Words returns the words of a class; it panics where there is no such class.
func (l Lexicon) Words(class string) map[string]bool {
	if l[class] == nil {
		panic("language: no class of words " + class)
	}
	return l[class]
}
