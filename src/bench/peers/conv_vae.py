"""src/models/vae as a PyTorch module: its names, layouts and arithmetic; the fixture of its tests is made with it."""

import torch
from torch import nn


class ConvVae(nn.Module):
    def __init__(self, widths=(32, 64, 128, 256), latents=64, colours=3):
        super().__init__()
        features = 16 * widths[-1]
        narrowing = [*reversed(widths), widths[0]]
        self.encoder = nn.Sequential(
            *(
                nn.Sequential(nn.Conv2d(i, o, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
                for i, o in zip([colours, *widths], widths)
            )
        )
        self.mean = nn.Linear(features, latents)
        self.log_variance = nn.Linear(features, latents)
        self.expand = nn.Linear(latents, features)
        self.decoder = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Upsample(scale_factor=2), nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU()
                )
                for i, o in zip(narrowing, narrowing[1:])
            )
        )
        self.image = nn.Conv2d(widths[0], colours, 3, padding=1)

    def forward(self, images, noise):
        """Returns mean, log-variance and the reconstruction's logits."""
        features = self.encoder(images).flatten(1)
        mean, log_variance = self.mean(features), self.log_variance(features)
        codes = mean + torch.exp(log_variance / 2) * noise
        return mean, log_variance, self.image(self.decoder(self.expand(codes).unflatten(1, (-1, 4, 4))))
