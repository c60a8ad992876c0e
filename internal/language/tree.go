package language

import "strings"

// Tree is a sentence with its arcs turned downwards.
type Tree struct {
	Tokens []Token
	kids   [][]int32
}

// NewTree builds the tree of s in time linear in its tokens.
func NewTree(s *Sentence) *Tree {
	n := len(s.Tokens)
	t := &Tree{Tokens: s.Tokens, kids: make([][]int32, n)}
	count := make([]int32, n)
	for i := range s.Tokens {
		if h := s.Tokens[i].Head; h >= 0 {
			count[h]++
		}
	}
	flat := make([]int32, n)
	at := int32(0)
	for h := range n {
		t.kids[h] = flat[at:at:int(at+count[h])]
		at += count[h]
	}
	for i := range s.Tokens {
		if h := s.Tokens[i].Head; h >= 0 {
			t.kids[h] = append(t.kids[h], int32(i))
		}
	}
	return t
}

// Kids returns the children of token i in sentence order.
func (t *Tree) Kids(i int) []int32 { return t.kids[i] }

// Rel returns the universal relation of token i, without its subtype.
func (t *Tree) Rel(i int) string {
	r, _, _ := strings.Cut(t.Tokens[i].Rel, ":")
	return r
}

// Verbal reports whether token i is a verb or auxiliary.
func (t *Tree) Verbal(i int) bool { return t.Tokens[i].UPOS == "VERB" || t.Tokens[i].UPOS == "AUX" }

// Child returns the first child of i with relation rel, with or without its
// subtype, or -1.
func (t *Tree) Child(i int, rel string) int {
	for _, k := range t.kids[i] {
		if t.Tokens[k].Rel == rel || t.Rel(int(k)) == rel {
			return int(k)
		}
	}
	return -1
}

// Case returns the preposition of nominal i in lower case, "" when it has
// none; fixed prepositions are joined: "because of", "together with".
func (t *Tree) Case(i int) string {
	for _, k := range t.kids[i] {
		if t.Tokens[k].Rel == "case" && t.Tokens[k].XPOS != "POS" {
			return t.fixed(int(k))
		}
	}
	return ""
}

// Marker returns the word that opens clause i in lower case ("if", "that",
// "to", "in order"), "" without one.
func (t *Tree) Marker(i int) string {
	for _, k := range t.kids[i] {
		if t.Tokens[k].Rel == "mark" {
			return t.fixed(int(k))
		}
	}
	return ""
}

func (t *Tree) fixed(i int) string {
	w := strings.ToLower(t.Tokens[i].Form)
	for _, f := range t.kids[i] {
		if t.Tokens[f].Rel == "fixed" {
			w += " " + strings.ToLower(t.Tokens[f].Form)
		}
	}
	return w
}

// Under reports whether token i is token root or stands below it.
func (t *Tree) Under(i, root int) bool {
	for steps := 0; i >= 0 && steps <= len(t.Tokens); steps++ {
		if i == root {
			return true
		}
		i = t.Tokens[i].Head
	}
	return false
}

// Root returns the token that heads the sentence, -1 when there is none.
func (t *Tree) Root() int {
	for i := range t.Tokens {
		if t.Tokens[i].Head < 0 {
			return i
		}
	}
	return -1
}
