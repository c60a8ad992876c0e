package press

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"

	"rapport"
)

// How much of a PDF is read. The library takes what a file says of itself at
// its word, so it is asked before, and its reading is counted.
const (
	maxPDF      = 64 << 20  // bytes of a file
	maxPages    = 3000      // of which text is taken
	maxContent  = 64 << 20  // bytes of the content of a page, unpacked
	maxGlyphs   = 400_000   // of a page
	maxOperands = 5_000_000 // operators of a page
	maxForms    = 12        // forms within forms
)

var (
	pdfNumber  = regexp.MustCompile(`/(Size|Columns|Colors|BitsPerComponent|Predictor|N|First)\s+(\d+)`)
	pdfArray   = regexp.MustCompile(`/(W|Index)\s*\[([\d\s]*)\]`)
	pdfObject  = regexp.MustCompile(`(?:^|[\r\n \t])(\d{1,8})[ \t\r\n]+(\d{1,5})[ \t\r\n]+obj\b`)
	pdfCatalog = regexp.MustCompile(`/Type\s*/Catalog\b`)
	pdfEncrypt = regexp.MustCompile(`/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<`)
)

var errPDFBudget = errors.New("its parts refer to each other without end")

// counted is a file of which no more than so many bytes are read in all, so
// that what leads in circles ends.
type counted struct {
	b    []byte
	left int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	if c.left -= int64(len(p)); c.left < 0 {
		return 0, errPDFBudget
	}
	return bytes.NewReader(c.b).ReadAt(p, off)
}

// readPDF yields the text of a PDF document.
func (r *reader) readPDF(s source) bool {
	b, err := io.ReadAll(io.LimitReader(s.in, maxPDF+1))
	switch {
	case len(b) > maxPDF:
		return r.yield(rapport.Report{}, s.bad(fmt.Sprintf("is a PDF longer than %d MiB", maxPDF>>20), "split it", nil))
	case err != nil:
		return r.yield(rapport.Report{}, s.bad("cannot be read", "", err))
	}
	d, err := openPDF(b)
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return r.yield(rapport.Report{}, s.bad("is an encrypted PDF", "take its password off: qpdf --decrypt --password=WORD IN OUT", nil))
	case err != nil:
		return r.yield(rapport.Report{}, s.bad("is a PDF that cannot be read", "fetch it again: it may break off", err))
	}
	p, lost, err := d.page()
	switch {
	case p == nil && err != nil:
		return r.yield(rapport.Report{}, s.bad("is a PDF that cannot be read", "fetch it again: it may break off", err))
	case p == nil && d.pages == 0:
		return r.yield(rapport.Report{}, s.bad("is a PDF without pages", "fetch it again: it may break off", nil))
	case p == nil:
		return r.yield(rapport.Report{}, s.bad("is a PDF of "+count(d.pages, "page")+" without text: scanned or drawn", "read it with a program for optical character recognition: ocrmypdf IN OUT", nil))
	}
	p.url = s.url
	if !r.yield(r.report(p, &s)) {
		return false
	}
	if err != nil {
		return r.yield(rapport.Report{}, s.bad("is not read to its end", "fetch it again: it may break off", err))
	}
	if lost != "" {
		return r.yield(rapport.Report{}, s.bad("has "+lost+" without text: scanned, drawn or damaged", "read these with a program for optical character recognition", nil))
	}
	return true
}

type document struct {
	r     *pdf.Reader
	pages int
	size  int
}

// sane says why a file's own figures cannot be believed.
func sane(b []byte) error {
	for _, m := range pdfNumber.FindAllSubmatch(b, -1) {
		n, err := strconv.Atoi(string(m[2]))
		if err != nil || n > max(len(b), 1<<20) {
			return fmt.Errorf("it claims a %s of %s", m[1], m[2])
		}
	}
	for _, m := range pdfArray.FindAllSubmatch(b, -1) {
		for _, f := range bytes.Fields(m[2]) {
			if n, err := strconv.Atoi(string(f)); string(m[1]) == "Index" && (err != nil || n > max(len(b), 1<<20)) {
				return fmt.Errorf("it claims objects up to %s", f)
			}
		}
	}
	return circle(b)
}

