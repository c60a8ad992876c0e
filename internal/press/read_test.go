package press

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"rapport"
	"rapport/internal/text"
)

const talks = "The government of Armenia summoned the Georgian ambassador on Tuesday to protest against what it called a breach of its airspace, and demanded an explanation within the week."

func pageOf(title, body string) string {
	return "<!DOCTYPE html><html lang=en><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + body + "</p></body></html>"
}

// got reads in and lists what came of it: "id title" or "error: …".
func got(t *testing.T, in []byte, name string) (reps []rapport.Report, errs []string) {
	t.Helper()
	for r, err := range Read(bytes.NewReader(in), name, text.Options{}) {
		var e *rapport.Error
		switch {
		case err == nil:
			if r.Text == "" || r.Hash != rapport.HashText(r.Text) {
				t.Errorf("%s: a report without text or hash", r.ID)
			}
			reps = append(reps, r)
		case !errors.As(err, &e) || e.Kind != rapport.BadInput || e.What == "":
			t.Errorf("error of no kind: %v", err)
		default:
			errs = append(errs, err.Error())
		}
	}
	return reps, errs
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func zstded(b []byte) []byte {
	var out bytes.Buffer
	w, _ := zstd.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func zlibbed(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

type file struct{ name, body string }

func zipped(files ...file) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		m, _ := w.Create(f.name)
		io.WriteString(m, f.body)
	}
	w.Close()
	return out.Bytes()
}

func tarred(files ...file) []byte {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.body)), Mode: 0o600, Typeflag: tar.TypeReg})
		io.WriteString(w, f.body)
	}
	w.Close()
	return out.Bytes()
}

