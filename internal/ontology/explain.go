package ontology

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport"
)

var quadNames = [...]string{"", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict"}

// Explain says in a few lines what a code means: an event type ("CONSULT"), a
// type with its mode ("CONSULT:visit"), a mode ("visit"), a context, a sector
// or international code, a CAMEO code of two to four digits, or a quad class
// ("1" to "4"). Case is free. The text ends without a line break. An unknown
// code gives a [rapport.Error] of kind NotFound that names near ones.
func Explain(code string) (string, error) {
	code = strings.TrimSpace(code)
	for _, explain := range []func(string) string{
		explainType, explainMode, explainCAMEO, explainQuad, explainContext, explainSector, explainBareMode,
	} {
		if s := explain(code); s != "" {
			return s, nil
		}
	}
	e := &rapport.Error{Kind: rapport.NotFound, What: fmt.Sprintf("%q is no code of PLOVER or CAMEO", code)}
	if near := nearCodes(code); len(near) > 0 {
		e.Try = strings.Join(near, ", ")
	} else {
		e.Try = "an event type (CONSULT), EVENT:mode, context, sector, CAMEO code (042) or quad class (1)"
	}
	return "", e
}

func explainType(code string) string {
	t, ok := TypeOf(strings.ToUpper(code))
	if !ok {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, PLOVER event type: %s\nquad %d (%s), score %s", t.Code, t.Gloss, t.Quad, quadNames[t.Quad], signed(t.Score))
	if len(t.Modes) > 0 {
		b.WriteString("\nmodes:")
	}
	for _, m := range t.Modes {
		fmt.Fprintf(&b, "\n  %-14s %5s  %s", m.Code, signed(m.Score), m.Gloss)
	}
	fmt.Fprintf(&b, "\nCAMEO: %s", strings.Join(codesOf(t.Code, ""), " "))
	return b.String()
}

func explainMode(code string) string {
	event, mode, has := strings.Cut(code, ":")
	t, ok := TypeOf(strings.ToUpper(event))
	m, okMode := t.mode(strings.ToLower(mode))
	if !has || !ok || !okMode {
		return ""
	}
	s := fmt.Sprintf("%s:%s, mode of a PLOVER event type: %s\n%s: %s\nquad %d (%s), score %s",
		t.Code, m.Code, m.Gloss, t.Code, t.Gloss, t.Quad, quadNames[t.Quad], signed(m.Score))
	codes := codesOf(t.Code, m.Code)
	if d := DefaultCAMEO(t.Code, m.Code, ""); !slices.Contains(codes, d) {
		codes = append(codes, d)
	}
	return s + "\nCAMEO: " + strings.Join(codes, " ")
}

func explainBareMode(code string) string {
	var in []string
	for _, t := range Types() {
		if m, ok := t.mode(strings.ToLower(code)); ok {
			in = append(in, fmt.Sprintf("%s:%s, %s", t.Code, m.Code, m.Gloss))
		}
	}
	return strings.Join(in, "\n")
}

func explainCAMEO(code string) string {
	c, ok := CAMEOOf(code)
	if !ok {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, CAMEO code: %s\n%s\nGoldstein score %s, CAMEO quad %d (%s)", c.Code, c.Name, c.Gloss, signed(c.Goldstein), c.Quad, quadNames[c.Quad])
	if c.Event == "" {
		b.WriteString("\nPLOVER: none, the code was dropped")
	} else {
		fmt.Fprintf(&b, "\nPLOVER: %s, score %s", join(c.Event, c.Mode), signed(Score(c.Event, c.Mode)))
	}
	for p := c.Code[:len(c.Code)-1]; len(p) >= 2; p = p[:len(p)-1] {
		if k, ok := CAMEOOf(p); ok {
			fmt.Fprintf(&b, "\nunder %s %s", k.Code, k.Name)
		}
	}
	for _, k := range CAMEOCodes() {
		if len(k.Code) == len(c.Code)+1 && strings.HasPrefix(k.Code, c.Code) {
			fmt.Fprintf(&b, "\n  %s %s", k.Code, k.Name)
		}
	}
	return b.String()
}

func explainQuad(code string) string {
	n, err := strconv.Atoi(code)
	if err != nil || len(code) != 1 || n < 1 || n > 4 {
		return ""
	}
	var in []string
	for _, t := range Types() {
		if t.Quad == n {
			in = append(in, t.Code)
		}
	}
	return fmt.Sprintf("%d, quad class: %s\nPLOVER: %s", n, quadNames[n], strings.Join(in, " "))
}

func explainContext(code string) string {
	code = strings.ToLower(code)
	c, ok := ContextOf(code)
	if !ok {
		return ""
	}
	kind := "Rapport context, not in PLOVER"
	if slices.Contains(Contexts(), c) {
		kind = "PLOVER context"
	}
	s := fmt.Sprintf("%s, %s: %s", c.Code, kind, c.Gloss)
	if code != c.Code {
		s = code + " is read as " + s
	}
	return s
}

func explainSector(code string) string {
	p := ploverTable()
	code = strings.ToUpper(code)
	if s, ok := p.sectorOf[code]; ok {
		return fmt.Sprintf("%s, sector: %s", s.Code, s.Gloss)
	}
	if s, ok := p.internationalOf[code]; ok {
		return fmt.Sprintf("%s, in place of a country: %s", s.Code, s.Gloss)
	}
	return ""
}

// codesOf lists the CAMEO codes whose crosswalk target is this event, and this
// mode unless mode is empty.
func codesOf(event, mode string) []string {
	var out []string
	for _, c := range CAMEOCodes() {
		if c.Event == event && (mode == "" || c.Mode == mode) {
			out = append(out, c.Code)
		}
	}
	return out
}

func signed(x float64) string {
	if x > 0 {
		return "+" + strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// nearCodes returns up to five known codes within two edits of code, nearest
// first, then in alphabetical order.
func nearCodes(code string) []string {
	const most, farthest = 5, 2
	type near struct {
		code string
		d    int
	}
	folded := strings.ToUpper(code)
	if len(folded) > 40 { // longer than any code by more than two edits
		return nil
	}
	var all []near
	add := func(c string) {
		if d := distance(folded, strings.ToUpper(c)); d <= farthest && d < len(c) {
			all = append(all, near{c, d})
		}
	}
	for _, t := range Types() {
		add(t.Code)
		for _, m := range t.Modes {
			add(join(t.Code, m.Code))
		}
	}
	for _, c := range ploverTable().byContext {
		add(c.Code)
	}
	for _, s := range slices.Concat(Sectors(), International()) {
		add(s.Code)
	}
	for _, c := range CAMEOCodes() {
		add(c.Code)
	}
	slices.SortFunc(all, func(a, b near) int {
		if a.d != b.d {
			return a.d - b.d
		}
		return strings.Compare(a.code, b.code)
	})
	all = slices.Compact(all)
	var out []string
	for _, n := range all {
		if len(out) == most || n.d > all[0].d { // only the nearest ring
			break
		}
		out = append(out, n.code)
	}
	return out
}

// distance returns the edit distance of two strings in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
