package hooks

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/internal/record"
	"rapport/internal/serve/feeds"
)

// List is a watchlist: what is watched, and who is told.
type List struct {
	ID      string   `json:"id"` // given by Add
	Name    string   `json:"name,omitempty"`
	Filter  string   `json:"filter"`           // as [feeds.ParseFilter] reads it: "pair=AZE-EGY&type=CONSULT"; "" is every event
	URL     string   `json:"url"`              // told by POST
	Secrets []string `json:"secrets"`          // "whsec_…"; each signs, so that one can follow another
	Paused  string   `json:"paused,omitempty"` // why nothing is sent; what is to be sent is kept
}

// Store keeps watchlists and what is to be sent in a directory of its own:
//
//	lists/ID.json     a watchlist
//	lists/ID.after    the claim up to which its news are in the outbox
//	outbox/ID/…json   messages, named so that their order is that of the news
//
// Each file is written beside its place, brought to the disk, and then renamed
// to it, so that a killed process leaves it as it was or as it should be. Only
// the owner may read them, for they hold secrets; that is why they are no part
// of the record, which people copy and pass on.
type Store struct{ dir string }

// OpenStore opens the store in a directory, made when it is missing.
func OpenStore(dir string) (*Store, error) {
	s := &Store{dir}
	for _, d := range []string{"lists", "outbox"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, s.fail("cannot be made", err)
		}
	}
	return s, nil
}

func (s *Store) fail(what string, err error) error {
	return &rapport.Error{Kind: rapport.Storage, Where: s.dir, What: what, Err: err}
}

// NewSecret returns a secret to sign with.
func NewSecret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(b)
}

const secretPrefix = "whsec_"

// key returns the bytes of a secret.
func key(secret string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || !strings.HasPrefix(secret, secretPrefix) || len(b) < 24 || len(b) > 64 {
		return nil, errors.New("a secret is whsec_ and 24 to 64 bytes in base64")
	}
	return b, nil
}

// check refuses a list that cannot work.
func (l *List) check() (record.EventFilter, error) {
	bad := func(what string, err error) (record.EventFilter, error) {
		return record.EventFilter{}, &rapport.Error{Kind: rapport.Usage, Where: "watchlist", What: what, Err: err}
	}
	q, err := url.ParseQuery(l.Filter)
	if err != nil {
		return bad("its filter cannot be read", err)
	}
	if q.Has("limit") {
		return bad("its filter has a limit, and whoever watches is told of all", nil)
	}
	f, err := feeds.ParseFilter(q)
	if err != nil {
		return f, err
	}
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "" || len(l.URL) > 2000 {
		return bad("its address is none that can be told", err)
	}
	if len(l.Secrets) == 0 || len(l.Secrets) > 5 {
		return bad("it has no secret to sign with, or more than 5", nil)
	}
	for _, s := range l.Secrets {
		if _, err := key(s); err != nil {
			return bad("it has a bad secret", err)
		}
	}
	if len(l.Name) > 200 {
		return bad("its name is longer than 200 bytes", nil)
	}
	return f, nil
}

// Add keeps a new watchlist, which is told what is kept after claim number
// after. It gets an id, and a secret when it has none.
func (s *Store) Add(l List, after int64) (List, error) {
	b := make([]byte, 8)
	rand.Read(b) // never fails
	l.ID = "wl-" + hex.EncodeToString(b)
	if len(l.Secrets) == 0 {
		l.Secrets = []string{NewSecret()}
	}
	if _, err := l.check(); err != nil {
		return l, err
	}
	if err := s.setAfter(l.ID, after); err != nil { // before the list: without it, it would be told everything
		return l, err
	}
	return l, s.Put(l)
}

// Put changes a watchlist that has an id.
func (s *Store) Put(l List) error {
	if _, err := l.check(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return s.write(filepath.Join("lists", l.ID+".json"), append(b, '\n'))
}

// Get returns a watchlist.
func (s *Store) Get(id string) (l List, err error) {
	b, err := s.read(filepath.Join("lists", id+".json"))
	if errors.Is(err, fs.ErrNotExist) || !validID(id) {
		return l, &rapport.Error{Kind: rapport.NotFound, Where: s.dir, What: fmt.Sprintf("has no watchlist %q", id)}
	}
	if err == nil {
		err = json.Unmarshal(b, &l)
	}
	if err == nil && l.ID != id {
		err = errors.New("it is of another watchlist")
	}
	if err != nil {
		return l, s.fail("watchlist "+id+" cannot be read", err)
	}
	return l, nil
}

// validID keeps names of files within their directory.
func validID(id string) bool {
	hexed, ok := strings.CutPrefix(id, "wl-")
	_, err := hex.DecodeString(hexed)
	return ok && err == nil && hexed != ""
}

// Lists returns all watchlists by id, and what could not be read.
func (s *Store) Lists() (out []List, err error) {
	names, err := s.names("lists", ".json")
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, n := range names {
		l, err := s.Get(strings.TrimSuffix(n, ".json"))
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, l)
	}
	return out, errors.Join(errs...)
}

