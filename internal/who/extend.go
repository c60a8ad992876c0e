package who

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"rapport/internal/ontology"
)

// Extend lays a user's tables over the built-in ones, for the whole program
// and from now on; call it before anything is read. files holds persons/*.tsv
// and bodies/*.tsv in the columns of data/leaders and data/bodies.tsv
// (data/README.md).
//
// A person is known by Wikidata item or by country and name, and gains the
// names and terms of the row; a term of the row takes the place of those it
// overlaps in the same office. A body is known by name and code; the rows'
// terms take the place of its own. Calling Extend again starts from the
// built-in tables. An error names file and line, and leaves all as it was.
func Extend(files fs.FS) error {
	t, err := builtIn()
	if err != nil {
		return err
	}
	o := overlay{builder: builder{tables: t, bodyRow: map[string]int32{}, personRow: map[string]int32{}}, touched: map[int32]bool{}, renewed: map[int32]bool{}, ids: map[string]int32{}}
	for i := range t.persons {
		if p := &t.persons[i]; p.wikidata != "" {
			o.ids[p.wikidata+p.country] = int32(i)
		}
	}
	for i := range t.bodies {
		for _, m := range t.bodies[i].terms {
			o.bodyRow[t.bodies[i].name+"|"+m.code] = int32(i)
		}
	}
	for _, step := range []struct {
		pattern string
		columns int
		row     func([]string) error
	}{{"persons/*.tsv", 10, o.person}, {"bodies/*.tsv", 8, o.body}} {
		names, err := fs.Glob(files, step.pattern)
		if err != nil {
			return err
		}
		slices.Sort(names)
		for _, n := range names {
			if err := eachRow(files, n, step.columns, step.row); err != nil {
				return err
			}
		}
	}
	for i := range t.persons {
		if o.touched[int32(i)] {
			o.indexPerson(int32(i))
		}
	}
	current.Store(t)
	return nil
}

// overlay adds a user's rows to the built-in tables.
type overlay struct {
	builder
	ids     map[string]int32 // Wikidata item and country of the persons
	touched map[int32]bool   // persons to index anew
	renewed map[int32]bool   // bodies whose terms are the user's
}

func (o *overlay) check(code, sector string) error {
	if _, ok := o.byCode[code]; !ok && !international(code) {
		return fmt.Errorf("%q is no code of a country or an international body", code)
	}
	if sector != "" && !slices.ContainsFunc(ontology.Sectors(), func(x ontology.Sector) bool { return x.Code == sector }) {
		return fmt.Errorf("%q is no sector", sector)
	}
	return nil
}

func (o *overlay) person(r []string) error {
	s, err := span(r[6], r[7])
	if err != nil {
		return err
	}
	if err := o.check(r[0], r[5]); err != nil {
		return err
	}
	if strings.TrimSpace(r[1]) == "" {
		return fmt.Errorf("the person has no name")
	}
	id, ok := int32(0), false
	if r[8] != "" {
		id, ok = o.ids[r[8]+r[0]]
	}
	if !ok {
		if id, ok = o.personRow[r[0]+"|"+r[1]]; !ok {
			id, ok = o.sameName(r[1], r[0])
		}
	}
	if !ok {
		id = int32(len(o.persons))
		o.persons = append(o.persons, person{country: r[0], name: r[1], names: []string{r[1]}})
	}
	p := &o.persons[id]
	o.personRow[r[0]+"|"+r[1]] = id
	if p.wikidata == "" && r[8] != "" {
		p.wikidata = r[8]
		o.ids[r[8]+r[0]] = id
	}
	for _, n := range append([]string{r[1]}, list(r[2])...) {
		if !slices.Contains(p.names, n) {
			p.names = append(slices.Clip(p.names), n)
		}
	}
	p.short = append(slices.Clip(p.short), list(r[3])...)
	p.terms = slices.DeleteFunc(slices.Clone(p.terms), func(m term) bool {
		return strings.EqualFold(m.office, r[4]) && m.span.from <= s.to && s.from <= m.span.to
	})
	p.terms = append(p.terms, term{office: r[4], sector: r[5], span: s})
	slices.SortStableFunc(p.terms, func(a, b term) int { return int(min(max(int64(a.span.from)-int64(b.span.from), -1), 1)) })
	o.touched[id] = true
	return nil
}

// sameName finds the person of a country whose whole name is a spelling of name.
func (o *overlay) sameName(name, country string) (int32, bool) {
	hs := o.strong(name)
	if len(hs) < 2 {
		return 0, false
	}
	h := personSeed
	for _, w := range hs {
		h = chain(h, w)
	}
	for k := o.firstOf(h); k != 0; k = o.senses[k-1].next {
		if x := &o.senses[k-1]; x.sort == longPerson && o.tables.persons[x.ref].country == country {
			return x.ref, true
		}
	}
	return 0, false
}

func (o *overlay) body(r []string) error {
	if err := o.check(r[2], r[3]); err != nil {
		return err
	}
	if strings.TrimSpace(r[0]) == "" {
		return fmt.Errorf("the body has no name")
	}
	if id, ok := o.bodyRow[r[0]+"|"+r[2]]; ok && !o.renewed[id] {
		o.bodies[id].terms = slices.DeleteFunc(slices.Clone(o.bodies[id].terms), func(m bodyTerm) bool { return m.code == r[2] })
		o.renewed[id] = true
	}
	if err := o.builder.body(r); err != nil {
		return err
	}
	o.renewed[o.bodyRow[r[0]+"|"+r[2]]] = true
	return nil
}
