package press

import (
	"strings"
	"testing"

	"rapport/internal/text"
)

// TestOutletOfHost asks the table of outlets where a page names none.
func TestOutletOfHost(t *testing.T) {
	page := pageOf("Armenia protests to Georgia over airspace", talks)
	at := func(address, site string) string {
		head := "<link rel=canonical href='" + address + "'>"
		if site != "" {
			head += "<meta property='og:site_name' content='" + site + "'>"
		}
		return strings.Replace(page, "<title>", head+"<title>", 1)
	}
	for _, c := range []struct{ page, given, want string }{
		{at("https://armenpress.am/en/1", ""), "", "Armenpress"},
		{at("https://armenpress.am/en/1", "State News Agency"), "", "State News Agency"}, // the page's own word
		{at("https://armenpress.am/en/1", ""), "My Folder", "My Folder"},                 // the caller's
		{at("https://unknown.example/1", ""), "", ""},
	} {
		n := 0
		for r, err := range Read(strings.NewReader(c.page), "p.html", text.Options{Outlet: c.given}) {
			if n++; err != nil || r.Outlet != c.want {
				t.Errorf("%.120s: outlet %q, %v, want %q", c.page, r.Outlet, err, c.want)
			}
		}
		if n != 1 {
			t.Errorf("%d reports of a page", n)
		}
	}
}
