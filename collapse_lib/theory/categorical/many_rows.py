"""The discrete loop with infinitely many rows, where only the choice of the rows acts.

Fitting to infinitely many rows returns their law exactly. With a temperature a model samples from
p^(1/temperature), normalised: below 1 it sharpens, above 1 it flattens. With a reward, one in K
samples is chosen. Types with probability 0 keep it.
"""

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_counts,
    check_number,
    check_numbers,
    check_same_shape,
    check_share,
)
from collapse_lib.theory._special import followed
from collapse_lib.theory._together import check_weights


def closed_loop_probabilities(p0, t, temperature):
    """Law after t rounds of sampling at a temperature, p_t ~ p0^((1/temperature)^t) (CF35, exact).

    t counts temperings: t >= 0 or infinity, any shape. The samples that generation g publishes have
    t = g; the fitted model of generation g, which holds the tempering of its training rows only,
    has t = g - 1. Policy Replace, infinitely many rows. temperature < 1 ends on the most likely
    types, > 1 on the uniform law over all types that p0 holds. p0 is (K,), weights that are
    normalised here; temperature > 0 is one number. Returns (*t.shape, K). Raises ValueError
    outside these ranges.

    Source: derived for this book; the degeneration at any temperature but 1 is shown by Marchi et
    al., arXiv:2404.02325.

    >>> [round(float(share), 4) for share in closed_loop_probabilities([0.8, 0.2], 1, 0.5)]
    [0.9412, 0.0588]
    """
    p0 = check_weights("closed_loop_probabilities.p0", p0)
    t = check_counts("closed_loop_probabilities.t", t, infinite=True)
    temperature = check_number("closed_loop_probabilities.temperature", temperature, above=0)
    with np.errstate(over="ignore"):
        exponent = np.minimum((1 / temperature) ** t, 1e300)
    return _power(p0, exponent[..., None])


def tempered_fixed_point(p0, temperature, real_fraction, tolerance=1e-13):
    """Where the loop settles when a share of fresh real rows joins in (CF35, numerical).

        p = alpha p0 + (1 - alpha) p^(1/temperature)/sum p^(1/temperature)

    The law of the training rows, and so the fitted model, reached from p = p0 under policy
    FreshReal(alpha) with infinitely many rows; found by running that loop until no share moves by
    more than tolerance. p0 is (K,), weights that are normalised here; temperature > 0 and
    real_fraction = alpha in (0, 1] are one number each; without real rows use
    `closed_loop_probabilities` with t = infinity. Returns (K,). Raises ValueError outside these
    ranges, RuntimeError where 100,000 steps do not suffice.

    Source: derived for this book.
    """
    p0 = check_weights("tempered_fixed_point.p0", p0)
    temperature = check_number("tempered_fixed_point.temperature", temperature, above=0)
    alpha = check_number("tempered_fixed_point.real_fraction", real_fraction, above=0, most=1)
    tolerance = check_number("tempered_fixed_point.tolerance", tolerance, above=0)
    p = p0
    for _ in range(100_000):
        mixed = alpha * p0 + (1 - alpha) * _power(p, 1 / temperature)
        if np.abs(mixed - p).max() <= tolerance:
            return mixed
        p = mixed
    raise RuntimeError(
        f"tempered_fixed_point did not settle within 100000 steps to {tolerance:g}; ask for a "
        "larger tolerance."
    )


def curated_probabilities(p0, reward, t, n_choices=2, real_fraction=0.0):
    """Law of generation t when one in K samples is chosen by its reward (CF37, numerical).

        p'(x) = p(x) E[K e^r(x) / (e^r(x) + sum over K-1 other samples of e^r)]
        p_t = alpha p0 + (1 - alpha) p'_{t-1},   p_1 = p0

    Policy Curated(policy, reward, n_choices) with infinitely many rows. The expectation is an
    integral, as 1/s is that of e^(-u s) over u > 0, and the K-1 samples are independent:
    E = K e^r(x) int e^(-u e^r(x)) (sum_j p_j e^(-u e^r_j))^(K-1) du. K = infinity gives
    p'(x) ~ p(x) e^r(x), and so p_t ~ p0 e^((t-1) r) where alpha = 0: all ends on the best reward.
    A real share keeps the rest alive.

    p0 is (K types,), weights that are normalised here; reward (K types,), finite; n_choices = K a
    whole number of at least 1 or infinity. real_fraction = alpha in [0, 1] is that of the training
    rows AFTER curation: Curated(FreshReal(a), ..., K) has alpha = a / (a + (1-a)/K). t counts fits,
    t >= 1, any shape; t - 1 curations lie behind generation t. Returns (*t.shape, K types). Raises
    ValueError outside these ranges.

    Source: Ferbach, Bertrand, Bose and Gidel, arXiv:2407.09499; the integral derived for this book.

    >>> curated_probabilities([0.5, 0.5], [0.0, 1.0], [1, 2]).round(4).tolist()
    [[0.5, 0.5], [0.3845, 0.6155]]
    """
    p0 = check_weights("curated_probabilities.p0", p0)
    reward = check_numbers("curated_probabilities.reward", reward)
    check_same_shape("curated_probabilities", reward=reward, p0=p0)
    t = check_counts("curated_probabilities.t", t, least=1)
    n_choices = check_count("curated_probabilities.n_choices", n_choices, least=1, infinite=True)
    alpha = check_share("curated_probabilities.real_fraction", real_fraction)
    return followed(t, p0, lambda p: alpha * p0 + (1 - alpha) * _chosen(p, reward, n_choices))


def _power(p, exponent):
    """p^exponent, normalised over the last axis, zeros kept; in logs, so that none overflows."""
    alive = p > 0
    logs = np.log(np.where(alive, p / p.max(), 1.0))
    weights = np.where(alive, np.exp(exponent * logs), 0.0)
    return weights / weights.sum(axis=-1, keepdims=True)


STEP = 0.25  # of ln u; the error of the trapezoid falls as e^(-pi^2 / STEP)


def _chosen(p, reward, n_choices):
    """One round of curation of infinitely many samples; p and the result are (types,)."""
    value = np.exp(reward - reward[p > 0].max())  # (types,) at most 1 where p > 0
    value = np.where(p > 0, value, 0.0)
    if n_choices == 1:
        return p
    if np.isinf(n_choices):
        chosen = p * value
    else:
        alive = value[value > 0]
        low, high = -40 - np.log(n_choices), np.log(800 / alive.min())
        u = np.exp(np.arange(low, high, STEP))[:, None]  # (nodes, 1)
        decay = np.exp(-u * value)  # (nodes, types)
        others = (decay @ p) ** (n_choices - 1)  # (nodes,)
        # du = u d(ln u)
        chosen = p * n_choices * value * STEP * ((u[:, 0] * others) @ decay)
    return chosen / chosen.sum()  # rounding would wear the sum away
