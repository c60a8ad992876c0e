package claims

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/ontology"
	"rapport/internal/who"
)

// Official texts seldom say in their sentences whose they are: "the Minister
// thanked", "our country". Their heads do: letterhead, title and signature name
// the organ that issues the text, or its organ and the city it writes from.

// issuer is whose text a report is, as its head tells.
type issuer struct {
	party rapport.Party // Country "" where the head does not tell
	joint bool          // issued by several together
}

//go:embed data/issuers.tsv
var issuerTable string

// issuerWords maps the words of letterheads to their kinds.
var issuerWords = sync.OnceValue(func() map[string]map[string]bool {
	m := map[string]map[string]bool{}
	for _, line := range strings.Split(issuerTable, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		kind, words, _ := strings.Cut(line, "\t")
		m[kind] = map[string]bool{}
		for _, w := range strings.Fields(words) {
			m[kind][w] = true
		}
	}
	return m
})

const (
	headingLines = 6  // of a report, of which a letterhead is one
	signingLines = 3  // at its end
	nameWords    = 16 // the most words that the name of an organ has
)

// findIssuer reads the report's letterhead, the title above its text and the
// signature below it.
func (r *reading) findIssuer() issuer {
	var found []rapport.Party
	organ, seat := false, "" // one is named, but not of which state; the state of the city it writes from
	for _, line := range r.headings() {
		if r.tells(line) {
			continue
		}
		beside := false // an organ stands in this line
		for _, part := range parted(r.rep.Text[line.Start:line.End]) {
			ps, known := r.organs(part)
			switch {
			case len(ps) > 0:
				found = append(found, ps...)
			case joint(part):
				return issuer{joint: true}
			case known:
				organ, beside = true, true
			case seat == "":
				seat = r.seat(part, beside)
			}
		}
		if len(countriesOf(found)) > 1 && isState(found[0].Country) && isState(found[1].Country) { // "Statement by the President of Peru, the Prime Minister of Chile"
			return issuer{joint: true}
		}
		if len(found) > 0 {
			return issuer{party: found[0]}
		}
	}
	if organ && seat != "" { // "Ministry of Foreign Affairs, Lilongwe"
		return issuer{party: rapport.Party{Country: seat, Sector: "GOV"}}
	}
	return issuer{}
}

// headings returns the lines above the report's first sentence, and those below
// its last.
func (r *reading) headings() []rapport.Span {
	var lines []rapport.Span
	text := r.rep.Body()
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if strings.TrimSpace(text[at:end]) != "" {
			lines = append(lines, rapport.Span{Start: at, End: end})
		}
		at = end + 1
	}
	var out []rapport.Span
	top := 0
	for ; top < len(lines) && top < headingLines; top++ {
		l := lines[top]
		if prose(text[l.Start:l.End]) {
			if d := r.rep.Dateline; d.Start >= l.Start && d.End <= l.End && d.Len() > 0 {
				out = append(out, d)
			}
			break
		}
		out = append(out, l)
	}
	for k := len(lines) - 1; k > top && k >= len(lines)-signingLines; k-- {
		l := lines[k]
		if prose(text[l.Start:l.End]) {
			break
		}
		out = append(out, l)
	}
	return out
}

// prose tells running text from a heading.
func prose(line string) bool {
	words := strings.Fields(line)
	if len(words) < 9 {
		return false
	}
	return len(words) > 40 || strings.ContainsAny(line[len(strings.TrimRight(line, `"'”’»)] `))-1:], ".!?:;")
}

// tells reports whether a heading holds a finite verb: it is a headline that
// tells news.
func (r *reading) tells(line rapport.Span) bool {
	for si := range r.doc.Sentences {
		s := &r.doc.Sentences[si]
		if s.Start >= line.End {
			break
		}
		if !s.Overlaps(line) {
			continue
		}
		for i := range s.Tokens {
			if tok := &s.Tokens[i]; line.Contains(tok.Span) && finite(tok) {
				return true
			}
		}
	}
	return false
}

func finite(tok *language.Token) bool {
	if tok.UPOS != "VERB" && tok.UPOS != "AUX" {
		return false
	}
	switch tok.XPOS {
	case "VBZ", "VBD", "VBP", "MD":
		return tok.Form != strings.ToUpper(tok.Form) // a heading in capitals is mistagged too often
	}
	return false
}

// parting are the marks between the parts of a heading.
var parting = regexp.MustCompile(`\s*(?:[—–―]|\s-\s|[,;:|()]|\s/\s)\s*`)

