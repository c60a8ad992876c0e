#!/usr/bin/python3
"""Write a checkpoint as the integer model that internal/language/neural reads.

export.py CHECKPOINT[,CHECKPOINT…] TREEBANKS MODEL [--golden FILE]

The treebanks' training sentences show how large the activations grow. The file: the magic, then
the parts in the order of decode() in model.go, then the CRC-32 of the parts, little endian.
"""
import argparse
import json
import os
import struct
import zlib

import numpy as np
import torch
import torch.nn.functional as F

import features
import train
from model import SLOPE

X, H, GATE, TAG = 12, 15, 11, 9  # fraction bits of embeddings, LSTM output, gates, tag and label scores
NARROW = 4095                    # bound of both sides of an arc product


def uvarint(n):
    out = b''
    while n >= 0x80:
        out += bytes([n & 0x7f | 0x80])
        n >>= 7
    return out + bytes([n])


def strings(names):
    return uvarint(len(names)) + b''.join(uvarint(len(s.encode())) + s.encode() for s in names)


def embedding(w):
    """Rows of 8-bit values, a whole multiplier of 2^-X for each column."""
    w = w.detach().double().numpy()
    scale = np.clip(np.ceil(np.abs(w).max(0) * 2**X / 127), 1, 255)
    q = np.clip(np.rint(w * 2**X / scale), -127, 127)
    return uvarint(w.shape[1]) + scale.astype('u1').tobytes() + q.astype('i1').tobytes()


def exponent(row):
    """Fraction bits of a row of weights: the power of two that loses least, clipping allowed."""
    top = np.abs(row).max()
    e = 14 if top == 0 else int(min(14, np.floor(np.log2(127 / top))))
    err = lambda k: ((np.clip(np.rint(row * 2.0**k), -127, 127) / 2.0**k - row)**2).sum()
    return e + 1 if e < 14 and err(e + 1) < err(e) else e


def matrix(w, b, frac_in, frac_out):
    """frac_out: one number, or one for each row."""
    w, b = w.detach().double().numpy(), b.detach().double().numpy()
    out = np.broadcast_to(frac_out, len(b))
    shifts, biases, weights = [], [], []
    for row, bias, o in zip(w, b, out):
        e = exponent(row)
        while True:
            q = np.clip(np.rint(row * 2.0**e), -127, 127)
            shift = e + frac_in - int(o)
            qb = int(np.rint(bias * 2.0**(e + frac_in))) + (1 << shift - 1 if shift > 0 else 0)
            if np.abs(q).sum() * 32768 + abs(qb) < 2**31 and shift <= 31:
                break
            e -= 1
        assert shift >= 0, (shift, e, frac_in, o)
        shifts.append(shift)
        biases.append(qb)
        weights.append(q)
    return bytes(shifts) + np.array(biases, '<i4').tobytes() + np.array(weights).astype('i1').tobytes()


def table(f, step):
    x = np.arange(-2048, 2049) * step
    return np.clip(np.rint(f(x) * 32768), -32767, 32767).astype('<i2').tobytes()


def reach(net, vocab, folder):
    """Greatest activations on two thousand training sentences, by part."""
    some = features.read(os.path.join(folder, 'en_ewt-train.conllu'))[::12] + features.read(os.path.join(folder, 'en_gum-train.conllu'))[::6]
    data = [train.encode(vocab, s) for s in some if len(s) <= train.LONGEST]
    top = dict(dep=0, head=0, aw=0, lab=0, near=0)
    net.eval()
    with torch.no_grad():
        for ix in train.batches(data, 3000):
            f, g, lens, _ = train.collate(data, ix)
            h = net.encode(f, g, lens)
            h = h[torch.arange(h.shape[1])[None] <= lens[:, None]]
            dep, head = F.leaky_relu(net.arc_dep(h), SLOPE), F.leaky_relu(net.arc_head(h), SLOPE)
            seen = dict(dep=dep, head=head, aw=net.bilinear(dep), near=net.near(h),
                        lab=torch.cat([net.lab_dep(h), net.lab_head(h)]))
            for k, v in seen.items():
                top[k] = max(top[k], v.abs().max().item())
    return top


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('checkpoint', help='of several by comma the mean is written')
    ap.add_argument('treebanks')
    ap.add_argument('model')
    ap.add_argument('--golden', help='also write the features of a few forms, for the test of the runtime')
    A = ap.parse_args()
    vocab, net = train.load(A.checkpoint)
    top = reach(net, vocab, A.treebanks)
    bits = lambda most, v: int(np.floor(np.log2(most / (1.1 * v))))
    dep, lab = bits(32767, top['dep']), bits(32767, 2 * top['lab'])
    head, aw = bits(NARROW, top['head']), bits(NARROW, top['aw'])
    near = min(bits(32767, 1.5 * top['near']), head + aw)
    dep, lab = min(dep, 12), min(lab, 12)
    out = b''.join(uvarint(v) for v in (net.hid, net.arc, net.lab, head + aw - near))
    for t, e in zip(vocab.tables, net.tables):
        out += strings(t) + embedding(e.weight[1:])
    out += uvarint(features.BUCKETS) + embedding(net.grams.weight[1:])
    out += np.clip(np.rint(net.root.detach().numpy() * 2**X), -32767, 32767).astype('<i2').tobytes()
    out += table(lambda x: 1 / (1 + np.exp(-x)), 2.0**-8) + table(np.tanh, 2.0**-9)
    frac = X
    zero = torch.zeros(4 * net.hid)
    for layer in net.rnn:
        out += matrix(torch.cat(list(layer.wi)), torch.cat(list(layer.b)), frac, GATE)
        for d in range(2):
            out += matrix(layer.wh[d], zero, H, GATE)
        frac = H
    out += strings(vocab.upos) + strings(vocab.xpos) + strings(vocab.rel)
    parts = [net.arc_dep, net.arc_head, net.lab_dep, net.lab_head, net.near, net.upos, net.xpos]
    fracs = [dep, head, lab, lab, near, TAG, TAG]
    out += matrix(torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts]), H,
                  np.concatenate([[f] * len(p.bias) for p, f in zip(parts, fracs)]))
    out += matrix(net.bilinear.weight, net.bilinear.bias, dep, aw)
    out += matrix(net.label.weight, net.label.bias, lab, TAG)
    with open(A.model, 'wb') as f:
        f.write(b'rapport neural 1' + out + struct.pack('<I', zlib.crc32(out)))
    print(f'{len(out) / 1e6:.2f} MB', top, dict(dep=dep, head=head, aw=aw, lab=lab, near=near))
    if A.golden:
        forms = ['Egypt', 'U.S.', 'n\u2019t', '\u201c', '\u2014', 'co-operation', '1,200', 'HEYDAR', 'I\u0307stanbul', '\u0130lham', 'caf\u00e9',
                 '\u2026', 'Donaudampfschifffahrtsgesellschaftskapit\u00e4n\u2026', 'a', 'A380s', '\u4e2d\u56fd', 'http://www.example.org/some/long/path/of/words']
        lines = []
        for w in forms:
            ids, grams, _ = vocab.form(w)
            lines.append(json.dumps(dict(form=w, rows=[i - 1 for i in ids], grams=[g - 1 for g in grams])))
        with open(A.golden, 'w') as f:
            f.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
