package record

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"rapport"
)

// decodeClaim reads a claim's JSON as the record wrote it. It is what pages of
// a timeline and merging spend their time on, and takes a quarter of the time
// of encoding/json (BenchmarkDecode). It knows the documented form only;
// whatever else it meets goes to encoding/json, whose answer is the same where
// both have one (FuzzDecode).
func decodeClaim(body []byte) (c rapport.Claim, err error) {
	d := decoder{s: string(body)} // one copy, which the claim's strings share
	if d.claim(&c); d.bad || d.at != len(d.s) {
		c = rapport.Claim{}
		err = json.Unmarshal(body, &c)
	}
	return c, err
}

// decodeEvent is decodeClaim for events: what a brief of a pair much told about
// spent a sixth of its time on.
func decodeEvent(body []byte) (e rapport.Event, err error) {
	d := decoder{s: string(body)}
	if d.event(&e); d.bad || d.at != len(d.s) {
		e = rapport.Event{}
		err = json.Unmarshal(body, &e)
	}
	return e, err
}

// decoder reads a JSON text from left to right. Once bad, it stays so and what
// it has read is of no use.
type decoder struct {
	s   string
	at  int
	bad bool
}

// next takes the byte b or is bad. JSON as written here has no white space.
func (d *decoder) next(b byte) {
	if d.at < len(d.s) && d.s[d.at] == b {
		d.at++
		return
	}
	d.bad = true
}

// is takes word if it comes next.
func (d *decoder) is(word string) bool {
	if strings.HasPrefix(d.s[d.at:], word) {
		d.at += len(word)
		return true
	}
	return false
}

// object calls field with each key, which has to take the value.
func (d *decoder) object(field func(key string)) {
	if d.next('{'); d.is("}") {
		return
	}
	for !d.bad {
		key := d.str()
		d.next(':')
		if d.bad {
			return
		}
		field(key)
		if d.is("}") {
			return
		}
		d.next(',')
	}
}

// array calls item for each, which has to take it.
func (d *decoder) array(item func()) {
	if d.next('['); d.is("]") {
		return
	}
	for !d.bad {
		item()
		if d.is("]") {
			return
		}
		d.next(',')
	}
}

// str takes a string, or null as the empty one.
func (d *decoder) str() string {
	if d.is("null") {
		return ""
	}
	d.next('"')
	if d.bad {
		return ""
	}
	start := d.at
	for ; d.at < len(d.s); d.at++ {
		switch b := d.s[d.at]; {
		case b == '"':
			d.at++
			return d.s[start : d.at-1]
		case b == '\\':
			return d.escaped(start)
		case b < ' ' || b >= 0x80 && !d.rune():
			d.bad = true
			return ""
		}
	}
	d.bad = true
	return ""
}

// rune steps onto the last byte of a rune; encoding/json mends broken ones.
func (d *decoder) rune() bool {
	r, size := utf8.DecodeRuneInString(d.s[d.at:])
	d.at += size - 1
	return r != utf8.RuneError
}

func (d *decoder) escaped(start int) (s string) {
	for ; d.at < len(d.s) && d.s[d.at] != '"'; d.at++ {
		if d.s[d.at] == '\\' {
			d.at++
		}
	}
	if d.at = min(d.at, len(d.s)); d.at == len(d.s) || json.Unmarshal([]byte(d.s[start-1:d.at+1]), &s) != nil {
		d.bad = true
		return ""
	}
	d.at++
	return s
}

// number takes the text of a number as JSON writes it.
func (d *decoder) number() string {
	start := d.at
	for d.at < len(d.s) && strings.IndexByte("+-.0123456789eE", d.s[d.at]) >= 0 {
		d.at++
	}
	n := d.s[start:d.at]
	if digits := strings.TrimPrefix(n, "-"); len(digits) > 1 && digits[0] == '0' && digits[1] != '.' && digits[1] != 'e' && digits[1] != 'E' ||
		strings.HasPrefix(n, "+") || strings.HasPrefix(digits, ".") || strings.HasSuffix(n, ".") || strings.Contains(n, ".e") || strings.Contains(n, ".E") {
		d.bad = true
	}
	return n
}

func (d *decoder) int() int {
	n, err := strconv.Atoi(d.number())
	d.bad = d.bad || err != nil
	return n
}

func (d *decoder) float() float64 {
	n, err := strconv.ParseFloat(d.number(), 64)
	d.bad = d.bad || err != nil
	return n
}

func (d *decoder) bool() bool {
	if d.is("true") {
		return true
	}
	d.bad = d.bad || !d.is("false")
	return false
}

