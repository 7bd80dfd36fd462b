"""The 1-D Gaussian loop whose model is corrected, or extrapolated away from its own samples.

Policy Replace. correction: each sampled row x is given out as (x + gamma T(x))/(1 + gamma), where T
maps the fitted normal onto the true one; gamma = strength. Extrapolation: the precision 1/variance
of a fit is replaced by (1 + w) times it minus w times that of a fit to m rows of its own; w =
strength. ddof = 0 is the maximum-likelihood variance, ddof = 1 the unbiased one. std is sigma0, the
truth's standard deviation. c = c4(N) sqrt((N-1)/(N-ddof)) is what one fit does to a standard
deviation in the mean.

t counts fits: generation 1 is fitted to n_samples real rows, t = 0 is the truth itself.
"""

import numpy as np

from collapse_lib.arguments import LARGEST, check_count, check_counts, check_number, check_numbers
from collapse_lib.theory._special import log_c4
from collapse_lib.theory._together import check_ddof, check_fit, check_together
from collapse_lib.theory.normal.kept import Moments


def corrected_std_mean(t, n_samples, strength, ddof=0, std=1.0):
    """Mean fitted standard deviation of generation t of a corrected loop (section 6.4, exact).

        s + (c/(1+gamma))^t (sigma0 - s),   s = c gamma sigma0 / (1 + gamma - c)

    The corrected rows are normal with std (sigma_t + gamma sigma0)/(1 + gamma), which makes the
    recursion linear. Any gamma > 0 stops the collapse, at the fixed point s below sigma0; it is
    t = infinity here. gamma = 0 is `std_mean`. t >= 0 (or infinity) counts fits, n_samples = N >=
    2, strength = gamma >= 0, std > 0; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book, for the correction of Gillman et al., arXiv:2402.07087.

    >>> round(float(corrected_std_mean(float("inf"), 100, 1.0)), 4)
    0.9851
    """
    t = check_counts("corrected_std_mean.t", t, infinite=True)
    n, ddof = check_fit("corrected_std_mean", n_samples, ddof)
    gamma = check_numbers("corrected_std_mean.strength", strength, least=0)
    std = check_numbers("corrected_std_mean.std", std, above=0)
    log_c = log_c4(n) + np.log1p((ddof - 1) / (n - ddof)) / 2  # below 0 for every N
    settled = np.exp(log_c) * gamma / (gamma - np.expm1(log_c))
    left = np.exp(np.where(np.isinf(t), -np.inf, t * (log_c - np.log1p(gamma))))
    return (std * (settled + left * (1 - settled)))[()]


def corrected_moments(n_generations, n_samples, strength, ddof=0):
    """Mean variance and squared error of the mean in generations 1..T of a corrected loop, in units
    of sigma0^2 (section 6.4, exact).

        v_{t+1} = k q_t,  m_{t+1} = m_t/(1+gamma)^2 + q_t/N,  k = (N-1)/(N-ddof),
        q_t = E (sigma_t + gamma sigma0)^2/(1+gamma)^2

    q_t is the mean variance of the corrected rows; its cross term is `corrected_std_mean`. One
    number each: n_generations = T >= 1, n_samples = N >= 2, strength = gamma >= 0. Returns Moments.
    Raises ValueError outside these ranges.

    Source: derived for this book, for the correction of Gillman et al., arXiv:2402.07087.
    """
    generations = check_count("corrected_moments.n_generations", n_generations, least=1)
    n = check_count("corrected_moments.n_samples", n_samples, least=2)
    check_fit("corrected_moments", n, ddof)
    gamma = check_number("corrected_moments.strength", strength, least=0, most=LARGEST)

    def path():
        v, m = 1.0, 0.0
        for std in corrected_std_mean(np.arange(generations), n, gamma, ddof):
            given_out = (v + 2 * gamma * std + gamma**2) / (1 + gamma) ** 2
            v = (n - 1) / (n - ddof) * given_out
            m = m / (1 + gamma) ** 2 + given_out / n
            yield v, m

    return Moments.of(path(), generations)