func TestFeeds(t *testing.T) {
	const (
		rss = `<?xml version="1.0" encoding="windows-1251"?><!DOCTYPE rss [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Port News</title><link>https://port.example/</link>
<item><title>Ambassador &amp;amp; minister meet</title><link>https://port.example/2024/06/a</link><pubDate>Sat, 08 Jun 2024 00:30:00 +0300</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>` + talks + `</p><div class="related">Read this too</div><p>Second.</p>]]></content:encoded></item>
<item><title>Impossible date</title><guid>g-2</guid><pubDate>Sat, 45 Foo 2024 99:30:00</pubDate><description>&lt;b&gt;` + talks + `&lt;/b&gt;</description></item>
<item><title>Nothing in it</title><link>https://port.example/c</link></item></channel></rss>`
		atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Ministry</title><entry><title>Statement</title><id>tag:1</id><link href="https://min.example/s/1"/><published>2023-11-02T23:10:00-05:00</published><updated>2024-01-01T00:00:00Z</updated><author><name>Press service</name></author><content type="html">&lt;p&gt;` + talks + `&lt;/p&gt;</content></entry></feed>`
		js   = ` {"version": "https://jsonfeed.org/version/1.1", "title": "Desk", "items": [{"id": "1", "url": "https://desk.example/1", "title": "T", "date_published": "2022-02-03T10:00:00Z", "content_text": "` + talks + `"}]}`
	)
	for _, tt := range []struct{ name, in, want string }{
		{"rss", rss, "Ambassador & minister meet|2024-06-08|metadata|Port News|" + talks + "\n\nSecond.\nImpossible date|||Port News|" + talks + "\n! x: item 3: has no text"},
		{"atom", atom, "Statement|2023-11-02|metadata|Ministry|" + talks},
		{"json", js, "T|2022-02-03|metadata|Desk|" + talks},
		{"no item", `<rss version="2.0"><channel><title>x</title></channel></rss>`, "! x: is a feed without an item"},
		{"breaks off", rss[:900], "! x: is no feed that can be read"},
		{"too deep", "<rss><channel>" + strings.Repeat("<a>", 100_000), "! x: is a feed of more than 1000 elements within each other"},
	} {
		reps, errs := got(t, []byte(tt.in), "x")
		var lines []string
		for _, r := range reps {
			lines = append(lines, strings.Join([]string{r.Title, string(r.Published), r.Basis, r.Outlet, r.Text}, "|"))
		}
		for _, e := range errs {
			lines = append(lines, "! "+e)
		}
		if s := strings.Join(lines, "\n"); s != tt.want && !(strings.HasPrefix(tt.want, "!") && strings.HasPrefix(s, tt.want)) {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, s, tt.want)
		}
	}
}

// TestIDs asks that a page has one id whenever and wherever it is met.
func TestIDs(t *testing.T) {
	a, b := pageID("https://www.port.example/2024/06/talks.html?id=7"), pageID("https://www.port.example/2024/06/talks.html?id=8")
	if !strings.HasPrefix(a, "port-example-2024-06-talks-html-") || a == b || a != pageID("https://www.port.example/2024/06/talks.html?id=7") {
		t.Errorf("%q, %q", a, b)
	}
}

func TestArchives(t *testing.T) {
	page, plain := pageOf("Envoy summoned", talks), talks+"\n"
	both := []file{{"2024/a.html", page}, {"b.txt", plain}, {"__MACOSX/._b.txt", "x"}}
	for _, tt := range []struct {
		name string
		in   []byte
		ids  string
		errs []string // how each begins or what it holds
	}{
		{"p.html.gz", packed([]byte(page)), "p", nil},
		{"p.html.zst", zstded([]byte(page)), "p", nil},
		{"a.zip", zipped(both...), "2024-a b", nil},
		{"a.tgz", packed(tarred(both...)), "2024-a b", nil},
		{"a.tar.zst", zstded(tarred(both...)), "2024-a b", nil},
		{"zip in zip", zipped(file{"in.zip", string(zipped(both...))}, file{"c.txt", plain}), "2024-a b c", nil},
		{"one bad among good", zipped(file{"a.txt", plain}, file{"b.bin", "\x00\x01\x02"}, file{"c.txt", plain}), "a c", []string{"x/b.bin: is binary"}},
		{"leads out", zipped(file{"../../etc/a.txt", plain}, file{`..\b.txt`, plain}, file{"/c.txt", plain}, file{"d.txt", plain}), "d",
			[]string{"x/../../etc/a.txt: has a path that leads out", "leads out", "leads out"}},
		{"leads out of a tar", tarred(file{"../a.txt", plain}, file{"b.txt", plain}), "b", []string{"leads out"}},
		{"truncated gzip", packed([]byte(page))[:120], "", []string{"x: cannot be read: the compressed data breaks off"}},
		{"gzip of nothing more", packed(nil)[:8], "", []string{"x: cannot be unpacked"}},
		{"truncated zip", zipped(both...)[:200], "", []string{"x: is no ZIP archive that can be read"}},
		{"truncated tar", tarred(file{"a.txt", plain}, file{"b.txt", plain})[:1200], "a", []string{"x: breaks off or is damaged after 1 file"}},
		{"empty zip", zipped(), "", []string{"x: is an archive without a file"}},
		{"office", zipped(file{"[Content_Types].xml", "<x/>"}, file{"xl/workbook.xml", "<x/>"}), "", []string{"x: is an office document"}},
		{"bomb", packed(append([]byte("WARC/1.0\r\n"), make([]byte, 80<<20)...)), "", []string{"unpacks to more than 200 times"}},
		{"bombs in a zip", bombs(), "", []string{"x/a", "unpacks to more"}},
		{"too deep", deep([]byte(plain), 6), "", []string{"is an archive within more than 4 others"}},
		{"xml", []byte(`<?xml version="1.0"?><catalogue><a/></catalogue>`), "", []string{"x: is an XML document, neither a page, a feed, a sitemap, NewsML nor NITF"}},
		{"pdf", []byte("%PDF-1.4 stuff"), "", []string{"x: is a PDF that cannot be read"}},
	} {
		name := "x"
		if strings.Contains(tt.ids, "p") {
			name = tt.name
		}
		reps, errs := got(t, tt.in, name)
		var ids []string
		for _, r := range reps {
			ids = append(ids, r.ID)
		}
		if strings.Join(ids, " ") != tt.ids || len(errs) < len(tt.errs) || len(tt.errs) == 0 && len(errs) > 0 {
			t.Errorf("%s: ids %q, errors %q", tt.name, ids, errs)
			continue
		}
		for i, e := range tt.errs {
			if !strings.Contains(strings.Join(errs[min(i, len(errs)-1):], "\n"), e) {
				t.Errorf("%s: error %q, want %q", tt.name, errs, e)
			}
		}
	}
}

func bombs() []byte {
	var fs []file
	for i := range 10 {
		fs = append(fs, file{fmt.Sprintf("a%d", i), `{"id":"a","text":"` + strings.Repeat("a", 15<<20) + `"}`})
	}
	return zipped(fs...)
}

func deep(b []byte, n int) []byte {
	for range n {
		b = packed(b)
	}
	return b
}

// TestOpenZip reads a ZIP archive from the disk, which is never held whole.
func TestOpenZip(t *testing.T) {
	f := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(f, zipped(file{"a.html", pageOf("Envoy summoned", talks)}), 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	for r, err := range Open(f, text.Options{Outlet: "Given", Published: "2024-06-08"}) {
		if n++; err != nil || r.ID != "a" || r.Text != talks || r.Outlet != "Given" || r.Published != "2024-06-08" || r.Basis != rapport.BasisGiven || r.Language != "en" {
			t.Errorf("%+v %v", r, err)
		}
	}
	if n != 1 {
		t.Errorf("%d reports", n)
	}
	for _, err := range Open(filepath.Join(t.TempDir(), "none"), text.Options{}) {
		if err == nil || !strings.Contains(err.Error(), "no such file") {
			t.Error(err)
		}
	}
}

func warcRecord(kind, url, mediaType, block string) string {
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2024-06-09T10:00:00Z\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", kind, url, mediaType, len(block), block)
}

func response(url, header, body string) string {
	return warcRecord("response", url, "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"+header+"\r\n"+body)
}

func TestWARC(t *testing.T) {
	page := func(n int) string { return pageOf(fmt.Sprintf("Envoy number %d is summoned", n), talks) }
	url := func(n int) string { return fmt.Sprintf("https://port.example/2024/06/08/%d", n) }
	info := warcRecord("warcinfo", "", "application/warc-fields", "software: x\r\n")
	one, two := response(url(1), "", page(1)), response(url(2), "", page(2))
	_, block, _ := strings.Cut(one, "\r\n\r\n")
	length := len(block) - 4
	long := strings.Replace(two, "Content-Length: ", "Content-Length: 1", 1) // a thousand bytes too long
	for _, tt := range []struct {
		name, in string
		titles   int
		errs     string
	}{
		{"two pages", info + warcRecord("request", url(1), "application/http", "GET / HTTP/1.1\r\n\r\n") + one + two, 2, ""},
		{"gzip record by record", string(packed([]byte(info))) + string(packed([]byte(one))) + string(packed([]byte(two))), 2, ""},
		{"gzip as a whole", string(packed([]byte(info + one + two))), 2, ""},
		{"chunked", info + response(url(1), "Transfer-Encoding: chunked\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(page(1)), page(1))), 1, ""},
		{"said to be chunked", info + response(url(1), "Transfer-Encoding: chunked\r\n", page(1)), 1, ""},
		{"content gzip", info + response(url(1), "Content-Encoding: gzip\r\n", string(packed([]byte(page(1))))), 1, ""},
		{"content bomb", info + response(url(1), "Content-Encoding: gzip\r\n", string(packed(make([]byte, 20<<20)))) + two, 1, "cannot be unpacked: it is longer than 16 MiB"},
		{"not found", info + strings.Replace(one, "200 OK", "404 NO", 1) + two, 1, ""},
		{"an image", info + strings.Replace(one, "text/html; charset=utf-8", "image/gif; charset=utf-8", 1) + two, 1, ""},
		{"WET", info + warcRecord("conversion", url(1), "text/plain", talks), 1, ""},
		{"breaks off", info + one + two[:len(two)-80], 1, "the archive breaks off"},
		{"wrong length", info + strings.Replace(one, "Content-Length: ", "Content-Length: -", 1) + two, 1, "damaged or whose length is wrong"},
		{"length too short", info + strings.Replace(one, fmt.Sprint("Content-Length: ", length), fmt.Sprint("Content-Length: ", length-9), 1) + two, 2, "damaged or whose length is wrong"},
		{"length too long", info + long + one + one + one, 3, "damaged"},
		{"cut when written", string(packed([]byte(info))) + string(packed([]byte(one[:len(one)/2]))) + string(packed([]byte(two))) + string(packed([]byte(one))), 2, "is damaged: the next record begins within it"},
		{"no pages", info + response(url(1), "", "<html></html>"), 0, "is a page without an article"},
	} {
		reps, errs := got(t, []byte(tt.in), "x.warc")
		if len(reps) != tt.titles || (tt.errs == "") != (len(errs) == 0) || !strings.Contains(strings.Join(errs, "\n"), tt.errs) {
			t.Errorf("%s: %d reports, errors %q", tt.name, len(reps), errs)
		}
		for _, r := range reps {
			if r.Retrieved != "2024-06-09T10:00:00Z" || r.URL == "" || !strings.HasPrefix(r.ID, "port-example-2024-06-08-") || tt.name == "two pages" && (r.Published != "2024-06-08" || r.Basis != BasisAddress) {
				t.Errorf("%s: %+v", tt.name, r)
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	const ru, ar, fr = "Министр встретился с послом", "التقى الوزير السفير", "Le président « français »"
	for _, tt := range []struct{ name, in, declared, want string }{
		{"utf-8 said latin", "<meta charset=iso-8859-1>" + ru, "iso-8859-1", ru},
		{"1251 by meta", "<meta charset='windows-1251'>" + string([]byte{0xcc, 0xe8, 0xed}), "", "Мин"},
		{"1251 by server", string([]byte{0xcc, 0xe8, 0xed}), "windows-1251", "Мин"},
		{"1256 said utf-8 by the server", `<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">` + string([]byte{0xc7, 0xe1}), "utf-8", "ال"},
		{"nobody says", "Le pr\xe9sident", "", "Le président"},
		{"said utf-8 and is not", "<meta charset=utf-8>pr\x92s \xe9t\xe9", "utf-8", "pr’s été"},
		{"one broken byte", strings.Repeat(ar, 3) + "\xff", "", strings.Repeat(ar, 3) + "\ufffd"},
		{"utf-16", "\xff\xfeC\x00a\x00\xe9\x00", "", "Caé"},
		{"byte order mark", "\xef\xbb\xbf" + fr, "", fr},
	} {
		if s := decode([]byte(tt.in), tt.declared); !strings.HasSuffix(s, tt.want) || strings.Contains(s, "\ufeff") {
			t.Errorf("%s: %q", tt.name, s)
		}
	}
}

