"""Measures of categories: of probabilities over K types, or of rows that are labels."""

import numpy as np
from scipy.special import entr, rel_entr

from collapse_lib.arguments import check_number, check_probabilities
from collapse_lib.metrics._pairs import distributions, labels, plain
from collapse_lib.sources.categories import rarest


def entropy(p):
    """Shannon entropy in nats: -sum p log p, with 0 log 0 = 0.

    p: probabilities (..., K). Returns a float for (K,), else an array (...).
    Raises ValueError for NaN, a negative value or a sum other than 1.
    Source: Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x.
    """
    return plain(entr(check_probabilities("entropy.p", p)).sum(axis=-1))


def heterozygosity(p):
    """Chance that two independent draws differ: 1 - sum p^2 (no unit).

    p: probabilities (..., K). Returns a float for (K,), else an array (...).
    Raises ValueError for NaN, a negative value or a sum other than 1.
    Source: Nei (1973), doi:10.1073/pnas.70.12.3321; Simpson (1949), doi:10.1038/163688a0.
    """
    return plain(1.0 - (check_probabilities("heterozygosity.p", p) ** 2).sum(axis=-1))


def kl_divergence(p, q):
    """Kullback-Leibler divergence of q from p in nats: sum p log(p / q).

    p, q: probabilities (..., K) whose leading axes broadcast. It is inf as soon as q gives no
    mass to a category that p holds: that is the value, not an error.
    Raises ValueError for NaN, negative values, sums other than 1, or shapes that do not match.
    Source: Kullback and Leibler (1951), doi:10.1214/aoms/1177729694.
    """
    p, q = distributions("kl_divergence", p=p, q=q)
    # rounding may leave a sum of -1e-17 where p and q are equal
    return plain(np.maximum(rel_entr(p, q).sum(axis=-1), 0.0))


def total_variation(p, q):
    """Total variation distance in [0, 1]: half the sum of |p - q|.

    p, q: probabilities (..., K) whose leading axes broadcast.
    Raises ValueError for NaN, negative values, sums other than 1, or shapes that do not match.
    Source: Levin and Peres, Markov Chains and Mixing Times, 2nd edition, proposition 4.2.
    """
    p, q = distributions("total_variation", p=p, q=q)
    return plain(np.minimum(0.5 * np.abs(p - q).sum(axis=-1), 1.0))


def tail_coverage(p, p0, tail_mass=0.05):
    """Share of the original tail's probability whose categories are still alive (p > 0).

    p: probabilities (..., K) now; p0: probabilities (K,) of the original. The tail is the smallest
    set of rarest categories that together hold `tail_mass` of p0. Categories as rare as its most
    frequent one belong to it too, so the order of the categories never matters.
    Returns a float in [0, 1] for (K,), else an array (...).
    Raises ValueError for bad probabilities, shapes that do not match, or tail_mass outside (0, 1].
    Source: the tail that early collapse loses first, Shumailov et al. (2024),
    doi:10.1038/s41586-024-07566-y, counted by the mass that it had at the start.
    """
    p, p0 = distributions("tail_coverage", single="p0", p=p, p0=p0)
    check_number("tail_coverage.tail_mass", tail_mass, above=0, most=1)
    tail = rarest(p0, tail_mass)  # (K,)
    alive = np.where(p[..., tail] > 0, p0[tail], 0.0)
    return plain(np.minimum(alive.sum(axis=-1) / p0[tail].sum(), 1.0))


def support_coverage(rows, reference):
    """Share of the reference's distinct categories that the rows still hold, in [0, 1].

    rows, reference: whole numbers or text, (n,) or (n, d); a category is a distinct row.
    Categories that only `rows` hold do not count.
    Raises ValueError for NaN, missing labels, fractions or no rows; TypeError for mixed kinds.
    Source: the share of types that survive a generation, as in genetic drift; Ewens,
    Mathematical Population Genetics, 2nd edition, doi:10.1007/978-0-387-21822-9.
    """
    rows, reference = labels("support_coverage", rows=rows, reference=reference)
    counts, reference_counts = _counts(rows, reference)
    held = reference_counts > 0
    return float((counts[held] > 0).mean())


def category_similarity(rows_a, rows_b):
    """Overlap of two samples of labels, in [0, 1]: one minus their total variation.

    rows_a, rows_b: whole numbers or text, (n,) or (n, d); a category is a distinct row. 1 means
    equal shares of every category, 0 no category in common. Two finite samples of one law stay
    below 1, the more so the more categories there are. For real-valued rows: sample_similarity.
    Raises ValueError for NaN, missing labels, fractions or no rows; TypeError for mixed kinds.
    Source: as total_variation.
    """
    rows_a, rows_b = labels("category_similarity", rows_a=rows_a, rows_b=rows_b)
    counts_a, counts_b = _counts(rows_a, rows_b)
    return 1.0 - total_variation(counts_a / len(rows_a), counts_b / len(rows_b))


def _counts(rows_a, rows_b):
    """Counts (K,) of every category of the pooled rows, in each of the two tables."""
    pooled = np.concatenate([rows_a, rows_b])
    if pooled.shape[1] == 1:
        pooled = pooled[:, 0]
    kinds, index = np.unique(pooled, axis=0, return_inverse=True)
    index = index.reshape(-1)
    first, second = index[: len(rows_a)], index[len(rows_a) :]
    return np.bincount(first, minlength=len(kinds)), np.bincount(second, minlength=len(kinds))
