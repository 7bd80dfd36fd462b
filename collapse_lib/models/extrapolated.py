"""Extrapolated: a normal distribution pushed away from what a fit to its own samples becomes."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count
from collapse_lib.models.base import as_rows, check_fitted, check_number, check_rows
from collapse_lib.models.gaussian import Gaussian

__all__ = ["Extrapolated"]


@dataclass
class Extrapolated:
    """Normal distribution with negative guidance, rows (n,) or (n, d).

    A normal is fitted to the rows, an auxiliary one to a sample of that, and the two are combined
    in natural parameters (precision, precision times mean): (1 + strength) times those of the first
    minus strength times those of the second. Whatever a fit to own samples does wrong in the mean
    is so undone; its random error is not, it grows.

    strength: w, 0 or more; 0 is Gaussian(ddof). theory.extrapolation_strength has the value at
        which the mean precision stays as it is, and what that leaves undone.
    n_auxiliary: rows of the auxiliary sample; None for as many as there are rows. Few rows with a
        large strength may leave a negative precision, which stops the fit with an error.
    ddof: 0 for maximum-likelihood variances, 1 for unbiased ones.

    Learned, for rows (n,): mean_ and variance_, floats. For rows (n, d): mean_ (d,), covariance_
    (d, d) and its diagonal variance_ (d,).

    Source: Alemohammad et al., arXiv:2408.16333 (SIMS, there on the score of a diffusion model).
    """

    strength: float = 1.0
    n_auxiliary: int | None = None
    ddof: int = 0

    def fit(self, rows, *, rng):
        check_number("Extrapolated.strength", self.strength, least=0)
        if self.ddof not in (0, 1):
            raise ValueError(f"Extrapolated.ddof must be 0 or 1; got {self.ddof!r}.")
        d = np.shape(rows)[1] if np.ndim(rows) == 2 else 1
        if self.n_auxiliary is not None:
            check_count("Extrapolated.n_auxiliary", self.n_auxiliary, least=d + 1)
        rows = check_rows(self, rows, least=d + 1)
        real = Gaussian(self.ddof).fit(rows)
        own = real.sample(self.n_auxiliary or len(rows), rng=rng)
        self._one_dimensional = rows.ndim == 1
        mean, covariance = self._combined(_natural(real), _natural(Gaussian(self.ddof).fit(own)))
        if self._one_dimensional:
            self.mean_, self.variance_ = float(mean[0]), float(covariance[0, 0])
        else:
            self.mean_, self.covariance_ = mean, covariance  # (d,), (d, d)
            self.variance_ = np.diag(covariance).copy()  # (d,)
        return self

    def sample(self, n, *, rng):
        check_fitted(self, "mean_")
        if self._one_dimensional:
            return rng.normal(self.mean_, np.sqrt(self.variance_), size=n)
        return rng.multivariate_normal(self.mean_, self.covariance_, size=n, method="eigh")

    def score_samples(self, rows):
        """(n,) natural log density."""
        from scipy.stats import multivariate_normal

        check_fitted(self, "mean_")
        covariance = self.variance_ if self._one_dimensional else self.covariance_
        rows = as_rows(check_rows(self, rows))
        return np.atleast_1d(multivariate_normal(self.mean_, covariance).logpdf(rows))

    def _combined(self, real, own):
        """Mean (d,) and covariance (d, d) of the extrapolated natural parameters."""
        precision, shift = (
            (1 + self.strength) * a - self.strength * b for a, b in zip(real, own, strict=True)
        )
        try:
            np.linalg.cholesky(precision)
        except np.linalg.LinAlgError:
            raise ValueError(
                "Extrapolated.fit: the extrapolated precision is not positive definite; lower "
                f"strength from {self.strength:g} or raise n_auxiliary."
            ) from None
        covariance = np.linalg.inv(precision)
        return covariance @ shift, (covariance + covariance.T) / 2


def _natural(fitted):
    """Precision (d, d) and precision times mean (d,)."""
    covariance = np.atleast_2d(getattr(fitted, "covariance_", fitted.variance_))
    try:
        precision = np.linalg.inv(covariance)
    except np.linalg.LinAlgError:
        raise ValueError(
            "Extrapolated.fit: the rows are flat in some direction, so there is no precision; fit "
            "to more rows than dimensions, not all equal."
        ) from None
    return precision, precision @ np.atleast_1d(fitted.mean_)
