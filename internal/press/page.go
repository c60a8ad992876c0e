package press

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding"

	"rapport"
)

// page is what an HTML page tells.
type page struct {
	title, text, outlet, author, url string
	language                         string       // as the page says; its words may say otherwise
	published, modified              rapport.Date // from metadata
	fallback                         rapport.Date // from the address or the words on the page, when published is not told
	fallbackBasis                    string
	captions                         []string // what stands with pictures, in order
	origin                           []rapport.Origin
}

var errNoArticle = errors.New("is a page without an article")

// extract reads a page. declared is the encoding the server named, address
// where the page came from; both may be empty.
func extract(b []byte, declared, address string) (*page, error) {
	s, coding := decodeBy(b, declared)
	if n := strings.Count(s, "<"); n > maxTags {
		return nil, fmt.Errorf("is a page of %d tags, more than %d", n, maxTags)
	}
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil { // nested too deep
		return nil, fmt.Errorf("is no HTML that can be read: %w", err)
	}
	if weight(doc, 0) > maxWeight {
		return nil, errors.New("is a page of too many elements too deep within each other")
	}
	f := &facts{meta: map[string][]string{}, props: map[string][]string{}, shown: map[string]int{}}
	gather(doc, f)
	p := &page{language: f.language, url: f.address(address), author: f.author()}
	f.names(p)
	f.days(p)
	p.text = body(doc, p)
	if o := f.article(); o != nil { // behind a wall, or drawn by a script
		if whole := plain(str(o, "articleBody")); len(whole) > len(p.text)*3/2 && len(whole) > enough {
			p.text = whole
		}
	}
	if p.text == "" {
		return nil, errNoArticle
	}
	p.trace(b, s, coding)
	return p, nil
}

// around is how far from the article's first and last word, in bytes of the
// page, a picture may stand that belongs to it.
const around = 8 << 10

// trace finds the blocks of the text in the page, drops the captions of
// pictures that stand elsewhere, and puts the others after the text.
func (p *page) trace(raw []byte, decoded string, coding encoding.Encoding) {
	t := newTracer(decoded)
	var in, at []rapport.Span // in the text, in the page
	add := func(blocks []string, off int) {
		for _, b := range blocks {
			if s, ok := t.find(b); ok {
				in, at = append(in, rapport.Span{Start: off, End: off + len(b)}), append(at, s)
			}
			off += len(b) + 2
		}
	}
	add(strings.Split(p.text, "\n\n"), 0)
	if len(at) > 0 {
		first, last := at[0].Start, at[0].End
		for _, s := range at {
			first, last = min(first, s.Start), max(last, s.End)
		}
		p.captions = slices.DeleteFunc(p.captions, func(c string) bool {
			t.cursor = 0
			s, ok := t.find(c)
			return !ok || s.Start < first-around || s.End > last+around
		})
	}
	t.cursor = 0
	p.addCaptions()
	if n := len(p.captions); n > 0 {
		add(p.captions, len(p.text)-len(strings.Join(p.captions, "\n\n")))
	}
	at = inBytes(raw, decoded, coding, at)
	for i := range at {
		p.origin = append(p.origin, rapport.Origin{Text: in[i], Source: at[i]})
	}
}

const mostCaptions = 30 // of a report

// addCaptions puts the captions after the text, each once, as blocks.
func (p *page) addCaptions() {
	var kept []string
	for _, c := range p.captions {
		if len(kept) < mostCaptions && !slices.Contains(kept, c) && !strings.Contains(p.text, c) {
			kept = append(kept, c)
		}
	}
	if p.captions = kept; len(kept) > 0 {
		p.text += "\n\n" + strings.Join(kept, "\n\n")
	}
}

// captionSpans returns where the captions stand at the end of the text.
func (p *page) captionSpans() []rapport.Span {
	var spans []rapport.Span
	end := len(p.text)
	for i := len(p.captions) - 1; i >= 0; i-- {
		spans = append(spans, rapport.Span{Start: end - len(p.captions[i]), End: end})
		end -= len(p.captions[i]) + 2
	}
	slices.Reverse(spans)
	return spans
}

