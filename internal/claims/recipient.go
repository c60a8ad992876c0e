package claims

import (
	"math"
	"slices"

	"rapport"
	"rapport/internal/what"
	"rapport/internal/who"
)

// directed reports whether an act is done to somebody, so that a recipient the
// sentence does not name is to be looked for. Of the development claims with a
// single actor 9 in 10 have one; resignations and one's own tests have none.
func directed(a *what.Act, actors []rapport.Party) bool {
	switch a.Event {
	case "CONSULT":
		return a.Mode == "visit" && (a.Verb != a.Trigger || len(a.Recipient) == 0) || a.Mode == "third-party"
	case "COOPERATE":
		return false
	case "ASSAULT":
		return len(a.Both) == 0 && !(a.Verb < 0 && len(countriesOf(actors)) > 1) // "clashes between A and B"
	case "RETREAT":
		return a.Mode != "resign" && len(countriesOf(actors)) < 2
	case "AGREE", "CONCEDE", "AID":
		return len(countriesOf(actors)) < 2
	case "SUPPORT":
		return len(countriesOf(actors)) < 2 || a.CAMEO == "051"
	case "MOBILIZE":
		return a.Mode != "weapons"
	}
	return len(a.Both) == 0
}

// guessRecipient finds the recipient of an act, or tells that it has none: the
// likeliest of the candidates.
//
// A slot that names somebody is one of the candidates, the first: it may name
// whom an act is not done to, as where a raid is condemned.
func (r *reading) guessRecipient(si, k int, made []int, actors []rapport.Party, slot resolved) (who resolved, chance float64) {
	cs := r.candidates(si, k, made, actors, slot)
	if r.onChoice != nil {
		r.onChoice(si, &r.acts[si][k], actors, cs)
	}
	out, best := choose(r.weights, cs)
	if best == 0 && len(slot.parties) > 0 {
		slot.sure = math.Round(100*slot.sure*out.sure) / 100
		return slot, out.sure
	}
	return out, out.sure
}

// inClause takes the nearest party after the act within its clause.
func (r *reading) inClause(si, k int, actors []rapport.Party) resolved {
	a := &r.acts[si][k]
	t := r.trees[si]
	top := a.Trigger
	if a.Verb >= 0 {
		top = a.Verb
	}
	for i := range r.cast.Mentions[si] {
		m := &r.cast.Mentions[si][i]
		if m.Head < top || !t.Under(m.Head, top) || m.Kind == who.Unknown {
			continue
		}
		if c := t.Case(m.Head); c == "in" && a.Mode != "visit" || c == "according to" || c == "as" || c == "by" || c == "like" {
			continue
		}
		if r.clauseBetween(si, m.Head, top) {
			continue
		}
		ps := without(r.ofMention(si, m, 2).parties, actors)
		if foreign := elsewhere(ps, actors); len(foreign) > 0 {
			return resolved{parties: governments(m.Kind, foreign), sure: 0.55, rule: "claims/clause"}
		}
	}
	return resolved{}
}

// clauseBetween reports whether a finite clause of its own stands between token
// i and the act above it.
func (r *reading) clauseBetween(si, i, top int) bool {
	t := r.trees[si]
	for steps := 0; i >= 0 && i != top && steps < len(t.Tokens); steps++ {
		switch t.Rel(i) {
		case "ccomp", "advcl", "parataxis":
			return true
		case "conj":
			if t.Verbal(i) {
				return true
			}
		case "acl":
			if t.Tokens[i].Rel == "acl:relcl" {
				return true
			}
		}
		i = t.Tokens[i].Head
	}
	return false
}

func elsewhere(ps, actors []rapport.Party) []rapport.Party {
	var out []rapport.Party
	for _, p := range ps {
		if !slices.Contains(countriesOf(actors), p.Country) {
			out = append(out, p)
		}
	}
	return out
}

// governments reads a bare demonym or place as the government it belongs to.
func governments(kind who.Kind, ps []rapport.Party) []rapport.Party {
	if kind != who.Adjective && kind != who.Place {
		return ps
	}
	out := slices.Clone(ps)
	for i := range out {
		if isState(out[i].Country) {
			out[i].Sector, out[i].Name = "GOV", ""
		}
	}
	return out
}

