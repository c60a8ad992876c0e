package press

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

const maxElements = 300_000 // of an XML document that is held

// element is an element of an XML document, or a piece of text when its name
// is empty. Names are local: prefixes are dropped.
type element struct {
	name string
	attr map[string]string
	kids []*element
	text string
}

var errNested = fmt.Errorf("has more than %d elements within each other", maxNesting)

// newDecoder reads XML as it is met: entities beyond the five of XML and HTML
// are left as they stand, so none can grow.
func newDecoder(in io.Reader) *xml.Decoder {
	d := xml.NewDecoder(in)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	return d
}

// parseXML reads a document. What was read of one that breaks off comes with
// the error.
func parseXML(in io.Reader) (*element, error) {
	d := newDecoder(in)
	root := &element{}
	stack := []*element{root}
	for n := 0; ; {
		t, err := d.Token()
		if err == io.EOF {
			err = nil
			if len(stack) > 1 {
				err = errors.New("it breaks off")
			}
			return root, err
		}
		if err != nil {
			return root, xmlError(err)
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if n++; n > maxElements {
				return nil, fmt.Errorf("has more than %d elements", maxElements)
			}
			if len(stack) > maxNesting {
				return nil, errNested
			}
			e := &element{name: t.Name.Local}
			if len(t.Attr) > 0 {
				e.attr = make(map[string]string, len(t.Attr))
				for _, a := range t.Attr {
					e.attr[a.Name.Local] = a.Value
				}
			}
			top.kids = append(top.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			for i := len(stack) - 1; i > 0; i-- { // one that was never closed closes with those around it
				if stack[i].name == t.Name.Local {
					stack = stack[:i]
					break
				}
			}
		case xml.CharData:
			top.kids = append(top.kids, &element{text: string(t)})
		}
	}
}

// xmlError words an error of the decoder.
func xmlError(err error) error {
	s := strings.TrimPrefix(strings.ToLower(err.Error()), "xml ")
	if strings.HasSuffix(s, "unexpected eof") {
		s = "it breaks off"
	}
	return errors.New(s)
}

// all calls do with each element of one of the names below e, in order, and
// does not look within these.
func (e *element) all(do func(*element), names ...string) {
	for _, k := range e.kids {
		found := false
		for _, n := range names {
			found = found || k.name == n
		}
		if found {
			do(k)
		} else {
			k.all(do, names...)
		}
	}
}

// find returns the first element at a path of names, each anywhere below the
// one before it; nil when there is none.
func (e *element) find(path ...string) *element {
	if e == nil || len(path) == 0 {
		return e
	}
	var found *element
	e.all(func(k *element) {
		if found == nil {
			found = k.find(path[1:]...)
		}
	}, path[0])
	return found
}

// words returns the text within e on one line.
func (e *element) words(path ...string) string {
	var b strings.Builder
	if e = e.find(path...); e != nil {
		e.write(&b)
	}
	return tidy(b.String())
}

func (e *element) write(b *strings.Builder) {
	b.WriteString(e.text)
	for _, k := range e.kids {
		k.write(b)
		if k.name != "" && paragraphs[k.name] {
			b.WriteByte(' ')
		}
	}
}

// get returns an attribute of the first element at a path.
func (e *element) get(key string, path ...string) string {
	if e = e.find(path...); e == nil {
		return ""
	}
	return e.attr[key]
}

// paragraphs are the elements of NITF, XHTML and NewsML that stand as blocks
// of their own.
var paragraphs = map[string]bool{"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "hl1": true, "hl2": true,
	"li": true, "tr": true, "nitf-table": true, "bq": true, "blockquote": true, "pre": true, "div": true, "block": true, "dt": true, "dd": true, "fn": true}

// blocks returns the paragraphs within e, and captions apart.
func (e *element) blocks() (text, captions []string) {
	var line strings.Builder
	flush := func() {
		if s := tidy(line.String()); s != "" {
			text = append(text, s)
		}
		line.Reset()
	}
	var walk func(*element)
	walk = func(e *element) {
		switch e.name {
		case "media", "figure":
			e.all(func(c *element) {
				if s := c.words(); s != "" {
					captions = append(captions, s)
				}
			}, "media-caption", "figcaption")
			return
		case "script", "style", "head", "docdata", "media-caption", "figcaption":
			return
		case "br", "td", "th":
			line.WriteByte(' ')
		}
		if paragraphs[e.name] {
			flush()
		}
		line.WriteString(e.text)
		for _, k := range e.kids {
			walk(k)
		}
		if paragraphs[e.name] {
			flush()
		}
	}
	walk(e)
	flush()
	return text, captions
}
