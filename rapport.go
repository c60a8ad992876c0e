// Package rapport is the vocabulary of Rapport: what a report, a party, a
// claim, an event and a relation between two parties are. It knows no
// technology and imports only the standard library; every other package
// speaks in its terms.
//
// The path of the data is report → claim → event → relation → answer. A
// [Report] is a text somebody published. A [Claim] is one act between parties
// as one report tells it, with the sentence that tells it. An [Event] is what
// happened in the world, as all claims about it tell it. A [Dyad] is a pair of
// countries whose relation is kept.
//
// Nothing is said without its sentence: a Claim without [Evidence] is invalid
// (see [Claim.Check]).
package rapport

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Report is a text somebody published.
type Report struct {
	ID        string `json:"id"`                  // stable name: given, or the base name of its file without extension
	Title     string `json:"title,omitempty"`     // the headline; need not stand in Text
	Text      string `json:"text"`                // UTF-8, exactly as stored: every offset points into it
	Published Date   `json:"published,omitempty"` // EDTF day of publication
	Basis     string `json:"published_basis,omitempty"`
	Outlet    string `json:"outlet,omitempty"` // who published it, as given
	URL       string `json:"url,omitempty"`
	Author    string `json:"author,omitempty"`
	Language  string `json:"language,omitempty"`  // BCP 47; empty means not yet told
	Retrieved string `json:"retrieved,omitempty"` // RFC 3339 time
	Modified  Date   `json:"modified,omitempty"`  // EDTF day of the last change, where the publisher tells one
	Dateline  Span   `json:"dateline,omitzero"`   // "CAIRO, June 8 (Agency) —" in Text, where there is one
	Place     string `json:"place,omitempty"`     // the dateline's place words
	Hash      string `json:"sha256,omitempty"`    // hex SHA-256 of Text
	Family    string `json:"family,omitempty"`    // in a record: id of the first report of nearly this text, empty when this is it; both count as one source

	Captions []Span   `json:"captions,omitempty"` // what stands with pictures, at the end of Text: kept, found, and not coded
	Origin   []Origin `json:"origin,omitempty"`   // where blocks of Text stand in the page they were taken from, by their place in Text; as far as that is known
}

// Body returns the text without the captions at its end: what is coded.
func (r *Report) Body() string {
	if len(r.Captions) == 0 {
		return r.Text
	}
	return r.Text[:min(max(r.Captions[0].Start, 0), len(r.Text))]
}

// Origin leads from a block of a report's text back to the bytes it was read
// from: the page as it was published, unpacked but not decoded. Between the two
// ends stand the block's words, with the page's markup and entities.
type Origin struct {
	Text, Source Span
}

