package press

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rapport"
)

// facts is what a page says of itself, gathered in one walk.
type facts struct {
	meta      map[string][]string // content by lower-case name, property, itemprop or http-equiv
	props     map[string][]string // microdata beyond meta elements
	linked    []map[string]any    // objects of JSON-LD
	broken    []string            // JSON-LD that is no JSON
	title     string              // of the head
	headings  []string            // h1 and what has the class of a title
	h1        []string
	canonical string
	base      string
	language  string
	times     []stamp
	lines     []line         // what may be a date line, in order
	headed    bool           // a heading has been met
	shown     map[string]int // visible lines that may be the heading, lower case, by their place
	nodes     int            // visible pieces of text met so far
	headAt    int            // how many were met before the heading
}

type stamp struct{ value, class string }

// line is a short piece of visible text.
type line struct {
	text string
	at   int // its place among the pieces of text
}

func (f *facts) one(names ...string) string {
	for _, n := range names {
		for _, v := range f.meta[n] {
			if v = tidy(v); v != "" {
				return v
			}
		}
	}
	return ""
}

const longestLine = 160 // bytes of a line that may hold the day of publication

// gather walks a page. Recursion is safe: the parser refuses pages nested
// deeper than 512 elements.
func gather(n *nethtml.Node, f *facts) {
	switch n.Type {
	case nethtml.TextNode:
		t := tidy(n.Data)
		if t == "" {
			return
		}
		f.nodes++
		if len(t) < longestLine && strings.IndexFunc(t, unicode.IsDigit) >= 0 {
			f.lines = append(f.lines, line{t, f.nodes})
		}
		if (len(strings.Fields(t)) >= 4 || !isASCII(t) && len(t) > 24) && len(t) < 500 && n.Parent.DataAtom != atom.Title && len(f.shown) < 10_000 {
			if low := strings.ToLower(t); f.shown[low] == 0 {
				f.shown[low] = f.nodes
			}
		}
		return
	case nethtml.ElementNode:
		f.element(n)
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Nav, atom.Template, atom.Textarea, atom.Select:
			return
		}
		if f.headed && furniture(n) && !strings.Contains(attr(n, "class"), "postmetadata") { // its dates are other pages'
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		gather(c, f)
	}
}

func (f *facts) element(n *nethtml.Node) {
	a := func(k string) string { return attr(n, k) }
	if prop := strings.ToLower(a("itemprop")); prop != "" && n.DataAtom != atom.Meta {
		v := a("content")
		if v == "" {
			v = a("datetime")
		}
		if v == "" {
			v = a("title")
		}
		if v == "" && !strings.Contains(prop, "body") {
			v = textOf(n, 300)
		}
		f.props[prop] = append(f.props[prop], v)
	}
	switch n.DataAtom {
	case atom.Html:
		f.language = a("lang")
		if f.language == "" {
			f.language = a("xml:lang")
		}
	case atom.Base:
		f.base = a("href")
	case atom.Title:
		if f.title == "" && (n.Parent == nil || n.Parent.Data != "svg") {
			f.title = tidy(textOf(n, 1000))
		}
	case atom.Link:
		if strings.EqualFold(a("rel"), "canonical") && f.canonical == "" {
			f.canonical = a("href")
		}
	case atom.Meta:
		v := a("content")
		for _, k := range []string{"name", "property", "itemprop", "http-equiv"} {
			if name := strings.ToLower(a(k)); name != "" {
				f.meta[name] = append(f.meta[name], v)
			}
		}
	case atom.Script:
		if strings.Contains(strings.ToLower(a("type")), "ld+json") && n.FirstChild != nil {
			f.addLinked(n.FirstChild.Data)
		}
	case atom.Time, atom.Abbr:
		v := a("datetime")
		if v == "" && n.DataAtom == atom.Abbr {
			v = a("title")
		}
		if v == "" {
			v = textOf(n, longestLine)
		}
		f.times = append(f.times, stamp{v, strings.ToLower(a("class") + " " + a("itemprop") + " " + a("pubdate"))})
	}
	if n.DataAtom == atom.H1 || isTitleClass(n) || isLarge(n) {
		if t := tidy(textOf(n, 500)); t != "" {
			f.headings = append(f.headings, t)
			if n.DataAtom == atom.H1 {
				f.h1 = append(f.h1, t)
			}
			if !f.headed {
				f.headed, f.headAt = true, f.nodes+1
			}
		}
	}
}

