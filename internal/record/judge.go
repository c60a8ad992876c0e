package record

import (
	"context"
	"encoding/json"
	"strings"

	"rapport"
)

// AddJudgements keeps judgements. A rule's later judgement of a pair replaces
// its earlier one; a person's stand beside each other with their times, and
// the latest counts.
func (r *Record) AddJudgements(ctx context.Context, js []rapport.Judgement) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(ctx, "judgements cannot be kept", func(w *writer) error {
		for i := range js {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := w.addJudgement(&js[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetJudgements replaces what rules judged: of the claims given, both of a
// pair among them, or of all when none is given. Judgements of persons stay.
func (r *Record) SetJudgements(ctx context.Context, js []rapport.Judgement, claims ...string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.write(ctx, "judgements cannot be kept", func(w *writer) error {
		var err error
		if len(claims) == 0 {
			_, err = w.exec(`DELETE FROM judgement WHERE person = 0`)
		} else {
			var list []byte
			if list, err = json.Marshal(claims); err == nil {
				_, err = w.exec(`DELETE FROM judgement WHERE n IN (SELECT j.n FROM json_each(?1) c CROSS JOIN judgement j ON j.a = c.value
					WHERE j.person = 0 AND j.b IN (SELECT value FROM json_each(?1)))`, string(list))
			}
		}
		for i := range js {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				err = w.addJudgement(&js[i])
			}
		}
		return err
	})
}

// byRule reports whether an author is a rule.
func byRule(author string) bool { return strings.HasPrefix(author, "rule:") }

func (w *writer) addJudgement(j *rapport.Judgement) error {
	if j.A >= j.B || j.A == "" || j.Author == "" {
		return &rapport.Error{Kind: rapport.BadInput, Where: "judgement " + j.A + " " + j.B,
			What: "needs two claims in order of their ids, and an author"}
	}
	reasons := j.Reasons
	if reasons == nil {
		reasons = []string{}
	}
	text, err := json.Marshal(reasons)
	if err != nil {
		return err
	}
	if !byRule(j.Author) { // a person changes what merging has to come to
		for _, id := range []string{j.A, j.B} {
			h, ok, err := w.held(id)
			if err != nil {
				return err
			}
			if ok {
				if err := w.markStale(h.n, &h.claim); err != nil {
					return err
				}
			}
		}
	}
	_, err = w.exec(`INSERT INTO judgement (a, b, same, score, reasons, author, person, time) VALUES (?,?,?,?,?,?,?,?)
		ON CONFLICT (a, b, author, time) DO UPDATE SET same = excluded.same, score = excluded.score, reasons = excluded.reasons`,
		j.A, j.B, j.Same, j.Score, string(text), j.Author, !byRule(j.Author), j.Time)
	return err
}

// markStale marks a claim and its dyads as to be merged anew.
func (w *writer) markStale(n int64, c *rapport.Claim) error {
	if _, err := w.exec(`INSERT OR IGNORE INTO unmerged (claim) VALUES (?)`, n); err != nil {
		return err
	}
	for _, d := range filing(c.Actor, c.Recipient) {
		n, err := w.dyadN(d)
		if err != nil {
			return err
		}
		w.touch(n, 0)
	}
	return nil
}

func scanJudgement(rows scanner) (j rapport.Judgement, err error) {
	var reasons []byte
	if err = rows.Scan(&j.A, &j.B, &j.Same, &j.Score, &reasons, &j.Author, &j.Time); err == nil {
		err = json.Unmarshal(reasons, &j.Reasons)
	}
	return j, err
}

const judgementColumns = `a, b, same, score, reasons, author, time`

// Judgements returns the judgements that name one of the claims, all of them
// when no claim is given, in the order kept.
func (r *Record) Judgements(ctx context.Context, claims ...string) ([]rapport.Judgement, error) {
	if len(claims) == 0 {
		return all(rowsOf(ctx, r, scanJudgement, `SELECT `+judgementColumns+` FROM judgement ORDER BY n`))
	}
	list, err := json.Marshal(claims)
	if err != nil {
		return nil, err
	}
	return all(rowsOf(ctx, r, scanJudgement, `SELECT `+judgementColumns+` FROM judgement WHERE n IN (
		SELECT j.n FROM json_each(?1) c CROSS JOIN judgement j ON j.a = c.value UNION
		SELECT j.n FROM json_each(?1) c CROSS JOIN judgement j ON j.b = c.value) ORDER BY n`, string(list)))
}

// PersonJudgements returns the judgements that persons made and did not undo,
// in the order kept.
func (r *Record) PersonJudgements(ctx context.Context) ([]rapport.Judgement, error) {
	return all(rowsOf(ctx, r, scanJudgement, `SELECT `+judgementColumns+` FROM judgement
		WHERE person = 1 AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = judgement.decision) ORDER BY n`))
}
