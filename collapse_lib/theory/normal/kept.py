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

from itertools import islice
from typing import NamedTuple

import numpy as np
from scipy import special

from collapse_lib.arguments import check_count, check_counts, check_number, check_numbers
from collapse_lib.theory._special import accumulate_log_product
from collapse_lib.theory._together import check_fit, check_reused


class Moments(NamedTuple):
    """Exact means over replicates for generations 1..T, in units of the truth's variance."""

    variance: np.ndarray  # (T,) E of the fitted variance
    mean_drift: np.ndarray  # (T,) E of (fitted mean - true mean)^2

    @classmethod
    def of(cls, path, n_generations):
        """The first generations of an endless path of (variance, mean drift)."""
        return cls(*np.array(list(islice(path, n_generations)), dtype=float).T)


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
    t = check_counts("accumulate_variance.t", t, infinite=True)
    n = check_counts("accumulate_variance.n_samples", n_samples, least=1)
    std = check_numbers("accumulate_variance.std", std, above=0)
    return std**2 * np.exp(accumulate_log_product(t, n))


def accumulate_mean_drift(t, n_samples, std=1.0):
    """E (mu_t - mu0)^2 when all rows are kept (CF18, exact).

        sigma0^2 [1 - prod_{i=1..t} (1 - 1/(N i^2))]  ->  about sigma0^2 pi^2/(6 N)

    Policy Accumulate without fresh rows, ddof = 0, no sampling bias. t >= 0 (or infinity) counts
    fits, n_samples = N >= 1, std > 0; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    t = check_counts("accumulate_mean_drift.t", t, infinite=True)
    n = check_counts("accumulate_mean_drift.n_samples", n_samples, least=1)
    std = check_numbers("accumulate_mean_drift.std", std, above=0)
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
    t = check_counts("biased_accumulate_variance.t", t, least=1)
    bias = check_numbers("biased_accumulate_variance.sampling_bias", sampling_bias, least=0)
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
    t = check_counts("subsample_mean_error.t", t, least=1, infinite=True)
    check_numbers("subsample_mean_error.t that is finite", np.where(np.isinf(t), 1, t), most=10**7)
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
    generations = check_count("pooled_moments.n_generations", n_generations, least=1)
    n = check_count("pooled_moments.n_samples", n_samples, least=2)
    m = check_count("pooled_moments.n_fresh", n_fresh)
    budget = check_count("pooled_moments.budget", budget, least=2, infinite=True)
    ddof = check_count("pooled_moments.ddof", ddof)
    check_fit("pooled_moments", min(n, budget), ddof)
    bias = check_number("pooled_moments.sampling_bias", sampling_bias, least=0)

    def path():
        square, mean = 1.0, 1 / n  # E Q and E P^2 of the pool
        rows = size = n
        while True:
            population = (square - mean) * size / (size - 1)
            extra = population * (1 / rows - 1 / size)
            variance, drift = population * (rows - 1) / (rows - ddof), mean + extra
            yield variance, drift
            sampled = bias * variance
            mean = ((size + n) ** 2 * mean + n**2 * extra + n * sampled + m) / (size + n + m) ** 2
            square = (size * square + n * (drift + sampled) + m) / (size + n + m)
            size += n + m
            rows = min(budget, size)

    return Moments.of(path(), generations)


def reused_moments(n_generations, n_original, n_real, n_synthetic, ddof=0, sampling_bias=1.0):
    """Exact moments when the same real rows are used again in every generation.

    From generation 2 on, each trains on n_real = k of the fixed n_original real rows, drawn without
    replacement, and n_synthetic = n of the newest samples. Policy Anchored is k = n_original;
    MixReal(alpha) is k = round(alpha N), n = N - k. The Gaussian companion of CF11
    (`kept.reused_inbreeding`). n_original >= 2, 0 <= k <= n_original, n >= 0, k + n >= 2,
    sampling_bias >= 0, one number each. Returns Moments. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    generations = check_count("reused_moments.n_generations", n_generations, least=1)
    original = check_count("reused_moments.n_original", n_original, least=2)
    k = check_count("reused_moments.n_real", n_real)
    n = check_count("reused_moments.n_synthetic", n_synthetic)
    check_reused("reused_moments", original, k, n, least=2)
    ddof = check_count("reused_moments.ddof", ddof)
    check_fit("reused_moments", min(original, k + n), ddof)
    bias = check_number("reused_moments.sampling_bias", sampling_bias, least=0)

    def path():
        size = k + n
        real = 1 - 1 / original  # E of the real rows' variance about their own mean
        redrawn = k * real * (original - k) / (original - 1)
        fitted, mean = real * original / (original - ddof), 0.0  # mean: E (mu_t - real mean)^2
        while True:
            yield fitted, mean + 1 / original
            square = (k * real + n * (mean + bias * fitted)) / size  # about the real mean
            mean = (redrawn + n**2 * mean + n * bias * fitted) / size**2
            fitted = (square - mean) * size / (size - ddof)

    return Moments.of(path(), generations)
