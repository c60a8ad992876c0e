package mcp

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"rapport"
)

// Serve answers one client, a JSON-RPC message a line, until in ends or ctx
// does; neither is an error. What was asked before in ended is answered first.
func Serve(ctx context.Context, c Config, in io.Reader, out io.Writer) error {
	err := New(c).Run(ctx, lasting{c.timeout(), &sdk.IOTransport{Reader: io.NopCloser(in), Writer: nopCloser{out}}})
	if err == nil || ctx.Err() != nil || errors.Is(err, io.EOF) {
		return nil
	}
	return &rapport.Error{Kind: rapport.Storage, Where: "mcp", What: "the connection broke", Err: err}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// lasting is a transport whose end of input waits until all that was asked is
// answered: the SDK drops the answers otherwise, and a file of requests on
// standard input would get none. It waits no longer than one call may take.
type lasting struct {
	wait time.Duration
	sdk.Transport
}

func (t lasting) Connect(ctx context.Context) (sdk.Connection, error) {
	c, err := t.Transport.Connect(ctx)
	return &lastingConn{Connection: c, wait: t.wait, open: map[jsonrpc.ID]bool{}, answered: make(chan struct{}, 1), closed: make(chan struct{})}, err
}

type lastingConn struct {
	sdk.Connection
	wait     time.Duration
	mu       sync.Mutex
	open     map[jsonrpc.ID]bool // requests without an answer
	answered chan struct{}
	once     sync.Once
	closed   chan struct{}
}

func (c *lastingConn) Read(ctx context.Context) (jsonrpc.Message, error) {
	m, err := c.Connection.Read(ctx)
	if r, ok := m.(*jsonrpc.Request); ok && r.IsCall() && r.Method != listening {
		c.mu.Lock()
		c.open[r.ID] = true
		c.mu.Unlock()
	}
	if !errors.Is(err, io.EOF) {
		return m, err
	}
	late := time.NewTimer(c.wait)
	defer late.Stop()
	for {
		c.mu.Lock()
		n := len(c.open)
		c.mu.Unlock()
		if n == 0 {
			return m, err
		}
		select {
		case <-c.answered:
		case <-late.C:
			return m, err
		case <-c.closed:
			return m, err
		case <-ctx.Done():
			return m, err
		}
	}
}

func (c *lastingConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Connection.Close()
}

func (c *lastingConn) Write(ctx context.Context, m jsonrpc.Message) error {
	err := c.Connection.Write(ctx, m)
	if r, ok := m.(*jsonrpc.Response); ok {
		c.mu.Lock()
		delete(c.open, r.ID)
		c.mu.Unlock()
		select {
		case c.answered <- struct{}{}:
		default:
		}
	}
	return err
}
