package watch

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/record"
)

// web answers requests without a network, by "host/path". Bubbles start on
// 1 January 2000.
type web struct {
	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked map[string]int
	order []string
}

func newWeb() *web { return &web{pages: map[string]http.HandlerFunc{}, asked: map[string]int{}} }

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	k := r.URL.Host + r.URL.Path
	w.mu.Lock()
	w.asked[k]++
	w.order = append(w.order, k)
	h := w.pages[k]
	w.mu.Unlock()
	if h == nil {
		h = http.NotFound
	}
	rec := httptest.NewRecorder()
	h(rec, r)
	res := rec.Result()
	res.Request = r
	return res, nil
}

// says serves a document, conditionally.
func (w *web) says(k, doc string) {
	tag := `"` + rapport.HashText(doc)[:8] + `"`
	w.handle(k, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(rw, doc)
	})
}

func (w *web) handle(k string, h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[k] = h
}

func (w *web) status(k string, code int, header ...string) {
	w.handle(k, func(rw http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			rw.Header().Set(header[i], header[i+1])
		}
		rw.WriteHeader(code)
	})
}

func (w *web) times(k string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[k]
}

const words = "The minister of foreign affairs of Egypt received his counterpart from Azerbaijan in Cairo on Saturday, and the two signed an agreement on visas. "

func pageOf(title, more string) string {
	return "<!doctype html><html><head><title>" + title + "</title></head><body><article><h1>" + title + "</h1><p>" + strings.Repeat(words, 3) + more + "</p></article></body></html>"
}

