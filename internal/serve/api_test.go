package serve_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/klauspost/compress/zstd"

	"rapport/internal/exchange"
	"rapport/internal/serve"
	"rapport/internal/serve/api"
)

// TestEvents holds the filters of the list, its pages and what an item carries.
func TestEvents(t *testing.T) {
	s := open(t)
	for query, want := range map[string]int{
		"": 5, "pair=AZE-EGY": 1, "pair=Egypt-T%C3%BCrkiye": 2, "pair=guinea-bissau-EGY": 0, "party=GRC": 2, "party=GRC,AZE": 3, "type=ACCUSE": 2, "type=CONSULT&status=actual": 3,
		"since=2024-07": 3, "until=2024-06": 2, "since=2024-06-09&until=2024-07-01": 2, "outlet=wire+b": 2, "text=baku+met": 1, "text=cairo": 0, "confidence=0.9": 0, "place=Baku": 0, "newest=true&limit=2": 2,
	} {
		p := decode[page](t, s.get("/events?"+query).is(t, 200))
		if len(p.Items) != want {
			t.Errorf("%s: %d events, want %d: %s", query, len(p.Items), want, p.ids("id"))
		}
		for _, e := range p.Items {
			told, _ := e["told"].([]any)
			if len(told) == 0 {
				t.Fatalf("%s: an event without its sentences: %v", query, e)
			}
			for _, one := range told {
				if m := one.(map[string]any); m["sentence"] == "" || !strings.HasPrefix(m["outlet"].(string), "Wire") {
					t.Errorf("%s: %v", query, m)
				}
			}
		}
	}
	all := decode[page](t, s.get("/events"))
	var paged []string
	path := "/events?limit=2"
	for path != "" {
		a := s.get(path).is(t, 200)
		p := decode[page](t, a)
		paged = append(paged, strings.Fields(p.ids("id"))...)
		path = ""
		if p.Next != "" {
			path = "/events?limit=2&cursor=" + p.Next
			if !strings.Contains(a.Header.Get("Link"), p.Next) {
				t.Errorf("Link: %s", a.Header.Get("Link"))
			}
		}
	}
	if got := strings.Join(paged, " "); got != all.ids("id") {
		t.Errorf("page by page %s, at once %s", got, all.ids("id"))
	}
	for query, where := range map[string]string{
		"paer=AZE-EGY": "paer", "pair=AZE": "pair", "pair=AZE-AZE": "pair", "pair=AZE-Atlantis": "pair", "type=VISIT": "type", "status=maybe": "status", "since=soon": "since",
		"since=2024&until=2023": "until", "limit=0": "limit", "limit=501": "limit", "limit=x": "limit", "cursor=zzz": "cursor", "newest=perhaps": "newest", "confidence=2": "confidence",
		"confidence=NaN": "confidence", "format=xml": "format",
	} {
		p := decode[map[string]any](t, s.get("/events?"+query).is(t, 400))
		if p["where"] != where || p["try"] == "" {
			t.Errorf("%s: %v", query, p)
		}
	}
}

// TestStreams: NDJSON and CSV hold the whole of any list, and say the same.
func TestStreams(t *testing.T) {
	s := open(t)
	s.post("/reviews", `{"claim": "`+s.someClaim()+`", "verdict": "accept"}`).is(t, 201)
	for path, n := range map[string]int{"/events": 5, "/claims": 6, "/reports": 3, "/relations": 3, "/search?q=met": 3, "/reviews": 1, "/merges": 0, "/trail": 1, "/events?limit=2": 2} {
		nd := s.get(path, "Accept: application/x-ndjson").is(t, 200)
		if nd.Header.Get("Content-Type") != "application/x-ndjson" || strings.Count(nd.body, "\n") != n {
			t.Errorf("%s: %s, %d lines, want %d", path, nd.Header.Get("Content-Type"), strings.Count(nd.body, "\n"), n)
		}
		for line := range strings.Lines(nd.body) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s: %s", path, line)
			}
		}
		c := s.get(path, "Accept: text/csv").is(t, 200)
		rows, err := csv.NewReader(strings.NewReader(c.body)).ReadAll()
		if err != nil || len(rows) != n+1 || !strings.HasPrefix(c.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("%s: %d rows, want %d and a header: %v", path, len(rows), n, err)
		}
		if path == "/events" && len(rows[0]) != len(exchange.EventColumns()) {
			t.Errorf("events have %d columns", len(rows[0]))
		}
	}
}

