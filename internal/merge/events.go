package merge

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rapport"
)

// Events joins claims along judgements into events, sorted by id. Judgements
// of persons come first, the latest of them first; then rules' by score. A
// pair that a person judged not the same stays in two events whatever rules
// link them. reports gives publication days, outlets and hashes by report id.
// An event's id is that of its smallest claim after "ev-".
//
// Claims that no judgement joins are events of one claim. Judgements on
// claims that are not there are passed over.
func Events(claims []rapport.Claim, reports map[string]rapport.Report, judgements []rapport.Judgement) []rapport.Event {
	sorted := make([]*rapport.Claim, 0, len(claims))
	for i := range claims {
		sorted = append(sorted, &claims[i])
	}
	slices.SortFunc(sorted, func(a, b *rapport.Claim) int { return cmp.Compare(a.ID, b.ID) })
	sorted = slices.CompactFunc(sorted, func(a, b *rapport.Claim) bool { return a.ID == b.ID })

	out := Assemble(group(sorted, judgements), reports)
	slices.SortFunc(out, func(a, b rapport.Event) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// group parts claims, sorted by id, into those of one event each.
func group(claims []*rapport.Claim, judgements []rapport.Judgement) [][]*rapport.Claim {
	ids := make([]string, len(claims))
	for i, c := range claims {
		ids[i] = c.ID
	}
	groups := Groups(ids, judgements)
	out := make([][]*rapport.Claim, len(groups))
	for k, g := range groups {
		for _, i := range g {
			out[k] = append(out[k], claims[i])
		}
	}
	return out
}

func byRule(j rapport.Judgement) bool { return strings.HasPrefix(j.Author, "rule:") }

// forest is union-find with pairs that must stay apart.
type forest struct {
	up    []int32
	apart map[int32]map[int32]bool // roots
}

func newForest(n int) *forest {
	f := &forest{up: make([]int32, n), apart: map[int32]map[int32]bool{}}
	for i := range f.up {
		f.up[i] = int32(i)
	}
	return f
}

func (f *forest) root(a int32) int32 {
	for f.up[a] != a {
		f.up[a] = f.up[f.up[a]]
		a = f.up[a]
	}
	return a
}

// join makes a and b one, unless they must stay apart.
func (f *forest) join(a, b int32) {
	a, b = f.root(a), f.root(b)
	if a == b || f.apart[a][b] {
		return
	}
	if b < a {
		a, b = b, a
	}
	f.up[b] = a
	for o := range f.apart[b] {
		delete(f.apart[o], b)
		f.split(a, o)
	}
	delete(f.apart, b)
}

// part keeps a and b apart, unless they are one already.
func (f *forest) part(a, b int32) {
	if a, b = f.root(a), f.root(b); a != b {
		f.split(a, b)
	}
}

func (f *forest) split(a, b int32) {
	for _, p := range [][2]int32{{a, b}, {b, a}} {
		if f.apart[p[0]] == nil {
			f.apart[p[0]] = map[int32]bool{}
		}
		f.apart[p[0]][p[1]] = true
	}
}

// assemble derives an event from its claims, sorted by id.
func assemble(claims []*rapport.Claim, reports map[string]rapport.Report) rapport.Event {
	if len(claims) == 1 {
		return alone(claims[0], reports[claims[0].Report])
	}
	e := rapport.Event{ID: "ev-" + claims[0].ID}
	told := slices.Clone(claims)
	slices.SortStableFunc(told, func(a, b *rapport.Claim) int {
		return cmp.Or(cmp.Compare(reports[a.Report].Published, reports[b.Report].Published), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range told {
		e.Claims = append(e.Claims, c.ID)
	}
	b := &ballot{copies: copies(told, reports)}
	e.Reports = b.reports(told)
	acts := actsOf(told)
	b.act(&e, acts)
	e.Status = bestStatus(told, acts)
	b.parties(&e, acts)
	b.date(&e, told, acts, reports)
	b.place(&e, acts)
	b.figures(&e, told)
	return e
}

// alone derives an event that one claim tells.
func alone(c *rapport.Claim, r rapport.Report) rapport.Event {
	e := rapport.Event{
		ID: "ev-" + c.ID, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, About: c.About, AboutDate: c.AboutDate,
		Actor: addParties(nil, c.Actor), Recipient: addParties(nil, c.Recipient), Status: c.Status,
		Quad: c.Quad, Score: c.Score, Claims: []string{c.ID}, Reports: 1,
	}
	if c.Date != "" && c.DateBasis != rapport.DateFromReport {
		e.Date, e.DateBasis = c.Date, rapport.DateFromText
	} else if c.Status == rapport.Actual && r.Published != "" {
		e.Date, e.DateBasis = r.Published, rapport.DateFromReport
	}
	if c.Place != nil {
		p := *c.Place
		e.Place = &p
	}
	return e
}

// actsOf returns the claims that tell the act itself, leaving announcements
// aside where there are others.
func actsOf(claims []*rapport.Claim) []*rapport.Claim {
	var acts []*rapport.Claim
	for _, c := range claims {
		if c.About == "" || c.Event != "AGREE" {
			acts = append(acts, c)
		}
	}
	mixed := len(acts) > 0 && len(acts) < len(claims) && slices.ContainsFunc(acts, func(c *rapport.Claim) bool { return c.Event != "AGREE" })
	if !mixed {
		return claims
	}
	return acts
}

// ballot counts on whose word a value rests: each report once, copies of one
// text together.
type ballot struct {
	copies map[string]string // report id → the first report of its copies
}

// copies groups the reports of an event's claims that are copies: the same
// text, nearly the same as the record found, or the same long sentence word for
// word, as agencies' clients print.
func copies(claims []*rapport.Claim, reports map[string]rapport.Report) map[string]string {
	first := map[string]string{} // what they share → report
	out := map[string]string{}
	var find func(r string) string
	find = func(r string) string {
		if o, ok := out[r]; ok && o != r {
			return find(o)
		}
		return r
	}
	for _, c := range claims {
		if _, ok := out[c.Report]; !ok {
			out[c.Report] = c.Report
		}
		r := reports[c.Report]
		keys := []string{"family " + cmp.Or(r.Family, c.Report)}
		if r.Hash != "" {
			keys = append(keys, "hash "+r.Hash)
		}
		if s := c.Evidence.Text; len(s) >= 60 {
			keys = append(keys, "words "+s)
		}
		for _, k := range keys {
			o, ok := first[k]
			if !ok {
				first[k] = c.Report
				continue
			}
			if a, b := find(o), find(c.Report); a != b {
				out[max(a, b)] = min(a, b)
			}
		}
	}
	for r := range out {
		out[r] = find(r)
	}
	return out
}

func (b *ballot) reports(claims []*rapport.Claim) int {
	seen := map[string]bool{}
	for _, c := range claims {
		seen[b.copies[c.Report]] = true
	}
	return len(seen)
}

// option is one value with the claims that state it.
type option struct {
	value  string
	claims []*rapport.Claim
}

func (b *ballot) options(claims []*rapport.Claim, value func(*rapport.Claim) string) []option {
	var out []option
	for _, c := range claims {
		v := value(c)
		if v == "" {
			continue
		}
		k := slices.IndexFunc(out, func(o option) bool { return o.value == v })
		if k < 0 {
			k = len(out)
			out = append(out, option{value: v})
		}
		out[k].claims = append(out[k].claims, c)
	}
	return out
}

// most sorts options by the number of reports that tell them, then as told
// first (the claims come by publication).
func (b *ballot) most(os []option) {
	slices.SortStableFunc(os, func(x, y option) int { return cmp.Compare(b.reports(y.claims), b.reports(x.claims)) })
}

func field(name, why string, os []option) rapport.Field {
	f := rapport.Field{Name: name, Why: why}
	for _, o := range os {
		v := rapport.Value{Value: o.value}
		for _, c := range o.claims {
			v.Claims = append(v.Claims, c.ID)
		}
		f.Values = append(f.Values, v)
	}
	return f
}

// why says by what the first option leads.
func (b *ballot) why(os []option) string {
	n, m := b.reports(os[0].claims), b.reports(os[1].claims)
	if n > m {
		return fmt.Sprintf("told by %d reports against %d", n, m)
	}
	return "told first"
}

// act sets type, mode, codes and scores: type and mode as most reports tell
// them, the code the most specific that most tell.
func (b *ballot) act(e *rapport.Event, acts []*rapport.Claim) {
	kinds := b.options(acts, func(c *rapport.Claim) string { return c.Event + ":" + c.Mode })
	b.most(kinds)
	slices.SortStableFunc(kinds, func(x, y option) int { // a type with its mode says more
		return cmp.Compare(btoi(strings.HasSuffix(x.value, ":")), btoi(strings.HasSuffix(y.value, ":")))
	})
	lead := kinds[0].claims[0]
	e.Event, e.Mode, e.Quad, e.Score = lead.Event, lead.Mode, lead.Quad, lead.Score
	of := slices.DeleteFunc(slices.Clone(acts), func(c *rapport.Claim) bool { return c.Event != e.Event })
	codes := b.options(of, func(c *rapport.Claim) string { return c.CAMEO })
	b.most(codes)
	slices.SortStableFunc(codes, func(x, y option) int { return cmp.Compare(generality(x.value), generality(y.value)) })
	if len(codes) > 0 {
		e.CAMEO = codes[0].value
	}
	for _, c := range of {
		if e.About == "" || len(c.About) > len(e.About) && strings.HasPrefix(c.About, e.About) {
			e.About = c.About
		}
		if finer(c.AboutDate, e.AboutDate) {
			e.AboutDate = c.AboutDate
		}
	}
	if len(codes) > 1 && codes[0].value[:min(2, len(codes[0].value))] != codes[1].value[:min(2, len(codes[1].value))] {
		e.Disputed = append(e.Disputed, field("cameo", "the more specific", codes))
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// generality sorts CAMEO codes: specific ones, then general ones of a root.
func generality(code string) int {
	if len(code) < 3 || len(code) == 3 && code[2] == '0' {
		return 1
	}
	return 0
}

// bestStatus returns the strongest status told: what is reported as done
// outweighs its announcement.
func bestStatus(all, acts []*rapport.Claim) rapport.Status {
	rank := func(c *rapport.Claim) int {
		return slices.Index([]rapport.Status{rapport.Actual, rapport.Historical, rapport.Future, rapport.Hypothetical, rapport.Negated}, c.Status)
	}
	best := slices.MinFunc(acts, func(a, b *rapport.Claim) int { return cmp.Compare(rank(a), rank(b)) })
	if best.Status == rapport.Hypothetical && len(all) > len(acts) {
		return rapport.Future // somebody has announced it
	}
	return best.Status
}

// parties sets actor and recipient: every party told, each once, the named
// one for its country where there is one.
func (b *ballot) parties(e *rapport.Event, acts []*rapport.Claim) {
	shapes := b.options(acts, func(c *rapport.Claim) string { return roles(c) })
	b.most(shapes)
	var lead []*rapport.Claim
	for _, s := range shapes { // claims of the leading shape, and those that tell less
		if s.value == shapes[0].value || strings.HasPrefix(shapes[0].value, s.value) {
			lead = append(lead, s.claims...)
		}
	}
	var actor, recip []rapport.Party
	for _, c := range lead {
		actor = addParties(actor, c.Actor)
		recip = addParties(recip, c.Recipient)
	}
	e.Actor, e.Recipient = actor, recip
	if e.Event == "CONSULT" { // elsewhere reports name whom they like of those who took part
		b.names(e, lead)
	}
}

func roles(c *rapport.Claim) string {
	return strings.Join(sideOf(c.Actor).countries, "+") + ">" + strings.Join(sideOf(c.Recipient).countries, "+")
}

// addParties adds to have those of ps that are not in it, filling in what the
// earlier telling left out.
func addParties(have []rapport.Party, ps []rapport.Party) []rapport.Party {
	for _, p := range ps {
		k := slices.IndexFunc(have, func(h rapport.Party) bool {
			return h.Country == p.Country && sectorClass(h.Sector) == sectorClass(p.Sector) &&
				(h.Name == "" || p.Name == "" || nameOf(h.Name).same(nameOf(p.Name)))
		})
		if k < 0 {
			have = append(have, p)
			continue
		}
		if have[k].Name == "" && p.Name != "" {
			have[k] = p
		}
		if have[k].Office == "" {
			have[k].Office = p.Office
		}
	}
	return have
}

// names notes who met or travelled for a country where claims name different
// persons. Hosts are left out: a visitor has several.
func (b *ballot) names(e *rapport.Event, claims []*rapport.Claim) {
	for _, country := range sideOf(e.Actor).countries {
		os := b.options(claims, func(c *rapport.Claim) string {
			var ns []string
			for _, p := range c.Actor {
				if p.Country == country && p.Name != "" {
					ns = append(ns, p.Name)
				}
			}
			return strings.Join(ns, ", ")
		})
		differ := false
		for _, o := range os[min(1, len(os)):] {
			match, _, _, _ := compareCountry(country, sideOf(os[0].claims[0].Actor), sideOf(o.claims[0].Actor))
			differ = differ || !match
		}
		if differ {
			b.most(os)
			e.Disputed = append(e.Disputed, field("actor "+country, b.why(os), os))
		}
	}
}

// date sets the date: of the dates that agree with each other the finest; of
// those that don't the one most reports tell, then the one told first.
func (b *ballot) date(e *rapport.Event, told, acts []*rapport.Claim, reports map[string]rapport.Report) {
	when := func(c *rapport.Claim) string {
		switch {
		case c.DateBasis == rapport.DateFromReport:
			return ""
		case c.Event == "AGREE" && c.About != "" && e.Event != "AGREE":
			return string(c.AboutDate)
		}
		return string(c.Date)
	}
	os := b.options(told, when)
	if len(os) == 0 {
		b.reportDate(e, acts, reports)
		return
	}
	// A coarse date speaks for every finer one that it holds, not the finer for
	// the coarse: else a month outvotes two days of it that differ.
	// Of a visit the day of arrival speaks for its whole span.
	visit := e.Event == "CONSULT" && e.Mode == "visit"
	support := func(o option) int {
		var all []*rapport.Claim
		for _, p := range os {
			if holds(p.value, o.value) || visit && someDays(o.value) && holds(o.value, p.value) {
				all = append(all, p.claims...)
			}
		}
		return b.reports(all)
	}
	slices.SortStableFunc(os, func(x, y option) int {
		if visit && someDays(x.value) != someDays(y.value) && support(x) == support(y) {
			return cmp.Compare(btoi(someDays(y.value)), btoi(someDays(x.value)))
		}
		return cmp.Or(cmp.Compare(support(y), support(x)), cmp.Compare(width(x.value), width(y.value)),
			cmp.Compare(b.reports(y.claims), b.reports(x.claims)))
	})
	e.Date, e.DateBasis = rapport.Date(os[0].value), rapport.DateFromText
	for _, o := range os[1:] {
		if !rapport.Date(o.value).Overlaps(e.Date) {
			why := "told first"
			if n, m := support(os[0]), support(o); n > m {
				why = fmt.Sprintf("agrees with %d reports, the other with %d", n, m)
			} else if width(o.value) > width(os[0].value) {
				why = "the more precise"
			}
			e.Disputed = append(e.Disputed, field("date", why, os))
			return
		}
	}
}

// someDays reports whether a date is a span from day to day of at most two
// weeks, as visits last.
func someDays(d string) bool {
	from, to, ok := strings.Cut(d, "/")
	return ok && rapport.Date(from).Grain() == rapport.DayGrain && rapport.Date(to).Grain() == rapport.DayGrain && width(d) <= 14*24
}

// holds reports whether every day that b may mean, a may mean too.
func holds(a, b string) bool {
	af, al, ok1 := rapport.Date(a).Bounds()
	bf, bl, ok2 := rapport.Date(b).Bounds()
	return ok1 && ok2 && (af.IsZero() || !bf.IsZero() && !bf.Before(af)) && (al.IsZero() || !bl.IsZero() && !bl.After(al))
}

// reportDate lets the report's date stand in where news of its own day tells
// none.
func (b *ballot) reportDate(e *rapport.Event, acts []*rapport.Claim, reports map[string]rapport.Report) {
	for _, c := range acts {
		if c.Status == rapport.Actual && reports[c.Report].Published != "" {
			e.Date, e.DateBasis = reports[c.Report].Published, rapport.DateFromReport
			return
		}
	}
}

// width returns how many days a date may mean; open and unknown dates are
// widest.
func width(d string) float64 {
	f, l, ok := rapport.Date(d).Bounds()
	if !ok || f.IsZero() || l.IsZero() {
		return math.Inf(1)
	}
	return l.Sub(f).Hours()
}

func finer(a, b rapport.Date) bool {
	return a != "" && (b == "" || width(string(a)) < width(string(b)))
}

// place sets the place: the most precise that most reports tell.
func (b *ballot) place(e *rapport.Event, acts []*rapport.Claim) {
	os := b.options(acts, func(c *rapport.Claim) string {
		if c.Place == nil {
			return ""
		}
		return c.Place.Name
	})
	if len(os) == 0 {
		return
	}
	b.most(os)
	slices.SortStableFunc(os, func(x, y option) int {
		return cmp.Compare(btoi(wide(x.claims[0].Place)), btoi(wide(y.claims[0].Place)))
	})
	p := *os[0].claims[0].Place
	e.Place = &p
	narrow := slices.DeleteFunc(slices.Clone(os), func(o option) bool { return wide(o.claims[0].Place) })
	if len(narrow) > 1 {
		e.Disputed = append(e.Disputed, field("place", b.why(narrow), narrow))
	}
}

func wide(p *rapport.Place) bool { return p.Resolution == 1 }

// figures notes amounts of one thing that reports tell differently.
func (b *ballot) figures(e *rapport.Event, claims []*rapport.Claim) {
	type stated struct {
		Figure
		claim *rapport.Claim
	}
	by := map[string][]stated{}
	var order []string
	for _, c := range claims {
		seen := map[string]bool{}
		for _, f := range Figures(c.Evidence.Text) {
			if timeUnit(f.Unit) || seen[f.Unit] {
				continue
			}
			seen[f.Unit] = true
			if by[f.Unit] == nil {
				order = append(order, f.Unit)
			}
			by[f.Unit] = append(by[f.Unit], stated{f, c})
		}
	}
	for _, unit := range order {
		values := map[*rapport.Claim]string{}
		var told []*rapport.Claim
		var have []stated
		for _, s := range by[unit] {
			v := strconv.FormatFloat(s.Value, 'f', -1, 64)
			for _, h := range have {
				if math.Abs(h.Value-s.Value) <= 0.01*max(h.Value, s.Value) {
					v = strconv.FormatFloat(h.Value, 'f', -1, 64)
				}
			}
			have = append(have, s)
			values[s.claim] = v
			told = append(told, s.claim)
		}
		os := b.options(told, func(c *rapport.Claim) string { return values[c] })
		if len(os) < 2 || b.reports(told) < 2 {
			continue
		}
		b.most(os)
		e.Disputed = append(e.Disputed, field("number of "+unit, b.why(os), os))
	}
}

func timeUnit(u string) bool {
	switch strings.TrimSuffix(u, "s") {
	case "day", "week", "month", "year", "hour", "minute", "decade", "time", "centurie", "century", "kilometre", "metre", "kilometer", "mile":
		return true
	}
	return false
}
