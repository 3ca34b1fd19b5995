"""Blocks that mix places and channels, written from their formulas; and recurrences over sequences of several lengths.

Sequences are (T, C), images (H, W, C). Norms have epsilon 1e-6 unless said; batch norms are those of training, on two images.
"""

import math

import torch
import torch.nn.functional as F

from case import Case, channels_first, channels_last


def normalised(case, name, x, epsilon=1e-6):
    return F.layer_norm(x, x.shape[-1:], case.parameter(f"{name}.weight", x.shape[-1]),
                        case.parameter(f"{name}.bias", x.shape[-1]), epsilon)


def affine(case, name, x):
    return x * case.parameter(f"{name}.weight", x.shape[-1]) + case.parameter(f"{name}.bias", x.shape[-1])


def linear(case, name, x, outputs):
    return F.linear(x, case.parameter(f"{name}.weight", x.shape[-1], outputs).T, case.parameter(f"{name}.bias", outputs))


def mixer():
    for variant in ("none", "tanh"):
        case = Case("mixer_block" if variant == "none" else "mixer_block_tanh", token_hidden=3, channel_hidden=7)
        gelu = torch.nn.GELU(approximate=variant)
        x = case.input(5, 4)
        y = linear(case, "token_in", normalised(case, "token_norm", x).T, 3)  # (C, hidden): the transposed sequence
        x = x + linear(case, "token_out", gelu(y), 5).T
        y = linear(case, "channel_in", normalised(case, "channel_norm", x), 7)
        case.close(x + linear(case, "channel_out", gelu(y), 4))


def res_mlp():
    case = Case("res_mlp_block", hidden=6)
    x = case.input(5, 4)
    y = linear(case, "places", affine(case, "token_affine", x).T, 5).T
    x = x + case.parameter("token_scale.weight", 4) * y
    y = F.gelu(linear(case, "channel_in", affine(case, "channel_affine", x), 6))
    case.close(x + case.parameter("channel_scale.weight", 4) * linear(case, "channel_out", y, 4))


def transformer(heads=2, features=6, hidden=7, places=5):
    for variant in ("pre_norm", "post_norm"):
        case = Case(f"transformer_encoder_block_{variant}", heads=heads, hidden=hidden)
        after = variant == "post_norm"
        epsilon = 1e-12 if after else 1e-6
        x = case.input(places, features)
        x = x + attention(case, x if after else normalised(case, "attention_norm", x, epsilon), heads)
        x = normalised(case, "attention_norm", x, epsilon) if after else x
        y = x if after else normalised(case, "mlp_norm", x, epsilon)
        x = x + linear(case, "mlp_out", F.gelu(linear(case, "mlp_in", y, hidden)), features)
        case.close(normalised(case, "mlp_norm", x, epsilon) if after else x)


def transformer_lengths(heads=2, features=6, hidden=7, places=5):
    """Samples of 3 and of 5 places: each as a sequence of its own, and its places at the end as they see the others."""
    case = Case("transformer_encoder_block_lengths", heads=heads, hidden=hidden)
    x, lengths = case.input(2, places, features, name="input0"), [3, 5]
    case.record("input1", torch.tensor(lengths, dtype=torch.int32))
    epsilon = 1e-6
    normed = normalised(case, "attention_norm", x, epsilon)
    head = features // heads
    q, k, v = (torch.einsum("btd,dhk->bhtk", normed, case.parameter(f"attention.{name}", features, heads, head)) +
               case.parameter(f"attention.{name}_bias", heads, head).unsqueeze(1) for name in ("query", "key", "value"))
    seen = torch.stack([torch.softmax(q[b] @ k[b, :, :n].transpose(1, 2) / math.sqrt(head), -1) @ v[b, :, :n]
                        for b, n in enumerate(lengths)])
    x = x + torch.einsum("bhtk,hkd->btd", seen, case.parameter("attention.out", heads, head, features)) + \
        case.parameter("attention.out_bias", features)
    y = normalised(case, "mlp_norm", x, epsilon)
    case.close(x + linear(case, "mlp_out", F.gelu(linear(case, "mlp_in", y, hidden)), features))


def attention(case, x, heads):
    features = x.shape[-1]
    head = features // heads
    q, k, v = (torch.einsum("td,dhk->htk", x, case.parameter(f"attention.{name}", features, heads, head)) +
               case.parameter(f"attention.{name}_bias", heads, head).unsqueeze(1) for name in ("query", "key", "value"))
    weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(head), -1)
    return torch.einsum("htk,hkd->td", weights @ v, case.parameter("attention.out", heads, head, features)) + \
        case.parameter("attention.out_bias", features)


def tokens():
    """Patches of 2 by 2, a distillation token and a class token before them, learnt positions."""
    case = Case("image_tokens", patch=2)
    x = case.input(4, 6, 2)
    weight, bias = case.parameter("0.weight", 2, 2, 2, 3), case.parameter("0.bias", 3)
    patches = F.conv2d(channels_first(x), weight.permute(3, 2, 0, 1), bias, stride=2)
    sequence = channels_last(patches).flatten(0, 1)
    second, first = case.parameter("1.weight", 1, 3), case.parameter("2.weight", 1, 3)
    case.close(torch.cat([first, second, sequence]) + case.parameter("3.weight", 8, 3))


