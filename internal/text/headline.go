package text

import (
	"strings"
	"unicode"

	"rapport"
)

// headline returns the line that stands alone above the text like a headline,
// "" when there is none: the first line that is neither the dateline's nor a
// label, if a blank line or the dateline follows it, it does not run on like
// prose, and a text stands below.
func headline(text string, dl rapport.Span) string {
	at := 0
	for n := 0; n < 3 && at < len(text); n++ {
		line, start, next := lineFrom(text, at)
		if line == "" {
			return ""
		}
		at = next
		span := rapport.Span{Start: start, End: start + len(line)}
		if dl.Len() > 0 && span.Overlaps(dl) && len(strings.Fields(text[start:max(start, dl.Start)])) < 2 {
			if dl.End >= span.End { // the dateline is the whole line
				continue
			}
			return "" // the body begins
		}
		below, belowStart, _ := lineFrom(text, next)
		alone := belowStart > next || dl.Len() > 0 && dl.Start >= next && dl.Start <= belowStart+1
		if below == "" || !alone || !isHeadline(line) {
			return ""
		}
		return line
	}
	return ""
}

// lineFrom returns the first line at or after at that is not blank, without
// the blanks around it, where it starts and where the next begins.
func lineFrom(text string, at int) (line string, start, next int) {
	for at < len(text) {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if line = strings.TrimSpace(text[at:end]); line != "" {
			return line, at + strings.Index(text[at:end], line), min(end+1, len(text))
		}
		at = end + 1
	}
	return "", len(text), len(text)
}

func isHeadline(line string) bool {
	if len(line) > 250 || len(strings.Fields(line)) > 30 || strings.IndexFunc(line, unicode.IsLetter) < 0 {
		return false
	}
	if strings.HasSuffix(line, ",") || strings.HasSuffix(line, ";") || strings.HasSuffix(line, ":") {
		return false
	}
	if strings.HasSuffix(line, ".") {
		// A full stop ends a sentence, but for the one of an abbreviation: "… with U.S."
		words := strings.Fields(line)
		return strings.Count(words[len(words)-1], ".") > 1 && len(words) < 20
	}
	return !strings.ContainsAny(line[:1], "•*-")
}
