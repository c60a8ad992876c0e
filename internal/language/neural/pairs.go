package neural

// closing is the mark that ends what an opening mark begins; a mark that does
// both is its own.
func closing(form string) string {
	switch form {
	case "(":
		return ")"
	case "[":
		return "]"
	case "{":
		return "}"
	case "\u201c":
		return "\u201d"
	case "\u2018":
		return "\u2019"
	case "\u00ab":
		return "\u00bb"
	case "\"", "'":
		return form
	}
	return ""
}

// pairs hangs two brackets or quotation marks from the head of what they
// enclose, as Universal Dependencies has it, where that has one head. Of the 21
// marks this moves in EWT dev 20 become right.
func (a *Annotator) pairs(forms []string, t []Token, from int) {
	open := a.open[:0]
	for i := range t {
		if t[i].Rel != "punct" {
			continue
		}
		k := len(open) - 1
		for k >= 0 && closing(forms[open[k]]) != forms[i] {
			k--
		}
		if k < 0 {
			if closing(forms[i]) != "" {
				open = append(open, int32(i))
			}
			continue
		}
		start := int(open[k])
		open = open[:k]
		if head, ok := soleHead(t, start, i, from); ok && leaf(t, start+from) && leaf(t, i+from) {
			t[start].Head, t[i].Head = head+from, head+from
		}
	}
	a.open = open[:0]
}

// soleHead returns the one word between two marks whose head lies outside them.
func soleHead(t []Token, start, end, from int) (head int, ok bool) {
	for i := start + 1; i < end; i++ {
		if h := t[i].Head - from; t[i].Rel != "punct" && (h < start || h > end) {
			if ok {
				return 0, false
			}
			head, ok = i, true
		}
	}
	return head, ok
}

// leaf says whether nothing hangs from a token, so that no cycle can come of
// moving it.
func leaf(t []Token, at int) bool {
	for i := range t {
		if t[i].Head == at {
			return false
		}
	}
	return true
}
