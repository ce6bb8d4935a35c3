"""The same training step of the convolutional autoencoder in eager PyTorch: training_conv_vae.py [channels_last]"""

import sys

import torch

from conv_vae import ConvVae
from training import serve_training

torch.manual_seed(0)
layout = torch.channels_last if sys.argv[1:] == ["channels_last"] else torch.contiguous_format
model = ConvVae().to(memory_format=layout)
optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
images = torch.rand(32, 3, 64, 64).to(memory_format=layout)


def step():
    mean, log_variance, logits = model(images, torch.randn(32, 64))
    error = (torch.sigmoid(logits) - images).square().sum((1, 2, 3))
    kl = (log_variance.exp() + mean.square() - 1 - log_variance).sum(1) / 2
    loss = (error + kl).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.detach()


serve_training(step, torch)
