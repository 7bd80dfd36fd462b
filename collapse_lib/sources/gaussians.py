"""Gaussian sources whose density is known: one number, a vector, and a mixture."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_number,
    check_numbers,
    check_probabilities,
    check_rows,
)
from collapse_lib.sources.records import Record

__all__ = ["GaussianMixtureSource", "GaussianSource", "MultivariateGaussian", "grid_mixture"]


@dataclass(frozen=True)
class GaussianSource:
    """Independent numbers from N(mean, std^2). Rows: (n,) floats. std is above 0."""

    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self):
        object.__setattr__(self, "mean", check_number("GaussianSource.mean", self.mean))
        object.__setattr__(self, "std", check_number("GaussianSource.std", self.std, above=0))

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return rng.normal(self.mean, self.std, check_count("GaussianSource.n", n))

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log density of each row."""
        z = (np.asarray(rows, dtype=float) - self.mean) / self.std
        return -0.5 * (z**2 + np.log(2 * np.pi)) - np.log(self.std)


@dataclass(frozen=True, eq=False, repr=False)
class MultivariateGaussian(Record):
    """Independent vectors from N(mean, covariance). Rows: (n, d) floats.

    mean: (d,). covariance: (d, d), symmetric and positive definite.
    """

    mean: np.ndarray
    covariance: np.ndarray

    def __post_init__(self):
        mean = self._keep("mean", check_numbers("MultivariateGaussian.mean", self.mean, axes=1))
        whose = "MultivariateGaussian.covariance"
        self._keep("covariance", _covariance(whose, self.covariance, len(mean)))

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = check_count("MultivariateGaussian.n", n)
        z = rng.standard_normal((n, len(self.mean)))
        return self.mean + z @ np.linalg.cholesky(self.covariance).T  # (n, d)

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log density of each row."""
        rows = check_rows(
            "MultivariateGaussian.score_samples", rows, ndim=(2,), width=len(self.mean)
        )
        return _log_normal(rows, self.mean, self.covariance)


@dataclass(frozen=True, eq=False, repr=False)
class GaussianMixtureSource(Record):
    """Independent vectors from sum_k weights[k] N(means[k], covariances[k]). Rows: (n, d) floats.

    weights: (K,) probabilities. means: (K, d). covariances: (K, d, d), each symmetric and
    positive definite.
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def __post_init__(self):
        mine = "GaussianMixtureSource"
        weights = self._keep(
            "weights", check_probabilities(f"{mine}.weights", self.weights, axes=1)
        )
        means = self._keep("means", check_numbers(f"{mine}.means", self.means, axes=2))
        matrices = check_numbers(f"{mine}.covariances", self.covariances, axes=3)
        for name, array in (("means", means), ("covariances", matrices)):
            if len(array) != len(weights):
                raise ValueError(
                    f"{mine}.{name} must have one entry for each of the {len(weights)} weights; "
                    f"got {len(array)}."
                )
        for k, matrix in enumerate(matrices):
            _covariance(f"{mine}.covariances[{k}]", matrix, means.shape[1])
        self._keep("covariances", matrices)

    @property
    def mean(self) -> np.ndarray:
        """(d,) mean of the whole mixture."""
        return self.weights @ self.means

    @property
    def covariance(self) -> np.ndarray:
        """(d, d) covariance of the whole mixture: within the components plus between them."""
        apart = self.means - self.mean  # (K, d)
        within = np.einsum("k,kij->ij", self.weights, self.covariances)
        return within + np.einsum("k,ki,kj->ij", self.weights, apart, apart)

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = check_count("GaussianMixtureSource.n", n)
        component = rng.choice(len(self.weights), size=n, p=self.weights)  # (n,)
        rows = rng.standard_normal((n, self.means.shape[1]))
        for k, root in enumerate(np.linalg.cholesky(self.covariances)):
            mine = component == k
            rows[mine] = self.means[k] + rows[mine] @ root.T
        return rows

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log density of each row."""
        rows = check_rows(
            "GaussianMixtureSource.score_samples", rows, ndim=(2,), width=self.means.shape[1]
        )
        with np.errstate(divide="ignore"):  # a component of weight 0 adds nothing
            log_weights = np.log(self.weights)
        parts = [
            log_weights[k] + _log_normal(rows, self.means[k], self.covariances[k])
            for k in range(len(self.weights))
        ]
        return np.logaddexp.reduce(parts, axis=0)


def grid_mixture(side: int = 5, spacing: float = 2.0, std: float = 0.05) -> GaussianMixtureSource:
    """side x side equally likely round Gaussians on a square grid around the origin.

    The default, 25 modes two apart with a standard deviation of 0.05, is the usual test bed for
    lost modes (Lin et al., arXiv:1712.04086).
    """
    side = check_count("grid_mixture.side", side, least=1)
    spacing = check_number("grid_mixture.spacing", spacing, above=0)
    std = check_number("grid_mixture.std", std, above=0)
    ticks = spacing * (np.arange(side) - (side - 1) / 2)  # (side,)
    means = np.array([(x, y) for x in ticks for y in ticks])  # (side^2, 2)
    n_modes = side**2
    return GaussianMixtureSource(
        weights=np.full(n_modes, 1 / n_modes),
        means=means,
        covariances=np.tile(std**2 * np.eye(2), (n_modes, 1, 1)),
    )


def _log_normal(rows: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """(n,) log density of N(mean, covariance) through its Cholesky root."""
    root = np.linalg.cholesky(covariance)
    z = np.linalg.solve(root, (rows - mean).T)  # (d, n)
    log_det = 2 * np.log(np.diag(root)).sum()
    return -0.5 * ((z**2).sum(axis=0) + log_det + len(mean) * np.log(2 * np.pi))


def _covariance(whose: str, values, d: int) -> np.ndarray:
    """(d, d) floats, symmetric and positive definite."""
    array = check_numbers(whose, values, axes=2)
    if array.shape != (d, d):
        raise ValueError(
            f"{whose} must have shape {(d, d)} like the mean of {d}; got {array.shape}."
        )
    if not np.allclose(array, array.T, atol=1e-8 * np.abs(array).max()):
        raise ValueError(f"{whose} must be symmetric; average it with its transpose.")
    smallest = np.linalg.eigvalsh(array)[0]
    if smallest <= 0:
        raise ValueError(
            f"{whose} must be positive definite; its smallest eigenvalue is {smallest:.4g}. "
            "Add a little to the diagonal."
        )
    return array
