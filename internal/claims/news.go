package claims

import (
	"rapport"
	"rapport/internal/what"
	"rapport/internal/when"
)

// leadSentences is how many sentences a report's lead takes, the headline and a
// letterhead counted.
const leadSentences = 3

// dateByNews dates by the report's own day what is told without a date in a report
// that has named that day, and no other of late, from its lead on: "The ministers met
// in Riga today. They signed an accord on fisheries." What is told as done before
// ("had agreed", "has sent"), or beside another time, is left alone. The day is only
// inferred, so it is asked once all tellings are joined, that it may keep no two of
// them apart, and is given as the report's. kept are the drafts that stand for a claim.
func (r *reading) dateByNews(kept []int) {
	named := r.namesOwnDay()
	for _, i := range kept {
		d := &r.drafts[i]
		c, from := &d.claim, named[d.sentence]
		if c.Date != "" || c.Status != rapport.Actual || from < 0 || from != d.sentence && r.tellsOther(d.sentence) {
			continue
		}
		if a := r.actOf(d); a == nil || a.Modality.Perfect || r.presentPerfect(d.sentence, a) {
			continue
		}
		at := &r.doc.Sentences[from]
		c.Date, c.DateBasis = r.rep.Published, rapport.DateFromReport
		c.Reasons = append(c.Reasons, rapport.Reason{Field: "date", Rule: "claims/date.news", Span: [2]int{at.Start, at.End}, Note: "told of the report's own day"})
	}
}

// actOf returns the act that a draft was made of, nil for one made of none.
func (r *reading) actOf(d *draft) *what.Act {
	for k := range r.acts[d.sentence] {
		if a := &r.acts[d.sentence][k]; a.Trigger == d.trigger {
			return a
		}
	}
	return nil
}

// namesOwnDay returns, for each sentence, the last one up to it that names the
// report's own day, -1 where none does, the lead names none, or another day of the
// month before has been named.
func (r *reading) namesOwnDay() []int {
	out := make([]int, len(r.doc.Sentences))
	last, spoilt := -1, false
	for si := range out {
		for i := range r.dates[si] {
			e := &r.dates[si][i]
			switch {
			case e.Kind != when.Point || e.Date.Grain() != rapport.DayGrain || e.Rule == when.RuleOfEvent || !r.recent(e.Date):
			case e.Date != r.rep.Published || last < 0 && si >= leadSentences:
				spoilt = true
			default:
				last = si
			}
		}
		if out[si] = last; spoilt {
			out[si] = -1
		}
	}
	return out
}

// recent reports a date of the month up to the report's day.
func (r *reading) recent(d rapport.Date) bool {
	first, _, ok := d.Bounds()
	day, _, known := r.rep.Published.Bounds()
	return ok && known && r.past(d) && first.After(day.AddDate(0, -1, 0))
}

// tellsOther reports whether sentence si names a time that has begun, or a length of
// it: "last week", "in 2014", "for three days".
func (r *reading) tellsOther(si int) bool {
	for i := range r.dates[si] {
		e := &r.dates[si][i]
		if e.Kind == when.Duration {
			return true
		}
		if first, _, ok := e.Date.Bounds(); ok && e.Kind != when.Frequency && r.past(rapport.Day(first)) {
			return true
		}
	}
	return false
}
