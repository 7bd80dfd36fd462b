"""Linear regression that labels its own next training set.

Rows are d standard normal inputs and a target y = x . w + noise. Ordinary least squares without
intercept is fitted to T rows; the next T targets are drawn from the fitted weights with the true
noise. The risk is E |w_t - w|^2, the excess error on new inputs (the noise itself not counted).
t counts fits: generation 1 is fitted to real rows. The last function is about one fit to a mixture
of real and shifted rows, without a loop.
"""

import numpy as np

from collapse_lib.arguments import check_counts, check_numbers
from collapse_lib.theory._special import inverse_squares
from collapse_lib.theory._together import check_together


def regression_risk_replace(t, n_features, n_samples, noise_std=1.0):
    """Risk of generation t when it trains on the newest labels only, t s^2 d/(T-d-1) (CF24, exact).

    Exact for new inputs in each generation and for the same inputs relabelled. t >= 0 counts fits,
    n_features = d >= 1, n_samples = T >= d + 2, noise_std = s >= 0; all broadcast. Raises
    ValueError outside these ranges.

    Source: Gerstgrasser et al., arXiv:2404.01413; linear growth from Dohmatob, Feng and Kempe,
    arXiv:2402.07712. Rederived for this book.

    >>> float(regression_risk_replace(10, 10, 111))
    1.0
    """
    t = check_counts("regression_risk_replace.t", t)
    return t * _one_fit("regression_risk_replace", n_features, n_samples, noise_std)


def regression_risk_accumulate(t, n_features, n_samples, noise_std=1.0):
    """Risk of generation t when all labels are kept (CF24, exact where the inputs stay the same).

        s^2 d/(T-d-1) sum_{i=1..t} 1/i^2  ->  at most pi^2/6 of one fit

    Policy Accumulate: generation t is fitted to t T rows. Exact when every generation relabels the
    SAME T inputs (drawn once); with new inputs in each generation it is an upper bound. t >= 0 (or
    infinity) counts fits, n_features = d >= 1, n_samples = T >= d + 2, noise_std = s >= 0; all
    broadcast. Raises ValueError outside these ranges.

    Source: Gerstgrasser et al., arXiv:2404.01413. Rederived for this book.

    >>> round(float(regression_risk_accumulate(10, 10, 111)), 3)
    0.155
    """
    t = check_counts("regression_risk_accumulate.t", t, infinite=True)
    one_fit = _one_fit("regression_risk_accumulate", n_features, n_samples, noise_std)
    return one_fit * inverse_squares(t)


def regression_risk_downstream(
    t, n_features, n_samples, n_samples_generator, noise_std=1.0, noise_std_generator=1.0
):
    """Risk of a model fitted to labels of generation t of a chain of generators (CF25, exact).

        s^2 d/(T-d-1) + t s0^2 d/(T0-d-1)

    Each generator is fitted to T0 = n_samples_generator rows with noise s0, generation 1 to real
    ones; the last labels T = n_samples new inputs, with noise s, for the downstream model. More
    rows downstream do not help against the second term. t >= 0 counts fits of generators,
    n_features = d >= 1, T and T0 >= d + 2, noise_std = s and noise_std_generator = s0 >= 0; all
    broadcast. Raises ValueError outside these ranges.

    Source: Dohmatob, Feng and Kempe, arXiv:2402.07712. Rederived for this book.

    >>> round(float(regression_risk_downstream(5, 10, 50, 111)), 4)
    0.7564
    """
    t = check_counts("regression_risk_downstream.t", t)
    last = _one_fit("regression_risk_downstream", n_features, n_samples, noise_std)
    each = _one_fit(
        "regression_risk_downstream", n_features, n_samples_generator, noise_std_generator,
        of="_generator",
    )  # fmt: skip
    return last + t * each