var titleClass = regexp.MustCompile(`(?i)(^|[\s_-])(entry|post|news|article|page|lbl)?-?_?(title|headline|titlebar|titre|newstitle|btitle)($|[\s_-])|lbltitle`)

// isTitleClass tells what is classed as a headline: h1 to h3 and small blocks.
func isTitleClass(n *nethtml.Node) bool {
	switch n.DataAtom {
	case atom.H2, atom.H3, atom.Div, atom.Td, atom.Span, atom.P:
		return titleClass.MatchString(attr(n, "class")+" "+attr(n, "id")) && len(textOf(n, 400)) < 300
	}
	return false
}

// isLarge tells a heading of old pages, set in a larger font.
func isLarge(n *nethtml.Node) bool {
	if n.DataAtom != atom.Font {
		return false
	}
	switch attr(n, "size") {
	case "4", "5", "6", "7", "+1", "+2", "+3", "+4":
		t := tidy(textOf(n, 400))
		return len(t) < 250 && len(strings.Fields(t)) >= 4
	}
	return false
}

func (f *facts) addLinked(s string) {
	s = strings.TrimSpace(s)
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<!--"), "-->")
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "//<![CDATA["), "//]]>")
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		f.broken = append(f.broken, s)
		return
	}
	f.linked = appendObjects(f.linked, v, 0)
}

// appendObjects flattens JSON-LD: graphs, arrays and what objects hold.
func appendObjects(to []map[string]any, v any, depth int) []map[string]any {
	if depth > 8 || len(to) > 1000 {
		return to
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			to = appendObjects(to, x, depth+1)
		}
	case map[string]any:
		to = append(to, v)
		for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if x, ok := v[k]; ok {
				to = appendObjects(to, x, depth+1)
			}
		}
	}
	return to
}

func typesOf(o map[string]any) string {
	switch t := o["@type"].(type) {
	case string:
		return t
	case []any:
		var s []string
		for _, x := range t {
			if x, ok := x.(string); ok {
				s = append(s, x)
			}
		}
		return strings.Join(s, " ")
	}
	return ""
}

// article returns the JSON-LD object of the article, nil when there is none.
func (f *facts) article() map[string]any {
	var video map[string]any
	for _, o := range f.linked {
		t := typesOf(o)
		switch {
		case strings.Contains(t, "Article"), strings.Contains(t, "Posting"), t == "Report", strings.Contains(t, "Statement"):
			return o
		case t == "VideoObject" && video == nil:
			video = o
		}
	}
	return video
}

// name returns the name of what o[key] is or refers to.
func (f *facts) name(o map[string]any, key string) string {
	return f.nameOf(o[key], 0)
}

func (f *facts) nameOf(v any, depth int) string {
	if depth > 4 {
		return ""
	}
	switch v := v.(type) {
	case string:
		if !strings.Contains(v, "://") {
			return tidy(v)
		}
	case []any:
		for _, x := range v {
			if s := f.nameOf(x, depth+1); s != "" {
				return s
			}
		}
	case map[string]any:
		if s, ok := v["name"].(string); ok && tidy(s) != "" {
			return tidy(s)
		}
		if id, ok := v["@id"].(string); ok {
			for _, o := range f.linked {
				if o["@id"] == id && o["name"] != nil {
					return f.nameOf(o["name"], depth+1)
				}
			}
		}
	}
	return ""
}

func str(o map[string]any, key string) string { s, _ := o[key].(string); return s }

var brokenField = regexp.MustCompile(`"(datePublished|dateModified|uploadDate)"\s*:\s*"([^"]{8,40})"`)

// Names under which meta elements tell the day of publication, best first.
var publishedNames = []string{"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "published_time",
	"parsely-pub-date", "sailthru.date", "publishdate", "publish-date", "publish_date", "pubdate", "publication_date", "article.published",
	"mediator_published_time", "nastooh:publishdate", "bt:pubdate", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created",
	"dc.date.created", "dc.date", "dcterms.date", "date", "weibo:article:create_at", "displaydate", "originalpublicationdate", "uploaddate"}

