package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"unicode/utf8"

	"rapport"
	"rapport/internal/text"
)

// Gold is a report with the claims people found in it.
type Gold struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	Published rapport.Date `json:"published"`
	Outlet    string       `json:"outlet"`
	URL       string       `json:"url"`
	Text      string       `json:"text"`
	Claims    []GoldClaim  `json:"claims"`

	Report rapport.Report `json:"-"` // as the reader gives it to a coder

	Topic string `json:"-"` // of a labelled passage: what it is on
	Voice string `json:"-"` // and whose manner it is written in
}

// GoldClaim is a claim as annotated: a rapport.Claim whose evidence is given
// in code points of the text.
type GoldClaim struct {
	rapport.Claim
	Start    int  `json:"start"` // code points
	End      int  `json:"end"`
	Optional bool `json:"optional"` // costs nothing when missed
}

// ReadGold reads the gold reports of a folder in the order of their files'
// names: the *.json and *.passages in its gold folder, else in its reports
// folder, else its own. A gold report without a text has it in ID.txt beside it
// or in the folder's reports; a file of passages holds many short reports with
// their claims.
func ReadGold(dir string) ([]Gold, error) {
	names, err := goldFiles(dir)
	if err != nil {
		return nil, err
	}
	var out []Gold
	for _, name := range names {
		if filepath.Ext(name) == passages {
			gs, err := readPassages(name)
			if err != nil {
				return nil, err
			}
			out = append(out, gs...)
			continue
		}
		g, err := readGold(name, filepath.Dir(name), filepath.Join(dir, "reports"))
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// passages is how the name of a file of labelled passages ends.
const passages = ".passages"

func goldFiles(dir string) ([]string, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, &rapport.Error{Kind: rapport.NotFound, Where: dir, What: "is no folder", Err: reason(err)}
	}
	for _, d := range []string{filepath.Join(dir, "gold"), filepath.Join(dir, "reports"), dir} {
		entries, err := os.ReadDir(d)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, &rapport.Error{Kind: rapport.BadInput, Where: d, What: "cannot be read", Err: reason(err)}
		}
		var names []string
		for _, e := range entries {
			if ext := filepath.Ext(e.Name()); (ext == ".json" || ext == passages) && !e.IsDir() {
				names = append(names, filepath.Join(d, e.Name()))
			}
		}
		if len(names) > 0 {
			sort.Strings(names)
			return names, nil
		}
	}
	return nil, &rapport.Error{Kind: rapport.NotFound, Where: dir, What: "holds no gold report", Try: "a folder with one JSON file a report"}
}

// readGold reads one gold report, its text from the first folder that has it
// where the file has none.
func readGold(name string, folders ...string) (g Gold, err error) {
	bad := func(what string, err error) error {
		return &rapport.Error{Kind: rapport.BadInput, Where: name, What: what, Err: reason(err)}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return g, bad("cannot be read", err)
	}
	if err := json.Unmarshal(data, &g); err != nil {
		return g, bad("is no gold report", err)
	}
	if g.ID == "" {
		return g, bad("is no gold report: it has no id", nil)
	}
	if g.Text == "" {
		if g.Text, err = besides(filepath.Base(g.ID)+".txt", folders); err != nil {
			return g, bad("has no text", err)
		}
		if data, err = json.Marshal(g); err != nil {
			return g, bad("is no gold report", err)
		}
	}
	for rep, err := range text.Read(bytes.NewReader(data), name, text.Options{}) {
		if err != nil {
			return g, err
		}
		g.Report = rep
	}
	last := utf8.RuneCountInString(g.Text)
	for _, c := range g.Claims {
		if c.Start < 0 || c.End < c.Start || c.End > last {
			return g, bad("has a claim whose evidence lies outside of the text", nil)
		}
	}
	return g, nil
}

func besides(name string, folders []string) (text string, err error) {
	for _, d := range folders {
		var b []byte
		if b, err = os.ReadFile(filepath.Join(d, name)); err == nil {
			return string(bytes.TrimPrefix(b, []byte("\ufeff"))), nil
		}
	}
	return "", err
}

// reason drops the path from a file system's error: Where has it.
func reason(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}
