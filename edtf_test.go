package rapport

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDateBounds(t *testing.T) {
	for _, c := range []struct {
		d, first, last string
		g              Grain
	}{
		{"1994", "1994-01-01", "1994-12-31", YearGrain},
		{"2023-02", "2023-02-01", "2023-02-28", MonthGrain},
		{"2024-02-29", "2024-02-29", "2024-02-29", DayGrain},
		{"199X", "1990-01-01", "1999-12-31", DecadeGrain},
		{"19XX", "1900-01-01", "1999-12-31", CenturyGrain},
		{"2001-21", "2001-03-01", "2001-05-31", SeasonGrain},
		{"2001-24", "2001-12-01", "2002-02-28", SeasonGrain},
		{"1994~", "1994-01-01", "1994-12-31", YearGrain},
		{"2008/..", "2008-01-01", "", IntervalGrain},
		{"../2008", "", "2008-12-31", IntervalGrain},
		{"2026-05-03/2026-05-05", "2026-05-03", "2026-05-05", IntervalGrain},
		{"1999-07/1999-10", "1999-07-01", "1999-10-31", IntervalGrain},
	} {
		first, last, ok := Date(c.d).Bounds()
		f, l := "", ""
		if !first.IsZero() {
			f = string(Day(first))
		}
		if !last.IsZero() {
			l = string(Day(last))
		}
		if !ok || f != c.first || l != c.last || Date(c.d).Grain() != c.g {
			t.Errorf("%s: got %s to %s, %v, %v; want %s to %s, %v", c.d, f, l, Date(c.d).Grain(), ok, c.first, c.last, c.g)
		}
	}
	for _, bad := range []string{"94", "2023-13", "2023-02-30", "2023-2-3", "0000", "yesterday", "../..", "2008/2007", "1/2/3", "2008/", "X999", "2001-25", "٢٠٠٨"} {
		if err := Date(bad).Check(); err == nil {
			t.Errorf("%q passed as a date", bad)
		}
	}
	if err := Date("").Check(); err != nil {
		t.Errorf("the unknown date is valid: %v", err)
	}
}

func TestDateOrder(t *testing.T) {
	if !Date("1994").Before("2007-03") || Date("2007").Before("2007-03") || Date("2008/..").Before("2020") || Date("").Before("2020") {
		t.Error("Before")
	}
	if !Date("2007").Overlaps("2007-03-01") || !Date("2008/..").Overlaps("2020") || Date("2008/..").Overlaps("2007") || Date("").Overlaps("2007") {
		t.Error("Overlaps")
	}
}

func TestClaimJSON(t *testing.T) {
	c := Claim{ID: "x", Report: "r", Event: "CONSULT", CAMEO: "040", Actor: []Party{{Country: "AZE", Sector: "GOV"}}, Status: Actual}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"mode":null`, `"about":null`, `"about_date":null`, `"recipient":[]`, `"date":null`, `"place":null`, `"speaker":null`, `"context":[]`, `"reasons":[]`, `"evidence":{"sentence":0,"start":0,"end":0,"text":""}`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
	for _, key := range []string{`"actor"`, `"event"`, `"mode"`, `"date"`} {
		if strings.Count(string(b), key+":") != 1 {
			t.Errorf("%s stands %d times in %s", key, strings.Count(string(b), key+":"), b)
		}
	}
	var back Claim
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if back.Event != "CONSULT" || back.Date != "" || back.Actor[0].Country != "AZE" {
		t.Errorf("round trip: %+v", back)
	}
}

func TestClaimCheckAndID(t *testing.T) {
	text := "Egypt thanked Azerbaijan. It rained."
	c := Claim{Report: "r", Event: "SUPPORT", CAMEO: "051", Actor: []Party{{Country: "EGY"}}, Recipient: []Party{{Country: "AZE"}},
		Evidence: Evidence{Span: Span{0, 25}, Text: text[:25]}}
	if err := c.Check(text); err != nil {
		t.Fatal(err)
	}
	d := c
	d.SetID(HashText(text))
	c.SetID(HashText(text))
	if c.ID != d.ID || len(c.ID) != 16 {
		t.Errorf("ids %q and %q", c.ID, d.ID)
	}
	for name, spoil := range map[string]func(*Claim){
		"no actor":       func(c *Claim) { c.Actor = nil },
		"no event":       func(c *Claim) { c.Event = "" },
		"no evidence":    func(c *Claim) { c.Evidence = Evidence{} },
		"wrong evidence": func(c *Claim) { c.Evidence.Start++ },
		"bad date":       func(c *Claim) { c.Date = "May" },
		"beyond text":    func(c *Claim) { c.Evidence.Start, c.Evidence.End = 90, 99 },
	} {
		e := c
		spoil(&e)
		if e.Check(text) == nil {
			t.Errorf("%s passed", name)
		}
	}
}

func TestDyads(t *testing.T) {
	aze, egy, tur := Party{Country: "AZE"}, Party{Country: "EGY"}, Party{Country: "TUR"}
	if got := Dyads([]Party{tur, aze}, []Party{egy}); len(got) != 2 || got[0] != NewDyad("EGY", "AZE") || got[1] != NewDyad("EGY", "TUR") {
		t.Errorf("directed: %v", got)
	}
	if got := Dyads([]Party{egy, aze, aze}, nil); len(got) != 1 || got[0].String() != "AZE-EGY" {
		t.Errorf("reciprocal: %v", got)
	}
}
