package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestPublic(t *testing.T) {
	for s, want := range map[string]bool{
		"1.1.1.1": true, "93.184.216.34": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.255.255": true, "100.128.0.0": true,
		"2a00:1450:4001::1": true, "::ffff:8.8.8.8": true, "64:ff9b::808:808": true, "192.31.196.1": true,

		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false,
		"172.31.255.255": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "100.100.100.200": false,
		"192.0.0.192": false, "192.0.2.1": false, "198.18.0.1": false, "198.51.100.7": false, "203.0.113.9": false,
		"224.0.0.1": false, "239.1.2.3": false, "240.0.0.1": false, "255.255.255.255": false, "192.88.99.1": false, "168.63.129.16": false,
		"::": false, "::1": false, "::127.0.0.1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:0:127.0.0.1": false,
		"fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "3fff::1": false, "64:ff9b::7f00:1": false,
		"64:ff9b::a9fe:a9fe": false, "64:ff9b:1::1": false, "100::1": false, "5f00::1": false, "4000::1": false,
	} {
		if got := Public(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestCheckURL(t *testing.T) {
	open, err := ParseAllow("10.1.0.0/16")
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]Reason{
		"http://example.org/": "", "https://example.org:8443/a?b": "", "https://münchen.example/": "", "http://1.1.1.1/": "",
		"http://10.1.2.3:9999/": "", "https://a.1.example.org./": "", "http://0xab.example/": "", "http://[2a00::1]/": "",
		"http://example.org:9999/": "", // a name's port is judged when it is dialled

		"ftp://example.org/": Refused, "file:///etc/passwd": Refused, "gopher://example.org/": Refused, "javascript:alert(1)": Refused,
		"http://user:secret@example.org/": Refused, "http:///path": Malformed, "http:opaque": Malformed, "http://example.org:0/": Malformed,
		"http://example.org:99999/": Malformed,
		"http://127.0.0.1/":         Refused, "http://2130706433/": Refused, "http://0x7f000001/": Refused, "http://0x7f.1/": Refused,
		"http://017700000001/": Refused, "http://0177.0.0.1/": Refused, "http://127.1/": Refused, "http://127.0.0.1./": Refused,
		"http://[::1]/": Refused, "http://[::ffff:127.0.0.1]/": Refused, "http://[fe80::1%25eth0]/": Refused, "http://10.2.0.1/": Refused,
		"http://169.254.169.254/latest/meta-data": Refused, "http://1.1.1.1:22/": Refused, "http://0x/": Refused,
	} {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := reasonOf(Guard{Allow: open}.CheckURL(u)); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}

func reasonOf(err error) Reason {
	var f *Fault
	if errors.As(err, &f) {
		return f.Reason
	}
	if err != nil {
		return Reason("no fault: " + err.Error())
	}
	return ""
}

func TestParseAllow(t *testing.T) {
	for s, want := range map[string]string{"10.1.2.3/8": "[10.0.0.0/8]", "::1": "[::1/128]", "::ffff:10.0.0.1": "[10.0.0.1/32]",
		"localhost": "[127.0.0.0/8 ::1/128]", "example.org": "error", "": "error", "10.0.0.0/40": "error", "fe80::1%eth0": "error"} {
		p, err := ParseAllow(s)
		got := (Guard{Allow: p}).String()
		got = strings.TrimPrefix(got, "public addresses and ")
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

// allowed is what tests need: the loopback, and no waiting.
func allowed(t testing.TB) Options {
	t.Helper()
	p, err := ParseAllow("localhost")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Guard: Guard{Allow: p}, Jitter: func() float64 { return 0 },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

func client(t testing.TB, o Options) *Client {
	c := New(o)
	t.Cleanup(c.Close)
	return c
}

// TestNameThatResolvesInwards: what a name says today is not what it says when
// it is dialled. Only the dialled address counts.
func TestNameThatResolvesInwards(t *testing.T) {
	reached := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached = true }))
	defer srv.Close()
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	dns := nameServer(t)
	o := allowed(t)
	loopback := o.Guard.Allow
	o.Guard = Guard{resolver: dns}
	c := client(t, o)
	_, err := c.Get(context.Background(), Request{URL: "http://rebound.example:" + port + "/", Named: true})
	if reasonOf(err) != Refused || reached {
		t.Errorf("reached %v, %v", reached, err)
	}
	if want := "http://rebound.example:" + port + "/: cannot be fetched: 127.0.0.1 is no public address (try: --allow NETWORK, if you mean it)"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	o.Guard.Allow = loopback
	c = client(t, o)
	if _, err := c.Get(context.Background(), Request{URL: "http://rebound.example:" + port + "/", Named: true}); err != nil || !reached {
		t.Errorf("allowed, but not reached: %v", err)
	}
}

// nameServer resolves every name to the loopback.
func nameServer(t *testing.T) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0},
					Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
			}
			if b, err := m.Pack(); err == nil {
				conn.WriteTo(b, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}
