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
