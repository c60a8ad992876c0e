package actors

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rapport"
)

// Service is the Wikidata Query Service.
const Service = "https://query.wikidata.org/sparql"

// Query asks a SPARQL service for the heads of state, heads of government,
// foreign and defence ministers of all states.
type Query struct {
	URL    string       // Service, or another with Wikidata's data
	Since  rapport.Date // terms that ended before are left out; empty: 1990
	Agent  string       // User-Agent header, which the service asks for
	Client *http.Client // nil: one that waits three minutes
}

// maxAnswer is the longest answer that is read.
const maxAnswer = 256 << 20

// sparql finds terms of office by the class of the position: head of state,
// head of government, foreign minister, defence minister.
const sparql = `SELECT ?person ?personLabel ?positionLabel ?state ?start ?startPrecision ?end ?endPrecision ?died WHERE {
  VALUES ?class { wd:Q48352 wd:Q2285706 wd:Q7330070 wd:Q26204040 }
  ?position wdt:P279* ?class .
  ?position wdt:P1001 ?state .
  ?person p:P39 ?term .
  ?term ps:P39 ?position ; pqv:P580 ?s .
  ?s wikibase:timeValue ?start ; wikibase:timePrecision ?startPrecision .
  OPTIONAL { ?term pqv:P582 ?e . ?e wikibase:timeValue ?end ; wikibase:timePrecision ?endPrecision }
  OPTIONAL { ?person wdt:P570 ?died }
  FILTER(!BOUND(?end) || ?end >= "%s"^^xsd:dateTime)
  SERVICE wikibase:label { bd:serviceParam wikibase:language "en,mul" }
}`

// answer is a SPARQL 1.1 query result in JSON.
type answer struct {
	Results struct {
		Bindings []map[string]struct {
			Value string `json:"value"`
		} `json:"bindings"`
	} `json:"results"`
}

// Terms asks the service and returns the terms sorted by country, name and
// beginning. skipped counts answers that the tables cannot hold.
func (q *Query) Terms(ctx context.Context) (terms []Term, skipped int, err error) {
	since := "1990-01-01T00:00:00Z"
	if q.Since != "" {
		first, _, ok := q.Since.Bounds()
		if !ok || first.IsZero() {
			return nil, 0, &rapport.Error{Kind: rapport.Usage, What: fmt.Sprintf("%q is no day to begin from", q.Since), Try: "2020-01-01"}
		}
		since = first.UTC().Format(time.RFC3339)
	}
	raw, err := q.ask(ctx, fmt.Sprintf(sparql, since))
	if err != nil {
		return nil, 0, err
	}
	return parseAnswer(raw, q.URL)
}

func (q *Query) ask(ctx context.Context, query string) ([]byte, error) {
	fault := func(what string, err error) error {
		kind := rapport.BadInput
		if ctx.Err() != nil {
			kind = rapport.Stopped
		}
		return &rapport.Error{Kind: kind, Where: q.URL, What: what, Err: err, Try: "again later, or rapport actors import with a dump"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, q.URL, strings.NewReader(url.Values{"query": {query}}.Encode()))
	if err != nil {
		return nil, &rapport.Error{Kind: rapport.Usage, Where: q.URL, What: "is no address", Err: err}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/sparql-results+json")
	if q.Agent != "" {
		req.Header.Set("User-Agent", q.Agent)
	}
	client := q.Client
	if client == nil {
		client = &http.Client{Timeout: 3 * time.Minute}
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, fault("cannot be reached", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fault("answers "+res.Status, nil)
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, fault("broke off", err)
	}
	if len(raw) > maxAnswer {
		return nil, fault(fmt.Sprintf("answers more than %d bytes", maxAnswer), nil)
	}
	return raw, nil
}

func parseAnswer(raw []byte, where string) (terms []Term, skipped int, err error) {
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, 0, &rapport.Error{Kind: rapport.BadInput, Where: where, What: "answers no SPARQL result in JSON", Err: err}
	}
	seen := map[string]bool{}
	for _, b := range a.Results.Bindings {
		item := func(k string) string { return b[k].Value[strings.LastIndexByte(b[k].Value, '/')+1:] }
		date := func(k string) rapport.Date {
			precision := 11
			fmt.Sscan(b[k+"Precision"].Value, &precision) // none told: a day
			return dateOf(b[k].Value, precision)
		}
		state, id, name := stateOf([]string{item("state")}), item("person"), clean(b["personLabel"].Value)
		if !isItem(id) || name == "" || name == id {
			skipped++
			continue
		}
		p, ok := positionOf("", clean(b["positionLabel"].Value), state)
		from, to := date("start"), date("end")
		if to == "" {
			to = date("died")
		}
		if !ok || from == "" || backwards(from, to) {
			skipped++
			continue
		}
		t := Term{Country: p.Country, Name: name, Office: p.Office, Sector: p.Sector, From: from, To: to, Wikidata: id}
		if r := t.row(); !seen[r] {
			seen[r] = true
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return strings.Compare(a.Country+"\x00"+a.Name+"\x00"+string(a.From)+"\x00"+a.Office, b.Country+"\x00"+b.Name+"\x00"+string(b.From)+"\x00"+b.Office)
	})
	return terms, skipped, nil
}

// Update asks the service and writes the answer into the user's tables of dir,
// over that of an earlier update.
func (q *Query) Update(ctx context.Context, dir string) (Count, error) {
	terms, skipped, err := q.Terms(ctx)
	n := Count{Read: len(terms) + skipped, Skipped: skipped}
	if err != nil {
		return n, err
	}
	if len(terms) == 0 {
		return n, &rapport.Error{Kind: rapport.BadInput, Where: q.URL, What: "answers no term of office", Try: "an earlier --since"}
	}
	t, err := newTable(dir, "persons", "wikidata-update", "asked of the Wikidata Query Service (CC0)", personHeader)
	if err != nil {
		return n, err
	}
	for i := range terms {
		n.Terms++
		t.w.WriteString(terms[i].row())
	}
	return n, t.close(true)
}
