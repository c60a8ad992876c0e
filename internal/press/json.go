package press

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"rapport"
)

// object is what the JSON of crawlers and agencies may hold, by the names they
// use: news-please (maintext, date_publish, source_domain), Event Registry and
// its newsapi.ai (body, dateTimePub, source.title), Media Cloud (media_name,
// publish_date, no text), ninjs 1 to 3 of the IPTC (body_text, headline or
// headlines, versioncreated), and wrappers of these.
type object map[string]json.RawMessage

func (o object) str(keys ...string) string {
	for _, k := range keys {
		var s string
		if json.Unmarshal(o[k], &s) == nil && strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
		var n json.Number
		if json.Unmarshal(o[k], &n) == nil && n != "" {
			return n.String()
		}
	}
	return ""
}

// names joins what a list of names holds: words, or objects with a name.
func (o object) names(key string) string {
	var words []string
	if json.Unmarshal(o[key], &words) == nil {
		return strings.Join(words, ", ")
	}
	words = nil // filled in part
	for _, m := range o.list(key) {
		if s := m.str("name", "title", "value"); s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, ", ")
}

func (o object) list(key string) []object {
	var list []object
	if json.Unmarshal(o[key], &list) != nil {
		return nil
	}
	return list
}

func (o object) in(key string) object {
	var m object
	json.Unmarshal(o[key], &m) // nil for what is none
	return m
}

func (o object) has(keys ...string) bool {
	for _, k := range keys {
		if v, ok := o[k]; !ok || string(v) == "null" {
			return false
		}
	}
	return true
}

// foreign turns an object of a crawler or an agency into objects as package
// text reads them. Of a list of addresses it hands these on, or says what they
// are.
func (r *reader) foreign(b []byte) (reports [][]byte, ok bool, err error) {
	var o object
	if json.Unmarshal(b, &o) != nil {
		return nil, false, nil
	}
	return r.foreignObject(o, 0)
}

func (r *reader) foreignObject(o object, depth int) (reports [][]byte, ok bool, err error) {
	if depth > 3 {
		return nil, false, nil
	}
	var items []object
	switch {
	case o.has("text") && !o.has("maintext") && !o.has("source_domain"): // ours, above all
		return nil, false, nil
	case o.has("articles"): // Event Registry's answer, or a list under that name
		if items = o.in("articles").list("results"); items == nil {
			items = o.list("articles")
		}
	case o.has("results") && !o.has("body"):
		items = o.list("results")
	case o.has("stories") && !o.has("body"):
		items = o.list("stories")
	case o.has("associations") && !ninjsText(o):
		items = nil
	}
	if items != nil {
		bad := 0
		for _, i := range items {
			rs, known, e := r.foreignObject(i, depth+1)
			if !known {
				if raw, err := json.Marshal(i); err == nil {
					rs = [][]byte{raw}
				}
			}
			if e != nil {
				bad++
				err = e
			}
			reports = append(reports, rs...)
		}
		if bad > 1 {
			err = &rapport.Error{Kind: rapport.BadInput, What: fmt.Sprintf("holds %d items without a text", bad), Try: "fetch the pages at their addresses"}
		}
		return reports, true, err
	}
	return r.foreignOne(o)
}

func ninjsText(o object) bool {
	return o.has("body_text") || o.has("body_xhtml") || o.has("body_html") || o.has("bodies")
}

