package record

import (
	"context"
	"errors"

	"rapport"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var errReadOnly = errors.New("the record is open for reading only")

// fail words an error of the store: what could not be done, why, and what to
// try. Errors that are already worded pass through.
func (r *Record) fail(what string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*rapport.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &rapport.Error{Kind: rapport.Stopped, Where: r.path, What: "stopped", Err: err}
	}
	why, try := explain(err)
	if why != "" {
		return &rapport.Error{Kind: rapport.Storage, Where: r.path, What: what + ": " + why, Try: try, Err: err}
	}
	return &rapport.Error{Kind: rapport.Storage, Where: r.path, What: what, Try: try, Err: err}
}

// explain says in a user's words what an SQLite error means.
func explain(err error) (why, try string) {
	if errors.Is(err, errReadOnly) {
		return "", "open it for writing"
	}
	switch code(err) {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return "another process is writing to it", "again when that has finished"
	case lib.SQLITE_NOTADB:
		return "it is no record, or its first page is damaged", "another file with --record, or a backup"
	case lib.SQLITE_CORRUPT, lib.SQLITE_FORMAT:
		return "the file is damaged", "a backup, or rapport add with the reports and another --record"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		return "it may not be written", "another --record, or its permissions"
	case lib.SQLITE_FULL:
		return "the disk is full", "free some space and run it again"
	case lib.SQLITE_CANTOPEN:
		return "SQLite may not open it or the files beside it", "the permissions of the file and its directory"
	case lib.SQLITE_IOERR:
		return "the disk does not read or write", "the disk's health and free space"
	}
	return "", ""
}

// code is err's primary SQLite result code, 0 when it has none.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

func isConstraint(err error) bool { return code(err) == lib.SQLITE_CONSTRAINT }
func isBusy(err error) bool       { return code(err) == lib.SQLITE_BUSY }
func cannotOpen(err error) bool {
	return code(err) == lib.SQLITE_CANTOPEN || code(err) == lib.SQLITE_READONLY
}
