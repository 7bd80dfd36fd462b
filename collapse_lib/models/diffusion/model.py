"""Diffusion: a small denoising diffusion model of rows of numbers or images, in PyTorch."""

import copy
from dataclasses import dataclass, field

import numpy as np
import torch

from collapse_lib.arguments import check_count, check_number, check_numbers, check_rows, check_type
from collapse_lib.models import torch_tools as tools
from collapse_lib.models.base import Learned, check_fields, check_row_shape, standard_units
from collapse_lib.models.diffusion.network import Denoiser, new_denoiser
from collapse_lib.models.diffusion.samplers import Ancestral, Heun, NoiseLevels, draw_rows

__all__ = ["Diffusion"]


@dataclass
class Diffusion(tools.WarmStart):
    """Denoising diffusion (Ho, Jain and Abbeel, arXiv:2006.11239), in the form of Karras et al.,
    arXiv:2206.00364: a network learns to take normal noise of many sizes away from rows, and a
    sampler begins from noise alone and goes down.

    Rows: (n,), (n, d) or images (n, h, w). It learns rows of mean 0 and standard deviation 1, each
    column on its own, all pixels of an image together; so a loop whose rows shrink stays learnable,
    and what does not vary at all is given back as it was.

    steps, batch_size: a fit takes that many optimiser steps on that many rows each, so it goes over
        n rows steps * batch_size / n times, whatever the policy.
    learning_rate: of Adam at the first step; it falls in a line towards zero.
    width, layers: of the network.
    waves: frequencies of the sines by which it sees fine detail; () for images.
    ema: share of the weights that the running average keeps at each step; at first it keeps less.
        It is the average that samples are drawn with.
    noise: NoiseLevels(...), in units of the standard deviation of the rows.
    sampler: Heun(levels=...) without, or Ancestral(levels=...) with new noise on the way.
    sampling_bias: lambda of Alemohammad et al., arXiv:2307.01850, who bias diffusion by guidance.
        Here, without labels, it multiplies the variance of a sample of normal rows, as that of
        Gaussian does; 1 is unbiased, below 1 cuts the tails. See `draw_rows`.
    device: a torch.device; None for the GPU where torch finds one, else the CPU.

    Learned: network_; mean_ and std_, shaped like a row; losses_ (steps,), the squared error at
    each step, in proportion to that of knowing nothing but mean_ and std_.
    """

    steps: int = 2000
    batch_size: int = 256
    learning_rate: float = 5e-3
    width: int = 64
    layers: int = 3
    waves: tuple[float, ...] = (2.0, 4.0, 8.0)
    ema: float = 0.999
    noise: NoiseLevels = field(default_factory=NoiseLevels)
    sampler: Heun | Ancestral = field(default_factory=Heun)
    sampling_bias: float = 1.0
    device: torch.device | None = None
    mean_ = Learned()

    def fit(self, rows, *, rng):
        check_fields(self, check_count, "steps", "batch_size", "width", "layers", least=1)
        check_fields(self, check_numbers, "waves")
        check_fields(self, check_number, "learning_rate", "sampling_bias", above=0)
        check_fields(self, check_number, "ema", least=0, below=1)
        check_fields(self, check_type, "noise", kind=NoiseLevels)
        check_fields(self, check_type, "sampler", kind=(Heun, Ancestral))
        rows = check_rows("Diffusion.fit", rows, least=2, ndim=(1, 2, 3))
        mean, std = standard_units(rows)
        scaled = _scaled(rows, mean, std)  # (n, d)
        generator = tools.torch_generator(rng)  # of the CPU: alike for a GPU
        with tools.threads(1):
            network = new_denoiser(scaled.shape[1], self.width, self.layers, self.waves, generator)
            network = self._warm(network).to(self._device())
            self.network_, self.losses_ = self._train(network, scaled, generator)
        self.mean_, self.std_ = mean, std
        return self

    @torch.enable_grad()
    def _train(self, network, rows, generator) -> tuple[Denoiser, np.ndarray]:
        """The running average of the network over its training, and its losses (steps,)."""
        average = copy.deepcopy(network).eval().requires_grad_(False)
        optimiser = torch.optim.Adam(network.parameters(), self.learning_rate, fused=True)
        rows, device = torch.from_numpy(rows.astype(np.float32)), self._device()
        losses, chosen = [], tools.batches(len(rows), self.batch_size, generator)
        for step in range(self.steps):
            clean = rows[next(chosen)].to(device)  # (b, d)
            noise = self.noise.for_training(len(clean), generator).to(device)  # (b, 1)
            loss = network.loss(clean, noise, generator)
            tools.descend(optimiser, loss, self.learning_rate * (1 - step / self.steps))
            kept = min(self.ema, (step + 1) / (step + 10))
            with torch.no_grad():
                for slow, fast in zip(average.parameters(), network.parameters(), strict=True):
                    slow.lerp_(fast, 1 - kept)
            losses.append(loss.detach())
        with torch.no_grad():  # the loss that a step is taken by is the one before it
            losses.append(
                network.loss(clean, noise, generator) + average.loss(clean, noise, generator)
            )
        losses = torch.stack(losses).cpu().numpy()
        first = np.argmin(np.isfinite(losses))  # that is not, or 0
        tools.check_loss(self, losses[first], f"after {first} of {self.steps} steps")
        return average, losses[:-1]

    def sample(self, n, *, rng):
        n = check_count("Diffusion.sample.n", n)
        law = {"sampler": self.sampler, "noise": self.noise, "sampling_bias": self.sampling_bias}
        d, device = self.mean_.size, self._device()
        rows = draw_rows(self._through_network, n, d, rng=rng, device=device, **law)
        return self._unscaled(rows)

    def denoise(self, rows, noise: float) -> np.ndarray:
        """What the network takes for the mean of the clean rows, given rows (n, ...) to which
        normal noise of standard deviation noise * std_ was added. Same shape and units as rows."""
        check_number("Diffusion.denoise: noise", noise, above=0)
        rows = check_rows("Diffusion.denoise", rows, ndim=(1, 2, 3))
        check_row_shape(self, rows, self.mean_.shape)
        noisy = torch.from_numpy(_scaled(rows, self.mean_, self.std_)).to(self._device())
        with tools.threads(1), torch.inference_mode():
            clean = self._through_network(noisy, noise)
        return self._unscaled(clean.cpu().numpy())

    def _through_network(self, rows, noise: float):
        """Rows of mean 0 and variance 1, float64 outside and float32 within."""
        levels = rows.new_full((len(rows), 1), noise, dtype=torch.float32)
        return self.network_(rows.float(), levels).double()

    def _unscaled(self, rows: np.ndarray) -> np.ndarray:
        return self.mean_ + self.std_ * rows.reshape(len(rows), *self.mean_.shape)


def _scaled(rows, mean, std) -> np.ndarray:
    return ((rows - mean) / np.where(std, std, 1.0)).reshape(len(rows), -1)
