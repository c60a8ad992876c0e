package ontology

import (
	"fmt"
	"slices"
	"strings"

	"rapport"
)

var statuses = []rapport.Status{rapport.Actual, rapport.Historical, rapport.Future, rapport.Hypothetical, rapport.Negated}

// takesAbout lists the types whose claims may carry about (coding manual,
// section 2); CONCEDE too, for a retreat to come.
var takesAbout = []string{"AGREE", "REQUEST", "REJECT", "THREATEN", "CONCEDE"}

// Check reports the first code of c that is unknown or does not fit the
// others: a mode of another type, a quad or score that is not the type's, a
// CAMEO code that belongs to another type, an unknown context, country,
// sector or status. It does not look at evidence or dates: see
// [rapport.Claim.Check].
func Check(c *rapport.Claim) error {
	if what := fault(c); what != "" {
		return &rapport.Error{Kind: rapport.BadInput, Where: "claim " + c.ID, What: what}
	}
	return nil
}

func fault(c *rapport.Claim) string {
	t, ok := TypeOf(c.Event)
	if !ok {
		return fmt.Sprintf("%q is no PLOVER event type", c.Event)
	}
	if c.Mode != "" {
		if _, ok := t.mode(c.Mode); !ok {
			return fmt.Sprintf("%q is no mode of %s", c.Mode, c.Event)
		}
	}
	if c.About != "" {
		if !slices.Contains(takesAbout, c.Event) {
			return fmt.Sprintf("%s takes no about, has %q", c.Event, c.About)
		}
		if !knownAct(c.About) {
			return fmt.Sprintf("about %q is no PLOVER event", c.About)
		}
	}
	if c.Quad != t.Quad {
		return fmt.Sprintf("quad is %d, %s is %d", c.Quad, c.Event, t.Quad)
	}
	if s := Score(c.Event, c.Mode); c.Score != s {
		return fmt.Sprintf("score is %g, %s is %g", c.Score, join(c.Event, c.Mode), s)
	}
	if what := cameoFault(c); what != "" {
		return what
	}
	if !slices.Contains(statuses, c.Status) {
		return fmt.Sprintf("%q is no status", c.Status)
	}
	for _, x := range c.Context {
		if _, ok := ContextOf(x); !ok {
			return fmt.Sprintf("%q is no context", x)
		}
	}
	for _, p := range slices.Concat(c.Actor, c.Recipient) {
		if what := partyFault(p); what != "" {
			return what
		}
	}
	if c.Speaker != nil {
		return partyFault(*c.Speaker)
	}
	return ""
}

// cameoFault says why a claim's CAMEO code cannot stand beside its event.
// Codes that PLOVER dropped fit any; a promise may bear any code of 03.
func cameoFault(c *rapport.Claim) string {
	k, ok := CAMEOOf(c.CAMEO)
	switch {
	case !ok:
		return fmt.Sprintf("%q is no CAMEO code", c.CAMEO)
	case k.Event == "" || k.Event == c.Event:
	case strings.HasPrefix(k.Code, "03") && (c.Event == "AGREE" || c.Event == "CONCEDE"):
	case k.Code == DefaultCAMEO(c.Event, c.Mode, c.About):
	default:
		return fmt.Sprintf("CAMEO %s is %s, the claim is %s", k.Code, k.Event, c.Event)
	}
	return ""
}

func partyFault(p rapport.Party) string {
	if countryTable().byCode[p.Country] == nil {
		return fmt.Sprintf("%q is no country code", p.Country)
	}
	if _, ok := ploverTable().sectorOf[p.Sector]; !ok && p.Sector != "" {
		return fmt.Sprintf("%q is no sector", p.Sector)
	}
	return ""
}

func join(event, mode string) string {
	if mode == "" {
		return event
	}
	return event + ":" + mode
}
