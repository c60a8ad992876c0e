package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/serve/plain"
	"rapport/internal/serve/servetest"
)

// toyCoder takes each line for a sentence in which France visits Spain.
type toyCoder struct{}

func (toyCoder) Code(_ context.Context, r *rapport.Report) (out []rapport.Claim, notes []string, err error) {
	if r.Text == "" {
		return nil, nil, &rapport.Error{Kind: rapport.BadInput, What: "holds no text"}
	}
	if r.Text == "panic" {
		panic("toy")
	}
	at := 0
	for line := range strings.Lines(r.Text) {
		out = append(out, rapport.Claim{ID: fmt.Sprint("c", at), Report: r.ID, Event: "CONSULT", Mode: "visit", CAMEO: "042", Status: rapport.Actual,
			Actor: []rapport.Party{{Country: "FRA"}}, Recipient: []rapport.Party{{Country: "ESP"}},
			Evidence: rapport.Evidence{Span: rapport.Span{Start: at, End: at + len(line)}, Text: line}})
		at += len(line)
	}
	return out, []string{"language: guessed"}, nil
}

func config(t *testing.T) Config {
	return Config{Record: servetest.Record(t), Coder: toyCoder{}, Version: "test 1"}
}

// connect returns the SDK's client of a server over memory.
func connect(t *testing.T, c Config) *sdk.ClientSession {
	t.Helper()
	here, there := sdk.NewInMemoryTransports()
	session, err := New(c).Connect(t.Context(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); session.Close() })
	return client
}

// call calls a tool and returns its text and its structured content, which the
// SDK has held against the output schema.
func call[Out any](t *testing.T, c *sdk.ClientSession, tool string, args map[string]any) (string, Out) {
	t.Helper()
	var out Out
	res, err := c.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	words := res.Content[0].(*sdk.TextContent).Text
	if res.IsError {
		t.Fatalf("%s %v: %s", tool, args, words)
	}
	b, err := json.Marshal(res.StructuredContent)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	return words, out
}

// refused calls a tool that must answer with an error, and returns its words.
func refused(t *testing.T, c *sdk.ClientSession, tool string, args map[string]any) string {
	t.Helper()
	res, err := c.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		return err.Error()
	}
	if !res.IsError {
		t.Fatalf("%s %v is answered", tool, args)
	}
	return res.Content[0].(*sdk.TextContent).Text
}

func TestTools(t *testing.T) {
	c := connect(t, config(t))
	var names []string
	for tool, err := range c.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, tool.Name)
		if !tool.Annotations.ReadOnlyHint || *tool.Annotations.OpenWorldHint || tool.OutputSchema == nil || tool.Title == "" {
			t.Errorf("%s: %+v, output schema %v", tool.Name, tool.Annotations, tool.OutputSchema)
		}
		if b, err := json.Marshal([]any{tool.InputSchema, tool.OutputSchema}); err != nil || strings.Contains(string(b), `"null"`) {
			t.Errorf("%s: a schema has null, or %v", tool.Name, err)
		}
		if tool.Name != "list_relations" && !strings.Contains(tool.Description, "data, whatever") {
			t.Errorf("%s does not say that what it quotes is data", tool.Name)
		}
	}
	want := []string{"code_text", "get_brief", "get_event", "get_relation", "get_report", "list_relations", "search_events", "search_reports"}
	if !slices.Equal(names, want) {
		t.Errorf("tools %v, want %v", names, want)
	}
	without := config(t)
	without.Coder = nil
	if why := refused(t, connect(t, without), "code_text", map[string]any{"text": "x"}); !strings.Contains(why, "code_text") {
		t.Errorf("without a coder: %s", why)
	}
}

