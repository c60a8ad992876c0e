package main

import (
	"errors"
	"flag"
	"io"
	"strings"

	"rapport"
)

// options are the flags of one command.
type options struct {
	*flag.FlagSet
}

func newOptions(command string) options {
	f := flag.NewFlagSet(command, flag.ContinueOnError)
	f.SetOutput(io.Discard) // errors are worded below, help screens are files
	return options{f}
}

// parse reads flags wherever they stand among args and returns the others.
// After "--" all are others. Asked for help it prints the screen and returns
// done.
func (o options) parse(s *session, args []string) (rest []string, done bool, err error) {
	for len(args) > 0 {
		err := o.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			return nil, true, s.print([]byte(screen(o.Name())))
		case err != nil:
			return nil, false, usage(o.Name(), "%s", flagFault(err))
		}
		left := o.Args()
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" {
			return append(rest, left...), false, nil
		}
		if len(left) == 0 {
			break
		}
		rest, args = append(rest, left[0]), left[1:]
	}
	return rest, false, nil
}

// flagFault words package flag's errors with two dashes, as the help screens do.
func flagFault(err error) string {
	what := err.Error()
	what = strings.Replace(what, "flag provided but not defined: -", "there is no flag --", 1)
	what = strings.Replace(what, "for flag -", "for --", 1)
	what = strings.Replace(what, "flag needs an argument: -", "a value is missing after --", 1)
	return what
}

// dateFlag is a flag that takes an EDTF date.
type dateFlag struct{ *rapport.Date }

func (f dateFlag) String() string {
	if f.Date == nil {
		return ""
	}
	return string(*f.Date)
}

func (f dateFlag) Set(v string) error {
	d := rapport.Date(v)
	if v == "" || d.Check() != nil {
		return errors.New("write it as 2024-06-08, 2024-06 or 2024")
	}
	*f.Date = d
	return nil
}

// choiceFlag is a flag that takes one of a few words, the first by default.
type choiceFlag struct {
	value   *string
	choices []string
}

func (o options) choice(name string, choices ...string) *string {
	v := choices[0]
	o.Var(choiceFlag{&v, choices}, name, "")
	return &v
}

func (f choiceFlag) String() string {
	if f.value == nil {
		return ""
	}
	return *f.value
}

func (f choiceFlag) Set(v string) error {
	for _, c := range f.choices {
		if c == v {
			*f.value = v
			return nil
		}
	}
	return errors.New("it is one of " + strings.Join(f.choices, ", "))
}
