package claims

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
	"rapport/internal/language"
	"rapport/internal/who"
)

// speech is one verb of saying: who speaks, and which tokens are what is said.
type speech struct {
	verb    int
	subject int // token, -1
	party   *rapport.Party
	done    bool // party looked for
}

// speechVerbs introduce what somebody says. Verbs that are acts of their own
// (accuse, demand, promise) are not here: their rules say what becomes of
// their content.
var speechVerbs = lexicon.Words("speechVerbs")

// plainSaying are verbs that need no content to be speech: "the minister said
// in a statement" after a quotation.
var plainSaying = lexicon.Words("plainSaying")

// findSpeech finds the verbs of saying of every sentence and what is said.
func (r *reading) findSpeech() {
	n := len(r.doc.Sentences)
	r.speech = make([][]speech, n)
	r.said = make([][]int, n)
	for si := range r.doc.Sentences {
		t := r.trees[si]
		said := make([]int, len(t.Tokens))
		for i := range said {
			said[i] = -1
		}
		for v := range t.Tokens {
			if t.Tokens[v].UPOS != "VERB" || !speechVerbs[t.Tokens[v].Lemma] {
				continue
			}
			r.addSpeech(si, v, said)
		}
		r.accordingTo(si, said)
		r.said[si] = said
	}
}

func (r *reading) addSpeech(si, v int, said []int) {
	t := r.trees[si]
	subj := -1
	var content []int
	for _, k := range t.Kids(v) {
		switch rel := t.Tokens[k].Rel; {
		case rel == "nsubj":
			subj = int(k)
		case rel == "ccomp" || rel == "ccomp:speech":
			content = append(content, int(k))
		case rel == "parataxis" && t.Verbal(int(k)) && !speechVerbs[t.Tokens[k].Lemma]:
			content = append(content, int(k))
		}
	}
	if subj < 0 && t.Rel(v) == "conj" && t.Tokens[v].Head >= 0 { // "visited and said"
		if k := t.Child(t.Tokens[v].Head, "nsubj"); k >= 0 {
			subj = k
		}
	}
	if subj < 0 && t.Rel(v) == "acl" && t.Tokens[v].Head >= 0 && t.Tokens[v].XPOS == "VBG" {
		subj = t.Tokens[v].Head
	}
	if subj >= 0 && t.Tokens[subj].XPOS == "WP" && t.Tokens[v].Rel == "acl:relcl" {
		subj = t.Tokens[v].Head
	}
	if subj < 0 && t.Rel(v) == "advcl" && t.Tokens[v].Head >= 0 {
		if k := t.Child(t.Tokens[v].Head, "nsubj"); k >= 0 {
			subj = k
		}
	}
	if subj < 0 { // "said the minister" parsed as object; "said a spokesman"
		if k := t.Child(v, "obj"); k >= 0 && (t.Rel(v) == "parataxis" || len(content) > 0) {
			subj = k
		}
	}
	if told := r.toldThat(si, v); told >= 0 {
		content = append(content, told)
	}
	if len(content) == 0 {
		if teller, end := r.closing(si, v); teller >= 0 {
			from, _ := r.period(si, v)
			for i := from; i < end; i++ {
				if said[i] < 0 {
					said[i] = len(r.speech[si])
				}
			}
			r.speech[si] = append(r.speech[si], speech{verb: v, subject: teller})
			return
		}
	}
	if subj < 0 {
		return
	}
	idx := len(r.speech[si])
	wholeRest := t.Rel(v) == "parataxis"
	if t.Rel(v) == "advcl" && t.Marker(v) == "as" {
		wholeRest = plainSaying[t.Tokens[v].Lemma] || t.Child(v, "obj") < 0 // not "as they held talks"
	}
	if len(content) == 0 && !wholeRest && !quoteInside(t, v) {
		if !plainSaying[t.Tokens[v].Lemma] {
			return
		}
		r.speech[si] = append(r.speech[si], speech{verb: v, subject: subj})
		return
	}
	r.speech[si] = append(r.speech[si], speech{verb: v, subject: subj})
	from, to := r.period(si, v)
	for i := from; i < to; i++ {
		within := slices.ContainsFunc(content, func(c int) bool { return t.Under(i, c) })
		if within || wholeRest && said[i] < 0 && !t.Under(i, v) {
			said[i] = idx
		}
	}
}