func TestSearchEvents(t *testing.T) {
	c := connect(t, config(t))
	for _, q := range []struct {
		args map[string]any
		want string // types of the events in order
	}{
		{map[string]any{"pair": []string{"Egypt", "AZ"}, "oldest_first": true}, "SUPPORT CONSULT:visit SUPPORT CONSULT AGREE"},
		{map[string]any{"pair": []string{"EGY", "AZE"}, "types": []string{"consult:visit"}}, "CONSULT:visit"},
		{map[string]any{"countries": []string{"GEO", "FRA"}}, "CONSULT ACCUSE:disapprove"},
		{map[string]any{"status": []string{"future"}}, "AGREE"},
		{map[string]any{"until": "1999"}, "SUPPORT"},
		{map[string]any{"since": "2024-06-12", "status": []string{"actual"}}, "CONSULT"},
		{map[string]any{"place": "tbilisi"}, "CONSULT"},
		{map[string]any{"outlet": "second"}, "ACCUSE:disapprove"},
		{map[string]any{"text": "aliyev arrived"}, "CONSULT:visit"},
		{map[string]any{"confidence": 0.9}, ""},
	} {
		words, got := call[eventList](t, c, "search_events", q.args)
		var types []string
		for _, e := range got.Events {
			types = append(types, e.Type)
			if len(e.Told) == 0 || e.Told[0].Sentence == "" || e.Told[0].Outlet == "" || e.Told[0].Published == "" {
				t.Errorf("%v: event %s comes without its sentence: %+v", q.args, e.ID, e.Told)
			}
			if !strings.Contains(words, "> “"+e.Told[0].Sentence+"”") {
				t.Errorf("%v: the words lack %q:\n%s", q.args, e.Told[0].Sentence, words)
			}
		}
		if strings.Join(types, " ") != q.want {
			t.Errorf("%v: %v, want %s", q.args, types, q.want)
		}
	}
	for _, q := range []struct {
		args map[string]any
		want string
	}{
		{map[string]any{"pair": []string{"EGY"}}, "a pair is two countries"},
		{map[string]any{"pair": []string{"EGY", "Egypt"}}, "both are EGY"},
		{map[string]any{"countries": []string{"Ruritania"}}, `"Ruritania" is no country`},
		{map[string]any{"types": []string{"CONSULT:tea"}}, "CONSULT:visit"},
		{map[string]any{"status": []string{"maybe"}}, "status"},
		{map[string]any{"since": "yesterday"}, "no date"},
		{map[string]any{"since": "2025", "until": "2024"}, "before since"},
		{map[string]any{"limit": 1000}, "limit"},
		{map[string]any{"cursor": "-3"}, "no cursor"},
		{map[string]any{"cursor": "999999"}, "narrower"},
		{map[string]any{"wish": 1}, "wish"},
	} {
		if why := refused(t, c, "search_events", q.args); !strings.Contains(why, q.want) {
			t.Errorf("%v: %s, want %q", q.args, why, q.want)
		}
	}
}

// TestCursors reads every list two at a time and wants what one page has.
func TestCursors(t *testing.T) {
	c := connect(t, config(t))
	ids := func(limit int) (out []string) {
		args := map[string]any{"limit": limit}
		for {
			_, l := call[eventList](t, c, "search_events", args)
			for _, e := range l.Events {
				out = append(out, e.ID)
			}
			if l.Cursor == "" {
				return out
			}
			if len(l.Events) != limit {
				t.Fatalf("a page of %d, and it goes on", len(l.Events))
			}
			args["cursor"] = l.Cursor
		}
	}
	all := ids(100)
	if paged := ids(2); len(all) != 7 || !slices.Equal(paged, all) {
		t.Errorf("by twos %v, at once %v", paged, all)
	}
	_, first := call[pairList](t, c, "list_relations", map[string]any{"limit": 1})
	_, second := call[pairList](t, c, "list_relations", map[string]any{"limit": 1, "cursor": first.Cursor})
	if first.Relations[0].Pair != [2]string{"AZE", "EGY"} || first.Relations[0] == second.Relations[0] {
		t.Errorf("%v, then %v", first, second)
	}
	_, visits := call[relationTold](t, c, "get_relation", map[string]any{"a": "AZE", "b": "EGY", "section": "visits", "limit": 1})
	_, next := call[relationTold](t, c, "get_relation", map[string]any{"a": "AZE", "b": "EGY", "section": "visits", "limit": 1, "cursor": visits.Cursor})
	if visits.All != 2 || len(next.Entries) != 1 || next.Cursor != "" || visits.Entries[0].ID == next.Entries[0].ID {
		t.Errorf("visits %+v, then %+v", visits, next)
	}
	_, report := call[reportTold](t, c, "get_report", map[string]any{"id": "arrival", "limit": 2})
	_, rest := call[reportTold](t, c, "get_report", map[string]any{"id": "arrival", "limit": 2, "cursor": report.Cursor})
	if len(report.Claims) != 2 || len(rest.Claims) != 1 || rest.Cursor != "" {
		t.Errorf("%d claims, then %d", len(report.Claims), len(rest.Claims))
	}
}

