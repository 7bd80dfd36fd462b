"""The discrete loop with infinitely many rows, where only the sampling temperature acts.

A model samples from p^(1/temperature), normalised; fitting to infinitely many rows returns that
law exactly. Below 1 the temperature sharpens, above 1 it flattens. Types with probability 0 keep
it at every temperature.
"""

import numpy as np

from collapse_lib.theory import _arguments as arguments


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
    owner = "closed_loop_probabilities"
    p0 = arguments.probabilities(owner, "p0", p0)
    t = arguments.whole(owner, "t", t, 0, infinite=True)
    temperature = _one_temperature(owner, temperature)
    with np.errstate(over="ignore"):
        exponent = np.minimum((1 / temperature) ** t, 1e300)
    return _power(p0, exponent[..., None])


def tempered_fixed_point(p0, temperature, real_fraction, tolerance=1e-13):
    """Where the loop settles when a share of fresh real rows joins in (CF35, numerical).

        p = alpha p0 + (1 - alpha) p^(1/temperature)/sum p^(1/temperature)

    The law of the training rows, and so the fitted model, reached from p = p0 under policy
    FreshReal(alpha) with infinitely many rows; found by running that loop until no share moves by
    more than tolerance. p0 is (K,), weights that are normalised here; temperature > 0 and
    real_fraction = alpha in (0, 1] are one number each. Returns (K,). Raises ValueError outside
    these ranges, RuntimeError where 100,000 steps do not suffice.

    Source: derived for this book.
    """
    owner = "tempered_fixed_point"
    p0 = arguments.probabilities(owner, "p0", p0)
    temperature = _one_temperature(owner, temperature)
    alpha = float(arguments.share(owner, "real_fraction", real_fraction))
    if alpha == 0:
        raise ValueError(
            f"{owner}.real_fraction must be above 0; got 0. Without real rows use "
            "closed_loop_probabilities with t = infinity."
        )
    tolerance = float(arguments.above_zero(owner, "tolerance", tolerance))
    p = p0
    for _ in range(100_000):
        mixed = alpha * p0 + (1 - alpha) * _power(p, 1 / temperature)
        if np.abs(mixed - p).max() <= tolerance:
            return mixed
        p = mixed
    raise RuntimeError(
        f"{owner} did not settle within 100000 steps to {tolerance:g}; ask for a larger tolerance."
    )


def _one_temperature(owner, temperature):
    checked = arguments.above_zero(owner, "temperature", temperature)
    return arguments.one(owner, "temperature", checked)


def _power(p, exponent):
    """p^exponent, normalised over the last axis, zeros kept; in logs, so that none overflows."""
    alive = p > 0
    logs = np.log(np.where(alive, p / p.max(), 1.0))
    weights = np.where(alive, np.exp(exponent * logs), 0.0)
    return weights / weights.sum(axis=-1, keepdims=True)
