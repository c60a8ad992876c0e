package fulltext

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longest is up to how many bytes a word is stemmed; longer ones and those of
// one or two letters stand for themselves.
const longest = 64

// Words calls yield with the stem of each word of text and where the word
// stands, until it returns false. A word is a run of letters and digits, with
// the marks that combine with them. Its stem is in lower case, without accents
// and inflection; it is valid only until yield returns.
func Words(text string, yield func(stem []byte, start, end int) bool) {
	plainWords(text, func(word []byte, start, end int) bool { return yield(stem(word), start, end) })
}

// plainWords is Words without stemming.
func plainWords(text string, yield func(word []byte, start, end int) bool) {
	buf := make([]byte, 0, 2*longest)
	for i := 0; i < len(text); {
		start, plain := i, true
		buf = buf[:0]
		for i < len(text) {
			if c := text[i]; c < utf8.RuneSelf {
				if 'A' <= c && c <= 'Z' {
					c += 'a' - 'A'
				} else if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
					break
				}
				buf = append(buf, c)
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !(i > start && unicode.Is(unicode.Mn, r)) {
				break
			}
			plain = false
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
			i += size
		}
		if i == start {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		if !plain {
			buf = unaccented(buf)
		}
		if len(buf) > 0 && !yield(buf, start, i) {
			return
		}
	}
}

func unaccented(word []byte) []byte {
	word = norm.NFD.Bytes(word)
	out := word[:0]
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRune(word[i:])
		if !unicode.Is(unicode.Mn, r) {
			out = append(out, word[i:i+size]...)
		}
		i += size
	}
	return out
}

// stem takes the inflection from a word in place, as M. F. Porter's algorithm
// of 1980 does ("An algorithm for suffix stripping", Program 14, 130–137).
func stem(w []byte) []byte {
	if len(w) < 3 || len(w) > longest {
		return w
	}
	w = step1(w)
	w = replace(w, step2, func(stem []byte) bool { return measure(stem) > 0 })
	w = replace(w, step3, func(stem []byte) bool { return measure(stem) > 0 })
	w = step4(w)
	return step5(w)
}

func vowelAt(w []byte, i int) bool {
	switch w[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	case 'y':
		return i > 0 && !vowelAt(w, i-1)
	}
	return false
}

func hasVowel(w []byte) bool {
	for i := range w {
		if vowelAt(w, i) {
			return true
		}
	}
	return false
}

// measure counts the runs of vowels that a consonant follows.
func measure(w []byte) int {
	n, was := 0, false
	for i := range w {
		v := vowelAt(w, i)
		if was && !v {
			n++
		}
		was = v
	}
	return n
}

// short reports whether w ends in consonant, vowel, consonant, the last of
// them not w, x or y.
func short(w []byte) bool {
	n := len(w)
	if n < 3 || vowelAt(w, n-1) || !vowelAt(w, n-2) || vowelAt(w, n-3) {
		return false
	}
	return w[n-1] != 'w' && w[n-1] != 'x' && w[n-1] != 'y'
}

func ends(w []byte, suffix string) bool {
	return len(w) > len(suffix) && string(w[len(w)-len(suffix):]) == suffix
}

func step1(w []byte) []byte {
	switch {
	case w[len(w)-1] != 's' || ends(w, "ss"):
	case ends(w, "sses"), ends(w, "ies"):
		w = w[:len(w)-2]
	default:
		w = w[:len(w)-1]
	}
	cut := 0
	switch {
	case ends(w, "eed"):
		if measure(w[:len(w)-3]) > 0 {
			w = w[:len(w)-1]
		}
	case ends(w, "ed") && hasVowel(w[:len(w)-2]):
		cut = 2
	case ends(w, "ing") && hasVowel(w[:len(w)-3]):
		cut = 3
	}
	if cut > 0 {
		w = w[:len(w)-cut]
		n := len(w)
		switch {
		case ends(w, "at"), ends(w, "bl"), ends(w, "iz"):
			w = append(w, 'e')
		case n > 1 && w[n-1] == w[n-2] && !vowelAt(w, n-1) && w[n-1] != 'l' && w[n-1] != 's' && w[n-1] != 'z':
			w = w[:n-1]
		case measure(w) == 1 && short(w):
			w = append(w, 'e')
		}
	}
	if n := len(w); w[n-1] == 'y' && hasVowel(w[:n-1]) {
		w[n-1] = 'i'
	}
	return w
}

// suffixes and what stands for them; of two that fit the longer comes first.
var (
	step2 = [][2]string{{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"logi", "log"}, {"bli", "ble"},
		{"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"}, {"ator", "ate"}, {"alism", "al"},
		{"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"}}
	step3 = [][2]string{{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}}
	last  = []string{"al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"}
)

func replace(w []byte, table [][2]string, may func(stem []byte) bool) []byte {
	for _, r := range table {
		if ends(w, r[0]) {
			if s := w[:len(w)-len(r[0])]; may(s) {
				return append(s, r[1]...)
			}
			return w
		}
	}
	return w
}

func step4(w []byte) []byte {
	for _, suffix := range last {
		if !ends(w, suffix) {
			continue
		}
		s := w[:len(w)-len(suffix)]
		if measure(s) > 1 && (suffix != "ion" || s[len(s)-1] == 's' || s[len(s)-1] == 't') {
			return s
		}
		return w
	}
	return w
}

func step5(w []byte) []byte {
	n := len(w)
	if w[n-1] == 'e' {
		if m := measure(w[:n-1]); m > 1 || m == 1 && !short(w[:n-1]) {
			w = w[:n-1]
		}
	}
	if n = len(w); n > 1 && w[n-1] == 'l' && w[n-2] == 'l' && measure(w[:n-1]) > 1 {
		w = w[:n-1]
	}
	return w
}
