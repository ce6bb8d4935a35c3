"""One ACT step of training in eager PyTorch on one thread, as the published code takes it: stablemax in float64, the gradient of the last
updates alone, halting with exploration, AdamATan2. Argument: trm or hrm."""

import sys

import torch
from torch.nn import functional as F

from recursive_reasoner import CELLS, CHANNELS, CYCLE, LENGTH, Reasoner, VOCABULARY
from training import serve_training

torch.set_num_threads(1)
torch.manual_seed(0)
BATCH, MOST_STEPS, EXPLORATION = 96, 16, 0.1
model = Reasoner(sys.argv[1])
parameters = list(model.parameters())
moments = [torch.zeros_like(p) for p in parameters]
squares = [torch.zeros_like(p) for p in parameters]
inputs = torch.randint(1, VOCABULARY, (BATCH, CELLS))
labels = torch.randint(2, VOCABULARY, (BATCH, CELLS))
carry = {
    "high": torch.zeros(BATCH, LENGTH, CHANNELS),
    "low": torch.zeros(BATCH, LENGTH, CHANNELS),
    "steps": torch.zeros(BATCH, dtype=torch.int32),
    "halted": torch.ones(BATCH, dtype=torch.bool),
    "inputs": inputs.clone(),
    "labels": labels.clone(),
}
count = 0


def stablemax_loss(logits, targets):
    x = logits.to(torch.float64)
    s = torch.where(x < 0, 1 / (1 - x), x + 1)
    shares = torch.log(s / s.sum(-1, keepdim=True))
    return -shares.gather(-1, targets.long().unsqueeze(-1)).squeeze(-1)


def halting(high):
    return model.q_head(high[:, 0]).to(torch.float32).unbind(-1)


def adam_atan2(gradients, rate=2e-3, decay=0.1, betas=(0.9, 0.95)):
    global count
    count += 1
    torch._foreach_lerp_(moments, gradients, 1 - betas[0])
    torch._foreach_mul_(squares, betas[1])
    torch._foreach_addcmul_(squares, gradients, gradients, 1 - betas[1])
    torch._foreach_mul_(parameters, 1 - rate * decay)
    roots = torch._foreach_sqrt(torch._foreach_div(squares, 1 - betas[1] ** count))
    for parameter, moment, root in zip(parameters, moments, roots):
        parameter.sub_(torch.atan2(moment, root), alpha=rate / (1 - betas[0] ** count))


def step():
    fresh = carry["halted"]
    wide = fresh.view(-1, 1, 1)
    high = torch.where(wide, model.begin[0], carry["high"])
    low = torch.where(wide, model.begin[1], carry["low"])
    steps = torch.where(fresh, 0, carry["steps"]) + 1
    tokens = torch.where(fresh.unsqueeze(1), inputs, carry["inputs"])
    answers = torch.where(fresh.unsqueeze(1), labels, carry["labels"])
    added = model.embed(tokens)
    updates = 2 * CYCLE
    with torch.no_grad():
        high, low = model.think(high, low, added, updates[: model.gradient_from])
    high, low = model.think(high, low, added, updates[model.gradient_from :])
    logits = model.lm_head(high[:, 1:])
    halt, go = halting(high)
    exact = (logits.argmax(-1) == answers).all(-1)
    loss = stablemax_loss(logits, answers).mean(-1)
    heads = F.binary_cross_entropy_with_logits(halt, exact.float(), reduction="none")
    last = steps >= MOST_STEPS
    with torch.no_grad():
        halts = last | (halt > 0 if model.system == "trm" else halt > go)
        explores = torch.rand(BATCH) < EXPLORATION
        fewest = torch.where(explores, torch.randint(2, MOST_STEPS + 1, (BATCH,)), 0)
        halts &= steps >= fewest
        if model.system == "hrm":
            next_high, _ = model.think(high, low, added, updates)
            next_halt, next_go = halting(next_high)
            target = torch.sigmoid(torch.where(last, next_halt, torch.maximum(next_halt, next_go)))
    if model.system == "hrm":
        heads = heads + F.binary_cross_entropy_with_logits(go, target, reduction="none")
    total = (loss + 0.5 * heads).mean()
    gradients = torch.autograd.grad(total, parameters)
    with torch.no_grad():
        adam_atan2(gradients)
    carry.update(
        high=high.detach(), low=low.detach(), steps=steps, halted=halts, inputs=tokens, labels=answers
    )
    return total.detach()


serve_training(step, torch)
