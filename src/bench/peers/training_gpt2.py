"""The same training step of the small GPT-2 in eager PyTorch, with its fused attention: training_gpt2.py VOCABULARY"""

import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

from training import serve_training

vocabulary = int(sys.argv[1])
batch, time, width, layers, heads = 16, 24, 128, 4, 4
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.c_attn, self.attn_c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.c_fc, self.mlp_c_proj = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        parts = self.c_attn(self.ln_1(x)).view(batch, time, 3, heads, width // heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        x = x + self.attn_c_proj(attended.transpose(1, 2).reshape(batch, time, width))
        return x + self.mlp_c_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Gpt2(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(time, width)
        self.blocks, self.ln_f = nn.ModuleList(Block() for _ in range(layers)), nn.LayerNorm(width)
        for name, parameter in self.named_parameters():
            if name.endswith("c_proj.weight"):
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * layers))
            elif parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe.weight
        for block in self.blocks:
            x = block(x)
        return self.ln_f(x) @ self.wte.weight.T


model = Gpt2()
optimiser = torch.optim.AdamW(model.parameters(), lr=5e-4)
tokens = torch.randint(0, vocabulary, (batch, time))


def step():
    loss = F.cross_entropy(model(tokens)[:, :-1].reshape(-1, vocabulary), tokens[:, 1:].reshape(-1))
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss


serve_training(step, torch)
