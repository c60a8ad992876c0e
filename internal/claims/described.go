package claims

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"rapport"
)

//go:embed data/described.tsv
var describedTable string

// statesDescribed maps the words of data/described.tsv to the states they can
// mean: "andean" to BOL, CHL, …
var statesDescribed = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for _, line := range strings.Split(describedTable, "\n") {
		words, codes, ok := strings.Cut(line, "\t")
		if !ok || line[0] == '#' {
			continue
		}
		for _, w := range strings.Split(words, "|") {
			m[w] = strings.Fields(codes)
		}
	}
	return m
})

// stateNouns are the nouns that a state is described by, with what tells which:
// "the Andean nation".
var stateNouns = lexicon.Words("stateNouns")

// counts are the words for how many states are meant.
var counts = map[string]int{"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}

// described resolves a noun for a state at token i by the words before it that tell
// where or what the state is: "the landlocked country", "the two Nordic states". Of
// the states that the words fit only those named in the report are meant.
func (r *reading) described(si, i int) resolved {
	t := r.trees[si]
	tok := &t.Tokens[i]
	if !stateNouns[tok.Lemma] {
		return resolved{}
	}
	first := i
	for first > 0 && t.Under(first-1, i) && t.Tokens[first-1].UPOS != "DET" && t.Tokens[first-1].UPOS != "ADP" {
		first--
	}
	if first == i {
		return resolved{}
	}
	words := strings.Fields(strings.ReplaceAll(strings.ToLower(r.words(si, first, i)), "-", " "))
	many := 0
	definite := false
	for _, k := range t.Kids(i) {
		f := strings.ToLower(t.Tokens[k].Form)
		many = max(many, counts[f])
		switch f {
		case "the", "this", "that", "both", "these", "those":
			definite = true
		case "first", "last", "only", "next", "most", "largest", "biggest", "poorest", "richest":
			return resolved{} // "the first Arab country to" is whoever did it
		}
		if t.Rel(int(k)) == "nmod" && t.Tokens[k].Rel != "nmod:poss" && int(k) > i {
			return resolved{} // "the African state of Chad" names it
		}
	}
	plural := tok.XPOS == "NNS" || tok.XPOS == "NNPS"
	if !definite || plural != (many > 1) {
		return resolved{} // "the Arab countries" are a region
	}
	states := fitting(words)
	if states == nil {
		return resolved{}
	}
	if plural {
		return r.everyOf(si, i, states, many)
	}
	best := r.oneOf(si, i, states)
	if best == "" {
		return resolved{}
	}
	return resolved{parties: []rapport.Party{{Country: best, Sector: "GOV", Text: r.words(si, first, i+1)}}, sure: 0.75, rule: "claims/epithet.form"}
}

// fitting returns the states that all known ones of some words fit: "oil rich african"
// both the first two and the last; nil where none is known.
func fitting(words []string) []string {
	var states []string
	for len(words) > 0 {
		n := len(words)
		for n > 1 && statesDescribed()[strings.Join(words[:n], " ")] == nil {
			n--
		}
		if fits := statesDescribed()[strings.Join(words[:n], " ")]; states == nil {
			states = slices.Clone(fits)
		} else if fits != nil {
			states = slices.DeleteFunc(states, func(c string) bool { return !slices.Contains(fits, c) })
		}
		words = words[n:]
	}
	return states
}

// oneOf returns which of some states is meant at token i of sentence si: the only
// one the report names, else the one told of last before that is not the subject of
// the very sentence; "" for none.
func (r *reading) oneOf(si, i int, states []string) string {
	named := slices.DeleteFunc(slices.Clone(states), func(c string) bool { return r.focus[c] == 0 })
	if len(named) == 1 {
		return named[0]
	}
	for k := si; k >= 0; k-- {
		ms := r.cast.Mentions[k]
		for n := len(ms) - 1; n >= 0; n-- {
			m := &ms[n]
			if k == si && (m.Last > i || strings.HasPrefix(r.trees[k].Tokens[m.Head].Rel, "nsubj")) || len(m.Parties) != 1 {
				continue
			}
			if c := m.Parties[0].Country; slices.Contains(named, c) {
				return c
			}
		}
	}
	return ""
}

// everyOf returns as many of some states as are counted, those the report names
// most; none where it names fewer, or some as often as those left out.
func (r *reading) everyOf(si, i int, states []string, n int) resolved {
	named := slices.DeleteFunc(slices.Clone(states), func(c string) bool { return r.focus[c] == 0 })
	slices.SortStableFunc(named, func(a, b string) int { return r.focus[b] - r.focus[a] })
	if len(named) < n || len(named) > n && r.focus[named[n-1]] == r.focus[named[n]] {
		return resolved{}
	}
	out := resolved{sure: 0.7, rule: "claims/epithet.form"}
	for _, c := range named[:n] {
		out.parties = append(out.parties, rapport.Party{Country: c, Sector: "GOV", Text: r.words(si, i, i+1)})
	}
	return out
}
