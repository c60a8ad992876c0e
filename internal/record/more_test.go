package record

import (
	"reflect"
	"strings"
	"testing"

	"rapport"
)

// TestMore: what a page told beside the text comes back as it was given, by
// every door to whole reports, and changes neither hash nor id.
func TestMore(t *testing.T) {
	r := openTemp(t)
	plain, rep := report("plain", "Azerbaijan and Egypt met."), report("page", "Egypt and Türkiye met again.\n\nThe envoy leaves.\n\nThe hall.")
	rep.Modified = "2024-06-09"
	rep.Captions = []rapport.Span{{Start: 31, End: 48}, {Start: 50, End: 59}}
	rep.Origin = []rapport.Origin{{Text: rapport.Span{Start: 0, End: 29}, Source: rapport.Span{Start: 120, End: 166}}, {Text: rapport.Span{Start: 31, End: 48}, Source: rapport.Span{Start: 40, End: 57}}}
	kept(t, r, Coded{Report: plain}, "toy 1", New)
	kept(t, r, Coded{Report: rep}, "toy 1", New)
	rep.Hash = rapport.HashText(rep.Text)
	want := rep
	got, err := r.Report(t.Context(), "page")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("given back as %+v (%v), want %+v", got, err, want)
	}
	whole, err := all(r.Reports(t.Context(), ReportFilter{}))
	if err != nil || len(whole) != 2 || !reflect.DeepEqual(whole[1], want) {
		t.Errorf("listed as %+v (%v)", whole, err)
	}
	if whole[0].Modified != "" || whole[0].Captions != nil || whole[0].Origin != nil {
		t.Errorf("a report that told nothing of these has %+v", whole[0])
	}
	heads, err := all(r.Reports(t.Context(), ReportFilter{NoText: true}))
	want.Text, want.Captions, want.Origin = "", nil, nil
	if err != nil || len(heads) != 2 || !reflect.DeepEqual(heads[1], want) {
		t.Errorf("its head is %+v (%v)", heads, err)
	}
	kept(t, r, Coded{Report: rep}, "toy 1", Same)
	again := rep
	again.Modified, again.Captions, again.Origin = "", nil, nil
	kept(t, r, Coded{Report: again}, "toy 2", Recoded)
	if got, err := r.Report(t.Context(), "page"); err != nil || got.Modified != "2024-06-09" || len(got.Captions) != 2 {
		t.Errorf("coded anew it is %+v (%v)", got, err)
	}
	again = rep
	again.Modified = "2024-06-10"
	kept(t, r, Coded{Report: again}, "toy 3", Recoded)
	if got, err := r.Report(t.Context(), "page"); err != nil || got.Modified != "2024-06-10" {
		t.Errorf("read anew it is %+v (%v)", got, err)
	}
	sound(t, r)
}

// TestBadMore: what cannot be is refused when it is kept, and found by Check.
func TestBadMore(t *testing.T) {
	text := "Egypt met."
	for what, change := range map[string]func(*rapport.Report){
		"date of change": func(r *rapport.Report) { r.Modified = "June" },
		"caption":        func(r *rapport.Report) { r.Captions = []rapport.Span{{Start: 4, End: len(text) + 1}} },
		"a caption at bytes 2": func(r *rapport.Report) {
			r.Captions = []rapport.Span{{Start: 4, End: 6}, {Start: 2, End: 5}}
		},
		"a block":     func(r *rapport.Report) { r.Origin = []rapport.Origin{{Text: rapport.Span{Start: -1, End: 3}}} },
		"of its page": func(r *rapport.Report) { r.Origin = []rapport.Origin{{Source: rapport.Span{Start: 4, End: 3}}} },
	} {
		r := openTemp(t)
		rep := report("a", text)
		change(&rep)
		_, err := r.Keep(t.Context(), rep, nil, "toy 1")
		if rapport.KindOf(err) != rapport.BadInput || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: kept with %v", what, err)
		}
	}
	for _, set := range []string{`modified = 'June'`, `captions = '[[0,99]]'`, `captions = 'x'`, `origin = '[[0,99,0,1]]'`} {
		r := openTemp(t)
		rep := report("a", text)
		rep.Modified = "2024"
		kept(t, r, Coded{Report: rep}, "toy 1", New)
		if _, err := r.w.exec(`UPDATE report_more SET ` + set); err != nil {
			t.Fatal(err)
		}
		ps, err := r.Check(t.Context())
		if err != nil || len(ps) != 1 || ps[0].Where != "report a" {
			t.Errorf("%s: found %v %v", set, ps, err)
		}
	}
}
