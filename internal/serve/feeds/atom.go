package feeds

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"time"
)

type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Updated   string      `xml:"updated"`
	Author    atomPerson  `xml:"author"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published,omitempty"`
	Authors    []atomPerson   `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    atomText       `xml:"summary"`
	Content    atomText       `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func stamp(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}

func atom(f *feed) ([]byte, error) {
	out := atomFeed{ID: "urn:uuid:" + uuid("feed "+f.self), Title: f.title, Updated: stamp(f.updated), Author: atomPerson{"Rapport"}, Generator: "Rapport",
		Links: []atomLink{{"self", "application/atom+xml", f.self}, {"alternate", "text/html", f.home}}}
	for i := range f.entries {
		e := &f.entries[i]
		x := atomEntry{ID: "urn:uuid:" + e.uuid, Title: e.title, Updated: stamp(e.updated), Summary: atomText{"text", e.text()}, Content: atomText{"html", e.html()},
			Categories: []atomCategory{{e.kind()}, {string(e.event.Status)}}}
		if !e.published.IsZero() {
			x.Published = stamp(e.published)
		}
		for _, o := range e.outlets() {
			x.Authors = append(x.Authors, atomPerson{o})
		}
		if e.link != "" {
			x.Links = append(x.Links, atomLink{"alternate", "", e.link})
		}
		for _, t := range e.told {
			if t.url != "" && t.url != e.link {
				x.Links = append(x.Links, atomLink{"via", "", t.url})
			}
		}
		out.Entries = append(out.Entries, x)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (e *entry) kind() string {
	if e.event.Mode != "" {
		return e.event.Event + ":" + e.event.Mode
	}
	return e.event.Event
}

// outlets returns who tells an entry, each once.
func (e *entry) outlets() (out []string) {
	seen := map[string]bool{}
	for _, t := range e.told {
		if !seen[t.outlet] {
			seen[t.outlet] = true
			out = append(out, t.outlet)
		}
	}
	return out
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url,omitempty"`
	External  string       `json:"external_url,omitempty"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Text      string       `json:"content_text"`
	Published string       `json:"date_published,omitempty"`
	Modified  string       `json:"date_modified"`
	Authors   []jsonAuthor `json:"authors"`
	Tags      []string     `json:"tags"`
	Own       jsonOwn      `json:"_rapport"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// jsonOwn is what JSON Feed calls an extension.
type jsonOwn struct {
	About string `json:"about"`
	Event string `json:"event"`
	Date  string `json:"date,omitempty"` // when it happened, EDTF
}

func jsonFeed(f *feed) ([]byte, error) {
	out := struct {
		Version  string     `json:"version"`
		Title    string     `json:"title"`
		Home     string     `json:"home_page_url"`
		Feed     string     `json:"feed_url"`
		Language string     `json:"language"`
		Items    []jsonItem `json:"items"`
	}{"https://jsonfeed.org/version/1.1", f.title, f.home, f.self, "en", []jsonItem{}}
	for i := range f.entries {
		e := &f.entries[i]
		x := jsonItem{ID: "urn:uuid:" + e.uuid, URL: e.link, Title: e.title, HTML: e.html(), Text: e.text(), Modified: stamp(e.updated),
			Tags: []string{e.kind(), string(e.event.Status)}, Own: jsonOwn{"doc/feeds.md", e.event.ID, string(e.event.Date)}}
		if !e.published.IsZero() {
			x.Published = stamp(e.published)
		}
		if e.told[0].url != e.link {
			x.External = e.told[0].url
		}
		for _, o := range e.outlets() {
			x.Authors = append(x.Authors, jsonAuthor{o})
		}
		out.Items = append(out.Items, x)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	err := enc.Encode(out)
	return b.Bytes(), err
}
