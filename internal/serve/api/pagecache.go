package api

import (
	"container/list"
	"sync"
)

// pageCache keeps the pages of lists last asked for as long as the record does
// not change: many clients ask the same again, and a page is several queries.
type pageCache struct {
	mu    sync.Mutex
	at    int64 // generation of the record
	bytes int
	pages map[string]*list.Element
	order list.List // of *keptPage, last asked for first
}

type keptPage struct {
	key, link string
	body      []byte
}

// heldBytes bounds the cache.
const heldBytes = 24 << 20

// turn empties the cache when the record is another than it was.
func (c *pageCache) turn(at int64) {
	if c.pages == nil || c.at != at {
		c.pages, c.at, c.bytes = map[string]*list.Element{}, at, 0
		c.order.Init()
	}
}

func (c *pageCache) get(at int64, key string) *keptPage {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn(at)
	e := c.pages[key]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*keptPage)
}

func (c *pageCache) put(at int64, p *keptPage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.turn(at); c.pages[p.key] != nil || len(p.body) > heldBytes/16 {
		return
	}
	c.pages[p.key] = c.order.PushFront(p)
	c.bytes += p.size()
	for c.bytes > heldBytes {
		last := c.order.Remove(c.order.Back()).(*keptPage)
		delete(c.pages, last.key)
		c.bytes -= last.size()
	}
}

func (p *keptPage) size() int { return len(p.key) + len(p.link) + len(p.body) + 200 }
