"""The 1-D Gaussian loop that trains on its newest samples only, with either variance estimate.

Policy Replace: a normal distribution is fitted to n_samples rows, the next rows are drawn from it.
ddof = 0 is the maximum-likelihood variance, ddof = 1 the unbiased one. sampling_bias = lambda
multiplies the variance of what is sampled, as in Alemohammad et al., arXiv:2307.01850; the fitted
variance of generation t has then felt it t - 1 times. std is sigma0, the truth's standard
deviation. Everything is exact for every n_samples >= 2 unless a docstring says otherwise.

t counts fits: generation 1 is fitted to n_samples real rows, t = 0 is the truth itself.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from collapse_lib.arguments import check_counts, check_numbers
from collapse_lib.theory._special import digamma_minus_log, log_c4
from collapse_lib.theory._together import check_fit


def c4(n_samples):
    """Mean of the unbiased-variance standard deviation in units of the true one (CF12, exact).

        c4(N) = sqrt(2/(N-1)) Gamma(N/2) / Gamma((N-1)/2)  ~  1 - 1/(4N)

    n_samples = N >= 2, any shape. Raises ValueError below 2.

    Source: the mean of a chi variable with N - 1 degrees of freedom.

    >>> round(float(c4(10)), 5)
    0.97266
    """
    return np.exp(log_c4(check_counts("c4.n_samples", n_samples, least=2)))


def log_variance_mean(t, n_samples, ddof=0, sampling_bias=1.0):
    """Mean of ln(variance_t / sigma0^2) (CF12 for ddof = 1, CF13 for ddof = 0; exact).

        t [psi((N-1)/2) + ln(2/(N - ddof))] + (t-1) ln lambda

    About -t/N for ddof = 1 and -2t/N for ddof = 0. exp of it is close to the median, which is
    what to report: the mean of the variance is carried by rare paths. t >= 0 counts fits,
    n_samples = N >= 2, sampling_bias > 0; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book (log of a chi-square variable).

    >>> round(float(log_variance_mean(1, 100, ddof=1)), 6)
    -0.010135
    """
    t = check_counts("log_variance_mean.t", t)
    n, ddof = check_fit("log_variance_mean", n_samples, ddof)
    bias = check_numbers("log_variance_mean.sampling_bias", sampling_bias, above=0)
    step = digamma_minus_log((n - 1) / 2) + np.log1p((ddof - 1) / (n - ddof))
    return t * step + np.maximum(t - 1, 0) * np.log(bias)


def log_variance_variance(t, n_samples):
    """Variance over replicates of ln variance_t, t psi'((N-1)/2) ~ 2t/(N-1) (CF12, exact).

    The same for every ddof and sampling bias. t >= 0 counts fits, n_samples = N >= 2; they
    broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    t = check_counts("log_variance_variance.t", t)
    n = check_counts("log_variance_variance.n_samples", n_samples, least=2)
    return t * special.polygamma(1, (n - 1) / 2)


def variance_mean(t, n_samples, ddof=0, sampling_bias=1.0, std=1.0):
    """Mean fitted variance of generation t (CF12 for ddof = 1, CF13 for ddof = 0; exact).

        sigma0^2 ((N-1)/(N-ddof))^t lambda^(t-1)

    So (1 - 1/N)^t for ddof = 0, and 1 for ever for ddof = 1, although every single path goes to 0
    (a simulation needs far too many replicates to see that mean; see `log_variance_mean`). t >= 0
    counts fits, n_samples = N >= 2, sampling_bias >= 0, std > 0; all broadcast. Raises ValueError
    outside these ranges.

    Source: derived for this book; with sampling bias Alemohammad et al., arXiv:2307.01850.
    """
    path = _path("variance_mean", t, n_samples, ddof, sampling_bias, std)
    with np.errstate(over="ignore"):
        return path.scale * np.exp(path.log_variance)


def std_mean(t, n_samples, ddof=0, sampling_bias=1.0, std=1.0):
    """Mean fitted standard deviation of generation t (CF12 for ddof = 1, CF13 for ddof = 0; exact).

        sigma0 (c4(N) sqrt((N-1)/(N-ddof)))^t lambda^((t-1)/2)

    t >= 0 counts fits, n_samples = N >= 2, sampling_bias >= 0, std > 0; all broadcast. Raises
    ValueError outside these ranges.

    Source: derived for this book.
    """
    path = _path("std_mean", t, n_samples, ddof, sampling_bias, std)
    with np.errstate(over="ignore"):
        return np.sqrt(path.scale) * np.exp(path.log_std)