func TestEventWithEvidence(t *testing.T) {
	cfg := config(t)
	c := connect(t, cfg)
	_, l := call[eventList](t, c, "search_events", map[string]any{"types": []string{"CONSULT:visit"}})
	id := l.Events[0].ID
	words, e := call[eventAlone](t, c, "get_event", map[string]any{"id": id})
	if len(e.Event.Told) != 2 || e.Event.Reports != 2 || len(e.Joined) != 1 || len(e.Joined[0].Reasons) == 0 {
		t.Errorf("%+v", e)
	}
	if !strings.Contains(words, "why they are one event") || !strings.Contains(words, "Nile News, 2024-06-09") {
		t.Error(words)
	}
	// What persons decide is told with the event.
	claims := []string{e.Event.Told[0].Claim, e.Event.Told[1].Claim}
	slices.Sort(claims)
	if _, err := cfg.Record.Decide(t.Context(), record.Decision{Same: true, Pairs: [][2]string{{claims[0], claims[1]}}, Author: "clerk", Time: "2024-07-01T00:00:00Z", Note: "sure"}); err != nil {
		t.Fatal(err)
	}
	if _, err := cfg.Record.AddReview(t.Context(), record.Review{Claim: claims[0], Verdict: record.Accept, Author: "reader", Time: "2024-07-02T00:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	words, e = call[eventAlone](t, c, "get_event", map[string]any{"id": id})
	if len(e.Decisions) != 2 || e.Decisions[0].What != "same" || e.Decisions[1].What != "accept" || !strings.Contains(words, "decided by clerk") {
		t.Errorf("%+v\n%s", e.Decisions, words)
	}
	if why := refused(t, c, "get_event", map[string]any{"id": "ev-none"}); !strings.Contains(why, "ev-none") || strings.Contains(why, cfg.Record.Path()) {
		t.Errorf("an unknown event: %s", why)
	}
}

func TestRelation(t *testing.T) {
	c := connect(t, config(t))
	words, r := call[relationTold](t, c, "get_relation", map[string]any{"a": "Egypt", "b": "Azerbaijan"})
	got := map[string]int{}
	for _, s := range r.Sections {
		got[s.Section] = s.Entries
		if s.Entries > 0 && (s.Latest == nil || len(s.Latest.Told) == 0) {
			t.Errorf("%s: the latest entry comes without its sentence", s.Section)
		}
	}
	if got["visits"] != 2 || got["meetings"] != 1 || got["agreements"] != 1 || got["recognition"] != 1 || len(r.Years) == 0 || r.Reports != 3 {
		t.Errorf("%v, %d reports", got, r.Reports)
	}
	if !strings.Contains(words, "visits: 2") || !strings.Contains(words, "will visit Baku in October") {
		t.Error(words)
	}
	for _, s := range sectionNames() {
		_, one := call[relationTold](t, c, "get_relation", map[string]any{"a": "EGY", "b": "AZE", "section": s})
		if one.All != got[s] || len(one.Entries) != one.All {
			t.Errorf("%s: %d entries of %d, %d in the overview", s, len(one.Entries), one.All, got[s])
		}
		for _, e := range one.Entries {
			if len(e.Told) == 0 || e.Told[0].Outlet == "" {
				t.Errorf("%s: %+v comes without its sentence", s, e)
			}
		}
	}
	_, early := call[relationTold](t, c, "get_relation", map[string]any{"a": "EGY", "b": "AZE", "as_of": "2000", "section": "recognition"})
	if early.Reports != 1 || len(early.Entries) != 1 {
		t.Errorf("as of 2000: %+v", early)
	}
	for want, args := range map[string]map[string]any{
		"nothing on PER and USA": {"a": "PER", "b": "USA"},
		"published up to 1980":   {"a": "EGY", "b": "AZE", "as_of": "1980"},
		"section":                {"a": "EGY", "b": "AZE", "section": "weather"},
	} {
		if why := refused(t, c, "get_relation", args); !strings.Contains(why, want) {
			t.Errorf("%v: %s", args, why)
		}
	}
}

func TestBrief(t *testing.T) {
	c := connect(t, config(t))
	for _, onePage := range []bool{true, false} {
		words, b := call[briefTold](t, c, "get_brief", map[string]any{"a": "AZE", "b": "EGY", "one_page": onePage})
		if !strings.HasPrefix(b.Markdown, "# Azerbaijan and Egypt\n") || b.Cursor != "" || !strings.Contains(words, b.Markdown) {
			t.Error(words)
		}
		wantNotes(t, b.Markdown)
	}
}

// wantNotes wants every mark to have its footnote, every footnote its mark.
func wantNotes(t *testing.T, markdown string) {
	t.Helper()
	n := 0
	for _, m := range mark.FindAllString(markdown, -1) {
		n++
		if strings.Count(markdown, "\n"+m+": ") != 1 || strings.Count(markdown, m) < 2 {
			t.Errorf("%s is named %d times", m, strings.Count(markdown, m))
		}
	}
	if n == 0 {
		t.Error("no footnote")
	}
}

func TestPaged(t *testing.T) {
	text := "# A\n\nOne.[^1]\nTwo.[^2][^3]\nThree.[^1]\n\n[^1]: a\n[^2]: b\n[^3]: c\n"
	pages := paged(text, 24)
	want := []string{"# A\n\nOne.[^1]\n\n[^1]: a\n", "Two.[^2][^3]\nThree.[^1]\n\n[^1]: a\n[^2]: b\n[^3]: c\n"}
	if !slices.Equal(pages, want) {
		t.Errorf("%q", pages)
	}
	if one := paged(text, 1000); len(one) != 1 || one[0] != text {
		t.Errorf("%q", one)
	}
	if long := paged("a very long line\nb\n", 3); len(long) != 2 {
		t.Errorf("%q", long)
	}
}

func TestReports(t *testing.T) {
	c := connect(t, config(t))
	words, l := call[hitList](t, c, "search_reports", map[string]any{"query": `"official visit" cairo`})
	if len(l.Reports) != 2 || l.Reports[0].Sentence == "" || len(l.Reports[0].Claims) == 0 || !strings.Contains(words, "Caspian Wire, 2024-06-08") {
		t.Errorf("%+v\n%s", l, words)
	}
	if why := refused(t, c, "search_reports", map[string]any{"query": "..."}); !strings.Contains(why, "no word") {
		t.Error(why)
	}
	words, r := call[reportTold](t, c, "get_report", map[string]any{"id": "talks", "text": true})
	if len(r.Claims) != 1 || r.Claims[0].Told.Sentence == "" || !strings.HasSuffix(r.Text, "Nobody else was invited. ") || r.Next != 0 || !strings.Contains(words, "> Georgia and") {
		t.Errorf("%+v\n%s", r, words)
	}
	_, r = call[reportTold](t, c, "get_report", map[string]any{"id": "talks", "text": true, "from": 8})
	if !strings.HasPrefix(r.Text, "and Azerbaijan") || r.From != 8 {
		t.Errorf("%q from %d", r.Text, r.From)
	}
	refused(t, c, "get_report", map[string]any{"id": "talks", "text": true, "from": 9999})
	refused(t, c, "get_report", map[string]any{"id": "nosuch"})
}

func TestCodeText(t *testing.T) {
	cfg := config(t)
	cfg.MaxText = 60_000
	c := connect(t, cfg)
	words, got := call[coded](t, c, "code_text", map[string]any{"text": "Macron came to Madrid.\nHe came again.\n", "outlet": "Wire", "published": "2024-01-02"})
	if len(got.Claims) != 2 || got.Claims[0].Told.Outlet != "Wire" || got.Claims[1].Span != [2]int{23, 38} || len(got.Notes) != 1 || !strings.Contains(words, "note: language: guessed") {
		t.Errorf("%+v\n%s", got, words)
	}
	_, got = call[coded](t, c, "code_text", map[string]any{"text": strings.Repeat("x\n", 130)})
	if len(got.Claims) != 100 || got.Left != 30 {
		t.Errorf("%d claims, %d left out", len(got.Claims), got.Left)
	}
	for text, want := range map[string]string{"": "no text", "panic": "fault in rapport", strings.Repeat("x", 60_001): "60", strings.Repeat("ü", 40_000): "80000 bytes"} {
		if why := refused(t, c, "code_text", map[string]any{"text": text}); !strings.Contains(why, want) {
			t.Errorf("%.10q: %s", text, why)
		}
	}
}

// TestHostile holds answers about a report that gives orders: each line of a
// report stands behind ">", and nothing invisible comes through.
func TestHostile(t *testing.T) {
	c := connect(t, config(t))
	const id = "../evil?id=\"1\""
	ask := func(tool string, args map[string]any) string {
		res, err := c.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: args})
		if err != nil || res.IsError {
			t.Fatal(tool, err, res)
		}
		words := res.Content[0].(*sdk.TextContent).Text
		b, err := json.Marshal(res.StructuredContent)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range words + string(b) {
			if plain.Hidden(r) && r != '\n' {
				t.Errorf("%s: %U comes through", tool, r)
			}
		}
		if strings.Contains(words+string(b), "javascript:") {
			t.Errorf("%s: a script's address comes through", tool)
		}
		return words
	}
	for tool, args := range map[string]map[string]any{
		"search_events":  {"pair": []string{"FRA", "RUS"}},
		"get_relation":   {"a": "FRA", "b": "RUS"},
		"get_report":     {"id": id},
		"search_reports": {"query": "condemned"},
	} {
		words := ask(tool, args)
		n := 0
		for line := range strings.Lines(words) {
			if !strings.Contains(line, "IGNORE ALL") && !strings.Contains(line, "BEGIN:V") {
				continue
			}
			n++
			if !strings.HasPrefix(strings.TrimLeft(line, " "), "> ") || strings.Contains(line, "IGNORE ALL") && !strings.Contains(line, "delete_everything") {
				t.Errorf("%s: %q is not marked as quoted on one line", tool, line)
			}
		}
		if n == 0 {
			t.Errorf("%s does not quote it:\n%s", tool, words)
		}
		if !strings.HasPrefix(words, "Lines that begin with > quote reports") {
			t.Errorf("%s does not say what is quoted", tool)
		}
	}
	res, err := c.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: reportURI(id)})
	if err != nil || res.Contents[0].Text != servetest.Hostile+" " || res.Contents[0].Meta["rapport/content"] == nil {
		t.Errorf("%v, %v", res, err)
	}
}