var (
	pdfStart = regexp.MustCompile(`startxref\s+(\d+)`)
	pdfPrev  = regexp.MustCompile(`/Prev\s+(\d+)`)
)

// circle follows the lists of objects as the library will, which does not see
// when it comes back to one.
func circle(b []byte) error {
	tail := b[max(0, len(b)-4096):]
	ms := pdfStart.FindAllSubmatch(tail, -1)
	if len(ms) == 0 {
		return nil
	}
	seen := map[int]bool{}
	for at := atoi(string(ms[len(ms)-1][1])); at >= 0 && at < len(b); {
		if seen[at] {
			return errPDFBudget
		}
		seen[at] = true
		end := len(b)
		if i := bytes.Index(b[at:], []byte("startxref")); i >= 0 {
			end = at + i
		}
		m := pdfPrev.FindSubmatch(b[at:end])
		if m == nil {
			return nil
		}
		at = atoi(string(m[1]))
	}
	return nil
}

func openPDF(b []byte) (d *document, err error) {
	if err := sane(b); err != nil {
		return nil, err
	}
	r, err := openGuarded(b)
	if err != nil && !errors.Is(err, pdf.ErrInvalidPassword) {
		if mended := mendPDF(b); mended != nil {
			if again, err2 := openGuarded(mended); err2 == nil {
				r, err = again, nil
			}
		}
	}
	if err != nil {
		return nil, err
	}
	d = &document{r: r, size: len(b)}
	err = guarded(func() error { d.pages = r.NumPage(); return nil })
	if err != nil || d.pages <= 0 || d.pages > 1_000_000 {
		if mended := mendPDF(b); mended != nil {
			if again, err2 := openGuarded(mended); err2 == nil {
				d.r = again
				err = guarded(func() error { d.pages = again.NumPage(); return nil })
			}
		}
	}
	return d, err
}

// guarded turns a panic of the library into an error.
func guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
			if e, ok := p.(error); ok && errors.Is(e, errPDFBudget) {
				err = errPDFBudget
			}
			err = errors.New(strings.TrimPrefix(strings.ToLower(err.Error()), "malformed pdf: "))
		}
	}()
	return do()
}

func openGuarded(b []byte) (r *pdf.Reader, err error) {
	if i := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); i > 0 { // what a server or mail put before it
		b = b[i:]
	}
	err = guarded(func() error {
		var err error
		r, err = pdf.NewReader(&counted{b, 64<<20 + 32*int64(len(b))}, int64(len(b)))
		return err
	})
	return r, err
}

