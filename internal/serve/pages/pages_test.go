package pages

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/record"
	"rapport/internal/serve/access"
)

func ask(t *testing.T, h http.Handler, method, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, target, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(t *testing.T, h http.Handler, target string, status int) string {
	t.Helper()
	w := ask(t, h, "GET", target, nil)
	if w.Code != status {
		t.Errorf("%s: status %d, want %d\n%.300s", target, w.Code, status, w.Body)
	}
	return w.Body.String()
}

// harmless reports what in a page could run as a script, or asks elsewhere.
func harmless(t *testing.T, where, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	ids := map[string]bool{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "script":
				if n.FirstChild != nil || !strings.HasPrefix(attr(n, "src"), "/assets/") {
					t.Errorf("%s: a script that is not ours: %v", where, n.Attr)
				}
			case "style", "iframe", "object", "embed", "base", "b", "img", "frame", "meta":
				if n.Data == "b" && len(n.Attr) == 0 && n.FirstChild != nil || n.Data == "meta" && attr(n, "http-equiv") == "" {
					break
				}
				t.Errorf("%s: has a %s", where, n.Data)
			}
			for _, a := range n.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
					t.Errorf("%s: %s has %s=%q", where, n.Data, a.Key, a.Val)
				case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction":
					if !strings.HasPrefix(v, "/") && !strings.HasPrefix(v, "#") && !strings.HasPrefix(v, "https://example.org/") || strings.HasPrefix(v, "//") {
						t.Errorf("%s: %s leads to %q", where, n.Data, a.Val)
					}
				case a.Key == "id":
					if ids[a.Val] {
						t.Errorf("%s: two elements are called %q", where, a.Val)
					}
					ids[a.Val] = true
				}
			}
		}
		if n.Type == html.TextNode && n.Parent.Data != "textarea" && strings.ContainsFunc(n.Data, hidden) {
			t.Errorf("%s: has a character that acts instead of being seen: %q", where, n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TestHostileReports: nothing that a report, a reviewer or an address brings runs
// on any page.
func TestHostileReports(t *testing.T) {
	f := newFixture(t)
	if _, err := f.rec.AddReview(t.Context(), record.Review{Claim: f.claims[1].ID, Verdict: record.Accept, Author: hostileName, Time: hostileNote, Note: hostileNote}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.rec.Decide(t.Context(), record.Decision{Same: true, Pairs: [][2]string{{f.claims[0].ID, f.claims[2].ID}}, Note: hostileNote, Author: hostileName, Time: "2024-07-01T00:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	for _, a := range f.addresses() {
		w := ask(t, f.pages, "GET", a, nil)
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", a, w.Code)
		}
		harmless(t, a, w.Body.String())
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", a, csp)
		}
	}
	bad := url.QueryEscape(`"><script>alert(1)</script>`)
	for _, a := range []string{"/search?q=" + bad, "/event?id=" + bad, "/report?id=" + bad, "/party?id=" + bad, "/place?id=" + bad, "/outlet?id=" + bad, "/rule?id=" + bad, "/code?id=" + bad, "/review?claim=" + bad,
		"/review?done=" + bad + "&was=accept&skip=" + bad, "/FRA/TUR/" + bad, "/" + bad, "/" + bad + "/" + bad, "/FRA/TUR/timeline?type=" + bad + "&outlet=" + bad + "&status=" + bad, "/FRA/TUR?from=" + bad,
		"/login?next=javascript:alert(1)", "/login?next=//evil.example", "/login?next=/\\evil.example", "/%zz", "/assets/x/../../pages.go", "/FRA/TUR/brief.html"} {
		r := httptest.NewRequest("GET", "/", nil)
		u, err := url.Parse(a)
		if err != nil { // as it may come over the wire
			u = &url.URL{Path: a, RawPath: a}
		}
		r.URL = u
		w := httptest.NewRecorder()
		f.pages.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s: status %d", a, w.Code)
		}
		if a != "/FRA/TUR/brief.html" { // has its own policy: briefs' tests look at it
			harmless(t, a, w.Body.String())
		} else if strings.Contains(w.Body.String(), "<script") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", a, w.Header())
		}
	}
	page := ask(t, f.pages, "POST", "/try", url.Values{"text": {`They <script>alert("x")</script> met` + turned + `. </textarea><script>alert(1)</script>`}, "published": {"2024-02-02"}}).Body.String()
	harmless(t, "/try", page)
	if !strings.Contains(page, "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;") {
		t.Error("what was pasted is not shown")
	}
}

