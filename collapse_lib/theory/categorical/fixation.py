"""When a type is lost or takes over: exact answers for two types from the transition matrix.

The discrete loop of `drift` (policy Replace, observed frequencies, temperature 1) seen as a
Markov chain on the count of one type among n_samples rows. Several types reduce to two by
lumping all the others. t counts fits: generation 1 is fitted to n_samples real rows.

The matrix has (n_samples + 1)^2 entries; above LARGEST_MATRIX use the diffusion or CF5.
"""

from functools import lru_cache

import numpy as np
from scipy import linalg, special, stats

from collapse_lib.arguments import check_count, check_counts, check_numbers, check_share
from collapse_lib.theory._together import check_together

LARGEST_MATRIX = 2000
MOST_WORK = 5e9  # entries of the matrix times generations: some seconds


def fixation_probability(p):
    """Probability that a type of real share p ends up as the only one: p itself (CF2, exact).

    Policy Replace, any number of types and any number of rows a generation, as long as the loop
    does collapse: the share is a bounded martingale. p in [0, 1], any shape. Raises ValueError
    outside this range.

    Source: derived for this book; stated by Shumailov et al., doi:10.1038/s41586-024-07566-y.
    """
    return check_numbers("fixation_probability.p", p, least=0, most=1)[()]


def fixation_time(p, n_samples):
    """Mean number of generations until only one of two types is left (CF3, exact).

    The mean of the first t at which the fitted model of generation t has one type, from the
    fundamental matrix: tau = (I - Q)^-1 1 over the counts 1..N-1, then one binomial step from
    the truth, T(p) = 1 + sum_j Binomial(j; N, p) tau_j. p in [0, 1], any shape; n_samples = N is
    one number from 1 to LARGEST_MATRIX. A truth with one type has T = 0. Raises ValueError
    outside these ranges.

    Source: derived for this book (absorbing Markov chain of the Wright-Fisher model).

    >>> round(float(fixation_time(0.1, 100)), 2)
    63.45
    """
    p = check_numbers("fixation_time.p", p, least=0, most=1)
    n = _matrix_size("fixation_time", n_samples)
    first_step = _binomial(n, p)[..., 1:n]  # (..., N-1)
    time = 1 + first_step @ _absorption_times(n)
    return np.where((p == 0) | (p == 1), 0.0, time)[()]


def fixation_time_diffusion(p, n_samples):
    """Mean time to a single type in the diffusion limit, -2N [p ln p + (1-p) ln(1-p)] (CF3).

    Asymptotic for large N at fixed p, the approximation to `fixation_time`: 2.5 % too high at
    N = 100, p = 0.1. Time counts fits. p in [0, 1] and n_samples = N >= 1 broadcast. Raises
    ValueError outside these ranges.

    Source: derived for this book; the classical diffusion result of Kimura and Ohta (1969),
    doi:10.1093/genetics/61.3.763.

    >>> round(float(fixation_time_diffusion(0.5, 100)), 2)
    138.63
    """
    p = check_numbers("fixation_time_diffusion.p", p, least=0, most=1)
    n = check_counts("fixation_time_diffusion.n_samples", n_samples, least=1)
    return 2 * n * (special.entr(p) + special.entr(1 - p))


def absent_probability(t, p, n_samples, n_fresh_rows=0):
    """Probability that a type of real share p is absent from the model of generation t (CF4).

    Exact, by powers of the two-type transition matrix. With n_fresh_rows = 0 (policy Replace)
    absence is for ever, so this is the probability of having died out by generation t. With
    n_fresh_rows = k > 0 (policy FreshReal, the fixed share k/N) a type can come back, and this
    is the probability of being absent at generation t; generation 1 is still fitted to N real
    rows. t >= 1 counts fits, any shape; p in [0, 1], n_samples = N (1 to LARGEST_MATRIX) and
    k <= N are one number each. Returns the shape of t. Raises ValueError outside these ranges.

    Source: derived for this book (transition matrix of the Wright-Fisher model, with migration
    where k > 0).

    >>> [round(float(chance), 3) for chance in absent_probability([1, 10, 100], 0.1, 100)]
    [0.0, 0.162, 0.786]
    """
    t, p, n = _one_type("absent_probability", t, p, n_samples)
    k = check_count("absent_probability.n_fresh_rows", n_fresh_rows)
    check_together(
        "absent_probability.n_fresh_rows", k <= n, "at most n_samples", n_fresh_rows=k, n_samples=n
    )
    step = _drift_matrix(n) if k == 0 else _migration_matrix(n, k, p)
    return _follow(t, _binomial(n, p), step, lambda law: law[0])


def uncollapsed_probability(t, p, n_samples):
    """Probability that two types of shares p and 1 - p both live at generation t (CF7, exact).

    Policy Replace; the exact value between the bounds of `drift.uncollapsed_bounds`. t >= 1 counts
    fits, any shape; p in [0, 1] and n_samples = N (1 to LARGEST_MATRIX) are one number each.
    Returns the shape of t. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    t, p, n = _one_type("uncollapsed_probability", t, p, n_samples)
    return _follow(t, _binomial(n, p), _drift_matrix(n), lambda law: law[1:-1].sum())


def _one_type(owner, t, p, n_samples):
    """The checked arguments of a chain of one type."""
    t, p = check_counts(f"{owner}.t", t, least=1), check_share(f"{owner}.p", p)
    n = _matrix_size(owner, n_samples)
    most = int(MOST_WORK / max(n, 100) ** 2)
    limit = (
        f"at most {most} for that many rows, since it takes a product with a matrix a generation; "
        "beyond, uncollapsed_bounds lie close together"
    )
    check_together(f"{owner}.t", t.max(initial=1) <= most, limit, t=t, n_samples=n)
    return t, p, n


def _matrix_size(owner, n_samples):
    n = check_count(f"{owner}.n_samples", n_samples, least=1)
    limit = (
        f"at most {LARGEST_MATRIX}, since it solves a matrix of that size; for more rows use "
        "fixation_time_diffusion or survival_probability"
    )
    check_together(f"{owner}.n_samples", n <= LARGEST_MATRIX, limit, n_samples=n)
    return n


def _follow(t, law, step, read):
    """read(law of the count) at each generation in t, from the law at generation 1, (n+1,)."""
    values = np.empty(int(t.max(initial=1)) + 1)
    for generation in range(1, len(values)):
        values[generation] = read(law)
        law = law @ step
    return values[t.astype(int)][()]


def _binomial(n, p):
    """Probabilities of the counts 0..n in n rows, (..., n+1) for p of shape (...)."""
    return stats.binom.pmf(np.arange(n + 1), n, np.asarray(p)[..., None])


@lru_cache(maxsize=4)
def _drift_matrix(n):
    """Transition matrix of the count under Replace, (n+1, n+1)."""
    matrix = _binomial(n, np.arange(n + 1) / n)
    matrix.setflags(write=False)
    return matrix


def _migration_matrix(n, k, p):
    """Transition matrix when k of the n rows come from the truth, (n+1, n+1)."""
    newest = _binomial(n - k, np.arange(n + 1) / n)  # (n+1, n-k+1)
    return newest @ linalg.convolution_matrix(_binomial(k, p), n - k + 1).T


@lru_cache(maxsize=4)
def _absorption_times(n):
    """Mean steps from each count 1..n-1 to a count of 0 or n, (n-1,)."""
    inside = _drift_matrix(n)[1:n, 1:n]
    return linalg.solve(np.eye(n - 1) - inside, np.ones(n - 1)) if n > 1 else np.empty(0)
