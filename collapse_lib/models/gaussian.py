"""Gaussian: a normal distribution with its mean and covariance fitted."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_choice, check_count, check_number, check_rows
from collapse_lib.models.base import Learned, as_rows, column_units

__all__ = ["Gaussian", "Normal"]


class Normal:
    """What a model does that has learned a normal distribution.

    Learned, for rows (n,): mean_ and variance_, floats. For rows (n, d): mean_ (d,),
    covariance_ (d, d) and its diagonal variance_ (d,).
    """

    sampling_bias = 1.0
    mean_ = _one_dimensional = Learned()

    def sample(self, n, *, rng):
        n = check_count("Gaussian.sample.n", n)
        if self._one_dimensional:
            return rng.normal(self.mean_, np.sqrt(self.sampling_bias * self.variance_), size=n)
        covariance = self.sampling_bias * self.covariance_
        unit = column_units(np.sqrt(np.diag(covariance)))  # (d,)
        # eigh, because a covariance fitted to few rows is singular.
        mean, covariance = self.mean_ / unit, covariance / np.outer(unit, unit)
        return unit * rng.multivariate_normal(mean, covariance, n, "ignore", method="eigh")

    def score_samples(self, rows):
        """(n,) natural log density of the fitted distribution, before any sampling bias; raises
        ValueError when the fitted covariance is singular, as it then has no density."""
        whose = f"{type(self).__name__}.score_samples"
        rows = check_rows(whose, rows, ndim=(1, 2))
        covariance = np.atleast_2d(self.variance_ if self._one_dimensional else self.covariance_)
        try:
            factor = np.linalg.cholesky(covariance)  # (d, d)
        except np.linalg.LinAlgError:
            raise ValueError(
                f"{whose}: the fitted covariance is singular, so there is no density; fit to more "
                "rows than dimensions."
            ) from None
        centred = np.linalg.solve(factor, as_rows(rows - self.mean_).T)  # (d, n)
        log_det = 2 * np.log(np.diag(factor)).sum()
        return -0.5 * ((centred**2).sum(axis=0) + log_det + len(factor) * np.log(2 * np.pi))

    def _learn(self, mean, covariance, one_dimensional: bool):
        """Take mean (d,) and covariance (d, d), or numbers for rows (n,)."""
        self.mean_, self._one_dimensional = mean, one_dimensional
        if one_dimensional:
            self.variance_ = covariance[()]
        else:
            self.covariance_ = np.atleast_2d(covariance)  # (d, d)
            self.variance_ = np.diag(self.covariance_).copy()  # (d,)
        return self


@dataclass
class Gaussian(Normal):
    """Normal distribution in one dimension, rows (n,), or in d, rows (n, d).

    ddof: 0 for the maximum-likelihood variance, 1 for the unbiased one.
    sampling_bias: multiplies the variance of a sample; 1 is unbiased, below 1 cuts the tails
        (lambda of Alemohammad et al., arXiv:2307.01850).

    Learned: see Normal.
    """

    ddof: int = 0
    sampling_bias: float = 1.0

    def fit(self, rows, *, rng=None, sample_weight=None):
        check_choice("Gaussian.ddof", self.ddof, (0, 1))
        check_number("Gaussian.sampling_bias", self.sampling_bias, least=0)
        rows = check_rows("Gaussian.fit", rows, least=self.ddof + 1, ndim=(1, 2))
        if rows.ndim == 1 and sample_weight is None:
            mean = rows.mean()
            centred = rows - mean  # (n,)
            # Not a dot product: BLAS may sum in another order on another number of threads.
            squares = np.square(centred, out=centred)
            return self._learn(mean, squares.sum() / (len(rows) - self.ddof), True)
        mean = np.average(rows, axis=0, weights=sample_weight)  # (d,)
        covariance = np.cov(rows, rowvar=False, ddof=self.ddof, aweights=sample_weight)
        return self._learn(mean, covariance, rows.ndim == 1)
