"""Inbreeding F of the discrete loop when earlier or real rows stay in the training set.

F is the share of diversity lost: for a type of real share p0 the fitted share of generation t
has mean p0 and variance p0 (1 - p0) F, and the expected heterozygosity is (1 - F) times that of
the truth. Models store observed frequencies, temperature 1; all of it is exact.

The same F serves the 1-D Gaussian fitted with ddof = 0 and sampled without bias: E variance =
(1 - F) sigma0^2 and E (mean - mu0)^2 = F sigma0^2. (Both follow from one fact: a row drawn from
the model has the same first two moments as a row drawn from its training set.) Other estimators
are in `gaussian_kept`.

t counts fits: generation 1 is fitted to N real rows alone, so F_1 = 1/N under every policy.
"""

import numpy as np
from scipy import special

from collapse_lib.arguments import check_count, check_counts, check_numbers
from collapse_lib.theory._special import accumulate_log_product
from collapse_lib.theory._together import check_reused, check_together


def accumulate_heterozygosity(t, h0, n_samples):
    """Expected heterozygosity of generation t when all rows are kept (CF9, exact).

        E H_t = h0 prod_{i=1..t} (1 - 1/(N i^2))

    Policy Accumulate without fresh rows: generation t is fitted to t N rows, the N real ones and
    N from each earlier model. t >= 0 (or infinity) counts fits, h0 in [0, 1], n_samples = N >= 1;
    all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book. Equal to Replace with M_i = N i^2 rows (`drift`, CF8).

    >>> round(float(accumulate_heterozygosity(200, 1.0, 10)), 4)
    0.8439
    """
    t = check_counts("accumulate_heterozygosity.t", t, infinite=True)
    h0 = check_numbers("accumulate_heterozygosity.h0", h0, least=0, most=1)
    n = check_counts("accumulate_heterozygosity.n_samples", n_samples, least=1)
    return h0 * np.exp(accumulate_log_product(t, n))


def accumulate_limit(n_samples):
    """Share of diversity that Accumulate keeps for ever, sin(pi/sqrt N)/(pi/sqrt N) (CF9, exact).

    The limit of `accumulate_heterozygosity` with h0 = 1; about 1 - pi^2/(6 N). n_samples = N >= 1,
    any shape. Raises ValueError below 1.

    Source: derived for this book (Euler's product of the sine).

    >>> round(float(accumulate_limit(100)), 5)
    0.98363
    """
    n = check_counts("accumulate_limit.n_samples", n_samples, least=1)
    # sinc(1) leaves a rounding error of 4e-17 where the product is exactly 0
    return np.where(n == 1, 0.0, np.sinc(1 / np.sqrt(n)))[()]


def pooled_inbreeding(n_generations, n_samples, n_fresh=0, budget=np.inf):
    """F of generations 1..T when everything is kept, fresh real rows may join, rows may be thinned.

    Policies Accumulate (budget infinite) and AccumulateSubsample (budget = rows trained on, drawn
    from the pool without replacement), with n_fresh = m new real rows published in each
    generation beside the N = n_samples synthetic ones. Generation 1 is fitted to all N real
    rows. With S_t = N + (t-1)(N+m) rows in the pool, F' the inbreeding of the pool, b = N for
    t = 1 and b = min(budget, S_t) after that:

        F_t = F'_t + (1 - F'_t) (1/b - 1/S_t) S_t/(S_t - 1),   F'_1 = 1/N,
        S_{t+1}^2 F'_{t+1} = (S_t + N)^2 F'_t + N^2 (F_t - F'_t) + N (1 - F_t) + m

    Exact. All arguments are one number each, n_samples >= 1, n_fresh >= 0, budget >= 1. Returns
    (T,), entry t - 1 for generation t. Raises ValueError outside these ranges.

    Source: derived for this book. With m = 0 and no budget it is CF9.
    """
    generations = check_count("pooled_inbreeding.n_generations", n_generations, least=1)
    n = check_count("pooled_inbreeding.n_samples", n_samples, least=1)
    m = check_count("pooled_inbreeding.n_fresh", n_fresh)
    budget = check_count("pooled_inbreeding.budget", budget, least=1, infinite=True)
    pool, kept = 1 / n, np.empty(generations)
    for t in range(generations):
        size = n + t * (n + m)
        thinned = min(budget, size) if t else size
        extra = (1 - pool) * (size - thinned) / (thinned * max(size - 1, 1))
        kept[t] = pool + extra
        pool = (size + n) ** 2 * pool + n**2 * extra + n * (1 - kept[t]) + m
        pool /= (size + n + m) ** 2
    return kept


