package merge

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rapport"
)

// told is a claim made ready for many comparisons.
type told struct {
	*rapport.Claim
	report   int32 // number of its report, in order of report ids
	act      string
	mode     string
	occasion bool // AGREE that announces a meeting, visit or signing: compared as that occasion
	pub      int32
	when     window
	visitor  string // country that travels, for an announced visit; "" when it can't be told
	actor    side
	recip    side
	all      side // both, for acts without direction
	mutual   bool // several countries act, nobody is acted on
	place    string
	words    []uint32 // sorted hashes of content words of the evidence
	sign     uint64   // hash of what makes twin claims of two reports alike
}

// side is the parties in one role.
type side struct {
	countries []string // sorted, each once
	parties   []party
}

type party struct {
	country  string
	class    string // parties of unlike class are not one: gov, rebel, people …
	wikidata string
	name     name
}

// days since 1970; noDay stands for an unknown bound.
const (
	minDay = math.MinInt32 / 4
	maxDay = math.MaxInt32 / 4
)

func dayOf(t time.Time) int32 { return int32(t.Unix() / 86400) }

// window is the span of days in which a claim says its act falls.
type window struct {
	first, last int32
	kind        windowKind
	ongoing     bool // "since 2017": the window is that of the beginning
}

type windowKind uint8

const (
	noWindow    windowKind = iota // no date and nothing to infer one from
	toldWindow                    // the text gives the date
	newsWindow                    // undated news: the days up to its report
	aheadWindow                   // undated announcement: the months after its report
)

const (
	newsDays  = 6   // undated news is taken to be at most this old
	aheadDays = 120 // an undated announcement is looked for at most this far ahead
)

func (w window) width() int32 { return w.last - w.first }

// tier sorts claims into those dated to days, months, years and beyond; finer
// tiers are joined first.
func (w window) tier() int {
	switch {
	case w.kind == noWindow:
		return 3
	case w.kind == aheadWindow:
		return 2
	case w.width() <= 10:
		return 0
	case w.width() <= 45:
		return 1
	case w.width() <= 400:
		return 2
	}
	return 3
}

// windowOf returns when c's act falls, in a report published on day pub
// (minDay when unknown).
func windowOf(d rapport.Date, basis string, status rapport.Status, ahead bool, pub int32) window {
	if d != "" && basis != rapport.DateFromReport {
		if w, ok := toldDates(d, pub); ok {
			return w
		}
	}
	switch {
	case pub == minDay:
	case ahead || status == rapport.Future:
		return window{first: pub, last: pub + aheadDays, kind: aheadWindow}
	case status == rapport.Actual || status == rapport.Negated:
		return window{first: pub - newsDays, last: pub, kind: newsWindow}
	}
	return window{first: minDay, last: maxDay}
}

func toldDates(d rapport.Date, pub int32) (window, bool) {
	from, to, interval := strings.Cut(string(d), "/")
	switch {
	case interval && to == "..":
		f, l, ok := rapport.Date(from).Bounds()
		return window{first: dayOf(f), last: dayOf(l), kind: toldWindow, ongoing: true}, ok
	case interval && from == "..":
		_, l, ok := rapport.Date(to).Bounds()
		w := window{first: pub, last: dayOf(l), kind: toldWindow}
		if pub == minDay || w.first > w.last {
			w.first = minDay
		}
		return w, ok
	}
	f, l, ok := d.Bounds()
	if !ok {
		return window{}, false
	}
	w := window{first: dayOf(f), last: dayOf(l), kind: toldWindow}
	if d.Approximate() {
		margin := min(max(w.width(), 3), 366)
		w.first -= margin
		w.last += margin
	}
	return w, true
}

// prepare makes c ready for comparison.
func prepare(c *rapport.Claim, report int32, pub int32) told {
	t := actOf(c)
	t.report, t.pub = report, pub
	t.actor, t.recip = sideOf(c.Actor), sideOf(c.Recipient)
	t.all = sideOf(slices.Concat(c.Actor, c.Recipient))
	t.mutual = len(c.Recipient) == 0 && len(t.actor.countries) > 1
	date, basis := c.Date, c.DateBasis
	if t.occasion {
		date, basis = c.AboutDate, ""
		if t.mode == "visit" {
			t.visitor = travels(c, &t)
		}
	}
	t.when = windowOf(date, basis, c.Status, t.occasion, pub)
	if c.Place != nil {
		t.place = fold(c.Place.Name)
	}
	t.words = contentWords(c.Evidence.Text)
	t.sign = t.signature()
	return t
}

// dated reports whether the words of t's report give its date.
func (t *told) dated() bool { return t.Date != "" && t.DateBasis != rapport.DateFromReport }

// actOf returns c with the act that it is compared as.
func actOf(c *rapport.Claim) told {
	t := told{Claim: c, act: c.Event, mode: c.Mode}
	if about, mode, _ := strings.Cut(c.About, ":"); c.Event == "AGREE" && (about == "CONSULT" || about == "SUPPORT") {
		t.occasion, t.act, t.mode = true, about, mode
	}
	return t
}

