package language

import (
	"sync"

	"rapport"
	"rapport/internal/language/lemma"
	"rapport/internal/language/neural"
)

var model = sync.OnceValue(func() *neural.Model {
	m, err := neural.Trained()
	if err != nil {
		panic(err) // the model is part of the program; a test loads it
	}
	return m
})

// maxTokens is the longest sentence in tokens. A longer one, which no person
// wrote as one, goes on in a sentence of its own.
const maxTokens = 400

// Parse reads text. The embedded model is loaded by the first call. Parse may
// be called by several goroutines at once and gives the same for the same
// text. Any bytes will do: what is not UTF-8 is kept as parts of words. The
// time taken grows with the length of text only.
func Parse(text string) *Doc {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	d := &Doc{Text: text}
	p.sentences(d)
	p.annotate(d)
	return d
}

// Annotate annotates one sentence that is split into words already. The
// tokens' spans are left empty. Any number of words.
func Annotate(forms []string) []Token {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.tokens = make([]Token, len(forms))
	for i, f := range forms {
		p.tokens[i].Form = f
	}
	d := &Doc{Sentences: []Sentence{{Tokens: p.tokens}}}
	p.lemmas = p.lemmas[:0]
	p.annotate(d)
	out := p.tokens
	p.tokens = nil
	return out
}

var parsers = sync.Pool{New: func() any {
	return &parser{annotator: model().Annotator(), table: lemma.Default()}
}}

// parser holds the memory that parsing one text needs and the next can use.
type parser struct {
	annotator *neural.Annotator
	table     *lemma.Table
	tokens    []Token
	spans     []rapport.Span
	forms     []string
	batch     [][]string
	nodes     [][]neural.Token
	lemmas    []byte
	made      []madeLemma
}

// madeLemma is a lemma that stands in parser.lemmas until all are made.
type madeLemma struct {
	token      *Token
	start, end int
}

// sentences finds the sentences and tokens of d.Text.
func (p *parser) sentences(d *Doc) {
	tokenList := make([]Token, 0, len(d.Text)/5+8)
	var starts []int // of each sentence's tokens in tokenList
	for n, par := range paragraphs(d.Text) {
		p.spans = appendSentences(p.spans[:0], d.Text, par)
		for i, span := range p.spans {
			first := i == 0
			from := len(tokenList)
			tokens(d.Text, span, func(start, end int) {
				if len(tokenList)-from == maxTokens {
					starts = append(starts, from)
					d.Sentences = append(d.Sentences, Sentence{Paragraph: n, First: first})
					from, first = len(tokenList), false
				}
				tokenList = append(tokenList, Token{Span: rapport.Span{Start: start, End: end}, Form: d.Text[start:end]})
			})
			starts = append(starts, from)
			d.Sentences = append(d.Sentences, Sentence{Paragraph: n, First: first})
		}
	}
	for i := range d.Sentences {
		s := &d.Sentences[i]
		end := len(tokenList)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		s.Tokens = tokenList[starts[i]:end:end]
		s.Start, s.End = s.Tokens[0].Start, s.Tokens[len(s.Tokens)-1].End
	}
}

// annotate sets what the model tells of each token.
func (p *parser) annotate(d *Doc) {
	p.lemmas, p.made = p.lemmas[:0], p.made[:0]
	total := 0
	for i := range d.Sentences {
		total += len(d.Sentences[i].Tokens)
	}
	p.forms = p.forms[:0]
	flat := make([]neural.Token, total)
	p.batch, p.nodes = p.batch[:0], p.nodes[:0]
	for i := range d.Sentences {
		toks := d.Sentences[i].Tokens
		from := len(p.forms)
		for j := range toks {
			p.forms = append(p.forms, toks[j].Form)
		}
		cut := preamble(&d.Sentences[i])
		for _, r := range [][2]int{{0, cut}, {cut, len(toks)}} {
			p.batch = append(p.batch, p.forms[from+r[0]:from+r[1]])
			p.nodes = append(p.nodes, flat[from+r[0]:from+r[1]])
		}
	}
	p.annotator.Annotate(p.batch, p.nodes)
	for i := range d.Sentences {
		toks := d.Sentences[i].Tokens
		head, body := p.nodes[2*i], p.nodes[2*i+1]
		root := 0
		for j := range body {
			if body[j].Head < 0 {
				root = len(head) + j
			}
		}
		for j := range toks {
			n, shift := neural.Token{}, 0
			if j < len(head) {
				n = head[j]
				if n.Head < 0 {
					n.Head, n.Rel = root, "parataxis"
				}
			} else {
				n, shift = body[j-len(head)], len(head)
				if n.Head >= 0 {
					n.Head += shift
				}
			}
			t := &toks[j]
			t.UPOS, t.XPOS, t.Rel, t.Head = n.UPOS, n.XPOS, n.Rel, n.Head
		}
		for j := range toks {
			p.lemma(toks, j)
		}
	}
	all := string(p.lemmas)
	for _, m := range p.made {
		m.token.Lemma = all[m.start:m.end]
	}
	for i := range d.Sentences {
		mend(d.Sentences[i].Tokens)
	}
	clear(p.made)
	clear(p.forms[:cap(p.forms)])
}

// preamble returns how many tokens of a sentence stand before its text proper:
// a dateline ("CAIRO, June 8 (Agency) —"), the mark of a list item, the "Q:"
// and "A:" of a transcript. They are parsed apart, since nothing in the
// treebanks looks like them.
func preamble(s *Sentence) int {
	if !s.First || len(s.Tokens) < 4 {
		return 0
	}
	t := s.Tokens
	if (t[0].Form == "A" || t[0].Form == "Q") && t[1].Form == ":" {
		return 2
	}
	if t[0].Form == "•" || t[0].Form == "-" || t[0].Form == "–" || t[0].Form == "*" {
		return 1
	}
	if n := placeLine(t); n > 0 {
		return n
	}
	bracket := false
	for i := range min(len(t)-2, 24) {
		f := t[i].Form
		switch {
		case f == "—" || f == "–" || f == "-" || f == "--":
			if i == 0 {
				return 0
			}
			if i+1 < len(t) && t[i].End == t[i+1].Start && t[i-1].End == t[i].Start { // "Bosnia-Herzegovina"
				if f != "-" {
					return 0
				}
				continue
			}
			return i + 1
		case f == "(" || f == "/" || f == "[":
			bracket = true
		case f == ")" || f == "]":
			bracket = false
		case bracket || f == "," || f == "." || f == "of" || f == "the":
		default:
			c := f[0]
			if i > 4 && c >= 'A' && c <= 'Z' && i > 12 || !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80) {
				return 0
			}
		}
	}
	return 0
}

// placeLine returns how many tokens a dateline without a dash has: "New York,
// The Minister met", where a small word that opens a sentence follows names and
// a comma.
func placeLine(t []Token) int {
	for i := 1; i < min(len(t)-2, 5); i++ {
		if f := t[i].Form; f == "," {
			switch t[i+1].Form {
			case "The", "A", "An", "His", "Her", "On", "In", "At", "Today", "Yesterday":
				return i + 1
			}
			return 0
		} else if f[0] < 'A' || f[0] > 'Z' {
			return 0
		}
	}
	return 0
}
