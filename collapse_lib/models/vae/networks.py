"""The parts that a VAE is put together from: networks, and what a pixel is given its mean.

A network is a frozen dataclass with build(row_shape, latent) -> Autoencoder. An observation says
how a row is spread around what the decoder gives. All tensors hold rows in their unit.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from collapse_lib.arguments import check_count, check_number
from collapse_lib.models.base import check_fields

__all__ = ["MLP", "Autoencoder", "BernoulliPixels", "Conv", "GaussianPixels"]

FLOOR = 1e-3  # least standard deviation learned, so that constant pixels have a density


class Autoencoder(nn.Module):
    """encoder: rows (b, ...) -> (b, 2 latent), means and log variances; decoder: the way back."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder


@dataclass(frozen=True)
class MLP:
    """Fully connected layers between rows of any shape and the latents.

    hidden: width of each hidden layer of the encoder; the decoder has them in reverse.
    """

    hidden: tuple[int, ...] = (256,)

    def build(self, row_shape: tuple[int, ...], latent: int) -> Autoencoder:
        d = math.prod(row_shape)
        encoder = nn.Sequential(nn.Flatten(), *_layers(d, *self.hidden, 2 * latent))
        decoder = nn.Sequential(
            *_layers(latent, *reversed(self.hidden), d), nn.Unflatten(1, row_shape)
        )
        return Autoencoder(encoder, decoder)


@dataclass(frozen=True)
class Conv:
    """Convolutions of 4 x 4 pixels that halve an image (h, w) at each layer, and their transposes.

    channels: of each layer. (64, 128) with 20 latents on 28 x 28 has the 647,081 parameters of the
    network in the code released with Shumailov et al. (arXiv:2305.17493).

    Raises ValueError for rows that are no images, TypeError for those whose sides cannot be halved
    that often: pad them, or use fewer channels.
    """

    channels: tuple[int, ...] = (64, 128)

    def build(self, row_shape: tuple[int, ...], latent: int) -> Autoencoder:
        if len(row_shape) != 2:
            raise ValueError(
                f"Conv needs images, rows of shape (n, h, w); a row has shape {row_shape}. Use a "
                "source with flat=False, or MLP."
            )
        factor = 2 ** len(self.channels)
        sides = [check_count(f"Conv: side / {factor}", side / factor) for side in row_shape]
        widths = (1, *self.channels)
        d = widths[-1] * math.prod(sides)
        down = [nn.Unflatten(1, (1, row_shape[0]))]  # (b, 1, h, w)
        up = [nn.Linear(latent, d), nn.Unflatten(1, (widths[-1], *sides))]
        for a, b in pairwise(widths):
            down += [nn.Conv2d(a, b, 4, stride=2, padding=1), nn.ReLU()]
        for b, a in pairwise(widths[::-1]):
            up += [nn.ConvTranspose2d(b, a, 4, stride=2, padding=1), nn.ReLU()]
        return Autoencoder(
            nn.Sequential(*down, nn.Flatten(), nn.Linear(d, 2 * latent)),
            nn.Sequential(*up[:-1], nn.Flatten(1, 2)),  # (b, h, w)
        )


@dataclass(frozen=True)
class GaussianPixels:
    """Pixels are normal around the decoder's output, all with one standard deviation.

    std: in the unit that the VAE learns rows in; None to learn it (Rybkin, Daniilidis and Levine,
        arXiv:2006.13202: the root mean squared error is its maximum-likelihood value).
    """

    std: float | None = None
    pixel_max = None  # where a VAE is given none: rows are standardised

    def __post_init__(self):
        check_fields(self, check_number, "std", above=0)

    def loss(self, output, rows):
        """Minus the log density of a batch, summed over its rows, and a pixel's variance."""
        squares = functional.mse_loss(output, rows, reduction="sum")
        learned = self.std is None
        variance = squares.item() / rows.numel() + FLOOR**2 if learned else self.std**2
        log_scale = 0.5 * rows.numel() * math.log(2 * math.pi * variance)
        return squares / (2 * variance) + log_scale, variance

    def mean(self, output):
        return output

    def log_density(self, output, rows, std):
        """(b,) natural log density of rows in their unit."""
        d = math.prod(rows.shape[1:])
        squares = (rows - output).square().flatten(1).sum(1) / (2 * std**2)
        return -squares - d * (math.log(std) + 0.5 * math.log(2 * math.pi))

    def draw(self, means: np.ndarray, std: float, rng) -> np.ndarray:
        return means + std * rng.standard_normal(means.shape, dtype=np.float32)

    def log_volume(self, unit: np.ndarray) -> float:
        """What turns a log density of rows in units, shaped like a row, into one without."""
        return float(np.log(unit).sum())

    @property
    def slack(self) -> float:
        """How far rows scaled to [0, 1] may lie outside, for their noise: 10 times std, or 5, which
        lets standardised numbers pass and refuses images in another unit."""
        return max(5.0, 10 * (self.std or 0.0))


@dataclass(frozen=True)
class BernoulliPixels:
    """Pixels are ink or paper; a grey one in between counts as the probability of ink, as in the
    code released with Shumailov et al. (arXiv:2305.17493)."""

    slack = 0.0  # a pixel is a probability
    pixel_max = 1.0

    def loss(self, output, rows):
        """Minus the log probability of a batch, summed over its rows; no variance is learned."""
        losses = functional.binary_cross_entropy_with_logits(output, rows, reduction="sum")
        return losses, 0.0

    def mean(self, output):
        return torch.sigmoid(output)

    def log_density(self, output, rows, std):
        """(b,) natural log probability: minus the cross-entropy, summed over pixels."""
        losses = functional.binary_cross_entropy_with_logits(output, rows, reduction="none")
        return -losses.flatten(1).sum(1)

    def draw(self, means: np.ndarray, std: float, rng) -> np.ndarray:
        return (rng.random(means.shape, dtype=np.float32) < means).astype(np.float32)

    def log_volume(self, unit: np.ndarray) -> float:
        return 0.0  # a probability has no units


def _layers(*widths: int) -> list[nn.Module]:
    """Linear layers of these widths with a ReLU between two."""
    layers: list[nn.Module] = []
    for a, b in pairwise(widths):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return layers[:-1]