// weight returns the depths of all nodes added up, which is what finding the
// article costs: 38 million took 20 s. A page of 10,000 nodes 20 deep has 0.2.
func weight(n *html.Node, depth int) int {
	sum := depth
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += weight(c, depth+1)
	}
	return sum
}

// plain returns text that may hold markup or too many entities.
func plain(s string) string {
	s = unescape(s)
	if strings.Contains(s, "<") && htmlTag.MatchString(s) {
		return fragment(s)
	}
	var lines []string
	for l := range strings.Lines(s) {
		if l = tidy(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n\n")
}

// fragment returns the text of a piece of HTML, such as a feed's item.
func fragment(s string) string {
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return ""
	}
	(&pruner{all: textLen(doc)}).prune(doc)
	return strings.Join(blocks(doc), "\n\n")
}

// body returns the article's text.
func body(doc *html.Node, p *page) string {
	x := &pruner{all: textLen(doc)}
	x.prune(doc)
	p.captions = x.captions
	at, err := url.Parse(p.url)
	if err != nil || p.url == "" {
		at = &url.URL{Scheme: "http", Host: "localhost", Path: "/"}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	parser.KeepClasses = true
	a, err := parser.ParseAndMutate(doc, at)
	if err != nil || a.Node == nil {
		return ""
	}
	bs := blocks(a.Node)
	for len(bs) > 0 && (strings.EqualFold(bs[0], p.title) || byline.MatchString(bs[0]) || onlyDate(bs[0])) {
		bs = bs[1:]
	}
	for len(bs) > 0 && (tailLine.MatchString(bs[len(bs)-1]) || onlyDate(bs[len(bs)-1])) {
		bs = bs[:len(bs)-1]
	}
	return strings.Join(bs, "\n\n")
}

var (
	byline   = regexp.MustCompile(`^(?i:by|written by|posted by|author:) [^.!?]{3,70}$`)
	tailLine = regexp.MustCompile(`(?i)^(©|\(c\) |copyright\b|all rights reserved|source url:|print this|back to (the )?(front|home|top)|share\b.{0,40}$|our standards:|[#■\s]+$)`)
	noise    = regexp.MustCompile(`(?i)^(advertisement|advertising|continue reading.{0,30}|story continues below.{0,20}|share( this)?( article| story)?:?|read more|loading\W*|tags?:?)$`)
	dangling = regexp.MustCompile(`^.{3,80}\d{4}.{0,40}(--|—|–)$`)
	leadsOff = regexp.MustCompile(`(?i)^\W*(also read|read also|read more|read next|see also|related( stories| articles| news)?|recommended|more on this( story)?|watch( also)?|listen|don.t miss|editor.s pick|on the same subject|more:)\b`)
)

// onlyDate tells a line that holds a day and hardly a word besides.
func onlyDate(s string) bool {
	if len(s) > 70 || len(strings.Fields(s)) > 9 {
		return false
	}
	d, _ := readDay(s, "en-GB")
	return d != ""
}

// Words of a class or id that mark what stands around an article, and what
// stands between heading and text, where the date is.
var furnitureWords, headWords = map[string]bool{}, map[string]bool{}

func init() {
	for _, w := range strings.Fields(`share sharing sharedaddy addthis social newsletter signup subscribe subscription paywall barrier promo
		advert advertisement advertising ads dfp cookie cookies consent cmp gdpr breadcrumb breadcrumbs pagination pager pagenav
		related jp-relatedposts recommended recirc outbrain taboola trending popular comments disqus respond
		caption figcaption credit visually-hidden sr-only screen-reader-text printfriendly tags
		more-on read-more read-next read-also lire-aussi inread-related key-events signoff
		block-time block-share twitter-tweet instagram-media fb-post share-links share-buttons social-share
		wm-ipp wm-ipp-base wm-ipp-print
		related-posts related-news related-articles related-content related-stories comment-list commentlist comments-area post-tags
		newsletter-signup subscription-widget-wrap podcast-promo pullquote pull-quote
		author-bio about-author postmetadata breaking-news latest-news most-read popular-posts`) {
		furnitureWords[w] = true
	}
	for _, w := range strings.Fields(`masthead byline pub-date published-dates entry-meta post-meta article-meta`) {
		headWords[w] = true
	}
}

// furniture tells by its element, role or class what is no part of an article.
func furniture(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Aside, atom.Figcaption, atom.Footer, atom.Button, atom.Select, atom.Textarea, atom.Iframe, atom.Template,
		atom.Script, atom.Style, atom.Noscript, atom.Svg, atom.Audio, atom.Video, atom.Object:
		return true
	case atom.Html, atom.Head, atom.Body, atom.Article, atom.Main:
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "role":
			switch a.Val {
			case "dialog", "alertdialog", "navigation", "complementary", "contentinfo", "search", "menu":
				return true
			}
		case "class", "id":
			for _, w := range strings.Fields(strings.ToLower(a.Val)) {
				if furnitureWords[dashed(w)] {
					return true
				}
				for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return r == '-' || r == '_' }) {
					if strongWords[part] {
						return true
					}
				}
			}
		}
	}
	return false
}

