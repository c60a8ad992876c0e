package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/relations"
)

type countryBody struct {
	Code, Name, InText, Adjective string
	Rows                          []ontology.CodeRow
	Pairs                         []pairRow
	More                          int
	Latest                        []line
	People                        []counted
	Map                           worldMap
	International                 bool
}

// counted is a name with how often it comes.
type counted struct {
	Name string
	N    int
}

// latestMost is how many events the page of a country, party or place lists.
const latestMost = 60

func (s *site) country(r *http.Request, parts []string) (*view, error) {
	ctx := r.Context()
	code, ok := ontology.ParseCountry(parts[0])
	if !ok && ontology.IsInternational(strings.ToUpper(parts[0])) {
		code, ok = strings.ToUpper(parts[0]), true
	}
	if !ok {
		if code, ok := strings.CutSuffix(parts[0], "-"); ok { // a pair as one word: EGY-QAT
			parts[0] = code
		}
		if a, b, ok := strings.Cut(parts[0], "-"); ok {
			if d, ok := pairOf(a, b); ok {
				return &view{Path: "/" + d.A + "/" + d.B}, nil
			}
		}
		return nil, problem(http.StatusNotFound, "There is no such page.", "A country’s address is its ISO 3166 code, as in /EGY; a pair’s is /EGY/QAT.")
	}
	if parts[0] != code {
		return &view{Path: "/" + code}, nil
	}
	pairs, err := s.Record.Pairs(ctx, code)
	if err != nil {
		return nil, err
	}
	last, err := s.last.get(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.Record.LatestOf(ctx, code, last, latestMost)
	if err != nil {
		return nil, err
	}
	b := countryBody{Code: code, Name: ontology.CountryName(code), InText: ontology.CountryInText(code), Adjective: ontology.CountryAdjective(code),
		Pairs: pairRows(pairs, 40), More: max(0, len(pairs)-40), Latest: lines(rows), International: ontology.IsInternational(code)}
	for _, c := range ontology.CodeRows() {
		if c.Code == code {
			b.Rows = append(b.Rows, c)
		}
	}
	n := map[string]int{}
	for _, row := range rows {
		for _, p := range slices.Concat(row.Event.Actor, row.Event.Recipient) {
			if p.Country == code && p.Name != "" {
				n[p.Name]++
			}
		}
	}
	b.People = ranked(n, 16)
	if len(pairs) > 0 && !b.International {
		b.Map = drawMap(pairs, mapPairs)
	}
	if len(pairs) == 0 && len(rows) == 0 {
		return nil, problem(http.StatusNotFound, "The record has nothing on "+b.InText+".", "Search, or begin at the start.")
	}
	return &view{Template: "country", Title: b.Name, Section: "relations", Keep: true, Body: b}, nil
}

func ranked(n map[string]int, most int) (out []counted) {
	for k, v := range n {
		out = append(out, counted{k, v})
	}
	slices.SortFunc(out, func(a, b counted) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out[:min(len(out), most)]
}

type namedBody struct {
	Kind     string // party, place
	Name     string
	Country  string
	Offices  []counted
	Sectors  []string
	Wikidata string
	Places   []rapport.Place
	Total    int
	Skip     int
	Next     int
	Prev     int
	Lines    []line
	Pairs    []pairCounted
	Parties  []counted
	Types    []typeFacet
}

type pairCounted struct {
	rapport.Dyad
	N int
}

func (s *site) party(r *http.Request, parts []string) (*view, error) {
	return s.about(r, parts, record.PartyName, "party")
}

func (s *site) place(r *http.Request, parts []string) (*view, error) {
	return s.about(r, parts, record.PlaceName, "place")
}

// about is the page of a person, body or place.
func (s *site) about(r *http.Request, parts []string, kind record.NameKind, what string) (*view, error) {
	ctx := r.Context()
	id := idOf(r, parts)
	skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
	if skip < 0 || skip > 1_000_000 {
		skip = 0
	}
	rows, n, err := s.Record.About(ctx, kind, id, latestMost, skip)
	if err != nil {
		return nil, err
	}
	if code, ok := ontology.ParseCountry(id); n == 0 && ok && kind == record.PlaceName {
		return &view{Path: "/" + code}, nil // a claim's place may be a whole country, whose page is its own
	}
	if n == 0 {
		return nil, problem(http.StatusNotFound, "No event of the record names "+clean(id)+".", "Search for a part of the name.")
	}
	b := namedBody{Kind: what, Name: clean(id), Total: n, Skip: skip, Lines: lines(rows)}
	if skip+latestMost < n {
		b.Next = skip + latestMost
	}
	b.Prev = max(0, skip-latestMost)
	countries, offices, others, pairs := map[string]int{}, map[string]int{}, map[string]int{}, map[rapport.Dyad]int{}
	for _, row := range rows {
		for _, p := range slices.Concat(row.Event.Actor, row.Event.Recipient) {
			if kind == record.PartyName && p.Name == id {
				countries[p.Country]++
				if p.Office != "" {
					offices[p.Office]++
				}
				if p.Wikidata != "" {
					b.Wikidata = p.Wikidata
				}
				if p.Sector != "" && !slices.Contains(b.Sectors, p.Sector) {
					b.Sectors = append(b.Sectors, p.Sector)
				}
			} else if p.Name != "" {
				others[p.Name]++
			}
		}
		if p := row.Event.Place; kind == record.PlaceName && p != nil && len(b.Places) == 0 {
			b.Places = append(b.Places, *p)
		}
		for _, d := range rapport.Dyads(row.Event.Actor, row.Event.Recipient) {
			pairs[d]++
		}
	}
	if l := ranked(countries, 1); len(l) > 0 {
		b.Country = l[0].Name
	}
	b.Offices, b.Parties = ranked(offices, 6), ranked(others, 10)
	for d, n := range pairs {
		b.Pairs = append(b.Pairs, pairCounted{d, n})
	}
	slices.SortFunc(b.Pairs, func(x, y pairCounted) int {
		if x.N != y.N {
			return y.N - x.N
		}
		return strings.Compare(x.Dyad.String(), y.Dyad.String())
	})
	b.Pairs = b.Pairs[:min(len(b.Pairs), 10)]
	return &view{Template: "named", Title: b.Name, Section: "relations", Keep: true, Body: b}, nil
}

type outletBody struct {
	Name    string
	Total   int
	Reports []outletReport
	Pairs   []pairCounted
	Claims  int
	All     []record.OutletCount // where none is asked for
}

type outletReport struct {
	Report rapport.Report
	Claims int
	Lines  []line
}

// reportsMost is how many reports the page of an outlet lists.
const reportsMost = 40

func (s *site) outlet(r *http.Request, parts []string) (*view, error) {
	ctx := r.Context()
	id := idOf(r, parts)
	if id == "" {
		all, err := s.outlets.get(ctx)
		return &view{Template: "outlet", Title: "Outlets", Section: "relations", Keep: true, Body: outletBody{All: all}}, err
	}
	reports, n, err := s.Record.ReportsOf(ctx, id, reportsMost)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, problem(http.StatusNotFound, "The record has no report of "+clean(id)+".", "Search for a part of the name.")
	}
	b := outletBody{Name: clean(id), Total: n}
	pairs := map[rapport.Dyad]int{}
	for _, rep := range reports {
		claims, err := s.claimsOf(ctx, rep.ID)
		if err != nil {
			return nil, err
		}
		o := outletReport{Report: rep, Claims: len(claims)}
		rel := &relations.Relation{Events: map[string]rapport.Event{}, Claims: map[string]rapport.Claim{}, Reports: map[string]rapport.Report{rep.ID: rep}}
		t := newTeller(rel)
		for _, c := range claims {
			for _, d := range rapport.Dyads(c.Actor, c.Recipient) {
				pairs[d]++
			}
			e := eventOf(c)
			rel.Claims[c.ID], rel.Events[e.ID] = c, e
			if len(o.Lines) < 3 && c.Status == rapport.Actual && c.Confidence > 0.5 {
				o.Lines = append(o.Lines, t.line(relations.Line{Event: e.ID}))
			}
		}
		b.Claims += len(claims)
		b.Reports = append(b.Reports, o)
	}
	for d, n := range pairs {
		b.Pairs = append(b.Pairs, pairCounted{d, n})
	}
	slices.SortFunc(b.Pairs, func(x, y pairCounted) int {
		if x.N != y.N {
			return y.N - x.N
		}
		return strings.Compare(x.Dyad.String(), y.Dyad.String())
	})
	b.Pairs = b.Pairs[:min(len(b.Pairs), 12)]
	return &view{Template: "outlet", Title: b.Name, Section: "relations", Keep: true, Body: b}, nil
}

func (s *site) claimsOf(ctx context.Context, report string) ([]rapport.Claim, error) {
	return s.Record.ClaimsOf(ctx, report)
}

// ruleSays is what is written of a rule, "" where nothing is: many reasons name
// a step of the coder instead.
func (s *site) ruleSays(id string) string {
	if s.Rule == nil {
		return ""
	}
	text, err := s.Rule(id)
	if err != nil {
		return ""
	}
	return text
}

// rule explains a rule of the coder.
func (s *site) rule(r *http.Request, parts []string) (*view, error) {
	id := idOf(r, parts)
	text := s.ruleSays(id)
	if text == "" {
		return nil, problem(http.StatusNotFound, "Nothing is written of the rule "+clean(id)+".", "Reasons of the packages who, when, where and claims name the step that set a field; those of what name a rule that can be read here.")
	}
	return &view{Template: "text", Title: "Rule " + id, Body: map[string]string{"Kind": "A rule of the coder", "Name": id, "Text": text}}, nil
}

// code explains a code of the code books.
func (s *site) code(r *http.Request, parts []string) (*view, error) {
	id := idOf(r, parts)
	if id == "" {
		return &view{Template: "codes", Title: "Code book", Section: "code", Keep: true, Body: ontology.Types()}, nil
	}
	text, err := ontology.Explain(id)
	if err != nil {
		return nil, problem(http.StatusNotFound, "There is no code "+clean(id)+".", "Types are listed under /code.")
	}
	return &view{Template: "text", Title: "Code " + id, Section: "code", Body: map[string]string{"Kind": "A code", "Name": id, "Text": text}}, nil
}

// login is the form to log in; whoever keeps the accounts answers its post.
func (s *site) login(r *http.Request, _ []string) (*view, error) {
	next := r.URL.Query().Get("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.HasPrefix(next, "/\\") {
		next = "/"
	}
	return &view{Template: "login", Title: "Log in", Body: map[string]any{"Next": next, "Failed": r.URL.Query().Has("failed")}}, nil
}
