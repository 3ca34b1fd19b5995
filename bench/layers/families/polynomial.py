# The row of polynomial.cpp as a plain PyTorch module, from the formulas: see families.py.
#
#     python3 polynomial.py [<part of a row's name>]
import torch
from torch import nn

from families import row


def shifted(x):
    """(N, H, W, C): each quarter of the channels goes one place another way."""
    y = x.clone()
    q = [x.shape[-1] * k // 4 for k in range(5)]
    y[:, 1:, :, : q[1]] = x[:, :-1, :, : q[1]]
    y[:, :-1, :, q[1] : q[2]] = x[:, 1:, :, q[1] : q[2]]
    y[:, :, 1:, q[2] : q[3]] = x[:, :, :-1, q[2] : q[3]]
    y[:, :, :-1, q[3] :] = x[:, :, 1:, q[3] :]
    return y


class Mu(nn.Module):
    def __init__(self, features, hidden, shifts):
        super().__init__()
        self.u1, self.u2 = nn.Linear(features, hidden), nn.Linear(features, hidden // 8)
        self.u3, self.c = nn.Linear(hidden // 8, hidden), nn.Linear(hidden, features)
        self.a, self.b = nn.LayerNorm(hidden, eps=1e-6), nn.LayerNorm(hidden, eps=1e-6)
        self.alpha, self.shifts = nn.Parameter(torch.ones(1)), shifts

    def forward(self, x):
        a, b = self.u1(x), self.u2(x)
        if self.shifts:
            a, b = shifted(a), shifted(b)
        a, b = self.a(a), self.b(self.u3(b))
        return self.c(a + self.alpha * a * b)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.near, self.apart = nn.LayerNorm(16, eps=1e-6), Mu(16, 16, True), Mu(16, 48, False)

    def forward(self, x):
        x = x + self.near(self.norm(x))
        return x + self.apart(self.norm(x))


row("MONet, two mu layers", Block, torch.randn(32, 28, 28, 16))
