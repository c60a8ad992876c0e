package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"rapport"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed schema.sql
var schema string

// Beside names the store of the server of a record.
func Beside(record string) string { return record + ".serve" }

// Store keeps accounts, tokens, sessions, the trail and answers. It is safe for
// concurrent use, by several processes too.
type Store struct {
	path string
	db   *sql.DB
	now  func() time.Time
}

// Open opens the store at path and makes it when it is missing. now is the
// clock. An empty path is a store in memory, which ends with the process.
func Open(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	s := &Store{path: path, now: now}
	dsn := "file:memory?mode=memory"
	if path != "" {
		if err := private(path); err != nil {
			return nil, err
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, s.fail("cannot be opened", err)
		}
		abs = filepath.ToSlash(abs)
		if !strings.HasPrefix(abs, "/") {
			abs = "/" + abs // a Windows volume
		}
		dsn = "file://" + (&url.URL{Path: abs}).EscapedPath() + "?mode=rw"
	}
	db, err := sql.Open("sqlite", dsn+"&_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-1024)")
	if err != nil {
		return nil, s.fail("cannot be opened", err)
	}
	db.SetMaxOpenConns(2)
	if path == "" {
		db.SetMaxOpenConns(1) // each connection would have a memory of its own
	}
	s.db = db
	var app int
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&app); err == nil && app == 0x52707274 {
		db.Close()
		return nil, &rapport.Error{Kind: rapport.Storage, Where: path, What: "is a record, not what serve keeps beside one", Try: "another file"}
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, s.fail("cannot be opened", err)
	}
	return s, nil
}

// private makes the file if it is missing, for its owner alone, and refuses one
// that others may read.
func private(path string) error {
	bad := func(what, try string, err error) error {
		return &rapport.Error{Kind: rapport.Storage, Where: path, What: what, Try: try, Err: err}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return bad("cannot be made", "", err)
	}
	fi, err := os.Stat(path)
	switch {
	case err != nil:
		return bad("cannot be opened", "", err)
	case !fi.Mode().IsRegular():
		return bad("is no regular file", "", nil)
	case runtime.GOOS != "windows" && fi.Mode().Perm()&0o077 != 0:
		return bad("holds hashes of passwords and may be read by others", "chmod 600 "+path, nil)
	}
	return nil
}

// Close closes the store.
func (s *Store) Close() error { return s.fail("cannot be closed", s.db.Close()) }

func (s *Store) fail(what string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*rapport.Error](err); ok {
		return err
	}
	kind := rapport.Storage
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		kind = rapport.Stopped
	}
	return &rapport.Error{Kind: kind, Where: s.path, What: what, Err: err}
}

func (s *Store) stamp() string { return stamp(s.now()) }

// stamp writes times always as long, so that they sort as text.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Account is who may log in.
type Account struct {
	Name    string `json:"name"`
	Roles   []Role `json:"roles"`
	Created string `json:"created"`
}

func joinRoles(rs []Role) string {
	var out []string
	for _, r := range rs {
		out = append(out, string(r))
	}
	return strings.Join(out, " ")
}

func splitRoles(s string) (out []Role) {
	for _, r := range strings.Fields(s) {
		out = append(out, Role(r))
	}
	return out
}

func checkRoles(rs []Role) error {
	for _, r := range rs {
		if !slices.Contains(Roles(), r) {
			return &rapport.Error{Kind: rapport.Usage, What: fmt.Sprintf("%q is no role", r), Try: "read, review, ingest or admin"}
		}
	}
	if len(rs) == 0 {
		return &rapport.Error{Kind: rapport.Usage, What: "no role is named", Try: "read, review, ingest or admin"}
	}
	return nil
}

