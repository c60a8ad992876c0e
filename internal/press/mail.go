package press

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"

	"rapport"
)

// Mail is RFC 5322 with MIME (RFC 2045 to 2049); several in a file are mbox
// (RFC 4155), in which a line "From " opens each.
const (
	maxMail  = 32 << 20 // bytes of a message
	maxParts = 200      // of a message
)

var (
	headerField = regexp.MustCompile(`(?i)^(received|from|to|date|subject|mime-version|return-path|message-id|delivered-to|content-type|reply-to|list-id|dkim-signature|x-[a-z0-9-]+|arc-seal|cc|sender):[ \t]`)
	mboxFrom    = regexp.MustCompile(`^From \S+ .*\d:\d\d.* \d{4}( [+-]\d{4})?\r?\n`)
	forwarded   = regexp.MustCompile(`(?im)^[-_ >*]*(forwarded message|original message|begin forwarded message:?|weitergeleitete nachricht|message transféré|пересылаемое сообщение)[-_ *]*$`)
	subjectMark = regexp.MustCompile(`(?i)^((re|fw|fwd|aw|wg|tr)\s*:\s*)+`)
)

// isMail tells a message by its first fields: two of those that messages have,
// and nothing else before them.
func isMail(b []byte) bool {
	if mboxFrom.Match(b) {
		return true
	}
	known := 0
	for l := range bytes.Lines(b) {
		switch {
		case headerField.Match(l):
			if known++; known == 3 {
				return true
			}
		case len(l) > 0 && (l[0] == ' ' || l[0] == '\t') && known > 0:
		case len(bytes.TrimSpace(l)) == 0:
			return known >= 2 && bytes.Contains(bytes.ToLower(b[:min(len(b), 4096)]), []byte("from:"))
		default:
			if k, _, ok := bytes.Cut(l, []byte(":")); !ok || bytes.ContainsAny(k, " \t") {
				return false
			}
		}
	}
	return false
}

// readMail yields the messages of a file, and what is attached to them.
func (r *reader) readMail(s source) bool {
	if b, _ := s.in.Peek(200); !mboxFrom.Match(b) {
		b, err := io.ReadAll(io.LimitReader(s.in, maxMail+1))
		switch {
		case len(b) > maxMail:
			return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is a message longer than %d MiB", maxMail>>20), "", nil))
		case err != nil:
			return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
		}
		return r.message(s, b)
	}
	var b []byte
	n, long, blank := 0, false, true
	one := func() bool {
		defer func() { b, long = b[:0], false }()
		if n == 0 {
			return true
		}
		in := s
		in.name, in.id = fmt.Sprintf("%s: message %d", s.name, n), fmt.Sprintf("%s-%d", s.id, n)
		if long {
			return r.yield(rapport.Report{}, in.bad(fmt.Sprintf("is a message longer than %d MiB", maxMail>>20), "", nil))
		}
		return r.message(in, bytes.Clone(b))
	}
	for {
		line, err := s.in.ReadSlice('\n')
		if blank && mboxFrom.Match(line) {
			if !one() {
				return false
			}
			n++
		} else if long = long || len(b)+len(line) > maxMail; !long {
			if bytes.HasPrefix(line, []byte(">From ")) {
				line = line[1:]
			}
			b = append(b, line...)
		}
		blank = len(bytes.TrimSpace(line)) == 0
		if err == io.EOF {
			return one()
		}
		if err != nil && err != bufio.ErrBufferFull {
			return one() && r.yield(rapport.Report{}, s.bad("cannot be read any further", "", err))
		}
	}
}

// letter is what a message holds.
type letter struct {
	plain, html []string // the parts shown
	files       []attached
	parts       int
	bad         []error
}

type attached struct {
	name string
	body []byte
}

var wordDecoder = mime.WordDecoder{CharsetReader: charset.NewReaderLabel}

// headerText returns a field's words.
func headerText(h textproto.MIMEHeader, key string) string {
	v := h.Get(key)
	if d, err := wordDecoder.DecodeHeader(v); err == nil {
		v = d
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(v, "\ufffd")), " ")
}

