package who

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A word is what names are compared by: letters and digits of one token, or of
// one part of a token that hyphens or apostrophes part.
type word struct {
	light  uint64 // hash of the lower-case letters without diacritics
	strong uint64 // hash of the transliteration skeleton; 0 for parts of names that drop out ("al", initials)
	tok    int32  // index of the token it stands in
	letter caseOf
	hyphen bool // a hyphen follows
}

type caseOf uint8

const (
	lower caseOf = iota
	title        // begins upper case
	upper        // all upper case, two letters or more
)

// fits reports whether words of the text in this case may stand for words of
// the tables in case want: "Nato" for NATO, never "us" for US or "may" for May.
func (c caseOf) fits(want caseOf, long bool) bool {
	switch want {
	case title:
		return c != lower
	case upper:
		return c == upper || long && c == title
	}
	return true
}

const (
	hash0    = 14695981039346656037
	hashMul  = 1099511628211
	chainMul = 0x9E3779B97F4A7C15
	mixMul   = 0xBF58476D1CE4E5B9

	lightSeed  uint64 = 1
	personSeed uint64 = 2
)

// chain extends the hash of a sequence of words by one.
func chain(prefix, w uint64) uint64 {
	h := (prefix*chainMul ^ w) * mixMul
	h ^= h >> 31
	if h == 0 {
		h = 1
	}
	return h
}

func hashOf(b []byte) uint64 {
	h := uint64(hash0)
	for _, c := range b {
		h = (h ^ uint64(c)) * hashMul
	}
	return h
}

// folder cuts text into words; its buffers are reused.
type folder struct {
	plain     bool // leave the skeletons out
	buf, skel []byte
	words     []word
	keep      bool     // note the skeletons themselves
	kept      []string // of each word that does not drop out of a name
}

// add appends the words of token tok.
func (f *folder) add(s string, tok int) {
	i := 0
	for i < len(s) {
		b := f.buf[:0]
		letters, uppers, initial := 0, 0, false
		j := i
	scan:
		for j < len(s) {
			c := s[j]
			switch {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				b = append(b, c)
				letters++
				j++
			case c >= 'A' && c <= 'Z':
				if letters == 0 {
					initial = true
				}
				b = append(b, c|0x20)
				letters++
				uppers++
				j++
			case c == '.':
				if letters == 0 {
					break scan
				}
				j++
			case c < utf8.RuneSelf:
				break scan
			default:
				r, n := utf8.DecodeRuneInString(s[j:])
				fold := foldRune(r)
				if fold == "" {
					if r == 'ʿ' || r == 'ʾ' || r == 'ʻ' || r == 'ʼ' || unicode.Is(unicode.Mn, r) {
						j += n
						continue
					}
					break scan
				}
				if unicode.IsUpper(r) {
					if letters == 0 {
						initial = true
					}
					uppers++
				}
				letters++
				b = append(b, fold...)
				j += n
			}
		}
		f.buf = b
		if letters == 0 {
			_, n := utf8.DecodeRuneInString(s[i:])
			if strings.HasPrefix(s[i:], "-") && len(f.words) > 0 {
				f.words[len(f.words)-1].hyphen = true
			}
			i += n
			continue
		}
		w := word{light: hashOf(b), tok: int32(tok)}
		switch {
		case uppers == letters && letters > 1:
			w.letter = upper
		case initial:
			w.letter = title
		}
		w.hyphen = j < len(s) && s[j] == '-'
		switch {
		case f.plain:
		case w.letter != lower || len(b) <= 4:
			w.strong = f.skeleton(b, w.hyphen)
		default: // names hold no long lower-case word
			w.strong = w.light
		}
		f.words = append(f.words, w)
		if f.keep {
			if k := f.reduce(b, w.hyphen); len(k) > 0 {
				f.kept = append(f.kept, string(k))
			}
		}
		i = j
	}
}

// split returns the words of a whole phrase.
func (f *folder) split(s string) []word {
	f.words = f.words[:0]
	f.add(s, 0)
	return f.words
}

// foldRune returns the plain lower-case letters for a letter beyond ASCII, ""
// for what is no letter.
func foldRune(r rune) string {
	if r < 0x250 {
		if s := latin[r]; s != "" {
			return s
		}
	} else if r >= 0x1e00 && r < 0x1f00 {
		if s := latinMore[r-0x1e00]; s != "" {
			return s
		}
	}
	switch r {
	case 'ș', 'Ș':
		return "s"
	case 'ț', 'Ț':
		return "t"
	case '’', '‘', 'ʼ', 'ʿ', 'ʾ', 'ʻ':
		return ""
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return string(unicode.ToLower(r))
	}
	return ""
}

var latin, latinMore = foldTables()

