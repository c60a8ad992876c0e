package record

import (
	"encoding/json"
	"errors"
	"fmt"

	"rapport"
)

// What a page told of a report beside its text: the day of its last change,
// captions, and where blocks stand in the page's bytes. Table report_more.

// keepMore keeps what is told. A report read once more by something that tells
// nothing of it keeps what it had.
func (w *writer) keepMore(n int64, rep *rapport.Report) error {
	if rep.Modified == "" && len(rep.Captions) == 0 && len(rep.Origin) == 0 {
		return nil
	}
	captions := make([][2]int, len(rep.Captions))
	for i, s := range rep.Captions {
		captions[i] = [2]int{s.Start, s.End}
	}
	origin := rep.Origin
	if origin == nil {
		origin = []rapport.Origin{}
	}
	c, err := json.Marshal(captions)
	if err != nil {
		return err
	}
	o, err := json.Marshal(origin)
	if err != nil {
		return err
	}
	_, err = w.exec(`INSERT INTO report_more (report, modified, captions, origin) VALUES (?,?,?,?)
		ON CONFLICT (report) DO UPDATE SET modified = excluded.modified, captions = excluded.captions, origin = excluded.origin`,
		n, string(rep.Modified), string(c), string(o))
	return err
}

// decodeMore reads what keepMore writes; lists without items are nil, as they
// come from a reader.
func decodeMore(captions, origin []byte) ([]rapport.Span, []rapport.Origin, error) {
	var cs [][2]int
	var os []rapport.Origin
	if err := errors.Join(json.Unmarshal(captions, &cs), json.Unmarshal(origin, &os)); err != nil {
		return nil, nil, fmt.Errorf("its captions or origin cannot be read: %w", err)
	}
	var spans []rapport.Span
	for _, c := range cs {
		spans = append(spans, rapport.Span{Start: c[0], End: c[1]})
	}
	if len(os) == 0 {
		os = nil
	}
	return spans, os, nil
}

// checkMore reports what is wrong with what a page told of a report whose text
// has size bytes: captions and blocks stand within the text, in its order.
func checkMore(rep *rapport.Report, size int) error {
	if err := rep.Modified.Check(); err != nil {
		return fmt.Errorf("has a bad date of change: %w", err)
	}
	at := 0
	for _, c := range rep.Captions {
		if c.Start < at || c.End < c.Start || c.End > size {
			return fmt.Errorf("has a caption at bytes %d to %d, which is not in the order of its text of %d bytes", c.Start, c.End, size)
		}
		at = c.End
	}
	at = 0
	for _, o := range rep.Origin {
		if o.Text.Start < at || o.Text.End < o.Text.Start || o.Text.End > size || o.Source.Start < 0 || o.Source.End < o.Source.Start {
			return fmt.Errorf("has a block at bytes %d to %d of its text, from %d to %d of its page, which cannot be", o.Text.Start, o.Text.End, o.Source.Start, o.Source.End)
		}
		at = o.Text.Start
	}
	return nil
}
