package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"

	"rapport"
	"rapport/internal/exchange"
	"rapport/internal/record"
)

// Source is who published what tells a claim.
type Source struct {
	Report    string       `json:"report"`
	Outlet    string       `json:"outlet,omitempty"`
	Title     string       `json:"title,omitempty"`
	Published rapport.Date `json:"published,omitempty"`
	URL       string       `json:"url,omitempty"`
}

func sourceOf(r *rapport.Report) Source { return Source{r.ID, r.Outlet, r.Title, r.Published, r.URL} }

// ToldClaim is a claim with where it stands and the event it is part of.
type ToldClaim struct {
	rapport.Claim
	EventID string `json:"event_id,omitempty" jsonschema:"the event it tells of; missing while it waits to be merged"`
	Source  Source `json:"source"`
}

func claimOf(r *record.ClaimRow) ToldClaim {
	c := ToldClaim{r.Claim, r.Event, sourceOf(&r.Report)}
	c.Source.Report = r.Claim.Report
	return c
}

// MarshalJSON writes the claim as doc/claim.md has it, and the rest behind it.
func (c ToldClaim) MarshalJSON() ([]byte, error) {
	b, err := c.Claim.MarshalJSON()
	if err != nil {
		return nil, err
	}
	more, err := json.Marshal(struct {
		EventID string `json:"event_id,omitempty"`
		Source  Source `json:"source"`
	}{c.EventID, c.Source})
	if err != nil {
		return nil, err
	}
	return append(append(bytes.TrimSuffix(b, []byte("}")), ','), more[1:]...), nil
}

// ToldEvent is an event with the sentences that tell it.
type ToldEvent struct {
	rapport.Event
	Told []exchange.Told `json:"told"`
}

func eventOf(row *record.EventRow) ToldEvent {
	e := ToldEvent{row.Event, make([]exchange.Told, len(row.Claims))}
	for i := range row.Claims {
		c := &row.Claims[i]
		r := row.Reports[c.Report]
		e.Told[i] = exchange.Told{Claim: c.ID, Report: c.Report, Outlet: r.Outlet, Title: r.Title, Published: r.Published, URL: r.URL, Speaker: c.Speaker,
			Sentence: c.Evidence.Text, Confidence: c.Confidence}
	}
	return e
}

// WholeEvent is an event with all of the claims that tell it, and why they were
// taken for one.
type WholeEvent struct {
	rapport.Event
	Told       []ToldClaim         `json:"told"`
	Judgements []rapport.Judgement `json:"judgements" jsonschema:"on pairs of these claims, and of one of them with another"`
	Decisions  []record.Decision   `json:"decisions" jsonschema:"of persons that name one of these claims"`
}

func listEvents(c *call) error {
	f := c.eventFilter()
	l := lister[record.EventRow, record.Mark]{
		page: func(ctx context.Context, limit int, after record.Mark) ([]record.EventRow, record.Mark, bool, error) {
			f := f
			f.Limit = limit
			p, err := c.api.Record.EventPage(ctx, f, after)
			return p.Rows, p.Next, p.More, err
		},
		json: func(row *record.EventRow) any { return eventOf(row) },
		csv: func(w io.Writer, rows iter.Seq2[record.EventRow, error]) error {
			_, err := exchange.EventsCSV(w, rows)
			return err
		},
		name: "events",
		note: lookedNote,
	}
	return l.serve(c)
}

func getEvent(c *call) error {
	id := c.r.PathValue("id")
	row, err := c.api.Record.EventRow(c, id)
	if err != nil {
		return notFound("event", id, err, "GET "+Prefix+"/events, which lists them; an event whose claims were parted or joined has another id")
	}
	out := WholeEvent{Event: row.Event, Told: []ToldClaim{}}
	for i := range row.Claims {
		rep := row.Reports[row.Claims[i].Report]
		out.Told = append(out.Told, ToldClaim{row.Claims[i], id, sourceOf(&rep)})
	}
	if out.Judgements, err = c.api.Record.Judgements(c, row.Event.Claims...); err != nil {
		return err
	}
	if out.Decisions, err = c.api.Record.Decisions(c, row.Event.Claims...); err != nil {
		return err
	}
	out.Judgements, out.Decisions = orEmpty(out.Judgements), orEmpty(out.Decisions)
	return c.json(out)
}

func orEmpty[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func listClaims(c *call) error {
	f := record.ClaimFilter{Report: c.str("report"), Pair: c.pair("pair"), Events: c.types("type"), Status: c.statuses("status"), Since: c.date("since"), Until: c.date("until"),
		Confidence: c.confidence(), Newest: c.bool("newest")}
	l := lister[record.ClaimRow, string]{
		page: func(ctx context.Context, limit int, after string) ([]record.ClaimRow, string, bool, error) {
			f := f
			f.Limit = limit
			p, err := c.api.Record.ClaimPage(ctx, f, after)
			return p.Rows, p.Next, p.More, err
		},
		json: func(row *record.ClaimRow) any { return claimOf(row) },
		csv: func(w io.Writer, rows iter.Seq2[record.ClaimRow, error]) error {
			_, err := exchange.ClaimsCSV(w, func(yield func(record.EventRow, error) bool) {
				for row, err := range rows {
					if !yield(record.EventRow{Event: rapport.Event{ID: row.Event}, Claims: []rapport.Claim{row.Claim}, Reports: map[string]rapport.Report{row.Claim.Report: row.Report}}, err) {
						return
					}
				}
			})
			return err
		},
		name: "claims",
		note: lookedNote,
	}
	return l.serve(c)
}

// WholeClaim is a claim with what people decided on it.
type WholeClaim struct {
	Claim   ToldClaim       `json:"claim"`
	Reviews []record.Review `json:"reviews"`
}

func getClaim(c *call) error {
	id := c.r.PathValue("id")
	row, err := c.api.Record.ClaimRow(c, id)
	if err != nil {
		return notFound("claim", id, err, "GET "+Prefix+"/claims, which lists them")
	}
	reviews, err := c.api.Record.Reviews(c, id)
	if err != nil {
		return err
	}
	return c.json(WholeClaim{claimOf(&row), orEmpty(reviews)})
}
