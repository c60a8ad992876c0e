// Package lemma finds the lemma of an English word from its form and Penn
// tag: irregular forms by table, the others by suffix rules, both learnt from
// treebanks, with a hand-written supplement.
package lemma

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// learnt.tsv is written by the train command; irregular.tsv by hand. Both
// hold lines of the form described at [Read].
var (
	//go:embed learnt.tsv
	learnt string
	//go:embed irregular.tsv
	irregular string
)

// maxSuffix is the length in bytes of the longest suffix that a rule looks at.
const maxSuffix = 5

// Table maps forms with their tags to lemmas. It is not changed by use.
type Table struct {
	words map[string]string // "tag\tform" in lower case (proper nouns as written) to lemma
	rules map[string]edit   // "tag\tsuffix" to what becomes of a form that ends so
	names map[string]bool   // as they are written: "Cairo"
}

func newTable() *Table {
	return &Table{words: map[string]string{}, rules: map[string]edit{}, names: map[string]bool{}}
}

// edit drops bytes from the end of a form, then appends some.
type edit struct {
	drop int
	add  string
}

// Default returns the embedded table.
var Default = sync.OnceValue(func() *Table {
	t, err := Read(learnt, "learnt.tsv", irregular, "irregular.tsv")
	if err != nil {
		panic(err) // a test reads both files
	}
	return t
})

// Read reads tables, later ones first in rank: pairs of text and name. Lines
// starting with # are comments. The others are of
//
//	word TAB tag TAB form TAB lemma
//	verb TAB lemma, for all its forms, which are regular
//	noun TAB lemma, for its plural, which is regular
//	name TAB name, which is written so though it stands in lower case or capitals
//	rule TAB tag TAB suffix TAB bytes to drop TAB text to add
func Read(textsAndNames ...string) (*Table, error) {
	t := newTable()
	for i := 0; i+1 < len(textsAndNames); i += 2 {
		n := 0
		for line := range strings.Lines(textsAndNames[i]) {
			n++
			line = strings.TrimRight(line, "\r\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if !t.line(strings.Split(line, "\t")) {
				return nil, &rapport.Error{Kind: rapport.BadInput, Where: textsAndNames[i+1] + ":" + strconv.Itoa(n), What: "is no word, verb, noun or rule line", Try: "see lemma.Read"}
			}
		}
	}
	return t, nil
}

func (t *Table) line(col []string) bool {
	switch {
	case len(col) == 4 && col[0] == "word":
		t.words[col[1]+"\t"+col[2]] = col[3]
	case len(col) == 2 && col[0] == "name":
		t.names[col[1]] = true
	case len(col) == 2 && col[0] == "verb":
		t.verb(col[1])
	case len(col) == 2 && col[0] == "noun":
		t.noun(col[1])
	case len(col) == 5 && col[0] == "rule":
		drop, err := strconv.Atoi(col[3])
		if err != nil || drop < 0 || drop > 40 || len(col[2]) > maxSuffix {
			return false
		}
		t.rules[col[1]+"\t"+col[2]] = edit{drop, col[4]}
	default:
		return false
	}
	return true
}

// Append appends the lemma of form to b and returns the longer slice. When
// the lemma is a stored string or a part of form, it returns that in shared
// instead and b as it was: no copy is needed then.
func (t *Table) Append(b []byte, form, tag string) (longer []byte, shared string) {
	switch {
	case tag == "ADD" && form != "": // an address
		return b, form
	case tag == "CD" && grouped(form): // 1,500 men
		for i := range len(form) {
			if form[i] != ',' {
				b = append(b, form[i])
			}
		}
		return b, ""
	}
	var room [96]byte
	key := append(append(room[:0], tag...), '\t')
	at := len(key)
	lower := true
	if proper(tag) {
		key = append(key, form...)
	} else {
		key, lower = appendFolded(key, form)
	}
	if l, ok := t.words[string(key)]; ok {
		return b, l
	}
	switch {
	case tag == "JJ" && ofNation(form):
		return b, form
	case tag == "NNP" && len(form) > 3:
		if name := titled(form); name != form && (t.names[name] || len(form) >= longAcronym && inCapitals(form)) {
			return append(b, name...), ""
		}
	}
	folded := key[at:]
	e := t.rule(tag, folded)
	if e.drop > len(folded) || e.drop == len(folded) && e.add == "" {
		e = edit{} // a lemma is never empty
	}
	stem := folded[:len(folded)-e.drop]
	if lower && e.add == "" {
		return b, form[:len(stem)]
	}
	return append(append(b, stem...), e.add...), ""
}

