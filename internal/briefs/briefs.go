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

// JSON writes the whole relation as indented JSON, ending in a newline. Reports
// come without their texts.
func JSON(w io.Writer, r *relations.Relation) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
