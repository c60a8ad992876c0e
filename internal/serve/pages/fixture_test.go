package pages

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/serve/access"
)

// What hostile reports bring: each would do something if a page let it.
const (
	hostileTitle  = `</title><script>alert("title")</script><img src=x onerror=alert(1)>`
	hostileID     = `a/"><script>alert("id")</script>`
	hostileOutlet = `Out"onmouseover="alert(1)<b>let`
	hostileName   = `<svg onload=alert("name")>Ann`
	hostilePlace  = `Rabat"><script>alert("place")</script>`
	hostileNote   = `'><iframe src="javascript:alert(1)"></iframe>`
	turned        = "\u202e" // turns the direction of writing
)

// fixture is a record of four reports on France and Türkiye, two of them hostile,
// and its pages as seen by a reviewer.
type fixture struct {
	rec    *record.Record
	claims []rapport.Claim
	pages  http.Handler
	merged int
}

const mergedEvent = "ev-met"

func newFixture(t testing.TB) *fixture {
	t.Helper()
	ctx := context.Background()
	rec, err := record.Open(ctx, filepath.Join(t.TempDir(), "r.db"), record.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rec.Close() })
	f := &fixture{rec: rec}
	lat, lon := 34.0, -6.8
	add := func(rep rapport.Report, told ...rapport.Claim) {
		t.Helper()
		rep.Hash = rapport.HashText(rep.Text)
		for i := range told {
			c := &told[i]
			c.Report, c.Coder = rep.ID, "toy 1"
			c.Evidence.Start = strings.Index(rep.Text, c.Evidence.Text)
			c.Evidence.End = c.Evidence.Start + len(c.Evidence.Text)
			c.Context = []string{"diplomatic"}
			c.Reasons = []rapport.Reason{
				{Field: "event", Rule: "what/consult.meet", Span: [2]int{c.Evidence.Start, c.Evidence.Start + 5}},
				{Field: "date", Rule: "when/<script>alert(1)</script>", Span: [2]int{c.Evidence.Start, c.Evidence.Start + 3}, Note: hostileNote},
			}
			c.SetID(rep.Hash)
		}
		if _, err := rec.Keep(ctx, rep, told, "toy 1"); err != nil {
			t.Fatal(err)
		}
		f.claims = append(f.claims, told...)
	}
	fra := rapport.Party{Country: "FRA", Sector: "GOV", Name: hostileName, Office: "President<script>", Wikidata: "Q1<b>"}
	tur := rapport.Party{Country: "TUR", Sector: "GOV", Name: "Bo Ünlü"}
	claim := func(event, mode, cameo, words string, date rapport.Date, sure float64) rapport.Claim {
		c := rapport.Claim{Event: event, Mode: mode, CAMEO: cameo, Actor: []rapport.Party{fra}, Recipient: []rapport.Party{tur}, Status: rapport.Actual, Date: date, DateBasis: rapport.DateFromText,
			Quad: 1, Score: 2.5, Confidence: sure, Evidence: rapport.Evidence{Text: words}}
		return c
	}
	met := claim("CONSULT", "", "040", `They <b>met</b> & "talked" <script>alert("text")</script>`+turned+` on Monday.`, "2024-01-05", 0.9)
	met.Place = &rapport.Place{Name: hostilePlace, Country: "MAR", Lat: &lat, Lon: &lon, Resolution: 4, GeoNames: 1}
	sanction := claim("SANCTION", "discontinue", "163", "Ankara shut <img src=x onerror=alert(3)> the door.", "2023-06", 0.4)
	sanction.Actor, sanction.Recipient, sanction.Quad, sanction.Score = []rapport.Party{tur}, []rapport.Party{fra}, 4, -6
	sanction.Speaker = &rapport.Party{Country: "FRA", Sector: "LEG", Name: hostileName}
	add(rapport.Report{ID: hostileID, Title: hostileTitle, Outlet: hostileOutlet, URL: "javascript:alert(1)", Author: hostileNote, Published: "2024-01-06",
		Text: "PARIS — 𝔘nicode first. " + met.Evidence.Text + "\n\n" + sanction.Evidence.Text + "\n\x1b[31mred"}, met, sanction)
	again := claim("CONSULT", "", "040", "The two presidents met on Saturday.", "2024-01-06", 0.7)
	visit := claim("CONSULT", "visit", "042", "He visited Ankara in 2022.", "2022", 0.8)
	visit.Status = rapport.Historical
	add(rapport.Report{ID: "plain", Title: "Presidents meet", Outlet: "World Wire", URL: "https://example.org/a?b=1&c=2", Published: "2024-01-07",
		Text: "The two presidents met on Saturday. He visited Ankara in 2022."}, again, visit)
	agree := claim("SUPPORT", "", "057", "France and Türkiye signed a treaty on fishing.", "2021-03-04", 0.85)
	agree.Recipient, agree.Actor, agree.Score = nil, []rapport.Party{{Country: "FRA", Sector: "GOV"}, {Country: "TUR", Sector: "GOV"}}, 5
	aid := claim("AID", "", "070", "France gave 3 million euros.", "2020-05-06", 0.75)
	aid.Quad, aid.Score = 2, 10
	add(rapport.Report{ID: "older", Outlet: "World Wire", Published: "2021-03-05", Text: "France and Türkiye signed a treaty on fishing. France gave 3 million euros."}, agree, aid)
	add(rapport.Report{ID: "copy", Outlet: "Other Wire", Published: "2021-03-05", Text: "France and Türkiye signed a treaty on fishing. France gave 3 million euros. "})

	var events []rapport.Event
	event := func(id string, told ...rapport.Claim) {
		e := eventOf(told[0])
		e.ID = id
		e.Claims = nil
		for _, c := range told {
			e.Claims = append(e.Claims, c.ID)
		}
		e.Reports = len(told)
		if len(told) > 1 {
			e.Disputed = []rapport.Field{{Name: "date", Why: "told nearer the day" + hostileNote, Values: []rapport.Value{{Value: string(told[0].Date), Claims: []string{told[0].ID}}, {Value: string(told[1].Date), Claims: []string{told[1].ID}}}}}
		}
		events = append(events, e)
	}
	f.claims[0] = f.stored(t, f.claims[0].ID)
	event(mergedEvent, f.claims[0], f.claims[2])
	for _, i := range []int{1, 3, 4, 5} {
		event("ev-"+f.claims[i].ID, f.claims[i])
	}
	if err := rec.SetEvents(ctx, events); err != nil {
		t.Fatal(err)
	}
	a, b := min(f.claims[0].ID, f.claims[2].ID), max(f.claims[0].ID, f.claims[2].ID)
	c := f.claims[3].ID
	if err := rec.AddJudgements(ctx, []rapport.Judgement{
		{A: a, B: b, Same: true, Score: 0.9, Reasons: []string{"same day " + hostileNote}, Author: "rule:x"},
		{A: min(a, c), B: max(a, c), Score: 0.4, Reasons: []string{"other years"}, Author: "rule:x"},
	}); err != nil {
		t.Fatal(err)
	}
	f.pages = f.as(access.User{Name: "ann", Roles: []access.Role{access.Read, access.Review}}, Config{})
	return f
}