func (s *site) someClaim() string {
	s.Helper()
	return decode[page](s, s.get("/claims?report=b").is(s, 200)).Items[0]["id"].(string)
}

// TestFreshness: an answer that still holds is not given twice, one that does
// not is.
func TestFreshness(t *testing.T) {
	s := open(t)
	a := s.get("/events").is(t, 200)
	tag := a.Header.Get("ETag")
	if b := s.get("/events", "If-None-Match: "+tag); b.StatusCode != 304 || b.body != "" {
		t.Errorf("%d %s", b.StatusCode, b.body)
	}
	s.post("/reports", "AZE met TUR on 2025-01-01.", "Content-Type: text/plain").is(t, 201)
	if b := s.get("/events", "If-None-Match: "+tag).is(t, 200); !strings.Contains(b.body, "2025-01-01") {
		t.Error("the new event is not there")
	}
}

// TestPacking: what is asked for packed comes packed, and is the same.
func TestPacking(t *testing.T) {
	s := open(t)
	s.client.Transport = &http.Transport{DisableCompression: true}
	plain := s.get("/events?format=ndjson").is(t, 200).body
	for enc, unpack := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		a := s.get("/events?format=ndjson", "Accept-Encoding: "+enc).is(t, 200)
		if a.Header.Get("Content-Encoding") != enc || !strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: %v", enc, a.Header)
			continue
		}
		r, err := unpack(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != plain {
			t.Errorf("%s: %v, %d bytes, want %d", enc, err, len(b), len(plain))
		}
	}
}

// TestPostReports: text, JSON, JSON Lines, packed or not; a bad one loses none of
// the others.
func TestPostReports(t *testing.T) {
	s := open(t)
	one := s.post("/reports?id=mine&outlet=Own", "AZE met TUR on 2025-01-01.", "Content-Type: text/plain").is(t, 201)
	if loc := one.Header.Get("Location"); loc != api.Prefix+"/reports/mine" {
		t.Errorf("Location: %s", loc)
	}
	rep := decode[map[string]any](t, s.get("/reports/mine").is(t, 200))
	if rep["outlet"] != "Own" || len(rep["claims"].([]any)) != 1 {
		t.Errorf("%v", rep)
	}
	if text := s.get("/reports/mine/text").is(t, 200); text.body != "AZE met TUR on 2025-01-01." || !strings.HasPrefix(text.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%v %s", text.Header, text.body)
	}
	again := decode[api.Posted](t, s.post("/reports?id=mine&outlet=Own", "AZE met TUR on 2025-01-01.").is(t, 200))
	if again.Kept != 0 || again.Items[0].Kept != "same" {
		t.Errorf("again: %+v", again)
	}
	many := `{"id": "x1", "text": "AZE met GEO on 2025-02-01."}` + "\n" + `{"id": "x2", "text": "UNCODABLE"}` + "\n" + `{"id": 7}` + "\n" + `{"id": "x3", "text": "GEO met ARM on 2025-02-02."}` + "\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(many))
	z.Close()
	got := decode[api.Posted](t, s.post("/reports", packed.String(), "Content-Type: application/x-ndjson", "Content-Encoding: gzip").is(t, 200))
	if got.Kept != 2 || got.Failed != 2 || len(got.Items) != 4 {
		t.Errorf("%+v", got)
	}
	for _, it := range got.Items {
		if (it.Kept == "none") != (it.Problem != nil) {
			t.Errorf("%+v", it)
		}
	}
	s.post("/reports", "UNCODABLE").is(t, 422)
	s.post("/reports", "").is(t, 400)
	s.post("/reports", "PK\x03\x04 an archive").is(t, 415)
	s.post("/reports", "x", "Content-Encoding: br").is(t, 415)
	s.post("/reports", "no gzip", "Content-Encoding: gzip").is(t, 400)
	s.post("/reports?id=a/b", "AZE met TUR.").is(t, 400)
}