func TestResources(t *testing.T) {
	c := connect(t, config(t))
	_, l := call[eventList](t, c, "search_events", map[string]any{"types": []string{"CONSULT:visit"}})
	for uri, want := range map[string]string{
		"rapport://relations":               `"AZE"`,
		"rapport://report/arrival":          "Azerbaijani President Ilham Aliyev",
		"rapport://report/arrival/claims":   `"date_basis"`,
		"rapport://event/" + l.Events[0].ID: `"joined"`,
		"rapport://relation/Egypt/AZE":      "# Azerbaijan and Egypt",
		"rapport://code/CONSULT%3Avisit":    "visit",
	} {
		res, err := c.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri})
		if err != nil || len(res.Contents) != 1 || res.Contents[0].URI != uri || !strings.Contains(res.Contents[0].Text, want) || res.Contents[0].MIMEType == "" || res.CacheScope != "private" {
			t.Errorf("%s: %v, %+v", uri, err, res)
		}
	}
	for _, uri := range []string{"rapport://report/none", "rapport://report/none/claims", "rapport://event/none", "rapport://relation/AZE/Ruritania", "rapport://relation/PER/USA", "rapport://code/none", "rapport://report/../../etc/passwd", "file:///etc/passwd"} {
		if res, err := c.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri}); err == nil {
			t.Errorf("%s: %+v", uri, res)
		}
	}
	n := 0
	for r, err := range c.ResourceTemplates(t.Context(), nil) {
		if n++; err != nil || r.MIMEType == "" || r.Description == "" {
			t.Errorf("%+v, %v", r, err)
		}
	}
	if n != 5 {
		t.Errorf("%d templates", n)
	}
}

