package language

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLexicons lints the lexicons of the packages that have one: classes in order and
// each asked for, and what the table is said at its head.
func TestLexicons(t *testing.T) {
	for _, pkg := range []string{"claims", "what"} {
		dir := filepath.Join("..", pkg)
		table, err := os.ReadFile(filepath.Join(dir, "data", "words.tsv"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readLexicon(string(table)); err != nil {
			t.Errorf("%s%v", pkg, err)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var code strings.Builder
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
		var classes []string
		for line := range strings.Lines(string(table)) {
			if line[0] != '#' {
				class, _, _ := strings.Cut(line, "\t")
				classes = append(classes, class)
				if !strings.Contains(code.String(), `lexicon.Words("`+class+`")`) {
					t.Errorf("%s: nothing asks for %s", pkg, class)
				}
			}
		}
		if len(classes) < 10 || !slices.IsSorted(classes) {
			t.Errorf("%s: %d classes, or out of order", pkg, len(classes))
		}
		if !strings.Contains(string(table), "\n# Columns: ") || !strings.Contains(string(table), "\n# Source: ") {
			t.Errorf("%s: columns or source not told", pkg)
		}
	}
}

// TestReadLexicon holds what is no lexicon.
func TestReadLexicon(t *testing.T) {
	l, err := readLexicon("# ok\nkin\tson|son-in-law\tfamily\n")
	if err != nil || !l.Words("kin")["son-in-law"] || l.Words("kin")["law"] {
		t.Errorf("got %v, %v", l, err)
	}
	for table, want := range map[string]string{
		"kin\tson\n":                  ":1: ",
		"# ok\nkin\tson||king\tfew\n": ":2: \"\" is empty",
		"kin\tson|son\tfew\n":         ":1: \"son\" is empty, has blanks around it or stands twice",
		"kin\ta\tb\nkin\tc\td\n":      ":2: kin stands twice",
		"kin\t\tb\n":                  ":1: ",
	} {
		if _, err := readLexicon(table); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", table, err, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a class that is not there is given")
		}
	}()
	l.Words("clan")
}
