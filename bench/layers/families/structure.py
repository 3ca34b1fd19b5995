# The rows of structure.cpp as plain PyTorch modules, from the formulas: see families.py.
#
#     python3 structure.py [<part of a row's name>]
import math

import torch
from torch import nn
from torch.nn import functional as F

from families import row


class Circuit(nn.Module):
    """Four qubits that turn by RX of the features; twice H, a chain of cnots, rotations, and the chain back."""

    def __init__(self):
        super().__init__()
        self.angles = nn.Parameter((torch.rand(2, 4, 3) * 2 - 1) * math.pi)
        states = torch.arange(16)
        bit = lambda q: 8 >> q
        cnots = [torch.where((states & bit(q)) > 0, states ^ bit(q + 1), states) for q in range(3)]
        forth, back = states, states
        for q in (0, 1, 2):
            forth = forth[cnots[q]]
        for q in (2, 1, 0):
            back = back[cnots[q]]
        self.register_buffer("forth", forth)
        self.register_buffer("back", back)
        self.register_buffer("h", torch.tensor([[1, 1], [1, -1]], dtype=torch.complex64) / math.sqrt(2))
        self.register_buffer("signs", torch.tensor([[1.0 - 2 * ((s >> (3 - q)) & 1) for q in range(4)]
                                                    for s in range(16)]))

    @staticmethod
    def gate(matrix, q, s):
        """(2, 2) on qubit q of states (P, 16)."""
        return torch.einsum("ab,plbr->plar", matrix, s.reshape(len(s), 1 << q, 2, 8 >> q)).reshape(len(s), 16)

    def forward(self, x):
        x = x.reshape(-1, 4)
        # |0> turned by RX: cos and -i sin; the state is the product over the qubits
        turned = torch.stack([torch.cos(x / 2).to(torch.complex64), torch.complex(torch.zeros_like(x), -torch.sin(x / 2))],
                             -1)
        s = turned[:, 0]
        for q in range(1, 4):
            s = (s.unsqueeze(-1) * turned[:, q].unsqueeze(1)).flatten(1)
        for layer in self.angles:
            s = self.gate(self.h, 0, s)[:, self.forth]
            for q in range(4):
                phi, theta, omega = layer[q]
                c, n = torch.cos(theta / 2), torch.sin(theta / 2)
                plus, minus = (phi + omega) / 2, (phi - omega) / 2
                size = torch.stack([c, -n, n, c])
                phase = torch.stack([-plus, minus, -minus, plus])
                s = self.gate(torch.polar(torch.ones(4), phase).mul(size).reshape(2, 2), q, s)
            s = s[:, self.back]
        return (s.real**2 + s.imag**2) @ self.signs


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(16, 4, bias=False)
        self.experts = nn.ModuleList([nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 16)) for _ in range(4)])

    def forward(self, x):
        tokens = x.reshape(-1, 16)
        best, index = self.gate(tokens).softmax(-1).max(-1)
        y = torch.zeros_like(tokens)
        for e, expert in enumerate(self.experts):
            chosen = torch.nonzero(index == e).squeeze(-1)
            y = y.index_add(0, chosen, best[chosen, None] * expert(tokens[chosen]))
        return y.reshape(x.shape)


class Quantiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.codes = nn.Parameter((torch.rand(64, 16) * 2 - 1) / 64)

    def forward(self, z):
        rows = z.reshape(-1, 16)
        distance = (rows**2).sum(1, keepdim=True) - 2 * rows @ self.codes.T + (self.codes**2).sum(1)
        q = self.codes[distance.argmin(1)].reshape(z.shape)
        if self.training:
            self.lost = F.mse_loss(q, z.detach()) + 0.25 * F.mse_loss(z, q.detach())
        return z + (q - z).detach()


row("circuit of 4 qubits", Circuit, torch.randn(32, 784, 4))
row("experts, 1 of 4", Experts, torch.randn(32, 784, 16))
row("vector quantiser", Quantiser, torch.randn(32, 784, 16))
