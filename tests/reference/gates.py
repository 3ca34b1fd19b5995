"""Attention that gates, pools and binds, from the formulas."""

import torch
import torch.nn.functional as F

from case import Case

BATCH = 3


def linear(case, x, name, inputs, outputs, bias=True):
    y = x @ case.parameter(name, inputs, outputs)
    return y + case.parameter(f"{name}_bias", outputs) if bias else y


def layer_norm(case, x, path, epsilon=1e-6):
    width = x.shape[-1]
    return F.layer_norm(x, (width,), case.parameter(f"{path}.weight", width), case.parameter(f"{path}.bias", width),
                        epsilon)


def batch_norm(case, x, path):
    """Of training; the last axis are the channels."""
    width = x.shape[-1]
    weight, bias = case.parameter(f"{path}.weight", width), case.parameter(f"{path}.bias", width)
    mean = case.state(f"{path}.running_mean", case.draw(width))
    variance = case.state(f"{path}.running_var", case.draw(width).exp())
    y = F.batch_norm(x.reshape(-1, width), mean, variance, weight, bias, True, momentum=0.1, eps=1e-5)
    return y.reshape(x.shape)


def convolution(case, x, path, kernel, outputs):
    """(N, H, W, C), same padding, no bias."""
    weight = case.parameter(path, kernel, kernel, x.shape[-1], outputs)
    y = F.conv2d(x.movedim(-1, 1).contiguous(), weight.permute(3, 2, 0, 1).contiguous(), padding=kernel // 2)
    return y.movedim(1, -1).contiguous()


def squeeze_excite():
    for variant, bias in [("plain", False), ("bias", True)]:
        case = Case(f"squeeze_excite_{variant}", ratio=3, bias=bias)
        x = case.input(3, 2, 7)
        hidden = torch.relu(linear(case, x.mean((0, 1)), "reduce", 7, 2, bias))
        case.close(x * torch.sigmoid(linear(case, hidden, "expand", 2, 7, bias)))


def cbam():
    """In training, with a batch norm behind the convolution."""
    for variant, bias in [("plain", False), ("bias_batch_norm", True)]:
        case = Case(f"cbam_{variant}", ratio=2, kernel=7)
        x = case.input(BATCH, 5, 4, 6)
        reduce, expand = case.parameter("channel_attention.reduce", 6, 3), case.parameter("channel_attention.expand", 3, 6)
        biases = [case.parameter("channel_attention.reduce_bias", 3),
                  case.parameter("channel_attention.expand_bias", 6)] if bias else [0, 0]

        def shared(s):
            return torch.relu(s @ reduce + biases[0]) @ expand + biases[1]

        y = x * torch.sigmoid(shared(x.mean((1, 2))) + shared(x.amax((1, 2))))[:, None, None]
        maps = torch.stack([y.mean(-1), y.amax(-1)], -1)
        gate = convolution(case, maps, "spatial_attention.weight", 7, 1)
        if bias:
            gate = gate + case.parameter("spatial_attention.bias", 1)
            gate = batch_norm(case, gate, "spatial_attention.batch_norm")
        case.close(y * torch.sigmoid(gate))


def domain_attention():
    case = Case("domain_attention", adapters=3, ratio=2)
    x = case.input(3, 2, 5)
    s = x.mean((0, 1))
    reduce, expand = case.parameter("reduce", 5, 3, 2), case.parameter("expand", 3, 2, 5)
    reduce_bias, expand_bias = case.parameter("reduce_bias", 3, 2), case.parameter("expand_bias", 3, 5)
    adapters = [torch.relu(s @ reduce[:, n] + reduce_bias[n]) @ expand[n] + expand_bias[n] for n in range(3)]
    weights = torch.softmax(linear(case, s, "assign", 5, 3), -1)
    case.close(x * torch.sigmoid(sum(w * e for w, e in zip(weights, adapters))))


def tokens():
    case = Case("token_learner", tokens=3)
    x = case.input(4, 5, 6)
    a = layer_norm(case, x, "layer_norm").unsqueeze(0)
    for path in ("conv", "conv_1", "conv_2"):
        a = F.gelu(convolution(case, a, f"{path}.weight", 3, 3), approximate="tanh")
    a = torch.sigmoid(convolution(case, a, "conv_3.weight", 3, 3))[0]
    case.close((a.unsqueeze(-1) * x.unsqueeze(2)).mean((0, 1)))

    case = Case("token_learner_v11", tokens=3, hidden=5)
    x = case.input(7, 6)
    hidden = F.gelu(linear(case, layer_norm(case, x, "layer_norm"), "hidden", 6, 5), approximate="tanh")
    case.close(torch.softmax(linear(case, hidden, "maps", 5, 3), 0).T @ x)

    case = Case("token_fuser", hidden=5)
    z, x = case.input(3, 6, name="input0"), case.input(4, 2, 6, name="input1")
    t = layer_norm(case, z, "layer_norm")
    mixed = case.parameter("mix", 3, 3).T @ t + case.parameter("mix_bias", 3)[:, None]
    t = layer_norm(case, mixed, "layer_norm_1")
    hidden = F.gelu(linear(case, layer_norm(case, x, "layer_norm_2"), "hidden", 6, 5), approximate="tanh")
    case.close(torch.sigmoid(linear(case, hidden, "maps", 5, 3)) @ t)


def lambda_layers():
    """All positions, one by one: no convolution. In training."""
    for variant, height, width, reach, u in [("global", 3, 4, None, 2), ("sequence", 1, 5, None, 1), ("local", 4, 5, 3, 2)]:
        case = Case(f"lambda_{variant}", heads=2, k=3, u=u)
        heads, k, features, out = 2, 3, 5, 6
        wide = out // heads
        sequence = height == 1
        x = case.input(BATCH, *([width] if sequence else [height, width]), features)
        rows = x.reshape(BATCH, height * width, features)
        q = batch_norm(case, rows @ case.parameter("query", features, heads * k), "query_norm")
        q = q.reshape(BATCH, height * width, heads, k)
        keys = torch.softmax(torch.einsum("bnc,cku->bnku", rows, case.parameter("key", features, k, u)), 1)
        v = batch_norm(case, rows @ case.parameter("value", features, wide * u), "value_norm")
        v = v.reshape(BATCH, height * width, wide, u)
        sizes = [reach, reach] if reach else [2 * height - 1, 2 * width - 1]
        table = case.parameter("positions", *(sizes[1:] if sequence else sizes), u, k).reshape(*sizes, u, k)
        content = torch.einsum("bmku,bmvu->bkv", keys, v)
        y = []
        for n in range(height * width):
            of_n = content
            for m in range(height * width):
                row = m // width - n // width + sizes[0] // 2
                column = m % width - n % width + sizes[1] // 2
                if 0 <= row < sizes[0] and 0 <= column < sizes[1]:
                    of_n = of_n + torch.einsum("uk,bvu->bkv", table[row, column], v[:, m])
            y.append(torch.einsum("bhk,bkv->bhv", q[:, n], of_n).reshape(BATCH, out))
        case.close(torch.stack(y, 1).reshape(*x.shape[:-1], out))


def deform(x, offsets, weights, kernel, stride, before, dilation):
    """x (H, W, I), offsets (H', W', 2 T), weights (H', W', T) or None, kernel (K, K', I, O); zeros around x."""
    height, width, inputs = x.shape
    rows, columns = offsets.shape[:2]
    taps = [(i, j) for i in range(kernel.shape[0]) for j in range(kernel.shape[1])]
    places = torch.tensor([[[(p * stride[0] - before[0] + i * dilation[0], q * stride[1] - before[1] + j * dilation[1])
                             for i, j in taps] for q in range(columns)] for p in range(rows)], dtype=torch.float64)
    at = offsets.reshape(rows, columns, len(taps), 2) + places
    first = at.detach().floor()
    seen = 0
    for a in (0, 1):
        for b in (0, 1):
            pixel = first + torch.tensor([a, b], dtype=torch.float64)
            inside = ((pixel >= 0) & (pixel < torch.tensor([height, width]))).all(-1)
            row = pixel[..., 0].long().clamp(0, height - 1)
            column = pixel[..., 1].long().clamp(0, width - 1)
            share = (1 - (at - pixel).abs()).prod(-1) * inside
            seen = seen + share.unsqueeze(-1) * x[row, column]
    if weights is not None:
        seen = seen * weights.unsqueeze(-1)
    return torch.einsum("pqti,tio->pqo", seen, kernel.flatten(0, 1))


def deformable():
    case = Case("deformable_conv", kernel=[3, 2], stride=[1, 2], pad=1, dilation=[2, 1])
    x, kernel = case.input(6, 7, 3, name="input0"), case.parameter("weight", 3, 2, 3, 4)
    offsets = case.input(4, 4, 12, name="input1", values=case.draw(4, 4, 12) * 1.5)
    weights = case.input(4, 4, 6, name="input2")
    case.close(deform(x, offsets, weights, kernel, (1, 2), (1, 1), (2, 1)) + case.parameter("bias", 4))

    case = Case("deformable_conv_modulated", kernel=3)
    x = case.input(4, 5, 2)
    own = convolution(case, x.unsqueeze(0), "offset.weight", 3, 27)[0] + case.parameter("offset.bias", 27)
    y = deform(x, own[..., :18], torch.sigmoid(own[..., 18:]), case.parameter("weight", 3, 3, 2, 3), (1, 1), (1, 1), (1, 1))
    case.close(y + case.parameter("bias", 3))

    case = Case("deformable_conv_groups", kernel=3, offset_groups=2)
    x, kernel = case.input(5, 4, 6, name="input0"), case.parameter("weight", 3, 3, 6, 2)
    offsets = case.input(5, 4, 36, name="input1", values=case.draw(5, 4, 36) * 1.5)
    weights = case.input(5, 4, 18, name="input2")
    y = sum(deform(x[..., 3 * g : 3 * g + 3], offsets[..., 18 * g : 18 * g + 18], weights[..., 9 * g : 9 * g + 9],
                   kernel[:, :, 3 * g : 3 * g + 3], (1, 1), (1, 1), (1, 1)) for g in range(2))
    case.close(y + case.parameter("bias", 2))

    case = Case("deformable_gate", kernel=3)
    x = case.input(4, 5, 7)
    apart = F.conv2d(x.movedim(-1, 0).unsqueeze(0), case.parameter("depthwise_conv.weight", 3, 3, 1, 7)
                     .permute(3, 2, 0, 1).contiguous(), padding=1, groups=7)[0].movedim(0, -1)
    h = apart @ case.parameter("reduce", 7, 1)
    h = (h - h.mean((0, 1))) / torch.sqrt(h.var((0, 1), unbiased=False) + 1e-5)
    h = F.gelu(h * case.parameter("instance_norm.weight", 1) + case.parameter("instance_norm.bias", 1))
    offsets = convolution(case, h.unsqueeze(0), "deformable_conv.offset.weight", 3, 18)[0]
    offsets = offsets + case.parameter("deformable_conv.offset.bias", 18)
    y = deform(h, offsets, None, case.parameter("deformable_conv.weight", 3, 3, 1, 7), (1, 1), (1, 1), (1, 1))
    y = layer_norm(case, y + case.parameter("deformable_conv.bias", 7), "layer_norm", 1e-5)
    case.close(x * torch.sigmoid(y))


def slots():
    case = Case("slot_attention", slots=3, iterations=2)
    x, s = case.input(5, 4, name="input0"), case.input(3, 6, name="input1")
    with_norm = lambda values, path: layer_norm(case, values, path, 1e-5)
    normed = with_norm(x, "layer_norm_input")
    keys, kept = normed @ case.parameter("key", 4, 6), normed @ case.parameter("value", 4, 6)
    query = case.parameter("query", 6, 6)
    norms = {path: [case.parameter(f"{path}.{name}", 6) for name in ("weight", "bias")]
             for path in ("layer_norm_slots", "layer_norm_hidden")}
    cell = [case.parameter("weight_ih", 6, 18).T, case.parameter("weight_hh", 6, 18).T, case.parameter("bias_ih", 18),
            case.parameter("bias_hh", 18)]
    rise, rise_bias = case.parameter("rise", 6, 7), case.parameter("rise_bias", 7)
    fall, fall_bias = case.parameter("fall", 7, 6), case.parameter("fall_bias", 6)
    for _ in range(2):
        q = F.layer_norm(s, (6,), *norms["layer_norm_slots"], 1e-5) @ query
        attention = torch.softmax(keys @ q.T / 6 ** 0.5, -1) + 1e-8  # (N, slots)
        s = torch.gru_cell((attention / attention.sum(0)).T @ kept, s, *cell)
        hidden = F.layer_norm(s, (6,), *norms["layer_norm_hidden"], 1e-5)
        s = s + torch.relu(hidden @ rise + rise_bias) @ fall + fall_bias
    case.close(s)


def readers():
    for variant in ("plain", "tanh"):
        case = Case(f"stacked_attention_{variant}", hidden=3, hops=2)
        v, u = case.input(2, 3, 5, name="input0"), case.input(5, name="input1")
        regions = v.flatten(0, 1)
        for hop in ("hop0", "hop1"):
            h = torch.tanh(regions @ case.parameter(f"{hop}.image", 5, 3) + u @ case.parameter(f"{hop}.question", 5, 3)
                           + case.parameter(f"{hop}.bias", 3))
            scores = h @ case.parameter(f"{hop}.score", 3) + case.parameter(f"{hop}.score_bias")
            u = torch.softmax(torch.tanh(scores) if variant == "tanh" else scores, -1) @ regions + u
        case.close(u)

    case = Case("soft_attention", hidden=3)  # what it reads, and behind it the weights
    a, h = case.input(4, 5, name="input0"), case.input(6, name="input1")
    keys = a @ case.parameter("annotation", 5, 3) + case.parameter("bias", 3)
    scores = torch.tanh(keys + h @ case.parameter("state", 6, 3)) @ case.parameter("score", 3)
    weights = torch.softmax(scores + case.parameter("score_bias"), -1)
    open_ = torch.sigmoid(h @ case.parameter("gate", 6) + case.parameter("gate_bias"))
    case.close(torch.cat([open_ * (weights @ a), weights]))

    case = Case("delf_pool_paper", hidden=4)
    x = case.input(3, 2, 5)
    hidden = torch.relu(linear(case, x, "delf_score.hidden", 5, 4))
    scores = F.softplus(hidden @ case.parameter("delf_score.score", 4) + case.parameter("delf_score.score_bias"))
    case.close((scores.unsqueeze(-1) * x).sum((0, 1)))

    case = Case("delf_pool_code", hidden=4)
    x = case.input(BATCH, 3, 2, 5)
    hidden = torch.relu(batch_norm(case, linear(case, x, "delf_score.hidden", 5, 4), "delf_score.batch_norm"))
    scores = F.softplus(hidden @ case.parameter("delf_score.score", 4) + case.parameter("delf_score.score_bias"))
    case.close((scores.unsqueeze(-1) * x / torch.sqrt(x.square().sum(-1, keepdim=True) + 1e-12)).mean((1, 2)))


def upper(gram):
    rows, columns = torch.triu_indices(*gram.shape[-2:])
    return gram[..., rows, columns]


def gramian():
    case = Case("gramian_token", groups=2)
    x = case.input(BATCH, 3, 2, 4)
    rows = x.flatten(1, 2)
    numbers = F.normalize(upper(rows.transpose(1, 2) @ rows))  # (N, 10)
    parts = torch.einsum("bgi,gio->bgo", numbers.reshape(BATCH, 2, 5), case.parameter("weight", 2, 5, 3))
    case.close(batch_norm(case, parts.flatten(1) + case.parameter("bias", 6), "batch_norm"))

    case = Case("gramian_head", channels=4, width=6, heads=2, groups=2, parts=2)
    x = case.input(BATCH, 3, 2, 8)
    f = batch_norm(case, linear(case, x, "contract", 8, 4), "contract_norm")
    kernel = case.parameter("block.depthwise_conv.weight", 7, 7, 1, 4).permute(3, 2, 0, 1).contiguous()
    y = F.conv2d(f.movedim(-1, 1).contiguous(), kernel, padding=3, groups=4).movedim(1, -1).contiguous()
    y = layer_norm(case, y + case.parameter("block.depthwise_conv.bias", 4), "block.layer_norm")
    y = linear(case, F.gelu(linear(case, y, "block.rise", 4, 16)), "block.fall", 16, 4)
    rows = (f + y * case.parameter("block.scale", 4)).flatten(1, 2)
    numbers = F.normalize(upper(rows.transpose(1, 2) @ rows)).reshape(BATCH, 2, 5)
    z = torch.einsum("bgi,gio->bgo", numbers, case.parameter("gramian_token.weight", 2, 5, 4)).flatten(1)
    z = batch_norm(case, z + case.parameter("gramian_token.bias", 8), "gramian_token.batch_norm")

    both = torch.cat([z.unsqueeze(1), x.flatten(1, 2)], 1)
    both = layer_norm(case, both, "layer_norm_look", 1e-5)
    q = torch.einsum("bc,chk->bhk", both[:, 0], case.parameter("query", 8, 2, 3))
    keys = torch.einsum("btc,chk->bthk", both, case.parameter("key", 8, 2, 3))
    kept = torch.einsum("btc,chk->bthk", both, case.parameter("value", 8, 2, 3))
    weights = torch.softmax(torch.einsum("bhk,bthk->bht", q, keys) / 3 ** 0.5, -1)
    seen = torch.einsum("bht,bthk,hkc->bc", weights, kept, case.parameter("out", 2, 3, 8)) + case.parameter("out_bias", 8)
    z = z + case.parameter("scale_look", 8) * seen

    parts = layer_norm(case, z, "layer_norm_think", 1e-5).reshape(BATCH, 2, 4)
    wide = torch.einsum("bgi,gio->bgo", parts, case.parameter("widen", 2, 4, 16)).flatten(1)
    wide = F.gelu(wide + case.parameter("widen_bias", 32))
    shuffled = torch.stack([wide[:, 0::2], wide[:, 1::2]], 1)
    back = torch.einsum("bgi,gio->bgo", shuffled, case.parameter("narrow", 2, 16, 4)).flatten(1)
    case.close(z + case.parameter("scale_think", 8) * (back + case.parameter("narrow_bias", 8)))

    case = Case("head_decorrelation", heads=3)
    logits = case.input(3, 5)
    mean = torch.log_softmax(logits.mean(0), -1).detach()
    case.close(F.kl_div(torch.log_softmax(logits, -1), mean.expand(3, 5), reduction="sum", log_target=True).reshape(1))