func dashed(class string) string {
	return strings.ReplaceAll(strings.ReplaceAll(class, "__", "-"), "_", "-")
}

// isHead tells by its class what stands between heading and text.
func isHead(n *html.Node) bool {
	for w := range strings.FieldsSeq(strings.ToLower(attr(n, "class"))) {
		if headWords[dashed(w)] {
			return true
		}
	}
	return false
}

// Words that mark furniture as a part of any longer class.
var strongWords = map[string]bool{"cookie": true, "consent": true, "newsletter": true, "disqus": true, "taboola": true, "outbrain": true,
	"relatedposts": true, "sharedaddy": true, "paywall": true, "caption": true, "figcaption": true, "breadcrumb": true, "breadcrumbs": true,
	"advertisement": true, "podcast": true, "related": true, "comments": true}

// pruner takes furniture out of a page with all bytes of text, unless that is
// most of it: a body classed "has-related" is the page itself. It keeps the
// captions that it meets.
type pruner struct {
	all      int
	captions []string
}

func (x *pruner) prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode:
			n.RemoveChild(c)
		case c.Type == html.ElementNode && walled(c):
			show(c)
			x.prune(c)
		case c.Type == html.ElementNode && (furniture(c) || isHead(c)) && (isSmall(c) || textLen(c) < x.all*2/3 || isConsent(c) && x.all-textLen(c) > 500):
			if s := tidy(textOf(c, 2000)); isCaption(c) && len(strings.Fields(s)) >= 4 && len(s) < 1000 && len(x.captions) < 200 {
				x.captions = append(x.captions, s)
			}
			n.RemoveChild(c)
		default:
			x.prune(c)
		}
		c = next
	}
}

// isCaption tells what stands with a picture.
func isCaption(n *html.Node) bool {
	if n.DataAtom == atom.Figcaption {
		return true
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(attr(n, "class")), func(r rune) bool { return r == ' ' || r == '-' || r == '_' }) {
		if w == "caption" || w == "figcaption" {
			return true
		}
	}
	return false
}

// isConsent tells the dialog that asks for cookies, which may be longer than
// the article.
func isConsent(n *html.Node) bool {
	for _, k := range []string{"class", "id"} {
		if v := strings.ToLower(attr(n, k)); strings.Contains(v, "consent") || strings.Contains(v, "cookie") || strings.Contains(v, "gdpr") {
			return true
		}
	}
	return false
}

// walled tells what a paywall hides: the article itself, in paragraphs.
func walled(n *html.Node) bool {
	class := strings.ToLower(attr(n, "class"))
	if !strings.Contains(class, "paywall") || !strings.Contains(class, "content") && !strings.Contains(class, "body") && !strings.Contains(class, "text") {
		return false
	}
	long := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.P && textLen(c) > 80 {
			long++
		}
	}
	return long > 1
}

// show takes off what hides an element.
func show(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "style" || a.Key == "hidden" || a.Key == "class" })
}

