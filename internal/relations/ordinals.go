package relations

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/internal/ontology"
)

// Check is a count that a report gives of a visit or meeting ("his third visit",
// "the first since 1959") held against the register.
type Check struct {
	Claim   string   `json:"claim"`
	Words   string   `json:"words"` // as told
	Verdict string   `json:"verdict"`
	Why     string   `json:"why"`
	See     []string `json:"see,omitempty"` // events that bear it out or speak against it
}

// Verdicts of a [Check]. Contradicted means that the register holds too many;
// it holds only what its reports tell, so too few prove nothing.
const (
	Confirmed    = "confirmed"
	Contradicted = "contradicted"
	Uncheckable  = "cannot be checked"
)

// counted is what a sentence says of how often.
type counted struct {
	words  string
	n      int
	since  rapport.Date  // the last one was then: "since 1959"
	within time.Duration // "in ten months"
	vague  bool          // since something that has no date here
	office string        // "by a Greek prime minister": "prime minister"
	to     string        // where to, when it is told: "Greece"
}

const ordinalWords = `first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[0-9]{1,3}(?:st|nd|rd|th)`

var (
	countedRE = regexp.MustCompile(`(?i)\b(?:(his|her|their|its|the|a)\s+)?(` + ordinalWords + `)\s+` +
		`(?:(?:[\p{L}-]+\s+){0,4}?(visit|trip|meeting|summit|talks|encounter)s?\b|(time)\b|(?:[\p{L}-]+\s+){1,5}?(?:to (?:do so|visit|come|set foot|travel|meet))\b|(to\s+\p{Lu}\p{L}+\s+)?(since)\b)`)
	sinceRE  = regexp.MustCompile(`(?i)^[^.;]{0,60}?\bsince\s+((?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+)?(?:19|20)[0-9]{2})?`)
	withinRE = regexp.MustCompile(`(?i)^[^.;]{0,50}?\bin\s+(?:the\s+(?:last|past)\s+)?([0-9]{1,3}|a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)\s+(months?|years?|decades?)\b`)
	officeRE = regexp.MustCompile(`(?i)\b(head of state|head of government|prime minister|foreign minister|defence minister|defense minister|president|king|queen|emperor|chancellor|pope|emir|sultan|crown prince)\b`)
	toRE     = regexp.MustCompile(`\b(?:visit|trip|first|time|president|minister|king)\s+(?:to\s+((?:the\s+)?[\p{L}'’-]+)|(there)\b)`)
	byRE     = regexp.MustCompile(`(?i)\bby\s+(?:a|an|any)\s+(?:[\p{L}-]+\s+){0,3}?`)
)

var smallNumbers = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")

var ordinals = strings.Fields("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")

// ordinal reads "third" and "3rd".
func ordinal(w string) int {
	w = strings.ToLower(w)
	if n := slices.Index(ordinals, w); n > 0 {
		return n
	}
	n, _ := strconv.Atoi(strings.TrimRight(w, "stndrh")) // 0 when it is none
	return n
}

func cardinal(w string) int {
	switch w = strings.ToLower(w); w {
	case "a":
		return 1
	case "twenty", "thirty", "forty", "fifty":
		return 10 * (2 + slices.Index([]string{"twenty", "thirty", "forty", "fifty"}, w))
	}
	if n := slices.Index(smallNumbers, w); n > 0 {
		return n
	}
	n, _ := strconv.Atoi(w)
	return n
}

