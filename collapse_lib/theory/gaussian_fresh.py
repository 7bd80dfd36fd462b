"""The 1-D Gaussian loop with new real rows in every generation, and two results on the mean alone.

n_real = n_r rows are new from the truth in each generation, n_synthetic = n_s come from the newest
model, and one Gaussian is fitted to all n = n_r + n_s of them. Units: sigma0 = 1. a = n_s/n,
r = n_r/n, lambda = sampling_bias multiplies the variance of what is sampled. t counts fits.
"""

from typing import NamedTuple

import numpy as np

from collapse_lib.theory import _arguments as arguments
from collapse_lib.theory.gaussian_kept import Moments


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
    owner = "fresh_moments"
    generations = arguments.single(owner, "n_generations", n_generations, 1)
    real = arguments.single(owner, "n_real", n_real, 0)
    synthetic = arguments.single(owner, "n_synthetic", n_synthetic, 0)
    n = real + synthetic
    if n < 2:
        raise ValueError(f"{owner}.n_real + n_synthetic must be at least 2; got {n}.")
    arguments.fitted_rows(owner, n, ddof)
    bias = float(arguments.at_least_zero(owner, "sampling_bias", sampling_bias))
    a, r = synthetic / n, real / n
    variance, drift = np.empty(generations), np.empty(generations)
    variance[0], drift[0] = (n - 1) / (n - ddof), 1 / n
    for t in range(1, generations):
        m, v = drift[t - 1], variance[t - 1]
        within = r + a * bias * v
        drift[t] = a**2 * m + within / n
        variance[t] = ((n - 1) * within + a * r * n * m) / (n - ddof)
    return Moments(variance, drift)


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
    owner = "fresh_fixed_point"
    real, synthetic, bias = arguments.fresh_rows(owner, n_real, n_synthetic, sampling_bias)
    n, ddof = arguments.fitted_rows(owner, real + synthetic, ddof)
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
    real = arguments.whole("effective_sample_size_limit", "n_real", n_real, 1)
    synthetic = arguments.whole("effective_sample_size_limit", "n_synthetic", n_synthetic, 0)
    return real * (1 + synthetic / (real + synthetic))


def golden_weight(ratio):
    """Best weight of the new real mean, w* = (sqrt(1+4k) - 1)/(2k), with k = n_s/n_r (CF22, exact).

    Each generation estimates the mean by mu_t = w (mean of n_r new real rows) + (1-w) (mean of n_s
    rows sampled around mu_{t-1}), both with the true variance. w* minimises the stationary
    error, and that least error, in units of sigma0^2/n_r, is w* too. For k = 1 it is the
    reciprocal of the golden ratio, .618, where plain pooling weighs 1/2. ratio = k >= 0, any shape
    (k = 0: no synthetic rows, weight 1). Raises ValueError below 0.

    Source: derived for this book; the golden ratio in He, Xu and Cheng, arXiv:2502.18049.

    >>> round(float(golden_weight(1)), 3)
    0.618
    """
    ratio = arguments.at_least_zero("golden_weight", "ratio", ratio)
    return 2 / (1 + np.sqrt(1 + 4 * ratio))  # the same number, defined at 0


def weighted_mean_error(weight, ratio):
    """Stationary error of the mean at any weight, in units of sigma0^2/n_r (CF22, exact).

        e = (w^2 + (1-w)^2/k) / (1 - (1-w)^2),   k = n_s/n_r

    The loop of `golden_weight`. Plain pooling is w = 1/(1+k). weight in (0, 1], ratio = k > 0;
    they broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> round(float(weighted_mean_error(0.5, 1)), 4)
    0.6667
    """
    weight = arguments.above_zero("weighted_mean_error", "weight", weight)
    weight = arguments.share("weighted_mean_error", "weight", weight)
    ratio = arguments.above_zero("weighted_mean_error", "ratio", ratio)
    synthetic = (1 - weight) ** 2
    return (weight**2 + synthetic / ratio) / (weight * (2 - weight))


def beats_first_probability(t):
    """P(the mean of generation t is nearer the truth than that of generation 1) (CF23, exact).

        arctan(2/sqrt(t-1))/pi, always below 1/2

    Policy Replace for the mean alone: each step adds an independent normal error of the same
    variance (known variance; with a refitted variance it holds for n_samples much larger than
    t). t >= 2 counts fits, any shape. Raises ValueError below 2.

    Source: derived for this book; compare Xu, He and Cheng, arXiv:2505.13947.

    >>> round(float(beats_first_probability(5)), 4)
    0.25
    """
    t = arguments.whole("beats_first_probability", "t", t, 2)
    return np.arctan2(2, np.sqrt(t - 1)) / np.pi
