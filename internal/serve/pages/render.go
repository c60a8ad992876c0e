package pages

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rapport"
	"rapport/internal/briefs"
	"rapport/internal/ontology"
	"rapport/internal/serve/access"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// view is what a page shows.
type view struct {
	Template string // of templates, without .html
	Title    string // of the window, without the name of the site
	Section  string // of the navigation that it is in
	Query    string // in the search box
	Keep     bool   // the same for as long as the record is not written: may be kept
	Body     any

	// Filled by show.
	User    access.User
	Known   bool // User is
	Login   bool
	CanTry  bool
	Review  bool
	Path    string // of this page
	Version string
	Last    rapport.Date
}

var funcs = template.FuncMap{
	"assets":   func() string { return "/assets/" + assetsVersion() },
	"date":     briefs.Date,
	"country":  ontology.CountryName,
	"inText":   ontology.CountryInText,
	"party":    briefs.Party,
	"path":     pathTo,
	"pair":     func(a, b string) string { return "/" + url.PathEscape(a) + "/" + url.PathEscape(b) },
	"count":    count,
	"thousand": thousands,
	"percent":  func(x float64) string { return strconv.Itoa(int(x*100+0.5)) + " %" },
	"signed":   signed,
	"add":      func(a, b int) int { return a + b },
	"typeName": typeName,
	"quadName": quadName,
	"capital":  capital,
	"shown":    shown,
	"years":    years,
	"degrees":  func(x *float64) string { return strconv.FormatFloat(*x, 'f', 2, 64) },
	"join":     strings.Join,
	"web":      web,
	"dict":     dict,
}

// dict gives a template several values by name.
func dict(kv ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		k, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", kv[i])
		}
		m[k] = kv[i+1]
	}
	return m, nil
}

// templates are the pages' templates, each with the layout and the parts.
var templates = sync.OnceValue(func() map[string]*template.Template {
	shared := template.Must(template.New("").Funcs(funcs).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html"))
	out := map[string]*template.Template{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err)
	}
	for _, n := range names {
		base := strings.TrimSuffix(path.Base(n), ".html")
		if base == "layout" || base == "parts" {
			continue
		}
		out[base] = template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, n))
	}
	return out
})

// assetsVersion names the state of the assets, so that browsers may keep them.
var assetsVersion = sync.OnceValue(func() string {
	h := sha256.New()
	err := fs.WalkDir(staticFiles, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := staticFiles.ReadFile(p)
		h.Write([]byte(p))
		h.Write(b)
		return err
	})
	if err != nil {
		panic(err) // embedded files can be read
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
})