// TestPagesSay: each page says what it is for.
func TestPagesSay(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		path string
		want []string
	}{
		{"/", []string{"4 reports", `href="/feeds/events.atom"`, `href="/feeds/events.ics"`, `href="/api/v1/"`, "France and Türkiye", `href="/FRA/TUR"`, "World Wire"}},
		{"/search?q=turkey+france", []string{`href="/FRA/TUR"`, `href="/TUR"`}},
		{"/search?q=unlu", []string{`/party/Bo%20%C3%9Cnl%C3%BC`}},
		{"/search?q=saturday", []string{"<mark>Saturday</mark>", "/report/plain#c-"}},
		{"/FRA/TUR", []string{"At a glance", "Last visit", "tempo.svg", "brief.pdf", "Tempo of France and Türkiye by quarter"}},
		{"/FRA/TUR/visits", []string{"2022", "Türkiye"}},
		{"/FRA/TUR/agreements", []string{"treaty on fishing"}},
		{"/FRA/TUR/trade", []string{"3 million euros"}},
		{"/FRA/TUR/frictions", []string{"Ankara shut"}},
		{"/FRA/TUR/timeline?type=SANCTION", []string{"1 event of 5", "Ankara shut"}},
		{"/FRA/TUR/timeline?outlet=World+Wire&from=2021&to=2021", []string{"1 event,", "signed"}},
		{"/FRA", []string{"1 relation of France", "Codes", "FRA"}},
		{pathTo("party", "Bo Ünlü"), []string{"4 events", "/TUR"}},
		{pathTo("place", hostilePlace), []string{"1 event", "34.00, -6.80"}},
		{"/outlet/World%20Wire", []string{"2 reports", "Presidents meet"}},
		{"/event/" + mergedEvent, []string{"2 sources", "The two presidents met on Saturday.", "differs", "told nearer the day", "same day", "other years", "Undo the merge"}},
		{"/report/plain", []string{"2 claims", `class="mk" href="#claim-1"`, "Where it was published", "told by 2 sources", `<a href="/rule?id=what%2Fconsult.meet">`, "<code>when/&lt;script&gt;"}},
		{"/review", []string{"Ankara shut", "in doubt to 60 %", `value="accept"`, "Next in the queue"}},
		{"/code/CONSULT", []string{"CONSULT"}},
		{"/rule/what/consult.meet", []string{"rule of what/consult.meet"}},
	} {
		page := get(t, f.pages, c.path, http.StatusOK)
		for _, w := range c.want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: does not say %q", c.path, w)
			}
		}
	}
	for path, to := range map[string]string{"/TUR/FRA": "/FRA/TUR", "/france": "/FRA", "/fra-tur": "/FRA/TUR", "/turkey/france/visits?from=2020": "/FRA/TUR/visits?from=2020", "/search?q=france+turkey&go": "/FRA/TUR", "/place/France": "/FRA"} {
		if w := ask(t, f.pages, "GET", path, nil); w.Code != http.StatusFound || w.Header().Get("Location") != to {
			t.Errorf("%s: %d to %q, want %q", path, w.Code, w.Header().Get("Location"), to)
		}
	}
	for _, path := range []string{"/nowhere", "/DEU", "/DEU/FRA", "/FRA/TUR/nothing", "/event/x", "/report/x", "/party/x", "/place/x", "/outlet/x", "/code/XYZZY", "/review/nothing", "/a/b/c/d"} {
		get(t, f.pages, path, http.StatusNotFound)
	}
	get(t, f.pages, "/FRA/TUR?from=yesterday", http.StatusBadRequest)
	if w := ask(t, f.pages, "DELETE", "/", nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d", w.Code)
	}
}

