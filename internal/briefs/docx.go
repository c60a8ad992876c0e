package briefs

import (
	"archive/zip"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"time"

	"rapport/internal/relations"
)

// DOCX is written here and not by a library: those in Go either know no
// endnotes, fill templates only, or carry a licence that does not fit; what a
// brief needs of ECMA-376 (Office Open XML, part 1) is five kinds of paragraph,
// tables, endnotes and shapes.

//go:embed data/styles.xml
var docxStyles string

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const docxSpaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
	`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ` +
	`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
	`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ` +
	`xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" ` +
	`xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`

// DOCX writes the brief of a relation as a Word document: each source is an
// endnote of its own, and later marks of the same source refer to it. The same
// relation and options give the same bytes.
func DOCX(w io.Writer, r *relations.Relation, o Options) error {
	d := &docx{p: compose(r, o), at: map[int]int{}}
	for _, b := range d.p.blocks {
		d.block(b)
	}
	z := zip.NewWriter(w)
	for _, part := range d.parts() {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = io.WriteString(f, part[1])
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

type docx struct {
	p     *page
	b     strings.Builder
	order []int       // footnotes in the order in which their marks stand
	at    map[int]int // footnote → its number in that order
	urls  []string    // addresses of the endnotes, by relationship
	ids   int         // shapes
}

func (d *docx) printf(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

// escapeXML is escapeHTML; what XML 1.0 has no character for was taken out by
// plain.
func escapeXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\ufffe' || r == '\uffff' {
			return '\ufffd'
		}
		return r
	}, escapeHTML(s))
}

func (d *docx) block(b block) {
	style := map[blockKind]string{title: "Title", lead: "Lead", heading: "Heading1", label: "Heading2", topic: "Heading3", item: "ListBullet"}[b.kind]
	switch b.kind {
	case table:
		d.table(b)
	case chart:
		d.picture(b.chart)
	case sources: // the endnotes follow the text
	default:
		if b.indent > 0 {
			style = "ListBullet2"
		}
		if b.kind == heading && b.text == sourcesTitle {
			return // it stands above the endnotes, wherever these begin
		}
		d.paragraph(style, b.text)
	}
}

