# The row of mixing.cpp as a plain PyTorch module, from the formulas, in the arrangement that is fastest there, channels
# last: see families.py.
#
#     python3 mixing.py [<part of a row's name>]
import torch
from torch import nn

from families import image, row


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(16, 96, 1, bias=False),
            nn.BatchNorm2d(96),
            nn.ReLU6(),
            nn.Conv2d(96, 96, 3, padding=1, groups=96, bias=False),
            nn.BatchNorm2d(96),
            nn.ReLU6(),
            nn.Conv2d(96, 16, 1, bias=False),
            nn.BatchNorm2d(16),
        )

    def forward(self, x):
        return x + self.path(x)


def blocks():
    return nn.Sequential(Block(), Block()).to(memory_format=torch.channels_last)


row("inverted residual blocks", blocks, image().contiguous(memory_format=torch.channels_last))