// stored is a claim as the record has it.
func (f *fixture) stored(t testing.TB, id string) rapport.Claim {
	t.Helper()
	c, err := f.rec.Claim(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// as is the fixture's pages for a user.
func (f *fixture) as(u access.User, c Config) http.Handler {
	c.Record, c.Coder = f.rec, toyCoder{}
	c.Now = func() time.Time { return time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC) }
	c.Merge = func(context.Context) error { f.merged++; return nil }
	c.Rule = func(id string) (string, error) {
		if !strings.HasPrefix(id, "what/") {
			return "", errors.New("no rule")
		}
		return "rule of " + id, nil
	}
	pages := New(c)
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u.Name != "" {
			r = r.WithContext(access.With(r.Context(), u))
		}
		pages.ServeHTTP(w, r)
	}))
}

// toyCoder finds one claim in any text.
type toyCoder struct{}

func (toyCoder) Try(_ context.Context, text string, day rapport.Date) (rapport.Report, []rapport.Claim, []string, error) {
	end := strings.IndexByte(text, '.') + 1
	if end == 0 {
		end = len(text)
	}
	rep := rapport.Report{ID: "pasted", Title: hostileTitle, Text: text, Published: day, Hash: rapport.HashText(text)}
	c := rapport.Claim{Report: "pasted", Event: "CONSULT", CAMEO: "040", Actor: []rapport.Party{{Country: "FRA", Name: hostileName}}, Recipient: []rapport.Party{{Country: "TUR"}}, Status: rapport.Actual,
		Quad: 1, Score: 2.5, Confidence: 0.5, Evidence: rapport.Evidence{Span: rapport.Span{End: end}, Text: text[:end]}, Reasons: []rapport.Reason{{Field: "event", Rule: "what/consult.meet", Span: [2]int{0, 3}, Note: hostileNote}}}
	c.SetID(rep.Hash)
	return rep, []rapport.Claim{c}, []string{"note " + hostileNote}, nil
}

// addresses are all pages of the fixture.
func (f *fixture) addresses() []string {
	out := []string{"/", "/search", "/search?q=met", "/FRA", "/TUR", "/outlet", pathTo("outlet", hostileOutlet), pathTo("outlet", "World Wire"),
		pathTo("party", hostileName), pathTo("party", "Bo Ünlü"), pathTo("place", hostilePlace), pathTo("event", mergedEvent), pathTo("report", hostileID), "/report/plain", "/report/older",
		"/try", "/review", "/review/second", "/review/history", "/review/agreement", "/review?claim=" + f.claims[1].ID, "/code", "/code/CONSULT", "/code/CONSULT:visit", "/rule/what/consult.meet", "/login"}
	for _, tab := range []string{"", "/visits", "/agreements", "/support", "/pledges", "/trade", "/frictions", "/sides", "/timeline"} {
		out = append(out, "/FRA/TUR"+tab)
	}
	return out
}
