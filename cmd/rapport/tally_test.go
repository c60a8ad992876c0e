package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"rapport"
)

// TestProgress: elsewhere than on a terminal progress is told after some
// seconds and then seldom, with rate and remaining time; --quiet tells none.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	clock := time.Date(2024, 6, 8, 10, 0, 0, 0, time.UTC)
	y := &tally{s: &session{Context: context.Background(), stderr: &out}, now: func() time.Time { return clock }, began: clock, last: clock,
		size: 2_000_000, kinds: map[string]int{}, texts: map[string]bool{}}
	for i := range 60 {
		y.read(&rapport.Report{Hash: strings.Repeat("a", i), Language: "en"}, 3)
		y.taken.Store(int64(i+1) * 20_000)
		y.show()
		clock = clock.Add(time.Second)
	}
	want := "rapport: 11 reports, 33 claims, 1.1 reports/s, 11% of 2.0 MB, about 1 min left\n" +
		"rapport: 41 reports, 123 claims, 1.0 reports/s, 41% of 2.0 MB, about 57 s left\n"
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
	out.Reset()
	y.quiet = true
	clock = clock.Add(time.Hour)
	if y.show(); out.Len() > 0 {
		t.Errorf("quiet: %q", out.String())
	}
	y.quiet, y.terminal = false, true
	y.fail(&rapport.Error{Kind: rapport.BadInput, What: "is encrypted"})
	if y.show(); !strings.HasPrefix(out.String(), "\r60 reports, 180 claims, 1 not read, ") {
		t.Errorf("terminal: %q", out.String())
	}
	if got := strings.Join(y.reasons(), ", "); got != "1 failed (1 encrypted)" {
		t.Error(got)
	}
	for d, want := range map[time.Duration]string{0: "1 s", 59 * time.Second: "59 s", 10 * time.Minute: "10 min", 3 * time.Hour: "3.0 h"} {
		if got := roundly(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