// TestCaptions: a report's page says when it was changed, and which words stood
// with pictures.
func TestCaptions(t *testing.T) {
	f := newFixture(t)
	text := "The envoys of France met. É.\n\nThe harbour <i>at dusk</i>."
	rep := rapport.Report{ID: "changed", Text: text, Published: "2024-02-01", Modified: "2024-02-03", Captions: []rapport.Span{{Start: strings.Index(text, "The harbour"), End: len(text)}}}
	if _, err := f.rec.Keep(t.Context(), rep, nil, "toy 1"); err != nil {
		t.Fatal(err)
	}
	page := get(t, f.pages, "/report/changed", http.StatusOK)
	if !strings.Contains(page, "changed on 3 February 2024") {
		t.Error("does not say when the report was changed")
	}
	if strings.Count(page, `class="beside"`) != 1 || !strings.Contains(page, "With a picture: </span><span data-o=\"30\">The harbour &lt;i&gt;at dusk") {
		t.Errorf("the caption is not marked: %s", page[strings.Index(page, "The envoys"):][:300])
	}
	if other := get(t, f.pages, "/report/plain", http.StatusOK); strings.Contains(other, "changed on") || strings.Contains(other, "With a picture") {
		t.Error("a report without a change and captions tells of them")
	}
}

// TestFiles: each picture and each brief can be saved.
func TestFiles(t *testing.T) {
	f := newFixture(t)
	for path, begin := range map[string]string{"/FRA/TUR/brief.md": "# France and Türkiye", "/FRA/TUR/brief.html": "<!DOCTYPE html>", "/FRA/TUR/brief.docx": "PK", "/FRA/TUR/brief.pdf": "%PDF", "/FRA/TUR/brief.json": "{",
		"/FRA/TUR/tempo.svg": "<svg", "/FRA/TUR/tempo.csv": "quarter,events", "/FRA/TUR/timeline.csv": "", "/map.svg": "<svg", "/map.csv": "a,b,"} {
		w := ask(t, f.pages, "GET", path, nil)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), begin) || w.Body.Len() < 20 {
			t.Errorf("%s: %d %.60q", path, w.Code, w.Body)
		}
		if strings.HasSuffix(path, ".svg") {
			harmless(t, path, w.Body.String())
		}
		if strings.HasSuffix(path, ".csv") {
			if rows, err := csv.NewReader(w.Body).ReadAll(); err != nil || len(rows) < 2 {
				t.Errorf("%s: %d rows, %v", path, len(rows), err)
			}
		}
	}
	get(t, f.pages, "/FRA/TUR/brief.exe", http.StatusNotFound)
	get(t, f.pages, "/DEU/FRA/brief.md", http.StatusNotFound)
}

// TestKept: a page comes from those kept until the record is written, and is then
// another.
func TestKept(t *testing.T) {
	f := newFixture(t)
	first := ask(t, f.pages, "GET", "/FRA/TUR/timeline", nil)
	tag := first.Header().Get("ETag")
	again := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/FRA/TUR/timeline", nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		f.pages.ServeHTTP(w, r)
		return w
	}
	if w := again(); tag == "" || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("the same page again: %d, tag %q", w.Code, tag)
	}
	if _, err := f.rec.AddReview(t.Context(), record.Review{Claim: f.claims[1].ID, Verdict: record.Reject, Author: "ann", Time: "2024-07-01T00:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	if err := f.rec.SetEvents(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if w := again(); w.Code != http.StatusOK || w.Header().Get("ETag") == tag {
		t.Errorf("after a writing: %d", w.Code)
	}
}