// toldThat returns the verb of what somebody is told where it was read as telling
// of the addressee: "told reporters that two men had been arrested", -1.
func (r *reading) toldThat(si, v int) int {
	t := r.trees[si]
	for _, k := range t.Kids(v) {
		if rel := t.Rel(int(k)); rel != "iobj" && rel != "obj" || int(k) < v || !addressed[t.Tokens[v].Lemma] {
			continue
		}
		for _, c := range t.Kids(int(k)) {
			if t.Rel(int(c)) == "acl" && int(k)+1 < len(t.Tokens) && t.Tokens[k+1].Lemma == "that" && t.Child(int(c), "nsubj") > int(k)+1 {
				return int(c)
			}
		}
	}
	return -1
}

// closing returns who speaks in a clause of saying that closes its sentence, and
// where what is said ends: "Two men were shot, the army in Tel Aviv said on Monday".
// It goes by the order of the words, as such clauses are often attached wrongly;
// -1 when verb v closes nothing.
func (r *reading) closing(si, v int) (teller, end int) {
	t := r.trees[si]
	tag, lemma := t.Tokens[v].XPOS, t.Tokens[v].Lemma
	if v == 0 || tag == "VB" || tag == "VBG" || lemma == "hold" || lemma == "read" { // "the only man held"
		return -1, 0
	}
	from, to := r.period(si, v)
	for i := v + 1; i < to; i++ {
		if t.Verbal(i) || t.Tokens[i].UPOS == "SCONJ" || t.Rel(i) == "obj" && !addressed[lemma] || r.quoteAt(si, i) >= 0 {
			return -1, 0
		}
	}
	end = nameBefore(t, from, v)
	if end < 0 || !slices.ContainsFunc(t.Tokens[from:end], func(k language.Token) bool {
		return (k.UPOS == "VERB" || k.UPOS == "AUX") && k.XPOS != "VBG"
	}) {
		return -1, 0 // "On Monday, the army said so"
	}
	for i := end + 1; i < v; i++ {
		h := t.Tokens[i].Head
		if u := t.Tokens[i].UPOS; (u == "NOUN" || u == "PROPN" || u == "PRON") && (h <= end || h >= v) {
			return i, end
		}
	}
	return -1, 0
}

// nameBefore returns the comma behind which nothing but a name stands before verb
// v, with its apposition if it has one: "the moderator, Jean Arnault, said"; -1.
func nameBefore(t *language.Tree, from, v int) int {
	last := v - 1 // of the name, or the comma that ends its apposition
	noun, inside := false, t.Tokens[last].Form == ","
	for i := last; i > from; i-- {
		if t.Tokens[i].Form == "," {
			switch {
			case i == last:
			case !noun:
				return -1
			case inside:
				inside = false
			default:
				return i
			}
			continue
		}
		switch t.Tokens[i].UPOS {
		case "NOUN", "PROPN", "PRON":
			noun = true
		case "DET", "ADJ", "ADP", "PART", "NUM", "ADV", "PUNCT", "X":
		default:
			return -1
		}
	}
	return -1
}

// addressed are the verbs of saying whose object is who is spoken to.
var addressed = lexicon.Words("addressed")

// period returns the part of a sentence, between its semicolons outside
// quotations, in which token v stands, and which a verb of saying there does
// not reach beyond: "Rome said it would pay; Paris refused". What stands before
// a colon is not told by who speaks after it.
func (r *reading) period(si, v int) (from, to int) {
	ts := r.trees[si].Tokens
	to = len(ts)
	for i := range ts {
		switch f := ts[i].Form; {
		case f != ";" && f != ":" || r.quoteAt(si, i) >= 0:
		case i < v:
			from = i + 1
		case f == ";":
			return from, i
		}
	}
	return from, to
}

func quoteInside(t *language.Tree, v int) bool {
	for _, k := range t.Kids(v) {
		if f := t.Tokens[k].Form; f == "“" || f == "\"" || f == "``" || f == "”" {
			return true
		}
	}
	return false
}

// accordingTo takes "according to X" as speech of X over its clause.
func (r *reading) accordingTo(si int, said []int) {
	t := r.trees[si]
	for i := range t.Tokens {
		c := ""
		if t.Tokens[i].UPOS != "ADP" && t.Tokens[i].UPOS != "VERB" {
			c = t.Case(i)
		}
		if c != "according to" && c != "in the words of" {
			continue
		}
		g := t.Tokens[i].Head
		if g < 0 {
			continue
		}
		for t.Tokens[g].Rel == "conj" && t.Tokens[g].Head >= 0 && t.Verbal(g) && i > g {
			g = t.Tokens[g].Head // "one did this and the other that, according to the police"
		}
		idx := len(r.speech[si])
		r.speech[si] = append(r.speech[si], speech{verb: g, subject: i})
		from, to := r.period(si, i)
		for k := from; k < to; k++ {
			if said[k] < 0 && t.Under(k, g) && !t.Under(k, i) {
				said[k] = idx
			}
		}
	}
}

