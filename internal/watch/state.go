package watch

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rapport"
)

// state is what is remembered of a feed: a JSON file of its own, replaced
// whole, so that a kill leaves the one before.
type state struct {
	Version  int       `json:"version"`
	Name     string    `json:"name"`
	URL      string    `json:"url"`             // as configured
	Moved    string    `json:"moved,omitempty"` // where it has moved for good
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"`
	Asked    time.Time `json:"asked,omitzero"`
	Answered time.Time `json:"answered,omitzero"` // last answer that could be read
	Changed  time.Time `json:"changed,omitzero"`  // last answer that was not as before
	Next     time.Time `json:"next,omitzero"`
	Fails    int       `json:"fails,omitempty"` // since it answered
	State    string    `json:"state,omitempty"`
	Error    string    `json:"error,omitempty"`
	Counts   Counts    `json:"counts"` // since the beginning

	Items map[string]*item `json:"items"`           // by canonical address, or by guid
	Maps  map[string]page  `json:"maps,omitempty"`  // sitemaps that an index names
	Begun bool             `json:"begun,omitempty"` // a first listing was taken in
}

// page is what makes the next request for a page conditional.
type page struct {
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"`
	Updated  time.Time `json:"updated,omitzero"` // of a sitemap, as its index says
}

// item is one article that a feed has named.
type item struct {
	page
	URL    string    `json:"url,omitempty"`
	First  time.Time `json:"first"`           // met
	Last   time.Time `json:"last"`            // listed
	Print  string    `json:"print,omitempty"` // of what the feed says of it: when that changes, so may the article
	State  string    `json:"state"`
	Tries  int       `json:"tries,omitempty"`
	Next   time.Time `json:"next,omitzero"`    // not before
	Own    bool      `json:"own,omitempty"`    // the feed holds text of it
	Page   bool      `json:"paged,omitempty"`  // its text is from its page
	Visits int       `json:"visits,omitempty"` // of those that revisit asks for
	Report string    `json:"report,omitempty"` // its id in the record
	Hash   string    `json:"hash,omitempty"`   // of its text, in part
	Error  string    `json:"error,omitempty"`
}

// What an item's State is.
const (
	waiting   = "waiting"   // to be read
	kept      = "kept"      // in the record
	skipped   = "skipped"   // filtered, or older than the watch
	elsewhere = "elsewhere" // another feed named it first
	failed    = "failed"    // given up
)

const (
	stateVersion = 1
	maxState     = 64 << 20
	maxKnown     = 20_000              // items remembered of a feed
	forgetAfter  = 60 * 24 * time.Hour // since an item was last listed
)

func statePath(dir, name string) string { return filepath.Join(dir, name+".json") }

// loadState reads what is remembered of a feed, nothing where there is none.
// A file that cannot be read is told and begun anew: the record knows what it
// has.
func loadState(dir string, f *Feed) (*state, error) {
	fresh := &state{Version: stateVersion, Name: f.Name, URL: f.URL, Items: map[string]*item{}}
	path := statePath(dir, f.Name)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	damaged := func(what string, err error) (*state, error) {
		return fresh, &rapport.Error{Kind: rapport.Storage, Where: path, What: what + ": the feed is begun anew", Err: err}
	}
	if err != nil {
		return damaged("cannot be read", err)
	}
	if info.Size() > maxState {
		return damaged("is too long", nil)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return damaged("cannot be read", err)
	}
	s := &state{}
	if err := json.Unmarshal(b, s); err != nil {
		return damaged("is damaged", err)
	}
	if s.Version != stateVersion {
		return damaged("is of another version of rapport", nil)
	}
	if s.Items == nil {
		s.Items = map[string]*item{}
	}
	for k, it := range s.Items {
		if it == nil {
			delete(s.Items, k)
		}
	}
	s.Name = f.Name
	if s.URL != f.URL { // another address under the name
		s.URL, s.Moved, s.ETag, s.Modified, s.Next, s.Fails, s.Maps, s.Begun = f.URL, "", "", "", time.Time{}, 0, nil, false
	}
	return s, nil
}

