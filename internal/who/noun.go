package who

import "strings"

// headNoun returns the noun that heads a role phrase: "minister" of "minister
// of foreign affairs", "secretary" of "secretary general".
func headNoun(phrase string) string {
	for _, p := range []string{" of ", " for ", " to ", " in ", " without ", " at ", " on "} {
		if a, _, ok := strings.Cut(phrase, p); ok {
			phrase = a
		}
	}
	ws := strings.Fields(phrase)
	last := ws[len(ws)-1]
	if len(ws) > 1 {
		switch last {
		case "general", "designate", "elect", "delegate", "d'affaires":
			return ws[len(ws)-2]
		}
	}
	for _, s := range []string{"-general", "-designate", "-elect", "-at-large", "-in-chief", "-in-exile", "-office"} {
		last = strings.TrimSuffix(last, s)
	}
	return last
}

// pluralOf returns the plural of a role phrase.
func pluralOf(phrase string) string {
	h := headNoun(phrase)
	i := strings.LastIndex(phrase, h)
	if cut := strings.Index(phrase, " of "); cut >= 0 {
		i = strings.LastIndex(phrase[:cut], h)
	}
	if i < 0 {
		return phrase + "s"
	}
	return phrase[:i] + pluralNoun(h) + phrase[i+len(h):]
}

func pluralNoun(n string) string {
	switch n {
	case "person":
		return "people"
	case "child":
		return "children"
	case "wife":
		return "wives"
	case "thief":
		return "thieves"
	case "schoolchild":
		return "schoolchildren"
	case "madam", "sir", "mr", "mrs", "dr":
		return n
	}
	switch {
	case strings.HasSuffix(n, "man"):
		return n[:len(n)-3] + "men"
	case strings.HasSuffix(n, "aircraft"):
		return n
	case strings.HasSuffix(n, "y") && len(n) > 1 && !isVowel(n[len(n)-2]):
		return n[:len(n)-1] + "ies"
	case strings.HasSuffix(n, "s"), strings.HasSuffix(n, "sh"), strings.HasSuffix(n, "ch"), strings.HasSuffix(n, "x"):
		return n + "es"
	}
	return n + "s"
}

func singular(n string) string {
	switch n {
	case "police", "press", "people", "public", "carabinieri", "crew", "mujahideen":
		return n
	}
	switch {
	case strings.HasSuffix(n, "men"):
		return n[:len(n)-3] + "man"
	case strings.HasSuffix(n, "ies") && len(n) > 4:
		return n[:len(n)-3] + "y"
	case strings.HasSuffix(n, "sses"):
		return n[:len(n)-2]
	case strings.HasSuffix(n, "s") && !strings.HasSuffix(n, "ss"):
		return n[:len(n)-1]
	}
	return n
}
