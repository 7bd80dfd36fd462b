"""What the fresh data loop settles to is worth: its Wasserstein risk, counted in fresh rows.

The loop of `fresh`, in its notation: a = n_s/n, r = n_r/n, n = n_r + n_s, sigma0 = 1, and
lambda = sampling_bias multiplies the variance of what is sampled.
"""

import numpy as np

from collapse_lib.arguments import check_counts
from collapse_lib.theory._special import log_c4
from collapse_lib.theory._together import check_ddof, check_fresh, check_together
from collapse_lib.theory.normal.fresh import fresh_fixed_point

MOST = 2.0**40  # rows: beyond, the risk itself is lost in rounding
HALVINGS = 60  # of an interval, until no digit of the answer changes


def fresh_risk(n_real, n_synthetic, sampling_bias=1.0, ddof=1):
    """Expected squared 2-Wasserstein distance to the truth where the fresh loop settles (CF21).

        E mu^2 + E (sigma - 1)^2 = m + v + 1 - 2 E sigma

    m and v are those of `fresh_fixed_point` and exact, and so is the variance of sigma^2 that this
    function adds. E sigma is that of the gamma law with these two moments: exact without synthetic
    rows, where sigma^2 is chi-square, else right to second order in 1/n: too high by less than 1 %
    from 100 real rows on and by 7 % at n_r = 5, n_s = 20 without bias, where sigma^2 has a heavier
    tail. n_real >= 1, n_synthetic >= 0, together at least 2, sampling_bias in [0, 1], ddof 0 or 1;
    all broadcast. Raises ValueError outside.

    Source: derived for this book, for the fresh data loop of Alemohammad et al., arXiv:2307.01850.

    >>> round(float(fresh_risk(100, 100)), 5)
    0.01006
    """
    *rows, ddof = _checked("fresh_risk", n_real, n_synthetic, sampling_bias, ddof)
    risk = _fresh_risk(*rows, ddof)
    _check_settled("fresh_risk", risk, *rows)
    return risk[()]


def effective_sample_size(n_real, n_synthetic, sampling_bias=1.0, ddof=1):
    """Fresh rows that alone would give the risk of the fresh loop (CF21, exact as `fresh_risk` is).

    A real number n_e: one fit to n_e real rows has the risk `fresh_risk`. Above n_real, the
    synthetic rows help; below, the loop is worse than one that throws them away. It judges mean
    and spread together: the effective_sample_size of `fresh_fixed_point` judges the mean alone,
    which a bias does not hurt. n_real >= 1, n_synthetic >= 0, together at least 2, sampling_bias
    in [0, 1], ddof 0 or 1; all broadcast. Raises ValueError outside.

    Source: the idea in Alemohammad et al., arXiv:2307.01850; with the squared distance, derived
    for this book.

    >>> effective_sample_size(100, [0, 100, 900], 0.5).round(1)
    array([100. ,  37.3,   4.9])
    """
    *rows, ddof = _checked("effective_sample_size", n_real, n_synthetic, sampling_bias, ddof)
    risk = _fresh_risk(*rows, ddof)
    _check_settled("effective_sample_size", risk, *rows)
    low, high = np.full(risk.shape, -20.0), np.full(risk.shape, np.log(MOST))  # ln(n_e - 1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        worse = _real_risk(1 + np.exp(middle), ddof) > risk
        low, high = np.where(worse, middle, low), np.where(worse, high, middle)
    return (1 + np.exp((low + high) / 2))[()]


def synthetic_threshold(n_real, sampling_bias, ddof=1):
    """Most synthetic rows beside which the fresh loop is no worse than without them (CF21).

    The largest whole n_s at which `effective_sample_size` is not below n_real, as exact as
    `fresh_risk`; 0 where a single synthetic row harms, infinity without bias (sampling_bias = 1).
    For many real rows and ddof = 1 it lies just below (9 - lambda - 2 lambda^2)/(1 - lambda)^2: a
    number of rows, however many the real ones are. n_real >= 2, sampling_bias in [0, 1], ddof 0 or
    1; all broadcast. Raises ValueError outside.

    Source: the threshold in Alemohammad et al., arXiv:2307.01850; number and limit derived for
    this book.

    >>> synthetic_threshold([10, 100, 10_000], 0.5)
    array([25., 27., 31.])
    """
    check_counts("synthetic_threshold.n_real", n_real, least=2)
    real, _, bias, ddof = _checked("synthetic_threshold", n_real, 0, sampling_bias, ddof)
    alone = _real_risk(real, ddof)
    low, high = np.zeros(real.shape), np.full(real.shape, MOST)
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        helps = _fresh_risk(real, middle, bias, ddof) <= alone
        low, high = np.where(helps, middle, low), np.where(helps, high, middle)
    return np.where(bias == 1, np.inf, low)[()]


