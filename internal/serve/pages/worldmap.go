package pages

import (
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"

	"rapport/internal/ontology"
	"rapport/internal/record"
)

//go:embed data/world.tsv
var worldTSV string

// land is a country on the sheet of data/world.tsv.
type land struct {
	code string
	x, y float64
	path string
}

var lands = sync.OnceValue(func() []land {
	var out []land
	for l := range strings.Lines(worldTSV) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(l, "\n"), "\t")
		x, _ := strconv.ParseFloat(f[1], 64) // TestWorld holds the table
		y, _ := strconv.ParseFloat(f[2], 64)
		out = append(out, land{f[0], x, y, f[3]})
	}
	return out
})

// mapPairs is how many pairs a map draws: more would be a ball of wool.
const mapPairs = 45

// worldMap is the map of pairs: lands shaded by how much is told of them, and
// an arc for each pair.
type worldMap struct {
	Lands []mapLand
	Arcs  []mapArc
	Left  int // pairs that have no place on a map, or no room
}

type mapLand struct {
	Code, Path string
	Shade      int // 0 nothing told … 4 most
}

type mapArc struct {
	A, B   string
	Path   string
	Width  string
	Level  int // 1 … 4
	Events int
	X1, Y1 float64
	X2, Y2 float64
}

// drawMap draws the busiest pairs.
func drawMap(pairs []record.PairCount, most int) worldMap {
	at := map[string]land{}
	for _, l := range lands() {
		at[l.code] = l
	}
	told, top := map[string]int{}, 0
	for _, p := range pairs {
		for _, c := range []string{p.A, p.B} {
			told[c] += p.Events
			if _, ok := at[c]; ok {
				top = max(top, told[c])
			}
		}
	}
	var m worldMap
	for _, l := range lands() {
		if l.path != "" {
			m.Lands = append(m.Lands, mapLand{l.code, l.path, level(told[l.code], top)})
		}
	}
	topPair := 0
	for _, p := range pairs {
		a, ok1 := at[p.A]
		b, ok2 := at[p.B]
		if !ok1 || !ok2 || len(m.Arcs) == most || p.Events == 0 {
			m.Left++
			continue
		}
		topPair = max(topPair, p.Events)
		n := level(p.Events, topPair)
		m.Arcs = append(m.Arcs, mapArc{A: p.A, B: p.B, Path: arc(a, b), Level: n, Width: fmt.Sprintf("%.1f", 0.4+0.5*float64(n)), Events: p.Events, X1: a.x, Y1: a.y, X2: b.x, Y2: b.y})
	}
	return m
}

// level sorts a number into 0 … 4 by its share of the largest, on a scale that
// lets the small be seen.
func level(n, top int) int {
	if n == 0 || top == 0 {
		return 0
	}
	return min(4, 1+int(3.999*math.Log1p(float64(n))/math.Log1p(float64(top))))
}

// arc bends upwards between two places, the more the farther they are.
func arc(a, b land) string {
	if a.x > b.x {
		a, b = b, a
	}
	dx, dy := b.x-a.x, b.y-a.y
	dist := math.Hypot(dx, dy)
	bend := 0.16*dist + 6
	cx, cy := (a.x+b.x)/2, (a.y+b.y)/2
	if dist > 0 {
		cx, cy = cx+bend*dy/dist, cy-bend*dx/dist
	}
	return fmt.Sprintf("M%.0f %.0fQ%.0f %.0f %.0f %.0f", a.x, a.y, cx, cy, b.x, b.y)
}

// mapFile is the map to save.
func (s *site) mapFile(name string) (kind string, write func(context.Context, io.Writer) error) {
	if name == "map.csv" {
		return "text/csv; charset=utf-8", func(ctx context.Context, w io.Writer) error {
			pairs, err := s.pairs.get(ctx)
			if err != nil {
				return err
			}
			c := csv.NewWriter(w)
			c.Write([]string{"a", "b", "a_name", "b_name", "events", "claims", "first", "last"})
			for _, p := range pairs {
				c.Write([]string{p.A, p.B, ontology.CountryName(p.A), ontology.CountryName(p.B), strconv.Itoa(p.Events), strconv.Itoa(p.Claims), string(p.First), string(p.Last)})
			}
			c.Flush()
			return c.Error()
		}
	}
	return "image/svg+xml", func(ctx context.Context, w io.Writer) error {
		pairs, err := s.pairs.get(ctx)
		if err != nil {
			return err
		}
		m := drawMap(pairs, mapPairs)
		var b strings.Builder
		b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="20 0 960 445" width="1920" height="890"><title>Pairs of countries by events in the record</title><rect x="20" width="960" height="445" fill="#fff"/>` + "\n")
		shades := []string{"#e9e7e1", "#d3dde3", "#b3c8d4", "#8aacbe", "#5f8ea6"}
		for _, l := range m.Lands {
			fmt.Fprintf(&b, `<path d="%s" fill="%s" stroke="#fff" stroke-width=".5"/>`+"\n", l.Path, shades[l.Shade])
		}
		for _, a := range m.Arcs {
			fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="#8c2f1b" stroke-opacity=".75" stroke-width="%s"><title>%s: %d</title></path>`+"\n",
				a.Path, a.Width, html.EscapeString(ontology.CountryName(a.A)+" and "+ontology.CountryName(a.B)), a.Events)
		}
		b.WriteString("</svg>\n")
		_, err = io.WriteString(w, b.String())
		return err
	}
}
