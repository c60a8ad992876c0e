package claims

import (
	"slices"

	"rapport/internal/language"
	"rapport/internal/what"
	"rapport/internal/when"
)

// shared returns the date that act a shares with what its sentence tells beside it,
// where none hangs on the act itself, nil when none does.
func (r *reading) shared(si int, a *what.Act, named []*when.Expr) *when.Expr {
	top := a.Verb
	if top < 0 {
		top = a.Trigger
	}
	for _, e := range named {
		if e.Kind == when.Until || e.Rule == when.RuleOfEvent || !r.past(e.Date) && e.Kind != when.Since {
			continue
		}
		if r.toldOfDated(si, a, top, e) || r.inCourseOf(si, a, top, e) || r.presentThen(si, a, top, e) || r.relatedEvent(si, a, e) || r.circumstance(si, a, top, e) {
			return e
		}
	}
	return nil
}

// toldOfDated reports whether act a is told in a relative clause of what stands in a
// clause, or beside a noun, that e dates: "received on Monday the ambassador, who
// handed him a letter", "the summit of 21 July, chaired by Kenya".
func (r *reading) toldOfDated(si int, a *what.Act, top int, e *when.Expr) bool {
	t := r.trees[si]
	if !a.Modality.Past || a.Modality.Perfect || e.Kind == when.Since {
		return false
	}
	i := top
	for steps := 0; (t.Rel(i) == "conj" || t.Rel(i) == "xcomp") && steps < 4; steps++ {
		i = t.Tokens[i].Head
	}
	if rel := t.Tokens[i].Rel; rel != "acl:relcl" && rel != "advcl:relcl" && rel != "acl" || timeBound(t, i) {
		return false
	}
	n := t.Tokens[i].Head
	if n == e.Head {
		return r.onWhich(si, i)
	}
	if t.Tokens[e.Head].Head == n {
		return true
	}
	for steps := 0; n >= 0 && steps < 5; steps++ {
		switch t.Rel(n) {
		case "obj", "iobj", "obl", "nmod", "appos":
		default:
			return false
		}
		if timeBound(t, n) {
			return false
		}
		if n = t.Tokens[n].Head; n >= 0 && t.Verbal(n) {
			return t.Tokens[e.Head].Head == n
		}
	}
	return false
}

// onWhich reports a relative clause that names the time itself: "the day on which".
func (r *reading) onWhich(si, v int) bool {
	t := r.trees[si]
	for _, k := range t.Kids(v) {
		switch l := t.Tokens[k].Lemma; {
		case l == "when", l == "which" && (t.Case(int(k)) == "on" || t.Case(int(k)) == "in" || t.Case(int(k)) == "during"):
			return true
		}
	}
	return false
}

// inCourseOf reports whether e dates that in the course of which act a is told to
// have happened: "sent rice during the floods of 2011", "in the last days of June",
// "has withheld the loans since the vote of May 2000".
func (r *reading) inCourseOf(si int, a *what.Act, top int, e *when.Expr) bool {
	t := r.trees[si]
	n := t.Tokens[e.Head].Head
	if n < 0 || t.Case(e.Head) != "of" || t.Rel(n) != "obl" || t.Tokens[n].Head != top {
		return false
	}
	switch t.Case(n) {
	case "during", "in", "amid", "throughout", "by":
		return true
	case "since":
		return r.presentPerfect(si, a)
	}
	return false
}

// presences are verbs of which one that did it somewhere on a day is met there that
// day: "the minister, who was in Rome on Friday, thanked Italy".
var presences = lexicon.Words("presences")

// presentThen reports whether the subject of act a is told to have been somewhere at e.
func (r *reading) presentThen(si int, a *what.Act, top int, e *when.Expr) bool {
	t := r.trees[si]
	if !a.Modality.Past || a.Modality.Perfect || r.presentPerfect(si, a) {
		return false
	}
	for steps := 0; t.Rel(top) == "conj" && t.Child(top, "nsubj") < 0 && steps < 4; steps++ {
		top = t.Tokens[top].Head
	}
	v := t.Tokens[e.Head].Head
	if v < 0 || t.Tokens[v].Rel != "acl:relcl" {
		return false
	}
	n := t.Tokens[v].Head
	if t.Rel(n) != "nsubj" || t.Tokens[n].Head != top || t.Child(v, "aux") >= 0 {
		return false
	}
	return presences[t.Tokens[v].Lemma] || t.Child(v, "cop") >= 0 && t.Case(v) != ""
}

// relatedEvent reports whether act a is a noun of which a relative clause tells what
// happened at e: "the suicide attack that killed forty on Thursday".
func (r *reading) relatedEvent(si int, a *what.Act, e *when.Expr) bool {
	t := r.trees[si]
	v := t.Tokens[e.Head].Head
	return a.Verb < 0 && v >= 0 && t.Tokens[v].Rel == "acl:relcl" && t.Tokens[v].Head == a.Trigger
}

// circumstance reports whether e dates what goes with act a at the same time: "shelled
// the town, killing two on Wednesday", "stopped buying gas in April", "broke the truce
// by ambushing a convoy on Saturday".
func (r *reading) circumstance(si int, a *what.Act, top int, e *when.Expr) bool {
	t := r.trees[si]
	v := t.Tokens[e.Head].Head
	if v < 0 || t.Tokens[v].Head != top || !a.Modality.Past || a.Modality.Perfect || t.Child(v, "aux") >= 0 || t.Case(e.Head) == "for" || t.Case(e.Head) == "since" {
		return false
	}
	word := t.Marker(v)
	switch t.Rel(v) {
	case "xcomp":
		return word == ""
	case "advcl":
		return (word == "" || word == "by" || word == "while" || word == "as") && (t.Child(v, "nsubj") < 0 || word != "")
	}
	return false
}

// timeBound reports a word told as of another time than what it hangs on.
func timeBound(t *language.Tree, i int) bool {
	other := []string{"after", "before", "since", "until", "following"}
	return slices.Contains(other, t.Marker(i)) || slices.Contains(other, t.Case(i))
}
