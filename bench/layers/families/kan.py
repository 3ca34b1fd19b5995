# The rows of kan.cpp as plain PyTorch modules, from the formulas: see families.py.
#
#     python3 kan.py [<part of a row's name>]
import torch
from torch import nn
from torch.nn import functional as F

from families import image, row


def splines(x, knots, degree=3):
    """The recursion of Cox and de Boor: x (...) to (..., 8)."""
    x = x.unsqueeze(-1)
    b = ((x >= knots[:-1]) & (x < knots[1:])).to(x.dtype)
    for k in range(1, degree + 1):
        left = (x - knots[: -k - 1]) / (knots[k:-1] - knots[: -k - 1])
        right = (knots[k + 1 :] - x) / (knots[k + 1 :] - knots[1:-k])
        b = left * b[..., :-1] + right * b[..., 1:]
    return b


def uniform_knots():
    return -1 + 0.4 * torch.arange(-3.0, 9.0)


class Spline(nn.Module):
    """Drokin's form: functions of the image, and a convolution of them."""

    def __init__(self):
        super().__init__()
        self.base = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.functions = nn.Conv2d(128, 16, 3, padding=1, bias=False)
        self.norm, self.activation = nn.InstanceNorm2d(16), nn.PReLU()
        self.register_buffer("knots", uniform_knots())

    def forward(self, x):
        b = splines(x, self.knots).moveaxis(-1, 2).flatten(1, 2)
        return self.activation(self.norm(self.base(F.gelu(x)) + self.functions(b)))


class Patches(nn.Module):
    """Bodner's form: a linear layer of the functions of each element of each patch."""

    def __init__(self):
        super().__init__()
        self.base = nn.Parameter(torch.randn(16, 144) / 12)
        self.weight, self.scale = nn.Parameter(torch.randn(16, 144, 8) / 12), nn.Parameter(torch.randn(16, 144))
        self.register_buffer("knots", uniform_knots())

    def forward(self, x):
        patches = F.unfold(x, 3, padding=1).transpose(1, 2).reshape(-1, 144)
        weight = (self.weight * self.scale.unsqueeze(-1)).flatten(1)
        y = F.linear(F.silu(patches), self.base) + F.linear(splines(patches, self.knots).flatten(1), weight)
        return y.reshape(len(x), 784, 16).transpose(1, 2).reshape(len(x), 16, 28, 28)


class Chebyshev(nn.Module):
    def __init__(self):
        super().__init__()
        self.functions, self.norm = nn.Conv2d(64, 16, 3, padding=1, bias=False), nn.InstanceNorm2d(16)
        self.register_buffer("degree", torch.arange(4.0).view(1, 1, 4, 1, 1))

    def forward(self, x):
        x = torch.tanh(x).clamp(-1 + 1e-7, 1 - 1e-7)
        return self.norm(self.functions(torch.cos(torch.acos(x).unsqueeze(2) * self.degree).flatten(1, 2)))


class Radial(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.functions, self.norm = nn.Conv2d(128, 16, 3, padding=1, bias=False), nn.InstanceNorm2d(16)
        self.register_buffer("centres", torch.linspace(-2, 2, 8).view(1, 1, 8, 1, 1))

    def forward(self, x):
        b = torch.exp(-(((self.norm(x).unsqueeze(2) - self.centres) * 1.75) ** 2))
        return self.base(F.silu(x)) + self.functions(b.flatten(1, 2))


row("KAN conv, spline", Spline, image())
row("KAN conv, patches", Patches, image())
row("KAN conv, Chebyshev", Chebyshev, image())
row("KAN conv, radial", Radial, image())
