//go:build !unix

package watch

import "os"

// lock opens the file: elsewhere nothing keeps a second watch away, which costs
// requests but no reports, for the record adds nothing twice.
func lock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
}
