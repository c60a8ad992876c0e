package press

import (
	"bufio"
	"bytes"
	"regexp"
	"strings"
)

type format int

const (
	textFormat format = iota // plain text and JSON: package text knows
	gzipFormat
	zstdFormat
	zipFormat
	tarFormat
	warcFormat
	feedFormat
	pageFormat
	xmlFormat
	sitemapFormat
	newsFormat // NewsML, NITF
	mailFormat
	pdfFormat
	gkgFormat
)

const headBytes = 4096 // by which a format shows

var (
	sitemapRoot = regexp.MustCompile(`(?i)<([a-z0-9]+:)?(urlset|sitemapindex)[\s/>]`)
	newsRoot    = regexp.MustCompile(`(?i)<([a-z0-9]+:)?(newsItem|newsMessage|packageItem|NewsML|nitf)[\s/>]`)
	feedRoot    = regexp.MustCompile(`(?i)<(rss|feed|rdf:RDF)[\s>]`)
	htmlTag     = regexp.MustCompile(`(?i)<(!doctype html|html|head|body|title|meta|link|script|style|div|table|article|main|section|h[1-6]|p|center|font)\b`)
)

// tell says what in holds. JSON is told by what has come so far: whoever
// writes it into a pipe line by line is not kept waiting.
func tell(in *bufio.Reader) format {
	var head []byte
	for n := 1; ; n++ {
		b, err := in.Peek(max(n, min(in.Buffered(), headBytes)))
		head = trimStart(b)
		if len(head) > 0 || err != nil {
			break
		}
	}
	if len(head) == 0 {
		return textFormat
	}
	if head[0] == '{' || head[0] == '[' {
		if isJSONFeed(head) {
			return feedFormat
		}
		return textFormat
	}
	b, _ := in.Peek(headBytes)
	for _, m := range []struct {
		magic string
		f     format
	}{{"\x1f\x8b", gzipFormat}, {"\x28\xb5\x2f\xfd", zstdFormat}, {"PK\x03\x04", zipFormat}, {"PK\x05\x06", zipFormat}, {"WARC/", warcFormat}} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			return m.f
		}
	}
	if i := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); i == 0 || i > 0 && !isText(b[:i]) || i > 0 && len(trimStart(b[:i])) == 0 {
		return pdfFormat
	}
	switch {
	case gkgRow.Match(b):
		return gkgFormat
	case isMail(b):
		return mailFormat
	}
	if len(b) >= 262 && string(b[257:262]) == "ustar" {
		return tarFormat
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) { // UTF-16
		b = bytes.ReplaceAll(b[2:], []byte{0}, nil)
	}
	return tellMarkup(trimStart(b))
}

func trimStart(b []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
}

// isJSONFeed tells a feed by its version, which the standard asks for.
func isJSONFeed(b []byte) bool {
	return b[0] == '{' && bytes.Contains(b[:min(len(b), headBytes)], []byte("jsonfeed.org/version/"))
}

// tellMarkup tells pages and feeds by the first element, whatever comments,
// declarations and instructions stand before it.
func tellMarkup(b []byte) format {
	if len(b) == 0 || b[0] != '<' {
		return textFormat
	}
	isXML := bytes.HasPrefix(bytes.ToLower(b[:min(len(b), 5)]), []byte("<?xml"))
	rest := b
	for {
		rest = trimStart(rest)
		var end string
		switch low := strings.ToLower(string(rest[:min(len(rest), 14)])); {
		case strings.HasPrefix(low, "<!--"):
			end = "-->"
		case strings.HasPrefix(low, "<!doctype html"):
			return pageFormat
		case strings.HasPrefix(low, "<!doctype"):
			end = ">"
			if i, j := bytes.IndexByte(rest, '['), bytes.IndexByte(rest, '>'); i >= 0 && i < j {
				end = "]>"
			}
		case strings.HasPrefix(low, "<?"):
			end = ">"
		}
		if end == "" {
			break
		}
		i := bytes.Index(rest, []byte(end))
		if i < 0 { // longer than the head: whatever is named in it
			break
		}
		rest = rest[i+len(end):]
	}
	starts := func(re *regexp.Regexp) bool { at := re.FindIndex(rest); return at != nil && at[0] == 0 }
	switch {
	case starts(feedRoot):
		return feedFormat
	case starts(sitemapRoot):
		return sitemapFormat
	case starts(newsRoot):
		return newsFormat
	case starts(htmlTag), bytes.HasPrefix(rest, []byte("<!--")) && !isXML:
		return pageFormat
	case isXML:
		return xmlFormat
	}
	return textFormat
}

// isText tells bytes without control characters.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}
