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


def linear(case, path, x, width, bias=True):
    y = x @ case.parameter(f"{path}.weight", x.shape[-1], width)
    return y + case.parameter(f"{path}.bias", width) if bias else y


def layer_norm(case, path, x):
    width = x.shape[-1]
    return F.layer_norm(x, (width,), case.parameter(f"{path}.weight", width), case.parameter(f"{path}.bias", width))


def mab(case, path, x, y, width, heads, norm=False):
    """query (C, H, K), key, value (E, H, K), *_bias (H, K), out (D, D), out_bias (D)."""
    at = lambda name: f"{path}.{name}" if path else name
    q, k, v = [project(case, at(name), z, heads, width // heads, bias=True)
               for name, z in (("query", x), ("key", y), ("value", y))]
    h = (q + softmax_attention(q, k, v, width ** -0.5)).flatten(1)
    if norm:
        h = layer_norm(case, at("layer_norm"), h)
    h = h + torch.relu(h @ case.parameter(at("out"), width, width) + case.parameter(at("out_bias"), width))
    return layer_norm(case, at("layer_norm_1"), h) if norm else h


def sets():
    """mab. and mab_1. below the layers that are made of them; inducing (M, D), seeds (Seeds, D)."""
    for name, norm in (("mab", False), ("mab_norm", True)):
        case = Case(name)
        x, y = case.input(5, 3, name="input0"), case.input(7, 4, name="input1")
        case.close(mab(case, "", x, y, 6, 2, norm))
    case = Case("sab")
    x = case.input(5, 3)
    case.close(mab(case, "mab", x, x, 6, 3))
    case = Case("isab")
    x = case.input(7, 3)
    inducing = case.parameter("inducing", 3, 6)
    case.close(mab(case, "mab_1", x, mab(case, "mab", inducing, x, 6, 3), 6, 3))
    case = Case("pma")
    x = case.input(5, 3)
    case.close(mab(case, "mab", case.parameter("seeds", 2, 6), x, 6, 3))


def attend_between(case, path, heads, query, key, value):
    """torch's own multi-head attention of the parameters of multi_head_attention with biases"""
    width = query.shape[-1]
    head = width // heads
    maps = [case.parameter(f"{path}.{name}", width, heads, head) for name in ("query", "key", "value")]
    biases = [case.parameter(f"{path}.{name}_bias", heads, head) for name in ("query", "key", "value")]
    out, out_bias = case.parameter(f"{path}.out", heads, head, width), case.parameter(f"{path}.out_bias", width)
    return F.multi_head_attention_forward(
        query, key, value, width, heads, torch.cat([w.flatten(1).T for w in maps]),
        torch.cat([b.flatten() for b in biases]), None, None, False, 0.0, out.flatten(0, 1).T, out_bias,
        need_weights=False)[0]


def class_queries():
    """Two layers below 0. and 1.; queries (Classes, D), norm., weight (D), bias ()."""
    case = Case("class_query_decoder")
    memory = case.input(5, 6)
    queries = case.parameter("queries", 3, 6, scale=1)
    y = torch.zeros(3, 6, dtype=torch.float64)
    for i in ("0", "1"):
        asking = y + queries
        y = layer_norm(case, f"{i}.norm_0", y + attend_between(case, f"{i}.self_attention", 2, asking, asking, y))
        y = layer_norm(case, f"{i}.norm_1",
                       y + attend_between(case, f"{i}.cross_attention", 2, y + queries, memory, memory))
        y = layer_norm(case, f"{i}.norm_2", y + linear(case, f"{i}.back", torch.relu(linear(case, f"{i}.hidden", y, 7)), 6))
    y = layer_norm(case, "norm", y)
    case.close(y @ case.parameter("weight", 6) + case.parameter("bias"))


def batch_norm(case, path, y):
    """of the features of all places together, as in inference"""
    shape = y.shape
    y = y.reshape(shape[0], -1)
    width = y.shape[1]
    mean = case.state(f"{path}.running_mean", case.draw(width))
    variance = case.state(f"{path}.running_var", case.draw(width).abs() + 0.5)
    weight, bias = case.parameter(f"{path}.weight", width), case.parameter(f"{path}.bias", width)
    return F.batch_norm(y, mean, variance, weight, bias, training=case.training).reshape(shape)


def levit():
    """query, key (D, H, K), value (D, H, V), out (H, V, C), bias (H, rows, columns); *_norm. of all heads' features."""
    for training in (False, True):
        for name, stride, rows, columns, width in (("levit_attention", 1, 3, 4, 6), ("levit_shrink", 2, 5, 4, 5)):
            case = Case(name + ("_training" if training else ""))
            case.training = training
            x = case.input(rows, columns, 6)
            places = [(i, j) for i in range(rows) for j in range(columns)]
            asking = [(i, j) for i in range(0, rows, stride) for j in range(0, columns, stride)]
            every = x.reshape(-1, 6)
            some = torch.stack([x[i, j] for i, j in asking])
            value_width = 2 * 2 if stride == 1 else 4 * 2
            q = batch_norm(case, "query_norm", project(case, "query", some, 3, 2))
            k = batch_norm(case, "key_norm", project(case, "key", every, 3, 2))
            v = batch_norm(case, "value_norm", project(case, "value", every, 3, value_width))
            table = case.parameter("bias", 3, rows, columns)
            bias = torch.stack([torch.stack([table[:, abs(a[0] - b[0]), abs(a[1] - b[1])] for b in places], -1)
                                for a in asking], -2)
            o = F.hardswish(softmax_attention(q, k, v, 2 ** -0.5, bias))
            y = torch.einsum("thv,hvd->td", o, case.parameter("out", 3, value_width, width))
            y = batch_norm(case, "out_norm", y)
            case.close(y.reshape(-(-rows // stride), -(-columns // stride), width))


def windowed_sequence():
    """The same of a sequence: bias (H, 2 W - 1), places t and s see each other where no edge is between them."""
    case = Case("windowed_attention_sequence")
    heads, width, window, shift, places = 2, 4, 3, 2, 9
    x = case.input(places, width)
    maps = {n: case.parameter(n, width, heads, 2) for n in ("query", "key", "value")}
    added = {n: case.parameter(f"{n}_bias", heads, 2) for n in maps}
    out, out_bias = case.parameter("out", heads, 2, width), case.parameter("out_bias", width)
    table = case.parameter("bias", heads, 2 * window - 1)
    q, k, v = [torch.einsum("td,dhk->thk", x, maps[n]) + added[n] for n in ("query", "key", "value")]
    t, s = torch.arange(places)[:, None], torch.arange(places)[None, :]
    hidden = (t - shift).div(window, rounding_mode="floor") != (s - shift).div(window, rounding_mode="floor")
    offset = (t - s + window - 1).clamp(0, 2 * window - 2)
    y = softmax_attention(q, k, v, 2 ** -0.5, table[:, offset], hidden)
    case.close(torch.einsum("thk,hkd->td", y, out) + out_bias)


def windowed():
    """query, key, value (D, H, K), out (H, K, D), bias (H, 2 W - 1, 2 W - 1); *_bias."""
    for name, window, shift, rows, columns, bias in (("plain", 2, 0, 4, 6, False), ("shifted", 3, 1, 6, 3, True)):
        case = Case(f"windowed_attention_{name}")
        heads, width = 2, 4
        x = case.input(rows, columns, width)
        maps = {n: case.parameter(n, width, heads, 2) for n in ("query", "key", "value")}
        added = {n: case.parameter(f"{n}_bias", heads, 2) if bias else 0 for n in maps}
        out = case.parameter("out", heads, 2, width)
        out_bias = case.parameter("out_bias", width) if bias else 0
        table = case.parameter("bias", heads, 2 * window - 1, 2 * window - 1)
        y = torch.zeros(rows, columns, width, dtype=torch.float64)
        for top in range(0, rows, window):
            for left in range(0, columns, window):
                cells = [((top + i + shift) % rows, (left + j + shift) % columns)
                         for i in range(window) for j in range(window)]
                grid = [(i, j) for i in range(window) for j in range(window)]
                part = torch.stack([x[cell] for cell in cells])
                q, k, v = [torch.einsum("td,dhk->thk", part, maps[n]) + added[n] for n in ("query", "key", "value")]
                score_bias = torch.stack([torch.stack(
                    [table[:, a[0] - b[0] + window - 1, a[1] - b[1] + window - 1] for b in grid], -1)
                    for a in grid], -2)
                # side by side in the image: as far apart there as in the window
                hidden = torch.tensor([[not all(cell[d] - other[d] == a[d] - b[d] for d in (0, 1))
                                        for other, b in zip(cells, grid)] for cell, a in zip(cells, grid)])
                seen = softmax_attention(q, k, v, 2 ** -0.5, score_bias, hidden)
                result = torch.einsum("thk,hkd->td", seen, out) + out_bias
                index = torch.tensor([r * columns + c for r, c in cells])
                y = y.reshape(-1, width).index_add(0, index, result).reshape(rows, columns, width)
        case.close(y)


def scored():
    """The parameters that the layers' headers name."""
    for name, shape in (("additive_attention", (4, 3)), ("additive_attention_one", (3,))):
        case = Case(name)
        x, context = case.input(*shape, name="input0"), case.input(5, 4, name="input1")
        q = x @ case.parameter("query", 3, 6)
        k = context @ case.parameter("key", 4, 6)
        if len(shape) == 2:
            k = k + case.parameter("bias", 6)
        weights = torch.softmax(torch.tanh(q.unsqueeze(-2) + k) @ case.parameter("v", 6), -1)
        case.close(weights @ context)

    case = Case("local_attention")
    x, context = case.input(4, 3, name="input0"), case.input(6, 5, name="input1")
    scores = x @ case.parameter("score", 3, 5) @ context.T
    away = torch.arange(6)[None, :] - torch.arange(4)[:, None]
    case.close(torch.softmax(scores.masked_fill(away.abs() > 2, -math.inf), -1) @ context)

    case = Case("local_attention_predictive")
    x, context = case.input(4, 3, name="input0"), case.input(7, 3, name="input1")
    place = 7 * torch.sigmoid(torch.tanh(x @ case.parameter("place", 3, 3)) @ case.parameter("v", 3, scale=1))
    away = torch.arange(7)[None, :] - place[:, None]
    scores = (x @ context.T).masked_fill(away.abs() > 3, -math.inf)
    case.close((torch.softmax(scores, -1) * torch.exp(-away ** 2 / (2 * 1.5 ** 2))) @ context)

    for name, behind, several in (("plain", False, False), ("context", False, True), ("causal", True, False)):
        case = Case(f"linear_attention_{name}")
        x = case.input(5, 4, name="input0" if several else "input")
        context = case.input(3, 6, name="input1") if several else x
        feature = lambda z: F.elu(z) + 1
        q = feature(project(case, "query", x, 2, 3, bias=True))
        k = feature(project(case, "key", context, 2, 3, bias=True))
        v = project(case, "value", context, 2, 2, bias=True)
        weights = torch.einsum("thk,shk->hts", q, k)
        if behind:
            weights = weights * ~causal(5, 5)
        weights = weights / weights.sum(-1, keepdim=True)
        y = torch.einsum("hts,shv,hvd->td", weights, v, case.parameter("out", 2, 2, 4))
        case.close(y + case.parameter("out_bias", 4))

    for name, behind in (("plain", False), ("causal", True)):
        case = Case(f"neural_attention_{name}")
        x = case.input(4, 6)
        narrow, places = 5, 4
        q, k, v = [project(case, n, x, 2, 3) for n in ("query", "key", "value")]
        q, k = [z @ case.parameter(f"narrow_{n}", 3, narrow) + case.parameter(f"narrow_{n}_bias", narrow)
                for z, n in ((q, "query"), (k, "key"))]
        both = torch.cat([q.movedim(0, 1)[:, :, None].expand(2, places, places, narrow),
                          k.movedim(0, 1)[:, None].expand(2, places, places, narrow)], -1)  # (H, T, S, 2 U)
        hidden = torch.relu(both @ case.parameter("hidden", 2 * narrow, narrow) + case.parameter("hidden_bias", narrow))
        inner = torch.relu(hidden @ case.parameter("inner", narrow, 2) + case.parameter("inner_bias", 2))
        scores = inner @ case.parameter("score", 2) + case.parameter("score_bias")
        if behind:
            scores = scores.masked_fill(causal(places, places), -math.inf)
        y = torch.einsum("hts,shv,hvd->td", torch.softmax(scores, -1), v, case.parameter("out", 2, 3, 6))
        case.close(y)
