package text

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"rapport"
)

// entry is a report as JSON brings it. Other keys are ignored.
type entry struct {
	ID        name   `json:"id"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Published string `json:"published"` // EDTF, or a time whose day counts: 2024-06-08T10:00:00Z
	Outlet    string `json:"outlet"`
	URL       string `json:"url"`
	Author    string `json:"author"`
	Language  string `json:"language"`
	Retrieved string `json:"retrieved"`
	Modified  string `json:"modified"`
}

// name is a string that may be written as a number, as the ids of databases are.
type name string

func (n *name) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') {
		*n = name(b)
		return nil
	}
	return json.Unmarshal(b, (*string)(n))
}

type yieldFunc = func(rapport.Report, error) bool

// readJSON tells lines from documents by the first line: it is a whole value
// in JSON Lines, unless it is a broken one, and then the next line opens an
// object at once, which no document does.
func (s *source) readJSON(yield yieldFunc) {
	first, err := s.nextLine()
	switch {
	case err == errLong:
		if !yield(rapport.Report{}, s.tooLong(s.lineName())) {
			return
		}
	case err != nil:
		yield(rapport.Report{}, s.failed(s.name, err))
		return
	case bytes.TrimSpace(first)[0] == '{' && (json.Valid(first) || s.opensObject()):
		if !s.yieldLine(first, yield) {
			return
		}
	default:
		s.readDocument(first, yield)
		return
	}
	for {
		line, err := s.nextLine()
		switch {
		case err == io.EOF:
			return
		case err == errLong:
			if !yield(rapport.Report{}, s.tooLong(s.lineName())) {
				return
			}
			continue
		case err != nil:
			yield(rapport.Report{}, s.failed(s.lineName(), err))
			return
		}
		if !s.yieldLine(line, yield) {
			return
		}
	}
}

func (s *source) opensObject() bool {
	b, _ := s.in.Peek(1)
	return len(b) == 1 && b[0] == '{'
}

var errLong = errors.New("line too long")

// nextLine returns the next line that is not blank. A line over the limit is
// read to its end, so that those after it can be, and errLong returned.
func (s *source) nextLine() ([]byte, error) {
	for {
		var line []byte
		long := false
		var err error
		for {
			var part []byte
			part, err = s.in.ReadSlice('\n')
			if len(line)+len(part) > s.MaxBytes+1 {
				long, line = true, line[:0]
			}
			if !long {
				line = append(line, part...)
			}
			s.at += int64(len(part))
			if err != bufio.ErrBufferFull {
				break
			}
		}
		s.line++
		switch {
		case long && (err == nil || err == io.EOF):
			return nil, errLong
		case len(bytes.TrimSpace(line)) > 0 && (err == nil || err == io.EOF):
			return line, nil
		case err != nil:
			return nil, err
		}
	}
}

func (s *source) lineName() string { return fmt.Sprintf("%s:%d", s.name, s.line) }

func (s *source) yieldLine(line []byte, yield yieldFunc) bool {
	where := s.lineName()
	if i := firstInvalid(line); i >= 0 {
		return yield(rapport.Report{}, s.notUTF8(where, s.at-int64(len(line)), line, i))
	}
	return s.yieldObject(bytes.TrimSpace(line), where, fmt.Sprintf("%s-%d", s.baseID(), s.line), yield)
}

// yieldObject yields the report that an object is, or those that it holds.
func (s *source) yieldObject(object []byte, where, id string, yield yieldFunc) bool {
	objects, several := [][]byte{object}, false
	if s.Foreign != nil && json.Valid(object) {
		found, ok, err := s.Foreign(object)
		if err != nil {
			var e *rapport.Error
			if errors.As(err, &e) {
				e.Where = where
			}
			if !yield(rapport.Report{}, err) {
				return false
			}
		}
		if ok {
			objects, several = found, len(found) > 1
		}
	}
	for i, b := range objects {
		at, name := where, id
		if several {
			at, name = fmt.Sprintf("%s: item %d", where, i+1), fmt.Sprintf("%s-%d", id, i+1)
		}
		var e entry
		if err := json.Unmarshal(b, &e); err != nil {
			if !yield(rapport.Report{}, notJSON(at, err)) {
				return false
			}
			continue
		}
		if !yield(s.report(e, at, name)) {
			return false
		}
	}
	return true
}

// readDocument reads JSON that is not one object a line.
func (s *source) readDocument(head []byte, yield yieldFunc) {
	at := s.at - int64(len(head))
	b, err := s.rest(head, documentReports*s.MaxBytes)
	if err != nil {
		yield(rapport.Report{}, err)
		return
	}
	if i := firstInvalid(b); i >= 0 {
		yield(rapport.Report{}, s.notUTF8(s.name, at, b, i))
		return
	}
	line := func(off int64) int {
		return s.line + bytes.Count(b[:min(off, int64(len(b)))], []byte("\n"))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	array := bytes.HasPrefix(bytes.TrimSpace(b), []byte("["))
	if array {
		d.Token() // the bracket, seen above
	}
	seen := 0
	for ; d.More(); seen++ {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			off := d.InputOffset()
			var syn *json.SyntaxError
			switch {
			case errors.As(err, &syn):
				off = max(off, syn.Offset-1)
			case errors.Is(err, io.ErrUnexpectedEOF):
				off = int64(len(bytes.TrimSpace(b)))
			}
			yield(rapport.Report{}, notJSON(fmt.Sprintf("%s:%d", s.name, line(off)), err))
			return
		}
		where := fmt.Sprintf("%s:%d", s.name, line(d.InputOffset()-int64(len(raw))))
		id := s.baseID()
		if array || seen > 0 {
			id = fmt.Sprintf("%s-%d", id, seen+1)
		}
		if !s.yieldObject(raw, where, id, yield) {
			return
		}
	}
	if array {
		if _, err := d.Token(); err != nil {
			yield(rapport.Report{}, notJSON(fmt.Sprintf("%s:%d", s.name, line(d.InputOffset())), err))
			return
		}
	}
	if seen == 0 {
		yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: s.name, What: "holds no report"})
	}
}

func (s *source) notUTF8(where string, at int64, b []byte, i int) error {
	return &rapport.Error{Kind: rapport.BadInput, Where: where,
		What: fmt.Sprintf("is not UTF-8: byte %d of the file is 0x%02x", at+int64(i), b[i]),
		Try:  "iconv -f WINDOWS-1252 -t UTF-8 " + s.name}
}

func notJSON(where string, err error) error {
	e := &rapport.Error{Kind: rapport.BadInput, Where: where, What: "is not the JSON of a report", Try: `one object with "id", "title", "published", "outlet" and "text"`}
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typ) && typ.Field != "":
		e.What, e.Try = fmt.Sprintf("%q is a JSON %s, not a string", typ.Field, typ.Value), ""
	case errors.As(err, &typ):
		e.What = fmt.Sprintf("is a JSON %s, not a report", typ.Value)
	case errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "unexpected end"):
		e.Err, e.Try = errors.New("it breaks off"), ""
	default:
		e.Err = errors.New(strings.ToLower(err.Error()))
	}
	return e
}

func (s *source) report(e entry, where, id string) (rapport.Report, error) {
	r := rapport.Report{ID: string(e.ID), Title: e.Title, Text: e.Text, Outlet: e.Outlet, URL: e.URL,
		Author: e.Author, Language: e.Language, Retrieved: e.Retrieved}
	if r.ID == "" {
		r.ID = id
	}
	if e.Published != "" {
		r.Published = rapport.Date(e.Published)
		if i := strings.IndexAny(e.Published, "T "); i == len("2024-06-08") {
			r.Published = rapport.Date(e.Published[:i])
		}
		if err := r.Published.Check(); err != nil {
			return rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: where, What: "date of publication", Err: err, Try: "write it as 2024-06-08"}
		}
	}
	if d, _, _ := strings.Cut(e.Modified, "T"); e.Modified != "" {
		if r.Modified = rapport.Date(d); r.Modified.Check() != nil { // nobody counts on it
			r.Modified = ""
		}
	}
	return s.finish(r, where)
}
