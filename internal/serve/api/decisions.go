package api

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/serve/access"
	"rapport/internal/serve/problem"
)

// NewReview is a decision on a claim.
type NewReview struct {
	Claim   string                     `json:"claim" jsonschema:"id of the claim"`
	Verdict record.Verdict             `json:"verdict" jsonschema:"accept, correct or reject"`
	Set     map[string]json.RawMessage `json:"set,omitempty" jsonschema:"for correct: the fields that are wrong with what they should be, as doc/claim.md has them"`
	Note    string                     `json:"note,omitempty"`
}

// Note is a remark on what is taken back.
type Note struct {
	Note string `json:"note,omitempty"`
}

const maxNote = 2000

func checkNote(note string) error {
	if len(note) > maxNote {
		return problem.Bad("note", fmt.Sprintf("is longer than %d bytes", maxNote), "less")
	}
	return nil
}

func listReviews(c *call) error {
	reviews, err := c.api.Record.Reviews(c, c.str("claim"))
	if err != nil {
		return err
	}
	if c.bool("newest") {
		slices.Reverse(reviews)
	}
	l := lister[record.Review, int]{
		page: slice(reviews),
		json: func(v *record.Review) any { return v },
		csv: table([]string{"Review", "Time", "Author", "Claim ID", "Verdict", "Undoes", "Note"}, func(v *record.Review) []string {
			return []string{strconv.FormatInt(v.N, 10), v.Time, v.Author, v.Claim, string(v.Verdict), number(v.Undoes), oneLine(v.Note)}
		}),
		name: "reviews",
	}
	return l.serve(c)
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func postReview(c *call) error {
	work, err := c.pipeline()
	if err != nil {
		return err
	}
	var in NewReview
	if err := c.decode(&in); err != nil {
		return err
	}
	if err := checkNote(in.Note); err != nil {
		return err
	}
	v := record.Review{Claim: in.Claim, Verdict: in.Verdict, Note: in.Note, Author: c.user.Name, Time: c.stamp()}
	switch in.Verdict {
	case record.Accept, record.Reject:
		if len(in.Set) > 0 {
			return problem.Bad("set", "goes with the verdict correct", "correct")
		}
	case record.Correct:
		if len(in.Set) == 0 {
			return problem.Bad("set", "is missing: a correction says what is right", `{"date": "2024-06-08"}`)
		}
		cl, err := c.api.Record.Claim(c, in.Claim)
		if err != nil {
			return notFound("claim", in.Claim, err, "")
		}
		if v.New, err = record.Corrected(cl, in.Set); err != nil {
			return err
		}
	default:
		return problem.Bad("verdict", strconv.Quote(string(in.Verdict))+" is none", "accept, correct or reject")
	}
	return c.review(work, v)
}

func undoReview(c *call) error {
	n, note, work, err := c.undoing("r")
	if err != nil {
		return err
	}
	of, err := c.api.Record.ReviewN(c, n)
	if err != nil {
		return notFound("review", strconv.FormatInt(n, 10), err, "GET "+Prefix+"/reviews, which lists them")
	}
	return c.review(work, record.Review{Claim: of.Claim, Verdict: record.Undo, Undoes: n, Note: note, Author: c.user.Name, Time: c.stamp()})
}

func (c *call) review(work Pipeline, v record.Review) error {
	ctx := context.WithoutCancel(c) // half of it is worse than what nobody waits for
	v, err := c.api.Record.AddReview(ctx, v)
	if err != nil {
		return err
	}
	if err := work.Merge(ctx); err != nil {
		return err
	}
	return c.created(v)
}

// undoing reads what is to be taken back: "r3", "d2" or the number alone.
func (c *call) undoing(letter string) (n int64, note string, work Pipeline, err error) {
	if work, err = c.pipeline(); err != nil {
		return 0, "", nil, err
	}
	id := c.r.PathValue("n")
	if n, err = strconv.ParseInt(strings.TrimPrefix(id, letter), 10, 64); err != nil || n < 1 {
		return 0, "", nil, problem.Bad("n", strconv.Quote(id)+" is no number", "as in "+letter+"3")
	}
	if body, err := c.whole(); err != nil || len(body) == 0 {
		return n, "", work, err
	}
	var in Note
	if err := c.decode(&in); err != nil {
		return 0, "", nil, err
	}
	return n, in.Note, work, checkNote(in.Note)
}

// NewMerge is a decision on merging.
type NewMerge struct {
	Verdict string   `json:"verdict" jsonschema:"same: they are one event; apart: none is one with another; part: the claims named, or all, do not belong to the event"`
	Of      []string `json:"of" jsonschema:"ids of claims or events; for part the event alone"`
	Claims  []string `json:"claims,omitempty" jsonschema:"for part: the claims to take out; none parts all"`
	Note    string   `json:"note,omitempty"`
}

// mostPairs bounds what one decision may be about.
const mostPairs = 10_000

func listMerges(c *call) error {
	var claims []string
	if id := c.str("claim"); id != "" {
		claims = []string{id}
	}
	ds, err := c.api.Record.Decisions(c, claims...)
	if err != nil {
		return err
	}
	if c.bool("newest") {
		slices.Reverse(ds)
	}
	l := lister[record.Decision, int]{
		page: slice(ds),
		json: func(d *record.Decision) any { return d },
		csv: table([]string{"Decision", "Time", "Author", "Same", "Claims", "Undoes", "Undone", "Note"}, func(d *record.Decision) []string {
			var pairs []string
			for _, p := range d.Pairs {
				pairs = append(pairs, p[0]+"+"+p[1])
			}
			return []string{strconv.FormatInt(d.N, 10), d.Time, d.Author, strconv.FormatBool(d.Same), strings.Join(pairs, ";"), number(d.Undoes), strconv.FormatBool(d.Undone), oneLine(d.Note)}
		}),
		name: "merges",
	}
	return l.serve(c)
}

func postMerge(c *call) error {
	work, err := c.pipeline()
	if err != nil {
		return err
	}
	var in NewMerge
	if err := c.decode(&in); err != nil {
		return err
	}
	if err := checkNote(in.Note); err != nil {
		return err
	}
	d := record.Decision{Same: in.Verdict == "same", Note: in.Note, Author: c.user.Name, Time: c.stamp()}
	switch {
	case len(in.Of)+len(in.Claims) > 1000:
		return problem.Bad("of", "names more than 1000", "fewer")
	case in.Verdict == "same" || in.Verdict == "apart":
		if len(in.Claims) > 0 {
			return problem.Bad("claims", "goes with the verdict part", "of")
		}
		d.Pairs, err = c.api.Record.Joined(c, d.Same, in.Of...)
	case in.Verdict == "part" && len(in.Of) == 1:
		d.Pairs, err = c.api.Record.Parted(c, in.Of[0], in.Claims...)
	case in.Verdict == "part":
		return problem.Bad("of", "names one event to part", "ev-…")
	default:
		return problem.Bad("verdict", strconv.Quote(in.Verdict)+" is none", "same, apart or part")
	}
	if err != nil {
		return err
	}
	if len(d.Pairs) > mostPairs {
		return problem.Bad("of", fmt.Sprintf("comes to %d pairs of claims", len(d.Pairs)), "fewer")
	}
	return c.decide(work, d)
}

func undoMerge(c *call) error {
	n, note, work, err := c.undoing("d")
	if err != nil {
		return err
	}
	return c.decide(work, record.Decision{Undoes: n, Note: note, Author: c.user.Name, Time: c.stamp()})
}

func (c *call) decide(work Pipeline, d record.Decision) error {
	ctx := context.WithoutCancel(c)
	d, err := c.api.Record.Decide(ctx, d)
	if err != nil {
		return err
	}
	if err := work.Merge(ctx); err != nil {
		return err
	}
	return c.created(d)
}

func listTrail(c *call) error {
	if c.api.Store == nil {
		return &rapport.Error{Kind: rapport.NotFound, What: "this server keeps no trail"}
	}
	l := lister[access.Entry, int64]{
		page: func(ctx context.Context, limit int, before int64) ([]access.Entry, int64, bool, error) {
			es, err := c.api.Store.Trail(ctx, before, limit+1)
			more := len(es) > limit
			es = es[:min(limit, len(es))]
			if len(es) > 0 {
				before = es[len(es)-1].N
			}
			return es, before, more, err
		},
		json: func(e *access.Entry) any { return e },
		csv: table([]string{"N", "Time", "Account", "Token", "Remote", "Action", "What", "Status"}, func(e *access.Entry) []string {
			return []string{strconv.FormatInt(e.N, 10), e.Time, e.Account, e.Token, e.Remote, e.Action, oneLine(e.What), strconv.Itoa(e.Status)}
		}),
		name: "trail",
	}
	return l.serve(c)
}
