"""Normalisation over the batch and within a sample."""

import torch
import torch.nn.functional as F

from case import Case, channels_first, channels_last

EPSILON = 1e-5


def batch_norm():
    """Input (N, H, W, C). Normalises with the biased variance; the running variance takes the unbiased one."""
    for variant in ("training", "inference"):
        training = variant == "training"
        case = Case(f"batch_norm_{variant}", batch=4, eps=EPSILON, momentum=0.1)
        x = case.input(4, 3, 2, 5)
        weight, bias = case.parameter("weight", 5), case.parameter("bias", 5)
        mean = case.state("running_mean", case.draw(5))
        variance = case.state("running_var", case.draw(5).exp())
        y = F.batch_norm(x.movedim(-1, 1), mean, variance, weight, bias, training, momentum=0.1, eps=EPSILON)
        case.close(y.movedim(1, -1))


def per_sample_norms():
    for variant, shape, axes in [("last_axis", (4, 6), (6,)), ("last_two_axes", (3, 4, 5), (4, 5))]:
        case = Case(f"layer_norm_{variant}", eps=EPSILON, normalised_shape=axes)
        x, weight, bias = case.input(*shape), case.parameter("weight", *axes), case.parameter("bias", *axes)
        case.close(F.layer_norm(x, axes, weight, bias, EPSILON))

    case = Case("group_norm_groups2", eps=EPSILON, groups=2)
    x, weight, bias = case.input(4, 3, 6), case.parameter("weight", 6), case.parameter("bias", 6)
    case.close(channels_last(F.group_norm(channels_first(x), 2, weight, bias, EPSILON)))

    case = Case("instance_norm", eps=EPSILON)
    x, weight, bias = case.input(4, 3, 5), case.parameter("weight", 5), case.parameter("bias", 5)
    case.close(channels_last(F.instance_norm(channels_first(x), weight=weight, bias=bias, eps=EPSILON)))

    case = Case("rms_norm", eps=1e-6)  # not in this PyTorch: x / sqrt(mean x^2 + eps) * weight
    x, weight = case.input(4, 6), case.parameter("weight", 6)
    case.close(x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * weight)
