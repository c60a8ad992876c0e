package neural

import (
	"unicode"
	"unicode/utf8"
)

// The features of a form are those of tools/train/features.py; TestFeatures
// compares the two.

const (
	clip      = 24 // runes of a folded form that count; of a longer one the first and last half
	unknown   = 0  // row of a table for a string it does not hold
	longShape = 8  // letter kinds in a shape
)

// Tables of a model, in this order.
const (
	tableWord = iota
	tableSuffix4
	tableSuffix3
	tableSuffix2
	tablePrefix3
	tableShape
	tables
)

// features are one form's rows in the embedding tables and its trigram buckets.
type features struct {
	rows  [tables]int32
	grams [clip]int32
	n     int // trigrams in use

	runes [clip + 3]rune
	bytes []byte
	at    [clip + 3]int // where each rune of bytes begins
}

// fold maps a rune to what the model reads: lower case, digits to 0, the
// variants of quotes and dashes to one sign each, which may be several runes.
func fold(r rune) (rune, int) {
	switch {
	case '0' <= r && r <= '9':
		return '0', 1
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A', 1
	case r == '`':
		return '\'', 1
	case r < 0x80:
		return r, 1
	}
	switch r {
	case '\u2018', '\u2019', '\u02bc', '\u00b4':
		return '\'', 1
	case '\u201c', '\u201d', '\u201e', '\u00ab', '\u00bb':
		return '"', 1
	case '\u2010', '\u2011', '\u2012', '\u2013':
		return '-', 1
	case '\u2014', '\u2015':
		return '-', 2
	case '\u2026':
		return '.', 3
	case '\u0130': // lower case is two runes; left as it is
		return r, 1
	}
	return unicode.ToLower(r), 1
}

// folded fills f.runes[:n] with the folded and clipped form.
func (f *features) folded(form string) int {
	n := 0
	for _, r := range form {
		c, k := fold(r)
		for ; k > 0; k-- {
			if n == clip {
				return f.clipped(form)
			}
			f.runes[n] = c
			n++
		}
	}
	return n
}

// clipped puts the last half of a long form behind its first half.
func (f *features) clipped(form string) int {
	i := clip
	for len(form) > 0 {
		r, w := utf8.DecodeLastRuneInString(form)
		form = form[:len(form)-w]
		c, k := fold(r)
		for ; k > 0; k-- {
			i--
			f.runes[i] = c
			if i == clip/2 {
				return clip
			}
		}
	}
	return clip
}

func shapeOf(buf []byte, form string) []byte {
	var a, b rune // the last two kinds
	n := 0
	for _, r := range form {
		k := r
		switch {
		case unicode.IsUpper(r):
			k = 'X'
		case unicode.IsLetter(r):
			k = 'x'
		case unicode.Is(unicode.Nd, r):
			k = 'd'
		}
		if n >= 2 && a == k && b == k {
			continue
		}
		buf = utf8.AppendRune(buf, k)
		a, b = b, k
		if n++; n == longShape {
			break
		}
	}
	return buf
}

// of fills f with the features of a form. It allocates only until its buffer
// has grown.
func (f *features) of(m *Model, form string) {
	n := f.folded(form)
	f.bytes = f.bytes[:0]
	for i := range n {
		f.at[i] = len(f.bytes)
		f.bytes = utf8.AppendRune(f.bytes, f.runes[i])
	}
	end := len(f.bytes)
	f.at[n] = end
	suffix := func(k int) []byte { return f.bytes[f.at[max(0, n-k)]:end] }
	f.rows[tableWord] = m.tables[tableWord].ids[string(f.bytes)]
	f.rows[tableSuffix4] = m.tables[tableSuffix4].ids[string(suffix(4))]
	f.rows[tableSuffix3] = m.tables[tableSuffix3].ids[string(suffix(3))]
	f.rows[tableSuffix2] = m.tables[tableSuffix2].ids[string(suffix(2))]
	f.rows[tablePrefix3] = m.tables[tablePrefix3].ids[string(f.bytes[:f.at[min(n, 3)]])]
	f.bytes = shapeOf(f.bytes, form)
	f.rows[tableShape] = m.tables[tableShape].ids[string(f.bytes[end:])]

	// Trigrams of the folded form between two boundary marks.
	f.n = n
	a, b := rune(2), rune(3)
	if n > 0 {
		b = f.runes[0]
	}
	var g [3 * utf8.UTFMax]byte
	for i := range n {
		c := rune(3)
		if i+1 < n {
			c = f.runes[i+1]
		}
		s := utf8.AppendRune(utf8.AppendRune(utf8.AppendRune(g[:0], a), b), c)
		h := uint32(2166136261)
		for _, x := range s {
			h = (h ^ uint32(x)) * 16777619
		}
		f.grams[i] = int32(h % uint32(m.grams.rows))
		a, b = b, c
	}
}
