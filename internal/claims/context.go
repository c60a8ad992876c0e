package claims

import (
	_ "embed"
	"slices"
	"sort"
	"strings"
	"sync"

	"rapport"
)

//go:embed data/contexts.tsv
var contextTable string

// contextWords maps lemmas and two-word phrases to PLOVER contexts.
var contextWords = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(contextTable, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		context, words, _ := strings.Cut(line, "\t")
		for _, w := range strings.Fields(words) {
			m[strings.ReplaceAll(w, "_", " ")] = context
		}
	}
	return m
})

// diplomatic acts bear the diplomatic context by what they are.
var diplomatic = map[string]bool{"CONSULT": true}

// contexts returns the PLOVER contexts that the sentence bears, in the order
// of the alphabet.
func (r *reading) contexts(si int, c *rapport.Claim) []string {
	words := contextWords()
	var out []string
	add := func(x string) {
		if x != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	prev := ""
	for _, t := range r.doc.Sentences[si].Tokens {
		l := strings.ToLower(t.Lemma)
		add(words[l])
		if prev != "" {
			add(words[prev+" "+l])
		}
		prev = l
	}
	if diplomatic[c.Event] || strings.HasPrefix(c.CAMEO, "05") && len(c.CAMEO) == 3 || c.CAMEO == "161" {
		add("diplomatic")
	}
	sort.Strings(out)
	return out
}