// asset serves a file of static under a name that changes with its content.
func (s *site) asset(w http.ResponseWriter, r *http.Request, parts []string) {
	if len(parts) < 2 || slices.Contains(parts, "..") {
		s.fail(w, r, problem(http.StatusNotFound, "There is no such file.", ""))
		return
	}
	name := path.Join(append([]string{"static"}, parts[1:]...)...)
	b, err := staticFiles.ReadFile(name)
	if err != nil {
		s.fail(w, r, problem(http.StatusNotFound, "There is no such file.", ""))
		return
	}
	kind := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}[path.Ext(name)]
	if kind == "" {
		kind = "text/plain; charset=utf-8"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	if parts[0] == assetsVersion() {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if path.Ext(name) == ".woff2" {
		h.Set("Content-Length", strconv.Itoa(len(b)))
		write(w, r, b)
		return
	}
	send(w, r, packed(b))
}

// show answers with a page, from those kept if it may be.
func (s *site) show(w http.ResponseWriter, r *http.Request, p page, parts []string) {
	ctx := r.Context()
	if p == nil {
		s.fail(w, r, problem(http.StatusNotFound, "There is no such page.", "Search for what you look for, or begin at the start."))
		return
	}
	user, known := access.From(ctx)
	key := r.URL.RequestURI() + "\x00" + user.Name
	for _, role := range user.Roles {
		key += "\x00" + string(role)
	}
	state, err := s.Record.State(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if r.Method != http.MethodPost {
		if k, ok := s.cache.get(key, state); ok {
			s.write(w, r, http.StatusOK, k)
			return
		}
	}
	if r.Method == http.MethodPost {
		m, err := s.make(r, p, parts, user, known)
		s.made(w, r, m, err)
		return
	}
	// Who asks for the same page at the same time waits for the same making.
	x, err, _ := s.making.Do(fmt.Sprintf("%d %s", state, key), func() (any, error) {
		m, err := s.make(r.WithContext(context.WithoutCancel(ctx)), p, parts, user, known)
		if err == nil && m.keep {
			s.cache.put(key, state, m.kept, len(m.packed)+len(key)+200)
		}
		return m, err
	})
	m, _ := x.(made)
	s.made(w, r, m, err)
}

// made is a page that was made, or the better address of one.
type made struct {
	kept
	keep bool
	to   string
}

func (s *site) make(r *http.Request, p page, parts []string, user access.User, known bool) (m made, err error) {
	s.room <- struct{}{}
	defer func() { <-s.room }()
	v, err := p(r, parts)
	if err != nil {
		return m, err
	}
	if v.Template == "" {
		return made{to: v.Path}, nil
	}
	v.User, v.Known = user, known
	b, err := s.render(r, v)
	if err != nil {
		return m, err
	}
	return made{kept: packed(b), keep: v.Keep}, nil
}

func (s *site) made(w http.ResponseWriter, r *http.Request, m made, err error) {
	switch {
	case err != nil:
		s.fail(w, r, err)
	case m.to != "":
		http.Redirect(w, r, m.to, http.StatusFound)
	default:
		s.write(w, r, http.StatusOK, m.kept)
	}
}

func (s *site) render(r *http.Request, v *view) ([]byte, error) {
	var err error
	v.Login, v.CanTry, v.Version, v.Path = s.Login, s.Coder != nil, s.Version, r.URL.RequestURI()
	v.Review = v.User.May(access.Review)
	if v.Last, err = s.last.get(r.Context()); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := templates()[v.Template].ExecuteTemplate(&b, "layout", v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// fail answers with what went wrong.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	t := s.statusOf(r, err)
	user, known := access.From(r.Context())
	v := &view{Template: "error", Title: http.StatusText(t.status), Body: map[string]any{"Status": t.status, "What": t.what, "Try": t.try}, User: user, Known: known}
	b, rerr := s.render(r, v)
	if rerr != nil {
		http.Error(w, t.what, t.status)
		return
	}
	s.write(w, r, t.status, packed(b))
}

func (s *site) write(w http.ResponseWriter, r *http.Request, status int, k kept) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Accept-Encoding")
	if status == http.StatusOK && r.Method != http.MethodPost {
		h.Set("ETag", k.tag)
		if strings.Contains(r.Header.Get("If-None-Match"), k.tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	sendStatus(w, r, status, k)
}

// kept is a page as it goes over the wire.
type kept struct {
	packed []byte // gzip
	size   int    // unpacked
	tag    string
}

var packers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, 4); return z }}

func packed(b []byte) kept {
	var z bytes.Buffer
	g := packers.Get().(*gzip.Writer)
	defer packers.Put(g)
	g.Reset(&z)
	g.Write(b) // into memory
	g.Close()
	h := sha256.Sum256(b)
	return kept{z.Bytes(), len(b), `W/"` + hex.EncodeToString(h[:9]) + `"`}
}

func send(w http.ResponseWriter, r *http.Request, k kept) { sendStatus(w, r, http.StatusOK, k) }

func sendStatus(w http.ResponseWriter, r *http.Request, status int, k kept) {
	h := w.Header()
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && h.Get("Content-Encoding") == "" {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(k.packed)))
		w.WriteHeader(status)
		write(w, r, k.packed)
		return
	}
	h.Set("Content-Length", strconv.Itoa(k.size))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	if g, err := gzip.NewReader(bytes.NewReader(k.packed)); err == nil {
		io.Copy(w, g) // a reader that goes away is no fault
	}
}

