package gazetteer

import (
	"fmt"
	"testing"
)

func find(t *Table, name string) []string {
	key := Fold(nil, name)
	n, ok := t.Find(key, Hash(HashSeed, key))
	if !ok || n.Flags&IsName == 0 {
		return nil
	}
	var out []string
	n.Refs(func(place int, own bool) {
		p := t.Place(place)
		out = append(out, fmt.Sprint(p.Name, " ", p.Country, " ", own))
	})
	return out
}

func TestRoundTrip(t *testing.T) {
	var b Builder
	want := Place{Name: "Port-au-Prince", Country: "HTI", Division: "Ouest", Kind: City, Rank: Capital, Lat: 18.54349, Lon: -72.33881, Population: 1234742, ID: 3718426}
	b.Add(want)
	b.Add(Place{Name: "Tripoli", Country: "LBN", Kind: City, Population: 229398})
	n := b.Add(Place{Name: "Tripoli", Country: "LBY", Kind: City, Population: 1150989}, "Tarabulus")
	b.AddName(n, "Ṭarābulus al-Gharb")
	for i := range 300 { // more countries than a byte holds
		b.Add(Place{Name: fmt.Sprint("Place ", i), Country: fmt.Sprintf("%03d", i)})
	}
	block := b.Bytes()
	table, err := Open(block)
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Place(0); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for name, want := range map[string]string{
		"TRIPOLI":            "[Tripoli LBY true Tripoli LBN true]",
		"tarabulus":          "[Tripoli LBY false]",
		"Tarabulus al Gharb": "[Tripoli LBY false]",
		"Port au Prince":     "[Port-au-Prince HTI true]",
		"Place 299":          "[Place 299 299 true]",
		"Port au":            "[]",
		"":                   "[]",
	} {
		if got := fmt.Sprint(find(table, name)); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	key := Fold(nil, "Port au")
	if p, ok := table.Find(key, Hash(HashSeed, key)); !ok || p.Flags != IsPrefix {
		t.Error("the beginning of a name is no prefix")
	}
	for _, cut := range []int{0, 3, 40, len(block) / 2, len(block) - 1} {
		if _, err := Open(block[:cut]); err == nil {
			t.Errorf("a block cut at byte %d opens", cut)
		}
	}
}
