package main

import (
	"errors"

	"rapport"
)

// Exit codes, as in doc/cli.md.
const (
	exitOK       = 0
	exitPartial  = 1 // some inputs failed, the others were done
	exitUsage    = 2
	exitBadInput = 3 // no input could be read, nothing was done
	exitNotFound = 4
	exitRecord   = 5
	exitInternal = 70  // EX_SOFTWARE of sysexits.h
	exitStopped  = 130 // 128 + SIGINT, as shells say it
)

// exitOf maps the kinds of errors; what is missing is internal.
var exitOf = map[rapport.Kind]int{
	rapport.Usage:    exitUsage,
	rapport.BadInput: exitBadInput,
	rapport.NotFound: exitNotFound,
	rapport.Storage:  exitRecord,
	rapport.Stopped:  exitStopped,
}

// incomplete counts the inputs that were done and those that failed, each of
// which was told on stderr.
type incomplete struct {
	done, bad int
	fault     bool // one failed by a fault of Rapport's own
}

func (e *incomplete) Error() string { return "some inputs failed" }

// failed tells of an input that failed and counts it.
func (e *incomplete) failed(s *session, err error) {
	s.complain(err)
	e.bad++
	e.fault = e.fault || rapport.KindOf(err) == rapport.Internal
}

func (e *incomplete) orNil() error {
	if e.bad == 0 {
		return nil
	}
	return e
}

// errShown is a usage error that has been shown already, help screen and all.
var errShown = errors.New("usage shown")

func exitCode(err error) int {
	var part *incomplete
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errShown):
		return exitUsage
	case errors.As(err, &part) && part.fault:
		return exitInternal
	case errors.As(err, &part) && part.done == 0:
		return exitBadInput
	case errors.As(err, &part):
		return exitPartial
	}
	if code, ok := exitOf[rapport.KindOf(err)]; ok {
		return code
	}
	return exitInternal
}
