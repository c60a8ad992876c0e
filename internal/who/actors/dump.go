package actors

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/who"
)

// unpacked reads what is in r, gzip and bzip2 undone; it is told by content.
func unpacked(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	head, err := in.Peek(3)
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(in)
	case string(head) == "BZh":
		return bzip2.NewReader(in), nil
	}
	return in, nil
}

// Dump is the import of a Wikidata JSON dump: one entity a line. Positions and
// persons come in any order, so a first pass spools both to disk, and a second
// joins them; memory holds the positions alone (about 200 bytes each).
type Dump struct {
	Path     string
	Dir      string          // the user's tables
	Progress func(lines int) // called now and then; may be nil
	Every    int             // lines between two savings of the state, 200 000 when 0
}

// state is what is known of an import that was cut off.
type state struct {
	Source    string `json:"source"`
	Size      int64  `json:"size"`
	Modified  int64  `json:"modified"`
	Lines     int    `json:"lines"`
	People    int64  `json:"people"` // bytes of the spools that belong to these lines
	Positions int64  `json:"positions"`
	Bodies    int64  `json:"bodies"`
	Skipped   int    `json:"skipped"`
}

// spooled are the spool files of an import.
type spooled struct {
	dir                       string
	people, positions, bodies *spool
	at                        state
}

type spool struct {
	f    *os.File
	w    *bufio.Writer
	size int64
}

func (s *spool) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.size += int64(len(b)) + 1
	s.w.Write(b)
	return s.w.WriteByte('\n')
}

