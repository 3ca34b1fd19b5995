"""One reference case: what goes in, what comes out, the gradients, and the file that holds them.

Every value is a float64 tensor in the library's layout (feature axis last). A family converts to PyTorch's layout
inside the computation, so that automatic differentiation returns the gradients in the library's layout too.
"""

import json
import struct
import zlib
from pathlib import Path

import torch

CASES = Path(__file__).resolve().parent / "cases"


def channels_first(x):
    """(..., C) without a batch axis to (1, C, ...)."""
    return x.movedim(-1, 0).unsqueeze(0).contiguous()


def channels_last(y):
    """(1, C, ...) to (..., C) without a batch axis.

    The gradient is made contiguous on its way back: given a permuted one, PyTorch 1.13's instance norm returns wrong
    values without a word.
    """
    y.register_hook(lambda gradient: gradient.contiguous())
    return y.squeeze(0).movedim(0, -1)


def text(value):
    """A hyper-parameter as metadata: lists as "2,1", truth values as "true" or "false"."""
    if isinstance(value, (list, tuple)):
        return ",".join(text(v) for v in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def save(name, tensors, metadata):
    """Writes cases/<name>.safetensors: header length (8 bytes, little-endian), JSON header, data.

    float64 comes before int32, and the header is padded with blanks to 8 bytes, so that every tensor is aligned.
    """
    kinds = {torch.float64: ("F64", "d"), torch.int32: ("I32", "i")}
    header, data = {"__metadata__": {key: text(value) for key, value in metadata.items()}}, b""
    for key, tensor in sorted(tensors.items(), key=lambda item: item[1].dtype == torch.int32):
        dtype, letter = kinds[tensor.dtype]
        values = tensor.detach().reshape(-1).tolist()
        raw = struct.pack(f"<{len(values)}{letter}", *values)
        header[key] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    (CASES / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(encoded)) + encoded + data)


class Case:
    """Collects the tensors of one case. Its random numbers depend on its name only, never on the other cases."""

    def __init__(self, name, **hyper_parameters):
        self.name = name
        self.metadata = {"case": name, "torch": torch.__version__, **hyper_parameters}
        self.random = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        self.tensors, self.leaves, self.states = {}, {}, {}

    def draw(self, *shape):
        return torch.randn(shape, generator=self.random, dtype=torch.float64)

    def integers(self, bound, *shape):
        return torch.randint(bound, shape, generator=self.random, dtype=torch.int32)

    def record(self, key, tensor):
        """A tensor without a gradient: indices, targets, anything worth comparing."""
        self.tensors[key] = tensor.detach().clone()
        return tensor

    def leaf(self, key, gradient, values):
        self.record(key, values)
        self.leaves[gradient] = values.clone().requires_grad_()
        return self.leaves[gradient]

    def input(self, *shape, name="input", values=None):
        return self.leaf(name, f"gradient.{name}", self.draw(*shape) if values is None else values)

    def parameter(self, path, *shape, scale=0.5):
        return self.leaf(f"parameter.{path}", f"gradient.{path}", self.draw(*shape) * scale)

    def state(self, name, values):
        """A running statistic, which the computation may change in place; close() records its new value."""
        self.states[name] = self.record(f"state.{name}", values).clone()
        return self.states[name]

    def close(self, output, added=0):
        """Differentiates <output, seed> (a scalar output has no seed), and the loss that a layer adds; writes the file."""
        self.record("output", output)
        seed = self.record("seed", self.draw(*output.shape)) if output.dim() else torch.ones((), dtype=torch.float64)
        gradients = torch.autograd.grad((output * seed).sum() + added, list(self.leaves.values()))
        for key, gradient in zip(self.leaves, gradients):
            self.record(key, gradient)
        for name, after in self.states.items():
            if not torch.equal(after, self.tensors[f"state.{name}"]):
                self.record(f"updated.{name}", after)
        save(self.name, self.tensors, self.metadata)
