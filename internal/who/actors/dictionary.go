package actors

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/ontology"
)

// ReadDictionary reads an actor dictionary of PETRARCH or TABARI. Each entry
// is a name, its words joined by underscores, with one code or several under
// date restrictions, on the same line or on lines of their own; "+" brings a
// synonym; ";" and "#" begin comments:
//
//	HOSNI_MUBARAK_ [EGYGOV 19811014-20110211] [EGYELI >20110211]
//	UNITA_ ; rebels, then a party
//	+UNIAO_NACIONAL_
//	    [AGOREB <20020404]
//	    [AGOOPP >20020405]
//
// The first three letters of a code are a CAMEO country or international code,
// the next three the sector. An entry that is ELI at some time or GOV within
// dates is a person, any other a body; names of countries and agents
// ("[~GOV]") are left out. bad is called for every line that is no such thing.
func ReadDictionary(r io.Reader, person func(Term), body func(Body), bad func(line int, what string)) (Count, error) {
	d := dictionary{person: person, body: body, bad: bad}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), 1<<20)
	for in.Scan() {
		d.line++
		d.take(strings.ToValidUTF8(in.Text(), "�"))
	}
	d.flush()
	if err := in.Err(); err != nil {
		return d.n, &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("line %d", d.line+1), What: "cannot be read", Err: err}
	}
	return d.n, nil
}

// coded is one code with its dates.
type coded struct {
	code, sector string
	from, to     rapport.Date
}

type dictionary struct {
	person func(Term)
	body   func(Body)
	bad    func(int, string)
	n      Count
	line   int
	names  []string
	codes  []coded
	known  bool // the entry bore a code, if one that is left out
}

func (d *dictionary) fault(what string) {
	d.n.Skipped++
	d.bad(d.line, what)
}

func (d *dictionary) take(l string) {
	if i := strings.IndexAny(l, ";#"); i >= 0 {
		l = l[:i]
	}
	text := strings.TrimSpace(l)
	switch {
	case text == "" || strings.HasPrefix(text, "<!--") || strings.HasPrefix(text, "&"):
		return
	case text[0] == '[':
		if len(d.names) == 0 {
			d.fault("a code without a name")
			return
		}
	case text[0] == '+':
		if len(d.names) == 0 {
			d.fault("a synonym without a name")
			return
		}
		name, rest := cutName(text[1:])
		d.names = append(d.names, name)
		text = rest
	default:
		d.flush()
		name, rest := cutName(text)
		if name == "" {
			d.fault("no name")
			return
		}
		d.n.Read++
		d.names = append(d.names, name)
		text = rest
	}
	for text != "" {
		if text[0] != '[' {
			d.fault(fmt.Sprintf("%q is no code in brackets", text))
			return
		}
		code, rest, ok := strings.Cut(text[1:], "]")
		if !ok {
			d.fault("a bracket is not closed")
			return
		}
		d.code(strings.TrimSpace(code))
		text = strings.TrimSpace(rest)
	}
}

// cutName parts a name from the code after it: "HOSNI_MUBARAK_" is Hosni
// Mubarak.
func cutName(s string) (name, rest string) {
	if i := strings.IndexByte(s, '['); i >= 0 {
		s, rest = s[:i], s[i:]
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r == '_' || unicode.IsSpace(r) })
	for i, w := range words {
		if len(w) > 3 || len(words) > 1 && i < len(words) && len(w) > 1 && !abbreviation(w) {
			words[i] = capital(w)
		}
	}
	return strings.Join(words, " "), rest
}

// abbreviation reports whether a word of capitals has no vowel to be spoken by.
func abbreviation(w string) bool { return !strings.ContainsAny(w, "AEIOUYaeiouy") }

// capital writes a word with capitals where a name has them: Al-Assad, N'Djamena.
func capital(w string) string {
	up := true
	return strings.Map(func(r rune) rune {
		if up {
			r = unicode.ToUpper(r)
		} else {
			r = unicode.ToLower(r)
		}
		up = r == '-' || r == '\''
		return r
	}, w)
}

func (d *dictionary) code(s string) {
	d.known = true
	fields := strings.Fields(s)
	if len(fields) == 0 || len(fields) > 2 {
		d.fault(fmt.Sprintf("[%s] is no code", s))
		return
	}
	if fields[0][0] == '~' || fields[0] == "---" || strings.HasPrefix(fields[0], "{") {
		return // agents and what is left uncoded
	}
	c, ok := decode(strings.ToUpper(fields[0]))
	if !ok {
		d.fault(fmt.Sprintf("[%s] is no country's code", s))
		return
	}
	if len(fields) == 2 {
		if c.from, c.to, ok = restriction(fields[1]); !ok {
			d.fault(fmt.Sprintf("[%s] has no date restriction", s))
			return
		}
	}
	d.codes = append(d.codes, c)
}

// decode reads a CAMEO code: country, then sector.
func decode(s string) (c coded, ok bool) {
	if len(s) < 3 {
		return c, false
	}
	switch head := s[:3]; {
	case s == "IGOUNO" || head == "UNO":
		c.code = "UNO"
		return c, true
	case strings.HasPrefix(s, "IGOEU") || head == "EEC" || head == "EUR":
		c.code = "EUR"
		return c, true
	case ontology.IsInternational(head):
		c.code = head
		return c, true
	case head == "PAL":
		c.code = "PSE"
	default:
		rows := ontology.FindCodes("cameo:"+head, "")
		if len(rows) == 0 {
			rows = ontology.FindCodes("iso3:"+head, "")
		}
		if len(rows) == 0 {
			return c, false
		}
		c.code = rows[0].Code
	}
	if len(s) >= 6 {
		c.sector = sectorOfCAMEO[s[3:6]]
	}
	return c, true
}