func rss(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>` + strings.Join(items, "\n") + `</channel></rss>`
}

func entry(path, guid, day, text string) string {
	return fmt.Sprintf("<item><title>About %s</title><link>https://a.example%s</link><guid>%s</guid><pubDate>%s</pubDate><description>%s</description></item>", path, path, guid, day, text)
}

const day = "Fri, 31 Dec 1999 10:00:00 GMT"

// shelf is a sink that behaves as a record does.
type shelf struct {
	mu   sync.Mutex
	ids  map[string][]rapport.Report // versions
	told []string
	fail error
}

func newShelf() *shelf { return &shelf{ids: map[string][]rapport.Report{}} }

func (s *shelf) sink(ctx context.Context, reports iter.Seq2[rapport.Report, error], told func(rapport.Report, record.Kept, error)) error {
	for rep, err := range reports {
		if s.fail != nil {
			return s.fail
		}
		if err != nil {
			told(rep, record.None, err)
			continue
		}
		told(rep, s.keep(rep), nil)
	}
	return nil
}

func (s *shelf) keep(rep rapport.Report) record.Kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.ids[rep.ID]
	k := record.New
	for _, r := range was {
		k = record.Revised
		if r.Text == rep.Text {
			k = record.Same
			break
		}
	}
	if k != record.Same {
		s.ids[rep.ID] = append(was, rep)
	}
	s.told = append(s.told, k.String()+" "+rep.URL)
	return k
}

func (s *shelf) list() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.told, "\n")
}

// scene is a watch in a bubble.
type scene struct {
	*testing.T
	dir    string
	web    *web
	shelf  *shelf
	events []Event
}

func play(t *testing.T, act func(s *scene)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		act(&scene{T: t, dir: filepath.Join(dir, "watch"), web: newWeb(), shelf: newShelf()})
	})
}

// run watches for a time, or with 0 once.
func (s *scene) run(toml string, d time.Duration) error {
	s.Helper()
	c, err := Parse([]byte(toml), "feeds.toml")
	if err != nil {
		s.Fatal(err)
	}
	cl := fetch.New(fetch.Options{Transport: s.web, MaxWait: 2 * time.Minute, Jitter: zero})
	w, err := Open(c, Options{Dir: s.dir, Client: cl, Sink: s.shelf.sink, Once: d == 0, Jitter: zero, Told: func(e Event) { s.events = append(s.events, e) }})
	if err != nil {
		s.Fatal(err)
	}
	defer w.Close()
	ctx := s.Context()
	if d > 0 {
		var stop func()
		ctx, stop = context.WithTimeout(ctx, d)
		defer stop()
	}
	err = w.Run(ctx)
	if d > 0 && rapport.KindOf(err) == rapport.Stopped {
		err = nil
	}
	return err
}

func zero() float64 { return 0 }

func (s *scene) last() Event {
	s.Helper()
	if len(s.events) == 0 {
		s.Fatal("nothing was read")
	}
	return s.events[len(s.events)-1]
}

func (s *scene) want(list string) {
	s.Helper()
	if got := s.shelf.list(); got != list {
		s.Errorf("told:\n%s\nwant:\n%s", got, list)
	}
}

const oneFeed = "[[feed]]\nname = 'a'\nurl = 'https://a.example/feed'\noutlet = 'A Agency'\n"

func TestReadingAgain(t *testing.T) {
	play(t, func(s *scene) {
		whole := "<item><title>Whole</title><link>https://a.example/whole</link><content:encoded>" + strings.Repeat(words, 8) + "</content:encoded></item>"
		s.web.says("a.example/feed", rss(entry("/2", "g2", day, "Short."), entry("/1", "g1", day, "Short."), whole))
		s.web.says("a.example/1", pageOf("One", ""))
		s.web.says("a.example/2", pageOf("Two", "More."))
		if err := s.run(oneFeed, 65*time.Minute); err != nil {
			t.Fatal(err)
		}
		s.want("new https://a.example/whole\nnew https://a.example/1\nnew https://a.example/2")
		if n := s.web.times("a.example/feed"); n != 3 {
			t.Errorf("the feed was asked %d times", n)
		}
		if s.web.times("a.example/1") != 1 || s.web.times("a.example/whole") != 0 || s.web.times("a.example/robots.txt") != 1 {
			t.Errorf("asked %v", s.web.asked)
		}
		if st := s.last().Status; st.State != StateUnchanged || st.New != 3 || st.Listed != 3 || st.Waiting != 0 {
			t.Errorf("%+v", st)
		}
		rep := s.shelf.ids["a-example-1-"+rapport.HashText("https://a.example/1")[:8]][0]
		if rep.Outlet != "A Agency" || rep.Published != "1999-12-31" || rep.Basis != rapport.BasisMetadata || rep.Retrieved != "2000-01-01T00:00:01Z" || rep.Title != "One" {
			t.Errorf("%+v", rep)
		}

		// The article changes, and the feed says so; then the feed says so and
		// nothing has changed; then its guid changes.
		s.web.says("a.example/1", pageOf("One", "Corrected."))
		s.web.says("a.example/feed", rss(entry("/2", "g2", day, "Short."), entry("/1", "g1", "Fri, 31 Dec 1999 11:00:00 GMT", "Short."), whole))
		s.shelf.told = nil
		if err := s.run(oneFeed, 35*time.Minute); err != nil {
			t.Fatal(err)
		}
		s.want("revised https://a.example/1")
		s.web.says("a.example/feed", rss(entry("/2", "g2", "Fri, 31 Dec 1999 12:00:00 GMT", "Short."), entry("/1", "other", "Fri, 31 Dec 1999 11:00:00 GMT", "Short."), whole))
		if err := s.run(oneFeed, 35*time.Minute); err != nil {
			t.Fatal(err)
		}
		s.want("revised https://a.example/1")
		if n := s.web.times("a.example/2"); n != 2 {
			t.Errorf("the page was asked %d times", n)
		}
		// Items vanish and come back.
		full := s.web.pages["a.example/feed"]
		s.web.says("a.example/feed", rss(entry("/3", "g3", day, strings.Repeat(words, 2))))
		s.run(oneFeed, 35*time.Minute)
		s.web.handle("a.example/feed", full)
		s.run(oneFeed, 35*time.Minute)
		s.want("revised https://a.example/1\nnew https://a.example/3") // from the feed: its page is not there
		if s.web.times("a.example/1") != 2 {
			t.Errorf("what came back was read anew")
		}
	})
}

// TestKilled: what was kept when it was killed is not kept twice, and what was
// not is read.
func TestKilled(t *testing.T) {
	play(t, func(s *scene) {
		s.web.says("a.example/feed", rss(entry("/2", "2", day, ""), entry("/1", "1", day, "")))
		s.web.says("a.example/1", pageOf("One", ""))
		s.web.says("a.example/2", pageOf("Two", "More."))
		if err := s.run(oneFeed, 0); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(s.dir); err != nil { // as if it never got to remember
			t.Fatal(err)
		}
		if err := s.run(oneFeed, 0); err != nil {
			t.Fatal(err)
		}
		s.want("new https://a.example/1\nnew https://a.example/2\nsame https://a.example/1\nsame https://a.example/2")
		if err := os.WriteFile(filepath.Join(s.dir, "a.json"), []byte(`{"version":1,"items":{"x":nu`), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.run(oneFeed, 0); err != nil {
			t.Fatal(err)
		}
		if n := s.last().Counts.Same; n != 2 {
			t.Errorf("after a damaged memory: %+v", s.last())
		}
	})
}

func TestStopped(t *testing.T) {
	play(t, func(s *scene) {
		var items []string
		for i := range 20 {
			p := fmt.Sprintf("/%02d", i)
			items = append(items, entry(p, p, day, ""))
			s.web.says("a.example"+p, pageOf("Title "+p, p))
		}
		s.web.says("a.example/feed", rss(items...))
		if err := s.run(oneFeed, 5500*time.Millisecond); err != nil { // a page a second
			t.Fatal(err)
		}
		if n := strings.Count(s.shelf.list(), "new"); n != 5 {
			t.Errorf("%d kept:\n%s", n, s.shelf.list())
		}
		if st := s.last().Status; st.New != 5 || st.Waiting != 15 {
			t.Errorf("%+v", st)
		}
		if err := s.run(oneFeed, 5*time.Minute); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(s.shelf.list(), "new"); n != 20 || strings.Contains(s.shelf.list(), "same") {
			t.Errorf("%d kept:\n%s", n, s.shelf.list())
		}
	})
}

func TestTroubledFeeds(t *testing.T) {
	play(t, func(s *scene) {
		s.web.status("a.example/feed", 503, "Retry-After", "7200")
		s.run(oneFeed, 3*time.Hour)
		e := s.last()
		if s.web.times("a.example/feed") != 2 || e.Status.State != StateFailing || e.Status.Fails != 2 || e.Err == nil {
			t.Errorf("asked %d times: %+v", s.web.times("a.example/feed"), e)
		}
		if !strings.Contains(e.Status.Error, "answers 503 Service Unavailable") {
			t.Error(e.Status.Error)
		}
	})
	play(t, func(s *scene) {
		s.web.status("a.example/feed", 500)
		s.run(oneFeed, 24*time.Hour) // after 0, 30m, 1h30, 3h30, 7h30, 15h30
		if n := s.web.times("a.example/feed"); n != 6 {
			t.Errorf("asked %d times a day", n)
		}
		s.web.says("a.example/feed", rss(entry("/1", "1", day, strings.Repeat(words, 2))))
		s.run(oneFeed, 24*time.Hour)
		if st := s.last().Status; st.State != StateUnchanged || st.Fails != 0 || st.Error != "" || st.New != 1 {
			t.Errorf("%+v", st)
		}
	})
	for name, x := range map[string]struct {
		feed  func(*web)
		state string
		what  string
	}{
		"robots":  {func(w *web) { w.says("a.example/robots.txt", "User-agent: rapport\nDisallow: /") }, StateForbidden, "robots.txt of a.example forbids it"},
		"gone":    {func(w *web) { w.status("a.example/feed", 410) }, StateGone, "answers 410 Gone"},
		"inwards": {func(w *web) { w.status("a.example/feed", 302, "Location", "http://169.254.169.254/") }, StateForbidden, "169.254.169.254 is no public address"},
		"circle":  {func(w *web) { w.status("a.example/feed", 302, "Location", "/feed") }, StateFailing, "redirects in a circle"},
		"cut":     {func(w *web) { w.says("a.example/feed", rss(entry("/1", "1", day, ""))[:80]) }, StateFailing, "is no feed that can be read"},
		"a wall":  {func(w *web) { w.says("a.example/feed", pageOf("Please wait", "")) }, StateFailing, "is no feed or sitemap"},
		"empty":   {func(w *web) { w.says("a.example/feed", "") }, StateFailing, "https://a.example/feed"},
		"bomb":    {func(w *web) { w.handle("a.example/feed", bomb) }, StateFailing, "unpacks to more than 200 times its size"},
		"endless": {func(w *web) { w.handle("a.example/feed", endless) }, StateFailing, "is longer than 32 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scene) {
				x.feed(s.web)
				if err := s.run(oneFeed, 0); err != nil {
					t.Fatal(err)
				}
				if st := s.last().Status; st.State != x.state || !strings.Contains(st.Error, x.what) || s.last().Err == nil {
					t.Errorf("%+v", st)
				}
			})
		})
	}
}

func bomb(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(rw)
	defer z.Close()
	for range 30 {
		z.Write(make([]byte, 1<<20))
	}
}

func endless(rw http.ResponseWriter, r *http.Request) {
	for range 33 {
		rw.Write([]byte(strings.Repeat("<rss> ", 1<<20/6+1)))
	}
}

// TestCarelessServers: types that lie, one guid for all, one address for all.
func TestCarelessServers(t *testing.T) {
	play(t, func(s *scene) {
		s.web.handle("a.example/feed", func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "image/png")
			fmt.Fprint(rw, rss(entry("/1", "same", day, ""), entry("/2", "same", day, ""), entry("/3", "same", day, "")))
		})
		for _, p := range []string{"/1", "/2"} {
			s.web.says("a.example"+p, strings.Replace(pageOf("Title "+p, p), "<head>", `<head><link rel="canonical" href="https://a.example/news">`, 1))
		}
		s.web.status("a.example/3", 301, "Location", "/2") // the same article at another address
		if err := s.run(oneFeed, 0); err != nil {
			t.Fatal(err)
		}
		if len(s.shelf.ids) != 2 {
			t.Errorf("%d reports", len(s.shelf.ids))
		}
		for id, v := range s.shelf.ids {
			if len(v) != 1 {
				t.Errorf("%s: %d versions", id, len(v))
			}
		}
	})
}

// TestPagesThatCannotBeHad: what may pass is tried again, what does not is
// read as the feed has it, or given up and told.
func TestPagesThatCannotBeHad(t *testing.T) {
	play(t, func(s *scene) {
		s.web.says("a.example/robots.txt", "User-agent: *\nDisallow: /closed")
		s.web.says("a.example/feed", rss(entry("/late", "1", day, ""), entry("/closed", "2", day, words), entry("/never", "3", day, ""), entry("/wall", "4", day, "")))
		s.web.status("a.example/wall", 403)
		err := s.run(oneFeed, 20*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		s.want("new https://a.example/closed")
		st := s.last().Status
		if st.Waiting != 2 || st.Failed != 1 {
			t.Errorf("%+v", st)
		}
		s.web.says("a.example/late", pageOf("Late", ""))
		if err := s.run(oneFeed, 24*time.Hour); err != nil {
			t.Fatal(err)
		}
		s.want("new https://a.example/closed\nnew https://a.example/late")
		if st := s.last().Status; st.Waiting != 0 || st.Failed != 2 || s.web.times("a.example/never") != maxTries {
			t.Errorf("%d times, %+v", s.web.times("a.example/never"), st)
		}
		var told []string
		for _, e := range s.events {
			for _, err := range e.Faults {
				told = append(told, err.Error())
			}
		}
		if len(told) != 2 || !strings.Contains(told[0], "/wall: cannot be fetched: answers 403") || !strings.Contains(told[1], "/never: cannot be fetched: answers 404") {
			t.Errorf("told %q", told)
		}
	})
}

func TestImpossibleDates(t *testing.T) {
	play(t, func(s *scene) {
		text := strings.Repeat(words, 8)
		item := func(p, date string) string {
			return "<item><title>T</title><link>https://a.example" + p + "</link><pubDate>" + date + "</pubDate><content:encoded>" + text + p + "</content:encoded></item>"
		}
		s.web.says("a.example/feed", rss(item("/ahead", "Sat, 08 Jun 2080 10:00:00 GMT"), item("/none", "yesterday"), item("/zero", "0000-00-00"), item("/feb", "Wed, 30 Feb 1999 10:00:00 GMT"), item("/real", day)))
		if err := s.run(oneFeed, 0); err != nil {
			t.Fatal(err)
		}
		for id, v := range s.shelf.ids {
			want := rapport.Date("")
			if strings.Contains(id, "real") {
				want = "1999-12-31"
			}
			if v[0].Published != want || (want == "") != (v[0].Basis == "") {
				t.Errorf("%s: published %q (%s), want %q", id, v[0].Published, v[0].Basis, want)
			}
		}
		if len(s.shelf.ids) != 5 {
			t.Errorf("%d reports", len(s.shelf.ids))
		}
	})
}

func TestSitemaps(t *testing.T) {
	const list = "[[feed]]\nname = 'm'\nurl = 'https://a.example/sitemap.xml'\nexclude = ['/video/']\nevery = '1h'\n"
	play(t, func(s *scene) {
		urls := func(ss ...string) string {
			var b strings.Builder
			for i := 0; i+1 < len(ss); i += 2 {
				fmt.Fprintf(&b, "<url><loc>https://a.example%s</loc><lastmod>%s</lastmod></url>", ss[i], ss[i+1])
			}
			return `<?xml version="1.0"?><urlset>` + b.String() + "</urlset>"
		}
		index := func(mod string) string {
			return `<?xml version="1.0"?><sitemapindex><sitemap><loc>https://a.example/old.xml</loc><lastmod>1998-01-01</lastmod></sitemap><sitemap><loc>https://a.example/new.xml</loc><lastmod>` + mod + `</lastmod></sitemap></sitemapindex>`
		}
		s.web.says("a.example/sitemap.xml", index("1999-12-31"))
		s.web.says("a.example/old.xml", urls("/1998", "1998-01-01"))
		s.web.says("a.example/new.xml", urls("/one", "1999-12-31", "/undated", "", "/video/x", "1999-12-31", "/years", "1997-01-01"))
		for _, p := range []string{"/one", "/two", "/undated", "/late", "/1998", "/years"} {
			s.web.says("a.example"+p, pageOf("Title "+p, p))
		}
		s.run(list, 90*time.Minute)
		s.want("new https://a.example/one")
		s.web.says("a.example/sitemap.xml", index("2000-01-01"))
		s.web.says("a.example/new.xml", urls("/two", "2000-01-01", "/late", "", "/one", "1999-12-31", "/undated", ""))
		s.run(list, 90*time.Minute)
		s.want("new https://a.example/one\nnew https://a.example/late\nnew https://a.example/two")
		if s.web.times("a.example/old.xml") != 1 || s.web.times("a.example/one") != 1 {
			t.Errorf("asked %v", s.web.asked)
		}
		if st := s.last().Status; st.Skipped != 4 {
			t.Errorf("%+v", st)
		}
	})
}

