// Package claims codes a report: it joins what was done (package what) with
// who did it (who), when and where, finds on whose word the report tells it,
// resolves references across sentences, and gives each claim its reasons.
//
// [Coder.Code] is its one door; [Coder.Explain] tells how a sentence was read.
//
// The passes, in order: read the text (language), the parties, dates, places
// and acts of all sentences; find quotations and attributions; then sentence
// by sentence fill each act's slots, give it status, date and place, and keep
// the discourse (who was spoken of last) for the sentences that follow; last,
// join the tellings of one act into one claim. The parsed text is never
// altered after the first pass.
package claims

import (
	"fmt"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/ontology"
	"rapport/internal/what"
	"rapport/internal/when"
	"rapport/internal/where"
	"rapport/internal/who"
)

// version names the coder in every claim; it changes when the same report may
// be coded differently.
const version = "rapport 0.1"

// Coder codes reports. It holds no state between reports and may be used by
// many goroutines.
type Coder struct{}

// New returns a coder over the embedded model, tables and rules, which are
// loaded at first use.
func New() *Coder { return &Coder{} }

// Version returns the name of the coder as it stands in claims.
func (c *Coder) Version() string { return version }

// Result is what was coded from one report.
type Result struct {
	Claims []rapport.Claim
	Notes  []string // why there is less than one might expect: "language: az, not coded"
}

// Code returns the claims of rep in the order of their evidence. The same
// report gives the same bytes on every machine.
func (c *Coder) Code(rep *rapport.Report) (Result, error) {
	if rep.Language != "" && !strings.HasPrefix(rep.Language, "en") {
		return Result{Notes: []string{fmt.Sprintf("language: %s, not coded", rep.Language)}}, nil
	}
	r := read(rep)
	out := r.finish()
	res := Result{Claims: out}
	if len(out) == 0 {
		res.Notes = append(res.Notes, r.emptyNote())
	}
	return res, nil
}

// finish codes all sentences, joins the tellings of one act and gives each claim
// its id.
func (r *reading) finish() []rapport.Claim {
	for si := range r.doc.Sentences {
		r.codeSentence(si)
	}
	return r.finishDrafts()
}

// finishDrafts joins the drafts into claims.
func (r *reading) finishDrafts() []rapport.Claim {
	hash := r.rep.Hash
	if hash == "" {
		hash = rapport.HashText(r.rep.Text)
	}
	seen := map[string]bool{}
	var kept []rapport.Claim
	for _, c := range r.join() {
		c.Coder = version
		c.SetID(hash)
		if !seen[c.ID] { // nothing but the rule tells two apart: one claim
			seen[c.ID] = true
			kept = append(kept, c)
		}
	}
	return kept
}

// A reading is one report in the making.
type reading struct {
	rep      *rapport.Report
	doc      *language.Doc
	trees    []*language.Tree
	acts     [][]what.Act
	cast     *who.Cast
	dates    [][]when.Expr
	ownDay   []int // see namesOwnDay
	places   [][]where.Mention
	speech   [][]speech // per sentence: speech verbs with their content
	said     [][]int    // per sentence and token: index into speech, -1
	quotes   []quotation
	home     string // country the report is told from
	homeTold bool   // by letterhead, dateline or outlet, not guessed
	issuer   issuer // whose text it is, as its head tells
	focus    map[string]int
	talk     discourse
	drafts   []draft
	left     []draft                 // found, but not told as acts
	bySent   map[int][]int           // drafts of a sentence
	nested   int                     // depth of reference resolution
	labels   map[int]transcriptLabel // who speaks, of a transcript; nil until asked for

	lastSpeaker *rapport.Party // the last named person heard

	weights      scorer                                    // of recipients
	actorWeights scorer                                    // of unsaid actors
	toldWeights  scorer                                    // of acts found
	onDraft      func(si, k int, d *draft, signs []string) // for training, else nil
	onDate       func(si, k int, g *datings)
	dateWeights  scorer
	onActor      func(si, k int, cs []candidate)                                   // for training, else nil
	onChoice     func(si int, a *what.Act, actors []rapport.Party, cs []candidate) // for training, else nil
}

