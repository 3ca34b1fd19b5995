"""Layers that rearrange, enlarge or pad an image (H, W, C)."""

import torch.nn.functional as F

from case import Case, channels_first, channels_last


def pixel_shuffle():
    """y(2h + i, 2w + j, c) = x(h, w, 4c + 2i + j)."""
    case = Case("pixel_shuffle_2", factor=2)
    case.close(channels_last(F.pixel_shuffle(channels_first(case.input(3, 2, 12)), 2)))


def upsample():
    variants = {
        "nearest_2": {"mode": "nearest", "size": (8, 6)},
        "bilinear_2": {"mode": "bilinear", "size": (8, 6), "align_corners": False},
        "bilinear_2_align_corners": {"mode": "bilinear", "size": (8, 6), "align_corners": True},
        "bilinear_7x5": {"mode": "bilinear", "size": (7, 5), "align_corners": False},
        "bilinear_7x5_align_corners": {"mode": "bilinear", "size": (7, 5), "align_corners": True},
    }
    for variant, options in variants.items():
        case = Case(f"upsample_{variant}", **options)
        case.close(channels_last(F.interpolate(channels_first(case.input(4, 3, 2)), **options)))


def pad():
    """Rows: 1 before, 2 after; columns: 2 before, 0 after."""
    for mode in ("constant", "reflect", "replicate", "circular"):
        case = Case(f"pad_{mode}", mode=mode, pad_before=(1, 2), pad_after=(2, 0))
        case.close(channels_last(F.pad(channels_first(case.input(4, 5, 2)), (2, 0, 1, 2), mode=mode)))
