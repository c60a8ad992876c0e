package what

import (
	_ "embed"

	"rapport/internal/language"
)

//go:embed data/words.tsv
var wordTable string

var lexicon = language.MustLexicon("what: data/words.tsv", wordTable)
