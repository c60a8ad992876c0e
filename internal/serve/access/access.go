// Package access decides who may do what with a served record: accounts with
// roles, sessions, API tokens, limits on how much and how often, and the trail
// of who did what.
//
// A [Store] keeps accounts, tokens, sessions, the trail and the answers to
// repeated posts in an SQLite file of its own beside the record, which only its
// owner may read (0600). It is apart from the record so that a record can be
// copied to others without anybody's hashes, and SQLite rather than a text
// because "rapport accounts" changes it while a server is running. No password,
// token or session id is kept, only their hashes.
//
// A [Guard] stands before every handler: it looks at the Host header, refuses
// posts from other sites, finds out who asks and counts how often.
package access

import (
	"context"
	"slices"
)

// Role is something that an account may do.
type Role string

// The roles. An admin may do everything; the others hold nothing of each other.
const (
	Read   Role = "read"   // see what the record holds, code a text
	Review Role = "review" // decide on claims and merges
	Ingest Role = "ingest" // add reports
	Admin  Role = "admin"  // and see the trail
)

// Roles lists all roles.
func Roles() []Role { return []Role{Read, Review, Ingest, Admin} }

// User is who asks.
type User struct {
	Name  string
	Roles []Role
	Token string // id of the API token that came with the request
	Local bool   // nobody logged in: somebody at this machine
}

// May reports whether the user has a role, or all of them.
func (u User) May(r Role) bool { return slices.Contains(u.Roles, r) || slices.Contains(u.Roles, Admin) }

// local is the user of a server that asks for no login.
func local(name string) User { return User{Name: name, Roles: Roles(), Local: true} }

type key struct{}

// With returns a context that carries the user.
func With(ctx context.Context, u User) context.Context { return context.WithValue(ctx, key{}, u) }

// From returns the user that a request's context carries.
func From(ctx context.Context) (User, bool) {
	u, ok := ctx.Value(key{}).(User)
	return u, ok
}
