"""Uniform: rows between 0 and an unknown end, which the largest row estimates."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_numbers, check_rows
from collapse_lib.models.base import Learned

__all__ = ["Uniform"]


@dataclass
class Uniform:
    """Uniform distribution on [0, theta], rows (n,) of 0 or more, fitted by maximum likelihood.
    Shift rows whose known end is another than 0.

    The estimate is the largest row, which is below the true end in every single sample: the loop
    only ever shrinks, by N/(N + 1) a generation in the mean (theory.uniform_maximum).

    Learned: theta_, in the units of the rows.
    """

    theta_ = Learned()

    def fit(self, rows, *, rng=None):
        self.theta_ = float(self._checked("fit", rows).max())
        return self

    def sample(self, n, *, rng):
        n = check_count("Uniform.sample.n", n)
        return rng.uniform(0.0, self.theta_, size=n)

    def score_samples(self, rows):
        """(n,) natural log density: -ln theta, and -inf above theta."""
        inside = self._checked("score_samples", rows) <= self.theta_
        with np.errstate(divide="ignore"):
            return np.where(inside, -np.log(self.theta_), -np.inf)

    def _checked(self, method: str, rows) -> np.ndarray:
        rows = check_rows(f"Uniform.{method}", rows, ndim=(1,))
        return check_numbers(f"Uniform.{method}: rows", rows, least=0)
