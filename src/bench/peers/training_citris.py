"""CITRIS's training steps in eager PyTorch (Lippe et al. 2022, arXiv:2202.03169): training_citris.py autoencoder|nf|vae

The networks, sizes and losses of src/models/citris as src/bench/training-steps/citris.ts runs them, in PyTorch's own layout.
The convolutions have all cores; the flow alone runs on one thread, which is faster for its small operations.
"""

import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

from training import serve_training

SIZE, CHANNELS, LATENTS, FACTORS = 64, 16, 16, 6
SETS = FACTORS + 1
HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
PART = sys.argv[1]
ROWS, DRAWS = (128, 2) if PART == "nf" else (32, 1)

torch.manual_seed(0)
if PART == "nf":
    torch.set_num_threads(1)


class Position(nn.Module):
    """Adds a linear map of each pixel's row and column."""

    def __init__(self, channels, size):
        super().__init__()
        self.layer = nn.Linear(2, channels)
        axis = torch.linspace(-1, 1, size)
        self.register_buffer("grid", torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1))

    def forward(self, maps):
        return maps + self.layer(self.grid).permute(2, 0, 1)


def encoder(outputs, channels=CHANNELS, size=SIZE):
    layers = []
    for stage in range(int(math.log2(size)) - 2):
        layers += [nn.Conv2d(channels if stage else 3, channels, 3, stride=2, padding=1, bias=False)]
        layers += [] if stage else [Position(channels, size // 2)]
        layers += [nn.BatchNorm2d(channels), nn.SiLU(), nn.Conv2d(channels, channels, 3, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(channels), nn.SiLU()]
    layers += [nn.Flatten(), nn.Linear(16 * channels, 4 * channels), nn.LayerNorm(4 * channels), nn.SiLU()]
    return nn.Sequential(*layers, nn.Linear(4 * channels, outputs))


def block(channels, outputs, kernel, size):
    return nn.Sequential(
        nn.BatchNorm2d(channels),
        nn.SiLU(),
        nn.Conv2d(channels, channels, kernel, padding=kernel // 2),
        Position(channels, size),
        nn.BatchNorm2d(channels),
        nn.SiLU(),
        nn.Conv2d(channels, outputs, kernel, padding=kernel // 2),
    )


class Residual(nn.Module):
    def __init__(self, channels, size):
        super().__init__()
        self.net = block(channels, channels, 3, size)

    def forward(self, maps):
        return maps + self.net(maps)


def decoder(channels=CHANNELS, size=SIZE):
    layers = [nn.Linear(LATENTS, 4 * channels), nn.LayerNorm(4 * channels), nn.SiLU(), nn.Linear(4 * channels, 16 * channels)]
    layers += [nn.Unflatten(1, (channels, 4, 4))]
    side = 4
    while side < size:
        side *= 2
        layers += [nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), Residual(channels, side)]
    return nn.Sequential(*layers, block(channels, 3, 1, size), nn.Tanh())


class AutoregressiveLinear(nn.Module):
    """A dense layer over blocks of features of which each sees those before it (and, with `diagonal`, itself)."""

    def __init__(self, inputs, outputs, diagonal, factor=1.0):
        super().__init__()
        self.layer = nn.Linear(LATENTS * inputs, LATENTS * outputs)
        with torch.no_grad():
            self.layer.weight.mul_(factor)
        seen = torch.tril(torch.ones(LATENTS, LATENTS), 0 if diagonal else -1)
        self.register_buffer("mask", seen.repeat_interleave(outputs, 0).repeat_interleave(inputs, 1))

    def forward(self, x):
        return F.linear(x, self.layer.weight * self.mask, self.layer.bias)


class FlowPart(nn.Module):
    def __init__(self, first, hidden=16):
        super().__init__()
        self.bias, self.scales = nn.Parameter(torch.zeros(LATENTS)), nn.Parameter(torch.zeros(LATENTS))
        self.first = first
        if not first:
            p, lower, upper = torch.linalg.lu(torch.linalg.qr(torch.randn(LATENTS, LATENTS))[0])
            diagonal = upper.diagonal()
            self.register_buffer("p", p)
            self.register_buffer("sign", diagonal.sign())
            self.lower, self.upper = nn.Parameter(lower), nn.Parameter(upper)
            self.log_s = nn.Parameter(diagonal.abs().log())
        self.net = nn.Sequential(
            AutoregressiveLinear(1, hidden, False),
            nn.SiLU(),
            AutoregressiveLinear(hidden, hidden, True),
            nn.SiLU(),
            AutoregressiveLinear(hidden, 2, True, 0.2),
        )
        self.scaling = nn.Parameter(torch.zeros(LATENTS))

    def forward(self, x, change):
        scales = self.scales + (self.scales.clamp(-3, 3) - self.scales).detach()
        x, change = (x + self.bias) * scales.exp(), change + scales.sum()
        if not self.first:
            lower = torch.tril(self.lower, -1) + torch.eye(LATENTS)
            upper = torch.triu(self.upper, 1) + torch.diag(self.sign * self.log_s.exp())
            x, change = x @ (self.p @ lower @ upper), change + self.log_s.sum()
        shift, raw = self.net(x).unflatten(1, (LATENTS, 2)).unbind(2)
        bound = torch.tanh(self.scaling.exp() / 3) * 3
        log_scale = torch.tanh(raw / bound.clamp(min=1)) * bound
        return (x + shift) * log_scale.exp(), change + log_scale.sum(1)


class Flow(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleList(FlowPart(part == 0) for part in range(4))

    def forward(self, x):
        change = torch.zeros(len(x))
        for part in self.parts:
            x, change = part(x, change)
        return x, change


def negative_log_density(mean, log_deviation, value):
    return 0.5 * ((value - mean) * (-log_deviation).exp()).square() + log_deviation + HALF_LOG_TAU


class AutoregressivePrior(nn.Module):
    def __init__(self, logits, hidden=16):
        super().__init__()
        self.logits = logits
        self.context, self.target = nn.Linear(LATENTS, LATENTS * hidden), nn.Linear(SETS, LATENTS * hidden)
        self.input = AutoregressiveLinear(2, hidden, False)
        self.net = nn.Sequential(
            nn.SiLU(), AutoregressiveLinear(hidden, hidden, True), nn.SiLU(), AutoregressiveLinear(hidden, 2, True)
        )

    def forward(self, before, after, targets):
        """before, after [rows, draws, latents]; targets [rows, factors]; returns [rows]."""
        rows, draws, _ = before.shape
        flat, new = before.flatten(0, 1), after.flatten(0, 1)
        known = F.pad(targets, (0, 1)).repeat_interleave(draws, 0)  # [rows draws, sets]
        assigned = F.gumbel_softmax(self.logits.expand(rows * draws, -1, -1), hard=True).transpose(1, 2)
        own = torch.eye(SETS) * known[:, None] - (1 - torch.eye(SETS))
        seen = torch.stack([new[:, None] * assigned, assigned * 2 - 1], 3).flatten(0, 1).flatten(1)
        features = self.target(own) + self.context(flat)[:, None] * (1 - known)[:, :, None]
        output = self.net((features.flatten(0, 1) + self.input(seen)) / 2).view(rows, draws, 1, SETS, LATENTS, 2)
        nll = negative_log_density(output[..., 0], output[..., 1], after[:, None, :, None])
        return (nll.mean((1, 2)) * self.logits.softmax(1).T).sum((1, 2))


class ParallelLinear(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(LATENTS, outputs, inputs) * math.sqrt(2 / (inputs * outputs)))
        self.bias = nn.Parameter(torch.zeros(LATENTS, outputs))

    def forward(self, x):
        return torch.einsum("bli,loi->blo", x, self.weight) + self.bias


class MlpPrior(nn.Module):
    def __init__(self, logits, hidden=CHANNELS):
        super().__init__()
        self.logits = logits
        self.context, self.input = nn.Linear(LATENTS, hidden * LATENTS), ParallelLinear(1, hidden)
        self.net = nn.Sequential(nn.SiLU(), ParallelLinear(hidden, hidden), nn.SiLU(), ParallelLinear(hidden, 2))
        self.intervened = nn.Parameter(torch.rand(LATENTS, FACTORS, 2) - 0.5)

    def forward(self, before, after, targets):
        before, after = before[:, 0], after[:, 0]
        of_factor = self.logits.softmax(1)[:, :FACTORS] * targets[:, None]  # [rows, latents, factors]
        mean, log_deviation = self.net(self.context(before).unflatten(1, (LATENTS, -1)) + self.input(before[..., None])).unbind(2)
        free = negative_log_density(mean, log_deviation, after)
        mean, log_deviation = self.intervened.unbind(2)
        fixed = negative_log_density(mean.detach(), log_deviation.detach(), after[..., None])
        learning = (negative_log_density(mean, log_deviation, after[..., None].detach()) * targets[:, None]).sum((1, 2))
        nll = ((fixed * of_factor).sum(2) + free * (1 - of_factor.sum(2))).sum(1)
        return nll + learning - learning.detach()


class TargetClassifier(nn.Module):
    def __init__(self, hidden=CHANNELS):
        super().__init__()
        make = lambda: nn.Sequential(nn.Linear(3 * LATENTS, 2 * hidden), nn.SiLU(), nn.Linear(2 * hidden, FACTORS))
        self.network, self.follower = make(), make().requires_grad_(False)
        nn.init.zeros_(self.network[2].weight)
        self.register_buffer("share", torch.full((FACTORS,), 0.5))
        self.batches = 0
        sets = FACTORS + 2
        self.register_buffer("own", torch.cat([torch.eye(FACTORS), torch.zeros(1, FACTORS), torch.ones(1, FACTORS)]))
        self.sets = sets

    @torch.no_grad()
    def follow(self, targets):
        for copy, source in zip(self.follower.parameters(), self.network.parameters()):
            copy.copy_(source)
        self.share += (targets.mean(0) - self.share) / (self.batches + 1)
        self.batches += 1

    def forward(self, before, after, targets, logits):
        before, after = before.flatten(0, 1), after.flatten(0, 1)
        targets = targets.repeat_interleave(len(before) // len(targets), 0)
        drawn = F.gumbel_softmax(logits.expand(len(before), -1, -1), hard=True)
        member = torch.cat([drawn, torch.ones(len(before), LATENTS, 1)], 2).transpose(1, 2)
        join = lambda z, new, of: torch.cat([z[:, None].expand(-1, self.sets, -1), new[:, None] * of, of], 2)
        truth = targets[:, None].expand(-1, self.sets, -1)
        told = self.network(join(before.detach(), after.detach(), member.detach()))
        shown = self.follower(join(before, after, member))
        wanted = truth * self.own + self.share * (1 - self.own)
        weight = self.own * (FACTORS - 1) + 1
        of_latents = F.binary_cross_entropy_with_logits(shown, wanted, reduction="none") * weight
        return F.binary_cross_entropy_with_logits(told, truth) * self.sets, of_latents.mean() * self.sets


class Citris(nn.Module):
    """The flow with prior and classifier, and for CITRIS-VAE the networks of images."""

    def __init__(self, kind):
        super().__init__()
        self.logits = nn.Parameter(torch.cat([torch.zeros(LATENTS, FACTORS), torch.full((LATENTS, 1), -9e15)], 1))
        self.flow, self.classifier = Flow(), TargetClassifier()
        self.prior = AutoregressivePrior(self.logits) if kind == "nf" else MlpPrior(self.logits)
        if kind == "vae":
            self.encoder, self.decoder = encoder(2 * LATENTS), decoder()
            self.bound = nn.Parameter(torch.zeros(LATENTS))

    def nf_loss(self, codes, targets):
        copies = codes[:, :, None].expand(-1, -1, DRAWS, -1)
        noisy = copies + 0.05 * torch.randn(copies.shape)
        z, change = self.flow(noisy.flatten(0, 2))
        before, after = z.view(ROWS, 2, DRAWS, LATENTS).unbind(1)
        model, latents = self.classifier(before, after, targets, self.logits)
        likelihood = self.prior(before, after, targets).mean() - change.view(ROWS, 2, DRAWS)[:, 1].mean()
        return likelihood + model + 2 * latents

    def vae_loss(self, frames, targets):
        mean, raw = self.encoder(frames.flatten(0, 1)).chunk(2, 1)
        bound = F.softplus(self.bound)
        log_deviation = torch.tanh(raw / bound) * bound
        codes = mean + log_deviation.exp() * torch.randn(mean.shape)
        z, change = self.flow(codes)
        pair = lambda tensor: tensor.unflatten(0, (ROWS, 2)).unbind(1)
        before, after = (each[:, None] for each in pair(z))
        second = pair(codes)[1]
        log_posterior = -negative_log_density(pair(mean)[1], pair(log_deviation)[1], second).sum(1)
        divergence = log_posterior - pair(change)[1] + self.prior(before, after, targets)
        error = (self.decoder(second) - frames[:, 1]).square().sum((1, 2, 3))
        model, latents = self.classifier(before, after, targets, self.logits)
        return (divergence + error).mean() + 2 * (model + latents)


targets = (torch.rand(ROWS, FACTORS) < 1 / 7).float()
if PART == "autoencoder":
    codes_of, images_of = encoder(LATENTS), decoder()
    model = nn.ModuleList([codes_of, images_of])
    images = torch.rand(ROWS, 3, SIZE, SIZE) * 2 - 1

    def loss_of():
        codes = codes_of(images)
        drawn = images_of(codes + 0.05 * torch.randn(codes.shape))
        return F.mse_loss(drawn, images) + 1e-6 * codes.square().mean()
else:
    model = Citris(PART)
    shape = (ROWS, 2, LATENTS) if PART == "nf" else (ROWS, 2, 3, SIZE, SIZE)
    inputs = torch.rand(shape) * 2 - 1

    def loss_of():
        model.classifier.follow(targets)
        return (model.nf_loss if PART == "nf" else model.vae_loss)(inputs, targets)


trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimiser = torch.optim.AdamW(trained, lr=1e-3)


def step():
    loss = loss_of()
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(trained, 0.1 if PART == "autoencoder" else 1.0)
    optimiser.step()
    return loss.detach()


serve_training(step, torch)
