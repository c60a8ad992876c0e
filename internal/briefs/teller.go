package briefs

import (
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/relations"
)

// Teller tells the events of a relation one by one in the words of its brief,
// for pages that show them otherwise than a brief does. Of the relation it needs
// the claims, for sources their reports, and for what was signed on a visit the
// agreements. What it returns is one line of plain text, fit for any form after
// that form's escaping.
type Teller struct{ p *page }

// NewTeller returns a teller of a relation.
func NewTeller(r *relations.Relation) Teller { return Teller{newPage(r, Options{})} }

// Sentence tells an event in one sentence that begins with a capital and has no
// full stop; inferred reports whether a party in it is named by no word of the
// clause.
func (t Teller) Sentence(e *rapport.Event) (words string, inferred bool) {
	return capital(bare(t.p.bare(e))), t.p.inferred(e)
}

// When tells an event's date in words, "reported …" where it is the report's
// and "undated, told …" where there is none.
func (t Teller) When(e *rapport.Event) string { return capital(t.p.when(e)) }

// Quote returns the words of a report that say what the sentence leaves open, ""
// where it says enough.
func (t Teller) Quote(e *rapport.Event) string { return plain(t.p.quote(e)) }

// According tells on whose word an event rests, "" where a report asserts it.
func (t Teller) According(e *rapport.Event) string { return t.p.according(e.Claims) }

// Tag tells how an event stands to the world and what came of what it promised:
// "planned; due 2028; open". "" where there is nothing to say.
func (t Teller) Tag(e *rapport.Event, l *relations.Line) string { return bare(t.p.tag(e, l)) }

// Surest returns the claim to show for an event.
func (t Teller) Surest(e *rapport.Event) string { return t.p.teller(e) }

// Visit tells a line of [relations.Relation].Visits: who went to which country,
// where to, and what else is told of it.
func (t Teller) Visit(l relations.Line) (who, to, place, notes string) {
	cells := t.p.visit(l)
	return bare(cells[1]), bare(cells[2]), bare(cells[3]), bare(cells[4])
}

// Voice tells on whose word a claim rests: its speaker, else its outlet.
func (t Teller) Voice(claim string) string { return t.p.voice(claim) }

// Field tells what a field of a difference is about, and Value one of its values.
func (t Teller) Field(name string) string { return fieldWords(name) }

// Value tells a value of a disputed field in words, as the claim has it.
func (t Teller) Value(field, value, claim string) string { return t.p.value(field, value, claim) }

// GlanceLine is a line of what a reader takes away from a relation.
type GlanceLine struct {
	Name   string   // "Last visit"
	Text   string   // "7 December 2023: …"
	Claims []string // that it rests on; none where it says that nothing is told
}

// Glance returns the lines at the head of a brief.
func (t Teller) Glance() (out []GlanceLine) {
	p := t.p.scratch(3)
	p.glance()
	for _, b := range p.blocks {
		if b.kind != item {
			continue
		}
		var l GlanceLine
		var text strings.Builder
		for _, r := range runs(b.text) {
			switch {
			case r.note > 0:
				l.Claims = append(l.Claims, p.notes[r.note-1].claims...)
			case r.strong && l.Name == "":
				l.Name = r.text
			case r.inferred:
				text.WriteString("†")
			default:
				text.WriteString(r.text)
			}
		}
		l.Text = capital(strings.TrimLeft(text.String(), ": "))
		out = append(out, l)
	}
	return out
}

// Date tells a date in English: "8 June 2024", "the 1990s", "since 2008";
// "undated" when there is none.
func Date(d rapport.Date) string { return inWords(d) }

// Party tells a party in words: "Sameh Shoukry (Egypt)", "Turkish forces".
func Party(p rapport.Party) string {
	if p.Name == "" && p.Office != "" {
		return "the " + plain(p.Office) + " of " + ontology.CountryInText(p.Country)
	}
	w, _ := partyWords(p, false)
	return w
}
