"""Gaussian sources whose density is known: one number, a vector, and a mixture."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.sources.arguments import (
    covariance_matrix,
    number,
    numbers,
    probability_vector,
    rows_asked,
    rows_of_width,
)
from collapse_lib.sources.records import Record

__all__ = ["GaussianMixtureSource", "GaussianSource", "MultivariateGaussian", "grid_mixture"]


@dataclass(frozen=True)
class GaussianSource:
    """Independent numbers from N(mean, std^2). Rows: (n,) floats. std is above 0."""

    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self):
        object.__setattr__(self, "mean", number(self.mean, "GaussianSource.mean"))
        object.__setattr__(self, "std", number(self.std, "GaussianSource.std", above=0))

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return rng.normal(self.mean, self.std, rows_asked(n, "GaussianSource"))

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
        mean = self._keep("mean", numbers(self.mean, "MultivariateGaussian.mean", axes=1))
        whose = "MultivariateGaussian.covariance"
        self._keep("covariance", covariance_matrix(self.covariance, whose, len(mean)))

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = rows_asked(n, "MultivariateGaussian")
        z = rng.standard_normal((n, len(self.mean)))
        return self.mean + z @ np.linalg.cholesky(self.covariance).T  # (n, d)

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log density of each row."""
        rows = rows_of_width(rows, len(self.mean), "MultivariateGaussian.score_samples")
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
        weights = self._keep("weights", probability_vector(self.weights, f"{mine}.weights"))
        means = self._keep("means", numbers(self.means, f"{mine}.means", axes=2))
        matrices = numbers(self.covariances, f"{mine}.covariances", axes=3)
        for name, array in (("means", means), ("covariances", matrices)):
            if len(array) != len(weights):
                raise ValueError(
                    f"{mine}.{name} must have one entry for each of the {len(weights)} weights; "
                    f"got {len(array)}."
                )
        for k, matrix in enumerate(matrices):
            covariance_matrix(matrix, f"{mine}.covariances[{k}]", means.shape[1])
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
        n = rows_asked(n, "GaussianMixtureSource")
        component = rng.choice(len(self.weights), size=n, p=self.weights)  # (n,)
        rows = rng.standard_normal((n, self.means.shape[1]))
        for k, root in enumerate(np.linalg.cholesky(self.covariances)):
            mine = component == k
            rows[mine] = self.means[k] + rows[mine] @ root.T
        return rows

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log density of each row."""
        rows = rows_of_width(rows, self.means.shape[1], "GaussianMixtureSource.score_samples")
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
    if rows_asked(side, "grid_mixture") < 1:
        raise ValueError(f"grid_mixture.side must be at least 1; got {side}.")
    spacing = number(spacing, "grid_mixture.spacing", above=0)
    std = number(std, "grid_mixture.std", above=0)
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
