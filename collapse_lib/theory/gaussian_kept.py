"""The 1-D Gaussian loop when earlier or real rows stay in the training set.

For each policy the two numbers that matter are E variance_t, the mean fitted variance, and
E (mu_t - mu0)^2, the mean squared error of the fitted mean ("drift"). Both follow linear
recursions that are exact at every number of rows, for either variance estimate (ddof) and with
biased sampling: lambda = sampling_bias multiplies the variance of what is sampled, so that
generation 1, fitted to real rows, has not felt it yet. For ddof = 0 and lambda = 1 they reduce to
the inbreeding F of `kept`: variance (1 - F) and drift F, in units of sigma0^2.

t counts fits. The functions that return `Moments` give whole paths, entry t - 1 for generation t,
in units of the truth: sigma0 = 1.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from collapse_lib.theory import _arguments as arguments
from collapse_lib.theory._special import accumulate_log_product


class Moments(NamedTuple):
    """Exact means over replicates for generations 1..T, in units of the truth's variance."""

    variance: np.ndarray  # (T,) E of the fitted variance
    mean_drift: np.ndarray  # (T,) E of (fitted mean - true mean)^2


def accumulate_variance(t, n_samples, std=1.0):
    """Mean fitted variance of generation t when all rows are kept (CF18, exact).

        sigma0^2 prod_{i=1..t} (1 - 1/(N i^2))  ->  sigma0^2 sin(pi/sqrt N)/(pi/sqrt N)

    Policy Accumulate without fresh rows, ddof = 0 (the variance of the pool of t N rows), no
    sampling bias. t >= 0 (or infinity) counts fits, n_samples = N >= 1, std > 0; all broadcast.
    For ddof = 1, biased sampling or fresh rows see `pooled_moments`. Raises ValueError outside
    these ranges.

    Source: derived for this book; the limit is stated by Kazdan et al., arXiv:2410.16713.

    >>> round(float(accumulate_variance(200, 5)), 4)
    0.7027
    """
    t = arguments.whole("accumulate_variance", "t", t, 0, infinite=True)
    n = arguments.whole("accumulate_variance", "n_samples", n_samples, 1)
    std = arguments.above_zero("accumulate_variance", "std", std)
    return std**2 * np.exp(accumulate_log_product(t, n))


