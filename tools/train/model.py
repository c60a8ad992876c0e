"""The network: hashed and affix embeddings, two BiLSTM layers, UPOS, XPOS, biaffine arcs, labels.

Chosen for integer inference: the activations are those of the runtime
(leaky slope 1/8 is a shift, sigmoid and tanh are read from tables), labels
come from one small perceptron on dependent plus head, so that no three-way
product is left.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

import features

SLOPE = 0.125
DIST = [1, 2, 3, 4, 6, 9, 14]  # upper bounds of the distance classes on either side


def distance(n):
    """Class of head minus dependent for positions 0..n-1: [dep, head], 0..15; the root column is 16 (no score)."""
    p = torch.arange(n)
    d = p[None, :] - p[:, None]
    c = torch.bucketize(d.abs(), torch.tensor(DIST))
    c = torch.where(d > 0, c + 8, c)
    c[:, 0] = 16
    return c


class Locked(nn.Module):
    """Dropout with one mask for all positions of a sentence."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        m = x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - self.p) / (1 - self.p)
        return x * m


class Recurrence(torch.autograd.Function):
    """LSTM over time for both directions at once, gates i f g o; x: 2,T,B,4H input parts, wh: 2,4H,H.

    Autograd through torch's own LSTM adds up the weight gradient step by step;
    here it is one product at the end. A whole step takes two thirds of the time.
    """

    @staticmethod
    def forward(ctx, x, wh):
        _, T, B, H4 = x.shape
        H = H4 // 4
        wt = wh.transpose(1, 2)
        gates = torch.empty_like(x)
        cells, tans, hs = x.new_empty(2, T, B, H), x.new_empty(2, T, B, H), x.new_empty(2, T, B, H)
        for t in range(T):
            g = gates[:, t]
            if t:
                torch.baddbmm(x[:, t], hs[:, t - 1], wt, out=g)
            else:
                g.copy_(x[:, t])
            g[..., :2 * H].sigmoid_()
            g[..., 2 * H:3 * H].tanh_()
            g[..., 3 * H:].sigmoid_()
            i, f, u, o = g.chunk(4, -1)
            c = cells[:, t]
            torch.mul(i, u, out=c)
            if t:
                c.addcmul_(f, cells[:, t - 1])
            torch.tanh(c, out=tans[:, t])
            torch.mul(o, tans[:, t], out=hs[:, t])
        ctx.save_for_backward(wh, gates, cells, tans, hs)
        return hs

    @staticmethod
    def backward(ctx, dh):
        wh, gates, cells, tans, hs = ctx.saved_tensors
        _, T, B, H4 = gates.shape
        H = H4 // 4
        dx = torch.empty_like(gates)
        i, f, u, o = gates.chunk(4, -1)
        dc, d = torch.zeros_like(cells[:, 0]), dh[:, T - 1]
        for t in range(T - 1, -1, -1):
            it, ft, ut, ot, g = i[:, t], f[:, t], u[:, t], o[:, t], dx[:, t]
            th = tans[:, t]
            dot = d * ot
            dc = torch.addcmul(dc, dot, torch.addcmul(torch.ones((), dtype=th.dtype), th, th, value=-1))
            torch.mul(dot * th, 1 - ot, out=g[..., 3 * H:])
            di = dc * it
            torch.mul(di * ut, 1 - it, out=g[..., :H])
            torch.addcmul(di, di, ut * ut, value=-1, out=g[..., 2 * H:3 * H])
            dc = dc * ft
            if t:
                torch.mul(dc * cells[:, t - 1], 1 - ft, out=g[..., H:2 * H])
                d = torch.baddbmm(dh[:, t - 1], g, wh)
            else:
                g[..., H:2 * H] = 0
        a = dx[:, 1:].reshape(2, -1, H4)
        return dx, a.transpose(1, 2) @ hs[:, :-1].reshape(2, -1, H)


class Layer(nn.Module):
    """One bidirectional LSTM layer with dropped recurrent weights."""

    def __init__(self, inp, hid, wdrop):
        super().__init__()
        self.hid, self.wdrop = hid, wdrop
        self.wi = nn.Parameter(torch.empty(2, 4 * hid, inp))
        self.wh = nn.Parameter(torch.empty(2, 4 * hid, hid))
        self.b = nn.Parameter(torch.zeros(2, 4 * hid))
        for d in range(2):
            nn.init.xavier_uniform_(self.wi.data[d])
            for g in range(4):
                nn.init.orthogonal_(self.wh.data[d, g * hid:(g + 1) * hid])
            self.b.data[d, hid:2 * hid] = 1

    def forward(self, x, turn):
        """x: B,T,inp; turn: B,T the places of each sentence read backwards (padding stays)."""
        B, T, _ = x.shape
        pick = lambda y: y.gather(1, turn[..., None].expand(-1, -1, y.shape[2]))
        x = torch.stack([x, pick(x)]).transpose(1, 2).reshape(2, T * B, -1)
        p = torch.baddbmm(self.b[:, None], x, self.wi.transpose(1, 2)).view(2, T, B, -1)
        ahead, back = Recurrence.apply(p, F.dropout(self.wh, self.wdrop, self.training)).transpose(1, 2)
        return torch.cat([ahead, pick(back)], -1)


