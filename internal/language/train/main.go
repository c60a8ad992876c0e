// Command train makes the table of lemmas that the language package embeds from
// Universal Dependencies treebanks:
//
//	go run ./internal/language/train -treebanks DIR
//
// DIR holds en_ewt-train.conllu and en_gum-train.conllu. The model of tags and
// arcs is trained by tools/train; for it
//
//	go run ./internal/language/train -words TEXT
//
// prints the words of a text as CoNLL-U with nothing known of them. See
// doc/language.md.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rapport/internal/language"
	"rapport/internal/language/lemma"
	"rapport/internal/language/treebank"
)

func main() {
	dir := flag.String("treebanks", "", "folder of the treebanks")
	out := flag.String("out", "internal/language", "folder of the language package, to write the table to")
	text := flag.String("words", "", "text whose words to print instead")
	flag.Parse()
	err := error(nil)
	if *text != "" {
		err = words(os.Stdout, *text)
	} else {
		err = run(*dir, *out)
	}
	if err != nil {
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

// words prints the sentences and words of a text.
func words(w io.Writer, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	for _, s := range language.Parse(string(text)).Sentences {
		for i, t := range s.Tokens {
			fmt.Fprintf(b, "%d\t%s\t_\tX\t_\t_\t0\tdep\t_\t_\n", i+1, t.Form)
		}
		fmt.Fprintln(b)
	}
	return b.Flush()
}