// countIn finds in a sentence how often a visit or meeting has been made.
func countIn(s string) (counted, bool) {
	m := countedRE.FindStringSubmatchIndex(s)
	if m == nil {
		return counted{}, false
	}
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	if k := officeRE.ReplaceAllString(s[m[5]:m[1]], ""); Says(k, "of ", "the ", "and ", "day ", "half ", "round ", "part ", "phase ") {
		return counted{}, false // "the second day of the talks"
	}
	if strings.HasPrefix(s[m[1]:], " of the ") {
		return counted{}, false // "the fifth meeting of the council": see institutions
	}
	c := counted{n: ordinal(group(2))}
	end := m[1]
	rest := s[end:]
	if group(6) != "" { // the match ended in since
		end = m[12]
		rest = s[end:]
	}
	if group(4) != "" && !strings.HasSuffix(strings.ToLower(strings.TrimRight(s[:m[0]], " ")), "for") {
		return counted{}, false // not "for the first time" but "the first time he …"
	}
	bounded := false
	if w := withinRE.FindStringSubmatchIndex(rest); w != nil {
		unit := map[byte]time.Duration{'m': 30 * day, 'y': 365 * day, 'd': 3650 * day}[strings.ToLower(rest[w[4]:w[5]])[0]]
		c.within = time.Duration(cardinal(rest[w[2]:w[3]])) * unit
		end, bounded = end+w[1], c.within > 0
	} else if w := sinceRE.FindStringSubmatchIndex(rest); w != nil {
		bounded = true
		end += w[1]
		c.vague = w[2] < 0
		if !c.vague {
			c.since = rapport.Date(rest[w[3]-4 : w[3]])
			if month, _, ok := strings.Cut(rest[w[2]:w[3]], " "); ok {
				if i := slices.IndexFunc(monthNames, func(n string) bool { return strings.EqualFold(n, month) }); i >= 0 {
					c.since = rapport.Date(fmt.Sprintf("%s-%02d", c.since, i+1))
				}
			}
		}
	}
	if group(3) == "" && !bounded {
		return counted{}, false // "for the first time" says nothing without a bound
	}
	c.words = strings.Join(strings.Fields(s[m[0]:end]), " ")
	span := s[m[0]:min(len(s), end+60)]
	if group(3) == "" || byRE.MatchString(span) {
		c.office = strings.ToLower(officeRE.FindString(span))
	}
	if w := toRE.FindStringSubmatch(span); w != nil {
		c.to = strings.TrimSpace(w[1] + w[2])
	}
	return c, c.n > 0
}

const day = 24 * time.Hour

// checks holds the counts that reports give of visits and meetings against the
// register.
func (b *builder) checks() {
	for _, ls := range [][]Line{b.r.Visits, b.r.Meetings} {
		for i := range ls {
			e := b.r.Events[ls[i].Event]
			if e.Event != "CONSULT" || !happened(&e) {
				continue
			}
			told := map[string]bool{}
			for _, id := range ls[i].Claims {
				c, ok := countIn(b.own(id))
				if !ok || told[strings.ToLower(c.words)] || !b.about(id, c) || !b.hosted(&e, c.to) {
					continue
				}
				told[strings.ToLower(c.words)] = true
				k := b.check(&e, &ls[i], ls, c)
				k.Claim = id
				ls[i].Checks = append(ls[i].Checks, k)
			}
		}
	}
}

// about reports whether the count of a sentence is of the act of this claim:
// where several claims share the sentence, of the kind that it names.
func (b *builder) about(claim string, c counted) bool {
	k := b.r.Claims[claim]
	meeting := regexpMeeting.MatchString(c.words)
	return meeting == (k.Mode != "visit") || !b.shared[place{k.Report, k.Evidence.Span}]
}

// hosted reports whether words name the host of a visit or where it went, and not
// a place that is visited for itself: an islet, a front. "There" may be either.
func (b *builder) hosted(e *rapport.Event, to string) bool {
	if to == "" || e.Mode != "visit" {
		return true
	}
	to = strings.ToLower(strings.TrimPrefix(to, "the "))
	if e.Place != nil && strings.HasPrefix(strings.ToLower(e.Place.Name), to) {
		return true
	}
	return slices.ContainsFunc(e.Recipient, func(p rapport.Party) bool {
		return strings.Contains(strings.ToLower(ontology.CountryName(p.Country)), to) || strings.Contains(strings.ToLower(p.Text), to) ||
			slices.Contains([]string{"country", "kingdom", "republic", "capital", "neighbouring", "neighboring"}, to)
	})
}

var regexpMeeting = regexp.MustCompile(`(?i)\b(meeting|summit|talks|encounter)s?\b`)

