package briefs

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/relations"
)

//go:embed data/acts.tsv
var actsTSV string

//go:embed data/sectors.tsv
var sectorsTSV string

// act is one row of data/acts.tsv.
type act struct {
	event, mode, cameo, about string
	cue                       string
	past, base, mutual, mbase string
	joint, jbase              string // where mutual says "each other": those who act on nobody told
	quote, states             bool
}

var acts = sync.OnceValue(func() (out []act) {
	for line := range strings.Lines(actsTSV) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if line[0] == '#' {
			continue
		}
		for i := range f {
			if f[i] == "-" {
				f[i] = ""
			}
		}
		a := act{cameo: f[1], about: f[2], cue: f[3], past: f[4], base: f[5], mutual: f[6], mbase: f[7],
			quote: strings.Contains(f[8], "q"), states: strings.Contains(f[8], "s")}
		a.event, a.mode, _ = strings.Cut(f[0], ":")
		a.mutual, a.joint, _ = strings.Cut(a.mutual, "|")
		a.mbase, a.jbase, _ = strings.Cut(a.mbase, "|")
		if a.mutual == "=" {
			a.mutual = without(a.past)
		}
		if a.mbase == "=" {
			a.mbase = without(a.base)
		}
		out = append(out, a)
	}
	return out
})

// unknown tells an act that the table has no row for: a code of tomorrow.
var unknown = act{past: "acted towards {R}", base: "act towards {R}", mutual: "acted together", mbase: "act together", quote: true}

// without drops the recipient and the preposition before it from a template:
// "held talks with {R}" → "held talks".
func without(template string) string {
	before, after, ok := strings.Cut(template, "{R}")
	if !ok {
		return template
	}
	before = strings.TrimRight(before, " ")
	if cut := strings.LastIndexByte(before, ' '); cut > 0 && preposition(before[cut+1:]) {
		before = before[:cut]
	}
	return strings.TrimRight(before, ",") + after
}

func preposition(w string) bool {
	return slices.Contains([]string{"with", "to", "from", "against", "for", "of", "on", "at", "towards", "into", "between", "before"}, w)
}

// actOf returns the row that fits an event told in these words most closely:
// a row with a cue before the one without, unless the words hold two cues.
func actOf(e *rapport.Event, words string) act {
	best, points := unknown, -1
	var cued []act
	cuePoints := 0
	for _, a := range acts() {
		if a.event != e.Event || a.mode != "" && a.mode != e.Mode || !strings.HasPrefix(e.CAMEO, a.cameo) || !aboutFits(a.about, e.About) {
			continue
		}
		p := a.closeness()
		switch {
		case a.cue == "" && p > points:
			best, points = a, p
		case a.cue != "" && hasCue(words, a.cue) && p >= cuePoints:
			if p > cuePoints {
				cued, cuePoints = nil, p
			}
			cued = append(cued, a)
		}
	}
	if len(cued) == 1 && cuePoints >= points {
		return cued[0]
	}
	return best
}

// closeness ranks the rows that fit an event.
func (a act) closeness() int {
	p := 10*len(a.cameo) + 2*len(a.about)
	if a.mode != "" {
		p += 1000
	}
	if a.about != "" {
		p += 200
	}
	return p
}

func aboutFits(row, about string) bool {
	return row == "" || row == about || strings.HasPrefix(about, row+":")
}

// hasCue reports whether a text holds a cue of data/acts.tsv.
func hasCue(text, cue string) bool {
	for _, c := range strings.Split(cue, ";") {
		c, not, excludes := strings.Cut(c, "!")
		if excludes && relations.Says(text, not) {
			continue
		}
		if !slices.ContainsFunc(strings.Split(c, "+"), func(w string) bool { return !relations.Says(text, w) }) {
			return true
		}
	}
	return false
}

// act returns the row for an event by the words of the claim that tells it
// best.
func (p *page) act(e *rapport.Event) act {
	c := p.r.Claims[p.teller(e)]
	return actOf(e, told(&c))
}

// sentence tells an event in one sentence without its full stop, and marks it
// where a party is a guess.
func (p *page) sentence(e *rapport.Event) string {
	s := p.bare(e)
	if p.inferred(e) {
		s += inferredMark
	}
	return s
}

// guesses are the rules, by the beginning of their ids, that fill in a party
// which no word of the clause names.
var guesses = []string{"claims/recipient.", "claims/anaphor", "claims/pair"}

