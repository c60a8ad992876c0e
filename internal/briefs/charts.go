package briefs

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"rapport"
	"rapport/internal/relations"
)

// Sizes of the charts, in points: the text width of an A4 page.
const (
	chartWidth = 480.0
	chartLeft  = 118.0
	chartRight = 12.0
	laneHeight = 26.0
	dotRadius  = 2.6
	laneDots   = 4 // (laneHeight-4) / (2*dotRadius)
)

// lanes of the timeline chart: by PLOVER's types, cooperation above conflict.
var lanes = []struct {
	name  string
	types []string
	color color
}{
	{"Visits and talks", []string{"CONSULT"}, cooperative},
	{"Support, agreements", []string{"SUPPORT", "AGREE"}, cooperative},
	{"Aid, joint work, easing", []string{"AID", "COOPERATE", "CONCEDE", "RETREAT"}, cooperative},
	{"Demands, disputes", []string{"REQUEST", "REJECT", "ACCUSE", "THREATEN"}, conflictual},
	{"Sanctions, force", []string{"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"}, conflictual},
}

// axis maps days to the width of a chart.
type axis struct {
	from, to time.Time
}

func (a axis) at(t time.Time) float64 {
	span := a.to.Sub(a.from).Hours()
	if span <= 0 {
		return chartLeft
	}
	return chartLeft + (chartWidth-chartLeft-chartRight)*t.Sub(a.from).Hours()/span
}

// years draws the years of an axis, no more than fit.
func (a axis) years(d *drawing, top, bottom float64) {
	first, last := a.from.Year(), a.to.Year()
	step := 1
	for _, step = range []int{1, 2, 5, 10, 20, 50, 100} {
		if (last-first)/step <= 9 {
			break
		}
	}
	for y := (first + step - 1) / step * step; y <= last; y += step {
		x := a.at(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC))
		if x < chartLeft-0.5 || x > chartWidth-chartRight+0.5 {
			continue
		}
		d.add(shape{kind: line, x: x, y: top, h: bottom - top, color: grid})
		d.say(x, bottom+11, strconv.Itoa(y), 8, middleAnchor, faint)
	}
}

