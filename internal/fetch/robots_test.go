package fetch

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// robotsCases: what each says to rapport, after RFC 9309.
var robotsCases = []struct{ file, path, want string }{
	{"", "/a", "yes"},
	{"User-agent: *\nDisallow:", "/a", "yes"},
	{"User-agent: *\nDisallow: /", "/a", "no"},
	{"User-agent: *\nDisallow: /", "/robots.txt", "yes"},
	{"User-agent: Rapport\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", "no"},
	{"User-agent: other\nDisallow: /", "/a", "yes"},
	{"User-agent: rap\nDisallow: /", "/a", "yes"},
	{"User-agent: rapport-news\nDisallow: /", "/a", "yes"},
	{"User-agent: rapport/0.1\nDisallow: /", "/a", "no"},
	{"user-AGENT : RAPPORT # us\ndisALLOW:/a#b", "/a", "no"},
	{"User-agent: *\nDisallow: /\nUser-agent: rapport\nAllow: /", "/a", "yes"},
	{"User-agent: a\nUser-agent: rapport\nDisallow: /a", "/a", "no"},
	{"User-agent: rapport\nCrawl-delay: 3\nUser-agent: b\nDisallow: /", "/a", "no"}, // a delay is no rule: the group goes on
	{"User-agent: rapport\nDisallow: /a\nUser-agent: b\nDisallow: /\nUser-agent: rapport\nDisallow: /c", "/c", "no"},
	{"User-agent: rapport\nDisallow: /a\n\nDisallow: /b", "/b", "no"},
	{"Disallow: /\nUser-agent: *\nDisallow: /b", "/a", "yes"},
	{"Disallow: /\nUser-agent: *\nDisallow: /b", "/b", "no"},
	{"\ufeffUser-agent: *\nDisallow: /b", "/b", "no"},
	{"User-agent: *\r\nDisallow: /b\r\n", "/b", "no"},
	{"User-agent: *\rDisallow: /b\r", "/b", "no"},
	{"User-agent: *\nDisallow: /news\nAllow: /news/en", "/news/en/1", "yes"},
	{"User-agent: *\nAllow: /news/en\nDisallow: /news", "/news/fr", "no"},
	{"User-agent: *\nDisallow: /page\nAllow: /page", "/page", "yes"},
	{"User-agent: *\nAllow: /page\nDisallow: /page", "/page", "yes"},
	{"User-agent: *\nDisallow: /*.pdf$", "/a.pdf", "no"},
	{"User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x=1", "yes"},
	{"User-agent: *\nDisallow: /a*c*e", "/abcde/f", "no"},
	{"User-agent: *\nDisallow: /a*c*e", "/b/abcde", "yes"},
	{"User-agent: *\nDisallow: *secret", "/a/secret", "no"},
	{"User-agent: *\nDisallow: /a$b", "/a$b", "no"},
	{"User-agent: *\nDisallow: /*?", "/a?b", "no"},
	{"User-agent: *\nDisallow: /a%2fb", "/a%2Fb", "no"},
	{"User-agent: *\nDisallow: /a%2Fb", "/a/b", "yes"},
	{"User-agent: *\nDisallow: /%7Ejoe", "/~joe/", "no"},
	{"User-agent: *\nDisallow: /новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", "no"},
	{"<html><title>Not found: all</title>", "/a", "yes"},
}

