package press

import (
	"fmt"
	"io"
	"strings"

	"rapport"
)

// readNews yields the items of a NewsML-G2 document (IPTC NewsML-G2 2.x: a
// newsItem, or a newsMessage with many), of NewsML 1 and of NITF 3.x. An item
// whose content is a picture or stands elsewhere has no text, which is said.
func (r *reader) readNews(s source) bool {
	b, err := io.ReadAll(io.LimitReader(s.in, maxFeed+1))
	switch {
	case len(b) > maxFeed:
		return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is an XML document longer than %d MiB", maxFeed>>20), "", nil))
	case err != nil:
		return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
	}
	root, err := parseXML(strings.NewReader(withoutDeclaration(decode(b, s.charset))))
	if root == nil {
		return r.yield(rapport.Report{}, s.bad("is no news document that can be read", "", err))
	}
	var items []*element
	root.all(func(e *element) { items = append(items, e) }, "newsItem", "NewsItem")
	if items == nil {
		root.all(func(e *element) { items = append(items, e) }, "nitf")
	}
	if len(items) == 0 {
		return r.yield(rapport.Report{}, s.bad("is a news document without an item of text", "", err))
	}
	for i, e := range items {
		in := s
		if len(items) > 1 {
			in.name = fmt.Sprintf("%s: item %d", s.name, i+1)
			in.id = fmt.Sprintf("%s-%d", s.id, i+1)
		}
		if !r.yield(r.newsItem(e, &in)) {
			return false
		}
	}
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("breaks off or is damaged after "+count(len(items), "item"), "fetch it again", err))
	}
	return true
}

// newsItem makes a report of a newsItem, a NewsItem or a nitf.
func (r *reader) newsItem(e *element, s *source) (rapport.Report, error) {
	p := &page{url: s.url}
	var text, captions []string
	if n := e; e.name != "nitf" {
		p.title = firstOf(e.words("contentMeta", "headline"), e.words("NewsLines", "HeadLine"), e.words("itemMeta", "title"))
		p.language = e.get("tag", "contentMeta", "language")
		p.outlet = firstOf(e.words("itemMeta", "provider", "name"), e.words("contentMeta", "creditline"), e.get("literal", "itemMeta", "provider"),
			e.get("FormalName", "AdministrativeMetadata", "Provider", "Party"), e.words("rightsInfo", "copyrightHolder", "name"))
		p.author = firstOf(e.words("contentMeta", "by"), e.words("contentMeta", "creator", "name"), e.words("NewsLines", "ByLine"))
		p.published = newsDay(e.words("itemMeta", "firstCreated"), e.words("contentMeta", "contentCreated"), e.words("itemMeta", "versionCreated"),
			e.words("NewsManagement", "FirstCreated"), e.words("NewsIdentifier", "DateId"))
		p.modified = newsDay(e.words("contentMeta", "contentModified"), e.words("itemMeta", "versionCreated"))
		for _, l := range kidsNamed(e, "link") {
			if l.attr["href"] != "" && strings.HasPrefix(l.attr["href"], "http") && p.url == "" && strings.Contains(l.attr["rel"], "canonical") {
				p.url = l.attr["href"]
			}
		}
		if guid := e.attr["guid"]; guid != "" {
			s.id = pageID(guid)
		}
		if n = e.find("contentSet"); n == nil {
			n = e.find("DataContent")
		}
		if n != nil {
			if x := n.find("nitf"); x != nil {
				r.nitf(x, p)
				text, captions = nitfBlocks(x)
			} else if x := n.find("body"); x != nil {
				text, captions = x.blocks()
			} else if d := n.find("inlineData"); d != nil {
				text = []string{plain(d.raw())}
			} else {
				text, captions = n.blocks()
			}
		}
		if title := p.title; title != "" && len(text) > 1 && strings.EqualFold(text[0], title) {
			text = text[1:]
		}
	} else {
		r.nitf(e, p)
		text, captions = nitfBlocks(e)
	}
	p.text, p.captions = strings.Join(text, "\n\n"), captions
	if strings.TrimSpace(p.text) == "" {
		return rapport.Report{}, s.bad("has no text", "", nil)
	}
	p.addCaptions()
	return r.report(p, s)
}

func (e *element) raw() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func kidsNamed(e *element, name string) (out []*element) {
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// nitf fills in what a NITF document tells of itself where nothing else did.
func (r *reader) nitf(e *element, p *page) {
	p.title = firstOf(p.title, e.words("body.head", "hl1"), e.words("hedline"), e.words("head", "title"))
	p.author = firstOf(p.author, strings.TrimPrefix(strings.TrimPrefix(e.words("body.head", "byline"), "By "), "by "))
	p.outlet = firstOf(p.outlet, e.words("body.head", "distributor"), e.get("holder", "docdata", "doc.copyright"), e.get("name", "head", "pubdata"))
	if p.published == "" {
		p.published = newsDay(e.get("norm", "docdata", "date.issue"), e.get("norm", "docdata", "date.release"), e.get("date.publication", "head", "pubdata"), e.get("norm", "body.head", "story.date"))
	}
	p.language = firstOf(p.language, e.get("lang", "body"), e.attr["lang"])
	if u := e.get("ex-ref", "head", "pubdata"); strings.HasPrefix(u, "http") && p.url == "" {
		p.url = u
	}
}

func nitfBlocks(e *element) (text, captions []string) {
	dateline := e.words("body.head", "dateline")
	c := e.find("body.content")
	if c == nil {
		if c = e.find("body"); c == nil {
			return nil, nil
		}
	}
	text, captions = c.blocks()
	if dateline != "" && len(text) > 0 && !strings.HasPrefix(text[0], strings.Fields(dateline)[0]) {
		text[0] = strings.TrimRight(dateline, " -–—") + " — " + text[0]
	}
	return text, captions
}

// newsDay returns the first day among times as the standards write them.
func newsDay(times ...string) rapport.Date {
	for _, t := range times {
		if d, _ := readDay(t, ""); d != "" {
			return d
		}
	}
	return ""
}
