package feeds

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/relations"
	"rapport/internal/serve/plain"
)

// meetings loads visits and meetings, made and announced, whose day is told to
// the month at least, the latest first: all that the filter lets through up to
// a bound, for a calendar is no list of news.
func (h *handler) meetings(ctx context.Context, f record.EventFilter) ([]record.News, error) {
	if len(f.Events) == 0 {
		f.Events = []string{"CONSULT", "AGREE"}
	}
	if f.Limit == 0 {
		f.Limit = mostDates
	}
	limit, looked := f.Limit, 0
	f.Limit, f.Newest = lookedAt, true
	var out []record.News
	var ids []string
	for row, err := range h.Record.Events(ctx, f) {
		if err != nil {
			return nil, err
		}
		if looked++; !meeting(&row.Event) {
			continue
		}
		out = append(out, record.News{EventRow: row})
		ids = append(ids, row.Event.ID)
		if len(out) == limit {
			break
		}
	}
	first, err := h.Record.FirstClaims(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].First = first[out[i].Event.ID]; out[i].First == "" { // merged anew just now
			out[i].First = out[i].Event.Claims[0]
		}
	}
	return out, nil
}

// meeting reports whether an event is a visit or meeting for a calendar.
func meeting(e *rapport.Event) bool {
	switch e.Status {
	case rapport.Actual, rapport.Historical, rapport.Future:
	default:
		return false
	}
	if e.Event != "CONSULT" && !(e.Event == "AGREE" && strings.HasPrefix(e.About, "CONSULT")) {
		return false
	}
	_, _, ok := days(e)
	return ok
}

// days returns the first day of an event and the day after its last; ok is
// false when that is not told to the month at least.
func days(e *rapport.Event) (from, to time.Time, ok bool) {
	first, last, ok := relations.When(e).Bounds()
	if !ok || first.IsZero() || last.IsZero() {
		return from, to, false
	}
	from = time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, time.UTC)
	to = time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, time.UTC)
	return from, to, to.Sub(from) <= 31*24*time.Hour
}

func calendar(f *feed) ([]byte, error) {
	var c component
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Rapport//Rapport//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.text("NAME", f.title)
	c.text("X-WR-CALNAME", f.title)
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	for i := range f.entries {
		e := &f.entries[i]
		from, to, ok := days(e.event)
		if !ok {
			continue
		}
		title := e.title
		if relations.When(e.event).Grain() == rapport.MonthGrain {
			title += " — day not told"
		}
		c.line("BEGIN", "VEVENT")
		c.line("UID", e.uuid)
		c.line("DTSTAMP", utc(e.updated))
		c.line("LAST-MODIFIED", utc(e.updated))
		c.line("SEQUENCE", strconv.Itoa(len(e.event.Claims)-1))
		c.line("DTSTART;VALUE=DATE", from.Format("20060102"))
		c.line("DTEND;VALUE=DATE", to.Format("20060102"))
		c.text("SUMMARY", title)
		if p := plain.Place(e.event.Place); p != "" {
			c.text("LOCATION", p)
		}
		c.text("DESCRIPTION", e.text())
		if e.link != "" {
			c.line("URL", e.link)
		}
		c.text("CATEGORIES", e.kind())
		if e.event.Status == rapport.Future || e.event.Event == "AGREE" {
			c.line("STATUS", "TENTATIVE")
		} else {
			c.line("STATUS", "CONFIRMED")
		}
		c.line("TRANSP", "TRANSPARENT")
		c.line("END", "VEVENT")
	}
	c.line("END", "VCALENDAR")
	return []byte(c.String()), nil
}

func utc(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("20060102T150405Z")
}

// component writes content lines of RFC 5545.
type component struct{ strings.Builder }

// text writes a property whose value is text, escaped.
func (c *component) text(name, value string) { c.line(name, escaper.Replace(value)) }

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// line writes a property, folded after 75 bytes between characters. A value
// holds no line end: what could is escaped, or an address.
func (c *component) line(name, value string) {
	l := name + ":" + value
	for room := 75; len(l) > room; room = 74 { // a blank goes before what is folded
		cut := room
		for cut > 0 && !utf8.RuneStart(l[cut]) {
			cut--
		}
		if cut == 0 { // no character is as long: these are bytes
			cut = room
		}
		c.WriteString(l[:cut] + "\r\n ")
		l = l[cut:]
	}
	c.WriteString(l + "\r\n")
}
