package feeds

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/mmcdole/gofeed"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/serve/plain"
	"rapport/internal/serve/servetest"
)

func server(t *testing.T, c Config) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/feeds/", New(c))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// get asks for a feed and returns the answer with its body.
func get(t *testing.T, address string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// TestFeeds reads Atom and JSON Feed with a parser that is not ours.
func TestFeeds(t *testing.T) {
	rec := servetest.Record(t)
	s := server(t, Config{Record: rec, Base: "https://rapport.example.org/", Event: "/event/"})
	ids := map[string][]string{}
	for name, media := range map[string]string{"events.atom": "application/atom+xml; charset=utf-8", "events.json": "application/feed+json; charset=utf-8"} {
		res, body := get(t, s.URL+"/feeds/"+name+"?pair=AZE-EGY")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != media || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("%s: %d %v", name, res.StatusCode, res.Header)
		}
		f, err := gofeed.NewParser().ParseString(body)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, body)
		}
		if f.Title != "Rapport · pair AZE-EGY" || f.FeedLink != "https://rapport.example.org/feeds/"+name+"?pair=AZE-EGY" || len(f.Items) != 5 {
			t.Fatalf("%s: %q at %s with %d items", name, f.Title, f.FeedLink, len(f.Items))
		}
		for _, i := range f.Items {
			ids[name] = append(ids[name], i.GUID)
			if !strings.HasPrefix(i.GUID, "urn:uuid:") || !strings.HasPrefix(i.Link, "https://rapport.example.org/event/ev-") || !strings.Contains(i.Content, "<blockquote><p>“") || len(i.Authors) == 0 || i.UpdatedParsed == nil || i.PublishedParsed == nil {
				t.Errorf("%s: %+v", name, i)
			}
		}
		// What was told last comes first: the newest report of the pair is nile's, and its last claim tells the talks.
		if first := f.Items[0]; !strings.Contains(first.Content, "The two sides signed five") && !strings.Contains(first.Title, "Egypt") {
			t.Errorf("%s: %q first", name, first.Title)
		}
		visit := f.Items[slices.IndexFunc(f.Items, func(i *gofeed.Item) bool {
			return strings.Contains(i.Title, "make a visit") && strings.Contains(i.Title, "Aliyev")
		})]
		if visit.Title != "Ilham Aliyev (Azerbaijan) → Egypt: make a visit" || !visit.UpdatedParsed.Equal(time.Date(2024, 6, 9, 6, 0, 0, 0, time.UTC)) || visit.PublishedParsed.Day() != 8 ||
			!strings.Contains(visit.Content, "Caspian Wire, 2024-06-08") || !strings.Contains(visit.Content, "Nile News, 2024-06-09") {
			t.Errorf("%s: %+v", name, visit)
		}
	}
	if !slices.Equal(ids["events.atom"], ids["events.json"]) {
		t.Error("the same event has two ids")
	}
}

// TestIDsStay adds a report whose claim gives the event another id.
func TestIDsStay(t *testing.T) {
	rec := servetest.Record(t)
	s := server(t, Config{Record: rec})
	guids := func() (out []string) {
		for _, name := range []string{"events.atom?pair=AZE-EGY&type=CONSULT:visit", "events.ics?pair=AZE-EGY&type=CONSULT:visit"} {
			_, body := get(t, s.URL+"/feeds/"+name)
			for line := range strings.Lines(body) {
				if strings.Contains(line, "<id>") || strings.HasPrefix(line, "UID:") {
					out = append(out, strings.TrimSpace(line))
				}
			}
		}
		return out
	}
	before, events := guids(), map[string]bool{}
	for i := range 12 { // one of so many claims has the least id, which gives the event its own
		id := "more" + string(rune('a'+i))
		servetest.Keep(t, rec, servetest.Report{Report: rapport.Report{ID: id, Outlet: "Wire " + id, Published: "2024-06-09"}, Told: []servetest.Act{
			{Sentence: "Ilham Aliyev arrived in Cairo on Saturday, " + strings.Repeat(id+" ", 9) + ".", Type: "CONSULT:visit", CAMEO: "042", Parties: "AZE=Ilham Aliyev > EGY", Date: "2024-06-08", Place: &rapport.Place{Name: "Cairo", Country: "EGY"}}}})
		news, err := rec.LatestEvents(t.Context(), mustFilter(t, "pair=AZE-EGY&type=CONSULT:visit"))
		if err != nil || len(news) != 1 {
			t.Fatalf("%d events, %v", len(news), err)
		}
		events[news[0].Event.ID] = true
	}
	if after := guids(); !slices.Equal(before, after) || len(before) != 3 {
		t.Errorf("%v became %v", before, after)
	}
	if len(events) < 2 {
		t.Error("the event's own id did not change, so this shows nothing")
	}
}

