package hooks

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Guard says where messages may be sent, by the address that is dialled.
type Guard interface {
	CheckURL(*url.URL) error
	Transport() *http.Transport
}

// PublicOnly is a Guard that lets through what is public, and the networks
// named.
type PublicOnly struct{ Allow []netip.Prefix }

// shared are networks that are neither private nor public, as far as package
// netip does not tell them.
var shared = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("64:ff9b::/96"),
}

func (g PublicOnly) check(ip netip.Addr) error {
	ip = ip.Unmap()
	for _, p := range g.Allow {
		if p.Contains(ip) {
			return nil
		}
	}
	bad := !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" || ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip)
	for _, p := range shared {
		bad = bad || p.Contains(ip)
	}
	if bad {
		return errors.New(ip.String() + " is no public address")
	}
	return nil
}

// CheckURL refuses what is neither http nor https, and hosts that are numbers
// of networks that are not public.
func (g PublicOnly) CheckURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("is no address of the web")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.check(ip)
	}
	return nil
}

// Transport dials only what the guard lets through, whatever a name resolves to.
func (g PublicOnly) Transport() *http.Transport {
	d := net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return g.check(a.Addr())
	}}
	return &http.Transport{DialContext: d.DialContext, DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConns: 16, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 15 * time.Second, MaxResponseHeaderBytes: 64 << 10}
}
