package watch

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"rapport"
)

func TestConfig(t *testing.T) {
	c, err := Parse([]byte(`
contact = "press@example.org"
allow = ["10.0.0.0/8", "localhost"]
every = "2h"
[[feed]]
url = "https://Example.org/en/rss.xml?x=1"
country = "AZE"
kind = "ministry"
[[feed]]
name = "two"
url = "http://example.org/2"
every = "1d"
since = "2024-06"
revisit = ["2d", "6h"]
include = ["/en/"]
`), "feeds.toml")
	if err != nil {
		t.Fatal(err)
	}
	f := c.Feeds[0]
	if f.Name != "example-org-en-rss-xml-"+f.Name[len(f.Name)-8:] || f.Every != Duration(2*time.Hour) || f.Read != "auto" || f.Text != "auto" || f.Most != 50 {
		t.Errorf("%+v", f)
	}
	if f = c.Feeds[1]; f.Every != Duration(24*time.Hour) || f.since.Format(time.DateOnly) != "2024-06-01" || f.Revisit[0] != Duration(6*time.Hour) {
		t.Errorf("%+v", f)
	}
	if n, err := c.Networks(); err != nil || len(n) != 3 {
		t.Errorf("%v %v", n, err)
	}
}

func TestBadConfig(t *testing.T) {
	for doc, want := range map[string]string{
		"":                           "f.toml: names no feed",
		"[[feed]":                    "f.toml:1: ",
		"a = 1":                      `f.toml: "a" is no setting`,
		"[[feed]]\nurll = 'x'":       `f.toml: "feed.urll" is no setting`,
		"[[feed]]":                   `f.toml: feed 1: "" is no address of the web`,
		"[[feed]]\nurl = 'file:///'": `f.toml: feed 1: "file:///" is no address of the web`,
		"[[feed]]\nurl = 'http://a/'\nname='A B'":                                  `feed 1 (A B): the name "A B" has more than`,
		"[[feed]]\nurl = 'http://a/'\nname='../x'":                                 "has more than",
		"[[feed]]\nurl = 'http://a/'\nevery='soon'":                                `f.toml:3: `,
		"[[feed]]\nurl = 'http://a/'\nevery='1s'":                                  "every is less than 1m0s",
		"[[feed]]\nurl = 'http://a/'\nread='all'":                                  `read is "all", not auto, links or page`,
		"[[feed]]\nurl = 'http://a/'\ntext='all'":                                  `text is "all"`,
		"[[feed]]\nurl = 'http://a/'\nkind='blog'":                                 `kind is "blog"`,
		"[[feed]]\nurl = 'http://a/'\ncountry='Egypt'":                             `country is "Egypt"`,
		"[[feed]]\nurl = 'http://a/'\nsince='last week'":                           `since is "last week"`,
		"[[feed]]\nurl = 'http://a/'\nmost=-1":                                     "most is not between",
		"[[feed]]\nurl = 'http://a/'\ninclude=['(']":                               `include: "(" is no pattern`,
		"[[feed]]\nurl='http://a/'\n[[feed]]\nurl='http://a/'":                     "has the name of an earlier one",
		"[[feed]]\nurl='http://a/'\nname='a'\n[[feed]]\nurl='http://a/'\nname='b'": "has the address of a",
		"allow=['all']\n[[feed]]\nurl='http://a/'":                                 `allow: "all": write a network`,
	} {
		_, err := Parse([]byte(doc), "f.toml")
		if err == nil || !strings.Contains(err.Error(), want) || rapport.KindOf(err) != rapport.BadInput {
			t.Errorf("%q: %v, want %s", doc, err, want)
		}
	}
	if _, err := Load(t.TempDir() + "/none.toml"); rapport.KindOf(err) != rapport.BadInput || !strings.Contains(err.Error(), "--starter europe") {
		t.Errorf("%v", err)
	}
}

// TestStarters: every entry says whose it is and where its address was found.
func TestStarters(t *testing.T) {
	all, err := Starters()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, s := range all {
		if !strings.HasPrefix(s.Text, "# ") || !strings.Contains(s.Text, "unverified") {
			t.Errorf("%s: its header does not say that nobody asked the addresses", s.Region)
		}
		for _, f := range s.Feeds {
			if f.Outlet == "" || f.Kind == "" || f.Seen == "" || f.Name == "" {
				t.Errorf("%s: %s lacks outlet, kind, name or seen", s.Region, f.URL)
			}
			if f.Country == "" && f.Kind != "organisation" && f.Kind != "independent" {
				t.Errorf("%s: %s has no country", s.Region, f.Name)
			}
			u, err := url.Parse(f.URL)
			if err != nil || u.String() != f.URL || strings.Contains(u.Host, "example") {
				t.Errorf("%s: %s", s.Region, f.URL)
			}
			if was := seen[f.URL]; was != "" {
				t.Errorf("%s: %s is in %s", s.Region, f.URL, was)
			}
			seen[f.URL] = s.Region
		}
	}
	if len(all) < 5 || len(seen) < 30 {
		t.Errorf("%d lists of %d feeds", len(all), len(seen))
	}
	if s, err := FindStarter(all[0].Region); err != nil || s.Text != all[0].Text {
		t.Errorf("%v", err)
	}
	if _, err := FindStarter("atlantis"); rapport.KindOf(err) != rapport.NotFound {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(oneFeed))
	f.Add([]byte("every='2d'\n[[feed]]\nurl='http://a/'\nrevisit=['1h']\nsince='2024'\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b, "f.toml")
		if err != nil {
			if rapport.KindOf(err) != rapport.BadInput {
				t.Errorf("%v", err)
			}
			return
		}
		for _, f := range c.Feeds {
			if !feedName.MatchString(f.Name) || time.Duration(f.Every) < leastEvery || f.Most < 1 {
				t.Errorf("%+v", f)
			}
		}
	})
}
