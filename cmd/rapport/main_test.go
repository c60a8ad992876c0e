package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rapport"
)

var update = flag.Bool("update", false, "carry the help screens into doc/cli.md")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rapport": main})
}

// TestScripts runs testdata/*.txt: what a user types, what must come back.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			examples, err := filepath.Abs("../../examples")
			env.Setenv("EXAMPLES", examples)
			env.Setenv("SITE", startSite(env))
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"wide":  wide,
			"bytes": writeBytes,
			"take":  take,
		},
	})
}

// exits CODE ARGS… runs rapport and compares its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	err := ts.Exec("rapport", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// wide N: no line of standard output is longer than N characters.
func wide(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if got := len([]rune(strings.TrimRight(line, "\n"))); got > n {
			ts.Fatalf("%d characters: %s", got, line)
		}
	}
}

// take NAME PATTERN sets an environment variable to what the pattern's group
// matches first in standard output: ids are hashes, which tests need not know.
func take(ts *testscript.TestScript, neg bool, args []string) {
	m := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if neg || len(m) != 2 {
		ts.Fatalf("no %s in standard output", args[1])
	}
	ts.Setenv(args[0], m[1])
}

// bytes FILE TEXT writes TEXT, its \x escapes undone, to a file.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	var b []byte
	for s := args[1]; s != ""; {
		if strings.HasPrefix(s, `\x`) && len(s) >= 4 {
			b = append(b, hex(s[2])<<4|hex(s[3]))
			s = s[4:]
			continue
		}
		b = append(b, s[0])
		s = s[1:]
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o644))
}

func hex(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c)) }

func TestExitCodes(t *testing.T) {
	for kind, want := range map[rapport.Kind]int{rapport.Internal: 70, rapport.Usage: 2, rapport.BadInput: 3,
		rapport.NotFound: 4, rapport.Storage: 5, rapport.Stopped: 130} {
		if got := exitCode(&rapport.Error{Kind: kind}); got != want {
			t.Errorf("kind %d: %d, want %d", kind, got, want)
		}
	}
	for _, c := range []struct {
		err  error
		want int
	}{{nil, 0}, {&incomplete{bad: 1, done: 2}, 1}, {&incomplete{bad: 1}, 3}, {&incomplete{bad: 1, done: 2, fault: true}, 70}, {errShown, 2}, {os.ErrClosed, 70}} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

// TestScreens holds every help screen to one screen that ends in an example,
// and doc/cli.md to the screens as they are.
func TestScreens(t *testing.T) {
	var doc strings.Builder
	screens := []string{""}
	for _, c := range commands() {
		screens = append(screens, c.name)
	}
	for _, name := range screens {
		text := screen(name)
		lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
		most := 30
		if name == "" {
			most = 40 // a line a command
		}
		if !strings.HasPrefix(text, "usage: rapport") || len(lines) > most {
			t.Errorf("%q: screen of %d lines:\n%s", name, len(lines), text)
		}
		if last := lines[len(lines)-1]; name != "version" && !strings.HasPrefix(last, "  rapport ") {
			t.Errorf("%q: the screen ends with %q, not with an example", name, last)
		}
		for _, l := range lines {
			if len([]rune(l)) > 80 {
				t.Errorf("%q: %d characters: %s", name, len([]rune(l)), l)
			}
		}
		title := "rapport " + name
		doc.WriteString("\n### " + strings.TrimSpace(title) + "\n\n```\n" + text + "```\n")
	}
	const file = "../../doc/cli.md"
	const begin, end = "<!-- help screens: go test ./cmd/rapport -update -->\n", "<!-- end of the help screens -->"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(b), begin)
	old, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the help screens", file)
	}
	if old == doc.String() {
		return
	}
	if !*update {
		t.Fatalf("%s has other help screens: go test ./cmd/rapport -update", file)
	}
	if err := os.WriteFile(file, []byte(head+begin+doc.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