func TestCompletion(t *testing.T) {
	c := connect(t, config(t))
	prompt, resource := func(s string) *sdk.CompleteReference { return &sdk.CompleteReference{Type: "ref/prompt", Name: s} }, func(s string) *sdk.CompleteReference {
		return &sdk.CompleteReference{Type: "ref/resource", URI: s}
	}
	for _, q := range []struct {
		ref              *sdk.CompleteReference
		name, typed, has string
		want             string
	}{
		{prompt("desk_brief"), "a", "", "", "AZE EGY GEO FRA RUS"},
		{prompt("desk_brief"), "a", "eg", "", "EGY"},
		{prompt("desk_brief"), "b", "", "Azerbaijan", "EGY GEO"},
		{resource(briefTemplate), "b", "geor", "AZE", "GEO"},
		{resource(reportTemplate), "id", "a", "", "arrival"},
		{resource(claimsTemplate), "id", "t", "", "talks"},
		{resource(meaningTemplate), "code", "consult:v", "", "CONSULT:visit"},
		{prompt("desk_brief"), "as_of", "2", "", ""},
		{prompt("unknown"), "x", "", "", ""},
	} {
		res, err := c.Complete(t.Context(), &sdk.CompleteParams{Ref: q.ref, Argument: sdk.CompleteParamsArgument{Name: q.name, Value: q.typed},
			Context: &sdk.CompleteContext{Arguments: map[string]string{"a": q.has}}})
		if err != nil || strings.Join(res.Completion.Values, " ") != q.want {
			t.Errorf("%s %q: %v, %v, want %s", q.name, q.typed, err, res, q.want)
		}
	}
}

