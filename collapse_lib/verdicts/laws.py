"""When the two stages come, in closed form, for the loop that trains on its newest samples."""

import numpy as np
from scipy import optimize, stats

from collapse_lib.arguments import check_number, check_numbers, check_probabilities
from collapse_lib.sources import rarest
from collapse_lib.theory import survival_exponents
from collapse_lib.verdicts.when import SPREAD_LEVEL, TAIL_LEVEL

__all__ = ["gaussian_late_time", "tail_loss_time"]


def gaussian_late_time(n_samples, quantile=0.5, spread_level: float = SPREAD_LEVEL) -> np.ndarray:
    """Generation at which a share `quantile` of Gaussian loops is late: variance < spread_level.

    Policy Replace, maximum likelihood. ln variance is a walk of drift -2/N and variance 2/N a
    generation; the first time below -a, a = ln(1/spread_level), follows the inverse Gaussian law
    of mean a N / 2 and shape a^2 N / 2. Asymptotic for many rows. n_samples = N and quantile in
    (0, 1) broadcast. Source: Wald's law of first passage; Chhikara and Folks, The Inverse Gaussian
    Distribution (1989).
    Raises ValueError for a number of rows that is not above 0, or a quantile or level that is not
    between 0 and 1.
    """
    check_number("gaussian_late_time.spread_level", spread_level, above=0, below=1)
    n = check_numbers("gaussian_late_time.n_samples", n_samples, above=0)
    quantile = check_numbers("gaussian_late_time.quantile", quantile, least=1e-9, most=1 - 1e-9)
    a = np.log(1 / spread_level)
    shape = a**2 * n / 2
    return stats.invgauss.ppf(quantile, (a * n / 2) / shape, scale=shape)


def tail_loss_time(
    p, n_samples: float, *, tail_mass: float = 0.05, level: float = TAIL_LEVEL
) -> float:
    """Generation at which the expected coverage of the tail falls to a level (from CF5).

    Policy Replace. Solves sum_i p_i (1 - exp(-N p_i g)) = level sum_i p_i over the rarest
    categories, which hold tail_mass, for g, and g = g_t for t: one by one up to 1,000, then by
    1/g_t ~ t/2 + (ln t)/6 + constant. p: (K,) real shares; n_samples = N. At least 1; a fraction
    past 1,000. Source: Suresh, Thangaraj and Khandavally, arXiv:2412.17646, and derived for
    this book.
    Raises ValueError for shares that are negative or do not sum to 1, a number of rows that is not
    above 0, a tail_mass outside (0, 1], or a level that is not between 0 and 1.
    """
    check_number("tail_loss_time.level", level, least=1e-12, below=1)
    check_number("tail_loss_time.n_samples", n_samples, above=0)
    n_samples = float(n_samples)
    p = check_probabilities("tail_loss_time.p", p, axes=1)
    check_number("tail_loss_time.tail_mass", tail_mass, above=0, most=1)
    tail = p[rarest(p, tail_mass)]

    def short(log_g):
        return -(tail @ np.expm1(-n_samples * tail * np.exp(log_g))) / tail.sum() - level

    if short(0.0) < 0:
        return 1.0
    g = np.exp(optimize.brentq(short, -700.0, 0.0))
    exponents = survival_exponents(1000)
    if g >= exponents[-1]:
        return float(1 + np.argmax(exponents <= g))
    x, x0 = 1 / g, 1 / exponents[-1]  # d(1/g)/dt = 1/2 + g/12
    return float(1000 + 2 * (x - x0) - np.log((6 * x + 1) / (6 * x0 + 1)) / 3)
