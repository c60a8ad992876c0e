package merge

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// veto ends a comparison: whatever else agrees, the two are not one event.
const veto = -100.0

// start is what a pair of claims begins with; the points for and against are
// added to it and the sum is a log-odds: above 0 the two are judged the same.
// Set by hand on the dossier of the development set and on the cases of
// judge_test.go.
const start = -3.5

// odds maps a sum of points to 0 … 1.
func odds(points float64) float64 { return 1 / (1 + math.Exp(-points)) }

// weighing adds up points and, when asked, says what for.
type weighing struct {
	sum   float64
	say   bool
	words []string
}

// add counts points for what the words say, "%s" in format standing for args
// in turn. The arguments are strings, not any, so that weighing allocates
// nothing: it is done some tens of times a claim.
func (w *weighing) add(points float64, format string, args ...string) {
	w.sum += points
	if !w.say || points == 0 {
		return
	}
	for _, a := range args {
		format = strings.Replace(format, "%s", a, 1)
	}
	if points > veto/2 {
		format = fmt.Sprintf("%+.1f %s", points, format)
	} else {
		format = "never: " + format
	}
	w.words = append(w.words, format)
}

// addDays is add with a number of days.
func (w *weighing) addDays(points float64, format string, days int32) {
	if w.say {
		format = strings.Replace(format, "%d", strconv.Itoa(int(days)), 1)
	}
	w.add(points, format)
}

func (w *weighing) over() bool { return w.sum < veto/2 }

// weigh compares two claims of one act and returns the sum of points.
func weigh(a, b *told) float64 {
	var w weighing
	w.pair(a, b)
	return w.sum
}

// explain returns weigh's sum with its reasons.
func explain(a, b *told) (float64, []string) {
	w := weighing{say: true}
	w.pair(a, b)
	return w.sum, w.words
}

func (w *weighing) pair(a, b *told) {
	w.add(start, "to begin with")
	if w.oneReport(a, b); w.over() {
		return
	}
	if w.kinds(a, b); w.over() {
		return
	}
	if w.statuses(a, b); w.over() {
		return
	}
	if w.dates(a, b); w.over() {
		return
	}
	if w.parties(a, b); w.over() {
		return
	}
	w.places(a, b)
	w.texts(a, b)
}

// oneReport holds the manual's unit: claims of one report are distinct acts
// already, but for an occasion and its announcement, an invitation and its
// acceptance, and the telephone calls a mediation is made of.
func (w *weighing) oneReport(a, b *told) {
	switch {
	case a.report != b.report:
	case a.occasion && b.occasion && slices.Equal(a.actor.countries, b.actor.countries),
		!a.occasion && !b.occasion && !(mediates(a) && mediates(b)):
		w.add(veto, "one report tells them as two acts")
	case a.occasion != b.occasion:
		if o, _ := order(a, b); o.when.kind != toldWindow && !invites(o) {
			w.add(veto, "the report tells the news and what is to come")
		}
	}
}

// invites reports whether c announces a visit as an invitation: "at the
// invitation of" is told of visits that are over, too.
func invites(c *told) bool {
	return c.occasion && c.visitor != "" && c.visitor != only(c.actor.countries)
}

// mediates reports whether c tells of somebody talking with two parties.
func mediates(c *told) bool {
	return c.act == "CONSULT" && len(c.actor.countries) == 1 && len(c.recip.countries) > 1
}

func (w *weighing) kinds(a, b *told) {
	if a.act != b.act {
		w.add(veto, "%s and %s", a.act, b.act)
		return
	}
	switch {
	case a.mode == b.mode && a.mode != "":
		w.add(0.8, "both %s:%s", a.act, a.mode)
	case a.mode == b.mode:
		w.add(0.3, "both %s", a.act)
	case mediates(a) && mediates(b):
		w.add(0.3, "both mediation")
	case a.act == "CONSULT" && (a.mode == "visit" || b.mode == "visit"):
		// A visit and the talks held during it are two acts; only an announced
		// "meeting" may turn out to be a visit.
		if o, v := order(a, b); !(o.occasion && o.mode == "" && v.mode == "visit" && !v.occasion) {
			w.add(veto, "a visit and talks are two acts")
			return
		}
		w.add(-0.5, "a meeting announced, a visit told")
	case (a.mode == "" || b.mode == "") && (a.mode == "phone" || b.mode == "phone") && !a.occasion && !b.occasion:
		w.add(-1, "one by telephone")
	case a.mode == "" || b.mode == "":
	case a.act == "ASSAULT":
		w.add(-0.5, "%s and %s", a.mode, b.mode)
	default:
		w.add(-2.5, "%s and %s", a.mode, b.mode)
	}
	if a.occasion != b.occasion {
		w.add(0.3, "one announces what the other tells")
		return
	}
	if a.occasion {
		return
	}
	w.codes(a, b)
	w.abouts(a, b)
}

