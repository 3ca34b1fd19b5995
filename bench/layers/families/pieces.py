# Some rows of pieces.cpp as PyTorch computes them: see families.py.
#
#     python3 pieces.py [<part of a row's name>]
import torch
from torch import nn

from families import row


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.full((4, 16, 32), 0.1))

    def forward(self, x):
        return torch.einsum("netd,edh->neth", x, self.w)


class Grid(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.Parameter(torch.full((8,), 0.5))

    def forward(self, x):
        return (x.unsqueeze(-1) - self.g) ** 2


n = 32
row("expert rows", Experts, torch.randn(n, 4, 784, 16))
row("(..., 1) - (8)", Grid, torch.randn(n, 12544))
row("max of 8", lambda: lambda x: x.amax(-1), torch.randn(n, 12544, 8))
row("sum of 8", lambda: lambda x: x.sum(-1), torch.randn(n, 12544, 8))
row("(5, 1) * (1, 5)", lambda: lambda x: x[..., :5, None] * x[..., None, 5:], torch.randn(n, 3136, 10))
for extent, places in (3, 6272), (10, 6272), (32, 784):
    row(f"softmax of {extent}", lambda: lambda x: x.softmax(-1), torch.randn(n, places, extent))
