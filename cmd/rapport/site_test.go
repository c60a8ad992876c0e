package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// startSite starts a small news site on the loopback for one script and
// returns its address.
func startSite(env *testscript.Env) string {
	article := func(title, text string) string {
		return "<!doctype html><html lang=en><head><title>" + title + "</title><meta property=\"article:published_time\" content=\"2024-06-08T10:00:00Z\"></head><body><article><h1>" + title +
			"</h1><p>" + text + "</p><p>" + strings.Repeat("The talks in Cairo went on for two hours on Saturday. ", 6) + "</p></article></body></html>"
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here := "http://" + r.Host
		day := time.Now().UTC().Format(time.DateOnly)
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private\n")
		case "/visa":
			fmt.Fprint(w, article("Egypt and Azerbaijan sign agreement", "Egypt and Azerbaijan signed an agreement on visas in Cairo on Saturday."))
		case "/thanks":
			fmt.Fprint(w, article("Egypt thanks Azerbaijan", "Egypt thanked Azerbaijan on Saturday."))
		case "/private":
			fmt.Fprint(w, article("Private", "Egypt thanked Azerbaijan on Saturday."))
		case "/feed":
			fmt.Fprintf(w, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Site</title><item><title>Visas</title><link>%[1]s/visa</link></item><item><title>Thanks</title><link>%[1]s/thanks</link></item><item><title>Private</title><link>%[1]s/private</link></item></channel></rss>", here)
		case "/sitemap.xml":
			fmt.Fprintf(w, "<?xml version=\"1.0\"?><urlset><url><loc>%s/visa</loc><lastmod>%s</lastmod></url></urlset>", here, day)
		case "/inwards":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	env.Defer(site.Close)
	return site.URL
}