// sectorOfCAMEO joins CAMEO's role codes to PLOVER's sectors.
var sectorOfCAMEO = map[string]string{
	"GOV": "GOV", "MIL": "MIL", "LEG": "LEG", "JUD": "JUD", "COP": "COP", "SPY": "SPY", "PTY": "PTY", "OPP": "OPP", "REB": "REB", "INS": "REB", "SEP": "REB",
	"UAF": "UAF", "RAD": "UAF", "PRM": "PRM", "BUS": "BUS", "MNC": "BUS", "LAB": "LAB", "EDU": "EDU", "MED": "JRN", "HLH": "MED", "REL": "REL",
	"CVL": "CVL", "REF": "REF", "CRM": "CRM", "ELI": "ELI", "AGR": "AGR", "HRI": "SOC", "ENV": "SOC", "NGO": "SOC", "NGM": "SOC", "DEV": "SOC",
	"CHR": "REL", "MOS": "REL", "JEW": "REL", "HIN": "REL", "BUD": "REL", "CTH": "REL", "PRO": "REL", "SHI": "REL", "SUN": "REL", "SIK": "REL",
}

// restriction reads "<930101", ">20030101", "19890101-19991231".
func restriction(s string) (from, to rapport.Date, ok bool) {
	switch {
	case s[0] == '<':
		to, ok = dictionaryDay(s[1:])
	case s[0] == '>':
		from, ok = dictionaryDay(s[1:])
	default:
		a, b, both := strings.Cut(s, "-")
		if !both {
			return "", "", false
		}
		if from, ok = dictionaryDay(a); ok {
			to, ok = dictionaryDay(b)
		}
		if ok && to < from {
			return "", "", false
		}
	}
	return from, to, ok
}

// dictionaryDay reads YYMMDD, of the years 1930 to 2029, and YYYYMMDD.
func dictionaryDay(s string) (rapport.Date, bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", false
		}
	}
	if len(s) == 6 {
		century := "19"
		if s < "30" {
			century = "20"
		}
		s = century + s
	}
	if len(s) != 8 {
		return "", false
	}
	d := rapport.Date(s[:4] + "-" + s[4:6] + "-" + s[6:])
	return d, d.Check() == nil
}

// flush hands on the entry that has been read.
func (d *dictionary) flush() {
	names, codes, known := d.names, d.codes, d.known
	d.names, d.codes, d.known = nil, nil, false
	if len(names) == 0 {
		return
	}
	if len(codes) == 0 {
		if !known {
			d.fault(names[0] + " has no code")
		}
		return
	}
	isPerson := false
	for _, c := range codes {
		isPerson = isPerson || c.sector == "ELI" || c.sector == "GOV" && (c.from != "" || c.to != "")
	}
	for _, c := range codes {
		switch {
		case c.sector == "" && !ontology.IsInternational(c.code):
			d.n.Skipped++ // a country's or a city's name
		case isPerson && c.sector == "ELI" && len(codes) > 1:
			// what a person is after the last term follows by itself
		case isPerson && strings.Contains(names[0], " "):
			d.n.Terms++
			d.person(Term{Country: c.code, Name: names[0], Variants: names[1:], Sector: c.sector, From: c.from, To: c.to})
		default:
			d.n.Bodies++
			d.body(Body{Name: names[0], Variants: names[1:], Code: c.code, Sector: c.sector, From: c.from, To: c.to})
		}
	}
}

// ImportDictionary reads the dictionary at path into the user's tables of dir.
func ImportDictionary(path, dir string, bad func(line int, what string)) (Count, error) {
	raw, err := os.Open(path)
	if err != nil {
		return Count{}, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be opened", Err: err}
	}
	defer raw.Close()
	in, err := unpacked(raw)
	if err != nil {
		return Count{}, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be unpacked", Err: err}
	}
	t, err := newTables(dir, base(path), "imported from the actor dictionary "+base(path))
	if err != nil {
		return Count{}, err
	}
	n, err := ReadDictionary(in, func(p Term) { t.persons.w.WriteString(p.row()) }, func(b Body) { t.bodies.w.WriteString(b.row()) }, bad)
	if e := t.close(err == nil && n.Terms+n.Bodies > 0); err == nil {
		err = e
	}
	if err == nil && n.Terms+n.Bodies == 0 {
		err = &rapport.Error{Kind: rapport.BadInput, Where: path, What: "has no actor that the tables can hold", Try: "name a PETRARCH or TABARI actor dictionary, or a Wikidata JSON dump"}
	}
	return n, err
}

// IsDump reports whether the file at path begins as a JSON dump does.
func IsDump(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be opened", Err: err}
	}
	defer f.Close()
	in, err := unpacked(f)
	if err != nil {
		return false, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be unpacked", Err: err}
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return false, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be read", Err: err}
	}
	head = bytes.TrimSpace(head[:n])
	return bytes.HasPrefix(head, []byte(`{"`)) || bytes.HasPrefix(head, []byte("[\n{")) || bytes.HasPrefix(head, []byte(`[{`)) || string(head) == "[" || string(head) == "[\n]", nil
}