func read(rep *rapport.Report) *reading {
	r := &reading{rep: rep, doc: language.Parse(rep.Body()), bySent: map[int][]int{}, weights: recipients(), actorWeights: actorWeights(), dateWeights: dateWeights(), toldWeights: tellings()}
	r.cast = who.Read(r.doc, rep.Published)
	r.dropMoney()
	r.dates = when.Read(r.doc, rep.Published, rep.Dateline)
	r.trees = make([]*language.Tree, len(r.doc.Sentences))
	for i := range r.doc.Sentences {
		r.trees[i] = language.NewTree(&r.doc.Sentences[i])
	}
	r.findHome()
	r.places = where.Read(r.doc, r.home)
	r.acts = make([][]what.Act, len(r.doc.Sentences))
	for i := range r.doc.Sentences {
		r.acts[i] = what.Acts(&r.doc.Sentences[i], r.namer(i))
	}
	r.findQuotes()
	r.findSpeech()
	return r
}

// namer tells whom the words of sentence si name, as far as their own words do.
func (r *reading) namer(si int) what.Namer {
	return func(i int) (country, sector string) {
		m := r.mention(si, i)
		if m == nil || len(m.Parties) == 0 || m.Kind == who.Unknown {
			return "", ""
		}
		p := m.Parties[0]
		if p.Country == "" {
			return "role", p.Sector
		}
		return p.Country, p.Sector
	}
}

// dropMoney takes out demonyms that name a currency or a continent: "4.7 million
// US dollars", "the South American giant".
func (r *reading) dropMoney() {
	for si, ms := range r.cast.Mentions {
		ts := r.doc.Sentences[si].Tokens
		r.cast.Mentions[si] = slices.DeleteFunc(ms, func(m who.Mention) bool {
			if m.Kind != who.Adjective {
				return false
			}
			if m.Last < len(ts) && currencies[ts[m.Last].Lemma] {
				return true
			}
			return m.First > 0 && continents[ts[m.First-1].Form] // "South American giant"
		})
	}
}

var continents = lexicon.Words("continents")

var currencies = lexicon.Words("currencies")

// findHome tells the country that the report is told from: that of the organ
// whose text it is, its dateline's, else the one named most.
func (r *reading) findHome() {
	r.focus = map[string]int{}
	for _, ms := range r.cast.Mentions {
		for _, m := range ms {
			for _, p := range m.Parties {
				if isState(p.Country) && !outlets[p.Sector] {
					r.focus[p.Country]++
				}
			}
		}
	}
	r.issuer = r.findIssuer()
	if c := r.issuer.party.Country; isState(c) {
		r.home, r.homeTold = c, true
		return
	}
	if _, state, two := cutLast(r.rep.Place, ", "); two { // "DERA ISMAIL KHAN, Pakistan": not a man of that name
		if code, ok := ontology.ParseCountry(state); ok && isState(code) {
			r.home = code
		}
	}
	if r.rep.Place != "" && r.home == "" {
		if p, _, _, ok := who.Resolve(r.rep.Place, r.rep.Published, r.rep.Text[:min(len(r.rep.Text), 2000)]); ok && isState(p.Country) && p.Name == "" {
			r.home = p.Country // a name is a namesake's: "MENDOZA"
		} else if pl, ok := where.Lookup(r.rep.Place, ""); ok {
			r.home = pl.Country
		}
	}
	if r.home == "" && r.rep.Outlet != "" { // "Moroccan portal"
		for _, w := range strings.FieldsFunc(r.rep.Outlet, func(c rune) bool { return c == ' ' || c == ',' || c == '(' || c == ')' }) {
			if p, _, ok := who.Named(w, r.rep.Published); ok && isState(p.Country) && w[0] >= 'A' && w[0] <= 'Z' {
				r.home = p.Country
				break
			}
		}
	}
	r.homeTold = r.home != "" && r.issuer.party.Country == "" // a body of states is at home in no state
	if !r.homeTold {
		r.home = r.mostNamed("")
	}
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// mostNamed returns the country named most in the report, leaving one out; of
// equals the first in the alphabet.
func (r *reading) mostNamed(but string) string {
	best, n := "", 0
	for c, k := range r.focus {
		if c != but && (k > n || k == n && c < best) {
			best, n = c, k
		}
	}
	return best
}

// isState reports whether a country code names a state or territory rather
// than an international body.
func isState(code string) bool { return code != "" && !ontology.IsInternational(code) }

func (r *reading) emptyNote() string {
	n := 0
	for _, a := range r.acts {
		n += len(a)
	}
	switch {
	case len(r.doc.Sentences) == 0:
		return "no sentence found"
	case n == 0:
		return "no act of the ontology is told"
	}
	return "acts are told, but by no party that could be named"
}

// at returns the byte span of token i of sentence si as reasons give it.
func (r *reading) at(si, i int) [2]int {
	t := r.doc.Sentences[si].Tokens[i]
	return [2]int{t.Start, t.End}
}
