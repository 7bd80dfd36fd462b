"""The network of a diffusion model: it takes noise of a known size away from rows."""

import torch
from torch import nn
from torch.nn import functional as F

from collapse_lib.models.torch_tools import drawn_weights

__all__ = ["Denoiser", "new_denoiser"]

NOISE_WAVES = (1.0, 2.0, 4.0, 8.0)  # of log(noise) / 4, which stays within about -1.6 and 1.4


class Denoiser(nn.Module):
    """Rows (b, d) with noise of standard deviation (b, 1) -> their means without it, (b, d).

    The clean rows have a standard deviation near 1. The answer is the one for normal rows,
    rows / (1 + noise^2), plus a correction by the network, both in proportions that keep what goes
    into the network and what it must answer near 1 at every noise (Karras et al., arXiv:2206.00364,
    table 1, with sigma_data = 1). So a network that answers 0 is right for normal rows.

    waves: frequencies in radians. The network reads the sine and cosine of each value times each of
    them too, without which it learns fine detail very slowly (Tancik et al., arXiv:2006.10739).
    """

    def __init__(self, d: int, width: int, layers: int, waves: tuple[float, ...]):
        super().__init__()
        self.waves = tuple(waves)
        self.first = nn.Linear(d + 2 * d * len(self.waves) + 2 * len(NOISE_WAVES), width)
        self.inner = nn.ModuleList(nn.Linear(width, width) for _ in range(layers - 1))
        self.last = nn.Linear(width, d)

    def forward(self, rows, noise):
        scale = (1 + noise**2).rsqrt()
        return scale**2 * rows + noise * scale * self.correction(scale * rows, noise)

    def loss(self, clean, noise, generator):
        """Mean squared error of the correction that clean rows (b, d) with this noise (b, 1) ask
        for; 1 where the network answers 0 and the rows have mean 0 and variance 1."""
        fresh = torch.randn(clean.shape, generator=generator).to(clean.device)
        weight = 1 + noise**-2
        return (weight * (self(clean + noise * fresh, noise) - clean) ** 2).mean()

    def correction(self, rows, noise):
        read = [rows, *_turned(noise.log() / 4, NOISE_WAVES), *_turned(rows, self.waves)]
        h = F.silu(self.first(torch.cat(read, dim=1)))  # (b, width)
        for layer in self.inner:
            h = h + F.silu(layer(h))
        return self.last(h)


def new_denoiser(d: int, width: int, layers: int, waves, generator: torch.Generator) -> Denoiser:
    """With first weights from the generator; the last layer's are 0."""
    network = drawn_weights(lambda: Denoiser(d, width, layers, waves), generator)
    for weights in network.last.parameters():
        nn.init.zeros_(weights)
    return network


def _turned(values, waves) -> list[torch.Tensor]:
    """Sine and cosine (b, d) of the values (b, d) at each frequency."""
    return [wave(f * values) for f in waves for wave in (torch.sin, torch.cos)]