// check counts in the register what a report has counted.
func (b *builder) check(e *rapport.Event, l *Line, all []Line, c counted) Check {
	k := Check{Words: c.words, Verdict: Uncheckable}
	first, _, ok := e.Date.Bounds()
	switch {
	case !ok:
		k.Why = "no report dates it"
		return k
	case c.vague:
		k.Why = "the words give no date to count from"
		return k
	}
	var before []rapport.Event // dated, of the same sort, each time once
	for _, o := range all {
		f := b.r.Events[o.Event]
		_, last, ok := f.Date.Bounds()
		if o.Event == e.ID || !ok || f.Event != "CONSULT" || f.Mode != e.Mode || !happened(&f) || !last.Before(first) ||
			near(f.Date, e.Date) || !sameSort(e, &f, l, &o, c) {
			continue
		}
		if n := len(before); n > 0 && (before[n-1].Date.Overlaps(f.Date) || near(before[n-1].Date, f.Date)) {
			if before[n-1].Date.Grain() > f.Date.Grain() {
				before[n-1] = f
			}
			continue
		}
		before = append(before, f)
	}
	from, slack := time.Time{}, time.Duration(0)
	switch {
	case c.since != "":
		_, from, _ = c.since.Bounds()
	case c.within > 0: // "in twelve years" is said of eleven and a quarter
		slack = c.within / 8
		from = first.Add(slack - c.within)
	}
	var in []rapport.Event // since then
	var at []rapport.Event // then
	for _, f := range before {
		start, last, _ := f.Date.Bounds()
		switch {
		case start.After(from):
			in = append(in, f)
		case c.since != "" && c.since.Overlaps(f.Date), c.within > 0 && from.Sub(last) < 2*slack+180*day:
			at = append(at, f)
		}
	}
	bounded := c.since != "" || c.within > 0
	have := len(in) + 1
	switch {
	case !c.whose(e):
		k.Why = "the words do not tell whose, and the record has " + earlier(len(in), bounded)
	case have > c.n:
		k.Verdict, k.See = Contradicted, ids(in)
		k.Why = "the record has " + earlier(len(in), bounded)
	case c.n == 1 && bounded && len(at) > 0:
		k.Verdict, k.See = Confirmed, ids(at[len(at)-1:])
		k.Why = "the record has the one before, and none between"
	case c.n > 1 && have == c.n:
		k.Verdict, k.See = Confirmed, ids(in)
		k.Why = "the record has " + earlier(len(in), bounded)
	default:
		k.Why = "the record has " + earlier(len(in), bounded)
		if y := b.firstReport(); y != "" {
			k.Why += ", and its reports on the two begin in " + y
		}
	}
	return k
}

func earlier(n int, bounded bool) string {
	when := "before"
	if bounded {
		when = "in that time"
	}
	switch n {
	case 0:
		return "no other " + when
	case 1:
		return "one other " + when
	}
	return fmt.Sprintf("%d others %s", n, when)
}

func ids(es []rapport.Event) (out []string) {
	for _, e := range es {
		out = append(out, e.ID)
	}
	return out
}

// near reports whether two dated events lie within three days of each other.
func near(a, b rapport.Date) bool {
	_, al, _ := a.Bounds()
	bf, _, _ := b.Bounds()
	return !bf.Before(al) && bf.Sub(al) <= 3*day
}

// whose reports whether it is known of whom a count speaks: of an office, or of
// the persons named.
func (c counted) whose(e *rapport.Event) bool {
	return c.office != "" || slices.ContainsFunc(e.Actor, func(p rapport.Party) bool { return p.Name != "" })
}

// sameSort reports whether two visits or meetings count as one sort: the same
// countries the same way, of the office that the words name, else of the same
// persons.
func sameSort(e, f *rapport.Event, l, o *Line, c counted) bool {
	if e.Mode == "visit" && (l.From == "" || l.From != o.From || l.To != o.To) {
		return false
	}
	if c.office != "" {
		return slices.ContainsFunc(f.Actor, func(p rapport.Party) bool { return holdsOffice(p.Office, c.office) })
	}
	return !slices.ContainsFunc(e.Actor, func(p rapport.Party) bool {
		return p.Name != "" && !slices.ContainsFunc(f.Actor, func(q rapport.Party) bool { return q.Name == p.Name })
	})
}

// holdsOffice reports whether an office is of a class: heads of state are
// presidents and crowned heads.
func holdsOffice(office, class string) bool {
	office = strings.ToLower(office)
	switch class {
	case "head of state":
		return slices.ContainsFunc([]string{"president", "king", "queen", "emperor", "emir", "sultan", "pope"}, func(w string) bool { return strings.Contains(office, w) })
	case "head of government":
		return strings.Contains(office, "prime minister") || strings.Contains(office, "chancellor")
	}
	return strings.Contains(office, class) && !(class == "president" && strings.Contains(office, "vice"))
}

// firstReport is the year of the first report on the two.
func (b *builder) firstReport() string {
	for _, reps := range b.originals() {
		if f, _, ok := b.reports[reps[0]].Published.Bounds(); ok {
			return strconv.Itoa(f.Year())
		}
	}
	return ""
}
