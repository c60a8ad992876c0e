package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/internal/ontology"
	"rapport/internal/text"
)

// readPassages reads a file of labelled passages (testdata/passages/README.md
// has the format): short reports with the words that tell each claim. A claim's
// evidence is these words, not their sentence.
func readPassages(name string) ([]Gold, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &rapport.Error{Kind: rapport.BadInput, Where: name, What: "cannot be read", Err: reason(err)}
	}
	var out []Gold
	var g *Gold
	none := false
	n := 0
	bad := func(what string) error {
		return &rapport.Error{Kind: rapport.BadInput, Where: fmt.Sprintf("%s:%d", name, n), What: what}
	}
	seen := map[string]bool{}
	finish := func() error {
		if g == nil {
			return nil
		}
		if g.Text == "" || none == (len(g.Claims) > 0) {
			return bad("passage " + g.ID + " needs a text and either claims or the reason why it has none")
		}
		out = append(out, *g)
		g = nil
		return nil
	}
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		n++
		line := strings.TrimRight(sc.Text(), " ")
		switch {
		case line == "":
			if err := finish(); err != nil {
				return nil, err
			}
		case line[0] == '#':
		case line[0] == '@':
			if err := finish(); err != nil {
				return nil, err
			}
			g, none = &Gold{}, false
			for _, f := range strings.Fields(line[1:]) {
				switch k, v, _ := strings.Cut(f, "="); k {
				case "id":
					g.ID = v
				case "topic":
					g.Topic = v
				case "voice":
					g.Voice = v
				case "day":
					g.Published = rapport.Date(v)
				default:
					return nil, bad(fmt.Sprintf("%q is no field of a passage", k))
				}
			}
			if g.ID == "" || g.Published == "" || seen[g.ID] {
				return nil, bad("a passage needs an id of its own and a day")
			}
			seen[g.ID] = true
		case g == nil:
			return nil, bad("stands outside of a passage, which opens with @")
		case strings.HasPrefix(line, "= "):
			c, err := passageClaim(g.Text, line[2:])
			if err != nil {
				return nil, bad(err.Error())
			}
			g.Claims = append(g.Claims, c)
		case line[0] == '-' && (len(line) == 1 || line[1] == ' '):
			none = true
		case g.Text != "":
			return nil, bad("passage " + g.ID + " has a second text")
		default:
			line = strings.ReplaceAll(line, " ¶¶ ", "\n\n")
			line = strings.ReplaceAll(line, " ¶ -", "\n-")
			g.Text = strings.ReplaceAll(line, " ¶ ", "\n\n")
			data, err := json.Marshal(map[string]string{"id": g.ID, "text": g.Text, "published": string(g.Published)})
			if err != nil {
				return nil, bad(err.Error())
			}
			for rep, err := range text.Read(bytes.NewReader(data), g.ID, text.Options{}) {
				if err != nil {
					return nil, err
				}
				if rep.Text != g.Text {
					return nil, bad("the text is not kept as it stands")
				}
				g.Report = rep
			}
		}
	}
	if err := sc.Err(); err != nil {
		return nil, bad(err.Error())
	}
	return out, finish()
}

var claimHead = regexp.MustCompile(`^([A-Z]+)(?::([a-z-]+))? (\d{2,4}) (\S+) > (\S+)$`)

// passageClaim reads "TYPE:mode CAMEO ACTORS > RECIPIENTS | words | key=value …".
func passageClaim(passage, line string) (c GoldClaim, err error) {
	line, c.Optional = strings.CutSuffix(line, " ?")
	head, rest, _ := strings.Cut(line, " | ")
	words, keys, _ := strings.Cut(rest, " | ")
	m := claimHead.FindStringSubmatch(strings.TrimSpace(head))
	if m == nil {
		return c, fmt.Errorf("%q is no claim: TYPE:mode CAMEO ACTORS > RECIPIENTS", head)
	}
	c.Event, c.Mode, c.CAMEO, c.Status = m[1], m[2], m[3], rapport.Actual
	if _, ok := ontology.TypeOf(c.Event); !ok {
		return c, fmt.Errorf("%q is no event type", c.Event)
	}
	if c.Actor, err = passageParties(m[4]); err != nil {
		return c, err
	}
	if c.Recipient, err = passageParties(m[5]); err != nil {
		return c, err
	}
	if len(c.Actor) == 0 {
		return c, fmt.Errorf("a claim needs an actor")
	}
	for _, f := range strings.Fields(strings.ReplaceAll(keys, "|", " ")) {
		switch k, v, _ := strings.Cut(f, "="); k {
		case "status":
			c.Status = rapport.Status(v)
		case "about":
			c.About = v
		case "adate":
			c.AboutDate = rapport.Date(v)
		case "date":
			c.Date = rapport.Date(v)
		case "q":
			c.Quoted = true
		case "by":
			ps, err := passageParties(v)
			if err != nil || len(ps) == 0 {
				return c, fmt.Errorf("%q is no speaker", v)
			}
			c.Speaker = &ps[0]
		default:
			return c, fmt.Errorf("%q is no field of a claim", k)
		}
	}
	words = strings.TrimSpace(words)
	nth := 1
	if w, k, ok := strings.Cut(words, "#"); ok {
		if _, err := fmt.Sscan(k, &nth); err == nil {
			words = w
		}
	}
	at, from := -1, 0
	for range nth {
		i := strings.Index(passage[from:], words)
		if i < 0 || words == "" {
			return c, fmt.Errorf("the passage does not hold %q so often", words)
		}
		at = from + i
		from = at + 1
	}
	c.Start = utf8.RuneCountInString(passage[:at])
	c.End = c.Start + utf8.RuneCountInString(words)
	return c, nil
}

func passageParties(s string) ([]rapport.Party, error) {
	var out []rapport.Party
	if s == "-" {
		return nil, nil
	}
	for _, p := range strings.Split(s, "+") {
		country, sector, _ := strings.Cut(p, ":")
		if len(country) != 3 {
			return nil, fmt.Errorf("%q is no party: COUNTRY:SECTOR", p)
		}
		out = append(out, rapport.Party{Country: country, Sector: sector})
	}
	return out, nil
}

// HeldBack reports whether gold is kept from training: of the passages a third,
// whole topics of a writer at a time, so that what is learnt is measured on other
// matters than it was learnt from; of the reports the second ten of wire-* and
// state-*, whose misses nobody has read.
func (g *Gold) HeldBack() bool {
	if g.Topic == "" {
		set, n, _ := strings.Cut(g.ID, "-")
		return (set == "wire" || set == "state") && n > "10"
	}
	writer, _, _ := strings.Cut(g.ID, "-")
	h := fnv.New32a()
	h.Write([]byte(writer + " " + g.Topic))
	return h.Sum32()%3 == 0
}
