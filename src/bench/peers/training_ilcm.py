"""The training step of an implicit latent causal model in eager PyTorch: training_ilcm.py loop|batched [LATENTS full|deterministic]

loop: as the published code computes it (Brehmer et al. 2022, Qualcomm-AI-research/weakly-supervised-causal-representation-
learning, described in our own words): one pass for each intervention, in it one small network for each variable, one after
the other, and the inverse consistency as well, whose weight is 0.
batched: what ours computes, op for op: every intervention at once, solution function i where variable i is intervened on.
"""

import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

LATENTS, BATCH, HIDDEN = 3, 64, 64
LOG_TWO_PI = math.log(2 * math.pi)
BETA, ENTROPY, CONSISTENCY, NOISE, OFFSET = 1.0, 1.0, 0.01, 0.0, 1e-4


def log_density(difference, deviation, full=True):
    variance = deviation.square()
    with torch.no_grad():
        lift = variance.clamp(min=1e-6) - variance
    variance = variance + lift
    return -0.5 * (difference.square() / variance + variance.log() + (LOG_TWO_PI if full else 0.0))


def standard_normal(value):
    return -0.5 * (value.square() + LOG_TWO_PI)


class GaussianEncoder(nn.Module):
    def __init__(self, initial, least, inputs=LATENTS, outputs=LATENTS, hidden=(HIDDEN, HIDDEN)):
        super().__init__()
        widths = [inputs, *hidden]
        layers = [part for a, b in zip(widths, hidden) for part in (nn.Linear(a, b), nn.ReLU())]
        self.net = nn.Sequential(*layers)
        self.mean_head = nn.Linear(widths[-1], outputs)
        self.std_head = nn.Sequential(nn.Linear(widths[-1], outputs), nn.Softplus())
        self.least = least
        nn.init.normal_(self.std_head[0].weight, std=1e-3)
        nn.init.constant_(self.std_head[0].bias, math.log(math.expm1(initial - least)))

    def forward(self, x):
        features = self.net(x)
        return self.mean_head(features), self.std_head(features) + self.least


class InterventionEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.alpha, self.beta, self.gamma = (nn.Parameter(torch.tensor(value)) for value in (-3.0, 15.0, 15.0))

    def forward(self, difference, offset):
        logits = self.alpha + self.beta * difference.abs() + self.gamma * difference.square()
        posterior = torch.softmax(torch.cat([torch.zeros_like(logits[:, :1]), logits], 1), 1) + offset
        return posterior / posterior.sum(1, keepdim=True)


def broad_(weight, bias):
    """The published initial values of a solution function's last layer; rows are [log scale, shift]."""
    with torch.no_grad():
        weight[0].normal_(0, 1e-3)
        weight[1].normal_(0, 0.1)
        bias[0].normal_(2.3, 1e-6)
        bias[1].normal_(0, 1e-3)


class SolutionFunction(nn.Module):
    def __init__(self, variables, hidden=(HIDDEN, HIDDEN)):
        super().__init__()
        widths = [2 * variables, *hidden]
        layers = [part for a, b in zip(widths, hidden) for part in (nn.Linear(a, b), nn.ReLU())]
        self.param_net = nn.Sequential(*layers, nn.Linear(widths[-1], 2))
        broad_(self.param_net[-1].weight, self.param_net[-1].bias)

    def to_causal(self, noise, context):
        parameters = self.param_net(context)
        scale = torch.exp(parameters[:, 0:1]) + 0.2
        return (noise - parameters[:, 1:2]) / scale, -torch.log(scale)


class ImplicitModel(nn.Module):
    """The solution functions one after the other, as published."""

    def __init__(self, variables, hidden=(HIDDEN, HIDDEN)):
        super().__init__()
        self.solution_functions = nn.ModuleList(SolutionFunction(variables, hidden) for _ in range(variables))
        self.register_buffer("masks", 1 - torch.eye(variables), persistent=False)

    def log_prior(self, before, after, mask, model_interventions):
        log_prior = standard_normal(before).sum(1, keepdim=True)
        if not model_interventions:
            return log_prior
        for i, function in enumerate(self.solution_functions):
            ancestors = self.masks[i].expand_as(before)
            context = torch.cat([ancestors * before, ancestors], 1)
            causal, log_determinant = function.to_causal(after[:, i : i + 1], context)
            log_prior = log_prior + mask[:, i : i + 1] * (standard_normal(causal) + log_determinant)
        return torch.nan_to_num(log_prior, nan=0.0).clamp(-1e12, 1e12)


