// Package treebank reads and writes CoNLL-U and scores annotation against
// treebanks.
package treebank

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"rapport"
)

// Word is one syntactic word of a [Sentence].
type Word struct {
	Form, Lemma, UPOS, XPOS, Rel string
	Head                         int    // index into Words, -1 for the root, Unattached for none
	Glued                        bool   // no space stands between this word and the next
	Misc                         string // of the MISC column, what is not SpaceAfter=No; "" for none
}

// Unattached is the head of a word whose head nobody told.
const Unattached = -2

// Multiword is a written word of several syntactic ones: "don't" of "do" and
// "n't".
type Multiword struct {
	From, To int // Words[From:To]
	Form     string
	Misc     string // as a word's
}

// Sentence is one annotated sentence.
type Sentence struct {
	ID           string
	Text         string // the sentence as it was written
	Words        []Word
	Multiwords   []Multiword // in order
	Comments     []string    // the lines before the words, as they stand: "# sent_id = a-1"
	NewDocument  bool        // opens a document
	Document     string      // the name of the document it opens
	NewParagraph bool        // opens a paragraph or a document
	Glued        bool        // no space stands between this sentence and the next
}

// Forms returns the words' forms.
func (s *Sentence) Forms() []string {
	forms := make([]string, len(s.Words))
	for i := range s.Words {
		forms[i] = s.Words[i].Form
	}
	return forms
}

// Read reads all sentences of a CoNLL-U stream. name stands in errors. Empty
// nodes (8.1) are left out. The words of a multiword token (8-9) count as
// glued to one another.
func Read(r io.Reader, name string) ([]Sentence, error) {
	var (
		out     []Sentence
		cur     Sentence
		lastOf  int  // number of the last word of the multiword token that is open
		gluedMW bool // whether that token is glued to the next
	)
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 1<<24)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		bad := func(what string) error {
			return &rapport.Error{Kind: rapport.BadInput, Where: name + ":" + strconv.Itoa(n), What: what, Try: "see https://universaldependencies.org/format.html"}
		}
		if line == "" {
			if what := cur.fault(); what != "" {
				return nil, bad(what)
			}
			if len(cur.Words) > 0 {
				out = append(out, cur.closed())
			}
			cur, lastOf = Sentence{}, 0
			continue
		}
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			cur.Comments = append(cur.Comments, line)
			key, value, _ := strings.Cut(strings.TrimSpace(comment), "=")
			key, value = strings.TrimSpace(key), strings.TrimSpace(value)
			switch {
			case key == "sent_id":
				cur.ID = value
			case key == "text":
				cur.Text = value
			case key == "newdoc", strings.HasPrefix(key, "newdoc "):
				cur.NewDocument, cur.NewParagraph, cur.Document = true, true, value
			case key == "newpar", strings.HasPrefix(key, "newpar "):
				cur.NewParagraph = true
			}
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != 10 {
			return nil, bad("has not the 10 columns of CoNLL-U")
		}
		glued, misc := spaceAfter(col[9])
		if from, to, ok := strings.Cut(col[0], "-"); ok {
			first, err := strconv.Atoi(from)
			last, err2 := strconv.Atoi(to)
			if err != nil || err2 != nil || first != len(cur.Words)+1 || last < first || first <= lastOf {
				return nil, bad("has a broken token range")
			}
			lastOf, gluedMW = last, glued
			cur.Multiwords = append(cur.Multiwords, Multiword{first - 1, last, col[1], misc})
			continue
		}
		if strings.Contains(col[0], ".") {
			continue
		}
		id, err := strconv.Atoi(col[0])
		if err != nil || id != len(cur.Words)+1 {
			return nil, bad("has a word number out of order")
		}
		head := Unattached + 1
		if col[6] != "_" {
			if head, err = strconv.Atoi(col[6]); err != nil || head < 0 {
				return nil, bad("has no head number")
			}
		}
		if col[1] == "" {
			return nil, bad("has no form")
		}
		if id < lastOf {
			glued = true
		} else if id == lastOf {
			glued = gluedMW
		}
		cur.Words = append(cur.Words, Word{Form: col[1], Lemma: col[2], UPOS: col[3], XPOS: col[4], Rel: col[7], Head: head - 1, Glued: glued, Misc: misc})
	}
	if err := sc.Err(); err != nil {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: name, What: "cannot be read", Err: err}
	}
	if what := cur.fault(); what != "" {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: name, What: what}
	}
	if len(cur.Words) > 0 {
		out = append(out, cur.closed())
	}
	return out, nil
}

