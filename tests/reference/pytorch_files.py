"""State dicts as PyTorch users keep them, written by safetensors.torch, and what their modules compute.

Writes pytorch/<name>.safetensors, which nothing converts, and pytorch/<name>_values.safetensors: `input` (for two inputs
input0, input1) and `output`, both with the features last as the library has them.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).resolve().parent / "pytorch"


def shaken(module):
    """The module with no parameter or statistic at its start, for inference."""
    for tensor in list(module.parameters()) + [b for b in module.buffers() if b.is_floating_point()]:
        tensor.data.add_(0.2 * torch.rand_like(tensor))
    return module.eval()


def write(name, module, inputs, output, metadata):
    save_file({key: tensor.contiguous() for key, tensor in module.state_dict().items()},
              FOLDER / f"{name}.safetensors", metadata)
    names = ["input"] if len(inputs) == 1 else [f"input{i}" for i in range(len(inputs))]
    values = dict(zip(names, (x.contiguous() for x in inputs)), output=output.detach().contiguous())
    save_file(values, FOLDER / f"{name}_values.safetensors")


def image():
    """A convolutional classifier, with square matrices, and flattened features that a norm and a matrix take."""
    module = shaken(nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, groups=2), nn.PReLU(4),
        nn.MaxPool2d(2), nn.Flatten(), nn.BatchNorm1d(24), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 3)))
    x = torch.randn(1, 2, 6, 8)
    write("image", module, [x[0].permute(1, 2, 0)], module(x)[0], {"format": "pt"})


def signal():
    """Depthwise and transposed convolutions along time."""
    module = shaken(nn.Sequential(
        nn.Conv1d(4, 4, 3, groups=4, padding=1), nn.GroupNorm(2, 4), nn.ConvTranspose1d(4, 4, 2, stride=2, groups=2)))
    x = torch.randn(1, 4, 5)
    write("signal", module, [x[0].T], module(x)[0].T, None)


class Sequence(nn.Module):
    """Features last all the way: an embedding, attention, recurrent layers, a cell, a matrix."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.norm = nn.LayerNorm(4)
        self.gru = nn.GRU(4, 4, batch_first=True)
        self.lstm = nn.LSTM(4, 4, batch_first=True)
        self.cell = nn.RNNCell(4, 4)
        self.head = nn.Linear(4, 4)

    def forward(self, tokens):
        x = self.embedding(tokens)
        x = self.norm(self.attention(x, x, x)[0])
        x = self.lstm(self.gru(x)[0])[0]
        h, steps = torch.zeros(1, 4), []
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
            steps.append(h)
        return self.head(torch.stack(steps, 1))


def sequence():
    module = shaken(Sequence())
    tokens = torch.tensor([[3, 0, 6, 1, 5]])
    write("sequence", module, [tokens[0].int()], module(tokens)[0], {"format": "pt"})


class Context(nn.Module):
    """Attention to a context of another width, whose maps PyTorch keeps apart."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, bias=False, kdim=6, vdim=6, batch_first=True)

    def forward(self, x, context):
        return self.attention(x, context, context)[0]


def context():
    module = shaken(Context())
    x, memory = torch.randn(1, 3, 4), torch.randn(1, 2, 6)
    write("context", module, [x[0], memory[0]], module(x, memory)[0], {"format": "pt"})


class BothWays(nn.Module):
    """Recurrent layers over a sequence from both ends."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 2, batch_first=True, bidirectional=True)
        self.lstm = nn.LSTM(4, 4, batch_first=True, bidirectional=True)

    def forward(self, x):
        return self.lstm(self.gru(x)[0])[0]


def both_ways():
    module = shaken(BothWays())
    x = torch.randn(1, 5, 3)
    write("both_ways", module, [x[0]], module(x)[0], {"format": "pt"})


torch.set_num_threads(1)
for make in (image, signal, sequence, context, both_ways):
    torch.manual_seed(7)
    make()
