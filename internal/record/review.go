package record

import (
	"context"
	"encoding/json"
	"strconv"

	"rapport"
)

// Verdict is what a person says of a claim.
type Verdict string

// The verdicts of a [Review].
const (
	Accept  Verdict = "accept"  // right as it stands
	Correct Verdict = "correct" // right as New has it
	Reject  Verdict = "reject"  // no such claim: off the register
	Undo    Verdict = "undo"    // take the review Undoes back
)

// Review is one decision of a person on a claim. Reviews are never changed or
// deleted.
type Review struct {
	N       int64          `json:"n"` // given by the record, in order
	Claim   string         `json:"claim"`
	Verdict Verdict        `json:"verdict"`
	Old     *rapport.Claim `json:"old"` // as it stood before; nil when it was off the register
	New     *rapport.Claim `json:"new"` // as it stands after; nil when off the register
	Note    string         `json:"note,omitempty"`
	Author  string         `json:"author"`
	Time    string         `json:"time"`             // RFC 3339
	Undoes  int64          `json:"undoes,omitempty"` // N of the review taken back
}

// AddReview applies a review and keeps it: Claim, Verdict, Author and Time are
// needed, New for Correct, Undoes for Undo. It returns the review as kept.
// Only the last standing review of a claim can be undone.
func (r *Record) AddReview(ctx context.Context, v Review) (Review, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.write(ctx, "review of claim "+v.Claim+" cannot be kept", func(w *writer) error {
		return w.addReview(&v)
	})
	return v, err
}

func (w *writer) addReview(v *Review) error {
	bad := func(kind rapport.Kind, what, try string) error {
		return &rapport.Error{Kind: kind, Where: "claim " + v.Claim, What: what, Try: try}
	}
	if v.Author == "" || v.Time == "" {
		return bad(rapport.Usage, "a review needs an author and a time", "")
	}
	h, ok, err := w.held(v.Claim)
	switch {
	case err != nil:
		return err
	case !ok || !h.current:
		return bad(rapport.NotFound, "is not in the record", "")
	}
	v.Old = nil
	if h.live {
		v.Old = &h.claim
	}
	switch v.Verdict {
	case Accept, Reject:
		v.New = v.Old
		if !h.live { // a second reviewer's word on what the first rejected
			last, err := w.standing(v.Claim)
			if err != nil {
				return err
			}
			if last == nil || last.Verdict != Reject || last.Author == v.Author {
				return bad(rapport.Usage, "is off the register already", "undo the review that took it off")
			}
			v.New = last.Old
		}
		if v.Verdict == Reject {
			v.New = nil
		}
	case Correct:
		if v.New == nil || !h.live {
			return bad(rapport.Usage, "a correction needs a claim on the register and what it should be", "")
		}
		if v.New.ID != h.claim.ID || v.New.Report != h.claim.Report {
			return bad(rapport.Usage, "a correction keeps the claim's id and report", "")
		}
		if err := v.New.Check(h.text); err != nil {
			return &rapport.Error{Kind: rapport.BadInput, Where: "claim " + v.Claim, What: "the correction is no claim", Err: err}
		}
	case Undo:
		last, err := w.standing(v.Claim)
		switch {
		case err != nil:
			return err
		case last == nil || last.N != v.Undoes:
			return bad(rapport.Usage, "review "+strconv.FormatInt(v.Undoes, 10)+" is not its last standing review", "undo the later ones first")
		}
		v.New = last.Old
	default:
		return bad(rapport.Usage, "no such verdict: "+strconv.Quote(string(v.Verdict)), "accept, correct, reject or undo")
	}
	if v.Verdict != Accept || !h.live {
		if err := w.restate(h, v.New); err != nil {
			return err
		}
	}
	old, err := claimJSON(v.Old)
	if err != nil {
		return err
	}
	to, err := claimJSON(v.New)
	if err != nil {
		return err
	}
	var undoes any
	if v.Undoes != 0 {
		undoes = v.Undoes
	}
	v.N, err = w.insert(`INSERT INTO review (claim, verdict, old, new, note, author, time, undoes) VALUES (?,?,?,?,?,?,?,?)`,
		v.Claim, string(v.Verdict), old, to, v.Note, v.Author, v.Time, undoes)
	return err
}

func claimJSON(c *rapport.Claim) (string, error) {
	if c == nil {
		return "", nil
	}
	b, err := c.MarshalJSON()
	return string(b), err
}

// restate changes how a claim stands; nil takes it off the register.
func (w *writer) restate(h held, to *rapport.Claim) error {
	if h.live {
		if err := w.unfile(h.n, &h.claim, h.term); err != nil {
			return err
		}
	}
	if to == nil {
		_, err := w.exec(`UPDATE claim SET live = 0 WHERE n = ?`, h.n)
		return err
	}
	t := claimTerm(to, h.published)
	body, err := claimJSON(to)
	if err != nil {
		return err
	}
	if _, err := w.exec(`UPDATE claim SET live = 1, day = ?, until = ?, start = ?, "end" = ?, stands = nullif(?, body) WHERE n = ?`,
		t.day, t.until, to.Evidence.Start, to.Evidence.End, body, h.n); err != nil {
		return err
	}
	if err := w.markStale(h.n, to); err != nil {
		return err
	}
	return w.file(h.n, to, t)
}

// standing returns the last review of a claim that was not undone, nil when
// there is none.
func (w *writer) standing(claim string) (*Review, error) {
	var n int64
	ok, err := w.one(`SELECT n FROM review v WHERE claim = ? AND verdict <> 'undo'
		AND NOT EXISTS (SELECT 1 FROM review u WHERE u.claim = v.claim AND u.undoes = v.n) ORDER BY n DESC LIMIT 1`, []any{claim}, &n)
	if err != nil || !ok {
		return nil, err
	}
	s, err := w.stmt(`SELECT ` + reviewColumns + ` FROM review WHERE n = ?`)
	if err != nil {
		return nil, err
	}
	v, err := scanReview(s.QueryRow(n))
	return &v, err
}

const reviewColumns = `n, claim, verdict, old, new, note, author, time, coalesce(undoes, 0)`

func scanReview(rows scanner) (v Review, err error) {
	var verdict string
	var old, to []byte
	if err := rows.Scan(&v.N, &v.Claim, &verdict, &old, &to, &v.Note, &v.Author, &v.Time, &v.Undoes); err != nil {
		return v, err
	}
	v.Verdict = Verdict(verdict)
	for _, f := range []struct {
		text []byte
		to   **rapport.Claim
	}{{old, &v.Old}, {to, &v.New}} {
		if len(f.text) > 0 {
			if err := json.Unmarshal(f.text, f.to); err != nil {
				return v, err
			}
		}
	}
	return v, nil
}

// Reviews returns the reviews of a claim, or of all claims when claim is
// empty, in the order kept.
func (r *Record) Reviews(ctx context.Context, claim string) ([]Review, error) {
	return all(rowsOf(ctx, r, scanReview, `SELECT `+reviewColumns+` FROM review WHERE ?1 = '' OR claim = ?1 ORDER BY n`, claim))
}