// save replaces the file.
func (s *state) save(dir string, now time.Time) error {
	s.forget(now)
	b, err := json.Marshal(s)
	if err == nil {
		err = replace(statePath(dir, s.Name), b)
	}
	if err != nil {
		return &rapport.Error{Kind: rapport.Storage, Where: statePath(dir, s.Name), What: "cannot be written", Err: err}
	}
	return nil
}

// replace writes a file so that it is there whole, or the one before is.
func replace(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// forget drops what has not been listed for long.
func (s *state) forget(now time.Time) {
	for age := forgetAfter; ; age /= 2 {
		for k, it := range s.Items {
			if now.Sub(it.Last) > age && it.State != waiting {
				delete(s.Items, k)
			}
		}
		if len(s.Items) <= maxKnown || age < time.Hour {
			return
		}
	}
}

// Counts say what came of a feed's items.
type Counts struct {
	Listed  int `json:"listed"`  // items met
	New     int `json:"new"`     // reports kept that were not there
	Copied  int `json:"copied"`  // likewise, nearly the text of another report
	Revised int `json:"revised"` // kept as new versions
	Same    int `json:"same"`    // were in the record as they are
	Failed  int `json:"failed"`  // given up
	Skipped int `json:"skipped"` // filtered, too old, or another feed's
}

func (c *Counts) add(d Counts) {
	c.Listed += d.Listed
	c.New += d.New
	c.Copied += d.Copied
	c.Revised += d.Revised
	c.Same += d.Same
	c.Failed += d.Failed
	c.Skipped += d.Skipped
}

// Status is how a feed stands, as `rapport watch --status` prints it.
type Status struct {
	Feed     string    `json:"feed"`
	URL      string    `json:"url"`
	Outlet   string    `json:"outlet,omitempty"`
	Country  string    `json:"country,omitempty"`
	Kind     string    `json:"kind,omitempty"`
	State    string    `json:"state"` // new, ok, unchanged, failing, forbidden, gone or off
	Asked    time.Time `json:"asked,omitzero"`
	Answered time.Time `json:"answered,omitzero"`
	Changed  time.Time `json:"changed,omitzero"`
	Next     time.Time `json:"next,omitzero"`
	Fails    int       `json:"fails,omitempty"` // readings in a row that failed
	Error    string    `json:"error,omitempty"`
	Moved    string    `json:"moved,omitempty"` // where its address has moved for good
	Waiting  int       `json:"waiting"`         // items still to be read
	Counts
}

// States of a feed.
const (
	StateNew       = "new"       // not read yet
	StateOK        = "ok"        // read
	StateUnchanged = "unchanged" // as at the reading before
	StateFailing   = "failing"
	StateForbidden = "forbidden" // by robots.txt or by the guard
	StateGone      = "gone"      // its server says so
	StateOff       = "off"
)

func (s *state) status(f *Feed) Status {
	st := Status{Feed: f.Name, URL: f.URL, Outlet: f.Outlet, Country: f.Country, Kind: f.Kind, State: s.State, Asked: s.Asked,
		Answered: s.Answered, Changed: s.Changed, Next: s.Next, Fails: s.Fails, Error: s.Error, Moved: s.Moved, Counts: s.Counts}
	if st.State == "" {
		st.State = StateNew
	}
	if f.Off {
		st.State, st.Next = StateOff, time.Time{}
	}
	for _, it := range s.Items {
		if it.State == waiting {
			st.Waiting++
		}
	}
	return st
}

// Statuses returns how the feeds of a file stand, in their order, by what is
// remembered in dir. It needs no network. Errors tell of files that cannot be
// read, whose feeds count as new.
func Statuses(dir string, c *Config) ([]Status, []error) {
	out := []Status{}
	var errs []error
	for i := range c.Feeds {
		s, err := loadState(dir, &c.Feeds[i])
		if err != nil {
			errs = append(errs, err)
		}
		out = append(out, s.status(&c.Feeds[i]))
	}
	return out, errs
}