// axisOf spans the years of the events that took place and can be dated to a
// year or better.
func (p *page) axisOf() (axis, []string) {
	var a axis
	var ids []string
	for _, id := range p.r.Timeline {
		e := p.r.Events[id]
		if _, ok := middle(&e); !ok || !p.onPair(&e) || !p.wanted(relations.Line{Event: id}) {
			continue
		}
		first, last, _ := e.Date.Bounds()
		ids = append(ids, id)
		if a.from.IsZero() || first.Before(a.from) {
			a.from = first
		}
		if last.After(a.to) {
			a.to = last
		}
	}
	if len(ids) > 0 {
		a.from = time.Date(a.from.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		a.to = time.Date(a.to.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return a, ids
}

// middle is the day in the middle of an event's date; false for what did not
// take place or is not dated to a year or better.
func middle(e *rapport.Event) (time.Time, bool) {
	first, last, ok := e.Date.Bounds()
	if !ok || first.IsZero() || last.IsZero() || last.Sub(first) > 366*24*time.Hour || e.Status != rapport.Actual && e.Status != rapport.Historical {
		return time.Time{}, false
	}
	return first.Add(last.Sub(first) / 2), true
}

func (p *page) onPair(e *rapport.Event) bool {
	for _, d := range rapport.Dyads(e.Actor, e.Recipient) {
		if d == p.r.Pair {
			return true
		}
	}
	return false
}

// timelineChart shows each event on the pair as a dot in its lane; those of the
// same days stand on each other.
func (p *page) timelineChart() *drawing {
	a, ids := p.axisOf()
	if len(ids) < 3 {
		return nil
	}
	d := &drawing{width: chartWidth, height: float64(len(lanes))*laneHeight + 24, title: fmt.Sprintf("Timeline of %s and %s", p.r.A.Name, p.r.B.Name)}
	bottom := float64(len(lanes))*laneHeight + 4
	for i, l := range lanes {
		y := 4 + float64(i)*laneHeight
		if i%2 == 0 {
			d.add(shape{kind: rect, x: chartLeft, y: y, w: chartWidth - chartLeft - chartRight, h: laneHeight, color: band})
		}
		d.say(chartLeft-8, y+laneHeight/2+3, l.name, 8.5, endAnchor, ink)
	}
	a.years(d, 4, bottom)
	counts := make([]int, len(lanes))
	stack := map[[2]int]int{}
	for _, id := range ids {
		e := p.r.Events[id]
		i := laneOf(e.Event)
		if i < 0 {
			continue
		}
		counts[i]++
		t, _ := middle(&e)
		slot := int(a.at(t) / (2 * dotRadius))
		n := stack[[2]int{i, slot}]
		stack[[2]int{i, slot}]++
		if n >= laneDots {
			continue // the lane is full; the table below has them all
		}
		y := 4 + float64(i+1)*laneHeight - 2 - dotRadius - float64(n)*2*dotRadius
		d.add(shape{kind: dot, x: max((float64(slot)+0.5)*2*dotRadius, chartLeft+dotRadius), y: y, w: dotRadius - 0.3, color: lanes[i].color})
	}
	d.desc = "Each dot is an event"
	for i, l := range lanes {
		d.desc += fmt.Sprintf("; %s: %d", l.name, counts[i])
	}
	d.desc += "."
	return d
}

func laneOf(event string) int {
	for i, l := range lanes {
		for _, t := range l.types {
			if t == event {
				return i
			}
		}
	}
	return -1
}

// tempoChart shows the sums of PLOVER's scores a period, cooperation upwards,
// conflict downwards, and below how many reports were published: little is told
// where little is read.
func (p *page) tempoChart() *drawing {
	periods, unit := p.periods()
	if len(periods) < 2 {
		return nil
	}
	const top, height, strip = 16.0, 96.0, 26.0
	d := &drawing{width: chartWidth, height: top + height + strip + 38, title: fmt.Sprintf("Tempo of %s and %s by %s", p.r.A.Name, p.r.B.Name, unit)}
	up, down, reports, events := 1.0, 1.0, 1, 0
	for _, q := range periods {
		up, down, reports = math.Max(up, q.Cooperation), math.Max(down, -q.Conflict), max(reports, q.Reports)
		events += q.Events
	}
	scale := height / (up + down)
	zero := top + up*scale
	left, width := chartLeft, chartWidth-chartLeft-chartRight
	each := width / float64(len(periods))
	bar := math.Max(each*0.72, 1)
	d.add(shape{kind: rect, x: left, y: top + height + 10, w: width, h: strip, color: band})
	d.say(left-8, top+7, "cooperation +"+num(up), 8.5, endAnchor, cooperative)
	d.say(left-8, zero+3, "0", 8, endAnchor, faint)
	d.say(left-8, top+height, "conflict −"+num(down), 8.5, endAnchor, conflictual)
	d.say(left-8, top+height+10+strip/2+3, fmt.Sprintf("reports, at most %d", reports), 8.5, endAnchor, faint)
	step := (len(periods) + 11) / 12
	for i, q := range periods {
		x := left + float64(i)*each + (each-bar)/2
		if q.Cooperation > 0 {
			d.add(shape{kind: rect, x: x, y: zero - q.Cooperation*scale, w: bar, h: q.Cooperation * scale, color: cooperative})
		}
		if q.Conflict < 0 {
			d.add(shape{kind: rect, x: x, y: zero, w: bar, h: -q.Conflict * scale, color: conflictual})
		}
		if q.Reports > 0 {
			h := (strip - 4) * float64(q.Reports) / float64(reports)
			d.add(shape{kind: rect, x: x, y: top + height + 10 + strip - h, w: bar, h: h, color: reported})
		}
		if i%step == 0 {
			d.say(left+(float64(i)+0.5)*each, top+height+strip+22, q.Name, 8, middleAnchor, faint)
		}
	}
	d.add(shape{kind: line, x: left, y: zero, w: width, color: faint})
	d.desc = fmt.Sprintf("Bars by %s from %s to %s: %d events; the figures stand in the table.", unit, periods[0].Name, periods[len(periods)-1].Name, events)
	return d
}

// periods returns the periods that a tempo chart shows, without a gap: years,
// or quarters when there are few years.
func (p *page) periods() (out []relations.Period, unit string) {
	var ys []relations.Period
	for _, y := range p.r.Tempo {
		if first, _, ok := rapport.Date(y.Name).Bounds(); ok && p.since().After(first.AddDate(1, 0, -1)) {
			continue
		}
		ys = append(ys, y)
	}
	if len(ys) == 0 {
		return nil, ""
	}
	first, _ := strconv.Atoi(ys[0].Name)
	last, _ := strconv.Atoi(ys[len(ys)-1].Name)
	unit = "year"
	by := map[string]relations.Period{}
	if last-first < 4 {
		unit = "quarter"
	}
	for _, y := range ys {
		by[y.Name] = y
		for _, q := range y.Quarters {
			by[q.Name] = q
		}
	}
	for y := first; y <= last; y++ {
		names := []string{strconv.Itoa(y)}
		if unit == "quarter" {
			names = names[:0]
			for q := 1; q <= 4; q++ {
				names = append(names, fmt.Sprintf("%d-Q%d", y, q))
			}
		}
		for _, n := range names {
			q := by[n]
			q.Name = n
			out = append(out, q)
		}
	}
	return out, unit
}

// since is the first day of a brief on what is new, the zero time for others.
func (p *page) since() time.Time {
	first, _, _ := p.o.Since.Bounds()
	return first
}
