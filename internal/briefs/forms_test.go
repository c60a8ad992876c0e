package briefs

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/internal/relations"
)

// elements are what a brief's page may hold; whatever else is there came from a
// report.
var elements = strings.Fields(`html head meta title style body main nav section h1 h2 h3 p ul ol li a strong em sup abbr div table colgroup col thead tbody tr th td
	figure figcaption svg desc rect line circle text q span`)

var (
	tagRE = regexp.MustCompile(`</?([a-zA-Z0-9]+)`)
	refRE = regexp.MustCompile(`(?:href|aria-labelledby)="([^"]*)"`)
	idRE  = regexp.MustCompile(` id="([^"]*)"`)
)

// soundHTML holds a page to its own elements, to links that lead somewhere, and
// to asking for nothing from elsewhere.
func soundHTML(t *testing.T, page string) {
	t.Helper()
	_, body, _ := strings.Cut(page, "</style>")
	for _, m := range tagRE.FindAllStringSubmatch(body, -1) {
		if !slices.Contains(elements, m[1]) {
			t.Errorf("an element %s", m[1])
		}
	}
	ids := map[string]bool{}
	for _, m := range idRE.FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("id %s twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range refRE.FindAllStringSubmatch(page, -1) {
		for _, to := range strings.Fields(m[1]) {
			web := strings.HasPrefix(strings.ToLower(to), "http://") || strings.HasPrefix(strings.ToLower(to), "https://")
			if !web && !ids[strings.TrimPrefix(to, "#")] {
				t.Errorf("a link to %q, which is not there", to)
			}
		}
	}
	for _, outside := range []string{" src=", "url(", "@import", "<link", "<script", " on"} {
		if strings.Contains(page[:strings.Index(page, "<body>")], outside) || outside != " on" && strings.Contains(stripText(body), outside) {
			t.Errorf("the page holds %q", outside)
		}
	}
}

// stripText leaves the tags of a page.
func stripText(s string) string {
	return strings.Join(regexp.MustCompile(`<[^>]*>`).FindAllString(s, -1), "")
}

func docxOf(t *testing.T, r *relations.Relation, o Options) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := DOCX(&b, r, o); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		rd, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rd)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(data)
	}
	return parts
}

