"""Loops whose samples pass a verifier before they are trained on.

Two questions: from which error rate on does a verifier no longer help, and where does a loop end
that is judged by the same verifier in every generation.
"""

from typing import NamedTuple

import numpy as np

from collapse_lib.theory import _arguments as arguments


class NormalPath(NamedTuple):
    """The fitted normal of each generation asked for."""

    mean: np.ndarray
    variance: np.ndarray


def breakdown_point(keep_correct, keep_wrong):
    """Share of wrong labels from which on a verifier does not help, p* (CF36, exact).

        p* = 1/(1 + psi/phi),   phi = P(kept | correct),   psi = P(kept | wrong)

    At p* half of the labels that are kept are wrong. A linear classifier with two labels and
    infinitely many rows learns the truth below p* and the opposite above it. keep_correct = phi
    and keep_wrong = psi in [0, 1], not both 0; they broadcast. Raises ValueError outside.

    Source: Feng, Dohmatob, Yang, Charton and Kempe, arXiv:2406.07515.

    >>> float(breakdown_point(0.9, 0.3))
    0.75
    """
    owner = "breakdown_point"
    phi = arguments.share(owner, "keep_correct", keep_correct)
    psi = arguments.share(owner, "keep_wrong", keep_wrong)
    if np.any(phi + psi == 0):
        raise ValueError(f"{owner}.keep_correct + keep_wrong must be above 0; got 0.")
    return phi / (phi + psi)


def kept_accuracy(p_wrong, keep_correct, keep_wrong):
    """Share of correct labels among those that a verifier keeps (CF36, exact).

        (1-p) phi / ((1-p) phi + p psi)

    The odds of a correct label grow phi/psi-fold, so a loop (Filtered(Replace(),
    NoisyVerifier(...))) that copies its labels faithfully multiplies them so in every generation.
    p_wrong = p, keep_correct = phi and keep_wrong = psi in [0, 1], such that something is kept;
    they broadcast. Raises ValueError outside these ranges.

    Source: Feng, Dohmatob, Yang, Charton and Kempe, arXiv:2406.07515 (Bayes' rule).

    >>> round(float(kept_accuracy(0.75, 0.9, 0.3)), 3)
    0.5
    """
    owner = "kept_accuracy"
    p = arguments.share(owner, "p_wrong", p_wrong)
    phi = arguments.share(owner, "keep_correct", keep_correct)
    psi = arguments.share(owner, "keep_wrong", keep_wrong)
    right, wrong = (1 - p) * phi, p * psi
    if np.any(right + wrong == 0):
        raise ValueError(f"{owner}: with these probabilities nothing is kept; raise one of them.")
    return right / (right + wrong)


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
    owner = "verified_normal"
    t = arguments.whole(owner, "t", t, 1)
    centre, mean = (
        arguments.one(owner, name, arguments.finite(owner, name, value))
        for name, value in (("centre", centre), ("mean", mean))
    )
    radius, std = (
        arguments.one(owner, name, arguments.above_zero(owner, name, value))
        for name, value in (("radius", radius), ("std", std))
    )
    path = np.empty((int(t.max(initial=1)), 2))
    path[0] = mean, std**2
    for g in range(1, len(path)):
        path[g] = _cut_moments(*path[g - 1], centre - radius, centre + radius)
        if std_known:
            path[g, 1] = std**2
    mean, variance = path[t.astype(int) - 1].T
    return NormalPath(mean.T[()], variance.T[()])


NODES, WEIGHTS = np.polynomial.legendre.leggauss(120)  # on [-1, 1]


def _cut_moments(mean, variance, low, high):
    """Mean and variance of N(mean, variance) cut to [low, high].

    By quadrature, since the formula by the normal's density loses all digits in the far tails and
    in a narrow interval.
    """
    peak = np.clip(mean, low, high)
    off = abs(peak - mean)
    reach = 80 * variance / (np.sqrt(off**2 + 80 * variance) + off)  # the density falls by e^-40
    low, high = max(low, peak - reach), min(high, peak + reach)
    rows = (low + high) / 2 + (high - low) / 2 * NODES
    density = WEIGHTS * np.exp(((peak - mean) ** 2 - (rows - mean) ** 2) / (2 * variance))
    density /= density.sum()
    cut_mean = density @ rows
    return cut_mean, density @ (rows - cut_mean) ** 2