func TestDays(t *testing.T) {
	for _, tt := range []struct{ in, lang, want string }{
		{"2024-06-08T23:59:00-05:00", "", "2024-06-08"},
		{"20240608T101500Z", "", "2024-06-08"},
		{"2024/6/8", "", "2024-06-08"},
		{"Saturday, 8th June 2024", "", "2024-06-08"},
		{"Jun. 8, 2024 10:00", "", "2024-06-08"},
		{"Published: 08.06.2024 | Updated: 09.06.2024", "", "2024-06-08"},
		{"03/04/2021", "", ""},
		{"03/04/2021", "en-US", "2021-03-04"},
		{"03/04/2021", "en-GB", "2021-04-03"},
		{"23/04/2021", "", "2021-04-23"},
		{"2024-02-30", "", ""},
		{"31 June 2024", "", ""},
		{"1712-01-01", "", ""},
		{"call 555 0100", "", ""},
		{"", "", ""},
	} {
		if d, _ := readDay(tt.in, tt.lang); string(d) != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.in, tt.lang, d, tt.want)
		}
	}
}

// TestAddressDay asks that an address one day off a time in UTC is believed, and
// one further off is not.
func TestAddressDay(t *testing.T) {
	for _, tt := range []struct{ meta, want string }{
		{"2020-04-14T03:10:00Z", "2020-04-13"},
		{"2020-04-12T23:10:00Z", "2020-04-13"},
		{"2020-04-20T23:10:00Z", "2020-04-20"},
	} {
		in := strings.Replace(pageOf("Envoy summoned", talks), "</head>", `<meta property="article:published_time" content="`+tt.meta+`"></head>`, 1)
		p, err := extract([]byte(in), "", "https://port.example/news/20200413/envoy")
		if err != nil || string(p.published) != tt.want {
			t.Errorf("%s: %+v, %v", tt.meta, p, err)
		}
	}
}

