package lemma

import (
	"fmt"
	"sort"
	"strings"

	"rapport/internal/language/treebank"
)

// Learn returns a table, in the form that [Read] reads, of suffix rules that
// hold for the words of the sentences and of the words that no rule gets
// right.
func Learn(sentences []treebank.Sentence) string {
	pairs := withRegularForms(commonLemmas(sentences))
	t := newTable()
	t.rules = suffixRules(pairs)
	t.thin(pairs)
	var b strings.Builder
	b.WriteString("# Lemmas learnt from UD English EWT (CC BY-SA 4.0) and GUM (CC BY 4.0): go run ./internal/language/train\n" +
		"# rule TAB tag TAB suffix TAB bytes to drop TAB text to add; word TAB tag TAB form TAB lemma; name TAB name\n")
	for _, key := range sorted(t.rules) {
		fmt.Fprintf(&b, "rule\t%s\t%d\t%s\n", key, t.rules[key].drop, t.rules[key].add)
	}
	for _, p := range pairs {
		if got := t.Lemma(p.form, p.tag); got != p.lemma {
			fmt.Fprintf(&b, "word\t%s\t%s\t%s\n", p.tag, p.form, p.lemma)
		}
	}
	for _, n := range names(sentences) {
		fmt.Fprintf(&b, "name\t%s\n", n)
	}
	return b.String()
}

// leastName is how often a name has to occur to be known when it stands in
// lower case or in capitals.
const leastName = 3

// names returns the proper nouns that open with their one capital and are no
// words in lower case too.
func names(sentences []treebank.Sentence) []string {
	count, words := map[string]int{}, map[string]bool{}
	for i := range sentences {
		for _, w := range sentences[i].Words {
			if w.XPOS == "NNP" && w.Lemma == w.Form && len(w.Form) > 3 && plain(w.Form[1:]) && w.Form == titled(w.Form) {
				count[w.Form]++
			}
			if w.XPOS != "NNP" && w.XPOS != "NNPS" {
				words[strings.ToLower(w.Form)] = true
			}
		}
	}
	var out []string
	for _, n := range sorted(count) {
		if count[n] >= leastName && !words[strings.ToLower(n)] {
			out = append(out, n)
		}
	}
	return out
}

// pair is a folded form and tag with its commonest lemma.
type pair struct {
	form, tag, lemma string
}

func commonLemmas(sentences []treebank.Sentence) []pair {
	counts := map[[2]string]map[string]int{}
	for i := range sentences {
		for _, w := range sentences[i].Words {
			form := w.Form
			if !proper(w.XPOS) {
				b, _ := appendFolded(nil, form)
				form = string(b)
			}
			if w.Rel == "goeswith" || w.Lemma == "_" || strings.ContainsAny(form+w.Lemma, " \t") {
				continue
			}
			k := [2]string{form, w.XPOS}
			if counts[k] == nil {
				counts[k] = map[string]int{}
			}
			counts[k][w.Lemma]++
		}
	}
	var out []pair
	for k, lemmas := range counts {
		best := ""
		for _, l := range sorted(lemmas) {
			if best == "" || lemmas[l] > lemmas[best] {
				best = l
			}
		}
		out = append(out, pair{form: k[0], tag: k[1], lemma: best})
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].tag < out[j].tag || out[i].tag == out[j].tag && out[i].form < out[j].form
	})
	return out
}

// suffixRules counts over distinct words, not running ones, for it is the
// unseen words that rules are for. A rule that a regular ending does not bear
// out (men, man) needs three words.
func suffixRules(pairs []pair) map[string]edit {
	counts := map[string]map[edit]int{}
	for _, p := range pairs {
		ending, ok := endings[p.tag]
		if !ok {
			continue // a closed class has no unseen words, only wrong tags
		}
		same := 0
		for same < len(p.form) && same < len(p.lemma) && p.form[same] == p.lemma[same] {
			same++
		}
		e := edit{len(p.form) - same, p.lemma[same:]}
		for k := max(1, e.drop); k <= min(maxSuffix, len(p.form)); k++ {
			if !strings.HasSuffix(p.form, ending) && k < 3 {
				continue
			}
			key := p.tag + "\t" + p.form[len(p.form)-k:]
			if counts[key] == nil {
				counts[key] = map[edit]int{}
			}
			counts[key][e]++
		}
	}
	rules := map[string]edit{}
	for key, edits := range counts {
		var best edit
		n, all := 0, 0
		for e, c := range edits {
			all += c
			if c > n || c == n && (e.drop < best.drop || e.drop == best.drop && e.add < best.add) {
				best, n = e, c
			}
		}
		tag, suffix, _ := strings.Cut(key, "\t")
		switch regular := strings.HasSuffix(suffix, endings[tag]) || strings.HasSuffix(endings[tag], suffix); {
		case regular && (n >= 2 || len(suffix) <= 2), n >= 3 && 2*n > all:
			rules[key] = best
		}
	}
	return rules
}

// endings holds the tags of open classes with their regular ending.
var endings = map[string]string{
	"NNS": "s", "NNPS": "s", "VBZ": "s", "VBD": "ed", "VBN": "ed", "VBG": "ing",
	"JJR": "er", "RBR": "er", "JJS": "est", "RBS": "est",
}

// thin drops the rules that a shorter suffix's rule makes needless.
func (t *Table) thin(pairs []pair) {
	for n := maxSuffix; n > 0; n-- {
		for _, key := range sorted(t.rules) {
			tag, suffix, _ := strings.Cut(key, "\t")
			if len(suffix) != n {
				continue
			}
			if t.rule(tag, []byte(suffix[1:])) == t.rules[key] {
				delete(t.rules, key)
			}
		}
	}
}

// withRegularForms adds the regular forms of the verbs and nouns in pairs that
// do not occur in them, so that "invaded" is learnt from "invade". Verbs and
// nouns with a form that is not regular get none.
func withRegularForms(pairs []pair) []pair {
	type slot struct{ tag, lemma string }
	taken, words := map[slot]bool{}, map[string]bool{}
	verbs, nouns, adjectives := map[string]bool{}, map[string]bool{}, map[string]bool{}
	irregular := map[string]bool{}
	for _, p := range pairs {
		taken[slot{p.tag, p.lemma}] = true
		words[p.tag+"\t"+p.form] = true
		switch p.tag {
		case "VB", "VBP":
			verbs[p.lemma] = true
		case "NN":
			nouns[p.lemma] = true
		case "JJ":
			adjectives[p.lemma] = true
		}
		if e, ok := endings[p.tag]; ok && !strings.HasSuffix(p.form, e) {
			irregular[p.lemma] = true
		}
	}
	add := func(tag, form, lemma string) {
		if form != "" && !taken[slot{tag, lemma}] && !words[tag+"\t"+form] && !irregular[lemma] {
			pairs = append(pairs, pair{form: form, tag: tag, lemma: lemma})
		}
	}
	for _, v := range sorted(verbs) {
		add("VBZ", withS(v), v)
		past, present := withEdAndIng(v)
		add("VBD", past, v)
		add("VBN", past, v)
		add("VBG", present, v)
	}
	for _, n := range sorted(nouns) {
		add("NNS", withS(n), n)
	}
	for _, a := range sorted(adjectives) {
		if more := comparable(a); more != "" {
			add("JJR", more+"r", a)
			add("JJS", more+"st", a)
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool {
		return pairs[i].tag < pairs[j].tag || pairs[i].tag == pairs[j].tag && pairs[i].form < pairs[j].form
	})
	return pairs
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
