package outlets

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rapport/internal/ontology"
)

// fold makes names comparable: lower case without accents, "the" and anything
// but letters, digits and single blanks. "&" is "and".
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == 'ʼ':
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if blank && b.Len() > 0 {
				b.WriteByte(' ')
			}
			blank = false
			if f, ok := plainLetters[r]; ok {
				b.WriteString(f)
			} else {
				b.WriteRune(unicode.ToLower(r))
			}
			continue
		case r == '&':
			b.WriteString(" and")
		}
		blank = true
	}
	out := b.String()
	return strings.TrimPrefix(out, "the ")
}

// plainLetters are letters that no accent can be taken from.
var plainLetters = map[rune]string{'ı': "i", 'İ': "i", 'ł': "l", 'Ł': "l", 'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d",
	'ß': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'þ': "th", 'Þ': "th", 'ə': "a", 'Ə': "a"}

// Host returns the host of an address, or of what is a host already, lower
// case without "www." and port; "" when there is none.
func Host(address string) string {
	h := strings.ToLower(strings.TrimSpace(address))
	if _, rest, ok := strings.Cut(h, "://"); ok {
		h = rest
	}
	h, _, _ = strings.Cut(h, "/")
	h, _, _ = strings.Cut(h, "?")
	h, _, _ = strings.Cut(h, "#")
	if i := strings.LastIndexByte(h, '@'); i >= 0 {
		h = h[i+1:]
	}
	h, _, _ = strings.Cut(h, ":")
	h = strings.Trim(strings.TrimPrefix(h, "www."), ".")
	if len(h) > 253 || strings.ContainsAny(h, " \t") {
		return ""
	}
	return h
}

// bag is what an office of a state is called, whatever the order of its words:
// "Egyptian Foreign Ministry" and "Ministry of Foreign Affairs of Egypt" have
// one. It is "" where not just one state is named.
func bag(name string) string {
	words := strings.Fields(fold(name))
	country := ""
	var rest []string
	for i := 0; i < len(words); {
		n := 0
		for k := min(6, len(words)-i); k > 0; k-- {
			run := strings.Join(words[i:i+k], " ")
			if len(run) < 4 && run != "uk" && run != "us" && run != "uae" {
				continue
			}
			if iso3, ok := ontology.ParseCountry(run); ok {
				if country != "" && country != iso3 {
					return ""
				}
				country, n = iso3, k
				break
			}
		}
		if n > 0 {
			i += n
			continue
		}
		w := words[i]
		i++
		if other, ok := sameOffice[w]; ok {
			w = other
		}
		if w != "" {
			rest = append(rest, strings.Fields(w)...)
		}
	}
	if country == "" || len(rest) == 0 {
		return ""
	}
	slices.Sort(rest)
	return strings.Join(slices.Compact(rest), " ") + "|" + country
}

// sameOffice gives the words of offices one form; "" drops what tells nothing.
var sameOffice = map[string]string{"of": "", "the": "", "for": "", "and": "", "s": "", "affairs": "", "republic": "", "office": "", "administration": "",
	"website": "", "official": "", "press": "", "service": "", "portal": "", "federal": "", "state": "", "spokesperson": "", "news": "",
	"mfa": "foreign ministry", "mofa": "foreign ministry", "department": "ministry", "external": "foreign", "defense": "defence",
	"presidency": "president", "presidential": "president", "ministers": "minister", "presidents": "president", "parliamentary": "parliament"}
