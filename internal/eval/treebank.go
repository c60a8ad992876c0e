package eval

import (
	"slices"

	"rapport/internal/language"
	"rapport/internal/language/treebank"
)

// Treebank annotates a treebank's sentences anew and compares, as CoNLL 2018's
// evaluation does: its words and sentences as they are, or, with raw, its text
// alone, document by document.
func Treebank(gold []treebank.Sentence, raw bool) (treebank.Evaluation, error) {
	var system []treebank.Sentence
	if raw {
		for _, text := range treebank.Texts(gold) {
			system = append(system, language.Parse(text).Treebank("")...)
		}
	} else {
		system = slices.Clone(gold)
		for i := range system {
			system[i].Words = slices.Clone(system[i].Words)
		}
		language.AnnotateTreebank(system)
	}
	return treebank.Evaluate(gold, system)
}
