package relations

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Institution is a body that the two meet in: a joint commission, a council.
type Institution struct {
	Name     string    `json:"name"` // as a report names it
	Sessions []Session `json:"sessions"`
}

// Session is one of its meetings, held, announced or put off.
type Session struct {
	Number int    `json:"number,omitempty"` // "the fifth session"; 0 when not told
	Event  string `json:"event"`
	Claim  string `json:"claim"` // that names it so
}

var (
	bodyNoun  = `(?:[Cc]ommission|[Cc]ommittee|[Cc]ouncil|[Dd]ialogue|[Cc]onsultations|[Ww]orking [Gg]roup)`
	sessionRE = regexp.MustCompile(`(?:\b([A-Za-z]+|[0-9]{1,3}(?:st|nd|rd|th))\s+)?(?:[Ss]ession|[Mm]eeting|[Ss]itting|[Rr]ound)s?\s+of\s+(?:the\s+|their\s+|a\s+)?((?:[\p{L}0-9'’–-]+\s+){1,7}?` + bodyNoun + `)\b`)
	namedRE   = regexp.MustCompile(`(?:\b([A-Za-z]+|[0-9]{1,3}(?:st|nd|rd|th))\s+)?\b((?:(?i:joint|intergovernmental|inter-governmental|high-level|bilateral|strategic|mixed|political|ministerial)\s+)(?:[\p{L}'’–-]+\s+){0,5}?` + bodyNoun + `)\b`)
)

// institutions lists the bodies that the two meet in by session. Bodies that
// the two are only members of with others have no such name and stay out.
func (b *builder) institutions() {
	at := map[string]int{}
	for _, id := range b.dyad {
		e := b.r.Events[id]
		if e.Event != "CONSULT" && !isMeeting(e.About) {
			continue
		}
		for _, claim := range e.Claims {
			name, n := institutionIn(b.r.Claims[claim].Evidence.Text)
			if name == "" {
				continue
			}
			key := institutionKey(name)
			i, ok := at[key]
			if !ok {
				i = len(b.r.Institutions)
				at[key] = i
				b.r.Institutions = append(b.r.Institutions, Institution{Name: name})
			}
			in := &b.r.Institutions[i]
			if slices.ContainsFunc(in.Sessions, func(s Session) bool { return s.Event == id }) {
				break
			}
			in.Sessions = append(in.Sessions, Session{n, id, claim})
			break
		}
	}
}

// institutionIn returns the body of two states that a sentence names, and the
// number of its session, 0 when it gives none.
func institutionIn(s string) (name string, n int) {
	if !Says(s, "commission", "committee", "council", "dialogue", "consultations", "working") {
		return "", 0
	}
	m := sessionRE.FindStringSubmatch(s)
	if m == nil || !bilateral(m[2]) {
		if m = namedRE.FindStringSubmatch(s); m == nil {
			return "", 0
		}
	}
	return strings.Join(strings.Fields(m[2]), " "), ordinal(m[1])
}

// bilateral reports whether a body's name is one that two states give theirs.
func bilateral(name string) bool {
	return Says(name, "joint", "intergovernmental", "inter-governmental", "high-level", "bilateral", "strategic", "mixed", "cooperation", "political", "working", "ministerial")
}

// institutionKey is the same for spellings of one name.
func institutionKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
