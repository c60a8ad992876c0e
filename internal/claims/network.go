package claims

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// A scorer gives a candidate its weight, in 1/unit of a nat.
type scorer interface{ score(k *candidate) int32 }

// network weighs a candidate by its features and by what they come to together:
// the sum of their weights, and of a layer of rectified sums of theirs. In whole
// numbers throughout, so that it says the same on every machine. A sum of weights alone
// chose fewer recipients and unsaid actors held back rightly.
type network struct {
	units    int
	out      []int32
	features map[string][]int16 // the feature's own weight in 1/unit, then one a hidden unit in 1/netUnit
}

// netUnit is the one of the weights to hidden units, outUnit of those from them.
const (
	netUnit = 16
	outUnit = 1024
)

//go:embed recipients.tsv.gz
var recipientTable []byte

// recipients is the chooser of recipients. Its weights are learnt from gold reports
// by TestTrainRecipients and stand in recipients.tsv.gz.
var recipients = sync.OnceValue(func() *network { return mustUnpack("recipients.tsv.gz", recipientTable) })

func mustUnpack(name string, packed []byte) *network {
	n, err := unpackNetwork(name, packed)
	if err != nil {
		panic("claims: " + err.Error()) // held by TestTables
	}
	return n
}

func (n *network) score(k *candidate) int32 {
	var own int32
	hidden := make([]int32, n.units)
	for _, f := range k.features {
		ws := n.features[f]
		if ws == nil {
			continue
		}
		own += int32(ws[0])
		for j, w := range ws[1:] {
			hidden[j] += int32(w)
		}
	}
	var sum int64
	for j, h := range hidden {
		if h > 0 {
			sum += int64(h) * int64(n.out[j])
		}
	}
	return own + int32(sum*unit/(netUnit*outUnit))
}

func unpackNetwork(name string, packed []byte) (*network, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	table, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parseNetwork(name, string(table))
}

// parseNetwork reads a line "out", a tab and the weights of the hidden units by
// spaces, then lines of a feature, a tab, its own weight and those to the hidden
// units; lines that open with # are comments.
func parseNetwork(name, table string) (*network, error) {
	n := &network{features: map[string][]int16{}}
	at := 0
	for line := range strings.Lines(table) {
		at++
		if line = strings.TrimSuffix(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		f, rest, ok := strings.Cut(line, "\t")
		fs := strings.Fields(rest)
		if f == "out" {
			n.units = len(fs)
			for _, w := range fs {
				v, err := strconv.ParseInt(w, 10, 16)
				if err != nil {
					return nil, fmt.Errorf("%s:%d: %q is no weight", name, at, w)
				}
				n.out = append(n.out, int32(v))
			}
			continue
		}
		if !ok || len(fs) != n.units+1 {
			return nil, fmt.Errorf("%s:%d: %q has not %d weights", name, at, f, n.units+1)
		}
		if n.features[f] != nil {
			return nil, fmt.Errorf("%s:%d: %s stands twice", name, at, f)
		}
		ws := make([]int16, len(fs))
		for k, w := range fs {
			v, err := strconv.ParseInt(w, 10, 16)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %q is no weight", name, at, w)
			}
			ws[k] = int16(v)
		}
		n.features[f] = ws
	}
	return n, nil
}
