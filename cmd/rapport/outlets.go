package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rapport"
	"rapport/internal/outlets"
)

// outletsFile is the table of a user's own outlets in the folder of actors.
const outletsFile = "outlets.tsv"

// useOutlets lays the user's table in dir over the built-in one, if there is
// one.
func useOutlets(dir string) error {
	if dir == "" {
		return nil
	}
	path := filepath.Join(dir, outletsFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be opened", Err: err}
	}
	defer f.Close()
	return outlets.Extend(f, path)
}

// listOutlets is the command outlets.
func listOutlets(s *session, args []string) error {
	o := newOptions("outlets")
	dir := o.actorsFlag()
	kinds := o.Bool("kinds", false, "")
	format := o.choice("format", "table", "tsv", "jsonl")
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if *kinds {
		return printKinds(s, rest)
	}
	if err := useOutlets(*dir); err != nil {
		return err
	}
	words := strings.TrimSpace(strings.Join(rest, " "))
	var found []outlets.Outlet
	switch o, ok := outlets.ByHost(words); {
	case words == "" && len(rest) > 0:
		return usage("outlets", "the words are empty")
	case words == "":
		found = outlets.All()
	case ok && strings.Contains(words, ".") && !strings.Contains(words, " "):
		found = []outlets.Outlet{o}
	default:
		if found = outlets.ByName(words); len(found) == 0 {
			found = outlets.Find(words)
		}
	}
	if len(found) == 0 {
		return &rapport.Error{Kind: rapport.NotFound, Where: words, What: "is no host, name or word of an outlet that the tables know", Try: "fewer words, a country, or a row in " + outletsFile + ": rapport help outlets"}
	}
	b, err := outletPrinters[*format](found)
	if err != nil {
		return err
	}
	return s.print(b)
}

var outletPrinters = map[string]func([]outlets.Outlet) ([]byte, error){"table": outletTable, "tsv": outletRows, "jsonl": outletLines}

func outletTable(found []outlets.Outlet) ([]byte, error) {
	var b strings.Builder
	rows := make([][]string, len(found))
	for i, o := range found {
		rows[i] = []string{o.Country, o.Kind, o.Name, ""}
	}
	layOut(&b, []column{{"OF", 3}, {"KIND", 18}, {"NAME", 44}, {"HOSTS; OTHER NAMES", 0}}, rows, func(i, _ int) string {
		var parts []string
		for _, p := range [][]string{found[i].Hosts, found[i].Also} {
			if len(p) > 0 {
				parts = append(parts, strings.Join(p, ", "))
			}
		}
		return strings.Join(parts, "; ")
	})
	return []byte(tame(b.String())), nil
}

// outletRows prints what a table of a user's own may hold.
func outletRows(found []outlets.Outlet) ([]byte, error) {
	var b strings.Builder
	b.WriteString("# name\tother names\thosts\tcountry\tkind\tlanguages\n")
	for _, o := range found {
		b.WriteString(strings.Join([]string{o.Name, strings.Join(o.Also, ";"), strings.Join(o.Hosts, ";"), o.Country, o.Kind, strings.Join(o.Languages, ";")}, "\t") + "\n")
	}
	return []byte(b.String()), nil
}

func outletLines(found []outlets.Outlet) ([]byte, error) {
	var out []byte
	for _, o := range found {
		b, err := json.Marshal(o)
		if err != nil {
			return nil, err
		}
		out = append(append(out, b...), '\n')
	}
	return out, nil
}

func printKinds(s *session, rest []string) error {
	if len(rest) > 0 {
		return usage("outlets", "--kinds takes no words")
	}
	var b strings.Builder
	b.WriteString("kind\tvoice\tmeans\n")
	for _, k := range outlets.Kinds() {
		b.WriteString(k.Name + "\t" + k.Voice + "\t" + k.Means + "\n")
	}
	return s.print([]byte(b.String()))
}
