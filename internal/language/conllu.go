package language

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rapport/internal/language/treebank"
)

// Treebank returns d as [treebank.Write] writes it, with id as the document's
// name. Every character that is no white space stands in a word: what belongs
// to no sentence (the bullet before a list's item) opens the next one there, as
// punctuation. MISC has the place of each token: TokenRange in characters, as
// UDPipe writes it, ByteRange in bytes.
func (d *Doc) Treebank(id string) []treebank.Sentence {
	c := converter{text: d.Text}
	out := make([]treebank.Sentence, 0, len(d.Sentences))
	for i := range d.Sentences {
		end := c.at
		s := c.sentence(&d.Sentences[i])
		s.NewParagraph = d.Sentences[i].First
		if i > 0 {
			out[i-1].Glued = end == c.first
		}
		out = append(out, s)
	}
	c.rest(&out)
	for i := range out {
		if i == 0 {
			out[i].NewDocument, out[i].Document = true, oneLine(id)
		}
		comment(&out[i], oneLine(id), i+1)
	}
	return out
}

// comment sets the name and the comments of a document's n-th sentence.
func comment(s *treebank.Sentence, id string, n int) {
	if s.NewDocument {
		s.NewParagraph = true
		s.Comments = append(s.Comments, strings.TrimSuffix("# newdoc id = "+id, " id = "))
	}
	if s.NewParagraph {
		s.Comments = append(s.Comments, "# newpar")
	}
	s.ID = strings.TrimPrefix(fmt.Sprintf("%s-%d", id, n), "-")
	s.Text = s.Written()
	s.Comments = append(s.Comments, "# sent_id = "+s.ID, "# text = "+s.Text)
}

// converter turns sentences into a treebank's, from the text's start on.
type converter struct {
	text       string
	at         int // bytes done
	characters int // characters before at
	first      int // where the last sentence's first word starts
}

// mark is a piece of the text between sentences.
type mark struct{ start, end int }

// marks returns what is no white space between the bytes done and end, parted
// at white space.
func (c *converter) marks(end int) []mark {
	var out []mark
	open := false
	for i := c.at; i < end; {
		r, n := utf8.DecodeRuneInString(c.text[i:end])
		switch {
		case isSpace(r):
			open = false
		case open:
			out[len(out)-1].end = i + n
		default:
			out, open = append(out, mark{i, i + n}), true
		}
		i += n
	}
	return out
}

func (c *converter) sentence(s *Sentence) treebank.Sentence {
	out := treebank.Sentence{}
	before := c.marks(s.Start)
	c.first = s.Start
	if len(before) > 0 {
		c.first = before[0].start
	}
	c.join(&out, before)
	first := len(before)
	root := first
	for i := range s.Tokens {
		t := &s.Tokens[i]
		head := t.Head
		if head >= 0 {
			head += first
		} else {
			root = first + i
		}
		out.Words = append(out.Words, treebank.Word{Form: oneLine(t.Form), Lemma: oneLine(t.Lemma), UPOS: t.UPOS, XPOS: t.XPOS, Rel: t.Rel, Head: head,
			Glued: i+1 < len(s.Tokens) && t.End == s.Tokens[i+1].Start, Misc: c.place(t.Start, t.End)})
	}
	for i := range before {
		out.Words[i].Head, out.Words[i].Rel = root, "punct"
		if end := before[i].end; i == first-1 {
			out.Words[i].Glued = end == s.Start
		}
	}
	c.multiwords(&out, s.Tokens, first)
	return out
}

// rest puts what stands behind the last sentence into it, or into one of its
// own.
func (c *converter) rest(out *[]treebank.Sentence) {
	marks := c.marks(len(c.text))
	if len(marks) == 0 {
		return
	}
	if len(*out) == 0 {
		*out = append(*out, treebank.Sentence{})
	}
	last := &(*out)[len(*out)-1]
	if n := len(last.Words); n > 0 {
		last.Words[n-1].Glued = c.at == marks[0].start
	}
	c.join(last, marks)
}

// join appends marks to s as words of punctuation, below the root there; without
// one the first becomes it.
func (c *converter) join(s *treebank.Sentence, marks []mark) {
	head := -1
	for i := range s.Words {
		if s.Words[i].Head < 0 {
			head = i
		}
	}
	for i, m := range marks {
		form := oneLine(c.text[m.start:m.end])
		w := treebank.Word{Form: form, Lemma: form, UPOS: "PUNCT", XPOS: "NFP", Rel: "punct", Head: head,
			Glued: i+1 < len(marks) && m.end == marks[i+1].start, Misc: c.place(m.start, m.end)}
		if head < 0 {
			w.Rel, head = "root", len(s.Words)
		}
		s.Words = append(s.Words, w)
	}
}

// place moves on to the token at start and gives its place.
func (c *converter) place(start, end int) string {
	c.characters += utf8.RuneCountInString(c.text[c.at:start])
	from := c.characters
	c.characters += utf8.RuneCountInString(c.text[start:end])
	c.at = end
	return fmt.Sprintf("TokenRange=%d:%d|ByteRange=%d:%d", from, c.characters, start, end)
}

// multiwords finds the words that were split: "don't".
func (c *converter) multiwords(s *treebank.Sentence, tokens []Token, shift int) {
	for i := 0; i < len(tokens); i++ {
		to := i
		for to+1 < len(tokens) && tokens[to].End == tokens[to+1].Start && splitAt(c.text[tokens[i].Start:tokens[to+1].End], tokens[to+1].Start-tokens[i].Start) {
			to++
		}
		if to == i {
			continue
		}
		s.Multiwords = append(s.Multiwords, treebank.Multiword{From: shift + i, To: shift + to + 1, Form: c.text[tokens[i].Start:tokens[to].End]})
		i = to
	}
}

// splitAt says whether the tokeniser splits word in two at i.
func splitAt(word string, i int) bool {
	return i == contraction(word) || i == clitic(word)
}

// oneLine makes spaces of what would break a line or a column of CoNLL-U, and
// U+FFFD of each byte that is no UTF-8.
func oneLine(s string) string {
	clean := true
	for _, r := range s {
		clean = clean && r >= ' ' && r != utf8.RuneError && r != 0x85 && r != 0x2028 && r != 0x2029
	}
	if clean {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)
}

// AnnotateTreebank annotates sentences that are split into words already: it
// sets tags, lemmas, relations and heads.
func AnnotateTreebank(sentences []treebank.Sentence) {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	const batch = 256
	for len(sentences) > 0 {
		some := sentences[:min(batch, len(sentences))]
		d := &Doc{Sentences: make([]Sentence, len(some))}
		for i := range some {
			tokens := make([]Token, len(some[i].Words))
			for k, w := range some[i].Words {
				tokens[k].Form = w.Form
			}
			d.Sentences[i].Tokens = tokens
		}
		p.annotate(d)
		for i := range some {
			for k, t := range d.Sentences[i].Tokens {
				w := &some[i].Words[k]
				w.Lemma, w.UPOS, w.XPOS, w.Rel, w.Head = t.Lemma, t.UPOS, t.XPOS, t.Rel, t.Head
			}
		}
		sentences = sentences[len(some):]
	}
}
