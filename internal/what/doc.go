// Package what finds the acts that a sentence tells: what was done, by which
// rule that was seen, and which words fill the places of actor and recipient.
// It owns the rule language, the rules (rules/*.rules) and the reading of
// modality. It knows words and arcs only; who the words stand for, when and
// where, is for its siblings and for package claims.
//
// [Acts] is its one door.
//
// The path: [frame] turns the dependency arcs of a verb or noun into roles
// (subj, obj, with, to, of, poss …), undoing passives, relative clauses,
// control and coordination. Rules are patterns over the lemma of a trigger
// and the words in its roles; they name the roles that fill the slots. The
// governors of an act (will, plan to, hope that, refused to, if …) then give
// its modality.
package what

import "rapport/internal/language"

// Act is one act told by a sentence.
type Act struct {
	Rule    *Rule
	Pattern *pattern
	Trigger int   // token that carries the act: the verb, or the noun of a nominal
	Verb    int   // the verb that governs the act's arguments; equals Trigger for verbs, the light verb of "paid a visit", -1 for a bare nominal
	Words   []int // tokens the pattern matched, the trigger among them, ascending

	Event, Mode, CAMEO, About string // as the rule says; About may be filled from Inner

	// Actor, Recipient and Both hold, for each slot, alternatives in order of
	// preference: the first that names a party fills it. Each alternative is
	// a list of argument heads, coordination not yet expanded. Both marks
	// parties that are actors beside the first in reciprocal acts.
	Actor, Recipient, Both [][]int

	Inner int // index in the sentence's acts of the act this one speaks of (agreed to …, refused to …), -1
	Outer int // index of the act that speaks of this one, -1
	Comp  int // the clause or noun that the act takes as its content, -1

	Spent bool // its noun only serves another act's pattern: no act of its own

	Modality Modality

	used []int // tokens that met the pattern's conditions on words
}

// Reciprocal reports whether those who act do it to each other: the act's pattern
// takes parties beside the first and no recipient.
func (a *Act) Reciprocal() bool { return len(a.Pattern.both) > 0 && len(a.Pattern.recipient) == 0 }

// Modality says how the sentence presents an act.
type Modality struct {
	Negated     bool // "did not", "no", "failed to"
	Future      bool // "will", "is to", "plans to", "upcoming"
	Conditional bool // "if", "unless", "were … to", and what would follow
	Proviso     bool // Conditional only by an if-clause of its own: "threatened to strike if"
	Possible    bool // "could", "may", "might"
	Wished      bool // "hopes", "would like", "calls for" without an addressee
	Perfect     bool // "had done": earlier than its surroundings
	Past        bool // simple past or past participle: told as done
	Intent      bool // purpose or open question: "to press for …", "in order to", "whether it had"
	By          int  // the token that decides, -1
}

// Acts returns the acts that sentence s tells, in the order of their triggers.
// who, which may be nil, tells whom its words name.
func Acts(s *language.Sentence, who Namer) []Act { return rules().acts(s, who) }