// SetAccount makes an account or changes its password and roles; an empty
// password or nil roles leave those of an account that is there. Whoever is
// logged in with another password is not any more.
func (s *Store) SetAccount(ctx context.Context, name, password string, roles []Role) error {
	if name == "" || len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r)
	}) {
		return &rapport.Error{Kind: rapport.Usage, What: fmt.Sprintf("%q is no name of an account", name), Try: "letters, digits and . _ - @, 64 bytes at most"}
	}
	if strings.HasPrefix(name, "rule:") || name == localName {
		return &rapport.Error{Kind: rapport.Usage, What: fmt.Sprintf("%q is not to be had as a name", name)}
	}
	var hash, old string
	err := s.db.QueryRowContext(ctx, `SELECT hash, roles FROM account WHERE name = ?`, name).Scan(&hash, &old)
	fresh := errors.Is(err, sql.ErrNoRows)
	if err != nil && !fresh {
		return s.fail("cannot be read", err)
	}
	if roles == nil && !fresh {
		roles = splitRoles(old)
	}
	if err := checkRoles(roles); err != nil {
		return err
	}
	if password != "" || fresh {
		if err := checkPassword(name, password); err != nil {
			return err
		}
		if hash, err = hashPassword(ctx, password); err != nil {
			return err
		}
		if _, err := s.db.ExecContext(ctx, `DELETE FROM session WHERE account = ?`, name); err != nil {
			return s.fail("cannot be written", err)
		}
	}
	_, err = s.db.ExecContext(ctx, `INSERT INTO account (name, hash, roles, created) VALUES (?,?,?,?)
		ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, roles = excluded.roles`, name, hash, joinRoles(roles), s.stamp())
	return s.fail("cannot be written", err)
}

// RemoveAccount takes an account away with its sessions and tokens.
func (s *Store) RemoveAccount(ctx context.Context, name string) error {
	return s.remove(ctx, "account", name, `DELETE FROM account WHERE name = ?`)
}

func (s *Store) remove(ctx context.Context, what, id, query string) error {
	res, err := s.db.ExecContext(ctx, query, id)
	if err != nil {
		return s.fail("cannot be written", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return &rapport.Error{Kind: rapport.NotFound, Where: s.path, What: "holds no " + what + " " + id, Err: err}
	}
	return nil
}

// Accounts lists the accounts by name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	return list(ctx, s, `SELECT name, roles, created FROM account ORDER BY name`, func(scan func(...any) error) (a Account, err error) {
		var roles string
		err = scan(&a.Name, &roles, &a.Created)
		a.Roles = splitRoles(roles)
		return a, err
	})
}

func list[T any](ctx context.Context, s *Store, query string, scan func(func(...any) error) (T, error), args ...any) ([]T, error) {
	out := []T{}
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.fail("cannot be read", err)
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, s.fail("cannot be read", err)
		}
		out = append(out, v)
	}
	return out, s.fail("cannot be read", rows.Err())
}

// How long a session lasts unused, and at all.
const (
	sessionIdle = 12 * time.Hour
	sessionAge  = 7 * 24 * time.Hour
)

// errLogin does not say which of the two is wrong.
var errLogin = &rapport.Error{Kind: rapport.Usage, What: "name or password is wrong", Try: "again, or rapport accounts password NAME on the server"}

// Login begins a session. It always has a new id; the one the browser came
// with, if any, ends.
func (s *Store) Login(ctx context.Context, name, password, old string) (session string, u User, err error) {
	if len(password) > maxPassword || len(name) > 64 {
		return "", User{}, errLogin
	}
	var hash, roles string
	err = s.db.QueryRowContext(ctx, `SELECT hash, roles FROM account WHERE name = ?`, name).Scan(&hash, &roles)
	known := err == nil
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return "", User{}, s.fail("cannot be read", err)
	case !known:
		hash = dummyHash
	}
	same, err := samePassword(ctx, hash, password)
	if err != nil {
		return "", User{}, s.fail("cannot be read", err)
	}
	if !same || !known {
		return "", User{}, errLogin
	}
	id, sum := secret()
	now := s.now()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return "", User{}, s.fail("cannot be written", err)
	}
	defer tx.Rollback()
	for _, q := range []struct {
		text string
		args []any
	}{
		{`DELETE FROM session WHERE hash = ? OR seen < ? OR created < ?`, []any{hashSecret(old), stamp(now.Add(-sessionIdle)), stamp(now.Add(-sessionAge))}},
		{`INSERT INTO session (hash, account, created, seen) VALUES (?,?,?,?)`, []any{sum, name, stamp(now), stamp(now)}},
	} {
		if _, err := tx.ExecContext(ctx, q.text, q.args...); err != nil {
			return "", User{}, s.fail("cannot be written", err)
		}
	}
	return id, User{Name: name, Roles: splitRoles(roles)}, s.fail("cannot be written", tx.Commit())
}

