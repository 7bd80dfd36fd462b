"""Watermarks of text: how strong the mark is that a law can carry, and how surely it is found."""

import numpy as np
from scipy import integrate, special, stats

from collapse_lib.arguments import check_count, check_counts, check_number, check_numbers
from collapse_lib.theory._together import check_together, check_weights

MOST_SCORED = 10**15


def green_list_z(n_green, n_scored, green_share=0.25):
    """Statistic of a green-list watermark (exact, CF42).

        z = (n_green - gamma T) / sqrt(T gamma (1 - gamma))

    n_green of T = n_scored different n-grams are green; gamma = green_share in (0, 1). Without a
    watermark n_green is binomial(T, gamma), z has mean 0 and variance 1. Broadcasts.
    Raises ValueError outside these ranges or where n_green exceeds n_scored.

    Source: Kirchenbauer et al., arXiv:2301.10226, equation 3.

    >>> round(float(green_list_z(28, 63)), 3)
    3.564
    """
    n = check_counts("green_list_z.n_scored", n_scored, least=1)
    green = check_numbers("green_list_z.n_green", n_green, least=0)
    gamma = check_numbers("green_list_z.green_share", green_share, above=0, below=1)
    allowed = "at most n_scored"
    check_together("green_list_z.n_green", green <= n, allowed, n_green=green, n_scored=n)
    return (green - gamma * n) / np.sqrt(n * gamma * (1 - gamma))


def marked_green_share(p, green_share=0.25, delta=2.0):
    """Expected share gamma' of green tokens that GreenList writes from one law (exact, CF42).

        gamma' = (e^delta / k) (1 - E[1 / (1 + k G)]),   k = e^delta - 1,  G = mass of green tokens
        E[1 / (1 + k G)] = int_0^inf e^(-s) prod_v (1 - gamma + gamma e^(-s k p_v)) ds

    over colourings in which each token is green with probability gamma = green_share, by itself.
    p: law of the next token, (V,), normalised here; delta at least 0. A law on one token gives
    gamma: it has no choice. Raises ValueError outside these ranges.

    Source: derived for this book, for the watermark of Kirchenbauer et al., arXiv:2301.10226, who
    bound it from below.

    >>> round(marked_green_share([1, 1, 1, 1], 0.25, 2.0), 4)
    0.5346
    """
    p = check_weights("marked_green_share.p", p)
    gamma = check_number("marked_green_share.green_share", green_share, above=0, below=1)
    delta = check_number("marked_green_share.delta", delta, least=0)
    k = np.expm1(delta)
    if k == 0:
        return gamma
    p = p[p > 0]

    def integrand(log_s):  # in ln s, as the scales of s lie from 1 / k to 1
        s = np.exp(log_s)
        return np.exp(log_s - s) * -np.expm1(np.log1p(gamma * np.expm1(-s * k * p)).sum()) / k

    found = integrate.quad(integrand, -40, 5, epsabs=1e-12, epsrel=1e-10, limit=400)[0]
    return float((1 + k) * found)  # found is E[G / (1 + k G)]


def green_list_power(marked_share, n_scored, green_share=0.25, false_alarm_rate=1e-5):
    """Probability that a text with a green-list watermark is found (exact for one share).

        P(Bin(T, gamma') >= c),   c the least count with P(Bin(T, gamma) >= c) <= false_alarm_rate

    marked_share = gamma' in [0, 1], n_scored = T >= 1 different n-grams, gamma = green_share,
    false_alarm_rate in (0, 1). For a Tournament of one layer gamma = 1/2 and gamma' =
    tournament_mean. Broadcasts. Raises ValueError outside these ranges.

    Source: the two binomials of Kirchenbauer et al., arXiv:2301.10226, in place of their normal
    limits; CF42.

    >>> round(float(green_list_power(0.534, 63)), 3)
    0.706
    """
    marked = check_numbers("green_list_power.marked_share", marked_share, least=0, most=1)
    n = check_counts("green_list_power.n_scored", n_scored, least=1)
    limit = "at most 10^15, where the binomial law still has its digits"
    check_together("green_list_power.n_scored", n <= MOST_SCORED, limit, n_scored=n)
    gamma = check_numbers("green_list_power.green_share", green_share, above=0, below=1)
    level = check_numbers("green_list_power.false_alarm_rate", false_alarm_rate, above=0, below=1)
    largest_missed = stats.binom.isf(level, n, gamma)  # c - 1
    return stats.binom.sf(largest_missed, n, marked)