// mendPDF gives a file whose list of objects is lost or wrong a new one, of the
// objects that stand in it by themselves. nil when it has no catalogue, or
// when it is encrypted.
func mendPDF(b []byte) []byte {
	if pdfEncrypt.Match(b) {
		return nil
	}
	at := map[int]int{}
	root, most := 0, 0
	ms := pdfObject.FindAllSubmatchIndex(b, 200_000)
	for i, m := range ms {
		n := atoi(string(b[m[2]:m[3]]))
		if n <= 0 || n > len(b) {
			continue
		}
		at[n], most = m[2], max(most, n)
		end := len(b)
		if i+1 < len(ms) {
			end = ms[i+1][0]
		}
		if pdfCatalog.Match(b[m[1]:min(end, m[1]+4096)]) {
			root = n
		}
	}
	if root == 0 || most > 1_000_000 {
		return nil
	}
	var out bytes.Buffer
	out.Write(b)
	start := out.Len() + 1
	fmt.Fprintf(&out, "\nxref\n0 %d\n0000000000 65535 f \n", most+1)
	for n := 1; n <= most; n++ {
		if off, ok := at[n]; ok {
			fmt.Fprintf(&out, "%010d 00000 n \n", off)
		} else {
			out.WriteString("0000000000 65535 f \n")
		}
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", most+1, root, start)
	return out.Bytes()
}

// page reads the document. lost names the pages that have no text where
// others do. It is nil when none has any.
func (d *document) page() (p *page, lost string, err error) {
	p = &page{}
	guarded(func() error {
		info := d.r.Trailer().Key("Info")
		if t := tidy(info.Key("Title").Text()); !fileName.MatchString(t) {
			p.title = t
		}
		p.author = tidy(info.Key("Author").Text())
		p.language = d.r.Trailer().Key("Root").Key("Lang").Text()
		p.fallback, p.fallbackBasis = pdfDay(info.Key("CreationDate").Text()), rapport.BasisMetadata
		p.modified = pdfDay(info.Key("ModDate").Text())
		return nil
	})
	if p.modified == p.fallback {
		p.modified = ""
	}
	var sheets [][]textLine
	var empty []string
	glyphs := 0
	for n := 1; n <= min(d.pages, maxPages); n++ {
		x := &extractor{}
		e := guarded(func() error { return x.page(d.r.Page(n)) })
		if e != nil && err == nil {
			err = fmt.Errorf("page %d: %w", n, e)
		}
		if len(x.glyphs) == 0 {
			empty = append(empty, strconv.Itoa(n))
		}
		glyphs += len(x.glyphs)
		sheets = append(sheets, layOut(x.glyphs))
		if glyphs > 20*maxGlyphs {
			err = fmt.Errorf("page %d: it is longer than any report", n)
			break
		}
	}
	if d.pages > maxPages {
		err = fmt.Errorf("it has %d pages, more than %d", d.pages, maxPages)
	}
	blocks, title := paragraphsOf(sheets)
	text := strings.Join(blocks, "\n\n")
	if strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return nil, "", err
	}
	if p.title == "" || title != "" && !alike(p.title, title) {
		p.title = firstOf(title, p.title)
	}
	if p.text = text; p.title != "" && strings.EqualFold(blocks[0], p.title) && len(blocks) > 1 {
		p.text = strings.Join(blocks[1:], "\n\n")
	}
	if len(empty) > 0 {
		lost = "page " + strings.Join(empty[:min(len(empty), 10)], ", ")
		if len(empty) > 10 {
			lost += fmt.Sprintf(" and %d more", len(empty)-10)
		}
	}
	return p, lost, err
}

var fileName = regexp.MustCompile(`(?i)^(microsoft word|untitled|document\d*$|\(anonymous\)|.*\.(docx?|rtf|pdf|odt|indd|qxd|pages|tex|dvi)$)`)

var pdfDate = regexp.MustCompile(`^D:(\d{4})(\d\d)(\d\d)`)

func pdfDay(s string) rapport.Date {
	if m := pdfDate.FindStringSubmatch(s); m != nil {
		return makeDay(m[1], m[2], m[3])
	}
	return ""
}

// glyph is what one code of a font draws.
type glyph struct {
	x, y, w, size float64
	text          string
}

// affine is a transformation: a b c d e f of the PDF standard.
type affine [6]float64

var same = affine{1, 0, 0, 1, 0, 0}

func (m affine) mul(n affine) affine {
	return affine{m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5]}
}

// font decodes codes and tells their widths.
type font struct {
	lib     pdf.Font
	enc     pdf.TextEncoding
	unicode map[string]string // by the bytes of a code
	bytes   int               // of a code
	widths  map[int]float64   // in thousandths
	usual   float64
	work    int // codes mapped, some of them more than once
}

const mostMapped = 500_000 // codes of a font

// extractor runs the text operators of a page: ISO 32000-1, chapter 9.
type extractor struct {
	glyphs []glyph
	ops    int
	fonts  map[string]*font
	used   int // bytes of content unpacked
}

var errTooLong = errors.New("its content unpacks to more than any page has")