// MarshalJSON writes [start, end, source start, source end].
func (o Origin) MarshalJSON() ([]byte, error) {
	return json.Marshal([4]int{o.Text.Start, o.Text.End, o.Source.Start, o.Source.End})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (o *Origin) UnmarshalJSON(b []byte) error {
	var v [4]int
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	o.Text, o.Source = Span{v[0], v[1]}, Span{v[2], v[3]}
	return nil
}

// Source returns what the report counts as among sources: copies of one text
// have the same.
func (r *Report) Source() string {
	if r.Family != "" {
		return r.Family
	}
	return r.ID
}

// Values of [Report.Basis]: what Published rests on.
const (
	BasisGiven    = "given"    // the caller or the record of the report said so
	BasisDateline = "dateline" // read from the text's date line
	BasisMetadata = "metadata" // read from the document's metadata
)

// HashText returns the hex SHA-256 of a report's text, the value of
// [Report.Hash].
func HashText(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// Span is a half-open range of byte offsets into a report's text.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len returns the number of bytes the span covers.
func (s Span) Len() int { return s.End - s.Start }

// Overlaps reports whether the two spans share a byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Contains reports whether t lies within s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Party is who acts or is acted on, in the role held on the day of the act.
type Party struct {
	Country  string `json:"country"`            // ISO 3166-1 alpha-3, or IGO UNO EUR NGO MNC ISM IMG
	Sector   string `json:"sector,omitempty"`   // GOV LEG MIL …: ontology.Sectors
	Name     string `json:"name,omitempty"`     // canonical, where the party is a named person or body
	Office   string `json:"office,omitempty"`   // the office held on that day
	Wikidata string `json:"wikidata,omitempty"` // Q…
	Text     string `json:"text,omitempty"`     // the words of the report
}

// Place is where an act happens.
type Place struct {
	Name       string   `json:"name"`
	Country    string   `json:"country,omitempty"`    // ISO 3166-1 alpha-3; empty at sea or when unknown
	Lat        *float64 `json:"lat,omitempty"`        // WGS 84 degrees
	Lon        *float64 `json:"lon,omitempty"`        // WGS 84 degrees
	Resolution int      `json:"resolution,omitempty"` // PLOVER: 1 country … 5 below a city
	GeoNames   int      `json:"geonames,omitempty"`   // GeoNames id
}

// Status says how the act stands to the world (coding manual, section 4).
type Status string

// The five values of [Status].
const (
	Actual       Status = "actual"
	Historical   Status = "historical"
	Future       Status = "future"
	Hypothetical Status = "hypothetical"
	Negated      Status = "negated"
)

// Values of [Claim.DateBasis].
const (
	DateFromText   = "text"   // the report's words give the date
	DateFromReport = "report" // the report's own date stands in
)

// Evidence is the sentence that tells a claim.
type Evidence struct {
	Sentence int `json:"sentence"` // counted from 0 within the report
	Span
	Text string `json:"text"`
}

// Reason says why a field of a claim has its value.
type Reason struct {
	Field string `json:"field"`          // the claim's field: "event", "actor", "date" …
	Rule  string `json:"rule"`           // "package/id": where to look it up
	Span  [2]int `json:"span"`           // the words it rests on
	Note  string `json:"note,omitempty"` // what a reader should know
}

// Claim is one act between parties as one report tells it. Its JSON form is
// a contract: see doc/claim.md.
type Claim struct {
	ID         string   `json:"id"`
	Report     string   `json:"report"`
	Event      string   `json:"event"` // one of PLOVER's 16 types
	Mode       string   `json:"mode,omitempty"`
	CAMEO      string   `json:"cameo"` // most specific CAMEO 1.1b3 code, two to four digits
	About      string   `json:"about"` // "EVENT" or "EVENT:mode" of what is promised, asked, refused, threatened
	AboutDate  Date     `json:"about_date"`
	Actor      []Party  `json:"actor"`
	Recipient  []Party  `json:"recipient"`
	Status     Status   `json:"status"`
	Date       Date     `json:"date"`
	DateBasis  string   `json:"date_basis,omitempty"`
	Place      *Place   `json:"place,omitempty"`
	Speaker    *Party   `json:"speaker,omitempty"` // nil when the report itself asserts it
	Quoted     bool     `json:"quoted"`            // direct quotation
	Context    []string `json:"context"`
	Quad       int      `json:"quad"`
	Score      float64  `json:"score"` // PLOVER conflict–cooperation, −10 … +10
	Evidence   Evidence `json:"evidence"`
	Also       []Span   `json:"also,omitempty"` // further sentences of the report that tell the same act
	Confidence float64  `json:"confidence"`     // 0 … 1
	Reasons    []Reason `json:"reasons"`
	Coder      string   `json:"coder"`
}

// MarshalJSON writes the fields in the documented order, null for what is not
// told and empty lists rather than null for lists.
func (c Claim) MarshalJSON() ([]byte, error) {
	type plain Claim // drops the method
	null := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	out := struct {
		ID        string  `json:"id"`
		Report    string  `json:"report"`
		Event     string  `json:"event"`
		Mode      *string `json:"mode"`
		CAMEO     string  `json:"cameo"`
		About     *string `json:"about"`
		AboutDate *string `json:"about_date"`
		Actor     []Party `json:"actor"`
		Recipient []Party `json:"recipient"`
		Status    Status  `json:"status"`
		Date      *string `json:"date"`
		DateBasis *string `json:"date_basis"`
		Place     *Place  `json:"place"`
		Speaker   *Party  `json:"speaker"`
		plain
	}{
		c.ID, c.Report, c.Event, null(c.Mode), c.CAMEO, null(c.About), null(string(c.AboutDate)),
		c.Actor, c.Recipient, c.Status, null(string(c.Date)), null(c.DateBasis), c.Place, c.Speaker, plain(c),
	}
	for _, l := range []*[]Party{&out.Actor, &out.Recipient} {
		if *l == nil {
			*l = []Party{}
		}
	}
	if out.Context == nil {
		out.Context = []string{}
	}
	if out.Reasons == nil {
		out.Reasons = []Reason{}
	}
	return json.Marshal(out)
}

// Check reports the first thing that makes c no claim: no evidence, no actor,
// an evidence span that does not hold the evidence text, an invalid date.
// text is the report's text; with an empty text the span is not compared.
func (c *Claim) Check(text string) error {
	switch {
	case c.Event == "":
		return errors.New("claim has no event type")
	case len(c.Actor) == 0:
		return errors.New("claim has no actor")
	case c.Evidence.Text == "" || c.Evidence.End <= c.Evidence.Start || c.Evidence.Start < 0:
		return errors.New("claim has no evidence sentence")
	case !utf8.ValidString(c.Evidence.Text):
		return errors.New("evidence is not valid UTF-8")
	}
	if text != "" && (c.Evidence.End > len(text) || text[c.Evidence.Start:c.Evidence.End] != c.Evidence.Text) {
		return fmt.Errorf("evidence does not stand at bytes %d to %d of the report", c.Evidence.Start, c.Evidence.End)
	}
	for _, d := range []Date{c.Date, c.AboutDate} {
		if err := d.Check(); err != nil {
			return err
		}
	}
	return nil
}

// Key returns what makes a claim distinct within its report (coding manual,
// section 1): event, mode, about, the sets of actor and recipient countries
// and names, and date.
func (c *Claim) Key() string {
	var b strings.Builder
	b.WriteString(c.Event + "|" + c.Mode + "|" + c.About + "|")
	for _, p := range c.Actor {
		b.WriteString(p.Country + "/" + p.Sector + "/" + p.Name + ";")
	}
	b.WriteByte('|')
	for _, p := range c.Recipient {
		b.WriteString(p.Country + "/" + p.Sector + "/" + p.Name + ";")
	}
	b.WriteString("|" + string(c.Status) + "|" + string(c.Date))
	return b.String()
}

// SetID gives c its content-derived id: the same report coded by the same
// version gets the same id on every machine. reportHash is [Report.Hash].
func (c *Claim) SetID(reportHash string) {
	h := sha256.Sum256([]byte(fmt.Sprintf("%s|%s|%d-%d|%s|%s", reportHash, c.Report, c.Evidence.Start, c.Evidence.End, c.Key(), c.CAMEO)))
	c.ID = hex.EncodeToString(h[:8])
}

// Judgement says whether two claims tell of the same event. Judgements by a
// person outweigh judgements by rule, and later ones earlier ones.
type Judgement struct {
	A       string   `json:"a"` // claim id, A < B
	B       string   `json:"b"` // claim id
	Same    bool     `json:"same"`
	Score   float64  `json:"score"` // 0 … 1, how sure that they are the same
	Reasons []string `json:"reasons"`
	Author  string   `json:"author"`         // "rule:…" or a person
	Time    string   `json:"time,omitempty"` // RFC 3339; empty for rules, which are a function of the claims
}

// Value is one value of an event's field and the claims that state it.
type Value struct {
	Value  string   `json:"value"`
	Claims []string `json:"claims"`
}

// Field is one field of an event with every value that claims give it, the
// best first.
type Field struct {
	Name   string  `json:"name"`
	Values []Value `json:"values"`
	Why    string  `json:"why,omitempty"` // why the first is the best, where they disagree
}

// Event is what happened in the world, as all claims about it tell it. It is
// derived from claims and judgements and can be rebuilt from them at any time.
type Event struct {
	ID        string   `json:"id"`
	Event     string   `json:"event"`
	Mode      string   `json:"mode,omitempty"`
	CAMEO     string   `json:"cameo"`
	About     string   `json:"about,omitempty"`
	AboutDate Date     `json:"about_date,omitempty"`
	Actor     []Party  `json:"actor"`
	Recipient []Party  `json:"recipient"`
	Status    Status   `json:"status"` // the best told: an act reported as done outweighs its announcement
	Date      Date     `json:"date,omitempty"`
	DateBasis string   `json:"date_basis,omitempty"`
	Place     *Place   `json:"place,omitempty"`
	Quad      int      `json:"quad"`
	Score     float64  `json:"score"`
	Claims    []string `json:"claims"`             // ids, sorted by report date, then id
	Disputed  []Field  `json:"disputed,omitempty"` // fields on which claims disagree
	Reports   int      `json:"reports"`            // how many reports tell it, copies counted once
}

// Dyad is an unordered pair of country codes, A < B.
type Dyad struct{ A, B string }

// NewDyad returns the dyad of two country codes in either order.
func NewDyad(a, b string) Dyad {
	if b < a {
		a, b = b, a
	}
	return Dyad{a, b}
}

// String returns "AZE-EGY".
func (d Dyad) String() string { return d.A + "-" + d.B }

// Dyads returns the dyads that a claim or event between these parties bears
// on, sorted, each once: every pair of an actor's and a recipient's country,
// and, where there is no recipient, every pair of actors' countries.
func Dyads(actor, recipient []Party) []Dyad {
	var out []Dyad
	add := func(a, b string) {
		if a == b || a == "" || b == "" {
			return
		}
		d := NewDyad(a, b)
		for _, o := range out {
			if o == d {
				return
			}
		}
		out = append(out, d)
	}
	for i, p := range actor {
		for _, q := range recipient {
			add(p.Country, q.Country)
		}
		if len(recipient) == 0 {
			for _, q := range actor[i+1:] {
				add(p.Country, q.Country)
			}
		}
	}
	for i := range out {
		for j := i; j > 0 && out[j].String() < out[j-1].String(); j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}