var modifiedNames = []string{"article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "updated_time"}

// days finds the days of publication and change. fallback is one that gives
// way to the dateline, with its basis.
func (f *facts) days(p *page) {
	first := func(vs ...string) rapport.Date {
		for _, v := range vs {
			if d, _ := readDay(v, f.language); d != "" {
				return d
			}
		}
		return ""
	}
	var published, modified []string
	if o := f.article(); o != nil {
		published = append(published, str(o, "datePublished"), str(o, "uploadDate"), str(o, "dateCreated"))
		modified = append(modified, str(o, "dateModified"))
	}
	for _, b := range f.broken {
		for _, m := range brokenField.FindAllStringSubmatch(b, 8) {
			if m[1] == "dateModified" {
				modified = append(modified, m[2])
			} else {
				published = append(published, m[2])
			}
		}
	}
	for _, n := range publishedNames {
		published = append(published, f.meta[n]...)
	}
	published = append(published, f.props["datepublished"]...)
	for _, n := range modifiedNames {
		modified = append(modified, f.meta[n]...)
	}
	modified = append(modified, f.props["datemodified"]...)
	for _, classed := range []bool{true, false} {
		for _, t := range f.times {
			isPub := strings.Contains(t.class, "publi") || strings.Contains(t.class, "pubdate") || strings.Contains(t.class, "entry-date")
			if isPub == classed && !strings.Contains(t.class, "updat") && !strings.Contains(t.class, "modif") {
				published = append(published, t.value)
			}
		}
	}
	for _, o := range f.linked {
		if strings.Contains(typesOf(o), "WebPage") {
			published = append(published, str(o, "datePublished"))
			modified = append(modified, str(o, "dateModified"))
		}
	}
	p.published, p.modified = first(published...), first(modified...)
	for _, l := range f.lines {
		if p.modified == "" && l.at >= f.headAt && len(l.text) < 80 && changed.MatchString(l.text) {
			p.modified, _ = readDay(l.text, f.language)
		}
	}
	if d := addressDay(p.url); p.published != "" && d != "" && nextTo(d, p.published) { // a time in UTC, a publisher elsewhere
		p.published = d
	}
	if p.published != "" {
		return
	}
	if d := addressDay(p.url); d != "" {
		p.fallback, p.fallbackBasis = d, BasisAddress
	} else if d := f.visibleDay(p.title); d != "" {
		p.fallback, p.fallbackBasis = d, BasisPage
	}
}

var (
	posted   = regexp.MustCompile(`(?i)^this entry was posted on `)
	changed  = regexp.MustCompile(`(?i)^\W*((last\s+)?(updated|modified|edited|changed|reviewed|accessed|printed)\b|last update|mis(e)? à jour|actualizad|atualizad|aggiornat|aktualisiert|zuletzt|güncelle|обновлен|оновлено|zaktualizowan|آخر تحديث|به.?روز)`)
	dateWord = regexp.MustCompile(`(?i)^(published|posted|date|created|publication date|release date|first published|issued|press release|statement|on|mon|tue|wed|thu|fri|sat|sun)`)
)

// near is how many pieces of text a date may stand from the heading to be
// sure of it.
const near = 4

// visibleDay returns the day of a line that is little more than a date: the
// first soon after the heading, else the last just before it, else the first
// after it, else the last before.
func (f *facts) visibleDay(title string) rapport.Date {
	head := f.headAt
	if at := f.shown[strings.ToLower(title)]; at > 0 && (!f.headed || at > head) {
		head = at
	}
	var before, after line
	var dayBefore, dayAfter rapport.Date
	for _, l := range f.lines {
		d, _ := readDay(l.text, f.language)
		if d == "" || changed.MatchString(l.text) || strings.Contains(l.text, "©") {
			continue
		}
		if len(l.text) > 48 && !dateWord.MatchString(l.text) && len(strings.Fields(l.text)) > 8 && !posted.MatchString(l.text) {
			continue
		}
		if head > 0 && l.at >= head {
			after, dayAfter = l, d
			break
		}
		before, dayBefore = l, d
	}
	switch {
	case dayBefore == "":
		return dayAfter
	case dayAfter == "", head-before.at <= 2 && after.at-head > near:
		return dayBefore
	}
	return dayAfter
}

// names finds the title and the outlet, which many pages tell only together.
func (f *facts) names(p *page) {
	o := f.article()
	site := f.one("og:site_name")
	if o != nil {
		if s := f.name(o, "publisher"); s != "" {
			site = s
		}
	}
	if site == "" {
		site = first(f.props["publisher"])
	}
	for _, w := range f.linked {
		if t := typesOf(w); site == "" && (strings.Contains(t, "WebSite") || strings.Contains(t, "Organization")) {
			site = f.nameOf(w, 0)
		}
	}
	if site == "" {
		site = f.one("application-name", "publisher", "dc.publisher", "dcterms.publisher", "copyright-holder", "source", "twitter:site")
		site = strings.TrimPrefix(strings.TrimPrefix(site, "@"), "corporateName=")
	}
	var told []string
	if o != nil {
		told = append(told, tidy(str(o, "headline")), tidy(str(o, "name")))
	}
	told = append(told, f.one("og:title"), f.one("twitter:title", "dc.title", "dcterms.title"))
	told = append(told, f.props["headline"]...)
	seen := append(append([]string{}, f.headings...), f.props["name"]...)
	var found string
	p.title, found = f.heading(told, seen, site)
	if site == "" {
		site = found
	}
	p.title = cutSection(cutSite(p.title, site))
	if h := f.onlyH1(); h != "" && alike(h, p.title) {
		p.title = h
	}
	p.title = live.ReplaceAllString(p.title, "")
	p.outlet = site
}

var live = regexp.MustCompile(`(?i)\s+[-–—|]\s+(live|live updates|as it happened)$`)

// onlyH1 returns the one top heading of a page, which is what readers see;
// metadata often holds another wording for search engines and networks.
func (f *facts) onlyH1() string {
	if len(f.h1) != 1 || len(strings.Fields(f.h1[0])) < 3 || len(f.h1[0]) > 250 {
		return ""
	}
	return f.h1[0]
}

// alike tells titles that share a third of their words of four letters or more.
func alike(a, b string) bool {
	words := map[string]bool{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(a), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) > 3 {
			words[w] = true
		}
	}
	both, all := 0, 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(b), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) > 3 {
			all++
			if words[w] {
				both++
			}
		}
	}
	return both > 0 && both*3 >= all
}