// speaker returns the party of a speech.
func (r *reading) speaker(si, idx int) *rapport.Party {
	s := &r.speech[si][idx]
	if s.done {
		return s.party
	}
	s.done = true
	t := r.trees[si]
	if m := r.mention(si, s.subject); m != nil && m.Kind != who.Adjective {
		a := r.ofMention(si, m, 2)
		if len(a.parties) > 0 {
			p := a.parties[0]
			if q := r.lastSpeaker; q != nil && p.Name == "" && m.Kind == who.Role && m.Definite && isPersonal(m) && q.Country == p.Country && (q.Office == "" || sameOffice(q.Office, m.Role, p.Office, p.Text)) {
				p = *q // "the chairman said": who spoke before
			}
			s.party = &p
			if p.Name != "" {
				r.lastSpeaker = &p
			}
		}
		return s.party
	}
	if t.Tokens[s.subject].UPOS == "PRON" {
		switch strings.ToLower(t.Tokens[s.subject].Form) {
		case "he", "she", "it", "they", "him", "her", "them":
			if a := r.pronoun(si, s.subject); len(a.parties) > 0 {
				p := a.parties[0]
				s.party = &p
			}
		}
		return s.party
	}
	if a := r.bare(si, s.subject, 2); len(a.parties) > 0 {
		p := a.parties[0]
		s.party = &p
	}
	return s.party
}

// A quotation is a run of directly quoted text.
type quotation struct {
	rapport.Span
	para    int
	speaker *rapport.Party
	done    bool
}

// findQuotes finds the direct quotations of the text. A paragraph that opens a
// quotation and does not close it is quoted to its end (the usage of the
// press: each further paragraph opens again).
func (r *reading) findQuotes() {
	text := r.rep.Text
	open := -1
	flush := func(end int) {
		if open >= 0 && len(strings.Fields(text[open:end])) >= 4 {
			r.quotes = append(r.quotes, quotation{Span: rapport.Span{Start: open, End: end}})
		}
		open = -1
	}
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRuneInString(text[i:])
		switch c {
		case '“', '«', '„':
			if open < 0 {
				open = i
			}
		case '”', '»':
			if open >= 0 {
				flush(i + n)
			}
		case '"':
			if open >= 0 {
				flush(i + n)
			} else {
				open = i
			}
		case '\n':
			if j := i + n; open >= 0 && j < len(text) && (text[j] == '\n' || text[j] == '\r') {
				flush(i)
			}
		}
		i += n
	}
	if open >= 0 {
		flush(len(text))
	}
	for q := range r.quotes {
		for si := range r.doc.Sentences {
			if r.doc.Sentences[si].Overlaps(r.quotes[q].Span) {
				r.quotes[q].para = r.doc.Sentences[si].Paragraph
				break
			}
		}
	}
}

// quoteAt returns the index of the quotation that holds token i, -1.
func (r *reading) quoteAt(si, i int) int {
	t := &r.doc.Sentences[si].Tokens[i]
	for q := range r.quotes {
		if r.quotes[q].Contains(t.Span) {
			return q
		}
	}
	return -1
}

// quotedBy returns who speaks quotation q: the speech verb of the sentences it
// touches, else of the sentence before that ends in a colon or opens it, else
// of the sentence after, else who spoke the paragraph before.
func (r *reading) quotedBy(q int) *rapport.Party {
	qu := &r.quotes[q]
	if qu.done {
		return qu.speaker
	}
	qu.done = true
	firstS, lastS := -1, -1
	for si := range r.doc.Sentences {
		if r.doc.Sentences[si].Overlaps(qu.Span) {
			if firstS < 0 {
				firstS = si
			}
			lastS = si
		}
	}
	if firstS < 0 {
		return nil
	}
	outside := func(si int) *rapport.Party {
		for idx := range r.speech[si] {
			v := &r.doc.Sentences[si].Tokens[r.speech[si][idx].verb]
			s := &r.doc.Sentences[si].Tokens[r.speech[si][idx].subject]
			if !qu.Contains(s.Span) && (!qu.Contains(v.Span) || r.trees[si].Case(r.speech[si][idx].subject) == "according to") {
				if p := r.speaker(si, idx); p != nil {
					return p
				}
			}
		}
		return nil
	}
	for _, si := range []int{lastS, firstS} {
		if p := outside(si); p != nil {
			qu.speaker = p
			return p
		}
	}
	if firstS > 0 {
		prev := r.doc.Sentences[firstS-1]
		end := strings.TrimRightFunc(r.rep.Text[:prev.End], unicode.IsSpace)
		if strings.HasSuffix(end, ":") {
			if p := outside(firstS - 1); p != nil {
				qu.speaker = p
				return p
			}
		}
	}
	if lastS+1 < len(r.doc.Sentences) && strings.TrimSpace(r.rep.Text[qu.End:r.doc.Sentences[lastS+1].Start]) == "" {
		if p := outside(lastS + 1); p != nil {
			qu.speaker = p
			return p
		}
	}
	if q > 0 && qu.para-r.quotes[q-1].para <= 1 {
		qu.speaker = r.quotedBy(q - 1)
	}
	return qu.speaker
}

