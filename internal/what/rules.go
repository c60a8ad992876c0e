package what

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"sync"

	"rapport"
)

// Rule is one act family of the rule files: what it codes, the patterns that
// tell it, and the example sentences that are its tests. The language is
// described in rules/README.md.
type Rule struct {
	ID     string // "support.sign": the event type, a dot, the family
	Event  string
	Mode   string
	CAMEO  string
	About  string // fixed "EVENT:mode", or "" with AboutInner
	Source string // where the codebook says so

	Pair       bool // its parties may be the two sides that the report is about, where the sentence names none
	Negative   bool // it is told by a denial: "did not comply"
	Ahead      bool // only told as to come is it the act: "will hit back"
	Asserted   bool // denied it is no act at all: "does not rule out"
	AboutInner bool // About is the event and mode of the act it speaks of
	Inner      InnerUse

	Positive []Example
	Misses   []string // near misses, which must not be coded by it

	where    string // file:line
	patterns []*pattern
}

// InnerUse says what becomes of the act that a rule's act speaks of.
type InnerUse int

const (
	Keep    InnerUse = iota // it is a claim of its own
	Consume                 // it is only the content: "agreed to visit"
	Spoken                  // it is a claim on the actor's word: "accused X of bombing"
)

// Example is a sentence that a rule must code, with the head words of the
// parties it must find.
type Example struct {
	Text      string
	Actor     []string
	Recipient []string
	where     string
}

type kind int

const (
	verbPattern kind = iota
	nounPattern
	lightPattern
	adjPattern
)

// A pattern is one line of a rule: a trigger word, conditions on the words in
// its roles, and the roles that fill the slots.
type pattern struct {
	rule      *Rule
	kind      kind
	words     []string // trigger lemmas (verbs of a light pattern)
	nouns     map[string]bool
	conds     []cond
	actor     [][]string // alternatives in order; each a union of role paths
	recipient [][]string
	both      [][]string
	content   [][]string // roles that hold the act it speaks of
	mode      string     // overrides the rule's
	cameo     string
	about     string
	rank      int // the higher the more specific
	line      int
}

type cond struct {
	not   bool
	paths []string
	any   bool // presence is enough
	words map[string]bool
}

// A book is all rules, compiled: patterns by trigger lemma.
type book struct {
	rules []*Rule
	verbs map[string][]*pattern
	nouns map[string][]*pattern
	adjs  map[string][]*pattern
	light map[string][]*pattern // by noun
	gov   *governors
	kinds map[string][]string // word to the classes and event types it belongs to
	about map[string]string   // content word to what it makes a promise or request be about
}

//go:embed rules/*.rules rules/governors.tsv rules/content.tsv
var ruleFiles embed.FS

var rules = sync.OnceValue(func() *book {
	b, err := compile(ruleFiles)
	if err != nil {
		panic("embedded rules: " + err.Error()) // held by TestRules
	}
	return b
})

// Rules returns all rules in the order of their ids.
func Rules() []*Rule { return rules().rules }

func compile(fsys fs.FS) (*book, error) {
	names, err := fs.Glob(fsys, "rules/*.rules")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	classes := map[string][]string{}
	b := &book{verbs: map[string][]*pattern{}, nouns: map[string][]*pattern{}, adjs: map[string][]*pattern{}, light: map[string][]*pattern{}}
	for _, pass := range []bool{true, false} { // classes of all files first
		for _, name := range names {
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				return nil, err
			}
			if err := b.read(name, string(data), classes, pass); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(b.rules, func(x, y *Rule) int { return strings.Compare(x.ID, y.ID) })
	for i := 1; i < len(b.rules); i++ {
		if b.rules[i].ID == b.rules[i-1].ID {
			return nil, fault(b.rules[i].where, "rule %s stands twice, also at %s", b.rules[i].ID, b.rules[i-1].where)
		}
	}
	for _, r := range b.rules {
		for _, p := range r.patterns {
			b.index(p)
		}
	}
	for _, m := range []map[string][]*pattern{b.verbs, b.nouns, b.adjs, b.light} {
		for _, ps := range m {
			slices.SortStableFunc(ps, func(x, y *pattern) int { return y.rank - x.rank })
		}
	}
	b.indexKinds(classes)
	data, err := fs.ReadFile(fsys, "rules/governors.tsv")
	if err != nil {
		return nil, err
	}
	if b.gov, err = readGovernors("rules/governors.tsv", string(data)); err != nil {
		return nil, err
	}
	data, err = fs.ReadFile(fsys, "rules/content.tsv")
	if err != nil {
		return nil, err
	}
	b.about, err = readContent("rules/content.tsv", string(data))
	return b, err
}

func readContent(name, data string) (map[string]string, error) {
	m := map[string]string{}
	for n, line := range strings.Split(data, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		about, words, ok := strings.Cut(line, "\t")
		if !ok {
			return nil, fault(fmt.Sprintf("%s:%d", name, n+1), "want two columns, about and words")
		}
		for _, w := range strings.Fields(words) {
			if _, twice := m[w]; !twice { // the first row that holds a word wins
				m[w] = about
			}
		}
	}
	return m, nil
}

func (b *book) index(p *pattern) {
	switch p.kind {
	case lightPattern:
		for w := range p.nouns {
			b.light[w] = append(b.light[w], p)
		}
	case verbPattern:
		for _, w := range p.words {
			b.verbs[w] = append(b.verbs[w], p)
		}
	case nounPattern:
		for _, w := range p.words {
			b.nouns[w] = append(b.nouns[w], p)
		}
	case adjPattern:
		for _, w := range p.words {
			b.adjs[w] = append(b.adjs[w], p)
		}
	}
}

func fault(where, format string, args ...any) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: where, What: fmt.Sprintf(format, args...), Try: "see the rule language in internal/what/rules/README.md"}
}

