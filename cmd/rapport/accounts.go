package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"rapport"
	"rapport/internal/serve/access"
)

// openStore opens what a server keeps beside a record that is there: accounts
// are not made for a name mistyped.
func openStore(s *session, record string) (*access.Store, error) {
	if !exists(record) {
		return nil, &rapport.Error{Kind: rapport.Storage, Where: record, What: "no such record", Try: "make one with rapport add REPORT, or rapport serve --create"}
	}
	return access.Open(s, access.Beside(record), time.Now)
}

type rolesFlag struct{ roles *[]access.Role }

func (f rolesFlag) String() string { return "" }

func (f rolesFlag) Set(v string) error {
	for r := range strings.SplitSeq(v, ",") {
		switch role := access.Role(strings.TrimSpace(r)); role {
		case access.Read, access.Review, access.Ingest, access.Admin:
			*f.roles = append(*f.roles, role)
		default:
			return errors.New("it is read, review, ingest or admin, several with commas")
		}
	}
	return nil
}

// accounts runs "rapport accounts": who may use a served record.
func accounts(s *session, args []string) error {
	o := newOptions("accounts")
	path := o.recordFlag()
	format := o.choice("format", "text", "json")
	var roles []access.Role
	o.Var(rolesFlag{&roles}, "roles", "")
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) != 0 && len(rest) != 2 {
		return usage("accounts", "say add, password, roles or remove, and one name; nothing to list them")
	}
	store, err := openStore(s, *path)
	if err != nil {
		return err
	}
	defer store.Close()
	if len(rest) == 0 {
		return listAccounts(s, store, *format)
	}
	verb, name := rest[0], rest[1]
	if !slices.Contains([]string{"add", "password", "roles", "remove"}, verb) {
		return usage("accounts", "accounts cannot %q: it is add, password, roles or remove", verb)
	}
	all, err := store.Accounts(s)
	if err != nil {
		return err
	}
	there := false
	for _, a := range all {
		there = there || a.Name == name
	}
	switch {
	case verb == "add" && there:
		return usage("accounts", "account %s is there already", name)
	case verb != "add" && !there:
		return &rapport.Error{Kind: rapport.NotFound, Where: access.Beside(*path), What: "holds no account " + name, Try: "rapport accounts"}
	case (verb == "add" || verb == "roles") && len(roles) == 0:
		return usage("accounts", "what may %s do? Say --roles", name)
	case verb == "password" && len(roles) > 0:
		return usage("accounts", "password takes no --roles")
	}
	told := ""
	switch verb {
	case "add", "password":
		password, err := readPassword(s, name)
		if err != nil {
			return err
		}
		if err := store.SetAccount(s, name, password, roles); err != nil {
			return err
		}
		told = "has a new password"
		if verb == "add" {
			told = "may " + words(roles)
		}
	case "roles":
		if err := store.SetAccount(s, name, "", roles); err != nil {
			return err
		}
		told = "may " + words(roles)
	case "remove":
		if err := store.RemoveAccount(s, name); err != nil {
			return err
		}
		told = "is removed with its sessions and tokens"
	}
	what := verb + " " + name
	if len(roles) > 0 {
		what += ": " + words(roles)
	}
	if err := store.Note(s, access.Entry{Account: localUser(), Remote: "command line", Action: "accounts", What: what, Status: 200}); err != nil {
		return err
	}
	if err := store.Close(); err != nil {
		return err
	}
	return s.print([]byte(tameLine(name+" "+told) + "\n"))
}