def fresh_inbreeding(n_samples, real_fraction, t=np.inf):
    """F when each training row is a new real one with probability alpha (CF10, exact).

        F = 1 / (N - (N-1)(1-alpha)^2)  ~  1 / (1 + 2 N alpha)

    Bernoulli mixing: the number of fresh rows is itself random, unlike policy FreshReal, for which
    use `fresh_inbreeding_fixed_share`. t = infinity gives the stationary value; a finite t >= 1
    counts fits. n_samples = N >= 1, real_fraction = alpha in [0, 1]; all broadcast. Raises
    ValueError outside these ranges.

    Source: derived for this book (Wright-Fisher model with migration). One fresh row a
    generation, N alpha = 1, gives F = 1/3.

    >>> round(float(fresh_inbreeding(100, 0.01)), 4)
    0.3367
    """
    n = check_counts("fresh_inbreeding.n_samples", n_samples, least=1)
    alpha = check_numbers("fresh_inbreeding.real_fraction", real_fraction, least=0, most=1)
    t = check_counts("fresh_inbreeding.t", t, least=1, infinite=True)
    return _geometric(1 / n, (1 - alpha) ** 2 / n + alpha * (2 - alpha), t)


def fresh_inbreeding_fixed_share(n_samples, n_fresh_rows, t=np.inf):
    """F when k of the N training rows are new real ones in every generation (CF10, exact).

        F = 1 / (N + (1-alpha) - N (1-alpha)^2),   alpha = k/N

    Policy FreshReal(alpha) with k = round(alpha N): k rows from the source and N - k of the
    newest samples; generation 1 is fitted to N real rows. t = infinity gives the stationary
    value; a finite t >= 1 counts fits. n_samples = N >= 1 and n_fresh_rows = k in 0..N broadcast.
    Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> round(float(fresh_inbreeding_fixed_share(10, 3)), 4)
    0.1724
    """
    n = check_counts("fresh_inbreeding_fixed_share.n_samples", n_samples, least=1)
    k = check_counts("fresh_inbreeding_fixed_share.n_fresh_rows", n_fresh_rows)
    t = check_counts("fresh_inbreeding_fixed_share.t", t, least=1, infinite=True)
    rows = {"n_fresh_rows": k, "n_samples": n}
    check_together("fresh_inbreeding_fixed_share.n_fresh_rows", k <= n, "at most n_samples", **rows)
    # 1 - (N-k)(N-k-1)/N^2 without the loss of digits
    return _geometric(1 / n, (k * (2 - k / n) + (1 - k / n)) / n, t)


def reused_inbreeding(n_original, n_real, n_synthetic, t=np.inf):
    """F around the real rows themselves when the same real rows are used again (CF11, exact).

    Each generation trains on n_real = k rows of the fixed n_original real rows, drawn without
    replacement, and n_synthetic = n of the newest samples. With b = n/(n+k):

        F = A / (1 - b^2 (1 - 1/n)),   A = b^2/n + (1-b)^2 (n_original - k) / (k (n_original - 1))

    Policy Anchored is k = n_original, where F = b^2 / (n - (n-1) b^2); policy MixReal(alpha) is
    k = round(alpha N), n = N - k. Here F is measured around the frequencies of the real rows,
    given those rows; `compose_inbreeding(1/n_original, F)` measures it around the truth. t =
    infinity gives the stationary value; a finite t >= 1 counts fits, F_1 = 0. All broadcast;
    n_original >= 1, 0 <= k <= n_original, n >= 0, k + n >= 1. Raises ValueError outside.

    Source: derived for this book; the setting k = n_original is the partially synthetic one of
    Seddik et al., arXiv:2404.05090.

    >>> round(float(reused_inbreeding(100, 100, 100)), 5)
    0.00332
    """
    original = check_counts("reused_inbreeding.n_original", n_original, least=1)
    k = check_counts("reused_inbreeding.n_real", n_real)
    n = check_counts("reused_inbreeding.n_synthetic", n_synthetic)
    t = check_counts("reused_inbreeding.t", t, least=1, infinite=True)
    check_reused("reused_inbreeding", original, k, n, least=1)
    size = k + n
    gain = (n + k * (original - k) / np.maximum(original - 1, 1)) / size**2
    return _geometric(gain, (size**2 - n * (n - 1)) / size**2, t - 1)


def compose_inbreeding(*shares):
    """Inbreeding of losses that follow one another, 1 - prod (1 - F_i) (exact).

    For instance compose_inbreeding(1/n_original, reused_inbreeding(...)) goes from the real rows
    to the truth they were drawn from. Each F_i in [0, 1]; they broadcast. Raises ValueError
    outside this range.

    Source: Wright's (1 - F_IT) = (1 - F_IS)(1 - F_ST); derived for this book.
    """
    keep = np.float64(1.0)
    for loss in shares:
        keep = keep * (1 - check_numbers("compose_inbreeding.shares", loss, least=0, most=1))
    return 1 - keep


def _geometric(gain, loss, t):
    """Solution after t steps from 0 of F <- gain + (1 - loss) F; loss is above 0 by its callers."""
    loss = np.minimum(loss, 1.0)  # beyond it by rounding alone
    return (0.0 - gain * np.expm1(special.xlog1py(t, -loss))) / loss