def accumulate_mean_drift(t, n_samples, std=1.0):
    """E (mu_t - mu0)^2 when all rows are kept (CF18, exact).

        sigma0^2 [1 - prod_{i=1..t} (1 - 1/(N i^2))]  ->  about sigma0^2 pi^2/(6 N)

    Policy Accumulate without fresh rows, ddof = 0, no sampling bias. t >= 0 (or infinity) counts
    fits, n_samples = N >= 1, std > 0; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    t = arguments.whole("accumulate_mean_drift", "t", t, 0, infinite=True)
    n = arguments.whole("accumulate_mean_drift", "n_samples", n_samples, 1)
    std = arguments.above_zero("accumulate_mean_drift", "std", std)
    return 0.0 - std**2 * np.expm1(accumulate_log_product(t, n))


def biased_accumulate_variance(t, sampling_bias):
    """Fitted variance under Accumulate with biased sampling and many rows (CF19, asymptotic).

        sigma0 = 1:  Gamma(t+lambda) / (Gamma(t+1) Gamma(1+lambda))  ~  t^(lambda-1)/Gamma(1+lambda)

    The limit n_samples -> infinity; `pooled_moments` is exact at finite n_samples. Keeping all rows
    does not stop the collapse when sampling cuts the variance by lambda < 1: it makes it a power
    law. t >= 1 counts fits; the variance of generation 1 is 1. sampling_bias = lambda >= 0; they
    broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> round(float(biased_accumulate_variance(10, 0.5)), 4)
    0.3524
    """
    t = arguments.whole("biased_accumulate_variance", "t", t, 1)
    bias = arguments.at_least_zero("biased_accumulate_variance", "sampling_bias", sampling_bias)
    log = special.gammaln(t + bias) - special.gammaln(t + 1) - special.gammaln(1 + bias)
    return np.exp(log)


def subsample_mean_error(t):
    """Error of the mean when N rows are drawn from all that was published (CF20, asymptotic).

        in units of sigma0^2/N:  e_t = P_t + 1 - 1/t,
        P_1 = 1,  P_{t+1} = P_t + (2 - 1/t)/(t+1)^2,   limit pi^2/2 - 2 = 2.935

    Policy AccumulateSubsample with a budget of N rows and no fresh rows, to first order in 1/N
    (unit variance throughout); `pooled_moments(..., budget=N)` is exact at finite N. Accumulate
    tends to pi^2/6 = 1.645, Replace grows as t. t >= 1 (or infinity) counts fits, any shape.
    Raises ValueError below 1.

    Source: derived for this book.

    >>> [round(float(error), 3) for error in subsample_mean_error([1, 2, 10])]
    [1.0, 1.75, 2.649]
    """
    t = arguments.whole("subsample_mean_error", "t", t, 1, infinite=True)
    finite = np.where(np.isfinite(t), t, 1)
    i = np.arange(1, int(finite.max(initial=1)))
    pool = 1 + np.concatenate([[0.0], np.cumsum((2 - 1 / i) / (i + 1) ** 2)])
    error = pool[finite.astype(int) - 1] + 1 - 1 / finite
    return np.where(np.isfinite(t), error, np.pi**2 / 2 - 2)[()]


def pooled_moments(n_generations, n_samples, n_fresh=0, budget=np.inf, ddof=0, sampling_bias=1.0):
    """Exact moments when everything is kept, with fresh rows, thinning and biased sampling.

    Policies Accumulate (budget infinite) and AccumulateSubsample (budget = rows trained on, drawn
    without replacement), N = n_samples synthetic and m = n_fresh new real rows published a
    generation. Generation 1 is fitted to all N real rows. A pool of S rows with mean P (about
    the truth) and mean square Q has the finite-population variance V = (Q - P^2) S/(S-1), so b
    rows drawn from it have E mean^2 = P^2 + V (1/b - 1/S) and fitted variance V (b-1)/(b-ddof).
    n_samples >= 2, n_fresh >= 0, budget >= 2, sampling_bias >= 0, one number each. Returns
    Moments. Raises ValueError outside these ranges.

    Source: derived for this book. It contains CF18 (no options), CF19 (sampling_bias, N ->
    infinity) and CF20 (budget = N, N -> infinity).
    """
    owner = "pooled_moments"
    generations = arguments.single(owner, "n_generations", n_generations, 1)
    n = arguments.single(owner, "n_samples", n_samples, 2)
    m = arguments.single(owner, "n_fresh", n_fresh, 0)
    budget = arguments.single(owner, "budget", budget, 2, infinite=True)
    arguments.fitted_rows(owner, min(n, budget), ddof)
    bias = float(arguments.at_least_zero(owner, "sampling_bias", sampling_bias))
    variance, drift = np.empty(generations), np.empty(generations)
    square, mean = 1.0, 1 / n  # E Q and E P^2 of the pool
    for t in range(generations):
        size = n + t * (n + m)
        rows = min(budget, size) if t else size
        population = (square - mean) * size / (size - 1)
        extra = population * (1 / rows - 1 / size)
        variance[t] = population * (rows - 1) / (rows - ddof)
        drift[t] = mean + extra
        sampled = bias * variance[t]
        mean = ((size + n) ** 2 * mean + n**2 * extra + n * sampled + m) / (size + n + m) ** 2
        square = (size * square + n * (drift[t] + sampled) + m) / (size + n + m)
    return Moments(variance, drift)


def reused_moments(n_generations, n_original, n_real, n_synthetic, ddof=0, sampling_bias=1.0):
    """Exact moments when the same real rows are used again in every generation.

    From generation 2 on, each trains on n_real = k of the fixed n_original real rows, drawn without
    replacement, and n_synthetic = n of the newest samples. Policy Anchored is k = n_original;
    MixReal(alpha) is k = round(alpha N), n = N - k. The Gaussian companion of CF11
    (`kept.reused_inbreeding`). n_original >= 2, 0 <= k <= n_original, n >= 0, k + n >= 2,
    sampling_bias >= 0, one number each. Returns Moments. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    owner = "reused_moments"
    generations = arguments.single(owner, "n_generations", n_generations, 1)
    original = arguments.single(owner, "n_original", n_original, 2)
    k = arguments.single(owner, "n_real", n_real, 0)
    n = arguments.single(owner, "n_synthetic", n_synthetic, 0)
    if k > original or k + n < 2:
        raise ValueError(
            f"{owner}.n_real must be at most n_original = {original} and n_real + n_synthetic at "
            f"least 2; got n_real = {k}, n_synthetic = {n}."
        )
    arguments.fitted_rows(owner, min(original, k + n), ddof)
    bias = float(arguments.at_least_zero(owner, "sampling_bias", sampling_bias))
    size = k + n
    variance, drift = np.empty(generations), np.empty(generations)
    real = 1 - 1 / original  # E of the real rows' variance about their own mean
    fitted, mean = real * original / (original - ddof), 0.0  # mean: E (mu_t - real mean)^2
    for t in range(generations):
        variance[t], drift[t] = fitted, mean + 1 / original
        square = (k * real + n * (mean + bias * fitted)) / size  # about the real mean
        redrawn = k * real * (original - k) / (original - 1)
        mean = (redrawn + n**2 * mean + n * bias * fitted) / size**2
        fitted = (square - mean) * size / (size - ddof)
    return Moments(variance, drift)
