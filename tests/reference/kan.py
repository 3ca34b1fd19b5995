"""Layers of Kolmogorov and Arnold: bases from their definitions, layers as sums over patches."""

import math

import torch
import torch.nn.functional as F

from case import Case, channels_first, channels_last


# bases: x (...) to (..., count)


def spline(x, intervals, degree, low, high):
    step = (high - low) / intervals
    knots = low + step * torch.arange(-degree, intervals + degree + 1, dtype=x.dtype)
    x = x.unsqueeze(-1)
    b = ((x >= knots[:-1]) & (x < knots[1:])).to(x.dtype)
    for k in range(1, degree + 1):
        left = (x - knots[: -k - 1]) / (knots[k:-1] - knots[: -k - 1])
        right = (knots[k + 1 :] - x) / (knots[k + 1 :] - knots[1:-k])
        b = left * b[..., :-1] + right * b[..., 1:]
    return b


def radial(x, count, low, high):
    centres = torch.linspace(low, high, count, dtype=x.dtype)
    return torch.exp(-(((x.unsqueeze(-1) - centres) * (count - 1) / (high - low)) ** 2))


def chebyshev(x, degree):
    return torch.cos(torch.acos(x).unsqueeze(-1) * torch.arange(degree + 1, dtype=x.dtype))


def legendre(x, degree):
    p = [torch.ones_like(x), x]
    for n in range(2, degree + 1):
        p.append(((2 * n - 1) * x * p[-1] - (n - 1) * p[-2]) / n)
    return torch.stack(p, -1)


def jacobi(x, degree, a, b):
    # the sum over s of ((x - 1) / 2)^(n - s) ((x + 1) / 2)^s with its binomials
    def over(n, k):
        return math.gamma(n + 1) / (math.gamma(k + 1) * math.gamma(n - k + 1))

    return torch.stack(
        [
            sum(
                over(n + a, n - s) * over(n + b, s) * ((x - 1) / 2) ** s * ((x + 1) / 2) ** (n - s)
                for s in range(n + 1)
            )
            for n in range(degree + 1)
        ],
        -1,
    )


def gram(x, degree, w):
    p = [torch.ones_like(x), x]
    for n in range(2, degree + 1):
        k = n - 1
        ratio = (n + k) * (n - k) * k * k * (4 * k * k - 1) / (n * n)
        p.append(x * p[-1] - ratio * w[k] * p[-2])
    return F.silu(torch.stack(p[: degree + 1], -1))


def bernstein(x, degree):
    return torch.stack([math.comb(degree, k) * x**k * (1 - x) ** (degree - k) for k in range(degree + 1)], -1)


def fourier(x, frequencies):
    times = x.unsqueeze(-1) * torch.arange(1, frequencies + 1, dtype=x.dtype)
    return torch.cat([times.cos(), times.sin()], -1)


def hermite(x, degree):
    p = [torch.ones_like(x), x]
    for n in range(2, degree + 1):
        p.append(x * p[-1] - (n - 1) * p[-2])
    return torch.stack(p, -1)


def bumps(x, grid, order, low_moved, high_moved):
    first = torch.arange(-order, grid, dtype=x.dtype) / grid
    low, high = first + low_moved, first + (order + 1) / grid + high_moved
    x = x.unsqueeze(-1)
    return (F.relu(x - low) * F.relu(high - x) * 4 * grid**2 / (order + 1) ** 2) ** 2


def mexican_hat(u):
    return 2 / (math.sqrt(3) * math.pi**0.25) * (u**2 - 1) * torch.exp(-(u**2) / 2)


def morlet(u):
    return torch.cos(5 * u) * torch.exp(-(u**2) / 2)


def gaussian_derivative(u):
    return -u * torch.exp(-(u**2) / 2)


def meyer(u):
    v = u.abs()
    t = 2 * v - 1
    nu = t**4 * (35 - 84 * t + 70 * t**2 - 20 * t**3)
    m = torch.where(v <= 0.5, torch.ones_like(v), torch.where(v >= 1, torch.zeros_like(v), torch.cos(math.pi / 2 * nu)))
    return torch.sin(math.pi * v) * m


def shannon(u):  # (..., O, I)
    return torch.sinc(u / math.pi) * torch.hamming_window(u.shape[-1], periodic=False, dtype=u.dtype)


# layers


def convolution(x, weight, **options):
    """x (H, W, C), weight (kh, kw, I, O)."""
    return channels_last(F.conv2d(channels_first(x), weight.permute(3, 2, 0, 1), **options))


