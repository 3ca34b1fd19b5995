"""Layers that slide a window: convolution, transposed convolution, pooling, each in one to three dimensions."""

import torch
import torch.nn.functional as F

from case import Case, channels_first, channels_last

# Extents (D, H, W without the missing leading ones). Even ones make TensorFlow's SAME asymmetric at stride 2.
EXTENTS = {1: (8,), 2: (8, 7), 3: (6, 5, 6)}
CHANNELS, FILTERS, KERNEL = 4, 6, 3


def tensorflow_same(extent, stride):
    """(before, after) such that the output has ceil(extent / stride) elements; the odd one goes after."""
    total = max((-(-extent // stride) - 1) * stride + KERNEL - extent, 0)
    return total // 2, total - total // 2


def convolution():
    """Weight (kd, kh, kw, in / groups, out). Padding is written out as zeros before the convolution."""
    variants = {
        "plain": {},
        "stride2": {"stride": 2},
        "dilation2": {"dilation": 2},
        "groups2": {"groups": 2},
        "depthwise": {"groups": CHANNELS, "filters": CHANNELS},
        "depthwise_multiplier2": {"groups": CHANNELS, "filters": 2 * CHANNELS},
        "same": {"padding": "same"},
        "tensorflow_same_stride2": {"stride": 2, "padding": "tensorflow_same"},
        "asymmetric": {"padding": "explicit"},
        "no_bias": {"bias": False},
    }
    for rank in EXTENTS:
        for variant, options in variants.items():
            one_convolution(rank, variant, **options)


def one_convolution(rank, variant, stride=1, dilation=1, groups=1, filters=FILTERS, padding="valid", bias=True):
    pads = {
        "valid": lambda extent: (0, 0),
        "same": lambda extent: (KERNEL // 2, KERNEL // 2),
        "tensorflow_same": lambda extent: tensorflow_same(extent, stride),
        "explicit": lambda extent: (2, 1),
    }
    pad = [pads[padding](extent) for extent in EXTENTS[rank]]
    case = Case(f"conv{rank}d_{variant}", kernel=KERNEL, stride=stride, dilation=dilation, groups=groups,
                filters=filters, bias=bias, padding=padding,
                pad_before=[before for before, _ in pad], pad_after=[after for _, after in pad])
    x = case.input(*EXTENTS[rank], CHANNELS)
    weight = case.parameter("weight", *[KERNEL] * rank, CHANNELS // groups, filters)
    offset = case.parameter("bias", filters) if bias else None
    padded = F.pad(channels_first(x), [side for pair in reversed(pad) for side in pair])
    convolve = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[rank]
    y = convolve(padded, weight.movedim((-1, -2), (0, 1)), offset, stride=stride, dilation=dilation, groups=groups)
    case.close(channels_last(y))


def transposed_convolution():
    """Weight (kh, kw, out, in): that of the convolution from out to in features whose gradient this is."""
    variants = {
        "plain": {"stride": 1, "padding": 0, "output_padding": 0},
        "stride2": {"stride": 2, "padding": 0, "output_padding": 0},
        "stride2_pad1_output_pad1": {"stride": 2, "padding": 1, "output_padding": 1},
        "no_bias": {"stride": 2, "padding": 1, "output_padding": 1},
    }
    for rank, function in {1: F.conv_transpose1d, 2: F.conv_transpose2d}.items():
        for variant, options in variants.items():
            bias = variant != "no_bias"
            case = Case(f"conv_transpose{rank}d_{variant}", kernel=KERNEL, filters=FILTERS, bias=bias, **options)
            x = case.input(*(5, 4)[:rank], CHANNELS)
            weight = case.parameter("weight", *[KERNEL] * rank, FILTERS, CHANNELS)
            offset = case.parameter("bias", FILTERS) if bias else None
            y = function(channels_first(x), weight.movedim((-1, -2), (0, 1)), offset, **options)
            case.close(channels_last(y))


def pooling():
    """Windows that do not fit are dropped. Padding never wins a maximum; an average counts it or not."""
    small = {"kernel_size": 2, "stride": 2, "padding": 0}
    large = {"kernel_size": 3, "stride": 2, "padding": 1}
    averages = {"2": (small, True), "3_stride2_pad1_counted": (large, True), "3_stride2_pad1_uncounted": (large, False)}
    for rank in EXTENTS:
        extents = (7, 6, 5)[:rank]
        for variant, options in {"2": small, "3_stride2_pad1": large}.items():
            case = Case(f"max_pool{rank}d_{variant}", **options)
            function = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}[rank]
            case.close(channels_last(function(channels_first(case.input(*extents, 3)), **options)))
        for variant, (options, counted) in averages.items():
            case = Case(f"avg_pool{rank}d_{variant}", count_include_pad=counted, **options)
            function = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}[rank]
            x = channels_first(case.input(*extents, 3))
            case.close(channels_last(function(x, count_include_pad=counted, **options)))


def adaptive_pooling():
    """Output i of n over an extent e takes the elements floor(i e / n) to ceil((i + 1) e / n), exclusive."""
    for name, function in {"avg": F.adaptive_avg_pool2d, "max": F.adaptive_max_pool2d}.items():
        case = Case(f"adaptive_{name}_pool2d", output=(3, 2))
        case.close(channels_last(function(channels_first(case.input(7, 5, 3)), (3, 2))))

    case = Case("global_avg_pool2d")
    case.close(torch.mean(case.input(5, 4, 3), dim=(0, 1)))
    case = Case("global_max_pool2d")
    case.close(torch.amax(case.input(5, 4, 3), dim=(0, 1)))
