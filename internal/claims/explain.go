package claims

import (
	"fmt"
	"slices"
	"strings"

	"rapport"
	"rapport/internal/what"
)

// Explain tells how a report was read: tokens and arcs, parties, dates, places,
// the acts with their rules, and what became of each. Of the sentences named
// (from 0), of all when none is.
func (c *Coder) Explain(rep *rapport.Report, sentences ...int) string {
	r := read(rep)
	final := r.finish()
	var b strings.Builder
	for si := range r.doc.Sentences {
		if len(sentences) == 0 || slices.Contains(sentences, si) {
			r.explainSentence(&b, si, final)
		}
	}
	if b.Len() == 0 {
		fmt.Fprintf(&b, "no such sentence: the report has %d, counted from 0\n", len(r.doc.Sentences))
	}
	return b.String()
}

func (r *reading) explainSentence(b *strings.Builder, si int, final []rapport.Claim) {
	s := &r.doc.Sentences[si]
	fmt.Fprintf(b, "sentence %d, bytes %d to %d\n  %s\n\n", si, s.Start, s.End, strings.Join(strings.Fields(r.rep.Text[s.Start:s.End]), " "))
	fmt.Fprintf(b, "  %3s  %-18s %-16s %-6s %-5s %4s  %s\n", "", "token", "lemma", "tag", "penn", "head", "relation")
	for i, t := range s.Tokens {
		head := "root"
		if t.Head >= 0 {
			head = fmt.Sprint(t.Head)
		}
		fmt.Fprintf(b, "  %3d  %-18s %-16s %-6s %-5s %4s  %s\n", i, t.Form, t.Lemma, t.UPOS, t.XPOS, head, t.Rel)
	}
	b.WriteByte('\n')
	for _, m := range r.cast.Mentions[si] {
		fmt.Fprintf(b, "  party  %-32q %s, %s (%s, sure %.2f)\n", r.words(si, m.First, m.Last), m.Kind, partyList(m.Parties), m.Rule, m.Confidence)
	}
	for _, e := range r.dates[si] {
		fmt.Fprintf(b, "  date   %-32q %s (%s)\n", r.words(si, e.First, e.Last), orNone(string(e.Date)), e.Rule)
	}
	for _, p := range r.places[si] {
		fmt.Fprintf(b, "  place  %-32q %s, %s (%s)\n", r.words(si, p.First, p.Last), p.Place.Name, orNone(p.Place.Country), p.Rule)
	}
	for idx := range r.speech[si] {
		who := "nobody known"
		if p := r.speaker(si, idx); p != nil {
			who = partyList([]rapport.Party{*p})
		}
		fmt.Fprintf(b, "  speech %-32q of %s\n", s.Tokens[r.speech[si][idx].verb].Form, who)
	}
	for k := range r.acts[si] {
		r.explainAct(b, si, k)
	}
	n := 0
	for i := range final {
		c := &final[i]
		told := c.Evidence.Sentence == si
		for _, a := range c.Also {
			told = told || a == s.Span
		}
		if told {
			n++
			fmt.Fprintf(b, "  claim  %s %s → %s, %s %s", label(c), partyList(c.Actor), partyList(c.Recipient), c.Status, c.Date)
			if c.Speaker != nil {
				fmt.Fprintf(b, ", on the word of %s", partyList([]rapport.Party{*c.Speaker}))
			}
			fmt.Fprintf(b, " (confidence %.2f, id %s)\n", c.Confidence, c.ID)
		}
	}
	if n == 0 {
		b.WriteString("  no claim\n")
	}
	b.WriteByte('\n')
}

func (r *reading) explainAct(b *strings.Builder, si, k int) {
	a := &r.acts[si][k]
	fmt.Fprintf(b, "  act    %-32q rule %s", r.words(si, a.Words[0], a.Words[len(a.Words)-1]+1), a.Rule.ID)
	for _, s := range []struct {
		name string
		alts [][]int
	}{{"actor", a.Actor}, {"recipient", a.Recipient}, {"with", a.Both}} {
		if len(s.alts) > 0 {
			fmt.Fprintf(b, ", %s %s", s.name, r.alternatives(si, s.alts))
		}
	}
	if a.Inner >= 0 {
		fmt.Fprintf(b, ", about %q", r.doc.Sentences[si].Tokens[r.acts[si][a.Inner].Trigger].Form)
	}
	if a.Outer >= 0 && r.acts[si][a.Outer].Rule.Inner == what.Consume {
		b.WriteString(", only the content of the act above it")
	}
	b.WriteString(modalityWords(a.Modality))
	b.WriteByte('\n')
	if why := what.Grounds(&r.doc.Sentences[si], a, r.namer(si), 5); len(why) > 0 {
		fmt.Fprintf(b, "         no rule matches; learnt from labelled passages, by %s\n", strings.Join(why, "; "))
	}
	for n := range r.left {
		if d := &r.left[n]; d.sentence == si && d.trigger == a.Trigger {
			fmt.Fprintf(b, "         left out as not told (%.1f, below %.1f), by %s\n", float64(d.lead)/unit, float64(toldLead)/unit, strings.Join(r.against(si, k, d, 4), "; "))
			break
		}
	}
}

func (r *reading) alternatives(si int, alts [][]int) string {
	var out []string
	for _, alt := range alts {
		var ws []string
		for _, i := range alt {
			ws = append(ws, r.doc.Sentences[si].Tokens[i].Form)
		}
		out = append(out, strings.Join(ws, "+"))
	}
	return strings.Join(out, " or ")
}

func modalityWords(m what.Modality) string {
	var out string
	for _, f := range []struct {
		on   bool
		word string
	}{{m.Negated, "negated"}, {m.Future, "future"}, {m.Conditional, "conditional"}, {m.Possible, "possible"}, {m.Wished, "wished"}, {m.Perfect, "past perfect"}, {m.Intent, "purpose"}} {
		if f.on {
			out += ", " + f.word
		}
	}
	return out
}

func (r *reading) words(si, first, last int) string {
	ts := r.doc.Sentences[si].Tokens
	return r.rep.Text[ts[first].Start:ts[last-1].End]
}

func label(c *rapport.Claim) string {
	s := c.Event
	if c.Mode != "" {
		s += ":" + c.Mode
	}
	if c.About != "" {
		s += " about " + c.About
	}
	return s + " " + c.CAMEO
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func partyList(ps []rapport.Party) string {
	var out []string
	for _, p := range ps {
		s := orNone(p.Country)
		if p.Sector != "" {
			s += " " + p.Sector
		}
		if p.Name != "" {
			s += " " + p.Name
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return "nobody"
	}
	return strings.Join(out, " + ")
}