// TestCode: text in, claims out, nothing kept.
func TestCode(t *testing.T) {
	s := open(t)
	before := s.get("/stats").body
	p := decode[page](t, s.post("/code?outlet=Mine", "AZE met TUR on 2025-01-01. GEO accused ARM.").is(t, 200))
	claims := p.Items[0]["claims"].([]any)
	if len(claims) != 2 || claims[0].(map[string]any)["source"].(map[string]any)["outlet"] != "Mine" {
		t.Errorf("%v", p.Items)
	}
	nd := s.post("/code?format=ndjson", `[{"text": "AZE met TUR."}, {"text": "GEO met ARM. GEO met IRN."}]`).is(t, 200)
	if strings.Count(nd.body, "\n") != 3 {
		t.Errorf("%s", nd.body)
	}
	s.post("/code", "UNCODABLE").is(t, 422)
	if after := s.get("/stats").body; after != before {
		t.Errorf("coding changed the record: %s", after)
	}
}

// TestReviews: accept, correct, reject and take back, and events follow.
func TestReviews(t *testing.T) {
	s := open(t)
	id := s.someClaim()
	s.post("/reviews", `{"claim": "`+id+`", "verdict": "correct", "set": {"date": "2024-06-07"}, "note": "a day before"}`).is(t, 201)
	c := decode[api.WholeClaim](t, s.get("/claims/"+id).is(t, 200))
	if c.Claim.Date != "2024-06-07" || len(c.Reviews) != 1 || c.Reviews[0].Author != "local" || c.Reviews[0].Note != "a day before" {
		t.Errorf("%+v", c)
	}
	e := s.get("/events/"+c.Claim.EventID).is(t, 200)
	if !strings.Contains(e.body, "2024-06-07") {
		t.Errorf("the event does not follow: %s", e.body)
	}
	n := c.Reviews[0].N
	if n != 1 {
		t.Fatalf("review %d", n)
	}
	s.post("/reviews/r1/undo", `{"note": "no"}`).is(t, 201)
	s.post("/reviews/r1/undo", "").is(t, 400)
	s.post("/reviews/r9/undo", "").is(t, 404)
	s.post("/reviews/first/undo", "").is(t, 400)
	if c := decode[api.WholeClaim](t, s.get("/claims/"+id)); c.Claim.Date != "2024-06-08" || len(c.Reviews) != 2 {
		t.Errorf("after undo %+v", c)
	}
	s.post("/reviews", `{"claim": "`+id+`", "verdict": "reject"}`).is(t, 201)
	if got := decode[page](t, s.get("/claims?report=b")); strings.Contains(got.ids("id"), id) {
		t.Error("a rejected claim is still listed")
	}
	for _, body := range []string{`{"claim": "x", "verdict": "bless"}`, `{"claim": "x", "verdict": "correct"}`, `{"claim": "x", "verdict": "accept", "set": {"date": null}}`, `{"clame": "x"}`, `{} {}`, `[`, ``} {
		s.post("/reviews", body).is(t, 400)
	}
	s.post("/reviews", `{"claim": "nope", "verdict": "accept"}`).is(t, 404)
	s.post("/reviews", `{"claim": "`+s.someClaim()+`", "verdict": "correct", "set": {"date": "soon"}}`).is(t, 422)
	s.post("/reviews", `{"claim": "`+s.someClaim()+`", "verdict": "correct", "set": {"id": "other"}}`).is(t, 400)
}

// TestMerges: what merging joined is parted, and joined again.
func TestMerges(t *testing.T) {
	s := open(t)
	e := decode[page](t, s.get("/events?pair=AZE-EGY")).Items[0]
	if len(e["claims"].([]any)) != 2 {
		t.Fatalf("merging joined %v", e["claims"])
	}
	s.post("/merges", `{"verdict": "part", "of": ["`+e["id"].(string)+`"]}`).is(t, 201)
	if n := len(decode[page](t, s.get("/events?pair=AZE-EGY")).Items); n != 2 {
		t.Errorf("parted there are %d", n)
	}
	s.post("/merges/d1/undo", "").is(t, 201)
	if n := len(decode[page](t, s.get("/events?pair=AZE-EGY")).Items); n != 1 {
		t.Errorf("joined again there are %d", n)
	}
	s.post("/merges/d1/undo", "").is(t, 400)
	for _, body := range []string{`{"verdict": "part", "of": []}`, `{"verdict": "same", "of": ["x"]}`, `{"verdict": "mix", "of": ["x", "y"]}`} {
		s.post("/merges", body).is(t, 400)
	}
	s.post("/merges", `{"verdict": "part", "of": ["ev-nope"]}`).is(t, 404)
}