// read takes one rule file; with classesOnly just its class lines.
func (b *book) read(name, data string, classes map[string][]string, classesOnly bool) error {
	var r *Rule
	for n, line := range strings.Split(data, "\n") {
		where := fmt.Sprintf("%s:%d", name, n+1)
		if h := strings.Index(line, "#"); h >= 0 && (h == 0 || line[h-1] == ' ') {
			line = line[:h]
		}
		line = strings.TrimSpace(line)
		key, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		if line == "" || (key == "class") != classesOnly {
			continue
		}
		if key == "class" {
			cname, words, _ := strings.Cut(rest, " ")
			ws, err := expand(where, strings.Fields(words), classes)
			if err != nil {
				return err
			}
			if len(ws) == 0 {
				return fault(where, "class %s is empty", cname)
			}
			classes[cname] = append(classes[cname], ws...)
			continue
		}
		if key == "rule" {
			r = &Rule{ID: rest, where: where}
			b.rules = append(b.rules, r)
			continue
		}
		if r == nil {
			return fault(where, "%q stands before the first rule", key)
		}
		if err := r.line(where, n+1, key, rest, classes); err != nil {
			return err
		}
	}
	return nil
}

// expand resolves $CLASS among words; "_" in a word stands for a space.
func expand(where string, words []string, classes map[string][]string) ([]string, error) {
	var out []string
	for _, w := range words {
		if c, ok := strings.CutPrefix(w, "$"); ok {
			ws, ok := classes[c]
			if !ok {
				return nil, fault(where, "no class %s", c)
			}
			out = append(out, ws...)
			continue
		}
		out = append(out, strings.ReplaceAll(w, "_", " "))
	}
	return out, nil
}

func (r *Rule) line(where string, n int, key, rest string, classes map[string][]string) error {
	switch key {
	case "code":
		f := strings.Fields(rest)
		if len(f) != 2 {
			return fault(where, "code wants EVENT[:mode] and a CAMEO code, got %q", rest)
		}
		r.Event, r.Mode, _ = strings.Cut(f[0], ":")
		r.CAMEO = f[1]
	case "about":
		if rest == "inner" {
			r.AboutInner, r.Inner = true, Consume
		} else {
			r.About = rest
		}
	case "inner":
		switch rest {
		case "keep":
			r.Inner = Keep
		case "consume":
			r.Inner = Consume
		case "spoken":
			r.Inner = Spoken
		default:
			return fault(where, "inner is keep, consume or spoken, not %q", rest)
		}
	case "pair":
		if rest != "yes" {
			return fault(where, "pair is yes or absent, not %q", rest)
		}
		r.Pair = true
	case "told":
		if rest != "future" {
			return fault(where, "told is future or absent, not %q", rest)
		}
		r.Ahead = true
	case "negated":
		switch rest {
		case "yes":
			r.Negative = true
		case "never":
			r.Asserted = true
		default:
			return fault(where, "negated is yes, never or absent, not %q", rest)
		}
	case "source":
		r.Source = rest
	case "+":
		text, want, ok := strings.Cut(rest, "=>")
		if !ok {
			return fault(where, "a positive example ends in => ACTORS > RECIPIENTS")
		}
		a, rec, _ := strings.Cut(want, ">")
		r.Positive = append(r.Positive, Example{strings.TrimSpace(text), list(a), list(rec), where})
	case "-":
		r.Misses = append(r.Misses, rest)
	case "verb", "noun", "light", "adj":
		p, err := parsePattern(where, key, rest, classes)
		if err != nil {
			return err
		}
		p.rule, p.line = r, n
		r.patterns = append(r.patterns, p)
	default:
		return fault(where, "unknown line %q in rule %s", key, r.ID)
	}
	return nil
}

