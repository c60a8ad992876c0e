package record

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/ontology"
)

// given are the fields of a claim that no person sets: they are the report's, or
// follow from others.
var given = []string{"id", "report", "evidence", "also", "reasons", "coder", "quad", "score"}

// Corrected returns a claim with some fields set to other values, each by its
// name and in the form that doc/claim.md has it; quad and score follow. The
// result is a claim that the code book allows, or there is an error of kind
// Usage (no such field) or BadInput.
func Corrected(c rapport.Claim, set map[string]json.RawMessage) (*rapport.Claim, error) {
	body, err := c.MarshalJSON()
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, err
	}
	bad := func(err error) error {
		return &rapport.Error{Kind: rapport.BadInput, What: "the correction is no claim", Err: err,
			Try: `date=2024-06-08, or JSON as rapport code --format jsonl writes it: actor=[{"country":"EGY","sector":"GOV"}]`}
	}
	for name, value := range set {
		if _, known := fields[name]; !known || slices.Contains(given, name) {
			return nil, &rapport.Error{Kind: rapport.Usage, Where: name, What: "is no field of a claim that can be corrected"}
		}
		fields[name] = value
	}
	if body, err = json.Marshal(fields); err != nil {
		return nil, bad(err)
	}
	var out rapport.Claim
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return nil, bad(err)
	}
	if set["event"] != nil || set["mode"] != nil {
		out.Quad, out.Score = ontology.Quad(out.Event), ontology.Score(out.Event, out.Mode)
	}
	if err := ontology.Check(&out); err != nil {
		return nil, bad(err)
	}
	return &out, nil
}

// Joined returns the pairs of claims to decide on so that claims or events
// (ev-…, for all of its claims) are one event with the first of them or, if same
// is false, so that none is one event with another.
func (r *Record) Joined(ctx context.Context, same bool, things ...string) ([][2]string, error) {
	if len(things) < 2 {
		return nil, &rapport.Error{Kind: rapport.Usage, What: fmt.Sprintf("two claims or events at least are judged, %d are named", len(things))}
	}
	var groups [][]string
	for _, t := range things {
		group := []string{t}
		if strings.HasPrefix(t, "ev-") {
			e, err := r.Event(ctx, t)
			if err != nil {
				return nil, err
			}
			group = e.Claims
		}
		groups = append(groups, group)
	}
	var pairs [][2]string
	for i, g := range groups {
		for _, h := range groups[i+1:] {
			if same && i > 0 {
				break // joined to the first is joined to all
			}
			if same {
				g, h = g[:1], h[:1]
			}
			for _, a := range g {
				for _, b := range h {
					if a == b {
						return nil, &rapport.Error{Kind: rapport.Usage, What: "claim " + a + " is named twice"}
					}
					pairs = append(pairs, [2]string{a, b})
				}
			}
		}
	}
	return pairs, nil
}

// Parted returns the pairs of claims to decide on so that the named claims of an
// event are not one with its others, or with none named that none is one with
// any other.
func (r *Record) Parted(ctx context.Context, event string, claims ...string) ([][2]string, error) {
	e, err := r.Event(ctx, event)
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		if !slices.Contains(e.Claims, c) {
			return nil, &rapport.Error{Kind: rapport.NotFound, Where: "event " + event, What: "is not told by claim " + c, Try: "rapport explain " + event}
		}
	}
	if len(e.Claims) < 2 {
		return nil, &rapport.Error{Kind: rapport.Usage, What: "event " + event + " rests on one claim: nothing was merged"}
	}
	var pairs [][2]string
	for i, a := range e.Claims {
		for _, b := range e.Claims[i+1:] {
			if len(claims) == 0 || slices.Contains(claims, a) != slices.Contains(claims, b) {
				pairs = append(pairs, [2]string{a, b})
			}
		}
	}
	if len(pairs) == 0 {
		return nil, &rapport.Error{Kind: rapport.Usage, What: "all claims of " + event + " are named: name those to take out, or none to part all"}
	}
	return pairs, nil
}

// ReviewN returns the review of that number.
func (r *Record) ReviewN(ctx context.Context, n int64) (Review, error) {
	v, err := scanReview(r.read.QueryRowContext(ctx, `SELECT `+reviewColumns+` FROM review WHERE n = ?`, n))
	return v, r.found("review", fmt.Sprintf("r%d", n), err)
}
