"""Diversity in the discrete loop that trains on its newest samples only, and inside one group.

Policy Replace, a categorical model that stores the observed frequencies, n_samples rows a
generation, no smoothing and temperature 1: this is the haploid Wright-Fisher model of genetic
drift, and everything here except the bounds is exact.

t counts fits. Generation 1 is fitted to n_samples real rows drawn from the truth, so the model
of generation t is t resampling steps away from it; t = 0 is the truth itself. (Where the real rows
hold the true shares exactly, as those of FixedProportions do, generation t is t - 1 steps away.)
"""

import numpy as np
from scipy import special

from collapse_lib.arguments import (
    check_count,
    check_counts,
    check_number,
    check_numbers,
    check_share,
)
from collapse_lib.theory._together import check_together

MOST_ROWS = 10_000  # of a group: the law of two generations is a table of them


def heterozygosity(t, h0, n_samples):
    """Expected heterozygosity 1 - sum p_i^2 of the model of generation t (CF1, exact).

        E[1 - sum p_i^2]_t = (1 - 1/N)^t (1 - sum p_i^2)_0

    Heterozygosity is the chance that two rows drawn from the model differ. Arguments broadcast:
    t >= 0 counts fits, h0 in [0, 1] is the heterozygosity of the truth, n_samples = N >= 1.
    Raises ValueError outside these ranges.

    Source: derived for this book; the same as Wright-Fisher drift, and as the self-similarity
    S_m = 1 - (1 - 1/n)^m (1 - S_0) of Seddik et al., arXiv:2404.05090.

    >>> round(float(heterozygosity(100, 1.0, 100)), 4)
    0.366
    """
    t = check_counts("heterozygosity.t", t, infinite=True)
    h0 = check_numbers("heterozygosity.h0", h0, least=0, most=1)
    n = check_counts("heterozygosity.n_samples", n_samples, least=1)
    return h0 * np.exp(special.xlog1py(t, -1 / n))


def inbreeding(t, n_samples):
    """Share of the truth's diversity that generation t has lost, F = 1 - (1 - 1/N)^t (CF1, exact).

    For one type of real share p0 the model's share has mean p0 and variance p0 (1 - p0) F; the
    heterozygosity is (1 - F) times that of the truth. Policy Replace; t >= 0 counts fits and
    n_samples = N >= 1; both broadcast. Raises ValueError outside these ranges.

    Source: derived for this book (Wright's F of population genetics).
    """
    t = check_counts("inbreeding.t", t, infinite=True)
    n = check_counts("inbreeding.n_samples", n_samples, least=1)
    return -np.expm1(special.xlog1py(t, -1 / n))


def heterozygosity_with_sizes(h0, sizes):
    """Expected heterozygosity when the number of rows changes with the generation (CF8, exact).

        E H_t = h0 prod_{i=1..t} (1 - 1/M_i)

    sizes is (T,): M_1 is the number of real rows that generation 1 is fitted to, M_i the number
    of samples that generation i is fitted to. Returns (T,): entry t - 1 belongs to generation t.
    In `run_loop` with n_samples a function, M_1 = n_samples(1) and M_i = n_samples(i - 1) after
    that, since generation i is fitted to what generation i - 1 published.
    The limit stays above 0 if and only if sum 1/M_i is finite, so sizes must grow faster than
    linearly. The same product is the expected variance of a Gaussian fitted with ddof = 0.
    Raises ValueError for a size below 1 or h0 outside [0, 1].

    Source: derived for this book; the superlinear condition also in Shumailov et al.,
    doi:10.1038/s41586-024-07566-y (supplement), and Xu, He and Cheng, arXiv:2505.13947.
    """
    h0 = check_numbers("heterozygosity_with_sizes.h0", h0, least=0, most=1)
    sizes = check_numbers("heterozygosity_with_sizes.sizes", sizes, axes=1)
    sizes = check_counts("heterozygosity_with_sizes.sizes", sizes, least=1)
    return h0 * np.cumprod(1 - 1 / sizes)


def missed_probability(q, n_samples):
    """Probability that a type of share q is absent from n_samples rows, (1 - q)^N (CF6, exact).

    One step of under-sampling: with q = 1/N a type is missed with probability about 1/e.
    q in [0, 1] and n_samples = N >= 0 broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; Shumailov et al., doi:10.1038/s41586-024-07566-y, argue the
    same for types with q <= 1/N.

    >>> round(float(missed_probability(0.0005, 1000)), 4)
    0.6065
    """
    q = check_numbers("missed_probability.q", q, least=0, most=1)
    n = check_counts("missed_probability.n_samples", n_samples)
    return np.exp(special.xlog1py(n, -q))


def uncollapsed_bounds(p, n_samples, t):
    """Lower and upper bound on the probability that two types both still live (CF7).

        4 p (1-p) (1 - 1/N)^t  <=  P(not yet collapsed)  <=  2 N p (1-p) (1 - 1/N)^t

    Policy Replace, two types of shares p and 1 - p, N = n_samples >= 2, t >= 0 counts fits; all
    broadcast. Both are bounds, often far apart, and an upper bound above 1 says nothing.
    `fixation.uncollapsed_probability` is exact. Returns (lower, upper). Raises ValueError
    outside these ranges.

    Why: H = 2 X (1 - X) has mean 2 p (1-p) (1 - 1/N)^t, is at most 1/2, and on every uncollapsed
    state at least (2/N) (1 - 1/N). The last step gives even N p (1-p) (1 - 1/N)^(t-1) above.
    Source: Seddik et al., arXiv:2404.05090, for one Bernoulli variable.
    """
    p = check_numbers("uncollapsed_bounds.p", p, least=0, most=1)
    n = check_counts("uncollapsed_bounds.n_samples", n_samples, least=2)
    t = check_counts("uncollapsed_bounds.t", t)
    decay = p * (1 - p) * np.exp(special.xlog1py(t, -1 / n))
    return 4 * decay, 2 * n * decay


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
    t = check_counts("stratified_heterozygosity.t", t, least=1)
    h0 = check_share("stratified_heterozygosity.h0", h0)
    q = check_count("stratified_heterozygosity.n_group", n_group, least=1)
    n = check_count("stratified_heterozygosity.n_samples", n_samples, least=1, most=MOST_ROWS)
    check_together(
        "stratified_heterozygosity.n_group", q < n, "smaller than n_samples", n_group=q, n_samples=n
    )
    share = q / n if real_share is None else real_share
    share = check_number("stratified_heterozygosity.real_share", share, above=0, most=1)
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
