"""A step of ENCO's graph search as the published code does it: enco_step.py VARIABLES ROWS GRAPHS

Every row is evaluated in every sampled graph, by one set of weights for all variables; gradients of the logits follow in
closed form from how likely children are with and without each edge (Lippe, Cohen & Gavves 2022, in our own words).
"""

import math
import sys

import torch

from timed import serve_timed

torch.set_num_threads(1)
torch.manual_seed(0)
variables, rows, graphs = (int(text) for text in sys.argv[1:4])
widths = [2 * variables, 64, 64, 2]
weights = [torch.randn(variables, inputs, outputs) * 0.1 for inputs, outputs in zip(widths, widths[1:])]
biases = [torch.zeros(variables, 1, outputs) for outputs in widths[1:]]
values = torch.randn(rows, variables)
targets = (torch.arange(rows).unsqueeze(1) % (variables + 1) == torch.arange(variables)).float()
gamma, theta = torch.zeros(variables, variables), torch.zeros(variables, variables)
off_diagonal = 1 - torch.eye(variables)


@torch.no_grad()
def step():
    probability = torch.sigmoid(gamma) * torch.sigmoid(theta) * off_diagonal
    sampled = torch.bernoulli(probability.expand(graphs, -1, -1))  # [graphs, parents, children]
    parents = sampled.permute(2, 0, 1).repeat_interleave(rows, dim=1)  # [children, graphs * rows, parents]
    given = values.repeat(graphs, 1)  # [graphs * rows, variables]
    hidden = torch.cat([parents * given, 2 * parents - 1], 2)
    for i, (weight, bias) in enumerate(zip(weights, biases)):
        hidden = torch.baddbmm(bias, torch.nn.functional.silu(hidden) if i else hidden, weight)
    mean, log_deviation = hidden.unbind(2)
    nll = log_deviation + 0.5 * ((given.T - mean) / log_deviation.exp()).square() + 0.5 * math.log(2 * math.pi)
    nll = nll.reshape(variables, graphs, rows)
    untouched = (nll * (1 - targets.T).unsqueeze(1)).mean(2).T  # [graphs, children]
    count = sampled.sum(0)

    def change(scores):
        with_edge = (sampled * scores.unsqueeze(1)).sum(0) / count.clamp(min=1)
        without = ((1 - sampled) * scores.unsqueeze(1)).sum(0) / (graphs - count).clamp(min=1)
        return with_edge - without

    existence, direction = torch.sigmoid(gamma), torch.sigmoid(theta)
    gamma_gradient = direction * existence * (1 - existence) * (change(untouched) + 0.01) * off_diagonal
    turn = []
    for i in range(variables):
        weight = targets[:, i : i + 1] * (1 - targets[:, i : i + 1] * targets)
        turn.append(change((nll * weight.T.unsqueeze(1)).mean(2).T)[i])
    turn = torch.stack(turn) * existence * direction * (1 - direction) * off_diagonal
    return gamma_gradient, turn - turn.T


def enco():
    step()
    return graphs


serve_timed({"enco": enco}, torch=torch.__version__)
