package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// started is a rapport that reads from a pipe that stays open.
type started struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	errs   *bufio.Reader
	closer io.Closer // its standard output
}

func start(t *testing.T, args ...string) *started {
	t.Helper()
	cmd := exec.Command("rapport", args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); in.Close() })
	return &started{cmd, in, bufio.NewReader(out), bufio.NewReader(errs), out}
}

func (s *started) feed(t *testing.T, id string) {
	t.Helper()
	if _, err := fmt.Fprintf(s.in, "{\"id\":%q,\"text\":\"Egypt thanked Azerbaijan.\",\"published\":\"2024-06-08\"}\n", id); err != nil {
		t.Fatal(err)
	}
}

func (s *started) until(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if strings.Contains(line, want) {
			return
		}
		if err != nil {
			t.Fatalf("%q never came: %v", want, err)
		}
	}
}

// TestStopAdding: an interrupt ends the work in order, and what was kept is kept.
func TestStopAdding(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	s := start(t, "add", "--record", path, "-")
	s.feed(t, "first")
	fmt.Fprintln(s.in, `{"id":"second"}`)
	s.until(t, s.errs, "stdin:2: holds no text") // told in order, so the first is on the disk
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	s.until(t, s.errs, "1 report read, 1 kept")
	io.Copy(io.Discard, s.errs)
	s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != exitStopped {
		t.Errorf("exit code %d, want %d", code, exitStopped)
	}
	if out, err := exec.Command("rapport", "brief", "--record", path, "AZE", "EGY").CombinedOutput(); err != nil {
		t.Errorf("the record is not there afterwards: %v\n%s", err, out)
	}
}

// TestStopWatching: an interrupt ends the watch once what was fetched is kept; a
// kill leaves the rest to be read, and nothing is read into the record twice.
func TestStopWatching(t *testing.T) {
	page := func(n string) string {
		return "<!doctype html><html><head><title>Thanks " + n + "</title></head><body><article><h1>Thanks " + n + "</h1><p>Egypt thanked Azerbaijan on day " + n + ". " +
			strings.Repeat("The talks in Cairo went on for two hours. ", 9) + "</p></article></body></html>"
	}
	asked, free := make(chan string, 20), make(chan bool)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/feed":
			fmt.Fprint(w, "<rss><channel><title>x</title><item><link>/3</link></item><item><link>/2</link></item><item><link>/1</link></item></channel></rss>")
		default:
			asked <- r.URL.Path
			if r.URL.Path == "/2" {
				select {
				case <-free:
				case <-r.Context().Done():
					return
				}
			}
			fmt.Fprint(w, page(r.URL.Path[1:]))
		}
	}))
	t.Cleanup(site.Close)
	dir := t.TempDir()
	path, list := filepath.Join(dir, "r.db"), filepath.Join(dir, "feeds.toml")
	if err := os.WriteFile(list, []byte("[[feed]]\nname = 'f'\nurl = '"+site.URL+"/feed'\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for i, stop := range []os.Signal{os.Interrupt, os.Kill} {
		s := start(t, "watch", "--allow", "localhost", "--record", path, list)
		for p := range asked {
			if p == "/2" {
				break
			}
		}
		if err := s.cmd.Process.Signal(stop); err != nil {
			t.Fatal(err)
		}
		said, _ := io.ReadAll(s.errs)
		s.cmd.Wait()
		if i == 0 && (s.cmd.ProcessState.ExitCode() != exitStopped || !strings.Contains(string(said), "rapport: f: 1 new, 2 waiting")) {
			t.Errorf("exit code %d:\n%s", s.cmd.ProcessState.ExitCode(), said)
		}
	}
	close(free)
	out, err := exec.Command("rapport", "watch", "--once", "--allow", "localhost", "--record", path, list).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "rapport: f: 2 new (1 of 1)") {
		t.Errorf("%v:\n%s", err, out)
	}
	out, err = exec.Command("rapport", "record", "stats", "--record", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "reports    3,") || !strings.Contains(string(out), "0 versions older") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// TestReaderGone: nothing is said when nobody reads on.
func TestReaderGone(t *testing.T) {
	s := start(t, "code", "-")
	s.feed(t, "first")
	s.feed(t, "second")
	s.until(t, s.out, "first")
	s.closer.Close()
	for range 50 { // until the program has met it
		if _, err := fmt.Fprintln(s.in, `{"id":"more","text":"It rained in Cairo.","language":"en"}`); err != nil {
			break
		}
	}
	s.in.Close()
	said, _ := io.ReadAll(s.errs)
	for line := range strings.Lines(string(said)) {
		if !strings.Contains(line, "no act of the ontology") {
			t.Errorf("it said %q", line)
		}
	}
	s.cmd.Wait()
}