// heading finds the title among what metadata told and what is seen on the
// page: the first that stands in the head's title, which often tells the
// outlet besides. Failing that metadata, a part of the head's title that is
// seen on the page, or the head's title itself.
func (f *facts) heading(told, seen []string, site string) (title, outlet string) {
	short := "" // a heading that may be the outlet's own: few words, and more on the other side
	for _, h := range slices.Concat(told, seen) {
		if h = tidy(h); h == "" || sameWords(h, site) {
			continue
		}
		switch t, s := split(f.title, h); {
		case t == "":
		case len(strings.Fields(t)) < 4 && len(strings.Fields(s)) >= 4:
			short = firstOf(short, t)
		default:
			return t, s
		}
	}
	if short != "" {
		if t := lastPart(f.title); f.shown[strings.ToLower(t)] > 0 {
			return t, short
		}
		return short, ""
	}
	for _, h := range told {
		if h = tidy(h); h != "" && !sameWords(h, site) {
			return h, ""
		}
	}
	for _, at := range parts.FindAllStringIndex(f.title, 8) {
		if before, after := f.title[:at[0]], f.title[at[1]:]; f.shown[strings.ToLower(after)] > 0 {
			return after, firstPart(before)
		} else if f.shown[strings.ToLower(before)] > 0 {
			return before, lastPart(after)
		}
	}
	for _, h := range seen {
		if len(strings.Fields(f.title)) < 4 && len(strings.Fields(h)) >= 4 {
			return h, ""
		}
	}
	if m := general.FindStringSubmatch(f.title); m != nil { // "Ministry of Transport - News"
		for _, h := range seen {
			if len(strings.Fields(h)) >= 4 {
				return h, m[1]
			}
		}
	}
	return f.title, ""
}

// general are titles that every page of a site has.
var general = regexp.MustCompile(`(?i)^(.{4,80}?)\s+[-–—|:]\s+(news|press releases?|statements?|home|details?|article|news details?|media cent(er|re))$`)

// cutSection takes a section's name off a title: "… | World news".
func cutSection(title string) string {
	if i := strings.LastIndex(title, " | "); i > 0 && len(strings.Fields(title[i:])) <= 3 && len(strings.Fields(title[:i])) >= 4 {
		return title[:i]
	}
	return title
}

func first(ss []string) string {
	for _, s := range ss {
		if s = tidy(s); s != "" {
			return s
		}
	}
	return ""
}

