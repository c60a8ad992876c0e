package relations

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// section returns the section that an event with these evidence sentences
// belongs to. Each event on the pair stands in exactly one; agreements get
// their register on top (agreements.go).
func (b *builder) section(e *rapport.Event, words string) *[]Line {
	r := b.r
	switch e.Status {
	case rapport.Hypothetical:
		return &r.Hopes
	case rapport.Negated:
		return &r.Denied
	}
	if arms(b.d, e) {
		return &r.Frictions
	}
	between := slices.Contains(rapport.Dyads(e.Actor, e.Recipient), b.d)
	switch e.Event {
	case "CONSULT":
		switch {
		case !between || e.Mode == "third-party":
			return &r.Mediation
		case e.Mode == "visit":
			return &r.Visits
		}
		return &r.Meetings
	case "AGREE":
		switch {
		case e.About == "CONSULT:visit":
			return &r.Visits
		case isMeeting(e.About):
			return &r.Meetings
		}
		return &r.Pledges
	case "SUPPORT":
		switch {
		case strings.HasPrefix(e.CAMEO, "054") && !Says(words, missionWords...),
			(strings.HasPrefix(e.CAMEO, "054") || strings.HasPrefix(e.CAMEO, "050")) && b.restored(e):
			return &r.Recognition
		case strings.HasPrefix(e.CAMEO, "054"), strings.HasPrefix(e.CAMEO, "050") && Says(words, missionWords...):
			return &r.Missions
		case strings.HasPrefix(e.CAMEO, "050") && Says(words, relationWords...):
			return &r.Recognition
		}
		return &r.Positions
	case "COOPERATE":
		return b.cooperation(e)
	case "AID":
		if strings.HasPrefix(e.CAMEO, "072") || strings.HasPrefix(e.CAMEO, "074") {
			return &r.Security
		}
		return &r.Aid
	case "REQUEST":
		if e.Mode != "yield" {
			return &r.Positions
		}
	case "REJECT":
		if e.Mode == "meet" {
			return &r.Meetings
		}
		if besideEachOther(e, words) {
			return &r.Positions
		}
	case "ACCUSE", "THREATEN":
		if besideEachOther(e, words) {
			return &r.Positions
		}
	case "SANCTION":
		switch {
		case e.Mode == "discontinue" && strings.HasPrefix(e.CAMEO, "161") && Says(words, relationWords...):
			return &r.Recognition
		}
	}
	return &r.Frictions
}

// besideEachOther reports whether several speak against nobody told: they may
// have spoken together against a third.
func besideEachOther(e *rapport.Event, words string) bool {
	return len(e.Recipient) == 0 && !Reciprocal(words)
}

// Reciprocal reports whether words say that an act went both ways.
func Reciprocal(words string) bool {
	return Says(words, "each other", "one another", "mutual", "reciproc", "exchanged", "traded", "in return", "tit-for-tat")
}

// restored reports whether one clause of a claim tells that relations were
// established or restored, whatever is said of missions beside it.
func (b *builder) restored(e *rapport.Event) bool {
	return slices.ContainsFunc(e.Claims, func(id string) bool {
		c := b.r.Claims[id]
		t := Told(&c)
		s := c.Evidence.Text[t.Start-c.Evidence.Start : t.End-c.Evidence.Start]
		return Says(s, "restor", "resum", "establish", "normali") && Says(s, relationWords...)
	})
}

// arms reports whether one side helps or backs only armed opponents in the
// other: cooperation by its code, friction between the two.
func arms(d rapport.Dyad, e *rapport.Event) bool {
	switch e.Event {
	case "AID", "COOPERATE", "SUPPORT":
	default:
		return false
	}
	from, to := only(e.Actor), only(e.Recipient)
	return from != to && (to == d.A || to == d.B) && !slices.ContainsFunc(e.Recipient, func(p rapport.Party) bool {
		return p.Sector != "REB" && p.Sector != "PRM" && p.Sector != "UAF"
	})
}

// cooperation parts joint work by code, then by context.
func (b *builder) cooperation(e *rapport.Event) *[]Line {
	context := func(names ...string) bool {
		for _, id := range e.Claims {
			for _, c := range b.r.Claims[id].Context {
				if slices.Contains(names, c) {
					return true
				}
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(e.CAMEO, "061"), strings.HasPrefix(e.CAMEO, "060") && context("economic", "resource"):
		return &b.r.Economy
	case strings.HasPrefix(e.CAMEO, "062"), strings.HasPrefix(e.CAMEO, "063"), strings.HasPrefix(e.CAMEO, "064"),
		context("military", "intelligence", "terrorism", "crime"):
		return &b.r.Security
	case context("economic", "resource"):
		return &b.r.Economy
	}
	return &b.r.Cooperation
}

var (
	missionWords  = []string{"ambassador", "embass", "envoy", "credential", "chargé", "consulate", "consul general", "consular"}
	relationWords = []string{"relations", "ties", "diplomatic"}
)

// Says reports whether a text holds one of the words at the beginning of a
// word of its own, case apart: "ties" is in "cut ties", not in "parties".
func Says(text string, words ...string) bool {
	low := strings.ToLower(text)
	return slices.ContainsFunc(words, func(w string) bool {
		for from := 0; ; {
			at := strings.Index(low[from:], w)
			if at < 0 {
				return false
			}
			at += from
			if before, _ := utf8.DecodeLastRuneInString(low[:at]); at == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
				return true
			}
			from = at + len(w)
		}
	})
}

func isMeeting(about string) bool { return about == "CONSULT" || strings.HasPrefix(about, "CONSULT:") }

// IsRecall reports whether an event with these evidence sentences is the
// recall or expulsion of an envoy.
func IsRecall(e *rapport.Event, words string) bool {
	return e.Event == "SANCTION" && (e.Mode == "withdraw" || e.Mode == "expel") && strings.HasPrefix(e.CAMEO, "161") || e.Event == "SANCTION" && e.Mode != "discontinue" && Says(words, missionWords...)
}
