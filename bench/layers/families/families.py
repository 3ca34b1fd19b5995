# The rows of layers.cpp and some of pieces.cpp as plain PyTorch modules, on one thread, in its CPU time, the least of
# several turns, in milliseconds: forward without gradients, and forward and back.
#
#     python3 families.py [<part of a row's name>]
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def least(call):
    call()
    turns, spent, best = 0, 0.0, 1e9
    while turns < 5 or (spent < 1 and turns < 50):
        begin = time.thread_time()
        call()
        once = time.thread_time() - begin
        best, spent, turns = min(best, once), spent + once, turns + 1
    return 1e3 * best


def row(name, module, x):
    if len(sys.argv) > 1 and sys.argv[1] not in name:
        return
    module = module()
    with torch.no_grad():
        forward = least(lambda: module(x))
    def step():
        module.zero_grad()
        module(x).sum().backward()
    trains = any(True for _ in module.parameters()) if isinstance(module, nn.Module) else False
    # the step runs on the process's threads of autograd as well, so its time is that of the process
    if trains:
        time.thread_time, kept = time.process_time, time.thread_time
        print(f"{name:28} {forward:9.3f} {least(step):9.3f}", flush=True)
        time.thread_time = kept
    else:
        print(f"{name:28} {forward:9.3f}", flush=True)


class SplineConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(128, 16, 3, padding=1)
        self.register_buffer("grid", torch.arange(8.0).view(1, 1, 8, 1, 1))

    def forward(self, x):
        u = ((x.unsqueeze(2) + 2) * (7 / 4) - self.grid).abs()
        y = torch.where(u < 1, u * u * (u / 2 - 1) + 2 / 3, torch.where(u < 2, (2 - u) ** 3 / 6, torch.zeros(())))
        return self.conv(y.flatten(1, 2))


class ChebyshevConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(64, 16, 3, padding=1)
        self.register_buffer("degree", torch.arange(4.0).view(1, 1, 4, 1, 1))

    def forward(self, x):
        y = torch.cos(torch.acos(torch.tanh(x)).unsqueeze(2) * self.degree)
        return self.conv(y.flatten(1, 2))


def squash(s):
    n = (s * s).sum(-1, keepdim=True)
    return s * torch.sqrt(n + 1e-9) / (1 + n)


class Routing(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.full((676, 8, 10, 16), 0.1))

    def forward(self, x):
        u = torch.einsum("nip,ipjd->nijd", x, self.w)
        b = torch.zeros(x.shape[0], 676, 10)
        for _ in range(2):
            v = squash(torch.einsum("nij,nijd->njd", b.softmax(-1), u))
            b = b + torch.einsum("nijd,njd->nij", u, v)
        return squash(torch.einsum("nij,nijd->njd", b.softmax(-1), u))


class Mu(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b1, self.b2, self.c = nn.Linear(16, 16), nn.Linear(16, 2), nn.Linear(2, 16), nn.Linear(16, 16)
        self.na, self.nb = nn.LayerNorm(16), nn.LayerNorm(16)

    def forward(self, x):
        a, b = self.na(self.a(x)), self.nb(self.b2(self.b1(x)))
        return self.c(a + a * b)


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.up = nn.Linear(16, 4), nn.Linear(4, 16)

    def forward(self, x):
        g = torch.sigmoid(self.up(F.relu(self.down(x.mean((2, 3))))))
        return x * g[:, :, None, None]


class Slots(nn.Module):
    def __init__(self):
        super().__init__()
        self.k, self.v = nn.Linear(64, 64), nn.Linear(64, 64)
        self.q = nn.Parameter(torch.randn(7, 64))

    def forward(self, x):
        a = (torch.einsum("bnd,sd->bns", self.k(x), self.q) * 0.125).softmax(-1)
        return torch.einsum("bns,bnd->bsd", a / a.sum(1, keepdim=True), self.v(x))


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
image = torch.randn(n, 16, 28, 28)
row("spline conv", SplineConv, image)
row("Chebyshev conv", ChebyshevConv, image)
row("routing of 676 to 10", Routing, torch.randn(n, 676, 8))
row("mu layer", Mu, torch.randn(n, 784, 16))
row("squeeze and excite", Gate, image)
row("slot attention, one round", Slots, torch.randn(n, 49, 64))
row("expert rows", Experts, torch.randn(n, 4, 784, 16))
row("(..., 1) - (8)", Grid, torch.randn(n, 12544))
row("max of 8", lambda: lambda x: x.amax(-1), torch.randn(n, 12544, 8))
row("sum of 8", lambda: lambda x: x.sum(-1), torch.randn(n, 12544, 8))
row("(5, 1) * (1, 5)", lambda: lambda x: x[..., :5, None] * x[..., None, 5:], torch.randn(n, 3136, 10))
for extent, places in (3, 6272), (10, 6272), (32, 784):
    row(f"softmax of {extent}", lambda: lambda x: x.softmax(-1), torch.randn(n, places, extent))