func (r *reader) message(s source, b []byte) bool {
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("is a message that cannot be read", "save its text as plain text", errors.New(strings.ToLower(err.Error()))))
	}
	h := textproto.MIMEHeader(m.Header)
	l := &letter{}
	l.part(h, m.Body, 0)
	p := &page{title: subjectMark.ReplaceAllString(headerText(h, "Subject"), "")}
	p.outlet, p.author = sender(headerText(h, "From"))
	p.published = feedDay(h.Get("Date"))
	p.language = firstOf(h.Get("Content-Language"))
	if u := strings.Trim(h.Get("Archived-At"), "<> "); strings.HasPrefix(u, "http") {
		p.url = u
	}
	if id := strings.Trim(h.Get("Message-Id"), "<> "); id != "" && strings.Contains(s.name, ": message ") {
		s.id = pageID("mail/" + p.title + "?" + id)
	}
	text := strings.Join(l.plain, "\n\n")
	if t := r.htmlText(l.html, p); len(t) > len(text) || len(text) < enough && t != "" {
		text = t
	} else {
		text = mailText(text)
	}
	p.text = unforward(text, p)
	for _, err := range l.bad {
		if !r.yield(rapport.Report{}, s.bad("has a part that cannot be read", "", err)) {
			return false
		}
	}
	if strings.TrimSpace(p.text) != "" {
		if !r.yield(r.report(p, &s)) {
			return false
		}
	} else if len(l.files) == 0 {
		return r.yield(rapport.Report{}, s.bad("is a message without text", "", nil))
	}
	for _, f := range l.files {
		a := source{name: s.name + "/" + f.name, id: s.id + "-" + baseID(f.name), depth: s.depth + 1, in: bufio.NewReaderSize(bytes.NewReader(f.body), headBytes)}
		if a.depth > maxDepth {
			return r.yield(rapport.Report{}, a.bad(fmt.Sprintf("is an archive within more than %d others", maxDepth), "unpack it", nil))
		}
		switch tell(a.in) {
		case pdfFormat:
			a.mailed = p
		case zipFormat:
			a.file, a.size, a.mailed = bytes.NewReader(f.body), int64(len(f.body)), p
		case pageFormat, textFormat, mailFormat, newsFormat:
		default:
			continue // a picture, a calendar, a signature
		}
		if !r.read(a) {
			return false
		}
	}
	return true
}

// sender parts "Press Office of X <press@x.example>" into outlet and author.
func sender(from string) (outlet, author string) {
	a, err := mail.ParseAddress(from)
	if err != nil {
		name, _, _ := strings.Cut(from, "<")
		return strings.Trim(name, ` "'`), ""
	}
	if a.Name != "" {
		return a.Name, ""
	}
	_, host, _ := strings.Cut(a.Address, "@")
	return host, ""
}

// htmlText returns the text of a message's HTML parts: the article of a long
// one, all of a short one.
func (r *reader) htmlText(parts []string, p *page) string {
	var out []string
	for _, s := range parts {
		if strings.Count(s, "<") > maxTags {
			continue
		}
		if t := fragment(s); t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, "\n\n")
}

// part takes what a part holds, and what its parts hold.
func (l *letter) part(h textproto.MIMEHeader, body io.Reader, depth int) {
	if l.parts++; l.parts > maxParts || depth > 8 {
		return
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && kind == "" {
		kind, params = "text/plain", map[string]string{}
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, &alphabet{body})
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		mr := multipart.NewReader(body, params["boundary"])
		for {
			p, err := mr.NextRawPart()
			if err != nil {
				if err != io.EOF {
					l.bad = append(l.bad, errors.New("it breaks off"))
				}
				return
			}
			l.part(p.Header, p, depth+1)
			if l.parts > maxParts {
				return
			}
		}
	}
	b, err := io.ReadAll(io.LimitReader(body, maxMail))
	if err != nil && len(b) == 0 {
		l.bad = append(l.bad, errors.New(strings.ToLower(err.Error())))
		return
	}
	disposition, dparams, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := firstOf(dparams["filename"], params["name"])
	if d, err := wordDecoder.DecodeHeader(name); err == nil {
		name = d
	}
	name = strings.ReplaceAll(strings.ToValidUTF8(baseName(name), "_"), "\n", " ")
	shown := disposition != "attachment" && (name == "" || disposition == "inline")
	switch {
	case kind == "text/plain" && shown:
		l.plain = append(l.plain, decodePart(b, params["charset"]))
	case kind == "text/html" && shown:
		l.html = append(l.html, decodePart(b, params["charset"]))
	case kind == "message/rfc822", strings.HasSuffix(kind, "/pdf"), strings.Contains(kind, "wordprocessingml"), strings.HasPrefix(kind, "text/html"), strings.HasPrefix(kind, "text/plain"), kind == "application/octet-stream", kind == "application/msword", kind == "application/zip":
		if name == "" {
			name = fmt.Sprintf("part-%d", l.parts)
		}
		l.files = append(l.files, attached{name, b})
	}
}

