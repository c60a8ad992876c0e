package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Guard says which addresses may be dialled. The zero Guard lets through what
// is public, on the ports of [UsualPorts].
//
// It judges the address that is dialled, after names are resolved: use its
// [Guard.Transport], or [Guard.Control] in a net.Dialer.
type Guard struct {
	// Allow opens networks besides the public ones, on any port:
	// 127.0.0.0/8, fd00::/8.
	Allow []netip.Prefix
	// Ports are let through on public addresses; nil is [UsualPorts].
	Ports []uint16

	resolver *net.Resolver // of tests
}

// UsualPorts are those of the web.
var UsualPorts = []uint16{80, 443, 8080, 8443}

// special are the networks of IANA's special-purpose registries that are not
// for everyone to reach, as far as package netip does not tell them; and what
// clouds serve secrets from on a public address.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"168.63.129.16/32", // the platform of Azure, as seen from its machines
	"2001::/23",        // protocol assignments, Teredo among them, which has an IPv4 address inside
	"2001:db8::/32", "2002::/16", "3fff::/20",
)

var (
	global6 = netip.MustParsePrefix("2000::/3")
	nat64   = netip.MustParsePrefix("64:ff9b::/96") // the last four bytes are an IPv4 address
)

func prefixes(ss ...string) (out []netip.Prefix) {
	for _, s := range ss {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// ParseAllow reads a network for [Guard.Allow]: "10.1.0.0/16", "::1" or
// "localhost", which is 127.0.0.0/8 and ::1.
func ParseAllow(s string) ([]netip.Prefix, error) {
	if s == "localhost" {
		return prefixes("127.0.0.0/8", "::1/128"), nil
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}, nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return nil, errors.New("write a network as 10.1.0.0/16, an address, or localhost")
	}
	return []netip.Prefix{p.Masked()}, nil
}

// Public reports whether an address is one that anyone may reach: not
// loopback, private, link-local, multicast, shared (CGNAT), reserved or for
// documentation, nor any of these within an IPv6 address.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	switch {
	case a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate():
		return false
	case a.Is6() && nat64.Contains(a):
		b := a.As16()
		return Public(netip.AddrFrom4([4]byte(b[12:])))
	case a.Is6() && !global6.Contains(a):
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Check returns a [Fault] with reason Refused when the address may not be
// dialled.
func (g Guard) Check(a netip.AddrPort) error {
	ip := a.Addr().Unmap()
	if slices.ContainsFunc(g.Allow, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return nil
	}
	if !Public(ip) {
		return fault(Refused, nil, "%s is no public address", ip)
	}
	ports := g.Ports
	if ports == nil {
		ports = UsualPorts
	}
	if !slices.Contains(ports, a.Port()) {
		return fault(Refused, nil, "port %d is none of the web", a.Port())
	}
	return nil
}

// CheckURL returns a [Fault] when an address is not for http or https, has a
// name and password, or names a host by numbers that may not be dialled. A
// host's name is judged when it is dialled.
func (g Guard) CheckURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fault(Refused, nil, "%q is not http or https", u.Scheme)
	case u.User != nil:
		return fault(Refused, nil, "has a user name in it")
	case u.Opaque != "" || u.Hostname() == "":
		return fault(Malformed, nil, "names no host")
	}
	port := uint64(80)
	if u.Scheme == "https" {
		port = 443
	}
	if p := u.Port(); p != "" {
		var err error
		if port, err = strconv.ParseUint(p, 10, 16); err != nil || port == 0 {
			return fault(Malformed, nil, "%q is no port", p)
		}
	}
	host := u.Hostname()
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.Check(netip.AddrPortFrom(ip, uint16(port)))
	}
	if last := host[strings.LastIndexByte(strings.TrimSuffix(host, "."), '.')+1:]; numeric(strings.TrimSuffix(last, ".")) {
		return fault(Refused, nil, "%q is neither a name nor an address written plainly", host)
	}
	return nil
}

// numeric tells labels that C libraries take for a part of an IPv4 address:
// 2130706433, 0x7f, 0177. No domain of the top level is one.
func numeric(label string) bool {
	if label == "" {
		return false
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(label), "0x"); ok {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

// Control is for net.Dialer.Control: it sees the address that is dialled.
func (g Guard) Control(network, address string, _ syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return fault(Refused, nil, "%s is not for the web", network)
	}
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return fault(Refused, err, "cannot be told from a private address")
	}
	return g.Check(a)
}

// Dial connects as the guard allows.
func (g Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second, Control: g.Control, Resolver: g.resolver}
	return d.DialContext(ctx, network, address)
}

// Transport returns a new transport that dials as the guard allows. It bounds
// handshakes and headers and leaves bodies packed as they come; redirects and
// addresses ([Guard.CheckURL]) are its user's to check. It uses no proxy.
func (g Guard) Transport() *http.Transport {
	return &http.Transport{
		DialContext:            g.Dial,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        2,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// String says what is let through, for logs.
func (g Guard) String() string {
	return fmt.Sprintf("public addresses and %v", g.Allow)
}
