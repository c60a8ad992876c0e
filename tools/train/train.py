#!/usr/bin/python3
"""Train one tagger and parser. See README.md; `train.py -h` lists the options."""
import argparse
import copy
import json
import os
import random
import time

os.environ.setdefault('OPENBLAS_CORETYPE', '')
if not os.environ['OPENBLAS_CORETYPE']:
    del os.environ['OPENBLAS_CORETYPE']
    if 'avx512dq' in open('/proc/cpuinfo').read():  # OpenBLAS 0.3.21 takes slow kernels on newer processors
        os.environ['OPENBLAS_CORETYPE'] = 'SkylakeX'

import numpy as np
import torch
import torch.nn.functional as F

import features
from model import Parser

LONGEST = 100   # tokens of a training sentence
USUAL = 4, 60   # of one of raw text


def ids(vocab, s):
    forms = [vocab.form(t.form) for t in s]
    f = np.array([i[0] for i in forms])
    g = np.zeros((len(s), features.GRAMS), int)
    for k, i in enumerate(forms):
        g[k, :len(i[1])] = i[1]
    return f, g, forms


def encode(vocab, s):
    f, g, forms = ids(vocab, s)
    freq = np.array([i[2] for i in forms], float)
    idx = lambda names, key: names.index(key) if key in names else -100
    gold = np.array([[idx(vocab.upos, t.upos), idx(vocab.xpos, t.xpos), t.head, idx(vocab.rel, t.rel)] for t in s])
    shape = vocab.ids[-1]
    cased = [np.array([shape.get(features.shape(c(t.form)), features.UNK) for t in s])
             for c in (str.lower, str.upper, lambda w: w[:1].upper() + w[1:])]
    return f, g, freq, gold, cased


def batches(data, size, rng=None, some=None):
    """Indices (of all, or of some) of sentences of like length, descending in each batch."""
    jitter = (lambda: rng.uniform(-1.5, 1.5)) if rng else (lambda: 0)
    order = sorted(range(len(data)) if some is None else some, key=lambda i: -len(data[i][0]) + jitter())
    out, cur, longest = [], [], 0
    for i in order:
        longest = max(longest, len(data[i][0]) + 1)
        cur.append(i)
        if len(cur) * longest >= size:
            out.append(cur)
            cur, longest = [], 0
    if cur:
        out.append(cur)
    out = [sorted(b, key=lambda i: -len(data[i][0])) for b in out]
    if rng:
        rng.shuffle(out)
    return out


def collate(data, ix, noise=None):
    n, B = max(len(data[i][0]) for i in ix), len(ix)
    f = np.zeros((B, n, len(features.TABLES)), int)
    g = np.zeros((B, n, features.GRAMS), int)
    gold = np.full((B, n + 1, 4), -100)
    lens = []
    for k, i in enumerate(ix):
        a, b, freq, y, cased = data[i]
        m = len(a)
        f[k, :m], g[k, :m], gold[k, 1:m + 1] = a, b, y
        lens.append(m)
        if noise is not None:
            drop = noise.random(m) < np.maximum(0.25 / (0.25 + freq), 0.03)
            f[k, :m, 0][drop] = features.UNK
            r = noise.random()
            if r < 0.03:  # headlines, telegrams, careless mail
                f[k, :m, -1] = cased[int(r * 100)]
    t = torch.from_numpy
    w = int((g > 0).sum(2).max())
    return t(f), t(g[:, :, :w]), torch.tensor(lens), t(gold)


def scores(net, data, raw, vocab, size=4000):
    """Greedy heads, no tree repair: the measure to choose on; the Go runtime gives the final ones."""
    net.eval()
    n = u = x = ua = la = 0
    base = [r.split(':')[0] for r in vocab.rel]
    with torch.no_grad():
        for ix in batches(data, size):
            f, g, lens, gold = collate(data, ix)
            pu, px, _, pr, ph = net(f, g, lens)
            pu, px, pr = pu.argmax(-1).numpy(), px.argmax(-1).numpy(), pr.argmax(-1).numpy()
            ph = ph.numpy()
            for k, i in enumerate(ix):
                for j, t in enumerate(raw[i], 1):
                    n += 1
                    u += vocab.upos[pu[k, j]] == t.upos
                    x += vocab.xpos[px[k, j]] == t.xpos
                    if ph[k, j] == t.head:
                        ua += 1
                        la += base[pr[k, j]] == t.rel.split(':')[0]
    net.train()
    return dict(zip(('upos', 'xpos', 'uas', 'las'), (round(100 * v / n, 2) for v in (u, x, ua, la))))