// isSmall tells what is never the page itself, however much text it holds.
func isSmall(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Nav, atom.Template, atom.Figcaption, atom.Svg, atom.Iframe:
		return true
	}
	return attr(n, "role") == "dialog" || attr(n, "id") == "disqus_thread" || strings.Contains(attr(n, "class"), "comments")
}

// blocks returns the paragraphs, headings, list items and table rows of n.
func blocks(n *html.Node) []string {
	w := &writer{}
	w.walk(n, false)
	w.flush()
	end := len(w.blocks) // a heading heads something
	for end > 1 && w.heads[end-1] && len(w.blocks[end-1]) < 150 {
		end--
	}
	if slices.Contains(w.heads[:end], false) {
		w.blocks = w.blocks[:end]
	}
	return w.blocks
}

type writer struct {
	blocks []string
	heads  []bool // which blocks are headings below the first
	head   bool   // the line is one
	line   strings.Builder
	linked int // bytes of the line that are links
	breaks int // br elements since the last text
}

func (w *writer) walk(n *html.Node, inLink bool) {
	if n.Type == html.TextNode {
		w.add(n.Data, inLink)
		return
	}
	block := false
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Img:
		return
	case atom.Br:
		w.breaks++
		return
	case atom.Pre:
		w.flush()
		w.preformatted(textOf(n, maxPage))
		return
	case atom.A:
		inLink = true
	case atom.Td, atom.Th:
		w.add(" ", false)
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Table, atom.Tr, atom.Blockquote, atom.Figure, atom.Hr, atom.Center,
		atom.Address, atom.Details, atom.Summary, atom.Form, atom.Fieldset:
		block = true
	}
	if block {
		w.flush()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, inLink)
	}
	if block {
		switch n.DataAtom {
		case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			w.head = true
		}
		w.flush()
	}
}

// add writes text to the line. Two breaks part paragraphs; one does where the
// text before it ends like one, which is how old pages mark them.
func (w *writer) add(s string, inLink bool) {
	if strings.TrimSpace(s) == "" {
		if w.breaks == 0 && w.line.Len() > 0 {
			w.line.WriteByte(' ')
		}
		return
	}
	if w.breaks > 0 {
		if w.breaks > 1 || ends(w.line.String()) || strings.HasPrefix(s, "\n    ") || strings.HasPrefix(s, "    ") {
			w.flush()
		} else {
			w.line.WriteByte('\n')
		}
		w.breaks = 0
	}
	w.line.WriteString(strings.ReplaceAll(strings.ReplaceAll(s, "\r", " "), "\n", " "))
	if inLink {
		w.linked += len(s)
	}
}

func ends(s string) bool {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	return s != "" && strings.ContainsAny(s[len(s)-1:], `.!?"')`) || strings.HasSuffix(s, "”") || strings.HasSuffix(s, "»")
}

func (w *writer) flush() {
	linked, head := w.linked, w.head
	w.head = false
	var lines []string
	for l := range strings.SplitSeq(w.line.String(), "\n") {
		if l = tidy(l); l != "" {
			lines = append(lines, l)
		}
	}
	w.line.Reset()
	w.linked, w.breaks = 0, 0
	s := strings.Join(lines, "\n")
	if s == "" || noise.MatchString(s) || strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 && s != "# # #" {
		return
	}
	if len(s) < 250 && linked*2 > len(s) && (leadsOff.MatchString(s) || linked*10 > len(s)*9 && !ends(s)) {
		return
	}
	if leadsOff.MatchString(s) && len(s) < 25 {
		return
	}
	if n := len(w.blocks) - 1; n >= 0 && dangling.MatchString(w.blocks[n]) { // a dateline on a line of its own
		w.blocks[n] += " " + s
		return
	}
	w.blocks, w.heads = append(w.blocks, s), append(w.heads, head)
}

// preformatted parts text set by hand at blank and indented lines.
func (w *writer) preformatted(s string) {
	for l := range strings.Lines(s) {
		if strings.TrimSpace(l) == "" || strings.HasPrefix(l, "   ") {
			w.flush()
		}
		w.line.WriteString(strings.TrimRight(l, "\r\n") + " ")
	}
	w.flush()
}
