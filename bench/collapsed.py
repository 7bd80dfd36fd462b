"""Measures on rows that have collapsed to one point, where loops end, against distinct rows."""

import numpy as np

from bench.timing import paired
from collapse_lib import metrics

__all__ = ["CASES"]


def _equal_rows(measure, n: int, rounds: int):
    rng = np.random.default_rng(1)
    distinct, reference = rng.normal(size=(2, n, 2))
    equal = np.ones((n, 2))
    return paired(lambda: measure(equal, reference), lambda: measure(distinct, reference),
                  rounds=rounds)  # fmt: skip


def collapsed_similarity(n=16_000, rounds=5):
    """Nearest-neighbour similarity of 16,000 equal rows to real ones, against distinct rows. Aim:
    at most 2."""
    return _equal_rows(metrics.sample_similarity, n, rounds), 2


def collapsed_manifold(n=16_000, rounds=5):
    """Precision, recall and coverage of 16,000 equal rows, against distinct. Aim: at most 2."""

    def all_three(rows, reference):
        return [
            each(rows, reference) for each in (metrics.precision, metrics.recall, metrics.coverage)
        ]

    return _equal_rows(all_three, n, rounds), 2


CASES = [collapsed_similarity, collapsed_manifold]
