package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/serve/problem"
)

// param is a parameter of a route.
type param struct {
	name    string
	in      string // "query" where empty, or "path" or "header"
	typ     string // of JSON Schema, "string" where empty
	about   string
	example any
	enum    []string
	many    bool // several values, in one parameter with commas or in several
	least   *float64
	most    *float64
}

// at is where a number begins or ends.
func at(n float64) *float64 { return &n }

const datePattern = "2024-06-08, 2024-06 or 2024"

var (
	pLimit  = param{name: "limit", typ: "integer", about: "how many at most, a page 50; 500 is the most. In a stream all, unless it is given.", example: 50, least: at(1), most: at(maxPage)}
	pCursor = param{name: "cursor", about: "`next` of the page before", example: nil}
	pFormat = param{name: "format", about: "instead of the header Accept", enum: []string{"json", "ndjson", "csv"}}
	pSince  = param{name: "since", about: "what may have happened on this day, in this month or year, or after it", example: "2023"}
	pUntil  = param{name: "until", about: "or before it", example: "2024-06-08"}
	pNewest = param{name: "newest", typ: "boolean", about: "newest first"}
	pPair   = param{name: "pair", about: "two countries: codes of ISO 3166 or names, with a hyphen between", example: "AZE-EGY"}
	pType   = param{name: "type", many: true, about: "types of PLOVER, with a mode or without", example: "CONSULT:visit"}
	pStatus = param{name: "status", many: true, about: "how the act stands to the world", enum: []string{"actual", "historical", "future", "hypothetical", "negated"}}
	pSure   = param{name: "confidence", typ: "number", about: "of the surest claim, at least", example: 0.5, least: at(0), most: at(1)}

	listParams  = []param{pLimit, pCursor, pFormat}
	eventParams = append([]param{
		pPair,
		{name: "party", many: true, about: "countries or IGO UNO EUR NGO MNC ISM IMG, one of which acts or is acted on", example: "EGY"},
		pType, pStatus, pSince, pUntil,
		{name: "place", about: "a country's code, or words in the name of the place", example: "Baku"},
		{name: "outlet", about: "words in the name of an outlet that tells it", example: "wire"},
		{name: "text", about: "words, all of them in one sentence that tells it"},
		pSure, pNewest,
	}, listParams...)
)

// known refuses parameters that a route does not have: a filter misspelt must
// not let everything through.
func (c *call) known() error {
	for name := range c.query() {
		if !slices.ContainsFunc(c.rt.params, func(p param) bool { return p.name == name && (p.in == "" || p.in == "query") }) {
			var names []string
			for _, p := range c.rt.params {
				if p.in == "" || p.in == "query" {
					names = append(names, p.name)
				}
			}
			try := "none"
			if len(names) > 0 {
				try = strings.Join(names, ", ")
			}
			return problem.Bad(name, "is no parameter of "+c.rt.method+" "+c.rt.path, try)
		}
	}
	return nil
}

func (c *call) query() url.Values {
	if c.r.Form == nil {
		c.r.Form = c.r.URL.Query()
	}
	return c.r.Form
}

// fault keeps the first fault of a parameter.
func (c *call) fault(name, value, want string) {
	if c.err == nil {
		if len(value) > 80 {
			value = value[:80] + "…"
		}
		c.err = problem.Bad(name, strconv.Quote(strings.ToValidUTF8(value, "�"))+" will not do", want)
	}
}

func (c *call) str(name string) string { return c.query().Get(name) }

func (c *call) strs(name string) (out []string) {
	for _, v := range c.query()[name] {
		for s := range strings.SplitSeq(v, ",") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func (c *call) int(name string, def, least, most int) int {
	v := c.str(name)
	if v == "" {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		c.fault(name, v, fmt.Sprintf("a number from %d to %d", least, most))
		return def
	}
	return n
}

func (c *call) bool(name string) bool {
	switch v := c.str(name); v {
	case "", "false", "0":
		return false
	case "true", "1":
		return true
	default:
		c.fault(name, v, "true or false")
		return false
	}
}

func (c *call) date(name string) rapport.Date {
	d := rapport.Date(c.str(name))
	if d != "" && d.Check() != nil {
		c.fault(name, string(d), datePattern)
		return ""
	}
	return d
}

func (c *call) country(name, v string) string {
	code, ok := ontology.ParseCountry(v)
	if !ok {
		c.fault(name, v, "a code of ISO 3166, as in EGY, a country's name, or one of IGO UNO EUR NGO MNC ISM IMG")
	}
	return code
}

func (c *call) pair(name string) (d rapport.Dyad) {
	v := c.str(name)
	if v == "" {
		return d
	}
	for i := range v { // names have hyphens too
		if v[i] != '-' {
			continue
		}
		_, ok := ontology.ParseCountry(v[:i])
		_, ok2 := ontology.ParseCountry(v[i+1:])
		if ok && ok2 {
			return c.dyad(name, v[:i], v[i+1:])
		}
	}
	c.fault(name, v, "two countries with a hyphen between: AZE-EGY")
	return d
}

func (c *call) dyad(name, a, b string) rapport.Dyad {
	d := rapport.NewDyad(c.country(name, a), c.country(name, b))
	if d.A == d.B {
		c.fault(name, a+"-"+b, "two countries that differ")
	}
	return d
}

// eventFilter reads the parameters that events are filtered by.
func (c *call) eventFilter() record.EventFilter {
	f := record.EventFilter{Pair: c.pair("pair"), Since: c.date("since"), Until: c.date("until"), Place: c.str("place"), Outlet: c.str("outlet"),
		Text: c.str("text"), Newest: c.bool("newest")}
	for _, v := range c.strs("party") {
		f.Party = append(f.Party, c.country("party", v))
	}
	f.Events, f.Status = c.types("type"), c.statuses("status")
	if f.Until != "" && f.Until.Before(f.Since) {
		c.fault("until", string(f.Until), "a day that is not before since")
	}
	f.Confidence = c.confidence()
	return f
}

func (c *call) confidence() float64 {
	v := c.str("confidence")
	if v == "" {
		return 0
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !(n >= 0 && n <= 1) {
		c.fault("confidence", v, "a number from 0 to 1")
		return 0
	}
	return n
}

func (c *call) types(name string) (out []string) {
	for _, v := range c.strs(name) {
		t, mode, _ := strings.Cut(strings.ToUpper(v), ":")
		mode = strings.ToLower(mode)
		typ, ok := ontology.TypeOf(t)
		if !ok || mode != "" && !slices.ContainsFunc(typ.Modes, func(m ontology.Mode) bool { return m.Code == mode }) {
			c.fault(name, v, "a type of PLOVER, as in CONSULT or CONSULT:visit")
			continue
		}
		if mode != "" {
			t += ":" + mode
		}
		out = append(out, t)
	}
	return out
}

func (c *call) statuses(name string) (out []rapport.Status) {
	for _, v := range c.strs(name) {
		if !slices.Contains(pStatus.enum, v) {
			c.fault(name, v, strings.Join(pStatus.enum, ", "))
			continue
		}
		out = append(out, rapport.Status(v))
	}
	return out
}
