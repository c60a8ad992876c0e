package rapport

import (
	"errors"
	"strings"
)

// Kind sorts errors by who can mend them. Kinds map to exit codes in
// cmd/rapport and to HTTP statuses in internal/serve, each in one place.
type Kind int

// The kinds of [Error].
const (
	Internal Kind = iota // a fault of Rapport's own
	Usage                // the request itself is wrong
	BadInput             // a report, table or rule cannot be read
	NotFound             // what is asked for is not there
	Storage              // the record cannot be opened, read or written
	Stopped              // the user ended the work
)

// Error says what went wrong, where, and what to try. Its text is lower case
// without a full stop, as printed on stderr.
type Error struct {
	Kind  Kind
	Where string // file, address, line: "reports/a.txt:3"; may be empty
	What  string // "is not UTF-8 text"
	Try   string // "convert it with iconv -t UTF-8"; may be empty
	Err   error  // the cause, may be nil
}

// Error returns "where: what: cause (try: …)".
func (e *Error) Error() string {
	var b strings.Builder
	if e.Where != "" {
		b.WriteString(e.Where + ": ")
	}
	b.WriteString(e.What)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if e.Try != "" {
		b.WriteString(" (try: " + e.Try + ")")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first [Error] in err's chain, Internal when
// there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
