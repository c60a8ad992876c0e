package record

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport"
)

func openAt(tb testing.TB, path string, o Options) *Record {
	tb.Helper()
	r, err := Open(context.Background(), path, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { r.Close() })
	return r
}

func openTemp(tb testing.TB) *Record {
	tb.Helper()
	return openAt(tb, filepath.Join(tb.TempDir(), "a.db"), Options{Create: true})
}

// sound fails the test when Check finds a problem.
func sound(tb testing.TB, r *Record) {
	tb.Helper()
	ps, err := r.Check(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range ps {
		tb.Errorf("check: %s: %s", p.Where, p.What)
	}
}

// kept keeps a report and wants it to be want.
func kept(tb testing.TB, r *Record, c Coded, coder string, want Kept) {
	tb.Helper()
	got, err := r.Keep(context.Background(), c.Report, c.Claims, coder)
	if err != nil {
		tb.Fatal(err)
	}
	if got != want {
		tb.Fatalf("%s is %v, want %v", c.Report.ID, got, want)
	}
}

// raw opens the file as plain SQLite.
func raw(tb testing.TB, path string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", dsn(path, "rwc", time.Second))
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tb.Cleanup(func() { db.Close() })
	return db
}

func execRaw(tb testing.TB, path, query string) {
	tb.Helper()
	db := raw(tb, path)
	if _, err := db.Exec(query); err != nil {
		tb.Fatal(err)
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
}

// TestOpenErrors: whatever is wrong with the file is told in one line that
// says what to try.
func TestOpenErrors(t *testing.T) {
	made := func(t *testing.T, path string) {
		r := openAt(t, path, Options{Create: true})
		kept(t, r, newGenerator(1).coded(0, 14, 10), "toy 1", New)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	write := func(text string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name string
		make func(*testing.T, string)
		o    Options
		want string
	}{
		{"missing", func(*testing.T, string) {}, Options{}, "no such record"},
		{"missing, to read", func(*testing.T, string) {}, Options{Create: true, ReadOnly: true}, "no such record"},
		{"directory", func(t *testing.T, p string) { os.Mkdir(p, 0o777) }, Options{Create: true}, "is a directory"},
		{"empty", write(""), Options{}, "is empty"},
		{"text", write("Cairo, 8 June"), Options{Create: true}, "it is no record"},
		{"text, to read", write("Cairo, 8 June"), Options{ReadOnly: true}, "it is no record"},
		{"long text", write(strings.Repeat("Cairo, 8 June. ", 1000)), Options{Create: true}, "it is no record"},
		{"another SQLite file", func(t *testing.T, p string) { execRaw(t, p, `CREATE TABLE x (y)`) }, Options{Create: true}, "no Rapport record"},
		{"another SQLite file, to read", func(t *testing.T, p string) { execRaw(t, p, `CREATE TABLE x (y)`) }, Options{ReadOnly: true}, "no Rapport record"},
		{"from the future", func(t *testing.T, p string) { made(t, p); execRaw(t, p, `PRAGMA user_version = 99`) }, Options{}, "has format 99, and this Rapport knows"},
		{"from the future, to read", func(t *testing.T, p string) { made(t, p); execRaw(t, p, `PRAGMA user_version = 99`) }, Options{ReadOnly: true}, "has format 99"},
		{"first page damaged", func(t *testing.T, p string) { made(t, p); overwrite(t, p, 0, 4096) }, Options{}, "its first page is damaged"},
		{"schema damaged", func(t *testing.T, p string) { made(t, p); overwrite(t, p, 100, 2000) }, Options{}, "is damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			test.make(t, path)
			r, err := Open(t.Context(), path, test.o)
			if err == nil {
				r.Close()
				t.Fatal("opened")
			}
			clear := rapport.KindOf(err) == rapport.Storage && strings.Contains(err.Error(), test.want) &&
				strings.HasPrefix(err.Error(), path+": ") && strings.Contains(err.Error(), "(try: ") && !strings.Contains(err.Error(), "\n")
			if !clear {
				t.Errorf("%v\nwant a line of storage trouble that holds %q and what to try", err, test.want)
			}
		})
	}
	t.Run("missing parent", func(t *testing.T) {
		_, err := Open(t.Context(), filepath.Join(t.TempDir(), "no", "a.db"), Options{Create: true})
		if err == nil || !strings.Contains(err.Error(), "mkdir -p") {
			t.Error(err)
		}
	})
}

// overwrite puts n bytes of 0xA5 at an offset of a file.
func overwrite(tb testing.TB, path string, at int64, n int) {
	tb.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("\xa5", n)), at); err != nil {
		tb.Fatal(err)
	}
}

