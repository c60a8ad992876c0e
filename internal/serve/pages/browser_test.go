package pages

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a tab of a real browser, and what went wrong in it.
type browserTab struct {
	context.Context
	t    *testing.T
	base string

	mu    sync.Mutex
	wrong []string
	bytes float64
}

// browse starts a headless Chromium on the fixture's pages, or skips.
func browse(t *testing.T) (*browserTab, *fixture) {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil && path == "" {
			path = p
		}
	}
	if path == "" {
		t.Skip("no chromium is installed: apt-get install chromium")
	}
	if noBrowser != nil {
		t.Skipf("the browser did not start for the test before: %v", noBrowser)
	}
	f := newFixture(t)
	server := httptest.NewServer(f.pages)
	t.Cleanup(server.Close)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	b := &browserTab{Context: ctx, t: t, base: server.URL}
	chromedp.ListenTarget(ctx, func(e any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := e.(type) {
		case *cdpruntime.EventExceptionThrown:
			b.wrong = append(b.wrong, e.ExceptionDetails.Error())
		case *cdpruntime.EventConsoleAPICalled:
			if e.Type == cdpruntime.APITypeError || e.Type == cdpruntime.APITypeWarning {
				b.wrong = append(b.wrong, "console: "+string(e.Type))
			}
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
				b.wrong = append(b.wrong, e.Entry.Text+" "+e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, b.base+"/") && !strings.HasPrefix(u, "data:") {
				b.wrong = append(b.wrong, "a request leaves the server: "+u)
			}
		case *network.EventLoadingFinished:
			b.bytes += e.EncodedDataLength
		}
	})
	// A browser is hundreds of megabytes: on a machine whose disk is busy it does
	// not come up, which is no fault of the pages.
	if noBrowser = chromedp.Run(b, network.Enable(), log.Enable()); noBrowser != nil {
		t.Skipf("the browser did not start within a minute: %v", noBrowser)
	}
	return b, f
}

// noBrowser is why the browser did not start, so that every test need not wait.
var noBrowser error

func (b *browserTab) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// fine reports what went wrong since the last time.
func (b *browserTab) fine(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.wrong {
		b.t.Errorf("%s: %s", where, w)
	}
	b.wrong = nil
}

func (b *browserTab) text(selector string) (s string) {
	b.t.Helper()
	b.do(chromedp.Text(selector, &s, chromedp.ByQuery))
	return s
}

// TestFlow goes the way of a user: search, relation, event, report, review, undo.
func TestFlow(t *testing.T) {
	b, f := browse(t)
	b.do(chromedp.Navigate(b.base+"/"), chromedp.WaitVisible("h1", chromedp.ByQuery))
	b.fine("start")
	b.do(chromedp.KeyEvent("/"), chromedp.SendKeys("input[type=search]:focus", "france turkey\r", chromedp.ByQuery), chromedp.WaitVisible(`.go a[href="/FRA/TUR"]`, chromedp.ByQuery))
	b.fine("search")
	b.do(chromedp.Click(`.go a[href="/FRA/TUR"]`, chromedp.ByQuery), chromedp.WaitVisible(".tabs", chromedp.ByQuery))
	if h := b.text("h1"); h != "France and Türkiye" {
		t.Errorf("the relation's page is headed %q", h)
	}
	b.do(chromedp.Click(`.tabs a[href="/FRA/TUR/timeline"]`, chromedp.ByQuery), chromedp.WaitVisible("form.filter", chromedp.ByQuery))
	b.fine("timeline")
	b.do(chromedp.Click(`a[href="/event/`+mergedEvent+`"]`, chromedp.ByQuery), chromedp.WaitVisible(".says", chromedp.ByQuery))
	b.fine("event")
	b.do(chromedp.Click(`.says a[href^="/report/plain#"]`, chromedp.ByQuery), chromedp.WaitVisible(".card.on", chromedp.ByQuery))
	var state struct {
		Open, Lit string
		Reasons   int
	}
	look := `({open: document.querySelector(".card.on details").open + " " + document.querySelector(".card.on .no").textContent, lit: document.querySelector(".text .ev.on").textContent,
		reasons: CSS.highlights.has("reason") ? CSS.highlights.get("reason").size : 0})`
	b.do(chromedp.Evaluate(look, &state))
	if state.Open != "true 1" || state.Lit != "The two presidents met on Saturday." || state.Reasons != 2 {
		t.Errorf("the claim that the link names: %+v", state)
	}
	b.do(chromedp.KeyEvent("j"), chromedp.Evaluate(look, &state))
	if state.Open != "true 2" || state.Lit != "He visited Ankara in 2022." {
		t.Errorf("the next claim by key: %+v", state)
	}
	// Not chromedp.Click: the page may still be scrolling to what the key opened,
	// and then the pointer meets another highlight.
	b.do(chromedp.Evaluate(`document.querySelector(".text .ev[data-c='1']").click()`, nil), chromedp.Evaluate(look, &state))
	if state.Open != "true 1" {
		t.Errorf("a click on a highlight: %+v", state)
	}
	b.fine("report")

	b.do(chromedp.Navigate(b.base+"/review"), chromedp.WaitVisible("form.review", chromedp.ByQuery))
	first := b.text(".asks")
	b.do(chromedp.KeyEvent("a"), chromedp.WaitVisible(".said", chromedp.ByQuery))
	if second := b.text(".asks"); second == first || !strings.Contains(b.text(".said"), "Accepted.") {
		t.Errorf("after accepting %q comes %q", first, second)
	}
	vs, err := f.rec.Reviews(t.Context(), "")
	if err != nil || len(vs) != 1 || vs[0].Verdict != "accept" || vs[0].Author != "ann" {
		t.Fatalf("reviews %+v, %v", vs, err)
	}
	b.do(chromedp.KeyEvent("u"), chromedp.WaitNotPresent("form.undo-last", chromedp.ByQuery), chromedp.WaitVisible(".asks", chromedp.ByQuery))
	if again := b.text(".asks"); again != first || !strings.Contains(b.text(".said"), "Taken back.") {
		t.Errorf("after the undo comes %q, want %q", again, first)
	}
	if vs, err = f.rec.Reviews(t.Context(), ""); err != nil || len(vs) != 2 || vs[1].Undoes != vs[0].N {
		t.Fatalf("reviews %+v, %v", vs, err)
	}
	b.fine("review")
	b.do(chromedp.Navigate(b.base+"/event/"+mergedEvent), chromedp.Click(".act button", chromedp.ByQuery), chromedp.WaitVisible("#decided", chromedp.ByQuery))
	if s := b.text("#decided"); !strings.Contains(s, "judged not to be one event") {
		t.Errorf("the merge undone: %s", s)
	}
	b.do(chromedp.Click("#decided button", chromedp.ByQuery), chromedp.WaitNotPresent("#decided button", chromedp.ByQuery))
	if s := b.text("#decided"); !strings.Contains(s, "took back d1") {
		t.Errorf("the undoing undone: %s", s)
	}
	b.do(chromedp.Navigate(b.base+"/try"), chromedp.SendKeys("textarea", "They met in Rabat. All went well.", chromedp.ByQuery), chromedp.Click(".paste button", chromedp.ByQuery), chromedp.WaitVisible(".card", chromedp.ByQuery))
	if s := b.text(".text .ev"); s != "They met in Rabat." {
		t.Errorf("tried: %q", s)
	}
	b.fine("event and try")
}