func mustFilter(t *testing.T, query string) (f record.EventFilter) {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err == nil {
		f, err = ParseFilter(q)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestHostile wants nothing of a report to become markup, a property or a link.
func TestHostile(t *testing.T) {
	s := server(t, Config{Record: servetest.Record(t)})
	for _, name := range []string{"events.atom", "events.json"} {
		_, body := get(t, s.URL+"/feeds/"+name+"?pair=FRA-RUS")
		f, err := gofeed.NewParser().ParseString(body)
		if err != nil || len(f.Items) != 1 {
			t.Fatal(name, err)
		}
		item := f.Items[0]
		if strings.Contains(item.Content, "<script") || !strings.Contains(item.Content, "IGNORE ALL PREVIOUS") || strings.Contains(body, "javascript:") {
			t.Errorf("%s: %s", name, item.Content)
		}
		for _, r := range body {
			if plain.Hidden(r) && r != '\n' {
				t.Errorf("%s: %U comes through", name, r)
			}
		}
	}
	// As a meeting, the same sentence stands in a calendar.
	rec := servetest.Empty(t)
	servetest.Keep(t, rec, servetest.Report{Report: rapport.Report{ID: "x", Outlet: "A;B,C\\D\nEND:VCALENDAR", Published: "2024-06-03"}, Told: []servetest.Act{
		{Sentence: servetest.Hostile, Type: "CONSULT:visit", Parties: "FRA=A\r\nBEGIN:VALARM > RUS", Date: "2024-06-03"}}})
	_, body := get(t, server(t, Config{Record: rec}).URL+"/feeds/events.ics")
	c, err := ics.ParseCalendar(strings.NewReader(body))
	if err != nil || len(c.Events()) != 1 || len(c.Components) != 1 || strings.Count(body, "\r\nBEGIN:") != 1 || strings.Contains(body, "\r\nEND:VCALENDAR\r\nEND") {
		t.Fatalf("%v\n%s", err, body)
	}
	if d := c.Events()[0].GetProperty(ics.ComponentPropertyDescription).Value; !strings.Contains(d, `\n, "quoted"`) && !strings.Contains(d, `\\n, "quoted"`) || !strings.Contains(d, "A;B,C\\D END:VCALENDAR") {
		t.Errorf("%q", d)
	}
}

// TestCalendar reads visits and meetings with a parser that is not ours.
func TestCalendar(t *testing.T) {
	s := server(t, Config{Record: servetest.Record(t), Base: "https://rapport.example.org", Event: "/event/"})
	res, body := get(t, s.URL+"/feeds/events.ics?party=AZE")
	if res.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Error(res.Header)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
	c, err := ics.ParseCalendar(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range c.Events() {
		value := func(p ics.ComponentProperty) string {
			if v := e.GetProperty(p); v != nil {
				return v.Value
			}
			return ""
		}
		got[value(ics.ComponentPropertyDtStart)+"-"+value(ics.ComponentPropertyDtEnd)] = value(ics.ComponentPropertySummary) + " | " + value(ics.ComponentPropertyStatus) + " | " + value(ics.ComponentPropertyLocation)
		if value(ics.ComponentPropertyDtstamp) == "" || len(e.Id()) != 36 || !strings.Contains(value(ics.ComponentPropertyDescription), "” — ") || !strings.HasPrefix(value(ics.ComponentPropertyUrl), "https://rapport.example.org/event/ev-") {
			t.Errorf("%+v", e)
		}
	}
	want := map[string]string{
		"20240608-20240609": "Ilham Aliyev (Azerbaijan) → Egypt: make a visit | CONFIRMED | Cairo, Egypt",
		"20240609-20240612": "Azerbaijan, Egypt: engage in negotiation | CONFIRMED | Cairo, Egypt",
		"20240612-20240613": "Georgia, Azerbaijan: engage in negotiation | CONFIRMED | Tbilisi, Georgia",
		"20241001-20241101": "Abdel Fattah el-Sisi (Egypt) → Azerbaijan: express intent to meet or negotiate (planned) — day not told | TENTATIVE | ",
	}
	for k, w := range want {
		if got[k] != w {
			t.Errorf("%s: %q, want %q", k, got[k], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
}

func TestAskedAgain(t *testing.T) {
	rec := servetest.Record(t)
	s := server(t, Config{Record: rec})
	for _, name := range []string{"events.atom", "events.json", "events.ics"} {
		address := s.URL + "/feeds/" + name + "?party=AZE&token=secret"
		res, body := get(t, address)
		tag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
		if tag == "" || modified == "" || strings.Contains(body, "secret") {
			t.Fatalf("%s: %v", name, res.Header)
		}
		for _, h := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", modified}} {
			if res, body := get(t, address, h...); res.StatusCode != 304 || body != "" {
				t.Errorf("%s, %v: %d", name, h, res.StatusCode)
			}
		}
		if _, again := get(t, address); again != body {
			t.Errorf("%s: not the same bytes again", name)
		}
	}
	res, _ := get(t, s.URL+"/feeds/events.atom")
	servetest.Keep(t, rec, servetest.Report{Report: rapport.Report{ID: "new", Outlet: "Wire", Published: "2024-07-01"}, Told: []servetest.Act{
		{Sentence: "Peru thanked Chile.", Type: "SUPPORT", Parties: "PER > CHL", Date: "2024-07-01"}}})
	if again, body := get(t, s.URL+"/feeds/events.atom", "If-None-Match", res.Header.Get("ETag")); again.StatusCode != 200 || strings.Index(body, "Peru thanked Chile.") > strings.Index(body, "held talks") {
		t.Errorf("after a new report: %d\n%s", again.StatusCode, body)
	}
}

func TestRefused(t *testing.T) {
	rec := servetest.Record(t)
	s := server(t, Config{Record: rec})
	for query, want := range map[string]string{
		"pair=AZE": "no pair", "pair=AZE-AZE": "no pair", "party=Ruritania": "no country", "type=TEA": "no type", "type=CONSULT:tea": "CONSULT:visit", "status=maybe": "no status",
		"since=soon": "no date", "since=2025&until=2024": "before since", "confidence=2": "from 0 to 1", "confidence=NaN": "from 0 to 1", "limit=0": "from 1", "limit=99999": "from 1 to 200",
		"wish=1": "there is no \"wish\"", "place=a&place=b": "2 times", "text=" + strings.Repeat("x", 2000): "1000 are the most",
	} {
		if res, body := get(t, s.URL+"/feeds/events.atom?"+query); res.StatusCode != 400 || !strings.Contains(body, want) || strings.Contains(body, rec.Path()) {
			t.Errorf("%.60s: %d %s", query, res.StatusCode, body)
		}
	}
	if res, _ := get(t, s.URL+"/feeds/other.xml"); res.StatusCode != 404 {
		t.Error(res.Status)
	}
	res, err := http.Post(s.URL+"/feeds/events.atom", "text/plain", nil)
	if err != nil || res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
		t.Error(err, res)
	}
	res.Body.Close()
	if _, body := get(t, s.URL+"/feeds/events.json?party=PER"); !json.Valid([]byte(body)) || !strings.Contains(body, `"items": []`) {
		t.Errorf("an empty feed: %s", body)
	}
	rec.Close()
	if res, body := get(t, s.URL+"/feeds/events.atom"); res.StatusCode != 500 || strings.Contains(body, rec.Path()) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func TestUUID(t *testing.T) {
	a, b := uuid("event a"), uuid("event b")
	if a == b || len(a) != 36 || a[14] != '8' || !strings.ContainsRune("89ab", rune(a[19])) {
		t.Error(a, b)
	}
}

// FuzzEntry wants any words of a report to give feeds that parse.
func FuzzEntry(f *testing.F) {
	f.Add(servetest.Hostile, "Wire;,\\\n", "https://example.org/a?b=c&d")
	f.Add("\xff\x00 ]]> \u2028", "\r\nBEGIN:VEVENT", "javascript:x")
	f.Fuzz(func(t *testing.T, sentence, outlet, address string) {
		e := rapport.Event{ID: "ev-1", Event: "CONSULT", Mode: "visit", CAMEO: "042", Status: rapport.Actual, Date: "2024-06-08", Claims: []string{"c"},
			Actor: []rapport.Party{{Country: "AZE", Name: outlet}}, Recipient: []rapport.Party{{Country: "EGY"}}, Place: &rapport.Place{Name: sentence}}
		c := rapport.Claim{ID: "c", Report: "r", Event: "CONSULT", Evidence: rapport.Evidence{Text: sentence}}
		n := record.News{EventRow: record.EventRow{Event: e, Claims: []rapport.Claim{c}, Reports: map[string]rapport.Report{"r": {ID: "r", Outlet: outlet, URL: address, Published: "2024-06-08"}}}, First: "c"}
		one := &feed{self: "https://example.org/feeds/x", home: "https://example.org/", title: plain.Line(outlet, 100), entries: []entry{entryOf(&n)}}
		a, err := atom(one)
		if err != nil {
			t.Fatal(err)
		}
		var back atomFeed
		if err := xml.Unmarshal(a, &back); err != nil || len(back.Entries) != 1 {
			t.Fatalf("%v\n%s", err, a)
		}
		j, err := jsonFeed(one)
		if err != nil || !json.Valid(j) {
			t.Fatalf("%v\n%s", err, j)
		}
		cal, err := calendar(one)
		if err != nil || strings.Count(string(cal), "\r\nBEGIN:VEVENT\r\n") != 1 || strings.Count("\r\n"+string(cal), "\r\nBEGIN:") != 2 {
			t.Fatalf("%v\n%s", err, cal)
		}
		for line := range strings.SplitSeq(string(cal), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00") || !utf8.ValidString(line) {
				t.Errorf("%q", line)
			}
		}
	})
}

func FuzzParseFilter(f *testing.F) {
	f.Add("pair=AZE-EGY&type=CONSULT:visit,SUPPORT&status=actual&since=2024&limit=5")
	f.Add("party=Egypt&party=FRA&confidence=0.5&text=%ff")
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		got, err := ParseFilter(q)
		switch {
		case err != nil && rapport.KindOf(err) != rapport.Usage:
			t.Errorf("%q: %v", query, err)
		case err == nil && (got.Limit < 0 || got.Limit > most || got.Confidence < 0 || got.Confidence > 1):
			t.Errorf("%q: %+v", query, got)
		}
	})
}
