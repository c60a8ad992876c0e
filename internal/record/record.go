// Package record keeps reports, their claims, judgements, reviews and the
// events derived from them, in one SQLite file.
//
// The format is written down in doc/record.md and in migrations/*.sql, which
// are numbered by user_version; application_id marks the file as a record.
//
// What is kept stays kept: [Record.Keep] returns after the report and all its
// claims are on the disk (WAL, synchronous=FULL), so neither a killed process
// nor a power cut loses a report that was said to be kept, and none is ever
// half there. There is one writer at a time, in this process by a mutex and
// among processes by SQLite's lock; readers never wait for it.
//
// The package holds no clock: times come with the reports or from
// [Options].Now.
package record

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"rapport"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID is "Rprt" in the header's application_id, which tells file(1)
// and us that an SQLite file is a record.
const applicationID = 0x52707274

// Options say how to open a record.
type Options struct {
	ReadOnly bool             // never write; also opens a file that may not be written
	Create   bool             // make the file when it is missing
	Now      func() time.Time // stamps report.added; nil leaves the report's own Retrieved there
	Wait     time.Duration    // how long to wait for another writer; 0 is ten seconds
	Map      int64            // bytes of the file that each of the connections for reading maps into memory; 0 is 2 GiB. What is mapped counts as the process's memory as often as it is mapped
}

// Record is an open record. It is safe for concurrent use.
type Record struct {
	path string
	mode string // of SQLite's URI, for readers
	now  func() time.Time
	read *sql.DB

	preparedMu sync.Mutex
	prepared   map[string]*sql.Stmt // of read, by text

	watchOnce sync.Once
	watch     *sql.DB // of [Record.Generation]
	watchErr  error

	segments sync.Map // wordSegment by n

	stateMu sync.Mutex
	state   *sql.Conn // that State asks, nil until then

	batch int        // reports a transaction in KeepMany
	mu    sync.Mutex // one writer
	w     *writer    // nil when read only
}

// Open opens the record at path. It makes the file when o.Create is set and
// brings an older format up to date, unless o.ReadOnly is set.
func Open(ctx context.Context, path string, o Options) (*Record, error) {
	fresh, err := inspect(path, o)
	if err != nil {
		return nil, err
	}
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	r := &Record{path: path, now: o.Now, batch: Batch}
	if !o.ReadOnly {
		if err := r.openWriter(ctx, o, fresh); err != nil {
			return nil, err
		}
	}
	if err := r.openReaders(ctx, o); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// openReaders opens the pool of connections that only read. Reading a WAL file
// takes a shared-memory file beside it; where that cannot be made, as on a
// read-only disk, and no log is waiting either, nobody can be writing, and the
// file is read as one that never changes.
func (r *Record) openReaders(ctx context.Context, o Options) error {
	modes := []string{"rw"}
	if o.ReadOnly {
		modes = []string{"ro"}
		if fi, err := os.Stat(r.path + "-wal"); err != nil || fi.Size() == 0 {
			modes = append(modes, "ro&immutable=1")
		}
	}
	var err error
	for _, r.mode = range modes {
		if r.read, err = sql.Open("sqlite", dsn(r.path, r.mode, o.Wait, "query_only(1)", "cache_size(-16384)", "mmap_size("+strconv.FormatInt(cmp.Or(o.Map, 2147418112), 10)+")")); err != nil {
			return r.fail("cannot be opened", err)
		}
		if !o.ReadOnly {
			break // the writer has looked at the format
		}
		if err = r.checkFormat(ctx); err == nil || !cannotOpen(err) {
			break
		}
		r.read.Close()
	}
	r.read.SetMaxOpenConns(max(4, runtime.NumCPU()) + 1) // one is State's
	return err
}

// Close closes the record. Everything kept is on the disk before.
func (r *Record) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	r.stateMu.Lock()
	defer r.stateMu.Unlock()
	if r.state != nil {
		errs = append(errs, r.state.Close())
		r.state = nil
	}
	if r.read != nil {
		errs = append(errs, r.read.Close())
	}
	r.watchOnce.Do(func() {}) // none from now on
	if r.watch != nil {
		errs = append(errs, r.watch.Close())
	}
	if r.w != nil { // last, so that its connection folds the WAL into the file
		errs = append(errs, r.w.close())
		r.w = nil
	}
	if err := errors.Join(errs...); err != nil {
		return r.fail("cannot be closed", err)
	}
	return nil
}