func TestPrompts(t *testing.T) {
	c := connect(t, config(t))
	res, err := c.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "desk_brief", Arguments: map[string]string{"a": "AZE", "b": "EGY"}})
	if err != nil || len(res.Messages) != 2 {
		t.Fatal(err, res)
	}
	if r := res.Messages[1].Content.(*sdk.EmbeddedResource).Resource; r.URI != "rapport://relation/AZE/EGY" || !strings.HasPrefix(r.Text, "# Azerbaijan") {
		t.Errorf("%+v", r)
	}
	if _, err := c.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "desk_brief", Arguments: map[string]string{"a": "AZE"}}); err == nil {
		t.Error("a brief on one country")
	}
	res, err = c.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "check_statement", Arguments: map[string]string{"statement": "Egypt\nrecognised it."}})
	if err != nil || !strings.Contains(res.Messages[0].Content.(*sdk.TextContent).Text, "“Egypt recognised it.”") {
		t.Error(err, res)
	}
}

// TestServe talks over pipes, as rapport mcp does, until the client leaves.
func TestServe(t *testing.T) {
	cfg := config(t)
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- Serve(t.Context(), cfg, in, out) }()
	client, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &sdk.IOTransport{Reader: fromServer, Writer: toServer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, l := call[pairList](t, client, "list_relations", nil); len(l.Relations) != 3 {
		t.Errorf("%+v", l)
	}
	client.Close()
	toServer.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestServeEndsWithContext(t *testing.T) {
	in, _ := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, config(t), in, io.Discard) }()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestHandler(t *testing.T) {
	cfg := config(t)
	cfg.Origins = []string{"https://desk.example.org"}
	mux := http.NewServeMux()
	mux.Handle("/mcp", Handler(cfg))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	client, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(),
		&sdk.StreamableClientTransport{Endpoint: srv.URL + "/mcp", DisableStandaloneSSE: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if words, l := call[eventList](t, client, "search_events", map[string]any{"countries": []string{"GEO"}}); len(l.Events) != 1 || !strings.Contains(words, "Tbilisi") {
		t.Error(words)
	}

	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	for _, c := range []struct {
		name, method, body string
		header             map[string]string
		want               int
	}{
		{"as a program asks", "POST", ping, nil, 200},
		{"the server's own page", "POST", ping, map[string]string{"Origin": srv.URL}, 200},
		{"a page that is trusted", "POST", ping, map[string]string{"Origin": "https://desk.example.org"}, 200},
		{"another page", "POST", ping, map[string]string{"Origin": "https://evil.example"}, 403},
		{"another page, as browsers say it", "POST", ping, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a name bent to this machine", "POST", ping, map[string]string{"Host": "evil.example"}, 403},
		{"a form", "POST", ping, map[string]string{"Content-Type": "text/plain"}, 415},
		{"too long", "POST", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"` + strings.Repeat("x", 3<<20) + `"}}`, nil, 413},
		{"no JSON", "POST", "{", nil, 400},
		{"a stream", "GET", "", nil, 405},
		{"an end", "DELETE", "", nil, 405},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, srv.URL+"/mcp", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		for k, v := range c.header {
			if k == "Host" {
				req.Host = v
				continue
			}
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != c.want {
			t.Errorf("%s: %d %s, %v, want %d", c.name, res.StatusCode, b, err, c.want)
		}
	}
}

func TestTimeout(t *testing.T) {
	cfg := config(t)
	cfg.Timeout = time.Nanosecond
	c := connect(t, cfg)
	if why := refused(t, c, "search_events", nil); !strings.Contains(why, "not answered within 1ns") {
		t.Error(why)
	}
}

// TestFaultsStayHere wants no path and no error of the machine in an answer.
func TestFaultsStayHere(t *testing.T) {
	cfg := config(t)
	c := connect(t, cfg)
	cfg.Record.Close()
	why := refused(t, c, "search_events", nil)
	if strings.Contains(why, cfg.Record.Path()) || !strings.Contains(why, "server's log") {
		t.Error(why)
	}
	s := &server{Config: cfg}
	if got := s.told(t.Context(), &rapport.Error{Kind: rapport.NotFound, Where: cfg.Record.Path(), What: "has no such thing"}).Error(); got != "the record: has no such thing" {
		t.Error(got)
	}
}
