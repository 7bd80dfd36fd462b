"""The 1-D Gaussian loop with new real rows in every generation.

n_real = n_r rows are new from the truth in each generation, n_synthetic = n_s come from the newest
model, and one Gaussian is fitted to all n = n_r + n_s of them. Units: sigma0 = 1. a = n_s/n,
r = n_r/n, lambda = sampling_bias multiplies the variance of what is sampled. t counts fits.
"""

from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import check_count, check_counts, check_number
from collapse_lib.theory._together import check_fit, check_fresh
from collapse_lib.theory.normal.kept import Moments


class FreshFixedPoint(NamedTuple):
    """Where the loop with fresh real rows settles, in units of the truth's variance."""

    mean_drift: np.ndarray  # E of (fitted mean - true mean)^2
    variance: np.ndarray  # E of the fitted variance
    effective_sample_size: np.ndarray  # fresh rows that alone would give this mean_drift


def fresh_moments(n_generations, n_real, n_synthetic, ddof=0, sampling_bias=1.0):
    """Exact moments of generations 1..T with n_real new real rows in each (CF21, exact).

        m' = a^2 m + (r + a lambda v)/n
        v' = (n-1)/(n-ddof) [r + a lambda v + a r n/(n-1) m]

    with m = E (mu_t - mu0)^2 and v = E variance_t. Policy FreshReal(alpha) with n_r = round(alpha
    n); generation 1 is fitted to n real rows. n_real >= 0, n_synthetic >= 0, together at least
    2, sampling_bias >= 0, one number each. Returns Moments. Raises ValueError outside.

    Source: derived for this book, for the fresh data loop of Alemohammad et al., arXiv:2307.01850.
    """
    generations = check_count("fresh_moments.n_generations", n_generations, least=1)
    real = check_count("fresh_moments.n_real", n_real)
    synthetic = check_count("fresh_moments.n_synthetic", n_synthetic)
    n = real + synthetic
    check_count("fresh_moments.n_real + n_synthetic", n, least=2)
    check_fit("fresh_moments", n, ddof)
    bias = check_number("fresh_moments.sampling_bias", sampling_bias, least=0)

    def path():
        a, r = synthetic / n, real / n
        v, m = (n - 1) / (n - ddof), 1 / n
        while True:
            yield v, m
            within = r + a * bias * v
            v = ((n - 1) * within + a * r * n * m) / (n - ddof)
            m = a**2 * m + within / n

    return Moments.of(path(), generations)


def fresh_fixed_point(n_real, n_synthetic, sampling_bias=1.0, ddof=1):
    """Where `fresh_moments` settles: drift, variance and effective sample size (CF21, exact).

        v = h r / (1 - h a lambda),   h = (n-1)/(n-ddof) [1 + a/((n-1)(1+a))],
        m = (r + a lambda v) / (n (1 - a^2)),   effective sample size 1/m

    n_real >= 1, n_synthetic >= 0, together at least 2, sampling_bias in [0, 1]; all broadcast.
    With lambda < 1 the variance settles below 1 even where the mean has improved. Returns
    FreshFixedPoint. Raises ValueError outside these ranges.

    Source: derived for this book, for the fresh data loop of Alemohammad et al., arXiv:2307.01850.

    >>> round(float(fresh_fixed_point(5, 20).effective_sample_size), 2)
    8.33
    """
    real, synthetic, bias = check_fresh("fresh_fixed_point", n_real, n_synthetic, sampling_bias)
    n, ddof = check_fit("fresh_fixed_point", real + synthetic, ddof)
    a, r = synthetic / n, real / n
    gain = (n - 1) / (n - ddof) * (1 + a / ((n - 1) * (1 + a)))
    variance = gain * r / (1 - gain * a * bias)
    drift = (r + a * bias * variance) / (n * r * (1 + a))  # 1 - a^2 = r (1 + a)
    return FreshFixedPoint(drift, variance, 1 / drift)


def effective_sample_size_limit(n_real, n_synthetic):
    """Effective sample size for many rows, n_r (1 + n_s/(n_r + n_s)) (CF21, asymptotic).

    No sampling bias, ddof = 1, many rows: synthetic rows are worth at most a second helping of the
    real ones. At few rows use `fresh_fixed_point`: for n_r = 5, n_s = 20 this says 9, the truth is
    8.33. n_real >= 1 and n_synthetic >= 0 broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    real = check_counts("effective_sample_size_limit.n_real", n_real, least=1)
    synthetic = check_counts("effective_sample_size_limit.n_synthetic", n_synthetic)
    return real * (1 + synthetic / (real + synthetic))