// inferred reports whether the actor or the recipient of an event is a guess
// in every claim that tells it.
func (p *page) inferred(e *rapport.Event) bool {
	is, ok := p.inf[e.ID]
	if !ok {
		is = p.guessed(e, "actor") || p.guessed(e, "recipient")
		p.inf[e.ID] = is
	}
	return is
}

// guessed reports whether, in every claim of an event, only rules that guess
// speak for a field.
func (p *page) guessed(e *rapport.Event, field string) bool {
	for _, id := range e.Claims {
		guess, other := false, false
		for _, r := range p.r.Claims[id].Reasons {
			if r.Field == field {
				g := slices.ContainsFunc(guesses, func(g string) bool { return strings.HasPrefix(r.Rule, g) })
				guess, other = guess || g, other || !g
			}
		}
		if other || !guess {
			return false
		}
	}
	return true
}

// bare is sentence without a word on how its parties are known.
func (p *page) bare(e *rapport.Event) string {
	a := p.act(e)
	subject, plural := parties(e.Actor, a.states)
	recipient, _ := parties(inland(e), a.states)
	past, base := a.past, a.base
	switch {
	case e.Event == "CONSULT" && e.Mode == "visit" && named(e.Recipient):
		past, base = p.received(e)
		recipient, _ = parties(countriesOnly(e.Recipient), true)
	case recipient == "" && a.joint != "" && !(len(e.Actor) > 1 && relations.Reciprocal(p.words(e))):
		past, base = a.joint, a.jbase
	case recipient == "" && len(e.Actor) > 1, len(e.Actor) > 1 && sameCountries(e.Actor, e.Recipient):
		past, base = a.mutual, a.mbase
	case recipient == "": // "exchanged visits" takes two
		past, base = without(a.past), without(a.base)
	}
	if plural {
		past, base = theirs(past), theirs(base)
	}
	verb := past
	switch e.Status {
	case rapport.Negated:
		verb = "did not " + base
	case rapport.Hypothetical:
		verb = "might " + base
	case rapport.Future:
		verb = "is to " + base
		if plural {
			verb = "are to " + base
		}
	}
	verb = strings.Replace(verb, "did not be ", "was not ", 1)
	if before, after, ok := strings.Cut(verb, "{T}"); ok {
		verb = before + p.instrument(e) + after
	}
	if named(e.Recipient) {
		verb = strings.Replace(verb, "the envoy of {R}", "{R}", 1)
	}
	town := placeOf(e)
	if town != "" && e.Event == "CONSULT" && e.Mode == "visit" && only(e.Recipient) == e.Place.Country {
		recipient, town = town+" ("+ontology.CountryName(e.Place.Country)+")", ""
	}
	s := subject + " " + strings.Replace(verb, "{R}", recipient, 1)
	if town != "" && !a.states && !speech(e) && !strings.Contains(s, town) {
		s += " in " + withThe(town)
	}
	return s
}

// speech reports whether an act is mere words: where they were spoken tells a
// reader little, and their place is easily taken for what they were about.
func speech(e *rapport.Event) bool {
	switch e.Event {
	case "SUPPORT":
		return strings.HasPrefix(e.CAMEO, "051") || strings.HasPrefix(e.CAMEO, "052") || strings.HasPrefix(e.CAMEO, "053")
	case "ACCUSE", "REQUEST", "REJECT", "THREATEN":
		return true
	}
	return false
}

// withThe gives the name of a sea, strait or group of islands its article.
func withThe(place string) string {
	last := place[strings.LastIndexByte(place, ' ')+1:]
	first, _, _ := strings.Cut(place, " ")
	if slices.Contains([]string{"Sea", "Ocean", "Strait", "Gulf", "Islands", "Peninsula", "Mediterranean", "Canal", "River", "Desert", "Mountains"}, last) && last != place ||
		(first == "Strait" || first == "Gulf" || first == "Sea") && first != place {
		return "the " + place
	}
	return place
}

// placeOf returns where an event took place, "" where only the country is
// told.
func placeOf(e *rapport.Event) string {
	if e.Place == nil || e.Place.Resolution == 1 || e.Place.Name == ontology.CountryName(e.Place.Country) {
		return ""
	}
	return plain(e.Place.Name)
}