// travels returns the country whose people travel in an announced visit: the
// invited where the sentence speaks of an invitation, else the actor.
func travels(c *rapport.Claim, t *told) string {
	if len(t.actor.countries) != 1 || len(t.recip.countries) != 1 {
		return ""
	}
	s := strings.ToLower(c.Evidence.Text)
	if strings.Contains(s, "invit") && !strings.Contains(s, "accept") {
		return t.recip.countries[0]
	}
	return t.actor.countries[0]
}

func sideOf(ps []rapport.Party) side {
	var s side
	for _, p := range ps {
		s.parties = append(s.parties, party{p.Country, sectorClass(p.Sector), p.Wikidata, nameOf(p.Name)})
	}
	s.countries = countriesOf(ps)
	return s
}

func countriesOf(ps []rapport.Party) (out []string) {
	for _, p := range ps {
		if p.Country != "" && !slices.Contains(out, p.Country) {
			out = append(out, p.Country)
		}
	}
	slices.Sort(out)
	return out
}

// sectorClass groups PLOVER sectors that reports use for one another: "Spain",
// "the Spanish army" and "the minister" may tell of the same act.
func sectorClass(sector string) string {
	switch sector {
	case "", "UNK", "GOV", "MIL", "COP", "SPY", "ELI", "PRE":
		return "state"
	case "OPP", "PTY":
		return "party"
	case "REB", "PRM", "UAF":
		return "rebel"
	case "BUS", "LAB", "AGR":
		return "business"
	case "LEG", "JUD":
		return sector
	}
	return "people"
}

// signature hashes what twin claims of two reports share.
func (t *told) signature() uint64 {
	h := fnv{14695981039346656037}
	h.add(t.act, t.mode, t.CAMEO, t.About, string(t.Status), t.place, t.visitor)
	h.num(uint64(t.when.first), uint64(t.when.last), uint64(t.when.kind))
	for _, s := range []side{t.actor, t.recip} {
		for _, p := range s.parties {
			h.add(p.country, p.class, p.name.full)
		}
		h.add("|")
	}
	return h.sum
}

// fnv is the FNV-1a hash over length-delimited strings.
type fnv struct{ sum uint64 }

func (h *fnv) add(ss ...string) {
	for _, s := range ss {
		for i := range len(s) {
			h.sum = (h.sum ^ uint64(s[i])) * 1099511628211
		}
		h.sum = (h.sum ^ 0xff) * 1099511628211
	}
}

func (h *fnv) num(ns ...uint64) {
	for _, n := range ns {
		for range 8 {
			h.sum = (h.sum ^ n&0xff) * 1099511628211
			n >>= 8
		}
	}
}

// fold maps a name to lower case without accents and punctuation.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		s = norm.NFD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '.':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		default:
			space = true
		}
	}
	return b.String()
}

// stopWords are words of four letters and more that say nothing about what a
// sentence is about.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`about above after again also although among another because been before being
		between both called came could does during each earlier first from further given gave have having here held
		however into itself last later like made many more most much must other over part same says should since some
		still such than that their them then there these they this those three took under until upon very well were
		what when where whether which while will with within would year years minister president foreign government
		country countries sides state told added according statement noted stressed emphasized emphasised agency`) {
		m[w] = true
	}
	return m
}()

// contentWords returns the sorted hashes of the content words of a sentence,
// cut to six letters so that "signed" and "signing" meet.
func contentWords(s string) []uint32 {
	var out []uint32
	for _, w := range strings.Fields(fold(s)) {
		if stopWords[w] || len(w) < 4 && (w[0] < '0' || w[0] > '9') {
			continue
		}
		h := uint32(2166136261)
		for i := range min(len(w), 6) {
			h = (h ^ uint32(w[i])) * 16777619
		}
		out = append(out, h)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// likeness is the share of the shorter sentence's content words that the
// other has too, 0 … 1. The shorter counts, not the union: a recollection is
// brief, the news it recalls long.
func likeness(a, b []uint32) float64 {
	n := min(len(a), len(b))
	if n == 0 {
		return 0
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(common) / float64(max(n, 4))
}

// Likeness returns how far two texts share content words, 0 … 1: the share of
// the shorter one's. The words of besides count in neither: the names of the
// two that every text about them holds.
func Likeness(a, b string, besides ...string) float64 {
	return ContentOf(a, besides...).Likeness(ContentOf(b, besides...))
}

// Content is what [Likeness] compares of a text, for those who compare it with
// many.
type Content []uint32

// ContentOf returns the content words of a text but those of besides.
func ContentOf(text string, besides ...string) Content {
	words := contentWords(text)
	if len(besides) > 0 {
		words = less(words, contentWords(strings.Join(besides, " ")))
	}
	return words
}

// Likeness is [Likeness] of the texts.
func (c Content) Likeness(d Content) float64 { return likeness(c, d) }

// less returns words without those of names.
func less(words, names []uint32) []uint32 {
	return slices.DeleteFunc(words, func(w uint32) bool { return slices.Contains(names, w) })
}
