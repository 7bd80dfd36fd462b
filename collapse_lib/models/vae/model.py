"""VAE: a variational autoencoder of images, or of rows of any kind, in PyTorch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import torch

from collapse_lib.arguments import check_choice, check_count, check_number, check_rows, check_type
from collapse_lib.models import torch_tools as tools
from collapse_lib.models.base import Learned, check_fields, check_row_shape, standard_units
from collapse_lib.models.vae.networks import MLP, BernoulliPixels, Conv, GaussianPixels

__all__ = ["VAE"]

BLOCK = 1000  # rows encoded or decoded at a time, so that memory does not grow with n


@dataclass
class VAE(tools.WarmStart):
    """Variational autoencoder (Kingma and Welling, arXiv:1312.6114), fitted with Adam.

    Rows: images (n, h, w), flat rows (n, d) or numbers (n,). It learns them in a unit: pixel_max,
    or else, as Diffusion does, with a mean of 0 and a standard deviation of 1, each column on its
    own, all pixels of an image together.

    network: MLP(hidden=...) or Conv(channels=...), which takes images only.
    latent: number of latent directions.
    observation: GaussianPixels(std=...) or BernoulliPixels(): what a pixel is given its mean.
    epochs, batch_size, learning_rate, weight_decay: of Adam. A last, smaller batch is used too.
    beta: weight of the Kullback-Leibler term; 1 gives the bound on the likelihood.
    pixel_max: the value of full ink, for pixels from 0 to there. With GaussianPixels rows may lie
        outside, as samples with their noise do, but by no more than 5 times pixel_max, or 10 times
        std. None for the mean and deviation of the rows; with BernoulliPixels it is then 1.
    sample_means: False samples rows with the observation noise of the model, as its likelihood
        says; True gives the decoder's means, as the code released with Shumailov et al.
        (arXiv:2305.17493) does, which leaves a part of the variance out at every generation.

    Learned: network_ (the torch module), noise_std_ (of a pixel, in units of the rows; shaped like
    a row where there is no pixel_max; 0 with BernoulliPixels), losses_ (epochs,), minus the
    mean bound in nats a row during each epoch, of rows in their unit.
    """

    network: MLP | Conv = field(default_factory=MLP)
    latent: int = 8
    observation: GaussianPixels | BernoulliPixels = field(default_factory=GaussianPixels)
    epochs: int = 30
    batch_size: int = 256
    learning_rate: float = 1e-3
    weight_decay: float = 1e-5
    beta: float = 1.0
    pixel_max: float | None = None
    sample_means: bool = False
    _row_shape = Learned()

    def fit(self, rows, *, rng):
        self._check_parameters()
        rows = check_rows("VAE.fit", rows, ndim=(1, 2, 3))
        self._learn_unit(rows)
        scaled, generator = self._scaled(rows), tools.torch_generator(rng)

        def epoch():
            order = torch.randperm(len(scaled), generator=generator)
            return (scaled[chosen] for chosen in order.split(self.batch_size))

        return self._train(epoch, rows.shape, generator)

    def fit_stream(self, source: Callable, n_rows: int, *, rng):
        """Fit to rows that are drawn anew for every batch, n_rows of them an epoch; no row is seen
        twice. source(n, rng) -> n rows, such as another model's sample. Without pixel_max their
        unit is that of the first batch_size rows.

        Raises ValueError where rows are of several shapes, or as `fit` does.
        """
        self._check_parameters()
        n_rows = check_count("VAE.fit_stream: n_rows", n_rows, least=1)
        sizes = [min(self.batch_size, n_rows - i) for i in range(0, n_rows, self.batch_size)]
        generator = tools.torch_generator(rng)

        def drawn(n):
            return check_rows("VAE.fit_stream", source(n, rng), ndim=(1, 2, 3))

        first = drawn(1 if self._pixel_max() else sizes[0])
        self._learn_unit(first)
        shape = first.shape

        def epoch():
            for size in sizes:
                rows, asked = drawn(size), (size, *shape[1:])
                check_choice("VAE.fit_stream: the shape of what source gives", rows.shape, [asked])
                yield self._scaled(rows)

        return self._train(epoch, shape, generator)

    def sample(self, n, *, rng):
        n = check_count("VAE.sample.n", n)
        rows = self._decoded(rng.standard_normal((n, self.latent), dtype=np.float32))
        if not self.sample_means:
            rows = self.observation.draw(rows, self._noise, rng)
        return self._unscaled(rows)

    def encode(self, rows) -> tuple[np.ndarray, np.ndarray]:
        """Means and variances of the latents given the rows, two arrays (n, latent)."""
        output = self._through(self.network_.encoder, self._known("encode", rows)).astype(float)
        mean, log_variance = np.split(output, 2, axis=1)
        return mean, np.exp(log_variance)

    def decode(self, latents) -> np.ndarray:
        """The decoder's means of latents (n, latent), in the shape and units of the rows."""
        latents = check_rows("VAE.decode", latents, least=0, ndim=(2,), width=self.latent)
        return self._unscaled(self._decoded(latents.astype(np.float32)))

    def bound(self, rows, *, rng) -> np.ndarray:
        """(n,) lower bounds of each row's log likelihood in nats, from one draw of its latents.

        With GaussianPixels of a density in the units of the rows; with BernoulliPixels of a
        probability. Source: Kingma and Welling, arXiv:1312.6114, equation 2.
        """
        rows = self._known("bound", rows)
        generator, std = tools.torch_generator(rng), self._noise

        def scaled_bound(block):  # (b,)
            mean, log_variance, output = _passed(self.network_, block, generator)
            density = self.observation.log_density(output, block, std)
            return (density - 0.5 * _twice_divergence(mean, log_variance).sum(1)).double()

        values = self._through(scaled_bound, rows)
        unit = np.broadcast_to(np.where(self._unit, self._unit, 1.0), self._row_shape)
        return values - self.observation.log_volume(unit)

    def _train(self, epoch: Callable[[], Iterable], shape: tuple, generator):
        """Train a new network on `epochs` epochs of batches (b, ...); the one loop of all fits."""
        row_shape = tuple(shape[1:]) or (1,)
        network = tools.drawn_weights(lambda: self.network.build(row_shape, self.latent), generator)
        network = self._warm(network).train()
        optimiser = torch.optim.Adam(
            network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay, fused=True
        )
        losses = np.zeros(self.epochs)
        with tools.threads(1):
            for i in range(self.epochs):
                n, loss_sum, variance_sum = 0, 0.0, 0.0
                for batch in epoch():
                    loss, variance = self._loss(network, batch, generator)
                    tools.descend(optimiser, loss)
                    n += len(batch)
                    loss_sum += len(batch) * loss.item()
                    variance_sum += len(batch) * variance
                losses[i] = loss_sum / n
                tools.check_loss(self, loss_sum, f"in epoch {i + 1} of {self.epochs}")
            with torch.inference_mode():  # the loss that a step is taken by is the one before it
                loss, _ = self._loss(network, batch, generator)
        tools.check_loss(self, loss.item(), f"in epoch {self.epochs} of {self.epochs}")
        self.network_ = network.eval().requires_grad_(False)
        self._noise = float(np.sqrt(variance_sum / n))
        self.noise_std_ = self._noise * self._unit
        self.losses_ = losses
        self._row_shape = tuple(shape[1:])
        return self

    def _loss(self, network, batch, generator):
        """The mean loss of the rows of a batch, and the variance of a pixel."""
        mean, log_variance, output = _passed(network, batch, generator)
        loss, variance = self.observation.loss(output, batch)
        divergence = 0.5 * _twice_divergence(mean, log_variance).sum()
        return (loss + self.beta * divergence) / len(batch), variance

    def _known(self, method: str, rows):
        """Rows of the shape that the model was fitted to, as a tensor."""
        rows = check_rows(f"VAE.{method}", rows, ndim=(1, 2, 3))
        check_row_shape(self, rows, self._row_shape)
        return self._scaled(rows)

    def _scaled(self, rows: np.ndarray):
        """Rows as a float32 tensor in their unit, (n,) as (n, 1)."""
        scaled = (rows - self._mean) / np.where(self._unit, self._unit, 1.0)
        slack, top = self.observation.slack, self._pixel_max()
        if top and (scaled.min() < -slack or scaled.max() > 1 + slack):
            lower, upper = (bound * top + 0.0 for bound in (-slack, 1 + slack))
            kind = type(self.observation).__name__
            raise ValueError(
                f"VAE with {kind} and pixel_max = {top:g} needs pixels in [{lower:g}, "
                f"{upper:g}]; got {rows.min():g} to {rows.max():g}. Set pixel_max to full ink."
            )
        scaled = scaled.reshape(len(rows), *(rows.shape[1:] or (1,)))
        return torch.from_numpy(scaled.astype(np.float32))

    def _unscaled(self, rows: np.ndarray) -> np.ndarray:
        return self._mean + rows.reshape(len(rows), *self._row_shape).astype(float) * self._unit

    def _pixel_max(self) -> float | None:
        """The value of full ink, or None where rows are standardised."""
        return self.pixel_max or self.observation.pixel_max

    def _learn_unit(self, rows: np.ndarray) -> None:
        top = self._pixel_max()
        self._mean, self._unit = (0.0, float(top)) if top else standard_units(rows)

    def _decoded(self, latents: np.ndarray) -> np.ndarray:
        decoder, mean = self.network_.decoder, self.observation.mean
        return self._through(lambda block: mean(decoder(block)), torch.from_numpy(latents))

    def _through(self, part: Callable, tensor) -> np.ndarray:
        """A part of the network on all rows of a tensor, in blocks."""
        with tools.threads(1), torch.inference_mode():
            return torch.cat([part(block) for block in tensor.split(BLOCK)]).numpy()

    def _check_parameters(self):
        check_fields(self, check_count, "latent", "epochs", "batch_size", least=1)
        check_fields(self, check_number, "learning_rate", "pixel_max", above=0)
        check_fields(self, check_number, "weight_decay", "beta", least=0)
        check_fields(self, check_type, "sample_means", kind=(bool, np.bool_))
        check_fields(self, check_type, "network", kind=(MLP, Conv))
        check_fields(self, check_type, "observation", kind=(GaussianPixels, BernoulliPixels))


def _passed(network, rows, generator):
    """Means and log variances of the latents (b, latent), and the decoder's output (b, ...) for one
    draw of them."""
    mean, log_variance = network.encoder(rows).chunk(2, dim=1)
    epsilon = torch.randn(mean.shape, generator=generator)
    return mean, log_variance, network.decoder(mean + torch.exp(0.5 * log_variance) * epsilon)


def _twice_divergence(mean, log_variance):
    """(b, latent) twice the Kullback-Leibler divergence of each latent from a standard normal."""
    return mean.square() + log_variance.exp() - 1 - log_variance
