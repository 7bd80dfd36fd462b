"""How a diffusion model draws rows: the levels of noise, and two ways down them.

Everything here asks one question of a model, denoise(rows, noise) -> rows: the mean of the clean
row, given that row with normal noise of this standard deviation added to each of its d values.
What answers may be a trained network, or the exact law in `diffusion.exact`. Rows (b, d) are
float64 tensors around 0 with a standard deviation near 1.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from collapse_lib.arguments import check_count, check_number
from collapse_lib.models.base import check_fields
from collapse_lib.models.torch_tools import threads, torch_generator

__all__ = ["Ancestral", "Heun", "NoiseLevels", "draw_rows"]

BLOCK = 10_000  # rows drawn at a time, so that memory does not grow with n


@dataclass(frozen=True)
class NoiseLevels:
    """Standard deviations of the noise, in units of the rows: which are visited, which are learned.

    A sampler goes down from `largest` to `smallest` and then to 0; `power` crowds its levels at
    the small end. Training draws log(noise) from N(log_mean, log_std^2), evenly: each of the n
    equally likely parts of that law gives one of n levels.
    Formulas: Karras et al., arXiv:2206.00364, equation 5 and table 1, where rows have a standard
    deviation of a half.
    """

    smallest: float = 0.002
    largest: float = 40.0
    power: float = 7.0
    log_mean: float = -0.5
    log_std: float = 1.4

    def __post_init__(self):
        check_fields(self, check_number, "smallest", "power", "log_std", above=0)
        check_fields(self, check_number, "log_mean")
        check_fields(self, check_number, "largest", above=self.smallest)

    def down(self, n: int) -> list[float]:
        """The n levels from largest to smallest, and 0 behind them."""
        ends = self.largest ** (1 / self.power), self.smallest ** (1 / self.power)
        return [*(np.linspace(*ends, n) ** self.power).tolist(), 0.0]

    def for_training(self, n: int, generator: torch.Generator) -> torch.Tensor:
        """(n, 1) float32 levels to train on."""
        share = (torch.arange(n)[:, None] + torch.rand(n, 1, generator=generator)) / n
        log_noise = self.log_mean + self.log_std * torch.special.ndtri(share.clamp(1e-6, 1 - 1e-6))
        return log_noise.exp()


@dataclass(frozen=True)
class Heun:
    """Follows the noise back without adding any: a row is a function of the noise it began as.

    levels: of noise; each but the last asks the model twice, so that the error falls with the
        square of their number. Of normal rows 100 give 0.2 % too much variance, 24 give 4 %.
    Source: Karras et al., arXiv:2206.00364, algorithm 1. With one question a level it would be
    DDIM (Song, Meng and Ermon, arXiv:2010.02502).
    """

    levels: int = 100

    def __post_init__(self):
        check_fields(self, check_count, "levels", least=2)

    def __call__(self, denoise, rows, noise: NoiseLevels, generator):
        for now, below in pairwise(noise.down(self.levels)):
            slope = (rows - denoise(rows, now)) / now
            tried = rows + (below - now) * slope
            if below > 0:
                slope = (slope + (tried - denoise(tried, below)) / below) / 2
                tried = rows + (below - now) * slope
            rows = tried
        return rows


@dataclass(frozen=True)
class Ancestral:
    """At each level takes away more noise than it should, and adds a part of it anew.

    levels: of noise. Each step draws from the law of a less noisy row given the noisy one and the
        clean one, with the model's mean in place of the clean one. What varies around that mean is
        left out, so rows vary too little, by an amount that falls with 1 / levels: of normal rows
        200 give 5 % too little variance.
    Source: Ho, Jain and Abbeel, arXiv:2006.11239, equation 7, written for rows whose noise is added
    and which are not shrunk.
    """

    levels: int = 200

    def __post_init__(self):
        check_fields(self, check_count, "levels", least=2)

    def __call__(self, denoise, rows, noise: NoiseLevels, generator):
        for now, below in pairwise(noise.down(self.levels)):
            clean, share = denoise(rows, now), (below / now) ** 2
            rows = clean + share * (rows - clean)
            if below > 0:
                fresh = torch.randn(rows.shape, generator=generator, dtype=torch.float64)
                rows = rows + below * math.sqrt(1 - share) * fresh.to(rows.device)
        return rows


def draw_rows(
    denoise,
    n: int,
    d: int,
    *,
    rng,
    sampler: Heun | Ancestral,
    noise: NoiseLevels = NoiseLevels(),
    sampling_bias: float = 1.0,
    device="cpu",
) -> np.ndarray:
    """(n, d) rows of the law that `denoise` belongs to.

    sampling_bias: lambda, above 0; 1 is unbiased. The model is told that the noise is
        1 / sqrt(lambda) times what it is, so below 1 it moves rows further to the middle. Of normal
        rows with covariance C this makes normal rows with covariance lambda C, because the score of
        N(m, lambda C + s^2) is that of N(m, C + s^2 / lambda) over lambda. Of other rows it narrows
        every cluster and draws fewer rows from those far out.

    A row begins as N(0, largest^2 + lambda), so that of a law with mean m and covariance C the mean
    is met up to m sqrt(C) / largest, and the covariance up to (C - 1) / largest^2, in proportion.
    """
    check_number("draw_rows.sampling_bias", sampling_bias, above=0)
    generator = torch_generator(rng)  # of the CPU: a GPU gets the same noise
    start = torch.randn(n, d, generator=generator, dtype=torch.float64)
    start *= math.sqrt(noise.largest**2 + sampling_bias)

    def told(rows, level):
        return denoise(rows, level / math.sqrt(sampling_bias))

    with threads(1), torch.inference_mode():
        blocks = [sampler(told, b.to(device), noise, generator).cpu() for b in start.split(BLOCK)]
    return torch.cat(blocks).numpy()
