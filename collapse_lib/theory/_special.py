"""Special functions that keep their digits at any number of rows; callers check arguments."""

import numpy as np
from scipy import special


def log_c4(n):
    """ln c4(n); by its series for many rows, where the difference of ln Gamma loses its digits."""
    x = (n - 1) / 2
    few, many = np.minimum(x, 40.0), np.maximum(x, 40.0)
    direct = special.gammaln(few + 0.5) - special.gammaln(few) - np.log(few) / 2
    series = -1 / (8 * many) + 1 / (192 * many**3) - 1 / (640 * many**5) + 17 / (14336 * many**7)
    return np.where(x < 40, direct, series)[()]


def digamma_minus_log(x):
    """psi(x) - ln x; by its series for large x, where the difference loses its digits."""
    few, many = np.minimum(x, 40.0), np.maximum(x, 40.0)
    direct = special.psi(few) - np.log(few)
    series = -1 / (2 * many) - 1 / (12 * many**2) + 1 / (120 * many**4) - 1 / (252 * many**6)
    return np.where(x < 40, direct, series)[()]


def inverse_squares(t):
    """sum_{i=1..t} 1/i^2 for whole t >= 0 or infinity (Euler's pi^2/6 in the limit)."""
    finite = np.where(np.isfinite(t), t, 0)
    rest = np.where(np.isfinite(t), special.polygamma(1, finite + 1), 0)
    return np.where(t == 0, 0.0, np.pi**2 / 6 - rest)[()]


def accumulate_log_product(t, n_samples):
    """ln of prod_{i=1..t} (1 - 1/(N i^2)).

    The factor i = 1 apart, the logarithms are expanded in 1/N and summed over i by Hurwitz' zeta:
    every digit stays at any N and t.
    """
    t, n = np.broadcast_arrays(t, n_samples)
    k = np.arange(1, 28)
    tail = np.where(np.isfinite(t), t, 0)[..., None]
    after_t = np.where(np.isfinite(t)[..., None], special.zeta(2 * k, tail + 1), 0)
    sums = np.where(t[..., None] == 0, 0, special.zeta(2 * k, 2) - after_t)  # over i = 2..t
    series = (sums * (1 / n[..., None]) ** k / k).sum(axis=-1)
    return special.xlog1py(np.minimum(t, 1), -1 / n) - series


def followed(t, first, step):
    """What generations t >= 1 hold: generation 1 holds `first`, each next one step(the last)."""
    path = [first]
    while len(path) < t.max(initial=1):
        path.append(step(path[-1]))
    return np.array(path)[t.astype(int) - 1]
