package press

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"rapport"
)

// told lists reports as "title|published|basis|outlet|author|language|url|text"
// with " / " for blank lines, and errors after "! ".
func told(t *testing.T, in string) string {
	t.Helper()
	reps, errs := got(t, []byte(in), "x")
	var lines []string
	for _, r := range reps {
		lines = append(lines, strings.Join([]string{r.Title, string(r.Published), r.Basis, r.Outlet, r.Author, r.Language, r.URL, strings.ReplaceAll(r.Text, "\n\n", " / ")}, "|"))
	}
	for _, e := range errs {
		lines = append(lines, "! "+e)
	}
	return strings.Join(lines, "\n")
}

func TestNewsXML(t *testing.T) {
	const g2 = `<?xml version="1.0" encoding="UTF-8"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:port.example:20240608:1" version="2" standard="NewsML-G2">
<rightsInfo><copyrightHolder literal="Port Agency"/></rightsInfo><itemMeta><itemClass qcode="ninat:text"/><provider literal="PORT"><name>Port Agency</name></provider><versionCreated>2024-06-09T01:00:00Z</versionCreated><firstCreated>2024-06-08T10:00:00+03:00</firstCreated></itemMeta>
<contentMeta><by>By A. Reporter</by><language tag="en"/><headline role="hrole:main">Envoy &amp; minister meet</headline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>` + talks + `</p><p>Second <b>paragraph</b>.</p></body></html></inlineXML></contentSet></newsItem>`
	const nitf = `<?xml version="1.0"?><nitf><head><title>Slug</title><docdata><date.issue norm="20240608T100000Z"/><doc.copyright holder="Wire House"/></docdata><pubdata ex-ref="https://wire.example/1"/></head><body><body.head><hedline><hl1>Envoy summoned</hl1></hedline><byline>By <person>B. Writer</person></byline><dateline><location>YEREVAN</location></dateline></body.head><body.content><block><p>` + talks + `</p><media media-type="image"><media-caption>The envoy leaves the ministry on Tuesday</media-caption></media><p>Second.</p></block></body.content></body></nitf>`
	for _, tt := range []struct{ name, in, want string }{
		{"NewsML-G2", g2, "Envoy & minister meet|2024-06-08|metadata|Port Agency|By A. Reporter|en||" + talks + " / Second paragraph."},
		{"a message of two", `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>` + strings.Replace(g2[strings.Index(g2, "<newsItem"):], "Envoy", "First envoy", 1) + `<newsItem><itemMeta/><contentSet><remoteContent href="a.jpg"/></contentSet></newsItem></itemSet></newsMessage>`,
			"First envoy & minister meet|2024-06-08|metadata|Port Agency|By A. Reporter|en||" + talks + " / Second paragraph.\n! x: item 2: has no text"},
		{"NITF", nitf, "Envoy summoned|2024-06-08|metadata|Wire House|B. Writer|en|https://wire.example/1|YEREVAN — " + talks + " / Second. / The envoy leaves the ministry on Tuesday"},
		{"breaks off", nitf[:strings.Index(nitf, "</p>")], "Envoy summoned|2024-06-08|metadata|Wire House|B. Writer|en|https://wire.example/1|YEREVAN — " + talks + "\n! x: breaks off or is damaged after 1 item: it breaks off (try: fetch it again)"},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><nitf><body><body.content><p>` + talks + ` &c;</p></body.content></body></nitf>`, "|||||en||" + talks + " &c;"},
		{"too deep", "<nitf>" + strings.Repeat("<p>", 5000), "! x: is no news document that can be read: has more than 1000 elements within each other"},
		{"too many", "<nitf><body>" + strings.Repeat("<p/>", maxElements+1), "! x: is no news document that can be read: has more than 300000 elements"},
		{"none", "<newsMessage/>", "! x: is a news document without an item of text"},
	} {
		if s := told(t, tt.in); s != tt.want && !(strings.HasPrefix(tt.want, "!") && strings.HasPrefix(s, tt.want)) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, s, tt.want)
		}
	}
}

func entries(in, base string) string {
	var lines []string
	for e, err := range Entries(strings.NewReader(in), "x", base) {
		if err != nil {
			lines = append(lines, "! "+err.Error())
			continue
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s|%s|%s|%s|%s|%s|%v", e.URL, e.Title, e.Outlet, e.Language, e.Published, e.Modified, e.Sitemap), "|"))
	}
	return strings.Join(lines, "\n")
}

const newsMap = `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="i"><url><loc>https://port.example/a?x=1&amp;y=2</loc><lastmod>2024-06-09T10:00:00Z</lastmod><news:news><news:publication><news:name>Port News</news:name><news:language>en</news:language></news:publication><news:publication_date>2024-06-08T23:30:00+02:00</news:publication_date><news:title>Envoy &amp; minister</news:title></news:news><image:image><image:loc>https://port.example/i.jpg</image:loc><image:title>A picture</image:title></image:image></url><url><loc>https://port.example/b</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>`

func TestEntries(t *testing.T) {
	const index = `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://port.example/s1.xml.gz</loc><lastmod>2024-06-09</lastmod></sitemap></sitemapindex>`
	gkg := "20240608101500-12\t20240608101500\t1\tport.example\thttps://port.example/g\t" + strings.Repeat("\t", 21) + "<PAGE_LINKS>x</PAGE_LINKS><PAGE_TITLE>Envoy summoned</PAGE_TITLE>\n20240608101500-T13\t20240608101500\t1\tb.example\thttps://b.example/g" + strings.Repeat("\t", 22) + "\n"
	const cloud = `{"stories_id": 12, "title": "Envoy", "url": "https://port.example/m", "media_name": "Port News", "publish_date": "2024-06-08 10:00:00", "language": "en"}` + "\n"
	for _, tt := range []struct{ name, in, base, want string }{
		{"news sitemap", newsMap, "", "https://port.example/a?x=1&y=2|Envoy & minister|Port News|en|2024-06-08|2024-06-09T10:00:00Z|false\nhttps://port.example/b||||||false"},
		{"index", index, "", "https://port.example/s1.xml.gz|||||2024-06-09|true"},
		{"gzip", string(packed([]byte(index))), "", "https://port.example/s1.xml.gz|||||2024-06-09|true"},
		{"feed", `<rss version="2.0"><channel><title>Port</title><item><title>Envoy</title><link>/c</link><pubDate>Sat, 08 Jun 2024 00:30:00 +0300</pubDate></item></channel></rss>`, "https://port.example/feed", "https://port.example/c|Envoy|Port||2024-06-08||false"},
		{"GDELT", gkg, "", "https://port.example/g|Envoy summoned|port.example||2024-06-08||false\nhttps://b.example/g||b.example||2024-06-08||false"},
		{"Media Cloud", cloud + cloud, "", "https://port.example/m|Envoy|Port News|en|2024-06-08||false\nhttps://port.example/m|Envoy|Port News|en|2024-06-08||false"},
		{"breaks off", newsMap[:strings.Index(newsMap, "</urlset>")-20], "", "https://port.example/a?x=1&y=2|Envoy & minister|Port News|en|2024-06-08|2024-06-09T10:00:00Z|false\nhttps://port.example/b||||||false\n! x: breaks off or is damaged after 2 addresses: it breaks off (try: fetch it again)"},
		{"impossible date", strings.ReplaceAll(index, "2024-06-09", "2024-99-99"), "", "https://port.example/s1.xml.gz||||||true"},
		{"no list", "Egypt thanked Azerbaijan.", "", "! x: lists no address of a page"},
		{"entity bomb", `<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + strings.Replace(index, "s1", "&b;", 1), "", "https://port.example/&b;.xml.gz|||||2024-06-09|true"},
	} {
		if s := entries(tt.in, tt.base); s != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, s, tt.want)
		}
	}
	for in, want := range map[string]string{newsMap: "! x: is a sitemap of 3 addresses and holds no text", index: "! x: is an index of sitemaps of 1 address and holds no text",
		gkg: "! x: is a table (GDELT GKG) of 2 addresses", cloud: "! x:1: tells an address and no text: https://port.example/m"} {
		if s := told(t, in); !strings.HasPrefix(s, want) {
			t.Errorf("got %q, want %q", s, want)
		}
	}
}

func TestCrawlers(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"news-please", `{"authors": ["A. Reporter"], "date_download": "2024-06-09 10:00:00", "date_modify": null, "date_publish": "2024-06-08 10:00:00", "language": "en", "source_domain": "port.example", "maintext": "` + talks + `\nSecond.", "title": "Envoy", "url": "https://port.example/1", "text": null}`,
			"Envoy|2024-06-08|given|port.example|A. Reporter|en|https://port.example/1|" + talks + " / Second."},
		{"Event Registry", `{"articles": {"page": 1, "results": [{"uri": "812", "lang": "eng", "date": "2024-06-08", "dateTimePub": "2024-06-08T10:00:00Z", "url": "https://port.example/1", "title": "Envoy", "body": "` + talks + `", "source": {"uri": "port.example", "title": "Port News"}, "authors": [{"name": "B. Writer"}]}, {"uri": "813", "lang": "eng", "dateTime": "x", "title": "No body", "body": "", "url": "https://port.example/2"}]}}`,
			"Envoy|2024-06-08|given|Port News|B. Writer|en|https://port.example/1|" + talks + "\n! x:1: holds no text (try: fetch the page at its address: https://port.example/2)"},
		{"ninjs 1", `{"uri": "tag:port.example:1", "type": "text", "versioncreated": "2024-06-08T10:00:00Z", "headline": "Envoy", "byline": "C. Editor", "language": "en", "copyrightholder": "Port Agency", "body_xhtml": "<p>` + talks + `</p><p>Second.</p>"}`,
			"Envoy|2024-06-08|given|Port Agency|C. Editor|en||" + talks + " / Second."},
		{"ninjs 3", `{"uri": "urn:port.example:1", "standard": {"name": "ninjs", "version": "3.0"}, "type": "text", "firstcreated": "2024-06-08T10:00:00Z", "versioncreated": "2024-06-09T10:00:00Z", "headlines": [{"role": "short", "value": "E"}, {"role": "main", "value": "Envoy"}], "bodies": [{"role": "main", "contenttype": "text/html", "value": "<p>` + talks + `</p>"}], "infosources": [{"name": "Port Agency"}], "language": "en"}`,
			"Envoy|2024-06-08|given|Port Agency||en||" + talks},
		{"ours", `{"id":"a","text":"` + talks + `","published":"2024-06-08","body":"x","uri":"y"}`, "|2024-06-08|given|||en||" + talks},
		{"unknown", `{"colour":"red"}`, "! x:1: holds no text"},
		{"wrapped without end", strings.Repeat(`{"articles":[`, 50) + strings.Repeat(`]}`, 50), "! x:1: holds no text"},
	} {
		if s := told(t, tt.in); s != tt.want && !(strings.HasPrefix(tt.want, "!") && strings.HasPrefix(s, tt.want)) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, s, tt.want)
		}
	}
}

func TestMail(t *testing.T) {
	head := "From: =?utf-8?q?Press_Office_=C3=89?= <press@min.example>\r\nTo: list@b.example\r\nDate: Sat, 08 Jun 2024 00:30:00 +0300\r\nSubject: Fwd: =?windows-1251?b?z/Do4uXy?= envoy\r\nMessage-ID: <1@min.example>\r\nMIME-Version: 1.0\r\n"
	wrapped := "The government of Armenia summoned the Georgian ambassador on Tuesday to\r\nprotest against what it called a breach of its airspace, and demanded an\r\nexplanation within the week.\r\n"
	b64 := base64.StdEncoding.EncodeToString
	pdf := pdfOf(shown, "")
	multi := head + "Content-Type: multipart/mixed; boundary=\"=b\"\r\n\r\npreamble\r\n--=b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + "The government of Armenia summoned the Georgian ambassador on Tuesday to pr=\r\notest against what it called a breach of its airspace, and demanded an expl=\r\nanation within the week.=20\r\n" + "\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>Short</p>\r\n--c--\r\n--=b\r\nContent-Type: application/pdf; name=\"state.pdf\"\r\nContent-Disposition: attachment; filename=\"state.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(pdf) + "\r\n--=b\r\nContent-Type: image/gif; name=a.gif\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlh\r\n--=b--\r\n"
	inPDF := "The minister received the ambassador of Georgia on Tuesday in Yerevan."
	for _, tt := range []struct{ name, in, want string }{
		{"plain", head + "\r\n" + wrapped + "\r\nSecond.\r\n-- \r\nThe office\r\n", "Привет envoy|2024-06-08|metadata|Press Office É||en||" + talks + " / Second."},
		{"with a PDF", multi, "Привет envoy|2024-06-08|metadata|Press Office É||en||" + talks + "\n|2024-06-08|metadata|Press Office É||||" + inPDF},
		{"HTML alone", head + "Content-Type: text/html; charset=windows-1252\r\n\r\n<html><body><p>" + talks + "</p><p>\x93Second\x94.</p></body></html>", "Привет envoy|2024-06-08|metadata|Press Office É||en||" + talks + " / “Second”."},
		{"passed on", head + "\r\nFor you.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Ministry of Ports <news@port.example>\r\nDate: Fri, 7 Jun 2024 at 12:00\r\nSubject: Envoy summoned\r\nTo: <a@b.example>\r\n\r\n" + wrapped, "Envoy summoned|2024-06-07|metadata|Ministry of Ports||en||" + talks},
		{"breaks off", multi[:strings.Index(multi, "anation")], "! x: has a part that cannot be read: it breaks off"},
		{"no text", head + "\r\n", "! x: is a message without text"},
		{"parts without end", head + strings.Repeat("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 30), "! x: "},
		{"mbox", "From a@b.example Sat Jun  8 10:00:00 2024\n" + strings.ReplaceAll(head, "\r", "") + "\n" + talks + "\n>From the start.\n\nFrom a@b.example Sat Jun  8 11:00:00 2024\n" + strings.ReplaceAll(strings.Replace(head, "1@min", "2@min", 1), "\r", "") + "\n" + talks + "\n",
			"Привет envoy|2024-06-08|metadata|Press Office É||en||" + talks + " From the start.\nПривет envoy|2024-06-08|metadata|Press Office É||en||" + talks},
	} {
		s := told(t, tt.in)
		if s != tt.want && !(strings.HasPrefix(tt.want, "!") && strings.Contains(s, tt.want)) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, s, tt.want)
		}
	}
}

// TestWACZ reads only the archives of a collection, not its indexes.
func TestWACZ(t *testing.T) {
	warc := string(packed([]byte(response("https://port.example/2024/06/08/1", "", pageOf("Envoy number one is summoned", talks)))))
	reps, errs := got(t, zipped(file{"datapackage.json", `{"profile":"data-package"}`}, file{"archive/data.warc.gz", warc}, file{"indexes/index.cdx", "x\x00"}, file{"pages/pages.jsonl", `{"id":"pages"}`}), "x.wacz")
	if len(reps) != 1 || len(errs) != 0 || reps[0].URL != "https://port.example/2024/06/08/1" {
		t.Errorf("%d reports, %q", len(reps), errs)
	}
}

// TestPDFInWARC: statements are often PDFs.
func TestPDFInWARC(t *testing.T) {
	in := strings.Replace(response("https://min.example/s.pdf", "", string(pdfOf(shown, ""))), "text/html; charset=utf-8", "application/pdf", 1)
	in = strings.Replace(in, "Content-Length: ", "X-Length: ", 1)
	body := in[strings.Index(in, "\r\n\r\n")+4 : len(in)-4]
	in = strings.Replace(in, "X-Length: ", fmt.Sprintf("Content-Length: %d\r\nX-Length: ", len(body)), 1)
	reps, errs := got(t, []byte(in), "x.warc")
	if len(reps) != 1 || len(errs) > 0 || reps[0].URL != "https://min.example/s.pdf" {
		t.Errorf("%+v %q", reps, errs)
	}
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(newsMap))
	f.Fuzz(func(t *testing.T, b []byte) {
		check(t, append([]byte("<urlset>"), b...))
		n := 0
		for e, err := range Entries(bytes.NewReader(append([]byte("<urlset>"), b...)), "x", "https://port.example/") {
			if n++; n > len(b)+1 || err == nil && !strings.HasPrefix(e.URL, "http") {
				t.Fatalf("%+v %v", e, err)
			}
		}
	})
}

func FuzzNewsXML(f *testing.F) {
	f.Add([]byte("<body><body.content><p>" + talks + "</p></body.content></body>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		check(t, append([]byte("<nitf>"), b...))
		check(t, append([]byte("<newsItem>"), b...))
	})
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--"))
	f.Add([]byte("Content-Transfer-Encoding: base64\r\n\r\nVGhl"))
	f.Fuzz(func(t *testing.T, b []byte) {
		check(t, append([]byte("From: a@b.example\r\nDate: Sat, 08 Jun 2024 00:30:00 +0300\r\nSubject: x\r\n"), b...))
		check(t, append([]byte("From a@b.example Sat Jun  8 10:00:00 2024\n"), b...))
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`"maintext":"x","url":"https://port.example/1"}`))
	f.Add([]byte(`"articles":{"results":[{"uri":"1","body":"x","source":{"title":"y"}}]}}`))
	f.Add([]byte(`"bodies":[{"value":"<p>x</p>","contenttype":"text/html"}],"uri":"a"}`))
	f.Fuzz(func(t *testing.T, b []byte) { check(t, append([]byte("{"), b...)) })
}

func FuzzGKG(f *testing.F) {
	f.Add([]byte("port.example\thttps://port.example/g\t\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, err := range Entries(bytes.NewReader(append([]byte("20240608101500-12\t20240608101500\t1\t"), b...)), "x", "") {
			if err != nil && rapport.KindOf(err) != rapport.BadInput {
				t.Fatal(err)
			}
		}
	})
}