// measure reads a stream to its end to learn how long it is.
func (x *extractor) measure(v pdf.Value) error {
	one := func(v pdf.Value) error {
		if v.Kind() != pdf.Stream {
			return nil
		}
		in := v.Reader()
		defer in.Close()
		n, err := io.Copy(io.Discard, io.LimitReader(in, int64(maxContent-x.used)+1))
		if x.used += int(n); x.used > maxContent {
			return errTooLong
		}
		if err == io.ErrUnexpectedEOF {
			return nil
		}
		return err
	}
	if v.Kind() == pdf.Array {
		if v.Len() > 10_000 {
			return errTooLong
		}
		for i := range v.Len() {
			if err := one(v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	}
	return one(v)
}

func (x *extractor) page(p pdf.Page) error {
	if p.V.IsNull() {
		return errors.New("it is not there")
	}
	x.fonts = map[string]*font{}
	m := same
	if rot := p.V.Key("Rotate").Int64() % 360; rot == 90 || rot == -270 {
		m = affine{0, -1, 1, 0, 0, 0}
	} else if rot == 270 || rot == -90 {
		m = affine{0, 1, -1, 0, 0, 0}
	}
	return x.run(p.V.Key("Contents"), p.Resources(), m, 0, "")
}

type textState struct {
	ctm                     affine
	font                    *font
	size, char, word, scale float64
	leading, rise           float64
	mode                    int64
}

func (x *extractor) run(content, resources pdf.Value, ctm affine, depth int, path string) error {
	if content.IsNull() {
		return nil
	}
	if err := x.measure(content); err != nil {
		return err
	}
	g := textState{ctm: ctm, scale: 1}
	var saved []textState
	tm, line := same, same
	show := func(raw string) {
		if g.font == nil || len(x.glyphs) > maxGlyphs {
			return
		}
		g.font.each(raw, func(code int, text string, space bool) {
			w := g.font.width(code)
			at := affine{g.size * g.scale, 0, 0, g.size, 0, g.rise}.mul(tm).mul(g.ctm)
			size := math.Hypot(at[2], at[3])
			step := (w/1000*g.size + g.char) * g.scale
			if space {
				step += g.word * g.scale
			}
			across := math.Abs(at[1]) < math.Abs(at[0])/4 && at[0] > 0 // text that runs from left to right
			if text != "" && across && size > 0.5 && size < 500 && len(x.glyphs) < maxGlyphs {
				x.glyphs = append(x.glyphs, glyph{at[4], at[5], w / 1000 * math.Abs(at[0]), size, text})
			}
			tm = affine{1, 0, 0, 1, step, 0}.mul(tm)
		})
	}
	next := func(tx, ty float64) {
		line = affine{1, 0, 0, 1, tx, ty}.mul(line)
		tm = line
	}
	var failed error
	pdf.Interpret(content, func(stk *pdf.Stack, op string) {
		n := stk.Len()
		args := make([]pdf.Value, min(n, 16))
		for i := n - 1; i >= 0; i-- {
			if v := stk.Pop(); i < len(args) {
				args[i] = v
			}
		}
		if x.ops++; x.ops > maxOperands {
			panic("it has more operators than any page")
		}
		f := func(i int) float64 {
			if i < len(args) {
				return args[i].Float64()
			}
			return 0
		}
		matrix := func() affine { return affine{f(0), f(1), f(2), f(3), f(4), f(5)} }
		switch op {
		case "q":
			if len(saved) < 1000 {
				saved = append(saved, g)
			}
		case "Q":
			if k := len(saved) - 1; k >= 0 {
				g, saved = saved[k], saved[:k]
			}
		case "cm":
			g.ctm = matrix().mul(g.ctm)
		case "BT":
			tm, line = same, same
		case "Tf":
			if len(args) == 2 {
				g.font, g.size = x.font(resources, args[0].Name(), path), f(1)
			}
		case "Tc":
			g.char = f(0)
		case "Tw":
			g.word = f(0)
		case "Tz":
			g.scale = f(0) / 100
		case "TL":
			g.leading = f(0)
		case "Ts":
			g.rise = f(0)
		case "Tr":
			g.mode = int64(f(0))
		case "Td":
			next(f(0), f(1))
		case "TD":
			g.leading = -f(1)
			next(f(0), f(1))
		case "Tm":
			tm = matrix()
			line = tm
		case "T*":
			next(0, -g.leading)
		case "Tj":
			if len(args) > 0 {
				show(args[0].RawString())
			}
		case "'":
			next(0, -g.leading)
			if len(args) > 0 {
				show(args[0].RawString())
			}
		case "\"":
			g.word, g.char = f(0), f(1)
			next(0, -g.leading)
			if len(args) > 2 {
				show(args[2].RawString())
			}
		case "TJ":
			if len(args) == 0 {
				return
			}
			for i := range args[0].Len() {
				if v := args[0].Index(i); v.Kind() == pdf.String {
					show(v.RawString())
				} else {
					tm = affine{1, 0, 0, 1, -v.Float64() / 1000 * g.size * g.scale, 0}.mul(tm)
				}
			}
		case "Do":
			if len(args) == 0 || depth >= maxForms {
				return
			}
			name := args[0].Name()
			if form := resources.Key("XObject").Key(name); form.Kind() == pdf.Stream && form.Key("Subtype").Name() == "Form" {
				m := same
				if a := form.Key("Matrix"); a.Len() == 6 {
					for i := range 6 {
						m[i] = a.Index(i).Float64()
					}
				}
				inner := form.Key("Resources")
				if inner.IsNull() {
					inner = resources
				}
				if err := x.run(form, inner, m.mul(g.ctm), depth+1, path+"/"+name); err != nil && failed == nil {
					failed = err
				}
			}
		}
	})
	return failed
}

// font returns a font of the resources, read once.
func (x *extractor) font(resources pdf.Value, name, path string) *font {
	key := path + "/" + name
	if f, ok := x.fonts[key]; ok {
		return f
	}
	v := resources.Key("Font").Key(name)
	if v.IsNull() {
		return nil
	}
	f := &font{lib: pdf.Font{V: v}, bytes: 1, widths: map[int]float64{}, usual: 500}
	x.fonts[key] = f
	if u := v.Key("ToUnicode"); u.Kind() == pdf.Stream && x.measure(u) == nil {
		f.readUnicode(u)
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.bytes = 2
		d := v.Key("DescendantFonts").Index(0)
		if f.usual = d.Key("DW").Float64(); f.usual == 0 {
			f.usual = 1000
		}
		f.readWidths(d.Key("W"))
	} else {
		first, ws := int(v.Key("FirstChar").Int64()), v.Key("Widths")
		for i := range min(ws.Len(), 256) {
			f.widths[first+i] = ws.Index(i).Float64()
		}
		if v.Key("Subtype").Name() == "Type3" { // widths are in the font's own space
			if m := v.Key("FontMatrix"); m.Len() == 6 {
				for c := range f.widths {
					f.widths[c] *= 1000 * m.Index(0).Float64()
				}
			}
		}
		if f.unicode == nil {
			f.enc = f.lib.Encoder()
		}
	}
	return f
}

// readWidths reads the widths of a font of many glyphs: c [w …] or c c w.
func (f *font) readWidths(w pdf.Value) {
	n := w.Len()
	for i := 0; i+1 < n && len(f.widths) < 70_000; {
		c := int(w.Index(i).Int64())
		if f.work > mostMapped {
			return
		}
		if l := w.Index(i + 1); l.Kind() == pdf.Array {
			f.work += l.Len()
			for k := range min(l.Len(), 65536) {
				f.widths[c+k] = l.Index(k).Float64()
			}
			i += 2
			continue
		}
		if i+2 >= n {
			return
		}
		last, width := int(w.Index(i+1).Int64()), w.Index(i+2).Float64()
		for k := c; k <= last && k-c < 65536; k++ {
			f.work++
			f.widths[k] = width
		}
		i += 3
	}
}

func (f *font) width(code int) float64 {
	if w, ok := f.widths[code]; ok {
		return w
	}
	return f.usual
}

// readUnicode reads a ToUnicode map.
func (f *font) readUnicode(v pdf.Value) {
	f.unicode = map[string]string{}
	guarded(func() error {
		pdf.Interpret(v, func(stk *pdf.Stack, op string) {
			var args []pdf.Value
			for stk.Len() > 0 {
				args = append(args, stk.Pop())
			}
			for i, j := 0, len(args)-1; i < j; i, j = i+1, j-1 {
				args[i], args[j] = args[j], args[i]
			}
			if len(f.unicode) > 70_000 {
				panic("too many")
			}
			switch op {
			case "findresource": // a dictionary is begun next; any will do
				stk.Push(f.lib.V)
			case "endcodespacerange":
				if len(args) >= 2 {
					f.bytes = max(1, min(len(args[0].RawString()), 4))
				}
			case "endbfchar":
				for i := 0; i+1 < len(args); i += 2 {
					f.unicode[args[i].RawString()] = utf16Text(args[i+1].RawString())
				}
			case "endbfrange":
				for i := 0; i+2 < len(args); i += 3 {
					f.addRange(args[i].RawString(), args[i+1].RawString(), args[i+2])
				}
			}
		})
		return nil
	})
	if len(f.unicode) == 0 {
		f.unicode = nil
	}
}

func (f *font) addRange(first, last string, to pdf.Value) {
	if len(first) == 0 || len(first) != len(last) || len(first) > 4 {
		return
	}
	a, b := codeOf(first), codeOf(last)
	for c := a; c <= b && c-a < 65536 && f.work < mostMapped; c++ {
		f.work++
		key := make([]byte, len(first))
		for i, n := len(first)-1, c; i >= 0; i, n = i-1, n>>8 {
			key[i] = byte(n)
		}
		if to.Kind() == pdf.Array {
			if c-a < to.Len() {
				f.unicode[string(key)] = utf16Text(to.Index(c - a).RawString())
			}
			continue
		}
		t := []byte(to.RawString())
		if n := len(t); n >= 2 {
			low := int(t[n-2])<<8 | int(t[n-1]) + (c - a)
			if n > 2 || low < 0x10000 {
				t[n-2], t[n-1] = byte(low>>8), byte(low)
			}
		} else if n == 1 {
			t[0] += byte(c - a)
		}
		f.unicode[string(key)] = utf16Text(string(t))
	}
}

func codeOf(s string) int {
	n := 0
	for i := range len(s) {
		n = n<<8 | int(s[i])
	}
	return n
}

func utf16Text(s string) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	u := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(u))
}

// each calls do with each code of a string and the text it stands for.
func (f *font) each(raw string, do func(code int, text string, space bool)) {
	n := max(f.bytes, 1)
	for i := 0; i < len(raw); i += n {
		c := raw[i:min(i+n, len(raw))]
		var text string
		switch {
		case f.unicode != nil:
			text = f.unicode[c]
		case f.enc != nil:
			text = f.enc.Decode(c)
		}
		text = strings.Map(func(r rune) rune {
			switch {
			case r == '\u00a0' || r == '\t':
				return ' '
			case r < ' ' || r == unicode.ReplacementChar || r >= 0xe000 && r <= 0xf8ff:
				return -1
			}
			if l, ok := ligatures[r]; ok && l == 0 {
				return -1
			}
			return r
		}, text)
		for r, s := range spelled {
			text = strings.ReplaceAll(text, r, s)
		}
		do(codeOf(c), text, n == 1 && c == " ")
	}
}

var ligatures = map[rune]rune{0xfeff: 0, 0x200b: 0}

// spelled writes ligatures as their letters.
var spelled = map[string]string{"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
