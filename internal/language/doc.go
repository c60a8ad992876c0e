// Package language reads a report's text into sentences, tokens, part-of-speech
// tags, lemmas and dependencies. It owns the embedded model; [Parse] is its one
// door.
//
// Annotation follows Universal Dependencies 2 for English (EWT and GUM
// conventions): UPOS tags, Penn tags as XPOS, universal relations with the
// subtypes the treebanks use (nsubj:pass, nmod:poss, acl:relcl, …). Offsets
// always point into the bytes of the text that was given.
package language

import "rapport"

// Doc is a parsed text.
type Doc struct {
	Text      string
	Sentences []Sentence
}

// Sentence is one sentence of a [Doc].
type Sentence struct {
	rapport.Span
	Tokens    []Token
	Paragraph int  // counted from 0; blank lines, and line ends of lists and headlines, part paragraphs
	First     bool // whether it opens its paragraph
}

// Token is one syntactic word. Contractions are split as the treebanks split
// them ("don't" is "do", "n't"; "Egypt's" is "Egypt", "'s").
type Token struct {
	rapport.Span
	Form  string // the bytes of Text under Span
	Lemma string // lower case but for proper nouns and adjectives of nations
	UPOS  string // NOUN PROPN VERB …
	XPOS  string // NN NNP VBD …
	Rel   string // relation to Head with its subtype: "nsubj:pass", "root"
	Head  int    // index into Tokens, -1 for the root
}
