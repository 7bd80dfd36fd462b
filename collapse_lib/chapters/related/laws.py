"""Closed forms of the neighbours of collapse; what is of the loop itself stands in `theory`."""

import numpy as np
from scipy import integrate, stats

__all__ = [
    "adopted_variance",
    "forgotten",
    "information",
    "invented",
    "lag",
    "own_labels",
    "pass_at_k",
    "poisoned",
    "urn_spread",
]


def forgotten(ratio):
    """Mean squared error on the rows of a first task after a second, r (1 - r)^2.

    Two tasks of n rows in d dimensions, one teacher of length 1, no noise; the weights move as
    little as they can to fit each task in turn. ratio: r = n/d in (0, 1). For large d.

    The first fit is P1 w, the second P1 w + P2 (I - P1) w, with P the projections on the rows. The
    error in the span of the first rows is P1 P2 (I - P1) w, of squared length r^2 (1 - r)^2 nearly,
    and a row there has length^2 d/n. Setting: Evron et al. 2022, arXiv:2205.09588.
    """
    r = np.asarray(ratio, dtype=float)
    return r * (1 - r) ** 2


def own_labels(n_samples, share):
    """Mean squared error of a mean of n rows, of which a share comes from a model of n others:
    (1 + share^2)/n for variance 1."""
    return (1 + np.square(share)) / np.asarray(n_samples, dtype=float)


def poisoned(n_samples, share, shift):
    """Mean squared error of a mean of n rows, of which an adversary moved a share by `shift`:
    1/n + share^2 shift^2 for variance 1."""
    return 1 / np.asarray(n_samples, dtype=float) + np.square(share * shift)


def invented(t, blur_std):
    """Mass outside [0, 1] after t >= 1 blurs of a uniform law by a normal of that width, with
    s = blur_std sqrt t: 2 E Phi(-U/s) = 2 s (phi(0) - phi(1/s)) + 2 Phi(-1/s)."""
    s = blur_std * np.sqrt(np.asarray(t, dtype=float))
    return 2 * s * (stats.norm.pdf(0) - stats.norm.pdf(1 / s)) + 2 * stats.norm.cdf(-1 / s)


def lag(real_fraction, step):
    """How far a model's mean trails a truth that moves by `step` a generation, when that share of
    the rows is new: step (1 - a)/a in the long run. The lag L obeys L = (1 - a)(L + step)."""
    a = np.asarray(real_fraction, dtype=float)
    return step * (1 - a) / a


def urn_spread(counts):
    """Standard deviation of the last share in Polya's urn: that of Beta(counts).

    Source: Eggenberger and Polya 1923, doi:10.1002/zamm.19230030407."""
    return float(stats.beta(*counts).std())


def information(n_samples: int, generations) -> np.ndarray:
    """(T,) nats that the count of one kind, generations later, tells of the count at the start.

    The start is uniform on 0 .. n; each generation draws n rows (Wright and Fisher). Computed
    exactly from powers of the transition matrix; `np.inf` gives the floor: which kind won."""
    counts = np.arange(n_samples + 1)
    step = stats.binom.pmf(counts, n_samples, counts[:, None] / n_samples)  # (from, to)
    start = 1 / len(counts)

    def told(t):
        if np.isinf(t):
            fixed = np.stack([1 - counts / n_samples, counts / n_samples], axis=1)
        else:
            fixed = np.linalg.matrix_power(step, int(t))
        joint = start * fixed
        product = start * joint.sum(axis=0)
        seen = joint > 0
        ratio = np.divide(joint, product, out=np.ones_like(joint), where=seen)
        return float((joint * np.log(ratio)).sum())

    return np.array([told(t) for t in generations])


def pass_at_k(difficulty, k, sharpened: float = 1.0) -> float:
    """Chance that one of k answers is right, E[1 - (1 - p)^k] over tasks p ~ Beta(difficulty).

    sharpened: the power to which the odds of each task are raised; 2 is a model trained on its own
    answers, each drawn twice and kept where both agree.
    """

    def solved(p):
        odds = (p / (1 - p)) ** sharpened
        return 1 - (1 + odds) ** -float(k)

    law = stats.beta(*difficulty)
    # in u = law(p) the ends are tame where the density is not
    return integrate.quad(lambda u: solved(law.ppf(u)), 0, 1, epsabs=1e-7, limit=200)[0]


def adopted_variance(use, narrowing):
    """Variance of what is known in the long run when a share `use` of it comes from a model that
    draws with `narrowing` times the variance it was trained on: (1 - a)/(1 - a b)."""
    a = np.asarray(use, dtype=float)
    return (1 - a) / (1 - a * narrowing)