// dummyHash is nobody's: a login under a name that is not there takes as long
// as one under a name that is.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Session returns whose session an id is.
func (s *Store) Session(ctx context.Context, id string) (User, bool, error) {
	if id == "" || len(id) > 100 {
		return User{}, false, nil
	}
	var u User
	var roles, created, seen string
	hash := hashSecret(id)
	err := s.db.QueryRowContext(ctx, `SELECT a.name, a.roles, s.created, s.seen FROM session s JOIN account a ON a.name = s.account WHERE s.hash = ?`, hash).Scan(&u.Name, &roles, &created, &seen)
	now := s.now()
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return User{}, false, nil
	case err != nil:
		return User{}, false, s.fail("cannot be read", err)
	case created < stamp(now.Add(-sessionAge)) || seen < stamp(now.Add(-sessionIdle)):
		return User{}, false, nil
	}
	u.Roles = splitRoles(roles)
	if seen < stamp(now.Add(-time.Minute)) { // a write a minute will do
		if _, err := s.db.ExecContext(ctx, `UPDATE session SET seen = ? WHERE hash = ?`, stamp(now), hash); err != nil {
			return User{}, false, s.fail("cannot be written", err)
		}
	}
	return u, true, nil
}

// Logout ends a session.
func (s *Store) Logout(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM session WHERE hash = ?`, hashSecret(id))
	return s.fail("cannot be written", err)
}

// Token is a key for programs, as it is kept.
type Token struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Label   string `json:"label,omitempty"`
	Scopes  []Role `json:"scopes"` // what it may, if its account may
	Created string `json:"created"`
	Expires string `json:"expires"`
	Used    string `json:"used,omitempty"` // to the hour
}

// tokenPrefix lets scanners for leaked secrets find tokens.
const tokenPrefix = "rapport_"

// MaxTokenAge is how long a token may last.
const MaxTokenAge = 366 * 24 * time.Hour

// NewToken makes a token of an account. text is the token itself, which is
// nowhere kept.
func (s *Store) NewToken(ctx context.Context, account, label string, scopes []Role, expires time.Time) (text string, t Token, err error) {
	if err := checkRoles(scopes); err != nil {
		return "", t, err
	}
	now := s.now()
	if !expires.After(now) || expires.After(now.Add(MaxTokenAge)) {
		return "", t, &rapport.Error{Kind: rapport.Usage, Where: "expires", What: "a token ends within a year from now", Try: stamp(now.AddDate(0, 3, 0))[:10]}
	}
	if len(label) > 200 {
		return "", t, &rapport.Error{Kind: rapport.Usage, Where: "label", What: "is longer than 200 bytes"}
	}
	id := make([]byte, 6)
	rand.Read(id)
	key, hash := secret()
	t = Token{ID: hex.EncodeToString(id), Account: account, Label: label, Scopes: scopes, Created: stamp(now), Expires: stamp(expires)}
	res, err := s.db.ExecContext(ctx, `INSERT INTO token (id, hash, account, label, scopes, created, expires, used) SELECT ?,?,name,?,?,?,?,'' FROM account WHERE name = ?`,
		t.ID, hash, label, joinRoles(scopes), t.Created, t.Expires, account)
	if err != nil {
		return "", t, s.fail("cannot be written", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return "", t, &rapport.Error{Kind: rapport.NotFound, Where: s.path, What: "holds no account " + account, Try: "rapport accounts"}
	}
	return tokenPrefix + t.ID + "_" + key, t, nil
}

// Tokens lists the tokens of an account, all when account is empty.
func (s *Store) Tokens(ctx context.Context, account string) ([]Token, error) {
	return list(ctx, s, `SELECT id, account, label, scopes, created, expires, used FROM token WHERE ?1 = '' OR account = ?1 ORDER BY account, created, id`,
		func(scan func(...any) error) (t Token, err error) {
			var scopes string
			err = scan(&t.ID, &t.Account, &t.Label, &scopes, &t.Created, &t.Expires, &t.Used)
			t.Scopes = splitRoles(scopes)
			return t, err
		}, account)
}

// RevokeToken ends a token.
func (s *Store) RevokeToken(ctx context.Context, id string) error {
	return s.remove(ctx, "token", id, `DELETE FROM token WHERE id = ?`)
}

// ByToken returns whose token a text is: the account with those of its roles
// that the token is for.
func (s *Store) ByToken(ctx context.Context, text string) (User, bool, error) {
	rest, ok := strings.CutPrefix(text, tokenPrefix)
	id, key, ok2 := strings.Cut(rest, "_")
	if !ok || !ok2 || len(text) > 200 {
		return User{}, false, nil
	}
	u := User{Token: id}
	var hash []byte
	var scopes, roles, expires, used string
	err := s.db.QueryRowContext(ctx, `SELECT t.hash, t.scopes, t.expires, t.used, a.name, a.roles FROM token t JOIN account a ON a.name = t.account WHERE t.id = ?`, id).
		Scan(&hash, &scopes, &expires, &used, &u.Name, &roles)
	now := s.stamp()
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return User{}, false, nil
	case err != nil:
		return User{}, false, s.fail("cannot be read", err)
	case subtle.ConstantTimeCompare(hash, hashSecret(key)) != 1 || expires <= now:
		return User{}, false, nil
	}
	holder := User{Roles: splitRoles(roles)}
	for _, r := range splitRoles(scopes) {
		if holder.May(r) {
			u.Roles = append(u.Roles, r)
		}
	}
	if hour := now[:13]; used[:min(13, len(used))] != hour {
		if _, err := s.db.ExecContext(ctx, `UPDATE token SET used = ? WHERE id = ?`, hour+":00:00.000Z", id); err != nil {
			return User{}, false, s.fail("cannot be written", err)
		}
	}
	return u, true, nil
}

// Entry is a line of the trail.
type Entry struct {
	N       int64  `json:"n"`
	Time    string `json:"time"`
	Account string `json:"account"`
	Token   string `json:"token,omitempty"`
	Remote  string `json:"remote"`
	Action  string `json:"action"`
	What    string `json:"what,omitempty"`
	Status  int    `json:"status"`
}

// Note puts an entry on the trail. Entries are never changed or deleted.
func (s *Store) Note(ctx context.Context, e Entry) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO trail (time, account, token, remote, action, what, status) VALUES (?,?,?,?,?,?,?)`,
		s.stamp(), e.Account, e.Token, e.Remote, e.Action, clip(e.What), e.Status)
	return s.fail("cannot be written", err)
}