def _checked(owner, n_real, n_synthetic, sampling_bias, ddof):
    rows = check_fresh(owner, n_real, n_synthetic, sampling_bias)
    return np.broadcast_arrays(*rows, check_ddof(owner, ddof))


def _real_risk(n, ddof):
    """Of one fit to n > 1 real rows; n need not be whole."""
    return _risk(1 / n, (n - 1) / (n - ddof), (n - 1) / 2)


def _risk(drift, variance, shape):
    """m + v + 1 - 2 E sigma for a gamma law of variances with that shape, without losing digits."""
    return drift + (variance - 1) - 2 * np.expm1(log_c4(2 * shape + 1) + np.log(variance) / 2)


def _fresh_risk(real, synthetic, bias, ddof):
    drift, variance, _ = fresh_fixed_point(real, synthetic, bias, ddof)
    square = _second_moments(real, synthetic, bias, ddof, drift, variance)[..., 2]
    spread = square - variance**2
    shape = variance**2 / np.where(spread > 0, spread, np.nan)  # NaN: no finite second moment
    return _risk(drift, variance, shape)


def _check_settled(owner, risk, n_real, n_synthetic, sampling_bias):
    check_together(
        f"{owner}: n_real and n_synthetic",
        ~np.isnan(risk),
        "enough rows for the fitted variance to have a finite variance; take more real rows",
        n_real=n_real,
        n_synthetic=n_synthetic,
        sampling_bias=sampling_bias,
    )


def _second_moments(real, synthetic, bias, ddof, m, v):
    """(..., 3) E mu^4, E mu^2 V and E V^2 at the fixed point, V the fitted variance.

    Given the model (mu, V) before, s = lambda V, the next one is mu' = r x + a y and
    (n - ddof) V' = S_r + S_s + c (y - x)^2, c = n r a, with x ~ N(0, 1/n_r), y ~ N(mu, s/n_s) and
    S_r ~ chi2(n_r - 1), S_s ~ s chi2(n_s - 1), all independent. Their moments are polynomials in
    mu^2 and V, so that those of second order solve three linear equations.
    """
    n = real + synthetic
    a, r = synthetic / n, real / n
    c, free = n * r * a, n - ddof
    base, slope = real - r, bias * (synthetic - a)  # E (n - ddof) V' = base + slope V + c mu^2
    noise, gain = r / n, a * bias / n  # Var mu' = noise + gain V
    gap = bias * r  # c Var(y - x) = a + gap V
    zero = np.zeros(n.shape)
    step = [
        [a**4, 6 * a**2 * gain, 3 * gain**2],
        [
            c * a**2,
            slope * a**2 + c * gain + 4 * a * c * bias / n,
            slope * gain + 2 * c * bias**2 / n**2,
        ],
        [
            c**2,
            2 * slope * c + 4 * c * gap,
            slope**2 + 2 * (synthetic - 1) * bias**2 + 2 * gap**2,
        ],
    ]
    constant = [
        6 * a**2 * noise * m + 3 * (noise**2 + 2 * noise * gain * v),
        base * (a**2 * m + noise + gain * v)
        + slope * noise * v
        + c * noise * m
        + 2 * c / n**2 * (1 - 2 * bias * v)
        - 4 * a * c / n * m,
        base**2
        + 2 * base * (slope * v + c * m)
        + 2 * (real - 1)
        + 2 * a**2
        + 4 * a * gap * v
        + 4 * c * a * m,
    ]
    scale = np.stack([zero + 1, 1 / free, 1 / free**2], axis=-1)
    matrix = np.stack([np.stack([zero + each for each in row], axis=-1) for row in step], axis=-2)
    right = np.stack([zero + each for each in constant], axis=-1) * scale
    return np.linalg.solve(np.eye(3) - matrix * scale[..., None], right[..., None])[..., 0]