// order returns the announced claim first.
func order(a, b *told) (announced, other *told) {
	if b.occasion && !a.occasion {
		return b, a
	}
	return a, b
}

// codes compares CAMEO codes. A code ending in 0 is the general one of its
// root and may stand for any of its specific ones.
func (w *weighing) codes(a, b *told) {
	x, y := a.CAMEO, b.CAMEO
	root := func(s string) string { return s[:min(len(s), 2)] }
	general := func(s string) bool { return len(s) < 3 || s[2] == '0' }
	sameAbout := a.About != "" && a.About == b.About
	switch {
	case x == "" || y == "":
	case x == y && general(x):
		w.add(0.3, "both %s", x)
	case x == y:
		w.add(0.8, "both %s", x)
	case a.act == "SUPPORT" && root(x) == root(y) && supportKind(x) != supportKind(y):
		w.add(-2.5, "%s is another act than %s", x, y)
	case strings.HasPrefix(x, y) || strings.HasPrefix(y, x):
		w.add(0.5, "%s is a kind of %s", longer(x, y), shorter(x, y))
	case root(x) == root(y) && (general(x) || general(y)):
		w.add(0.3, "%s may be %s", x, y)
	case sameAbout:
	case root(x) == root(y):
		w.add(-0.7, "%s and %s", x, y)
	default:
		w.add(-1.2, "%s and %s", x, y)
	}
}

// supportKind parts what CAMEO's root 05 joins: praise and backing, relations
// and recognition, signing.
func supportKind(code string) byte {
	if len(code) < 3 {
		return 0
	}
	switch code[2] {
	case '1', '2', '3':
		return '1'
	case '0', '4':
		return '4'
	}
	return code[2]
}

func longer(a, b string) string {
	if len(a) > len(b) {
		return a
	}
	return b
}

func shorter(a, b string) string {
	if len(a) > len(b) {
		return b
	}
	return a
}

func (w *weighing) abouts(a, b *told) {
	base := func(s string) string { s, _, _ = strings.Cut(s, ":"); return s }
	switch {
	case a.About == b.About && a.About != "":
		w.add(0.6, "both about %s", a.About)
	case a.About == b.About:
	case a.About == "" || b.About == "":
		w.add(-0.3, "only one says about what")
	case base(a.About) == base(b.About):
		w.add(0.2, "both about %s", base(a.About))
	default:
		w.add(-3, "about %s and about %s", a.About, b.About)
	}
}

func (w *weighing) statuses(a, b *told) {
	if (a.Status == "negated") != (b.Status == "negated") {
		w.add(veto, "one tells it as not having happened")
		return
	}
	if (a.Status == "hypothetical") != (b.Status == "hypothetical") &&
		(a.when.kind != toldWindow || b.when.kind != toldWindow) {
		w.add(veto, "one is a mere possibility without a date")
	}
}

func (w *weighing) parties(a, b *told) {
	switch {
	case a.occasion || b.occasion:
		w.guests(a, b)
	case a.mutual || b.mutual || undirected(a):
		w.union(a, b)
	default:
		w.directed(a, b)
	}
}

// undirected reports whether the act's direction is a matter of wording.
func undirected(t *told) bool {
	return t.act == "COOPERATE" || t.act == "CONSULT" && t.mode != "visit" && !mediates(t)
}

