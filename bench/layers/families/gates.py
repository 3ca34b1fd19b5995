# The rows of gates.cpp as plain PyTorch modules, from the formulas: see families.py.
#
#     python3 gates.py [<part of a row's name>]
import torch
from torch import nn
from torch.nn import functional as F

from families import image, row


class Lambda(nn.Module):
    """Heads 4, K 16, of windows of 7."""

    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Conv2d(16, 64, 1, bias=False), nn.Conv2d(16, 16, 1, bias=False)
        self.value = nn.Conv2d(16, 4, 1, bias=False)
        self.query_norm, self.value_norm = nn.BatchNorm2d(64), nn.BatchNorm2d(4)
        self.positions = nn.Conv2d(1, 16, 7, padding=3, bias=False)

    def forward(self, x):
        n, p = len(x), 784
        q = self.query_norm(self.query(x)).reshape(n, 4, 16, p)
        k = self.key(x).reshape(n, 16, p).softmax(-1)
        v = self.value_norm(self.value(x))
        content = torch.einsum("nkp,nvp->nkv", k, v.flatten(2))
        y = torch.einsum("nhkp,nkv->nhvp", q, content)
        near = self.positions(v.reshape(n * 4, 1, 28, 28)).reshape(n, 4, 16, p)  # (N, V, K, P)
        y = y + torch.einsum("nhkp,nvkp->nhvp", q, near)
        return y.reshape(n, 16, 28, 28)


class DeformableGate(nn.Module):
    """What the taps read by grid_sample: PyTorch alone has no deformable convolution."""

    def __init__(self):
        super().__init__()
        self.depthwise = nn.Conv2d(16, 16, 3, padding=1, groups=16, bias=False)
        self.reduce, self.norm = nn.Conv2d(16, 3, 1, bias=False), nn.InstanceNorm2d(3, affine=True)
        self.offset, self.weight = nn.Conv2d(3, 18, 3, padding=1), nn.Linear(27, 16)
        self.layer_norm = nn.LayerNorm(16)
        row, column = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
        taps = torch.tensor([[i - 1.0, j - 1.0] for i in range(3) for j in range(3)])
        self.register_buffer("places", torch.stack([row, column], -1)[:, :, None] + taps)

    def forward(self, x):
        n = len(x)
        h = F.gelu(self.norm(self.reduce(self.depthwise(x))))
        at = self.offset(h).permute(0, 2, 3, 1).reshape(n, 28, 28, 9, 2) + self.places
        grid = (at.flip(-1) * (2 / 27) - 1).reshape(n, 28 * 28, 9, 2)
        seen = F.grid_sample(h, grid, align_corners=True)  # (N, 3, 784, 9)
        y = self.layer_norm(self.weight(seen.permute(0, 2, 1, 3).reshape(n, 784, 27)))
        return x * torch.sigmoid(y).transpose(1, 2).reshape(n, 16, 28, 28)


class TokenLearner(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(16, eps=1e-6)
        self.maps = nn.ModuleList([nn.Conv2d(c, 8, 3, padding=1, bias=False) for c in (16, 8, 8, 8)])

    def forward(self, x):
        a = self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        for k, conv in enumerate(self.maps):
            a = conv(a)
            a = F.gelu(a, approximate="tanh") if k < 3 else torch.sigmoid(a)
        return torch.bmm(a.flatten(2), x.flatten(2).transpose(1, 2)) / 784


class Weighed(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.up = nn.Linear(16, 4, bias=False), nn.Linear(4, 16, bias=False)
        self.reduce, self.expand = nn.Linear(16, 4, bias=False), nn.Linear(4, 16, bias=False)
        self.places = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, x):
        x = x * torch.sigmoid(self.up(F.relu(self.down(x.mean((2, 3))))))[:, :, None, None]
        shared = lambda s: self.expand(F.relu(self.reduce(s)))
        x = x * torch.sigmoid(shared(x.mean((2, 3))) + shared(x.amax((2, 3))))[:, :, None, None]
        maps = torch.stack([x.mean(1), x.amax(1)], 1)
        return x * torch.sigmoid(self.places(maps))


row("lambda layer", Lambda, image())
row("deformable gate", DeformableGate, image())
row("TokenLearner", TokenLearner, image())
row("squeeze-excite, CBAM", Weighed, image())