def gumbel_mean(p):
    """Mean score of a token that Gumbel writes from one law (exact, CF43).

        E[-ln(1 - r)] = sum_v p_v H_(1/p_v),   H_x = psi(x + 1) - psi(1), the harmonic number

    p: law of the next token, (V,), normalised here. Without a watermark the mean is 1.
    Raises ValueError for a p that is no law.

    Source: S. Aaronson's talk of 2022; derived for this book. The bound of Fernandez et al.,
    arXiv:2308.00113, is `gumbel_bound`.

    >>> round(gumbel_mean([1, 1, 1, 1]), 4)
    2.0833
    """
    p = check_weights("gumbel_mean.p", p)
    p = p[p > 0]
    return float(p @ _harmonic(1 / p))


def gumbel_bound(entropy):
    """Least mean score of a token that Gumbel writes from a law of this entropy (bound, CF43).

        1 + (pi^2 / 6 - 1) H

    entropy = H in nats, at least 0; broadcasts. Raises ValueError for a negative entropy.

    Source: Fernandez et al., arXiv:2308.00113.

    >>> round(float(gumbel_bound(3.29)), 3)
    3.122
    """
    entropy = check_numbers("gumbel_bound.entropy", entropy, least=0)
    return 1 + (np.pi**2 / 6 - 1) * entropy


def gumbel_power(p, n_scored, false_alarm_rate=1e-5):
    """Probability that a text of tokens from one law, written by Gumbel, is found (numerical).

        P(S > c),   c the upper quantile of Gamma(T, 1) at false_alarm_rate

    by inverting the characteristic function of a token's score at equal steps,

        phi(s) = sum_v p_v Gamma(a + 1) Gamma(1 - is) / Gamma(a + 1 - is),   a = 1 / p_v

    p: (V,), normalised here; n_scored = T >= 4 different n-grams; false_alarm_rate in (0, 1).
    Good to nine digits. Raises ValueError outside these ranges.

    Source: derived for this book from the law of r, Beta(1 / p_v, 1) for the token written (CF43);
    the inversion is that of Davies (1973), doi:10.1093/biomet/60.2.415.

    >>> round(gumbel_power([1, 1, 1, 1], 20), 3)
    0.253
    """
    p = check_weights("gumbel_power.p", p)
    n = check_count("gumbel_power.n_scored", n_scored, least=4, most=10**6)
    level = check_number("gumbel_power.false_alarm_rate", false_alarm_rate, above=0, below=1)
    least = stats.gamma.isf(level, n)
    step = 2 * np.pi / (least + n * gumbel_mean(p) + 100)  # the sum is beyond once in e^100
    end = 10 ** (12 / n)  # |phi(s)| <= 1 / sqrt(1 + s^2)
    s = (np.arange(int(end / step) + 1) + 0.5) * step
    phi = np.zeros(len(s), complex)
    for a, times in zip(*np.unique(1 / p[p > 0], return_counts=True), strict=True):
        ratio = special.loggamma(a + 1) - special.loggamma(a + 1 - 1j * s)
        phi += times / a * np.exp(ratio + special.loggamma(1 - 1j * s))
    found = 0.5 + ((phi**n * np.exp(-1j * s * least)).imag / s).sum() * step / np.pi
    return float(np.clip(found, 0, 1))


def tournament_mean(p):
    """Mean bit of the first layer of a token that Tournament writes from one law (exact).

        3/4 - sum_v p_v^2 / 4

    p: law of the next token, (V,), normalised here. It bounds the mean over all layers, as each
    layer leaves less to choose. Without a watermark the mean is 1/2. Raises ValueError for a p that
    is no law.

    Source: Dathathri et al. (2024), doi:10.1038/s41586-024-08025-4, who tie the strength to the
    probability that two candidates are the same token.

    >>> round(tournament_mean([1, 1, 1, 1]), 4)
    0.6875
    """
    p = check_weights("tournament_mean.p", p)
    return float(0.75 - p @ p / 4)


def intact_share(edited_share, context, unchanged=0.0):
    """Share of the n-grams of a text whose context + 1 tokens all survive an attack (exact).

        (1 - e + e u)^(h + 1)

    when each token is replaced by itself with probability e = edited_share, and the new token is
    the old one with probability u = unchanged (1/V for a token at random out of V). context = h >=
    1. A mark of mean m over a null m0 is then worth m0 + (m - m0) times this. Broadcasts.
    Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> float(intact_share(0.1, 1))
    0.81
    """
    e = check_numbers("intact_share.edited_share", edited_share, least=0, most=1)
    h = check_counts("intact_share.context", context, least=1)
    u = check_numbers("intact_share.unchanged", unchanged, least=0, most=1)
    return (1 - e + e * u) ** (h + 1)


def _harmonic(x):
    return special.digamma(x + 1) - special.digamma(1)