func TestBadPages(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"ten million tags", "<html>" + strings.Repeat("<b>", 5_000_000), "x: is a page of 5000001 tags"},
		{"deep", "<html>" + strings.Repeat("<div>", 5000), "x: is no HTML that can be read"},
		{"deep and wide", "<html>" + strings.Repeat("<div>", 400) + strings.Repeat("Word.<br>", 10_000), "x: is a page of too many elements too deep within each other"},
		{"too long", "<html>" + strings.Repeat("x", maxPage), "x: is a page longer than 16 MiB"},
		{"nothing", "<html><body></body></html>", "x: is a page without an article"},
	} {
		reps, errs := got(t, []byte(tt.in), "x")
		if len(reps) != 0 || len(errs) != 1 || !strings.HasPrefix(errs[0], tt.want) {
			t.Errorf("%s: %d reports, %q", tt.name, len(reps), errs)
		}
	}
}

// TestSniffing asks that content alone tells what is read.
func TestSniffing(t *testing.T) {
	utf16 := func(s string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	for _, tt := range []struct {
		in   string
		want format
	}{
		{"CAIRO, June 8 (AP) — Egypt thanked Azerbaijan.", textFormat},
		{"", textFormat},
		{" \n\t", textFormat},
		{"[Updated] CAIRO", textFormat},
		{`{"id":"a","text":"x"}`, textFormat},
		{"<3 is no tag", textFormat},
		{"<Cairo> says", textFormat},
		{"WARC is an archive", textFormat},
		{"\ufeff <!-- saved --> <!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'><HTML>", pageFormat},
		{"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", pageFormat},
		{"<?xml version='1.0'?><?xml-stylesheet href='a'?><!-- c --><rss version='2.0'>", feedFormat},
		{"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'><!ENTITY c '&a;'>]><rss>", feedFormat},
		{"<rdf:RDF xmlns='x'>", feedFormat},
		{"<feed xmlns='http://www.w3.org/2005/Atom'>", feedFormat},
		{"<?xml version='1.0'?><nitf><head/></nitf>", newsFormat},
		{"<?xml version='1.0'?><catalogue/>", xmlFormat},
		{"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'>", newsFormat},
		{"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", sitemapFormat},
		{"<sitemapindex>", sitemapFormat},
		{"From press@min.example Sat Jun  8 10:00:00 2024\nFrom: a@b.example\n", mailFormat},
		{"Received: from a\n by b\nDate: Sat, 8 Jun 2024 10:00:00 +0300\nFrom: a@b.example\n\nText", mailFormat},
		{"Date: 8 June 2024\nTbilisi", textFormat},
		{"From Cairo, our correspondent reports in 2024\nthat", textFormat},
		{"%PDF-1.7\n", pdfFormat},
		{"\x00junk%PDF-1.7\n", pdfFormat},
		{"The %PDF- mark", textFormat},
		{"20240608101500-12\t20240608101500\t1\tport.example\thttps://port.example/a\t\t", gkgFormat},
		{"<div class=x>part of a page</div>", pageFormat},
		{utf16("<html><body>"), pageFormat},
		{"WARC/1.1\r\n", warcFormat},
		{"PK\x03\x04", zipFormat},
	} {
		if got := tell(bufio.NewReader(strings.NewReader(tt.in))); got != tt.want {
			t.Errorf("%.40q: %d, want %d", tt.in, got, tt.want)
		}
	}
}

// TestModified asks that the day of a change is told apart.
func TestModified(t *testing.T) {
	n := 0
	for _, w := range pages(t) {
		if p, err := extract(w.page, "", ""); err == nil && w.head["modified"] != "" {
			if n++; string(p.modified) != w.head["modified"] {
				t.Errorf("%s: modified %q, want %q", w.name, p.modified, w.head["modified"])
			}
		}
	}
	if n < 8 {
		t.Errorf("%d pages with a day of change", n)
	}
}

func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{talks, "en"},
		{"Le ministre des Affaires étrangères a reçu mardi l'ambassadeur de Géorgie pour protester contre une violation de l'espace aérien de son pays.", "fr"},
		{"El ministro de Relaciones Exteriores recibió el martes al embajador para protestar contra lo que calificó de violación de su espacio aéreo.", "es"},
		{"Министр иностранных дел во вторник принял посла Грузии и выразил протест в связи с нарушением воздушного пространства страны.", "ru"},
		{"外交部长星期二召见格鲁吉亚大使，就其所称的侵犯领空行为提出抗议，并要求在一周之内作出解释，大使表示将向本国政府转达。", "zh"},
		{"Too short to tell.", ""},
	} {
		if got := language(tt.text); got != tt.want {
			t.Errorf("%.30q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestPipe asks that JSON Lines in a pipe are read as they come.
func TestPipe(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close()
	go io.WriteString(out, `{"id":"a","text":"Egypt thanked Azerbaijan."}`+"\n")
	for r, err := range Read(in, "-", text.Options{}) {
		if err != nil || r.ID != "a" {
			t.Errorf("%+v %v", r, err)
		}
		break
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(pageOf("Envoy summoned", talks)))
	f.Add([]byte("<rss><channel><item><description>x</description></item></channel></rss>"))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1}]}`))
	f.Add(packed([]byte(talks)))
	f.Add(zstded([]byte(talks)))
	f.Add(zipped(file{"a.txt", talks}))
	f.Add(tarred(file{"a.txt", talks}))
	f.Add([]byte(response("http://a.example/1", "", pageOf("Envoy summoned", talks))))
	f.Add([]byte("<feed><entry><content>x</content></entry></feed>"))
	f.Fuzz(func(t *testing.T, b []byte) { check(t, b) })
}

func FuzzPage(f *testing.F) {
	for _, w := range pages(f) {
		f.Add(w.page)
	}
	f.Fuzz(func(t *testing.T, b []byte) { check(t, append([]byte("<html>"), b...)) })
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte("<channel><title>x</title><item><title>a</title><description>b</description><pubDate>Sat, 08 Jun 2024 00:30:00 +0300</pubDate></item></channel></rss>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		check(t, append([]byte("<rss version='2.0'>"), b...))
		check(t, append([]byte("<feed xmlns='http://www.w3.org/2005/Atom'>"), b...))
		check(t, append([]byte(`{"version":"https://jsonfeed.org/version/1",`), b...))
	})
}

func FuzzWARC(f *testing.F) {
	f.Add([]byte(response("http://a.example/1", "Content-Encoding: gzip\r\n", pageOf("Envoy summoned", talks))))
	f.Add([]byte(warcRecord("conversion", "http://a.example/1", "text/plain", talks)))
	f.Fuzz(func(t *testing.T, b []byte) { check(t, append([]byte("WARC/1.0\r\n"), b...)) })
}

// check asks of any bytes: no panic, an end, errors of kind BadInput, reports
// with a hash of their text and a valid date.
func check(t *testing.T, b []byte) {
	n := 0
	for r, err := range Read(bytes.NewReader(b), "x", text.Options{MaxBytes: 1 << 20}) {
		if n++; n > len(b)+1 {
			t.Fatal("more reports than bytes")
		}
		if err != nil {
			if rapport.KindOf(err) != rapport.BadInput {
				t.Fatalf("%v", err)
			}
			continue
		}
		if r.ID == "" || r.Text == "" || r.Hash != rapport.HashText(r.Text) || r.Published.Check() != nil {
			t.Fatalf("%+v", r)
		}
	}
}

// BenchmarkPages reads the test pages; pages/s is per core.
func BenchmarkPages(b *testing.B) {
	ws := pages(b)
	n := 0
	for b.Loop() {
		for _, w := range ws {
			for range Read(bytes.NewReader(w.page), "x.html", text.Options{}) {
				n++
			}
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkWARC passes over the records of an archive of 54 MB, without
// extraction: what is no page.
func BenchmarkWARC(b *testing.B) {
	var w bytes.Buffer
	for i, p := 0, strings.Repeat("x", 20_000); w.Len() < 54<<20; i++ {
		w.WriteString(response(fmt.Sprintf("https://port.example/%d", i), "X: y\r\n", p))
	}
	plain := bytes.ReplaceAll(w.Bytes(), []byte("text/html"), []byte("image/gif"))
	for _, v := range []struct {
		name string
		in   []byte
	}{{"plain", plain}, {"gzip", packed(plain)}} {
		b.Run(v.name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			for b.Loop() {
				for _, err := range Read(bytes.NewReader(v.in), "x.warc", text.Options{}) {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestForeignDays asks for days whose month is named in another language.
func TestForeignDays(t *testing.T) {
	for _, tt := range []struct{ in, lang, want string }{
		{"mercredi 2 août 2017, par la rédaction", "fr", "2017-08-02"},
		{"1er mars 2019", "", "2019-03-01"},
		{"1 de diciembre de 2016 | 20:15", "es", "2016-12-01"},
		{"Montag, 4. März 2013", "de", "2013-03-04"},
		{"14 мая 2021, 16:20", "ru", "2021-05-14"},
		{"25 listopada 2014", "pl", "2014-11-25"},
		{"25. listopada 2014", "hr", "2014-10-25"},
		{"25 listopada 2014", "", ""}, // November in Poland, October in Croatia
		{"2015. október 9. 14:22", "hu", "2015-10-09"},
		{"03 Eylül 2024 Salı 14:10", "tr", "2024-09-03"},
		{"٩ آذار ٢٠٢٢", "ar", "2022-03-09"},
		{"١٢ تشرين الثاني ٢٠٢١", "ar", "2021-11-12"},
		{"12 كانون الأول 2021", "ar", "2021-12-12"},
		{"۱۸ اردیبهشت ۱۳۹۷، ۱۲:۴۰", "fa", "2018-05-08"},
		{"۱۰ دی ۱۳۹۹", "fa", "2020-12-30"},
		{"30 اسفند 1399", "fa", "2021-03-20"},
		{"12 ביוני 2023", "he", "2023-06-12"},
		{"20 جنوری 2022", "ur", "2022-01-20"},
		{"१० जुलाई २०१९", "hi", "2019-07-10"},
		{"2023年04月18日 20:11", "zh", "2023-04-18"},
		{"2018년 10월 15일", "ko", "2018-10-15"},
		{"9 สิงหาคม 2566", "th", "2023-08-09"},
		{"ngày 22 tháng 9 năm 2021", "vi", "2021-09-22"},
		{"7 Μαρτίου 2019", "el", "2019-03-07"},
		{"31 juin 2020", "fr", ""},
		{"mai 2020", "fr", ""},
	} {
		if d, _ := readDay(tt.in, tt.lang); string(d) != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.in, tt.lang, d, tt.want)
		}
	}
}

// TestMonths lints the table of months: twelve a language, each name found.
func TestMonths(t *testing.T) {
	langs := map[string]bool{}
	for l := range strings.Lines(monthsTable) {
		if strings.HasPrefix(l, "#") {
			continue
		}
		code, names, ok := strings.Cut(strings.TrimSpace(l), "\t")
		if n := len(strings.Fields(names)); !ok || n != 12 || langs[code] {
			t.Errorf("%q: %d months", code, n)
		}
		langs[code] = true
		for i, ns := range strings.Fields(names) {
			for n := range strings.SplitSeq(ns, "|") {
				lang, _, _ := strings.Cut(code, "@")
				m, ok := monthNamed(strings.ToLower(strings.ReplaceAll(n, "_", " ")), lang)
				if !ok || m.number != i+1 {
					t.Errorf("%s: %q is month %d", code, n, m.number)
				}
			}
		}
	}
	if len(langs) < 50 {
		t.Errorf("%d languages", len(langs))
	}
}
