package language

import (
	"strings"

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
	flat := make([]neural.Token, total+len(d.Sentences))
	p.batch, p.nodes = p.batch[:0], p.nodes[:0]
	for i := range d.Sentences {
		toks := d.Sentences[i].Tokens
		from := len(p.forms)
		cut := preamble(&d.Sentences[i])
		lent := operative(toks, cut)
		for j := range toks {
			f := toks[j].Form
			if lent && j == cut {
				p.forms = append(p.forms, "It")
				f = strings.ToLower(f)
			}
			p.forms = append(p.forms, f)
		}
		for _, r := range [][2]int{{from, from + cut}, {from + cut, len(p.forms)}} {
			p.batch = append(p.batch, p.forms[r[0]:r[1]])
			p.nodes = append(p.nodes, flat[r[0]:r[1]])
		}
	}
	p.annotator.Annotate(p.batch, p.nodes)
	for i := range d.Sentences {
		toks := d.Sentences[i].Tokens
		head, body := p.nodes[2*i], p.nodes[2*i+1]
		if len(head)+len(body) > len(toks) {
			body = takeBack(body)
		}
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

// operatives are the verbs that open the items of resolutions and decisions.
var operatives = map[string]bool{}

func init() {
	for _, w := range strings.Fields("accepts accuses acknowledges adopts affirms agrees announces appeals applauds appoints appreciates approves asks assures authorises authorizes calls commends concludes condemns confirms congratulates considers declares decides deplores demands denounces designates determines directs disapproves emphasises emphasizes encourages endorses establishes exhorts expresses extends hails imposes insists instructs invites issues lauds lifts mandates notes notifies offers orders pledges praises proclaims proposes reaffirms recalls recognises recognizes recommends regrets reiterates rejects reminds renews repeats requests requires resolves salutes stresses strongly submits supports suspends takes thanks underlines underscores undertakes urges views voices warns welcomes") {
		operatives[w] = true
	}
}

// operative reports whether the tokens from cut on are an item of a resolution,
// which opens with its verb: "4. Thanks the Republic of Guinea for". Taggers take
// that for a plural noun, so it is parsed as if "It" stood before.
func operative(t []Token, cut int) bool {
	if len(t)-cut < 4 {
		return false
	}
	w := t[cut].Form
	if w[0] < 'A' || w[0] > 'Z' || !operatives[strings.ToLower(w)] {
		return false
	}
	switch next := t[cut+1].Form; next {
	case ",", "to":
		return false
	case "for", "from", "of": // "Calls for a truce grew": a noun unless an item is marked
		return cut > 0
	}
	last := t[len(t)-1].Form
	return cut > 0 || last == ";" || last == ","
}

// takeBack drops the word that was lent to a sentence and hangs what hung on it
// on the root.
func takeBack(body []neural.Token) []neural.Token {
	root := 0
	for j := range body {
		if body[j].Head < 0 {
			root = j
		}
	}
	if root == 0 { // the lent word itself: the first that hangs on it takes its place
		for j := 1; j < len(body); j++ {
			if body[j].Head == 0 {
				root = j
				body[j].Head, body[j].Rel = -1, "root"
				break
			}
		}
	}
	out := body[1:]
	for j := range out {
		switch h := out[j].Head; {
		case h == 0 && root > 0:
			out[j].Head = root - 1
		case h > 0:
			out[j].Head = h - 1
		}
	}
	return out
}

// preamble returns how many tokens of a sentence stand before its text proper:
// a dateline ("CAIRO, June 8 (Agency) —"), the mark of a list item, the name of
// who speaks in a transcript ("Q:", "Foreign Minister Wong:"). They are parsed
// apart, since nothing in the treebanks looks like them.
func preamble(s *Sentence) int {
	if len(s.Tokens) < 4 {
		return 0
	}
	t := s.Tokens
	if n := itemNumber(t); n > 0 && operatives[strings.ToLower(t[n].Form)] {
		return n
	}
	if !s.First {
		return 0
	}
	if n := label(t); n > 0 {
		return n
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

// itemNumber returns how many tokens the number of an item has: "4.", "(a)",
// "12)".
func itemNumber(t []Token) int {
	for n := 1; n <= 3 && n < len(t); n++ {
		switch f := t[n-1].Form; {
		case f == "." || f == ")":
			return n
		case f == "(" && n == 1, len(f) <= 4 && f[0] >= '0' && f[0] <= '9', len(f) == 1:
			if f[0] >= '0' && f[0] <= '9' && f[len(f)-1] == '.' {
				return n
			}
		default:
			return 0
		}
	}
	return 0
}

// Label returns how many tokens of a sentence name who speaks in a transcript,
// or where a report is written, before a colon, the colon counted; 0 for none.
func Label(s *Sentence) int {
	if !s.First || len(s.Tokens) < 4 {
		return 0
	}
	return label(s.Tokens)
}

// label returns how many tokens a label before a colon has: "A:", "Answer:",
// "Foreign Minister Wong:", "Islamabad:". What follows must open a sentence.
func label(t []Token) int {
	for i := range min(len(t)-3, 7) {
		f := t[i].Form
		if f == ":" {
			next := t[i+1].Form
			if i == 0 || t[i].End == t[i+1].Start || next[0] >= 'a' && next[0] <= 'z' {
				return 0
			}
			return i + 1
		}
		if c := f[0]; !(c >= 'A' && c <= 'Z' || c >= 0x80 || i > 0 && (f == "of" || f == "the" || f == "." || f == ",")) {
			return 0
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
