"""Drift inside one group of a training set whose groups have fixed shares."""

import numpy as np
from scipy import special

from collapse_lib.theory import _arguments as arguments


def stratified_heterozygosity(t, h0, n_group, n_samples, real_share=None):
    """Expected diversity inside a group that stratified resampling gives q of the n rows (exact).

        E H_1 = h0 E(1 - 1/m_1),   E H_2 = h0 E((1 - 1/m_1) f(m_2)),   E H_t = E H_{t-1} E f(m),
        f(m) = 1 - 1/q where m >= q, else (1 - 1/m)(1 - 1/q)

    Policy Stratified(Replace(), group, shares), types of one group only. m is the number of rows
    of the group among the n that are published: m_1 ~ Bin(n, real share), m_2 ~ Bin(n, m_1/n),
    later Bin(n, q/n). From generation 2 on the share of the group itself is q/n and does not
    drift, F = 0; inside it drift goes on, about 1/q a generation or more, faster than 1/n. All
    means are given that the group is never lost, when the policy raises.

    t counts fits, t >= 1, any shape. h0 in [0, 1]: the group's true heterozygosity, one number.
    n_group = q >= 1 and n_samples = n > q are whole numbers; real_share in (0, 1], by default q/n.
    Raises ValueError outside these ranges.

    Source: derived for this book, for the algorithmic reparation of Wyllie, Shumailov and
    Papernot, arXiv:2403.07857.

    >>> round(float(stratified_heterozygosity(10, 1.0, 10, 100)), 4)
    0.1838
    """
    owner = "stratified_heterozygosity"
    t = arguments.whole(owner, "t", t, 1)
    h0 = arguments.one(owner, "h0", arguments.share(owner, "h0", h0))
    q = arguments.single(owner, "n_group", n_group, 1)
    n = arguments.single(owner, "n_samples", n_samples, 1)
    if q >= n:
        raise ValueError(f"{owner}.n_group must be smaller than n_samples = {n}; got {q}.")
    share = arguments.above_zero(owner, "real_share", q / n if real_share is None else real_share)
    share = arguments.one(owner, "real_share", arguments.share(owner, "real_share", share))
    m = np.arange(1, n + 1)
    keep = np.where(m >= q, 1.0, 1 - 1 / m) * (1 - 1 / q)  # f(m)
    first = _binomial(m, n, share)
    first /= first.sum()
    likely = first > 1e-20
    second = _binomial(m, n, m[likely, None] / n)  # (m_1, m_2)
    both = first[likely, None] * second
    start = first @ (1 - 1 / m)
    after = (both * (1 - 1 / m[likely, None]) * keep).sum() / both.sum()
    later = _binomial(m, n, q / n)
    rate = later @ keep / later.sum()
    return (h0 * np.where(t == 1, start, after * rate ** np.maximum(t - 2, 0)))[()]


def _binomial(m, n, p):
    """P(m of n) at success probability p."""
    log_choose = special.gammaln(n + 1) - special.gammaln(m + 1) - special.gammaln(n - m + 1)
    return np.exp(log_choose + special.xlogy(m, p) + special.xlog1py(n - m, -p))
