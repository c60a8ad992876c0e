package claims

import (
	_ "embed"

	"rapport/internal/language"
)

//go:embed data/words.tsv
var wordTable string

var lexicon = language.MustLexicon("claims: data/words.tsv", wordTable)