func TestLinksAndPages(t *testing.T) {
	play(t, func(s *scene) {
		s.web.says("a.example/press", `<!doctype html><body><a href="/press/1.html">One</a> <a href="/about">About us</a></body>`)
		s.web.says("a.example/press/1.html", pageOf("One", ""))
		s.web.says("b.example/statement", pageOf("Statement", "First."))
		const list = "[[feed]]\nname='l'\nurl='https://a.example/press'\nread='links'\ninclude=['/press/\\d']\n[[feed]]\nname='p'\nurl='https://b.example/statement'\nread='page'\n"
		s.run(list, 40*time.Minute)
		s.web.says("b.example/statement", pageOf("Statement", "Second."))
		s.run(list, 40*time.Minute)
		got := map[string]int{}
		for _, l := range strings.Split(s.shelf.list(), "\n") {
			got[l]++
		}
		if len(got) != 3 || got["new https://a.example/press/1.html"] != 1 || got["new https://b.example/statement"] != 1 || got["revised https://b.example/statement"] != 1 {
			t.Errorf("%v", got)
		}
	})
}

func TestRevisit(t *testing.T) {
	play(t, func(s *scene) {
		s.web.says("a.example/feed", rss(entry("/1", "1", day, "")))
		s.web.says("a.example/1", pageOf("One", ""))
		list := oneFeed + "revisit = ['2h', '1d']\n"
		s.run(list, 3*time.Hour)
		s.want("new https://a.example/1")
		s.web.says("a.example/1", pageOf("One", "Later."))
		s.run(list, 46*time.Hour)
		s.want("new https://a.example/1\nrevised https://a.example/1")
		if n := s.web.times("a.example/1"); n != 3 {
			t.Errorf("asked %d times", n)
		}
	})
}

