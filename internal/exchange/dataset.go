// Package exchange writes what a record holds in forms that other programs
// load: events and claims as CSV under the column names of the field's
// datasets (POLECAT's and ICEWS's where they have one), and as JSON Lines.
// doc/dataset.md is the code book; a test holds it to [EventColumns] and
// [ClaimColumns].
package exchange

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/outlets"
	"rapport/internal/record"
)

// Column is one column of a dataset.
type Column struct {
	Name string
	From string // the dataset of the field that names it so, "" for Rapport's own
	What string
}

// cell is a column with how its value is found.
type cell struct {
	Column
	of func(r *row) string
}

// row is an event, and in a dataset of claims the one claim of it.
type row struct {
	*record.EventRow
	claim *rapport.Claim // the claim; of an event the surest that tells it as it stands
}

func (r *row) report() rapport.Report { return r.Reports[r.claim.Report] }

func (r *row) outlet() outlets.Outlet {
	o, _ := outlets.Of(r.report().Outlet, r.report().URL)
	return o
}

// acts are the columns that events and claims share: a claim is turned into an
// event of its own for them.
var acts = []cell{
	{Column{"Event Date", "POLECAT, ICEWS", "first day it may have happened, YYYY-MM-DD; empty when nobody tells"}, func(r *row) string { first, _ := days(r.Event.Date); return first }},
	{Column{"Event End Date", "", "last day it may have happened, YYYY-MM-DD; empty when open or nobody tells"}, func(r *row) string { _, last := days(r.Event.Date); return last }},
	{Column{"Date EDTF", "", "the date as told, EDTF level 1: `1994`, `2023-01`, `2024-06-08`, `2008/..`"}, func(r *row) string { return string(r.Event.Date) }},
	{Column{"Date Precision", "", "day, month, season, year, decade, century, interval"}, func(r *row) string { return r.Event.Date.Grain().String() }},
	{Column{"Date Basis", "", "text: the words give it; report: the report's day stands in"}, func(r *row) string { return r.Event.DateBasis }},
	{Column{"Event Type", "POLECAT", "PLOVER type: CONSULT, AGREE …"}, func(r *row) string { return r.Event.Event }},
	{Column{"Event Mode", "POLECAT", "PLOVER mode: visit, demo …"}, func(r *row) string { return r.Event.Mode }},
	{Column{"About", "", "type and mode of what is promised, asked, refused or threatened"}, func(r *row) string { return r.Event.About }},
	{Column{"About Date", "", "when that is due, EDTF"}, func(r *row) string { return string(r.Event.AboutDate) }},
	{Column{"CAMEO Code", "ICEWS", "most specific CAMEO 1.1b3 code, a string: keep its leading 0"}, func(r *row) string { return r.Event.CAMEO }},
	{Column{"Event Text", "ICEWS", "name of the CAMEO code"}, func(r *row) string { c, _ := ontology.CAMEOOf(r.Event.CAMEO); return c.Name }},
	{Column{"Intensity", "POLECAT", "PLOVER score, −10 conflict … +10 cooperation (ICEWS's column of this name is Goldstein)"}, func(r *row) string { return number(r.Event.Score) }},
	{Column{"Goldstein", "", "Goldstein score of the CAMEO code, −10 … +10"}, func(r *row) string { return goldstein(r.Event.CAMEO) }},
	{Column{"Quad Code", "POLECAT", "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict"}, func(r *row) string { return strconv.Itoa(r.Event.Quad) }},
	{Column{"Status", "", "actual, historical, future, hypothetical, negated: **count actual and historical only**, unless you study the others"}, func(r *row) string { return string(r.Event.Status) }},
	{Column{"Contexts", "POLECAT", "PLOVER contexts"}, func(r *row) string { return contexts(r) }},
	{Column{"Actor Name", "POLECAT", "canonical names; empty places where a party has none"}, func(r *row) string {
		return join(r.Event.Actor, func(p rapport.Party) string { return p.Name })
	}},
	{Column{"Actor Country", "POLECAT", "ISO 3166-1 alpha-3, XKX, or IGO UNO EUR NGO MNC ISM IMG"}, func(r *row) string {
		return join(r.Event.Actor, func(p rapport.Party) string { return p.Country })
	}},
	{Column{"Actor COW", "POLECAT", "Correlates of War numbers on that day; empty places for what is no state"}, func(r *row) string {
		return states(r, r.Event.Actor, func(c ontology.CodeRow) int { return c.COW })
	}},
	{Column{"Actor GW", "", "Gleditsch and Ward numbers on that day"}, func(r *row) string {
		return states(r, r.Event.Actor, func(c ontology.CodeRow) int { return c.GW })
	}},
	{Column{"Primary Actor Sector", "POLECAT", "PLOVER sector of the first actor"}, func(r *row) string { return first(r.Event.Actor).Sector }},
	{Column{"Actor Sectors", "POLECAT", "PLOVER sectors"}, func(r *row) string {
		return join(r.Event.Actor, func(p rapport.Party) string { return p.Sector })
	}},
	{Column{"Actor Title", "POLECAT", "offices held on that day"}, func(r *row) string {
		return join(r.Event.Actor, func(p rapport.Party) string { return p.Office })
	}},
	{Column{"Actor Name Raw", "POLECAT", "the words of the report"}, func(r *row) string { return join(r.Event.Actor, func(p rapport.Party) string { return p.Text }) }},
	{Column{"Actor Wikidata", "", "Wikidata ids"}, func(r *row) string {
		return join(r.Event.Actor, func(p rapport.Party) string { return p.Wikidata })
	}},
	{Column{"Recipient Name", "POLECAT", "as for actors; all empty where unknown or where the actors act on each other"}, func(r *row) string {
		return join(r.Event.Recipient, func(p rapport.Party) string { return p.Name })
	}},
	{Column{"Recipient Country", "POLECAT", ""}, func(r *row) string {
		return join(r.Event.Recipient, func(p rapport.Party) string { return p.Country })
	}},
	{Column{"Recipient COW", "POLECAT", ""}, func(r *row) string {
		return states(r, r.Event.Recipient, func(c ontology.CodeRow) int { return c.COW })
	}},
	{Column{"Recipient GW", "", ""}, func(r *row) string {
		return states(r, r.Event.Recipient, func(c ontology.CodeRow) int { return c.GW })
	}},
	{Column{"Primary Recipient Sector", "POLECAT", ""}, func(r *row) string { return first(r.Event.Recipient).Sector }},
	{Column{"Recipient Sectors", "POLECAT", ""}, func(r *row) string {
		return join(r.Event.Recipient, func(p rapport.Party) string { return p.Sector })
	}},
	{Column{"Recipient Title", "POLECAT", ""}, func(r *row) string {
		return join(r.Event.Recipient, func(p rapport.Party) string { return p.Office })
	}},
	{Column{"Recipient Name Raw", "POLECAT", ""}, func(r *row) string {
		return join(r.Event.Recipient, func(p rapport.Party) string { return p.Text })
	}},
	{Column{"Recipient Wikidata", "", ""}, func(r *row) string {
		return join(r.Event.Recipient, func(p rapport.Party) string { return p.Wikidata })
	}},
	{Column{"Placename", "POLECAT", "where it happened"}, func(r *row) string { return place(r).Name }},
	{Column{"Country", "POLECAT, ICEWS", "ISO 3166-1 alpha-3 of the place"}, func(r *row) string { return place(r).Country }},
	{Column{"Latitude", "POLECAT, ICEWS", "WGS 84 degrees"}, func(r *row) string { return degrees(place(r).Lat) }},
	{Column{"Longitude", "POLECAT, ICEWS", "WGS 84 degrees"}, func(r *row) string { return degrees(place(r).Lon) }},
	{Column{"GeoNames ID", "POLECAT", ""}, func(r *row) string { return positive(place(r).GeoNames) }},
	{Column{"Place Resolution", "", "PLOVER: 1 country … 5 below a city"}, func(r *row) string { return positive(place(r).Resolution) }},
}

