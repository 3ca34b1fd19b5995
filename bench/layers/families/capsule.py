# The row of capsule.cpp as a plain PyTorch module, from the formulas: see families.py.
#
#     python3 capsule.py [<part of a row's name>]
import torch
from torch import nn

from families import image, row


def squash(s):
    squares = (s * s).sum(-1, keepdim=True)
    return s * torch.sqrt(squares + 1e-9) / (1 + squares)


class Capsules(nn.Module):
    def __init__(self):
        super().__init__()
        self.primary = nn.Conv2d(16, 32, 3, stride=2)
        self.weight = nn.Parameter(0.1 * torch.randn(676, 8, 10, 16))

    def forward(self, x):
        lower = squash(self.primary(x).permute(0, 2, 3, 1).reshape(len(x), 676, 8))
        u = torch.einsum("nie,iejd->nijd", lower, self.weight)
        b = torch.zeros(len(x), 676, 10)
        for _ in range(2):
            v = squash(torch.einsum("nij,nijd->njd", b.softmax(-1), u))
            b = b + torch.einsum("nijd,njd->nij", u, v)
        return squash(torch.einsum("nij,nijd->njd", b.softmax(-1), u))


row("capsules, 676 to 10", Capsules, image())
