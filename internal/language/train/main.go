// Command train makes the table of lemmas that the language package embeds from
// Universal Dependencies treebanks:
//
//	go run ./internal/language/train -treebanks DIR
//
// DIR holds en_ewt-train.conllu and en_gum-train.conllu. The model of tags and
// arcs is trained by tools/train. See doc/language.md.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"rapport/internal/language/lemma"
	"rapport/internal/language/treebank"
)

func main() {
	dir := flag.String("treebanks", "", "folder of the treebanks")
	out := flag.String("out", "internal/language", "folder of the language package, to write the table to")
	flag.Parse()
	if err := run(*dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	var train []treebank.Sentence
	for _, name := range []string{"en_ewt-train", "en_gum-train"} {
		s, err := treebank.ReadFile(filepath.Join(dir, name+".conllu"))
		if err != nil {
			return err
		}
		train = append(train, s...)
	}
	return os.WriteFile(filepath.Join(out, "lemma", "learnt.tsv"), []byte(lemma.Learn(train)), 0o644)
}