// soundDOCX holds a document's parts to be well-formed, its endnotes to be as
// many as asked, and what refers to them to find them.
func soundDOCX(t *testing.T, parts map[string]string, notes int) {
	t.Helper()
	for name, text := range parts {
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is not well-formed: %v\n%s", name, err, text)
			}
		}
	}
	doc := parts["word/document.xml"]
	if a, b := strings.Count(doc, "<w:endnoteReference "), strings.Count(parts["word/endnotes.xml"], "<w:endnoteRef/>"); a != notes || b != notes {
		t.Errorf("%d references to %d endnotes, want %d", a, b, notes)
	}
	for _, m := range regexp.MustCompile(`NOTEREF (\w+)`).FindAllStringSubmatch(doc, -1) {
		if !strings.Contains(doc, `w:name="`+m[1]+`"`) {
			t.Errorf("a reference to the bookmark %s, which is not there", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`w:pStyle w:val="(\w+)"`).FindAllStringSubmatch(doc+parts["word/endnotes.xml"], -1) {
		if !strings.Contains(parts["word/styles.xml"], `w:styleId="`+m[1]+`"`) {
			t.Errorf("no style %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`PartName="/([^"]*)"`).FindAllStringSubmatch(parts["[Content_Types].xml"], -1) {
		if parts[m[1]] == "" {
			t.Errorf("no part %s", m[1])
		}
	}
}

// TestForms holds every form of a brief to the same bytes each time, and HTML
// and DOCX to hold every source.
func TestForms(t *testing.T) {
	r := fixtureRelation(t)
	for _, o := range []Options{{}, {OnePage: true}, {Since: "2024-01-01"}} {
		for _, f := range Formats() {
			var a, b bytes.Buffer
			if err := Write(&a, f, r, o); err != nil {
				t.Fatal(err)
			}
			if err := Write(&b, f, r, o); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("%s: other bytes the second time", f)
			}
			if f == "pdf" && !bytes.HasPrefix(a.Bytes(), []byte("%PDF-1.")) {
				t.Errorf("no PDF: %q", a.Bytes()[:20])
			}
			if f == "html" {
				soundHTML(t, a.String())
			}
		}
		p := compose(r, o)
		soundDOCX(t, docxOf(t, r, o), len(p.notes))
		var b strings.Builder
		if err := HTML(&b, r, o); err != nil {
			t.Fatal(err)
		}
		endnotes := docxOf(t, r, o)["word/endnotes.xml"]
		for i := range p.notes {
			s := escapeHTML(p.sourceOf(i).sentence)
			if !strings.Contains(b.String(), "<q>"+s+"</q>") || !strings.Contains(endnotes, s) {
				t.Errorf("%+v: the sentence %q is missing", o, s)
			}
		}
	}
	if err := Write(io.Discard, "odt", r, Options{}); rapport.KindOf(err) != rapport.Usage {
		t.Errorf("a format that is none: %v", err)
	}
}

// TestNumbersOfEndnotes: Word numbers endnotes as they come, and these are the
// numbers of the other forms.
func TestNumbersOfEndnotes(t *testing.T) {
	d := &docx{p: compose(fixtureRelation(t), Options{}), at: map[int]int{}}
	for _, b := range d.p.blocks {
		d.block(b)
	}
	for i, n := range d.order {
		if n != i+1 {
			t.Errorf("source %d is endnote %d", n, i+1)
		}
	}
}

// TestOnePageFits: what a brief on one page tells stands on one page of the PDF.
func TestOnePageFits(t *testing.T) {
	for name, r := range map[string]*relations.Relation{"few": fixtureRelation(t), "many": manyRelation(t)} {
		if n := layOut(r, Options{OnePage: true}).body; n != 1 {
			t.Errorf("%s: %d pages", name, n)
		}
	}
}

func TestGlyphs(t *testing.T) {
	d := &pdfPage{lost: map[rune]bool{}}
	for in, want := range map[string]string{
		"Erdoğan, Çiller, Əliyev, Łódź, Nguyễn, Köln, Þórður": "Erdoğan, Çiller, Əliyev, Łódź, Nguyễn, Köln, Þórður",
		"Μητσοτάκης, Зеленський, “…” – — € №":                 "Μητσοτάκης, Зеленський, “…” – — € №",
		"−3.5":   "–3.5",
		"東京 now": "\ufffd\ufffd now",
	} {
		if got := d.glyphs(in); got != want {
			t.Errorf("%q is set as %q, want %q", in, got, want)
		}
	}
	if len(d.lost) != 2 {
		t.Errorf("lost %v", d.lost)
	}
}

func TestRuns(t *testing.T) {
	in := strong("a "+emOn) + "b" + emOff + noteOn + "12" + noteOff + inferredMark + "c"
	want := []run{{text: "a ", strong: true}, {text: "b", em: true}, {note: 12}, {inferred: true}, {text: "c"}}
	if got := runs(in); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if bare(in) != "a bc" || !onlyMarks(noteOn+"1"+noteOff) || onlyMarks(in) || onlyMarks("") {
		t.Error("bare or onlyMarks")
	}
}

// TestCharts: dots for what happened and can be dated, bars that add up.
func TestCharts(t *testing.T) {
	p := newPage(fixtureRelation(t), Options{})
	c := p.timelineChart()
	dots := 0
	for _, s := range c.shapes {
		if s.kind == dot {
			dots++
			if s.x < chartLeft || s.x > chartWidth || s.y < 0 || s.y > c.height {
				t.Errorf("a dot at %v, %v", s.x, s.y)
			}
		}
	}
	if dots != 8 || !strings.Contains(c.desc, "Visits and talks: 3") {
		t.Errorf("%d dots; %s", dots, c.desc)
	}
	tempo := p.tempoChart()
	up := 0
	for _, s := range tempo.shapes {
		if s.kind == rect && s.color == cooperative {
			up++
		}
	}
	if up != 4 || !strings.Contains(tempo.desc, "from 1991 to 2024") {
		t.Errorf("%d years of cooperation; %s", up, tempo.desc)
	}
	if newPage(relations.Of(rapport.NewDyad("ISL", "TON"), nil, nil, nil, ""), Options{}).timelineChart() != nil {
		t.Error("a chart of nothing")
	}
}

// TestRegisterTold: counts held against the record, sessions of a body and
// turning points are told, each with its sources.
func TestRegisterTold(t *testing.T) {
	reports := map[string]rapport.Report{"r": {ID: "r", Published: "2020-01-10", Outlet: "Wire"}}
	var claims []rapport.Claim
	text := ""
	tell := func(event, mode, cameo string, date rapport.Date, score float64, sentence string) {
		c := rapport.Claim{ID: fmt.Sprintf("c%02d", len(claims)), Report: "r", Event: event, Mode: mode, CAMEO: cameo, Date: date, DateBasis: rapport.DateFromText, Status: rapport.Actual, Score: score,
			Actor: []rapport.Party{{Country: "ESP", Sector: "GOV", Name: "Ana Example"}}, Recipient: []rapport.Party{maroc},
			Evidence: rapport.Evidence{Span: rapport.Span{Start: len(text), End: len(text) + len(sentence)}, Text: sentence}}
		text += sentence + " "
		claims = append(claims, c)
	}
	tell("CONSULT", "visit", "042", "2001-02-03", 4, "Ana Example came to Rabat.")
	tell("CONSULT", "visit", "042", "2006-02-03", 4, "Ana Example came to Rabat once more, her second visit to Morocco.")
	tell("CONSULT", "", "040", "2007-02-03", 2.5, "She opened the fourth session of the Joint Fisheries Commission.")
	for i := range 12 {
		act, score := "SUPPORT", 5.0
		if i >= 6 {
			act, score = "ACCUSE", -3
		}
		tell(act, "", "051", rapport.Date(fmt.Sprintf("20%02d-05-06", 8+i)), score, fmt.Sprintf("In year %d Ana Example spoke of Morocco.", i))
	}
	var events []rapport.Event
	for _, c := range claims {
		events = append(events, rapport.Event{ID: "ev-" + c.ID, Event: c.Event, Mode: c.Mode, CAMEO: c.CAMEO, Actor: c.Actor, Recipient: c.Recipient, Status: c.Status,
			Date: c.Date, DateBasis: c.DateBasis, Score: c.Score, Claims: []string{c.ID}, Reports: 1})
	}
	r := relations.Of(rapport.NewDyad("ESP", "MAR"), claims, events, reports, "")
	var b strings.Builder
	if err := Markdown(&b, r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"told as “her second visit”[^",
		": confirmed, the record has one other before (3 February 2001)[^",
		"## Institutions\n\n- **Joint Fisheries Commission**: 4th session 3 February 2007[^",
		"**Turning points**",
		"- **6 May 2014**: less cooperative from here on: the mean score of the next 6 events is −3.0, of the 9 before +4.5",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the brief lacks %q:\n%s", want, b.String())
		}
	}
}
