// Package examples holds the reports that rapport demo codes, so that the
// program can show what it does anywhere. README.md says where they come from.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed *.txt *.jsonl
var files embed.FS

// Files returns the names of the example files in their order.
func Files() []string {
	names, _ := fs.Glob(files, "*") // the pattern is good
	return names
}

// Read returns the bytes of an example file.
func Read(name string) ([]byte, error) { return files.ReadFile(name) }