class Ilcm(nn.Module):
    def __init__(self, scm, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder, self.scm = encoder, decoder, scm
        self.intervention_encoder = InterventionEncoder()


def sample(mean, deviation, normal=torch.randn_like):
    return mean + deviation * normal(mean)


def published_loss(
    model, x1, x2, *, interventions=True, deterministic=False, beta=BETA, entropy=ENTROPY, consistency=CONSISTENCY,
    regularisation=NOISE, offset=OFFSET, normal=torch.randn_like, uniform=torch.rand_like
):
    """All phases but pretraining, intervention after intervention."""
    mean1, std1 = model.encoder(x1)
    mean2, std2 = model.encoder(x2)
    latents = mean1.shape[1]
    pair1, pair2 = sample(mean1, std1, normal), sample(mean2, std2, normal)
    z_regularisation = pair1.square().sum(1, keepdim=True) + pair2.square().sum(1, keepdim=True)
    errors = [x - model.decoder(pair)[0] for x, pair in ((x1, pair1), (x2, pair2))]
    consistency_mse = sum(error.square().sum(1, keepdim=True) for error in errors)
    posterior = model.intervention_encoder(mean2 - mean1, offset)
    masks = torch.cat([torch.zeros(1, latents), torch.eye(latents)]).to(x1)
    if deterministic:
        chosen = posterior.argmax(1)
        hard = F.one_hot(chosen, latents + 1).to(x1)
        posterior = hard + posterior - posterior.detach()
        evaluated = [(masks[chosen], torch.ones_like(x1[:, :1]))]
    else:
        evaluated = [(masks[i].expand_as(mean1), posterior[:, i : i + 1]) for i in range(latents + 1)]
    log_likelihood = log_prior = log_posterior = mse = inverse_consistency = 0.0
    for mask, weight in evaluated:
        share = uniform(mean1)
        mean, std = share * mean1 + (1 - share) * mean2, share * std1 + (1 - share) * std2
        mean_before, std_before = mask * mean1 + (1 - mask) * mean, mask * std1 + (1 - mask) * std
        mean_after, std_after = mask * mean2 + (1 - mask) * mean, mask * std2 + (1 - mask) * std
        before = sample(mean_before, std_before, normal)
        log_q = log_density(before - mean_before, std_before).sum(1, keepdim=True)
        after = sample(mean_after, std_after, normal)
        log_q = log_q + (mask * log_density(after - mean_after, std_after)).sum(1, keepdim=True)
        after = mask * after + (1 - mask) * before
        for x, noise in ((x1, before), (x2, after)):
            decoded, std = model.decoder(noise)
            log_likelihood = log_likelihood + weight * log_density(x - decoded, std, full=False).sum(1, keepdim=True)
            mse = mse + weight * (x - decoded).square().sum(1, keepdim=True)
            again = sample(*model.encoder(decoded), normal)
            inverse_consistency = inverse_consistency + weight * (again - noise).square().sum(1, keepdim=True)
        log_prior = log_prior + weight * (model.scm.log_prior(before, after, mask, interventions) - math.log(latents + 1))
        log_posterior = log_posterior + weight * (log_q + weight * torch.log(weight))
    per_sample = beta * (log_posterior - log_prior) - log_likelihood
    share = posterior.mean(0)
    spread = -(share * torch.log(share + 1e-9)).sum()
    regularised = regularisation * z_regularisation + consistency * consistency_mse + 0.0 * inverse_consistency
    return (per_sample + regularised).mean() - entropy * spread


class StackedSolutions(nn.Module):
    """All solution functions as one set of weights [variables, inputs, outputs]."""

    def __init__(self):
        super().__init__()
        widths = [2 * LATENTS, HIDDEN, HIDDEN, 2]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for inputs, outputs in zip(widths, widths[1:]):
            bound = 1 / math.sqrt(inputs)
            self.weights.append(torch.empty(LATENTS, inputs, outputs).uniform_(-bound, bound))
            self.biases.append(torch.empty(LATENTS, 1, outputs).uniform_(-bound, bound))
        for i in range(LATENTS):
            broad_(self.weights[-1].data[i].T, self.biases[-1].data[i, 0])
        self.masks = (1 - torch.eye(LATENTS)).unsqueeze(1)  # [variables, 1, variables]

    def forward(self, noise):
        hidden = torch.cat([noise * self.masks, self.masks.expand(-1, noise.shape[1], -1)], 2)
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            hidden = torch.baddbmm(bias, F.relu(hidden) if i else hidden, weight)
        return torch.exp(hidden[..., 0]) + 0.2, hidden[..., 1]


def batched_loss(model, x1, x2, eye=torch.eye(LATENTS).unsqueeze(1)):
    """The same with blocks [interventions, batch, latents]."""
    pair = torch.stack([x1, x2])
    means, stds = model.encoder(pair)
    (mean1, mean2), (std1, std2) = means, stds
    posterior = model.intervention_encoder(mean2 - mean1, OFFSET)
    weights = posterior.T
    share = torch.rand(LATENTS + 1, *mean1.shape)
    share[1:] = torch.maximum(share[1:], eye)
    mean, std = share * mean1 + (1 - share) * mean2, share * std1 + (1 - share) * std2
    difference = std * torch.randn_like(mean)
    before = mean + difference
    log_q = log_density(difference, std).sum(-1)
    difference = std2 * torch.randn(LATENTS, BATCH, 1)
    own = mean2 + difference
    after = own * eye + before[1:] * (1 - eye)
    log_q_after = (log_density(difference, std2) * eye).sum(-1)
    scale, shift = model.scm(before[1:])
    causal = ((own * eye).sum(-1) - shift) / scale
    log_prior_after = standard_normal(causal) - scale.log()
    log_prior = standard_normal(before).sum(-1)
    pairs = means + stds * torch.randn_like(means)
    decoded, decoded_std = model.decoder(torch.cat([pairs, before, after]))
    blocks = LATENTS + 1
    error = torch.cat([pair, x1.expand(blocks, -1, -1), x2.expand(LATENTS, -1, -1)]) - decoded
    likelihood = log_density(error, decoded_std, full=False).sum(-1)
    empty = log_density(x2 - decoded[2], decoded_std[2], full=False).sum(-1)
    log_likelihood = (weights * likelihood[2 : 2 + blocks]).sum(0)
    log_likelihood = log_likelihood + weights[0] * empty + (weights[1:] * likelihood[2 + blocks :]).sum(0)
    divergence = (weights * (log_q - log_prior + weights * weights.log())).sum(0) + math.log(blocks)
    divergence = divergence + (weights[1:] * (log_q_after - log_prior_after)).sum(0)
    share = posterior.mean(0)
    spread = -(share * torch.log(share + 1e-9)).sum()
    regularised = NOISE * pairs.square().sum((0, 2)) + CONSISTENCY * error[:2].square().sum((0, 2))
    return (BETA * divergence - log_likelihood + regularised).mean() - ENTROPY * spread


def trainer(mode, latents=LATENTS, phase="full"):
    torch.set_num_threads(1)  # the operations are so small that a second thread gains a fifth at most, and loses much on a busy machine
    torch.manual_seed(0)
    coders = (GaussianEncoder(*widths, inputs=latents, outputs=latents) for widths in ((0.01, 1e-4), (0.1, 1e-3)))
    loop = mode == "loop"
    model = Ilcm(ImplicitModel(latents) if loop else StackedSolutions(), *coders)
    deterministic = {"deterministic": True} if phase == "deterministic" else {}
    loss_of = published_loss if loop else batched_loss
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-4)
    x1 = torch.randn(BATCH, latents)
    target = torch.arange(BATCH).unsqueeze(1) % (latents + 1) == torch.arange(latents)
    x2 = torch.where(target, torch.randn_like(x1), x1)

    def step():
        loss = loss_of(model, x1, x2, **deterministic)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        optimiser.step()
        return loss.detach()

    return step


if __name__ == "__main__":
    from training import serve_training

    mode, *rest = sys.argv[1:]
    serve_training(trainer(mode, *([int(rest[0]), rest[1]] if rest else [])), torch)
