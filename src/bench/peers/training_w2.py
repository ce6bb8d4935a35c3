"""Document 000's train_one_epoch, one step at a time, on a fixed batch: training_w2.py WIDTH BATCH"""

import sys

import torch
from torch import nn
from torch.nn.utils import parameters_to_vector

from training import serve_training
from training_resnet import ResNet18

K, LAMBDA = 16, 0.35

torch.manual_seed(0)
width, batch = int(sys.argv[1]), int(sys.argv[2])
model = ResNet18(width)
model.train()
optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
criterion = nn.CrossEntropyLoss()
images = torch.randn(batch, 3, 32, 32)
noisy, clean = torch.randint(0, 10, (batch,)), torch.randint(0, 10, (batch,))
state = {"step": 0, "gv": None}


def step():
    optimiser.zero_grad()
    loss = criterion(model(images), noisy)
    loss.backward(retain_graph=True)
    g_s = parameters_to_vector([p.grad for p in model.parameters()]).clone()
    if state["step"] % K == 0 or state["gv"] is None:
        optimiser.zero_grad()
        criterion(model(images), clean).backward()
        state["gv"] = parameters_to_vector([p.grad for p in model.parameters()]).clone()
    g_v = state["gv"]
    mixed = (1 - LAMBDA) * g_s / (g_s.norm() + 1e-12) + LAMBDA * g_v / (g_v.norm() + 1e-12)
    optimiser.zero_grad()
    start = 0
    for parameter in model.parameters():
        size = parameter.numel()
        parameter.grad = mixed[start : start + size].view(parameter.shape).clone()
        start += size
    optimiser.step()
    state["step"] += 1
    return loss.detach()


serve_training(step, torch)
