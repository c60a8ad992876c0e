package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"rapport"
	"rapport/internal/press"
)

// tally counts what became of reports that were read, tells how far the work
// is, and lists what failed.
type tally struct {
	s        *session
	quiet    bool
	terminal bool
	now      func() time.Time
	began    time.Time
	last     time.Time    // progress was told
	size     int64        // bytes of the files named, 0 where some are streams
	taken    atomic.Int64 // of them read so far
	list     *os.File     // the file of --report
	reports  int
	claims   int
	copies   int
	foreign  int // in other languages than English
	failed   int
	kinds    map[string]int // of failures
	shown    bool
	texts    map[string]bool // the beginnings of hashes met, which are enough to count by
}

// How long work lasts before progress is told, and how often then, where
// stderr is no terminal.
const (
	untilTold = 10 * time.Second
	toldEvery = 30 * time.Second
)

// begin starts to count. The file of --report is made at once, so that it is
// known before the work whether it can be written.
func (in *inputs) begin(s *session, files []string) (*tally, error) {
	t := &tally{s: s, quiet: in.quiet, terminal: isTerminal(s.stderr), now: time.Now, kinds: map[string]int{}, texts: map[string]bool{}}
	t.began = t.now()
	t.last = t.began
	for _, f := range files {
		n := sizeOf(f)
		if n < 0 {
			t.size = 0
			break
		}
		t.size += n
	}
	in.text.Taken = &t.taken
	if in.report != "" {
		var err error
		if t.list, err = os.Create(in.report); err != nil {
			return nil, &rapport.Error{Kind: rapport.Storage, Where: in.report, What: "cannot be written", Err: errors.Unwrap(err)}
		}
	}
	return t, nil
}

// sizeOf returns the bytes of a file or of all in a folder, -1 for a stream.
func sizeOf(path string) (n int64) {
	if path == "-" {
		return -1
	}
	filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		} else if err == nil && !d.IsDir() {
			n = -1
			return filepath.SkipAll
		}
		return nil
	})
	return n
}

// read counts a report and its claims.
func (t *tally) read(rep *rapport.Report, claims int) {
	t.reports++
	t.claims += claims
	if l := rep.Language; l != "" && l != "en" && !strings.HasPrefix(l, "en-") {
		t.foreign++
	}
	if h := strings.Clone(rep.Hash[:min(len(rep.Hash), 12)]); t.texts[h] {
		t.copies++
	} else if h != "" && len(t.texts) < 1_000_000 {
		t.texts[h] = true
	}
}

// failure is a line of --report.
type failure struct {
	Where string `json:"where"`           // file, member of an archive, line, address
	Kind  string `json:"kind"`            // as in the line of totals
	What  string `json:"what"`            // what is wrong
	Cause string `json:"cause,omitempty"` // and why
	Try   string `json:"try,omitempty"`
}

// fail counts a failure, and lists it.
func (t *tally) fail(err error) {
	t.failed++
	f := failure{Kind: press.Fault(err), What: err.Error()}
	t.kinds[f.Kind]++
	if t.list == nil {
		return
	}
	var e *rapport.Error
	if errors.As(err, &e) {
		f.Where, f.What, f.Try = e.Where, e.What, e.Try
		if e.Err != nil {
			f.Cause = e.Err.Error()
		}
	}
	if b, err := json.Marshal(f); err == nil {
		t.list.Write(append(b, '\n')) // a fault of the disk shows when it is closed
	}
}

// reasons tells failures apart from what is no news: "3 failed (2 broken off, 1
// encrypted)".
func (t *tally) reasons() []string {
	var out []string
	if n := t.kinds[press.NotNews]; n > 0 {
		out = append(out, fmt.Sprintf("%d not news", n))
	}
	if n := t.failed - t.kinds[press.NotNews]; n > 0 {
		var kinds []string
		for k := range t.kinds {
			if k != press.NotNews {
				kinds = append(kinds, k)
			}
		}
		slices.SortFunc(kinds, func(a, b string) int {
			if d := t.kinds[b] - t.kinds[a]; d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
		for i, k := range kinds {
			kinds[i] = fmt.Sprintf("%d %s", t.kinds[k], k)
		}
		out = append(out, fmt.Sprintf("%d failed (%s)", n, strings.Join(kinds, ", ")))
	}
	return out
}

// end closes the list and tells what could not be written to it.
func (t *tally) end() error {
	t.clear()
	if t.list == nil {
		return nil
	}
	err := t.list.Sync()
	if c := t.list.Close(); err == nil || errors.Is(err, errors.ErrUnsupported) {
		err = c
	}
	if err != nil && !strings.Contains(err.Error(), "invalid argument") { // a pipe cannot be synced
		return &rapport.Error{Kind: rapport.Storage, Where: t.list.Name(), What: "cannot be written", Err: err}
	}
	return nil
}

// show tells how far the work is: on a terminal as a line that is written
// over, elsewhere as a line now and then, once it lasts.
func (t *tally) show() {
	now := t.now()
	switch {
	case t.quiet, t.terminal && now.Sub(t.last) < 100*time.Millisecond && t.shown:
	case t.terminal:
		t.last, t.shown = now, true
		fmt.Fprintf(t.s.stderr, "\r%s\x1b[K", t.progress(now))
	case now.Sub(t.began) >= untilTold && (t.last.Equal(t.began) || now.Sub(t.last) >= toldEvery):
		t.last = now
		fmt.Fprintf(t.s.stderr, "rapport: %s\n", t.progress(now))
	}
}

// progress words how far the work is, how fast it goes and how long it will.
func (t *tally) progress(now time.Time) string {
	s := count(t.reports, "report") + ", " + count(t.claims, "claim")
	if t.failed > 0 {
		s += fmt.Sprintf(", %d not read", t.failed)
	}
	spent := now.Sub(t.began)
	if spent < time.Second {
		return s
	}
	s += fmt.Sprintf(", %.1f reports/s", float64(t.reports)/spent.Seconds())
	if taken := min(t.taken.Load(), t.size); t.size > 0 && taken > 0 {
		s += fmt.Sprintf(", %d%% of %s", taken*100/t.size, bytesOf(t.size))
		if taken*100 >= t.size && taken < t.size {
			left := time.Duration(float64(spent) * float64(t.size-taken) / float64(taken))
			s += ", about " + roundly(left) + " left"
		}
	}
	return s
}

func bytesOf(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}

// roundly words a time as people do.
func roundly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(1, int(d.Seconds())))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

func (t *tally) clear() {
	if t.terminal && t.shown {
		fmt.Fprint(t.s.stderr, "\r\x1b[K")
		t.shown = false
	}
}