func openSpool(path string, size int64) (*spool, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err = f.Truncate(size); err == nil {
		_, err = f.Seek(size, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &spool{f, bufio.NewWriterSize(f, 256<<10), size}, nil
}

// Run imports the dump. Stopped by ctx it keeps how far it came, and the next
// Run of the same file goes on from there.
func (d *Dump) Run(ctx context.Context) (Count, error) {
	f, err := os.Open(d.Path)
	if err != nil {
		return Count{}, &rapport.Error{Kind: rapport.BadInput, Where: d.Path, What: "cannot be opened", Err: err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Count{}, &rapport.Error{Kind: rapport.BadInput, Where: d.Path, What: "cannot be read", Err: err}
	}
	s, err := d.open(state{Source: filepath.Base(d.Path), Size: info.Size(), Modified: info.ModTime().Unix()})
	if err != nil {
		return Count{}, err
	}
	defer s.close()
	in, err := unpacked(f)
	if err != nil {
		return Count{}, &rapport.Error{Kind: rapport.BadInput, Where: d.Path, What: "cannot be unpacked", Err: err}
	}
	if err := d.gather(ctx, in, s); err != nil {
		return Count{Read: s.at.Lines, Skipped: s.at.Skipped}, err
	}
	n, err := d.join(s)
	if err == nil {
		s.close()
		err = os.RemoveAll(s.dir)
	}
	return n, err
}

// open opens the spools, those of an import that was cut off where the file is
// still the same.
func (d *Dump) open(now state) (*spooled, error) {
	s := &spooled{dir: filepath.Join(d.Dir, ".import-"+base(d.Path)), at: now}
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		return nil, cannotWrite(s.dir, err)
	}
	if raw, err := os.ReadFile(filepath.Join(s.dir, "state.json")); err == nil {
		var was state
		if json.Unmarshal(raw, &was) == nil && was.Source == now.Source && was.Size == now.Size && was.Modified == now.Modified {
			s.at = was
		}
	}
	var err error
	for _, x := range []struct {
		spool **spool
		name  string
		size  int64
	}{{&s.people, "people", s.at.People}, {&s.positions, "positions", s.at.Positions}, {&s.bodies, "bodies", s.at.Bodies}} {
		if *x.spool, err = openSpool(filepath.Join(s.dir, x.name+".jsonl"), x.size); err != nil {
			s.close()
			return nil, cannotWrite(s.dir, err)
		}
	}
	return s, nil
}

func (s *spooled) close() {
	for _, x := range []**spool{&s.people, &s.positions, &s.bodies} {
		if *x != nil {
			(*x).f.Close()
			*x = nil
		}
	}
}

// save writes how far the import came.
func (s *spooled) save() error {
	for _, x := range []*spool{s.people, s.positions, s.bodies} {
		if err := x.w.Flush(); err != nil {
			return cannotWrite(s.dir, err)
		}
	}
	s.at.People, s.at.Positions, s.at.Bodies = s.people.size, s.positions.size, s.bodies.size
	raw, err := json.Marshal(s.at)
	if err != nil {
		return err
	}
	path := filepath.Join(s.dir, "state.json")
	if err := os.WriteFile(path+".new", raw, 0o666); err != nil {
		return cannotWrite(path, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// maxEntity is the longest line that is read as an entity; the longest of the
// dumps are near 4 MB.
const maxEntity = 32 << 20

// gather is the first pass.
func (d *Dump) gather(ctx context.Context, r io.Reader, s *spooled) error {
	every := d.Every
	if every <= 0 {
		every = 200_000
	}
	in := bufio.NewReaderSize(r, 1<<20)
	var line []byte
	for n := 0; ; n++ {
		var tooLong bool
		var err error
		line, tooLong, err = nextLine(in, line[:0])
		if err != nil && len(line) == 0 && !tooLong {
			if errors.Is(err, io.EOF) {
				return s.save()
			}
			s.save()
			return &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("%s: line %d", d.Path, n+1), What: "cannot be read", Err: err, Try: "fetch the dump again; what was read is kept"}
		}
		if n >= s.at.Lines {
			s.at.Lines = n + 1
			if tooLong || !s.take(line) {
				s.at.Skipped++
			}
			if s.at.Lines%every == 0 {
				if err := s.save(); err != nil {
					return err
				}
			}
		}
		if n%5000 == 0 {
			if d.Progress != nil {
				d.Progress(n)
			}
			if ctx.Err() != nil {
				if err := s.save(); err != nil {
					return err
				}
				return &rapport.Error{Kind: rapport.Stopped, Where: d.Path, What: fmt.Sprintf("stopped after %d lines", s.at.Lines), Try: "the same command, which goes on from there"}
			}
		}
	}
}

// nextLine reads a line without its end; of one longer than maxEntity tooLong
// tells.
func nextLine(in *bufio.Reader, line []byte) (_ []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) <= maxEntity {
			line = append(line, part...)
		} else {
			tooLong = true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return bytes.TrimSpace(line), tooLong, err
	}
}

// entity is what is read of an item.
type entity struct {
	ID     string `json:"id"`
	Labels map[string]struct {
		Value string `json:"value"`
	} `json:"labels"`
	Aliases map[string][]struct {
		Value string `json:"value"`
	} `json:"aliases"`
	Claims struct {
		InstanceOf   []statement `json:"P31"`
		SubclassOf   []statement `json:"P279"`
		Position     []statement `json:"P39"`
		Jurisdiction []statement `json:"P1001"`
		Country      []statement `json:"P17"`
		Died         []statement `json:"P570"`
		Inception    []statement `json:"P571"`
		Dissolved    []statement `json:"P576"`
	} `json:"claims"`
}

type statement struct {
	Main       snak   `json:"mainsnak"`
	Rank       string `json:"rank"`
	Qualifiers struct {
		Start []snak `json:"P580"`
		End   []snak `json:"P582"`
	} `json:"qualifiers"`
}

type snak struct {
	Value struct {
		Value json.RawMessage `json:"value"`
	} `json:"datavalue"`
}

func (s *snak) item() string {
	var v struct {
		ID string `json:"id"`
	}
	if len(s.Value.Value) == 0 || s.Value.Value[0] != '{' || json.Unmarshal(s.Value.Value, &v) != nil || !isItem(v.ID) {
		return ""
	}
	return v.ID
}

func isItem(id string) bool {
	return len(id) > 1 && id[0] == 'Q' && strings.Trim(id[1:], "0123456789") == "" && len(id) < 14
}

func (s *snak) date() rapport.Date {
	var v struct {
		Time      string `json:"time"`
		Precision int    `json:"precision"`
	}
	if len(s.Value.Value) == 0 || s.Value.Value[0] != '{' || json.Unmarshal(s.Value.Value, &v) != nil {
		return ""
	}
	return dateOf(v.Time, v.Precision)
}

// dateOf writes a Wikidata time at its precision as EDTF, "" when it is
// coarser than a year.
func dateOf(t string, precision int) rapport.Date {
	t = strings.TrimPrefix(t, "+")
	if len(t) < 10 || t[4] != '-' {
		return ""
	}
	d := rapport.Date(t[:10])
	switch {
	case precision < 9:
		return ""
	case precision == 9 || t[5:7] == "00":
		d = d[:4]
	case precision == 10 || t[8:10] == "00":
		d = d[:7]
	}
	if d.Check() != nil {
		return ""
	}
	return d
}

func firstDate(ss []snak) rapport.Date {
	for i := range ss {
		if d := ss[i].date(); d != "" {
			return d
		}
	}
	return ""
}

func items(ss []statement) []string {
	var out []string
	for i := range ss {
		if id := ss[i].Main.item(); id != "" && ss[i].Rank != "deprecated" {
			out = append(out, id)
		}
	}
	return out
}

func has(ids []string, id string) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

// The lines of the spools.
type (
	spooledPerson struct {
		ID, Name string
		Aliases  []string
		Terms    []spooledTerm
		Died     rapport.Date
	}
	spooledTerm struct {
		Position string
		From, To rapport.Date
	}
	position struct {
		ID, Country, Sector, Office string
	}
)

// take spools what line tells; false is for what is no entity.
func (s *spooled) take(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte(","))
	if len(line) < 2 {
		return true // the brackets of the array
	}
	// nine of ten entities hold none of these, and to decode them is slow
	if !bytes.Contains(line, []byte(`"P39"`)) && !bytes.Contains(line, []byte(`"P1001"`)) && !bytes.Contains(line, []byte(`"P17"`)) && !bytes.Contains(line, []byte(`"P576"`)) && !bytes.Contains(line, []byte(`"P571"`)) {
		return line[0] == '{'
	}
	var e entity
	if err := json.Unmarshal(line, &e); err != nil || !isItem(e.ID) {
		return err == nil
	}
	name := clean(e.Labels["en"].Value)
	if name == "" {
		if name = clean(e.Labels["mul"].Value); name == "" {
			return true
		}
	}
	kinds := items(e.Claims.InstanceOf)
	var err error
	switch {
	case has(kinds, human):
		err = s.takePerson(&e, name)
	case len(e.Claims.Jurisdiction) > 0 || len(e.Claims.SubclassOf) > 0 && len(e.Claims.Country) > 0:
		if p, ok := positionOf(e.ID, name, stateOf(append(items(e.Claims.Jurisdiction), items(e.Claims.Country)...))); ok {
			err = s.positions.line(p)
			break
		}
		fallthrough
	default:
		if b, ok := bodyOf(&e, name, kinds); ok {
			err = s.bodies.line(b)
		}
	}
	return err == nil
}

const human = "Q5"

func (s *spooled) takePerson(e *entity, name string) error {
	p := spooledPerson{ID: e.ID, Name: name}
	for i := range e.Claims.Position {
		st := &e.Claims.Position[i]
		id := st.Main.item()
		if id == "" || st.Rank == "deprecated" {
			continue
		}
		if from := firstDate(st.Qualifiers.Start); from != "" {
			p.Terms = append(p.Terms, spooledTerm{id, from, firstDate(st.Qualifiers.End)})
		}
	}
	if len(p.Terms) == 0 {
		return nil
	}
	for _, a := range e.Aliases["en"] {
		if len(p.Aliases) < 12 {
			p.Aliases = append(p.Aliases, clean(a.Value))
		}
	}
	for i := range e.Claims.Died {
		if d := e.Claims.Died[i].Main.date(); d != "" {
			p.Died = d
		}
	}
	return s.people.line(&p)
}

// stateOf returns the code of the first item that is a state.
func stateOf(ids []string) string {
	for _, id := range ids {
		if rows := ontology.FindCodes(id, ""); len(rows) > 0 {
			return rows[0].Code
		}
	}
	return ""
}

// positionOf reads the name of a position, "President of Egypt", as the tables
// read role words. Only offices of state are kept.
func positionOf(id, name, state string) (position, bool) {
	if state == "" {
		return position{}, false
	}
	p, _, _, ok := who.Resolve(name, "", state)
	if !ok || p.Office == "" || p.Country != state || p.Sector != "GOV" && p.Sector != "MIL" {
		return position{}, false
	}
	return position{id, p.Country, p.Sector, p.Office}, true
}

// sectorOfKind joins classes of Wikidata to the sector of a body; IGO is for
// what belongs to no state.
var sectorOfKind = map[string]string{
	"Q7278": "PTY", "Q6138528": "PTY", // political party, banned party
	"Q17149090": "REB", "Q1788992": "REB", "Q17127659": "REB", // armed organisation, insurgent group, terrorist organisation
	"Q192350": "GOV", "Q327333": "GOV", "Q1519799": "GOV", // ministry, government agency, central bank
	"Q35749": "LEG", "Q11204": "LEG", "Q375928": "LEG", // parliament, legislature, house of parliament
	"Q190752": "JUD",                  // supreme court
	"Q245065": "IGO",                  // intergovernmental organisation
	"Q178790": "LAB",                  // trade union
	"Q47913":  "SPY",                  // intelligence agency
	"Q772547": "MIL",                  // armed forces
	"Q192283": "JRN",                  // news agency
	"Q157031": "SOC", "Q48204": "SOC", // foundation, voluntary association
}

func bodyOf(e *entity, name string, kinds []string) (Body, bool) {
	sector := ""
	for _, k := range kinds {
		if sector = sectorOfKind[k]; sector != "" {
			break
		}
	}
	b := Body{Name: name, Sector: sector, Wikidata: e.ID}
	switch {
	case sector == "":
		return b, false
	case sector == "IGO":
		b.Code, b.Sector = "IGO", ""
	default:
		if b.Code = stateOf(append(items(e.Claims.Country), items(e.Claims.Jurisdiction)...)); b.Code == "" {
			return b, false
		}
	}
	for _, a := range e.Aliases["en"] {
		if v := clean(a.Value); len(v) > 2 && len(b.Variants) < 12 {
			b.Variants = append(b.Variants, v)
		}
	}
	for i := range e.Claims.Inception {
		if b.From == "" {
			b.From = e.Claims.Inception[i].Main.date()
		}
	}
	for i := range e.Claims.Dissolved {
		if b.To == "" {
			b.To = e.Claims.Dissolved[i].Main.date()
		}
	}
	return b, !backwards(b.From, b.To)
}

// backwards reports whether a term ends before it begins, as some do.
func backwards(from, to rapport.Date) bool {
	first, _, ok1 := from.Bounds()
	_, last, ok2 := to.Bounds()
	return ok1 && ok2 && last.Before(first)
}

// join is the second pass: what the spools hold becomes tables.
func (d *Dump) join(s *spooled) (Count, error) {
	n := Count{Read: s.at.Lines, Skipped: s.at.Skipped}
	positions := map[string]position{}
	if err := s.positions.each(func(p *position) { positions[p.ID] = *p }); err != nil {
		return n, err
	}
	t, err := newTables(d.Dir, base(d.Path), "imported from the Wikidata dump "+filepath.Base(d.Path)+" (CC0)")
	if err != nil {
		return n, err
	}
	var p spooledPerson
	err = each(s.people, &p, func() {
		for _, m := range p.Terms {
			at, ok := positions[m.Position]
			if !ok {
				continue
			}
			if m.To == "" {
				m.To = p.Died
			}
			if backwards(m.From, m.To) {
				n.Skipped++
				continue
			}
			n.Terms++
			row := Term{at.Country, p.Name, p.Aliases, at.Office, at.Sector, m.From, m.To, p.ID, ""}
			t.persons.w.WriteString(row.row())
			p.Aliases = nil // variants stand on the first row
		}
	})
	if err == nil {
		var b Body
		err = each(s.bodies, &b, func() {
			n.Bodies++
			t.bodies.w.WriteString(b.row())
		})
	}
	if e := t.close(err == nil); err == nil {
		err = e
	}
	return n, err
}

func (s *spool) each(f func(*position)) error {
	var p position
	return each(s, &p, func() { f(&p) })
}

// each decodes every line of a spool into v, which begins empty each time.
func each[T any](s *spool, v *T, f func()) error {
	if err := s.w.Flush(); err != nil {
		return cannotWrite(s.f.Name(), err)
	}
	if _, err := s.f.Seek(0, io.SeekStart); err != nil {
		return cannotWrite(s.f.Name(), err)
	}
	dec := json.NewDecoder(bufio.NewReaderSize(s.f, 1<<20))
	for {
		var empty T
		*v = empty
		err := dec.Decode(v)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &rapport.Error{Kind: rapport.Storage, Where: s.f.Name(), What: "is no spool of this import", Err: err, Try: "delete its folder and begin again"}
		}
		f()
	}
}