class Parser(nn.Module):
    def __init__(self, vocab, hid=160, layers=2, arc=128, lab=128, drop=0.33, wdrop=0.2, edrop=0.3):
        super().__init__()
        self.hid, self.arc, self.lab, self.drop, self.edrop = hid, arc, lab, drop, edrop
        self.tables = nn.ModuleList([nn.Embedding(len(t) + 2, d) for t, (_, _, d) in zip(vocab.tables, features.TABLES)])
        self.grams = nn.Embedding(features.BUCKETS + 1, features.GRAM_DIM, padding_idx=0)
        for e in self.tables:
            nn.init.normal_(e.weight, 0, 0.3)
        nn.init.normal_(self.grams.weight, 0, 0.5)
        self.grams.weight.data[0] = 0
        di = sum(d for *_, d in features.TABLES) + features.GRAM_DIM
        self.root = nn.Parameter(torch.randn(di) * 0.3)
        self.rnn = nn.ModuleList([Layer(di if i == 0 else 2 * hid, hid, wdrop) for i in range(layers)])
        self.lock = Locked(drop)
        w = 2 * hid
        self.upos, self.xpos = nn.Linear(w, len(vocab.upos)), nn.Linear(w, len(vocab.xpos))
        self.arc_dep, self.arc_head = nn.Linear(w, arc), nn.Linear(w, arc)
        self.lab_dep, self.lab_head = nn.Linear(w, lab), nn.Linear(w, lab)
        self.near = nn.Linear(w, 16)
        self.bilinear = nn.Linear(arc, arc)  # W and the head bias in one
        self.label = nn.Linear(lab, len(vocab.rel))
        nn.init.xavier_uniform_(self.bilinear.weight)

    def embed(self, f, g):
        """f: B,T,tables ids; g: B,T,GRAMS trigram ids, 0 pads."""
        bag = self.grams(g).sum(2) / (g > 0).sum(2).clamp(min=1)[..., None]
        return torch.cat([e(f[:, :, i]) for i, e in enumerate(self.tables)] + [bag], -1)

    def encode(self, f, g, lens):
        x = self.embed(f, g)
        x = torch.cat([self.root.expand(x.shape[0], 1, -1), x], 1)
        x = F.dropout(x, self.edrop, self.training)
        turn = lens[:, None] - torch.arange(x.shape[1])[None]
        turn = torch.where(turn < 0, torch.arange(x.shape[1])[None].expand_as(turn), turn)
        for layer in self.rnn:
            x = self.lock(layer(x, turn))
        return x

    def tags(self, h):
        return self.upos(h), self.xpos(h)

    def arcs(self, h, lens):
        """Logits of heads: B, dependent, head."""
        n = h.shape[1]
        act = lambda l: self.lock(F.leaky_relu(l(h), SLOPE))
        dep, head = act(self.arc_dep), act(self.arc_head)
        arcs = self.bilinear(dep) @ head.transpose(1, 2)
        near = F.pad(self.near(h), (0, 1))
        arcs = arcs + near.gather(2, distance(n)[None].expand(h.shape[0], n, n))
        mask = torch.arange(n)[None] < (lens + 1)[:, None]
        return arcs.masked_fill(~mask[:, None, :] | torch.eye(n, dtype=torch.bool)[None], -1e4)

    def labels(self, h, heads):
        a, b = self.lab_dep(h), self.lab_head(h)
        z = a + b.gather(1, heads[..., None].expand(-1, -1, b.shape[-1]))
        return self.label(self.lock(F.leaky_relu(z, SLOPE)))

    def forward(self, f, g, lens, heads=None):
        """UPOS, XPOS, arc and label logits at positions 0..T; heads: those to label (default: best)."""
        h = self.encode(f, g, lens)
        arcs = self.arcs(h, lens)
        if heads is None:
            heads = arcs.argmax(-1)
        return *self.tags(h), arcs, self.labels(h, heads), heads
