// Package treebank reads CoNLL-U treebanks and scores annotation against
// them. Only training and evaluation need it.
package treebank

import (
	"bufio"
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
	Head                         int  // index into Words, -1 for the root
	Glued                        bool // no space stands between this word and the next
}

// Sentence is one annotated sentence.
type Sentence struct {
	ID           string
	Text         string // the sentence as it was written
	Words        []Word
	NewParagraph bool // opens a paragraph or a document
	Glued        bool // no space stands between this sentence and the next
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
			if len(cur.Words) > 0 {
				last := &cur.Words[len(cur.Words)-1]
				cur.Glued, last.Glued = last.Glued, false
				out = append(out, cur)
			}
			cur, lastOf = Sentence{}, 0
			continue
		}
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			key, value, _ := strings.Cut(strings.TrimSpace(comment), " = ")
			switch {
			case key == "sent_id":
				cur.ID = value
			case key == "text":
				cur.Text = value
			case strings.HasPrefix(key, "newpar") && !strings.HasPrefix(key, "newpar_"), strings.HasPrefix(key, "newdoc"):
				cur.NewParagraph = true
			}
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != 10 {
			return nil, bad("has not the 10 columns of CoNLL-U")
		}
		glued := strings.Contains(col[9], "SpaceAfter=No")
		if _, to, ok := strings.Cut(col[0], "-"); ok {
			last, err := strconv.Atoi(to)
			if err != nil {
				return nil, bad("has a broken token range")
			}
			lastOf, gluedMW = last, glued
			continue
		}
		if strings.Contains(col[0], ".") {
			continue
		}
		id, err := strconv.Atoi(col[0])
		if err != nil || id != len(cur.Words)+1 {
			return nil, bad("has a word number out of order")
		}
		head, err := strconv.Atoi(col[6])
		if err != nil || head < 0 {
			return nil, bad("has no head number")
		}
		if id < lastOf {
			glued = true
		} else if id == lastOf {
			glued = gluedMW
		}
		cur.Words = append(cur.Words, Word{Form: col[1], Lemma: col[2], UPOS: col[3], XPOS: col[4], Rel: col[7], Head: head - 1, Glued: glued})
	}
	if err := sc.Err(); err != nil {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: name, What: "cannot be read", Err: err}
	}
	if len(cur.Words) > 0 {
		out = append(out, cur)
	}
	return out, nil
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