func (w *weighing) union(a, b *told) {
	share := jaccard(a.all.countries, b.all.countries)
	if common(a.all.countries, b.all.countries) < min(2, len(a.all.countries), len(b.all.countries)) || share == 0 {
		w.add(veto, "other parties")
		return
	}
	w.add(2.4*share-1.2, "parties %s", overlap(share))
	if a.mutual != b.mutual && !undirected(a) {
		w.add(-0.5, "one side acts, or both")
	}
	w.names(a, a.all, b.all)
}

func (w *weighing) directed(a, b *told) {
	actors, recips := jaccard(a.actor.countries, b.actor.countries), jaccard(a.recip.countries, b.recip.countries)
	untold := (len(a.recip.countries) == 0) != (len(b.recip.countries) == 0)
	switch {
	case actors == 0:
		w.add(veto, "other actors")
		return
	case recips == 0 && !untold:
		w.add(veto, "other recipients")
		return
	case untold:
		w.add(2.4*actors-2.2, "actors %s, one recipient untold", overlap(actors))
	default:
		w.add(1.2*(actors+recips)-1.2, "parties %s", overlap((actors+recips)/2))
	}
	w.names(a, a.actor, b.actor)
	if !w.over() && !untold {
		w.names(a, a.recip, b.recip)
	}
}

// guests compares an announced occasion with another telling of it: who
// travels where, whoever of the two sides announces it.
func (w *weighing) guests(a, b *told) {
	share := jaccard(a.all.countries, b.all.countries)
	if share < 0.5 {
		w.add(veto, "other parties")
		return
	}
	w.add(2.4*share-1.2, "parties %s", overlap(share))
	va, vb := guest(a), guest(b)
	if va != "" && vb != "" && va != vb {
		w.add(veto, "%s travels, or %s", va, vb)
		return
	}
	w.names(a, a.all, b.all)
}

// guest returns the country that travels, where c is a visit.
func guest(t *told) string {
	if t.occasion {
		return t.visitor
	}
	if t.mode == "visit" && len(t.actor.countries) == 1 {
		return t.actor.countries[0]
	}
	return ""
}

// names compares the named parties of each country that both sides name, and
// the kind of party of the countries that both tell.
func (w *weighing) names(t *told, a, b side) {
	clash := -2.5
	switch {
	case t.act == "CONSULT":
		clash = -4 // persons meet; another person is another meeting
	case t.act == "SUPPORT" && supportKind(t.CAMEO) > '3' || t.act == "SANCTION":
		clash = -1 // states sign, recall and sever; who did it for them is told in many ways
	}
	matched := 0
	for _, c := range a.countries {
		if !slices.Contains(b.countries, c) {
			continue
		}
		match, differ, class, classes := compareCountry(c, a, b)
		switch {
		case match && matched < 2:
			matched++
			w.nameMatch(1.5/float64(matched), c, a, b)
		case match:
		case differ && international(c):
			w.add(veto, "two bodies under %s", c)
		case differ:
			w.add(clash, "other persons of %s", c)
		}
		if !class && classes {
			w.add(-1.5, "other kinds of party of %s", c)
		}
		if w.over() {
			return
		}
	}
}

// compareCountry compares what two sides tell of one country's parties: is a
// name in both, do both name somebody with no match, is a kind of party in
// both, do both tell a kind.
func compareCountry(c string, a, b side) (match, differ, class, classes bool) {
	var na, nb bool
	for _, p := range a.parties {
		if p.country != c {
			continue
		}
		na = na || p.name.full != ""
		for _, q := range b.parties {
			if q.country != c {
				continue
			}
			classes = true
			nb = nb || q.name.full != ""
			class = class || p.class == q.class
			if samePerson(p, q) {
				match = true
			}
		}
	}
	return match, na && nb && !match, class || match, classes
}

func samePerson(p, q party) bool {
	if p.wikidata != "" && q.wikidata != "" {
		return p.wikidata == q.wikidata
	}
	return p.name.same(q.name)
}

// nameMatch adds points for a name of country c that both sides share.
func (w *weighing) nameMatch(points float64, c string, a, b side) {
	who := ""
	for _, p := range a.parties {
		for _, q := range b.parties {
			if w.say && p.country == c && q.country == c && samePerson(p, q) {
				who = p.name.full
			}
		}
	}
	w.add(points, "%s of %s in both", who, c)
}

