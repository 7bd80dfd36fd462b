"""KernelDensity: scikit-learn's Gaussian kernel density, with a bandwidth that follows the data."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import LARGEST, check_count, check_number, check_rows
from collapse_lib.metrics._pairs import varies
from collapse_lib.models.base import Learned, as_rows, check_fields, legacy_state

__all__ = ["KernelDensity", "silverman_bandwidth"]


@dataclass
class KernelDensity:
    """A normal bump of width `bandwidth` on every row, rows (n,) or (n, d).

    bandwidth: in the units of the rows; None for Silverman's rule, computed from the data at each
        fit (scikit-learn's own "silverman" ignores the scale of the data).

    Learned: bandwidth_, and the rows themselves.
    """

    bandwidth: float | None = None
    bandwidth_ = _density = Learned()

    def fit(self, rows, *, rng=None, sample_weight=None):
        from sklearn.neighbors import KernelDensity as Density

        check_fields(self, check_number, "bandwidth", above=0, most=LARGEST)
        rows = check_rows("KernelDensity.fit", rows, least=2, ndim=(1, 2))
        bandwidth = self.bandwidth or silverman_bandwidth(rows)
        if not bandwidth > 0:
            raise ValueError(
                "KernelDensity.fit: all rows are equal, so no bandwidth can be computed from them; "
                "set KernelDensity.bandwidth."
            )
        self._ndim = rows.ndim
        self._density = Density(bandwidth=bandwidth)
        self._density.fit(as_rows(rows), sample_weight=sample_weight)
        self.bandwidth_ = bandwidth
        return self

    def sample(self, n, *, rng):
        n = check_count("KernelDensity.sample.n", n)
        rows = self._density.sample(n, random_state=legacy_state(rng))  # (n, d)
        return rows[:, 0] if self._ndim == 1 else rows

    def score_samples(self, rows):
        """(n,) natural log density."""
        rows = check_rows("KernelDensity.score_samples", rows, ndim=(1, 2))
        return self._density.score_samples(as_rows(rows))


def silverman_bandwidth(rows: np.ndarray) -> float:
    """(4 / (d + 2))^(1 / (d + 4)) n^(-1 / (d + 4)) sigma, in the units of the rows: 1.06 sigma
    n^(-1/5) in one dimension. sigma^2 is the mean variance of the columns (Silverman 1986)."""
    rows = as_rows(rows)
    n, d = rows.shape
    sigma = np.sqrt(np.where(varies(rows), rows.var(axis=0, ddof=1), 0.0).mean())
    return float((4 / (d + 2)) ** (1 / (d + 4)) * n ** (-1 / (d + 4)) * sigma)
