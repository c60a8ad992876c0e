package language

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// tokensOf reads a parse written as "form/UPOS/XPOS/head/rel", heads counted
// from 0 and -1 for the root.
func tokensOf(t *testing.T, parse string) []Token {
	t.Helper()
	var out []Token
	for _, w := range strings.Fields(parse) {
		f := strings.Split(w, "|")
		head, err := strconv.Atoi(f[3])
		if err != nil || len(f) != 5 {
			t.Fatalf("%q is no token", w)
		}
		out = append(out, Token{Form: f[0], Lemma: strings.ToLower(f[0]), UPOS: f[1], XPOS: f[2], Head: head, Rel: f[4]})
	}
	return out
}

// TestMend holds what is made of the arcs that the model draws wrong, and that
// their like is left alone where it is right.
func TestMend(t *testing.T) {
	for _, c := range []struct {
		name, parse, want string // want: "dependent rel head" by forms
	}{
		{"subject of a finite verb read as a passive's",
			"Minister|NOUN|NN|1|nsubj:pass called|VERB|VBD|-1|root on|ADP|IN|3|case Latvia|PROPN|NNP|1|obl .|PUNCT|.|1|punct",
			"Minister nsubj called"},
		{"a ministry that thanks somebody",
			"Ministry|PROPN|NNP|1|nsubj thanks|NOUN|NNS|-1|root the|DET|DT|3|det Union|PROPN|NNP|1|nsubj for|ADP|IN|6|case its|PRON|PRP$|6|nmod:poss help|NOUN|NN|1|nmod",
			"Union obj thanks"},
		{"a name that thanks hangs on",
			"Ghana|PROPN|NNP|-1|root thanks|NOUN|NNS|0|list Togo|PROPN|NNP|1|flat",
			"Ghana nsubj thanks"},
		{"thanks that are given",
			"Ghana|PROPN|NNP|1|nsubj conveyed|VERB|VBD|-1|root thanks|NOUN|NNS|1|obj to|ADP|IN|4|case Togo|PROPN|NNP|2|nmod",
			"thanks obj conveyed"},
		{"who is due somewhere",
			"He|PRON|PRP|4|nsubj is|AUX|VBZ|4|cop due|ADJ|JJ|4|case in|ADP|IN|4|case Lima|PROPN|NNP|-1|root .|PUNCT|.|4|punct",
			"He nsubj due"},
		{"what is due to something",
			"It|PRON|PRP|1|nsubj fell|VERB|VBD|-1|root due|ADP|IN|4|case to|ADP|IN|4|case rain|NOUN|NN|1|obl",
			"rain obl fell"},
		{"a true passive",
			"Minister|NOUN|NN|2|nsubj:pass was|AUX|VBD|2|aux:pass arrested|VERB|VBN|-1|root .|PUNCT|.|2|punct",
			"Minister nsubj:pass arrested"},
		{"a headline's participle",
			"Minister|NOUN|NN|1|nsubj:pass arrested|VERB|VBN|-1|root",
			"Minister nsubj:pass arrested"},
		{"subject hung on the auxiliary",
			"Delhi|PROPN|NNP|1|nsubj has|AUX|VBZ|2|aux refused|VERB|VBN|-1|root .|PUNCT|.|2|punct",
			"Delhi nsubj refused"},
		{"verb read as a participle of a noun that is coordinated with a verb",
			"said|VERB|VBD|-1|root and|CCONJ|CC|2|cc chair|NOUN|NN|0|conj called|VERB|VBN|2|acl on|ADP|IN|5|case both|DET|DT|3|obl .|PUNCT|.|0|punct",
			"chair nsubj called"},
		{"conjunct of another tense",
			"denied|VERB|VBD|-1|root that|SCONJ|IN|3|mark it|PRON|PRP|3|nsubj helps|VERB|VBZ|0|ccomp and|CCONJ|CC|5|cc called|VERB|VBD|3|conj",
			"called conj denied"},
		{"finite verb read as an adjective",
			"Algeria|PROPN|NNP|1|obl severed|VERB|VBN|2|amod relations|NOUN|NNS|-1|root .|PUNCT|.|2|punct",
			"Algeria nsubj severed"},
		{"a true adjective",
			"the|DET|DT|2|det severed|VERB|VBN|2|amod relations|NOUN|NNS|3|nsubj resumed|VERB|VBD|-1|root .|PUNCT|.|3|punct",
			"severed amod relations"},
		{"sentence without a verb",
			"Trade|NOUN|NN|-1|root amounted|VERB|VBN|0|acl to|ADP|IN|3|case billions|NOUN|NNS|1|obl .|PUNCT|.|0|punct",
			"Trade nsubj amounted"},
		{"at least",
			"rebels|NOUN|NNS|1|nsubj killed|VERB|VBD|-1|root at|ADP|IN|5|case least|ADJ|JJS|4|nmod 10|NUM|CD|5|nummod soldiers|NOUN|NNS|1|obl .|PUNCT|.|1|punct",
			"soldiers obj killed"},
		{"progressive read as an adjective",
			"it|PRON|PRP|3|nsubj will|AUX|MD|3|aux be|AUX|VB|3|cop imposing|ADJ|JJ|-1|root sanctions|NOUN|NNS|3|obj",
			"be aux imposing"},
		{"bare infinitive coordinated with a finite verb",
			"called|VERB|VBD|-1|root on|ADP|IN|2|case both|DET|DT|0|obl to|PART|TO|4|mark meet|VERB|VB|0|advcl and|CCONJ|CC|6|cc talk|VERB|VB|0|conj",
			"talk conj meet"},
		{"visiting as an adjective",
			"Xi|PROPN|NNP|5|nsubj and|CCONJ|CC|2|cc visiting|VERB|VBG|0|conj President|PROPN|NNP|4|nmod:desc Trump|PROPN|NNP|2|obj agreed|VERB|VBD|-1|root .|PUNCT|.|5|punct",
			"Trump conj Xi"},
		{"clause after a preposition",
			"spoke|VERB|VBD|-1|root after|ADP|IN|5|case the|DET|DT|5|det US|PROPN|NNP|4|nsubj imposed|VERB|VBD|5|amod tariffs|NOUN|NNS|0|obl .|PUNCT|.|0|punct",
			"imposed advcl spoke"},
		{"gerund before the subject",
			"Expressing|VERB|VBG|1|amod solidarity|NOUN|NN|4|nsubj ,|PUNCT|,|1|punct Barnier|PROPN|NNP|4|nsubj said|VERB|VBD|-1|root .|PUNCT|.|4|punct",
			"Expressing advcl said"},
	} {
		s := tokensOf(t, c.parse)
		for i := range s { // lemmas that mend asks for
			if s[i].Form == "be" || s[i].Form == "was" {
				s[i].Lemma = "be"
			}
		}
		mend(s)
		dependent, _, _ := strings.Cut(c.want, " ")
		got := ""
		for i := range s {
			if s[i].Head >= len(s) || s[i].Head == i {
				t.Fatalf("%s: token %d hangs on %d", c.name, i, s[i].Head)
			}
			if s[i].Form == dependent && s[i].Head >= 0 {
				got = fmt.Sprintf("%s %s %s", s[i].Form, s[i].Rel, s[s[i].Head].Form)
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		roots := 0
		for i := range s {
			if s[i].Head < 0 {
				roots++
			}
			for k, steps := i, 0; k >= 0; k, steps = s[k].Head, steps+1 {
				if steps > len(s) {
					t.Fatalf("%s: the arcs of token %d run in a circle", c.name, i)
				}
			}
		}
		if roots != 1 {
			t.Errorf("%s: %d roots", c.name, roots)
		}
	}
}

// TestItems holds that an item of a resolution is read by its verb, which has no
// subject, and that who speaks in a transcript is no part of the sentence.
func TestItems(t *testing.T) {
	for text, want := range map[string][3]string{ // the root, what it governs, as what
		"The Council met.\n\n4. Thanks the Republic of Guinea for its help;":                  {"Thanks", "Republic", "obj"},
		"The Council met.\n\n(b) Decides to send five observers to Chad;":                     {"Decides", "send", "xcomp"},
		"The minister spoke.\n\nForeign Minister Wong: We condemn the raid.":                  {"condemn", "raid", "obj"},
		"The minister spoke.\n\nIslamabad: Pakistan rejected the suspension.":                 {"rejected", "Pakistan", "nsubj"},
		"He spoke.\n\nThe road was closed; President Morales, who spoke, has agreed to meet.": {"closed", "agreed", "conj"},
	} {
		s := Parse(text).Sentences
		last := s[len(s)-1]
		for i, tok := range last.Tokens {
			switch tok.Form {
			case want[0]:
				if tok.Head >= 0 || tok.UPOS != "VERB" {
					t.Errorf("%q: %s is %s, %s", text, tok.Form, tok.UPOS, tok.Rel)
				}
			case want[1]:
				if tok.Rel != want[2] || last.Tokens[tok.Head].Form != want[0] {
					t.Errorf("%q: %s is %s of %d", text, tok.Form, tok.Rel, tok.Head)
				}
			case "It":
				t.Errorf("%q: the word lent stayed at %d", text, i)
			}
			if tok.Head >= len(last.Tokens) || tok.Head == i {
				t.Errorf("%q: token %d hangs on %d", text, i, tok.Head)
			}
		}
	}
	for text, want := range map[string]int{"Answer: We reject that.": 2, "Foreign Minister Wong: We reject that.": 4, "We reject that: it is wrong.": 0, "He said: they left.": 0} {
		if got := Label(&Parse(text).Sentences[0]); got != want {
			t.Errorf("%q: label of %d tokens, want %d", text, got, want)
		}
	}
}
