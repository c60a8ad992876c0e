package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/internal/merge"
	"rapport/internal/record"
	"rapport/internal/serve"
	"rapport/internal/serve/access"
	"rapport/internal/serve/api"
)

// toy stands for the language model: "AZE met EGY on 2024-06-08." is a claim.
type toy struct {
	rec  *record.Record
	mu   sync.Mutex
	hold chan struct{} // where not nil, Add waits for it to be closed before it keeps
	held chan struct{} // closed when Add waits
}

var met = regexp.MustCompile(`([A-Z]{3}) (met|accused) ([A-Z]{3})[^.]*?(?: on (\d{4}-\d{2}-\d{2}))?[^.]*\.`)

func (p *toy) Code(_ context.Context, rep *rapport.Report) ([]rapport.Claim, []string, error) {
	if strings.Contains(rep.Text, "UNCODABLE") {
		return nil, nil, &rapport.Error{Kind: rapport.BadInput, Where: rep.ID, What: "cannot be coded"}
	}
	var out []rapport.Claim
	for i, m := range met.FindAllStringSubmatchIndex(rep.Text, -1) {
		word := func(k int) string {
			if m[2*k] < 0 {
				return ""
			}
			return rep.Text[m[2*k]:m[2*k+1]]
		}
		c := rapport.Claim{Report: rep.ID, Event: "CONSULT", CAMEO: "040", Status: rapport.Actual, Date: rapport.Date(word(4)), Quad: 1, Score: 2.5, Confidence: 0.8, Coder: "toy 1",
			Actor: []rapport.Party{{Country: word(1), Sector: "GOV"}}, Recipient: []rapport.Party{{Country: word(3), Sector: "GOV"}}, Context: []string{"diplomatic"},
			Evidence: rapport.Evidence{Sentence: i, Span: rapport.Span{Start: m[0], End: m[1]}, Text: rep.Text[m[0]:m[1]]}}
		if word(2) == "accused" {
			c.Event, c.CAMEO, c.Quad, c.Score = "ACCUSE", "112", 3, -4
		}
		c.SetID(rapport.HashText(rep.Text))
		out = append(out, c)
	}
	return out, []string{"read by a toy"}, nil
}

func (p *toy) Add(ctx context.Context, reports []rapport.Report, told func(api.Added)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, rep := range reports {
		claims, notes, err := p.Code(ctx, &rep)
		a := api.Added{Report: rep, Notes: notes, Err: err}
		if p.hold != nil {
			close(p.held)
			<-p.hold
			p.hold = nil
		}
		if err == nil {
			a.Kept, a.Err = p.rec.Keep(ctx, rep, claims, "toy 1")
			a.Claims = len(claims)
		}
		told(a)
	}
	return p.merge(ctx)
}

func (p *toy) Merge(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.merge(ctx)
}

func (p *toy) merge(ctx context.Context) error {
	var cs []rapport.Claim
	for c, err := range p.rec.AllClaims(ctx) {
		if err != nil {
			return err
		}
		cs = append(cs, c)
	}
	reports := map[string]rapport.Report{}
	for rep, err := range p.rec.Reports(ctx, record.ReportFilter{}) {
		if err != nil {
			return err
		}
		reports[rep.ID] = rep
	}
	persons, err := p.rec.PersonJudgements(ctx)
	if err != nil {
		return err
	}
	js := merge.Judge(cs, reports)
	if err := p.rec.SetJudgements(ctx, js); err != nil {
		return err
	}
	return p.rec.SetEvents(ctx, merge.Events(cs, reports, append(js, persons...)))
}