func write(w http.ResponseWriter, r *http.Request, b []byte) {
	if r.Method != http.MethodHead {
		w.Write(b) // a reader that goes away is no fault
	}
}

// file answers with something to save. It is written whole before the first
// byte goes out, so that a fault can be told.
func (s *site) file(w http.ResponseWriter, r *http.Request, kind, name string, make func(context.Context, io.Writer) error) {
	select {
	case s.heavy <- struct{}{}:
		defer func() { <-s.heavy }()
	case <-r.Context().Done():
		return
	}
	var b bytes.Buffer
	if err := make(r.Context(), &b); err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, no-cache")
	if kind != "text/html; charset=utf-8" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	} else { // a brief brings its styles with it and nothing else
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	write(w, r, b.Bytes())
}

// cache keeps what was made of one state of the record, as much as it has room
// for, the least used first to go.
type cache[V any] struct {
	mu    sync.Mutex
	max   int
	size  int
	by    map[string]*list.Element
	order list.List // of *cached[V], latest first
}

type cached[V any] struct {
	key    string
	state  int64
	value  V
	weight int
}

func newCache[V any](room int) *cache[V] {
	return &cache[V]{max: room, by: map[string]*list.Element{}}
}

func (c *cache[V]) get(key string, state int64) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.by[key]
	if !ok {
		return v, false
	}
	k := e.Value.(*cached[V])
	if k.state != state {
		c.drop(e)
		return v, false
	}
	c.order.MoveToFront(e)
	return k.value, true
}

func (c *cache[V]) put(key string, state int64, v V, weight int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.by[key]; ok {
		c.drop(e)
	}
	c.by[key] = c.order.PushFront(&cached[V]{key, state, v, weight})
	c.size += weight
	for c.size > c.max && c.order.Len() > 0 {
		c.drop(c.order.Back())
	}
}

func (c *cache[V]) drop(e *list.Element) {
	k := c.order.Remove(e).(*cached[V])
	delete(c.by, k.key)
	c.size -= k.weight
}

// pathTo is the address of something of a kind: event, report, party, place,
// outlet, rule, code. What cannot stand in a path stands in the query.
func pathTo(kind string, id any) string {
	s := fmt.Sprint(id)
	if s == "" || strings.Trim(s, ".") == "" || strings.ContainsAny(s, "/\\") {
		return "/" + kind + "?id=" + url.QueryEscape(s)
	}
	return "/" + kind + "/" + url.PathEscape(s)
}

// idOf is the other way.
func idOf(r *http.Request, parts []string) string {
	if len(parts) > 1 {
		return strings.Join(parts[1:], "/")
	}
	return r.URL.Query().Get("id")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		noun = strings.TrimSuffix(noun, "y") + "ie"
	}
	return thousands(n) + " " + noun + "s"
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func signed(x float64) string {
	if x == 0 {
		return "0"
	}
	return strings.Replace(fmt.Sprintf("%+.1f", x), "-", "−", 1)
}

// web reports whether an address is one to follow.
func web(s string) bool {
	low := strings.ToLower(s)
	return strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://")
}

func typeName(code string) string {
	if t, ok := ontology.TypeOf(code); ok {
		return t.Name
	}
	return code
}

// years tells the first and last year of a time.
func years(first, last rapport.Date) string {
	switch {
	case len(first) < 4 || len(last) < 4:
		return ""
	case first[:4] == last[:4]:
		return string(first[:4])
	}
	return string(first[:4] + "–" + last[:4])
}

// quadName names the class of an act; it is the class of its mark too.
func quadName(quad int) string {
	switch quad {
	case 1:
		return "verbal cooperation"
	case 2:
		return "material cooperation"
	case 3:
		return "verbal conflict"
	case 4:
		return "material conflict"
	}
	return ""
}
