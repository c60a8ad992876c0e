package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// warcOf is a web archive of n pages, each of its own text, gzipped record by
// record as crawlers do.
func warcOf(n int) [][]byte {
	var records [][]byte
	for i := range n {
		page := fmt.Sprintf("<!DOCTYPE html><html lang=en><head><title>Envoy %d thanked</title></head><body><h1>Envoy %d thanked</h1><p>Egypt thanked Azerbaijan on Saturday for %d tonnes of wheat, the foreign ministry in Cairo said in statement number %d of the year.</p><p>The two ministers are to meet for the %d. time in the autumn, a spokesman said, if harvest %d permits.</p></body></html>", i, i, i*17+3, i*31, i, i*7919)
		block := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprintf(z, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://port.example/2024/06/08/%d\r\nWARC-Date: 2024-06-09T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, len(block), block)
		z.Close()
		records = append(records, b.Bytes())
	}
	return records
}

// TestKilled: an add that is killed at any point loses nothing that is in the
// archive and keeps nothing twice when it is run again.
func TestKilled(t *testing.T) {
	const pages = 40
	records := warcOf(pages)
	path := filepath.Join(t.TempDir(), "r.db")
	for _, fed := range []int{1, 7, 20, 33, pages} {
		cmd := exec.Command("rapport", "add", "--record", path, "--workers", "2", "-")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for _, r := range records[:fed] {
			if _, err := in.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		io.WriteString(in, "") // the pipe stays open: whatever was reached, this is its middle
		cmd.Process.Kill()
		cmd.Wait()
	}
	archive := filepath.Join(t.TempDir(), "x.warc.gz")
	if err := os.WriteFile(archive, bytes.Join(records, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	add := func(want string) {
		t.Helper()
		out, err := exec.Command("rapport", "add", "--record", path, archive).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Fatalf("%v: %s, want %s", err, out, want)
		}
	}
	add("40 reports read, ")
	add("40 reports read, 0 kept with 0 claims, 40 already there")
	out, err := exec.Command("rapport", "record", "check", "--record", path).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
	out, err = exec.Command("rapport", "record", "stats", "--record", path, "--format", "json").CombinedOutput()
	if err != nil || !strings.Contains(strings.ReplaceAll(string(out), " ", ""), `"reports":40`) {
		t.Errorf("%v: %s", err, out)
	}
}
