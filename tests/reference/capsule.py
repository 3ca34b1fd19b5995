"""Capsules: squash, routing by agreement, and what makes the votes. From the formulas of the paper."""

import torch
import torch.nn.functional as F

from case import Case, channels_first, channels_last


def squash(s):
    squares = (s * s).sum(-1, keepdim=True)
    return s * squares.sqrt() / (1 + squares)


def route(u, rounds, bias=None, leaky=False, last_round_gradient=False):
    """u (I, J, D) to (J, D)."""
    logits = torch.zeros(u.shape[:2], dtype=u.dtype)
    stopped = u.detach() if last_round_gradient else u
    for step in range(rounds):
        votes = u if step + 1 == rounds else stopped
        if leaky:
            shares = F.softmax(torch.cat([torch.zeros(len(u), 1, dtype=u.dtype), logits], 1), 1)[:, 1:]
        else:
            shares = F.softmax(logits, 1)
        s = (shares.unsqueeze(-1) * votes).sum(0)
        v = squash(s if bias is None else s + bias)
        if step + 1 < rounds:
            seen = v.detach() if last_round_gradient else v
            logits = logits + (votes * seen).sum(-1)
    return v


def layers():
    case = Case("capsule_squash")
    case.close(squash(case.input(5, 3)))

    for variant in ("plain", "capsule_bias", "leaky", "last_round_gradient", "one_round"):
        case = Case(f"capsule_routing_{variant}", rounds=1 if variant == "one_round" else 3)
        u = case.input(7, 3, 4)
        bias = case.parameter("bias", 3, 4) if variant == "capsule_bias" else None
        case.close(route(u, 1 if variant == "one_round" else 3, bias, variant == "leaky",
                         variant == "last_round_gradient"))

    case = Case("capsule_dense", capsules=3, dimensions=4, rounds=2)
    x, weight = case.input(6, 2), case.parameter("weight", 6, 2, 3, 4)
    case.close(route(torch.einsum("ie,iejd->ijd", x, weight), 2))

    for variant in ("plain", "relu", "shared_votes"):
        case = Case(f"capsule_primary_{variant}", types=3, dimensions=4, kernel=3, stride=2)
        x, weight, bias = case.input(7, 5, 2), case.parameter("weight", 3, 3, 2, 12), case.parameter("bias", 12)
        y = channels_last(F.conv2d(channels_first(x), weight.permute(3, 2, 0, 1), stride=2))
        y = (y / 3 if variant == "shared_votes" else y) + bias
        case.close(squash((F.relu(y) if variant == "relu" else y).reshape(-1, 4)))


def margin_loss():
    case = Case("loss_margin")
    lengths, labels = case.input(6, 5, values=torch.sigmoid(case.draw(6, 5))), case.integers(5, 6)
    case.record("target", labels)
    t = F.one_hot(labels.long(), 5)
    loss = t * F.relu(0.9 - lengths)**2 + 0.5 * (1 - t) * F.relu(lengths - 0.1)**2
    case.close(loss.sum(1).mean())