def extrapolated_variance(shrinkage, strength):
    """Variance that extrapolation makes of a true variance of 1 when each fit multiplies a variance
    by q = shrinkage, without random error (section 6.5, exact).

        q^2 / (q + (q-1) w)

    It is 1 at w = q: the truth is recovered from a fit of q and a fit to its samples of q^2. For
    the maximum-likelihood variance of N rows q = 1 - 1/N. shrinkage = q > 0, strength = w >= 0;
    they broadcast. Raises ValueError outside these ranges, or where the precision is not positive.

    Source: derived for this book, for SIMS of Alemohammad et al., arXiv:2408.16333.

    >>> float(extrapolated_variance(0.5, 0.5))
    1.0
    """
    q = check_numbers("extrapolated_variance.shrinkage", shrinkage, above=0)
    w = check_numbers("extrapolated_variance.strength", strength, least=0)
    precision = q + (q - 1) * w  # times q^2
    allowed = "below q/(1 - q), or the precision is not positive"
    check_together(
        "extrapolated_variance.strength", precision > 0, allowed, strength=w, shrinkage=q
    )
    return q**2 / precision


def extrapolated_precision_mean(t, n_samples, strength, n_auxiliary=None, ddof=0, std=1.0):
    """Mean precision of generation t of an extrapolated loop (section 6.5, exact as long as no
    extrapolated precision is negative).

        sigma0^-2 {(N-ddof)/(N-3) [1 - w (3-ddof)/(m-3)]}^t

    Above 1 in the braces, the normals narrow; `extrapolation_strength` is where it is 1. Where a
    precision below 0 is to be feared (few rows, large w) the loop itself stops with an error and
    the formula is off by what those paths would have added. t >= 0 counts fits, n_samples = N >= 4,
    strength = w >= 0, n_auxiliary = m >= 4 (None for N), ddof 0 or 1, std > 0; all broadcast.
    Raises ValueError outside these ranges.

    Source: derived for this book, for SIMS of Alemohammad et al., arXiv:2408.16333.
    """
    t = check_counts("extrapolated_precision_mean.t", t)
    n, m, ddof = _both_rows("extrapolated_precision_mean", n_samples, n_auxiliary, ddof)
    w = check_numbers("extrapolated_precision_mean.strength", strength, least=0)
    std = check_numbers("extrapolated_precision_mean.std", std, above=0)
    return ((n - ddof) / (n - 3) * (1 - w * (3 - ddof) / (m - 3))) ** t / std**2


def extrapolation_strength(n_samples, n_auxiliary=None, ddof=0):
    """The strength that keeps the mean precision of an extrapolated loop at the truth's (section
    6.5, exact): w = (m-3)/(N-ddof).

    Near 1 for m = N, as in the idealised w = q of `extrapolated_variance`. It undoes the bias of
    the precision alone: the logarithm of the variance still walks at random, its steps with the
    variance 2/N + 2m/N^2 in place of 2/N, and for ddof = 0 with a drift of (1 + m/N)/N upwards (to
    first order), where without extrapolation it is 2/N downwards. n_samples = N >= 4,
    n_auxiliary = m >= 4 (None for N), ddof 0 or 1; all broadcast. Raises ValueError outside these
    ranges.

    Source: derived for this book, for SIMS of Alemohammad et al., arXiv:2408.16333.

    >>> float(extrapolation_strength(100))
    0.97
    """
    n, m, ddof = _both_rows("extrapolation_strength", n_samples, n_auxiliary, ddof)
    return (m - 3) / (n - ddof)


def _both_rows(owner, n_samples, n_auxiliary, ddof):
    n = check_counts(f"{owner}.n_samples", n_samples, least=4)
    m = n if n_auxiliary is None else check_counts(f"{owner}.n_auxiliary", n_auxiliary, least=4)
    return n, m, check_ddof(owner, ddof)