func (d *docx) paragraph(style, text string) {
	d.printf("<w:p>")
	if style != "" {
		d.printf(`<w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	}
	d.runs(text)
	d.printf("</w:p>")
}

// runs writes line markup as runs.
func (d *docx) runs(text string) {
	after := false // a mark stands before
	for _, r := range runs(text) {
		props := ""
		switch {
		case r.note > 0:
			d.mark(r.note, after)
			after = true
			continue
		case r.strong:
			props = "<w:rPr><w:b/></w:rPr>"
		case r.em:
			props = "<w:rPr><w:i/></w:rPr>"
		case r.inferred:
			r.text = "†"
		}
		after = false
		d.text(props, r.text)
	}
}

func (d *docx) text(props, s string) {
	d.printf(`<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r>`, props, escapeXML(s))
}

// mark writes an endnote where it is first called for, later a reference to
// that. Word numbers endnotes as they come, so this does too.
func (d *docx) mark(note int, after bool) {
	const style = `<w:rPr><w:rStyle w:val="EndnoteReference"/></w:rPr>`
	if after {
		d.text(style, " ")
	}
	n, ok := d.at[note]
	if !ok {
		d.order = append(d.order, note)
		n = len(d.order)
		d.at[note] = n
		d.printf(`<w:bookmarkStart w:id="%d" w:name="_Ref%d"/><w:r>%s<w:endnoteReference w:id="%d"/></w:r><w:bookmarkEnd w:id="%d"/>`, n, n, style, n+1, n)
		return
	}
	d.printf(`<w:r>%[1]s<w:fldChar w:fldCharType="begin"/></w:r><w:r>%[1]s<w:instrText xml:space="preserve"> NOTEREF _Ref%[2]d \h </w:instrText></w:r>`+
		`<w:r>%[1]s<w:fldChar w:fldCharType="separate"/></w:r><w:r>%[1]s<w:t>%[2]d</w:t></w:r><w:r>%[1]s<w:fldChar w:fldCharType="end"/></w:r>`, style, n)
}

// docxText is the width of the text of an A4 page with these margins, twips.
const docxText = 11906 - 2*1134

func (d *docx) table(b block) {
	total := 0
	for _, w := range b.wide {
		total += w
	}
	d.printf(`<w:tbl><w:tblPr><w:tblStyle w:val="Brief"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>`, docxText)
	for _, w := range b.wide {
		d.printf(`<w:gridCol w:w="%d"/>`, docxText*w/total)
	}
	d.printf("</w:tblGrid>")
	row := func(cells []string, props, style string) {
		d.printf("<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>", props)
		for i, c := range cells {
			d.printf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, docxText*b.wide[i]/total)
			if i == 0 && style == "Cell" {
				c = strong(c)
			}
			d.paragraph(style, c)
			d.printf("</w:tc>")
		}
		d.printf("</w:tr>")
	}
	row(b.head, "<w:tblHeader/>", "CellHead")
	for _, cells := range b.rows {
		row(cells, "", "Cell")
	}
	d.printf(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>`)
}

const emu = 12700 // English metric units in a point

// picture draws a chart as a group of shapes.
func (d *docx) picture(c *drawing) {
	d.ids++
	w, h := int(c.width*emu), int(c.height*emu)
	d.printf(`<w:p><w:pPr><w:pStyle w:val="Figure"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`, w, h)
	d.printf(`<wp:docPr id="%d" name="Chart %d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"><wpg:wgp><wpg:cNvGrpSpPr/>`,
		d.ids, d.ids, escapeXML(c.title+". "+c.desc))
	d.printf(`<wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/><a:chOff x="0" y="0"/><a:chExt cx="%[1]d" cy="%[2]d"/></a:xfrm></wpg:grpSpPr>`, w, h)
	for _, s := range c.shapes {
		d.shape(s)
	}
	d.printf(`</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p>`)
	d.paragraph("Caption", c.title+". "+c.desc)
}

func (d *docx) shape(s shape) {
	d.ids++
	tint := tints[s.color]
	box := func(x, y, w, h float64, geometry, fill, stroke string) {
		d.printf(`<wps:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="%s"><a:avLst/></a:prstGeom>%s%s</wps:spPr>`,
			int(x*emu), int(y*emu), int(w*emu), int(h*emu), geometry, fill, stroke)
	}
	const none, noLine = "<a:noFill/>", "<a:ln><a:noFill/></a:ln>"
	fill := `<a:solidFill><a:srgbClr val="` + tint + `"/></a:solidFill>`
	d.printf(`<wps:wsp><wps:cNvPr id="%d" name="Shape %d"/>`, d.ids, d.ids)
	switch s.kind {
	case rect:
		d.printf("<wps:cNvSpPr/>")
		box(s.x, s.y, s.w, s.h, "rect", fill, noLine)
	case dot:
		d.printf("<wps:cNvSpPr/>")
		box(s.x-s.w, s.y-s.w, 2*s.w, 2*s.w, "ellipse", fill, noLine)
	case line:
		d.printf("<wps:cNvCnPr/>")
		box(s.x, s.y, s.w, s.h, "line", "", `<a:ln w="7620">`+fill+`</a:ln>`)
	case words:
		wide := float64(len([]rune(s.text)))*s.size*0.62 + 8
		x := s.x - wide*[...]float64{0, 0.5, 1}[s.anchor]
		d.printf(`<wps:cNvSpPr txBox="1"/>`)
		box(x, s.y-s.size*1.15, wide, s.size*1.6, "rect", none, noLine)
		d.printf(`<wps:txbx><w:txbxContent><w:p><w:pPr><w:pStyle w:val="Chart"/><w:jc w:val="%s"/></w:pPr><w:r><w:rPr><w:color w:val="%s"/><w:sz w:val="%d"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p></w:txbxContent></wps:txbx>`,
			[...]string{"left", "center", "right"}[s.anchor], tint, int(s.size*2), escapeXML(s.text))
	}
	if s.kind == words {
		d.printf(`<wps:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr></wps:wsp>`)
		return
	}
	d.printf(`<wps:bodyPr/></wps:wsp>`)
}

// endnotes writes the sources in the order of their marks.
func (d *docx) endnotes() string {
	body := d.b.String()
	d.b.Reset()
	d.printf(`%s<w:endnotes %s><w:endnote w:type="separator" w:id="0"><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>`+sourcesTitle+`</w:t></w:r></w:p></w:endnote>`+
		`<w:endnote w:type="continuationSeparator" w:id="1"><w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p></w:endnote>`, xmlHead, docxSpaces)
	for i, n := range d.order {
		s := d.p.sourceOf(n - 1)
		d.printf(`<w:endnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="EndnoteText"/></w:pPr><w:r><w:rPr><w:rStyle w:val="EndnoteReference"/></w:rPr><w:endnoteRef/></w:r>`, i+2)
		d.text("", " ")
		d.runs(s.head)
		switch {
		case s.url != "":
			d.urls = append(d.urls, s.url)
			d.text("", ", ")
			d.printf(`<w:hyperlink r:id="rId%d"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr><w:t>%s</w:t></w:r></w:hyperlink>`, len(d.urls), escapeXML(s.url))
		case s.elsewise != "":
			d.text("", ", "+s.elsewise)
		}
		d.text("", ": “"+s.sentence+"” ("+s.marks()+")")
		d.printf("</w:p></w:endnote>")
	}
	d.printf("</w:endnotes>")
	out := d.b.String()
	d.b.Reset()
	d.b.WriteString(body)
	return out
}

// styles is the style sheet, of one page set tighter.
func (d *docx) styles() string {
	if !d.p.o.OnePage {
		return docxStyles
	}
	return tight.Replace(docxStyles)
}

// tight changes the sizes of data/styles.xml, half points and twentieths of a
// point, to those of the PDF on one page.
var tight = strings.NewReplacer(`<w:sz w:val="20"/><w:szCs w:val="20"/>`, `<w:sz w:val="17"/><w:szCs w:val="17"/>`, `w:after="60" w:line="264"`, `w:after="30" w:line="240"`,
	`<w:sz w:val="44"/>`, `<w:sz w:val="36"/>`, `w:before="280" w:after="80"`, `w:before="110" w:after="30"`, `<w:sz w:val="26"/>`, `<w:sz w:val="21"/>`,
	`<w:spacing w:after="50"/>`, `<w:spacing w:after="25"/>`, `<w:b/></w:rPr></w:style>`, `<w:b/><w:sz w:val="17"/></w:rPr></w:style>`)

// parts returns the files of the document, in a fixed order.
func (d *docx) parts() [][2]string {
	const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	const word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	name := bare(d.p.blocks[0].text)
	notes := d.endnotes()
	day := "2000-01-01"
	if _, last, ok := d.p.r.AsOf.Bounds(); ok && !last.IsZero() {
		day = last.Format("2006-01-02") // no clock: the day of the brief
	}
	var overrides, rels, links strings.Builder
	for i, p := range []string{"styles", "endnotes", "footer", "numbering", "settings"} {
		file := p + ".xml"
		fmt.Fprintf(&overrides, `<Override PartName="/word/%s" ContentType="%s%s+xml"/>`, file, word, p)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s%s" Target="%s"/>`, i+1, types, p, file)
	}
	for i, u := range d.urls {
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%shyperlink" Target="%s" TargetMode="External"/>`, i+1, types, escapeXML(u))
	}
	const relHead = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	footer := escapeXML(name)
	if d.p.r.AsOf != "" {
		footer += " · as of " + inWords(d.p.r.AsOf)
	}
	return [][2]string{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="` + word + `document.main+xml"/>` + overrides.String() +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`},
		{"_rels/.rels", relHead + `<Relationship Id="rId1" Type="` + types + `officeDocument" Target="word/document.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
			`<dc:title>` + escapeXML(name) + ` – relations brief</dc:title><dc:creator>Rapport</dc:creator><dc:language>en</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">` + day + `T00:00:00Z</dcterms:created></cp:coreProperties>`},
		{"word/document.xml", xmlHead + `<w:document ` + docxSpaces + `><w:body>` + d.b.String() +
			`<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:endnotePr><w:numFmt w:val="decimal"/></w:endnotePr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1020" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`},
		{"word/_rels/document.xml.rels", relHead + rels.String() + `</Relationships>`},
		{"word/styles.xml", d.styles()},
		{"word/endnotes.xml", notes},
		{"word/_rels/endnotes.xml.rels", relHead + links.String() + `</Relationships>`},
		{"word/footer.xml", xmlHead + `<w:ftr ` + docxSpaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/><w:tabs><w:tab w:val="right" w:pos="` + fmt.Sprint(docxText) + `"/></w:tabs></w:pPr><w:r><w:t>` + footer +
			`</w:t></w:r><w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`},
		{"word/numbering.xml", xmlHead + `<w:numbering ` + docxSpaces + `><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>` +
			`<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="240" w:hanging="240"/></w:pPr></w:lvl>` +
			`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="520" w:hanging="240"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`},
		{"word/settings.xml", xmlHead + `<w:settings ` + docxSpaces + `><w:zoom w:percent="100"/><w:endnotePr><w:numFmt w:val="decimal"/><w:endnote w:id="0"/><w:endnote w:id="1"/></w:endnotePr><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`},
	}
}
