package press

import (
	"errors"
	"strings"

	"rapport"
)

// NotNews is the kind of failure of pages and messages that hold no report:
// fronts, galleries, lists of addresses.
const NotNews = "not news"

// faults are the kinds of failures by words of their messages, the first that
// fits. fault_test.go holds that each still fits something.
var faults = []struct{ words, kind string }{
	{"without an article", NotNews},
	{"address", NotNews},
	{"without an item", NotNews},
	{"scanned", "scanned"},
	{"encrypted", "encrypted"},
	{"unpacks to", "too long"},
	{"longer than", "too long"},
	{"more than", "too long"},
	{"too many", "too long"},
	{"claims", "damaged"},
	{"leads out of the archive", "unsafe path"},
	{"breaks off", "broken off"},
	{"length is wrong", "damaged"},
	{"damaged", "damaged"},
	{"no such file", "not there"},
	{"cannot be opened", "not there"},
	{"is not UTF-8", "wrong encoding"},
	{"UTF-16", "wrong encoding"},
	{"UTF-32", "wrong encoding"},
	{"no text", "without text"},
	{"without text", "without text"},
	{"date of publication", "not JSON"},
	{"JSON", "not JSON"},
	{"not a string", "not JSON"},
	{"is not kept", "id taken"},
	{"a file", "without text"},
	{"be unpacked", "damaged"},
	{"cannot be read", "damaged"},
	{"is ", "unknown format"},
}

// Fault returns the kind of a failure, for totals: a few words that stand for
// many messages.
func Fault(err error) string {
	var e *rapport.Error
	if !errors.As(err, &e) || e.Kind == rapport.Internal {
		return "fault"
	}
	s := e.What
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	for _, f := range faults {
		if strings.Contains(s, f.words) {
			return f.kind
		}
	}
	return "unreadable"
}
