// Command tables compiles the text tables of package who into the block that
// it embeds: go generate ./internal/who.
package main

import (
	"flag"
	"fmt"
	"os"

	"rapport/internal/who"
)

func main() {
	dir := flag.String("dir", ".", "directory that holds data/")
	out := flag.String("out", "tables.bin", "block to write")
	flag.Parse()
	block, err := who.Compile(os.DirFS(*dir))
	if err == nil {
		err = os.WriteFile(*out, block, 0o666)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1)
	}
}