// split parts a head's title that holds the heading h into h and the outlet:
// "h | World | Outlet", "Outlet: h". A title that is h has no outlet.
func split(title, h string) (heading, outlet string) {
	if len(title) > 24 && strings.HasPrefix(strings.ToLower(h), strings.ToLower(title)) { // a heading that never closes
		return title, ""
	}
	i := strings.Index(strings.ToLower(title), strings.ToLower(h))
	if i < 0 || len(h) < 8 || i+len(h) > len(title) {
		return "", ""
	}
	before, after := title[:i], title[i+len(h):]
	rest := strings.Trim(after, separators)
	if rest == "" || !startsWithSeparator(after) {
		rest = strings.Trim(before, separators)
		if after != "" && !startsWithSeparator(after) {
			return "", ""
		}
	}
	if rest == "" {
		return h, ""
	}
	if strings.Trim(after, separators) == "" || !startsWithSeparator(after) {
		return h, firstPart(rest)
	}
	if d, _ := readDay(lastPart(rest), ""); d != "" { // "Outlet: h - Section - 8/6/2024"
		if b := strings.Trim(before, separators); b != "" {
			return h, firstPart(b)
		}
		return h, ""
	}
	return h, lastPart(rest)
}

const separators = " |-–—•·:»«>/\u00a0"

func startsWithSeparator(s string) bool {
	return s != "" && strings.ContainsRune(separators, []rune(s)[0]) && strings.Trim(s, " ") != ""
}

var parts = regexp.MustCompile(`\s+(?:[|\-–—•·»>/]|::)\s+|\s*[|•»]\s*|:\s+`)

func lastPart(s string) string {
	ps := parts.Split(s, -1)
	return quoted(strings.Trim(ps[len(ps)-1], separators), s)
}

func firstPart(s string) string {
	return quoted(strings.Trim(parts.Split(s, 2)[0], separators), s)
}

// quoted gives a name cut out of s the guillemet back that is its own.
func quoted(name, s string) string {
	if name == "" {
		return name
	}
	if strings.Contains(name, "«") && !strings.Contains(name, "»") && strings.Contains(s, name+"»") {
		return name + "»"
	}
	if !strings.Contains(name, "«") && strings.Contains(s, "«"+name+"»") {
		return "«" + name + "»"
	}
	return name
}

// cutSite takes the outlet's name off either end of a title.
func cutSite(title, site string) string {
	low, s := strings.ToLower(title), strings.ToLower(site)
	if site == "" || len(low) != len(title) {
		return title
	}
	if rest, ok := strings.CutSuffix(low, s); ok {
		head := title[:len(rest)]
		if cut := strings.TrimRight(head, separators); len(cut) < len(head) && cut != "" {
			return cut
		}
	}
	if strings.HasPrefix(low, s) {
		tail := title[len(s):]
		if cut := strings.TrimLeft(tail, separators); strings.ContainsAny(tail[:len(tail)-len(cut)], "|-–—•:»") && cut != "" {
			return cut
		}
	}
	return title
}

func sameWords(a, b string) bool { return b != "" && strings.EqualFold(a, b) }

// address returns the page's own address: what it calls canonical, resolved.
func (f *facts) address(given string) string {
	at, err := url.Parse(given)
	if err != nil {
		at = &url.URL{}
	}
	if b, err := at.Parse(f.base); err == nil && f.base != "" {
		at = b
	}
	for _, c := range []string{f.canonical, f.one("og:url")} {
		u, err := at.Parse(strings.TrimSpace(c))
		if err == nil && c != "" && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			return u.String()
		}
	}
	return given
}

func (f *facts) author() string {
	if o := f.article(); o != nil {
		if s := f.name(o, "author"); s != "" {
			return s
		}
	}
	s := f.one("author", "article:author", "byl", "dc.creator", "parsely-author")
	if s == "" {
		s = first(f.props["author"])
	}
	if strings.Contains(s, "://") || len(s) > 120 {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(s, "By "), "by ")
}

var entity = regexp.MustCompile(`&(?:[a-zA-Z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});`)

// unescape mends entities that were escaped once too often.
func unescape(s string) string {
	for range 2 {
		if !entity.MatchString(s) {
			break
		}
		s = html.UnescapeString(s)
	}
	return s
}

// tidy mends entities and runs of blanks.
func tidy(s string) string { return strings.Join(strings.Fields(unescape(s)), " ") }

func attr(n *nethtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// textOf returns the text within n, blanks as they are, up to about most bytes.
func textOf(n *nethtml.Node, most int) string {
	var b strings.Builder
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		if n.Type == nethtml.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil && b.Len() < most; c = c.NextSibling {
			if c.DataAtom != atom.Script && c.DataAtom != atom.Style {
				walk(c)
			}
		}
	}
	walk(n)
	return b.String()
}

// textLen returns how many bytes of text n holds.
func textLen(n *nethtml.Node) int {
	if n.Type == nethtml.TextNode {
		return len(n.Data)
	}
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Script && c.DataAtom != atom.Style {
			sum += textLen(c)
		}
	}
	return sum
}
