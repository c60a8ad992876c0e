package press

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_:.-]+)|<\?xml[^>]+encoding\s*=\s*["']([a-z0-9_.-]+)`)

// decode returns b as UTF-8. Bytes outweigh declarations: what is well-formed
// UTF-8 beyond ASCII is no accident, and what is not is not UTF-8 whoever says
// so. Where nobody says anything, windows-1252 is meant.
func decode(b []byte, declared string) string {
	s, _ := decodeBy(b, declared)
	return s
}

// decodeBy is decode, and tells the encoding where it is not UTF-8.
func decodeBy(b []byte, declared string) (string, encoding.Encoding) {
	if e, _, sure := charset.DetermineEncoding(b[:min(len(b), 3)], ""); sure { // byte order mark
		return clean(e, b), e
	}
	if utf8.Valid(b) {
		return string(b), nil
	}
	for _, label := range append([]string{declared}, declaredIn(b)...) {
		if e, name := charset.Lookup(label); e != nil && name != "utf-8" && name != "replacement" && !strings.HasPrefix(name, "utf-16") {
			if name == "windows-1252" && foreign(b) { // often said of pages that are not
				break
			}
			return clean(e, b), e
		}
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\ufffd"), nil
	}
	if foreign(b) {
		if e := guessed(b); e != nil {
			return clean(e, b), e
		}
	}
	return clean(charmap.Windows1252, b), charmap.Windows1252
}

// foreign tells bytes that hold more letters beyond ASCII than any language
// of Western Europe uses: of the letters outside of tags a third.
func foreign(b []byte) bool {
	high, low, tag := 0, 0, false
	for _, c := range b[:min(len(b), 64<<10)] {
		switch {
		case c == '<':
			tag = true
		case c == '>':
			tag = false
		case tag:
		case c >= 0x80:
			high++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			low++
		}
	}
	return high > 50 && high*2 > low
}

// guessed returns the encoding that the bytes look like, by how often letters
// stand together in the languages that use it; nil for none.
func guessed(b []byte) encoding.Encoding {
	r, err := chardet.NewHtmlDetector().DetectBest(b[:min(len(b), 64<<10)])
	if err != nil || r.Confidence < 20 || strings.HasPrefix(r.Charset, "UTF") {
		return nil
	}
	e, name := charset.Lookup(r.Charset)
	if name == "" || name == "replacement" {
		return nil
	}
	return e
}

func declaredIn(b []byte) []string {
	var labels []string
	for _, m := range metaCharset.FindAllSubmatch(b[:min(len(b), 16<<10)], 2) {
		labels = append(labels, string(m[1])+string(m[2]))
	}
	return labels
}

// mostlyUTF8 tells a UTF-8 text with some broken bytes from one in another
// encoding: nine of ten of its characters beyond ASCII are well formed.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 9*bad
}

func clean(e encoding.Encoding, b []byte) string {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		out = b
	}
	return strings.ToValidUTF8(string(bytes.TrimPrefix(out, []byte("\ufeff"))), "\ufffd")
}
