"""GaussianMixture: scikit-learn's, with its sampling made fit for a loop."""

import copy
import threading
import warnings
from dataclasses import asdict, dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_numbers, check_rows
from collapse_lib.models.base import (
    Learned,
    as_rows,
    check_fields,
    column_units,
    legacy_state,
    standard_units,
)

__all__ = ["GaussianMixture"]

_LOCK = threading.Lock()


@dataclass
class GaussianMixture:
    """Mixture of normals with full covariances, rows (n,) or (n, d), fitted by EM.

    n_components: number of normals. n_init: EM starts, of which the likeliest is kept.
    max_iter, tol: when EM stops.
    reg_covar: added to every variance to keep it from zero, as a share of the variance of the rows
        (of their column that varies least).
    sampling_bias: multiplies each normal's covariance when sampling; 1 is unbiased, below 1 draws
        closer to the centres (lambda of Alemohammad et al., arXiv:2307.01850).

    scikit-learn's `sample` gives rows sorted by component, and the same rows at every call when
    its random state is an int; here they are shuffled and drawn from rng.

    Learned, before any sampling bias: weights_ (k,), means_ (k, d), covariances_ (k, d, d),
    converged_ (bool).
    """

    n_components: int = 2
    n_init: int = 1
    max_iter: int = 200
    tol: float = 1e-3
    reg_covar: float = 1e-6
    sampling_bias: float = 1.0
    weights_ = _mixture = Learned()

    def fit(self, rows, *, rng):
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture as Mixture
        from threadpoolctl import threadpool_limits

        check_fields(self, check_count, "n_components", "n_init", "max_iter", least=1)
        check_fields(self, check_number, "tol", "reg_covar", "sampling_bias", least=0)
        rows = check_rows("GaussianMixture.fit", rows, least=max(2, self.n_components), ndim=(1, 2))
        table = as_rows(rows)
        mean, std = standard_units(table)
        varying, unit = std > 0, column_units(std)
        self._centre, self._unit = np.where(varying, 0.0, mean), np.where(varying, unit, 0.0)
        least = (std / unit)[varying].min() if varying.any() else 1.0
        settings = asdict(self) | {"reg_covar": float(self.reg_covar * least**2)}
        settings |= self._start_in_units() | {"random_state": legacy_state(rng)}
        del settings["sampling_bias"]
        mixture = Mixture(**settings)
        # One thread: on small data more are slower, and their number must not change the result.
        # The limit is the process's: fits in several threads take turns, or the last to leave would
        # restore what the first had set.
        with warnings.catch_warnings(), _LOCK, threadpool_limits(1):
            # Loops run into degenerate data on purpose; converged_ says whether EM arrived.
            warnings.simplefilter("ignore", ConvergenceWarning)
            mixture.fit(self._in_units(table))
        self._mixture, self._ndim = mixture, rows.ndim  # of rows in units
        self.weights_, self.converged_ = mixture.weights_, mixture.converged_
        self.means_ = self._centre + self._unit * mixture.means_
        self.covariances_ = np.outer(self._unit, self._unit) * mixture.covariances_
        return self

    def sample(self, n, *, rng):
        n = check_count("GaussianMixture.sample.n", n)
        mixture = copy.copy(self._mixture)
        mixture.random_state = legacy_state(rng)
        mixture.covariances_ = self.sampling_bias * mixture.covariances_
        rows, _ = mixture.sample(n)  # (n, d), sorted by component
        rows = self._centre + self._unit * rng.permutation(rows)
        return rows[:, 0] if self._ndim == 1 else rows

    def score_samples(self, rows):
        """(n,) natural log density of the fitted distribution, before any sampling bias; raises
        ValueError where a column did not vary, as it then has no density."""
        mixture = self._mixture
        rows = check_rows("GaussianMixture.score_samples", rows, ndim=(1, 2))
        whose = "GaussianMixture.score_samples: the unit of each column, 0 where it did not vary,"
        unit = check_numbers(whose, self._unit, above=0)
        return mixture.score_samples(self._in_units(as_rows(rows))) - np.log(unit).sum()

    def get_state(self) -> dict[str, np.ndarray]:
        """Arrays from which another fit can start warm."""
        mixture = self._mixture
        precisions = np.linalg.inv(mixture.covariances_) / self._squared_units()
        return {"weights": self.weights_, "means": self.means_, "precisions": precisions}

    def set_state(self, state) -> None:
        """Let the next fit start EM from these arrays in place of k-means."""
        self._start = dict(state)

    def _in_units(self, rows: np.ndarray) -> np.ndarray:
        """Rows (n, d) as they are fitted, what does not vary as 0."""
        return (rows - self._centre) / np.where(self._unit, self._unit, 1.0)

    def _squared_units(self) -> np.ndarray:
        unit = np.where(self._unit, self._unit, 1.0)
        return np.outer(unit, unit)  # (d, d)

    def _start_in_units(self) -> dict[str, np.ndarray]:
        start = dict(getattr(self, "_start", {}))
        if "means" in start:
            start["means"] = self._in_units(np.asarray(start["means"], dtype=float))
        if "precisions" in start:
            start["precisions"] = start["precisions"] * self._squared_units()
        return {f"{name}_init": array for name, array in start.items()}