// coordinated takes the recipient of another act of the same actor in the
// sentence: "broke off relations with Qatar and accused it".
func (r *reading) coordinated(si, k int, made []int, actors []rapport.Party) resolved {
	for j := k - 1; j >= 0; j-- {
		if made[j] < 0 {
			continue
		}
		c := &r.drafts[made[j]].claim
		if len(c.Recipient) > 0 && sameCountries(c.Actor, actors) {
			return resolved{parties: slices.Clone(c.Recipient), sure: 0.55, rule: "claims/recipient.coordinated"}
		}
	}
	return resolved{}
}

// byRule takes the first of these that names somebody: a party told within the
// act's clause, the recipient of the act it is coordinated with, the people or
// government at home for acts of repression and protest, the other side of the
// relation spoken of.
func (r *reading) byRule(si, k int, made []int, actors []rapport.Party) resolved {
	a := &r.acts[si][k]
	for _, try := range []func() resolved{
		func() resolved { return r.inClause(si, k, actors) },
		func() resolved { return r.coordinated(si, k, made, actors) },
		func() resolved { return r.atHome(a, actors) },
		func() resolved { return r.opposite(si, a, actors) },
	} {
		if out := try(); len(out.parties) > 0 {
			return out
		}
	}
	return resolved{}
}

// atHome gives acts of repression the people, and civilian protest the
// government, of the actor's own country.
func (r *reading) atHome(a *what.Act, actors []rapport.Party) resolved {
	p := actors[0]
	if !isState(p.Country) {
		return resolved{}
	}
	switch {
	case a.Event == "COERCE" && a.CAMEO != "191" && a.Mode != "cyber", a.Mode == "crowd-control", a.Event == "ASSAULT" && p.Sector == "COP", a.Event == "RETREAT" && a.Mode == "release":
		return resolved{parties: []rapport.Party{{Country: p.Country, Sector: "CVL"}}, sure: 0.5, rule: "claims/recipient.home"}
	case a.Event == "PROTEST":
		return resolved{parties: []rapport.Party{{Country: p.Country, Sector: "GOV"}}, sure: 0.5, rule: "claims/recipient.home"}
	}
	return resolved{}
}

// opposite takes the other side of the relation spoken of; for a third party
// the pair it speaks on, or who did the deed it condemns.
func (r *reading) opposite(si int, a *what.Act, actors []rapport.Party) resolved {
	home := countriesOf(actors)
	for _, pair := range [][]rapport.Party{r.pairNow(si), r.topTwo()} {
		if len(pair) != 2 || pair[0].Country == pair[1].Country {
			continue
		}
		for i, p := range pair {
			if len(home) == 1 && p.Country == home[0] {
				return resolved{parties: nameless(pair[1-i : 2-i]), sure: 0.45, rule: "claims/recipient.pair"}
			}
		}
		if a.Event == "CONSULT" && a.Mode == "third-party" {
			return resolved{parties: nameless(pair), sure: 0.45, rule: "claims/recipient.pair"}
		}
	}
	if a.Event == "ACCUSE" || a.Event == "REQUEST" || a.Event == "REJECT" {
		if d := elsewhere(r.mainDeed(), actors); len(d) > 0 {
			return resolved{parties: d, sure: 0.4, rule: "claims/recipient.deed"}
		}
	}
	if a.Event == "SUPPORT" {
		if d := r.anaphor("agreement"); len(elsewhere(d.parties, actors)) > 0 {
			return resolved{parties: elsewhere(d.parties, actors), sure: 0.4, rule: "claims/recipient.deal"}
		}
	}
	if c := r.topic(); c != "" && !slices.Contains(home, c) && a.Event != "MOBILIZE" {
		return resolved{parties: []rapport.Party{{Country: c, Sector: "GOV"}}, sure: 0.4, rule: "claims/recipient.topic"}
	}
	return resolved{}
}

// topic returns the country that a third and more of the report's parties
// belong to, "" where none stands out.
func (r *reading) topic() string {
	c, all := r.mostNamed(""), 0
	for _, n := range r.focus {
		all += n
	}
	if 3*r.focus[c] >= all {
		return c
	}
	return ""
}
