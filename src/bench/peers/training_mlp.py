"""The same training step in eager PyTorch: training_mlp.py STEPS"""

import sys

import torch
from torch import nn

from timed import serve_timed

steps = int(sys.argv[1])
torch.manual_seed(0)


def trainer():
    layers = [nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16)]
    model = nn.Sequential(*layers)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    batch = torch.randn(64, 16)

    def run():
        for _ in range(steps):
            loss = (model(batch) - batch).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        return steps

    return run


run = trainer()
serve_timed({"eager": run, "compiled": run, "jit": run}, torch=torch.__version__, threads=str(torch.get_num_threads()))
