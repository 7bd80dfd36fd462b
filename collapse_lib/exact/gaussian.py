"""The Gaussian loop on (mean, variance): one normal and one chi-square draw a generation."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import check_choice, check_count, check_number
from collapse_lib.exact.chain import chain, collected, measured, tidy
from collapse_lib.loop.signatures import hands_on_to

__all__ = ["GaussianPaths", "gaussian_chain", "gaussian_generations"]


MOST = 1e100  # of a scale: the squares of what is drawn stay among the floats


class GaussianPaths(NamedTuple):
    """The fitted models: arrays (n_replicates, n_generations); column t - 1 is generation t."""

    mean: np.ndarray
    variance: np.ndarray

    def to_frame(self, metrics=None):
        """A tidy pandas.DataFrame: replicate, generation, mean, variance, and a column for each of
        metrics, name -> function(mean, variance) -> array like them."""
        return tidy(mean=self.mean, variance=self.variance, **measured(self, metrics or {}))


def gaussian_generations(
    policy,
    *,
    n_samples,
    n_replicates: int,
    seed,
    mean: float = 0.0,
    std: float = 1.0,
    ddof: int = 0,
    sampling_bias: float = 1.0,
    n_fresh=0,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Fitted mean and variance of a loop of one-dimensional normals, one generation at a time and
    without end: (mean, variance), each (n_replicates,).

    policy: as for run_loop. MixReal and AccumulateSubsample use single rows again, which a mean
        and a variance cannot tell apart: they raise ValueError here and run on rows.
    n_samples, n_fresh: int, or a function of the generation t = 1, 2, ...
    ddof: 0 for the maximum-likelihood variance, 1 for the unbiased one.
    sampling_bias: multiplies the variance that samples are drawn with.
    mean, std: of the real distribution.

    Exact in law for normal rows (Cochran's theorem): of n rows of N(m, v), the mean is
    N(m, v / n), and the sum of squares about it, independently, v chi-square(n - 1).
    """
    n_replicates = check_count("n_replicates", n_replicates, least=1)
    ddof = int(check_choice("ddof", ddof, (0, 1)))
    check_number("sampling_bias", sampling_bias, least=0, most=MOST)
    mean, std = (
        check_number("mean", mean, least=-MOST, most=MOST),
        check_number("std", std, least=0, most=MOST),
    )
    real = np.full(n_replicates, mean), np.full(n_replicates, std**2)
    family = _Normal(ddof, sampling_bias)
    return chain(family, real, policy, n_samples=n_samples, n_fresh=n_fresh, seed=seed)


@hands_on_to(gaussian_generations)
def gaussian_chain(*parts, n_generations: int, **settings) -> GaussianPaths:
    """n_generations of `gaussian_generations`, kept: fitted mean and variance of each."""
    return GaussianPaths(*collected(gaussian_generations(*parts, **settings), n_generations))


class _Normal:
    """Statistic of rows: (mean, sum of squares about the mean), each (n_replicates,)."""

    def __init__(self, ddof: int, sampling_bias: float):
        self.ddof, self.sampling_bias = ddof, sampling_bias

    def draw(self, parameters, n: int, rng):
        mean, variance = parameters
        means = rng.standard_normal(len(mean))
        means *= np.sqrt(variance * (1 / n))
        means += mean
        if n == 1:
            return means, np.zeros_like(variance)
        # Twice a gamma variable of shape (n - 1) / 2 is chi-square; drawing the gamma is faster.
        squares = rng.standard_gamma((n - 1) / 2, len(variance))
        squares *= 2 * variance
        return means, squares

    def fit(self, statistic, n: int):
        if n <= self.ddof:
            raise ValueError(f"ddof = {self.ddof} needs at least {self.ddof + 1} rows; got {n}.")
        mean, squares = statistic
        return mean, squares * (1 / (n - self.ddof))

    def sampled(self, parameters):
        mean, variance = parameters
        return parameters if self.sampling_bias == 1 else (mean, self.sampling_bias * variance)

    def merge(self, a, n_a: int, b, n_b: int):
        """Chan, Golub and LeVeque (1983), doi:10.1080/00031305.1983.10483115."""
        gap, share = b[0] - a[0], n_b / (n_a + n_b)
        return a[0] + share * gap, a[1] + b[1] + share * n_a * gap**2

    def thin(self, statistic, n: int, k: int, rng):
        raise ValueError(
            "This policy re-uses single rows, and the mean and variance of normal rows do not "
            "tell how a part of them would look: no exact form exists. Run it on rows: "
            "run_loop(Gaussian(), GaussianSource(), policy, ...)."
        )
