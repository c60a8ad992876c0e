// Package problem words errors for HTTP: what went wrong, where, and what to
// try, as problem details (RFC 9457). It is the one place where the kinds of
// [rapport.Error] become statuses.
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"rapport"
)

// Type is the media type of problem details.
const Type = "application/problem+json"

// Details is the body of an answer that tells an error.
type Details struct {
	Type   string `json:"type" jsonschema:"about:blank: the status says what kind of problem it is"`
	Title  string `json:"title" jsonschema:"the status in words"`
	Status int    `json:"status" jsonschema:"the HTTP status"`
	Detail string `json:"detail" jsonschema:"what went wrong"`
	Where  string `json:"where,omitempty" jsonschema:"the field, report or row that it concerns"`
	Try    string `json:"try,omitempty" jsonschema:"what to do about it"`
}

// Error is an error with an HTTP status of its own.
type Error struct {
	Status int
	Of     rapport.Error
	Header http.Header // to be sent with it: Retry-After, WWW-Authenticate, Allow
}

// Error words the error as the rest of Rapport does.
func (e *Error) Error() string { return e.Of.Error() }

// Unwrap returns the error as the rest of Rapport knows it.
func (e *Error) Unwrap() error { return &e.Of }

// New returns an error with a status: where may be empty, so may try.
func New(status int, where, what, try string) *Error {
	return &Error{Status: status, Of: rapport.Error{Kind: rapport.Usage, Where: where, What: what, Try: try}}
}

// With adds a header to be sent with the error.
func (e *Error) With(key, value string) *Error {
	if e.Header == nil {
		e.Header = http.Header{}
	}
	e.Header.Set(key, value)
	return e
}

// Bad is a parameter or field that cannot be what it is: a 400.
func Bad(where, what, try string) error { return New(http.StatusBadRequest, where, what, try) }

// kinds maps the kinds of errors; what is missing is a 500.
var kinds = map[rapport.Kind]int{
	rapport.Usage:    http.StatusBadRequest,
	rapport.BadInput: http.StatusUnprocessableEntity,
	rapport.NotFound: http.StatusNotFound,
	rapport.Storage:  http.StatusServiceUnavailable,
	rapport.Stopped:  http.StatusServiceUnavailable,
}

// StatusOf returns the HTTP status of an error.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if status, ok := kinds[rapport.KindOf(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// Of words an error. What is Rapport's own fault is not told to strangers.
func Of(err error) Details {
	d := Details{Type: "about:blank", Status: StatusOf(err)}
	d.Title = http.StatusText(d.Status)
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		d.Detail, d.Try = fmt.Sprintf("the request is longer than %d bytes", e.Limit), "several requests"
		return d
	}
	e, ok := errors.AsType[*rapport.Error](err)
	if !ok || d.Status == http.StatusInternalServerError {
		d.Detail, d.Try = "fault in rapport", "again, and report it with what the server logged if it stays"
		return d
	}
	d.Detail, d.Where, d.Try = e.What, e.Where, e.Try
	if strings.ContainsAny(d.Where, `/\`) && filepath.IsAbs(d.Where) { // where files lie on the server is nobody's business
		d.Where = filepath.Base(d.Where)
	}
	if e.Err != nil && e.Kind != rapport.Storage && e.Kind != rapport.Internal {
		d.Detail += ": " + e.Err.Error()
	}
	return d
}

// Write answers a request with an error. Where the answer has begun already it
// breaks it off, so that nobody takes it for whole.
func Write(w http.ResponseWriter, err error) {
	h := w.Header()
	for _, name := range []string{"Content-Disposition", "ETag", "Last-Modified", "Content-Length"} {
		h.Del(name)
	}
	if e, ok := errors.AsType[*Error](err); ok {
		for key, values := range e.Header {
			h[key] = values
		}
	}
	d := Of(err)
	if d.Status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", "2")
	}
	h.Set("Content-Type", Type)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(d.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(true) // whatever reads it, it is no markup
	enc.Encode(d)           // whoever went away needs no answer
}

// Gone reports whether an error means that the client went away.
func Gone(ctx context.Context, err error) bool {
	return err != nil && errors.Is(ctx.Err(), context.Canceled)
}
