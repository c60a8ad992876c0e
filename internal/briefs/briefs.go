// Package briefs tells a relation in cited prose. A brief says nothing that no
// claim carries: its sentences are built from the codes of an event by the
// templates of data/acts.tsv, or quoted from the report, and every line has
// the footnotes of the claims it rests on.
package briefs

import (
	"encoding/json"
	"io"

	"rapport"
	"rapport/internal/relations"
)

// Options choose what a brief holds.
type Options struct {
	OnePage bool         // the glance and the latest of each section
	Since   rapport.Date // only what happened, or undated was reported, on this day or after
}

// writers by format, the first the default.
var writers = []struct {
	format string
	write  func(io.Writer, *relations.Relation, Options) error
}{
	{"md", Markdown},
	{"html", HTML},
	{"docx", DOCX},
	{"pdf", PDF},
	{"json", func(w io.Writer, r *relations.Relation, _ Options) error { return JSON(w, r) }},
}

// Formats returns the formats that [Write] knows, the default first.
func Formats() []string {
	var out []string
	for _, f := range writers {
		out = append(out, f.format)
	}
	return out
}

// Write writes the brief of a relation in a format.
func Write(w io.Writer, format string, r *relations.Relation, o Options) error {
	for _, f := range writers {
		if f.format == format {
			return f.write(w, r, o)
		}
	}
	return &rapport.Error{Kind: rapport.Usage, Where: format, What: "is no format of a brief"}
}

// JSON writes the whole relation as indented JSON, ending in a newline. Reports
// come without their texts.
func JSON(w io.Writer, r *relations.Relation) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
