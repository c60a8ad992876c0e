package watch

import (
	"embed"
	"path"
	"slices"
	"strings"

	"rapport"
)

//go:embed feeds/*.toml
var starters embed.FS

// Starter is a list of feeds that comes with the program.
type Starter struct {
	Region string // "europe"
	Feeds  []Feed
	Text   string // the list itself, with its comments
}

// Starters returns the lists that come with the program, by region. Their
// addresses were found where each entry's seen says; nobody has asked them
// since.
func Starters() ([]Starter, error) {
	files, err := starters.ReadDir("feeds")
	if err != nil {
		return nil, err
	}
	var out []Starter
	for _, f := range files {
		name := path.Join("feeds", f.Name())
		b, err := starters.ReadFile(name)
		if err != nil {
			return nil, err
		}
		c, err := Parse(b, name)
		if err != nil {
			return nil, err
		}
		out = append(out, Starter{strings.TrimSuffix(f.Name(), ".toml"), c.Feeds, string(b)})
	}
	return out, nil
}

// FindStarter returns the list of a region; an error of kind NotFound names
// the regions there are.
func FindStarter(region string) (Starter, error) {
	all, err := Starters()
	if err != nil {
		return Starter{}, err
	}
	if i := slices.IndexFunc(all, func(s Starter) bool { return s.Region == region }); i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Region)
	}
	return Starter{}, &rapport.Error{Kind: rapport.NotFound, Where: region, What: "no list of feeds is of that name", Try: strings.Join(names, ", ")}
}
