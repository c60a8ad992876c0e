package press

import (
	"bufio"
	"io"
	"iter"
	"net/url"
	"strings"

	"rapport"
	"rapport/internal/text"
)

// Origin says where bytes were had. The zero Origin knows nothing.
type Origin struct {
	Address   string // of the web
	Charset   string // as the server said, which may be wrong
	Retrieved string // RFC 3339
}

// ReadFrom yields the reports that r holds like [Read], but knows where the
// bytes are from. A page's id is made from the address that it calls its own,
// if that is of the same site and not its front page, and else from where it was had; errors name the
// latter.
func ReadFrom(r io.Reader, from Origin, o text.Options) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		own := PageID(from.Address)
		newReader(o, func(rep rapport.Report, err error) bool {
			if err == nil && rep.ID == own {
				if ownAddress(rep.URL, from.Address) {
					rep.ID = PageID(rep.URL)
				} else {
					rep.URL = from.Address
				}
			}
			return yield(rep, err)
		}).read(source{name: from.Address, id: own, url: from.Address, charset: from.Charset, retrieved: from.Retrieved,
			in: bufio.NewReaderSize(r, 64<<10)})
	}
}

// PageID returns the id of the report at an address of the web, the same
// however that is decorated for counting clicks:
// "example-org-2024-06-08-talks-1a2b3c4d".
func PageID(address string) string { return pageID(Canonical(address)) }

// counters are the parameters of an address that tell where a click came from.
var counters = map[string]bool{"fbclid": true, "gclid": true, "dclid": true, "yclid": true, "msclkid": true, "igshid": true, "mc_cid": true,
	"mc_eid": true, "_ga": true, "cmpid": true, "traffic_source": true, "at_medium": true, "at_campaign": true, "smid": true}

// Canonical returns an address without fragment and without what only counts
// clicks (utm_source and its like), its scheme and host in lower case. What
// is no address comes back as it is.
func Canonical(address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	var kept []string
	for p := range strings.SplitSeq(u.RawQuery, "&") {
		k, _, _ := strings.Cut(p, "=")
		if k = strings.ToLower(k); p != "" && !counters[k] && !strings.HasPrefix(k, "utm_") && !strings.HasPrefix(k, "at_custom") {
			kept = append(kept, p)
		}
	}
	u.RawQuery, u.ForceQuery = strings.Join(kept, "&"), false
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	switch {
	case u.Scheme == "http":
		u.Host = strings.TrimSuffix(u.Host, ":80")
	case u.Scheme == "https":
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
	return u.String()
}

// ownAddress tells whether a page had from an address may call said its own:
// its host differs by no more than what names the flavour of a site, and it is
// not the front page, which careless templates name on every page.
func ownAddress(said, from string) bool {
	a, err := url.Parse(said)
	b, err2 := url.Parse(from)
	if err != nil || err2 != nil || site(a) == "" || site(a) != site(b) {
		return false
	}
	front := func(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }
	return !front(a) || front(b)
}

func site(u *url.URL) string {
	h := strings.ToLower(u.Hostname())
	for _, p := range []string{"www.", "m.", "amp.", "mobile.", "www."} {
		h = strings.TrimPrefix(h, p)
	}
	return h
}
