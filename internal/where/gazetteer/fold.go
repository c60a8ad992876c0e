package gazetteer

import "unicode/utf8"

// Fold appends name in the form keys have: lower case, Latin letters without
// marks, no apostrophes or full stops, and one space for each run of spaces,
// hyphens and slashes. Letters of other scripts stay as they are.
func Fold(b []byte, name string) []byte {
	gap := false
	start := len(b)
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			case c >= 'A' && c <= 'Z':
				c += 'a' - 'A'
			case c == '\'' || c == '`' || c == '.' || c == ',':
				continue
			default:
				gap = true
				continue
			}
			if gap && len(b) > start {
				b = append(b, ' ')
			}
			gap = false
			b = append(b, c)
			continue
		}
		r, n := utf8.DecodeRuneInString(name[i:])
		i += n
		if isMark(r) {
			continue
		}
		if r == '–' || r == '—' || r == '\u00a0' || r == '‐' || r == '‑' || r == '/' || r == '·' {
			gap = true
			continue
		}
		if gap && len(b) > start {
			b = append(b, ' ')
		}
		gap = false
		if s, ok := plain(r); ok {
			b = append(b, s...)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// isMark reports whether r is an apostrophe or a combining mark.
func isMark(r rune) bool {
	switch r {
	case '\'', '`', '’', '‘', 'ʻ', 'ʼ', 'ʿ', 'ʾ', 'ʹ', '´', '′', 'ˈ':
		return true
	}
	return r >= 0x300 && r <= 0x36f
}

// plain returns the plain letters for a Latin letter with marks.
func plain(r rune) (string, bool) {
	switch {
	case r >= 0xC0 && r <= 0x17F:
		s := latin[r-0xC0]
		return s, s != ""
	case r >= 0x1E00 && r <= 0x1EFF:
		c := latinAdditional[r-0x1E00]
		return string(c), c != ' '
	}
	switch r {
	case 'ə', 'Ə', 'ǝ', 'Ǝ', 'ǎ', 'Ǎ':
		return "a", true
	case 'ş', 'ș', 'Ș':
		return "s", true
	case 'ț', 'Ț':
		return "t", true
	case 'ǧ', 'Ǧ':
		return "g", true
	case 'ơ', 'Ơ', 'ǒ':
		return "o", true
	case 'ư', 'Ư', 'ǔ':
		return "u", true
	case 'ǐ':
		return "i", true
	case 'ǰ':
		return "j", true
	}
	return "", false
}

// latin folds U+00C0 to U+017F.
var latin = [...]string{
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss",
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
	"a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d",
	"d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g",
	"g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i",
	"i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l",
	"l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o",
	"o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s",
	"s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u",
	"u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s",
}

// latinAdditional folds U+1E00 to U+1EFF, a space where it has no one letter.
const latinAdditional = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm" +
	"mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv" +
	"wwwwwwwwwwxxxxyyzzzzzzhtwy      aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee" +
	"eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy      "
