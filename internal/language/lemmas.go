package language

// lemma sets the lemma of token j.
func (p *parser) lemma(tokens []Token, j int) {
	t := &tokens[j]
	if l := auxiliary(tokens, j); l != "" {
		t.Lemma = l
		return
	}
	from := len(p.lemmas)
	longer, shared := p.table.Append(p.lemmas, t.Form, t.XPOS)
	if p.lemmas = longer; len(longer) > from {
		p.made = append(p.made, madeLemma{t, from, len(longer)})
		return
	}
	t.Lemma = shared
}

// auxiliary returns the lemma of a clitic that two verbs share, "" for other
// words: "'s" and "'d" before a participle of the perfect are have.
func auxiliary(tokens []Token, j int) string {
	t := &tokens[j]
	if t.Rel != "aux" || t.Head <= j || tokens[t.Head].XPOS != "VBN" {
		return ""
	}
	switch t.Form {
	case "'s", "’s", "'d", "’d":
	default:
		return ""
	}
	for i := j + 1; i < t.Head; i++ {
		if tokens[i].Head == t.Head && (tokens[i].Rel == "aux" || tokens[i].Rel == "aux:pass" && t.XPOS == "VBZ" && tokens[i].XPOS == "VBG") { // he'd have gone, it's being built
			return ""
		}
	}
	return "have"
}