// TestOnce: a post sent again with its key is done once and answered the same
// for a day; a key is for one post.
func TestOnce(t *testing.T) {
	s := open(t)
	body := `{"claim": "` + s.someClaim() + `", "verdict": "accept"}`
	first := s.post("/reviews", body, "Idempotency-Key: k1").is(t, 201)
	again := s.post("/reviews", body, "Idempotency-Key: k1").is(t, 201)
	if again.body != first.body || again.Header.Get("Idempotency-Replayed") != "true" || first.Header.Get("Idempotency-Replayed") != "" {
		t.Errorf("%s, then %s", first.body, again.body)
	}
	s.post("/reviews", body+" ", "Idempotency-Key: k1").is(t, 422)
	s.post("/reviews", `{"claim": "nope", "verdict": "accept"}`, "Idempotency-Key: k2").is(t, 404)
	s.post("/reviews", `{"claim": "nope", "verdict": "accept"}`, "Idempotency-Key: k2").is(t, 404)
	if got := decode[page](t, s.get("/reviews")); len(got.Items) != 1 {
		t.Errorf("%d reviews", len(got.Items))
	}
	s.post("/reviews", body, "Idempotency-Key: "+strings.Repeat("k", 201)).is(t, 400)
	s.clock.pass(25 * 3600e9)
	s.post("/reviews", body, "Idempotency-Key: k1").is(t, 201)
	if got := decode[page](t, s.get("/reviews")); len(got.Items) != 2 {
		t.Errorf("a day later %d reviews", len(got.Items))
	}
}

// TestRelations: the register and the brief in every format.
func TestRelations(t *testing.T) {
	s := open(t)
	r := decode[map[string]any](t, s.get("/relations/Egypt/AZE").is(t, 200))
	if r["coverage"].(map[string]any)["claims"] != 2.0 {
		t.Errorf("%v", r["coverage"])
	}
	for format, want := range map[string][2]string{"": {"text/markdown", "# Azerbaijan and Egypt"}, "md": {"text/markdown", "# Azerbaijan"}, "html": {"text/html", "<!doctype html>"},
		"docx": {"application/vnd.openxml", "PK"}, "pdf": {"application/pdf", "%PDF"}, "json": {"application/json", "{"}} {
		a := s.get("/briefs/AZE/EGY?format="+format).is(t, 200)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), want[0]) || !strings.HasPrefix(strings.ToLower(a.body), strings.ToLower(want[1])) {
			t.Errorf("%s: %s %.40q", format, a.Header.Get("Content-Type"), a.body)
		}
		if csp := a.Header.Get("Content-Security-Policy"); strings.Contains(csp, "script-src 'self'") && format == "html" {
			t.Errorf("a brief may run scripts: %s", csp)
		}
	}
	s.get("/briefs/AZE/EGY?format=doc").is(t, 400)
	s.get("/relations/AZE/PER").is(t, 404)
	s.get("/relations/AZE/EGY?as_of=2020").is(t, 404)
	s.get("/relations/AZE/Atlantis").is(t, 400)
	for _, path := range []string{"/events/ev-x", "/claims/x", "/reports/x", "/reports/x/text", "/nowhere"} {
		s.get(path).is(t, 404)
	}
	s.ask("DELETE", api.Prefix+"/reports/a", "").is(t, 405)
	s.ask("GET", "/nowhere", "").is(t, 404)
}

// TestReadOnly: without the writing side everything can be read, nothing posted.
func TestReadOnly(t *testing.T) {
	s := open(t, func(_ *serve.Config, a *api.Config) { a.Pipeline = nil })
	s.get("/events").is(t, 200)
	for _, path := range []string{"/reports", "/code", "/reviews", "/merges", "/reviews/1/undo"} {
		s.post(path, "{}").is(t, 501)
	}
}

