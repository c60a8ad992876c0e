package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"rapport/internal/serve/access"
	"rapport/internal/serve/problem"
)

// whole reads the body, unpacked, up to MaxBody bytes.
func (c *call) whole() ([]byte, error) {
	if c.r.Body == nil || c.r.Body == http.NoBody {
		return nil, nil
	}
	limit := c.api.MaxBody
	var r io.Reader = http.MaxBytesReader(c.w, c.r.Body, limit)
	broken := func(err error) error {
		if problem.StatusOf(err) == http.StatusRequestEntityTooLarge {
			return err
		}
		if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
			return &http.MaxBytesError{Limit: limit}
		}
		return problem.Bad("", "the body cannot be read: "+err.Error(), "Content-Encoding: gzip or zstd only for a body that is so")
	}
	switch enc := strings.ToLower(strings.TrimSpace(c.r.Header.Get("Content-Encoding"))); enc {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, broken(err)
		}
		defer z.Close()
		r = z
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(limit)), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, broken(err)
		}
		defer z.Close()
		r = z
	default:
		return nil, problem.New(http.StatusUnsupportedMediaType, "Content-Encoding", "is not known", "gzip, zstd or none").With("Accept-Encoding", "gzip, zstd")
	}
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case int64(len(body)) > limit: // also what a small packed body unpacks to
		return nil, &http.MaxBytesError{Limit: limit}
	case err != nil:
		return nil, broken(err)
	}
	c.r.Body = io.NopCloser(bytes.NewReader(body)) // whoever asks again gets it again
	c.r.Header.Del("Content-Encoding")
	return body, nil
}

// created answers 201 with a value.
func (c *call) created(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusCreated)
	_, err = c.w.Write(append(b, '\n'))
	return ignoreGone(err)
}

// inFlight are the posts with a key that are being worked on.
type inFlight struct {
	mu   sync.Mutex
	keys map[[2]string]bool
}

// most of an answer that is kept for a repeated post.
const keptAnswer = 1 << 20

// once does a post with an Idempotency-Key once: whoever sends it again within a
// day gets the answer that the first got (draft-ietf-httpapi-idempotency-key-header).
// What failed for a reason that may pass is not kept.
func (c *call) once(do func(*call) error) error {
	key := c.r.Header.Get("Idempotency-Key")
	if key == "" || c.api.Store == nil || c.rt.name == "code" {
		return do(c)
	}
	if len(key) > 200 {
		return problem.Bad("Idempotency-Key", "is longer than 200 bytes", "a UUID")
	}
	body, err := c.whole()
	if err != nil {
		return err
	}
	sum := sha256.New()
	io.WriteString(sum, c.r.Method+" "+c.r.URL.RequestURI()+"\n")
	sum.Write(body)
	request := sum.Sum(nil)
	who := [2]string{c.user.Name, key}
	if !c.api.posts.begin(who) {
		return problem.New(http.StatusConflict, "Idempotency-Key", "the first post with this key is still being worked on", "again in a moment").With("Retry-After", "2")
	}
	defer c.api.posts.end(who)
	was, ok, err := c.api.Store.Answered(c, who[0], key)
	if err != nil {
		return err
	}
	if ok {
		if !bytes.Equal(was.Request, request) {
			return problem.New(http.StatusUnprocessableEntity, "Idempotency-Key", "was used for another post", "a key of its own for each")
		}
		h := c.w.Header()
		h.Set("Content-Type", was.Type)
		h.Set("Idempotency-Replayed", "true")
		if was.Place != "" {
			h.Set("Location", was.Place)
		}
		c.w.WriteHeader(was.Status)
		_, err := c.w.Write(was.Body)
		return ignoreGone(err)
	}
	rec := &answerRecorder{ResponseWriter: c.w}
	c.w = rec
	if err := do(c); err != nil {
		if problem.StatusOf(err) >= 500 || problem.StatusOf(err) == http.StatusTooManyRequests {
			return err
		}
		c.fail(err)
	}
	if rec.body.Len() <= keptAnswer {
		// Kept even if the client went away: it will come again.
		err := c.api.Store.KeepAnswer(context.WithoutCancel(c), who[0], key, access.Answer{Request: request, Status: rec.status, Type: rec.Header().Get("Content-Type"),
			Place: rec.Header().Get("Location"), Body: rec.body.Bytes()})
		if err != nil {
			c.api.Log.Error("an answer cannot be kept", "path", c.r.URL.Path, "error", err)
		}
	}
	return nil
}

func (f *inFlight) begin(key [2]string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keys[key] {
		return false
	}
	if f.keys == nil {
		f.keys = map[[2]string]bool{}
	}
	f.keys[key] = true
	return true
}

func (f *inFlight) end(key [2]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, key)
}

// answerRecorder passes an answer on and keeps a copy.
type answerRecorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *answerRecorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerRecorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if w.body.Len() <= keptAnswer {
		w.body.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

func (w *answerRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
