package relations

import (
	"slices"
	"strings"
	"unicode"

	"rapport"
	"rapport/internal/merge"
)

// Agreement is one instrument between the two with what happened to it.
type Agreement struct {
	Title string   `json:"title"`           // in the words of a report: "a treaty of friendship"; may be empty
	State string   `json:"state"`           // the latest told
	Topic string   `json:"topic,omitempty"` // what it is about: see [Line.Topic]
	Count int      `json:"count"`           // how many texts, 0 when not told
	Steps []Line   `json:"steps"`           // oldest first, each with its State
	Names []string `json:"-"`               // titles of all steps, to know the instrument again
}

// agreements fills the register of agreements from all events on the pair. A
// signing stands there only; a refusal to renew or a suspension also stays
// among the frictions.
func (b *builder) agreements() {
	for _, id := range b.dyad {
		e := b.r.Events[id]
		state, ok := agreementState(&e, b.words(id))
		if !ok || e.Status == rapport.Hypothetical || e.Status == rapport.Negated {
			continue
		}
		l := b.line(id)
		l.State = state
		title := b.title(&e)
		if state == Signed || state == Ratified || state == Initialled || state == InForce {
			b.r.Positions = slices.DeleteFunc(b.r.Positions, func(p Line) bool { return p.Event == id })
		}
		b.file(l, title)
	}
}

// agreementState returns what an event told in these words does to an
// instrument, when it does.
func agreementState(e *rapport.Event, words string) (string, bool) {
	switch {
	case e.Event == "SUPPORT" && strings.HasPrefix(e.CAMEO, "057"):
		switch {
		case Says(words, "ratif"):
			return Ratified, true
		case Says(words, "initialled", "initialed"):
			return Initialled, true
		case Says(words, "entered into force", "came into force"):
			return InForce, true
		}
		return Signed, true
	case e.Event != "AGREE" && e.Event != "CONSULT" && e.Event != "SANCTION" || Instrument(words) == "":
		return "", false
	case e.Event == "AGREE" && strings.HasPrefix(e.About, "SUPPORT"):
		return Proposed, true
	case e.Event == "CONSULT" && strings.HasPrefix(e.CAMEO, "046"):
		return Negotiated, true
	case e.Event == "SANCTION" && (e.Mode == "discontinue" || e.Mode == "withdraw"):
		if Says(words, suspending...) {
			return Suspended, true
		}
		if Says(words, ending...) {
			return Ended, true
		}
	}
	return "", false
}

// Verbs of what is done to an instrument, by their stems.
var (
	signing    = []string{"sign", "ratif", "initial", "conclud"}
	suspending = []string{"suspend", "froze"}
	ending     = []string{"denounc", "terminat", "abrogat", "withdrew from", "cancel", "annul", "scrap"}
)

// file adds a step to the instrument of that title, or opens a new one. Steps
// without a title are instruments of their own.
func (b *builder) file(l Line, title string) {
	e := b.r.Events[l.Event]
	if title != "" && l.State != Signed {
		for i := range b.r.Agreements {
			a := &b.r.Agreements[i]
			if slices.ContainsFunc(a.Names, func(n string) bool { return sameInstrument(n, title) }) {
				if a.Topic == "" {
					a.Topic = topicOf(title)
				}
				a.Steps = append(a.Steps, l)
				a.State, a.Names = l.State, append(a.Names, title)
				return
			}
		}
	}
	b.r.Agreements = append(b.r.Agreements, Agreement{Title: title, State: l.State, Topic: topicOf(title), Count: b.texts(&e), Steps: []Line{l}, Names: []string{title}})
}

// sameInstrument reports whether two titles name one instrument: the same
// kind, and one's words among the other's.
func sameInstrument(a, b string) bool {
	kind := func(s string) string {
		for _, w := range strings.Fields(strings.ToLower(s)) {
			if k := instrumentKind(w); k != "" {
				return k
			}
		}
		return ""
	}
	return kind(a) == kind(b) && merge.Likeness(a, b) >= 0.5
}

// texts returns how many texts an event's sentences say were signed; 0 when
// they don't say. Where they differ, the first stands and the event's disputed
// values tell the rest.
func (b *builder) texts(e *rapport.Event) int {
	for _, id := range e.Claims {
		for _, f := range merge.Figures(b.r.Claims[id].Evidence.Text) {
			if instrumentKind(f.Unit) != "" {
				return int(f.Value)
			}
		}
	}
	return 0
}

// title returns the fullest name that an event's sentences give the
// instrument it signs, suspends or negotiates.
func (b *builder) title(e *rapport.Event) string {
	var cs []rapport.Claim
	for _, id := range e.Claims {
		cs = append(cs, b.r.Claims[id])
	}
	return Title(cs)
}

// Title returns the name that claims of one event give the instrument it
// signs, suspends or negotiates: the first with a complement ("on fishing"),
// else the first. "" when none names one.
func Title(claims []rapport.Claim) string {
	best := ""
	for _, c := range claims {
		verbs := slices.Concat(suspending, ending)
		switch {
		case c.Event == "SUPPORT":
			verbs = signing
		case c.Event == "CONSULT" || c.Event == "AGREE":
			verbs = nil
		}
		t := Instrument(c.Evidence.Text, verbs...)
		full := func(s string) bool {
			return strings.Contains(s, " of ") || strings.Contains(s, " on ") || strings.Contains(s, " for ")
		}
		if best == "" || full(t) && !full(best) {
			best = t
		}
	}
	return best
}

var instrumentNouns = []string{
	"treaty", "treaties", "agreement", "agreements", "accord", "accords", "pact", "memorandum", "memoranda", "memorandums", "protocol",
	"protocols", "convention", "conventions", "communiqué", "communique", "declaration", "contract", "contracts", "document", "documents",
}

