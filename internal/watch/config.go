package watch

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/ontology"
	"rapport/internal/press"
)

// Config is a file of feeds, as doc/watching.md has it.
type Config struct {
	Contact string   `toml:"contact"` // whom to write to
	Allow   []string `toml:"allow"`   // networks besides the public one: [fetch.ParseAllow]
	Every   Duration `toml:"every"`   // of feeds that say none; half an hour
	Feeds   []Feed   `toml:"feed"`
}

// Feed is what to read and how.
type Feed struct {
	Name     string     `toml:"name"` // made from the address when there is none
	URL      string     `toml:"url"`
	Outlet   string     `toml:"outlet"`   // who publishes; "" leaves it to the pages
	Country  string     `toml:"country"`  // of the outlet, ISO 3166-1 alpha-3 as package ontology has it
	Kind     string     `toml:"kind"`     // of the outlet, one of Kinds
	Language string     `toml:"language"` // BCP 47, where pages and words do not tell
	Every    Duration   `toml:"every"`
	Read     string     `toml:"read"`    // auto, links or page
	Text     string     `toml:"text"`    // auto, page or feed
	Include  []string   `toml:"include"` // patterns of which one must match an item's address or title
	Exclude  []string   `toml:"exclude"` // patterns of which none may
	Since    string     `toml:"since"`   // items dated before that day are left out
	Most     int        `toml:"most"`    // pages fetched at one reading
	Revisit  []Duration `toml:"revisit"` // how long after its first reading a page is looked at again
	Off      bool       `toml:"off"`
	Seen     string     `toml:"seen"` // where the address was found

	include, exclude []*regexp.Regexp
	since            time.Time
}

// Kinds are the kinds of outlets.
var Kinds = []string{"state agency", "agency", "ministry", "government", "presidency", "parliament", "organisation", "public broadcaster", "state media", "party", "independent"}

const (
	maxConfig = 4 << 20
	maxFeeds  = 10_000

	defaultEvery = 30 * time.Minute
	leastEvery   = time.Minute
	defaultMost  = 50
	greatestMost = 1000
)

// Duration is a time span as people write it: "90s", "30m", "6h", "2d".
type Duration time.Duration

// UnmarshalText reads a span.
func (d *Duration) UnmarshalText(b []byte) error {
	s := string(b)
	if n, err := strconv.ParseUint(strings.TrimSuffix(s, "d"), 10, 16); err == nil && strings.HasSuffix(s, "d") {
		*d = Duration(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 || v > 400*24*time.Hour {
		return fmt.Errorf("%q is no span of time: write 30m, 6h or 2d", s)
	}
	*d = Duration(v)
	return nil
}

// Load reads a file of feeds.
func Load(path string) (*Config, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxConfig {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: path, What: fmt.Sprintf("is longer than %d MiB, too much for a list of feeds", maxConfig>>20)}
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: path, What: "cannot be read", Try: "rapport watch --starter europe > " + path, Err: err}
	}
	return Parse(b, path)
}

// Parse reads a file of feeds; name stands in errors, which are of kind
// BadInput and name the line or the feed.
func Parse(b []byte, name string) (*Config, error) {
	bad := func(where, what string, err error) (*Config, error) {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: where, What: what, Try: "doc/watching.md", Err: err}
	}
	c := &Config{}
	meta, err := toml.NewDecoder(bytes.NewReader(b)).Decode(c)
	if err != nil {
		var pe toml.ParseError
		if errors.As(err, &pe) {
			return bad(fmt.Sprintf("%s:%d", name, pe.Position.Line), strings.ToLower(pe.Message), nil)
		}
		return bad(name, "is no list of feeds", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return bad(name, fmt.Sprintf("%q is no setting", unknown[0].String()), nil)
	}
	switch {
	case len(c.Feeds) == 0:
		return bad(name, "names no feed", nil)
	case len(c.Feeds) > maxFeeds:
		return bad(name, fmt.Sprintf("names more than %d feeds", maxFeeds), nil)
	}
	if _, err := c.Networks(); err != nil {
		return bad(name, "allow", err)
	}
	names, urls := map[string]bool{}, map[string]string{}
	for i := range c.Feeds {
		f := &c.Feeds[i]
		where := fmt.Sprintf("%s: feed %d", name, i+1)
		if f.Name != "" {
			where += " (" + f.Name + ")"
		}
		if err := f.check(c); err != nil {
			return bad(where, err.Error(), nil)
		}
		if names[f.Name] {
			return bad(where, "has the name of an earlier one", nil)
		}
		if was := urls[f.URL+"\n"+f.Read]; was != "" {
			return bad(where, "has the address of "+was, nil)
		}
		names[f.Name], urls[f.URL+"\n"+f.Read] = true, f.Name
	}
	return c, nil
}

