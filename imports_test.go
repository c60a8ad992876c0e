package rapport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which of the project's packages each package may import, and
// which modules; a package below it (language/treebank) goes with the package
// that owns it. ARCHITECTURE.md says why. "" is the root.
var mayImport = map[string][]string{
	"":         {},
	"examples": {},

	// Writing: report to claim.
	"ontology": {""},
	"outlets":  {"", "ontology", "golang.org/x/text"},
	"text":     {"", "ontology", "golang.org/x/text"},
	"press": {"", "outlets", "text",
		"golang.org/x/net", "golang.org/x/text", "github.com/klauspost/compress", "codeberg.org/readeck/go-readability/v2", "github.com/mmcdole/gofeed", "github.com/abadojack/whatlanggo", "github.com/gogs/chardet", "github.com/ledongthuc/pdf"},
	"language": {"", "ontology", "text", "golang.org/x/text", "golang.org/x/sys", "github.com/klauspost/compress"},
	"who":      {"", "ontology", "text", "language", "golang.org/x/text", "github.com/klauspost/compress"},
	"when":     {"", "ontology", "text", "language"},
	"where":    {"", "ontology", "text", "language", "golang.org/x/text", "github.com/klauspost/compress"},
	"what":     {"", "ontology", "text", "language"},
	"claims":   {"", "ontology", "text", "language", "who", "when", "where", "what"},

	// Reading: claim to answer. It builds without the language model.
	"merge":     {"", "golang.org/x/text"},
	"record":    {"", "ontology", "modernc.org/sqlite", "golang.org/x/text"},
	"relations": {"", "ontology", "outlets", "merge", "record"},
	"briefs":    {"", "ontology", "merge", "record", "relations", "codeberg.org/go-pdf/fpdf"},

	"exchange": {"", "ontology", "outlets", "record"},

	// The network, for whoever needs it.
	"fetch": {"", "golang.org/x/net", "github.com/klauspost/compress"},
	"watch": {"", "ontology", "text", "press", "fetch", "record", "github.com/BurntSushi/toml"},

	// Serving: answers over HTTP. What codes is given to it by cmd.
	"serve": {"", "ontology", "text", "press", "fetch", "record", "relations", "briefs", "exchange", "merge",
		"modernc.org/sqlite", "github.com/google/jsonschema-go", "github.com/klauspost/compress", "golang.org/x/crypto", "golang.org/x/net", "golang.org/x/sync", "golang.org/x/time", "github.com/modelcontextprotocol/go-sdk"},

	"pipeline": {"", "ontology", "text", "claims", "record", "merge"},
	"eval":     {"", "ontology", "text", "language", "who", "when", "where", "what", "claims", "merge", "record", "relations", "briefs", "pipeline"},
	"cmd":      {"", "examples", "ontology", "outlets", "text", "press", "language", "who", "claims", "record", "merge", "relations", "briefs", "exchange", "pipeline", "eval", "fetch", "watch", "serve", "golang.org/x/term", "what"},
}

// testsMayImport is what tests may import besides, scorers and fixtures above all.
var testsMayImport = []string{"", "ontology", "text", "eval", "examples", "merge", "github.com/rogpeppe/go-internal",
	"github.com/mmcdole/gofeed", "github.com/arran4/golang-ical", // parsers that are not ours, of what we write
	"github.com/chromedp/chromedp", "github.com/chromedp/cdproto", "golang.org/x/net"}

// TestImports holds the one direction in which imports run.
func TestImports(t *testing.T) {
	each(t, func(file string, f *ast.File) {
		from := home(path.Dir(file))
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s: package %q is new: say in imports_test.go and ARCHITECTURE.md what it may import", file, from)
			return
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			to, std := target(imported)
			switch {
			case std || to == from && from != "":
			case slices.Contains(allowed, to):
			case strings.HasSuffix(file, "_test.go") && slices.Contains(testsMayImport, to):
			default:
				t.Errorf("%s: %q may not import %q", file, from, imported)
			}
		}
	})
}

// TestPackageComments asks every package to say in a comment what it is for.
func TestPackageComments(t *testing.T) {
	said := map[string]bool{}
	each(t, func(file string, f *ast.File) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		dir := path.Dir(file)
		said[dir] = said[dir] || f.Doc != nil && len(f.Doc.Text()) > 40
	})
	for dir, ok := range said {
		if !ok {
			t.Errorf("%s: no package comment says what it is for", dir)
		}
	}
}

// each parses every Go file of the project as far as its imports.
func each(t *testing.T, do func(file string, f *ast.File)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(file) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		n++
		do(filepath.ToSlash(file), f)
		return nil
	})
	if err != nil || n < 5 {
		t.Fatalf("%d files read: %v", n, err)
	}
}

// home names the room a directory belongs to: "internal/language/treebank" is language.
func home(dir string) string {
	dir = strings.TrimPrefix(dir, "internal/")
	room, _, _ := strings.Cut(dir, "/")
	if room == "." {
		return ""
	}
	return room
}

// target names what is imported as mayImport does: a room of the project, or a module.
func target(imported string) (name string, std bool) {
	if imported == "rapport" {
		return "", false
	}
	if in, ok := strings.CutPrefix(imported, "rapport/"); ok {
		return home(in), false
	}
	host, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(host, ".") {
		return "", true
	}
	for _, may := range mayImport {
		for _, m := range may {
			if strings.Contains(m, ".") && (imported == m || strings.HasPrefix(imported, m+"/")) {
				return m, false
			}
		}
	}
	for _, m := range testsMayImport {
		if strings.HasPrefix(imported, m+"/") && m != "" {
			return m, false
		}
	}
	return imported, false
}