// Copy writes the record, as it stands on the disk, to a new file at path.
func (r *Record) Copy(ctx context.Context, path string) error {
	// On a connection of its own: VACUUM wants one that may write, and the
	// source may be read-only all the same.
	db, err := sql.Open("sqlite", dsn(r.path, r.mode, 10*time.Second))
	if err == nil {
		defer db.Close()
		_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	}
	return r.fail("cannot be copied to "+path, err)
}

// Path returns the file the record was opened at.
func (r *Record) Path() string { return r.path }

// inspect looks at the path before SQLite does, for SQLite's words on these
// faults say neither which file nor what to try. It reports whether the record
// has still to be made. It does not open the file: closing it again would drop
// the locks that this process holds on it (POSIX).
func inspect(path string, o Options) (fresh bool, err error) {
	storage := func(what, try string, err error) error {
		return &rapport.Error{Kind: rapport.Storage, Where: path, What: what, Try: try, Err: err}
	}
	fi, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		dir := filepath.Dir(path)
		if d, derr := os.Stat(dir); derr != nil || !d.IsDir() {
			return false, storage("cannot be made: "+dir+" is no directory", "make it with mkdir -p "+dir, nil)
		}
		if !o.Create || o.ReadOnly {
			return false, storage("no such record", "make one with rapport add REPORT", nil)
		}
		return true, nil
	case err != nil:
		return false, storage("cannot be opened", "", err)
	case fi.IsDir():
		return false, storage("is a directory, not a record", "name a file in it", nil)
	case !fi.Mode().IsRegular():
		return false, storage("is no regular file", "name a file on the disk", nil)
	}
	if fi.Size() == 0 { // SQLite leaves this when it is killed before its first commit
		if !o.Create || o.ReadOnly {
			return false, storage("is empty, no record", "make one with rapport add REPORT", nil)
		}
		return true, nil
	}
	return false, nil
}

// dsn is an SQLite URI for path with the pragmas of every connection.
func dsn(path, mode string, wait time.Duration, pragmas ...string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows volume
	}
	var b strings.Builder
	b.WriteString("file://" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode)
	b.WriteString("&_pragma=busy_timeout(" + strconv.FormatInt(wait.Milliseconds(), 10) + ")")
	for _, p := range pragmas {
		b.WriteString("&_pragma=" + url.QueryEscape(p))
	}
	return b.String()
}

// version returns the newest format this program writes.
func version() int {
	names, _ := fs.Glob(migrations, "migrations/*.sql")
	return len(names)
}

type queryer interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// format reads application_id and user_version, refusing what is no record or
// is newer than this program.
func (r *Record) format(ctx context.Context, q queryer) (int, error) {
	var app, v int
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return 0, r.fail("cannot be opened", err)
	}
	if err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v); err != nil {
		return 0, r.fail("cannot be opened", err)
	}
	switch {
	case app != applicationID:
		return 0, &rapport.Error{Kind: rapport.Storage, Where: r.path,
			What: "is an SQLite file but no Rapport record", Try: "name another file with --record"}
	case v > version():
		return 0, &rapport.Error{Kind: rapport.Storage, Where: r.path,
			What: fmt.Sprintf("has format %d, and this Rapport knows formats up to %d", v, version()),
			Try:  "use a newer Rapport"}
	}
	return v, nil
}

// checkFormat is for readers, who cannot bring a record up to date.
func (r *Record) checkFormat(ctx context.Context) error {
	v, err := r.format(ctx, r.read)
	if err == nil && v < version() {
		err = &rapport.Error{Kind: rapport.Storage, Where: r.path,
			What: fmt.Sprintf("has format %d, older than %d", v, version()),
			Try:  "open it once for writing, rapport add REPORT does"}
	}
	return err
}
