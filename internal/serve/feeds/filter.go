package feeds

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/serve/plain"
)

// filterNames are what a filter may hold, in the order of titles.
var filterNames = []string{"pair", "party", "type", "status", "since", "until", "place", "outlet", "text", "confidence", "limit"}

// ParseFilter reads a filter of events as addresses carry it:
// pair=AZE-EGY&type=CONSULT:visit,SUPPORT&status=actual. Names and values are
// those of the flags of rapport events; lists are parted by commas or named
// more than once. Its errors are [rapport.Error] of kind Usage.
func ParseFilter(q url.Values) (f record.EventFilter, err error) {
	bad := func(what, try string, args ...any) error {
		return &rapport.Error{Kind: rapport.Usage, Where: "filter", What: fmt.Sprintf(what, args...), Try: try}
	}
	for name, values := range q {
		if !slices.Contains(filterNames, name) {
			return f, bad("there is no %q", strings.Join(filterNames, ", "), plain.Line(name, 40))
		}
		list := slices.Contains([]string{"party", "type", "status"}, name)
		if !list && len(values) > 1 {
			return f, bad("%s is named %d times", "naming it once", name, len(values))
		}
		if n := len(strings.Join(values, ",")); n > 1000 {
			return f, bad("%s has %d bytes, and 1000 are the most", "a shorter one", name, n)
		}
	}
	list := func(name string) (out []string) {
		for v := range strings.SplitSeq(strings.Join(q[name], ","), ",") {
			if v = strings.TrimSpace(v); v != "" {
				out = append(out, v)
			}
		}
		return out
	}
	const codes = "its ISO 3166 code, as in EGY"
	if pair := q.Get("pair"); pair != "" {
		a, b, _ := strings.Cut(pair, "-")
		ca, okA := ontology.ParseCountry(a)
		cb, okB := ontology.ParseCountry(b)
		if !okA || !okB || ca == cb {
			return f, bad("%q is no pair of countries", "AZE-EGY", plain.Line(pair, 60))
		}
		f.Pair = rapport.NewDyad(ca, cb)
	}
	for _, p := range list("party") {
		code, ok := ontology.ParseCountry(p)
		if !ok {
			return f, bad("%q is no country", codes, plain.Line(p, 60))
		}
		f.Party = append(f.Party, code)
	}
	for _, v := range list("type") {
		name, mode, _ := strings.Cut(strings.ToUpper(v), ":")
		mode = strings.ToLower(mode)
		t, ok := ontology.TypeOf(name)
		if !ok || mode != "" && !slices.ContainsFunc(t.Modes, func(m ontology.Mode) bool { return m.Code == mode }) {
			return f, bad("%q is no type of PLOVER", "CONSULT or CONSULT:visit", plain.Line(v, 60))
		}
		if mode != "" {
			name += ":" + mode
		}
		f.Events = append(f.Events, name)
	}
	known := []rapport.Status{rapport.Actual, rapport.Historical, rapport.Future, rapport.Hypothetical, rapport.Negated}
	for _, v := range list("status") {
		if !slices.Contains(known, rapport.Status(v)) {
			return f, bad("%q is no status", "actual, historical, future, hypothetical or negated", plain.Line(v, 60))
		}
		f.Status = append(f.Status, rapport.Status(v))
	}
	f.Since, f.Until = rapport.Date(q.Get("since")), rapport.Date(q.Get("until"))
	for _, d := range []rapport.Date{f.Since, f.Until} {
		if d != "" && d.Check() != nil {
			return f, bad("%q is no date", "2024-06-08, 2024-06 or 2024", plain.Line(string(d), 40))
		}
	}
	if f.Until.Before(f.Since) {
		return f, bad("until %s lies before since %s", "the other way round", f.Until, f.Since)
	}
	f.Place, f.Outlet, f.Text = q.Get("place"), q.Get("outlet"), q.Get("text")
	if v := q.Get("confidence"); v != "" {
		if f.Confidence, err = strconv.ParseFloat(v, 64); err != nil || !(f.Confidence >= 0 && f.Confidence <= 1) {
			return f, bad("confidence is %q", "a number from 0 to 1", plain.Line(v, 40))
		}
	}
	if v := q.Get("limit"); v != "" {
		if f.Limit, err = strconv.Atoi(v); err != nil || f.Limit < 1 || f.Limit > most {
			return f, bad("limit is %q", "a number from 1 to "+strconv.Itoa(most), plain.Line(v, 40))
		}
	}
	return f, nil
}
