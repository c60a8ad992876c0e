package who

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/language"
)

// roughly cuts text[a:b] into tokens with the tags that spelling alone tells;
// a single phrase gains nothing from the parser, and Resolve must not wait for
// the model.
func roughly(text string, a, b int) language.Sentence {
	s := language.Sentence{Span: rapport.Span{Start: a, End: b}}
	for i := a; i < b; {
		c := text[i]
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			i++
			continue
		}
		j := i
		for j < b {
			r, n := utf8.DecodeRuneInString(text[j:b])
			inner := j > i && (r == '-' || r == '\'' || r == '.' || r == '’') && j+n < b && wordByte(text[j+n])
			if !inner && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
				break
			}
			j += n
		}
		if j == i {
			_, n := utf8.DecodeRuneInString(text[i:b])
			j += n
		} else if j < b && text[j] == '.' && j-i <= 4 && (j-i == 1 || strings.Contains(text[i:j], ".") || abbreviated[strings.ToLower(text[i:j])]) {
			j++
		}
		w := text[i:j]
		if k := max(strings.LastIndex(w, "'"), strings.LastIndex(w, "’")); k > 0 && (strings.EqualFold(w[k:], "'s") || strings.EqualFold(w[k:], "’s")) {
			s.Tokens = append(s.Tokens, roughToken(text, i, i+k, len(s.Tokens)), language.Token{Span: rapport.Span{Start: i + k, End: j}, Form: w[k:], UPOS: "PART", XPOS: "POS", Rel: "case", Head: -1})
		} else {
			s.Tokens = append(s.Tokens, roughToken(text, i, j, len(s.Tokens)))
		}
		i = j
	}
	return s
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}

var (
	abbreviated = wordSet("mr mrs ms dr lt gen col maj brig sgt adm sen rep gov st prof rev capt")
	roughTags   = map[string][2]string{
		"the": {"DET", "DT"}, "a": {"DET", "DT"}, "an": {"DET", "DT"}, "this": {"DET", "DT"}, "these": {"DET", "DT"}, "those": {"DET", "DT"}, "both": {"DET", "DT"},
		"of": {"ADP", "IN"}, "in": {"ADP", "IN"}, "to": {"ADP", "IN"}, "for": {"ADP", "IN"}, "from": {"ADP", "IN"}, "at": {"ADP", "IN"}, "on": {"ADP", "IN"}, "by": {"ADP", "IN"}, "with": {"ADP", "IN"},
		"and": {"CCONJ", "CC"}, "or": {"CCONJ", "CC"}, "his": {"PRON", "PRP$"}, "her": {"PRON", "PRP$"}, "its": {"PRON", "PRP$"}, "their": {"PRON", "PRP$"},
		"he": {"PRON", "PRP"}, "she": {"PRON", "PRP"}, "it": {"PRON", "PRP"}, "they": {"PRON", "PRP"},
		"former": {"ADJ", "JJ"}, "senior": {"ADJ", "JJ"}, "armed": {"ADJ", "JJ"}, "top": {"ADJ", "JJ"}, "late": {"ADJ", "JJ"},
		"is": {"AUX", "VBZ"}, "was": {"AUX", "VBD"}, "said": {"VERB", "VBD"}, "has": {"AUX", "VBZ"}, "who": {"PRON", "WP"},
	}
)

func startsUpper(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r)
}

func roughToken(text string, a, b, i int) language.Token {
	w := text[a:b]
	t := language.Token{Span: rapport.Span{Start: a, End: b}, Form: w, Lemma: strings.ToLower(w), UPOS: "NOUN", XPOS: "NN", Rel: "dep", Head: -1}
	l := strings.ToLower(w)
	switch {
	case roughTags[l][0] != "":
		t.UPOS, t.XPOS = roughTags[l][0], roughTags[l][1]
	case w[0] >= '0' && w[0] <= '9':
		t.UPOS, t.XPOS = "NUM", "CD"
	case !wordByte(w[0]):
		t.UPOS, t.XPOS = "PUNCT", "."
	case startsUpper(w), len(w) > 3 && (strings.HasPrefix(w, "al-") || strings.HasPrefix(w, "el-")) && startsUpper(w[3:]):
		t.UPOS, t.XPOS = "PROPN", "NNP"
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		t.XPOS = "NNS"
	case strings.HasSuffix(w, "ical"), strings.HasSuffix(w, "ful"), strings.HasSuffix(w, "ous"):
		t.UPOS, t.XPOS = "ADJ", "JJ"
	}
	return t
}
