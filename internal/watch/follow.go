package watch

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"time"

	"rapport"
	"rapport/internal/fetch"
	"rapport/internal/press"
	"rapport/internal/text"
)

// MaxFollowed is how many pages [Follow] fetches of one feed or sitemap.
const MaxFollowed = 500

// Address reports whether what a user named is an address of the web and not a
// file.
func Address(s string) bool {
	return len(s) > 8 && (hasPrefixFold(s, "http://") || hasPrefixFold(s, "https://"))
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && bytes.EqualFold([]byte(s[:len(prefix)]), []byte(prefix))
}

// Follow yields the reports that a feed or a sitemap leads to, in its order,
// up to [MaxFollowed]: each page fetched as robots.txt allows, or as the feed
// has it where that is the whole. Of an index of sitemaps the latest are
// followed. Anything else is read as it is. Errors stand in the places of what
// cannot be had, and are of kind BadInput, or Stopped.
func Follow(ctx context.Context, c *fetch.Client, address string, o text.Options) iter.Seq2[rapport.Report, error] {
	return func(yield func(rapport.Report, error) bool) {
		a, err := c.Get(ctx, fetch.Request{URL: address, Named: true, MaxBytes: 64 << 20})
		if err != nil {
			yield(rapport.Report{}, err)
			return
		}
		from := press.Origin{Address: a.URL, Charset: a.Charset, Retrieved: a.Retrieved.Format(time.RFC3339)}
		l, err := press.List(a.Body, from, false, a.Retrieved, o)
		if err != nil {
			yield(rapport.Report{}, err)
			return
		}
		switch {
		case l.Kind == press.ListsNothing:
			press.ReadFrom(bytes.NewReader(a.Body), from, o)(yield)
			return
		case len(l.Items) == 0:
			yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: address, What: "leads nowhere: it is a " + l.Kind + " without an item"})
			return
		case l.Kind == press.ListsIndex:
			var ok bool
			if l, ok = followIndex(ctx, c, l, yield); !ok {
				return
			}
		}
		n := 0
		seen := map[string]bool{}
		for i := range l.Items {
			it := &l.Items[i]
			k := press.Canonical(it.URL)
			if k != "" && seen[k] {
				continue
			}
			seen[k] = true
			if it.Whole || it.URL == "" && it.Report.Text != "" {
				if it.Report.Retrieved == "" {
					it.Report.Retrieved = from.Retrieved
				}
				if !yield(it.Report, nil) {
					return
				}
				continue
			}
			if it.URL == "" {
				continue
			}
			if n++; n > MaxFollowed {
				yield(rapport.Report{}, &rapport.Error{Kind: rapport.BadInput, Where: address, What: "leads to more than 500 pages; the rest is left out", Try: "rapport watch"})
				return
			}
			rep, err := followed(ctx, c, it, o)
			if !yield(rep, err) || ctx.Err() != nil {
				return
			}
		}
	}
}

func followed(ctx context.Context, c *fetch.Client, it *press.Item, o text.Options) (rapport.Report, error) {
	a, err := c.Get(ctx, fetch.Request{URL: it.URL})
	if err != nil {
		return rapport.Report{}, err
	}
	rep, err := firstOfPage(a, o.Outlet)
	if err != nil {
		return rapport.Report{}, err
	}
	if rep.Published == "" {
		rep.Published, rep.Basis = o.Published, rapport.BasisGiven
		if !it.Published.IsZero() {
			rep.Published, rep.Basis = rapport.Day(it.Published), rapport.BasisMetadata
		}
		if rep.Published == "" {
			rep.Basis = ""
		}
	}
	if rep.Title == "" {
		rep.Title = it.Title
	}
	return *rep, nil
}

// followIndex joins the latest sitemaps of an index.
func followIndex(ctx context.Context, c *fetch.Client, index press.Listing, yield func(rapport.Report, error) bool) (press.Listing, bool) {
	slices.SortStableFunc(index.Items, func(a, b press.Item) int { return b.Updated.Compare(a.Updated) })
	out := press.Listing{Kind: press.ListsSitemap}
	for _, m := range index.Items[:min(len(index.Items), maxChildren)] {
		if len(out.Items) > MaxFollowed {
			break
		}
		a, err := c.Get(ctx, fetch.Request{URL: m.URL})
		var l press.Listing
		if err == nil {
			l, err = press.List(a.Body, press.Origin{Address: a.URL, Charset: a.Charset}, false, a.Retrieved, text.Options{})
		}
		if err == nil && l.Kind != press.ListsSitemap {
			err = &rapport.Error{Kind: rapport.BadInput, Where: m.URL, What: "is named as a sitemap and is none"}
		}
		if err != nil {
			if !yield(rapport.Report{}, err) || ctx.Err() != nil {
				return out, false
			}
			continue
		}
		out.Items = append(out.Items, l.Items...)
	}
	return out, true
}