// site is a served record.
type site struct {
	*testing.T
	conf   *serve.Config
	server *httptest.Server
	rec    *record.Record
	store  *access.Store
	toy    *toy
	client *http.Client
	clock  *clock
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// texts are the reports that every site begins with.
var texts = []rapport.Report{
	{ID: "a", Title: "Baku", Text: "AZE met EGY in Baku on 2024-06-08. Nothing else happened.", Outlet: "Wire A", Published: "2024-06-09", URL: "https://example.org/a"},
	{ID: "b", Title: "Cairo", Text: "In Cairo it was said that AZE met EGY on 2024-06-08. EGY accused TUR of it on 2024-06-09.", Outlet: "Wire B", Published: "2024-06-10"},
	{ID: "c", Title: "Later", Text: "TUR met EGY on 2024-07-01. GRC met TUR on 2024-07-02. GRC accused TUR.", Outlet: "Wire A", Published: "2024-07-03"},
}

// open serves a record; change may alter how before that.
func open(t *testing.T, change ...func(*serve.Config, *api.Config)) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{T: t, clock: &clock{t: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}}
	var err error
	if s.rec, err = record.Open(t.Context(), filepath.Join(dir, "r.db"), record.Options{Create: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.rec.Close() })
	if s.store, err = access.Open(t.Context(), access.Beside(s.rec.Path()), s.clock.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	s.toy = &toy{rec: s.rec}
	if err := s.toy.Add(t.Context(), texts, func(a api.Added) {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	t.Cleanup(func() {
		if logged.Len() > 0 {
			t.Logf("log: %s", &logged)
		}
	})
	log := slog.New(slog.NewTextHandler(&logged, nil))
	s.conf = &serve.Config{Addr: "127.0.0.1:0", Log: log, Guard: access.Config{Store: s.store, Now: s.clock.now}}
	ac := api.Config{Record: s.rec, Pipeline: s.toy, Store: s.store, Now: s.clock.now, Version: "test", Log: log}
	for _, f := range change {
		f(s.conf, &ac)
	}
	s.conf.Mounts = append(s.conf.Mounts, serve.Mount{Pattern: api.Prefix + "/", Handler: api.New(ac)})
	s.server = httptest.NewServer(s.conf.Handler())
	t.Cleanup(s.server.Close)
	s.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

// ask sends a request; header is "Name: value" lines.
func (s *site) ask(method, path, body string, header ...string) answer {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.server.URL+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
		}
		req.Header.Add(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer{res, string(b)}
}

func (s *site) get(path string, header ...string) answer {
	s.Helper()
	return s.ask("GET", api.Prefix+path, "", header...)
}

func (s *site) post(path, body string, header ...string) answer {
	s.Helper()
	return s.ask("POST", api.Prefix+path, body, header...)
}

// is fails the test unless the answer has a status.
func (a answer) is(t testing.TB, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %.500s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.body)
	}
	if status >= 400 {
		var p struct {
			Type, Title, Detail, Try string
			Status                   int
		}
		if err := json.Unmarshal([]byte(a.body), &p); a.Header.Get("Content-Type") != "application/problem+json" || err != nil || p.Status != status || p.Detail == "" || p.Title == "" {
			t.Errorf("%s %s: no problem: %v %s", a.Request.Method, a.Request.URL, err, a.body)
		}
	}
	return a
}

// decode reads the answer's JSON.
func decode[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%s: %v: %.300s", a.Request.URL, err, a.body)
	}
	return v
}

type page struct {
	Items []map[string]any `json:"items"`
	Next  string           `json:"next"`
}

// ids lists a field of the items.
func (p page) ids(field string) string {
	var out []string
	for _, it := range p.Items {
		out = append(out, fmt.Sprint(it[field]))
	}
	return strings.Join(out, " ")
}

// locked has a site ask for logins: anna may read and review, bob everything.
func locked(c *serve.Config, _ *api.Config) { c.Login = true }

const annaSays, bobSays = "correct horse battery staple", "another long enough password"

func (s *site) accounts() {
	s.Helper()
	for _, a := range []struct {
		name, password string
		roles          []access.Role
	}{{"anna", annaSays, []access.Role{access.Read, access.Review}}, {"bob", bobSays, []access.Role{access.Admin}}} {
		if err := s.store.SetAccount(s.Context(), a.name, a.password, a.roles); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *site) token(account string, scopes ...access.Role) string {
	s.Helper()
	text, _, err := s.store.NewToken(s.Context(), account, "", scopes, s.clock.now().Add(24*time.Hour))
	if err != nil {
		s.Fatal(err)
	}
	return "Authorization: Bearer " + text
}