def regression_risk_overparametrised(t, n_features, n_samples, weights_norm=1.0):
    """Risk of generation t without any noise, with fewer rows than inputs (CF26, exact).

        |w|^2 (1 - (T/d)^t)

    Each fit is the least-squares solution of least norm, on new inputs: it keeps the part of the
    weights that its T rows see, so all are forgotten exponentially fast. t >= 0 (or infinity)
    counts fits, n_features = d >= 1, n_samples = T from 1 to d, weights_norm = |w| >= 0; all
    broadcast. Raises ValueError outside these ranges.

    Source: Dohmatob, Feng and Kempe, arXiv:2402.07712. Rederived for this book.

    >>> [float(regression_risk_overparametrised(t, 60, 30)) for t in (1, 2, 3)]
    [0.5, 0.75, 0.875]
    """
    t = check_counts("regression_risk_overparametrised.t", t, infinite=True)
    d = check_counts("regression_risk_overparametrised.n_features", n_features, least=1)
    rows = check_counts("regression_risk_overparametrised.n_samples", n_samples, least=1)
    norm = check_numbers("regression_risk_overparametrised.weights_norm", weights_norm, least=0)
    allowed = "at most n_features (for more rows use regression_risk_replace)"
    values = {"n_samples": rows, "n_features": d}
    check_together("regression_risk_overparametrised.n_samples", rows <= d, allowed, **values)
    return norm**2 * (1 - (rows / d) ** t)


def strong_collapse_risk(n_features, n_samples, synthetic_fraction, shift=1.0, noise_std=1.0):
    """Risk of one fit to real rows mixed with rows whose weights are shifted (CF27, exact).

        s^2 d/(n-d-1) + p2^2 c^2 + p2 (1-p2) c^2 (d+1)/n + ...  ->  p2^2 c^2

    p2 n of the n rows have their target from weights at the distance c = shift from the true ones.
    More rows do not lower the risk below p2^2 c^2: the scaling law has a floor, however small the
    share. synthetic_fraction = p2 in [0, 1], shift >= 0, n_features = d >= 1, n_samples = n >=
    d + 2 or infinity, noise_std = s >= 0; all broadcast. What is returned has all orders and is
    exact where p2 n is whole. Raises ValueError outside these ranges.

    Source: the floor Dohmatob, Feng, Subramonian and Kempe, arXiv:2410.04840; at finite n derived
    for this book (moments of the matrix beta distribution).

    >>> round(float(strong_collapse_risk(50, 5000, 0.1)), 4)
    0.021
    >>> round(float(strong_collapse_risk(50, float("inf"), 0.1)), 4)
    0.01
    """
    p = check_numbers(
        "strong_collapse_risk.synthetic_fraction", synthetic_fraction, least=0, most=1
    )
    shift = check_numbers("strong_collapse_risk.shift", shift, least=0)
    noise = _one_fit("strong_collapse_risk", n_features, n_samples, noise_std, infinite=True)
    d, n = np.asarray(n_features, dtype=float), np.asarray(n_samples, dtype=float)
    finite = np.where(np.isfinite(n), n, d + 2)
    kept = np.where(np.isfinite(n), _shift_seen(d, finite, p * finite), p**2)
    return noise + shift**2 * kept


def _shift_seen(d, n, m):
    """E |(G1 + G2)^-1 G2 e|^2 for a unit vector e and Wishart G1, G2 of n - m and m rows.

    G2 = R B R with R^2 = G = G1 + G2 and B independent of G, so it is E tr(B G^-1 B G)/d.
    """
    # E tr(B^2) and E (tr B)^2 from the same moments of G2
    square, trace = m * d * (m + d + 1), m * d * (m * d + 2)
    det = n**2 * (n - 1) * (n + 2)
    b_square = (n**2 * square - n * trace) / det
    b_trace = ((n**2 + n) * trace - 2 * n * square) / det
    # E (G^-1)_ij G_kl = u [ij][kl] + v ([ik][jl] + [il][jk]), [ij] = 1 where i = j, from its traces
    # E tr(G^-1) tr(G) = u d^2 + 2 v d and tr(G^-1 G) = d = u d + v d (d + 1)
    traces = d * (n * d - 2) / (n - d - 1)
    v = np.divide(d**2 - traces, d * (d - 1) * (d + 2), out=np.zeros_like(d * n), where=d > 1)
    u = 1 - v * (d + 1)
    return ((u + v) * b_square + v * b_trace) / d


def _one_fit(owner, n_features, n_samples, noise_std, *, of="", infinite=False):
    """Risk of one fit to real rows; `of` ends the names of the caller's rows and noise."""
    rows_name = f"n_samples{of}"
    d = check_counts(f"{owner}.n_features", n_features, least=1)
    rows = check_counts(f"{owner}.{rows_name}", n_samples, least=3, infinite=infinite)
    noise = check_numbers(f"{owner}.noise_std{of}", noise_std, least=0)
    allowed = "at least n_features + 2, or the risk is infinite"
    values = {rows_name: rows, "n_features": d}
    check_together(f"{owner}.{rows_name}", rows >= d + 2, allowed, **values)
    return noise**2 * d / (rows - d - 1)
