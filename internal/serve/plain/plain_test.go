package plain

import (
	"regexp"
	"testing"

	"rapport"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		" a\t b\r\nc ":             "a b c",
		"a\u202eb\u0007\U000e0041": "a\ufffdb\ufffd\ufffd",
		"می\u200cخواهم":            "می\u200cخواهم",
		"abcdefghijklmnop":         "abcdefghij…",
		"abcdefghi j":              "abcdefghi…",
		"":                         "",
	} {
		if got := Line(in, 10); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWeb(t *testing.T) {
	for in, want := range map[string]string{"https://example.org/a b": "https://example.org/a%20b", "javascript:alert(1)": "", "//example.org": "", "http://": "", "": "", "\x01": ""} {
		if got := Web(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTitle(t *testing.T) {
	e := rapport.Event{Event: "CONSULT", CAMEO: "042", Status: rapport.Future, Actor: []rapport.Party{{Country: "AZE", Name: "Ilham\nAliyev"}}, Recipient: []rapport.Party{{Country: "EGY", Sector: "MIL"}}}
	if got := Title(&e); got != "Ilham Aliyev (Azerbaijan) → Egypt MIL: make a visit (planned)" {
		t.Error(got)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\u202e\nb", 3)
	f.Add("\xff\u2028 x", 40)
	control := regexp.MustCompile(`[\x00-\x1f\x7f]`)
	f.Fuzz(func(t *testing.T, s string, max int) {
		max %= 200
		got := Line(s, max)
		if control.MatchString(got) || max >= 0 && len([]rune(got)) > max+1 {
			t.Errorf("%q, %d: %q", s, max, got)
		}
		for _, r := range got {
			if Hidden(r) {
				t.Errorf("%q: %U comes through", s, r)
			}
		}
	})
}