// TestReview: accept, correct, reject and undo, each kept with who and when.
func TestReview(t *testing.T) {
	f := newFixture(t)
	id := f.claims[1].ID
	say := func(h http.Handler, path string, form url.Values, status int) string {
		t.Helper()
		w := ask(t, h, "POST", path, form)
		if w.Code != status {
			t.Fatalf("%s %v: %d, want %d: %.400s", path, form, w.Code, status, w.Body)
		}
		return w.Header().Get("Location")
	}
	reviews := func() []record.Review {
		t.Helper()
		vs, err := f.rec.Reviews(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return vs
	}
	to := say(f.pages, "/review/claim/"+id, url.Values{"verdict": {"accept"}, "note": {"sure"}}, http.StatusSeeOther)
	vs := reviews()
	if len(vs) != 1 || vs[0].Verdict != record.Accept || vs[0].Author != "ann" || vs[0].Time != "2024-07-01T12:00:00.000Z" || vs[0].Note != "sure" || f.merged != 1 {
		t.Fatalf("%+v, merged %d", vs, f.merged)
	}
	page := get(t, f.pages, to, http.StatusOK)
	if !strings.Contains(page, "Accepted.") || strings.Contains(page, "claim/"+id) {
		t.Error("the next page does not say so, or asks for the same claim again")
	}
	to = say(f.pages, "/review/undo", url.Values{"id": {"r1"}}, http.StatusSeeOther)
	if vs = reviews(); len(vs) != 2 || vs[1].Verdict != record.Undo || !strings.Contains(to, id) {
		t.Fatalf("undone: %+v to %s", vs, to)
	}
	form := url.Values{"verdict": {"correct"}, "event": {"THREATEN"}, "mode": {""}, "about": {""}, "about_date": {""}, "date": {"2023-06-02"}, "status": {"actual"}, "cameo": {"163"}, "context": {"diplomatic, economic"},
		"actor-0-country": {"Türkiye"}, "actor-0-sector": {"gov"}, "actor-0-name": {"Bo Ünlü"}, "actor-0-office": {"Minister"}, "actor-1-country": {""}, "recipient-0-country": {"FRA"}, "recipient-0-sector": {"LEG"}, "recipient-0-name": {""},
		"speaker-0-country": {""}, "place": {"Ankara"}, "place-country": {"TUR"}}
	say(f.pages, "/review/claim/"+id, form, http.StatusSeeOther)
	c := f.stored(t, id)
	if c.Event != "THREATEN" || c.Date != "2023-06-02" || c.Score != ontology.Score("THREATEN", "") || c.Quad != 3 || c.CAMEO == "163" || c.Actor[0].Office != "Minister" || len(c.Actor) != 1 ||
		c.Recipient[0].Sector != "LEG" || c.Recipient[0].Name != "" || c.Speaker != nil || c.Place == nil || c.Place.Name != "Ankara" || !slices.Equal(c.Context, []string{"diplomatic", "economic"}) {
		t.Errorf("corrected to %+v", c)
	}
	if err := c.Check(""); err != nil || c.Evidence != f.claims[1].Evidence {
		t.Errorf("the evidence changed: %v", err)
	}
	form.Set("actor-0-country", "Atlantis")
	say(f.pages, "/review/claim/"+id, form, http.StatusBadRequest)
	say(f.pages, "/review/claim/"+id, url.Values{"verdict": {"correct"}}, http.StatusBadRequest) // nothing changed
	say(f.pages, "/review/claim/"+id, url.Values{"verdict": {"maybe"}}, http.StatusBadRequest)
	say(f.pages, "/review/claim/nothing", url.Values{"verdict": {"accept"}}, http.StatusNotFound)
	if to := say(f.pages, "/review/claim/"+id, url.Values{"verdict": {"next"}, "skip": {"x"}}, http.StatusSeeOther); to != "/review?skip=x%2C"+id {
		t.Errorf("next leads to %s", to)
	}

	bob := f.as(access.User{Name: "bob", Roles: []access.Role{access.Admin}}, Config{})
	page = get(t, bob, "/review/second", http.StatusOK)
	if !strings.Contains(page, "claim/"+id) || strings.Contains(page, "THREATEN – Threaten\" selected") || !strings.Contains(page, `value="SANCTION" selected`) {
		t.Error("a second reviewer does not see the claim as it was coded")
	}
	say(bob, "/review/claim/"+id, url.Values{"verdict": {"reject"}, "mode-of-review": {"second"}}, http.StatusSeeOther)
	page = get(t, f.pages, "/review/agreement", http.StatusOK)
	if !strings.Contains(page, "ann and bob") || !strings.Contains(page, "0 %") {
		t.Error("their agreement is not shown")
	}
	w := ask(t, f.pages, "GET", "/review/gold.zip", nil)
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil || len(z.File) != 1 {
		t.Errorf("gold: %v", err)
	}

	for name, h := range map[string]http.Handler{"a reader": f.as(access.User{Name: "eve", Roles: []access.Role{access.Read}}, Config{}), "nobody": f.as(access.User{}, Config{})} {
		for _, path := range []string{"/review/claim/" + id, "/review/undo", "/event/" + mergedEvent} {
			if w := ask(t, h, "POST", path, url.Values{"verdict": {"accept"}, "id": {"r1"}}); w.Code != http.StatusForbidden {
				t.Errorf("%s posts to %s: %d", name, path, w.Code)
			}
		}
		if page := get(t, h, "/review", http.StatusOK); strings.Contains(page, `value="accept"`) {
			t.Errorf("%s is offered to decide", name)
		}
		if w := ask(t, h, "GET", "/review/gold.zip", nil); w.Code != http.StatusForbidden {
			t.Errorf("%s saves the export: %d", name, w.Code)
		}
	}
	r := httptest.NewRequest("POST", "/review/claim/"+id, strings.NewReader("verdict=accept"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	cross := httptest.NewRecorder()
	f.pages.ServeHTTP(cross, r)
	if cross.Code != http.StatusForbidden {
		t.Errorf("another site's form: %d", cross.Code)
	}
}

// TestPart: a merge is undone, and the undoing too.
func TestPart(t *testing.T) {
	f := newFixture(t)
	w := ask(t, f.pages, "POST", "/event/"+mergedEvent, url.Values{"note": {"two meetings"}})
	ds, err := f.rec.Decisions(t.Context())
	if w.Code != http.StatusSeeOther || err != nil || len(ds) != 1 || ds[0].Same || len(ds[0].Pairs) != 1 || ds[0].Author != "ann" || ds[0].Note != "two meetings" {
		t.Fatalf("%d %+v %v: %s", w.Code, ds, err, w.Body)
	}
	if page := get(t, f.pages, "/event/"+mergedEvent, http.StatusOK); !strings.Contains(page, "judged not to be one event") || !strings.Contains(page, "two meetings") {
		t.Error("the decision is not shown")
	}
	if w = ask(t, f.pages, "POST", "/review/undo", url.Values{"id": {"d1"}, "back": {"/event/" + mergedEvent}}); w.Header().Get("Location") != "/event/"+mergedEvent {
		t.Errorf("undone: %d to %s", w.Code, w.Header().Get("Location"))
	}
	if w = ask(t, f.pages, "POST", "/event/"+mergedEvent, url.Values{"claim": f.claimsOf(mergedEvent, t)}); w.Code != http.StatusBadRequest {
		t.Errorf("all claims named: %d", w.Code)
	}
}

func (f *fixture) claimsOf(event string, t *testing.T) []string {
	e, err := f.rec.Event(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return e.Claims
}

// TestKappa holds the figure to examples computed by hand.
func TestKappa(t *testing.T) {
	for _, c := range []struct {
		table        [3][3]int
		share, kappa float64
		sure         bool
	}{
		{[3][3]int{{20, 0, 5}, {0, 0, 0}, {10, 0, 15}}, 0.7, 0.4, true}, // Cohen's textbook case of two classes
		{[3][3]int{{5, 0, 0}, {0, 5, 0}, {0, 0, 5}}, 1, 1, true},
		{[3][3]int{{9, 0, 0}, {0, 0, 0}, {0, 0, 0}}, 1, 0, false},
		{[3][3]int{}, 0, 0, false},
	} {
		share, k, sure := kappa(c.table)
		if math.Abs(share-c.share) > 1e-9 || math.Abs(k-c.kappa) > 1e-9 || sure != c.sure {
			t.Errorf("%v: %v %v %v, want %v %v %v", c.table, share, k, sure, c.share, c.kappa, c.sure)
		}
	}
}

// TestQueue: of two claims as uncertain the one on which more hangs comes first,
// and of two as important the less certain.
func TestQueue(t *testing.T) {
	base := rapport.Claim{Event: "CONSULT", Quad: 1, Score: 2.5, Status: rapport.Actual, Confidence: 0.5, Actor: []rapport.Party{{Country: "FRA"}}, Recipient: []rapport.Party{{Country: "TUR"}}}
	force, sure, many := base, base, base
	force.Quad, force.Score = 4, -9
	sure.Confidence = 0.9
	if weigh(force, 1).weight <= weigh(base, 1).weight || weigh(sure, 1).weight >= weigh(base, 1).weight || weigh(many, 5).weight >= weigh(base, 1).weight {
		t.Errorf("weights %v %v %v %v", weigh(base, 1), weigh(force, 1), weigh(sure, 1), weigh(many, 5))
	}
}

// TestPieces: a report's text is cut and shown whole, each highlight where its
// claim's evidence stands, counted as scripts count.
func TestPieces(t *testing.T) {
	text := "𝔘 ab. Cd ef.\nGh."
	span := func(s string) rapport.Span {
		i := strings.Index(text, s)
		return rapport.Span{Start: i, End: i + len(s)}
	}
	claims := []rapport.Claim{{Evidence: rapport.Evidence{Span: span("ab. Cd ef.")}, Quad: 1}, {Evidence: rapport.Evidence{Span: span("Cd ef.")}, Quad: 4, Also: []rapport.Span{span("Gh.")}}}
	paras := pieces(text, claims, offsets(text))
	var all strings.Builder
	for i, p := range paras {
		if i > 0 {
			all.WriteByte('\n')
		}
		for _, x := range p.Pieces {
			all.WriteString(x.Text)
		}
	}
	if all.String() != text || len(paras) != 2 {
		t.Fatalf("%q in %d paragraphs", all.String(), len(paras))
	}
	first := paras[0].Pieces
	if len(first) != 3 || !slices.Equal(first[1].Cards, []int{1}) || !slices.Equal(first[2].Cards, []int{1, 2}) || !slices.Equal(first[2].Marks, []int{1, 2}) || first[1].From != 3 || first[2].From != 7 {
		t.Errorf("%+v", first)
	}
	if last := paras[1].Pieces[0]; !last.Also || !slices.Equal(last.Marks, []int{2}) {
		t.Errorf("%+v", last)
	}
}

// TestWorld holds the table of outlines.
func TestWorld(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range lands() {
		if seen[l.code] || len(l.code) != 3 || l.x < 0 || l.x > 1000 || l.y < 0 || l.y > 460 || strings.Trim(l.path, "Mlz 0123456789-") != "" {
			t.Errorf("%s stands at %v, %v", l.code, l.x, l.y)
		}
		seen[l.code] = true
	}
	for _, c := range []string{"USA", "CHN", "EGY", "AZE", "SGP", "XKX", "TUR", "FRA", "NOR", "PSE"} {
		if !seen[c] {
			t.Errorf("%s has no place on the map", c)
		}
	}
	if len(seen) < 200 {
		t.Errorf("only %d countries", len(seen))
	}
}

// TestThousands and the other words of numbers.
func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 2000000: "2,000,000"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if count(1, "copy") != "1 copy" || count(2, "copy") != "2 copies" || count(1200, "event") != "1,200 events" {
		t.Error("counts are worded wrongly")
	}
}
