"""Extrapolated: a normal distribution pushed away from what a fit to its own samples becomes."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_choice, check_count, check_number, check_rows
from collapse_lib.models.base import check_fields
from collapse_lib.models.gaussian import Gaussian, Normal

__all__ = ["Extrapolated"]


@dataclass
class Extrapolated(Normal):
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

    Learned: see Normal.

    Source: Alemohammad et al., arXiv:2408.16333 (SIMS, there on the score of a diffusion model).
    """

    strength: float = 1.0
    n_auxiliary: int | None = None
    ddof: int = 0

    def fit(self, rows, *, rng):
        check_fields(self, check_number, "strength", least=0)
        check_fields(self, check_choice, "ddof", allowed=(0, 1))
        d = np.shape(rows)[1] if np.ndim(rows) == 2 else 1
        check_fields(self, check_count, "n_auxiliary", least=d + 1)
        rows = check_rows("Extrapolated.fit", rows, least=d + 1, ndim=(1, 2))
        real = Gaussian(self.ddof).fit(rows)
        own = real.sample(self.n_auxiliary or len(rows), rng=rng)
        natural = [_natural(real), _natural(Gaussian(self.ddof).fit(own))]
        precision, shift = (
            (1 + self.strength) * a - self.strength * b for a, b in zip(*natural, strict=True)
        )
        covariance = _inverse(
            precision,
            "the extrapolated precision is not positive definite; lower strength from "
            f"{self.strength:g} or raise n_auxiliary.",
        )
        mean, covariance = covariance @ shift, (covariance + covariance.T) / 2
        if rows.ndim == 1:
            mean, covariance = mean[0], covariance[0, 0]
        return self._learn(mean, covariance, rows.ndim == 1)


def _natural(fitted) -> tuple[np.ndarray, np.ndarray]:
    """Precision (d, d) and precision times mean (d,)."""
    precision = _inverse(
        np.atleast_2d(getattr(fitted, "covariance_", fitted.variance_)),
        "the rows are flat in some direction, so there is no precision; fit to more rows than "
        "dimensions, not all equal.",
    )
    return precision, precision @ np.atleast_1d(fitted.mean_)


def _inverse(matrix: np.ndarray, fault: str) -> np.ndarray:
    try:
        np.linalg.cholesky(matrix)  # stricter than inv, which takes what is all but singular
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        raise ValueError(f"Extrapolated.fit: {fault}") from None