def soft(teachers, sentences, data, size=4000):
    """Mean probabilities of the teachers for each sentence: upos, xpos, arcs, labels at gold heads.

    A sentence without gold (raw text) gets the most probable in its place.
    """
    for vocab, net in teachers:
        net.eval()
    own = [[ids(vocab, s)[:2] for s in sentences] for vocab, _ in teachers]
    mean = lambda each: sum(F.softmax(v, -1) for v in each) / len(teachers)
    out = [None] * len(data)
    with torch.no_grad():
        for ix in batches(data, size):
            *_, lens, gold = collate(data, ix)
            states = []
            for (_, net), o in zip(teachers, own):
                f, g, *_ = collate([o[i] + d[2:] for i, d in zip(ix, map(data.__getitem__, ix))], range(len(ix)))
                states.append((net, net.encode(f, g, lens)))
            tags = [net.tags(h) for net, h in states]
            upos, xpos, arcs = mean(t[0] for t in tags), mean(t[1] for t in tags), mean(net.arcs(h, lens) for net, h in states)
            heads = torch.where(gold[..., 2] < 0, arcs.argmax(-1), gold[..., 2])
            rel = mean(net.labels(h, heads) for net, h in states)
            p = upos, xpos, arcs, rel
            best = torch.stack([upos.argmax(-1), xpos.argmax(-1), heads, rel.argmax(-1)], -1).numpy()
            for k, i in enumerate(ix):
                m = int(lens[k]) + 1
                out[i] = [v[k, 1:m, :m if c == 2 else None].numpy().astype('float16') for c, v in enumerate(p)]
                if (data[i][3][:, 2] < 0).all():
                    data[i][3][:] = best[k, 1:m]
    return out


def soft_batch(targets, ix, n):
    out = []
    for c in range(4):
        w = n if c == 2 else targets[ix[0]][c].shape[1]
        a = np.zeros((len(ix), n, w), 'float32')
        for k, i in enumerate(ix):
            v = targets[i][c]
            a[k, 1:v.shape[0] + 1, :v.shape[1]] = v
        out.append(torch.from_numpy(a))
    return out


def loss_of(logits, gold, target=None, mix=0.5):
    weights = (0.5, 0.5, 1, 1)
    total = 0
    ok = (gold[..., 2] >= 0).float()
    for c in range(4):
        hard = F.cross_entropy(logits[c].flatten(0, 1), gold[..., c].flatten())
        if target is not None:
            kl = -(target[c] * F.log_softmax(logits[c], -1)).sum(-1)
            hard = (1 - mix) * hard + mix * (kl * ok).sum() / ok.sum()
        total = total + weights[c] * hard
    return total


def grow(net, old):
    """Loads old weights into a network whose vocabulary has grown; what is new begins as the unknown."""
    for k, v in net.state_dict().items():
        w = old[k]
        v[:len(w)] = w
        v[len(w):] = w[features.UNK] if len(v) > len(w) else 0


