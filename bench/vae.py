"""Training a VAE against a plain PyTorch loop over the same network, batches and optimiser."""

import numpy as np
import torch
from torch.nn import functional

from bench.timing import paired
from collapse_lib.models.torch_tools import threads
from collapse_lib.models.vae import MLP, VAE, BernoulliPixels, Conv

__all__ = ["CASES"]


def _by_hand(network, images, epochs: int, batch_size: int):
    pixels = torch.from_numpy(images.astype(np.float32))
    optimiser = torch.optim.Adam(network.parameters(), 1e-3, weight_decay=1e-5, fused=True)
    for _ in range(epochs):
        for chosen in torch.randperm(len(pixels)).split(batch_size):
            batch = pixels[chosen]
            mean, log_variance = network.encoder(batch).chunk(2, dim=1)
            latents = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            output = network.decoder(latents)
            error = functional.binary_cross_entropy_with_logits(output, batch, reduction="sum")
            divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum()
            loss = (error + divergence) / len(batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return network


def _paired(design, latent: int, side: int, n: int, epochs: int, rounds: int):
    images = np.random.default_rng(1).random((n, side, side))
    model = VAE(design, latent=latent, observation=BernoulliPixels(), epochs=epochs)

    def ours():
        model.fit(images, rng=np.random.default_rng(2))

    def peer():
        with threads(1):  # as many as ours has
            _by_hand(design.build((side, side), latent), images, epochs, model.batch_size)

    return paired(ours, peer, rounds=rounds)


def vae_dense(n=2_048, epochs=30, rounds=9):
    """VAE.fit, dense layers on 8 x 8 pixels, against a plain PyTorch loop of the same network,
    batch, optimiser and one thread. Aim: at most 1.05."""
    return _paired(MLP((128,)), 8, 8, n, epochs, rounds), 1.05


def vae_convolutional(n=1_536, epochs=2, channels=(16, 32), rounds=9):
    """VAE.fit, convolutions on 28 x 28 pixels, against a plain PyTorch loop of the same network,
    batch, optimiser and one thread. Aim: at most 1.05."""
    return _paired(Conv(channels), 20, 28, n, epochs, rounds), 1.05


CASES = [vae_dense, vae_convolutional]
