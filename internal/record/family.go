package record

import (
	"context"
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// Families. Papers print a wire story with another lead, without its last
// paragraphs, under their own headline. Reports of nearly the same text are one
// source: they share a family. Likeness of two texts is the share of five-word
// strings that they have in common, estimated from the least hashes of each
// (MinHash by one hash and bottom k: Broder 1997; Thorup 2013).
//
// Two texts become one family when that share is half or more and they were
// published within a fortnight, for boilerplate comes again every week. The
// families are what these likenesses chain together, so the order in which
// reports come changes nothing but which is the first.
const (
	strandWords  = 5   // words of a string
	sketchSize   = 32  // hashes kept of a text
	strands      = 4   // of these, by how many it is looked for: a half alike text is missed once in 16, one of 0.8 once in 600
	leastStrings = 20  // a text of fewer strings is only compared whole
	alikeFrom    = 0.5 // share from which two texts are one story
	alikeDays    = 14
)

// sketchOf returns the least hashes of text's strings of words, ascending; nil
// when the text is too short to be compared.
func sketchOf(text string) []uint32 {
	var window [strandWords]uint32 // hashes of the last words
	var all []uint32
	n := 0
	for i := 0; i < len(text); {
		h := uint32(2166136261)
		start := i
		for i < len(text) {
			c := text[i]
			if c < utf8.RuneSelf {
				if 'A' <= c && c <= 'Z' {
					c += 'a' - 'A'
				}
				if c < '0' || c > '9' && c < 'a' || c > 'z' {
					break
				}
				h = (h ^ uint32(c)) * 16777619
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				break
			}
			h = (h ^ uint32(unicode.ToLower(r))) * 16777619
			i += size
		}
		if i == start {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		window[n%strandWords] = h
		if n++; n >= strandWords {
			s := uint64(14695981039346656037)
			for k := range strandWords {
				s = (s ^ uint64(window[(n+k)%strandWords])) * 1099511628211
			}
			s ^= s >> 33 // FNV's upper bits are not even enough to take the least of
			s *= 0xff51afd7ed558ccd
			all = append(all, uint32(s>>32))
		}
	}
	if len(all) < leastStrings {
		return nil
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), sketchSize)]
}

// alike estimates the share of strings that two texts have in common from
// their sketches: of the least hashes of both together, how many are in both.
func alike(a, b []uint32) float64 {
	n, both := 0, 0
	size := min(sketchSize, max(len(a), len(b)))
	for i, j := 0, 0; n < size && (i < len(a) || j < len(b)); n++ {
		switch {
		case j >= len(b) || i < len(a) && a[i] < b[j]:
			i++
		case i >= len(a) || b[j] < a[i]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(both) / float64(n)
}

func packSketch(s []uint32) []byte {
	var b []byte
	for _, h := range s {
		b = binary.BigEndian.AppendUint32(b, h)
	}
	return b
}

func unpackSketch(b []byte) (s []uint32) {
	for ; len(b) >= 4; b = b[4:] {
		s = append(s, binary.BigEndian.Uint32(b))
	}
	return s
}

// together reports whether two texts were published near enough to be one
// story; an unknown day is near any.
func together(a, b rapport.Date) bool {
	x, ok := termOf(a)
	y, ok2 := termOf(b)
	return !ok || !ok2 || x.day <= before(y.until, -alikeDays) && y.day <= before(x.until, -alikeDays)
}

// join files report n, which is to be kept, under its strands, makes one family
// of those that are like it, and returns that: its own n where there are none.
func (w *writer) join(n int64, hash []byte, sketch []uint32, published rapport.Date) (family int64, err error) {
	var like []int64
	if w.seen == nil || w.seen.hashes[string(hash)] {
		if like, err = w.numbers(`SELECT DISTINCT family FROM report WHERE hash = ? AND n < ?`, hash, n); err != nil {
			return 0, err
		}
	}
	for _, h := range sketch[:min(len(sketch), strands)] {
		if w.seen == nil || w.seen.strands[h] || w.added[h] {
			near, err := w.near(h, n, sketch, published)
			if err != nil {
				return 0, err
			}
			like = append(like, near...)
		}
	}
	for _, h := range sketch[:min(len(sketch), strands)] {
		w.strands = append(w.strands, int64(h), n)
		if w.added == nil {
			w.added = map[uint32]bool{}
		}
		w.added[h] = true
		if w.seen != nil {
			w.seen.strands[h] = true
		}
	}
	slices.Sort(like)
	like = slices.Compact(like)
	family = n
	if len(like) > 0 {
		family = min(n, like[0])
	}
	for _, f := range like { // it ties them together
		if f != family {
			if _, err := w.exec(`UPDATE report SET family = ? WHERE family = ?`, family, f); err != nil {
				return 0, err
			}
		}
	}
	return family, nil
}

// nearQuery looks at 64 reports at most: what more share a string, share a
// letterhead.
const nearQuery = `SELECT r.family, r.sketch, r.published FROM strand s CROSS JOIN report r ON r.n = s.report
	WHERE s.hash = ? AND s.report <> ? ORDER BY s.report DESC LIMIT 64`

// near returns the families of the reports that share a strand and are like
// the text.
func (w *writer) near(strand uint32, n int64, sketch []uint32, published rapport.Date) (out []int64, err error) {
	if w.added[strand] {
		if err := w.flushStrands(); err != nil {
			return nil, err
		}
	}
	s, err := w.stmt(nearQuery)
	if err != nil {
		return nil, err
	}
	rows, err := s.Query(int64(strand), n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var family int64
		var other []byte
		var day string
		if err := rows.Scan(&family, &other, &day); err != nil {
			return nil, err
		}
		if together(published, rapport.Date(day)) && alike(sketch, unpackSketch(other)) >= alikeFrom {
			out = append(out, family)
		}
	}
	return out, rows.Err()
}

// findFamilies gives every report its sketch and family, for format 2.
func (w *writer) findFamilies() error {
	ns, err := w.numbers(`SELECT n FROM report ORDER BY n`)
	if err != nil {
		return err
	}
	for _, n := range ns {
		var text, published string
		var hash []byte
		if _, err := w.one(`SELECT text, published, hash FROM report WHERE n = ?`, []any{n}, &text, &published, &hash); err != nil {
			return err
		}
		sketch := sketchOf(text)
		family, err := w.join(n, hash, sketch, rapport.Date(published))
		if err != nil {
			return err
		}
		if _, err := w.exec(`UPDATE report SET sketch = ?, family = ? WHERE n = ?`, packSketch(sketch), family, n); err != nil {
			return err
		}
	}
	return nil
}

// Family returns the reports whose texts are nearly that of id, itself among
// them, in the order kept and without their texts.
func (r *Record) Family(ctx context.Context, id string) ([]rapport.Report, error) {
	return all(rowsOf(ctx, r, scanReport, `SELECT `+headColumns+` FROM report
		WHERE family = (SELECT family FROM report WHERE id = ? AND current = 1) AND current = 1 ORDER BY n`, id))
}
