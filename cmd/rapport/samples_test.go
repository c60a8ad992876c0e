package main

import (
	"bytes"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sample finds what the README says that a command prints:
//
//	<!-- sample: rapport demo | head -n 11 -->
//	```
//	…
//	```
var sample = regexp.MustCompile("(?s)<!-- sample: rapport ([^|\n]*?)(?: \\| head -n ([0-9]+))? -->\n```\n(.*?)```\n")

// TestSamples holds the samples of the README to what the commands print.
func TestSamples(t *testing.T) {
	t.Chdir("../..")
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	now := sample.ReplaceAllStringFunc(string(b), func(block string) string {
		found++
		m := sample.FindStringSubmatch(block)
		var out, errs bytes.Buffer
		if code := run(strings.Fields(m[1]), strings.NewReader(""), &out, &errs); code != 0 || errs.Len() > 0 {
			t.Errorf("rapport %s: exit code %d\n%s", m[1], code, errs.String())
		}
		got := out.String()
		if n, err := strconv.Atoi(m[2]); err == nil {
			lines := strings.SplitAfter(got, "\n")
			got = strings.Join(lines[:min(n, len(lines))], "")
		}
		if got != m[3] && !*update {
			t.Errorf("rapport %s prints something else than the README says: go test ./cmd/rapport -update\n%s", m[1], got)
		}
		return strings.Replace(block, "```\n"+m[3], "```\n"+got, 1)
	})
	if found < 2 {
		t.Errorf("%d samples in the README", found)
	}
	if *update && now != string(b) {
		if err := os.WriteFile("README.md", []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