// only returns the country of a list of parties that are all of one.
func only(ps []rapport.Party) string {
	if len(ps) == 0 || slices.ContainsFunc(ps, func(p rapport.Party) bool { return p.Country != ps[0].Country }) {
		return ""
	}
	return ps[0].Country
}

// sameCountries reports whether both lists are of the same countries: "each
// other".
func sameCountries(a, b []rapport.Party) bool {
	in := func(p rapport.Party, ps []rapport.Party) bool {
		return slices.ContainsFunc(ps, func(q rapport.Party) bool { return q.Country == p.Country })
	}
	return !slices.ContainsFunc(a, func(p rapport.Party) bool { return !in(p, b) }) &&
		!slices.ContainsFunc(b, func(p rapport.Party) bool { return !in(p, a) })
}

// received tells a visit whose host is named: "visited Morocco, received by
// Mohammed VI".
func (p *page) received(e *rapport.Event) (past, base string) {
	var hosts []string
	for _, h := range e.Recipient {
		if h.Name != "" {
			hosts = append(hosts, h.Name)
		}
	}
	if e.Status == rapport.Negated {
		who, _ := parties(e.Recipient, false)
		return "was received by " + who, "be received by " + who
	}
	return "visited {R}, received by " + list(hosts), "visit {R}, received by " + list(hosts)
}

func named(ps []rapport.Party) bool {
	return slices.ContainsFunc(ps, func(p rapport.Party) bool { return p.Name != "" })
}

// inland returns the recipients, the government of the actor's own country
// marked so that it is not told as the country.
func inland(e *rapport.Event) []rapport.Party {
	out := slices.Clone(e.Recipient)
	for i, r := range out {
		if r.Name == "" && (r.Sector == "GOV" || r.Sector == "") && len(e.Actor) > 0 && !slices.ContainsFunc(e.Actor, func(a rapport.Party) bool { return a.Country != r.Country }) {
			out[i].Sector = "OWN"
		}
	}
	return out
}

var their = strings.NewReplacer("its ambassador", "their ambassadors", "its envoy", "their envoys")

// theirs turns a template to several actors: "recalled its ambassador".
func theirs(s string) string {
	return their.Replace(s)
}

// instrument returns the words that a signing is told with; where reports
// differ on the number of texts, with each number: "19 or 24 agreements".
func (p *page) instrument(e *rapport.Event) string {
	for _, d := range p.differ[e.ID] {
		if unit, ok := strings.CutPrefix(d.Field, "number of "); ok && relations.Instrument(unit) != "" {
			var numbers []string
			for _, v := range d.Value {
				words, _ := strings.CutSuffix(p.value(d.Field, v.Value, v.Claims[0]), " "+unit)
				numbers = append(numbers, words)
			}
			if strings.ContainsAny(strings.Join(numbers, ""), "0123456789") { // "19 or 24", not "19 or twenty-four"
				for i, v := range d.Value {
					if _, err := strconv.Atoi(v.Value); err == nil && !strings.Contains(numbers[i], " ") {
						numbers[i] = v.Value
					}
				}
			}
			return strings.Join(numbers, " or ") + " " + unit
		}
	}
	var cs []rapport.Claim
	for _, id := range e.Claims {
		cs = append(cs, p.r.Claims[id])
	}
	best := relations.Title(cs)
	if best == "" {
		return "an agreement"
	}
	if r, n := utf8.DecodeRuneInString(best); unicode.IsUpper(r) && n < len(best) && best[n] >= 'a' && best[n] <= 'z' || strings.HasPrefix(best, "A ") {
		best = string(unicode.ToLower(r)) + best[n:] // it began its sentence
	}
	return plain(best)
}

// parties tells who acts or is acted on: named persons with their country,
// bodies by name, states by name.
func parties(ps []rapport.Party, states bool) (words string, plural bool) {
	var out []string
	for _, p := range ps {
		w, pl := partyWords(p, states)
		if !slices.Contains(out, w) {
			out = append(out, w)
			plural = plural || pl
		}
	}
	return list(out), plural || len(out) > 1
}