def function_convolution(functions, weight, **options):
    """functions (H, W, I, N), weight (kh, kw, I, N, O)."""
    return convolution(functions.flatten(2), weight.flatten(2, 3), **options)


def instance_norm(x):
    return channels_last(F.instance_norm(channels_first(x)))


def dense():
    case = Case("kan_dense_spline", grid=5, degree=3, low=-1, high=1)
    x = case.input(3, 4)
    weight, scale = case.parameter("weight", 4, 8, 5), case.parameter("scale", 4, 5)
    base = case.parameter("base", 4, 5)
    functions = spline(x, 5, 3, -1.0, 1.0)
    y = torch.einsum("tin,ino,io->to", functions, weight, scale) + F.silu(x) @ base
    case.close(y)

    case = Case("kan_dense_fourier", frequencies=3)
    x, weight = case.input(4), case.parameter("weight", 4, 6, 3)
    case.close(torch.einsum("in,ino->o", fourier(x, 3), weight))

    case = Case("kan_dense_hermite", degree=3)
    x, weight = case.input(2, 4), case.parameter("weight", 4, 4, 3)
    case.close(torch.einsum("tin,ino->to", hermite(x, 3), weight))

    for wavelet in (mexican_hat, morlet, gaussian_derivative, meyer, shannon):
        case = Case(f"wavelet_dense_{wavelet.__name__}")
        x = case.input(2, 4)
        scale, translation = case.leaf("parameter.scale", "gradient.scale", 0.5 + case.draw(3, 4).abs()), case.parameter(
            "translation", 3, 4
        )
        weight, base = case.parameter("weight", 3, 4), case.parameter("base", 4, 3)
        u = (x.unsqueeze(-2) - translation) / scale
        case.close((weight * wavelet(u)).sum(-1) + F.silu(x) @ base)


def spline_convolution():
    """A border of zeros in front of the functions, then one behind them."""
    for border in ("before", "after"):
        case = Case(f"kan_conv_zeros_{border}", grid=4, degree=3, stride=[2, 1], padding=1)
        x = case.input(5, 4, 2)
        weight, scale = case.parameter("weight", 3, 3, 2, 7, 3), case.parameter("scale", 3, 3, 2, 3)
        base = case.parameter("base", 3, 3, 2, 3)
        padding = dict(padding=1) if border == "after" else {}
        if border == "before":
            x_seen = F.pad(x, (0, 0, 1, 1, 1, 1))
        else:
            x_seen = x
        y = function_convolution(
            spline(x_seen, 4, 3, -1.0, 1.0), weight * scale.unsqueeze(-2), stride=(2, 1), **padding
        ) + convolution(F.silu(x_seen), base, stride=(2, 1), **padding)
        case.close(y)


def published(name, functions, argument, base, finish, count, channels=3, **extra):
    case = Case(name)
    x = case.input(4, 5, 2)
    parameters = {key: case.parameter(key, *shape) for key, shape in extra.items()}
    weight = case.parameter("weight", 3, 3, 2, count, channels)
    y = function_convolution(functions(argument(x), *parameters.values()), weight, padding=1)
    if base is not None:
        y = y + convolution(base(x), case.parameter("base", 3, 3, 2, channels), padding=1)
    case.close(finish(case, y))


def silu_of_norm(case, y):
    return F.silu(instance_norm(y))


def prelu_of_norm(case, y):
    y, slope = instance_norm(y), case.parameter("activation.slope", 1)
    return torch.where(y > 0, y, slope * y)


def published_convolutions():
    published("ka_conv", lambda x: spline(x, 5, 3, -1.0, 1.0), lambda x: x, F.gelu, prelu_of_norm, 8)
    published("fast_ka_conv", lambda x: radial(x, 8, -2.0, 2.0), instance_norm, F.silu, lambda case, y: y, 8)
    published("chebyshev_conv", lambda x: chebyshev(x, 3), torch.tanh, None, lambda case, y: instance_norm(y), 4)
    spread = lambda x: 2 * (x - x.min()) / (x.max() - x.min()) - 1
    published("legendre_conv", lambda x: legendre(x, 3), spread, lambda x: x, silu_of_norm, 4)
    published("jacobi_conv", lambda x: jacobi(x, 4, 1, 1), torch.tanh, lambda x: x, silu_of_norm, 5)
    published("gram_conv", lambda x, w: gram(x, 4, w), torch.tanh, F.silu, silu_of_norm, 5, recurrence=(5,))
    published("bernstein_conv", lambda x: bernstein(x, 3), torch.sigmoid, lambda x: x, silu_of_norm, 4)
    published(
        "relu_ka_conv", lambda x, l, h: bumps(x, 5, 3, l, h), lambda x: x, F.silu, silu_of_norm, 8, low=(2, 8), high=(2, 8)
    )