// TestDamagedPage: a page spoilt in the middle makes an error of what needs
// it, and Check tells it; it never panics nor passes for good.
func TestDamagedPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	r := openAt(t, path, Options{Create: true})
	for c := range newGenerator(1).reports(60, 14, 10) {
		kept(t, r, c, "toy 1", New)
	}
	r.Close()
	fi, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for page := int64(1); page < fi.Size()/4096; page += 7 {
		if err := os.WriteFile(path, whole, 0o666); err != nil {
			t.Fatal(err)
		}
		overwrite(t, path, page*4096, 4096)
		r, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err != nil {
			if rapport.KindOf(err) != rapport.Storage {
				t.Errorf("page %d: %v", page, err)
			}
			continue
		}
		problems, err := r.Check(t.Context())
		if err == nil && len(problems) == 0 {
			t.Errorf("page %d spoilt and nothing found", page)
		}
		if err != nil && rapport.KindOf(err) != rapport.Storage {
			t.Errorf("page %d: %v", page, err)
		}
		r.Close()
	}
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	r := openAt(t, path, Options{Create: true, Wait: 20 * time.Millisecond})
	g := newGenerator(1)
	kept(t, r, g.coded(0, 14, 10), "toy 1", New)
	db := raw(t, path)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	c := g.coded(1, 14, 10)
	_, err := r.Keep(t.Context(), c.Report, c.Claims, "toy 1")
	if err == nil || rapport.KindOf(err) != rapport.Storage || !strings.Contains(err.Error(), "another process is writing to it") {
		t.Fatalf("keeping in a locked record: %v", err)
	}
	if _, err := r.Report(t.Context(), "r-0000000"); err != nil {
		t.Errorf("a reader has to wait for the writer: %v", err)
	}
	if other := openAt(t, path, Options{ReadOnly: true}); other != nil {
		if _, err := other.ClaimsOf(t.Context(), "r-0000000"); err != nil {
			t.Errorf("another reader: %v", err)
		}
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	kept(t, r, c, "toy 1", New)
	sound(t, r)
}

// TestReadOnly: a record on a read-only disk can be read, and says so when it
// is asked to write.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	r := openAt(t, path, Options{Create: true})
	c := newGenerator(1).coded(0, 14, 10)
	kept(t, r, c, "toy 1", New)
	r.Close()

	r = openAt(t, path, Options{ReadOnly: true})
	_, err := r.Keep(t.Context(), c.Report, c.Claims, "toy 1")
	if err == nil || rapport.KindOf(err) != rapport.Storage || !strings.Contains(err.Error(), "open for reading only") {
		t.Errorf("keeping in a record opened to read: %v", err)
	}
	sound(t, r)
	r.Close()

	if os.Getuid() == 0 {
		t.Log("not tested as root, whom permissions do not bind: a file and directory without write permission")
		return
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o777)
	r = openAt(t, path, Options{ReadOnly: true})
	sound(t, r)
	if _, err := Open(t.Context(), path, Options{Create: true}); err == nil || !strings.Contains(err.Error(), "may not be written") {
		t.Errorf("opening a file without write permission for writing: %v", err)
	}
}

// TestDiskFull lets the file grow to a limit, as a full disk would.
func TestDiskFull(t *testing.T) {
	r := openTemp(t)
	g := newGenerator(1)
	kept(t, r, g.coded(0, 14, 10), "toy 1", New)
	if _, err := r.w.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 120"); err != nil {
		t.Fatal(err)
	}
	var n int
	var err error
	var last Coded
	for n = 1; n < 200; n++ {
		last = g.coded(n, 14, 10)
		if _, err = r.Keep(t.Context(), last.Report, last.Claims, "toy 1"); err != nil {
			break
		}
	}
	if err == nil || rapport.KindOf(err) != rapport.Storage || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatalf("after %d reports: %v", n, err)
	}
	s, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Reports != n {
		t.Errorf("%d reports kept, %d told as kept", s.Reports, n)
	}
	sound(t, r)
	if _, err := r.w.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	kept(t, r, last, "toy 1", New)
	sound(t, r)
}

