"""Softmax and scored attentions. Sequences are (T, D), images (H, W, C); each file says what its parameters are."""

import math

import torch
import torch.nn.functional as F

from case import Case


def softmax_attention(q, k, v, scale, bias=None, hidden=None):
    """q (T, H, K), k (S, H, K), v (S, H, V); bias (H, T, S); hidden (T, S) or (H, T, S), true where a key is not seen."""
    scores = torch.einsum("thk,shk->hts", q, k) * scale
    if bias is not None:
        scores = scores + bias
    if hidden is not None:
        scores = scores.masked_fill(hidden, -math.inf)
    return torch.einsum("hts,shv->thv", torch.softmax(scores, -1).nan_to_num(0.0), v)


def causal(queries, keys):
    return torch.ones(queries, keys, dtype=torch.bool).triu(1 + keys - queries)


def by_offset(table, queries, keys):
    """table (H, T + S - 1) to (H, T, S)"""
    offset = torch.arange(keys)[None, :] - torch.arange(queries)[:, None] + queries - 1
    return table[:, offset]


def rotary(x, first, halves, base=10000.0):
    """x (T, H, K): complex numbers times e^(i angle); pairs are neighbours, or K / 2 apart"""
    places, _, width = x.shape
    speed = base ** (-2.0 * torch.arange(width // 2, dtype=torch.float64) / width)
    turn = torch.polar(torch.ones(1, dtype=torch.float64),
                       (torch.arange(places, dtype=torch.float64) + first)[:, None] * speed)[:, None, :]
    a, b = (x[..., :width // 2], x[..., width // 2:]) if halves else (x[..., 0::2], x[..., 1::2])
    y = torch.complex(a, b) * turn
    return torch.cat([y.real, y.imag], -1) if halves else torch.stack([y.real, y.imag], -1).flatten(-2)


def project(case, name, x, heads, width, bias=False):
    y = torch.einsum("td,dhk->thk", x, case.parameter(name, x.shape[-1], heads, width))
    return y + case.parameter(f"{name}_bias", heads, width) if bias else y


def multi_head(name, queries, keys=None, heads=2, features=6, width=None, value_width=None, bias=False, masked=None,
               relative=False, turned=None, is_causal=False, separate=False):
    """query (D, H, K), key (E, H, K), value (E, H, V), out (H, V, D); *_bias; relative_bias by head and offset."""
    case = Case(f"multi_head_attention_{name}")
    several = keys is not None or masked is not None or separate
    x = case.input(queries, features, name="input0" if several else "input")
    count, key_from, value_from = 1, x, x
    if keys is not None:
        key_from = value_from = case.input(keys, 5, name="input1")
        count = 2
    if separate:
        value_from = case.input(keys, 3, name="input2")
        count = 3
    mask = None
    if masked is not None:
        numbers = torch.tensor(masked, dtype=torch.float64)
        mask = case.input(*numbers.shape, name=f"input{count}", values=numbers)
    width = width or features // heads
    value_width = value_width or width
    q = project(case, "query", x, heads, width, bias)
    k = project(case, "key", key_from, heads, width, bias)
    v = project(case, "value", value_from, heads, value_width, bias)
    seen = k.shape[0]
    if turned:
        q = rotary(q, seen - queries if is_causal else 0, turned == "halves")
        k = rotary(k, 0, turned == "halves")
    added = None
    if relative:
        table = case.parameter("relative_bias", heads, seen if is_causal else queries + seen - 1)
        added = by_offset(F.pad(table, (0, queries - 1)) if is_causal else table, queries, seen)
    hidden = causal(queries, seen) if is_causal else None
    if mask is not None:
        hidden = mask.detach() == 0 if hidden is None else hidden | (mask.detach() == 0)
        hidden = hidden.expand(heads, queries, seen)
    y = torch.einsum("thk,hkd->td", softmax_attention(q, k, v, width ** -0.5, added, hidden),
                     case.parameter("out", heads, value_width, features))
    if bias:
        y = y + case.parameter("out_bias", features)
    case.close(y if mask is None else y + 0 * mask.sum())


def options():
    multi_head("relative", 5, relative=True)
    multi_head("relative_context", 4, keys=3, relative=True, bias=True)
    multi_head("relative_causal", 3, keys=5, relative=True, is_causal=True)
    multi_head("rotary", 5, features=8, turned="neighbours", bias=True)
    multi_head("rotary_halves", 3, keys=5, features=8, turned="halves", is_causal=True)
    multi_head("masked", 3, masked=[1, 0, 1])
    multi_head("masked_pairs", 3, keys=4, masked=[[1, 0, 1, 1], [0, 0, 0, 0], [0, 1, 1, 0]], relative=True, bias=True)
    multi_head("key_width", 3, keys=4, heads=4, width=2, value_width=3, separate=True)
