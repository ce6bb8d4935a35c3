"""TRM and HRM in miniature in eager PyTorch, as src/models/recursive/miniature.ts has them: 48 channels, 16 cells and a prefix of one,
two cycles of two low updates and a high one, positions mixed by a SwiGLU over the sequence."""

import torch
from torch import nn
from torch.nn import functional as F

CHANNELS, CELLS, VOCABULARY, LENGTH = 48, 16, 6, 17
WIDTH, POSITION_WIDTH = 128, 64
CYCLE = ("low", "low", "high")


def rms(x):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)


class SwiGLU(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.gate_up_proj = nn.Linear(width, 2 * inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        gate, up = self.gate_up_proj(x).chunk(2, dim=-1)
        return self.down_proj(F.silu(gate) * up)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp_t = SwiGLU(LENGTH, POSITION_WIDTH)
        self.mlp = SwiGLU(CHANNELS, WIDTH)

    def forward(self, h):
        h = h.transpose(1, 2)
        h = rms(h + self.mlp_t(h)).transpose(1, 2)
        return rms(h + self.mlp(h))


class Reasoner(nn.Module):
    def __init__(self, system):
        super().__init__()
        self.system = system
        self.embedding = nn.Embedding(VOCABULARY, CHANNELS)
        self.prefix = nn.Parameter(torch.zeros(1, 1, CHANNELS))
        self.low = Block()
        self.high = self.low if system == "trm" else Block()
        self.lm_head = nn.Linear(CHANNELS, VOCABULARY, bias=False)
        self.q_head = nn.Linear(CHANNELS, 2)
        nn.init.zeros_(self.q_head.weight)
        nn.init.constant_(self.q_head.bias, -5)
        self.register_buffer("begin", torch.randn(2, CHANNELS))

    def embed(self, inputs):
        prefix = self.prefix.expand(len(inputs), -1, -1)
        return torch.cat([prefix, self.embedding(inputs)], 1) * CHANNELS**0.5

    def think(self, high, low, added, updates):
        for update in updates:
            if update == "low":
                low = self.low(low + (high + added))
            else:
                high = self.high(high + low)
        return high, low

    @property
    def gradient_from(self):
        return 3 if self.system == "trm" else 4