func baseName(s string) string {
	s = strings.ReplaceAll(s, `\`, "/")
	return s[strings.LastIndexByte(s, '/')+1:]
}

// decodePart returns a part as UTF-8, bytes outweighing what is declared, with
// the encodings of mail that pages do not know.
func decodePart(b []byte, declared string) string {
	if strings.HasPrefix(strings.ToLower(declared), "iso-2022-") {
		if e, _ := charset.Lookup(declared); e != nil {
			return clean(e, b)
		}
	}
	return decode(b, declared)
}

// alphabet drops what is no letter of base64, as lists and gateways add lines.
type alphabet struct{ in io.Reader }

func (a *alphabet) Read(p []byte) (int, error) {
	for {
		n, err := a.in.Read(p)
		k := 0
		for _, c := range p[:n] {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
				p[k] = c
				k++
			}
		}
		if k > 0 || err != nil {
			return k, err
		}
	}
}

// mailText makes paragraphs of a plain part: lines broken at seventy-odd
// letters are joined, the signature goes.
func mailText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, mark := range []string{"\n-- \n", "\n--\n"} {
		if i := strings.LastIndex(s, mark); i > 0 && len(s)-i < 1500 {
			s = s[:i]
		}
	}
	var out []string
	var para []string
	flush := func() {
		if len(para) > 0 {
			out = append(out, strings.Join(para, " "))
		}
		para = nil
	}
	for l := range strings.Lines(s) {
		quoted := strings.TrimLeft(strings.TrimRight(l, "\n"), "> ")
		if strings.HasPrefix(l, ">") {
			l = quoted
		}
		l = strings.TrimRight(l, " \t\n")
		if strings.TrimSpace(l) == "" {
			flush()
			continue
		}
		if len(para) > 0 && (len(para[len(para)-1]) < 50 || strings.HasPrefix(l, "  ") || strings.ContainsAny(strings.TrimSpace(l)[:1], "*•-") || forwardField.MatchString(l)) {
			flush()
		}
		para = append(para, strings.Join(strings.Fields(l), " "))
	}
	flush()
	return strings.Join(out, "\n\n")
}

var forwardField = regexp.MustCompile(`(?i)^\W*(from|date|sent|subject|to|cc|reply-to|von|gesendet|betreff|an|de|envoyé|objet|à|от|дата|тема|кому)\W*:\s*(.*)$`)

// unforward takes the fields of a message that was passed on off its text, and
// believes them rather than those of who passed it on.
func unforward(text string, p *page) string {
	at := forwarded.FindStringIndex(text)
	if at == nil {
		return text
	}
	rest := strings.TrimLeft(text[at[1]:], "\n ")
	fields := 0
	for {
		line, after, _ := strings.Cut(rest, "\n")
		m := forwardField.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			below, _, _ := strings.Cut(strings.TrimLeft(after, "\n"), "\n")
			if strings.TrimSpace(line) == "" && fields > 0 && forwardField.MatchString(strings.TrimSpace(below)) {
				rest = strings.TrimLeft(after, "\n")
				continue
			}
			break
		}
		fields++
		switch v := strings.Trim(m[2], " *"); strings.ToLower(m[1]) {
		case "from", "von", "de", "от":
			if o, _ := sender(v); o != "" {
				p.outlet = o
			}
		case "date", "sent", "gesendet", "envoyé", "дата":
			if d, _ := readDay(v, ""); d != "" {
				p.published = d
			} else if d := feedDay(v); d != "" {
				p.published = d
			}
		case "subject", "betreff", "objet", "тема":
			p.title = subjectMark.ReplaceAllString(v, "")
		}
		rest = after
	}
	if fields < 2 {
		return text
	}
	return strings.TrimLeft(rest, "\n ")
}