// instrumentKind returns the singular of a noun that names an instrument, ""
// for other words.
func instrumentKind(w string) string {
	w = strings.ToLower(strings.Trim(w, ".,;:()“”\"'’"))
	if !slices.Contains(instrumentNouns, w) {
		return ""
	}
	switch w {
	case "treaties":
		return "treaty"
	case "memoranda", "memorandums":
		return "memorandum"
	}
	return strings.TrimSuffix(w, "s")
}

// Instrument returns the words in which a sentence names a treaty, agreement,
// declaration …, from its article or number to the end of its "of …" or "on
// …": "a treaty of friendship, good-neighbourliness and cooperation". Of
// several it takes the one nearest to one of the verbs, given by their stems,
// and none where the sentence has no such verb; without verbs the first. ""
// when it names none.
func Instrument(sentence string, verbs ...string) string {
	ws := fields(sentence)
	best, least := "", len(ws)
	for i, w := range ws {
		if instrumentKind(w.word) == "" {
			continue
		}
		if far := distance(ws, i, verbs); far < least {
			from, to := extent(ws, i)
			best, least = sentence[ws[from].start:ws[to].end], far
		}
	}
	return best
}

// distance returns how many words lie between word i and the nearest verb; 0
// when no verb is asked for.
func distance(ws []field, i int, verbs []string) int {
	if len(verbs) == 0 {
		return 0
	}
	least := len(ws)
	for k, w := range ws {
		low := strings.ToLower(w.word)
		if slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(low, strings.Fields(v)[0]) }) {
			least = min(least, max(k-i, i-k))
		}
	}
	return least
}

// extent returns the first and last word of the name whose noun is at i.
func extent(ws []field, i int) (from, to int) {
	from, to = i, i
	for from > 0 && i-from < 4 && premodifier(ws[from-1]) {
		from--
		if article(ws[from].word) {
			break
		}
	}
	return from, complement(ws, to)
}

// field is a word of a sentence without the punctuation about it; stop is
// true when any follows, comma when that is a comma.
type field struct {
	word        string
	start, end  int
	stop, comma bool
}

func fields(s string) []field {
	var out []field
	for i := 0; i < len(s); {
		j := strings.IndexAny(s[i:], " \n\t")
		if j < 0 {
			j = len(s)
		} else {
			j += i
		}
		raw := s[i:j]
		word := strings.TrimLeft(raw, "“\"'‘(")
		start := j - len(word)
		trimmed := strings.TrimRight(word, ".,;:!?)”\"’'—–")
		f := field{word: trimmed, start: start, end: start + len(trimmed), stop: len(trimmed) < len(word), comma: word == trimmed+","}
		switch {
		case trimmed != "":
			out = append(out, f)
		case raw != "" && len(out) > 0: // punctuation of its own, as in tokenised text
			out[len(out)-1].stop, out[len(out)-1].comma = true, raw == ","
		}
		i = j + 1
	}
	return out
}

func article(w string) bool {
	switch strings.ToLower(w) {
	case "a", "an", "the", "its", "their", "this", "that":
		return true
	}
	return false
}

// premodifier reports whether a word may stand before the noun in its name:
// article, number or adjective, not the verb or the party before them.
func premodifier(f field) bool {
	w := strings.ToLower(f.word)
	if f.stop || w == "" {
		return false
	}
	if article(w) || unicode.IsDigit(rune(w[0])) {
		return true
	}
	switch w {
	case "signed", "sign", "signing", "initialled", "ratified", "of", "on", "in", "to", "for", "and", "with", "by", "from", "under", "renew", "concluded",
		"reached", "made", "over", "as", "which", "will", "including", "new", "several":
		return false
	}
	return !strings.HasSuffix(w, "ed")
}

// complement returns the index of the last word of the "of …" or "on …" that
// follows the noun at i, at most twelve words on.
func complement(ws []field, i int) int {
	if i+1 >= len(ws) || !slices.Contains([]string{"of", "on", "for"}, ws[i+1].word) || dated(ws, i+1) || ws[i].stop {
		return i
	}
	end := i + 1
	for k := i + 2; k < min(len(ws), i+14); k++ {
		w := ws[k].word
		if slices.Contains([]string{"here", "at", "in", "with", "by", "during", "which", "that", "who", "as", "it", "was", "were", "has", "had", "is", "between", "after", "when", "to", "will"}, w) ||
			w == "on" && dated(ws, k) {
			break
		}
		end = k
		if ws[k].stop && !(ws[k].comma && listGoesOn(ws, k)) {
			break
		}
	}
	if end == i+1 {
		return i
	}
	return end
}

// dated reports whether the preposition at k begins a date: "on Thursday".
func dated(ws []field, k int) bool {
	if k+1 >= len(ws) {
		return false
	}
	w := ws[k+1].word
	return unicode.IsDigit(rune(w[0])) || unicode.IsUpper(rune(w[0])) && (strings.HasSuffix(w, "day") || slices.Contains(monthNames, w))
}

// listGoesOn reports whether the comma after word k stands in a list that ends
// with "and" within a few words: "friendship, trade and cooperation".
func listGoesOn(ws []field, k int) bool {
	if k+1 < len(ws) && ws[k+1].word == "and" {
		return false // ", and" begins a clause more often than it ends a list
	}
	for n := k + 1; n < min(len(ws), k+5); n++ {
		if ws[n].word == "and" {
			return true
		}
		if ws[n].stop && !ws[n].comma || unicode.IsUpper(rune(ws[n].word[0])) {
			return false
		}
	}
	return false
}

var monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