def load(paths):
    """A checkpoint's averaged weights; of several by comma, which must have grown from one, their mean."""
    all = [torch.load(p) for p in paths.split(',')]
    c = all[0]
    net = Parser(c['vocab'], **c['size'])
    net.load_state_dict({k: sum(o['ema'][k] for o in all) / len(all) for k in c['ema']})
    return c['vocab'], net


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('treebanks', help='folder of CoNLL-U files')
    ap.add_argument('out', help='checkpoint to write')
    ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--hid', type=int, default=160)
    ap.add_argument('--layers', type=int, default=2)
    ap.add_argument('--epochs', type=int, default=60)
    ap.add_argument('--decay', type=int, default=20, help='of these, epochs in which the rate falls to nothing')
    ap.add_argument('--rate', type=float, default=3e-3)
    ap.add_argument('--batch', type=int, default=1500, help='tokens')
    ap.add_argument('--threads', type=int, default=1)
    ap.add_argument('--drop', type=float, default=0.33)
    ap.add_argument('--start', help='checkpoint to start from')
    ap.add_argument('--teachers', help='checkpoints, by colon, whose mean is learnt beside the gold')
    ap.add_argument('--raw', help='CoNLL-U files, by comma, of which only the forms are read: the teachers say the rest')
    ap.add_argument('--share', type=float, default=1, help='of the raw sentences, in an epoch')
    ap.add_argument('--until', type=int, default=1000, help='epoch after which to end, however far the rate has fallen')
    ap.add_argument('--stop', help='file that, when it appears, makes the decay start with the next epoch')
    A = ap.parse_args()
    torch.set_num_threads(A.threads)
    torch.manual_seed(A.seed)
    rng, noise = random.Random(A.seed), np.random.default_rng(A.seed)
    P = lambda n: os.path.join(A.treebanks, n + '.conllu')
    train = [s for n in ('en_ewt-train', 'en_gum-train') for s in features.read(P(n))]
    vocab = features.Vocabulary(train)
    raw = [s for p in A.raw.split(',') for s in features.read(p)] if A.raw else []
    vocab.extend(raw, 2)
    train = [s for s in train if len(s) <= LONGEST]
    raw = [s for s in raw if USUAL[0] <= len(s) <= USUAL[1]]
    devs = {n: features.read(P(n)) for n in ('en_ewt-dev', 'en_gum-dev')}
    data = [encode(vocab, s) for s in train + raw]
    for d in data[len(train):]:
        d[3][:] = -100
    dev_data = {n: [encode(vocab, s) for s in d] for n, d in devs.items()}
    size = dict(hid=A.hid, layers=A.layers, drop=A.drop)
    net = Parser(vocab, **size)
    if A.start:
        grow(net, load(A.start)[1].state_dict())
    print(json.dumps(dict(args=vars(A), sentences=len(train), tokens=sum(map(len, train)), raw=sum(map(len, raw)), known=[len(t) for t in vocab.tables],
                          parameters=sum(p.numel() for p in net.parameters()))), flush=True)
    targets = None
    if A.teachers:
        targets = soft([load(t) for t in A.teachers.split(':')], train + raw, data)
        print('teachers done', flush=True)
    ema = copy.deepcopy(net)
    opt = torch.optim.Adam(net.parameters(), lr=A.rate, betas=(0.9, 0.95), eps=1e-8)
    step, t0, best = 0, time.time(), -1
    plateau = A.epochs - A.decay
    epoch = 0
    while epoch < min(plateau + A.decay, A.until):
        some = rng.sample(range(len(train), len(data)), int(A.share * len(raw)))
        order = batches(data, A.batch, rng, [*range(len(train)), *some])
        total = 0.0
        for k, ix in enumerate(order):
            done = epoch + k / len(order)
            rate = A.rate * min(1, (step + 1) / 300)
            if done > plateau:
                rate *= max(0.01, 1 - (done - plateau) / A.decay)
            for grp in opt.param_groups:
                grp['lr'] = rate
            f, g, lens, gold = collate(data, ix, noise)
            logits = net(f, g, lens, gold[..., 2].clamp(min=0))
            target = soft_batch(targets, ix, gold.shape[1]) if targets else None
            loss = loss_of(logits, gold, target)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            step += 1
            total += loss.item()
            with torch.no_grad():
                d = min(0.998, (step + 1) / (step + 10))
                for a, b in zip(ema.parameters(), net.parameters()):
                    a.lerp_(b, 1 - d)
        epoch += 1
        line = dict(epoch=epoch, seconds=round(time.time() - t0), cpu=round(time.process_time()), loss=round(total / len(order), 4))
        if epoch % 3 == 0 or epoch > plateau + A.decay - 3 or epoch == 1:
            line['dev'] = {n: scores(ema, dev_data[n], devs[n], vocab) for n in devs}
            mean = sum(r['las'] for r in line['dev'].values())
            if mean > best:
                best = mean
                torch.save(dict(vocab=vocab, ema=ema.state_dict(), size=size, epoch=epoch, dev=line['dev'], args=vars(A)), A.out + '.part')
                os.replace(A.out + '.part', A.out)
        print(json.dumps(line), flush=True)
        if A.stop and epoch < plateau and os.path.exists(A.stop):
            plateau = epoch
            print(json.dumps(dict(plateau=plateau, equal_to=f'--epochs {plateau + A.decay} --decay {A.decay}')), flush=True)


if __name__ == '__main__':
    main()