func foldTables() (a [0x250]string, b [0x100]string) {
	for base, letters := range map[string]string{
		"a": "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ", "b": "ḃḅḇ", "c": "çćĉċčḉ", "d": "ďđḋḍḏḑḓ", "e": "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệəǝ",
		"f": "ḟ", "g": "ĝğġģǧǵḡ", "h": "ĥħȟḣḥḧḩḫẖ", "i": "ìíîïĩīĭįıǐȉȋḭḯỉị", "j": "ĵǰ", "k": "ķǩḱḳḵ", "l": "ĺļľŀłḷḹḻḽ", "m": "ḿṁṃ",
		"n": "ñńņňŉŋǹṅṇṉṋ", "o": "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ", "p": "ṕṗ", "r": "ŕŗřȑȓṙṛṝṟ", "s": "śŝşšșṡṣṥṧṩ",
		"t": "ţťŧțṫṭṯṱẗ", "u": "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự", "v": "ṽṿ", "w": "ŵẁẃẅẇẉẘ", "x": "ẋẍ", "y": "ýÿŷȳẏẙỳỵỷỹ",
		"z": "źżžẑẓẕ", "ae": "æǽ", "oe": "œ", "ss": "ß", "th": "þ",
	} {
		for _, r := range letters {
			for _, x := range []rune{r, unicode.ToUpper(r)} {
				if x < 0x250 {
					a[x] = base
				} else if x >= 0x1e00 && x < 0x1f00 {
					b[x-0x1e00] = base
				}
			}
		}
	}
	a['ð'], a['Ð'], a['İ'] = "d", "d", "i"
	return a, b
}

// skeleton reduces a folded name word to what the ways of spelling it in Latin
// letters share, and hashes it: Sissi and Sisi, Youssef and Yusuf, Lukashenko
// and Lukaschenko, Abdel- and Abdul-. It returns 0 for what drops out of a
// name: the Arabic article, "bin", initials.
//
// Vowels are classed, not dropped: dropping them made Sisi and Sassou one.
func (f *folder) skeleton(b []byte, hyphen bool) uint64 {
	if s := f.reduce(b, hyphen); len(s) > 0 {
		return hashOf(s)
	}
	return 0
}

// reduce returns the skeleton itself, nil for what drops out. It holds until
// the next call.
func (f *folder) reduce(b []byte, hyphen bool) []byte {
	if len(b) == 1 {
		return nil
	}
	switch string(b) {
	case "al", "el", "ul", "bin", "ibn", "jr", "sr":
		return nil
	case "as", "ash", "ar", "an", "ad", "az", "at", "es", "ez", "ed", "er", "et":
		if hyphen {
			return nil
		}
	case "abdel", "abdul", "abdal", "abdol", "abdoul", "abd":
		return nil // "Abdel Aziz" is "Abdulaziz", whose first part drops out below
	}
	if s, ok := sameName[string(b)]; ok {
		return []byte(s)
	}
	s := f.skel[:0]
	switch {
	case len(b) > 7 && hasPrefix(b, "abd") && (b[3] == 'u' || b[3] == 'e' || b[3] == 'a') && (b[4] == 'l' || b[4] == 'r' || b[4] == 's'):
		b = b[5:]
	case len(b) > 8 && hasPrefix(b, "abdoul"):
		b = b[6:]
	}
	switch n := len(b); {
	case n > 3 && string(b[n-2:]) == "ic": // Milosevic is Milosevich
		b = append(b, 'h')
	case n > 5 && string(b[n-3:]) == "ane": // Hassane, Ousmane
		b = b[:n-1]
	case n > 5 && string(b[n-3:]) == "off": // Stoyanoff
		b = append(b[:n-2], 'v')
	}
	put := func(c byte) {
		if n := len(s); n == 0 || s[n-1] != c {
			s = append(s, c)
		}
	}
	for i := 0; i < len(b); i++ {
		next := byte(0)
		if i+1 < len(b) {
			next = b[i+1]
		}
		switch c := b[i]; c {
		case 'a':
			switch {
			case next == 'y' && i+2 < len(b) && isVowel(b[i+2]):
				put('a')
			case next == 'i' || next == 'y':
				put('i')
				i++
			default:
				put('a')
			}
		case 'e':
			switch next {
			case 'i':
				put('i')
				i++
			case 'e':
				put('i')
				i++
			case 'y':
				if i+2 >= len(b) || !isVowel(b[i+2]) {
					put('i')
					i++
				} else {
					put('a')
				}
			default:
				put('a')
			}
		case 'i', 'y', 'j':
			if c == 'j' && (i == 0 || next != 0 && isVowel(next) && !(next == 'e' && isVowel(b[i-1]))) {
				put('j')
				break
			}
			if c == 'y' && i == 0 && (next == 'e') { // Yevgeny, Evgeny
				break
			}
			if i > 0 && next == 'e' && isVowel(b[i-1]) { // Nazarbayev, Nazarbaev
				break
			}
			put('i')
		case 'o', 'u':
			put('u')
		case 'q':
			put('k')
		case 'c':
			switch {
			case next == 'h':
				put('c')
				i++
			case next == 'k':
				put('k')
				i++
			case next == 'z': // Polish cz
				put('c')
				i++
			case next == 'e' || next == 'i' || next == 'y':
				put('s')
			default:
				put('k')
			}
		case 't':
			switch {
			case next == 'c' && i+2 < len(b) && b[i+2] == 'h':
				put('c')
				i += 2
			case next == 's' && i+2 < len(b) && b[i+2] == 'h':
				put('c')
				i += 2
			case next == 'h':
				put('t')
				i++
			default:
				put('t')
			}
		case 's':
			switch {
			case next == 'c' && i+2 < len(b) && b[i+2] == 'h':
				put('$')
				i += 2
			case next == 'h' || next == 'z':
				put('$')
				i++
			default:
				put('s')
			}
		case 'd':
			switch next {
			case 'j':
				put('j')
				i++
			case 'h':
				put('d')
				i++
			case 'z':
				if i+2 < len(b) && b[i+2] == 'h' {
					put('j')
					i += 2
				} else {
					put('d')
				}
			default:
				put('d')
			}
		case 'z':
			if next == 'h' {
				put('j')
				i++
			} else {
				put('z')
			}
		case 'k':
			if next == 'h' {
				put('h')
				i++
			} else {
				put('k')
			}
		case 'g':
			if next == 'h' {
				put('g')
				i++
			} else {
				put('g')
			}
		case 'p':
			if next == 'h' {
				put('f')
				i++
			} else {
				put('p')
			}
		case 'w', 'v':
			put('v')
		case 'x':
			put('k')
			put('s')
		case 'h':
			// a final h is mute in most romanisations (Haniyeh, Fattah)
			if i+1 < len(b) {
				put('h')
			}
		default:
			put(c)
		}
	}
	f.skel = s
	if len(s) == 0 {
		return b
	}
	return s
}

