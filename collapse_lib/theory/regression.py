"""Linear regression that labels its own next training set.

Rows are d standard normal inputs and a target y = x . w + noise. Ordinary least squares without
intercept is fitted to T rows; the next T targets are drawn from the fitted weights with the true
noise. The risk is E |w_t - w|^2, the excess error on new inputs (the noise itself not counted).
t counts fits: generation 1 is fitted to real rows.
"""

import numpy as np

from collapse_lib.theory import _arguments as arguments
from collapse_lib.theory._special import inverse_squares


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
    t = arguments.whole("regression_risk_replace", "t", t, 0)
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
    t = arguments.whole("regression_risk_accumulate", "t", t, 0, infinite=True)
    one_fit = _one_fit("regression_risk_accumulate", n_features, n_samples, noise_std)
    return one_fit * inverse_squares(t)


def _one_fit(owner, n_features, n_samples, noise_std):
    d = arguments.whole(owner, "n_features", n_features, 1)
    rows = arguments.whole(owner, "n_samples", n_samples, 3)
    noise = arguments.at_least_zero(owner, "noise_std", noise_std)
    if np.any(rows < d + 2):
        raise ValueError(
            f"{owner}.n_samples must be at least n_features + 2, or the risk is infinite; got "
            f"n_samples = {np.min(rows):.12g} with n_features = {np.max(d):.12g}."
        )
    return noise**2 * d / (rows - d - 1)
