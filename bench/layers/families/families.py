# What families.hpp measures, of plain PyTorch modules: on one thread, in its CPU time, the least of several turns, in
# milliseconds: forward without gradients, and forward and back. kan.py and its like hold the modules.
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


def least(call, clock):
    call()
    turns, spent, best = 0, 0.0, 1e9
    while turns < 3 or (spent < 0.5 and turns < 50):
        begin = clock()
        call()
        once = clock() - begin
        best, spent, turns = min(best, once), spent + once, turns + 1
    return 1e3 * best


def row(name, module, x):
    """A module may leave a loss of its own in `lost`."""
    if len(sys.argv) > 1 and sys.argv[1] not in name:
        return
    module = module()
    trains = isinstance(module, nn.Module) and any(True for _ in module.parameters())
    if isinstance(module, nn.Module):
        module.eval()
    with torch.no_grad():
        line = f"{name:28} {least(lambda: module(x), time.thread_time):9.3f}"

    def step():
        module.zero_grad()
        loss = module(x).sum() + getattr(module, "lost", 0)
        loss.backward()

    if trains:
        module.train()
        # autograd has threads of its own, so the time of a step is that of the process
        line += f" {least(step, time.process_time):9.3f}"
    print(line, flush=True)


def image(n=32):
    return torch.randn(n, 16, 28, 28)
