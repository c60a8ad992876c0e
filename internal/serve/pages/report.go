package pages

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/ontology"
	"rapport/internal/relations"
)

type reportBody struct {
	Report  rapport.Report
	Paras   []para
	Claims  []card
	Events  []line
	Family  []source
	Notes   []string
	Tried   bool // nothing of this is kept
	Pasted  string
	Day     string
	MayEdit bool
}

// para is a paragraph of a report, in pieces.
type para struct {
	Pieces []piece
	Head   bool // of a text that begins with its headline
	Beside bool // what stood with a picture: kept and found, not coded
}

// piece is a stretch of a report that the same claims rest on, none or some.
type piece struct {
	Text   string
	From   int // UTF-16 units from the beginning of the report's text
	Cards  []int
	Marks  []int // claims whose evidence ends here
	Quad   int   // of the first
	Also   bool  // further sentences that tell it
	Spoken bool  // the first claim is a speaker's
}

// card shows how one claim is coded and why.
type card struct {
	N        int
	Claim    rapport.Claim
	Sentence string
	Inferred bool
	Date     string
	Place    string
	Actor    string
	Recip    string
	By       string
	Event    string // its event's id
	Told     int    // reports that tell it
	Reasons  []reason
	CAMEO    string // name of its code
}

// reason says why a field has its value.
type reason struct {
	Field, Rule, Words, Note string
	From, To                 int  // UTF-16 units of the text
	Told                     bool // what the rule says can be read
}

func (s *site) report(r *http.Request, parts []string) (*view, error) {
	ctx := r.Context()
	id := idOf(r, parts)
	rep, err := s.Record.Report(ctx, id)
	if rapport.KindOf(err) == rapport.NotFound {
		return nil, problem(http.StatusNotFound, "The record has no report "+clean(id)+".", "Search for its words.")
	}
	if err != nil {
		return nil, err
	}
	claims, err := s.Record.ClaimsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(claims))
	for i := range claims {
		ids[i] = claims[i].ID
	}
	events, err := s.Record.EventsOfClaims(ctx, ids)
	if err != nil {
		return nil, err
	}
	var evs []string
	for _, e := range events {
		evs = append(evs, e.ID)
	}
	rows, err := s.Record.EventRows(ctx, evs...)
	if err != nil {
		return nil, err
	}
	family, err := s.Record.Family(ctx, id)
	if err != nil {
		return nil, err
	}
	b := s.reportOf(rep, claims)
	of := map[string]int{}
	for i := range events {
		for _, c := range events[i].Claims {
			of[c] = i
		}
	}
	for i := range b.Claims {
		if k, ok := of[b.Claims[i].Claim.ID]; ok {
			b.Claims[i].Event, b.Claims[i].Told = events[k].ID, events[k].Reports
		}
	}
	b.Events = newest(lines(rows))
	for _, f := range family {
		if f.ID != id && len(b.Family) < 20 {
			b.Family = append(b.Family, sourceOf(f, rapport.Claim{Report: f.ID}))
		}
	}
	title := clean(rep.Title)
	if title == "" {
		title = "Report " + clean(rep.ID)
	}
	return &view{Template: "report", Title: title, Section: "relations", Keep: true, Body: b}, nil
}

// reportOf sets a report's text with the claims in their places.
func (s *site) reportOf(rep rapport.Report, claims []rapport.Claim) *reportBody {
	b := &reportBody{Report: rep}
	slices.SortStableFunc(claims, func(x, y rapport.Claim) int {
		if x.Evidence.Start != y.Evidence.Start {
			return x.Evidence.Start - y.Evidence.Start
		}
		return x.Evidence.End - y.Evidence.End
	})
	at := offsets(rep.Text)
	rel := &relations.Relation{Claims: map[string]rapport.Claim{}, Reports: map[string]rapport.Report{rep.ID: rep}}
	t := briefs.NewTeller(rel)
	for i, c := range claims {
		if c.ID == "" {
			c.ID = "c" + strconv.Itoa(i+1)
		}
		rel.Claims[c.ID] = c
		e := eventOf(c)
		k := card{N: i + 1, Claim: c, Actor: clean(partiesOf(c.Actor)), Recip: clean(partiesOf(c.Recipient))}
		k.Sentence, k.Inferred = t.Sentence(&e)
		if c.Date != "" {
			k.Date = briefs.Date(c.Date)
		}
		if c.Place != nil {
			k.Place = clean(placeOf(c.Place))
		}
		if c.Speaker != nil {
			k.By = briefs.Party(*c.Speaker)
		}
		if code, ok := ontology.CAMEOOf(c.CAMEO); ok {
			k.CAMEO = code.Name
		}
		for _, x := range c.Reasons {
			y := reason{Field: x.Field, Rule: x.Rule, Note: clean(x.Note), Told: s.ruleSays(x.Rule) != ""}
			if from, to := x.Span[0], x.Span[1]; 0 <= from && from < to && to <= len(rep.Text) {
				y.Words = clean(strings.Join(strings.Fields(rep.Text[from:to]), " "))
				y.From, y.To = at(from), at(to)
				if len(y.Words) > 120 {
					y.Words = ""
				}
			}
			k.Reasons = append(k.Reasons, y)
		}
		b.Claims = append(b.Claims, k)
	}
	b.Paras = pieces(rep.Text, claims, at)
	if len(rep.Captions) > 0 {
		beside := at(len(rep.Body()))
		for i := range b.Paras {
			b.Paras[i].Beside = b.Paras[i].Pieces[0].From >= beside
		}
	}
	return b
}