func list(s string) []string {
	var out []string
	for _, w := range strings.Split(s, ",") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func parsePattern(where, key, rest string, classes map[string][]string) (*pattern, error) {
	p := &pattern{}
	var words, nouns []string
	plus := false
	fields := strings.Fields(rest)
	i := 0
	for ; i < len(fields) && !strings.ContainsAny(fields[i], ":="); i++ {
		switch {
		case fields[i] == "+":
			plus = true
		case plus:
			nouns = append(nouns, fields[i])
		default:
			words = append(words, fields[i])
		}
	}
	ws, err := expand(where, words, classes)
	if err != nil {
		return nil, err
	}
	p.words = ws
	ns, err := expand(where, nouns, classes)
	if err != nil {
		return nil, err
	}
	p.nouns = set(ns)
	switch key {
	case "verb":
		p.kind = verbPattern
		p.actor, p.recipient = [][]string{{"subj"}}, [][]string{{"obj"}}
		p.content = [][]string{{"comp"}, {"obj"}}
	case "noun":
		p.kind = nounPattern
		p.actor, p.recipient = [][]string{{"poss"}, {"by"}, {"mod"}}, nil
		p.content = [][]string{{"comp"}, {"of"}, {"for"}}
	case "adj":
		p.kind = adjPattern
		p.actor, p.recipient = [][]string{{"subj"}}, [][]string{{"to"}, {"with"}}
		p.content = [][]string{{"comp"}}
	case "light":
		p.kind = lightPattern
		if !plus || len(ns) == 0 {
			return nil, fault(where, "light wants VERBS + NOUNS")
		}
		p.actor = [][]string{{"subj"}}
		p.content = [][]string{{"comp"}, {"obj.comp"}, {"obj.for"}, {"obj.of"}}
	}
	if len(ws) == 0 {
		return nil, fault(where, "pattern without a trigger word")
	}
	if key != "light" && plus {
		return nil, fault(where, "only light patterns take +")
	}
	for ; i < len(fields); i++ {
		if err := p.field(where, fields[i], classes); err != nil {
			return nil, err
		}
	}
	p.rank += 10 * len(p.conds)
	if p.kind == lightPattern {
		p.rank += 5
	}
	for _, c := range p.conds {
		if !c.any && !c.not {
			p.rank += 5
		}
	}
	return p, nil
}

func set(ws []string) map[string]bool {
	m := make(map[string]bool, len(ws))
	for _, w := range ws {
		m[w] = true
	}
	return m
}

func (p *pattern) field(where, f string, classes map[string][]string) error {
	if name, val, ok := strings.Cut(f, "="); ok && !strings.Contains(name, ":") {
		switch name {
		case "actor":
			p.actor = paths(val)
		case "recipient":
			p.recipient = paths(val)
		case "both":
			p.both = paths(val)
			p.recipient = nil
		case "content":
			p.content = paths(val)
		case "mode":
			p.mode = val
		case "cameo":
			p.cameo = val
		case "about":
			p.about = val
		case "rank":
			if _, err := fmt.Sscan(val, &p.rank); err != nil {
				return fault(where, "rank wants a number, got %q", val)
			}
		default:
			return fault(where, "unknown slot %q", name)
		}
		return nil
	}
	role, ws, ok := strings.Cut(f, ":")
	if !ok {
		return fault(where, "%q is neither role:words nor slot=roles", f)
	}
	c := cond{}
	if role, ok = strings.CutPrefix(role, "!"); ok {
		c.not = true
	}
	c.paths = strings.Split(strings.ReplaceAll(role, "_", " "), "|")
	if ws == "*" {
		c.any = true
	} else {
		words, err := expand(where, strings.Split(ws, "|"), classes)
		if err != nil {
			return err
		}
		c.words = set(words)
	}
	p.conds = append(p.conds, c)
	return nil
}

// paths reads "subj+with,obj.of": alternatives by comma, unions by plus; "-"
// is no role at all.
func paths(s string) [][]string {
	if s == "-" {
		return nil
	}
	var out [][]string
	for _, alt := range strings.Split(s, ",") {
		out = append(out, strings.Split(strings.ReplaceAll(alt, "_", " "), "+"))
	}
	return out
}

// Rank is how specific the pattern is: the more it asks for, the higher.
func (p *pattern) Rank() int { return p.rank }