// speakerAt returns on whose word token i of sentence si is told, nil when on
// the report's own.
func (r *reading) speakerAt(si, i int) *rapport.Party {
	p, _ := r.attribution(si, i)
	return p
}

// attribution returns who says what token i tells, and whether in direct
// quotation. Of a chain the one nearest the act is taken.
func (r *reading) attribution(si, i int) (p *rapport.Party, quoted bool) {
	q := r.quoteAt(si, i)
	quoted = q >= 0
	if idx := r.said[si][i]; idx >= 0 && (quoted || !r.aside(si, i, r.speech[si][idx].verb)) {
		if p = r.speaker(si, idx); p != nil {
			return p, quoted
		}
	}
	if q >= 0 {
		return r.quotedBy(q), true
	}
	if p, _ := r.labelled(si); p != nil {
		return p, true
	}
	return nil, false
}

// aside reports whether token i, in what verb v of saying tells, stands in a
// relative clause behind a comma, by which the report itself tells who or what is
// spoken of: "said the exiles, whom Chad had jailed, were free".
func (r *reading) aside(si, i, v int) bool {
	t := r.trees[si]
	for ; i != v && t.Tokens[i].Head >= 0; i = t.Tokens[i].Head {
		if t.Tokens[i].Rel != "acl:relcl" {
			continue
		}
		first := i
		for k := i; k > t.Tokens[i].Head; k-- {
			if t.Under(k, i) {
				first = k
			}
		}
		if t.Tokens[first].Form == "," || first > 0 && t.Tokens[first-1].Form == "," {
			return true
		}
	}
	return false
}

// asks and answers are how a transcript labels questions and the answers of its
// own side.
var (
	asks    = lexicon.Words("asks")
	answers = lexicon.Words("answers")
)

// labelled returns who speaks in sentence si of a transcript, by the label that
// its paragraph or one before it opens with. asked is for questions.
func (r *reading) labelled(si int) (p *rapport.Party, asked bool) {
	if r.labels == nil {
		r.labels = r.findLabels()
	}
	if len(r.labels) == 0 {
		return nil, false
	}
	for k := si; k >= 0; k-- {
		if l, ok := r.labels[k]; ok {
			if k < si && len(r.labels) < 2 && r.doc.Sentences[k].Paragraph != r.doc.Sentences[si].Paragraph {
				return nil, false // one label names only whose words its paragraph is
			}
			return l.party, l.asked
		}
	}
	return nil, false
}

// transcriptLabel is who a transcript says is speaking.
type transcriptLabel struct {
	party *rapport.Party
	asked bool
}

// findLabels reads the labels of a transcript, by the sentence they open.
func (r *reading) findLabels() map[int]transcriptLabel {
	out := map[int]transcriptLabel{}
	for si := range r.doc.Sentences {
		s := &r.doc.Sentences[si]
		n := language.Label(s)
		if n == 0 {
			continue
		}
		switch words := strings.ToLower(r.rep.Text[s.Start:s.Tokens[n-2].End]); {
		case asks[words]:
			out[si] = transcriptLabel{asked: true}
			continue
		case answers[words]:
			l := transcriptLabel{}
			if r.home != "" {
				l.party = &rapport.Party{Country: r.home, Sector: "GOV"}
			}
			out[si] = l
			continue
		}
		for i := range r.cast.Mentions[si] {
			m := &r.cast.Mentions[si][i]
			if m.Head >= n-1 || m.Kind != who.Person && m.Kind != who.Role && m.Kind != who.Unknown {
				continue
			}
			if a := r.ofMention(si, m, 4); len(a.parties) == 1 {
				p := a.parties[0]
				out[si] = transcriptLabel{party: &p}
			}
			break
		}
	}
	return out
}

// quoteSpeaker returns the speaker of the quotation that sentence si stands in.
func (r *reading) quoteSpeaker(si int) *rapport.Party {
	if len(r.doc.Sentences[si].Tokens) == 0 {
		return nil
	}
	mid := len(r.doc.Sentences[si].Tokens) / 2
	if q := r.quoteAt(si, mid); q >= 0 {
		return r.quotedBy(q)
	}
	return nil
}