func clip(s string) string {
	const most = 500
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// Trail returns the entries before one (0: the end), newest first.
func (s *Store) Trail(ctx context.Context, before int64, limit int) ([]Entry, error) {
	return list(ctx, s, `SELECT n, time, account, token, remote, action, what, status FROM trail WHERE ?1 = 0 OR n < ?1 ORDER BY n DESC LIMIT ?2`,
		func(scan func(...any) error) (e Entry, err error) {
			return e, scan(&e.N, &e.Time, &e.Account, &e.Token, &e.Remote, &e.Action, &e.What, &e.Status)
		}, before, limit)
}

// Answer is what a post with an Idempotency-Key was answered.
type Answer struct {
	Request []byte // SHA-256 of method, path and body
	Status  int
	Type    string
	Place   string
	Body    []byte
}

// answerAge is how long answers are kept.
const answerAge = 24 * time.Hour

// Answered returns what a user's post with a key was answered within a day.
func (s *Store) Answered(ctx context.Context, account, key string) (a Answer, ok bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT request, status, type, place, body FROM answer WHERE account = ? AND key = ? AND time > ?`, account, key, stamp(s.now().Add(-answerAge))).
		Scan(&a.Request, &a.Status, &a.Type, &a.Place, &a.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, s.fail("cannot be read", err)
}

// KeepAnswer keeps what a post with a key is answered, and forgets old answers.
func (s *Store) KeepAnswer(ctx context.Context, account, key string, a Answer) error {
	now := s.now()
	_, err := s.db.ExecContext(ctx, `DELETE FROM answer WHERE time <= ?`, stamp(now.Add(-answerAge)))
	if err == nil {
		_, err = s.db.ExecContext(ctx, `INSERT OR REPLACE INTO answer (account, key, time, request, status, type, place, body) VALUES (?,?,?,?,?,?,?,?)`,
			account, key, stamp(now), a.Request, a.Status, a.Type, a.Place, a.Body)
	}
	return s.fail("cannot be written", err)
}
