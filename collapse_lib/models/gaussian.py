"""Gaussian: a normal distribution with its mean and covariance fitted."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.models.base import as_rows, check_fitted, check_number, check_rows

__all__ = ["Gaussian"]


@dataclass
class Gaussian:
    """Normal distribution in one dimension, rows (n,), or in d, rows (n, d).

    ddof: 0 for the maximum-likelihood variance, 1 for the unbiased one.
    sampling_bias: multiplies the variance of a sample; 1 is unbiased, below 1 cuts the tails
        (lambda of Alemohammad et al., arXiv:2307.01850).

    Learned, for rows (n,): mean_ and variance_, floats. For rows (n, d): mean_ (d,),
    covariance_ (d, d) and its diagonal variance_ (d,).
    """

    ddof: int = 0
    sampling_bias: float = 1.0

    def fit(self, rows, *, rng=None, sample_weight=None):
        self._check_parameters()
        rows = check_rows(self, rows, least=self.ddof + 1)
        if rows.ndim == 1 and sample_weight is None:
            self.mean_ = rows.mean()
            centred = rows - self.mean_  # (n,)
            # Not a dot product: BLAS may sum in another order on another number of threads.
            squares = np.square(centred, out=centred)
            self.variance_ = squares.sum() / (len(rows) - self.ddof)
            self._one_dimensional = True
            return self
        self.mean_ = np.average(rows, axis=0, weights=sample_weight)  # (d,)
        covariance = np.cov(rows, rowvar=False, ddof=self.ddof, aweights=sample_weight)
        self._one_dimensional = rows.ndim == 1
        if self._one_dimensional:
            self.variance_ = float(covariance)
        else:
            self.covariance_ = np.atleast_2d(covariance)  # (d, d)
            self.variance_ = np.diag(self.covariance_).copy()  # (d,)
        return self

    def sample(self, n, *, rng):
        check_fitted(self, "mean_")
        if self._one_dimensional:
            return rng.normal(self.mean_, np.sqrt(self.sampling_bias * self.variance_), size=n)
        # eigh, because a covariance fitted to few rows is singular.
        return rng.multivariate_normal(
            self.mean_,
            self.sampling_bias * self.covariance_,
            size=n,
            method="eigh",
            check_valid="ignore",
        )

    def score_samples(self, rows):
        """(n,) natural log density of the fitted distribution, before any sampling bias; raises
        ValueError when the fitted covariance is singular, as it then has no density."""
        check_fitted(self, "mean_")
        rows = check_rows(self, rows)
        covariance = np.atleast_2d(self.variance_ if self._one_dimensional else self.covariance_)
        try:
            factor = np.linalg.cholesky(covariance)  # (d, d)
        except np.linalg.LinAlgError:
            raise ValueError(
                "Gaussian.score_samples: the fitted covariance is singular, so there is no "
                "density; fit to more rows than dimensions."
            ) from None
        centred = np.linalg.solve(factor, as_rows(rows - self.mean_).T)  # (d, n)
        log_det = 2 * np.log(np.diag(factor)).sum()
        return -0.5 * ((centred**2).sum(axis=0) + log_det + len(factor) * np.log(2 * np.pi))

    def _check_parameters(self):
        if self.ddof not in (0, 1):
            raise ValueError(f"Gaussian.ddof must be 0 or 1; got {self.ddof!r}.")
        check_number("Gaussian.sampling_bias", self.sampling_bias, least=0)
