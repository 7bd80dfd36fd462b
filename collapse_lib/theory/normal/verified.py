"""A normal whose samples pass the same verifier in every generation: where such a loop ends."""

from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import (
    FLAG,
    LARGEST,
    check_number,
    check_type,
)
from collapse_lib.theory._special import followed
from collapse_lib.theory._together import check_steps


class NormalPath(NamedTuple):
    """The fitted normal of each generation asked for."""

    mean: np.ndarray
    variance: np.ndarray


TINY = 1e-250  # a variance below is a point: its square would leave the floats


def verified_normal(t, centre, radius, mean=0.0, std=1.0, *, std_known=False):
    """A normal refitted to its samples within a verifier's ball (numerical, infinitely many rows).

    Generation 1 is the truth, N(mean, std^2); each later one has the moments of the one before,
    cut to [centre - radius, centre + radius]. Policy Filtered(Replace(), Ball(centre, radius)).

    std_known=True: only the mean is refitted, std stays. The mean then goes to the verifier's
    centre, wherever the truth is, each step shrinking a small gap by the factor (variance of the
    cut normal)/std^2 < 1. std_known=False: the variance falls too, towards 0; fewer and fewer
    samples reach the ball's edge, and the mean is held up on its way, short of the centre.

    t counts fits: t >= 1, any shape. centre, mean finite, radius and std above 0, one number each.
    Returns NormalPath. Raises ValueError outside these ranges.

    Source: Yi, Liu, Cheng and Xu, arXiv:2510.16657 (known variance); the refitted variance derived
    for this book.

    >>> verified_normal([1, 2, 3], 1.0, 1.0, std_known=True).mean.round(3)
    array([0.   , 0.723, 0.92 ])
    """
    t = check_steps("verified_normal.t", t, most=10**4)
    centre = check_number("verified_normal.centre", centre, least=-LARGEST, most=LARGEST)
    radius = check_number("verified_normal.radius", radius, above=0, most=LARGEST)
    mean = check_number("verified_normal.mean", mean, least=-LARGEST, most=LARGEST)
    std = check_number("verified_normal.std", std, above=0, most=LARGEST)
    std_known = check_type("verified_normal.std_known", std_known, FLAG)

    def step(moments):
        mean, variance = _cut_moments(*moments, centre - radius, centre + radius)
        return mean, std**2 if std_known else variance

    path = followed(t, (mean, std**2), step)  # (*t.shape, 2)
    return NormalPath(path[..., 0], path[..., 1])


NODES, WEIGHTS = np.polynomial.legendre.leggauss(120)  # on [-1, 1]


def _cut_moments(mean, variance, low, high):
    """Mean and variance of N(mean, variance) cut to [low, high].

    By quadrature, since the formula by the normal's density loses all digits in the far tails and
    in a narrow interval.
    """
    peak = np.clip(mean, low, high)
    if variance < TINY:
        return peak, 0.0
    off = abs(peak - mean)
    reach = 80 * variance / (np.sqrt(off**2 + 80 * variance) + off)  # the density falls by e^-40
    low, high = max(low, peak - reach), min(high, peak + reach)
    rows = (low + high) / 2 + (high - low) / 2 * NODES
    density = WEIGHTS * np.exp(((peak - mean) ** 2 - (rows - mean) ** 2) / (2 * variance))
    density /= density.sum()
    cut_mean = density @ rows
    return cut_mean, density @ (rows - cut_mean) ** 2
