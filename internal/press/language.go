package press

import (
	"slices"
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// enough and most are how many bytes of text a language is told from. Of 441
// pieces of 120 bytes of English reports the library took 18 for it was not
// sure what and none for another language, of 35 pieces of 1000 bytes none;
// more bytes only cost time.
const (
	enough = 120
	most   = 1000
)

// language returns the ISO 639-1 code of a text's language, "" when the text
// is too short or the library is not sure.
func language(text string) string {
	if len(text) < enough {
		return ""
	}
	info := whatlanggo.Detect(text[:cut(text, most)])
	if !info.IsReliable() && (info.Script == nil || info.Script == unicode.Latin) {
		return ""
	}
	return info.Lang.Iso6391()
}

// alikes are languages that words alone hardly tell apart: then a page's own
// word counts. The library knows none of the last group.
var alikes = []string{"sr hr bs", "nb no nn da", "id ms", "cs sk", "pt gl", "es gl ca", "ru be uk bg mk sr", "kk ky tg tt mn ru uk bg mk tk uz", "fa ps ku ur ar"}

// languageOf returns the language of a text on a page that says it is in
// declared, a BCP 47 tag or "".
func languageOf(text, declared string) string {
	told := language(text)
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(declared, "_", "-")), "-")
	if told == "" {
		return declared
	}
	for _, group := range alikes {
		if g := strings.Fields(group); slices.Contains(g, base) && slices.Contains(g, told) {
			return base
		}
	}
	return told
}

// cut returns the end of the last whole character of the first n bytes.
func cut(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return n
}
