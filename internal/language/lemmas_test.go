package language

import "testing"

// TestAuxiliaries holds the lemma of a clitic that two verbs share.
func TestAuxiliaries(t *testing.T) {
	aux := func(form, tag, rel string, head int) Token { return Token{Form: form, XPOS: tag, Rel: rel, Head: head} }
	for _, c := range []struct {
		name   string
		tokens []Token
		want   string
	}{
		{"he's left", []Token{aux("'s", "VBZ", "aux", 1), aux("left", "VBN", "root", -1)}, "have"},
		{"he's been hurt", []Token{aux("’s", "VBZ", "aux", 2), aux("been", "VBN", "aux:pass", 2), aux("hurt", "VBN", "root", -1)}, "have"},
		{"he's hurt", []Token{aux("'s", "VBZ", "aux:pass", 1), aux("hurt", "VBN", "root", -1)}, ""},
		{"it's being built", []Token{aux("'s", "VBZ", "aux", 2), aux("being", "VBG", "aux:pass", 2), aux("built", "VBN", "root", -1)}, ""},
		{"he's leaving", []Token{aux("'s", "VBZ", "aux", 1), aux("leaving", "VBG", "root", -1)}, ""},
		{"he'd left", []Token{aux("'d", "MD", "aux", 1), aux("left", "VBN", "root", -1)}, "have"},
		{"he'd have left", []Token{aux("'d", "MD", "aux", 2), aux("have", "VB", "aux", 2), aux("left", "VBN", "root", -1)}, ""},
		{"he'd leave", []Token{aux("'d", "MD", "aux", 1), aux("leave", "VB", "root", -1)}, ""},
	} {
		if got := auxiliary(c.tokens, 0); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
