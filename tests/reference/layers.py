"""Dense layers, embeddings and activation functions."""

import torch
import torch.nn.functional as F

from case import Case


def dense():
    """y = x W + b with W (in, out)."""
    for variant, shape, bias in [("vector", (5,), True), ("sequence", (4, 5), True), ("no_bias", (5,), False)]:
        case = Case(f"dense_{variant}", bias=bias)
        x, weight = case.input(*shape), case.parameter("weight", 5, 3)
        case.close(F.linear(x, weight.T, case.parameter("bias", 3) if bias else None))


def embedding():
    """Rows of a table; repeated indices, so that gradients must add."""
    case = Case("embedding", rows=10, features=4)
    index = case.record("input", torch.tensor([3, 9, 0, 3, 7, 3], dtype=torch.int32))
    case.close(F.embedding(index, case.parameter("weight", 10, 4)))


POINTWISE = {
    "relu": (F.relu, {}),
    "relu6": (F.relu6, {}),
    "leaky_relu": (F.leaky_relu, {"negative_slope": 0.01}),
    "elu": (F.elu, {"alpha": 1.0}),
    "selu": (F.selu, {}),
    "gelu_exact": (F.gelu, {"approximate": "none"}),
    "gelu_tanh": (F.gelu, {"approximate": "tanh"}),
    "silu": (F.silu, {}),
    "mish": (F.mish, {}),
    "softplus": (F.softplus, {}),
    "sigmoid": (torch.sigmoid, {}),
    "tanh": (torch.tanh, {}),
    "hardsigmoid": (lambda x: F.relu6(x + 3) / 6, {}),  # the gradient of F.hardsigmoid rounds 1/6 to single precision
    "hardswish": (F.hardswish, {}),
}


def spread(*shape):
    """Values over [-6.5, 6.6], none within 0.02 of a kink (-3, 0, 3, 6) of any activation."""
    x = torch.linspace(-6.5, 6.6, torch.Size(shape).numel(), dtype=torch.float64)
    assert all((x - kink).abs().min() > 0.02 for kink in (-3, 0, 3, 6))
    return x.reshape(shape)


def activations():
    for name, (function, options) in POINTWISE.items():
        case = Case(f"activation_{name}", **options)
        case.close(function(case.input(values=spread(4, 6)), **options))

    for name, function in {"softmax": F.softmax, "log_softmax": F.log_softmax}.items():
        case = Case(f"activation_{name}", axis=-1)
        case.close(function(case.input(values=3 * case.draw(3, 5)), dim=-1))

    case = Case("activation_prelu", channels=3)  # one slope a channel
    case.close(F.prelu(case.input(values=spread(8, 3)), case.parameter("weight", 3)))
