package relations

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"rapport"
)

//go:embed data/topics.tsv
var topicsTSV string

type topic struct {
	name  string
	words []string
}

var topics = sync.OnceValue(func() (out []topic) {
	for line := range strings.Lines(topicsTSV) {
		name, words, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if ok && name[0] != '#' {
			out = append(out, topic{name, strings.Split(words, ";")})
		}
	}
	return out
})

// topicOf returns the first topic that a sentence tells, "" when none.
func topicOf(sentence string) string {
	for _, t := range topics() {
		if Says(sentence, t.words...) {
			return t.name
		}
	}
	return ""
}

// positions gives each position its topic and says whether the other side
// returned it: a position on the same topic, the other way.
func (b *builder) positions() {
	ps := b.r.Positions
	for i := range ps {
		ps[i].Topic = topicOf(b.words(ps[i].Event))
	}
	type way struct{ topic, from, to string }
	backing := map[way][]string{}
	for _, l := range ps {
		if e := b.r.Events[l.Event]; l.Topic != "" && l.From != "" && backs(&e) {
			w := way{l.Topic, l.From, l.To}
			backing[w] = append(backing[w], l.Event)
		}
	}
	for i := range ps {
		if e := b.r.Events[ps[i].Event]; backs(&e) {
			ps[i].See = slices.Clone(backing[way{ps[i].Topic, ps[i].To, ps[i].From}])
		}
	}
}

func backs(e *rapport.Event) bool { return e.Event == "SUPPORT" }