func international(code string) bool {
	switch code {
	case "IGO", "NGO", "MNC", "ISM", "IMG":
		return true
	}
	return false
}

func overlap(share float64) string {
	if share >= 1 {
		return "the same"
	}
	return "in part the same"
}

func common(a, b []string) int {
	n := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return n
}

// jaccard is the share of common countries; 1 of two empty lists.
func jaccard(a, b []string) float64 {
	n := common(a, b)
	all := len(a) + len(b) - n
	if all == 0 {
		return 1
	}
	return float64(n) / float64(all)
}

// slack is how many days apart two reports may date one act of this kind:
// signings and visits are misdated or span days, shellings follow each other.
func slack(t *told) int32 {
	switch t.act {
	case "ASSAULT", "PROTEST":
		return 0
	case "CONSULT":
		if t.mode == "visit" {
			return 3
		}
		return 1
	case "SUPPORT":
		if supportKind(t.CAMEO) > '3' {
			return 3
		}
	case "SANCTION", "AID", "RETREAT":
		return 3
	}
	return 2
}

func (w *weighing) dates(a, b *told) {
	x, y := a.when, b.when
	if x.kind == noWindow || y.kind == noWindow {
		w.undated(a, b)
		return
	}
	gap := max(0, x.first-y.last, y.first-x.last)
	switch {
	case x.kind == newsWindow && y.kind == newsWindow:
		w.bothNews(a, b)
	case x.kind == aheadWindow && y.kind == aheadWindow:
		if d := diff(a.pub, b.pub); d > 30 {
			w.addDays(veto, "announced %d days apart", d)
		} else {
			w.addDays(1.2-float64(d)/20, "announced %d days apart", d)
		}
	case x.kind == aheadWindow || y.kind == aheadWindow:
		w.ahead(a, b)
	case x.kind == newsWindow || y.kind == newsWindow:
		w.news(x, y, gap)
	default:
		w.bothTold(a, b, gap)
	}
}

func diff(a, b int32) int32 { return max(a-b, b-a) }

// undated weighs pairs of which one gives no clue to its date: then only an
// act that happens once between two countries can be recognised.
func (w *weighing) undated(a, b *told) {
	if a.when.kind != noWindow {
		a, b = b, a
	}
	if b.when.kind != noWindow && a.pub != minDay && b.when.first > a.pub && a.Status == "historical" {
		w.add(veto, "told before the other happened")
		return
	}
	if a.act == "SUPPORT" && strings.HasPrefix(a.CAMEO, "054") && a.CAMEO == b.CAMEO {
		w.add(1.5, "undated, but told once of two countries")
		return
	}
	w.add(-0.7, "undated")
}

func (w *weighing) bothNews(a, b *told) {
	switch d := diff(a.pub, b.pub); {
	case d <= 1:
		w.add(1.8, "news of the same day")
	case d <= 3:
		w.addDays(1.2, "news %d days apart", d)
	case d <= 7:
		w.addDays(0.2, "news %d days apart", d)
	case d <= 14:
		w.addDays(-1.5, "news %d days apart", d)
	default:
		w.addDays(veto, "news %d days apart", d)
	}
}

// news weighs undated news against a date told elsewhere.
func (w *weighing) news(x, y window, gap int32) {
	o := x
	if x.kind == newsWindow {
		o = y
	}
	switch {
	case gap == 0 && o.tier() == 0:
		w.add(1.8, "news of those days")
	case gap == 0 && o.tier() == 1:
		w.add(1.2, "news of that month")
	case gap == 0:
		w.add(0.2, "news of that year")
	case gap <= 3:
		w.add(0, "news of the days about")
	case gap <= 10:
		w.addDays(-1.5, "news %d days off", gap)
	default:
		w.addDays(veto, "news %d days off", gap)
	}
}