func partyWords(p rapport.Party, state bool) (words string, plural bool) {
	switch {
	case state && !ontology.IsInternational(p.Country):
		return ontology.CountryInText(p.Country), false
	case p.Name != "" && ontology.IsInternational(p.Country):
		return theBody(plain(p.Name)), false
	case p.Name != "":
		return theBody(plain(p.Name)) + " (" + ontology.CountryName(p.Country) + ")", false
	case ontology.IsInternational(p.Country):
		return ontology.CountryInText(p.Country), false
	}
	if w, ok := sectors()[p.Sector]; ok {
		return strings.Replace(strings.Replace(w.words, "{A}", ontology.CountryAdjective(p.Country), 1), "{C}", ontology.CountryInText(p.Country), 1), w.plural
	}
	return ontology.CountryInText(p.Country), false
}

type sectorWords struct {
	words  string
	plural bool
}

var sectors = sync.OnceValue(func() map[string]sectorWords {
	m := map[string]sectorWords{}
	for line := range strings.Lines(sectorsTSV) {
		if f := strings.Split(strings.TrimRight(line, "\n"), "\t"); line[0] != '#' {
			m[f[0]] = sectorWords{f[1], f[2] == "p"}
		}
	}
	return m
})

// theBody gives a body's name its article: "the League of Arab States".
func theBody(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || strings.EqualFold(words[0], "the") {
		return name
	}
	head := words[len(words)-1]
	if i := slices.Index(words, "of"); i > 0 {
		head = words[i-1]
	}
	if slices.Contains(bodyHeads, head) {
		return "the " + name
	}
	return name
}

var bodyHeads = []string{
	"Organization", "Organisation", "League", "Union", "Council", "Front", "Party", "Commission", "Agency", "Bank", "Fund", "Community", "Court",
	"Parliament", "Assembly", "Movement", "Alliance", "Committee", "Ministry", "Secretariat", "Senate", "Congress", "Commonwealth", "Army",
	"Guard", "Brigades", "Forces", "Nations", "Treaty", "Association", "Federation", "Group", "Conference", "Programme", "Authority", "Office",
}

func countriesOnly(ps []rapport.Party) []rapport.Party {
	out := slices.Clone(ps)
	for i := range out {
		out[i].Name, out[i].Sector = "", "GOV"
	}
	return out
}

func list(ws []string) string {
	if len(ws) < 2 {
		return strings.Join(ws, "")
	}
	return strings.Join(ws[:len(ws)-1], ", ") + " and " + ws[len(ws)-1]
}

// capital returns s with an upper-case first letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// told returns the words of a claim's sentence that tell its act.
func told(c *rapport.Claim) string {
	t := relations.Told(c)
	return c.Evidence.Text[t.Start-c.Evidence.Start : t.End-c.Evidence.Start]
}

// tokenised takes out the blanks that tokenised text has.
var tokenised = strings.NewReplacer(" ,", ",", " .", ".", " ;", ";", "“ ", "“", " ”", "”")

// quoted returns what a line quotes of a claim: its sentence, of a long one the
// words that tell its act, at most so many bytes; the spaces of tokenised text
// and outer quotation marks taken off.
func quoted(c *rapport.Claim, most int) string {
	whole := *c
	whole.Reasons = nil
	text := told(&whole)
	s, before := text, ""
	if len(text) > most*3/4 {
		if s = told(c); !strings.HasPrefix(text, s) {
			before = "… "
		}
	}
	s = strings.Join(strings.Fields(s), " ")
	s = inner.Replace(tokenised.Replace(s))
	s = strings.TrimLeft(strings.Trim(s, " ,;–—"), "•*·-– ")
	if n := strings.TrimLeft(s, "0123456789"); len(s)-len(n) <= 2 && n != s && (strings.HasPrefix(n, ". ") || strings.HasPrefix(n, ") ")) {
		s = n[2:] // the number of an item in a list
	}
	if !strings.Contains(s, "‘") && slices.ContainsFunc([]string{".’", ",’", "!’", "?’"}, func(end string) bool { return strings.HasSuffix(s, end) }) {
		s = strings.TrimSuffix(s, "’") // it closes what an earlier sentence opened
	}
	if strings.HasPrefix(s, "‘") && strings.Count(s, "‘") > strings.Count(s, "’") || strings.HasPrefix(s, "‘") && strings.HasSuffix(s, "’") {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "‘"), "’")
	}
	if len(s) > most {
		cut := strings.LastIndexByte(s[:most], ' ')
		if cut < 0 {
			for cut = most; !utf8.RuneStart(s[cut]); {
				cut--
			}
		}
		s = strings.TrimRight(s[:cut], ",;") + " …"
	}
	return before + s
}
