package ontology

import (
	"errors"
	"strings"
	"testing"

	"rapport"
)

func TestExplain(t *testing.T) {
	for in, want := range map[string][]string{
		"CONSULT":        {"CONSULT, PLOVER event type", "quad 1 (verbal cooperation), score +2.5", "visit", "CAMEO: 04 040 041"},
		"consult:VISIT":  {"CONSULT:visit, mode", "score +4", "CAMEO: 042 043"},
		"RETREAT:resign": {"CAMEO: 080"},
		"042":            {"042, CAMEO code: Make a visit", "Goldstein score +1.9", "PLOVER: CONSULT:visit, score +4", "under 04 Consult"},
		"112":            {"\n  1125 "},
		"011":            {"PLOVER: none"},
		"3":              {"verbal conflict", "REQUEST ACCUSE REJECT THREATEN"},
		"disaster":       {"disaster is read as disasters, PLOVER context"},
		"coups":          {"not in PLOVER"},
		"gov":            {"GOV, sector: executive"},
		"UNO":            {"UNO, in place of a country"},
		"withdraw":       {"RETREAT:withdraw", "SANCTION:withdraw"},
		" ACCUSE ":       {"score -3"},
	} {
		got, err := Explain(in)
		if err != nil {
			t.Errorf("Explain(%q): %v", in, err)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("Explain(%q) lacks %q:\n%s", in, w, got)
			}
		}
	}
}

func TestExplainEveryCode(t *testing.T) {
	var codes []string
	for _, ty := range Types() {
		codes = append(codes, ty.Code)
		for _, m := range ty.Modes {
			codes = append(codes, join(ty.Code, m.Code), m.Code)
		}
	}
	eachRow(contextsTSV, func(f []string) { codes = append(codes, f[0]) })
	eachRow(sectorsTSV, func(f []string) { codes = append(codes, f[0]) })
	eachRow(cameoTSV, func(f []string) { codes = append(codes, f[0]) })
	for _, c := range codes {
		s, err := Explain(c)
		first := strings.TrimPrefix(s, strings.ToUpper(s[:strings.IndexAny(s+",", ",:")])+":")
		if err != nil || !strings.HasPrefix(s, c) && !strings.HasPrefix(first, c) || strings.HasSuffix(s, "\n") {
			t.Errorf("Explain(%q) = %q, %v", c, s, err)
		}
	}
}

func TestExplainUnknown(t *testing.T) {
	for in, want := range map[string]string{
		"CONSLUT":        "CONSULT",
		"42":             "042",
		"CONSULT:vist":   "CONSULT:visit",
		"diplomatik":     "diplomatic",
		"GOVT":           "GOV",
		"9999":           "",
		"":               "an event type",
		"total nonsense": "an event type",
	} {
		_, err := Explain(in)
		var e *rapport.Error
		if !errors.As(err, &e) || e.Kind != rapport.NotFound || !strings.Contains(e.Try, want) || e.Try == "" {
			t.Errorf("Explain(%q): %v, want to try %q", in, err, want)
		}
	}
}

func FuzzExplain(f *testing.F) {
	for _, s := range []string{"CONSULT:visit", "042", "ACCUSE:", ":", "é", strings.Repeat("a", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if text, err := Explain(s); (text == "") != (err != nil) {
			t.Errorf("Explain(%q) = %q, %v", s, text, err)
		}
	})
}
