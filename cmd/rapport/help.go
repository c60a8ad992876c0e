package main

import (
	"embed"
	"fmt"
	"runtime/debug"
	"strings"

	"rapport/internal/claims"
)

//go:embed help/*.txt
var screens embed.FS

// screen returns the help screen of a command, "" for the whole program.
func screen(command string) string {
	if command == "" {
		command = "rapport"
	}
	b, err := screens.ReadFile("help/" + command + ".txt")
	if err != nil {
		return ""
	}
	return strings.Replace(string(b), "COMMANDS\n", table(), 1)
}

// table lists the commands for the first screen; those that belong to another
// command stand on its screen.
func table() string {
	var b strings.Builder
	for _, c := range commands() {
		if c.short == "" {
			continue
		}
		fmt.Fprintf(&b, "  %-11s%s\n", c.name, c.short)
	}
	return b.String()
}

func help(s *session, args []string) error {
	name := ""
	if len(args) > 0 {
		name = strings.TrimLeft(args[0], "-")
	}
	text := screen(name)
	if text == "" || name == "rapport" {
		return usage("", "%q is not a command", args[0])
	}
	return s.print([]byte(text))
}

func version(s *session, args []string) error {
	_, done, err := newOptions("version").parse(s, args)
	if done || err != nil {
		return err
	}
	b := strings.Builder{}
	b.WriteString(claims.New().Version())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, set := range info.Settings {
			if set.Key == "vcs.revision" && len(set.Value) >= 12 {
				b.WriteString(", revision " + set.Value[:12])
			}
		}
		b.WriteString(", " + info.GoVersion)
	}
	return s.print([]byte(b.String() + "\n"))
}
