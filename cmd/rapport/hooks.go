package main

import (
	"fmt"
	"strings"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/record"
	"rapport/internal/serve/hooks"
)

// tendHooks runs "rapport hooks": who is told when something is new.
func tendHooks(s *session, args []string) error {
	o := newOptions("hooks")
	path := o.recordFlag()
	format := o.choice("format", "text", "json")
	var l hooks.List
	o.StringVar(&l.URL, "to", "", "")
	o.StringVar(&l.Filter, "filter", "", "")
	o.StringVar(&l.Name, "name", "", "")
	secret := o.String("secret", "", "")
	plain := o.Bool("http", false, "")
	var guard fetch.Guard
	o.Func("allow", "", func(v string) error {
		nets, err := fetch.ParseAllow(v)
		guard.Allow = append(guard.Allow, nets...)
		return err
	})
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) == 0 {
		return usage("hooks", "say what to do: add, list, remove, pause, resume or send")
	}
	verb, rest := rest[0], rest[1:]
	if want := map[string]int{"remove": 1, "pause": 1, "resume": 1}[verb]; len(rest) != want {
		return usage("hooks", "hooks %s takes %s, %d are given", verb, count(want, "watchlist"), len(rest))
	}
	if verb == "add" && l.URL == "" {
		return usage("hooks", "whom to tell? Say --to URL")
	}
	rec, closed, err := openMerged(s, *path)
	if err != nil {
		return err
	}
	defer closed()
	store, err := hooks.OpenStore(*path + ".hooks")
	if err != nil {
		return err
	}
	switch verb {
	case "add":
		if *secret != "" {
			l.Secrets = []string{*secret}
		}
		return addHook(s, rec, store, l, *format)
	case "list":
		return listHooks(s, store, *format)
	case "remove":
		return store.Remove(rest[0])
	case "pause", "resume":
		l, err := store.Get(rest[0])
		if err != nil {
			return err
		}
		l.Paused = map[string]string{"pause": "paused by hand"}[verb]
		return store.Put(l)
	case "send":
		sender, err := hooks.New(hooks.Config{Record: rec, Store: store, Guard: guard, PlainHTTP: *plain, Logger: s.logger()})
		if err != nil {
			return err
		}
		defer sender.Close()
		return sender.Round(s)
	}
	return usage("hooks", "hooks cannot %q: it is add, list, remove, pause, resume or send", verb)
}

func addHook(s *session, rec *record.Record, store *hooks.Store, l hooks.List, format string) error {
	last, err := rec.LastClaim(s)
	if err != nil {
		return err
	}
	if l, err = store.Add(l, last); err != nil {
		return err
	}
	if format == "json" {
		return s.printJSON(l)
	}
	return s.print([]byte(fmt.Sprintf("%s tells %s\nsecret %s\n", l.ID, tameLine(l.URL), strings.Join(l.Secrets, " "))))
}

func listHooks(s *session, store *hooks.Store, format string) error {
	lists, err := store.Lists()
	if len(lists) == 0 && err != nil {
		return err
	}
	type row struct {
		ID      string `json:"id"`
		Name    string `json:"name,omitempty"`
		Filter  string `json:"filter"`
		URL     string `json:"url"`
		Paused  string `json:"paused,omitempty"`
		Waiting int    `json:"waiting"`
	}
	rows := []row{}
	for _, l := range lists {
		n, err := store.Waiting(l.ID)
		if err != nil {
			return err
		}
		rows = append(rows, row{l.ID, l.Name, l.Filter, l.URL, l.Paused, n})
	}
	if err != nil { // of others, which are all there
		s.complain(&rapport.Error{Kind: rapport.Storage, What: "not all watchlists can be read", Err: err})
	}
	if format == "json" {
		return s.printJSON(rows)
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s  %s  %s  %d waiting", r.ID, r.URL, orAll(r.Filter), r.Waiting)
		if r.Name != "" {
			b.WriteString("  “" + r.Name + "”")
		}
		if r.Paused != "" {
			b.WriteString("  paused: " + r.Paused)
		}
		b.WriteByte('\n')
	}
	return s.print([]byte(tame(b.String())))
}

func orAll(filter string) string {
	if filter == "" {
		return "every event"
	}
	return filter
}