def wavelet_convolution():
    case = Case("wavelet_conv", eps=1e-5, padding=1)
    x = case.input(4, 3, 2)
    scale = case.leaf("parameter.scale", "gradient.scale", 0.5 + case.draw(3, 2).abs())
    translation, weight = case.parameter("translation", 3, 2), case.parameter("weight", 3, 3, 2, 3)
    mix, base = case.parameter("mix", 3, 3), case.parameter("base", 3, 3, 2, 3)
    wavelets = mexican_hat((x.unsqueeze(-2) - translation) / scale)  # (H, W, O, I)
    z = torch.stack(
        [convolution(wavelets[:, :, o], weight[..., o : o + 1], padding=1)[..., 0] for o in range(3)], dim=-1
    )
    y = z @ mix + convolution(F.silu(x), base, padding=1)
    case.close(y)


def bottleneck(case, x, path, channels, width, degree, kernel):
    inputs = x.shape[-1]
    inner = case.parameter(f"{path}inner", inputs, width)
    recurrence = case.parameter(f"{path}recurrence", degree + 1, scale=0.05)
    weight = case.parameter(f"{path}weight", kernel, kernel, width, degree + 1, width)
    outer = case.parameter(f"{path}outer", width, channels)
    base = case.parameter(f"{path}base", kernel, kernel, inputs, channels)
    padding = kernel // 2
    y = function_convolution(gram(torch.tanh(x @ inner), degree, recurrence), weight, padding=padding) @ outer
    return F.silu(instance_norm(y + convolution(F.silu(x), base, padding=padding)))


def gram_networks():
    case = Case("gram_bottleneck_conv")
    case.close(bottleneck(case, case.input(4, 5, 3), "", 4, 3, 3, 3))

    case = Case("kan_attention")  # its norm is that of a sample
    x, gain = case.input(3, 4, 5), case.parameter("gain", 1)
    inner, inner_bias = case.parameter("inner", 5, 4), case.parameter("inner_bias", 4)
    outer, outer_bias = case.parameter("outer", 4, 5), case.parameter("outer_bias", 5)
    u = x @ inner + inner_bias
    parts = []
    for place in ("query", "key", "value"):
        recurrence = case.parameter(f"{place}.recurrence", 4, scale=0.05)
        weight, base = case.parameter(f"{place}.weight", 3, 3, 4, 4, 4), case.parameter(f"{place}.base", 3, 3, 4, 4)
        y = function_convolution(gram(torch.tanh(u), 3, recurrence), weight, padding=1)
        parts.append(F.silu(instance_norm(y + convolution(F.silu(u), base, padding=1))).flatten(0, 1))
    q, k, v = parts
    a = (torch.softmax(q @ k.T, -1) @ v).reshape(u.shape) @ outer + outer_bias
    case.close(instance_norm(gain * x + a))

    case = Case("gram_focal_modulation")
    x = case.input(5, 4, 3)
    levels = 2
    mapped = bottleneck(case, x, "in.", 2 * 3 + levels + 1, 3, 3, 1)
    q, c, gates = mapped[..., :3], mapped[..., 3:6], mapped[..., 6:]
    m = 0
    for level in range(levels):
        size = 3 + 2 * level
        path = f"level_{level + 1}."
        recurrence = case.parameter(f"{path}recurrence", 4, scale=0.05)
        weight, base = case.parameter(f"{path}weight", size, size, 1, 4, 3), case.parameter(f"{path}base", size, size, 1, 3)
        functions = gram(torch.tanh(c), 3, recurrence)  # (H, W, C, N), a group for each channel
        y = convolution(functions.flatten(2), weight.flatten(2, 3), padding=size // 2, groups=3)
        c = F.silu(instance_norm(y + convolution(F.silu(c), base, padding=size // 2, groups=3)))
        m = m + c * gates[..., level : level + 1]
    m = (m + m.mean((0, 1), keepdim=True) * gates[..., levels:]) / (levels + 1)
    y = instance_norm(q * bottleneck(case, m, "h.", 3, 3, 3, 1))
    case.close(bottleneck(case, y, "out.", 3, 3, 3, 1))
