package lemma

import "strings"

// verb enters a verb's regular forms, noun a noun's plural.
func (t *Table) verb(lemma string) {
	past, present := withEdAndIng(lemma)
	t.enter("VBZ", withS(lemma), lemma)
	t.enter("VBD", past, lemma)
	t.enter("VBN", past, lemma)
	t.enter("VBG", present, lemma)
}

func (t *Table) noun(lemma string) { t.enter("NNS", withS(lemma), lemma) }

func (t *Table) enter(tag, form, lemma string) {
	if form != "" {
		t.words[tag+"\t"+form] = lemma
	}
}

// plain says whether a word is made of lower-case letters and more than two.
func plain(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return len(w) > 2
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// withS returns the regular plural of a noun, or third person of a verb.
func withS(w string) string {
	switch last := len(w) - 1; {
	case !plain(w):
		return ""
	case w[last] == 'y' && !vowel(w[last-1]):
		return w[:last] + "ies"
	case strings.HasSuffix(w, "s"), strings.HasSuffix(w, "x"), strings.HasSuffix(w, "z"), strings.HasSuffix(w, "sh"), strings.HasSuffix(w, "ch"):
		return w + "es"
	}
	return w + "s"
}

// withEdAndIng returns a verb's regular past and present participle; for a verb
// of more syllables nothing where its last letter may or may not double.
func withEdAndIng(w string) (past, present string) {
	if !plain(w) {
		return "", ""
	}
	last := len(w) - 1
	groups := 0
	for i := 0; i <= last; i++ {
		if vowel(w[i]) && (i == 0 || !vowel(w[i-1])) {
			groups++
		}
	}
	switch {
	case strings.HasSuffix(w, "ie"):
		return w + "d", w[:last-1] + "ying"
	case strings.HasSuffix(w, "ee"), strings.HasSuffix(w, "oe"), strings.HasSuffix(w, "ye"):
		return w + "d", w + "ing"
	case w[last] == 'e':
		return w + "d", w[:last] + "ing"
	case w[last] == 'y' && !vowel(w[last-1]):
		return w[:last] + "ied", w + "ing"
	case !vowel(w[last]) && vowel(w[last-1]) && !vowel(w[last-2]) && strings.IndexByte("wxy", w[last]) < 0:
		if groups > 1 {
			return "", ""
		}
		return w + w[last:] + "ed", w + w[last:] + "ing"
	}
	return w + "ed", w + "ing"
}

// comparable returns what "r" and "st" make the degrees of a short adjective of
// ("kinde" of "kind"), "" where there may be none.
func comparable(w string) string {
	last := len(w) - 1
	if !plain(w) || len(w) > 6 {
		return ""
	}
	groups := 0
	for i := range w {
		if vowel(w[i]) && (i == 0 || !vowel(w[i-1])) {
			groups++
		}
	}
	switch {
	case w[last] == 'e' && groups <= 2:
		return w
	case w[last] == 'y' && !vowel(w[last-1]):
		return w[:last] + "ie"
	case groups != 1:
		return ""
	case !vowel(w[last]) && vowel(w[last-1]) && !vowel(w[last-2]) && strings.IndexByte("wxy", w[last]) < 0:
		return w + w[last:] + "e"
	}
	return w + "e"
}
