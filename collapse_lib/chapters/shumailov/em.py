"""Mixtures of two-dimensional normals, many replicates at once: sampling, EM, densities.

One EM step for 40 replicates costs little more than one for a single fit in scikit-learn, so 40
runs of 2,000 generations take a minute or two. The steps, the stopping rule and reg_covar are those
of scikit-learn's GaussianMixture with full covariances; a test compares them.

Shapes: R replicates, K components, n rows. Rows are (R, 2, n).
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Mixtures", "fit", "log_density", "sample"]

DEAD = 1e-6  # a component with a smaller share of one row has no rows and never comes back


class Mixtures(NamedTuple):
    """weights (R, K); means (R, K, 2); covariances (R, K, 3), their entries xx, xy, yy."""

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    @classmethod
    def of_source(cls, source, n_replicates: int) -> "Mixtures":
        """A GaussianMixtureSource of two-dimensional rows, the same for every replicate."""
        xx, xy, yy = source.covariances[:, [0, 0, 1], [0, 1, 1]].T
        each = source.weights, source.means, np.stack([xx, xy, yy], axis=-1)
        return cls(*(np.repeat(part[None], n_replicates, axis=0) for part in each))

    def take(self, replicates) -> "Mixtures":
        return Mixtures(*(part[replicates] for part in self))

    @property
    def log_spread(self) -> np.ndarray:
        """(R, K) ln det(Sigma) / 4, the mean log standard deviation of the two axes."""
        return np.log(np.prod(_roots(self.covariances)[0::2], axis=0)) / 2


def sample(mixtures: Mixtures, n: int, rngs) -> np.ndarray:
    """(R, 2, n) rows, sorted by component: EM does not ask for their order. One rng a replicate."""
    labels = np.empty((len(rngs), n), int)
    z = np.empty((len(rngs), 2, n))
    for r, rng in enumerate(rngs):
        counts = rng.multinomial(n, mixtures.weights[r])
        labels[r] = np.repeat(np.arange(len(counts)), counts)
        rng.standard_normal(out=z[r])
    root = [np.take_along_axis(each, labels, 1) for each in _roots(mixtures.covariances)]
    mean = np.take_along_axis(mixtures.means, labels[:, :, None], 1)  # (R, n, 2)
    rows = np.empty_like(z)
    rows[:, 0] = mean[..., 0] + root[0] * z[:, 0]
    rows[:, 1] = mean[..., 1] + root[1] * z[:, 0] + root[2] * z[:, 1]
    return rows


def fit(rows, start: Mixtures, *, tol: float, max_iter: int, reg_covar: float) -> Mixtures:
    """EM from a start until the mean log likelihood changes by less than tol a step."""
    fitted = Mixtures(*(part.copy() for part in start))
    going = np.arange(len(rows))  # replicates whose EM has not stopped
    before = np.full(len(rows), -np.inf)
    for _ in range(max_iter):
        here = fitted.take(going)
        parts = _log_parts(rows[going], here)  # (K, R, n)
        total = _log_sum(parts)
        responsibilities = np.exp(parts - total)
        new = _maximise(rows[going], responsibilities, here, reg_covar)
        for part, values in zip(fitted, new, strict=True):
            part[going] = values
        now = total.mean(axis=-1)
        moving = np.abs(now - before[going]) >= tol
        before[going] = now
        going = going[moving]
        if not len(going):
            break
    return fitted


def log_density(rows, mixtures: Mixtures) -> np.ndarray:
    """(R, n) natural log density of rows (R, 2, n); R may be 1 for either, to serve all."""
    return _log_sum(_log_parts(rows, mixtures))


def _roots(covariances: np.ndarray):
    """The Cholesky roots' entries xx, yx, yy, (R, K) each."""
    xx, xy, yy = np.moveaxis(covariances, -1, 0)
    first = np.sqrt(xx)
    mixed = xy / first
    return first, mixed, np.sqrt(yy - mixed**2)


def _log_parts(rows, mixtures: Mixtures) -> np.ndarray:
    """(K, R, n) log of weight times density, -inf for a component without weight."""
    first, mixed, second = _roots(mixtures.covariances)
    with np.errstate(divide="ignore"):
        constant = np.log(mixtures.weights) - np.log(first * second) - np.log(2 * np.pi)
    n_replicates = max(len(constant), len(rows))  # one of the two may serve all
    parts = np.empty((constant.shape[1], n_replicates, rows.shape[-1]))
    for k, part in enumerate(parts):
        u = (rows[:, 0] - mixtures.means[:, k, :1]) / first[:, k, None]
        v = (rows[:, 1] - mixtures.means[:, k, 1:] - mixed[:, k, None] * u) / second[:, k, None]
        np.subtract(constant[:, k, None], 0.5 * (u * u + v * v), out=part)
    return parts


def _log_sum(parts: np.ndarray) -> np.ndarray:
    top = parts.max(axis=0)
    return top + np.log(np.exp(parts - top).sum(axis=0))


def _maximise(rows, responsibilities, old: Mixtures, reg_covar: float):
    """The M step: new weights, means and covariances; a dead component keeps its place."""
    weights, means, covariances = (part.copy() for part in old)
    for k, share in enumerate(responsibilities):  # (R, n)
        count = share.sum(axis=-1)
        alive = count > DEAD
        scale = share[alive] / count[alive, None]
        x, y = rows[alive, 0], rows[alive, 1]
        mean_x, mean_y = _dot(scale, x), _dot(scale, y)
        dx, dy = x - mean_x[:, None], y - mean_y[:, None]
        scaled = scale * dx
        covariances[alive, k, 0] = _dot(scaled, dx) + reg_covar
        covariances[alive, k, 1] = _dot(scaled, dy)
        covariances[alive, k, 2] = _dot(scale * dy, dy) + reg_covar
        means[alive, k, 0], means[alive, k, 1] = mean_x, mean_y
        weights[:, k] = np.where(alive, count, 0.0)
    return weights / weights.sum(axis=-1, keepdims=True), means, covariances


def _dot(a, b):
    return np.einsum("rn,rn->r", a, b)
