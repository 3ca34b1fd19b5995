"""Whole networks on a batch, with mean cross-entropy: the loss and every gradient.

Weights are scaled by the root of what a unit reads, so that the softmax does not saturate.
"""

import torch
import torch.nn.functional as F

from case import Case


def finish(case, logits, classes):
    target = case.record("target", case.integers(classes, logits.shape[0]))
    case.record("logits", logits)
    case.close(F.cross_entropy(logits, target.long()))


def dense(case, path, x, filters):
    weight = case.parameter(f"{path}.weight", x.shape[-1], filters, scale=x.shape[-1] ** -0.5)
    bias = case.parameter(f"{path}.bias", filters)
    return F.linear(x, weight.T, bias)


def conv(case, path, x, filters, kernel, padding):
    """x (N, H, W, C), weight (kernel, kernel, C, filters)."""
    shape = (kernel, kernel, x.shape[-1], filters)
    weight = case.parameter(f"{path}.weight", *shape, scale=(kernel * kernel * x.shape[-1]) ** -0.5)
    bias = case.parameter(f"{path}.bias", filters)
    return F.conv2d(x.movedim(-1, 1), weight.permute(3, 2, 0, 1), bias, padding=padding).movedim(1, -1)


def max_pool(x):
    return F.max_pool2d(x.movedim(-1, 1), 2).movedim(1, -1)


def mlp():
    """dense<7> >> relu >> dense<4> on (6)."""
    case = Case("network_mlp", batch=3, classes=4)
    x = F.relu(dense(case, "0", case.input(3, 6), 7))
    finish(case, dense(case, "2", x, 4), 4)


def lenet():
    """conv<3, 5, same> >> relu >> max_pool<2> >> conv<6, 5> >> relu >> max_pool<2> >> flatten
    >> dense<20> >> relu >> dense<14> >> relu >> dense<10> on (16, 16, 1): LeNet-5 made narrow to keep the file small.
    flatten keeps the order (H, W, C)."""
    case = Case("network_lenet", batch=3, classes=10)
    x = max_pool(F.relu(conv(case, "0", case.input(3, 16, 16, 1), 3, 5, padding=2)))  # (3, 8, 8, 3)
    x = max_pool(F.relu(conv(case, "3", x, 6, 5, padding=0)))                         # (3, 2, 2, 6)
    x = F.relu(dense(case, "7", x.flatten(1), 20))
    x = F.relu(dense(case, "9", x, 14))
    finish(case, dense(case, "11", x, 10), 10)
