// Command rapport reads reports about states and keeps the record of how they
// stand to each other. See the README, and doc/cli.md for the whole of its
// command line: commands, formats, exit codes.
//
// This package holds flags, help, exit codes and wiring; whatever could be
// asked by another program lives in the packages it calls.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"rapport"
	"rapport/internal/pipeline"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// session is what a command works with.
type session struct {
	context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// command is one of Rapport's commands. Its help screen is help/NAME.txt.
type command struct {
	name  string
	short string // "" keeps it from the first screen
	run   func(s *session, args []string) error
}

// commands in the order of the help screen. A function, for help is one of them.
func commands() []command {
	return []command{
		{"code", "print the claims of reports", code},
		{"add", "code reports and keep them in a record", add},
		{"watch", "keep reading feeds, sitemaps and pages into a record", keepWatch},
		{"brief", "write the brief of a pair of countries from a record", brief},
		{"timeline", "print what happened between two countries, in order", timeline},
		{"events", "print the events of a record, filtered", events},
		{"search", "look for words in the reports of a record", search},
		{"relations", "list the pairs of a record by activity", pairs},
		{"record", "check, rebuild, back up or count a record", tend},
		{"review", "accept, correct or reject claims, judge merges", review},
		{"undo", "take back a review, a judgement or a merge", undo},
		{"serve", "serve a record as pages, API, feeds and tools over HTTP", served},
		{"accounts", "say who may log in to a served record", accounts},
		{"tokens", "make and revoke keys for programs that ask a server", tokens},
		{"explain", "tell why a claim was coded or merged so, or what a code means", explain},
		{"who", "tell which party words name, in the role of a day", asked},
		{"actors", "import or update tables of actors of your own", tendActors},
		{"outlets", "tell who publishes: country and kind by host, name or words", listOutlets},
		{"parse", "print sentences, words, tags and dependencies as CoNLL-U", parse},
		{"hooks", "tell an address when something is new", tendHooks},
		{"mcp", "answer an assistant over the Model Context Protocol", serveMCP},
		{"eval", "score claims, merging or parsing against gold", evaluate},
		{"demo", "code the example reports and print a brief from them", demo},
		{"version", "print the version", version},
		{"help", "print help on a command", help},
	}
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (exit int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { // the first signal ends the work in order, the second at once
		<-ctx.Done()
		stop()
	}()
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "rapport: fault in rapport: %v (try: report it with what follows)\n%s", p, debug.Stack())
			exit = exitInternal
		}
	}()
	s := &session{ctx, stdin, stdout, stderr}
	err := s.dispatch(args)
	if err != nil && !errors.As(err, new(*incomplete)) { // what is incomplete was told when it happened
		s.complain(err)
	}
	return exitCode(err)
}

func (s *session) dispatch(args []string) error {
	if len(args) == 0 {
		io.WriteString(s.stderr, screen(""))
		return errShown
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "--version", "-version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(s, args[1:])
		}
	}
	return usage("", "%q is not a command", args[0])
}

// complain prints an error on stderr.
func (s *session) complain(err error) {
	if errors.Is(err, errShown) {
		return
	}
	fmt.Fprintf(s.stderr, "rapport: %s\n", tameLine(strings.TrimSpace(err.Error())))
	if p, ok := errors.AsType[*pipeline.Panic](err); ok {
		s.stderr.Write(p.Stack)
	}
}

// print writes what a command is asked for to standard output.
func (s *session) print(b []byte) error {
	if _, err := s.stdout.Write(b); err != nil {
		return cannotWrite(err)
	}
	return nil
}

// note prints what a user should know about a report and is no error.
func (s *session) note(report, what string) {
	fmt.Fprintf(s.stderr, "rapport: %s: %s\n", tameLine(report), tameLine(what))
}

// cannotWrite words a fault of standard output. A reader that went away is
// none: it has read enough.
func cannotWrite(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return &rapport.Error{Kind: rapport.Storage, What: "cannot write the output", Err: err}
}

// usage is an error in how command was called.
func usage(command, format string, args ...any) error {
	try := "rapport help"
	if command != "" {
		try += " " + command
	}
	return &rapport.Error{Kind: rapport.Usage, What: fmt.Sprintf(format, args...), Try: try}
}