func hasPrefix(b []byte, p string) bool { return len(b) >= len(p) && string(b[:len(p)]) == p }

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

// sameName joins given names whose romanisations differ by more than the rules
// of skeleton reach.
var sameName = func() map[string]string {
	m := map[string]string{}
	for _, l := range []string{
		"muhammad mohammed mohamed mohammad muhammed mohamad mahomed mohd mohamud mohamoud",
		"ahmed ahmad achmad ahmet", "hussein husayn hussain husain hossein hosein husein hoseyn", "hassan hasan hassane",
		"khaled khalid halid", "omar umar omer", "osama usama", "salih saleh salah", "said saeed sayeed saed", "ibrahim ebrahim ibraheem",
		"rashid rashed rachid", "nasser nasir naser", "tariq tarek tareq tarik", "jamal gamal djamal", "mustafa mostafa mustapha moustapha",
		"ismail esmail ismael ismaeel esmaeil", "sayyid sayed seyed sayyed seyyed", "faisal feisal faysal", "fouad fuad fu'ad", "rafiq rafik rafic rafeeq",
		"jaber jabir djaber", "walid waleed oualid", "mahmoud mahmud mahmood", "abbas abas", "ali aly", "moussa musa mousa", "issa isa eisa",
		"alexander aleksandr aleksander alexandr alyaksandr aleksandar oleksandr", "sergei sergey serguei serge serhiy", "dmitry dmitri dmitriy dmitrii dimitri dmytro",
		"vladimir wladimir volodymyr uladzimir", "nikolai nikolay nicolai nikolaj", "mikhail mikheil michail mihail", "andrei andrey andrej andriy andrii",
		"alexei alexey aleksei aleksey oleksiy oleksii", "yevgeny evgeny yevgeni evgeni evgeniy yevgeniy", "yuri yuriy yury jurij", "viktor victor", "igor ihor",
		"anatoly anatoli anatoliy anatolii", "valery valeri valeriy valerii", "vasily vassily vasili vasyl", "grigory grigori hryhoriy", "gennady gennadi hennadiy",
		"yulia yuliya julia iuliia", "tatiana tatyana", "leonid leonyd", "oleg oleh", "konstantin constantin constantine konstantinos", "george giorgos georgios georgi giorgi",
		"costas kostas", "nikos nicos", "heydar haydar heidar geidar gaidar", "abdullah abdallah abdulla abdalla abdellah", "sheikh sheik shaikh shaykh cheikh",
	} {
		ws := strings.Fields(l)
		for _, w := range ws {
			m[w] = ws[0]
		}
	}
	return m
}()