// TestTwoFeedsOneArticle: it is fetched once, and a feed that has moved is
// followed and told.
func TestTwoFeedsOneArticle(t *testing.T) {
	play(t, func(s *scene) {
		doc := rss(entry("/1?utm_source=rss", "1", day, ""))
		s.web.status("a.example/feed", 301, "Location", "https://a.example/feed2")
		s.web.says("a.example/feed2", doc)
		s.web.says("b.example/feed", rss(entry("/1", "x", day, "")))
		s.web.says("a.example/1", pageOf("One", ""))
		list := oneFeed + "[[feed]]\nname='b'\nurl='https://b.example/feed'\n"
		s.run(list, 70*time.Minute)
		if s.web.times("a.example/1") != 1 || strings.Count(s.shelf.list(), "\n") != 0 {
			t.Errorf("asked %v\n%s", s.web.asked, s.shelf.list())
		}
		if s.web.times("a.example/feed") != 1 || s.web.times("a.example/feed2") != 3 {
			t.Errorf("asked %v", s.web.asked)
		}
		c, err := Parse([]byte(list), "feeds.toml")
		if err != nil {
			t.Fatal(err)
		}
		sts, errs := Statuses(s.dir, c)
		if len(errs) != 0 || len(sts) != 2 || sts[0].Moved != "https://a.example/feed2" || sts[0].Feed != "a" {
			t.Errorf("%+v %v", sts, errs)
		}
		b, err := json.Marshal(sts[0])
		if err != nil || !strings.Contains(string(b), `"state":"unchanged"`) || !strings.Contains(string(b), `"next":"2000-01-01T01:30:`) {
			t.Errorf("%s %v", b, err)
		}
		if n := sts[0].New + sts[1].New; n != 1 {
			t.Errorf("%d new", n)
		}
	})
}

