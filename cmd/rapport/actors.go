package main

import (
	"fmt"
	"os"
	"strings"

	"rapport"
	"rapport/internal/who"
	"rapport/internal/who/actors"
)

// actorsVariable names the folder of a user's tables of actors where no flag does.
const actorsVariable = "RAPPORT_ACTORS"

// actorsFlag is the folder of a user's tables, laid over the built-in ones.
// None is looked for unless it is named: the same command gives the same output.
func (o options) actorsFlag() *string { return o.String("actors", os.Getenv(actorsVariable), "") }

// useActors lays the tables of dir, its outlets among them, over the built-in
// ones, if a folder is named.
func useActors(dir string) error {
	if dir == "" {
		return nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &rapport.Error{Kind: rapport.NotFound, Where: dir, What: "is no folder of actors", Try: "rapport actors import --actors " + dir + " FILE"}
	}
	if err := useOutlets(dir); err != nil {
		return err
	}
	return who.Extend(os.DirFS(dir))
}

// tendActors is the command actors.
func tendActors(s *session, args []string) error {
	o := newOptions("actors")
	dir := o.actorsFlag()
	service := o.String("service", actors.Service, "")
	var since rapport.Date
	o.Var(dateFlag{&since}, "since", "")
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	switch {
	case len(rest) == 0:
		return usage("actors", "say import or update")
	case *dir == "":
		return usage("actors", "no folder for the tables is named: --actors DIR, or %s", actorsVariable)
	case rest[0] == "import" && len(rest) > 1:
		return importActors(s, *dir, rest[1:])
	case rest[0] == "import":
		return usage("actors", "no file to import is named")
	case rest[0] == "update" && len(rest) == 1:
		return updateActors(s, *dir, actors.Query{URL: *service, Since: since})
	}
	return usage("actors", "%q is neither import nor update", strings.Join(rest, " "))
}

func importActors(s *session, dir string, files []string) error {
	var n incomplete
	for _, f := range files {
		count, err := importFile(s, dir, f)
		if rapport.KindOf(err) == rapport.Stopped && err != nil {
			return err
		}
		if err != nil {
			n.failed(s, err)
			continue
		}
		n.done++
		s.tellActors(f, count)
	}
	if n.done > 0 {
		if err := useActors(dir); err != nil { // what was written must be readable
			return err
		}
	}
	return n.orNil()
}

func importFile(s *session, dir, file string) (actors.Count, error) {
	dump, err := actors.IsDump(file)
	if err != nil {
		return actors.Count{}, err
	}
	if dump {
		d := actors.Dump{Path: file, Dir: dir}
		if isTerminal(s.stderr) {
			d.Progress = func(lines int) { fmt.Fprintf(s.stderr, "\rrapport: %s: %d lines ", tameLine(file), lines) }
			defer fmt.Fprint(s.stderr, "\r\x1b[K")
		}
		return d.Run(s)
	}
	const shown = 10
	bad := 0
	count, err := actors.ImportDictionary(file, dir, func(line int, what string) {
		if bad++; bad <= shown {
			s.note(fmt.Sprintf("%s: line %d", file, line), what)
		}
	})
	if bad > shown {
		s.note(file, fmt.Sprintf("%d more lines cannot be read", bad-shown))
	}
	return count, err
}

func updateActors(s *session, dir string, q actors.Query) error {
	q.Agent = "rapport (actor tables; command line)"
	count, err := q.Update(s, dir)
	if err != nil {
		return err
	}
	s.tellActors(q.URL, count)
	return useActors(dir)
}

func (s *session) tellActors(source string, n actors.Count) {
	s.note(source, fmt.Sprintf("%d read; %d terms of office and %d bodies kept, %d skipped", n.Read, n.Terms, n.Bodies, n.Skipped))
}
