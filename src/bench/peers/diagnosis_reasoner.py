"""Eight finite-time Lyapunov exponents of puzzles over 16 ACT steps in PyTorch on one thread: eight Jacobian-vector products at once
(torch.func.jvp under vmap) and a QR decomposition a step. Argument: trm or hrm."""

import sys

import torch
from torch.func import jvp, vmap

from recursive_reasoner import CELLS, CHANNELS, CYCLE, LENGTH, Reasoner, VOCABULARY
from training import serve_training

torch.set_num_threads(1)
torch.manual_seed(0)
PUZZLES, EXPONENTS, STEPS = 48, 8, 16
model = Reasoner(sys.argv[1]).requires_grad_(False)
inputs = torch.randint(1, VOCABULARY, (PUZZLES, CELLS))
HALF = LENGTH * CHANNELS


def act_step(state, added):
    high, low = state.view(len(state), 2, LENGTH, CHANNELS).unbind(1)
    return torch.stack(model.think(high, low, added, 2 * CYCLE), 1).view(len(state), -1)


def diagnosis():
    added = model.embed(inputs)
    state = torch.cat([model.begin[half].expand(PUZZLES, LENGTH, -1).reshape(PUZZLES, HALF) for half in (0, 1)], 1)
    frame = torch.linalg.qr(torch.randn(2 * HALF, EXPONENTS))[0].T.unsqueeze(1).expand(-1, PUZZLES, -1)
    sums = torch.zeros(PUZZLES, EXPONENTS)
    for _ in range(STEPS):
        push = lambda tangent: jvp(lambda at: act_step(at, added), (state,), (tangent,))
        nexts, pushed = vmap(push, out_dims=(None, 0))(frame)
        q, r = torch.linalg.qr(pushed.permute(1, 2, 0))  # [puzzles, dimensions, exponents]
        sums += torch.log(r.diagonal(dim1=1, dim2=2).abs().clamp_min(1e-30))
        frame, state = q.permute(2, 0, 1), nexts
    return (sums / STEPS).mean()


serve_training(diagnosis, torch)