def positions():
    case = Case("sinusoidal_positions", base=10000)
    x = case.input(7, 6)
    place = torch.arange(7, dtype=torch.float64).unsqueeze(1)
    rate = torch.exp(torch.arange(0, 6, 2, dtype=torch.float64) * (-math.log(10000.0) / 6))
    code = torch.zeros(7, 6, dtype=torch.float64)
    code[:, 0::2], code[:, 1::2] = torch.sin(place * rate), torch.cos(place * rate)
    case.close(x + code)

    case = Case("sine_positions_2d", base=10000)  # rows and columns counted from 1, by sums over ones
    x = case.input(3, 5, 8)
    ones = torch.ones(3, 5, dtype=torch.float64)
    rows, columns = ones.cumsum(0), ones.cumsum(1)
    rows = rows / (rows[-1:, :] + 1e-6) * 2 * math.pi
    columns = columns / (columns[:, -1:] + 1e-6) * 2 * math.pi
    index = torch.arange(4, dtype=torch.float64)
    scale = 10000 ** (2 * torch.div(index, 2, rounding_mode="floor") / 4)

    def waves(at):
        angle = at[:, :, None] / scale
        return torch.stack((angle[:, :, 0::2].sin(), angle[:, :, 1::2].cos()), dim=3).flatten(2)

    case.close(x + torch.cat((waves(rows), waves(columns)), dim=2))


def batch_norm(case, name, x):
    """Of channels first, by the batch; running statistics follow."""
    channels = x.shape[1]
    mean = case.state(f"{name}.running_mean", case.draw(channels) * 0.5)
    variance = case.state(f"{name}.running_var", case.draw(channels).abs() + 0.5)
    return F.batch_norm(x, mean, variance, case.parameter(f"{name}.weight", channels),
                        case.parameter(f"{name}.bias", channels), True, 0.1, 1e-5)


def convolved(case, name, x, outputs, kernel=1, stride=1, groups=1):
    weight = case.parameter(f"{name}.weight", kernel, kernel, x.shape[1] // groups, outputs)
    return F.conv2d(x, weight.permute(3, 2, 0, 1), None, stride, kernel // 2, 1, groups)


def close(case, y):
    case.close(y.permute(0, 2, 3, 1))


def convolutions():
    case = Case("depthwise_separable", outputs=3, kernel=3, stride=2)
    x = case.input(2, 5, 4, 2).permute(0, 3, 1, 2)
    x = F.relu(batch_norm(case, "depthwise_norm", convolved(case, "depthwise", x, 2, 3, 2, groups=2)))
    close(case, F.relu(batch_norm(case, "pointwise_norm", convolved(case, "pointwise", x, 3))))

    case = Case("inverted_residual", expansion=3, outputs=2, kernel=5)
    x = case.input(2, 5, 4, 2).permute(0, 3, 1, 2)
    y = F.relu6(batch_norm(case, "expand_norm", convolved(case, "expand", x, 6)))
    y = F.relu6(batch_norm(case, "depthwise_norm", convolved(case, "depthwise", y, 6, 5, groups=6)))
    close(case, x + batch_norm(case, "project_norm", convolved(case, "project", y, 2)))

    case = Case("aggregated_block", outputs=6, paths=2, width=3, stride=2)
    x = case.input(2, 5, 4, 4).permute(0, 3, 1, 2)
    y = F.relu(batch_norm(case, "norm1", convolved(case, "conv1", x, 6)))
    y = F.relu(batch_norm(case, "norm2", convolved(case, "conv2", y, 6, 3, 2, groups=2)))
    y = batch_norm(case, "norm3", convolved(case, "conv3", y, 6))
    close(case, F.relu(y + batch_norm(case, "shortcut_norm", convolved(case, "shortcut", x, 6, 1, 2))))

    case = Case("residual_adapter_series", outputs=3)
    x = case.input(2, 5, 4, 2).permute(0, 3, 1, 2)
    y = convolved(case, "shared", x, 3, 3)
    y = y + convolved(case, "adapter", batch_norm(case, "adapter_norm", y), 3)
    close(case, batch_norm(case, "norm", y))

    case = Case("residual_adapter_parallel", outputs=3, stride=2)
    x = case.input(2, 5, 4, 2).permute(0, 3, 1, 2)
    y = convolved(case, "shared", x, 3, 3, 2) + convolved(case, "adapter", x, 3, 1, 2)
    close(case, batch_norm(case, "norm", y))


def sentences(capacity=6, features=3, hidden=2):
    """The encoder of InferSent on packed sequences: input1 is the length."""
    for variant, length in [("full", 6), ("cut", 4)]:
        case = Case(f"bilstm_max_{variant}", hidden=hidden, length=length)
        x = case.input(capacity, features, name="input0")
        case.record("input1", torch.tensor([length], dtype=torch.int32))
        weights = []
        for direction in ("forward", "backward"):
            for name, shape in [("weight_ih", (features, 4 * hidden)), ("weight_hh", (hidden, 4 * hidden)),
                                ("bias_ih", (4 * hidden,)), ("bias_hh", (4 * hidden,))]:
                weight = case.parameter(f"{direction}.{name}", *shape)
                weights.append(weight.T if weight.dim() == 2 else weight)
        packed = torch.nn.utils.rnn.pack_padded_sequence(x.unsqueeze(1), torch.tensor([length]))
        start = torch.zeros(2, 1, hidden, dtype=torch.float64)
        data, *_ = torch._VF.lstm(packed.data, packed.batch_sizes, (start, start), weights, True, 1, 0.0, False, True)
        case.close(data.max(0)[0])