func TestSinkThatFails(t *testing.T) {
	play(t, func(s *scene) {
		s.web.says("a.example/feed", rss(entry("/1", "1", day, strings.Repeat(words, 8))))
		s.shelf.fail = &rapport.Error{Kind: rapport.Storage, What: "the disk is full"}
		if err := s.run(oneFeed, 48*time.Hour); !errors.Is(err, s.shelf.fail) {
			t.Errorf("%v", err)
		}
		s.shelf.fail = nil
		if err := s.run(oneFeed, 0); err != nil {
			t.Fatal(err)
		}
		s.want("new https://a.example/1")
	})
}

func TestOnce(t *testing.T) {
	play(t, func(s *scene) {
		s.web.says("a.example/feed", rss(entry("/1", "1", day, strings.Repeat(words, 2))))
		for _, x := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {time.Minute, 1}, {27 * time.Minute, 2}} { // nearly due is due
			time.Sleep(x.after)
			if err := s.run(oneFeed, 0); err != nil {
				t.Fatal(err)
			}
			if n := s.web.times("a.example/feed"); n != x.want {
				t.Errorf("after %v: asked %d times, want %d", x.after, n, x.want)
			}
		}
		if e := s.events[0]; e.Done != 1 || e.Due != 1 {
			t.Errorf("%+v", e)
		}
	})
}

func TestLock(t *testing.T) {
	c, err := Parse([]byte(oneFeed), "feeds.toml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w, err := Open(c, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(c, Options{Dir: dir})
	if rapport.KindOf(err) != rapport.Storage || !errors.Is(err, errLocked) {
		t.Errorf("a second watch: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w, err = Open(c, Options{Dir: dir})
	if err != nil {
		t.Fatalf("after the first: %v", err)
	}
	w.Close()
}
