// Command tables compiles the tables that package where keeps under data/ into
// the block that it embeds: go generate ./internal/where.
package main

import (
	"flag"
	"fmt"
	"os"

	"rapport/internal/where"
)

func main() {
	dir := flag.String("dir", ".", "directory that holds data/ and gazetteer.bin")
	out := flag.String("out", "tables.bin", "block to write")
	flag.Parse()
	block, err := where.Compile(os.DirFS(*dir))
	if err == nil {
		err = os.WriteFile(*out, block, 0o666)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1)
	}
}