func (r *reader) foreignOne(o object) (reports [][]byte, ok bool, err error) {
	out := map[string]string{}
	var body string
	switch {
	case o.has("maintext") || o.has("source_domain") && o.has("date_download"): // news-please
		body = plain(o.str("maintext", "text"))
		out["outlet"] = o.str("source_domain")
		out["published"], out["modified"], out["retrieved"] = o.str("date_publish"), o.str("date_modify"), rfc(o.str("date_download"))
		out["author"] = o.names("authors")
	case o.has("body") && (o.has("uri") || o.has("dateTime") || o.has("source")): // Event Registry
		body = plain(o.str("body"))
		out["outlet"] = firstOf(o.in("source").str("title", "uri"), o.str("source"))
		out["published"] = o.str("dateTimePub", "date", "dateTime")
		out["retrieved"] = rfc(o.str("dateTime"))
		out["author"] = o.names("authors")
		if u := o.str("uri"); u != "" && !strings.Contains(u, "/") {
			out["id"] = "er-" + u
		}
	case ninjsText(o):
		body = plain(o.str("body_text"))
		if h := o.str("body_xhtml", "body_html"); body == "" && h != "" {
			body = fragment(h)
		}
		for _, b := range o.list("bodies") {
			if v := b.str("value", "body"); len(v) > 0 && body == "" {
				if strings.Contains(b.str("contenttype"), "html") || strings.Contains(v, "</") {
					body = fragment(v)
				} else {
					body = plain(v)
				}
			}
		}
		out["outlet"] = firstOf(o.names("infosources"), o.names("infosource"), o.str("copyrightholder"), o.in("provider").str("name", "literal"))
		out["published"] = o.str("firstcreated", "firstpublished", "contentcreated", "versioncreated")
		out["modified"] = o.str("versioncreated", "contentmodified")
		out["author"] = firstOf(o.names("bylines"), o.str("byline"))
		out["title"] = o.str("headline")
		for _, h := range o.list("headlines") {
			if v := h.str("value"); v != "" && (out["title"] == "" || h.str("role") == "main") {
				out["title"] = v
			}
		}
		if u := o.str("uri"); u != "" {
			out["id"] = pageID(u)
		}
		if out["title"] == "" && body == "" {
			return nil, false, nil
		}
		for _, l := range o.list("altids") {
			if l.str("role") == "url" {
				out["url"] = l.str("value")
			}
		}
	case o.has("stories_id") || o.has("media_name") || o.has("media_url") || o.has("mediacloud_id"): // Media Cloud
		e := Entry{URL: o.str("url"), Title: o.str("title"), Outlet: o.str("media_name"), Language: o.str("language")}
		e.Published, _ = readDay(o.str("publish_date"), "")
		if body = plain(o.str("story_text", "text_content", "snippet")); body == "" || r.entry != nil {
			if r.entry != nil && e.URL != "" {
				r.entry(e)
				return nil, true, nil
			}
			return nil, true, &rapport.Error{Kind: rapport.BadInput, What: "tells an address and no text: " + e.URL, Try: "fetch the page there"}
		}
		out["outlet"], out["published"] = e.Outlet, o.str("publish_date")
	default:
		return nil, false, nil
	}
	for _, k := range []string{"title", "url", "language"} {
		if out[k] == "" {
			out[k] = tidy(o.str(k))
		}
	}
	if out["language"] == "" {
		out["language"] = o.str("lang")
	}
	if code, ok := threeLetters[out["language"]]; ok {
		out["language"] = code
	}
	if out["url"] != "" && r.entry != nil {
		d, _ := readDay(out["published"], "")
		r.entry(Entry{URL: out["url"], Title: out["title"], Outlet: out["outlet"], Language: out["language"], Published: d})
		return nil, true, nil
	}
	for _, k := range []string{"published", "modified"} {
		d, _ := readDay(out[k], "")
		out[k] = string(d)
	}
	if out["id"] == "" && out["url"] != "" {
		out["id"] = pageID(out["url"])
	}
	out["text"] = body
	if body == "" {
		return nil, true, &rapport.Error{Kind: rapport.BadInput, What: "holds no text", Try: "fetch the page at its address: " + firstOf(out["url"], "it tells none")}
	}
	for k, v := range out {
		if v == "" {
			delete(out, k)
		}
	}
	var w bytes.Buffer
	enc := json.NewEncoder(&w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, true, err
	}
	return [][]byte{w.Bytes()}, true, nil
}

// rfc writes "2024-06-08 10:15:00" as RFC 3339 does.
func rfc(s string) string {
	if len(s) >= 19 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
		if len(s) == 19 {
			s += "Z"
		}
	}
	return s
}

// threeLetters are the codes of ISO 639-3 that Event Registry uses, as BCP 47
// writes them.
var threeLetters = map[string]string{"eng": "en", "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "zho": "zh",
	"ara": "ar", "tur": "tr", "slv": "sl", "hrv": "hr", "cat": "ca", "nld": "nl", "pol": "pl", "ces": "cs", "swe": "sv", "fin": "fi", "dan": "da",
	"hun": "hu", "ron": "ro", "bul": "bg", "ell": "el", "ukr": "uk", "srp": "sr", "heb": "he", "fas": "fa", "hin": "hi", "jpn": "ja", "kor": "ko"}
