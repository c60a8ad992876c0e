"""Treebank reading and the features of a word form.

internal/language/neural/features.go computes the same features; the model's
golden file holds a few forms with their ids and a Go test compares them.
"""
import collections
import unicodedata

# Variants of one sign that news text mixes freely; the shape still tells them apart.
FOLD = {
    '\u2018': "'", '\u2019': "'", '\u02bc': "'", '\u00b4': "'", '`': "'",
    '\u201c': '"', '\u201d': '"', '\u201e': '"', '\u00ab': '"', '\u00bb': '"',
    '\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '--', '\u2015': '--',
    '\u2026': '...',
}
CLIP = 24       # runes of a folded form that count; of a longer one the first and last half
BUCKETS = 8192  # hash buckets of character trigrams
GRAMS = CLIP    # trigrams of a clipped form with its two boundary marks

# name, least count in training to be known, embedding width
TABLES = [('word', 2, 96), ('suffix4', 3, 32), ('suffix3', 2, 32), ('suffix2', 2, 16),
          ('prefix3', 2, 32), ('shape', 2, 16)]
GRAM_DIM = 64
UNK, PAD = 1, 0


def fold(form):
    out = []
    for ch in form:
        ch = FOLD.get(ch, ch)
        if len(ch) == 1:
            low = ch.lower()
            ch = low if len(low) == 1 else ch
            if '0' <= ch <= '9':
                ch = '0'
        out.append(ch)
    r = ''.join(out)
    return r if len(r) <= CLIP else r[:CLIP // 2] + r[-CLIP // 2:]


def kind(ch):
    c = unicodedata.category(ch)
    return 'X' if c == 'Lu' else 'x' if c[0] == 'L' else 'd' if c == 'Nd' else ch


def shape(form):
    """Letter kinds, runs cut to two, at most eight."""
    o = []
    for ch in form:
        k = kind(ch)
        if len(o) < 2 or o[-1] != k or o[-2] != k:
            o.append(k)
        if len(o) == 8:
            break
    return ''.join(o)


def fnv(s):
    h = 2166136261
    for b in s.encode():
        h = (h ^ b) * 16777619 & 0xffffffff
    return h


def grams(folded):
    """Trigram buckets, 1-based (0 pads)."""
    s = '\x02' + folded + '\x03'
    return [1 + fnv(s[i:i + 3]) % BUCKETS for i in range(len(s) - 2)]


def strings(form):
    f = fold(form)
    return [f, f[-4:], f[-3:], f[-2:], f[:3], shape(form)]


Token = collections.namedtuple('Token', 'form upos xpos head rel')


def read(path):
    """Sentences of a CoNLL-U file: lists of Token, heads counted from 1, 0 the root."""
    out, cur = [], []
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.rstrip('\n')
            if not line:
                if cur:
                    out.append(cur)
                cur = []
            elif line[0] != '#':
                c = line.split('\t')
                if c[0].isdigit():
                    cur.append(Token(c[1], c[3], c[4], int(c[6]), c[7]))
    if cur:
        out.append(cur)
    return out


class Vocabulary:
    """String to id for each table and label set. Id 0 pads, 1 is unknown."""

    def __init__(self, sentences):
        counts = [collections.Counter() for _ in TABLES]
        for s in sentences:
            for t in s:
                for c, k in zip(counts, strings(t.form)):
                    c[k] += 1
        self.tables = []
        for (_, least, _), c in zip(TABLES, counts):
            self.tables.append(sorted(k for k, v in c.items() if v >= least))
        self.ids = [{k: i + 2 for i, k in enumerate(t)} for t in self.tables]
        self.freq = counts[0]
        self.upos = sorted({t.upos for s in sentences for t in s})
        self.xpos = sorted({t.xpos for s in sentences for t in s})
        self.rel = sorted({t.rel for s in sentences for t in s})
        self.cache = {}

    def extend(self, sentences, least):
        """Adds what raw text repeats at least so often; ids stay."""
        counts = [collections.Counter() for _ in TABLES]
        for s in sentences:
            for t in s:
                for c, k in zip(counts, strings(t.form)):
                    c[k] += 1
        for table, ids, c in zip(self.tables, self.ids, counts):
            for k in sorted(k for k, v in c.items() if v >= least and k not in ids):
                ids[k] = len(table) + 2
                table.append(k)
        self.freq.update(counts[0])
        self.cache = {}

    def form(self, form):
        """(table ids, trigram ids, training frequency of the folded form)"""
        r = self.cache.get(form)
        if r is None:
            st = strings(form)
            r = ([d.get(k, UNK) for d, k in zip(self.ids, st)], grams(st[0]), self.freq.get(st[0], 0))
            self.cache[form] = r
        return r
