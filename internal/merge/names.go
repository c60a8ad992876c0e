package merge

import "strings"

// name is a person's or body's name made ready for comparison.
type name struct {
	full   string // folded
	first  string
	last   string
	bones  string // consonants of the whole, spelling variants levelled
	single bool   // one word only
}

func nameOf(s string) name {
	full := fold(s)
	if full == "" {
		return name{}
	}
	f := strings.Fields(full)
	return name{full: full, first: f[0], last: f[len(f)-1], bones: bones(full), single: len(f) == 1}
}

// same reports whether two names may be one bearer's: equal, one the other's
// surname, equal but for an initial, or spellings of one name in Latin letters
// ("Abdel Fattah el-Sisi", "Abdulfattah al-Sisi").
func (n name) same(m name) bool {
	switch {
	case n.full == "" || m.full == "":
		return false
	case n.full == m.full:
		return true
	case n.single || m.single:
		return n.last == m.last || n.first == m.first && n.single != m.single && len(n.first) > 3
	case n.last == m.last && (n.first[0] == m.first[0]):
		return true
	}
	return len(n.bones) >= 4 && n.bones == m.bones
}

// bones reduces a folded name to levelled consonants. Articles and the joints
// of Arabic names vary most between transliterations, vowels next.
func bones(s string) string {
	var b strings.Builder
	var prev byte
	for _, w := range strings.Fields(s) {
		if w == "al" || w == "el" || w == "ul" || w == "bin" || w == "ben" || w == "ibn" {
			continue
		}
		for _, r := range w {
			if r > 'z' || r < 'a' {
				continue
			}
			c := byte(r)
			switch c {
			case 'a', 'e', 'i', 'o', 'u', 'y', 'h', 'w':
				continue
			case 'q', 'c':
				c = 'k'
			case 'z':
				c = 's'
			}
			if c != prev {
				b.WriteByte(c)
			}
			prev = c
		}
	}
	return b.String()
}
