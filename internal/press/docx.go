package press

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rapport"
)

// Parts of an office document: ECMA-376 (Office Open XML), part 1.
const (
	maxPart       = 64 << 20 // bytes of an unpacked part
	maxParagraphs = 200_000
)

// isDocument tells an office document among ZIP archives, and one of text.
func isDocument(z *zip.Reader) (office, words bool) {
	for _, f := range z.File {
		switch f.Name {
		case "[Content_Types].xml", "mimetype":
			office = true
		case "word/document.xml":
			words = true
		}
	}
	return office, office && words
}

// readDocument yields the report in a DOCX document: its body's paragraphs and
// rows of tables, without headers, footers, notes, deleted text and fields'
// instructions, which are parts or elements of their own.
func (r *reader) readDocument(s source, z *zip.Reader, size int64) bool {
	p := &page{url: s.url}
	part := func(name string) (io.ReadCloser, error) {
		for _, f := range z.File {
			if f.Name == name {
				if f.UncompressedSize64 > maxPart && f.UncompressedSize64 > bombRatio*uint64(max(size, 1)) {
					return nil, errBomb
				}
				return f.Open()
			}
		}
		return nil, errors.New("is not there")
	}
	if in, err := part("docProps/core.xml"); err == nil {
		core, _ := parseXML(io.LimitReader(in, 1<<20))
		in.Close()
		if core != nil {
			p.title, p.author, p.language = core.words("title"), core.words("creator"), core.words("language")
			p.fallback, p.fallbackBasis = newsDay(core.words("created")), rapport.BasisMetadata
			p.modified = newsDay(core.words("modified"))
		}
	}
	in, err := part("word/document.xml")
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("is a DOCX document whose text cannot be unpacked", "fetch it again: it may be damaged", err))
	}
	defer in.Close()
	d := &docx{left: maxPart}
	err = d.read(&limited{in, &d.left})
	text := d.blocks
	for i, k := range d.kinds {
		if k == titleStyle {
			p.title = d.blocks[i]
			break
		}
	}
	if p.title != "" && len(text) > 1 && text[0] == p.title && d.kinds[0] == titleStyle {
		text, d.kinds = text[1:], d.kinds[1:]
	}
	var body []string
	for i, b := range text {
		if d.kinds[i] == captionStyle {
			p.captions = append(p.captions, b)
		} else {
			body = append(body, b)
		}
	}
	if p.text = strings.Join(body, "\n\n"); p.text == "" {
		if err != nil {
			return r.yield(rapport.Report{}, s.bad("is a DOCX document that cannot be read", "fetch it again: it may be damaged", err))
		}
		return r.yield(rapport.Report{}, s.bad("is a DOCX document without text", "its pages may be pictures: read them with a program for optical character recognition", nil))
	}
	p.addCaptions()
	if !r.yield(r.report(p, &s)) {
		return false
	}
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("breaks off or is damaged after "+count(len(text), "paragraph"), "fetch it again", err))
	}
	return true
}

// limited ends a stream with an error after so many bytes.
type limited struct {
	in   io.Reader
	left *int64
}

func (l *limited) Read(p []byte) (int, error) {
	if *l.left <= 0 {
		return 0, fmt.Errorf("it unpacks to more than %d MiB", maxPart>>20)
	}
	n, err := l.in.Read(p[:min(int64(len(p)), *l.left)])
	*l.left -= int64(n)
	return n, err
}

const (
	plainStyle = iota
	titleStyle
	captionStyle
)

type docx struct {
	blocks []string
	kinds  []int
	left   int64
}

// read collects paragraphs. What a paragraph holds of another (a text box)
// comes before it.
func (d *docx) read(in io.Reader) error {
	x := newDecoder(in)
	type open struct {
		text strings.Builder
		kind int
	}
	var ps []*open
	var row []string
	rows, hidden, depth := 0, 0, 0
	inText := false
	flush := func(s string, kind int) {
		if s = tidyLines(s); s == "" {
			return
		}
		if rows > 0 {
			row = append(row, s)
		} else {
			d.blocks, d.kinds = append(d.blocks, s), append(d.kinds, kind)
		}
	}
	for {
		t, err := x.Token()
		if err == io.EOF {
			if depth > 0 {
				err = errors.New("it breaks off")
			} else {
				err = nil
			}
			for _, p := range ps {
				flush(p.text.String(), p.kind)
			}
			return err
		}
		if err != nil {
			for _, p := range ps {
				flush(p.text.String(), p.kind)
			}
			return xmlError(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxNesting {
				return errNested
			}
			switch t.Name.Local {
			case "del", "delText", "instrText", "Fallback", "moveFrom":
				hidden++
			case "p":
				if len(d.blocks) > maxParagraphs {
					return fmt.Errorf("has more than %d paragraphs", maxParagraphs)
				}
				ps = append(ps, &open{})
			case "t":
				inText = true
			case "tr":
				rows++
			case "pStyle":
				if len(ps) > 0 {
					for _, a := range t.Attr {
						if a.Name.Local == "val" {
							switch v := strings.ToLower(a.Value); {
							case v == "title":
								ps[len(ps)-1].kind = titleStyle
							case v == "caption":
								ps[len(ps)-1].kind = captionStyle
							}
						}
					}
				}
			case "tab", "br", "cr", "noBreakHyphen":
				if len(ps) > 0 && hidden == 0 {
					ps[len(ps)-1].text.WriteString(map[string]string{"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}[t.Name.Local])
				}
			}
		case xml.CharData:
			if inText && hidden == 0 && len(ps) > 0 {
				ps[len(ps)-1].text.Write(t)
			}
		case xml.EndElement:
			depth--
			switch t.Name.Local {
			case "del", "delText", "instrText", "Fallback", "moveFrom":
				hidden--
			case "t":
				inText = false
			case "p":
				if n := len(ps) - 1; n >= 0 {
					p := ps[n]
					ps = ps[:n]
					flush(p.text.String(), p.kind)
				}
			case "tr":
				if rows--; rows <= 0 {
					rows = 0
					if s := strings.Join(row, " "); s != "" {
						d.blocks, d.kinds = append(d.blocks, s), append(d.kinds, plainStyle)
					}
					row = nil
				}
			}
		}
	}
}

// tidyLines is tidy, line by line, without unescaping.
func tidyLines(s string) string {
	var lines []string
	for l := range strings.Lines(s) {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(slices.Clip(lines), "\n")
}
