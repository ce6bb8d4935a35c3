"""The same training step of the dense network in eager PyTorch."""

import torch
from torch import nn

from training import serve_training

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16)
)
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
batch = torch.randn(64, 16)


def step():
    loss = (model(batch) - batch).square().mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss


serve_training(step, torch)