func TestRobotsRules(t *testing.T) {
	for _, c := range robotsCases {
		u, err := url.Parse("http://example.org" + c.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := ParseRobots([]byte(c.file), product).Allows(u); got != (c.want == "yes") {
			t.Errorf("%q, %s: %v, want %s", c.file, c.path, got, c.want)
		}
	}
	r := ParseRobots([]byte("Sitemap: http://a/1.xml\nUser-agent: rapport\nCrawl-delay: 2.5\nSitemap: http://a/2.xml\nUser-agent: *\nCrawl-delay: 9"), product)
	if r.Delay != 2500*time.Millisecond || strings.Join(r.Sitemaps, " ") != "http://a/1.xml http://a/2.xml" {
		t.Errorf("%+v", r)
	}
	for _, s := range []string{"1e300", "NaN", "-1", "soon", "Inf"} {
		if r := ParseRobots([]byte("User-agent: *\nCrawl-delay: "+s), product); r.Delay < 0 || r.Delay > maxDelay {
			t.Errorf("%s: a delay of %v", s, r.Delay)
		}
	}
	long := "User-agent: *\nDisallow: /a\n" + strings.Repeat("# padding\n", maxRobots/10) + "Disallow: /b\n"
	r = ParseRobots([]byte(long), product)
	for path, want := range map[string]bool{"/a": false, "/b": true} {
		if got := r.Allows(&url.URL{Path: path}); got != want {
			t.Errorf("a long file: %s %v", path, got)
		}
	}
}

func TestRobotsFiles(t *testing.T) {
	asked := map[string]int{}
	status, file := 200, "User-agent: *\nDisallow: /private"
	srv := server(t, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
			asked["robots"]++
			if status == 301 {
				w.Header().Set("Location", file)
			}
			w.WriteHeader(status)
			io.WriteString(w, file)
		},
		"/page":      func(w http.ResponseWriter, r *http.Request) { asked["page"]++ },
		"/private":   func(w http.ResponseWriter, r *http.Request) { asked["private"]++ },
		"/to":        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/private", http.StatusFound) },
		"/elsewhere": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "User-agent: *\nDisallow: /page") },
	})
	c := client(t, allowed(t))
	get := func(path string, named bool) Reason {
		_, err := c.Get(context.Background(), Request{URL: srv.URL + path, Named: named})
		return reasonOf(err)
	}
	if r := get("/page", false); r != "" {
		t.Error(r)
	}
	if r := get("/private", false); r != Forbidden {
		t.Errorf("what robots.txt forbids: %q", r)
	}
	if r := get("/to", false); r != Forbidden {
		t.Errorf("a redirect to what robots.txt forbids: %q", r)
	}
	if asked["robots"] != 1 || asked["private"] != 0 {
		t.Errorf("asked %v", asked)
	}
	if r := get("/private", true); r != "" || asked["private"] != 1 {
		t.Errorf("named by a person: %q", r)
	}
	for _, x := range []struct {
		status int
		file   string
		want   Reason
	}{{404, "User-agent: *\nDisallow: /", ""}, {403, "", ""}, {410, "", ""}, {429, "", Forbidden}, {500, "", Forbidden}, {503, "", Forbidden},
		{301, "/elsewhere", Forbidden}, {301, "/robots.txt", ""}, {301, "http://169.254.169.254/", Refused}, {200, "\x00\x01\x02", ""}} {
		c = client(t, allowed(t))
		status, file = x.status, x.file
		if r := get("/page", false); r != x.want {
			t.Errorf("%d %q: %q, want %q", x.status, x.file, r, x.want)
		}
		before := asked["robots"]
		if get("/page", false) != x.want || asked["robots"] != before {
			t.Errorf("%d: asked for again", x.status)
		}
	}
}

func FuzzRobots(f *testing.F) {
	for _, c := range robotsCases {
		f.Add([]byte(c.file), c.path)
	}
	f.Fuzz(func(t *testing.T, file []byte, path string) {
		r := ParseRobots(file, product)
		if r.Delay < 0 || r.Delay > maxDelay {
			t.Errorf("a delay of %v", r.Delay)
		}
		u, err := url.Parse("http://example.org/" + strings.TrimLeft(path, "/"))
		if err != nil {
			return
		}
		r.Allows(u)
		if !r.Allows(&url.URL{Path: "/robots.txt"}) {
			t.Error("robots.txt itself is forbidden")
		}
		if e := escaped(path); escaped(e) != e {
			t.Errorf("%q is escaped as %q, and that as %q", path, e, escaped(e))
		}
	})
}