func TestStopped(t *testing.T) {
	r := openTemp(t)
	ctx, stop := context.WithCancel(t.Context())
	g, n := newGenerator(1), 0
	err := r.KeepMany(ctx, g.reports(3*Batch, 3, 2), "toy 1", func(string, Kept, error) {
		if n++; n == Batch {
			stop()
		}
	})
	if rapport.KindOf(err) != rapport.Stopped {
		t.Errorf("stopped: %v", err)
	}
	s, err := r.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Reports != n || n >= 3*Batch {
		t.Errorf("%d reports kept, %d told as kept", s.Reports, n)
	}
	sound(t, r)
}

// TestBackup copies while writing goes on.
func TestBackup(t *testing.T) {
	r := openTemp(t)
	g := newGenerator(1)
	for i := range 20 {
		kept(t, r, g.coded(i, 14, 10), "toy 1", New)
	}
	done := make(chan error)
	go func() {
		for i := 20; i < 60; i++ {
			c := g.coded(i, 14, 10)
			if _, err := r.Keep(context.Background(), c.Report, c.Claims, "toy 1"); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	to := filepath.Join(t.TempDir(), "it's a copy.db")
	if err := r.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	b := openAt(t, to, Options{ReadOnly: true})
	sound(t, b)
	s, err := b.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Reports < 20 || s.Claims < 150 {
		t.Errorf("the copy holds %d reports, %d claims", s.Reports, s.Claims)
	}
	if err := r.Backup(t.Context(), to); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second copy to the same file: %v", err)
	}
}

// TestReadersWhileWriting: readers see whole reports only.
func TestReadersWhileWriting(t *testing.T) {
	r := openTemp(t)
	g := newGenerator(1)
	coded := make([]Coded, 40)
	for i := range coded {
		coded[i] = g.coded(i, 14, 10)
	}
	kept(t, r, coded[0], "toy 1", New)
	stop := make(chan struct{})
	errs := make(chan error, 3)
	for range 3 {
		go func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					errs <- nil
					return
				default:
				}
				i := n % len(coded)
				if _, err := r.Report(context.Background(), coded[i].Report.ID); err != nil {
					if rapport.KindOf(err) == rapport.NotFound {
						continue // not yet there
					}
					errs <- err
					return
				}
				claims, err := r.ClaimsOf(context.Background(), coded[i].Report.ID)
				if err != nil {
					errs <- err
					return
				}
				if len(claims) != len(coded[i].Claims) {
					t.Errorf("%s has %d of its %d claims", coded[i].Report.ID, len(claims), len(coded[i].Claims))
				}
			}
		}()
	}
	for _, c := range coded[1:] {
		kept(t, r, c, "toy 1", New)
	}
	close(stop)
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// TestOpenTogether: of many who make a record at once all get the same one.
func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	g := newGenerator(1)
	const n = 6
	errs := make(chan error)
	for i := range n {
		c := g.coded(i, 3, 2)
		go func() {
			r, err := Open(context.Background(), path, Options{Create: true})
			if err == nil {
				_, err = r.Keep(context.Background(), c.Report, c.Claims, "toy 1")
				r.Close()
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	r := openAt(t, path, Options{ReadOnly: true})
	sound(t, r)
	if s, err := r.Stats(t.Context()); err != nil || s.Reports != n {
		t.Errorf("%d reports kept: %v", s.Reports, err)
	}
}

// TestKilledAtBirth: a record whose first commit was cut short is made anew.
func TestKilledAtBirth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	execRaw(t, path, "CREATE TABLE x (y); DROP TABLE x; VACUUM") // pages, and nothing on them
	if fi, err := os.Stat(path); err != nil || fi.Size() == 0 {
		t.Fatalf("%v %v", fi, err)
	}
	if _, err := Open(t.Context(), path, Options{}); err == nil {
		t.Error("it is taken for a record")
	}
	r := openAt(t, path, Options{Create: true})
	kept(t, r, newGenerator(1).coded(0, 3, 2), "toy 1", New)
	sound(t, r)
}
