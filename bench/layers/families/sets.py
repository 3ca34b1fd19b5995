# The rows of sets.cpp as plain PyTorch modules, from the formulas: see families.py.
#
#     python3 sets.py [<part of a row's name>]
import torch
from torch import nn
from torch.nn import functional as F

from families import row


class Slots(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_input, self.norm_slots, self.norm_hidden = nn.LayerNorm(16), nn.LayerNorm(32), nn.LayerNorm(32)
        self.key, self.value = nn.Linear(16, 32, bias=False), nn.Linear(16, 32, bias=False)
        self.query = nn.Linear(32, 32, bias=False)
        self.slots = nn.Parameter(torch.randn(7, 32))
        self.cell = nn.GRUCell(32, 32)
        self.rise, self.fall = nn.Linear(32, 64), nn.Linear(64, 32)

    def forward(self, x):
        n = len(x)
        x = self.norm_input(x)
        k, v = self.key(x), self.value(x)
        s = self.slots.expand(n, 7, 32)
        for _ in range(3):
            q = self.query(self.norm_slots(s)) * 32**-0.5
            a = torch.einsum("nsd,npd->nsp", q, k).softmax(1) + 1e-8
            u = torch.einsum("nsp,npd->nsd", a / a.sum(-1, keepdim=True), v)
            s = self.cell(u.reshape(-1, 32), s.reshape(-1, 32)).reshape(n, 7, 32)
            s = s + self.fall(F.relu(self.rise(self.norm_hidden(s))))
        return s


class Mab(nn.Module):
    def __init__(self, of, seen):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(of, 64), nn.Linear(seen, 64), nn.Linear(seen, 64)
        self.out = nn.Linear(64, 64)

    def forward(self, x, y):
        heads = lambda z: z.reshape(len(z), -1, 4, 16).transpose(1, 2)
        q = self.q(x)
        a = F.scaled_dot_product_attention(heads(q), heads(self.k(y)), heads(self.v(y)), scale=64**-0.5)
        h = q + a.transpose(1, 2).reshape(len(y), -1, 64)
        return h + F.relu(self.out(h))


class SetTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.points, self.seeds = nn.Parameter(torch.randn(1, 16, 64)), nn.Parameter(torch.randn(1, 4, 64))
        self.gather, self.give, self.pool = Mab(64, 16), Mab(16, 64), Mab(64, 64)

    def forward(self, x):
        n = len(x)
        h = self.give(x, self.gather(self.points.expand(n, -1, -1), x))
        return self.pool(self.seeds.expand(n, -1, -1), h)


row("slot attention", Slots, torch.randn(32, 784, 16))
row("set transformer", SetTransformer, torch.randn(32, 784, 16))