// parted takes a heading apart into the names, places, days and titles it holds.
func parted(line string) []string {
	var out []string
	for _, p := range parting.Split(line, -1) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// organs reads part of a heading as the names of organs: "Ministry of Foreign
// Affairs of the Republic of Armenia", "Statement by the Spokesperson of". known
// tells one whose state its words do not name.
func (r *reading) organs(part string) (ps []rapport.Party, known bool) {
	words := issuerWords()
	fs := strings.Fields(part)
	office, mission := false, -1
	for i, w := range fs {
		l := strings.ToLower(strings.Trim(w, ".’'\"“”"))
		if words["joint"][l] {
			return nil, false
		}
		if words["topic"][l] {
			fs = fs[:i]
			break
		}
		office = office || words["organ"][l] || words["mission"][l]
		if words["mission"][l] && mission < 0 {
			mission = i
		}
	}
	if len(fs) == 0 || len(fs) > nameWords {
		return nil, false
	}
	for _, w := range fs { // what else is written small is no name
		l := strings.Trim(w, ".’'\"“”")
		if c, _ := utf8.DecodeRuneInString(l); unicode.IsLower(c) && !words["genre"][l] && !words["organ"][l] && !words["mission"][l] && !small[l] {
			return nil, false
		}
	}
	if mission > 0 && mission+1 < len(fs) && !strings.EqualFold(fs[mission+1], "of") {
		fs = fs[:mission+1] // "U.S. Embassy Tripoli": sent by the first
	}
	p, ok := r.issues(strings.Join(fs, " "), office)
	if !ok {
		return nil, office
	}
	ps = append(ps, p)
	for i, w := range fs {
		if strings.EqualFold(w, "and") && isState(p.Country) { // "Foreign Ministers of Ireland and Botswana"
			if q, sure, ok := who.Named(strings.Join(fs[i+1:], " "), r.rep.Published); ok && sure >= 0.8 && isState(q.Country) && q.Country != p.Country {
				ps = append(ps, q)
			}
		}
	}
	return ps, true
}

// issues reads a name as that of an organ; office tells that its words hold one.
func (r *reading) issues(name string, office bool) (rapport.Party, bool) {
	p, sure, ok := who.Named(name, r.rep.Published)
	switch {
	case !ok || p.Country == "" || sure < 0.8:
		return p, false
	case isState(p.Country):
		ok = office && stateSectors[p.Sector] || p.Sector == "LEG" || p.Sector == "GOV" && p.Name != "" && p.Office == ""
		return rapport.Party{Country: p.Country, Sector: "GOV"}, ok
	}
	switch p.Country {
	case "NGO", "MNC", "IMG", "ISM":
		return p, false
	}
	return rapport.Party{Country: p.Country, Name: p.Name}, true
}

// stateSectors are the sectors of the organs of a state.
var stateSectors = map[string]bool{"GOV": true, "LEG": true, "MIL": true, "JUD": true, "COP": true}

// small are the words within names that are written small.
var small = map[string]bool{"of": true, "the": true, "for": true, "and": true, "by": true, "in": true, "at": true, "to": true, "de": true, "la": true, "del": true, "do": true, "da": true, "des": true, "et": true, "its": true, "behalf": true}

func joint(part string) bool {
	for _, w := range strings.Fields(strings.ToLower(part)) {
		if issuerWords()["joint"][w] {
			return true
		}
	}
	return false
}

// seat returns the state that a city named alone is the capital of, or that is
// named itself beside an organ: "Ministry of Foreign Affairs, Singapore".
func (r *reading) seat(part string, beside bool) string {
	if len(strings.Fields(part)) > 3 {
		return ""
	}
	if _, ok := ontology.ParseCountry(part); ok && !beside {
		return "" // the heading of a part
	}
	if p, sure, ok := who.Named(part, r.rep.Published); ok && sure >= 0.8 && isState(p.Country) && p.Name == "" && p.Sector == "GOV" {
		return p.Country
	}
	return ""
}

// ours returns the party that "we" and "our country" mean where nobody is told to
// speak: whose text the report is, nil where that is not told.
func (r *reading) ours() *rapport.Party {
	switch c := r.issuer.party.Country; {
	case c != "" && !isState(c):
		p := r.issuer.party
		return &p
	case r.homeTold && isState(r.home):
		return &rapport.Party{Country: r.home, Sector: "GOV"}
	}
	return nil
}