// told are the columns on the sentence: that of the claim, of an event that of
// the surest claim.
var told = []cell{
	{Column{"Speaker Name", "", "on whose word the report gives it; empty where the report asserts it"}, func(r *row) string { return speaker(r).Name }},
	{Column{"Speaker Country", "", ""}, func(r *row) string { return speaker(r).Country }},
	{Column{"Speaker Sector", "", ""}, func(r *row) string { return speaker(r).Sector }},
	{Column{"Quoted", "", "1 in direct quotation, else 0"}, func(r *row) string { return zeroOne(r.claim.Quoted) }},
	{Column{"Confidence", "", "0 … 1: the chance that type and countries are right, as held-back reports have it"}, func(r *row) string { return number(r.claim.Confidence) }},
	{Column{"Sentence", "", "the sentence that tells it, on one line"}, func(r *row) string { return oneLine(r.claim.Evidence.Text) }},
	{Column{"Sentence Number", "ICEWS", "counted from 0 within the report"}, func(r *row) string { return strconv.Itoa(r.claim.Evidence.Sentence) }},
	{Column{"Story ID", "ICEWS", "the report's id"}, func(r *row) string { return r.claim.Report }},
	{Column{"Publisher", "ICEWS", "the outlet"}, func(r *row) string { return oneLine(r.report().Outlet) }},
	{Column{"Publisher Country", "", "the outlet's, by the table of outlets; of an outlet in exile the country it is about; empty where unknown"}, func(r *row) string { return r.outlet().Country }},
	{Column{"Publisher Kind", "", "state agency, ministry, newspaper …: `rapport outlets --kinds`; empty where unknown"}, func(r *row) string { return r.outlet().Kind }},
	{Column{"Headline", "", "the report's title"}, func(r *row) string { return oneLine(r.report().Title) }},
	{Column{"Publication Date", "POLECAT", "of the report, EDTF"}, func(r *row) string { return string(r.report().Published) }},
	{Column{"URL", "", "the report's address"}, func(r *row) string { return oneLine(r.report().URL) }},
	{Column{"Language", "POLECAT", "of the report, BCP 47"}, func(r *row) string { return r.report().Language }},
	{Column{"Version", "POLECAT", "the coder"}, func(r *row) string { return r.claim.Coder }},
}