func (d *decoder) claim(c *rapport.Claim) {
	d.object(func(key string) {
		switch key {
		case "id":
			c.ID = d.str()
		case "report":
			c.Report = d.str()
		case "event":
			c.Event = d.str()
		case "mode":
			c.Mode = d.str()
		case "cameo":
			c.CAMEO = d.str()
		case "about":
			c.About = d.str()
		case "about_date":
			c.AboutDate = rapport.Date(d.str())
		case "actor":
			c.Actor = d.parties()
		case "recipient":
			c.Recipient = d.parties()
		case "status":
			c.Status = rapport.Status(d.str())
		case "date":
			c.Date = rapport.Date(d.str())
		case "date_basis":
			c.DateBasis = d.str()
		case "place":
			if c.Place = nil; !d.is("null") {
				c.Place = d.place()
			}
		case "speaker":
			if c.Speaker = nil; !d.is("null") {
				p := d.party()
				c.Speaker = &p
			}
		case "quoted":
			c.Quoted = d.bool()
		case "context":
			c.Context = []string{}
			d.array(func() { c.Context = append(c.Context, d.str()) })
		case "quad":
			c.Quad = d.int()
		case "score":
			c.Score = d.float()
		case "evidence":
			c.Evidence = rapport.Evidence{}
			d.object(func(key string) {
				switch key {
				case "sentence":
					c.Evidence.Sentence = d.int()
				case "start":
					c.Evidence.Start = d.int()
				case "end":
					c.Evidence.End = d.int()
				case "text":
					c.Evidence.Text = d.str()
				default:
					d.bad = true
				}
			})
		case "also":
			c.Also = []rapport.Span{}
			d.array(func() { c.Also = append(c.Also, d.span()) })
		case "confidence":
			c.Confidence = d.float()
		case "reasons":
			c.Reasons = make([]rapport.Reason, 0, 4)
			d.array(func() { c.Reasons = append(c.Reasons, d.reason()) })
		case "coder":
			c.Coder = d.str()
		default:
			d.bad = true
		}
	})
}

func (d *decoder) event(e *rapport.Event) {
	d.object(func(key string) {
		switch key {
		case "id":
			e.ID = d.str()
		case "event":
			e.Event = d.str()
		case "mode":
			e.Mode = d.str()
		case "cameo":
			e.CAMEO = d.str()
		case "about":
			e.About = d.str()
		case "about_date":
			e.AboutDate = rapport.Date(d.str())
		case "actor":
			e.Actor = d.parties()
		case "recipient":
			e.Recipient = d.parties()
		case "status":
			e.Status = rapport.Status(d.str())
		case "date":
			e.Date = rapport.Date(d.str())
		case "date_basis":
			e.DateBasis = d.str()
		case "place":
			if e.Place = nil; !d.is("null") {
				e.Place = d.place()
			}
		case "quad":
			e.Quad = d.int()
		case "score":
			e.Score = d.float()
		case "claims":
			e.Claims = d.strings()
		case "disputed":
			e.Disputed = []rapport.Field{}
			d.array(func() { e.Disputed = append(e.Disputed, d.field()) })
		case "reports":
			e.Reports = d.int()
		default:
			d.bad = true
		}
	})
}

func (d *decoder) field() (f rapport.Field) {
	d.object(func(key string) {
		switch key {
		case "name":
			f.Name = d.str()
		case "values":
			f.Values = []rapport.Value{}
			d.array(func() {
				var v rapport.Value
				d.object(func(key string) {
					switch key {
					case "value":
						v.Value = d.str()
					case "claims":
						v.Claims = d.strings()
					default:
						d.bad = true
					}
				})
				f.Values = append(f.Values, v)
			})
		case "why":
			f.Why = d.str()
		default:
			d.bad = true
		}
	})
	return f
}

func (d *decoder) strings() []string {
	if d.is("null") {
		return nil
	}
	out := []string{}
	d.array(func() { out = append(out, d.str()) })
	return out
}

func (d *decoder) parties() []rapport.Party {
	if d.is("null") {
		return nil
	}
	out := []rapport.Party{}
	d.array(func() { out = append(out, d.party()) })
	return out
}

func (d *decoder) party() (p rapport.Party) {
	d.object(func(key string) {
		switch key {
		case "country":
			p.Country = d.str()
		case "sector":
			p.Sector = d.str()
		case "name":
			p.Name = d.str()
		case "office":
			p.Office = d.str()
		case "wikidata":
			p.Wikidata = d.str()
		case "text":
			p.Text = d.str()
		default:
			d.bad = true
		}
	})
	return p
}

func (d *decoder) place() *rapport.Place {
	p := &rapport.Place{}
	d.object(func(key string) {
		switch key {
		case "name":
			p.Name = d.str()
		case "country":
			p.Country = d.str()
		case "lat":
			v := d.float()
			p.Lat = &v
		case "lon":
			v := d.float()
			p.Lon = &v
		case "resolution":
			p.Resolution = d.int()
		case "geonames":
			p.GeoNames = d.int()
		default:
			d.bad = true
		}
	})
	return p
}

func (d *decoder) span() (s rapport.Span) {
	d.object(func(key string) {
		switch key {
		case "start":
			s.Start = d.int()
		case "end":
			s.End = d.int()
		default:
			d.bad = true
		}
	})
	return s
}

func (d *decoder) reason() (r rapport.Reason) {
	d.object(func(key string) {
		switch key {
		case "field":
			r.Field = d.str()
		case "rule":
			r.Rule = d.str()
		case "span":
			i := 0
			d.array(func() {
				if n := d.int(); i < 2 {
					r.Span[i] = n
				}
				i++
			})
			d.bad = d.bad || i != 2
		case "note":
			r.Note = d.str()
		default:
			d.bad = true
		}
	})
	return r
}