// TestOpenAPI holds every answer to the schema that the document promises, and
// the document to itself.
func TestOpenAPI(t *testing.T) {
	s := open(t)
	s.post("/reviews", `{"claim": "`+s.someClaim()+`", "verdict": "correct", "set": {"date": "2024-06-08", "place": {"name": "Cairo", "country": "EGY", "lat": 30.1, "lon": 31.2}}}`).is(t, 201)
	event := decode[page](t, s.get("/events?pair=AZE-EGY")).Items[0]["id"].(string)
	s.post("/merges", `{"verdict": "part", "of": ["`+event+`"]}`).is(t, 201)
	s.post("/merges/1/undo", "").is(t, 201)
	raw := s.get("/openapi.json").is(t, 200)
	var doc struct {
		OpenAPI    string
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]json.RawMessage }
	}
	text := strings.ReplaceAll(raw.body, "#/components/schemas/", "#/$defs/")
	if err := json.Unmarshal([]byte(text), &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Fatalf("%v %s", err, doc.OpenAPI)
	}
	sample := map[string]string{"id": event, "a": "AZE", "b": "EGY", "n": "1"}
	ids := map[string]bool{}
	checked := 0
	for path, item := range doc.Paths {
		for method, op := range item {
			if ids[op.OperationID] {
				t.Errorf("%s twice", op.OperationID)
			}
			ids[op.OperationID] = true
			for seg := range strings.SplitSeq(path, "/") {
				name := strings.Trim(seg, "{}")
				if name != seg && !slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == name && p.In == "path" && p.Required }) {
					t.Errorf("%s: {%s} is not among the parameters", path, name)
				}
			}
			if method != "get" || op.OperationID == "getReportText" || op.OperationID == "getBrief" {
				continue
			}
			url := path
			for name, v := range sample {
				switch {
				case strings.HasSuffix(path, "/claims/{id}"):
					v = s.someClaim()
				case strings.HasSuffix(path, "/reports/{id}"):
					v = "b"
				}
				url = strings.Replace(url, "{"+name+"}", v, 1)
			}
			if op.OperationID == "search" {
				url += "?q=met"
			}
			a := s.ask("GET", url, "").is(t, 200)
			valid(t, op, "200", doc.Components.Schemas, a)
			checked++
		}
	}
	if checked < 12 {
		t.Errorf("only %d answers were held to their schema", checked)
	}
	for path, body := range map[string]string{"/reports": "AZE met IRN on 2026-01-01.", "/reviews": `{"claim": "` + s.someClaim() + `", "verdict": "accept"}`} {
		a := s.post(path, body).is(t, 201)
		valid(t, doc.Paths[api.Prefix+path]["post"], "201", doc.Components.Schemas, a)
	}
	valid(t, doc.Paths[api.Prefix+"/code"]["post"], "200", doc.Components.Schemas, s.post("/code", "AZE met IRN on 2026-01-01.").is(t, 200))
}

type operation struct {
	OperationID string `json:"operationId"`
	Parameters  []parameter
	Responses   map[string]struct {
		Content map[string]struct{ Schema json.RawMessage }
	}
}

type parameter struct {
	Name, In string
	Required bool
}

// valid holds an answer to the schema of its operation; a field that no schema
// names is a fault of the schema.
func valid(t *testing.T, op operation, status string, defs map[string]json.RawMessage, a answer) {
	t.Helper()
	content := op.Responses[status].Content["application/json"].Schema
	if content == nil {
		t.Errorf("%s has no schema", op.OperationID)
		return
	}
	var whole map[string]any
	if err := json.Unmarshal(content, &whole); err != nil {
		t.Fatal(err)
	}
	strict := map[string]any{}
	for name, def := range defs {
		var d map[string]any
		if err := json.Unmarshal(def, &d); err != nil {
			t.Fatal(err)
		}
		d["additionalProperties"] = false
		strict[name] = d
	}
	whole["$defs"] = strict
	b, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatalf("%s: %v", op.OperationID, err)
	}
	if err := resolved.Validate(decode[any](t, a)); err != nil {
		t.Errorf("%s: %v\n%.1500s", op.OperationID, err, a.body)
	}
}

// TestTryPage: the page runs under the server's own policy: no script or style
// stands in it, and nothing comes from elsewhere.
func TestTryPage(t *testing.T) {
	s := open(t)
	for path, want := range map[string]string{"/": "text/html", "/try.js": "text/javascript", "/try.css": "text/css"} {
		a := s.get(path).is(t, 200)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), want) || strings.Contains(a.body, "http://") || strings.Contains(a.body, "https://") {
			t.Errorf("%s: %s", path, a.Header.Get("Content-Type"))
		}
		if strings.Contains(a.body, " style=") || strings.Contains(a.body, " onclick=") || strings.Contains(a.body, "innerHTML") || strings.Contains(a.body, "<script>") {
			t.Errorf("%s holds what the policy forbids", path)
		}
	}
	if u, err := url.Parse(s.ask("GET", api.Prefix, "").Header.Get("Location")); err != nil || u.Path != api.Prefix+"/" {
		t.Errorf("%v %v", u, err)
	}
}
