"""Weights and features of few values, with the gradients that are given to them."""

import math

import torch
import torch.nn.functional as F

from case import Case, channels_first, channels_last


class Rule(torch.autograd.Function):
    """y forward; backward dy times a factor goes to x."""

    @staticmethod
    def forward(context, x, y, factor):
        context.save_for_backward(factor)
        return y.clone()

    @staticmethod
    def backward(context, dy):
        return dy * context.saved_tensors[0], None, None


def signs(x):
    """-1 or 1, with the gradient of the identity where |x| < 1."""
    return Rule.apply(x, torch.where(x < 0, -1.0, 1.0).double(), (x.abs() < 1).double())


def signed(w):
    """sign(w) times the mean |w| of an output, the last axis; each weight has the gradient of XNOR-Net."""
    axes = tuple(range(w.dim() - 1))
    scale = w.detach().abs().mean(axes)
    n = w.numel() // w.shape[-1]
    return Rule.apply(w, torch.where(w < 0, -1.0, 1.0).double() * scale, 1 / n + scale * (w.abs() < 1))


def ternary(w):
    axes = tuple(range(w.dim() - 1))
    size = w.detach().abs()
    kept = (size > 0.7 * size.mean(axes)).double()
    scale = (size * kept).sum(axes) / kept.sum(axes)
    return Rule.apply(w, kept * w.detach().sign() * scale, torch.ones_like(w))


def convolve(x, w, **options):
    return channels_last(F.conv2d(channels_first(x), w.permute(3, 2, 0, 1), **options))


def weights():
    for name, make in (("binary", signed), ("ternary", ternary)):
        case = Case(f"{name}_dense")
        x, w = case.input(3, 7), case.parameter("weight", 7, 4, scale=0.8)
        case.close(x @ make(w) + case.parameter("bias", 4))

        case = Case(f"{name}_conv", padding=1, groups=2)
        x, w = case.input(5, 4, 6), case.parameter("weight", 3, 3, 3, 4, scale=0.8)
        case.close(convolve(x, make(w), padding=1, groups=2) + case.parameter("bias", 4))


def xnor():
    for scaled in (False, True):
        case = Case(f"xnor_dense{'_scaled' if scaled else ''}")
        x, w = case.input(3, 37), case.parameter("weight", 37, 4, scale=0.8)
        y = signs(x) @ signed(w)
        case.close((y * x.abs().mean(-1, keepdim=True) if scaled else y) + case.parameter("bias", 4))

    for name, channels, scaled, options in (("valid", 3, False, {}), ("same", 3, True, {"padding": 1}),
                                            ("words", 32, True, {"padding": 1, "stride": 2})):
        case = Case(f"xnor_conv_{name}", channels=channels, scaled=scaled, **options)
        x, w = case.input(5, 4, channels), case.parameter("weight", 3, 3, channels, 2, scale=0.8)
        y = convolve(signs(x), signed(w), **options)
        if scaled:
            y = y * channels_last(F.avg_pool2d(channels_first(x.abs().mean(-1, keepdim=True)), 3,
                                               **{"stride": 1, **options}))
        case.close(y + case.parameter("bias", 2))


def plane_weights(case, trained, shape):
    """Of 4 planes, and their scale."""
    fixed = 4 - trained
    planes = case.parameter("planes", trained, *shape)
    bit = lambda latent: Rule.apply(latent, (latent > 0).double(), torch.ones_like(latent))
    magnitude = sum(2.0**(fixed + p) * bit(planes[p]) for p in range(trained))
    if fixed:
        others = case.parameter("fixed_planes", fixed, *shape)
        magnitude = magnitude + sum(2.0**p * (others[p] > 0).double() for p in range(fixed)) + 0 * others.sum()
    latent = case.parameter("signs", *shape)
    w = Rule.apply(latent, torch.where(latent > 0, -1.0, 1.0).double(), -torch.ones_like(latent)) * magnitude
    return w, (2 / math.prod(shape[:-1]))**0.5 / w.detach().std(unbiased=False)


def bit_planes():
    for trained in (4, 2):
        case = Case(f"bit_plane_dense_{trained}", planes=4, trained=trained)
        x = case.input(5, 6)
        w, scale = plane_weights(case, trained, (6, 3))
        case.close(x @ w * scale + case.parameter("bias", 3))

    case = Case("bit_plane_conv", planes=4, trained=3, stride=[1, 2], padding=1, groups=2)
    x = case.input(4, 5, 4)
    w, scale = plane_weights(case, 3, (3, 3, 2, 6))
    y = F.conv2d(channels_first(x), w.permute(3, 2, 0, 1), stride=(1, 2), padding=1, groups=2)
    case.close(channels_last(y) * scale + case.parameter("bias", 6))