// ahead weighs an undated announcement against what came of it: the sooner
// the likelier.
func (w *weighing) ahead(a, b *told) {
	if a.when.kind != aheadWindow {
		a, b = b, a
	}
	if b.when.last < a.pub {
		if a.report == b.report && !a.dated() && invites(a) {
			w.add(1, "the report tells visit and invitation")
			return
		}
		w.add(veto, "over when announced")
		return
	}
	switch wait := max(0, b.when.first-a.pub); {
	case a.dated() && b.when.first <= a.pub && a.report == b.report:
		w.add(veto, "announced for later")
	case wait <= 30:
		w.addDays(1.5, "%d days after the announcement", wait)
	case wait <= 60:
		w.addDays(0.8, "%d days after the announcement", wait)
	case wait <= aheadDays:
		w.addDays(-0.2, "%d days after the announcement", wait)
	default:
		w.addDays(veto, "%d days after the announcement", wait)
	}
}

func only(s []string) string {
	if len(s) == 1 {
		return s[0]
	}
	return ""
}

func (w *weighing) bothTold(a, b *told, gap int32) {
	x, y := a.when, b.when
	tier := max(x.tier(), y.tier())
	if a.act == "COOPERATE" && gap == 0 && x.tier() != y.tier() && tier >= 2 {
		// Trade of a year and a shipment of that year are two acts.
		w.add(-1.5, "a year's and a day's")
		return
	}
	if x.ongoing != y.ongoing && tier >= 2 {
		w.add(-1, "one goes on")
	}
	same := x.first == y.first && x.last == y.last
	limit := slack(a)
	switch {
	case tier == 0 && gap == 0:
		w.add(3, "same day")
	case tier == 0 && gap <= limit:
		w.addDays(1.8-0.3*float64(gap), "%d days apart", gap)
	case tier == 0 && gap == 1:
		w.add(0.3, "a day apart")
	case tier == 0 && gap <= 7:
		w.addDays(-1.5, "%d days apart", gap)
	case tier == 0:
		w.addDays(veto, "%d days apart", gap)
	case tier == 1 && gap == 0:
		w.add(1.5, "same month")
	case tier == 2 && same:
		w.add(1.2, "same year")
	case tier == 2 && gap == 0:
		w.add(0.7, "within the year told")
	case gap == 0:
		w.add(0.2, "within the years told")
	case gap <= limit && tier == 1:
		w.addDays(0, "%d days off the month told", gap)
	default:
		w.addDays(veto, "%d days apart", gap)
	}
	if a.report == b.report && same && a.occasion != b.occasion {
		w.add(1, "the report dates both alike")
	}
}

func (w *weighing) places(a, b *told) {
	if a.Place == nil || b.Place == nil {
		return
	}
	p, q := a.Place, b.Place
	wide := func(t *told) bool { return t.Place.Resolution == 1 }
	switch {
	case a.place == b.place && a.place != "":
		w.add(0.8, "both in %s", p.Name)
	case p.Country != q.Country && p.Country != "" && q.Country != "":
		w.add(-1.5, "in %s and in %s", p.Name, q.Name)
	case wide(a) || wide(b) || p.Country == "":
		w.add(0.1, "in %s, in %s", p.Name, q.Name)
	default:
		w.add(-0.8, "in %s and in %s", p.Name, q.Name)
	}
}

// texts compares the words of the evidence and the contexts.
func (w *weighing) texts(a, b *told) {
	switch l := likeness(a.words, b.words); {
	case a.report == b.report: // often the same sentence
	case l >= 0.7:
		w.add(1.5, "nearly the same words")
	case l >= 0.4:
		w.add(0.8, "many words in common")
	case l >= 0.2:
		w.add(0.4, "some words in common")
	case a.CAMEO == "051" && b.CAMEO == "051":
		w.add(-2.5, "praise of two things") // thanks, praise and backing share the code
	case l < 0.05 && speech(a.act) && !a.occasion && !b.occasion:
		w.add(-0.7, "no word in common")
	}
	if len(a.Context) == 0 || len(b.Context) == 0 {
		return
	}
	if common(a.Context, b.Context) > 0 {
		w.add(0.3, "same context")
	} else {
		w.add(-0.5, "other contexts")
	}
}

// speech reports whether acts of this type are words, of which one party may
// utter several on one day.
func speech(act string) bool {
	switch act {
	case "AGREE", "SUPPORT", "ACCUSE", "REQUEST", "REJECT", "THREATEN":
		return true
	}
	return false
}
