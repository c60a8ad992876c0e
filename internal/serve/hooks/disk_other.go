//go:build !unix

package hooks

import "os"

// syncDir does nothing: directories cannot be brought to the disk here.
func syncDir(string) error { return nil }

// lock opens the file and shuts nobody out: two senders would send twice.
func lock(name string) (*os.File, error) { return os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600) }