// eventOf is an event that only this claim tells.
func eventOf(c rapport.Claim) rapport.Event {
	return rapport.Event{ID: "of-" + c.ID, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, About: c.About, AboutDate: c.AboutDate, Actor: c.Actor, Recipient: c.Recipient,
		Status: c.Status, Date: c.Date, DateBasis: c.DateBasis, Place: c.Place, Quad: c.Quad, Score: c.Score, Claims: []string{c.ID}, Reports: 1}
}

// offsets returns a function from bytes of a text to UTF-16 units, in which
// scripts count.
func offsets(text string) func(int) int {
	ascii := true
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return func(i int) int { return i }
	}
	units := make([]int32, len(text)+1)
	n := int32(0)
	for i, r := range text {
		size := utf8.RuneLen(r)
		if size < 0 {
			size = 1
		}
		for k := range size {
			if i+k <= len(text) {
				units[i+k] = n
			}
		}
		n++
		if r >= 0x10000 {
			n++
		}
	}
	units[len(text)] = n
	return func(i int) int { return int(units[i]) }
}

// pieces cuts a text into paragraphs, and these where evidence begins and ends.
func pieces(text string, claims []rapport.Claim, at func(int) int) (out []para) {
	cuts := []int{0, len(text)}
	for _, c := range claims {
		for _, sp := range append([]rapport.Span{c.Evidence.Span}, c.Also...) {
			if 0 <= sp.Start && sp.Start < sp.End && sp.End <= len(text) {
				cuts = append(cuts, sp.Start, sp.End)
			}
		}
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			cuts = append(cuts, i, i+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var now para
	for i := 0; i+1 < len(cuts); i++ {
		sp := rapport.Span{Start: cuts[i], End: cuts[i+1]}
		words := text[sp.Start:sp.End]
		if words == "\n" {
			if len(now.Pieces) > 0 {
				out = append(out, now)
			}
			now = para{}
			continue
		}
		p := piece{Text: shown(words), From: at(sp.Start)}
		for k := range claims {
			switch c := &claims[k]; {
			case c.Evidence.Contains(sp):
				p.Cards = append(p.Cards, k+1)
				if len(p.Cards) == 1 {
					p.Quad, p.Spoken = c.Quad, c.Speaker != nil
				}
				if c.Evidence.End == sp.End || strings.TrimSpace(text[sp.End:c.Evidence.End]) == "" {
					p.Marks = append(p.Marks, k+1)
				}
			case slices.ContainsFunc(c.Also, func(a rapport.Span) bool { return a.Contains(sp) }):
				p.Also = true
				p.Marks = append(p.Marks, k+1)
			}
		}
		now.Pieces = append(now.Pieces, p)
	}
	if len(now.Pieces) > 0 {
		out = append(out, now)
	}
	return out
}

// shown is a stretch of a report with a mark in the place of each character that
// would act instead of being seen; its length in UTF-16 units stays.
func shown(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return '\ufffd'
		}
		return r
	}, s)
}

type tryBody struct {
	Text, Day string
	Coded     *reportBody
	Most      int
}

func (s *site) try(r *http.Request, _ []string) (*view, error) {
	if s.Coder == nil {
		return nil, problem(http.StatusNotFound, "This server codes no texts.", "Use rapport code on the command line.")
	}
	return &view{Template: "try", Title: "Try it", Section: "try", Body: tryBody{Most: maxText}}, nil
}

// tried codes what was pasted. Nothing of it is kept.
func (s *site) tried(r *http.Request, _ []string) (*view, error) {
	if s.Coder == nil {
		return nil, problem(http.StatusNotFound, "This server codes no texts.", "")
	}
	text := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	day := rapport.Date(strings.TrimSpace(r.PostForm.Get("published")))
	b := tryBody{Text: text, Day: string(day), Most: maxText}
	v := &view{Template: "try", Title: "Try it", Section: "try"}
	switch {
	case strings.TrimSpace(text) == "":
		return nil, problem(http.StatusBadRequest, "There is no text to code.", "Paste a report of at least a sentence.")
	case len(text) > maxText:
		return nil, problem(http.StatusRequestEntityTooLarge, "This text is too long to try.", "Up to 200,000 bytes are coded here; rapport code takes any length.")
	case day.Check() != nil:
		return nil, problem(http.StatusBadRequest, "The day is written as 2024-06-08.", "")
	}
	select {
	case s.heavy <- struct{}{}:
		defer func() { <-s.heavy }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	rep, claims, notes, err := s.Coder.Try(r.Context(), text, day)
	if err != nil {
		return nil, err
	}
	b.Coded = s.reportOf(rep, claims)
	b.Coded.Tried, b.Coded.Notes = true, notes
	v.Body = b
	return v, nil
}