// grouped says whether form is a whole number with its digits in groups of
// three: 12,000.
func grouped(form string) bool {
	if len(form) < 5 || form[len(form)-4] != ',' {
		return false
	}
	for i := range len(form) {
		if comma := i > 0 && (len(form)-i)%4 == 0; comma != (form[i] == ',') || !comma && (form[i] < '0' || form[i] > '9') {
			return false
		}
	}
	return true
}

// Lemma returns the lemma of form.
func (t *Table) Lemma(form, tag string) string {
	b, shared := t.Append(nil, form, tag)
	if shared != "" {
		return shared
	}
	return string(b)
}

// rule returns the edit of the longest suffix of form that has one.
func (t *Table) rule(tag string, form []byte) edit {
	var room [24]byte
	key := append(append(room[:0], tag...), '\t')
	at := len(key)
	for k := min(maxSuffix, len(form)); k > 0; k-- {
		key = append(key[:at], form[len(form)-k:]...)
		if e, ok := t.rules[string(key)]; ok {
			return e
		}
	}
	return edit{}
}

// ofNation says whether an adjective is a capitalised one in -ian, -ese, -ish
// and the like, which keeps its capital in the lemma: Macedonian.
func ofNation(form string) bool {
	if len(form) < 5 || form[0] < 'A' || form[0] > 'Z' || form[1] < 'a' || form[1] > 'z' {
		return false
	}
	for _, end := range [...]string{"ian", "ean", "ese", "ish", "stani", "raqi", "aeli", "emeni", "uwaiti"} {
		if strings.HasSuffix(form, end) {
			return true
		}
	}
	return false
}

// longAcronym is the length from which capitals are rather a name that stands in
// them, as in datelines and headlines, than an acronym.
const longAcronym = 6

// titled returns a word of letters with a capital first and small letters then,
// other words as they are.
func titled(form string) string {
	var room [40]byte
	if len(form) > len(room) {
		return form
	}
	b := room[:len(form)]
	upper, lower := 0, 0
	for i := range len(form) {
		c := form[i]
		switch {
		case 'a' <= c && c <= 'z':
			lower++
		case 'A' <= c && c <= 'Z':
			upper++
		default:
			return form
		}
		if b[i] = c | 0x20; i == 0 {
			b[i] &^= 0x20
		}
	}
	if upper > 0 && lower > 0 || string(b) == form {
		return form
	}
	return string(b)
}

func inCapitals(form string) bool {
	for i := range len(form) {
		if form[i] < 'A' || form[i] > 'Z' {
			return false
		}
	}
	return true
}

// proper says whether a tag's words keep their case in the lemma.
func proper(tag string) bool { return tag == "NNP" || tag == "NNPS" }

// appendFolded appends form in lower case with typographic apostrophes as
// ASCII, and says whether that changed nothing.
func appendFolded(b []byte, form string) (folded []byte, same bool) {
	same = true
	for i := 0; i < len(form); i++ {
		switch c := form[i]; {
		case c >= utf8.RuneSelf:
			return appendFoldedRunes(b, form[i:], same)
		case 'A' <= c && c <= 'Z':
			b, same = append(b, c+'a'-'A'), false
		default:
			b = append(b, c)
		}
	}
	return b, same
}

func appendFoldedRunes(b []byte, form string, same bool) ([]byte, bool) {
	for i, r := range form {
		if r == utf8.RuneError {
			_, n := utf8.DecodeRuneInString(form[i:])
			b = append(b, form[i:i+n]...) // a broken byte stays as it is
			continue
		}
		l := unicode.ToLower(r)
		if l == '’' || l == '‘' {
			l = '\''
		}
		same = same && l == r
		b = utf8.AppendRune(b, l)
	}
	return b, same
}
