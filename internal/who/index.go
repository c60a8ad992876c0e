package who

// An index finds the senses of word sequences: a trie over hashes of words,
// held in one open-addressed table (after research on gazetteers of a million
// names: 60 MB/s, against 8 for a finite-state transducer). A key is the hash
// of a prefix of words; 64 bits make a chance match of a wrong prefix less
// likely than one in 10^12 a report.
type index struct {
	keys   []uint64
	first  []int32 // 1 + first sense that ends here, 0 for a mere prefix
	more   []bool  // whether a longer sequence goes on from here
	used   int
	senses []sense
}

type sort uint8

const (
	countryName sort = iota + 1
	capitalName
	seatName
	countryAdjective
	countryPeople
	bodyName
	roleWord
	placeName
	placeAdjective
	placePeople
	longPerson  // two words of a person's name or more
	shortPerson // the word the press calls a person by
)

// sense is one reading of a sequence of words.
type sense struct {
	sort  sort
	plain bool   // the form is the lemma itself, not an inflected form
	caps  uint32 // caseOf of each word, two bits, plus a bit for words of four letters or more
	ref   int32  // row of the table that sort names
	next  int32  // 1 + next sense of the same sequence
}

func newIndex(room int) *index {
	n := 1 << 10
	for n < room*2 {
		n <<= 1
	}
	return &index{keys: make([]uint64, n), first: make([]int32, n), more: make([]bool, n), senses: make([]sense, 0, room/2)}
}

func (x *index) slot(key uint64) int {
	mask := uint64(len(x.keys) - 1)
	i := key & mask
	for x.keys[i] != 0 && x.keys[i] != key {
		i = (i + 1) & mask
	}
	return int(i)
}

func (x *index) grow() {
	old := *x
	n := len(x.keys) * 2
	x.keys, x.first, x.more = make([]uint64, n), make([]int32, n), make([]bool, n)
	for i, k := range old.keys {
		if k != 0 {
			j := x.slot(k)
			x.keys[j], x.first[j], x.more[j] = k, old.first[i], old.more[i]
		}
	}
}

// path marks the prefixes of the sequence of hashes and returns the slot of
// its end.
func (x *index) path(seed uint64, hashes []uint64) int {
	h, at := seed, -1
	for i, w := range hashes {
		h = chain(h, w)
		if x.used*2 >= len(x.keys) {
			x.grow()
		}
		at = x.slot(h)
		if x.keys[at] == 0 {
			x.keys[at] = h
			x.used++
		}
		if i+1 < len(hashes) {
			x.more[at] = true
		}
	}
	return at
}

func (x *index) insert(seed uint64, hashes []uint64, s sense) {
	if len(hashes) == 0 {
		return
	}
	at := x.path(seed, hashes)
	for k := x.first[at]; k != 0; k = x.senses[k-1].next {
		if o := &x.senses[k-1]; o.sort == s.sort && o.ref == s.ref {
			o.caps = min(o.caps, s.caps)
			return
		}
	}
	// later senses go behind earlier ones, so that the tables' order decides
	s.next = 0
	x.senses = append(x.senses, s)
	id := int32(len(x.senses))
	if x.first[at] == 0 {
		x.first[at] = id
		return
	}
	k := x.first[at]
	for x.senses[k-1].next != 0 {
		k = x.senses[k-1].next
	}
	x.senses[k-1].next = id
}

const maxCaps = 10 // words of a form whose case is looked at

// caseOfForm packs the case of a form's words.
func caseOfForm(ws []word, long func(int) bool) uint32 {
	var c uint32
	for i, w := range ws {
		if i == maxCaps {
			break
		}
		v := uint32(w.letter)
		if w.letter == upper && long(i) {
			v = 3
		}
		c |= v << (2 * i)
	}
	return c
}

// fitsCase reports whether the words of the text may stand for the form.
func fitsCase(ws []word, caps uint32) bool {
	for i := range ws {
		if caps == 0 || i == maxCaps {
			return true
		}
		v := caps & 3
		caps >>= 2
		want, long := caseOf(v), false
		if v == 3 {
			want, long = upper, true
		}
		if !ws[i].letter.fits(want, long) {
			return false
		}
	}
	return true
}
