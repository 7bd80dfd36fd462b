"""Diffusion: a small denoising diffusion model of rows of numbers or images, in PyTorch."""

import copy
from dataclasses import dataclass, field

import numpy as np
import torch

from collapse_lib.arguments import check_count
from collapse_lib.models.base import check_fitted, check_number, check_rows
from collapse_lib.models.diffusion.exact import GaussianMixtureScore
from collapse_lib.models.diffusion.network import Denoiser, new_denoiser
from collapse_lib.models.diffusion.samplers import Ancestral, Heun, NoiseLevels, draw_rows
from collapse_lib.models.torch_tools import WarmStart, batches, threads, torch_generator

__all__ = ["Ancestral", "Diffusion", "GaussianMixtureScore", "Heun", "NoiseLevels", "draw_rows"]


@dataclass
class Diffusion(WarmStart):
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

    It runs on one thread in float32 and draws from rng alone, so the same rng gives the same rows
    on one machine; another kind of processor rounds differently, and training magnifies that.
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

    def fit(self, rows, *, rng):
        self._check_parameters()
        rows = check_rows(self, rows, least=2, ndim=(1, 2, 3))
        constant = np.ptp(rows, axis=0) == 0  # where rounding must not make them vary
        mean = np.where(constant, rows[0], rows.mean(axis=0))
        std = np.sqrt(((rows - mean) ** 2).mean(axis=None if rows.ndim == 3 else 0))
        std = np.where(constant, 0.0, std)
        scaled = _flat((rows - mean) / np.where(std, std, 1.0))  # (n, d)
        generator = torch_generator(rng)  # of the CPU: a GPU gets the same weights and batches
        with threads(1):
            network = self._new_network(scaled.shape[1], generator)
            average, losses = self._train(network.to(self._device()), scaled, generator)
        self.network_, self.losses_ = average, losses
        self.mean_, self.std_ = mean, std
        return self

    @torch.enable_grad()
    def _train(self, network, rows, generator) -> tuple[Denoiser, np.ndarray]:
        """The running average of the network over its training, and its losses (steps,)."""
        average = copy.deepcopy(network).eval().requires_grad_(False)
        optimiser = torch.optim.Adam(network.parameters(), self.learning_rate, fused=True)
        rows, device = torch.from_numpy(rows.astype(np.float32)), self._device()
        losses, chosen = [], batches(len(rows), self.batch_size, generator)
        for step in range(self.steps):
            for group in optimiser.param_groups:
                group["lr"] = self.learning_rate * (1 - step / self.steps)
            clean = rows[next(chosen)].to(device)  # (b, d)
            noise = self.noise.for_training(len(clean), generator).to(device)  # (b, 1)
            loss = network.loss(clean, noise, generator)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
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
        self._check_finite(losses)
        return average, losses[:-1]

    def sample(self, n, *, rng):
        check_fitted(self, "network_")
        rows = draw_rows(
            self._through_network,
            n,
            self.mean_.size,
            rng=rng,
            sampler=self.sampler,
            noise=self.noise,
            sampling_bias=self.sampling_bias,
            device=self._device(),
        )
        return self._unscaled(rows)

    def denoise(self, rows, noise: float) -> np.ndarray:
        """What the network takes for the mean of the clean rows, given rows (n, ...) to which
        normal noise of standard deviation noise * std_ was added. Same shape and units as rows."""
        check_fitted(self, "network_")
        check_number("Diffusion.denoise noise", noise, above=0)
        rows = check_rows(self, rows, ndim=(1, 2, 3))
        if rows.shape[1:] != self.mean_.shape:
            raise ValueError(
                f"Diffusion was fitted to rows of shape {self.mean_.shape}; got {rows.shape[1:]}."
            )
        scaled = _flat((rows - self.mean_) / np.where(self.std_, self.std_, 1.0))
        with threads(1), torch.inference_mode():
            clean = self._through_network(torch.from_numpy(scaled).to(self._device()), noise)
        return self._unscaled(clean.cpu().numpy())

    def _through_network(self, rows, noise: float):
        """Rows of mean 0 and variance 1, float64 outside and float32 within."""
        levels = rows.new_full((len(rows), 1), noise, dtype=torch.float32)
        return self.network_(rows.float(), levels).double()

    def _unscaled(self, rows: np.ndarray) -> np.ndarray:
        return self.mean_ + self.std_ * rows.reshape(len(rows), *self.mean_.shape)

    def _new_network(self, d: int, generator) -> Denoiser:
        network = new_denoiser(d, self.width, self.layers, self.waves, generator)
        start = self.__dict__.pop("_start", None)
        if start is None:
            return network
        own = {name: tuple(w.shape) for name, w in network.state_dict().items()}
        if own != {name: array.shape for name, array in start.items()}:
            raise ValueError(
                "Diffusion.set_state was given weights of another network; use the state of a "
                "Diffusion with the same width, layers and waves, fitted to rows of the same shape."
            )
        network.load_state_dict({name: torch.from_numpy(w) for name, w in start.items()})
        return network

    def _device(self) -> torch.device:
        if self.device is not None:
            return self.device
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def _check_finite(self, losses):
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            raise ValueError(
                "Diffusion.learning_rate must be small enough for the loss to stay finite; with "
                f"{self.learning_rate:g} it was {losses[bad[0]]} after {bad[0]} of {self.steps} "
                "steps. Lower it."
            )

    def _check_parameters(self):
        for name in ("steps", "batch_size", "width", "layers"):
            check_count(f"Diffusion.{name}", getattr(self, name), least=1)
        for frequency in self.waves:
            check_number("Each of Diffusion.waves", frequency)
        for name in ("learning_rate", "sampling_bias"):
            check_number(f"Diffusion.{name}", getattr(self, name), above=0)
        if not 0 <= check_number("Diffusion.ema", self.ema) < 1:
            raise ValueError(f"Diffusion.ema must be in [0, 1); got {self.ema!r}.")
        for name, kinds in (("noise", NoiseLevels), ("sampler", Heun | Ancestral)):
            if not isinstance(getattr(self, name), kinds):
                known = " or ".join(
                    f"{k.__name__}(...)" for k in getattr(kinds, "__args__", [kinds])
                )
                raise TypeError(f"Diffusion.{name} must be {known}; got {getattr(self, name)!r}.")


def _flat(rows: np.ndarray) -> np.ndarray:
    return rows.reshape(len(rows), -1)
