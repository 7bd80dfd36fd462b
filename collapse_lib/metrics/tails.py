"""How much of the real tails a model still gives: recall, in which nothing makes up for a loss.

`spread.tail_mass` may exceed 1 and lets one tail make up for the other; the measures here count
each part of the tail up to what it really holds.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from collapse_lib.arguments import LARGEST, MOST_ROWS, check_number, check_numbers, check_rows
from collapse_lib.metrics._pairs import ROUNDING, distributions, plain
from collapse_lib.sources.categories import rarest


def gaussian_tail_recall(mean, std, reference_mean, reference_std, tail=0.01):
    """Share of the two outer tails of a real normal law that a fitted one still gives, in [0, 1].

    mean, std, reference_mean, reference_std: numbers or arrays that broadcast, such as the paths of
    `exact.gaussian_chain`. Each tail lies beyond the real quantile with mass `tail`; it counts
    up to its real mass, and the two are averaged. A std of 0 is a point.
    Raises ValueError for NaN, negative standard deviations, a reference_std of 0, or tail outside
    (0, 0.5).
    Source: derived for this book (the distribution function of the normal law).
    """
    owner = "gaussian_tail_recall"
    mean = check_numbers(f"{owner}.mean", mean, least=-LARGEST, most=LARGEST)
    std = check_numbers(f"{owner}.std", std, least=0, most=LARGEST)
    reference_mean = check_numbers(
        f"{owner}.reference_mean", reference_mean, least=-LARGEST, most=LARGEST
    )
    reference_std = check_numbers(
        f"{owner}.reference_std", reference_std, least=1 / LARGEST, most=LARGEST
    )
    tail = check_number(f"{owner}.tail", tail, above=0, below=0.5)
    cut = -ndtri(tail)
    shift, width = (mean - reference_mean) / reference_std, std / reference_std
    smallest = 1 / LARGEST  # a point
    shift = np.clip(shift, -LARGEST, LARGEST)
    recall = [
        np.minimum(ndtr((side * shift - cut) / np.maximum(width, smallest)) / tail, 1.0)
        for side in (1, -1)
    ]
    return plain((recall[0] + recall[1]) / 2)


def tail_recall(p, p0, tail_mass=0.05):
    """Share of the original tail's probability that the model still gives, category by category.

    p: probabilities (..., K) now; p0: probabilities (K,) of the original. Sums min(p, p0) over the
    rarest categories, those of `categorical.tail_coverage`, over their mass in p0. A category that
    is merely alive counts little here and wholly there.
    Returns a float in [0, 1] for (K,), else an array (...).
    Raises ValueError for bad probabilities, shapes that do not match, or tail_mass outside (0, 1].
    Source: one minus the part of the total variation that lies in the tail; Levin and Peres,
    Markov Chains and Mixing Times, 2nd edition, proposition 4.2.
    """
    p, p0 = distributions("tail_recall", single="p0", p=p, p0=p0)
    check_number("tail_recall.tail_mass", tail_mass, above=0, most=1)
    tail = rarest(p0, tail_mass)  # (K,)
    kept = np.minimum(p[..., tail], p0[tail]).sum(axis=-1)
    return plain(np.minimum(kept / p0[tail].sum(), 1.0))


def lower_tail_recall(rows, reference, quantile=0.05):
    """Share of rows at or below the reference's `quantile`, over its nominal value, at most 1.

    rows (n,), reference (m,): one number a row, such as the log density that the TRUTH gives to a
    row: its lower tail are the rows that the truth finds least likely, in any dimension. The
    quantile is that of Weibull, as in `spread.tail_mass`.
    Raises ValueError for NaN, no rows, several values a row, quantile outside (0, 0.5), or a
    reference that is too short for the quantile.
    Source: Hyndman and Fan (1996), definition 6, doi:10.1080/00031305.1996.10473566.
    """
    owner = "lower_tail_recall"
    rows = check_rows(f"{owner}.rows", rows, width=1).ravel()
    reference = check_rows(f"{owner}.reference", reference, width=1).ravel()
    check_number(f"{owner}.quantile", quantile, above=0, below=0.5)
    needed = int(np.ceil(min((1 - 1e-9) / quantile, MOST_ROWS))) - 1
    if len(reference) < needed:
        raise ValueError(
            f"{owner}.reference must hold at least {needed} rows "
            f"for quantile {quantile}; got {len(reference)}; widen the quantile."
        )
    cut = np.quantile(reference, quantile, method="weibull")
    at_most = rows <= cut + ROUNDING * abs(cut)  # the quantile may fall on a row but for rounding
    return float(min(at_most.mean() / quantile, 1.0))