var eventCells = slices.Concat([]cell{
	{Column{"Event ID", "POLECAT, ICEWS", "derived from the claims: the same claims give the same id"}, func(r *row) string { return r.Event.ID }},
}, acts, []cell{
	{Column{"Reports", "", "reports that tell it, copies of one text counted once"}, func(r *row) string { return strconv.Itoa(r.Event.Reports) }},
	{Column{"Claims", "", "claims that tell it"}, func(r *row) string { return strconv.Itoa(len(r.Event.Claims)) }},
	{Column{"Claim IDs", "", "their ids"}, func(r *row) string { return strings.Join(r.Event.Claims, ";") }},
	{Column{"Disputed", "", "fields on which the claims disagree; the columns hold the best value"}, func(r *row) string { return disputed(&r.Event) }},
}, told)

var claimCells = slices.Concat([]cell{
	{Column{"Claim ID", "", "derived from the report's text and the claim's content"}, func(r *row) string { return r.claim.ID }},
	{Column{"Event ID", "POLECAT, ICEWS", "the event that the claim tells of"}, func(r *row) string { return r.Event.ID }},
}, acts, told, []cell{
	{Column{"Sentence Start", "", "of the sentence in the report's text, bytes"}, func(r *row) string { return strconv.Itoa(r.claim.Evidence.Start) }},
	{Column{"Sentence End", "", "exclusive"}, func(r *row) string { return strconv.Itoa(r.claim.Evidence.End) }},
})

// EventColumns returns the columns of a dataset of events.
func EventColumns() []Column { return columns(eventCells) }

// ClaimColumns returns the columns of a dataset of claims.
func ClaimColumns() []Column { return columns(claimCells) }

func columns(cells []cell) []Column {
	out := make([]Column, len(cells))
	for i, c := range cells {
		out[i] = c.Column
	}
	return out
}

// EventsCSV writes events as RFC 4180 CSV in UTF-8 with a header, one a line.
// It returns how many.
func EventsCSV(w io.Writer, events iter.Seq2[record.EventRow, error]) (int, error) {
	return write(w, eventCells, events, func(e *record.EventRow) []row { return []row{{e, Surest(e)}} })
}

// ClaimsCSV writes the claims of events likewise.
func ClaimsCSV(w io.Writer, events iter.Seq2[record.EventRow, error]) (int, error) {
	return write(w, claimCells, events, func(e *record.EventRow) []row {
		var out []row
		for i := range e.Claims {
			c := &e.Claims[i]
			out = append(out, row{&record.EventRow{Event: eventOf(c, e.Event.ID), Claims: []rapport.Claim{*c}, Reports: e.Reports}, c})
		}
		return out
	})
}

// eventOf is a claim as an event of its own.
func eventOf(c *rapport.Claim, id string) rapport.Event {
	return rapport.Event{ID: id, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, About: c.About, AboutDate: c.AboutDate, Actor: c.Actor, Recipient: c.Recipient,
		Status: c.Status, Date: c.Date, DateBasis: c.DateBasis, Place: c.Place, Quad: c.Quad, Score: c.Score, Claims: []string{c.ID}}
}

func write(w io.Writer, cells []cell, events iter.Seq2[record.EventRow, error], rows func(*record.EventRow) []row) (int, error) {
	out := csv.NewWriter(w)
	line := make([]string, len(cells))
	for i, c := range cells {
		line[i] = c.Name
	}
	if err := out.Write(line); err != nil {
		return 0, err
	}
	n := 0
	for e, err := range events {
		if err != nil {
			return n, err
		}
		for _, r := range rows(&e) {
			for i, c := range cells {
				line[i] = c.of(&r)
			}
			if err := out.Write(line); err != nil {
				return n, err
			}
			n++
		}
	}
	out.Flush()
	return n, out.Error()
}