// Remove drops a watchlist and what it was to be sent.
func (s *Store) Remove(id string) error {
	if _, err := s.Get(id); err != nil {
		return err
	}
	err := errors.Join(os.Remove(s.path("lists", id+".json")), os.RemoveAll(s.path("outbox", id)), os.Remove(s.path("lists", id+".after")))
	if err != nil {
		return s.fail("watchlist "+id+" cannot be removed", err)
	}
	return nil
}

// message is what is sent, once it has been, no more there.
type message struct {
	ID       string          `json:"id"`
	Created  time.Time       `json:"created"`
	Attempts int             `json:"attempts"`
	Next     time.Time       `json:"next"` // not to be sent before
	Why      string          `json:"why,omitempty"`
	Body     json.RawMessage `json:"body"`

	name string // of its file
}

// fileName orders messages by the claim their batch began after, then by their
// place in it.
func fileName(after int64, i int, id string) string {
	return fmt.Sprintf("%019d-%06d-%s.json", after, i, id)
}

// batchOf returns the claim a message's batch began after.
func batchOf(name string) (int64, error) {
	head, _, _ := strings.Cut(name, "-")
	return strconv.ParseInt(head, 10, 64)
}

func (s *Store) putMessage(list string, m *message) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.write(filepath.Join("outbox", list, m.name), b)
}

func (s *Store) message(list, name string) (*message, error) {
	b, err := s.read(filepath.Join("outbox", list, name))
	m := &message{name: name}
	if err == nil {
		err = json.Unmarshal(b, m)
	}
	if err != nil {
		return nil, s.fail("message "+name+" cannot be read", err)
	}
	return m, nil
}

// messages names what is to be sent to a list, in order.
func (s *Store) messages(list string) ([]string, error) {
	return s.names(filepath.Join("outbox", list), ".json")
}

// Waiting returns how many messages wait to be sent to a watchlist.
func (s *Store) Waiting(list string) (int, error) {
	names, err := s.messages(list)
	return len(names), err
}

func (s *Store) dropMessage(list, name string) error {
	if err := os.Remove(s.path("outbox", list, name)); err != nil {
		return s.fail("message "+name+" cannot be removed", err)
	}
	return nil
}

func (s *Store) after(list string) (int64, error) {
	b, err := s.read(filepath.Join("lists", list+".after"))
	var n int64
	if err == nil {
		n, err = strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	}
	if err != nil {
		return 0, s.fail("cannot tell how far watchlist "+list+" is", err)
	}
	return n, nil
}

func (s *Store) setAfter(list string, n int64) error {
	return s.write(filepath.Join("lists", list+".after"), []byte(strconv.FormatInt(n, 10)+"\n"))
}

func (s *Store) path(parts ...string) string {
	return filepath.Join(append([]string{s.dir}, parts...)...)
}

// maxFile bounds what is read of one file.
const maxFile = 16 << 20

func (s *Store) read(name string) ([]byte, error) {
	fi, err := os.Stat(s.path(name))
	if err == nil && fi.Size() > maxFile {
		err = fmt.Errorf("%d bytes are too many", fi.Size())
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(s.path(name))
}

// names lists the files of a directory with an ending, sorted.
func (s *Store) names(dir, ending string) (out []string, err error) {
	entries, err := os.ReadDir(s.path(dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, s.fail("cannot be read", err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, nil
}

// write puts a file in its place, all of it or nothing, and returns when it is
// on the disk.
func (s *Store) write(name string, b []byte) (err error) {
	to := s.path(name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return s.fail("cannot be written", err)
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".new-*") // with mode 0600
	if err != nil {
		return s.fail("cannot be written", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err == nil {
		err = syncDir(filepath.Dir(to))
	}
	if err != nil {
		os.Remove(f.Name())
		return s.fail("cannot be written", err)
	}
	return nil
}
