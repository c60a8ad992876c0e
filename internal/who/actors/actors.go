// Package actors brings persons and bodies from elsewhere into a user's tables
// over the built-in ones (who.Extend): from a dump of Wikidata, from its query
// service, from actor dictionaries of PETRARCH and TABARI.
//
// A user's tables are a folder with persons/*.tsv and bodies/*.tsv in the
// columns of who's own tables; every import writes files of its own there, so
// that it can be looked at, mended by hand, or deleted.
package actors

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"

	"rapport"
)

// Term is one office held by one person, a row of persons/*.tsv.
type Term struct {
	Country, Name string
	Variants      []string
	Office        string
	Sector        string
	From, To      rapport.Date // To empty: until now
	Wikidata      string
	Note          string
}

// Body is a named body in one sector and time, a row of bodies/*.tsv.
type Body struct {
	Name     string
	Variants []string
	Code     string
	Sector   string
	From, To rapport.Date
	Wikidata string
	Note     string
}

const (
	personHeader = "country\tname\tvariants\tshort\toffice\tsector\tfrom\tto\twikidata\tnote\n"
	bodyHeader   = "name\tvariants\tcode\tsector\tfrom\tto\twikidata\tnote\n"
)

// clean makes a text fit a cell: no tabs, bars, line breaks or doubled blanks.
func clean(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("|", " ", "\x00", "").Replace(s)), " ")
}

// variants joins other names to a cell; those that equal name or each other
// drop out.
func variants(name string, vs []string) string {
	seen := map[string]bool{name: true, "": true}
	var out []string
	for _, v := range vs {
		if v = clean(v); !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return strings.Join(out, "|")
}

func until(d rapport.Date) string {
	if d == "" {
		return ".."
	}
	return string(d)
}

func (t *Term) row() string {
	name := clean(t.Name)
	return strings.Join([]string{t.Country, name, variants(name, t.Variants), "", clean(t.Office), t.Sector, string(t.From), until(t.To), t.Wikidata, clean(t.Note)}, "\t") + "\n"
}

func (b *Body) row() string {
	name := clean(b.Name)
	return strings.Join([]string{name, variants(name, b.Variants), b.Code, b.Sector, string(b.From), until(b.To), b.Wikidata, clean(b.Note)}, "\t") + "\n"
}

// table is a table being written; it takes its name when it is whole.
type table struct {
	path string
	f    *os.File
	w    *bufio.Writer
}

func newTable(dir, sub, name, comment, header string) (*table, error) {
	if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
		return nil, cannotWrite(dir, err)
	}
	path := filepath.Join(dir, sub, name+".tsv")
	f, err := os.CreateTemp(filepath.Dir(path), "."+name+"-*")
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	t := &table{path, f, bufio.NewWriter(f)}
	t.w.WriteString("# " + clean(comment) + "\n" + header)
	return t, nil
}

// close ends the table, and drops it where it was not kept.
func (t *table) close(keep bool) error {
	err := t.w.Flush()
	if e := t.f.Chmod(0o666 &^ 0o022); err == nil {
		err = e
	}
	if e := t.f.Close(); err == nil {
		err = e
	}
	if keep && err == nil {
		if err = os.Rename(t.f.Name(), t.path); err == nil {
			return nil
		}
	}
	os.Remove(t.f.Name())
	if keep && err != nil {
		return cannotWrite(t.path, err)
	}
	return nil
}

// tables are the two tables that an import writes.
type tables struct{ persons, bodies *table }

func newTables(dir, name, comment string) (*tables, error) {
	p, err := newTable(dir, "persons", name, comment, personHeader)
	if err != nil {
		return nil, err
	}
	b, err := newTable(dir, "bodies", name, comment, bodyHeader)
	if err != nil {
		p.close(false)
		return nil, err
	}
	return &tables{p, b}, nil
}

func (t *tables) close(keep bool) error {
	err := t.persons.close(keep)
	if e := t.bodies.close(keep && err == nil); err == nil {
		err = e
	}
	return err
}

func cannotWrite(path string, err error) error {
	return &rapport.Error{Kind: rapport.Storage, Where: path, What: "cannot be written", Err: err}
}

// Count is what an import read and kept.
type Count struct {
	Read    int // entities or lines of the source
	Terms   int // rows of persons
	Bodies  int // rows of bodies
	Skipped int // that could not be read, or told nothing that the tables hold
}

// base is the name of the tables that an import of a file writes.
func base(path string) string {
	name := filepath.Base(path)
	name, _, _ = strings.Cut(name, ".")
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
	if name == "" {
		return "actors"
	}
	return name
}