// Networks returns the networks that the file allows.
func (c *Config) Networks() (out []netip.Prefix, err error) {
	for _, s := range c.Allow {
		p, err := fetch.ParseAllow(s)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", s, err)
		}
		out = append(out, p...)
	}
	return out, nil
}

var feedName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}$`)

// check fills in what is not said and tells what is wrong.
func (f *Feed) check(c *Config) (err error) {
	u, err := url.Parse(f.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is no address of the web", f.URL)
	}
	if f.Name == "" {
		f.Name = press.PageID(f.URL)
	}
	if f.Every == 0 {
		f.Every = c.Every
	}
	if f.Every == 0 {
		f.Every = Duration(defaultEvery)
	}
	if f.Most == 0 {
		f.Most = defaultMost
	}
	if f.Read == "" {
		f.Read = "auto"
	}
	if f.Text == "" {
		f.Text = "auto"
	}
	switch {
	case !feedName.MatchString(f.Name):
		return fmt.Errorf("the name %q has more than small letters, digits, dots and dashes", f.Name)
	case time.Duration(f.Every) < leastEvery:
		return fmt.Errorf("every is less than %v", leastEvery)
	case f.Most < 0 || f.Most > greatestMost:
		return fmt.Errorf("most is not between 1 and %d", greatestMost)
	case !slices.Contains([]string{"auto", "links", "page"}, f.Read):
		return fmt.Errorf("read is %q, not auto, links or page", f.Read)
	case !slices.Contains([]string{"auto", "page", "feed"}, f.Text):
		return fmt.Errorf("text is %q, not auto, page or feed", f.Text)
	case f.Kind != "" && !slices.Contains(Kinds, f.Kind):
		return fmt.Errorf("kind is %q, not one of %s", f.Kind, strings.Join(Kinds, ", "))
	case len(f.Revisit) > 10:
		return errors.New("revisit has more than ten spans")
	}
	if f.Country != "" {
		if !slices.Contains(ontology.Countries(), f.Country) {
			return fmt.Errorf("country is %q, which is no code of a country", f.Country)
		}
	}
	if f.Since != "" {
		d := rapport.Date(f.Since)
		start, _, ok := d.Bounds()
		if d.Check() != nil || !ok {
			return fmt.Errorf("since is %q: write it as 2024-06-08", f.Since)
		}
		f.since = start
	}
	if f.include, err = patterns(f.Include); err != nil {
		return fmt.Errorf("include: %w", err)
	}
	if f.exclude, err = patterns(f.Exclude); err != nil {
		return fmt.Errorf("exclude: %w", err)
	}
	slices.Sort(f.Revisit)
	return nil
}

func patterns(ss []string) (out []*regexp.Regexp, err error) {
	for _, s := range ss {
		re, err := regexp.Compile("(?i)" + s)
		if err != nil {
			return nil, fmt.Errorf("%q is no pattern", s)
		}
		out = append(out, re)
	}
	return out, nil
}

// wants applies the filters to an item.
func (f *Feed) wants(it *press.Item) bool {
	any := func(res []*regexp.Regexp) bool {
		return slices.ContainsFunc(res, func(re *regexp.Regexp) bool { return re.MatchString(it.URL) || re.MatchString(it.Title) })
	}
	if len(f.include) > 0 && !any(f.include) || any(f.exclude) {
		return false
	}
	at := dated(it)
	return f.since.IsZero() || at.IsZero() || !at.Before(f.since)
}

// dated is when an item was published, as far as told.
func dated(it *press.Item) time.Time {
	if !it.Published.IsZero() {
		return it.Published
	}
	return it.Updated
}