// Told is one claim of an event in its JSON form: where it stands.
type Told struct {
	Claim      string         `json:"claim"`
	Report     string         `json:"report"`
	Outlet     string         `json:"outlet,omitempty"`
	OutletOf   string         `json:"outlet_country,omitempty"` // by the table of outlets
	OutletKind string         `json:"outlet_kind,omitempty"`
	Title      string         `json:"title,omitempty"`
	Published  rapport.Date   `json:"published,omitempty"`
	URL        string         `json:"url,omitempty"`
	Speaker    *rapport.Party `json:"speaker,omitempty"`
	Sentence   string         `json:"sentence"`
	Confidence float64        `json:"confidence"`
}

// EventsJSONL writes events as JSON Lines, each with the sentences that tell
// it under "told". It returns how many.
func EventsJSONL(w io.Writer, events iter.Seq2[record.EventRow, error]) (int, error) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	n := 0
	for e, err := range events {
		if err != nil {
			return n, err
		}
		out := struct {
			rapport.Event
			Told []Told `json:"told"`
		}{Event: e.Event}
		for _, c := range e.Claims {
			r := e.Reports[c.Report]
			by, _ := outlets.Of(r.Outlet, r.URL)
			out.Told = append(out.Told, Told{c.ID, c.Report, r.Outlet, by.Country, by.Kind, r.Title, r.Published, r.URL, c.Speaker, c.Evidence.Text, c.Confidence})
		}
		if err := enc.Encode(out); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// ClaimsJSONL writes the claims of events as JSON Lines (doc/claim.md).
func ClaimsJSONL(w io.Writer, events iter.Seq2[record.EventRow, error]) (int, error) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	n := 0
	for e, err := range events {
		if err != nil {
			return n, err
		}
		for i := range e.Claims {
			if err := enc.Encode(e.Claims[i]); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// Surest returns the claim of an event to show for it: of its own type before
// others, on the report's own word before a speaker's, then the most certain.
func Surest(e *record.EventRow) *rapport.Claim {
	best, points := &rapport.Claim{}, -1.0
	for i := range e.Claims {
		c := &e.Claims[i]
		p := c.Confidence
		if c.Event == e.Event.Event {
			p += 2
		}
		if c.Speaker == nil {
			p++
		}
		if p > points {
			best, points = c, p
		}
	}
	return best
}

// days returns the bounds of a date as ISO days, "" for an open end.
func days(d rapport.Date) (first, last string) {
	f, l, ok := d.Bounds()
	if ok && !f.IsZero() {
		first = string(rapport.Day(f))
	}
	if ok && !l.IsZero() {
		last = string(rapport.Day(l))
	}
	return first, last
}

// join joins a field of parties with semicolons, places kept so that the n-th
// name belongs to the n-th country; "" when no party has it.
func join(ps []rapport.Party, field func(rapport.Party) string) string {
	out := make([]string, len(ps))
	some := false
	for i, p := range ps {
		out[i] = strings.ReplaceAll(oneLine(field(p)), ";", ",")
		some = some || out[i] != ""
	}
	if !some {
		return ""
	}
	return strings.Join(out, ";")
}

// states joins the numbers of parties' states on the day of the act, or of its
// report.
func states(r *row, ps []rapport.Party, number func(ontology.CodeRow) int) string {
	day := r.Event.Date
	if day == "" {
		day = r.report().Published
	}
	return join(ps, func(p rapport.Party) string {
		c, _ := ontology.CodesOn(p.Country, day)
		return positive(number(c))
	})
}

func first(ps []rapport.Party) rapport.Party {
	if len(ps) == 0 {
		return rapport.Party{}
	}
	return ps[0]
}

func place(r *row) rapport.Place {
	if r.Event.Place == nil {
		return rapport.Place{}
	}
	p := *r.Event.Place
	p.Name = oneLine(p.Name)
	return p
}

func speaker(r *row) rapport.Party {
	if r.claim.Speaker == nil {
		return rapport.Party{}
	}
	return *r.claim.Speaker
}

func contexts(r *row) string {
	var out []string
	for _, c := range r.Claims {
		for _, x := range c.Context {
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, ";")
}

func disputed(e *rapport.Event) string {
	var out []string
	for _, f := range e.Disputed {
		out = append(out, f.Name)
	}
	return strings.Join(out, ";")
}

func goldstein(code string) string {
	if c, ok := ontology.CAMEOOf(code); ok {
		return number(c.Goldstein)
	}
	return ""
}

func degrees(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func zeroOne(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// oneLine replaces runs of blanks and line ends by one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
