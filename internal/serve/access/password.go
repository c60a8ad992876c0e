package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"rapport"
)

// Argon2id with 19 MiB, two passes and one lane, the second of the settings of
// equal strength that OWASP's Password Storage Cheat Sheet names.
const (
	hashMemory  = 19 << 10 // KiB
	hashPasses  = 2
	hashLanes   = 1
	hashLength  = 32
	saltLength  = 16
	minPassword = 12
	maxPassword = 1024 // bytes; whoever sends more only wants to keep us busy
)

// hashing bounds the memory that logins take together: two hashes at a time.
var hashing = make(chan struct{}, 2)

func argon(ctx context.Context, password string, salt []byte, memory, passes uint32, lanes uint8) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		return argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashLength), nil
	case <-ctx.Done():
		return nil, &rapport.Error{Kind: rapport.Stopped, What: "stopped", Err: ctx.Err()}
	}
}

// hashPassword returns the hash of a password in the PHC string format.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails
	sum, err := argon(ctx, password, salt, hashMemory, hashPasses, hashLanes)
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes, enc(salt), enc(sum)), err
}

var errHash = errors.New("no hash of a password")

// samePassword reports whether a hash is that of a password.
func samePassword(ctx context.Context, hash, password string) (bool, error) {
	parts := strings.Split(hash, "$")
	var v int
	var memory, passes uint32
	var lanes uint8
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errHash
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &v, &memory, &passes, &lanes); err != nil || v != argon2.Version {
		return false, errHash
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || err2 != nil || len(want) != hashLength {
		return false, errHash
	}
	got, err := argon(ctx, password, salt, memory, passes, lanes)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// checkPassword says what is wrong with a new password.
func checkPassword(name, password string) error {
	what := ""
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		what = fmt.Sprintf("the password has fewer than %d characters", minPassword)
	case len(password) > maxPassword:
		what = fmt.Sprintf("the password is longer than %d bytes", maxPassword)
	case strings.Contains(strings.ToLower(password), strings.ToLower(name)) && len(name) > 2:
		what = "the password holds the account's name"
	case !utf8.ValidString(password):
		what = "the password is not UTF-8 text"
	default:
		return nil
	}
	return &rapport.Error{Kind: rapport.BadInput, Where: name, What: what, Try: "four or five words that do not belong together"}
}

// secret returns 32 random bytes as text and their hash, which is what is kept.
// A plain hash will do: there is nothing to guess.
func secret() (text string, hash []byte) {
	b := make([]byte, 32)
	rand.Read(b)
	text = base64.RawURLEncoding.EncodeToString(b)
	return text, hashSecret(text)
}

func hashSecret(text string) []byte {
	h := sha256.Sum256([]byte(text))
	return h[:]
}
