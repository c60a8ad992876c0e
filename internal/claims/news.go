package claims

import (
	"rapport"
	"rapport/internal/when"
)

// leadSentences is how many sentences a report's lead takes, the headline and a
// letterhead counted.
const leadSentences = 3

// namesOwnDay returns, for each sentence, the last one up to it that names the
// report's own day, -1 where none does, the lead names none, or another day of the
// month before has been named.
func (r *reading) namesOwnDay() []int {
	if r.ownDay != nil {
		return r.ownDay
	}
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
	r.ownDay = out
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
