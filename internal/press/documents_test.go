package press

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/text"
)

// TestDocuments measures the reading of PDF and DOCX documents of one, two and
// three columns, with running heads, page numbers, broken words, set-in first
// lines and a table: text by runs of four words, paragraphs, titles.
func TestDocuments(t *testing.T) {
	wants, err := filepath.Glob("testdata/documents/*.want")
	if err != nil || len(wants) < 8 {
		t.Fatalf("%d documents: %v", len(wants), err)
	}
	for _, ext := range []string{".pdf", ".docx"} {
		score, paras, titles, n := 0.0, 0.0, 0, 0
		for _, w := range wants {
			b, err := os.ReadFile(w)
			if err != nil {
				t.Fatal(err)
			}
			head, want, _ := strings.Cut(string(b), "\n\n")
			in, err := os.ReadFile(strings.TrimSuffix(w, ".want") + ext)
			if os.IsNotExist(err) && ext == ".docx" { // composite.pdf: of fpdf, which writes no other
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			reps, errs := got(t, in, filepath.Base(w))
			if len(reps) != 1 || len(errs) > 0 {
				t.Errorf("%s: %d reports, %q", w, len(reps), errs)
				continue
			}
			n++
			f, p := f1(reps[0].Text, want), blocksAlike(reps[0].Text, want)
			score += f
			paras += p
			if "title: "+reps[0].Title == head {
				titles++
			} else if ext == ".pdf" {
				t.Logf("%s: title %q, want %q", w, reps[0].Title, head)
			}
			if f < 0.97 || p < 0.9 {
				t.Logf("%s%s: F1 %.3f, paragraphs %.3f", w, ext, f, p)
				if os.Getenv("SHOW") != "" {
					t.Log(reps[0].Text)
				}
			}
		}
		t.Logf("%s: F1 %.4f, paragraphs %.4f, titles %d of %d", ext, score/float64(n), paras/float64(n), titles, n)
		if score < 0.97*float64(n) || paras < 0.93*float64(n) || titles*10 < n*8 && ext == ".pdf" {
			t.Errorf("%s: F1 %.4f, paragraphs %.4f, titles %d of %d", ext, score/float64(n), paras/float64(n), titles, n)
		}
	}
}

// blocksAlike returns the share of the wanted paragraphs found whole.
func blocksAlike(got, want string) float64 {
	have := map[string]bool{}
	for b := range strings.SplitSeq(got, "\n\n") {
		have[solid(b)] = true
	}
	n, found := 0, 0
	for b := range strings.SplitSeq(strings.TrimSpace(want), "\n\n") {
		if n++; have[solid(b)] {
			found++
		}
	}
	return float64(found) / float64(n)
}

// pdfOf writes a PDF of one page with a content stream.
func pdfOf(content, extra string) []byte {
	var b bytes.Buffer
	at := []int{}
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<< /Type /Catalog /Pages 2 0 R >>")
	obj("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	obj("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> " + extra + " >> >>")
	obj(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	obj("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

const shown = "BT /F1 12 Tf 50 700 Td (The minister received the ambassador of Georgia on Tuesday in Yerevan.) Tj ET"

func TestBadPDF(t *testing.T) {
	good := pdfOf(shown, "")
	sample, err := os.ReadFile("testdata/documents/one-page.pdf")
	if err != nil {
		t.Fatal(err)
	}
	encrypted, err := os.ReadFile("testdata/documents/encrypted.pdf.bad")
	if err != nil {
		t.Fatal(err)
	}
	scanned, err := os.ReadFile("testdata/documents/scanned.pdf.bad")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		in   []byte
		reps int
		err  string
	}{
		{"good", good, 1, ""},
		{"junk before it", append([]byte("\x00\x01junk\n"), good...), 1, ""},
		{"scanned", scanned, 0, "x: is a PDF of 1 page without text: scanned or drawn"},
		{"encrypted", encrypted, 0, "x: is an encrypted PDF"},
		{"list of objects lost", bytes.Replace(good, []byte("startxref\n"), []byte("startxref\n9"), 1), 1, ""},
		{"breaks off after the text", good[:bytes.Index(good, []byte("xref"))], 1, ""},
		{"breaks off early", sample[:len(sample)/8], 0, "x: is a PDF that cannot be read"},
		{"breaks off late", sample[:len(sample)*9/10], -1, "x: is a PDF that cannot be read"},
		{"no more than a mark", []byte("%PDF-1.4\nstuff"), 0, "x: is a PDF that cannot be read"},
		{"claims objects", bytes.Replace(good, []byte("/Size 6"), []byte("/Size 999999999999"), 1), 0, "it claims a Size of 999999999999"},
		{"pages that hold themselves", bytes.Replace(good, []byte("/Kids [3 0 R]"), []byte("/Kids [2 0 R]"), 1), 0, "x: is a PDF"},
		{"form that draws itself", pdfOf("/X Do "+shown, "/XObject << /X 4 0 R >>"), 1, ""},
		{"a list before that leads back", bytes.Replace(good, []byte("/Root 1 0 R"), []byte(fmt.Sprintf("/Root 1 0 R /Prev %d", bytes.LastIndex(good, []byte("xref\n0")))), 1), -1, ""},
		{"no text in it", pdfOf("0 0 m 10 10 l S", ""), 0, "without text: scanned or drawn"},
	} {
		reps, errs := got(t, tt.in, "x")
		if tt.reps >= 0 && len(reps) != tt.reps || !strings.Contains(strings.Join(errs, "\n"), tt.err) && tt.reps >= 0 || tt.err == "" && len(errs) > 0 && tt.reps >= 0 || len(reps)+len(errs) == 0 {
			t.Errorf("%s: %d reports, %q", tt.name, len(reps), errs)
		}
		for _, r := range reps {
			if tt.name != "breaks off late" && r.Text != "The minister received the ambassador of Georgia on Tuesday in Yerevan." {
				t.Errorf("%s: %q", tt.name, r.Text)
			}
		}
	}
}

// TestPDFBomb asks that a content stream which unpacks to gigabytes is refused.
func TestPDFBomb(t *testing.T) {
	z := zlibbed(bytes.Repeat([]byte(" "), maxContent+1))
	in := pdfOf("X", "")
	in = bytes.Replace(in, []byte("<< /Length 1 >>\nstream\nX\n"), append([]byte(fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n", len(z))), append(z, '\n')...), 1)
	reps, errs := got(t, in, "x")
	if len(reps) != 0 || len(errs) != 1 || !strings.Contains(errs[0], "unpacks to more than any page has") {
		t.Errorf("%d reports, %q", len(reps), errs)
	}
}

func docxOf(body string, more ...file) []byte {
	return zipped(append([]file{{"[Content_Types].xml", "<Types/>"},
		{"word/document.xml", `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>` + body + `</w:body></w:document>`}}, more...)...)
}

func TestDOCX(t *testing.T) {
	p := func(s string) string { return "<w:p><w:r><w:t>" + s + "</w:t></w:r></w:p>" }
	core := file{"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:creator>Press office</dc:creator><dcterms:created>2024-06-07T10:00:00Z</dcterms:created></cp:coreProperties>`}
	styled := func(style, s string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + s + "</w:t></w:r></w:p>"
	}
	for _, tt := range []struct{ name, in, want string }{
		{"all of it", string(docxOf(styled("Title", "Envoy summoned")+p(talks)+`<w:p><w:r><w:t>One</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:tab/><w:t>two</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>`+
			"<w:tbl><w:tr><w:tc>"+p("Wheat")+"</w:tc><w:tc>"+p("20")+"</w:tc></w:tr></w:tbl>"+styled("Caption", "The two ministers in Tbilisi"), core)),
			"Envoy summoned|2024-06-07|metadata|Press office|1|" + talks + "\n\nOne two\n\nWheat 20\n\nThe two ministers in Tbilisi"},
		{"no text", string(docxOf("<w:p/>")), "! x: is a DOCX document without text"},
		{"breaks off", string(docxOf(p(talks) + "<w:p><w:r><w:t>half")[:0]) + string(zipped(file{"[Content_Types].xml", "<x/>"}, file{"word/document.xml", "<w:document><w:body>" + p(talks) + "<w:p><w:r><w:t>half"})),
			"|||||" + talks + "\n\nhalf\n! x: breaks off or is damaged after 2 paragraphs"},
		{"no XML", string(zipped(file{"[Content_Types].xml", "<x/>"}, file{"word/document.xml", "no <<< XML"})), "! x: is a DOCX document"},
		{"too deep", string(docxOf(strings.Repeat("<w:p>", 2000))), "! x: is a DOCX document that cannot be read"},
		{"entities", string(zipped(file{"[Content_Types].xml", "<x/>"}, file{"word/document.xml", `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document><w:body>` + p(talks+" &b;") + `</w:body></w:document>`})), "|||||" + talks + " &b;"},
		{"a table", string(zipped(file{"[Content_Types].xml", "<x/>"}, file{"xl/workbook.xml", "<x/>"})), "! x: is an office document, but no DOCX"},
	} {
		reps, errs := got(t, []byte(tt.in), "x")
		var lines []string
		for _, r := range reps {
			caps := ""
			if len(r.Captions) > 0 {
				caps = fmt.Sprint(len(r.Captions))
			}
			lines = append(lines, strings.Join([]string{r.Title, string(r.Published), r.Basis, r.Author, caps, r.Text}, "|"))
		}
		for _, e := range errs {
			lines = append(lines, "! "+e)
		}
		if s := strings.Join(lines, "\n"); !strings.HasPrefix(s, tt.want) || !strings.HasPrefix(tt.want, "!") && strings.Contains(s, "\n! ") != strings.Contains(tt.want, "\n! ") {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, s, tt.want)
		}
	}
	bomb := docxOf("<w:p><w:r><w:t>" + strings.Repeat("a", maxPart+10) + "</w:t></w:r></w:p>")
	if reps, errs := got(t, bomb, "x"); len(reps) > 0 || len(errs) != 1 {
		t.Errorf("bomb: %d reports, %q", len(reps), errs)
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(pdfOf(shown, ""))
	f.Add(pdfOf("/X Do "+shown, "/XObject << /X 4 0 R >>"))
	for _, name := range []string{"cyrillic", "composite"} {
		if b, err := os.ReadFile("testdata/documents/" + name + ".pdf"); err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { check(t, append([]byte("%PDF-1.4\n"), b...)) })
}

// TestPDFMaps asks that maps of a font which name all codes again and again
// cost no more than one that names them once.
func TestPDFMaps(t *testing.T) {
	b, err := os.ReadFile("testdata/documents/composite.pdf")
	if err != nil {
		t.Fatal(err)
	}
	d, err := openPDF(b)
	if err != nil {
		t.Fatal(err)
	}
	f := &font{unicode: map[string]string{}, widths: map[int]float64{}}
	to := d.r.Trailer().Key("Info").Key("CreationDate")
	for range 1000 {
		f.addRange("\x00\x00", "\xff\xff", to)
	}
	if f.work > mostMapped || len(f.unicode) != 65536 {
		t.Errorf("%d codes mapped, %d kept", f.work, len(f.unicode))
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte("<w:p><w:r><w:t>" + talks + "</w:t></w:r></w:p>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		check(t, zipped(file{"[Content_Types].xml", "<x/>"}, file{"word/document.xml", string(b)}))
	})
}

// BenchmarkPDF reads a document of three columns; MB/s is of the file.
func BenchmarkPDF(b *testing.B) {
	in, err := os.ReadFile("testdata/documents/three-columns.pdf")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		for range Read(bytes.NewReader(in), "x", text.Options{}) {
		}
	}
}