func localUser() string {
	for _, name := range []string{"USER", "USERNAME", "LOGNAME"} {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return "local"
}

func words(roles []access.Role) string {
	var out []string
	for _, r := range roles {
		out = append(out, string(r))
	}
	return strings.Join(out, ", ")
}

func listAccounts(s *session, store *access.Store, format string) error {
	all, err := store.Accounts(s)
	if err != nil {
		return err
	}
	if format == "json" {
		return s.printJSON(all)
	}
	for _, a := range all {
		if err := s.print([]byte(fmt.Sprintf("%-20s %s\n", tameLine(a.Name), words(a.Roles)))); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		fmt.Fprintln(s.stderr, "rapport: no account yet")
	}
	return nil
}

// readPassword reads a password from a terminal without showing it, twice, or
// else the first line of standard input.
func readPassword(s *session, name string) (string, error) {
	if f, ok := s.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		var typed [2]string
		for i, ask := range []string{"password of " + name + ": ", "again: "} {
			fmt.Fprint(s.stderr, tameLine(ask))
			b, err := term.ReadPassword(int(f.Fd()))
			fmt.Fprintln(s.stderr)
			if err != nil {
				return "", &rapport.Error{Kind: rapport.BadInput, What: "no password can be read", Err: err}
			}
			typed[i] = string(b)
		}
		if typed[0] != typed[1] {
			return "", &rapport.Error{Kind: rapport.BadInput, What: "the two passwords differ", Try: "again"}
		}
		return typed[0], nil
	}
	line, err := bufio.NewReader(io.LimitReader(s.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", &rapport.Error{Kind: rapport.BadInput, What: "no password can be read", Err: err}
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// tokens runs "rapport tokens": keys for programs.
func tokens(s *session, args []string) error {
	o := newOptions("tokens")
	path := o.recordFlag()
	format := o.choice("format", "text", "json")
	label := o.String("label", "", "")
	var scopes []access.Role
	o.Var(rolesFlag{&scopes}, "scopes", "")
	var expires rapport.Date
	o.Var(dateFlag{&expires}, "expires", "")
	rest, done, err := o.parse(s, args)
	if done || err != nil {
		return err
	}
	if len(rest) == 1 || len(rest) > 2 {
		return usage("tokens", "say add ACCOUNT or revoke ID; nothing to list them")
	}
	store, err := openStore(s, *path)
	if err != nil {
		return err
	}
	defer store.Close()
	verb := ""
	if len(rest) > 0 {
		verb = rest[0]
	}
	note := func(what string) error {
		return store.Note(s, access.Entry{Account: localUser(), Remote: "command line", Action: "tokens", What: what, Status: 200})
	}
	switch verb {
	case "":
		return listTokens(s, store, *format)
	case "add":
		end := time.Now().AddDate(0, 3, 0)
		if expires != "" {
			_, last, ok := expires.Bounds()
			if !ok || last.IsZero() {
				return usage("tokens", "--expires is a day")
			}
			end = last.AddDate(0, 0, 1)
		}
		if len(scopes) == 0 {
			return usage("tokens", "what is the token for? Say --scopes")
		}
		text, t, err := store.NewToken(s, rest[1], *label, scopes, end)
		if err != nil {
			return err
		}
		if err := note("add " + t.ID + " of " + t.Account + ": " + words(scopes) + " until " + t.Expires); err != nil {
			return err
		}
		fmt.Fprintf(s.stderr, "rapport: token %s of %s ends %s; it is shown this once\n", t.ID, tameLine(t.Account), t.Expires[:10])
		return s.print([]byte(text + "\n"))
	case "revoke":
		if err := store.RevokeToken(s, rest[1]); err != nil {
			return err
		}
		if err := note("revoke " + rest[1]); err != nil {
			return err
		}
		return s.print([]byte(tameLine("token "+rest[1]) + " is revoked\n"))
	}
	return usage("tokens", "tokens cannot %q: it is add or revoke", verb)
}

func listTokens(s *session, store *access.Store, format string) error {
	all, err := store.Tokens(s, "")
	if err != nil {
		return err
	}
	if format == "json" {
		return s.printJSON(all)
	}
	for _, t := range all {
		used := "never used"
		if t.Used != "" {
			used = "last used " + t.Used[:10]
		}
		line := fmt.Sprintf("%s  %-20s %s, until %s, %s  %s", t.ID, t.Account, words(t.Scopes), t.Expires[:10], used, t.Label)
		if err := s.print([]byte(tameLine(strings.TrimSpace(line)) + "\n")); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		fmt.Fprintln(s.stderr, "rapport: no token yet")
	}
	return nil
}
