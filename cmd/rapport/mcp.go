package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"

	"rapport"
	"rapport/internal/claims"
	"rapport/internal/pipeline"
	"rapport/internal/serve/mcp"
	"rapport/internal/text"
)

// serveMCP runs "rapport mcp": one assistant on standard input and output.
func serveMCP(s *session, args []string) error {
	o := newOptions("mcp")
	path := o.recordFlag()
	actors := o.actorsFlag()
	rest, done, err := o.parse(s, args)
	switch {
	case done || err != nil:
		return err
	case len(rest) > 0:
		return usage("mcp", "mcp takes flags only, and %q is none", rest[0])
	}
	if err := useActors(*actors); err != nil {
		return err
	}
	rec, closed, err := openMerged(s, *path)
	if err != nil {
		return err
	}
	defer closed()
	coder := claims.New()
	return mcp.Serve(s, mcp.Config{Record: rec, Coder: textCoder{coder}, Version: coder.Version(), Logger: s.logger()}, s.stdin, s.stdout)
}

// textCoder codes single texts that nobody keeps. It reads them as rapport
// code reads files, so that headline, dateline and language are found.
type textCoder struct{ coder *claims.Coder }

// Code completes r with what its text tells of itself.
func (t textCoder) Code(ctx context.Context, r *rapport.Report) ([]rapport.Claim, []string, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, nil, err
	}
	for c, err := range pipeline.Code(ctx, text.Read(bytes.NewReader(b), r.ID, text.Options{}), t.coder, 1) {
		if err != nil {
			return nil, nil, err
		}
		*r = c.Report
		return c.Claims, c.Notes, nil
	}
	return nil, nil, &rapport.Error{Kind: rapport.BadInput, Where: r.ID, What: "holds no text"}
}

// logger writes what a server has to say to standard error, a line each.
func (s *session) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(prefixed{s.stderr}, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && len(groups) == 0 {
			return slog.Attr{}
		}
		return a
	}}))
}

// prefixed puts "rapport: " before what is written at once.
type prefixed struct{ io.Writer }

func (p prefixed) Write(b []byte) (int, error) {
	if _, err := p.Writer.Write(append([]byte("rapport: "), b...)); err != nil {
		return 0, err
	}
	return len(b), nil
}
