package press

import (
	"strings"
	"testing"

	"rapport"
	"rapport/internal/text"
)

func TestFault(t *testing.T) {
	page := "<html><body></body></html>"
	for _, tt := range []struct{ in, want string }{
		{page, NotNews},
		{newsMap, NotNews},
		{`<rss version="2.0"><channel><title>x</title></channel></rss>`, NotNews},
		{string(pdfOf("0 0 m", "")), "scanned"},
		{"%PDF-1.4\nstuff", "broken off damaged"},
		{string(packed([]byte(page))[:20]), "broken off"},
		{string(zipped(file{"../a", "x"})), "unsafe path"},
		{string(zipped(file{"a.txt", "\xff\xfe\x00\x00"})), "wrong encoding"},
		{"caf\xe9 au lait", "wrong encoding"},
		{" ", "without text"},
		{`{"id":1}`, "without text"},
		{"{\"text\":\"a\"}\n{\"text\":", "broken off"},
		{"{\"text\":\"a\"}\n{\"text\":3}", "not JSON"},
		{`<?xml version="1.0"?><catalogue/>`, "unknown format"},
		{"a\x00b", "unknown format"},
		{"<html>" + strings.Repeat("<b>", 400_000), "too long"},
		{strings.Repeat("a", 5<<20), "too long"},
	} {
		errs := 0
		for _, err := range Read(strings.NewReader(tt.in), "x", text.Options{}) {
			if err == nil {
				continue
			}
			errs++
			if k := Fault(err); !strings.Contains(tt.want, k) {
				t.Errorf("%.40q: %q, want %q: %v", tt.in, k, tt.want, err)
			}
		}
		if errs == 0 {
			t.Errorf("%.40q: no failure", tt.in)
		}
	}
	if k := Fault(&rapport.Error{Kind: rapport.Internal, What: "x"}); k != "fault" {
		t.Error(k)
	}
}