def mean_drift(t, n_samples, ddof=0, sampling_bias=1.0, std=1.0):
    """Mean squared error of the fitted mean, E (mu_t - mu0)^2 (CF14, exact).

        sigma0^2/N sum_{j=0..t-1} (lambda (N-1)/(N-ddof))^j

    That is t sigma0^2/N for ddof = 1, growing without bound, and sigma0^2 (1 - (1 - 1/N)^t) for
    ddof = 0, which stops at sigma0^2. t >= 0 counts fits, n_samples = N >= 2, sampling_bias >= 0,
    std > 0; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    path = _path("mean_drift", t, n_samples, ddof, sampling_bias, std)
    with np.errstate(over="ignore"):
        return path.scale * path.drift


def wasserstein_risk(t, n_samples, ddof=0, sampling_bias=1.0, std=1.0):
    """Expected squared 2-Wasserstein distance of the fitted Gaussian to the truth (CF15, exact).

        E (mu_t - mu0)^2 + E (sigma_t - sigma0)^2

    Without sampling bias, in units of sigma0^2: t/N + 2 - 2 c4^t for ddof = 1, which grows without
    bound and starts as 3t/(2N); 2 - 2 (c4 sqrt(1 - 1/N))^t for ddof = 0, never above 2. The
    divergence belongs to the unbiased estimate. t >= 0 counts fits, n_samples = N >= 2,
    sampling_bias >= 0, std > 0; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; for ddof = 1 Shumailov et al., doi:10.1038/s41586-024-07566-y,
    show the divergence (Theorem 3.1) and the first order (3/2) sigma0^2 sum 1/M_i (supplement).

    >>> round(float(wasserstein_risk(100, 100, ddof=1)), 4)
    1.4463
    >>> round(float(wasserstein_risk(100, 100, ddof=0)), 4)
    1.06
    """
    path = _path("wasserstein_risk", t, n_samples, ddof, sampling_bias, std)
    # E sigma^2 - 2 E sigma + 1 without the loss of digits
    with np.errstate(over="ignore"):
        grown = np.expm1(path.log_variance)
        spread = grown - np.where(np.isinf(grown), 0.0, 2 * np.expm1(path.log_std))
        return path.scale * (path.drift + spread)


def sample_variance(t, n_samples, ddof=0, sampling_bias=1.0, std=1.0):
    """Variance over replicates of one row sampled from the model of generation t (CF16, exact).

        lambda E variance_t + E (mu_t - mu0)^2

    Without sampling bias: sigma0^2 (1 + t/N) for ddof = 1 and exactly sigma0^2 for ddof = 0: no
    single row tells that the loop has run. t >= 1 counts fits, other arguments as for
    `variance_mean`. Raises ValueError outside the ranges.

    Source: Shumailov et al., doi:10.1038/s41586-024-07566-y (ddof = 1); derived for this book
    for the rest.
    """
    path = _path("sample_variance", t, n_samples, ddof, sampling_bias, std, first=1)
    with np.errstate(over="ignore"):
        return path.scale * (path.bias * np.exp(path.log_variance) + path.drift)


def std_tail_bound(threshold, t, n_samples, std=1.0):
    """Upper bound on P(sigma_t > threshold), (sigma0/threshold) exp(-t/(4N)) (CF17).

    For ddof = 0 and ddof = 1, without sampling bias. A bound, useless where it is above 1. It is
    Markov's inequality for E sigma_t <= sigma0 c4^t with c4(N) < exp(-1/(4N)). threshold > 0,
    t >= 0 counts fits, n_samples = N >= 2, std > 0; all broadcast. Raises ValueError outside
    these ranges.

    Source: Suresh, Thangaraj and Khandavally, arXiv:2412.17646.
    """
    threshold = check_numbers("std_tail_bound.threshold", threshold, above=0)
    t = check_counts("std_tail_bound.t", t)
    n = check_counts("std_tail_bound.n_samples", n_samples, least=2)
    std = check_numbers("std_tail_bound.std", std, above=0)
    return std / threshold * np.exp(-t / (4 * n))


class _Path(NamedTuple):
    """What the moments at generation t are made of; scale is sigma0^2, the rest in its units."""

    log_variance: np.ndarray  # ln E variance_t
    log_std: np.ndarray  # ln E sigma_t
    drift: np.ndarray  # E (mu_t - mu0)^2
    bias: np.ndarray
    scale: np.ndarray


def _path(owner, t, n_samples, ddof, sampling_bias, std, first=0):
    """The moments of generation t >= first, after the checks."""
    t = check_counts(f"{owner}.t", t, least=first)
    n, ddof = check_fit(owner, n_samples, ddof)
    bias = check_numbers(f"{owner}.sampling_bias", sampling_bias, least=0)
    std = check_numbers(f"{owner}.std", std, above=0)
    log_step = np.log1p((ddof - 1) / (n - ddof))  # of (N-1)/(N-ddof)
    log_bias = special.xlogy(np.maximum(t - 1, 0), bias)
    loss = ((n - 1) * (1 - bias) + 1 - ddof) / (n - ddof)  # 1 - lambda (N-1)/(N-ddof)
    steady = loss == 0
    safe = np.where(steady, 1.0, loss)
    log_std = t * (log_c4(n) + log_step / 2) + log_bias / 2
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.where(steady, t, -np.expm1(special.xlog1py(t, -safe)) / safe)
        return _Path(t * log_step + log_bias, log_std, steps / n, bias, std**2)