// TestFirstPage: a first visit fetches no more than 300 kB, fonts and all.
func TestFirstPage(t *testing.T) {
	for _, path := range []string{"/", "/FRA/TUR", "/report/plain"} {
		b, _ := browse(t)
		b.do(network.SetCacheDisabled(true), chromedp.Navigate(b.base+path), chromedp.WaitReady("main", chromedp.ByQuery),
			chromedp.Evaluate(`document.fonts.ready.then(() => true)`, nil, func(p *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams { return p.WithAwaitPromise(true) }))
		b.mu.Lock()
		n := b.bytes
		b.mu.Unlock()
		t.Logf("%s: %.0f bytes", path, n)
		if n > 300_000 || n < 10_000 {
			t.Errorf("%s fetches %.0f bytes", path, n)
		}
		b.fine(path)
	}
}

// TestAccessible runs axe-core (npm) on every page, in light on a desktop and in
// dark on a phone. It also holds that no page is wider than its screen.
func TestAccessible(t *testing.T) {
	path := os.Getenv("RAPPORT_AXE")
	if path == "" {
		t.Skip("RAPPORT_AXE does not name axe.min.js of npm's axe-core, which .ci/run installs")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, f := browse(t)
	for _, a := range append(f.addresses(), "/nowhere") {
		for _, scheme := range []string{"light", "dark"} {
			w := map[string]int64{"light": 1280, "dark": 390}[scheme]
			var found struct {
				Bad    []string
				Passes int
				Wide   int64
			}
			b.do(emulation.SetDeviceMetricsOverride(w, 900, 1, w < 500), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
				chromedp.Navigate(b.base+a), chromedp.WaitReady("main", chromedp.ByQuery), chromedp.Evaluate(string(axe)+";0", nil),
				chromedp.Evaluate(`axe.run(document).then(r => ({bad: r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.failureSummary.split("\n")[1]).join("; ")),
					passes: r.passes.length, wide: document.documentElement.scrollWidth}))`, &found, func(p *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams { return p.WithAwaitPromise(true) }))
			for _, v := range found.Bad {
				t.Errorf("%s, %s, %d wide: %s", a, scheme, w, v)
			}
			if found.Passes < 10 || found.Wide > w {
				t.Errorf("%s, %s, %d wide: axe passed %d rules, the page is %d wide", a, scheme, w, found.Passes, found.Wide)
			}
		}
		if a == "/nowhere" {
			b.wrong = nil // a browser logs a 404
		}
		b.fine(a)
	}
}
