package relations

import (
	_ "embed"
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
	for i := range ps {
		for j := range ps {
			x, y := b.r.Events[ps[i].Event], b.r.Events[ps[j].Event]
			if i != j && ps[i].Topic != "" && ps[i].Topic == ps[j].Topic && ps[i].From != "" && ps[i].From == ps[j].To && ps[i].To == ps[j].From &&
				backs(&x) && backs(&y) {
				ps[i].See = append(ps[i].See, ps[j].Event)
			}
		}
	}
}

func backs(e *rapport.Event) bool { return e.Event == "SUPPORT" }