// fault says what a sentence that was read whole lacks, "" for nothing.
func (s *Sentence) fault() string {
	if n := len(s.Multiwords); n > 0 && s.Multiwords[n-1].To > len(s.Words) {
		return "ends a sentence inside a token range"
	}
	for i := range s.Words {
		if s.Words[i].Head >= len(s.Words) {
			return "ends a sentence with a head outside of it"
		}
	}
	return ""
}

// closed returns s with the space after its last word as its own.
func (s Sentence) closed() Sentence {
	last := &s.Words[len(s.Words)-1]
	s.Glued, last.Glued = last.Glued, false
	return s
}

// spaceAfter parts SpaceAfter=No from the rest of a MISC column.
func spaceAfter(misc string) (glued bool, rest string) {
	if misc == "_" {
		return false, ""
	}
	var kept []string
	for _, m := range strings.Split(misc, "|") {
		if m == "SpaceAfter=No" {
			glued = true
		} else {
			kept = append(kept, m)
		}
	}
	return glued, strings.Join(kept, "|")
}

// Write writes sentences as CoNLL-U, which [Read] reads back. Features and
// enhanced dependencies are left empty.
func Write(w io.Writer, sentences []Sentence) error {
	out := bufio.NewWriter(w)
	for i := range sentences {
		sentences[i].write(out)
	}
	return out.Flush()
}

func (s *Sentence) write(out *bufio.Writer) {
	for _, c := range s.Comments {
		out.WriteString(c + "\n")
	}
	mw := s.Multiwords
	inside := 0 // words below stand in a multiword token
	for i, w := range s.Words {
		glued := w.Glued
		if i == len(s.Words)-1 {
			glued = s.Glued
		}
		if len(mw) > 0 && mw[0].From == i {
			end := s.Glued
			if mw[0].To < len(s.Words) {
				end = s.Words[mw[0].To-1].Glued
			}
			fmt.Fprintf(out, "%d-%d\t%s\t_\t_\t_\t_\t_\t_\t_\t%s\n", i+1, mw[0].To, mw[0].Form, miscColumn(end, mw[0].Misc))
			inside, mw = mw[0].To, mw[1:]
		}
		head := "_"
		if w.Head != Unattached {
			head = strconv.Itoa(w.Head + 1)
		}
		fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t_\t%s\t%s\t_\t%s\n", i+1, w.Form, empty(w.Lemma), empty(w.UPOS), empty(w.XPOS), head, empty(w.Rel),
			miscColumn(glued && i >= inside, w.Misc))
	}
	out.WriteByte('\n')
}

func miscColumn(glued bool, rest string) string {
	if glued {
		rest = strings.TrimSuffix("SpaceAfter=No|"+rest, "|")
	}
	return empty(rest)
}

func empty(column string) string {
	if column == "" {
		return "_"
	}
	return column
}

// ReadFile reads the treebank in a file.
func ReadFile(path string) ([]Sentence, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &rapport.Error{Kind: rapport.NotFound, Where: path, What: "cannot be opened", Err: err}
	}
	defer f.Close()
	return Read(f, filepath.Base(path))
}

// Written returns the sentence as its tokens were written.
func (s *Sentence) Written() string {
	var b strings.Builder
	mw := s.Multiwords
	for i := 0; i < len(s.Words); {
		form, to := s.Words[i].Form, i+1
		if len(mw) > 0 && mw[0].From == i {
			form, to, mw = mw[0].Form, mw[0].To, mw[1:]
		}
		b.WriteString(form)
		if i = to; i < len(s.Words) && !s.Words[i-1].Glued {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Texts returns the text of each of a treebank's documents, paragraphs parted
// by a blank line.
func Texts(sentences []Sentence) []string {
	var out []string
	var b strings.Builder
	for i := range sentences {
		s := &sentences[i]
		switch {
		case i == 0:
		case s.NewDocument:
			out = append(out, b.String())
			b.Reset()
		case s.NewParagraph:
			b.WriteString("\n\n")
		case !sentences[i-1].Glued:
			b.WriteByte(' ')
		}
		b.WriteString(s.Written())
	}
	return append(out, b.String())
}
