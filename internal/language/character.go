package language

import (
	"unicode"
	"unicode/utf8"
)

// isSpace says whether r parts tokens: white space, control characters and
// what shows nothing (zero-width spaces, byte order and direction marks).
func isSpace(r rune) bool {
	switch {
	case r <= ' ' || r == 0x7F:
		return true
	case r < 0x80:
		return false
	case r <= 0xA0:
		return true
	case 0x2000 <= r && r <= 0x200F, 0x2028 <= r && r <= 0x202F, 0x205F <= r && r <= 0x206F:
		return true
	}
	return r == 0x1680 || r == 0x3000 || r == 0xFEFF
}

func isDash(r rune) bool {
	switch r {
	case '-', '‐', '‑', '‒', '–', '—', '―', '−':
		return true
	}
	return false
}

func isTerminator(r rune) bool {
	return r == '.' || r == '!' || r == '?' || r == '…' || r == '。' || r == '؟' || r == '！' || r == '？'
}

// isCloser says whether r may close a quotation or bracket. Straight quotes
// may open one too.
func isCloser(r rune) bool {
	switch r {
	case '"', '\'', '”', '’', '»', '›', ')', ']', '}', '″':
		return true
	}
	return false
}

func isOpener(r rune) bool {
	switch r {
	case '"', '\'', '“', '‘', '„', '‚', '«', '‹', '(', '[', '{', '`':
		return true
	}
	return false
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '`' || r == '′'
}

// isWordRune says whether r is of the stuff of words: letters, digits, marks,
// soft hyphens, and broken bytes, which in a text of another encoding stand
// for letters.
func isWordRune(r rune) bool {
	if r < 0x80 {
		return isASCIILetter(byte(r)) || isASCIIDigit(byte(r)) || r == '_'
	}
	return r == utf8.RuneError || r == 0xAD || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func isASCIIDigit(c byte) bool { return '0' <= c && c <= '9' }
